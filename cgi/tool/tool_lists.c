/* fumibako lists ... */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/line.h"
#include "core/address.h"
#include "core/engine.h"
#include "core/mlist.h"
#include "tool/tool.h"

/* The list that the first argument names. */
static enum result
find(struct tool *t, struct domain *d, struct mlist *l)
{
	struct address a;
	enum result r;

	if (!address_of_account(t->args[0], NULL, &a))
		return RES_NOTFOUND;
	if ((r = domain_find(t->store, a.domain, d)) != RES_OK)
		return r;
	return mlist_find(t->store, d, a.local_part, l);
}

int
tool_lists_sync(struct tool *t)
{
	return tool_answer(
	    t, engine_sync(t->conf.lists_socket, 0), "lists sync", NULL);
}

static struct mlist_form
form_of(const struct tool *t)
{
	return (struct mlist_form){
		.description = t->opt.description,
		.owner = t->opt.owner,
		.posting = t->opt.posting,
		.subscription = t->opt.subscription,
		.reply_to = t->opt.reply_to,
		.prefix = t->opt.prefix,
		.footer = t->opt.footer,
		.archive = t->opt.archive,
		.moderators = t->opt.moderators,
	};
}

int
tool_lists_add(struct tool *t)
{
	const struct mlist_form form = form_of(t);
	struct findings f = { .n = 0 };
	struct address a;
	struct domain d;
	enum result r = RES_NOTFOUND;

	if (address_of_account(t->args[0], NULL, &a) &&
	    (r = domain_find(t->store, a.domain, &d)) == RES_OK)
		r = mlist_add(t->store, t->conf.lists_socket, &d,
		    a.local_part, &form, &t->actor, &f);
	return tool_answer(t, r, t->args[0], &f);
}

int
tool_lists_set(struct tool *t)
{
	const struct mlist_form form = form_of(t);
	struct findings f = { .n = 0 };
	struct domain d;
	struct mlist l;
	bool changed;
	enum result r;

	if ((r = find(t, &d, &l)) == RES_OK)
		r = mlist_save(t->store, t->conf.lists_socket, &d,
		    l.local_part, -1, &form, &t->actor, &f, &changed);
	return tool_answer(t, r, t->args[0], &f);
}

int
tool_lists_delete(struct tool *t)
{
	struct findings f = { .n = 0 };
	struct domain d;
	struct mlist l;
	enum result r;

	if ((r = find(t, &d, &l)) == RES_OK)
		r = mlist_delete(t->store, t->conf.lists_socket, &d,
		    l.local_part, &t->actor, &f);
	return tool_answer(t, r, t->args[0], &f);
}

static json_t *
json_of_lines(const char *lines)
{
	json_t *all = json_array();
	const char *line;
	size_t n;

	while ((line = line_next(&lines, &n)) != NULL)
		json_array_append_new(all, json_stringn(line, n));
	return all;
}

static const char *
reply_to(const struct mlist *l)
{
	return l->reply_to_list ? "list" : "sender";
}

static json_t *
json_of_list(const struct mlist *l)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:o,"
			 " s:I}",
	    "address", l->address, "description", l->description, "owner",
	    l->owner, "posting", posting_text(l->posting), "subscription",
	    subscription_text(l->subscription), "reply_to", reply_to(l),
	    "prefix", l->prefix, "footer", l->footer, "archive", l->archive,
	    "moderators", json_of_lines(l->moderators), "created_at",
	    (json_int_t)l->created_at);
}

/* A line "name: text" for each line of text, or one. */
static void
show(const char *name, const char *text)
{
	const char *line = text;
	size_t n = 0;

	do {
		line_next(&text, &n);
		printf("%s: %.*s\n", name, (int)n, line);
		line = text;
	} while (*text != '\0');
}

int
tool_lists_show(struct tool *t)
{
	struct domain d;
	struct mlist l;
	enum result r;

	if ((r = find(t, &d, &l)) != RES_OK)
		return tool_answer(t, r, t->args[0], NULL);
	if (t->opt.json)
		return json_answer(json_of_list(&l));
	show("address", l.address);
	show("description", l.description);
	show("owner", l.owner);
	show("posting", posting_text(l.posting));
	show("subscription", subscription_text(l.subscription));
	show("reply to", reply_to(&l));
	show("prefix", l.prefix);
	show("footer", l.footer);
	show("archive", l.archive ? "yes" : "no");
	show("moderators", l.moderators);
	return EXIT_DONE;
}

static bool
list_row(void *arg, const struct mlist *l)
{
	struct rows *rows = arg;

	if (rows->tool->opt.json)
		rows_json(rows, json_of_list(l));
	else
		fprintf(rows_line(rows), "%s\t%s\t%s\t%s\n", l->address,
		    l->owner, posting_text(l->posting), l->description);
	return true;
}

int
tool_lists_list(struct tool *t)
{
	struct rows rows = { .tool = t };
	struct domain d;
	enum result r = domain_find(t->store, t->args[0], &d);

	rows_begin(&rows, t);
	if (r == RES_OK)
		r = mlist_each(t->store, &d, list_row, &rows);
	(void)!rows_write(&rows);
	return rows_answer(&rows, r, t->args[0]);
}

int
tool_lists_members(struct tool *t)
{
	struct pool *pool = pool_new();
	const char *lines = "";
	int status = EXIT_DONE;
	struct domain d;
	struct mlist l;
	enum result r;

	if ((r = find(t, &d, &l)) == RES_OK)
		r = mlist_members(t->conf.lists_socket, pool, &l, &lines);
	if (r != RES_OK)
		status = tool_answer(t, r, t->args[0], NULL);
	else if (t->opt.json)
		status = json_answer(json_of_lines(lines));
	else
		fputs(lines, stdout);
	pool_free(&pool);
	return status;
}

/* The members on the command line, one a line, as text of the pool. */
static const char *
members_of(const struct tool *t, struct pool *p)
{
	const char *lines = "";

	for (int i = 1; i < t->nargs; i++)
		lines = pool_printf(p, "%s%s\n", lines, t->args[i]);
	return lines;
}

static int
change(struct tool *t, bool join)
{
	struct pool *pool = pool_new();
	struct findings f = { .n = 0 };
	struct domain d;
	struct mlist l;
	size_t n;
	enum result r;

	if ((r = find(t, &d, &l)) == RES_OK)
		r = join ? mlist_members_add(t->store, t->conf.lists_socket,
			       pool, &l, members_of(t, pool), &t->actor, &f,
			       &n) :
			   mlist_members_remove(t->store,
			       t->conf.lists_socket, pool, &l,
			       members_of(t, pool), &t->actor, &n);
	pool_free(&pool);
	return tool_answer(t, r, t->args[0], &f);
}

int
tool_lists_join(struct tool *t)
{
	return change(t, true);
}

int
tool_lists_leave(struct tool *t)
{
	return change(t, false);
}
