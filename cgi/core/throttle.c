#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "core/network.h"
#include "core/throttle.h"

/* How long a place stays known without a log-in. */
#define PLACE_DAYS 90

void
throttle_try_of(const char *address, const char *client,
    struct throttle_try *t)
{
	char net[48], pair[1024];

	memset(t, 0, sizeof(*t));
	network_of_client(client, net);
	snprintf(pair, sizeof(pair), "%s %s", net, address);
	secret_hash("throttle pair", pair, t->key[THROTTLE_PAIR], KEY_HASH);
	secret_hash(
	    "throttle network", net, t->key[THROTTLE_NETWORK], KEY_HASH);
	secret_hash("throttle account", address, t->key[THROTTLE_ACCOUNT],
	    KEY_HASH);
}

static int64_t
limit_of(const struct throttle_rules *r, int which)
{
	return which == THROTTLE_PAIR	   ? r->pair :
	    which == THROTTLE_NETWORK ? r->network :
					r->account;
}

/* Waits double with each try above the limit, up to the window. */
static int64_t
wait_after(const struct throttle_rules *r, int64_t above)
{
	int64_t wait = r->wait;

	while (above-- > 0 && wait < r->window)
		wait *= 2;
	return wait < r->window ? wait : r->window;
}

static enum result
count(struct store *s, const struct throttle_rules *rules,
    struct throttle_try *try, int which, int64_t now)
{
	const int64_t limit = limit_of(rules, which);
	struct throttle_row t;
	enum result r = store_throttle_get(s, try->key[which], &t);

	if (r != RES_OK && r != RES_NOTFOUND)
		return r;
	if (r == RES_NOTFOUND || now - t.since > rules->window)
		t = (struct throttle_row){ .since = now };
	try->before[which] = t;
	t.fails++;
	if (t.fails >= limit) {
		t.blocked_until = now + wait_after(rules, t.fails - limit);
		/* The count must outlive the wait, or it never doubles. */
		t.since = now;
	}
	return store_throttle_put(s, try->key[which], &t);
}

static enum result
blocked(struct store *s, const struct throttle_try *try, int which,
    int64_t now, int64_t *wait)
{
	struct throttle_row t;
	enum result r = store_throttle_get(s, try->key[which], &t);

	if (r == RES_OK && t.blocked_until > now &&
	    t.blocked_until - now > *wait)
		*wait = t.blocked_until - now;
	return r == RES_NOTFOUND ? RES_OK : r;
}

static enum result
enter(struct store *s, const struct throttle_rules *rules,
    struct throttle_try *try, int64_t now, int64_t *wait)
{
	enum result r = store_place_known(s, try->key[THROTTLE_PAIR]);
	int counts;

	if (r != RES_OK && r != RES_NOTFOUND)
		return r;
	try->known_place = r == RES_OK;
	counts = try->known_place ? THROTTLE_PAIR + 1 : THROTTLE_COUNTS;
	r = RES_OK;
	for (int i = 0; i < counts && r == RES_OK; i++)
		r = blocked(s, try, i, now, wait);
	if (r != RES_OK)
		return r;
	if (*wait > 0)
		return RES_DENIED;
	for (int i = 0; i < counts && r == RES_OK; i++)
		r = count(s, rules, try, i, now);
	return r;
}

enum result
throttle_enter(struct store *s, const struct throttle_rules *rules,
    struct throttle_try *try, int64_t now, int64_t *wait_r)
{
	enum result r;

	*wait_r = 0;
	if ((r = store_web_begin(s)) != RES_OK)
		return r;
	r = enter(s, rules, try, now, wait_r);
	return store_web_end(s, r);
}

enum result
throttle_failed(struct store *s, const struct throttle_rules *rules,
    struct throttle_try *try, int64_t now)
{
	enum result r;

	if (!try->known_place)
		return RES_OK; /* all is counted */
	if ((r = store_web_begin(s)) != RES_OK)
		return r;
	for (int i = THROTTLE_PAIR + 1; i < THROTTLE_COUNTS && r == RES_OK;
	     i++)
		r = count(s, rules, try, i, now);
	return store_web_end(s, r);
}

/* The count as if this try had not been: the wait that it began ends, but
 * not one that others began. */
static enum result
take_back(struct store *s, const struct throttle_try *try, int which)
{
	const struct throttle_row *before = &try->before[which];
	struct throttle_row t;
	enum result r;

	if (try->known_place)
		return RES_OK; /* it was not counted */
	r = store_throttle_get(s, try->key[which], &t);
	if (r == RES_NOTFOUND)
		return RES_OK;
	if (r != RES_OK)
		return r;
	if (t.fails == before->fails + 1)
		t = *before;
	else
		t.fails--;
	return t.fails > 0 ? store_throttle_put(s, try->key[which], &t) :
			     store_throttle_drop(s, try->key[which]);
}

enum result
throttle_succeeded(struct store *s, const struct throttle_rules *rules,
    const struct throttle_try *try, int64_t now)
{
	enum result r;

	if ((r = store_web_begin(s)) != RES_OK)
		return r;
	if ((r = store_throttle_drop(s, try->key[THROTTLE_PAIR])) == RES_OK &&
	    (r = take_back(s, try, THROTTLE_NETWORK)) == RES_OK &&
	    (r = take_back(s, try, THROTTLE_ACCOUNT)) == RES_OK &&
	    (r = store_place_put(s, try->key[THROTTLE_PAIR], now)) == RES_OK &&
	    (r = store_throttle_expire(s, now - rules->window, now)) == RES_OK)
		r = store_place_expire(s, now - PLACE_DAYS * 86400LL);
	return store_web_end(s, r);
}
