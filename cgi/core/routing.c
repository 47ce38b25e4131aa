#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/address.h"
#include "core/routing.h"

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

void
target_text(const struct target *t, char *out, size_t size)
{
	snprintf(out, size, "%s@%s", t->local_part, t->domain);
}

/* Does the i-th stand before itself?  Says so. */
static bool
is_there(
    const struct targets *t, size_t i, const char *field, struct findings *f)
{
	char text[320];

	for (size_t k = 0; k < i; k++) {
		if (!same_target(&t->list[k], &t->list[i]))
			continue;
		target_text(&t->list[i], text, sizeof(text));
		finding_add(f, field, FAULT_FORWARD_DUPLICATE, text, NULL);
		return true;
	}
	return false;
}

static void
add_target(struct targets *t, const struct address *a, const char *field,
    struct findings *f)
{
	struct target *one = &t->list[t->n];

	memcpy(one->local_part, a->local_part, sizeof(one->local_part));
	memcpy(one->domain, a->domain, sizeof(one->domain));
	if (!is_there(t, t->n, field, f))
		t->n++;
}

size_t
routing_gap(const char *s)
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

	while ((n = routing_gap(s)) > 0)
		s += n;
	return s;
}

enum result
routing_parse_targets(const char *text, size_t max, const char *field,
    struct targets *t, struct findings *f)
{
	const size_t before = f->n;
	size_t count = 0;
	char number[24];

