#include <string.h>

#include "base/log.h"
#include "core/session.h"
#include "core/upload.h"

/* seen_at is written at most this often: reading a page costs no write. */
#define TOUCH_SECONDS 30

static void
hash_of(const char *token, unsigned char hash_r[TOKEN_HASH])
{
	secret_hash("session token", token, hash_r, TOKEN_HASH);
}

/* Why it is over; NULL: it is not. */
static const char *
why_over(const struct session_rules *rules, const struct login_session *ls,
    bool account_is_there, int64_t now)
{
	const struct session *n = &ls->row;

	return now - n->seen_at > rules->idle	? "idle" :
	    now - n->created_at > rules->max	? "old" :
	    !account_is_there			? "account" :
	    !ls->account.domain_enabled		? "domain" :
	    ls->account.credential != n->credential ? "password" :
						      NULL;
}

/* It may have ended long before, but nobody came. */
static enum result
end_it(struct store *s, const struct login_session *ls, bool account_is_there,
    const char *why)
{
	/* Of two requests at once, one ends it. */
	if (store_session_drop(s, ls->hash) == RES_OK)
		log_event("session_over", "account=%s why=%s sessions=1",
		    account_is_there ? ls->account.address : "-", why);
	return RES_NOTFOUND;
}

enum result
session_find(struct store *s, const struct session_rules *rules,
    const char *token, int64_t now, struct login_session *ls)
{
	const char *why;
	enum result r;

	if (strlen(token) != SECRET_TEXT - 1)
		return RES_NOTFOUND;
	hash_of(token, ls->hash);
	if ((r = store_session_by_hash(s, ls->hash, &ls->row)) != RES_OK)
		return r;
	r = store_account_by_id(s, ls->row.account_id, &ls->account);
	if (r != RES_OK && r != RES_NOTFOUND)
		return r;
	if ((why = why_over(rules, ls, r == RES_OK, now)) != NULL)
		return end_it(s, ls, r == RES_OK, why);
	/* Missing this one only ends the session a little early. */
	if (now - ls->row.seen_at >= TOUCH_SECONDS)
		(void)!store_session_touch(s, ls->hash, now);
	return RES_OK;
}

enum result
session_begin(struct store *s, const struct session_rules *rules,
    const struct account *a, int64_t now, char token_r[SECRET_TEXT])
{
	const struct session n = {
		.account_id = a->id,
		.credential = a->credential,
		.created_at = now,
		.seen_at = now,
	};
	unsigned char hash[TOKEN_HASH];
	enum result r;

	secret_token(token_r);
	hash_of(token_r, hash);
	if ((r = store_session_expire(s, now - rules->idle)) != RES_OK ||
	    (r = store_upload_expire(s, now - UPLOAD_SECONDS)) != RES_OK)
		return r;
	return store_session_add(s, hash, &n);
}

enum result
session_renew(struct store *s, const struct session_rules *rules,
    int64_t account_id, int64_t now, char token_r[SECRET_TEXT])
{
	struct account a;
	int64_t ended;
	enum result r;

	if ((r = store_account_by_id(s, account_id, &a)) != RES_OK ||
	    (r = store_session_expire(s, now - rules->idle)) != RES_OK ||
	    (r = store_session_drop_of_account(s, account_id, &ended)) !=
		RES_OK ||
	    (r = session_begin(s, rules, &a, now, token_r)) != RES_OK)
		return r;
	if (ended > 1) /* this one goes on, under another token */
		log_event("session_over",
		    "account=%s why=password sessions=%lld", a.address,
		    (long long)ended - 1);
	return RES_OK;
}

enum result
session_authenticated(struct store *s, const struct login_session *ls,
    int64_t now)
{
	return store_session_authenticated(s, ls->hash, now);
}

enum result
session_count(struct store *s, const struct session_rules *rules, int64_t now,
    int64_t *n_r)
{
	return store_session_count(
	    s, now - rules->idle, SESSIONS_COUNTED, n_r);
}

enum result
session_end(struct store *s, const struct login_session *ls)
{
	const enum result r = store_session_drop(s, ls->hash);

	return r == RES_CONFLICT ? RES_OK : r; /* a second click */
}

bool
session_is_fresh(const struct session_rules *rules,
    const struct login_session *ls, int64_t now)
{
	return now - ls->row.authenticated_at <= rules->reauth;
}
