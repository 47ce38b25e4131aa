#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

#include "base/result.h"

/*
 * One line an event on standard error, which journald keeps and gives a time:
 *
 *	event=NAME request=ID client=ADDRESS key=value ...
 *
 * A line is ASCII and has at most 4095 bytes.  A value with anything but
 * letters, digits and harmless signs in it stands in quotes, in which `\"`,
 * `\\` and `\xHH` are what they look like: no value can begin a second key
 * or line.  A long one is cut, between two characters, and ends in `...`;
 * the keys behind it stay.  Where standard error is journald's, a line
 * begins with its priority (sd-daemon(3)).
 *
 * The names are a closed list, each described in fumibako.fcgi(8) or
 * fumibako-lists(8); tests/check-docs.sh looks.  What a visitor typed is not
 * logged, least of all a password, a query or a body.
 *
 * fmt knows %s, %.*s, %d, %lld and %zu; it quotes by itself.
 */
void log_event(const char *event, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* The same for what is true only when the transaction in hand is committed:
 * kept until then. */
void log_on_commit(const char *event, const char *fmt, ...)
    PRINTF_LIKE(2, 3);
/* It was committed, or not: writes what was kept, or forgets it. */
void log_settle(bool committed);

/* The request that later lines belong to, and whose it is; NULL for none.
 * Copied. */
void log_set_request(const char *id, const char *client);

#endif
