/* ユーザー情報修正: one page, one form, one button. */
#include <stdio.h>
#include <string.h>

#include "core/account.h"
#include "core/routing.h"
#include "core/usage.h"
#include "page/page.h"

static void
show_usage(struct ctx *c, const struct account *a)
{
	struct view *v = c->site->view;
	struct mailbox_usage u;

	usage_of(
	    c->site->store, a, c->site->conf.oldest_socket, c->now, &u);
	if (u.last_login != 0)
		view_set(v, "Usage.last_login", page_time(c, u.last_login));
	if (!u.known)
		return;
	view_set(v, "Usage.known", "1");
	view_set_int(v, "Usage.percent", u.percent);
	view_set(v, "Usage.level",
	    u.percent >= 100	? "full" :
		u.percent >= 80 ? "warn" :
				  "ok");
	view_set(v, "Usage.used", page_bytes(c, u.bytes));
	view_set(v, "Usage.quota", page_bytes(c, a->quota_bytes));
	view_set(v, "Usage.messages", page_count(c, u.messages));
	if (u.oldest > 0)
		view_set(v, "Usage.oldest", page_time(c, u.oldest));
	else if (u.oldest < 0)
		view_set(v, "Usage.oldest",
		    page_text(c, "usage.oldest_unknown", NULL, NULL));
}

/* "Where your mail goes now", from the rows that Postfix reads. */
static enum result
show_delivery(struct ctx *c, const struct account *a)
{
	struct delivery d;
	const char *how, *list = "";
	enum result r = account_delivery(c->site->store, a, &d);

	if (r != RES_OK)
		return r;
	for (size_t i = 0; i < d.n; i++)
		if (strcmp(d.list[i], a->address) != 0)
			list = pool_printf(c->pool, "%s%s%s", list,
			    list[0] != '\0' ? ", " : "", d.list[i]);
	if (!d.exists)
		how = "disabled";
	else if (d.n == 0 && d.mailbox_open)
		how = "mailbox";
	else if (d.mailbox_open)
		how = "forward_copy";
	else
		how = d.discards ? "discard" : "forward";
	view_set(c->site->view, "Delivery",
	    page_text(c, pool_printf(c->pool, "delivery.%s", how),
		list[0] != '\0' ? list : a->address, NULL));
	view_set(c->site->view, "How", how);
	return RES_OK;
}

/* All of the page but the form's values. */
static enum result
show_frame(struct ctx *c, const struct account *a)
{
	struct view *v = c->site->view;

	page_begin(c);
	view_set(v, "Account.address", a->address);
	view_set_int(v, "Account.version", a->version);
	if (!session_is_fresh(&c->site->login.session, c->session, c->now))
		view_set(v, "Account.reauth", "1");
	show_usage(c, a);
	return show_delivery(c, a);
}

/* What a form held that is shown again.  Passwords never are, and the page
 * says so: an empty field would look like "keep the password". */
static void
show_values(struct ctx *c, const struct account_form *f)
{
	if (f->new_password[0] != '\0' || f->new_password_again[0] != '\0')
		view_set(c->site->view, "Cleared", "1");
	page_field(c, "real_name", f->real_name);
	page_field(c, "routing", f->routing);
	page_field(c, "forward_to", f->forward_to);
	if (f->keep_copy)
		page_field(c, "keep_copy", "1");
	if (f->confirm_discard)
		page_field(c, "confirm_discard", "1");
}

/* The form as the row has it: one address a line. */
static void
stored_form(struct ctx *c, const struct account *a, const struct targets *t,
    struct account_form *f)
{
	const char *lines = "";

	for (size_t i = 0; i < t->n; i++)
		lines = pool_printf(c->pool, "%s%s%s@%s", lines,
		    i > 0 ? "\n" : "", t->list[i].local_part,
		    t->list[i].domain);
	*f = (struct account_form){
		.new_password = "",
		.new_password_again = "",
		.real_name = a->real_name,
		.routing = routing_text(a->routing),
		.forward_to = lines,
		.keep_copy = a->keep_copy,
	};
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
	struct targets t;
	enum result r;

