/* The domains that I administer, and the first page of one: numbers. */
#include <string.h>

#include "page/page.h"

/* -- /admin -- */

struct mine {
	struct ctx *ctx;
	int n;
	char first[254];
};

static bool
show_mine(void *arg, const struct domain *d)
{
	struct mine *m = arg;
	struct ctx *c = m->ctx;
	struct view *v = c->site->view;

	if (m->n == 0)
		memcpy(m->first, d->name, sizeof(m->first));
	view_set_nth(v, "Domains", m->n, "name", d->name);
	view_set_nth(v, "Domains", m->n, "path",
	    pool_printf(c->pool, "/admin/%s", d->name));
	view_set_nth(
	    v, "Domains", m->n, "accounts", page_count(c, d->accounts));
	if (!d->enabled)
		view_set_nth(v, "Domains", m->n, "disabled", "1");
	m->n++;
	return true;
}

enum result
page_admin(struct ctx *c)
{
	struct mine m = { .ctx = c };
	enum result r;

	page_begin(c);
	r = domain_list(
	    c->site->store, &c->session->account, show_mine, &m);
	if (r != RES_OK)
		return r;
	if (m.n == 0)
		return RES_NOTFOUND;
	if (m.n == 1) {
		reply_see_other(&c->reply,
		    pool_printf(c->pool, "/admin/%s", m.first));
		return RES_OK;
	}
	return page_end(c, 200, TPL_ADMIN);
}

/* -- /admin/DOMAIN -- */

/* part of whole in percent, 0..100 */
static int
percent(int64_t part, int64_t whole)
{
	if (whole <= 0 || part <= 0)
		return 0;
	if (part >= whole)
		return 100;
	return (int)((double)part * 100 / (double)whole);
}

static void
show_limit(struct ctx *c, const char *what, int64_t are, int64_t max)
{
	struct view *v = c->site->view;

	view_set(v, pool_printf(c->pool, "Count.%s", what),
	    page_count(c, are));
	if (max == NO_LIMIT)
		return;
	view_set(v, pool_printf(c->pool, "Count.max_%s", what),
	    page_count(c, max));
	view_set_int(v, pool_printf(c->pool, "Count.pct_%s", what),
	    max == 0 ? 100 : percent(are, max));
}

static void
show_counts(struct ctx *c, const struct domain *d)
{
	struct view *v = c->site->view;

	show_limit(c, "accounts", d->accounts, d->max_accounts);
	show_limit(c, "forwards", d->forwards, d->max_forwards);
	show_limit(c, "lists", d->lists, d->max_lists);
	view_set(v, "Count.default_quota",
	    page_bytes(c, d->default_quota_bytes));
	view_set(v, "Count.initial", page_count(c, d->initial));
	view_set(
	    v, "Count.changed", page_count(c, d->accounts - d->initial));
	view_set(v, "Count.discarding", page_count(c, d->discarding));
	view_set(v, "Count.forwarding", page_count(c, d->forwarding));
	view_set(v, "Count.keeping",
	    page_count(c, d->accounts - d->discarding - d->forwarding));
	view_set_int(v, "Pie.initial", percent(d->initial, d->accounts));
}

static void
show_sizes(struct ctx *c, const struct domain_usage *u)
{
	struct view *v = c->site->view;
	int64_t most = 1;

	for (int i = 0; i < SIZE_CLASSES; i++)
		if (u->mailboxes[i] > most)
			most = u->mailboxes[i];
	for (int i = 0; i < SIZE_CLASSES; i++) {
		view_set_nth(v, "Size", i, "label",
		    page_text(c, pool_printf(c->pool, "size.c%d", i), NULL,
			NULL));
		view_set_nth(
		    v, "Size", i, "count", page_count(c, u->mailboxes[i]));
		view_set_nth(v, "Size", i, "width",
		    pool_printf(
			c->pool, "%d", percent(u->mailboxes[i], most)));
	}
}

enum result
page_domain(struct ctx *c)
{
	const struct domain *d = &c->domain;
	struct view *v = c->site->view;
	struct domain_usage u;
	int64_t counted = 0;

	page_frame(c, "overview");
	show_counts(c, d);
	domain_usage(c->site->store, d, &u);
	if (u.known) {
		view_set(v, "Stat.known", "1");
		view_set(v, "Stat.used", page_bytes(c, u.bytes));
		view_set(v, "Stat.quota", page_bytes(c, d->quota_bytes));
		view_set_int(
		    v, "Stat.percent", percent(u.bytes, d->quota_bytes));
		/* One that nothing was ever delivered to has no row. */
		for (int i = 0; i < SIZE_CLASSES; i++)
			counted += u.mailboxes[i];
		if (d->accounts > counted)
			u.mailboxes[0] += d->accounts - counted;
		show_sizes(c, &u);
	}
	return page_end(c, 200, TPL_DOMAIN);
}
