#include <limits.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ClearSilver/ClearSilver.h>

#include "base/log.h"
#include "render/template.h"
#include "render/view.h"

static const char *const files[TPL__MAX] = {
	[TPL_LOGIN] = "login.cs",
	[TPL_ACCOUNT] = "account.cs",
	[TPL_SETTINGS] = "settings.cs",
	[TPL_HISTORY] = "history.cs",
	[TPL_ERROR] = "error.cs",
	[TPL_ADMIN] = "admin.cs",
	[TPL_DOMAIN] = "domain.cs",
	[TPL_ACCOUNTS] = "accounts.cs",
	[TPL_ACCOUNT_NEW] = "account_new.cs",
	[TPL_ACCOUNT_EDIT] = "account_edit.cs",
	[TPL_ACCOUNT_RESET] = "account_reset.cs",
	[TPL_ACCOUNT_DELETE] = "account_delete.cs",
	[TPL_BULK] = "bulk.cs",
	[TPL_NOTICE] = "notice.cs",
	[TPL_IMPORT] = "import.cs",
	[TPL_FORWARDS] = "forwards.cs",
	[TPL_FORWARD] = "forward.cs",
	[TPL_FORWARD_DELETE] = "forward_delete.cs",
	[TPL_DOMAIN_LOG] = "domain_log.cs",
	[TPL_LISTS] = "lists.cs",
	[TPL_LIST] = "list.cs",
	[TPL_MEMBERS] = "members.cs",
	[TPL_LIST_DELETE] = "list_delete.cs",
	[TPL_SITE] = "site.cs",
	[TPL_SITE_DOMAIN] = "site_domain.cs",
};

#define TEXTS_MAX 64

static const char *const codes[LANG__MAX] = {
	[LANG_JA] = "ja",
	[LANG_EN] = "en",
};

struct view {
	HDF *base; /* what parsing needs: the mode */
	const char *dir;
	CSPARSE *cs[LANG__MAX][TPL__MAX];
	struct messages *messages[LANG__MAX];
	enum lang lang;
	HDF *page; /* of this request */
	int errors;
	char *out; /* grows to the largest page and stays */
	size_t used, size;
	bool failed;
	bool secret; /* the page holds a password */
	/* Texts of templates, by language; the last is empty. */
	struct text {
		char *name, *text;
	} texts[LANG__MAX][TEXTS_MAX];
};

const char *
lang_code(enum lang l)
{
	return codes[l];
}

static bool
ok(NEOERR *err, const char *what)
{
	STRING s;

	if (err == STATUS_OK)
		return true;
	string_init(&s);
	nerr_error_string(err, &s);
	log_event("template", "what=%s error=%s", what, s.buf);
	string_clear(&s);
	nerr_ignore(&err);
	return false;
}

/*
 * The auto-escape is one value that ClearSilver reads when a template is
 * parsed; a template that was parsed without it prints raw text.  So it is
 * set here, once, and asked back.
 */
static bool
set_base(struct view *v)
{
	static const char mode[] = "Config.VarEscapeMode";

	return ok(hdf_init(&v->base), "init") &&
	    ok(hdf_set_value(v->base, mode, "html"), mode) &&
	    strcmp(hdf_get_value(v->base, mode, ""), "html") == 0;
}

/* The text of a file in the language that is being parsed; read once, and
 * kept: a parse tree takes twenty times as much. */
static const char *
text_of(struct view *v, const char *name)
{
	struct text *t = v->texts[v->lang];

	while (t->name != NULL && strcmp(t->name, name) != 0)
		t++;
	if (t->name == NULL && t < &v->texts[v->lang][TEXTS_MAX - 1]) {
		t->text = template_read(v->dir, name,
		    &(struct template_words){ v->messages[v->lang],
			v->messages[LANG_JA], v->messages[LANG_EN] });
		t->name = t->text != NULL ? strdup(name) : NULL;
	}
	return t->text;
}

/* How the engine reads a template, and what that includes. */
static NEOERR *
load(void *arg, HDF *hdf, const char *name, char **contents)
{
	struct view *v = arg;
	const char *text = text_of(v, name);

	(void)hdf;
	*contents = text != NULL ? strdup(text) : NULL;
	return *contents != NULL ? STATUS_OK :
				   nerr_raise(NERR_NOT_FOUND, "%s", name);
}

static bool
parse(struct view *v, enum lang l, int i)
{
	CSPARSE **cs = &v->cs[l][i];

	v->lang = l;
	if (!ok(cs_init(cs, v->base), files[i]))
		return false;
	cs_register_fileload(*cs, v, load);
	return ok(cs_parse_file(*cs, files[i]), files[i]);
}

/* All are parsed at start, so that a wrong one is found then.  The trees that
 * every worker needs stay; the others are made again by the worker that first
 * shows the page. */
static bool
parse_all(struct view *v, enum lang l)
{
	for (int i = 0; i < TPL__MAX; i++) {
		if (!parse(v, l, i))
			return false;
		if (i > TPL_ERROR)
			cs_destroy(&v->cs[l][i]);
	}
	return true;
}

