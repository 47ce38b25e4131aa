/* The accounts of a domain as CSV: exact, harmless, read back as they are. */
#include "tests/unit/unit.h"

#include "core/domain.h"
#include "core/import.h"
#include "tests/unit/tempdb.h"

#define ALPHA "alpha.example"
#define HEAD "account,real_name,quota_mb,routing,forward_to,keep_copy\n"

static const struct actor shell = SHELL;

struct text {
	size_t n, pieces, longest, stop_after;
	char *s;
};

static bool
put(void *arg, const char *piece, size_t n)
{
	struct text *t = arg;

	assert_true(n > 0);
	/* Who is gone is not called again. */
	assert_true(t->stop_after == 0 || t->pieces < t->stop_after);
	t->s = realloc(t->s, t->n + n + 1);
	assert_non_null(t->s);
	memcpy(t->s + t->n, piece, n);
	t->n += n;
	t->s[t->n] = '\0';
	t->longest = n > t->longest ? n : t->longest;
	return ++t->pieces != t->stop_after;
}

/* To be freed. */
static char *
export(struct tempdb *t)
{
	const struct domain d = tempdb_get_domain(t, ALPHA);
	struct text out = { .n = 0 };

	assert_int_equal(
	    export_domain(t->web_store, &d, put, &out), RES_OK);
	assert_true(store_is_idle(t->web_store));
	return out.s;
}

/* clang-format off */
static const struct row {
	const char *name, *before, *want;
} rows[] = {
	{ "plain", "", HEAD "postmaster,,1024,mailbox,,\n"
	    "u1,Hanako Yamada,1024,mailbox,,\n"
	    "u2,Hanako Yamada,1024,mailbox,,\n"
	    "u3,Hanako Yamada,1024,mailbox,,\n" },
#define ONE "DELETE FROM address WHERE domain_id = 1 AND id <> 1;" \
	"UPDATE account SET real_name = '' WHERE id = 1;"
	{ "no account at all", "DELETE FROM address WHERE domain_id = 1",
	    HEAD },
	{ "discard", ONE "UPDATE account SET routing = 'discard'",
	    HEAD "u1,,1024,discard,,\n" },
	{ "targets, and a copy", ONE "INSERT INTO target VALUES"
	    " (1, 1, 'b', 'x.example'), (1, 2, 'A', 'y.example');"
	    "UPDATE account SET routing = 'forward', keep_copy = 1",
	    HEAD "u1,,1024,forward,b@x.example A@y.example,on\n" },
	{ "targets that are switched off", ONE "INSERT INTO target VALUES"
	    " (1, 1, 'b', 'x.example')", HEAD "u1,,1024,mailbox,,\n" },
	{ "a comma in a name", ONE "UPDATE account SET real_name ="
	    " 'Smith, J.'", HEAD "u1,\"Smith, J.\",1024,mailbox,,\n" },
	{ "C93 a dash in front of a name", ONE "UPDATE account SET real_name"
	    " = '-1-1'", HEAD "u1,'-1-1,1024,mailbox,,\n" },
	{ "a quote in front of a name", ONE "UPDATE account SET real_name ="
	    " '''t Hooft'", HEAD "u1,''t Hooft,1024,mailbox,,\n" },
	{ "a quote and a dash", ONE "UPDATE account SET real_name ="
	    " '''-1'", HEAD "u1,''-1,1024,mailbox,,\n" },
	{ "C93 a formula as a target", ONE "INSERT INTO target VALUES"
	    " (1, 1, '=cmd''|A1''', 'x.example')", NULL },
	{ "C93 an equals sign in front of a target", ONE "INSERT INTO target"
	    " VALUES (1, 1, '=1+2', 'x.example'), (1, 2, '+3', 'x.example');"
	    "UPDATE account SET routing = 'forward'",
	    HEAD "u1,,1024,forward,'=1+2@x.example +3@x.example,off\n" },
	{ "a quota of one byte", ONE "UPDATE account SET quota_bytes = 1",
	    HEAD "u1,,,mailbox,,\n" },
	{ "a quota of a TiB", ONE "UPDATE account SET quota_bytes ="
	    " 1099511627776", HEAD "u1,,1048576,mailbox,,\n" },
	{ "one of an import that is not done", ONE "INSERT INTO import (id,"
	    " domain_id, at, owner) VALUES (1, 1, 1, '1 1');"
	    "INSERT INTO address (id, domain_id, local_part, kind,"
	    " import_id) VALUES (50, 1, 'im', 'account', 1);"
	    "INSERT INTO account (id, domain_id, local_part, password_hash,"
	    " quota_bytes, created_at, password_at) VALUES (50, 1, 'im',"
	    " '$y$j9T$saltsalt$hash', 1, 1, 1)",
	    HEAD "u1,,1024,mailbox,,\n" },
};
/* clang-format on */

