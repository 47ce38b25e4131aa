/* Text of one thing a line. */
#include "tests/unit/unit.h"

#include <string.h>

#include "base/line.h"

static const struct row {
	const char *name, *text, *want;
} rows[] = {
	{ "nothing", "", "" },
	{ "one, ended", "a\n", "[a]" },
	{ "one, not ended", "a", "[a]" },
	{ "two", "ab\nc\n", "[ab][c]" },
	{ "empty ones", "\n\na\n\n", "[][][a][]" },
};

static void
lines(void **state)
{
	const struct row *r = *state;
	const char *text = r->text, *line;
	char got[64] = "";
	size_t n;

	while ((line = line_next(&text, &n)) != NULL)
		snprintf(got + strlen(got), sizeof(got) - strlen(got),
		    "[%.*s]", (int)n, line);
	assert_string_equal(got, r->want);
	assert_int_equal(*text, '\0');
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, rows, lines, NULL, NULL);
	return suite_run(&s, "line");
}
