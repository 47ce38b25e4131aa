/* The table of the site, and the matcher. */
#include "tests/unit/unit.h"

#include "page/page.h"

static enum result
nothing(struct ctx *c)
{
	(void)c;
	return RES_OK;
}

static const struct route some[] = {
	GET("/a", NEED_USER, 0, nothing),
	GET("/a/*", NEED_USER, 0, nothing),
	POST("/a/*/x", NEED_USER, 0, nothing),
	POST("/a", NEED_USER, 0, nothing),
};

/* clang-format off */
static const struct row {
	const char *name;
	enum method method;
	const char *path;
	int want; /* row of `some`, -1: none */
} rows[] = {
	{ "GET", M_GET, "/a", 0 },
	{ "HEAD is a GET", M_HEAD, "/a", 0 },
	{ "POST", M_POST, "/a", 3 },
	{ "another method", M_OTHER, "/a", -1 },
	{ "one element", M_GET, "/a/b@c", 1 },
	{ "an empty element", M_GET, "/a/", -1 },
	{ "two elements", M_GET, "/a/b/c", -1 },
	{ "an element between", M_POST, "/a/b/x", 2 },
	{ "an empty element between", M_POST, "/a//x", -1 },
	{ "HEAD is no POST", M_HEAD, "/a/b/x", -1 },
	{ "longer", M_GET, "/ab", -1 },
	{ "shorter", M_GET, "/", -1 },
	{ "empty", M_GET, "", -1 },
	{ "another case", M_GET, "/A", -1 },
	{ "a star is no name", M_GET, "*", -1 },
};
/* clang-format on */

static void
matches(void **state)
{
	const struct row *r = *state;
	const struct route *got =
	    route_find(some, NELEM(some), r->method, r->path);

	if (r->want < 0)
		assert_null(got);
	else
		assert_ptr_equal(got, &some[r->want]);
}

static void
allows(void **state)
{
	(void)state;
	assert_string_equal(
	    route_allows(some, NELEM(some), "/a"), "GET, HEAD, POST");
	assert_string_equal(
	    route_allows(some, NELEM(some), "/a/b"), "GET, HEAD");
	assert_string_equal(
	    route_allows(some, NELEM(some), "/a/b/x"), "POST");
	assert_null(route_allows(some, NELEM(some), "/b"));
}

/* C33, C126: nothing changes without a token, and never by GET. */
static void
every_post_has_a_token(void **state)
{
	(void)state;
	for (size_t i = 0; i < nroutes; i++) {
		const struct route *rt = &routes[i];

		assert_non_null(rt->run);
		assert_int_equal(rt->path[0], '/');
		if (rt->method == M_POST)
			assert_true(rt->flags & RT_TOKEN);
		else
			assert_int_equal(rt->method, M_GET);
		/* Each row can be reached. */
		assert_ptr_equal(
		    route_find(routes, nroutes, rt->method, rt->path), rt);
	}
}

/* Whoever may enter without a log-in is named here. */
static void
open_to_nobody(void **state)
{
	static const char *const open[] = { "/", "/login", "/healthz" };

	(void)state;
	for (size_t i = 0; i < nroutes; i++) {
		bool listed = false;

		for (size_t k = 0; k < NELEM(open); k++)
			listed |= strcmp(routes[i].path, open[k]) == 0;
		if (!listed)
			assert_int_equal(routes[i].need, NEED_USER);
	}
}

/* With the initial password: only what is needed to replace it. */
static void
initial_password(void **state)
{
	static const char *const open[] = { "/", "/login", "/healthz",
		"/account", "/logout" };

	(void)state;
	for (size_t i = 0; i < nroutes; i++) {
		bool listed = false;

		for (size_t k = 0; k < NELEM(open); k++)
			listed |= strcmp(routes[i].path, open[k]) == 0;
		if (!listed)
			assert_false(routes[i].flags & RT_INITIAL);
	}
}

static void
log_out_is_a_post(void **state)
{
	(void)state;
	assert_null(route_find(routes, nroutes, M_GET, "/logout"));
	assert_string_equal(route_allows(routes, nroutes, "/logout"), "POST");
	assert_string_equal(
	    route_allows(routes, nroutes, "/login"), "GET, HEAD, POST");
	assert_string_equal(
	    route_allows(routes, nroutes, "/account/log"), "GET, HEAD");
	assert_null(route_allows(routes, nroutes, "/account/"));
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, rows, matches, NULL, NULL);
	suite_add(&s, "Allow", allows, NULL, NULL, NULL);
	suite_add(&s, "every POST has a token", every_post_has_a_token, NULL,
	    NULL, NULL);
	suite_add(&s, "open without a log-in", open_to_nobody, NULL, NULL,
	    NULL);
	suite_add(&s, "open with the initial password", initial_password,
	    NULL, NULL, NULL);
	suite_add(
	    &s, "log-out is a POST", log_out_is_a_post, NULL, NULL, NULL);
	return suite_run(&s, "route");
}
