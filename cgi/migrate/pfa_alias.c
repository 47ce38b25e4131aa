/* Rows of PostfixAdmin's alias: forwards, and what a mailbox's mail does
 * besides being kept. */
#include <string.h>
#include <strings.h>

#include "migrate/pfa.h"

/* "taro#dentsu.example@autoreply.host" of taro@dentsu.example: the vacation
 * program. */
static bool
is_vacation(struct pfa *p, const char *target, const char *address)
{
	const char *at = strrchr(target, '@');
	char *user;
	char *mark;

	if (at == NULL)
		return false;
	user = pool_strndup(p->m->pool, target, (size_t)(at - target));
	if ((mark = strchr(user, '#')) == NULL)
		return false;
	*mark = '@';
	return strcasecmp(user, address) == 0;
}

struct goes {
	bool self, vacation;
};

/* "a@x,b@y" */
static struct goes
take_targets(struct pfa *p, struct place *a, const struct pfa_row *row)
{
	const char *s = row->v[PFA_C_GOTO];
	struct goes g = { .self = false };
	char *one;

	while (*(s += strspn(s, ", \t\r\n")) != '\0') {
		const size_t n = strcspn(s, ", \t\r\n");

		one = pool_strndup(p->m->pool, s, n);
		s += n;
		if (is_vacation(p, one, a->address)) {
			g.vacation = true;
			moving_tell_of(p->m, a, row->at, OUT_CHANGED,
			    WHY_VACATION, NULL);
		} else if (a->kind == KIND_ACCOUNT &&
		    strcasecmp(one, a->address) == 0) {
			g.self = true;
		} else {
			moving_target(p->m, a, row->at, one);
		}
	}
	return g;
}

static void
take_of_account(struct pfa *p, struct place *a, const struct pfa_row *row)
{
	struct goes g;

	/* Of the same address but for case, which PostgreSQL lets be. */
	if (a->routed.file != NULL) {
		moving_tell(p->m, row->at, a->address, OUT_REFUSED, WHY_TWICE,
		    pool_printf(
			p->m->pool, "%s:%u", a->routed.file, a->routed.line));
		return;
	}
	a->routed = row->at;
	g = take_targets(p, a, row);
	if (a->ntargets > 0) {
		a->routing = ROUTING_FORWARD;
		a->keep_copy = g.self || g.vacation;
	}
	moving_tell_of(p->m, a, row->at, OUT_DONE, WHY_READ, NULL);
}

static void
take_forward(struct pfa *p, struct moving_domain *d, const char *local,
    const struct pfa_row *row)
{
	struct place *a = moving_add(p->m, row->at, KIND_FORWARD, d, local);

	if (a == NULL)
		return;
	if (take_targets(p, a, row).vacation && a->ntargets == 0) {
		a->fate = FATE_REFUSED;
		moving_tell_of(
		    p->m, a, row->at, OUT_REFUSED, WHY_VACATION, NULL);
	}
}

void
pfa_alias(struct pfa *p, const struct pfa_row *row)
{
	const char *address = row->v[PFA_C_ADDRESS];
	const char *text = moving_text(p->m, address, strlen(address));
	const char *at = strrchr(address, '@');
	char domain[DOMAIN_MAX + 1] = "", local[LOCAL_MAX + 1];
	struct findings unused = { .n = 0 };
	struct moving_domain *d;
	struct place *a = NULL;
	const char *name;

	if (at != NULL)
		(void)address_domain_clean(at + 1, domain);
	if ((d = moving_find_domain(p->m, domain)) == NULL) {
		moving_tell(p->m, row->at, text, OUT_REFUSED, WHY_NO_DOMAIN,
		    moving_text(p->m, domain, strlen(domain)));
		return;
	}
	if (at == address || !pfa_is_on(row->v[PFA_C_ACTIVE])) {
		const char *to = row->v[PFA_C_GOTO];

		/* "@b.example": before there was a table of them. */
		if (at == address && pfa_is_on(row->v[PFA_C_ACTIVE]) &&
		    to[0] == '@' && to[strcspn(to, ", ")] == '\0') {
			moving_add_alias(p->m, row->at, domain, to + 1);
			return;
		}
		moving_tell(p->m, row->at, text, OUT_REFUSED,
		    at == address ? WHY_CATCHALL : WHY_INACTIVE,
		    moving_text(p->m, to, strlen(to)));
		return;
	}
	name = pool_strndup(p->m->pool, address, (size_t)(at - address));
	if (address_in(name, d->name, "address", local, &unused))
		a = moving_find(p->m, local, d->name);
	if (a != NULL && a->kind == KIND_ACCOUNT)
		take_of_account(p, a, row);
	else
		take_forward(p, d, name, row);
}
