/* Pages of a domain's accounts: in order, each once, at any depth. */
#include "tests/unit/unit.h"

#include "core/domain.h"
#include "core/listing.h"
#include "tests/unit/tempdb.h"

#define ALPHA "alpha.example"

static const struct actor shell = SHELL;

/* -- a page as text -- */

struct names {
	size_t n;
	char text[16384];
};

static void
take(void *arg, const struct listed *l)
{
	struct names *names = arg;

	names->n += (size_t)snprintf(names->text + names->n,
	    sizeof(names->text) - names->n, "%s%s", names->n > 0 ? " " : "",
	    l->account.local_part);
	assert_true(names->n < sizeof(names->text));
	assert_string_equal(l->account.domain, ALPHA);
}

static struct listing
page(struct tempdb *t, const struct listing_query *q, struct names *names)
{
	struct listing l;
	const size_t before = names->n;

	assert_int_equal(
	    listing_page(t->web_store, q, take, names, &l), RES_OK);
	assert_true(store_is_idle(t->web_store));
	assert_true(l.n <= q->max);
	assert_int_equal(l.n > 0, names->n > before);
	return l;
}

/* All pages from the first to the last, by `after`. */
static struct listing
all_pages(struct tempdb *t, struct listing_query *q, struct names *names)
{
	char cursor[CURSOR_SIZE] = "";
	struct listing l;

	names->n = 0;
	names->text[0] = '\0';
	q->before = "";
	do {
		const bool first = cursor[0] == '\0';

		q->after = cursor;
		l = page(t, q, names);
		assert_int_equal(l.more_before, !first);
		memcpy(cursor, l.last, sizeof(cursor));
	} while (l.more_after);
	return l;
}

/* And back, by `before`, from the page `l`: the words in the order of the
 * list again. */
static void
all_pages_back(struct tempdb *t, struct listing_query *q, struct listing l,
    struct names *all)
{
	static struct names one, other;
	char cursor[CURSOR_SIZE];

	all->n = 0;
	all->text[0] = '\0';
	q->after = "";
	while (l.more_before) {
		memcpy(cursor, l.first, sizeof(cursor));
		q->before = cursor;
		one.n = 0;
		one.text[0] = '\0';
		l = page(t, q, &one);
		assert_true(l.more_after);
		other = *all;
		all->n = (size_t)snprintf(all->text, sizeof(all->text),
		    "%s%s%s", one.text, other.n > 0 ? " " : "", other.text);
	}
}

static void
count(void *arg, const struct listed *l)
{
	(void)l;
	++*(size_t *)arg;
}

/* -- paging -- */

/* 231 accounts whose names and days are those of several, some in capitals,
 * some none. */
#define MANY \
	"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n" \
	" WHERE i < 231) INSERT INTO address (id, domain_id, local_part," \
	" kind) SELECT 1000 + i, 1, char(97 + i * 7 % 26) || (i * 37 % 241)," \
	" 'account' FROM n;" \
	"INSERT INTO account (id, domain_id, local_part, real_name," \
	" password_hash, initial_password, routing, quota_bytes," \
	" created_at, password_at) SELECT id, domain_id, local_part," \
	" CASE id % 5 WHEN 0 THEN '' WHEN 1 THEN 'Suzuki' WHEN 2 THEN" \
	" 'suzuki' WHEN 3 THEN 'SATO, Jr.' ELSE 'Name ' || (id % 9) END," \
	" '$y$j9T$saltsalt$hash', id % 3 = 0, CASE id % 7 WHEN 1 THEN" \
	" 'discard' WHEN 2 THEN 'forward' ELSE 'mailbox' END, 1048576," \
	" 1700000000 + id % 11 - 5, 1 FROM address WHERE id > 1000;" \
	"INSERT INTO target SELECT id, 1, CASE id % 2 WHEN 0 THEN 'u1' ELSE" \
	" 'a' END, CASE id % 2 WHEN 0 THEN 'alpha.example' ELSE 'x.example'" \
	" END FROM account WHERE id > 1000 AND routing = 'forward';" \
	"INSERT INTO account_search (account_search) VALUES ('rebuild');"

