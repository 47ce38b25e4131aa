#ifndef STORE_COPY_H
#define STORE_COPY_H

#include <sqlite3.h>
#include <stdbool.h>

#include "base/result.h"

/* Copies of databases and what they are worth; inside store/ only.  What is
 * wrong is told on standard error, where a database is called `name`. */

/* All of `from`, as it is at one moment, into the file `to`, which is there;
 * it then needs no other file beside it.  Nobody who writes is kept waiting. */
enum result copy_pages(sqlite3 *from, const char *to) MUST_CHECK;
/* The same into an open database, in one transaction. */
enum result copy_into(
    sqlite3 *from, sqlite3 *to, const char *name) MUST_CHECK;
/* Is it whole?  RES_INVALID: no. */
enum result copy_check(sqlite3 *, const char *name) MUST_CHECK;
/* Does every row of `main` refer to one that is there? */
enum result copy_check_rows(sqlite3 *, const char *name) MUST_CHECK;
/* Is there a log beside it, with its newest changes, or (empty) even without
 * any?  Then it is in use, or was. */
bool copy_has_log(const char *path, bool empty);
/* Opens a file that is there.  Unlike store_open, it neither looks at its
 * version nor forbids anything; close it also where that fails. */
enum result copy_open(const char *path, sqlite3 **db_r) MUST_CHECK;
/* A statement without rows. */
enum result copy_exec(
    sqlite3 *, const char *sql, const char *name) MUST_CHECK;
/* What SQLite just said, told. */
enum result copy_why(sqlite3 *, const char *name);
/* A new file beside `path`, which nobody else can read; its descriptor, or
 * -1.  PATH.WHAT-XXXXXX */
int copy_temp(const char *path, const char *what, char *temp_r, size_t size);
/* Puts a copy in its place in one moment, and both on the disk. */
enum result copy_rename(const char *temp, const char *to) MUST_CHECK;
/* Removes a database and what SQLite has left beside it: a journal of a
 * process that was killed would be played into the next file of the name. */
void copy_remove(const char *path);

#endif
