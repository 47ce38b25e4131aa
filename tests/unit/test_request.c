/* What nginx hands over, and what goes back.  C09 C11 C37 C126. */
#include "tests/unit/unit.h"

#include "http/reply.h"
#include "http/request.h"

#define TYPE "CONTENT_TYPE=application/x-www-form-urlencoded"

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
/* clang-format on */

static enum taken
take(const char *const *env, const char *body, struct pool *p,
    struct request *req)
{
	char *envp[9] = { NULL };
	unsigned char *bytes = NULL;
	FCGX_Stream in = { .isReader = 1, .fillBuffProc = at_end };
	FCGX_Request fr = { .in = &in, .envp = envp };
	size_t n = body != NULL ? strlen(body) : 0;
	enum taken got;

	for (size_t i = 0; i < 8 && env[i] != NULL; i++)
		envp[i] = (char *)(uintptr_t)env[i];
	bytes = malloc(n + 1);
	assert_non_null(bytes);
	memcpy(bytes, body != NULL ? body : "", n);
	in.rdNext = in.stopUnget = bytes;
	in.stop = bytes + n;
	got = request_take(&fr, p, req);
	free(bytes);
	return got;
}

static void
check(void **state)
{
	const struct row *r = *state;
	struct pool *p = pool_new();
	struct request req;

	assert_int_equal(take(r->env, r->body, p, &req), r->want);
	/* Whatever came: nothing is NULL, so an error page can be made. */
	assert_non_null(req.path);
	assert_int_equal(req.path[0], '/');
	assert_non_null(req.client);
	assert_non_null(req.cookies);
	assert_non_null(req.origin);
	assert_non_null(req.fetch_site);
	assert_non_null(req.languages);
	if (r->want == TAKEN_OK) {
		assert_string_equal(req.path, r->path);
		assert_string_equal(form_get(&req.body, "a"), r->field);
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

		assert_int_equal(take(env, NULL, p, &req), TAKEN_OK);
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
	assert_int_equal(take(env, NULL, p, &req), TAKEN_OK);
	memset(uri + n, 'a', 1024);
	assert_int_equal(take(env, NULL, p, &req), TAKEN_MALFORMED);
	snprintf(uri, sizeof(uri), "REQUEST_URI=/");
	memset(uri + n, 0, 1024);
	n = snprintf(query, sizeof(query), "QUERY_STRING=");
	memset(query + n, 'a', 2048);
	assert_int_equal(take(env, NULL, p, &req), TAKEN_OK);
	memset(query + n, 'a', 2049);
	assert_int_equal(take(env, NULL, p, &req), TAKEN_MALFORMED);
	pool_free(&p);
}

/* -- the reply -- */

static const char *
written(const struct reply *r, int head)
{
	static unsigned char bytes[65536];
	FCGX_Stream out = { .wrNext = bytes, .stop = bytes + sizeof(bytes),
		.emptyBuffProc = NULL };
	FCGX_Request fr = { .out = &out };

	reply_write(r, &fr, head);
	*out.wrNext = '\0';
	return (const char *)bytes;
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
	suite_add(&s, "C126 methods", methods, NULL, NULL, NULL);
	suite_add(&s, "C11 limits", limits, NULL, NULL, NULL);
	suite_add(&s, "headers of a reply", headers, NULL, NULL, NULL);
	suite_add(&s, "C37 see other", see_other, NULL, NULL, NULL);
	suite_add(&s, "C35 cookies", cookies, NULL, NULL, NULL);
	return suite_run(&s, "request");
}
