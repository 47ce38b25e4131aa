#include <stdio.h>
#include <string.h>

#include <csv.h>

#include "base/utf8.h"
#include "core/csvdecode.h"
#include "core/csvfile.h"

/* Where the first line may name columns; a spreadsheet writes many empty
 * ones behind them. */
#define COLUMNS_MAX 64
#define NAMELESS CSV__MAX /* such a column, and what is behind the last */
/* Longer than any password, so that none is in memory that libcsv gave back
 * when a cell grew. */
#define BLOCK 65536

static const char *const names[CSV__MAX] = {
	[CSV_ACCOUNT] = "account",
	[CSV_REAL_NAME] = "real_name",
	[CSV_PASSWORD] = "password",
	[CSV_PASSWORD_HASH] = "password_hash",
	[CSV_QUOTA_MB] = "quota_mb",
	[CSV_ROUTING] = "routing",
	[CSV_FORWARD_TO] = "forward_to",
	[CSV_KEEP_COPY] = "keep_copy",
};

const char *
csv_column_name(enum csv_column c)
{
	return names[c];
}

const char *
csv_fault_key(enum csv_fault f)
{
	static const char *const keys[] = {
		[CSV_FINE] = "",
		[CSV_EMPTY] = "csv.fault.empty",
		[CSV_ENCODING] = "csv.fault.encoding",
		[CSV_NUL] = "csv.fault.nul",
		[CSV_NO_ACCOUNT] = "csv.fault.no_account",
		[CSV_UNKNOWN] = "csv.fault.unknown",
		[CSV_TWICE] = "csv.fault.twice",
		[CSV_QUOTES] = "csv.fault.quotes",
		[CSV_TOO_MANY] = "csv.fault.too_many",
	};

	return keys[f];
}

struct reader {
	struct csv_file *file;
	char separator;
	char *cells; /* where the next one is kept */
	bool headed; /* the first line was read */
	enum csv_column column[COLUMNS_MAX];
	/* The row in hand. */
	bool begun;
	size_t n, filled; /* its cells, and those that are not blank */
	struct csv_row row;
};

static bool
fault(struct csv_file *f, enum csv_fault what, unsigned int line,
    const char *text)
{
	f->fault = what;
	f->line = line;
	snprintf(f->text, sizeof(f->text), "%s", text);
	/* Not cut in the middle of a character. */
	f->text[utf8_valid(f->text, strlen(f->text))] = '\0';
	return false;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
is_guarded(char c)
{
	return c != '\0' && strchr("=+-@\t\r'", c) != NULL;
}

static bool
all_of(const char *chars, const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && strchr(chars, s[i]) != NULL)
		i++;
	return i == n;
}

/*
 * A cell without the ' that csv_write_cell puts in front, and without the
 * blanks around it (a tab behind such a ' is none of them).  It is kept in
 * the text of the file, over what has been read (libcsv has a copy): a cell
 * and its NUL are never longer than the cell in the file and what ended it.
 */
static const char *
keep(struct reader *r, const char *s, size_t n, enum csv_column c)
{
	const bool guard = n >= 2 && s[0] == '\'' && is_guarded(s[1]);
	char *cell = r->cells;

	s += guard;
	n -= guard;
	while (c != CSV_PASSWORD && !guard && n > 0 && is_blank(*s)) {
		s++;
		n--;
	}
	while (c != CSV_PASSWORD && n > 0 && is_blank(s[n - 1]))
		n--;
	if (n == 0)
		return "";
	memcpy(cell, s, n);
	cell[n] = '\0';
	r->cells += n + 1;
	return cell;
}

static enum csv_column
column(const struct reader *r)
{
	return r->n < COLUMNS_MAX ? r->column[r->n] : NAMELESS;
}

/* Goes on behind one that is wrong: take_row wants to know of `account`. */
static void
take_name(struct reader *r, const char *text)
{
	struct csv_file *f = r->file;
	enum csv_fault wrong = CSV_FINE;
	size_t c = 0;

	if (text[0] == '\0')
		return;
	while (c < CSV__MAX && strcasecmp(text, names[c]) != 0)
		c++;
	if (c == CSV__MAX || r->n >= COLUMNS_MAX) {
		wrong = CSV_UNKNOWN;
	} else if (f->has[c]) {
		wrong = CSV_TWICE;
	} else {
		f->has[c] = true;
		r->column[r->n] = (enum csv_column)c;
	}
	if (wrong != CSV_FINE && f->fault == CSV_FINE)
		fault(f, wrong, r->row.line, text);
}

static void
take_cell(void *bytes, size_t n, void *arg)
{
	struct reader *r = arg;
	const char *s = bytes != NULL ? bytes : "";
	const enum csv_column c = column(r);
	const bool blank = all_of(" \t", s, n);

	if (!r->headed)
		take_name(r, keep(r, s, n, NAMELESS));
	else if (c != NAMELESS)
		r->row.cell[c] = keep(r, s, n, c);
	else
		r->row.surplus += !blank;
	r->filled += !blank;
	r->n++;
}

static void
take_row(int end, void *arg)
{
	struct reader *r = arg;
	struct csv_file *f = r->file;

	(void)end;
	if (r->filled > 0 && !r->headed) {
		r->headed = true;
		/* What names no account is no list of columns: an unknown one
		 * in it is not what is wrong. */
		if (!f->has[CSV_ACCOUNT])
			fault(f, CSV_NO_ACCOUNT, r->row.line, "");
	} else if (r->filled > 0) {
		if (f->n == CSV_ROWS_MAX)
			fault(f, CSV_TOO_MANY, r->row.line, "");
		else
			f->rows[f->n++] = r->row;
	}
	memset(&r->row, 0, sizeof(r->row));
	r->n = r->filled = 0;
	r->begun = false;
}

