/* C110: databases of versions 1 and 2 become those of this program: nothing is
 * lost, a copy is kept, and what is interrupted leaves the old version. */
#include "tests/unit/unit.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "core/domain.h"
#include "core/listing.h"
#include "core/mlist.h"
#include "core/restore.h"
#include "store/schema.h"
#include "tests/unit/tempdb.h"

#define HASH "$y$j9T$saltsaltsalt$hashhashhashhashhashhash"

/* As schema/views.sql was in version 1. */
static const char views_1[] =
    "CREATE VIEW mail_domain (domain) AS SELECT name FROM domain;"
    "CREATE VIEW mail_account (id, local_part, domain, password_hash,"
    " allow_nets, quota_bytes, pop3_open, mailbox_open) AS"
    " SELECT a.id, n.local_part, d.name, a.password_hash,"
    " (SELECT allow_nets FROM site), a.quota_bytes,"
    " a.routing <> 'discard',"
    " a.routing = 'mailbox' OR (a.routing = 'forward'"
    " AND a.keep_copy = 1)"
    " FROM domain d JOIN address n ON n.domain_id = d.id"
    " JOIN account a ON a.id = n.id WHERE d.enabled = 1;"
    "CREATE VIEW mail_alias (local_part, domain, target, account_id) AS"
    " SELECT n.local_part, d.name, t.local_part || '@' || t.domain, a.id"
    " FROM domain d JOIN address n ON n.domain_id = d.id"
    " JOIN account a ON a.id = n.id"
    " JOIN target t ON t.address_id = n.id"
    " WHERE d.enabled = 1 AND a.routing = 'forward'"
    " UNION ALL"
    " SELECT n.local_part, d.name, n.local_part || '@' || d.name, a.id"
    " FROM domain d JOIN address n ON n.domain_id = d.id"
    " JOIN account a ON a.id = n.id WHERE d.enabled = 1"
    " AND a.routing = 'forward' AND a.keep_copy = 1"
    " UNION ALL"
    " SELECT n.local_part, d.name, 'discard@discard.invalid', a.id"
    " FROM domain d JOIN address n ON n.domain_id = d.id"
    " JOIN account a ON a.id = n.id"
    " WHERE d.enabled = 1 AND a.routing = 'discard';"
    "CREATE VIEW mail_transport (local_part, domain, transport) AS"
    " SELECT 'discard', 'discard.invalid', 'discard:silently';";

/* Domains: 1 with an administrator, 2 with none and a postmaster who is an
 * account, 3 with nothing, 4 disabled.  An address has lost its account. */
static const char rows_1[] =
    "UPDATE site SET allow_nets = '10.0.0.0/8';"
    "INSERT INTO domain (id, name, pop_host, enabled, default_quota_bytes)"
    " VALUES (1, 'a.example', 'post-9', 1, 1073741824),"
    " (2, 'b.example', '', 1, 5242880), (3, 'c.example', 'x.y', 1, 1),"
    " (4, 'd.example', '', 0, 7);"
    "INSERT INTO address (id, domain_id, local_part, kind) VALUES"
    " (1, 1, 'u1', 'account'), (2, 1, 'u2', 'account'),"
    " (3, 1, '0', 'account'), (4, 2, 'postmaster', 'account'),"
    " (5, 2, 'u1', 'account'), (6, 4, 'postmaster', 'account'),"
    " (7, 4, 'old', 'account'), (10, 1, 'lost', 'account'),"
    " (77, 1, 'gone', 'account');"
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
    " WHERE i < 60) INSERT INTO address (id, domain_id, local_part, kind)"
    " SELECT 100 + i, 1, 's' || i, 'account' FROM n;"
    "INSERT INTO account (id, real_name, password_hash, initial_password,"
    " credential, version, routing, keep_copy, quota_bytes, created_at,"
    " password_at) SELECT id, CASE id % 3 WHEN 0 THEN '' ELSE"
    " 'O''Neil-Smith, J. ' || id END, '" HASH "', id % 2, id % 5, id % 7,"
    " CASE id % 4 WHEN 1 THEN 'discard' WHEN 2 THEN 'forward' ELSE"
    " 'mailbox' END, id % 4 = 2 AND id % 3 = 0, 1 + id * 1000000, id - 50,"
    " id * 7 FROM address WHERE kind = 'account' AND id <> 10;"
    "INSERT INTO target SELECT id, 1, 'X' || id, 'x.example' FROM account"
    " WHERE routing = 'forward' AND id <> 110;"
    "INSERT INTO target VALUES (2, 2, 'u1', 'b.example'),"
    " (3, 1, 'left', 'over.example');"
    "INSERT INTO domain_admin VALUES (1, 1), (1, 5), (4, 7);"
    "INSERT INTO site_admin VALUES (1);"
    "INSERT INTO history (at, actor, origin, request_id, domain,"
    " account_id, subject, what, old_value, new_value) SELECT id, 'u1',"
    " '192.0.2.1', 'req', 'a.example', id, 's', 'quota', id, 'x' FROM"
    " account;"
    "DELETE FROM address WHERE id = 77";

