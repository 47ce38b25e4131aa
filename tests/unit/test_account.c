/* The one save of the account page, and the operator's side. */
#include "tests/unit/unit.h"

#include "core/history.h"
#include "tests/unit/tempdb.h"

#define U1 "u1@alpha.example"

/* A form as the page would send it when nothing is changed. */
static struct account_form
unchanged(const struct account *a)
{
	return (struct account_form){
		.version = a->version,
		.real_name = a->real_name,
		.new_password = "",
		.new_password_again = "",
		.routing = routing_text(a->routing),
		.forward_to = "",
		.current_password = "",
	};
}

/* -- the table: one form, one answer, one set of rows -- */

#define P2 PW2, PW2
#define NOPW "", ""

/* clang-format off */
static const struct row {
	const char *name;
	const char *before; /* SQL that makes the account what it is, or "" */
	/* the form; real_name NULL: as it is */
	const char *real_name, *pw, *again, *routing, *forward_to;
	bool keep_copy, confirm;
	const char *current; /* NULL: the log-in is fresh */
	enum saved want;
	const char *faults;  /* of SAVED_INVALID */
	const char *changes; /* of SAVED_OK, "what:old>new ..." */
	const char *alias;   /* afterwards, mail_alias of u1 */
} rows[] = {
	{ "nothing changed", "", NULL, NOPW, "mailbox", "", false, false,
	    NULL, SAVED_OK, "", "", "" },
	{ "a real name", "", "Taro Suzuki", NOPW, "mailbox", "", false, false,
	    NULL, SAVED_OK, "",
	    "real_name:Hanako Yamada>Taro Suzuki", "" },
	{ "a real name emptied", "", "", NOPW, "mailbox", "", false, false,
	    NULL, SAVED_OK, "", "real_name:Hanako Yamada>", "" },
	{ "a real name with blanks around", "", "  Hanako Yamada ", NOPW,
	    "mailbox", "", false, false, NULL, SAVED_OK, "", "", "" },
	{ "C99 a real name in Japanese", "", "山田花子", NOPW, "mailbox", "",
	    false, false, NULL, SAVED_INVALID, "real_name.chars", "", "" },
	{ "a password", "", NULL, P2, "mailbox", "", false, false, NULL,
	    SAVED_OK, "", "password:>", "" },
	{ "the two differ", "", NULL, PW2, PW2 " ", "mailbox", "", false,
	    false, NULL, SAVED_INVALID, "pw.differ", "", "" },
	{ "only the second is there", "", NULL, "", PW2, "mailbox", "", false,
	    false, NULL, SAVED_INVALID, "pw.short pw.upper pw.lower pw.digit"
	    " pw.symbol pw.weak pw.differ", "", "" },
	{ "the same password again", "", NULL, PW, PW, "mailbox", "", false,
	    false, NULL, SAVED_INVALID, "pw.same", "", "" },
	{ "a weak password", "", NULL, "Password1234!", "Password1234!",
	    "mailbox", "", false, false, NULL, SAVED_INVALID,
	    "pw.weak pw.dictionary", "", "" },
	{ "the new real name counts for the new password", "",
	    "Quaxel Brimt", "Brimt.Quaxel#1", "Brimt.Quaxel#1", "mailbox", "",
	    false, false, NULL, SAVED_INVALID, "pw.weak pw.user", "", "" },
	{ "the initial password must be replaced",
	    "UPDATE account SET initial_password = 1", NULL, NOPW, "mailbox",
	    "", false, false, NULL, SAVED_INVALID, "pw.required", "", "" },
	{ "the initial password is replaced",
	    "UPDATE account SET initial_password = 1", NULL, P2, "mailbox",
	    "", false, false, NULL, SAVED_OK, "", "password:>", "" },
	{ "the initial password is not replaced by itself",
	    "UPDATE account SET initial_password = 1", NULL, PW, PW,
	    "mailbox", "", false, false, NULL, SAVED_INVALID, "pw.same", "",
	    "" },

	{ "discard", "", NULL, NOPW, "discard", "", false, true, NULL,
	    SAVED_OK, "", "routing:mailbox>discard",
	    "discard@discard.invalid" },
	{ "discard unconfirmed", "", NULL, NOPW, "discard", "", false, false,
	    NULL, SAVED_INVALID, "routing.confirm", "", "" },
	{ "still discarding needs no second confirmation",
	    "UPDATE account SET routing = 'discard' WHERE id = 1", NULL, NOPW,
	    "discard", "", false, false, NULL, SAVED_OK, "", "",
	    "discard@discard.invalid" },
	{ "back from discard",
	    "UPDATE account SET routing = 'discard' WHERE id = 1", NULL, NOPW,
	    "mailbox", "", false, false, NULL, SAVED_OK, "",
	    "routing:discard>mailbox", "" },
	{ "C61 vacation", "", NULL, NOPW, "vacation", "", false, false, NULL,
	    SAVED_INVALID, "routing.vacation", "", "" },
	{ "no such routing", "", NULL, NOPW, "Mailbox", "", false, false,
	    NULL, SAVED_INVALID, "routing.choose", "", "" },
	{ "no routing", "", NULL, NOPW, "", "", false, false, NULL,
	    SAVED_INVALID, "routing.choose", "", "" },

	{ "forward", "", NULL, NOPW, "forward", "a@x.example", false, false,
	    NULL, SAVED_OK, "",
	    "routing:mailbox>forward forward_to:>a@x.example", "a@x.example" },
	{ "C55 forward and a copy", "", NULL, NOPW, "forward", "a@x.example",
	    true, false, NULL, SAVED_OK, "", "routing:mailbox>forward"
	    " forward_to:>a@x.example keep_copy:off>on",
	    "a@x.example " U1 },
	{ "C55 the copy is dropped", "INSERT INTO target VALUES (1, 1, 'a',"
	    " 'x.example'); UPDATE account SET routing = 'forward',"
	    " keep_copy = 1 WHERE id = 1", NULL, NOPW, "forward",
	    "a@x.example", false, false, NULL, SAVED_OK, "",
	    "keep_copy:on>off", "a@x.example" },
	{ "C55 back to the mailbox", "INSERT INTO target VALUES (1, 1, 'a',"
	    " 'x.example'); UPDATE account SET routing = 'forward',"
	    " keep_copy = 1 WHERE id = 1", NULL, NOPW, "mailbox",
	    "a@x.example", true, false, NULL, SAVED_OK, "",
	    "routing:forward>mailbox forward_to:a@x.example>"
	    " keep_copy:on>off", "" },
	{ "the order of the targets is kept", "", NULL, NOPW, "forward",
	    "b@x.example\r\na@x.example", false, false, NULL, SAVED_OK, "",
	    "routing:mailbox>forward forward_to:>b@x.example, a@x.example",
	    "a@x.example b@x.example" },
	{ "five targets", "", NULL, NOPW, "forward",
	    "a@x.example,b@x.example,c@x.example,d@x.example,e@x.example",
	    false, false, NULL, SAVED_OK, "", "routing:mailbox>forward"
	    " forward_to:>a@x.example, b@x.example, c@x.example,"
	    " d@x.example, e@x.example",
	    "a@x.example b@x.example c@x.example d@x.example e@x.example" },
	{ "six targets", "", NULL, NOPW, "forward",
	    "a@x.example,b@x.example,c@x.example,d@x.example,e@x.example,"
	    "f@x.example", false, false, NULL, SAVED_INVALID, "forward.many",
	    "", "" },
	{ "no target", "", NULL, NOPW, "forward", " \r\n", false, false,
	    NULL, SAVED_INVALID, "forward.none", "", "" },
	{ "the same target twice", "", NULL, NOPW, "forward",
	    "a@x.example a@X.example", false, false, NULL, SAVED_INVALID,
	    "forward.duplicate", "", "" },
	{ "the same person here twice", "", NULL, NOPW, "forward",
	    "u2@alpha.example U2@alpha.example", false, false, NULL,
	    SAVED_INVALID, "forward.duplicate", "", "" },
	{ "new targets beside the old routing", "", NULL, NOPW, "mailbox",
	    "a@x.example", true, true, NULL, SAVED_INVALID, "forward.unused",
	    "", "" },
	{ "targets mean nothing with discard", "", NULL, NOPW, "discard",
	    "a@x.example", true, true, NULL, SAVED_OK, "",
	    "routing:mailbox>discard", "discard@discard.invalid" },
	{ "C49 a pipe", "", NULL, NOPW, "forward", "|/usr/bin/id", false,
	    false, NULL, SAVED_INVALID, "forward.command", "", "" },
	{ "ours for discarded mail", "", NULL, NOPW, "forward",
	    "discard@discard.invalid", false, false, NULL, SAVED_INVALID,
	    "forward.reserved", "", "" },
	{ "C53 another script", "", NULL, NOPW, "forward",
	    "b@b\xc3\xbc" "cher.example", false, false, NULL, SAVED_OK, "",
	    "routing:mailbox>forward forward_to:>b@xn--bcher-kva.example",
	    "b@xn--bcher-kva.example" },
	{ "to a neighbour", "", NULL, NOPW, "forward", "u2@alpha.example",
	    false, false, NULL, SAVED_OK, "",
	    "routing:mailbox>forward forward_to:>u2@alpha.example",
	    "u2@alpha.example" },
	{ "to a neighbour in capitals", "", NULL, NOPW, "forward",
	    "U2@Alpha.Example", false, false, NULL, SAVED_OK, "",
	    "routing:mailbox>forward forward_to:>u2@alpha.example",
	    "u2@alpha.example" },
	{ "to a neighbour's extension", "", NULL, NOPW, "forward",
	    "u2+news@alpha.example", false, false, NULL, SAVED_OK, "",
	    "routing:mailbox>forward forward_to:>u2+news@alpha.example",
	    "u2+news@alpha.example" },
	{ "to nobody here", "", NULL, NOPW, "forward", "u9@alpha.example",
	    false, false, NULL, SAVED_INVALID, "forward.missing", "", "" },
	{ "to nobody's extension", "", NULL, NOPW, "forward",
	    "u9+x@alpha.example", false, false, NULL, SAVED_INVALID,
	    "forward.missing", "", "" },
	{ "to nobody in another domain of ours", "", NULL, NOPW, "forward",
	    "u1@beta.example", false, false, NULL, SAVED_INVALID,
	    "forward.missing", "", "" },
	{ "to somebody in a disabled domain",
	    "UPDATE domain SET enabled = 0 WHERE id = 2", NULL, NOPW,
	    "forward", "v1@beta.example", false, false, NULL, SAVED_OK, "",
	    "routing:mailbox>forward forward_to:>v1@beta.example",
	    "v1@beta.example" },
	{ "to nobody in a disabled domain",
	    "UPDATE domain SET enabled = 0 WHERE id = 2", NULL, NOPW,
	    "forward", "u1@beta.example", false, false, NULL, SAVED_INVALID,
	    "forward.missing", "", "" },
	{ "C45 to oneself", "", NULL, NOPW, "forward", U1, false, false,
	    NULL, SAVED_INVALID, "forward.self", "", "" },
	{ "C45 to oneself in capitals", "", NULL, NOPW, "forward",
	    "U1@ALPHA.EXAMPLE", false, false, NULL, SAVED_INVALID,
	    "forward.self", "", "" },
	{ "C45 to one's own extension", "", NULL, NOPW, "forward",
	    "u1+x@alpha.example", false, false, NULL, SAVED_INVALID,
	    "forward.self", "", "" },
	{ "C45 to oneself among others", "", NULL, NOPW, "forward",
	    "a@x.example " U1, true, false, NULL, SAVED_INVALID,
	    "forward.self", "", "" },
	{ "C45 a loop of two", "INSERT INTO target VALUES (2, 1, 'u1',"
	    " 'alpha.example'); UPDATE account SET routing = 'forward'"
	    " WHERE id = 2", NULL, NOPW, "forward", "u2@alpha.example", false,
	    false, NULL, SAVED_INVALID, "forward.loop", "", "" },
	{ "a loop that keeps a copy is a loop too",
	    "INSERT INTO target VALUES (2, 1, 'u1', 'alpha.example');"
	    " UPDATE account SET routing = 'forward', keep_copy = 1"
	    " WHERE id = 2", NULL, NOPW, "forward", "u2@alpha.example", true,
	    false, NULL, SAVED_INVALID, "forward.loop", "", "" },
	{ "targets that are switched off make no loop",
	    "INSERT INTO target VALUES (2, 1, 'u1', 'alpha.example')", NULL,
	    NOPW, "forward", "u2@alpha.example", false, false, NULL,
	    SAVED_OK, "",
	    "routing:mailbox>forward forward_to:>u2@alpha.example",
	    "u2@alpha.example" },

	{ "the current password, right", "", NULL, P2, "mailbox", "", false,
	    false, PW, SAVED_OK, "", "password:>", "" },
	{ "the current password, wrong", "", NULL, P2, "mailbox", "", false,
	    false, PW2, SAVED_INVALID, "current.wrong", "", "" },
	{ "the current password, missing", "", NULL, P2, "mailbox", "", false,
	    false, "", SAVED_INVALID, "current.required", "", "" },
	{ "the current password for a routing", "", NULL, NOPW, "forward",
	    "a@x.example", false, false, "", SAVED_INVALID,
	    "current.required", "", "" },
	{ "the current password for a routing, right", "", NULL, NOPW,
	    "forward", "a@x.example", false, false, PW, SAVED_OK, "",
	    "routing:mailbox>forward forward_to:>a@x.example", "a@x.example" },
	{ "a real name needs none", "", "Taro", NOPW, "mailbox", "", false,
	    false, "", SAVED_OK, "", "real_name:Hanako Yamada>Taro", "" },
	{ "a guess that is right tells nothing without it", "", NULL, PW, PW,
	    "mailbox", "", false, false, "", SAVED_INVALID,
	    "current.required", "", "" },
	{ "a guess that is right tells nothing with a wrong one", "", NULL,
	    PW, PW, "mailbox", "", false, false, PW2, SAVED_INVALID,
	    "current.wrong", "", "" },

	{ "all at once", "", "Taro Suzuki", P2, "forward", "a@x.example",
	    true, false, PW, SAVED_OK, "",
	    "real_name:Hanako Yamada>Taro Suzuki routing:mailbox>forward"
	    " forward_to:>a@x.example keep_copy:off>on password:>",
	    "a@x.example " U1 },
	{ "all that is wrong at once", "", "山田", "short", "other",
	    "forward", "bob, |id, u9@alpha.example, " U1, true, false, "",
	    SAVED_INVALID, "real_name.chars forward.no_domain forward.command"
	    " pw.short pw.upper pw.digit pw.symbol pw.weak pw.dictionary"
	    " pw.differ forward.missing forward.self current.required", "",
	    "" },
};
/* clang-format on */

