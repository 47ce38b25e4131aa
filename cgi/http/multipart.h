#ifndef HTTP_MULTIPART_H
#define HTTP_MULTIPART_H

#include <stdbool.h>
#include <stddef.h>

#include "base/pool.h"

/*
 * multipart/form-data (RFC 7578; RFC 2046, 5.1), for the forms that send a
 * file; as strict as http/form.h.  What browsers never send is refused, too:
 * text before the first boundary or behind the last, blanks behind one,
 * encoded parts, filename*.
 */

#define MULTIPART_PARTS_MAX 16

struct part {
	const char *name;
	const char *filename; /* NULL: a field */
	const char *bytes;    /* a field's value is text, ended by a NUL */
	size_t n;
};

struct multipart {
	size_t n;
	struct part parts[MULTIPART_PARTS_MAX];
};

/*
 * Reads n bytes of the body.  Texts belong to the pool, a file's bytes are
 * where they are in the body.  False: no boundary, what is not well formed, a
 * control character or invalid UTF-8 in a name, a NUL or invalid UTF-8 in a
 * field, a name twice, no part, or too many.
 *
 * A file name is only for showing: what is behind the last / or \, at most
 * 200 bytes of it; "file" where that is no clean text; "" when it was "", as
 * where no file was chosen.
 */
bool multipart_parse(struct pool *, const char *content_type,
    const char *body, size_t n, struct multipart *m_r);

#endif
