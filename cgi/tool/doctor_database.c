/*
 * doctor: the three databases.  Root opens them as the web's user: SQLite
 * gives the files beside a database to its owner when root opens it, and a
 * wrong owner would be spread by looking.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tool/doctor.h"

/* A quick check reads all of a file. */
#define CHECK_SECONDS 3
/* Above this somebody reads for hours, and nothing can be written back.  The
 * web writes back at 4 MB. */
#define WAL_MAX (64LL * 1024 * 1024)

static void
tell_version(struct doctor *d, const char *path, const struct health *h)
{
	if (h->version < h->expected)
		doctor_tell(d, SEVERITY_FAIL, path,
		    "fumibako init, then doveadm reload",
		    "schema version %d is older than this program (%d)",
		    h->version, h->expected);
	else
		doctor_tell(d, SEVERITY_FAIL, path,
		    "install the newer Fumibako",
		    "schema version %d is newer than this program (%d)",
		    h->version, h->expected);
}

static void
tell_wal(struct doctor *d, const char *path, const struct health *h)
{
	if (h->wal_bytes > WAL_MAX)
		doctor_tell(d, SEVERITY_WARN, path,
		    "end the process that has been reading it for long (lsof "
		    "shows who has it open)",
		    "its write-ahead log has %lld MB that cannot be written "
		    "back",
		    (long long)(h->wal_bytes >> 20));
}

#define WEB "fumibako"

static bool
begin(const struct doctor *d)
{
	return (d->have & HAVE_ROOT) == 0 || doctor_be(WEB, NULL);
}

static void
end(const struct doctor *d)
{
	if (d->have & HAVE_ROOT)
		doctor_be_root();
}

/* 0, ENOENT: it is not there; else it and what is beside it cannot all be
 * opened. */
static int
reach(const char *path)
{
	static const char *const beside[] = { "", "-wal", "-shm" };
	char file[4096 + 8];

	for (size_t i = 0; i < NELEM(beside); i++) {
		snprintf(file, sizeof(file), "%s%s", path, beside[i]);
		if (faccessat(AT_FDCWD, file, R_OK | W_OK, AT_EACCESS) != 0 &&
		    (errno != ENOENT || i == 0))
			return errno;
	}
	return 0;
}

static bool
judge(struct doctor *d, const char *path, const struct health *h)
{
	static const char restore[] =
	    "stop the workers and the daemons, and put a backup in its place "
	    "(schema/README.md)";

	tell_wal(d, path, h);
	if (h->locked)
		doctor_tell(d, SEVERITY_FAIL, path,
		    "end the process that has it open (lsof shows it)",
		    "somebody has locked it for himself: %s", h->error);
	else if (h->error[0] != '\0')
		doctor_tell(d, SEVERITY_FAIL, path, restore, "%s", h->error);
	else if (h->damage[0] != '\0')
		doctor_tell(d, SEVERITY_FAIL, path, restore, "is damaged: %s",
		    h->damage);
	else if (h->version != h->expected)
		tell_version(d, path, h);
	else if (!h->wal)
		doctor_tell(d, SEVERITY_FAIL, path,
		    "stop the workers and the daemons, fumibako init, start "
		    "them again",
		    "is not in WAL mode: look-ups of Postfix will fail");
	else if (!h->whole)
		doctor_tell(d, SEVERITY_SKIP, path, NULL,
		    "can be used; too large to be looked through in %d "
		    "seconds",
		    CHECK_SECONDS);
	return h->error[0] == '\0' && h->damage[0] == '\0' &&
	    h->version == h->expected && h->wal;
}

/* True: it can be used. */
static bool
look_at(struct doctor *d, const char *path, enum store_file file)
{
	int why = EACCES;
	struct health h;

	if (begin(d)) {
		if ((why = reach(path)) == 0)
			store_health(path, file, CHECK_SECONDS, &h);
		end(d);
	}
	if (why == 0)
		return judge(d, path, &h);
	if (why == ENOENT)
		doctor_tell(d, SEVERITY_FAIL, path, "fumibako init",
		    "is not there");
	else
		doctor_tell(d, SEVERITY_SKIP, path, NULL,
		    "not checked: %s",
		    d->have & HAVE_ROOT ?
			WEB " cannot open it" :
			"only root and its own user may open it");
	return false;
}

static enum result
open_store(struct doctor *d, const struct store_paths *paths)
{
	enum result r = RES_DENIED;

	if (begin(d)) {
		r = store_open(paths, BY_TOOL, &d->tool->store);
		end(d);
	}
	return r;
}

/* What Dovecot reads must be what the web goes by. */
static void
compare_networks(struct doctor *d)
{
	char ours[4096], theirs[4096];

	networks_text(&d->tool->campus, ours, sizeof(ours));
	if (store_allow_nets(d->tool->store, theirs, sizeof(theirs)) ==
		RES_OK &&
	    strcmp(ours, theirs) != 0)
		doctor_tell(d, SEVERITY_FAIL, d->tool->conf_path,
		    "fumibako init",
		    "Campus.Networks was changed and Dovecot does not know: "
		    "POP3s is open to %s",
		    theirs[0] != '\0' ? theirs : "nobody");
}

void
check_database(struct doctor *d)
{
	struct tool *t = d->tool;
	const struct store_paths paths = { t->conf.users_db, t->conf.web_db,
		t->conf.mailstat_db };
	bool usable = look_at(d, paths.users, STORE_USERS);

	usable &= look_at(d, paths.mailstat, STORE_MAILSTAT);
	(void)look_at(d, paths.web, STORE_WEB);
	if (!usable)
		return;
	if (open_store(d, &paths) != RES_OK) {
		doctor_tell(d, SEVERITY_FAIL, paths.users, "fumibako init",
		    "does not have what this program asks it");
		return;
	}
	d->have |= HAVE_USERS;
	compare_networks(d);
	if (d->worst == SEVERITY_OK)
		doctor_tell(d, SEVERITY_OK, paths.users, NULL,
		    "whole and of this version, as the other two");
}
