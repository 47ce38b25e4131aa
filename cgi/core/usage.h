#ifndef CORE_USAGE_H
#define CORE_USAGE_H

#include "store/store.h"

/* How full a mailbox is, as Dovecot counts it. */

struct mailbox_usage {
	bool known;
	int64_t bytes, messages;
	int percent;	    /* 0..100; 100 only when it is full */
	int64_t oldest;	    /* epoch seconds; 0: no message, -1: not known */
	int64_t last_login; /* 0: never */
};

/* All but the oldest message, from what the store has. */
void usage_level(
    const struct account *, const struct usage *, struct mailbox_usage *);
/* oldest_socket: where Dovecot's service fumibako-oldest listens.  What cannot
 * be asked is not known, and no error. */
void usage_of(struct store *, const struct account *,
    const char *oldest_socket, int64_t now, struct mailbox_usage *);
/*
 * Asks the helper that Dovecot runs as the owner of the mail: the web's own
 * user may not look into a mailbox, not even at file names.  0: there is no
 * message; -1: no answer.
 */
int64_t usage_ask_oldest(const char *oldest_socket, int64_t account_id);

#endif
