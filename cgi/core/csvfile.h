#ifndef CORE_CSVFILE_H
#define CORE_CSVFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/pool.h"

/*
 * A CSV file of accounts, decoded and taken apart.  Pure; knows columns and
 * not what they mean.
 *
 * Encodings: UTF-8 with or without BOM, UTF-16 with BOM (both byte orders),
 * else CP932 (what Excel in Japan writes).  Separators: comma; semicolon or
 * tab where the first line names the columns with them.  Line ends: LF,
 * CRLF, CR.  RFC 4180 quoting.
 */

enum csv_column {
	CSV_ACCOUNT,
	CSV_REAL_NAME,
	CSV_PASSWORD,
	CSV_PASSWORD_HASH,
	CSV_QUOTA_MB,
	CSV_ROUTING,
	CSV_FORWARD_TO,
	CSV_KEEP_COPY,
	CSV__MAX
};
/* "account", "real_name", ... */
const char *csv_column_name(enum csv_column);

/* A whole file that cannot be read. */
enum csv_fault {
	CSV_FINE,
	CSV_EMPTY,	/* nothing in it, or only blank lines */
	CSV_ENCODING,	/* line, byte (from 1, in that line of the file) */
	CSV_NUL,	/* a NUL or another control character: line, byte */
	CSV_NO_ACCOUNT,	/* the first line does not name `account` */
	CSV_UNKNOWN,	/* text: a column that is not known */
	CSV_TWICE,	/* text: a column named twice */
	CSV_QUOTES,	/* line: a quote that is not closed, or out of place */
	CSV_TOO_MANY	/* more than CSV_ROWS_MAX rows */
};
#define CSV_ROWS_MAX 100000
/* Catalogue key, such as "csv.fault.empty"; {1} and {2} are line and byte, the
 * text, or (CSV_TOO_MANY) the number. */
const char *csv_fault_key(enum csv_fault);

struct csv_row {
	unsigned int line;    /* of the file, from 1, where it begins */
	unsigned int surplus; /* cells more than there are columns */
	const char *cell[CSV__MAX]; /* NULL: no such column, or row too short */
};

struct csv_file {
	enum csv_fault fault;
	unsigned int line, byte;
	char text[64];	       /* of CSV_UNKNOWN and CSV_TWICE, cut */
	bool has[CSV__MAX];    /* the columns that the first line names */
	size_t n;
	struct csv_row *rows;  /* blank rows are left out */
};

/* Takes apart `size` bytes.  All texts and rows belong to the pool; memory is
 * a small multiple of the file.  False: file->fault says why. */
bool csv_read(
    struct pool *, const char *bytes, size_t size, struct csv_file *file_r);

/*
 * One cell as a spreadsheet may see it, to `out` (of size bytes, at least
 * twice the text and 4): quoted where needed, and with a ' in front where
 * the spreadsheet would take it for a formula (= + - @ tab CR) or where the
 * text itself begins with a '.  Returns its length.  csv_read takes the '
 * away again.
 */
size_t csv_write_cell(const char *text, char *out, size_t size);

#endif
