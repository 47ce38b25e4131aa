/* Writing a changed account: the one transaction of every save. */
#include <stdio.h>
#include <string.h>

#include "core/draft.h"
#include "core/history.h"
#include "core/routing.h"

bool
draft_same_targets(const struct targets *a, const struct targets *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->list[i].local_part, b->list[i].local_part) !=
			0 ||
		    strcmp(a->list[i].domain, b->list[i].domain) != 0)
			return false;
	return true;
}

bool
draft_same_routing(const struct account *a, const struct targets *ta,
    const struct account *b, const struct targets *tb)
{
	return a->routing == b->routing && a->keep_copy == b->keep_copy &&
	    draft_same_targets(ta, tb);
}

enum result
draft_check_targets(struct store *s, struct draft *d, struct findings *f)
{
	struct target own;

	memcpy(own.local_part, d->account.local_part, sizeof(own.local_part));
	memcpy(own.domain, d->account.domain, sizeof(own.domain));
	return routing_check_targets(
	    s, &own, "forward_to", d->ahead, &d->targets, f);
}

/* One line of history for each field that differs. */
static enum result
record(struct store *s, const struct actor *who, const struct account *old,
    const struct targets *old_targets, const struct draft *d)
{
	const struct account *new = &d->account;
	char from[TARGETS_TEXT], to[TARGETS_TEXT];
	enum result r = RES_OK;

	routing_targets_text(old_targets, from, sizeof(from));
	routing_targets_text(&d->targets, to, sizeof(to));
	if (strcmp(old->real_name, new->real_name) != 0)
		r = history_add(s, who, old, EVENT_REAL_NAME, old->real_name,
		    new->real_name);
	if (r == RES_OK && old->routing != new->routing)
		r = history_add(s, who, old, EVENT_ROUTING,
		    routing_text(old->routing), routing_text(new->routing));
	if (r == RES_OK && !draft_same_targets(old_targets, &d->targets))
		r = history_add(s, who, old, EVENT_FORWARD_TO, from, to);
	if (r == RES_OK && old->keep_copy != new->keep_copy)
		r = history_add(s, who, old, EVENT_KEEP_COPY,
		    old->keep_copy ? "on" : "off",
		    new->keep_copy ? "on" : "off");
	if (r == RES_OK && old->quota_bytes != new->quota_bytes) {
		snprintf(from, sizeof(from), "%lld",
		    (long long)old->quota_bytes);
		snprintf(to, sizeof(to), "%lld", (long long)new->quota_bytes);
		r = history_add(s, who, old, EVENT_QUOTA, from, to);
	}
	if (r == RES_OK && d->hash[0] != '\0')
		r = history_add(s, who, old,
		    d->initial ? EVENT_INITIAL_PASSWORD : EVENT_PASSWORD, "",
		    "");
	return r;
}

enum result
draft_write(struct store *s, struct draft *d, const struct actor *who,
    struct findings *f)
{
	struct account old;
	struct targets old_targets;
	struct account *a = &d->account;
	enum result r;
	bool same;

	if ((r = store_account_by_id(s, a->id, &old)) != RES_OK ||
	    (r = store_targets(s, a->id, &old_targets)) != RES_OK ||
	    (r = routing_settle(s, &d->targets)) != RES_OK)
		return r;
	if (old.version != a->version || old.credential != a->credential)
		return RES_CONFLICT;
	/* A right may have been given since the form was checked. */
	if (d->hash[0] != '\0' && d->admin != NULL &&
	    (r = store_outranks(s, a->id, d->admin->id)) != RES_NOTFOUND) {
		finding_add(
		    f, "new_password", FAULT_OUTRANKED, a->address, NULL);
		return r == RES_OK ? RES_INVALID : r;
	}
	same = draft_same_routing(&old, &old_targets, a, &d->targets);
	/* What was accepted stays so: a target that has become wrong since
	 * must not keep its owner from changing a password. */
	if (!same && a->routing == ROUTING_FORWARD &&
	    (r = draft_check_targets(s, d, f)) != RES_OK)
		return r;
	if (same && strcmp(old.real_name, a->real_name) == 0 &&
	    old.quota_bytes == a->quota_bytes && d->hash[0] == '\0')
		return RES_OK; /* saving what is there is no change */
	d->changed = true;
	d->rerouted = !same;
	if (d->hash[0] != '\0' &&
	    (r = store_account_set_password(
		 s, a->id, d->hash, d->initial, who->now)) != RES_OK)
		return r;
	if ((r = store_account_save(s, a)) != RES_OK ||
	    (r = store_set_targets(s, a->id, &d->targets)) != RES_OK)
		return r;
	return record(s, who, &old, &old_targets, d);
}

enum result
draft_commit(struct store *s, struct draft *d, const struct actor *who,
    struct findings *f)
{
	enum result r;

	if ((r = store_begin(s)) != RES_OK)
		return r;
	return store_end(s, draft_write(s, d, who, f));
}
