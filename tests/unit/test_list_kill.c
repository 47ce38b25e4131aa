/*
 * fumibako-lists is killed before every system call that it makes for a
 * create, a save, a delete, ...; then it is started again.  After that
 * directories are as if nothing had been, and nothing is left over.
 */
#include "tests/unit/unit.h"

#include <dirent.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "lists/lists.h"
#include "tests/unit/tempdb.h"

/* A process with a sanitizer takes long to be born. */
#ifdef __SANITIZE_ADDRESS__
#define STRIDE 7
#else
#define STRIDE 1
#endif
#define OLD_LIST \
	"INSERT INTO address (id, domain_id, local_part, kind) VALUES" \
	" (31, 2, 'old', 'list'); INSERT INTO mailing_list (id, owner," \
	" created_at) VALUES (31, 'boss@x.example', 1);"
#define NEW_LIST \
	"INSERT INTO address (id, domain_id, local_part, kind) VALUES" \
	" (30, 1, 'news', 'list'); INSERT INTO mailing_list (id, owner," \
	" created_at) VALUES (30, 'u1@alpha.example', 1);"

struct place {
	const struct tempdb *db;
	struct lists lists;
	char spool[96], texts[96];
};

/* -- what is done -- */

static enum result
sync_all(const struct lists *ls)
{
	return lists_sync(ls);
}

static enum result
sync_news(const struct lists *ls)
{
	return lists_sync_one(ls, 30);
}

static enum result
join(const struct lists *ls)
{
	size_t n;

	return lists_add(ls, 30, "b@x.example\nc@x.example\n", &n);
}

static enum result
part(const struct lists *ls)
{
	size_t n;

	return lists_remove(ls, 30, "a@x.example\n", &n);
}

/* clang-format off */
static const struct row {
	const char *name;
	/* The database before and after what the web or the tool did. */
	const char *before, *after;
	enum result (*act)(const struct lists *);
	bool again; /* it has to be asked for again */
	int least;  /* so many steps it has */
	const char *then; /* what is done before it starts again */
} rows[] = {
	{ "create", "DELETE FROM address WHERE id = 30", NEW_LIST, sync_news,
	    false, 100, "" },
	{ "save", "", "UPDATE mailing_list SET prefix = '[x]', posting ="
	    " 'moderators', archive = 1, footer = 'end', owner = 'b@x.example',"
	    " subscription = 'closed', reply_to = 'list' WHERE id = 30",
	    sync_news, false, 30, "" },
	{ "save, taken back", "", "UPDATE mailing_list SET prefix = '[x]',"
	    " footer = 'end', owner = 'b@x.example' WHERE id = 30", sync_news,
	    false, 30, "UPDATE mailing_list SET prefix = '', footer = '',"
	    " owner = 'u1@alpha.example' WHERE id = 30" },
	{ "delete", "", "DELETE FROM address WHERE id = 30; INSERT INTO"
	    " list_leaver (address, at) VALUES ('news@alpha.example', 1)",
	    sync_news, false, 10, "" },
	{ "removed after a week", "", "", sync_all, false, 10, "" },
	{ "join", "", "", join, true, 5, "" },
	{ "leave", "", "", part, true, 5, "" },
};
/* clang-format on */

/* -- the spool -- */

static void
path_of(const struct place *p, const char *name, char out[512])
{
	snprintf(out, 512, "%s/%s", p->spool, name);
}

static void
put(const struct place *p, const char *name, const char *text)
{
	char path[512];
	FILE *f;

	path_of(p, name, path);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void
put_dir(const struct place *p, const char *name)
{
	char path[512];

	path_of(p, name, path);
	assert_int_equal(mkdir(path, 0700), 0);
}

static void
tell_file(const char *path, FILE *tree)
{
	char text[16384];
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	fprintf(tree, "%s\n", text);
}

/* All that is below a directory, in order: names and what is in them. */
static void
tell(const char *dir, FILE *tree)
{
	struct dirent **all;
	char path[1024];
	int n = scandir(dir, &all, NULL, alphasort);

	assert_true(n >= 0);
	for (int i = 0; i < n; i++) {
		const char *name = all[i]->d_name;

		snprintf(path, sizeof(path), "%s/%s", dir, name);
		/* Without what has the time of day in it. */
		if (name[0] == '.' || strstr(name, ".log") != NULL)
			;
		else if (all[i]->d_type == DT_DIR) {
			fprintf(tree, "%s/\n",
			    strncmp(name, "gone-30-", 8) == 0 ? "gone" : name);
			tell(path, tree);
		} else {
			fprintf(tree, "%s: ", name);
			tell_file(path, tree);
		}
		free(all[i]);
	}
	free(all);
}

/* To be freed. */
static char *
tree_of(const struct place *p)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	assert_non_null(f);
	tell(p->spool, f);
	fclose(f);
	return text;
}

/* -- a run -- */

static void
sql(const struct place *p, const char *what)
{
	assert_int_equal(tempdb_exec(p->db->users, what), 0);
}

