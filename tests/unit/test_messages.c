#include "tests/unit/unit.h"

#include <sys/stat.h>

#include "base/messages.h"

static const char catalogue[] = "Msg {\n"
				"  plain = Hello\n"
				"  one = <{1}>\n"
				"  both = {2} before {1}, {1} again\n"
				"  other = {3} {1 } {} {\n"
				"  ja = {1}山田{2}\n"
				"  a.b = dotted\n"
				"}\n";

struct dir {
	char path[64], lang[96], file[128];
	struct messages *m;
};

static void
write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int
up(void **state)
{
	struct dir *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return -1;
	snprintf(d->path, sizeof(d->path), "%s/fumibako-msg.XXXXXX",
	    unit_tmp());
	if (mkdtemp(d->path) == NULL)
		return -1;
	snprintf(d->lang, sizeof(d->lang), "%s/lang", d->path);
	snprintf(d->file, sizeof(d->file), "%s/xx.hdf", d->lang);
	mkdir(d->lang, 0700);
	write_file(d->file, catalogue);
	*state = d;
	return messages_open(d->path, "xx", &d->m) == RES_OK ? 0 : -1;
}

static int
down(void **state)
{
	struct dir *d = *state;

	messages_close(&d->m);
	unlink(d->file);
	rmdir(d->lang);
	rmdir(d->path);
	free(d);
	return 0;
}

static void
substitution(void **state)
{
	const struct dir *d = *state;
	char out[200];
	const size_t n = sizeof(out);

	assert_string_equal(
	    messages_text(d->m, "plain", "x", "y", out, n), "Hello");
	assert_string_equal(
	    messages_text(d->m, "one", "x", NULL, out, n), "<x>");
	assert_string_equal(
	    messages_text(d->m, "one", NULL, NULL, out, n), "<>");
	assert_string_equal(messages_text(d->m, "both", "A", "B", out, n),
	    "B before A, A again");
	/* What is filled in is not looked at again. */
	assert_string_equal(messages_text(d->m, "both", "{2}", "{1}", out, n),
	    "{1} before {2}, {2} again");
	assert_string_equal(messages_text(d->m, "other", "x", "y", out, n),
	    "{3} {1 } {} {");
	assert_string_equal(
	    messages_text(d->m, "ja", "<", ">", out, n), "<山田>");
	assert_string_equal(
	    messages_text(d->m, "a.b", NULL, NULL, out, n), "dotted");
}

static void
missing_key(void **state)
{
	const struct dir *d = *state;
	struct capture c;
	char out[200];

	capture_begin(&c);
	messages_text(d->m, "no.such", NULL, NULL, out, sizeof(out));
	capture_end(&c);
	assert_string_equal(out, "no.such");
	assert_non_null(strstr(c.text, "key=no.such"));
}

/* However small the room: a beginning of the whole, between characters. */
static void
cut(void **state)
{
	static const char *const keys[] = { "ja", "one", "both" };
	const struct dir *d = *state;
	char whole[400], out[400];

	for (size_t k = 0; k < NELEM(keys); k++) {
		messages_text(d->m, keys[k], "文箱文箱", "é<b>", whole,
		    sizeof(whole));
		for (size_t n = 1; n < sizeof(out); n++) {
			memset(out, 'x', sizeof(out));
			messages_text(
			    d->m, keys[k], "文箱文箱", "é<b>", out, n);
			assert_true(strlen(out) < n);
			assert_true(is_utf8(out));
			if (strncmp(out, whole, strlen(out)) != 0)
				fail_msg("%zu bytes: \"%s\" is no beginning "
					 "of \"%s\"",
				    n, out, whole);
		}
	}
}

static void
no_file(void **state)
{
	struct dir *d = *state;
	struct messages *m;
	struct capture c;
	enum result got;

	capture_begin(&c);
	got = messages_open(d->path, "yy", &m);
	capture_end(&c);
	assert_int_equal(got, RES_INVALID);
	assert_null(m);
	assert_non_null(strstr(c.text, "/lang/yy.hdf"));
}

static void
broken_file(void **state)
{
	struct dir *d = *state;
	struct messages *m;
	struct capture c;
	enum result got;

	write_file(d->file, "Msg {\n  a b\n}\n");
	capture_begin(&c);
	got = messages_open(d->path, "xx", &m);
	capture_end(&c);
	assert_int_equal(got, RES_INVALID);
	assert_null(m);
	assert_non_null(strstr(c.text, "xx.hdf"));
}

/* The real ones: every fault has words in both languages. */
static void
every_fault_has_words(void **state)
{
	static const char *const langs[] = { "ja", "en" };
	struct messages *m;
	char out[1024];

	(void)state;
	for (size_t l = 0; l < NELEM(langs); l++) {
		assert_int_equal(
		    messages_open("templates", langs[l], &m), RES_OK);
		for (int i = 0; i < FAULT__MAX; i++) {
			const char *key = fault_key((enum fault)i);

			messages_text(m, key, "1", "2", out, sizeof(out));
			assert_string_not_equal(out, key);
			assert_null(strchr(out, '{'));
		}
		messages_close(&m);
	}
}

int
main(void)
{
	static struct suite s;

	suite_add(&s, "substitution", substitution, up, down, NULL);
	suite_add(&s, "a missing key", missing_key, up, down, NULL);
	suite_add(&s, "cut between characters", cut, up, down, NULL);
	suite_add(&s, "no file", no_file, up, down, NULL);
	suite_add(&s, "a broken file", broken_file, up, down, NULL);
	suite_add(&s, "every fault has words", every_fault_has_words, NULL,
	    NULL, NULL);
	return suite_run(&s, "messages");
}
