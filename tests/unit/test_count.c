/* domain_count is what can be counted, after each kind of operation; and so
 * is the index of substrings. */
#include "tests/unit/unit.h"

#include "core/domain.h"
#include "core/forward.h"
#include "core/import.h"
#include "tests/unit/tempdb.h"

#define ALPHA "alpha.example"

static const struct actor shell = SHELL;

static enum result
add(struct tempdb *t, struct findings *f)
{
	const struct account_new new = { .address = "n1@alpha.example",
		.real_name = "New", .quota_mb = "5" };
	char password[PASSWD_GENERATED];

	return account_add(
	    t->web_store, &t->rules, &new, &shell, f, password);
}

static enum result
add_refused(struct tempdb *t, struct findings *f)
{
	return add(t, f);
}

static enum result
first_password(struct tempdb *t, struct findings *f)
{
	char password[PASSWD_GENERATED];

	return account_set_password(t->web_store, &t->rules,
	    "n1@alpha.example", PW, false, &shell, f, password);
}

static enum result
reset(struct tempdb *t, struct findings *f)
{
	const struct account a = tempdb_get(t, "n1@alpha.example");
	char password[PASSWD_GENERATED];

	return account_reset(t->web_store, &t->rules, &a, NULL, -1, &shell,
	    f, password);
}

static enum result
set(struct tempdb *t, struct findings *f, const char *address,
    const char *routing, const char *forward_to)
{
	const struct account_set what = { .routing = routing,
		.forward_to = forward_to };

	return account_set(t->web_store, address, &what, &shell, f);
}

static enum result
discard(struct tempdb *t, struct findings *f)
{
	return set(t, f, "n1@alpha.example", "discard", NULL);
}

static enum result
forward(struct tempdb *t, struct findings *f)
{
	return set(t, f, "n1@alpha.example", "forward", "a@x.example");
}

static enum result
other_target(struct tempdb *t, struct findings *f)
{
	return set(t, f, "n1@alpha.example", NULL, "b@x.example");
}

static enum result
mailbox(struct tempdb *t, struct findings *f)
{
	return set(t, f, "n1@alpha.example", "mailbox", NULL);
}

static enum result
rename_(struct tempdb *t, struct findings *f)
{
	const struct account_set what = { .real_name = "Quaxel" };

	return account_set(
	    t->web_store, "n1@alpha.example", &what, &shell, f);
}

static enum result
quota(struct tempdb *t, struct findings *f)
{
	const struct account_set what = { .quota_mb = "7" };

	return account_set(
	    t->web_store, "n1@alpha.example", &what, &shell, f);
}

static enum result
all_quotas(struct tempdb *t, struct findings *f)
{
	const struct domain d = tempdb_get_domain(t, ALPHA);
	const int64_t ids[] = { 1, 2, 3, 5 };

	return bulk_quota(
	    t->web_store, &d, ids, NELEM(ids), "2", &shell, f);
}

static enum result
some_resets(struct tempdb *t, struct findings *f)
{
	const struct domain d = tempdb_get_domain(t, ALPHA);
	const struct account admin = tempdb_get(t, "postmaster@alpha.example");
	const int64_t ids[] = { 1, 2 };
	char passwords[2][PASSWD_GENERATED];
	struct account seen[2];

	assert_int_equal(
	    bulk_find(t->web_store, &d, ids, NELEM(ids), seen), RES_OK);
	return bulk_reset(t->web_store, &t->rules, &d, seen, NELEM(ids),
	    &admin, &shell, f, passwords);
}

static enum result
delete_refused(struct tempdb *t, struct findings *f)
{
	const struct account a = tempdb_get(t, "postmaster@alpha.example");

	return account_delete(t->web_store, &a, NULL, "", &shell, f);
}

static enum result
leave(struct tempdb *t, struct findings *f)
{
	const struct account a = tempdb_get(t, "n1@alpha.example");

	return account_delete(
	    t->web_store, &a, NULL, "a@x.example", &shell, f);
}

static enum result
add_forward(struct tempdb *t, struct findings *f)
{
	return forward_add(
	    t->web_store, ALPHA, "fw", "a@x.example", &shell, f);
}

