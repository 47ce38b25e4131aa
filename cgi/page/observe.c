/* What the log and the metrics say of a request: the row of the table of
 * routes, never the path itself. */
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "page/page.h"

static const char *
account_name(const struct ctx *c)
{
	return c->session != NULL ? c->session->account.address : "-";
}

static const char *
method_name(const struct ctx *c)
{
	switch (c->req.method) {
	case M_GET:
		return "GET";
	case M_HEAD:
		return "HEAD";
	case M_POST:
		return "POST";
	case M_OTHER:
		break;
	}
	return "other";
}

static const char *
route_name(const struct ctx *c)
{
	return c->route != NULL ? c->route->path : "-";
}

void
observe_open(struct site *site)
{
	const char *layout = "";

	if (site->conf.metrics_file[0] == '\0')
		return;
	for (size_t i = 0; i < nroutes; i++)
		layout = pool_printf(site->pool, "%s%d %s\n", layout,
		    (int)routes[i].method, routes[i].path);
	/* Pages come first: without a file there are no metrics. */
	if (metrics_open(site->conf.metrics_file, layout, nroutes + 1) ==
	    RES_OK)
		metric_count(METRIC_WORKER_STARTS);
	pool_clear(site->pool);
}

void
observe_denied(const struct ctx *c)
{
	log_event("denied", "account=%s method=%s route=%s", account_name(c),
	    method_name(c), route_name(c));
}

void
observe_off_campus(const struct ctx *c)
{
	log_event("off_campus", "method=%s route=%s", method_name(c),
	    route_name(c));
	if (c->route != NULL && c->route->run == page_login_submit)
		metric_count(METRIC_LOGIN_OFF_CAMPUS);
}

void
observe_form(const struct ctx *c, const char *why)
{
	log_event("form_refused", "account=%s why=%s method=%s route=%s",
	    account_name(c), why, method_name(c), route_name(c));
}

void
observe_wait(struct ctx *c)
{
	struct timespec now;
	int64_t ms;

	if (c->req.handed_ms < 0)
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 -
	    c->req.handed_ms;
	c->waited_ms = ms > 0 ? ms : 0;
	metric_time(strcmp(c->req.pool, "fumibako_login") == 0 ?
		TIME_QUEUE_LOGIN :
		TIME_QUEUE_PAGES,
	    c->waited_ms * 1000);
}

void
observe_request(const struct ctx *c, int64_t began)
{
	const int64_t took = clock_us() - began;

	metric_request(
	    c->route != NULL ? (size_t)(c->route - routes) : nroutes,
	    c->reply.status, took);
	log_event("request",
	    "account=%s method=%s route=%s status=%d ms=%lld wait_ms=%lld",
	    account_name(c), method_name(c), route_name(c), c->reply.status,
	    (long long)took / 1000, (long long)c->waited_ms);
}
