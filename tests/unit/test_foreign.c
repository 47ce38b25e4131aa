/* SQLite files of others. */
#include "tests/unit/unit.h"

#include <sqlite3.h>

#include "store/foreign.h"

static char path[96];

static int
fresh(void **state)
{
	static char dir[64];

	(void)state;
	snprintf(dir, sizeof(dir), "%s/foreign.XXXXXX", unit_tmp());
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/db", dir);
	return 0;
}

static int
tidy(void **state)
{
	(void)state;
	unlink(path);
	*strrchr(path, '/') = '\0';
	return rmdir(path);
}

static sqlite3 *
make(const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	return db;
}

struct got {
	char text[256];
	size_t rows;
};

static bool
take(void *arg, size_t n, const char *const *names,
    const struct foreign_cell *cells)
{
	struct got *g = arg;

	for (size_t i = 0; i < n; i++)
		snprintf(g->text + strlen(g->text),
		    sizeof(g->text) - strlen(g->text), "%s=%s/%zu ", names[i],
		    cells[i].text != NULL ? cells[i].text : "-", cells[i].n);
	return ++g->rows < 100;
}

static bool
take_name(void *arg, const char *name)
{
	struct got *g = arg;

	snprintf(g->text + strlen(g->text),
	    sizeof(g->text) - strlen(g->text), "%s ", name);
	return true;
}

static const struct row {
	const char *name, *sql;
	enum result result; /* of the rows of `domain` */
	const char *want;
} rows[] = {
	{ "values", "CREATE TABLE domain (a, b); INSERT INTO domain VALUES"
		    " ('x', 1), (NULL, X'0041')",
	    RES_OK, "a=x/1 b=1/1 a=-/0 b=/2 " },
	{ "none", "CREATE TABLE domain (a)", RES_OK, "" },
	{ "no such table", "CREATE TABLE x (a)", RES_INVALID, "" },
	{ "a view", "CREATE TABLE x (a); CREATE VIEW domain AS SELECT * FROM x",
	    RES_INVALID, "" },
	{ "a view without end",
	    "CREATE VIEW domain AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL"
	    " SELECT i + 1 FROM n) SELECT i FROM n",
	    RES_INVALID, "" },
	{ "a text of two megabytes",
	    "CREATE TABLE domain (a); INSERT INTO domain VALUES"
	    " (hex(zeroblob(1100000)))",
	    RES_INVALID, "" },
};

static void
domains(void **state)
{
	const struct row *r = *state;
	struct got g = { .text = "" };
	struct foreign *f;

	sqlite3_close(make(r->sql));
	assert_int_equal(foreign_open(path, &f), RES_OK);
	assert_int_equal(
	    foreign_rows(f, "domain", take, &g), r->result);
	assert_string_equal(g.text, r->want);
	if (r->result != RES_OK)
		assert_true(strlen(foreign_why(f)) > 3);
	/* A table that stmt.c does not name is not asked for. */
	assert_int_equal(foreign_rows(f, "x", take, &g), RES_NOTFOUND);
	foreign_close(&f);
	assert_null(f);
}

static void
tables(void **state)
{
	struct got g = { .text = "" };
	struct foreign *f;

	(void)state;
	sqlite3_close(make("CREATE TABLE b (a); CREATE TABLE a (a);"
			   "CREATE VIEW v AS SELECT 1"));
	assert_int_equal(foreign_open(path, &f), RES_OK);
	assert_int_equal(foreign_tables(f, take_name, &g), RES_OK);
	assert_string_equal(g.text, "a b ");
	foreign_close(&f);
}

static void
locked(void **state)
{
	struct got g = { .text = "" };
	struct foreign *f;
	sqlite3 *db = make("CREATE TABLE domain (a); BEGIN EXCLUSIVE");

	(void)state;
	assert_int_equal(foreign_open(path, &f), RES_OK);
	assert_int_equal(foreign_tables(f, take_name, &g), RES_BUSY);
	foreign_close(&f);
	sqlite3_close(db);
}

static void
garbage(void **state)
{
	struct got g = { .text = "" };
	struct foreign *f;
	FILE *file = fopen(path, "w");

	(void)state;
	assert_non_null(file);
	fputs("SQLite format 3", file);
	fputc('\0', file);
	for (int i = 0; i < 5000; i++)
		fputc(i % 251, file);
	fclose(file);
	if (foreign_open(path, &f) == RES_OK)
		assert_int_equal(
		    foreign_tables(f, take_name, &g), RES_INVALID);
	foreign_close(&f);
	foreign_close(&f);
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, rows, domains, fresh, tidy);
	suite_add(&s, "tables", tables, fresh, tidy, NULL);
	suite_add(&s, "locked", locked, fresh, tidy, NULL);
	suite_add(&s, "garbage", garbage, fresh, tidy, NULL);
	return suite_run(&s, "foreign");
}
