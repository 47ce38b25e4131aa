/* The answers when a request goes no further. */
#include <string.h>

#include "page/page.h"

#define RETRY_SECONDS 5

static const struct {
	int status;
	const char *key;
} problems[] = {
	[PROBLEM_MALFORMED] = { 400, "e400" },
	[PROBLEM_CSRF] = { 403, "e403_csrf" },
	[PROBLEM_NETWORK] = { 403, "e403_network" },
	[PROBLEM_NOT_FOUND] = { 404, "e404" },
	[PROBLEM_METHOD] = { 405, "e405" },
	[PROBLEM_CONFLICT] = { 409, "e409" },
	[PROBLEM_TOO_LARGE] = { 413, "e413" },
	[PROBLEM_MEDIA] = { 415, "e400" },
	[PROBLEM_BUSY] = { 503, "e503" },
	[PROBLEM_FAIL] = { 500, "e500" },
};

static void
set_part(struct ctx *c, const char *key, const char *part, const char *name)
{
	view_set(c->site->view, name,
	    page_text(c, pool_printf(c->pool, "error.%s.%s", key, part), NULL,
		NULL));
}

void
page_error(struct ctx *c, enum problem problem)
{
	const char *key = problems[problem].key;
	const int status = problems[problem].status;
	struct view *v = c->site->view;

	page_begin(c);
	view_set_int(v, "Error.status", status);
	set_part(c, key, "title", "Error.title");
	set_part(c, key, "text", "Error.text");
	if (problem == PROBLEM_NETWORK)
		set_part(c, key, "hint", "Error.hint");
	view_set(v, "Error.request_id", c->request_id);
	view_set(v, "Error.contact", c->site->conf.contact);
	c->reply.location = NULL;
	c->reply.retry_after = problem == PROBLEM_BUSY ? RETRY_SECONDS : 0;
	if (page_end(c, status, TPL_ERROR) == RES_OK)
		return;
	/* Even the page that says so cannot be made. */
	c->reply.status = 500;
	c->reply.content_type = "text/plain; charset=utf-8";
	c->reply.body = pool_printf(
	    c->pool, "Internal error %s\n", c->request_id);
	c->reply.length = strlen(c->reply.body);
}
