/* Domains: made, changed, deleted, entered; their limits and rights. */
#include "tests/unit/unit.h"

#include "core/forward.h"
#include "tests/unit/tempdb.h"

#define ALPHA "alpha.example"
#define U1 "u1@alpha.example"

static const struct actor shell = SHELL;

/* -- domain_add -- */

/* clang-format off */
static const struct add_row {
	const char *name, *domain;
	struct domain_form form;
	enum result want;
	const char *told;
	const char *row; /* of RES_OK, all that is stored; NULL: not looked at */
	const char *admins;
} add_rows[] = {
	{ "add: plain", "Gamma.Example", { .pop_host = "Post-9" }, RES_OK, "",
	    "gamma.example post-9 1 1024 - - -", "postmaster@gamma.example" },
	{ "add: blanks around", " gamma.example\r\n", { .pop_host =
	    "\tpost-9 \n" }, RES_OK, "", "gamma.example post-9 1 1024 - - -",
	    "postmaster@gamma.example" },
	{ "add: without a host", "gamma.example", { .pop_host = "" }, RES_OK,
	    "", "gamma.example  1 1024 - - -", "postmaster@gamma.example" },
	{ "add: nothing given", "gamma.example", { .pop_host = NULL }, RES_OK,
	    "", "gamma.example  1 1024 - - -", "postmaster@gamma.example" },
	{ "add: a whole host", "gamma.example", { .pop_host =
	    "mail.site.example" }, RES_OK, "",
	    "gamma.example mail.site.example 1 1024 - - -",
	    "postmaster@gamma.example" },
	{ "add: everything given", "gamma.example", { "post-10", "40", "0",
	    "10000000", "512", "U1@alpha.example, v1@beta.example", "on" },
	    RES_OK, "", "gamma.example post-10 1 512 40 0 10000000",
	    "u1@alpha.example v1@beta.example postmaster@gamma.example" },
	{ "add: limits emptied", "gamma.example", { "", "", " ", "\r\n",
	    "7", "", "" }, RES_OK, "", "gamma.example  0 7 - - -",
	    "postmaster@gamma.example" },
	{ "add: in use", "ALPHA.example", { .pop_host = "" }, RES_CONFLICT,
	    "domain:domain_in_use(alpha.example)", NULL, NULL },
	{ "add: empty", "", { .pop_host = "" }, RES_INVALID,
	    "domain:tool.domain", NULL, NULL },
	{ "add: one label", "gamma", { .pop_host = "" }, RES_INVALID,
	    "domain:tool.domain(gamma)", NULL, NULL },
	{ "add: not ASCII", "b\xc3\xbc" "cher.example", { .pop_host = "" },
	    RES_INVALID, "domain:tool.domain(b\xc3\xbc" "cher.example)", NULL,
	    NULL },
	{ "add: an address", "x@gamma.example", { .pop_host = "" },
	    RES_INVALID, "domain:tool.domain(x@gamma.example)", NULL, NULL },
	{ "add: a dash in front", "-gamma.example", { .pop_host = "" },
	    RES_INVALID, "domain:tool.domain(-gamma.example)", NULL, NULL },
	{ "add: ours for discarded mail", "discard.invalid", { .pop_host =
	    "" }, RES_INVALID, "domain:tool.domain(discard.invalid)", NULL,
	    NULL },
	{ "add: a name that never receives mail", "x.localhost", { .pop_host =
	    "" }, RES_INVALID, "domain:tool.domain(x.localhost)", NULL, NULL },
	{ "add: a blank in the host", "gamma.example", { .pop_host =
	    "post 9" }, RES_INVALID, "pop_host:tool.domain(post 9)", NULL,
	    NULL },
	{ "add: a slash in the host", "gamma.example", { .pop_host =
	    "post/9" }, RES_INVALID, "pop_host:tool.domain(post/9)", NULL,
	    NULL },
	{ "add: a dash behind the host", "gamma.example", { .pop_host =
	    "post-" }, RES_INVALID, "pop_host:tool.domain(post-)", NULL,
	    NULL },
	{ "add: a limit below nothing", "gamma.example", { .max_accounts =
	    "-1" }, RES_INVALID, "max_accounts:number(-1)", NULL, NULL },
	{ "add: a limit of letters", "gamma.example", { .max_forwards =
	    "many" }, RES_INVALID, "max_forwards:number(many)", NULL, NULL },
	{ "add: a limit with a blank inside", "gamma.example", { .max_lists =
	    "1 0" }, RES_INVALID, "max_lists:number(1 0)", NULL, NULL },
	{ "add: a limit too large", "gamma.example", { .max_accounts =
	    "10000001" }, RES_INVALID, "max_accounts:number(10000001)", NULL,
	    NULL },
	{ "add: C08 a limit of 2^64", "gamma.example", { .max_accounts =
	    "18446744073709551616" }, RES_INVALID,
	    "max_accounts:number(18446744073709551616)", NULL, NULL },
	{ "add: a quota of nothing", "gamma.example", { .default_quota_mb =
	    "0" }, RES_INVALID, "default_quota_mb:tool.quota(0)", NULL,
	    NULL },
	{ "add: an empty quota", "gamma.example", { .default_quota_mb = "" },
	    RES_INVALID, "default_quota_mb:tool.quota", NULL, NULL },
	{ "add: a quota over 1 TiB", "gamma.example", { .default_quota_mb =
	    "1048577" }, RES_INVALID, "default_quota_mb:tool.quota(1048577)",
	    NULL, NULL },
	{ "add: an administrator who is nobody", "gamma.example", {
	    .administrators = U1 " u9@alpha.example" }, RES_INVALID,
	    "administrators:admin_missing(u9@alpha.example)", NULL, NULL },
	{ "add: an administrator outside", "gamma.example", {
	    .administrators = "a@x.example" }, RES_INVALID,
	    "administrators:admin_missing(a@x.example)", NULL, NULL },
	{ "add: an administrator without a domain", "gamma.example", {
	    .administrators = "u1" }, RES_INVALID,
	    "administrators:forward.no_domain(u1)", NULL, NULL },
	{ "add: its own postmaster named", "gamma.example", {
	    .administrators = "postmaster@gamma.example" }, RES_OK, "",
	    "gamma.example  1 1024 - - -", "postmaster@gamma.example" },
	{ "add: all that is wrong at once", "gamma", { "post/9", "x",
	    "y", "z", "0", "u9", "on" }, RES_INVALID, "domain:tool.domain(gamma)"
	    " pop_host:tool.domain(post/9) max_accounts:number(x)"
	    " max_forwards:number(y) max_lists:number(z)"
	    " default_quota_mb:tool.quota(0)"
	    " administrators:forward.no_domain(u9)", NULL, NULL },
};
/* clang-format on */

