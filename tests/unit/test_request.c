/* What nginx hands over, and what goes back.  C09 C11 C37 C126. */
#include "tests/unit/unit.h"

#include "http/reply.h"
#include "http/request.h"

#define TYPE "CONTENT_TYPE=application/x-www-form-urlencoded"
#define PARTS "CONTENT_TYPE=multipart/form-data; boundary=x"
#define PART(head, text) "--x\r\nContent-Disposition: form-data; " head \
	"\r\n\r\n" text "\r\n"
/* Stands for the right one. */
#define LENGTH_OF_BODY "CONTENT_LENGTH=?"

/* A FastCGI stream over memory: libfcgi's own functions read and write it. */
static void
at_end(FCGX_Stream *s)
{
	s->isClosed = 1;
}

/* clang-format off */
static const struct row {
	const char *name;
	const char *env[8];
	const char *body; /* NULL: none is sent */
	enum taken want;
	const char *path; /* of TAKEN_OK */
	const char *field; /* the form field "a" of the body */
} rows[] = {
	{ "GET", { "REQUEST_METHOD=GET", "REQUEST_URI=/login" }, NULL,
	    TAKEN_OK, "/login", "" },
	{ "a query", { "REQUEST_METHOD=GET", "REQUEST_URI=/login?a=1",
	    "QUERY_STRING=a=1" }, NULL, TAKEN_OK, "/login", "" },
	{ "POST", { "REQUEST_METHOD=POST", "REQUEST_URI=/login", TYPE,
	    "CONTENT_LENGTH=3" }, "a=1", TAKEN_OK, "/login", "1" },
	{ "a charset", { "REQUEST_METHOD=POST", "REQUEST_URI=/login",
	    TYPE "; charset=UTF-8", "CONTENT_LENGTH=3" }, "a=1", TAKEN_OK,
	    "/login", "1" },
	{ "C126 a POST's fields are in its body only",
	    { "REQUEST_METHOD=POST", "REQUEST_URI=/login?a=q",
	    "QUERY_STRING=a=q", TYPE, "CONTENT_LENGTH=3" }, "b=1", TAKEN_OK,
	    "/login", "" },
	{ "C126 a GET has no body", { "REQUEST_METHOD=GET",
	    "REQUEST_URI=/login", TYPE, "CONTENT_LENGTH=3" }, "a=1",
	    TAKEN_OK, "/login", "" },
	{ "a POST without a body", { "REQUEST_METHOD=POST",
	    "REQUEST_URI=/logout", "CONTENT_LENGTH=0" }, "", TAKEN_OK,
	    "/logout", "" },
	{ "a POST without a length", { "REQUEST_METHOD=POST",
	    "REQUEST_URI=/logout" }, "", TAKEN_OK, "/logout", "" },
	{ "decoded once", { "REQUEST_METHOD=GET", "REQUEST_URI=/a%2525" },
	    NULL, TAKEN_OK, "/a%25", "" },
	{ "plus in a path", { "REQUEST_METHOD=GET", "REQUEST_URI=/a+b" },
	    NULL, TAKEN_OK, "/a+b", "" },
	{ "another type", { "REQUEST_METHOD=POST", "REQUEST_URI=/login",
	    "CONTENT_TYPE=multipart/form-data; boundary=x",
	    "CONTENT_LENGTH=3" }, "a=1", TAKEN_MEDIA, NULL, NULL },
	{ "a longer type", { "REQUEST_METHOD=POST", "REQUEST_URI=/login",
	    TYPE "x", "CONTENT_LENGTH=3" }, "a=1", TAKEN_MEDIA, NULL, NULL },
	{ "no type", { "REQUEST_METHOD=POST", "REQUEST_URI=/login",
	    "CONTENT_LENGTH=3" }, "a=1", TAKEN_MEDIA, NULL, NULL },
	{ "C124 the client went away", { "REQUEST_METHOD=POST",
	    "REQUEST_URI=/login", TYPE, "CONTENT_LENGTH=9" }, "a=1",
	    TAKEN_MALFORMED, NULL, NULL },
	{ "C11 too large", { "REQUEST_METHOD=POST", "REQUEST_URI=/login",
	    TYPE, "CONTENT_LENGTH=65537" }, "a=1", TAKEN_TOO_LARGE, NULL,
	    NULL },
	{ "C11 far too large", { "REQUEST_METHOD=POST", "REQUEST_URI=/login",
	    TYPE, "CONTENT_LENGTH=999999999999" }, "a=1", TAKEN_TOO_LARGE,
	    NULL, NULL },
	{ "a length beyond all numbers", { "REQUEST_METHOD=POST",
	    "REQUEST_URI=/login", TYPE,
	    "CONTENT_LENGTH=99999999999999999999999" }, "a=1",
	    TAKEN_MALFORMED, NULL, NULL },
	{ "a negative length", { "REQUEST_METHOD=POST",
	    "REQUEST_URI=/login", TYPE, "CONTENT_LENGTH=-1" }, "a=1",
	    TAKEN_MALFORMED, NULL, NULL },
	{ "a length in hex", { "REQUEST_METHOD=POST", "REQUEST_URI=/login",
	    TYPE, "CONTENT_LENGTH=0x3" }, "a=1", TAKEN_MALFORMED, NULL,
	    NULL },
	{ "C09 NUL in a field", { "REQUEST_METHOD=POST",
	    "REQUEST_URI=/login", TYPE, "CONTENT_LENGTH=6" }, "a=1%00",
	    TAKEN_MALFORMED, NULL, NULL },
	{ "C09 NUL in a path", { "REQUEST_METHOD=GET",
	    "REQUEST_URI=/login%00" }, NULL, TAKEN_MALFORMED, NULL, NULL },
	{ "C09 NUL in a query", { "REQUEST_METHOD=GET",
	    "REQUEST_URI=/login", "QUERY_STRING=a=%00" }, NULL,
	    TAKEN_MALFORMED, NULL, NULL },
	{ "C09 a broken escape in a path", { "REQUEST_METHOD=GET",
	    "REQUEST_URI=/a%zz" }, NULL, TAKEN_MALFORMED, NULL, NULL },
	{ "a path that is no UTF-8", { "REQUEST_METHOD=GET",
	    "REQUEST_URI=/%ff" }, NULL, TAKEN_MALFORMED, NULL, NULL },
	{ "up and out", { "REQUEST_METHOD=GET", "REQUEST_URI=/a/../b" },
	    NULL, TAKEN_MALFORMED, NULL, NULL },
	{ "up and out, encoded", { "REQUEST_METHOD=GET",
	    "REQUEST_URI=/a/%2e%2e/b" }, NULL, TAKEN_MALFORMED, NULL, NULL },
	{ "an empty element", { "REQUEST_METHOD=GET",
	    "REQUEST_URI=//evil.example" }, NULL, TAKEN_MALFORMED, NULL,
	    NULL },
	{ "an encoded slash", { "REQUEST_METHOD=GET",
	    "REQUEST_URI=/%2fevil.example" }, NULL, TAKEN_MALFORMED, NULL,
	    NULL },
	{ "a backslash", { "REQUEST_METHOD=GET", "REQUEST_URI=/%5cevil" },
	    NULL, TAKEN_MALFORMED, NULL, NULL },
	{ "a line end in a path", { "REQUEST_METHOD=GET",
	    "REQUEST_URI=/a%0d%0aSet-Cookie:x" }, NULL, TAKEN_MALFORMED,
	    NULL, NULL },
	{ "an absolute URI", { "REQUEST_METHOD=GET",
	    "REQUEST_URI=http://evil.example/" }, NULL, TAKEN_MALFORMED,
	    NULL, NULL },
	{ "no path", { "REQUEST_METHOD=GET" }, NULL, TAKEN_MALFORMED, NULL,
	    NULL },
};

