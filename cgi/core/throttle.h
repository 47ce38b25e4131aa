#ifndef CORE_THROTTLE_H
#define CORE_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/result.h"
#include "store/store.h"

/*
 * How long a place must wait before the next password is even looked at.
 * Wrong passwords are counted three times: for the account from this place,
 * for the place, for the account.  A place is an IPv4 address or an IPv6 /64.
 *
 * The last two counts do not hinder an account at a place where it has
 * logged in before.  So a stranger who guesses cannot lock the owner out, and
 * one student in a hall behind one address cannot lock out the others who
 * read their mail there.
 */

struct throttle_rules {
	int64_t pair, network, account; /* tries */
	int64_t window;                 /* seconds that a try counts */
	int64_t wait; /* seconds of the first wait; doubles, up to window */
};

enum { THROTTLE_PAIR, THROTTLE_NETWORK, THROTTLE_ACCOUNT, THROTTLE_COUNTS };

/* One try: who tries, as hashes, and the counts as they were before it.  Made
 * once, used before and after the hashing. */
struct throttle_try {
	unsigned char key[THROTTLE_COUNTS][KEY_HASH];
	struct throttle_row before[THROTTLE_COUNTS];
	bool known_place;
};

/* `address` is what was typed, `client` its IP address. */
void throttle_try_of(
    const char *address, const char *client, struct throttle_try *try_r);
/*
 * Counts the try that is about to be made as a wrong one, so that many tries
 * at once are many.  At a known place only for the pair: what others do there
 * must not be made worse by somebody whose password will be right.
 * RES_DENIED: it must not be made, wait_r tells for how many seconds; nothing
 * is counted then.
 */
enum result throttle_enter(struct store *, const struct throttle_rules *,
    struct throttle_try *, int64_t now, int64_t *wait_r) MUST_CHECK;
/* The password was wrong: counts what throttle_enter left open. */
enum result throttle_failed(struct store *, const struct throttle_rules *,
    struct throttle_try *, int64_t now) MUST_CHECK;
/* The password was right: takes the try back, and knows the place. */
enum result throttle_succeeded(struct store *, const struct throttle_rules *,
    const struct throttle_try *, int64_t now) MUST_CHECK;

#endif
