/* Initial passwords: told in the answer to the request that made them, this
 * once, on papers to hand out.  The pool wipes its copies, and so does the
 * view with its page (reply.secret). */
#include "page/page.h"

struct slip
page_slip(struct ctx *c, const struct account *a,
    const char password[PASSWD_GENERATED])
{
	return (struct slip){
		.address = pool_printf(c->pool, "%s", a->address),
		.real_name = pool_printf(c->pool, "%s", a->real_name),
		.pop_host = pool_printf(c->pool, "%s", a->pop_host),
		.password = pool_printf(c->pool, "%s", password),
	};
}

static void
show_slip(struct ctx *c, int n, const struct slip *s)
{
	const struct conf *conf = &c->site->conf;
	struct view *v = c->site->view;

	view_set_nth(v, "Slip", n, "address", s->address);
	view_set_nth(v, "Slip", n, "real_name", s->real_name);
	view_set_nth(v, "Slip", n, "password", s->password);
	if (s->pop_host[0] != '\0')
		view_set_nth(v, "Slip", n, "pop_host",
		    pool_printf(
			c->pool, "%s%s", s->pop_host, conf->pop_suffix));
}

enum result
page_notice(struct ctx *c, const struct slip *slips, size_t n,
    const char *back)
{
	const struct conf *conf = &c->site->conf;
	struct view *v = c->site->view;
	enum result r;

	page_begin(c);
	view_secret(v);
	view_set(v, "Client.web", conf->origin);
	view_set_int(v, "Client.pop_port", conf->pop_port);
	view_set(v, "Client.submission_host", conf->submission_host);
	view_set_int(v, "Client.submission_port", conf->submission_port);
	view_set_int(v, "Client.timeout", conf->submission_timeout);
	view_set(v, "Back", back);
	view_set(v, "Count.n", page_count(c, (int64_t)n));
	if (n == 1)
		view_set(v, "One", "1");
	for (size_t i = 0; i < n; i++)
		show_slip(c, (int)i, &slips[i]);
	r = page_end(c, 200, TPL_NOTICE);
	c->reply.secret = true;
	return r;
}

enum result
page_notice_one(struct ctx *c, const struct account *a,
    const char password[PASSWD_GENERATED], const char *back)
{
	const struct slip slip = page_slip(c, a, password);

	return page_notice(c, &slip, 1, back);
}
