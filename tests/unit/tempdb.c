#include "tests/unit/unit.h"

#include <dirent.h>
#include <ftw.h>
#include <signal.h>
#include <sys/stat.h>

#include "core/domain.h"
#include "store/db.h"
#include "tests/unit/tempdb.h"

struct store_paths
tempdb_paths(const struct tempdb *t)
{
	return (struct store_paths){ t->users, t->web, t->mailstat };
}

/* A directory and all that needs no database. */
static struct tempdb *
begin(const void *row)
{
	struct tempdb *t = calloc(1, sizeof(*t));

	if (t == NULL || !secret_init())
		return NULL;
	t->row = row;
	snprintf(t->dir, sizeof(t->dir), "%s/fumibako-unit.XXXXXX",
	    unit_tmp());
	if (mkdtemp(t->dir) == NULL)
		return NULL;
	snprintf(t->users, sizeof(t->users), "%s/users.db", t->dir);
	snprintf(t->web, sizeof(t->web), "%s/web.db", t->dir);
	snprintf(t->mailstat, sizeof(t->mailstat), "%s/mailstat.db", t->dir);
	t->rules = (struct login_rules){
		.session = { .idle = 900, .max = 28800, .reauth = 600 },
		.throttle = { .pair = 5, .network = 30, .account = 50,
		    .window = 900, .wait = 30 },
		.hash_cost = 1,
	};
	t->who = (struct actor){ "u1@alpha.example", "192.0.2.1", "req-1",
		NOW, 0 };
	return t;
}

static bool
open_stores(struct tempdb *t)
{
	const struct store_paths paths = tempdb_paths(t);

	return store_open(&paths, BY_TOOL, &t->tool_store) == RES_OK &&
	    store_open(&paths, BY_WEB, &t->web_store) == RES_OK;
}

int
tempdb_open_empty(void **state)
{
	struct tempdb *t = begin(*state);
	struct store_paths paths;

	if (t == NULL)
		return -1;
	paths = tempdb_paths(t);
	if (store_init(&paths) != RES_OK || !open_stores(t) ||
	    login_prepare(&t->rules) != RES_OK)
		return -1;
	*state = t;
	return 0;
}

/* As domain_add makes it, but the people come before the postmaster: their
 * ids, 1 to 4, are in the SQL of the tests. */
static void
plain_domain(struct tempdb *t, const char *domain)
{
	char sql[128];

	snprintf(sql, sizeof(sql),
	    "INSERT INTO domain (name, pop_host) VALUES ('%s', 'post-9')",
	    domain);
	assert_int_equal(tempdb_exec(t->users, sql), 0);
}

static void
postmaster(struct tempdb *t, const char *domain)
{
	const struct actor shell = { "", "shell:test", "", NOW - 1000, 0 };
	char address[ADDRESS_SIZE], unused[PASSWD_GENERATED];
	const struct account_new new = { .address = address,
		.real_name = "" };
	struct findings f = { .n = 0 };

	snprintf(address, sizeof(address), "postmaster@%s", domain);
	assert_int_equal(account_add(t->tool_store, &t->rules, &new, &shell,
			     &f, unused),
	    RES_OK);
	assert_int_equal(
	    admin_grant(t->tool_store, address, domain, &shell), RES_OK);
}

static void
populate(struct tempdb *t)
{
	plain_domain(t, "alpha.example");
	plain_domain(t, "beta.example");
	tempdb_account(t, "u1@alpha.example");
	tempdb_account(t, "u2@alpha.example");
	tempdb_account(t, "u3@alpha.example");
	tempdb_account(t, "v1@beta.example");
	postmaster(t, "alpha.example");
	postmaster(t, "beta.example");
}

/* The three files as the first test of a program got them, and its rules:
 * made once, since hashes take most of the time of a set-up. */
static struct image {
	size_t n;
	char *bytes;
} images[3];
static struct login_rules image_rules;

static bool
keep_image(struct image *i, const char *path)
{
	FILE *f;

	if (tempdb_exec(path, "PRAGMA wal_checkpoint(TRUNCATE)") != 0 ||
	    (f = fopen(path, "r")) == NULL)
		return false;
	fseek(f, 0, SEEK_END);
	i->n = (size_t)ftell(f);
	rewind(f);
	i->bytes = malloc(i->n);
	i->n = i->bytes != NULL ? fread(i->bytes, 1, i->n, f) : 0;
	fclose(f);
	return i->n > 0;
}

static bool
write_image(const struct image *i, const char *path)
{
	FILE *f = fopen(path, "w");
	bool ok;

	if (f == NULL)
		return false;
	ok = fwrite(i->bytes, 1, i->n, f) == i->n;
	return fclose(f) == 0 && ok && chmod(path, 0660) == 0;
}

static int
open_image(void **state)
{
	struct tempdb *t = begin(*state);

	if (t == NULL || !write_image(&images[0], t->users) ||
	    !write_image(&images[1], t->web) ||
	    !write_image(&images[2], t->mailstat) || !open_stores(t))
		return -1;
	t->rules = image_rules;
	*state = t;
	return 0;
}

