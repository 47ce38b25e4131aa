/* Account rows, their forwarding targets, and what Postfix makes of them. */
#include <stdio.h>
#include <string.h>

#include "store/db.h"

static const char *const routings[] = {
	[ROUTING_MAILBOX] = "mailbox",
	[ROUTING_DISCARD] = "discard",
	[ROUTING_FORWARD] = "forward",
};

const char *
routing_text(enum routing r)
{
	return routings[r];
}

bool
routing_of_text(const char *s, enum routing *r_r)
{
	for (size_t i = 0; i < NELEM(routings); i++) {
		if (strcmp(s, routings[i]) == 0) {
			*r_r = (enum routing)i;
			return true;
		}
	}
	return false;
}

static enum result
read_account(struct store *s, enum stmt st, struct account *a)
{
	sqlite3_stmt *q = s->st[st];
	char routing[16];
	enum result r;

	memset(a, 0, sizeof(*a));
	if ((r = db_step(s, st)) != RES_OK)
		return r;
	a->id = sqlite3_column_int64(q, 0);
	a->domain_id = sqlite3_column_int64(q, 1);
	a->domain_enabled = sqlite3_column_int(q, 5) != 0;
	a->initial = sqlite3_column_int(q, 8) != 0;
	a->credential = sqlite3_column_int64(q, 9);
	a->version = sqlite3_column_int64(q, 10);
	a->keep_copy = sqlite3_column_int(q, 12) != 0;
	a->quota_bytes = sqlite3_column_int64(q, 13);
	a->created_at = sqlite3_column_int64(q, 14);
	a->password_at = sqlite3_column_int64(q, 15);
	if (db_text(s, st, 2, a->local_part, sizeof(a->local_part)) !=
		RES_OK ||
	    db_text(s, st, 3, a->domain, sizeof(a->domain)) != RES_OK ||
	    db_text(s, st, 4, a->pop_host, sizeof(a->pop_host)) != RES_OK ||
	    db_text(s, st, 6, a->real_name, sizeof(a->real_name)) != RES_OK ||
	    db_text(s, st, 7, a->hash, sizeof(a->hash)) != RES_OK ||
	    db_text(s, st, 11, routing, sizeof(routing)) != RES_OK ||
	    !routing_of_text(routing, &a->routing))
		r = RES_FAIL;
	db_done(s, st);
	snprintf(a->address, sizeof(a->address), "%s@%s", a->local_part,
	    a->domain);
	return r;
}

enum result
store_account_by_address(struct store *s, const char *local_part,
    const char *domain, struct account *a_r)
{
	db_bind(s, ST_ACCOUNT_BY_ADDRESS, "tt", local_part, domain);
	return read_account(s, ST_ACCOUNT_BY_ADDRESS, a_r);
}

enum result
store_account_by_id(struct store *s, int64_t id, struct account *a_r)
{
	db_bind(s, ST_ACCOUNT_BY_ID, "i", id);
	return read_account(s, ST_ACCOUNT_BY_ID, a_r);
}

enum result
store_account_save(struct store *s, const struct account *a)
{
	db_bind(s, ST_ACCOUNT_SAVE, "iittii", a->id, a->version, a->real_name,
	    routing_text(a->routing), (int64_t)a->keep_copy, a->quota_bytes);
	return db_run_for_one(s, ST_ACCOUNT_SAVE);
}

enum result
store_account_set_password(struct store *s, int64_t id, const char *hash,
    bool initial, int64_t now)
{
	db_bind(s, ST_ACCOUNT_SET_PASSWORD, "itii", id, hash,
	    (int64_t)initial, now);
	return db_run_for_one(s, ST_ACCOUNT_SET_PASSWORD);
}

enum result
store_account_upgrade_hash(struct store *s, int64_t id, const char *old,
    const char *hash)
{
	db_bind(s, ST_ACCOUNT_UPGRADE_HASH, "itt", id, old, hash);
	return db_run_for_one(s, ST_ACCOUNT_UPGRADE_HASH);
}

enum result
store_account_add(struct store *s, int64_t domain_id, const char *local_part,
    const char *real_name, const char *hash, int64_t quota_bytes, int64_t now,
    int64_t *id_r)
{
	enum result r;

	db_bind(s, ST_ADDRESS_ADD, "itt", domain_id, local_part, "account");
	if ((r = db_run(s, ST_ADDRESS_ADD)) != RES_OK)
		return r;
	*id_r = sqlite3_last_insert_rowid(s->db[DB_USERS]);
	db_bind(s, ST_ACCOUNT_ADD, "ittii", *id_r, real_name, hash,
	    quota_bytes, now);
	return db_run(s, ST_ACCOUNT_ADD);
}

enum result
store_address_exists(struct store *s, const char *local_part,
    const char *domain)
{
	enum result r;

	db_bind(s, ST_ADDRESS_BY_NAME, "tt", local_part, domain);
	if ((r = db_step(s, ST_ADDRESS_BY_NAME)) == RES_OK)
		db_done(s, ST_ADDRESS_BY_NAME);
	return r;
}

enum result
store_targets(struct store *s, int64_t address_id, struct targets *t)
{
	enum result r;

	t->n = 0;
	db_bind(s, ST_TARGETS, "i", address_id);
	while ((r = db_step(s, ST_TARGETS)) == RES_OK) {
		struct target *one = &t->list[t->n];

		/* Half a list would be saved as the whole one. */
		if (t->n == NELEM(t->list) ||
		    db_text(s, ST_TARGETS, 0, one->local_part,
			sizeof(one->local_part)) != RES_OK ||
		    db_text(s, ST_TARGETS, 1, one->domain,
			sizeof(one->domain)) != RES_OK) {
			db_done(s, ST_TARGETS);
			return RES_FAIL;
		}
		t->n++;
	}
	return r == RES_NOTFOUND ? RES_OK : r;
}

enum result
store_set_targets(struct store *s, int64_t address_id,
    const struct targets *t)
{
	enum result r;

	db_bind(s, ST_TARGETS_CLEAR, "i", address_id);
	r = db_run(s, ST_TARGETS_CLEAR);
	for (size_t i = 0; i < t->n && r == RES_OK; i++) {
		db_bind(s, ST_TARGET_ADD, "iitt", address_id, (int64_t)i + 1,
		    t->list[i].local_part, t->list[i].domain);
		r = db_run(s, ST_TARGET_ADD);
	}
	return r;
}

/* One row of mail_account (mailbox_open), then those of mail_alias. */
enum result
store_delivery(struct store *s, int64_t account_id, struct delivery *d)
{
	sqlite3_stmt *q = s->st[ST_DELIVERY];
	enum result r;

	memset(d, 0, sizeof(*d));
	db_bind(s, ST_DELIVERY, "i", account_id);
	while ((r = db_step(s, ST_DELIVERY)) == RES_OK) {
		if (sqlite3_column_type(q, 0) != SQLITE_NULL) {
			d->exists = true;
			d->mailbox_open = sqlite3_column_int(q, 0) != 0;
			continue;
		}
		if (d->n == NELEM(d->list) ||
		    db_text(s, ST_DELIVERY, 1, d->list[d->n],
			sizeof(d->list[0])) != RES_OK) {
			db_done(s, ST_DELIVERY);
			return RES_FAIL;
		}
		d->discards |= strcmp(d->list[d->n], DISCARD_ADDRESS) == 0;
		d->n++;
	}
	return r == RES_NOTFOUND ? RES_OK : r;
}
