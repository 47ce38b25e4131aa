/* Mailing lists and their members. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/line.h"
#include "core/engine.h"
#include "core/routing.h"
#include "migrate/apply.h"

/* Members whom one request adds. */
#define SHARE 5000
/* What is wrong with members is told 24 at a time (finding.h). */
#define TRIES 50

/* A setting that cannot be here is left out: false: none of these. */
static bool
mend(struct apply *ap, struct place *p, const struct findings *f)
{
	const char *postmaster =
	    pool_printf(ap->m->pool, POSTMASTER "@%s", p->domain->name);
	bool mended = f->n > 0;

	for (size_t i = 0; i < f->n; i++) {
		const char *field = f->list[i].field;

		if (strcmp(field, "prefix") == 0)
			p->form->prefix = NULL;
		else if (strcmp(field, "footer") == 0)
			p->form->footer = NULL;
		else if (strcmp(field, "moderators") == 0)
			p->form->moderators = NULL;
		else if (strcmp(field, "owner") == 0 &&
		    strcmp(p->form->owner, postmaster) != 0)
			p->form->owner = postmaster;
		else
			mended = false;
	}
	if (mended)
		moving_tell_faults(ap->m, p->at, p->address, OUT_CHANGED, f);
	p->changed |= mended;
	return mended;
}

static enum result
insert(struct apply *ap, struct place *p)
{
	struct findings f = { .n = 0 };
	enum result r;
	int64_t id;

	if (p->form->owner[0] == '\0')
		p->form->owner = pool_printf(
		    ap->m->pool, POSTMASTER "@%s", p->domain->name);
	r = mlist_insert(ap->store, &p->domain->row,
	    p->local_part, p->form, ap->options->who, &f, &id);

	if (r == RES_INVALID && mend(ap, p, &f)) {
		f.n = 0;
		r = mlist_insert(ap->store, &p->domain->row, p->local_part,
		    p->form, ap->options->who, &f, &id);
	}
	if (r == RES_INVALID)
		return apply_refuse_for(ap, p, &f);
	p->fate = FATE_DONE;
	return r;
}

enum result
apply_list(struct apply *ap, struct place *p)
{
	enum kind kind = KIND_LIST;
	enum result r = store_address(
	    ap->store, p->local_part, p->domain->name, &p->id, &kind);

	if (r == RES_OK && kind != KIND_LIST)
		return apply_refuse(ap, p, WHY_TAKEN,
		    kind == KIND_ACCOUNT ? "account" : "forward");
	if (r == RES_OK)
		p->fate = FATE_THERE;
	else if (r == RES_NOTFOUND)
		r = insert(ap, p);
	if (r == RES_OK && p->fate != FATE_REFUSED)
		apply_tell(ap, p, WHY_LIST);
	return r;
}

/* -- members -- */

static void
drop(struct apply *ap, const struct place *p, struct named *n,
    const struct findings *f)
{
	moving_tell_faults(ap->m, n->at, p->address, OUT_REFUSED, f);
	n->address = NULL;
}

/* One that is hosted here must be there. */
static enum result
check_member(struct apply *ap, const struct place *p, struct named *n)
{
	struct findings f = { .n = 0 };
	struct address a;
	struct target t;
	struct domain d;
	enum result r;

	if (!address_of_target(
		n->address, strlen(n->address), "members", &a, &f)) {
		drop(ap, p, n, &f);
		return RES_OK;
	}
	if ((r = store_domain(ap->store, a.domain, &d)) != RES_OK)
		return r == RES_NOTFOUND ? RES_OK : r;
	memcpy(t.local_part, a.local_part, sizeof(t.local_part));
	memcpy(t.domain, a.domain, sizeof(t.domain));
	target_without_extension(&t);
	r = store_address(ap->store, t.local_part, t.domain, NULL, NULL);
	if (r != RES_NOTFOUND)
		return r;
	finding_add(
	    &f, "members", FAULT_FORWARD_MISSING, n->address, NULL);
	drop(ap, p, n, &f);
	return RES_OK;
}

static bool
has_members(const struct place *p)
{
	return p->kind == KIND_LIST && p->fate != FATE_REFUSED;
}

enum result
apply_members_check(struct apply *ap)
{
	enum result r = RES_OK;

	for (size_t i = 0; i < ap->m->nplaces; i++) {
		const struct place *p = ap->m->places[i];

		for (size_t k = 0; k < p->nmembers && r == RES_OK; k++) {
			struct named *n = &p->members[k];

			if (has_members(p))
				r = check_member(ap, p, n);
			if (n->address != NULL &&
			    (ap->options->dry_run || !has_members(p)))
				moving_tell(ap->m, n->at, p->address,
				    has_members(p) ? OUT_DONE : OUT_REFUSED,
				    WHY_MEMBER, n->address);
		}
	}
	return r;
}

