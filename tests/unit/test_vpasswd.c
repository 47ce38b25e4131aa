/* The text formats of vpopmail and qmail. */
#include "tests/unit/unit.h"

#include "migrate/vpasswd.h"

#define PIECE(text) ((struct piece){ (text), strlen(text) })

static const struct line_row {
	const char *name, *line;
	const char *want; /* the fields, each in []; "": refused */
} line_rows[] = {
	{ "with the password in clear",
	    "taro:$1$a$b:1:0:Taro:/d/taro:NOQUOTA:pw",
	    "[taro][$1$a$b][1][0][Taro][/d/taro][NOQUOTA]" },
	{ "without", "taro:h:1:0:Taro:/d/taro:10S",
	    "[taro][h][1][0][Taro][/d/taro][10S]" },
	{ "a colon in the password", "t:h:1:0:T:/d:1S:p:w:d",
	    "[t][h][1][0][T][/d][1S]" },
	{ "all empty", "::::::", "[][][][][][][]" },
	{ "six fields", "t:h:1:0:T:/d", "" },
	{ "none", "", "" },
};

static void
vpasswd_lines(void **state)
{
	const struct line_row *r = *state;
	struct piece field[VP__MAX];
	char got[256] = "";

	if (vpasswd_line(r->line, strlen(r->line), field))
		for (int i = 0; i < VP__MAX; i++)
			snprintf(got + strlen(got), sizeof(got) - strlen(got),
			    "[%.*s]", (int)field[i].n, field[i].s);
	assert_string_equal(got, r->want);
}

static const struct quota_row {
	const char *name;
	int64_t bytes; /* -1: refused */
	bool count;
} quota_rows[] = {
	{ "NOQUOTA", 0, false },
	{ "noquota", 0, false },
	{ "", 0, false },
	{ "10485760", 10485760, false },
	{ "10485760S", 10485760, false },
	{ "10485760S,1000C", 10485760, true },
	{ "1000C", 0, true },
	{ "5S,0C", 5, false },
	{ "10M", 10485760, false },
	{ "10MB", 10485760, false },
	{ "100kb", 102400, false },
	{ "2G", 2147483648, false },
	{ "-1S", -1, false },
	{ "12x", -1, false },
	{ "S", -1, false },
	{ "1S,,2C", -1, false },
	{ "999999999999999G", -1, false },
	{ "99999999999999999999S", -1, false },
};

static void
quotas(void **state)
{
	const struct quota_row *r = *state;
	int64_t bytes;
	bool count;
	bool ok = vpasswd_quota(PIECE(r->name), &bytes, &count);

	assert_int_equal(ok, r->bytes >= 0);
	if (!ok)
		return;
	assert_int_equal(bytes, r->bytes);
	assert_int_equal(count, r->count);
}

static const struct limit_row {
	const char *name, *want; /* "name=value"; "": refused */
} limit_rows[] = {
	{ "maxforwards: 10", "maxforwards=10" },
	{ "maxforwards:-1", "maxforwards=-1" },
	{ "maxforwards\t7 ", "maxforwards=7" },
	{ "default_quota: 10M", "default_quota=10485760" },
	{ "disable_pop", "disable_pop=0" },
	{ "", "=0" },
	{ "maxforwards: ten", "" },
	{ "maxforwards: 99999999999999999999", "" },
};

static void
limits(void **state)
{
	const struct limit_row *r = *state;
	struct piece name;
	char got[64] = "";
	int64_t n;

	if (limits_line(PIECE(r->name), &name, &n))
		snprintf(got, sizeof(got), "%.*s=%lld", (int)name.n, name.s,
		    (long long)n);
	assert_string_equal(got, r->want);
}

