#include <stdio.h>

#include "core/upload.h"

#define KEY "upload key"

static void
name_of(const char *cookie, unsigned char hash[TOKEN_HASH])
{
	secret_hash("upload name", cookie, hash, TOKEN_HASH);
}

enum result
upload_keep(struct store *s, struct pool *p, const char *cookie,
    const struct domain *d, const char *bytes, size_t n, int64_t now)
{
	unsigned char hash[TOKEN_HASH];
	unsigned char *sealed = pool_alloc(p, n + SECRET_SEAL);
	enum result r;

	name_of(cookie, hash);
	secret_seal(KEY, cookie, bytes, n, sealed);
	if ((r = store_web_begin(s)) != RES_OK)
		return r;
	r = store_upload_put(s, hash, d->id, now, now - UPLOAD_SECONDS,
	    sealed, n + SECRET_SEAL);
	return store_web_end(s, r);
}

struct opened {
	struct pool *pool;
	const char *cookie;
	unsigned char *bytes;
	size_t n;
	bool ok;
};

static void
open_seal(void *arg, const void *body, size_t size)
{
	struct opened *o = arg;

	if (size < SECRET_SEAL)
		return;
	o->n = size - SECRET_SEAL;
	o->bytes = pool_alloc(o->pool, o->n + 1);
	o->ok = secret_open(KEY, o->cookie, body, size, o->bytes);
}

enum result
upload_take(struct store *s, struct pool *p, const char *cookie,
    const struct domain *d, int64_t now, const char **bytes_r, size_t *n_r)
{
	struct opened o = { .pool = p, .cookie = cookie };
	unsigned char hash[TOKEN_HASH];
	enum result r;

	name_of(cookie, hash);
	r = store_upload_get(
	    s, hash, d->id, now - UPLOAD_SECONDS, open_seal, &o);
	if (r == RES_OK && !o.ok)
		r = RES_NOTFOUND;
	*bytes_r = (const char *)o.bytes;
	*n_r = o.n;
	return r;
}

enum result
upload_forget(struct store *s, const char *cookie)
{
	unsigned char hash[TOKEN_HASH];

	name_of(cookie, hash);
	return store_upload_drop(s, hash);
}

/* Of an account that stays as it is, other changes do not matter. */
static void
mark_row(const struct import_row *row, char mark[SECRET_TEXT])
{
	const long long version =
	    row->verdict == IMPORT_CHANGED ? (long long)row->version : 0;
	char text[96];

	snprintf(text, sizeof(text), "%d %u %lld", (int)row->verdict,
	    row->differs, version);
	secret_hash_text(mark, text, mark);
	for (int i = 0; i < CSV__MAX; i++)
		if (row->csv->cell[i] != NULL)
			secret_hash_text(mark, row->csv->cell[i], mark);
}

void
upload_mark(const char *cookie, const struct import_plan *plan,
    char mark[SECRET_TEXT])
{
	secret_hash_text("import mark", cookie, mark);
	for (size_t i = 0; i < plan->n; i++)
		mark_row(&plan->rows[i], mark);
}