#define DOMAIN_ROW \
	"SELECT name || ' ' || pop_host || ' ' || enabled || ' '" \
	" || (default_quota_bytes / 1048576) || ' '" \
	" || coalesce(max_accounts, '-') || ' '" \
	" || coalesce(max_forwards, '-') || ' ' || coalesce(max_lists, '-')" \
	" FROM domain WHERE name = "
#define ADMINS_OF \
	"SELECT n.local_part || '@' || h.name FROM domain_admin m" \
	" JOIN domain d ON d.id = m.domain_id" \
	" JOIN address n ON n.id = m.account_id" \
	" JOIN domain h ON h.id = n.domain_id WHERE d.name = "
#define ORDERED " ORDER BY h.name, n.local_part"

static void
add(void **state)
{
	struct tempdb *t = *state;
	const struct add_row *r = t->row;
	struct findings f = { .n = 0 };
	char *before = tempdb_dump(t->users);
	struct account a;

	assert_int_equal(
	    domain_add(t->web_store, r->domain, &r->form, &t->who, &f),
	    r->want);
	assert_string_equal(told(&f), r->told);
	if (r->want != RES_OK) {
		tempdb_assert_same(&before, t->users);
		return;
	}
	free(before);
	assert_string_equal(
	    tempdb_text(t->users, DOMAIN_ROW "'gamma.example'"), r->row);
	assert_string_equal(
	    tempdb_text(t->users, ADMINS_OF "'gamma.example'" ORDERED),
	    r->admins);
	/* Its postmaster is an account that nobody can enter yet. */
	a = tempdb_get(t, "postmaster@gamma.example");
	assert_true(a.initial && a.domain_admin && !a.site_admin);
	assert_int_equal(a.quota_bytes,
	    tempdb_get_domain(t, "gamma.example").default_quota_bytes);
	assert_true(passwd_hash_ok(a.hash));
	assert_false(passwd_verify("", a.hash));
	assert_int_equal(
	    strncmp(tempdb_changes(t), "domain_added:>", 14), 0);
	tempdb_assert_search(t);
}

