/* Forwarding accounts, and loops through them, accounts and domains. */
#include "tests/unit/unit.h"

#include "core/domain.h"
#include "core/forward.h"
#include "core/routing.h"
#include "tests/unit/tempdb.h"

#define ALPHA "alpha.example"
#define U1 "u1@alpha.example"
#define INFO "info@alpha.example"

/* Every test has these: info@alpha.example (20) -> a@x.example and
 * sales@beta.example (21) -> b@x.example. */
#define FW(id, domain, local) \
	"INSERT INTO address (id, domain_id, local_part, kind)" \
	" VALUES (" #id ", " #domain ", '" local "', 'forward');" \
	"INSERT INTO forward (id, domain_id, local_part, created_at)" \
	" VALUES (" #id ", " #domain ", '" local "', 1);"
#define TO(id, position, local, domain) \
	"INSERT INTO target VALUES (" #id ", " #position ", '" local "', '" \
	domain "');"
#define ACCOUNT_TO(id, local, domain) \
	TO(id, 1, local, domain) \
	"UPDATE account SET routing = 'forward' WHERE id = " #id ";"
#define INSTEAD(id, local, domain) \
	"DELETE FROM target WHERE address_id = " #id ";" \
	TO(id, 1, local, domain)
/* c1 -> c2 -> ... -> cN, the last one to LOCAL of alpha.example. */
#define CHAIN(n, local) \
	"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n" \
	" WHERE i < " #n ") INSERT INTO address (id, domain_id, local_part," \
	" kind) SELECT 100 + i, 1, 'c' || i, 'forward' FROM n;" \
	"INSERT INTO forward (id, domain_id, local_part, created_at) SELECT" \
	" id, domain_id, local_part, 1 FROM address WHERE id > 100;" \
	"INSERT INTO target SELECT id, 1, CASE id WHEN 100 + " #n " THEN '" \
	local "' ELSE 'c' || (id - 99) END, 'alpha.example' FROM address" \
	" WHERE id > 100;"

static void
prepare(struct tempdb *t, const char *sql)
{
	assert_int_equal(
	    tempdb_exec(t->users,
		FW(20, 1, "info") TO(20, 1, "a", "x.example")
		FW(21, 2, "sales") TO(21, 1, "b", "x.example")),
	    0);
	if (sql[0] != '\0')
		assert_int_equal(tempdb_exec(t->users, sql), 0);
}

/* n addresses, one a line. */
static const char *
many(size_t n)
{
	static char text[2000];
	size_t len = 0;

	text[0] = '\0';
	for (size_t i = 0; i < n; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "t%zu@x.example\r\n", i);
	return text;
}

#define MANY_50 "50 of them"
#define MANY_51 "51 of them"

static const char *
targets_of(const char *text)
{
	return strcmp(text, MANY_50) == 0 ? many(50) :
	    strcmp(text, MANY_51) == 0	  ? many(51) :
					    text;
}

#define ALIASES(local) \
	"SELECT target FROM mail_alias WHERE local_part = '" local "'" \
	" AND domain = 'alpha.example' ORDER BY target"

/* -- forward_add: called new@alpha.example where the row says no other -- */

