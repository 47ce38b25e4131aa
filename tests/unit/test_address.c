/* C01 C03 C05 C07 C11 C13 C47 C49 C51 C53 C63 C99 */
#include "tests/unit/unit.h"

#include "core/address.h"
#include "core/routing.h"

/* clang-format off */
static const struct typed_row {
	const char *name, *account, *domain;
	const char *want; /* NULL: cannot be an account */
} account_rows[] = {
	{ "plain", "u1", "alpha.example", "u1@alpha.example" },
	{ "C01 letter case", "U1", "ALPHA.Example", "u1@alpha.example" },
	{ "C01 case in a whole address", "U1@Alpha.EXAMPLE", "",
	    "u1@alpha.example" },
	{ "the address goes before the domain", "u1@alpha.example",
	    "beta.example", "u1@alpha.example" },
	{ "no domain given", "u1@alpha.example", NULL, "u1@alpha.example" },
	{ "C03 blanks around", " u1 ", "alpha.example\t", "u1@alpha.example" },
	{ "C03 line ends of a paste", "\r\nu1\r\n", "alpha.example\r\n",
	    "u1@alpha.example" },
	{ "C03 blanks around an address", "\tu1@alpha.example \r\n", NULL,
	    "u1@alpha.example" },
	{ "C03 a blank inside", "u 1", "alpha.example", NULL },
	{ "C03 a blank before the @", "u1 @alpha.example", NULL, NULL },
	{ "C03 a blank behind the @", "u1@ alpha.example", NULL, NULL },
	{ "C03 a blank in the domain", "u1", "alpha .example", NULL },
	{ "C03 only blanks", "  ", "alpha.example", NULL },
	{ "C05 a plus", "u1+tag", "alpha.example", NULL },
	{ "C05 a plus that became a blank", "u1 tag", "alpha.example", NULL },
	{ "C05 a plus in an address", "u3+x@alpha.example", NULL, NULL },
	{ "C07 zero", "0", "alpha.example", "0@alpha.example" },
	{ "C07 leading zeros", "007", "alpha.example", "007@alpha.example" },
	{ "C07 null", "null", "alpha.example", "null@alpha.example" },
	{ "C07 1e5", "1e5", "alpha.example", "1e5@alpha.example" },
	{ "C07 true", "true", "alpha.example", "true@alpha.example" },
	{ "one letter", "a", "alpha.example", "a@alpha.example" },
	{ "dots, dashes, lines", "a.b-c_d-", "alpha.example",
	    "a.b-c_d-@alpha.example" },
	{ "a line in front", "_a", "alpha.example", "_a@alpha.example" },
	{ "C13 nothing", "", "", NULL },
	{ "C13 no account", "", "alpha.example", NULL },
	{ "C13 a bare @domain", "@alpha.example", "", NULL },
	{ "C13 only @", "@", "alpha.example", NULL },
	{ "C13 no domain", "u1", "", NULL },
	{ "C13 no domain at all", "u1", NULL, NULL },
	{ "C13 an @ and no domain", "u1@", "alpha.example", NULL },
	{ "two @", "u1@x@alpha.example", NULL, NULL },
	{ "a dot in front", ".u1", "alpha.example", NULL },
	{ "a dot at the end", "u1.", "alpha.example", NULL },
	{ "two dots", "u..1", "alpha.example", NULL },
	{ "a dash in front", "-u1", "alpha.example", NULL },
	{ "a slash", "../u1", "alpha.example", NULL },
	{ "a wildcard", "u%", "alpha.example", NULL },
	{ "a quote", "u'1", "alpha.example", NULL },
	{ "not ASCII", "山田", "alpha.example", NULL },
	{ "a letter that lower-cases to ASCII", "\xe2\x84\xaa", /* KELVIN */
	    "alpha.example", NULL },
	{ "a control character", "u\0011", "alpha.example", NULL },
	{ "DEL", "u1\177", "alpha.example", NULL },
	{ "a domain of one label", "u1", "alpha", NULL },
	{ "an address literal", "u1", "[192.0.2.1]", NULL },
	{ "an IP address", "u1", "192.0.2.1", NULL },
	{ "a last label of digits", "u1", "alpha.123", NULL },
	{ "digits in the last label", "u1", "alpha.x1", "u1@alpha.x1" },
	{ "a dot behind the domain", "u1", "alpha.example.", NULL },
	{ "a dot before the domain", "u1", ".alpha.example", NULL },
	{ "two dots in the domain", "u1", "alpha..example", NULL },
	{ "a label with a dash in front", "u1", "-alpha.example", NULL },
	{ "a label with a dash behind", "u1", "alpha-.example", NULL },
	{ "the last label with a dash", "u1", "alpha.example-", NULL },
	{ "an A-label", "u1", "xn--bcher-kva.example",
	    "u1@xn--bcher-kva.example" },
	{ "a line in the domain", "u1", "al_pha.example", NULL },
	{ "not an ASCII domain", "u1", "b\xc3\xbc" "cher.example", NULL },
};

