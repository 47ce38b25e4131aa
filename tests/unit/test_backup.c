/* Backup and restore: what is in it, what is refused, and that a restore that
 * is broken off at any moment leaves the old data or the new. */
#include "tests/unit/unit.h"

#include <dirent.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "core/restore.h"
#include "core/session.h"
#include "tests/unit/tempdb.h"

#define PAGE 4096

static const char *
at(const struct tempdb *t, const char *name)
{
	static char paths[4][128];
	static int i;

	i = (i + 1) % 4;
	snprintf(paths[i], sizeof(paths[i]), "%s/%s", t->dir, name);
	return paths[i];
}

/* Files in the directory whose names have `part` in them. */
static int
files(const struct tempdb *t, const char *part)
{
	DIR *d = opendir(t->dir);
	struct dirent *e;
	int n = 0;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL)
		n += strstr(e->d_name, part) != NULL;
	closedir(d);
	return n;
}

static struct networks
campus(void)
{
	struct networks n;

	assert_int_equal(
	    networks_read("conf", "10.0.0.0/8", &n, stderr), RES_OK);
	return n;
}

static enum result
restore_as(const struct store_paths *p, const char *file,
    const struct networks *n, struct restored *done)
{
	const struct restore_from from = { .file = file, .fd = -1,
		.mail = "", .lists = "", .engine = "", .campus = n,
		.now = NOW };

	*done = (struct restored){ .kept = "" };
	return users_restore(p, &from, done);
}

/* Into the fixture's own place; its standard error is in *c. */
static enum result
restore(struct tempdb *t, const char *file, struct restored *done,
    struct capture *c)
{
	const struct store_paths p = tempdb_paths(t);
	const struct networks n = campus();
	enum result r;

	capture_begin(c);
	r = restore_as(&p, file, &n, done);
	capture_end(c);
	return r;
}

/* A dump without the numbers that are given out next, which only grow. */
static char *
dump(const char *path)
{
	char *text = tempdb_dump(path), *line = text, *end;

	while ((line = strstr(line, "\nsqlite_sequence:")) != NULL) {
		end = strchr(line + 1, '\n');
		memmove(line, end, strlen(end) + 1);
	}
	return text;
}

static void
assert_dump(const char *want, const char *path)
{
	char *now = dump(path);

	assert_string_equal(want, now);
	free(now);
}

static void
publish(struct tempdb *t)
{
	const struct networks n = campus();

	assert_int_equal(site_publish_networks(t->tool_store, &n), RES_OK);
}

static const char *
backup(struct tempdb *t)
{
	const char *path = at(t, "backup.db");

	publish(t);
	assert_int_equal(store_backup(t->tool_store, path), RES_OK);
	return path;
}

/* -- backup -- */

static void
a_backup(void **state)
{
	struct tempdb *t = *state;
	const mode_t was = umask(0);
	const char *path = at(t, "backup.db");
	char *before = tempdb_dump(t->users);
	struct stat st;

	assert_int_equal(store_backup(t->tool_store, path), RES_OK);
	umask(was);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	/* One file, with no log beside it, and nothing is left. */
	assert_int_equal(files(t, "backup"), 1);
	assert_string_equal(tempdb_text(path, "PRAGMA journal_mode"),
	    "delete");
	tempdb_assert_same(&before, path);
}

static void
a_pipe(void **state)
{
	struct tempdb *t = *state;
	const char *path = at(t, "copy.db");
	char *before = tempdb_dump(t->users), *all;
	const int fd = memfd_create("pipe", 0);
	struct stat st;
	FILE *f;

	assert_int_equal(store_backup_to(t->tool_store, fd), RES_OK);
	assert_int_equal(files(t, "backup"), 0);
	assert_int_equal(fstat(fd, &st), 0);
	all = malloc((size_t)st.st_size);
	assert_int_equal(pread(fd, all, (size_t)st.st_size, 0), st.st_size);
	close(fd);
	f = fopen(path, "w");
	assert_int_equal(fwrite(all, 1, (size_t)st.st_size, f), st.st_size);
	fclose(f);
	free(all);
	tempdb_assert_same(&before, path);
}