/* One of an import that is not done: nobody sees it. */
#define HIDDEN \
	"INSERT INTO import (id, domain_id, at, owner) VALUES (9, 1, 1," \
	" '1 1'); INSERT INTO address (id, domain_id, local_part, kind," \
	" import_id) VALUES (5000, 1, 'm1hidden', 'account', 9);" \
	"INSERT INTO account (id, domain_id, local_part, real_name," \
	" password_hash, quota_bytes, created_at, password_at) VALUES" \
	" (5000, 1, 'm1hidden', 'Suzuki', '$y$j9T$saltsalt$hash', 1," \
	" 1700000000, 1);" \
	"INSERT INTO account_search (rowid, local_part, real_name)" \
	" VALUES (5000, 'm1hidden', 'Suzuki');"

/* clang-format off */
static const struct order_row {
	const char *name;
	enum order order;
	bool down;
	const char *by; /* the same for SQL */
} order_rows[] = {
	{ "pages: by account", BY_ACCOUNT, false, "local_part" },
	{ "pages: by account, down", BY_ACCOUNT, true, "local_part DESC" },
	{ "pages: by name", BY_NAME, false,
	    "real_name COLLATE NOCASE, local_part" },
	{ "pages: by name, down", BY_NAME, true,
	    "real_name COLLATE NOCASE DESC, local_part DESC" },
	{ "pages: by day", BY_CREATED, false, "created_at, local_part" },
	{ "pages: by day, down", BY_CREATED, true,
	    "created_at DESC, local_part DESC" },
};
/* clang-format on */

static const char *
expected(struct tempdb *t, const char *where, const char *by)
{
	char sql[512];

	snprintf(sql, sizeof(sql),
	    "SELECT local_part FROM account WHERE domain_id = 1 AND"
	    " id <> 5000 AND %s ORDER BY %s",
	    where, by);
	return tempdb_text(t->users, sql);
}

static struct listing_query
query(const struct domain *d, enum order order, bool down, size_t max)
{
	return (struct listing_query){ .domain = d, .q = "", .order = order,
		.down = down, .after = "", .before = "", .max = max };
}

static void
pages(void **state)
{
	static const size_t sizes[] = { 1, 50, 234, 235, 236 };
	static struct names all, back;
	struct tempdb *t = *state;
	const struct order_row *r = t->row;
	struct domain d;

	assert_int_equal(tempdb_exec(t->users, MANY HIDDEN), 0);
	d = tempdb_get_domain(t, ALPHA);
	assert_int_equal(d.accounts, 235);
	for (size_t i = 0; i < NELEM(sizes); i++) {
		struct listing_query q =
		    query(&d, r->order, r->down, sizes[i]);
		struct listing last = all_pages(t, &q, &all);

		assert_string_equal(all.text, expected(t, "1", r->by));
		assert_false(last.unfinished);
		/* Back from the last page: all but that one. */
		all_pages_back(t, &q, last, &back);
		assert_true(back.n <= all.n);
		assert_int_equal(strncmp(all.text, back.text, back.n), 0);
		assert_int_equal(last.n == 235, back.n == 0);
	}
}

/* -- filters, in each order -- */

/* clang-format off */
static const struct filter_row {
	const char *name;
	enum filter filter;
	const char *where;
} filter_rows[] = {
	{ "filter: all", FILTER_ALL, "1" },
	{ "filter: initial", FILTER_INITIAL, "initial_password = 1" },
	{ "filter: discard", FILTER_DISCARD, "routing = 'discard'" },
	{ "filter: outside", FILTER_OUTSIDE, "routing = 'forward' AND EXISTS"
	    " (SELECT 1 FROM target WHERE address_id = account.id AND"
	    " domain = 'x.example')" },
	{ "filter: full", FILTER_FULL, "id % 4 = 0" },
	{ "filter: never", FILTER_NEVER, "id % 5 <> 0" },
};
/* clang-format on */

