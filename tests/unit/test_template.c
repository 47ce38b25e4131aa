/* The sentences that are put into a template before it is parsed. */
#include "tests/unit/unit.h"

#include <sys/stat.h>

#include "render/template.h"

/* clang-format off */
static const struct row {
	const char *name, *template;
	const char *want; /* NULL: refused, and the log says so: */
	const char *why;
} rows[] = {
	{ "no sentence", "<p>&amp;</p>\n", "<p>&amp;</p>\n", NULL },
	{ "a sentence", "<p><?cs var:Msg.plain ?></p>", "<p>Hello</p>",
	    NULL },
	{ "a group", "<?cs var:Msg.login.title ?>!", "Log in!", NULL },
	{ "two of them", "<?cs var:Msg.plain ?><?cs var:Msg.plain ?>",
	    "HelloHello", NULL },
	{ "escaped for text and attributes", "<?cs var:Msg.odd ?>",
	    "&lt;b&gt; &amp;amp; &quot;x&quot; &#39;y&#39;", NULL },
	{ "a sentence is never a template", "<?cs var:Msg.code ?>",
	    "&lt;?cs var:Secret ?&gt;", NULL },
	{ "put in once", "<?cs var:Msg.self ?>",
	    "&lt;?cs var:Msg.plain ?&gt;", NULL },
	{ "other uses stay", "<?cs if:Msg.plain ?><?cs set:A = Msg.plain ?>"
	    "<?cs var:User.address ?>", "<?cs if:Msg.plain ?><?cs set:A ="
	    " Msg.plain ?><?cs var:User.address ?>", NULL },
	{ "a tag that does not end", "a<?cs var:Msg.plain", "a<?cs var:Msg."
	    "plain", NULL },
	{ "Japanese", "<?cs var:Msg.ja ?>", "文箱", NULL },
	{ "in both languages", "<?cs var:Ja.plain ?>/<?cs var:En.plain ?>",
	    "こんにちは/Good day", NULL },
	{ "a tag of ours behind one of others",
	    "<?cs var:User.name ?><?cs var:Ja.plain ?><?cs var:Enough ?>",
	    "<?cs var:User.name ?>こんにちは<?cs var:Enough ?>", NULL },
	{ "not in the other language", "<?cs var:En.odd ?>", NULL,
	    "missing=En.odd" },
	{ "a sentence that is not there", "a<?cs var:Msg.nothing ?>", NULL,
	    "missing=Msg.nothing" },
	{ "a group is no sentence", "<?cs var:Msg.login ?>", NULL,
	    "missing=Msg.login" },
	{ "a key longer than any", "<?cs var:Msg."
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    " ?>", NULL, "missing=Msg.aaaa" },
};
/* clang-format on */

static const char catalogue[] =
    "Msg {\n"
    "  plain = Hello\n"
    "  odd = <b> &amp; \"x\" 'y'\n"
    "  code = <?cs var:Secret ?>\n"
    "  self = <?cs var:Msg.plain ?>\n"
    "  ja = 文箱\n"
    "  login {\n"
    "    title = Log in\n"
    "  }\n"
    "}\n";

static const char japanese[] = "Msg.plain = こんにちは\n";
static const char english[] = "Msg.plain = Good day\n";

static char dir[64];

static void
write_file(const char *name, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static char *
read_template(const char *name, struct capture *c)
{
	struct messages *m = NULL, *ja = NULL, *en = NULL;
	char *got;

	assert_int_equal(messages_open(dir, "xx", &m), RES_OK);
	assert_int_equal(messages_open(dir, "yy", &ja), RES_OK);
	assert_int_equal(messages_open(dir, "zz", &en), RES_OK);
	capture_begin(c);
	got = template_read(
	    dir, name, &(struct template_words){ m, ja, en });
	capture_end(c);
	messages_close(&m);
	messages_close(&ja);
	messages_close(&en);
	return got;
}

static void
check(void **state)
{
	const struct row *r = *state;
	struct capture c;
	char *got;

	write_file("a.cs", r->template);
	got = read_template("a.cs", &c);
	if (r->want == NULL) {
		assert_null(got);
		assert_non_null(strstr(c.text, "name=a.cs"));
		assert_non_null(strstr(c.text, r->why));
		return;
	}
	assert_non_null(got);
	assert_string_equal(got, r->want);
	assert_string_equal(c.text, "");
	free(got);
}

static void
no_file(void **state)
{
	struct capture c;

	(void)state;
	assert_null(read_template("none.cs", &c));
	assert_non_null(strstr(c.text, "name=none.cs"));
}

static int
up(void **state)
{
	char path[128];

	(void)state;
	snprintf(dir, sizeof(dir), "%s/fumibako-unit-cs.XXXXXX", unit_tmp());
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/lang", dir);
	mkdir(path, 0700);
	write_file("lang/xx.hdf", catalogue);
	write_file("lang/yy.hdf", japanese);
	write_file("lang/zz.hdf", english);
	return 0;
}

static int
down(void **state)
{
	static const char *const names[] = { "a.cs", "lang/xx.hdf",
		"lang/yy.hdf", "lang/zz.hdf" };
	char path[128];

	(void)state;
	for (size_t i = 0; i < NELEM(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		unlink(path);
	}
	snprintf(path, sizeof(path), "%s/lang", dir);
	rmdir(path);
	return rmdir(dir);
}

int
main(void)
{
	static struct suite s;

	ADD_ROWS(&s, rows, check, up, down);
	suite_add(&s, "no file", no_file, up, down, NULL);
	return suite_run(&s, "template");
}
