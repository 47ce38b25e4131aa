/* What is done to ticked rows: first shown, then done to all or to none. */
#include <stdio.h>
#include <string.h>

#include "page/page.h"

/* One ticked row is a field of its own name: no form has a name twice. */
#define TICK "id-"

struct ticked {
	size_t n;
	int64_t ids[BULK_MAX];
	struct account accounts[BULK_MAX];
};

/* False: more than a page has, or what is no id. */
static bool
read_ids(struct ctx *c, struct ticked *t)
{
	const struct form *b = &c->req.body;

	for (size_t i = 0; i < b->n; i++) {
		int64_t id;

		if (strncmp(b->fields[i].name, TICK, strlen(TICK)) != 0)
			continue;
		id = page_number(b->fields[i].name + strlen(TICK), -1);
		if (id < 1 || t->n == BULK_MAX ||
		    strcmp(b->fields[i].value, "on") != 0)
			return false;
		for (size_t k = 0; k < t->n; k++)
			if (t->ids[k] == id) /* "7" and "07" */
				return false;
		t->ids[t->n++] = id;
	}
	return true;
}

/* Which passwords there were when the page was shown: a page that is sent
 * again must not make the papers void that are handed out already. */
static const char *
version_of(struct ctx *c, const struct ticked *t)
{
	const char *all = "";

	for (size_t i = 0; i < t->n; i++)
		all = pool_printf(c->pool, "%s%s%lld.%lld", all,
		    i > 0 ? "-" : "", (long long)t->ids[i],
		    (long long)t->accounts[i].credential);
	return all;
}

static void
frame(struct ctx *c, const struct ticked *t)
{
	static const char *const kept[] = { "quota_mb", "confirm" };
	struct view *v = c->site->view;

	page_frame(c, "accounts");
	view_set(v, "Action", form_get(&c->req.body, "action"));
	view_set_int(v, "Count.n", (long long)t->n);
	for (size_t i = 0; i < t->n; i++) {
		view_set_nth(v, "Pick", (int)i, "id",
		    pool_printf(c->pool, "%lld", (long long)t->ids[i]));
		view_set_nth(v, "Pick", (int)i, "address",
		    t->accounts[i].address);
		view_set_nth(v, "Pick", (int)i, "real_name",
		    t->accounts[i].real_name);
	}
	view_set(v, "Version", version_of(c, t));
	for (size_t i = 0; i < NELEM(kept); i++)
		page_field(c, kept[i], form_get(&c->req.body, kept[i]));
}

static enum result
show(struct ctx *c, const struct ticked *t, const struct findings *f)
{
	frame(c, t);
	if (f != NULL)
		page_findings(c, f);
	return page_end(c, f != NULL ? 422 : 200, TPL_BULK);
}

static enum result
do_reset(struct ctx *c, const struct ticked *t, struct findings *f)
{
	const struct actor who = page_actor(c);
	struct slip *slips = pool_alloc(c->pool, t->n * sizeof(*slips));
	/* The pool's, which wipes it. */
	char(*made)[PASSWD_GENERATED] =
	    pool_alloc(c->pool, t->n * sizeof(*made));
	enum result r = RES_CONFLICT;

	if (strcmp(form_get(&c->req.body, "version"), version_of(c, t)) == 0)
		r = bulk_reset(c->site->store, &c->site->login, &c->domain,
		    t->accounts, t->n, &c->session->account, &who, f, made);
	if (r == RES_CONFLICT) {
		frame(c, t);
		view_error(c->site->view, NULL,
		    page_text(c, "err.reset_done", NULL, NULL));
		return page_end(c, 409, TPL_BULK);
	}
	if (r != RES_OK)
		return r;
	for (size_t i = 0; i < t->n; i++)
		slips[i] = page_slip(c, &t->accounts[i], made[i]);
	return page_notice(c, slips, t->n, page_path(c, "/accounts"));
}

static enum result
do_delete(struct ctx *c, const struct ticked *t, struct findings *f)
{
	const struct actor who = page_actor(c);
	const char *count = pool_printf(c->pool, "%zu", t->n);
	enum result r;

	if (strcmp(form_get(&c->req.body, "confirm"), count) != 0) {
		finding_add(f, "confirm", FAULT_CONFIRM, count, NULL);
		return RES_INVALID;
	}
	r = bulk_delete(c->site->store, &c->domain, t->ids, t->n,
	    &c->session->account, &who, f);
	if (r == RES_OK)
		page_say(
		    c, page_path(c, "/accounts"), "deleted", (int)t->n);
	return r;
}

static enum result
do_quota(struct ctx *c, const struct ticked *t, struct findings *f)
{
	const struct actor who = page_actor(c);
	enum result r = bulk_quota(c->site->store, &c->domain, t->ids, t->n,
	    form_get(&c->req.body, "quota_mb"), &who, f);

	if (r == RES_OK)
		page_say(c, page_path(c, "/accounts"), "quota", (int)t->n);
	return r;
}

static const struct {
	const char *name;
	enum result (*run)(
	    struct ctx *, const struct ticked *, struct findings *);
} actions[] = {
	{ "reset", do_reset },
	{ "delete", do_delete },
	{ "quota", do_quota },
};

enum result
page_bulk(struct ctx *c)
{
	const char *action = form_get(&c->req.body, "action");
	struct ticked *t = pool_alloc(c->pool, sizeof(*t));
	const bool sure = strcmp(form_get(&c->req.body, "sure"), "1") == 0;
	struct findings f = { .n = 0 };
	size_t i = 0;
	enum result r;

	while (i < NELEM(actions) && strcmp(action, actions[i].name) != 0)
		i++;
	if (i == NELEM(actions) || !read_ids(c, t))
		return RES_INVALID;
	if (t->n == 0) {
		finding_add(&f, "pick", FAULT_PICK_NONE, NULL, NULL);
		return page_accounts_show(c, 422, &f);
	}
	if (sure && !page_confirmed(c, &f, &r))
		return r;
	r = bulk_find(
	    c->site->store, &c->domain, t->ids, t->n, t->accounts);
	if (r != RES_OK)
		return r;
	if (!sure)
		return show(c, t, NULL);
	r = f.n > 0 ? RES_INVALID : actions[i].run(c, t, &f);
	return r == RES_INVALID ? show(c, t, &f) : r;
}
