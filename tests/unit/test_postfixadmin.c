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
	{ "two rows for a mailbox, but for case", DOMAINS BOX("t", "")
	    "'', 1, 1048576, " HASH ");" ALIAS("t", "t@a.example,x@o.x")
	    ALIAS("T", "y@o.x"), RES_OK, "alias",
	    "1 done:read 2 refused:twice", "t(x@o.x)forward+" },
	{ "a Maildir elsewhere", DOMAINS BOX("t", ", maildir")
	    "'', 1, 1048576, " HASH ", 'a/../../etc/');", RES_OK, "mailbox",
	    "1 refused:outside", "t()mailbox" },
	{ "dots that lead nowhere", DOMAINS BOX("t", ", maildir")
	    "'', 1, 1048576, " HASH ", 'a..b/..c/');", RES_OK, "mailbox", "",
	    "t()mailbox" },
	{ "MD5 as Dovecot has it", DOMAINS BOX("t", "") "'', 1, 1048576,"
	    " '{MD5}$1$abcdefgh$Kn5qrjcQzV7oAHBJ23Cu3/');", RES_OK, "mailbox",
	    "", "t()mailbox" },
	{ "and as it has it besides", DOMAINS BOX("t", "") "'', 1, 1048576,"
	    " '{MD5}X03MO1qnZdYdgyfeuILPmQ==');", RES_OK, "mailbox",
	    "1 changed:hash", "t()mailbox" },
	{ "a domain's description", "INSERT INTO domain (domain, description)"
	    " VALUES ('a.example', 'x');", RES_OK, "domain",
	    "1 changed:column", "" },
	{ "columns that are not here", DOMAINS BOX("t",
	    ", email_other, phone, smtp_active, totp_secret") "'', 1, 1048576, "
	    HASH ", 'o@o.x', '1', 0, 'S');", RES_OK, "mailbox",
	    "1 changed:column 1 changed:column 1 changed:column"
	    " 1 changed:column", "t()mailbox" },
	{ "and are empty", DOMAINS BOX("t",
	    ", email_other, phone, smtp_active, totp_secret") "'', 1, 1048576, "
	    HASH ", '', '', 1, NULL);", RES_OK, "mailbox", "", "t()mailbox" },
	{ "a catch-all", DOMAINS "INSERT INTO alias (address, goto) VALUES"
	    " ('@a.example', 'x@o.x');", RES_OK, "alias", "1 refused:catchall",
	    "" },
	{ "another name of a domain, as a catch-all", DOMAINS
	    "INSERT INTO alias (address, goto) VALUES ('@a.example', '@b.x');",
	    RES_OK, "alias", "1 refused:alias_domain", "" },
	{ "of two domains", DOMAINS
	    "INSERT INTO alias (address, goto) VALUES ('@a.example',"
	    " '@b.x,@c.x');", RES_OK, "alias", "1 refused:catchall", "" },
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
