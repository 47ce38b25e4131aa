#include <stdio.h>
#include <string.h>

#include "core/account.h"
#include "core/address.h"
#include "core/domain.h"
#include "core/history.h"

/* None, a host of our own ("post-9"), or a whole name. */
static bool
host_ok(const char *s)
{
	size_t n = strlen(s);

	if (n == 0 || address_domain_ok(s))
		return true;
	return n <= 63 && s[0] != '-' && s[n - 1] != '-' &&
	    s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

enum result
domain_add(struct store *s, const char *domain, const char *pop_host,
    const struct actor *who, struct findings *f)
{
	char name[DOMAIN_MAX + 1], host[DOMAIN_MAX + 1];
	enum result r;

	if ((size_t)snprintf(name, sizeof(name), "%s", domain) >=
		sizeof(name) ||
	    (size_t)snprintf(host, sizeof(host), "%s", pop_host) >=
		sizeof(host)) {
		finding_add(f, "domain", FAULT_DOMAIN, domain, NULL);
		return RES_INVALID;
	}
	ascii_lower(name);
	ascii_lower(host);
	if (!address_domain_ok(name) || address_domain_reserved(name))
		finding_add(f, "domain", FAULT_DOMAIN, domain, NULL);
	if (!host_ok(host))
		finding_add(f, "pop_host", FAULT_DOMAIN, pop_host, NULL);
	if (f->n > 0)
		return RES_INVALID;
	if ((r = store_begin(s)) != RES_OK)
		return r;
	if ((r = store_domain_add(s, name, host)) == RES_OK &&
	    (r = history_add_domain(
		 s, who, name, EVENT_DOMAIN_ADDED, "", host)) == RES_OK)
		r = store_commit(s);
	store_rollback(s);
	return r;
}

static enum result
grant(struct store *s, const struct account *a, const char *domain,
    const struct actor *who)
{
	int64_t domain_id, quota;
	enum result r;

	if (domain == NULL) {
		if ((r = store_site_admin_add(s, a->id)) != RES_OK)
			return r;
		return history_add(
		    s, who, a, EVENT_ADMIN_GRANTED, "", "site");
	}
	if ((r = store_domain_by_name(s, domain, &domain_id, &quota)) !=
		RES_OK ||
	    (r = store_domain_admin_add(s, domain_id, a->id)) != RES_OK)
		return r;
	return history_add(s, who, a, EVENT_ADMIN_GRANTED, "", domain);
}

enum result
admin_grant(struct store *s, const char *address, const char *domain,
    const struct actor *who)
{
	char name[DOMAIN_MAX + 1] = "";
	struct account a;
	enum result r;

	if (domain != NULL &&
	    (size_t)snprintf(name, sizeof(name), "%s", domain) >=
		sizeof(name))
		return RES_NOTFOUND;
	ascii_lower(name);
	if ((r = account_find(s, address, &a)) != RES_OK ||
	    (r = store_begin(s)) != RES_OK)
		return r;
	r = grant(s, &a, domain != NULL ? name : NULL, who);
	if (r == RES_OK)
		r = store_commit(s);
	store_rollback(s);
	/* What is there already needs no second line of history. */
	return r == RES_CONFLICT ? RES_OK : r;
}

enum result
site_alive(struct store *s)
{
	return store_alive(s);
}

enum result
site_publish_networks(struct store *s, const struct networks *n)
{
	char want[4096], have[4096];
	enum result r;

	networks_text(n, want, sizeof(want));
	if ((r = store_allow_nets(s, have, sizeof(have))) != RES_OK ||
	    strcmp(want, have) == 0)
		return r;
	if ((r = store_begin(s)) != RES_OK)
		return r;
	if ((r = store_set_allow_nets(s, want)) == RES_OK)
		r = store_commit(s);
	store_rollback(s);
	return r;
}
