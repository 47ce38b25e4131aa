/* メールクライアントの設定: what this user types into a mail program. */
#include "page/page.h"

enum result
page_settings(struct ctx *c)
{
	const struct account *a = &c->session->account;
	const struct conf *conf = &c->site->conf;
	struct view *v = c->site->view;

	page_begin(c);
	if (a->pop_host[0] != '\0')
		view_set(v, "Settings.pop_host",
		    pool_printf(
			c->pool, "%s%s", a->pop_host, conf->pop_suffix));
	if (a->routing == ROUTING_DISCARD)
		view_set(v, "Settings.discard", "1");
	view_set_int(v, "Settings.pop_port", conf->pop_port);
	view_set(v, "Settings.user", a->address);
	view_set(v, "Settings.submission_host", conf->submission_host);
	view_set_int(v, "Settings.submission_port", conf->submission_port);
	view_set_int(v, "Settings.timeout", conf->submission_timeout);
	return page_end(c, 200, TPL_SETTINGS);
}
