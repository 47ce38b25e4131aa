#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/metrics.h"
#include "base/secret.h"

/* Changes with the meaning of a cell; what they are for, `layout` says. */
#define MAGIC "fumibak1"

const int64_t metric_bounds[METRIC_BUCKETS] = { 1000, 5000, 20000, 100000,
	500000, 2000000, 10000000, 60000000 };

struct header {
	char magic[8];
	uint64_t ncells;
	unsigned char layout[32];
};

struct file {
	struct header header;
	_Atomic uint64_t cells[];
};

/* metric_times, as cells. */
#define TIMES (METRIC_BUCKETS + 2)

static struct file *map; /* NULL: nothing is counted */
static size_t nroutes;

static size_t
size_of(uint64_t ncells)
{
	return sizeof(struct header) + ncells * sizeof(uint64_t);
}

/* -- the file -- */

static bool
same_file(int fd, const char *path)
{
	struct stat a, b;

	return fstat(fd, &a) == 0 && S_ISREG(a.st_mode) &&
	    lstat(path, &b) == 0 && a.st_dev == b.st_dev &&
	    a.st_ino == b.st_ino;
}

/*
 * The file that the path names, locked: of several workers that start at once
 * one makes it.  One that was replaced while we waited is not it any more.
 */
static int
open_locked(const char *path)
{
	struct flock lock = { .l_type = F_WRLCK };

	for (int tries = 0; tries < 100; tries++) {
		int fd = open(path,
		    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
		    0600);

		if (fd < 0)
			return -1;
		if (fcntl(fd, F_OFD_SETLKW, &lock) == 0 &&
		    same_file(fd, path))
			return fd;
		close(fd);
	}
	errno = EINVAL; /* no file */
	return -1;
}

static bool
is_ours(int fd, const struct header *want)
{
	struct header have;
	struct stat st;

	return fstat(fd, &st) == 0 &&
	    st.st_size == (off_t)size_of(want->ncells) &&
	    pread(fd, &have, sizeof(have), 0) == sizeof(have) &&
	    memcmp(&have, want, sizeof(have)) == 0;
}

/* A new one in its place, at once.  All its blocks are there: to write to a
 * hole on a full disk would end the worker. */
static int
replace(const char *path, const struct header *h)
{
	char new[4096];
	int fd, why;

	if ((size_t)snprintf(new, sizeof(new), "%s.new", path) >=
	    sizeof(new)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	unlink(new);
	fd = open(new, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	errno = posix_fallocate(fd, 0, (off_t)size_of(h->ncells));
	if (errno == 0 && pwrite(fd, h, sizeof(*h), 0) == sizeof(*h) &&
	    rename(new, path) == 0)
		return fd;
	why = errno;
	close(fd);
	unlink(new);
	errno = why;
	return -1;
}

static void *
map_file(const char *path, const struct header *h)
{
	struct flock unlock = { .l_type = F_UNLCK };
	int locked = open_locked(path), fd = locked;
	void *at = MAP_FAILED;

	if (fd >= 0 && !is_ours(fd, h))
		fd = replace(path, h);
	if (fd >= 0)
		at = mmap(NULL, size_of(h->ncells), PROT_READ | PROT_WRITE,
		    MAP_SHARED, fd, 0);
	if (at == MAP_FAILED)
		log_event("metrics", "path=%s errno=%d", path, errno);
	if (fd >= 0 && fd != locked)
		close(fd);
	/* A map would hold the lock: it keeps the open file. */
	if (locked >= 0 && fcntl(locked, F_OFD_SETLK, &unlock) == 0)
		close(locked);
	return at == MAP_FAILED ? NULL : at;
}

enum result
metrics_open(const char *path, const char *layout, size_t routes)
{
	struct header h = { .ncells = METRIC__MAX +
		    (TIME__MAX + routes) * TIMES + routes * METRIC_CLASSES };

	memcpy(h.magic, MAGIC, sizeof(h.magic));
	secret_hash("metrics layout", layout, h.layout, sizeof(h.layout));
	nroutes = routes;
	map = map_file(path, &h);
	return map != NULL ? RES_OK : RES_FAIL;
}

void
metrics_close(void)
{
	if (map != NULL)
		munmap(map, size_of(map->header.ncells));
	map = NULL;
}

/* -- counting -- */

static void
add(size_t cell, uint64_t n)
{
	if (map != NULL)
		atomic_fetch_add_explicit(
		    &map->cells[cell], n, memory_order_relaxed);
}

static size_t
cell_of_times(size_t which)
{
	return METRIC__MAX + which * TIMES;
}

static size_t
cell_of_requests(size_t route, int class)
{
	return cell_of_times(TIME__MAX + nroutes) + route * METRIC_CLASSES +
	    (size_t)class - 1;
}

void
metric_count(enum metric m)
{
	add(m, 1);
}

void
metric_time(size_t which, int64_t microseconds)
{
	const int64_t took = microseconds > 0 ? microseconds : 0;
	size_t b = 0;

	while (b < METRIC_BUCKETS && took > metric_bounds[b])
		b++;
	add(cell_of_times(which) + b, 1);
	add(cell_of_times(which) + METRIC_BUCKETS + 1, (uint64_t)took);
}

void
metric_request(size_t route, int status, int64_t microseconds)
{
	const int class = status / 100;

	metric_time(TIME__MAX + route, microseconds);
	if (class >= 1 && class <= METRIC_CLASSES)
		add(cell_of_requests(route, class), 1);
}

/* -- reading -- */

bool
metrics_are_open(void)
{
	return map != NULL;
}

static uint64_t
read_cell(size_t cell)
{
	return map != NULL ? atomic_load_explicit(&map->cells[cell],
				 memory_order_relaxed) :
			     0;
}

uint64_t
metric_value(enum metric m)
{
	return read_cell(m);
}

struct metric_times
metric_times(size_t which)
{
	const size_t cell = cell_of_times(which);
	struct metric_times t;

	for (size_t b = 0; b <= METRIC_BUCKETS; b++)
		t.bucket[b] = read_cell(cell + b);
	t.sum = read_cell(cell + METRIC_BUCKETS + 1);
	return t;
}

uint64_t
metric_requests(size_t route, int class)
{
	return read_cell(cell_of_requests(route, class));
}
