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

/* The part of the site says who may enter; the administrator's is behind the
 * name of a domain. */
static enum need
need_of(const char *path)
{
	if (strncmp(path, "/admin/", 7) == 0) {
		assert_int_equal(strncmp(path, "/admin/*", 8), 0);
		return NEED_ADMIN;
	}
	return strncmp(path, "/site", 5) == 0 ? NEED_SITE : NEED_USER;
}

/* Whoever may enter without a log-in is named here. */
static void
open_to_nobody(void **state)
{
	static const char *const open[] = { "/", "/login", "/healthz",
		"/metrics" };

	(void)state;
	for (size_t i = 0; i < nroutes; i++) {
		bool listed = false;

		for (size_t k = 0; k < NELEM(open); k++)
			listed |= strcmp(routes[i].path, open[k]) == 0;
		if (!listed)
			assert_int_equal(
			    routes[i].need, need_of(routes[i].path));
	}
}

/* With the initial password: only what is needed to replace it. */
static void
initial_password(void **state)
{
	static const char *const open[] = { "/", "/login", "/healthz",
		"/metrics", "/account", "/logout" };

	(void)state;
	for (size_t i = 0; i < nroutes; i++) {
		bool listed = false;

		for (size_t k = 0; k < NELEM(open); k++)
			listed |= strcmp(routes[i].path, open[k]) == 0;
		if (!listed)
			assert_false(routes[i].flags & RT_INITIAL);
	}
}

/* Large bodies are for two pages. */
static void
one_takes_a_file(void **state)
{
	(void)state;
	for (size_t i = 0; i < nroutes; i++) {
		assert_int_equal((routes[i].flags & RT_FILE) != 0,
		    routes[i].run == page_import_submit);
		assert_int_equal((routes[i].flags & RT_LONG) != 0,
		    routes[i].run == page_members_submit);
	}
}

/* A page of its own goes before an account or a forward of that name. */
static void
names_before_stars(void **state)
{
	static const struct {
		enum method method;
		const char *path;
		page_fn want;
	} all[] = {
		{ M_GET, "/admin/a.example", page_domain },
		{ M_GET, "/admin/a.example/accounts", page_accounts },
		{ M_POST, "/admin/a.example/accounts", page_bulk },
		{ M_GET, "/admin/a.example/accounts/new", page_new_show },
		{ M_POST, "/admin/a.example/accounts/new", page_new_submit },
		{ M_GET, "/admin/a.example/accounts/news", page_edit_show },
		{ M_GET, "/admin/a.example/accounts/new@a.example",
		    page_edit_show },
		{ M_GET, "/admin/a.example/accounts/new/reset",
		    page_reset_show },
		{ M_GET, "/admin/a.example/forwards/new",
		    page_forward_new_show },
		{ M_GET, "/admin/a.example/forwards/x", page_forward_show },
		{ M_GET, "/site/domains/new", page_site_new_show },
		{ M_GET, "/site/domains/a.example", page_site_domain_show },
	};

	(void)state;
	for (size_t i = 0; i < NELEM(all); i++) {
		const struct route *rt = route_find(
		    routes, nroutes, all[i].method, all[i].path);

		assert_non_null(rt);
		assert_true(rt->run == all[i].want);
	}
}

static void
elements(void **state)
{
	static const struct {
		const char *path;
		unsigned int n;
		const char *want;
	} all[] = {
		{ "/admin/a.example/accounts/x", 0, "admin" },
		{ "/admin/a.example/accounts/x", 1, "a.example" },
		{ "/admin/a.example/accounts/x", 3, "x" },
		{ "/admin/a.example/accounts/x", 4, "" },
		{ "/admin", 1, "" },
		{ "/admin/", 1, "" },
		{ "/", 0, "" },
		{ "", 0, "" },
		{ "admin", 0, "" },
		{ "/123456789", 0, "123456789" },
		/* No part of a name is a name. */
		{ "/1234567890", 0, "" },
	};
	char out[10];

	(void)state;
	for (size_t i = 0; i < NELEM(all); i++) {
		memset(out, 'z', sizeof(out));
		route_element(
		    all[i].path, all[i].n, out, sizeof(out));
		assert_string_equal(out, all[i].want);
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
	suite_add(&s, "one page takes a file", one_takes_a_file, NULL, NULL,
	    NULL);
	suite_add(&s, "names before stars", names_before_stars, NULL, NULL,
	    NULL);
	suite_add(&s, "elements of a path", elements, NULL, NULL, NULL);
	suite_add(
	    &s, "log-out is a POST", log_out_is_a_post, NULL, NULL, NULL);
	return suite_run(&s, "route");
}