enum result
view_open(const char *dir, struct view **view_r)
{
	struct view *v;
	enum result r = RES_FAIL;

	*view_r = NULL;
	if ((v = calloc(1, sizeof(*v))) == NULL)
		return RES_FAIL;
	v->dir = dir;
	if (!set_base(v))
		goto err;
	for (int i = 0; i < LANG__MAX; i++)
		if ((r = messages_open(dir, codes[i], &v->messages[i])) !=
		    RES_OK)
			goto err;
	r = RES_FAIL;
	for (int i = 0; i < LANG__MAX; i++)
		if (!parse_all(v, (enum lang)i))
			goto err;
	v->dir = NULL; /* everything is read */
	malloc_trim(0);
	*view_r = v;
	return RES_OK;
err:
	view_close(&v);
	return r;
}

void
view_close(struct view **vp)
{
	struct view *v = *vp;

	*vp = NULL;
	if (v == NULL)
		return;
	for (int l = 0; l < LANG__MAX; l++) {
		for (int i = 0; i < TPL__MAX; i++)
			cs_destroy(&v->cs[l][i]);
		for (struct text *t = v->texts[l]; t->name != NULL; t++) {
			free(t->name);
			free(t->text);
		}
		messages_close(&v->messages[l]);
	}
	hdf_destroy(&v->page);
	hdf_destroy(&v->base);
	free(v->out);
	free(v);
}

void
view_begin(struct view *v, enum lang lang)
{
	/* A fresh tree for each page: hdf_remove_tree leaves pointers to the
	 * freed nodes in its parent's cache (LIMITS.md). */
	hdf_destroy(&v->page);
	v->lang = lang;
	v->errors = 0;
	v->secret = false;
	v->failed = !ok(hdf_init(&v->page), "init");
}

void
view_set(struct view *v, const char *name, const char *value)
{
	if (!v->failed && !ok(hdf_set_value(v->page, name, value), name))
		v->failed = true;
}

void
view_set_int(struct view *v, const char *name, long long value)
{
	char number[32];

	snprintf(number, sizeof(number), "%lld", value);
	view_set(v, name, number);
}

void
view_set_nth(struct view *v, const char *prefix, int n, const char *name,
    const char *value)
{
	char full[128];

	snprintf(full, sizeof(full), "%s.%d.%s", prefix, n, name);
	view_set(v, full, value);
}

/* Bytes that an argument may take in a sentence. */
static size_t
room_for(const char *sentence, const char *placeholder, const char *arg)
{
	size_t n = 0;

	if (arg == NULL)
		return 0;
	while ((sentence = strstr(sentence, placeholder)) != NULL) {
		n += strlen(arg);
		sentence += strlen(placeholder);
	}
	return n;
}

const char *
view_text(const struct view *v, enum lang l, struct pool *p, const char *key,
    const char *a1, const char *a2)
{
	const char *sentence = messages_find(v->messages[l], key);
	size_t size = 1 + strlen(key);

	if (sentence != NULL)
		size += strlen(sentence) + room_for(sentence, "{1}", a1) +
		    room_for(sentence, "{2}", a2);
	return messages_text(
	    v->messages[l], key, a1, a2, pool_alloc(p, size), size);
}

void
view_error(struct view *v, const char *field, const char *text)
{
	char name[96];

	view_set_nth(v, "Errors", v->errors, "text", text);
	if (field == NULL) {
		v->errors++;
		return;
	}
	view_set_nth(v, "Errors", v->errors, "field", field);
	/* The number only has to be new; the template walks the list. */
	snprintf(name, sizeof(name), "Field.%s.error.%d", field, v->errors);
	view_set(v, name, text);
	snprintf(name, sizeof(name), "Bad.%s", field);
	view_set(v, name, "1");
	v->errors++;
}

static NEOERR *
append(void *arg, char *text)
{
	struct view *v = arg;
	size_t n = strlen(text);

	if (v->used + n + 1 > v->size) {
		size_t size = (v->used + n + 1) * 2;
		char *grown = malloc(size);

		if (grown == NULL)
			return nerr_raise(NERR_NOMEM, "page of %zu", size);
		/* Not realloc: it would leave a copy behind. */
		if (v->used > 0)
			memcpy(grown, v->out, v->used);
		if (v->out != NULL)
			explicit_bzero(v->out, v->size);
		free(v->out);
		v->out = grown;
		v->size = size;
	}
	memcpy(v->out + v->used, text, n + 1);
	v->used += n;
	return STATUS_OK;
}

/* The values of a page, wherever they stand in it. */
static void
wipe(HDF *page)
{
	for (HDF *h = hdf_obj_child(page); h != NULL; h = hdf_obj_next(h)) {
		char *value = hdf_obj_value(h);

		if (value != NULL)
			explicit_bzero(value, strlen(value));
		wipe(h);
	}
}

enum result
view_render(struct view *v, enum template t, const char **body_r,
    size_t *length_r)
{
	CSPARSE *cs;
	bool done;

	if (v->failed ||
	    (v->cs[v->lang][t] == NULL && !parse(v, v->lang, (int)t)))
		return RES_FAIL;
	cs = v->cs[v->lang][t];
	v->used = 0;
	cs->hdf = v->page;
	cs->global_hdf = messages_hdf(v->messages[v->lang]);
	done = ok(cs_render(cs, v, append), files[t]);
	/* Nothing of this request stays for the next one. */
	cs->hdf = v->base;
	if (v->secret)
		wipe(v->page);
	hdf_destroy(&v->page);
	if (!done)
		return RES_FAIL;
	*body_r = v->out != NULL ? v->out : "";
	*length_r = v->used;
	return RES_OK;
}

void
view_secret(struct view *v)
{
	v->secret = true;
}

void
view_wipe(struct view *v)
{
	if (v->out != NULL)
		explicit_bzero(v->out, v->size);
}
