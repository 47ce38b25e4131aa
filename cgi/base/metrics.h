#ifndef BASE_METRICS_H
#define BASE_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/result.h"

/*
 * Numbers that all workers of a site add to, in one small file that each maps:
 * what a worker has counted stays when it is killed.  Only what is over is
 * counted, so nothing needs taking back.  Where no file is open (the tool,
 * tests, Metrics.File not set) counting does nothing.
 */

enum metric {
	/* in the order of enum login */
	METRIC_LOGIN_DONE,
	METRIC_LOGIN_WRONG,
	METRIC_LOGIN_THROTTLED,
	METRIC_LOGIN_BUSY,
	METRIC_LOGIN_FAILED,
	METRIC_LOGIN_OFF_CAMPUS,
	METRIC_DATABASE_BUSY,	/* answers: try again */
	METRIC_WORKER_STARTS,
	METRIC__MAX
};

/* How long something took; TIME__MAX + n is requests of route n. */
enum metric_time {
	TIME_DATABASE,	  /* waiting for another writer; only real waits */
	TIME_HASHING,	  /* one hash of a password */
	TIME_QUEUE_PAGES, /* from nginx to a worker of this pool */
	TIME_QUEUE_LOGIN,
	TIME__MAX
};

#define METRIC_BUCKETS 8
extern const int64_t metric_bounds[METRIC_BUCKETS]; /* microseconds */

struct metric_times {
	uint64_t bucket[METRIC_BUCKETS + 1]; /* the last: longer than all */
	uint64_t sum;			     /* microseconds */
};

/* Of HTTP: 1xx to 5xx. */
#define METRIC_CLASSES 5

/*
 * Opens `path` for `routes` routes, or makes it (0600).  `layout` says what
 * they are: a file of another layout is replaced by a new one, and who has the
 * old one open keeps it.  RES_FAIL: logged, and nothing is counted.
 * secret_init comes first.
 */
enum result metrics_open(
    const char *path, const char *layout, size_t routes) MUST_CHECK;
/* Nothing more is counted. */
void metrics_close(void);

void metric_count(enum metric);
/* which < TIME__MAX + routes; below 0 is 0 (a clock was set). */
void metric_time(size_t which, int64_t microseconds);
/* A request of a route, answered with this status (100 to 599). */
void metric_request(size_t route, int status, int64_t microseconds);

bool metrics_are_open(void);
uint64_t metric_value(enum metric);
struct metric_times metric_times(size_t which);
/* Requests with status class * 100 + x, class from 1. */
uint64_t metric_requests(size_t route, int class);

#endif
