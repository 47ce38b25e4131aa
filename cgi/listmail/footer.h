#ifndef LISTMAIL_FOOTER_H
#define LISTMAIL_FOOTER_H

#include <stdbool.h>
#include <stdio.h>

/*
 * mlmmj writes a list's footer behind the last byte of a message.  That is
 * right for plain text, and does no harm behind several parts, but spoils a
 * body in base64, and others.  Such a body becomes the first part of a
 * message of two, the second of which is the footer (RFC 2046, 5.1.3).
 */

/* Is a message with this header (n bytes, with the empty line at its end) to
 * be wrapped? */
bool footer_spoils(const char *head, size_t n);
/* Writes the header of the wrapped message, up to where the body begins,
 * which the caller copies; n_r: how many bytes of head that was. */
void footer_open(
    FILE *out, const char *head, size_t n, const char *boundary, size_t *n_r);
/* Then this, with the footer. */
void footer_close(FILE *out, FILE *footer, const char *boundary);

#endif
