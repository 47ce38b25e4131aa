#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/word.h"
#include "core/account.h"
#include "core/listing.h"
#include "core/listing_key.h"
#include "core/routing.h"

/*
 * Two ways to the rows that a search asks for.  Few that have the text: the
 * index of substrings names them all, and they are sorted here.  Many, or a
 * text too short for that index: along the order, looking at each; the page
 * is full soon.
 */
#define FEW 2000
#define SEARCH_MIN 3 /* characters: trigrams */
#define FULL_PERCENT 80

static const char *const filters[FILTER__MAX] = {
	[FILTER_ALL] = "",
	[FILTER_INITIAL] = "initial",
	[FILTER_OUTSIDE] = "outside",
	[FILTER_DISCARD] = "discard",
	[FILTER_FULL] = "full",
	[FILTER_NEVER] = "never",
};

static const char *const orders[ORDER__MAX] = {
	[BY_ACCOUNT] = "account",
	[BY_NAME] = "name",
	[BY_CREATED] = "created",
};

bool
filter_of_text(const char *s, enum filter *f_r)
{
	const int i = word_index(filters, NELEM(filters), s);

	if (i >= 0)
		*f_r = (enum filter)i;
	return i >= 0;
}

const char *
filter_text(enum filter f)
{
	return filters[f];
}

bool
order_of_text(const char *s, enum order *o_r, bool *down_r)
{
	int i;

	*o_r = BY_ACCOUNT;
	*down_r = s[0] == '-';
	if (s[0] == '\0')
		return true;
	s += *down_r ? 1 : 0;
	i = word_index(orders, NELEM(orders), s);
	if (i >= 0)
		*o_r = (enum order)i;
	return i >= 0;
}

/* -- one page -- */

struct page {
	struct store *store;
	const struct listing_query *query;
	char q[400]; /* without "@domain" behind it */
	bool down;  /* how this page is walked */
	struct listed *rows;
	size_t n, seen;
	bool more, unfinished;
	struct listing_key last_seen;
	enum result failed;
};

/* "Taro" and "taro@dentsu.example" find taro. */
static void
take_q(struct page *p)
{
	const char *q = p->query->q;
	char *at;

	q += strspn(q, " \t\r\n");
	snprintf(p->q, sizeof(p->q), "%s", q);
	for (size_t n = strlen(p->q); n > 0 && p->q[n - 1] == ' '; n--)
		p->q[n - 1] = '\0';
	at = strchr(p->q, '@');
	if (at != NULL && strcasecmp(at + 1, p->query->domain->name) == 0)
		*at = '\0';
}

static void
usage_of_row(struct page *p, const struct account_row *row, struct usage *u)
{
	char address[ADDRESS_SIZE];

	snprintf(address, sizeof(address), "%s@%s", row->local_part,
	    p->query->domain->name);
	store_usage(p->store, address, u);
}

static bool
goes_outside(struct page *p, const struct account_row *row)
{
	struct targets t;
	bool outside = false;

	if (row->routing != ROUTING_FORWARD)
		return false;
	if ((p->failed = store_targets(p->store, row->id, &t)) == RES_OK)
		p->failed = routing_is_outside(p->store, &t, &outside);
	return outside;
}

static bool
passes(struct page *p, const struct account_row *row)
{
	struct usage u;

	if (p->q[0] != '\0' && strcasestr(row->local_part, p->q) == NULL &&
	    strcasestr(row->real_name, p->q) == NULL)
		return false;
	switch (p->query->filter) {
	case FILTER_INITIAL:
		return row->initial;
	case FILTER_DISCARD:
		return row->routing == ROUTING_DISCARD;
	case FILTER_OUTSIDE:
		return goes_outside(p, row);
	case FILTER_FULL:
		usage_of_row(p, row, &u);
		return u.known &&
		    u.bytes / FULL_PERCENT > row->quota_bytes / 100;
	case FILTER_NEVER:
		usage_of_row(p, row, &u);
		return u.known && u.last_login == 0;
	case FILTER_ALL:
	case FILTER__MAX:
		break;
	}
	return true;
}

static bool
take(void *arg, const struct account_row *row)
{
	struct page *p = arg;
	const bool pass = passes(p, row);

	if (p->failed != RES_OK)
		return false;
	if (pass && p->n == p->query->max) {
		p->more = true;
		return false;
	}
	if (++p->seen > LISTING_BUDGET) {
		p->unfinished = true;
		return false;
	}
	listing_key_of(
	    row->local_part, row->real_name, row->created_at, &p->last_seen);
	if (pass)
		p->rows[p->n++].account.id = row->id;
	return true;
}

static enum pick
pick_of(enum filter f)
{
	switch (f) {
	case FILTER_INITIAL:
		return PICK_INITIAL;
	case FILTER_DISCARD:
		return PICK_DISCARD;
	case FILTER_OUTSIDE:
		return PICK_FORWARD;
	case FILTER_ALL:
	case FILTER_FULL:
	case FILTER_NEVER:
	case FILTER__MAX:
		break;
	}
	return PICK_ALL;
}

static enum result
walk(struct page *p, const struct listing_key *from)
{
	const struct walk_from w = {
		.domain_id = p->query->domain->id,
		.order = p->query->order,
		.pick = p->query->order == BY_ACCOUNT ?
		    pick_of(p->query->filter) :
		    PICK_ALL,
		.down = p->down,
		.local_part = from != NULL ? from->local_part : NULL,
		.real_name = from != NULL ? from->real_name : NULL,
		.created_at = from != NULL ? from->created_at : 0,
	};
	enum result r = store_accounts(p->store, &w, take, p);

	return r == RES_OK ? p->failed : r;
}

