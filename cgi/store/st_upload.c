/* Sealed files between two requests (web.db). */
#include "store/db.h"

enum result
store_upload_put(struct store *s, const unsigned char hash[TOKEN_HASH],
    int64_t domain_id, int64_t now, int64_t expired, const void *body,
    size_t size)
{
	enum result r;

	if ((r = store_upload_expire(s, expired)) != RES_OK)
		return r;
	db_bind(s, ST_UPLOAD_PUT, "hii", hash, domain_id, now);
	sqlite3_bind_blob64(
	    s->st[ST_UPLOAD_PUT], 4, body, size, SQLITE_STATIC);
	return db_run(s, ST_UPLOAD_PUT);
}

enum result
store_upload_get(struct store *s, const unsigned char hash[TOKEN_HASH],
    int64_t domain_id, int64_t since,
    void (*take)(void *arg, const void *body, size_t size), void *arg)
{
	sqlite3_stmt *q = s->st[ST_UPLOAD_GET];
	enum result r;

	db_bind(s, ST_UPLOAD_GET, "hii", hash, domain_id, since);
	if ((r = db_step(s, ST_UPLOAD_GET)) != RES_OK)
		return r;
	take(arg, sqlite3_column_blob(q, 0),
	    (size_t)sqlite3_column_bytes(q, 0));
	db_done(s, ST_UPLOAD_GET);
	return RES_OK;
}

enum result
store_upload_drop(struct store *s, const unsigned char hash[TOKEN_HASH])
{
	db_bind(s, ST_UPLOAD_DROP, "h", hash);
	return db_run(s, ST_UPLOAD_DROP);
}

enum result
store_upload_expire(struct store *s, int64_t made_before)
{
	db_bind(s, ST_UPLOAD_EXPIRE, "i", made_before);
	return db_run(s, ST_UPLOAD_EXPIRE);
}
