#include "tests/unit/unit.h"

#include "store/stmt.h"
#include "store/store.h"

/* A missing row would compile; text in the SQL would be text that somebody
 * pasted in place of ?N. */
static void
check(void **state)
{
	(void)state;
	for (size_t i = 0; i < ST__MAX; i++) {
		const struct stmt_def *d = &stmts[i];

		if (d->sql == NULL || d->by == 0 ||
		    (d->by & ~(BY_ALL | BY_RESTORE | BY_LISTS)) != 0)
			fail_msg("statement %zu is not filled in", i);
		if (strpbrk(d->sql, ";'\"") != NULL)
			fail_msg("%s: a quote or a second statement", d->sql);
		assert_true(d->db < DB__MAX);
	}
}

static void
only_numbered_parameters(void **state)
{
	(void)state;
	for (size_t i = 0; i < ST__MAX; i++)
		for (const char *q = stmts[i].sql;
		     (q = strchr(q, '?')) != NULL; q++)
			if (q[1] < '1' || q[1] > '9')
				fail_msg("%s: not ?N", stmts[i].sql);
}

/* Another program's file is read, and its tables as they are. */
static void
foreign(void **state)
{
	char sql[128];

	(void)state;
	assert_true(foreign_count > 0);
	for (size_t i = 0; i < foreign_count; i++) {
		snprintf(sql, sizeof(sql), "SELECT * FROM %s",
		    foreign_stmts[i].table);
		assert_string_equal(foreign_stmts[i].sql, sql);
	}
	assert_memory_equal(foreign_tables_sql, "SELECT name ", 12);
}

/* The first words of every statement that changes something, and who may run
 * it at most.  What stands nowhere here may only be read. */
/* clang-format off */
static const struct rule {
	const char *begin; /* followed by a blank, or the end */
	enum db db;
	unsigned int by;
} rules[] = {
	{ "UPDATE site", DB_USERS, BY_ALL },
	{ "INSERT INTO domain", DB_USERS, BY_ALL },
	{ "UPDATE domain", DB_USERS, BY_ALL },
	{ "DELETE FROM domain", DB_USERS, BY_TOOL },
	{ "INSERT INTO domain_admin", DB_USERS, BY_ALL },
	{ "DELETE FROM domain_admin", DB_USERS, BY_ALL },
	{ "INSERT INTO site_admin", DB_USERS, BY_TOOL },
	{ "DELETE FROM site_admin", DB_USERS, BY_TOOL },
	{ "INSERT INTO address", DB_USERS, BY_ALL },
	{ "DELETE FROM address WHERE id = ?1", DB_USERS, BY_ALL },
	/* Of an import: a trigger keeps those that were seen. */
	{ "DELETE FROM address WHERE id IN", DB_USERS, BY_ALL },
	{ "DELETE FROM address WHERE domain_id = ?1", DB_USERS, BY_TOOL },
	{ "INSERT INTO account", DB_USERS, BY_ALL },
	{ "UPDATE account", DB_USERS, BY_ALL },
	{ "INSERT INTO account_search", DB_USERS, BY_ALL },
	{ "INSERT INTO target", DB_USERS, BY_ALL },
	{ "DELETE FROM target", DB_USERS, BY_ALL },
	{ "INSERT INTO forward", DB_USERS, BY_ALL },
	{ "UPDATE forward", DB_USERS, BY_ALL },
	{ "INSERT INTO mailing_list", DB_USERS, BY_ALL },
	{ "UPDATE mailing_list", DB_USERS, BY_ALL },
	{ "INSERT INTO list_leaver", DB_USERS, BY_ALL },
	/* When they have left. */
	{ "DELETE FROM list_leaver", DB_USERS, BY_LISTS },
	{ "INSERT INTO import", DB_USERS, BY_ALL },
	{ "UPDATE import", DB_USERS, BY_ALL },
	{ "DELETE FROM import", DB_USERS, BY_ALL },
	{ "INSERT INTO history", DB_USERS, BY_ALL },
	{ "DELETE FROM history WHERE id IN (SELECT id FROM history"
	    " WHERE import_id = ?1", DB_USERS, BY_ALL },
	{ "INSERT INTO session", DB_WEB, BY_WEB },
	{ "UPDATE session", DB_WEB, BY_WEB },
	{ "DELETE FROM session WHERE", DB_WEB, BY_WEB },
	{ "DELETE FROM session", DB_WEB, BY_RESTORE },
	{ "INSERT INTO throttle", DB_WEB, BY_WEB },
	{ "DELETE FROM throttle", DB_WEB, BY_WEB },
	{ "INSERT INTO known_place", DB_WEB, BY_WEB },
	{ "DELETE FROM known_place", DB_WEB, BY_WEB },
	{ "INSERT INTO oldest_message", DB_WEB, BY_WEB },
	{ "INSERT INTO upload", DB_WEB, BY_WEB },
	{ "DELETE FROM upload", DB_WEB, BY_WEB },
	/* The mail daemons write mailstat.db; we only forget who is gone. */
	{ "DELETE FROM quota_usage WHERE username = ?1", DB_MAILSTAT, BY_ALL },
	{ "DELETE FROM last_login WHERE username = ?1", DB_MAILSTAT, BY_ALL },
	{ "DELETE FROM quota_usage WHERE domain = ?1", DB_MAILSTAT, BY_TOOL },
	{ "DELETE FROM last_login WHERE substr(username, instr(username,"
	    " char(64)) + 1) = ?1", DB_MAILSTAT, BY_TOOL },
	{ "DELETE FROM quota_usage WHERE domain = ?1", DB_MAILSTAT, BY_TOOL },
	{ "DELETE FROM last_login WHERE substr(username,", DB_MAILSTAT, BY_TOOL },
};
/* clang-format on */

