/* Where a new member of a list leads. */
#include <string.h>

#include "base/line.h"
#include "core/address.h"
#include "core/engine.h"
#include "core/mlist_walk.h"
#include "core/routing.h"

/* False: it is the list itself. */
static bool
walk_add(struct walk *w, const struct target *t)
{
	struct target one = *t;

	target_without_extension(&one);
	if (strcmp(one.local_part, w->list->local_part) == 0 &&
	    strcmp(one.domain, w->list->domain) == 0)
		return false;
	for (size_t i = 0; i < w->n; i++)
		if (strcmp(w->at[i].local_part, one.local_part) == 0 &&
		    strcmp(w->at[i].domain, one.domain) == 0)
			return true;
	if (w->n < WALK_MAX)
		w->at[w->n++] = one;
	return true;
}

static bool
add_line(struct walk *w, const char *line, size_t n)
{
	struct findings unused = { .n = 0 };
	struct target t;
	struct address a;

	if (!address_of_target(line, n, "members", &a, &unused))
		return true;
	memcpy(t.local_part, a.local_part, sizeof(t.local_part));
	memcpy(t.domain, a.domain, sizeof(t.domain));
	return walk_add(w, &t);
}

/* Where the i-th leads; *home_r: to the list. */
static enum result
walk_on(struct walk *w, size_t i, bool *home_r)
{
	struct targets t = { .n = 0 };
	const char *lines = "", *line;
	enum kind kind;
	size_t n;
	int64_t id;
	enum result r = store_address(
	    w->store, w->at[i].local_part, w->at[i].domain, &id, &kind);

	if (r != RES_OK)
		return r == RES_NOTFOUND ? RES_OK : r;
	if (kind == KIND_LIST)
		r = engine_members(w->engine, w->pool, id, &lines);
	else
		r = store_targets(w->store, id, &t);
	for (size_t k = 0; k < t.n; k++)
		*home_r |= !walk_add(w, &t.list[k]);
	while ((line = line_next(&lines, &n)) != NULL)
		*home_r |= !add_line(w, line, n);
	return r;
}

enum result
mlist_walk(struct walk *w, const struct target *t, struct findings *f)
{
	char text[ADDRESS_SIZE];
	struct domain d;
	bool home;
	enum result r = store_domain(w->store, t->domain, &d);

	if (r != RES_OK)
		return r == RES_NOTFOUND ? RES_OK : r;
	target_text(t, text, sizeof(text));
	w->n = 0;
	home = !walk_add(w, t);
	if (!home) {
		r = store_address(w->store, w->at[0].local_part,
		    w->at[0].domain, NULL, NULL);
		if (r == RES_NOTFOUND)
			finding_add(f, "members", FAULT_FORWARD_MISSING, text,
			    NULL);
		if (r != RES_OK)
			return r == RES_NOTFOUND ? RES_OK : r;
	}
	for (size_t i = 0; i < w->n && !home && r == RES_OK; i++)
		r = walk_on(w, i, &home);
	if (home)
		finding_add(f, "members", FAULT_LIST_SELF, text, NULL);
	return r;
}
