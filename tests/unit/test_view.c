/* The real templates, with strings that try to get out. */
#include "tests/unit/unit.h"

#include <glob.h>
#include <stdbool.h>

#include "render/view.h"

#define EVIL "<img src=x onerror=alert(1)>\"onx='y' <?cs var:Secret ?>" \
	     "</title><script>&lt;&#60;"

static const char *const names[] = {
	"Account.address", "Account.created", "Account.local_part",
	"Account.password_at", "Account.path", "Account.real_name",
	"Account.version", "Account.initial", "Account.admin", "Action",
	"Back", "Changed.0.account", "Changed.0.column", "Changed.0.line",
	"Changed.0.new", "Changed.0.old", "Client.pop_port",
	"Client.submission_host", "Client.submission_port", "Client.timeout",
	"Client.web", "Conflict.0.label", "Conflict.0.value", "Conflict.text",
	"Count.accounts", "Count.changed", "Count.default_quota",
	"Count.discarding", "Count.forwarding", "Count.forwards",
	"Count.initial", "Count.keeping", "Count.lists", "Count.max_accounts",
	"Count.max_forwards", "Count.max_lists", "Count.members", "Count.n",
	"Count.pct_accounts", "Csrf", "Delivery", "Domain.disabled",
	"Domain.name", "Domain.other", "Domain.path", "Domains.0.accounts",
	"Domains.0.admins", "Domains.0.disabled", "Domains.0.enabled",
	"Domains.0.href", "Domains.0.max_accounts", "Domains.0.name",
	"Domains.0.path", "Domains.0.pop_host", "Error.contact", "Error.hint",
	"Error.request_id", "Error.status", "Error.text", "Error.title",
	"Errors.0.field", "Errors.0.text", "Filter.0.label",
	"Filter.0.selected", "Filter.0.value", "Forward.address",
	"Forward.name", "Forward.path", "Forward.version", "History.0.from",
	"History.0.new", "History.0.old", "History.0.subject",
	"History.0.what", "History.0.when", "History.0.who", "History.next",
	"History.zone", "List.address", "List.count", "List.end",
	"List.first", "List.more", "List.name", "List.newer", "List.next",
	"List.older", "List.path", "List.prev", "List.version",
	"List.0.address", "Member.0.address", "New.0.account",
	"New.0.line", "New.0.real_name", "New.0.routing", "Notice",
	"Page.path", "Pick.0.address", "Pick.0.id", "Pick.0.real_name",
	"Pie.initial", "Plan", "Plan.can_apply", "Plan.changed",
	"Plan.changed_more", "Plan.mark", "Plan.name", "Plan.new",
	"Plan.new_more", "Plan.refused", "Plan.refused_more", "Plan.same",
	"Pointing.0.address", "Posting.0.label", "Posting.0.value",
	"Query.filter", "Query.q", "Query.sort",
	"Quota.default", "Reauth", "Refused.0.account", "Refused.0.column",
	"Refused.0.line", "Refused.0.text", "Row.0.address", "Row.0.admin",
	"Row.0.description", "Row.0.href", "Row.0.id", "Row.0.initial_since",
	"Row.0.last_login",
	"Row.0.level", "Row.0.members", "Row.0.more", "Row.0.owner",
	"Row.0.percent", "Row.0.posting", "Row.0.quota",
	"Row.0.real_name", "Row.0.routing", "Row.0.targets",
	"Row.0.usage_known", "Row.0.used", "Settings.pop_host",
	"Settings.pop_port", "Settings.submission_host",
	"Settings.submission_port", "Settings.timeout", "Settings.user",
	"Site.accounts", "Site.forwards", "Site.lists", "Site.name",
	"Site.path", "Site.version", "Site.domain_version",
	"Size.0.count", "Size.0.label", "Size.0.width",
	"Slip.0.address", "Slip.0.password", "Slip.0.pop_host",
	"Slip.0.real_name", "Sort.account", "Sort.created", "Sort.name",
	"Sort.now", "Stat.known", "Stat.percent", "Stat.quota", "Stat.used",
	"Subscription.0.label", "Subscription.0.value",
	"Usage.known", "Usage.last_login", "Usage.level", "Usage.messages",
	"Usage.oldest", "Usage.percent", "Usage.quota", "Usage.used",
	"User.address", "User.domain_admin", "User.site_admin", "Version",
};

static const char *const fields[] = { "account", "domain", "password",
	"real_name", "new_password", "new_password_again", "routing",
	"forward_to", "keep_copy", "confirm_discard", "current_password",
	"quota_mb", "confirm", "leave_forward_to", "pick", "file", "name",
	"targets", "pop_host", "max_accounts", "max_forwards", "max_lists",
	"default_quota_mb", "enabled", "administrators", "description",
	"owner", "moderators", "prefix", "footer", "members", "reply_to",
	"posting", "subscription" };

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

