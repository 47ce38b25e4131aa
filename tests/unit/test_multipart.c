/* C95: a form with a file, and everything that only looks like one. */
#include "tests/unit/unit.h"

#include <time.h>

#include "http/multipart.h"

#define TYPE "multipart/form-data; boundary=b"
#define CD "Content-Disposition: form-data; "
/* What strlen cannot measure. */
#define BYTES(s) s, sizeof(s) - 1
/* A part of boundary b, up to its contents. */
#define FIELD(name) "--b\r\n" CD "name=\"" name "\"\r\n\r\n"
#define UPLOAD(filename) \
	"--b\r\n" CD "name=\"file\"; filename=\"" filename "\"\r\n" \
	"Content-Type: text/csv\r\n\r\n"
#define END "\r\n--b--\r\n"
/* One field whose header, or rest of the disposition, is this. */
#define HEADER(h) "--b\r\n" h "\r\n\r\nv" END
#define REST(r) HEADER("Content-Disposition: form-data" r)
#define S10 "aaaaaaaaaa"
#define S70 S10 S10 S10 S10 S10 S10 S10
/* Seven characters of three bytes. */
#define K21 "山田太郎山田太"
#define K189 K21 K21 K21 K21 K21 K21 K21 K21 K21

/* clang-format off */
static const struct row {
	const char *name, *type, *body;
	size_t n; /* bytes, 0 = all of the text */
	const char *want; /* "[name=value][name:filename:bytes]..." */
} rows[] = {
	{ "a field", TYPE, FIELD("a") "1" END, 0, "[a=1]" },
	{ "two fields", TYPE, FIELD("a") "1\r\n" FIELD("b") "2" END, 0,
	    "[a=1][b=2]" },
	{ "a field and a file", TYPE,
	    FIELD("csrf") "x\r\n" UPLOAD("a.csv") "account\r\n" END, 0,
	    "[csrf=x][file:a.csv:account\r\n]" },
	{ "no line end at the end", TYPE, FIELD("a") "1\r\n--b--", 0,
	    "[a=1]" },
	{ "an empty field", TYPE, FIELD("a") END, 0, "[a=]" },
	{ "C95 a file of 0 bytes", TYPE, UPLOAD("a.csv") END, 0,
	    "[file:a.csv:]" },
	{ "C95 no file chosen", TYPE, UPLOAD("") END, 0, "[file::]" },
	{ "UTF-8", TYPE, FIELD("n") "山田" END, 0, "[n=山田]" },
	{ "lines", TYPE, FIELD("n") "a\r\nb\n\tc\r\n" END, 0,
	    "[n=a\r\nb\n\tc\r\n]" },
	{ "nothing is decoded", TYPE, FIELD("a%20b") "%20+&=" END, 0,
	    "[a%20b=%20+&=]" },
	{ "an empty name", TYPE, FIELD("") "1" END, 0, "[=1]" },

	{ "C95 a boundary of 1 character, in quotes",
	    "multipart/form-data; boundary=\"b\"", FIELD("a") "1" END, 0,
	    "[a=1]" },
	{ "C95 a boundary of 70 characters",
	    "multipart/form-data; boundary=" S70,
	    "--" S70 "\r\n" CD "name=a\r\n\r\n1\r\n--" S70 "--\r\n", 0,
	    "[a=1]" },
	{ "C95 of 71", "multipart/form-data; boundary=" S70 "a",
	    "--" S70 "a\r\n" CD "name=a\r\n\r\n1\r\n--" S70 "a--\r\n", 0,
	    NULL },
	{ "every character of a boundary",
	    "multipart/form-data; boundary=\"AZaz09'()+_,-./:=? x\"",
	    "--AZaz09'()+_,-./:=? x\r\n" CD "name=a\r\n\r\n"
	    "1\r\n--AZaz09'()+_,-./:=? x--", 0, "[a=1]" },
	{ "a boundary of dashes", "multipart/form-data; boundary=--",
	    "----\r\n" CD "name=a\r\n\r\n--\r\n--x\r\n------\r\n", 0,
	    "[a=--\r\n--x]" },
	{ "as WebKit writes it",
	    "multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxk",
	    "------WebKitFormBoundary7MA4YWxk\r\n" CD "name=\"a\"\r\n\r\n1"
	    "\r\n------WebKitFormBoundary7MA4YWxk--\r\n", 0, "[a=1]" },
	{ "the type in capitals", "MULTIPART/Form-Data;BOUNDARY=b",
	    FIELD("a") "1" END, 0, "[a=1]" },
	{ "other parameters",
	    "multipart/form-data; charset=\"a;boundary=c\" ; boundary=b ",
	    FIELD("a") "1" END, 0, "[a=1]" },
	{ "C95 no boundary", "multipart/form-data", FIELD("a") "1" END, 0,
	    NULL },
	{ "a boundary without value", "multipart/form-data; boundary",
	    FIELD("a") "1" END, 0, NULL },
	{ "an empty boundary", "multipart/form-data; boundary=",
	    "--\r\n" CD "name=a\r\n\r\n1\r\n----\r\n", 0, NULL },
	{ "an empty boundary in quotes",
	    "multipart/form-data; boundary=\"\"",
	    "--\r\n" CD "name=a\r\n\r\n1\r\n----\r\n", 0, NULL },
	{ "a boundary that ends with a blank",
	    "multipart/form-data; boundary=\"b \"",
	    "--b \r\n" CD "name=a\r\n\r\n1\r\n--b --\r\n", 0, NULL },
	{ "a boundary with an asterisk", "multipart/form-data; boundary=b*",
	    "--b*\r\n" CD "name=a\r\n\r\n1\r\n--b*--\r\n", 0, NULL },
	{ "a boundary whose quotes do not end",
	    "multipart/form-data; boundary=\"b", FIELD("a") "1" END, 0,
	    NULL },
	{ "two boundaries", "multipart/form-data; boundary=b; boundary=c",
	    FIELD("a") "1" END, 0, NULL },
	{ "a type that only begins so", "multipart/form-database; boundary=b",
	    FIELD("a") "1" END, 0, NULL },
	{ "another type", "multipart/mixed; boundary=b", FIELD("a") "1" END,
	    0, NULL },
	{ "no type", "", FIELD("a") "1" END, 0, NULL },
	{ "another boundary", "multipart/form-data; boundary=c",
	    FIELD("a") "1" END, 0, NULL },
	{ "a boundary of other case", "multipart/form-data; boundary=B",
	    FIELD("a") "1" END, 0, NULL },

	{ "no body", TYPE, "", 0, NULL },
	{ "two dashes", TYPE, "--", 0, NULL },
	{ "a mark alone", TYPE, "--b", 0, NULL },
	{ "a mark and a CR", TYPE, "--b\r", 0, NULL },
	{ "a mark and a line end", TYPE, "--b\r\n", 0, NULL },
	{ "the last mark alone", TYPE, "--b--\r\n", 0, NULL },
	{ "no last mark", TYPE, FIELD("a") "1", 0, NULL },
	{ "half of the last mark", TYPE, FIELD("a") "1\r\n--b", 0, NULL },
	{ "one dash is missing", TYPE, FIELD("a") "1\r\n--b-", 0, NULL },
	{ "a next part that does not come", TYPE, FIELD("a") "1\r\n--b\r\n",
	    0, NULL },
	{ "half of a header", TYPE, "--b\r\n" CD "name=\"a", 0, NULL },
	{ "no empty line", TYPE, "--b\r\n" CD "name=\"a\"\r\n", 0, NULL },
	{ "no headers", TYPE, "--b\r\n\r\n1" END, 0, NULL },
	{ "no headers, but an empty line further on", TYPE,
	    "--b\r\n\r\n" CD "name=a\r\n\r\n1" END, 0, NULL },
	{ "no contents, not even an empty line", TYPE,
	    "--b\r\n" CD "name=a\r\n" END, 0, NULL },
	{ "no contents, and another part", TYPE,
	    "--b\r\n" CD "name=a\r\n\r\n" FIELD("b") "1" END, 0, NULL },
	{ "a mark among the headers", TYPE,
	    "--b\r\n" CD "name=a\r\n" FIELD("b") "1" END, 0, NULL },
	{ "text in front", TYPE, "x\r\n" FIELD("a") "1" END, 0, NULL },
	{ "a line end in front", TYPE, "\r\n" FIELD("a") "1" END, 0, NULL },
	{ "text behind", TYPE, FIELD("a") "1" END "x", 0, NULL },
	{ "text right behind", TYPE, FIELD("a") "1\r\n--b--x", 0, NULL },
	{ "a second end", TYPE, FIELD("a") "1" END "\r\n--b--", 0, NULL },
	{ "blanks behind a mark", TYPE,
	    "--b \r\n" CD "name=a\r\n\r\n1" END, 0, NULL },
	{ "LF only", TYPE, "--b\n" CD "name=a\n\n1\n--b--\n", 0, NULL },
	{ "LF behind a mark", TYPE, FIELD("a") "1\r\n--b\n" CD
	    "name=c\r\n\r\n2" END, 0, NULL },

	{ "C95 what looks like a mark and is none", TYPE,
	    UPLOAD("x") "--c\r\n-b\r\n--\r\n--c--b--b\n--b--\n\r--b\r\n--"
	    END, 0, "[file:x:--c\r\n-b\r\n--\r\n--c--b--b\n--b--\n\r--b"
	    "\r\n--]" },
	{ "a mark that goes on", TYPE, UPLOAD("x") "\r\n--boundary\r\n" END,
	    0, NULL },
	{ "C95 bytes", TYPE, BYTES(UPLOAD("x") "\0\xff\x80\r\n\0" END),
	    "[file:x:<00><ff><80>\r\n<00>]" },

	{ "C95 a path", TYPE, UPLOAD("../../etc/x.csv") END, 0,
	    "[file:x.csv:]" },
	{ "a path of Windows", TYPE, UPLOAD("C:\\new\\t.csv") END, 0,
	    "[file:t.csv:]" },
	{ "a path that ends there", TYPE, UPLOAD("/etc/") END, 0,
	    "[file::]" },
	{ "dots are only a name", TYPE, UPLOAD("a/..") END, 0,
	    "[file:..:]" },
	{ "C95 a quote, as browsers write it", TYPE, UPLOAD("a%22b.csv") END,
	    0, "[file:a%22b.csv:]" },
	{ "C95 a quote, as others do", TYPE, UPLOAD("a\\\"b.csv") END, 0,
	    "[file:a\"b.csv:]" },
	{ "C95 a quote as it is", TYPE, UPLOAD("a\"b.csv") END, 0, NULL },
	{ "a semicolon", TYPE, UPLOAD("a; name=b") END, 0,
	    "[file:a; name=b:]" },
	{ "Japanese", TYPE, UPLOAD("名簿.csv") END, 0,
	    "[file:名簿.csv:]" },
	{ "Shift_JIS", TYPE, UPLOAD("\x96\xbc\x95\xeb.csv") END, 0,
	    "[file:file:]" },
	{ "a control character", TYPE, UPLOAD("a\007") END, 0,
	    "[file:file:]" },
	{ "a NUL in it", TYPE, BYTES(UPLOAD("a\0b") END), NULL },
	{ "a line end in it", TYPE, UPLOAD("a\r\nb") END, 0, NULL },
	{ "a CR in it", TYPE, UPLOAD("a\rb") END, 0, NULL },
	{ "C95 200 bytes", TYPE, UPLOAD(K189 "aaaaaaaaaaa") END, 0,
	    "[file:" K189 "aaaaaaaaaaa:]" },
	{ "C95 210 bytes, cut between characters", TYPE,
	    UPLOAD(K189 K21) END, 0, "[file:" K189 "山田太:]" },
	{ "C95 500 characters", TYPE, UPLOAD(S70 S70 S70 S70 S70 S70 S70 S10)
	    END, 0, "[file:" S70 S70 S10 S10 S10 S10 S10 S10 ":]" },

	{ "no quotes", TYPE, REST("; name=a"), 0, "[a=v]" },
	{ "no blanks", TYPE, REST(";name=\"a\""), 0, "[a=v]" },
	{ "blanks", TYPE, REST(" \t; \tname=\"a\"\t"), 0, "[a=v]" },
	{ "capitals", TYPE, HEADER("CONTENT-DISPOSITION:FORM-DATA; NAME=a"),
	    0, "[a=v]" },
	{ "an unknown parameter", TYPE, REST("; x=y; name=\"a\""), 0,
	    "[a=v]" },
	{ "filename that is none", TYPE, REST("; name=a; xfilename=b"), 0,
	    "[a=v]" },
	{ "a quoted text that looks like a parameter", TYPE,
	    REST("; x=\"; name=b\"; name=a"), 0, "[a=v]" },
	{ "no name", TYPE, REST(""), 0, NULL },
	{ "a file without name", TYPE, REST("; filename=x"), 0, NULL },
	{ "two names", TYPE, REST("; name=a; name=b"), 0, NULL },
	{ "two names of other case", TYPE, REST("; name=a; NAME=a"), 0,
	    NULL },
	{ "two file names", TYPE, REST("; name=a; filename=x; filename=y"),
	    0, NULL },
	{ "filename*", TYPE, REST("; name=a; filename*=UTF-8''x"), 0, NULL },
	{ "a name without value", TYPE, REST("; name"), 0, NULL },
	{ "an empty name without quotes", TYPE, REST("; name="), 0, NULL },
	{ "a value without name", TYPE, REST("; =a"), 0, NULL },
	{ "blanks around =", TYPE, REST("; name = a"), 0, NULL },
	{ "quotes that do not end", TYPE, REST("; name=\"a"), 0, NULL },
	{ "quotes that end with \\\"", TYPE, REST("; name=\"a\\\""), 0,
	    NULL },
	{ "text behind quotes", TYPE, REST("; name=\"a\"b"), 0, NULL },
	{ "a quote within", TYPE, REST("; name=a\"b"), 0, NULL },
	{ "a semicolon at the end", TYPE, REST("; name=a;"), 0, NULL },
	{ "eight parameters", TYPE,
	    REST("; name=a; b=1; c=1; d=1; e=1; f=1; g=1; h=1"), 0,
	    "[a=v]" },
	{ "nine", TYPE,
	    REST("; name=a; b=1; c=1; d=1; e=1; f=1; g=1; h=1; i=1"), 0,
	    NULL },
	{ "no form-data", TYPE, HEADER("Content-Disposition: file; name=a"),
	    0, NULL },
	{ "what begins like form-data", TYPE, REST("x; name=a"), 0, NULL },
	{ "no disposition", TYPE, HEADER("Content-Type: text/plain"), 0,
	    NULL },
	{ "two dispositions", TYPE, HEADER(CD "name=a\r\n" CD "name=b"), 0,
	    NULL },
	{ "other headers", TYPE,
	    HEADER("X-A: 1\r\n" CD "name=a\r\nContent-Type: text/plain"), 0,
	    "[a=v]" },
	{ "no colon", TYPE, HEADER("X\r\n" CD "name=a"), 0, NULL },
	{ "a blank before the colon", TYPE,
	    HEADER("Content-Disposition : form-data; name=a"), 0, NULL },
	{ "a header that goes on", TYPE, REST(";\r\n name=a"), 0, NULL },
	{ "a lone LF", TYPE, HEADER("X: 1\n" CD "name=a"), 0, NULL },
	{ "a lone CR at the end", TYPE, HEADER(CD "name=a\r"), 0, NULL },
	{ "8bit", TYPE,
	    HEADER(CD "name=a\r\nContent-Transfer-Encoding: 8bit"), 0,
	    "[a=v]" },
	{ "binary", TYPE,
	    HEADER(CD "name=a\r\nContent-Transfer-Encoding:BINARY"), 0,
	    "[a=v]" },
	{ "base64", TYPE,
	    HEADER(CD "name=a\r\nContent-Transfer-Encoding: base64"), 0,
	    NULL },

	{ "a name twice", TYPE, FIELD("a") "1\r\n" FIELD("a") "1" END, 0,
	    NULL },
	{ "C95 two files", TYPE, UPLOAD("a") "1\r\n" UPLOAD("b") "2" END, 0,
	    NULL },
	{ "a field named as the file", TYPE,
	    FIELD("file") "1\r\n" UPLOAD("b") "2" END, 0, NULL },
	{ "not UTF-8", TYPE, FIELD("a") "\xff" END, 0, NULL },
	{ "half a character", TYPE, FIELD("a") "\xe5\xb1" END, 0, NULL },
	{ "a surrogate", TYPE, FIELD("a") "\xed\xa0\x80" END, 0, NULL },
	{ "over-long", TYPE, FIELD("a") "\xc0\xaf" END, 0, NULL },
	{ "C09 a NUL in a field", TYPE, BYTES(FIELD("a") "1\0" END), NULL },
	{ "C09 a NUL in a name", TYPE, BYTES(FIELD("a\0b") "1" END), NULL },
	{ "another control character in a field", TYPE,
	    FIELD("a") "\007" END, 0, "[a=\007]" },
	{ "a control character in a name", TYPE, FIELD("a\007") "1" END, 0,
	    NULL },
	{ "a tab in a name", TYPE, FIELD("a\tb") "1" END, 0, NULL },
	{ "DEL in a name", TYPE, FIELD("a\x7f") "1" END, 0, NULL },
	{ "a name that is not UTF-8", TYPE, FIELD("\xe9") "1" END, 0, NULL },
	{ "a name in UTF-8", TYPE, FIELD("名") "1" END, 0, "[名=1]" },
};
/* clang-format on */

