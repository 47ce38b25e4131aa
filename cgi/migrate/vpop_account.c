/* Accounts: the lines of a vpasswd file, and the directory of each. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "migrate/vpop.h"

/* Where the account's directory is, below the domain's: what stands behind
 * the last "/DOMAIN/" of the path that vpasswd has.  NULL: nowhere. */
static const char *
path_of(struct vpop *v, struct piece dir)
{
	const char *path;
	const char *mark =
	    pool_printf(v->m->pool, "/%s/", v->domain->name);
	const char *found = NULL;

	while (dir.n > 0 && dir.s[dir.n - 1] == '/')
		dir.n--;
	path = pool_strndup(v->m->pool, dir.s, dir.n);
	for (const char *s = path; (s = strcasestr(s, mark)) != NULL; s++)
		found = s;
	return found != NULL ? found + strlen(mark) : NULL;
}

static void
read_flags(struct vpop *v, struct place *p, struct where at, struct piece gid)
{
	int64_t flags;

	if (!piece_number(gid, &flags) || flags < 0 || flags > INT32_MAX) {
		moving_tell_of(v->m, p, at, OUT_CHANGED, WHY_FIELDS, "gid");
		return;
	}
	if ((flags & VP_ADMIN) != 0)
		moving_add_admin(v->m, at, p->address, v->domain->name);
	for (unsigned int bit = 0; bit < 31; bit++)
		if ((flags & 1 << bit & ~VP_ADMIN) != 0)
			moving_tell_of(v->m, p, at, OUT_CHANGED, WHY_FLAG,
			    vpasswd_flag(bit));
}

static void
read_quota(struct vpop *v, struct place *p, struct where at, struct piece q)
{
	int64_t bytes;
	bool count;

	if (!vpasswd_quota(q, &bytes, &count)) {
		moving_tell_of(v->m, p, at, OUT_CHANGED, WHY_FIELDS, "quota");
		return;
	}
	moving_quota(v->m, p, at, bytes);
	if (count)
		moving_tell_of(
		    v->m, p, at, OUT_CHANGED, WHY_QUOTA_COUNT, NULL);
}

/* -- the directory -- */

static void
read_usage(struct vpop *v, struct place *p, int dir, struct where at)
{
	const char *bytes;
	enum why why;
	size_t n;
	int mail = source_open(dir, "Maildir", &why);

	if (mail < 0) {
		/* Nobody is told to copy what a link leads to. */
		p->mail = NULL;
		source_tell(v->m, at, p->address, why, 0);
		return;
	}
	if (!source_read(v->m->pool, mail, "maildirsize", VPOP_SMALL, &bytes,
		&n, &why) ||
	    !maildirsize_read(
		bytes, n, &p->used_bytes, &p->used_messages))
		p->used_bytes = p->used_messages = -1;
	close(mail);
	moving_tell_of(v->m, p, at, OUT_DONE, WHY_MAIL, p->mail);
}

static void
read_qmail(struct vpop *v, struct place *p, int dir, struct where at)
{
	const char *bytes;
	enum why why;
	size_t n;

	if (source_read(v->m->pool, dir, ".qmail", VPOP_SMALL, &bytes, &n,
		&why))
		vpop_account_qmail(v, p, at, bytes, n);
	else
		source_tell(v->m, at, p->address, why, VPOP_SMALL);
}

static void
read_name(struct vpop *v, struct place *p, int dir, const char *path,
    const struct seen_name *e)
{
	static const struct {
		const char *name;
		enum outcome outcome;
		enum why why;
	} known[] = {
		{ "lastauth", OUT_DONE, WHY_DERIVED },
		{ ".mailfilter", OUT_REFUSED, WHY_PROGRAM },
		{ ".procmailrc", OUT_REFUSED, WHY_PROGRAM },
		{ "vacation", OUT_REFUSED, WHY_VACATION },
		{ "vacation.msg", OUT_REFUSED, WHY_VACATION },
	};
	struct where at = vpop_where(
	    v, pool_printf(v->m->pool, "%s/%s", path, e->name));

	if (strcmp(e->name, "Maildir") == 0) {
		p->mail = pool_printf(v->m->pool, "%s/%s/Maildir", v->root,
		    path);
		read_usage(v, p, dir, at);
		return;
	}
	if (strcmp(e->name, ".qmail") == 0) {
		read_qmail(v, p, dir, at);
		return;
	}
	for (size_t i = 0; i < NELEM(known); i++) {
		if (strcmp(e->name, known[i].name) != 0)
			continue;
		moving_tell(v->m, at, p->address, known[i].outcome,
		    known[i].why, e->name);
		return;
	}
	moving_tell(v->m, at, p->address, OUT_REFUSED,
	    e->as == SEEN_LINK		      ? WHY_LINK :
		e->as == SEEN_SPECIAL ? WHY_SPECIAL :
					      WHY_UNKNOWN,
	    NULL);
}

