/*
 * doctor: may each daemon's user do what it has to?  Asked of the kernel with
 * the rights of that user, since root may everything.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool/doctor.h"

#define PATH_SIZE (PATH_MAX + 8) /* and -wal */

/* -- somebody else's rights -- */

/* Those with these names, as Dovecot separates them. */
static bool
set_named(const char *names)
{
	gid_t groups[16];
	size_t n = 0;

	while (*names != '\0' && n < NELEM(groups)) {
		const size_t len = strcspn(names, ", ");
		char name[64];
		const struct group *g;

		snprintf(name, sizeof(name), "%.*s", (int)len, names);
		if (len >= sizeof(name) || (g = getgrnam(name)) == NULL)
			return false;
		groups[n++] = g->gr_gid;
		names += len + strspn(names + len, ", ");
	}
	return setgroups(n, groups) == 0;
}

bool
doctor_be(const char *user, const char *groups)
{
	const struct passwd *pw = getpwnam(user);

	if (pw != NULL &&
	    (groups == NULL ? initgroups(user, pw->pw_gid) == 0 :
			      set_named(groups)) &&
	    setegid(pw->pw_gid) == 0 && seteuid(pw->pw_uid) == 0)
		return true;
	doctor_be_root();
	return false;
}

void
doctor_be_root(void)
{
	/* Never on with the rights of another. */
	if (seteuid(0) != 0 || setegid(0) != 0 || setgroups(0, NULL) != 0)
		abort();
}

/* -- what everybody needs -- */

/* A database, and how its directory and its files have to be. */
struct place {
	const char *path, *owner, *dir_mode;
};

/* Who needs it. */
struct user {
	const char *name;
	const char *groups; /* NULL: what the system gives; else these only */
	const char *as;	    /* "Dovecot's auth-worker" */
};

/* The directory of a path, in out. */
static const char *
dir_of(const char *path, char out[PATH_SIZE])
{
	const char *slash = strrchr(path, '/');
	const int n = slash > path ? (int)(slash - path) : 1;

	snprintf(out, PATH_SIZE, "%.*s", n, path);
	return out;
}

/* As the user: the first directory on the way that it cannot pass through. */
static bool
find_wall(const char *path, char out[PATH_SIZE])
{
	for (const char *s = path; (s = strchr(s + 1, '/')) != NULL;) {
		snprintf(out, PATH_SIZE, "%.*s", (int)(s - path), path);
		if (faccessat(AT_FDCWD, out, X_OK, AT_EACCESS) != 0)
			return true;
	}
	return false;
}

/* Is all as it should be, but the user not in the group? */
static bool
is_stranger(const struct user *u, const char *path, const char *group)
{
	const struct group *g = getgrnam(group);
	gid_t groups[NGROUPS_MAX];
	struct stat st;
	int n = 0;

	if (g == NULL || stat(path, &st) != 0 || st.st_gid != g->gr_gid ||
	    (st.st_mode & 060) != 060 || !doctor_be(u->name, u->groups))
		return false;
	n = getgroups(NELEM(groups), groups);
	doctor_be_root();
	for (int i = 0; i < n; i++)
		if (groups[i] == st.st_gid)
			return false;
	return true;
}

static const char *
remedy_for(struct doctor *d, const struct user *u, const struct place *p,
    const char *path, bool is_dir)
{
	const char *colon = strchr(p->owner, ':');

	if (colon == NULL)
		return "see \"Users and permissions\" in schema/README.md";
	if (is_stranger(u, path, colon + 1))
		return pool_printf(d->pool,
		    u->groups != NULL ?
			"extra_groups = %s for it in dovecot.conf, and "
			"restart Dovecot" :
			"usermod -aG %s %s, and restart what runs as it",
		    colon + 1, u->name);
	return pool_printf(d->pool, "chown %s %s && chmod %s %s", p->owner,
	    path, is_dir ? p->dir_mode : "0660", path);
}

static void
tell_refused(struct doctor *d, const struct user *u, const struct place *p,
    const char *path, int mode, const char *wall)
{
	const bool is_dir = (mode & X_OK) != 0;
	const char *what = (mode & W_OK) == 0 ? "read" :
	    is_dir			      ? "make files in" :
						"read and write";

	if (wall != NULL)
		doctor_tell(d, SEVERITY_FAIL, path,
		    pool_printf(d->pool, "chmod o+x %s", wall),
		    "%s (%s) cannot pass through %s", u->as, u->name, wall);
	else
		doctor_tell(d, SEVERITY_FAIL, path,
		    remedy_for(d, u, p, path, is_dir), "%s (%s) cannot %s it",
		    u->as, u->name, what);
}

/* May the user do that?  Only for what is there. */
static bool
try(struct doctor *d, const struct user *u, const struct place *p,
    const char *path, int mode)
{
	char wall[PATH_SIZE];
	bool walled, may;

	if (access(path, F_OK) != 0)
		return true;
	if (!doctor_be(u->name, u->groups)) {
		doctor_tell(d, SEVERITY_FAIL, u->name,
		    "install the package that it belongs to, or see "
		    "\"Users and permissions\" in schema/README.md",
		    "there is no such user, or not all of its groups, for %s",
		    u->as);
		return false;
	}
	may = faccessat(AT_FDCWD, path, mode, AT_EACCESS) == 0;
	walled = !may && find_wall(path, wall);
	doctor_be_root();
	if (!may)
		tell_refused(d, u, p, path, mode, walled ? wall : NULL);
	return may;
}

