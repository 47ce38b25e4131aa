/* Domains, their administrators, and what the whole site has once. */
#include <stdio.h>
#include <string.h>

#include "store/db.h"

enum result
store_allow_nets(struct store *s, char *out, size_t size)
{
	enum result r;

	if ((r = db_step(s, ST_SITE_NETS)) != RES_OK)
		return r;
	r = db_text(s, ST_SITE_NETS, 0, out, size);
	db_done(s, ST_SITE_NETS);
	return r;
}

enum result
store_set_allow_nets(struct store *s, const char *nets)
{
	db_bind(s, ST_SITE_SET_NETS, "t", nets);
	return db_run(s, ST_SITE_SET_NETS);
}

static enum result
read_domain(struct store *s, enum stmt st, struct domain *d)
{
	sqlite3_stmt *q = s->st[st];
	int64_t *const numbers[] = { &d->default_quota_bytes,
		&d->max_accounts, &d->max_forwards, &d->max_lists,
		&d->accounts, &d->forwards, &d->lists, &d->initial,
		&d->discarding, &d->forwarding, &d->quota_bytes };

	d->id = sqlite3_column_int64(q, 0);
	d->version = sqlite3_column_int64(q, 1);
	d->enabled = sqlite3_column_int(q, 4) != 0;
	for (size_t i = 0; i < NELEM(numbers); i++)
		*numbers[i] = sqlite3_column_int64(q, 5 + (int)i);
	if (db_text(s, st, 2, d->name, sizeof(d->name)) != RES_OK ||
	    db_text(s, st, 3, d->pop_host, sizeof(d->pop_host)) != RES_OK)
		return RES_FAIL;
	return RES_OK;
}

enum result
store_domain(struct store *s, const char *name, struct domain *d)
{
	enum result r;

	db_bind(s, ST_DOMAIN, "t", name);
	if ((r = db_step(s, ST_DOMAIN)) != RES_OK)
		return r;
	r = read_domain(s, ST_DOMAIN, d);
	db_done(s, ST_DOMAIN);
	return r;
}

enum result
store_domains(struct store *s, int64_t admin_id,
    bool (*each)(void *arg, const struct domain *), void *arg)
{
	const enum stmt st = admin_id != 0 ? ST_DOMAINS_OF_ADMIN : ST_DOMAINS;
	struct domain d;
	enum result r;

	if (admin_id != 0)
		db_bind(s, st, "i", admin_id);
	while ((r = db_step(s, st)) == RES_OK)
		if ((r = read_domain(s, st, &d)) != RES_OK || !each(arg, &d))
			break;
	db_done(s, st);
	return r == RES_NOTFOUND ? RES_OK : r;
}

enum result
store_site_counts(struct store *s, struct site_counts *n)
{
	int64_t *const numbers[] = { &n->domains, &n->disabled, &n->accounts,
		&n->initial, &n->discarding, &n->forwarding, &n->forwards,
		&n->lists };
	enum result r = db_step(s, ST_SITE_COUNTS);

	if (r != RES_OK)
		return r;
	for (size_t i = 0; i < NELEM(numbers); i++)
		*numbers[i] =
		    sqlite3_column_int64(s->st[ST_SITE_COUNTS], (int)i);
	db_done(s, ST_SITE_COUNTS);
	return RES_OK;
}

enum result
store_domain_add(struct store *s, const struct domain *d, int64_t *id_r)
{
	enum result r;

	db_bind(s, ST_DOMAIN_ADD, "ttiiiii", d->name, d->pop_host,
	    (int64_t)d->enabled, d->default_quota_bytes, d->max_accounts,
	    d->max_forwards, d->max_lists);
	if ((r = db_run(s, ST_DOMAIN_ADD)) != RES_OK)
		return r;
	/* The trigger that counts keeps this value: it is the outer one. */
	*id_r = sqlite3_last_insert_rowid(s->db[DB_USERS]);
	return RES_OK;
}

enum result
store_domain_save(struct store *s, const struct domain *d)
{
	db_bind(s, ST_DOMAIN_SAVE, "itiiiii", d->id, d->pop_host,
	    (int64_t)d->enabled, d->default_quota_bytes, d->max_accounts,
	    d->max_forwards, d->max_lists);
	return db_run_for_one(s, ST_DOMAIN_SAVE);
}