/* A writer in the middle of something keeps no backup waiting, and what it
 * has not committed is not in it. */
static void
beside_a_writer(void **state)
{
	struct tempdb *t = *state;
	char *before = tempdb_dump(t->users);
	sqlite3 *other = tempdb_lock(t->users);

	assert_int_equal(sqlite3_exec(other, "DELETE FROM site_admin;"
					     "UPDATE account SET version = 9",
			     NULL, NULL, NULL),
	    SQLITE_OK);
	assert_int_equal(
	    store_backup(t->tool_store, at(t, "backup.db")), RES_OK);
	tempdb_unlock(other);
	tempdb_assert_same(&before, at(t, "backup.db"));
}

static void
over_another(void **state)
{
	struct tempdb *t = *state;
	const char *path = at(t, "backup.db"), *name = at(t, "latest");
	struct stat st;

	assert_int_equal(symlink("backup.db", name), 0);
	for (int i = 0; i < 2; i++) {
		tempdb_account(t, i == 0 ? "n0@alpha.example" :
					   "n1@alpha.example");
		assert_int_equal(store_backup(t->tool_store, name), RES_OK);
		/* The first one makes a file of the link: it led nowhere. */
		assert_int_equal(tempdb_int(i == 0 ? name : path,
				     "SELECT count(*) FROM account"),
		    7 + i);
		assert_int_equal(lstat(name, &st), 0);
		if (i == 0) {
			assert_true(S_ISREG(st.st_mode));
			assert_int_equal(rename(name, path), 0);
			assert_int_equal(symlink("backup.db", name), 0);
		} else {
			assert_true(S_ISLNK(st.st_mode));
		}
	}
}

static void
spoil(const char *path, long offset)
{
	FILE *f = fopen(path, "r+");

	assert_non_null(f);
	assert_int_equal(fseek(f, offset, SEEK_SET), 0);
	for (int i = 0; i < 600; i++)
		fputc(0xa5, f);
	fclose(f);
}

/* Where the accounts' rows are. */
static long
account_page(const char *path)
{
	return (tempdb_int(path, "SELECT rootpage FROM sqlite_schema"
				 " WHERE name = 'account'") -
		   1) *
	    PAGE;
}

static void
damaged_is_not_saved(void **state)
{
	struct tempdb *t = *state;
	const char *good = backup(t), *bad = at(t, "bad.db");
	struct store *s;
	struct capture c;
	char *before = tempdb_dump(good);
	enum result r;

	assert_int_equal(store_backup(t->tool_store, bad), RES_OK);
	spoil(bad, account_page(bad));
	assert_int_equal(store_open(&(struct store_paths){ .users = bad },
			     BY_TOOL, &s),
	    RES_OK);
	capture_begin(&c);
	r = store_backup(s, good);
	capture_end(&c);
	store_close(&s);
	assert_int_equal(r, RES_INVALID);
	assert_non_null(strstr(c.text, bad));
	/* The last good one is still there, and nothing else. */
	assert_int_equal(files(t, "backup"), 1);
	tempdb_assert_same(&before, good);
}

/* Who takes the argument for what is to be saved. */
static void
over_a_live_one(void **state)
{
	struct tempdb *t = *state;
	const struct store_paths p = tempdb_paths(t);
	const char *name = at(t, "latest");
	const char *const live[] = { p.users, name, p.web };
	char *before = tempdb_dump(p.users);
	struct capture c;
	struct stat st, now;

	assert_int_equal(symlink(p.users, name), 0);
	assert_int_equal(stat(p.users, &st), 0);
	for (size_t i = 0; i < NELEM(live); i++) {
		enum result r;

		capture_begin(&c);
		r = store_backup(t->tool_store, live[i]);
		capture_end(&c);
		assert_int_equal(r, RES_INVALID);
		assert_non_null(strstr(c.text, "in use"));
	}
	assert_int_equal(stat(p.users, &now), 0);
	assert_int_equal(now.st_ino, st.st_ino);
	tempdb_assert_same(&before, p.users);
	assert_int_equal(files(t, "part"), 0);
}

