/* Other programs: what they print, how they end, how long they may take. */
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
	{ "too long, and it does not listen",
	    SH("trap : TERM; echo x; while :; do /bin/sleep 1; done"), 1,
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

/* What came of it, as "status:text". */
static const char *
ran(const char *const argv[], int seconds, enum program_errors errors)
{
	static char said[256];
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int status;

	assert_non_null(out);
	status = program_run(argv, seconds, out, errors);
	fclose(out);
	snprintf(said, sizeof(said), "%d:%s", status, text);
	free(text);
	return said;
}

static void
errors_are_told_where_they_are_wanted(void **state)
{
	const char *const argv[] = { "/bin/ls", "/no/such", NULL };
	struct capture c;
	const char *said;

	(void)state;
	capture_begin(&c);
	said = ran(argv, 5, PROGRAM_ERRORS_APART);
	capture_end(&c);
	assert_string_equal(said, "2:");
	assert_non_null(strstr(c.text, "/no/such"));
	assert_non_null(strstr(ran(argv, 5, PROGRAM_ERRORS_TOO), "/no/such"));
}

static void
endless_output_is_cut(void **state)
{
	const char *const argv[] = { "/usr/bin/head", "-c", "9000000",
		"/dev/zero", NULL };
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_non_null(out);
	assert_int_equal(program_run(argv, 20, out, PROGRAM_ERRORS_APART), 0);
	fclose(out);
	free(text);
	assert_int_equal(size, 8 * 1024 * 1024);
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, rows, run, NULL, NULL);
	suite_add(&s, "errors are told where they are wanted",
	    errors_are_told_where_they_are_wanted, NULL, NULL, NULL);
	suite_add(&s, "endless output is cut", endless_output_is_cut, NULL,
	    NULL, NULL);
	return suite_run(&s, "program");
}
