#ifndef BASE_POOL_H
#define BASE_POOL_H

#include <stddef.h>

#include "base/result.h"

/*
 * Memory that lives as long as one request.  Everything handed out belongs
 * to the pool, is wiped by pool_clear and pool_free, and is never NULL: a
 * process without memory says so and ends, and its spawner starts another.
 */
struct pool;

struct pool *pool_new(void);
/* n zeroed bytes, aligned for any type. */
void *pool_alloc(struct pool *, size_t n);
/* A copy of n bytes of s, ended by a NUL. */
char *pool_strndup(struct pool *, const char *s, size_t n);
char *pool_printf(struct pool *, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Wipes all that was handed out; the pool can be used anew. */
void pool_clear(struct pool *);
/* Wipes and frees all, sets *pp to NULL; NULL is fine. */
void pool_free(struct pool **pp);

#endif
