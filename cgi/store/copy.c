#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/copy.h"

#define BUSY_MS 5000

static enum result
told(int code, const char *words, const char *name)
{
	fprintf(stderr, "%s: %s\n", name, words);
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_FULL:
	case SQLITE_IOERR: /* a full disk shows itself so, too */
		return RES_BUSY;
	default:
		return RES_FAIL;
	}
}

enum result
copy_why(sqlite3 *db, const char *name)
{
	return told(sqlite3_errcode(db), sqlite3_errmsg(db), name);
}

enum result
copy_exec(sqlite3 *db, const char *sql, const char *name)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ?
	    RES_OK :
	    copy_why(db, name);
}

enum result
copy_open(const char *path, sqlite3 **db_r)
{
	if (sqlite3_open_v2(path, db_r, SQLITE_OPEN_READWRITE, NULL) !=
	    SQLITE_OK)
		return copy_why(*db_r, path);
	sqlite3_busy_timeout(*db_r, BUSY_MS);
	/* What a file says of itself is not believed. */
	return copy_exec(*db_r, "PRAGMA trusted_schema = OFF", path);
}

enum result
copy_into(sqlite3 *from, sqlite3 *to, const char *name)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
	int rc;

	if (b == NULL)
		return copy_why(to, name);
	/* In one step, so that it begins anew for no writer. */
	rc = sqlite3_backup_step(b, -1);
	(void)sqlite3_backup_finish(b);
	return rc == SQLITE_DONE ? RES_OK :
				   told(rc, sqlite3_errstr(rc), name);
}

enum result
copy_pages(sqlite3 *from, const char *to)
{
	sqlite3 *db = NULL;
	enum result r;

	if ((r = copy_open(to, &db)) == RES_OK &&
	    (r = copy_into(from, db, to)) == RES_OK)
		r = copy_exec(db, "PRAGMA journal_mode = DELETE", to);
	sqlite3_close(db);
	return r;
}

/* The first row says "ok", or (none) that there is none. */
static enum result
says(sqlite3 *db, const char *pragma, bool none, const char *name)
{
	sqlite3_stmt *st = NULL;
	const char *text = NULL;
	enum result r = RES_OK;
	int rc;

	if (sqlite3_prepare_v2(db, pragma, -1, &st, NULL) != SQLITE_OK ||
	    ((rc = sqlite3_step(st)) != SQLITE_ROW && rc != SQLITE_DONE)) {
		r = copy_why(db, name);
		/* Too damaged to say how. */
		if (r == RES_FAIL)
			r = RES_INVALID;
	} else if (rc == SQLITE_ROW) {
		text = (const char *)sqlite3_column_text(st, 0);
		if (text == NULL || none || strcmp(text, "ok") != 0) {
			fprintf(stderr, "%s: is damaged: %s%s\n", name,
			    none ? "a row of a table refers to none: " : "",
			    text != NULL ? text : "");
			r = RES_INVALID;
		}
	}
	sqlite3_finalize(st);
	return r;
}

enum result
copy_check_rows(sqlite3 *db, const char *name)
{
	return says(db, "PRAGMA main.foreign_key_check", true, name);
}

enum result
copy_check(sqlite3 *db, const char *name)
{
	const enum result r =
	    says(db, "PRAGMA integrity_check(1)", false, name);

	return r == RES_OK ? copy_check_rows(db, name) : r;
}

bool
copy_has_log(const char *path, bool empty)
{
	static const char *const ends[] = { "-wal", "-journal" };
	char real[PATH_MAX], file[PATH_MAX + 16];
	struct stat st;

	/* SQLite looks beside the file that a symbolic link leads to. */
	if (realpath(path, real) == NULL)
		return false;
	for (size_t i = 0; i < NELEM(ends); i++) {
		snprintf(file, sizeof(file), "%s%s", real, ends[i]);
		if (stat(file, &st) == 0 && (empty || st.st_size > 0))
			return true;
	}
	return false;
}

int
copy_temp(const char *path, const char *what, char *temp_r, size_t size)
{
	const int n = snprintf(temp_r, size, "%s.%s-XXXXXX", path, what);
	int fd = -1;

	if (n < 0 || (size_t)n >= size)
		errno = ENAMETOOLONG;
	else
		fd = mkostemp(temp_r, O_CLOEXEC);
	if (fd < 0)
		perror(temp_r);
	return fd;
}

static bool
sync_file(const char *path)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	const bool done = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return done;
}

enum result
copy_rename(const char *temp, const char *to)
{
	char directory[PATH_MAX];

	snprintf(directory, sizeof(directory), "%s", to);
	if (sync_file(temp) && rename(temp, to) == 0 &&
	    sync_file(dirname(directory)))
		return RES_OK;
	perror(to);
	return RES_FAIL;
}

void
copy_remove(const char *path)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
	char file[PATH_MAX + 16];

	for (size_t i = 0; i < NELEM(ends); i++) {
		snprintf(file, sizeof(file), "%s%s", path, ends[i]);
		unlink(file);
	}
}
