/* fumibako sweep */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/sweep.h"
#include "tool/tool.h"

#define DAY 86400
#define DAYS_MAX 3650

/* Days as typed; false: they are none. */
static bool
days(const char *text, int64_t *days_r)
{
	char *end;
	long long n;

	errno = 0;
	n = strtoll(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 ||
	    n > DAYS_MAX)
		return false;
	*days_r = n;
	return true;
}

static void
print_one(void *arg, const struct swept *found)
{
	struct rows *rows = arg;
	const struct options *o = &rows->tool->opt;
	const char *what = !found->due ? "kept" :
	    o->dry_run		       ? "due" :
					 "removed";
	char since[32];
	time_t at = (time_t)found->since;
	struct tm tm;
	FILE *to;

	if (o->json) {
		rows_json(rows,
		    json_pack("{s:I, s:s, s:s, s:I, s:I}", "id",
			(json_int_t)found->id, "address", found->address,
			"what", what, "since", (json_int_t)found->since,
			"bytes", (json_int_t)found->bytes));
		return;
	}
	strftime(since, sizeof(since), "%Y-%m-%d", localtime_r(&at, &tm));
	to = rows_line(rows);
	fprintf(to, "%lld\t", (long long)found->id);
	tool_print(to, found->address[0] != '\0' ? found->address : "-");
	fprintf(to, "\t%s\t%s\t%lld\n", what, since,
	    (long long)found->bytes);
}

int
tool_sweep(struct tool *t)
{
	struct sweep_rules rules = { .directory = t->conf.mail_directory,
		.now = t->actor.now, .dry_run = t->opt.dry_run };
	struct rows rows = { .tool = t };
	int64_t keep = SWEEP_DAYS;
	enum result r;

	if (t->opt.older_than != NULL && !days(t->opt.older_than, &keep))
		return tool_usage(t);
	rules.keep = keep * DAY;
	if (rules.directory[0] != '/') {
		fputs("Mail.Directory is not set, or no absolute path\n",
		    stderr);
		return EXIT_REFUSED;
	}
	rows_begin(&rows, t);
	r = mail_sweep(t->store, &rules, print_one, &rows);
	rows_write(&rows);
	return rows_answer(&rows, r, "sweep");
}
