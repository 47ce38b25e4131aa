/* The real templates, with strings that try to get out. */
#include "tests/unit/unit.h"

#include "render/view.h"

#define EVIL "<img src=x onerror=alert(1)>\"onx='y' <?cs var:Secret ?>" \
	     "</title><script>&lt;&#60;"

static const char *const names[] = {
	"Page.path", "Csrf", "User.address", "Notice",
	"Errors.0.field", "Errors.0.text", "Account.address",
	"Account.version", "Account.reauth", "Conflict.text",
	"Conflict.0.label", "Conflict.0.value", "Usage.known", "Usage.percent",
	"Usage.used", "Usage.quota", "Usage.messages", "Usage.oldest",
	"Usage.last_login", "Usage.level", "Delivery", "Settings.pop_host",
	"Settings.pop_port", "Settings.user", "Settings.submission_host",
	"Settings.submission_port", "Settings.timeout", "History.zone",
	"History.0.when", "History.0.who", "History.0.what", "History.0.old",
	"History.0.new", "History.0.from", "History.next", "Error.status",
	"Error.title", "Error.text", "Error.hint", "Error.request_id",
	"Error.contact",
};

static const char *const fields[] = { "account", "domain", "password",
	"real_name", "new_password", "new_password_again", "routing",
	"forward_to", "keep_copy", "confirm_discard", "current_password" };

static void
set_all(struct view *v, const char *value)
{
	char name[96];

	view_set(v, "Secret", "the-secret");
	for (size_t i = 0; i < NELEM(names); i++)
		view_set(v, names[i], value);
	for (size_t i = 0; i < NELEM(fields); i++) {
		snprintf(name, sizeof(name), "Field.%s.value", fields[i]);
		view_set(v, name, value);
		view_error(v, fields[i], value);
	}
}

static const char *
render(struct view *v, enum template t, struct pool *p)
{
	const char *body;
	size_t n;

	assert_int_equal(view_render(v, t, &body, &n), RES_OK);
	assert_int_equal(strlen(body), n);
	return pool_strndup(p, body, n);
}

static int
up(void **state)
{
	struct view *v;

	if (view_open("templates", &v) != RES_OK)
		return -1;
	*state = v;
	return 0;
}

static int
down(void **state)
{
	struct view *v = *state;

	view_close(&v);
	view_close(&v);
	return 0;
}

static size_t
count(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)) != NULL; text++)
		n++;
	return n;
}

static void
hostile_page(struct view *v, enum template t, enum lang l, int initial)
{
	struct pool *p = pool_new();
	const char *body;

	view_begin(v, l);
	set_all(v, EVIL);
	if (initial)
		view_set(v, "User.initial", "1");
	body = render(v, t, p);
	assert_null(strstr(body, "<img"));
	assert_null(strstr(body, "<script"));
	assert_null(strstr(body, "\"onx"));
	assert_null(strstr(body, "'y'"));
	assert_null(strstr(body, "<?cs"));
	assert_null(strstr(body, "the-secret"));
	assert_int_equal(count(body, "</title>"), 1);
	/* Escaped once, not twice and not left out. */
	assert_non_null(strstr(body, "&lt;img src=x"));
	assert_non_null(strstr(body, "&amp;lt;"));
	assert_null(strstr(body, "&amp;amp;"));
	assert_int_equal(strncmp(body, "<!DOCTYPE html>", 15), 0);
	assert_non_null(strstr(body, "</html>"));
	assert_non_null(strstr(
	    body, l == LANG_JA ? "<html lang=\"ja\">" : "<html lang=\"en\">"));
	assert_true(is_utf8(body));
	pool_free(&p);
}

static void
hostile(void **state)
{
	struct view *v = *state;

	for (int t = 0; t < TPL__MAX; t++)
		for (int l = 0; l < LANG__MAX; l++)
			for (int initial = 0; initial < 2; initial++)
				hostile_page(v, (enum template)t,
				    (enum lang)l, initial);
}

/* Nothing set at all: still a page, and no key shown in place of words. */
static void
bare(void **state)
{
	struct view *v = *state;

	for (int t = 0; t < TPL__MAX; t++) {
		for (int l = 0; l < LANG__MAX; l++) {
			struct pool *p = pool_new();

			view_begin(v, (enum lang)l);
			assert_non_null(strstr(
			    render(v, (enum template)t, p), "</html>"));
			pool_free(&p);
		}
	}
}

