/* ユーザー情報修正: one page, one form, one button. */
#include <string.h>

#include "base/line.h"
#include "core/mlist.h"
#include "page/page.h"

static void
show_lists(struct ctx *c, const struct account *a)
{
	const char *lines = mlist_of_account(c->site->store,
	    c->site->conf.lists_socket, c->pool, a);
	const char *one;
	size_t len;

	for (int n = 0; (one = line_next(&lines, &len)) != NULL; n++)
		view_set_nth(c->site->view, "List", n, "address",
		    pool_strndup(c->pool, one, len));
}

/* All of the page but the form's values. */
static enum result
show_frame(struct ctx *c, const struct account *a)
{
	struct view *v = c->site->view;

	page_begin(c);
	view_set(v, "Account.address", a->address);
	view_set_int(v, "Account.version", a->version);
	if (page_asks_again(c))
		view_set(v, "Reauth", "1");
	show_lists(c, a);
	return page_mailbox(c, a);
}

/* What the redirect after a save says: nothing, something, the routing. */
static void
show_notice(struct ctx *c, const char *saved)
{
	static const char *const keys[] = { "notice.unchanged",
		"notice.saved", "notice.saved_routing" };

	if (saved[0] >= '0' && saved[0] <= '2' && saved[1] == '\0')
		view_set(c->site->view, "Notice",
		    page_text(c, keys[saved[0] - '0'], NULL, NULL));
}

enum result
page_account_show(struct ctx *c)
{
	const struct account *a = &c->session->account;
	struct account_form f;
	enum result r;

	if ((r = page_stored(c, a, &f)) != RES_OK ||
	    (r = show_frame(c, a)) != RES_OK)
		return r;
	page_account_values(c, &f);
	show_notice(c, form_get(&c->req.query, "saved"));
	return page_end(c, 200, TPL_ACCOUNT);
}

/* Somebody else saved meanwhile: the form with the newer values, and beside
 * it what was typed and is not saved. */
static enum result
show_conflict(struct ctx *c, const struct account_form *typed)
{
	struct account now;
	struct account_form stored;
	enum result r;

	r = account_by_id(c->site->store, c->session->account.id, &now);
	if (r != RES_OK || (r = page_stored(c, &now, &stored)) != RES_OK ||
	    (r = show_frame(c, &now)) != RES_OK)
		return r;
	stored.new_password = typed->new_password;
	page_account_values(c, &stored);
	page_account_conflict(c, typed, &stored);
	return page_end(c, 409, TPL_ACCOUNT);
}

static enum result
show_refused(struct ctx *c, const struct account_form *f,
    const struct findings *found)
{
	enum result r = show_frame(c, &c->session->account);

	if (r != RES_OK)
		return r;
	page_account_values(c, f);
	page_findings(c, found);
	return page_end(c, 422, TPL_ACCOUNT);
}

static enum result
show_throttled(struct ctx *c, const struct account_form *f, int64_t wait)
{
	enum result r = show_frame(c, &c->session->account);

	if (r != RES_OK)
		return r;
	page_account_values(c, f);
	view_error(c->site->view, "current_password",
	    page_text(c, "err.current.throttled", page_wait(c, wait), NULL));
	c->reply.retry_after = (int)wait;
	return page_end(c, 429, TPL_ACCOUNT);
}

static enum result
saved(struct ctx *c, const struct account_change *change)
{
	struct store *s = c->site->store;
	char token[SECRET_TEXT];

	/* The save stands whatever becomes of the session now. */
	if (change->password) {
		if (session_renew(s, &c->site->login.session,
			c->session->account.id, c->now, token) == RES_OK)
			reply_cookie(&c->reply, COOKIE_SESSION, token);
	} else if (change->authenticated) {
		(void)!session_authenticated(s, c->session, c->now);
	}
	reply_see_other(&c->reply,
	    !change->changed	    ? "/account?saved=0" :
		change->routing ? "/account?saved=2" :
				  "/account?saved=1");
	return RES_OK;
}

enum result
page_account_submit(struct ctx *c)
{
	const struct account_form f = page_account_form(c);
	const struct actor who = page_actor(c);
	struct findings found = { .n = 0 };
	struct account_change change;

	switch (account_save(c->site->store, &c->site->login,
	    &c->session->account, NULL, &f, &who, &found, &change)) {
	case SAVED_OK:
		return saved(c, &change);
	case SAVED_INVALID:
		return show_refused(c, &f, &found);
	case SAVED_STALE:
		return show_conflict(c, &f);
	case SAVED_THROTTLED:
		return show_throttled(c, &f, change.wait);
	case SAVED_GONE:
		reply_see_other(&c->reply, "/login?over=1");
		return RES_OK;
	case SAVED_BUSY:
		return RES_BUSY;
	case SAVED_FAIL:
		break;
	}
	return RES_FAIL;
}
