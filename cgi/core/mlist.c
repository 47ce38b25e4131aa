/* Lists made, changed, deleted, found. */
#include <stdio.h>
#include <string.h>

#include "core/address.h"
#include "core/admin.h"
#include "core/engine.h"
#include "core/history.h"
#include "core/mlist.h"
#include "core/routing.h"

static void
follow(const char *engine, int64_t id)
{
	if (engine[0] != '\0')
		(void)!engine_sync(engine, id);
}

enum result
mlist_insert(struct store *s, const struct domain *domain, const char *name,
    const struct mlist_form *form, const struct actor *who,
    struct findings *f, int64_t *id_r)
{
	struct mlist l = { .created_at = who->now,
		.posting = POSTING_MEMBERS, .subscription = SUB_CONFIRM };
	struct domain d;
	enum result r;

	if ((r = store_domain(s, domain->name, &d)) != RES_OK)
		return r;
	l.domain_id = d.id;
	if (address_in(name, d.name, "name", l.local_part, f) &&
	    (r = store_address(s, l.local_part, d.name, NULL, NULL)) ==
		RES_OK)
		finding_add(f, "name", FAULT_NAME_IN_USE, name, NULL);
	if (r != RES_OK && r != RES_NOTFOUND)
		return r;
	(void)limit_allows(d.lists, d.max_lists, "name", f);
	if (form->owner == NULL)
		finding_add(f, "owner", FAULT_LIST_OWNER, NULL, NULL);
	if ((r = mlist_read_form(s, form, &l, f)) != RES_OK)
		return r;
	if (f->n > 0)
		return RES_INVALID;
	snprintf(l.domain, sizeof(l.domain), "%s", d.name);
	snprintf(l.address, sizeof(l.address), "%s@%s", l.local_part, d.name);
	if ((r = store_mlist_add(s, &l)) == RES_CONFLICT) {
		finding_add(f, "name", FAULT_NAME_IN_USE, name, NULL);
		return RES_INVALID;
	}
	if (r != RES_OK)
		return r;
	*id_r = l.id;
	return history_add_domain(s, who, d.name, l.address,
	    EVENT_LIST_ADDED, "", l.description);
}

enum result
mlist_add(struct store *s, const char *engine, const struct domain *domain,
    const char *name, const struct mlist_form *form, const struct actor *who,
    struct findings *f)
{
	enum result r;
	int64_t id = 0;

	if ((r = store_begin(s)) != RES_OK)
		return r;
	r = store_end(s, mlist_insert(s, domain, name, form, who, f, &id));
	if (r == RES_OK)
		follow(engine, id);
	return r;
}

static enum result
record(struct store *s, const struct actor *who, const struct mlist *old,
    const struct mlist *new, bool *changed_r)
{
	const struct {
		enum event event;
		const char *old, *new;
	} all[] = {
		{ EVENT_LIST_DESCRIPTION, old->description, new->description },
		{ EVENT_LIST_OWNER, old->owner, new->owner },
		{ EVENT_LIST_POSTING, posting_text(old->posting),
		    posting_text(new->posting) },
		{ EVENT_LIST_SUBSCRIPTION,
		    subscription_text(old->subscription),
		    subscription_text(new->subscription) },
		{ EVENT_LIST_REPLY_TO, old->reply_to_list ? "list" : "sender",
		    new->reply_to_list ? "list" : "sender" },
		{ EVENT_LIST_PREFIX, old->prefix, new->prefix },
		{ EVENT_LIST_FOOTER, old->footer, new->footer },
		{ EVENT_LIST_ARCHIVE, old->archive ? "on" : "off",
		    new->archive ? "on" : "off" },
		{ EVENT_LIST_MODERATORS, old->moderators, new->moderators },
	};
	enum result r = RES_OK;

	for (size_t i = 0; i < NELEM(all) && r == RES_OK; i++) {
		if (strcmp(all[i].old, all[i].new) == 0)
			continue;
		*changed_r = true;
		r = history_add_domain(s, who, old->domain, old->address,
		    all[i].event, all[i].old, all[i].new);
	}
	return r;
}

static enum result
save(struct store *s, const struct domain *d, const char *name,
    int64_t version, const struct mlist_form *form, const struct actor *who,
    struct findings *f, int64_t *id_r, bool *changed_r)
{
	struct mlist old, new;
	enum result r;

	if ((r = store_mlist(s, d->id, name, &old)) != RES_OK)
		return r;
	*id_r = old.id;
	new = old;
	if ((r = mlist_read_form(s, form, &new, f)) != RES_OK)
		return r;
	if (f->n > 0)
		return RES_INVALID;
	if ((r = record(s, who, &old, &new, changed_r)) != RES_OK ||
	    !*changed_r)
		return r;
	if (version >= 0 && version != old.version)
		return RES_CONFLICT;
	return store_mlist_save(s, &new);
}

enum result
mlist_save(struct store *s, const char *engine, const struct domain *d,
    const char *name, int64_t version, const struct mlist_form *form,
    const struct actor *who, struct findings *f, bool *changed_r)
{
	enum result r;
	int64_t id = 0;

	*changed_r = false;
	if ((r = store_begin(s)) != RES_OK)
		return r;
	r = save(s, d, name, version, form, who, f, &id, changed_r);
	r = store_end(s, r);
	if (r == RES_OK)
		follow(engine, id);
	return r;
}

static bool
note(void *arg, const char *address)
{
	finding_add(arg, "confirm", FAULT_IN_USE_BY, address, NULL);
	return true;
}

static enum result
take_away(struct store *s, const struct domain *d, const char *name,
    const struct actor *who, struct findings *f, int64_t *id_r)
{
	struct mlist l;
	enum result r;

	if ((r = store_mlist(s, d->id, name, &l)) != RES_OK ||
	    (r = store_pointing_at(s, l.local_part, l.domain, note, f)) !=
		RES_OK)
		return r;
	if (f->n > 0)
		return RES_INVALID;
	if ((r = history_add_domain(s, who, l.domain, l.address,
		 EVENT_LIST_DELETED, l.description, "")) != RES_OK ||
	    /* It may be a member of another list. */
	    (r = store_leaver_add(s, l.address, who->now)) != RES_OK)
		return r;
	*id_r = l.id;
	return store_address_delete(s, l.id);
}

enum result
mlist_delete(struct store *s, const char *engine, const struct domain *d,
    const char *name, const struct actor *who, struct findings *f)
{
	enum result r;
	int64_t id = 0;

	if ((r = store_begin(s)) != RES_OK)
		return r;
	r = store_end(s, take_away(s, d, name, who, f, &id));
	if (r == RES_OK)
		follow(engine, id);
	return r;
}

enum result
mlist_find(struct store *s, const struct domain *d, const char *name,
    struct mlist *l)
{
	return store_mlist(s, d->id, name, l);
}

enum result
mlist_each(struct store *s, const struct domain *d,
    bool (*each)(void *arg, const struct mlist *), void *arg)
{
	return store_mlists(s, d->id, each, arg);
}
