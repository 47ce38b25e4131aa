/* What an administrator does to accounts: one by one, and several at once. */
#include "tests/unit/unit.h"

#include "core/domain.h"
#include "tests/unit/tempdb.h"

#define ALPHA "alpha.example"
#define U1 "u1@alpha.example"
#define U2 "u2@alpha.example"
#define U3 "u3@alpha.example"
#define V1 "v1@beta.example"
#define PM "postmaster@alpha.example"

static const struct actor shell = SHELL;

/* Who is the acting administrator: NULL, the operator's shell. */
static const struct account *
somebody(struct tempdb *t, const char *address, struct account *a)
{
	if (address == NULL)
		return NULL;
	*a = tempdb_get(t, address);
	return a;
}

static void
prepare(struct tempdb *t, const char *sql)
{
	if (sql[0] != '\0')
		assert_int_equal(tempdb_exec(t->users, sql), 0);
}

#define ADMIN(domain, account) \
	"INSERT INTO domain_admin VALUES (" #domain ", " #account ");"
#define NO_ADMIN(account) \
	"DELETE FROM domain_admin WHERE account_id = " #account ";"
#define SITE(account) "INSERT INTO site_admin VALUES (" #account ");"
#define FORWARDS(id, local, domain) \
	"INSERT INTO target VALUES (" #id ", 1, '" local "', '" domain "');" \
	"UPDATE account SET routing = 'forward' WHERE id = " #id ";"

/* -- reset -- */

/* clang-format off */
static const struct reset_row {
	const char *name, *before, *address, *admin;
	int64_t credential;
	enum result want;
	const char *told;
} reset_rows[] = {
	{ "reset: by the postmaster", "", U1, PM, 0, RES_OK, "" },
	{ "reset: by the shell", "", U1, NULL, -1, RES_OK, "" },
	{ "reset: whatever it is at", "UPDATE account SET credential = 7", U1,
	    PM, -1, RES_OK, "" },
	{ "reset: a page of before", "UPDATE account SET credential = 7", U1,
	    PM, 6, RES_CONFLICT, "" },
	{ "reset: a page of the future", "", U1, PM, 1, RES_CONFLICT, "" },
	{ "reset: an administrator of this domain", ADMIN(1, 1), U1, PM, 0,
	    RES_OK, "" },
	{ "reset: an administrator of another domain", ADMIN(2, 1), U1, PM, 0,
	    RES_INVALID, "account:outranked(" U1 ")" },
	{ "reset: of both, by one of both", ADMIN(1, 1) ADMIN(2, 1)
	    ADMIN(2, 5), U1, PM, 0, RES_OK, "" },
	{ "reset: of both, by one of one", ADMIN(1, 1) ADMIN(2, 1), U1, PM,
	    0, RES_INVALID, "account:outranked(" U1 ")" },
	{ "reset: C78 a site administrator", SITE(1), U1, PM, 0, RES_INVALID,
	    "account:outranked(" U1 ")" },
	{ "reset: a site administrator by another", SITE(1) SITE(5), U1, PM,
	    0, RES_OK, "" },
	{ "reset: of another domain, by the site", ADMIN(2, 1) SITE(5), U1,
	    PM, 0, RES_OK, "" },
	{ "reset: anybody, by the shell", ADMIN(2, 1) SITE(1), U1, NULL, 0,
	    RES_OK, "" },
	{ "reset: the postmaster, by a colleague", ADMIN(1, 1), PM, U1, 0,
	    RES_OK, "" },
	{ "reset: one who discards", "UPDATE account SET routing ="
	    " 'discard'", U1, PM, 0, RES_OK, "" },
	{ "reset: one whose target is gone", FORWARDS(1, "gone", "alpha."
	    "example"), U1, PM, 0, RES_OK, "" },
};
/* clang-format on */

static void
reset(void **state)
{
	struct tempdb *t = *state;
	const struct reset_row *r = t->row;
	char password[PASSWD_GENERATED] = "x", *before;
	struct findings f = { .n = 0 };
	struct account admin_, a, after;
	const struct account *admin;

	prepare(t, r->before);
	admin = somebody(t, r->admin, &admin_);
	a = tempdb_get(t, r->address);
	before = tempdb_dump(t->users);
	assert_int_equal(account_reset(t->web_store, &t->rules, &a, admin,
			     r->credential, &t->who, &f, password),
	    r->want);
	assert_string_equal(told(&f), r->told);
	after = tempdb_get(t, r->address);
	if (r->want != RES_OK) {
		assert_string_equal(password, "");
		tempdb_assert_same(&before, t->users);
		return;
	}
	free(before);
	assert_int_equal(strlen(password), 16);
	assert_true(passwd_verify(password, after.hash));
	assert_false(passwd_verify(PW, after.hash));
	assert_true(after.initial);
	assert_int_equal(after.credential, a.credential + 1);
	assert_int_equal(after.version, a.version + 1);
	assert_int_equal(after.password_at, NOW);
	assert_int_equal(after.routing, a.routing);
	assert_string_equal(tempdb_changes(t), "initial_password:>");
	before = tempdb_dump(t->users);
	assert_null(strstr(before, password));
	free(before);
}

