/* Who changed what in a domain; read only. */
#include "page/page.h"

#define ROWS 50

struct lines {
	struct ctx *ctx;
	int n;
};

static void
show_line(void *arg, const struct history_row *h)
{
	struct lines *l = arg;

	page_history_row(l->ctx, l->n++, h, true);
}

static const char *
href(struct ctx *c, const char *q, const char *key, int64_t id)
{
	return page_path(c,
	    pool_printf(c->pool, "/log?%s=%lld&q=%s", key, (long long)id,
		page_url(c, q)));
}

enum result
page_domain_log(struct ctx *c)
{
	const struct form *f = &c->req.query;
	const struct history_query q = {
		.domain = c->domain.name,
		.q = form_get(f, "q"),
		.before = page_number(form_get(f, "before"), 0),
		.after = page_number(form_get(f, "after"), 0),
		.max = ROWS,
	};
	struct lines l = { c, 0 };
	struct view *v = c->site->view;
	struct history_page p;
	enum result r;

	page_frame(c, "log");
	r = history_search(c->site->store, &q, show_line, &l, &p);
	if (r != RES_OK)
		return r;
	page_history_zone(c);
	view_set(v, "Query.q", q.q);
	if (p.more_before)
		view_set(v, "List.newer", href(c, q.q, "after", p.first));
	if (p.unfinished)
		view_set(v, "List.more", href(c, q.q, "before", p.last));
	else if (p.more_after)
		view_set(v, "List.older", href(c, q.q, "before", p.last));
	if (p.n == 0)
		view_set(
		    v, "List.empty", q.q[0] != '\0' ? "search" : "domain");
	return page_end(c, 200, TPL_DOMAIN_LOG);
}
