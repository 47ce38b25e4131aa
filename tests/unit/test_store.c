/* The nets below the statement table, locks, and transactions. */
#include "tests/unit/unit.h"

#include "core/usage.h"
#include "store/db.h"
#include "tests/unit/tempdb.h"

/* clang-format off */
static const struct row {
	const char *name, *sql;
	bool web, tool; /* may it be prepared? */
} rows[] = {
	{ "reading", "SELECT * FROM account", true, true },
	{ "a function", "SELECT lower(real_name) FROM account", true, true },
	{ "writing an account", "UPDATE account SET version = 1", true,
	    true },
	{ "adding an address", "INSERT INTO address (domain_id, local_part,"
	    " kind) VALUES (1, 'x', 'account')", true, true },
	{ "adding an account", "INSERT INTO account SELECT * FROM account",
	    true, true },
	{ "deleting an address", "DELETE FROM address WHERE id = 1", true,
	    true },
	{ "writing a domain", "UPDATE domain SET enabled = 1", true, true },
	{ "adding a domain", "INSERT INTO domain (name) VALUES ('x.y')",
	    true, true },
	{ "deleting a domain", "DELETE FROM domain", false, true },
	{ "making an administrator",
	    "INSERT INTO domain_admin VALUES (1, 1)", true, true },
	{ "unmaking one", "DELETE FROM domain_admin", true, true },
	{ "making a site administrator", "INSERT INTO site_admin VALUES (1)",
	    false, true },
	{ "writing a site administrator",
	    "UPDATE site_admin SET account_id = 2", false, true },
	{ "writing them by a CTE", "WITH x AS (SELECT 1) INSERT INTO"
	    " site_admin SELECT * FROM x", false, true },
	{ "writing them by UPSERT", "INSERT INTO site_admin VALUES (1) ON"
	    " CONFLICT DO NOTHING", false, true },
	{ "writing them by REPLACE", "REPLACE INTO site_admin VALUES (1)",
	    false, true },
	{ "adding history", "INSERT INTO history SELECT * FROM history",
	    true, true },
	{ "rewriting history", "UPDATE history SET at = 1", false, false },
	{ "ATTACH", "ATTACH ':memory:' AS x", false, false },
	{ "DETACH", "DETACH x", false, false },
	{ "PRAGMA", "PRAGMA foreign_keys = OFF", false, false },
	{ "PRAGMA that reads", "PRAGMA journal_mode", false, false },
	{ "DROP TABLE", "DROP TABLE history", false, false },
	{ "DROP VIEW", "DROP VIEW mail_account", false, false },
	{ "DROP TRIGGER", "DROP TRIGGER history_is_kept", false, false },
	{ "CREATE TABLE", "CREATE TABLE x (y)", false, false },
	{ "CREATE TEMP TABLE", "CREATE TEMP TABLE x (y)", false, false },
	{ "CREATE TRIGGER", "CREATE TRIGGER x AFTER INSERT ON account BEGIN"
	    " DELETE FROM domain; END", false, false },
	{ "CREATE INDEX", "CREATE INDEX x ON account (version)", false,
	    false },
	{ "ALTER TABLE", "ALTER TABLE account ADD COLUMN x", false, false },
	{ "REINDEX", "REINDEX", false, false },
	{ "ANALYZE", "ANALYZE", false, false },
	{ "the schema table", "DELETE FROM sqlite_schema", false, false },
};
/* clang-format on */

/* clang-format off */
static const struct listed {
	const char *name, *sql;
	bool may;
} listed[] = {
	{ "lists: a list", "SELECT l.owner, n.local_part, d.name FROM"
	    " mailing_list l JOIN address n ON n.id = l.id JOIN domain d ON"
	    " d.id = n.domain_id", true },
	{ "lists: who leaves", "SELECT address FROM list_leaver", true },
	{ "lists: has left", "DELETE FROM list_leaver WHERE address = ?1",
	    true },
	{ "lists: no account", "SELECT id FROM account", false },
	{ "lists: none by a view", "SELECT password_hash FROM mail_account",
	    false },
	{ "lists: no history", "SELECT at FROM history", false },
	{ "lists: no leaver made", "INSERT INTO list_leaver VALUES ('a', 1)",
	    false },
	{ "lists: no list written", "UPDATE mailing_list SET owner = 'a'",
	    false },
	{ "lists: no address deleted", "DELETE FROM address", false },
	{ "lists: no domain added", "INSERT INTO domain (name) VALUES ('x')",
	    false },
	{ "lists: no DROP", "DROP TABLE list_leaver", false },
	{ "lists: no PRAGMA", "PRAGMA data_version", false },
	{ "lists: no ATTACH", "ATTACH ':memory:' AS x", false },
};
/* clang-format on */