/* What a page gets that takes a file. */
static const struct file_row {
	const char *name;
	const char *type, *length;
	const char *body;
	enum taken want;
	const char *field; /* the form field "a" */
	const char *file; /* what came in one, NULL: none was sent */
} files[] = {
	{ "a file and a field", PARTS, LENGTH_OF_BODY, PART("name=\"a\"", "1")
	    PART("name=\"file\"; filename=\"b.csv\"", "account\nx") "--x--",
	    TAKEN_OK, "1", "account\nx" },
	{ "an empty file that has a name", PARTS, LENGTH_OF_BODY,
	    PART("name=\"file\"; filename=\"b.csv\"", "") "--x--", TAKEN_OK,
	    "", "" },
	{ "no file was chosen", PARTS, LENGTH_OF_BODY,
	    PART("name=\"file\"; filename=\"\"", "") "--x--", TAKEN_OK, "",
	    NULL },
	{ "a file of another name", PARTS, LENGTH_OF_BODY,
	    PART("name=\"a\"; filename=\"b.csv\"", "1") "--x--", TAKEN_OK,
	    "", NULL },
	{ "a field called file", PARTS, LENGTH_OF_BODY,
	    PART("name=\"file\"", "1") "--x--", TAKEN_OK, "", NULL },
	{ "a name twice", PARTS, LENGTH_OF_BODY,
	    PART("name=\"a\"", "1") PART("name=\"a\"", "2") "--x--",
	    TAKEN_MALFORMED, NULL, NULL },
	{ "C95 a part that does not end", PARTS, LENGTH_OF_BODY,
	    PART("name=\"a\"", "1") "--", TAKEN_MALFORMED, NULL, NULL },
	{ "a form without a file", TYPE, LENGTH_OF_BODY, "a=1", TAKEN_OK,
	    "1", NULL },
	{ "C11 a form is small there, too", TYPE, "CONTENT_LENGTH=65537",
	    "a=1", TAKEN_TOO_LARGE, NULL, NULL },
	{ "C11 a file may be larger, but has to come", PARTS,
	    "CONTENT_LENGTH=65537", "a=1", TAKEN_MALFORMED, NULL, NULL },
	{ "C11 a file too large", PARTS, "CONTENT_LENGTH=16777217", "a=1",
	    TAKEN_TOO_LARGE, NULL, NULL },
	{ "C95 another type", "CONTENT_TYPE=text/csv", LENGTH_OF_BODY, "a=1",
	    TAKEN_MEDIA, NULL, NULL },
	{ "C95 no boundary", "CONTENT_TYPE=multipart/form-data",
	    LENGTH_OF_BODY, "a=1", TAKEN_MALFORMED, NULL, NULL },
};
/* clang-format on */

