/*
 * A list's directory: made beside its place and renamed into it, so it is
 * whole or not there; its settings are files, each written beside and renamed
 * over, and only where they differ.  A directory whose list is gone is
 * renamed out of the way and removed a week later: the list may be gone by a
 * mistake (an older users.db was put back), and its members are nowhere else.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "lists/lists.h"

#define PATH_SIZE 4608 /* PATH_MAX and what stands behind it */
#define DIR_SIZE 512
#define NEW "new-"   /* being made */
#define GONE "gone-" /* kept a while: members are nowhere else */
#define GONE_SECONDS (7LL * 86400)

static const char *const places[] = { "incoming", "queue", "queue/discarded",
	"archive", "text", "subconf", "unsubconf", "bounce", "control",
	"moderation", "subscribers.d", "digesters.d", "requeue",
	"nomailsubs.d" };

bool
lists_dir(const struct lists *ls, int64_t id, char *out, size_t size)
{
	struct stat st;

	snprintf(out, size, "%s/%lld", ls->spool, (long long)id);
	return stat(out, &st) == 0 && S_ISDIR(st.st_mode);
}

/* -- making and removing -- */

static bool
copy_texts(const struct lists *ls, const char *dir)
{
	char from[PATH_MAX], to[PATH_MAX], buf[16384];
	DIR *d = opendir(ls->texts);
	struct dirent *e;
	bool ok = true;
	FILE *f;
	size_t n;

	if (d == NULL)
		return lists_fail("open", ls->texts);
	while (ok && (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(from, sizeof(from), "%s/%s", ls->texts, e->d_name);
		snprintf(to, sizeof(to), "%.*s/text/%s", DIR_SIZE, dir,
		    e->d_name);
		if ((f = fopen(from, "re")) == NULL) {
			ok = lists_fail("open", from);
			break;
		}
		n = fread(buf, 1, sizeof(buf) - 1, f);
		ok = ferror(f) == 0 && fgetc(f) == EOF;
		fclose(f);
		buf[n] = '\0';
		ok = ok ? lists_put_file(to, buf) : lists_fail("copy", from);
	}
	closedir(d);
	return ok;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static bool
remove_tree(const char *path)
{
	return nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0 ||
	    errno == ENOENT || lists_fail("remove", path);
}

static bool
make(const struct lists *ls, const struct mlist *l, const char *place)
{
	char dir[PATH_MAX], sub[PATH_SIZE];

	snprintf(dir, sizeof(dir), "%s/" NEW "%lld", ls->spool,
	    (long long)l->id);
	/* What a crash left half made. */
	if (!remove_tree(dir))
		return false;
	if (mkdir(dir, 0700) < 0)
		return lists_fail("make", dir);
	for (size_t i = 0; i < NELEM(places); i++) {
		snprintf(sub, sizeof(sub), "%s/%s", dir, places[i]);
		if (mkdir(sub, 0700) < 0)
			return lists_fail("make", sub);
	}
	snprintf(sub, sizeof(sub), "%s/index", dir);
	return lists_put_file(sub, "") && copy_texts(ls, dir) &&
	    lists_put_control(ls, dir, l, NULL) &&
	    (rename(dir, place) == 0 || lists_fail("rename", place));
}

struct check {
	const struct lists *lists;
	FILE *out;
};

struct pass {
	const struct lists *lists;
	bool ok;
};

/* The list was gone, by a mistake, and is back: so are its members.  By its
 * address, because a restored database gives numbers out again. */
static bool
take_back(const struct lists *ls, const struct mlist *l, const char *place)
{
	char from[PATH_MAX], file[PATH_SIZE], line[ADDRESS_SIZE + 2];
	char start[32];
	DIR *d = opendir(ls->spool);
	struct dirent *e;
	bool back = false;

	snprintf(start, sizeof(start), GONE "%lld-", (long long)l->id);
	snprintf(line, sizeof(line), "%s\n", l->address);
	while (d != NULL && !back && (e = readdir(d)) != NULL) {
		if (strncmp(e->d_name, start, strlen(start)) != 0)
			continue;
		snprintf(from, sizeof(from), "%s/%s", ls->spool, e->d_name);
		snprintf(file, sizeof(file), "%s/control/listaddress", from);
		back = lists_same(file, line, strlen(line)) &&
		    rename(from, place) == 0;
	}
	if (d != NULL)
		closedir(d);
	return back;
}

static bool
sync_one(void *arg, const struct mlist *l)
{
	struct pass *p = arg;
	char place[PATH_SIZE];

	if (lists_dir(p->lists, l->id, place, sizeof(place)) ||
	    take_back(p->lists, l, place))
		p->ok &= lists_put_control(p->lists, place, l, NULL);
	else
		p->ok &= make(p->lists, l, place);
	return true;
}

static bool
check_one(void *arg, const struct mlist *l)
{
	const struct check *c = arg;
	char place[PATH_SIZE];

	if (lists_dir(c->lists, l->id, place, sizeof(place)))
		(void)lists_put_control(c->lists, place, l, c->out);
	else
		fprintf(c->out, "%lld missing\n", (long long)l->id);
	return true;
}

static bool
is_number(const char *s)
{
	return s[0] != '\0' && strspn(s, "0123456789") == strlen(s) &&
	    strlen(s) < 19;
}

/* "gone-ID-TIME" of long ago. */
static bool
is_old(const char *name)
{
	const char *at = strrchr(name, '-');

	return strncmp(name, GONE, strlen(GONE)) == 0 && at != NULL &&
	    is_number(at + 1) &&
	    strtoll(at + 1, NULL, 10) + GONE_SECONDS < time(NULL);
}

/* A directory that belongs to no list. */
static bool
sweep_one(const struct lists *ls, const char *name)
{
	char path[PATH_MAX], gone[PATH_SIZE];
	struct mlist l;
	enum result r;

	snprintf(path, sizeof(path), "%s/%s", ls->spool, name);
	if (strncmp(name, NEW, strlen(NEW)) == 0 || is_old(name))
		return remove_tree(path);
	if (!is_number(name))
		return true; /* not ours */
	r = store_mlist_by_id(ls->store, strtoll(name, NULL, 10), &l);
	if (r != RES_NOTFOUND)
		return r == RES_OK;
	snprintf(gone, sizeof(gone), "%s/" GONE "%s-%lld", ls->spool, name,
	    (long long)time(NULL));
	return rename(path, gone) == 0 || lists_fail("rename", path);
}

enum result
lists_sweep(const struct lists *ls)
{
	DIR *d = opendir(ls->spool);
	struct dirent *e;
	bool ok = true;

	if (d == NULL)
	{
		lists_fail("open", ls->spool);
		return RES_FAIL;
	}
	while ((e = readdir(d)) != NULL)
		if (e->d_name[0] != '.')
			ok &= sweep_one(ls, e->d_name);
	closedir(d);
	return ok ? RES_OK : RES_FAIL;
}

enum result
lists_sync_one(const struct lists *ls, int64_t id)
{
	struct pass p = { ls, true };
	char dir[PATH_SIZE], name[32];
	struct mlist l;
	enum result r = store_mlist_by_id(ls->store, id, &l);

	snprintf(name, sizeof(name), "%lld", (long long)id);
	if (r == RES_OK)
		(void)sync_one(&p, &l);
	else if (r == RES_NOTFOUND && lists_dir(ls, id, dir, sizeof(dir)))
		p.ok = sweep_one(ls, name);
	else if (r != RES_NOTFOUND)
		return r;
	return p.ok ? lists_leave(ls) : RES_FAIL;
}

enum result
lists_sync(const struct lists *ls)
{
	struct pass p = { ls, true };
	enum result r = store_mlists(ls->store, 0, sync_one, &p);

	if (r != RES_OK)
		return r;
	if ((r = lists_sweep(ls)) == RES_OK && !p.ok)
		r = RES_FAIL;
	return r == RES_OK ? lists_leave(ls) : r;
}

enum result
lists_check(const struct lists *ls, FILE *out)
{
	struct check c = { ls, out };
	enum result r = store_mlists(ls->store, 0, check_one, &c);
	DIR *d = opendir(ls->spool);
	struct dirent *e;
	struct mlist l;

	if (d == NULL) {
		lists_fail("open", ls->spool);
		return RES_FAIL;
	}
	while (r == RES_OK && (e = readdir(d)) != NULL) {
		if (!is_number(e->d_name))
			continue;
		r = store_mlist_by_id(
		    ls->store, strtoll(e->d_name, NULL, 10), &l);
		if (r == RES_NOTFOUND) {
			fprintf(out, "%s stray\n", e->d_name);
			r = RES_OK;
		}
	}
	closedir(d);
	return r;
}
