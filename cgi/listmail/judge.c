/* Who sent a message to a list: a person, a program, or the list itself. */
#include <string.h>
#include <strings.h>

#include "base/result.h"
#include "listmail/judge.h"

/* No line of a header is longer (RFC 5322, 2.1.1), and no From needs more. */
#define FROM_MAX 998
#define BLANK " \t\r\n"

/* -- fields -- */

struct field {
	const char *name, *value;
	size_t name_n, value_n;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The next field, of as many lines as it has; false: the header has ended. */
static bool
next_field(const char **text, const char *end, struct field *f)
{
	const char *at = *text, *stop = at, *colon;

	if (at == end || *at == '\n' || *at == '\r')
		return false;
	do {
		stop = memchr(stop, '\n', (size_t)(end - stop));
		stop = stop != NULL ? stop + 1 : end;
	} while (stop < end && (*stop == ' ' || *stop == '\t'));
	*text = stop;
	*f = (struct field){ .name = at };
	if ((colon = memchr(at, ':', (size_t)(stop - at))) == NULL)
		return true; /* nothing: it has no name */
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

static bool
is_text(const char *s, size_t n, const char *text)
{
	return strlen(text) == n && strncasecmp(s, text, n) == 0;
}

static bool
is_field(const struct field *f, const char *name)
{
	return is_text(f->name, f->name_n, name);
}

/* The first word of the value, without parameters and comments. */
static bool
has_word(const struct field *f, const char *word)
{
	size_t n = 0;

	while (n < f->value_n && strchr(BLANK ";(", f->value[n]) == NULL)
		n++;
	return is_text(f->value, n, word);
}

/* -- addresses -- */

/* Is it the list's address, or one of its sub-addresses? */
static bool
is_of_list(const char *s, size_t n, const char *list)
{
	const size_t own = strcspn(list, "@");
	const char *at = memchr(s, '@', n);
	const size_t local = at != NULL ? (size_t)(at - s) : n;

	return at != NULL && local >= own && strncasecmp(s, list, own) == 0 &&
	    (local == own || s[own] == '+') &&
	    is_text(at, n - local, list + own);
}

/* The next word with an @ between what cannot be in a bare address. */
static bool
next_address(const char **s, const char *end, const char **one, size_t *n)
{
	for (const char *at = *s; at < end; at += *n + 1) {
		*one = at;
		*n = 0;
		while (at + *n < end &&
		    strchr(BLANK "<>()[]\\,;:\"", at[*n]) == NULL)
			++*n;
		*s = at + *n;
		if (memchr(at, '@', *n) != NULL)
			return true;
	}
	return false;
}

bool
header_names(const char *from, size_t n, const char *address)
{
	const char *one, *end = from + n;
	size_t one_n;

	while (next_address(&from, end, &one, &one_n))
		if (is_text(one, one_n, address))
			return true;
	return false;
}

static bool
from_list(const char *from, size_t n, const char *list)
{
	const char *one, *end = from + n;
	size_t one_n;

	while (next_address(&from, end, &one, &one_n))
		if (is_of_list(one, one_n, list))
			return true;
	return false;
}

/* List-Id: ... <name.domain>, as ours says it (RFC 2919). */
static bool
is_id_of(const struct field *f, const char *list)
{
	const size_t own = strcspn(list, "@"), n = strlen(list);
	const char *open = memrchr(f->value, '<', f->value_n);
	const char *id = open != NULL ? open + 1 : f->value;
	size_t id_n = (size_t)(f->value + f->value_n - id);

	if (open != NULL && id_n > 0 && id[id_n - 1] == '>')
		id_n--;
	return id_n == n && id[own] == '.' &&
	    strncasecmp(id, list, own) == 0 &&
	    strncasecmp(id + own + 1, list + own + 1, n - own - 1) == 0;
}

/* -- judging -- */

static void
look(const struct field *f, const char *list, struct header *h)
{
	static const char *const precedences[] = { "bulk", "junk", "list" };

	if (is_field(f, "Auto-Submitted"))
		h->automatic |= !has_word(f, "no");
	else if (is_field(f, "Precedence"))
		for (size_t i = 0; i < NELEM(precedences); i++)
			h->automatic |= has_word(f, precedences[i]);
	else if (is_field(f, "List-Id") && is_id_of(f, list))
		h->own = true;
	else if (is_field(f, "List-Id"))
		h->other = true;
	else if (is_field(f, "From") && h->from_n == 0) {
		h->from = f->value;
		h->from_n = f->value_n < FROM_MAX ? f->value_n : FROM_MAX;
		h->own |= from_list(h->from, h->from_n, list);
	}
}

void
header_read(const char *text, size_t n, const char *list, struct header *h)
{
	const char *end = text + n;
	struct field f;

	*h = (struct header){ .from = text };
	while (next_field(&text, end, &f))
		if (f.value != NULL)
			look(&f, list, h);
}

/* No sender, or the name under which some send what has none. */
static bool
is_nobody(const char *sender)
{
	static const char daemon[] = "mailer-daemon";

	return sender[0] == '\0' ||
	    is_text(sender, strcspn(sender, "@"), daemon);
}

enum judgement
judge(const struct header *h, const char *list, const char *sender,
    const char *sub)
{
	static const char bounces[] = "bounces-";

	if (strcmp(sub, "owner") == 0 ||
	    strncmp(sub, bounces, strlen(bounces)) == 0)
		return JUDGE_PASS;
	if (h->own || is_nobody(sender) ||
	    is_of_list(sender, strlen(sender), list))
		return JUDGE_DROP;
	if (!h->automatic && !h->other)
		return JUDGE_PASS;
	return sub[0] == '\0' ? JUDGE_POSTER : JUDGE_DROP;
}
