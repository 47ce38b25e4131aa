#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "core/address.h"
#include "core/history.h"
#include "core/login.h"

enum result
login_prepare(struct login_rules *rules)
{
	return passwd_dummy(rules->hash_cost, rules->dummy_hash);
}

static enum login
from_result(enum result r)
{
	switch (r) {
	case RES_OK:
		return LOGIN_OK;
	case RES_BUSY:
		return LOGIN_BUSY;
	case RES_DENIED:
		return LOGIN_THROTTLED;
	case RES_NOTFOUND:
	case RES_CONFLICT:
	case RES_INVALID:
	case RES_FAIL:
		break;
	}
	return LOGIN_FAIL;
}

/*
 * Right?  A wrong answer always costs one hash at today's price: where the
 * account's own is cheaper (an older scheme, an initial password) or cannot
 * be computed, the dummy is verified too.  Bcrypt ($2y$) is as dear as ours.
 */
static bool
password_is_right(const struct login_rules *rules, const struct account *a,
    const char *password)
{
	if (a != NULL && passwd_verify(password, a->hash))
		return true;
	if (a == NULL ||
	    (!passwd_hash_is_current(a->hash, rules->hash_cost) &&
		strncmp(a->hash, "$2", 2) != 0))
		(void)passwd_verify(password, rules->dummy_hash);
	return false;
}

/*
 * Hashes the password anew where its hash is of an older scheme or another
 * cost.  Only a courtesy: when somebody else writes just now, the next log-in
 * does it.  A handed-out password waits for its owner's choice.
 */
static void
upgrade_hash(struct store *s, const struct login_rules *rules,
    struct account *a, const char *password, const struct actor *who)
{
	char hash[PASSWD_HASH_SIZE];
	enum result r;

	if (passwd_hash_is_current(a->hash, rules->hash_cost) ||
	    (a->initial && strncmp(a->hash, "$y$", 3) == 0) ||
	    passwd_hash(password, rules->hash_cost, hash) != RES_OK)
		return;
	if ((r = store_begin_now(s)) == RES_OK &&
	    (r = store_account_upgrade_hash(s, a->id, a->hash, hash)) == RES_OK)
		r = history_add(s, who, a, EVENT_PASSWORD_UPGRADE, "", "");
	r = store_end(s, r);
	if (r == RES_OK)
		snprintf(a->hash, sizeof(a->hash), "%s", hash);
	explicit_bzero(hash, sizeof(hash));
}

/* Only an address that exists is logged: what else is typed into the account
 * field may be the password. */
static void
log_login(const char *event, const struct account *a)
{
	log_event(event, "account=%s", a != NULL ? a->address : "-");
}

/* The common part: throttle, then verify.  a NULL: there is no such account,
 * and nobody may learn that from the answer. */
static enum login
verify(struct store *s, const struct login_rules *rules, const char *address,
    const struct account *a, const char *password, const struct actor *who,
    int64_t *wait_r)
{
	struct throttle_try try;
	enum result r;

	throttle_try_of(address, who->origin, &try);
	r = throttle_enter(s, &rules->throttle, &try, who->now, wait_r);
	if (r == RES_DENIED)
		log_login("login_throttled", a);
	if (r != RES_OK)
		return from_result(r);
	if (!password_is_right(rules, a, password)) {
		log_login("login_wrong", a);
		r = throttle_failed(s, &rules->throttle, &try, who->now);
		return r == RES_OK ? LOGIN_WRONG : from_result(r);
	}
	return from_result(
	    throttle_succeeded(s, &rules->throttle, &try, who->now));
}

enum login
login(struct store *s, const struct login_rules *rules, const char *account,
    const char *domain, const char *password, const struct actor *who,
    char token_r[SECRET_TEXT], struct account *account_r, int64_t *wait_r)
{
	struct address typed;
	char address[LOCAL_MAX + DOMAIN_MAX + 2] = "(not an address)";
	struct actor self = *who;
	bool exists = false;
	enum login got;
	enum result r;

	if (address_of_account(account, domain, &typed)) {
		snprintf(address, sizeof(address), "%s@%s", typed.local_part,
		    typed.domain);
		r = store_account_by_address(
		    s, typed.local_part, typed.domain, account_r);
		if (r != RES_OK && r != RES_NOTFOUND)
			return from_result(r);
		exists = r == RES_OK && account_r->domain_enabled;
	}
	got = verify(s, rules, address, exists ? account_r : NULL, password,
	    who, wait_r);
	if (got != LOGIN_OK)
		return got;
	self.name = account_r->address;
	upgrade_hash(s, rules, account_r, password, &self);
	r = session_begin(
	    s, &rules->session, account_r, who->now, token_r);
	if (r == RES_OK)
		log_login("login", account_r);
	return from_result(r);
}

enum login
login_again(struct store *s, const struct login_rules *rules,
    const struct account *a, const char *password, const struct actor *who,
    int64_t *wait_r)
{
	return verify(s, rules, a->address, a, password, who, wait_r);
}
