/* Rows out of SQL text. */
#include "tests/unit/unit.h"

#include "migrate/dump.h"

#define MY "-- MySQL dump\n"
#define PG "-- PostgreSQL database dump\n"
#define PGT PG "CREATE TABLE public.t (\n a character varying(9)" \
	       " DEFAULT ''::character varying NOT NULL,\n b integer,\n" \
	       " CONSTRAINT x CHECK ((b > 0))\n);\n"

static const struct row {
	const char *name, *sql;
	/* "t(a=1,b=-)": a dash is NULL; other statements "?LINE". */
	const char *want;
	unsigned int stops; /* in this line; 0: it is read to its end */
} rows[] = {
	{ "nothing", "", "", 0 },
	{ "comments", "-- a\n# b\n/* c; */ ;", "", 0 },
	{ "columns of the definition",
	    MY "CREATE TABLE `t` (`a` int, `b` varchar(9) DEFAULT 'x,)',"
	       " PRIMARY KEY (`a`), KEY `k` (`b`)) ENGINE=x COMMENT='y;';"
	       "INSERT INTO `t` VALUES (1,'x'),(2,NULL);",
	    "t(a=1,b=x)t(a=2,b=-)", 0 },
	{ "columns of its own", MY "INSERT INTO t (b, `a`) VALUES (1,2);",
	    "t(b=1,a=2)", 0 },
	{ "IF NOT EXISTS, a column called key in quotes",
	    MY "CREATE TABLE IF NOT EXISTS t (`key` int, b int);"
	       "INSERT IGNORE INTO t VALUES (1,2);",
	    "t(key=1,b=2)", 0 },
	{ "escapes of MySQL",
	    MY "INSERT INTO t (a) VALUES ('a\\'b''c\\\\d\\ne\\%f\\0g');",
	    "t(a=a'b'c\\d\ne%f~g)", 0 },
	{ "none in PostgreSQL",
	    PG "INSERT INTO t (a) VALUES ('a\\'), (E'b\\'c'), ('d''e');",
	    "t(a=a\\)t(a=b'c)t(a=d'e)", 0 },
	{ "a charset, a number, a word",
	    MY "INSERT INTO t (a,b,c) VALUES (_binary 'x',-1.5e+3,true);",
	    "t(a=x,b=-1.5e+3,c=true)", 0 },
	{ "bytes in hex of MySQL",
	    MY "INSERT INTO t (a,b) VALUES (0x6140782E78,0x00),"
	       "(_binary 0x61,0x6),(0x,0xfg);",
	    "t(a=a@x.x,b=~)t(a=a,b=0x6)t(a=0x,b=0xfg)", 0 },
	{ "none of PostgreSQL", PG "INSERT INTO t (a) VALUES (0x61);",
	    "t(a=0x61)", 0 },
	{ "what to do where it is there",
	    MY "INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE a = 2;"
	       "INSERT INTO t (a) OVERRIDING SYSTEM VALUE VALUES (3) ON"
	       " CONFLICT DO NOTHING;",
	    "t(a=1)t(a=3)", 0 },
	{ "the same table again", MY "CREATE TABLE t (a int);\n"
	    "CREATE TABLE t (b int);", "", 3 },
	{ "COPY as CSV", PG "COPY t (a) FROM stdin WITH CSV;\n1\n\\.\n",
	    "", 2 },
	{ "a cast", PG "INSERT INTO t (a) VALUES ('x'::public.text);",
	    "t(a=x)", 0 },
	{ "a schema, quotes",
	    PG "INSERT INTO public.\"t\" (\"a\"\"b\") VALUES (1);",
	    "t(a\"b=1)", 0 },
	{ "COPY", PG "COPY public.t (a, b) FROM stdin;\nx\\ty\t\\N\n\\\\\t\n"
		     "\\.\nSELECT 1;",
	    "t(a=x\ty,b=-)t(a=\\,b=)", 0 },
	{ "COPY without columns", PGT "COPY t FROM stdin;\n1\t2\n\\.\n",
	    "t(a=1,b=2)", 0 },
	{ "COPY, fewer and more cells",
	    PGT "COPY t FROM stdin;\n1\n1\t2\t3\n\\.\n", "t(a=1)t(a=1,b=2)",
	    0 },
	{ "a function, what psql reads",
	    PG "\\connect x\nCREATE FUNCTION f() AS $a$ ' ; $$ $a$ ;"
	       "INSERT INTO t (a) VALUES (1);",
	    "t(a=1)", 0 },
	{ "sqlite3",
	    "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE t"
	    " (a, b);\nINSERT INTO t VALUES('\\',2);\nCOMMIT;\n",
	    "t(a=\\,b=2)", 0 },
	{ "other statements are told", MY "SET x = 1;\nUPDATE t SET a = ';';"
					  "\n\nDELETE FROM t;",
	    "?3?5", 0 },
	{ "versioned comments", MY "/*!40101 SET NAMES x */;\n"
				   "/*!40000 ALTER TABLE t */;",
	    "", 0 },
	{ "more values than columns", MY "INSERT INTO t (a) VALUES (1,2);",
	    "t(a=1)", 0 },
	{ "a table that nobody defined", MY "INSERT INTO t VALUES (1);",
	    "t()", 0 },
	{ "a string without end", MY "INSERT INTO t (a) VALUES ('x);", "",
	    2 },
	{ "no values", MY "\nINSERT INTO t (a) VALUES ;", "", 3 },
	{ "no end", MY "INSERT INTO t (a) VALUES (1)", "t(a=1)", 2 },
	{ "a SELECT for values", MY "INSERT INTO t SELECT 1;", "", 2 },
	{ "COPY without end", PG "COPY t (a) FROM stdin;\n1\n", "t(a=1)",
	    2 },
	{ "a comment without end", MY "SET x;\n/* a", "", 2 },
	{ "no SQL", "hello", "?1", 1 },
};

