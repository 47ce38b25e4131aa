#ifndef MIGRATE_DUMP_TEXT_H
#define MIGRATE_DUMP_TEXT_H

#include "migrate/dump.h"

/* SQL as words: what dump.c is made of. */

/* The columns of a table, from its definition or before its rows. */
struct table {
	const char *name;
	size_t n;
	const char *columns[DUMP_COLUMNS];
};

struct dump {
	struct pool *pool;
	const struct dump_reader *to;
	const char *at, *end;
	const char *counted; /* `line` is this one's */
	unsigned int line;
	bool escapes; /* \ in a string means something: MySQL */
	bool stopped;
	size_t ntables;
	struct table *tables[DUMP_TABLES];
	struct table given; /* by the statement at hand */
};

bool dump_is_word(char c);
void dump_skip_line(struct dump *);
/* Blanks and comments; false: a comment does not end. */
bool dump_skip_blank(struct dump *);
/* This word or sign next?  Then it is passed. */
bool dump_word(struct dump *, const char *word);
/* What stands between two `mark`s, from the first one on; a doubled one is one
 * of them, and with `escapes` \ is what MySQL has.  NULL: it does not end. */
char *dump_quoted(struct dump *, char mark, bool escapes, size_t *n_r);
/* The last part of a name such as public."mailbox"; NULL: none. */
const char *dump_name(struct dump *);
/* Passes what is quoted, or one character; false: it does not end. */
bool dump_skip_piece(struct dump *);
/* To behind the ; that ends the statement. */
bool dump_skip_statement(struct dump *);
/* The line of `at`; asked in the order of the text. */
unsigned int dump_line(struct dump *, const char *at);

#endif