static const struct target_row {
	const char *name, *text;
	const char *want; /* NULL: refused, with fault */
	enum fault fault;
} target_rows[] = {
	{ "plain", "a@x.example", "a@x.example", 0 },
	{ "C63 plus and dots", "first.last+tag@outside.example",
	    "first.last+tag@outside.example", 0 },
	{ "C63 an apostrophe", "o'neil@outside.example",
	    "o'neil@outside.example", 0 },
	{ "C63 a_b-c=d", "a_b-c=d@outside.example", "a_b-c=d@outside.example",
	    0 },
	{ "C63 a sub-domain", "x@sub.a-b.outside.example",
	    "x@sub.a-b.outside.example", 0 },
	{ "C63 one letter", "x@outside.example", "x@outside.example", 0 },
	{ "C63 a long TLD", "x@y.international", "x@y.international", 0 },
	{ "C63 all that is left of RFC 5321", "#$&'*+-=?^_{}~.z@x.example",
	    "#$&'*+-=?^_{}~.z@x.example", 0 },
	{ "the local part is kept", "First.Last@Outside.EXAMPLE",
	    "First.Last@outside.example", 0 },
	{ "C53 an A-label", "b@xn--bcher-kva.example",
	    "b@xn--bcher-kva.example", 0 },
	{ "C53 a domain in UTF-8", "b@b\xc3\xbc" "cher.example",
	    "b@xn--bcher-kva.example", 0 },
	{ "C53 capitals in UTF-8", "b@B\xc3\x9c" "CHER.example",
	    "b@xn--bcher-kva.example", 0 },
	{ "C53 decomposed", "b@bu\xcc\x88" "cher.example",
	    "b@xn--bcher-kva.example", 0 },
	{ "C53 Japanese", "b@日本語.example", "b@xn--wgv71a119e.example", 0 },
	{ "C53 a local part in UTF-8", "山@x.example", NULL,
	    FAULT_FORWARD_CHARS },
	{ "C53 no such label", "b@-\xc3\xbc.example", NULL,
	    FAULT_FORWARD_IDN },
	{ "C53 not UTF-8", "b@\xff\xfe.example", NULL, FAULT_FORWARD_IDN },
	{ "C49 a pipe", "|/usr/bin/id", NULL, FAULT_FORWARD_COMMAND },
	{ "C49 a quoted pipe", "\"|id\"@alpha.example", NULL,
	    FAULT_FORWARD_COMMAND },
	{ "C49 a pipe inside", "a|id@x.example", NULL,
	    FAULT_FORWARD_COMMAND },
	{ "C49 a file", "/var/tmp/x", NULL, FAULT_FORWARD_COMMAND },
	{ "C49 a file with an @", "/var/x@x.example", NULL,
	    FAULT_FORWARD_COMMAND },
	{ "C49 an include", ":include:/etc/passwd", NULL,
	    FAULT_FORWARD_COMMAND },
	{ "C49 a backslash", "\\u1", NULL, FAULT_FORWARD_COMMAND },
	{ "C49 a home", "~/x", NULL, FAULT_FORWARD_COMMAND },
	{ "C51 a bare name", "bob", NULL, FAULT_FORWARD_NO_DOMAIN },
	{ "C51 root", "root", NULL, FAULT_FORWARD_NO_DOMAIN },
	{ "C51 an @ and no domain", "bob@", NULL, FAULT_FORWARD_NO_DOMAIN },
	{ "C13 a bare @domain", "@alpha.example", NULL,
	    FAULT_FORWARD_SYNTAX },
	{ "C13 only @", "@", NULL, FAULT_FORWARD_NO_DOMAIN },
	{ "C47 a semicolon", "b@x.example;c@y.example", NULL,
	    FAULT_FORWARD_CHARS },
	{ "a name and an address", "Bob<b@x.example>", NULL,
	    FAULT_FORWARD_CHARS },
	{ "only in angles", "<b@x.example>", NULL, FAULT_FORWARD_COMMAND },
	{ "a comment", "b(x)@x.example", NULL, FAULT_FORWARD_CHARS },
	{ "quoted", "\"a b\"@x.example", NULL, FAULT_FORWARD_COMMAND },
	{ "a blank", "a b@x.example", NULL, FAULT_FORWARD_CHARS },
	{ "a percent route", "a%y@x.example", NULL, FAULT_FORWARD_CHARS },
	{ "a bang route", "y!a@x.example", NULL, FAULT_FORWARD_CHARS },
	{ "two @", "a@y@x.example", NULL, FAULT_FORWARD_CHARS },
	{ "a back quote", "a`id`@x.example", NULL, FAULT_FORWARD_CHARS },
	{ "a control character", "a\001@x.example", NULL,
	    FAULT_FORWARD_CHARS },
	{ "DEL", "a\177@x.example", NULL, FAULT_FORWARD_CHARS },
	{ "a dash in front", "-a@x.example", NULL, FAULT_FORWARD_CHARS },
	{ "a dot in front", ".a@x.example", NULL, FAULT_FORWARD_CHARS },
	{ "a dot at the end", "a.@x.example", NULL, FAULT_FORWARD_CHARS },
	{ "two dots", "a..b@x.example", NULL, FAULT_FORWARD_CHARS },
	{ "one label", "a@localhost", NULL, FAULT_FORWARD_SYNTAX },
	{ "an address literal", "a@[192.0.2.1]", NULL, FAULT_FORWARD_SYNTAX },
	{ "an IP address", "a@192.0.2.1", NULL, FAULT_FORWARD_SYNTAX },
	{ "a line in the domain", "a@x_y.example", NULL,
	    FAULT_FORWARD_SYNTAX },
	{ "two dots in the domain", "a@x..example", NULL,
	    FAULT_FORWARD_SYNTAX },
	{ "reserved: ours for discarded mail", "discard@discard.invalid",
	    NULL, FAULT_FORWARD_RESERVED },
	{ "reserved in capitals", "discard@discard.INVALID", NULL,
	    FAULT_FORWARD_RESERVED },
	{ "reserved: localhost", "a@x.localhost", NULL,
	    FAULT_FORWARD_RESERVED },
	{ "reserved: local", "a@x.local", NULL, FAULT_FORWARD_RESERVED },
	{ "reserved: onion", "a@x.onion", NULL, FAULT_FORWARD_RESERVED },
	{ "reserved behind another script", "discard@discard.\xe2\x84\xb9"
	    "nvalid", NULL, FAULT_FORWARD_RESERVED },
};

