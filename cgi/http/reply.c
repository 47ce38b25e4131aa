#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/result.h"
#include "http/reply.h"

/* The same on every answer; nginx says them for the files it serves.  Pages
 * are a person's own, so none may be kept (Cache-Control). */
static const char security_headers[] =
    "Content-Security-Policy: default-src 'none'; style-src 'self';"
    " img-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'\r\n"
    "Strict-Transport-Security: max-age=31536000\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cache-Control: no-store\r\n";

void
reply_init(struct reply *r, struct pool *pool)
{
	memset(r, 0, sizeof(*r));
	r->pool = pool;
	r->status = 200;
	r->content_type = "text/html; charset=utf-8";
}

void
reply_see_other(struct reply *r, const char *path)
{
	/* "//host" and "/\host" are other sites to a browser. */
	if (path[0] != '/' || strpbrk(path + 1, "\\\r\n") != NULL ||
	    path[1] == '/')
		path = "/";
	r->status = 303;
	r->location = path;
	r->body = NULL;
	r->length = 0;
}

static void
add_cookie(struct reply *r, const char *text)
{
	if (r->ncookies < NELEM(r->cookies))
		r->cookies[r->ncookies++] = text;
}

#define COOKIE_FLAGS "; Path=/; Secure; HttpOnly; SameSite=Lax"

void
reply_cookie(struct reply *r, const char *name, const char *value)
{
	add_cookie(r, pool_printf(r->pool, "%s=%s" COOKIE_FLAGS, name, value));
}

void
reply_cookie_for(struct reply *r, const char *name, const char *value,
    long max_age)
{
	add_cookie(r,
	    pool_printf(r->pool, "%s=%s; Max-Age=%ld" COOKIE_FLAGS, name,
		value, max_age));
}

void
reply_forget_cookie(struct reply *r, const char *name)
{
	reply_cookie_for(r, name, "", 0);
}

/* nginx passes the line on as it is, and RFC 9112 (4) wants the blank after
 * the number even where no reason follows. */
static const char *
reason(int status)
{
	static const struct {
		int status;
		const char *reason;
	} known[] = {
		{ 200, "OK" },
		{ 303, "See Other" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 409, "Conflict" },
		{ 413, "Content Too Large" },
		{ 415, "Unsupported Media Type" },
		{ 422, "Unprocessable Content" },
		{ 429, "Too Many Requests" },
		{ 500, "Internal Server Error" },
		{ 503, "Service Unavailable" },
	};

	for (size_t i = 0; i < NELEM(known); i++)
		if (known[i].status == status)
			return known[i].reason;
	return "";
}

static bool
put(void *out, const char *bytes, size_t n)
{
	return FCGX_PutStr(bytes, (int)n, out) == (int)n;
}

static void
write_headers(const struct reply *r, FCGX_Request *fr)
{
	FCGX_FPrintF(
	    fr->out, "Status: %d %s\r\n", r->status, reason(r->status));
	FCGX_PutS(security_headers, fr->out);
	if (r->location != NULL)
		FCGX_FPrintF(fr->out, "Location: %s\r\n", r->location);
	if (r->allow != NULL)
		FCGX_FPrintF(fr->out, "Allow: %s\r\n", r->allow);
	if (r->retry_after > 0)
		FCGX_FPrintF(fr->out, "Retry-After: %d\r\n", r->retry_after);
	for (size_t i = 0; i < r->ncookies; i++)
		FCGX_FPrintF(fr->out, "Set-Cookie: %s\r\n", r->cookies[i]);
	if (r->body != NULL || r->stream != NULL)
		FCGX_FPrintF(fr->out, "Content-Type: %s\r\n",
		    r->content_type);
	if (r->filename != NULL)
		FCGX_FPrintF(fr->out,
		    "Content-Disposition: attachment; filename=\"%s\"\r\n",
		    r->filename);
	if (r->stream == NULL)
		FCGX_FPrintF(
		    fr->out, "Content-Length: %d\r\n", (int)r->length);
	FCGX_PutS("\r\n", fr->out);
}

/*
 * The status has gone out, so the connection must break.  nginx (1.22) takes
 * a connection that just ends for the end of the answer, and only a record of
 * no FastCGI version for an error.
 */
static void
break_off(FCGX_Request *fr)
{
	static const char no_record[8];

	FCGX_FFlush(fr->out);
	log_event("answer_cut", "written=%d",
	    write(fr->ipcFd, no_record, sizeof(no_record)) > 0);
}

void
reply_write(const struct reply *r, FCGX_Request *fr, int head)
{
	write_headers(r, fr);
	if (head)
		return;
	if (r->stream != NULL) {
		if (!r->stream(r->stream_arg, put, fr->out))
			break_off(fr);
	} else if (r->body != NULL)
		FCGX_PutStr(r->body, (int)r->length, fr->out);
}
