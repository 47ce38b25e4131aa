/* Accounts as the operator changes them: add, set, password. */
#include <string.h>

#include "core/account.h"
#include "core/address.h"
#include "core/draft.h"
#include "core/history.h"
#include "core/policy.h"
#include "core/routing.h"

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
	r = draft_commit(s, &d, who, f);
	explicit_bzero(d.hash, sizeof(d.hash));
	return r;
}

/* What the options ask for, over what is stored. */
static void
take_set(const struct account_set *set, struct draft *d, struct findings *f)
{
	struct account *a = &d->account;

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
	if (set->forward_to != NULL) {
		if (set->routing == NULL)
			a->routing = ROUTING_FORWARD;
		(void)!routing_parse_targets(set->forward_to, &d->targets, f);
	}
	if (set->keep_copy != NULL)
		a->keep_copy = strcmp(set->keep_copy, "on") == 0;
	else if (a->routing != ROUTING_FORWARD)
		a->keep_copy = false;
	if (a->keep_copy && a->routing != ROUTING_FORWARD)
		finding_add(f, "keep_copy", FAULT_KEEP_COPY, NULL, NULL);
	if (a->routing != ROUTING_FORWARD)
		d->targets.n = 0;
	else if (d->targets.n == 0 && f->n == 0)
		finding_add(f, "forward_to", FAULT_FORWARD_NONE, NULL, NULL);
}

enum result
account_set(struct store *s, const char *address,
    const struct account_set *set, const struct actor *who,
    struct findings *f)
{
	struct draft d = { .initial = false };
	enum result r;

	if ((r = account_find(s, address, &d.account)) != RES_OK ||
	    (r = store_targets(s, d.account.id, &d.targets)) != RES_OK)
		return r;
	take_set(set, &d, f);
	return f->n > 0 ? RES_INVALID : draft_commit(s, &d, who, f);
}
