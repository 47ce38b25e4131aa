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

int
tool_lists_add(struct tool *t)
{
	const struct mlist_form form = {
		.owner = t->opt.owner,
		.description = t->opt.description,
	};
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

struct list {
	bool json, begun;
};

static bool
list_one(void *arg, const struct mlist *l)
{
	struct list *list = arg;
	json_t *o;

	if (!list->json) {
		printf("%s\t%s\t%s\t%s\n", l->address, l->owner,
		    posting_text(l->posting), l->description);
		return true;
	}
	fputs(list->begun ? ",\n" : "[\n", stdout);
	list->begun = true;
	o = json_pack("{s:s, s:s, s:s, s:s, s:s}", "address", l->address,
	    "owner", l->owner, "posting", posting_text(l->posting),
	    "subscription", subscription_text(l->subscription), "description",
	    l->description);
	json_dumpf(o, stdout, 0);
	json_decref(o);
	return true;
}

int
tool_lists_list(struct tool *t)
{
	struct list list = { t->opt.json, false };
	struct domain d;
	enum result r;

	if ((r = domain_find(t->store, t->args[0], &d)) == RES_OK)
		r = mlist_each(t->store, &d, list_one, &list);
	if (r == RES_OK && t->opt.json)
		fputs(list.begun ? "\n]\n" : "[]\n", stdout);
	return tool_answer(t, r, t->args[0], NULL);
}

static void
print_json(const char *lines)
{
	json_t *all = json_array();
	const char *line;
	size_t n;

	while ((line = line_next(&lines, &n)) != NULL)
		json_array_append_new(all, json_stringn(line, n));
	json_dumpf(all, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(all);
}

int
tool_lists_members(struct tool *t)
{
	struct pool *pool = pool_new();
	const char *lines = "";
	struct domain d;
	struct mlist l;
	enum result r;

	if ((r = find(t, &d, &l)) == RES_OK)
		r = mlist_members(t->conf.lists_socket, pool, &l, &lines);
	if (r == RES_OK && t->opt.json)
		print_json(lines);
	else
		fputs(lines, stdout);
	pool_free(&pool);
	return tool_answer(t, r, t->args[0], NULL);
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
