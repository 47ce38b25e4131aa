/* What the pages of one account share: its owner's and an administrator's. */
#include <stdio.h>
#include <string.h>

#include "core/routing.h"
#include "core/usage.h"
#include "page/page.h"

#define MB (1024LL * 1024)

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

enum result
page_mailbox(struct ctx *c, const struct account *a)
{
	show_usage(c, a);
	return show_delivery(c, a);
}

/* What a form held that is shown again.  Passwords never are, and the page
 * says so: an empty field would look like "keep the password". */
void
page_account_values(struct ctx *c, const struct account_form *f)
{
	if (f->new_password[0] != '\0' || f->new_password_again[0] != '\0')
		view_set(c->site->view, "Cleared", "1");
	page_field(c, "real_name", f->real_name);
	page_field(c, "routing", f->routing);
	page_field(c, "forward_to", f->forward_to);
	if (f->quota_mb != NULL)
		page_field(c, "quota_mb", f->quota_mb);
	if (f->keep_copy)
		page_field(c, "keep_copy", "1");
	if (f->confirm_discard)
		page_field(c, "confirm_discard", "1");
}

/* The form as the row has it: one address a line. */
enum result
page_stored(struct ctx *c, const struct account *a, struct account_form *f)
{
	const char *lines = "";
	struct targets t;
	enum result r = account_targets(c->site->store, a, &t);

	if (r != RES_OK)
		return r;
	for (size_t i = 0; i < t.n; i++)
		lines = pool_printf(c->pool, "%s%s%s@%s", lines,
		    i > 0 ? "\n" : "", t.list[i].local_part,
		    t.list[i].domain);
	*f = (struct account_form){
		.new_password = "",
		.new_password_again = "",
		.real_name = a->real_name,
		.routing = routing_text(a->routing),
		.forward_to = lines,
		.keep_copy = a->keep_copy,
		/* One that is no whole number stays: no text. */
		.quota_mb = a->quota_bytes % MB != 0 ?
		    "" :
		    pool_printf(c->pool, "%lld",
			(long long)(a->quota_bytes / MB)),
	};
	return RES_OK;
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
	char text[TARGETS_TEXT];

	if (routing_parse_targets(
		typed, TARGETS_MAX, "forward_to", &t, &unused) != RES_OK)
		return typed;
	routing_targets_text(&t, text, sizeof(text));
	return pool_strndup(c->pool, text, strlen(text));
}

void
page_account_conflict(struct ctx *c, const struct account_form *typed,
    const struct account_form *stored)
{
	int n = 0;

	view_set(c->site->view, "Conflict.text",
	    page_text(c, "conflict.text", NULL, NULL));
	conflict_row(c, &n, "label.real_name", typed->real_name,
	    stored->real_name);
	if (typed->quota_mb != NULL)
		conflict_row(
		    c, &n, "label.quota", typed->quota_mb, stored->quota_mb);
	conflict_row(c, &n, "label.routing",
	    routing_label(c, typed->routing),
	    routing_label(c, stored->routing));
	conflict_row(c, &n, "label.forward_to",
	    targets_label(c, typed->forward_to),
	    targets_label(c, stored->forward_to));
	conflict_row(c, &n, "label.keep_copy",
	    page_text(c, typed->keep_copy ? "yes" : "no", NULL, NULL),
	    page_text(c, stored->keep_copy ? "yes" : "no", NULL, NULL));
}

struct account_form
page_account_form(struct ctx *c)
{
	const struct form *b = &c->req.body;

	return (struct account_form){
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
		.need_current = page_asks_again(c),
	};
}
