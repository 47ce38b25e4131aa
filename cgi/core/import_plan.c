/* The difference between a CSV file and a domain; writes nothing. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/admin.h"
#include "core/import_row.h"
#include "core/policy.h"

struct planner {
	struct store *store;
	struct pool *pool;
	const struct import_options *options;
	struct import_plan *plan;
	size_t passwords; /* given in the file */
};

static void
refuse(struct planner *p, struct import_row *row, const struct findings *f)
{
	size_t size;

	if (row->verdict == IMPORT_REFUSED)
		return;
	row->verdict = IMPORT_REFUSED;
	/* A hundred thousand of them may be wrong: no more than there is. */
	size = offsetof(struct findings, list) + f->n * sizeof(f->list[0]);
	row->why = pool_alloc(p->pool, size);
	memcpy(row->why, f, size);
	p->plan->refused++;
}

/* Each takes a while: those that are more than allowed are not looked at. */
static bool
too_many(const struct planner *p)
{
	return p->options->max_passwords > 0 &&
	    p->passwords > p->options->max_passwords;
}

/* The name of the row, and that no other row has it. */
static bool
read_name(struct planner *p, struct import_row *row, struct findings *f)
{
	const char *typed = import_row_cell(row, CSV_ACCOUNT);
	struct import_row *first;
	char line[24];

	if (row->csv->surplus > 0)
		finding_add(f, "account", FAULT_CSV_SURPLUS, NULL, NULL);
	if (!address_in(typed, p->options->domain->name, "account",
		row->local_part, f))
		return false;
	if (import_index_add(p->plan, row, &first))
		return true;
	snprintf(line, sizeof(line), "%u", first->line);
	finding_add(f, "account", FAULT_CSV_TWICE, line, NULL);
	return false;
}

/* May the importing administrator give this account a password? */
static enum result
check_rank(struct planner *p, const struct account *old, const char *field,
    struct findings *f)
{
	enum result r;

	if (p->options->admin == NULL)
		return RES_OK;
	r = store_outranks(p->store, old->id, p->options->admin->id);
	if (r == RES_OK)
		finding_add(f, field, FAULT_OUTRANKED, old->address, NULL);
	return r == RES_NOTFOUND ? RES_OK : r;
}

/*
 * Is the password that is there another one?  Only one that was handed out is
 * compared: to compare what its owner has chosen would let an administrator
 * try passwords here, as many as he likes.
 */
static bool
differs(const struct account *old, const char *password, const char *hash)
{
	if (hash[0] != '\0')
		return !secret_equal(old->hash, hash);
	return !old->initial || !passwd_verify(password, old->hash);
}

static void
check_given(struct planner *p, const char *password, const char *hash,
    const struct account *new, struct findings *f)
{
	if (password[0] != '\0' && hash[0] != '\0')
		finding_add(f, "password", FAULT_CSV_BOTH, NULL, NULL);
	else if (hash[0] != '\0' && !passwd_hash_ok(hash))
		finding_add(f, "password_hash", FAULT_CSV_HASH, NULL, NULL);
	else if (password[0] != '\0' && !too_many(p))
		policy_check(password, new->local_part, new->domain,
		    new->real_name, "password", f);
}

/* The password or hash of the row: right, and another one than is there? */
static enum result
read_password(struct planner *p, struct import_row *row,
    const struct account *old, const struct account *new, struct findings *f)
{
	const char *password = import_row_cell(row, CSV_PASSWORD);
	const char *hash = import_row_cell(row, CSV_PASSWORD_HASH);
	const enum csv_column c =
	    hash[0] != '\0' ? CSV_PASSWORD_HASH : CSV_PASSWORD;
	const size_t before = f->n;
	enum result r;

	if (password[0] == '\0' && hash[0] == '\0')
		return RES_OK;
	if (password[0] != '\0')
		p->passwords++;
	if (old != NULL &&
	    (r = check_rank(p, old, csv_column_name(c), f)) != RES_OK)
		return r;
	check_given(p, password, hash, new, f);
	if (old != NULL && f->n == before && !too_many(p) &&
	    differs(old, password, hash))
		row->differs |= 1U << c;
	return RES_OK;
}

static enum result
plan_row(struct planner *p, struct import_row *row)
{
	struct findings f = { .n = 0 };
	struct draft old, new;
	enum result r;

	if (!read_name(p, row, &f)) {
		refuse(p, row, &f);
		return RES_OK;
	}
	r = import_row_existing(p->store, p->options, row, &old);
	if (r != RES_OK && r != RES_NOTFOUND)
		return r;
	if (r == RES_OK) {
		row->id = old.account.id;
		row->version = old.account.version;
		row->credential = old.account.credential;
	}
	import_row_read(
	    p->options, row, row->id != 0 ? &old : NULL, &new, &f);
	if (new.targets.n > 0 &&
	    (r = routing_settle(p->store, &new.targets)) != RES_OK)
		return r;
	if (row->id != 0) {
		row->differs = import_row_differs(&old, &new);
	} else {
		r = store_address(p->store, row->local_part,
		    p->options->domain->name, NULL, NULL);
		if (r == RES_OK)
			finding_add(&f, "account", FAULT_NAME_IN_USE,
			    new.account.address, NULL);
		else if (r != RES_NOTFOUND)
			return r;
	}
	r = read_password(p, row, row->id != 0 ? &old.account : NULL,
	    &new.account, &f);
	row->verdict = row->id == 0 ? IMPORT_NEW :
	    row->differs != 0	    ? IMPORT_CHANGED :
				      IMPORT_SAME;
	if (f.n > 0)
		refuse(p, row, &f);
	return r;
}

