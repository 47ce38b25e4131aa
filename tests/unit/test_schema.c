/* Making and migrating the databases; what the schema itself refuses. */
#include "tests/unit/unit.h"

#include <sys/stat.h>

#include "store/schema.h"
#include "tests/unit/tempdb.h"

/* -- init and migrations -- */

static void
init_twice(void **state)
{
	struct tempdb *t = *state;
	const struct store_paths p = tempdb_paths(t);
	char *before = tempdb_dump(t->users), *after;

	assert_int_equal(store_init(&p), RES_OK);
	after = tempdb_dump(t->users);
	assert_string_equal(before, after);
	free(before);
	free(after);
	assert_int_equal(access(t->users, F_OK), 0);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(
		    tempdb_int((const char *const[]){ t->users, t->web,
				   t->mailstat }[i],
			"PRAGMA user_version"),
		    i == 0 ? 3 : 2);
	assert_string_equal(
	    tempdb_text(t->users, "PRAGMA journal_mode"), "wal");
	assert_string_equal(tempdb_text(t->users, "PRAGMA integrity_check"),
	    "ok");
	assert_string_equal(
	    tempdb_text(t->users, "PRAGMA foreign_key_check"), "");
}

static void
files_are_private(void **state)
{
	struct tempdb *t = *state;
	const char *const files[] = { t->users, t->web, t->mailstat };
	struct stat st;

	for (size_t i = 0; i < NELEM(files); i++) {
		assert_int_equal(stat(files[i], &st), 0);
		assert_int_equal(st.st_mode & 07777, 0660);
	}
}

static void
newer_is_refused(void **state)
{
	struct tempdb *t = *state;
	const struct store_paths p = tempdb_paths(t);
	struct store *s;
	struct capture c;
	enum result init, open;
	char *before, *after;

	assert_int_equal(tempdb_exec(t->users, "PRAGMA user_version = 99"), 0);
	before = tempdb_dump(t->users);
	capture_begin(&c);
	init = store_init(&p);
	open = store_open(&p, BY_WEB, &s);
	capture_end(&c);
	after = tempdb_dump(t->users);
	assert_int_equal(init, RES_INVALID);
	assert_int_equal(open, RES_INVALID);
	assert_null(s);
	assert_string_equal(before, after);
	assert_non_null(strstr(c.text, t->users));
	assert_non_null(strstr(c.text, "99 is newer than this program"));
	free(before);
	free(after);
}

static void
older_is_told(void **state)
{
	struct tempdb *t = *state;
	const struct store_paths p = tempdb_paths(t);
	struct store *s;
	struct capture c;
	enum result open;

	assert_int_equal(tempdb_exec(t->web, "PRAGMA user_version = 0"), 0);
	capture_begin(&c);
	open = store_open(&p, BY_WEB, &s);
	capture_end(&c);
	assert_int_equal(open, RES_INVALID);
	assert_non_null(strstr(c.text, "fumibako init"));
}

static void
no_database(void **state)
{
	struct tempdb *t = *state;
	struct store_paths p = tempdb_paths(t);
	struct store *s;
	struct capture c;
	enum result open, init;

	p.users = "/nonexistent/users.db";
	capture_begin(&c);
	open = store_open(&p, BY_WEB, &s);
	init = store_init(&p);
	capture_end(&c);
	assert_int_equal(open, RES_FAIL);
	assert_int_equal(init, RES_FAIL);
	assert_null(s);
	assert_non_null(strstr(c.text, "/nonexistent/users.db"));
}

/* A file that is no database stays as it is. */
static void
not_a_database(void **state)
{
	struct tempdb *t = *state;
	struct capture c;
	char path[128], text[16] = "";
	enum result r;
	FILE *f;

	snprintf(path, sizeof(path), "%s/letter", t->dir);
	f = fopen(path, "w");
	fputs("Dear Hanako,\nhow are you?\n", f);
	fclose(f);
	capture_begin(&c);
	r = schema_migrate(path, NULL, 0, NULL);
	capture_end(&c);
	assert_int_equal(r, RES_FAIL);
	assert_non_null(strstr(c.text, path));
	f = fopen(path, "r");
	assert_non_null(fgets(text, sizeof(text), f));
	fclose(f);
	assert_string_equal(text, "Dear Hanako,\n");
}

static const struct migration steps[] = {
	{ "001-a.sql", "CREATE TABLE a (x TEXT);"
		       "INSERT INTO a VALUES ('odd'), (NULL), ('Odd');" },
	{ "002-b.sql", "ALTER TABLE a ADD COLUMN y INTEGER DEFAULT 7;"
		       "CREATE TABLE b (z TEXT);" },
	{ "003-c.sql", "CREATE TABLE c (x TEXT NOT NULL UNIQUE);"
		       "INSERT INTO c SELECT x FROM a;" },
};