	t->n = 0;
	for (text = skip_gaps(text); *text != '\0'; text = skip_gaps(text)) {
		size_t len = 0;
		struct address a;

		while (text[len] != '\0' && routing_gap(text + len) == 0)
			len++;

		if (++count > max) {
			snprintf(number, sizeof(number), "%zu", max);
			finding_add(
			    f, field, FAULT_FORWARD_MANY, number, NULL);
			break;
		}
		if (address_of_target(text, len, field, &a, f))
			add_target(t, &a, field, f);
		text += len;
	}
	if (count == 0)
		finding_add(f, field, FAULT_FORWARD_NONE, NULL, NULL);
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

void
target_without_extension(struct target *t)
{
	char *plus = strchr(t->local_part, '+');

	if (plus != NULL && plus != t->local_part)
		*plus = '\0';
	ascii_lower(t->local_part);
}

/* "taro@a -> hanako@a -> taro@a", from the step that reached home. */
static void
path_text(const struct walk *w, size_t i, const struct target *own, char *out,
    size_t size)
{
	size_t chain[WALK_MAX], n = 0, len;

	for (; i != NOWHERE; i = w->steps[i].from)
		chain[n++] = i;
	target_text(own, out, size);
	len = strlen(out);
	while (n-- > 0 && len < size) {
		const struct target *t = &w->steps[chain[n]].at;

		len += (size_t)snprintf(out + len, size - len, " → %s@%s",
		    t->local_part, t->domain);
	}
}

/* What is being checked: `own` is about to forward to `targets`. */
struct check {
	struct store *store;
	const struct routing_ahead *ahead;
	const struct target *own;
	const struct targets *targets;
	const char *field;
	struct findings *f;
};

/* Where a hosted address forwards to, as it will be. */
static enum result
targets_of(const struct check *c, const struct target *t, struct targets *next)
{
	int64_t id;
	enum result r;

	next->n = 0;
	if (same_target(t, c->own)) {
		*next = *c->targets;
		return RES_OK;
	}
	if (c->ahead != NULL && c->ahead->find(c->ahead->arg, t, next))
		return RES_OK;
	r = store_address(c->store, t->local_part, t->domain, &id, NULL);
	if (r == RES_OK)
		r = store_onward(c->store, id, next);
	return r == RES_NOTFOUND ? RES_OK : r;
}

static void
walk_to_all(struct walk *w, const struct targets *next, size_t from)
{
	for (size_t k = 0; k < next->n; k++) {
		struct target one = next->list[k];

		target_without_extension(&one);
		walk_add(w, &one, from);
	}
}

/* Goes on from where the walk begins to its end, or, where it is to stop
 * there, to `own`, which *i_r then is. */
static enum result
walk_on(const struct check *c, struct walk *w, bool stop, size_t *i_r)
{
	struct targets next;
	enum result r;

	for (*i_r = 0; *i_r < w->n; ++*i_r) {
		if (stop && same_target(&w->steps[*i_r].at, c->own))
			return RES_OK;
		r = targets_of(c, &w->steps[*i_r].at, &next);
		if (r != RES_OK)
			return r;
		walk_to_all(w, &next, *i_r);
	}
	return RES_OK;
}

static enum result
too_far(const struct check *c)
{
	char number[24];

	snprintf(number, sizeof(number), "%d", DEPTH_MAX);
	finding_add(c->f, c->field, FAULT_FORWARD_DEEP, number, NULL);
	return RES_INVALID;
}

/* Does it lead back, or further than is followed? */
static enum result
check_downwards(const struct check *c, struct walk *w)
{
	char path[1024], typed[ADDRESS_SIZE];
	enum result r;
	size_t i;

	memset(w, 0, sizeof(*w));
	walk_to_all(w, c->targets, NOWHERE);
	if ((r = walk_on(c, w, true, &i)) != RES_OK)
		return r;
	if (i == w->n)
		return w->too_far ? too_far(c) : RES_OK;
	target_text(c->own, typed, sizeof(typed));
	path_text(w, i, c->own, path, sizeof(path));
	if (w->steps[i].from == NOWHERE)
		finding_add(c->f, c->field, FAULT_FORWARD_SELF, typed, NULL);
	else
		finding_add(c->f, c->field, FAULT_FORWARD_LOOP, path, NULL);
	return RES_INVALID;
}

static bool
add_source(void *arg, const char *address)
{
	struct walk *up = arg;
	struct target t;
	const char *at = strchr(address, '@');

	snprintf(t.local_part, sizeof(t.local_part), "%.*s",
	    (int)(at - address), address);
	snprintf(t.domain, sizeof(t.domain), "%s", at + 1);
	walk_add(up, &t, NOWHERE);
	return true;
}

/* Would somebody who forwards to it be led too far now? */
static enum result
check_upwards(const struct check *c, struct walk *up, struct walk *w)
{
	struct targets next;
	enum result r;
	size_t end;

	memset(up, 0, sizeof(*up));
	walk_add(up, c->own, NOWHERE);
	for (size_t i = 0; i < up->n; i++) {
		const struct target *t = &up->steps[i].at;

		r = store_pointing_at(
		    c->store, t->local_part, t->domain, add_source, up);
		if (r != RES_OK || i == 0)
			goto next;
		memset(w, 0, sizeof(*w));
		if ((r = targets_of(c, t, &next)) == RES_OK) {
			walk_to_all(w, &next, NOWHERE);
			r = walk_on(c, w, false, &end);
		}
		if (r == RES_OK && w->too_far)
			return too_far(c);
	next:
		if (r != RES_OK)
			return r;
	}
	/* More than are followed may well forward to one; they are not all
	 * looked at, then. */
	return RES_OK;
}

/* A hosted target must exist; it is stored in the look-ups' lower case. */
static enum result
check_hosted(const struct check *c, struct target *t)
{
	struct target bare = *t;
	struct targets unused;
	struct domain d;
	char text[ADDRESS_SIZE];
	enum result r = store_domain(c->store, t->domain, &d);

	if (r != RES_OK)
		return r == RES_NOTFOUND ? RES_OK : r;
	target_without_extension(&bare);
	ascii_lower(t->local_part);
	if (c->ahead != NULL && c->ahead->find(c->ahead->arg, &bare, &unused))
		return RES_OK;
	r = store_address(
	    c->store, bare.local_part, bare.domain, NULL, NULL);
	/* Itself is told by its own sentence. */
	if (r != RES_NOTFOUND || same_target(&bare, c->own))
		return r == RES_NOTFOUND ? RES_OK : r;
	target_text(t, text, sizeof(text));
	finding_add(c->f, c->field, FAULT_FORWARD_MISSING, text, NULL);
	return RES_INVALID;
}

enum result
routing_check_targets(struct store *s, const struct target *own,
    const char *field, const struct routing_ahead *ahead, struct targets *t,
    struct findings *f)
{
	const struct check c = { s, ahead, own, t, field, f };
	struct walk *walks;
	bool invalid = false;
	enum result r;

	for (size_t i = 0; i < t->n; i++) {
		r = check_hosted(&c, &t->list[i]);
		/* Two spellings of one hosted address are the same now. */
		if (r == RES_OK && is_there(t, i, field, f))
			r = RES_INVALID;
		invalid |= r == RES_INVALID;
		if (r != RES_OK && r != RES_INVALID)
			return r;
	}
	if ((walks = calloc(2, sizeof(*walks))) == NULL)
		return RES_FAIL;
	r = check_downwards(&c, &walks[0]);
	if (r == RES_OK)
		r = check_upwards(&c, &walks[0], &walks[1]);
	free(walks);
	return r == RES_OK && invalid ? RES_INVALID : r;
}
