/* A page of a domain's forwards. */
#include <string.h>

#include "core/forward.h"
#include "core/routing.h"

struct page {
	struct store *store;
	const struct forward_query *query;
	/* Backwards they come in the wrong order: kept, then given. */
	struct forward *rows;
	size_t n;
	bool more;
	enum result failed;
};

static bool
matches(const struct forward *f, const struct targets *t, const char *q)
{
	char text[TARGETS_TEXT];

	if (q[0] == '\0' || strcasestr(f->address, q) != NULL)
		return true;
	routing_targets_text(t, text, sizeof(text));
	return strcasestr(text, q) != NULL;
}

static bool
take(void *arg, const struct forward *f)
{
	struct page *p = arg;
	struct targets t = { .n = 0 };

	if (p->query->q[0] != '\0' &&
	    (p->failed = store_targets(p->store, f->id, &t)) != RES_OK)
		return false;
	if (!matches(f, &t, p->query->q))
		return true;
	if (p->n == p->query->max) {
		p->more = true;
		return false;
	}
	p->rows[p->n++] = *f;
	return true;
}

enum result
forward_list(struct store *s, const struct forward_query *q,
    struct forward *rows_r, size_t *n_r, bool *more_r)
{
	struct page p = { .store = s, .query = q, .rows = rows_r };
	const bool down = q->before[0] != '\0';
	enum result r;

	r = store_forwards(s, q->domain->id, down ? q->before : q->after,
	    down, take, &p);
	if (r == RES_OK)
		r = p.failed;
	for (size_t i = 0; down && i < p.n / 2; i++) {
		struct forward other = rows_r[i];

		rows_r[i] = rows_r[p.n - 1 - i];
		rows_r[p.n - 1 - i] = other;
	}
	*n_r = p.n;
	*more_r = p.more;
	return r;
}

enum result
forward_targets(struct store *s, const struct forward *f, struct targets *t)
{
	return store_targets(s, f->id, t);
}
