#include "page/page.h"

/* The whole site on one screen: who may enter is a column. */
/* clang-format off */
const struct route routes[] = {
	GET ("/",			NEED_NOBODY, RT_INITIAL, page_root),
	GET ("/account",		NEED_USER, RT_INITIAL, page_account_show),
	POST("/account",		NEED_USER, RT_INITIAL, page_account_submit),
	GET ("/account/log",		NEED_USER, 0, page_history),
	GET ("/account/settings",	NEED_USER, 0, page_settings),
	GET ("/admin",			NEED_USER, 0, page_admin),
	GET ("/admin/*",		NEED_ADMIN, 0, page_domain),
	GET ("/admin/*/accounts",	NEED_ADMIN, 0, page_accounts),
	POST("/admin/*/accounts",	NEED_ADMIN, 0, page_bulk),
	GET ("/admin/*/accounts/new",	NEED_ADMIN, 0, page_new_show),
	POST("/admin/*/accounts/new",	NEED_ADMIN, 0, page_new_submit),
	GET ("/admin/*/accounts/*",	NEED_ADMIN, 0, page_edit_show),
	POST("/admin/*/accounts/*",	NEED_ADMIN, 0, page_edit_submit),
	GET ("/admin/*/accounts/*/reset",  NEED_ADMIN, 0, page_reset_show),
	POST("/admin/*/accounts/*/reset",  NEED_ADMIN, 0, page_reset_submit),
	GET ("/admin/*/accounts/*/delete", NEED_ADMIN, 0, page_delete_show),
	POST("/admin/*/accounts/*/delete", NEED_ADMIN, 0, page_delete_submit),
	GET ("/admin/*/export.csv",	NEED_ADMIN, 0, page_export),
	GET ("/admin/*/forwards",	NEED_ADMIN, 0, page_forwards),
	GET ("/admin/*/forwards/new",	NEED_ADMIN, 0, page_forward_new_show),
	POST("/admin/*/forwards/new",	NEED_ADMIN, 0, page_forward_new_submit),
	GET ("/admin/*/forwards/*",	NEED_ADMIN, 0, page_forward_show),
	POST("/admin/*/forwards/*",	NEED_ADMIN, 0, page_forward_submit),
	GET ("/admin/*/forwards/*/delete", NEED_ADMIN, 0, page_forward_delete_show),
	POST("/admin/*/forwards/*/delete", NEED_ADMIN, 0, page_forward_delete_submit),
	GET ("/admin/*/import",		NEED_ADMIN, 0, page_import_show),
	POST("/admin/*/import",		NEED_ADMIN, RT_FILE, page_import_submit),
	GET ("/admin/*/log",		NEED_ADMIN, 0, page_domain_log),
	GET ("/healthz",		NEED_LOOPBACK, RT_INITIAL, page_health),
	GET ("/login",			NEED_NOBODY, RT_INITIAL, page_login_show),
	POST("/login",			NEED_NOBODY, RT_INITIAL, page_login_submit),
	POST("/logout",			NEED_USER, RT_INITIAL, page_logout),
	GET ("/site",			NEED_SITE, 0, page_site),
	GET ("/site/domains/new",	NEED_SITE, 0, page_site_new_show),
	POST("/site/domains/new",	NEED_SITE, 0, page_site_new_submit),
	GET ("/site/domains/*",		NEED_SITE, 0, page_site_domain_show),
	POST("/site/domains/*",		NEED_SITE, 0, page_site_domain_submit),
	POST("/site/domains/*/postmaster", NEED_SITE, 0, page_site_postmaster),
};
/* clang-format on */

const size_t nroutes = NELEM(routes);