/* Who, when, from where: also of the rights that come with a domain. */
static void
add_is_recorded(void **state)
{
	struct tempdb *t = *state;
	const struct domain_form form = { .pop_host = "post-9",
		.administrators = "v1@beta.example" };
	struct findings f = { .n = 0 };

	assert_int_equal(
	    domain_add(t->web_store, "gamma.example", &form, &t->who, &f),
	    RES_OK);
	assert_string_equal(tempdb_lines(t),
	    "gamma.example domain_added:>post-9"
	    " postmaster@gamma.example account_added:>"
	    " postmaster@gamma.example admin_granted:>gamma.example"
	    " v1@beta.example admin_granted:>gamma.example");
	assert_string_equal(
	    tempdb_text(t->users,
		"SELECT DISTINCT at || ' ' || actor || ' ' || origin || ' '"
		" || request_id || ' ' || domain FROM history"
		" WHERE at >= 1800000000"),
	    "1800000000 " U1 " 192.0.2.1 req-1 gamma.example");
}

static void
add_busy(void **state)
{
	struct tempdb *t = *state;
	const struct domain_form form = { .pop_host = "" };
	struct findings f = { .n = 0 };
	sqlite3 *other = tempdb_lock(t->users);

	tempdb_no_wait(t);
	assert_int_equal(
	    domain_add(t->web_store, "gamma.example", &form, &t->who, &f),
	    RES_BUSY);
	tempdb_unlock(other);
}

/* -- domain_save, of alpha.example -- */

/* clang-format off */
static const struct save_row {
	const char *name;
	const char *before; /* SQL */
	struct domain_form form;
	bool self; /* u1@alpha.example does it */
	enum result want;
	const char *told, *lines, *row, *admins;
} save_rows[] = {
#define OLD "alpha.example post-9 1 1024 - - -"
#define PM "postmaster@alpha.example"
	{ "save: nothing", "", { .pop_host = NULL }, true, RES_OK, "", "",
	    OLD, PM },
	{ "save: what is there", "", { "post-9", "", "", "", "1024",
	    PM, "on" }, true, RES_OK, "", "", OLD, PM },
	{ "save: a host", "", { .pop_host = "Post-10" }, true, RES_OK, "",
	    ALPHA " pop_host:post-9>post-10",
	    "alpha.example post-10 1 1024 - - -", PM },
	{ "save: no host", "", { .pop_host = "" }, true, RES_OK, "",
	    ALPHA " pop_host:post-9>", "alpha.example  1 1024 - - -", PM },
	{ "save: limits", "", { .max_accounts = "40", .max_forwards = "0",
	    .max_lists = "7" }, true, RES_OK, "",
	    ALPHA " max_accounts:>40 " ALPHA " max_forwards:>0 " ALPHA
	    " max_lists:>7", "alpha.example post-9 1 1024 40 0 7", PM },
	{ "save: limits taken away", "UPDATE domain SET max_accounts = 40,"
	    " max_forwards = 0, max_lists = 7", { .max_accounts = "",
	    .max_forwards = " ", .max_lists = "" }, true, RES_OK, "",
	    ALPHA " max_accounts:40> " ALPHA " max_forwards:0> " ALPHA
	    " max_lists:7>", OLD, PM },
	{ "save: a limit below what there is", "", { .max_accounts = "1" },
	    true, RES_OK, "", ALPHA " max_accounts:>1",
	    "alpha.example post-9 1 1024 1 - -", PM },
	{ "save: a quota for the next ones", "", { .default_quota_mb =
	    "2048" }, true, RES_OK, "",
	    ALPHA " default_quota:1073741824>2147483648",
	    "alpha.example post-9 1 2048 - - -", PM },
	{ "save: disabled by the shell", "", { .enabled = "" }, false, RES_OK,
	    "", ALPHA " domain_enabled:on>off",
	    "alpha.example post-9 0 1024 - - -", PM },
	{ "save: enabled", "UPDATE domain SET enabled = 0", { .enabled =
	    "on" }, false, RES_OK, "", ALPHA " domain_enabled:off>on", OLD,
	    PM },
	{ "save: one's own domain disabled", "", { .enabled = "" }, true,
	    RES_INVALID, "enabled:lock_out", "", OLD, PM },
	{ "save: another administrator", "", { .administrators = U1 }, true,
	    RES_OK, "", U1 " admin_granted:>alpha.example " PM
	    " admin_revoked:alpha.example>", OLD, U1 },
	{ "save: several administrators", "", { .administrators =
	    U1 "\r\n" PM "\r\nV1@beta.example" }, true, RES_OK, "",
	    U1 " admin_granted:>alpha.example v1@beta.example"
	    " admin_granted:>alpha.example", OLD, PM " " U1
	    " v1@beta.example" },
	{ "save: no administrator", "", { .administrators = " ,\r\n" }, true,
	    RES_INVALID, "administrators:admin_none", "", OLD, PM },
	{ "save: an administrator who is nobody", "", { .pop_host = "post-1",
	    .administrators = U1 " u9@alpha.example u8@alpha.example" },
	    true, RES_INVALID,
	    "administrators:admin_missing(u9@alpha.example)"
	    " administrators:admin_missing(u8@alpha.example)", "", OLD, PM },
	{ "save: an administrator twice", "", { .administrators =
	    U1 " " U1 }, true, RES_INVALID,
	    "administrators:forward.duplicate(" U1 ")", "", OLD, PM },
	{ "save: an administrator in two spellings", "", { .administrators =
	    U1 " U1@Alpha.example" }, true, RES_OK, "",
	    U1 " admin_granted:>alpha.example " PM
	    " admin_revoked:alpha.example>", OLD, U1 },
	{ "save: all that is wrong at once", "", { "post/9", "x", "-1",
	    "1.5", "0", "", "" }, true, RES_INVALID, "pop_host:tool.domain(post/9)"
	    " max_accounts:number(x) max_forwards:number(-1)"
	    " max_lists:number(1.5) default_quota_mb:tool.quota(0)"
	    " enabled:lock_out administrators:admin_none", "", OLD, PM },
};
/* clang-format on */

