#include <stdlib.h>
#include <string.h>

#include "http/multipart.h"
#include "http/request.h"

#define FORM_TYPE "application/x-www-form-urlencoded"
#define FILE_TYPE "multipart/form-data"

static const char *
param(FCGX_Request *fr, const char *name)
{
	const char *v = FCGX_GetParam(name, fr->envp);

	return v != NULL ? v : "";
}

static enum method
method_of(const char *s)
{
	if (strcmp(s, "GET") == 0)
		return M_GET;
	if (strcmp(s, "HEAD") == 0)
		return M_HEAD;
	if (strcmp(s, "POST") == 0)
		return M_POST;
	return M_OTHER;
}

/* Content-Length is a claim: digits, and what is read to it. */
static bool
length_of(const char *s, size_t *n_r)
{
	size_t n = strlen(s);

	*n_r = 0;
	if (n > 12 || strspn(s, "0123456789") != n)
		return false;
	*n_r = strtoul(n > 0 ? s : "0", NULL, 10);
	return true;
}

/* nginx's $msec: seconds, a point, three digits. */
static int64_t
milliseconds_of(const char *s)
{
	const size_t n = strspn(s, "0123456789");

	if (n == 0 || n > 12 || s[n] != '.' || strlen(s + n) != 4 ||
	    strspn(s + n + 1, "0123456789") != 3)
		return -1;
	return strtoll(s, NULL, 10) * 1000 + strtoll(s + n + 1, NULL, 10);
}

static bool
is_type(const char *type, const char *want)
{
	return strncasecmp(type, want, strlen(want)) == 0 &&
	    strchr("; ", type[strlen(want)]) != NULL;
}

/* The fields of a multipart body as those of any form, and its file. */
static bool
take_parts(struct pool *p, const char *type, const char *body, size_t n,
    struct request *req)
{
	struct multipart m;

	if (!multipart_parse(p, type, body, n, &m))
		return false;
	for (size_t i = 0; i < m.n; i++) {
		const struct part *part = &m.parts[i];

		if (part->filename == NULL) {
			if (!form_add(&req->body, part->name, part->bytes))
				return false;
		} else if (strcmp(part->name, "file") == 0) {
			/* A field that was left empty comes as a file without
			 * name and bytes. */
			req->file.sent =
			    part->filename[0] != '\0' || part->n > 0;
			req->file.name = part->filename;
			req->file.bytes = part->bytes;
			req->file.n = part->n;
		}
	}
	return true;
}

enum taken
request_body(FCGX_Request *fr, struct pool *p, size_t form_max,
    bool file_allowed, struct request *req)
{
	const char *type = param(fr, "CONTENT_TYPE");
	const bool file = file_allowed && is_type(type, FILE_TYPE);
	size_t n, got = 0;
	char *body;

	if (!length_of(param(fr, "CONTENT_LENGTH"), &n))
		return TAKEN_MALFORMED;
	if (n > (file ? FILE_MAX : form_max))
		return TAKEN_TOO_LARGE;
	if (n == 0)
		return TAKEN_OK;
	if (!file && !is_type(type, FORM_TYPE))
		return TAKEN_MEDIA;
	body = pool_alloc(p, n);
	while (got < n) {
		int r = FCGX_GetStr(body + got, (int)(n - got), fr->in);

		if (r <= 0)
			return TAKEN_MALFORMED; /* the client went away */
		got += (size_t)r;
	}
	if (file)
		return take_parts(p, type, body, n, req) ? TAKEN_OK :
							   TAKEN_MALFORMED;
	return form_parse(p, body, n, &req->body) ? TAKEN_OK :
						    TAKEN_MALFORMED;
}

/* The path as it was sent, so that it is decoded once and by us. */
static bool
take_path(FCGX_Request *fr, struct pool *p, struct request *req)
{
	const char *uri = param(fr, "REQUEST_URI"), *path;
	size_t n = strcspn(uri, "?");

	if (uri[0] != '/' || n > PATH_MAX_BYTES ||
	    (path = percent_decode(p, uri, n, false)) == NULL)
		return false;
	/* An empty, "." or ".." element names something else to others. */
	if (strstr(path, "//") != NULL || strstr(path, "/./") != NULL ||
	    strstr(path, "/../") != NULL || strpbrk(path, "\\\r\n\t") != NULL)
		return false;
	req->path = path;
	return true;
}

enum taken
request_take(FCGX_Request *fr, struct pool *p, struct request *req)
{
	const char *query = param(fr, "QUERY_STRING");

	memset(req, 0, sizeof(*req));
	req->path = "/";
	req->method = method_of(param(fr, "REQUEST_METHOD"));
	req->client = param(fr, "REMOTE_ADDR");
	req->cookies = param(fr, "HTTP_COOKIE");
	req->origin = param(fr, "HTTP_ORIGIN");
	req->fetch_site = param(fr, "HTTP_SEC_FETCH_SITE");
	req->languages = param(fr, "HTTP_ACCEPT_LANGUAGE");
	req->pool = param(fr, "FUMIBAKO_POOL");
	req->handed_ms = milliseconds_of(param(fr, "FUMIBAKO_HANDED"));
	if (!take_path(fr, p, req) || strlen(query) > QUERY_MAX ||
	    !form_parse(p, query, strlen(query), &req->query))
		return TAKEN_MALFORMED;
	return TAKEN_OK;
}

void
request_drain(FCGX_Request *fr)
{
	char unread[4096];

	while (FCGX_GetStr(unread, sizeof(unread), fr->in) > 0) {
	}
}
