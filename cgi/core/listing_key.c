#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/listing_key.h"

void
listing_key_of(const char *local_part, const char *real_name,
    int64_t created_at, struct listing_key *k)
{
	snprintf(k->local_part, sizeof(k->local_part), "%s", local_part);
	snprintf(k->real_name, sizeof(k->real_name), "%s", real_name);
	k->created_at = created_at;
}

void
listing_cursor_of(enum order o, const struct listing_key *k,
    char out[CURSOR_SIZE])
{
	switch (o) {
	case BY_NAME:
		snprintf(out, CURSOR_SIZE, "%s/%s", k->real_name,
		    k->local_part);
		break;
	case BY_CREATED:
		snprintf(out, CURSOR_SIZE, "%lld/%s",
		    (long long)k->created_at, k->local_part);
		break;
	case BY_ACCOUNT:
	case ORDER__MAX:
		snprintf(out, CURSOR_SIZE, "%s", k->local_part);
		break;
	}
}

void
listing_cursor_of_account(
    enum order o, const struct account *a, char out[CURSOR_SIZE])
{
	struct listing_key k;

	listing_key_of(a->local_part, a->real_name, a->created_at, &k);
	listing_cursor_of(o, &k, out);
}

bool
listing_key_of_cursor(enum order o, const char *cursor, struct listing_key *k)
{
	const char *slash = strrchr(cursor, '/');
	const char *local = slash != NULL ? slash + 1 : cursor;

	memset(k, 0, sizeof(*k));
	if (cursor[0] == '\0' || strlen(cursor) >= CURSOR_SIZE ||
	    strlen(local) >= sizeof(k->local_part) ||
	    (o != BY_ACCOUNT) != (slash != NULL))
		return false;
	memcpy(k->local_part, local, strlen(local) + 1);
	if (o == BY_NAME)
		snprintf(k->real_name, sizeof(k->real_name), "%.*s",
		    (int)(slash - cursor), cursor);
	if (o == BY_CREATED)
		k->created_at = strtoll(cursor, NULL, 10);
	return true;
}

int
listing_compare(const struct listing_key *a, const struct listing_key *b,
    enum order o)
{
	int by = 0;

	if (o == BY_NAME)
		by = strcasecmp(a->real_name, b->real_name);
	else if (o == BY_CREATED)
		by = (a->created_at > b->created_at) -
		    (a->created_at < b->created_at);
	return by != 0 ? by : strcmp(a->local_part, b->local_part);
}
