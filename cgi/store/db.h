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
	int64_t waiting_since; /* clock_us; 0: nobody is in the way */
};

/* A busy handler (sqlite3_busy_handler): waits a moment for another writer,
 * until a person has waited long enough; `arg` is the store. */
int db_wait(void *arg, int tries);
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
/* A local part in `column` and a domain in the next one, as an address. */
enum result db_address(struct store *, enum stmt, int column,
    char out[ADDRESS_SIZE]) MUST_CHECK;
/* A new row of the name space; import_id 0: to be seen at once. */
enum result db_address_add(struct store *, int64_t domain_id,
    const char *local_part, enum kind, int64_t import_id,
    int64_t *id_r) MUST_CHECK;

#endif
