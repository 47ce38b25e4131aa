/* Mailing lists' settings, and who has to leave all lists. */
#include <string.h>

#include "base/word.h"
#include "store/db.h"
#include "store/mlist.h"

static const char *const postings[POSTING__MAX] = {
	[POSTING_ANYONE] = "anyone",
	[POSTING_MEMBERS] = "members",
	[POSTING_MEMBERS_MODERATED] = "members_moderated",
	[POSTING_MODERATORS] = "moderators",
	[POSTING_MODERATORS_MODERATED] = "moderators_moderated",
};

static const char *const subscriptions[SUB__MAX] = {
	[SUB_CLOSED] = "closed",
	[SUB_CONFIRM] = "confirm",
	[SUB_APPROVAL] = "approval",
};

const char *
posting_text(enum posting p)
{
	return postings[p];
}

bool
posting_of_text(const char *s, enum posting *p_r)
{
	const int i = word_index(postings, NELEM(postings), s);

	if (i >= 0)
		*p_r = (enum posting)i;
	return i >= 0;
}

const char *
subscription_text(enum subscription s)
{
	return subscriptions[s];
}

bool
subscription_of_text(const char *s, enum subscription *s_r)
{
	const int i = word_index(subscriptions, NELEM(subscriptions), s);

	if (i >= 0)
		*s_r = (enum subscription)i;
	return i >= 0;
}

static enum result
read_texts(struct store *s, enum stmt st, struct mlist *l)
{
	const struct {
		int column;
		char *out;
		size_t size;
	} texts[] = {
		{ 2, l->local_part, sizeof(l->local_part) },
		{ 3, l->domain, sizeof(l->domain) },
		{ 4, l->description, sizeof(l->description) },
		{ 5, l->owner, sizeof(l->owner) },
		{ 9, l->prefix, sizeof(l->prefix) },
		{ 10, l->footer, sizeof(l->footer) },
		{ 12, l->moderators, sizeof(l->moderators) },
	};

	for (size_t i = 0; i < NELEM(texts); i++)
		if (db_text(s, st, texts[i].column, texts[i].out,
			texts[i].size) != RES_OK)
			return RES_FAIL;
	return db_address(s, st, 2, l->address);
}

static enum result
read_mlist(struct store *s, enum stmt st, struct mlist *l)
{
	sqlite3_stmt *q = s->st[st];
	char posting[32], subscription[32], reply[32];

	l->id = sqlite3_column_int64(q, 0);
	l->domain_id = sqlite3_column_int64(q, 1);
	l->archive = sqlite3_column_int(q, 11) != 0;
	l->version = sqlite3_column_int64(q, 13);
	l->created_at = sqlite3_column_int64(q, 14);
	if (db_text(s, st, 6, posting, sizeof(posting)) != RES_OK ||
	    db_text(s, st, 7, subscription, sizeof(subscription)) != RES_OK ||
	    db_text(s, st, 8, reply, sizeof(reply)) != RES_OK ||
	    !posting_of_text(posting, &l->posting) ||
	    !subscription_of_text(subscription, &l->subscription))
		return RES_FAIL;
	l->reply_to_list = strcmp(reply, "list") == 0;
	return read_texts(s, st, l);
}

static enum result
read_one(struct store *s, enum stmt st, struct mlist *l)
{
	enum result r;

	if ((r = db_step(s, st)) != RES_OK)
		return r;
	r = read_mlist(s, st, l);
	db_done(s, st);
	return r;
}

enum result
store_mlist(struct store *s, int64_t domain_id, const char *local_part,
    struct mlist *l)
{
	db_bind(s, ST_MLIST, "it", domain_id, local_part);
	return read_one(s, ST_MLIST, l);
}

enum result
store_mlist_by_id(struct store *s, int64_t id, struct mlist *l)
{
	db_bind(s, ST_MLIST_BY_ID, "i", id);
	return read_one(s, ST_MLIST_BY_ID, l);
}

enum result
store_mlists(struct store *s, int64_t domain_id,
    bool (*each)(void *arg, const struct mlist *), void *arg)
{
	const enum stmt st = domain_id != 0 ? ST_MLISTS : ST_MLISTS_ALL;
	struct mlist l;
	enum result r;

	if (domain_id != 0)
		db_bind(s, st, "i", domain_id);
	while ((r = db_step(s, st)) == RES_OK)
		if ((r = read_mlist(s, st, &l)) != RES_OK || !each(arg, &l))
			break;
	db_done(s, st);
	return r == RES_NOTFOUND ? RES_OK : r;
}

enum result
store_mlist_any(struct store *s)
{
	enum result r = db_step(s, ST_MLIST_ANY);

	if (r == RES_OK)
		db_done(s, ST_MLIST_ANY);
	return r;
}

static const char *
reply_to(const struct mlist *l)
{
	return l->reply_to_list ? "list" : "sender";
}

enum result
store_mlist_add(struct store *s, struct mlist *l)
{
	enum result r;

	if ((r = db_address_add(s, l->domain_id, l->local_part, KIND_LIST, 0,
		 &l->id)) != RES_OK)
		return r;
	db_bind(s, ST_MLIST_ADD, "itttttttiti", l->id, l->description,
	    l->owner, posting_text(l->posting),
	    subscription_text(l->subscription), reply_to(l), l->prefix,
	    l->footer, (int64_t)l->archive, l->moderators, l->created_at);
	return db_run(s, ST_MLIST_ADD);
}

enum result
store_mlist_save(struct store *s, const struct mlist *l)
{
	db_bind(s, ST_MLIST_SAVE, "iitttttttit", l->id, l->version,
	    l->description, l->owner, posting_text(l->posting),
	    subscription_text(l->subscription), reply_to(l), l->prefix,
	    l->footer, (int64_t)l->archive, l->moderators);
	return db_run_for_one(s, ST_MLIST_SAVE);
}

enum result
store_leaver_add(struct store *s, const char *address, int64_t now)
{
	db_bind(s, ST_LEAVER_ADD, "ti", address, now);
	return db_run(s, ST_LEAVER_ADD);
}

enum result
store_leavers(struct store *s, bool (*each)(void *arg, const char *address),
    void *arg)
{
	char address[ADDRESS_SIZE];
	enum result r;

	while ((r = db_step(s, ST_LEAVERS)) == RES_OK)
		if ((r = db_text(s, ST_LEAVERS, 0, address,
			 sizeof(address))) != RES_OK ||
		    !each(arg, address))
			break;
	db_done(s, ST_LEAVERS);
	return r == RES_NOTFOUND ? RES_OK : r;
}

enum result
store_leaver_drop(struct store *s, const char *address)
{
	db_bind(s, ST_LEAVER_DROP, "t", address);
	return db_run(s, ST_LEAVER_DROP);
}
