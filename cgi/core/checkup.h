#ifndef CORE_CHECKUP_H
#define CORE_CHECKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/network.h"

/* How `fumibako doctor` judges what it finds.  Pure. */

enum verdict { VERDICT_OK, VERDICT_WARN, VERDICT_FAIL };

/* "Nov 25 15:16:00 2026 GMT", as TLS libraries write the dates of a
 * certificate, in seconds since 1970; false: it is no such text. */
bool checkup_date(const char *text, int64_t *at_r);
/* A certificate that is good until then: to be renewed before the last week,
 * and worth a look in the two weeks before.  Public ones live for 90 days and
 * are renewed after 60. */
enum verdict checkup_certificate(int64_t not_after, int64_t now);

/*
 * The first of n addresses that is on campus, or that is not; NULL: there is
 * none.  Loopback addresses are judged by Campus.Networks as all others.
 */
const char *checkup_source(const struct networks *campus, bool on_campus,
    const char *const *addresses, size_t n);

/* Room on a file system, in bytes and inodes; inodes 0: it has no such limit.
 * Postfix takes no mail below 1.5 times message_size_limit (queue_minfree). */
struct room {
	uint64_t free_bytes, all_bytes, free_inodes, all_inodes;
};
enum verdict checkup_room(const struct room *);

/* Log-ins a second, where one costs so many seconds of a processor. */
double checkup_capacity(double seconds, long processors);
/* Those that so many accounts need when each asks every five minutes, as mail
 * programs do. */
double checkup_demand(int64_t accounts);

/* "a,b" and "b, a": the same entries, in whatever order. */
bool checkup_same_set(const char *a, const char *b);

/* A name that is nobody's by RFC 2606 and RFC 6761: it cannot be looked up. */
bool checkup_name_reserved(const char *name);

#endif