/* What a save that changed something must have left. */
static void
assert_written(struct tempdb *t, const struct row *r,
    const struct account *before, const struct account_change *c)
{
	struct account after = tempdb_get(t, U1);

	assert_int_equal(after.version, before->version + 1);
	assert_int_equal(
	    after.credential, before->credential + (c->password ? 1 : 0));
	assert_int_equal(c->password, r->pw[0] != '\0');
	assert_true(passwd_verify(c->password ? r->pw : PW, after.hash));
	if (c->password) {
		assert_false(after.initial);
		assert_int_equal(after.password_at, NOW);
	}
	assert_int_equal(c->authenticated, r->current != NULL &&
		r->current[0] != '\0');
	/* Who, when, from where. */
	assert_string_equal(
	    tempdb_text(t->users,
		"SELECT DISTINCT at || ' ' || actor || ' ' || origin || ' '"
		" || request_id || ' ' || domain || ' ' || account_id || ' '"
		" || subject FROM history WHERE at >= 1800000000"),
	    "1800000000 " U1 " 192.0.2.1 req-1 alpha.example 1 " U1);
}

static void
assert_no_secrets(struct tempdb *t, const char *dump)
{
	assert_int_equal(
	    tempdb_int(t->users, "SELECT count(*) FROM history WHERE"
				 " old_value || new_value LIKE '%$y$%'"),
	    0);
	assert_null(strstr(dump, PW2));
	assert_null(strstr(dump, PW));
}

