#include "page/page.h"

/* The whole site on one screen: who may enter is a column. */
/* clang-format off */
const struct route routes[] = {
	GET ("/",			NEED_NOBODY, RT_INITIAL, page_root),
	GET ("/account",		NEED_USER, RT_INITIAL, page_account_show),
	POST("/account",		NEED_USER, RT_INITIAL, page_account_submit),
	GET ("/account/log",		NEED_USER, 0, page_history),
	GET ("/account/settings",	NEED_USER, 0, page_settings),
	GET ("/healthz",		NEED_LOOPBACK, RT_INITIAL, page_health),
	GET ("/login",			NEED_NOBODY, RT_INITIAL, page_login_show),
	POST("/login",			NEED_NOBODY, RT_INITIAL, page_login_submit),
	POST("/logout",			NEED_USER, RT_INITIAL, page_logout),
};
/* clang-format on */

const size_t nroutes = NELEM(routes);