/* A file's bytes; those that are no ASCII as <ff>, but for its ends. */
static size_t
show_bytes(char *out, size_t room, const char *s, size_t n)
{
	size_t len = 0;

	for (size_t i = 0; i < n && len < room; i++) {
		unsigned char c = (unsigned char)s[i];

		len += (size_t)snprintf(out + len, room - len,
		    c == 0 || c >= 0x80 ? "<%02x>" : "%c", c);
	}
	return len;
}

static const char *
show(const struct multipart *m)
{
	static char text[4096];
	size_t n = 0;

	text[0] = '\0';
	for (size_t i = 0; i < m->n; i++) {
		const struct part *p = &m->parts[i];

		if (p->filename == NULL) {
			assert_int_equal(strlen(p->bytes), p->n);
			n += (size_t)snprintf(text + n, sizeof(text) - n,
			    "[%s=%s]", p->name, p->bytes);
			continue;
		}
		n += (size_t)snprintf(text + n, sizeof(text) - n, "[%s:%s:",
		    p->name, p->filename);
		n += show_bytes(text + n, sizeof(text) - n, p->bytes, p->n);
		n += (size_t)snprintf(text + n, sizeof(text) - n, "]");
	}
	return text;
}

static void
check(void **state)
{
	const struct row *r = *state;
	size_t n = r->n != 0 ? r->n : strlen(r->body);
	/* A block of exactly n bytes, so that ASan sees a step too far. */
	char *body = malloc(n > 0 ? n : 1);
	struct pool *p = pool_new();
	struct multipart m;
	bool ok;

	assert_non_null(body);
	memcpy(body, r->body, n);
	ok = multipart_parse(p, r->type, body, n, &m);
	if (r->want == NULL) {
		assert_false(ok);
	} else {
		assert_true(ok);
		assert_string_equal(show(&m), r->want);
	}
	/* Whatever is good ends where it ends: a piece of it is not. */
	for (size_t cut = 0; ok && cut + 2 < n; cut++)
		assert_false(multipart_parse(p, r->type, body, cut, &m));
	free(body);
	pool_free(&p);
}

