/* A domain's directory of vpopmail, by what is odd in it. */
#include "tests/unit/unit.h"

#include <sys/stat.h>

#include "migrate/vpopmail.h"
#include "tests/unit/moved.h"

#define D "a.example"
#define BOX(name, dir)                                                         \
	name ":$1$abcdefgh$Kn5qrjcQzV7oAHBJ23Cu3/:1:0::/v/domains/" dir        \
	     ":10M:\n"
#define T BOX("t", D "/t")

static const struct row {
	const char *name;
	const char *vpasswd;
	/* Below the directory of vpopmail, D for the domain: file, content,
	 * ...; a name that ends in / is a directory. */
	const char *files[8];
	const char *file, *told;   /* see moved.h */
	const char *places, *mail; /* that of the first one */
} rows[] = {
	{ "the directory of an account", BOX("t", D "/0/t/"),
	    { "D/0/t/Maildir/", "" }, "D/0/t", "0 done:read", "t()mailbox",
	    "D/0/t/Maildir" },
	{ "one that was left behind", BOX("taro", D "/0/taro"),
	    { "D/0/taro/Maildir/", "", "D/taro/Maildir/", "" }, "D/taro",
	    "0 refused:nobody", "taro()mailbox", "D/0/taro/Maildir" },
	{ "with another name", BOX("t", D "/Taro"), { "D/Taro/Maildir/", "" },
	    "D/Taro", "0 done:read", "t()mailbox", "D/Taro/Maildir" },
	{ "a Maildir that is a link", T, { "D/t/Maildir", "@/etc" },
	    "D/t/Maildir", "0 refused:link", "t()mailbox", "" },
	{ "a list with an account's name", BOX("t", D "/0/t"),
	    { "D/0/t/Maildir/", "", "D/t/subscribers/", "" }, "D/t",
	    "0 refused:twice", "t()mailbox", "D/0/t/Maildir" },
	{ "capitals are never looked for", "",
	    { "D/.qmail-Info", "&x@o.x", "D/.qmail-info", "&y@o.x" },
	    "D/.qmail-Info", "0 refused:unreached", "info(y@o.x)", "" },
	{ "nor is a dot", "",
	    { "D/.qmail-a.b", "&x@o.x", "D/.qmail-a:b", "&y@o.x" },
	    "D/.qmail-a.b", "0 refused:unreached", "a.b(y@o.x)", "" },
	{ "nor by an account", T, { "D/.qmail-T", "&x@o.x" }, "D/.qmail-T",
	    "0 refused:unreached", "t()mailbox", "" },
	{ "users of no domain", "", { "users/vpasswd", "x" }, "users",
	    "0 refused:unknown", "", "" },
	{ "a limit that all domains have", "", { "etc/vlimits.default", "x" },
	    "etc", "0 refused:unknown", "", "" },
};

/* Makes dir/path, "D" of it the domain's, and what leads there. */
static void
make(const char *dir, const char *path, const char *content)
{
	const bool in = strncmp(path, "D/", 2) == 0;
	char to[200];
	FILE *f;

	snprintf(to, sizeof(to), "%s/%s%s", dir, in ? "domains/" D : "",
	    in ? path + 1 : path);
	for (char *s = to + strlen(dir) + 1; (s = strchr(s, '/')); s++) {
		*s = '\0';
		(void)mkdir(to, 0700);
		*s = '/';
	}
	if (content[0] == '@') {
		assert_int_equal(symlink(content + 1, to), 0);
	} else if (to[strlen(to) - 1] != '/') {
		assert_non_null(f = fopen(to, "w"));
		fputs(content, f);
		fclose(f);
	}
}

/* "D/x" as the report has it. */
static const char *
shown(const char *file)
{
	static char text[200];

	snprintf(text, sizeof(text), "%s%s", file[0] == 'D' ? "domains/" D : "",
	    file[0] == 'D' ? file + 1 : file);
	return text;
}

/* Reads and removes it. */
static void
read_and_remove(struct moving *m, struct pool *p, const char *dir)
{
	char command[128];

	moving_begin(m, p);
	assert_int_equal(vpopmail_read(m, dir), RES_OK);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	assert_int_equal(system(command), 0);
}

static void
begin(char dir[96], const char *vpasswd)
{
	snprintf(dir, 96, "%s/vp.XXXXXX", unit_tmp());
	assert_non_null(mkdtemp(dir));
	make(dir, "D/vpasswd", vpasswd);
}

static void
directories(void **state)
{
	const struct row *r = *state;
	char dir[96];
	struct pool *p = pool_new();
	struct moving m;
	const char *mail;

	begin(dir, r->vpasswd);
	for (size_t i = 0; i < NELEM(r->files) && r->files[i] != NULL; i += 2)
		make(dir, r->files[i], r->files[i + 1]);
	read_and_remove(&m, p, dir);
	assert_string_equal(told_of(&m, shown(r->file)), r->told);
	assert_string_equal(places_of(&m), r->places);
	mail = m.nplaces > 0 ? m.places[0]->mail : NULL;
	assert_string_equal(
	    mail != NULL ? mail + strlen(dir) + 1 : "", shown(r->mail));
	pool_free(&p);
}

/* -- limits -- */

static const struct limit_row {
	const char *name, *limits;
	int64_t forwards;
} limit_rows[] = {
	{ "aliases first", "maxaliases: 5\nmaxforwards: 10\n", 15 },
	{ "forwards first", "maxforwards: 10\nmaxaliases: 5\n", 15 },
	{ "twice", "maxforwards 9\nmaxaliases 5\nmaxforwards 1\n", 6 },
	{ "one has none", "maxaliases: 5\nmaxforwards: -1\n", NO_LIMIT },
	{ "one is not said", "maxaliases: 5\n", NO_LIMIT },
	{ "none may be", "maxaliases: 0\nmaxforwards: 0\n", 0 },
};

static void
limits(void **state)
{
	const struct limit_row *r = *state;
	char dir[96];
	struct pool *p = pool_new();
	struct moving m;

	begin(dir, "");
	make(dir, "D/.qmailadmin-limits", r->limits);
	read_and_remove(&m, p, dir);
	assert_int_equal(m.ndomains, 1);
	assert_int_equal(m.domains[0]->max_forwards, r->forwards);
	pool_free(&p);
}

/* -- where replies to a list go -- */

static const struct reply_row {
	const char *name, *headeradd;
	bool list;
} reply_rows[] = {
	{ "to the list", "X: y\nReply-To: <L@A.example>\n", true },
	{ "filled in when it is sent", "Reply-To: <#l#>@<#h#>\n", true },
	{ "to somebody", "Reply-To: x@o.x\n", false },
	{ "to the writer", "X: y\n", false },
};

static void
replies(void **state)
{
	const struct reply_row *r = *state;
	char dir[96];
	struct pool *p = pool_new();
	struct moving m;
	const char *to;

	begin(dir, "");
	make(dir, "D/l/subscribers/", "");
	make(dir, "D/l/headeradd", r->headeradd);
	read_and_remove(&m, p, dir);
	assert_int_equal(m.nplaces, 1);
	to = m.places[0]->form->reply_to;
	assert_int_equal(to != NULL && strcmp(to, "list") == 0, r->list);
	pool_free(&p);
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, rows, directories, NULL, NULL);
	ADD_ROWS(&s, limit_rows, limits, NULL, NULL);
	ADD_ROWS(&s, reply_rows, replies, NULL, NULL);
	return suite_run(&s, "vpopmail");
}
