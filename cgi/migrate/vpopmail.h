#ifndef MIGRATE_VPOPMAIL_H
#define MIGRATE_VPOPMAIL_H

#include "migrate/moving.h"

/*
 * Reads vpopmail's directories with what qmailadmin and ezmlm have in them.
 * `path`: of vpopmail (it has domains/), of its domains, or of one domain.
 * RES_NOTFOUND: it cannot be opened, errno says why; RES_INVALID: there is no
 * vpasswd file in it.
 */
enum result vpopmail_read(struct moving *, const char *path) MUST_CHECK;

#endif