static const struct size_row {
	const char *name, *text;
	int64_t bytes, messages; /* -1: refused */
} size_rows[] = {
	{ "two, and one taken away", "10S\n100 2\n  -30   -1\n", 70, 1 },
	{ "only the quota", "10S\n", 0, 0 },
	{ "not ended", "10S\n5 1", 5, 1 },
	{ "nothing", "", -1, -1 },
	{ "less than none", "10S\n-5 -1\n", -1, -1 },
	{ "no numbers", "10S\nabc 1\n", -1, -1 },
	{ "one number", "10S\n100\n", -1, -1 },
};

static void
sizes(void **state)
{
	const struct size_row *r = *state;
	int64_t bytes, messages;
	bool ok = maildirsize_read(
	    r->text, strlen(r->text), &bytes, &messages);

	assert_int_equal(ok, r->bytes >= 0);
	if (!ok)
		return;
	assert_int_equal(bytes, r->bytes);
	assert_int_equal(messages, r->messages);
}

static const struct qmail_row {
	const char *name; /* the line */
	enum qmail_kind kind;
	const char *text;
} qmail_rows[] = {
	{ "", QMAIL_BLANK, "" },
	{ "  ", QMAIL_BLANK, "" },
	{ "# delete", QMAIL_COMMENT, "# delete" },
	{ "&a@b.example  ", QMAIL_FORWARD, "a@b.example" },
	{ "a@b.example", QMAIL_FORWARD, "a@b.example" },
	{ "9@b.example", QMAIL_FORWARD, "9@b.example" },
	{ "| /bin/true delete", QMAIL_PROGRAM, "/bin/true delete" },
	{ "/home/a/Maildir/", QMAIL_FILE, "/home/a/Maildir/" },
	{ "./Mailbox", QMAIL_FILE, "./Mailbox" },
	{ "\"x\"@b.example", QMAIL_WRONG, "\"x\"@b.example" },
	{ " a@b.example", QMAIL_WRONG, "a@b.example" },
};

static void
qmail_lines(void **state)
{
	const struct qmail_row *r = *state;
	struct qmail_line q = qmail_read(r->name, strlen(r->name));

	assert_int_equal(q.kind, r->kind);
	assert_true(piece_is(q.text, r->text));
}

static const struct program_row {
	const char *name, *program, *last;
} program_rows[] = {
	{ "/usr/bin/maildrop -d x", "maildrop", "x" },
	{ "preline /usr/bin/maildrop", "maildrop", "/usr/bin/maildrop" },
	{ "exec preline /a/b/c 'd'", "c", "d" },
	{ "/v/bin/vdelivermail '' bounce-no-mailbox", "vdelivermail",
	    "bounce-no-mailbox" },
	{ "", "", "" },
	{ "/", "", "/" },
};

static void
programs(void **state)
{
	const struct program_row *r = *state;

	assert_true(piece_is(qmail_program(PIECE(r->name)), r->program));
	assert_true(piece_is(qmail_last_word(PIECE(r->name)), r->last));
}

/* Every bit has a word, since each one that is set is told. */
static void
flags(void **state)
{
	(void)state;
	for (unsigned int bit = 0; bit < 31; bit++)
		if ((1 << bit & VP_ADMIN) == 0)
			assert_non_null(vpasswd_flag(bit));
	assert_string_equal(vpasswd_flag(1), "no_pop");
	assert_string_equal(vpasswd_flag(4), "bounce_mail");
	assert_string_equal(vpasswd_flag(11), "no_smtp");
	assert_string_equal(vpasswd_flag(30), "unknown_flag");
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, line_rows, vpasswd_lines, NULL, NULL);
	ADD_ROWS(&s, quota_rows, quotas, NULL, NULL);
	ADD_ROWS(&s, limit_rows, limits, NULL, NULL);
	ADD_ROWS(&s, size_rows, sizes, NULL, NULL);
	ADD_ROWS(&s, qmail_rows, qmail_lines, NULL, NULL);
	ADD_ROWS(&s, program_rows, programs, NULL, NULL);
	suite_add(&s, "flags", flags, NULL, NULL, NULL);
	return suite_run(&s, "vpasswd");
}
