/* Rows out of SQL: definitions, INSERT and COPY. */
#include <string.h>
#include <strings.h>

#include "migrate/dump_text.h"

static struct table *
find_table(struct dump *d, const char *name)
{
	for (size_t i = 0; i < d->ntables; i++)
		if (strcasecmp(d->tables[i]->name, name) == 0)
			return d->tables[i];
	return NULL;
}

/* The rest of one column's definition: to the , or ) that ends it. */
static bool
skip_definition(struct dump *d)
{
	int depth = 0;

	while (dump_skip_blank(d) && d->at < d->end) {
		if (depth == 0 && (*d->at == ',' || *d->at == ')'))
			return true;
		depth += *d->at == '(' ? 1 : *d->at == ')' ? -1 : 0;
		if (!dump_skip_piece(d))
			return false;
	}
	return false;
}

static bool
is_constraint(const char *word)
{
	static const char *const words[] = { "PRIMARY", "KEY", "UNIQUE",
		"CONSTRAINT", "FOREIGN", "CHECK", "INDEX", "FULLTEXT",
		"SPATIAL", "EXCLUDE", "LIKE" };

	for (size_t i = 0; i < NELEM(words); i++)
		if (strcasecmp(word, words[i]) == 0)
			return true;
	return false;
}

/* ( name type, name type, PRIMARY KEY (name) ) */
static bool
read_columns(struct dump *d, struct table *t)
{
	while (dump_skip_blank(d) && d->at < d->end) {
		const bool named = *d->at == '`' || *d->at == '"';
		const char *name = dump_name(d);

		if (name == NULL)
			return false;
		if ((named || !is_constraint(name)) && t->n < DUMP_COLUMNS)
			t->columns[t->n++] = name;
		if (!skip_definition(d))
			return false;
		if (*d->at++ == ')')
			return true;
	}
	return false;
}

static bool
read_create(struct dump *d)
{
	struct table *t;
	const char *name;

	(void)(dump_word(d, "TEMPORARY") || dump_word(d, "UNLOGGED"));
	if (!dump_word(d, "TABLE"))
		return dump_skip_statement(d);
	if (dump_word(d, "IF"))
		(void)(dump_word(d, "NOT") && dump_word(d, "EXISTS"));
	if ((name = dump_name(d)) == NULL)
		return dump_skip_statement(d);
	if (!dump_word(d, "(") || d->ntables == DUMP_TABLES)
		return dump_skip_statement(d);
	/* Of two databases, or two copies: whose rows follow? */
	if (find_table(d, name) != NULL)
		return false;
	t = pool_alloc(d->pool, sizeof(*t));
	t->name = name;
	d->tables[d->ntables++] = t;
	return read_columns(d, t) && dump_skip_statement(d);
}

/* -- rows -- */

/* Whose columns the rows have: those that are given, or those of the
 * definition; NULL: not known. */
static const struct table *
columns_of(struct dump *d, const char *name)
{
	const struct table *t = find_table(d, name);

	d->given = (struct table){ .name = name };
	if (!dump_word(d, "("))
		return t != NULL ? t : &d->given;
	while (d->given.n < DUMP_COLUMNS) {
		const char *column = dump_name(d);

		if (column == NULL)
			return NULL;
		d->given.columns[d->given.n++] = column;
		if (dump_word(d, ")"))
			return &d->given;
		if (!dump_word(d, ","))
			return NULL;
	}
	return NULL;
}

static void
give(struct dump *d, const struct table *t, size_t n,
    const struct foreign_cell *cells)
{
	/* Columns that nobody has named are none that are looked for. */
	if (!d->stopped &&
	    !d->to->row(d->to->arg, t->name, n < t->n ? n : t->n, t->columns,
		cells))
		d->stopped = true;
}

