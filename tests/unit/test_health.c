/* Databases that may be anything, and what the mail daemons see. */
#include "tests/unit/unit.h"

#include "store/health.h"
#include "tests/unit/tempdb.h"

static struct health
look(const char *path, enum store_file file)
{
	struct health h;

	store_health(path, file, 5, &h);
	return h;
}

static void
sound(void **state)
{
	struct tempdb *t = *state;
	struct health h = look(t->users, STORE_USERS);

	assert_string_equal(h.error, "");
	assert_string_equal(h.damage, "");
	assert_int_equal(h.version, h.expected);
	assert_true(h.wal);
	assert_true(h.whole);
	assert_int_equal(look(t->web, STORE_WEB).version,
	    look(t->web, STORE_WEB).expected);
	assert_int_equal(look(t->mailstat, STORE_MAILSTAT).version,
	    look(t->mailstat, STORE_MAILSTAT).expected);
}

/* What a reader keeps from being written back, and what is only room that the
 * log has once had. */
static void
a_long_log(void **state)
{
	struct tempdb *t = *state;
	sqlite3 *reads, *writes;

	assert_int_equal(sqlite3_open(t->users, &reads), SQLITE_OK);
	assert_int_equal(sqlite3_open(t->users, &writes), SQLITE_OK);
	sqlite3_exec(reads, "BEGIN; SELECT * FROM site", NULL, NULL, NULL);
	sqlite3_exec(writes, "CREATE TABLE fat AS SELECT zeroblob(5000000)",
	    NULL, NULL, NULL);
	assert_in_range(
	    look(t->users, STORE_USERS).wal_bytes, 5000000, 6000000);
	sqlite3_exec(reads, "COMMIT", NULL, NULL, NULL);
	sqlite3_exec(writes, "PRAGMA wal_checkpoint", NULL, NULL, NULL);
	assert_int_equal(look(t->users, STORE_USERS).wal_bytes, 0);
	sqlite3_close(reads);
	sqlite3_close(writes);
}

static void
another_version(void **state)
{
	struct tempdb *t = *state;

	assert_int_equal(
	    tempdb_exec(t->users, "PRAGMA user_version = 77"), 0);
	assert_int_equal(look(t->users, STORE_USERS).version, 77);
}

/* Writes n bytes at `at` into a file of its own, which starts with `first`. */
static struct health
broken(struct tempdb *t, const char *first, long at, size_t n)
{
	char path[128];
	FILE *f;
	struct health h;

	snprintf(path, sizeof(path), "%s/broken.db", t->dir);
	assert_non_null(f = fopen(path, "w+"));
	fputs(first, f);
	fseek(f, at, SEEK_SET);
	while (n-- > 0)
		fputc('Z', f);
	fclose(f);
	h = look(path, STORE_USERS);
	unlink(path);
	return h;
}

static void
garbage(void **state)
{
	struct health h = broken(*state, "This is no database. ", 0, 9000);

	assert_non_null(strstr(h.error, "not a database"));
	assert_int_equal(h.version, -1);
}

static void
nothing(void **state)
{
	struct tempdb *t = *state;
	char path[128];

	/* As Postfix makes one: empty, and so of version 0. */
	assert_int_equal(broken(t, "", 0, 0).version, 0);
	snprintf(path, sizeof(path), "%s/none.db", t->dir);
	assert_string_not_equal(look(path, STORE_USERS).error, "");
	assert_int_not_equal(access(path, F_OK), 0);
}

static void
damaged(void **state)
{
	struct tempdb *t = *state;
	char copy[128], sql[256];
	struct health h;
	FILE *f;

	snprintf(copy, sizeof(copy), "%s/copy.db", t->dir);
	snprintf(sql, sizeof(sql), "VACUUM INTO '%s'", copy);
	assert_int_equal(tempdb_exec(t->users, sql), 0);
	assert_non_null(f = fopen(copy, "r+"));
	fseek(f, -4096, SEEK_END);
	for (int i = 0; i < 4096; i++)
		fputc('Z', f);
	fclose(f);
	h = look(copy, STORE_USERS);
	unlink(copy);
	assert_string_equal(h.error, "");
	assert_string_not_equal(h.damage, "");
}

static void
locked(void **state)
{
	struct tempdb *t = *state;
	char copy[128], sql[256];
	sqlite3 *db;
	struct health h;

	snprintf(copy, sizeof(copy), "%s/copy.db", t->dir);
	snprintf(sql, sizeof(sql), "VACUUM INTO '%s'", copy);
	assert_int_equal(tempdb_exec(t->users, sql), 0);
	assert_int_equal(sqlite3_open(copy, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(db, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
	h = look(copy, STORE_USERS);
	sqlite3_close(db);
	unlink(copy);
	assert_true(h.locked);
	assert_string_not_equal(h.error, "");
}

static void
views(void **state)
{
	struct tempdb *t = *state;
	struct mail_view v;

	assert_int_equal(
	    tempdb_exec(t->users,
		"UPDATE account SET routing = 'forward', keep_copy = 1"
		" WHERE local_part = 'u1';"
		"INSERT INTO target (address_id, position, local_part, domain)"
		" SELECT id, 1, 'x', 'y.example' FROM account"
		" WHERE local_part = 'u1';"
		"UPDATE account SET routing = 'discard'"
		" WHERE local_part = 'u2'"),
	    0);
	assert_int_equal(store_mail_view(t->tool_store, "u1",
			     "alpha.example", &v),
	    RES_OK);
	assert_true(v.account && v.pop3_open && v.mailbox_open);
	assert_int_equal(v.id, 1);
	assert_int_equal(v.n, 2);
	assert_int_equal(store_mail_view(t->tool_store, "u2",
			     "alpha.example", &v),
	    RES_OK);
	assert_true(v.account && !v.pop3_open && !v.mailbox_open);
	assert_string_equal(v.targets[0], DISCARD_ADDRESS);
	assert_int_equal(store_mail_view(t->tool_store, "discard",
			     "discard.invalid", &v),
	    RES_OK);
	assert_false(v.account);
	assert_string_equal(v.transport, "discard:silently");
	assert_int_equal(store_mail_view(t->tool_store, "nobody",
			     "alpha.example", &v),
	    RES_OK);
	assert_true(!v.account && v.n == 0 && v.transport[0] == '\0');
	assert_int_equal(
	    store_mail_domain(t->tool_store, "alpha.example"), RES_OK);
	assert_int_equal(
	    store_mail_domain(t->tool_store, "x.example"), RES_NOTFOUND);
}

int
main(void)
{
	static struct suite s;

#define T(name, f) suite_add(&s, name, f, tempdb_open, tempdb_drop, NULL)
	T("sound", sound);
	T("a long log", a_long_log);
	T("another version", another_version);
	T("garbage", garbage);
	T("nothing", nothing);
	T("damaged", damaged);
	T("locked", locked);
	T("views", views);
	return suite_run(&s, "health");
}
