#ifndef CORE_POLICY_H
#define CORE_POLICY_H

#include <stdbool.h>

#include "core/finding.h"

/*
 * Is this password good enough?  The one function that decides, for the web,
 * the administrators' pages, the import and the command line.
 */

#define PASSWORD_MIN 12
#define PASSWORD_MAX 128 /* bytes; far below crypt(3)'s 512 */
/* 10^10 guesses: "safely unguessable" in zxcvbn's scale, and what NIST SP
 * 800-63B 5.1.1.2 wants a check against common values for. */
#define PASSWORD_BITS 33.3

/* Adds every rule that `password` breaks to `f` at `field`; true: none.  The
 * words of the account (its local part, domain, real name) count as known to
 * an attacker.  No part of the password goes into a finding. */
bool policy_check(const char *password, const char *local_part,
    const char *domain, const char *real_name, const char *field,
    struct findings *f);

#endif