enum result
store_domain_delete(struct store *s, int64_t id)
{
	enum result r;

	db_bind(s, ST_DOMAIN_CLEAR_IMPORTS, "i", id);
	if ((r = db_run(s, ST_DOMAIN_CLEAR_IMPORTS)) != RES_OK)
		return r;
	db_bind(s, ST_DOMAIN_DELETE, "i", id);
	return db_run_for_one(s, ST_DOMAIN_DELETE);
}

enum result
store_domain_clear(struct store *s, int64_t id)
{
	enum result r;

	db_bind(s, ST_DOMAIN_CLEAR_SEARCH, "it", id, "delete");
	if ((r = db_run(s, ST_DOMAIN_CLEAR_SEARCH)) != RES_OK)
		return r;
	db_bind(s, ST_DOMAIN_CLEAR, "i", id);
	return db_run(s, ST_DOMAIN_CLEAR);
}

enum result
store_domain_admin_add(struct store *s, int64_t domain_id, int64_t account_id)
{
	db_bind(s, ST_DOMAIN_ADMIN_ADD, "ii", domain_id, account_id);
	return db_run_for_one(s, ST_DOMAIN_ADMIN_ADD);
}

enum result
store_domain_admin_drop(
    struct store *s, int64_t domain_id, int64_t account_id)
{
	db_bind(s, ST_DOMAIN_ADMIN_DROP, "ii", domain_id, account_id);
	return db_run_for_one(s, ST_DOMAIN_ADMIN_DROP);
}

enum result
store_site_admin_add(struct store *s, int64_t account_id)
{
	db_bind(s, ST_SITE_ADMIN_ADD, "i", account_id);
	return db_run_for_one(s, ST_SITE_ADMIN_ADD);
}

enum result
store_site_admin_drop(struct store *s, int64_t account_id)
{
	db_bind(s, ST_SITE_ADMIN_DROP, "i", account_id);
	return db_run_for_one(s, ST_SITE_ADMIN_DROP);
}

/* Is there a row? */
static enum result
ask(struct store *s, enum stmt st)
{
	enum result r;

	if ((r = db_step(s, st)) == RES_OK)
		db_done(s, st);
	return r;
}

enum result
store_administers(struct store *s, int64_t account_id, int64_t domain_id)
{
	db_bind(s, ST_ADMINISTERS, "ii", account_id, domain_id);
	return ask(s, ST_ADMINISTERS);
}

enum result
store_outranks(struct store *s, int64_t account_id, int64_t actor_id)
{
	db_bind(s, ST_OUTRANKS, "ii", account_id, actor_id);
	return ask(s, ST_OUTRANKS);
}

enum result
store_admin_count(struct store *s, int64_t domain_id, int64_t *n_r)
{
	enum result r;

	db_bind(s, ST_ADMIN_COUNT, "i", domain_id);
	if ((r = db_step(s, ST_ADMIN_COUNT)) != RES_OK)
		return r;
	*n_r = sqlite3_column_int64(s->st[ST_ADMIN_COUNT], 0);
	db_done(s, ST_ADMIN_COUNT);
	return RES_OK;
}

static enum result
name_of(struct store *s, enum stmt st, char name_r[254])
{
	enum result r;

	if ((r = db_step(s, st)) != RES_OK)
		return r;
	r = db_text(s, st, 0, name_r, 254);
	db_done(s, st);
	return r;
}

enum result
store_sole_admin(struct store *s, int64_t account_id, char name_r[254])
{
	db_bind(s, ST_SOLE_ADMIN, "i", account_id);
	return name_of(s, ST_SOLE_ADMIN, name_r);
}

enum result
store_sole_admin_here(struct store *s, int64_t domain_id, char name_r[254])
{
	db_bind(s, ST_SOLE_ADMIN_HERE, "i", domain_id);
	return name_of(s, ST_SOLE_ADMIN_HERE, name_r);
}

enum result
store_admins(struct store *s, int64_t domain_id,
    bool (*each)(void *arg, int64_t account_id, const char *address),
    void *arg)
{
	char address[ADDRESS_SIZE];
	enum result r;

	db_bind(s, ST_ADMINS, "i", domain_id);
	while ((r = db_step(s, ST_ADMINS)) == RES_OK)
		if ((r = db_address(s, ST_ADMINS, 1, address)) != RES_OK ||
		    !each(arg, sqlite3_column_int64(s->st[ST_ADMINS], 0),
			address))
			break;
	db_done(s, ST_ADMINS);
	return r == RES_NOTFOUND ? RES_OK : r;
}