/* C112: the second of two clicks gets no second password, and the first one
 * stays good. */
static void
reset_twice(void **state)
{
	struct tempdb *t = *state;
	const struct account pm = tempdb_get(t, PM), a = tempdb_get(t, U1);
	char first[PASSWD_GENERATED], second[PASSWD_GENERATED];
	struct findings f = { .n = 0 };

	assert_int_equal(account_reset(t->web_store, &t->rules, &a, &pm,
			     a.credential, &t->who, &f, first),
	    RES_OK);
	assert_int_equal(account_reset(t->web_store, &t->rules, &a, &pm,
			     a.credential, &t->who, &f, second),
	    RES_CONFLICT);
	assert_string_equal(second, "");
	assert_true(passwd_verify(first, tempdb_get(t, U1).hash));
}

static void
reset_gone(void **state)
{
	struct tempdb *t = *state;
	const struct account a = tempdb_get(t, U1);
	char password[PASSWD_GENERATED] = "x";
	struct findings f = { .n = 0 };
	sqlite3 *other = tempdb_lock(t->users);

	tempdb_no_wait(t);
	assert_int_equal(account_reset(t->web_store, &t->rules, &a, NULL, -1,
			     &t->who, &f, password),
	    RES_BUSY);
	tempdb_unlock(other);
	assert_string_equal(password, "");
	prepare(t, "DELETE FROM address WHERE id = 1");
	assert_int_equal(account_reset(t->web_store, &t->rules, &a, NULL, -1,
			     &t->who, &f, password),
	    RES_NOTFOUND);
	assert_string_equal(password, "");
}

/* -- an administrator saves the page of somebody -- */

/* clang-format off */
static const struct save_row {
	const char *name, *before;
	const char *real_name, *password, *quota_mb;
	const char *current; /* NULL: the log-in is fresh */
	enum saved want;
	const char *told, *changes;
	bool initial;
} save_rows[] = {
	{ "save: nothing", "", "Hanako Yamada", "", "1024", NULL, SAVED_OK,
	    "", "", false },
	{ "save: a quota", "", "Hanako Yamada", "", "5", NULL, SAVED_OK, "",
	    "quota:1073741824>5242880", false },
	{ "save: no quota", "", "Hanako Yamada", "", "0", NULL,
	    SAVED_INVALID, "quota_mb:tool.quota(0)", "", false },
	{ "save: an initial password may stay",
	    "UPDATE account SET initial_password = 1", "Taro", "", "1024",
	    NULL, SAVED_OK, "", "real_name:Hanako Yamada>Taro", true },
	{ "save: a password is an initial one", "", "Hanako Yamada", PW2,
	    "1024", NULL, SAVED_OK, "", "initial_password:>", true },
	{ "save: a weak one", "", "Hanako Yamada", "Password1234!", "1024",
	    NULL, SAVED_INVALID,
	    "new_password:pw.weak(33.3) new_password:pw.dictionary", "",
	    false },
	{ "save: whether it is the old one, nobody is told", "",
	    "Hanako Yamada", PW, "1024", NULL, SAVED_OK, "",
	    "initial_password:>", true },
	{ "save: the administrator's own password is asked", "",
	    "Hanako Yamada", PW2, "1024", "", SAVED_INVALID,
	    "current_password:current.required", "", false },
	{ "save: and wrong", "", "Hanako Yamada", PW2, "1024", PW "x",
	    SAVED_INVALID, "current_password:current.wrong", "", false },
	{ "save: and right", "UPDATE account SET password_hash = 'xxxxxxxxxx"
	    "xxxxx' WHERE id = 1", "Hanako Yamada", PW2, "1024", PW,
	    SAVED_OK, "", "initial_password:>", true },
	{ "save: a password for one of more rights", SITE(1),
	    "Hanako Yamada", PW2, "1024", NULL, SAVED_INVALID,
	    "new_password:outranked(" U1 ")", "", false },
	{ "save: a name for one of more rights", ADMIN(2, 1), "Taro", "",
	    "1024", NULL, SAVED_OK, "", "real_name:Hanako Yamada>Taro",
	    false },
	{ "save: all that is wrong at once", ADMIN(2, 1), "山田", "x", "x",
	    NULL, SAVED_INVALID, "real_name:real_name.chars"
	    " quota_mb:tool.quota(x) new_password:pw.short(12)"
	    " new_password:pw.upper new_password:pw.digit"
	    " new_password:pw.symbol new_password:pw.weak(33.3)"
	    " new_password:outranked(" U1 ")", "", false },
};
/* clang-format on */

