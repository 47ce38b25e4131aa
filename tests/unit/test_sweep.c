/* What deleted accounts have left: which directories go, when, and that
 * nothing else does. */
#include "tests/unit/unit.h"

#include <sys/stat.h>

#include "base/tree.h"
#include "core/sweep.h"
#include "tests/unit/tempdb.h"

#define DAY 86400

struct found {
	struct tempdb *t;
	char mail[96];
	char text[2048]; /* "2 u2@alpha.example kept 0, ": days */
	size_t n;
};

static const char *
at(const struct found *f, const char *name)
{
	static char paths[4][256];
	static int i;

	i = (i + 1) % 4;
	snprintf(paths[i], sizeof(paths[i]), "%s/%s", f->mail, name);
	return paths[i];
}

static void
put(const struct found *f, const char *name)
{
	FILE *file = fopen(at(f, name), "w");

	assert_non_null(file);
	fputs("Subject: x\n", file);
	fclose(file);
}

static void
put_dir(const struct found *f, const char *name)
{
	assert_int_equal(mkdir(at(f, name), 0700), 0);
}

static void
put_mailbox(const struct found *f, const char *id)
{
	char name[64];

	put_dir(f, id);
	snprintf(name, sizeof(name), "%s/Maildir", id);
	put_dir(f, name);
	snprintf(name, sizeof(name), "%s/Maildir/new", id);
	put_dir(f, name);
	snprintf(name, sizeof(name), "%s/Maildir/new/1795600000.x", id);
	put(f, name);
}

static bool
there(const struct found *f, const char *name)
{
	return access(at(f, name), F_OK) == 0;
}

static int
begin(void **state)
{
	struct tempdb *t;
	struct found *f = calloc(1, sizeof(*f));

	if (tempdb_open(state) != 0)
		return -1;
	t = *state;
	f->t = t;
	snprintf(f->mail, sizeof(f->mail), "%s/mail", t->dir);
	mkdir(f->mail, 0700);
	*state = f;
	return 0;
}

static int
end(void **state)
{
	struct found *f = *state;
	void *t = f->t;

	tempdb_remove_tree(f->mail);
	free(f);
	return tempdb_drop(&t);
}

static void
take(void *arg, const struct swept *s)
{
	struct found *f = arg;

	f->n += (size_t)snprintf(f->text + f->n, sizeof(f->text) - f->n,
	    "%lld %s %s %lld, ", (long long)s->id, s->address,
	    s->due ? "due" : "kept", (long long)(s->since - NOW) / DAY);
}

/* What is found on a day. */
static enum result
sweep(struct found *f, int day, int keep, bool dry)
{
	const struct sweep_rules rules = { .directory = f->mail,
		.now = NOW + day * DAY, .keep = keep * DAY, .dry_run = dry };

	f->n = 0;
	f->text[0] = '\0';
	return mail_sweep(f->t->tool_store, &rules, take, f);
}

static void
assert_sweep(struct found *f, int day, const char *what)
{
	assert_int_equal(sweep(f, day, 7, false), RES_OK);
	assert_string_equal(f->text, what);
}

static void
delete_on(struct found *f, const char *address, int day)
{
	const struct actor shell = { "", "shell:test", "", NOW + day * DAY,
		0 };
	const struct account a = tempdb_get(f->t, address);
	struct findings none = { .n = 0 };

	assert_int_equal(account_delete(f->t->tool_store, &a, NULL, "",
			     &shell, &none),
	    RES_OK);
}

static void
delete_account(struct found *f, const char *address)
{
	delete_on(f, address, 0);
}

/* What a restore does. */
static void
keep_u2(struct found *f)
{
	assert_int_equal(tempdb_exec(f->t->users,
			     "CREATE TABLE a AS SELECT * FROM account WHERE"
			     " id = 2; CREATE TABLE n AS SELECT * FROM"
			     " address WHERE id = 2"),
	    0);
}

static void
restore_u2(struct found *f)
{
	assert_int_equal(tempdb_exec(f->t->users,
			     "INSERT INTO address SELECT * FROM n;"
			     "INSERT INTO account SELECT * FROM a"),
	    0);
}

/* -- when -- */

