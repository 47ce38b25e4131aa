/* Sessions: when they end, and that they never come back. */
#include "tests/unit/unit.h"

#include <time.h>

#include "core/session.h"
#include "tests/unit/tempdb.h"

#define U1 "u1@alpha.example"

static void
begin(struct tempdb *t, int64_t now, char token[SECRET_TEXT])
{
	struct account a = tempdb_get(t, U1);

	assert_int_equal(session_begin(t->web_store, &t->rules.session, &a,
			     now, token),
	    RES_OK);
}

static enum result
find(struct tempdb *t, const char *token, int64_t now)
{
	struct login_session ls;

	return session_find(
	    t->web_store, &t->rules.session, token, now, &ls);
}

static int64_t
count(struct tempdb *t)
{
	return tempdb_int(t->web, "SELECT count(*) FROM session");
}

/* clang-format off */
static const struct row {
	const char *name;
	const char *sql;   /* on users.db, or "" */
	int64_t step;      /* seconds between pages */
	int pages;         /* how many go well before the last */
	enum result want;  /* of the last */
} rows[] = {
	{ "idle, just in time", "", 900, 0, RES_OK },
	{ "idle, over", "", 901, 0, RES_NOTFOUND },
	{ "busy for hours", "", 800, 35, RES_OK },
	{ "older than the longest", "", 800, 36, RES_NOTFOUND },
	{ "the password was changed",
	    "UPDATE account SET credential = 1 WHERE id = 1", 1, 0,
	    RES_NOTFOUND },
	{ "somebody else's was", "UPDATE account SET credential = 1"
	    " WHERE id = 2", 1, 0, RES_OK },
	{ "C31 the domain is disabled",
	    "UPDATE domain SET enabled = 0 WHERE id = 1", 1, 0,
	    RES_NOTFOUND },
	{ "C31 the account is deleted", "DELETE FROM address WHERE id = 1",
	    1, 0, RES_NOTFOUND },
	{ "a clock that was set back", "", -1000, 0, RES_OK },
};
/* clang-format on */

static void
ends(void **state)
{
	struct tempdb *t = *state;
	const struct row *r = t->row;
	char token[SECRET_TEXT];
	int64_t now = NOW;

	begin(t, now, token);
	if (r->sql[0] != '\0')
		assert_int_equal(tempdb_exec(t->users, r->sql), 0);
	for (int i = 0; i < r->pages && now - NOW <= 28800 - r->step; i++) {
		now += r->step;
		assert_int_equal(find(t, token, now), RES_OK);
	}
	now += r->step;
	assert_int_equal(find(t, token, now), r->want);
	/* What is over is gone, and does not come back. */
	assert_int_equal(count(t), r->want == RES_OK);
	assert_int_equal(find(t, token, now), r->want);
}

static void
tokens(void **state)
{
	struct tempdb *t = *state;
	char a[SECRET_TEXT], b[SECRET_TEXT], other[SECRET_TEXT];
	struct login_session ls;

	begin(t, NOW, a);
	begin(t, NOW, b);
	assert_string_not_equal(a, b);
	assert_int_equal(strlen(a), SECRET_TEXT - 1);
	assert_int_equal(
	    session_find(t->web_store, &t->rules.session, a, NOW, &ls),
	    RES_OK);
	assert_string_equal(ls.account.address, U1);
	/* C29: an invented value, a cut one, a longer one, none. */
	secret_token(other);
	assert_int_equal(find(t, other, NOW), RES_NOTFOUND);
	assert_int_equal(find(t, "", NOW), RES_NOTFOUND);
	memcpy(other, a, sizeof(other));
	other[SECRET_TEXT - 2] = '\0';
	assert_int_equal(find(t, other, NOW), RES_NOTFOUND);
	memcpy(other, a, sizeof(other));
	other[0] ^= 1;
	assert_int_equal(find(t, other, NOW), RES_NOTFOUND);
	/* The token itself is not in the database. */
	assert_int_equal(tempdb_int(t->web,
			     "SELECT count(*) FROM session"
			     " WHERE length(token_hash) = 32"),
	    2);
	char *dump = tempdb_dump(t->web);

	assert_null(strstr(dump, a));
	free(dump);
}

static void
touch_costs_few_writes(void **state)
{
	struct tempdb *t = *state;
	char token[SECRET_TEXT];
	const char seen[] = "SELECT seen_at FROM session";

	begin(t, NOW, token);
	assert_int_equal(find(t, token, NOW + 29), RES_OK);
	assert_int_equal(tempdb_int(t->web, seen), NOW);
	assert_int_equal(find(t, token, NOW + 30), RES_OK);
	assert_int_equal(tempdb_int(t->web, seen), NOW + 30);
}

