#ifndef PAGE_PAGE_H
#define PAGE_PAGE_H

#include "base/conf.h"
#include "core/finding.h"
#include "core/login.h"
#include "core/network.h"
#include "http/cookie.h"
#include "http/reply.h"
#include "http/route.h"
#include "render/view.h"

/* What lives as long as the process. */
struct site {
	struct conf conf;
	struct networks campus;
	struct login_rules login;
	struct store *store;
	struct view *view;
	struct pool *pool;  /* of the request in hand */
	uint32_t worker;    /* random, for the ids of its requests */
	uint64_t requests;  /* how many there were */
};

/* One request, as a page sees it. */
struct ctx {
	const struct site *site;
	struct pool *pool;
	struct request req;
	struct reply reply;
	const struct route *route;
	char request_id[20];
	int64_t now;
	enum lang lang;
	char csrf[SECRET_TEXT];		/* what a form must bring back */
	char cookie[SECRET_TEXT];	/* that csrf is made from */
	struct login_session *session;	/* NULL: not logged in */
	bool had_session;		/* a cookie came, but it is over */
};

#define COOKIE_SESSION "__Host-session"
#define COOKIE_FORM "__Host-form"
#define COOKIE_LANG "__Host-lang"

enum result page_root(struct ctx *);
enum result page_login_show(struct ctx *);
enum result page_login_submit(struct ctx *);
enum result page_logout(struct ctx *);
enum result page_account_show(struct ctx *);
enum result page_account_submit(struct ctx *);
enum result page_settings(struct ctx *);
enum result page_history(struct ctx *);
enum result page_health(struct ctx *);

extern const struct route routes[];
extern const size_t nroutes;

/* -- page_common.c: what pages share -- */

/* Begins a page in the reader's language; then view_set what it shows. */
void page_begin(struct ctx *);
/* Renders it as the answer. */
enum result page_end(struct ctx *, int status, enum template) MUST_CHECK;
/* The sentence under a catalogue key. */
const char *page_text(
    struct ctx *, const char *key, const char *a1, const char *a2);
/* The findings, at their fields. */
void page_findings(struct ctx *, const struct findings *);
/* Field.NAME.value */
void page_field(struct ctx *, const char *name, const char *value);
/* Who acts, for the history. */
struct actor page_actor(const struct ctx *);
/* "3 minutes", for a waiting time. */
const char *page_wait(struct ctx *, int64_t seconds);
/* "2026-04-01 09:00", in the site's zone; with its name, for a page that does
 * not name it elsewhere.  "" for 0. */
const char *page_time(struct ctx *, int64_t at);
const char *page_time_bare(struct ctx *, int64_t at);
/* A number of 1 to 18 digits from a form or a query; else `otherwise`. */
int64_t page_number(const char *, int64_t otherwise);
/* "12,345" */
const char *page_count(struct ctx *, int64_t n);
/* "12.3 MB" */
const char *page_bytes(struct ctx *, int64_t bytes);
/* A fresh cookie for forms before the log-in, and csrf made from it. */
void page_form_cookie(struct ctx *);

/* -- page_error.c -- */

/* Answers that several steps give: the key under Msg.error, and its status. */
enum problem {
	PROBLEM_MALFORMED,
	PROBLEM_CSRF,
	PROBLEM_NETWORK,
	PROBLEM_NOT_FOUND,
	PROBLEM_METHOD,
	PROBLEM_CONFLICT,
	PROBLEM_TOO_LARGE,
	PROBLEM_MEDIA,
	PROBLEM_BUSY,
	PROBLEM_FAIL
};
void page_error(struct ctx *, enum problem);

#endif
