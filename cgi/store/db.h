#ifndef STORE_DB_H
#define STORE_DB_H

/* Inside store/ only: how its files reach SQLite. */

#include <sqlite3.h>

#include "store/stmt.h"
#include "store/store.h"

struct store {
	sqlite3 *db[DB__MAX];
	sqlite3_stmt *st[ST__MAX];
	unsigned int by;
};

/* What SQLite just said, as a result; logs what nobody can be blamed for. */
enum result db_why(struct store *, enum db, const char *what);
/*
 * Binds values to ?1, ?2 ... by `types`: i = int64_t, t = const char * (must
 * outlive the step), k = const unsigned char[KEY_HASH], h = [TOKEN_HASH].
 */
void db_bind(struct store *, enum stmt, const char *types, ...);
/* One row?  RES_OK: read it with sqlite3_column_*, then db_done. */
enum result db_step(struct store *, enum stmt) MUST_CHECK;
/* Runs a statement without rows to its end and gives it back clean. */
enum result db_run(struct store *, enum stmt) MUST_CHECK;
/* Gives the statement back: no row held, nothing left bound. */
void db_done(struct store *, enum stmt);
/* The same without waiting: RES_BUSY at once when somebody else writes. */
enum result db_run_now(struct store *, enum stmt) MUST_CHECK;
/* The same for one that must change a row: RES_CONFLICT when it did not. */
enum result db_run_for_one(struct store *, enum stmt) MUST_CHECK;
/* A text column into a field; a text too long for it is RES_FAIL. */
enum result db_text(struct store *, enum stmt, int column, char *out,
    size_t size) MUST_CHECK;

#endif
