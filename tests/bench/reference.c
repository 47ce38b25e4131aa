/*
 * The least that could answer like the account page: libfcgi, one prepared
 * look-up by key in a WAL database, one ClearSilver render of a page of the
 * same size (parsed once, a fresh HDF for each request).  No session, no
 * rules, no log.  make bench measures Fumibako beside it.
 *
 *	reference DATABASE TEMPLATE <socket
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ClearSilver/ClearSilver.h>
#include <fcgiapp.h>
#include <sqlite3.h>

#define COLUMNS 5

static const char *const names[COLUMNS] = { "Row.id", "Row.address",
	"Row.real_name", "Row.quota", "Row.version" };

static void
die(const char *what)
{
	fprintf(stderr, "reference: %s\n", what);
	exit(EXIT_FAILURE);
}

static void
must(NEOERR *err, const char *what)
{
	if (err == STATUS_OK)
		return;
	nerr_log_error(err);
	die(what);
}

static NEOERR *
append(void *arg, char *text)
{
	return string_append(arg, text);
}

static void
answer(FCGX_Request *fr, sqlite3_stmt *st, CSPARSE *cs, STRING *page)
{
	const char *query = FCGX_GetParam("QUERY_STRING", fr->envp);
	HDF *hdf;

	if (query == NULL || strncmp(query, "id=", 3) != 0)
		query = "id=0";
	must(hdf_init(&hdf), "hdf_init");
	sqlite3_bind_int64(st, 1, strtoll(query + 3, NULL, 10));
	if (sqlite3_step(st) == SQLITE_ROW) {
		for (int i = 0; i < COLUMNS; i++)
			must(hdf_set_value(hdf, names[i],
				 (const char *)sqlite3_column_text(st, i)),
			    names[i]);
	}
	sqlite3_reset(st);
	page->len = 0;
	cs->hdf = hdf;
	must(cs_render(cs, page, append), "render");
	FCGX_FPrintF(fr->out,
	    "Content-Type: text/html; charset=utf-8\r\n"
	    "Content-Length: %d\r\n\r\n",
	    page->len);
	FCGX_PutStr(page->buf, page->len, fr->out);
	hdf_destroy(&hdf);
}

int
main(int argc, char **argv)
{
	FCGX_Request fr;
	sqlite3 *db;
	sqlite3_stmt *st;
	HDF *base;
	CSPARSE *cs;
	STRING page;

	if (argc != 3)
		die("usage: reference DATABASE TEMPLATE");
	if (sqlite3_open(argv[1], &db) != SQLITE_OK ||
	    sqlite3_prepare_v2(db,
		"SELECT id, address, real_name, quota, version FROM account"
		" WHERE id = ?1",
		-1, &st, NULL) != SQLITE_OK)
		die(sqlite3_errmsg(db));
	must(hdf_init(&base), "hdf_init");
	must(hdf_set_value(base, "Config.VarEscapeMode", "html"), "mode");
	must(cs_init(&cs, base), "cs_init");
	must(cs_parse_file(cs, argv[2]), argv[2]);
	string_init(&page);
	if (FCGX_Init() != 0 || FCGX_InitRequest(&fr, 0, 0) != 0)
		die("descriptor 0 is no socket");
	while (FCGX_Accept_r(&fr) == 0) {
		answer(&fr, st, cs, &page);
		FCGX_Finish_r(&fr);
	}
	return EXIT_SUCCESS;
}
