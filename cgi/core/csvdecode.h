#ifndef CORE_CSVDECODE_H
#define CORE_CSVDECODE_H

#include "core/csvfile.h"

/*
 * The bytes of a file as UTF-8 text: UTF-8 with or without BOM, UTF-16 with
 * BOM, else CP932.  The text is the caller's to change, is in the pool, and
 * has a NUL behind it; no other control characters than CR, LF, TAB are in
 * it.
 * False: f->fault is CSV_ENCODING, and line and byte (of the file as it is)
 * say where it stops being the encoding that it comes nearest to; or it is
 * CSV_NUL, and they say where the control character is.
 */
bool csv_decode(struct pool *, const char *bytes, size_t size, char **text_r,
    size_t *n_r, struct csv_file *f);

#endif