static void
after_a_week(void **state)
{
	struct found *f = *state;

	put_mailbox(f, "1");
	put_mailbox(f, "2");
	assert_sweep(f, 0, "");
	delete_account(f, "u2@alpha.example");
	assert_sweep(f, 1, "2 u2@alpha.example kept 1, ");
	assert_sweep(f, 7, "2 u2@alpha.example kept 1, ");
	assert_true(there(f, "2/Maildir/new/1795600000.x"));
	assert_int_equal(sweep(f, 8, 7, true), RES_OK);
	assert_string_equal(f->text, "2 u2@alpha.example due 1, ");
	assert_true(there(f, "2/Maildir/new/1795600000.x"));
	assert_sweep(f, 8, "2 u2@alpha.example due 1, ");
	assert_false(there(f, "2"));
	assert_false(there(f, "removing-2"));
	assert_sweep(f, 9, "");
	assert_true(there(f, "1/Maildir/new/1795600000.x"));
	assert_false(there(f, "1/.fumibako-gone"));
}

/* The account was not to be deleted: it comes back, and its mail is there.
 * When it goes again, the week begins anew. */
static void
comes_back(void **state)
{
	struct found *f = *state;

	put_mailbox(f, "2");
	keep_u2(f);
	delete_account(f, "u2@alpha.example");
	assert_sweep(f, 1, "2 u2@alpha.example kept 1, ");
	restore_u2(f);
	assert_sweep(f, 20, "");
	assert_true(there(f, "2/Maildir/new/1795600000.x"));
	assert_false(there(f, "2/.fumibako-gone"));
	delete_account(f, "u2@alpha.example");
	assert_sweep(f, 21, "2 u2@alpha.example kept 21, ");
}

/* It was there again, but no sweep has seen it: the mark is old. */
static void
comes_and_goes(void **state)
{
	struct found *f = *state;

	put_mailbox(f, "2");
	keep_u2(f);
	delete_account(f, "u2@alpha.example");
	assert_sweep(f, 1, "2 u2@alpha.example kept 1, ");
	restore_u2(f);
	delete_on(f, "u2@alpha.example", 19);
	assert_sweep(f, 20, "2 u2@alpha.example kept 19, ");
	assert_true(there(f, "2/Maildir/new/1795600000.x"));
	assert_sweep(f, 26, "2 u2@alpha.example due 19, ");
}

static void
at_once(void **state)
{
	struct found *f = *state;

	put_mailbox(f, "3");
	delete_account(f, "u3@alpha.example");
	assert_int_equal(sweep(f, 0, 0, false), RES_OK);
	assert_string_equal(f->text, "3 u3@alpha.example due 0, ");
	assert_false(there(f, "3"));
}

static void
dry_leaves_no_mark(void **state)
{
	struct found *f = *state;

	put_mailbox(f, "3");
	put_mailbox(f, "removing-2");
	delete_account(f, "u3@alpha.example");
	assert_int_equal(sweep(f, 0, 0, true), RES_OK);
	assert_string_equal(f->text, "3 u3@alpha.example due 0, ");
	assert_false(there(f, "3/.fumibako-gone"));
	assert_true(there(f, "removing-2/Maildir/new"));
}

/* One that was killed in the middle. */
static void
goes_on(void **state)
{
	struct found *f = *state;

	put_mailbox(f, "removing-2");
	put_mailbox(f, "removing-x");
	assert_sweep(f, 0, "");
	assert_false(there(f, "removing-2"));
	assert_true(there(f, "removing-x"));
}

/* -- what -- */

/* Numbers that no address had, names that are no numbers, an import's. */
static void
not_ours(void **state)
{
	struct found *f = *state;
	static const char *const names[] = { "99", "0", "02", "2x", "-2",
		"lost+found", "gone-2-5", ".2", "99999999999999999999999" };

	assert_int_equal(tempdb_exec(f->t->users,
			     "INSERT INTO import (id, domain_id, at, owner)"
			     " VALUES (1, 1, 1, 'x');"
			     "UPDATE address SET import_id = 1 WHERE id = 2;"
			     "UPDATE domain_count SET accounts = accounts - 1,"
			     " quota_bytes = quota_bytes - (SELECT"
			     " quota_bytes FROM account WHERE id = 2)"
			     " WHERE domain_id = 1"),
	    0);
	put_mailbox(f, "2");
	for (size_t i = 0; i < NELEM(names); i++)
		put_mailbox(f, names[i]);
	assert_int_equal(sweep(f, 0, 0, false), RES_OK);
	assert_string_equal(f->text, "");
	assert_true(there(f, "2/Maildir/new/1795600000.x"));
	for (size_t i = 0; i < NELEM(names); i++)
		assert_true(there(f, names[i]));
}

