#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ClearSilver/ClearSilver.h>

#include "base/log.h"
#include "base/messages.h"

struct messages {
	HDF *hdf;
};

enum result
messages_open(const char *dir, const char *lang, struct messages **m_r)
{
	struct messages *m;
	char path[4096];
	NEOERR *err;

	*m_r = NULL;
	if ((m = calloc(1, sizeof(*m))) == NULL)
		return RES_FAIL;
	snprintf(path, sizeof(path), "%s/lang/%s.hdf", dir, lang);
	err = hdf_init(&m->hdf);
	if (err == STATUS_OK)
		err = hdf_read_file(m->hdf, path);
	if (err == STATUS_OK)
		err = hdf_set_value(m->hdf, "Lang", lang);
	if (err != STATUS_OK) {
		nerr_ignore(&err);
		fprintf(stderr, "%s: cannot be read as HDF\n", path);
		messages_close(&m);
		return RES_INVALID;
	}
	*m_r = m;
	return RES_OK;
}

/* Appends; false: it did not fit whole, and nothing may come after it. */
static bool
put(char *out, size_t size, size_t *n, const char *s, size_t len)
{
	const bool fits = *n + len < size;

	if (!fits) {
		len = size - 1 - *n;
		/* Do not leave half a UTF-8 character. */
		while (len > 0 && ((unsigned char)s[len] & 0xc0) == 0x80)
			len--;
	}
	memcpy(out + *n, s, len);
	*n += len;
	return fits;
}

const char *
messages_find(const struct messages *m, const char *key)
{
	char name[128];

	snprintf(name, sizeof(name), "Msg.%s", key);
	return hdf_get_value(m->hdf, name, NULL);
}

const char *
messages_text(const struct messages *m, const char *key, const char *a1,
    const char *a2, char *out, size_t size)
{
	const char *arg[] = { a1, a2 };
	const char *s = messages_find(m, key);
	size_t n = 0;
	bool fits = true;

	if (s == NULL) {
		log_event("message_missing", "key=%s", key);
		s = key;
	}
	while (*s != '\0' && fits) {
		if (s[0] == '{' && (s[1] == '1' || s[1] == '2') &&
		    s[2] == '}') {
			const char *a = arg[s[1] - '1'];

			if (a != NULL)
				fits = put(out, size, &n, a, strlen(a));
			s += 3;
		} else {
			size_t len = 1 + strcspn(s + 1, "{");

			fits = put(out, size, &n, s, len);
			s += len;
		}
	}
	out[n] = '\0';
	return out;
}

struct _hdf *
messages_hdf(const struct messages *m)
{
	return m->hdf;
}

void
messages_close(struct messages **mp)
{
	struct messages *m = *mp;

	*mp = NULL;
	if (m == NULL)
		return;
	hdf_destroy(&m->hdf);
	free(m);
}
