/* The numbers that the workers share, and the file they are in. */
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/log.h"
#include "base/metrics.h"
#include "base/secret.h"

#define ROUTES 3

static char dir[256], path[300], new[310];

static int
make_dir(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "%s/metrics.XXXXXX", unit_tmp());
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/m", dir);
	snprintf(new, sizeof(new), "%s.new", path);
	return 0;
}

static int
drop_dir(void **state)
{
	(void)state;
	metrics_close();
	if (unlink(path) < 0)
		rmdir(path);
	unlink(new);
	return rmdir(dir);
}

static enum result
open_it(void)
{
	return metrics_open(path, "GET /a", ROUTES);
}

static ino_t
inode(void)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_ino;
}

static void
a_new_file(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(open_it(), RES_OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0600);
	assert_int_not_equal(access(new, F_OK), 0);
	assert_int_equal(metric_value(METRIC_LOGIN_DONE), 0);
	metric_count(METRIC_LOGIN_DONE);
	metric_count(METRIC_LOGIN_DONE);
	metric_count(METRIC_WORKER_STARTS);
	assert_int_equal(metric_value(METRIC_LOGIN_DONE), 2);
	assert_int_equal(metric_value(METRIC_LOGIN_WRONG), 0);
	assert_int_equal(metric_value(METRIC_WORKER_STARTS), 1);
	/* Who comes later finds all that. */
	metrics_close();
	assert_false(metrics_are_open());
	assert_int_equal(open_it(), RES_OK);
	assert_int_equal(metric_value(METRIC_LOGIN_DONE), 2);
}

/* As in the tool: no file, no count, no harm. */
static void
none(void **state)
{
	(void)state;
	metric_count(METRIC_LOGIN_DONE);
	metric_time(TIME_HASHING, 5);
	metric_request(0, 200, 5);
	assert_int_equal(metric_value(METRIC_LOGIN_DONE), 0);
	assert_int_equal(metric_times(TIME_HASHING).bucket[0], 0);
}

static void
buckets(void **state)
{
	struct metric_times t;

	(void)state;
	assert_int_equal(open_it(), RES_OK);
	for (size_t b = 0; b < METRIC_BUCKETS; b++) {
		assert_true(b == 0 || metric_bounds[b - 1] < metric_bounds[b]);
		metric_time(TIME_DATABASE, metric_bounds[b]); /* "le" */
		metric_time(TIME_DATABASE, metric_bounds[b] + 1);
	}
	metric_time(TIME_DATABASE, -5);
	t = metric_times(TIME_DATABASE);
	assert_int_equal(t.bucket[0], 2);
	for (size_t b = 1; b < METRIC_BUCKETS; b++)
		assert_int_equal(t.bucket[b], 2);
	assert_int_equal(t.bucket[METRIC_BUCKETS], 1);
	assert_int_equal(t.sum,
	    2 * (1000 + 5000 + 20000 + 100000 + 500000 + 2000000 + 10000000 +
		    60000000) +
		METRIC_BUCKETS);
	/* Nobody else's. */
	t = metric_times(TIME_HASHING);
	assert_int_equal(t.sum, 0);
}

/* Every cell is one number's alone. */
static void
requests(void **state)
{
	(void)state;
	assert_int_equal(open_it(), RES_OK);
	for (size_t i = 0; i < ROUTES; i++)
		for (int class = 1; class <= METRIC_CLASSES; class++)
			for (size_t k = 0; k <= i * 10 + (size_t)class; k++)
				metric_request(i, class * 100 + 4, 3);
	for (size_t i = 0; i < ROUTES; i++) {
		uint64_t all = 0;

		for (int class = 1; class <= METRIC_CLASSES; class++) {
			all += i * 10 + (size_t)class + 1;
			assert_int_equal(metric_requests(i, class),
			    i * 10 + (size_t)class + 1);
		}
		assert_int_equal(metric_times(TIME__MAX + i).bucket[0], all);
		assert_int_equal(metric_times(TIME__MAX + i).sum, 3 * all);
	}
	/* No status that there is: nobody else's cell either. */
	metric_request(0, 0, 3);
	metric_request(ROUTES - 1, 600, 3);
	assert_int_equal(metric_requests(0, 1), 2);
	assert_int_equal(metric_requests(ROUTES - 1, METRIC_CLASSES),
	    (ROUTES - 1) * 10 + METRIC_CLASSES + 1);
	for (int m = 0; m < METRIC__MAX; m++)
		assert_int_equal(metric_value((enum metric)m), 0);
}

#define CHILDREN 6
#define TIMES_EACH 20000

