#include <string.h>

#include "base/utf8.h"
#include "http/form.h"
#include "http/multipart.h"

#define BOUNDARY_MAX 70	 /* RFC 2046, 5.1.1 */
#define HEADERS_MAX 4096 /* of one part */
#define PARAMETERS_MAX 8
#define SHOWN_MAX 200 /* bytes of a file name */
#define ALNUM \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
#define TOKEN ALNUM "!#$%&'*+-.^_`|~"
#define BOUNDARY ALNUM "'()+_,-./:=? "

struct parameters {
	size_t n;
	struct {
		const char *key, *value;
	} list[PARAMETERS_MAX];
};

static const char *
parameter(const struct parameters *ps, const char *key)
{
	for (size_t i = 0; i < ps->n; i++)
		if (strcasecmp(ps->list[i].key, key) == 0)
			return ps->list[i].value;
	return NULL;
}

/*
 * What is in quotes at s; *end_r is behind them.  A \ is itself, since it
 * parts the directories of a path that a browser may send, but for \", which
 * is how other clients write a ".
 */
static const char *
quoted(struct pool *p, const char *s, const char **end_r)
{
	const char *end = ++s;
	char *out, *o;

	while (*end != '"' && *end != '\0')
		end += end[0] == '\\' && end[1] == '"' ? 2 : 1;
	if (*end == '\0')
		return NULL;
	out = o = pool_alloc(p, (size_t)(end - s) + 1);
	while (s < end) {
		if (s[0] == '\\' && s[1] == '"')
			s++;
		*o++ = *s++;
	}
	*end_r = end + 1;
	return out;
}

static const char *
unquoted(struct pool *p, const char *s, const char **end_r)
{
	size_t n = strcspn(s, "; \t\"");

	*end_r = s + n;
	return n > 0 ? pool_strndup(p, s, n) : NULL;
}

/* The rest of a header: `; key=value; key="value"`, each key once. */
static bool
read_parameters(struct pool *p, const char *s, struct parameters *ps)
{
	const char *key, *value;
	size_t n;

	ps->n = 0;
	for (s += strspn(s, " \t"); *s != '\0'; s += strspn(s, " \t")) {
		if (*s++ != ';')
			return false;
		s += strspn(s, " \t");
		n = strspn(s, TOKEN);
		if (n == 0 || s[n] != '=')
			return false;
		key = pool_strndup(p, s, n);
		s += n + 1;
		value = *s == '"' ? quoted(p, s, &s) : unquoted(p, s, &s);
		if (value == NULL || ps->n == PARAMETERS_MAX ||
		    parameter(ps, key) != NULL)
			return false;
		ps->list[ps->n].key = key;
		ps->list[ps->n++].value = value;
	}
	return true;
}

/* Does s begin with this word (in any case)?  What is behind it, or NULL. */
static const char *
behind(const char *s, const char *word)
{
	const size_t n = strlen(word);

	return strncasecmp(s, word, n) == 0 &&
		strchr("; \t", s[n]) != NULL ?
	    s + n :
	    NULL;
}

/* The mark that ends a part: CRLF, two dashes, the boundary. */
static const char *
mark_of(struct pool *p, const char *type)
{
	const char *rest = behind(type, "multipart/form-data"), *boundary;
	struct parameters ps;
	size_t n;

	if (rest == NULL || !read_parameters(p, rest, &ps) ||
	    (boundary = parameter(&ps, "boundary")) == NULL)
		return NULL;
	n = strlen(boundary);
	if (n == 0 || n > BOUNDARY_MAX || strspn(boundary, BOUNDARY) != n ||
	    boundary[n - 1] == ' ')
		return NULL;
	return pool_printf(p, "\r\n--%s", boundary);
}

static bool
is_clean(const char *s)
{
	const size_t n = strlen(s);

	return utf8_valid(s, n) == n && !form_has_control(s);
}

static const char *
shown_name(struct pool *p, const char *s)
{
	size_t n = strlen(s), begin = n;

	while (begin > 0 && s[begin - 1] != '/' && s[begin - 1] != '\\')
		begin--;
	s += begin;
	n -= begin;
	if (!is_clean(s))
		return "file";
	if (n > SHOWN_MAX)
		n = utf8_valid(s, SHOWN_MAX);
	return pool_strndup(p, s, n);
}