int
tempdb_open(void **state)
{
	struct tempdb *t;

	if (images[0].bytes != NULL)
		return open_image(state);
	if (tempdb_open_empty(state) != 0)
		return -1;
	t = *state;
	populate(t);
	image_rules = t->rules;
	return keep_image(&images[2], t->mailstat) &&
		keep_image(&images[1], t->web) &&
		keep_image(&images[0], t->users) ?
	    0 :
	    -1;
}

int
tempdb_drop(void **state)
{
	struct tempdb *t = *state;
	char path[512];
	struct dirent *e;
	int wrong = 0;
	DIR *d;

	/* Whatever a test did: nothing stays open, and the counts are right. */
	if (!store_is_idle(t->web_store) || !store_is_idle(t->tool_store)) {
		print_error("a transaction or a statement was left open\n");
		wrong = -1;
	}
	if (tempdb_miscounted(t)[0] != '\0') {
		print_error("domain_count: %s\n", tempdb_miscounted(t));
		wrong = -1;
	}
	store_close(&t->web_store);
	store_close(&t->tool_store);
	if ((d = opendir(t->dir)) == NULL)
		return -1;
	while ((e = readdir(d)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", t->dir, e->d_name);
		if (e->d_name[0] != '.')
			unlink(path);
	}
	closedir(d);
	if (rmdir(t->dir) != 0)
		return -1;
	free(t);
	return wrong;
}

void
tempdb_domain(struct tempdb *t, const char *domain)
{
	const struct domain_form form = { .pop_host = "post-9" };
	const struct actor shell = { "", "shell:test", "", NOW - 1000, 0 };
	struct findings f = { .n = 0 };

	assert_int_equal(
	    domain_add(t->tool_store, domain, &form, &shell, &f), RES_OK);
}

struct domain
tempdb_get_domain(struct tempdb *t, const char *name)
{
	struct domain d;

	assert_int_equal(store_domain(t->web_store, name, &d), RES_OK);
	return d;
}

int64_t
tempdb_account(struct tempdb *t, const char *address)
{
	const struct account_new new = {
		.address = address,
		.real_name = "Hanako Yamada",
		.password = PW,
	};
	const struct actor shell = { "", "shell:test", "", NOW - 1000, 0 };
	struct findings f = { .n = 0 };
	char unused[PASSWD_GENERATED], sql[128];
	int64_t id;

	assert_int_equal(account_add(t->tool_store, &t->rules, &new, &shell,
			     &f, unused),
	    RES_OK);
	/* A new account's password is an initial one; most tests are about
	 * people who have replaced it. */
	id = tempdb_get(t, address).id;
	snprintf(sql, sizeof(sql),
	    "UPDATE account SET initial_password = 0 WHERE id = %lld",
	    (long long)id);
	assert_int_equal(tempdb_exec(t->users, sql), 0);
	return id;
}

struct account
tempdb_get(struct tempdb *t, const char *address)
{
	struct account a;

	assert_int_equal(account_find(t->web_store, address, &a), RES_OK);
	return a;
}

static sqlite3 *
open_db(const char *path)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE,
			     NULL),
	    SQLITE_OK);
	sqlite3_busy_timeout(db, 2000);
	assert_int_equal(
	    sqlite3_exec(db, "PRAGMA foreign_keys = ON", NULL, NULL, NULL),
	    SQLITE_OK);
	return db;
}

int
tempdb_exec(const char *path, const char *sql)
{
	sqlite3 *db = open_db(path);
	int code = sqlite3_exec(db, sql, NULL, NULL, NULL);

	sqlite3_close(db);
	return code;
}

const char *
tempdb_text(const char *path, const char *sql)
{
	static char text[16384];
	sqlite3 *db = open_db(path);
	sqlite3_stmt *st;
	size_t n = 0;

	text[0] = '\0';
	assert_int_equal(
	    sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW && n < sizeof(text)) {
		const unsigned char *v = sqlite3_column_text(st, 0);

		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s",
		    n > 0 ? " " : "",
		    v != NULL ? (const char *)v : "(null)");
	}
	sqlite3_finalize(st);
	sqlite3_close(db);
	return text;
}

const char *
tempdb_changes(const struct tempdb *t)
{
	return tempdb_text(t->users,
	    "SELECT what || ':' || old_value || '>' || new_value FROM history"
	    " WHERE at >= 1800000000 ORDER BY id");
}

const char *
tempdb_lines(const struct tempdb *t)
{
	return tempdb_text(t->users,
	    "SELECT subject || ' ' || what || ':' || old_value || '>'"
	    " || new_value FROM history WHERE at >= 1800000000 ORDER BY id");
}

int64_t
tempdb_int(const char *path, const char *sql)
{
	const char *text = tempdb_text(path, sql);

	return text[0] != '\0' ? strtoll(text, NULL, 10) : -999;
}

