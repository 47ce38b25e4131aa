#ifndef LISTMAIL_FIELD_H
#define LISTMAIL_FIELD_H

#include <stdbool.h>
#include <stddef.h>

/* A field of a header, in the text of a message; nothing ends with a NUL. */
struct field {
	const char *name, *value; /* without the blanks around */
	size_t name_n, value_n;	  /* name_n 0: it has no name */
	size_t n;		  /* all of it, from name on */
};

#define FIELD_BLANK " \t\r\n"

/* The next field of *text, of as many lines as it has; *text is moved behind
 * it.  False: the header has ended. */
bool field_next(const char **text, const char *end, struct field *);
/* Case does not count, here and below. */
bool field_text(const char *s, size_t n, const char *text);
bool field_is(const struct field *, const char *name);
/* Is it the first word of the value, without parameters and comments? */
bool field_has_word(const struct field *, const char *word);

#endif
