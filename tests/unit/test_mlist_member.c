/* Who is on a list, asked of an engine that is a child of the test: it notes
 * what it was told, and answers what the row says. */
#include "tests/unit/unit.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "core/account.h"
#include "core/engine.h"
#include "core/mlist.h"
#include "tests/unit/tempdb.h"

#define ALPHA "alpha.example"
#define U1 "u1@alpha.example"
#define NEWS "news@alpha.example"

/* Every test has these: news@alpha.example (30), more@alpha.example (31),
 * and info@alpha.example (20), which forwards to u1 and a@x.example. */
static const char fixture[] =
    "INSERT INTO address (id, domain_id, local_part, kind) VALUES"
    " (30, 1, 'news', 'list'), (31, 1, 'more', 'list'),"
    " (20, 1, 'info', 'forward');"
    "INSERT INTO mailing_list (id, owner, created_at) VALUES"
    " (30, 'u1@alpha.example', 1), (31, 'u1@alpha.example', 1);"
    "INSERT INTO forward (id, domain_id, local_part, created_at)"
    " VALUES (20, 1, 'info', 1);"
    "INSERT INTO target VALUES (20, 1, 'u1', 'alpha.example'),"
    " (20, 2, 'a', 'x.example');";

/* What the engine says to the request that begins so; to others "ok". */
struct answer {
	const char *head, *reply; /* "": hangs up */
};
#define ANSWERS 4
#define END "\n.\n" /* its first newline is that of the line before */

struct engine {
	pid_t pid;
	char path[96], log[96];
};

static void
serve_one(int fd, const char *log, const struct answer *answers)
{
	static char request[1024 * 1024];
	const char *reply = "ok\n";
	size_t n = 0;
	ssize_t got;
	bool cut;
	FILE *f;

	while (n < sizeof(request) - 1 &&
	    (got = read(fd, request + n, sizeof(request) - 1 - n)) > 0)
		n += (size_t)got;
	request[n] = '\0';
	cut = n < strlen(END) || strcmp(request + n - strlen(END), END) != 0;
	if (!cut)
		request[n - strlen(END) + 1] = '\0';
	if ((f = fopen(log, "a")) != NULL) {
		if (strncmp(request, "members", 7) != 0)
			fputs(request, f);
		fclose(f);
	}
	for (size_t i = ANSWERS; i-- > 0;)
		if (answers[i].head != NULL &&
		    strncmp(request, answers[i].head,
			strlen(answers[i].head)) == 0)
			reply = answers[i].reply;
	if (cut) /* what was cut off has no end mark */
		reply = "no\n";
	for (n = strlen(reply); n > 0; n -= (size_t)got, reply += got)
		if ((got = send(fd, reply, n, MSG_NOSIGNAL)) <= 0)
			break;
	close(fd);
}

static void
engine_begin(struct engine *e, const struct tempdb *t,
    const struct answer *answers)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(e->path, sizeof(e->path), "%s/e.sock", t->dir);
	snprintf(e->log, sizeof(e->log), "%s/e.log", t->dir);
	memcpy(sa.sun_path, e->path, strlen(e->path) + 1);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&sa, sizeof(sa)), 0);
	assert_int_equal(listen(fd, 8), 0);
	fflush(NULL);
	if ((e->pid = fork()) == 0) {
		int c;

		while ((c = accept(fd, NULL, NULL)) >= 0)
			serve_one(c, e->log, answers);
		_exit(1);
	}
	close(fd);
}

/* Ends it; what it was told but for "members". */
static const char *
engine_end(struct engine *e)
{
	static char text[1024 * 1024];
	FILE *f;

	kill(e->pid, SIGKILL);
	waitpid(e->pid, NULL, 0);
	text[0] = '\0';
	if ((f = fopen(e->log, "r")) != NULL) {
		text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
		fclose(f);
	}
	return text;
}

static struct mlist
news(struct tempdb *t)
{
	const struct domain d = tempdb_get_domain(t, ALPHA);
	struct mlist l;

	assert_int_equal(mlist_find(t->web_store, &d, "news", &l), RES_OK);
	return l;
}

/* -- adding to news@alpha.example, which has b@x.example -- */

#define HAS { "members 30", "ok\nb@x.example\n" }
#define MORE(lines) { HAS, { "members 31", "ok\n" lines } }
#define ASKED(lines) "add 30\n" lines

