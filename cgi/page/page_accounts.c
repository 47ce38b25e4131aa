/* POPアカウント: the list of a domain's accounts. */
#include <stdio.h>
#include <string.h>

#include "core/listing.h"
#include "page/page.h"

struct list {
	struct ctx *ctx;
	int n;
};

static const char *const sorts[ORDER__MAX] = {
	[BY_ACCOUNT] = "account",
	[BY_NAME] = "name",
	[BY_CREATED] = "created",
};

/* As the query says it; "" for the order that a list has anyway. */
static const char *
sort_text(struct ctx *c, enum order order, bool down)
{
	if (down)
		return pool_printf(c->pool, "-%s", sorts[order]);
	return order == BY_ACCOUNT ? "" : sorts[order];
}

/* The list that q asks for, from `cursor` on; key NULL: from its begin. */
static const char *
href(struct ctx *c, const struct listing_query *q, const char *key,
    const char *cursor)
{
	const struct {
		const char *name, *value;
	} all[] = {
		{ "q", q->q },
		{ "filter", filter_text(q->filter) },
		{ "sort", sort_text(c, q->order, q->down) },
		{ key, key != NULL ? cursor : "" },
	};
	const char *path = page_path(c, "/accounts");
	char mark = '?';

	for (size_t i = 0; i < NELEM(all); i++) {
		if (all[i].value[0] == '\0')
			continue;
		path = pool_printf(c->pool, "%s%c%s=%s", path, mark,
		    all[i].name, page_url(c, all[i].value));
		mark = '&';
	}
	return path;
}

/* "転送: a@x ほか1件" */
static const char *
routing_words(struct ctx *c, const struct listed *l)
{
	const struct account *a = &l->account;
	char first[ADDRESS_SIZE] = "";

	if (a->routing != ROUTING_FORWARD || l->targets.n == 0)
		return page_text(c,
		    pool_printf(c->pool, "listing.routing.%s",
			routing_text(a->routing)),
		    "-", NULL);
	snprintf(first, sizeof(first), "%s@%s", l->targets.list[0].local_part,
	    l->targets.list[0].domain);
	if (l->targets.n > 1)
		return page_text(c,
		    a->keep_copy ? "listing.routing.forward_copy_more" :
				   "listing.routing.forward_more",
		    first,
		    pool_printf(c->pool, "%zu", l->targets.n - 1));
	return page_text(c,
	    a->keep_copy ? "listing.routing.forward_copy" :
			   "listing.routing.forward",
	    first, NULL);
}

static void
show_level(struct ctx *c, int n, const struct listed *l)
{
	const struct mailbox_usage *u = &l->usage;
	struct view *v = c->site->view;

	if (u->last_login != 0)
		view_set_nth(v, "Row", n, "last_login",
		    page_time_bare(c, u->last_login));
	if (!u->known)
		return;
	view_set_nth(v, "Row", n, "usage_known", "1");
	view_set_nth(v, "Row", n, "percent",
	    pool_printf(c->pool, "%d", u->percent));
	view_set_nth(v, "Row", n, "level",
	    u->percent >= 100	 ? "full" :
		u->percent >= 80 ? "warn" :
				   "ok");
	view_set_nth(v, "Row", n, "used", page_bytes(c, u->bytes));
	view_set_nth(
	    v, "Row", n, "quota", page_bytes(c, l->account.quota_bytes));
}

static void
show_row(void *arg, const struct listed *l)
{
	struct list *list = arg;
	struct ctx *c = list->ctx;
	const struct account *a = &l->account;
	struct view *v = c->site->view;
	const int n = list->n++;

	view_set_nth(v, "Row", n, "id",
	    pool_printf(c->pool, "%lld", (long long)a->id));
	view_set_nth(v, "Row", n, "address", a->address);
	view_set_nth(v, "Row", n, "local_part", a->local_part);
	view_set_nth(v, "Row", n, "href",
	    page_account_path(c, a->local_part, ""));
	view_set_nth(v, "Row", n, "real_name", a->real_name);
	view_set_nth(v, "Row", n, "routing", routing_words(c, l));
	if (a->initial)
		view_set_nth(v, "Row", n, "initial_since",
		    page_time_bare(c, a->password_at));
	if (a->domain_admin || a->site_admin)
		view_set_nth(v, "Row", n, "admin", "1");
	show_level(c, n, l);
}

