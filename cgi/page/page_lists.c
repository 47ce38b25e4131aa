/* メーリングリスト: settings; members are in page_members.c. */
#include <string.h>

#include "core/mlist.h"
#include "page/page.h"

const char *
page_list_path(struct ctx *c, const char *name, const char *behind)
{
	return page_path(c,
	    pool_printf(c->pool, "/lists/%s%s", page_url(c, name), behind));
}

enum result
page_list_of_path(struct ctx *c, struct mlist *l)
{
	return mlist_find(c->site->store, &c->domain, page_element(c, 3), l);
}

void
page_list_frame(struct ctx *c, const struct mlist *l)
{
	struct view *v = c->site->view;

	page_frame(c, "lists");
	if (l == NULL) {
		view_set(v, "New", "1");
		return;
	}
	view_set(v, "List.name", l->local_part);
	view_set(v, "List.address", l->address);
	view_set(v, "List.path", page_list_path(c, l->local_part, ""));
	view_set_int(v, "List.version", l->version);
}

/* -- the lists of a domain -- */

struct rows {
	struct ctx *ctx;
	int n;
};

static bool
show_row(void *arg, const struct mlist *l)
{
	struct rows *rows = arg;
	struct ctx *c = rows->ctx;
	struct view *v = c->site->view;
	const int n = rows->n++;

	view_set_nth(v, "Row", n, "name", l->local_part);
	view_set_nth(v, "Row", n, "address", l->address);
	view_set_nth(
	    v, "Row", n, "href", page_list_path(c, l->local_part, ""));
	view_set_nth(v, "Row", n, "members",
	    page_list_path(c, l->local_part, "/members"));
	view_set_nth(v, "Row", n, "description", l->description);
	view_set_nth(v, "Row", n, "posting",
	    page_text(c,
		pool_printf(
		    c->pool, "lists.posting.%s", posting_text(l->posting)),
		NULL, NULL));
	view_set_nth(v, "Row", n, "owner", l->owner);
	return true;
}

enum result
page_lists(struct ctx *c)
{
	struct rows rows = { c, 0 };
	struct view *v = c->site->view;
	enum result r;

	page_frame(c, "lists");
	r = mlist_each(c->site->store, &c->domain, show_row, &rows);
	if (r != RES_OK)
		return r;
	if (c->site->conf.lists_socket[0] == '\0')
		view_set(v, "Lists.off", "1");
	if (page_said(c, "deleted", 1) == 1)
		view_set(v, "Notice",
		    page_text(c, "notice.list_deleted", NULL, NULL));
	return page_end(c, 200, TPL_LISTS);
}

/* -- the form -- */

static struct mlist_form
read_form(struct ctx *c)
{
	const struct form *b = &c->req.body;

	return (struct mlist_form){
		.description = form_get(b, "description"),
		.owner = form_get(b, "owner"),
		.posting = form_get(b, "posting"),
		.subscription = form_get(b, "subscription"),
		.reply_to = form_get(b, "reply_to"),
		.prefix = form_get(b, "prefix"),
		.footer = form_get(b, "footer"),
		.archive = form_is_on(b, "archive") ? "on" : "",
		.moderators = form_get(b, "moderators"),
	};
}

static void
show_choice(struct ctx *c, const char *group, int n, const char *value,
    const char *chosen)
{
	struct view *v = c->site->view;

	view_set_nth(v, group, n, "value", value);
	view_set_nth(v, group, n, "label",
	    page_text(c,
		pool_printf(c->pool,
		    strcmp(group, "Posting") == 0 ? "lists.posting.%s" :
						    "lists.subscription.%s",
		    value),
		NULL, NULL));
	if (strcmp(value, chosen) == 0)
		view_set_nth(v, group, n, "chosen", "1");
}

static void
show_form(struct ctx *c, const struct mlist_form *f)
{
	page_field(c, "description", f->description);
	page_field(c, "owner", f->owner);
	page_field(c, "prefix", f->prefix);
	page_field(c, "footer", f->footer);
	page_field(c, "moderators", f->moderators);
	page_field(c, "reply_to", f->reply_to);
	if (f->archive[0] != '\0')
		page_field(c, "archive", "1");
	for (int i = 0; i < POSTING__MAX; i++)
		show_choice(c, "Posting", i, posting_text((enum posting)i),
		    f->posting);
	for (int i = 0; i < SUB__MAX; i++)
		show_choice(c, "Subscription", i,
		    subscription_text((enum subscription)i), f->subscription);
}

static void
show_stored(struct ctx *c, const struct mlist *l)
{
	const struct mlist_form f = {
		.description = l->description,
		.owner = l->owner,
		.posting = posting_text(l->posting),
		.subscription = subscription_text(l->subscription),
		.reply_to = l->reply_to_list ? "list" : "sender",
		.prefix = l->prefix,
		.footer = l->footer,
		.archive = l->archive ? "on" : "",
		.moderators = l->moderators,
	};

	page_list_frame(c, l);
	show_form(c, &f);
}

