/* Who is on a list: add many at once, search, remove, export. */
#include <string.h>

#include "base/line.h"
#include "core/mlist.h"
#include "page/page.h"

#define ROWS 50
#define TICK "m-"

/* Shows those behind `after` that have `q` in them. */
static void
show_members(struct ctx *c, const struct mlist *l, const char *lines)
{
	const char *q = form_get(&c->req.query, "q");
	const char *after = form_get(&c->req.query, "after");
	struct view *v = c->site->view;
	const char *last = "", *line;
	size_t len;
	int64_t all = 0;
	int n = 0;
	bool more = false;

	while ((line = line_next(&lines, &len)) != NULL) {
		const char *one = pool_strndup(c->pool, line, len);

		all++;
		if (more || strcmp(one, after) <= 0 ||
		    (q[0] != '\0' && strcasestr(one, q) == NULL))
			continue;
		more = n == ROWS;
		if (more)
			continue;
		view_set_nth(v, "Member", n++, "address", one);
		last = one;
	}
	view_set(v, "Count.members", page_count(c, all));
	view_set(v, "Query.q", q);
	if (after[0] != '\0')
		view_set(v, "List.first",
		    pool_printf(c->pool, "%s?q=%s",
			page_list_path(c, l->local_part, "/members"),
			page_url(c, q)));
	if (more)
		view_set(v, "List.next",
		    pool_printf(c->pool, "%s?q=%s&after=%s",
			page_list_path(c, l->local_part, "/members"),
			page_url(c, q), page_url(c, last)));
	if (n == 0)
		view_set(v, "List.empty", q[0] != '\0' ? "search" : "domain");
}

static void
show_notice(struct ctx *c, const struct mlist *l)
{
	const int added = page_said(c, "added", MEMBERS_MAX);
	const int removed = page_said(c, "removed", MEMBERS_MAX);
	struct view *v = c->site->view;

	if (page_said(c, "created", 1) == 1)
		view_set(v, "Notice",
		    page_text(c, "notice.list_added", l->address, NULL));
	else if (added >= 0)
		view_set(v, "Notice",
		    page_text(c, "notice.members_added",
			page_count(c, added), NULL));
	else if (removed >= 0)
		view_set(v, "Notice",
		    page_text(c, "notice.members_removed",
			page_count(c, removed), NULL));
}

/* An engine that is away is said on the page, and the page lives on. */
static enum result
show(struct ctx *c, const struct mlist *l, int status,
    const struct findings *f)
{
	struct view *v = c->site->view;
	const char *lines;
	enum result r;

	page_list_frame(c, l);
	r = mlist_members(
	    c->site->conf.lists_socket, c->pool, l, &lines);
	if (r == RES_OK)
		show_members(c, l, lines);
	else
		view_set(v, "Lists.away", "1");
	show_notice(c, l);
	if (f != NULL) {
		page_field(
		    c, "members", form_get(&c->req.body, "members"));
		page_findings(c, f);
	}
	return page_end(c, status, TPL_MEMBERS);
}

enum result
page_members_show(struct ctx *c)
{
	struct mlist l;
	enum result r = page_list_of_path(c, &l);

	return r == RES_OK ? show(c, &l, 200, NULL) : r;
}

/* The ticked rows as lines. */
static const char *
ticked(struct ctx *c)
{
	const struct form *b = &c->req.body;
	const char *lines = "";

	for (size_t i = 0; i < b->n; i++)
		if (strncmp(b->fields[i].name, TICK, strlen(TICK)) == 0 &&
		    strcmp(b->fields[i].value, "on") == 0)
			lines = pool_printf(c->pool, "%s%s\n", lines,
			    b->fields[i].name + strlen(TICK));
	return lines;
}

enum result
page_members_submit(struct ctx *c)
{
	const struct actor who = page_actor(c);
	const char *engine = c->site->conf.lists_socket;
	const bool removing =
	    strcmp(form_get(&c->req.body, "action"), "remove") == 0;
	struct findings f = { .n = 0 };
	const char *lines = ticked(c);
	struct mlist l;
	size_t n = 0;
	enum result r;

	if ((r = page_list_of_path(c, &l)) != RES_OK)
		return r;
	if (!page_confirmed(c, &f, &r))
		return r;
	if (removing && lines[0] == '\0')
		finding_add(&f, "pick", FAULT_PICK_NONE, NULL, NULL);
	if (f.n > 0)
		r = RES_INVALID;
	else if (removing)
		r = mlist_members_remove(
		    c->site->store, engine, c->pool, &l, lines, &who, &n);
	else
		r = mlist_members_add(c->site->store, engine, c->pool, &l,
		    form_get(&c->req.body, "members"), &who, &f, &n);
	if (r == RES_INVALID)
		return show(c, &l, 422, &f);
	if (r == RES_OK)
		page_say(c, page_list_path(c, l.local_part, "/members"),
		    removing ? "removed" : "added", (int)n);
	return r;
}

/* One a line, as it can be put in again. */
enum result
page_members_export(struct ctx *c)
{
	const char *lines;
	struct mlist l;
	enum result r = page_list_of_path(c, &l);

	if (r != RES_OK ||
	    (r = mlist_members(c->site->conf.lists_socket, c->pool, &l,
		 &lines)) != RES_OK)
		return r;
	c->reply.content_type = "text/plain; charset=utf-8";
	c->reply.filename = pool_printf(
	    c->pool, "%s-members.txt", l.local_part);
	c->reply.body = lines;
	c->reply.length = strlen(lines);
	return RES_OK;
}