static void
show_controls(struct ctx *c, const struct listing_query *q)
{
	struct view *v = c->site->view;

	view_set(v, "Query.q", q->q);
	view_set(v, "Query.filter", filter_text(q->filter));
	view_set(v, "Query.sort", sort_text(c, q->order, q->down));
	for (int i = 0; i < FILTER__MAX; i++) {
		const char *f = filter_text((enum filter)i);

		view_set_nth(v, "Filter", i, "value", f);
		view_set_nth(v, "Filter", i, "label",
		    page_text(c,
			pool_printf(c->pool, "filter.%s",
			    f[0] != '\0' ? f : "all"),
			NULL, NULL));
		if (i == (int)q->filter)
			view_set_nth(v, "Filter", i, "selected", "1");
	}
	for (int i = 0; i < ORDER__MAX; i++) {
		struct listing_query other = *q;

		/* A second click on the same heading turns it round. */
		other.order = (enum order)i;
		other.down = q->order == other.order && !q->down;
		view_set(v, pool_printf(c->pool, "Sort.%s", sorts[i]),
		    href(c, &other, NULL, NULL));
	}
	view_set(v, "Sort.now", sorts[q->order]);
	if (q->down)
		view_set(v, "Sort.down", "1");
}

static void
show_pager(struct ctx *c, const struct listing_query *q,
    const struct listing *p)
{
	const bool back = q->before[0] != '\0';
	struct view *v = c->site->view;

	view_set(v, "List.count", page_count(c, c->domain.accounts));
	if (p->more_before) {
		view_set(v, "List.first", href(c, q, NULL, NULL));
		view_set(v, p->unfinished && back ? "List.more" : "List.prev",
		    href(c, q, "before", p->first));
	}
	if (p->more_after)
		view_set(v, p->unfinished && !back ? "List.more" : "List.next",
		    href(c, q, "after", p->last));
	else
		view_set(v, "List.end", "1");
	if (p->n == 0)
		view_set(v, "List.empty",
		    q->q[0] != '\0' || q->filter != FILTER_ALL ? "search" :
								 "domain");
}

static void
show_notice(struct ctx *c)
{
	static const char *const keys[] = { "deleted", "quota", "imported",
		"changed" };
	static const char *const sentences[] = { "notice.bulk_deleted",
		"notice.bulk_quota", "notice.imported", "notice.imported" };
	const char *number[NELEM(keys)] = { NULL };

	for (size_t i = 0; i < NELEM(keys); i++) {
		const int n = page_said(c, keys[i], 1000000);

		if (n >= 0)
			number[i] = page_count(c, n);
	}
	for (size_t i = 0; i < NELEM(keys); i++) {
		if (number[i] == NULL)
			continue;
		view_set(c->site->view, "Notice",
		    page_text(c, sentences[i], number[i],
			number[3] != NULL ? number[3] : "0"));
		return;
	}
}

/* What the query asks for; what it says wrongly is not asked. */
static struct listing_query
read_query(struct ctx *c)
{
	const struct form *f = &c->req.query;
	struct listing_query q = {
		.domain = &c->domain,
		.q = form_get(f, "q"),
		.after = form_get(f, "after"),
		.before = form_get(f, "before"),
		.max = LISTING_ROWS,
	};

	if (!filter_of_text(form_get(f, "filter"), &q.filter))
		q.filter = FILTER_ALL;
	if (!order_of_text(form_get(f, "sort"), &q.order, &q.down)) {
		q.order = BY_ACCOUNT;
		q.down = false;
	}
	return q;
}

enum result
page_accounts_show(struct ctx *c, int status, const struct findings *f)
{
	struct listing_query q = read_query(c);
	struct list list = { c, 0 };
	struct listing page;
	enum result r;

	page_frame(c, "accounts");
	r = listing_page(c->site->store, &q, show_row, &list, &page);
	/* All that was behind the cursor has gone: from the beginning. */
	if (r == RES_OK && page.n == 0 && !page.unfinished &&
	    (q.after[0] != 0 || q.before[0] != 0)) {
		q.after = q.before = "";
		r = listing_page(
		    c->site->store, &q, show_row, &list, &page);
	}
	if (r != RES_OK)
		return r;
	show_controls(c, &q);
	show_pager(c, &q, &page);
	show_notice(c);
	if (f != NULL)
		page_findings(c, f);
	return page_end(c, status, TPL_ACCOUNTS);
}

enum result
page_accounts(struct ctx *c)
{
	return page_accounts_show(c, 200, NULL);
}
