#include <stdio.h>
#include <string.h>

#include "core/account.h"
#include "core/admin.h"
#include "core/history.h"
#include "core/routing.h"

bool
limit_allows(int64_t are, int64_t max, const char *field, struct findings *f)
{
	char number[24];

	if (max == NO_LIMIT || are < max)
		return true;
	snprintf(number, sizeof(number), "%lld", (long long)max);
	finding_add(f, field, FAULT_LIMIT, number, NULL);
	return false;
}

/* A right is a line of the domain that it is over, about the account that has
 * it: both histories show it. */
static enum result
record(struct store *s, const struct actor *who, const char *domain,
    const struct account *a, enum event e)
{
	struct account subject = *a;

	memcpy(subject.domain, domain, strlen(domain) + 1);
	return history_add(s, who, &subject, e,
	    e == EVENT_ADMIN_REVOKED ? domain : "",
	    e == EVENT_ADMIN_GRANTED ? domain : "");
}

enum result
admin_give(struct store *s, const struct domain *d, const struct account *a,
    const struct actor *who)
{
	enum result r = store_domain_admin_add(s, d->id, a->id);

	/* What is there already needs no second line of history. */
	if (r != RES_OK)
		return r == RES_CONFLICT ? RES_OK : r;
	return record(s, who, d->name, a, EVENT_ADMIN_GRANTED);
}

static enum result
take(struct store *s, const struct domain *d, const struct account *a,
    const struct actor *who)
{
	enum result r = store_domain_admin_drop(s, d->id, a->id);

	if (r != RES_OK)
		return r == RES_CONFLICT ? RES_OK : r;
	return record(s, who, d->name, a, EVENT_ADMIN_REVOKED);
}

struct crowd {
	size_t n;
	int64_t ids[TARGETS_MAX];
	/* Those who were there and are not named any more. */
	size_t leaving;
	int64_t leave[TARGETS_MAX];
};

static bool
compare(void *arg, int64_t id, const char *address)
{
	struct crowd *c = arg;

	(void)address;
	for (size_t i = 0; i < c->n; i++)
		if (c->ids[i] == id)
			return true;
	c->leave[c->leaving++] = id;
	return c->leaving < NELEM(c->leave);
}

static enum result
join(struct store *s, const struct domain *d, const struct target *t,
    struct crowd *c, const struct actor *who, struct findings *f)
{
	char local[sizeof(t->local_part)], text[ADDRESS_SIZE];
	struct account a;
	enum result r;

	memcpy(local, t->local_part, sizeof(local));
	ascii_lower(local);
	if ((r = store_account_by_address(s, local, t->domain, &a)) ==
	    RES_OK) {
		c->ids[c->n++] = a.id;
		return admin_give(s, d, &a, who);
	}
	if (r != RES_NOTFOUND)
		return r;
	target_text(t, text, sizeof(text));
	finding_add(f, "administrators", FAULT_ADMIN_MISSING, text, NULL);
	return RES_INVALID;
}

enum result
admin_parse(const char *text, struct targets *t, struct findings *f)
{
	t->n = 0;
	if (text[strspn(text, " \t\r\n,")] == '\0')
		return RES_OK;
	return routing_parse_targets(
	    text, TARGETS_MAX, "administrators", t, f);
}

enum result
admin_set(struct store *s, const struct domain *d, const char *text,
    bool only_add, const struct actor *who, struct findings *f)
{
	struct crowd c = { .n = 0 };
	struct targets t;
	struct account a;
	bool invalid = false;
	enum result r;

	if ((r = admin_parse(text, &t, f)) != RES_OK)
		return r;
	if (t.n == 0 && !only_add) {
		finding_add(f, "administrators", FAULT_ADMIN_NONE, NULL, NULL);
		return RES_INVALID;
	}
	for (size_t i = 0; i < t.n; i++) {
		r = join(s, d, &t.list[i], &c, who, f);
		invalid |= r == RES_INVALID;
		if (r != RES_OK && r != RES_INVALID)
			return r;
	}
	if (invalid || only_add)
		return invalid ? RES_INVALID : RES_OK;
	do {
		c.leaving = 0;
		r = store_admins(s, d->id, compare, &c);
		for (size_t i = 0; i < c.leaving && r == RES_OK; i++)
			if ((r = store_account_by_id(s, c.leave[i], &a)) ==
			    RES_OK)
				r = take(s, d, &a, who);
	} while (r == RES_OK && c.leaving == NELEM(c.leave));
	return r;
}

