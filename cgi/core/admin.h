#ifndef CORE_ADMIN_H
#define CORE_ADMIN_H

#include "core/address.h"
#include "core/domain.h"
#include "core/passwd.h"

/* Who administers what, and within which limits: what the files of domain
 * administration share.  All run inside the transaction of their caller. */

/* Is there room for one more?  Else a finding at `field`. */
bool limit_allows(
    int64_t are, int64_t max, const char *field, struct findings *);

/*
 * A new domain with its postmaster, who administers it: hash, initial, real
 * name and quota (0: the domain's) of `postmaster`.  Sets d->id.
 * RES_CONFLICT: it is there already.
 */
enum result domain_insert(struct store *, struct domain *,
    const struct account *postmaster, const struct actor *) MUST_CHECK;
/* The hash of a password that nobody knows. */
enum result domain_nobody(char hash_r[PASSWD_HASH_SIZE]) MUST_CHECK;
/* Saves the settings of `new` over `old` and records what differs. */
enum result domain_write(struct store *, const struct domain *old,
    const struct domain *new, const struct actor *) MUST_CHECK;
/* A new account, all of it but its targets; sets a->id.  RES_INVALID with
 * findings at `account`: the limit, or the name is in use. */
enum result account_insert(struct store *, struct account *,
    const struct actor *, struct findings *) MUST_CHECK;

/* Gives the right and records it; RES_OK when it is there already. */
enum result admin_give(struct store *, const struct domain *,
    const struct account *, const struct actor *) MUST_CHECK;
/* The accounts that a `text` for admin_set() names, none where it is blank;
 * RES_INVALID with findings at `administrators`. */
enum result admin_parse(
    const char *text, struct targets *t_r, struct findings *) MUST_CHECK;
/*
 * Makes the accounts named in `text` (as forwarding targets are written) the
 * administrators of a domain, and, unless `only_add`, nobody else.
 * RES_INVALID with findings at `administrators`.
 */
enum result admin_set(struct store *, const struct domain *, const char *text,
    bool only_add, const struct actor *, struct findings *) MUST_CHECK;
/* Records that the rights of an account that goes go with it. */
enum result admin_gone(struct store *, const struct account *,
    const struct actor *) MUST_CHECK;
/* May this account go?  Not the only administrator of a domain. */
enum result admin_may_go(struct store *, const struct account *,
    const char *field, struct findings *) MUST_CHECK;

#endif
