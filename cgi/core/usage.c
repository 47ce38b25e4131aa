#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/local.h"
#include "base/log.h"
#include "core/usage.h"

int64_t
usage_ask_oldest(const char *oldest_socket, int64_t account_id)
{
	int fd = local_dial(oldest_socket, 1);
	char line[32];
	int64_t oldest = -1;
	ssize_t n =
	    snprintf(line, sizeof(line), "%lld\n", (long long)account_id);

	if (fd >= 0 && local_send(fd, line, (size_t)n) &&
	    (n = recv(fd, line, sizeof(line) - 1, MSG_WAITALL)) > 0) {
		line[n] = '\0';
		oldest = line[0] == '-' ? 0 : strtoll(line, NULL, 10);
	} else {
		log_event("oldest_message", "error=no_answer");
	}
	if (fd >= 0)
		close(fd);
	return oldest;
}

/* Asked again after this time even when size and count are the same: one
 * message may have replaced another. */
#define OLDEST_SECONDS 300

static int64_t
oldest_of(struct store *s, const struct account *a, const struct usage *u,
    const char *socket_path, int64_t now)
{
	int64_t oldest;

	if (u->messages <= 0)
		return 0;
	if (store_oldest_get(s, a->id, u, now - OLDEST_SECONDS, &oldest) !=
	    RES_OK) {
		oldest = usage_ask_oldest(socket_path, a->id);
		/* No answer is remembered, too: asking takes a process. */
		(void)!store_oldest_put(
		    s, a->id, u, oldest > 0 ? oldest : 0, now);
	}
	/* It has messages, so "none" is no answer. */
	return oldest > 0 ? oldest : -1;
}

void
usage_level(const struct account *a, const struct usage *u,
    struct mailbox_usage *m)
{
	memset(m, 0, sizeof(*m));
	m->known = u->known;
	m->bytes = u->bytes > 0 ? u->bytes : 0;
	m->messages = u->messages > 0 ? u->messages : 0;
	m->last_login = u->last_login;
	/* Rounded down: 100 % is a promise that the next mail is refused. */
	m->percent = m->bytes >= a->quota_bytes ?
	    100 :
	    (int)(m->bytes * 100 / a->quota_bytes);
}

void
usage_of(struct store *s, const struct account *a, const char *oldest_socket,
    int64_t now, struct mailbox_usage *m)
{
	struct usage u;

	store_usage(s, a->address, &u);
	usage_level(a, &u, m);
	m->oldest = oldest_of(s, a, &u, oldest_socket, now);
}
