/* mlmmj's directories, as the database says.  No program of mlmmj is run. */
#include "tests/unit/unit.h"

#include <dirent.h>
#include <sys/stat.h>

#include "lists/lists.h"
#include "tests/unit/tempdb.h"

/* news@alpha.example (30) and old@beta.example (31). */
static const char fixture[] =
    "INSERT INTO address (id, domain_id, local_part, kind) VALUES"
    " (30, 1, 'news', 'list'), (31, 2, 'old', 'list');"
    "INSERT INTO mailing_list (id, owner, created_at) VALUES"
    " (30, 'u1@alpha.example', 1), (31, 'boss@x.example', 1)";

/* Of the test that runs; closed by its teardown. */
static struct store *store;

struct place {
	struct lists lists;
	char spool[96], texts[96];
};

/* A file below the spool; "(none)": it is not there. */
static const char *
content(const struct place *p, const char *name)
{
	static char text[16384];
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", p->spool, name);
	if ((f = fopen(path, "r")) == NULL)
		return "(none)";
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	return text;
}

static void
put(const struct place *p, const char *name, const char *text)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", p->spool, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void
put_dir(const struct place *p, const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", p->spool, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

/* How many there are whose names begin so. */
static int
count(const struct place *p, const char *begin)
{
	DIR *d = opendir(p->spool);
	struct dirent *e;
	int n = 0;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL)
		n += strncmp(e->d_name, begin, strlen(begin)) == 0;
	closedir(d);
	return n;
}

static void
begin(struct place *p, struct tempdb *t)
{
	const struct store_paths paths = tempdb_paths(t);
	FILE *f;
	char path[128];

	snprintf(p->spool, sizeof(p->spool), "%s/spool", t->dir);
	snprintf(p->texts, sizeof(p->texts), "%s/spool/.texts", t->dir);
	assert_int_equal(mkdir(p->spool, 0700), 0);
	assert_int_equal(mkdir(p->texts, 0700), 0);
	snprintf(path, sizeof(path), "%s/sub-ok", p->texts);
	assert_non_null(f = fopen(path, "w"));
	fputs("Welcome\n", f);
	fclose(f);
	assert_int_equal(store_open(&paths, BY_LISTS, &store), RES_OK);
	p->lists = (struct lists){ .store = store,
		.spool = p->spool, .texts = p->texts, .smtp_port = 10025 };
	assert_int_equal(tempdb_exec(t->users, fixture), 0);
	assert_int_equal(lists_sync(&p->lists), RES_OK);
}

static void
set(struct tempdb *t, const char *what)
{
	char sql[1024];

	snprintf(sql, sizeof(sql), "UPDATE mailing_list SET %s WHERE id = 30",
	    what);
	assert_int_equal(tempdb_exec(t->users, sql), 0);
}

static int
down(void **state)
{
	struct tempdb *t = *state;
	char spool[96];

	store_close(&store);
	snprintf(spool, sizeof(spool), "%s/spool", t->dir);
	tempdb_remove_tree(spool);
	return tempdb_drop(state);
}

