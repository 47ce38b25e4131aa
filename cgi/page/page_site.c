/* The site's domains: list, new, change. */
#include <stdio.h>
#include <string.h>

#include "page/page.h"

#define MB (1024LL * 1024)

static const char *
path_of(struct ctx *c, const char *name)
{
	return pool_printf(c->pool, "/site/domains/%s", page_url(c, name));
}

static void
frame(struct ctx *c)
{
	page_begin(c);
	if (page_asks_again(c))
		view_set(c->site->view, "Reauth", "1");
}

/* The frame of one that is there. */
static enum result
frame_of(struct ctx *c, const struct domain *d)
{
	struct view *v = c->site->view;
	struct account a;
	enum result r;

	frame(c);
	view_set(v, "Site.name", d->name);
	view_set(v, "Site.path", path_of(c, d->name));
	view_set_int(v, "Site.domain_version", d->version);
	view_set(v, "Site.accounts", page_count(c, d->accounts));
	view_set(v, "Site.forwards", page_count(c, d->forwards));
	view_set(v, "Site.lists", page_count(c, d->lists));
	r = account_in(c->site->store, d, POSTMASTER, &a);
	if (r == RES_OK)
		view_set_int(v, "Site.version", a.credential);
	return r;
}

/* -- who administers one -- */

struct names {
	struct ctx *ctx;
	const char *text, *gap;
};

static bool
add_name(void *arg, int64_t id, const char *address)
{
	struct names *n = arg;

	(void)id;
	n->text = pool_printf(n->ctx->pool, "%s%s%s", n->text,
	    n->text[0] != '\0' ? n->gap : "", address);
	return true;
}

static enum result
admins_of(struct ctx *c, const struct domain *d, const char *gap,
    const char **text_r)
{
	struct names n = { c, "", gap };
	enum result r = domain_admins(c->site->store, d, add_name, &n);

	*text_r = n.text;
	return r;
}

/* -- the list -- */

struct list {
	struct ctx *ctx;
	int n;
	enum result failed;
};

static const char *
limit_text(struct ctx *c, int64_t limit)
{
	return limit == NO_LIMIT ?
	    "" :
	    pool_printf(c->pool, "%lld", (long long)limit);
}

static bool
show_domain(void *arg, const struct domain *d)
{
	struct list *l = arg;
	struct ctx *c = l->ctx;
	struct view *v = c->site->view;
	const int n = l->n++;
	const char *admins;

	l->failed = admins_of(c, d, ", ", &admins);
	view_set_nth(v, "Domains", n, "name", d->name);
	view_set_nth(v, "Domains", n, "href", path_of(c, d->name));
	view_set_nth(v, "Domains", n, "pop_host", d->pop_host);
	if (d->enabled)
		view_set_nth(v, "Domains", n, "enabled", "1");
	view_set_nth(
	    v, "Domains", n, "accounts", page_count(c, d->accounts));
	if (d->max_accounts != NO_LIMIT)
		view_set_nth(v, "Domains", n, "max_accounts",
		    page_count(c, d->max_accounts));
	view_set_nth(v, "Domains", n, "admins", admins);
	return l->failed == RES_OK;
}

enum result
page_site(struct ctx *c)
{
	struct list l = { .ctx = c };
	enum result r;

	frame(c);
	r = domain_list(c->site->store, NULL, show_domain, &l);
	if (r == RES_OK)
		r = l.failed;
	return r == RES_OK ? page_end(c, 200, TPL_SITE) : r;
}

/* -- the form -- */

static const char *const fields[] = { "domain", "pop_host", "max_accounts",
	"max_forwards", "max_lists", "default_quota_mb", "administrators" };

static struct domain_form
read_form(struct ctx *c)
{
	const struct form *b = &c->req.body;

	return (struct domain_form){
		.pop_host = form_get(b, "pop_host"),
		.max_accounts = form_get(b, "max_accounts"),
		.max_forwards = form_get(b, "max_forwards"),
		.max_lists = form_get(b, "max_lists"),
		.default_quota_mb = form_get(b, "default_quota_mb"),
		.administrators = form_get(b, "administrators"),
		.enabled = form_is_on(b, "enabled") ? "on" : "",
	};
}

static enum result
refused(struct ctx *c, const struct domain *d, const struct findings *f)
{
	enum result r;

	if (d == NULL) {
		frame(c);
		view_set(c->site->view, "New", "1");
	} else if ((r = frame_of(c, d)) != RES_OK) {
		return r;
	}
	/* What was typed belongs to the page that was shown then. */
	view_set(c->site->view, "Site.domain_version",
	    form_get(&c->req.body, "domain_version"));
	for (size_t i = 0; i < NELEM(fields); i++)
		page_field(c, fields[i], form_get(&c->req.body, fields[i]));
	if (form_is_on(&c->req.body, "enabled"))
		page_field(c, "enabled", "1");
	page_findings(c, f);
	return page_end(c, 422, TPL_SITE_DOMAIN);
}

enum result
page_site_new_show(struct ctx *c)
{
	frame(c);
	view_set(c->site->view, "New", "1");
	page_field(c, "default_quota_mb", "1024");
	page_field(c, "enabled", "1");
	return page_end(c, 200, TPL_SITE_DOMAIN);
}