static enum result
save_forward(struct tempdb *t, struct findings *f)
{
	return forward_save(t->web_store, ALPHA, "fw", -1, "b@x.example",
	    &shell, f, NULL);
}

static enum result
delete_forward(struct tempdb *t, struct findings *f)
{
	return forward_delete(t->web_store, ALPHA, "fw", &shell, f);
}

static enum result
some_deletes(struct tempdb *t, struct findings *f)
{
	const struct domain d = tempdb_get_domain(t, ALPHA);
	const struct account admin = tempdb_get(t, "postmaster@alpha.example");
	const int64_t ids[] = { 1, 3 };

	return bulk_delete(
	    t->web_store, &d, ids, NELEM(ids), &admin, &shell, f);
}

/* Applies a plan; `meanwhile` is run between the two. */
static enum result
import(struct tempdb *t, const char *csv, const char *meanwhile)
{
	const struct domain d = tempdb_get_domain(t, ALPHA);
	const struct import_options o = { .domain = &d };
	struct pool *pool = pool_new();
	struct import_plan plan;
	enum result r;

	assert_int_equal(import_plan(t->web_store, &t->rules, pool, csv,
			     strlen(csv), &o, &plan),
	    RES_OK);
	if (meanwhile != NULL)
		assert_int_equal(tempdb_exec(t->users, meanwhile), 0);
	r = import_apply(t->web_store, &t->rules, pool, &plan, &o, &shell);
	pool_free(&pool);
	return r;
}

#define FILE_ \
	"account,routing,forward_to,quota_mb,password_hash\n" \
	"i1,,,,\ni2,discard,,3,\ni3,,a@x.example,,\n" \
	"i4,,,,$6$saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2/jctKu" \
	"9YterLp8wwnSq.qc.eoxqOmSuNp2xS0ktL3nh/\nu2,discard,,9,\n"

static enum result
import_in_vain(struct tempdb *t, struct findings *f)
{
	(void)f;
	return import(t, FILE_,
	    "UPDATE account SET version = version + 1 WHERE id = 2");
}

static enum result
import_all(struct tempdb *t, struct findings *f)
{
	(void)f;
	return import(t, FILE_, NULL);
}

static enum result
delete_imported(struct tempdb *t, struct findings *f)
{
	const struct account a = tempdb_get(t, "i2@alpha.example");

	return account_delete(t->web_store, &a, NULL, "", &shell, f);
}

static enum result
save_domain(struct tempdb *t, struct findings *f)
{
	const struct domain_form form = { .enabled = "",
		.max_accounts = "1", .default_quota_mb = "1" };

	return domain_save(t->web_store, ALPHA, -1, &form, NULL, &shell, f);
}

static enum result
new_domain(struct tempdb *t, struct findings *f)
{
	const struct domain_form form = { .default_quota_mb = "3" };

	return domain_add(t->web_store, "gamma.example", &form, &shell, f);
}

static enum result
delete_domain(struct tempdb *t, struct findings *f)
{
	return domain_delete(
	    t->tool_store, "beta.example", true, &shell, f);
}

