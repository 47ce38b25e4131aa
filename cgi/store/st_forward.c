/* Forwarding accounts: rows of the name space that have targets only. */
#include <stdio.h>

#include "store/db.h"

static enum result
read_forward(struct store *s, enum stmt st, struct forward *f)
{
	sqlite3_stmt *q = s->st[st];

	f->id = sqlite3_column_int64(q, 0);
	f->domain_id = sqlite3_column_int64(q, 1);
	f->version = sqlite3_column_int64(q, 2);
	f->created_at = sqlite3_column_int64(q, 3);
	if (db_text(s, st, 4, f->local_part, sizeof(f->local_part)) !=
		RES_OK ||
	    db_text(s, st, 5, f->domain, sizeof(f->domain)) != RES_OK)
		return RES_FAIL;
	return db_address(s, st, 4, f->address);
}

enum result
store_forward(struct store *s, int64_t domain_id, const char *local_part,
    struct forward *f)
{
	enum result r;

	db_bind(s, ST_FORWARD, "it", domain_id, local_part);
	if ((r = db_step(s, ST_FORWARD)) != RES_OK)
		return r;
	r = read_forward(s, ST_FORWARD, f);
	db_done(s, ST_FORWARD);
	return r;
}

enum result
store_forward_add(struct store *s, struct forward *f)
{
	enum result r;

	if ((r = db_address_add(s, f->domain_id, f->local_part, KIND_FORWARD,
		 0, &f->id)) != RES_OK)
		return r;
	db_bind(s, ST_FORWARD_ADD, "iiti", f->id, f->domain_id, f->local_part,
	    f->created_at);
	return db_run(s, ST_FORWARD_ADD);
}

enum result
store_forward_touch(struct store *s, const struct forward *f)
{
	db_bind(s, ST_FORWARD_TOUCH, "ii", f->id, f->version);
	return db_run_for_one(s, ST_FORWARD_TOUCH);
}

enum result
store_forwards(struct store *s, int64_t domain_id, const char *from,
    bool down, bool (*each)(void *arg, const struct forward *), void *arg)
{
	const enum stmt st = down ? ST_FORWARDS_DOWN : ST_FORWARDS;
	struct forward f;
	enum result r;

	db_bind(s, st, "it", domain_id, from);
	while ((r = db_step(s, st)) == RES_OK)
		if ((r = read_forward(s, st, &f)) != RES_OK ||
		    !each(arg, &f))
			break;
	db_done(s, st);
	return r == RES_NOTFOUND ? RES_OK : r;
}
