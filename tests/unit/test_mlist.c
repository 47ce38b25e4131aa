/* Mailing lists as the database has them: settings, names, limits, history,
 * and who has to leave all lists.  Members: test_mlist_member.c. */
#include "tests/unit/unit.h"

#include "core/account.h"
#include "core/domain.h"
#include "core/forward.h"
#include "core/mlist.h"
#include "tests/unit/tempdb.h"

#define ALPHA "alpha.example"
#define U1 "u1@alpha.example"
#define NEWS "news@alpha.example"

/* Every test has these: news@alpha.example (30) and old@beta.example (31). */
#define LIST(id, domain, local) \
	"INSERT INTO address (id, domain_id, local_part, kind)" \
	" VALUES (" #id ", " #domain ", '" local "', 'list');" \
	"INSERT INTO mailing_list (id, description, owner, created_at)" \
	" VALUES (" #id ", 'Of old', 'u1@alpha.example', 1);"

/* A name of n letters, or so many characters. */
static const char *
repeat(const char *what, size_t n)
{
	static char text[16384];
	size_t len = 0;

	for (text[0] = '\0'; n > 0; n--)
		len += (size_t)snprintf(
		    text + len, sizeof(text) - len, "%s", what);
	return text;
}

/* "NUMBER*TEXT" is that text so often. */
static const char *
value_of(const char *typed)
{
	char *end;
	long n = strtol(typed, &end, 10);

	return n > 0 && *end == '*' ? repeat(end + 1, (size_t)n) : typed;
}