static enum taken
take(const char *const *env, const char *body, bool may_file, struct pool *p,
    struct request *req)
{
	char *envp[9] = { NULL }, length[40];
	unsigned char *bytes = NULL;
	FCGX_Stream in = { .isReader = 1, .fillBuffProc = at_end };
	FCGX_Request fr = { .in = &in, .envp = envp };
	size_t n = body != NULL ? strlen(body) : 0;
	enum taken got;

	snprintf(length, sizeof(length), "CONTENT_LENGTH=%zu", n);
	for (size_t i = 0; i < 8 && env[i] != NULL; i++)
		envp[i] = strcmp(env[i], LENGTH_OF_BODY) == 0 ?
		    length :
		    (char *)(uintptr_t)env[i];
	bytes = malloc(n + 1);
	assert_non_null(bytes);
	memcpy(bytes, body != NULL ? body : "", n);
	in.rdNext = in.stopUnget = bytes;
	in.stop = bytes + n;
	got = request_take(&fr, p, req);
	/* Nothing of the body is read, or looked at, before it is asked for. */
	assert_ptr_equal(in.rdNext, bytes);
	assert_int_equal(req->body.n, 0);
	if (got == TAKEN_OK && req->method == M_POST)
		got = request_body(&fr, p, BODY_MAX, may_file, req);
	request_drain(&fr);
	assert_ptr_equal(in.rdNext, in.stop);
	free(bytes);
	return got;
}

