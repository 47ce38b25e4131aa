#ifndef CORE_ROUTING_H
#define CORE_ROUTING_H

#include <stddef.h>

#include "core/finding.h"
#include "store/store.h"

/* Where an account's mail may be sent on to. */

/* Reads 1 to TARGETS_MAX addresses, separated by comma, blank or newline.
 * What is wrong goes to `f` (field forward_to) and gives RES_INVALID. */
enum result routing_parse_targets(const char *text, struct targets *t_r,
    struct findings *f) MUST_CHECK;
/*
 * The rules that need the database: a target of a hosted domain must exist,
 * and none may lead back to `own` (RES_INVALID with the path, "a -> b -> a").
 * Called inside the transaction that stores them, so that two people cannot
 * close a loop at the same moment.
 */
enum result routing_check_targets(struct store *, const struct account *own,
    struct targets *, struct findings *f) MUST_CHECK;
/* "a@x, b@y" in out. */
void routing_targets_text(const struct targets *, char *out, size_t size);

#endif
