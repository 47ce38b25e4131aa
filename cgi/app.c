/*
 * What lives as long as the process, and the one order in which a request is
 * judged.  Each step can only narrow what the next one sees; a page runs
 * after the last of them.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "core/domain.h"
#include "store/store.h"

static void
take_rules(struct site *site)
{
	const struct conf *c = &site->conf;
	struct login_rules *l = &site->login;

	l->hash_cost = (int)c->hash_cost;
	l->session = (struct session_rules){ c->session_idle, c->session_max,
		c->session_reauth };
	l->throttle = (struct throttle_rules){
		.pair = c->throttle_pair,
		.network = c->throttle_network,
		.account = c->throttle_account,
		.window = c->throttle_window,
		.wait = c->throttle_wait,
	};
}

enum result
app_open(struct site *site, const char *conf_path)
{
	const struct conf *c = &site->conf;
	enum result r;

	memset(site, 0, sizeof(*site));
	site->pool = pool_new();
	if (!secret_init())
		return RES_FAIL;
	if ((r = conf_read(conf_path, &site->conf)) != RES_OK)
		return r;
	r = networks_read(conf_path, c->networks, &site->campus, stderr);
	if (r != RES_OK)
		return r;
	setenv("TZ", c->time_zone, 1);
	tzset();
	take_rules(site);
	if ((r = login_prepare(&site->login)) != RES_OK ||
	    (r = view_open(c->templates, &site->view)) != RES_OK)
		return r;
	r = store_open(&(struct store_paths){ c->users_db, c->web_db,
			   c->mailstat_db },
	    BY_WEB, &site->store);
	if (r != RES_OK)
		return r;
	observe_open(site);
	return site_publish_networks(site->store, &site->campus);
}

void
app_close(struct site *site)
{
	metrics_close();
	pool_free(&site->pool);
	store_close(&site->store);
	view_close(&site->view);
	conf_free(&site->conf);
}

/* -- who is this -- */

static enum result
find_session(struct ctx *c, struct login_session *ls)
{
	char token[SECRET_TEXT];

	for (size_t i = 0; i < COOKIE_TRIES; i++) {
		enum result r;

		if (cookie_get(c->req.cookies, COOKIE_SESSION, i, token,
			sizeof(token)) == 0)
			continue;
		r = session_find(c->site->store, &c->site->login.session,
		    token, c->now, ls);
		c->had_session = true;
		if (r == RES_OK) {
			c->session = ls;
			memcpy(c->cookie, token, sizeof(token));
			secret_hash_text("form token", token, c->csrf);
		}
		explicit_bzero(token, sizeof(token));
		if (r != RES_NOTFOUND)
			return r;
	}
	/* Before the log-in, forms are bound to a cookie of their own. */
	if (cookie_get(c->req.cookies, COOKIE_FORM, 0, token,
		sizeof(token)) == SECRET_TEXT - 1) {
		memcpy(c->cookie, token, sizeof(token));
		secret_hash_text("form token", token, c->csrf);
	}
	return RES_OK;
}

/* -- may it pass -- */

/*
 * NULL: the form comes from our own page.  The token says so; Origin and
 * Sec-Fetch-Site, where the browser sends them, must not say otherwise.
 * "null" is what a page under Referrer-Policy no-referrer sends.
 */
static const char *
what_is_foreign(const struct ctx *c)
{
	const char *site = c->req.fetch_site, *origin = c->req.origin;

	if (site[0] != '\0' && strcmp(site, "same-origin") != 0)
		return "site";
	if (origin[0] != '\0' && strcmp(origin, c->site->conf.origin) != 0 &&
	    !(strcmp(origin, "null") == 0 && site[0] != '\0'))
		return "origin";
	return c->csrf[0] != '\0' &&
		secret_equal(form_get(&c->req.body, "csrf"), c->csrf) ?
	    NULL :
	    "token";
}

/* A result that no page turned into words. */
static enum problem
problem_of(enum result r)
{
	switch (r) {
	case RES_NOTFOUND:
		return PROBLEM_NOT_FOUND;
	case RES_DENIED:
		return PROBLEM_NOT_FOUND; /* names do not leak */
	case RES_CONFLICT:
		return PROBLEM_CONFLICT;
	case RES_INVALID:
		return PROBLEM_MALFORMED;
	case RES_BUSY:
		return PROBLEM_BUSY;
	case RES_OK:
	case RES_FAIL:
		break;
	}
	return PROBLEM_FAIL;
}

static void
to_login(struct ctx *c)
{
	if (c->had_session)
		reply_forget_cookie(&c->reply, COOKIE_SESSION);
	reply_see_other(&c->reply,
	    !c->had_session		  ? "/login" :
		c->req.method == M_POST && c->route->run != page_logout ?
					    "/login?over=2" :
					    "/login?over=1");
}

/* May the client's address see this page?  Says why not. */
static bool
network_ok(struct ctx *c)
{
	if (c->route != NULL && c->route->need == NEED_LOOPBACK) {
		if (network_is_loopback(c->req.client))
			return true;
		observe_denied(c);
		page_error(c, PROBLEM_NOT_FOUND);
		return false;
	}
	if (networks_contain(&c->site->campus, c->req.client))
		return true;
	observe_off_campus(c);
	page_error(c, PROBLEM_NETWORK);
	return false;
}

