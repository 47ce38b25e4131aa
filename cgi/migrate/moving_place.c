/* Domains and names of a source, and the values that all sources have. */
#include <stdio.h>
#include <string.h>

#include "core/domain.h"
#include "migrate/moving.h"

#define MB (1024LL * 1024)

/* FNV-1a; names that collide slow down only their own move. */
static size_t
hash(const char *local_part, const char *domain)
{
	uint64_t h = 14695981039346656037U;

	for (const char *s = local_part; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211U;
	for (const char *s = domain; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211U;
	return (size_t)(h ^ h >> 32);
}

/* -- domains -- */

static size_t
domain_slot_of(const struct moving *m, const char *name)
{
	size_t i = hash("", name) & (m->domain_slots - 1);

	while (m->domain_slot[i] != 0 &&
	       strcmp(m->domains[m->domain_slot[i] - 1]->name, name) != 0)
		i = (i + 1) & (m->domain_slots - 1);
	return i;
}

struct moving_domain *
moving_find_domain(struct moving *m, const char *name)
{
	const uint32_t at = m->domain_slot[domain_slot_of(m, name)];

	return at != 0 ? m->domains[at - 1] : NULL;
}

static void
index_domains(struct moving *m)
{
	m->domain_slots *= 2;
	m->domain_slot =
	    pool_alloc(m->pool, m->domain_slots * sizeof(*m->domain_slot));
	for (size_t i = 0; i < m->ndomains; i++)
		m->domain_slot[domain_slot_of(m, m->domains[i]->name)] =
		    (uint32_t)i + 1;
}

struct moving_domain *
moving_add_domain(struct moving *m, struct where at, const char *name)
{
	struct findings f = { .n = 0 };
	struct moving_domain *d = pool_alloc(m->pool, sizeof(*d)), *twin;

	name = moving_text(m, name, strlen(name));
	if (!address_domain_clean(name, d->name) ||
	    address_domain_reserved(d->name)) {
		finding_add(&f, "domain", FAULT_DOMAIN, name, NULL);
		moving_tell_faults(m, at, name, OUT_REFUSED, &f);
		return NULL;
	}
	if ((twin = moving_find_domain(m, d->name)) != NULL) {
		moving_tell(m, at, name, OUT_REFUSED, WHY_TWICE, twin->name);
		return NULL;
	}
	d->at = at;
	d->max_accounts = d->max_forwards = d->max_lists = NO_LIMIT;
	m->domains = moving_grow(m->pool, m->domains, m->ndomains,
	    &m->domains_size, sizeof(struct moving_domain *));
	m->domains[m->ndomains] = d;
	m->domain_slot[domain_slot_of(m, d->name)] = (uint32_t)++m->ndomains;
	if (2 * m->ndomains >= m->domain_slots)
		index_domains(m);
	return d;
}

/* -- names -- */

/* Where the name is, or the free slot for it. */
static size_t
slot_of(const struct moving *m, const char *local_part, const char *domain)
{
	size_t i = hash(local_part, domain) & (m->slots - 1);

	for (; m->slot[i] != 0; i = (i + 1) & (m->slots - 1)) {
		const struct place *p = m->places[m->slot[i] - 1];

		if (strcmp(p->local_part, local_part) == 0 &&
		    strcmp(p->domain->name, domain) == 0)
			break;
	}
	return i;
}

static void
grow_index(struct moving *m)
{
	if (2 * (m->nplaces + 1) < m->slots)
		return;
	m->slots *= 2;
	m->slot = pool_alloc(m->pool, m->slots * sizeof(*m->slot));
	for (size_t i = 0; i < m->nplaces; i++)
		m->slot[slot_of(m, m->places[i]->local_part,
		    m->places[i]->domain->name)] = (uint32_t)i + 1;
}

struct place *
moving_find(struct moving *m, const char *local_part, const char *domain)
{
	size_t i = slot_of(m, local_part, domain);

	return m->slot[i] != 0 ? m->places[m->slot[i] - 1] : NULL;
}

struct place *
moving_add(struct moving *m, struct where at, enum kind kind,
    struct moving_domain *d, const char *local_part)
{
	struct findings f = { .n = 0 };
	char local[LOCAL_MAX + 1];
	struct place *p;

	local_part = moving_text(m, local_part, strlen(local_part));
	if (!address_in(local_part, d->name, "account", local, &f)) {
		moving_tell_faults(m, at,
		    pool_printf(m->pool, "%s@%s", local_part, d->name),
		    OUT_REFUSED, &f);
		return NULL;
	}
	if ((p = moving_find(m, local, d->name)) != NULL) {
		moving_tell(m, at, p->address, OUT_REFUSED, WHY_TWICE,
		    pool_printf(m->pool, "%s:%u", p->at.file, p->at.line));
		return NULL;
	}
	p = pool_alloc(m->pool, sizeof(*p));
	p->kind = kind;
	p->at = at;
	p->domain = d;
	p->local_part = pool_printf(m->pool, "%s", local);
	p->address = pool_printf(m->pool, "%s@%s", local, d->name);
	p->real_name = "";
	p->used_bytes = p->used_messages = -1;
	grow_index(m);
	m->places = moving_grow(m->pool, m->places, m->nplaces,
	    &m->places_size, sizeof(struct place *));
	m->slot[slot_of(m, local, d->name)] = (uint32_t)m->nplaces + 1;
	m->places[m->nplaces++] = p;
	return p;
}

void
moving_target(
    struct moving *m, struct place *p, struct where at, const char *text)
{
	const char *clean = moving_text(m, text, strlen(text));

	if (strcmp(text, clean) != 0) {
		moving_tell_of(m, p, at, OUT_REFUSED, WHY_CONTROL, clean);
		p->lost = p->changed = true;
		return;
	}
	if (p->targets == NULL)
		p->targets = pool_alloc(
		    m->pool, (TARGETS_MAX + 1) * sizeof(*p->targets));
	if (p->ntargets < TARGETS_MAX + 1)
		p->targets[p->ntargets++] = (struct named){ at, clean };
}

void
moving_member(struct moving *m, struct place *list, struct where at,
    const char *address)
{
	list->members = moving_grow(m->pool, list->members, list->nmembers,
	    &list->members_size, sizeof(*list->members));
	list->members[list->nmembers++] = (struct named){ at, address };
}

void
moving_add_admin(struct moving *m, struct where at, const char *address,
    const char *domain)
{
	m->admins = moving_grow(m->pool, m->admins, m->nadmins,
	    &m->admins_size, sizeof(*m->admins));
	m->admins[m->nadmins++] =
	    (struct moving_admin){ at, address, domain };
}

/* -- values -- */

/* "{SSHA}" or "$2x$" before it; what looks otherwise may be a password. */
static const char *
scheme_of(struct moving *m, const char *given)
{
	static const char ok[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "abcdefghijklmnopqrstuvwxyz0123456789-.";
	const char end = given[0] == '{' ? '}' : '$';
	size_t n = given[0] == '{' || given[0] == '$' ?
	    strspn(given + 1, ok) :
	    0;

	return n > 0 && n < 24 && given[n + 1] == end ?
	    pool_strndup(m->pool, given, n + 2) :
	    "unknown";
}

void
moving_hash(
    struct moving *m, struct place *p, struct where at, const char *given)
{
	if (passwd_hash_ok(given))
		p->hash = given;
	else
		moving_tell_of(m, p, at, OUT_CHANGED, WHY_HASH,
		    scheme_of(m, given));
}

void
moving_real_name(
    struct moving *m, struct place *p, struct where at, const char *name)
{
	struct findings unused = { .n = 0 };
	char clean[REAL_NAME_MAX + 1];

	if (real_name_check(name, clean, &unused))
		p->real_name = pool_printf(m->pool, "%s", clean);
	else
		moving_tell_of(m, p, at, OUT_CHANGED, WHY_REAL_NAME,
		    moving_text(m, name, strlen(name)));
}

int64_t
moving_whole_mb(int64_t bytes)
{
	const int64_t mb = bytes / MB + (bytes % MB > 0);

	return (mb < QUOTA_MB_MAX ? mb : QUOTA_MB_MAX) * MB;
}

void
moving_quota(
    struct moving *m, struct place *p, struct where at, int64_t bytes)
{
	if (bytes <= 0) {
		moving_tell_of(m, p, at, OUT_CHANGED, WHY_NO_QUOTA, NULL);
		return;
	}
	p->quota_bytes = moving_whole_mb(bytes);
	if (p->quota_bytes != bytes)
		moving_tell_of(m, p, at, OUT_CHANGED, WHY_QUOTA_ROUNDED,
		    pool_printf(m->pool, "%lld", (long long)bytes));
}