static void
save(void **state)
{
	struct tempdb *t = *state;
	const struct save_row *r = t->row;
	struct account a, admin, after;
	struct account_change c;
	struct findings f = { .n = 0 };
	struct account_form form;
	char *before;

	prepare(t, ADMIN(1, 2));
	prepare(t, r->before);
	a = tempdb_get(t, U1);
	admin = tempdb_get(t, U2);
	form = (struct account_form){ .version = a.version,
		.real_name = r->real_name,
		.new_password = r->password,
		.new_password_again = r->password,
		.routing = "mailbox",
		.forward_to = "",
		.quota_mb = r->quota_mb,
		.need_current = r->current != NULL,
		.current_password = r->current != NULL ? r->current : "" };
	before = tempdb_dump(t->users);
	assert_int_equal(account_save(t->web_store, &t->rules, &a, &admin,
			     &form, &t->who, &f, &c),
	    r->want);
	assert_string_equal(told(&f), r->told);
	assert_string_equal(tempdb_changes(t), r->changes);
	after = tempdb_get(t, U1);
	assert_int_equal(after.initial, r->initial);
	if (r->changes[0] == '\0')
		tempdb_assert_same(&before, t->users);
	else if (c.password)
		assert_true(passwd_verify(r->password, after.hash));
	free(before);
	tempdb_assert_search(t);
}

/* -- new accounts within a domain -- */

/* clang-format off */
static const struct new_row {
	const char *name, *typed, *want; /* NULL: refused */
	const char *told;
} new_rows[] = {
	{ "new: a name", "n1", "n1@alpha.example", "" },
	{ "new: C01 in capitals", " N1 ", "n1@alpha.example", "" },
	{ "new: an address", "N1@Alpha.example", "n1@alpha.example", "" },
	{ "new: C77 of another domain", "n1@beta.example", NULL,
	    "account:foreign(n1@beta.example)" },
	{ "new: of no domain", "n1@gamma.example", NULL,
	    "account:foreign(n1@gamma.example)" },
	{ "new: C64 in use", "U1", NULL, "account:in_use(" U1 ")" },
	{ "new: in use by a forward", "fw", NULL,
	    "account:in_use(fw@alpha.example)" },
	{ "new: the postmaster", "postmaster", NULL,
	    "account:in_use(" PM ")" },
	{ "new: C05 a plus", "n1+x", NULL, "account:name(n1+x)" },
	{ "new: empty", "", NULL, "account:name" },
	{ "new: a blank", "n 1", NULL, "account:name(n 1)" },
	{ "new: in Japanese", "山田", NULL, "account:name(山田)" },
};
/* clang-format on */

static void
new_within(void **state)
{
	struct tempdb *t = *state;
	const struct new_row *r = t->row;
	const struct domain d = tempdb_get_domain(t, ALPHA);
	const struct account_new new = { .address = r->typed,
		.real_name = "New", .within = &d };
	struct findings f = { .n = 0 };
	char password[PASSWD_GENERATED], *before;

	prepare(t, "INSERT INTO address (id, domain_id, local_part, kind)"
		   " VALUES (20, 1, 'fw', 'forward')");
	before = tempdb_dump(t->users);
	assert_int_equal(account_add(t->web_store, &t->rules, &new, &t->who,
			     &f, password),
	    r->want != NULL ? RES_OK : RES_INVALID);
	assert_string_equal(told(&f), r->told);
	if (r->want == NULL) {
		assert_string_equal(password, "");
		tempdb_assert_same(&before, t->users);
		return;
	}
	free(before);
	assert_true(passwd_verify(password, tempdb_get(t, r->want).hash));
	assert_string_equal(tempdb_changes(t), "account_added:>New");
	tempdb_assert_search(t);
}

