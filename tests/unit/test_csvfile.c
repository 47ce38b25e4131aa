/* C83, C85, C87, C91, C93: what a spreadsheet makes of a list of accounts. */
#include "tests/unit/unit.h"

#include <iconv.h>
#include <time.h>

#include "core/csvfile.h"

static const char *const faults_[] = {
	[CSV_FINE] = "FINE",
	[CSV_EMPTY] = "EMPTY",
	[CSV_ENCODING] = "ENCODING",
	[CSV_NUL] = "NUL",
	[CSV_NO_ACCOUNT] = "NO_ACCOUNT",
	[CSV_UNKNOWN] = "UNKNOWN",
	[CSV_TWICE] = "TWICE",
	[CSV_QUOTES] = "QUOTES",
	[CSV_TOO_MANY] = "TOO_MANY",
};

/* A file in one line: "2[imp1][Name] 3[imp2][]+1" (the line, the cells in the
 * order of enum csv_column, how many are surplus), or "UNKNOWN 1 0 color". */
static const char *
show(const struct csv_file *f)
{
	static char text[8192];
	size_t n = 0;

	text[0] = '\0';
	if (f->fault != CSV_FINE) {
		snprintf(text, sizeof(text), "%s %u %u%s%s",
		    faults_[f->fault], f->line, f->byte,
		    f->text[0] != '\0' ? " " : "", f->text);
		return text;
	}
	for (size_t i = 0; i < f->n && n < sizeof(text) - 200; i++) {
		const struct csv_row *r = &f->rows[i];

		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%u",
		    i > 0 ? " " : "", r->line);
		for (size_t c = 0; c < CSV__MAX; c++)
			if (r->cell[c] != NULL)
				n += (size_t)snprintf(text + n,
				    sizeof(text) - n, "[%s]", r->cell[c]);
		if (r->surplus > 0)
			n += (size_t)snprintf(
			    text + n, sizeof(text) - n, "+%u", r->surplus);
	}
	return text;
}

/* From a block of exactly n bytes, so that ASan sees a step too far, and one
 * that is gone before the cells are looked at. */
static bool
read_bytes(struct pool *p, const char *bytes, size_t n, struct csv_file *f)
{
	char *block = malloc(n > 0 ? n : 1);
	bool ok;

	assert_non_null(block);
	memcpy(block, bytes, n);
	ok = csv_read(p, block, n, f);
	free(block);
	assert_int_equal(ok, f->fault == CSV_FINE);
	return ok;
}

#define A "account\n"
#define AN "account,real_name\n"
#define AP "account,password,real_name\n"
/* What strlen cannot measure. */
#define BYTES(s) s, sizeof(s) - 1
#define MANY_BLANK ",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,"