static enum result
refused(struct ctx *c, const struct mlist *l, const struct findings *f)
{
	const struct mlist_form form = read_form(c);

	page_list_frame(c, l);
	page_field(c, "name", form_get(&c->req.body, "name"));
	show_form(c, &form);
	page_findings(c, f);
	return page_end(c, 422, TPL_LIST);
}

/* -- new -- */

enum result
page_list_new_show(struct ctx *c)
{
	const struct mlist_form f = {
		.description = "",
		.owner = c->session->account.address,
		.posting = posting_text(POSTING_MEMBERS),
		.subscription = subscription_text(SUB_CONFIRM),
		.reply_to = "sender",
		.prefix = "",
		.footer = "",
		.archive = "",
		.moderators = "",
	};

	page_list_frame(c, NULL);
	show_form(c, &f);
	return page_end(c, 200, TPL_LIST);
}

/* What was not sent is the default; what was sent empty is a mistake. */
static void
take_defaults(struct ctx *c, struct mlist_form *f)
{
	const struct form *b = &c->req.body;

	if (form_get(b, "posting")[0] == '\0')
		f->posting = posting_text(POSTING_MEMBERS);
	if (form_get(b, "subscription")[0] == '\0')
		f->subscription = subscription_text(SUB_CONFIRM);
	if (form_get(b, "reply_to")[0] == '\0')
		f->reply_to = "sender";
}

enum result
page_list_new_submit(struct ctx *c)
{
	const struct actor who = page_actor(c);
	const char *name = form_get(&c->req.body, "name");
	struct mlist_form form = read_form(c);
	struct findings f = { .n = 0 };
	struct address a;
	enum result r;

	if (!page_confirmed(c, &f, &r))
		return r;
	take_defaults(c, &form);
	r = f.n > 0 ? RES_INVALID :
		      mlist_add(c->site->store, c->site->conf.lists_socket,
			  &c->domain, name, &form, &who, &f);
	if (r == RES_INVALID)
		return refused(c, NULL, &f);
	if (r == RES_OK && address_of_account(name, c->domain.name, &a))
		page_say(c, page_list_path(c, a.local_part, "/members"),
		    "created", 1);
	return r;
}

/* -- edit -- */

enum result
page_list_show(struct ctx *c)
{
	static const char *const said[] = { "notice.unchanged",
		"notice.list_saved" };
	const int saved = page_said(c, "saved", 1);
	struct mlist l;
	enum result r = page_list_of_path(c, &l);

	if (r != RES_OK)
		return r;
	show_stored(c, &l);
	if (saved >= 0)
		view_set(c->site->view, "Notice",
		    page_text(c, said[saved], NULL, NULL));
	return page_end(c, 200, TPL_LIST);
}

static enum result
conflict(struct ctx *c)
{
	struct mlist l;
	enum result r = page_list_of_path(c, &l);

	if (r != RES_OK)
		return r;
	show_stored(c, &l);
	view_error(
	    c->site->view, NULL, page_text(c, "conflict.text", NULL, NULL));
	return page_end(c, 409, TPL_LIST);
}

enum result
page_list_submit(struct ctx *c)
{
	const struct actor who = page_actor(c);
	struct mlist_form form = read_form(c);
	struct findings f = { .n = 0 };
	struct mlist l;
	bool changed;
	enum result r;

	if ((r = page_list_of_path(c, &l)) != RES_OK)
		return r;
	if (!page_confirmed(c, &f, &r))
		return r;
	r = f.n > 0 ? RES_INVALID :
		      mlist_save(c->site->store, c->site->conf.lists_socket,
			  &c->domain, l.local_part,
			  page_number(form_get(&c->req.body, "version"), -1),
			  &form, &who, &f, &changed);
	if (r == RES_CONFLICT)
		return conflict(c);
	if (r == RES_INVALID)
		return refused(c, &l, &f);
	if (r == RES_OK)
		page_say(c, page_list_path(c, l.local_part, ""), "saved",
		    changed);
	return r;
}

/* -- delete -- */

enum result
page_list_delete_show(struct ctx *c)
{
	struct mlist l;
	enum result r = page_list_of_path(c, &l);

	if (r != RES_OK)
		return r;
	page_list_frame(c, &l);
	return page_end(c, 200, TPL_LIST_DELETE);
}

enum result
page_list_delete_submit(struct ctx *c)
{
	const struct actor who = page_actor(c);
	struct findings f = { .n = 0 };
	struct mlist l;
	enum result r;

	if ((r = page_list_of_path(c, &l)) != RES_OK)
		return r;
	if (!page_confirmed(c, &f, &r))
		return r;
	page_name_typed(c, l.local_part, &f);
	r = f.n > 0 ? RES_INVALID :
		      mlist_delete(c->site->store, c->site->conf.lists_socket,
			  &c->domain, l.local_part, &who, &f);
	if (r == RES_INVALID) {
		page_list_frame(c, &l);
		page_field(
		    c, "confirm", form_get(&c->req.body, "confirm"));
		page_findings(c, &f);
		return page_end(c, 422, TPL_LIST_DELETE);
	}
	if (r == RES_OK)
		page_say(c, page_path(c, "/lists"), "deleted", 1);
	return r;
}
