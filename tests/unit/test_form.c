/* C09, and what a form may hold. */
#include "tests/unit/unit.h"

#include "http/form.h"

/* clang-format off */
static const struct row {
	const char *name, *body;
	size_t n; /* bytes, 0 = all of the text */
	const char *want; /* "[name=value]..."; NULL: refused */
} rows[] = {
	{ "one field", "a=1", 0, "[a=1]" },
	{ "two fields", "a=1&b=2", 0, "[a=1][b=2]" },
	{ "nothing", "", 0, "" },
	{ "no value", "a=", 0, "[a=]" },
	{ "no equal sign", "a", 0, "[a=]" },
	{ "an equal sign in the value", "a=b=c", 0, "[a=b=c]" },
	{ "plus is a blank", "a=b+c&d+e=f", 0, "[a=b c][d e=f]" },
	{ "%2B is a plus", "account=u1%2Btag", 0, "[account=u1+tag]" },
	{ "C05 a raw plus", "account=u1+tag", 0, "[account=u1 tag]" },
	{ "empty pairs", "&&a=1&&", 0, "[a=1]" },
	{ "case of the digits", "a=%2f%2F", 0, "[a=//]" },
	{ "%26 does not part", "a=b%26c%3Dd", 0, "[a=b&c=d]" },
	{ "UTF-8", "n=%E5%B1%B1%E7%94%B0", 0, "[n=山田]" },
	{ "raw UTF-8", "n=山田", 0, "[n=山田]" },
	{ "the largest code point", "n=%F4%8F%BF%BF", 0,
	    "[n=\xf4\x8f\xbf\xbf]" },
	{ "lines", "n=a%0D%0Ab%09c", 0, "[n=a\r\nb\tc]" },
	{ "decoded once", "a=%2525", 0, "[a=%25]" },
	{ "C09 NUL behind", "account=u1%00x", 0, NULL },
	{ "C09 NUL in front", "account=%00u1", 0, NULL },
	{ "C09 NUL in a password", "password=secret%00tail", 0, NULL },
	{ "C09 NUL in a name", "acc%00ount=u1", 0, NULL },
	{ "C09 a raw NUL", "a=b\0c", 5, NULL },
	{ "C09 a raw NUL in a name", "a\0=b", 4, NULL },
	{ "C09 a lone %", "a=%", 0, NULL },
	{ "C09 half an escape", "a=%4", 0, NULL },
	{ "C09 half an escape before &", "a=%4&b=1", 0, NULL },
	{ "C09 no hex", "a=%zz", 0, NULL },
	{ "C09 half hex", "a=u1%2", 0, NULL },
	{ "C09 half hex and a letter", "a=%2g", 0, NULL },
	{ "C09 %u0041", "a=%u0041", 0, NULL },
	{ "C09 in a name", "%zz=1", 0, NULL },
	{ "C09 an escape across the end", "a=%41%4", 6, NULL },
	{ "C09 empty names twice", "&&=&=x", 0, NULL },
	{ "twice the same name", "a=1&a=2", 0, NULL },
	{ "twice, one of them encoded", "a=1&%61=2", 0, NULL },
	{ "twice, the same value", "a=1&a=1", 0, NULL },
	{ "a control character in a value", "a=%07", 0, "[a=\007]" },
	{ "a control character in a name", "a%07=x", 0, NULL },
	{ "a line end in a name", "a%0A=x", 0, NULL },
	{ "DEL in a name", "a%7F=x", 0, NULL },
	{ "not UTF-8", "a=%FF", 0, NULL },
	{ "Latin-1", "a=%E9t%E9", 0, NULL },
	{ "half a character", "a=%E5%B1", 0, NULL },
	{ "half a character before &", "a=%E5%B1&b=%B1", 0, NULL },
	{ "over-long slash", "a=%C0%AF", 0, NULL },
	{ "over-long in three", "a=%E0%80%AF", 0, NULL },
	{ "over-long in four", "a=%F0%80%80%AF", 0, NULL },
	{ "a surrogate", "a=%ED%A0%80", 0, NULL },
	{ "above the last code point", "a=%F4%90%80%80", 0, NULL },
	{ "five bytes", "a=%F8%88%80%80%80", 0, NULL },
	{ "a lone continuation", "a=%80", 0, NULL },
};
/* clang-format on */

