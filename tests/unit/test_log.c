/* A line of the log: its form, whatever its values are. */
#include <sys/stat.h>

#include "base/log.h"
#include "unit.h"

static const char *
logged(struct capture *c, const char *value)
{
	capture_begin(c);
	log_event("login", "account=%s route=%s", value, "/a");
	return capture_end(c);
}

static const struct row {
	const char *name, *value, *shown;
} rows[] = {
	{ "plain", "taro@dentsu.example", "taro@dentsu.example" },
	{ "a path, a star", "/admin/*/accounts", "/admin/*/accounts" },
	{ "IPv6", "2001:db8::1", "2001:db8::1" },
	{ "nothing", "", "\"\"" },
	{ "a blank", "a b", "\"a b\"" },
	{ "a second key", "x client=127.0.0.9", "\"x client=127.0.0.9\"" },
	{ "= alone", "x=y", "\"x=y\"" },
	{ "out of the quotes", "x\" client=\"127.0.0.9",
	    "\"x\\\" client=\\\"127.0.0.9\"" },
	{ "a backslash before the quote", "x\\\" a=b", "\"x\\\\\\\" a=b\"" },
	{ "a second line", "x\nevent=login account=root",
	    "\"x\\x0aevent=login account=root\"" },
	{ "CR, tab, escape", "\r\t\x1b[2J", "\"\\x0d\\x09\\x1b[2J\"" },
	{ "line ends of Unicode", "x\xe2\x80\xa8y\xc2\x85z",
	    "\"x\\xe2\\x80\\xa8y\\xc2\\x85z\"" },
	{ "Japanese", "\xe5\xb1\xb1", "\"\\xe5\\xb1\\xb1\"" },
	{ "no UTF-8", "\xff\x80x", "\"\\xff\\x80x\"" },
};

static void
values(void **state)
{
	const struct row *row = *state;
	struct capture c;
	char want[256];

	snprintf(want, sizeof(want), "event=login account=%s route=/a\n",
	    row->shown);
	assert_string_equal(logged(&c, row->value), want);
}

/* All bytes that a value may have, twice: one line, three keys. */
static void
every_byte(void **state)
{
	struct capture c;

	(void)state;
	for (int b = 1; b < 256; b++) {
		const char value[] = { (char)b, ' ', 'k', '=', (char)b, 0 };
		const char *s = logged(&c, value);
		size_t n = strlen(s);

		assert_memory_equal(s, "event=login account=\"", 21);
		assert_string_equal(s + n - 11, "\" route=/a\n");
		assert_ptr_equal(strchr(s, '\n'), s + n - 1);
		for (size_t i = 0; i + 1 < n; i++)
			assert_in_range(s[i], ' ', '~');
	}
}

static bool
ends(const char *s, const char *with)
{
	const size_t n = strlen(s), w = strlen(with);

	return n >= w && strcmp(s + n - w, with) == 0;
}

/* A long value is cut between two characters; the next key is there. */
static void
long_values(void **state)
{
	struct capture c;
	char value[3001];
	const char *s;

	(void)state;
	for (size_t i = 0; i < 1000; i++)
		memcpy(value + 3 * i, "\xe5\xb1\xb1", 4);
	s = logged(&c, value);
	assert_true(ends(s, "\\xe5\\xb1\\xb1...\" route=/a\n"));
	memset(value, 'a', 3000);
	s = logged(&c, value);
	assert_true(ends(s, "aaa...\" route=/a\n"));
	assert_in_range(strlen(s), 400, 450);
}

static void
numbers(void **state)
{
	struct capture c;

	(void)state;
	capture_begin(&c);
	log_event("x", "a=%d b=%lld c=%zu d=%.*s e=%.*s", -1,
	    (long long)INT64_MIN, SIZE_MAX / 2, 2, "abc", 9, "a b");
	assert_string_equal(capture_end(&c),
	    "event=x a=-1 b=-9223372036854775808 c=9223372036854775807 d=ab"
	    " e=\"a b\"\n");
}

static void
of_a_request(void **state)
{
	struct capture c;

	(void)state;
	capture_begin(&c);
	log_set_request("1a", "x event=y");
	log_event("logout", "account=%s", "a@b");
	log_set_request(NULL, NULL);
	log_event("logout", "account=%s", "a@b");
	assert_string_equal(capture_end(&c),
	    "event=logout request=1a client=\"x event=y\" account=a@b\n"
	    "event=logout account=a@b\n");
}

/* What did not come to pass is not told. */
static void
on_commit(void **state)
{
	struct capture c;

	(void)state;
	capture_begin(&c);
	log_on_commit("change", "what=%s", "lost");
	log_settle(false);
	log_settle(true);
	log_on_commit("change", "what=%s", "one");
	log_on_commit("change", "what=%s", "two");
	log_event("login", "account=%s", "-");
	log_settle(true);
	log_settle(true);
	assert_string_equal(capture_end(&c),
	    "event=login account=-\n"
	    "event=change what=one\nevent=change what=two\n");
}

static void
priorities(void **state)
{
	struct capture c;
	struct stat st;
	char stream[64];

	(void)state;
	capture_begin(&c);
	fstat(STDERR_FILENO, &st);
	snprintf(stream, sizeof(stream), "%ju:%ju", (uintmax_t)st.st_dev,
	    (uintmax_t)st.st_ino);
	setenv("JOURNAL_STREAM", stream, 1);
	log_event("request", "ms=%d", 1);
	log_event("login_wrong", "account=%s", "-");
	log_event("database_error", "code=%d", 1);
	log_event("not_in_the_list", "code=%d", 1);
	/* Standard error was sent elsewhere. */
	setenv("JOURNAL_STREAM", "1:2", 1);
	log_event("request", "ms=%d", 1);
	unsetenv("JOURNAL_STREAM");
	assert_string_equal(capture_end(&c),
	    "<6>event=request ms=1\n<5>event=login_wrong account=-\n"
	    "<3>event=database_error code=1\n"
	    "<4>event=not_in_the_list code=1\nevent=request ms=1\n");
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, rows, values, NULL, NULL);
#define T(name, f) suite_add(&s, name, f, NULL, NULL, NULL)
	T("every byte", every_byte);
	T("long values", long_values);
	T("numbers", numbers);
	T("of a request", of_a_request);
	T("on commit", on_commit);
	T("priorities", priorities);
	return suite_run(&s, "log");
}
