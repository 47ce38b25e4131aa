/* Databases of PostfixAdmin as files, by what is odd in them. */
#include "tests/unit/unit.h"

#include <errno.h>

#include "migrate/postfixadmin.h"
#include "tests/unit/moved.h"

#define DOMAINS \
	"INSERT INTO domain (domain, active) VALUES ('a.example', 1);"
#define BOX(name, more) \
	"INSERT INTO mailbox (username, name, active, quota, password" more \
	") VALUES ('" name "@a.example', "
#define HASH "'$1$abcdefgh$Kn5qrjcQzV7oAHBJ23Cu3/'"
#define ALIAS(from, to) \
	"INSERT INTO alias (address, goto, active) VALUES ('" from \
	"@a.example', '" to "', 1);"

static const struct row {
	const char *name, *sql;
	enum result result;
	/* "line outcome:why", of a table, and places as
	 * "account(targets)routing" */
	const char *table, *told, *places;
} rows[] = {
	{ "no domain", "INSERT INTO x (a) VALUES (1);", RES_INVALID, "", "",
	    "" },
	{ "a name in Latin-1", DOMAINS BOX("t", "") "'Jos\xe9', 1, 1048576, "
	    HASH ");", RES_OK, "mailbox", "1 changed:real_name", "t()mailbox" },
	{ "an address in Latin-1", DOMAINS BOX("\xe9", "") "'', 1, 1048576, "
	    HASH ");", RES_OK, "mailbox", "1 refused:control", "" },
	{ "a NUL in a password", DOMAINS BOX("t", "") "'', 1, 1, 'a\\0b');",
	    RES_OK, "mailbox", "1 refused:control", "" },
	{ "inactive, in PostgreSQL's word", DOMAINS BOX("t", "")
	    "'', 'f', 1048576, " HASH ");", RES_OK, "mailbox",
	    "1 refused:inactive", "" },
	{ "no column says whether", DOMAINS
	    "INSERT INTO mailbox (username, password, quota) VALUES"
	    " ('t@a.example', " HASH ", 1048576);", RES_OK, "mailbox", "",
	    "t()mailbox" },
	{ "no @", DOMAINS "INSERT INTO mailbox (username) VALUES ('t');",
	    RES_OK, "mailbox", "1 refused:no_domain", "" },
	{ "an alias of a mailbox, with itself", DOMAINS BOX("t", "")
	    "'', 1, 1048576, " HASH ");" ALIAS("T", "t@a.example,x@o.x"),
	    RES_OK, "alias", "1 done:read", "t(x@o.x)forward+" },
	{ "without itself", DOMAINS BOX("t", "") "'', 1, 1048576, " HASH ");"
	    ALIAS("t", " x@o.x , y@o.x,"), RES_OK, "alias", "1 done:read",
	    "t(x@o.x,y@o.x)forward" },
	{ "vacation", DOMAINS BOX("t", "") "'', 1, 1048576, " HASH ");"
	    ALIAS("t", "x@o.x,t#a.example@autoreply.x"), RES_OK, "alias",
	    "1 changed:vacation 1 done:read", "t(x@o.x)forward+" },
	{ "a # that is none", DOMAINS ALIAS("t", "u#a.example@o.x"), RES_OK,
	    "alias", "", "t(u#a.example@o.x)" },
	{ "control characters in a target", DOMAINS ALIAS("t", "a\\\x01@o.x"),
	    RES_OK, "alias", "1 refused:control", "t()" },
	{ "nothing in it", DOMAINS ALIAS("t", ""), RES_OK, "alias", "",
	    "t()" },
	{ "a table that nobody knows", DOMAINS "INSERT INTO fetchmail (id)"
	    " VALUES (1), (2);", RES_OK, "fetchmail", "0 refused:table", "" },
};

static void
files(void **state)
{
	const struct row *r = *state;
	char path[96];
	struct pool *p = pool_new();
	struct moving m;
	const char *why = NULL;
	FILE *f;
	int fd;

	snprintf(path, sizeof(path), "%s/pfa.XXXXXX", unit_tmp());
	assert_true((fd = mkstemp(path)) >= 0);
	assert_non_null(f = fdopen(fd, "w"));
	fputs("-- MySQL dump\n", f);
	fputs(r->sql, f);
	fclose(f);
	moving_begin(&m, p);
	assert_int_equal(postfixadmin_read(&m, path, &why), r->result);
	unlink(path);
	assert_int_equal(why != NULL, r->result != RES_OK);
	assert_string_equal(told_of(&m, r->table), r->told);
	assert_string_equal(places_of(&m), r->places);
	pool_free(&p);
}

static void
nowhere(void **state)
{
	struct pool *p = pool_new();
	struct moving m;
	const char *why = NULL;

	(void)state;
	moving_begin(&m, p);
	errno = 0;
	assert_int_equal(
	    postfixadmin_read(&m, "/nowhere/db", &why), RES_NOTFOUND);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(
	    postfixadmin_read(&m, "/dev/null", &why), RES_INVALID);
	assert_string_equal(why, "is no file");
	pool_free(&p);
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, rows, files, NULL, NULL);
	suite_add(&s, "nowhere", nowhere, NULL, NULL, NULL);
	return suite_run(&s, "postfixadmin");
}