/* clang-format off */
static const struct row {
	const char *name, *bytes;
	size_t n; /* 0 = all of the text */
	const char *want;
} rows[] = {
	{ "one row", A "imp1\n", 0, "2[imp1]" },
	{ "in the order of the columns", "real_name,account\nN,imp1\n", 0,
	    "2[imp1][N]" },
	{ "every column", "keep_copy,forward_to,routing,quota_mb,password_hash,"
	    "password,real_name,account\non,a@x b@y,forward,10,$y$h,pw,N,imp1",
	    0, "2[imp1][N][pw][$y$h][10][forward][a@x b@y][on]" },
	{ "a row too short", AN "imp1\n", 0, "2[imp1]" },
	{ "a cell too many", AN "imp1,N,x\n", 0, "2[imp1][N]+1" },
	{ "cells too many, two of them blank", AN "imp1,N,x, ,\"\",y\n", 0,
	    "2[imp1][N]+2" },
	{ "only a cell too many", AN ",,x\n", 0, "2[][]+1" },

	{ "nothing", "", 0, "EMPTY 0 0" },
	{ "one line end", "\n", 0, "EMPTY 0 0" },
	{ "C85 blank lines only", "\n\r\n , ,\t\n\r", 0, "EMPTY 0 0" },
	{ "the first line only", AN, 0, "EMPTY 0 0" },
	{ "C103 the first line without end", "account,real_name", 0,
	    "EMPTY 0 0" },
	{ "the first line and blank ones", AN "\n,\n , \n", 0, "EMPTY 0 0" },

	{ "C83 BOM", "\xef\xbb\xbf" "account,password,real_name\r\n"
	    "imp1,p,N\r\n", 0, "2[imp1][N][p]" },
	{ "C83 BOM without the columns", "\xef\xbb\xbf" "imp1,p,N\n", 0,
	    "NO_ACCOUNT 1 0" },
	{ "C83 BOM and a quoted first cell", "\xef\xbb\xbf"
	    "\"account\",real_name\nimp1,N\n", 0, "2[imp1][N]" },
	{ "C83 BOM alone", "\xef\xbb\xbf", 0, "EMPTY 0 0" },
	{ "half a BOM", "\xef\xbb", 0, "ENCODING 1 1" },
	{ "UTF-16 BOM alone", "\xff\xfe", 0, "EMPTY 0 0" },
	{ "half a UTF-16 BOM", "\xff", 0, "ENCODING 1 1" },

	{ "C85 LF", AN "a,N\nb,M\n", 0, "2[a][N] 3[b][M]" },
	{ "C85 CRLF", "account,real_name\r\na,N\r\nb,M\r\n", 0,
	    "2[a][N] 3[b][M]" },
	{ "C85 CR", "account,real_name\ra,N\rb,M\r", 0, "2[a][N] 3[b][M]" },
	{ "C85 mixed", "account,real_name\r\na,N\rb,M\nc,L", 0,
	    "2[a][N] 3[b][M] 4[c][L]" },
	{ "C85 LF CR is a blank line", "account\n\ra\n\rb", 0, "3[a] 5[b]" },
	{ "C85 CR CRLF is a blank line", "account\r\r\na\r\r\nb\r\r\n", 0,
	    "3[a] 5[b]" },
	{ "C85 blank rows", AN "\n,,,\n \na,N\n\n\n, ,\t,\nb,M\n ,\n\n", 0,
	    "5[a][N] 9[b][M]" },
	{ "C85 blanks and then a row", AN "  \n\t\n   \na,N", 0, "5[a][N]" },
	{ "C85 quoted blanks are a blank row", AN "\" \",\"\"\nb,M\n", 0,
	    "3[b][M]" },
	{ "blank lines before the columns", "\n \n,,,\n\"\",\naccount\na\n", 0,
	    "6[a]" },
	{ "blank rows before columns with ;", ";;\naccount;real_name\na;b\n",
	    0, "3[a][b]" },

	{ "C87 semicolons", "account;real_name\na;N, M\nb;\"x;y\"\n", 0,
	    "2[a][N, M] 3[b][x;y]" },
	{ "C87 tabs", "account\treal_name\na\tN, M; L\n", 0,
	    "2[a][N, M; L]" },
	{ "C87 tabs, empty cells", "account\tpassword\treal_name\n"
	    "a\t\tN\n\t\t\nb\t\t\n", 0, "2[a][N][] 4[b][][]" },
	{ "C87 tabs, account not first", "real_name\taccount\nN\ta\n\tb\n", 0,
	    "2[a][N] 3[b][]" },
	{ "C87 a blank after the comma", "account, real_name, quota_mb\n"
	    "a, N, 10\nb, \"N, M\" , 20\n", 0, "2[a][N][10] 3[b][N, M][20]" },
	{ "C87 semicolons in quotes", "\"account\";\"real_name\"\n"
	    "\"a\";\"N\"\n", 0, "2[a][N]" },
	{ "C87 a bar", "account|real_name\na|N\n", 0, "NO_ACCOUNT 1 0" },
	{ "C87 a comma where the columns have semicolons",
	    "account;real_name\na,N\n", 0, "2[a,N]" },
	{ "a comma wins", "account,real_name\na;N\n", 0, "2[a;N]" },

	{ "case and blanks of a column", " Account ,\tREAL_NAME\na,N\n", 0,
	    "2[a][N]" },
	{ "a column in quotes with blanks", "\" account \",real_name\na,N\n",
	    0, "2[a][N]" },
	{ "no account", "name,real_name\na,N\n", 0, "NO_ACCOUNT 1 0" },
	{ "no account in line 3", "\n\nreal_name\na\n", 0, "NO_ACCOUNT 3 0" },
	{ "data first", "imp1,secret,Name\nimp2,secret,Name\n", 0,
	    "NO_ACCOUNT 1 0" },
	{ "an unknown column", "account,color\na,red\n", 0,
	    "UNKNOWN 1 0 color" },
	{ "an unknown column before account", "color,account\nred,a\n", 0,
	    "UNKNOWN 1 0 color" },
	{ "the first of two", "x,account,y,account\n", 0, "UNKNOWN 1 0 x" },
	{ "C91 a column domain", "account,domain\na,beta.example\n", 0,
	    "UNKNOWN 1 0 domain" },
	{ "an unknown column, long",
	    "account,"
	    "\xe5\xb1\xb1\xe5\xb1\xb1\xe5\xb1\xb1\xe5\xb1\xb1\xe5\xb1\xb1"
	    "\xe5\xb1\xb1\xe5\xb1\xb1\xe5\xb1\xb1\xe5\xb1\xb1\xe5\xb1\xb1"
	    "x\xe5\xb1\xb1\xe5\xb1\xb1\xe5\xb1\xb1\xe5\xb1\xb1\xe5\xb1\xb1"
	    "\xe5\xb1\xb1\xe5\xb1\xb1\xe5\xb1\xb1\xe5\xb1\xb1\xe5\xb1\xb1"
	    "\xe5\xb1\xb1\xe5\xb1\xb1\na\n", 0,
	    "UNKNOWN 1 0 "
	    "\xe5\xb1\xb1\xe5\xb1\xb1\xe5\xb1\xb1\xe5\xb1\xb1\xe5\xb1\xb1"
	    "\xe5\xb1\xb1\xe5\xb1\xb1\xe5\xb1\xb1\xe5\xb1\xb1\xe5\xb1\xb1"
	    "x\xe5\xb1\xb1\xe5\xb1\xb1\xe5\xb1\xb1\xe5\xb1\xb1\xe5\xb1\xb1"
	    "\xe5\xb1\xb1\xe5\xb1\xb1\xe5\xb1\xb1\xe5\xb1\xb1\xe5\xb1\xb1" },
	{ "a column twice", "account,real_name,Real_Name\na,N,M\n", 0,
	    "TWICE 1 0 Real_Name" },
	{ "account twice", "account,account\na,b\n", 0, "TWICE 1 0 account" },
	{ "columns without name", "account,real_name,,\na,N\nb,M,,\nc,L,x,\n",
	    0, "2[a][N] 3[b][M] 4[c][L]+1" },
	{ "very many columns without name", AN MANY_BLANK MANY_BLANK "\n"
	    "a,N" MANY_BLANK MANY_BLANK "\n", 0, "3[a][N]" },
	{ "the first line has very many columns", "account,real_name"
	    MANY_BLANK MANY_BLANK "\na,N\nb,M" MANY_BLANK MANY_BLANK "z\n", 0,
	    "2[a][N] 3[b][M]+1" },
	{ "a name behind very many", "account" MANY_BLANK MANY_BLANK
	    "routing\na\n", 0, "UNKNOWN 1 0 routing" },

	{ "quotes", AN "\"a\",\"N, \"\"M\"\"\"\n", 0, "2[a][N, \"M\"]" },
	{ "a line end in quotes", AN "a,\"N\nM\"\nb,L\n", 0,
	    "2[a][N\nM] 4[b][L]" },
	{ "CRLF in quotes", AN "a,\"N\r\nM\"\r\nb,L\r\n", 0,
	    "2[a][N\r\nM] 4[b][L]" },
	{ "CR in quotes", "account,real_name\ra,\"N\rM\"\rb,L\r", 0,
	    "2[a][N\rM] 4[b][L]" },
	{ "blank lines in quotes", AN "\n\"\n\n a\n\",N\nb,L\n", 0,
	    "3[\n\n a\n][N] 7[b][L]" },
	{ "a quote that is not closed", AN "a,N\nb,\"M\nc,L\n", 0,
	    "QUOTES 3 0" },
	{ "a quote that the next one closes", AN "a,\"N\nb,\"M\"\n", 0,
	    "QUOTES 2 0" },
	{ "a quote that is not closed at the end", AN "a,N\nb,\"", 0,
	    "QUOTES 3 0" },
	{ "a quote not closed in line 1", "\"account,real_name\na,N\n", 0,
	    "QUOTES 1 0" },
	{ "a quote in a cell", AN "a,N\"M\n", 0, "QUOTES 2 0" },
	{ "text behind a quote", AN "a,\"N\"M\n", 0, "QUOTES 2 0" },
	{ "blanks around quotes", AN "a,  \" N\"\t\n", 0, "2[a][N]" },

	{ "blanks around cells", AN "  a\t, N  M \n", 0, "2[a][N  M]" },
	{ "blanks in quotes", AN "\" a \",\"\tN\"\n", 0, "2[a][N]" },
	{ "a password keeps its blanks", AP "a, p w ,N\n", 0,
	    "2[a][N][ p w ]" },
	{ "a quoted password, too", AP "a,\" p w\t\",N\n", 0,
	    "2[a][N][ p w\t]" },
	{ "a password that begins the row", "password,account\n p ,a\n\t,b\n",
	    0, "2[a][ p ] 3[b][\t]" },
	{ "a password that ends the row", "account,password\r\na, p \r\n"
	    "b,p\t", 0, "2[a][ p ] 3[b][p\t]" },
	{ "blanks as a password of nobody", "account,password\n,  \na,p\n", 0,
	    "3[a][p]" },
	{ "blanks before a quoted password", AP "a, \"p\",N\n", 0,
	    "QUOTES 2 0" },
	{ "a separator and a line end in a password",
	    AP "a,\" ,p\n, \",\" N\"\n", 0, "2[a][N][ ,p\n, ]" },
	{ "blanks of a hash", "account,password_hash\na, $y$x \n", 0,
	    "2[a][$y$x]" },
	{ "a password with tabs between", "account\tpassword\treal_name\n"
	    "a\t p \t N \n", 0, "2[a][N][ p ]" },

	{ "C93 guarded cells", AN "a,'=1+1\nb,'+cmd\nc,'-2\nd,'@x\n"
	    "e,\"'\t=1\"\nf,''x\n", 0, "2[a][=1+1] 3[b][+cmd] 4[c][-2] "
	    "5[d][@x] 6[e][\t=1] 7[f]['x]" },
	{ "C93 what is no guard", AN "a,'x\nb,'\nc,N'=\nd,' =\n"
	    "e,\" '=\"\n", 0,
	    "2[a]['x] 3[b]['] 4[c][N'=] 5[d][' =] 6[e]['=]" },
	{ "C93 a guard and blanks", AN "a, '=1 \nb,\"'\t\"\nc,' \n", 0,
	    "2[a][=1] 3[b][] 4[c][']" },
	{ "C93 cells as they are", AN "a,=1+1\n-b,@x\n", 0,
	    "2[a][=1+1] 3[-b][@x]" },
	{ "C93 in every column", "account,password,password_hash,quota_mb\n"
	    "'-a,'=p,'@h,'-1\n", 0, "2[-a][=p][@h][-1]" },

	{ "C91 addresses are not judged here", A "x@beta.example\n@\n|id\n",
	    0, "2[x@beta.example] 3[@] 4[|id]" },

	{ "NUL", BYTES(AN "a,N\nb,M\0\n"), "NUL 3 4" },
	{ "NUL first", BYTES("\0account\n"), "NUL 1 1" },
	{ "a bell", AN "a,\007\n", 0, "NUL 2 3" },
	{ "DEL", AN "\r\na\x7f,N\n", 0, "NUL 3 2" },
	{ "a control character behind a BOM", "\xef\xbb\xbf\x01", 0,
	    "NUL 1 4" },
	{ "a control character in CP932", "account\n\x8e\x52\n\x8e\x52\x1b\n",
	    0, "NUL 3 3" },
	{ "a control character in UTF-16LE",
	    BYTES("\xff\xfe" "a\0\n\0b\0\x07\0"), "NUL 2 3" },
	{ "a control character in UTF-16BE",
	    BYTES("\xfe\xff" "\0a\0\r\0\n\0b\0\x07"), "NUL 2 3" },
	{ "UTF-16 without BOM", BYTES("a\0c\0c\0o\0u\0n\0t\0\n\0a\0"),
	    "NUL 1 2" },
	{ "UTF-32LE", BYTES("\xff\xfe\0\0a\0\0\0"), "NUL 1 3" },
	{ "C95 the beginning of an xlsx", BYTES("PK\3\4\x14\0\6\0\x08\0"),
	    "NUL 1 3" },
	{ "C95 the beginning of a PNG", BYTES("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
	    "NUL 2 1" },

	{ "neither UTF-8 nor CP932", AN "a,N\n\xe5\xb1\xb1\xe7,\xff\n", 0,
	    "ENCODING 3 4" },
	{ "UTF-8 gets further", AN "\xe3\x81\x84\xe3\x81\x84\xe3\x81\xff", 0,
	    "ENCODING 2 7" },
	{ "CP932 gets further", A "\x8e\x52\n\x8e\x52\x80", 0,
	    "ENCODING 3 3" },
	{ "half a character of CP932", A "a\n\x8e\x52\x8e", 0,
	    "ENCODING 3 3" },
	{ "CP932 after a UTF-8 BOM is no CP932", "\xef\xbb\xbf" A
	    "\x8e\x52\n", 0, "ENCODING 2 1" },
	{ "an error behind a BOM", "\xef\xbb\xbf\xff", 0, "ENCODING 1 4" },
	{ "half a unit of UTF-16", BYTES("\xff\xfe" "a\0\n\0b"),
	    "ENCODING 2 1" },
	{ "half a pair of UTF-16", BYTES("\xff\xfe" "a\0\n\0b\0\x00\xd8"),
	    "ENCODING 2 3" },
	{ "a lone half of a pair in UTF-16", BYTES("\xfe\xff" "\0a\xdc\0\0b"),
	    "ENCODING 1 5" },
	{ "what looks like a line end in UTF-16 and is none",
	    BYTES("\xff\xfe\x00\x0a\x0d\x0d\x00\xdc"), "ENCODING 1 7" },
	{ "an over-long slash", A "\xc0\xaf\xff", 0, "ENCODING 2 3" },
	{ "CP932: trail bytes that look like ASCII",
	    AN "\x83\x5c,\x95\x5c\x83\x7c\n", 0,
	    "2[\xe3\x82\xbd][\xe8\xa1\xa8\xe3\x83\x9d]" },
	{ "CP932: half-width kana", AN "a,\xd4\xcf\xc0\xde\n", 0,
	    "2[a][\xef\xbe\x94\xef\xbe\x8f\xef\xbe\x80\xef\xbe\x9e]" },
	{ "CP932: the letters of NEC and IBM", AN "a,\x87\x40\xfb\xfc\n", 0,
	    "2[a][\xe2\x91\xa0\xe9\xab\x99]" },
};
/* clang-format on */

static void
check(void **state)
{
	const struct row *r = *state;
	struct pool *p = pool_new();
	struct csv_file f;

	read_bytes(p, r->bytes, r->n != 0 ? r->n : strlen(r->bytes), &f);
	assert_string_equal(show(&f), r->want);
	pool_free(&p);
}

/* -- C85 and C86: the same three accounts however they are written -- */

static const struct encoding {
	const char *name, *bom;
	size_t bom_size;
	const char *charset;
} encodings[] = {
	{ "UTF-8", "", 0, "UTF-8" },
	{ "UTF-8 with BOM", "\xef\xbb\xbf", 3, "UTF-8" },
	{ "UTF-16LE", "\xff\xfe", 2, "UTF-16LE" },
	{ "UTF-16BE", "\xfe\xff", 2, "UTF-16BE" },
	{ "CP932", "", 0, "CP932" },
};

static void
check_one(const struct encoding *e, char separator, const char *line_end,
    const char *last)
{
	char text[400], bytes[1000], *in = text;
	char *out = bytes + e->bom_size;
	size_t left, room = sizeof(bytes) - e->bom_size;
	iconv_t cd = iconv_open(e->charset, "UTF-8");
	struct pool *p = pool_new();
	struct csv_file f;

	left = (size_t)snprintf(text, sizeof(text),
	    "account%creal_name%cquota_mb%s"
	    "imp1%c山田 太郎%c10%s"
	    "imp2%c\"表, ソ;能\t'\"\"'\"%c%s"
	    "imp3%cHanako%c20%s",
	    separator, separator, line_end, separator, separator, line_end,
	    separator, separator, line_end, separator, separator, last);
	memcpy(bytes, e->bom, e->bom_size);
	assert_true(cd != (iconv_t)-1);
	assert_int_equal(iconv(cd, &in, &left, &out, &room), 0);
	iconv_close(cd);
	read_bytes(p, bytes, (size_t)(out - bytes), &f);
	assert_string_equal(show(&f),
	    "2[imp1][山田 太郎][10] 3[imp2][表, ソ;能\t'\"'][] "
	    "4[imp3][Hanako][20]");
	pool_free(&p);
}

static void
same_in(void **state)
{
	static const char *const ends[] = { "\n", "\r\n", "\r" };

	for (size_t i = 0; i < NELEM(ends); i++)
		for (const char *c = ",;\t"; *c != '\0'; c++) {
			check_one(*state, *c, ends[i], ends[i]);
			check_one(*state, *c, ends[i], "");
			check_one(*state, *c, ends[i], "\r\n\n\r");
		}
}

/* -- C93: what is written is read again -- */

/* clang-format off */
static const struct cell {
	const char *name, *text, *want;
} cells[] = {
	{ "plain", "Taro", "Taro" },
	{ "empty", "", "" },
	{ "C93 a formula", "=1+1", "'=1+1" },
	{ "C93 plus", "+cmd", "'+cmd" },
	{ "C93 minus", "-2", "'-2" },
	{ "C93 at", "@x", "'@x" },
	{ "C93 a tab in front", "\t=1", "\"'\t=1\"" },
	{ "C93 a CR in front", "\r=1", "\"'\r=1\"" },
	{ "C93 a guard in front", "'=1", "''=1" },
	{ "C93 guards only", "'''", "''''" },
	{ "C93 a formula with a comma", "=A1,\"B\"", "\"'=A1,\"\"B\"\"\"" },
	{ "a formula further on", "a=1", "a=1" },
	{ "one sign", "-", "'-" },
	{ "C93 comma", "a,b", "\"a,b\"" },
	{ "C93 quote", "a\"b", "\"a\"\"b\"" },
	{ "quotes only", "\"\"", "\"\"\"\"\"\"" },
	{ "semicolon", "a;b", "\"a;b\"" },
	{ "lines", "a\r\nb\rc\nd", "\"a\r\nb\rc\nd\"" },
	{ "a line end in front", "\n=1", "\"\n=1\"" },
	{ "a tab inside", "a\tb", "\"a\tb\"" },
	{ "a blank in front", " a", "\" a\"" },
	{ "a blank behind", "a ", "\"a \"" },
	{ "a blank and a formula", " =1", "\" =1\"" },
	{ "a blank and a guard", " '=1 ", "\" '=1 \"" },
	{ "UTF-8", "山田 太郎", "山田 太郎" },
	{ "a full-width formula is text", "＝1", "＝1" },
};
/* clang-format on */

static void
written(void **state)
{
	const struct cell *c = *state;
	const size_t room = 2 * strlen(c->text) + 4;
	char *out = malloc(room);
	char file[400];
	struct pool *p = pool_new();
	struct csv_file f;
	size_t n;

	assert_non_null(out);
	n = csv_write_cell(c->text, out, room);
	assert_int_equal(n, strlen(c->want));
	assert_memory_equal(out, c->want, n);
	assert_int_equal(csv_write_cell(c->text, out, room - 1), 0);
	free(out);
	/* A password is exactly itself again. */
	snprintf(file, sizeof(file),
	    "account,password,real_name\r\nimp1,%s,N\r\nimp2,,%s\r\n",
	    c->want, c->want);
	assert_true(read_bytes(p, file, strlen(file), &f));
	assert_int_equal(f.n, 2);
	assert_string_equal(f.rows[0].cell[CSV_PASSWORD], c->text);
	assert_string_equal(f.rows[0].cell[CSV_REAL_NAME], "N");
	/* The other columns lose the blanks around. */
	n = c->text[0] == ' ' ? 1 : 0;
	snprintf(file, sizeof(file), "%s", c->text + n);
	if ((n = strlen(file)) > 0 && file[n - 1] == ' ')
		file[n - 1] = '\0';
	assert_string_equal(f.rows[1].cell[CSV_REAL_NAME], file);
	pool_free(&p);
}

/* -- sizes -- */

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static char *
many_rows(size_t rows_, size_t *n_r)
{
	const size_t room = 100 + rows_ * 80;
	char *s = malloc(room);
	size_t n;

	assert_non_null(s);
	n = (size_t)snprintf(
	    s, room, "account,real_name,password,routing\r\n");
	for (size_t i = 0; i < rows_; i++)
		n += (size_t)snprintf(s + n, room - n,
		    "imp%zu,\"Name, %zu\", p%zu ,mailbox\r\n", i, i, i);
	*n_r = n;
	return s;
}

static void
hundred_thousand(void **state)
{
	struct pool *p = pool_new();
	struct csv_file f;
	char want[40];
	size_t n;
	char *s = many_rows(CSV_ROWS_MAX, &n);
	double began = seconds(), took;

	(void)state;
	assert_true(csv_read(p, s, n, &f));
	took = seconds() - began;
	assert_int_equal(f.n, CSV_ROWS_MAX);
	for (size_t i = 0; i < f.n; i++) {
		const struct csv_row *r = &f.rows[i];

		assert_int_equal(r->line, i + 2);
		snprintf(want, sizeof(want), "imp%zu", i);
		assert_string_equal(r->cell[CSV_ACCOUNT], want);
		snprintf(want, sizeof(want), "Name, %zu", i);
		assert_string_equal(r->cell[CSV_REAL_NAME], want);
		snprintf(want, sizeof(want), " p%zu ", i);
		assert_string_equal(r->cell[CSV_PASSWORD], want);
		assert_string_equal(r->cell[CSV_ROUTING], "mailbox");
	}
	/* A tenth of it is usual; sanitizers take more. */
	assert_true(took < 2);
	free(s);
	pool_free(&p);
}

static void
too_many(void **state)
{
	struct pool *p = pool_new();
	struct csv_file f;
	size_t n;
	char *s = many_rows(CSV_ROWS_MAX + 1, &n);

	(void)state;
	assert_false(csv_read(p, s, n, &f));
	assert_string_equal(show(&f), "TOO_MANY 100002 0");
	free(s);
	pool_free(&p);
}

/* Blank rows are none: a spreadsheet writes many of them. */
static void
blank_rows(void **state)
{
	const size_t lines = CSV_ROWS_MAX + 1000;
	char *s = malloc(lines * 5 + 100);
	struct pool *p = pool_new();
	struct csv_file f;
	size_t n = 0;

	(void)state;
	assert_non_null(s);
	n += (size_t)snprintf(s, 100, "account,real_name,,\na,N,,\n");
	for (size_t i = 0; i < lines; i++, n += 4)
		memcpy(s + n, ",,,\n", 4);
	memcpy(s + n, "b,M", 3);
	assert_true(read_bytes(p, s, n + 3, &f));
	assert_string_equal(show(&f), "2[a][N] 101003[b][M]");
	free(s);
	pool_free(&p);
}

/* One cell of many lines and quotes: no square of anything. */
static void
one_large_cell(void **state)
{
	const size_t size = 16 * 1024 * 1024;
	char *s = malloc(size);
	struct pool *p = pool_new();
	struct csv_file f;
	double began;

	(void)state;
	assert_non_null(s);
	memset(s, '\n', size);
	memcpy(s, "account,password\na,\"", 20);
	for (size_t i = 20; i < size / 2; i++)
		s[i] = i % 3 == 0 ? ',' : 'x';
	s[size - 1] = '"';
	began = seconds();
	assert_true(csv_read(p, s, size, &f));
	assert_true(seconds() - began < 10);
	assert_int_equal(f.n, 1);
	assert_int_equal(strlen(f.rows[0].cell[CSV_PASSWORD]), size - 21);
	s[size - 1] = '\n';
	assert_false(csv_read(p, s, size, &f));
	assert_string_equal(show(&f), "QUOTES 2 0");
	free(s);
	pool_free(&p);
}

static void
columns(void **state)
{
	struct pool *p = pool_new();
	struct csv_file f;

	(void)state;
	assert_true(read_bytes(p, "routing,account\n,a\n", 19, &f));
	for (size_t c = 0; c < CSV__MAX; c++)
		assert_int_equal(
		    f.has[c], c == CSV_ACCOUNT || c == CSV_ROUTING);
	assert_string_equal(csv_column_name(CSV_ACCOUNT), "account");
	assert_string_equal(csv_column_name(CSV_KEEP_COPY), "keep_copy");
	pool_free(&p);
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, rows, check, NULL, NULL);
	ADD_ROWS(&s, encodings, same_in, NULL, NULL);
	ADD_ROWS(&s, cells, written, NULL, NULL);
	suite_add(&s, "100,000 rows", hundred_thousand, NULL, NULL, NULL);
	suite_add(&s, "one more", too_many, NULL, NULL, NULL);
	suite_add(&s, "C85 blank rows", blank_rows, NULL, NULL, NULL);
	suite_add(&s, "one large cell", one_large_cell, NULL, NULL, NULL);
	suite_add(&s, "columns", columns, NULL, NULL, NULL);
	return suite_run(&s, "csvfile");
}