static void
save(void **state)
{
	struct tempdb *t = *state;
	const struct row *r = t->row;
	struct findings f = { .n = 0 };
	struct account_change c;
	struct account a;
	struct account_form form;
	char *before, *dump;

	if (r->before[0] != '\0')
		assert_int_equal(tempdb_exec(t->users, r->before), 0);
	a = tempdb_get(t, U1);
	form = unchanged(&a);
	if (r->real_name != NULL)
		form.real_name = r->real_name;
	form.new_password = r->pw;
	form.new_password_again = r->again;
	form.routing = r->routing;
	form.forward_to = r->forward_to;
	form.keep_copy = r->keep_copy;
	form.confirm_discard = r->confirm;
	form.need_current = r->current != NULL;
	form.current_password = r->current != NULL ? r->current : "";
	before = tempdb_dump(t->users);
	assert_int_equal(account_save(t->web_store, &t->rules, &a, NULL, &form,
			     &t->who, &f, &c),
	    r->want);
	assert_string_equal(faults(&f), r->faults);
	assert_string_equal(tempdb_changes(t), r->changes);
	assert_string_equal(
	    tempdb_text(t->users, "SELECT target FROM mail_alias WHERE"
				  " local_part = 'u1' AND domain ="
				  " 'alpha.example' ORDER BY target"),
	    r->alias);
	dump = tempdb_dump(t->users);
	/* Refused, or nothing to do: nothing is written at all. */
	if (r->changes[0] == '\0')
		assert_string_equal(before, dump);
	else
		assert_written(t, r, &a, &c);
	assert_no_secrets(t, dump);
	free(before);
	free(dump);
}