	if ((r = account_targets(c->site->store, a, &t)) != RES_OK ||
	    (r = show_frame(c, a)) != RES_OK)
		return r;
	stored_form(c, a, &t, &f);
	show_values(c, &f);
	show_notice(c, form_get(&c->req.query, "saved"));
	return page_end(c, 200, TPL_ACCOUNT);
}

static void
conflict_row(struct ctx *c, int *n, const char *label, const char *typed,
    const char *stored)
{
	if (strcmp(typed, stored) == 0)
		return;
	view_set_nth(c->site->view, "Conflict", *n, "label",
	    page_text(c, label, NULL, NULL));
	view_set_nth(c->site->view, "Conflict", *n, "value", typed);
	++*n;
}

static const char *
routing_label(struct ctx *c, const char *routing)
{
	enum routing unused;

	/* What was typed may be no routing at all. */
	if (!routing_of_text(routing, &unused))
		return routing;
	return page_text(
	    c, pool_printf(c->pool, "routing.%s", routing), NULL, NULL);
}

/* One spelling for what is typed and what is stored; what cannot be read as
 * addresses stays as it was typed. */
static const char *
targets_label(struct ctx *c, const char *typed)
{
	struct findings unused = { .n = 0 };
	struct targets t;
	char text[TARGETS_MAX * 330];

	if (routing_parse_targets(typed, &t, &unused) != RES_OK)
		return typed;
	routing_targets_text(&t, text, sizeof(text));
	return pool_strndup(c->pool, text, strlen(text));
}

/* Somebody else saved meanwhile: the form with the newer values, and beside
 * it what was typed and is not saved. */
static enum result
show_conflict(struct ctx *c, const struct account_form *typed)
{
	struct account now;
	struct targets t;
	struct account_form stored;
	int n = 0;
	enum result r;

	r = account_by_id(c->site->store, c->session->account.id, &now);
	if (r != RES_OK ||
	    (r = account_targets(c->site->store, &now, &t)) != RES_OK ||
	    (r = show_frame(c, &now)) != RES_OK)
		return r;
	stored_form(c, &now, &t, &stored);
	stored.new_password = typed->new_password;
	show_values(c, &stored);
	view_set(c->site->view, "Conflict.text",
	    page_text(c, "conflict.text", NULL, NULL));
	conflict_row(c, &n, "label.real_name", typed->real_name,
	    stored.real_name);
	conflict_row(c, &n, "label.routing",
	    routing_label(c, typed->routing),
	    routing_label(c, stored.routing));
	conflict_row(c, &n, "label.forward_to",
	    targets_label(c, typed->forward_to),
	    targets_label(c, stored.forward_to));
	conflict_row(c, &n, "label.keep_copy",
	    page_text(c, typed->keep_copy ? "yes" : "no", NULL, NULL),
	    page_text(c, stored.keep_copy ? "yes" : "no", NULL, NULL));
	return page_end(c, 409, TPL_ACCOUNT);
}

static enum result
show_refused(struct ctx *c, const struct account_form *f,
    const struct findings *found)
{
	enum result r = show_frame(c, &c->session->account);

	if (r != RES_OK)
		return r;
	show_values(c, f);
	page_findings(c, found);
	return page_end(c, 422, TPL_ACCOUNT);
}

static enum result
show_throttled(struct ctx *c, const struct account_form *f, int64_t wait)
{
	enum result r = show_frame(c, &c->session->account);

	if (r != RES_OK)
		return r;
	show_values(c, f);
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
	const struct form *b = &c->req.body;
	const struct account_form f = {
		/* One that was not sent is nobody's. */
		.version = page_number(form_get(b, "version"), -1),
		.real_name = form_get(b, "real_name"),
		.new_password = form_get(b, "new_password"),
		.new_password_again = form_get(b, "new_password_again"),
		.routing = form_get(b, "routing"),
		.forward_to = form_get(b, "forward_to"),
		.keep_copy = form_is_on(b, "keep_copy"),
		.confirm_discard = form_is_on(b, "confirm_discard"),
		.current_password = form_get(b, "current_password"),
		.need_current = !session_is_fresh(
		    &c->site->login.session, c->session, c->now),
	};
	const struct actor who = page_actor(c);
	struct findings found = { .n = 0 };
	struct account_change change;

	switch (account_save(c->site->store, &c->site->login,
	    &c->session->account, &f, &who, &found, &change)) {
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
