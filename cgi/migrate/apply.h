#ifndef MIGRATE_APPLY_H
#define MIGRATE_APPLY_H

#include "core/actor.h"
#include "migrate/moving.h"

/*
 * Writes what was read into the database, by the rules and with the history
 * of every other change: one transaction, all of it or, where the database
 * fails, nothing.  What a rule refuses is left out and told; what is there
 * already stays as it is.  Then the members of lists, whom mlmmj keeps.
 */
struct moving_options {
	bool dry_run; /* the same, and all of it is taken back */
	const char *engine; /* socket of fumibako-lists */
	int hash_cost; /* what hashes are upgraded to at log-in */
	const struct actor *who;
};
/* RES_BUSY after the transaction: engine_r, and members are missing. */
enum result moving_apply(struct store *, struct moving *,
    const struct moving_options *, bool *engine_r) MUST_CHECK;

/* -- the steps, inside the transaction -- */
struct apply {
	struct store *store;
	struct moving *m;
	const struct moving_options *options;
};
/* apply.c: what became of a place, for the report.  Both: RES_OK. */
enum result apply_refuse(
    struct apply *, struct place *, enum why, const char *arg);
enum result apply_refuse_for(
    struct apply *, struct place *, const struct findings *);
/* It is made, and `why` says what it is; or it was there. */
void apply_tell(struct apply *, struct place *, enum why);
/* apply_target.c: what is left of its targets after the rules; tells each of
 * them.  dropped_r: not all; one that is there twice is
 * there. */
enum result apply_targets(struct apply *, struct place *, struct targets *,
    bool *dropped_r) MUST_CHECK;
/* apply_account.c */
enum result apply_accounts(struct apply *) MUST_CHECK;
enum result apply_routings(struct apply *) MUST_CHECK;
/* What a postmaster will be, for domain_insert. */
enum result apply_fill(struct apply *, const struct place *,
    struct account *) MUST_CHECK;
/* apply_forward.c: forwards and lists, each after what it needs. */
enum result apply_forwards(struct apply *) MUST_CHECK;
/* apply_list.c */
enum result apply_list(struct apply *, struct place *) MUST_CHECK;
enum result apply_members_check(struct apply *) MUST_CHECK;
/* After the transaction. */
enum result apply_members(struct apply *) MUST_CHECK;

#endif