/* In this order, one after the other. */
/* clang-format off */
static const struct step {
	const char *name;
	enum result (*run)(struct tempdb *, struct findings *);
	enum result want;
	/* accounts forwards lists initial discarding forwarding, MB */
	const char *counts;
} steps[] = {
	{ "add", add, RES_OK, "5 0 0 2 0 0 4101" },
	{ "add, refused", add_refused, RES_INVALID, "5 0 0 2 0 0 4101" },
	{ "a password of one's own", first_password, RES_OK,
	    "5 0 0 1 0 0 4101" },
	{ "reset", reset, RES_OK, "5 0 0 2 0 0 4101" },
	{ "reset again", reset, RES_OK, "5 0 0 2 0 0 4101" },
	{ "discard", discard, RES_OK, "5 0 0 2 1 0 4101" },
	{ "forward", forward, RES_OK, "5 0 0 2 0 1 4101" },
	{ "another target", other_target, RES_OK, "5 0 0 2 0 1 4101" },
	{ "mailbox", mailbox, RES_OK, "5 0 0 2 0 0 4101" },
	{ "another name", rename_, RES_OK, "5 0 0 2 0 0 4101" },
	{ "quota", quota, RES_OK, "5 0 0 2 0 0 4103" },
	{ "quotas", all_quotas, RES_OK, "5 0 0 2 0 0 15" },
	{ "resets", some_resets, RES_OK, "5 0 0 4 0 0 15" },
	{ "delete, refused", delete_refused, RES_INVALID,
	    "5 0 0 4 0 0 15" },
	{ "discard again", discard, RES_OK, "5 0 0 4 1 0 15" },
	{ "delete, a forward stays", leave, RES_OK, "4 1 0 3 0 0 8" },
	{ "a forward", add_forward, RES_OK, "4 2 0 3 0 0 8" },
	{ "a forward, refused", add_forward, RES_INVALID,
	    "4 2 0 3 0 0 8" },
	{ "a forward saved", save_forward, RES_OK, "4 2 0 3 0 0 8" },
	{ "a forward deleted", delete_forward, RES_OK, "4 1 0 3 0 0 8" },
	{ "import in vain", import_in_vain, RES_CONFLICT, "4 1 0 3 0 0 8" },
	{ "import", import_all, RES_OK, "8 1 0 6 2 1 3090" },
	{ "import again", import_all, RES_OK, "8 1 0 6 2 1 3090" },
	{ "an imported one deleted", delete_imported, RES_OK,
	    "7 1 0 5 1 1 3087" },
	{ "deletes", some_deletes, RES_OK, "5 1 0 4 1 1 3083" },
	{ "the domain saved", save_domain, RES_OK, "5 1 0 4 1 1 3083" },
	{ "a new domain", new_domain, RES_OK, "5 1 0 4 1 1 3083" },
	{ "a domain deleted", delete_domain, RES_OK, "5 1 0 4 1 1 3083" },
};
/* clang-format on */

static void
counts(void **state)
{
	struct tempdb *t = *state;

	for (size_t i = 0; i < NELEM(steps); i++) {
		const struct step *s = &steps[i];
		struct findings f = { .n = 0 };
		const enum result r = s->run(t, &f);
		const char *got;

		if (r != s->want)
			fail_msg("%s: %d %s", s->name, (int)r, told(&f));
		got = tempdb_text(t->users,
		    "SELECT accounts || ' ' || forwards || ' ' || lists ||"
		    " ' ' || initial || ' ' || discarding || ' ' ||"
		    " forwarding || ' ' || (quota_bytes / 1048576)"
		    " FROM domain_count WHERE domain_id = 1");
		if (strcmp(got, s->counts) != 0)
			fail_msg("%s: %s, not %s", s->name, got, s->counts);
		if (tempdb_miscounted(t)[0] != '\0')
			fail_msg("%s: %s", s->name, tempdb_miscounted(t));
		tempdb_assert_search(t);
	}
	assert_string_equal(
	    tempdb_text(t->users, "SELECT domain_id || ':' || accounts"
				  " FROM domain_count ORDER BY 1"),
	    "1:5 3:1");
}