/* All open it at once, one makes it; each adds; one is killed at it. */
static void
processes(void **state)
{
	pid_t pids[CHILDREN];
	int go[2], status;
	char c;

	(void)state;
	assert_int_equal(pipe(go), 0);
	for (int i = 0; i < CHILDREN; i++) {
		if ((pids[i] = fork()) != 0)
			continue;
		close(go[1]);
		(void)!read(go[0], &c, 1); /* until all are there */
		if (open_it() != RES_OK)
			_exit(1);
		for (int k = 0; k < TIMES_EACH; k++)
			metric_count(METRIC_DATABASE_BUSY);
		if (i == 0)
			raise(SIGKILL);
		_exit(0);
	}
	close(go[0]);
	close(go[1]);
	for (int i = 0; i < CHILDREN; i++) {
		waitpid(pids[i], &status, 0);
		assert_int_equal(status, i == 0 ? SIGKILL : 0);
	}
	assert_int_equal(open_it(), RES_OK);
	assert_int_equal(metric_value(METRIC_DATABASE_BUSY),
	    CHILDREN * TIMES_EACH);
}

/* Another program's: a new file; who counts in the old one goes on. */
static void
another_layout(void **state)
{
	ino_t before;
	pid_t pid;
	int status;

	(void)state;
	assert_int_equal(open_it(), RES_OK);
	metric_count(METRIC_LOGIN_DONE);
	before = inode();
	if ((pid = fork()) == 0) {
		metrics_close();
		_exit(metrics_open(path, "GET /b", ROUTES) == RES_OK &&
			    metric_value(METRIC_LOGIN_DONE) == 0 ?
			0 :
			1);
	}
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
	assert_int_not_equal(inode(), before);
	metric_count(METRIC_LOGIN_DONE);
	assert_int_equal(metric_value(METRIC_LOGIN_DONE), 2);
	/* More routes are another layout, too. */
	metrics_close();
	before = inode();
	assert_int_equal(metrics_open(path, "GET /b", ROUTES + 1), RES_OK);
	assert_int_not_equal(inode(), before);
}

static const struct row {
	const char *name;
	off_t at, size; /* what is written where; the file is cut to size */
	const char *bytes;
} rows[] = {
	{ "empty", 0, 0, "" },
	{ "one byte", 0, 1, "x" },
	{ "only the magic", 0, 8, "" },
	{ "cut in the numbers", 0, 100, "" },
	{ "a byte is missing", 0, -1, "" },
	{ "a byte more", 0, 1 << 20, "" },
	{ "another magic", 0, 0x7fff, "X" },
	{ "another count", 8, 0x7fff, "\xff\xff\xff\xff\xff\xff\xff" },
	{ "another layout", 16, 0x7fff, "zzzz" },
};

/* Whatever is there, it becomes a good file with nothing counted. */
static void
broken(void **state)
{
	const struct row *row = *state;
	struct stat st;
	off_t whole;
	int fd;

	assert_int_equal(open_it(), RES_OK);
	metric_count(METRIC_LOGIN_DONE);
	metrics_close();
	assert_int_equal(stat(path, &st), 0);
	whole = st.st_size;
	fd = open(path, O_RDWR);
	assert_int_equal(
	    pwrite(fd, row->bytes, strlen(row->bytes), row->at),
	    strlen(row->bytes));
	if (row->size != 0x7fff)
		assert_int_equal(
		    ftruncate(fd, row->size < 0 ? whole - 1 : row->size), 0);
	close(fd);
	assert_int_equal(open_it(), RES_OK);
	assert_int_equal(metric_value(METRIC_LOGIN_DONE), 0);
	metric_count(METRIC_LOGIN_DONE);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, whole);
	assert_int_equal(st.st_mode, S_IFREG | 0600);
}

/* What was left behind by one that was killed in between. */
static void
left_behind(void **state)
{
	(void)state;
	assert_int_equal(symlink("/nonexistent/x", new), 0);
	assert_int_equal(open_it(), RES_OK);
	assert_int_not_equal(access(new, F_OK), 0);
}

/* Not ours to write to: said, and nothing is counted. */
static void
no_file(void **state)
{
	struct capture c;
	char want[400];
	int kind;

	(void)state;
	for (kind = 0; kind < 3; kind++) {
		switch (kind) {
		case 0:
			assert_int_equal(symlink("/etc/passwd", path), 0);
			break;
		case 1:
			assert_int_equal(mkfifo(path, 0600), 0);
			break;
		default:
			assert_int_equal(mkdir(path, 0700), 0);
		}
		capture_begin(&c);
		assert_int_equal(open_it(), RES_FAIL);
		capture_end(&c);
		snprintf(want, sizeof(want), "event=metrics path=%s errno=",
		    path);
		assert_memory_equal(c.text, want, strlen(want));
		assert_false(metrics_are_open());
		if (kind < 2)
			unlink(path);
	}
}

int
main(void)
{
	static struct suite s;

	if (!secret_init())
		return 1;
#define T(name, f) suite_add(&s, name, f, make_dir, drop_dir, NULL)
	T("a new file", a_new_file);
	T("none", none);
	T("buckets", buckets);
	T("requests", requests);
	T("processes", processes);
	T("another layout", another_layout);
	ADD_ROWS(&s, rows, broken, make_dir, drop_dir);
	T("left behind", left_behind);
	T("no file", no_file);
	return suite_run(&s, "metrics");
}
