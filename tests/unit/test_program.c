/* Other programs: what they print, how they end, how long they may take. */
#include "tests/unit/unit.h"

#include "base/program.h"

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
words_stay_words(void **state)
{
	const char *const argv[] = { "/bin/echo", "a b", "$(id)", ";", NULL };

	(void)state;
	assert_string_equal(
	    ran(argv, 5, PROGRAM_ERRORS_APART), "0:a b $(id) ;\n");
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
no_such_program(void **state)
{
	const char *const argv[] = { "/no/such/program", NULL };

	(void)state;
	assert_int_not_equal(
	    program_run(argv, 5, NULL, PROGRAM_ERRORS_TOO), 0);
}

static void
its_time_is_over(void **state)
{
	const char *const argv[] = { "/bin/sleep", "60", NULL };

	(void)state;
	assert_int_equal(program_run(argv, 1, NULL, PROGRAM_ERRORS_APART),
	    PROGRAM_OUT_OF_TIME);
}

/* A shell that goes on after SIGTERM, and what it says before it is killed. */
static void
it_does_not_listen(void **state)
{
	const char *const argv[] = { "/bin/sh", "-c",
		"trap : TERM; while :; do echo x; sleep 0.2; done", NULL };

	(void)state;
	assert_int_equal(program_run(argv, 1, NULL, PROGRAM_ERRORS_TOO),
	    PROGRAM_OUT_OF_TIME);
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
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_stay_words),
		cmocka_unit_test(errors_are_told_where_they_are_wanted),
		cmocka_unit_test(no_such_program),
		cmocka_unit_test(its_time_is_over),
		cmocka_unit_test(it_does_not_listen),
		cmocka_unit_test(endless_output_is_cut),
	};

	return cmocka_run_group_tests_name("program", tests, NULL, NULL);
}
