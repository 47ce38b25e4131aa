#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include <sqlite3.h>

#include "base/result.h"
#include "store/stmt.h"

/* Making and migrating the databases; inside store/ only. */

struct migration {
	const char *name; /* file in schema/ */
	const char *sql;
};

/*
 * Brings `path` to version n (PRAGMA user_version counts the migrations that
 * ran), each migration one transaction that ends with `views` (may be NULL).
 * A new file gets owner and group of its directory when root makes it, and
 * mode 0660.  Before an existing database is changed, a copy is left beside
 * it (PATH.vN.bak).  Told on standard error: what failed, and that the old
 * version stays; a database newer than n.
 */
enum result schema_migrate(const char *path, const struct migration *,
    int n, const char *views) MUST_CHECK;
/* The same for users.db, which the program knows. */
enum result schema_new_users(const char *path) MUST_CHECK;
/* Brings an open users.db to this version, without a copy of it; `name` is
 * what it is called where that fails. */
enum result schema_users(sqlite3 *, const char *name) MUST_CHECK;
/* An empty file with mode 0660 and, where root makes it, the owner of its
 * directory, unless there is a file.  What goes wrong is told. */
enum result schema_make_file(const char *path) MUST_CHECK;
/* PRAGMA user_version; -1: it cannot be read. */
int schema_version(sqlite3 *);
/* The version that this program wants. */
int schema_latest(enum db);
/* Is the open database at the program's version?  If not, says so. */
enum result schema_check(
    sqlite3 *, enum db, const char *path) MUST_CHECK;

#endif
