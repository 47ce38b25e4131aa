#include <iconv.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "core/csvdecode.h"

/* What a file begins with, and what that says of the rest. */
struct kind {
	const char *bom;
	size_t bom_size;
	const char *charset; /* for iconv; NULL: UTF-8 */
	size_t width;	     /* bytes of an ASCII character */
	size_t high;	     /* which of two bytes is the high one */
};

static const struct kind *
kind_of(const char *bytes, size_t size)
{
	static const struct kind kinds[] = {
		{ "\xef\xbb\xbf", 3, NULL, 1, 0 },
		{ "\xff\xfe", 2, "UTF-16LE", 2, 1 },
		{ "\xfe\xff", 2, "UTF-16BE", 2, 0 },
		{ "", 0, NULL, 1, 0 },
	};
	const struct kind *k = kinds;

	while (size < k->bom_size || memcmp(bytes, k->bom, k->bom_size) != 0)
		k++;
	return k;
}

/* In all of these encodings no byte or pair of bytes looks like an ASCII
 * control character without being one. */
static unsigned int
unit(const struct kind *k, const char *s)
{
	unsigned char a = (unsigned char)s[k->high];

	return k->width == 1 ?
	    a :
	    (unsigned int)a << 8 | (unsigned char)s[1 - k->high];
}

static bool
fault_at(const struct kind *k, const char *bytes, size_t offset,
    enum csv_fault fault, struct csv_file *f)
{
	size_t begin = 0;
	unsigned int before = 0;

	f->fault = fault;
	f->line = 1;
	for (size_t i = k->bom_size; i + k->width <= offset; i += k->width) {
		unsigned int c = unit(k, bytes + i);

		if (c == '\r' || (c == '\n' && before != '\r'))
			f->line++;
		if (c == '\r' || c == '\n')
			begin = i + k->width;
		before = c;
	}
	f->byte = (unsigned int)(offset - begin) + 1;
	return false;
}

static size_t
first_control(const struct kind *k, const char *bytes, size_t size)
{
	size_t i = k->bom_size;

	for (; i + k->width <= size; i += k->width) {
		unsigned int c = unit(k, bytes + i);

		if ((c < 0x20 && c != '\t' && c != '\r' && c != '\n') ||
		    c == 0x7f)
			return i;
	}
	return size;
}

/* No pair of bytes becomes more than three, and no byte either, where it is
 * none of ASCII. */
static size_t
room_for(const char *s, size_t n, size_t width)
{
	size_t room = n + 1;

	if (width == 2)
		return room + n / 2;
	for (size_t i = 0; i < n; i++)
		if ((s[i] & 0x80) != 0)
			room += 2;
	return room;
}

/* Converts n bytes; how many of them could be. */
static size_t
convert(struct pool *p, const char *charset, const char *s, size_t n,
    size_t width, char **text_r, size_t *n_r)
{
	iconv_t cd = iconv_open("UTF-8", charset);
	size_t left = n, room = room_for(s, n, width);
	char *in = NULL, *out;

	if ((intptr_t)cd == -1)
		return 0;
	*text_r = out = pool_alloc(p, room);
	/* iconv takes what it reads for changeable, and does not change it. */
	memcpy(&in, &s, sizeof(in));
	(void)!iconv(cd, &in, &left, &out, &room);
	iconv_close(cd);
	*n_r = (size_t)(out - *text_r);
	return n - left;
}

bool
csv_decode(struct pool *p, const char *bytes, size_t size, char **text_r,
    size_t *n_r, struct csv_file *f)
{
	const struct kind *k = kind_of(bytes, size);
	const char *s = bytes + k->bom_size;
	const size_t n = size - k->bom_size;
	size_t good, more, bad;

	if (k->charset != NULL) {
		good = convert(p, k->charset, s, n, k->width, text_r, n_r);
	} else if ((good = utf8_valid(s, n)) == n) {
		*text_r = pool_strndup(p, s, n);
		*n_r = n;
	} else if (k->bom_size == 0) {
		more = convert(p, "CP932", s, n, k->width, text_r, n_r);
		if (more > good)
			good = more;
	}
	if (good < n)
		return fault_at(k, bytes, k->bom_size + good, CSV_ENCODING, f);
	bad = first_control(k, bytes, size);
	return bad == size || fault_at(k, bytes, bad, CSV_NUL, f);
}