/* All that is wrong, and nothing is done: for a form that is shown again. */
static void
new_check(void **state)
{
	struct tempdb *t = *state;
	const struct domain d = tempdb_get_domain(t, ALPHA);
	const struct account_new new = { "n1", "山田", &d, "x",
		"Password1234!" },
				 fine = { "n1", "", &d, "", PW };
	struct findings f = { .n = 0 };
	char *before = tempdb_dump(t->users);

	assert_int_equal(
	    account_add_check(t->web_store, &t->rules, &new, &f),
	    RES_INVALID);
	assert_string_equal(
	    faults(&f), "real_name.chars tool.quota pw.weak pw.dictionary");
	f.n = 0;
	assert_int_equal(
	    account_add_check(t->web_store, &t->rules, &fine, &f),
	    RES_INVALID);
	assert_string_equal(faults(&f), "");
	tempdb_assert_same(&before, t->users);
}

/* -- delete -- */

#define DELETED(u) u " account_deleted:Hanako Yamada>"

/* clang-format off */
static const struct delete_row {
	const char *name, *before, *address, *admin, *leave;
	enum result want;
	const char *told, *lines;
} delete_rows[] = {
	{ "delete: by the postmaster", "", U1, PM, "", RES_OK, "",
	    DELETED(U1) },
	{ "delete: by the shell", "", U1, NULL, " \r\n", RES_OK, "",
	    DELETED(U1) },
	{ "delete: C68 the postmaster", ADMIN(1, 1), PM, U1, "", RES_INVALID,
	    "confirm:postmaster(" PM ")", "" },
	{ "delete: the postmaster by the shell", ADMIN(1, 1), PM, NULL, "",
	    RES_INVALID, "confirm:postmaster(" PM ")", "" },
	{ "delete: oneself", ADMIN(1, 1), U1, U1, "", RES_INVALID,
	    "confirm:oneself(" U1 ")", "" },
	{ "delete: an administrator", ADMIN(1, 1), U1, PM, "", RES_OK, "",
	    U1 " admin_revoked:alpha.example> " DELETED(U1) },
	{ "delete: an administrator of two domains, by the shell",
	    ADMIN(1, 1) ADMIN(2, 1), U1, NULL, "", RES_OK, "",
	    U1 " admin_revoked:alpha.example> " U1
	    " admin_revoked:beta.example> " DELETED(U1) },
	{ "delete: C98 the last administrator", NO_ADMIN(5) ADMIN(1, 1), U1,
	    PM, "", RES_INVALID, "confirm:last_admin(" ALPHA ")", "" },
	{ "delete: the last one of another domain, by the shell",
	    NO_ADMIN(6) ADMIN(2, 1), U1, NULL, "", RES_INVALID,
	    "confirm:last_admin(beta.example)", "" },
	{ "delete: an administrator of another domain", ADMIN(2, 1), U1, PM,
	    "", RES_INVALID, "confirm:outranked(" U1 ")", "" },
	{ "delete: a site administrator", SITE(1), U1, PM, "", RES_INVALID,
	    "confirm:outranked(" U1 ")", "" },
	{ "delete: a site administrator, by the shell", SITE(1), U1, NULL,
	    "", RES_OK, "", DELETED(U1) },
	{ "delete: C70 somebody forwards to it", FORWARDS(2, "u1",
	    "alpha.example"), U1, PM, "", RES_INVALID,
	    "confirm:in_use_by(" U2 ")", "" },
	{ "delete: several forward to it", FORWARDS(2, "u1", "alpha.example")
	    FORWARDS(4, "u1", "alpha.example") FORWARDS(3, "u1+x",
	    "alpha.example"), U1, PM, "", RES_INVALID,
	    "confirm:in_use_by(" U2 ") confirm:in_use_by(" U3 ")"
	    " confirm:in_use_by(" V1 ")", "" },
	{ "delete: others of such a name are no matter", FORWARDS(2, "u11",
	    "alpha.example") FORWARDS(3, "u1", "beta.example") FORWARDS(4,
	    "u1-x", "alpha.example"), U1, PM, "", RES_OK, "", DELETED(U1) },
	{ "delete: whom it forwards to is no matter", FORWARDS(1, "u2",
	    "alpha.example"), U1, PM, "", RES_OK, "", DELETED(U1) },
	{ "delete: a forward stays", "", U1, PM, "A@x.example", RES_OK, "",
	    DELETED(U1) " " U1 " forward_added:>A@x.example" },
	{ "delete: a forward stays for those who forward to it",
	    FORWARDS(2, "u1", "alpha.example"), U1, PM,
	    "a@x.example\r\nU3@alpha.example", RES_OK, "",
	    DELETED(U1) " " U1 " forward_added:>a@x.example, " U3 },
	{ "delete: a forward that leads back", FORWARDS(2, "u1",
	    "alpha.example"), U1, PM, U2, RES_INVALID,
	    "leave_forward_to:forward.loop(" U1 " → " U2 " → " U1 ")", "" },
	{ "delete: a forward to itself", "", U1, PM, U1, RES_INVALID,
	    "leave_forward_to:forward.self(" U1 ")", "" },
	{ "delete: a forward to nobody", "", U1, PM, "u9@alpha.example",
	    RES_INVALID, "leave_forward_to:forward.missing("
	    "u9@alpha.example)", "" },
	{ "delete: a forward that is none", "", U1, PM, "bob", RES_INVALID,
	    "leave_forward_to:forward.no_domain(bob)", "" },
	{ "delete: no forward of the postmaster", "", PM, NULL,
	    "a@x.example", RES_INVALID, "confirm:postmaster(" PM ")", "" },
};
/* clang-format on */

