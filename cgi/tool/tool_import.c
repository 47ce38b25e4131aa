/* fumibako import, export */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/domain.h"
#include "tool/tool.h"

struct job {
	struct tool *tool;
	struct pool *pool; /* the file, the plan: wiped at the end */
	struct domain domain;
	struct import_options options;
	struct import_plan plan;
	struct rows report; /* gathered before anything is changed */
};

/* -- how far it is, where a person looks on -- */

#define BAR 40

static void
show_progress(void *arg, size_t done, size_t all)
{
	const size_t n = all > 0 ? done * BAR / all : 0;

	(void)arg;
	fprintf(stderr, "\r[%-*.*s] %3zu %%", BAR, (int)n,
	    "########################################",
	    all > 0 ? done * 100 / all : 0);
	fflush(stderr);
}

static void
end_progress(const struct job *j)
{
	if (j->options.progress != NULL)
		fprintf(stderr, "\r%*s\r", BAR + 8, "");
}

/* The sentence about a file that is no table of accounts; NULL: it is one. */
static const char *
file_sentence(struct job *j)
{
	const struct csv_file *f = &j->plan.file;
	char *text = pool_alloc(j->pool, SENTENCE_SIZE);
	const char *what = pool_printf(j->pool, "%u",
	    f->fault == CSV_TOO_MANY ? CSV_ROWS_MAX : f->line);

	if (f->fault == CSV_FINE)
		return NULL;
	return messages_text(j->tool->messages, csv_fault_key(f->fault),
	    f->text[0] != '\0' ? f->text : what,
	    pool_printf(j->pool, "%u", f->byte), text, SENTENCE_SIZE);
}

/* -- printing it -- */

static void
print_text(struct job *j, FILE *to)
{
	const struct import_plan *p = &j->plan;
	const char *fault = file_sentence(j);

	fwrite(j->report.text, 1, j->report.size, to);
	if (fault == NULL)
		fprintf(to,
		    "%zu new, %zu changed, %zu unchanged, %zu refused\n",
		    p->new, p->changed, p->same, p->refused);
	else {
		fprintf(stderr, "%s: ", j->tool->args[1]);
		tool_print(stderr, fault);
		fputc('\n', stderr);
	}
	tool_findings(j->tool, j->tool->args[1], &p->file_why);
}

static void
print_password_json(const struct import_row *row, bool first)
{
	json_t *o = json_pack("{s:s, s:s}", "account", row->local_part,
	    "password", row->password);

	fputs(first ? "\n" : ",\n", stdout);
	json_dumpf(o, stdout, 0);
	json_decref(o);
}

/* CSV, as a spreadsheet may see it. */
static void
print_password_csv(const struct import_row *row, bool first)
{
	char cells[512];
	size_t n;

	if (first)
		fputs("account,password\n", stdout);
	n = csv_write_cell(row->local_part, cells, sizeof(cells));
	cells[n++] = ',';
	n += csv_write_cell(row->password, cells + n, sizeof(cells) - n);
	cells[n++] = '\n';
	fwrite(cells, 1, n, stdout);
	explicit_bzero(cells, sizeof(cells));
}

/* The initial passwords that were made: told once. */
static void
print_passwords(const struct job *j)
{
	bool first = true;

	for (size_t i = 0; i < j->plan.n; i++) {
		const struct import_row *row = &j->plan.rows[i];

		if (row->password[0] == '\0')
			continue;
		if (j->tool->opt.json)
			print_password_json(row, first);
		else
			print_password_csv(row, first);
		first = false;
	}
}

/* One document: what came of it, the rows of the report, the passwords. */
static void
print_json(struct job *j, bool applied)
{
	const struct import_plan *p = &j->plan;
	json_t *o = json_pack("{s:b, s:I, s:I, s:I, s:I, s:s?, s:o}",
	    "applied", applied, "new", (json_int_t)p->new, "changed",
	    (json_int_t)p->changed, "unchanged", (json_int_t)p->same,
	    "refused", (json_int_t)p->refused, "fault", file_sentence(j),
	    "reasons", json_of_findings(j->tool, &p->file_why));

	fputs("{\"summary\": ", stdout);
	json_dumpf(o, stdout, 0);
	json_decref(o);
	fputs(",\n\"rows\": ", stdout);
	fputs(j->report.n > 0 ? "" : "[", stdout);
	fwrite(j->report.text, 1, j->report.size, stdout);
	fputs("],\n\"passwords\": [", stdout);
	if (applied)
		print_passwords(j);
	fputs("]}\n", stdout);
}

/* -- the steps -- */

static enum result
plan(struct job *j, const char *bytes, size_t n)
{
	struct tool *t = j->tool;
	enum result r = import_plan(t->store, &t->login, j->pool, bytes, n,
	    &j->options, &j->plan), told;

	end_progress(j);
	if (r != RES_OK && r != RES_INVALID)
		return r;
	told = report_rows(t, &j->options, &j->plan, &j->report);
	return told != RES_OK ? told : r;
}

/* What a plan without refusals says is done; its exit status. */
static int
apply(struct job *j)
{
	struct tool *t = j->tool;
	enum result r = import_apply(t->store, &t->login, j->pool, &j->plan,
	    &j->options, &t->actor);

	end_progress(j);
	if (r == RES_CONFLICT) {
		fprintf(stderr,
		    "%s: another import of it is running, or it has changed"
		    " meanwhile; nothing is stored; try again\n",
		    t->args[0]);
		return EXIT_BUSY;
	}
	if (r != RES_OK)
		return tool_answer(t, r, t->args[0], NULL);
	if (t->opt.json)
		print_json(j, true);
	else
		print_passwords(j);
	return EXIT_DONE;
}

static int
run(struct job *j, const char *bytes, size_t n)
{
	struct tool *t = j->tool;
	const bool dry = t->opt.dry_run;
	enum result r;

	rows_begin(&j->report, t);
	r = plan(j, bytes, n);
	rows_end(&j->report);
	if (r != RES_OK && r != RES_INVALID)
		return tool_answer(t, r, t->args[0], NULL);
	/* What is to be kept is on standard output: a report that was asked
	 * for, or the passwords. */
	if (!t->opt.json)
		print_text(j, dry ? stdout : stderr);
	else if (dry || r == RES_INVALID)
		print_json(j, false);
	if (r == RES_INVALID) {
		fprintf(stderr, "%s: is refused; nothing was changed\n",
		    t->args[1]);
		return EXIT_REFUSED;
	}
	return dry ? EXIT_DONE : apply(j);
}

int
tool_import(struct tool *t)
{
	struct job j = { .tool = t, .pool = pool_new() };
	const char *bytes;
	size_t n;
	enum result r;
	int status;

	j.options.domain = &j.domain;
	if (isatty(STDERR_FILENO))
		j.options.progress = show_progress;
	if ((r = domain_find(t->store, t->args[0], &j.domain)) != RES_OK)
		status = tool_answer(t, r, t->args[0], NULL);
	else if (tool_read_file(t->args[1], j.pool, &bytes, &n))
		status = run(&j, bytes, n);
	else
		status = EXIT_REFUSED;
	free(j.report.text);
	pool_free(&j.pool);
	return status;
}

int
tool_export(struct tool *t)
{
	struct domain d;
	enum result r = domain_find(t->store, t->args[0], &d);

	if (r == RES_OK)
		r = export_domain(t->store, &d, tool_put, t);
	return tool_answer(t, r, t->args[0], NULL);
}
