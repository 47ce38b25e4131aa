/* The fields of a header (RFC 5322, 2.2). */
#include <string.h>
#include <strings.h>

#include "listmail/field.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool
field_next(const char **text, const char *end, struct field *f)
{
	const char *at = *text, *stop = at, *colon;

	if (at == end || *at == '\n' || *at == '\r')
		return false;
	do {
		stop = memchr(stop, '\n', (size_t)(end - stop));
		stop = stop != NULL ? stop + 1 : end;
	} while (stop < end && (*stop == ' ' || *stop == '\t'));
	*text = stop;
	*f = (struct field){ .name = at, .value = stop,
		.n = (size_t)(stop - at) };
	if ((colon = memchr(at, ':', f->n)) == NULL)
		return true;
	f->name_n = (size_t)(colon - at);
	while (f->name_n > 0 && is_blank(at[f->name_n - 1]))
		f->name_n--;
	for (f->value = colon + 1; f->value < stop && is_blank(*f->value);)
		f->value++;
	while (stop > f->value && is_blank(stop[-1]))
		stop--;
	f->value_n = (size_t)(stop - f->value);
	return true;
}

bool
field_text(const char *s, size_t n, const char *text)
{
	return strlen(text) == n && strncasecmp(s, text, n) == 0;
}

bool
field_is(const struct field *f, const char *name)
{
	return field_text(f->name, f->name_n, name);
}

bool
field_has_word(const struct field *f, const char *word)
{
	size_t n = 0;

	while (n < f->value_n && strchr(FIELD_BLANK ";(", f->value[n]) == NULL)
		n++;
	return field_text(f->value, n, word);
}
