/* The two steps that need a second look: a new initial password, and the end
 * of an account. */
#include <string.h>

#include "page/page.h"

static void
frame(struct ctx *c, const struct account *a)
{
	struct view *v = c->site->view;

	page_frame(c, "accounts");
	view_set(v, "Account.address", a->address);
	view_set(v, "Account.local_part", a->local_part);
	view_set(v, "Account.real_name", a->real_name);
	view_set(
	    v, "Account.path", page_account_path(c, a->local_part, ""));
	view_set_int(v, "Account.version", a->credential);
	if (a->initial)
		view_set(v, "Account.initial", "1");
}

/* -- reset -- */

enum result
page_reset_show(struct ctx *c)
{
	struct account a;
	enum result r = page_account_of_path(c, &a);

	if (r != RES_OK)
		return r;
	frame(c, &a);
	return page_end(c, 200, TPL_ACCOUNT_RESET);
}

static enum result
reset_refused(struct ctx *c, const struct account *a,
    const struct findings *f)
{
	frame(c, a);
	page_findings(c, f);
	return page_end(c, 422, TPL_ACCOUNT_RESET);
}

/* The page was sent a second time: its password was told the first time. */
static enum result
reset_again(struct ctx *c)
{
	struct account now;
	enum result r = page_account_of_path(c, &now);

	if (r != RES_OK)
		return r;
	frame(c, &now);
	view_error(c->site->view, NULL,
	    page_text(c, "err.reset_done", NULL, NULL));
	return page_end(c, 409, TPL_ACCOUNT_RESET);
}

enum result
page_reset_submit(struct ctx *c)
{
	const struct actor who = page_actor(c);
	char password[PASSWD_GENERATED] = "";
	struct findings f = { .n = 0 };
	struct account a;
	enum result r;

	if ((r = page_account_of_path(c, &a)) != RES_OK)
		return r;
	if (!page_confirmed(c, &f, &r))
		return r;
	if (f.n > 0)
		return reset_refused(c, &a, &f);
	r = account_reset(c->site->store, &c->site->login, &a,
	    &c->session->account,
	    page_number(form_get(&c->req.body, "version"), -1), &who, &f,
	    password);
	if (r == RES_INVALID)
		return reset_refused(c, &a, &f);
	if (r == RES_CONFLICT)
		return reset_again(c);
	if (r == RES_OK)
		r = page_notice_one(c, &a, password, page_path(c, "/accounts"));
	explicit_bzero(password, sizeof(password));
	return r;
}

/* -- delete -- */

struct pointers {
	struct ctx *ctx;
	int n;
};

static bool
show_pointer(void *arg, const char *address)
{
	struct pointers *p = arg;

	view_set_nth(
	    p->ctx->site->view, "Pointing", p->n++, "address", address);
	return p->n < 50;
}

static enum result
delete_frame(struct ctx *c, const struct account *a)
{
	struct pointers p = { c, 0 };
	enum result r;

	frame(c, a);
	if ((r = page_mailbox(c, a)) != RES_OK)
		return r;
	return account_pointing_at(c->site->store, a, show_pointer, &p);
}

enum result
page_delete_show(struct ctx *c)
{
	struct account a;
	enum result r;

	if ((r = page_account_of_path(c, &a)) != RES_OK ||
	    (r = delete_frame(c, &a)) != RES_OK)
		return r;
	return page_end(c, 200, TPL_ACCOUNT_DELETE);
}

static enum result
delete_refused(struct ctx *c, const struct account *a,
    const struct findings *f)
{
	enum result r = delete_frame(c, a);

	if (r != RES_OK)
		return r;
	page_field(c, "confirm", form_get(&c->req.body, "confirm"));
	page_field(c, "leave_forward_to",
	    form_get(&c->req.body, "leave_forward_to"));
	page_findings(c, f);
	return page_end(c, 422, TPL_ACCOUNT_DELETE);
}

enum result
page_delete_submit(struct ctx *c)
{
	const struct actor who = page_actor(c);
	struct findings f = { .n = 0 };
	struct account a;
	enum result r;

	if ((r = page_account_of_path(c, &a)) != RES_OK)
		return r;
	if (!page_confirmed(c, &f, &r))
		return r;
	page_name_typed(c, a.local_part, &f);
	r = RES_INVALID;
	if (f.n == 0)
		r = account_delete(c->site->store, &a, &c->session->account,
		    form_get(&c->req.body, "leave_forward_to"), &who, &f);
	if (r == RES_INVALID)
		return delete_refused(c, &a, &f);
	if (r == RES_OK)
		page_say(c, page_path(c, "/accounts"), "deleted", 1);
	return r;
}
