#include <string.h>

#include "base/log.h"
#include "core/history.h"

/* `told`: also an event of the log, for it changes who may what, or where mail
 * goes. */
/* clang-format off */
static const struct {
	const char *name;
	bool told;
} events[EVENT__MAX] = {
	[EVENT_PASSWORD]	= { "password", true },
	[EVENT_INITIAL_PASSWORD] = { "initial_password", true },
	[EVENT_PASSWORD_UPGRADE] = { "password_upgrade", false },
	[EVENT_REAL_NAME]	= { "real_name", false },
	[EVENT_ROUTING]		= { "routing", true },
	[EVENT_FORWARD_TO]	= { "forward_to", true },
	[EVENT_KEEP_COPY]	= { "keep_copy", false },
	[EVENT_QUOTA]		= { "quota", false },
	[EVENT_ACCOUNT_ADDED]	= { "account_added", true },
	[EVENT_ACCOUNT_DELETED]	= { "account_deleted", true },
	[EVENT_ADMIN_GRANTED]	= { "admin_granted", true },
	[EVENT_ADMIN_REVOKED]	= { "admin_revoked", true },
	[EVENT_DOMAIN_ADDED]	= { "domain_added", true },
	[EVENT_DOMAIN_DELETED]	= { "domain_deleted", true },
	[EVENT_DOMAIN_ENABLED]	= { "domain_enabled", true },
	[EVENT_POP_HOST]	= { "pop_host", false },
	[EVENT_MAX_ACCOUNTS]	= { "max_accounts", false },
	[EVENT_MAX_FORWARDS]	= { "max_forwards", false },
	[EVENT_MAX_LISTS]	= { "max_lists", false },
	[EVENT_DEFAULT_QUOTA]	= { "default_quota", false },
	[EVENT_FORWARD_ADDED]	= { "forward_added", true },
	[EVENT_FORWARD_TARGETS]	= { "forward_targets", true },
	[EVENT_FORWARD_DELETED]	= { "forward_deleted", true },
	[EVENT_LIST_ADDED]	= { "list_added", true },
	[EVENT_LIST_DELETED]	= { "list_deleted", true },
	[EVENT_LIST_DESCRIPTION] = { "list_description", false },
	[EVENT_LIST_OWNER]	= { "list_owner", true },
	[EVENT_LIST_POSTING]	= { "list_posting", false },
	[EVENT_LIST_SUBSCRIPTION] = { "list_subscription", false },
	[EVENT_LIST_REPLY_TO]	= { "list_reply_to", false },
	[EVENT_LIST_PREFIX]	= { "list_prefix", false },
	[EVENT_LIST_FOOTER]	= { "list_footer", false },
	[EVENT_LIST_ARCHIVE]	= { "list_archive", false },
	[EVENT_LIST_MODERATORS]	= { "list_moderators", true },
	[EVENT_LIST_MEMBERS_ADDED] = { "list_members_added", false },
	[EVENT_LIST_MEMBERS_REMOVED] = { "list_members_removed", false },
	[EVENT_IMPORTED]	= { "imported", true },
};
/* clang-format on */

const char *
event_name(enum event e)
{
	return events[e].name;
}

static enum result
add(struct store *s, const struct actor *who, const char *domain,
    int64_t account_id, const char *subject, enum event e, const char *old,
    const char *new)
{
	/* Not what the operator does in his shell, nor each account that a
	 * file brings. */
	if (events[e].told && who->request_id[0] != '\0' &&
	    who->import_id == 0)
		log_on_commit("change", "what=%s subject=%s domain=%s actor=%s",
		    event_name(e), subject, domain, who->name);
	return store_history_add(s,
	    &(struct history_row){
		.at = who->now,
		.account_id = account_id,
		.import_id = who->import_id,
		.actor = who->name,
		.origin = who->origin,
		.request_id = who->request_id,
		.domain = domain,
		.subject = subject,
		.what = event_name(e),
		.old_value = old,
		.new_value = new,
	    });
}

enum result
history_add(struct store *s, const struct actor *who,
    const struct account *subject, enum event e, const char *old,
    const char *new)
{
	return add(s, who, subject->domain, subject->id, subject->address, e,
	    old, new);
}

enum result
history_add_domain(struct store *s, const struct actor *who,
    const char *domain, const char *subject, enum event e, const char *old,
    const char *new)
{
	return add(s, who, domain, 0, subject, e, old, new);
}

enum result
history_walk(struct store *s, const struct history_from *from,
    bool (*each)(void *arg, const struct history_row *), void *arg)
{
	return store_history(s, from, each, arg);
}

/* -- a page -- */

struct search {
	const struct history_query *query;
	struct history_page *page;
	void (*each)(void *arg, const struct history_row *);
	void *arg;
	size_t seen;
	bool newer; /* the first walk of a page of newer lines: find its end */
	int64_t at; /* where it stopped */
	bool more;
};

static bool
has(const char *text, const char *q)
{
	return strcasestr(text, q) != NULL;
}

bool
history_matches(const struct history_row *h, const char *q)
{
	return q[0] == '\0' || has(h->subject, q) || has(h->actor, q) ||
	    has(h->origin, q) || has(h->old_value, q) || has(h->new_value, q);
}

static bool
take_line(void *arg, const struct history_row *h)
{
	struct search *s = arg;

	if (++s->seen > HISTORY_BUDGET) {
		s->page->unfinished = true;
		return false;
	}
	if (!history_matches(h, s->query->q)) {
		s->at = h->id;
		return true;
	}
	if (s->page->n == s->query->max) {
		s->more = true;
		return false;
	}
	s->at = h->id;
	if (!s->newer) {
		if (s->page->n == 0)
			s->page->first = h->id;
		s->each(s->arg, h);
	}
	s->page->n++;
	return true;
}

/*
 * A page of newer lines is found from its oldest line upwards and shown from
 * its newest downwards: the first walk only finds where it begins.
 */
enum result
history_search(struct store *s, const struct history_query *q,
    void (*each)(void *arg, const struct history_row *), void *arg,
    struct history_page *page)
{
	struct history_from from = { .of = HISTORY_OF_DOMAIN,
		.domain = q->domain, .from = INT64_MAX };
	struct search w = { .query = q, .page = page, .each = each,
		.arg = arg };
	bool newer_left = q->before != 0;
	enum result r;

	memset(page, 0, sizeof(*page));
	if (q->after != 0) {
		from.newer = w.newer = true;
		/* There is a step back below. */
		from.from = w.at =
		    q->after < INT64_MAX ? q->after : INT64_MAX - 1;
		if ((r = store_history(s, &from, take_line, &w)) != RES_OK)
			return r;
		newer_left = w.more || page->unfinished;
		from.newer = w.newer = w.more = false;
		from.from = w.at + 1;
		w.seen = 0;
		memset(page, 0, sizeof(*page));
	} else if (q->before != 0) {
		from.from = q->before;
	}
	w.at = from.from;
	if ((r = store_history(s, &from, take_line, &w)) != RES_OK)
		return r;
	page->more_before = newer_left;
	page->more_after = w.more || page->unfinished;
	page->last = w.at;
	if (page->n == 0)
		page->first = from.from > 0 ? from.from - 1 : 0;
	return RES_OK;
}