static void
delete(void **state)
{
	struct tempdb *t = *state;
	const struct delete_row *r = t->row;
	struct account admin_, a;
	const struct account *admin;
	struct findings f = { .n = 0 };
	char *before, sql[256];

	prepare(t, r->before);
	admin = somebody(t, r->admin, &admin_);
	a = tempdb_get(t, r->address);
	before = tempdb_dump(t->users);
	assert_int_equal(account_delete(t->web_store, &a, admin, r->leave,
			     &t->who, &f),
	    r->want);
	assert_string_equal(told(&f), r->told);
	assert_string_equal(tempdb_lines(t), r->lines);
	tempdb_assert_search(t);
	if (r->want != RES_OK) {
		tempdb_assert_same(&before, t->users);
		return;
	}
	free(before);
	assert_int_equal(
	    account_find(t->web_store, r->address, &a), RES_NOTFOUND);
	snprintf(sql, sizeof(sql),
	    "SELECT (SELECT count(*) FROM account WHERE id = %lld)"
	    " + (SELECT count(*) FROM target WHERE address_id = %lld)"
	    " + (SELECT count(*) FROM domain_admin WHERE account_id = %lld)"
	    " + (SELECT count(*) FROM site_admin WHERE account_id = %lld)",
	    (long long)a.id, (long long)a.id, (long long)a.id,
	    (long long)a.id);
	assert_int_equal(tempdb_int(t->users, sql), 0);
	assert_string_equal(
	    tempdb_text(t->users, "SELECT kind FROM address WHERE"
				  " local_part = 'u1'"),
	    strstr(r->lines, "forward_added") != NULL ? "forward" : "");
}

/* It was deleted meanwhile, and one of its name was made: not that one. */
static void
delete_late(void **state)
{
	struct tempdb *t = *state;
	const struct account a = tempdb_get(t, U1);
	struct findings f = { .n = 0 };
	sqlite3 *other = tempdb_lock(t->users);
	char *before;

	tempdb_no_wait(t);
	assert_int_equal(
	    account_delete(t->web_store, &a, NULL, "", &shell, &f),
	    RES_BUSY);
	tempdb_unlock(other);
	assert_int_equal(
	    account_delete(t->web_store, &a, NULL, "", &shell, &f), RES_OK);
	tempdb_account(t, U1);
	before = tempdb_dump(t->users);
	assert_int_equal(
	    account_delete(t->web_store, &a, NULL, "", &shell, &f),
	    RES_NOTFOUND);
	tempdb_assert_same(&before, t->users);
	assert_int_not_equal(tempdb_get(t, U1).id, a.id);
}

static void
delete_usage(void **state)
{
	struct tempdb *t = *state;
	const struct account a = tempdb_get(t, U1);
	struct findings f = { .n = 0 };

	assert_int_equal(
	    tempdb_exec(t->mailstat,
		"INSERT INTO quota_usage VALUES ('" U1 "', 50, 1),"
		" ('" U2 "', 50, 1);"
		"INSERT INTO last_login VALUES ('" U1 "', 77)"),
	    0);
	assert_int_equal(
	    account_delete(t->web_store, &a, NULL, "", &shell, &f), RES_OK);
	assert_string_equal(
	    tempdb_text(t->mailstat, "SELECT username FROM quota_usage UNION"
				     " ALL SELECT username FROM last_login"),
	    U2);
}

static bool
take_address(void *arg, const char *address)
{
	char *text = arg;
	const size_t n = strlen(text);

	snprintf(text + n, 200 - n, "%s ", address);
	return true;
}

static void
pointing(void **state)
{
	struct tempdb *t = *state;
	const struct account a = tempdb_get(t, U1);
	char text[200] = "";

	prepare(t, FORWARDS(4, "u1", "alpha.example")
	    FORWARDS(2, "u1+x", "alpha.example")
	    FORWARDS(3, "u1x", "alpha.example")
	    "INSERT INTO target VALUES (4, 2, 'u1+a', 'alpha.example')");
	assert_int_equal(
	    account_pointing_at(t->web_store, &a, take_address, text),
	    RES_OK);
	assert_string_equal(text, U2 " " V1 " ");
}

