/* Programs that fumibako-lists runs: output, status, and how long it waits. */
#include "tests/unit/unit.h"

#include "lists/lists.h"

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
	{ "too long", SH("echo x; /bin/sleep 30; echo y"), 1, -1, "x\n" },
};
/* clang-format on */

static void
run(void **state)
{
	const struct row *r = *state;
	char *text = NULL;
	struct capture c;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int status;

	assert_non_null(out);
	capture_begin(&c);
	status = lists_run(out, r->argv, r->seconds);
	capture_end(&c);
	fclose(out);
	assert_int_equal(status, r->status);
	assert_string_equal(text, r->out);
	assert_int_equal(strstr(c.text, "list_program") != NULL, status != 0);
	free(text);
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
	assert_int_equal(lists_run(out, argv, 60), 0);
	assert_int_equal(lists_run(NULL, argv, 60), 0);
	fclose(out);
	assert_int_equal(size, 1000000);
	free(text);
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, rows, run, NULL, NULL);
	suite_add(&s, "much output", much, NULL, NULL, NULL);
	return suite_run(&s, "list_run");
}
