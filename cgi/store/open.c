/* Opening the databases, and what each program may do in them. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/word.h"
#include "store/db.h"
#include "store/schema.h"

/* How long a statement waits for another writer, in milliseconds.  A person
 * waits these few seconds; then 503 and Retry-After. */
#define BUSY_MS 5000
/* How long it sleeps between two tries.  SQLite's own waits grow to 100 ms,
 * so that one of two writers starves (measured: p99 of a save 118 ms). */
#define BUSY_STEP_MS 2

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

int
db_wait(void *arg, int tries)
{
	struct store *s = arg;

	if (s->waiting_since == 0)
		s->waiting_since = clock_us();
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
		log_event("database_open", "path=%s error=%s", path,
		    sqlite3_errmsg(s->db[db]));
		return RES_FAIL;
	}
	sqlite3_busy_handler(s->db[db], db_wait, s);
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
	enum result r = RES_OK;

	*s_r = NULL;
	/* Each program has one thread.  Refused, and no harm, after the
	 * first time. */
	(void)sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	if ((s = calloc(1, sizeof(*s))) == NULL)
		return RES_FAIL;
	s->by = by;
	if ((p->users != NULL &&
		(r = open_one(s, DB_USERS, p->users)) != RES_OK) ||
	    (p->web != NULL && by != BY_TOOL &&
		(r = open_one(s, DB_WEB, p->web)) != RES_OK) ||
	    (p->mailstat != NULL &&
		(r = open_one(s, DB_MAILSTAT, p->mailstat)) != RES_OK)) {
		store_close(&s);
		return r;
	}
	s->waiting_since = 0; /* for that there was no statement */
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
