/* The report of an import: a row of it for each that is not unchanged. */
#include "tool/tool.h"

struct report {
	struct tool *tool;
	const struct import_options *options;
	struct rows *rows;
	struct pool *scratch; /* of one row */
	enum result failed;
};

static bool
is_secret(enum csv_column c)
{
	return c == CSV_PASSWORD || c == CSV_PASSWORD_HASH;
}

static const char *
cell_of(const struct import_row *row, enum csv_column c)
{
	const char *s = row->csv->cell[c];

	return s != NULL ? s : "";
}

/* What the file says of a new account; of its password only where it is. */
static void
new_text(struct report *r, const struct import_row *row)
{
	FILE *to = rows_line(r->rows);
	const char *password = "generated";

	fprintf(to, "line %u: new: %s", row->line, row->local_part);
	for (int i = CSV_ACCOUNT + 1; i < CSV__MAX; i++) {
		const enum csv_column c = (enum csv_column)i;

		if (cell_of(row, c)[0] == '\0')
			continue;
		if (is_secret(c)) {
			password = c == CSV_PASSWORD ? "given" : "a hash";
			continue;
		}
		fprintf(to, ", %s ", csv_column_name(c));
		tool_print(to, cell_of(row, c));
	}
	fprintf(to, ", password %s\n", password);
}

static json_t *
new_json(const struct import_row *row)
{
	json_t *values = json_object();

	for (int i = CSV_ACCOUNT + 1; i < CSV__MAX; i++) {
		const enum csv_column c = (enum csv_column)i;

		if (cell_of(row, c)[0] != '\0' && !is_secret(c))
			json_object_set_new(values, csv_column_name(c),
			    json_string(cell_of(row, c)));
	}
	return json_pack("{s:I, s:s, s:s, s:o}", "line",
	    (json_int_t)row->line, "verdict", "new", "account",
	    row->local_part, "values", values);
}

/* Of a password neither what it was nor what it will be. */
static json_t *
change_json(enum csv_column c, const char *old, const char *new)
{
	const char *name = csv_column_name(c);

	return is_secret(c) ? json_pack("{s:s}", "column", name) :
			      json_pack("{s:s, s:s, s:s}", "column", name,
				  "old", old, "new", new);
}

static void
change_text(struct report *r, const struct import_row *row, enum csv_column c,
    const char *old, const char *new)
{
	FILE *to = rows_line(r->rows);

	fprintf(to, "line %u: changed: %s, %s", row->line, row->local_part,
	    csv_column_name(c));
	if (!is_secret(c)) {
		fputs(": ", to);
		tool_print(to, old);
		fputs(" -> ", to);
		tool_print(to, new);
	}
	fputc('\n', to);
}

static void
report_changed(struct report *r, const struct import_row *row)
{
	json_t *changes = json_array();

	for (int i = 0; i < CSV__MAX && r->failed == RES_OK; i++) {
		const enum csv_column c = (enum csv_column)i;
		const char *old, *new;

		if ((row->differs & 1U << i) == 0)
			continue;
		r->failed = import_difference(r->tool->store, r->scratch,
		    r->options, row, c, &old, &new);
		if (r->failed != RES_OK)
			break;
		if (r->tool->opt.json)
			json_array_append_new(
			    changes, change_json(c, old, new));
		else
			change_text(r, row, c, old, new);
	}
	pool_clear(r->scratch);
	if (r->tool->opt.json)
		rows_json(r->rows,
		    json_pack("{s:I, s:s, s:s, s:O}", "line",
			(json_int_t)row->line, "verdict", "changed",
			"account", row->local_part, "changes", changes));
	json_decref(changes);
}

static void
refused_text(struct report *r, const struct import_row *row)
{
	char text[SENTENCE_SIZE];

	for (size_t i = 0; i < row->why->n; i++) {
		FILE *to = rows_line(r->rows);

		fprintf(to, "line %u: refused: %s%s%s: ", row->line,
		    row->local_part, row->local_part[0] != '\0' ? ", " : "",
		    row->why->list[i].field);
		tool_print(to,
		    tool_sentence(r->tool, &row->why->list[i], text));
		fputc('\n', to);
	}
}

static void
report_row(struct report *r, const struct import_row *row)
{
	const bool json = r->tool->opt.json;

	switch (row->verdict) {
	case IMPORT_NEW:
		if (json)
			rows_json(r->rows, new_json(row));
		else
			new_text(r, row);
		break;
	case IMPORT_CHANGED:
		report_changed(r, row);
		break;
	case IMPORT_REFUSED:
		if (json)
			rows_json(r->rows,
			    json_pack("{s:I, s:s, s:s, s:o}", "line",
				(json_int_t)row->line, "verdict", "refused",
				"account", row->local_part, "reasons",
				json_of_findings(r->tool, row->why)));
		else
			refused_text(r, row);
		break;
	case IMPORT_SAME:
		break;
	}
}

enum result
report_rows(struct tool *t, const struct import_options *o,
    const struct import_plan *plan, struct rows *rows)
{
	struct report r = { t, o, rows, pool_new(), RES_OK };

	for (size_t i = 0; i < plan->n && r.failed == RES_OK; i++)
		report_row(&r, &plan->rows[i]);
	pool_free(&r.scratch);
	return r.failed;
}
