/* Targets of accounts and forwards: those that the rules let pass. */
#include <string.h>

#include "core/routing.h"
#include "migrate/apply.h"

static void
drop(struct apply *ap, struct place *p, const struct named *n,
    const struct findings *f)
{
	moving_tell_faults(ap->m, n->at, p->address, OUT_REFUSED, f);
	p->changed = true;
}

/* As text; false: it can be none, which is told. */
static bool
read_one(struct apply *ap, struct place *p, const struct named *n,
    struct target *t)
{
	struct findings f = { .n = 0 };
	struct address a;

	if (!address_of_target(
		n->address, strlen(n->address), "forward_to", &a, &f)) {
		drop(ap, p, n, &f);
		return false;
	}
	memcpy(t->local_part, a.local_part, sizeof(t->local_part));
	memcpy(t->domain, a.domain, sizeof(t->domain));
	return true;
}

static enum result
check(struct apply *ap, const struct place *p, struct targets *t,
    struct findings *f)
{
	struct target own;

	memcpy(own.local_part, p->local_part, strlen(p->local_part) + 1);
	memcpy(own.domain, p->domain->name, sizeof(own.domain));
	f->n = 0;
	return routing_check_targets(
	    ap->store, &own, "forward_to", NULL, t, f);
}

/* One after the other, each beside those that were right. */
static enum result
pick(struct apply *ap, struct place *p, const struct targets *all,
    const size_t *from, struct targets *t, bool *dropped)
{
	struct findings f;
	enum result r;

	t->n = 0;
	for (size_t i = 0; i < all->n; i++) {
		t->list[t->n++] = all->list[i];
		r = check(ap, p, t, &f);
		if (r == RES_INVALID) {
			t->n--;
			/* One that is there twice is there. */
			*dropped |= f.n != 1 ||
				    f.list[0].fault != FAULT_FORWARD_DUPLICATE;
			drop(ap, p, &p->targets[from[i]], &f);
		} else if (r != RES_OK) {
			return r;
		} else {
			moving_tell_of(ap->m, p, p->targets[from[i]].at,
			    OUT_DONE, WHY_READ, p->targets[from[i]].address);
		}
	}
	return RES_OK;
}

enum result
apply_targets(struct apply *ap, struct place *p, struct targets *t,
    bool *dropped)
{
	struct targets all = { .n = 0 };
	size_t from[TARGETS_MAX];

	for (size_t i = 0; i < p->ntargets && all.n < TARGETS_MAX; i++)
		if (read_one(ap, p, &p->targets[i], &all.list[all.n]))
			from[all.n++] = i;
	*dropped = all.n < p->ntargets;
	return pick(ap, p, &all, from, t, dropped);
}
