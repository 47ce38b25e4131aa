#ifndef HTTP_COOKIE_H
#define HTTP_COOKIE_H

#include <stddef.h>

/*
 * The Cookie header (RFC 6265, 4.2).  The n-th (from 0) value of the cookie
 * `name`, in out (size bytes); returns its length, or 0 when there is none,
 * or it is longer than out, or holds a byte that our own cookies never hold.
 * More than one may come: another host of the domain can set one.
 */
size_t cookie_get(
    const char *header, const char *name, size_t n, char *out, size_t size);

/* How many of one name are looked at. */
#define COOKIE_TRIES 4

#endif