/* A database: whoever reads it has to make and write what is beside it. */
static void
try_database(struct doctor *d, const struct user *u, const struct place *p)
{
	static const char *const beside[] = { "", "-wal", "-shm" };
	char path[PATH_SIZE];

	if (!try(d, u, p, dir_of(p->path, path), W_OK | X_OK))
		return;
	for (size_t i = 0; i < NELEM(beside); i++) {
		snprintf(path, sizeof(path), "%s%s", p->path, beside[i]);
		(void)try(d, u, p, path, R_OK | W_OK);
	}
}

/* Who has no business there. */
static void
try_nobody(struct doctor *d, const struct place *p)
{
	bool reads;

	if (!doctor_be("nobody", NULL))
		return;
	reads = faccessat(AT_FDCWD, p->path, R_OK, AT_EACCESS) == 0;
	doctor_be_root();
	if (reads)
		doctor_tell(d, SEVERITY_FAIL, p->path,
		    pool_printf(d->pool, "chmod o-rwx %s", p->path),
		    "every user of this host can read it");
}

/* A file that a daemon makes must get the group of the others. */
static void
try_group(struct doctor *d, const struct place *p)
{
	char dir[PATH_SIZE];
	struct stat st;

	if (stat(dir_of(p->path, dir), &st) == 0 &&
	    (st.st_mode & S_ISGID) == 0)
		doctor_tell(d, SEVERITY_FAIL, dir,
		    pool_printf(d->pool, "chmod %s %s", p->dir_mode, dir),
		    "what is made in it does not get its group");
}

/* -- who they are -- */

static void
ask_dovecot(struct doctor *d, struct user *auth, struct user *dict)
{
	const char *const argv[] = { "/usr/bin/doveconf", "-c",
		d->tool->conf.doctor_dovecot, "-h", "default_internal_user",
		"service/auth-worker/user",
		"service/auth-worker/extra_groups", "service/dict/user",
		"service/dict/extra_groups", NULL };
	const char *v[5];

	if (!doctor_values(d, argv, v, NELEM(v))) {
		doctor_tell(d, SEVERITY_SKIP, "dovecot", NULL,
		    "its rights are not checked: %s", v[0]);
		return;
	}
	auth->name = v[1][0] == '$' ? v[0] : v[1];
	auth->groups = v[2];
	/* Empty is root. */
	dict->name = v[3][0] == '$' ? v[0] : v[3];
	dict->groups = v[4];
}

static void
ask_postfix(struct doctor *d, struct user *postfix)
{
	const char *const argv[] = { "/usr/sbin/postconf", "-c",
		d->tool->conf.doctor_postfix, "-xh", "mail_owner", NULL };
	const char *v[1];

	if (doctor_values(d, argv, v, NELEM(v)))
		postfix->name = v[0];
	else
		doctor_tell(d, SEVERITY_SKIP, "postfix", NULL,
		    "its rights are not checked: %s", v[0]);
}

static void
try_web(struct doctor *d, const struct place places[3])
{
	static const struct user web = { "fumibako", NULL, "the web" };
	static const struct place any = { "", "", "" };
	const struct conf *c = &d->tool->conf;

	(void)try(d, &web, &any, d->tool->conf_path, R_OK);
	(void)try(d, &web, &any, c->templates, R_OK | X_OK);
	for (size_t i = 0; i < 3; i++)
		try_database(d, &web, &places[i]);
	(void)try(d, &web, &any, c->oldest_socket, W_OK);
	if (c->lists_socket[0] != '\0')
		(void)try(d, &web, &any, c->lists_socket, W_OK);
}

static void
try_engine(struct doctor *d, const struct place places[3])
{
	static const struct user engine = { "mlmmj", NULL, "the list engine" };
	const struct conf *c = &d->tool->conf;
	const struct place spool = { c->lists_spool, "mlmmj:mlmmj", "0700" };
	const struct place any = { "", "", "" };

	if (c->lists_spool[0] == '\0')
		return;
	(void)try(d, &engine, &any, d->tool->conf_path, R_OK);
	try_database(d, &engine, &places[0]);
	(void)try(d, &engine, &spool, spool.path, R_OK | W_OK | X_OK);
}

void
check_permissions(struct doctor *d)
{
	const struct conf *c = &d->tool->conf;
	const struct place places[] = {
		{ c->users_db, "fumibako:maildb", "2770" },
		{ c->web_db, "fumibako:fumibako", "0700" },
		{ c->mailstat_db, "dovecot:maildb", "2770" },
	};
	struct user auth = { "", "", "Dovecot's auth-worker" };
	struct user dict = { "", "", "Dovecot's dict" };
	struct user postfix = { "", NULL, "Postfix" };

	ask_dovecot(d, &auth, &dict);
	ask_postfix(d, &postfix);
	try_web(d, places);
	if (postfix.name[0] != '\0')
		try_database(d, &postfix, &places[0]);
	if (auth.name[0] != '\0')
		try_database(d, &auth, &places[0]);
	if (dict.name[0] != '\0')
		try_database(d, &dict, &places[2]);
	try_engine(d, places);
	try_nobody(d, &places[0]);
	try_nobody(d, &places[1]);
	try_group(d, &places[0]);
	try_group(d, &places[2]);
	if (d->worst == SEVERITY_OK)
		doctor_tell(d, SEVERITY_OK, "", NULL,
		    "each daemon's user can use what it needs, and nobody "
		    "else the databases");
}
