#ifndef CORE_DOMAIN_H
#define CORE_DOMAIN_H

#include "core/actor.h"
#include "core/finding.h"
#include "core/network.h"

/* Domains, their administrators, and the site's own settings. */

struct store;

/* RES_INVALID with findings; RES_CONFLICT: it is there already. */
enum result domain_add(struct store *, const char *domain,
    const char *pop_host, const struct actor *, struct findings *) MUST_CHECK;
/* `domain` NULL: of the whole site.  RES_NOTFOUND: no such account/domain. */
enum result admin_grant(struct store *, const char *address,
    const char *domain, const struct actor *) MUST_CHECK;
/* RES_OK where the users' database answers. */
enum result site_alive(struct store *) MUST_CHECK;
/* Tells Dovecot of the campus networks: mail_account.allow_nets.  Writes only
 * where they differ. */
enum result site_publish_networks(
    struct store *, const struct networks *) MUST_CHECK;

#endif
