#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/address.h"
#include "core/routing.h"

#define FIELD "forward_to"
/* Postfix refuses a whole message at virtual_alias_recursion_limit = 20 hops,
 * innocent recipients included; nobody honest needs so many. */
#define WALK_MAX 200
#define DEPTH_MAX 10

static bool
same_target(const struct target *a, const struct target *b)
{
	return strcmp(a->local_part, b->local_part) == 0 &&
	    strcmp(a->domain, b->domain) == 0;
}

static void
target_text(const struct target *t, char *out, size_t size)
{
	snprintf(out, size, "%s@%s", t->local_part, t->domain);
}

/* Does the i-th stand before itself?  Says so. */
static bool
is_there(const struct targets *t, size_t i, struct findings *f)
{
	char text[320];

	for (size_t k = 0; k < i; k++) {
		if (!same_target(&t->list[k], &t->list[i]))
			continue;
		target_text(&t->list[i], text, sizeof(text));
		finding_add(f, FIELD, FAULT_FORWARD_DUPLICATE, text, NULL);
		return true;
	}
	return false;
}

static void
add_target(struct targets *t, const struct address *a, struct findings *f)
{
	struct target *one = &t->list[t->n];

	memcpy(one->local_part, a->local_part, sizeof(one->local_part));
	memcpy(one->domain, a->domain, sizeof(one->domain));
	if (!is_there(t, t->n, f))
		t->n++;
}

/* Bytes of one character that stands between addresses, 0: none.  With the
 * comma and the blank of a Japanese keyboard: U+3001, U+FF0C, U+3000. */
static size_t
gap_length(const char *s)
{
	static const char *const wide[] = { "\xe3\x80\x81", "\xef\xbc\x8c",
		"\xe3\x80\x80" };

	if (*s != '\0' && strchr(", \t\r\n", *s) != NULL)
		return 1;
	for (size_t i = 0; i < NELEM(wide); i++)
		if (strncmp(s, wide[i], 3) == 0)
			return 3;
	return 0;
}

static const char *
skip_gaps(const char *s)
{
	size_t n;

	while ((n = gap_length(s)) > 0)
		s += n;
	return s;
}

enum result
routing_parse_targets(const char *text, struct targets *t, struct findings *f)
{
	const size_t before = f->n;
	size_t count = 0;
	char number[16];

	t->n = 0;
	for (text = skip_gaps(text); *text != '\0'; text = skip_gaps(text)) {
		size_t len = 0;
		struct address a;

		while (text[len] != '\0' && gap_length(text + len) == 0)
			len++;

		if (++count > TARGETS_MAX) {
			snprintf(number, sizeof(number), "%d", TARGETS_MAX);
			finding_add(
			    f, FIELD, FAULT_FORWARD_MANY, number, NULL);
			break;
		}
		if (address_of_target(text, len, FIELD, &a, f))
			add_target(t, &a, f);
		text += len;
	}
	if (count == 0)
		finding_add(f, FIELD, FAULT_FORWARD_NONE, NULL, NULL);
	return f->n == before ? RES_OK : RES_INVALID;
}

void
routing_targets_text(const struct targets *t, char *out, size_t size)
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < t->n && len < size; i++)
		len += (size_t)snprintf(out + len, size - len, "%s%s@%s",
		    i > 0 ? ", " : "", t->list[i].local_part,
		    t->list[i].domain);
}

/* One step of the walk: an address and the step that led to it. */
struct step {
	struct target at;
	size_t from, depth;
};

struct walk {
	size_t n;
	bool too_far; /* deeper or wider than is followed */
	struct step steps[WALK_MAX];
};

#define NOWHERE ((size_t)-1)

static void
walk_add(struct walk *w, const struct target *t, size_t from)
{
	const size_t depth = from == NOWHERE ? 1 : w->steps[from].depth + 1;

	for (size_t i = 0; i < w->n; i++)
		if (same_target(&w->steps[i].at, t))
			return;
	if (w->n == WALK_MAX || depth > DEPTH_MAX) {
		w->too_far = true;
		return;
	}
	w->steps[w->n++] = (struct step){ *t, from, depth };
}

/* The address as the look-ups see it: u+x@ is u@ (recipient_delimiter). */
static void
without_extension(struct target *t)
{
	char *plus = strchr(t->local_part, '+');

	if (plus != NULL && plus != t->local_part)
		*plus = '\0';
	ascii_lower(t->local_part);
}

