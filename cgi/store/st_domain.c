/* Domains, their administrators, and what the whole site has once. */
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

enum result
store_domain_by_name(struct store *s, const char *name, int64_t *id_r,
    int64_t *default_quota_r)
{
	enum result r;

	db_bind(s, ST_DOMAIN_BY_NAME, "t", name);
	if ((r = db_step(s, ST_DOMAIN_BY_NAME)) != RES_OK)
		return r;
	*id_r = sqlite3_column_int64(s->st[ST_DOMAIN_BY_NAME], 0);
	*default_quota_r = sqlite3_column_int64(s->st[ST_DOMAIN_BY_NAME], 1);
	db_done(s, ST_DOMAIN_BY_NAME);
	return RES_OK;
}

enum result
store_domain_add(struct store *s, const char *name, const char *pop_host)
{
	db_bind(s, ST_DOMAIN_ADD, "tt", name, pop_host);
	return db_run(s, ST_DOMAIN_ADD);
}

enum result
store_domain_admin_add(struct store *s, int64_t domain_id, int64_t account_id)
{
	db_bind(s, ST_DOMAIN_ADMIN_ADD, "ii", domain_id, account_id);
	return db_run_for_one(s, ST_DOMAIN_ADMIN_ADD);
}

enum result
store_site_admin_add(struct store *s, int64_t account_id)
{
	db_bind(s, ST_SITE_ADMIN_ADD, "i", account_id);
	return db_run_for_one(s, ST_SITE_ADMIN_ADD);
}
