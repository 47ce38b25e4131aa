#include <string.h>
#include <strings.h>

#include "migrate/dump_text.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

bool
dump_is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_' || (unsigned char)c >= 0x80;
}

static bool
looking_at(const struct dump *d, const char *s)
{
	const size_t n = strlen(s);

	return (size_t)(d->end - d->at) >= n && memcmp(d->at, s, n) == 0;
}

void
dump_skip_line(struct dump *d)
{
	const char *stop = memchr(d->at, '\n', (size_t)(d->end - d->at));

	d->at = stop != NULL ? stop + 1 : d->end;
}

bool
dump_skip_blank(struct dump *d)
{
	while (d->at < d->end) {
		if (is_blank(*d->at)) {
			d->at++;
		} else if (looking_at(d, "--") ||
		    (d->escapes && *d->at == '#')) {
			dump_skip_line(d);
		} else if (looking_at(d, "/*")) {
			const char *stop = memmem(
			    d->at, (size_t)(d->end - d->at), "*/", 2);

			if (stop == NULL)
				return false;
			d->at = stop + 2;
		} else {
			break;
		}
	}
	return true;
}

bool
dump_word(struct dump *d, const char *word)
{
	const size_t n = strlen(word);

	if (!dump_skip_blank(d) || (size_t)(d->end - d->at) < n ||
	    strncasecmp(d->at, word, n) != 0 ||
	    (dump_is_word(word[0]) && d->at + n < d->end &&
		dump_is_word(d->at[n])))
		return false;
	d->at += n;
	return true;
}

char *
dump_quoted(struct dump *d, char mark, bool escapes, size_t *n_r)
{
	static const char from[] = "0bnrtZ", to[] = "\0\b\n\r\t\x1a";
	const char *s = d->at + 1;
	char *out;
	size_t size = 0;

	/* As long as what is left of it at most: find the end first. */
	for (; s < d->end; s++, size++) {
		if (escapes && *s == '\\' && s + 1 < d->end)
			s++;
		else if (*s == mark && s + 1 < d->end && s[1] == mark)
			s++;
		else if (*s == mark)
			break;
	}
	if (s >= d->end)
		return NULL;
	out = pool_alloc(d->pool, size + 1);
	*n_r = 0;
	for (const char *i = d->at + 1; i < s; i++) {
		char c = *i;

		if (escapes && c == '\\' && i + 1 < s) {
			const char *known = strchr(from, *++i);

			c = known != NULL && *known != '\0' ?
			    to[known - from] :
			    *i;
		} else if (c == mark) {
			i++;
		}
		out[(*n_r)++] = c;
	}
	d->at = s + 1;
	return out;
}

const char *
dump_name(struct dump *d)
{
	const char *name = NULL;
	size_t n;

	do {
		if (!dump_skip_blank(d) || d->at == d->end)
			return NULL;
		if (*d->at == '`' || *d->at == '"') {
			name = dump_quoted(d, *d->at, false, &n);
		} else {
			n = 0;
			while (d->at + n < d->end && dump_is_word(d->at[n]))
				n++;
			name = n > 0 ? pool_strndup(d->pool, d->at, n) : NULL;
			d->at += n;
		}
	} while (name != NULL && dump_word(d, "."));
	return name;
}

/* Passes what is dump_quoted, or one character; false: it does not end. */
bool
dump_skip_piece(struct dump *d)
{
	size_t unused;

	if (*d->at == '\'' || *d->at == '"' || *d->at == '`')
		return dump_quoted(d, *d->at, d->escapes && *d->at != '`',
			   &unused) != NULL;
	/* PostgreSQL: $$ ... $$, $tag$ ... $tag$ */
	if (!d->escapes && *d->at == '$') {
		const char *s = d->at + 1, *stop;

		while (s < d->end && dump_is_word(*s))
			s++;
		if (s < d->end && *s == '$') {
			const size_t n = (size_t)(s - d->at) + 1;

			stop = memmem(
			    s + 1, (size_t)(d->end - s) - 1, d->at, n);
			if (stop == NULL)
				return false;
			d->at = stop + n;
			return true;
		}
	}
	d->at++;
	return true;
}

bool
dump_skip_statement(struct dump *d)
{
	while (dump_skip_blank(d) && d->at < d->end) {
		if (*d->at == ';') {
			d->at++;
			return true;
		}
		if (!dump_skip_piece(d))
			return false;
	}
	return false;
}

unsigned int
dump_line(struct dump *d, const char *at)
{
	for (; d->counted < at; d->counted++)
		d->line += *d->counted == '\n';
	return d->line;
}
