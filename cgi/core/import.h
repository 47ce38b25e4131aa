#ifndef CORE_IMPORT_H
#define CORE_IMPORT_H

#include "base/pool.h"
#include "core/account.h"
#include "core/csvfile.h"
#include "core/routing.h"

/*
 * Accounts from a CSV file: first a plan, which is the difference between the
 * file and the domain, then, where the plan refuses nothing, all of it or
 * nothing.
 */

enum import_verdict { IMPORT_NEW, IMPORT_CHANGED, IMPORT_SAME, IMPORT_REFUSED };

struct import_row {
	unsigned int line;
	enum import_verdict verdict;
	const struct csv_row *csv;
	char local_part[65];
	/* Of an account that is there: as it was when the plan was made. */
	int64_t id, version, credential;
	unsigned int differs; /* IMPORT_CHANGED: 1 << enum csv_column */
	/* IMPORT_REFUSED: why (the first reasons; the field of a finding is
	 * the name of the column). */
	struct findings *why; /* only list[0..n) is there */
	/* After import_apply, of a new account without a password: the
	 * initial one that was made; else "". */
	char password[PASSWD_GENERATED];
};

/* Changes of accounts that are there are written in the one moment in which
 * the import becomes visible; so many take well under a second. */
#define IMPORT_CHANGES_MAX 10000

struct import_plan {
	struct csv_file file;
	size_t n; /* rows */
	struct import_row *rows;
	size_t new, changed, same, refused;
	struct findings file_why; /* what concerns no row: the limit, sizes */
	/* Rows by local part: numbers from 1, 0 = free; a power of two. */
	size_t slots;
	uint32_t *slot;
};

/* How far it is: `done` of `all` steps.  May be NULL. */
typedef void (*import_progress)(void *arg, size_t done, size_t all);

struct import_options {
	const struct domain *domain;
	const struct account *admin; /* NULL: the operator's shell */
	/* Passwords given in the file take some 60 ms each: more than these
	 * are refused.  0: no limit. */
	size_t max_passwords;
	import_progress progress;
	void *progress_arg;
};

/* Reads and compares; writes nothing.  RES_INVALID: plan_r->file.fault, or
 * rows refused; the plan is filled in either case.  All belongs to the pool
 * (which wipes it: it may hold passwords). */
enum result import_plan(struct store *, const struct login_rules *,
    struct pool *, const char *bytes, size_t size,
    const struct import_options *, struct import_plan *plan_r) MUST_CHECK;
/*
 * Does what a plan without refusals says.  RES_CONFLICT: the domain has
 * changed since the plan was made, or another import of it is running;
 * nothing is done.
 */
enum result import_apply(struct store *, const struct login_rules *,
    struct pool *, struct import_plan *, const struct import_options *,
    const struct actor *) MUST_CHECK;
/* What a column of a changed account has now and will have, as texts of the
 * pool.  Never a password or a hash: those are "". */
enum result import_difference(struct store *, struct pool *,
    const struct import_options *, const struct import_row *,
    enum csv_column, const char **old_r, const char **new_r) MUST_CHECK;

/* Removes what imports of this domain left behind that did not come to their
 * end; RES_CONFLICT: one is still running. */
enum result import_sweep(struct store *, int64_t domain_id) MUST_CHECK;

/* The same for who only wants to use a name: one that is running is fine.
 * domain_id 0: of all domains. */
enum result import_sweep_quietly(
    struct store *, int64_t domain_id) MUST_CHECK;

/* The accounts of a domain as CSV, piece by piece: put(arg, text, n) gives
 * false when the reader is gone. */
enum result export_domain(struct store *, const struct domain *,
    bool (*put)(void *arg, const char *text, size_t n),
    void *arg) MUST_CHECK;

#endif