/* -- lines, as an editor counts them: LF, CRLF or CR -- */

static size_t
line_length(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && s[i] != '\r' && s[i] != '\n')
		i++;
	return i;
}

/* With its end. */
static size_t
whole_line(const char *s, size_t n)
{
	size_t len = line_length(s, n);

	if (len + 1 < n && s[len] == '\r' && s[len + 1] == '\n')
		return len + 2;
	return len < n ? len + 1 : len;
}

/* -- the separator: whichever makes a cell `account` in the first line -- */

static bool
names_account(const char *s, size_t n, char separator)
{
	const char *end = s + n, *next, *stop;
	const char *account = names[CSV_ACCOUNT];

	for (; s <= end; s = next + 1) {
		next = memchr(s, separator, (size_t)(end - s));
		next = next != NULL ? next : end;
		stop = next;
		while (s < stop && (is_blank(*s) || *s == '"'))
			s++;
		while (stop > s && (is_blank(stop[-1]) || stop[-1] == '"'))
			stop--;
		if ((size_t)(stop - s) == strlen(account) &&
		    strncasecmp(s, account, strlen(account)) == 0)
			return true;
	}
	return false;
}

static char
separator_of(const char *s, size_t n)
{
	static const char known[] = ",;\t";
	size_t len = line_length(s, n);

	while (len < n && all_of(" \t,;\"", s, len)) {
		s += len + 1;
		n -= len + 1;
		len = line_length(s, n);
	}
	for (size_t i = 0; known[i] != '\0'; i++)
		if (names_account(s, len, known[i]))
			return known[i];
	return ',';
}

/* -- the whole -- */

static int
no_blank(unsigned char c)
{
	(void)c;
	return 0;
}

/* In pieces that end with a separator or with the line, since libcsv takes
 * away the blanks around what is not quoted, unless it is told before that
 * they are none: those of a password are not. */
static bool
feed_line(struct reader *r, struct csv_parser *csv, const char *s, size_t n)
{
	while (n > 0) {
		const char *cut = memchr(s, r->separator, n);
		size_t len = cut != NULL ? (size_t)(cut - s) + 1 : n;

		csv_set_space_func(
		    csv, column(r) == CSV_PASSWORD ? no_blank : NULL);
		if (csv_parse(csv, s, len, take_cell, take_row, r) != len)
			return false;
		s += len;
		n -= len;
	}
	return true;
}

/* Line by line, to know where a row begins. */
static void
feed(struct reader *r, struct csv_parser *csv, const char *s, size_t n)
{
	struct csv_file *f = r->file;
	unsigned int line = 1;
	bool well = true;

	for (size_t len; n > 0 && well && f->fault == CSV_FINE; n -= len) {
		len = whole_line(s, n);
		if (!r->begun) {
			r->row.line = line;
			r->begun = !all_of(" \t\r\n", s, len);
		}
		well = feed_line(r, csv, s, len);
		s += len;
		line++;
	}
	if (well && f->fault == CSV_FINE)
		well = csv_fini(csv, take_cell, take_row, r) == 0;
	if (!well)
		fault(f, CSV_QUOTES, r->row.line, "");
}

static bool
parse(struct pool *p, char *text, size_t n, struct csv_file *f)
{
	struct reader r = { .file = f, .cells = text };
	struct csv_parser csv;
	size_t lines = 0;

	for (size_t i = 0; i < n && lines < CSV_ROWS_MAX; lines++)
		i += whole_line(text + i, n - i);
	f->rows = pool_alloc(p, (lines + 1) * sizeof(*f->rows));
	for (size_t i = 0; i < COLUMNS_MAX; i++)
		r.column[i] = NAMELESS;
	r.separator = separator_of(text, n);
	(void)csv_init(&csv, CSV_STRICT | CSV_STRICT_FINI);
	csv_set_blk_size(&csv, BLOCK);
	csv_set_delim(&csv, (unsigned char)r.separator);
	feed(&r, &csv, text, n);
	if (csv.entry_buf != NULL)
		explicit_bzero(csv.entry_buf, csv_get_buffer_size(&csv));
	csv_free(&csv);
	if (f->fault == CSV_FINE && f->n == 0)
		fault(f, CSV_EMPTY, 0, "");
	return f->fault == CSV_FINE;
}

bool
csv_read(struct pool *p, const char *bytes, size_t size, struct csv_file *f)
{
	char *text;
	size_t n;

	memset(f, 0, sizeof(*f));
	return csv_decode(p, bytes, size, &text, &n, f) &&
	    parse(p, text, n, f);
}

size_t
csv_write_cell(const char *text, char *out, size_t size)
{
	const size_t n = strlen(text), guard = is_guarded(text[0]);
	const bool quote = strpbrk(text, ",;\"\r\n\t") != NULL ||
	    (n > 0 && (is_blank(text[0]) || is_blank(text[n - 1])));
	size_t len;

	if (size < 2 * n + 4)
		return 0;
	if (quote)
		len = csv_write2(out + guard, size - guard, text, n, '"');
	else
		for (len = 0; len < n; len++)
			out[guard + len] = text[len];
	if (guard) {
		out[quote] = '\'';
		/* The quotation mark, one to the left. */
		if (quote)
			out[0] = '"';
	}
	return len + guard;
}
