#ifndef HTTP_ROUTE_H
#define HTTP_ROUTE_H

#include <stddef.h>

#include "base/result.h"
#include "http/request.h"

struct ctx;

/* Who may enter.  The dispatcher checks this; a page never does. */
enum need {
	NEED_LOOPBACK, /* this host's own monitoring */
	NEED_NOBODY,   /* anyone on campus */
	NEED_USER,     /* logged in */
	NEED_ADMIN,    /* administers the domain that the path names second */
	NEED_SITE      /* administers the site */
};

#define RT_TOKEN (1U << 0)   /* refuse without the form token */
#define RT_INITIAL (1U << 1) /* open while the password is the initial one */
#define RT_FILE (1U << 2) /* the body may be multipart, with a file */
#define RT_LONG (1U << 3) /* the body may be BODY_LONG_MAX */

typedef enum result (*page_fn)(struct ctx *);

struct route {
	enum method method;
	const char *path; /* '*' stands for one path element */
	enum need need;
	unsigned int flags;
	page_fn run;
};

/* The only two ways to write a row, so a POST cannot forget its token. */
#define GET(path, need, flags, run) { M_GET, (path), (need), (flags), (run) }
#define POST(path, need, flags, run) \
	{ M_POST, (path), (need), (flags) | RT_TOKEN, (run) }

/* The row for it; NULL: none.  A HEAD is a GET. */
const struct route *route_find(
    const struct route *, size_t n, enum method, const char *path);
/* "GET, HEAD, POST": what the path takes; NULL: there is no such path. */
const char *route_allows(const struct route *, size_t n, const char *path);
/* The n-th element of a path, from 0, in out (size bytes); "" when there is
 * none, or it is longer. */
void route_element(
    const char *path, unsigned int n, char *out, size_t size);

#endif
