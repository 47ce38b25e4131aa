#ifndef CORE_PASSWORD_H
#define CORE_PASSWORD_H

#include "core/finding.h"
#include "core/login.h"

/*
 * The hash of a password for this account: of the given one, where it obeys
 * the policy (else RES_INVALID with findings at `field`), or (NULL) of one
 * that is made here and told in password_r.
 */
enum result password_choose(const struct login_rules *,
    const struct account *, const char *password, const char *field,
    char password_r[PASSWD_GENERATED], char hash_r[PASSWD_HASH_SIZE],
    struct findings *f) MUST_CHECK;

#endif
