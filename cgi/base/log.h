#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/result.h"

/*
 * One line an event on standard error (journald keeps it, and adds the
 * time): `event=NAME request=ID key=value ...`.  The caller writes the
 * key=value part; a value from outside goes through log_quote first, so that
 * nobody can write lines of his own.  Never a password, a query or a body.
 */
void log_event(const char *event, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* The request that later lines belong to; "" or NULL for none.  Copied. */
void log_set_request(const char *id);

/* `in` made harmless for a log value, in `out` (size bytes); returns out. */
const char *log_quote(char *out, unsigned long size, const char *in);

#endif