static const struct list_row {
	const char *name, *text;
	const char *want; /* NULL: refused, with faults */
	const char *faults;
} list_rows[] = {
	{ "one", "b@x.example", "b@x.example", NULL },
	{ "C47 a comma", "b@x.example,c@y.example",
	    "b@x.example, c@y.example", NULL },
	{ "C47 a blank", "b@x.example c@y.example",
	    "b@x.example, c@y.example", NULL },
	{ "C47 one a line", "b@x.example\r\nc@y.example\r\n",
	    "b@x.example, c@y.example", NULL },
	{ "C47 all of them", " ,\tb@x.example ,, \n c@y.example,",
	    "b@x.example, c@y.example", NULL },
	{ "C47 a Japanese comma, a wide comma, a wide blank",
	    "a@x.example、b@x.example，c@x.example　d@x.example",
	    "a@x.example, b@x.example, c@x.example, d@x.example", NULL },
	{ "C47 a semicolon", "b@x.example;c@y.example", NULL,
	    "forward.chars" },
	{ "five", "a@x.example b@x.example c@x.example d@x.example"
	    " e@x.example", "a@x.example, b@x.example, c@x.example,"
	    " d@x.example, e@x.example", NULL },
	{ "six", "a@x.example b@x.example c@x.example d@x.example"
	    " e@x.example f@x.example", NULL, "forward.many" },
	{ "none", "", NULL, "forward.none" },
	{ "only gaps", " ,\r\n", NULL, "forward.none" },
	{ "twice", "a@x.example, a@X.example", NULL, "forward.duplicate" },
	{ "another case is another person elsewhere",
	    "a@x.example, A@x.example", "a@x.example, A@x.example", NULL },
	{ "C49 a pipe among others", "a@x.example, |id", NULL,
	    "forward.command" },
	{ "all that is wrong", "bob, |id, @x.example, a@x.invalid", NULL,
	    "forward.no_domain forward.command forward.syntax"
	    " forward.reserved" },
};