static void
save(void **state)
{
	struct tempdb *t = *state;
	const struct save_row *r = t->row;
	struct findings f = { .n = 0 };
	struct account self = tempdb_get(t, U1);
	char *before;

	if (r->before[0] != '\0')
		assert_int_equal(tempdb_exec(t->users, r->before), 0);
	before = tempdb_dump(t->users);
	assert_int_equal(domain_save(t->web_store, ALPHA, -1, &r->form,
			     r->self ? &self : NULL, &t->who, &f),
	    r->want);
	assert_string_equal(told(&f), r->told);
	assert_string_equal(tempdb_lines(t), r->lines);
	assert_string_equal(
	    tempdb_text(t->users, DOMAIN_ROW "'alpha.example'"), r->row);
	assert_string_equal(
	    tempdb_text(t->users, ADMINS_OF "'alpha.example'" ORDERED),
	    r->admins);
	if (r->want != RES_OK)
		tempdb_assert_same(&before, t->users);
	free(before);
	/* Nothing of it is about the other domain. */
	assert_string_equal(
	    tempdb_text(t->users, ADMINS_OF "'beta.example'" ORDERED),
	    "postmaster@beta.example");
}

static void
save_nowhere(void **state)
{
	struct tempdb *t = *state;
	const struct domain_form form = { .pop_host = "post-1" };
	struct findings f = { .n = 0 };
	sqlite3 *other;

	assert_int_equal(domain_save(t->web_store, "gamma.example", -1, &form,
			     NULL, &t->who, &f),
	    RES_NOTFOUND);
	other = tempdb_lock(t->users);
	tempdb_no_wait(t);
	assert_int_equal(
	    domain_save(t->web_store, ALPHA, -1, &form, NULL, &t->who, &f),
	    RES_BUSY);
	tempdb_unlock(other);
}

/* C112: what somebody saved since the page was shown is not overwritten: not
 * a setting, and not a right. */
static void
save_stale(void **state)
{
	struct tempdb *t = *state;
	struct domain_form form = { .pop_host = "post-1" };
	struct findings f = { .n = 0 };
	int64_t version = tempdb_get_domain(t, ALPHA).version;
	char *before;

	assert_int_equal(
	    admin_grant(t->tool_store, U1, ALPHA, &shell), RES_OK);
	before = tempdb_dump(t->users);
	assert_int_equal(domain_save(t->web_store, ALPHA, version, &form,
			     NULL, &t->who, &f),
	    RES_CONFLICT);
	tempdb_assert_same(&before, t->users);
	version = tempdb_get_domain(t, ALPHA).version;
	assert_int_equal(domain_save(t->web_store, ALPHA, version, &form,
			     NULL, &t->who, &f),
	    RES_OK);
	/* The second of two clicks asks for what is there. */
	assert_int_equal(domain_save(t->web_store, ALPHA, version, &form,
			     NULL, &t->who, &f),
	    RES_OK);
	form.pop_host = "post-2";
	before = tempdb_dump(t->users);
	assert_int_equal(domain_save(t->web_store, ALPHA, version, &form,
			     NULL, &t->who, &f),
	    RES_CONFLICT);
	tempdb_assert_same(&before, t->users);
}

