/* A domain taken away, with all that is in it when that is said. */
#include <stdio.h>
#include <string.h>

#include "core/admin.h"
#include "core/history.h"
#include "core/import.h"
#include "store/mlist.h"

struct gone {
	const struct domain *domain;
	struct findings *f;
};

/* Somebody outside of the domain forwards into it. */
static bool
note_pointer(void *arg, const char *address)
{
	struct gone *g = arg;
	const char *at = strchr(address, '@');

	if (strcmp(at + 1, g->domain->name) != 0)
		finding_add(g->f, "domain", FAULT_IN_USE_BY, address, NULL);
	return true;
}

static enum result
take_away(struct store *s, const struct domain *d, bool everything,
    const struct actor *who, struct findings *f)
{
	struct gone g = { d, f };
	char other[DOMAIN_MAX + 1], all[DOMAIN_MAX + 2];
	enum result r;

	r = store_sole_admin_here(s, d->id, other);
	if (r == RES_OK)
		finding_add(f, "domain", FAULT_LAST_ADMIN, other, NULL);
	else if (r != RES_NOTFOUND)
		return r;
	if (!everything) {
		if (d->accounts > 1 || d->forwards + d->lists > 0)
			finding_add(
			    f, "domain", FAULT_DOMAIN_USED, d->name, NULL);
		r = store_pointing_at(
		    s, POSTMASTER, d->name, note_pointer, &g);
		if (r != RES_OK)
			return r;
	}
	if (f->n > 0)
		return RES_INVALID;
	snprintf(all, sizeof(all), "@%s", d->name);
	if ((r = history_add_domain(s, who, d->name, d->name,
		 EVENT_DOMAIN_DELETED, "", "")) != RES_OK ||
	    (r = store_leaver_add(s, all, who->now)) != RES_OK ||
	    (r = store_domain_clear(s, d->id)) != RES_OK)
		return r;
	return store_domain_delete(s, d->id);
}

enum result
domain_delete(struct store *s, const char *name, bool everything,
    const struct actor *who, struct findings *f)
{
	struct domain d;
	char owner[64];
	int64_t id;
	enum result r;

	if ((r = domain_find(s, name, &d)) != RES_OK ||
	    (r = import_sweep(s, d.id)) != RES_OK ||
	    (r = store_begin(s)) != RES_OK)
		return r;
	/* One may have begun since the sweep. */
	r = store_import_open(s, d.id, &id, owner, sizeof(owner));
	if (r == RES_OK)
		r = RES_CONFLICT;
	else if (r == RES_NOTFOUND &&
	    (r = store_domain(s, d.name, &d)) == RES_OK)
		r = take_away(s, &d, everything, who, f);
	r = store_end(s, r);
	if (r == RES_OK)
		store_usage_forget_domain(s, d.name);
	return r;
}