static void
read_directory(struct vpop *v, struct place *p, struct where at,
    struct piece given)
{
	const char *path = path_of(v, given);
	struct seen_name *list;
	struct where shown;
	enum why why;
	size_t n;
	int dir;

	if (path == NULL || path[0] == '\0') {
		moving_tell_of(v->m, p, at, OUT_REFUSED, WHY_OUTSIDE,
		    moving_text(v->m, given.s, given.n));
		return;
	}
	v->homes = moving_grow(
	    v->m->pool, v->homes, v->nhomes, &v->homes_size, sizeof(*v->homes));
	v->homes[v->nhomes++] = path;
	shown = vpop_where(v, path);
	if ((dir = source_open(v->dir, path, &why)) < 0) {
		source_tell(v->m, shown, p->address, why, 0);
		return;
	}
	if (source_list(v->m->pool, dir, &list, &n))
		for (size_t i = 0; i < n; i++)
			read_name(v, p, dir, path, &list[i]);
	else
		source_tell(v->m, shown, p->address, WHY_UNREADABLE, 0);
	close(dir);
}

/* -- vpasswd -- */

static void
read_line(struct vpop *v, struct where at, struct piece line)
{
	struct piece field[VP__MAX];
	const char *hash;
	struct place *p;

	if (line.n == 0) {
		moving_tell(v->m, at, "", OUT_DONE, WHY_COMMENT, NULL);
		return;
	}
	/* A NUL, too: nothing of such a line is shown. */
	if (piece_has_control(line) ||
	    !vpasswd_line(line.s, line.n, field)) {
		moving_tell(v->m, at, "", OUT_REFUSED,
		    piece_has_control(line) ? WHY_CONTROL : WHY_FIELDS, NULL);
		return;
	}
	if ((p = moving_add(v->m, at, KIND_ACCOUNT, v->domain,
		 pool_strndup(v->m->pool, field[VP_NAME].s,
		     field[VP_NAME].n))) == NULL)
		return;
	hash = pool_strndup(
	    v->m->pool, field[VP_HASH].s, field[VP_HASH].n);
	moving_hash(v->m, p, at, hash);
	moving_real_name(v->m, p, at,
	    pool_strndup(v->m->pool, field[VP_GECOS].s, field[VP_GECOS].n));
	read_flags(v, p, at, field[VP_GID]);
	read_quota(v, p, at, field[VP_QUOTA]);
	read_directory(v, p, at, field[VP_DIR]);
}

static int
by_path(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void
vpop_accounts(struct vpop *v)
{
	struct where at = vpop_where(v, "vpasswd");
	const char *bytes, *end;
	struct piece line;
	enum why why;
	size_t n;

	if (!source_read(v->m->pool, v->dir, "vpasswd", VPOP_LARGE, &bytes,
		&n, &why)) {
		source_tell(v->m, at, v->domain->name, why, VPOP_LARGE);
		return;
	}
	for (end = bytes + n; piece_line(&bytes, end, &line);) {
		at.line++;
		read_line(v, at, line);
	}
	if (v->nhomes > 0)
		qsort(v->homes, v->nhomes, sizeof(*v->homes), by_path);
}

bool
vpop_is_account(const struct vpop *v, const char *path)
{
	return v->nhomes > 0 && bsearch(&path, v->homes, v->nhomes,
				    sizeof(*v->homes), by_path) != NULL;
}
