/* Imports: rows that nobody sees until all are there. */
#include "store/db.h"

enum result
store_import_add(struct store *s, int64_t domain_id, const char *owner,
    int64_t now, int64_t *id_r)
{
	enum result r;

	db_bind(s, ST_IMPORT_ADD, "iti", domain_id, owner, now);
	if ((r = db_run(s, ST_IMPORT_ADD)) == RES_OK)
		*id_r = sqlite3_last_insert_rowid(s->db[DB_USERS]);
	return r;
}

enum result
store_import_done(struct store *s, int64_t id)
{
	db_bind(s, ST_IMPORT_DONE, "i", id);
	return db_run_for_one(s, ST_IMPORT_DONE);
}

enum result
store_import_open(struct store *s, int64_t domain_id, int64_t *id_r,
    char *owner_r, size_t size)
{
	enum result r;

	db_bind(s, ST_IMPORT_OPEN, "i", domain_id);
	if ((r = db_step(s, ST_IMPORT_OPEN)) != RES_OK)
		return r;
	*id_r = sqlite3_column_int64(s->st[ST_IMPORT_OPEN], 0);
	r = db_text(s, ST_IMPORT_OPEN, 1, owner_r, size);
	db_done(s, ST_IMPORT_OPEN);
	return r;
}

/* How many rows the statement, which takes an import and a number, dropped. */
static enum result
drop(struct store *s, enum stmt st, int64_t id, int rows, int *dropped_r)
{
	enum result r;

	db_bind(s, st, "ii", id, (int64_t)rows);
	if ((r = db_run(s, st)) == RES_OK)
		*dropped_r = sqlite3_changes(s->db[DB_USERS]);
	return r;
}

enum result
store_import_drop(struct store *s, int64_t id, int rows, bool *left_r)
{
	int lines = 0, addresses = 0;
	enum result r;

	*left_r = true;
	db_bind(s, ST_IMPORT_DROP_SEARCH, "iit", id, (int64_t)rows, "delete");
	if ((r = db_run(s, ST_IMPORT_DROP_SEARCH)) != RES_OK ||
	    (r = drop(s, ST_IMPORT_DROP_HISTORY, id, rows, &lines)) !=
		RES_OK ||
	    (r = drop(s, ST_IMPORT_DROP_ADDRESS, id, rows, &addresses)) !=
		RES_OK)
		return r;
	if (lines == rows || addresses == rows)
		return RES_OK;
	*left_r = false;
	db_bind(s, ST_IMPORT_DROP, "i", id);
	return db_run(s, ST_IMPORT_DROP);
}
