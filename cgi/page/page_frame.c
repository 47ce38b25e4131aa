/* What administrators' pages share: their frame, paths, and the password that
 * is asked again. */
#include <string.h>

#include "page/page.h"

const char *
page_element(struct ctx *c, unsigned int n)
{
	char *out = pool_alloc(c->pool, PATH_MAX_BYTES + 1);

	route_element(c->req.path, n, out, PATH_MAX_BYTES + 1);
	return out;
}

const char *
page_url(struct ctx *c, const char *text)
{
	static const char hex[] = "0123456789ABCDEF";
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	char *out = pool_alloc(c->pool, 3 * strlen(text) + 1), *o = out;

	for (; *text != '\0'; text++) {
		const unsigned char b = (unsigned char)*text;

		if (strchr(plain, *text) != NULL) {
			*o++ = *text;
			continue;
		}
		*o++ = '%';
		*o++ = hex[b >> 4];
		*o++ = hex[b & 15];
	}
	*o = '\0';
	return out;
}

int
page_said(const struct ctx *c, const char *name, int max)
{
	int64_t n = page_number(form_get(&c->req.query, name), -1);

	return n >= 0 && n <= max ? (int)n : -1;
}

void
page_say(struct ctx *c, const char *path, const char *name, int number)
{
	reply_see_other(&c->reply,
	    pool_printf(c->pool, "%s?%s=%d", path, name, number));
}

const char *
page_path(struct ctx *c, const char *behind)
{
	return pool_printf(c->pool, "/admin/%s%s", c->domain.name, behind);
}

/*
 * The page that makes an account has the path of an account called "new": in
 * its path stands the whole address.
 */
const char *
page_object_path(struct ctx *c, const char *kind, const char *local_part,
    const char *behind)
{
	const char *name = strcmp(local_part, "new") == 0 ?
	    pool_printf(c->pool, "%s@%s", local_part, c->domain.name) :
	    local_part;

	return page_path(c,
	    pool_printf(c->pool, "/%s/%s%s", kind, page_url(c, name), behind));
}

const char *
page_object_name(struct ctx *c)
{
	const char *name = page_element(c, 3), *at = strchr(name, '@');

	if (at != NULL && strcmp(at + 1, c->domain.name) == 0)
		name = pool_strndup(c->pool, name, (size_t)(at - name));
	return name;
}

const char *
page_account_path(struct ctx *c, const char *local_part, const char *behind)
{
	return page_object_path(c, "accounts", local_part, behind);
}

enum result
page_account_of_path(struct ctx *c, struct account *a_r)
{
	return account_in(
	    c->site->store, &c->domain, page_object_name(c), a_r);
}

static bool
count_domain(void *arg, const struct domain *d)
{
	int *n = arg;

	(void)d;
	return ++*n < 2;
}

void
page_frame(struct ctx *c, const char *sub)
{
	struct view *v = c->site->view;
	int n = 0;

	page_begin(c);
	view_set(v, "Domain.name", c->domain.name);
	view_set(v, "Domain.path", page_path(c, ""));
	view_set(v, "Sub", sub);
	if (!c->domain.enabled)
		view_set(v, "Domain.disabled", "1");
	/* Without the list there is only no link to it. */
	if (domain_list(c->site->store, &c->session->account, count_domain,
		&n) == RES_OK &&
	    n > 1)
		view_set(v, "Domain.other", "1");
	if (page_asks_again(c))
		view_set(v, "Reauth", "1");
}

bool
page_asks_again(const struct ctx *c)
{
	return !session_is_fresh(
	    &c->site->login.session, c->session, c->now);
}

/* Too many wrong passwords: nothing is done, and not even looked at. */
static enum result
throttled(struct ctx *c, int64_t wait)
{
	c->reply.retry_after = (int)wait;
	page_begin(c);
	view_set(c->site->view, "Error.title",
	    page_text(c, "error.e429.title", NULL, NULL));
	view_set(c->site->view, "Error.text",
	    page_text(c, "err.current.throttled", page_wait(c, wait), NULL));
	view_set_int(c->site->view, "Error.status", 429);
	view_set(c->site->view, "Error.request_id", c->request_id);
	view_set(c->site->view, "Error.contact", c->site->conf.contact);
	return page_end(c, 429, TPL_ERROR);
}

void
page_name_typed(struct ctx *c, const char *name, struct findings *f)
{
	if (strcmp(form_get(&c->req.body, "confirm"), name) != 0)
		finding_add(f, "confirm", FAULT_CONFIRM, name, NULL);
}

bool
page_confirmed(struct ctx *c, struct findings *f, enum result *answer_r)
{
	const struct actor who = page_actor(c);
	const size_t before = f->n;
	int64_t wait = 0;

	*answer_r = RES_OK;
	if (!page_asks_again(c))
		return true;
	switch (account_confirm(c->site->store, &c->site->login,
	    &c->session->account, form_get(&c->req.body, "current_password"),
	    &who, f, &wait)) {
	case SAVED_OK:
		if (f->n == before)
			(void)!session_authenticated(
			    c->site->store, c->session, c->now);
		return true;
	case SAVED_THROTTLED:
		*answer_r = throttled(c, wait);
		return false;
	case SAVED_BUSY:
		*answer_r = RES_BUSY;
		return false;
	case SAVED_INVALID:
	case SAVED_STALE:
	case SAVED_GONE:
	case SAVED_FAIL:
		break;
	}
	*answer_r = RES_FAIL;
	return false;
}
