#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "store/db.h"
#include "store/health.h"
#include "store/schema.h"

/* Instructions of SQLite's machine between two looks at the clock. */
#define STEPS 10000
/* Who writes just now is waited for, in milliseconds. */
#define PATIENCE 1000

static int
is_over(void *until)
{
	return clock_seconds() >= *(const int64_t *)until;
}

/* The first column of the first row; SQLITE_ROW: there is one. */
static int
ask(sqlite3 *db, const char *sql, char *out, size_t size)
{
	sqlite3_stmt *st = NULL;
	int code = sqlite3_prepare_v2(db, sql, -1, &st, NULL);

	out[0] = '\0';
	if (code == SQLITE_OK && (code = sqlite3_step(st)) == SQLITE_ROW)
		snprintf(out, size, "%s",
		    (const char *)sqlite3_column_text(st, 0));
	sqlite3_finalize(st);
	return code;
}

/* What of the write-ahead log is not written back, as its index tells
 * (https://www.sqlite.org/walformat.html, 2.1): the size of the file says
 * nothing, it never shrinks. */
static int64_t
waiting(const char *path)
{
	enum { PAGE = 14, FRAMES = 16, WRITTEN = 96, HEADER = 136 };
	unsigned char h[HEADER];
	char shm[4096 + 8];
	uint32_t frames, written;
	uint16_t page;
	bool all;
	FILE *f;

	snprintf(shm, sizeof(shm), "%s-shm", path);
	if ((f = fopen(shm, "re")) == NULL)
		return 0;
	all = fread(h, sizeof(h), 1, f) == 1;
	fclose(f);
	if (!all)
		return 0;
	memcpy(&page, h + PAGE, sizeof(page));
	memcpy(&frames, h + FRAMES, sizeof(frames));
	memcpy(&written, h + WRITTEN, sizeof(written));
	/* 65536 does not fit. */
	return frames <= written ?
	    0 :
	    (int64_t)(frames - written) * (page == 1 ? 65536 : page);
}

static void
check(sqlite3 *db, int64_t until, struct health *h)
{
	int code;

	sqlite3_progress_handler(db, STEPS, is_over, &until);
	code = ask(db, "PRAGMA quick_check(1)", h->damage, sizeof(h->damage));
	sqlite3_progress_handler(db, 0, NULL, NULL);
	h->whole = code == SQLITE_ROW;
	if (strcmp(h->damage, "ok") == 0)
		h->damage[0] = '\0';
	else if (!h->whole && code != SQLITE_INTERRUPT)
		snprintf(h->damage, sizeof(h->damage), "%s",
		    sqlite3_errmsg(db));
}

void
store_health(const char *path, enum store_file file, int seconds,
    struct health *h)
{
	static const enum db dbs[] = { [STORE_USERS] = DB_USERS,
		[STORE_WEB] = DB_WEB, [STORE_MAILSTAT] = DB_MAILSTAT };
	const int64_t until = clock_seconds() + seconds;
	sqlite3 *db = NULL;
	char mode[16];
	int on = 1;

	*h = (struct health){ .version = -1 };
	h->expected = schema_latest(dbs[file]);
	if (sqlite3_open_v2(path, &db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
		NULL) == SQLITE_OK) {
		sqlite3_busy_timeout(db, PATIENCE);
		/* As in store.c: the files stay when we leave. */
		sqlite3_file_control(
		    db, NULL, SQLITE_FCNTL_PERSIST_WAL, &on);
		h->version = schema_version(db);
	}
	if (h->version >= 0) {
		(void)ask(db, "PRAGMA journal_mode", mode, sizeof(mode));
		h->wal = strcmp(mode, "wal") == 0;
		check(db, until, h);
	} else {
		h->locked = sqlite3_errcode(db) == SQLITE_BUSY;
		snprintf(
		    h->error, sizeof(h->error), "%s", sqlite3_errmsg(db));
	}
	sqlite3_close(db);
	/* Not before: who closes a file loses his locks on it (fcntl(2)), and
	 * SQLite has some on this one. */
	h->wal_bytes = waiting(path);
}

/* -- what the daemons see -- */

static enum result
targets(struct store *s, struct mail_view *v)
{
	sqlite3_stmt *q = s->st[ST_VIEW_ALIAS];
	enum result r;

	while ((r = db_step(s, ST_VIEW_ALIAS)) == RES_OK &&
	    v->n < NELEM(v->targets))
		snprintf(v->targets[v->n++], ADDRESS_SIZE, "%s",
		    (const char *)sqlite3_column_text(q, 0));
	if (r == RES_OK)
		db_done(s, ST_VIEW_ALIAS);
	return r == RES_NOTFOUND ? RES_OK : r;
}

enum result
store_mail_view(struct store *s, const char *local_part, const char *domain,
    struct mail_view *v)
{
	sqlite3_stmt *q = s->st[ST_VIEW_ACCOUNT];
	enum result r;

	memset(v, 0, sizeof(*v));
	db_bind(s, ST_VIEW_ACCOUNT, "tt", local_part, domain);
	if ((r = db_step(s, ST_VIEW_ACCOUNT)) == RES_OK) {
		v->account = true;
		v->id = sqlite3_column_int64(q, 0);
		v->quota_bytes = sqlite3_column_int64(q, 1);
		v->pop3_open = sqlite3_column_int(q, 2) != 0;
		v->mailbox_open = sqlite3_column_int(q, 3) != 0;
		db_done(s, ST_VIEW_ACCOUNT);
	} else if (r != RES_NOTFOUND) {
		return r;
	}
	db_bind(s, ST_VIEW_TRANSPORT, "tt", local_part, domain);
	if ((r = db_step(s, ST_VIEW_TRANSPORT)) == RES_OK) {
		r = db_text(s, ST_VIEW_TRANSPORT, 0, v->transport,
		    sizeof(v->transport));
		db_done(s, ST_VIEW_TRANSPORT);
	}
	if (r != RES_OK && r != RES_NOTFOUND)
		return r;
	db_bind(s, ST_VIEW_ALIAS, "tt", local_part, domain);
	return targets(s, v);
}

enum result
store_mail_domain(struct store *s, const char *domain)
{
	enum result r;

	db_bind(s, ST_VIEW_DOMAIN, "t", domain);
	if ((r = db_step(s, ST_VIEW_DOMAIN)) == RES_OK)
		db_done(s, ST_VIEW_DOMAIN);
	return r;
}