static void
made(void **state)
{
	struct tempdb *t = *state;
	struct place p;
	char dir[128];
	struct stat st;

	begin(&p, t);
	assert_true(lists_dir(&p.lists, 30, dir, sizeof(dir)));
	assert_int_equal(stat(dir, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_false(lists_dir(&p.lists, 32, dir, sizeof(dir)));
	assert_false(lists_dir(&p.lists, -1, dir, sizeof(dir)));
	assert_string_equal(
	    content(&p, "30/control/listaddress"), "news@alpha.example\n");
	assert_string_equal(
	    content(&p, "30/control/owner"), "u1@alpha.example\n");
	assert_string_equal(
	    content(&p, "31/control/owner"), "boss@x.example\n");
	assert_string_equal(content(&p, "30/control/smtpport"), "10025\n");
	assert_string_equal(content(&p, "30/control/subonlypost"), "");
	assert_string_equal(content(&p, "30/control/prefix"), "(none)");
	assert_string_equal(
	    content(&p, "30/control/fumibako-footer"), "(none)");
	assert_string_equal(content(&p, "30/text/sub-ok"), "Welcome\n");
	assert_string_equal(content(&p, "30/index"), "");
	assert_int_equal(count(&p, "new-"), 0);
}

/* clang-format off */
static const struct row {
	const char *name, *set, *file, *want;
} rows[] = {
	{ "prefix", "prefix = '[news]'", "prefix", "[news]" },
	{ "footer", "footer = 'a' || char(10) || '.'", "fumibako-footer",
	    "a\n.\n" },
	{ "owner", "owner = 'b@x.example'", "owner", "b@x.example\n" },
	{ "the owner is asked", "owner = 'b@x.example'", "moderators",
	    "b@x.example\n" },
	{ "moderators", "moderators = 'a@x.example' || char(10) ||"
	    " 'b@x.example' || char(10)", "moderators",
	    "a@x.example\nb@x.example\n" },
	{ "anyone posts", "posting = 'anyone'", "subonlypost", "(none)" },
	{ "anyone posts unmoderated", "posting = 'anyone'", "modonlypost",
	    "(none)" },
	{ "moderators post", "posting = 'moderators'", "modonlypost", "" },
	{ "members, others moderated", "posting = 'members_moderated'",
	    "modnonsubposts", "" },
	{ "closed", "subscription = 'closed'", "closedlistsub", "" },
	{ "by approval", "subscription = 'approval'", "submod", "" },
	{ "no archive", "archive = 0", "noarchive", "" },
	{ "nothing is got of what there was", "archive = 0", "noget", "" },
	{ "archive is got from", "archive = 1", "noget", "(none)" },
	{ "archive", "archive = 1", "noarchive", "(none)" },
	{ "the archive is for members", "archive = 1", "subonlyget", "" },
};
/* clang-format on */

static void
settings(void **state)
{
	struct tempdb *t = *state;
	const struct row *r = t->row;
	struct place p;
	char name[64];

	begin(&p, t);
	put(&p, "30/subscribers.d/a", "a@x.example\n");
	snprintf(name, sizeof(name), "30/control/%s", r->file);
	set(t, r->set);
	assert_int_equal(lists_sync(&p.lists), RES_OK);
	assert_string_equal(content(&p, name), r->want);
	/* Back again, as it was made; members stay. */
	set(t, "prefix = '', footer = '', posting = 'members', subscription ="
	       " 'confirm', archive = 0, moderators = '',"
	       " owner = 'u1@alpha.example'");
	assert_int_equal(lists_sync(&p.lists), RES_OK);
	assert_string_equal(content(&p, "30/control/prefix"), "(none)");
	assert_string_equal(
	    content(&p, "30/control/fumibako-footer"), "(none)");
	assert_string_equal(content(&p, "30/control/submod"), "(none)");
	assert_string_equal(
	    content(&p, "30/control/moderators"), "u1@alpha.example\n");
	assert_string_equal(
	    content(&p, "30/subscribers.d/a"), "a@x.example\n");
}

/* A reply goes where it is set to, and nobody's header decides it. */
static void
headers(void **state)
{
	struct tempdb *t = *state;
	struct place p;

	begin(&p, t);
	assert_null(
	    strstr(content(&p, "30/control/customheaders"), "Reply-To"));
	assert_non_null(strstr(content(&p, "30/control/customheaders"),
	    "List-Id: <news.alpha.example>\n"));
	set(t, "reply_to = 'list'");
	assert_int_equal(lists_sync(&p.lists), RES_OK);
	assert_non_null(strstr(content(&p, "30/control/customheaders"),
	    "\nReply-To: news@alpha.example\n"));
	assert_non_null(
	    strstr(content(&p, "30/control/delheaders"), "Reply-To:\n"));
}

/* What a crash left half made is made anew; what is not ours stays. */
static void
after_a_crash(void **state)
{
	struct tempdb *t = *state;
	struct place p;

	begin(&p, t);
	assert_int_equal(
	    tempdb_exec(t->users,
		"INSERT INTO address (id, domain_id, local_part, kind) VALUES"
		" (32, 1, 'third', 'list'); INSERT INTO mailing_list (id,"
		" owner, created_at) VALUES (32, 'u1@alpha.example', 1)"),
	    0);
	put_dir(&p, "new-32");
	put_dir(&p, "new-32/control");
	put(&p, "new-32/control/owner", "somebody@x.example\n");
	put_dir(&p, "new-99");
	put_dir(&p, "lost+found");
	put(&p, "30/control/owner.new", "half");
	put(&p, "30/control/owner", "");
	assert_int_equal(lists_sync(&p.lists), RES_OK);
	assert_int_equal(count(&p, "new-"), 0);
	assert_int_equal(count(&p, "lost+found"), 1);
	assert_string_equal(
	    content(&p, "32/control/owner"), "u1@alpha.example\n");
	assert_string_equal(
	    content(&p, "30/control/owner"), "u1@alpha.example\n");
}

/* The same for one only; the others are not looked at. */
static void
one(void **state)
{
	struct tempdb *t = *state;
	struct place p;
	char dir[128];

	begin(&p, t);
	put(&p, "31/control/owner", "x");
	put_dir(&p, "32");
	set(t, "prefix = 'P'");
	assert_int_equal(lists_sync_one(&p.lists, 30), RES_OK);
	assert_string_equal(content(&p, "30/control/prefix"), "P");
	assert_string_equal(content(&p, "31/control/owner"), "x");
	assert_true(lists_dir(&p.lists, 32, dir, sizeof(dir)));
	/* Gone; never there. */
	assert_int_equal(lists_sync_one(&p.lists, 32), RES_OK);
	assert_false(lists_dir(&p.lists, 32, dir, sizeof(dir)));
	assert_int_equal(count(&p, "gone-32-"), 1);
	assert_int_equal(lists_sync_one(&p.lists, 32), RES_OK);
	assert_int_equal(lists_sync_one(&p.lists, -1), RES_OK);
}

/* A list that is gone takes no mail, and is no directory of a list. */
static void
gone(void **state)
{
	struct tempdb *t = *state;
	struct place p;
	char dir[128];

	begin(&p, t);
	assert_int_equal(
	    tempdb_exec(t->users, "DELETE FROM address WHERE id = 30"), 0);
	put_dir(&p, "gone-29-1"); /* of long ago */
	assert_int_equal(lists_sync(&p.lists), RES_OK);
	assert_false(lists_dir(&p.lists, 30, dir, sizeof(dir)));
	assert_true(lists_dir(&p.lists, 31, dir, sizeof(dir)));
	assert_int_equal(count(&p, "gone-29"), 0);
}

/* What a sync would mend is told, and nothing is touched. */
static void
only_looks(void **state)
{
	struct tempdb *t = *state;
	char *text = NULL;
	struct place p;
	size_t size;
	FILE *out;

	begin(&p, t);
	assert_non_null(out = open_memstream(&text, &size));
	assert_int_equal(lists_check(&p.lists, out), RES_OK);
	fflush(out);
	assert_string_equal(text, "");
	put(&p, "30/control/owner", "somebody@x.example\n");
	put(&p, "30/control/submod", "");
	assert_int_equal(
	    tempdb_exec(t->users,
		"DELETE FROM address WHERE id = 31;"
		"INSERT INTO address (id, domain_id, local_part, kind) VALUES"
		" (32, 1, 'third', 'list'); INSERT INTO mailing_list (id,"
		" owner, created_at) VALUES (32, 'u1@alpha.example', 1)"),
	    0);
	assert_int_equal(lists_check(&p.lists, out), RES_OK);
	fclose(out);
	assert_string_equal(text,
	    "30 differs owner\n30 differs submod\n32 missing\n31 stray\n");
	free(text);
	assert_string_equal(
	    content(&p, "30/control/owner"), "somebody@x.example\n");
	assert_int_equal(count(&p, "32"), 0);
	assert_int_equal(count(&p, "31"), 1);
}

/* Nothing to make a list of: told, and the others are done. */
static void
no_texts(void **state)
{
	struct tempdb *t = *state;
	struct capture c;
	struct place p;
	enum result r;

	begin(&p, t);
	p.lists.texts = "/nowhere";
	assert_int_equal(
	    tempdb_exec(t->users,
		"INSERT INTO address (id, domain_id, local_part, kind) VALUES"
		" (29, 1, 'third', 'list'); INSERT INTO mailing_list (id,"
		" owner, created_at) VALUES (29, 'u1@alpha.example', 1)"),
	    0);
	set(t, "prefix = 'P'");
	capture_begin(&c);
	r = lists_sync(&p.lists);
	capture_end(&c);
	assert_int_equal(r, RES_FAIL);
	assert_non_null(strstr(c.text, "list_directory"));
	assert_string_equal(content(&p, "30/control/prefix"), "P");
	assert_string_equal(content(&p, "29/control/owner"), "(none)");
}

int
main(void)
{
	static struct suite s;

#define T(name, f) suite_add(&s, name, f, tempdb_open, down, NULL)
	T("made whole", made);
	ADD_ROWS(&s, rows, settings, tempdb_open, down);
	T("headers", headers);
	T("after a crash", after_a_crash);
	T("one list", one);
	T("a list that is gone", gone);
	T("only looks", only_looks);
	T("no texts", no_texts);
	return suite_run(&s, "list_dir");
}
