#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/pool.h"

#define CHUNK 8192

struct chunk {
	struct chunk *next;
	size_t size, used;
	alignas(max_align_t) unsigned char data[];
};

struct pool {
	struct chunk *head;
};

static void *
must_alloc(size_t n)
{
	void *p = calloc(1, n);

	if (p == NULL) {
		log_event("out_of_memory", "bytes=%zu", n);
		abort();
	}
	return p;
}

struct pool *
pool_new(void)
{
	return must_alloc(sizeof(struct pool));
}

void *
pool_alloc(struct pool *p, size_t n)
{
	struct chunk *c = p->head;
	const size_t a = alignof(max_align_t);
	void *got;

	n = (n + a - 1) / a * a;
	if (c == NULL || c->size - c->used < n) {
		/* Under ASan each piece is a block: it sees overruns. */
#ifdef __SANITIZE_ADDRESS__
		size_t size = n;
#else
		size_t size = n > CHUNK ? n : CHUNK;
#endif

		c = must_alloc(sizeof(*c) + size);
		c->size = size;
		c->next = p->head;
		p->head = c;
	}
	got = c->data + c->used;
	c->used += n;
	return got;
}

char *
pool_strndup(struct pool *p, const char *s, size_t n)
{
	char *d = pool_alloc(p, n + 1);

	memcpy(d, s, n);
	return d;
}

char *
pool_printf(struct pool *p, const char *fmt, ...)
{
	va_list ap, ap2;
	char *d;
	int n;

	va_start(ap, fmt);
	va_copy(ap2, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	d = pool_alloc(p, (size_t)(n < 0 ? 0 : n) + 1);
	if (n > 0)
		vsnprintf(d, (size_t)n + 1, fmt, ap2);
	va_end(ap2);
	return d;
}

/* Frees all chunks but the first of the usual size, which the next request
 * will want.  Wiped memory is zeroed memory, as pool_alloc promises. */
void
pool_clear(struct pool *p)
{
	struct chunk *c, *next, *kept = NULL;

	for (c = p->head; c != NULL; c = next) {
		next = c->next;
		explicit_bzero(c->data, c->used);
		if (kept == NULL && c->size == CHUNK) {
			kept = c;
			kept->next = NULL;
			kept->used = 0;
		} else {
			free(c);
		}
	}
	p->head = kept;
}

void
pool_free(struct pool **pp)
{
	struct pool *p = *pp;

	*pp = NULL;
	if (p == NULL)
		return;
	pool_clear(p);
	free(p->head);
	free(p);
}