/* Mail.Directory is Lists.Spool by mistake. */
static void
a_list_is_somebody(void **state)
{
	struct found *f = *state;
	char id[24];

	assert_int_equal(tempdb_exec(f->t->users,
			     "INSERT INTO address (domain_id, local_part,"
			     " kind) VALUES (1, 'club', 'list')"),
	    0);
	snprintf(id, sizeof(id), "%lld",
	    (long long)tempdb_int(f->t->users, "SELECT max(id) FROM address"));
	put_mailbox(f, id);
	assert_int_equal(sweep(f, 0, 0, false), RES_OK);
	assert_string_equal(f->text, "");
	assert_true(there(f, id));
}

/* Whoever writes the mailboxes cannot have anything else removed. */
static void
no_way_out(void **state)
{
	struct found *f = *state;
	struct capture c;
	enum result r;

	put_dir(f, "safe");
	put(f, "safe/letter");
	put_mailbox(f, "2");
	assert_int_equal(symlink("../../safe", at(f, "2/Maildir/cur")), 0);
	assert_int_equal(symlink("../safe/letter", at(f, "2/letter")), 0);
	assert_int_equal(link(at(f, "safe/letter"), at(f, "2/hard")), 0);
	assert_int_equal(mkfifo(at(f, "2/fifo"), 0600), 0);
	assert_int_equal(symlink("safe", at(f, "3")), 0);
	delete_account(f, "u2@alpha.example");
	delete_account(f, "u3@alpha.example");
	capture_begin(&c);
	r = sweep(f, 0, 0, false);
	capture_end(&c);
	/* What is a link in the place of a mailbox stays, and is told. */
	assert_int_equal(r, RES_FAIL);
	assert_string_equal(f->text, "2 u2@alpha.example due 0, ");
	assert_non_null(strstr(c.text, "event=sweep what=look id=3"));
	assert_false(there(f, "2"));
	assert_true(there(f, "3/letter"));
	assert_true(there(f, "safe/letter"));
}

/* A mark that is a link is not followed either. */
static void
a_false_mark(void **state)
{
	struct found *f = *state;

	put_mailbox(f, "2");
	assert_int_equal(symlink("../1/x", at(f, "2/.fumibako-gone")), 0);
	put_mailbox(f, "1");
	delete_account(f, "u2@alpha.example");
	assert_int_equal(sweep(f, 0, 7, false), RES_OK);
	assert_false(there(f, "1/x"));
}

/* One that cannot be walked. */
static void
put_deep(const struct found *f, const char *id)
{
	char name[256];

	put_mailbox(f, id);
	snprintf(name, sizeof(name), "%s", id);
	for (int i = 0; i < 70; i++) {
		snprintf(name + strlen(name), sizeof(name) - strlen(name),
		    "/d");
		put_dir(f, name);
	}
}

static void
too_deep(void **state)
{
	struct found *f = *state;
	struct capture c;
	enum result r;

	put_deep(f, "2");
	put_mailbox(f, "3");
	delete_account(f, "u2@alpha.example");
	delete_account(f, "u3@alpha.example");
	capture_begin(&c);
	r = sweep(f, 0, 0, false);
	capture_end(&c);
	assert_int_equal(r, RES_FAIL);
	assert_true(there(f, "2"));
	assert_false(there(f, "3"));
}

/* What stays is not called removed. */
static void
in_the_way(void **state)
{
	struct found *f = *state;
	struct capture c;
	enum result r;

	put_deep(f, "removing-2");
	put_mailbox(f, "2");
	delete_account(f, "u2@alpha.example");
	capture_begin(&c);
	r = sweep(f, 0, 0, false);
	capture_end(&c);
	assert_int_equal(r, RES_FAIL);
	assert_non_null(strstr(c.text, "event=sweep what=remove id=2"));
	assert_string_equal(f->text, "2 u2@alpha.example kept 0, ");
	assert_true(there(f, "2/Maildir/new/1795600000.x"));
}