/* A file stays where it is; a field is a copy. */
static void
where_it_is(void **state)
{
	static const char body[] =
	    FIELD("a") "1\r\n" UPLOAD("x") "bytes" END;
	struct pool *p = pool_new();
	struct multipart m;

	(void)state;
	assert_true(multipart_parse(p, TYPE, body, sizeof(body) - 1, &m));
	assert_int_equal(m.n, 2);
	assert_ptr_equal(m.parts[1].bytes, strstr(body, "bytes"));
	assert_int_equal(m.parts[1].n, 5);
	assert_true(m.parts[0].bytes < body ||
	    m.parts[0].bytes >= body + sizeof(body));
	pool_free(&p);
}

static void
too_many_parts(void **state)
{
	char body[4000];
	struct pool *p = pool_new();
	struct multipart m;
	size_t n = 0;

	(void)state;
	for (int i = 0; i <= MULTIPART_PARTS_MAX; i++) {
		snprintf(body + n, sizeof(body) - n, "--b--");
		assert_int_equal(
		    multipart_parse(p, TYPE, body, n + 5, &m), i > 0);
		assert_int_equal(m.n, i);
		n += (size_t)snprintf(body + n, sizeof(body) - n,
		    "--b\r\n" CD "name=f%d\r\n\r\n%d\r\n", i, i);
	}
	snprintf(body + n, sizeof(body) - n, "--b--");
	assert_false(multipart_parse(p, TYPE, body, n + 5, &m));
	pool_free(&p);
}

