/* What a CSV file would do, before it does it. */
#include <stdio.h>
#include <string.h>

#include "core/upload.h"
#include "page/page_import.h"

#define SHOWN 200 /* lines of each kind */

static const char *
number(struct ctx *c, size_t n)
{
	return page_count(c, (int64_t)n);
}

static void
show_file_fault(struct ctx *c, const struct csv_file *f)
{
	const char *line = pool_printf(c->pool, "%u", f->line);
	const char *a1 = f->fault == CSV_TOO_MANY ?
	    number(c, CSV_ROWS_MAX) :
	    f->text[0] != '\0' ? f->text :
				 line;

	view_error(c->site->view, "file",
	    page_text(c, csv_fault_key(f->fault), a1,
		pool_printf(c->pool, "%u", f->byte)));
}

static void
set(const struct import_job *j, const char *list, int n, const char *name,
    const char *value)
{
	view_set_nth(j->ctx->site->view, list, n, name, value);
}

static const char *
line_of(struct ctx *c, const struct import_row *row)
{
	return pool_printf(c->pool, "%u", row->line);
}

/* What a new account will have; "" for what cannot be read now. */
static const char *
will_be(const struct import_job *j, const struct import_row *row,
    enum csv_column column)
{
	const char *old, *new;

	return import_difference(j->ctx->site->store, j->ctx->pool,
		   &j->options, row, column, &old, &new) == RES_OK ?
	    new :
	    "";
}

static void
show_new(const struct import_job *j, int n, const struct import_row *row)
{
	const bool copy = strcmp(will_be(j, row, CSV_KEEP_COPY), "on") == 0;
	struct ctx *c = j->ctx;

	set(j, "New", n, "line", line_of(c, row));
	set(j, "New", n, "account", row->local_part);
	set(j, "New", n, "real_name", will_be(j, row, CSV_REAL_NAME));
	set(j, "New", n, "routing",
	    page_text(c,
		copy ? "listing.routing.forward_copy" :
		       pool_printf(c->pool, "listing.routing.%s",
			   will_be(j, row, CSV_ROUTING)),
		will_be(j, row, CSV_FORWARD_TO), NULL));
}

static const char *
value_words(struct ctx *c, enum csv_column column, const char *value)
{
	if (column == CSV_ROUTING)
		return page_text(
		    c, pool_printf(c->pool, "routing.%s", value), NULL, NULL);
	if (column == CSV_KEEP_COPY)
		return page_text(
		    c, strcmp(value, "on") == 0 ? "yes" : "no", NULL, NULL);
	return value;
}

/* A line for each column that differs; *n counts them. */
static void
show_changed(const struct import_job *j, int *n, const struct import_row *row)
{
	struct ctx *c = j->ctx;

	for (int i = 0; i < CSV__MAX; i++) {
		const enum csv_column column = (enum csv_column)i;
		const char *old, *new;

		if ((row->differs & 1U << i) == 0 ||
		    import_difference(c->site->store, c->pool, &j->options,
			row, column, &old, &new) != RES_OK)
			continue;
		set(j, "Changed", *n, "line", line_of(c, row));
		set(j, "Changed", *n, "account", row->local_part);
		set(j, "Changed", *n, "column", csv_column_name(column));
		if (column == CSV_PASSWORD || column == CSV_PASSWORD_HASH)
			set(j, "Changed", *n, "secret", "1");
		set(j, "Changed", *n, "old", value_words(c, column, old));
		set(j, "Changed", *n, "new", value_words(c, column, new));
		++*n;
	}
}

static void
show_refused(const struct import_job *j, int *n, const struct import_row *row)
{
	struct ctx *c = j->ctx;

	for (size_t i = 0; i < row->why->n; i++) {
		const struct finding *f = &row->why->list[i];

		set(j, "Refused", *n, "line", line_of(c, row));
		set(j, "Refused", *n, "column", f->field);
		set(j, "Refused", *n, "text",
		    page_text(c, fault_key(f->fault), f->a1, f->a2));
		++*n;
	}
}

static void
show_more(struct ctx *c, const char *name, size_t all, int shown)
{
	if (all > (size_t)shown)
		view_set(c->site->view, name, number(c, all - (size_t)shown));
}

/* Up to SHOWN lines of each kind; an account may take several. */
static void
show_rows(struct import_job *j)
{
	int new = 0, changed = 0, refused = 0, nchanged = 0, nrefused = 0;

	for (size_t i = 0; i < j->plan.n; i++) {
		const struct import_row *row = &j->plan.rows[i];

		if (row->verdict == IMPORT_NEW && new < SHOWN)
			show_new(j, new++, row);
		else if (row->verdict == IMPORT_CHANGED && changed < SHOWN) {
			show_changed(j, &changed, row);
			nchanged++;
		} else if (row->verdict == IMPORT_REFUSED &&
		    refused < SHOWN) {
			show_refused(j, &refused, row);
			nrefused++;
		}
	}
	show_more(j->ctx, "Plan.new_more", j->plan.new, new);
	show_more(j->ctx, "Plan.changed_more", j->plan.changed, nchanged);
	show_more(j->ctx, "Plan.refused_more", j->plan.refused, nrefused);
}

enum result
import_show(struct import_job *j, int status, bool can_apply)
{
	const struct import_plan *p = &j->plan;
	struct ctx *c = j->ctx;
	struct view *v = c->site->view;
	char mark[SECRET_TEXT];

	page_frame(c, "import");
	if (c->req.file.sent)
		view_set(v, "Plan.name", c->req.file.name);
	page_findings(c, &p->file_why);
	if (p->file.fault != CSV_FINE) {
		show_file_fault(c, &p->file);
		return page_end(c, status, TPL_IMPORT);
	}
	view_set(v, "Plan", "1");
	view_set(v, "Plan.new", number(c, p->new));
	view_set(v, "Plan.changed", number(c, p->changed));
	view_set(v, "Plan.same", number(c, p->same));
	view_set(v, "Plan.refused", number(c, p->refused));
	if (can_apply && p->new + p->changed > 0) {
		upload_mark(c->cookie, p, mark);
		view_set(v, "Plan.can_apply", "1");
		view_set(v, "Plan.mark", mark);
	}
	if (p->new > IMPORT_NOTICES_MAX)
		view_set(v, "Plan.csv_only", "1");
	show_rows(j);
	return page_end(c, status, TPL_IMPORT);
}