/* -- the rest -- */

/* C45: the path is told, so that the owner can see whose forward it is. */
static void
loop_path(void **state)
{
	struct tempdb *t = *state;
	struct account a = tempdb_get(t, U1);
	struct account_form form = unchanged(&a);
	struct findings f = { .n = 0 };
	struct account_change c;

	assert_int_equal(
	    tempdb_exec(t->users,
		"INSERT INTO target VALUES"
		" (2, 1, 'x', 'y.example'), (2, 2, 'v1+lists', 'beta.example'),"
		" (4, 1, 'U1', 'alpha.example');"
		"UPDATE account SET routing = 'forward' WHERE id IN (2, 4)"),
	    0);
	form.routing = "forward";
	form.forward_to = "u2+a@alpha.example";
	assert_int_equal(account_save(t->web_store, &t->rules, &a, NULL, &form,
			     &t->who, &f, &c),
	    SAVED_INVALID);
	assert_string_equal(faults(&f), "forward.loop");
	assert_string_equal(f.list[0].field, "forward_to");
	assert_string_equal(f.list[0].a1,
	    "u1@alpha.example \xe2\x86\x92 u2@alpha.example"
	    " \xe2\x86\x92 v1@beta.example \xe2\x86\x92 u1@alpha.example");
}

/* Long chains and circles among others end, and are no loop of ours. */
static void
long_walks(void **state)
{
	struct tempdb *t = *state;
	struct account a = tempdb_get(t, U1);
	struct account_form form = unchanged(&a);
	struct findings f = { .n = 0 };
	struct account_change c;

	/* u2 and u3 forward to each other: a circle, but not through u1. */
	assert_int_equal(
	    tempdb_exec(t->users,
		"INSERT INTO target VALUES (2, 1, 'u3', 'alpha.example'),"
		" (3, 1, 'u2', 'alpha.example');"
		"UPDATE account SET routing = 'forward' WHERE id IN (2, 3)"),
	    0);
	form.routing = "forward";
	form.forward_to = "u2@alpha.example";
	assert_int_equal(account_save(t->web_store, &t->rules, &a, NULL, &form,
			     &t->who, &f, &c),
	    SAVED_OK);
}

