/* The accounts of a domain as CSV, in flat memory. */
#include <stdio.h>
#include <string.h>

#include "core/import.h"

#define MB (1024LL * 1024)

struct out {
	struct store *store;
	bool (*put)(void *arg, const char *text, size_t n);
	void *arg;
	bool gone;
	enum result failed;
	size_t n;
	char text[16384];
};

/* The longest line: a few names and five addresses, quoted. */
#define LINE_MAX_BYTES 6000

static void
flush(struct out *o)
{
	if (o->n > 0 && !o->put(o->arg, o->text, o->n))
		o->gone = true;
	o->n = 0;
}

static void
put_cell(struct out *o, const char *text, char end)
{
	o->n += csv_write_cell(text, o->text + o->n, sizeof(o->text) - o->n);
	o->text[o->n++] = end;
}

static bool
put_account(void *arg, const struct account_row *a)
{
	struct out *o = arg;
	struct targets t = { .n = 0 };
	char targets[ACCOUNT_TARGETS * ADDRESS_SIZE] = "", quota[24] = "";

	if (a->routing == ROUTING_FORWARD &&
	    (o->failed = store_targets(o->store, a->id, &t)) != RES_OK)
		return false;
	for (size_t i = 0, n = 0; i < t.n && i < ACCOUNT_TARGETS; i++)
		n += (size_t)snprintf(targets + n, sizeof(targets) - n,
		    "%s%s@%s", i > 0 ? " " : "", t.list[i].local_part,
		    t.list[i].domain);
	/* One that is no whole number of MB stays as it is: no cell. */
	if (a->quota_bytes % MB == 0)
		snprintf(quota, sizeof(quota), "%lld",
		    (long long)(a->quota_bytes / MB));
	put_cell(o, a->local_part, ',');
	put_cell(o, a->real_name, ',');
	put_cell(o, quota, ',');
	put_cell(o, routing_text(a->routing), ',');
	put_cell(o, targets, ',');
	/* "off" and not nothing, which an import takes for "as it is". */
	put_cell(o,
	    a->routing != ROUTING_FORWARD ? "" :
		a->keep_copy		  ? "on" :
					    "off",
	    '\n');
	if (sizeof(o->text) - o->n < LINE_MAX_BYTES)
		flush(o);
	return !o->gone;
}

enum result
export_domain(struct store *s, const struct domain *d,
    bool (*put)(void *arg, const char *text, size_t n), void *arg)
{
	const struct walk_from all = { .domain_id = d->id };
	struct out o = { .store = s, .put = put, .arg = arg };
	enum result r;

	o.n = (size_t)snprintf(o.text, sizeof(o.text), "%s,%s,%s,%s,%s,%s\n",
	    csv_column_name(CSV_ACCOUNT), csv_column_name(CSV_REAL_NAME),
	    csv_column_name(CSV_QUOTA_MB), csv_column_name(CSV_ROUTING),
	    csv_column_name(CSV_FORWARD_TO), csv_column_name(CSV_KEEP_COPY));
	r = store_accounts(s, &all, put_account, &o);
	if (r == RES_OK)
		r = o.failed;
	if (r == RES_OK && !o.gone)
		flush(&o);
	return r;
}
