/* How full a mailbox is (mailstat.db), and the remembered oldest message. */
#include <string.h>

#include "store/db.h"

void
store_usage(struct store *s, const char *address, struct usage *u)
{
	sqlite3_stmt *q = s->st[ST_USAGE];

	memset(u, 0, sizeof(*u));
	db_bind(s, ST_USAGE, "t", address);
	if (db_step(s, ST_USAGE) != RES_OK)
		return;
	/* No row yet is NULL and so 0: nothing was ever delivered. */
	u->known = true;
	u->bytes = sqlite3_column_int64(q, 0);
	u->messages = sqlite3_column_int64(q, 1);
	u->last_login = sqlite3_column_int64(q, 2);
	db_done(s, ST_USAGE);
}

/* What cannot be written is logged; the next delivery writes it anew. */
static void
forget(struct store *s, const enum stmt both[2], const char *whom)
{
	for (size_t i = 0; i < 2; i++) {
		db_bind(s, both[i], "t", whom);
		(void)!db_run(s, both[i]);
	}
}

void
store_usage_forget(struct store *s, const char *address)
{
	static const enum stmt both[2] = { ST_USAGE_FORGET, ST_LOGIN_FORGET };

	forget(s, both, address);
}

void
store_usage_forget_domain(struct store *s, const char *domain)
{
	static const enum stmt both[2] = { ST_USAGE_FORGET_DOMAIN,
		ST_LOGIN_FORGET_DOMAIN };

	forget(s, both, domain);
}

void
store_domain_usage(struct store *s, const char *domain,
    struct domain_usage *u)
{
	sqlite3_stmt *q = s->st[ST_DOMAIN_USAGE];
	enum result r;

	memset(u, 0, sizeof(*u));
	db_bind(s, ST_DOMAIN_USAGE, "t", domain);
	while ((r = db_step(s, ST_DOMAIN_USAGE)) == RES_OK) {
		int class = sqlite3_column_int(q, 0);

		if (class >= 0 && class < SIZE_CLASSES)
			u->mailboxes[class] = sqlite3_column_int64(q, 1);
		u->bytes += sqlite3_column_int64(q, 2);
	}
	u->known = r == RES_NOTFOUND;
}

enum result
store_oldest_get(struct store *s, int64_t account_id, const struct usage *u,
    int64_t since, int64_t *oldest_r)
{
	enum result r;

	db_bind(s, ST_OLDEST_GET, "iiii", account_id, u->bytes, u->messages,
	    since);
	if ((r = db_step(s, ST_OLDEST_GET)) != RES_OK)
		return r;
	*oldest_r = sqlite3_column_int64(s->st[ST_OLDEST_GET], 0);
	db_done(s, ST_OLDEST_GET);
	return RES_OK;
}

enum result
store_oldest_put(struct store *s, int64_t account_id, const struct usage *u,
    int64_t oldest, int64_t now)
{
	db_bind(s, ST_OLDEST_PUT, "iiiii", account_id, u->bytes, u->messages,
	    oldest, now);
	return db_run(s, ST_OLDEST_PUT);
}
