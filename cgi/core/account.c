/* An account's page: read the form, find all that is wrong, save. */
#include <string.h>

#include "core/account.h"
#include "core/address.h"
#include "core/domain.h"
#include "core/draft.h"
#include "core/policy.h"
#include "core/routing.h"

static enum saved
saved_of(enum result r)
{
	switch (r) {
	case RES_OK:
		return SAVED_OK;
	case RES_INVALID:
		return SAVED_INVALID;
	case RES_CONFLICT:
		return SAVED_STALE;
	case RES_NOTFOUND:
		return SAVED_GONE;
	case RES_BUSY:
		return SAVED_BUSY;
	case RES_DENIED:
	case RES_FAIL:
		break;
	}
	return SAVED_FAIL;
}

static enum saved
saved_of_login(enum login l)
{
	switch (l) {
	case LOGIN_OK:
		return SAVED_OK;
	case LOGIN_WRONG:
		return SAVED_INVALID;
	case LOGIN_THROTTLED:
		return SAVED_THROTTLED;
	case LOGIN_BUSY:
		return SAVED_BUSY;
	case LOGIN_FAIL:
		break;
	}
	return SAVED_FAIL;
}

/*
 * New addresses beside a routing that was left as it is: typed for a reason,
 * and dropping them in silence would look like a forward that was set.  Who
 * chose another routing has said what the addresses are worth.
 */
static void
check_unused(const struct targets *stored, const struct account_form *form,
    struct findings *f)
{
	struct findings unread = { .n = 0 };
	struct targets typed;
	enum result r;

	r = routing_parse_targets(form->forward_to, ACCOUNT_TARGETS,
	    "forward_to", &typed, &unread);
	if (unread.n == 1 && unread.list[0].fault == FAULT_FORWARD_NONE)
		return; /* the field is empty */
	if (r != RES_OK || !draft_same_targets(stored, &typed))
		finding_add(f, "forward_to", FAULT_FORWARD_UNUSED, NULL, NULL);
}

/* Which routing, and to whom: what is typed, beside what is stored. */
static void
read_routing(const struct account *seen, const struct targets *stored,
    const struct account_form *form, struct draft *d, struct findings *f)
{
	struct account *a = &d->account;

	d->targets.n = 0;
	if (strcmp(form->routing, "vacation") == 0) {
		finding_add(f, "routing", FAULT_ROUTING_VACATION, NULL, NULL);
		return;
	}
	if (!routing_of_text(form->routing, &a->routing)) {
		finding_add(f, "routing", FAULT_ROUTING_CHOOSE, NULL, NULL);
		return;
	}
	/* A browser sends a ticked box and a filled field even when another
	 * routing is chosen: there they mean nothing. */
	a->keep_copy = a->routing == ROUTING_FORWARD && form->keep_copy;
	if (a->routing == ROUTING_FORWARD)
		(void)!routing_parse_targets(form->forward_to,
		    ACCOUNT_TARGETS, "forward_to", &d->targets, f);
	else if (a->routing == seen->routing)
		check_unused(stored, form, f);
	if (a->routing == ROUTING_DISCARD &&
	    seen->routing != ROUTING_DISCARD && !form->confirm_discard)
		finding_add(f, "confirm_discard", FAULT_ROUTING_CONFIRM, NULL,
		    NULL);
}

static bool
wants_password(const struct account_form *form)
{
	return form->new_password[0] != '\0' ||
	    form->new_password_again[0] != '\0';
}

static void
check_password(const struct account *seen, const struct account *admin,
    const struct account_form *form, const char *real_name,
    struct findings *f)
{
	if (!wants_password(form)) {
		if (seen->initial && admin == NULL)
			finding_add(f, "new_password", FAULT_PW_REQUIRED, NULL,
			    NULL);
		return;
	}
	policy_check(form->new_password, seen->local_part, seen->domain,
	    real_name, "new_password", f);
	if (strcmp(form->new_password, form->new_password_again) != 0)
		finding_add(
		    f, "new_password_again", FAULT_PW_DIFFER, NULL, NULL);
}

enum saved
account_confirm(struct store *s, const struct login_rules *rules,
    const struct account *person, const char *password,
    const struct actor *who, struct findings *f, int64_t *wait_r)
{
	enum login got;

	if (password[0] == '\0') {
		finding_add(f, "current_password", FAULT_CURRENT_REQUIRED,
		    NULL, NULL);
		return SAVED_OK;
	}
	got = login_again(s, rules, person, password, who, wait_r);
	if (got == LOGIN_WRONG) {
		finding_add(f, "current_password", FAULT_CURRENT_WRONG, NULL,
		    NULL);
		return SAVED_OK;
	}
	return saved_of_login(got);
}

/* The current password, where this save needs it. */
static enum saved
check_current(struct store *s, const struct login_rules *rules,
    const struct account *person, const struct account_form *form,
    const struct actor *who, struct findings *f, struct account_change *c)
{
	const size_t before = f->n;
	enum saved got = account_confirm(
	    s, rules, person, form->current_password, who, f, &c->wait);

	c->authenticated = got == SAVED_OK && f->n == before;
	return got;
}

/* Only an administrator's form has a quota. */
static void
read_quota(const struct account_form *form, struct draft *d,
    struct findings *f)
{
	if (form->quota_mb != NULL)
		quota_parse(form->quota_mb, &d->account.quota_bytes, f);
}

/* An administrator's password for somebody who has more rights than he would
 * give him these rights. */
static enum result
check_rank(struct store *s, const struct account *seen,
    const struct account *admin, const struct account_form *form,
    struct findings *f)
{
	enum result r;