/* clang-format off */
static const struct add_row {
	const char *name, *before;
	const char *typed, *targets;
	enum result want;
	const char *told, *lines, *alias;
} add_rows[] = {
#define ADDED(targets) "new@alpha.example forward_added:>" targets
	{ "add: one target", "", " New ", "A@x.example", RES_OK, "",
	    ADDED("A@x.example"), "A@x.example" },
	{ "add: as an address", "", "NEW@Alpha.example", "a@x.example",
	    RES_OK, "", ADDED("a@x.example"), "a@x.example" },
	{ "add: several", "", "new", "b@x.example\r\nu1@ALPHA.example,"
	    " a@x.example\r\n", RES_OK, "",
	    ADDED("b@x.example, " U1 ", a@x.example"),
	    "a@x.example b@x.example " U1 },
	{ "add: to another domain here", "", "new", "v1@beta.example",
	    RES_OK, "", ADDED("v1@beta.example"), "v1@beta.example" },
	{ "add: to another forward", "", "new", INFO, RES_OK, "",
	    ADDED(INFO), INFO },
	{ "add: to an extension", "", "new", "U1+News@alpha.example", RES_OK,
	    "", ADDED("u1+news@alpha.example"), "u1+news@alpha.example" },
	{ "add: C07 zero", "", "0", "a@x.example", RES_OK, "",
	    "0@alpha.example forward_added:>a@x.example", "" },
	{ "add: fifty targets", "", "new", MANY_50, RES_OK, "", NULL, NULL },
	{ "add: fifty-one", "", "new", MANY_51, RES_INVALID,
	    "targets:forward.many(50)", "", "" },

	{ "add: C77 another domain", "", "new@beta.example", "a@x.example",
	    RES_INVALID, "name:foreign(new@beta.example)", "", "" },
	{ "add: C64 the name of an account", "", "U1", "a@x.example",
	    RES_INVALID, "name:in_use(u1)", "", "" },
	{ "add: the name of a forward", "", "info", "a@x.example",
	    RES_INVALID, "name:in_use(info)", "", "" },
	{ "add: the name of a list", "INSERT INTO address (domain_id,"
	    " local_part, kind) VALUES (1, 'list', 'list')", "list",
	    "a@x.example", RES_INVALID, "name:in_use(list)", "", "" },
	{ "add: the postmaster", "", "postmaster", "a@x.example", RES_INVALID,
	    "name:in_use(postmaster)", "", "" },
	{ "add: the name of an import that is not done",
	    "INSERT INTO import (id, domain_id, at, owner) VALUES (1, 2, 1,"
	    " '1 1'); INSERT INTO address (domain_id, local_part, kind,"
	    " import_id) VALUES (1, 'im', 'account', 1)", "im",
	    "a@x.example", RES_INVALID, "name:in_use(im@alpha.example)", "",
	    "" },
	{ "add: no name", "", "", "a@x.example", RES_INVALID, "name:name", "",
	    "" },
	{ "add: C05 a plus", "", "new+x", "a@x.example", RES_INVALID,
	    "name:name(new+x)", "", "" },
	{ "add: a dot in front", "", ".new", "a@x.example", RES_INVALID,
	    "name:name(.new)", "", "" },
	{ "add: in Japanese", "", "山", "a@x.example", RES_INVALID,
	    "name:name(山)", "", "" },

	{ "add: no target", "", "new", " \r\n,", RES_INVALID,
	    "targets:targets_none", "", "" },
	{ "add: to nobody here", "", "new", "u9@alpha.example", RES_INVALID,
	    "targets:forward.missing(u9@alpha.example)", "", "" },
	{ "add: to nobody's extension", "", "new", "u9+x@alpha.example",
	    RES_INVALID, "targets:forward.missing(u9+x@alpha.example)", "",
	    "" },
	{ "add: to a disabled domain", "UPDATE domain SET enabled = 0"
	    " WHERE id = 2", "new", "v1@beta.example", RES_OK, "",
	    ADDED("v1@beta.example"), "v1@beta.example" },
	{ "add: to nobody in a disabled domain", "UPDATE domain SET enabled"
	    " = 0 WHERE id = 2", "new", "v9@beta.example", RES_INVALID,
	    "targets:forward.missing(v9@beta.example)", "", "" },
	{ "add: to one of an import that is not done",
	    "INSERT INTO import (id, domain_id, at, owner) VALUES (1, 2, 1,"
	    " '1 1'); INSERT INTO address (domain_id, local_part, kind,"
	    " import_id) VALUES (2, 'im', 'account', 1)", "new",
	    "im@beta.example", RES_INVALID,
	    "targets:forward.missing(im@beta.example)", "", "" },
	{ "add: C49 a pipe", "", "new", "|/bin/id", RES_INVALID,
	    "targets:forward.command(|/bin/id)", "", "" },
	{ "add: C51 no domain", "", "new", "bob", RES_INVALID,
	    "targets:forward.no_domain(bob)", "", "" },
	{ "add: ours for discarded mail", "", "new",
	    "discard@discard.invalid", RES_INVALID,
	    "targets:forward.reserved(discard@discard.invalid)", "", "" },
	{ "add: the same twice", "", "new", "a@x.example a@X.example",
	    RES_INVALID, "targets:forward.duplicate(a@x.example)", "", "" },
	{ "add: the same person here twice", "", "new",
	    "u1@alpha.example U1@alpha.example", RES_INVALID,
	    "targets:forward.duplicate(" U1 ")", "", "" },
	{ "add: to itself", "", "new", "New@alpha.example", RES_INVALID,
	    "targets:forward.self(new@alpha.example)", "", "" },
	{ "add: to its own extension", "", "new",
	    "a@x.example new+y@alpha.example", RES_INVALID,
	    "targets:forward.self(new@alpha.example)", "", "" },
	{ "add: a name and targets that are wrong", "", "n+w",
	    "bob |id u1@alpha.example", RES_INVALID,
	    "name:name(n+w) targets:forward.no_domain(bob)"
	    " targets:forward.command(|id)", "", "" },
	{ "add: in use, and targets that are wrong", "", "u1", "bob",
	    RES_INVALID, "name:in_use(u1) targets:forward.no_domain(bob)", "",
	    "" },
	{ "add: the limit", "UPDATE domain SET max_forwards = 1", "new",
	    "a@x.example", RES_INVALID, "name:limit(1)", "", "" },
	{ "add: the limit of accounts is no matter",
	    "UPDATE domain SET max_accounts = 0", "new", "a@x.example",
	    RES_OK, "", ADDED("a@x.example"), "a@x.example" },

	/* Left over by a database that was written by hand. */
	{ "add: C45 a loop", ACCOUNT_TO(1, "new", "alpha.example"), "new", U1,
	    RES_INVALID, "targets:forward.loop(new@alpha.example → " U1
	    " → new@alpha.example)", "", "" },
	{ "add: ten steps", CHAIN(9, "u1"), "new", "c1@alpha.example", RES_OK,
	    "", ADDED("c1@alpha.example"), "c1@alpha.example" },
	{ "add: eleven steps", CHAIN(10, "u1"), "new", "c1@alpha.example",
	    RES_INVALID, "targets:forward.deep(10)", "", "" },
	{ "add: SQL", "", "new", "a'--@x.example", RES_OK, "",
	    ADDED("a'--@x.example"), "a'--@x.example" },
};
/* clang-format on */

