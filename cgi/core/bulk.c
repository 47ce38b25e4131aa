/* Several accounts at once: one transaction, all of them or none. */
#include <stdlib.h>
#include <string.h>

#include "core/account.h"
#include "core/domain.h"
#include "core/draft.h"
#include "core/import.h"
#include "core/leave.h"
#include "core/password.h"

enum result
bulk_find(struct store *s, const struct domain *d, const int64_t *ids,
    size_t n, struct account *a)
{
	enum result r = RES_OK;

	for (size_t i = 0; i < n && r == RES_OK; i++) {
		r = store_account_by_id(s, ids[i], &a[i]);
		/* Of another domain is as good as not there. */
		if (r == RES_OK && a[i].domain_id != d->id)
			r = RES_NOTFOUND;
	}
	return r;
}

struct bulk;
/* What is done to each account inside the transaction. */
typedef enum result (*bulk_step)(
    struct bulk *, const struct account *, size_t i);

struct bulk {
	struct store *store;
	const struct domain *domain;
	const int64_t *ids;
	size_t n;
	const struct account *admin;
	const struct actor *who;
	struct findings *f;
	bulk_step step;
	bulk_step after; /* NULL, or for each when all steps are done */
	struct account *accounts;
	int64_t quota_bytes;
	const struct account *seen;
	char (*hashes)[PASSWD_HASH_SIZE];
};

/* Every one that is refused is named. */
static enum result
each(struct bulk *b, bulk_step step)
{
	bool invalid = false;
	enum result r = RES_OK;

	for (size_t i = 0; i < b->n && r == RES_OK; i++) {
		if ((r = step(b, &b->accounts[i], i)) == RES_INVALID) {
			invalid = true;
			r = RES_OK;
		}
	}
	return r == RES_OK && invalid ? RES_INVALID : r;
}

/* The caller frees b->accounts. */
static enum result
run(struct bulk *b)
{
	struct store *s = b->store;
	enum result r;

	if ((b->accounts = calloc(b->n, sizeof(*b->accounts))) == NULL)
		return RES_FAIL;
	if ((r = store_begin(s)) != RES_OK)
		return r;
	r = bulk_find(s, b->domain, b->ids, b->n, b->accounts);
	if (r == RES_OK)
		r = each(b, b->step);
	if (r == RES_OK && b->after != NULL)
		r = each(b, b->after);
	return store_end(s, r);
}

static enum result
draft_of(struct store *s, const struct account *a, struct draft *d)
{
	d->account = *a;
	return store_targets(s, a->id, &d->targets);
}

static enum result
set_quota(struct bulk *b, const struct account *a, size_t i)
{
	struct draft d = { .initial = false };
	enum result r;

	(void)i;
	if ((r = draft_of(b->store, a, &d)) != RES_OK)
		return r;
	d.account.quota_bytes = b->quota_bytes;
	return draft_write(b->store, &d, b->who, b->f);
}

enum result
bulk_quota(struct store *s, const struct domain *d, const int64_t *ids,
    size_t n, const char *quota_mb, const struct actor *who,
    struct findings *f)
{
	struct bulk b = { .store = s, .domain = d, .ids = ids, .n = n,
		.who = who, .f = f, .step = set_quota };
	enum result r;

	if (!quota_parse(quota_mb, &b.quota_bytes, f))
		return RES_INVALID;
	r = run(&b);
	free(b.accounts);
	return r;
}

static enum result
reset(struct bulk *b, const struct account *a, size_t i)
{
	struct draft d = { .initial = true };
	enum result r = store_outranks(b->store, a->id, b->admin->id);

	if (r == RES_OK) {
		finding_add(
		    b->f, "pick", FAULT_OUTRANKED, a->address, NULL);
		return RES_INVALID;
	}
	if (r != RES_NOTFOUND)
		return r;
	if (a->credential != b->seen[i].credential)
		return RES_CONFLICT;
	if ((r = draft_of(b->store, a, &d)) != RES_OK)
		return r;
	memcpy(d.hash, b->hashes[i], sizeof(d.hash));
	r = draft_write(b->store, &d, b->who, b->f);
	explicit_bzero(d.hash, sizeof(d.hash));
	return r;
}

/* Passwords and hashes are made before the lock is taken. */
static enum result
prepare(const struct login_rules *rules, const struct account *seen,
    size_t n, char (*passwords_r)[PASSWD_GENERATED],
    char (*hashes)[PASSWD_HASH_SIZE], int64_t *ids, struct findings *f)
{
	enum result r = RES_OK;

	for (size_t i = 0; i < n && r == RES_OK; i++) {
		ids[i] = seen[i].id;
		r = password_choose(rules, &seen[i], NULL, "pick",
		    passwords_r[i], hashes[i], f);
	}
	return r;
}

enum result
bulk_reset(struct store *s, const struct login_rules *rules,
    const struct domain *d, const struct account *seen, size_t n,
    const struct account *admin, const struct actor *who, struct findings *f,
    char (*passwords_r)[PASSWD_GENERATED])
{
	char hashes[BULK_MAX][PASSWD_HASH_SIZE];
	int64_t ids[BULK_MAX];
	struct bulk b = { .store = s, .domain = d, .ids = ids, .n = n,
		.admin = admin, .who = who, .f = f, .step = reset,
		.seen = seen, .hashes = hashes };
	enum result r = RES_INVALID;

	if (n <= BULK_MAX)
		r = prepare(rules, seen, n, passwords_r, hashes, ids, f);
	if (r == RES_OK)
		r = run(&b);
	free(b.accounts);
	explicit_bzero(hashes, sizeof(hashes));
	if (r != RES_OK)
		explicit_bzero(passwords_r, n * sizeof(*passwords_r));
	return r;
}

static enum result
remove_one(struct bulk *b, const struct account *a, size_t i)
{
	(void)i;
	return leave_delete(b->store, a, b->admin, "pick", b->who, b->f);
}

/* Two of them may forward to each other: asked when all are gone. */
static enum result
nobody_points(struct bulk *b, const struct account *a, size_t i)
{
	(void)i;
	return leave_check_pointing(b->store, a, "pick", b->f);
}

enum result
bulk_delete(struct store *s, const struct domain *d, const int64_t *ids,
    size_t n, const struct account *admin, const struct actor *who,
    struct findings *f)
{
	struct bulk b = { .store = s, .domain = d, .ids = ids, .n = n,
		.admin = admin, .who = who, .f = f, .step = remove_one,
		.after = nobody_points };
	enum result r = import_sweep_quietly(s, 0);

	if (r == RES_OK)
		r = run(&b);
	for (size_t i = 0; r == RES_OK && i < n; i++)
		store_usage_forget(s, b.accounts[i].address);
	free(b.accounts);
	return r;
}
