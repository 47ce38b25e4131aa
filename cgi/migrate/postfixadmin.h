#ifndef MIGRATE_POSTFIXADMIN_H
#define MIGRATE_POSTFIXADMIN_H

#include "migrate/moving.h"

/*
 * Reads PostfixAdmin's database: its SQLite file, or what mysqldump or
 * pg_dump wrote; which, the file itself says.  RES_NOTFOUND: it cannot be
 * read, errno says why; RES_BUSY: it is locked; RES_INVALID: it is none of
 * these, or damaged, or cut off: why_r says so.
 */
enum result postfixadmin_read(struct moving *, const char *path,
    const char **why_r) MUST_CHECK;

#endif