/* One parse, many pages: nothing of one is in the next. */
static void
nothing_is_left(void **state)
{
	struct view *v = *state;
	struct pool *p = pool_new();
	const char *first, *again;

	view_begin(v, LANG_EN);
	first = render(v, TPL_LOGIN, p);
	for (int i = 0; i < 200; i++) {
		view_begin(v, i % 2 == 0 ? LANG_JA : LANG_EN);
		set_all(v, "somebody-elses");
		render(v, (enum template)(i % TPL__MAX), p);
	}
	view_begin(v, LANG_EN);
	again = render(v, TPL_LOGIN, p);
	assert_string_equal(first, again);
	assert_null(strstr(again, "somebody-elses"));
	/* Also when the other page was begun and never rendered. */
	view_begin(v, LANG_EN);
	set_all(v, "somebody-elses");
	view_begin(v, LANG_EN);
	assert_string_equal(render(v, TPL_LOGIN, p), first);
	pool_free(&p);
}

/* A wrong field is told at the top and beside itself, to every reader. */
static void
errors(void **state)
{
	struct view *v = *state;
	struct pool *p = pool_new();
	const char *body;

	view_begin(v, LANG_EN);
	view_error(v, "forward_to", "First sentence.");
	view_error(v, "forward_to", "Second sentence.");
	view_error(v, "real_name", "Third sentence.");
	body = render(v, TPL_ACCOUNT, p);
	assert_int_equal(count(body, "First sentence."), 2);
	assert_int_equal(count(body, "Second sentence."), 2);
	assert_int_equal(count(body, "Third sentence."), 2);
	assert_int_equal(count(body, "href=\"#forward_to\""), 2);
	assert_int_equal(count(body, "id=\"forward_to\""), 1);
	assert_int_equal(count(body, "aria-invalid=\"true\""), 2);
	assert_int_equal(count(body, "id=\"forward_to-error\""), 1);
	assert_null(strstr(body, "id=\"new_password-error\""));
	pool_free(&p);
}

/* No field is to blame: told at the top, and beside no field. */
static void
error_of_no_field(void **state)
{
	struct view *v = *state;
	struct pool *p = pool_new();
	const char *body;

	view_begin(v, LANG_EN);
	view_error(v, NULL, "First sentence.");
	view_error(v, "account", "Second sentence.");
	body = render(v, TPL_LOGIN, p);
	assert_int_equal(count(body, "First sentence."), 1);
	assert_int_equal(count(body, "Second sentence."), 2);
	assert_int_equal(count(body, "aria-invalid=\"true\""), 1);
	assert_null(strstr(body, "href=\"#\""));
	pool_free(&p);
}

/* Passwords are never in a page, whatever C sets. */
static void
no_passwords(void **state)
{
	struct view *v = *state;
	struct pool *p = pool_new();

	for (int t = 0; t < TPL__MAX; t++) {
		view_begin(v, LANG_EN);
		view_set(v, "Account.reauth", "1");
		view_set(v, "Field.password.value", "ZZmarker");
		view_set(v, "Field.new_password.value", "ZZmarker");
		view_set(v, "Field.new_password_again.value", "ZZmarker");
		view_set(v, "Field.current_password.value", "ZZmarker");
		assert_null(
		    strstr(render(v, (enum template)t, p), "ZZmarker"));
	}
	pool_free(&p);
}

/* Every form brings the token back. */
static void
forms_have_tokens(void **state)
{
	struct view *v = *state;
	struct pool *p = pool_new();

	for (int t = 0; t < TPL__MAX; t++) {
		const char *body;

		view_begin(v, LANG_EN);
		view_set(v, "Csrf", "the-token");
		view_set(v, "User.address", "u1@alpha.example");
		body = render(v, (enum template)t, p);
		assert_true(count(body, "<form") > 0);
		assert_int_equal(count(body, "<form"),
		    count(body, "name=\"csrf\" value=\"the-token\""));
		assert_int_equal(
		    count(body, "<form"), count(body, "method=\"post\""));
	}
	pool_free(&p);
}

