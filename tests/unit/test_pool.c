/* Memory of one request: wiped, zeroed again, whole. */
#include "tests/unit/unit.h"

#include <string.h>

#include "base/pool.h"

static void
cleared_is_zeroed(void **state)
{
	struct pool *p = pool_new();
	char *secret;

	(void)state;
	for (int i = 0; i < 3; i++) {
		char *got = pool_alloc(p, 100);

		for (int k = 0; k < 100; k++)
			assert_int_equal(got[k], 0);
		secret = pool_strndup(p, "Vq7#mellow-Otter_19", 19);
		assert_string_equal(secret, "Vq7#mellow-Otter_19");
		memset(got, 'x', 100);
		memset(pool_alloc(p, 20000), 'y', 20000);
		pool_clear(p);
	}
	pool_free(&p);
	assert_null(p);
	pool_free(&p);
}

static void
printf_is_whole(void **state)
{
	struct pool *p = pool_new();

	(void)state;
	assert_int_equal(strlen(pool_printf(p, "%09000d", 7)), 9000);
	assert_string_equal(pool_printf(p, "%s", ""), "");
	pool_free(&p);
}

int
main(void)
{
	static struct suite s;

	suite_add(&s, "a cleared pool is zeroed", cleared_is_zeroed, NULL,
	    NULL, NULL);
	suite_add(&s, "printf is whole", printf_is_whole, NULL, NULL, NULL);
	return suite_run(&s, "pool");
}
