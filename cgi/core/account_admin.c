/* Accounts as administrators and the operator change them. */
#include <stdio.h>
#include <string.h>

#include "core/account.h"
#include "core/admin.h"
#include "core/draft.h"
#include "core/history.h"
#include "core/import.h"
#include "core/password.h"
#include "core/policy.h"
#include "core/routing.h"

/* Everything of a new account but its password; the domain as it is now. */
static enum result
read_new(struct store *s, const struct account_new *new, struct account *a,
    struct domain *d, struct findings *f)
{
	const char *domain = new->within != NULL ? new->within->name : NULL;
	struct address address;
	bool named = address_of_account(new->address, domain, &address);
	enum result r;

	if (!named) {
		finding_add(f, "account", FAULT_NAME, new->address, NULL);
	} else if (domain != NULL && strcmp(address.domain, domain) != 0) {
		finding_add(f, "account", FAULT_FOREIGN, new->address, NULL);
		named = false;
	}
	real_name_check(new->real_name, a->real_name, f);
	if (new->quota_mb != NULL && new->quota_mb[0] != '\0')
		quota_parse(new->quota_mb, &a->quota_bytes, f);
	if (!named)
		return RES_INVALID;
	if ((r = store_domain(s, address.domain, d)) != RES_OK)
		return r;
	memcpy(a->local_part, address.local_part, sizeof(a->local_part));
	memcpy(a->domain, address.domain, sizeof(a->domain));
	snprintf(a->address, sizeof(a->address), "%s@%s", a->local_part,
	    a->domain);
	if (a->quota_bytes == 0)
		a->quota_bytes = d->default_quota_bytes;
	return RES_OK;
}

enum result
account_insert(struct store *s, struct account *a, const struct actor *who,
    struct findings *f)
{
	struct domain d;
	enum result r;

	if ((r = store_domain(s, a->domain, &d)) != RES_OK)
		return r;
	a->domain_id = d.id;
	if (!limit_allows(d.accounts, d.max_accounts, "account", f))
		return RES_INVALID;
	if ((r = store_account_add(s, a, 0)) == RES_CONFLICT) {
		finding_add(
		    f, "account", FAULT_NAME_IN_USE, a->address, NULL);
		return RES_INVALID;
	}
	if (r != RES_OK)
		return r;
	return history_add(
	    s, who, a, EVENT_ACCOUNT_ADDED, "", a->real_name);
}

enum result
account_add_check(struct store *s, const struct login_rules *rules,
    const struct account_new *new, struct findings *f)
{
	struct account a = { .initial = true };
	char unused[PASSWD_GENERATED];
	struct domain d;
	enum result r = read_new(s, new, &a, &d, f);

	if (r == RES_OK && store_address(s, a.local_part, a.domain, NULL,
			       NULL) == RES_OK)
		finding_add(
		    f, "account", FAULT_NAME_IN_USE, a.address, NULL);
	if (r == RES_OK && new->password != NULL)
		r = password_choose(rules, &a, new->password, "new_password",
		    unused, a.hash, f);
	return r == RES_OK ? RES_INVALID : r;
}

enum result
account_add(struct store *s, const struct login_rules *rules,
    const struct account_new *new, const struct actor *who,
    struct findings *f, char password_r[PASSWD_GENERATED])
{
	struct account a = { .initial = true, .created_at = who->now };
	struct domain d;
	enum result r;

	password_r[0] = '\0';
	if ((r = read_new(s, new, &a, &d, f)) != RES_OK ||
	    (r = import_sweep_quietly(s, d.id)) != RES_OK)
		return r;
	r = password_choose(
	    rules, &a, new->password, "new_password", password_r, a.hash, f);
	if (r != RES_OK && r != RES_INVALID)
		return r;
	if (f->n > 0)
		r = RES_INVALID;
	else if ((r = store_begin(s)) == RES_OK) {
		r = store_end(s, account_insert(s, &a, who, f));
	}
	if (r != RES_OK)
		explicit_bzero(password_r, PASSWD_GENERATED);
	return r;
}

/* A draft of the account as it is, to be given a new password. */
static enum result
draft_of(struct store *s, int64_t id, struct draft *d)
{
	enum result r;

	if ((r = store_account_by_id(s, id, &d->account)) != RES_OK)
		return r;
	return store_targets(s, id, &d->targets);
}

enum result
account_reset(struct store *s, const struct login_rules *rules,
    const struct account *a, const struct account *admin, int64_t credential,
    const struct actor *who, struct findings *f,
    char password_r[PASSWD_GENERATED])
{
	struct draft d = { .initial = true, .admin = admin };
	enum result r;

	password_r[0] = '\0';
	if (admin != NULL &&
	    (r = store_outranks(s, a->id, admin->id)) != RES_NOTFOUND) {
		finding_add(f, "account", FAULT_OUTRANKED, a->address, NULL);
		return r == RES_OK ? RES_INVALID : r;
	}
	if ((r = draft_of(s, a->id, &d)) != RES_OK)
		return r;
	if (credential >= 0 && d.account.credential != credential)
		return RES_CONFLICT;
	if ((r = password_choose(rules, &d.account, NULL, "new_password",
		 password_r, d.hash, f)) == RES_OK)
		r = draft_commit(s, &d, who, f);
	explicit_bzero(d.hash, sizeof(d.hash));
	if (r != RES_OK)
		explicit_bzero(password_r, PASSWD_GENERATED);
	return r;
}

enum result
account_set_password(struct store *s, const struct login_rules *rules,
    const char *address, const char *password, bool initial,
    const struct actor *who, struct findings *f,
    char password_r[PASSWD_GENERATED])
{
	struct draft d = { .initial = initial || password == NULL };
	enum result r;

	password_r[0] = '\0';
	if ((r = account_find(s, address, &d.account)) != RES_OK)
		return r;
	if ((r = password_choose(rules, &d.account, password, "password",
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
	if (set->quota_mb != NULL)
		quota_parse(set->quota_mb, &a->quota_bytes, f);
	if (set->routing != NULL && !routing_of_text(set->routing, &a->routing))
		finding_add(f, "routing",
		    strcmp(set->routing, "vacation") == 0 ?
			FAULT_ROUTING_VACATION :
			FAULT_ROUTING_CHOOSE,
		    NULL, NULL);
	if (set->forward_to != NULL) {
		if (set->routing == NULL)
			a->routing = ROUTING_FORWARD;
		(void)!routing_parse_targets(set->forward_to, ACCOUNT_TARGETS,
		    "forward_to", &d->targets, f);
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
