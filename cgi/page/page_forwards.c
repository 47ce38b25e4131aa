/* 転送アカウント: names that only forward. */
#include <stdio.h>
#include <string.h>

#include "core/forward.h"
#include "core/routing.h"
#include "page/page.h"

#define ROWS 50
#define TARGETS_SHOWN 3

static const char *
forward_path(struct ctx *c, const char *name, const char *behind)
{
	return page_object_path(c, "forwards", name, behind);
}

/* One address a line. */
static const char *
lines_of(struct ctx *c, const struct targets *t, size_t max, const char *gap)
{
	const char *lines = "";

	for (size_t i = 0; i < t->n && i < max; i++)
		lines = pool_printf(c->pool, "%s%s%s@%s", lines,
		    i > 0 ? gap : "", t->list[i].local_part,
		    t->list[i].domain);
	return lines;
}

/* -- the list -- */

static enum result
show_row(struct ctx *c, int n, const struct forward *f)
{
	struct view *v = c->site->view;
	struct targets t;
	enum result r = forward_targets(c->site->store, f, &t);

	if (r != RES_OK)
		return r;
	view_set_nth(v, "Row", n, "name", f->local_part);
	view_set_nth(v, "Row", n, "address", f->address);
	view_set_nth(v, "Row", n, "href", forward_path(c, f->local_part, ""));
	view_set_nth(
	    v, "Row", n, "targets", lines_of(c, &t, TARGETS_SHOWN, ", "));
	if (t.n > TARGETS_SHOWN)
		view_set_nth(v, "Row", n, "more",
		    pool_printf(c->pool, "%zu", t.n - TARGETS_SHOWN));
	return RES_OK;
}

static const char *
href(struct ctx *c, const char *q, const char *key, const char *cursor)
{
	return page_path(c,
	    pool_printf(c->pool, "/forwards?%s=%s&q=%s", key,
		page_url(c, cursor), page_url(c, q)));
}

static void
show_pager(struct ctx *c, const struct forward_query *q,
    const struct forward *rows, size_t n, bool more)
{
	struct view *v = c->site->view;
	const bool back = q->before[0] != '\0';

	view_set(v, "Query.q", q->q);
	if (n == 0)
		view_set(v, "List.empty",
		    q->q[0] != '\0' || q->after[0] != '\0' || back ?
			"search" :
			"domain");
	else if (back ? more : q->after[0] != '\0')
		view_set(v, "List.prev",
		    href(c, q->q, "before", rows[0].local_part));
	if (n > 0 && (back || more))
		view_set(v, "List.next",
		    href(c, q->q, "after", rows[n - 1].local_part));
	else
		view_set(v, "List.end", "1");
	if (q->after[0] != '\0' || back)
		view_set(v, "List.first", href(c, q->q, "after", ""));
	view_set(v, "List.count", page_count(c, c->domain.forwards));
}

enum result
page_forwards(struct ctx *c)
{
	const struct form *f = &c->req.query;
	const struct forward_query q = { &c->domain, form_get(f, "q"),
		form_get(f, "after"), form_get(f, "before"), ROWS };
	struct forward *rows = pool_alloc(c->pool, ROWS * sizeof(*rows));
	bool more;
	size_t n;
	enum result r;

	page_frame(c, "forwards");
	r = forward_list(c->site->store, &q, rows, &n, &more);
	for (size_t i = 0; i < n && r == RES_OK; i++)
		r = show_row(c, (int)i, &rows[i]);
	if (r != RES_OK)
		return r;
	show_pager(c, &q, rows, n, more);
	if (page_said(c, "deleted", 1) == 1)
		view_set(c->site->view, "Notice",
		    page_text(c, "notice.forward_deleted", NULL, NULL));
	return page_end(c, 200, TPL_FORWARDS);
}

/* -- new -- */

enum result
page_forward_new_show(struct ctx *c)
{
	page_frame(c, "forwards");
	view_set(c->site->view, "New", "1");
	return page_end(c, 200, TPL_FORWARD);
}

enum result
page_forward_new_submit(struct ctx *c)
{
	const struct actor who = page_actor(c);
	const char *name = form_get(&c->req.body, "name");
	const char *targets = form_get(&c->req.body, "targets");
	struct findings f = { .n = 0 };
	char local[LOCAL_MAX + 1];
	enum result r;

	if (!page_confirmed(c, &f, &r))
		return r;
	r = f.n > 0 ? RES_INVALID :
		      forward_add(c->site->store, c->domain.name, name,
			  targets, &who, &f);
	if (r == RES_INVALID) {
		page_frame(c, "forwards");
		view_set(c->site->view, "New", "1");
		page_field(c, "name", name);
		page_field(c, "targets", targets);
		page_findings(c, &f);
		return page_end(c, 422, TPL_FORWARD);
	}
	if (r == RES_OK && address_in(name, c->domain.name, "name", local, &f))
		page_say(c, forward_path(c, local, ""), "added", 1);
	return r;
}