/* -- several at once -- */

enum op { QUOTA, RESET, DELETE };

#define QUOTA3 \
	U1 " quota:1073741824>5242880 " U2 " quota:1073741824>5242880 " \
	U3 " quota:1073741824>5242880"

/* clang-format off */
static const struct bulk_row {
	const char *name, *before;
	enum op op;
	int64_t ids[4]; /* as many as are not 0 */
	const char *quota_mb;
	enum result want;
	const char *told, *lines;
} bulk_rows[] = {
	{ "bulk quota: three", "", QUOTA, { 1, 2, 3 }, "5", RES_OK, "",
	    QUOTA3 },
	{ "bulk quota: one that has it already",
	    "UPDATE account SET quota_bytes = 5242880 WHERE id = 2", QUOTA,
	    { 1, 2 }, "5", RES_OK, "", U1 " quota:1073741824>5242880" },
	{ "bulk quota: none", "", QUOTA, { 0 }, "5", RES_OK, "", "" },
	{ "bulk quota: no number", "", QUOTA, { 1 }, "x", RES_INVALID,
	    "quota_mb:tool.quota(x)", "" },
	{ "bulk quota: C84 one foreign", "", QUOTA, { 1, 2, 4 }, "5",
	    RES_NOTFOUND, "", "" },
	{ "bulk quota: the foreign one first", "", QUOTA, { 4, 1 }, "5",
	    RES_NOTFOUND, "", "" },
	{ "bulk quota: one vanished", "DELETE FROM address WHERE id = 3",
	    QUOTA, { 1, 2, 3 }, "5", RES_NOTFOUND, "", "" },
	{ "bulk quota: one that never was", "", QUOTA, { 1, 999 }, "5",
	    RES_NOTFOUND, "", "" },
	{ "bulk quota: a negative one", "", QUOTA, { 1, -1 }, "5",
	    RES_NOTFOUND, "", "" },
	{ "bulk quota: a forward", "INSERT INTO address (id, domain_id,"
	    " local_part, kind) VALUES (20, 1, 'fw', 'forward')", QUOTA,
	    { 1, 20 }, "5", RES_NOTFOUND, "", "" },
	{ "bulk quota: one of an import that is not done",
	    "INSERT INTO import (id, domain_id, at, owner) VALUES (1, 1, 1,"
	    " '1 1'); INSERT INTO address (id, domain_id, local_part, kind,"
	    " import_id) VALUES (20, 1, 'im', 'account', 1); INSERT INTO"
	    " account (id, domain_id, local_part, password_hash,"
	    " quota_bytes, created_at, password_at) VALUES (20, 1, 'im',"
	    " '$y$j9T$saltsalt$hash', 1, 1, 1)", QUOTA, { 1, 20 }, "5",
	    RES_NOTFOUND, "", "" },

	{ "bulk reset: three", "", RESET, { 3, 1, 2 }, "", RES_OK, "",
	    U3 " initial_password:> " U1 " initial_password:> " U2
	    " initial_password:>" },
	{ "bulk reset: one foreign", "", RESET, { 1, 4 }, "", RES_NOTFOUND,
	    "", "" },
	{ "bulk reset: one vanished", "DELETE FROM address WHERE id = 3",
	    RESET, { 1, 3 }, "", RES_NOTFOUND, "", "" },
	{ "bulk reset: two of more rights", SITE(1) ADMIN(2, 3), RESET,
	    { 1, 2, 3 }, "", RES_INVALID, "pick:outranked(" U1 ")"
	    " pick:outranked(" U3 ")", "" },
	{ "bulk reset: one twice", "", RESET, { 1, 1 }, "", RES_CONFLICT, "",
	    "" },

	{ "bulk delete: two", "", DELETE, { 1, 3 }, "", RES_OK, "",
	    DELETED(U1) " " DELETED(U3) },
	{ "bulk delete: one foreign", "", DELETE, { 1, 4 }, "", RES_NOTFOUND,
	    "", "" },
	{ "bulk delete: one vanished", "DELETE FROM address WHERE id = 3",
	    DELETE, { 1, 3 }, "", RES_NOTFOUND, "", "" },
	{ "bulk delete: one twice", "", DELETE, { 1, 1 }, "", RES_NOTFOUND,
	    "", "" },
	{ "bulk delete: the postmaster", "", DELETE, { 1, 5 }, "",
	    RES_INVALID, "pick:postmaster(" PM ")", "" },
	{ "bulk delete: oneself", ADMIN(1, 2), DELETE, { 1, 2 }, "",
	    RES_INVALID, "pick:oneself(" U2 ")", "" },
	{ "bulk delete: both administrators", SITE(2) NO_ADMIN(5) ADMIN(1, 1)
	    ADMIN(1, 3), DELETE, { 1, 3 }, "", RES_INVALID,
	    "pick:last_admin(" ALPHA ")", "" },
	{ "bulk delete: all that is wrong", SITE(1) FORWARDS(2, "u3",
	    "alpha.example"), DELETE, { 1, 3, 5 }, "", RES_INVALID,
	    "pick:outranked(" U1 ") pick:postmaster(" PM ")", "" },
	{ "bulk delete: somebody forwards to one", FORWARDS(4, "u3",
	    "alpha.example"), DELETE, { 1, 3 }, "", RES_INVALID,
	    "pick:in_use_by(" V1 ")", "" },
	{ "bulk delete: one forwards to the other", FORWARDS(1, "u3",
	    "alpha.example"), DELETE, { 3, 1 }, "", RES_OK, "",
	    DELETED(U3) " " DELETED(U1) },
	{ "bulk delete: each forwards to the other", FORWARDS(1, "u3",
	    "alpha.example") FORWARDS(3, "u1", "alpha.example"), DELETE,
	    { 1, 3 }, "", RES_OK, "", DELETED(U1) " " DELETED(U3) },
};
/* clang-format on */