/* 0x6162 of MySQL (--hex-blob) is bytes; else it stays what it is. */
static void
unhex(struct dump *d, struct foreign_cell *c)
{
	static const char digits[] = "0123456789abcdef";
	char *out;

	if (c->n < 4 || c->n % 2 != 0 || memcmp(c->text, "0x", 2) != 0 ||
	    strspn(c->text + 2, "0123456789abcdefABCDEF") != c->n - 2)
		return;
	c->n = c->n / 2 - 1;
	out = pool_alloc(d->pool, c->n + 1);
	for (size_t i = 0; i < c->n; i++) {
		const char *high = strchr(digits, c->text[2 + 2 * i] | 0x20);
		const char *low = strchr(digits, c->text[3 + 2 * i] | 0x20);

		out[i] = (char)((high - digits) << 4 | (low - digits));
	}
	c->text = out;
}

/* A string, a number, a word; false: none of them. */
static bool
read_value(struct dump *d, struct foreign_cell *c)
{
	bool escapes = d->escapes;
	size_t n = 0;

	if (!dump_skip_blank(d) || d->at == d->end)
		return false;
	/* _binary 'x' of MySQL, E'x' of PostgreSQL. */
	(void)(dump_word(d, "_binary") || dump_word(d, "_utf8mb4"));
	if (d->at + 1 < d->end && (*d->at == 'E' || *d->at == 'e') &&
	    d->at[1] == '\'') {
		escapes = true;
		d->at++;
	}
	if (!dump_skip_blank(d) || d->at == d->end)
		return false;
	if (*d->at == '\'' || (*d->at == '"' && d->escapes)) {
		c->text = dump_quoted(d, *d->at, escapes, &c->n);
		return c->text != NULL;
	}
	while (d->at + n < d->end &&
	    (dump_is_word(d->at[n]) || strchr("+-.", d->at[n]) != NULL) &&
	    d->at[n] != '\0')
		n++;
	*c = (struct foreign_cell){ pool_strndup(d->pool, d->at, n), n };
	d->at += n;
	if (d->escapes)
		unhex(d, c);
	if (n == 4 && strcasecmp(c->text, "NULL") == 0)
		c->text = NULL;
	return n > 0;
}

static bool
read_tuple(struct dump *d, const struct table *t)
{
	struct foreign_cell cells[DUMP_COLUMNS], unused;
	size_t n = 0;

	if (!dump_word(d, "("))
		return false;
	for (;;) {
		if (!read_value(d, n < DUMP_COLUMNS ? &cells[n] : &unused))
			return false;
		n += n < DUMP_COLUMNS;
		/* '{x}'::text */
		if (dump_word(d, "::") && dump_name(d) == NULL)
			return false;
		if (dump_word(d, ")"))
			break;
		if (!dump_word(d, ","))
			return false;
	}
	give(d, t, n, cells);
	return true;
}

/* False: not understood, or cut off. */
static bool
read_insert(struct dump *d)
{
	const struct table *t;
	const char *name;

	(void)(dump_word(d, "IGNORE") || dump_word(d, "DELAYED"));
	(void)dump_word(d, "INTO");
	if ((name = dump_name(d)) == NULL || (t = columns_of(d, name)) == NULL)
		return false;
	if (dump_word(d, "OVERRIDING"))
		(void)(dump_word(d, "SYSTEM") && dump_word(d, "VALUE"));
	if (!dump_word(d, "VALUES"))
		return false;
	do
		if (!read_tuple(d, t))
			return false;
	while (dump_word(d, ","));
	return dump_word(d, "ON") ? dump_skip_statement(d) : dump_word(d, ";");
}

/* One value of a COPY line: \N is NULL, \t and such are characters. */
static struct foreign_cell
copy_cell(struct dump *d, const char *s, size_t n)
{
	static const char from[] = "bfnrtv", to[] = "\b\f\n\r\t\v";
	struct foreign_cell c = { NULL, 0 };
	char *out;

	if (n == 2 && s[0] == '\\' && s[1] == 'N')
		return c;
	c.text = out = pool_alloc(d->pool, n + 1);
	for (size_t i = 0; i < n; i++) {
		char one = s[i];

		if (one == '\\' && i + 1 < n) {
			const char *known = strchr(from, s[++i]);

			one = known != NULL && *known != '\0' ?
			    to[known - from] :
			    s[i];
		}
		out[c.n++] = one;
	}
	return c;
}

