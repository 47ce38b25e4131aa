#ifndef STORE_BACKUP_H
#define STORE_BACKUP_H

#include <limits.h>

#include "store/store.h"

/*
 * The users' data as a file, and back: for the operator.  What is wrong with
 * a file is told on standard error.
 */

/* -- backup.c -- */
/*
 * Writes what the users' data are at this moment to `to`, a file of mode 0600
 * that needs no other beside it.  A file that was there is replaced in one
 * moment, after the copy was found whole (RES_INVALID: it was not) and is on
 * the disk.  RES_INVALID also: a database in use is there.
 */
enum result store_backup(struct store *, const char *to) MUST_CHECK;
/* The same into a descriptor, which begins to get it when it is whole. */
enum result store_backup_to(struct store *, int fd) MUST_CHECK;

/* -- restore.c -- */
/*
 * Takes what store_backup wrote, from a file or (-1) a descriptor, into a new
 * file beside `users`, checks it and brings it to this program's version.
 * RES_INVALID: it is none, is damaged, or is newer than the program.  The
 * caller may open staged_r (store_open) and removes it (store_unstage).
 */
enum result store_stage(const char *users, const char *file, int fd,
    char staged_r[PATH_MAX]) MUST_CHECK;
void store_unstage(const char *staged);

struct restore;
struct restore_plan {
	const char *users, *staged;
	int64_t last_id; /* no address gets an id up to this one */
	int64_t now;
};
/*
 * Makes everything ready and holds off who writes; nobody sees it yet.  A
 * copy of what is to be replaced is then beside it, PATH.rTIME.bak, unless
 * there is nothing.  Ids that were given out before stay used.
 */
enum result store_restore_begin(
    const struct restore_plan *, struct restore **) MUST_CHECK;
/*
 * The new data are there, at one moment, for who has the database open, too.
 * kept_r: the copy, "".  whole_r: all pages were replaced, because there was
 * nothing, or nothing sound, to write rows into; who had it open must open it
 * anew.
 */
enum result store_restore_commit(
    struct restore *, char kept_r[PATH_MAX], bool *whole_r) MUST_CHECK;
/* Where it was not committed, all is as before. */
void store_restore_end(struct restore **);
/* Ends everybody's log-in; of a store that was opened BY_RESTORE. */
enum result store_session_drop_all(struct store *) MUST_CHECK;

/* -- st_sweep.c: whose is it? -- */
/* The highest id that an address ever had. */
enum result store_last_id(struct store *, int64_t *id_r) MUST_CHECK;
/* RES_NOTFOUND: no address has this id, not even one that nobody sees yet. */
enum result store_address_there(struct store *, int64_t id) MUST_CHECK;
/* The next `max` user names behind `from` that Dovecot has counted for. */
enum result store_usage_names(struct store *, const char *from, int64_t max,
    bool (*each)(void *arg, const char *name), void *arg) MUST_CHECK;

#endif