static void
exact(void **state)
{
	struct tempdb *t = *state;
	const struct row *r = t->row;
	char *text;

	/* What the schema refuses needs no export. */
	if (r->want == NULL) {
		assert_int_not_equal(tempdb_exec(t->users, r->before), 0);
		return;
	}
	if (r->before[0] != '\0')
		assert_int_equal(tempdb_exec(t->users, r->before), 0);
	text = export(t);
	assert_string_equal(text, r->want);
	free(text);
}

/* All that can be stored, in one domain. */
#define ODD \
	"WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n" \
	" WHERE i < 399) INSERT INTO address (id, domain_id, local_part," \
	" kind) SELECT 1000 + i, 1, CASE i % 4 WHEN 0 THEN i WHEN 1 THEN" \
	" '00' || i WHEN 2 THEN i || 'e5' ELSE '_' || i || '-x.y' END," \
	" 'account' FROM n;" \
	"INSERT INTO account (id, domain_id, local_part, real_name," \
	" password_hash, routing, keep_copy, quota_bytes, created_at," \
	" password_at) SELECT id, 1, local_part, CASE id % 7 WHEN 0 THEN ''" \
	" WHEN 1 THEN '-' WHEN 2 THEN '''' WHEN 3 THEN '''''-, .' WHEN 4" \
	" THEN ',' WHEN 5 THEN '0' || id ELSE 'O''Neil-Smith, J. 3' END," \
	" '$y$j9T$saltsalt$hash', CASE id % 3 WHEN 0 THEN 'mailbox' WHEN 1" \
	" THEN 'discard' ELSE 'forward' END, id % 6 = 5, 1048576 * (1 +" \
	" id % 5), 1, 1 FROM address WHERE id >= 1000;" \
	"INSERT INTO target SELECT id, 1, CASE id % 5 WHEN 0 THEN '=1+1'" \
	" WHEN 1 THEN '+cmd' WHEN 2 THEN '_x''y' WHEN 3 THEN '''q' ELSE" \
	" 'Plain' END, 'x.example' FROM account WHERE id >= 1000 AND" \
	" routing = 'forward';" \
	"INSERT INTO target SELECT id, 2, 'u' || (1 + id % 3)," \
	" 'alpha.example' FROM account WHERE id >= 1000 AND routing =" \
	" 'forward' AND id % 2 = 0;" \
	"INSERT INTO account_search (account_search) VALUES ('rebuild');"

/* A plan that refuses something says what. */
static void
assert_plan(struct tempdb *t, struct pool *pool, const char *csv,
    const struct import_options *o, struct import_plan *plan)
{
	const enum result r = import_plan(t->web_store, &t->rules, pool, csv,
	    strlen(csv), o, plan);

	for (size_t i = 0; i < plan->n; i++)
		if (plan->rows[i].verdict == IMPORT_REFUSED)
			fail_msg("line %u: %s", plan->rows[i].line,
			    told(plan->rows[i].why));
	assert_int_equal(r, RES_OK);
}

/* The plan that the export of the domain makes of itself. */
static void
assert_nothing_new(struct tempdb *t, const char *csv)
{
	const struct domain d = tempdb_get_domain(t, ALPHA);
	const struct import_options o = { .domain = &d };
	struct pool *pool = pool_new();
	struct import_plan plan;
	char *before = tempdb_dump(t->users);

	assert_plan(t, pool, csv, &o, &plan);
	assert_int_equal(plan.n, (size_t)d.accounts);
	assert_int_equal(plan.same, plan.n);
	assert_int_equal(import_apply(t->web_store, &t->rules, pool, &plan,
			     &o, &t->who),
	    RES_OK);
	pool_free(&pool);
	tempdb_assert_same(&before, t->users);
}

/* C93: no cell begins with what a spreadsheet would run. */
static void
assert_harmless(const char *csv)
{
	bool first = true, quoted = false;

	for (const char *c = csv; *c != '\0'; c++) {
		const char *cell = *c == '"' ? c + 1 : c;

		if (first && strchr("=+-@\t\r", *cell) != NULL)
			fail_msg("a formula: %.40s", c);
		if (*c == '"')
			quoted = !quoted;
		first = !quoted && (*c == ',' || *c == '\n');
	}
}

