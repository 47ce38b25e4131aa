/* Log-in, log-out, the front door, and the answer for monitoring. */
#include <string.h>

#include "base/log.h"
#include "base/metrics.h"
#include "core/domain.h"
#include "core/upload.h"
#include "page/page.h"

enum result
page_root(struct ctx *c)
{
	reply_see_other(
	    &c->reply, c->session != NULL ? "/account" : "/login");
	return RES_OK;
}

enum result
page_health(struct ctx *c)
{
	/* Whatever is wrong, monitoring is told 503. */
	if (site_alive(c->site->store) != RES_OK)
		return RES_BUSY;
	c->reply.content_type = "text/plain; charset=utf-8";
	c->reply.body = "ok\n";
	c->reply.length = 3;
	return RES_OK;
}

enum result
page_login_show(struct ctx *c)
{
	const struct form *q = &c->req.query;

	if (c->session != NULL) {
		reply_see_other(&c->reply, "/account");
		return RES_OK;
	}
	page_form_cookie(c);
	page_begin(c);
	if (form_get(q, "out")[0] != '\0')
		view_set(c->site->view, "Notice",
		    page_text(c, "notice.logged_out", NULL, NULL));
	else if (strcmp(form_get(q, "over"), "2") == 0)
		view_set(c->site->view, "Notice",
		    page_text(c, "notice.session_over_unsaved", NULL, NULL));
	else if (form_get(q, "over")[0] != '\0')
		view_set(c->site->view, "Notice",
		    page_text(c, "notice.session_over", NULL, NULL));
	return page_end(c, 200, TPL_LOGIN);
}

/* The form again, with what was typed; never the password. */
static enum result
refused(struct ctx *c, int status, const char *field, const char *text)
{
	page_begin(c);
	page_field(c, "account", form_get(&c->req.body, "account"));
	page_field(c, "domain", form_get(&c->req.body, "domain"));
	view_error(c->site->view, field, text);
	return page_end(c, status, TPL_LOGIN);
}

enum result
page_login_submit(struct ctx *c)
{
	const struct form *f = &c->req.body;
	const struct actor who = page_actor(c);
	char token[SECRET_TEXT];
	struct account account;
	enum login got;
	int64_t wait = 0;

	got = login(c->site->store, &c->site->login, form_get(f, "account"),
	    form_get(f, "domain"), form_get(f, "password"), &who, token,
	    &account, &wait);
	metric_count(METRIC_LOGIN_DONE + got);
	switch (got) {
	case LOGIN_OK:
		/* Whoever was logged in here before is not any more. */
		if (c->session != NULL)
			(void)!session_end(c->site->store, c->session);
		reply_cookie(&c->reply, COOKIE_SESSION, token);
		reply_forget_cookie(&c->reply, COOKIE_FORM);
		reply_see_other(&c->reply, "/account");
		return RES_OK;
	case LOGIN_WRONG:
		return refused(c, 401, "account",
		    page_text(c, "login.wrong", NULL, NULL));
	case LOGIN_THROTTLED:
		c->reply.retry_after = (int)wait;
		return refused(c, 429, NULL,
		    page_text(c, "login.throttled", page_wait(c, wait), NULL));
	case LOGIN_BUSY:
		return RES_BUSY;
	case LOGIN_FAIL:
		break;
	}
	return RES_FAIL;
}

enum result
page_logout(struct ctx *c)
{
	enum result r = session_end(c->site->store, c->session);

	if (r != RES_OK)
		return r;
	log_event("logout", "account=%s", c->session->account.address);
	/* It could not be opened any more. */
	(void)!upload_forget(c->site->store, c->cookie);
	reply_forget_cookie(&c->reply, COOKIE_SESSION);
	reply_see_other(&c->reply, "/login?out=1");
	return RES_OK;
}
