#include <stdio.h>
#include <string.h>

#include "core/history.h"

const char *
event_name(enum event e)
{
	/* clang-format off */
	static const char *const names[EVENT__MAX] = {
		[EVENT_PASSWORD]	= "password",
		[EVENT_INITIAL_PASSWORD] = "initial_password",
		[EVENT_PASSWORD_UPGRADE] = "password_upgrade",
		[EVENT_REAL_NAME]	= "real_name",
		[EVENT_ROUTING]		= "routing",
		[EVENT_FORWARD_TO]	= "forward_to",
		[EVENT_KEEP_COPY]	= "keep_copy",
		[EVENT_QUOTA]		= "quota",
		[EVENT_ACCOUNT_ADDED]	= "account_added",
		[EVENT_ADMIN_GRANTED]	= "admin_granted",
		[EVENT_DOMAIN_ADDED]	= "domain_added",
	};
	/* clang-format on */

	return names[e];
}

static enum result
add(struct store *s, const struct actor *who, const char *domain,
    int64_t account_id, const char *subject, enum event e, const char *old,
    const char *new)
{
	struct history_row h = { .at = who->now, .account_id = account_id };

	snprintf(h.actor, sizeof(h.actor), "%s", who->name);
	snprintf(h.origin, sizeof(h.origin), "%s", who->origin);
	snprintf(h.request_id, sizeof(h.request_id), "%s", who->request_id);
	snprintf(h.domain, sizeof(h.domain), "%s", domain);
	snprintf(h.subject, sizeof(h.subject), "%s", subject);
	snprintf(h.what, sizeof(h.what), "%s", event_name(e));
	snprintf(h.old_value, sizeof(h.old_value), "%s", old);
	snprintf(h.new_value, sizeof(h.new_value), "%s", new);
	return store_history_add(s, &h);
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
    const char *domain, enum event e, const char *old, const char *new)
{
	return add(s, who, domain, 0, domain, e, old, new);
}

enum result
history_of_account(struct store *s, int64_t account_id, int64_t before,
    struct history_row *rows_r, size_t *n)
{
	return store_history_of_account(s, account_id, before, rows_r, n);
}
