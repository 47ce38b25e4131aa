/* Logging in, and how wrong passwords are slowed down. */
#include "tests/unit/unit.h"

#include <crypt.h>

#include "base/log.h"
#include "tests/unit/tempdb.h"

#define U1 "u1@alpha.example"
#define HOME "192.0.2.1"
#define AWAY "198.51.100.7"

static enum login
try_from(struct tempdb *t, const char *account, const char *domain,
    const char *password, const char *client, int64_t now, int64_t *wait)
{
	const struct actor who = { "", client, "req-1", now, 0 };
	char token[SECRET_TEXT] = "";
	struct account a;
	enum login got = login(t->web_store, &t->rules, account, domain,
	    password, &who, token, &a, wait);

	if (got == LOGIN_OK) {
		struct login_session ls;

		assert_int_equal(strlen(token), SECRET_TEXT - 1);
		assert_int_equal(session_find(t->web_store, &t->rules.session,
				     token, now, &ls),
		    RES_OK);
		assert_int_equal(ls.account.id, a.id);
		assert_true(passwd_verify(password, a.hash));
	}
	return got;
}

/* clang-format off */
static const struct row {
	const char *name, *sql;
	const char *account, *domain, *password;
	enum login want;
} rows[] = {
	{ "right", "", "u1", "alpha.example", PW, LOGIN_OK },
	{ "a whole address", "", U1, "", PW, LOGIN_OK },
	{ "C01 letter case", "", "U1", "ALPHA.Example", PW, LOGIN_OK },
	{ "C01 case in a whole address", "", "U1@Alpha.EXAMPLE", "", PW,
	    LOGIN_OK },
	{ "C03 blanks around", "", " u1 ", "alpha.example\t\r\n", PW,
	    LOGIN_OK },
	{ "C03 a blank behind the password", "", "u1", "alpha.example",
	    PW " ", LOGIN_WRONG },
	{ "C03 a blank inside", "", "u 1", "alpha.example", PW, LOGIN_WRONG },
	{ "C05 an extension", "", "u1+tag", "alpha.example", PW,
	    LOGIN_WRONG },
	{ "C13 nothing", "", "", "", "", LOGIN_WRONG },
	{ "C13 only @", "", "@alpha.example", "", PW, LOGIN_WRONG },
	{ "no password", "", "u1", "alpha.example", "", LOGIN_WRONG },
	{ "a wrong password", "", "u1", "alpha.example", PW2, LOGIN_WRONG },
	{ "another case of the password", "", "u1", "alpha.example",
	    "vq7#mellow-Otter_19", LOGIN_WRONG },
	{ "somebody else's domain", "", "u1", "beta.example", PW,
	    LOGIN_WRONG },
	{ "unknown account", "", "u9", "alpha.example", PW, LOGIN_WRONG },
	{ "unknown domain", "", "u1", "gamma.example", PW, LOGIN_WRONG },
	{ "C116 disabled domain", "UPDATE domain SET enabled = 0", "u1",
	    "alpha.example", PW, LOGIN_WRONG },
	{ "a broken hash", "UPDATE account SET password_hash ="
	    " '$9$nosuchscheme'", "u1", "alpha.example", PW, LOGIN_WRONG },
	{ "a hash that is text", "UPDATE account SET password_hash ="
	    " 'Vq7#mellow-Otter_19'", "u1", "alpha.example", PW,
	    LOGIN_WRONG },
	{ "C59 an account that discards may undo it",
	    "UPDATE account SET routing = 'discard'", "u1", "alpha.example",
	    PW, LOGIN_OK },
	{ "the nobody whose hash is the dummy", "", "u9", "alpha.example",
	    "nobody has this one", LOGIN_WRONG },
	{ "SQL in the account", "", "u1' --", "alpha.example", PW,
	    LOGIN_WRONG },
};
/* clang-format on */