/* nginx's own words; still, nothing else becomes a time. */
static void
handed(void **state)
{
	static const struct {
		const char *env;
		int64_t ms;
	} times[] = {
		{ "FUMIBAKO_HANDED=1795620848.007", 1795620848007 },
		{ "FUMIBAKO_HANDED=0.999", 999 },
		{ "FUMIBAKO_HANDED=999999999999.000", 999999999999000 },
		{ "FUMIBAKO_HANDED=1000000000000.000", -1 },
		{ "FUMIBAKO_HANDED=1795620848", -1 },
		{ "FUMIBAKO_HANDED=1795620848.1", -1 },
		{ "FUMIBAKO_HANDED=1795620848.1234", -1 },
		{ "FUMIBAKO_HANDED=-1.000", -1 },
		{ "FUMIBAKO_HANDED=.000", -1 },
		{ "FUMIBAKO_HANDED=1. 12", -1 },
		{ "FUMIBAKO_HANDED=", -1 },
		{ "HTTP_FUMIBAKO_HANDED=1.000", -1 },
	};

	(void)state;
	for (size_t i = 0; i < NELEM(times); i++) {
		const char *const env[] = { "REQUEST_METHOD=GET",
			"REQUEST_URI=/", "FUMIBAKO_POOL=x", times[i].env,
			NULL };
		struct pool *p = pool_new();
		struct request req;

		assert_int_equal(take(env, NULL, false, p, &req), TAKEN_OK);
		assert_int_equal(req.handed_ms, times[i].ms);
		assert_string_equal(req.pool, "x");
		pool_free(&p);
	}
}

static void
check(void **state)
{
	const struct row *r = *state;
	struct pool *p = pool_new();
	struct request req;

	assert_int_equal(take(r->env, r->body, false, p, &req), r->want);
	/* Whatever came: nothing is NULL, so an error page can be made. */
	assert_non_null(req.path);
	assert_int_equal(req.path[0], '/');
	assert_non_null(req.client);
	assert_non_null(req.cookies);
	assert_non_null(req.origin);
	assert_non_null(req.fetch_site);
	assert_non_null(req.languages);
	assert_non_null(req.pool);
	if (r->want == TAKEN_OK) {
		assert_string_equal(req.path, r->path);
		assert_string_equal(form_get(&req.body, "a"), r->field);
		assert_false(req.file.sent);
	}
	pool_free(&p);
}

static void
check_file(void **state)
{
	const struct file_row *r = *state;
	const char *env[8] = { "REQUEST_METHOD=POST", "REQUEST_URI=/import",
		r->type, r->length };
	struct pool *p = pool_new();
	struct request req;

	assert_int_equal(take(env, r->body, true, p, &req), r->want);
	if (r->want == TAKEN_OK) {
		assert_string_equal(form_get(&req.body, "a"), r->field);
		assert_int_equal(req.file.sent, r->file != NULL);
	}
	if (r->file != NULL) {
		assert_string_equal(req.file.name, "b.csv");
		assert_int_equal(req.file.n, strlen(r->file));
		assert_memory_equal(
		    req.file.bytes, r->file, strlen(r->file));
	}
	pool_free(&p);
}

