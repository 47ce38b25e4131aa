/* Who sent a message to a list: a person, a program, or the list itself. */
#include <string.h>
#include <strings.h>

#include "base/result.h"
#include "listmail/field.h"
#include "listmail/judge.h"

/* No line of a header is longer (RFC 5322, 2.1.1), and no From needs more. */
#define FROM_MAX 998

/* -- addresses -- */

/* Is it a sub-address of the list, under which mlmmj sends? */
static bool
is_sub(const char *s, size_t n, const char *list)
{
	const size_t own = strcspn(list, "@");
	const char *at = memchr(s, '@', n);
	const size_t local = at != NULL ? (size_t)(at - s) : n;

	return at != NULL && local > own && strncasecmp(s, list, own) == 0 &&
	    s[own] == '+' && field_text(at, n - local, list + own);
}

/* The next word with an @ between what cannot be in a bare address. */
static bool
next_address(const char **s, const char *end, const char **one, size_t *n)
{
	for (const char *at = *s; at < end; at += *n + 1) {
		*one = at;
		*n = 0;
		while (at + *n < end &&
		    strchr(FIELD_BLANK "<>()[]\\,;:\"", at[*n]) == NULL)
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
		if (field_text(one, one_n, address))
			return true;
	return false;
}

/* From the list, or from mlmmj?  Neither may be answered. */
static void
look_from(const char *from, size_t n, const char *list, struct header *h)
{
	const char *one, *end = from + n, *open = memrchr(from, '<', n);
	size_t one_n;

	/* Who writes "zemi@..." before it may be anybody. */
	from = open != NULL ? open : from;
	while (next_address(&from, end, &one, &one_n)) {
		h->automatic |= field_text(one, one_n, list);
		h->own |= is_sub(one, one_n, list);
	}
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

	if (field_is(f, "Auto-Submitted"))
		h->automatic |= !field_has_word(f, "no");
	else if (field_is(f, "Precedence"))
		for (size_t i = 0; i < NELEM(precedences); i++)
			h->automatic |= field_has_word(f, precedences[i]);
	else if (field_is(f, "List-Id") && is_id_of(f, list))
		h->own = true;
	else if (field_is(f, "List-Id"))
		h->other = true;
	else if (field_is(f, "From") && h->from_n == 0) {
		h->from = f->value;
		h->from_n = f->value_n < FROM_MAX ? f->value_n : FROM_MAX;
		look_from(h->from, h->from_n, list, h);
	}
}

void
header_read(const char *text, size_t n, const char *list, struct header *h)
{
	const char *end = text + n;
	struct field f;

	*h = (struct header){ .from = text };
	while (field_next(&text, end, &f))
		look(&f, list, h);
}

/* No sender, or the name under which some send what has none. */
static bool
is_nobody(const char *sender)
{
	static const char daemon[] = "mailer-daemon";

	return sender[0] == '\0' ||
	    field_text(sender, strcspn(sender, "@"), daemon);
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
	    is_sub(sender, strlen(sender), list))
		return JUDGE_DROP;
	if (!h->automatic && !h->other && strcasecmp(sender, list) != 0)
		return JUDGE_PASS;
	return sub[0] == '\0' ? JUDGE_POSTER : JUDGE_DROP;
}
