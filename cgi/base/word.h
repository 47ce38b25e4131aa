#ifndef BASE_WORD_H
#define BASE_WORD_H

#include <stddef.h>

/* Which of the n words this is, -1: none of them. */
int word_index(const char *const *words, size_t n, const char *s);

#endif
