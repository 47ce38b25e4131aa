#include <string.h>

#include "base/utf8.h"
#include "http/form.h"

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool
form_has_control(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return true;
	return false;
}

char *
percent_decode(struct pool *p, const char *s, size_t n, bool plus_is_blank)
{
	char *out = pool_alloc(p, n + 1), *o = out;

	for (size_t i = 0; i < n; i++) {
		char c = s[i];

		if (c == '%') {
			if (n - i < 3 || hex(s[i + 1]) < 0 ||
			    hex(s[i + 2]) < 0)
				return NULL;
			c = (char)(hex(s[i + 1]) * 16 + hex(s[i + 2]));
			i += 2;
		} else if (c == '+' && plus_is_blank) {
			c = ' ';
		}
		if (c == '\0')
			return NULL;
		*o++ = c;
	}
	*o = '\0';
	n = (size_t)(o - out);
	return utf8_valid(out, n) == n ? out : NULL;
}

static bool
add_field(struct pool *p, const char *s, size_t n, struct form *f)
{
	const char *eq = memchr(s, '=', n);
	size_t name_len = eq != NULL ? (size_t)(eq - s) : n;
	const char *name, *value = "";

	if ((name = percent_decode(p, s, name_len, true)) == NULL ||
	    form_has_control(name))
		return false;
	if (eq != NULL &&
	    (value = percent_decode(p, eq + 1, n - name_len - 1, true)) ==
		NULL)
		return false;
	return form_add(f, name, value);
}

bool
form_add(struct form *f, const char *name, const char *value)
{
	if (f->n == FORM_FIELDS_MAX)
		return false;
	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->fields[i].name, name) == 0)
			return false;
	f->fields[f->n].name = name;
	f->fields[f->n++].value = value;
	return true;
}

bool
form_parse(struct pool *p, const char *s, size_t n, struct form *f)
{
	const char *end = s + n;

	f->n = 0;
	while (s < end) {
		const char *amp = memchr(s, '&', (size_t)(end - s));
		size_t len = (size_t)((amp != NULL ? amp : end) - s);

		if (len > 0 && !add_field(p, s, len, f))
			return false;
		s += len + 1;
	}
	return true;
}

const char *
form_get(const struct form *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->fields[i].name, name) == 0)
			return f->fields[i].value;
	return "";
}

bool
form_is_on(const struct form *f, const char *name)
{
	return strcmp(form_get(f, name), "on") == 0;
}
