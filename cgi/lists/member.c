/* Members of lists, through the programs of mlmmj. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/line.h"
#include "base/log.h"
#include "base/program.h"
#include "lists/lists.h"

/* The engine's programs want to be called by their whole path. */
#define BIN "/usr/bin/mlmmj-"
#define SECONDS 60

/* RES_FAIL: logged. */
static enum result
run(FILE *out, const char *const argv[])
{
	const int status =
	    program_run(argv, SECONDS, out, PROGRAM_ERRORS_APART);

	if (status == 0)
		return RES_OK;
	log_event("list_program", "path=%s status=%d", argv[0], status);
	return RES_FAIL;
}

enum result
lists_members(const struct lists *ls, int64_t id, FILE *out)
{
	char dir[PATH_MAX];
	static const char program[] = BIN "list";
	const char *const argv[] = { program, "-L", dir, NULL };

	if (!lists_dir(ls, id, dir, sizeof(dir)))
		return RES_NOTFOUND;
	return run(out, argv);
}

/* An address as the engine may have it: no option, no path, nothing that a
 * file of one address a line would take for two. */
static bool
is_address(const char *s)
{
	const char *at = strchr(s, '@');

	if (at == NULL || at == s || strchr(at + 1, '@') != NULL ||
	    at[1] == '\0' || s[0] == '-' || strlen(s) > 254)
		return false;
	for (; *s != '\0'; s++)
		if (*s <= ' ' || *s > '~' || strchr("/\\\"<>|;,()", *s) != NULL)
			return false;
	return true;
}

/* The next line, in `line`; false: there is none.  One that does not fit is
 * cut to what is no address. */
static bool
next_address(const char **text, char line[ADDRESS_SIZE])
{
	size_t n;
	const char *one = line_next(text, &n);

	if (one != NULL)
		snprintf(line, ADDRESS_SIZE, "%.*s",
		    n < ADDRESS_SIZE ? (int)n : 0, one);
	return one != NULL;
}

/* Calls the program of the name for each line of addresses. */
static enum result
for_each(const struct lists *ls, int64_t id, const char *program,
    const char *how, const char *addresses, size_t *n_r)
{
	char dir[PATH_MAX], line[ADDRESS_SIZE];
	const char *const argv[] = { program, "-L", dir, "-a", line, how,
		NULL };

	*n_r = 0;
	if (!lists_dir(ls, id, dir, sizeof(dir)))
		return RES_NOTFOUND;
	for (const char *at = addresses; next_address(&at, line);)
		if (!is_address(line))
			return RES_INVALID;
	for (const char *at = addresses; next_address(&at, line); ++*n_r)
		if (run(NULL, argv) != RES_OK)
			return RES_FAIL;
	return RES_OK;
}

enum result
lists_add(
    const struct lists *ls, int64_t id, const char *addresses, size_t *n_r)
{
	/* Without a word to somebody who is there already. */
	return for_each(ls, id, BIN "sub", "-fs", addresses, n_r);
}

enum result
lists_remove(
    const struct lists *ls, int64_t id, const char *addresses, size_t *n_r)
{
	return for_each(ls, id, BIN "unsub", "-qs", addresses, n_r);
}

/* -- all lists -- */

struct each {
	const struct lists *lists;
	const char *address; /* "@domain": all of that domain */
	FILE *out;
	enum result r;
};

/* Does mail to a member go to the address?  Without the extension of a local
 * part, which is ours: the address is hosted.  Case does not count. */
static bool
leads_to(const char *member, const char *address)
{
	const char *at = strrchr(member, '@');
	const size_t n = strcspn(member, "+@"), own = strcspn(address, "@");

	return at != NULL && strcasecmp(at, address + own) == 0 &&
	    (own == 0 || (n == own && strncasecmp(member, address, n) == 0));
}

/* The members that lead to the address, one a line, from one file of
 * subscribers.d: mlmmj's own program would be a process for each list. */