static void
check(void **state)
{
	struct tempdb *t = *state;
	const struct row *r = t->row;
	char *before, *after;
	int64_t wait;

	if (r->sql[0] != '\0')
		assert_int_equal(tempdb_exec(t->users, r->sql), 0);
	before = tempdb_dump(t->users);
	assert_int_equal(try_from(t, r->account, r->domain, r->password, HOME,
			     NOW, &wait),
	    r->want);
	assert_int_equal(tempdb_int(t->web, "SELECT count(*) FROM session"),
	    r->want == LOGIN_OK);
	assert_int_equal(
	    tempdb_int(t->web, "SELECT count(*) FROM throttle"),
	    r->want == LOGIN_OK ? 0 : 3);
	/* Hashes here are at today's cost: nothing is written. */
	after = tempdb_dump(t->users);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

/* C11, C41: a password of any length costs no more. */
static void
long_passwords(void **state)
{
	static char text[70000];
	struct tempdb *t = *state;
	int64_t wait;

	memset(text, 'x', sizeof(text) - 1);
	assert_int_equal(
	    try_from(t, "u1", "alpha.example", text, HOME, NOW, &wait),
	    LOGIN_WRONG);
	assert_int_equal(try_from(t, text, "alpha.example", PW, HOME, NOW,
			     &wait),
	    LOGIN_WRONG);
	assert_int_equal(
	    try_from(t, "u1", text, PW, HOME, NOW, &wait), LOGIN_WRONG);
}

/* -- older hashes -- */

static void
set_hash(struct tempdb *t, const char *setting)
{
	char sql[700];

	snprintf(sql, sizeof(sql),
	    "UPDATE account SET password_hash = '%s' WHERE id = 1",
	    crypt(PW, setting));
	assert_int_equal(tempdb_exec(t->users, sql), 0);
}

static void
upgraded_once(void **state)
{
	static const char *const old[] = { "$1$saltsalt",
		"$5$rounds=1000$saltsalt", "$6$rounds=1000$saltsalt",
		"$2y$04$abcdefghijklmnopqrstuu" };
	struct tempdb *t = *state;
	struct account a;
	int64_t wait;

	for (size_t i = 0; i < NELEM(old); i++) {
		set_hash(t, old[i]);
		/* A wrong password upgrades nothing. */
		assert_int_equal(try_from(t, "u1", "alpha.example", PW2, HOME,
				     NOW, &wait),
		    LOGIN_WRONG);
		assert_int_not_equal(
		    strncmp(tempdb_get(t, U1).hash, "$y$", 3), 0);
		for (int k = 0; k < 3; k++)
			assert_int_equal(try_from(t, "u1", "alpha.example",
					     PW, HOME, NOW, &wait),
			    LOGIN_OK);
		a = tempdb_get(t, U1);
		assert_int_equal(strncmp(a.hash, "$y$j75$", 7), 0);
		assert_true(passwd_verify(PW, a.hash));
		/* It is the same password: no session ends. */
		assert_int_equal(a.credential, 0);
		assert_int_equal(a.version, 0);
		assert_int_equal(
		    tempdb_int(t->users, "SELECT count(*) FROM history WHERE"
					 " what = 'password_upgrade'"),
		    (int64_t)i + 1);
	}
	assert_string_equal(
	    tempdb_text(t->users,
		"SELECT DISTINCT actor || ' ' || origin || ' ' || subject ||"
		" ' ' || old_value || new_value FROM history"
		" WHERE what = 'password_upgrade'"),
	    U1 " " HOME " " U1 " ");
}

static void
upgraded_to_another_cost(void **state)
{
	struct tempdb *t = *state;
	int64_t wait;

	t->rules.hash_cost = 2;
	assert_int_equal(
	    try_from(t, "u1", "alpha.example", PW, HOME, NOW, &wait),
	    LOGIN_OK);
	assert_true(passwd_hash_is_current(tempdb_get(t, U1).hash, 2));
}

/* A password that was handed out waits for its owner's choice. */
static void
initial_not_upgraded(void **state)
{
	struct tempdb *t = *state;
	char before[HASH_SIZE];
	int64_t wait;

	assert_int_equal(
	    tempdb_exec(t->users, "UPDATE account SET initial_password = 1"),
	    0);
	memcpy(before, tempdb_get(t, U1).hash, sizeof(before));
	t->rules.hash_cost = 2;
	assert_int_equal(
	    try_from(t, "u1", "alpha.example", PW, HOME, NOW, &wait),
	    LOGIN_OK);
	assert_string_equal(tempdb_get(t, U1).hash, before);
	/* But not as md5crypt. */
	set_hash(t, "$1$saltsalt");
	assert_int_equal(
	    try_from(t, "u1", "alpha.example", PW, HOME, NOW, &wait),
	    LOGIN_OK);
	assert_true(passwd_hash_is_current(tempdb_get(t, U1).hash, 2));
}

/* C106: a log-in waits for nobody who writes users.db. */
static void
upgrade_skipped_under_a_lock(void **state)
{
	struct tempdb *t = *state;
	sqlite3 *other;
	int64_t wait;

	set_hash(t, "$1$saltsalt");
	other = tempdb_lock(t->users);
	assert_int_equal(
	    try_from(t, "u1", "alpha.example", PW, HOME, NOW, &wait),
	    LOGIN_OK);
	tempdb_unlock(other);
	assert_int_equal(strncmp(tempdb_get(t, U1).hash, "$1$", 3), 0);
	assert_int_equal(
	    try_from(t, "u1", "alpha.example", PW, HOME, NOW, &wait),
	    LOGIN_OK);
	assert_int_equal(strncmp(tempdb_get(t, U1).hash, "$y$", 3), 0);
}

static void
web_db_locked(void **state)
{
	struct tempdb *t = *state;
	sqlite3 *other = tempdb_lock(t->web);
	int64_t wait;

	tempdb_no_wait(t);
	assert_int_equal(
	    try_from(t, "u1", "alpha.example", PW, HOME, NOW, &wait),
	    LOGIN_BUSY);
	tempdb_unlock(other);
	assert_int_equal(
	    try_from(t, "u1", "alpha.example", PW, HOME, NOW, &wait),
	    LOGIN_OK);
}

/* -- throttle -- */

static void
wrong(struct tempdb *t, const char *account, const char *client, int n)
{
	int64_t wait;

	for (int i = 0; i < n; i++)
		assert_int_equal(try_from(t, account, "alpha.example",
				     "wrong", client, NOW, &wait),
		    LOGIN_WRONG);
}

static void
growing_waits(void **state)
{
	static const int64_t waits[] = { 30, 60, 120, 240, 480, 900, 900 };
	struct tempdb *t = *state;
	int64_t wait, now = NOW;

	wrong(t, "u1", AWAY, 5);
	for (size_t i = 0; i < NELEM(waits); i++) {
		/* Not even the right one is looked at. */
		assert_int_equal(try_from(t, "u1", "alpha.example", PW, AWAY,
				     now, &wait),
		    LOGIN_THROTTLED);
		assert_int_equal(wait, waits[i]);
		assert_int_equal(try_from(t, "U1 ", "Alpha.example", PW, AWAY,
				     now + waits[i] - 1, &wait),
		    LOGIN_THROTTLED);
		assert_int_equal(wait, 1);
		/* A refused try costs nothing more. */
		now += waits[i];
		assert_int_equal(try_from(t, "u1", "alpha.example", "wrong",
				     AWAY, now, &wait),
		    LOGIN_WRONG);
	}
	now += 900;
	assert_int_equal(
	    try_from(t, "u1", "alpha.example", PW, AWAY, now, &wait),
	    LOGIN_OK);
	/* All is forgiven for this pair. */
	for (int i = 0; i < 4; i++)
		assert_int_equal(try_from(t, "u1", "alpha.example", "wrong",
				     AWAY, now, &wait),
		    LOGIN_WRONG);
	assert_int_equal(
	    try_from(t, "u1", "alpha.example", PW, AWAY, now, &wait),
	    LOGIN_OK);
}

/* C41: a stranger locks nobody else out. */
static void
owner_gets_in(void **state)
{
	struct tempdb *t = *state;
	int64_t wait;

	wrong(t, "u1", AWAY, 5);
	assert_int_equal(
	    try_from(t, "u1", "alpha.example", PW, HOME, NOW, &wait),
	    LOGIN_OK);
	assert_int_equal(
	    try_from(t, "u2", "alpha.example", PW, AWAY, NOW, &wait),
	    LOGIN_OK);
	assert_int_equal(
	    try_from(t, "u1", "alpha.example", PW, AWAY, NOW, &wait),
	    LOGIN_THROTTLED);
}

/* C41: guesses for one account from many places end; where the owner has
 * been before, they do not hinder. */
static void
account_count(void **state)
{
	struct tempdb *t = *state;
	char client[32];
	int64_t wait;

	assert_int_equal(
	    try_from(t, "u1", "alpha.example", PW, HOME, NOW, &wait),
	    LOGIN_OK);
	for (int i = 0; i < 50; i++) {
		snprintf(client, sizeof(client), "198.51.100.%d", i);
		wrong(t, "u1", client, 1);
	}
	assert_int_equal(try_from(t, "u1", "alpha.example", PW,
			     "203.0.113.1", NOW, &wait),
	    LOGIN_THROTTLED);
	assert_int_equal(wait, 30);
	assert_int_equal(
	    try_from(t, "u1", "alpha.example", PW, HOME, NOW, &wait),
	    LOGIN_OK);
	assert_int_equal(try_from(t, "u2", "alpha.example", PW,
			     "203.0.113.1", NOW, &wait),
	    LOGIN_OK);
	/* Nobody learns by this whether an account exists (C43). */
	for (int i = 0; i < 50; i++) {
		snprintf(client, sizeof(client), "198.51.100.%d", 100 + i);
		wrong(t, "u9", client, 1);
	}
	assert_int_equal(try_from(t, "u9", "alpha.example", PW,
			     "203.0.113.2", NOW, &wait),
	    LOGIN_THROTTLED);
}

static void
network_count(void **state)
{
	struct tempdb *t = *state;
	char account[16];
	int64_t wait;

	assert_int_equal(
	    try_from(t, "u2", "alpha.example", PW, AWAY, NOW, &wait),
	    LOGIN_OK);
	for (int i = 0; i < 30; i++) {
		snprintf(account, sizeof(account), "x%d", i);
		wrong(t, account, AWAY, 1);
	}
	assert_int_equal(
	    try_from(t, "u1", "alpha.example", PW, AWAY, NOW, &wait),
	    LOGIN_THROTTLED);
	assert_int_equal(wait, 30);
	/* Who reads mail there always, still does. */
	assert_int_equal(
	    try_from(t, "u2", "alpha.example", PW, AWAY, NOW, &wait),
	    LOGIN_OK);
	assert_int_equal(
	    try_from(t, "u1", "alpha.example", PW, HOME, NOW, &wait),
	    LOGIN_OK);
}

static void
ipv6_subscribers(void **state)
{
	struct tempdb *t = *state;
	char client[64];
	int64_t wait;

	for (int i = 0; i < 5; i++) {
		snprintf(client, sizeof(client), "2001:db8:1:2::%x", i);
		wrong(t, "u1", client, 1);
	}
	assert_int_equal(try_from(t, "u1", "alpha.example", PW,
			     "2001:db8:1:2:ffff::1", NOW, &wait),
	    LOGIN_THROTTLED);
	assert_int_equal(try_from(t, "u1", "alpha.example", PW,
			     "2001:db8:1:3::1", NOW, &wait),
	    LOGIN_OK);
}

static void
success_takes_back(void **state)
{
	struct tempdb *t = *state;
	int64_t wait;

	wrong(t, "u1", AWAY, 4);
	assert_int_equal(
	    tempdb_int(t->web, "SELECT sum(fails) FROM throttle"), 12);
	assert_int_equal(
	    try_from(t, "u1", "alpha.example", PW, AWAY, NOW, &wait),
	    LOGIN_OK);
	/* The pair is forgiven; place and account keep the four. */
	assert_int_equal(
	    tempdb_int(t->web, "SELECT count(*) FROM throttle"), 2);
	assert_int_equal(
	    tempdb_int(t->web, "SELECT sum(fails) FROM throttle"), 8);
	/* Log-ins that are right never add up. */
	for (int i = 0; i < 60; i++)
		assert_int_equal(try_from(t, "u1", "alpha.example", PW, AWAY,
				     NOW, &wait),
		    LOGIN_OK);
	assert_int_equal(
	    tempdb_int(t->web, "SELECT sum(fails) FROM throttle"), 8);
}

static void
tries_expire(void **state)
{
	struct tempdb *t = *state;
	int64_t wait;

	wrong(t, "u1", AWAY, 4);
	/* Just in the window: the fifth. */
	assert_int_equal(try_from(t, "u1", "alpha.example", "wrong", AWAY,
			     NOW + 900, &wait),
	    LOGIN_WRONG);
	assert_int_equal(try_from(t, "u1", "alpha.example", PW, AWAY,
			     NOW + 900, &wait),
	    LOGIN_THROTTLED);
	wrong(t, "u2", AWAY, 4);
	assert_int_equal(try_from(t, "u2", "alpha.example", "wrong", AWAY,
			     NOW + 901, &wait),
	    LOGIN_WRONG);
	assert_int_equal(try_from(t, "u2", "alpha.example", PW, AWAY,
			     NOW + 901, &wait),
	    LOGIN_OK);
	/* What nobody will ask for again is swept. */
	assert_int_equal(try_from(t, "u3", "alpha.example", PW, HOME,
			     NOW + 90000, &wait),
	    LOGIN_OK);
	assert_int_equal(
	    tempdb_int(t->web, "SELECT count(*) FROM throttle"), 0);
	/* A place is known for 90 days. */
	assert_true(
	    tempdb_int(t->web, "SELECT count(*) FROM known_place") > 1);
	assert_int_equal(try_from(t, "u3", "alpha.example", PW, HOME,
			     NOW + 92 * 86400, &wait),
	    LOGIN_OK);
	assert_int_equal(
	    tempdb_int(t->web, "SELECT count(*) FROM known_place"), 1);
}

/* No address and no password in web.db, even for who reads it. */
static void
keys_are_hashes(void **state)
{
	struct tempdb *t = *state;
	char *dump;

	wrong(t, "u1", AWAY, 1);
	dump = tempdb_dump(t->web);
	assert_null(strstr(dump, "alpha.example"));
	assert_null(strstr(dump, AWAY));
	assert_null(strstr(dump, "wrong"));
	free(dump);
}

static void
again(void **state)
{
	struct tempdb *t = *state;
	struct account a = tempdb_get(t, U1);
	int64_t wait;

	assert_int_equal(login_again(t->web_store, &t->rules, &a, PW, &t->who,
			     &wait),
	    LOGIN_OK);
	for (int i = 0; i < 5; i++)
		assert_int_equal(login_again(t->web_store, &t->rules, &a, PW2,
				     &t->who, &wait),
		    LOGIN_WRONG);
	assert_int_equal(login_again(t->web_store, &t->rules, &a, PW, &t->who,
			     &wait),
	    LOGIN_THROTTLED);
	assert_int_equal(wait, 30);
	/* It is the same count as at the door. */
	assert_int_equal(
	    try_from(t, "u1", "alpha.example", PW, HOME, NOW, &wait),
	    LOGIN_THROTTLED);
}

/* G5, and nobody writes lines of his own. */
static void
what_is_logged(void **state)
{
	struct tempdb *t = *state;
	struct capture c;
	enum login got[3];
	int64_t wait;

	log_set_request("7", HOME);
	capture_begin(&c);
	got[0] = try_from(t, "u1", "alpha.example", PW, HOME, NOW, &wait);
	got[1] = try_from(
	    t, "u1", "alpha.example", "ZZmarker#9917aB", HOME, NOW, &wait);
	got[2] = try_from(t, "ZZmarker#9917aB\nevent=login account=root",
	    "ZZmarker#9917aB", "x", HOME, NOW, &wait);
	capture_end(&c);
	log_set_request(NULL, NULL);
	assert_int_equal(got[0], LOGIN_OK);
	assert_int_equal(got[1], LOGIN_WRONG);
	assert_int_equal(got[2], LOGIN_WRONG);
	assert_null(strstr(c.text, "ZZmarker"));
	assert_null(strstr(c.text, PW));
	assert_null(strstr(c.text, "root"));
	assert_string_equal(c.text,
	    "event=login request=7 client=" HOME " account=" U1 "\n"
	    "event=login_wrong request=7 client=" HOME " account=" U1 "\n"
	    "event=login_wrong request=7 client=" HOME " account=-\n");
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, rows, check, tempdb_open, tempdb_drop);
#define T(name, f) suite_add(&s, name, f, tempdb_open, tempdb_drop, NULL)
	T("C11 long ones", long_passwords);
	T("older hashes are upgraded once", upgraded_once);
	T("upgraded to another cost", upgraded_to_another_cost);
	T("an initial one is not upgraded", initial_not_upgraded);
	T("C106 no upgrade under a lock", upgrade_skipped_under_a_lock);
	T("C106 web.db is locked", web_db_locked);
	T("waits grow", growing_waits);
	T("C41 the owner gets in", owner_gets_in);
	T("C41 one account, many places", account_count);
	T("many accounts, one place", network_count);
	T("IPv6 by /64", ipv6_subscribers);
	T("success takes the try back", success_takes_back);
	T("tries expire", tries_expire);
	T("keys are hashes", keys_are_hashes);
	T("login_again", again);
	T("C27 what is logged", what_is_logged);
	return suite_run(&s, "login");
}