struct got {
	char text[1024];
	size_t n, calls;
};

static void
put(struct got *g, const char *text, size_t n)
{
	for (size_t i = 0; i < n && g->n + 1 < sizeof(g->text); i++)
		g->text[g->n++] = text[i] != '\0' ? text[i] : '~';
	g->text[g->n] = '\0';
}

static bool
take_row(void *arg, const char *table, size_t n, const char *const *names,
    const struct foreign_cell *cells)
{
	struct got *g = arg;

	put(g, table, strlen(table));
	put(g, "(", 1);
	for (size_t i = 0; i < n; i++) {
		put(g, ",", i > 0);
		put(g, names[i], strlen(names[i]));
		put(g, "=", 1);
		if (cells[i].text == NULL)
			put(g, "-", 1);
		else
			put(g, cells[i].text, cells[i].n);
	}
	put(g, ")", 1);
	return ++g->calls < 50;
}

static void
take_other(void *arg, unsigned int line)
{
	char text[16];

	snprintf(text, sizeof(text), "?%u", line);
	put(arg, text, strlen(text));
}

static void
dumps(void **state)
{
	const struct row *r = *state;
	struct got g = { .text = "" };
	const struct dump_reader to = { take_row, take_other, &g };
	struct pool *p = pool_new();
	unsigned int line;
	bool ok = dump_read(p, r->sql, strlen(r->sql), &to, &line);

	assert_string_equal(g.text, r->want);
	assert_int_equal(ok, r->stops == 0);
	if (!ok)
		assert_int_equal(line, r->stops);
	pool_free(&p);
}

/* More columns and tables than there may be are none that are written to. */
static void
bounds(void **state)
{
	static char sql[65536];
	struct got g = { .text = "" };
	const struct dump_reader to = { take_row, take_other, &g };
	struct pool *p = pool_new();
	unsigned int line;
	size_t n = 0;

	(void)state;
	for (int i = 0; i < DUMP_TABLES + 10; i++)
		n += (size_t)snprintf(
		    sql + n, sizeof(sql) - n, "CREATE TABLE t%d (a int);", i);
	n += (size_t)snprintf(sql + n, sizeof(sql) - n, "CREATE TABLE w (");
	for (int i = 0; i < 2 * DUMP_COLUMNS; i++)
		n += (size_t)snprintf(sql + n, sizeof(sql) - n, "c%d int, ", i);
	n += (size_t)snprintf(
	    sql + n, sizeof(sql) - n, "z int); INSERT INTO t1 VALUES (1");
	for (int i = 0; i < 2 * DUMP_COLUMNS; i++)
		n += (size_t)snprintf(sql + n, sizeof(sql) - n, ", %d", i);
	n += (size_t)snprintf(sql + n, sizeof(sql) - n, ");");
	assert_true(dump_read(p, sql, n, &to, &line));
	assert_string_equal(g.text, "t1(a=1)");
	pool_free(&p);
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, rows, dumps, NULL, NULL);
	suite_add(&s, "bounds", bounds, NULL, NULL, NULL);
	return suite_run(&s, "dump");
}
