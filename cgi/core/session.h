#ifndef CORE_SESSION_H
#define CORE_SESSION_H

#include "base/secret.h"
#include "store/store.h"

/*
 * A log-in that lasts.  The browser holds 256 random bits, the store their
 * hash.  A session ends idle, old, at log-out, with its account or domain,
 * and when the password changes: it remembers account.credential.
 */
struct session_rules {
	int64_t idle, max, reauth; /* seconds */
};

struct login_session {
	unsigned char hash[TOKEN_HASH];
	struct session row;
	struct account account; /* as it is now */
};

/* RES_NOTFOUND: no such session, or it is over (then it is gone). */
enum result session_find(struct store *, const struct session_rules *,
    const char *token, int64_t now, struct login_session *) MUST_CHECK;
/* A new session for `account`; its token, for the cookie, in token_r. */
enum result session_begin(struct store *, const struct session_rules *,
    const struct account *, int64_t now, char token_r[SECRET_TEXT]) MUST_CHECK;
/* After a password change: ends all sessions of the account, begins one. */
enum result session_renew(struct store *, const struct session_rules *,
    int64_t account_id, int64_t now, char token_r[SECRET_TEXT]) MUST_CHECK;
/* The password was asked again and was right. */
enum result session_authenticated(
    struct store *, const struct login_session *, int64_t now) MUST_CHECK;
/* How many have not been idle too long; SESSIONS_COUNTED: so many, or more. */
#define SESSIONS_COUNTED 100000
enum result session_count(struct store *, const struct session_rules *,
    int64_t now, int64_t *n_r) MUST_CHECK;
enum result session_end(struct store *, const struct login_session *)
    MUST_CHECK;
/* Was the password given recently enough for a sensitive save? */
bool session_is_fresh(const struct session_rules *,
    const struct login_session *, int64_t now);

#endif
