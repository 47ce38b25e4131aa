#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "store/db.h"

/* What a statement has waited for another writer, once it is through. */
static void
count_wait(struct store *s)
{
	if (s->waiting_since != 0)
		metric_time(TIME_DATABASE, clock_us() - s->waiting_since);
	s->waiting_since = 0;
}

enum result
db_why(struct store *s, enum db db, const char *what)
{
	int code = sqlite3_extended_errcode(s->db[db]);

	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_FULL:
		metric_count(METRIC_DATABASE_BUSY);
		log_event("database_busy", "what=%s code=%d", what, code);
		return RES_BUSY;
	case SQLITE_IOERR:
		/* A full disk shows itself so in a WAL's files. */
		metric_count(METRIC_DATABASE_BUSY);
		log_event("database_io", "what=%s code=%d error=%s",
		    what, code, sqlite3_errmsg(s->db[db]));
		return RES_BUSY;
	case SQLITE_CONSTRAINT:
		return RES_CONFLICT;
	default:
		log_event("database_error", "what=%s code=%d error=%s",
		    what, code, sqlite3_errmsg(s->db[db]));
		return RES_FAIL;
	}
}

void
db_bind(struct store *s, enum stmt st, const char *types, ...)
{
	va_list ap;

	va_start(ap, types);
	for (int i = 1; types[i - 1] != '\0'; i++) {
		switch (types[i - 1]) {
		case 'i':
			sqlite3_bind_int64(s->st[st], i, va_arg(ap, int64_t));
			break;
		case 't':
			sqlite3_bind_text(s->st[st], i,
			    va_arg(ap, const char *), -1, SQLITE_STATIC);
			break;
		case 'k':
			sqlite3_bind_blob(s->st[st], i,
			    va_arg(ap, const unsigned char *), KEY_HASH,
			    SQLITE_STATIC);
			break;
		default: /* 'h' */
			sqlite3_bind_blob(s->st[st], i,
			    va_arg(ap, const unsigned char *), TOKEN_HASH,
			    SQLITE_STATIC);
			break;
		}
	}
	va_end(ap);
}

enum result
db_step(struct store *s, enum stmt st)
{
	const int got = sqlite3_step(s->st[st]);

	count_wait(s);
	switch (got) {
	case SQLITE_ROW:
		return RES_OK;
	case SQLITE_DONE:
		db_done(s, st);
		return RES_NOTFOUND;
	default:
		break;
	}
	enum result r = db_why(s, stmts[st].db, stmts[st].sql);

	db_done(s, st);
	return r;
}

enum result
db_run(struct store *s, enum stmt st)
{
	enum result r = db_step(s, st);

	if (r == RES_OK)
		db_done(s, st);
	return r == RES_NOTFOUND ? RES_OK : r;
}

void
db_done(struct store *s, enum stmt st)
{
	sqlite3_reset(s->st[st]);
	sqlite3_clear_bindings(s->st[st]);
}

enum result
db_run_for_one(struct store *s, enum stmt st)
{
	enum result r = db_run(s, st);

	if (r == RES_OK && sqlite3_changes(s->db[stmts[st].db]) == 0)
		return RES_CONFLICT;
	return r;
}

enum result
db_text(struct store *s, enum stmt st, int column, char *out, size_t size)
{
	const char *t = (const char *)sqlite3_column_text(s->st[st], column);
	int n = snprintf(out, size, "%s", t != NULL ? t : "");

	if (n >= 0 && (size_t)n < size)
		return RES_OK;
	log_event("database_text_long", "column=%d what=%s", column,
	    stmts[st].sql);
	return RES_FAIL;
}

enum result
db_address(struct store *s, enum stmt st, int column, char out[ADDRESS_SIZE])
{
	const unsigned char *local = sqlite3_column_text(s->st[st], column);
	const unsigned char *domain =
	    sqlite3_column_text(s->st[st], column + 1);
	int n = snprintf(out, ADDRESS_SIZE, "%s@%s", (const char *)local,
	    (const char *)domain);

	return n > 0 && n < ADDRESS_SIZE ? RES_OK : RES_FAIL;
}

static enum result
exec(struct store *s, enum db db, const char *sql)
{
	const int got = sqlite3_exec(s->db[db], sql, NULL, NULL, NULL);

	count_wait(s);
	return got == SQLITE_OK ? RES_OK : db_why(s, db, sql);
}

static enum result
end(struct store *s, enum db db, enum result r)
{
	if (r == RES_OK)
		r = exec(s, db, "COMMIT");
	if (!sqlite3_get_autocommit(s->db[db]))
		(void)exec(s, db, "ROLLBACK");
	return r;
}

enum result
store_begin(struct store *s)
{
	return exec(s, DB_USERS, "BEGIN IMMEDIATE");
}

enum result
store_begin_now(struct store *s)
{
	enum result r;

	sqlite3_busy_handler(s->db[DB_USERS], NULL, NULL);
	r = exec(s, DB_USERS, "BEGIN IMMEDIATE");
	sqlite3_busy_handler(s->db[DB_USERS], db_wait, s);
	return r;
}

enum result
db_run_now(struct store *s, enum stmt st)
{
	enum result r;

	sqlite3_busy_handler(s->db[stmts[st].db], NULL, NULL);
	r = db_run(s, st);
	sqlite3_busy_handler(s->db[stmts[st].db], db_wait, s);
	return r;
}

enum result
store_end(struct store *s, enum result r)
{
	r = end(s, DB_USERS, r);
	log_settle(r == RES_OK);
	return r;
}

enum result
store_web_begin(struct store *s)
{
	return exec(s, DB_WEB, "BEGIN IMMEDIATE");
}

enum result
store_web_end(struct store *s, enum result r)
{
	return end(s, DB_WEB, r);
}

bool
store_is_idle(const struct store *s)
{
	for (size_t i = 0; i < DB__MAX; i++)
		if (s->db[i] != NULL && !sqlite3_get_autocommit(s->db[i]))
			return false;
	for (size_t i = 0; i < ST__MAX; i++)
		if (s->st[i] != NULL && sqlite3_stmt_busy(s->st[i]))
			return false;
	return true;
}

enum result
store_alive(struct store *s)
{
	return db_run(s, ST_ALIVE);
}
