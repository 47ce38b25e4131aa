#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/result.h"

/*
 * The rows that the programs keep, and the only way to them.  Nothing above
 * this folder may know which database engine runs.
 *
 * A function here never opens a transaction of its own on the users' data:
 * the core function that calls it does, once.  Every function returns RES_OK,
 * RES_NOTFOUND, RES_CONFLICT (a constraint), RES_BUSY (locked past the
 * time-out, or no space) or RES_FAIL (logged).
 */

/* Who opened it; a statement may be prepared only by those it names. */
#define BY_WEB (1U << 0)
#define BY_TOOL (1U << 1)
#define BY_ALL (BY_WEB | BY_TOOL)

#define HASH_SIZE 385 /* crypt(5) string: CRYPT_OUTPUT_SIZE and NUL */
#define TARGETS_MAX 5 /* forwarding targets of an account: PRODUCT.md */
#define TOKEN_HASH 32
#define KEY_HASH 16

struct store;

struct store_paths {
	const char *users, *web, *mailstat;
};

/* Opens and prepares all that the caller may run, so that a schema that does
 * not match the program stops it at start. */
enum result store_open(const struct store_paths *, unsigned int by,
    struct store **) MUST_CHECK;
void store_close(struct store **);
/* Creates the databases, or migrates them to this program's version; what is
 * wrong is told on standard error.  schema.h has the details. */
enum result store_init(const struct store_paths *) MUST_CHECK;

/* One transaction on the users' data, a write lock from its first moment. */
enum result store_begin(struct store *) MUST_CHECK;
/* The same, but RES_BUSY at once when somebody else writes. */
enum result store_begin_now(struct store *) MUST_CHECK;
enum result store_commit(struct store *) MUST_CHECK;
void store_rollback(struct store *); /* does nothing after a commit */
/* The same two on the web's own data. */
enum result store_web_begin(struct store *) MUST_CHECK;
enum result store_web_commit(struct store *) MUST_CHECK;
void store_web_rollback(struct store *);
/* No transaction and no statement left open?  (asserted after a request) */
bool store_is_idle(const struct store *);
/* RES_OK where the users' database answers. */
enum result store_alive(struct store *) MUST_CHECK;

/* -- st_domain.c -- */
enum result store_allow_nets(
    struct store *, char *out, size_t size) MUST_CHECK;
enum result store_set_allow_nets(struct store *, const char *) MUST_CHECK;
enum result store_domain_by_name(struct store *, const char *name,
    int64_t *id_r, int64_t *default_quota_r) MUST_CHECK;
enum result store_domain_add(
    struct store *, const char *name, const char *pop_host) MUST_CHECK;
/* Both: RES_CONFLICT when the right is there already. */
enum result store_domain_admin_add(
    struct store *, int64_t domain_id, int64_t account_id) MUST_CHECK;
enum result store_site_admin_add(
    struct store *, int64_t account_id) MUST_CHECK;

/* -- st_account.c -- */
enum routing { ROUTING_MAILBOX, ROUTING_DISCARD, ROUTING_FORWARD };
/* As stored and as in forms; routing_of_text gives false for no such. */
const char *routing_text(enum routing);
bool routing_of_text(const char *, enum routing *);

struct account {
	int64_t id, domain_id;
	char local_part[65], domain[254], pop_host[254];
	bool domain_enabled;
	char real_name[65];
	char hash[HASH_SIZE];
	bool initial;       /* the password is still the one handed out */
	int64_t credential; /* counts password changes */
	int64_t version;    /* counts saves */
	enum routing routing;
	bool keep_copy;
	int64_t quota_bytes, created_at, password_at;
	char address[320]; /* local_part@domain */
};

struct target {
	char local_part[65], domain[254];
};

struct targets {
	size_t n;
	struct target list[TARGETS_MAX];
};

enum result store_account_by_address(struct store *, const char *local_part,
    const char *domain, struct account *) MUST_CHECK;
enum result store_account_by_id(
    struct store *, int64_t id, struct account *) MUST_CHECK;
/* Writes real name, routing, keep_copy and quota of `a` over version
 * a->version; RES_CONFLICT when the row is at another. */
enum result store_account_save(
    struct store *, const struct account *a) MUST_CHECK;
enum result store_account_set_password(struct store *, int64_t id,
    const char *hash, bool initial, int64_t now) MUST_CHECK;
/* RES_CONFLICT when the hash is no longer `old`. */
enum result store_account_upgrade_hash(struct store *, int64_t id,
    const char *old, const char *hash) MUST_CHECK;
