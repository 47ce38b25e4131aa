#ifndef HTTP_REPLY_H
#define HTTP_REPLY_H

#include <fcgiapp.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/pool.h"

/* What goes back: built in memory, written once. */
struct reply {
	struct pool *pool;
	int status;
	const char *location;	 /* NULL, or a path of this site */
	int retry_after;	 /* seconds, 0: no such header */
	const char *allow;	 /* NULL, or the Allow header */
	const char *content_type;
	const char *body;	 /* NULL: none */
	size_t length;
	bool secret; /* the body holds a password: wiped when it is written */
	/* Instead of a body: writes it piece by piece behind the headers.
	 * put gives false when the reader is gone.  False: it is not whole,
	 * and the reader must see that. */
	bool (*stream)(void *arg,
	    bool (*put)(void *put_arg, const char *, size_t), void *put_arg);
	void *stream_arg;
	const char *filename; /* NULL, or what to save it as; made by us */
	size_t ncookies;
	const char *cookies[6];	 /* whole Set-Cookie values */
};

void reply_init(struct reply *, struct pool *);
/* 303 to a path of this site; anything else becomes "/". */
void reply_see_other(struct reply *, const char *path);
/* A cookie for the browser; the value is one of ours (token characters). */
void reply_cookie(struct reply *, const char *name, const char *value);
void reply_cookie_for(
    struct reply *, const char *name, const char *value, long max_age);
/* Tells the browser to forget it. */
void reply_forget_cookie(struct reply *, const char *name);
/* Writes it; with head, the headers only. */
void reply_write(const struct reply *, FCGX_Request *, int head);

#endif