/* However many there were, those who are not named are none any more. */
static void
all_others_leave(void **state)
{
	struct tempdb *t = *state;
	const struct domain_form form = { .administrators = U1 };
	struct findings f = { .n = 0 };

	assert_int_equal(
	    tempdb_exec(t->users,
		"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1"
		" FROM n WHERE i < 60) INSERT INTO address (id, domain_id,"
		" local_part, kind) SELECT 100 + i, 1, 'a' || i, 'account'"
		" FROM n;"
		"INSERT INTO account (id, domain_id, local_part,"
		" password_hash, quota_bytes, created_at, password_at)"
		" SELECT id, 1, local_part, '$y$j9T$saltsalt$hash', 1, 1, 1"
		" FROM address WHERE id > 100;"
		"INSERT INTO domain_admin SELECT 1, id FROM address"
		" WHERE id > 100"),
	    0);
	assert_int_equal(
	    domain_save(t->web_store, ALPHA, -1, &form, NULL, &t->who, &f),
	    RES_OK);
	assert_string_equal(
	    tempdb_text(t->users, ADMINS_OF "'alpha.example'" ORDERED), U1);
}

/* -- limits -- */

static enum result
try_account(struct tempdb *t, const char *address, struct findings *f)
{
	const struct account_new new = { .address = address,
		.real_name = "" };
	char password[PASSWD_GENERATED];

	f->n = 0;
	return account_add(
	    t->web_store, &t->rules, &new, &t->who, f, password);
}

static enum result
try_forward(struct tempdb *t, const char *name, struct findings *f)
{
	f->n = 0;
	return forward_add(
	    t->web_store, ALPHA, name, "a@x.example", &t->who, f);
}

/* alpha.example has four accounts and no forward. */
static void
limits(void **state)
{
	struct tempdb *t = *state;
	const struct domain_form five = { .max_accounts = "5",
		.max_forwards = "1" };
	struct account a;
	struct findings f = { .n = 0 };
	char *before;

	assert_int_equal(
	    domain_save(t->web_store, ALPHA, -1, &five, NULL, &shell, &f),
	    RES_OK);
	assert_int_equal(try_account(t, "n1@alpha.example", &f), RES_OK);
	before = tempdb_dump(t->users);
	assert_int_equal(
	    try_account(t, "n2@alpha.example", &f), RES_INVALID);
	assert_string_equal(told(&f), "account:limit(5)");
	tempdb_assert_same(&before, t->users);
	assert_int_equal(try_account(t, "n2@beta.example", &f), RES_OK);
	assert_int_equal(try_forward(t, "f1", &f), RES_OK);
	assert_int_equal(try_forward(t, "f2", &f), RES_INVALID);
	assert_string_equal(told(&f), "name:limit(1)");
	/* One goes, another comes; a forward is no account. */
	a = tempdb_get(t, "n1@alpha.example");
	f.n = 0;
	assert_int_equal(
	    account_delete(t->web_store, &a, NULL, "", &shell, &f), RES_OK);
	assert_int_equal(
	    forward_delete(t->web_store, ALPHA, "f1", &shell, &f), RES_OK);
	assert_int_equal(try_account(t, "n2@alpha.example", &f), RES_OK);
	assert_int_equal(try_forward(t, "f2", &f), RES_OK);
	/* A forward left behind counts, too. */
	a = tempdb_get(t, "n2@alpha.example");
	f.n = 0;
	assert_int_equal(account_delete(t->web_store, &a, NULL,
			     "a@x.example", &shell, &f),
	    RES_INVALID);
	assert_string_equal(told(&f), "leave_forward_to:limit(1)");
	assert_int_equal(tempdb_get(t, "n2@alpha.example").id, a.id);
}

/* -- a disabled domain -- */

static enum login
try_login(struct tempdb *t)
{
	char token[SECRET_TEXT];
	struct account a;
	int64_t wait;

	return login(t->web_store, &t->rules, U1, "", PW, &t->who, token, &a,
	    &wait);
}

#define ALL_MAIL \
	"SELECT local_part || domain || id || pop3_open || mailbox_open" \
	" FROM mail_account UNION ALL SELECT local_part || domain || target" \
	" FROM mail_alias ORDER BY 1"

/* C116: no log-in and no mailbox, and mail is refused, not relayed; enabled
 * again, all is as before. */
