/* Account rows, their forwarding targets, and what Postfix makes of them. */
#include <stdio.h>
#include <string.h>

#include "base/word.h"
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
	const int i = word_index(routings, NELEM(routings), s);

	if (i >= 0)
		*r_r = (enum routing)i;
	return i >= 0;
}

/* The row of ACCOUNT_COLUMNS that the statement stands on. */
static enum result
read_row(struct store *s, enum stmt st, struct account *a)
{
	sqlite3_stmt *q = s->st[st];
	char routing[16];

	memset(a, 0, sizeof(*a));
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
	a->site_admin = sqlite3_column_int(q, 16) != 0;
	a->domain_admin = sqlite3_column_int(q, 17) != 0;
	if (db_text(s, st, 2, a->local_part, sizeof(a->local_part)) !=
		RES_OK ||
	    db_text(s, st, 3, a->domain, sizeof(a->domain)) != RES_OK ||
	    db_text(s, st, 4, a->pop_host, sizeof(a->pop_host)) != RES_OK ||
	    db_text(s, st, 6, a->real_name, sizeof(a->real_name)) != RES_OK ||
	    db_text(s, st, 7, a->hash, sizeof(a->hash)) != RES_OK ||
	    db_text(s, st, 11, routing, sizeof(routing)) != RES_OK ||
	    !routing_of_text(routing, &a->routing))
		return RES_FAIL;
	return db_address(s, st, 2, a->address);
}

static enum result
read_account(struct store *s, enum stmt st, struct account *a)
{
	enum result r;

	if ((r = db_step(s, st)) != RES_OK)
		return r;
	r = read_row(s, st, a);
	db_done(s, st);
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

/* The index of names follows; it has to be told the old ones. */
static enum result
drop_from_search(struct store *s, int64_t id)
{
	db_bind(s, ST_SEARCH_DROP, "it", id, "delete");
	return db_run(s, ST_SEARCH_DROP);
}

static enum result
add_to_search(struct store *s, const struct account *a)
{
	db_bind(s, ST_SEARCH_ADD, "itt", a->id, a->local_part, a->real_name);
	return db_run(s, ST_SEARCH_ADD);
}

enum result
store_account_save(struct store *s, const struct account *a)
{
	enum result r;

	db_bind(s, ST_SEARCH_DIFFERS, "iit", a->id, a->version, a->real_name);
	if ((r = db_step(s, ST_SEARCH_DIFFERS)) == RES_OK) {
		db_done(s, ST_SEARCH_DIFFERS);
		if ((r = drop_from_search(s, a->id)) == RES_OK)
			r = add_to_search(s, a);
	}
	if (r != RES_OK && r != RES_NOTFOUND)
		return r;
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

static const char *const kinds[] = {
	[KIND_ACCOUNT] = "account",
	[KIND_FORWARD] = "forward",
	[KIND_LIST] = "list",
};

enum result
db_address_add(struct store *s, int64_t domain_id, const char *local_part,
    enum kind kind, int64_t import_id, int64_t *id_r)
{
	enum result r;

	db_bind(s, ST_ADDRESS_ADD, "itti", domain_id, local_part, kinds[kind],
	    import_id);
	if ((r = db_run(s, ST_ADDRESS_ADD)) == RES_OK)
		*id_r = sqlite3_last_insert_rowid(s->db[DB_USERS]);
	return r;
}

enum result
store_account_add(struct store *s, struct account *a, int64_t import_id)
{
	enum result r;

	if ((r = db_address_add(s, a->domain_id, a->local_part, KIND_ACCOUNT,
		 import_id, &a->id)) != RES_OK)
		return r;
	db_bind(s, ST_ACCOUNT_ADD, "iitttitiii", a->id, a->domain_id,
	    a->local_part, a->real_name, a->hash, (int64_t)a->initial,
	    routing_text(a->routing), (int64_t)a->keep_copy, a->quota_bytes,
	    a->created_at);
	if ((r = db_run(s, ST_ACCOUNT_ADD)) != RES_OK)
		return r;
	return add_to_search(s, a);
}

enum result
store_address(struct store *s, const char *local_part, const char *domain,
    int64_t *id_r, enum kind *kind_r)
{
	const enum stmt st = ST_ADDRESS_BY_NAME;
	char kind[16];
	enum result r;

	db_bind(s, st, "tt", local_part, domain);
	if ((r = db_step(s, st)) != RES_OK)
		return r;
	r = db_text(s, st, 1, kind, sizeof(kind));
	if (id_r != NULL)
		*id_r = sqlite3_column_int64(s->st[st], 0);
	for (size_t i = 0; kind_r != NULL && i < NELEM(kinds); i++)
		if (strcmp(kind, kinds[i]) == 0)
			*kind_r = (enum kind)i;
	db_done(s, st);
	return r;
}

enum result
store_address_delete(struct store *s, int64_t id)
{
	enum result r;

	/* Does nothing where it is no account. */
	if ((r = drop_from_search(s, id)) != RES_OK)
		return r;
	db_bind(s, ST_ADDRESS_DELETE, "i", id);
	return db_run_for_one(s, ST_ADDRESS_DELETE);
}

enum result
store_pointing_at(struct store *s, const char *local_part, const char *domain,
    bool (*each)(void *arg, const char *address), void *arg)
{
	char address[ADDRESS_SIZE];
	enum result r;

	db_bind(s, ST_POINTING_AT, "ttt", local_part, domain,
	    routing_text(ROUTING_FORWARD));
	while ((r = db_step(s, ST_POINTING_AT)) == RES_OK)
		if ((r = db_address(s, ST_POINTING_AT, 0, address)) !=
			RES_OK ||
		    !each(arg, address))
			break;
	db_done(s, ST_POINTING_AT);
	return r == RES_NOTFOUND ? RES_OK : r;
}

static enum result
read_targets(struct store *s, enum stmt st, struct targets *t)
{
	enum result r;

	t->n = 0;
	while ((r = db_step(s, st)) == RES_OK) {
		struct target *one = &t->list[t->n];

		/* Half a list would be saved as the whole one. */
		if (t->n == NELEM(t->list) ||
		    db_text(s, st, 0, one->local_part,
			sizeof(one->local_part)) != RES_OK ||
		    db_text(s, st, 1, one->domain, sizeof(one->domain)) !=
			RES_OK) {
			db_done(s, st);
			return RES_FAIL;
		}
		t->n++;
	}
	return r == RES_NOTFOUND ? RES_OK : r;
}

enum result
store_targets(struct store *s, int64_t address_id, struct targets *t)
{
	db_bind(s, ST_TARGETS, "i", address_id);
	return read_targets(s, ST_TARGETS, t);
}

enum result
store_onward(struct store *s, int64_t address_id, struct targets *t)
{
	db_bind(s, ST_ONWARD, "it", address_id, routing_text(ROUTING_FORWARD));
	return read_targets(s, ST_ONWARD, t);
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
