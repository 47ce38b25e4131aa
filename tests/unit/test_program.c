/* Programs that ours run: what they print, how they end, how long they may
 * take. */
#include "tests/unit/unit.h"

#include "base/program.h"

#define SH(script) { "/bin/sh", "-c", script, NULL }

/* clang-format off */
static const struct row {
	const char *name;
	const char *const argv[6];
	int seconds, status;
	const char *out;
} rows[] = {
	{ "output", { "/bin/echo", "a", "b", NULL }, 60, 0, "a b\n" },
	{ "arguments are no shell's", { "/bin/echo", "$(id)", ";", "-n", NULL },
	    60, 0, "$(id) ; -n\n" },
	{ "status", SH("echo x; exit 3"), 60, 3, "x\n" },
	{ "a signal", SH("kill -9 $$"), 60, -1, "" },
	{ "none there", { "/nowhere/x", NULL }, 60, -1, "" },
	{ "no input", { "/bin/cat", NULL }, 60, 0, "" },
	{ "environment", { "/usr/bin/env", NULL }, 60, 0,
	    "PATH=/usr/bin:/bin\nLC_ALL=C\n" },
	{ "output closed before the end", SH("echo x; exec >&-; exit 4"), 60,
	    4, "x\n" },
	{ "who goes on behind it", SH("/bin/sleep 5 & echo x"), 4, 0,
	    "x\n" },
	{ "too long", SH("echo x; /bin/sleep 30; echo y"), 1,
	    PROGRAM_OUT_OF_TIME, "x\n" },
};
/* clang-format on */

static void
run(void **state)
{
	const struct row *r = *state;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int status;

	assert_non_null(out);
	status = program_run(r->argv, r->seconds, out, PROGRAM_ERRORS_APART);
	fclose(out);
	assert_int_equal(status, r->status);
	assert_string_equal(text, r->out);
	free(text);
}

static void
errors(void **state)
{
	const char *const argv[] = SH("echo in; echo to >&2");
	char *apart = NULL, *both = NULL;
	struct capture c;
	size_t size;
	FILE *out = open_memstream(&apart, &size);

	(void)state;
	assert_non_null(out);
	capture_begin(&c);
	assert_int_equal(program_run(argv, 60, out, PROGRAM_ERRORS_APART), 0);
	capture_end(&c);
	fclose(out);
	assert_string_equal(apart, "in\n");
	assert_string_equal(c.text, "to\n");
	assert_non_null(out = open_memstream(&both, &size));
	assert_int_equal(program_run(argv, 60, out, PROGRAM_ERRORS_TOO), 0);
	fclose(out);
	assert_string_equal(both, "in\nto\n");
	free(apart);
	free(both);
}

/* A zombie has ended, whoever forgets it. */
static bool
is_running(pid_t pid)
{
	char path[32], stat[64] = "";
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if ((f = fopen(path, "re")) == NULL)
		return false;
	(void)!fgets(stat, sizeof(stat), f);
	fclose(f);
	return strstr(stat, ") Z") == NULL;
}

/* What it has started, and listens to no SIGTERM, is killed, too. */
static void
all_are_killed(void **state)
{
	const char *const argv[] = SH("trap '' TERM; sleep 30 & echo $!; wait");
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	pid_t child;

	(void)state;
	assert_non_null(out);
	assert_int_equal(program_run(argv, 1, out, PROGRAM_ERRORS_APART),
	    PROGRAM_OUT_OF_TIME);
	fclose(out);
	child = (pid_t)strtol(text, NULL, 10);
	free(text);
	assert_true(child > 1);
	/* It is init's, or whose we all are, which may take a moment. */
	for (int i = 0; i < 100 && is_running(child); i++)
		usleep(20000);
	assert_false(is_running(child));
}

/* More than a pipe holds. */
static void
much(void **state)
{
	static const char *const argv[] = { "/usr/bin/head", "-c", "1000000",
		"/dev/zero", NULL };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_non_null(out);
	assert_int_equal(program_run(argv, 60, out, PROGRAM_ERRORS_APART), 0);
	assert_int_equal(program_run(argv, 60, NULL, PROGRAM_ERRORS_APART), 0);
	fclose(out);
	assert_int_equal(size, 1000000);
	free(text);
}

/* It is not taken for less. */
static void
too_much(void **state)
{
	static const char *const argv[] = { "/bin/cat", "/dev/zero", NULL };
	FILE *out = fopen("/dev/null", "we");

	(void)state;
	assert_non_null(out);
	assert_int_equal(program_run(argv, 60, out, PROGRAM_ERRORS_APART), -1);
	fclose(out);
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, rows, run, NULL, NULL);
	suite_add(&s, "errors", errors, NULL, NULL, NULL);
	suite_add(&s, "all are killed", all_are_killed, NULL, NULL, NULL);
	suite_add(&s, "much output", much, NULL, NULL, NULL);
	suite_add(&s, "too much output", too_much, NULL, NULL, NULL);
	return suite_run(&s, "program");
}
