#ifndef CORE_MLIST_H
#define CORE_MLIST_H

#include "base/pool.h"
#include "core/actor.h"
#include "core/domain.h"
#include "core/finding.h"
#include "store/mlist.h"

/*
 * Mailing lists.  What a list is, is in the database; who is on it, mlmmj
 * knows, and is asked through core/engine.h.  `engine` is that socket: after
 * a save it makes the directories follow; when it is away, it does so when it
 * is back.
 */

/* The form, as typed; NULL: stays, or the default. */
struct mlist_form {
	const char *description, *owner;
	const char *posting, *subscription, *reply_to; /* "sender", "list" */
	const char *prefix, *footer, *archive;	       /* "on", "" */
	const char *moderators; /* addresses, as forwarding targets */
};

/* Into `l`, all but its name; what is wrong goes to the findings only, and the
 * result is the store's. */
enum result mlist_read_form(struct store *, const struct mlist_form *,
    struct mlist *, struct findings *) MUST_CHECK;
/* RES_INVALID with findings at the fields and `name`. */
enum result mlist_add(struct store *, const char *engine,
    const struct domain *, const char *name, const struct mlist_form *,
    const struct actor *, struct findings *) MUST_CHECK;
/* The same inside the caller's transaction; the directory does not follow. */
enum result mlist_insert(struct store *, const struct domain *,
    const char *name, const struct mlist_form *, const struct actor *,
    struct findings *, int64_t *id_r) MUST_CHECK;
/* RES_CONFLICT: it is no longer at `version` (-1: whatever). */
enum result mlist_save(struct store *, const char *engine,
    const struct domain *, const char *name, int64_t version,
    const struct mlist_form *, const struct actor *, struct findings *,
    bool *changed_r) MUST_CHECK;
/* Others forward to it: RES_INVALID with FAULT_IN_USE_BY at `confirm`. */
enum result mlist_delete(struct store *, const char *engine,
    const struct domain *, const char *name, const struct actor *,
    struct findings *) MUST_CHECK;
enum result mlist_find(struct store *, const struct domain *,
    const char *name, struct mlist *) MUST_CHECK;
enum result mlist_each(struct store *, const struct domain *,
    bool (*each)(void *arg, const struct mlist *), void *arg) MUST_CHECK;

/* -- members -- */

/* As they are, one address a line, in order. */
enum result mlist_members(const char *engine, struct pool *,
    const struct mlist *, const char **lines_r) MUST_CHECK;
/*
 * Adds those of `text`: one a line, "Name <address>" too, or separated as
 * forwarding targets are.  All are right or none is added: RES_INVALID with
 * findings at `members` (FAULT_LIST_SELF: the list itself, or a list that it
 * is on; a hosted address that is not there).  n_r: how many.
 */
enum result mlist_members_add(struct store *, const char *engine,
    struct pool *, const struct mlist *, const char *text,
    const struct actor *, struct findings *, size_t *n_r) MUST_CHECK;
/* Removes the addresses of `lines`, one a line. */
enum result mlist_members_remove(struct store *, const char *engine,
    struct pool *, const struct mlist *, const char *lines,
    const struct actor *, size_t *n_r) MUST_CHECK;
/* How many at once. */
#define MEMBERS_MAX 10000
/* The lists that reach an account, one address a line; "" where that cannot
 * be asked now. */
const char *mlist_of_account(struct store *, const char *engine,
    struct pool *, const struct account *);

#endif