/* What a forged form may name: whatever has the id, if anything. */
static void
look(struct tempdb *t, const int64_t *ids, size_t n, struct account *seen)
{
	for (size_t i = 0; i < n; i++)
		if (account_by_id(t->web_store, ids[i], &seen[i]) != RES_OK)
			seen[i].id = ids[i];
}

static enum result
do_bulk(struct tempdb *t, const struct bulk_row *r, size_t n,
    const struct account *admin, struct findings *f,
    char (*passwords)[PASSWD_GENERATED])
{
	const struct domain d = tempdb_get_domain(t, ALPHA);
	struct account seen[NELEM(r->ids)] = { { .id = 0 } };

	switch (r->op) {
	case QUOTA:
		return bulk_quota(t->web_store, &d, r->ids, n, r->quota_mb,
		    &t->who, f);
	case RESET:
		look(t, r->ids, n, seen);
		return bulk_reset(t->web_store, &t->rules, &d, seen, n,
		    admin, &t->who, f, passwords);
	case DELETE:
		break;
	}
	return bulk_delete(
	    t->web_store, &d, r->ids, n, admin, &t->who, f);
}

static void
assert_reset(struct tempdb *t, int64_t id, const char *password)
{
	struct account a;

	assert_int_equal(account_by_id(t->web_store, id, &a), RES_OK);
	assert_int_equal(strlen(password), 16);
	assert_true(a.initial && passwd_verify(password, a.hash));
	assert_int_equal(a.credential, 1);
}

/* Who does it is u2, who is no administrator where a row does not say so: a
 * page has seen to that, and core to the rest. */
static void
bulk(void **state)
{
	struct tempdb *t = *state;
	const struct bulk_row *r = t->row;
	char passwords[4][PASSWD_GENERATED] = { "a", "b", "c", "d" };
	const struct account admin = tempdb_get(t, U2);
	struct findings f = { .n = 0 };
	char *before;
	size_t n = 0;

	/* The index of names follows no SQL of a test. */
	prepare(t, r->before);
	prepare(t, "INSERT INTO account_search (account_search)"
		   " VALUES ('rebuild')");
	while (n < NELEM(r->ids) && r->ids[n] != 0)
		n++;
	before = tempdb_dump(t->users);
	assert_int_equal(do_bulk(t, r, n, &admin, &f, passwords), r->want);
	assert_string_equal(told(&f), r->told);
	assert_string_equal(tempdb_lines(t), r->lines);
	tempdb_assert_search(t);
	if (r->lines[0] == '\0')
		tempdb_assert_same(&before, t->users);
	free(before);
	for (size_t i = 0; r->op == RESET && i < n; i++) {
		if (r->want == RES_OK)
			assert_reset(t, r->ids[i], passwords[i]);
		else
			assert_string_equal(passwords[i], "");
		for (size_t k = 0; r->want == RES_OK && k < i; k++)
			assert_string_not_equal(passwords[i], passwords[k]);
	}
}