static void
texts(void **state)
{
	struct view *v = *state;
	struct pool *p = pool_new();
	struct capture c;
	const char *missing;
	char arg[5000] = "";

	assert_string_equal(
	    view_text(v, LANG_EN, p, "time.seconds", "7", NULL), "7 s");
	capture_begin(&c);
	missing = view_text(v, LANG_EN, p, "no.such", "a", "b");
	capture_end(&c);
	assert_string_equal(missing, "no.such");
	assert_non_null(strstr(c.text, "message_missing"));
	assert_string_not_equal(
	    view_text(v, LANG_JA, p, "time.seconds", "7", NULL), "7 s");
	/* However long: a sentence is whole. */
	memset(arg, 'x', sizeof(arg) - 1);
	assert_int_equal(strlen(view_text(v, LANG_EN, p, "time.seconds", arg,
			     arg)),
	    sizeof(arg) - 1 + strlen(" s"));
	assert_string_equal(
	    view_text(v, LANG_EN, p, "time.seconds", NULL, NULL), " s");
	assert_string_equal(lang_code(LANG_JA), "ja");
	assert_string_equal(lang_code(LANG_EN), "en");
	pool_free(&p);
}

static void
no_templates(void **state)
{
	struct capture c;
	struct view *v;
	enum result r;

	(void)state;
	capture_begin(&c);
	r = view_open("/nonexistent", &v);
	capture_end(&c);
	assert_int_not_equal(r, RES_OK);
	assert_null(v);
	assert_non_null(strstr(c.text, "ja.hdf"));
}

/* A directory with the real catalogues and one template of our own. */
static enum result
open_with(const char *login_cs, struct capture *c, struct view **v_r)
{
	char dir[64], cmd[512];
	enum result r;
	FILE *f;

	snprintf(dir, sizeof(dir), "%s/view.XXXXXX", unit_tmp());
	assert_non_null(mkdtemp(dir));
	snprintf(cmd, sizeof(cmd), "cp -R templates/. %s", dir);
	assert_int_equal(system(cmd), 0);
	snprintf(cmd, sizeof(cmd), "%s/login.cs", dir);
	assert_non_null(f = fopen(cmd, "w"));
	fputs(login_cs, f);
	fclose(f);
	capture_begin(c);
	r = view_open(dir, v_r);
	capture_end(c);
	snprintf(cmd, sizeof(cmd), "rm -r %s", dir);
	assert_int_equal(system(cmd), 0);
	return r;
}

static void
missing_sentence(void **state)
{
	struct capture c;
	struct view *v;

	(void)state;
	assert_int_not_equal(
	    open_with("<p><?cs var:Msg.no.such ?></p>", &c, &v), RES_OK);
	assert_null(v);
	assert_non_null(strstr(c.text, "login.cs"));
	assert_non_null(strstr(c.text, "Msg.no.such"));
}

static void
sentence_is_escaped(void **state)
{
	struct capture c;
	struct view *v;
	const char *body;
	size_t n;

	(void)state;
	assert_int_equal(
	    open_with("[<?cs var:Msg.err.forward.self ?>]", &c, &v), RES_OK);
	view_begin(v, LANG_EN);
	assert_int_equal(view_render(v, TPL_LOGIN, &body, &n), RES_OK);
	assert_int_equal(body[0], '[');
	assert_int_equal(body[n - 1], ']');
	assert_null(strpbrk(body, "<>"));
	view_close(&v);
}

int
main(void)
{
	static struct suite s;

#define T(name, f) suite_add(&s, name, f, up, down, NULL)
	T("C97 hostile strings in every page", hostile);
	T("nothing set", bare);
	T("nothing of one page is in the next", nothing_is_left);
	T("errors at the top and beside the field", errors);
	T("an error of no field", error_of_no_field);
	T("no passwords", no_passwords);
	T("every form has a token", forms_have_tokens);
	T("texts", texts);
	suite_add(&s, "no templates", no_templates, NULL, NULL, NULL);
	suite_add(&s, "a sentence that is not there", missing_sentence, NULL,
	    NULL, NULL);
	suite_add(&s, "a sentence is text, not markup", sentence_is_escaped,
	    NULL, NULL, NULL);
	return suite_run(&s, "view");
}
