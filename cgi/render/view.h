#ifndef RENDER_VIEW_H
#define RENDER_VIEW_H

#include <stddef.h>

#include "base/messages.h"
#include "base/pool.h"

/*
 * Templates, parsed once at start and rendered many times.  Everything that
 * is set is escaped where it is shown; nothing that a person typed is ever a
 * name here (ClearSilver would make a tree of its dots).
 */

enum template {
	TPL_LOGIN,
	TPL_ACCOUNT,
	TPL_SETTINGS,
	TPL_HISTORY,
	TPL_ERROR,
	TPL_ADMIN,
	TPL_DOMAIN,
	TPL_ACCOUNTS,
	TPL_ACCOUNT_NEW,
	TPL_ACCOUNT_EDIT,
	TPL_ACCOUNT_RESET,
	TPL_ACCOUNT_DELETE,
	TPL_BULK,
	TPL_NOTICE,
	TPL_IMPORT,
	TPL_FORWARDS,
	TPL_FORWARD,
	TPL_FORWARD_DELETE,
	TPL_DOMAIN_LOG,
	TPL_LISTS,
	TPL_LIST,
	TPL_MEMBERS,
	TPL_LIST_DELETE,
	TPL_SITE,
	TPL_SITE_DOMAIN,
	TPL__MAX
};

enum lang { LANG_JA, LANG_EN, LANG__MAX };

struct view;

/* Reads all templates and catalogues; what is wrong is told on stderr. */
enum result view_open(const char *dir, struct view **view_r) MUST_CHECK;
void view_close(struct view **);
const char *lang_code(enum lang);

/* One page: begin, set, render.  begin forgets what was set before. */
void view_begin(struct view *, enum lang);
void view_set(struct view *, const char *name, const char *value);
void view_set_int(struct view *, const char *name, long long value);
/* PREFIX.n.NAME, the n-th of a list. */
void view_set_nth(
    struct view *, const char *prefix, int n, const char *name,
    const char *value);
/* The sentence under a catalogue key; whole, and the pool's. */
const char *view_text(const struct view *, enum lang, struct pool *,
    const char *key, const char *a1, const char *a2);
/* A refused field: into the summary, and beside the field.  field NULL: the
 * summary only, as no field is to blame. */
void view_error(struct view *, const char *field, const char *text);
/* The rendered page, which stays until the next is rendered; RES_FAIL:
 * logged. */
enum result view_render(struct view *, enum template, const char **body_r,
    size_t *length_r) MUST_CHECK;
/* This page holds a password: what is set is wiped when it is rendered. */
void view_secret(struct view *);
/* Wipes the page that was rendered last: it held a password. */
void view_wipe(struct view *);

#endif
