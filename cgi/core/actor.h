#ifndef CORE_ACTOR_H
#define CORE_ACTOR_H

#include <stdint.h>

/* Who does it, from where and when: what a line of the history says. */
struct actor {
	const char *name;	/* address; "" = the operator's shell */
	const char *origin;	/* client address; "shell:USER" */
	const char *request_id;
	int64_t now;		/* epoch seconds */
};

#endif