/* id_r: of the new account; RES_CONFLICT when the name is in use. */
enum result store_account_add(struct store *, int64_t domain_id,
    const char *local_part, const char *real_name, const char *hash,
    int64_t quota_bytes, int64_t now, int64_t *id_r) MUST_CHECK;
/* RES_OK where it does, in an enabled domain. */
enum result store_address_exists(
    struct store *, const char *local_part, const char *domain) MUST_CHECK;
enum result store_targets(
    struct store *, int64_t address_id, struct targets *) MUST_CHECK;
enum result store_set_targets(
    struct store *, int64_t address_id, const struct targets *) MUST_CHECK;

/* -- what Postfix sees, st_account.c -- */
/* Has discard: as its transport; the same text is in schema/views.sql. */
#define DISCARD_ADDRESS "discard@discard.invalid"
struct delivery {
	bool exists, mailbox_open;
	bool discards; /* one of the rows is DISCARD_ADDRESS */
	size_t n;      /* mail_alias rows */
	char list[TARGETS_MAX + 1][320];
};
enum result store_delivery(
    struct store *, int64_t account_id, struct delivery *) MUST_CHECK;

/* -- st_history.c -- */
/* The longest value is a list of targets: addresses of 254 bytes. */
#define HISTORY_VALUE (TARGETS_MAX * (254 + 2) + 1)

struct history_row {
	int64_t id, at, account_id;
	char actor[320], origin[64], request_id[40], domain[254];
	char subject[320], what[32];
	char old_value[HISTORY_VALUE], new_value[HISTORY_VALUE];
};
enum result store_history_add(
    struct store *, const struct history_row *) MUST_CHECK;
/* The n rows before id `before` (INT64_MAX: the newest), newest first. */
enum result store_history_of_account(struct store *, int64_t account_id,
    int64_t before, struct history_row *rows_r, size_t *n) MUST_CHECK;

/* -- st_session.c -- */
struct session {
	int64_t account_id, credential;
	int64_t created_at, seen_at, authenticated_at;
};
enum result store_session_add(struct store *,
    const unsigned char hash[TOKEN_HASH], const struct session *) MUST_CHECK;
enum result store_session_by_hash(struct store *,
    const unsigned char hash[TOKEN_HASH], struct session *) MUST_CHECK;
/* Does not wait for a lock: RES_BUSY. */
enum result store_session_touch(struct store *,
    const unsigned char hash[TOKEN_HASH], int64_t now) MUST_CHECK;
enum result store_session_authenticated(struct store *,
    const unsigned char hash[TOKEN_HASH], int64_t now) MUST_CHECK;
enum result store_session_drop(
    struct store *, const unsigned char hash[TOKEN_HASH]) MUST_CHECK;
enum result store_session_drop_of_account(
    struct store *, int64_t account_id) MUST_CHECK;
enum result store_session_expire(
    struct store *, int64_t seen_before) MUST_CHECK;

struct throttle_row {
	int64_t fails, since, blocked_until;
};
enum result store_throttle_get(struct store *,
    const unsigned char key[KEY_HASH], struct throttle_row *) MUST_CHECK;
enum result store_throttle_put(struct store *,
    const unsigned char key[KEY_HASH], const struct throttle_row *) MUST_CHECK;
enum result store_throttle_drop(
    struct store *, const unsigned char key[KEY_HASH]) MUST_CHECK;
enum result store_throttle_expire(
    struct store *, int64_t since_before, int64_t now) MUST_CHECK;
enum result store_place_known(
    struct store *, const unsigned char key[KEY_HASH]) MUST_CHECK;
enum result store_place_put(struct store *,
    const unsigned char key[KEY_HASH], int64_t now) MUST_CHECK;
enum result store_place_expire(
    struct store *, int64_t seen_before) MUST_CHECK;

/* -- st_usage.c -- */
struct usage {
	bool known;         /* false: the statistics could not be read */
	int64_t bytes, messages;
	int64_t last_login; /* 0: never, or not known */
};
/* Never fails: what cannot be read is not known, and the page lives on. */
void store_usage(struct store *, const char *address, struct usage *);
/* As it was found after `since` for a mailbox of this size and count. */
enum result store_oldest_get(struct store *, int64_t account_id,
    const struct usage *, int64_t since, int64_t *oldest_r) MUST_CHECK;
enum result store_oldest_put(struct store *, int64_t account_id,
    const struct usage *, int64_t oldest, int64_t now) MUST_CHECK;

#endif