/* clang-format off */
static const struct add_row {
	const char *name, *before, *typed;
	struct answer answers[ANSWERS];
	enum result want;
	size_t n;
	const char *told, *asked, *changes;
} add_rows[] = {
	{ "add: one", "", "C@X.example", { HAS }, RES_OK, 1, "",
	    ASKED("C@x.example\n"), "list_members_added:>C@x.example" },
	{ "add: several lines", "", "c@x.example\r\nu1@ALPHA.example\n\n",
	    { HAS }, RES_OK, 2, "", ASKED("c@x.example\n" U1 "\n"),
	    "list_members_added:>c@x.example " U1 },
	{ "add: several in a line", "", "c@x.example, d@x.example;"
	    "e@x.example\tf@x.example", { HAS }, RES_OK, 4, "",
	    ASKED("c@x.example\nd@x.example\ne@x.example\nf@x.example\n"),
	    NULL },
	{ "add: as a Japanese keyboard types it", "",
	    "c@x.example、d@x.example，e@x.example　f@x.example", { HAS },
	    RES_OK, 4, "",
	    ASKED("c@x.example\nd@x.example\ne@x.example\nf@x.example\n"),
	    NULL },
	{ "add: with names", "", "Taro Yamada <c@x.example>\n"
	    "\"Smith, Bob\" <d@x.example>\n山田 <e@x.example>", { HAS },
	    RES_OK, 3, "", ASKED("c@x.example\nd@x.example\ne@x.example\n"),
	    NULL },
	{ "add: names, several in a line", "",
	    "Taro <c@x.example>, Jiro <d@x.example>", { HAS }, RES_OK, 2, "",
	    ASKED("c@x.example\nd@x.example\n"), NULL },
	{ "add: a name behind an address", "",
	    "c@x.example, Jiro <d@x.example>", { HAS }, RES_OK, 2, "",
	    ASKED("c@x.example\nd@x.example\n"), NULL },
	{ "add: who is there", "", "B@X.example", { HAS }, RES_OK, 0, "", "",
	    "" },
	{ "add: twice", "", "c@x.example C@x.example", { HAS }, RES_OK, 1,
	    "", ASKED("c@x.example\n"), NULL },
	{ "add: one of whom another's name is the end", "",
	    "b@x.exampl b@x.example.com bb@x.example", { HAS }, RES_OK, 3, "",
	    ASKED("b@x.exampl\nb@x.example.com\nbb@x.example\n"), NULL },
	{ "add: an extension", "", "u1+n@alpha.example", { HAS }, RES_OK, 1,
	    "", ASKED("u1+n@alpha.example\n"), NULL },
	{ "add: what a shell would take", "", "a$b&c*d{e}'f#@x.example",
	    { HAS }, RES_OK, 1, "", ASKED("a$b&c*d{e}'f#@x.example\n"),
	    NULL },
	{ "add: nobody", "", " \r\n,;", { HAS }, RES_INVALID, 0,
	    "members:list.no_members", "", "" },
	{ "add: all or none", "", "c@x.example\nbob\nu9@alpha.example",
	    { HAS }, RES_INVALID, 0, "members:forward.no_domain(bob)"
	    " members:forward.missing(u9@alpha.example)", "", "" },
	{ "add: an option", "", "-f@x.example", { HAS }, RES_INVALID, 0,
	    "members:forward.chars(-f@x.example)", "", "" },
	{ "add: a path", "", "a/../b@x.example", { HAS }, RES_INVALID, 0,
	    "members:forward.chars(a/../b@x.example)", "", "" },
	{ "add: a pipe", "", "|id@x.example", { HAS }, RES_INVALID, 0,
	    "members:forward.command(|id@x.example)", "", "" },
	{ "add: only a bracket", "", "Taro <c@x.example", { HAS },
	    RES_INVALID, 0, "members:forward.no_domain(Taro)"
	    " members:forward.command(<c@x.example)", "", "" },
	{ "add: empty brackets", "", "Taro <>", { HAS }, RES_INVALID, 0,
	    NULL, "", "" },

	{ "add: itself", "", NEWS, { HAS }, RES_INVALID, 0,
	    "members:list.self(" NEWS ")", "", "" },
	{ "add: its own extension", "", "News+owner@alpha.example", { HAS },
	    RES_INVALID, 0, "members:list.self(News+owner@alpha.example)",
	    "", "" },
	{ "add: a forward", "", "info@alpha.example", { HAS }, RES_OK, 1, "",
	    ASKED("info@alpha.example\n"), NULL },
	{ "add: a forward that leads back", "INSERT INTO target VALUES"
	    " (20, 3, 'news', 'alpha.example')", "info@alpha.example",
	    { HAS }, RES_INVALID, 0, "members:list.self(info@alpha.example)",
	    "", "" },
	{ "add: an account that leads back by a forward",
	    "INSERT INTO target VALUES (20, 3, 'news', 'alpha.example'),"
	    " (2, 1, 'info', 'alpha.example'); UPDATE account SET routing ="
	    " 'forward' WHERE id = 2", "u2@alpha.example", { HAS },
	    RES_INVALID, 0, "members:list.self(u2@alpha.example)", "", "" },
	{ "add: a list", "", "more@alpha.example", MORE("c@x.example\n"),
	    RES_OK, 1, "", ASKED("more@alpha.example\n"), NULL },
	{ "add: a list that has this one", "", "more@alpha.example",
	    MORE("c@x.example\nNews@Alpha.Example\n"), RES_INVALID, 0,
	    "members:list.self(more@alpha.example)", "", "" },
	{ "add: a list that is on this one by a forward",
	    "INSERT INTO target VALUES (20, 3, 'news', 'alpha.example')",
	    "more@alpha.example", MORE("info@alpha.example\n"), RES_INVALID,
	    0, "members:list.self(more@alpha.example)", "", "" },

	{ "add: it cannot", "", "c@x.example", { HAS, { "add", "no\n" } },
	    RES_FAIL, 0, "", ASKED("c@x.example\n"), "" },
	{ "add: it hangs up", "", "c@x.example", { HAS, { "add", "" } },
	    RES_FAIL, 0, "", ASKED("c@x.example\n"), "" },
	{ "add: it does not know the list", "", "c@x.example",
	    { { "members", "no\n" } }, RES_FAIL, 0, "", "", "" },
	{ "add: it talks nonsense", "", "c@x.example",
	    { { "members", "okay" } }, RES_FAIL, 0, "", "", "" },
};
/* clang-format on */

