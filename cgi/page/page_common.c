/* What every page needs: language, texts, times, sizes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "page/page.h"

void
page_begin(struct ctx *c)
{
	struct view *v = c->site->view;

	view_begin(v, c->lang);
	/* Other paths may be no GET, or hold what a link must not. */
	view_set(v, "Page.path",
	    route_find(routes, nroutes, M_GET, c->req.path) != NULL ?
		c->req.path :
		"/");
	view_set(v, "Csrf", c->csrf);
	if (c->session != NULL) {
		view_set(v, "User.address", c->session->account.address);
		if (c->session->account.initial)
			view_set(v, "User.initial", "1");
		if (c->session->account.domain_admin)
			view_set(v, "User.domain_admin", "1");
		if (c->session->account.site_admin)
			view_set(v, "User.site_admin", "1");
	}
}

enum result
page_end(struct ctx *c, int status, enum template t)
{
	enum result r;

	r = view_render(
	    c->site->view, t, &c->reply.body, &c->reply.length);
	if (r == RES_OK)
		c->reply.status = status;
	return r;
}

const char *
page_text(struct ctx *c, const char *key, const char *a1, const char *a2)
{
	return view_text(c->site->view, c->lang, c->pool, key, a1, a2);
}

void
page_findings(struct ctx *c, const struct findings *f)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct finding *one = &f->list[i];

		view_error(c->site->view, one->field,
		    page_text(c, fault_key(one->fault), one->a1, one->a2));
	}
}

void
page_field(struct ctx *c, const char *name, const char *value)
{
	char full[96];

	snprintf(full, sizeof(full), "Field.%s.value", name);
	view_set(c->site->view, full, value);
}

struct actor
page_actor(const struct ctx *c)
{
	return (struct actor){
		.name = c->session != NULL ? c->session->account.address : "",
		.origin = c->req.client,
		.request_id = c->request_id,
		.now = c->now,
	};
}

const char *
page_wait(struct ctx *c, int64_t seconds)
{
	bool minutes = seconds > 90;
	const char *number = pool_printf(c->pool, "%lld",
	    (long long)(minutes ? (seconds + 59) / 60 : seconds));

	return page_text(
	    c, minutes ? "time.minutes" : "time.seconds", number, NULL);
}

static const char *
time_text(struct ctx *c, int64_t at, bool with_zone)
{
	const time_t t = (time_t)at;
	char text[64];
	struct tm tm;
	size_t n;

	if (at == 0 || localtime_r(&t, &tm) == NULL)
		return "";
	n = strftime(text, sizeof(text),
	    with_zone ? "%Y-%m-%d %H:%M %Z" : "%Y-%m-%d %H:%M", &tm);
	return pool_strndup(c->pool, text, n);
}

const char *
page_time(struct ctx *c, int64_t at)
{
	return time_text(c, at, true);
}

const char *
page_time_bare(struct ctx *c, int64_t at)
{
	return time_text(c, at, false);
}

int64_t
page_number(const char *s, int64_t otherwise)
{
	size_t n = strlen(s);

	if (n == 0 || n > 18 || strspn(s, "0123456789") != n)
		return otherwise;
	return strtoll(s, NULL, 10);
}

const char *
page_count(struct ctx *c, int64_t n)
{
	return n < 1000 ? pool_printf(c->pool, "%d", (int)n) :
			  pool_printf(c->pool, "%s,%03d",
			      page_count(c, n / 1000), (int)(n % 1000));
}

const char *
page_bytes(struct ctx *c, int64_t bytes)
{
	static const char *const keys[] = { "unit.b", "unit.kb", "unit.mb",
		"unit.gb" };
	int64_t tenths, unit = 1;
	size_t k = 0;

	/* 1 GB and not 1,024 MB, a byte before it. */
	while (bytes / unit >= 1000 && k + 1 < NELEM(keys)) {
		unit *= 1024;
		k++;
	}
	/* 1 GB and not 1.0 GB; 1.2 MB and not 1.23; 150 MB and not 150.3. */
	tenths = bytes / unit * 10 + (bytes % unit * 10 + unit / 2) / unit;
	return page_text(c, keys[k],
	    tenths % 10 == 0 || tenths >= 1000 ?
		pool_printf(c->pool, "%d", (int)(tenths / 10)) :
		pool_printf(c->pool, "%d.%d", (int)(tenths / 10),
		    (int)(tenths % 10)),
	    NULL);
}

void
page_form_cookie(struct ctx *c)
{
	if (c->session != NULL || c->cookie[0] != '\0')
		return;
	secret_token(c->cookie);
	secret_hash_text("form token", c->cookie, c->csrf);
	reply_cookie(&c->reply, COOKIE_FORM, c->cookie);
}
