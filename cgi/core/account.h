#ifndef CORE_ACCOUNT_H
#define CORE_ACCOUNT_H

#include "core/finding.h"
#include "core/login.h"

/* Reads and changes one account: all or nothing, one transaction. */

enum saved {
	SAVED_OK,	/* done; or all was there already */
	SAVED_INVALID,	/* a rule is broken: the findings say which */
	SAVED_STALE,	/* somebody saved first */
	SAVED_GONE,	/* the account is not there any more */
	SAVED_THROTTLED, /* too many wrong current passwords */
	SAVED_BUSY,
	SAVED_FAIL
};

/* The account page's form, as typed.  No pointer may be NULL. */
struct account_form {
	int64_t version;     /* of the page that was shown */
	const char *real_name;
	const char *new_password, *new_password_again; /* both "": keep */
	const char *routing; /* mailbox, discard, forward */
	const char *forward_to;
	bool keep_copy, confirm_discard;
	const char *current_password;
	bool need_current; /* the log-in is too old for a sensitive save */
};

struct account_change {
	bool changed;  /* something was */
	bool routing;  /* the routing was */
	bool password; /* it was: other sessions are over */
	bool authenticated; /* the current password was given and right */
	int64_t wait;  /* SAVED_THROTTLED: seconds */
};

/* `seen`: the account as the session found it.  Every broken rule is found at
 * once; hashing is done before the write lock is taken. */
enum saved account_save(struct store *, const struct login_rules *,
    const struct account *seen, const struct account_form *,
    const struct actor *, struct findings *,
    struct account_change *change_r) MUST_CHECK;

/* -- the operator's side -- */

struct account_new {
	const char *address, *real_name;
	int64_t quota_bytes;  /* 0: the domain's default */
	const char *password; /* an initial one; NULL: generated */
};
/* RES_INVALID with findings; RES_NOTFOUND: no such domain; RES_CONFLICT: the
 * name is in use.  password_r: the generated one, or "". */
enum result account_add(struct store *, const struct login_rules *,
    const struct account_new *, const struct actor *, struct findings *,
    char password_r[PASSWD_GENERATED]) MUST_CHECK;
/* `initial`: its owner must replace it.  A generated one (password NULL) is
 * always initial. */
enum result account_set_password(struct store *, const struct login_rules *,
    const char *address, const char *password, bool initial,
    const struct actor *, struct findings *,
    char password_r[PASSWD_GENERATED]) MUST_CHECK;

/* What `fumibako account set` changes; NULL and 0: stays.  Targets without a
 * routing mean forward. */
struct account_set {
	const char *real_name, *routing, *forward_to;
	const char *keep_copy; /* "on", "off" */
	int64_t quota_bytes;
};
enum result account_set(struct store *, const char *address,
    const struct account_set *, const struct actor *,
    struct findings *) MUST_CHECK;
enum result account_by_id(
    struct store *, int64_t id, struct account *) MUST_CHECK;
enum result account_targets(
    struct store *, const struct account *, struct targets *) MUST_CHECK;
/* What becomes of its mail, from the rows that Postfix reads. */
enum result account_delivery(
    struct store *, const struct account *, struct delivery *) MUST_CHECK;
/* By an address as typed. */
enum result account_find(
    struct store *, const char *address, struct account *) MUST_CHECK;

#endif