/* The overview: mailboxes of a domain by size, as Dovecot counts them. */
static void
sizes(void **state)
{
	static const char *const writes[] = {
		"INSERT INTO quota_usage (username, bytes, messages) VALUES"
		" ('a@alpha.example', 0, 0)",
		/* As Dovecot's dict writes. */
		"INSERT INTO quota_usage (bytes, username) VALUES"
		" ('10485760', 'b@alpha.example') ON CONFLICT (username)"
		" DO UPDATE SET bytes = '10485760'",
		"INSERT INTO quota_usage (bytes, username) VALUES"
		" ('10485761', 'b@alpha.example') ON CONFLICT (username)"
		" DO UPDATE SET bytes = '10485761'",
		"INSERT INTO quota_usage (bytes, username) VALUES"
		" ('104857601', 'c@alpha.example'),"
		" ('524288001', 'd@alpha.example'),"
		" ('1073741825', 'e@alpha.example'),"
		" ('7', 'v1@beta.example'), ('5', 'odd')",
		"UPDATE quota_usage SET bytes = bytes + 1",
		"UPDATE quota_usage SET messages = messages + 1",
		"UPDATE quota_usage SET bytes = 0 WHERE username LIKE 'd@%'",
		"DELETE FROM quota_usage WHERE username LIKE 'e@%'",
	};
	struct tempdb *t = *state;
	const struct domain d = tempdb_get_domain(t, ALPHA);
	struct domain_usage u;

	for (size_t i = 0; i < NELEM(writes); i++) {
		assert_int_equal(tempdb_exec(t->mailstat, writes[i]), 0);
		assert_string_equal(
		    tempdb_text(t->mailstat,
			"SELECT domain, size_class, mailboxes, bytes FROM"
			" domain_usage WHERE mailboxes <> 0 OR bytes <> 0"
			" EXCEPT SELECT domain, size_class, count(*),"
			" sum(bytes) FROM quota_usage GROUP BY 1, 2"),
		    "");
		domain_usage(t->web_store, &d, &u);
		assert_true(u.known);
		assert_int_equal(u.bytes,
		    tempdb_int(t->mailstat,
			"SELECT sum(bytes) FROM quota_usage WHERE username"
			" LIKE '%@alpha.example'"));
	}
	assert_int_equal(u.mailboxes[0], 2);
	assert_int_equal(u.mailboxes[1], 1);
	assert_int_equal(u.mailboxes[2], 1);
	assert_int_equal(u.mailboxes[3], 0);
	assert_int_equal(u.mailboxes[4], 0);
}

/* Against what is really there. */
static void
site(void **state)
{
	static const char *const writes[] = {
		"SELECT 1",
		"UPDATE domain SET enabled = 0 WHERE name = 'beta.example'",
		"UPDATE account SET initial_password = 1 WHERE id = 4",
		"UPDATE account SET routing = 'discard' WHERE id <> 2",
		"UPDATE domain SET enabled = 0",
		"DELETE FROM address WHERE id = 3",
	};
	struct tempdb *t = *state;
	struct findings f = { .n = 0 };
	struct site_counts n;
	char want[128], got[128];

	assert_int_equal(add(t, &f), RES_OK);
	assert_int_equal(
	    set(t, &f, "n1@alpha.example", "forward", "a@b.example"), RES_OK);
	for (size_t i = 0; i < NELEM(writes); i++) {
		assert_int_equal(tempdb_exec(t->users, writes[i]), 0);
		assert_int_equal(site_counts(t->web_store, &n), RES_OK);
		snprintf(got, sizeof(got), "%d %d %d %d %d %d %d %d",
		    (int)n.domains, (int)n.disabled, (int)n.accounts,
		    (int)n.initial, (int)n.discarding, (int)n.forwarding,
		    (int)n.forwards, (int)n.lists);
		snprintf(want, sizeof(want), "%s",
		    tempdb_text(t->users,
			"SELECT (SELECT count(*) || ' ' || sum(enabled = 0)"
			" FROM domain) || ' ' || count(*) || ' ' ||"
			" sum(initial_password) || ' ' ||"
			" sum(routing = 'discard') || ' ' ||"
			" sum(routing = 'forward') || ' 0 0' FROM account"));
		assert_string_equal(got, want);
	}
	/* Nothing at all is a number, too. */
	assert_int_equal(
	    tempdb_exec(t->users,
		"DELETE FROM domain_admin; DELETE FROM address;"
		" DELETE FROM domain"),
	    0);
	assert_int_equal(site_counts(t->web_store, &n), RES_OK);
	assert_int_equal(n.domains, 0);
	assert_int_equal(n.accounts, 0);
}

int
main(void)
{
	static struct suite s;

#define T(name, f) suite_add(&s, name, f, tempdb_open, tempdb_drop, NULL)
	T("each kind of operation", counts);
	T("sizes of mailboxes", sizes);
	T("of the site", site);
	return suite_run(&s, "count");
}
