#include <string.h>

#include "core/admin.h"
#include "core/engine.h"
#include "core/import.h"
#include "migrate/apply.h"

enum result
apply_refuse(
    struct apply *ap, struct place *p, enum why why, const char *arg)
{
	p->fate = FATE_REFUSED;
	moving_tell_of(ap->m, p, p->at, OUT_REFUSED, why, arg);
	return RES_OK;
}

enum result
apply_refuse_for(
    struct apply *ap, struct place *p, const struct findings *f)
{
	p->fate = FATE_REFUSED;
	moving_tell_faults(ap->m, p->at, p->address, OUT_REFUSED, f);
	return RES_OK;
}

void
apply_tell(struct apply *ap, struct place *p, enum why why)
{
	if (p->fate == FATE_THERE)
		moving_tell_of(ap->m, p, p->at, OUT_DONE, WHY_THERE, NULL);
	else
		moving_tell_of(ap->m, p, p->at,
		    p->changed ? OUT_CHANGED : OUT_DONE, why, NULL);
}

/* A postmaster is an account here: one that was a forward forwards. */
static void
make_postmasters(struct moving *m)
{
	for (size_t i = 0; i < m->ndomains; i++) {
		struct place *p =
		    moving_find(m, POSTMASTER, m->domains[i]->name);

		if (p == NULL || p->kind != KIND_FORWARD ||
		    p->fate != FATE_PENDING)
			continue;
		p->kind = KIND_ACCOUNT;
		p->routing = ROUTING_FORWARD;
		moving_tell_of(m, p, p->at, OUT_CHANGED, WHY_POSTMASTER, NULL);
	}
}

/* -- domains -- */

/* What the source wants of its settings, over what is there. */
static struct domain
settings_of(const struct moving_domain *d)
{
	struct domain new = d->row;

	new.max_accounts = d->max_accounts;
	new.max_forwards = d->max_forwards;
	new.max_lists = d->max_lists;
	new.enabled = !d->disabled;
	if (d->default_quota_bytes > 0)
		new.default_quota_bytes = d->default_quota_bytes;
	return new;
}

static bool
same_settings(const struct domain *a, const struct domain *b)
{
	return a->max_accounts == b->max_accounts &&
	    a->max_forwards == b->max_forwards &&
	    a->max_lists == b->max_lists && a->enabled == b->enabled &&
	    a->default_quota_bytes == b->default_quota_bytes;
}

static enum result
create_domain(struct apply *ap, struct moving_domain *d)
{
	struct place *p = moving_find(ap->m, POSTMASTER, d->name);
	struct account a = { .initial = true };
	struct domain row = { .enabled = true, .max_accounts = NO_LIMIT,
		.max_forwards = NO_LIMIT, .max_lists = NO_LIMIT,
		.default_quota_bytes = DEFAULT_QUOTA_BYTES };
	enum result r;

	memcpy(row.name, d->name, sizeof(row.name));
	d->row = row;
	d->row.default_quota_bytes = settings_of(d).default_quota_bytes;
	if (p != NULL && p->kind != KIND_ACCOUNT)
		p = NULL;
	r = p != NULL ? apply_fill(ap, p, &a) : domain_nobody(a.hash);
	if (r == RES_OK)
		r = domain_insert(
		    ap->store, &d->row, &a, ap->options->who);
	explicit_bzero(a.hash, sizeof(a.hash));
	if (r == RES_OK && p != NULL) {
		r = store_address(
		    ap->store, POSTMASTER, d->name, &p->id, NULL);
		p->fate = FATE_DONE;
	}
	d->fate = FATE_DONE;
	return r;
}

