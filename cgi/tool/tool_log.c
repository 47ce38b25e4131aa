/* fumibako log: all lines, newest first. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/address.h"
#include "core/domain.h"
#include "core/forward.h"
#include "core/history.h"
#include "tool/tool.h"

struct lines {
	struct rows rows;
	struct history_from from;
	char domain[DOMAIN_MAX + 1];
	/* An address that is no account: those that are about it. */
	char subject[ADDRESS_SIZE];
	bool known; /* it is there, or a line says that it was */
	size_t n;   /* of this page */
	bool more;
};

#define TIME_SIZE 80

/* "2026-11-25T09:30:00+09:00" */
static void
time_text(int64_t at, char out[TIME_SIZE])
{
	const time_t when = (time_t)at;
	char day[32] = "";
	struct tm tm = { .tm_gmtoff = 0 };
	long minutes;

	if (localtime_r(&when, &tm) != NULL)
		strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &tm);
	minutes = labs(tm.tm_gmtoff) / 60;
	snprintf(out, TIME_SIZE, "%s%c%02ld:%02ld", day,
	    tm.tm_gmtoff < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

static void
line_json(struct rows *rows, const struct history_row *h)
{
	char when[TIME_SIZE];

	time_text(h->at, when);
	rows_json(rows,
	    json_pack("{s:s, s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}",
		"time", when, "at", (json_int_t)h->at, "actor", h->actor,
		"origin", h->origin, "request_id", h->request_id, "domain",
		h->domain, "subject", h->subject, "what", h->what, "old",
		h->old_value, "new", h->new_value));
}

static void
line_text(struct rows *rows, const struct history_row *h)
{
	const char *shell = strchr(h->origin, ':');
	const char *const cells[] = {
		h->actor[0] != '\0' ? h->actor :
		    shell != NULL   ? shell + 1 :
				      "-",
		h->origin, h->subject, h->what, h->old_value
	};
	FILE *to = rows_line(rows);
	char when[TIME_SIZE];

	time_text(h->at, when);
	fputs(when, to);
	for (size_t i = 0; i < NELEM(cells); i++) {
		fputc('\t', to);
		tool_print(to, cells[i]);
	}
	fputs(" -> ", to);
	tool_print(to, h->new_value);
	fputc('\n', to);
}

static bool
take(void *arg, const struct history_row *h)
{
	struct lines *l = arg;
	const struct options *o = &l->rows.tool->opt;

	if ((l->more = l->n == ROWS_PAGE))
		return false;
	l->from.from = h->id;
	if (l->subject[0] != '\0' && strcmp(h->subject, l->subject) != 0)
		return true;
	l->known = true;
	if (o->search != NULL && !history_matches(h, o->search))
		return true;
	l->n++;
	if (o->json)
		line_json(&l->rows, h);
	else
		line_text(&l->rows, h);
	return true;
}

/* What is there is found where it is; of what is gone, the lines tell. */
static enum result
aim_at_address(struct tool *t, struct lines *l, const char *typed)
{
	struct address a;
	struct account account;
	struct forward forward;
	struct targets unused;
	enum result r;

	if (!address_of_account(typed, NULL, &a))
		return RES_NOTFOUND;
	r = account_find(t->store, typed, &account);
	if (r == RES_OK) {
		l->from.of = HISTORY_OF_ACCOUNT;
		l->from.account_id = account.id;
	} else if (r == RES_NOTFOUND) {
		l->from.of = HISTORY_OF_DOMAIN;
		memcpy(l->domain, a.domain, sizeof(l->domain));
		snprintf(l->subject, sizeof(l->subject), "%s@%s",
		    a.local_part, a.domain);
		r = forward_find(
		    t->store, a.domain, a.local_part, &forward, &unused);
	}
	l->known = r == RES_OK;
	return r == RES_NOTFOUND ? RES_OK : r;
}

static enum result
aim(struct tool *t, struct lines *l)
{
	struct domain d;
	enum result r;

	l->known = t->nargs == 0;
	l->from.of = HISTORY_OF_ALL;
	if (t->nargs == 0)
		return RES_OK;
	if (strchr(t->args[0], '@') != NULL)
		return aim_at_address(t, l, t->args[0]);
	if (!address_domain_clean(t->args[0], l->domain))
		return RES_NOTFOUND;
	l->from.of = HISTORY_OF_DOMAIN;
	r = domain_find(t->store, l->domain, &d);
	l->known = r == RES_OK;
	return r == RES_NOTFOUND ? RES_OK : r;
}

int
tool_log(struct tool *t)
{
	struct lines l = { .rows = { .tool = t },
		.from = { .from = INT64_MAX }, .more = true };
	enum result r;

	l.from.domain = l.domain;
	r = aim(t, &l);
	while (r == RES_OK && l.more) {
		l.more = false;
		l.n = 0;
		rows_begin(&l.rows, t);
		r = history_walk(t->store, &l.from, take, &l);
		if (!rows_write(&l.rows))
			break;
	}
	if (r == RES_OK && !l.known)
		r = RES_NOTFOUND;
	return rows_answer(&l.rows, r, t->nargs > 0 ? t->args[0] : "log");
}
