#ifndef CORE_RESTORE_H
#define CORE_RESTORE_H

#include "core/network.h"
#include "store/backup.h"

/* Puts the users' data back, for the operator. */

struct restore_from {
	const char *file;
	int fd; /* -1: opens the file */
	/* Directories whose names begin with ids of addresses, or "". */
	const char *mail, *lists;
	const char *engine; /* core/engine.h: has the lists follow */
	const struct networks *campus; /* as they are now */
	int64_t now;
};
struct restored {
	char kept[PATH_MAX]; /* a copy of what was there before, or "" */
	bool whole;	     /* who had it open must open it anew */
	bool unseen;	     /* one of the two directories was not read */
};

/*
 * Replaces the users' data in one moment; an older version is brought to this
 * one first.  Makes the other databases where they are missing, and ends all
 * log-ins.  An id of which anything is known, here, in the backup or in the
 * two directories, is not given out again.  RES_INVALID: the backup is none,
 * is damaged or newer than the program, which is told on standard error.  On
 * any error the data are as before.
 */
enum result users_restore(const struct store_paths *,
    const struct restore_from *, struct restored *) MUST_CHECK;

#endif