static enum result
begin_domain(struct apply *ap, struct moving_domain *d)
{
	struct domain wanted;
	enum result r = store_domain(ap->store, d->name, &d->row);

	if (r == RES_NOTFOUND) {
		if ((r = create_domain(ap, d)) == RES_OK)
			moving_tell(ap->m, d->at, d->name, OUT_DONE,
			    WHY_DOMAIN, NULL);
		return r;
	}
	if (r != RES_OK)
		return r;
	d->fate = FATE_THERE;
	wanted = settings_of(d);
	if (same_settings(&wanted, &d->row))
		moving_tell(
		    ap->m, d->at, d->name, OUT_DONE, WHY_THERE, NULL);
	else
		moving_tell(ap->m, d->at, d->name, OUT_REFUSED, WHY_DIFFERS,
		    "settings");
	return RES_OK;
}

/* Limits come at the end: what the source has is moved, whatever they are. */
static enum result
end_domain(struct apply *ap, struct moving_domain *d)
{
	struct domain old, new;
	enum result r;

	if (d->fate != FATE_DONE)
		return RES_OK;
	if ((r = store_domain(ap->store, d->name, &old)) != RES_OK)
		return r;
	d->row = old;
	new = settings_of(d);
	return same_settings(&old, &new) ?
	    RES_OK :
	    domain_write(ap->store, &old, &new, ap->options->who);
}

/* -- administrators -- */

static enum result
give_right(struct apply *ap, const struct moving_admin *admin)
{
	struct domain d;
	struct address at;
	struct account a;
	enum result r = RES_NOTFOUND;

	if (address_of_account(admin->address, NULL, &at))
		r = store_account_by_address(
		    ap->store, at.local_part, at.domain, &a);
	if (r == RES_NOTFOUND) {
		moving_tell(ap->m, admin->at, admin->address, OUT_REFUSED,
		    WHY_NO_ACCOUNT, admin->domain);
		return RES_OK;
	}
	if (r == RES_OK)
		r = domain_find(ap->store, admin->domain, &d);
	if (r == RES_NOTFOUND) {
		moving_tell(ap->m, admin->at, admin->address, OUT_REFUSED,
		    WHY_NO_DOMAIN, admin->domain);
		return RES_OK;
	}
	if (r != RES_OK)
		return r;
	r = store_administers(ap->store, a.id, d.id);
	if (r != RES_OK && r != RES_NOTFOUND)
		return r;
	moving_tell(ap->m, admin->at, admin->address, OUT_DONE,
	    r == RES_OK ? WHY_THERE : WHY_ADMIN, admin->domain);
	return r == RES_OK ? r : admin_give(ap->store, &d, &a,
				     ap->options->who);
}

/* -- all of it -- */

static enum result
write_all(struct apply *ap)
{
	struct moving *m = ap->m;
	enum result r = RES_OK;

	for (size_t i = 0; i < m->ndomains && r == RES_OK; i++)
		r = begin_domain(ap, m->domains[i]);
	if (r == RES_OK && (r = apply_accounts(ap)) == RES_OK &&
	    (r = apply_forwards(ap)) == RES_OK)
		r = apply_routings(ap);
	for (size_t i = 0; i < m->nadmins && r == RES_OK; i++)
		r = give_right(ap, &m->admins[i]);
	for (size_t i = 0; i < m->ndomains && r == RES_OK; i++)
		r = end_domain(ap, m->domains[i]);
	return r == RES_OK ? apply_members_check(ap) : r;
}

enum result
moving_apply(struct store *s, struct moving *m,
    const struct moving_options *o, bool *engine_r)
{
	struct apply ap = { s, m, o };
	enum result r;

	*engine_r = false;
	make_postmasters(m);
	moving_follow_aliases(m);
	if ((r = import_sweep_quietly(s, 0)) != RES_OK ||
	    (r = store_begin(s)) != RES_OK)
		return r;
	r = write_all(&ap);
	if (o->dry_run && r == RES_OK) {
		/* Any other answer than RES_OK takes it back. */
		r = store_end(s, RES_DENIED);
		return r == RES_DENIED ? RES_OK : r;
	}
	if ((r = store_end(s, r)) != RES_OK)
		return r;
	if (o->engine[0] != '\0')
		(void)!engine_sync(o->engine, 0);
	*engine_r = true;
	return apply_members(&ap);
}
