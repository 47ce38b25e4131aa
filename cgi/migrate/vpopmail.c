/* vpopmail's domains: found, their limits, and what nobody else reads. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "migrate/vpop.h"
#include "migrate/vpopmail.h"

/* Directories with one letter for a name divide many others: three deep. */
#define SPLIT_DEPTH 3

struct where
vpop_where(const struct vpop *v, const char *name)
{
	return (struct where){ pool_printf(v->m->pool, "%s/%s", v->shown,
				   moving_text(v->m, name, strlen(name))),
		0 };
}

/* -- .qmailadmin-limits -- */

static void
take_max(int64_t value, int64_t *max)
{
	*max = value < 0 ? NO_LIMIT : value;
}

/* Its line is used: true. */
static bool
take_limit(struct vpop *v, struct piece name, int64_t value)
{
	struct moving_domain *d = v->domain;

	if (piece_is(name, "maxpopaccounts"))
		take_max(value, &d->max_accounts);
	else if (piece_is(name, "maxforwards"))
		take_max(value, &v->max_forwards);
	else if (piece_is(name, "maxaliases"))
		take_max(value, &v->max_aliases);
	else if (piece_is(name, "maxmailinglists"))
		take_max(value, &d->max_lists);
	else if (piece_is(name, "default_quota"))
		d->default_quota_bytes =
		    value > 0 ? moving_whole_mb(value) : 0;
	else
		return false;
	return true;
}

static void
read_limit(struct vpop *v, struct where at, struct piece line)
{
	static const char *const none[] = { "maxautoresponders", "quota",
		"maxmsgcount", "default_maxmsgcount", "perm_account",
		"perm_alias", "perm_forward", "perm_autoresponder",
		"perm_maillist", "perm_quota", "perm_defaultquota" };
	struct piece name;
	int64_t value;
	const char *text;

	if (!limits_line(line, &name, &value)) {
		moving_tell(v->m, at, v->domain->name, OUT_REFUSED, WHY_FIELDS,
		    NULL);
		return;
	}
	text = moving_text(v->m, name.s, name.n);
	if (name.n == 0 || name.s[0] == '#' || take_limit(v, name, value)) {
		moving_tell(
		    v->m, at, v->domain->name, OUT_DONE, WHY_READ, text);
		return;
	}
	for (size_t i = 0; i < NELEM(none); i++) {
		if (!piece_is(name, none[i]))
			continue;
		moving_tell(v->m, at, v->domain->name,
		    value <= 0 ? OUT_DONE : OUT_REFUSED,
		    value <= 0 ? WHY_DERIVED : WHY_LIMIT, text);
		return;
	}
	moving_tell(v->m, at, v->domain->name, OUT_REFUSED,
	    name.n > 8 && memcmp(name.s, "disable_", 8) == 0 ? WHY_LIMIT :
							       WHY_UNKNOWN,
	    text);
}

static void
read_limits(struct vpop *v)
{
	struct where at = vpop_where(v, ".qmailadmin-limits");
	const char *bytes, *end;
	struct piece line;
	enum why why;
	size_t n;

	if (!source_read(v->m->pool, v->dir, ".qmailadmin-limits", VPOP_SMALL,
		&bytes, &n, &why)) {
		if (why != WHY_UNREADABLE || errno != ENOENT)
			source_tell(v->m, at, "", why, VPOP_SMALL);
		return;
	}
	for (end = bytes + n; piece_line(&bytes, end, &line);) {
		at.line++;
		read_limit(v, at, line);
	}
	/* What is one kind here was two there. */
	if (v->max_forwards != NO_LIMIT && v->max_aliases != NO_LIMIT)
		v->domain->max_forwards = v->max_forwards + v->max_aliases;
}

/* -- what is left -- */

