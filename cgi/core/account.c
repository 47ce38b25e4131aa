#include <stdio.h>
#include <string.h>

#include "core/account.h"
#include "core/address.h"
#include "core/history.h"
#include "core/policy.h"
#include "core/routing.h"

/* What a save is about to write, beside what is there. */
struct draft {
	struct account account; /* with the new values */
	struct targets targets;
	char hash[PASSWD_HASH_SIZE]; /* "" = keep the password */
	bool initial;		     /* of the new password */
};

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

/* Which routing, and to whom: what is typed, without the database. */
static void
read_routing(const struct account *seen, const struct account_form *form,
    struct draft *d, struct findings *f)
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
		(void)!routing_parse_targets(form->forward_to, &d->targets, f);
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
check_password(const struct account *seen, const struct account_form *form,
    const char *real_name, struct findings *f)
{
	if (!wants_password(form)) {
		if (seen->initial)
			finding_add(f, "new_password", FAULT_PW_REQUIRED, NULL,
			    NULL);
		return;
	}
	if (policy_check(form->new_password, seen->local_part, seen->domain,
		real_name, "new_password", f) &&
	    passwd_verify(form->new_password, seen->hash))
		finding_add(f, "new_password", FAULT_PW_SAME, NULL, NULL);
	if (strcmp(form->new_password, form->new_password_again) != 0)
		finding_add(
		    f, "new_password_again", FAULT_PW_DIFFER, NULL, NULL);
}

static bool
same_targets(const struct targets *a, const struct targets *b)
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

static bool
same_routing(const struct account *a, const struct targets *ta,
    const struct account *b, const struct targets *tb)
{
	return a->routing == b->routing && a->keep_copy == b->keep_copy &&
	    same_targets(ta, tb);
}

/* The current password, where this save needs it. */
static enum saved
check_current(struct store *s, const struct login_rules *rules,
    const struct account *seen, const struct account_form *form,
    const struct actor *who, struct findings *f, struct account_change *c)
{
	enum login got;

	if (form->current_password[0] == '\0') {
		finding_add(f, "current_password", FAULT_CURRENT_REQUIRED,
		    NULL, NULL);
		return SAVED_OK;
	}
	got = login_again(
	    s, rules, seen, form->current_password, who, &c->wait);
	if (got == LOGIN_WRONG) {
		finding_add(f, "current_password", FAULT_CURRENT_WRONG, NULL,
		    NULL);
		return SAVED_OK;
	}
	c->authenticated = got == LOGIN_OK;
	return saved_of_login(got);
}