static const struct name_row {
	const char *name, *text;
	const char *want; /* NULL: refused, with fault */
	const char *faults;
} name_rows[] = {
	{ "C99 plain", "Hanako Yamada", "Hanako Yamada", NULL },
	{ "C99 blanks around", "  Hanako \t\r\n", "Hanako", NULL },
	{ "C99 empty", "", "", NULL },
	{ "C99 only blanks", " \t ", "", NULL },
	{ "C99 all that is allowed", "O'Neil-Smith, J. 3", /* . , ' - */
	    "O'Neil-Smith, J. 3", NULL },
	{ "C99 an accent", "Ren\xc3\xa9", NULL, "real_name.chars" },
	{ "C99 Japanese", "山田", NULL, "real_name.chars" },
	{ "C99 an emoji", "Bob \xf0\x9f\x98\x80", NULL, "real_name.chars" },
	{ "C99 TAB inside", "a\tb", NULL, "real_name.chars" },
	{ "C99 CR LF inside", "a\r\nBcc: b", NULL, "real_name.chars" },
	{ "C99 DEL", "a\177", NULL, "real_name.chars" },
	{ "C99 double quotes", "Smith, Bob \"B\"", NULL, "real_name.chars" },
	{ "C99 a backslash", "a\\b", NULL, "real_name.chars" },
	{ "C97 a tag", "<img src=x onerror=alert(1)>", NULL,
	    "real_name.chars" },
	{ "C93 a formula", "=1+1", NULL, "real_name.chars" },
	{ "a blank of another script", "\xe3\x80\x80山田", NULL,
	    "real_name.chars" },
};
/* clang-format on */

static void
account(void **state)
{
	const struct typed_row *r = *state;
	struct address a;
	char text[400];

	if (r->want == NULL) {
		assert_false(address_of_account(r->account, r->domain, &a));
		return;
	}
	assert_true(address_of_account(r->account, r->domain, &a));
	snprintf(text, sizeof(text), "%s@%s", a.local_part, a.domain);
	assert_string_equal(text, r->want);
}

static void
target(void **state)
{
	const struct target_row *r = *state;
	struct findings f = { .n = 0 };
	struct address a;
	char text[400];
	bool ok = address_of_target(
	    r->text, strlen(r->text), "forward_to", &a, &f);

	if (r->want == NULL) {
		assert_false(ok);
		assert_int_equal(f.n, 1);
		assert_int_equal(f.list[0].fault, r->fault);
		assert_string_equal(f.list[0].field, "forward_to");
		assert_string_equal(f.list[0].a1, r->text);
		return;
	}
	assert_true(ok);
	assert_int_equal(f.n, 0);
	snprintf(text, sizeof(text), "%s@%s", a.local_part, a.domain);
	assert_string_equal(text, r->want);
}

static void
list(void **state)
{
	const struct list_row *r = *state;
	struct findings f = { .n = 0 };
	struct targets t;
	char text[2048];

	if (r->want == NULL) {
		assert_int_equal(
		    routing_parse_targets(r->text, ACCOUNT_TARGETS,
			"forward_to", &t, &f), RES_INVALID);
		assert_string_equal(faults(&f), r->faults);
		return;
	}
	assert_int_equal(routing_parse_targets(r->text, ACCOUNT_TARGETS,
			"forward_to", &t, &f), RES_OK);
	assert_int_equal(f.n, 0);
	routing_targets_text(&t, text, sizeof(text));
	assert_string_equal(text, r->want);
}

static void
real_name(void **state)
{
	const struct name_row *r = *state;
	struct findings f = { .n = 0 };
	char name[REAL_NAME_MAX + 1];

	if (r->want == NULL) {
		assert_false(real_name_check(r->text, name, &f));
		assert_string_equal(faults(&f), r->faults);
		assert_string_equal(f.list[0].field, "real_name");
		return;
	}
	assert_true(real_name_check(r->text, name, &f));
	assert_int_equal(f.n, 0);
	assert_string_equal(name, r->want);
}

/* `n` letters, then `tail`. */
static const char *
letters(size_t n, const char *tail)
{
	static char text[20000];

	assert_true(n + strlen(tail) < sizeof(text));
	memset(text, 'a', n);
	memcpy(text + n, tail, strlen(tail) + 1);
	return text;
}

/* 189 bytes: with 64 and the @ these are 254. */
static const char *
long_domain(char first)
{
	static char text[200];

	memset(text, 'd', sizeof(text));
	text[63] = text[127] = '.';
	text[0] = first;
	text[189] = '\0';
	return text;
}

static bool
target_ok(const char *text, struct findings *f)
{
	struct address a;

	f->n = 0;
	return address_of_target(text, strlen(text), "forward_to", &a, f);
}