/* C110: a step that fails leaves the old version, and says why; mended, it
 * runs; run again, it does nothing. */
static void
failing_migration(void **state)
{
	struct tempdb *t = *state;
	static const char view[] = "DROP VIEW IF EXISTS v;"
				   "CREATE VIEW v AS SELECT x FROM a;";
	char path[128], bak[160];
	char *before, *after;
	struct capture c;
	enum result r;

	snprintf(path, sizeof(path), "%s/m.db", t->dir);
	assert_int_equal(schema_migrate(path, steps, 1, view), RES_OK);
	before = tempdb_dump(path);
	capture_begin(&c);
	r = schema_migrate(path, steps, 3, view);
	capture_end(&c);
	assert_int_equal(r, RES_FAIL);
	assert_non_null(strstr(c.text, "003-c.sql"));
	assert_non_null(strstr(c.text, "stays at version 2"));
	/* 002 is done and stays, of 003 there is nothing. */
	assert_int_equal(tempdb_int(path, "PRAGMA user_version"), 2);
	assert_int_equal(tempdb_int(path, "SELECT count(*) FROM a"), 3);
	assert_int_equal(tempdb_int(path, "SELECT count(*) FROM v"), 3);
	assert_int_equal(tempdb_int(path,
			     "SELECT count(*) FROM sqlite_schema"
			     " WHERE name = 'c'"),
	    0);
	/* A copy of the old one was made first. */
	snprintf(bak, sizeof(bak), "%s.v1.bak", path);
	after = tempdb_dump(bak);
	assert_string_equal(before, after);
	assert_int_equal(tempdb_int(bak, "PRAGMA user_version"), 1);
	free(before);
	free(after);
	/* The cause is mended: the second run goes through. */
	assert_int_equal(
	    tempdb_exec(path, "DELETE FROM a WHERE x IS NULL"), 0);
	assert_int_equal(schema_migrate(path, steps, 3, view), RES_OK);
	assert_int_equal(tempdb_int(path, "PRAGMA user_version"), 3);
	assert_int_equal(tempdb_int(path, "SELECT count(*) FROM c"), 2);
	snprintf(bak, sizeof(bak), "%s.v2.bak", path);
	assert_int_equal(tempdb_int(bak, "PRAGMA user_version"), 2);
	/* And once more is nothing. */
	before = tempdb_dump(path);
	assert_int_equal(schema_migrate(path, steps, 3, view), RES_OK);
	after = tempdb_dump(path);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

/* The first version can fail too: then there is none. */
static void
failing_first(void **state)
{
	static const struct migration bad[] = {
		{ "001-x.sql", "CREATE TABLE a (x TEXT); CREATE TABL b;" },
	};
	struct tempdb *t = *state;
	struct capture c;
	char path[128];
	enum result r;

	snprintf(path, sizeof(path), "%s/m.db", t->dir);
	capture_begin(&c);
	r = schema_migrate(path, bad, 1, NULL);
	capture_end(&c);
	assert_int_equal(r, RES_FAIL);
	assert_non_null(strstr(c.text, "001-x.sql"));
	assert_int_equal(tempdb_int(path, "PRAGMA user_version"), 0);
	assert_int_equal(
	    tempdb_int(path, "SELECT count(*) FROM sqlite_schema"), 0);
	assert_int_equal(schema_migrate(path, steps, 1, NULL), RES_OK);
}

static void
failing_view(void **state)
{
	struct tempdb *t = *state;
	struct capture c;
	char path[128];
	enum result r;

	snprintf(path, sizeof(path), "%s/m.db", t->dir);
	assert_int_equal(schema_migrate(path, steps, 1, NULL), RES_OK);
	capture_begin(&c);
	r = schema_migrate(path, steps, 2, "CREATE VIEW a AS SELECT 1;");
	capture_end(&c);
	assert_int_equal(r, RES_FAIL);
	assert_int_equal(tempdb_int(path, "PRAGMA user_version"), 1);
	assert_int_equal(tempdb_int(path,
			     "SELECT count(*) FROM pragma_table_info('a')"),
	    1);
}

/* Somebody else works on it: told, nothing done. */
static void
locked(void **state)
{
	struct tempdb *t = *state;
	struct capture c;
	sqlite3 *other;
	char path[128];
	enum result r;

	snprintf(path, sizeof(path), "%s/m.db", t->dir);
	assert_int_equal(schema_migrate(path, steps, 1, NULL), RES_OK);
	other = tempdb_lock(path);
	capture_begin(&c);
	r = schema_migrate(path, steps, 2, NULL);
	capture_end(&c);
	tempdb_unlock(other);
	assert_int_equal(r, RES_BUSY);
	assert_non_null(strstr(c.text, "locked"));
	assert_int_equal(tempdb_int(path, "PRAGMA user_version"), 1);
	assert_int_equal(schema_migrate(path, steps, 2, NULL), RES_OK);
}

/* -- CHECKs: each statement breaks one rule and is refused -- */

#define SET(what) "UPDATE account SET " what " WHERE id = 1"
#define ADDR(local) \
	"INSERT INTO address (domain_id, local_part, kind)" \
	" VALUES (1, " local ", 'forward')"
#define MAILBOX(local) \
	"INSERT INTO address (domain_id, local_part, kind)" \
	" VALUES (1, " local ", 'account')"
#define ACCOUNT(local, id, domain) \
	"INSERT INTO account (id, domain_id, local_part, password_hash," \
	" quota_bytes, created_at, password_at) SELECT " id ", " domain ", " \
	local ", '$y$j9T$saltsalt$hash', 1, 1, 1 FROM address"
#define FORWARD(local, id, domain) \
	"INSERT INTO forward (id, domain_id, local_part, created_at)" \
	" SELECT " id ", " domain ", " local ", 1 FROM address LIMIT 1"
#define IMPORT(done) \
	"INSERT INTO import (domain_id, at, owner, done)" \
	" VALUES (1, 1, '', " done ");" \
	"INSERT INTO history (at, actor, origin, request_id, domain," \
	" account_id, subject, what, old_value, new_value, import_id)" \
	" SELECT 1, '', '', '', '', 1, '', 'quota', '', '', max(id)" \
	" FROM import"
#define NEWS "INSERT INTO address (id, domain_id, local_part, kind)" \
	" VALUES (50, 1, 'news', 'list');" \
	"INSERT INTO mailing_list (id, owner, created_at)" \
	" VALUES (50, 'a@b.c', 1);"
#define LIST(what) NEWS "UPDATE mailing_list SET " what
#define LIMIT(what) "UPDATE domain SET " what " WHERE id = 1"
#define DOM(name) "INSERT INTO domain (name) VALUES (" name ")"
#define TARGET(local, domain) \
	"INSERT INTO target VALUES (1, 1, " local ", " domain ")"

/* clang-format off */
static const struct row {
	const char *name, *sql;
	int want; /* SQLite's code: 0 done, 19 constraint */
} rows[] = {
	{ "routing mailbox", SET("routing = 'mailbox', version = 9"),
	    0 },
	{ "routing discard", SET("routing = 'discard'"), 0 },
	{ "routing forward", SET("routing = 'forward'"), 0 },
	{ "C61 routing vacation", SET("routing = 'vacation'"), 19 },
	{ "routing of another case", SET("routing = 'Mailbox'"), 19 },
	{ "routing empty", SET("routing = ''"), 19 },
	{ "routing NULL", SET("routing = NULL"), 19 },
	{ "keep_copy with forward",
	    SET("routing = 'forward', keep_copy = 1"), 0 },
	{ "keep_copy without forward", SET("keep_copy = 1"), 19 },
	{ "keep_copy with discard",
	    SET("routing = 'discard', keep_copy = 1"), 19 },
	{ "keep_copy 2", SET("routing = 'forward', keep_copy = 2"), 19 },
	{ "quota 1", SET("quota_bytes = 1"), 0 },
	{ "quota 0", SET("quota_bytes = 0"), 19 },
	{ "quota negative", SET("quota_bytes = -1"), 19 },
	{ "quota NULL", SET("quota_bytes = NULL"), 19 },
	{ "C114 quota as a number in text", SET("quota_bytes = '1000'"), 0 },
	{ "C114 quota as text", SET("quota_bytes = 'abc'"), 19 },
	{ "C114 quota with blanks and a word",
	    SET("quota_bytes = ' 7 MB'"), 19 },
	{ "C114 quota 2^63", SET("quota_bytes = 9223372036854775808"), 19 },
	{ "C114 quota as text 2^63",
	    SET("quota_bytes = '9223372036854775808'"), 19 },
	{ "C114 quota half a byte", SET("quota_bytes = 1.5"), 19 },
	{ "C114 quota a blob", SET("quota_bytes = x'31'"), 19 },
	{ "C114 version as text", SET("version = 'x'"), 19 },
	{ "C114 initial_password as text", SET("initial_password = 'yes'"),
	    19 },
	{ "initial_password 2", SET("initial_password = 2"), 19 },
	{ "C114 real name as a blob", SET("real_name = x'41'"), 19 },
	{ "C114 NUL in a real name",
	    SET("real_name = 'a' || char(0) || '<b>'"), 19 },
	{ "C114 NUL in a hash", SET("password_hash ="
	    " '$y$j9T$saltsalt$hash' || char(0) || 'x'"), 19 },
	{ "real name", SET("real_name = 'O''Neil-Smith, J. 3'"), 0 },
	{ "real name empty", SET("real_name = ''"), 0 },
	{ "real name with a tag", SET("real_name = '<b>'"), 19 },
	{ "real name not ASCII", SET("real_name = '山田'"), 19 },
	{ "real name with DEL", SET("real_name = 'a' || char(127)"), 19 },
	{ "real name with a line end", SET("real_name = 'a' || char(10)"),
	    19 },
	{ "real name of 64", SET("real_name = printf('%064d', 1)"), 0 },
	{ "real name of 65", SET("real_name = printf('%065d', 1)"), 19 },
	{ "hash empty", SET("password_hash = ''"), 19 },
	{ "hash *0", SET("password_hash = '*0'"), 19 },
	{ "hash * and long", SET("password_hash = '*0aaaaaaaaaaaaaaaaa'"),
	    19 },
	{ "hash locked", SET("password_hash = '!$6$saltsalt$aaaaaaaaaa'"),
	    19 },
	{ "hash NULL", SET("password_hash = NULL"), 19 },
	{ "an account of another kind", SET("kind = 'forward'"), 19 },

	{ "name plain", ADDR("'a.b-c_d'"), 0 },
	{ "name C07 zero", ADDR("'0'"), 0 },
	{ "name C114 a number becomes text", ADDR("007"), 0 },
	{ "name in capitals", ADDR("'Bob'"), 19 },
	{ "name empty", ADDR("''"), 19 },
	{ "name of 64", ADDR("printf('%064d', 1)"), 0 },
	{ "name of 65", ADDR("printf('%065d', 1)"), 19 },
	{ "name with a dot in front", ADDR("'.a'"), 19 },
	{ "name with a dash in front", ADDR("'-a'"), 19 },
	{ "name with a dot behind", ADDR("'a.'"), 19 },
	{ "name with two dots", ADDR("'a..b'"), 19 },
	{ "name with a plus", ADDR("'a+b'"), 19 },
	{ "name with a slash", ADDR("'a/b'"), 19 },
	{ "name with a blank", ADDR("'a b'"), 19 },
	{ "name with an @", ADDR("'a@b'"), 19 },
	{ "name with DEL", ADDR("'a' || char(127)"), 19 },
	{ "name with NUL", ADDR("'a' || char(0) || 'B'"), 19 },
	{ "name with %", ADDR("'a%'"), 19 },
	{ "name with a quote", ADDR("'a''b'"), 19 },
	{ "name not ASCII", ADDR("'é'"), 19 },
	{ "C64 the name of an account", ADDR("'u1'"), 19 },
	{ "C64 the name of an account, as a list",
	    "INSERT INTO address (domain_id, local_part, kind)"
	    " VALUES (1, 'u1', 'list')", 19 },
	{ "the same name in another domain",
	    "INSERT INTO address (domain_id, local_part, kind)"
	    " VALUES (2, 'u1', 'list')", 0 },
	{ "no such kind", "INSERT INTO address (domain_id, local_part, kind)"
	    " VALUES (1, 'z', 'catchall')", 19 },
	{ "no such domain", "INSERT INTO address"
	    " (domain_id, local_part, kind) VALUES (99, 'z', 'list')", 19 },
	{ "an account that is a forward",
	    ADDR("'z'") "; " ACCOUNT("'z'", "max(id)", "1"), 19 },
	{ "an account without an address",
	    ACCOUNT("'z'", "99", "1"), 19 },
	{ "an account of another name than its address",
	    MAILBOX("'z'") "; " ACCOUNT("'y'", "max(id)", "1"), 19 },
	{ "an account in another domain than its address",
	    MAILBOX("'z'") "; " ACCOUNT("'z'", "max(id)", "2"), 19 },
	{ "an account", MAILBOX("'z'") "; " ACCOUNT("'z'", "max(id)", "1"),
	    0 },
	{ "a forward", ADDR("'z'") "; " FORWARD("'z'", "max(id)", "1"), 0 },
	{ "a forward of another name than its address",
	    ADDR("'z'") "; " FORWARD("'y'", "max(id)", "1"), 19 },
	{ "a forward in another domain than its address",
	    ADDR("'z'") "; " FORWARD("'z'", "max(id)", "2"), 19 },
	{ "a forward that is an account",
	    FORWARD("'u1'", "1", "1"), 19 },
	{ "a forward without an address",
	    FORWARD("'z'", "99", "1"), 19 },
	{ "an account renamed", SET("local_part = 'u9'"), 19 },
	{ "an account moved", SET("domain_id = 2"), 19 },
	{ "an account of another id", SET("id = 77"), 19 },
	{ "an address renamed",
	    "UPDATE address SET local_part = 'u9' WHERE id = 1", 19 },
	{ "an address moved",
	    "UPDATE address SET domain_id = 2 WHERE id = 1", 19 },
	{ "an address of another id",
	    "UPDATE address SET id = 77 WHERE id = 1", 19 },
	{ "an account turned into a forward",
	    "UPDATE address SET kind = 'forward' WHERE id = 1", 19 },

	{ "domain plain", DOM("'gamma.example'"), 0 },
	{ "domain in capitals", DOM("'Gamma.example'"), 19 },
	{ "domain twice", DOM("'alpha.example'"), 19 },
	{ "domain of one label", DOM("'gamma'"), 19 },
	{ "domain with a blank", DOM("'a b.example'"), 19 },
	{ "domain with %", DOM("'a%.example'"), 19 },
	{ "domain with DEL", DOM("'a.example' || char(127)"), 19 },
	{ "domain not ASCII", DOM("'bücher.example'"), 19 },
	{ "domain with an @", DOM("'x@a.example'"), 19 },
	{ "domain of 254", DOM("printf('%0249d.a.jp', 1)"), 19 },
	{ "domain with an enabled 2", "UPDATE domain SET enabled = 2", 19 },
	{ "domain with a quota of 0",
	    "UPDATE domain SET default_quota_bytes = 0", 19 },
	{ "limits", LIMIT("max_accounts = 0, max_forwards = 7,"
	    " max_lists = 10000000"), 0 },
	{ "no limit", LIMIT("max_accounts = NULL, pop_host = 'x'"), 0 },
	{ "a limit below nothing", LIMIT("max_accounts = -1"), 19 },
	{ "a limit of forwards below nothing", LIMIT("max_forwards = -1"),
	    19 },
	{ "a limit of lists below nothing", LIMIT("max_lists = -1"), 19 },
	{ "C114 a limit as text", LIMIT("max_accounts = 'many'"), 19 },
	{ "an import of no domain",
	    "INSERT INTO import (domain_id, at, owner) VALUES (99, 1, '')",
	    19 },
	{ "an import that is half done", "INSERT INTO import (domain_id, at,"
	    " owner, done) VALUES (1, 1, '', 2)", 19 },
	{ "an address of no import",
	    "UPDATE address SET import_id = 99 WHERE id = 1", 19 },
	{ "domain in use is not deleted",
	    "DELETE FROM domain WHERE id = 1", 19 },

	{ "target plain", TARGET("'First.Last+x'", "'x.example'"), 0 },
	{ "target with DEL", TARGET("'a' || char(127)", "'x.example'"), 19 },
	{ "target with NUL", TARGET("'a' || char(0)", "'x.example'"), 19 },
	{ "target with a blank", TARGET("'a b'", "'x.example'"), 19 },
	{ "target with %", TARGET("'a%b'", "'x.example'"), 19 },
	{ "C49 target with a pipe", TARGET("'|id'", "'x.example'"), 19 },
	{ "C49 target with a slash", TARGET("'/a'", "'x.example'"), 19 },
	{ "C49 target with a colon", TARGET("':a'", "'x.example'"), 19 },
	{ "target with a comma", TARGET("'a,b'", "'x.example'"), 19 },
	{ "target with an @", TARGET("'a@b'", "'x.example'"), 19 },
	{ "target with quotes", TARGET("'\"a\"'", "'x.example'"), 19 },
	{ "target with a backslash", TARGET("'\\a'", "'x.example'"), 19 },
	{ "target not ASCII", TARGET("'é'", "'x.example'"), 19 },
	{ "target empty", TARGET("''", "'x.example'"), 19 },
	{ "C51 target without a domain", TARGET("'a'", "''"), 19 },
	{ "target domain in capitals", TARGET("'a'", "'X.example'"), 19 },
	{ "C53 target domain not ASCII", TARGET("'a'", "'ü.example'"), 19 },
	{ "target domain with a blank", TARGET("'a'", "'x .example'"), 19 },
	{ "target of one label", TARGET("'a'", "'localhost'"), 19 },
	{ "target twice", TARGET("'a'", "'x.example'") ";"
	    "INSERT INTO target VALUES (1, 2, 'a', 'x.example')", 19 },
	{ "target at position 0",
	    "INSERT INTO target VALUES (1, 0, 'a', 'x.example')", 19 },
	{ "target at position 51",
	    "INSERT INTO target VALUES (1, 51, 'a', 'x.example')", 19 },
	{ "target of nobody",
	    "INSERT INTO target VALUES (99, 1, 'a', 'x.example')", 19 },

	{ "a second row of site", "INSERT INTO site (id) VALUES (2)", 19 },
	{ "an administrator who is nobody",
	    "INSERT INTO domain_admin VALUES (1, 99)", 19 },
	{ "a site administrator who is nobody",
	    "INSERT INTO site_admin VALUES (99)", 19 },
	{ "history is not rewritten", "UPDATE history SET old_value = ''",
	    19 },
	{ "nor its time", "UPDATE history SET at = 0 WHERE id = 1", 19 },
	{ "history is not lost", "DELETE FROM history", 19 },
	{ "nor that of an import that is done", IMPORT("1") ";"
	    "DELETE FROM history WHERE import_id IS NOT NULL", 19 },
	{ "that of an import that is not done nobody has seen",
	    IMPORT("0") ";"
	    "DELETE FROM history WHERE import_id IS NOT NULL", 0 },
	{ "that of an import that is not there is not lost",
	    IMPORT("0") "; DELETE FROM import;"
	    "DELETE FROM history WHERE import_id IS NOT NULL", 19 },
	{ "an odd what", "INSERT INTO history SELECT NULL, at, actor, origin,"
	    " request_id, domain, account_id, subject, 'Odd what', '', '', NULL"
	    " FROM history LIMIT 1", 19 },
	{ "a view cannot be written",
	    "UPDATE mail_account SET password_hash = 'x'", 1 },

	{ "list", NEWS, 0 },
	{ "list of an account", "INSERT INTO mailing_list (id, owner,"
	    " created_at) VALUES (1, 'a@b.c', 1)", 19 },
	{ "list of nothing", "INSERT INTO mailing_list (id, owner,"
	    " created_at) VALUES (999, 'a@b.c', 1)", 19 },
	{ "list of another kind", "INSERT INTO mailing_list (id, kind, owner,"
	    " created_at) VALUES (1, 'account', 'a@b.c', 1)", 19 },
	{ "list: an address becomes another kind",
	    NEWS "UPDATE address SET kind = 'forward' WHERE id = 50", 19 },
	{ "list: description", LIST("description = 'お知らせ <b>'"), 0 },
	{ "list: a new line in the description",
	    LIST("description = 'a' || char(10) || 'b'"), 19 },
	{ "list: a return in the description",
	    LIST("description = 'a' || char(13)"), 19 },
	{ "list: NUL in the description",
	    LIST("description = 'a' || char(0)"), 19 },
	{ "list: 200 characters", LIST("description = printf('%.200c', 'x')"),
	    0 },
	{ "list: 201 characters", LIST("description = printf('%.201c', 'x')"),
	    19 },
	{ "list: an empty owner", LIST("owner = ''"), 19 },
	{ "list: an owner without a domain", LIST("owner = 'abcdef@'"), 19 },
	{ "list: an owner of two lines",
	    LIST("owner = 'a@b.c' || char(10) || 'd@e.f'"), 19 },
	{ "list: a blank in the owner", LIST("owner = 'a b@c.d'"), 19 },
	{ "list: posting", LIST("posting = 'moderators_moderated'"), 0 },
	{ "list: another posting", LIST("posting = 'all'"), 19 },
	{ "list: another subscription", LIST("subscription = 'open'"), 19 },
	{ "list: another reply_to", LIST("reply_to = 'a@b.c'"), 19 },
	{ "list: prefix of 40", LIST("prefix = printf('%.40c', '~')"), 0 },
	{ "list: prefix of 41", LIST("prefix = printf('%.41c', '~')"), 19 },
	{ "list: a header in the prefix",
	    LIST("prefix = 'a' || char(10) || 'Bcc: x'"), 19 },
	{ "list: footer of two lines",
	    LIST("footer = 'a' || char(10) || 'b'"), 0 },
	{ "list: a return in the footer", LIST("footer = 'a' || char(13)"),
	    19 },
	{ "list: Japanese in the footer", LIST("footer = '山'"), 19 },
	{ "list: NUL in the footer", LIST("footer = 'a' || char(0)"), 19 },
	{ "list: archive 2", LIST("archive = 2"), 19 },
	{ "list: moderators", LIST("moderators = 'a@b.c' || char(10)"), 0 },
	{ "list: a blank in moderators", LIST("moderators = 'a@b.c d@e.f'"),
	    19 },
	{ "list: NUL in moderators", LIST("moderators = 'a' || char(0)"),
	    19 },
	{ "list: goes with its address",
	    NEWS "DELETE FROM address WHERE id = 50", 0 },
	{ "a leaver twice", "INSERT INTO list_leaver VALUES ('a@b.c', 1);"
	    "INSERT INTO list_leaver VALUES ('a@b.c', 2)", 19 },
};
/* clang-format on */

static void
checks(void **state)
{
	struct tempdb *t = *state;
	const struct row *r = t->row;
	char *before = tempdb_dump(t->users), *after, sql[1024];

	/* In one transaction, so that "refused" is "nothing of it". */
	snprintf(sql, sizeof(sql), "BEGIN; %s; COMMIT", r->sql);
	assert_int_equal(tempdb_exec(t->users, sql), r->want);
	after = tempdb_dump(t->users);
	if (r->want == 0)
		assert_string_not_equal(before, after);
	else
		assert_string_equal(before, after);
	free(before);
	free(after);
}

/* -- what the daemons see -- */

#define ACCOUNT_VIEW \
	"SELECT pop3_open || ' ' || mailbox_open FROM mail_account" \
	" WHERE local_part = 'u1' AND domain = 'alpha.example'"
#define ALIAS_VIEW \
	"SELECT target FROM mail_alias WHERE local_part = 'u1'" \
	" AND domain = 'alpha.example' ORDER BY target"
#define TWO_TARGETS \
	"INSERT INTO target VALUES (1, 1, 'a', 'x.example')," \
	" (1, 2, 'b', 'y.example');"

/* clang-format off */
static const struct view_row {
	const char *name, *sql;
	const char *account; /* pop3_open mailbox_open; "" = no row */
	const char *alias;
} view_rows[] = {
	{ "view: mailbox", "", "1 1", "" },
	{ "view: discard", SET("routing = 'discard'"), "0 0",
	    "discard@discard.invalid" },
	{ "view: forward", TWO_TARGETS SET("routing = 'forward'"), "1 0",
	    "a@x.example b@y.example" },
	{ "view: forward and a copy",
	    TWO_TARGETS SET("routing = 'forward', keep_copy = 1"), "1 1",
	    "a@x.example b@y.example u1@alpha.example" },
	{ "view: forward without targets is no mailbox",
	    SET("routing = 'forward'"), "1 0", "" },
	{ "view: targets left behind mean nothing", TWO_TARGETS, "1 1", "" },
	{ "view: disabled domain", "UPDATE domain SET enabled = 0", "", "" },
	{ "view: disabled domain that discards", SET("routing = 'discard'")
	    "; UPDATE domain SET enabled = 0", "", "" },
	{ "view: disabled domain that forwards",
	    TWO_TARGETS SET("routing = 'forward', keep_copy = 1")
	    "; UPDATE domain SET enabled = 0", "", "" },
	{ "view: a list is no mailbox and no alias", NEWS, "1 1", "" },
	{ "view: another domain is disabled",
	    "UPDATE domain SET enabled = 0 WHERE id = 2", "1 1", "" },
};
/* clang-format on */

static void
views(void **state)
{
	struct tempdb *t = *state;
	const struct view_row *r = t->row;

	assert_int_equal(tempdb_exec(t->users, r->sql), 0);
	assert_string_equal(tempdb_text(t->users, ACCOUNT_VIEW), r->account);
	assert_string_equal(tempdb_text(t->users, ALIAS_VIEW), r->alias);
	/* A disabled domain is still ours: its mail is refused, not relayed. */
	assert_string_equal(
	    tempdb_text(t->users, "SELECT domain FROM mail_domain ORDER BY 1"),
	    "alpha.example beta.example");
	assert_string_equal(
	    tempdb_text(t->users, "SELECT local_part || '@' || domain || ' '"
				  " || transport FROM mail_transport"),
	    strncmp(r->sql, NEWS, strlen(NEWS)) == 0 ?
		"discard@discard.invalid discard:silently"
		" news@alpha.example mlmmj:50" :
		"discard@discard.invalid discard:silently");
}

/* What an import has written is there in the moment in which it is done; and
 * a forwarding account sends on, as long as its domain is there. */
static void
views_of_imports(void **state)
{
	static const char seen[] =
	    "SELECT local_part || pop3_open || mailbox_open FROM mail_account"
	    " WHERE local_part LIKE 'im%' UNION ALL SELECT local_part || ':'"
	    " || target FROM mail_alias ORDER BY 1";
	struct tempdb *t = *state;

	assert_int_equal(
	    tempdb_exec(t->users,
		"INSERT INTO import (id, domain_id, at, owner) VALUES"
		" (1, 1, 1, '1 1');"
		"INSERT INTO address (id, domain_id, local_part, kind,"
		" import_id) VALUES (50, 1, 'im1', 'account', 1),"
		" (51, 1, 'im2', 'account', 1), (52, 1, 'fw', 'forward',"
		" NULL);"
		"INSERT INTO account (id, domain_id, local_part,"
		" password_hash, routing, keep_copy, quota_bytes, created_at,"
		" password_at) SELECT id, 1, local_part,"
		" '$y$j9T$saltsalt$hash', CASE id WHEN 50 THEN 'forward' ELSE"
		" 'discard' END, id = 50, 1, 1, 1 FROM address WHERE id IN"
		" (50, 51);"
		"INSERT INTO target VALUES (50, 1, 'a', 'x.example'),"
		" (52, 1, 'b', 'x.example')"),
	    0);
	assert_string_equal(tempdb_text(t->users, seen), "fw:b@x.example");
	assert_int_equal(
	    tempdb_exec(t->users, "UPDATE import SET done = 1"), 0);
	assert_string_equal(tempdb_text(t->users, seen),
	    "fw:b@x.example im111 im1:a@x.example im1:im1@alpha.example"
	    " im200 im2:discard@discard.invalid");
	assert_int_equal(
	    tempdb_exec(t->users, "UPDATE domain SET enabled = 0"), 0);
	assert_string_equal(tempdb_text(t->users, seen), "");
}

static void
view_columns(void **state)
{
	struct tempdb *t = *state;

	assert_int_equal(tempdb_exec(t->users,
			     "UPDATE site SET allow_nets = '10.0.0.0/8'"),
	    0);
	assert_string_equal(tempdb_text(t->users,
				"SELECT id || ' ' || allow_nets || ' ' ||"
				" quota_bytes || ' ' || substr(password_hash,"
				" 1, 3) FROM mail_account WHERE local_part ="
				" 'u1'"),
	    "1 10.0.0.0/8 1073741824 $y$");
}

/* One probe of an index each: a million rows are as quick as ten. */
static void
views_use_indexes(void **state)
{
	static const char *const queries[] = {
		"SELECT * FROM mail_account WHERE local_part = 'u1'"
		" AND domain = 'alpha.example'",
		"SELECT * FROM mail_alias WHERE local_part = 'u1'"
		" AND domain = 'alpha.example'",
		"SELECT * FROM mail_domain WHERE domain = 'alpha.example'",
		"SELECT * FROM mail_transport WHERE local_part = 'u1'"
		" AND domain = 'alpha.example'",
	};
	struct tempdb *t = *state;
	char sql[256];
	sqlite3 *db;
	sqlite3_stmt *st;

	assert_int_equal(sqlite3_open(t->users, &db), SQLITE_OK);
	for (size_t i = 0; i < NELEM(queries); i++) {
		snprintf(sql, sizeof(sql), "EXPLAIN QUERY PLAN %s",
		    queries[i]);
		assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL),
		    SQLITE_OK);
		while (sqlite3_step(st) == SQLITE_ROW) {
			const char *step =
			    (const char *)sqlite3_column_text(st, 3);

			if (strncmp(step, "SCAN", 4) == 0 &&
			    strstr(step, "site") == NULL &&
			    /* what the parts of the view found */
			    strcmp(step, "SCAN mail_transport") != 0 &&
			    strstr(step, "CONSTANT") == NULL)
				fail_msg("%s: %s", queries[i], step);
		}
		sqlite3_finalize(st);
	}
	sqlite3_close(db);
}

