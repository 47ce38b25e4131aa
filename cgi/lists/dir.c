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

static bool
fail(const char *what, const char *path)
{
	log_event("list_directory", "what=%s path=%s errno=%d", what, path,
	    errno);
	return false;
}

bool
lists_dir(const struct lists *ls, int64_t id, char *out, size_t size)
{
	struct stat st;

	snprintf(out, size, "%s/%lld", ls->spool, (long long)id);
	return stat(out, &st) == 0 && S_ISDIR(st.st_mode);
}

/* -- files -- */

static bool
same_content(const char *path, const char *text, size_t n)
{
	char buf[16384];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t got;

	if (fd < 0)
		return false;
	got = read(fd, buf, sizeof(buf));
	close(fd);
	return got >= 0 && (size_t)got == n && memcmp(buf, text, n) == 0;
}

static bool
no_file(const char *path)
{
	return unlink(path) == 0 || errno == ENOENT || fail("unlink", path);
}

/* A file with this text, or (NULL) none; and nothing beside it, where one was
 * being written when we were killed. */
static bool
put_file(const char *path, const char *text)
{
	const size_t n = text != NULL ? strlen(text) : 0;
	char beside[PATH_SIZE];
	int fd;

	snprintf(beside, sizeof(beside), "%s.new", path);
	if (text == NULL)
		return no_file(path) && no_file(beside);
	if (same_content(path, text, n))
		return no_file(beside);
	fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail("open", beside);
	if (write(fd, text, n) != (ssize_t)n || fsync(fd) < 0) {
		close(fd);
		return fail("write", beside);
	}
	close(fd);
	return rename(beside, path) == 0 || fail("rename", path);
}

/* A setting of mlmmj: a file of control/, or none. */
static bool
put(const char *dir, const char *name, bool there, const char *text)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), "%s/control/%s", dir, name);
	return put_file(path, there ? text : NULL);
}

static void
headers_of(const struct mlist *l, char *out, size_t size)
{
	const char *n = l->local_part, *d = l->domain;

	/* RFC 2369, RFC 2919.  One-click (RFC 8058) needs a web address that
	 * answers to everybody; ours is for the campus. */
	snprintf(out, size,
	    "List-Id: <%s.%s>\n"
	    "List-Post: <mailto:%s@%s>\n"
	    "List-Help: <mailto:%s+help@%s>\n"
	    "List-Subscribe: <mailto:%s+subscribe@%s>\n"
	    "List-Unsubscribe: <mailto:%s+unsubscribe@%s>\n"
	    "List-Owner: <mailto:%s+owner@%s>\n"
	    "Precedence: list\n"
	    "%s%s%s",
	    n, d, n, d, n, d, n, d, n, d, n, d,
	    l->reply_to_list ? "Reply-To: " : "",
	    l->reply_to_list ? l->address : "", l->reply_to_list ? "\n" : "");
}

static bool
put_posting(const char *dir, const struct mlist *l)
{
	const bool members = l->posting == POSTING_MEMBERS ||
	    l->posting == POSTING_MEMBERS_MODERATED;
	const bool moderators = l->posting == POSTING_MODERATORS ||
	    l->posting == POSTING_MODERATORS_MODERATED;
	const bool moderated = l->posting == POSTING_MEMBERS_MODERATED ||
	    l->posting == POSTING_MODERATORS_MODERATED;
	char owner[sizeof(l->owner) + 1];

	snprintf(owner, sizeof(owner), "%s\n", l->owner);
	return put(dir, "subonlypost", members, "") &&
	    put(dir, "modonlypost", moderators, "") &&
	    put(dir, "modnonsubposts", moderated, "") &&
	    /* Somebody has to be asked. */
	    put(dir, "moderators", true,
		l->moderators[0] != '\0' ? l->moderators : owner) &&
	    put(dir, "owner", true, owner);
}

