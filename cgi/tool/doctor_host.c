/* doctor: the machine: clock, room, what a hash costs. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include "core/passwd.h"
#include "tool/doctor.h"

/* -- clock -- */

/* As much as two clocks may differ, or a day's work be late. */
#define CLOCK_SLACK 300

static bool
note_time(void *arg, const struct history_row *row)
{
	*(int64_t *)arg = row->at;
	return false;
}

/* The newest time that the past has seen: the newest line of history, and
 * when this program was made. */
static int64_t
past(const struct doctor *d)
{
	const struct history_from all = { .of = HISTORY_OF_ALL,
		.from = INT64_MAX };
	int64_t newest = 0;
	struct stat st;

	if (d->tool->store != NULL)
		(void)!store_history(
		    d->tool->store, &all, note_time, &newest);
	if (stat("/proc/self/exe", &st) == 0 && st.st_mtime > newest)
		newest = st.st_mtime;
	return newest;
}

void
check_clock(struct doctor *d)
{
	const int64_t now = d->tool->actor.now, newest = past(d);
	struct timex tx = { 0 };

	if (newest > now + CLOCK_SLACK)
		doctor_tell(d, SEVERITY_FAIL, "",
		    "set the clock, and let it be kept (systemd-timesyncd, "
		    "chrony)",
		    "it is behind: something was written %lld minutes from "
		    "now",
		    (long long)(newest - now) / 60);
	else if (adjtimex(&tx) < 0 || (tx.status & STA_UNSYNC) != 0)
		doctor_tell(d, SEVERITY_SKIP, "", NULL,
		    "not checked further: no time service keeps it, as far "
		    "as this host's kernel knows");
	else
		doctor_tell(d, SEVERITY_OK, "", NULL,
		    "a time service keeps it");
}

/* -- room -- */

struct seen {
	dev_t list[16];
	size_t n;
};

/* One answer a file system. */
static bool
is_new(struct seen *seen, const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return false;
	for (size_t i = 0; i < seen->n; i++)
		if (seen->list[i] == st.st_dev)
			return false;
	if (seen->n < NELEM(seen->list))
		seen->list[seen->n++] = st.st_dev;
	return true;
}

static void
look_at_room(struct doctor *d, struct seen *seen, const char *path)
{
	struct statvfs v;
	struct room r;

	if (path == NULL || path[0] == '\0' || !is_new(seen, path) ||
	    statvfs(path, &v) != 0)
		return;
	r = (struct room){ (uint64_t)v.f_bavail * v.f_frsize,
		(uint64_t)v.f_blocks * v.f_frsize, v.f_favail, v.f_files };
	switch (checkup_room(&r)) {
	case VERDICT_OK:
		doctor_tell(d, SEVERITY_OK, path, NULL,
		    "%llu MB are free", (unsigned long long)r.free_bytes >> 20);
		return;
	case VERDICT_WARN:
	case VERDICT_FAIL:
		doctor_tell(d,
		    checkup_room(&r) == VERDICT_FAIL ? SEVERITY_FAIL :
						       SEVERITY_WARN,
		    path, "make room on it, or enlarge it",
		    "only %llu MB and %llu inodes are free on its file "
		    "system",
		    (unsigned long long)r.free_bytes >> 20,
		    (unsigned long long)r.free_inodes);
		return;
	}
}

/* Where Postfix has its queue; NULL: it does not say. */
static const char *
queue(struct doctor *d)
{
	const char *const argv[] = { "/usr/sbin/postconf", "-c",
		d->tool->conf.doctor_postfix, "-xh", "queue_directory", NULL };
	const char *v[1];

	return doctor_values(d, argv, v, NELEM(v)) ? v[0] : NULL;
}

void
check_disk(struct doctor *d)
{
	const struct conf *c = &d->tool->conf;
	const char *const files[] = { c->users_db, c->web_db, c->mailstat_db };
	struct seen seen = { .n = 0 };

	for (size_t i = 0; i < NELEM(files); i++)
		look_at_room(d, &seen, files[i]);
	look_at_room(d, &seen, d->mail_root);
	look_at_room(d, &seen, queue(d));
	look_at_room(d, &seen, c->lists_spool);
	if (seen.n == 0)
		doctor_tell(d, SEVERITY_SKIP, "", NULL,
		    "not checked: nothing is where it should be");
}

/* -- what a hash costs -- */

static bool
add_accounts(void *arg, const struct domain *d)
{
	*(int64_t *)arg += d->enabled ? d->accounts : 0;
	return true;
}

static double
processor_seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

void
check_hash(struct doctor *d)
{
	const int cost = (int)d->tool->conf.hash_cost;
	const long processors = sysconf(_SC_NPROCESSORS_ONLN);
	char hash[PASSWD_HASH_SIZE];
	int64_t accounts = 0;
	double began = processor_seconds(), took, can, wanted;

	if (passwd_hash("what does it cost?", cost, hash) != RES_OK) {
		doctor_tell(d, SEVERITY_FAIL, "Hash.Cost",
		    "give the host more memory, or lower it",
		    "no password can be hashed at %d", cost);
		return;
	}
	took = processor_seconds() - began;
	(void)!store_domains(d->tool->store, 0, add_accounts, &accounts);
	can = checkup_capacity(took, processors);
	wanted = checkup_demand(accounts);
	doctor_tell(d, wanted > can ? SEVERITY_WARN : SEVERITY_OK, "Hash.Cost",
	    wanted > can ? "lower Hash.Cost (fumibako.conf(5)), or give the "
			   "host more processors" :
			   NULL,
	    "%.1f ms each, about %.0f POP3 log-ins a second on %ld "
	    "processors; %lld accounts that ask every five minutes need %.1f",
	    took * 1000, can, processors, (long long)accounts, wanted);
}
