/* Forwards and lists: one may lead to another, so each is made when those
 * that it names have been. */
#include <string.h>

#include "core/forward.h"
#include "core/routing.h"
#include "migrate/apply.h"

/* The place of the source that has this address and is not made yet, so that
 * others wait for it; NULL: none. */
static struct place *
pending(struct apply *ap, const char *text)
{
	struct findings unused = { .n = 0 };
	struct address a;
	struct target t;
	struct place *p;

	if (!address_of_target(text, strlen(text), "targets", &a, &unused))
		return NULL;
	memcpy(t.local_part, a.local_part, sizeof(t.local_part));
	memcpy(t.domain, a.domain, sizeof(t.domain));
	target_without_extension(&t);
	p = moving_find(ap->m, t.local_part, t.domain);
	return p != NULL && p->fate == FATE_PENDING &&
		p->kind != KIND_ACCOUNT ?
	    p :
	    NULL;
}

/* For whom it waits first, and by which of its targets; NULL: for nobody. */
static struct place *
waits_for(struct apply *ap, const struct place *p, size_t *i_r)
{
	struct place *q;

	*i_r = 0;
	if (p->kind == KIND_LIST)
		return pending(ap, p->form->owner);
	for (; *i_r < p->ntargets; ++*i_r)
		if ((q = pending(ap, p->targets[*i_r].address)) != NULL)
			return q;
	return NULL;
}

/* -- circles -- */

/* What it has besides the one that is cut: a list has its postmaster. */
static size_t
spare(const struct place *p)
{
	return p->kind == KIND_LIST ? TARGETS_MAX : p->ntargets - 1;
}

/* It does without what it waits for. */
static void
cut(struct apply *ap, struct place *p)
{
	struct findings f = { .n = 0 };
	size_t i;

	(void)waits_for(ap, p, &i);
	p->changed = true;
	if (p->kind == KIND_LIST) {
		moving_tell_of(ap->m, p, p->at, OUT_CHANGED, WHY_OWNER,
		    p->form->owner);
		p->form->owner = "";
		return;
	}
	finding_add(
	    &f, "targets", FAULT_FORWARD_LOOP, p->targets[i].address, NULL);
	moving_tell_faults(
	    ap->m, p->targets[i].at, p->address, OUT_REFUSED, &f);
	p->ntargets--;
	memmove(&p->targets[i], &p->targets[i + 1],
	    (p->ntargets - i) * sizeof(p->targets[0]));
}

/* Those on the path who wait for one another, the first one for `back`: of
 * them, one that has most left is cut.  The path then ends there. */
static void
cut_circle(struct apply *ap, struct place **path, size_t *n,
    const struct place *back)
{
	size_t best = *n - 1, i = *n;

	do {
		i--;
		if (spare(path[i]) > spare(path[best]))
			best = i;
	} while (path[i] != back);
	cut(ap, path[best]);
	for (; *n > best + 1; --*n)
		path[*n - 1]->on_path = false;
}

/* The targets of a forward that is there: in any order. */
static enum result
compare(struct apply *ap, struct place *p, const struct targets *t)
{
	struct targets have;
	enum result r = store_targets(ap->store, p->id, &have);
	size_t same = 0;

	for (size_t i = 0; r == RES_OK && i < t->n; i++)
		for (size_t k = 0; k < have.n; k++)
			same += strcmp(t->list[i].local_part,
				    have.list[k].local_part) == 0 &&
			    strcmp(t->list[i].domain, have.list[k].domain) ==
				0;
	if (r != RES_OK)
		return r;
	if (same != t->n || t->n != have.n)
		return apply_refuse(ap, p, WHY_DIFFERS, "targets");
	p->fate = FATE_THERE;
	return RES_OK;
}

static enum result
insert(struct apply *ap, struct place *p, const struct targets *t)
{
	struct findings f = { .n = 0 };
	char text[TARGETS_TEXT];
	enum result r;

	routing_targets_text(t, text, sizeof(text));
	r = forward_insert(ap->store, p->domain->name, p->local_part, text,
	    "name", ap->options->who, &f);
	if (r == RES_INVALID)
		return apply_refuse_for(ap, p, &f);
	p->fate = FATE_DONE;
	return r;
}

static enum result
apply_forward(struct apply *ap, struct place *p)
{
	struct targets t;
	bool dropped;
	enum kind kind = KIND_FORWARD;
	enum result there, r;

	if (p->ntargets > TARGETS_MAX)
		return apply_refuse(ap, p, WHY_MANY,
		    pool_printf(ap->m->pool, "%d", TARGETS_MAX));
	there = store_address(
	    ap->store, p->local_part, p->domain->name, &p->id, &kind);
	if (there != RES_OK && there != RES_NOTFOUND)
		return there;
	if (kind != KIND_FORWARD)
		return apply_refuse(ap, p, WHY_TAKEN,
		    kind == KIND_LIST ? "list" : "account");
	if ((r = apply_targets(ap, p, &t, &dropped)) != RES_OK)
		return r;
	if (t.n == 0)
		return apply_refuse(ap, p, WHY_EMPTY, NULL);
	r = there == RES_OK ? compare(ap, p, &t) : insert(ap, p, &t);
	if (r == RES_OK && p->fate != FATE_REFUSED)
		apply_tell(ap, p, WHY_FORWARD);
	return r;
}

/* Makes it, and first those that it waits for.  In the same order each time,
 * so that a second move finds what the first one made. */
static enum result
make(struct apply *ap, struct place **path, struct place *p)
{
	size_t n = 0, i;
	enum result r = RES_OK;

	path[n++] = p;
	while (n > 0 && r == RES_OK) {
		struct place *top = path[n - 1];
		struct place *next = waits_for(ap, top, &i);

		top->on_path = true;
		if (next != NULL && next->on_path) {
			cut_circle(ap, path, &n, next);
		} else if (next != NULL) {
			path[n++] = next;
		} else {
			n--;
			top->on_path = false;
			r = top->kind == KIND_LIST ? apply_list(ap, top) :
						     apply_forward(ap, top);
		}
	}
	return r;
}

enum result
apply_forwards(struct apply *ap)
{
	struct moving *m = ap->m;
	struct place **path =
	    pool_alloc(m->pool, (m->nplaces + 1) * sizeof(struct place *));
	enum result r = RES_OK;

	for (size_t i = 0; i < m->nplaces && r == RES_OK; i++)
		if (m->places[i]->kind != KIND_ACCOUNT &&
		    m->places[i]->fate == FATE_PENDING)
			r = make(ap, path, m->places[i]);
	return r;
}