static void
disabled(void **state)
{
	struct tempdb *t = *state;
	const struct domain_form off = { .enabled = "" },
				 on = { .enabled = "on" };
	struct findings f = { .n = 0 };
	struct domain d;
	char before[1000];

	assert_int_equal(try_forward(t, "f1", &f), RES_OK);
	snprintf(before, sizeof(before), "%s",
	    tempdb_text(t->users, ALL_MAIL));
	assert_int_equal(try_login(t), LOGIN_OK);
	assert_int_equal(
	    domain_save(t->web_store, ALPHA, -1, &off, NULL, &shell, &f),
	    RES_OK);
	assert_int_equal(try_login(t), LOGIN_WRONG);
	assert_string_equal(
	    tempdb_text(t->users, "SELECT DISTINCT domain FROM mail_account"
				  " UNION SELECT domain FROM mail_alias"),
	    "beta.example");
	assert_string_equal(
	    tempdb_text(t->users, "SELECT domain FROM mail_domain"
				  " ORDER BY 1"),
	    "alpha.example beta.example");
	/* Those who look after it still can. */
	assert_int_equal(domain_enter(t->web_store,
			     &(const struct account){ .id = 5 }, ALPHA, &d),
	    RES_OK);
	assert_false(d.enabled);
	assert_int_equal(
	    domain_save(t->web_store, ALPHA, -1, &on, NULL, &shell, &f),
	    RES_OK);
	assert_int_equal(try_login(t), LOGIN_OK);
	assert_string_equal(tempdb_text(t->users, ALL_MAIL), before);
}

/* -- domain_delete -- */

/* clang-format off */
static const struct delete_row {
	const char *name;
	const char *before; /* SQL */
	const char *domain;
	bool everything;
	enum result want;
	const char *told;
} delete_rows[] = {
#define EMPTY "INSERT INTO account_search (account_search, rowid, local_part," \
	" real_name) SELECT 'delete', id, local_part, real_name FROM account" \
	" WHERE id = 4; DELETE FROM address WHERE id = 4"
	{ "delete: only its postmaster", EMPTY, "Beta.Example", false, RES_OK,
	    "" },
	{ "delete: an account", "", "beta.example", false, RES_INVALID,
	    "domain:domain_used(beta.example)" },
	{ "delete: a forward", EMPTY "; INSERT INTO address (domain_id,"
	    " local_part, kind) VALUES (2, 'f', 'forward')", "beta.example",
	    false, RES_INVALID, "domain:domain_used(beta.example)" },
	{ "delete: others forward to it", EMPTY "; INSERT INTO target VALUES"
	    " (1, 1, 'postmaster', 'beta.example'); UPDATE account SET"
	    " routing = 'forward' WHERE id = 1", "beta.example", false,
	    RES_INVALID, "domain:in_use_by(u1@alpha.example)" },
	{ "delete: all of it", "INSERT INTO target VALUES (4, 1, 'u1',"
	    " 'alpha.example'); UPDATE account SET routing = 'forward'"
	    " WHERE id = 4", "beta.example", true, RES_OK, "" },
	{ "delete: not there", "", "gamma.example", true, RES_NOTFOUND, "" },
	{ "delete: no domain", "", "x", true, RES_NOTFOUND, "" },
	{ "delete: another one would be without administrator",
	    "INSERT INTO domain_admin VALUES (1, 4); DELETE FROM domain_admin"
	    " WHERE account_id = 5", "beta.example", true, RES_INVALID,
	    "domain:last_admin(alpha.example)" },
};
/* clang-format on */

static void
delete(void **state)
{
	struct tempdb *t = *state;
	const struct delete_row *r = t->row;
	const struct domain_form form = { .pop_host = "" };
	struct findings f = { .n = 0 };
	char *before;

	if (r->before[0] != '\0')
		assert_int_equal(tempdb_exec(t->users, r->before), 0);
	before = tempdb_dump(t->users);
	assert_int_equal(
	    domain_delete(t->tool_store, r->domain, r->everything, &shell, &f),
	    r->want);
	assert_string_equal(told(&f), r->told);
	if (r->want != RES_OK) {
		tempdb_assert_same(&before, t->users);
		return;
	}
	free(before);
	assert_string_equal(
	    tempdb_lines(t), "beta.example domain_deleted:>");
	assert_string_equal(
	    tempdb_text(t->users, "SELECT name FROM domain"), ALPHA);
	assert_string_equal(
	    tempdb_text(t->users, "SELECT domain_id || local_part FROM address"
				  " UNION ALL SELECT domain_id || ''"
				  " FROM domain_count ORDER BY 1"),
	    "1 1postmaster 1u1 1u2 1u3");
	assert_string_equal(
	    tempdb_text(t->users, "PRAGMA foreign_key_check"), "");
	tempdb_assert_search(t);
	/* Its name is free, its ids are not used again. */
	assert_int_equal(domain_add(t->tool_store, "beta.example", &form,
			     &shell, &f),
	    RES_OK);
	assert_true(tempdb_get(t, "postmaster@beta.example").id > 6);
	assert_true(tempdb_get_domain(t, "beta.example").id > 2);
}