/* -- edit -- */

static void
frame(struct ctx *c, const struct forward *fw)
{
	struct view *v = c->site->view;

	page_frame(c, "forwards");
	view_set(v, "Forward.name", fw->local_part);
	view_set(v, "Forward.address", fw->address);
	view_set(v, "Forward.path", forward_path(c, fw->local_part, ""));
	view_set_int(v, "Forward.version", fw->version);
}

static enum result
find(struct ctx *c, struct forward *fw, struct targets *t)
{
	return forward_find(
	    c->site->store, c->domain.name, page_object_name(c), fw, t);
}

enum result
page_forward_show(struct ctx *c)
{
	static const char *const said[] = { "notice.unchanged",
		"notice.forward_saved" };
	const int saved = page_said(c, "saved", 1);
	struct forward fw;
	struct targets t;
	enum result r = find(c, &fw, &t);

	if (r != RES_OK)
		return r;
	frame(c, &fw);
	page_field(c, "targets", lines_of(c, &t, t.n, "\n"));
	if (saved >= 0)
		view_set(c->site->view, "Notice",
		    page_text(c, said[saved], NULL, NULL));
	else if (page_said(c, "added", 1) == 1)
		view_set(c->site->view, "Notice",
		    page_text(c, "notice.forward_added", fw.address, NULL));
	return page_end(c, 200, TPL_FORWARD);
}

/* The newer targets in the form, beside them what was typed. */
static enum result
conflict(struct ctx *c, const char *typed)
{
	struct view *v = c->site->view;
	struct forward fw;
	struct targets t;
	enum result r = find(c, &fw, &t);

	if (r != RES_OK)
		return r;
	frame(c, &fw);
	page_field(c, "targets", lines_of(c, &t, t.n, "\n"));
	view_set(
	    v, "Conflict.text", page_text(c, "conflict.text", NULL, NULL));
	view_set_nth(v, "Conflict", 0, "label",
	    page_text(c, "label.forward_to", NULL, NULL));
	view_set_nth(v, "Conflict", 0, "value", typed);
	return page_end(c, 409, TPL_FORWARD);
}

enum result
page_forward_submit(struct ctx *c)
{
	const struct actor who = page_actor(c);
	const char *typed = form_get(&c->req.body, "targets");
	struct findings f = { .n = 0 };
	struct forward fw;
	struct targets t;
	bool changed;
	enum result r;

	if ((r = find(c, &fw, &t)) != RES_OK)
		return r;
	if (!page_confirmed(c, &f, &r))
		return r;
	r = f.n > 0 ? RES_INVALID :
		      forward_save(c->site->store, c->domain.name,
			  fw.local_part,
			  page_number(form_get(&c->req.body, "version"), -1),
			  typed, &who, &f, &changed);
	if (r == RES_CONFLICT)
		return conflict(c, typed);
	if (r == RES_INVALID) {
		frame(c, &fw);
		page_field(c, "targets", typed);
		page_findings(c, &f);
		return page_end(c, 422, TPL_FORWARD);
	}
	if (r == RES_OK)
		page_say(
		    c, forward_path(c, fw.local_part, ""), "saved", changed);
	return r;
}

/* -- delete -- */

enum result
page_forward_delete_show(struct ctx *c)
{
	struct forward fw;
	struct targets t;
	enum result r = find(c, &fw, &t);

	if (r != RES_OK)
		return r;
	frame(c, &fw);
	return page_end(c, 200, TPL_FORWARD_DELETE);
}

enum result
page_forward_delete_submit(struct ctx *c)
{
	const struct actor who = page_actor(c);
	struct findings f = { .n = 0 };
	struct forward fw;
	struct targets t;
	enum result r;

	if ((r = find(c, &fw, &t)) != RES_OK)
		return r;
	if (!page_confirmed(c, &f, &r))
		return r;
	page_name_typed(c, fw.local_part, &f);
	r = f.n > 0 ? RES_INVALID :
		      forward_delete(c->site->store, c->domain.name,
			  fw.local_part, &who, &f);
	if (r == RES_INVALID) {
		frame(c, &fw);
		page_field(
		    c, "confirm", form_get(&c->req.body, "confirm"));
		page_findings(c, &f);
		return page_end(c, 422, TPL_FORWARD_DELETE);
	}
	if (r == RES_OK)
		page_say(c, page_path(c, "/forwards"), "deleted", 1);
	return r;
}
