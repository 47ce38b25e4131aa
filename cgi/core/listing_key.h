#ifndef CORE_LISTING_KEY_H
#define CORE_LISTING_KEY_H

#include "core/listing.h"

/* Where a row stands in an order, and the cursor that says so: its key, a
 * slash, its local part; by account, the local part alone. */

struct listing_key {
	char local_part[65], real_name[65];
	int64_t created_at;
};

void listing_key_of(const char *local_part, const char *real_name,
    int64_t created_at, struct listing_key *);
void listing_cursor_of(
    enum order, const struct listing_key *, char out[CURSOR_SIZE]);
void listing_cursor_of_account(
    enum order, const struct account *, char out[CURSOR_SIZE]);
/* False: no cursor of ours. */
bool listing_key_of_cursor(
    enum order, const char *cursor, struct listing_key *);
/* Below, at (0) or above: as the database orders them. */
int listing_compare(const struct listing_key *, const struct listing_key *,
    enum order);

#endif
