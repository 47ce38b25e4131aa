#ifndef CORE_MLIST_WALK_H
#define CORE_MLIST_WALK_H

#include "core/mlist.h"

/* How many addresses are followed from a new member. */
#define WALK_MAX 200

struct walk {
	struct store *store;
	const char *engine;
	struct pool *pool;
	const struct mlist *list;
	size_t n;
	struct target at[WALK_MAX];
};

/* A hosted member must be there and must not lead back to w->list: findings
 * at `members`.  Nobody else is looked at. */
enum result mlist_walk(
    struct walk *, const struct target *, struct findings *) MUST_CHECK;

#endif
