#include <stdlib.h>
#include <string.h>

#include "store/db.h"
#include "store/foreign.h"

/* A hundred thousand accounts take some ten million steps. */
#define STEPS_EACH 100000
#define STEPS_MAX 20000
#define CELL_MAX (1024 * 1024)
#define COLUMNS_MAX 100
#define BUSY_MS 2000

struct foreign {
	sqlite3 *db;
	unsigned int steps;
};

static int
worked(void *arg)
{
	struct foreign *f = arg;

	return ++f->steps > STEPS_MAX;
}

/* Only reading of tables; `inner` is the view that a read comes from. */
static int
authorize(void *arg, int action, const char *a, const char *b, const char *c,
    const char *inner)
{
	(void)arg;
	(void)a;
	(void)b;
	(void)c;
	return (action == SQLITE_SELECT || action == SQLITE_READ ||
		   action == SQLITE_TRANSACTION) &&
		inner == NULL ?
	    SQLITE_OK :
	    SQLITE_DENY;
}

static enum result
why(const struct foreign *f)
{
	switch (sqlite3_errcode(f->db) & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return RES_BUSY;
	default:
		return RES_INVALID;
	}
}

static void
harden(sqlite3 *db)
{
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_limit(db, SQLITE_LIMIT_LENGTH, CELL_MAX);
	sqlite3_limit(db, SQLITE_LIMIT_COLUMN, COLUMNS_MAX);
}

enum result
foreign_open(const char *path, struct foreign **f_r)
{
	struct foreign *f;

	if ((*f_r = calloc(1, sizeof(*f))) == NULL)
		return RES_FAIL;
	f = *f_r;
	if (sqlite3_open_v2(path, &f->db,
		SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		return why(f);
	sqlite3_busy_timeout(f->db, BUSY_MS);
	harden(f->db);
	/* A damaged page is found before it is believed. */
	if (sqlite3_exec(f->db, "PRAGMA cell_size_check = ON", NULL, NULL,
		NULL) != SQLITE_OK)
		return why(f);
	sqlite3_set_authorizer(f->db, authorize, f);
	sqlite3_progress_handler(f->db, STEPS_EACH, worked, f);
	/* One moment of it, for all that follows. */
	if (sqlite3_exec(f->db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
		return why(f);
	return RES_OK;
}

const char *
foreign_why(const struct foreign *f)
{
	return sqlite3_errmsg(f->db);
}

enum result
foreign_tables(struct foreign *f, bool (*each)(void *arg, const char *name),
    void *arg)
{
	sqlite3_stmt *q;
	int code;

	if (sqlite3_prepare_v2(f->db, foreign_tables_sql, -1, &q, NULL) !=
	    SQLITE_OK)
		return why(f);
	while ((code = sqlite3_step(q)) == SQLITE_ROW)
		if (!each(arg, (const char *)sqlite3_column_text(q, 0)))
			break;
	sqlite3_finalize(q);
	return code == SQLITE_DONE || code == SQLITE_ROW ? RES_OK : why(f);
}

static bool
give_row(sqlite3_stmt *q, foreign_row each, void *arg)
{
	const char *names[COLUMNS_MAX];
	struct foreign_cell cells[COLUMNS_MAX];
	const int all = sqlite3_column_count(q);
	const int n = all < COLUMNS_MAX ? all : COLUMNS_MAX;

	for (int i = 0; i < n; i++) {
		names[i] = sqlite3_column_name(q, i);
		/* In this order: the text is made before it is measured. */
		cells[i].text = (const char *)sqlite3_column_text(q, i);
		cells[i].n = (size_t)sqlite3_column_bytes(q, i);
	}
	return each(arg, (size_t)n, names, cells);
}

enum result
foreign_rows(
    struct foreign *f, const char *table, foreign_row each, void *arg)
{
	const char *sql = NULL;
	sqlite3_stmt *q;
	int code;

	for (size_t i = 0; i < foreign_count; i++)
		if (strcmp(foreign_stmts[i].table, table) == 0)
			sql = foreign_stmts[i].sql;
	if (sql == NULL)
		return RES_NOTFOUND;
	f->steps = 0;
	if (sqlite3_prepare_v2(f->db, sql, -1, &q, NULL) != SQLITE_OK)
		return why(f);
	while ((code = sqlite3_step(q)) == SQLITE_ROW)
		if (!give_row(q, each, arg))
			break;
	sqlite3_finalize(q);
	return code == SQLITE_DONE || code == SQLITE_ROW ? RES_OK : why(f);
}

void
foreign_close(struct foreign **f)
{
	if (*f != NULL)
		sqlite3_close((*f)->db);
	free(*f);
	*f = NULL;
}
