/* What the whole site has once. */
#include <string.h>

#include "core/domain.h"

enum result
site_alive(struct store *s)
{
	return store_alive(s);
}

enum result
site_counts(struct store *s, struct site_counts *n)
{
	return store_site_counts(s, n);
}

enum result
site_publish_networks(struct store *s, const struct networks *n)
{
	char want[4096], have[4096];
	enum result r;

	networks_text(n, want, sizeof(want));
	if ((r = store_allow_nets(s, have, sizeof(have))) != RES_OK ||
	    strcmp(want, have) == 0)
		return r;
	if ((r = store_begin(s)) != RES_OK)
		return r;
	return store_end(s, store_set_allow_nets(s, want));
}
