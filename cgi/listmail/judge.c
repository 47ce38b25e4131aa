/* Who sent a message to a list: a person, a program, or the list itself. */
#include <string.h>
#include <strings.h>

#include "base/result.h"
#include "listmail/field.h"
#include "listmail/judge.h"

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

/* The mailboxes of a From: their number, as mlmmj counts them, and where the
 * first "<" is, or its begin.  What is quoted may be anything. */
static size_t
count_mailboxes(const struct field *f, const char **at)
{
	bool quoted = false, blank = true;
	const char *open = NULL;
	size_t count = 0, depth = 0;

	for (size_t i = 0; i < f->value_n; i++) {
		const char c = f->value[i];

		if (c == ',' && !quoted) {
			blank = true;
			continue;
		}
		if (blank && strchr(FIELD_BLANK, c) == NULL) {
			blank = false;
			count++;
		}
		if (c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && c == '(')
			depth++;
		else if (!quoted && c == ')' && depth > 0)
			depth--;
		else if (!quoted && c == '<' && depth == 0 && open == NULL)
			open = f->value + i;
	}
	*at = open != NULL ? open : f->value;
	return count;
}

/* From the list, or from mlmmj?  Neither may be answered. */
static void
look_from(const struct field *f, const char *list, struct header *h)
{
	const char *at, *one, *end = f->value + f->value_n;
	size_t n;

	h->froms += count_mailboxes(f, &at);
	if (!next_address(&at, end, &one, &n))
		return;
	h->from = one;
	h->from_n = n;
	h->automatic |= field_text(one, n, list);
	h->own |= is_sub(one, n, list);
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

	if (field_is(f, "Auto-Submitted")) {
		h->automatic |= !field_has_word(f, "no");
		h->reply |= field_has_word(f, "auto-replied");
	} else if (field_is(f, "Precedence"))
		for (size_t i = 0; i < NELEM(precedences); i++)
			h->automatic |= field_has_word(f, precedences[i]);
	else if (field_is(f, "List-Id") && is_id_of(f, list))
		h->own = true;
	else if (field_is(f, "List-Id"))
		h->other = true;
	else if (field_is(f, "From"))
		look_from(f, list, h);
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

/* The list itself, or what mlmmj 1.3 knows behind the "+". */
static bool
is_known(const char *sub)
{
	static const char *const whole[] = { "", "owner", "subscribe",
		"subscribe-digest", "subscribe-nomail", "subscribe-both",
		"unsubscribe", "unsubscribe-digest", "unsubscribe-nomail",
		"help", "faq", "list" };
	static const char *const begins[] = { "confsub-", "confunsub-",
		"release-", "reject-", "permit-", "obstruct-", "moderate-",
		"get-" };
	bool known = false;

	for (size_t i = 0; i < NELEM(whole); i++)
		known |= strcmp(sub, whole[i]) == 0;
	for (size_t i = 0; i < NELEM(begins); i++)
		known |= strncmp(sub, begins[i], strlen(begins[i])) == 0;
	return known;
}

enum judgement
judge(const struct header *h, const char *list, const char *sender,
    const char *sub)
{
	static const char bounces[] = "bounces-";
	const bool owner = strcmp(sub, "owner") == 0;

	if (strncmp(sub, bounces, strlen(bounces)) == 0)
		return JUDGE_PASS;
	/* An answer is for whoever it answers, and would be answered. */
	if (!owner &&
	    (h->own || h->reply || is_nobody(sender) ||
		is_sub(sender, strlen(sender), list)))
		return JUDGE_DROP;
	if (!is_known(sub))
		return JUDGE_UNKNOWN;
	if (h->froms != 1 || h->from_n == 0)
		return JUDGE_REFUSE;
	if (owner ||
	    (!h->automatic && !h->other && strcasecmp(sender, list) != 0))
		return JUDGE_PASS;
	return sub[0] == '\0' ? JUDGE_POSTER : JUDGE_DROP;
}
