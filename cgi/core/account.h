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

/* The account page's form, as typed.  No pointer may be NULL but quota_mb. */
struct account_form {
	int64_t version;     /* of the page that was shown */
	const char *real_name;
	const char *new_password, *new_password_again; /* both "": keep */
	const char *routing; /* mailbox, discard, forward */
	const char *forward_to;
	bool keep_copy, confirm_discard;
	const char *quota_mb; /* an administrator's; NULL: stays */
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

/*
 * `seen`: the account as the page has just found it.  `admin`: who saves it
 * for its owner, NULL: the owner; an administrator's new password is an
 * initial one, and the current password is his.  Every broken rule is found
 * at once; hashing is done before the write lock is taken.
 */
enum saved account_save(struct store *, const struct login_rules *,
    const struct account *seen, const struct account *admin,
    const struct account_form *, const struct actor *, struct findings *,
    struct account_change *change_r) MUST_CHECK;

/* -- the administrator's and the operator's side -- */

/* The password of this person, where a sensitive step asks for it again:
 * SAVED_OK (with a finding at current_password when it is missing or wrong),
 * SAVED_THROTTLED with wait_r, SAVED_BUSY, SAVED_FAIL. */
enum saved account_confirm(struct store *, const struct login_rules *,
    const struct account *person, const char *password, const struct actor *,
    struct findings *, int64_t *wait_r) MUST_CHECK;

struct account_new {
	const char *address, *real_name;
	/* Only here: `address` may then be a local part, and one of another
	 * domain is refused.  NULL: anywhere. */
	const struct domain *within;
	const char *quota_mb; /* NULL, "": the domain's default */
	const char *password; /* an initial one; NULL: generated */
};
/*
 * RES_INVALID with findings at account (a wrong name, one in use, the limit),
 * real_name, quota_mb, new_password; RES_NOTFOUND: no such domain.
 * password_r: the generated one, or "".
 */
enum result account_add(struct store *, const struct login_rules *,
    const struct account_new *, const struct actor *, struct findings *,
    char password_r[PASSWD_GENERATED]) MUST_CHECK;
/* The same findings, and nothing is done; RES_INVALID. */
enum result account_add_check(struct store *, const struct login_rules *,
    const struct account_new *, struct findings *) MUST_CHECK;
/* `initial`: its owner must replace it.  A generated one (password NULL) is
 * always initial. */
enum result account_set_password(struct store *, const struct login_rules *,
    const char *address, const char *password, bool initial,
    const struct actor *, struct findings *,
    char password_r[PASSWD_GENERATED]) MUST_CHECK;
/*
 * A new initial password for an account, by an administrator (NULL: the
 * site's).  RES_CONFLICT: its credential is no longer `credential` (-1:
 * whatever it is), so this is a page that was sent twice.  RES_INVALID with
 * FAULT_OUTRANKED: it has rights that `admin` has not.
 */
enum result account_reset(struct store *, const struct login_rules *,
    const struct account *, const struct account *admin, int64_t credential,
    const struct actor *, struct findings *,
    char password_r[PASSWD_GENERATED]) MUST_CHECK;
/*
 * Removes an account; a forward to `leave_forward_to` stays in its place
 * ("": none).  `admin` NULL: the operator.  RES_INVALID with findings at
 * `confirm` (postmaster, oneself, a last administrator, FAULT_IN_USE_BY:
 * others forward to it) and `leave_forward_to`.
 */
enum result account_delete(struct store *, const struct account *,
    const struct account *admin, const char *leave_forward_to,
    const struct actor *, struct findings *) MUST_CHECK;
/* Who forwards to it. */
enum result account_pointing_at(struct store *, const struct account *,
    bool (*each)(void *arg, const char *address), void *arg) MUST_CHECK;

/* -- several at once: one transaction, all or nothing -- */
#define BULK_MAX 50
/* Each id must be an account of the domain: else RES_NOTFOUND, and nothing is
 * done.  Findings at `pick` name the account that is refused. */
enum result bulk_find(struct store *, const struct domain *,
    const int64_t *ids, size_t n, struct account *accounts_r) MUST_CHECK;
enum result bulk_quota(struct store *, const struct domain *,
    const int64_t *ids, size_t n, const char *quota_mb, const struct actor *,
    struct findings *) MUST_CHECK;
/* `seen`: as bulk_find gave them; RES_CONFLICT: a password is another one by
 * now, so this was sent twice. */
enum result bulk_reset(struct store *, const struct login_rules *,
    const struct domain *, const struct account *seen, size_t n,
    const struct account *admin,
    const struct actor *, struct findings *,
    char (*passwords_r)[PASSWD_GENERATED]) MUST_CHECK;
enum result bulk_delete(struct store *, const struct domain *,
    const int64_t *ids, size_t n, const struct account *admin,
    const struct actor *, struct findings *) MUST_CHECK;

/* What `fumibako account set` changes; NULL and 0: stays.  Targets without a
 * routing mean forward. */
struct account_set {
	const char *real_name, *routing, *forward_to;
	const char *keep_copy; /* "on", "off" */
	const char *quota_mb;
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
/* By the local part within a domain; RES_NOTFOUND. */
enum result account_in(struct store *, const struct domain *,
    const char *local_part, struct account *) MUST_CHECK;
/* By an address as typed. */
enum result account_find(
    struct store *, const char *address, struct account *) MUST_CHECK;

#endif
