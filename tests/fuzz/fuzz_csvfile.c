/*
 * Any bytes as a file: refused with a place in it, or rows of clean text that
 * are the same when they are written and read again.  And any cells, written:
 * they come back.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "core/csvfile.h"
#include "tests/fuzz/must.h"

static void
must_be_clean(const char *s, enum csv_column c, size_t size)
{
	size_t n = strlen(s);

	MUST(n <= 3 * size && utf8_valid(s, n) == n);
	for (size_t i = 0; i < n; i++)
		MUST(((unsigned char)s[i] >= 0x20 && s[i] != 0x7f) ||
		    strchr("\t\r\n", s[i]) != NULL);
	/* A tab in front may be what a ' kept. */
	if (n > 0 && c != CSV_PASSWORD)
		MUST(s[0] != ' ' && s[n - 1] != ' ' && s[n - 1] != '\t');
}

static void
must_be_rows(const struct csv_file *f, size_t size)
{
	MUST(f->n > 0 && f->n <= CSV_ROWS_MAX && f->has[CSV_ACCOUNT]);
	for (size_t i = 0; i < f->n; i++) {
		const struct csv_row *r = &f->rows[i];

		MUST(r->line > (i > 0 ? r[-1].line : 1) &&
		    r->line <= size + 1);
		for (size_t c = 0; c < CSV__MAX; c++) {
			MUST(r->cell[c] == NULL || f->has[c]);
			if (r->cell[c] != NULL)
				must_be_clean(r->cell[c],
				    (enum csv_column)c, size);
		}
	}
}

/* -- writing -- */

struct out {
	char *text;
	size_t n, room;
};

static void
put(struct out *o, const char *text, char end)
{
	MUST(o->n + 2 * strlen(text) + 5 <= o->room);
	o->n += csv_write_cell(text, o->text + o->n, o->room - o->n);
	o->text[o->n++] = end;
}

static void
open_out(struct out *o, size_t room)
{
	o->n = 0;
	o->room = room;
	o->text = malloc(room);
	MUST(o->text != NULL);
	for (size_t c = 0; c < CSV__MAX; c++)
		put(o, csv_column_name((enum csv_column)c),
		    c + 1 < CSV__MAX ? ',' : '\n');
}

static const char *
text_of(const struct csv_row *r, size_t c)
{
	return r->cell[c] != NULL ? r->cell[c] : "";
}

/* A tab in front is written with a '. */
static bool
is_blank(const char *s)
{
	return *s != '\t' && s[strspn(s, " \t")] == '\0';
}

static void
again(struct pool *p, const struct csv_file *f, size_t size)
{
	struct csv_file g;
	struct out o;
	size_t k = 0;

	open_out(&o, 200 + 8 * size + f->n * CSV__MAX * 5);
	for (size_t i = 0; i < f->n; i++)
		for (size_t c = 0; c < CSV__MAX; c++)
			put(&o, text_of(&f->rows[i], c),
			    c + 1 < CSV__MAX ? ',' : '\n');
	if (!csv_read(p, o.text, o.n, &g))
		MUST(g.fault == CSV_EMPTY);
	free(o.text);
	for (size_t i = 0; i < f->n; i++) {
		bool blank = true;

		/* Where all that was there was surplus. */
		for (size_t c = 0; c < CSV__MAX; c++)
			blank = blank && is_blank(text_of(&f->rows[i], c));
		if (blank)
			continue;
		MUST(k < g.n && g.rows[k].surplus == 0);
		for (size_t c = 0; c < CSV__MAX; c++)
			MUST(strcmp(text_of(&f->rows[i], c),
				 text_of(&g.rows[k], c)) == 0);
		k++;
	}
	MUST(k == g.n);
}

/* -- any cells: what is between bytes of 0xff, as passwords of an account
 * and as real names, which lose the blanks around them -- */

static void
must_be(const char *got, const char *s, size_t n)
{
	while (n > 0 && s[n - 1] == ' ')
		n--;
	while (n > 0 && *s == ' ') {
		s++;
		n--;
	}
	MUST(strlen(got) == n && memcmp(got, s, n) == 0);
}

/* A tab at an end would be a blank. */
static bool
may_be(char c)
{
	return (c >= ' ' && c < 0x7f) || c == '\r' || c == '\n';
}

static void
cells(struct pool *p, const char *data, size_t size)
{
	char *copy = malloc(size + 1);
	struct csv_file f;
	struct out o;
	size_t n = 0;

	MUST(copy != NULL);
	for (size_t i = 0; i < size; i++)
		copy[i] = data[i] == '\xff' ? '\0' :
		    may_be(data[i])	   ? data[i] :
					     'x';
	copy[size] = '\0';
	open_out(&o, 200 + 40 * (size + 1));
	for (char *s = copy; s <= copy + size; s += strlen(s) + 1) {
		put(&o, "a", ',');
		put(&o, s, ',');
		put(&o, s, ',');
		put(&o, s, '\r');
	}
	MUST(csv_read(p, o.text, o.n, &f));
	free(o.text);
	for (char *s = copy; s <= copy + size; s += strlen(s) + 1, n++) {
		MUST(n < f.n);
		MUST(strcmp(f.rows[n].cell[CSV_PASSWORD], s) == 0);
		must_be(f.rows[n].cell[CSV_REAL_NAME], s, strlen(s));
		must_be(f.rows[n].cell[CSV_PASSWORD_HASH], s, strlen(s));
	}
	MUST(n == f.n);
	free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pool *p = pool_new();
	struct csv_file f;

	if (csv_read(p, (const char *)data, size, &f)) {
		must_be_rows(&f, size);
		again(p, &f, size);
	} else {
		MUST(f.fault != CSV_FINE && f.line <= size + 1 &&
		    f.byte <= size + 1);
		MUST((f.line > 0) == (f.fault != CSV_EMPTY));
		MUST((f.byte > 0) ==
		    (f.fault == CSV_ENCODING || f.fault == CSV_NUL));
		MUST((f.text[0] != '\0') ==
		    (f.fault == CSV_UNKNOWN || f.fault == CSV_TWICE));
		MUST(utf8_valid(f.text, strlen(f.text)) == strlen(f.text));
	}
	cells(p, (const char *)data, size);
	pool_free(&p);
	return 0;
}