/* One line of history for each field that differs. */
static enum result
record(struct store *s, const struct actor *who, const struct account *old,
    const struct targets *old_targets, const struct draft *d)
{
	const struct account *new = &d->account;
	char from[TARGETS_MAX * 330], to[TARGETS_MAX * 330];
	enum result r = RES_OK;

	routing_targets_text(old_targets, from, sizeof(from));
	routing_targets_text(&d->targets, to, sizeof(to));
	if (strcmp(old->real_name, new->real_name) != 0)
		r = history_add(s, who, old, EVENT_REAL_NAME, old->real_name,
		    new->real_name);
	if (r == RES_OK && old->routing != new->routing)
		r = history_add(s, who, old, EVENT_ROUTING,
		    routing_text(old->routing), routing_text(new->routing));
	if (r == RES_OK && !same_targets(old_targets, &d->targets))
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

/*
 * Writes the draft over the row it was made from, inside the caller's
 * transaction: checks the targets, records what differs.
 */
static enum result
write_draft(struct store *s, struct draft *d, const struct actor *who,
    struct findings *f)
{
	struct account old;
	struct targets old_targets;
	struct account *a = &d->account;
	enum result r;

	if ((r = store_account_by_id(s, a->id, &old)) != RES_OK ||
	    (r = store_targets(s, a->id, &old_targets)) != RES_OK)
		return r;
	if (old.version != a->version || old.credential != a->credential)
		return RES_CONFLICT;
	if (a->routing == ROUTING_FORWARD &&
	    (r = routing_check_targets(s, a, &d->targets, f)) != RES_OK)
		return r;
	if (same_routing(&old, &old_targets, a, &d->targets) &&
	    strcmp(old.real_name, a->real_name) == 0 &&
	    old.quota_bytes == a->quota_bytes && d->hash[0] == '\0')
		return RES_OK; /* saving what is there is no change */
	if (d->hash[0] != '\0' &&
	    (r = store_account_set_password(
		 s, a->id, d->hash, d->initial, who->now)) != RES_OK)
		return r;
	if ((r = store_account_save(s, a)) != RES_OK ||
	    (r = store_set_targets(s, a->id, &d->targets)) != RES_OK)
		return r;
	return record(s, who, &old, &old_targets, d);
}

static enum result
commit_draft(struct store *s, struct draft *d, const struct actor *who,
    struct findings *f)
{
	enum result r;

	if ((r = store_begin(s)) != RES_OK)
		return r;
	if ((r = write_draft(s, d, who, f)) == RES_OK)
		r = store_commit(s);
	store_rollback(s);
	return r;
}

/* Every rule, and the two slow steps; nothing is locked meanwhile. */
static enum saved
prepare(struct store *s, const struct login_rules *rules,
    const struct account *seen, const struct account_form *form,
    const struct actor *who, struct draft *d, struct findings *f,
    struct account_change *c)
{
	struct targets stored;
	enum result r;
	enum saved got;

	real_name_check(form->real_name, d->account.real_name, f);
	read_routing(seen, form, d, f);
	check_password(seen, form, d->account.real_name, f);
	if ((r = store_targets(s, seen->id, &stored)) != RES_OK)
		return saved_of(r);
	if (d->account.routing == ROUTING_FORWARD) {
		/* Only to report all faults at once; the write asks again. */
		r = routing_check_targets(s, seen, &d->targets, f);
		if (r != RES_OK && r != RES_INVALID)
			return saved_of(r);
	}
	if (form->need_current &&
	    (wants_password(form) ||
		!same_routing(seen, &stored, &d->account, &d->targets)) &&
	    (got = check_current(s, rules, seen, form, who, f, c)) !=
		SAVED_OK)
		return got;
	if (f->n > 0)
		return SAVED_INVALID;
	if (wants_password(form) &&
	    (r = passwd_hash(form->new_password, rules->hash_cost,
		 d->hash)) != RES_OK)
		return saved_of(r);
	return SAVED_OK;
}

enum saved
account_save(struct store *s, const struct login_rules *rules,
    const struct account *seen, const struct account_form *form,
    const struct actor *who, struct findings *f, struct account_change *c)
{
	struct draft d = { .account = *seen };
	enum saved got;

	memset(c, 0, sizeof(*c));
	if (form->version != seen->version)
		return SAVED_STALE;
	got = prepare(s, rules, seen, form, who, &d, f, c);
	if (got == SAVED_OK)
		got = saved_of(commit_draft(s, &d, who, f));
	c->password = got == SAVED_OK && d.hash[0] != '\0';
	explicit_bzero(d.hash, sizeof(d.hash));
	return got;
}

enum result
account_by_id(struct store *s, int64_t id, struct account *a_r)
{
	return store_account_by_id(s, id, a_r);
}

enum result
account_targets(struct store *s, const struct account *a, struct targets *t_r)
{
	return store_targets(s, a->id, t_r);
}

enum result
account_delivery(struct store *s, const struct account *a,
    struct delivery *d_r)
{
	return store_delivery(s, a->local_part, a->domain, d_r);
}

enum result
account_find(struct store *s, const char *address, struct account *a_r)
{
	struct address a;

	if (!address_of_account(address, NULL, &a))
		return RES_NOTFOUND;
	return store_account_by_address(s, a.local_part, a.domain, a_r);
}

/* A password for `address`: the given one if it obeys the policy, else one
 * that is made here, told in password_r. */
static enum result
choose_password(const struct login_rules *rules, const struct address *a,
    const char *real_name, const char *password,
    char password_r[PASSWD_GENERATED], char hash_r[PASSWD_HASH_SIZE],
    struct findings *f)
{
	struct findings unused = { .n = 0 };

	password_r[0] = '\0';
	if (password != NULL) {
		if (!policy_check(password, a->local_part, a->domain,
			real_name, "password", f))
			return RES_INVALID;
		return passwd_hash(password, rules->hash_cost, hash_r);
	}
	do {
		unused.n = 0;
		passwd_generate(password_r);
	} while (!policy_check(password_r, a->local_part, a->domain,
	    real_name, "password", &unused));
	return passwd_hash(password_r, PASSWD_COST_GENERATED, hash_r);
}

static enum result
insert_account(struct store *s, const struct address *a,
    const struct account_new *new, const char *real_name, const char *hash,
    const struct actor *who)
{
	struct account added;
	int64_t domain_id, quota, id;
	enum result r;

	if ((r = store_domain_by_name(s, a->domain, &domain_id, &quota)) !=
		RES_OK ||
	    (r = store_account_add(s, domain_id, a->local_part, real_name,
		 hash, new->quota_bytes > 0 ? new->quota_bytes : quota,
		 who->now, &id)) != RES_OK ||
	    (r = store_account_by_id(s, id, &added)) != RES_OK)
		return r;
	return history_add(
	    s, who, &added, EVENT_ACCOUNT_ADDED, "", real_name);
}

enum result
account_add(struct store *s, const struct login_rules *rules,
    const struct account_new *new, const struct actor *who,
    struct findings *f, char password_r[PASSWD_GENERATED])
{
	char hash[PASSWD_HASH_SIZE], real_name[REAL_NAME_MAX + 1];
	struct address a;
	enum result r;

	password_r[0] = '\0';
	if (!address_of_account(new->address, NULL, &a)) {
		finding_add(f, "account", FAULT_ADDRESS, new->address, NULL);
		return RES_INVALID;
	}
	if (!real_name_check(new->real_name, real_name, f))
		return RES_INVALID;
	if ((r = choose_password(rules, &a, real_name, new->password,
		 password_r, hash, f)) != RES_OK ||
	    (r = store_begin(s)) != RES_OK)
		return r;
	if ((r = insert_account(s, &a, new, real_name, hash, who)) == RES_OK)
		r = store_commit(s);
	store_rollback(s);
	return r;
}

enum result
account_set_password(struct store *s, const struct login_rules *rules,
    const char *address, const char *password, bool initial,
    const struct actor *who, struct findings *f,
    char password_r[PASSWD_GENERATED])
{
	struct draft d = { .initial = initial || password == NULL };
	struct address a;
	enum result r;

	password_r[0] = '\0';
	if ((r = account_find(s, address, &d.account)) != RES_OK)
		return r;
	(void)address_of_account(d.account.address, NULL, &a);
	if ((r = choose_password(rules, &a, d.account.real_name, password,
		 password_r, d.hash, f)) != RES_OK ||
	    (r = store_targets(s, d.account.id, &d.targets)) != RES_OK)
		return r;
	r = commit_draft(s, &d, who, f);
	explicit_bzero(d.hash, sizeof(d.hash));
	return r;
}

enum result
account_set(struct store *s, const char *address,
    const struct account_set *set, const struct actor *who,
    struct findings *f)
{
	struct draft d = { .initial = false };
	struct account *a = &d.account;
	enum result r;

	if ((r = account_find(s, address, a)) != RES_OK ||
	    (r = store_targets(s, a->id, &d.targets)) != RES_OK)
		return r;
	if (set->real_name != NULL)
		real_name_check(set->real_name, a->real_name, f);
	if (set->quota_bytes != 0)
		a->quota_bytes = set->quota_bytes;
	if (set->routing != NULL && !routing_of_text(set->routing, &a->routing))
		finding_add(f, "routing",
		    strcmp(set->routing, "vacation") == 0 ?
			FAULT_ROUTING_VACATION :
			FAULT_ROUTING_CHOOSE,
		    NULL, NULL);
	if (set->forward_to != NULL)
		(void)!routing_parse_targets(set->forward_to, &d.targets, f);
	if (set->keep_copy != NULL)
		a->keep_copy = strcmp(set->keep_copy, "on") == 0;
	if (a->routing != ROUTING_FORWARD) {
		a->keep_copy = false;
		d.targets.n = 0;
	} else if (d.targets.n == 0 && f->n == 0) {
		finding_add(f, "forward_to", FAULT_FORWARD_NONE, NULL, NULL);
	}
	return f->n > 0 ? RES_INVALID : commit_draft(s, &d, who, f);
}