/* -- the few that the index names -- */

struct hit {
	struct account_row row; /* its texts are those of the key */
	struct listing_key key;
};

static int
compare_hits(const void *a, const void *b, void *arg)
{
	const struct page *p = arg;
	const struct listing_key *k = &((const struct hit *)a)->key;
	int by = listing_compare(k, &((const struct hit *)b)->key,
	    p->query->order);

	return p->down ? -by : by;
}

struct hits {
	const struct page *page;
	size_t n;
	struct hit *list;
};

static bool
add_hit(void *arg, const struct account_row *row)
{
	struct hits *h = arg;

	if (row->domain_id == h->page->query->domain->id) {
		struct hit *hit = &h->list[h->n++];

		hit->row = *row;
		listing_key_of(row->local_part, row->real_name,
		    row->created_at, &hit->key);
	}
	return true;
}

/* Those of this domain. */
static enum result
load_hits(struct hits *h, const int64_t *ids, size_t n)
{
	enum result r = RES_OK;

	for (size_t i = 0; i < n && r == RES_OK; i++) {
		r = store_account_row(h->page->store, ids[i], add_hit, h);
		if (r == RES_NOTFOUND) /* of an import that is not done */
			r = RES_OK;
	}
	return r;
}

/* The few in order, from behind `from`. */
static enum result
walk_ids(struct page *p, const int64_t *ids, size_t n,
    const struct listing_key *from)
{
	struct hits h = { p, 0, calloc(n + 1, sizeof(*h.list)) };
	enum result r = h.list != NULL ? load_hits(&h, ids, n) : RES_FAIL;

	if (r == RES_OK)
		qsort_r(h.list, h.n, sizeof(*h.list), compare_hits, p);
	for (size_t i = 0; i < h.n && r == RES_OK; i++) {
		struct hit *hit = &h.list[i];
		int by = from != NULL ?
		    listing_compare(&hit->key, from, p->query->order) :
		    0;

		if (from != NULL && (p->down ? -by : by) <= 0)
			continue;
		hit->row.local_part = hit->key.local_part;
		hit->row.real_name = hit->key.real_name;
		if (!take(p, &hit->row))
			break;
	}
	free(h.list);
	return r == RES_OK ? p->failed : r;
}

static enum result
find_rows(struct page *p, const struct listing_key *from)
{
	int64_t ids[FEW];
	size_t n = FEW;
	enum result r;

	if (strlen(p->q) < SEARCH_MIN)
		return walk(p, from);
	if ((r = store_search(p->store, p->q, ids, &n)) != RES_OK)
		return r;
	return n > FEW ? walk(p, from) : walk_ids(p, ids, n, from);
}

/* All that a row shows.  RES_NOTFOUND: it is gone in this moment. */
static enum result
complete(struct page *p, struct listed *l)
{
	struct usage u;
	enum result r =
	    store_account_by_id(p->store, l->account.id, &l->account);

	if (r != RES_OK)
		return r;
	store_usage(p->store, l->account.address, &u);
	usage_level(&l->account, &u, &l->usage);
	l->targets.n = 0;
	if (l->account.routing != ROUTING_FORWARD)
		return RES_OK;
	return store_targets(p->store, l->account.id, &l->targets);
}

static enum result
complete_all(struct page *p)
{
	size_t kept = 0;
	enum result r;

	for (size_t i = 0; i < p->n; i++) {
		if (kept < i)
			p->rows[kept].account.id = p->rows[i].account.id;
		r = complete(p, &p->rows[kept]);
		if (r == RES_OK)
			kept++;
		else if (r != RES_NOTFOUND)
			return r;
	}
	p->n = kept;
	return RES_OK;
}

static void
tell(const struct page *p, bool back, bool has_from,
    struct listing *page)
{
	const enum order o = p->query->order;

	memset(page, 0, sizeof(*page));
	page->n = p->n;
	page->unfinished = p->unfinished;
	page->more_before = back ? p->more || p->unfinished : has_from;
	page->more_after = back ? true : p->more || p->unfinished;
	if (p->n > 0) {
		listing_cursor_of_account(
		    o, &p->rows[back ? p->n - 1 : 0].account, page->first);
		listing_cursor_of_account(
		    o, &p->rows[back ? 0 : p->n - 1].account, page->last);
	}
	/* Where the budget ended is further than the last row shown. */
	if (p->unfinished)
		listing_cursor_of(
		    o, &p->last_seen, back ? page->first : page->last);
}

enum result
listing_page(struct store *s, const struct listing_query *q,
    void (*each)(void *arg, const struct listed *), void *arg,
    struct listing *page_r)
{
	struct page p = { .store = s, .query = q };
	struct listing_key from;
	const bool back = listing_key_of_cursor(q->order, q->before, &from);
	const bool has_from =
	    back || listing_key_of_cursor(q->order, q->after, &from);
	enum result r;

	p.down = q->down != back;
	take_q(&p);
	/* One more than is shown: the row that says that there are more. */
	if ((p.rows = calloc(q->max + 1, sizeof(*p.rows))) == NULL)
		return RES_FAIL;
	r = find_rows(&p, has_from ? &from : NULL);
	if (r == RES_OK)
		r = complete_all(&p);
	if (r == RES_OK) {
		tell(&p, back, has_from, page_r);
		for (size_t i = 0; i < p.n; i++)
			each(arg, &p.rows[back ? p.n - 1 - i : i]);
	}
	free(p.rows);
	return r;
}
