/* Other names of domains: there are none here, but addresses lead there. */
#include <string.h>

#include "migrate/moving.h"

void
moving_add_alias(struct moving *m, struct where at, const char *name,
    const char *domain)
{
	char clean[DOMAIN_MAX + 1], to[DOMAIN_MAX + 1];

	moving_tell(m, at, moving_text(m, name, strlen(name)), OUT_REFUSED,
	    WHY_ALIAS_DOMAIN, moving_text(m, domain, strlen(domain)));
	if (!address_domain_clean(name, clean) ||
	    !address_domain_clean(domain, to))
		return;
	m->aliases = moving_grow(m->pool, m->aliases, m->naliases,
	    &m->aliases_size, sizeof(*m->aliases));
	m->aliases[m->naliases++] = (struct moving_alias){
		pool_printf(m->pool, "%s", clean),
		pool_printf(m->pool, "%s", to)
	};
}

static const struct moving_alias *
alias_of(const struct moving *m, const char *domain)
{
	for (size_t i = 0; i < m->naliases; i++)
		if (strcmp(m->aliases[i].name, domain) == 0)
			return &m->aliases[i];
	return NULL;
}

static void
follow(struct moving *m, struct place *p, struct named *n)
{
	struct findings unused = { .n = 0 };
	const struct moving_alias *alias;
	struct address a;

	if (!address_of_target(
		n->address, strlen(n->address), "targets", &a, &unused) ||
	    (alias = alias_of(m, a.domain)) == NULL ||
	    moving_find_domain(m, alias->domain) == NULL ||
	    /* PostfixAdmin lets it have addresses of its own. */
	    moving_find(m, a.local_part, a.domain) != NULL)
		return;
	n->address = pool_printf(
	    m->pool, "%s@%s", a.local_part, alias->domain);
	moving_tell_of(
	    m, p, n->at, OUT_CHANGED, WHY_ALIAS_DOMAIN, alias->domain);
}

void
moving_follow_aliases(struct moving *m)
{
	for (size_t i = 0; i < m->nplaces && m->naliases > 0; i++) {
		struct place *p = m->places[i];

		for (size_t k = 0; k < p->ntargets; k++)
			follow(m, p, &p->targets[k]);
		for (size_t k = 0; k < p->nmembers; k++)
			follow(m, p, &p->members[k]);
	}
}
