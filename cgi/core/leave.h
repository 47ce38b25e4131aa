#ifndef CORE_LEAVE_H
#define CORE_LEAVE_H

#include "core/account.h"

/* How an account goes: the parts of one deletion and of many, inside the
 * transaction of the caller. */

/* Who must not go: postmaster, oneself, an only administrator, one of more
 * rights than `admin` (NULL: the operator) has.  Else it is deleted. */
enum result leave_delete(struct store *, const struct account *,
    const struct account *admin, const char *field, const struct actor *,
    struct findings *) MUST_CHECK;
/* RES_INVALID with a FAULT_IN_USE_BY for each who forwards to the address. */
enum result leave_check_pointing(struct store *, const struct account *,
    const char *field, struct findings *) MUST_CHECK;

#endif
