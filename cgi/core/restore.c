#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/domain.h"
#include "core/engine.h"
#include "core/restore.h"

/* No honest id is longer; one that is must not use the numbers up. */
#define ID_DIGITS 12

/* Raises *largest to the first number of each name in a directory: 7,
 * gone-7-1795600000.  False: it is there and cannot be read. */
static bool
largest_in(const char *path, int64_t *largest)
{
	DIR *d;
	const struct dirent *e;

	if (path[0] == '\0')
		return true;
	if ((d = opendir(path)) == NULL)
		return errno == ENOENT;
	while ((e = readdir(d)) != NULL) {
		const char *digits =
		    e->d_name + strcspn(e->d_name, "0123456789");
		int64_t n = strtoll(digits, NULL, 10);

		if (strspn(digits, "0123456789") <= ID_DIGITS && n > *largest)
			*largest = n;
	}
	closedir(d);
	return true;
}

/* Where Dovecot asks, the networks are those of today. */
static enum result
publish(const char *staged, const struct networks *campus)
{
	struct store *s;
	enum result r;

	r = store_open(
	    &(struct store_paths){ .users = staged }, BY_TOOL, &s);
	if (r == RES_OK)
		r = site_publish_networks(s, campus);
	store_close(&s);
	return r;
}

/* A log-in remembers an id and a count of passwords, and both may come to
 * mean somebody else's. */
static enum result
replace(const struct restore_plan *plan, struct store *web,
    struct restored *done)
{
	struct restore *x;
	enum result r;

	if ((r = store_restore_begin(plan, &x)) == RES_OK &&
	    (r = store_session_drop_all(web)) == RES_OK &&
	    (r = store_restore_commit(x, done->kept, &done->whole)) == RES_OK)
		/* And those who came in meanwhile. */
		(void)!store_session_drop_all(web);
	store_restore_end(&x);
	return r;
}

enum result
users_restore(const struct store_paths *p, const struct restore_from *from,
    struct restored *done)
{
	char staged[PATH_MAX];
	struct restore_plan plan = { .users = p->users, .staged = staged,
		.now = from->now };
	const bool mail = largest_in(from->mail, &plan.last_id);
	const bool lists = largest_in(from->lists, &plan.last_id);
	struct store *web = NULL;
	enum result r;

	done->unseen = !mail || !lists;
	r = store_stage(p->users, from->file, from->fd, staged);
	if (r != RES_OK)
		return r;
	if ((r = publish(staged, from->campus)) == RES_OK &&
	    (r = store_init_rest(p)) == RES_OK &&
	    (r = store_open(&(struct store_paths){ .web = p->web },
		 BY_RESTORE, &web)) == RES_OK)
		r = replace(&plan, web, done);
	store_close(&web);
	store_unstage(staged);
	/* Where it does not answer, it does so in ten minutes. */
	if (r == RES_OK && from->engine[0] != '\0')
		(void)!engine_sync(from->engine, 0);
	return r;
}
