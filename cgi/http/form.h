#ifndef HTTP_FORM_H
#define HTTP_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/pool.h"

/*
 * application/x-www-form-urlencoded (WHATWG URL, 5.1), strictly: what other
 * parsers repair is refused here, since a repaired field is not the one that
 * was typed.
 */

/* A page of ticked rows, and what else a form has. */
#define FORM_FIELDS_MAX 80

struct form {
	size_t n;
	struct {
		const char *name, *value;
	} fields[FORM_FIELDS_MAX];
};

/*
 * Reads n bytes into `f`, whose texts belong to the pool.  False: a broken
 * %-escape, a NUL, invalid UTF-8, a control character in a name, a name
 * twice, or too many fields.  Other control characters in a value are for the
 * rules of the field, which can say what is wrong beside it.
 */
bool form_parse(struct pool *, const char *s, size_t n, struct form *f);
/* Adds a field; false: there is one of this name, or there are too many. */
bool form_add(struct form *, const char *name, const char *value);
bool form_has_control(const char *);
/* The value of a field; "" when it was not sent. */
const char *form_get(const struct form *, const char *name);
bool form_is_on(const struct form *, const char *name);

/*
 * Decodes %XX (and, with plus_is_blank, "+") of n bytes into pool memory.
 * NULL: a broken escape, a NUL, or invalid UTF-8.
 */
char *percent_decode(
    struct pool *, const char *s, size_t n, bool plus_is_blank);

#endif
