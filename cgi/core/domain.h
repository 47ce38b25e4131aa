#ifndef CORE_DOMAIN_H
#define CORE_DOMAIN_H

#include "core/actor.h"
#include "core/finding.h"
#include "core/network.h"
#include "store/store.h"

/* Domains, their limits and administrators, and the site's own settings. */

#define QUOTA_MB_MAX 1048576 /* 1 TiB */
/* Of an account whose domain has no other rule: PRODUCT.md. */
#define DEFAULT_QUOTA_BYTES (1024LL * 1024 * 1024)

/* The name that every domain has (RFC 5321, 4.5.1) and nobody can delete. */
#define POSTMASTER "postmaster"

/* The site's form.  Texts as typed; NULL: stays, or the default. */
struct domain_form {
	const char *pop_host;
	const char *max_accounts, *max_forwards, *max_lists; /* "": no limit */
	const char *default_quota_mb;
	const char *administrators; /* addresses, as forwarding targets */
	const char *enabled;	    /* "on", "" */
};

/*
 * A new domain has a postmaster, who administers it and whose password nobody
 * knows until one is handed out (account_reset).  RES_INVALID with findings
 * at the fields of the form and `domain`; RES_CONFLICT: it is there already.
 */
enum result domain_add(struct store *, const char *domain,
    const struct domain_form *, const struct actor *,
    struct findings *) MUST_CHECK;
/*
 * Changes a domain: all or nothing.  Administrators are the whole list, at
 * least one.  `self` is the site administrator who does it and may not lock
 * himself out; NULL: the operator's shell.  RES_CONFLICT: somebody saved
 * since `version` (-1: whatever it is at).
 */
enum result domain_save(struct store *, const char *domain, int64_t version,
    const struct domain_form *, const struct account *self,
    const struct actor *, struct findings *) MUST_CHECK;
/* With `everything`, all its addresses; else RES_INVALID (FAULT_DOMAIN_USED)
 * while it has more than its postmaster, or others forward to it. */
enum result domain_delete(struct store *, const char *name,
    bool everything, const struct actor *, struct findings *) MUST_CHECK;
enum result domain_find(
    struct store *, const char *name, struct domain *) MUST_CHECK;
/* The domains that `admin` administers; NULL: all.  In order. */
enum result domain_list(struct store *, const struct account *admin,
    bool (*each)(void *arg, const struct domain *), void *arg) MUST_CHECK;
enum result domain_admins(struct store *, const struct domain *,
    bool (*each)(void *arg, int64_t account_id, const char *address),
    void *arg) MUST_CHECK;
/* RES_NOTFOUND: there is no such domain, or this is none of its
 * administrators: which, nobody learns. */
enum result domain_enter(struct store *, const struct account *,
    const char *name, struct domain *) MUST_CHECK;
void domain_usage(
    struct store *, const struct domain *, struct domain_usage *);

/* `domain` NULL: of the whole site.  RES_NOTFOUND: no such account/domain.
 * Revoking the last one of a domain is RES_INVALID (FAULT_LAST_ADMIN). */
enum result admin_grant(struct store *, const char *address,
    const char *domain, const struct actor *) MUST_CHECK;
enum result admin_revoke(struct store *, const char *address,
    const char *domain, const struct actor *, struct findings *) MUST_CHECK;

/* "12" MB in bytes: 1 to QUOTA_MB_MAX.  False: a finding at quota_mb. */
bool quota_parse(const char *mb, int64_t *bytes_r, struct findings *);

/* RES_OK where the users' database answers. */
enum result site_alive(struct store *) MUST_CHECK;
/* For monitoring: a row for each domain is read, no account. */
enum result site_counts(struct store *, struct site_counts *) MUST_CHECK;
/* Tells Dovecot of the campus networks: mail_account.allow_nets.  Writes only
 * where they differ. */
enum result site_publish_networks(
    struct store *, const struct networks *) MUST_CHECK;

#endif
