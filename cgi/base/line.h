#ifndef BASE_LINE_H
#define BASE_LINE_H

#include <stddef.h>

/* The next line of *text, which is moved behind it, and its length without
 * its end; NULL: there is none. */
const char *line_next(const char **text, size_t *n_r);

#endif
