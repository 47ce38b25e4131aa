#include <string.h>

#include "http/cookie.h"

static size_t
take(const char *v, size_t len, char *out, size_t size)
{
	static const char ok[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "abcdefghijklmnopqrstuvwxyz"
				 "0123456789-_";

	if (len >= size)
		return 0;
	memcpy(out, v, len);
	out[len] = '\0';
	return strspn(out, ok) == len ? len : 0;
}

size_t
cookie_get(const char *header, const char *name, size_t n, char *out,
    size_t size)
{
	const size_t name_len = strlen(name);

	out[0] = '\0';
	while (header != NULL && *header != '\0') {
		size_t len;

		header += strspn(header, "; \t");
		len = strcspn(header, "; \t");
		if (len > name_len && header[name_len] == '=' &&
		    strncmp(header, name, name_len) == 0 && n-- == 0)
			return take(header + name_len + 1,
			    len - name_len - 1, out, size);
		header += len;
	}
	return 0;
}