static void
limits_of_an_account(void **state)
{
	struct address a;

	(void)state;
	assert_true(address_of_account(letters(64, ""), "x.example", &a));
	assert_false(address_of_account(letters(65, ""), "x.example", &a));
	assert_true(address_of_account("u1", letters(63, ".example"), &a));
	assert_false(address_of_account("u1", letters(64, ".example"), &a));
	assert_true(address_of_account(letters(64, ""), long_domain('d'), &a));
	/* 255 in all: the domain alone would pass. */
	char domain[300];

	snprintf(domain, sizeof(domain), "%se", long_domain('d'));
	assert_true(address_of_account("u1", domain, &a));
	assert_false(address_of_account(letters(64, ""), domain, &a));
	assert_false(address_of_account(letters(10000, ""), "x.example", &a));
	assert_false(address_of_account("u1", letters(10000, ".example"), &a));
}

static void
limits_of_a_target(void **state)
{
	struct findings f = { .n = 0 };
	char text[400];

	(void)state;
	assert_true(target_ok(letters(64, "@x.example"), &f));
	assert_false(target_ok(letters(65, "@x.example"), &f));
	assert_string_equal(faults(&f), "forward.long");
	snprintf(text, sizeof(text), "%s@%s", letters(64, ""),
	    long_domain('d'));
	assert_int_equal(strlen(text), 254);
	assert_true(target_ok(text, &f));
	snprintf(text, sizeof(text), "%s@%se", letters(64, ""),
	    long_domain('d'));
	assert_false(target_ok(text, &f));
	assert_string_equal(faults(&f), "forward.long");
	assert_false(target_ok(letters(10000, "@x.example"), &f));
	assert_string_equal(faults(&f), "forward.long");
}

/* A long one is told cut, but never inside a character. */
static void
cut_between_characters(void **state)
{
	struct findings f = { .n = 0 };
	char text[2000];

	(void)state;
	for (size_t lead = 0; lead < 3; lead++) {
		for (size_t n = 40; n < 600; n += 37) {
			size_t len = lead;

			memset(text, 'a', lead);
			for (size_t i = 0; i < n; i++, len += 3)
				memcpy(text + len, "山", 4);
			assert_false(target_ok(text, &f));
			assert_true(is_utf8(f.list[0].a1));
		}
	}
}

static void
limits_of_a_name(void **state)
{
	struct findings f = { .n = 0 };
	char name[REAL_NAME_MAX + 1];

	(void)state;
	assert_true(real_name_check(letters(64, ""), name, &f));
	assert_int_equal(strlen(name), 64);
	assert_true(real_name_check(letters(64, "  "), name, &f));
	assert_int_equal(f.n, 0);
	assert_false(real_name_check(letters(65, ""), name, &f));
	assert_string_equal(faults(&f), "real_name.long");
	f.n = 0;
	assert_false(real_name_check(letters(10000, ""), name, &f));
	assert_string_equal(faults(&f), "real_name.long");
}

/* More faults than there is room for do no harm. */
static void
findings_are_bounded(void **state)
{
	struct findings f = { .n = 0 };

	(void)state;
	for (int i = 0; i < 100; i++)
		finding_add(&f, "x", FAULT_PW_SHORT, letters(500, ""), NULL);
	assert_int_equal(f.n, NELEM(f.list));
	assert_int_equal(strlen(f.list[0].a1), FINDING_ARG - 1);
	assert_string_equal(f.list[0].a1 + FINDING_ARG - 4, "...");
	assert_string_equal(f.list[0].a2, "");
	for (int i = 0; i < FAULT__MAX; i++) {
		const char *key = fault_key((enum fault)i);

		assert_non_null(key);
		assert_true(strncmp(key, "err.", 4) == 0 ||
		    strncmp(key, "csv.", 4) == 0);
		for (int k = 0; k < i; k++)
			assert_string_not_equal(key, fault_key((enum fault)k));
	}
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, account_rows, account, NULL, NULL);
	ADD_ROWS(&s, target_rows, target, NULL, NULL);
	ADD_ROWS(&s, list_rows, list, NULL, NULL);
	ADD_ROWS(&s, name_rows, real_name, NULL, NULL);
	suite_add(&s, "C11 limits of an account", limits_of_an_account, NULL,
	    NULL, NULL);
	suite_add(&s, "C11 limits of a target", limits_of_a_target, NULL, NULL,
	    NULL);
	suite_add(&s, "a refused target is cut between characters",
	    cut_between_characters, NULL, NULL, NULL);
	suite_add(&s, "C99 limits of a real name", limits_of_a_name, NULL,
	    NULL, NULL);
	suite_add(&s, "findings are bounded", findings_are_bounded, NULL, NULL,
	    NULL);
	return suite_run(&s, "address");
}
