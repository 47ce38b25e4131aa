/*
 * Doing what a plan says: all of it or nothing, while others write.
 *
 * New accounts are written in small transactions as rows of an import that is
 * not done; nobody sees such rows (schema/002-administration.sql).  The last
 * transaction changes the accounts that are there and marks the import as
 * done, which shows all new ones in the same moment.  Whatever happens before
 * that moment - a refusal, a crash, a power cut - leaves rows that nobody has
 * seen, and the next import of the domain removes them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/admin.h"
#include "core/history.h"
#include "core/import_row.h"
#include "core/password.h"

/* Rows of one transaction: some 30 ms. */
#define BATCH 500
/* Others look every 2 ms whether the lock is free (store.c): a moment in
 * which it is, after each transaction. */
#define PAUSE_MS 4

/* -- whose import is it -- */

/* "PID START-TIME": a number that is used again is not the same process. */
static bool
owner_of(pid_t pid, char *out, size_t size)
{
	char path[64], line[1024], *end, *save = NULL, *field = NULL;
	FILE *f;
	size_t n;

	snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	if ((f = fopen(path, "re")) == NULL)
		return false;
	n = fread(line, 1, sizeof(line) - 1, f);
	fclose(f);
	line[n] = '\0';
	/* Behind the name, which may hold anything: field 22 is the 20th. */
	if ((end = strrchr(line, ')')) == NULL)
		return false;
	for (int i = 0; i < 20; i++)
		field = strtok_r(i == 0 ? end + 1 : NULL, " ", &save);
	if (field == NULL)
		return false;
	snprintf(out, size, "%ld %s", (long)pid, field);
	return true;
}

/* An import of our own that is not done is one that failed. */
static bool
is_running(const char *owner)
{
	const pid_t pid = (pid_t)strtol(owner, NULL, 10);
	char now[64];

	return pid > 0 && pid != getpid() && owner_of(pid, now, sizeof(now)) &&
	    strcmp(owner, now) == 0;
}

static enum result
drop(struct store *s, int64_t id)
{
	bool left = true;
	enum result r = RES_OK;

	while (left && r == RES_OK) {
		if ((r = store_begin(s)) != RES_OK)
			break;
		r = store_end(s, store_import_drop(s, id, BATCH, &left));
		usleep(PAUSE_MS * 1000);
	}
	return r;
}

enum result
import_sweep(struct store *s, int64_t domain_id)
{
	char owner[64];
	int64_t id;
	enum result r;

	while ((r = store_import_open(
		    s, domain_id, &id, owner, sizeof(owner))) == RES_OK) {
		if (is_running(owner))
			return RES_CONFLICT;
		if ((r = drop(s, id)) != RES_OK)
			return r;
	}
	return r == RES_NOTFOUND ? RES_OK : r;
}

enum result
import_sweep_quietly(struct store *s, int64_t domain_id)
{
	enum result r = import_sweep(s, domain_id);

	return r == RES_CONFLICT ? RES_OK : r;
}

/* -- writing -- */

struct run {
	struct store *store;
	const struct login_rules *rules;
	struct import_plan *plan;
	const struct import_options *options;
	struct actor who; /* with the import's id */
	struct findings *f;
	char (*hashes)[PASSWD_HASH_SIZE]; /* of this batch */
};

/* The hash for a row; a made password is kept in it. */
static enum result
hash_of(struct run *run, struct import_row *row, const struct account *a,
    char hash[PASSWD_HASH_SIZE])
{
	const char *given = import_row_cell(row, CSV_PASSWORD_HASH);
	const char *password = import_row_cell(row, CSV_PASSWORD);

	if (given[0] != '\0') {
		snprintf(hash, PASSWD_HASH_SIZE, "%s", given);
		return RES_OK;
	}
	return password_choose(run->rules, a,
	    password[0] != '\0' ? password : NULL, "password", row->password,
	    hash, run->f);
}

