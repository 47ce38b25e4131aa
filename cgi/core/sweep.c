#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/pool.h"
#include "base/tree.h"
#include "core/history.h"
#include "core/sweep.h"
#include "store/backup.h"

#define MARK ".fumibako-gone"
/* A directory on its way out: decided, and not to be had back. */
#define REMOVING "removing-"

struct sweep {
	struct store *store;
	const struct sweep_rules *rules;
	int root;
	int64_t last_id;
	bool failed;
	void (*each)(void *arg, const struct swept *);
	void *arg;
};

static void
failed(struct sweep *w, const char *what, int64_t id)
{
	log_event("sweep", "what=%s id=%lld errno=%d", what, (long long)id,
	    errno);
	w->failed = true;
}

/* 7, and not 07 or 7x; 0: it is no id. */
static int64_t
id_of(const char *name)
{
	const size_t n = strspn(name, "0123456789");

	return n == 0 || n > 18 || name[n] != '\0' || name[0] == '0' ?
	    0 :
	    strtoll(name, NULL, 10);
}

/* -- since when -- */

/* The mark's time; a directory without one is marked now. */
static bool
since(const struct sweep_rules *rules, int dir, int64_t *since_r)
{
	const struct timespec now[2] = { { .tv_sec = rules->now },
		{ .tv_sec = rules->now } };
	struct stat st;
	int fd;
	bool done;

	*since_r = rules->now;
	if (fstatat(dir, MARK, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		*since_r = st.st_mtime;
		return true;
	}
	if (errno != ENOENT || rules->dry_run)
		return errno == ENOENT;
	fd = openat(dir, MARK,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	done = fd >= 0 && futimens(fd, now) == 0;
	if (fd >= 0)
		close(fd);
	return done;
}

/* The account is there, or there again. */
static void
unmark(const struct sweep *w, const char *name)
{
	const int dir =
	    w->rules->dry_run ? -1 : tree_open(w->root, name);

	if (dir < 0)
		return;
	(void)unlinkat(dir, MARK, 0);
	close(dir);
}

/* -- away with it -- */

/*
 * Under the database's write lock it gets another name, so that no restore
 * can give the account back in the middle of it; then it is removed without
 * one, however long that takes.  away_r: it has the other name.
 */
static enum result
take_away(struct sweep *w, const char *name, int64_t id, bool *away_r)
{
	char to[sizeof(REMOVING) + 20];
	int64_t unused = 0;
	enum result r;

	*away_r = false;
	snprintf(to, sizeof(to), REMOVING "%lld", (long long)id);
	if (!tree_walk(w->root, to, true, &unused)) {
		failed(w, "remove", id);
		return RES_OK;
	}
	if ((r = store_begin(w->store)) != RES_OK)
		return r;
	if ((r = store_address_there(w->store, id)) == RES_NOTFOUND) {
		r = RES_OK;
		*away_r = renameat(w->root, name, w->root, to) == 0;
		if (!*away_r)
			failed(w, "rename", id);
	}
	if ((r = store_end(w->store, r)) == RES_OK &&
	    !tree_walk(w->root, to, true, &unused))
		failed(w, "remove", id);
	return r;
}

struct last {
	char address[ADDRESS_SIZE];
	int64_t at;
};

static bool
take_last(void *arg, const struct history_row *h)
{
	struct last *last = arg;

	snprintf(last->address, sizeof(last->address), "%s", h->subject);
	last->at = h->at;
	return false;
}

static enum result
sweep_gone(struct sweep *w, const char *name, int64_t id)
{
	const struct history_from newest = { .of = HISTORY_OF_ACCOUNT,
		.account_id = id, .from = INT64_MAX };
	const int dir = tree_open(w->root, name);
	struct last last = { .at = 0 };
	struct swept found = { .id = id, .address = last.address };
	enum result r;

	if (dir < 0 || !since(w->rules, dir, &found.since) ||
	    !tree_walk(w->root, name, false, &found.bytes)) {
		failed(w, "look", id);
		if (dir >= 0)
			close(dir);
		return RES_OK;
	}
	close(dir);
	r = history_walk(w->store, &newest, take_last, &last);
	/* It was there again, and no sweep came to remove the mark. */
	if (found.since < last.at)
		found.since = last.at;
	found.due = w->rules->now - found.since >= w->rules->keep;
	if (r == RES_OK && found.due && !w->rules->dry_run)
		r = take_away(w, name, id, &found.due);
	if (r == RES_OK)
		w->each(w->arg, &found);
	return r;
}

static enum result
sweep_one(struct sweep *w, const char *name)
{
	const int64_t id = id_of(name);
	int64_t unused = 0;
	enum result r;

	if (strncmp(name, REMOVING, strlen(REMOVING)) == 0 &&
	    id_of(name + strlen(REMOVING)) != 0 && !w->rules->dry_run &&
	    !tree_walk(w->root, name, true, &unused))
		failed(w, "remove", id_of(name + strlen(REMOVING)));
	if (id == 0 || id > w->last_id)
		return RES_OK;
	if ((r = store_address_there(w->store, id)) == RES_NOTFOUND)
		return sweep_gone(w, name, id);
	if (r == RES_OK)
		unmark(w, name);
	return r;
}

static enum result
sweep_directory(struct sweep *w)
{
	DIR *d = opendir(w->rules->directory);
	const struct dirent *e;
	enum result r;

	if (d == NULL) {
		perror(w->rules->directory);
		return RES_FAIL;
	}
	w->root = dirfd(d);
	r = store_last_id(w->store, &w->last_id);
	while (r == RES_OK && (e = readdir(d)) != NULL)
		r = sweep_one(w, e->d_name);
	closedir(d);
	return r;
}

/* -- what was counted for it -- */

#define NAMES_PAGE 1000

struct names {
	struct store *store;
	struct pool *pool;
	const char *last;
	const char *gone[NAMES_PAGE];
	size_t n, ngone;
	enum result r;
};

static bool
note_name(void *arg, const char *name)
{
	struct names *p = arg;
	char local[ADDRESS_SIZE];
	const char *at = strrchr(name, '@');
	enum kind kind = KIND_FORWARD;
	enum result r = RES_NOTFOUND;

	p->last = pool_printf(p->pool, "%s", name);
	p->n++;
	if (at != NULL && snprintf(local, sizeof(local), "%.*s",
			      (int)(at - name), name) < ADDRESS_SIZE)
		r = store_address(p->store, local, at + 1, NULL, &kind);
	if (r != RES_OK && r != RES_NOTFOUND)
		p->r = r;
	else if (kind != KIND_ACCOUNT)
		p->gone[p->ngone++] = p->last;
	return p->r == RES_OK;
}

static enum result
sweep_usage(struct store *s)
{
	struct names p = { .store = s, .pool = pool_new(), .last = "" };
	enum result r = RES_OK;

	do {
		p.n = p.ngone = 0;
		r = store_usage_names(s, p.last, NAMES_PAGE, note_name, &p);
		if (r == RES_OK)
			r = p.r;
		for (size_t i = 0; r == RES_OK && i < p.ngone; i++)
			store_usage_forget(s, p.gone[i]);
	} while (r == RES_OK && p.n == NAMES_PAGE);
	pool_free(&p.pool);
	return r;
}

enum result
mail_sweep(struct store *s, const struct sweep_rules *rules,
    void (*each)(void *arg, const struct swept *), void *arg)
{
	struct sweep w = { .store = s, .rules = rules, .each = each,
		.arg = arg };
	enum result r = sweep_directory(&w);

	if (r == RES_OK && !rules->dry_run)
		r = sweep_usage(s);
	return r == RES_OK && w.failed ? RES_FAIL : r;
}
