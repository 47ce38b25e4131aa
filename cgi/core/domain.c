/* Domains: made, changed, deleted, entered.  Rights are in admin.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/account.h"
#include "core/admin.h"
#include "core/history.h"

#define LIMIT_MAX 10000000

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

/* Digits only; false: no number of 0 to max. */
static bool
number_of(const char *s, int64_t max, int64_t *n_r)
{
	const size_t n = strspn(s, "0123456789");

	if (n == 0 || n > 12 || s[n] != '\0')
		return false;
	*n_r = strtoll(s, NULL, 10);
	return *n_r <= max;
}

bool
quota_parse(const char *mb, int64_t *bytes_r, struct findings *f)
{
	int64_t n;

	if (!number_of(mb, QUOTA_MB_MAX, &n) || n < 1) {
		finding_add(f, "quota_mb", FAULT_QUOTA, mb, NULL);
		return false;
	}
	*bytes_r = n * 1024 * 1024;
	return true;
}

/* -- reading the form -- */

static void
read_limit(const char *text, const char *field, int64_t *limit,
    struct findings *f)
{
	if (text == NULL)
		return;
	if (text[strspn(text, " \t\r\n")] == '\0')
		*limit = NO_LIMIT;
	else if (!number_of(text, LIMIT_MAX, limit))
		finding_add(f, field, FAULT_NUMBER, text, NULL);
}

static void
read_host(const char *text, struct domain *d, struct findings *f)
{
	char host[sizeof(d->pop_host)];

	if (text == NULL)
		return;
	text += strspn(text, " \t\r\n");
	if ((size_t)snprintf(host, sizeof(host), "%s", text) >=
	    sizeof(host)) {
		finding_add(f, "pop_host", FAULT_DOMAIN, text, NULL);
		return;
	}
	for (size_t n = strlen(host);
	     n > 0 && strchr(" \t\r\n", host[n - 1]) != NULL; n--)
		host[n - 1] = '\0';
	ascii_lower(host);
	if (!host_ok(host))
		finding_add(f, "pop_host", FAULT_DOMAIN, text, NULL);
	else
		memcpy(d->pop_host, host, sizeof(host));
}

static void
read_form(const struct domain_form *form, struct domain *d,
    struct findings *f)
{
	int64_t mb;

	read_host(form->pop_host, d, f);
	read_limit(form->max_accounts, "max_accounts", &d->max_accounts, f);
	read_limit(form->max_forwards, "max_forwards", &d->max_forwards, f);
	read_limit(form->max_lists, "max_lists", &d->max_lists, f);
	if (form->enabled != NULL)
		d->enabled = strcmp(form->enabled, "on") == 0;
	if (form->default_quota_mb == NULL)
		return;
	if (number_of(form->default_quota_mb, QUOTA_MB_MAX, &mb) && mb >= 1)
		d->default_quota_bytes = mb * 1024 * 1024;
	else
		finding_add(f, "default_quota_mb", FAULT_QUOTA,
		    form->default_quota_mb, NULL);
}

/* -- writing -- */

static enum result
record_number(struct store *s, const struct actor *who, const char *domain,
    enum event e, int64_t old, int64_t new)
{
	char from[32] = "", to[32] = "";

	if (old == new)
		return RES_OK;
	if (old != NO_LIMIT)
		snprintf(from, sizeof(from), "%lld", (long long)old);
	if (new != NO_LIMIT)
		snprintf(to, sizeof(to), "%lld", (long long)new);
	return history_add_domain(s, who, domain, domain, e, from, to);
}

static enum result
record(struct store *s, const struct actor *who, const struct domain *old,
    const struct domain *new)
{
	const char *name = old->name;
	enum result r = RES_OK;

	if (strcmp(old->pop_host, new->pop_host) != 0)
		r = history_add_domain(s, who, name, name, EVENT_POP_HOST,
		    old->pop_host, new->pop_host);
	if (r == RES_OK && old->enabled != new->enabled)
		r = history_add_domain(s, who, name, name,
		    EVENT_DOMAIN_ENABLED, old->enabled ? "on" : "off",
		    new->enabled ? "on" : "off");
	if (r == RES_OK)
		r = record_number(s, who, name, EVENT_MAX_ACCOUNTS,
		    old->max_accounts, new->max_accounts);
	if (r == RES_OK)
		r = record_number(s, who, name, EVENT_MAX_FORWARDS,
		    old->max_forwards, new->max_forwards);
	if (r == RES_OK)
		r = record_number(s, who, name, EVENT_MAX_LISTS,
		    old->max_lists, new->max_lists);
	if (r == RES_OK)
		r = record_number(s, who, name, EVENT_DEFAULT_QUOTA,
		    old->default_quota_bytes, new->default_quota_bytes);
	return r;
}

static enum result
add_postmaster(struct store *s, const struct domain *d,
    const struct account *as, const struct actor *who)
{
	struct account a = *as;
	enum result r;

	a.domain_id = d->id;
	a.created_at = who->now;
	if (a.quota_bytes == 0)
		a.quota_bytes = d->default_quota_bytes;
	snprintf(a.local_part, sizeof(a.local_part), POSTMASTER);
	snprintf(a.domain, sizeof(a.domain), "%s", d->name);
	snprintf(a.address, sizeof(a.address), "%s@%s", POSTMASTER, d->name);
	if ((r = store_account_add(s, &a, 0)) != RES_OK ||
	    (r = history_add(s, who, &a, EVENT_ACCOUNT_ADDED, "",
		 a.real_name)) != RES_OK)
		return r;
	return admin_give(s, d, &a, who);
}