static void
use_mailboxes(struct tempdb *t)
{
	char sql[600];

	/* Just over 80 % of a quota, or just 80 %. */
	assert_int_equal(
	    tempdb_exec(t->users, "UPDATE account SET quota_bytes = 1000000"
				  " WHERE id <> 5000"),
	    0);
	snprintf(sql, sizeof(sql),
	    "ATTACH '%s' AS users; INSERT INTO quota_usage SELECT local_part"
	    " || '@alpha.example', CASE id %% 4 WHEN 0 THEN 800080 ELSE"
	    " 800000 END, 1 FROM users.account WHERE domain_id = 1;"
	    "INSERT INTO last_login SELECT local_part || '@alpha.example',"
	    " 77 FROM users.account WHERE domain_id = 1 AND id %% 5 = 0",
	    t->users);
	assert_int_equal(tempdb_exec(t->mailstat, sql), 0);
}

static void
filters(void **state)
{
	static struct names all, back;
	struct tempdb *t = *state;
	const struct filter_row *r = t->row;
	struct domain d;

	assert_int_equal(tempdb_exec(t->users, MANY HIDDEN), 0);
	use_mailboxes(t);
	d = tempdb_get_domain(t, ALPHA);
	for (size_t i = 0; i < NELEM(order_rows); i++) {
		const struct order_row *o = &order_rows[i];
		struct listing_query q = query(&d, o->order, o->down, 9);
		struct listing last;

		q.filter = r->filter;
		last = all_pages(t, &q, &all);
		assert_string_equal(all.text, expected(t, r->where, o->by));
		all_pages_back(t, &q, last, &back);
		assert_int_equal(strncmp(all.text, back.text, back.n), 0);
	}
}

/* -- search -- */

#define NAMED \
	"UPDATE account SET real_name = 'Taro O''Neil' WHERE id = 1;" \
	"UPDATE account SET real_name = 'TARO Suzuki-Yamada' WHERE id = 2;" \
	"UPDATE account SET real_name = 'a.b, c' WHERE id = 3;" \
	"UPDATE account SET real_name = 'Taro' WHERE id = 4;" \
	"INSERT INTO address (id, domain_id, local_part, kind) VALUES" \
	" (10, 1, 'x_y', 'account'), (11, 1, 'x-y.z', 'account')," \
	" (12, 1, 'taro', 'account'), (13, 1, '2026abc', 'account');" \
	"INSERT INTO account (id, domain_id, local_part, password_hash," \
	" quota_bytes, created_at, password_at) SELECT id, domain_id," \
	" local_part, '$y$j9T$saltsalt$hash', 1, 1, 1 FROM address" \
	" WHERE id >= 10;" \
	"INSERT INTO account_search (account_search) VALUES ('rebuild');" \
	HIDDEN

