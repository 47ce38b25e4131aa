/* fumibako forward ... */
#include <string.h>

#include "core/address.h"
#include "core/domain.h"
#include "core/forward.h"
#include "core/routing.h"
#include "tool/tool.h"

/* The first argument; false: no address that a forward can have. */
static bool
read_address(const struct tool *t, struct address *a, struct findings *f)
{
	if (address_of_account(t->args[0], NULL, a))
		return true;
	finding_add(f, "name", FAULT_ADDRESS, t->args[0], NULL);
	return false;
}

/* The other arguments, one a line. */
static const char *
read_targets(const struct tool *t, struct pool *p)
{
	const char *text = "";

	for (int i = 1; i < t->nargs; i++)
		text = pool_printf(p, "%s%s\n", text, t->args[i]);
	return text;
}

int
tool_forward_add(struct tool *t)
{
	struct findings f = { .n = 0 };
	struct pool *p = pool_new();
	struct address a;
	enum result r = RES_INVALID;

	if (read_address(t, &a, &f))
		r = forward_add(t->store, a.domain, a.local_part,
		    read_targets(t, p), &t->actor, &f);
	pool_free(&p);
	return tool_answer(t, r, t->args[0], &f);
}

int
tool_forward_set(struct tool *t)
{
	struct findings f = { .n = 0 };
	struct pool *p = pool_new();
	struct address a;
	enum result r = RES_INVALID;

	if (read_address(t, &a, &f))
		r = forward_save(t->store, a.domain, a.local_part, -1,
		    read_targets(t, p), &t->actor, &f, NULL);
	pool_free(&p);
	return tool_answer(t, r, t->args[0], &f);
}

int
tool_forward_delete(struct tool *t)
{
	struct findings f = { .n = 0 };
	struct address a;
	enum result r = RES_INVALID;

	if (read_address(t, &a, &f))
		r = forward_delete(
		    t->store, a.domain, a.local_part, &t->actor, &f);
	return tool_answer(t, r, t->args[0], &f);
}

static void
list_row(struct rows *rows, const struct forward *f,
    const struct targets *targets)
{
	char text[TARGETS_TEXT];

	if (rows->tool->opt.json) {
		rows_json(rows,
		    json_pack("{s:s, s:o, s:I}", "address", f->address,
			"forward_to", json_of_targets(targets), "created_at",
			(json_int_t)f->created_at));
		return;
	}
	routing_targets_text(targets, text, sizeof(text));
	fprintf(rows_line(rows), "%s\t%s\n", f->address, text);
}

/* One page, from behind q->after; *more: there are further ones. */
static enum result
list_page(struct rows *rows, const struct forward_query *q,
    struct forward *page, size_t *n, bool *more)
{
	struct tool *t = rows->tool;
	struct targets targets;
	enum result r = forward_list(t->store, q, page, n, more);

	for (size_t i = 0; i < *n && r == RES_OK; i++)
		if ((r = forward_targets(t->store, &page[i], &targets)) ==
		    RES_OK)
			list_row(rows, &page[i], &targets);
	return r;
}

int
tool_forward_list(struct tool *t)
{
	struct pool *p = pool_new();
	struct forward *page = pool_alloc(p, ROWS_PAGE * sizeof(*page));
	char after[sizeof(page->local_part)] = "";
	struct domain d;
	const struct forward_query q = { .domain = &d,
		.q = t->opt.search != NULL ? t->opt.search : "",
		.after = after, .before = "", .max = ROWS_PAGE };
	struct rows rows = { .tool = t };
	bool more = true;
	size_t n = 0;
	enum result r = domain_find(t->store, t->args[0], &d);

	while (r == RES_OK && more) {
		rows_begin(&rows, t);
		r = list_page(&rows, &q, page, &n, &more);
		if (!rows_write(&rows))
			break;
		if (n > 0)
			memcpy(after, page[n - 1].local_part, sizeof(after));
	}
	pool_free(&p);
	return rows_answer(&rows, r, t->args[0]);
}