static void
add(void **state)
{
	struct tempdb *t = *state;
	const struct add_row *r = t->row;
	const char *targets = targets_of(r->targets);
	struct findings f = { .n = 0 };
	struct forward fw;
	struct targets stored;
	char *before;

	prepare(t, r->before);
	before = tempdb_dump(t->users);
	assert_int_equal(forward_add(t->web_store, "Alpha.example", r->typed,
			     targets, &t->who, &f),
	    r->want);
	assert_string_equal(told(&f), r->told);
	if (r->lines != NULL) {
		assert_string_equal(tempdb_lines(t), r->lines);
		assert_string_equal(
		    tempdb_text(t->users, ALIASES("new")), r->alias);
	}
	if (r->want != RES_OK) {
		tempdb_assert_same(&before, t->users);
		return;
	}
	free(before);
	if (strchr(r->typed, '0') != NULL)
		return;
	assert_int_equal(
	    forward_find(t->web_store, ALPHA, "new", &fw, &stored), RES_OK);
	assert_string_equal(fw.address, "new@alpha.example");
	assert_int_equal(fw.version, 0);
	assert_int_equal(fw.created_at, NOW);
	assert_true(stored.n >= 1);
	/* It is no account: a line of the domain, and no mailbox. */
	assert_string_equal(
	    tempdb_text(t->users,
		"SELECT domain || account_id FROM history"
		" WHERE at >= 1800000000"),
	    "alpha.example0");
	assert_int_equal(tempdb_int(t->users,
			     "SELECT count(*) FROM mail_account"
			     " WHERE local_part = 'new'"),
	    0);
}

/* -- forward_save, of info@alpha.example -- */

