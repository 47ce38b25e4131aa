/* The log of a domain: pages, search, and what may not be seen in it. */
#include "tests/unit/unit.h"

#include "core/history.h"
#include "tests/unit/tempdb.h"

#define ALPHA "alpha.example"

/* Lines of two domains, one after the other; every 10th was an import's that
 * is not done, every 15th one's that is. */
#define LINES(n) \
	"INSERT INTO import (id, domain_id, at, owner, done) VALUES" \
	" (1, 1, 1, '1 1', 0), (2, 1, 1, '1 1', 1);" \
	"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n" \
	" WHERE i < " #n ") INSERT INTO history (id, at, actor, origin," \
	" request_id, domain, account_id, subject, what, old_value," \
	" new_value, import_id) SELECT 1000 + i, i, 'who' || i % 3," \
	" '192.0.2.' || i % 7, 'req', CASE i % 2 WHEN 0 THEN" \
	" 'alpha.example' ELSE" \
	" 'beta.example' END, 1, 's' || i, 'quota', i % 11, i % 13," \
	" CASE WHEN i % 10 = 0 THEN 1 WHEN i % 15 = 0 THEN 2 END FROM n;"

#define SEEN "domain = 'alpha.example' AND coalesce(import_id, 0) <> 1"

struct ids {
	size_t n;
	char text[16384];
};

static void
take(void *arg, const struct history_row *h)
{
	struct ids *ids = arg;

	assert_string_equal(h->domain, ALPHA);
	ids->n += (size_t)snprintf(ids->text + ids->n,
	    sizeof(ids->text) - ids->n, "%s%lld", ids->n > 0 ? " " : "",
	    (long long)h->id);
	assert_true(ids->n < sizeof(ids->text));
}

static struct history_page
page(struct tempdb *t, const struct history_query *q, struct ids *ids)
{
	struct history_page p;

	assert_int_equal(
	    history_search(t->web_store, q, take, ids, &p), RES_OK);
	assert_true(store_is_idle(t->web_store));
	assert_true(p.n <= q->max);
	return p;
}

static struct history_page
all_pages(struct tempdb *t, struct history_query *q, struct ids *all)
{
	struct history_page p = { .n = 0 };

	all->n = 0;
	all->text[0] = '\0';
	q->after = q->before = 0;
	do {
		p = page(t, q, all);
		assert_int_equal(p.more_before, q->before != 0);
		q->before = p.last;
	} while (p.more_after);
	return p;
}

static const char *
expected(struct tempdb *t, const char *where)
{
	char sql[400];

	snprintf(sql, sizeof(sql),
	    "SELECT id FROM history WHERE " SEEN " AND %s ORDER BY id DESC",
	    where);
	return tempdb_text(t->users, sql);
}

/* -- search -- */

/* clang-format off */
static const struct row {
	const char *name, *q, *where;
} rows[] = {
	{ "search: nothing", "", "1" },
	{ "search: whom", "s123", "subject LIKE '%s123%'" },
	{ "search: whom, in capitals", "S12", "subject LIKE '%s12%'" },
	{ "search: who", "WHO2", "actor = 'who2'" },
	{ "search: from where", "192.0.2.4", "origin = '192.0.2.4'" },
	{ "search: the old value", "10", "subject || ' ' || old_value || ' '"
	    " || new_value LIKE '%10%'" },
	{ "search: many have it", "1", "subject || ' ' || old_value || ' '"
	    " || new_value || origin || actor LIKE '%1%'" },
	{ "search: a per cent sign", "%", "0" },
	{ "search: a line", "_", "0" },
	{ "search: a quote", "'", "0" },
	{ "search: nobody", "nobody", "0" },
	{ "search: not the request", "req", "0" },
	{ "search: not the domain", "beta", "0" },
};
/* clang-format on */

/* Every page of every size gives each line once, the newest first; and back
 * from the last page up to the first, as well. */
static void
search(void **state)
{
	static const size_t sizes[] = { 1, 7, 50, 500 };
	static struct ids all, one;
	struct tempdb *t = *state;
	const struct row *r = t->row;
	struct history_page p;
	const char *want;

	assert_int_equal(tempdb_exec(t->users, LINES(400)), 0);
	for (size_t i = 0; i < NELEM(sizes); i++) {
		struct history_query q = { .domain = ALPHA, .q = r->q,
			.max = sizes[i] };
		size_t up = 0, rounds = 0;

		p = all_pages(t, &q, &all);
		want = expected(t, r->where);
		assert_string_equal(all.text, want);
		assert_false(p.unfinished);
		q.before = 0;
		while (p.more_before && rounds++ < 500) {
			q.after = p.first;
			one.n = 0;
			one.text[0] = '\0';
			p = page(t, &q, &one);
			/* Each is a piece of the list, nearer to its top. */
			assert_non_null(strstr(all.text, one.text));
			assert_true(p.n > 0);
			up += p.n;
		}
		assert_true(rounds < 500);
		if (up > 0)
			assert_int_equal(
			    strncmp(all.text, one.text, one.n), 0);
	}
}

