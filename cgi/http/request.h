#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include <fcgiapp.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/pool.h"
#include "http/form.h"

/* One request as nginx hands it over, checked and decoded once. */

#define BODY_MAX 65536UL
/* nginx has the same two numbers. */
#define BODY_LONG_MAX (1024UL * 1024)
#define FILE_MAX (16UL * 1024 * 1024)
#define PATH_MAX_BYTES 1024
#define QUERY_MAX 2048

enum method { M_GET, M_HEAD, M_POST, M_OTHER };

struct request {
	enum method method;
	const char *path;   /* decoded; begins with "/" */
	struct form query;  /* never where a POST's fields come from */
	struct form body;
	const char *client; /* IP address */
	const char *cookies;
	const char *origin, *fetch_site; /* Origin, Sec-Fetch-Site, or "" */
	const char *languages;		   /* Accept-Language, or "" */
	const char *pool;  /* nginx's name of the pool of workers, or "" */
	int64_t handed_ms; /* when it was handed over, since 1970; -1: unsaid */
	struct {
		bool sent;
		const char *name; /* as the browser calls it; only to show */
		const char *bytes;
		size_t n;
	} file;
};

/* How reading it ended. */
enum taken {
	TAKEN_OK,
	TAKEN_MALFORMED, /* 400 */
	TAKEN_TOO_LARGE, /* 413 */
	TAKEN_MEDIA	 /* 415: a body that is not a form */
};

/* All but the body.  Texts belong to the pool or to the FCGX_Request. */
enum taken request_take(
    FCGX_Request *, struct pool *, struct request *req_r);
/* The body of a POST, of at most form_max bytes; with file_allowed it may be
 * multipart and of FILE_MAX.  The file of a field `file` is req->file. */
enum taken request_body(FCGX_Request *, struct pool *, size_t form_max,
    bool file_allowed, struct request *);
/* Reads what is left of the body and forgets it: a connection that is closed
 * with something unread takes the answer with it. */
void request_drain(FCGX_Request *);

#endif
