#include <stdlib.h>
#include <string.h>

#include "http/request.h"

#define FORM_TYPE "application/x-www-form-urlencoded"

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

static enum taken
take_body(FCGX_Request *fr, struct pool *p, struct request *req)
{
	const char *type = param(fr, "CONTENT_TYPE");
	size_t n, got = 0;
	char *body;

	if (!length_of(param(fr, "CONTENT_LENGTH"), &n))
		return TAKEN_MALFORMED;
	if (n > BODY_MAX)
		return TAKEN_TOO_LARGE;
	if (n == 0)
		return TAKEN_OK;
	if (strncasecmp(type, FORM_TYPE, strlen(FORM_TYPE)) != 0 ||
	    strchr("; ", type[strlen(FORM_TYPE)]) == NULL)
		return TAKEN_MEDIA;
	body = pool_alloc(p, n);
	while (got < n) {
		int r = FCGX_GetStr(body + got, (int)(n - got), fr->in);

		if (r <= 0)
			return TAKEN_MALFORMED; /* the client went away */
		got += (size_t)r;
	}
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
	if (!take_path(fr, p, req) || strlen(query) > QUERY_MAX ||
	    !form_parse(p, query, strlen(query), &req->query))
		return TAKEN_MALFORMED;
	return req->method == M_POST ? take_body(fr, p, req) : TAKEN_OK;
}
