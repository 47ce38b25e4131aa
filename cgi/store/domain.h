#ifndef STORE_DOMAIN_H
#define STORE_DOMAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/result.h"

/* Domains; store.h, which includes this, says what holds of all rows. */

struct store;

enum result store_allow_nets(
    struct store *, char *out, size_t size) MUST_CHECK;
enum result store_set_allow_nets(struct store *, const char *) MUST_CHECK;

#define NO_LIMIT (-1)

struct domain {
	int64_t id;
	int64_t version; /* counts saves, and rights given and taken */
	char name[254], pop_host[254];
	bool enabled;
	int64_t default_quota_bytes;
	int64_t max_accounts, max_forwards, max_lists; /* or NO_LIMIT */
	/* How many there are. */
	int64_t accounts, forwards, lists;
	int64_t initial, discarding, forwarding; /* of the accounts */
	int64_t quota_bytes; /* promised to all accounts together */
};
enum result store_domain(
    struct store *, const char *name, struct domain *) MUST_CHECK;
/* Calls each(arg, domain) in the order of their names, until it gives false:
 * those that an account administers, or all (admin_id 0). */
enum result store_domains(struct store *, int64_t admin_id,
    bool (*each)(void *arg, const struct domain *), void *arg) MUST_CHECK;
/* What there is in all; sums of what is counted for each domain. */
struct site_counts {
	int64_t domains, disabled; /* disabled ones are among the domains */
	int64_t accounts, initial, discarding, forwarding;
	int64_t forwards, lists;
};
enum result store_site_counts(
    struct store *, struct site_counts *) MUST_CHECK;
/* RES_CONFLICT: it is there already.  The counts are not looked at. */
enum result store_domain_add(
    struct store *, const struct domain *, int64_t *id_r) MUST_CHECK;
enum result store_domain_save(
    struct store *, const struct domain *) MUST_CHECK;
/* RES_CONFLICT: it still has addresses. */
enum result store_domain_delete(struct store *, int64_t id) MUST_CHECK;
/* Removes all addresses of a domain, and the rights of its accounts. */
enum result store_domain_clear(struct store *, int64_t id) MUST_CHECK;

/* Both: RES_CONFLICT when the right is there already. */
enum result store_domain_admin_add(
    struct store *, int64_t domain_id, int64_t account_id) MUST_CHECK;
enum result store_site_admin_add(
    struct store *, int64_t account_id) MUST_CHECK;
/* Both: RES_CONFLICT when there is no such right. */
enum result store_domain_admin_drop(
    struct store *, int64_t domain_id, int64_t account_id) MUST_CHECK;
enum result store_site_admin_drop(
    struct store *, int64_t account_id) MUST_CHECK;
/* RES_NOTFOUND: it does not administer it. */
enum result store_administers(
    struct store *, int64_t account_id, int64_t domain_id) MUST_CHECK;
/* How many administrators a domain has. */
enum result store_admin_count(
    struct store *, int64_t domain_id, int64_t *n_r) MUST_CHECK;
/* A domain that has this account as its only administrator, in name_r; else
 * RES_NOTFOUND. */
enum result store_sole_admin(
    struct store *, int64_t account_id, char name_r[254]) MUST_CHECK;
/* Another domain whose administrators are all accounts of this one. */
enum result store_sole_admin_here(
    struct store *, int64_t domain_id, char name_r[254]) MUST_CHECK;
/* RES_OK: the account has a right over domains or the site that `actor_id`
 * has not; else RES_NOTFOUND. */
enum result store_outranks(
    struct store *, int64_t account_id, int64_t actor_id) MUST_CHECK;
/* The addresses of a domain's administrators, in order. */
enum result store_admins(struct store *, int64_t domain_id,
    bool (*each)(void *arg, int64_t account_id, const char *address),
    void *arg) MUST_CHECK;

#endif