static bool
read_disposition(struct pool *p, const char *s, struct part *part)
{
	const char *rest = behind(s, "form-data"), *file;
	struct parameters ps;

	if (part->name != NULL || rest == NULL ||
	    !read_parameters(p, rest, &ps) ||
	    parameter(&ps, "filename*") != NULL)
		return false;
	part->name = parameter(&ps, "name");
	file = parameter(&ps, "filename");
	if (file != NULL)
		part->filename = shown_name(p, file);
	return part->name != NULL && is_clean(part->name);
}

static bool
read_header(struct pool *p, const char *s, struct part *part)
{
	static const char disposition[] = "content-disposition:";
	static const char encoding[] = "content-transfer-encoding:";
	size_t n = strspn(s, TOKEN);

	if (n == 0 || s[n] != ':' || strpbrk(s, "\r\n") != NULL)
		return false;
	n += 1 + strspn(s + n + 1, " \t");
	if (strncasecmp(s, disposition, strlen(disposition)) == 0)
		return read_disposition(p, s + n, part);
	if (strncasecmp(s, encoding, strlen(encoding)) == 0)
		return behind(s + n, "7bit") != NULL ||
		    behind(s + n, "8bit") != NULL ||
		    behind(s + n, "binary") != NULL;
	return true;
}

/* The lines between a boundary and an empty line, n bytes. */
static bool
read_headers(struct pool *p, const char *s, size_t n, struct part *part)
{
	const char *end = s + n, *next;

	if (n > HEADERS_MAX || memchr(s, '\0', n) != NULL)
		return false;
	for (; s < end; s = next + 2) {
		next = memmem(s, (size_t)(end - s), "\r\n", 2);
		if (next == NULL)
			next = end;
		if (!read_header(
			p, pool_strndup(p, s, (size_t)(next - s)), part))
			return false;
	}
	return part->name != NULL;
}

static bool
add_part(struct pool *p, const char *s, size_t n, struct multipart *m)
{
	struct part *part = &m->parts[m->n];

	for (size_t i = 0; i < m->n; i++)
		if (strcmp(m->parts[i].name, part->name) == 0)
			return false;
	part->bytes = s;
	part->n = n;
	if (part->filename == NULL) {
		if (memchr(s, '\0', n) != NULL || utf8_valid(s, n) != n)
			return false;
		part->bytes = pool_strndup(p, s, n);
	}
	m->n++;
	return true;
}

/* One part: s is behind a mark.  Where the next mark is; NULL: malformed. */
static const char *
read_part(struct pool *p, const char *s, const char *end, const char *mark,
    struct multipart *m)
{
	const size_t len = strlen(mark);
	const char *blank, *next;

	if (m->n == MULTIPART_PARTS_MAX || end - s < 2 ||
	    memcmp(s, "\r\n", 2) != 0)
		return NULL;
	s += 2;
	blank = memmem(s, (size_t)(end - s), "\r\n\r\n", 4);
	if (blank == NULL ||
	    !read_headers(p, s, (size_t)(blank - s), &m->parts[m->n]))
		return NULL;
	/* The empty line itself may be before a mark: then there are no
	 * contents, which is not the same as contents of 0 bytes. */
	next = memmem(blank + 2, (size_t)(end - blank - 2), mark, len);
	s = blank + 4;
	if (next == NULL || next < s ||
	    !add_part(p, s, (size_t)(next - s), m))
		return NULL;
	return next;
}

bool
multipart_parse(struct pool *p, const char *type, const char *body, size_t n,
    struct multipart *m)
{
	const char *mark = mark_of(p, type), *s = body, *end = body + n;
	size_t len;

	memset(m, 0, sizeof(*m));
	if (mark == NULL)
		return false;
	len = strlen(mark);
	/* The first one has no line end in front of it. */
	if (n < len - 2 || memcmp(s, mark + 2, len - 2) != 0)
		return false;
	for (s += len - 2; end - s < 2 || memcmp(s, "--", 2) != 0; s += len)
		if ((s = read_part(p, s, end, mark, m)) == NULL)
			return false;
	s += 2;
	return m->n > 0 &&
	    (s == end || (end - s == 2 && memcmp(s, "\r\n", 2) == 0));
}