static void
nowhere(void **state)
{
	struct tempdb *t = *state;
	struct capture c;
	enum result r;

	capture_begin(&c);
	r = store_backup(t->tool_store, "/nonexistent/backup.db");
	capture_end(&c);
	assert_int_equal(r, RES_FAIL);
	assert_non_null(strstr(c.text, "/nonexistent/backup.db"));
}

/* -- restore -- */

/* How many a search finds, on a connection that was open all the time. */
static size_t
found(struct tempdb *t, const char *text)
{
	int64_t ids[20];
	size_t n = NELEM(ids);

	assert_int_equal(store_search(t->web_store, text, ids, &n), RES_OK);
	return n;
}

/* An older file, while everybody has the database open. */
static void
older(void **state)
{
	struct tempdb *t = *state;
	const struct session_rules *rules = &t->rules.session;
	const char *file = backup(t);
	char *saved = dump(file), *before, token[SECRET_TEXT];
	const int64_t cookie = tempdb_int(t->users, "PRAGMA schema_version");
	const struct account u1 = tempdb_get(t, "u1@alpha.example");
	struct login_session ls;
	struct account a;
	struct restored done;
	struct capture c;
	struct stat st;
	int64_t last;

	last = tempdb_account(t, "later@alpha.example");
	assert_int_equal(
	    tempdb_exec(t->users, "DELETE FROM address WHERE id = 2"), 0);
	before = tempdb_dump(t->users);
	assert_int_equal(found(t, "later"), 1);
	assert_int_equal(session_begin(t->web_store, rules, &u1, NOW, token),
	    RES_OK);
	assert_int_equal(restore(t, file, &done, &c), RES_OK);
	assert_false(done.whole);
	assert_dump(saved, t->users);
	/* Its statements were made before, and its schema is the same. */
	assert_int_equal(
	    account_find(t->web_store, "u2@alpha.example", &a), RES_OK);
	assert_int_equal(account_find(t->web_store, "later@alpha.example",
			     &a),
	    RES_NOTFOUND);
	assert_int_equal(
	    tempdb_int(t->users, "PRAGMA schema_version"), cookie);
	assert_int_equal(found(t, "later"), 0);
	assert_int_equal(found(t, "Hanako"), 4);
	assert_int_equal(session_find(t->web_store, rules, token, NOW, &ls),
	    RES_NOTFOUND);
	tempdb_assert_search(t);
	/* The next one gets a number that nobody had. */
	assert_true(tempdb_account(t, "next@alpha.example") > last);
	/* It can be undone. */
	assert_int_equal(stat(done.kept, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0660);
	tempdb_assert_same(&before, done.kept);
	assert_int_equal(files(t, "restore"), 0);
	free(saved);
}

static void
at_once(void **state)
{
	struct tempdb *t = *state;
	const char *file = backup(t);
	char *before = tempdb_dump(t->users);
	struct restored done;
	struct capture c;

	assert_int_equal(restore(t, file, &done, &c), RES_OK);
	tempdb_assert_same(&before, t->users);
	/* A second one within the second keeps the first one's copy. */
	assert_int_equal(restore(t, file, &done, &c), RES_OK);
	assert_int_equal(files(t, ".bak"), 2);
}

/* A copy by cp, of a database in WAL mode whose log is empty (C108). */
static void
a_bare_file(void **state)
{
	struct tempdb *t = *state;
	const char *file = backup(t);
	char *before = tempdb_dump(t->users);
	struct restored done;
	struct capture c;

	assert_int_equal(tempdb_exec(file, "PRAGMA journal_mode = WAL"), 0);
	assert_int_equal(files(t, "backup"), 1);
	assert_int_equal(restore(t, file, &done, &c), RES_OK);
	tempdb_assert_same(&before, t->users);
	assert_int_equal(files(t, "backup"), 1);
}

enum there { ABSENT, EMPTY, DAMAGED };
static const struct place_row {
	const char *name;
	enum there there;
} place_rows[] = {
	{ "into nothing", ABSENT },
	{ "into the empty file that Postfix makes", EMPTY },
	{ "into a damaged database", DAMAGED },
};

static void
make_place(struct tempdb *t, enum there there, struct store_paths *p)
{
	*p = tempdb_paths(t);
	p->users = at(t, "other.db");
	if (there == EMPTY)
		fclose(fopen(p->users, "w"));
	if (there != DAMAGED)
		return;
	tempdb_account(t, "lost@alpha.example");
	assert_int_equal(store_backup(t->tool_store, p->users), RES_OK);
	assert_int_equal(tempdb_exec(p->users, "PRAGMA journal_mode = WAL"),
	    0);
	spoil(p->users, account_page(p->users));
}

static void
into_what_is_unsound(void **state)
{
	struct tempdb *t = *state;
	const struct place_row *row = t->row;
	const char *file = backup(t);
	const struct networks n = campus();
	char *saved = dump(file);
	struct store_paths p;
	struct restored done;
	struct capture c;
	struct stat st;
	enum result r;

	make_place(t, row->there, &p);
	capture_begin(&c);
	r = restore_as(&p, file, &n, &done);
	capture_end(&c);
	assert_int_equal(r, RES_OK);
	assert_true(done.whole);
	assert_int_equal(done.kept[0] != '\0', row->there == DAMAGED);
	assert_dump(saved, p.users);
	assert_int_equal(stat(p.users, &st), 0);
	if (row->there != DAMAGED)
		assert_int_equal(st.st_mode & 07777, 0660);
	assert_string_equal(tempdb_text(p.users, "PRAGMA journal_mode"),
	    "wal");
	assert_string_equal(tempdb_text(p.users, "PRAGMA integrity_check"),
	    "ok");
	assert_int_equal(files(t, "restore"), 0);
	/* What the damaged one had given out stays used. */
	assert_int_equal(tempdb_int(p.users, "SELECT seq FROM sqlite_sequence"
					     " WHERE name = 'address'"),
	    row->there == DAMAGED ? 7 : 6);
	free(saved);
}

/* -- what is refused -- */

static void
make_letter(const char *path)
{
	FILE *f = fopen(path, "w");

	fputs("Dear Hanako, how are you?\n", f);
	fclose(f);
}

static void
make_empty(const char *path)
{
	fclose(fopen(path, "w"));
}

static void
make_foreign(const char *path)
{
	unlink(path);
	make_empty(path);
	assert_int_equal(tempdb_exec(path, "CREATE TABLE t (a);"
					   "PRAGMA user_version = 3"),
	    0);
}

static void
make_newer(const char *path)
{
	assert_int_equal(tempdb_exec(path, "PRAGMA user_version = 99"), 0);
}

static void
make_damaged(const char *path)
{
	spoil(path, account_page(path));
}

static void
make_cut(const char *path)
{
	assert_int_equal(truncate(path, 8 * PAGE + 100), 0);
}

static void
make_orphan(const char *path)
{
	assert_int_equal(tempdb_exec(path,
			     "PRAGMA foreign_keys = OFF;"
			     "DELETE FROM domain WHERE id = 2"),
	    0);
}

static void
make_short_of_a_table(const char *path)
{
	assert_int_equal(tempdb_exec(path, "DROP TABLE mailing_list"), 0);
}

static void
make_with_log(const char *path)
{
	char wal[256];

	snprintf(wal, sizeof(wal), "%s-wal", path);
	make_letter(wal);
}

/* SQLite keeps the log beside the file, not beside the link. */
static void
make_link(const char *path)
{
	char real[200];

	snprintf(real, sizeof(real), "%s.real", path);
	assert_int_equal(rename(path, real), 0);
	assert_int_equal(symlink(real, path), 0);
	make_with_log(real);
}

/* A rule that this file does not have, and a row that breaks it. */
static void
make_lawless(const char *path)
{
	assert_int_equal(tempdb_exec(path,
			     "PRAGMA writable_schema = ON;"
			     "UPDATE sqlite_schema SET sql = replace(sql,"
			     " 'CHECK (enabled IN (0, 1))', '') WHERE name ="
			     " 'domain'"),
	    0);
	assert_int_equal(
	    tempdb_exec(path, "UPDATE domain SET enabled = 7"), 0);
}

static const struct refused_row {
	const char *name;
	void (*make)(const char *path);
	const char *says;
} refused_rows[] = {
	{ "refused: a letter", make_letter, "not a database" },
	{ "refused: an empty file", make_empty, "is no backup of Fumibako" },
	{ "refused: another database", make_foreign,
	    "is no backup of Fumibako" },
	{ "refused: a newer version", make_newer, "99 is newer" },
	{ "refused: a damaged one", make_damaged, "damaged" },
	{ "refused: one that was cut off", make_cut, "" },
	{ "refused: a row that refers to none", make_orphan, "refers to none" },
	{ "refused: a table is missing", make_short_of_a_table,
	    "mailing_list" },
	{ "refused: its log is beside it", make_with_log, "-wal" },
	{ "refused: its log is behind a link", make_link, "-wal" },
	{ "refused: a row against the rules", make_lawless, "CHECK" },
	{ "refused: no such file", NULL, "backup.db: No such file" },
};

static void
is_refused(void **state)
{
	struct tempdb *t = *state;
	const struct refused_row *row = t->row;
	const char *file = backup(t);
	char *before = tempdb_dump(t->users);
	struct restored done;
	struct capture c;
	enum result r;

	if (row->make != NULL)
		row->make(file);
	else
		unlink(file);
	r = restore(t, file, &done, &c);
	assert_true(r == RES_INVALID || r == RES_FAIL);
	if (strstr(c.text, row->says) == NULL)
		fail_msg("does not say \"%s\" but: %s", row->says, c.text);
	tempdb_assert_same(&before, t->users);
	assert_int_equal(files(t, ".bak"), 0);
	assert_int_equal(files(t, "restore"), 0);
}

/* What the configuration calls the user database is somebody else's. */
static void
over_a_foreign_one(void **state)
{
	struct tempdb *t = *state;
	const char *file = backup(t);
	const struct networks n = campus();
	struct store_paths p = tempdb_paths(t);
	struct restored done;
	struct capture c;
	enum result r;

	p.users = at(t, "other.db");
	make_empty(p.users);
	assert_int_equal(tempdb_exec(p.users, "CREATE TABLE t (a);"
					      "INSERT INTO t VALUES (7)"),
	    0);
	capture_begin(&c);
	r = restore_as(&p, file, &n, &done);
	capture_end(&c);
	assert_int_equal(r, RES_INVALID);
	assert_non_null(strstr(c.text, "is no database of Fumibako"));
	assert_int_equal(tempdb_int(p.users, "SELECT a FROM t"), 7);
}

/* -- numbers, networks -- */

static void
ids_of_directories(void **state)
{
	struct tempdb *t = *state;
	const char *file = backup(t);
	static const char *const names[] = { "900", "gone-950-1800000000",
		"lost+found", "99999999999999999999", "x" };
	const struct store_paths p = tempdb_paths(t);
	struct networks n;
	struct restored done;
	char mail[128], path[192];
	struct restore_from from = { .file = file, .fd = -1, .mail = mail,
		.lists = "/nonexistent", .engine = "", .campus = &n,
		.now = NOW };

	assert_int_equal(
	    networks_read("conf", "192.0.2.0/24", &n, stderr), RES_OK);
	snprintf(mail, sizeof(mail), "%s/mail", t->dir);
	assert_int_equal(mkdir(mail, 0700), 0);
	for (size_t i = 0; i < NELEM(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", mail, names[i]);
		assert_int_equal(mkdir(path, 0700), 0);
	}
	assert_int_equal(users_restore(&p, &from, &done), RES_OK);
	for (size_t i = 0; i < NELEM(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", mail, names[i]);
		rmdir(path);
	}
	rmdir(mail);
	assert_false(done.unseen);
	assert_int_equal(tempdb_account(t, "next@alpha.example"), 951);
	/* From where people may log in is today's, not the backup's. */
	assert_string_equal(
	    tempdb_text(t->users, "SELECT allow_nets FROM site"),
	    "192.0.2.0/24");
}

/* A directory that is there, but not for this user, or is none. */
static void
ids_unseen(void **state)
{
	struct tempdb *t = *state;
	const char *file = backup(t);
	const struct store_paths p = tempdb_paths(t);
	const struct networks n = campus();
	struct restored done;

	for (int i = 0; i < 2; i++) {
		const struct restore_from from = { .file = file, .fd = -1,
			.mail = i == 0 ? file : "", .lists = i == 1 ? file : "",
			.engine = "", .campus = &n, .now = NOW };

		assert_int_equal(users_restore(&p, &from, &done), RES_OK);
		assert_true(done.unseen);
	}
}

/* -- broken off -- */

/* child FILE USERS WEB STAT STEPS LIMIT: 0, not so. */
static int
child(char **argv)
{
	const struct store_paths paths = { argv[3], argv[4], argv[5] };
	const rlim_t most = (rlim_t)strtol(argv[7], NULL, 10);
	const struct rlimit limit = { most, most };
	struct networks n;
	struct restored done;

	if (strtol(argv[6], NULL, 10) > 0)
		tempdb_kill_after((int)strtol(argv[6], NULL, 10), 20);
	signal(SIGXFSZ, SIG_IGN);
	if (freopen("/dev/null", "w", stderr) == NULL ||
	    (most > 0 && setrlimit(RLIMIT_FSIZE, &limit) != 0) ||
	    networks_read("conf", "10.0.0.0/8", &n, stderr) != RES_OK)
		return 31;
	return (int)restore_as(&paths, argv[2], &n, &done);
}

/* A restore by another process; microseconds after which it is killed, or
 * -1.  Its result, or -1: killed. */
static int
other_restores(const struct store_paths *p, const char *file, int steps,
    long limit, long us)
{
	char n[16], l[16];
	int status;
	pid_t pid;

	snprintf(n, sizeof(n), "%d", steps);
	snprintf(l, sizeof(l), "%ld", limit);
	fflush(NULL);
	if ((pid = fork()) == 0) {
		execl("/proc/self/exe", "test_backup", "child", file,
		    p->users, p->web, p->mailstat, n, l, (char *)NULL);
		_exit(30);
	}
	if (us >= 0) {
		usleep((useconds_t)us);
		kill(pid, SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (!WIFSIGNALED(status))
		return WEXITSTATUS(status);
	assert_int_equal(WTERMSIG(status), SIGKILL);
	return -1;
}

struct two {
	const char *file;
	char *old, *new;
	struct store_paths paths;
};

static void
make_two(struct two *w, struct tempdb *t)
{
	w->file = backup(t);
	w->new = dump(w->file);
	tempdb_account(t, "later@alpha.example");
	w->old = dump(t->users);
	w->paths = tempdb_paths(t);
}

/* Old; false: new.  Anything else fails. */
static bool
is_old(struct two *w, struct tempdb *t)
{
	char *now = dump(t->users);
	const bool old = strcmp(now, w->old) == 0;

	if (!old)
		assert_string_equal(now, w->new);
	free(now);
	assert_string_equal(tempdb_text(t->users, "PRAGMA integrity_check"),
	    "ok");
	return old;
}

static void
killed_at_a_step(void **state)
{
	struct tempdb *t = *state;
	struct two w;
	int deaths = 0;

	make_two(&w, t);
	for (int n = 1; other_restores(&w.paths, w.file, n, 0, -1) != RES_OK;
	     n += 1 + n / 5) {
		deaths++;
		(void)is_old(&w, t);
	}
	assert_true(deaths > 10);
	assert_false(is_old(&w, t));
	free(w.old);
	free(w.new);
}

static void
killed_at_a_time(void **state)
{
	struct tempdb *t = *state;
	struct two w;
	int deaths = 0;

	make_two(&w, t);
	for (long us = 500;
	     other_restores(&w.paths, w.file, 0, 0, us) != RES_OK;
	     us += 200 + us / 12) {
		deaths++;
		(void)is_old(&w, t);
	}
	assert_true(deaths > 5);
	assert_false(is_old(&w, t));
	free(w.old);
	free(w.new);
}

/* Nothing, or nothing yet, or all. */
static void
killed_before_the_first(void **state)
{
	struct tempdb *t = *state;
	const char *users = at(t, "other.db");
	struct two w;
	char *now;
	int deaths = 0;

	make_two(&w, t);
	w.paths.users = users;
	for (long us = 500;
	     other_restores(&w.paths, w.file, 0, 0, us) != RES_OK;
	     us += 200 + us / 12) {
		deaths++;
		if (access(users, F_OK) != 0 ||
		    tempdb_int(users, "PRAGMA user_version") == 0)
			continue;
		now = dump(users);
		assert_string_equal(now, w.new);
		free(now);
	}
	assert_true(deaths > 5);
	now = dump(users);
	assert_string_equal(now, w.new);
	free(now);
	free(w.old);
	free(w.new);
}

/* No room for a file of more than so much: the staged one, the kept one, the
 * log. */
static void
no_room(void **state)
{
	struct tempdb *t = *state;
	struct two w;
	int refused = 0, r;

	make_two(&w, t);
	for (long limit = PAGE; (r = other_restores(&w.paths, w.file, 0, limit,
				     -1)) != RES_OK;
	     limit += 9 * PAGE) {
		refused++;
		if (r != RES_BUSY)
			fail_msg("%ld bytes: result %d", limit, r);
		assert_true(is_old(&w, t));
		assert_int_equal(files(t, ".bak"), 0);
		assert_int_equal(files(t, "restore"), 0);
	}
	assert_true(refused > 4);
	assert_false(is_old(&w, t));
	free(w.old);
	free(w.new);
}

int
main(int argc, char **argv)
{
	static struct suite s;

	if (argc == 8 && strcmp(argv[1], "child") == 0)
		return child(argv);
#define T(name, f) suite_add(&s, name, f, tempdb_open, tempdb_drop, NULL)
	T("a backup is all of it, and private", a_backup);
	T("backup to a pipe", a_pipe);
	T("backup beside a writer", beside_a_writer);
	T("backup over another", over_another);
	T("backup over a database in use", over_a_live_one);
	T("a damaged database is not saved", damaged_is_not_saved);
	T("backup to nowhere", nowhere);
	T("an older backup", older);
	T("what was just saved changes nothing", at_once);
	T("C108 a bare file", a_bare_file);
	ADD_ROWS(&s, place_rows, into_what_is_unsound, tempdb_open,
	    tempdb_drop);
	ADD_ROWS(&s, refused_rows, is_refused, tempdb_open, tempdb_drop);
	T("a foreign database stays", over_a_foreign_one);
	T("no id again, networks of today", ids_of_directories);
	T("ids that could not be seen", ids_unseen);
	T("killed at a step", killed_at_a_step);
	T("killed at a time", killed_at_a_time);
	T("killed before the first", killed_before_the_first);
	T("no room", no_room);
	return suite_run(&s, "backup");
}