/* All but old@, which stays as it is. */
static void
wipe(const struct place *p)
{
	DIR *d = opendir(p->spool);
	struct dirent *e;
	char path[512];

	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		path_of(p, e->d_name, path);
		if (e->d_name[0] != '.' && strcmp(e->d_name, "31") != 0)
			tempdb_remove_tree(path);
	}
	closedir(d);
}

/* As it is before: news@ (30) with a member, and old@ (31), which has news@
 * as one. */
static void
set_up(const struct place *p, const struct row *r)
{
	char before[1024];

	wipe(p);
	snprintf(before, sizeof(before),
	    "BEGIN; DELETE FROM address WHERE id = 30; DELETE FROM"
	    " list_leaver; " NEW_LIST " %s; COMMIT",
	    r->before);
	sql(p, before);
	assert_int_equal(lists_sync(&p->lists), RES_OK);
	if (r->before[0] == '\0')
		put(p, "30/subscribers.d/a", "a@x.example\n");
	put(p, "31/subscribers.d/n", "news@alpha.example\nnobody@x.example\n");
	put_dir(p, "gone-29-1");
	put_dir(p, "gone-29-1/subscribers.d");
	put(p, "gone-29-1/subscribers.d/a", "a@x.example\n");
	sql(p, r->after);
}

static void
child(struct place *p, const struct row *r)
{
	const struct store_paths paths = tempdb_paths(p->db);
	enum result result;

	/* The parent's database is not ours. */
	if (store_open(&paths, BY_LISTS, &p->lists.store) != RES_OK ||
	    ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
		_exit(9);
	raise(SIGSTOP);
	result = r->act(&p->lists);
	_exit(result == RES_OK ? 0 : 1);
}

/* Has it come to its n-th system call?  False: it has ended, well. */
static bool
comes_to(pid_t pid, int n)
{
	struct __ptrace_syscall_info info;
	int status, calls = 0;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSTOPPED(status));
	assert_int_equal(ptrace(PTRACE_SETOPTIONS, pid, NULL,
			     PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD),
	    0);
	for (;;) {
		assert_int_equal(ptrace(PTRACE_SYSCALL, pid, NULL, NULL), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		if (WIFEXITED(status)) {
			assert_int_equal(WEXITSTATUS(status), 0);
			return false;
		}
		assert_true(WIFSTOPPED(status));
		if (WSTOPSIG(status) != (SIGTRAP | 0x80))
			continue; /* SIGCHLD */
		assert_true(ptrace(PTRACE_GET_SYSCALL_INFO, pid,
				sizeof(info), &info) > 0);
		if (info.op == PTRACE_SYSCALL_INFO_ENTRY && ++calls == n)
			return true;
	}
}

/* Runs it, and kills it before its n-th system call; false: it has fewer. */
static bool
killed(struct place *p, const struct row *r, int n)
{
	pid_t pid = fork();
	bool there;

	assert_true(pid >= 0);
	if (pid == 0)
		child(p, r);
	there = comes_to(pid, n);
	if (there) {
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, NULL, 0), pid);
	}
	/* A program that it had started ends by itself. */
	while (waitpid(-1, NULL, 0) > 0)
		;
	return there;
}

/* Started again, and asked again where that is how it goes on.  The tree. */
static char *
mended(const struct place *p, const struct row *r)
{
	sql(p, r->then);
	assert_int_equal(lists_sync(&p->lists), RES_OK);
	if (r->again)
		assert_int_equal(r->act(&p->lists), RES_OK);
	assert_int_equal(
	    tempdb_int(p->db->users, "SELECT count(*) FROM list_leaver"), 0);
	return tree_of(p);
}

static void
each_step(void **state)
{
	struct tempdb *t = *state;
	const struct row *r = t->row;
	const struct store_paths paths = tempdb_paths(t);
	struct place p = { .db = t };
	char *want, *got;
	int n;

	snprintf(p.spool, sizeof(p.spool), "%s/spool", t->dir);
	snprintf(p.texts, sizeof(p.texts), "%s/texts", t->dir);
	p.lists = (struct lists){ .spool = p.spool, .texts = p.texts,
		.smtp_port = 10025 };
	assert_int_equal(mkdir(p.spool, 0700), 0);
	assert_int_equal(mkdir(p.texts, 0700), 0);
	put(&p, "../texts/sub-ok", "Welcome\n");
	assert_int_equal(
	    store_open(&paths, BY_LISTS, &p.lists.store), RES_OK);
	sql(&p, OLD_LIST);
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	set_up(&p, r);
	assert_false(killed(&p, r, -1));
	want = mended(&p, r);
	for (n = 1; set_up(&p, r), killed(&p, r, n); n += STRIDE) {
		got = mended(&p, r);
		assert_string_equal(got, want);
		free(got);
	}
	assert_true(n > r->least);
	free(want);
	store_close(&p.lists.store);
}

static int
down(void **state)
{
	const struct tempdb *t = *state;
	char path[96];

	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%s", t->dir,
		    i == 0 ? "spool" : "texts");
		tempdb_remove_tree(path);
	}
	return tempdb_drop(state);
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, rows, each_step, tempdb_open, down);
	return suite_run(&s, "list_kill");
}