/* Targets, when all rows are known: one may forward to another. */
static enum result
check_targets(struct planner *p, struct import_row *row)
{
	struct import_ahead ahead = { p->plan, p->options };
	const struct routing_ahead look = { import_ahead_find, &ahead };
	struct findings f = { .n = 0 };
	struct draft old, new = { .ahead = &look };
	enum result r = RES_OK;

	if (row->verdict == IMPORT_REFUSED || row->verdict == IMPORT_SAME ||
	    (row->id != 0 &&
		(row->differs & (1U << CSV_FORWARD_TO | 1U << CSV_ROUTING)) ==
		    0))
		return RES_OK;
	/* The usual row: a mailbox, and nothing to look up again. */
	if (row->id == 0 && import_row_cell(row, CSV_FORWARD_TO)[0] == '\0')
		return RES_OK;
	if (row->id != 0)
		r = import_row_existing(p->store, p->options, row, &old);
	if (r != RES_OK)
		return r;
	import_row_read(
	    p->options, row, row->id != 0 ? &old : NULL, &new, &f);
	new.ahead = &look;
	if (new.account.routing != ROUTING_FORWARD)
		return RES_OK;
	r = draft_check_targets(p->store, &new, &f);
	if (r == RES_INVALID) {
		refuse(p, row, &f);
		return RES_OK;
	}
	return r;
}

/* What concerns the file as a whole. */
static void
check_whole(struct planner *p)
{
	const struct import_options *o = p->options;
	struct import_plan *plan = p->plan;
	struct findings *f = &plan->file_why;
	char number[24];

	if (o->max_passwords > 0 && p->passwords > o->max_passwords) {
		snprintf(number, sizeof(number), "%zu", o->max_passwords);
		finding_add(f, "file", FAULT_CSV_PASSWORDS, number, NULL);
	}
	if (plan->changed > IMPORT_CHANGES_MAX) {
		snprintf(number, sizeof(number), "%d", IMPORT_CHANGES_MAX);
		finding_add(f, "file", FAULT_CSV_CHANGES, number, NULL);
	}
	if (plan->new > 0)
		(void)limit_allows(
		    o->domain->accounts + (int64_t)plan->new - 1,
		    o->domain->max_accounts, "file", f);
}

static void
count(struct import_plan *plan)
{
	plan->new = plan->changed = plan->same = 0;
	for (size_t i = 0; i < plan->n; i++) {
		const enum import_verdict v = plan->rows[i].verdict;

		plan->new += v == IMPORT_NEW;
		plan->changed += v == IMPORT_CHANGED;
		plan->same += v == IMPORT_SAME;
	}
}

enum result
import_plan(struct store *s, const struct login_rules *rules,
    struct pool *pool, const char *bytes, size_t size,
    const struct import_options *o, struct import_plan *plan)
{
	struct planner p = { s, pool, o, plan, 0 };
	enum result r = RES_OK;

	(void)rules;
	memset(plan, 0, sizeof(*plan));
	if (!csv_read(pool, bytes, size, &plan->file))
		return RES_INVALID;
	plan->n = plan->file.n;
	plan->rows = pool_alloc(pool, (plan->n + 1) * sizeof(*plan->rows));
	import_index_open(pool, plan);
	for (size_t i = 0; i < plan->n && r == RES_OK; i++) {
		plan->rows[i].csv = &plan->file.rows[i];
		plan->rows[i].line = plan->file.rows[i].line;
		r = plan_row(&p, &plan->rows[i]);
		if (o->progress != NULL && i % 1000 == 0)
			o->progress(o->progress_arg, i, 2 * plan->n);
	}
	for (size_t i = 0; i < plan->n && r == RES_OK; i++)
		r = check_targets(&p, &plan->rows[i]);
	if (r != RES_OK)
		return r;
	count(plan);
	check_whole(&p);
	return plan->refused > 0 || plan->file_why.n > 0 ? RES_INVALID :
							   RES_OK;
}

/* -- showing a difference -- */

static const char *
value_of(struct pool *p, const struct draft *d, enum csv_column c)
{
	char text[TARGETS_TEXT];

	switch (c) {
	case CSV_REAL_NAME:
		return pool_printf(p, "%s", d->account.real_name);
	case CSV_QUOTA_MB:
		return pool_printf(p, "%lld",
		    (long long)(d->account.quota_bytes / (1024LL * 1024)));
	case CSV_ROUTING:
		return routing_text(d->account.routing);
	case CSV_FORWARD_TO:
		routing_targets_text(&d->targets, text, sizeof(text));
		return pool_printf(p, "%s", text);
	case CSV_KEEP_COPY:
		return d->account.keep_copy ? "on" : "off";
	case CSV_ACCOUNT:
	case CSV_PASSWORD:
	case CSV_PASSWORD_HASH:
	case CSV__MAX:
		break;
	}
	return "";
}

enum result
import_difference(struct store *s, struct pool *p,
    const struct import_options *o, const struct import_row *row,
    enum csv_column c, const char **old_r, const char **new_r)
{
	struct findings unused = { .n = 0 };
	struct draft old, new;
	enum result r;

	*old_r = *new_r = "";
	r = import_row_existing(s, o, row, &old);
	if (r != RES_OK && r != RES_NOTFOUND)
		return r;
	import_row_read(o, row, r == RES_OK ? &old : NULL, &new, &unused);
	if (r == RES_OK)
		*old_r = value_of(p, &old, c);
	*new_r = value_of(p, &new, c);
	return RES_OK;
}