enum result
page_site_new_submit(struct ctx *c)
{
	const struct domain_form form = read_form(c);
	const struct actor who = page_actor(c);
	const char *typed = form_get(&c->req.body, "domain");
	struct findings f = { .n = 0 };
	char name[DOMAIN_MAX + 1];
	enum result r;

	if (!page_confirmed(c, &f, &r))
		return r;
	r = f.n > 0 ?
	    RES_INVALID :
	    domain_add(c->site->store, typed, &form, &who, &f);
	if (r == RES_INVALID || r == RES_CONFLICT)
		return refused(c, NULL, &f);
	if (r == RES_OK && address_domain_clean(typed, name))
		page_say(c, path_of(c, name), "added", 1);
	return r;
}

static enum result
show(struct ctx *c, const struct domain *d)
{
	const char *admins;
	enum result r;

	if ((r = frame_of(c, d)) != RES_OK ||
	    (r = admins_of(c, d, "\n", &admins)) != RES_OK)
		return r;
	page_field(c, "pop_host", d->pop_host);
	page_field(c, "max_accounts", limit_text(c, d->max_accounts));
	page_field(c, "max_forwards", limit_text(c, d->max_forwards));
	page_field(c, "max_lists", limit_text(c, d->max_lists));
	page_field(c, "default_quota_mb",
	    pool_printf(c->pool, "%lld",
		(long long)(d->default_quota_bytes / MB)));
	page_field(c, "administrators", admins);
	if (d->enabled)
		page_field(c, "enabled", "1");
	return RES_OK;
}

/* As it is stored, like every path. */
static enum result
find(struct ctx *c, struct domain *d)
{
	const char *name = page_element(c, 2);
	enum result r = domain_find(c->site->store, name, d);

	return r == RES_OK && strcmp(name, d->name) != 0 ? RES_NOTFOUND : r;
}

enum result
page_site_domain_show(struct ctx *c)
{
	struct domain d;
	enum result r;

	if ((r = find(c, &d)) != RES_OK || (r = show(c, &d)) != RES_OK)
		return r;
	if (page_said(c, "added", 1) == 1)
		view_set(c->site->view, "Notice",
		    page_text(c, "notice.domain_added", d.name, NULL));
	else if (page_said(c, "saved", 1) == 1)
		view_set(c->site->view, "Notice",
		    page_text(c, "notice.domain_saved", NULL, NULL));
	return page_end(c, 200, TPL_SITE_DOMAIN);
}

/* Somebody else saved meanwhile: the newer values. */
static enum result
conflict(struct ctx *c)
{
	struct domain d;
	enum result r;

	if ((r = find(c, &d)) != RES_OK || (r = show(c, &d)) != RES_OK)
		return r;
	view_error(
	    c->site->view, NULL, page_text(c, "conflict.text", NULL, NULL));
	return page_end(c, 409, TPL_SITE_DOMAIN);
}

enum result
page_site_domain_submit(struct ctx *c)
{
	const struct domain_form form = read_form(c);
	const struct actor who = page_actor(c);
	struct findings f = { .n = 0 };
	struct domain d;
	enum result r;

	if ((r = find(c, &d)) != RES_OK)
		return r;
	if (!page_confirmed(c, &f, &r))
		return r;
	r = f.n > 0 ? RES_INVALID :
		      domain_save(c->site->store, d.name,
			  page_number(
			      form_get(&c->req.body, "domain_version"), -1),
			  &form, &c->session->account, &who, &f);
	if (r == RES_INVALID)
		return refused(c, &d, &f);
	if (r == RES_CONFLICT)
		return conflict(c);
	if (r == RES_OK)
		page_say(c, path_of(c, d.name), "saved", 1);
	return r;
}

/* The page as it is stored, with what is wrong; key NULL: the findings. */
static enum result
not_reset(struct ctx *c, const struct domain *d, const struct findings *f,
    const char *key)
{
	enum result r = show(c, d);

	if (r != RES_OK)
		return r;
	page_findings(c, f);
	if (key != NULL)
		view_error(
		    c->site->view, NULL, page_text(c, key, NULL, NULL));
	return page_end(c, key != NULL ? 409 : 422, TPL_SITE_DOMAIN);
}

/* A new domain's postmaster has a password that nobody knows: this hands out
 * the first one. */
enum result
page_site_postmaster(struct ctx *c)
{
	const struct actor who = page_actor(c);
	char password[PASSWD_GENERATED] = "";
	struct findings f = { .n = 0 };
	struct account a;
	struct domain d;
	enum result r;

	if ((r = find(c, &d)) != RES_OK ||
	    (r = account_in(c->site->store, &d, POSTMASTER, &a)) != RES_OK)
		return r;
	if (!page_confirmed(c, &f, &r))
		return r;
	r = f.n > 0 ? RES_INVALID :
		      account_reset(c->site->store, &c->site->login, &a,
			  &c->session->account,
			  page_number(form_get(&c->req.body, "version"), -1),
			  &who, &f, password);
	if (r == RES_INVALID)
		return not_reset(c, &d, &f, NULL);
	if (r == RES_CONFLICT)
		return not_reset(c, &d, &f, "err.reset_done");
	if (r == RES_OK)
		r = page_notice_one(c, &a, password, path_of(c, d.name));
	explicit_bzero(password, sizeof(password));
	return r;
}