static int
by_address(const void *a, const void *b)
{
	return strcasecmp(*(const char *const *)a, *(const char *const *)b);
}

/* Those who are on it already are told, and not asked for again. */
static enum result
find_there(struct apply *ap, struct place *p, const struct mlist *l)
{
	struct pool *pool = ap->m->pool;
	const char *lines, *line, **have = NULL;
	size_t n = 0, size = 0, len;
	enum result r =
	    engine_members(ap->options->engine, pool, l->id, &lines);

	if (r != RES_OK)
		return r;
	while ((line = line_next(&lines, &len)) != NULL) {
		have = moving_grow(pool, have, n, &size, sizeof(*have));
		have[n++] = pool_strndup(pool, line, len);
	}
	if (n > 0)
		qsort(have, n, sizeof(*have), by_address);
	for (size_t i = 0; n > 0 && i < p->nmembers; i++) {
		struct named *m = &p->members[i];

		if (m->address == NULL ||
		    bsearch(&m->address, have, n, sizeof(*have),
			by_address) == NULL)
			continue;
		moving_tell(ap->m, m->at, p->address, OUT_DONE, WHY_THERE,
		    m->address);
		m->address = NULL;
	}
	return RES_OK;
}

/* A share of them, a line each; to_r: where the next begins. */
static const char *
share_of(struct apply *ap, const struct place *p, size_t from, size_t *to_r)
{
	size_t size = 1, n = 0;
	char *text, *at;

	for (*to_r = from; *to_r < p->nmembers && n < SHARE; ++*to_r)
		if (p->members[*to_r].address != NULL) {
			size += strlen(p->members[*to_r].address) + 1;
			n++;
		}
	at = text = pool_alloc(ap->m->pool, size);
	for (size_t i = from; i < *to_r; i++)
		if (p->members[i].address != NULL)
			at += snprintf(at, size - (size_t)(at - text), "%s\n",
			    p->members[i].address);
	return text;
}

/* Those whom the findings name; false: none of these. */
static bool
drop_named(struct apply *ap, struct place *p, size_t from, size_t to,
    const struct findings *f)
{
	bool any = false;

	for (size_t i = 0; i < f->n; i++) {
		const struct finding *one = &f->list[i];
		struct findings alone = { .n = 1, .list = { *one } };

		for (size_t k = from; k < to; k++) {
			struct named *m = &p->members[k];

			if (m->address == NULL ||
			    strcasecmp(m->address, one->a1) != 0)
				continue;
			drop(ap, p, m, &alone);
			any = true;
		}
	}
	return any;
}

static enum result
add_share(struct apply *ap, struct place *p, const struct mlist *l,
    size_t from, size_t *to_r)
{
	struct findings f;
	const char *text;
	size_t n;
	enum result r = RES_INVALID;

	for (int i = 0; i < TRIES && r == RES_INVALID; i++) {
		f.n = 0;
		text = share_of(ap, p, from, to_r);
		r = text[0] == '\0' ? RES_OK :
				      mlist_members_add(ap->store,
					  ap->options->engine, ap->m->pool, l,
					  text, ap->options->who, &f, &n);
		if (r == RES_INVALID && !drop_named(ap, p, from, *to_r, &f))
			break;
	}
	for (size_t k = from; k < *to_r && r == RES_OK; k++) {
		const struct named *m = &p->members[k];

		if (m->address != NULL)
			moving_tell(ap->m, m->at, p->address, OUT_DONE,
			    WHY_MEMBER, m->address);
	}
	return r;
}

static enum result
add_members(struct apply *ap, struct place *p, size_t *told)
{
	struct mlist l;
	enum result r;

	if ((r = store_mlist(ap->store, p->domain->row.id, p->local_part,
		 &l)) != RES_OK ||
	    (r = find_there(ap, p, &l)) != RES_OK)
		return r;
	while (*told < p->nmembers && r == RES_OK) {
		size_t to;

		if ((r = add_share(ap, p, &l, *told, &to)) == RES_OK)
			*told = to;
	}
	return r;
}

enum result
apply_members(struct apply *ap)
{
	enum result r = RES_OK, one;

	for (size_t i = 0; i < ap->m->nplaces; i++) {
		struct place *p = ap->m->places[i];
		size_t told = 0;

		if (!has_members(p) || p->nmembers == 0)
			continue;
		/* One list that fails does not take the others with it. */
		if ((one = add_members(ap, p, &told)) == RES_OK)
			continue;
		r = one;
		for (; told < p->nmembers; told++)
			if (p->members[told].address != NULL)
				moving_tell(ap->m, p->members[told].at,
				    p->address, OUT_REFUSED, WHY_ENGINE,
				    p->members[told].address);
	}
	return r;
}
