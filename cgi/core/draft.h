#ifndef CORE_DRAFT_H
#define CORE_DRAFT_H

#include "core/actor.h"
#include "core/finding.h"
#include "core/passwd.h"
#include "core/routing.h"
#include "store/store.h"

/* What a save is about to write, beside what is there. */
struct draft {
	struct account account; /* with the new values */
	struct targets targets;
	char hash[PASSWD_HASH_SIZE]; /* "" = keep the password */
	bool initial;		     /* of the new password */
	/* Who sets the password of somebody else; NULL: nobody does. */
	const struct account *admin;
	const struct routing_ahead *ahead; /* NULL, or an import's others */
	bool changed, rerouted;	     /* what draft_commit found different */
};

bool draft_same_targets(const struct targets *, const struct targets *);
bool draft_same_routing(const struct account *, const struct targets *,
    const struct account *, const struct targets *);
/*
 * Writes the draft over the row it was made from, in one transaction: checks
 * the targets, records what differs.  A draft that differs in nothing is no
 * change.  RES_CONFLICT: the row is no longer the one that the draft was made
 * from; RES_INVALID: a target is refused, and `f` says why.
 */
enum result draft_commit(struct store *, struct draft *, const struct actor *,
    struct findings *f) MUST_CHECK;
/* The same inside a transaction that the caller has begun. */
enum result draft_write(struct store *, struct draft *, const struct actor *,
    struct findings *f) MUST_CHECK;
/* Are its targets right?  Only to tell all faults at once before the write,
 * which asks again. */
enum result draft_check_targets(
    struct store *, struct draft *, struct findings *f) MUST_CHECK;

#endif
