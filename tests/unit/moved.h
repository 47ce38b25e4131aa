#ifndef TESTS_UNIT_MOVED_H
#define TESTS_UNIT_MOVED_H

/* What a reader has made of a source, as text. */
#include <stdio.h>
#include <string.h>

#include "migrate/moving.h"

/* "LINE outcome:why" of what is told of a file or table, of all of it. */
static inline const char *
told_of(struct moving *m, const char *table)
{
	static char text[1024];

	text[0] = '\0';
	for (size_t i = 0; i < m->nmoved; i++)
		if (strcmp(m->moved[i].at.file, table) == 0)
			snprintf(text + strlen(text),
			    sizeof(text) - strlen(text), "%s%u %s:%s",
			    text[0] != '\0' ? " " : "", m->moved[i].at.line,
			    outcome_word(m->moved[i].outcome),
			    why_key(m->moved[i].why));
	return text;
}

/* "account(targets)routing", with + where a copy is kept. */
static inline const char *
places_of(struct moving *m)
{
	static char text[1024];
	size_t n = 0;

	text[0] = '\0';
	for (size_t i = 0; i < m->nplaces; i++) {
		const struct place *p = m->places[i];

		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s(",
		    p->local_part);
		for (size_t k = 0; k < p->ntargets; k++)
			n += (size_t)snprintf(text + n, sizeof(text) - n,
			    "%s%s", k > 0 ? "," : "", p->targets[k].address);
		n += (size_t)snprintf(text + n, sizeof(text) - n, ")%s%s",
		    p->kind == KIND_ACCOUNT ? routing_text(p->routing) : "",
		    p->keep_copy ? "+" : "");
	}
	return text;
}

#endif
