/* What tells whether a directory or a count is still somebody's. */
#include "store/backup.h"
#include "store/db.h"

enum result
store_last_id(struct store *s, int64_t *id_r)
{
	enum result r;

	db_bind(s, ST_LAST_ID, "t", "address");
	if ((r = db_step(s, ST_LAST_ID)) != RES_OK)
		return r;
	*id_r = sqlite3_column_int64(s->st[ST_LAST_ID], 0);
	db_done(s, ST_LAST_ID);
	return RES_OK;
}

enum result
store_address_there(struct store *s, int64_t id)
{
	enum result r;

	db_bind(s, ST_ADDRESS_THERE, "i", id);
	if ((r = db_step(s, ST_ADDRESS_THERE)) == RES_OK)
		db_done(s, ST_ADDRESS_THERE);
	return r;
}

enum result
store_usage_names(struct store *s, const char *from, int64_t max,
    bool (*each)(void *arg, const char *name), void *arg)
{
	sqlite3_stmt *q = s->st[ST_USAGE_NAMES];
	enum result r;

	db_bind(s, ST_USAGE_NAMES, "ti", from, max);
	while ((r = db_step(s, ST_USAGE_NAMES)) == RES_OK)
		if (!each(arg, (const char *)sqlite3_column_text(q, 0)))
			break;
	db_done(s, ST_USAGE_NAMES);
	return r == RES_NOTFOUND ? RES_OK : r;
}