/* clang-format off */
static const struct save_row {
	const char *name, *before, *targets;
	int64_t version; /* it is at 0 */
	enum result want;
	bool changed;
	const char *told, *alias;
} save_rows[] = {
#define KEPT "a@x.example"
	{ "save: another target", "", "b@x.example", 0, RES_OK, true, "",
	    "b@x.example" },
	{ "save: whatever it is at", "UPDATE forward SET version = 7",
	    "b@x.example", -1, RES_OK, true, "", "b@x.example" },
	{ "save: nothing new", "", " a@X.example\r\n", 0, RES_OK, false,
	    "", KEPT },
	{ "save: C112 a page of before", "UPDATE forward SET version = 7",
	    "b@x.example", 6, RES_CONFLICT, false, "", KEPT },
	{ "save: C112 the second click", "UPDATE forward SET version = 7",
	    "a@x.example", 6, RES_OK, false, "", KEPT },
	{ "save: none", "", "\r\n", 0, RES_INVALID, false,
	    "targets:targets_none", KEPT },
	{ "save: fifty", "", MANY_50, 0, RES_OK, true, "", NULL },
	{ "save: fifty-one", "", MANY_51, 0, RES_INVALID, false,
	    "targets:forward.many(50)", KEPT },
	{ "save: all that is wrong", "", "bob u9@alpha.example |id", 0,
	    RES_INVALID, false, "targets:forward.no_domain(bob)"
	    " targets:forward.command(|id)", KEPT },
	{ "save: two that are missing", "", "u9@alpha.example"
	    " u8@alpha.example a@x.example", 0, RES_INVALID, false,
	    "targets:forward.missing(u9@alpha.example)"
	    " targets:forward.missing(u8@alpha.example)", KEPT },
	{ "save: itself", "", INFO, 0, RES_INVALID, false,
	    "targets:forward.self(" INFO ")", KEPT },

	{ "save: a loop through an account",
	    ACCOUNT_TO(1, "info", "alpha.example"), U1, 0, RES_INVALID, false,
	    "targets:forward.loop(" INFO " → " U1 " → " INFO ")", KEPT },
	{ "save: a loop through an account's copy",
	    ACCOUNT_TO(1, "info", "alpha.example")
	    "UPDATE account SET keep_copy = 1 WHERE id = 1", U1, 0,
	    RES_INVALID, false,
	    "targets:forward.loop(" INFO " → " U1 " → " INFO ")", KEPT },
	{ "save: a loop through a forward of another domain",
	    INSTEAD(21, "info", "alpha.example"), "sales@beta.example", 0,
	    RES_INVALID, false,
	    "targets:forward.loop(" INFO " → sales@beta.example → " INFO ")",
	    KEPT },
	{ "save: a loop through accounts, forwards and domains",
	    INSTEAD(21, "v1+x", "beta.example")
	    ACCOUNT_TO(4, "u2", "alpha.example")
	    ACCOUNT_TO(2, "info+y", "alpha.example"),
	    "a@x.example\r\nsales@beta.example", 0, RES_INVALID, false,
	    "targets:forward.loop(" INFO " → sales@beta.example →"
	    " v1@beta.example → u2@alpha.example → " INFO ")", KEPT },
	{ "save: a loop by the second target of the second target",
	    INSTEAD(21, "c", "x.example") TO(21, 2, "info", "alpha.example"),
	    "u1@alpha.example, sales@beta.example", 0, RES_INVALID, false,
	    "targets:forward.loop(" INFO " → sales@beta.example → " INFO ")",
	    KEPT },
	{ "save: a circle of others is no loop of this one",
	    FW(22, 1, "f2") FW(23, 1, "f3") TO(22, 1, "f3", "alpha.example")
	    TO(23, 1, "f2", "alpha.example"), "f2@alpha.example", 0, RES_OK,
	    true, "", "f2@alpha.example" },
	{ "save: an account that discards ends it",
	    "UPDATE account SET routing = 'discard' WHERE id = 1", U1, 0,
	    RES_OK, true, "", U1 },
	{ "save: two ways to one are no loop",
	    INSTEAD(21, "u1", "alpha.example"), U1 " sales@beta.example", 0,
	    RES_OK, true, "", "sales@beta.example " U1 },

	{ "save: ten steps", CHAIN(9, "u1"), "c1@alpha.example", 0, RES_OK,
	    true, "", "c1@alpha.example" },
	{ "save: eleven steps", CHAIN(10, "u1"), "c1@alpha.example", 0,
	    RES_INVALID, false, "targets:forward.deep(10)", KEPT },
	{ "save: ten steps for whoever forwards to it", CHAIN(9, "info"),
	    "b@x.example", 0, RES_OK, true, "", "b@x.example" },
	{ "save: eleven for whoever forwards to it", CHAIN(9, "info"),
	    "sales@beta.example", 0, RES_INVALID, false,
	    "targets:forward.deep(10)", KEPT },
	{ "save: eleven for an account that forwards to it",
	    CHAIN(8, "info") ACCOUNT_TO(1, "c1", "alpha.example"),
	    "sales@beta.example", 0, RES_INVALID, false,
	    "targets:forward.deep(10)", KEPT },
};
/* clang-format on */

