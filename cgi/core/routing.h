#ifndef CORE_ROUTING_H
#define CORE_ROUTING_H

#include <stddef.h>

#include "core/finding.h"
#include "store/store.h"

/* Where mail may be sent on to. */

/* Bytes of the one character at `s` that stands between addresses, 0: none.
 * With those of a Japanese keyboard: U+3001, U+FF0C, U+3000. */
size_t routing_gap(const char *s);
/* Reads 1 to `max` addresses, separated by comma, blank or newline.  What is
 * wrong goes to `f` at `field` and gives RES_INVALID. */
enum result routing_parse_targets(const char *text, size_t max,
    const char *field, struct targets *t_r, struct findings *f) MUST_CHECK;

/* Addresses that are not in the database yet: those of an import. */
struct routing_ahead {
	/* Does it have this address?  Then its targets, none for a mailbox. */
	bool (*find)(void *arg, const struct target *, struct targets *t_r);
	void *arg;
};
/*
 * The rules that need the database: a target of a hosted domain must exist,
 * and none may lead back to `own`, which has a local part and a domain
 * (RES_INVALID with the path, "a -> b -> a").  Called inside the transaction
 * that stores them, so that two people cannot close a loop at the same
 * moment.  `ahead` may be NULL.
 */
enum result routing_check_targets(struct store *, const struct target *own,
    const char *field, const struct routing_ahead *ahead, struct targets *,
    struct findings *f) MUST_CHECK;
/* As they are stored: hosted addresses in the look-ups' lower case. */
enum result routing_settle(struct store *, struct targets *) MUST_CHECK;
/* "a@x" in out. */
void target_text(const struct target *, char *out, size_t size);
/* The address as the look-ups see it: u+x@ is u@ (recipient_delimiter). */
void target_without_extension(struct target *);
/* "a@x, b@y" in out (TARGETS_TEXT bytes hold all). */
#define TARGETS_TEXT (TARGETS_MAX * (ADDRESS_SIZE + 2))
void routing_targets_text(const struct targets *, char *out, size_t size);
/* Is one of them outside: of a domain that is not hosted here? */
enum result routing_is_outside(
    struct store *, const struct targets *, bool *outside_r) MUST_CHECK;

#endif
