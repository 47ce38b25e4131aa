#ifndef BASE_MESSAGES_H
#define BASE_MESSAGES_H

#include <stddef.h>

#include "base/result.h"

/* A message catalogue: every sentence that a person reads, in one language. */
struct messages;
struct _hdf;

/* Reads DIR/lang/LANG.hdf; what is wrong with it is told on standard error. */
enum result messages_open(
    const char *dir, const char *lang, struct messages **m_r) MUST_CHECK;
/*
 * The sentence under Msg.KEY with {1}, {2} replaced by a1, a2 (NULL = ""),
 * in `out` (size bytes, cut between characters).  A key that is not there
 * gives the key itself, so that a slip is seen and not silent.  Returns out.
 */
const char *messages_text(const struct messages *, const char *key,
    const char *a1, const char *a2, char *out, size_t size);
/* The sentence under Msg.KEY as it stands in the file; NULL: none. */
const char *messages_find(const struct messages *, const char *key);
/* The tree, for the template engine; belongs to the catalogue. */
struct _hdf *messages_hdf(const struct messages *);
void messages_close(struct messages **);

#endif
