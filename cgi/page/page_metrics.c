/* For Prometheus: its text format 0.0.4, prometheus.io/docs/instrumenting. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/metrics.h"
#include "page/page.h"

struct out {
	bool (*put)(void *put_arg, const char *, size_t);
	void *put_arg;
	bool ok;
	struct site_counts counts;
	int64_t sessions;
};

static void say(struct out *, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void
say(struct out *o, const char *fmt, ...)
{
	char text[512];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	o->ok = o->ok && n >= 0 && (size_t)n < sizeof(text) &&
	    o->put(o->put_arg, text, (size_t)n);
}

static void
begin(struct out *o, const char *name, const char *type, const char *help)
{
	say(o, "# HELP fumibako_%s %s\n# TYPE fumibako_%s %s\n", name, help,
	    name, type);
}

/* A family of one: labels is "" or `{x="y"}`. */
static void
value(struct out *o, const char *name, const char *labels, int64_t n)
{
	say(o, "fumibako_%s%s %lld\n", name, labels, (long long)n);
}

/* labels is "" or `x="y",`. */
static void
times(struct out *o, const char *name, const char *labels, size_t which)
{
	const struct metric_times t = metric_times(which);
	const int nlabels = (int)strlen(labels) - 1; /* without the comma */
	unsigned long long n = 0;
	char own[160] = "";

	for (size_t b = 0; b < METRIC_BUCKETS; b++) {
		n += t.bucket[b];
		say(o, "fumibako_%s_bucket{%sle=\"%g\"} %llu\n", name, labels,
		    (double)metric_bounds[b] / 1e6, n);
	}
	n += t.bucket[METRIC_BUCKETS];
	if (nlabels > 0)
		snprintf(own, sizeof(own), "{%.*s}", nlabels, labels);
	say(o, "fumibako_%s_bucket{%sle=\"+Inf\"} %llu\n", name, labels, n);
	say(o, "fumibako_%s_sum%s %.6f\n", name, own, (double)t.sum / 1e6);
	say(o, "fumibako_%s_count%s %llu\n", name, own, n);
}

/* `method="GET",route="/account",`; what is in no row of the table has a
 * row, too. */
static void
route_labels(size_t i, char *text, size_t size)
{
	snprintf(text, size, "method=\"%s\",route=\"%s\",",
	    i == nroutes		    ? "-" :
		routes[i].method == M_POST ? "POST" :
					     "GET",
	    i == nroutes ? "-" : routes[i].path);
}

static void
say_requests(struct out *o)
{
	char labels[128];

	begin(o, "requests_total", "counter",
	    "Answers by route and class of status, once there was one.");
	for (size_t i = 0; i <= nroutes; i++)
		for (int class = 1; class <= METRIC_CLASSES; class++) {
			const uint64_t n = metric_requests(i, class);

			route_labels(i, labels, sizeof(labels));
			if (n > 0)
				say(o,
				    "fumibako_requests_total{%scode=\"%dxx\"}"
				    " %llu\n",
				    labels, class, (unsigned long long)n);
		}
	begin(o, "request_seconds", "histogram",
	    "From a worker's start on a request to its answer, by route.");
	for (size_t i = 0; i <= nroutes; i++) {
		route_labels(i, labels, sizeof(labels));
		times(o, "request_seconds", labels, TIME__MAX + i);
	}
}

static void
say_work(struct out *o)
{
	static const char *const results[] = { "done", "wrong", "throttled",
		"busy", "failed", "off_campus" };
	char labels[64];

	begin(o, "logins_total", "counter", "Log-ins on the web, by result.");
	for (size_t i = 0; i < NELEM(results); i++) {
		snprintf(
		    labels, sizeof(labels), "{result=\"%s\"}", results[i]);
		value(o, "logins_total", labels,
		    (int64_t)metric_value(METRIC_LOGIN_DONE + (unsigned)i));
	}
	begin(o, "queue_seconds", "histogram",
	    "From nginx to a worker's start, by pool of workers.");
	times(o, "queue_seconds", "pool=\"pages\",", TIME_QUEUE_PAGES);
	times(o, "queue_seconds", "pool=\"login\",", TIME_QUEUE_LOGIN);
	begin(o, "hash_seconds", "histogram", "Hashing one password.");
	times(o, "hash_seconds", "", TIME_HASHING);
	begin(o, "database_wait_seconds", "histogram",
	    "Waits of a statement for another writer; no wait, no entry.");
	times(o, "database_wait_seconds", "", TIME_DATABASE);
	begin(o, "database_busy_total", "counter",
	    "Statements given up because of another writer or the disk.");
	value(o, "database_busy_total", "",
	    (int64_t)metric_value(METRIC_DATABASE_BUSY));
	begin(o, "worker_starts_total", "counter", "Workers started.");
	value(o, "worker_starts_total", "",
	    (int64_t)metric_value(METRIC_WORKER_STARTS));
}

static void
say_site(struct out *o)
{
	const struct site_counts *n = &o->counts;

	begin(o, "accounts", "gauge", "Accounts, by what becomes of mail.");
	value(o, "accounts", "{routing=\"mailbox\"}",
	    n->accounts - n->forwarding - n->discarding);
	value(o, "accounts", "{routing=\"forward\"}", n->forwarding);
	value(o, "accounts", "{routing=\"discard\"}", n->discarding);
	begin(o, "accounts_initial", "gauge",
	    "Accounts whose initial password was not changed yet.");
	value(o, "accounts_initial", "", n->initial);
	begin(o, "domains", "gauge", "Domains.");
	value(o, "domains", "{state=\"enabled\"}", n->domains - n->disabled);
	value(o, "domains", "{state=\"disabled\"}", n->disabled);
	begin(o, "forwards", "gauge", "Forwarding addresses.");
	value(o, "forwards", "", n->forwards);
	begin(o, "lists", "gauge", "Mailing lists.");
	value(o, "lists", "", n->lists);
	begin(o, "sessions", "gauge",
	    "Sessions not idle for too long, to 100000.");
	value(o, "sessions", "", o->sessions);
}

static bool
stream(void *arg, bool (*put)(void *put_arg, const char *, size_t),
    void *put_arg)
{
	struct out *o = arg;

	o->put = put;
	o->put_arg = put_arg;
	o->ok = true;
	say_requests(o);
	say_work(o);
	say_site(o);
	return o->ok;
}

enum result
page_metrics(struct ctx *c)
{
	struct out *o = pool_alloc(c->pool, sizeof(*o));

	if (!metrics_are_open())
		return RES_NOTFOUND;
	if (site_counts(c->site->store, &o->counts) != RES_OK ||
	    session_count(c->site->store, &c->site->login.session, c->now,
		&o->sessions) != RES_OK)
		return RES_BUSY;
	c->reply.content_type = "text/plain; version=0.0.4; charset=utf-8";
	c->reply.stream = stream;
	c->reply.stream_arg = o;
	return RES_OK;
}