static void
save(void **state)
{
	struct tempdb *t = *state;
	const struct save_row *r = t->row;
	struct findings f = { .n = 0 };
	bool changed = !r->changed;
	int64_t version;
	char *before;

	prepare(t, r->before);
	version = tempdb_int(
	    t->users, "SELECT version FROM forward WHERE id = 20");
	before = tempdb_dump(t->users);
	assert_int_equal(forward_save(t->web_store, ALPHA, "info", r->version,
			     targets_of(r->targets), &t->who, &f, &changed),
	    r->want);
	assert_string_equal(told(&f), r->told);
	assert_int_equal(changed, r->changed);
	if (r->alias != NULL)
		assert_string_equal(
		    tempdb_text(t->users, ALIASES("info")), r->alias);
	if (!r->changed) {
		tempdb_assert_same(&before, t->users);
		return;
	}
	free(before);
	assert_int_equal(
	    tempdb_int(t->users, "SELECT version FROM forward WHERE id = 20"),
	    version + 1);
	assert_ptr_equal(
	    strstr(tempdb_lines(t), INFO " forward_targets:a@x.example>"),
	    tempdb_lines(t));
}

static void
save_nowhere(void **state)
{
	static const char *const names[] = { "u1", "sales", "nobody", "", "'",
		"INFO" };
	struct tempdb *t = *state;
	struct findings f = { .n = 0 };
	sqlite3 *other;
	char *before;

	prepare(t, "");
	before = tempdb_dump(t->users);
	for (size_t i = 0; i < NELEM(names); i++) {
		assert_int_equal(
		    forward_save(t->web_store, ALPHA, names[i], -1,
			"b@x.example", &t->who, &f, NULL),
		    RES_NOTFOUND);
		assert_int_equal(forward_delete(t->web_store, ALPHA, names[i],
				     &t->who, &f),
		    RES_NOTFOUND);
	}
	assert_int_equal(forward_save(t->web_store, "gamma.example", "info",
			     -1, "b@x.example", &t->who, &f, NULL),
	    RES_NOTFOUND);
	assert_int_equal(forward_add(t->web_store, "gamma.example", "info",
			     "b@x.example", &t->who, &f),
	    RES_NOTFOUND);
	assert_int_equal(f.n, 0);
	other = tempdb_lock(t->users);
	tempdb_no_wait(t);
	assert_int_equal(forward_save(t->web_store, ALPHA, "info", -1,
			     "b@x.example", &t->who, &f, NULL),
	    RES_BUSY);
	assert_int_equal(forward_add(t->web_store, ALPHA, "new",
			     "b@x.example", &t->who, &f),
	    RES_BUSY);
	assert_int_equal(
	    forward_delete(t->web_store, ALPHA, "info", &t->who, &f),
	    RES_BUSY);
	tempdb_unlock(other);
	tempdb_assert_same(&before, t->users);
}

/* -- forward_delete, of info@alpha.example -- */

