/* The accounts of a domain along an index, and the index of substrings. */
#include <string.h>

#include "store/db.h"

/* Behind every local part and every real name: none has this character. */
#define LAST_TEXT "~"

static enum stmt
walk_of(const struct walk_from *w)
{
	static const enum stmt orders[ORDER__MAX] = {
		[BY_ACCOUNT] = ST_WALK_ACCOUNT,
		[BY_NAME] = ST_WALK_NAME,
		[BY_CREATED] = ST_WALK_CREATED,
	};
	static const enum stmt picks[PICK__MAX] = {
		[PICK_ALL] = ST_WALK_ACCOUNT,
		[PICK_INITIAL] = ST_WALK_INITIAL,
		[PICK_DISCARD] = ST_WALK_ROUTING,
		[PICK_FORWARD] = ST_WALK_ROUTING,
	};
	enum stmt st =
	    w->order == BY_ACCOUNT ? picks[w->pick] : orders[w->order];

	return w->down ? st + 1 : st;
}

static void
bind_walk(struct store *s, enum stmt st, const struct walk_from *w)
{
	const char *end = w->down ? LAST_TEXT : "";
	const char *local = w->local_part != NULL ? w->local_part : end;

	if (w->order == BY_NAME)
		db_bind(s, st, "itt", w->domain_id, local,
		    w->local_part != NULL ? w->real_name : end);
	else if (w->order == BY_CREATED)
		db_bind(s, st, "iti", w->domain_id, local,
		    w->local_part != NULL ? w->created_at :
			w->down		  ? INT64_MAX :
					    INT64_MIN);
	else if (w->pick == PICK_DISCARD || w->pick == PICK_FORWARD)
		db_bind(s, st, "itt", w->domain_id, local,
		    routing_text(w->pick == PICK_DISCARD ? ROUTING_DISCARD :
							   ROUTING_FORWARD));
	else
		db_bind(s, st, "it", w->domain_id, local);
}

static bool
read_row(struct store *s, enum stmt st, struct account_row *row)
{
	sqlite3_stmt *q = s->st[st];

	row->id = sqlite3_column_int64(q, 0);
	row->local_part = (const char *)sqlite3_column_text(q, 1);
	row->real_name = (const char *)sqlite3_column_text(q, 2);
	row->initial = sqlite3_column_int(q, 3) != 0;
	row->keep_copy = sqlite3_column_int(q, 5) != 0;
	row->quota_bytes = sqlite3_column_int64(q, 6);
	row->created_at = sqlite3_column_int64(q, 7);
	row->domain_id = sqlite3_column_int64(q, 8);
	return routing_of_text(
	    (const char *)sqlite3_column_text(q, 4), &row->routing);
}

enum result
store_accounts(struct store *s, const struct walk_from *w,
    bool (*each)(void *arg, const struct account_row *), void *arg)
{
	const enum stmt st = walk_of(w);
	struct account_row row;
	enum result r;

	bind_walk(s, st, w);
	while ((r = db_step(s, st)) == RES_OK) {
		if (!read_row(s, st, &row)) {
			r = RES_FAIL;
			break;
		}
		if (!each(arg, &row))
			break;
	}
	db_done(s, st);
	return r == RES_NOTFOUND ? RES_OK : r;
}

enum result
store_account_row(struct store *s, int64_t id,
    bool (*each)(void *arg, const struct account_row *), void *arg)
{
	struct account_row row;
	enum result r;

	db_bind(s, ST_ROW, "i", id);
	if ((r = db_step(s, ST_ROW)) != RES_OK)
		return r;
	if (read_row(s, ST_ROW, &row))
		(void)each(arg, &row);
	else
		r = RES_FAIL;
	db_done(s, ST_ROW);
	return r;
}

/* The text as one phrase of FTS5 (3.2): in quotes, a quote doubled. */
static bool
phrase_of(const char *text, char *out, size_t size)
{
	size_t n = 0;

	if (strlen(text) * 2 + 3 > size)
		return false;
	out[n++] = '"';
	for (; *text != '\0'; text++) {
		if (*text == '"')
			out[n++] = '"';
		out[n++] = *text;
	}
	out[n++] = '"';
	out[n] = '\0';
	return true;
}

enum result
store_search(struct store *s, const char *text, int64_t *ids_r, size_t *n)
{
	const size_t max = *n;
	char phrase[512];
	enum result r;

	*n = 0;
	if (!phrase_of(text, phrase, sizeof(phrase)))
		return RES_OK; /* longer than any name */
	db_bind(s, ST_SEARCH, "ti", phrase, (int64_t)max + 1);
	while ((r = db_step(s, ST_SEARCH)) == RES_OK) {
		if (*n < max)
			ids_r[*n] = sqlite3_column_int64(s->st[ST_SEARCH], 0);
		++*n;
	}
	return r == RES_NOTFOUND ? RES_OK : r;
}
