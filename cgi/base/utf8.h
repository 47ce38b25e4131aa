#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>

/* How many of the n bytes of text are valid UTF-8 (RFC 3629, 4) from the
 * beginning on: n when all are. */
size_t utf8_valid(const char *text, size_t n);

#endif
