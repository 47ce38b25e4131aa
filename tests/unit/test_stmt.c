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

		if (d->sql == NULL || d->by == 0 || (d->by & ~BY_ALL) != 0)
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

/* Who is let in and what a domain is, the operator alone decides. */
static void
operators_statements(void **state)
{
	static const char *const tables[] = { " domain ", " domain_admin ",
		" site_admin ", " address " };

	(void)state;
	for (size_t i = 0; i < ST__MAX; i++) {
		if (strncmp(stmts[i].sql, "INSERT INTO", 11) != 0)
			continue;
		for (size_t k = 0; k < NELEM(tables); k++)
			if (strncmp(stmts[i].sql + 11, tables[k],
				strlen(tables[k])) == 0)
				assert_int_equal(stmts[i].by, BY_TOOL);
	}
}

/* The mail daemons write mailstat.db, we never do. */
static void
mailstat_is_read_only(void **state)
{
	(void)state;
	for (size_t i = 0; i < ST__MAX; i++)
		if (stmts[i].db == DB_MAILSTAT)
			assert_int_equal(
			    strncmp(stmts[i].sql, "SELECT ", 7), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check),
		cmocka_unit_test(only_numbered_parameters),
		cmocka_unit_test(operators_statements),
		cmocka_unit_test(mailstat_is_read_only),
	};

	return cmocka_run_group_tests_name("stmt", tests, NULL, NULL);
}
