#include <stdbool.h>
#include <string.h>

#include "http/route.h"

static bool
path_matches(const char *pat, const char *path)
{
	for (;;) {
		if (*pat == '*') {
			size_t n = strcspn(path, "/");

			if (n == 0)
				return false;
			path += n;
			pat++;
		} else if (*pat != *path) {
			return false;
		} else if (*pat++ == '\0') {
			return true;
		} else {
			path++;
		}
	}
}

const struct route *
route_find(const struct route *rt, size_t n, enum method m, const char *path)
{
	if (m == M_HEAD)
		m = M_GET;
	for (size_t i = 0; i < n; i++)
		if (rt[i].method == m && path_matches(rt[i].path, path))
			return &rt[i];
	return NULL;
}

const char *
route_allows(const struct route *rt, size_t n, const char *path)
{
	bool get = route_find(rt, n, M_GET, path) != NULL;
	bool post = route_find(rt, n, M_POST, path) != NULL;

	if (get && post)
		return "GET, HEAD, POST";
	return get ? "GET, HEAD" : post ? "POST" : NULL;
}

void
route_element(const char *path, unsigned int n, char *out, size_t size)
{
	size_t len;

	out[0] = '\0';
	for (;; path += len) {
		if (*path++ != '/')
			return;
		len = strcspn(path, "/");
		if (n-- == 0)
			break;
	}
	if (len < size) {
		memcpy(out, path, len);
		out[len] = '\0';
	}
}