/* Two shapes of a page: with rows, and with neither rows nor much else. */
static void
hostile_page(struct view *v, enum template t, enum lang l, int bare)
{
	struct pool *p = pool_new();
	const char *body;

	view_begin(v, l);
	set_all(v, EVIL);
	if (bare) {
		view_set(v, "User.initial", "1");
		view_set(v, "List.empty", EVIL);
	}
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
			for (int bare = 0; bare < 2; bare++)
				hostile_page(v, (enum template)t,
				    (enum lang)l, bare);
}

static bool
is_listed(const char *name)
{
	/* Not the request's, or set for all fields alike. */
	static const char *const others[] = { "Msg.", "Ja.", "En.", "T.",
		"Lang", "Field" };

	for (size_t i = 0; i < NELEM(others); i++)
		if (strncmp(name, others[i], strlen(others[i])) == 0)
			return true;
	for (size_t i = 0; i < NELEM(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Whatever a template prints is among the hostile strings. */
static void
all_are_listed(void **state)
{
	static const char print[] = "var:";
	static char text[65536];
	char name[96];
	glob_t g;

	(void)state;
	assert_int_equal(glob("templates/*.cs", 0, NULL, &g), 0);
	for (size_t i = 0; i < g.gl_pathc; i++) {
		FILE *f = fopen(g.gl_pathv[i], "r");
		const char *s = text;

		assert_non_null(f);
		text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
		fclose(f);
		while ((s = strstr(s, print)) != NULL) {
			s += strlen(print);
			/* A lower-case one is a loop's or a macro's own. */
			if (sscanf(s, "%95[A-Za-z0-9_.]", name) != 1 ||
			    name[0] < 'A' || name[0] > 'Z')
				continue;
			if (!is_listed(name))
				fail_msg("%s prints %s", g.gl_pathv[i], name);
		}
	}
	globfree(&g);
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
		view_set(v, "Reauth", "1");
		view_set(v, "Field.password.value", "ZZmarker");
		view_set(v, "Field.new_password.value", "ZZmarker");
		view_set(v, "Field.new_password_again.value", "ZZmarker");
		view_set(v, "Field.current_password.value", "ZZmarker");
		assert_null(
		    strstr(render(v, (enum template)t, p), "ZZmarker"));
	}
	pool_free(&p);
}

/* Every form that changes something brings the token back. */
static void
forms_have_tokens(void **state)
{
	struct view *v = *state;
	struct pool *p = pool_new();

	for (int t = 0; t < TPL__MAX; t++) {
		const char *body;
		size_t posts;

		view_begin(v, LANG_EN);
		view_set(v, "Csrf", "the-token");
		view_set(v, "User.address", "u1@alpha.example");
		body = render(v, (enum template)t, p);
		posts = count(body, "method=\"post\"");
		assert_true(posts > 0);
		assert_int_equal(count(body, "name=\"csrf\""), posts);
		assert_int_equal(
		    count(body, "name=\"csrf\" value=\"the-token\""),
		    posts);
		/* A search; no token goes into a URL. */
		assert_int_equal(count(body, "<form") - posts,
		    count(body, "<form method=\"get\""));
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

/* A page that held a password is gone when it is sent. */
static void
wiped(void **state)
{
	struct view *v = *state;
	const char *body;
	size_t n;

	view_wipe(v); /* also before the first page */
	view_begin(v, LANG_EN);
	view_set(v, "Slip.0.address", "u1@alpha.example");
	view_set(v, "Slip.0.password", "ZZmarker");
	assert_int_equal(view_render(v, TPL_NOTICE, &body, &n), RES_OK);
	assert_non_null(strstr(body, "ZZmarker"));
	view_wipe(v);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(body[i], 0);
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
	T("C97 no string is forgotten", all_are_listed);
	T("nothing set", bare);
	T("nothing of one page is in the next", nothing_is_left);
	T("errors at the top and beside the field", errors);
	T("an error of no field", error_of_no_field);
	T("no passwords", no_passwords);
	T("every form has a token", forms_have_tokens);
	T("texts", texts);
	T("a secret page is wiped", wiped);
	suite_add(&s, "no templates", no_templates, NULL, NULL, NULL);
	suite_add(&s, "a sentence that is not there", missing_sentence, NULL,
	    NULL, NULL);
	suite_add(&s, "a sentence is text, not markup", sentence_is_escaped,
	    NULL, NULL, NULL);
	return suite_run(&s, "view");
}
