/* C128: which cookie counts. */
#include "tests/unit/unit.h"

#include "http/cookie.h"

#define NAME "__Host-session"

/* clang-format off */
static const struct row {
	const char *name, *header;
	size_t n;
	const char *want; /* "" = none */
} rows[] = {
	{ "alone", NAME "=abc", 0, "abc" },
	{ "no header", NULL, 0, "" },
	{ "empty", "", 0, "" },
	{ "between others", "x=1; " NAME "=abc; y=2", 0, "abc" },
	{ "without blanks", "x=1;" NAME "=abc;y=2", 0, "abc" },
	{ "the end of another name", "x" NAME "=evil; " NAME "=abc", 0,
	    "abc" },
	{ "the begin of another name", NAME "2=evil; " NAME "=abc", 0,
	    "abc" },
	{ "in another's value", "x=" NAME "=evil", 0, "" },
	{ "another case", "__host-session=evil", 0, "" },
	{ "no value", NAME "=; y=2", 0, "" },
	{ "only the name", NAME, 0, "" },
	{ "the name and no equal sign", NAME "; y=2", 0, "" },
	{ "C128 two: the first", NAME "=one; " NAME "=two", 0, "one" },
	{ "C128 two: the second", NAME "=one; " NAME "=two", 1, "two" },
	{ "C128 two: no third", NAME "=one; " NAME "=two", 2, "" },
	{ "C128 the first is not ours", NAME "=<x>; " NAME "=two", 0, "" },
	{ "C128 the second still is", NAME "=<x>; " NAME "=two", 1, "two" },
	{ "quoted", NAME "=\"abc\"", 0, "" },
	{ "a dot", NAME "=a.b", 0, "" },
	{ "an equal sign", NAME "=a=b", 0, "" },
	{ "a comma", NAME "=a,b", 0, "" },
	{ "a percent", NAME "=a%20b", 0, "" },
	{ "UTF-8", NAME "=山", 0, "" },
	{ "a control character", NAME "=a\001", 0, "" },
	{ "43 characters",
	    NAME "=0123456789012345678901234567890123456789abc", 0,
	    "0123456789012345678901234567890123456789abc" },
	{ "44 are too many",
	    NAME "=0123456789012345678901234567890123456789abcd", 0, "" },
	{ "a long one before ours", NAME
	    "=0123456789012345678901234567890123456789abcdefghij; "
	    NAME "=two", 1, "two" },
	{ "only separators", ";;; ; ;", 0, "" },
};
/* clang-format on */

static void
check(void **state)
{
	const struct row *r = *state;
	char out[44];
	size_t len;

	memset(out, 'x', sizeof(out));
	len = cookie_get(r->header, NAME, r->n, out, sizeof(out));
	assert_int_equal(len, strlen(r->want));
	if (len > 0)
		assert_string_equal(out, r->want);
}

/* C128: thirty cookies of 1 KB. */
static void
many(void **state)
{
	static char header[40000];
	char out[44];
	size_t n = 0;

	(void)state;
	for (int i = 0; i < 30; i++) {
		n += (size_t)snprintf(
		    header + n, sizeof(header) - n, "c%d=", i);
		memset(header + n, 'v', 1000);
		n += 1000;
		n += (size_t)snprintf(header + n, sizeof(header) - n, "; ");
	}
	snprintf(header + n, sizeof(header) - n, NAME "=abc");
	assert_int_equal(cookie_get(header, NAME, 0, out, sizeof(out)), 3);
	assert_string_equal(out, "abc");
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, rows, check, NULL, NULL);
	suite_add(&s, "C128 many cookies", many, NULL, NULL, NULL);
	return suite_run(&s, "cookie");
}
