#ifndef CORE_HISTORY_H
#define CORE_HISTORY_H

#include "core/actor.h"
#include "store/store.h"

/* The closed list of things that are recorded. */
enum event {
	EVENT_PASSWORD,
	EVENT_INITIAL_PASSWORD,
	EVENT_PASSWORD_UPGRADE,
	EVENT_REAL_NAME,
	EVENT_ROUTING,
	EVENT_FORWARD_TO,
	EVENT_KEEP_COPY,
	EVENT_QUOTA,
	EVENT_ACCOUNT_ADDED,
	EVENT_ACCOUNT_DELETED,
	EVENT_ADMIN_GRANTED,
	EVENT_ADMIN_REVOKED,
	EVENT_DOMAIN_ADDED,
	EVENT_DOMAIN_DELETED,
	EVENT_DOMAIN_ENABLED,	/* on, off */
	EVENT_POP_HOST,
	EVENT_MAX_ACCOUNTS,
	EVENT_MAX_FORWARDS,
	EVENT_MAX_LISTS,
	EVENT_DEFAULT_QUOTA,
	EVENT_FORWARD_ADDED,
	EVENT_FORWARD_TARGETS,
	EVENT_FORWARD_DELETED,
	EVENT_LIST_ADDED,
	EVENT_LIST_DELETED,
	EVENT_LIST_DESCRIPTION,
	EVENT_LIST_OWNER,
	EVENT_LIST_POSTING,
	EVENT_LIST_SUBSCRIPTION,
	EVENT_LIST_REPLY_TO,
	EVENT_LIST_PREFIX,
	EVENT_LIST_FOOTER,
	EVENT_LIST_ARCHIVE,
	EVENT_LIST_MODERATORS,
	EVENT_LIST_MEMBERS_ADDED,
	EVENT_LIST_MEMBERS_REMOVED,
	EVENT_IMPORTED,		/* a CSV file: how many new, changed */
	EVENT__MAX
};

const char *event_name(enum event);

/* Records that `who` changed `subject` from `old` to `new`; inside the
 * transaction of the change.  Never called with a password or a hash. */
enum result history_add(struct store *, const struct actor *who,
    const struct account *subject, enum event, const char *old,
    const char *new) MUST_CHECK;
/* The same for what is no account: a forward, or (subject = domain) a whole
 * domain. */
enum result history_add_domain(struct store *, const struct actor *who,
    const char *domain, const char *subject, enum event, const char *old,
    const char *new) MUST_CHECK;

/* Lines of an account, a domain or all; see store.h. */
enum result history_walk(struct store *, const struct history_from *,
    bool (*each)(void *arg, const struct history_row *), void *arg)
    MUST_CHECK;

/*
 * A page of a domain's log: up to `max` lines older than `before` or newer
 * than `after` (0: not given), newest first, that have `q` in subject, actor,
 * origin or a value.  Looks at HISTORY_BUDGET lines; `unfinished` then says
 * that older ones may follow.
 */
#define HISTORY_BUDGET 50000
struct history_query {
	const char *domain, *q;
	int64_t before, after;
	size_t max;
};
struct history_page {
	size_t n;
	bool more_before, more_after; /* newer lines, older ones */
	bool unfinished;
	int64_t first, last; /* ids for `after` and `before` */
};
/* Has the line `q` in it? */
bool history_matches(const struct history_row *, const char *q);
enum result history_search(struct store *, const struct history_query *,
    void (*each)(void *arg, const struct history_row *), void *arg,
    struct history_page *page_r) MUST_CHECK;

#endif
