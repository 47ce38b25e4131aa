#ifndef MIGRATE_VPOP_H
#define MIGRATE_VPOP_H

#include "migrate/source.h"
#include "migrate/vpasswd.h"

/* What the readers of one domain's directory share. */
struct vpop {
	struct moving *m;
	struct moving_domain *domain;
	const char *root;  /* the directory of the domain, absolute */
	const char *shown; /* the same for the report: below the source */
	int dir;
	size_t n;
	const struct seen_name *names; /* what is in it */
	size_t nlists, lists_size;
	const char **lists; /* local parts */
	size_t nhomes, homes_size;
	const char **homes; /* of accounts, below `dir`; in order */
	int64_t max_forwards, max_aliases;
};

#define VPOP_SMALL ((size_t)64 * 1024) /* .qmail and such */
#define VPOP_LARGE ((size_t)64 * 1024 * 1024) /* vpasswd, subscribers */

/* A file of the domain as a place in the report. */
struct where vpop_where(const struct vpop *, const char *name);
/* -- vpop_account.c -- */
/* The accounts of the vpasswd file, with their directories. */
void vpop_accounts(struct vpop *);
/* Is this directory, below the domain's, an account's?  After them. */
bool vpop_is_account(const struct vpop *, const char *path);
/* -- vpop_qmail.c -- */
/* The .qmail file of an account: where its mail goes. */
void vpop_account_qmail(struct vpop *, struct place *, struct where,
    const char *bytes, size_t n);
/* The .qmail-NAME files of the domain. */
void vpop_aliases(struct vpop *);
/* -- vpop_list.c -- */
/* The mailing lists; after the accounts. */
void vpop_lists(struct vpop *);
bool vpop_is_list(const struct vpop *, const char *directory);
/* Is .qmail-NAME one of a list? */
bool vpop_is_of_list(const struct vpop *, const char *name);

#endif
