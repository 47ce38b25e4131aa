#include <stdio.h>
#include <string.h>

#include "core/address.h"
#include "core/domain.h"
#include "core/import_row.h"

const char *
import_row_cell(const struct import_row *row, enum csv_column c)
{
	const char *s = row->csv->cell[c];

	return s != NULL ? s : "";
}

enum result
import_row_existing(struct store *s, const struct import_options *o,
    const struct import_row *row, struct draft *old)
{
	enum result r;

	memset(old, 0, sizeof(*old));
	r = store_account_by_address(
	    s, row->local_part, o->domain->name, &old->account);
	return r == RES_OK ?
	    store_targets(s, old->account.id, &old->targets) :
	    r;
}

static void
begin_new(const struct import_options *o, const struct import_row *row,
    struct account *a)
{
	a->domain_id = o->domain->id;
	a->quota_bytes = o->domain->default_quota_bytes;
	a->initial = true;
	memcpy(a->local_part, row->local_part, sizeof(a->local_part));
	memcpy(a->domain, o->domain->name, sizeof(a->domain));
	snprintf(a->address, sizeof(a->address), "%s@%s", a->local_part,
	    a->domain);
}

static void
read_routing(const struct import_row *row, struct draft *d,
    struct findings *f)
{
	const char *routing = import_row_cell(row, CSV_ROUTING);
	const char *forward_to = import_row_cell(row, CSV_FORWARD_TO);
	struct account *a = &d->account;

	if (strcmp(routing, "vacation") == 0)
		finding_add(f, "routing", FAULT_ROUTING_VACATION, NULL, NULL);
	else if (routing[0] != '\0' && !routing_of_text(routing, &a->routing))
		finding_add(f, "routing", FAULT_CSV_ROUTING, routing, NULL);
	/* Targets alone mean forward; beside another routing, a mistake. */
	if (forward_to[0] != '\0') {
		if (routing[0] == '\0')
			a->routing = ROUTING_FORWARD;
		if (a->routing == ROUTING_FORWARD)
			(void)!routing_parse_targets(forward_to,
			    ACCOUNT_TARGETS, "forward_to", &d->targets, f);
		else
			finding_add(f, "forward_to", FAULT_FORWARD_UNUSED,
			    NULL, NULL);
	} else if (a->routing == ROUTING_FORWARD && d->targets.n == 0) {
		finding_add(f, "forward_to", FAULT_FORWARD_NONE, NULL, NULL);
	}
	if (a->routing != ROUTING_FORWARD)
		d->targets.n = 0;
}

static void
read_keep_copy(const struct import_row *row, struct account *a,
    struct findings *f)
{
	static const char *const on[] = { "on", "1", "yes", "true" };
	static const char *const off[] = { "off", "0", "no", "false" };
	const char *s = import_row_cell(row, CSV_KEEP_COPY);
	bool known = s[0] == '\0';

	for (size_t i = 0; i < NELEM(on); i++) {
		if (strcasecmp(s, on[i]) == 0 || strcasecmp(s, off[i]) == 0) {
			a->keep_copy = strcasecmp(s, on[i]) == 0;
			known = true;
		}
	}
	if (!known)
		finding_add(f, "keep_copy", FAULT_CSV_KEEP_COPY, s, NULL);
	if (a->routing == ROUTING_FORWARD)
		return;
	if (a->keep_copy && s[0] != '\0')
		finding_add(f, "keep_copy", FAULT_KEEP_COPY, NULL, NULL);
	a->keep_copy = false;
}

void
import_row_read(const struct import_options *o, const struct import_row *row,
    const struct draft *old, struct draft *new, struct findings *f)
{
	const char *quota = import_row_cell(row, CSV_QUOTA_MB);
	struct account *a = &new->account;

	if (old != NULL) {
		*new = *old;
	} else {
		memset(new, 0, sizeof(*new));
		begin_new(o, row, a);
	}
	if (row->csv->cell[CSV_REAL_NAME] != NULL)
		real_name_check(
		    row->csv->cell[CSV_REAL_NAME], a->real_name, f);
	if (quota[0] != '\0')
		quota_parse(quota, &a->quota_bytes, f);
	read_routing(row, new, f);
	read_keep_copy(row, a, f);
}

unsigned int
import_row_differs(const struct draft *old, const struct draft *new)
{
	const struct account *a = &old->account, *b = &new->account;
	unsigned int differs = 0;

	if (strcmp(a->real_name, b->real_name) != 0)
		differs |= 1U << CSV_REAL_NAME;
	if (a->quota_bytes != b->quota_bytes)
		differs |= 1U << CSV_QUOTA_MB;
	if (a->routing != b->routing)
		differs |= 1U << CSV_ROUTING;
	if (!draft_same_targets(&old->targets, &new->targets))
		differs |= 1U << CSV_FORWARD_TO;
	if (a->keep_copy != b->keep_copy)
		differs |= 1U << CSV_KEEP_COPY;
	return differs;
}

/* -- rows by local part -- */

void
import_index_open(struct pool *p, struct import_plan *plan)
{
	plan->slots = 16;
	while (plan->slots < 2 * plan->n)
		plan->slots *= 2;
	plan->slot = pool_alloc(p, plan->slots * sizeof(*plan->slot));
}

/* FNV-1a; whoever writes names that collide slows down his own import. */
static size_t
hash(const char *s)
{
	uint64_t h = 14695981039346656037U;

	for (; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211U;
	return (size_t)(h ^ h >> 32);
}

/* Where the name is, or the free slot for it. */
static size_t
slot_of(const struct import_plan *plan, const char *local_part)
{
	size_t i = hash(local_part) & (plan->slots - 1);

	while (plan->slot[i] != 0 &&
	    strcmp(plan->rows[plan->slot[i] - 1].local_part, local_part) != 0)
		i = (i + 1) & (plan->slots - 1);
	return i;
}

bool
import_index_add(struct import_plan *plan, struct import_row *row,
    struct import_row **row_r)
{
	size_t i = slot_of(plan, row->local_part);

	if (plan->slot[i] != 0) {
		*row_r = &plan->rows[plan->slot[i] - 1];
		return false;
	}
	plan->slot[i] = (uint32_t)(row - plan->rows) + 1;
	return true;
}

bool
import_ahead_find(void *arg, const struct target *t, struct targets *t_r)
{
	const struct import_ahead *ahead = arg;
	const struct import_plan *plan = ahead->plan;
	const struct import_row *row;
	struct findings unused = { .n = 0 };
	struct draft d = { .initial = false };
	size_t i;

	t_r->n = 0;
	if (strcmp(t->domain, ahead->options->domain->name) != 0)
		return false;
	i = slot_of(plan, t->local_part);
	if (plan->slot[i] == 0)
		return false;
	row = &plan->rows[plan->slot[i] - 1];
	read_routing(row, &d, &unused);
	/* It does not say to whom: as the database has it, unless it does
	 * not forward any more. */
	if (row->id != 0 && import_row_cell(row, CSV_FORWARD_TO)[0] == '\0' &&
	    (import_row_cell(row, CSV_ROUTING)[0] == '\0' ||
		d.account.routing == ROUTING_FORWARD))
		return false;
	*t_r = d.targets;
	return true;
}