/* The longest that fits: DELETE FROM address has rules of its own. */
static const struct rule *
rule_of(const struct stmt_def *d)
{
	const struct rule *best = NULL;
	size_t longest = 0;

	for (size_t i = 0; i < NELEM(rules); i++) {
		size_t n = strlen(rules[i].begin);

		if (n > longest && strncmp(d->sql, rules[i].begin, n) == 0 &&
		    (d->sql[n] == ' ' || d->sql[n] == '\0')) {
			best = &rules[i];
			longest = n;
		}
	}
	return best;
}

static void
who_writes_what(void **state)
{
	(void)state;
	for (size_t i = 0; i < ST__MAX; i++) {
		const struct stmt_def *d = &stmts[i];
		const struct rule *r;

		if (strncmp(d->sql, "SELECT ", 7) == 0)
			continue;
		if ((r = rule_of(d)) == NULL)
			fail_msg("%s: may nobody run", d->sql);
		if (d->db != r->db || (d->by & ~r->by) != 0)
			fail_msg("%s: not by them", d->sql);
	}
}

/* A statement that reads an address or a history row says that it must be
 * one that can be seen, unless it says here why not. */
static void
asks_for_visible_rows(void **state)
{
	/* clang-format off */
	static const enum stmt others[] = {
		ST_POINTING_AT,	    /* those of an import point, too */
		ST_FORWARD, ST_FORWARDS, ST_FORWARDS_DOWN, /* none is imported */
		ST_ADMINS,	    /* none is imported */
		ST_MLIST, ST_MLIST_BY_ID, ST_MLISTS, ST_MLISTS_ALL, /* nor */
		ST_DELIVERY,	    /* the views do */
		ST_ADDRESS_THERE,   /* whether an id is in use */
		ST_ADDRESS_DELETE, ST_DOMAIN_CLEAR,
		ST_DOMAIN_CLEAR_SEARCH,
		ST_SEARCH_DROP, ST_SEARCH_DIFFERS, /* by id of one seen */
		ST_IMPORT_DROP_HISTORY, ST_IMPORT_DROP_SEARCH,
		ST_IMPORT_DROP_ADDRESS,
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < ST__MAX; i++) {
		const char *sql = stmts[i].sql;
		bool other = false;

		for (size_t k = 0; k < NELEM(others); k++)
			other |= others[k] == (enum stmt)i;
		if (other ||
		    (strstr(sql, "FROM address") == NULL &&
			strstr(sql, "JOIN address") == NULL &&
			strstr(sql, "FROM account ") == NULL &&
			strstr(sql, "FROM history") == NULL))
			continue;
		if (strstr(sql, "import_id IS NULL OR") == NULL)
			fail_msg("%s: may show an import", sql);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check),
		cmocka_unit_test(only_numbered_parameters),
		cmocka_unit_test(foreign),
		cmocka_unit_test(who_writes_what),
		cmocka_unit_test(asks_for_visible_rows),
	};

	return cmocka_run_group_tests_name("stmt", tests, NULL, NULL);
}
