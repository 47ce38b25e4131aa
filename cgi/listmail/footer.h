#ifndef LISTMAIL_FOOTER_H
#define LISTMAIL_FOOTER_H

#include <stdbool.h>
#include <stdio.h>

/*
 * A list's footer.  mlmmj would write it behind the last byte of any message,
 * so it is not told of it.
 */
enum footer_place {
	/* Signed or encrypted as a whole: it has to stay what it is. */
	FOOTER_NOWHERE,
	FOOTER_BEHIND, /* plain text */
	/* The body becomes the first part of a message of two, the second of
	 * which is the footer (RFC 2046, 5.1.3). */
	FOOTER_PART
};

/* Where it stands in a message with this header (n bytes, with the empty line
 * at its end; without it: nowhere). */
enum footer_place footer_place(const char *head, size_t n);
/* Writes it behind what is there. */
void footer_copy(FILE *out, FILE *footer);
/* Writes the header of the wrapped message, up to where the body begins,
 * which the caller copies; n_r: how many bytes of head that was. */
void footer_open(
    FILE *out, const char *head, size_t n, const char *boundary, size_t *n_r);
/* Then this, with the footer. */
void footer_close(FILE *out, FILE *footer, const char *boundary);

#endif
