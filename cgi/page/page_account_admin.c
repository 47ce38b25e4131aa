/* One account, as its administrator sees it: new, edit. */
#include <string.h>

#include "page/page.h"

/* -- new -- */

static void
new_frame(struct ctx *c)
{
	page_frame(c, "accounts");
	view_set(c->site->view, "Quota.default",
	    page_bytes(c, c->domain.default_quota_bytes));
}

enum result
page_new_show(struct ctx *c)
{
	new_frame(c);
	return page_end(c, 200, TPL_ACCOUNT_NEW);
}

static enum result
new_refused(struct ctx *c, const struct findings *f)
{
	static const char *const kept[] = { "account", "real_name",
		"quota_mb" };
	const struct form *b = &c->req.body;

	new_frame(c);
	for (size_t i = 0; i < NELEM(kept); i++)
		page_field(c, kept[i], form_get(b, kept[i]));
	if (form_get(b, "new_password")[0] != '\0')
		view_set(c->site->view, "Cleared", "1");
	page_findings(c, f);
	return page_end(c, 422, TPL_ACCOUNT_NEW);
}

static enum result
new_done(struct ctx *c, const char *password)
{
	struct address name;
	struct account a;
	enum result r;

	if (!address_of_account(form_get(&c->req.body, "account"),
		c->domain.name, &name))
		return RES_FAIL;
	r = account_in(c->site->store, &c->domain, name.local_part, &a);
	if (r != RES_OK)
		return r;
	if (password[0] == '\0') {
		page_say(c, page_account_path(c, a.local_part, ""), "added", 1);
		return RES_OK;
	}
	return page_notice_one(c, &a, password, page_path(c, "/accounts"));
}

enum result
page_new_submit(struct ctx *c)
{
	const struct form *b = &c->req.body;
	const char *password = form_get(b, "new_password");
	const char *again = form_get(b, "new_password_again");
	const bool own = password[0] != '\0' || again[0] != '\0';
	const struct account_new new = {
		.within = &c->domain,
		.address = form_get(b, "account"),
		.real_name = form_get(b, "real_name"),
		.quota_mb = form_get(b, "quota_mb"),
		.password = own ? password : NULL,
	};
	const struct actor who = page_actor(c);
	struct findings f = { .n = 0 };
	char made[PASSWD_GENERATED] = "";
	enum result r;

	if (!page_confirmed(c, &f, &r))
		return r;
	if (own && strcmp(password, again) != 0)
		finding_add(&f, "new_password_again", FAULT_PW_DIFFER, NULL,
		    NULL);
	/* All that is wrong at once, and nothing is done where something
	 * is already. */
	r = f.n > 0 ? account_add_check(c->site->store, &c->site->login, &new,
			  &f) :
		      account_add(c->site->store, &c->site->login, &new, &who,
			  &f, made);
	if (r == RES_INVALID)
		return new_refused(c, &f);
	if (r == RES_OK)
		r = new_done(c, made);
	explicit_bzero(made, sizeof(made));
	return r;
}

/* -- edit -- */

static enum result
edit_frame(struct ctx *c, const struct account *a)
{
	struct view *v = c->site->view;

	page_frame(c, "accounts");
	view_set(v, "Account.address", a->address);
	view_set(v, "Account.local_part", a->local_part);
	view_set(v, "Account.path", page_account_path(c, a->local_part, ""));
	view_set_int(v, "Account.version", a->version);
	view_set(v, "Account.created", page_time(c, a->created_at));
	view_set(v, "Account.password_at", page_time(c, a->password_at));
	if (a->initial)
		view_set(v, "Account.initial", "1");
	if (a->domain_admin || a->site_admin)
		view_set(v, "Account.admin", "1");
	if (strcmp(a->local_part, POSTMASTER) == 0)
		view_set(v, "Account.postmaster", "1");
	return page_mailbox(c, a);
}

enum result
page_edit_show(struct ctx *c)
{
	static const char *const said[] = { "notice.unchanged",
		"notice.account_saved", "notice.account_saved" };
	const int saved = page_said(c, "saved", 2);
	struct account_form f;
	struct account a;
	enum result r;

	if ((r = page_account_of_path(c, &a)) != RES_OK ||
	    (r = page_stored(c, &a, &f)) != RES_OK ||
	    (r = edit_frame(c, &a)) != RES_OK)
		return r;
	page_account_values(c, &f);
	if (saved >= 0)
		view_set(c->site->view, "Notice",
		    page_text(c, said[saved], NULL, NULL));
	else if (page_said(c, "added", 1) == 1)
		view_set(c->site->view, "Notice",
		    page_text(c, "notice.account_added", a.address, NULL));
	return page_end(c, 200, TPL_ACCOUNT_EDIT);
}

static enum result
edit_refused(struct ctx *c, const struct account *a,
    const struct account_form *form, const struct findings *f)
{
	enum result r = edit_frame(c, a);

	if (r != RES_OK)
		return r;
	page_account_values(c, form);
	page_findings(c, f);
	return page_end(c, 422, TPL_ACCOUNT_EDIT);
}

static enum result
edit_throttled(struct ctx *c, const struct account *a,
    const struct account_form *form, int64_t wait)
{
	enum result r = edit_frame(c, a);

	if (r != RES_OK)
		return r;
	page_account_values(c, form);
	view_error(c->site->view, "current_password",
	    page_text(c, "err.current.throttled", page_wait(c, wait), NULL));
	c->reply.retry_after = (int)wait;
	return page_end(c, 429, TPL_ACCOUNT_EDIT);
}

static enum result
edit_conflict(struct ctx *c, const struct account_form *typed)
{
	struct account_form stored;
	struct account now;
	enum result r;

	if ((r = page_account_of_path(c, &now)) != RES_OK ||
	    (r = page_stored(c, &now, &stored)) != RES_OK ||
	    (r = edit_frame(c, &now)) != RES_OK)
		return r;
	stored.new_password = typed->new_password;
	page_account_values(c, &stored);
	page_account_conflict(c, typed, &stored);
	return page_end(c, 409, TPL_ACCOUNT_EDIT);
}

static enum result
edit_done(struct ctx *c, const struct account *a,
    const struct account_change *change)
{
	if (change->authenticated)
		(void)!session_authenticated(
		    c->site->store, c->session, c->now);
	page_say(c, page_account_path(c, a->local_part, ""), "saved",
	    !change->changed	    ? 0 :
		change->routing ? 2 :
				  1);
	return RES_OK;
}

enum result
page_edit_submit(struct ctx *c)
{
	struct account_form form = page_account_form(c);
	const struct actor who = page_actor(c);
	struct account_change change;
	struct findings f = { .n = 0 };
	struct account a;
	enum result r;

	if ((r = page_account_of_path(c, &a)) != RES_OK)
		return r;
	form.quota_mb = form_get(&c->req.body, "quota_mb");
	if (form.quota_mb[0] == '\0')
		form.quota_mb = NULL; /* stays */
	switch (account_save(c->site->store, &c->site->login, &a,
	    &c->session->account, &form, &who, &f, &change)) {
	case SAVED_OK:
		return edit_done(c, &a, &change);
	case SAVED_INVALID:
		return edit_refused(c, &a, &form, &f);
	case SAVED_STALE:
		return edit_conflict(c, &form);
	case SAVED_THROTTLED:
		return edit_throttled(c, &a, &form, change.wait);
	case SAVED_GONE:
		return RES_NOTFOUND;
	case SAVED_BUSY:
		return RES_BUSY;
	case SAVED_FAIL:
		break;
	}
	return RES_FAIL;
}