static void
no_directory(void **state)
{
	struct found *f = *state;
	struct capture c;
	enum result r;

	assert_int_equal(rmdir(f->mail), 0);
	capture_begin(&c);
	r = sweep(f, 0, 0, false);
	capture_end(&c);
	assert_int_equal(r, RES_FAIL);
	assert_non_null(strstr(c.text, f->mail));
}

/* -- beside others -- */

static void
locked(void **state)
{
	struct found *f = *state;
	sqlite3 *other;
	struct capture c;
	enum result r;

	put_mailbox(f, "2");
	delete_account(f, "u2@alpha.example");
	tempdb_no_wait(f->t);
	other = tempdb_lock(f->t->users);
	capture_begin(&c);
	r = sweep(f, 0, 0, false);
	capture_end(&c);
	tempdb_unlock(other);
	assert_int_equal(r, RES_BUSY);
	assert_true(there(f, "2/Maildir/new/1795600000.x"));
	assert_int_equal(sweep(f, 0, 0, false), RES_OK);
	assert_false(there(f, "2"));
}

/* What Dovecot counted for addresses that are no accounts. */
static void
usage(void **state)
{
	struct found *f = *state;

	assert_int_equal(tempdb_exec(f->t->mailstat,
			     "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL"
			     " SELECT i + 1 FROM n WHERE i < 2500)"
			     " INSERT INTO quota_usage SELECT 'g' || i ||"
			     " '@alpha.example', i, 1 FROM n;"
			     "INSERT INTO quota_usage VALUES"
			     " ('u1@alpha.example', 5, 1), ('nobody', 1, 1),"
			     " ('u1@gone.example', 6, 1);"
			     "INSERT INTO last_login VALUES"
			     " ('v1@beta.example', 9), ('x@beta.example', 9)"),
	    0);
	assert_int_equal(sweep(f, 0, 7, true), RES_OK);
	assert_int_equal(tempdb_int(f->t->mailstat,
			     "SELECT count(*) FROM quota_usage"),
	    2503);
	assert_int_equal(sweep(f, 0, 7, false), RES_OK);
	assert_string_equal(tempdb_text(f->t->mailstat,
				"SELECT username FROM quota_usage UNION ALL"
				" SELECT username FROM last_login"),
	    "u1@alpha.example v1@beta.example");
	assert_string_equal(
	    tempdb_text(f->t->mailstat, "SELECT sum(mailboxes) || ' ' ||"
					" sum(bytes) FROM domain_usage"),
	    "1 5");
}

/* -- how much -- */

static void
bytes(void **state)
{
	struct found *f = *state;
	int64_t n = 0;
	const int dir = tree_open(-1, "x");
	struct stat st;
	FILE *file;

	assert_int_equal(dir, -1);
	put_mailbox(f, "2");
	file = fopen(at(f, "2/large"), "w");
	for (int i = 0; i < 100000; i++)
		fputc('x', file);
	fclose(file);
	assert_int_equal(stat(at(f, "2/large"), &st), 0);
	assert_true(tree_walk(-1, at(f, "2/large"), false, &n));
	assert_int_equal(n, (int64_t)st.st_blocks * 512);
	assert_true(n >= 100000);
	assert_true(tree_walk(-1, at(f, "no"), true, &n));
}

int
main(void)
{
	static struct suite s;

#define T(name, f) suite_add(&s, name, f, begin, end, NULL)
	T("after a week", after_a_week);
	T("an account that comes back", comes_back);
	T("an account that comes and goes", comes_and_goes);
	T("at once", at_once);
	T("a dry run leaves no mark", dry_leaves_no_mark);
	T("goes on where it was killed", goes_on);
	T("what is not ours stays", not_ours);
	T("a list's directory stays", a_list_is_somebody);
	T("no way out of the mail store", no_way_out);
	T("a false mark", a_false_mark);
	T("too deep", too_deep);
	T("one that is in the way", in_the_way);
	T("no directory", no_directory);
	T("locked", locked);
	T("Dovecot's counts", usage);
	T("bytes on the disk", bytes);
	return suite_run(&s, "sweep");
}