/* Who reads a page while lines are added misses none of the older ones. */
static void
growing(void **state)
{
	static struct ids all;
	struct tempdb *t = *state;
	struct history_query q = { .domain = ALPHA, .q = "", .max = 9 };
	struct history_page p;
	const char *want;
	char old[4000];

	assert_int_equal(tempdb_exec(t->users, LINES(300)), 0);
	snprintf(old, sizeof(old), "%s", expected(t, "1"));
	all.n = 0;
	all.text[0] = '\0';
	do {
		p = page(t, &q, &all);
		assert_int_equal(
		    tempdb_exec(t->users,
			"INSERT INTO history (at, actor, origin, request_id,"
			" domain, account_id, subject, what, old_value,"
			" new_value) VALUES (9, '', '', '', 'alpha.example',"
			" 1, 'new', 'quota', '', '')"),
		    0);
		q.before = p.last;
	} while (p.more_after);
	assert_string_equal(all.text, old);
	/* The new ones are above the first page. */
	q.before = 0;
	q.after = 1300;
	all.n = 0;
	all.text[0] = '\0';
	p = page(t, &q, &all);
	want = expected(t, "subject = 'new'");
	assert_int_equal(p.n, 9);
	assert_non_null(strstr(want, all.text));
	assert_true(p.more_before && p.more_after);
}

static void
hidden(void **state)
{
	static struct ids all;
	struct tempdb *t = *state;
	struct history_query q = { .domain = ALPHA, .q = "", .max = 500 };

	assert_int_equal(tempdb_exec(t->users, LINES(60)), 0);
	all_pages(t, &q, &all);
	assert_null(strstr(all.text, "1010"));
	/* In one moment all of it is there. */
	assert_int_equal(
	    tempdb_exec(t->users, "UPDATE import SET done = 1 WHERE id = 1"),
	    0);
	all_pages(t, &q, &all);
	assert_non_null(strstr(all.text, "1010"));
	/* What was seen once stays, whatever becomes of the import. */
	assert_int_equal(tempdb_exec(t->users, "DELETE FROM import"), 0);
	all_pages(t, &q, &all);
	assert_non_null(strstr(all.text, "1010"));
}

static void
garbage(void **state)
{
	static const int64_t ids[] = { -1, 1, INT64_MAX, INT64_MIN, 99999 };
	static struct ids all;
	struct tempdb *t = *state;

	assert_int_equal(tempdb_exec(t->users, LINES(60)), 0);
	for (size_t i = 0; i < 2 * NELEM(ids); i++) {
		struct history_query q = { .domain = ALPHA, .q = "",
			.max = 9 };

		*(i % 2 == 0 ? &q.after : &q.before) = ids[i / 2];
		all.n = 0;
		all.text[0] = '\0';
		page(t, &q, &all);
		assert_non_null(strstr(expected(t, "1"), all.text));
	}
}

/* -- the budget: few lines have it, among very many -- */

#define VERY_MANY(needles) \
	"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n" \
	" WHERE i < 120000) INSERT INTO history (id, at, actor, origin," \
	" request_id, domain, account_id, subject, what, old_value," \
	" new_value) SELECT 1000 + i, i, '', '', '', 'alpha.example', 1," \
	" CASE WHEN i IN (" needles ") THEN 'needle' ELSE 'hay' END," \
	" 'quota', '', '' FROM n;"

static void
budget(void **state)
{
	static struct ids all, piece;
	struct tempdb *t = *state;
	struct history_query q = { .domain = ALPHA, .q = "needle", .max = 9 };
	struct history_page p;
	int rounds = 0;

	assert_int_equal(
	    tempdb_exec(t->users, VERY_MANY("1, 50000, 50001, 50002, 70000,"
					    " 70001, 120000")),
	    0);
	p = all_pages(t, &q, &all);
	assert_string_equal(all.text, expected(t, "subject = 'needle'"));
	assert_false(p.unfinished);
	/* Upwards from below the oldest: pieces of it, to the newest. */
	q.before = 0;
	q.after = 1;
	do {
		piece.n = 0;
		piece.text[0] = '\0';
		p = page(t, &q, &piece);
		assert_non_null(strstr(all.text, piece.text));
		q.after = p.first;
	} while (p.more_before && rounds++ < 9);
	assert_true(rounds < 9);
	assert_int_equal(strncmp(piece.text, "121000", 6), 0);
}

