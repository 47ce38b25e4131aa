/* Sessions, the counts of wrong passwords, and known places (web.db). */
#include <string.h>

#include "store/backup.h"
#include "store/db.h"

enum result
store_session_add(struct store *s, const unsigned char hash[TOKEN_HASH],
    const struct session *n)
{
	db_bind(s, ST_SESSION_ADD, "hiiii", hash, n->account_id,
	    n->credential, n->created_at, n->seen_at);
	return db_run(s, ST_SESSION_ADD);
}

enum result
store_session_by_hash(struct store *s, const unsigned char hash[TOKEN_HASH],
    struct session *n_r)
{
	sqlite3_stmt *q = s->st[ST_SESSION_BY_HASH];
	enum result r;

	db_bind(s, ST_SESSION_BY_HASH, "h", hash);
	if ((r = db_step(s, ST_SESSION_BY_HASH)) != RES_OK)
		return r;
	n_r->account_id = sqlite3_column_int64(q, 0);
	n_r->credential = sqlite3_column_int64(q, 1);
	n_r->created_at = sqlite3_column_int64(q, 2);
	n_r->seen_at = sqlite3_column_int64(q, 3);
	n_r->authenticated_at = sqlite3_column_int64(q, 4);
	db_done(s, ST_SESSION_BY_HASH);
	return RES_OK;
}

enum result
store_session_touch(struct store *s, const unsigned char hash[TOKEN_HASH],
    int64_t now)
{
	db_bind(s, ST_SESSION_TOUCH, "hi", hash, now);
	return db_run_now(s, ST_SESSION_TOUCH);
}

enum result
store_session_authenticated(struct store *s,
    const unsigned char hash[TOKEN_HASH], int64_t now)
{
	db_bind(s, ST_SESSION_AUTHENTICATED, "hi", hash, now);
	return db_run(s, ST_SESSION_AUTHENTICATED);
}

enum result
store_session_drop(struct store *s, const unsigned char hash[TOKEN_HASH])
{
	db_bind(s, ST_SESSION_DROP, "h", hash);
	return db_run_for_one(s, ST_SESSION_DROP);
}

enum result
store_session_drop_of_account(
    struct store *s, int64_t account_id, int64_t *n_r)
{
	enum result r;

	db_bind(s, ST_SESSION_DROP_OF_ACCOUNT, "i", account_id);
	r = db_run(s, ST_SESSION_DROP_OF_ACCOUNT);
	*n_r = sqlite3_changes(s->db[DB_WEB]);
	return r;
}

enum result
store_session_drop_all(struct store *s)
{
	return db_run(s, ST_SESSION_DROP_ALL);
}

enum result
store_session_expire(struct store *s, int64_t seen_before)
{
	db_bind(s, ST_SESSION_EXPIRE, "i", seen_before);
	return db_run(s, ST_SESSION_EXPIRE);
}

enum result
store_session_count(
    struct store *s, int64_t seen_since, int64_t max, int64_t *n_r)
{
	enum result r;

	db_bind(s, ST_SESSION_COUNT, "ii", seen_since, max);
	if ((r = db_step(s, ST_SESSION_COUNT)) != RES_OK)
		return r;
	*n_r = sqlite3_column_int64(s->st[ST_SESSION_COUNT], 0);
	db_done(s, ST_SESSION_COUNT);
	return RES_OK;
}

enum result
store_throttle_get(struct store *s, const unsigned char key[KEY_HASH],
    struct throttle_row *t_r)
{
	sqlite3_stmt *q = s->st[ST_THROTTLE_GET];
	enum result r;

	memset(t_r, 0, sizeof(*t_r));
	db_bind(s, ST_THROTTLE_GET, "k", key);
	if ((r = db_step(s, ST_THROTTLE_GET)) != RES_OK)
		return r;
	t_r->fails = sqlite3_column_int64(q, 0);
	t_r->since = sqlite3_column_int64(q, 1);
	t_r->blocked_until = sqlite3_column_int64(q, 2);
	db_done(s, ST_THROTTLE_GET);
	return RES_OK;
}

enum result
store_throttle_put(struct store *s, const unsigned char key[KEY_HASH],
    const struct throttle_row *t)
{
	db_bind(s, ST_THROTTLE_PUT, "kiii", key, t->fails, t->since,
	    t->blocked_until);
	return db_run(s, ST_THROTTLE_PUT);
}

enum result
store_throttle_drop(struct store *s, const unsigned char key[KEY_HASH])
{
	db_bind(s, ST_THROTTLE_DROP, "k", key);
	return db_run(s, ST_THROTTLE_DROP);
}

enum result
store_throttle_expire(struct store *s, int64_t since_before, int64_t now)
{
	db_bind(s, ST_THROTTLE_EXPIRE, "ii", since_before, now);
	return db_run(s, ST_THROTTLE_EXPIRE);
}

enum result
store_place_known(struct store *s, const unsigned char key[KEY_HASH])
{
	enum result r;

	db_bind(s, ST_PLACE_KNOWN, "k", key);
	if ((r = db_step(s, ST_PLACE_KNOWN)) == RES_OK)
		db_done(s, ST_PLACE_KNOWN);
	return r;
}

enum result
store_place_put(struct store *s, const unsigned char key[KEY_HASH],
    int64_t now)
{
	db_bind(s, ST_PLACE_PUT, "ki", key, now);
	return db_run(s, ST_PLACE_PUT);
}

enum result
store_place_expire(struct store *s, int64_t seen_before)
{
	db_bind(s, ST_PLACE_EXPIRE, "i", seen_before);
	return db_run(s, ST_PLACE_EXPIRE);
}
