#ifndef MIGRATE_SOURCE_H
#define MIGRATE_SOURCE_H

#include <stdbool.h>

#include "migrate/moving.h"

/*
 * The files of a directory tree that somebody else wrote: read-only, below
 * one directory, no symbolic link followed, nothing opened but regular files
 * and directories (a FIFO or a device would hang, or worse), nothing read that
 * is larger than expected.
 */

/* As what the name is there. */
enum seen { SEEN_FILE, SEEN_DIR, SEEN_LINK, SEEN_SPECIAL };

struct seen_name {
	const char *name;
	enum seen as;
};

/* A directory below `at` (AT_FDCWD: any), by the names of its path; -1:
 * *why_r says why, errno as open(2) has it for WHY_UNREADABLE. */
int source_open(int at, const char *path, enum why *why_r);
/* What is in it, in order, without "." and ".."; false: it cannot be read. */
bool source_list(struct pool *, int dir, struct seen_name **list_r,
    size_t *n_r);
/* Is there a directory of this name in it? */
bool source_has_dir(int dir, const char *name);
/*
 * The bytes of a file, with a NUL behind them.  false: *why_r says why (of
 * the errno of WHY_UNREADABLE, ENOENT is the usual one).
 */
bool source_read(struct pool *, int dir, const char *name, size_t max,
    const char **bytes_r, size_t *n_r, enum why *why_r);
/* Tells of a file that could not be read. */
void source_tell(struct moving *, struct where, const char *subject,
    enum why, size_t max);

#endif