static bool
scan_file(const char *path, const char *address, FILE *found)
{
	FILE *f = fopen(path, "re");
	char line[ADDRESS_SIZE + 1];
	bool ok;

	/* A file goes with its last line. */
	if (f == NULL)
		return errno == ENOENT;
	while (fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (leads_to(line, address))
			fprintf(found, "%s\n", line);
	}
	ok = ferror(f) == 0;
	fclose(f);
	return ok;
}

/* To be freed; NULL: failed. */
static char *
scan(const struct lists *ls, int64_t id, const char *address)
{
	char dir[PATH_MAX], path[PATH_MAX + NAME_MAX + 32], *text = NULL;
	struct dirent *e;
	size_t size;
	FILE *found = open_memstream(&text, &size);
	DIR *d = NULL;
	bool ok = found != NULL;

	if (ok && lists_dir(ls, id, dir, sizeof(dir))) {
		snprintf(path, sizeof(path), "%s/subscribers.d", dir);
		ok = (d = opendir(path)) != NULL;
		while (ok && (e = readdir(d)) != NULL) {
			if (e->d_name[0] == '.')
				continue;
			snprintf(path, sizeof(path), "%s/subscribers.d/%s",
			    dir, e->d_name);
			ok = scan_file(path, address, found);
		}
		if (d != NULL)
			closedir(d);
	}
	if (found != NULL)
		fclose(found);
	if (ok)
		return text;
	log_event("list_members", "list=%lld errno=%d", (long long)id, errno);
	free(text);
	return NULL;
}

static bool
note_list(void *arg, const struct mlist *l)
{
	struct each *e = arg;
	char *found = scan(e->lists, l->id, e->address);

	if (found == NULL)
		e->r = RES_FAIL;
	else if (found[0] != '\0')
		fprintf(e->out, "%s\n", l->address);
	free(found);
	return e->r == RES_OK;
}

enum result
lists_of(const struct lists *ls, const char *address, FILE *out)
{
	struct each e = { ls, address, out, RES_OK };
	enum result r;

	if (!is_address(address))
		return RES_INVALID;
	r = store_mlists(ls->store, 0, note_list, &e);
	return r == RES_OK ? e.r : r;
}

/* A list that fails does not keep the others waiting. */
static bool
leave_list(void *arg, const struct mlist *l)
{
	struct each *e = arg;
	char *found = scan(e->lists, l->id, e->address);
	size_t n;

	if (found == NULL ||
	    (found[0] != '\0' &&
		lists_remove(e->lists, l->id, found, &n) != RES_OK))
		e->r = RES_FAIL;
	free(found);
	return true;
}

struct leavers {
	size_t n;
	char list[100][ADDRESS_SIZE];
};

static bool
note_leaver(void *arg, const char *address)
{
	struct leavers *l = arg;

	memcpy(l->list[l->n++], address, strlen(address) + 1);
	return l->n < NELEM(l->list);
}

/* Off all lists; then it is no more to be done. */
static enum result
leave(const struct lists *ls, const char *address)
{
	struct each e = { ls, address, NULL, RES_OK };
	enum result r = store_mlists(ls->store, 0, leave_list, &e);

	if (r == RES_OK && e.r == RES_OK && address[0] == '@')
		e.r = lists_sweep(ls);
	if (r != RES_OK || e.r != RES_OK)
		return r != RES_OK ? r : e.r;
	if ((r = store_begin(ls->store)) != RES_OK)
		return r;
	return store_end(ls->store, store_leaver_drop(ls->store, address));
}

enum result
lists_leave(const struct lists *ls)
{
	struct leavers *l = calloc(1, sizeof(*l));
	enum result r, one;

	if (l == NULL)
		return RES_FAIL;
	do {
		l->n = 0;
		r = store_leavers(ls->store, note_leaver, l);
		for (size_t i = 0; i < l->n; i++)
			if ((one = leave(ls, l->list[i])) != RES_OK)
				r = one;
	} while (r == RES_OK && l->n == NELEM(l->list));
	free(l);
	return r;
}

void
lists_maintain(const struct lists *ls)
{
	static const char program[] = BIN "maintd";
	const char *const argv[] = { program, "-F", "-d", ls->spool, NULL };

	(void)!run(NULL, argv);
}
