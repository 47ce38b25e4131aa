#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/tree.h"

/* Each level has a descriptor open; no mailbox is so deep. */
#define DEPTH_MAX 64

struct walk {
	bool remove;
	int depth, why; /* errno of the first failure */
	int64_t bytes;
};

int
tree_open(int at, const char *name)
{
	const struct open_how how = {
		.flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
		.resolve =
		    RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV,
	};

	return (int)syscall(SYS_openat2, at, name, &how, sizeof(how));
}

static void
failed(struct walk *w, int why)
{
	/* Somebody else removed it. */
	if (why != ENOENT && w->why == 0)
		w->why = why;
}

static void walk(int at, const char *name, struct walk *w);

static void
walk_inside(int at, const char *name, struct walk *w)
{
	const int fd =
	    w->depth < DEPTH_MAX ? tree_open(at, name) : (errno = ELOOP, -1);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *e;

	if (d == NULL) {
		failed(w, errno);
		if (fd >= 0)
			close(fd);
		return;
	}
	w->depth++;
	while ((errno = 0, e = readdir(d)) != NULL)
		if (strcmp(e->d_name, ".") != 0 &&
		    strcmp(e->d_name, "..") != 0)
			walk(fd, e->d_name, w);
	if (errno != 0)
		failed(w, errno);
	w->depth--;
	closedir(d);
}

static void
walk(int at, const char *name, struct walk *w)
{
	struct stat st;
	bool is_dir;

	if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		failed(w, errno);
		return;
	}
	is_dir = S_ISDIR(st.st_mode);
	w->bytes += (int64_t)st.st_blocks * 512;
	if (is_dir)
		walk_inside(at, name, w);
	if (w->remove && unlinkat(at, name, is_dir ? AT_REMOVEDIR : 0) != 0)
		failed(w, errno);
}

bool
tree_walk(int at, const char *name, bool remove, int64_t *bytes_r)
{
	struct walk w = { .remove = remove };

	walk(at, name, &w);
	*bytes_r += w.bytes;
	errno = w.why;
	return w.why == 0;
}
