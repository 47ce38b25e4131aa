/* Who is on a list: asked of and told to the engine. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/line.h"
#include "core/address.h"
#include "core/engine.h"
#include "core/history.h"
#include "core/mlist_walk.h"
#include "core/routing.h"

#define HISTORY_TEXT 2000
/* How many members one request names. */
#define SHARE 500

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

enum result
mlist_members(const char *engine, struct pool *p, const struct mlist *l,
    const char **lines_r)
{
	const char *text;
	char **list, *copy, *line, *save = NULL, *out;
	size_t n = 0, size, at = 0;
	enum result r = engine_members(engine, p, l->id, &text);

	if (r != RES_OK)
		return r;
	size = strlen(text);
	copy = pool_strndup(p, text, size);
	list = pool_alloc(p, (size / 2 + 1) * sizeof(*list));
	out = pool_alloc(p, size + 2);
	for (line = strtok_r(copy, "\n", &save); line != NULL;
	     line = strtok_r(NULL, "\n", &save))
		list[n++] = line;
	qsort(list, n, sizeof(*list), compare);
	for (size_t i = 0; i < n; i++)
		at += (size_t)snprintf(
		    out + at, size + 2 - at, "%s\n", list[i]);
	*lines_r = out;
	return RES_OK;
}

/* Does `lines` have the address?  Case does not count. */
static bool
has_line(const char *lines, const char *address)
{
	const size_t len = strlen(address);
	const char *line;
	size_t n;

	while ((line = line_next(&lines, &n)) != NULL)
		if (n == len && strncasecmp(line, address, n) == 0)
			return true;
	return false;
}

/* -- reading what was typed -- */

struct reader {
	struct walk walk;
	struct findings *f;
	const char *have; /* members now */
	char *out;	  /* new ones, a line each */
	size_t size, at, n;
};

static enum result
take(struct reader *rd, const char *s, size_t n)
{
	char text[ADDRESS_SIZE];
	struct target t;
	struct address a;
	enum result r;

	if (!address_of_target(s, n, "members", &a, rd->f))
		return RES_OK;
	memcpy(t.local_part, a.local_part, sizeof(t.local_part));
	memcpy(t.domain, a.domain, sizeof(t.domain));
	if ((r = mlist_walk(&rd->walk, &t, rd->f)) != RES_OK)
		return r;
	target_text(&t, text, sizeof(text));
	if (has_line(rd->have, text) || has_line(rd->out, text))
		return RES_OK;
	rd->at += (size_t)snprintf(
	    rd->out + rd->at, rd->size - rd->at, "%s\n", text);
	rd->n++;
	return RES_OK;
}

/* Bytes of the mark at `s` between two of a line, 0: none.  Blanks are none:
 * names have them. */
static size_t
mark(const char *s)
{
	if (*s == ';')
		return 1;
	if (*s == ' ' || *s == '\t' || strncmp(s, "\xe3\x80\x80", 3) == 0)
		return 0;
	return routing_gap(s);
}

/* How long the first of "Yamada, Taro" <taro@x>, hanako@x; ... is. */
static size_t
first_of(const char *s, size_t n)
{
	bool quoted = false, angled = false;
	size_t i = 0;

	for (; i < n; i++) {
		if (s[i] == '"')
			quoted = !quoted;
		else if (!quoted && (s[i] == '<' || s[i] == '>'))
			angled = s[i] == '<';
		else if (!quoted && !angled && mark(s + i) > 0)
			break;
	}
	return i;
}

/* "Taro Yamada <taro@x>" is taro@x; without <> there may be several. */
static enum result
take_part(struct reader *rd, const char *s, size_t n)
{
	const char *open = memchr(s, '<', n), *close;
	enum result r = RES_OK;

	if (open != NULL &&
	    (close = memchr(open, '>', n - (size_t)(open - s))) != NULL) {
		const char *rest = close + 1;

		while (rest < s + n && (*rest == ' ' || *rest == '\t'))
			rest++;
		/* What stands behind it is not left out without a word. */
		if (rest < s + n)
			return take(rd, rest, (size_t)(s + n - rest));
		return take(rd, open + 1, (size_t)(close - open) - 1);
	}
	while (n > 0 && r == RES_OK) {
		size_t word = 0;

		while (word < n && routing_gap(s + word) == 0)
			word++;
		if (word > 0)
			r = take(rd, s, word);
		if (word < n)
			word += routing_gap(s + word);
		s += word;
		n -= word;
	}
	return r;
}

static enum result
take_line(struct reader *rd, const char *s, size_t n)
{
	enum result r = RES_OK;

	while (n > 0 && r == RES_OK) {
		size_t one = first_of(s, n);

		r = take_part(rd, s, one);
		if (one < n)
			one += mark(s + one);
		s += one;
		n -= one;
	}
	return r;
}

/* -- adding and removing -- */

static enum result
record(struct store *s, const struct mlist *l, const struct actor *who,
    enum event e, const char *lines)
{
	char text[HISTORY_TEXT];
	size_t n = 0;
	enum result r;

