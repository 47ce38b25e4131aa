#ifndef STORE_HEALTH_H
#define STORE_HEALTH_H

#include "store/store.h"

/* Looking at databases that may be anything (st_health.c), and at what the
 * mail daemons see in them. */

enum store_file { STORE_USERS, STORE_WEB, STORE_MAILSTAT };

struct health {
	char error[256]; /* what SQLite says; "": it is a database */
	bool locked;	 /* that: somebody has it for himself */
	int version, expected;
	bool wal;	   /* is its journal mode */
	int64_t wal_bytes; /* of its log, not written back yet */
	/* The first thing that a quick check finds; "": nothing. */
	char damage[256];
	bool whole; /* the check came to its end within the time */
};
/* Asks the file by a connection of its own, which needs no schema; the check
 * takes at most so many seconds.  Writes nothing. */
void store_health(const char *path, enum store_file, int seconds,
    struct health *);

/* What the views say of an address (schema/README.md). */
struct mail_view {
	bool account; /* there is a row of mail_account: */
	int64_t id, quota_bytes;
	bool pop3_open, mailbox_open;
	char transport[512]; /* of mail_transport; "": no row */
	size_t n;	     /* rows of mail_alias; more do not fit: */
	char targets[TARGETS_MAX + 1][ADDRESS_SIZE];
};
enum result store_mail_view(struct store *, const char *local_part,
    const char *domain, struct mail_view *) MUST_CHECK;
/* RES_NOTFOUND: mail_domain does not have it. */
enum result store_mail_domain(
    struct store *, const char *domain) MUST_CHECK;

#endif