static void
round_trip(void **state)
{
	const struct domain_form form = { .pop_host = "" };
	struct tempdb *t = *state;
	struct findings f = { .n = 0 };
	struct import_plan plan;
	struct pool *pool = pool_new();
	char *csv, *again;

	assert_int_equal(tempdb_exec(t->users, ODD), 0);
	csv = export(t);
	assert_harmless(csv);
	assert_nothing_new(t, csv);
	/* Into a domain that was lost, from that file alone. */
	assert_int_equal(
	    domain_delete(t->tool_store, ALPHA, true, &shell, &f), RES_OK);
	assert_int_equal(
	    domain_add(t->tool_store, ALPHA, &form, &shell, &f), RES_OK);
	const struct domain d = tempdb_get_domain(t, ALPHA);
	const struct import_options o = { .domain = &d };

	assert_plan(t, pool, csv, &o, &plan);
	assert_int_equal(plan.new, 403);
	assert_int_equal(import_apply(t->web_store, &t->rules, pool, &plan,
			     &o, &t->who),
	    RES_OK);
	pool_free(&pool);
	again = export(t);
	assert_string_equal(csv, again);
	assert_nothing_new(t, again);
	free(csv);
	free(again);
}

/* A quota that is no whole number of MB stays as it is. */
static void
odd_quota(void **state)
{
	struct tempdb *t = *state;
	char *csv;

	assert_int_equal(
	    tempdb_exec(t->users, "UPDATE account SET quota_bytes = 1048577"
				  " WHERE id = 1"),
	    0);
	csv = export(t);
	assert_nothing_new(t, csv);
	free(csv);
}

static void
no_secrets(void **state)
{
	struct tempdb *t = *state;
	char *csv = export(t);

	assert_null(strstr(csv, "$"));
	assert_null(strstr(csv, "password"));
	assert_null(strstr(csv, "v1"));
	free(csv);
}

/* Piece by piece: no more than one piece is in memory. */
static void
pieces(void **state)
{
	struct tempdb *t = *state;
	struct text all = { .n = 0 }, cut = { .stop_after = 1 };
	struct domain d;

	assert_int_equal(
	    tempdb_exec(t->users,
		"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1"
		" FROM n WHERE i < 3000) INSERT INTO address (id, domain_id,"
		" local_part, kind) SELECT 1000 + i, 1, 'a' || i, 'account'"
		" FROM n;"
		"INSERT INTO account (id, domain_id, local_part, real_name,"
		" password_hash, quota_bytes, created_at, password_at)"
		" SELECT id, 1, local_part, printf('%064d', id),"
		" '$y$j9T$saltsalt$hash', 1048576, 1, 1 FROM address"
		" WHERE id > 1000"),
	    0);
	d = tempdb_get_domain(t, ALPHA);
	assert_int_equal(
	    export_domain(t->web_store, &d, put, &all), RES_OK);
	assert_true(all.n > 200000);
	assert_true(all.longest <= 16384);
	/* The reader is gone: no error, and no work for nobody. */
	assert_int_equal(
	    export_domain(t->web_store, &d, put, &cut), RES_OK);
	assert_int_equal(cut.pieces, 1);
	assert_true(store_is_idle(t->web_store));
	free(all.s);
	free(cut.s);
}

/* The longest line that there can be. */
static void
longest_line(void **state)
{
	struct tempdb *t = *state;
	char *csv;

	assert_int_equal(
	    tempdb_exec(t->users,
		"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1"
		" FROM n WHERE i < 60) INSERT INTO address (id, domain_id,"
		" local_part, kind) SELECT 1000 + i, 1, printf('%064d', i),"
		" 'account' FROM n;"
		"INSERT INTO account (id, domain_id, local_part, real_name,"
		" password_hash, routing, keep_copy, quota_bytes, created_at,"
		" password_at) SELECT id, 1, local_part, replace(printf("
		"'%64s', ''), ' ', ''''), '$y$j9T$saltsalt$hash', 'forward',"
		" 1, 1099511627776, 1, 1 FROM address WHERE id > 1000;"
		"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1"
		" FROM n WHERE i < 5) INSERT INTO target SELECT a.id, i,"
		" '=' || printf('%061d', i), replace(printf('%.25c', 'd'),"
		" 'd', 'dddddd.') || 'example' FROM account a, n"
		" WHERE a.id > 1000;"
		"INSERT INTO account_search (account_search)"
		" VALUES ('rebuild')"),
	    0);
	csv = export(t);
	assert_nothing_new(t, csv);
	free(csv);
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, rows, exact, tempdb_open, tempdb_drop);
#define T(name, f) suite_add(&s, name, f, tempdb_open, tempdb_drop, NULL)
	T("C93 round trip", round_trip);
	T("a quota that is no whole number of MB", odd_quota);
	T("no password, nobody else", no_secrets);
	T("piece by piece", pieces);
	T("the longest line", longest_line);
	return suite_run(&s, "export");
}
