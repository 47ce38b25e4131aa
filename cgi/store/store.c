#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/word.h"
#include "store/db.h"
#include "store/schema.h"

/* How long a statement waits for another writer, in milliseconds.  A person
 * waits these few seconds; then 503 and Retry-After. */
#define BUSY_MS 5000
/* How long it sleeps between two tries.  SQLite's own waits grow to 100 ms,
 * so that one of two writers starves (measured: p99 of a save 118 ms). */
#define BUSY_STEP_MS 2

enum result
db_why(struct store *s, enum db db, const char *what)
{
	int code = sqlite3_extended_errcode(s->db[db]);

	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_FULL:
		log_event("database_busy", "what=\"%s\" code=%d", what, code);
		return RES_BUSY;
	case SQLITE_IOERR:
		/* A full disk shows itself so in a WAL's files. */
		log_event("database_io", "what=\"%s\" code=%d error=\"%s\"",
		    what, code, sqlite3_errmsg(s->db[db]));
		return RES_BUSY;
	case SQLITE_CONSTRAINT:
		return RES_CONFLICT;
	default:
		log_event("database_error", "what=\"%s\" code=%d error=\"%s\"",
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
	switch (sqlite3_step(s->st[st])) {
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
	log_event("database_text_long", "column=%d what=\"%s\"", column,
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

/* What fumibako-lists may: nothing of accounts and passwords. */
static bool
lists_may(int action, const char *table)
{
	static const char *const known[] = { "address", "domain",
		"list_leaver", "mailing_list" };

	if (action == SQLITE_READ)
		return word_index(known, NELEM(known), table) >= 0;
	if (action == SQLITE_DELETE)
		return strcmp(table, "list_leaver") == 0;
	return action == SQLITE_SELECT || action == SQLITE_TRANSACTION;
}

/*
 * The second net below the statement table: no change of the schema, no
 * other file, no word of history rewritten, and who becomes a site
 * administrator the operator alone decides.  Stays for life: SQLite asks
 * again whenever it prepares anew.
 */
static int
authorize(void *arg, int action, const char *a, const char *b, const char *c,
    const char *d)
{
	const struct store *s = arg;

	(void)c;
	(void)d;
	if (s->by == BY_LISTS)
		return lists_may(action, a) ? SQLITE_OK : SQLITE_DENY;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_FUNCTION:
	case SQLITE_RECURSIVE:
	case SQLITE_TRANSACTION:
		return SQLITE_OK;
	case SQLITE_PRAGMA:
		/* What FTS5 asks itself before it trusts its memory. */
		return strcmp(a, "data_version") == 0 && b == NULL ?
		    SQLITE_OK :
		    SQLITE_DENY;
	case SQLITE_UPDATE:
		if (strcmp(a, "history") == 0)
			return SQLITE_DENY;
		/* fallthrough */
	case SQLITE_INSERT:
		/* Dovecot writes these two; we only forget. */
		if (strcmp(a, "quota_usage") == 0 ||
		    strcmp(a, "last_login") == 0)
			return SQLITE_DENY;
		return s->by == BY_WEB && strcmp(a, "site_admin") == 0 ?
		    SQLITE_DENY :
		    SQLITE_OK;
	case SQLITE_DELETE: /* a right goes with its account */
		return s->by == BY_WEB && strcmp(a, "domain") == 0 ?
		    SQLITE_DENY :
		    SQLITE_OK;
	default:
		return SQLITE_DENY;
	}
}

static int
wait_a_little(void *arg, int tries)
{
	(void)arg;
	if (tries >= BUSY_MS / BUSY_STEP_MS)
		return 0;
	usleep(BUSY_STEP_MS * 1000);
	return 1;
}

/* FULL: a password that was changed stays changed when the power goes.  A
 * session may be lost. */
static const char *
pragmas_of(enum db db, unsigned int by)
{
	switch (db) {
	case DB_USERS:
		/* The tool imports: more pages change in one transaction. */
		return by == BY_TOOL ? "PRAGMA foreign_keys = ON;"
				       "PRAGMA trusted_schema = OFF;"
				       "PRAGMA synchronous = FULL;"
				       "PRAGMA cache_size = -16384;" :
				       "PRAGMA foreign_keys = ON;"
				       "PRAGMA trusted_schema = OFF;"
				       "PRAGMA synchronous = FULL;"
				       "PRAGMA cache_size = -1024;";
	case DB_WEB:
	case DB_MAILSTAT:
	case DB__MAX:
		break;
	}
	return "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -256;";
}

static enum result
open_one(struct store *s, enum db db, const char *path)
{
	int on = 1, flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
	enum result r;

	if (sqlite3_open_v2(path, &s->db[db], flags, NULL) != SQLITE_OK) {
		log_event("database_open", "path=%s error=\"%s\"", path,
		    sqlite3_errmsg(s->db[db]));
		return RES_FAIL;
	}
	sqlite3_busy_handler(s->db[db], wait_a_little, NULL);
	sqlite3_extended_result_codes(s->db[db], 1);
	/* The -wal and -shm files stay when the last connection closes: a
	 * daemon that opens in that moment must not find them gone. */
	sqlite3_file_control(s->db[db], NULL, SQLITE_FCNTL_PERSIST_WAL, &on);
	if (sqlite3_exec(s->db[db], pragmas_of(db, s->by), NULL, NULL,
		NULL) != SQLITE_OK)
		return db_why(s, db, path);
	if ((r = schema_check(s->db[db], db, path)) != RES_OK)
		return r;
	sqlite3_set_authorizer(s->db[db], authorize, s);
	for (size_t i = 0; i < ST__MAX; i++) {
		if (stmts[i].db != db || (stmts[i].by & s->by) == 0)
			continue;
		if (sqlite3_prepare_v3(s->db[db], stmts[i].sql, -1,
			SQLITE_PREPARE_PERSISTENT, &s->st[i],
			NULL) != SQLITE_OK)
			return db_why(s, db, stmts[i].sql);
	}
	return RES_OK;
}

enum result
store_open(const struct store_paths *p, unsigned int by, struct store **s_r)
{
	struct store *s;
	enum result r;

	*s_r = NULL;
	/* Each program has one thread.  Refused, and no harm, after the
	 * first time. */
	(void)sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	if ((s = calloc(1, sizeof(*s))) == NULL)
		return RES_FAIL;
	s->by = by;
	if ((r = open_one(s, DB_USERS, p->users)) != RES_OK ||
	    (by == BY_WEB &&
		(r = open_one(s, DB_WEB, p->web)) != RES_OK) ||
	    (by != BY_LISTS &&
		(r = open_one(s, DB_MAILSTAT, p->mailstat)) != RES_OK)) {
		store_close(&s);
		return r;
	}
	*s_r = s;
	return RES_OK;
}

void
store_close(struct store **sp)
{
	struct store *s = *sp;

	*sp = NULL;
	if (s == NULL)
		return;
	for (size_t i = 0; i < ST__MAX; i++)
		sqlite3_finalize(s->st[i]);
	for (size_t i = 0; i < DB__MAX; i++)
		sqlite3_close(s->db[i]);
	free(s);
}

static enum result
exec(struct store *s, enum db db, const char *sql)
{
	if (sqlite3_exec(s->db[db], sql, NULL, NULL, NULL) != SQLITE_OK)
		return db_why(s, db, sql);
	return RES_OK;
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
	sqlite3_busy_handler(s->db[DB_USERS], wait_a_little, NULL);
	return r;
}

enum result
db_run_now(struct store *s, enum stmt st)
{
	enum result r;

	sqlite3_busy_handler(s->db[stmts[st].db], NULL, NULL);
	r = db_run(s, st);
	sqlite3_busy_handler(s->db[stmts[st].db], wait_a_little, NULL);
	return r;
}

enum result
store_end(struct store *s, enum result r)
{
	return end(s, DB_USERS, r);
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