static bool
is_derived(const char *name)
{
	static const char *const names[] = { "vpasswd.cdb", ".vpasswd.lock",
		"vpasswd.lock", ".dir-control", ".vpasswd.cdb",
		"vpasswd.cdb.tmp", ".lock", "lastauth" };

	for (size_t i = 0; i < NELEM(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* A directory of directories, or one of nobody that is known. */
static void
look_into(struct vpop *v, const char *path, int depth)
{
	const char *slash = strrchr(path, '/'), *below;
	const char *name = slash != NULL ? slash + 1 : path;
	struct where at = vpop_where(v, path);
	struct seen_name *list;
	enum why why;
	size_t n;
	int fd;

	if (vpop_is_account(v, path)) {
		moving_tell(v->m, at, "", OUT_DONE, WHY_READ, NULL);
		return;
	}
	if (name[1] != '\0' || depth == 0) {
		moving_tell(v->m, at, "", OUT_REFUSED, WHY_NOBODY, NULL);
		return;
	}
	if ((fd = source_open(v->dir, path, &why)) < 0 ||
	    !source_list(v->m->pool, fd, &list, &n)) {
		source_tell(v->m, at, "", why, 0);
	} else {
		moving_tell(v->m, at, "", OUT_DONE, WHY_READ, NULL);
		for (size_t i = 0; i < n; i++) {
			below = pool_printf(
			    v->m->pool, "%s/%s", path, list[i].name);
			if (list[i].as == SEEN_DIR)
				look_into(v, below, depth - 1);
			else
				moving_tell(v->m, vpop_where(v, below), "",
				    OUT_REFUSED,
				    list[i].as == SEEN_LINK ? WHY_LINK :
							      WHY_UNKNOWN,
				    NULL);
		}
	}
	if (fd >= 0)
		close(fd);
}

static void
tell_rest(struct vpop *v)
{
	for (size_t i = 0; i < v->n; i++) {
		const struct seen_name *e = &v->names[i];
		const struct where at = vpop_where(v, e->name);

		if (strncmp(e->name, ".qmail-", 7) == 0 ||
		    strcmp(e->name, "vpasswd") == 0 ||
		    strcmp(e->name, ".qmailadmin-limits") == 0 ||
		    (e->as == SEEN_DIR && !vpop_is_account(v, e->name) &&
			vpop_is_list(v, e->name)))
			continue;
		if (e->as == SEEN_DIR)
			look_into(v, e->name, SPLIT_DEPTH);
		else if (is_derived(e->name))
			moving_tell(
			    v->m, at, "", OUT_DONE, WHY_DERIVED, NULL);
		else
			moving_tell(v->m, at, "", OUT_REFUSED,
			    e->as == SEEN_LINK		  ? WHY_LINK :
				e->as == SEEN_SPECIAL ? WHY_SPECIAL :
							  WHY_UNKNOWN,
			    NULL);
	}
}

/* -- domains -- */

static void
read_domain(struct moving *m, int dir, const char *root, const char *shown,
    const char *name)
{
	struct vpop v = { .m = m,
		.root = root,
		.shown = shown,
		.dir = dir,
		.max_forwards = NO_LIMIT,
		.max_aliases = NO_LIMIT };
	struct seen_name *list;

	v.domain = moving_add_domain(m, (struct where){ shown, 0 }, name);
	if (v.domain == NULL)
		return;
	if (!source_list(m->pool, dir, &list, &v.n)) {
		source_tell(m, v.domain->at, "", WHY_UNREADABLE, 0);
		return;
	}
	v.names = list;
	read_limits(&v);
	vpop_accounts(&v);
	vpop_lists(&v);
	vpop_aliases(&v);
	tell_rest(&v);
}

static bool
has_vpasswd(int dir)
{
	return faccessat(dir, "vpasswd", F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Of which domain it is another name: the last name of the link. */
static void
tell_alias(struct moving *m, int dir, const char *name, const char *shown)
{
	char to[PATH_MAX];
	ssize_t n = readlinkat(dir, name, to, sizeof(to) - 1);
	const char *last;

	to[n > 0 ? n : 0] = '\0';
	while (n > 1 && to[n - 1] == '/')
		to[--n] = '\0';
	last = strrchr(to, '/');
	last = last != NULL ? last + 1 : to;
	/* One that lies elsewhere has no other name. */
	if (strcmp(last, name) == 0)
		moving_tell(m, (struct where){ shown, 0 },
		    moving_text(m, name, strlen(name)), OUT_REFUSED, WHY_LINK,
		    moving_text(m, last, strlen(last)));
	else
		moving_add_alias(m, (struct where){ shown, 0 }, name, last);
}

/*
 * A copy of qmail's users/assign, "+ALIAS-:DOMAIN:uid:gid:directory:-::": only
 * there vpopmail has the other names of a domain.
 */
static void
read_assign(struct moving *m, int dir)
{
	struct where at = { "assign", 0 };
	const char *bytes, *end;
	struct piece line, name, domain;
	enum why why;
	size_t n;

	if (!source_read(
		m->pool, dir, at.file, VPOP_LARGE, &bytes, &n, &why)) {
		if (why != WHY_UNREADABLE || errno != ENOENT)
			source_tell(m, at, "", why, VPOP_LARGE);
		return;
	}
	for (end = bytes + n; piece_line(&bytes, end, &line);) {
		const bool ends = piece_is(line, ".");
		const bool good = assign_line(line, &name, &domain);
		const char *text =
		    good ? pool_strndup(m->pool, name.s, name.n) : "";
		const bool same = good && name.n == domain.n &&
		    strncasecmp(name.s, domain.s, name.n) == 0;

		at.line++;
		if (good && !same)
			moving_add_alias(m, at, text,
			    pool_strndup(m->pool, domain.s, domain.n));
		else
			moving_tell(m, at, moving_text(m, text, strlen(text)),
			    ends || same ? OUT_DONE : OUT_REFUSED,
			    ends	   ? WHY_COMMENT :
				same ? WHY_DERIVED :
				       WHY_UNKNOWN,
			    NULL);
	}
}

/* The domains below; true: there is one. */
static bool
read_domains(struct moving *m, int dir, const char *root, const char *shown,
    int depth)
{
	struct seen_name *list;
	bool any = false;
	enum why why;
	size_t n;

	if (!source_list(m->pool, dir, &list, &n))
		return false;
	for (size_t i = 0; i < n; i++) {
		const char *name = list[i].name;
		const char *at = pool_printf(m->pool, "%s%s%s", shown,
		    shown[0] != '\0' ? "/" : "",
		    moving_text(m, name, strlen(name)));
		const char *path =
		    pool_printf(m->pool, "%s/%s", root, name);
		int fd = -1;

		if (list[i].as == SEEN_LINK)
			tell_alias(m, dir, name, at);
		else if (list[i].as != SEEN_DIR)
			moving_tell(m, (struct where){ at, 0 }, "",
			    OUT_REFUSED, WHY_UNKNOWN, NULL);
		else if ((fd = source_open(dir, name, &why)) < 0)
			source_tell(m, (struct where){ at, 0 }, "", why, 0);
		else if (has_vpasswd(fd)) {
			read_domain(m, fd, path, at, name);
			any = true;
		} else if (name[1] != '\0' || depth == 0 ||
		    !read_domains(m, fd, path, at, depth - 1))
			moving_tell(m, (struct where){ at, 0 }, "",
			    OUT_REFUSED, WHY_UNKNOWN, NULL);
		else
			any = true;
		if (fd >= 0)
			close(fd);
	}
	return any;
}

/* Of the program itself, and not of a domain.  What is in it is for somebody
 * to judge: users of no domain, limits that all domains have. */
static void
tell_beside(struct moving *m, int dir)
{
	struct seen_name *list;
	size_t n;

	if (!source_list(m->pool, dir, &list, &n))
		return;
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i].name, "domains") != 0 &&
		    strcmp(list[i].name, "assign") != 0)
			moving_tell(m,
			    (struct where){ moving_text(m, list[i].name,
						strlen(list[i].name)),
				0 },
			    "", OUT_REFUSED, WHY_UNKNOWN, NULL);
}

enum result
vpopmail_read(struct moving *m, const char *path)
{
	char root[PATH_MAX];
	enum why why;
	int dir = source_open(AT_FDCWD, path, &why), below;
	bool any = true;

	if (dir < 0 || realpath(path, root) == NULL) {
		if (dir >= 0)
			close(dir);
		return RES_NOTFOUND;
	}
	path = pool_printf(m->pool, "%s", root);
	if (has_vpasswd(dir)) {
		const char *name = strrchr(path, '/') + 1;

		read_domain(m, dir, path, name, name);
	} else if ((below = source_open(dir, "domains", &why)) >= 0) {
		any = read_domains(m, below,
		    pool_printf(m->pool, "%s/domains", path), "domains",
		    SPLIT_DEPTH);
		close(below);
		read_assign(m, dir);
		tell_beside(m, dir);
	} else {
		any = read_domains(m, dir, path, "", SPLIT_DEPTH);
	}
	close(dir);
	return any ? RES_OK : RES_INVALID;
}