struct old {
	struct tempdb *t;
	struct tempdb at; /* only its paths */
	struct store_paths paths;
};

static char *
read_file(const char *path)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = fopen(path, "r");

	if (f == NULL)
		fail_msg("%s: run in the directory of the Makefile", path);
	assert_true(getdelim(&text, &size, '\0', f) > 0);
	fclose(f);
	return text;
}

/* A file of version 1: schema, views, rows. */
static void
make_old(const char *path, const char *schema, const char *views,
    const char *rows)
{
	char *sql = read_file(schema);
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(db, "PRAGMA journal_mode = WAL;"
			     "PRAGMA foreign_keys = ON",
		NULL, NULL, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(db, views, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(db, rows, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA user_version = 1", NULL,
			     NULL, NULL),
	    SQLITE_OK);
	sqlite3_close(db);
	free(sql);
}

static void
make_all_old(struct old *o, struct tempdb *t)
{
	o->t = t;
	o->at = *t;
	snprintf(o->at.users, sizeof(o->at.users), "%s/o-users.db", t->dir);
	snprintf(o->at.web, sizeof(o->at.web), "%s/o-web.db", t->dir);
	snprintf(
	    o->at.mailstat, sizeof(o->at.mailstat), "%s/o-stat.db", t->dir);
	o->paths = tempdb_paths(&o->at);
	make_old(o->at.users, "schema/001-init.sql", views_1, rows_1);
	make_old(o->at.web, "schema/web.sql", "",
	    "INSERT INTO session VALUES (zeroblob(32), 1, 2, 3, 4, 5);"
	    "INSERT INTO throttle VALUES (zeroblob(16), 1, 2, 3);"
	    "INSERT INTO known_place VALUES (zeroblob(16), 7);"
	    "INSERT INTO oldest_message VALUES (1, 2, 3, 4, 5)");
	make_old(o->at.mailstat, "schema/mailstat.sql", "",
	    "INSERT INTO quota_usage VALUES ('u1@a.example', 0, 0),"
	    " ('u2@a.example', 10485760, 1), ('0@a.example', 10485761, 1),"
	    " ('u1@b.example', 2000000000, 9), ('nobody', 5, 1),"
	    " ('neg@a.example', -3, 0), ('@', 1, 1);"
	    "INSERT INTO last_login VALUES ('u1@a.example', 77)");
}

/* Is it what a new program makes? */
static void
assert_as_new(const char *old, const char *new)
{
	static const char all[] = "SELECT type || ' ' || name || ' ' ||"
				  " replace(coalesce(sql, ''), '\"account\"',"
				  " 'account') || ';' FROM sqlite_schema"
				  " WHERE name NOT LIKE 'account_search_%'"
				  " ORDER BY 1";
	char *want = strdup(tempdb_text(new, all));

	assert_string_equal(tempdb_text(old, all), want);
	free(want);
	assert_int_equal(tempdb_int(old, "PRAGMA user_version"),
	    tempdb_int(new, "PRAGMA user_version"));
	assert_string_equal(tempdb_text(old, "PRAGMA journal_mode"), "wal");
	assert_string_equal(
	    tempdb_text(old, "PRAGMA integrity_check"), "ok");
	assert_string_equal(
	    tempdb_text(old, "PRAGMA foreign_key_check"), "");
}

static void
assert_same_text(const char *a, const char *b, const char *sql)
{
	char *want = strdup(tempdb_text(a, sql));

	assert_true(want[0] != '\0');
	assert_string_equal(tempdb_text(b, sql), want);
	free(want);
}

/* In words of both versions; the new one has more postmasters. */
static const char *const kept[] = {
	"SELECT id || '|' || real_name || '|' || password_hash || '|' ||"
	" initial_password || '|' || credential || '|' || version || '|' ||"
	" routing || '|' || keep_copy || '|' || quota_bytes || '|' ||"
	" created_at || '|' || password_at FROM account"
	" WHERE id < 161 ORDER BY id",
	"SELECT id || '|' || domain_id || local_part || kind FROM address"
	" WHERE id < 161 ORDER BY id",
	"SELECT address_id || '|' || position || local_part || '@' || domain"
	" FROM target ORDER BY 1",
	"SELECT id || name || '|' || pop_host || '|' || enabled || '|' ||"
	" default_quota_bytes FROM domain ORDER BY id",
	"SELECT account_id FROM site_admin",
	"SELECT domain_id || '|' || account_id FROM domain_admin"
	" WHERE domain_id IN (1, 4)",
	"SELECT id || '|' || at || actor || origin || request_id || domain ||"
	" account_id || subject || what || old_value || new_value"
	" FROM history ORDER BY id",
	"SELECT allow_nets FROM site",
	"SELECT id || local_part || domain || password_hash || allow_nets ||"
	" quota_bytes || pop3_open || mailbox_open FROM mail_account"
	" WHERE id < 161 ORDER BY id",
	"SELECT local_part || domain || target FROM mail_alias ORDER BY 1",
	"SELECT domain FROM mail_domain ORDER BY 1",
	"SELECT local_part || domain || transport FROM mail_transport",
};

static void
migrates(void **state)
{
	struct old o;
	struct tempdb *t = *state;
	char bak[160], *before;
	struct stat st;

	make_all_old(&o, t);
	before = tempdb_dump(o.at.users);
	assert_int_equal(store_init(&o.paths), RES_OK);
	assert_as_new(o.at.users, t->users);
	assert_as_new(o.at.web, t->web);
	assert_as_new(o.at.mailstat, t->mailstat);
	/* The copy is the old one, and as private. */
	snprintf(bak, sizeof(bak), "%s.v1.bak", o.at.users);
	assert_int_equal(stat(bak, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0660);
	assert_int_equal(tempdb_int(bak, "PRAGMA user_version"), 1);
	tempdb_assert_same(&before, bak);
	for (size_t i = 0; i < NELEM(kept); i++)
		assert_same_text(bak, o.at.users, kept[i]);
}

static void
counts(void **state)
{
	struct old o;

	make_all_old(&o, *state);
	assert_int_equal(store_init(&o.paths), RES_OK);
	assert_string_equal(tempdb_miscounted(&o.at), "");
	assert_string_equal(
	    tempdb_text(o.at.users, "SELECT domain_id || ':' || accounts"
				    " FROM domain_count ORDER BY 1"),
	    "1:64 2:2 3:1 4:2");
	tempdb_assert_search(&o.at);
	assert_string_equal(
	    tempdb_text(o.at.mailstat,
		"SELECT domain || ' ' || size_class || ' ' || mailboxes ||"
		" ' ' || bytes || ';' FROM domain_usage ORDER BY 1"),
	    " 0 1 1; a.example 0 3 10485757; a.example 1 1 10485761;"
	    " b.example 4 1 2000000000; nobody 0 1 5;");
	assert_string_equal(
	    tempdb_text(o.at.web,
		"SELECT account_id || credential || created_at || seen_at ||"
		" authenticated_at FROM session UNION ALL SELECT fails ||"
		" since || blocked_until FROM throttle UNION ALL SELECT"
		" seen_at FROM known_place UNION ALL SELECT oldest_at"
		" FROM oldest_message UNION ALL SELECT count(*) FROM upload"),
	    "12345 123 7 4 0");
}

/* A backup of version 1, too: it is as if it had been migrated in its place. */
static void
restored(void **state)
{
	struct tempdb *t = *state;
	const struct store_paths p = tempdb_paths(t);
	struct networks n;
	struct restored done;
	struct old o;
	const struct restore_from from = { .file = o.at.users, .fd = -1,
		.mail = "", .lists = "", .engine = "", .campus = &n,
		.now = NOW };

	assert_int_equal(
	    networks_read("conf", "10.0.0.0/8", &n, stderr), RES_OK);
	make_all_old(&o, t);
	/* Its log is empty, and would be taken for one that is not. */
	assert_int_equal(
	    tempdb_exec(o.at.users, "PRAGMA journal_mode = DELETE"), 0);
	assert_int_equal(users_restore(&p, &from, &done), RES_OK);
	assert_false(done.whole);
	assert_int_equal(tempdb_int(o.at.users, "PRAGMA user_version"), 1);
	for (size_t i = 0; i < NELEM(kept); i++)
		assert_same_text(o.at.users, t->users, kept[i]);
	assert_string_equal(tempdb_miscounted(t), "");
	tempdb_assert_search(t);
}

/* Each domain has its postmaster, who administers where nobody does. */
static void
postmasters(void **state)
{
	struct old o;
	struct store *s;
	struct account a;

	make_all_old(&o, *state);
	assert_int_equal(store_init(&o.paths), RES_OK);
	assert_string_equal(
	    tempdb_text(o.at.users,
		"SELECT d.name || ' ' || n.local_part FROM domain_admin m"
		" JOIN domain d ON d.id = m.domain_id"
		" JOIN address n ON n.id = m.account_id ORDER BY 1"),
	    "a.example u1 a.example u1 b.example postmaster c.example"
	    " postmaster d.example old");
	assert_string_equal(
	    tempdb_text(o.at.users,
		"SELECT domain_id || kind FROM address WHERE local_part ="
		" 'postmaster' ORDER BY 1"),
	    "1account 2account 3account 4account");
	assert_int_equal(store_open(&o.paths, BY_WEB, &s), RES_OK);
	assert_int_equal(account_find(s, "postmaster@c.example", &a), RES_OK);
	assert_true(a.initial && a.domain_admin);
	assert_int_equal(a.quota_bytes, 1);
	assert_true(passwd_hash_ok(a.hash));
	assert_false(passwd_verify("", a.hash));
	assert_true(a.id > 160);
	/* One that was there is as it was. */
	assert_int_equal(account_find(s, "postmaster@b.example", &a), RES_OK);
	assert_string_equal(a.hash, HASH);
	store_close(&s);
	/* Ids of what was deleted long ago are not used again either. */
	assert_int_equal(tempdb_int(o.at.users,
			     "SELECT min(id) FROM address WHERE local_part ="
			     " 'postmaster' AND domain_id IN (1, 3)"),
	    161);
}

static void
take(void *arg, const struct listed *l)
{
	(void)l;
	++*(size_t *)arg;
}

/* And it works: the programs open it, find, list and save. */
static void
works(void **state)
{
	const struct account_set set = { .real_name = "New" };
	const struct actor shell = SHELL;
	struct findings f = { .n = 0 };
	struct old o;
	struct store *s;
	struct domain d;
	struct listing l;
	struct listing_query q = { .domain = &d, .q = "neil-smi",
		.after = "", .before = "", .max = 100 };
	size_t n = 0;

	make_all_old(&o, *state);
	assert_int_equal(store_init(&o.paths), RES_OK);
	assert_int_equal(store_open(&o.paths, BY_TOOL, &s), RES_OK);
	assert_int_equal(store_domain(s, "a.example", &d), RES_OK);
	assert_int_equal(d.max_accounts, NO_LIMIT);
	assert_int_equal(listing_page(s, &q, take, &n, &l), RES_OK);
	assert_int_equal(n, 42);
	assert_int_equal(
	    account_set(s, "s60@a.example", &set, &shell, &f), RES_OK);
	q.q = "new";
	n = 0;
	assert_int_equal(listing_page(s, &q, take, &n, &l), RES_OK);
	assert_int_equal(n, 1);
	store_close(&s);
	tempdb_assert_search(&o.at);
	assert_string_equal(tempdb_miscounted(&o.at), "");
}

/* Once more is nothing, and the copy stays what it was. */
static void
twice(void **state)
{
	struct old o;
	char bak[160], *before, *copy;
	struct stat one, two;

	make_all_old(&o, *state);
	assert_int_equal(store_init(&o.paths), RES_OK);
	snprintf(bak, sizeof(bak), "%s.v1.bak", o.at.users);
	assert_int_equal(stat(bak, &one), 0);
	before = tempdb_dump(o.at.users);
	copy = tempdb_dump(bak);
	assert_int_equal(store_init(&o.paths), RES_OK);
	tempdb_assert_same(&before, o.at.users);
	tempdb_assert_same(&copy, bak);
	assert_int_equal(stat(bak, &two), 0);
	assert_int_equal(one.st_ino, two.st_ino);
}

/* Forwards and lists of version 1 were only ever written by hand. */
static void
old_forwards(void **state)
{
	struct old o;

	make_all_old(&o, *state);
	assert_int_equal(
	    tempdb_exec(o.at.users,
		"INSERT INTO domain (id, name) VALUES (5, 'e.example');"
		"INSERT INTO address (id, domain_id, local_part, kind)"
		" VALUES (200, 1, 'fw', 'forward'), (201, 1, 'li', 'list'),"
		" (202, 5, 'postmaster', 'list');"
		"INSERT INTO target VALUES (200, 1, 'a', 'x.example')"),
	    0);
	assert_int_equal(store_init(&o.paths), RES_OK);
	assert_string_equal(tempdb_miscounted(&o.at), "");
	assert_int_equal(tempdb_int(o.at.users,
			     "SELECT count(*) FROM forward WHERE id = 200"),
	    1);
}

/* -- from version 2 -- */

/* What a program of version 2 made of it. */
static void
make_all_second(struct old *o, struct tempdb *t)
{
	char *one = read_file("schema/001-init.sql");
	char *two = read_file("schema/002-administration.sql");
	char *views = read_file("schema/views.sql");
	const struct migration steps[] = { { "001-init.sql", one },
		{ "002-administration.sql", two } };

	make_all_old(o, t);
	assert_int_equal(
	    schema_migrate(o->at.users, steps, 2, views), RES_OK);
	free(one);
	free(two);
	free(views);
	assert_int_equal(
	    tempdb_exec(o->at.users,
		"INSERT INTO address (id, domain_id, local_part, kind)"
		" VALUES (300, 1, 'fw', 'forward');"
		"INSERT INTO forward (id, domain_id, local_part, version,"
		" created_at) VALUES (300, 1, 'fw', 3, 4);"
		"INSERT INTO target VALUES (300, 1, 'a', 'x.example');"
		"UPDATE domain SET max_lists = 2 WHERE id = 1"),
	    0);
}

/* In words of both versions. */
static const char *const kept_of_2[] = {
	"SELECT id || '|' || domain_id || local_part || kind FROM address"
	" ORDER BY id",
	"SELECT id || '|' || local_part || version || created_at"
	" FROM forward",
	"SELECT id || '|' || real_name || password_hash || routing || version"
	" FROM account ORDER BY id",
	"SELECT address_id || '|' || position || local_part || '@' || domain"
	" FROM target ORDER BY 1",
	"SELECT domain_id || '|' || accounts || forwards || lists"
	" FROM domain_count ORDER BY 1",
	"SELECT id || name || '|' || max_lists FROM domain ORDER BY id",
	"SELECT id || '|' || at || what FROM history ORDER BY id",
	"SELECT local_part || domain || target FROM mail_alias ORDER BY 1",
};

static void
from_second(void **state)
{
	const struct mlist_form form = { .owner = "u1@a.example" };
	const struct actor shell = SHELL;
	struct findings f = { .n = 0 };
	struct tempdb *t = *state;
	char bak[160], *before;
	struct domain d;
	struct store *s;
	struct stat st;
	struct old o;

	make_all_second(&o, t);
	before = tempdb_dump(o.at.users);
	assert_int_equal(store_init(&o.paths), RES_OK);
	assert_as_new(o.at.users, t->users);
	assert_string_equal(tempdb_miscounted(&o.at), "");
	tempdb_assert_search(&o.at);
	snprintf(bak, sizeof(bak), "%s.v2.bak", o.at.users);
	assert_int_equal(stat(bak, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0660);
	assert_int_equal(tempdb_int(bak, "PRAGMA user_version"), 2);
	tempdb_assert_same(&before, bak);
	for (size_t i = 0; i < NELEM(kept_of_2); i++)
		assert_same_text(bak, o.at.users, kept_of_2[i]);
	assert_string_equal(
	    tempdb_text(o.at.users, "SELECT id FROM mailing_list UNION ALL"
				    " SELECT address FROM list_leaver"),
	    "");
	/* And lists can be made. */
	assert_int_equal(store_open(&o.paths, BY_WEB, &s), RES_OK);
	assert_int_equal(domain_find(s, "a.example", &d), RES_OK);
	assert_int_equal(
	    mlist_add(s, "", &d, "news", &form, &shell, &f), RES_OK);
	store_close(&s);
	assert_string_equal(
	    tempdb_text(o.at.users, "SELECT local_part || '@' || domain FROM"
				    " mail_transport WHERE transport LIKE"
				    " 'mlmmj:%'"),
	    "news@a.example");
	assert_string_equal(tempdb_miscounted(&o.at), "");
}

static void
second_fails(void **state)
{
	struct tempdb *t = *state;
	struct capture c;
	enum result r;
	char *before;
	struct old o;

	make_all_second(&o, t);
	/* The last thing that 003 makes. */
	assert_int_equal(
	    tempdb_exec(o.at.users, "CREATE TABLE list_leaver (x TEXT)"), 0);
	before = tempdb_dump(o.at.users);
	capture_begin(&c);
	r = store_init(&o.paths);
	capture_end(&c);
	assert_int_equal(r, RES_FAIL);
	assert_non_null(strstr(c.text, "003-lists.sql"));
	assert_non_null(strstr(c.text, "stays at version 2"));
	tempdb_assert_same(&before, o.at.users);
	assert_int_equal(
	    tempdb_exec(o.at.users, "DROP TABLE list_leaver"), 0);
	assert_int_equal(store_init(&o.paths), RES_OK);
	assert_as_new(o.at.users, t->users);
}

/* -- what goes wrong -- */

/* clang-format off */
static const struct fail_row {
	const char *name, *obstacle, *mended;
} fail_rows[] = {
	{ "fails at its beginning", "CREATE TABLE import (x TEXT) STRICT",
	    "DROP TABLE import" },
	{ "fails in the middle", "CREATE TABLE account_search (x TEXT)",
	    "DROP TABLE account_search" },
	{ "fails near its end", "CREATE TRIGGER count_import AFTER INSERT ON"
	    " site BEGIN SELECT 1; END", "DROP TRIGGER count_import" },
};
/* clang-format on */

static void
fails(void **state)
{
	struct tempdb *t = *state;
	const struct fail_row *r = t->row;
	struct capture c;
	struct old o;
	struct store *s;
	enum result init, open;
	char *before;

	make_all_old(&o, t);
	assert_int_equal(tempdb_exec(o.at.users, r->obstacle), 0);
	before = tempdb_dump(o.at.users);
	capture_begin(&c);
	init = store_init(&o.paths);
	open = store_open(&o.paths, BY_WEB, &s);
	capture_end(&c);
	assert_int_equal(init, RES_FAIL);
	assert_int_equal(open, RES_INVALID);
	assert_non_null(strstr(c.text, "002-administration.sql"));
	assert_non_null(strstr(c.text, "stays at version 1"));
	assert_non_null(strstr(c.text, "run `fumibako init`"));
	assert_int_equal(tempdb_int(o.at.users, "PRAGMA user_version"), 1);
	tempdb_assert_same(&before, o.at.users);
	/* The cause is mended. */
	assert_int_equal(tempdb_exec(o.at.users, r->mended), 0);
	assert_int_equal(store_init(&o.paths), RES_OK);
	assert_as_new(o.at.users, t->users);
}

static void
locked(void **state)
{
	struct old o;
	struct capture c;
	sqlite3 *other;
	enum result r;

	make_all_old(&o, *state);
	other = tempdb_lock(o.at.users);
	capture_begin(&c);
	r = store_init(&o.paths);
	capture_end(&c);
	tempdb_unlock(other);
	assert_int_equal(r, RES_BUSY);
	assert_int_equal(tempdb_int(o.at.users, "PRAGMA user_version"), 1);
	assert_int_equal(store_init(&o.paths), RES_OK);
}

/* -- killed, in the middle of anything -- */

static int
child(char **argv)
{
	const struct store_paths paths = { argv[2], argv[3], argv[4] };

	tempdb_kill_after((int)strtol(argv[5], NULL, 10), 50);
	return (int)store_init(&paths);
}

static bool
dies(const struct old *o, int steps)
{
	char n[16];
	int status;
	pid_t pid;

	snprintf(n, sizeof(n), "%d", steps);
	fflush(NULL);
	if ((pid = fork()) == 0) {
		execl("/proc/self/exe", "test_migrate", "child", o->at.users,
		    o->at.web, o->at.mailstat, n, (char *)NULL);
		_exit(30);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status)) {
		assert_int_equal(WTERMSIG(status), SIGKILL);
		return true;
	}
	assert_int_equal(WEXITSTATUS(status), RES_OK);
	return false;
}

static void
killed(void **state)
{
	struct tempdb *t = *state;
	struct old o;
	char *before, *now;
	int deaths = 0;

	make_all_old(&o, t);
	before = tempdb_dump(o.at.users);
	for (int n = 1; dies(&o, n); n += 1 + n / 6) {
		deaths++;
		if (tempdb_int(o.at.users, "PRAGMA user_version") != 1)
			continue; /* it died in another file */
		now = tempdb_dump(o.at.users);
		assert_string_equal(before, now);
		free(now);
	}
	assert_true(deaths > 10);
	free(before);
	assert_as_new(o.at.users, t->users);
	assert_as_new(o.at.web, t->web);
	assert_as_new(o.at.mailstat, t->mailstat);
	assert_string_equal(tempdb_miscounted(&o.at), "");
	tempdb_assert_search(&o.at);
}

int
main(int argc, char **argv)
{
	static struct suite s;

	if (argc == 6 && strcmp(argv[1], "child") == 0)
		return child(argv);
#define T(name, f) \
	suite_add(&s, name, f, tempdb_open_empty, tempdb_drop, NULL)
	T("nothing is lost", migrates);
	T("what is counted is right", counts);
	T("a backup of version 1", restored);
	T("each domain has its postmaster", postmasters);
	T("the programs work with it", works);
	T("twice is nothing", twice);
	T("forwards written by hand", old_forwards);
	T("version 2: nothing is lost", from_second);
	T("version 2: 003 fails", second_fails);
	ADD_ROWS(&s, fail_rows, fails, tempdb_open_empty, tempdb_drop);
	T("locked", locked);
	T("killed at any moment", killed);
	return suite_run(&s, "migrate");
}
