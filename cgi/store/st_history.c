/* Who changed what: rows are added and read, never changed. */
#include "store/db.h"

enum result
store_history_add(struct store *s, const struct history_row *h)
{
	db_bind(s, ST_HISTORY_ADD, "itttti" "tttti", h->at, h->actor, h->origin,
	    h->request_id, h->domain, h->account_id, h->subject, h->what,
	    h->old_value, h->new_value, h->import_id);
	return db_run(s, ST_HISTORY_ADD);
}

static const char *
text(struct store *s, enum stmt st, int column)
{
	return (const char *)sqlite3_column_text(s->st[st], column);
}

static void
read_row(struct store *s, enum stmt st, struct history_row *h)
{
	*h = (struct history_row){
		.id = sqlite3_column_int64(s->st[st], 0),
		.at = sqlite3_column_int64(s->st[st], 1),
		.account_id = sqlite3_column_int64(s->st[st], 2),
		.actor = text(s, st, 3),
		.origin = text(s, st, 4),
		.request_id = text(s, st, 5),
		.domain = text(s, st, 6),
		.subject = text(s, st, 7),
		.what = text(s, st, 8),
		.old_value = text(s, st, 9),
		.new_value = text(s, st, 10),
	};
}

static enum stmt
bind_from(struct store *s, const struct history_from *f)
{
	enum stmt st = ST_HISTORY_OF_ALL;

	switch (f->of) {
	case HISTORY_OF_ACCOUNT:
		st = ST_HISTORY_OF_ACCOUNT;
		db_bind(s, st, "ii", f->from, f->account_id);
		break;
	case HISTORY_OF_DOMAIN:
		st = f->newer ? ST_HISTORY_OF_DOMAIN_NEWER :
				ST_HISTORY_OF_DOMAIN;
		db_bind(s, st, "it", f->from, f->domain);
		break;
	case HISTORY_OF_ALL:
		db_bind(s, st, "i", f->from);
		break;
	}
	return st;
}

enum result
store_history(struct store *s, const struct history_from *f,
    bool (*each)(void *arg, const struct history_row *), void *arg)
{
	const enum stmt st = bind_from(s, f);
	struct history_row h;
	enum result r;

	while ((r = db_step(s, st)) == RES_OK) {
		read_row(s, st, &h);
		if (!each(arg, &h))
			break;
	}
	db_done(s, st);
	return r == RES_NOTFOUND ? RES_OK : r;
}
