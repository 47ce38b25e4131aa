/*
 * Puts a backup in the place of the users' data while the daemons read them.
 *
 * A file that is renamed into the place is not noticed by who has the old one
 * open, and pages that are replaced change the schema's cookie, after which
 * each running auth worker of Dovecot fails one look-up.  So the rows are
 * replaced, all tables in one transaction, and the schema stays.  Only where
 * there is no sound database of this version, its pages are replaced.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "store/backup.h"
#include "store/copy.h"
#include "store/schema.h"
#include "store/stmt_parts.h"

struct restore {
	struct restore_plan plan;
	sqlite3 *live;	/* in a transaction, unless there is: */
	sqlite3 *pages; /* what replaces all of it; else NULL */
	char built[PATH_MAX];
	char kept[PATH_MAX];
	bool done;
};

/* -- a file becomes one that can be opened -- */

static enum result
refuse(const char *name, const char *why)
{
	fprintf(stderr, "%s: %s\n", name, why);
	return RES_INVALID;
}

static enum result
take_bytes(int from, int to, const char *name, const char *staged)
{
	char buf[65536];
	ssize_t got;

	while ((got = read(from, buf, sizeof(buf))) > 0) {
		errno = ENOSPC; /* what a part of it would mean */
		if (write(to, buf, (size_t)got) == got)
			continue;
		perror(staged);
		return RES_BUSY;
	}
	if (got == 0)
		return RES_OK;
	perror(name);
	return RES_FAIL;
}

/* A file of this program's version, or a reason against it. */
static enum result
judge(sqlite3 *db, const char *name)
{
	int version;
	enum result r;

	if ((r = copy_exec(db, "PRAGMA journal_mode = DELETE", name)) !=
		RES_OK ||
	    (r = copy_check(db, name)) != RES_OK)
		return r == RES_FAIL ? RES_INVALID : r;
	version = schema_version(db);
	if (version < 1 ||
	    sqlite3_table_column_metadata(db, NULL, "address", "local_part",
		NULL, NULL, NULL, NULL, NULL) != SQLITE_OK)
		return refuse(name, "is no backup of Fumibako");
	if ((r = schema_users(db, name)) != RES_OK)
		return r == RES_FAIL ? RES_INVALID : r;
	return schema_version(db) != version ? copy_check(db, name) : RES_OK;
}

enum result
store_stage(const char *users, const char *file, int fd,
    char staged_r[PATH_MAX])
{
	const int from =
	    fd >= 0 ? fd : open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	sqlite3 *db = NULL;
	enum result r = RES_FAIL;
	int to = -1;

	if (from < 0)
		perror(file);
	else if (fd < 0 && copy_has_log(file, false))
		r = refuse(file,
		    "its newest changes are in the -wal or -journal beside it;"
		    " take what fumibako backup writes");
	else if ((to = copy_temp(users, "restore", staged_r, PATH_MAX)) >= 0)
		r = take_bytes(from, to, file, staged_r);
	if (from >= 0 && from != fd)
		close(from);
	if (to < 0)
		return r;
	close(to);
	if (r == RES_OK && (r = copy_open(staged_r, &db)) == RES_OK)
		r = judge(db, file);
	sqlite3_close(db);
	if (r != RES_OK)
		copy_remove(staged_r);
	return r;
}

void
store_unstage(const char *staged)
{
	copy_remove(staged);
}

/* -- its rows into another -- */

struct taking {
	sqlite3 *db;
	const char *name;
	enum result r;
};

static int
take_table(void *arg, int n, char **column, char **unused)
{
	struct taking *t = arg;
	const char *table = column[0];
	char *sql = sqlite3_mprintf(RESTORE_TABLE, table, table, table);

	(void)n;
	(void)unused;
	/* NULL: no memory, and no statement. */
	t->r = sql != NULL ? copy_exec(t->db, sql, t->name) : RES_FAIL;
	sqlite3_free(sql);
	return t->r != RES_OK;
}

static enum result
attach(sqlite3 *db, const char *staged)
{
	sqlite3_stmt *st = NULL;
	bool done;

	done = sqlite3_prepare_v2(db, RESTORE_ATTACH, -1, &st, NULL) ==
		SQLITE_OK &&
	    sqlite3_bind_text(st, 1, staged, -1, SQLITE_STATIC) == SQLITE_OK &&
	    sqlite3_step(st) == SQLITE_DONE;
	sqlite3_finalize(st);
	return done ? RES_OK : copy_why(db, staged);
}

/* Within a transaction; the staged file is attached. */
static enum result
take_rows(sqlite3 *db, const struct restore_plan *p)
{
	struct taking t = { db, p->users, RES_OK };
	char *ids = sqlite3_mprintf(RESTORE_IDS, (long long)p->last_id);
	enum result r = ids != NULL ? RES_OK : RES_FAIL;

	/* The rows are as the triggers left them. */
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	if (r == RES_OK)
		r = copy_exec(db, RESTORE_BEFORE, p->users);
	if (r == RES_OK && sqlite3_exec(db, RESTORE_TABLES, take_table, &t,
			       NULL) != SQLITE_OK)
		r = t.r != RES_OK ? t.r : copy_why(db, p->users);
	if (r == RES_OK)
		r = copy_exec(db, ids, p->users);
	sqlite3_free(ids);
	return r;
}