/* Fifty or so moderators, one a line. */
static const char *
many(size_t n)
{
	static char text[16384];
	size_t len = 0;

	for (size_t i = 0; i < n; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "m%zu@%s.x.example\n", i,
		    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz");
	return text;
}

static void
set_field(struct mlist_form *form, const char *field, const char *value)
{
	const struct {
		const char *name, **at;
	} all[] = {
		{ "description", &form->description },
		{ "owner", &form->owner },
		{ "posting", &form->posting },
		{ "subscription", &form->subscription },
		{ "reply_to", &form->reply_to },
		{ "prefix", &form->prefix },
		{ "footer", &form->footer },
		{ "archive", &form->archive },
		{ "moderators", &form->moderators },
	};

	for (size_t i = 0; i < NELEM(all); i++)
		if (strcmp(all[i].name, field) == 0)
			*all[i].at = value;
}

static void
prepare(struct tempdb *t, const char *sql)
{
	assert_int_equal(
	    tempdb_exec(t->users, LIST(30, 1, "news") LIST(31, 2, "old")), 0);
	if (sql[0] != '\0')
		assert_int_equal(tempdb_exec(t->users, sql), 0);
}

/* A setting of a list as it is stored. */
static const char *
stored(struct tempdb *t, const char *local, const char *column)
{
	char sql[256];

	snprintf(sql, sizeof(sql),
	    "SELECT l.%s FROM mailing_list l JOIN address n ON n.id = l.id"
	    " WHERE n.local_part = '%s'",
	    column, local);
	return tempdb_text(t->users, sql);
}

/* -- mlist_add: called new@alpha.example where the row says no other -- */

/* clang-format off */
static const struct add_row {
	const char *name, *before;
	const char *typed, *owner;
	enum result want;
	const char *told, *lines;
} add_rows[] = {
#define ADDED "new@alpha.example list_added:>What it is"
	{ "add: a list", "", "new", U1, RES_OK, "", ADDED },
	{ "add: in capitals, with blanks", "", " NEW ", U1, RES_OK, "",
	    ADDED },
	{ "add: as an address", "", "New@Alpha.Example", U1, RES_OK, "",
	    ADDED },
	{ "add: an owner outside", "", "new", "Boss@x.example", RES_OK, "",
	    ADDED },
	{ "add: an owner of another domain here", "", "new",
	    "V1@beta.example", RES_OK, "", ADDED },
	{ "add: C07 zero", "", "0", U1, RES_OK, "",
	    "0@alpha.example list_added:>What it is" },
	{ "add: C07 seven", "", "007", U1, RES_OK, "",
	    "007@alpha.example list_added:>What it is" },

	{ "add: C77 another domain", "", "new@beta.example", U1, RES_INVALID,
	    "name:foreign(new@beta.example)", "" },
	{ "add: C64 the name of an account", "", "U1", U1, RES_INVALID,
	    "name:in_use(U1)", "" },
	{ "add: the name of a list", "", "news", U1, RES_INVALID,
	    "name:in_use(news)", "" },
	{ "add: the name of another domain's list", "", "old", U1, RES_OK,
	    "", "old@alpha.example list_added:>What it is" },
	{ "add: the name of a forward", "INSERT INTO address (domain_id,"
	    " local_part, kind) VALUES (1, 'fw', 'forward')", "fw", U1,
	    RES_INVALID, "name:in_use(fw)", "" },
	{ "add: the postmaster", "", "postmaster", U1, RES_INVALID,
	    "name:in_use(postmaster)", "" },
	{ "add: the name of an import that is not done",
	    "INSERT INTO import (id, domain_id, at, owner) VALUES (1, 2, 1,"
	    " '1 1'); INSERT INTO address (domain_id, local_part, kind,"
	    " import_id) VALUES (1, 'im', 'account', 1)", "im", U1,
	    RES_INVALID, "name:in_use(im)", "" },
	{ "add: C13 no name", "", "", U1, RES_INVALID, "name:name", "" },
	{ "add: C13 at", "", "@", U1, RES_INVALID, "name:name(@)", "" },
	{ "add: C05 a plus: one of a list's own addresses", "", "new+owner",
	    U1, RES_INVALID, "name:name(new+owner)", "" },
	{ "add: a dot in front", "", ".new", U1, RES_INVALID,
	    "name:name(.new)", "" },
	{ "add: a path", "", "../x", U1, RES_INVALID, "name:name(../x)", "" },
	{ "add: a slash", "", "a/b", U1, RES_INVALID, "name:name(a/b)", "" },
	{ "add: an option", "", "-L", U1, RES_INVALID, "name:name(-L)", "" },
	{ "add: a line in the middle", "", "a\nb", U1, RES_INVALID,
	    "name:name(a\nb)", "" },
	{ "add: a header", "", "a\r\nBcc: x", U1, RES_INVALID,
	    "name:name(a\r\nBcc: x)", "" },
	{ "add: angle brackets", "", "a>b", U1, RES_INVALID,
	    "name:name(a>b)", "" },
	{ "add: SQL", "", "a'b", U1, RES_INVALID, "name:name(a'b)", "" },
	{ "add: in Japanese", "", "山", U1, RES_INVALID, "name:name(山)",
	    "" },
	{ "add: of 65 characters", "", "65*a", U1, RES_INVALID, NULL, "" },

	{ "add: no owner", "", "new", NULL, RES_INVALID, "owner:list.owner",
	    "" },
	{ "add: an empty owner", "", "new", " \r\n,", RES_INVALID,
	    "owner:list.owner", "" },
	{ "add: two owners", "", "new", "a@x.example b@x.example",
	    RES_INVALID, "owner:forward.many(1)", "" },
	{ "add: an owner who is not there", "", "new", "u9@alpha.example",
	    RES_INVALID, "owner:forward.missing(u9@alpha.example)", "" },
	{ "add: C51 an owner of no domain", "", "new", "u1", RES_INVALID,
	    "owner:forward.no_domain(u1)", "" },
	{ "add: C49 an owner that is a pipe", "", "new", "|/bin/id",
	    RES_INVALID, "owner:forward.command(|/bin/id)", "" },
	{ "add: itself for an owner", "", "new", "new@alpha.example",
	    RES_INVALID, NULL, "" },
	{ "add: an owner's extension", "", "new", "u1+l@alpha.example",
	    RES_OK, "", ADDED },
	{ "add: all that is wrong", "", "n+w", "bob", RES_INVALID,
	    "name:name(n+w) owner:forward.no_domain(bob)", "" },

	{ "add: the limit", "UPDATE domain SET max_lists = 1 WHERE id = 1",
	    "new", U1, RES_INVALID, "name:limit(1)", "" },
	{ "add: just below the limit", "UPDATE domain SET max_lists = 2",
	    "new", U1, RES_OK, "", ADDED },
	{ "add: none is allowed", "UPDATE domain SET max_lists = 0", "new",
	    U1, RES_INVALID, "name:limit(0)", "" },
	{ "add: the limit of forwards is no matter",
	    "UPDATE domain SET max_forwards = 0, max_accounts = 0", "new",
	    U1, RES_OK, "", ADDED },
};
/* clang-format on */

static void
add(void **state)
{
	struct tempdb *t = *state;
	const struct add_row *r = t->row;
	const struct mlist_form form = { .owner = r->owner,
		.description = "What it is" };
	struct findings f = { .n = 0 };
	struct mlist l;
	struct domain d;
	char *before;

	prepare(t, r->before);
	d = tempdb_get_domain(t, ALPHA);
	before = tempdb_dump(t->users);
	assert_int_equal(mlist_add(t->web_store, "", &d, value_of(r->typed),
			     &form, &t->who, &f),
	    r->want);
	assert_string_equal(tempdb_lines(t), r->lines);
	if (r->told != NULL)
		assert_string_equal(told(&f), r->told);
	if (r->want != RES_OK) {
		assert_true(f.n > 0);
		tempdb_assert_same(&before, t->users);
		return;
	}
	free(before);
	assert_int_equal(
	    tempdb_get_domain(t, ALPHA).lists, d.lists + 1);
	if (strcmp(r->lines, ADDED) != 0)
		return;
	assert_int_equal(mlist_find(t->web_store, &d, "new", &l), RES_OK);
	assert_string_equal(l.address, "new@alpha.example");
	assert_string_equal(l.description, "What it is");
	assert_int_equal(l.version, 0);
	assert_int_equal(l.created_at, NOW);
	assert_int_equal(l.posting, POSTING_MEMBERS);
	assert_int_equal(l.subscription, SUB_CONFIRM);
	assert_false(l.reply_to_list || l.archive);
	assert_true(l.id > 31);
	/* Its mail goes to the directory of its number; it is no mailbox. */
	assert_string_equal(
	    tempdb_text(t->users,
		"SELECT replace(transport, (SELECT id FROM address WHERE"
		" local_part = 'new'), 'ID') FROM mail_transport"
		" WHERE local_part = 'new' AND domain = 'alpha.example'"),
	    "mlmmj:ID");
	assert_int_equal(tempdb_int(t->users,
			     "SELECT count(*) FROM mail_account"
			     " WHERE local_part = 'new'"),
	    0);
}

/* -- mlist_save: one setting of news@alpha.example -- */

/* clang-format off */
static const struct save_row {
	const char *name;
	const char *field, *typed;
	enum result want;
	const char *told, *changes;
	const char *stored; /* NULL: as typed */
} save_rows[] = {
#define NO(field, fault) RES_INVALID, field ":" fault, ""
	{ "save: description", "description", "News & <more>", RES_OK, "",
	    "list_description:Of old>News & <more>", NULL },
	{ "save: description in Japanese", "description", "お知らせ", RES_OK,
	    "", "list_description:Of old>お知らせ", NULL },
	{ "save: no description", "description", "", RES_OK, "",
	    "list_description:Of old>", NULL },
	{ "save: the same", "description", "Of old", RES_OK, "", "", NULL },
	{ "save: 200 characters", "description", "200*x", RES_OK, "", NULL,
	    NULL },
	{ "save: 200 characters of three bytes", "description", "200*山",
	    RES_OK, "", NULL, NULL },
	{ "save: 200 characters of four bytes", "description", "200*😀",
	    RES_OK, "", NULL, NULL },
	{ "save: 201 characters", "description", "201*x",
	    NO("description", "list.text(200)"), "Of old" },
	{ "save: two lines of description", "description", "a\nBcc: x@y",
	    NO("description", "list.text(200)"), "Of old" },
	{ "save: a return in it", "description", "a\rb",
	    NO("description", "list.text(200)"), "Of old" },
	{ "save: DEL in it", "description", "a\x7f",
	    NO("description", "list.text(200)"), "Of old" },

	{ "save: owner", "owner", "Boss@X.example", RES_OK, "",
	    "list_owner:" U1 ">Boss@x.example", "Boss@x.example" },
	{ "save: owner here", "owner", "U2@alpha.example", RES_OK, "",
	    "list_owner:" U1 ">u2@alpha.example", "u2@alpha.example" },
	{ "save: no owner", "owner", "", NO("owner", "list.owner"), U1 },
	{ "save: an owner of two lines", "owner", "a@x.example\nb@x.example",
	    NO("owner", "forward.many(1)"), U1 },
	{ "save: itself for an owner", "owner", NEWS,
	    NO("owner", "list.self(" NEWS ")"), U1 },

	{ "save: posting by anyone", "posting", "anyone", RES_OK, "",
	    "list_posting:members>anyone", NULL },
	{ "save: posting moderated", "posting", "members_moderated", RES_OK,
	    "", "list_posting:members>members_moderated", NULL },
	{ "save: posting by moderators", "posting", "moderators", RES_OK, "",
	    "list_posting:members>moderators", NULL },
	{ "save: posting, all moderated", "posting", "moderators_moderated",
	    RES_OK, "", "list_posting:members>moderators_moderated", NULL },
	{ "save: posting of another case", "posting", "Anyone",
	    NO("posting", "list.choose"), "members" },
	{ "save: posting SQL", "posting", "anyone' --",
	    NO("posting", "list.choose"), "members" },
	{ "save: subscription closed", "subscription", "closed", RES_OK, "",
	    "list_subscription:confirm>closed", NULL },
	{ "save: subscription by approval", "subscription", "approval",
	    RES_OK, "", "list_subscription:confirm>approval", NULL },
	{ "save: no subscription", "subscription", "",
	    NO("subscription", "list.choose"), "confirm" },
	{ "save: replies to the list", "reply_to", "list", RES_OK, "",
	    "list_reply_to:sender>list", NULL },
	{ "save: replies to somebody", "reply_to", "a@x.example",
	    NO("reply_to", "list.choose"), "sender" },
	{ "save: archive", "archive", "on", RES_OK, "",
	    "list_archive:off>on", "1" },
	{ "save: no archive", "archive", "", RES_OK, "", "", "0" },

	{ "save: prefix", "prefix", "[news %n%]", RES_OK, "",
	    "list_prefix:>[news %n%]", NULL },
	{ "save: prefix of 40", "prefix", "40*p", RES_OK, "", NULL, NULL },
	{ "save: prefix of 41", "prefix", "41*p",
	    NO("prefix", "list.ascii(40)"), "" },
	{ "save: prefix in Japanese", "prefix", "[山]",
	    NO("prefix", "list.ascii(40)"), "" },
	{ "save: a header in the prefix", "prefix", "[x]\nBcc: a@x.example",
	    NO("prefix", "list.ascii(40)"), "" },
	{ "save: a tab in the prefix", "prefix", "a\tb",
	    NO("prefix", "list.ascii(40)"), "" },
	{ "save: footer", "footer", "-- \r\nBye\r\n.\r\n", RES_OK, "", NULL,
	    "-- \nBye\n.\n" },
	{ "save: footer of 1000", "footer", "1000*f", RES_OK, "", NULL,
	    NULL },
	{ "save: footer of 1001", "footer", "1001*f",
	    NO("footer", "list.ascii(1000)"), "" },
	{ "save: footer of 12000", "footer", "6000*f\r",
	    NO("footer", "list.ascii(1000)"), "" },
	{ "save: footer in Japanese", "footer", "山",
	    NO("footer", "list.ascii(1000)"), "" },
	{ "save: an escape in the footer", "footer", "\x1b[2J",
	    NO("footer", "list.ascii(1000)"), "" },

	{ "save: moderators", "moderators", "U2@alpha.example, A@X.example",
	    RES_OK, "", NULL, "u2@alpha.example\nA@x.example\n" },
	{ "save: no moderators", "moderators", " \r\n", RES_OK, "", "", "" },
	{ "save: fifty moderators", "moderators", "50 of them", RES_OK, "",
	    NULL, NULL },
	{ "save: fifty-one moderators", "moderators", "51 of them",
	    NO("moderators", "forward.many(50)"), "" },
	{ "save: a moderator twice", "moderators", "a@x.example a@x.example",
	    NO("moderators", "forward.duplicate(a@x.example)"), "" },
	{ "save: a moderator who is not there", "moderators",
	    "u9@alpha.example",
	    NO("moderators", "forward.missing(u9@alpha.example)"), "" },
	{ "save: a command for a moderator", "moderators", "|id",
	    NO("moderators", "forward.command(|id)"), "" },
	{ "save: itself for a moderator", "moderators", NEWS,
	    NO("moderators", "list.self(" NEWS ")"), "" },
};
/* clang-format on */

static void
save(void **state)
{
	struct tempdb *t = *state;
	const struct save_row *r = t->row;
	const struct domain d = tempdb_get_domain(t, ALPHA);
	const char *typed = strcmp(r->typed, "50 of them") == 0 ? many(50) :
	    strcmp(r->typed, "51 of them") == 0			? many(51) :
						value_of(r->typed);
	struct mlist_form form = { .description = NULL };
	struct findings f = { .n = 0 };
	bool changed;
	struct mlist l;
	char *before;

	prepare(t, "");
	set_field(&form, r->field, typed);
	before = tempdb_dump(t->users);
	assert_int_equal(mlist_save(t->web_store, "", &d, "news", 0, &form,
			     &t->who, &f, &changed),
	    r->want);
	assert_string_equal(told(&f), r->told);
	assert_string_equal(stored(t, "news", r->field),
	    r->stored != NULL ? r->stored : typed);
	if (r->changes != NULL)
		assert_string_equal(tempdb_changes(t), r->changes);
	assert_int_equal(mlist_find(t->web_store, &d, "news", &l), RES_OK);
	assert_true(is_utf8(l.description));
	if (r->want != RES_OK || !changed) {
		tempdb_assert_same(&before, t->users);
		return;
	}
	free(before);
	assert_int_equal(l.version, 1);
	/* The same once more is nothing, and of an old page no conflict. */
	assert_int_equal(mlist_save(t->web_store, "", &d, "news", 0, &form,
			     &t->who, &f, &changed),
	    RES_OK);
	assert_false(changed);
}

/* -- who may, and when -- */

static void
save_versions(void **state)
{
	struct tempdb *t = *state;
	const struct domain d = tempdb_get_domain(t, ALPHA);
	const struct mlist_form form = { .description = "Mine" };
	struct findings f = { .n = 0 };
	char *before;
	bool changed;

	prepare(t, "UPDATE mailing_list SET version = 7");
	before = tempdb_dump(t->users);
	assert_int_equal(mlist_save(t->web_store, "", &d, "news", 6, &form,
			     &t->who, &f, &changed),
	    RES_CONFLICT);
	tempdb_assert_same(&before, t->users);
	assert_int_equal(mlist_save(t->web_store, "", &d, "news", 7, &form,
			     &t->who, &f, &changed),
	    RES_OK);
	assert_true(changed);
	assert_int_equal(tempdb_int(t->users,
			     "SELECT version FROM mailing_list"
			     " WHERE id = 30"),
	    8);
	assert_int_equal(tempdb_int(t->users,
			     "SELECT version FROM mailing_list"
			     " WHERE id = 31"),
	    7);
}

/* What is no list of this domain is not there. */
static void
nowhere(void **state)
{
	static const char *const names[] = { "old", "u1", "nobody", "",
		"news'", "NEWS+x", "../30" };
	struct tempdb *t = *state;
	const struct domain d = tempdb_get_domain(t, ALPHA);
	const struct mlist_form form = { .description = "Mine" };
	struct findings f = { .n = 0 };
	struct mlist l;
	bool changed;
	char *before;

	prepare(t, "");
	before = tempdb_dump(t->users);
	for (size_t i = 0; i < NELEM(names); i++) {
		assert_int_equal(
		    mlist_find(t->web_store, &d, names[i], &l), RES_NOTFOUND);
		assert_int_equal(mlist_save(t->web_store, "", &d, names[i],
				     -1, &form, &t->who, &f, &changed),
		    RES_NOTFOUND);
		assert_int_equal(mlist_delete(t->web_store, "", &d, names[i],
				     &t->who, &f),
		    RES_NOTFOUND);
	}
	tempdb_assert_same(&before, t->users);
}

static void
busy(void **state)
{
	struct tempdb *t = *state;
	const struct domain d = tempdb_get_domain(t, ALPHA);
	const struct mlist_form form = { .description = "x", .owner = U1 };
	struct findings f = { .n = 0 };
	enum result r[3];
	sqlite3 *other;
	bool changed;

	prepare(t, "");
	tempdb_no_wait(t);
	other = tempdb_lock(t->users);
	r[0] = mlist_add(t->web_store, "", &d, "new", &form, &t->who, &f);
	r[1] = mlist_save(t->web_store, "", &d, "news", 0, &form, &t->who, &f,
	    &changed);
	r[2] = mlist_delete(t->web_store, "", &d, "news", &t->who, &f);
	tempdb_unlock(other);
	for (size_t i = 0; i < NELEM(r); i++)
		assert_int_equal(r[i], RES_BUSY);
	assert_string_equal(tempdb_lines(t), "");
}

/* An engine that is away stops nobody: the directories follow later. */
static void
engine_away(void **state)
{
	struct tempdb *t = *state;
	const struct domain d = tempdb_get_domain(t, ALPHA);
	const struct mlist_form form = { .owner = U1 };
	struct findings f = { .n = 0 };
	struct capture c;
	char long_path[200];
	enum result r[3];

	prepare(t, "");
	memset(long_path, 'x', sizeof(long_path) - 1);
	long_path[sizeof(long_path) - 1] = '\0';
	capture_begin(&c);
	r[0] = mlist_add(t->web_store, "/nowhere/s", &d, "n1", &form, &t->who,
	    &f);
	r[1] = mlist_add(t->web_store, long_path, &d, "n2", &form, &t->who,
	    &f);
	r[2] = mlist_delete(t->web_store, "/nowhere/s", &d, "news", &t->who,
	    &f);
	capture_end(&c);
	for (size_t i = 0; i < NELEM(r); i++)
		assert_int_equal(r[i], RES_OK);
	assert_non_null(strstr(c.text, "list_engine"));
}

/* -- the end -- */

#define LEAVERS "SELECT address FROM list_leaver ORDER BY address"

/* clang-format off */
static const struct delete_row {
	const char *name, *before;
	enum result want;
	const char *told;
} delete_rows[] = {
	{ "delete: a list", "", RES_OK, "" },
	{ "delete: one that a forward leads to",
	    "INSERT INTO address (id, domain_id, local_part, kind) VALUES"
	    " (40, 2, 'fw', 'forward'); INSERT INTO forward (id, domain_id,"
	    " local_part, created_at) VALUES (40, 2, 'fw', 1);"
	    "INSERT INTO target VALUES (40, 1, 'news', 'alpha.example')",
	    RES_INVALID, "confirm:in_use_by(fw@beta.example)" },
	{ "delete: one that an account forwards to",
	    "INSERT INTO target VALUES (1, 1, 'news', 'alpha.example');"
	    "UPDATE account SET routing = 'forward' WHERE id = 1",
	    RES_INVALID, "confirm:in_use_by(" U1 ")" },
	{ "delete: one whose extension a forward leads to",
	    "INSERT INTO target VALUES (1, 1, 'news+x', 'alpha.example');"
	    "UPDATE account SET routing = 'forward' WHERE id = 1",
	    RES_INVALID, "confirm:in_use_by(" U1 ")" },
};
/* clang-format on */

static void
delete(void **state)
{
	struct tempdb *t = *state;
	const struct delete_row *r = t->row;
	const struct domain d = tempdb_get_domain(t, ALPHA);
	struct findings f = { .n = 0 };
	char *before;

	prepare(t, r->before);
	before = tempdb_dump(t->users);
	assert_int_equal(
	    mlist_delete(t->web_store, "", &d, "news", &t->who, &f), r->want);
	assert_string_equal(told(&f), r->told);
	if (r->want != RES_OK) {
		tempdb_assert_same(&before, t->users);
		return;
	}
	free(before);
	assert_string_equal(
	    tempdb_lines(t), NEWS " list_deleted:Of old>");
	/* It may have been on another list. */
	assert_string_equal(tempdb_text(t->users, LEAVERS), NEWS);
	assert_string_equal(
	    tempdb_text(t->users, "SELECT id FROM mailing_list"), "31");
	assert_int_equal(tempdb_get_domain(t, ALPHA).lists, 0);
}

/* C118: a name is used again as another kind at once, and as a list it has
 * another number, so another directory. */
static void
names_again(void **state)
{
	struct tempdb *t = *state;
	const struct domain d = tempdb_get_domain(t, ALPHA);
	const struct mlist_form form = { .owner = U1 };
	struct findings f = { .n = 0 };
	struct mlist l;

	prepare(t, "");
	assert_int_equal(
	    mlist_delete(t->web_store, "", &d, "news", &t->who, &f), RES_OK);
	assert_int_equal(forward_add(t->web_store, ALPHA, "news", U1, &t->who,
			     &f),
	    RES_OK);
	assert_int_equal(
	    mlist_add(t->web_store, "", &d, "news", &form, &t->who, &f),
	    RES_INVALID);
	f.n = 0;
	assert_int_equal(
	    forward_delete(t->web_store, ALPHA, "news", &t->who, &f), RES_OK);
	assert_int_equal(
	    mlist_add(t->web_store, "", &d, "news", &form, &t->who, &f),
	    RES_OK);
	assert_int_equal(mlist_find(t->web_store, &d, "news", &l), RES_OK);
	assert_true(l.id > 31);
	assert_int_equal(
	    mlist_delete(t->web_store, "", &d, "news", &t->who, &f), RES_OK);
	assert_true(tempdb_account(t, NEWS) > l.id);
}

/* Who is no more has to leave all lists. */
static void
leavers(void **state)
{
	struct tempdb *t = *state;
	struct account a = tempdb_get(t, "u3@alpha.example");
	struct findings f = { .n = 0 };

	prepare(t, "");
	assert_int_equal(
	    account_delete(t->tool_store, &a, NULL, "", &t->who, &f), RES_OK);
	assert_string_equal(
	    tempdb_text(t->users, LEAVERS), "u3@alpha.example");
	/* A forward that stays in the account's place is another matter. */
	assert_int_equal(forward_add(t->web_store, ALPHA, "fw", U1, &t->who,
			     &f),
	    RES_OK);
	assert_int_equal(
	    forward_delete(t->web_store, ALPHA, "fw", &t->who, &f), RES_OK);
	assert_string_equal(tempdb_text(t->users, LEAVERS),
	    "fw@alpha.example u3@alpha.example");
	/* Deleted again, there is still one line of each. */
	tempdb_account(t, "u3@alpha.example");
	a = tempdb_get(t, "u3@alpha.example");
	assert_int_equal(
	    account_delete(t->tool_store, &a, NULL, "", &t->who, &f), RES_OK);
	assert_int_equal(
	    tempdb_int(t->users, "SELECT count(*) FROM list_leaver"), 2);
}

/* With a domain, all of it. */
static void
leavers_of_a_domain(void **state)
{
	struct tempdb *t = *state;
	struct findings f = { .n = 0 };

	prepare(t, "");
	assert_int_equal(domain_delete(t->tool_store, "beta.example", true,
			     &t->who, &f),
	    RES_OK);
	assert_string_equal(tempdb_text(t->users, LEAVERS), "@beta.example");
	assert_string_equal(
	    tempdb_text(t->users, "SELECT id FROM mailing_list"), "30");
}

/* An account that cannot be deleted leaves nothing. */
static void
leavers_refused(void **state)
{
	struct tempdb *t = *state;
	struct account a = tempdb_get(t, "postmaster@alpha.example");
	struct findings f = { .n = 0 };

	prepare(t, "");
	assert_int_equal(
	    account_delete(t->tool_store, &a, NULL, "", &t->who, &f),
	    RES_INVALID);
	assert_string_equal(tempdb_text(t->users, LEAVERS), "");
}

/* The postman stops while the domain is off; the list stays. */
static void
disabled_domain(void **state)
{
	struct tempdb *t = *state;

	prepare(t, "UPDATE domain SET enabled = 0 WHERE id = 1");
	assert_string_equal(
	    tempdb_text(t->users,
		"SELECT transport FROM mail_transport WHERE transport"
		" LIKE 'mlmmj%'"),
	    "mlmmj:31");
}

struct names {
	size_t n, max;
	char text[256];
};

static bool
take(void *arg, const struct mlist *l)
{
	struct names *names = arg;

	names->n += (size_t)snprintf(names->text + names->n,
	    sizeof(names->text) - names->n, "%s ", l->address);
	return --names->max > 0;
}

static void
each(void **state)
{
	struct tempdb *t = *state;
	const struct domain d = tempdb_get_domain(t, ALPHA);
	struct names names = { .max = 9 };

	prepare(t, LIST(32, 1, "b") LIST(33, 1, "a"));
	assert_int_equal(mlist_each(t->web_store, &d, take, &names), RES_OK);
	assert_string_equal(
	    names.text, "a@alpha.example b@alpha.example " NEWS " ");
	names = (struct names){ .max = 2 };
	assert_int_equal(mlist_each(t->web_store, &d, take, &names), RES_OK);
	assert_string_equal(names.text, "a@alpha.example b@alpha.example ");
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, add_rows, add, tempdb_open, tempdb_drop);
	ADD_ROWS(&s, save_rows, save, tempdb_open, tempdb_drop);
	ADD_ROWS(&s, delete_rows, delete, tempdb_open, tempdb_drop);
#define T(name, f) suite_add(&s, name, f, tempdb_open, tempdb_drop, NULL)
	T("C112 a page of before", save_versions);
	T("C77 no list of this domain", nowhere);
	T("C106 busy", busy);
	T("the engine is away", engine_away);
	T("C118 a name used again", names_again);
	T("who goes leaves all lists", leavers);
	T("a domain that goes leaves all lists", leavers_of_a_domain);
	T("who stays leaves nothing", leavers_refused);
	T("a disabled domain", disabled_domain);
	T("the lists of a domain", each);
	return suite_run(&s, "mlist");
}