static void
long_chain_is_refused(void **state)
{
	struct tempdb *t = *state;
	struct account a = tempdb_get(t, U1);
	struct account_form form = unchanged(&a);
	struct findings f = { .n = 0 };
	struct account_change c;

	/* c1 -> c2 -> ... -> c30 -> u1: more hops than Postfix follows */
	assert_int_equal(
	    tempdb_exec(t->users,
		"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1"
		" FROM n WHERE i < 30) INSERT INTO address (id, domain_id,"
		" local_part, kind) SELECT 100 + i, 1, 'c' || i, 'account'"
		" FROM n;"
		"INSERT INTO account (id, domain_id, local_part,"
		" password_hash, routing, quota_bytes, created_at,"
		" password_at) SELECT id, domain_id, local_part,"
		" '$y$j9T$saltsalt$hash', 'forward', 1, 1, 1"
		" FROM address WHERE id > 100;"
		"INSERT INTO target SELECT id, 1, CASE id WHEN 130 THEN 'u1'"
		" ELSE 'c' || (id - 99) END, 'alpha.example' FROM account"
		" WHERE id > 100"),
	    0);
	form.routing = "forward";
	form.forward_to = "c1@alpha.example";
	assert_int_equal(account_save(t->web_store, &t->rules, &a, NULL, &form,
			     &t->who, &f, &c),
	    SAVED_INVALID);
	assert_string_equal(faults(&f), "forward.deep");
}

