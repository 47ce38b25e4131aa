/* Who is on a list of ezmlm, and besides: ezmlm(5), ezmlm-mod. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "migrate/ezmlm.h"

struct where
ezmlm_where(const struct ezmlm *e, const char *name)
{
	return vpop_where(e->v,
	    pool_printf(e->v->m->pool, "%s/%s", e->name, name));
}

typedef void (*each_subscriber)(
    struct ezmlm *, struct where, const char *address);

static void
add_member(struct ezmlm *e, struct where at, const char *address)
{
	moving_member(e->v->m, e->p, at, address);
}

static void
add_digest(struct ezmlm *e, struct where at, const char *address)
{
	moving_tell(
	    e->v->m, at, e->p->address, OUT_CHANGED, WHY_DIGEST, address);
	moving_member(e->v->m, e->p, at, address);
}

static void
add_moderator(struct ezmlm *e, struct where at, const char *address)
{
	const size_t left = sizeof(e->moderators) - e->moderators_n;
	int n = snprintf(
	    e->moderators + e->moderators_n, left, "%s\n", address);

	if (n < 0 || (size_t)n >= left) {
		e->moderators[e->moderators_n] = '\0';
		moving_tell(e->v->m, at, e->p->address, OUT_REFUSED, WHY_LONG,
		    address);
		return;
	}
	e->moderators_n += (size_t)n;
	moving_tell(
	    e->v->m, at, e->p->address, OUT_DONE, WHY_READ, address);
}

static void
add_access(struct ezmlm *e, struct where at, const char *address)
{
	moving_tell(
	    e->v->m, at, e->p->address, OUT_REFUSED, WHY_ACCESS, address);
}

/* Records of "T", the address and NUL. */
static void
read_records(struct ezmlm *e, struct where at, const char *bytes, size_t n,
    each_subscriber each)
{
	const char *end = bytes + n, *stop, *address;

	for (; bytes < end; bytes = stop + 1) {
		at.line++;
		stop = memchr(bytes, '\0', (size_t)(end - bytes));
		if (stop == NULL || bytes[0] != 'T') {
			moving_tell(e->v->m, at, e->p->address, OUT_REFUSED,
			    WHY_FIELDS, NULL);
			if (stop == NULL)
				return;
			continue;
		}
		address = moving_text(
		    e->v->m, bytes + 1, (size_t)(stop - bytes) - 1);
		if (strcmp(address, bytes + 1) == 0)
			each(e, at, address);
		else
			moving_tell(e->v->m, at, e->p->address, OUT_REFUSED,
			    WHY_CONTROL, address);
	}
}

static void
read_subscribers(struct ezmlm *e, const char *path, each_subscriber each)
{
	struct pool *pool = e->v->m->pool;
	struct seen_name *list;
	const char *bytes;
	enum why why;
	size_t n, size;
	int dir = source_open(e->dir, path, &why);

	if (dir < 0 || !source_list(pool, dir, &list, &n)) {
		/* Most lists have no moderators and no digest. */
		if (dir >= 0 || why != WHY_UNREADABLE || errno != ENOENT)
			source_tell(e->v->m, ezmlm_where(e, path),
			    e->p->address, why, 0);
		if (dir >= 0)
			close(dir);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		const struct where at = ezmlm_where(e,
		    pool_printf(pool, "%s/%s", path, list[i].name));

		if (!source_read(pool, dir, list[i].name, VPOP_LARGE, &bytes,
			&size, &why))
			source_tell(
			    e->v->m, at, e->p->address, why, VPOP_LARGE);
		else if (list[i].name[1] != '\0' || list[i].name[0] < '@')
			moving_tell(e->v->m, at, "", OUT_DONE, WHY_DERIVED,
			    NULL);
		else
			read_records(e, at, bytes, size, each);
	}
	close(dir);
}

void
ezmlm_subscribers(struct ezmlm *e)
{
	read_subscribers(e, "subscribers", add_member);
	read_subscribers(e, "digest/subscribers", add_digest);
	read_subscribers(e, "mod/subscribers", add_moderator);
	read_subscribers(e, "allow/subscribers", add_access);
	read_subscribers(e, "deny/subscribers", add_access);
}