/* A later account of one's name begins with nothing. */
static void
deleted_usage(void **state)
{
	struct tempdb *t = *state;
	struct findings f = { .n = 0 };
	struct usage u;

	assert_int_equal(
	    tempdb_exec(t->mailstat,
		"INSERT INTO quota_usage VALUES ('v1@beta.example', 50, 1),"
		" ('u1@alpha.example', 60, 1);"
		"INSERT INTO last_login VALUES ('v1@beta.example', 77)"),
	    0);
	assert_int_equal(
	    domain_delete(t->tool_store, "beta.example", true, &shell, &f),
	    RES_OK);
	store_usage(t->web_store, U1, &u);
	assert_int_equal(u.bytes, 60);
	store_usage(t->web_store, "v1@beta.example", &u);
	assert_int_equal(u.bytes + u.last_login, 0);
}

/* -- rights -- */

/* clang-format off */
static const struct revoke_row {
	const char *name, *before, *address, *domain;
	enum result want;
	const char *told, *lines;
} revoke_rows[] = {
	{ "revoke: one of two", "INSERT INTO domain_admin VALUES (1, 1)", U1,
	    "Alpha.example", RES_OK, "", U1 " admin_revoked:alpha.example>" },
	{ "revoke: C98 the last one", "", PM, ALPHA, RES_INVALID,
	    "administrators:last_admin(alpha.example)", "" },
	{ "revoke: postmaster, where there is another",
	    "INSERT INTO domain_admin VALUES (1, 4)", PM, ALPHA, RES_OK, "",
	    PM " admin_revoked:alpha.example>" },
	{ "revoke: no administrator", "", U1, ALPHA, RES_OK, "", "" },
	{ "revoke: of another domain only", "", PM, "beta.example", RES_OK,
	    "", "" },
	{ "revoke: the site", "INSERT INTO site_admin VALUES (1)", U1, NULL,
	    RES_OK, "", U1 " admin_revoked:site>" },
	{ "revoke: the site, twice", "", U1, NULL, RES_OK, "", "" },
	{ "revoke: nobody", "", "u9@alpha.example", ALPHA, RES_NOTFOUND, "",
	    "" },
	{ "revoke: nowhere", "", U1, "gamma.example", RES_NOTFOUND, "", "" },
};
/* clang-format on */

static void
revoking(void **state)
{
	struct tempdb *t = *state;
	const struct revoke_row *r = t->row;
	struct findings f = { .n = 0 };
	char *before;

	if (r->before[0] != '\0')
		assert_int_equal(tempdb_exec(t->users, r->before), 0);
	before = tempdb_dump(t->users);
	assert_int_equal(admin_revoke(t->tool_store, r->address, r->domain,
			     &shell, &f),
	    r->want);
	assert_string_equal(told(&f), r->told);
	assert_string_equal(tempdb_lines(t), r->lines);
	if (r->lines[0] == '\0')
		tempdb_assert_same(&before, t->users);
	free(before);
}

/* clang-format off */
static const struct enter_row {
	const char *name, *who, *domain;
	enum result want;
} enter_rows[] = {
	{ "enter: an administrator", PM, ALPHA, RES_OK },
	{ "enter: of two", PM, "gamma.example", RES_OK },
	{ "enter: a user", U1, ALPHA, RES_NOTFOUND },
	{ "enter: C77 somebody else's", PM, "beta.example", RES_NOTFOUND },
	{ "enter: the site's", "u2@alpha.example", ALPHA, RES_NOTFOUND },
	{ "enter: in capitals", PM, "Alpha.example", RES_NOTFOUND },
	{ "enter: no such", PM, "delta.example", RES_NOTFOUND },
	{ "enter: nothing", PM, "", RES_NOTFOUND },
	{ "enter: SQL", PM, "' OR 1=1 --", RES_NOTFOUND },
};
/* clang-format on */

