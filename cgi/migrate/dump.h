#ifndef MIGRATE_DUMP_H
#define MIGRATE_DUMP_H

#include "base/pool.h"
#include "store/foreign.h"

/*
 * The rows of a database written out as SQL: by mysqldump or MariaDB (INSERT
 * of many rows; \ escapes), by pg_dump (COPY, or INSERT) or by sqlite3's
 * .dump.  Which of them, the text itself says.  Pure: bytes in, rows out;
 * nothing of it is run.
 */
struct dump_reader {
	/* The last part of a table's name; false: enough. */
	bool (*row)(void *arg, const char *table, size_t n,
	    const char *const *names, const struct foreign_cell *cells);
	/* A statement that is neither rows nor a definition. */
	void (*other)(void *arg, unsigned int line);
	void *arg;
};

#define DUMP_COLUMNS 64
#define DUMP_TABLES 100

/* False: it is no such text, or ends in the middle of a statement, in line
 * *line_r.  Texts are of the pool. */
bool dump_read(struct pool *, const char *bytes, size_t n,
    const struct dump_reader *, unsigned int *line_r);

#endif