static void
check(void **state)
{
	const struct row *r = *state;
	struct pool *p = pool_new();
	size_t n = r->n != 0 ? r->n : strlen(r->body), len = 0;
	char text[512] = "", *body = malloc(n > 0 ? n : 1);
	struct form f;
	bool ok;

	/* A block of exactly n bytes, so that ASan sees a step too far. */
	assert_non_null(body);
	memcpy(body, r->body, n);
	ok = form_parse(p, body, n, &f);
	free(body);
	if (r->want == NULL) {
		assert_false(ok);
	} else {
		assert_true(ok);
		for (size_t i = 0; i < f.n; i++)
			len += (size_t)snprintf(text + len,
			    sizeof(text) - len, "[%s=%s]", f.fields[i].name,
			    f.fields[i].value);
		assert_string_equal(text, r->want);
	}
	pool_free(&p);
	assert_null(p);
}

/* C11: ten thousand fields. */
static void
too_many_fields(void **state)
{
	static char body[90000];
	struct pool *p = pool_new();
	struct form f;
	size_t n = 0;

	(void)state;
	for (int i = 0; i < FORM_FIELDS_MAX; i++)
		n += (size_t)snprintf(
		    body + n, sizeof(body) - n, "f%d=%d&", i, i);
	assert_true(form_parse(p, body, n, &f));
	assert_int_equal(f.n, FORM_FIELDS_MAX);
	assert_string_equal(form_get(&f, "f63"), "63");
	for (int i = FORM_FIELDS_MAX; i < 10000; i++)
		n += (size_t)snprintf(body + n, sizeof(body) - n, "f%d&", i);
	assert_false(form_parse(p, body, n, &f));
	pool_free(&p);
}

static void
get(void **state)
{
	struct pool *p = pool_new();
	struct form f;

	(void)state;
	assert_true(form_parse(p, "a=1&keep=on&off=off&A=2", 23, &f));
	assert_string_equal(form_get(&f, "a"), "1");
	assert_string_equal(form_get(&f, "A"), "2");
	assert_string_equal(form_get(&f, "b"), "");
	assert_string_equal(form_get(&f, ""), "");
	assert_true(form_is_on(&f, "keep"));
	assert_false(form_is_on(&f, "off"));
	assert_false(form_is_on(&f, "a"));
	assert_false(form_is_on(&f, "b"));
	pool_free(&p);
}

static void
paths(void **state)
{
	struct pool *p = pool_new();

	(void)state;
	assert_string_equal(percent_decode(p, "/a+b%20c", 8, false), "/a+b c");
	assert_null(percent_decode(p, "/a%00", 5, false));
	assert_null(percent_decode(p, "/a%C0%AF", 8, false));
	assert_string_equal(percent_decode(p, "", 0, false), "");
	pool_free(&p);
}

/* What a pool hands out is zeroed, apart, aligned, and may be large. */
static void
pools(void **state)
{
	struct pool *p = pool_new();
	char *a = pool_alloc(p, 3), *b = pool_alloc(p, 100000),
	     *c = pool_alloc(p, 1);

	(void)state;
	assert_int_equal((uintptr_t)a % sizeof(void *), 0);
	assert_int_equal((uintptr_t)c % sizeof(void *), 0);
	for (size_t i = 0; i < 100000; i++)
		assert_int_equal(b[i], 0);
	memset(a, 'a', 3);
	memset(b, 'b', 100000);
	*c = 'c';
	assert_int_equal(a[2], 'a');
	assert_int_equal(b[99999], 'b');
	assert_string_equal(pool_printf(p, "%s-%d", "x", 7), "x-7");
	assert_string_equal(pool_printf(p, "%s", ""), "");
	assert_string_equal(pool_strndup(p, "abc", 2), "ab");
	pool_free(&p);
	pool_free(&p);
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, rows, check, NULL, NULL);
	suite_add(&s, "C11 too many fields", too_many_fields, NULL, NULL,
	    NULL);
	suite_add(&s, "form_get, form_is_on", get, NULL, NULL, NULL);
	suite_add(&s, "paths", paths, NULL, NULL, NULL);
	suite_add(&s, "pools", pools, NULL, NULL, NULL);
	return suite_run(&s, "form");
}