/* -- in the place of what is there -- */

/* The number that a query gives; 0: none, or there is no such table. */
static int64_t
number(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *st = NULL;
	int64_t n = 0;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK &&
	    sqlite3_step(st) == SQLITE_ROW)
		n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return n;
}

/* What is about to be replaced, beside it. */
static enum result
keep(struct restore *x)
{
	const struct restore_plan *p = &x->plan;
	char part[PATH_MAX + 8], text[32];
	sqlite3 *db = NULL;
	struct tm tm;
	enum result r;

	/* Two within a second must not have one name. */
	for (time_t at = p->now;; at++) {
		gmtime_r(&at, &tm);
		strftime(text, sizeof(text), "%Y%m%dT%H%M%SZ", &tm);
		snprintf(x->kept, sizeof(x->kept), "%s.r%s.bak", p->users,
		    text);
		if (access(x->kept, F_OK) != 0)
			break;
	}
	snprintf(part, sizeof(part), "%s.part", x->kept);
	copy_remove(part);
	/* By another connection: this one may have the lock. */
	if ((r = schema_make_file(part)) == RES_OK &&
	    (r = copy_open(p->users, &db)) == RES_OK &&
	    (r = copy_pages(db, part)) == RES_OK)
		r = copy_rename(part, x->kept);
	sqlite3_close(db);
	if (r != RES_OK) {
		copy_remove(part);
		x->kept[0] = '\0';
	}
	return r;
}

/* Opens what is there, or makes an empty file.  sound_r: rows can be written
 * into it. */
static enum result
open_live(struct restore *x, bool *sound_r)
{
	const char *users = x->plan.users;
	int on = 1, version;
	struct stat st;
	enum result r;

	/* Postfix makes one of its own where there is none. */
	if (stat(users, &st) == 0 && st.st_size == 0)
		copy_remove(users);
	if ((r = schema_make_file(users)) != RES_OK ||
	    (r = copy_open(users, &x->live)) != RES_OK)
		return r;
	sqlite3_file_control(
	    x->live, NULL, SQLITE_FCNTL_PERSIST_WAL, &on);
	r = copy_exec(x->live, "PRAGMA journal_mode = WAL;"
			       "PRAGMA cache_size = -65536", users);
	if (r != RES_OK)
		return r;
	version = schema_version(x->live);
	*sound_r = false;
	if (version == 0)
		return number(x->live, "PRAGMA schema_version") == 0 ?
		    RES_OK :
		    refuse(users, "is no database of Fumibako");
	if ((r = schema_check(x->live, DB_USERS, users)) != RES_OK)
		return r;
	r = copy_check(x->live, users);
	*sound_r = r == RES_OK;
	return r == RES_INVALID ? RES_OK : r;
}

static enum result
begin_rows(struct restore *x, sqlite3 *db)
{
	enum result r;

	if ((r = attach(db, x->plan.staged)) != RES_OK ||
	    (r = copy_exec(db, "BEGIN IMMEDIATE", x->plan.users)) != RES_OK ||
	    (db == x->live && (r = keep(x)) != RES_OK) ||
	    (r = take_rows(db, &x->plan)) != RES_OK)
		return r;
	return copy_check_rows(db, x->plan.users);
}

/* A database of its own with this program's schema, whatever the backup's
 * says. */
static enum result
begin_pages(struct restore *x)
{
	const int64_t last = number(x->live, LAST_ID);
	const int fd = copy_temp(
	    x->plan.users, "restore", x->built, sizeof(x->built));
	enum result r;

	if (fd < 0)
		return RES_FAIL;
	close(fd);
	if (last > x->plan.last_id)
		x->plan.last_id = last;
	if ((schema_version(x->live) > 0 && (r = keep(x)) != RES_OK) ||
	    (r = schema_new_users(x->built)) != RES_OK ||
	    (r = copy_open(x->built, &x->pages)) != RES_OK ||
	    (r = begin_rows(x, x->pages)) != RES_OK)
		return r;
	return copy_exec(x->pages, "COMMIT", x->built);
}

enum result
store_restore_begin(const struct restore_plan *p, struct restore **x_r)
{
	struct restore *x = calloc(1, sizeof(*x));
	bool sound;
	enum result r;

	*x_r = x;
	if (x == NULL)
		return RES_FAIL;
	x->plan = *p;
	if ((r = open_live(x, &sound)) != RES_OK)
		return r;
	return sound ? begin_rows(x, x->live) : begin_pages(x);
}

enum result
store_restore_commit(struct restore *x, char kept_r[PATH_MAX], bool *whole_r)
{
	const char *users = x->plan.users;
	const enum result r = x->pages != NULL ?
	    copy_into(x->pages, x->live, users) :
	    copy_exec(x->live, "COMMIT", users);

	x->done = r == RES_OK;
	*whole_r = x->pages != NULL;
	snprintf(kept_r, PATH_MAX, "%s", x->kept);
	return r;
}

void
store_restore_end(struct restore **xp)
{
	struct restore *x = *xp;

	*xp = NULL;
	if (x == NULL)
		return;
	/* What is open in it is undone. */
	sqlite3_close(x->live);
	sqlite3_close(x->pages);
	if (x->built[0] != '\0')
		copy_remove(x->built);
	if (!x->done && x->kept[0] != '\0')
		unlink(x->kept);
	free(x);
}
