#ifndef CORE_ACTOR_H
#define CORE_ACTOR_H

#include <stdint.h>

/* Who does it, from where and when: what a line of the history says. */
struct actor {
	const char *name;	/* address; "" = the operator's shell */
	const char *origin;	/* client address; "shell:USER" */
	const char *request_id;
	int64_t now;		/* epoch seconds */
	int64_t import_id;	/* of an import that is not done, or 0 */
};

#endif
