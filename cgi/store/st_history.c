/* Who changed what: rows are added and read, never changed. */
#include "store/db.h"

enum result
store_history_add(struct store *s, const struct history_row *h)
{
	db_bind(s, ST_HISTORY_ADD, "itttti" "tttt", h->at, h->actor, h->origin,
	    h->request_id, h->domain, h->account_id, h->subject, h->what,
	    h->old_value, h->new_value);
	return db_run(s, ST_HISTORY_ADD);
}

static enum result
read_row(struct store *s, struct history_row *h)
{
	const enum stmt st = ST_HISTORY_OF_ACCOUNT;

	h->id = sqlite3_column_int64(s->st[st], 0);
	h->at = sqlite3_column_int64(s->st[st], 1);
	if (db_text(s, st, 2, h->actor, sizeof(h->actor)) != RES_OK ||
	    db_text(s, st, 3, h->origin, sizeof(h->origin)) != RES_OK ||
	    db_text(s, st, 4, h->subject, sizeof(h->subject)) != RES_OK ||
	    db_text(s, st, 5, h->what, sizeof(h->what)) != RES_OK ||
	    db_text(s, st, 6, h->old_value, sizeof(h->old_value)) != RES_OK ||
	    db_text(s, st, 7, h->new_value, sizeof(h->new_value)) != RES_OK)
		return RES_FAIL;
	return RES_OK;
}

enum result
store_history_of_account(struct store *s, int64_t account_id, int64_t before,
    struct history_row *rows_r, size_t *n)
{
	const size_t max = *n;
	enum result r;

	*n = 0;
	db_bind(s, ST_HISTORY_OF_ACCOUNT, "iii", account_id, before,
	    (int64_t)max);
	while ((r = db_step(s, ST_HISTORY_OF_ACCOUNT)) == RES_OK) {
		if (*n == max || read_row(s, &rows_r[*n]) != RES_OK) {
			db_done(s, ST_HISTORY_OF_ACCOUNT);
			return RES_FAIL;
		}
		++*n;
	}
	return r == RES_NOTFOUND ? RES_OK : r;
}
