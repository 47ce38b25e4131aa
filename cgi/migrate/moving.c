#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "migrate/moving.h"

/* An address is shorter. */
#define TEXT_MAX 320

void
moving_begin(struct moving *m, struct pool *pool)
{
	memset(m, 0, sizeof(*m));
	m->pool = pool;
	m->domain_slots = 64;
	m->domain_slot =
	    pool_alloc(pool, m->domain_slots * sizeof(*m->domain_slot));
	m->slots = 1024;
	m->slot = pool_alloc(pool, m->slots * sizeof(*m->slot));
}

void *
moving_grow(struct pool *p, void *list, size_t n, size_t *size, size_t element)
{
	void *bigger;

	if (n < *size)
		return list;
	*size = *size == 0 ? 8 : 2 * *size;
	bigger = pool_alloc(p, *size * element);
	if (n > 0)
		memcpy(bigger, list, n * element);
	return bigger;
}

const char *
moving_text(struct moving *m, const char *s, size_t n)
{
	const bool cut = n > TEXT_MAX;
	size_t at = 0;
	char *out;

	if (cut)
		n = TEXT_MAX;
	out = pool_alloc(m->pool, n + 4);
	for (size_t i = 0; i < n;) {
		const unsigned char c = (unsigned char)s[i];
		size_t one = 1;

		while (c >= 0xc2 && one < 4 && i + one < n &&
		    ((unsigned char)s[i + one] & 0xc0) == 0x80)
			one++;
		if (c < 0x20 || c == 0x7f || utf8_valid(s + i, one) != one) {
			out[at++] = '?';
			one = 1;
		} else {
			memcpy(out + at, s + i, one);
			at += one;
		}
		i += one;
	}
	memcpy(out + at, cut ? "..." : "", cut ? 4 : 1);
	return out;
}

/* -- the report -- */

/* clang-format off */
static const char *const words[WHY__MAX] = {
	[WHY_DOMAIN]	= "domain",
	[WHY_ACCOUNT]	= "account",
	[WHY_FORWARD]	= "forward",
	[WHY_LIST]	= "list",
	[WHY_MEMBER]	= "member",
	[WHY_ADMIN]	= "administrator",
	[WHY_READ]	= "read",
	[WHY_THERE]	= "there",
	[WHY_DERIVED]	= "derived",
	[WHY_NOBODY]	= "nobody",
	[WHY_MAIL]	= "mail",
	[WHY_RULE]	= "rule",
	[WHY_DIFFERS]	= "differs",
	[WHY_TAKEN]	= "taken",
	[WHY_TWICE]	= "twice",
	[WHY_NO_DOMAIN]	= "no_domain",
	[WHY_FIELDS]	= "fields",
	[WHY_CONTROL]	= "control",
	[WHY_LONG]	= "long",
	[WHY_UNKNOWN]	= "unknown",
	[WHY_LINK]	= "link",
	[WHY_SPECIAL]	= "special",
	[WHY_LARGE]	= "large",
	[WHY_UNREADABLE] = "unreadable",
	[WHY_OUTSIDE]	= "outside",
	[WHY_HASH]	= "hash",
	[WHY_REAL_NAME]	= "real_name",
	[WHY_NO_QUOTA]	= "no_quota",
	[WHY_QUOTA_ROUNDED] = "quota_rounded",
	[WHY_QUOTA_COUNT] = "quota_count",
	[WHY_COLUMN]	= "column",
	[WHY_FLAG]	= "flag",
	[WHY_LIMIT]	= "limit",
	[WHY_INACTIVE]	= "inactive",
	[WHY_PROGRAM]	= "program",
	[WHY_VACATION]	= "vacation",
	[WHY_MANY]	= "many",
	[WHY_EMPTY]	= "empty",
	[WHY_DISCARD]	= "discard",
	[WHY_CATCHALL]	= "catchall",
	[WHY_UNKNOWN_BOUNCES] = "unknown_bounces",
	[WHY_ALIAS_DOMAIN] = "alias_domain",
	[WHY_BACKUP_MX]	= "backup_mx",
	[WHY_TRANSPORT]	= "transport",
	[WHY_UNREACHED]	= "unreached",
	[WHY_OVERRIDDEN] = "overridden",
	[WHY_POSTMASTER] = "postmaster",
	[WHY_OWNER]	= "owner",
	[WHY_DIGEST]	= "digest",
	[WHY_ACCESS]	= "access",
	[WHY_ARCHIVE]	= "archive",
	[WHY_ENGINE]	= "engine",
	[WHY_NO_ACCOUNT] = "no_account",
	[WHY_OWN_PASSWORD] = "own_password",
	[WHY_SUPERADMIN] = "superadmin",
	[WHY_TABLE]	= "table",
	[WHY_SQL]	= "sql",
	[WHY_COMMENT]	= "comment",
};
/* clang-format on */

const char *
why_key(enum why why)
{
	return words[why];
}

const char *
outcome_word(enum outcome o)
{
	return o == OUT_DONE   ? "done" :
	    o == OUT_CHANGED ? "changed" :
			       "refused";
}

static struct moved *
tell(struct moving *m, struct where at, const char *subject, enum outcome o,
    enum why why)
{
	struct moved *one;

	m->moved = moving_grow(m->pool, m->moved, m->nmoved, &m->moved_size,
	    sizeof(*m->moved));
	one = &m->moved[m->nmoved++];
	*one = (struct moved){ .at = at, .subject = subject, .outcome = o,
		.why = why, .arg = "", .arg2 = "" };
	return one;
}

void
moving_tell(struct moving *m, struct where at, const char *subject,
    enum outcome o, enum why why, const char *arg)
{
	tell(m, at, subject, o, why)->arg = arg != NULL ? arg : "";
}

void
moving_tell_of(struct moving *m, struct place *p, struct where at,
    enum outcome o, enum why why, const char *arg)
{
	struct moved *one = tell(m, at, p->address, o, why);

	one->arg = arg != NULL ? arg : "";
	one->item = p;
	p->changed |= o == OUT_CHANGED;
}

void
moving_tell_faults(struct moving *m, struct where at, const char *subject,
    enum outcome o, const struct findings *f)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct finding *from = &f->list[i];
		struct moved *one = tell(m, at, subject, o, WHY_RULE);

		one->fault = from->fault;
		one->arg = moving_text(m, from->a1, strlen(from->a1));
		one->arg2 = moving_text(m, from->a2, strlen(from->a2));
	}
}

struct sorted {
	struct moved one;
	size_t n;
};

static int
by_place(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;
	const int c = strcmp(x->one.at.file, y->one.at.file);

	if (c != 0)
		return c;
	if (x->one.at.line != y->one.at.line)
		return x->one.at.line < y->one.at.line ? -1 : 1;
	return x->n < y->n ? -1 : x->n > y->n;
}

void
moving_sort(struct moving *m)
{
	struct sorted *all =
	    pool_alloc(m->pool, (m->nmoved + 1) * sizeof(*all));

	for (size_t i = 0; i < m->nmoved; i++)
		all[i] = (struct sorted){ m->moved[i], i };
	qsort(all, m->nmoved, sizeof(*all), by_place);
	for (size_t i = 0; i < m->nmoved; i++)
		m->moved[i] = all[i].one;
}