static bool
can_prepare(struct store *s, const char *sql)
{
	sqlite3_stmt *st = NULL;
	int code = sqlite3_prepare_v2(s->db[DB_USERS], sql, -1, &st, NULL);

	sqlite3_finalize(st);
	return code == SQLITE_OK;
}

static void
authorizer(void **state)
{
	struct tempdb *t = *state;
	const struct row *r = t->row;

	assert_int_equal(can_prepare(t->web_store, r->sql), r->web);
	assert_int_equal(can_prepare(t->tool_store, r->sql), r->tool);
}

static void
authorizer_of_lists(void **state)
{
	struct tempdb *t = *state;
	const struct store_paths paths = { .users = tempdb_paths(t).users };
	const struct listed *r = t->row;
	struct store *s;

	assert_int_equal(store_open(&paths, BY_LISTS, &s), RES_OK);
	assert_int_equal(can_prepare(s, r->sql), r->may);
	for (size_t i = 0; i < ST__MAX; i++)
		assert_int_equal(
		    s->st[i] != NULL, (stmts[i].by & BY_LISTS) != 0);
	store_close(&s);
}

/* VACUUM asks when it runs. */
static void
vacuum(void **state)
{
	struct tempdb *t = *state;
	char to[128], sql[160];

	snprintf(to, sizeof(to), "%s/copy.db", t->dir);
	snprintf(sql, sizeof(sql), "VACUUM INTO '%s'", to);
	assert_int_not_equal(sqlite3_exec(t->web_store->db[DB_USERS], sql,
				 NULL, NULL, NULL),
	    SQLITE_OK);
	assert_int_not_equal(access(to, F_OK), 0);
}

/* When the schema changes, SQLite prepares anew, and asks again. */
static void
asked_again(void **state)
{
	struct tempdb *t = *state;

	assert_int_equal(
	    tempdb_exec(t->users, "CREATE TABLE extra (x) STRICT"), 1);
	assert_int_equal(
	    tempdb_exec(t->users, "CREATE TABLE extra (x TEXT) STRICT"), 0);
	assert_int_equal(tempdb_get(t, "u1@alpha.example").id, 1);
	assert_false(can_prepare(
	    t->web_store, "INSERT INTO site_admin VALUES (1)"));
}

/* The daemons' numbers are read, and forgotten with their account. */
static void
mailstat_is_not_written(void **state)
{
	static const char *const all[] = {
		"INSERT INTO quota_usage VALUES ('u1', 1, 1)",
		"UPDATE quota_usage SET bytes = 0",
		"REPLACE INTO last_login VALUES ('u1', 1)",
		"UPDATE last_login SET last_login = 0",
	};
	struct tempdb *t = *state;

	for (size_t i = 0; i < NELEM(all); i++) {
		assert_int_not_equal(
		    sqlite3_exec(t->web_store->db[DB_MAILSTAT], all[i], NULL,
			NULL, NULL),
		    SQLITE_OK);
		assert_int_not_equal(
		    sqlite3_exec(t->tool_store->db[DB_MAILSTAT], all[i],
			NULL, NULL, NULL),
		    SQLITE_OK);
	}
	assert_null(t->tool_store->db[DB_WEB]);
}

/* What the import takes away again, nobody else can: the schema says so. */
static void
history_is_not_lost(void **state)
{
	struct tempdb *t = *state;
	char *before = tempdb_dump(t->users);

	assert_int_equal(sqlite3_exec(t->web_store->db[DB_USERS],
			     "DELETE FROM history", NULL, NULL, NULL) &
		0xff,
	    SQLITE_CONSTRAINT);
	assert_int_equal(sqlite3_exec(t->tool_store->db[DB_USERS],
			     "DELETE FROM history", NULL, NULL, NULL) &
		0xff,
	    SQLITE_CONSTRAINT);
	tempdb_assert_same(&before, t->users);
}

