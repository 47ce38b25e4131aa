/* Accounts: created as mailboxes first, and, when all addresses are there,
 * with their routing. */
#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "core/admin.h"
#include "core/draft.h"
#include "migrate/apply.h"

enum result
apply_fill(struct apply *ap, const struct place *p, struct account *a)
{
	memset(a, 0, sizeof(*a));
	snprintf(a->local_part, sizeof(a->local_part), "%s", p->local_part);
	snprintf(a->domain, sizeof(a->domain), "%s", p->domain->name);
	snprintf(a->address, sizeof(a->address), "%s", p->address);
	snprintf(a->real_name, sizeof(a->real_name), "%s", p->real_name);
	a->domain_id = p->domain->row.id;
	a->quota_bytes = p->quota_bytes != 0 ?
	    p->quota_bytes :
	    p->domain->row.default_quota_bytes;
	a->created_at = ap->options->who->now;
	/* A hash is of a password that its owner knows. */
	a->initial = p->hash == NULL;
	if (p->hash == NULL)
		return domain_nobody(a->hash);
	snprintf(a->hash, sizeof(a->hash), "%s", p->hash);
	return RES_OK;
}

static enum result
create(struct apply *ap, struct place *p)
{
	struct findings f = { .n = 0 };
	struct account a;
	enum result r;

	if ((r = apply_fill(ap, p, &a)) != RES_OK)
		return r;
	r = account_insert(ap->store, &a, ap->options->who, &f);
	explicit_bzero(a.hash, sizeof(a.hash));
	if (r == RES_INVALID)
		return apply_refuse_for(ap, p, &f);
	p->id = a.id;
	p->fate = FATE_DONE;
	return r;
}

/* FATE_PENDING with an id: one that was there before. */
static enum result
begin(struct apply *ap, struct place *p)
{
	static const char *const kinds[] = { [KIND_ACCOUNT] = "account",
		[KIND_FORWARD] = "forward", [KIND_LIST] = "list" };
	enum kind kind = KIND_ACCOUNT;
	enum result r = store_address(
	    ap->store, p->local_part, p->domain->name, &p->id, &kind);

	if (r == RES_NOTFOUND)
		return create(ap, p);
	if (r == RES_OK && kind != KIND_ACCOUNT) {
		p->id = 0;
		r = apply_refuse(ap, p, WHY_TAKEN, kinds[kind]);
	}
	return r;
}

enum result
apply_accounts(struct apply *ap)
{
	enum result r = RES_OK;

	for (size_t i = 0; i < ap->m->nplaces && r == RES_OK; i++) {
		struct place *p = ap->m->places[i];

		/* A postmaster came with his domain. */
		if (p->kind == KIND_ACCOUNT && p->fate == FATE_PENDING)
			r = begin(ap, p);
	}
	return r;
}

/* -- routing -- */

/* An account has fewer targets than a forward: those that were found good,
 * told from `told` on, are left out after all. */
static void
refuse_targets(struct apply *ap, struct place *p, size_t told, size_t ntargets)
{
	const char *n = pool_printf(ap->m->pool, "%zu", ntargets);

	for (; told < ap->m->nmoved; told++) {
		struct moved *m = &ap->m->moved[told];

		if (m->outcome != OUT_DONE)
			continue;
		m->outcome = OUT_REFUSED;
		m->why = WHY_MANY;
		m->arg = n;
	}
	moving_tell_of(ap->m, p, p->at, OUT_CHANGED, WHY_MANY, n);
	p->routing = ROUTING_MAILBOX;
}

/* Into the draft: where its mail will go. */
static enum result
route(struct apply *ap, struct place *p, struct draft *d)
{
	const size_t told = ap->m->nmoved;
	bool dropped = false;
	enum result r = RES_OK;

	d->targets.n = 0;
	if (p->routing == ROUTING_FORWARD) {
		r = apply_targets(ap, p, &d->targets, &dropped);
		/* Rather kept than lost. */
		p->keep_copy |= dropped || p->lost;
		if (d->targets.n > ACCOUNT_TARGETS) {
			refuse_targets(ap, p, told, d->targets.n);
		} else if (d->targets.n == 0) {
			moving_tell_of(
			    ap->m, p, p->at, OUT_CHANGED, WHY_EMPTY, NULL);
			p->routing = ROUTING_MAILBOX;
		}
	}
	if (p->routing != ROUTING_FORWARD) {
		d->targets.n = 0;
		p->keep_copy = false;
	}
	d->account.routing = p->routing;
	d->account.keep_copy = p->keep_copy;
	return r;
}

/* A hash that was made anew at a log-in is of the same password. */
static bool
same_password(
    struct apply *ap, const struct place *p, const struct account *a)
{
	return p->hash == NULL || secret_equal(p->hash, a->hash) ||
	    (a->credential == 0 && !a->initial &&
		passwd_hash_is_current(a->hash, ap->options->hash_cost));
}

static enum result
compare(struct apply *ap, struct place *p, const struct account *old,
    const struct targets *old_targets, const struct draft *d)
{
	const char *what = NULL;

	if (!draft_same_routing(old, old_targets, &d->account, &d->targets))
		what = "routing";
	if (strcmp(old->real_name, p->real_name) != 0)
		what = "real_name";
	if (p->quota_bytes != 0 && old->quota_bytes != p->quota_bytes)
		what = "quota";
	if (!same_password(ap, p, old))
		what = "password";
	if (what != NULL)
		return apply_refuse(ap, p, WHY_DIFFERS, what);
	p->fate = FATE_THERE;
	return RES_OK;
}

static enum result
finish(struct apply *ap, struct place *p)
{
	struct findings f = { .n = 0 };
	struct targets old_targets;
	struct account old;
	struct draft d = { .initial = false };
	enum result r;

	if ((r = store_account_by_id(ap->store, p->id, &d.account)) !=
		RES_OK ||
	    (r = store_targets(ap->store, p->id, &old_targets)) != RES_OK)
		return r;
	old = d.account;
	if ((r = route(ap, p, &d)) == RES_OK) {
		if (p->fate == FATE_PENDING)
			r = compare(ap, p, &old, &old_targets, &d);
		else
			r = draft_write(ap->store, &d, ap->options->who, &f);
	}
	explicit_bzero(old.hash, sizeof(old.hash));
	explicit_bzero(d.account.hash, sizeof(d.account.hash));
	return r;
}

enum result
apply_routings(struct apply *ap)
{
	enum result r = RES_OK;

	for (size_t i = 0; i < ap->m->nplaces && r == RES_OK; i++) {
		struct place *p = ap->m->places[i];

		if (p->kind != KIND_ACCOUNT || p->fate == FATE_REFUSED)
			continue;
		if (p->fate == FATE_PENDING || p->routing != ROUTING_MAILBOX)
			r = finish(ap, p);
		if (r != RES_OK || p->fate == FATE_REFUSED)
			continue;
		apply_tell(ap, p, WHY_ACCOUNT);
	}
	return r;
}
