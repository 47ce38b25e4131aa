#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "core/network.h"
#include "core/throttle.h"
#include "store/store.h"

/* How long a place stays known without a log-in. */
#define PLACE_DAYS 90

enum { PAIR, NETWORK, ACCOUNT, COUNTS };

void
throttle_keys_of(const char *address, const char *client,
    struct throttle_keys *k)
{
	char net[48], pair[1024];

	network_of_client(client, net);
	snprintf(pair, sizeof(pair), "%s %s", net, address);
	secret_hash("throttle pair", pair, k->pair, sizeof(k->pair));
	secret_hash("throttle network", net, k->network, sizeof(k->network));
	secret_hash(
	    "throttle account", address, k->account, sizeof(k->account));
}

static const unsigned char *
key_of(const struct throttle_keys *k, int which)
{
	return which == PAIR	? k->pair :
	    which == NETWORK	? k->network :
				  k->account;
}

static int64_t
limit_of(const struct throttle_rules *r, int which)
{
	return which == PAIR	? r->pair :
	    which == NETWORK	? r->network :
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
    const struct throttle_keys *k, int which, int64_t now)
{
	struct throttle_row t;
	enum result r = store_throttle_get(s, key_of(k, which), &t);

	if (r != RES_OK && r != RES_NOTFOUND)
		return r;
	if (r == RES_NOTFOUND || now - t.since > rules->window)
		t = (struct throttle_row){ .since = now };
	t.fails++;
	if (t.fails >= limit_of(rules, which)) {
		t.blocked_until = now +
		    wait_after(rules, t.fails - limit_of(rules, which));
		/* The count must outlive the wait, or it never doubles. */
		t.since = now;
	}
	return store_throttle_put(s, key_of(k, which), &t);
}

static enum result
blocked(struct store *s, const struct throttle_keys *k, int which,
    int64_t now, int64_t *wait)
{
	struct throttle_row t;
	enum result r = store_throttle_get(s, key_of(k, which), &t);

	if (r == RES_OK && t.blocked_until > now &&
	    t.blocked_until - now > *wait)
		*wait = t.blocked_until - now;
	return r == RES_NOTFOUND ? RES_OK : r;
}

static enum result
enter(struct store *s, const struct throttle_rules *rules,
    const struct throttle_keys *k, int64_t now, int64_t *wait)
{
	enum result r = store_place_known(s, k->pair);
	const int looked_at = r == RES_OK ? 1 : COUNTS;

	if (r != RES_OK && r != RES_NOTFOUND)
		return r;
	r = RES_OK;
	for (int i = 0; i < looked_at && r == RES_OK; i++)
		r = blocked(s, k, i, now, wait);
	if (r != RES_OK)
		return r;
	if (*wait > 0)
		return RES_DENIED;
	for (int i = 0; i < COUNTS && r == RES_OK; i++)
		r = count(s, rules, k, i, now);
	return r;
}

enum result
throttle_enter(struct store *s, const struct throttle_rules *rules,
    const struct throttle_keys *k, int64_t now, int64_t *wait_r)
{
	enum result r;

	*wait_r = 0;
	if ((r = store_web_begin(s)) != RES_OK)
		return r;
	r = enter(s, rules, k, now, wait_r);
	if (r == RES_OK)
		r = store_web_commit(s);
	store_web_rollback(s);
	return r;
}

/* One try less; a wait that this very try began ends. */
static enum result
take_back(struct store *s, const unsigned char key[16], int64_t limit)
{
	struct throttle_row t;
	enum result r = store_throttle_get(s, key, &t);

	if (r == RES_NOTFOUND)
		return RES_OK;
	if (r != RES_OK)
		return r;
	if (--t.fails < limit)
		t.blocked_until = 0;
	return t.fails > 0 ? store_throttle_put(s, key, &t) :
			     store_throttle_drop(s, key);
}

enum result
throttle_succeeded(struct store *s, const struct throttle_rules *rules,
    const struct throttle_keys *k, int64_t now)
{
	enum result r;

	if ((r = store_web_begin(s)) != RES_OK)
		return r;
	if ((r = store_throttle_drop(s, k->pair)) == RES_OK &&
	    (r = take_back(s, k->network, rules->network)) == RES_OK &&
	    (r = take_back(s, k->account, rules->account)) == RES_OK &&
	    (r = store_place_put(s, k->pair, now)) == RES_OK &&
	    (r = store_throttle_expire(s, now - rules->window, now)) ==
		RES_OK &&
	    (r = store_place_expire(s, now - PLACE_DAYS * 86400LL)) == RES_OK)
		r = store_web_commit(s);
	store_web_rollback(s);
	return r;
}
