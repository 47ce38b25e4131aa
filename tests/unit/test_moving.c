/* What a source has, written into a database: what is new, what is there,
 * what is refused; and that a second time nothing changes. */
#include "tests/unit/unit.h"

#include "core/forward.h"
#include "migrate/apply.h"
#include "tests/unit/tempdb.h"

#define HASH "$1$abcdefgh$Kn5qrjcQzV7oAHBJ23Cu3/"
#define NEW "new.example"

/* -- texts -- */

static const struct text_row {
	const char *name, *want;
} text_rows[] = {
	{ "plain", "plain" },
	{ "", "" },
	{ "a\x01" "b\x7f\n", "a?b??" },
	{ "文箱", "文箱" },
	{ "\xff\xe6\x96", "???" },
	{ "a\xc0\x80", "a??" },
};

static void
texts(void **state)
{
	const struct text_row *r = *state;
	struct pool *p = pool_new();
	struct moving m;
	char many[1000];

	moving_begin(&m, p);
	assert_string_equal(
	    moving_text(&m, r->name, strlen(r->name)), r->want);
	memset(many, 'x', sizeof(many));
	assert_int_equal(strlen(moving_text(&m, many, sizeof(many))), 323);
	pool_free(&p);
}

/* -- sources, in short -- */

struct source {
	struct pool *pool;
	struct moving m;
	struct moving_domain *domain;
	unsigned int line;
};

static void
source_begin(struct source *s, const char *domain)
{
	s->pool = pool_new();
	s->line = 0;
	moving_begin(&s->m, s->pool);
	s->domain =
	    moving_add_domain(&s->m, (struct where){ "domain", 1 }, domain);
	assert_non_null(s->domain);
}

static struct where
next_line(struct source *s)
{
	return (struct where){ "f", ++s->line };
}

/* "a: account", "b > c, x@o.example" or "l = OWNER", one a line; targets
 * without @ are of the domain. */
static struct place *
source_add(struct source *s, const char *line)
{
	const struct where at = next_line(s);
	const size_t n = strcspn(line, " :>=");
	const char *local = pool_strndup(s->pool, line, n);
	const bool account = strchr(line, ':') != NULL;
	const bool list = strchr(line, '=') != NULL;
	const char *to = strpbrk(line, ">=");
	struct place *p = moving_add(&s->m, at,
	    list	? KIND_LIST :
		account ? KIND_ACCOUNT :
			  KIND_FORWARD,
	    s->domain, local);

	if (p == NULL)
		return NULL;
	if (account)
		moving_hash(&s->m, p, at, HASH);
	if (list) {
		p->form = pool_alloc(s->pool, sizeof(*p->form));
		p->form->owner = "";
	}
	while (to != NULL && *(to += strspn(to, ">=, ")) != '\0') {
		const size_t k = strcspn(to, ", ");
		const char *text = pool_printf(s->pool, "%.*s%s%s", (int)k, to,
		    memchr(to, '@', k) != NULL ? "" : "@",
		    memchr(to, '@', k) != NULL ? "" : s->domain->name);

		if (list)
			p->form->owner = text;
		else
			moving_target(&s->m, p, at, text);
		to += k;
	}
	if (account && p->ntargets > 0)
		p->routing = ROUTING_FORWARD;
	return p;
}

static enum result
run(struct tempdb *t, struct source *s, bool dry)
{
	const struct moving_options o = { dry, "", 1, &(struct actor)SHELL };
	bool engine;

	return moving_apply(t->tool_store, &s->m, &o, &engine);
}

/* What became of a name: "forward", "there", "differs:targets" ... */
static const char *
fate(struct source *s, const char *address)
{
	const struct moved *last = NULL;

	for (size_t i = 0; i < s->m.nmoved; i++)
		if (strcmp(s->m.moved[i].subject, address) == 0)
			last = &s->m.moved[i];
	if (last == NULL)
		return "";
	return pool_printf(s->pool, "%s%s%s%s", last->why == WHY_RULE ?
		fault_key(last->fault) : why_key(last->why),
	    last->arg[0] != '\0' ? ":" : "", last->arg,
	    last->outcome == OUT_CHANGED ? "*" : "");
}

static const char *
all_forwards(struct tempdb *t)
{
	return tempdb_text(t->users,
	    "SELECT n.local_part || '>' || coalesce((SELECT"
	    " group_concat(local_part) FROM (SELECT local_part FROM target"
	    " WHERE address_id = n.id ORDER BY position)), '') FROM address n"
	    " JOIN domain d ON d.id = n.domain_id WHERE d.name = '" NEW "'"
	    " AND n.kind = 'forward' ORDER BY n.local_part");
}

