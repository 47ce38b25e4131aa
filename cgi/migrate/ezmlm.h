#ifndef MIGRATE_EZMLM_H
#define MIGRATE_EZMLM_H

#include "migrate/vpop.h"

/* A list of ezmlm while it is read. */
struct ezmlm {
	struct vpop *v;
	struct place *p;
	int dir;
	const char *name; /* of the directory */
	bool moderated, joining_moderated;
	size_t moderators_n;
	char moderators[LIST_MODERATORS];
};

/* A file of the list as a place in the report. */
struct where ezmlm_where(const struct ezmlm *, const char *name);
/* Members, those of the digest, too; moderators; and those who may or may not
 * post, which is told only. */
void ezmlm_subscribers(struct ezmlm *);

#endif