/* C112: who saves from an old page overwrites nothing. */
static void
stale(void **state)
{
	struct tempdb *t = *state;
	struct account a = tempdb_get(t, U1);
	struct account_form form = unchanged(&a);
	struct findings f = { .n = 0 };
	struct account_change c;
	char *before, *after;

	assert_int_equal(
	    tempdb_exec(t->users, "UPDATE account SET version = version + 1,"
				  " real_name = 'New' WHERE id = 1"),
	    0);
	before = tempdb_dump(t->users);
	form.real_name = "Taro";
	/* The session saw the old row, and so did the form. */
	assert_int_equal(account_save(t->web_store, &t->rules, &a, NULL, &form,
			     &t->who, &f, &c),
	    SAVED_STALE);
	/* The session sees the new row, the form was made from the old. */
	a = tempdb_get(t, U1);
	assert_int_equal(account_save(t->web_store, &t->rules, &a, NULL, &form,
			     &t->who, &f, &c),
	    SAVED_STALE);
	/* A version that is nobody's. */
	form.version = -1;
	assert_int_equal(account_save(t->web_store, &t->rules, &a, NULL, &form,
			     &t->who, &f, &c),
	    SAVED_STALE);
	after = tempdb_dump(t->users);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

/* The password was changed meanwhile (an administrator, C23). */
static void
stale_credential(void **state)
{
	struct tempdb *t = *state;
	struct account a = tempdb_get(t, U1);
	struct account_form form = unchanged(&a);
	struct findings f = { .n = 0 };
	struct account_change c;

	assert_int_equal(tempdb_exec(t->users,
			     "UPDATE account SET credential = credential + 1"
			     " WHERE id = 1"),
	    0);
	form.new_password = form.new_password_again = PW2;
	assert_int_equal(account_save(t->web_store, &t->rules, &a, NULL, &form,
			     &t->who, &f, &c),
	    SAVED_STALE);
	assert_true(passwd_verify(PW, tempdb_get(t, U1).hash));
}

/* The second of a double click finds its work done. */
static void
double_click(void **state)
{
	struct tempdb *t = *state;
	struct account a = tempdb_get(t, U1);
	struct account_form form = unchanged(&a);
	struct findings f = { .n = 0 };
	struct account_change c;
	char *before, *after;

	form.real_name = "Taro";
	form.routing = "forward";
	form.forward_to = "a@x.example";
	form.new_password = form.new_password_again = PW2;
	assert_int_equal(account_save(t->web_store, &t->rules, &a, NULL, &form,
			     &t->who, &f, &c),
	    SAVED_OK);
	before = tempdb_dump(t->users);
	assert_int_equal(account_save(t->web_store, &t->rules, &a, NULL, &form,
			     &t->who, &f, &c),
	    SAVED_OK);
	after = tempdb_dump(t->users);
	assert_string_equal(before, after);
	/* Much later it would be a way to try passwords. */
	t->who.now += 3600;
	assert_int_equal(account_save(t->web_store, &t->rules, &a, NULL, &form,
			     &t->who, &f, &c),
	    SAVED_STALE);
	form.new_password = form.new_password_again = PW2 "x";
	t->who.now -= 3600;
	assert_int_equal(account_save(t->web_store, &t->rules, &a, NULL, &form,
			     &t->who, &f, &c),
	    SAVED_STALE);
	free(before);
	free(after);
}

static void
gone(void **state)
{
	struct tempdb *t = *state;
	struct account a = tempdb_get(t, U1);
	struct account_form form = unchanged(&a);
	struct findings f = { .n = 0 };
	struct account_change c;

	assert_int_equal(
	    tempdb_exec(t->users, "DELETE FROM address WHERE id = 1"), 0);
	form.real_name = "Taro";
	assert_int_equal(account_save(t->web_store, &t->rules, &a, NULL, &form,
			     &t->who, &f, &c),
	    SAVED_GONE);
	/* C31: it is not made again. */
	assert_int_equal(tempdb_int(t->users, "SELECT count(*) FROM account"),
	    5);
}

static void
busy(void **state)
{
	struct tempdb *t = *state;
	struct account a = tempdb_get(t, U1);
	struct account_form form = unchanged(&a);
	struct findings f = { .n = 0 };
	struct account_change c;
	char *before = tempdb_dump(t->users), *after;
	sqlite3 *other = tempdb_lock(t->users);

	tempdb_no_wait(t);
	form.real_name = "Taro";
	assert_int_equal(account_save(t->web_store, &t->rules, &a, NULL, &form,
			     &t->who, &f, &c),
	    SAVED_BUSY);
	tempdb_unlock(other);
	after = tempdb_dump(t->users);
	assert_string_equal(before, after);
	free(before);
	free(after);
	assert_int_equal(account_save(t->web_store, &t->rules, &a, NULL, &form,
			     &t->who, &f, &c),
	    SAVED_OK);
}

static void
throttled(void **state)
{
	struct tempdb *t = *state;
	struct account a = tempdb_get(t, U1);
	struct account_form form = unchanged(&a);
	struct findings f = { .n = 0 };
	struct account_change c;

	form.new_password = form.new_password_again = PW2;
	form.need_current = true;
	form.current_password = "wrong";
	for (int i = 0; i < 5; i++) {
		f.n = 0;
		assert_int_equal(account_save(t->web_store, &t->rules, &a,
				     NULL, &form, &t->who, &f, &c),
		    SAVED_INVALID);
		assert_string_equal(faults(&f), "current.wrong");
	}
	form.current_password = PW;
	assert_int_equal(account_save(t->web_store, &t->rules, &a, NULL, &form,
			     &t->who, &f, &c),
	    SAVED_THROTTLED);
	assert_int_equal(c.wait, 30);
	assert_true(passwd_verify(PW, tempdb_get(t, U1).hash));
	t->who.now += 31;
	f.n = 0;
	assert_int_equal(account_save(t->web_store, &t->rules, &a, NULL, &form,
			     &t->who, &f, &c),
	    SAVED_OK);
	assert_true(c.password && c.authenticated);
}

/* The longest list that there can be is in the history whole. */
static void
long_history(void **state)
{
	struct tempdb *t = *state;
	struct account a = tempdb_get(t, U1);
	struct account_form form = unchanged(&a);
	struct findings f = { .n = 0 };
	struct account_change c;
	static char text[2000];
	size_t n = 0;

	for (int i = 0; i < 5; i++) {
		memset(text + n, 'a' + i, 64);
		text[n + 64] = '@';
		memset(text + n + 65, 'd', 189);
		text[n + 65 + 63] = text[n + 65 + 127] = '.';
		n += 254;
		if (i < 4) {
			memcpy(text + n, ", ", 2);
			n += 2;
		}
	}
	form.routing = "forward";
	form.forward_to = text;
	assert_int_equal(account_save(t->web_store, &t->rules, &a, NULL, &form,
			     &t->who, &f, &c),
	    SAVED_OK);
	assert_string_equal(
	    tempdb_text(t->users,
		"SELECT new_value FROM history WHERE what = 'forward_to'"),
	    text);
}

struct lines {
	size_t n;
	int64_t id, at[10];
};

static bool
ten_lines(void *arg, const struct history_row *h)
{
	struct lines *l = arg;

	if (l->n == NELEM(l->at))
		return false;
	l->id = h->id;
	l->at[l->n++] = h->at;
	return true;
}

static void
history_pages(void **state)
{
	struct tempdb *t = *state;
	struct history_from from = { .of = HISTORY_OF_ACCOUNT,
		.account_id = 1, .from = INT64_MAX };
	struct lines l = { .n = 0 };

	assert_int_equal(
	    tempdb_exec(t->users,
		"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1"
		" FROM n WHERE i < 25) INSERT INTO history (at, actor, origin,"
		" request_id, domain, account_id, subject, what, old_value,"
		" new_value) SELECT i, '', '', '', 'd', 1, 's', 'quota',"
		" i, i FROM n"),
	    0);
	assert_int_equal(
	    history_walk(t->web_store, &from, ten_lines, &l), RES_OK);
	assert_int_equal(l.n, 10);
	assert_int_equal(l.at[0], 25);
	assert_int_equal(l.at[9], 16);
	from.from = l.id;
	l.n = 0;
	assert_int_equal(
	    history_walk(t->web_store, &from, ten_lines, &l), RES_OK);
	assert_int_equal(l.at[0], 15);
	from.account_id = 77;
	l.n = 0;
	assert_int_equal(
	    history_walk(t->web_store, &from, ten_lines, &l), RES_OK);
	assert_int_equal(l.n, 0);
}

/* -- the operator's side -- */

/* clang-format off */
static const struct add_row {
	const char *name;
	struct account_new new;
	enum result want;
	const char *faults;
} add_rows[] = {
#define NEW(address, real_name, quota_mb, password) \
	{ address, real_name, NULL, quota_mb, password }
	{ "add: generated", NEW("New@Alpha.Example", "New One", NULL, NULL),
	    RES_OK, "" },
	{ "add: given", NEW("new@alpha.example", "", "5", PW2), RES_OK, "" },
	{ "add: C07 zero", NEW("0@alpha.example", "", "", NULL), RES_OK, "" },
	{ "add: C07 007", NEW("007@alpha.example", "", NULL, NULL), RES_OK,
	    "" },
	{ "add: C05 a plus", NEW("u3+x@alpha.example", "", NULL, NULL),
	    RES_INVALID, "name" },
	{ "add: C13 no name", NEW("@alpha.example", "", NULL, NULL),
	    RES_INVALID, "name" },
	{ "add: no domain", NEW("new", "", NULL, NULL), RES_INVALID, "name" },
	{ "add: C64 in use", NEW("U1@alpha.example", "", NULL, NULL),
	    RES_INVALID, "in_use" },
	{ "add: no such domain", NEW("new@gamma.example", "", NULL, NULL),
	    RES_NOTFOUND, "" },
	{ "add: a weak password", NEW("new@alpha.example", "", NULL,
	    "Password1234!"), RES_INVALID, "pw.weak pw.dictionary" },
	{ "add: C99 a name", NEW("new@alpha.example", "山田", NULL, NULL),
	    RES_INVALID, "real_name.chars" },
	{ "add: no number for a quota", NEW("new@alpha.example", "", "5 MB",
	    NULL), RES_INVALID, "tool.quota" },
	{ "add: a quota of nothing", NEW("new@alpha.example", "", "0", NULL),
	    RES_INVALID, "tool.quota" },
	{ "add: all at once", NEW("new@alpha.example", "山田", "x",
	    "Password1234!"), RES_INVALID, "real_name.chars tool.quota"
	    " pw.weak pw.dictionary" },
};
/* clang-format on */

static void
add(void **state)
{
	struct tempdb *t = *state;
	const struct add_row *r = t->row;
	const struct actor shell = SHELL;
	char password[PASSWD_GENERATED] = "x", *before, *after;
	struct findings f = { .n = 0 };
	struct account a;

	before = tempdb_dump(t->users);
	assert_int_equal(account_add(t->tool_store, &t->rules, &r->new,
			     &shell, &f, password),
	    r->want);
	assert_string_equal(faults(&f), r->faults);
	after = tempdb_dump(t->users);
	if (r->want != RES_OK) {
		assert_string_equal(before, after);
	} else {
		a = tempdb_get(t, r->new.address);
		assert_true(a.initial);
		assert_int_equal(a.created_at, NOW);
		assert_int_equal(a.quota_bytes, r->new.quota_mb != NULL &&
			    r->new.quota_mb[0] != '\0' ?
			5 << 20 :
			1073741824);
		assert_int_equal(
		    password[0] != '\0', r->new.password == NULL);
		assert_true(passwd_verify(
		    r->new.password != NULL ? r->new.password : password,
		    a.hash));
		assert_int_equal(
		    strncmp(tempdb_changes(t), "account_added:>", 15), 0);
	}
	free(before);
	free(after);
}

static void
add_busy(void **state)
{
	struct tempdb *t = *state;
	const struct account_new new = { .address = "new@alpha.example",
		.real_name = "" };
	char password[PASSWD_GENERATED];
	struct findings f = { .n = 0 };
	sqlite3 *other = tempdb_lock(t->users);

	tempdb_no_wait(t);
	assert_int_equal(account_add(t->tool_store, &t->rules, &new, &t->who,
			     &f, password),
	    RES_BUSY);
	tempdb_unlock(other);
}

static void
set_password(void **state)
{
	struct tempdb *t = *state;
	char password[PASSWD_GENERATED];
	struct findings f = { .n = 0 };
	struct account a;

	assert_int_equal(account_set_password(t->tool_store, &t->rules, U1,
			     PW2, false, &t->who, &f, password),
	    RES_OK);
	assert_string_equal(password, "");
	a = tempdb_get(t, U1);
	assert_false(a.initial);
	assert_int_equal(a.credential, 1);
	assert_true(passwd_verify(PW2, a.hash));
	assert_string_equal(tempdb_changes(t), "password:>");
	assert_int_equal(account_set_password(t->tool_store, &t->rules, U1,
			     NULL, false, &t->who, &f, password),
	    RES_OK);
	assert_int_equal(strlen(password), 16);
	a = tempdb_get(t, U1);
	assert_true(a.initial);
	assert_int_equal(a.credential, 2);
	assert_true(passwd_verify(password, a.hash));
	assert_string_equal(tempdb_changes(t), "password:> initial_password:>");
	assert_int_equal(account_set_password(t->tool_store, &t->rules, U1,
			     PW, true, &t->who, &f, password),
	    RES_OK);
	assert_true(tempdb_get(t, U1).initial);
	assert_int_equal(account_set_password(t->tool_store, &t->rules, U1,
			     "weak", true, &t->who, &f, password),
	    RES_INVALID);
	assert_int_equal(
	    account_set_password(t->tool_store, &t->rules,
		"u9@alpha.example", PW, true, &t->who, &f, password),
	    RES_NOTFOUND);
}

/* clang-format off */
static const struct set_row {
	const char *name;
	const char *before;
	struct account_set set;
	enum result want;
	const char *faults, *changes;
} set_rows[] = {
	{ "set: nothing", "", { .real_name = NULL }, RES_OK, "", "" },
	{ "set: a name", "", { .real_name = "Taro" }, RES_OK, "",
	    "real_name:Hanako Yamada>Taro" },
	{ "set: a quota", "", { .quota_mb = "5" }, RES_OK, "",
	    "quota:1073741824>5242880" },
	{ "set: no number for a quota", "", { .quota_mb = "-1" }, RES_INVALID,
	    "tool.quota", "" },
	{ "set: discard", "", { .routing = "discard" }, RES_OK, "",
	    "routing:mailbox>discard" },
	{ "set: C61 vacation", "", { .routing = "vacation" }, RES_INVALID,
	    "routing.vacation", "" },
	{ "set: no such routing", "", { .routing = "x" }, RES_INVALID,
	    "routing.choose", "" },
	{ "set: forward", "", { .routing = "forward",
	    .forward_to = "a@x.example", .keep_copy = "on" }, RES_OK, "",
	    "routing:mailbox>forward forward_to:>a@x.example"
	    " keep_copy:off>on" },
	{ "set: forward to nobody", "", { .routing = "forward" },
	    RES_INVALID, "forward.none", "" },
	{ "set: targets mean forward", "", { .forward_to = "a@x.example" },
	    RES_OK, "",
	    "routing:mailbox>forward forward_to:>a@x.example" },
	{ "set: a copy without a forward", "", { .keep_copy = "on" },
	    RES_INVALID, "keep_copy", "" },
	{ "set: oneself", "", { .forward_to = U1 }, RES_INVALID,
	    "forward.self", "" },
	{ "set: mailbox ends the copy", "INSERT INTO target VALUES (1, 1,"
	    " 'a', 'x.example'); UPDATE account SET routing = 'forward',"
	    " keep_copy = 1 WHERE id = 1", { .routing = "mailbox" }, RES_OK,
	    "", "routing:forward>mailbox forward_to:a@x.example>"
	    " keep_copy:on>off" },
	{ "set: a wrong name and a wrong target", "", { .real_name = "é",
	    .forward_to = "bob" }, RES_INVALID,
	    "real_name.chars forward.no_domain", "" },
};
/* clang-format on */

static void
set(void **state)
{
	struct tempdb *t = *state;
	const struct set_row *r = t->row;
	struct findings f = { .n = 0 };

	if (r->before[0] != '\0')
		assert_int_equal(tempdb_exec(t->users, r->before), 0);
	assert_int_equal(
	    account_set(t->tool_store, "U1@alpha.example", &r->set, &t->who,
		&f),
	    r->want);
	assert_string_equal(faults(&f), r->faults);
	assert_string_equal(tempdb_changes(t), r->changes);
}

static void
grants(void **state)
{
	struct tempdb *t = *state;

	assert_int_equal(
	    admin_grant(t->tool_store, U1, "alpha.example", &t->who), RES_OK);
	assert_int_equal(admin_grant(t->tool_store, U1, NULL, &t->who),
	    RES_OK);
	assert_string_equal(tempdb_changes(t),
	    "admin_granted:>alpha.example admin_granted:>site");
	/* Twice is no error and no second line. */
	assert_int_equal(admin_grant(t->tool_store, U1, NULL, &t->who),
	    RES_OK);
	assert_string_equal(tempdb_changes(t),
	    "admin_granted:>alpha.example admin_granted:>site");
	assert_int_equal(
	    admin_grant(t->tool_store, U1, "gamma.example", &t->who),
	    RES_NOTFOUND);
	assert_int_equal(admin_grant(t->tool_store, "u9@alpha.example", NULL,
			     &t->who),
	    RES_NOTFOUND);
	assert_string_equal(
	    tempdb_text(t->users, "SELECT domain_id || '-' || account_id"
				  " FROM domain_admin WHERE account_id = 1"
				  " UNION ALL SELECT account_id"
				  " FROM site_admin"),
	    "1-1 1");
}

static void
publish_networks(void **state)
{
	struct tempdb *t = *state;
	struct networks n;
	char bad[80];
	sqlite3 *other;

	assert_true(networks_parse(
	    "10.0.0.0/8, 2001:db8::/32", &n, bad, sizeof(bad)));
	assert_int_equal(site_publish_networks(t->web_store, &n), RES_OK);
	assert_string_equal(
	    tempdb_text(t->users, "SELECT allow_nets FROM site"),
	    "10.0.0.0/8,2001:db8::/32");
	/* Nothing new: nothing is written, so a lock does not matter. */
	other = tempdb_lock(t->users);
	tempdb_no_wait(t);
	assert_int_equal(site_publish_networks(t->web_store, &n), RES_OK);
	tempdb_unlock(other);
	assert_int_equal(site_alive(t->web_store), RES_OK);
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, rows, save, tempdb_open, tempdb_drop);
#define T(name, f) suite_add(&s, name, f, tempdb_open, tempdb_drop, NULL)
	T("C45 the path of a loop", loop_path);
	T("a circle of others", long_walks);
	T("a long chain is refused", long_chain_is_refused);
	T("a page that is out of date", stale);
	T("C23 a password changed meanwhile", stale_credential);
	T("C112 a double click", double_click);
	T("C31 an account that is gone", gone);
	T("C106 the database is busy", busy);
	T("wrong current passwords are throttled", throttled);
	T("the longest list is in the history whole", long_history);
	T("pages of the history", history_pages);
	ADD_ROWS(&s, add_rows, add, tempdb_open, tempdb_drop);
	T("add: busy", add_busy);
	T("set_password", set_password);
	ADD_ROWS(&s, set_rows, set, tempdb_open, tempdb_drop);
	T("admin_grant", grants);
	T("the campus networks for Dovecot", publish_networks);
	return suite_run(&s, "account");
}
