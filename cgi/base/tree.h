#ifndef BASE_TREE_H
#define BASE_TREE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Directories that somebody else writes, walked without being led astray: by
 * openat2(2) no symbolic link is followed, no mount is crossed, and nothing
 * outside is reached.
 */

/* The directory `name` of the open directory `at`; -1: errno. */
int tree_open(int at, const char *name);
/*
 * Adds to *bytes_r what all that is below `name`, and it, take on the disk.
 * remove: and removes it.  True when it is not there (any more).  False:
 * errno of the first thing that stayed; the rest is done.
 */
bool tree_walk(int at, const char *name, bool remove, int64_t *bytes_r);

#endif