static bool
take_name(void *arg, const struct domain *d)
{
	char *names = arg;
	const size_t n = strlen(names);

	snprintf(names + n, 100 - n, "%s ", d->name);
	return true;
}

static bool
first_name(void *arg, const struct domain *d)
{
	take_name(arg, d);
	return false;
}

static void
enter(void **state)
{
	struct tempdb *t = *state;
	const struct enter_row *r = t->row;
	struct account a;
	struct domain d;

	tempdb_domain(t, "gamma.example");
	assert_int_equal(
	    admin_grant(t->tool_store, PM, "gamma.example", &shell), RES_OK);
	assert_int_equal(admin_grant(t->tool_store, "u2@alpha.example", NULL,
			     &shell),
	    RES_OK);
	a = tempdb_get(t, r->who);
	assert_int_equal(
	    domain_enter(t->web_store, &a, r->domain, &d), r->want);
	if (r->want == RES_OK)
		assert_string_equal(d.name, r->domain);
}

static void
lists(void **state)
{
	struct tempdb *t = *state;
	const struct account pm = tempdb_get(t, PM), u1 = tempdb_get(t, U1);
	char names[100] = "";

	tempdb_domain(t, "a2.example");
	assert_int_equal(
	    admin_grant(t->tool_store, PM, "a2.example", &shell), RES_OK);
	assert_int_equal(
	    domain_list(t->web_store, &pm, take_name, names), RES_OK);
	assert_string_equal(names, "a2.example alpha.example ");
	names[0] = '\0';
	assert_int_equal(
	    domain_list(t->web_store, &u1, take_name, names), RES_OK);
	assert_string_equal(names, "");
	assert_int_equal(
	    domain_list(t->web_store, NULL, take_name, names), RES_OK);
	assert_string_equal(names, "a2.example alpha.example beta.example ");
	names[0] = '\0';
	assert_int_equal(
	    domain_list(t->web_store, NULL, first_name, names), RES_OK);
	assert_string_equal(names, "a2.example ");
}

/* -- what a quota may be -- */

/* clang-format off */
static const struct quota_row {
	const char *name, *text;
	int64_t want; /* bytes; 0: refused */
} quota_rows[] = {
	{ "quota: 1", "1", 1048576 },
	{ "quota: blanks around", " 5 ", 0 },
	{ "quota: zeros in front", "007", 7340032 },
	{ "quota: 1 TiB", "1048576", 1099511627776 },
	{ "quota: more", "1048577", 0 },
	{ "quota: 2^64", "18446744073709551616", 0 },
	{ "quota: 0", "0", 0 },
	{ "quota: negative", "-5", 0 },
	{ "quota: a plus", "+5", 0 },
	{ "quota: empty", "", 0 },
	{ "quota: blank", "  ", 0 },
	{ "quota: a half", "0.5", 0 },
	{ "quota: a unit", "5MB", 0 },
	{ "quota: two", "5 6", 0 },
	{ "quota: hexadecimal", "0x10", 0 },
	{ "quota: an exponent", "1e3", 0 },
	{ "quota: wide digits", "５", 0 },
};
/* clang-format on */

static void
quota(void **state)
{
	const struct quota_row *r = *state;
	struct findings f = { .n = 0 };
	int64_t bytes = 0;

	assert_int_equal(quota_parse(r->text, &bytes, &f), r->want > 0);
	assert_int_equal(bytes, r->want);
	if (r->want == 0)
		assert_string_equal(f.list[0].field, "quota_mb");
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, add_rows, add, tempdb_open, tempdb_drop);
	ADD_ROWS(&s, save_rows, save, tempdb_open, tempdb_drop);
	ADD_ROWS(&s, delete_rows, delete, tempdb_open, tempdb_drop);
	ADD_ROWS(&s, revoke_rows, revoking, tempdb_open, tempdb_drop);
	ADD_ROWS(&s, enter_rows, enter, tempdb_open, tempdb_drop);
	ADD_ROWS(&s, quota_rows, quota, NULL, NULL);
#define T(name, f) suite_add(&s, name, f, tempdb_open, tempdb_drop, NULL)
	T("add: who, when, from where", add_is_recorded);
	T("add: C106 busy", add_busy);
	T("save: nowhere, and busy", save_nowhere);
	T("save: C112 a page of before", save_stale);
	T("save: sixty administrators leave", all_others_leave);
	T("C66 limits", limits);
	T("C116 a disabled domain", disabled);
	T("delete: usage is forgotten", deleted_usage);
	T("lists of domains", lists);
	return suite_run(&s, "domain");
}