/* -- forwards that need one another -- */

static const struct circle_row {
	const char *name;
	const char *lines[6];
	const char *want; /* the forwards in the database */
} circle_rows[] = {
	{ "in order", { "a > x@o.example", "b > a" }, "a>x b>a" },
	{ "against it", { "c > b", "b > a", "a > x@o.example" },
	    "a>x b>a c>b" },
	{ "to a list", { "a > l", "l =" }, "a>l" },
	{ "a list owned by a forward", { "l = a", "a > x@o.example" },
	    "a>x" },
	{ "a list and its owner", { "l = a", "a > l" }, "a>l" },
	{ "two, nothing else", { "a > b", "b > a" }, "" },
	{ "two, one has more", { "a > b", "b > a, x@o.example" }, "a>b b>x" },
	{ "two, the first has more", { "a > b, x@o.example", "b > a" },
	    "a>x b>a" },
	{ "somebody outside of it", { "o > a", "a > b", "b > a,x@o.example" },
	    "a>b b>x o>a" },
	{ "two circles in one", { "a > b, c", "b > a", "c > a,x@o.example" },
	    "a>c b>a c>x" },
	{ "itself", { "a > a, x@o.example" }, "a>x" },
	{ "itself alone", { "a > a" }, "" },
	{ "by an extension", { "a > b+y", "b > x@o.example" }, "a>b+y b>x" },
	{ "nobody", { "a > nobody", "b > a, x@o.example" }, "b>x" },
	{ "twice the same", { "a > x@o.example, x@O.example" }, "a>x" },
};

static void
circles(void **state)
{
	struct tempdb *t = *state;
	const struct circle_row *r = t->row;

	for (int again = 0; again < 2; again++) {
		char *before = again ? tempdb_dump(t->users) : NULL;
		struct source s;

		source_begin(&s, NEW);
		for (size_t i = 0; i < NELEM(r->lines) && r->lines[i]; i++)
			source_add(&s, r->lines[i]);
		assert_int_equal(run(t, &s, false), RES_OK);
		assert_string_equal(all_forwards(t), r->want);
		if (again)
			tempdb_assert_same(&before, t->users);
		pool_free(&s.pool);
	}
}

/* -- accounts -- */

static const struct there_row {
	const char *name;
	const char *sql; /* between the two */
	const char *want; /* of a@new.example, the second time */
} there_rows[] = {
	{ "as it was", "", "there" },
	{ "the hash made anew at a log-in",
	    "UPDATE account SET password_hash = '$y$j75$abcdefgh$'"
	    " || substr(hex(zeroblob(30)), 1, 43) WHERE local_part = 'a'",
	    "there" },
	{ "another password",
	    "UPDATE account SET credential = 1, password_hash ="
	    " '$1$zzzzzzzz$Kn5qrjcQzV7oAHBJ23Cu3/' WHERE local_part = 'a'",
	    "differs:password" },
	{ "an initial one",
	    "UPDATE account SET initial_password = 1, password_hash ="
	    " '$1$zzzzzzzz$Kn5qrjcQzV7oAHBJ23Cu3/' WHERE local_part = 'a'",
	    "differs:password" },
	{ "another name", "UPDATE account SET real_name = 'X'"
			  " WHERE local_part = 'a'",
	    "differs:real_name" },
	{ "another routing", "UPDATE account SET routing = 'discard',"
			     " keep_copy = 0 WHERE local_part = 'a'",
	    "differs:routing" },
	{ "other targets", "UPDATE target SET local_part = 'z'",
	    "differs:routing" },
	{ "a forward in its place",
	    "DELETE FROM address WHERE local_part = 'a'; INSERT INTO address"
	    " (id, domain_id, local_part, kind) SELECT 99, id, 'a', 'forward'"
	    " FROM domain WHERE name = 'new.example'; INSERT INTO forward (id,"
	    " domain_id, local_part, created_at) SELECT 99, id, 'a', 1 FROM"
	    " domain WHERE name = 'new.example'",
	    "taken:forward" },
	{ "a limit", "DELETE FROM address WHERE local_part = 'a';"
		     "UPDATE domain SET max_accounts = 1",
	    "err.limit:1" },
	{ "gone", "DELETE FROM address WHERE local_part = 'a'", "account" },
};

static void
there(void **state)
{
	struct tempdb *t = *state;
	const struct there_row *r = t->row;

	for (int again = 0; again < 2; again++) {
		struct source s;

		source_begin(&s, NEW);
		source_add(&s, "a: > x@o.example");
		if (again && r->sql[0] != '\0')
			assert_int_equal(tempdb_exec(t->users, r->sql), 0);
		assert_int_equal(run(t, &s, false), RES_OK);
		assert_string_equal(fate(&s, "a@" NEW),
		    again ? r->want : "account");
		pool_free(&s.pool);
	}
	/* The index of substrings is not kept by what was done by hand. */
	(void)tempdb_exec(t->users,
	    "INSERT INTO account_search (account_search) VALUES ('rebuild')");
}

