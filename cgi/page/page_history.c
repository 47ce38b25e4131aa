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
	if (strcmp(what, event_name(EVENT_KEEP_COPY)) == 0)
		return page_text(
		    c, strcmp(value, "on") == 0 ? "yes" : "no", NULL, NULL);
	if (strcmp(what, event_name(EVENT_QUOTA)) == 0)
		return page_bytes(c, strtoll(value, NULL, 10));
	return value;
}

static void
show_row(struct ctx *c, int n, const struct history_row *h)
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
}

enum result
page_history(struct ctx *c)
{
	struct history_row *rows =
	    pool_alloc(c->pool, (ROWS + 1) * sizeof(*rows));
	const time_t now = (time_t)c->now;
	char zone[32] = "";
	size_t n = ROWS + 1;
	struct tm tm;
	enum result r;

	r = history_of_account(c->site->store, c->session->account.id,
	    page_number(form_get(&c->req.query, "before"), INT64_MAX), rows,
	    &n);
	if (r != RES_OK)
		return r;
	page_begin(c);
	if (localtime_r(&now, &tm) != NULL)
		strftime(zone, sizeof(zone), "%Z (UTC%z)", &tm);
	view_set(c->site->view, "History.zone", zone);
	for (size_t i = 0; i < n && i < ROWS; i++)
		show_row(c, (int)i, &rows[i]);
	/* One row more than shown was asked for: then there is a next page. */
	if (n > ROWS)
		view_set(c->site->view, "History.next",
		    pool_printf(c->pool, "/account/log?before=%lld",
			(long long)rows[ROWS - 1].id));
	return page_end(c, 200, TPL_HISTORY);
}