/* clang-format off */
static const struct search_row {
	const char *name, *q, *want; /* by account */
} search_rows[] = {
	{ "search: nothing", "", "2026abc postmaster taro u1 u2 u3 x-y.z"
	    " x_y" },
	{ "search: blanks", " \t", "2026abc postmaster taro u1 u2 u3 x-y.z"
	    " x_y" },
	{ "search: a local part", "postm", "postmaster" },
	{ "search: a name and a local part", "taro", "taro u1 u2" },
	{ "search: in capitals", "TARO", "taro u1 u2" },
	{ "search: in mixed case, blanks around", "  tArO ", "taro u1 u2" },
	{ "search: inside", "zuki", "u2" },
	{ "search: one letter", "z", "u2 x-y.z" },
	{ "search: one capital", "Z", "u2 x-y.z" },
	{ "search: two letters", "ar", "taro u1 u2" },
	{ "search: two capitals", "AR", "taro u1 u2" },
	{ "search: three letters", "aro", "taro u1 u2" },
	{ "search: the end of one and the beginning of the next", "u1Taro",
	    "" },
	{ "search: C73 a per cent sign", "%", "" },
	{ "search: many of them", "%%%%", "" },
	{ "search: a name with one", "t%o", "" },
	{ "search: C73 a line", "_", "x_y" },
	{ "search: a line is no letter", "ta_o", "" },
	{ "search: a line within three", "x_y", "x_y" },
	{ "search: C73 a quote", "'", "u1" },
	{ "search: a quote within three", "o'n", "u1" },
	{ "search: two quotes", "''", "" },
	{ "search: C73 quotation marks", "\"", "" },
	{ "search: a quoted name", "\"taro\"", "" },
	{ "search: a quotation mark behind", "taro\"", "" },
	{ "search: C73 a backslash", "\\", "" },
	{ "search: a backslash within four", "tar\\", "" },
	{ "search: a dash", "-", "u2 x-y.z" },
	{ "search: a dash within three", "i-y", "u2" },
	{ "search: dots and commas", "a.b, c", "u3" },
	{ "search: a blank inside", "ro su", "u2" },
	{ "search: digits", "2026", "2026abc" },
	{ "search: FTS5's star", "tar*", "" },
	{ "search: FTS5's caret", "^taro", "" },
	{ "search: FTS5's AND", "taro AND suzuki", "" },
	{ "search: FTS5's NOT", "taro NOT suzuki", "" },
	{ "search: FTS5's OR", "taro OR suzuki", "" },
	{ "search: FTS5's NEAR", "NEAR(taro suzuki)", "" },
	{ "search: FTS5's column", "local_part : taro", "" },
	{ "search: FTS5's braces", "{local_part} : taro", "" },
	{ "search: SQL", "' OR 1=1 --", "" },
	{ "search: a star", "*", "" },
	{ "search: a full address", "u1@alpha.example", "u1" },
	{ "search: a full address in capitals", "TARO@Alpha.Example",
	    "taro u1 u2" },
	{ "search: an address of another domain", "u1@beta.example", "" },
	{ "search: half a domain", "u1@alpha", "" },
	{ "search: an @", "@", "" },
	{ "search: only the domain", "@alpha.example",
	    "2026abc postmaster taro u1 u2 u3 x-y.z x_y" },
	{ "search: one of another domain", "v1", "" },
	{ "search: C71 in Japanese", "山田", "" },
	{ "search: one character", "山", "" },
	{ "search: half a character", "\xe5\xb1", "" },
	{ "search: longer than any name", "taro taro taro taro taro taro taro"
	    " taro taro taro taro taro taro taro taro taro taro taro", "" },
};
/* clang-format on */