	if (admin == NULL || !wants_password(form))
		return RES_OK;
	if ((r = store_outranks(s, seen->id, admin->id)) == RES_OK)
		finding_add(f, "new_password", FAULT_OUTRANKED,
		    seen->address, NULL);
	return r == RES_NOTFOUND ? RES_OK : r;
}

/* Every rule, and the two slow steps; nothing is locked meanwhile. */
static enum saved
prepare(struct store *s, const struct login_rules *rules,
    const struct account *seen, const struct account *admin,
    const struct account_form *form, const struct actor *who,
    struct draft *d, struct findings *f, struct account_change *c)
{
	struct targets stored;
	enum result r;
	enum saved got;
	bool same;

	if ((r = store_targets(s, seen->id, &stored)) != RES_OK)
		return saved_of(r);
	real_name_check(form->real_name, d->account.real_name, f);
	read_quota(form, d, f);
	read_routing(seen, &stored, form, d, f);
	check_password(seen, admin, form, d->account.real_name, f);
	if ((r = check_rank(s, seen, admin, form, f)) != RES_OK ||
	    (r = routing_settle(s, &d->targets)) != RES_OK)
		return saved_of(r);
	same = draft_same_routing(seen, &stored, &d->account, &d->targets);
	if (!same && d->account.routing == ROUTING_FORWARD) {
		r = draft_check_targets(s, d, f);
		if (r != RES_OK && r != RES_INVALID)
			return saved_of(r);
	}
	if (form->need_current && (wants_password(form) || !same) &&
	    (got = check_current(s, rules, admin != NULL ? admin : seen, form,
		 who, f, c)) != SAVED_OK)
		return got;
	/* Asked last, so that it tells nothing to somebody who should have
	 * given the current password and did not. */
	if (f->n == 0 && wants_password(form) && admin == NULL &&
	    passwd_verify(form->new_password, seen->hash))
		finding_add(f, "new_password", FAULT_PW_SAME, NULL, NULL);
	if (f->n > 0)
		return SAVED_INVALID;
	if (wants_password(form) &&
	    (r = passwd_hash(form->new_password, rules->hash_cost,
		 d->hash)) != RES_OK)
		return saved_of(r);
	return SAVED_OK;
}

/* How long after a password change the same change is a second click. */
#define DOUBLE_CLICK_SECONDS 30

/*
 * The second click of a double click: somebody saved first, and what is
 * stored is what this form asks for.  That is no conflict, it is done.  Only
 * right after the change, or a stolen session could try passwords here.
 */
static bool
is_saved_already(struct store *s, int64_t id, const struct account_form *form,
    int64_t at)
{
	struct account now;
	struct targets stored;
	struct draft d;
	struct findings f = { .n = 0 };

	if (store_account_by_id(s, id, &now) != RES_OK ||
	    store_targets(s, id, &stored) != RES_OK)
		return false;
	d.account = now;
	real_name_check(form->real_name, d.account.real_name, &f);
	read_quota(form, &d, &f);
	read_routing(&now, &stored, form, &d, &f);
	if (f.n > 0 || routing_settle(s, &d.targets) != RES_OK ||
	    strcmp(now.real_name, d.account.real_name) != 0 ||
	    now.quota_bytes != d.account.quota_bytes ||
	    !draft_same_routing(&now, &stored, &d.account, &d.targets))
		return false;
	return !wants_password(form) ||
	    (!form->need_current &&
		at - now.password_at <= DOUBLE_CLICK_SECONDS &&
		strcmp(form->new_password, form->new_password_again) == 0 &&
		passwd_verify(form->new_password, now.hash));
}

enum saved
account_save(struct store *s, const struct login_rules *rules,
    const struct account *seen, const struct account *admin,
    const struct account_form *form, const struct actor *who,
    struct findings *f, struct account_change *c)
{
	struct draft d = { .account = *seen, .initial = admin != NULL,
		.admin = admin };
	enum saved got = SAVED_STALE;

	memset(c, 0, sizeof(*c));
	if (form->version == seen->version)
		got = prepare(s, rules, seen, admin, form, who, &d, f, c);
	if (got == SAVED_OK)
		got = saved_of(draft_commit(s, &d, who, f));
	c->changed = d.changed;
	c->routing = d.rerouted;
	if (got == SAVED_STALE &&
	    is_saved_already(s, seen->id, form, who->now)) {
		got = SAVED_OK;
		c->changed = true;
	}
	c->password = got == SAVED_OK && wants_password(form);
	explicit_bzero(d.hash, sizeof(d.hash));
	return got;
}

enum result
account_by_id(struct store *s, int64_t id, struct account *a_r)
{
	return store_account_by_id(s, id, a_r);
}

enum result
account_in(struct store *s, const struct domain *d, const char *local_part,
    struct account *a_r)
{
	return store_account_by_address(s, local_part, d->name, a_r);
}

enum result
account_targets(struct store *s, const struct account *a, struct targets *t_r)
{
	t_r->n = 0;
	return a->routing == ROUTING_FORWARD ? store_targets(s, a->id, t_r) :
					       RES_OK;
}

enum result
account_delivery(struct store *s, const struct account *a,
    struct delivery *d_r)
{
	return store_delivery(s, a->id, d_r);
}

enum result
account_find(struct store *s, const char *address, struct account *a_r)
{
	struct address a;

	if (!address_of_account(address, NULL, &a))
		return RES_NOTFOUND;
	return store_account_by_address(s, a.local_part, a.domain, a_r);
}