/* An account is gone: a later one of its name begins with nothing. */
static void
usage_is_forgotten(void **state)
{
	struct tempdb *t = *state;
	struct domain_usage all;
	struct usage u;

	assert_int_equal(
	    tempdb_exec(t->mailstat,
		"INSERT INTO quota_usage VALUES ('u1@alpha.example', 50, 1),"
		" ('u2@alpha.example', 200000000, 1),"
		" ('v1@beta.example', 7, 1);"
		"INSERT INTO last_login VALUES ('u1@alpha.example', 77),"
		" ('u2@alpha.example', 78)"),
	    0);
	store_usage_forget(t->web_store, "u1@alpha.example");
	store_usage(t->web_store, "u1@alpha.example", &u);
	assert_true(u.known);
	assert_int_equal(u.bytes + u.messages + u.last_login, 0);
	store_usage(t->web_store, "u2@alpha.example", &u);
	assert_int_equal(u.last_login, 78);
	store_domain_usage(t->web_store, "alpha.example", &all);
	assert_true(all.known);
	assert_int_equal(all.bytes, 200000000);
	assert_int_equal(all.mailboxes[0], 0);
	assert_int_equal(all.mailboxes[2], 1);
	store_domain_usage(t->web_store, "gamma.example", &all);
	assert_true(all.known);
	assert_int_equal(all.bytes, 0);
}

static void
only_ones_own_statements(void **state)
{
	struct tempdb *t = *state;

	for (size_t i = 0; i < ST__MAX; i++) {
		assert_int_equal(t->web_store->st[i] != NULL,
		    (stmts[i].by & BY_WEB) != 0);
		assert_int_equal(t->tool_store->st[i] != NULL,
		    (stmts[i].by & BY_TOOL) != 0);
	}
}

static void
busy(void **state)
{
	struct tempdb *t = *state;
	sqlite3 *other = tempdb_lock(t->users);
	struct account a;

	assert_int_equal(store_begin_now(t->web_store), RES_BUSY);
	assert_true(store_is_idle(t->web_store));
	/* C106: reading goes on meanwhile. */
	assert_int_equal(store_account_by_id(t->web_store, 1, &a), RES_OK);
	tempdb_no_wait(t);
	assert_int_equal(store_begin(t->web_store), RES_BUSY);
	assert_int_equal(
	    store_set_allow_nets(t->tool_store, "10.0.0.0/8"), RES_BUSY);
	tempdb_unlock(other);
	assert_int_equal(store_begin_now(t->web_store), RES_OK);
	assert_int_equal(store_end(t->web_store, RES_OK), RES_OK);
}

static void
web_busy(void **state)
{
	struct tempdb *t = *state;
	sqlite3 *other = tempdb_lock(t->web);

	tempdb_no_wait(t);
	assert_int_equal(store_web_begin(t->web_store), RES_BUSY);
	/* The users' data is another file. */
	assert_int_equal(store_begin_now(t->web_store), RES_OK);
	assert_int_equal(store_end(t->web_store, RES_FAIL), RES_FAIL);
	tempdb_unlock(other);
	assert_int_equal(store_web_begin(t->web_store), RES_OK);
	assert_false(store_is_idle(t->web_store));
	assert_int_equal(store_web_end(t->web_store, RES_FAIL), RES_FAIL);
	assert_true(store_is_idle(t->web_store));
}