static bool
put_settings(const struct lists *ls, const char *dir, const struct mlist *l)
{
	char headers[4096], line[ADDRESS_SIZE + 2], port[16];
	char footer[sizeof(l->footer) + 1];
	static const char drop[] = "List-Id:\nList-Post:\nList-Help:\n"
				   "List-Subscribe:\nList-Unsubscribe:\n"
				   "List-Unsubscribe-Post:\nList-Owner:\n"
				   "List-Archive:\nPrecedence:\n";
	char delheaders[sizeof(drop) + 16];

	headers_of(l, headers, sizeof(headers));
	snprintf(line, sizeof(line), "%s\n", l->address);
	snprintf(port, sizeof(port), "%lld\n", (long long)ls->smtp_port);
	snprintf(delheaders, sizeof(delheaders), "%s%s", drop,
	    l->reply_to_list ? "Reply-To:\n" : "");
	snprintf(footer, sizeof(footer), "%s\n", l->footer);
	return put(dir, "listaddress", true, line) &&
	    put_posting(dir, l) &&
	    put(dir, "closedlistsub", l->subscription == SUB_CLOSED, "") &&
	    put(dir, "submod", l->subscription == SUB_APPROVAL, "") &&
	    put(dir, "prefix", l->prefix[0] != '\0', l->prefix) &&
	    /* fumibako-list-mail adds it; mlmmj would spoil messages. */
	    put(dir, "footer", false, NULL) &&
	    put(dir, "fumibako-footer", l->footer[0] != '\0', footer) &&
	    put(dir, "noarchive", !l->archive, "") &&
	    /* Old posts are for members, of a time with an archive or not. */
	    put(dir, "noget", !l->archive, "") &&
	    put(dir, "subonlyget", true, "") &&
	    put(dir, "customheaders", true, headers) &&
	    put(dir, "delheaders", true, delheaders) &&
	    /* Also what comes by a forward or a blind copy. */
	    put(dir, "tocc", true, "") &&
	    put(dir, "relayhost", true, "127.0.0.1\n") &&
	    put(dir, "smtpport", true, port) &&
	    /* Postfix makes the envelope sender of each recipient. */
	    put(dir, "verp", true, "postfix\n") &&
	    put(dir, "maxverprecips", true, "100\n") &&
	    put(dir, "nodigestsub", true, "") &&
	    put(dir, "nonomailsub", true, "") &&
	    /* Who the members are, the owner asks us. */
	    put(dir, "nolistsubsemail", true, "");
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
		return fail("open", ls->texts);
	while (ok && (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(from, sizeof(from), "%s/%s", ls->texts, e->d_name);
		snprintf(to, sizeof(to), "%.*s/text/%s", DIR_SIZE, dir,
		    e->d_name);
		if ((f = fopen(from, "re")) == NULL) {
			ok = fail("open", from);
			break;
		}
		n = fread(buf, 1, sizeof(buf) - 1, f);
		ok = ferror(f) == 0 && fgetc(f) == EOF;
		fclose(f);
		buf[n] = '\0';
		ok = ok ? put_file(to, buf) : fail("copy", from);
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
	    errno == ENOENT || fail("remove", path);
}

static bool
make(const struct lists *ls, const struct mlist *l, const char *place)
{
	char dir[PATH_MAX], sub[PATH_SIZE];

	snprintf(dir, sizeof(dir), "%s/" NEW "%lld", ls->spool,
	    (long long)l->id);
	/* What a crash left half made. */
	if (!remove_tree(dir) || (mkdir(dir, 0700) < 0 && !fail("make", dir)))
		return false;
	for (size_t i = 0; i < NELEM(places); i++) {
		snprintf(sub, sizeof(sub), "%s/%s", dir, places[i]);
		if (mkdir(sub, 0700) < 0)
			return fail("make", sub);
	}
	snprintf(sub, sizeof(sub), "%s/index", dir);
	return put_file(sub, "") && copy_texts(ls, dir) &&
	    put_settings(ls, dir, l) &&
	    (rename(dir, place) == 0 || fail("rename", place));
}

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
		back = same_content(file, line, strlen(line)) &&
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
		p->ok &= put_settings(p->lists, place, l);
	else
		p->ok &= make(p->lists, l, place);
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
	return rename(path, gone) == 0 || fail("rename", path);
}

enum result
lists_sweep(const struct lists *ls)
{
	DIR *d = opendir(ls->spool);
	struct dirent *e;
	bool ok = true;

	if (d == NULL)
	{
		fail("open", ls->spool);
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
