#ifndef PAGE_PAGE_H
#define PAGE_PAGE_H

#include "base/conf.h"
#include "core/account.h"
#include "core/address.h"
#include "core/domain.h"
#include "core/history.h"
#include "core/login.h"
#include "core/mlist.h"
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
	int64_t waited_ms;		/* for a worker */
	struct domain domain;		/* NEED_ADMIN: of the path */
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
enum result page_metrics(struct ctx *);
/* The domain administrator's. */
enum result page_admin(struct ctx *);
enum result page_domain(struct ctx *);
enum result page_accounts(struct ctx *);
enum result page_bulk(struct ctx *);
enum result page_new_show(struct ctx *);
enum result page_new_submit(struct ctx *);
enum result page_edit_show(struct ctx *);
enum result page_edit_submit(struct ctx *);
enum result page_reset_show(struct ctx *);
enum result page_reset_submit(struct ctx *);
enum result page_delete_show(struct ctx *);
enum result page_delete_submit(struct ctx *);
enum result page_import_show(struct ctx *);
enum result page_import_submit(struct ctx *);
enum result page_export(struct ctx *);
enum result page_forwards(struct ctx *);
enum result page_forward_new_show(struct ctx *);
enum result page_forward_new_submit(struct ctx *);
enum result page_forward_show(struct ctx *);
enum result page_forward_submit(struct ctx *);
enum result page_forward_delete_show(struct ctx *);
enum result page_forward_delete_submit(struct ctx *);
enum result page_domain_log(struct ctx *);
enum result page_lists(struct ctx *);
enum result page_list_new_show(struct ctx *);
enum result page_list_new_submit(struct ctx *);
enum result page_list_show(struct ctx *);
enum result page_list_submit(struct ctx *);
enum result page_list_delete_show(struct ctx *);
enum result page_list_delete_submit(struct ctx *);
enum result page_members_show(struct ctx *);
enum result page_members_submit(struct ctx *);
enum result page_members_export(struct ctx *);
/* The site administrator's. */
enum result page_site(struct ctx *);
enum result page_site_new_show(struct ctx *);
enum result page_site_new_submit(struct ctx *);
enum result page_site_domain_show(struct ctx *);
enum result page_site_domain_submit(struct ctx *);
enum result page_site_postmaster(struct ctx *);

extern const struct route routes[];
extern const size_t nroutes;

/* -- observe.c: what log and metrics say of a request -- */

/* Opens Metrics.File, where it is set. */
void observe_open(struct site *);
/* Not theirs to see, and answered as if it were not there. */
void observe_denied(const struct ctx *);
void observe_off_campus(const struct ctx *);
/* A form that is not ours: what showed it. */
void observe_form(const struct ctx *, const char *why);
/* How long it waited for a worker, by what nginx says. */
void observe_wait(struct ctx *);
/* It is answered; began: clock_us(). */
void observe_request(const struct ctx *, int64_t began);

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
/* The n-th element of the path, from 0; "" when there is none. */
const char *page_element(struct ctx *, unsigned int n);
/* Text as a path element or a value of a query. */
const char *page_url(struct ctx *, const char *text);
/* What a redirect said in the query under `name`: 0..max, else -1. */
int page_said(const struct ctx *, const char *name, int max);
/* 303 to the path with that number in its query. */
void page_say(struct ctx *, const char *path, const char *name, int number);
/* Begins an administrator's page; `sub` is its place in the menu. */
void page_frame(struct ctx *, const char *sub);
/* "/admin/DOMAIN" and what is behind it. */
const char *page_path(struct ctx *, const char *behind);
/* .../accounts/LOCAL and what is behind it. */
const char *page_object_path(struct ctx *, const char *kind,
    const char *local_part, const char *behind);
/* The name in such a path. */
const char *page_object_name(struct ctx *);
const char *page_account_path(
    struct ctx *, const char *local_part, const char *behind);
/* The account that such a path names; RES_NOTFOUND. */
enum result page_account_of_path(struct ctx *, struct account *) MUST_CHECK;
/* Is the log-in too old for a sensitive save? */
bool page_asks_again(const struct ctx *);
/* A finding at `confirm`, unless the name of what goes was typed there. */
void page_name_typed(struct ctx *, const char *name, struct findings *);
/*
 * The person's own password, where page_asks_again.  True: go on; a missing
 * or wrong one is a finding.  False: the answer is *answer_r, and made.
 */
bool page_confirmed(
    struct ctx *, struct findings *, enum result *answer_r);

/* -- page_accounts.c -- */
/* The list, with what is wrong with what was asked of it (NULL: nothing). */
enum result page_accounts_show(
    struct ctx *, int status, const struct findings *) MUST_CHECK;

/* -- page_mailbox.c: what the pages of one account share -- */

/* Usage.*, Delivery and How. */
enum result page_mailbox(struct ctx *, const struct account *) MUST_CHECK;
/* The form as the row has it. */
enum result page_stored(struct ctx *, const struct account *,
    struct account_form *form_r) MUST_CHECK;
/* Reads all fields of the form but quota_mb. */
struct account_form page_account_form(struct ctx *);
/* Field.*, never a password. */
void page_account_values(struct ctx *, const struct account_form *);
/* Beside the newer values what was typed and is not saved. */
void page_account_conflict(struct ctx *, const struct account_form *typed,
    const struct account_form *stored);

/* -- page_notice.c: initial passwords, told once -- */
struct slip {
	const char *address, *real_name, *pop_host;
	const char *password; /* the pool's, which wipes it */
};
/* 200, for a single password. */
enum result page_notice_one(struct ctx *, const struct account *,
    const char password[PASSWD_GENERATED], const char *back) MUST_CHECK;
/* 200; `back` is where to go on. */
enum result page_notice(struct ctx *, const struct slip *, size_t n,
    const char *back) MUST_CHECK;
struct slip page_slip(struct ctx *, const struct account *,
    const char password[PASSWD_GENERATED]);

/* -- page_lists.c -- */
const char *page_list_path(
    struct ctx *, const char *name, const char *behind);
/* The list that the path names. */
enum result page_list_of_path(struct ctx *, struct mlist *) MUST_CHECK;
/* The frame of its pages; NULL: of a new one. */
void page_list_frame(struct ctx *, const struct mlist *);

/* -- page_history.c -- */
/* One line as History.n.*; of a whole domain with its subject. */
void page_history_row(struct ctx *, int n, const struct history_row *,
    bool with_subject);
/* History.zone */
void page_history_zone(struct ctx *);

/* -- page_language.c -- */
/* Sets c->lang. */
void page_choose_language(struct ctx *);

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
