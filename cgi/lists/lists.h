#ifndef LISTS_LISTS_H
#define LISTS_LISTS_H

#include <stdio.h>

#include "store/mlist.h"

/*
 * fumibako-lists: the one program that touches mlmmj's directories and runs
 * its programs, as the user that owns them.  The web and the tool ask it over
 * a socket (core/engine.h has the words).
 */

struct lists {
	struct store *store;
	const char *spool; /* holds a directory named by id for each list */
	const char *texts; /* mlmmj's list texts */
	int64_t smtp_port; /* where lists' mail is sent from */
};

/* -- dir.c: directories as the database says -- */

/* Makes them and puts those aside that belong to no list; may be run again at
 * any time, and after any crash.  RES_FAIL: logged; the others are done. */
enum result lists_sync(const struct lists *) MUST_CHECK;
/* The same for one, which may be new, changed or gone. */
enum result lists_sync_one(const struct lists *, int64_t id) MUST_CHECK;
/* Only the second half of that, for all. */
enum result lists_sweep(const struct lists *) MUST_CHECK;
/* The directory of a list, in out; false: there is none. */
bool lists_dir(const struct lists *, int64_t id, char *out, size_t size);

/* Changes nothing; writes a line for each thing that a sync would mend:
 * "ID missing", "ID differs FILE", "ID stray" (no list has that number). */
enum result lists_check(const struct lists *, FILE *out) MUST_CHECK;

/* -- control.c: the files that come from the row of a list -- */

/* Logs errno; false. */
bool lists_fail(const char *what, const char *path);
/* Has the file just these n bytes? */
bool lists_same(const char *path, const char *text, size_t n);
/* A file with this text, or (NULL) none; and nothing beside it, where one was
 * being written when we were killed.  False: logged. */
bool lists_put_file(const char *path, const char *text);
/* mlmmj's settings below `dir`.  With `tell`, nothing is changed and what
 * differs is written there.  False: logged. */
bool lists_put_control(const struct lists *, const char *dir,
    const struct mlist *, FILE *tell);

/* -- member.c: through mlmmj's programs -- */

/* Writes the members, one a line. */
enum result lists_members(
    const struct lists *, int64_t id, FILE *out) MUST_CHECK;
/* Adds or removes addresses, one a line; n_r: how many were done.
 * RES_INVALID: one of them is none, and nothing was done. */
enum result lists_add(const struct lists *, int64_t id, const char *addresses,
    size_t *n_r) MUST_CHECK;
enum result lists_remove(const struct lists *, int64_t id,
    const char *addresses, size_t *n_r) MUST_CHECK;
/* Writes the addresses of the lists that a hosted address, with whatever
 * extension, is on. */
enum result lists_of(
    const struct lists *, const char *address, FILE *out) MUST_CHECK;
/* Takes those who are no more off all lists, and removes the directories of
 * a domain that is no more. */
enum result lists_leave(const struct lists *) MUST_CHECK;
/* mlmmj's own housekeeping: bounces, moderation, confirmations. */
void lists_maintain(const struct lists *);

#endif
