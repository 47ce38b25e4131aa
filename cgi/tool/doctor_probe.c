/* doctor: real rows of the database, one of each kind, to ask the daemons
 * about; none is made. */
#include <stdlib.h>
#include <string.h>

#include "store/mlist.h"
#include "tool/doctor.h"

/* Rows that are looked at for one that keeps its mail, and domains for all
 * kinds. */
#define ROWS_MAX 1000
#define DOMAINS_MAX 200
#define NOBODY "fumibako-doctor-nobody"

enum { KEEPS, FORWARDS, THROWS, FORWARD, LIST, PROBES };

static const char *const whats[PROBES] = {
	[KEEPS] = "account that keeps its mail",
	[FORWARDS] = "account that forwards",
	[THROWS] = "account that throws its mail away",
	[FORWARD] = "forwarding account",
	[LIST] = "mailing list",
};

struct choice {
	struct store *store;
	char found[PROBES][ADDRESS_SIZE];
	const char *domain; /* the one that is looked through */
	char any[DOMAIN_MAX + 1]; /* an enabled one */
	int rows, domains;
};

static void
note(struct choice *c, int what, const char *local_part)
{
	snprintf(c->found[what], ADDRESS_SIZE, "%s@%s", local_part,
	    c->domain);
}

static bool
note_account(void *arg, const struct account_row *row)
{
	static const int kinds[] = { [ROUTING_MAILBOX] = KEEPS,
		[ROUTING_DISCARD] = THROWS, [ROUTING_FORWARD] = FORWARDS };
	struct choice *c = arg;

	if (row->routing == ROUTING_MAILBOX || c->rows == 0)
		note(c, kinds[row->routing], row->local_part);
	return c->found[KEEPS][0] == '\0' && ++c->rows < ROWS_MAX;
}

static bool
note_forward(void *arg, const struct forward *f)
{
	note(arg, FORWARD, f->local_part);
	return false;
}

static bool
note_list(void *arg, const struct mlist *l)
{
	note(arg, LIST, l->local_part);
	return false;
}

static void
look_for_account(struct choice *c, int what, int64_t domain_id,
    enum pick pick)
{
	const struct walk_from from = { .domain_id = domain_id,
		.pick = pick };

	c->rows = 0;
	if (c->found[what][0] == '\0')
		(void)!store_accounts(c->store, &from, note_account, c);
}

static bool
look_through(void *arg, const struct domain *d)
{
	struct choice *c = arg;

	if (!d->enabled)
		return true;
	snprintf(c->any, sizeof(c->any), "%s", d->name);
	c->domain = d->name;
	look_for_account(c, KEEPS, d->id, PICK_ALL);
	look_for_account(c, FORWARDS, d->id, PICK_FORWARD);
	look_for_account(c, THROWS, d->id, PICK_DISCARD);
	if (c->found[FORWARD][0] == '\0' && d->forwards > 0)
		(void)!store_forwards(
		    c->store, d->id, "", false, note_forward, c);
	if (c->found[LIST][0] == '\0' && d->lists > 0)
		(void)!store_mlists(c->store, d->id, note_list, c);
	for (int i = 0; i < PROBES; i++)
		if (c->found[i][0] == '\0')
			return ++c->domains < DOMAINS_MAX;
	return false;
}

static void
add(struct doctor *d, const char *what, const char *address)
{
	struct probe *p = &d->probes[d->nprobes];
	const char *at = strchr(address, '@');

	if (at == NULL)
		return;
	p->what = what;
	snprintf(p->address, sizeof(p->address), "%s", address);
	snprintf(p->local_part, sizeof(p->local_part), "%.*s",
	    (int)(at - address), address);
	snprintf(p->domain, sizeof(p->domain), "%s", at + 1);
	if (store_mail_view(d->tool->store, p->local_part, p->domain,
		&p->view) == RES_OK)
		d->nprobes++;
}

void
doctor_probes(struct doctor *d)
{
	struct choice c = { .store = d->tool->store };

	if (d->probes != NULL)
		return;
	d->probes = pool_alloc(
	    d->pool, (PROBES + 2) * sizeof(d->probes[0]));
	(void)!store_domains(c.store, 0, look_through, &c);
	for (int i = 0; i < PROBES; i++)
		add(d, whats[i], c.found[i]);
	if (c.any[0] != '\0') {
		d->probes[d->nprobes].nobody = true;
		add(d, "address that is not there",
		    pool_printf(d->pool, NOBODY "@%s", c.any));
	}
	add(d, "address for what is thrown away", DISCARD_ADDRESS);
}