static void
add(void **state)
{
	struct tempdb *t = *state;
	const struct add_row *r = t->row;
	struct pool *p = pool_new();
	struct findings f = { .n = 0 };
	struct engine e;
	struct capture c;
	struct mlist l;
	enum result got;
	const char *asked;
	size_t n = 99;

	assert_int_equal(tempdb_exec(t->users, fixture), 0);
	if (r->before[0] != '\0')
		assert_int_equal(tempdb_exec(t->users, r->before), 0);
	l = news(t);
	engine_begin(&e, t, r->answers);
	capture_begin(&c);
	got = mlist_members_add(t->web_store, e.path, p, &l, r->typed,
	    &t->who, &f, &n);
	capture_end(&c);
	asked = engine_end(&e);
	pool_free(&p);
	if (r->told != NULL)
		assert_string_equal(told(&f), r->told);
	assert_int_equal(got, r->want);
	assert_string_equal(asked, r->asked);
	assert_int_equal(n, r->n);
	if (r->changes != NULL)
		assert_string_equal(tempdb_changes(t), r->changes);
}

/* -- removing -- */

/* clang-format off */
static const struct remove_row {
	const char *name, *lines;
	struct answer answers[ANSWERS];
	enum result want;
	size_t n;
	const char *asked, *changes;
} remove_rows[] = {
	{ "remove: one", "b@x.example\n", { HAS }, RES_OK, 1,
	    "remove 30\nb@x.example\n", "list_members_removed:b@x.example>" },
	{ "remove: without an end of line", "b@x.example", { HAS }, RES_OK,
	    1, "remove 30\nb@x.example\n", NULL },
	{ "remove: who is not there", "c@x.example\n-L\n\n../x\n", { HAS },
	    RES_OK, 0, "", "" },
	{ "remove: one of two", "c@x.example\nb@x.example\n", { HAS },
	    RES_OK, 1, "remove 30\nb@x.example\n", NULL },
	{ "remove: the beginning of one", "b@x.exampl\nb@x\n", { HAS },
	    RES_OK, 0, "", "" },
	{ "remove: it cannot", "b@x.example\n", { HAS, { "remove", "no\n" } },
	    RES_FAIL, 0, "remove 30\nb@x.example\n", "" },
};
/* clang-format on */

static void
removing(void **state)
{
	struct tempdb *t = *state;
	const struct remove_row *r = t->row;
	struct pool *p = pool_new();
	struct engine e;
	struct capture c;
	struct mlist l;
	enum result got;
	const char *asked;
	size_t n;

	assert_int_equal(tempdb_exec(t->users, fixture), 0);
	l = news(t);
	engine_begin(&e, t, r->answers);
	capture_begin(&c);
	got = mlist_members_remove(
	    t->web_store, e.path, p, &l, r->lines, &t->who, &n);
	capture_end(&c);
	asked = engine_end(&e);
	pool_free(&p);
	assert_int_equal(got, r->want);
	assert_string_equal(asked, r->asked);
	assert_int_equal(n, r->n);
	if (r->changes != NULL)
		assert_string_equal(tempdb_changes(t), r->changes);
}

/* -- asking -- */