static const struct routed_row {
	const char *name; /* the line */
	const char *fate;
	const char *row; /* routing, keep_copy, targets */
} routed_rows[] = {
	{ "a:", "account", "mailbox|0|" },
	{ "a: > x@o.example", "account", "forward|0|x" },
	{ "a: > x@o.example, |prog", "account*", "forward|1|x" },
	{ "a: > x@o.example, x@O.example", "account*", "forward|0|x" },
	{ "a: > a", "account*", "mailbox|0|" },
	{ "a: > nobody", "account*", "mailbox|0|" },
	{ "a: > b, c, d, e, f@o.example", "account*", "forward|1|f" },
	{ "a: > 1@o.x, 2@o.x, 3@o.x, 4@o.x, 5@o.x, 6@o.x", "account*",
	    "mailbox|0|" },
	{ "a: > x@o.example, \xff@o.example", "account*", "forward|1|x" },
	{ "a: > 1@o.x, 2@o.x, 3@o.x, 4@o.x, 5@o.x", "account",
	    "forward|0|1,2,3,4,5" },
};

static void
accounts(void **state)
{
	struct tempdb *t = *state;
	const struct routed_row *r = t->row;
	struct source s;

	source_begin(&s, NEW);
	source_add(&s, r->name);
	assert_int_equal(run(t, &s, false), RES_OK);
	assert_string_equal(fate(&s, "a@" NEW), r->fate);
	assert_string_equal(
	    tempdb_text(t->users,
		"SELECT routing || '|' || keep_copy || '|' || coalesce(("
		"SELECT group_concat(local_part) FROM (SELECT local_part FROM"
		" target WHERE address_id = a.id ORDER BY position)), '')"
		" FROM account a WHERE local_part = 'a'"),
	    r->row);
	pool_free(&s.pool);
}

/* None of the targets that are left out is told as done. */
static void
many(void **state)
{
	struct tempdb *t = *state;
	struct source s;
	size_t n = 0;

	source_begin(&s, NEW);
	source_add(&s, "b: > x@o.x");
	source_add(&s, "a: > 1@o.x, 2@o.x, 3@o.x, 4@o.x, 5@o.x, 6@o.x");
	assert_int_equal(run(t, &s, false), RES_OK);
	for (size_t i = 0; i < s.m.nmoved; i++) {
		const struct moved *m = &s.m.moved[i];

		if (strcmp(m->subject, "a@" NEW) != 0)
			continue;
		assert_int_not_equal(m->outcome, OUT_DONE);
		n += m->outcome == OUT_REFUSED && m->why == WHY_MANY;
	}
	assert_int_equal(n, 6);
	pool_free(&s.pool);
}

/* Other names of a domain are none here: what leads there leads to it. */
static void
other_names(void **state)
{
	struct tempdb *t = *state;
	struct source s;

	source_begin(&s, NEW);
	moving_add_alias(&s.m, next_line(&s), "OLD.example", NEW);
	moving_add_alias(&s.m, next_line(&s), "gone.example", "none.example");
	source_add(&s, "a:");
	source_add(&s, "b > A@old.example, x@o.example");
	source_add(&s, "c > x@gone.example");
	source_add(&s, "d > a+y@Old.example");
	assert_int_equal(run(t, &s, false), RES_OK);
	assert_string_equal(all_forwards(t), "b>a,x c>x d>a+y");
	assert_string_equal(fate(&s, "b@" NEW), "forward*");
	assert_string_equal(fate(&s, "c@" NEW), "forward");
	assert_string_equal(fate(&s, "OLD.example"), "alias_domain:" NEW);
	assert_int_equal(tempdb_int(t->users,
			     "SELECT count(*) FROM target"
			     " WHERE domain = '" NEW "'"),
	    2);
	pool_free(&s.pool);
}

/* -- the rest -- */