/* C112: what was sent twice hands out one password each. */
static void
bulk_reset_twice(void **state)
{
	struct tempdb *t = *state;
	const struct domain d = tempdb_get_domain(t, ALPHA);
	const struct account admin = tempdb_get(t, PM);
	const int64_t ids[] = { 1, 2 }, foreign[] = { 1, 4 };
	char first[2][PASSWD_GENERATED], second[2][PASSWD_GENERATED];
	struct findings f = { .n = 0 };
	struct account seen[2];

	assert_int_equal(
	    bulk_find(t->web_store, &d, foreign, 2, seen), RES_NOTFOUND);
	assert_int_equal(
	    bulk_find(t->web_store, &d, ids, 2, seen), RES_OK);
	assert_int_equal(bulk_reset(t->web_store, &t->rules, &d, seen, 2,
			     &admin, &t->who, &f, first),
	    RES_OK);
	assert_int_equal(bulk_reset(t->web_store, &t->rules, &d, seen, 2,
			     &admin, &t->who, &f, second),
	    RES_CONFLICT);
	assert_string_equal(second[0], "");
	assert_string_equal(second[1], "");
	assert_true(passwd_verify(first[0], tempdb_get(t, U1).hash));
	assert_true(passwd_verify(first[1], tempdb_get(t, U2).hash));
}

static void
bulk_many(void **state)
{
	struct tempdb *t = *state;
	const struct domain d = tempdb_get_domain(t, ALPHA);
	const struct account admin = tempdb_get(t, PM);
	static char passwords[BULK_MAX + 1][PASSWD_GENERATED];
	static struct account seen[BULK_MAX + 1];
	int64_t ids[BULK_MAX + 1];
	struct findings f = { .n = 0 };
	sqlite3 *other;

	prepare(t, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1"
		   " FROM n WHERE i < 51) INSERT INTO address (id, domain_id,"
		   " local_part, kind) SELECT 100 + i, 1, 'a' || i, 'account'"
		   " FROM n;"
		   "INSERT INTO account (id, domain_id, local_part,"
		   " password_hash, quota_bytes, created_at, password_at)"
		   " SELECT id, 1, local_part, '$y$j9T$saltsalt$hash', 1, 1,"
		   " 1 FROM address WHERE id > 100;"
		   "INSERT INTO account_search (account_search)"
		   " VALUES ('rebuild')");
	for (size_t i = 0; i < NELEM(ids); i++)
		ids[i] = 101 + (int64_t)i;
	assert_int_equal(
	    bulk_find(t->web_store, &d, ids, BULK_MAX + 1, seen), RES_OK);
	assert_int_equal(bulk_reset(t->web_store, &t->rules, &d, seen,
			     BULK_MAX + 1, &admin, &t->who, &f, passwords),
	    RES_INVALID);
	assert_string_equal(tempdb_changes(t), "");
	assert_int_equal(bulk_reset(t->web_store, &t->rules, &d, seen,
			     BULK_MAX, &admin, &t->who, &f, passwords),
	    RES_OK);
	assert_int_equal(tempdb_int(t->users,
			     "SELECT count(*) FROM account"
			     " WHERE credential = 1"),
	    BULK_MAX);
	other = tempdb_lock(t->users);
	tempdb_no_wait(t);
	assert_int_equal(bulk_delete(t->web_store, &d, ids, BULK_MAX, &admin,
			     &t->who, &f),
	    RES_BUSY);
	tempdb_unlock(other);
	assert_int_equal(bulk_delete(t->web_store, &d, ids, BULK_MAX, &admin,
			     &t->who, &f),
	    RES_OK);
	assert_int_equal(tempdb_int(t->users,
			     "SELECT count(*) FROM account WHERE id > 100"),
	    1);
	tempdb_assert_search(t);
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, reset_rows, reset, tempdb_open, tempdb_drop);
	ADD_ROWS(&s, save_rows, save, tempdb_open, tempdb_drop);
	ADD_ROWS(&s, new_rows, new_within, tempdb_open, tempdb_drop);
	ADD_ROWS(&s, delete_rows, delete, tempdb_open, tempdb_drop);
	ADD_ROWS(&s, bulk_rows, bulk, tempdb_open, tempdb_drop);
#define T(name, f) suite_add(&s, name, f, tempdb_open, tempdb_drop, NULL)
	T("reset: C112 a double click", reset_twice);
	T("reset: busy, and gone", reset_gone);
	T("new: all that is wrong", new_check);
	T("delete: busy, and too late", delete_late);
	T("delete: usage is forgotten", delete_usage);
	T("who points at it", pointing);
	T("bulk: C112 a reset is sent twice", bulk_reset_twice);
	T("bulk: fifty, and no more", bulk_many);
	return suite_run(&s, "admin");
}
