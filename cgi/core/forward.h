#ifndef CORE_FORWARD_H
#define CORE_FORWARD_H

#include "core/actor.h"
#include "core/finding.h"
#include "store/store.h"

/* Forwarding accounts: a name with 1 to TARGETS_MAX targets, no mailbox. */

/* `targets` as typed, one a line (comma and blank separate too).
 * RES_INVALID with findings at `name` (a wrong name, one that is in use, the
 * domain's limit) and `targets`. */
enum result forward_add(struct store *, const char *domain, const char *name,
    const char *targets, const struct actor *, struct findings *) MUST_CHECK;
/* RES_NOTFOUND: no such forward; RES_CONFLICT: somebody saved since
 * `version` (-1: whatever it is at).  changed_r may be NULL. */
enum result forward_save(struct store *, const char *domain, const char *name,
    int64_t version, const char *targets, const struct actor *,
    struct findings *, bool *changed_r) MUST_CHECK;
/* RES_INVALID with FAULT_IN_USE_BY: others forward to it. */
enum result forward_delete(struct store *, const char *domain,
    const char *name, const struct actor *, struct findings *) MUST_CHECK;
enum result forward_find(struct store *, const char *domain, const char *name,
    struct forward *, struct targets *) MUST_CHECK;

/* The same inside the caller's transaction; every finding is at `field`, and
 * `name` is known to be a name. */
enum result forward_insert(struct store *, const char *domain,
    const char *name, const char *targets, const char *field,
    const struct actor *, struct findings *) MUST_CHECK;

/*
 * Up to `max` forwards behind `after` (or before `before`, where that is not
 * "") whose address or a target has `q` in it, in the order of their names,
 * in rows_r; more_r: whether there are more in that direction.
 */
struct forward_query {
	const struct domain *domain;
	const char *q, *after, *before;
	size_t max;
};
enum result forward_list(struct store *, const struct forward_query *,
    struct forward *rows_r, size_t *n_r, bool *more_r) MUST_CHECK;
enum result forward_targets(
    struct store *, const struct forward *, struct targets *) MUST_CHECK;

#endif