struct leaving {
	struct store *store;
	const struct account *account;
	const struct actor *who;
	enum result r;
};

static bool
record_loss(void *arg, const struct domain *d)
{
	struct leaving *l = arg;

	l->r = record(
	    l->store, l->who, d->name, l->account, EVENT_ADMIN_REVOKED);
	return l->r == RES_OK;
}

enum result
admin_gone(struct store *s, const struct account *a, const struct actor *who)
{
	struct leaving l = { s, a, who, RES_OK };
	enum result r = store_domains(s, a->id, record_loss, &l);

	return r == RES_OK ? l.r : r;
}

enum result
admin_may_go(struct store *s, const struct account *a, const char *field,
    struct findings *f)
{
	char name[DOMAIN_MAX + 1];
	enum result r = store_sole_admin(s, a->id, name);

	if (r == RES_OK) {
		finding_add(f, field, FAULT_LAST_ADMIN, name, NULL);
		return RES_INVALID;
	}
	return r == RES_NOTFOUND ? RES_OK : r;
}

/* -- the operator's -- */

static enum result
change_site(struct store *s, const struct account *a, bool give,
    const struct actor *who)
{
	enum result r = give ? store_site_admin_add(s, a->id) :
			       store_site_admin_drop(s, a->id);

	if (r != RES_OK)
		return r;
	return history_add(s, who, a,
	    give ? EVENT_ADMIN_GRANTED : EVENT_ADMIN_REVOKED,
	    give ? "" : "site", give ? "site" : "");
}

static enum result
revoke(struct store *s, const struct domain *d, const struct account *a,
    const struct actor *who, struct findings *f)
{
	int64_t n;
	enum result r;

	/* Nothing to revoke is nothing to refuse. */
	if ((r = store_administers(s, a->id, d->id)) != RES_OK)
		return r == RES_NOTFOUND ? RES_OK : r;
	if ((r = store_admin_count(s, d->id, &n)) != RES_OK)
		return r;
	if (n == 1) {
		finding_add(f, "administrators", FAULT_LAST_ADMIN, d->name,
		    NULL);
		return RES_INVALID;
	}
	return take(s, d, a, who);
}

static enum result
change(struct store *s, const char *address, const char *domain, bool give,
    const struct actor *who, struct findings *f)
{
	struct account a;
	struct domain d;
	enum result r;

	if ((r = account_find(s, address, &a)) != RES_OK)
		return r;
	if (domain == NULL)
		return change_site(s, &a, give, who);
	if ((r = domain_find(s, domain, &d)) != RES_OK)
		return r;
	return give ? admin_give(s, &d, &a, who) :
		      revoke(s, &d, &a, who, f);
}

static enum result
change_alone(struct store *s, const char *address, const char *domain,
    bool give, const struct actor *who, struct findings *f)
{
	enum result r = store_begin(s);

	if (r != RES_OK)
		return r;
	r = store_end(s, change(s, address, domain, give, who, f));
	/* It is as it was asked for already. */
	return r == RES_CONFLICT ? RES_OK : r;
}

enum result
admin_grant(struct store *s, const char *address, const char *domain,
    const struct actor *who)
{
	return change_alone(s, address, domain, true, who, NULL);
}

enum result
admin_revoke(struct store *s, const char *address, const char *domain,
    const struct actor *who, struct findings *f)
{
	return change_alone(s, address, domain, false, who, f);
}