/* What can be seen, counted one by one. */
#define SEEN \
	"(n.import_id IS NULL OR (SELECT done FROM import" \
	" WHERE id = n.import_id))"
#define COUNTED(what) \
	"(SELECT " what " FROM address n LEFT JOIN account a ON a.id = n.id" \
	" WHERE n.domain_id = c.domain_id AND " SEEN ")"
#define OF_ACCOUNTS(what) COUNTED("coalesce(sum(" what "), 0)")

const char *
tempdb_miscounted(const struct tempdb *t)
{
	return tempdb_text(t->users,
	    "SELECT c.domain_id || ' ' || c.accounts || ' ' || c.forwards"
	    " || ' ' || c.lists || ' ' || c.initial || ' ' || c.discarding"
	    " || ' ' || c.forwarding || ' ' || c.quota_bytes"
	    " FROM domain_count c WHERE"
	    " c.accounts <> " OF_ACCOUNTS("a.id IS NOT NULL")
	    " OR c.forwards <> " OF_ACCOUNTS("n.kind = 'forward'")
	    " OR c.lists <> " OF_ACCOUNTS("n.kind = 'list'")
	    " OR c.initial <> " OF_ACCOUNTS("a.initial_password")
	    " OR c.discarding <> " OF_ACCOUNTS("a.routing = 'discard'")
	    " OR c.forwarding <> " OF_ACCOUNTS("a.routing = 'forward'")
	    " OR c.quota_bytes <> " OF_ACCOUNTS("a.quota_bytes")
	    " UNION ALL SELECT 'no row for ' || name FROM domain WHERE id"
	    " NOT IN (SELECT domain_id FROM domain_count)");
}

void
tempdb_assert_search(const struct tempdb *t)
{
	assert_int_equal(
	    tempdb_exec(t->users, "INSERT INTO account_search"
				  " (account_search, rank)"
				  " VALUES ('integrity-check', 1)"),
	    0);
}

void
tempdb_assert_same(char **before, const char *path)
{
	char *after = tempdb_dump(path);

	assert_string_equal(*before, after);
	free(after);
	free(*before);
	*before = NULL;
}

static void
dump_rows(sqlite3 *db, const char *table, FILE *out)
{
	char *sql = sqlite3_mprintf("SELECT * FROM \"%w\" ORDER BY 1, 2",
	    table);
	sqlite3_stmt *st = NULL;

	/* site_admin and such have one column only. */
	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK) {
		sqlite3_free(sql);
		sql = sqlite3_mprintf("SELECT * FROM \"%w\" ORDER BY 1",
		    table);
		assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL),
		    SQLITE_OK);
	}
	while (sqlite3_step(st) == SQLITE_ROW) {
		fprintf(out, "%s:", table);
		for (int i = 0; i < sqlite3_column_count(st); i++) {
			const unsigned char *v = sqlite3_column_text(st, i);

			fprintf(out, " %d'%s'", sqlite3_column_type(st, i),
			    v != NULL ? (const char *)v : "");
		}
		fputc('\n', out);
	}
	sqlite3_finalize(st);
	sqlite3_free(sql);
}

char *
tempdb_dump(const char *path)
{
	sqlite3 *db = open_db(path);
	sqlite3_stmt *st;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(sqlite3_prepare_v2(db,
			     "SELECT type, name, coalesce(sql, '')"
			     " FROM sqlite_schema ORDER BY 1, 2",
			     -1, &st, NULL),
	    SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(st, 1);

		fprintf(out, "%s\n", sqlite3_column_text(st, 2));
		if (strcmp((const char *)sqlite3_column_text(st, 0),
			"table") == 0)
			dump_rows(db, name, out);
	}
	sqlite3_finalize(st);
	sqlite3_close(db);
	fclose(out);
	return text;
}

sqlite3 *
tempdb_lock(const char *path)
{
	sqlite3 *db = open_db(path);

	assert_int_equal(
	    sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	return db;
}

void
tempdb_unlock(sqlite3 *db)
{
	assert_int_equal(
	    sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

void
tempdb_no_wait(struct tempdb *t)
{
	sqlite3_busy_timeout(t->web_store->db[DB_USERS], 0);
	sqlite3_busy_timeout(t->web_store->db[DB_WEB], 0);
	sqlite3_busy_timeout(t->tool_store->db[DB_USERS], 0);
}

static int steps_left, step_size;

static int
step(void *unused)
{
	(void)unused;
	if (--steps_left == 0)
		raise(SIGKILL);
	return 0;
}

static int
count_steps(sqlite3 *db, char **error, const void *api)
{
	(void)error;
	(void)api;
	sqlite3_progress_handler(db, step_size, step, NULL);
	return SQLITE_OK;
}

void
tempdb_kill_after(int steps, int every)
{
	steps_left = steps;
	step_size = every;
	sqlite3_auto_extension((void (*)(void))count_steps);
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void
tempdb_remove_tree(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
