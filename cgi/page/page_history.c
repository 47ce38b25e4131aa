/* The account's own history, newest first. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/history.h"
#include "page/page.h"

#define ROWS 50

/* "routing" is stored, the label is shown; other values are as they are. */
static const char *
value_text(struct ctx *c, const char *what, const char *value)
{
	enum routing unused;

	if (strcmp(what, event_name(EVENT_ROUTING)) == 0 &&
	    routing_of_text(value, &unused))
		return page_text(c, pool_printf(c->pool, "routing.%s", value),
		    NULL, NULL);
	if (strcmp(what, event_name(EVENT_KEEP_COPY)) == 0 ||
	    strcmp(what, event_name(EVENT_DOMAIN_ENABLED)) == 0)
		return page_text(
		    c, strcmp(value, "on") == 0 ? "yes" : "no", NULL, NULL);
	if ((strcmp(what, event_name(EVENT_QUOTA)) == 0 ||
		strcmp(what, event_name(EVENT_DEFAULT_QUOTA)) == 0) &&
	    value[0] != '\0')
		return page_bytes(c, strtoll(value, NULL, 10));
	return value;
}

void
page_history_row(struct ctx *c, int n, const struct history_row *h,
    bool with_subject)
{
	struct view *v = c->site->view;

	view_set_nth(v, "History", n, "when", page_time_bare(c, h->at));
	view_set_nth(v, "History", n, "who",
	    h->actor[0] != '\0' ?
		h->actor :
		page_text(c, "history.operator", NULL, NULL));
	view_set_nth(v, "History", n, "what",
	    page_text(c, pool_printf(c->pool, "history.what.%s", h->what),
		NULL, NULL));
	view_set_nth(
	    v, "History", n, "old", value_text(c, h->what, h->old_value));
	view_set_nth(
	    v, "History", n, "new", value_text(c, h->what, h->new_value));
	view_set_nth(v, "History", n, "from",
	    strncmp(h->origin, "shell:", 6) == 0 ?
		page_text(c, "history.on_server", NULL, NULL) :
		h->origin);
	if (with_subject)
		view_set_nth(v, "History", n, "subject", h->subject);
}

void
page_history_zone(struct ctx *c)
{
	const time_t now = (time_t)c->now;
	char zone[32] = "";
	struct tm tm;

	if (localtime_r(&now, &tm) != NULL)
		strftime(zone, sizeof(zone), "%Z (UTC%z)", &tm);
	view_set(c->site->view, "History.zone", zone);
}

struct lines {
	struct ctx *ctx;
	int n;
	int64_t last;
	bool more;
};

static bool
show_line(void *arg, const struct history_row *h)
{
	struct lines *l = arg;

	/* One row more than shown: then there is a next page. */
	l->more = l->n == ROWS;
	if (l->more)
		return false;
	page_history_row(l->ctx, l->n++, h, false);
	l->last = h->id;
	return true;
}

enum result
page_history(struct ctx *c)
{
	const struct history_from from = {
		.of = HISTORY_OF_ACCOUNT,
		.account_id = c->session->account.id,
		.from = page_number(
		    form_get(&c->req.query, "before"), INT64_MAX),
	};
	struct lines l = { .ctx = c };
	enum result r;

	page_begin(c);
	r = history_walk(c->site->store, &from, show_line, &l);
	if (r != RES_OK)
		return r;
	page_history_zone(c);
	if (l.more)
		view_set(c->site->view, "History.next",
		    pool_printf(c->pool, "/account/log?before=%lld",
			(long long)l.last));
	return page_end(c, 200, TPL_HISTORY);
}