/* clang-format off */
static const struct edge_row {
	const char *name;
	int64_t distance; /* of the only line from where the search begins */
} edge_rows[] = {
	{ "edge: one before the budget's end", HISTORY_BUDGET - 1 },
	{ "edge: the last within it", HISTORY_BUDGET },
	{ "edge: the first behind it", HISTORY_BUDGET + 1 },
	{ "edge: one behind that", HISTORY_BUDGET + 2 },
};
/* clang-format on */

/* No line is stepped over where the budget ends, upwards and downwards. */
static void
budget_edge(void **state)
{
	static struct ids found;
	struct tempdb *t = *state;
	const struct edge_row *r = t->row;
	struct history_query q = { .domain = ALPHA, .q = "needle", .max = 5 };
	struct history_page p;
	int rounds = 0;

	assert_int_equal(
	    tempdb_exec(t->users, VERY_MANY("60000")), 0);
	found.n = 0;
	found.text[0] = '\0';
	q.after = 61000 - r->distance;
	do {
		p = page(t, &q, &found);
		q.after = p.first;
	} while (p.n == 0 && p.more_before && rounds++ < 9);
	assert_string_equal(found.text, "61000");
	found.n = 0;
	found.text[0] = '\0';
	q.after = 0;
	q.before = 61000 + r->distance;
	do {
		p = page(t, &q, &found);
		q.before = p.last;
	} while (p.n == 0 && p.more_after && rounds++ < 9);
	assert_string_equal(found.text, "61000");
}

/* -- all of the site, for the operator -- */

static bool
count(void *arg, const struct history_row *h)
{
	(void)h;
	++*(size_t *)arg;
	return true;
}

static void
walks(void **state)
{
	struct tempdb *t = *state;
	struct history_from from = { .of = HISTORY_OF_ALL,
		.from = INT64_MAX };
	size_t n = 0;

	assert_int_equal(tempdb_exec(t->users, LINES(60)), 0);
	assert_int_equal(
	    history_walk(t->tool_store, &from, count, &n), RES_OK);
	assert_int_equal(n, tempdb_int(t->users,
				"SELECT count(*) FROM history WHERE"
				" coalesce(import_id, 0) <> 1"));
	from = (struct history_from){ .of = HISTORY_OF_DOMAIN,
		.domain = "beta.example", .from = 1040, .newer = true };
	n = 0;
	assert_int_equal(
	    history_walk(t->tool_store, &from, count, &n), RES_OK);
	assert_int_equal(n, 10);
}

/* The log tells what was changed by the web and is about rights, passwords
 * and routes; once it is true. */
static void
what_is_told(void **state)
{
	struct tempdb *t = *state;
	struct store *s = t->web_store;
	struct account a = tempdb_get(t, "u1@alpha.example");
	const struct actor shell = SHELL;
	struct actor file = t->who;
	struct capture c;
	enum result r;

	file.import_id = 1;
	assert_int_equal(tempdb_exec(t->users, LINES(1)), 0);
	capture_begin(&c);
	for (int i = 0; i < 2; i++) {
		r = store_begin(s);
		if (r == RES_OK)
			r = history_add(s, &t->who, &a, EVENT_PASSWORD, "", "");
		if (r == RES_OK)
			r = history_add(
			    s, &t->who, &a, EVENT_REAL_NAME, "old", "new");
		if (r == RES_OK)
			r = history_add_domain(s, &t->who, ALPHA,
			    "f@" ALPHA, EVENT_FORWARD_TARGETS, "old", "new");
		if (r == RES_OK)
			r = history_add(s, &shell, &a, EVENT_PASSWORD, "", "");
		if (r == RES_OK)
			r = history_add(
			    s, &file, &a, EVENT_ACCOUNT_ADDED, "", "");
		if (r == RES_OK && i == 0)
			r = RES_CONFLICT;
		(void)!store_end(s, r);
	}
	capture_end(&c);
	assert_int_equal(r, RES_OK);
	assert_string_equal(c.text,
	    "event=change what=password subject=u1@alpha.example"
	    " domain=alpha.example actor=u1@alpha.example\n"
	    "event=change what=forward_targets subject=f@alpha.example"
	    " domain=alpha.example actor=u1@alpha.example\n");
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, rows, search, tempdb_open, tempdb_drop);
	ADD_ROWS(&s, edge_rows, budget_edge, tempdb_open, tempdb_drop);
#define T(name, f) suite_add(&s, name, f, tempdb_open, tempdb_drop, NULL)
	T("while lines are added", growing);
	T("an import that is not done", hidden);
	T("ids that are none", garbage);
	T("the budget", budget);
	T("walks", walks);
	T("what the log tells", what_is_told);
	return suite_run(&s, "history");
}
