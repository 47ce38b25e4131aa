#ifndef STORE_FOREIGN_H
#define STORE_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/result.h"

/*
 * The SQLite file of another program, which may be damaged or made to do
 * harm: read-only, tables and no views, only harmless functions of its schema,
 * within bounds of size and work.  All that is asked is in stmt.c.
 */

struct foreign;

/* A value as text; NULL: SQL's NULL.  Not to be kept. */
struct foreign_cell {
	const char *text;
	size_t n;
};
/* A row with the names of its columns; false: no more of them. */
typedef bool (*foreign_row)(void *arg, size_t n, const char *const *names,
    const struct foreign_cell *cells);

/* RES_BUSY: somebody has it locked; RES_INVALID: it is no such file, or
 * damaged; why_r says it, and belongs to the file. */
enum result foreign_open(const char *path, struct foreign **) MUST_CHECK;
const char *foreign_why(const struct foreign *);
/* The names of its tables, in order. */
enum result foreign_tables(struct foreign *,
    bool (*each)(void *arg, const char *name), void *arg) MUST_CHECK;
/* The rows of one of the tables that stmt.c names; RES_NOTFOUND: it is none of
 * these, or is not there. */
enum result foreign_rows(struct foreign *, const char *table, foreign_row,
    void *arg) MUST_CHECK;
void foreign_close(struct foreign **);

#endif
