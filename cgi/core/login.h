#ifndef CORE_LOGIN_H
#define CORE_LOGIN_H

#include <stdint.h>

#include "base/secret.h"
#include "core/actor.h"
#include "core/passwd.h"
#include "core/session.h"
#include "core/throttle.h"

enum login {
	LOGIN_OK,
	LOGIN_WRONG,	 /* account or password: which, nobody learns */
	LOGIN_THROTTLED,
	LOGIN_BUSY,
	LOGIN_FAIL
};

struct login_rules {
	struct session_rules session;
	struct throttle_rules throttle;
	int hash_cost;
	char dummy_hash[PASSWD_HASH_SIZE]; /* of nobody's password */
};

/* Makes the dummy hash, once per process. */
enum result login_prepare(struct login_rules *) MUST_CHECK;

/*
 * Logs in.  A wrong password, an unknown account and a disabled domain take
 * the same time and give the same answer.  An older hash is upgraded.
 * LOGIN_OK: token_r is the new session's and account_r whose it is;
 * LOGIN_THROTTLED: wait_r is in how many seconds to try again.
 */
enum login login(struct store *, const struct login_rules *,
    const char *account, const char *domain, const char *password,
    const struct actor *, char token_r[SECRET_TEXT],
    struct account *account_r, int64_t *wait_r) MUST_CHECK;
/* Is it this person's password?  Asked again before a sensitive save, and
 * throttled like a log-in. */
enum login login_again(struct store *, const struct login_rules *,
    const struct account *, const char *password, const struct actor *,
    int64_t *wait_r) MUST_CHECK;

#endif