/* A lock on web.db does not stop reading a page. */
static void
touch_under_a_lock(void **state)
{
	struct tempdb *t = *state;
	char token[SECRET_TEXT];
	sqlite3 *other;

	time_t began;

	begin(t, NOW, token);
	other = tempdb_lock(t->web);
	began = time(NULL);
	assert_int_equal(find(t, token, NOW + 100), RES_OK);
	assert_true(time(NULL) - began < 4);
	tempdb_unlock(other);
}

static void
renew(void **state)
{
	struct tempdb *t = *state;
	char one[SECRET_TEXT], two[SECRET_TEXT], fresh[SECRET_TEXT],
	    theirs[SECRET_TEXT];
	struct account v = tempdb_get(t, "v1@beta.example");

	begin(t, NOW, one);
	begin(t, NOW, two);
	assert_int_equal(session_begin(t->web_store, &t->rules.session, &v,
			     NOW, theirs),
	    RES_OK);
	assert_int_equal(tempdb_exec(t->users,
			     "UPDATE account SET credential = 1"
			     " WHERE id = 1"),
	    0);
	assert_int_equal(session_renew(t->web_store, &t->rules.session, 1,
			     NOW + 5, fresh),
	    RES_OK);
	assert_int_equal(count(t), 2);
	assert_int_equal(find(t, one, NOW + 5), RES_NOTFOUND);
	assert_int_equal(find(t, two, NOW + 5), RES_NOTFOUND);
	assert_int_equal(find(t, fresh, NOW + 5), RES_OK);
	assert_int_equal(find(t, theirs, NOW + 5), RES_OK);
	assert_int_equal(session_renew(t->web_store, &t->rules.session, 99,
			     NOW, fresh),
	    RES_NOTFOUND);
}

static void
log_out(void **state)
{
	struct tempdb *t = *state;
	char one[SECRET_TEXT], two[SECRET_TEXT];
	struct login_session ls;

	begin(t, NOW, one);
	begin(t, NOW, two);
	assert_int_equal(
	    session_find(t->web_store, &t->rules.session, one, NOW, &ls),
	    RES_OK);
	assert_int_equal(session_end(t->web_store, &ls), RES_OK);
	assert_int_equal(find(t, one, NOW), RES_NOTFOUND);
	assert_int_equal(find(t, two, NOW), RES_OK);
	/* Twice is no error. */
	assert_int_equal(session_end(t->web_store, &ls), RES_OK);
}

static void
fresh(void **state)
{
	struct tempdb *t = *state;
	const struct session_rules *rules = &t->rules.session;
	char token[SECRET_TEXT];
	struct login_session ls;

	begin(t, NOW, token);
	assert_int_equal(
	    session_find(t->web_store, rules, token, NOW + 600, &ls), RES_OK);
	assert_true(session_is_fresh(rules, &ls, NOW + 600));
	assert_false(session_is_fresh(rules, &ls, NOW + 601));
	assert_int_equal(
	    session_authenticated(t->web_store, &ls, NOW + 700), RES_OK);
	assert_int_equal(
	    session_find(t->web_store, rules, token, NOW + 1300, &ls),
	    RES_OK);
	assert_true(session_is_fresh(rules, &ls, NOW + 1300));
	assert_false(session_is_fresh(rules, &ls, NOW + 1301));
	/* Asked again or not, it is as old as it is. */
	assert_int_equal(tempdb_int(t->web,
			     "SELECT created_at FROM session"),
	    NOW);
}

/* Old ones are swept when somebody logs in. */
static void
swept(void **state)
{
	struct tempdb *t = *state;
	char token[SECRET_TEXT];

	for (int i = 0; i < 5; i++)
		begin(t, NOW + i, token);
	assert_int_equal(count(t), 5);
	begin(t, NOW + 902, token);
	assert_int_equal(count(t), 4);
	begin(t, NOW + 5000, token);
	assert_int_equal(count(t), 1);
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, rows, ends, tempdb_open, tempdb_drop);
#define T(name, f) suite_add(&s, name, f, tempdb_open, tempdb_drop, NULL)
	T("C29 tokens", tokens);
	T("few writes for reading", touch_costs_few_writes);
	T("reading under a lock", touch_under_a_lock);
	T("renewed after a password change", renew);
	T("log-out", log_out);
	T("fresh enough for a sensitive save", fresh);
	T("old ones are swept", swept);
	return suite_run(&s, "session");
}