static void
postmasters(void **state)
{
	struct tempdb *t = *state;
	struct source s;

	source_begin(&s, NEW);
	source_add(&s, "postmaster > a");
	source_add(&s, "a:");
	s.domain->max_accounts = 1; /* fewer than it has */
	s.domain->disabled = true;
	moving_add_admin(&s.m, next_line(&s), "A@new.example", NEW);
	moving_add_admin(&s.m, next_line(&s), "nobody@new.example", NEW);
	moving_add_admin(&s.m, next_line(&s), "u1@alpha.example", "none.x");
	assert_int_equal(run(t, &s, false), RES_OK);
	assert_string_equal(fate(&s, "postmaster@" NEW), "account*");
	assert_string_equal(fate(&s, "nobody@" NEW), "no_account:" NEW);
	assert_string_equal(fate(&s, "u1@alpha.example"), "no_domain:none.x");
	assert_string_equal(
	    tempdb_text(t->users,
		"SELECT max_accounts || '|' || enabled FROM domain"
		" WHERE name = '" NEW "'"),
	    "1|0");
	assert_int_equal(tempdb_int(t->users,
			     "SELECT count(*) FROM domain_admin m JOIN domain d"
			     " ON d.id = m.domain_id WHERE d.name = '" NEW "'"),
	    2);
	pool_free(&s.pool);
}

static void
trials(void **state)
{
	struct tempdb *t = *state;
	char *before = tempdb_dump(t->users);
	sqlite3 *lock;
	struct source s;

	source_begin(&s, NEW);
	source_add(&s, "a:");
	source_add(&s, "b > a");
	assert_int_equal(run(t, &s, true), RES_OK);
	assert_string_equal(fate(&s, "b@" NEW), "forward");
	pool_free(&s.pool);
	tempdb_assert_same(&before, t->users);

	before = tempdb_dump(t->users);
	tempdb_no_wait(t);
	lock = tempdb_lock(t->users);
	source_begin(&s, NEW);
	assert_int_equal(run(t, &s, false), RES_BUSY);
	tempdb_unlock(lock);
	pool_free(&s.pool);
	tempdb_assert_same(&before, t->users);
}

static void
names(void **state)
{
	struct source s;

	(void)state;
	source_begin(&s, NEW);
	assert_null(moving_add_domain(&s.m, next_line(&s), "New.example"));
	assert_null(moving_add_domain(&s.m, next_line(&s), "no"));
	assert_null(moving_add_domain(&s.m, next_line(&s), "x.invalid"));
	assert_non_null(source_add(&s, "a:"));
	assert_null(source_add(&s, "A >"));
	assert_string_equal(fate(&s, "a@" NEW), "twice:f:4");
	assert_null(source_add(&s, "../x:"));
	assert_null(moving_find(&s.m, "A", NEW));
	assert_non_null(moving_find(&s.m, "a", NEW));
	/* Many: the index grows with them. */
	for (int i = 0; i < 3000; i++)
		assert_non_null(moving_add(&s.m, next_line(&s), KIND_FORWARD,
		    s.domain, pool_printf(s.pool, "n%d", i)));
	for (int i = 0; i < 3000; i++)
		assert_non_null(moving_find(
		    &s.m, pool_printf(s.pool, "n%d", i), NEW));
	assert_int_equal(s.m.nplaces, 3001);
	pool_free(&s.pool);
}

static const struct hash_row {
	const char *name, *want;
} hash_rows[] = {
	{ HASH, "" },
	{ "ab/cdefghijkl", "" }, /* DES */
	{ "{SSHA}c2VjcmV0", "hash:{SSHA}*" },
	{ "$2x$05$abc", "hash:$2x$*" },
	{ "plain text!", "hash:unknown*" },
	{ "{my secret}x", "hash:unknown*" },
	{ "$abcdefghijklmnopqrstuvwxyzabc$", "hash:unknown*" },
	{ "", "hash:unknown*" },
};

static void
hashes(void **state)
{
	const struct hash_row *r = *state;
	struct source s;
	struct place *p;

	source_begin(&s, NEW);
	p = moving_add(&s.m, next_line(&s), KIND_ACCOUNT, s.domain, "a");
	moving_hash(&s.m, p, p->at, r->name);
	assert_string_equal(fate(&s, "a@" NEW), r->want);
	assert_int_equal(p->hash != NULL, r->want[0] == '\0');
	pool_free(&s.pool);
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, text_rows, texts, NULL, NULL);
	ADD_ROWS(&s, hash_rows, hashes, NULL, NULL);
	ADD_ROWS(&s, circle_rows, circles, tempdb_open, tempdb_drop);
	ADD_ROWS(&s, there_rows, there, tempdb_open, tempdb_drop);
	ADD_ROWS(&s, routed_rows, accounts, tempdb_open, tempdb_drop);
	suite_add(&s, "names", names, NULL, NULL, NULL);
#define T(name, f) suite_add(&s, name, f, tempdb_open, tempdb_drop, NULL)
	T("more targets than there may be", many);
	T("other names of a domain", other_names);
	T("postmasters, administrators, limits", postmasters);
	T("a dry run, and busy", trials);
	return suite_run(&s, "moving");
}