/* "taro@a -> hanako@a -> taro@a", from the step that reached home. */
static void
path_text(const struct walk *w, size_t i, const char *own, char *out,
    size_t size)
{
	size_t chain[WALK_MAX], n = 0, len;

	for (; i != NOWHERE; i = w->steps[i].from)
		chain[n++] = i;
	len = (size_t)snprintf(out, size, "%s", own);
	while (n-- > 0 && len < size) {
		const struct target *t = &w->steps[chain[n]].at;

		len += (size_t)snprintf(out + len, size - len, " → %s@%s",
		    t->local_part, t->domain);
	}
}

/* What a hosted address forwards to, added to the walk. */
static enum result
walk_on(struct store *s, struct walk *w, size_t i)
{
	const struct target *t = &w->steps[i].at;
	struct account a;
	struct targets next;
	enum result r;

	r = store_account_by_address(s, t->local_part, t->domain, &a);
	if (r == RES_NOTFOUND)
		return RES_OK;
	if (r != RES_OK || a.routing != ROUTING_FORWARD ||
	    (r = store_targets(s, a.id, &next)) != RES_OK)
		return r;
	for (size_t k = 0; k < next.n; k++) {
		without_extension(&next.list[k]);
		walk_add(w, &next.list[k], i);
	}
	return RES_OK;
}

static enum result
check_loops(struct store *s, const struct account *own,
    const struct targets *t, struct findings *f)
{
	struct walk *w = calloc(1, sizeof(*w));
	struct target home;
	char path[1024], typed[320];
	enum result r = RES_OK;

	if (w == NULL)
		return RES_FAIL;
	memcpy(home.local_part, own->local_part, sizeof(home.local_part));
	memcpy(home.domain, own->domain, sizeof(home.domain));
	for (size_t i = 0; i < t->n; i++) {
		struct target one = t->list[i];

		without_extension(&one);
		walk_add(w, &one, NOWHERE);
	}
	for (size_t i = 0; i < w->n && r == RES_OK; i++) {
		if (!same_target(&w->steps[i].at, &home)) {
			r = walk_on(s, w, i);
			continue;
		}
		path_text(w, i, own->address, path, sizeof(path));
		target_text(&home, typed, sizeof(typed));
		if (w->steps[i].from == NOWHERE)
			finding_add(f, FIELD, FAULT_FORWARD_SELF, typed, NULL);
		else
			finding_add(f, FIELD, FAULT_FORWARD_LOOP, path, NULL);
		r = RES_INVALID;
	}
	if (r == RES_OK && w->too_far) {
		snprintf(path, sizeof(path), "%d", DEPTH_MAX);
		finding_add(f, FIELD, FAULT_FORWARD_DEEP, path, NULL);
		r = RES_INVALID;
	}
	free(w);
	return r;
}

/* A hosted target must exist; it is stored in the look-ups' lower case. */
static enum result
check_hosted(struct store *s, struct target *t, struct findings *f)
{
	struct target bare = *t;
	int64_t id, quota;
	char text[320];
	enum result r = store_domain_by_name(s, t->domain, &id, &quota);

	if (r != RES_OK)
		return r == RES_NOTFOUND ? RES_OK : r;
	without_extension(&bare);
	ascii_lower(t->local_part);
	r = store_address_exists(s, bare.local_part, bare.domain);
	if (r != RES_NOTFOUND)
		return r;
	target_text(t, text, sizeof(text));
	finding_add(f, FIELD, FAULT_FORWARD_MISSING, text, NULL);
	return RES_INVALID;
}

enum result
routing_check_targets(struct store *s, const struct account *own,
    struct targets *t, struct findings *f)
{
	bool invalid = false;
	enum result r;

	for (size_t i = 0; i < t->n; i++) {
		r = check_hosted(s, &t->list[i], f);
		/* Two spellings of one hosted address are the same now. */
		if (r == RES_OK && is_there(t, i, f))
			r = RES_INVALID;
		invalid |= r == RES_INVALID;
		if (r != RES_OK && r != RES_INVALID)
			return r;
	}
	r = check_loops(s, own, t, f);
	return r == RES_OK && invalid ? RES_INVALID : r;
}