static void
read_row(struct run *run, const struct import_row *row, struct draft *d)
{
	struct findings unused = { .n = 0 };

	import_row_read(run->options, row, NULL, d, &unused);
	d->account.created_at = run->who.now;
	/* A hash is of a password that its owner knows. */
	d->account.initial =
	    import_row_cell(row, CSV_PASSWORD_HASH)[0] == '\0';
}

static enum result
insert_row(struct run *run, const struct import_row *row, const char *hash)
{
	struct import_ahead ahead = { run->plan, run->options };
	const struct routing_ahead look = { import_ahead_find, &ahead };
	struct draft d;
	enum result r;

	read_row(run, row, &d);
	snprintf(d.account.hash, sizeof(d.account.hash), "%s", hash);
	d.ahead = &look;
	if (d.account.routing == ROUTING_FORWARD &&
	    (r = draft_check_targets(run->store, &d, run->f)) != RES_OK)
		return r == RES_INVALID ? RES_CONFLICT : r;
	r = store_account_add(run->store, &d.account, run->who.import_id);
	if (r == RES_OK && d.targets.n > 0)
		r = store_set_targets(
		    run->store, d.account.id, &d.targets);
	if (r != RES_OK)
		return r;
	return history_add(run->store, &run->who, &d.account,
	    EVENT_ACCOUNT_ADDED, "", d.account.real_name);
}

static enum result
insert_batch(struct run *run, struct import_row *const *rows, size_t n)
{
	struct draft d;
	enum result r = RES_OK;

	for (size_t i = 0; i < n && r == RES_OK; i++) {
		read_row(run, rows[i], &d);
		r = hash_of(run, rows[i], &d.account, run->hashes[i]);
	}
	if (r != RES_OK || (r = store_begin(run->store)) != RES_OK)
		return r;
	for (size_t i = 0; i < n && r == RES_OK; i++)
		r = insert_row(run, rows[i], run->hashes[i]);
	r = store_end(run->store, r);
	usleep(PAUSE_MS * 1000);
	return r;
}

static enum result
insert_new(struct run *run)
{
	const struct import_options *o = run->options;
	struct import_plan *plan = run->plan;
	struct import_row *batch[BATCH];
	size_t n = 0;
	enum result r = RES_OK;

	for (size_t i = 0; i < plan->n && r == RES_OK; i++) {
		if (plan->rows[i].verdict == IMPORT_NEW)
			batch[n++] = &plan->rows[i];
		if (n == BATCH || (n > 0 && i + 1 == plan->n)) {
			r = insert_batch(run, batch, n);
			n = 0;
			if (o->progress != NULL)
				o->progress(o->progress_arg, plan->n + i,
				    2 * plan->n);
		}
	}
	return r;
}

/* -- accounts that are there -- */

/* Hashes of given passwords, before the lock is taken: slow. */
static enum result
hash_changed(struct run *run, struct pool *pool, char **hashes)
{
	enum result r = RES_OK;

	for (size_t i = 0; i < run->plan->n && r == RES_OK; i++) {
		struct import_row *row = &run->plan->rows[i];
		struct draft d;

		if (row->verdict != IMPORT_CHANGED ||
		    (row->differs &
			(1U << CSV_PASSWORD | 1U << CSV_PASSWORD_HASH)) == 0)
			continue;
		read_row(run, row, &d);
		hashes[i] = pool_alloc(pool, PASSWD_HASH_SIZE);
		r = hash_of(run, row, &d.account, hashes[i]);
	}
	return r;
}