static void
methods(void **state)
{
	static const struct {
		const char *env;
		enum method want;
	} all[] = {
		{ "REQUEST_METHOD=GET", M_GET },
		{ "REQUEST_METHOD=HEAD", M_HEAD },
		{ "REQUEST_METHOD=POST", M_POST },
		{ "REQUEST_METHOD=get", M_OTHER },
		{ "REQUEST_METHOD=PUT", M_OTHER },
		{ "REQUEST_METHOD=TRACE", M_OTHER },
		{ "REQUEST_METHOD=", M_OTHER },
		{ "X=y", M_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < NELEM(all); i++) {
		const char *env[8] = { all[i].env, "REQUEST_URI=/" };
		struct pool *p = pool_new();
		struct request req;

		assert_int_equal(take(env, NULL, false, p, &req), TAKEN_OK);
		assert_int_equal(req.method, all[i].want);
		pool_free(&p);
	}
}

static void
limits(void **state)
{
	static char uri[3000], query[3000];
	const char *env[8] = { "REQUEST_METHOD=GET", uri, query };
	struct pool *p = pool_new();
	struct request req;
	int n;

	(void)state;
	snprintf(query, sizeof(query), "QUERY_STRING=");
	n = snprintf(uri, sizeof(uri), "REQUEST_URI=/");
	memset(uri + n, 'a', 1023);
	assert_int_equal(take(env, NULL, false, p, &req), TAKEN_OK);
	memset(uri + n, 'a', 1024);
	assert_int_equal(take(env, NULL, false, p, &req), TAKEN_MALFORMED);
	snprintf(uri, sizeof(uri), "REQUEST_URI=/");
	memset(uri + n, 0, 1024);
	n = snprintf(query, sizeof(query), "QUERY_STRING=");
	memset(query + n, 'a', 2048);
	assert_int_equal(take(env, NULL, false, p, &req), TAKEN_OK);
	memset(query + n, 'a', 2049);
	assert_int_equal(take(env, NULL, false, p, &req), TAKEN_MALFORMED);
	pool_free(&p);
}

/* -- the reply -- */

static void
keep(FCGX_Stream *s, int closing)
{
	(void)s;
	(void)closing;
}

/* What goes to the web server past the stream, to fd. */
static const char *
written_to(const struct reply *r, int head, int fd)
{
	static unsigned char bytes[65536];
	FCGX_Stream out = { .wrNext = bytes, .stop = bytes + sizeof(bytes),
		.emptyBuffProc = keep };
	FCGX_Request fr = { .out = &out, .ipcFd = fd };

	reply_write(r, &fr, head);
	*out.wrNext = '\0';
	return (const char *)bytes;
}

static const char *
written(const struct reply *r, int head)
{
	return written_to(r, head, -1);
}

static void
headers(void **state)
{
	static const char *const always[] = {
		"Content-Security-Policy: default-src 'none'; style-src "
		"'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
		"frame-ancestors 'none'\r\n",
		"Strict-Transport-Security: ",
		"X-Content-Type-Options: nosniff\r\n",
		"Referrer-Policy: ",
		"Cache-Control: no-store\r\n",
	};
	struct pool *p = pool_new();
	struct reply r;

	(void)state;
	reply_init(&r, p);
	r.body = "<p>";
	r.length = 3;
	for (size_t i = 0; i < NELEM(always); i++)
		assert_non_null(strstr(written(&r, 0), always[i]));
	assert_int_equal(strncmp(written(&r, 0), "Status: 200 OK\r\n", 16), 0);
	assert_non_null(strstr(written(&r, 0), "Content-Length: 3\r\n"));
	assert_non_null(strstr(written(&r, 0), "\r\n\r\n<p>"));
	assert_null(strstr(written(&r, 1), "<p>"));
	assert_non_null(strstr(written(&r, 1), "Content-Length: 3\r\n"));
	r.status = 429;
	r.retry_after = 30;
	r.allow = "GET, HEAD";
	assert_non_null(strstr(written(&r, 0), "Status: 429 "));
	assert_non_null(strstr(written(&r, 0), "Retry-After: 30\r\n"));
	assert_non_null(strstr(written(&r, 0), "Allow: GET, HEAD\r\n"));
	pool_free(&p);
}

static bool
two_pieces(void *arg, bool (*put)(void *, const char *, size_t), void *to)
{
	const bool *whole = arg;

	assert_true(put(to, "a,b\n", 4));
	assert_true(put(to, "c,d\n", 4));
	return *whole;
}

/* An answer that is made while it goes: of no length that is known before. */
static void
stream(void **state)
{
	struct pool *p = pool_new();
	bool whole = true;
	struct reply r;
	const char *got;

	(void)state;
	reply_init(&r, p);
	r.content_type = "text/csv";
	r.filename = "a.csv";
	r.stream = two_pieces;
	r.stream_arg = &whole;
	got = written(&r, 0);
	assert_non_null(strstr(got, "Content-Type: text/csv\r\n"));
	assert_non_null(strstr(got,
	    "Content-Disposition: attachment; filename=\"a.csv\"\r\n"));
	assert_null(strstr(got, "Content-Length"));
	assert_non_null(strstr(got, "\r\n\r\na,b\nc,d\n"));
	got = written(&r, 1);
	assert_non_null(strstr(got, "filename=\"a.csv\"\r\n"));
	assert_null(strstr(got, "a,b"));
	pool_free(&p);
}

/* A part of an answer must not look like all of it: no FastCGI record begins
 * with a zero, and the web server breaks off. */
static void
stream_cut(void **state)
{
	struct pool *p = pool_new();
	bool whole = false;
	char past[16] = "12345678";
	struct capture c;
	struct reply r;
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	reply_init(&r, p);
	r.stream = two_pieces;
	r.stream_arg = &whole;
	capture_begin(&c);
	written_to(&r, 0, fds[1]);
	capture_end(&c);
	assert_non_null(strstr(c.text, "answer_cut"));
	assert_int_equal(read(fds[0], past, sizeof(past)), 8);
	assert_memory_equal(past, "\0\0\0\0\0\0\0\0", 8);
	close(fds[0]);
	close(fds[1]);
	pool_free(&p);
}

/* C37: only to ourselves. */
static void
see_other(void **state)
{
	static const struct {
		const char *path, *want;
	} all[] = {
		{ "/account", "/account" },
		{ "/login?over=1", "/login?over=1" },
		{ "/", "/" },
		{ "//evil.example", "/" },
		{ "////evil.example", "/" },
		{ "/\\evil.example", "/" },
		{ "/a\\b", "/" },
		{ "https://evil.example", "/" },
		{ "javascript:alert(1)", "/" },
		{ "", "/" },
		{ "/a\r\nSet-Cookie: x=y", "/" },
		{ "/a\nb", "/" },
	};
	struct pool *p = pool_new();
	struct reply r;
	char line[100];

	(void)state;
	for (size_t i = 0; i < NELEM(all); i++) {
		reply_init(&r, p);
		reply_see_other(&r, all[i].path);
		assert_int_equal(r.status, 303);
		assert_string_equal(r.location, all[i].want);
		snprintf(line, sizeof(line), "Location: %s\r\n", all[i].want);
		assert_non_null(strstr(written(&r, 0), line));
		assert_null(strstr(written(&r, 0), "Set-Cookie"));
	}
	pool_free(&p);
}

/* C35 */
static void
cookies(void **state)
{
	struct pool *p = pool_new();
	struct reply r;

	(void)state;
	reply_init(&r, p);
	reply_cookie(&r, "__Host-session", "abc");
	reply_forget_cookie(&r, "__Host-form");
	reply_cookie_for(&r, "__Host-lang", "ja", 60);
	assert_non_null(strstr(written(&r, 0),
	    "Set-Cookie: __Host-session=abc; Path=/; Secure; HttpOnly;"
	    " SameSite=Lax\r\n"));
	assert_non_null(strstr(written(&r, 0),
	    "Set-Cookie: __Host-form=; Max-Age=0; Path=/; Secure; HttpOnly;"
	    " SameSite=Lax\r\n"));
	assert_non_null(
	    strstr(written(&r, 0), "Set-Cookie: __Host-lang=ja; Max-Age=60"));
	assert_null(strstr(written(&r, 0), "Domain"));
	/* More than there is room for do no harm. */
	for (int i = 0; i < 20; i++)
		reply_cookie(&r, "x", "y");
	assert_int_equal(r.ncookies, NELEM(r.cookies));
	pool_free(&p);
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, rows, check, NULL, NULL);
	suite_add(&s, "when it was handed over", handed, NULL, NULL, NULL);
	ADD_ROWS(&s, files, check_file, NULL, NULL);
	suite_add(&s, "C126 methods", methods, NULL, NULL, NULL);
	suite_add(&s, "C11 limits", limits, NULL, NULL, NULL);
	suite_add(&s, "headers of a reply", headers, NULL, NULL, NULL);
	suite_add(&s, "a stream", stream, NULL, NULL, NULL);
	suite_add(&s, "a stream that is cut", stream_cut, NULL, NULL, NULL);
	suite_add(&s, "C37 see other", see_other, NULL, NULL, NULL);
	suite_add(&s, "C35 cookies", cookies, NULL, NULL, NULL);
	return suite_run(&s, "request");
}