	for (; *lines != '\0' && n + 6 < sizeof(text); lines++) {
		if (*lines == '\n' && lines[1] == '\0')
			break;
		text[n++] = *lines == '\n' ? ' ' : *lines;
	}
	snprintf(text + n, sizeof(text) - n, "%s",
	    *lines != '\0' && *lines != '\n' ? " ..." : "");
	if ((r = store_begin(s)) != RES_OK)
		return r;
	r = history_add_domain(s, who, l->domain, l->address, e,
	    e == EVENT_LIST_MEMBERS_REMOVED ? text : "",
	    e == EVENT_LIST_MEMBERS_ADDED ? text : "");
	return store_end(s, r);
}

/* In shares, so that others are answered in between, and none takes longer
 * than the engine is waited for; n_r: how many were certainly done. */
static enum result
in_shares(const char *engine, struct pool *p, int64_t id, const char *lines,
    enum result (*tell)(const char *, int64_t, const char *), size_t *n_r)
{
	enum result r = RES_OK;

	*n_r = 0;
	while (*lines != '\0' && r == RES_OK) {
		size_t n = 0, size = 0;

		for (; n < SHARE && lines[size] != '\0'; n++)
			size += strcspn(lines + size, "\n") + 1;
		r = tell(engine, id, pool_strndup(p, lines, size));
		if (r == RES_OK)
			*n_r += n;
		lines += size;
	}
	return r;
}

/* Those of `lines` that `have` has (or has not). */
static const char *
those(struct pool *p, const char *lines, const char *have, bool in)
{
	char *out = pool_alloc(p, strlen(lines) + 2);
	const char *line;
	size_t at = 0, n;

	while ((line = line_next(&lines, &n)) != NULL)
		if (has_line(have, pool_strndup(p, line, n)) == in) {
			memcpy(out + at, line, n);
			at += n;
			out[at++] = '\n';
		}
	return out;
}

static enum result
tell(struct store *s, const char *engine, struct pool *p,
    const struct mlist *l, const char *lines, bool add,
    const struct actor *who, size_t *n_r)
{
	enum result r = in_shares(engine, p, l->id, lines,
	    add ? engine_add : engine_remove, n_r);
	const char *now;
	enum result told;

	/* What a share that failed has changed is asked; where that cannot
	 * be, all is recorded. */
	if (r != RES_OK && engine_members(engine, p, l->id, &now) == RES_OK)
		lines = those(p, lines, now, add);
	if (*lines == '\0')
		return r;
	told = record(s, l, who,
	    add ? EVENT_LIST_MEMBERS_ADDED : EVENT_LIST_MEMBERS_REMOVED, lines);
	return r != RES_OK ? r : told;
}

static enum result
read_all(struct reader *rd, const char *text)
{
	char number[24];
	size_t lines = 0;
	enum result r = RES_OK;

	while (*text != '\0' && r == RES_OK) {
		size_t n = strcspn(text, "\r\n");

		if (n > 0 && ++lines > MEMBERS_MAX) {
			snprintf(number, sizeof(number), "%d", MEMBERS_MAX);
			finding_add(rd->f, "members", FAULT_FORWARD_MANY,
			    number, NULL);
			break;
		}
		r = take_line(rd, text, n);
		text += n + (text[n] != '\0');
	}
	return r;
}

enum result
mlist_members_add(struct store *s, const char *engine, struct pool *p,
    const struct mlist *l, const char *text, const struct actor *who,
    struct findings *f, size_t *n_r)
{
	struct reader *rd = pool_alloc(p, sizeof(*rd));
	enum result r;

	*n_r = 0;
	rd->walk = (struct walk){ .store = s, .engine = engine, .pool = p,
		.list = l };
	rd->f = f;
	/* No address grows but by its A-labels. */
	rd->size = 8 * strlen(text) + 1024;
	rd->out = pool_alloc(p, rd->size);
	if ((r = engine_members(engine, p, l->id, &rd->have)) != RES_OK ||
	    (r = read_all(rd, text)) != RES_OK)
		return r;
	if (text[strspn(text, " \t\r\n,;")] == '\0')
		finding_add(f, "members", FAULT_LIST_NO_MEMBERS, NULL, NULL);
	if (f->n > 0)
		return RES_INVALID;
	if (rd->n == 0)
		return RES_OK; /* all are there */
	return tell(s, engine, p, l, rd->out, true, who, n_r);
}

enum result
mlist_members_remove(struct store *s, const char *engine, struct pool *p,
    const struct mlist *l, const char *lines, const struct actor *who,
    size_t *n_r)
{
	const char *have;
	enum result r = engine_members(engine, p, l->id, &have);

	*n_r = 0;
	if (r != RES_OK)
		return r;
	/* Only who is there: an address of another list is none of this. */
	lines = those(p, lines, have, true);
	if (*lines == '\0')
		return RES_OK;
	return tell(s, engine, p, l, lines, false, who, n_r);
}

const char *
mlist_of_account(struct store *s, const char *engine, struct pool *p,
    const struct account *a)
{
	const char *lines;

	if (engine[0] == '\0' || store_mlist_any(s) != RES_OK ||
	    engine_lists_of(engine, p, a->address, &lines) != RES_OK)
		return "";
	return lines;
}