/* May this person see this page?  Says why not. */
static bool
person_ok(struct ctx *c)
{
	char domain[sizeof(c->domain.name)];
	enum result r = RES_OK;

	switch (c->route->need) {
	case NEED_LOOPBACK:
	case NEED_NOBODY:
		return true;
	case NEED_USER:
	case NEED_ADMIN:
	case NEED_SITE:
		break;
	}
	if (c->session == NULL) {
		to_login(c);
		return false;
	}
	if (c->route->need == NEED_SITE &&
	    !c->session->account.site_admin)
		r = RES_DENIED;
	if (c->route->need == NEED_ADMIN) {
		route_element(c->req.path, 1, domain, sizeof(domain));
		r = domain_enter(c->site->store, &c->session->account,
		    domain, &c->domain);
	}
	if (r == RES_DENIED || r == RES_NOTFOUND)
		observe_denied(c);
	if (r != RES_OK)
		page_error(c, problem_of(r));
	return r == RES_OK;
}

/* A form that is not ours, or was shown to somebody else. */
static void
refuse_form(struct ctx *c, const char *foreign)
{
	/* A second log-in click, after the first has logged in. */
	if (c->route->run == page_login_submit && c->session != NULL) {
		reply_see_other(&c->reply, "/");
		return;
	}
	observe_form(c, foreign);
	page_error(c, PROBLEM_CSRF);
}

static enum problem
problem_of_body(enum taken taken)
{
	switch (taken) {
	case TAKEN_TOO_LARGE:
		return PROBLEM_TOO_LARGE;
	case TAKEN_MEDIA:
		return PROBLEM_MEDIA;
	case TAKEN_OK:
	case TAKEN_MALFORMED:
		break;
	}
	return PROBLEM_MALFORMED;
}

static void
dispatch(struct ctx *c, FCGX_Request *fr, struct login_session *ls)
{
	const struct route *rt = c->route;
	enum taken taken = TAKEN_OK;
	const char *foreign = NULL;
	enum result r;

	if (rt == NULL) {
		c->reply.allow = route_allows(routes, nroutes, c->req.path);
		page_error(c, c->reply.allow != NULL ? PROBLEM_METHOD :
						       PROBLEM_NOT_FOUND);
		return;
	}
	if (rt->need != NEED_LOOPBACK &&
	    (r = find_session(c, ls)) != RES_OK) {
		page_error(c, problem_of(r));
		return;
	}
	if (!person_ok(c))
		return;
	if (rt->method == M_POST)
		taken = request_body(fr, c->pool,
		    (rt->flags & RT_LONG) != 0 ? BODY_LONG_MAX : BODY_MAX,
		    (rt->flags & RT_FILE) != 0, &c->req);
	if (taken != TAKEN_OK) {
		page_error(c, problem_of_body(taken));
		return;
	}
	if (rt->flags & RT_TOKEN)
		foreign = what_is_foreign(c);
	if (foreign != NULL) {
		refuse_form(c, foreign);
		return;
	}
	if (c->session != NULL && c->session->account.initial &&
	    !(rt->flags & RT_INITIAL)) {
		reply_see_other(&c->reply, "/account");
		return;
	}
	if ((r = rt->run(c)) == RES_OK)
		return;
	if (r == RES_DENIED)
		observe_denied(c);
	page_error(c, problem_of(r));
}

static void
judge(struct ctx *c, FCGX_Request *fr, struct login_session *ls)
{
	const enum taken taken = request_take(fr, c->pool, &c->req);

	log_set_request(c->request_id, c->req.client);
	observe_wait(c);
	page_choose_language(c);
	if (taken == TAKEN_OK)
		c->route = route_find(
		    routes, nroutes, c->req.method, c->req.path);
	if (!network_ok(c))
		return;
	if (taken == TAKEN_OK)
		dispatch(c, fr, ls);
	else
		page_error(c, problem_of_body(taken));
}

/* A request's id: what the error page shows and every log line has.  Another
 * one for each request of each worker; no secret. */
static void
make_id(struct site *site, char id[20])
{
	if (site->requests++ == 0)
		secret_random(&site->worker, sizeof(site->worker));
	snprintf(id, 20, "%08x%06x", site->worker,
	    (unsigned int)(site->requests & 0xffffff));
}

void
app_serve(struct site *site, FCGX_Request *fr, int64_t now)
{
	const int64_t began = clock_us();
	struct pool *pool = site->pool;
	struct ctx *c = pool_alloc(pool, sizeof(*c));
	struct login_session *ls = pool_alloc(pool, sizeof(*ls));

	c->site = site;
	c->pool = pool;
	c->now = now;
	make_id(site, c->request_id);
	reply_init(&c->reply, pool);
	judge(c, fr, ls);
	request_drain(fr);
	reply_write(&c->reply, fr, c->req.method == M_HEAD);
	if (c->reply.secret)
		view_wipe(site->view);
	observe_request(c, began);
	assert(store_is_idle(site->store));
	log_set_request(NULL, NULL);
	pool_clear(pool);
}