static void
members(void **state)
{
	static const struct answer answers[ANSWERS] = {
		{ "members 30", "ok\nz@x.example\nA@x.example\n\nc@x.example" },
		{ "members 31", "ok\n" },
	};
	struct tempdb *t = *state;
	struct pool *p = pool_new();
	const char *lines[2] = { "", "" };
	struct engine e;
	struct mlist l;
	enum result r[2];

	assert_int_equal(tempdb_exec(t->users, fixture), 0);
	l = news(t);
	engine_begin(&e, t, answers);
	r[0] = mlist_members(e.path, p, &l, &lines[0]);
	l.id = 31;
	r[1] = mlist_members(e.path, p, &l, &lines[1]);
	engine_end(&e);
	assert_int_equal(r[0], RES_OK);
	assert_int_equal(r[1], RES_OK);
	assert_string_equal(
	    lines[0], "A@x.example\nc@x.example\nz@x.example\n");
	assert_string_equal(lines[1], "");
	pool_free(&p);
}

/* The page of an account lives without it. */
static void
of_account(void **state)
{
	static const struct answer answers[ANSWERS] = {
		{ "of\n" U1, "ok\n" NEWS "\n" },
		{ "of\n", "no\n" },
	};
	struct tempdb *t = *state;
	const struct account u1 = tempdb_get(t, U1);
	const struct account u2 = tempdb_get(t, "u2@alpha.example");
	struct pool *p = pool_new();
	const char *lines[4];
	struct engine e;
	struct capture c;

	assert_int_equal(tempdb_exec(t->users, fixture), 0);
	engine_begin(&e, t, answers);
	capture_begin(&c);
	lines[0] = mlist_of_account(t->web_store, e.path, p, &u1);
	lines[1] = mlist_of_account(t->web_store, e.path, p, &u2);
	lines[2] = mlist_of_account(t->web_store, "", p, &u1);
	capture_end(&c);
	engine_end(&e);
	capture_begin(&c);
	lines[3] = mlist_of_account(t->web_store, e.path, p, &u1);
	capture_end(&c);
	assert_string_equal(lines[0], NEWS "\n");
	for (size_t i = 1; i < 4; i++)
		assert_string_equal(lines[i], "");
	pool_free(&p);
}

static void
away(void **state)
{
	struct tempdb *t = *state;
	struct pool *p = pool_new();
	struct findings f = { .n = 0 };
	const char *lines;
	struct capture c;
	struct mlist l;
	enum result r[4];
	size_t n;

	assert_int_equal(tempdb_exec(t->users, fixture), 0);
	l = news(t);
	capture_begin(&c);
	r[0] = mlist_members("", p, &l, &lines);
	r[1] = mlist_members("/nowhere/s", p, &l, &lines);
	r[2] = mlist_members_add(t->web_store, "/nowhere/s", p, &l,
	    "c@x.example", &t->who, &f, &n);
	r[3] = mlist_members_remove(t->web_store, "/nowhere/s", p, &l,
	    "c@x.example", &t->who, &n);
	capture_end(&c);
	for (size_t i = 0; i < NELEM(r); i++)
		assert_int_equal(r[i], RES_BUSY);
	assert_string_equal(tempdb_changes(t), "");
	pool_free(&p);
}

/* Many at once: the line of the history has an end. */
static void
many(void **state)
{
	static const struct answer answers[ANSWERS] = { HAS };
	struct tempdb *t = *state;
	struct pool *p = pool_new();
	struct findings f = { .n = 0 };
	char *text = NULL;
	size_t size, n;
	FILE *out = open_memstream(&text, &size);
	const char *line;
	struct engine e;
	struct mlist l;
	enum result r;

	assert_int_equal(tempdb_exec(t->users, fixture), 0);
	l = news(t);
	for (int i = 0; i < 2000; i++)
		fprintf(out, "member%d@x.example\r\n", i);
	fclose(out);
	engine_begin(&e, t, answers);
	r = mlist_members_add(
	    t->web_store, e.path, p, &l, text, &t->who, &f, &n);
	assert_true(strlen(engine_end(&e)) > 2000 * 15);
	assert_int_equal(r, RES_OK);
	assert_int_equal(n, 2000);
	line = tempdb_changes(t);
	assert_true(strlen(line) > 1900 && strlen(line) < 2100);
	assert_string_equal(line + strlen(line) - 4, " ...");
	free(text);
	pool_free(&p);
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, add_rows, add, tempdb_open, tempdb_drop);
	ADD_ROWS(&s, remove_rows, removing, tempdb_open, tempdb_drop);
#define T(name, f) suite_add(&s, name, f, tempdb_open, tempdb_drop, NULL)
	T("members, in order", members);
	T("the lists of an account", of_account);
	T("the engine is away", away);
	T("two thousand", many);
	return suite_run(&s, "mlist_member");
}
