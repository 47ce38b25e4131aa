#ifndef CORE_NETWORK_H
#define CORE_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/result.h"

/* Addresses and prefixes, IPv4 and IPv6.  IPv4 is kept as ::ffff:a.b.c.d. */

struct network {
	uint8_t bytes[16];
	unsigned int prefix; /* of 128 bits */
};

struct networks {
	size_t n;
	struct network list[64];
};

/*
 * Reads "10.0.0.0/8, 2001:db8::/32".  A wrong entry (also host bits behind
 * the prefix, which Dovecot would take for something else) gives false and
 * its text in bad_r (size bytes); an empty list is wrong too.
 */
bool networks_parse(
    const char *text, struct networks *n_r, char *bad_r, size_t size);
/* The setting Campus.Networks of the file conf_path; what is wrong is told on
 * `why`, and is RES_INVALID. */
enum result networks_read(const char *conf_path, const char *text,
    struct networks *n_r, FILE *why) MUST_CHECK;
/* Is the address (as REMOTE_ADDR has it) in one of them?  Garbage is not. */
bool networks_contain(const struct networks *, const char *address);
/* The same list as Dovecot's allow_nets takes it, in out (size bytes). */
void networks_text(const struct networks *, char *out, size_t size);
/*
 * Whom wrong passwords are counted against: an IPv4 address alone, an IPv6
 * one by its /64 (RFC 4291, 2.5.1: one subscriber's).  In out (48 bytes).
 */
void network_of_client(const char *address, char out[48]);
/* 127.0.0.0/8 or ::1 */
bool network_is_loopback(const char *address);

#endif