/* clang-format off */
static const struct delete_row {
	const char *name, *before;
	enum result want;
	const char *told;
} delete_rows[] = {
	{ "delete: plain", "", RES_OK, "" },
	{ "delete: C70 an account forwards to it",
	    ACCOUNT_TO(1, "info", "alpha.example"), RES_INVALID,
	    "confirm:in_use_by(" U1 ")" },
	{ "delete: forwards and accounts of two domains do",
	    INSTEAD(21, "info+x", "alpha.example") FW(22, 1, "f2")
	    TO(22, 1, "info", "alpha.example")
	    ACCOUNT_TO(4, "info", "alpha.example"), RES_INVALID,
	    "confirm:in_use_by(f2@alpha.example)"
	    " confirm:in_use_by(sales@beta.example)"
	    " confirm:in_use_by(v1@beta.example)" },
	{ "delete: others of such a name are no matter",
	    ACCOUNT_TO(1, "info2", "alpha.example")
	    ACCOUNT_TO(2, "info", "beta.example"), RES_OK, "" },
};
/* clang-format on */

static void
delete(void **state)
{
	struct tempdb *t = *state;
	const struct delete_row *r = t->row;
	struct findings f = { .n = 0 };
	struct forward fw;
	struct targets targets;
	char *before;

	prepare(t, r->before);
	before = tempdb_dump(t->users);
	assert_int_equal(
	    forward_delete(t->web_store, ALPHA, "info", &t->who, &f),
	    r->want);
	assert_string_equal(told(&f), r->told);
	if (r->want != RES_OK) {
		tempdb_assert_same(&before, t->users);
		return;
	}
	free(before);
	assert_string_equal(
	    tempdb_lines(t), INFO " forward_deleted:a@x.example>");
	assert_int_equal(
	    forward_find(t->web_store, ALPHA, "info", &fw, &targets),
	    RES_NOTFOUND);
	assert_int_equal(tempdb_int(t->users,
			     "SELECT count(*) FROM target"
			     " WHERE address_id = 20"),
	    0);
	/* The name is free. */
	assert_int_equal(forward_add(t->web_store, ALPHA, "info",
			     "a@x.example", &t->who, &f),
	    RES_OK);
}

/* -- an account that forwards into forwards -- */

/* clang-format off */
static const struct via_row {
	const char *name, *before, *targets;
	enum result want;
	const char *told;
} account_rows[] = {
	{ "account: to a forward", "", INFO, RES_OK, "" },
	{ "account: C45 to a forward that leads back",
	    INSTEAD(20, "u1", "alpha.example"), INFO, RES_INVALID,
	    "forward_to:forward.loop(" U1 " → " INFO " → " U1 ")" },
	{ "account: through two domains",
	    INSTEAD(20, "sales", "beta.example")
	    INSTEAD(21, "u1", "alpha.example"), "a@x.example, " INFO,
	    RES_INVALID, "forward_to:forward.loop(" U1 " → " INFO
	    " → sales@beta.example → " U1 ")" },
	{ "account: eleven for a forward that leads to it",
	    CHAIN(9, "u1"), INFO, RES_INVALID,
	    "forward_to:forward.deep(10)" },
	{ "account: five at most", "", "a@x.example b@x.example c@x.example"
	    " d@x.example e@x.example f@x.example", RES_INVALID,
	    "forward_to:forward.many(5)" },
};
/* clang-format on */

static void
account(void **state)
{
	struct tempdb *t = *state;
	const struct via_row *r = t->row;
	const struct account_set set = { .forward_to = r->targets };
	struct findings f = { .n = 0 };
	char *before;

	prepare(t, r->before);
	before = tempdb_dump(t->users);
	assert_int_equal(
	    account_set(t->web_store, U1, &set, &t->who, &f), r->want);
	assert_string_equal(told(&f), r->told);
	if (r->want != RES_OK)
		tempdb_assert_same(&before, t->users);
	free(before);
}

/* Two people close a loop at the same moment: the second is refused. */
static void
loop_closed_meanwhile(void **state)
{
	struct tempdb *t = *state;
	const struct account_set to_info = { .forward_to = INFO };
	struct findings f = { .n = 0 };

	prepare(t, "");
	assert_int_equal(
	    account_set(t->tool_store, U1, &to_info, &t->who, &f), RES_OK);
	assert_int_equal(forward_save(t->web_store, ALPHA, "info", 0, U1,
			     &t->who, &f, NULL),
	    RES_INVALID);
	assert_string_equal(faults(&f), "forward.loop");
}

