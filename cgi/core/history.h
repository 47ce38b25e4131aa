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
	EVENT_ADMIN_GRANTED,
	EVENT_DOMAIN_ADDED,
	EVENT__MAX
};

const char *event_name(enum event);

/* The n changes of an account before history id `before` (INT64_MAX: the
 * newest), newest first; n becomes how many there are. */
enum result history_of_account(struct store *, int64_t account_id,
    int64_t before, struct history_row *rows_r, size_t *n) MUST_CHECK;
/* Records that `who` changed `subject` from `old` to `new`; inside the
 * transaction of the change.  Never called with a password or a hash. */
enum result history_add(struct store *, const struct actor *who,
    const struct account *subject, enum event, const char *old,
    const char *new) MUST_CHECK;
/* The same for a whole domain. */
enum result history_add_domain(struct store *, const struct actor *who,
    const char *domain, enum event, const char *old,
    const char *new) MUST_CHECK;

#endif
