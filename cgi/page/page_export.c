/* CSV out, as long as it takes and in flat memory. */
#include <time.h>

#include "core/import.h"
#include "page/page.h"

static bool
stream(void *arg, bool (*put)(void *put_arg, const char *, size_t),
    void *put_arg)
{
	struct ctx *c = arg;

	/* Excel takes a file without this mark for CP932. */
	return put(put_arg, "\xef\xbb\xbf", 3) &&
	    export_domain(c->site->store, &c->domain, put, put_arg) ==
	    RES_OK;
}

enum result
page_export(struct ctx *c)
{
	const time_t now = (time_t)c->now;
	char day[16] = "";
	struct tm tm;

	if (localtime_r(&now, &tm) != NULL)
		strftime(day, sizeof(day), "%Y%m%d", &tm);
	c->reply.content_type = "text/csv; charset=utf-8";
	c->reply.filename = pool_printf(
	    c->pool, "accounts-%s-%s.csv", c->domain.name, day);
	c->reply.stream = stream;
	c->reply.stream_arg = c;
	return RES_OK;
}