/* -- lists -- */

#define HUNDRED \
	"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n" \
	" WHERE i < 100) INSERT INTO address (id, domain_id, local_part," \
	" kind) SELECT 200 + i, 1, printf('f%03d', i), 'forward' FROM n;" \
	"INSERT INTO forward (id, domain_id, local_part, created_at) SELECT" \
	" id, domain_id, local_part, 1 FROM address WHERE id > 200;" \
	"INSERT INTO target SELECT id, 1, 'T' || local_part, 'x.example'" \
	" FROM address WHERE id > 200;"

static const char *
list(struct tempdb *t, const struct forward_query *q, bool *more)
{
	static char text[4000];
	struct forward rows[20];
	size_t len = 0, n = 99;

	text[0] = '\0';
	assert_int_equal(
	    forward_list(t->web_store, q, rows, &n, more), RES_OK);
	assert_true(n <= q->max);
	for (size_t i = 0; i < n; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "%s%s", i > 0 ? " " : "", rows[i].local_part);
	return text;
}

/* clang-format off */
static const struct list_row {
	const char *name, *q, *after, *before;
	size_t max;
	const char *want;
	bool more;
} list_rows[] = {
	{ "list: the first page", "", "", "", 3, "f001 f002 f003", true },
	{ "list: the next one", "", "f003", "", 3, "f004 f005 f006", true },
	{ "list: the last one", "", "f099", "", 3, "f100 info", false },
	{ "list: just full", "", "f098", "", 3, "f099 f100 info", false },
	{ "list: behind all", "", "zzz", "", 3, "", false },
	{ "list: backwards", "", "", "f006", 3, "f003 f004 f005", true },
	{ "list: backwards to the first", "", "", "f004", 3,
	    "f001 f002 f003", false },
	{ "list: before all", "", "", "a", 3, "", false },
	{ "list: from one that is gone", "", "f0035", "", 2, "f004 f005",
	    true },
	{ "list: a name", "F05", "", "", 9, "f050 f051 f052 f053 f054 f055"
	    " f056 f057 f058", true },
	{ "list: a name, all of it", "f050", "", "", 9, "f050", false },
	{ "list: an address", "F050@Alpha.example", "", "", 9, "f050",
	    false },
	{ "list: a target", "tf007@X.", "", "", 9, "f007", false },
	{ "list: of another domain", "sales", "", "", 9, "", false },
	{ "list: no such", "zzz", "", "", 9, "", false },
	{ "list: C73 a per cent sign", "%", "", "", 9, "", false },
	{ "list: a line", "_", "", "", 9, "", false },
	{ "list: a quote", "'", "", "", 9, "", false },
	{ "list: a search, backwards", "f0", "", "f013", 3,
	    "f010 f011 f012", true },
	{ "list: a garbage cursor", "", "/../\xff'", "", 2, "f001 f002",
	    true },
};
/* clang-format on */

static void
list_pages(void **state)
{
	struct tempdb *t = *state;
	const struct list_row *r = t->row;
	const struct domain d = tempdb_get_domain(t, ALPHA);
	const struct forward_query q = { &d, r->q, r->after, r->before,
		r->max };
	bool more = !r->more;

	prepare(t, HUNDRED);
	assert_string_equal(list(t, &q, &more), r->want);
	assert_int_equal(more, r->more);
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, add_rows, add, tempdb_open, tempdb_drop);
	ADD_ROWS(&s, save_rows, save, tempdb_open, tempdb_drop);
	ADD_ROWS(&s, delete_rows, delete, tempdb_open, tempdb_drop);
	ADD_ROWS(&s, account_rows, account, tempdb_open, tempdb_drop);
	ADD_ROWS(&s, list_rows, list_pages, tempdb_open, tempdb_drop);
#define T(name, f) suite_add(&s, name, f, tempdb_open, tempdb_drop, NULL)
	T("nowhere, and busy", save_nowhere);
	T("a loop closed meanwhile", loop_closed_meanwhile);
	return suite_run(&s, "forward");
}