enum result
domain_insert(struct store *s, struct domain *d,
    const struct account *postmaster, const struct actor *who)
{
	enum result r;

	if ((r = store_domain_add(s, d, &d->id)) != RES_OK ||
	    (r = history_add_domain(s, who, d->name, d->name,
		 EVENT_DOMAIN_ADDED, "", d->pop_host)) != RES_OK)
		return r;
	return add_postmaster(s, d, postmaster, who);
}

enum result
domain_nobody(char hash_r[PASSWD_HASH_SIZE])
{
	char password[PASSWD_GENERATED];
	enum result r;

	passwd_generate(password);
	r = passwd_hash_generated(password, hash_r);
	explicit_bzero(password, sizeof(password));
	return r;
}

static enum result
add(struct store *s, struct domain *d, const struct domain_form *form,
    const struct account *postmaster, const struct actor *who,
    struct findings *f)
{
	enum result r = domain_insert(s, d, postmaster, who);

	if (r == RES_CONFLICT)
		finding_add(f, "domain", FAULT_DOMAIN_IN_USE, d->name, NULL);
	if (r != RES_OK || form->administrators == NULL)
		return r;
	/* Besides the postmaster: nobody else can be of a new domain. */
	return admin_set(s, d, form->administrators, true, who, f);
}

enum result
domain_add(struct store *s, const char *domain, const struct domain_form *form,
    const struct actor *who, struct findings *f)
{
	struct domain d = { .enabled = true, .max_accounts = NO_LIMIT,
		.max_forwards = NO_LIMIT, .max_lists = NO_LIMIT,
		.default_quota_bytes = DEFAULT_QUOTA_BYTES };
	struct account postmaster = { .initial = true };
	struct targets named;
	enum result r;

	if (!address_domain_clean(domain, d.name) ||
	    address_domain_reserved(d.name))
		finding_add(f, "domain", FAULT_DOMAIN, domain, NULL);
	read_form(form, &d, f);
	if ((form->administrators != NULL &&
		admin_parse(form->administrators, &named, f) != RES_OK) ||
	    f->n > 0)
		return RES_INVALID;
	if ((r = domain_nobody(postmaster.hash)) != RES_OK ||
	    (r = store_begin(s)) != RES_OK)
		return r;
	return store_end(s, add(s, &d, form, &postmaster, who, f));
}

enum result
domain_write(struct store *s, const struct domain *old,
    const struct domain *new, const struct actor *who)
{
	enum result r = store_domain_save(s, new);

	return r == RES_OK ? record(s, who, old, new) : r;
}

static bool
is_same(const struct domain *a, const struct domain *b)
{
	return strcmp(a->pop_host, b->pop_host) == 0 &&
	    a->enabled == b->enabled && a->max_accounts == b->max_accounts &&
	    a->max_forwards == b->max_forwards &&
	    a->max_lists == b->max_lists &&
	    a->default_quota_bytes == b->default_quota_bytes;
}

static enum result
save(struct store *s, const char *name, int64_t version,
    const struct domain_form *form, const struct account *self,
    const struct actor *who, struct findings *f)
{
	struct domain old, new, now;
	enum result r;

	if ((r = store_domain(s, name, &old)) != RES_OK)
		return r;
	new = old;
	read_form(form, &new, f);
	if (self != NULL && !new.enabled && strcmp(self->domain, name) == 0)
		finding_add(f, "enabled", FAULT_LOCK_OUT, NULL, NULL);
	if (form->administrators != NULL &&
	    (r = admin_set(s, &old, form->administrators, false, who, f)) !=
		RES_OK &&
	    r != RES_INVALID)
		return r;
	if (f->n > 0)
		return RES_INVALID;
	/* A right that was given or taken has counted already. */
	if ((r = store_domain(s, name, &now)) != RES_OK)
		return r;
	/* Saving what is there is no change: the second of two clicks. */
	if (is_same(&old, &new) && now.version == old.version)
		return RES_OK;
	if (version >= 0 && version != old.version)
		return RES_CONFLICT;
	if (is_same(&old, &new))
		return RES_OK;
	return domain_write(s, &old, &new, who);
}

enum result
domain_save(struct store *s, const char *domain, int64_t version,
    const struct domain_form *form, const struct account *self,
    const struct actor *who, struct findings *f)
{
	enum result r;

	if ((r = store_begin(s)) != RES_OK)
		return r;
	return store_end(s, save(s, domain, version, form, self, who, f));
}

/* -- finding -- */

enum result
domain_find(struct store *s, const char *name, struct domain *d)
{
	char clean[DOMAIN_MAX + 1];

	if (!address_domain_clean(name, clean))
		return RES_NOTFOUND;
	return store_domain(s, clean, d);
}

enum result
domain_list(struct store *s, const struct account *admin,
    bool (*each)(void *arg, const struct domain *), void *arg)
{
	return store_domains(s, admin != NULL ? admin->id : 0, each, arg);
}

enum result
domain_admins(struct store *s, const struct domain *d,
    bool (*each)(void *arg, int64_t account_id, const char *address),
    void *arg)
{
	return store_admins(s, d->id, each, arg);
}

enum result
domain_enter(struct store *s, const struct account *a, const char *name,
    struct domain *d)
{
	enum result r;

	/* As it is stored: another spelling is another page, which is not. */
	if ((r = store_domain(s, name, d)) != RES_OK)
		return r;
	return store_administers(s, a->id, d->id);
}

void
domain_usage(struct store *s, const struct domain *d, struct domain_usage *u)
{
	store_domain_usage(s, d->name, u);
}
