#ifndef CORE_ADDRESS_H
#define CORE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/result.h"
#include "core/finding.h"

/* What may be an address, a domain, a real name.  Pure; no database. */

#define LOCAL_MAX 64   /* RFC 5321, 4.5.3.1.1 */
#define DOMAIN_MAX 253 /* 255 octets with length bytes: RFC 1035, 3.1 */
#define ADDRESS_MAX 254 /* RFC 5321, 4.5.3.1.3: a path of 256 with < > */
#define REAL_NAME_MAX 64

struct address {
	char local_part[LOCAL_MAX + 1];
	char domain[DOMAIN_MAX + 1];
};

/*
 * Reads what somebody typed at log-in or on the command line: blanks around
 * are dropped, ASCII letters are lower-cased, "local@domain" in `account`
 * goes before `domain` (which may be NULL).  False: cannot be an account.
 */
bool address_of_account(
    const char *account, const char *domain, struct address *a_r);
/*
 * A name within `domain`, as typed by its administrator: "taro", or the whole
 * address.  False: a finding at `field` (FAULT_NAME, or FAULT_FOREIGN for an
 * address of another domain).
 */
bool address_in(const char *typed, const char *domain, const char *field,
    char local_r[LOCAL_MAX + 1], struct findings *f);
/* May an account be called so?  Lower-case; a subset of what Dovecot and
 * Postfix take: letters, digits, `.`, `_`, `-`, no dot or dash in front. */
bool address_local_part_ok(const char *);
/* A lower-case DNS name of two labels or more (RFC 1035, 2.3.1). */
bool address_domain_ok(const char *);

/* One as typed: blanks around are dropped, ASCII letters are lower-cased. */
bool address_domain_clean(const char *typed, char domain_r[DOMAIN_MAX + 1]);

/* One that never receives mail, by RFC 2606 and RFC 6761. */
bool address_domain_reserved(const char *);

/*
 * Reads one forwarding target of n bytes: an RFC 5321 Mailbox with a
 * dot-string and a DNS name; a domain in another script becomes its A-label
 * (RFC 5891).  The domain is lower-cased, the local part is kept.  A refusal
 * is added to `f` at `field`.
 */
bool address_of_target(const char *s, size_t n, const char *field,
    struct address *a_r, struct findings *f);

/* Blanks around a real name are dropped into name_r; refusals go to `f`. */
bool real_name_check(const char *typed, char name_r[REAL_NAME_MAX + 1],
    struct findings *f);

void ascii_lower(char *);

#endif
