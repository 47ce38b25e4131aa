#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/result.h"

/*
 * One line an event on standard error (journald keeps it, and adds the
 * time): `event=NAME request=ID key=value ...`.  The caller writes the
 * key=value part, from what has been checked: nothing that a visitor typed is
 * logged as it was typed, never a password, a query or a body.
 */
void log_event(const char *event, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* The request that later lines belong to; "" or NULL for none.  Copied. */
void log_set_request(const char *id);

#endif