static enum result
change_row(struct run *run, const struct import_row *row, const char *hash,
    const struct actor *who)
{
	struct import_ahead ahead = { run->plan, run->options };
	const struct routing_ahead look = { import_ahead_find, &ahead };
	struct findings unused = { .n = 0 };
	struct draft old, new;
	enum result r;

	r = import_row_existing(run->store, run->options, row, &old);
	if (r != RES_OK)
		return r == RES_NOTFOUND ? RES_CONFLICT : r;
	if (old.account.id != row->id ||
	    old.account.version != row->version ||
	    old.account.credential != row->credential)
		return RES_CONFLICT;
	import_row_read(run->options, row, &old, &new, &unused);
	new.ahead = &look;
	new.admin = run->options->admin;
	if (hash != NULL) {
		snprintf(new.hash, sizeof(new.hash), "%s", hash);
		new.initial =
		    import_row_cell(row, CSV_PASSWORD_HASH)[0] == '\0';
	}
	r = draft_write(run->store, &new, who, run->f);
	return r == RES_INVALID ? RES_CONFLICT : r;
}

/* The moment in which all of it is there. */
static enum result
finish(struct run *run, char **hashes, const struct actor *who)
{
	const struct import_plan *plan = run->plan;
	const char *name = run->options->domain->name;
	struct domain d;
	char counts[64];
	enum result r;

	for (size_t i = 0; i < plan->n; i++)
		if (plan->rows[i].verdict == IMPORT_CHANGED &&
		    (r = change_row(run, &plan->rows[i], hashes[i], who)) !=
			RES_OK)
			return r;
	if ((r = store_import_done(run->store, run->who.import_id)) !=
		RES_OK ||
	    (r = store_domain(run->store, name, &d)) != RES_OK)
		return r;
	if (plan->new > 0 && d.max_accounts != NO_LIMIT &&
	    d.accounts > d.max_accounts)
		return RES_CONFLICT;
	snprintf(counts, sizeof(counts), "+%zu, *%zu", plan->new,
	    plan->changed);
	return history_add_domain(
	    run->store, who, name, name, EVENT_IMPORTED, "", counts);
}

static enum result
begin(struct run *run)
{
	const int64_t domain_id = run->options->domain->id;
	char owner[64], other[64];
	int64_t id;
	enum result r;

	if (!owner_of(getpid(), owner, sizeof(owner)))
		return RES_FAIL;
	if ((r = import_sweep(run->store, domain_id)) != RES_OK ||
	    (r = store_begin(run->store)) != RES_OK)
		return r;
	/* Somebody may have begun since the sweep. */
	r = store_import_open(
	    run->store, domain_id, &id, other, sizeof(other));
	if (r == RES_OK)
		r = RES_CONFLICT;
	else if (r == RES_NOTFOUND)
		r = store_import_add(run->store, domain_id, owner, run->who.now,
		    &run->who.import_id);
	return store_end(run->store, r);
}

static enum result
apply(struct run *run, struct pool *pool, const struct actor *who)
{
	char **hashes =
	    pool_alloc(pool, (run->plan->n + 1) * sizeof(*hashes));
	enum result r;

	if ((r = hash_changed(run, pool, hashes)) != RES_OK ||
	    (r = insert_new(run)) != RES_OK ||
	    (r = store_begin(run->store)) != RES_OK)
		return r;
	return store_end(run->store, finish(run, hashes, who));
}

enum result
import_apply(struct store *s, const struct login_rules *rules,
    struct pool *pool, struct import_plan *plan,
    const struct import_options *o, const struct actor *who)
{
	struct findings unused = { .n = 0 };
	struct run run = { s, rules, plan, o, *who, &unused, NULL };
	enum result r;

	if (plan->file.fault != CSV_FINE || plan->refused > 0 ||
	    plan->file_why.n > 0)
		return RES_INVALID;
	if (plan->new + plan->changed == 0)
		return RES_OK;
	if ((r = begin(&run)) != RES_OK)
		return r;
	run.hashes = pool_alloc(pool, BATCH * sizeof(*run.hashes));
	if ((r = apply(&run, pool, who)) == RES_OK)
		return RES_OK;
	/* What cannot be removed now, the next import removes. */
	(void)!drop(s, run.who.import_id);
	for (size_t i = 0; i < plan->n; i++)
		explicit_bzero(
		    plan->rows[i].password, sizeof(plan->rows[i].password));
	return r;
}
