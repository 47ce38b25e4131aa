/* Which targets are hosted here, and how these are stored. */
#include "core/address.h"
#include "core/routing.h"

enum result
routing_settle(struct store *s, struct targets *t)
{
	struct domain d;
	enum result r;

	for (size_t i = 0; i < t->n; i++) {
		r = store_domain(s, t->list[i].domain, &d);
		if (r != RES_OK && r != RES_NOTFOUND)
			return r;
		if (r == RES_OK)
			ascii_lower(t->list[i].local_part);
	}
	return RES_OK;
}

enum result
routing_is_outside(
    struct store *s, const struct targets *t, bool *outside_r)
{
	struct domain d;
	enum result r;

	*outside_r = false;
	for (size_t i = 0; i < t->n && !*outside_r; i++) {
		r = store_domain(s, t->list[i].domain, &d);
		if (r != RES_OK && r != RES_NOTFOUND)
			return r;
		*outside_r = r == RES_NOTFOUND;
	}
	return RES_OK;
}
