#ifndef CORE_LISTING_H
#define CORE_LISTING_H

#include "core/usage.h"
#include "store/store.h"

/*
 * A page of a domain's accounts, as quick at the millionth as at the first:
 * it begins behind a row and not at a number, and it looks at a bounded
 * number of rows (LISTING_BUDGET).  A filter that few pass may so end a page
 * early: `resume` then says where to go on.
 */
#define LISTING_ROWS 50
#define LISTING_BUDGET 20000
#define CURSOR_SIZE 160

enum filter {
	FILTER_ALL,
	FILTER_INITIAL, /* initial password not yet changed */
	FILTER_OUTSIDE, /* forwards to a domain that is not hosted here */
	FILTER_DISCARD,
	FILTER_FULL,	/* over 80 % of the quota */
	FILTER_NEVER,	/* never logged in by POP3 */
	FILTER__MAX
};
/* "", initial, outside, discard, full, never; false: no such. */
bool filter_of_text(const char *, enum filter *);
const char *filter_text(enum filter);
/* "" or account, name, created; with "-" in front: downwards. */
bool order_of_text(const char *, enum order *, bool *down_r);

struct listing_query {
	const struct domain *domain;
	const char *q; /* a substring of local part or real name, or "" */
	enum filter filter;
	enum order order;
	bool down;
	const char *after, *before; /* cursors, or "" */
	size_t max; /* rows of a page: LISTING_ROWS; the tool takes more */
};

struct listed {
	struct account account;
	struct mailbox_usage usage; /* without the oldest message */
	struct targets targets;
};

struct listing {
	size_t n;
	bool more_before, more_after; /* there are rows that way */
	/* What `before` and `after` of the neighbouring pages are. */
	char first[CURSOR_SIZE], last[CURSOR_SIZE];
	bool unfinished; /* the budget was used up: more_after, from `last` */
};

/* Calls each(arg, row) for the rows of the page, in its order. */
enum result listing_page(struct store *, const struct listing_query *,
    void (*each)(void *arg, const struct listed *), void *arg,
    struct listing *page_r) MUST_CHECK;

#endif
