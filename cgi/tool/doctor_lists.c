/* doctor: the list engine, and Dovecot's helper for the web. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/line.h"
#include "core/engine.h"
#include "core/usage.h"
#include "store/mlist.h"
#include "tool/doctor.h"

#define SHOWN 10

static const char remedy[] = "fumibako lists sync";

/* Whether somebody else than root and the owner asks. */
static bool
out_of_reach(struct doctor *d, const char *path)
{
	if (access(path, F_OK) != 0 || access(path, W_OK) == 0)
		return false;
	doctor_tell(d, SEVERITY_SKIP, path, NULL,
	    "not checked: its socket is not for this user");
	return true;
}

/* "ID what FILE" of the engine, for people. */
static void
tell_list(struct doctor *d, const char *line, size_t n)
{
	const char *text = pool_strndup(d->pool, line, n);
	const size_t digits = strspn(text, "0123456789");
	const char *id = pool_strndup(d->pool, text, digits);
	struct mlist l;

	if (store_mlist_by_id(d->tool->store, strtoll(id, NULL, 10), &l) ==
	    RES_OK)
		id = pool_printf(d->pool, "%s", l.address);
	if (strcmp(text + digits, " missing") == 0)
		doctor_tell(d, SEVERITY_FAIL, id, remedy,
		    "this list has no directory in %s",
		    d->tool->conf.lists_spool);
	else if (strcmp(text + digits, " stray") == 0)
		doctor_tell(d, SEVERITY_FAIL, id, remedy,
		    "a directory in %s belongs to no list",
		    d->tool->conf.lists_spool);
	else
		doctor_tell(d, SEVERITY_FAIL, id, remedy,
		    "its settings are not those of the database:%s",
		    text + digits);
}

void
check_lists(struct doctor *d)
{
	const char *path = d->tool->conf.lists_socket, *lines = "", *line;
	size_t n, told = 0;
	enum result r;

	if (path[0] == '\0') {
		doctor_tell(d, SEVERITY_SKIP, "", NULL,
		    "not checked: Lists.Socket is not set");
		return;
	}
	if (out_of_reach(d, path))
		return;
	r = engine_check(path, d->pool, &lines);
	if (r != RES_OK) {
		doctor_tell(d, SEVERITY_FAIL, path,
		    r == RES_BUSY ? "restart fumibako-lists" :
				    "its log says why",
		    "fumibako-lists %s",
		    r == RES_BUSY ? "does not answer" :
				    "cannot look at its lists");
		return;
	}
	while (told < SHOWN && (line = line_next(&lines, &n)) != NULL) {
		tell_list(d, line, n);
		told++;
	}
	if (*lines != '\0')
		doctor_tell(d, SEVERITY_FAIL, "", remedy, "there is more");
	if (told == 0)
		doctor_tell(d, SEVERITY_OK, path, NULL,
		    "every list's directory is as the database says");
}

void
check_oldest(struct doctor *d)
{
	const char *path = d->tool->conf.oldest_socket;

	if (out_of_reach(d, path))
		return;
	/* Nobody's mailbox is as empty as one can be. */
	if (usage_ask_oldest(path, 0) < 0)
		doctor_tell(d, SEVERITY_FAIL, path,
		    "service fumibako-oldest of dovecot.conf; Dovecot's log",
		    "Dovecot's helper does not answer: pages do not show the "
		    "oldest message");
	else
		doctor_tell(d, SEVERITY_OK, path, NULL,
		    "Dovecot's helper answers");
}