static void
rollback(void **state)
{
	struct tempdb *t = *state;
	struct account a = tempdb_get(t, "u1@alpha.example");
	const struct targets targets = { .n = 1,
		.list = { { "a", "x.example" } } };
	char *before = tempdb_dump(t->users), *after;

	assert_int_equal(store_begin(t->web_store), RES_OK);
	a.routing = ROUTING_FORWARD;
	assert_int_equal(store_account_save(t->web_store, &a), RES_OK);
	assert_int_equal(
	    store_set_targets(t->web_store, a.id, &targets), RES_OK);
	assert_false(store_is_idle(t->web_store));
	assert_int_equal(store_end(t->web_store, RES_FAIL), RES_FAIL);
	assert_int_equal(store_end(t->web_store, RES_FAIL), RES_FAIL);
	assert_true(store_is_idle(t->web_store));
	after = tempdb_dump(t->users);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

static void
constraint_is_an_answer(void **state)
{
	struct tempdb *t = *state;
	int64_t id;
	const struct domain d = tempdb_get_domain(t, "alpha.example");
	struct account a = tempdb_get(t, "u1@alpha.example"), again = a;
	struct forward fw = { .domain_id = d.id, .local_part = "u1" };

	assert_int_equal(
	    store_domain_add(t->web_store, &d, &id), RES_CONFLICT);
	assert_int_equal(
	    store_account_add(t->web_store, &again, 0), RES_CONFLICT);
	assert_int_equal(
	    store_forward_add(t->web_store, &fw), RES_CONFLICT);
	a.version++;
	assert_int_equal(store_account_save(t->web_store, &a), RES_CONFLICT);
	assert_int_equal(
	    store_account_upgrade_hash(t->web_store, a.id, "old", a.hash),
	    RES_CONFLICT);
	assert_int_equal(store_account_by_id(t->web_store, 99, &a),
	    RES_NOTFOUND);
	assert_int_equal(store_account_by_address(
			     t->web_store, "u1", "gamma.example", &a),
	    RES_NOTFOUND);
}

/* SQL in a value is a value. */
static void
bound_not_pasted(void **state)
{
	static const char *const evil[] = { "' OR 1=1 --", "u1'; DROP TABLE",
		"%", "_1", "u1\" OR \"\"=\"" };
	struct tempdb *t = *state;
	struct account a;

	for (size_t i = 0; i < NELEM(evil); i++)
		assert_int_equal(store_account_by_address(t->web_store,
				     evil[i], "alpha.example", &a),
		    RES_NOTFOUND);
}

static void
targets_limit(void **state)
{
	struct tempdb *t = *state;
	struct targets got;

	assert_int_equal(
	    tempdb_exec(t->users,
		"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1"
		" FROM n WHERE i < 50) INSERT INTO target SELECT 1, i,"
		" 't' || i, 'x.example' FROM n"),
	    0);
	assert_int_equal(store_targets(t->web_store, 1, &got), RES_OK);
	assert_int_equal(got.n, 50);
	assert_string_equal(got.list[0].local_part, "t1");
	assert_string_equal(got.list[49].local_part, "t50");
	/* There can be no more: test_schema.c, "target at position 51". */
}

static void
usage(void **state)
{
	struct tempdb *t = *state;
	struct usage u;
	int64_t oldest;

	store_usage(t->web_store, "u1@alpha.example", &u);
	assert_true(u.known);
	assert_int_equal(u.bytes, 0);
	assert_int_equal(u.last_login, 0);
	assert_int_equal(
	    tempdb_exec(t->mailstat,
		"INSERT INTO quota_usage VALUES"
		" ('u1@alpha.example', 1000, 3);"
		"INSERT INTO last_login VALUES ('u1@alpha.example', 77)"),
	    0);
	store_usage(t->web_store, "u1@alpha.example", &u);
	assert_int_equal(u.bytes, 1000);
	assert_int_equal(u.messages, 3);
	assert_int_equal(u.last_login, 77);
	assert_int_equal(store_oldest_get(t->web_store, 1, &u, NOW, &oldest),
	    RES_NOTFOUND);
	assert_int_equal(
	    store_oldest_put(t->web_store, 1, &u, 55, NOW), RES_OK);
	assert_int_equal(
	    store_oldest_get(t->web_store, 1, &u, NOW - 1, &oldest), RES_OK);
	assert_int_equal(oldest, 55);
	/* Too old, or of a mailbox of another size. */
	assert_int_equal(store_oldest_get(t->web_store, 1, &u, NOW, &oldest),
	    RES_NOTFOUND);
	u.bytes++;
	assert_int_equal(
	    store_oldest_get(t->web_store, 1, &u, NOW - 1, &oldest),
	    RES_NOTFOUND);
}

/* How full it is; and no answer about the oldest is "not known". */
static void
how_full(void **state)
{
	static const struct {
		int64_t bytes;
		int percent;
	} all[] = { { 0, 0 }, { 999, 9 }, { 9999, 99 }, { 10000, 100 },
		{ 20000, 100 }, { -5, 0 } };
	struct tempdb *t = *state;
	struct account a = tempdb_get(t, "u1@alpha.example");
	struct mailbox_usage m;
	char sql[200];

	a.quota_bytes = 10000;
	for (size_t i = 0; i < NELEM(all); i++) {
		snprintf(sql, sizeof(sql),
		    "REPLACE INTO quota_usage VALUES"
		    " ('u1@alpha.example', %lld, 3)",
		    (long long)all[i].bytes);
		assert_int_equal(tempdb_exec(t->mailstat, sql), 0);
		usage_of(t->web_store, &a, "/nonexistent/oldest", NOW, &m);
		assert_true(m.known);
		assert_int_equal(m.percent, all[i].percent);
		assert_int_equal(m.oldest, -1);
	}
	assert_int_equal(tempdb_exec(t->mailstat, "DELETE FROM quota_usage"),
	    0);
	usage_of(t->web_store, &a, "/nonexistent/oldest", NOW, &m);
	assert_true(m.known);
	assert_int_equal(m.oldest, 0);
}

static void
delivery(void **state)
{
	struct tempdb *t = *state;
	struct account a;
	struct delivery d;

	assert_int_equal(store_account_by_address(t->web_store, "u1",
			     "alpha.example", &a),
	    RES_OK);
	assert_int_equal(store_delivery(t->web_store, a.id, &d), RES_OK);
	assert_true(d.exists && d.mailbox_open && !d.discards);
	assert_int_equal(d.n, 0);
	assert_int_equal(
	    tempdb_exec(t->users, "UPDATE account SET routing = 'discard'"),
	    0);
	assert_int_equal(store_delivery(t->web_store, a.id, &d), RES_OK);
	assert_true(d.exists && !d.mailbox_open && d.discards);
	assert_int_equal(store_delivery(t->web_store, 999999, &d), RES_OK);
	assert_false(d.exists);
}

/* What has as many rows as there are accounts is never passed row by row, nor
 * sorted: a list is as quick at a million rows as at ten. */
static void
by_index(void **state)
{
	/* Few rows, or all of what is asked for. */
	/* clang-format off */
	static const enum stmt others[] = {
		ST_ALIVE, ST_SITE_NETS, ST_SITE_SET_NETS, ST_DOMAINS,
		ST_DOMAINS_OF_ADMIN, ST_ADMINS, ST_SOLE_ADMIN, ST_POINTING_AT,
		ST_SEARCH, ST_SEARCH_ADD, ST_IMPORT_OPEN, ST_ACCOUNT_ADD,
		ST_DELIVERY, ST_OUTRANKS, ST_DOMAIN_CLEAR_IMPORTS,
		ST_MLISTS_ALL, ST_MLIST_ANY, ST_LEAVERS, ST_VIEW_TRANSPORT,
	};
	/* clang-format on */
	struct tempdb *t = *state;
	char sql[2000];
	sqlite3_stmt *st;
	sqlite3 *db;

	assert_int_equal(sqlite3_open(t->users, &db), SQLITE_OK);
	for (size_t i = 0; i < ST__MAX; i++) {
		bool other = stmts[i].db != DB_USERS;

		for (size_t k = 0; k < NELEM(others); k++)
			other |= others[k] == (enum stmt)i;
		if (other)
			continue;
		snprintf(sql, sizeof(sql), "EXPLAIN QUERY PLAN %s",
		    stmts[i].sql);
		assert_int_equal(
		    sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
		while (sqlite3_step(st) == SQLITE_ROW) {
			const char *step =
			    (const char *)sqlite3_column_text(st, 3);

			/* d is `domain` everywhere: there are few. */
			if ((strncmp(step, "SCAN", 4) == 0 &&
				strncmp(step, "SCAN d ", 7) != 0 &&
				strcmp(step, "SCAN d") != 0) ||
			    strstr(step, "TEMP B-TREE") != NULL)
				fail_msg("%s: %s", stmts[i].sql, step);
		}
		sqlite3_finalize(st);
	}
	sqlite3_close(db);
}

/* Whole transactions in other connections are seen at once. */
static void
sees_others(void **state)
{
	struct tempdb *t = *state;

	assert_int_equal(tempdb_exec(t->users,
			     "UPDATE account SET real_name = 'New'"
			     " WHERE id = 1"),
	    0);
	assert_string_equal(
	    tempdb_get(t, "u1@alpha.example").real_name, "New");
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, rows, authorizer, tempdb_open, tempdb_drop);
	ADD_ROWS(&s, listed, authorizer_of_lists, tempdb_open, tempdb_drop);
#define T(name, f) suite_add(&s, name, f, tempdb_open, tempdb_drop, NULL)
	T("VACUUM INTO", vacuum);
	T("asked again after a change of schema", asked_again);
	T("mailstat is not written", mailstat_is_not_written);
	T("history is not lost", history_is_not_lost);
	T("usage is forgotten with its account", usage_is_forgotten);
	T("only one's own statements", only_ones_own_statements);
	T("C106 busy", busy);
	T("C106 web.db busy", web_busy);
	T("rollback leaves nothing", rollback);
	T("a constraint is an answer", constraint_is_an_answer);
	T("bound, not pasted", bound_not_pasted);
	T("fifty targets", targets_limit);
	T("usage", usage);
	T("how full a mailbox is", how_full);
	T("delivery", delivery);
	T("by index", by_index);
	T("others' changes are seen", sees_others);
	return suite_run(&s, "store");
}
