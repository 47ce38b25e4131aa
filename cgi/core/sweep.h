#ifndef CORE_SWEEP_H
#define CORE_SWEEP_H

#include "store/store.h"

/* What deleted accounts have left: their directories in the mail store, and
 * Dovecot's counts. */

/* Days that a directory stays after it was first seen to be nobody's, so that
 * a deletion by mistake, or a wrong backup, can be undone. */
#define SWEEP_DAYS 7

struct sweep_rules {
	const char *directory; /* of the mail store: ID/Maildir below it */
	int64_t now;
	int64_t keep; /* seconds that it stays; 0: none */
	bool dry_run;
};
struct swept {
	int64_t id;
	const char *address; /* that it was, or "" */
	int64_t since;	     /* first seen to be nobody's, or later */
	int64_t bytes;	     /* on the disk */
	bool due;	     /* removed; in a dry run: would be */
};

/*
 * Calls each(arg, swept) for every directory that is named by an id which was
 * given out and is nobody's now, and removes those that are due.  A mark in
 * it, .fumibako-gone, tells since when; it goes when the account is there
 * again, and one older than the account's history does not count.  Nothing
 * else is touched, no symbolic link followed, no mount crossed.  Then forgets
 * what Dovecot has counted for addresses that no account has.  RES_FAIL: the
 * directory, or something in it, could not be read or removed, which is
 * logged; the others are done.
 */
enum result mail_sweep(struct store *, const struct sweep_rules *,
    void (*each)(void *arg, const struct swept *), void *arg) MUST_CHECK;

#endif
