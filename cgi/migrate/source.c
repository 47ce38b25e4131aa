#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "migrate/source.h"

/* Why this name could not be opened without following it. */
static enum why
why_of(int dir, const char *name)
{
	const int error = errno;
	struct stat st;
	enum why why = WHY_UNREADABLE;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		if (S_ISLNK(st.st_mode))
			why = WHY_LINK;
		else if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
			why = WHY_SPECIAL;
	}
	errno = error;
	return why;
}

/* The next name of a path, without slashes; false: there is none. */
static bool
next_name(const char **path, char name[NAME_MAX + 1], bool *good_r)
{
	size_t n;

	*path += strspn(*path, "/");
	if ((n = strcspn(*path, "/")) == 0)
		return false;
	*good_r = n <= NAME_MAX && !(n == 2 && memcmp(*path, "..", 2) == 0);
	if (*good_r) {
		memcpy(name, *path, n);
		name[n] = '\0';
	}
	*path += n;
	return true;
}

int
source_open(int at, const char *path, enum why *why_r)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
	char name[NAME_MAX + 1];
	bool good;
	int fd, next;

	*why_r = WHY_UNREADABLE;
	/* The one that the operator names may be a link. */
	if (at == AT_FDCWD)
		return open(path, flags);
	fd = fcntl(at, F_DUPFD_CLOEXEC, 0);
	while (fd >= 0 && next_name(&path, name, &good)) {
		next = -1;
		if (!good) {
			*why_r = WHY_OUTSIDE;
		} else if ((next = openat(fd, name, flags | O_NOFOLLOW)) < 0) {
			*why_r = why_of(fd, name);
		}
		close(fd);
		fd = next;
	}
	return fd;
}

static enum seen
seen_as(int dir, const char *name)
{
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return SEEN_SPECIAL;
	return S_ISREG(st.st_mode) ? SEEN_FILE :
	    S_ISDIR(st.st_mode)	   ? SEEN_DIR :
	    S_ISLNK(st.st_mode)	   ? SEEN_LINK :
				     SEEN_SPECIAL;
}

bool
source_has_dir(int dir, const char *name)
{
	return seen_as(dir, name) == SEEN_DIR;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct seen_name *)a)->name,
	    ((const struct seen_name *)b)->name);
}

bool
source_list(struct pool *p, int dir, struct seen_name **list_r, size_t *n_r)
{
	/* Of its own position: the directory may be read again. */
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *e;
	size_t size = 0;

	*list_r = NULL;
	*n_r = 0;
	if (d == NULL) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	while ((e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		*list_r = moving_grow(
		    p, *list_r, *n_r, &size, sizeof(**list_r));
		(*list_r)[(*n_r)++] = (struct seen_name){
			pool_printf(p, "%s", e->d_name),
			seen_as(fd, e->d_name)
		};
	}
	closedir(d);
	if (*n_r > 0)
		qsort(*list_r, *n_r, sizeof(**list_r), by_name);
	return true;
}

/* All of it, at most max bytes. */
static bool
read_all(struct pool *p, int fd, size_t size, size_t max,
    const char **bytes_r, size_t *n_r, enum why *why_r)
{
	char *buf;
	ssize_t got = 1;

	*why_r = WHY_LARGE;
	if (size > max)
		return false;
	*why_r = WHY_UNREADABLE;
	buf = pool_alloc(p, size + 1);
	for (*n_r = 0; *n_r < size && got > 0; *n_r += (size_t)got)
		if ((got = read(fd, buf + *n_r, size - *n_r)) < 0)
			return false;
	*bytes_r = buf;
	return true;
}

bool
source_read(struct pool *p, int dir, const char *name, size_t max,
    const char **bytes_r, size_t *n_r, enum why *why_r)
{
	/* Opening a FIFO does not wait; a terminal does not become ours. */
	int fd = openat(dir, name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;
	bool done = false;

	*n_r = 0;
	if (fd < 0) {
		*why_r = why_of(dir, name);
		return false;
	}
	if (fstat(fd, &st) < 0)
		*why_r = WHY_UNREADABLE;
	else if (!S_ISREG(st.st_mode))
		*why_r = WHY_SPECIAL;
	else
		done = read_all(p, fd, (size_t)st.st_size, max, bytes_r, n_r,
		    why_r);
	close(fd);
	return done;
}

void
source_tell(struct moving *m, struct where at, const char *subject,
    enum why why, size_t max)
{
	char text[128];
	const char *arg = NULL;

	if (why == WHY_LARGE)
		arg = pool_printf(m->pool, "%zu", max);
	else if (why == WHY_UNREADABLE)
		arg = pool_printf(m->pool, "%s",
		    strerror_r(errno, text, sizeof(text)));
	moving_tell(m, at, subject, OUT_REFUSED, why, arg);
}
