#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema_sql.h" /* generated: schema/ as C arrays */
#include "store/copy.h"
#include "store/schema.h"
#include "store/store.h"

static const struct migration users[] = {
	{ "001-init.sql", sql_001_init },
	{ "002-administration.sql", sql_002_administration },
	{ "003-lists.sql", sql_003_lists },
};
static const struct migration web[] = {
	{ "web.sql", sql_web },
	{ "web-002-upload.sql", sql_web_002_upload },
};
static const struct migration mailstat[] = {
	{ "mailstat.sql", sql_mailstat },
	{ "mailstat-002-domain.sql", sql_mailstat_002_domain },
};

int
schema_version(sqlite3 *db)
{
	sqlite3_stmt *st;
	int v = -1;

	if (sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &st, NULL) ==
		SQLITE_OK &&
	    sqlite3_step(st) == SQLITE_ROW)
		v = sqlite3_column_int(st, 0);
	sqlite3_finalize(st);
	return v;
}

int
schema_latest(enum db which)
{
	static const int latest[DB__MAX] = {
		[DB_USERS] = (int)NELEM(users),
		[DB_WEB] = (int)NELEM(web),
		[DB_MAILSTAT] = (int)NELEM(mailstat),
	};

	return latest[which];
}

enum result
schema_check(sqlite3 *db, enum db which, const char *path)
{
	const int latest = schema_latest(which);
	int v = schema_version(db);

	if (v == latest)
		return RES_OK;
	if (v < 0)
		return copy_why(db, path);
	if (v > latest)
		fprintf(stderr,
		    "%s: schema version %d is newer than this program (%d);"
		    " install the newer Fumibako\n",
		    path, v, latest);
	else
		fprintf(stderr,
		    "%s: schema version %d is older than this program (%d);"
		    " run `fumibako init`\n",
		    path, v, latest);
	return RES_INVALID;
}

/*
 * Before SQLite does, for two reasons: mode and owner are right from its
 * first moment, and -wal and -shm take theirs from it.
 */
enum result
schema_make_file(const char *path)
{
	char copy[PATH_MAX];
	struct stat dir;
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0660);

	if (fd < 0) {
		if (access(path, F_OK) == 0)
			return RES_OK;
		perror(path);
		return RES_FAIL;
	}
	snprintf(copy, sizeof(copy), "%s", path);
	if (fchmod(fd, 0660) < 0 || stat(dirname(copy), &dir) < 0 ||
	    (geteuid() == 0 && fchown(fd, dir.st_uid, dir.st_gid) < 0)) {
		perror(path);
		close(fd);
		unlink(path);
		return RES_FAIL;
	}
	close(fd);
	return RES_OK;
}

static enum result
keep_copy(sqlite3 *db, const char *path, int version)
{
	char to[PATH_MAX];

	snprintf(to, sizeof(to), "%s.v%d.bak", path, version);
	copy_remove(to);
	return schema_make_file(to) == RES_OK ? copy_pages(db, to) : RES_FAIL;
}

/* Brings the database from version v to v + 1, unless somebody else did so
 * since the caller looked. */
static bool
run_one(sqlite3 *db, const struct migration *m, int v, const char *views)
{
	char set[64];

	snprintf(set, sizeof(set), "PRAGMA user_version = %d", v + 1);
	if (sqlite3_exec(db, "BEGIN EXCLUSIVE", NULL, NULL, NULL) != SQLITE_OK)
		return false;
	if (schema_version(db) != v)
		return sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL) ==
		    SQLITE_OK;
	return sqlite3_exec(db, m->sql, NULL, NULL, NULL) == SQLITE_OK &&
	    (views == NULL ||
		sqlite3_exec(db, views, NULL, NULL, NULL) == SQLITE_OK) &&
	    sqlite3_exec(db, set, NULL, NULL, NULL) == SQLITE_OK &&
	    sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
}

/* keep: leaves a copy of what it changes beside it. */
static enum result
migrate(sqlite3 *db, const char *path, const struct migration *list, int n,
    const char *views, bool keep)
{
	int v = schema_version(db);
	enum result r;

	if (v > n) {
		fprintf(stderr,
		    "%s: schema version %d is newer than this program (%d);"
		    " install the newer Fumibako\n",
		    path, v, n);
		return RES_INVALID;
	}
	if (v < 0) {
		fprintf(stderr, "%s: %s\n", path, sqlite3_errmsg(db));
		return RES_FAIL;
	}
	if (keep && v > 0 && v < n && (r = keep_copy(db, path, v)) != RES_OK)
		return r;
	for (; v < n; v = schema_version(db)) {
		if (run_one(db, &list[v], v, views))
			continue;
		fprintf(stderr,
		    "%s: %s: %s; the database stays at version %d\n", path,
		    list[v].name, sqlite3_errmsg(db), v);
		bool busy = (sqlite3_errcode(db) & 0xff) == SQLITE_BUSY;

		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
		return busy ? RES_BUSY : RES_FAIL;
	}
	return RES_OK;
}

enum result
schema_migrate(const char *path, const struct migration *list, int n,
    const char *views)
{
	sqlite3 *db = NULL;
	int on = 1;
	enum result r = RES_FAIL;

	if (schema_make_file(path) != RES_OK)
		return RES_FAIL;
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) ==
		SQLITE_OK &&
	    sqlite3_busy_timeout(db, 5000) == SQLITE_OK &&
	    sqlite3_file_control(db, NULL, SQLITE_FCNTL_PERSIST_WAL, &on) ==
		SQLITE_OK &&
	    sqlite3_exec(db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL) ==
		SQLITE_OK)
		r = migrate(db, path, list, n, views, true);
	else
		fprintf(stderr, "%s: %s\n", path, sqlite3_errmsg(db));
	sqlite3_close(db);
	return r;
}

enum result
schema_users(sqlite3 *db, const char *name)
{
	return migrate(db, name, users, (int)NELEM(users), sql_views, false);
}

enum result
schema_new_users(const char *path)
{
	return schema_migrate(path, users, (int)NELEM(users), sql_views);
}

enum result
store_init_rest(const struct store_paths *p)
{
	enum result r;

	r = schema_migrate(p->web, web, (int)NELEM(web), NULL);
	if (r == RES_OK)
		r = schema_migrate(
		    p->mailstat, mailstat, (int)NELEM(mailstat), NULL);
	return r;
}

enum result
store_init(const struct store_paths *p)
{
	const enum result r = schema_new_users(p->users);

	return r == RES_OK ? store_init_rest(p) : r;
}