static void
long_headers(void **state)
{
	static const char begin[] = "--b\r\n" CD "name=a\r\nX: ";
	char body[6000];
	struct pool *p = pool_new();
	struct multipart m;

	(void)state;
	for (size_t more = 4000; more < 4200; more += 100) {
		size_t n = sizeof(begin) - 1;

		memcpy(body, begin, n);
		memset(body + n, 'x', more);
		n += more;
		n += (size_t)snprintf(
		    body + n, sizeof(body) - n, "\r\n\r\n1" END);
		assert_int_equal(multipart_parse(p, TYPE, body, n, &m),
		    more == 4000);
	}
	pool_free(&p);
}

/* 16 MiB of almost the mark. */
static void
almost(void **state)
{
	static const char head[] = "--" S70 "\r\n" CD
				   "name=file; filename=x\r\n\r\n";
	static const char near[] = "\r\n--" S10 S10 S10 S10 S10 S10 "aaaaaaaa";
	static const char end[] = "\r\n--" S70 "--";
	const size_t times = 16 * 1024 * 1024 / sizeof(near);
	char *body = malloc(times * sizeof(near) + 1000);
	struct pool *p = pool_new();
	struct multipart m;
	clock_t began;
	size_t n = sizeof(head) - 1;

	(void)state;
	assert_non_null(body);
	memcpy(body, head, n);
	for (size_t i = 0; i < times; i++, n += sizeof(near) - 1)
		memcpy(body + n, near, sizeof(near) - 1);
	memcpy(body + n, end, sizeof(end) - 1);
	n += sizeof(end) - 1;
	began = clock();
	assert_true(multipart_parse(
	    p, "multipart/form-data; boundary=" S70, body, n, &m));
	assert_true(clock() - began < 2 * CLOCKS_PER_SEC);
	assert_int_equal(m.parts[0].n, times * (sizeof(near) - 1));
	free(body);
	pool_free(&p);
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, rows, check, NULL, NULL);
	suite_add(&s, "where it is", where_it_is, NULL, NULL, NULL);
	suite_add(&s, "too many parts", too_many_parts, NULL, NULL, NULL);
	suite_add(&s, "long headers", long_headers, NULL, NULL, NULL);
	suite_add(&s, "C95 almost the mark", almost, NULL, NULL, NULL);
	return suite_run(&s, "multipart");
}