/* The words of `list` in the order of `want`'s words, sorted anew. */
static int
compare_words(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static const char *
sorted(const char *list)
{
	static char text[1000], copy[1000];
	char *words[50], *save = NULL;
	size_t n = 0, len = 0;

	snprintf(copy, sizeof(copy), "%s", list);
	for (char *w = strtok_r(copy, " ", &save); w != NULL;
	     w = strtok_r(NULL, " ", &save))
		words[n++] = w;
	qsort(words, n, sizeof(*words), compare_words);
	text[0] = '\0';
	for (size_t i = 0; i < n; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "%s%s", i > 0 ? " " : "", words[i]);
	return text;
}

static void
search(void **state)
{
	static struct names all, back;
	struct tempdb *t = *state;
	const struct search_row *r = t->row;
	struct listing last;
	struct domain d;

	assert_int_equal(tempdb_exec(t->users, NAMED), 0);
	d = tempdb_get_domain(t, ALPHA);
	for (size_t i = 0; i < NELEM(order_rows); i++) {
		const struct order_row *o = &order_rows[i];
		struct listing_query q = query(&d, o->order, o->down, 2);

		q.q = r->q;
		last = all_pages(t, &q, &all);
		if (i == 0)
			assert_string_equal(all.text, r->want);
		else
			assert_string_equal(sorted(all.text), r->want);
		all_pages_back(t, &q, last, &back);
		assert_int_equal(strncmp(all.text, back.text, back.n), 0);
	}
}

/* The few that the index names come in the same order as all others. */
static void
search_order(void **state)
{
	static struct names all;
	struct tempdb *t = *state;
	struct domain d;

	assert_int_equal(tempdb_exec(t->users, MANY HIDDEN), 0);
	d = tempdb_get_domain(t, ALPHA);
	for (size_t i = 0; i < NELEM(order_rows); i++) {
		const struct order_row *o = &order_rows[i];
		struct listing_query q = query(&d, o->order, o->down, 9);

		q.q = "UZU";
		all_pages(t, &q, &all);
		assert_string_equal(all.text,
		    expected(t, "real_name LIKE '%uzu%'", o->by));
		q.filter = FILTER_INITIAL;
		all_pages(t, &q, &all);
		assert_string_equal(all.text,
		    expected(t, "real_name LIKE '%uzu%' AND initial_password",
			o->by));
	}
}

static const char *
find(struct tempdb *t, const char *text)
{
	static struct names names;
	const struct domain d = tempdb_get_domain(t, ALPHA);
	struct listing_query q = query(&d, BY_ACCOUNT, false, 50);

	q.q = text;
	names.n = 0;
	names.text[0] = '\0';
	page(t, &q, &names);
	return names.text;
}

/* What is saved is found in the next moment, and the old is not. */
static void
search_follows(void **state)
{
	struct tempdb *t = *state;
	const struct account_set set = { .real_name = "Quaxel Brimt" };
	struct account a = tempdb_get(t, "u1@alpha.example");
	struct findings f = { .n = 0 };

	assert_string_equal(find(t, "hanako"), "u1 u2 u3");
	assert_int_equal(account_set(t->web_store, "u2@alpha.example", &set,
			     &shell, &f),
	    RES_OK);
	assert_string_equal(find(t, "hanako"), "u1 u3");
	assert_string_equal(find(t, "brimt"), "u2");
	assert_int_equal(
	    account_delete(t->web_store, &a, NULL, "", &shell, &f), RES_OK);
	assert_string_equal(find(t, "hanako"), "u3");
	tempdb_account(t, "hanako1@alpha.example");
	assert_string_equal(find(t, "hanako"), "hanako1 u3");
	tempdb_assert_search(t);
}

/* A whole address is found, however long it is. */
static void
search_long_address(void **state)
{
#define LONG \
	"a23456789-a23456789-a23456789-a23456789-a23456789-a23456789.example"
	struct tempdb *t = *state;
	struct listing_query q;
	struct domain d;
	struct listing l;
	size_t n = 0;

	tempdb_domain(t, LONG);
	d = tempdb_get_domain(t, LONG);
	q = query(&d, BY_ACCOUNT, false, 50);
	q.q = "postmaster-of-a-long-name@" LONG;
	tempdb_account(t, q.q);
	assert_int_equal(
	    listing_page(t->web_store, &q, count, &n, &l), RES_OK);
	assert_int_equal(n, 1);
}

/* -- while others work -- */

/* One of those that come and go is gone, and a new one is somewhere. */
static void
stir(struct tempdb *t, int round)
{
	char sql[600];
	const int id = 10000 + 10 * round;

	snprintf(sql, sizeof(sql),
	    "DELETE FROM address WHERE id IN (SELECT id FROM account"
	    " WHERE id %% 10 = 0 AND id > 1000 ORDER BY random() LIMIT 1);"
	    "INSERT INTO address (id, domain_id, local_part, kind)"
	    " VALUES (%d, 1, '%c%dnew', 'account');"
	    "INSERT INTO account (id, domain_id, local_part, password_hash,"
	    " quota_bytes, created_at, password_at) SELECT id, 1,"
	    " local_part, '$y$j9T$saltsalt$hash', 1, 1700000000 + %d, 1"
	    " FROM address WHERE id = %d",
	    id, 'a' + round * 7 % 26, round, round % 11 - 5, id);
	assert_int_equal(tempdb_exec(t->users, sql), 0);
}

/* Whoever stayed all the time was seen, nobody twice, and in order. */
static void
assert_seen(struct tempdb *t, const struct order_row *r, char *words)
{
	char sql[400];

	assert_int_equal(
	    tempdb_exec(t->users, "CREATE TABLE seen (i INTEGER PRIMARY KEY,"
				  " x TEXT UNIQUE) STRICT"),
	    0);
	for (char *save = NULL, *w = strtok_r(words, " ", &save); w != NULL;
	     w = strtok_r(NULL, " ", &save)) {
		snprintf(sql, sizeof(sql),
		    "INSERT INTO seen (x) VALUES ('%s')", w);
		assert_int_equal(tempdb_exec(t->users, sql), 0);
	}
	assert_string_equal(
	    tempdb_text(t->users, "SELECT x FROM stay EXCEPT"
				  " SELECT x FROM seen"),
	    "");
	snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM (SELECT i, lag(i) OVER (ORDER BY %s) AS"
	    " before FROM seen JOIN account ON local_part = x"
	    " WHERE domain_id = 1) WHERE before > i",
	    r->by);
	assert_int_equal(tempdb_int(t->users, sql), 0);
}

static void
changing(void **state)
{
	static struct names all;
	struct tempdb *t = *state;
	const struct order_row *r = t->row;
	char cursor[CURSOR_SIZE] = "";
	struct domain d;
	struct listing l;
	int round = 0;

	assert_int_equal(tempdb_exec(t->users, MANY), 0);
	assert_int_equal(
	    tempdb_exec(t->users,
		"UPDATE account SET real_name = 'Suzuki' WHERE id > 1000;"
		"CREATE TABLE stay (x TEXT) STRICT;"
		"INSERT INTO stay SELECT local_part FROM account"
		" WHERE domain_id = 1 AND id % 10 <> 0"),
	    0);
	d = tempdb_get_domain(t, ALPHA);
	all.n = 0;
	all.text[0] = '\0';
	do {
		struct listing_query q = query(&d, r->order, r->down, 10);

		q.after = cursor;
		l = page(t, &q, &all);
		memcpy(cursor, l.last, sizeof(cursor));
		stir(t, ++round);
	} while (l.more_after);
	assert_seen(t, r, all.text);
}

/* -- cursors that are none of ours -- */

static void
garbage(void **state)
{
	static const char *const cursors[] = { "/", "///", "x", "x/y",
		"' OR 1=1 --", "%00", "\xff\xfe", "99999999999999999999999/a",
		"-99999999999999999999999/a", "abc/u1", "1/u1/u2", "u1",
		"Hanako Yamada/u1", "1700000000/u1", " ", "~", "~/~",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/b" };
	static struct names names;
	struct tempdb *t = *state;
	struct domain d;
	const char *all;

	assert_int_equal(tempdb_exec(t->users, MANY), 0);
	d = tempdb_get_domain(t, ALPHA);
	for (size_t o = 0; o < NELEM(order_rows); o++)
		for (size_t i = 0; i < 2 * NELEM(cursors); i++) {
			struct listing_query q = query(&d,
			    order_rows[o].order, order_rows[o].down, 5);

			if (i % 2 == 0)
				q.after = cursors[i / 2];
			else
				q.before = cursors[i / 2];
			names.n = 0;
			names.text[0] = '\0';
			page(t, &q, &names);
			/* Whatever it takes it for: a piece of the list. */
			all = expected(t, "1", order_rows[o].by);
			assert_non_null(strstr(all, names.text));
		}
}

/* -- the budget -- */

#define HUGE(n) \
	"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n" \
	" WHERE i < " #n ") INSERT INTO address (id, domain_id, local_part," \
	" kind) SELECT 100000 + i, 1, printf('s%06d', i), 'account' FROM n;" \
	"INSERT INTO account (id, domain_id, local_part, real_name," \
	" password_hash, initial_password, quota_bytes, created_at," \
	" password_at) SELECT id, domain_id, local_part, CASE WHEN id IN" \
	" (100001, 122000, 145000) THEN 'Qz Brimt' ELSE 'Student' END," \
	" '$y$j9T$saltsalt$hash', 0, 1, 1700000000, 1 FROM address" \
	" WHERE id > 100000;" \
	"INSERT INTO account_search (account_search) VALUES ('rebuild');"

/* A text of two letters that few have: the page ends where the budget does,
 * and the next one goes on from there, to the end, both ways. */
static void
budget(void **state)
{
	static struct names names;
	struct tempdb *t = *state;
	struct listing_query q;
	struct listing l;
	struct domain d;
	char cursor[CURSOR_SIZE];
	int rounds = 0;

	assert_int_equal(tempdb_exec(t->users, HUGE(45000)), 0);
	d = tempdb_get_domain(t, ALPHA);
	for (int down = 0; down < 2; down++)
		for (int back = 0; back < 2; back++) {
			q = query(&d, BY_ACCOUNT, down, 50);
			q.q = "qz";
			names.n = 0;
			names.text[0] = cursor[0] = '\0';
			/* Backwards from behind the end. */
			if (back)
				snprintf(cursor, sizeof(cursor), "%s",
				    down ? "a" : "z");
			rounds = 0;
			do {
				*(back ? &q.before : &q.after) = cursor;
				l = page(t, &q, &names);
				assert_true(!l.unfinished ||
				    (back ? l.more_before : l.more_after));
				snprintf(cursor, sizeof(cursor), "%s",
				    back ? l.first : l.last);
				rounds++;
			} while (l.unfinished && rounds < 9);
			assert_int_equal(rounds, 3);
			assert_false(back ? l.more_before : l.more_after);
			assert_string_equal(sorted(names.text),
			    "s000001 s022000 s045000");
		}
}

/* More than the index is asked for: along the order, each once. */
static void
many_hits(void **state)
{
	struct tempdb *t = *state;
	struct listing_query q;
	struct listing l;
	struct domain d;
	char cursor[CURSOR_SIZE] = "";
	size_t n = 0;

	assert_int_equal(tempdb_exec(t->users, HUGE(3003)), 0);
	d = tempdb_get_domain(t, ALPHA);
	q = query(&d, BY_NAME, true, 700);
	q.q = "tude";
	do {
		q.after = cursor;
		assert_int_equal(
		    listing_page(t->web_store, &q, count, &n, &l), RES_OK);
		snprintf(cursor, sizeof(cursor), "%s", l.last);
	} while (l.more_after);
	assert_int_equal(n, 3002);
}

/* -- a row -- */

static void
take_row(void *arg, const struct listed *l)
{
	*(struct listed *)arg = *l;
}

static void
row(void **state)
{
	static struct listed l;
	struct tempdb *t = *state;
	const struct domain d = tempdb_get_domain(t, ALPHA);
	struct listing_query q = query(&d, BY_ACCOUNT, false, 1);
	struct listing p;

	assert_int_equal(
	    tempdb_exec(t->users,
		"INSERT INTO target VALUES (1, 1, 'a', 'x.example'),"
		" (1, 2, 'u2', 'alpha.example');"
		"UPDATE account SET routing = 'forward', keep_copy = 1,"
		" quota_bytes = 1000 WHERE id = 1"),
	    0);
	assert_int_equal(
	    tempdb_exec(t->mailstat,
		"INSERT INTO quota_usage VALUES ('u1@alpha.example', 250,"
		" 3); INSERT INTO last_login VALUES ('u1@alpha.example',"
		" 77)"),
	    0);
	q.q = "u1";
	assert_int_equal(
	    listing_page(t->web_store, &q, take_row, &l, &p), RES_OK);
	assert_int_equal(p.n, 1);
	assert_string_equal(l.account.address, "u1@alpha.example");
	assert_true(l.account.keep_copy);
	assert_int_equal(l.targets.n, 2);
	assert_string_equal(l.targets.list[1].local_part, "u2");
	assert_true(l.usage.known);
	assert_int_equal(l.usage.bytes, 250);
	assert_int_equal(l.usage.percent, 25);
	assert_int_equal(l.usage.last_login, 77);
	/* One page of one row, and nothing on either side. */
	assert_false(p.more_before || p.more_after || p.unfinished);
}

/* -- words of a query -- */

/* clang-format off */
static const struct word_row {
	const char *name, *text;
	bool ok;
	int value;
	bool down;
} filter_words[] = {
	{ "word: no filter", "", true, FILTER_ALL, false },
	{ "word: initial", "initial", true, FILTER_INITIAL, false },
	{ "word: outside", "outside", true, FILTER_OUTSIDE, false },
	{ "word: discard", "discard", true, FILTER_DISCARD, false },
	{ "word: full", "full", true, FILTER_FULL, false },
	{ "word: never", "never", true, FILTER_NEVER, false },
	{ "word: in capitals", "Full", false, 0, false },
	{ "word: no such filter", "all", false, 0, false },
}, order_words[] = {
	{ "word: no order", "", true, BY_ACCOUNT, false },
	{ "word: account", "account", true, BY_ACCOUNT, false },
	{ "word: -account", "-account", true, BY_ACCOUNT, true },
	{ "word: name", "name", true, BY_NAME, false },
	{ "word: -created", "-created", true, BY_CREATED, true },
	{ "word: --name", "--name", false, 0, true },
	{ "word: -", "-", false, 0, true },
	{ "word: SQL", "name; DROP TABLE", false, 0, false },
};
/* clang-format on */

static void
filter_word(void **state)
{
	const struct word_row *r = *state;
	enum filter f = FILTER_ALL;

	assert_int_equal(filter_of_text(r->text, &f), r->ok);
	assert_int_equal(f, r->value);
	if (r->ok)
		assert_string_equal(filter_text(f), r->text);
}

static void
order_word(void **state)
{
	const struct word_row *r = *state;
	enum order o;
	bool down;

	assert_int_equal(order_of_text(r->text, &o, &down), r->ok);
	assert_int_equal(o, r->value);
	if (r->ok)
		assert_int_equal(down, r->down);
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, order_rows, pages, tempdb_open, tempdb_drop);
	ADD_ROWS(&s, filter_rows, filters, tempdb_open, tempdb_drop);
	ADD_ROWS(&s, search_rows, search, tempdb_open, tempdb_drop);
	ADD_ROWS(&s, order_rows, changing, tempdb_open, tempdb_drop);
	ADD_ROWS(&s, filter_words, filter_word, NULL, NULL);
	ADD_ROWS(&s, order_words, order_word, NULL, NULL);
#define T(name, f) suite_add(&s, name, f, tempdb_open, tempdb_drop, NULL)
	T("search: in each order", search_order);
	T("search: what is saved is found", search_follows);
	T("search: a long address", search_long_address);
	T("garbage cursors", garbage);
	T("the budget", budget);
	T("more hits than are sorted", many_hits);
	T("a row", row);
	return suite_run(&s, "listing");
}