/* An id names a mail directory: it never comes back. */
static void
ids_are_never_used_again(void **state)
{
	struct tempdb *t = *state;
	int64_t last = tempdb_int(t->users, "SELECT max(id) FROM address");

	assert_int_equal(tempdb_exec(t->users,
			     "DELETE FROM address WHERE local_part = 'v1'"),
	    0);
	assert_int_equal(tempdb_int(t->users,
			     "SELECT count(*) FROM account"),
	    5);
	assert_true(tempdb_account(t, "v1@beta.example") > last);
}

int
main(void)
{
	static struct suite s;

#define T(name, f) suite_add(&s, name, f, tempdb_open, tempdb_drop, NULL)
#define E(name, f) \
	suite_add(&s, name, f, tempdb_open_empty, tempdb_drop, NULL)
	T("init twice is nothing", init_twice);
	E("files are private", files_are_private);
	T("a newer database is refused", newer_is_refused);
	E("an older database is told", older_is_told);
	E("no database", no_database);
	E("not a database", not_a_database);
	E("C110 a failing migration", failing_migration);
	E("C110 a failing first migration", failing_first);
	E("C110 a failing view", failing_view);
	E("migrating a locked database", locked);
	ADD_ROWS(&s, rows, checks, tempdb_open, tempdb_drop);
	ADD_ROWS(&s, view_rows, views, tempdb_open, tempdb_drop);
	T("view: imports and forwards", views_of_imports);
	T("view: the other columns", view_columns);
	T("view: by index", views_use_indexes);
	T("ids are never used again", ids_are_never_used_again);
	return suite_run(&s, "schema");
}
