#ifndef CORE_UPLOAD_H
#define CORE_UPLOAD_H

#include "base/secret.h"
#include "core/import.h"

/*
 * A file between its preview and its import: one of each session, for
 * UPLOAD_SECONDS.  It may hold passwords, so it is sealed with a key that is
 * made from the session's cookie, which the server does not keep.
 */
#define UPLOAD_SECONDS 900

enum result upload_keep(struct store *, struct pool *, const char *cookie,
    const struct domain *, const char *bytes, size_t n,
    int64_t now) MUST_CHECK;
/* RES_NOTFOUND: there is none of this session and domain any more. */
enum result upload_take(struct store *, struct pool *, const char *cookie,
    const struct domain *, int64_t now, const char **bytes_r,
    size_t *n_r) MUST_CHECK;
enum result upload_forget(struct store *, const char *cookie) MUST_CHECK;
/*
 * What a preview shows, in short: the file, and what it would do to the
 * domain.  The import that follows must not be another one.
 */
void upload_mark(const char *cookie, const struct import_plan *,
    char mark_r[SECRET_TEXT]);

#endif