static void
copy_line(struct dump *d, const struct table *t, const char *s, size_t n)
{
	struct foreign_cell cells[DUMP_COLUMNS];
	size_t k = 0;

	for (;;) {
		const char *tab = memchr(s, '\t', n);
		const size_t one = tab != NULL ? (size_t)(tab - s) : n;

		if (k < DUMP_COLUMNS)
			cells[k++] = copy_cell(d, s, one);
		if (tab == NULL)
			break;
		s += one + 1;
		n -= one + 1;
	}
	give(d, t, k, cells);
}

/* COPY name (columns) FROM stdin; and lines up to one of \.  Other formats,
 * such as CSV, would be taken for one long value. */
static bool
read_copy(struct dump *d)
{
	const struct table *t;
	const char *name;

	if ((name = dump_name(d)) == NULL ||
	    (t = columns_of(d, name)) == NULL || !dump_word(d, "FROM") ||
	    !dump_word(d, "stdin") || !dump_word(d, ";"))
		return false;
	dump_skip_line(d);
	while (d->at < d->end) {
		const char *s = d->at;
		size_t n;

		dump_skip_line(d);
		n = (size_t)(d->at - s);
		while (n > 0 && (s[n - 1] == '\n' || s[n - 1] == '\r'))
			n--;
		if (n == 2 && s[0] == '\\' && s[1] == '.')
			return true;
		copy_line(d, t, s, n);
	}
	return false;
}

/* -- statements -- */

static bool
is_quiet(struct dump *d)
{
	static const char *const words[] = { "DROP", "SET", "LOCK", "UNLOCK",
		"ALTER", "SELECT", "USE", "COMMENT", "BEGIN", "COMMIT",
		"START", "PRAGMA", "GRANT", "REVOKE", "ANALYZE" };

	for (size_t i = 0; i < NELEM(words); i++)
		if (dump_word(d, words[i]))
			return true;
	return false;
}

/* One statement; false: it does not end. */
static bool
read_statement(struct dump *d)
{
	const char *start = d->at;

	if (*d->at == '\\') { /* of psql */
		dump_skip_line(d);
		return true;
	}
	if (dump_word(d, ";"))
		return true;
	if (dump_word(d, "CREATE"))
		return read_create(d);
	if (dump_word(d, "COPY"))
		return read_copy(d);
	if (dump_word(d, "INSERT") || dump_word(d, "REPLACE"))
		return read_insert(d);
	if (is_quiet(d))
		return dump_skip_statement(d);
	d->to->other(d->to->arg, dump_line(d, start));
	return dump_skip_statement(d);
}

/* MySQL's names have backquotes, and its strings \ escapes. */
static bool
has_escapes(const char *bytes, size_t n)
{
	if (n > 65536)
		n = 65536;
	return memmem(bytes, n, "PostgreSQL database dump", 24) == NULL &&
	    memmem(bytes, n, "standard_conforming_strings", 27) == NULL &&
	    memmem(bytes, n, "PRAGMA foreign_keys", 19) == NULL;
}

bool
dump_read(struct pool *p, const char *bytes, size_t n,
    const struct dump_reader *to, unsigned int *line)
{
	struct dump *d = pool_alloc(p, sizeof(*d));
	const char *start = bytes;
	bool good = true;

	*d = (struct dump){ .pool = p, .to = to, .at = bytes,
		.end = bytes + n, .counted = bytes, .line = 1,
		.escapes = has_escapes(bytes, n) };
	while (!d->stopped && (good = dump_skip_blank(d)) && d->at < d->end) {
		start = d->at;
		if (!(good = read_statement(d)))
			break;
	}
	*line = dump_line(d, start);
	return good || d->stopped;
}
