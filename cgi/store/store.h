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
#define BY_RESTORE (1U << 2) /* of web.db, by the tool: ends all log-ins */
/* fumibako-lists: knows lists and who leaves them, and opens users.db only. */
#define BY_LISTS (1U << 3)

#define HASH_SIZE 385 /* crypt(5) string: CRYPT_OUTPUT_SIZE and NUL */
/* Forwarding targets, of an account and of a forwarding account: PRODUCT.md */
#define ACCOUNT_TARGETS 5
#define TARGETS_MAX 50
#define ADDRESS_SIZE 320 /* local part, @, domain and NUL */
#define TOKEN_HASH 32
#define KEY_HASH 16

struct store;

struct store_paths {
	const char *users, *web, *mailstat;
};

/* Opens those that are named (NULL: not this one; the tool never opens the
 * web's) and prepares all that the caller may run, so that a schema that does
 * not match the program stops it at start. */
enum result store_open(const struct store_paths *, unsigned int by,
    struct store **) MUST_CHECK;
void store_close(struct store **);
/* Creates the databases, or migrates them to this program's version; what is
 * wrong is told on standard error.  schema.h has the details. */
enum result store_init(const struct store_paths *) MUST_CHECK;
/* The same without that of the users. */
enum result store_init_rest(const struct store_paths *) MUST_CHECK;

/* One transaction on the users' data, a write lock from its first moment. */
enum result store_begin(struct store *) MUST_CHECK;
/* The same, but RES_BUSY at once when somebody else writes. */
enum result store_begin_now(struct store *) MUST_CHECK;
/* Ends it: where all went well (RES_OK) with a commit, else, or when that
 * fails, with nothing changed.  Returns what came of it. */
enum result store_end(struct store *, enum result) MUST_CHECK;
/* The same two on the web's own data. */
enum result store_web_begin(struct store *) MUST_CHECK;
enum result store_web_end(struct store *, enum result) MUST_CHECK;
/* No transaction and no statement left open?  (asserted after a request) */
bool store_is_idle(const struct store *);
/* RES_OK where the users' database answers. */
enum result store_alive(struct store *) MUST_CHECK;

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
	bool site_admin, domain_admin; /* of any domain */
	char address[ADDRESS_SIZE]; /* local_part@domain */
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
/*
 * Takes domain_id, local_part, real_name, hash, initial, routing, keep_copy,
 * quota_bytes and created_at of `a` and sets a->id.  import_id 0: to be seen
 * at once.  RES_CONFLICT: the name is in use.
 */
enum result store_account_add(
    struct store *, struct account *a, int64_t import_id) MUST_CHECK;

enum kind { KIND_ACCOUNT, KIND_FORWARD, KIND_LIST };
/* What has this address, in an enabled domain; id_r and kind_r may be NULL. */
enum result store_address(struct store *, const char *local_part,
    const char *domain, int64_t *id_r, enum kind *kind_r) MUST_CHECK;
/* Removes an address and all that hangs on it: account, forward, targets,
 * rights.  The caller removes its usage (store_usage_forget) after the
 * commit. */
enum result store_address_delete(struct store *, int64_t id) MUST_CHECK;
/* Who forwards to it: calls each(arg, address) until that gives false. */
enum result store_pointing_at(struct store *, const char *local_part,
    const char *domain, bool (*each)(void *arg, const char *address),
    void *arg) MUST_CHECK;
enum result store_targets(
    struct store *, int64_t address_id, struct targets *) MUST_CHECK;
/* Where its mail is sent on to: those of an account that forwards, or of a
 * forward. */
enum result store_onward(
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
	char list[TARGETS_MAX + 1][ADDRESS_SIZE];
};
enum result store_delivery(
    struct store *, int64_t account_id, struct delivery *) MUST_CHECK;

/* -- st_forward.c -- */
struct forward {
	int64_t id, domain_id, version, created_at;
	char local_part[65], domain[254];
	char address[ADDRESS_SIZE];
};
enum result store_forward(struct store *, int64_t domain_id,
    const char *local_part, struct forward *) MUST_CHECK;
/* Takes domain_id, local_part, created_at; sets f->id.  RES_CONFLICT: the
 * name is in use. */
enum result store_forward_add(struct store *, struct forward *) MUST_CHECK;
/* Counts its version; RES_CONFLICT when it is at another. */
enum result store_forward_touch(
    struct store *, const struct forward *) MUST_CHECK;
/* Those behind (down: before) a local part, in that order. */
enum result store_forwards(struct store *, int64_t domain_id,
    const char *from, bool down,
    bool (*each)(void *arg, const struct forward *), void *arg) MUST_CHECK;

/* -- st_list.c: the accounts of a domain, one after the other -- */
enum order { BY_ACCOUNT, BY_NAME, BY_CREATED, ORDER__MAX };
/* Only these, without passing the others; in the order of their names. */
enum pick { PICK_ALL, PICK_INITIAL, PICK_DISCARD, PICK_FORWARD, PICK__MAX };

struct walk_from {
	int64_t domain_id;
	enum order order;
	enum pick pick; /* PICK_ALL unless BY_ACCOUNT */
	bool down;	/* against the order */
	/* Begins behind this row; NULL: at the beginning (down: the end). */
	const char *local_part;
	const char *real_name; /* its key BY_NAME */
	int64_t created_at;    /* its key BY_CREATED */
};
/* What is looked at of each; texts are valid until the next row. */
struct account_row {
	int64_t id, domain_id, quota_bytes, created_at;
	bool initial, keep_copy;
	enum routing routing;
	const char *local_part, *real_name;
};
enum result store_accounts(struct store *, const struct walk_from *,
    bool (*each)(void *arg, const struct account_row *),
    void *arg) MUST_CHECK;
/* One of them, given to each(arg, row). */
enum result store_account_row(struct store *, int64_t id,
    bool (*each)(void *arg, const struct account_row *),
    void *arg) MUST_CHECK;
/*
 * Ids of accounts (of all domains) that have `text` in local part or real
 * name, three characters or more; case does not count.  n: how many fit into
 * ids_r, then how many there are, but at most one more than fit.
 */
enum result store_search(struct store *, const char *text, int64_t *ids_r,
    size_t *n) MUST_CHECK;

/* -- st_import.c -- */
/* Begins: id_r.  The caller commits. */
enum result store_import_add(struct store *, int64_t domain_id,
    const char *owner, int64_t now, int64_t *id_r) MUST_CHECK;
/* Shows all its rows; RES_CONFLICT: it was removed meanwhile. */
enum result store_import_done(struct store *, int64_t id) MUST_CHECK;
/* An import that is not done: of this domain, or (0) of any. */
enum result store_import_open(struct store *, int64_t domain_id,
    int64_t *id_r, char *owner_r, size_t size) MUST_CHECK;
/* Removes up to `rows` rows of one that is not done; left_r: there are more;
 * when not, it is gone itself. */
enum result store_import_drop(
    struct store *, int64_t id, int rows, bool *left_r) MUST_CHECK;

/* -- st_history.c -- */
/* Texts are valid until the next row. */
struct history_row {
	int64_t id, at, account_id, import_id;
	const char *actor, *origin, *request_id, *domain;
	const char *subject, *what, *old_value, *new_value;
};
enum result store_history_add(
    struct store *, const struct history_row *) MUST_CHECK;
enum history_of { HISTORY_OF_ACCOUNT, HISTORY_OF_DOMAIN, HISTORY_OF_ALL };
struct history_from {
	enum history_of of;
	int64_t account_id; /* HISTORY_OF_ACCOUNT */
	const char *domain; /* HISTORY_OF_DOMAIN */
	int64_t from;	    /* begins behind this id */
	bool newer;	    /* to the newer ones, not to the older */
};
enum result store_history(struct store *, const struct history_from *,
    bool (*each)(void *arg, const struct history_row *), void *arg)
    MUST_CHECK;

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
/* RES_CONFLICT: it is gone already. */
enum result store_session_drop(
    struct store *, const unsigned char hash[TOKEN_HASH]) MUST_CHECK;
/* n_r: how many there were. */
enum result store_session_drop_of_account(
    struct store *, int64_t account_id, int64_t *n_r) MUST_CHECK;
enum result store_session_expire(
    struct store *, int64_t seen_before) MUST_CHECK;
/* Looks at no more than `max` of them. */
enum result store_session_count(struct store *, int64_t seen_since,
    int64_t max, int64_t *n_r) MUST_CHECK;

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

/* -- st_upload.c: web.db; a sealed file between two requests -- */
/* Replaces what the session had; removes those made before `expired`. */
enum result store_upload_put(struct store *,
    const unsigned char hash[TOKEN_HASH], int64_t domain_id, int64_t now,
    int64_t expired, const void *body, size_t size) MUST_CHECK;
/* Calls take(arg, body, size) with the body, which is the store's. */
enum result store_upload_get(struct store *,
    const unsigned char hash[TOKEN_HASH], int64_t domain_id, int64_t since,
    void (*take)(void *arg, const void *body, size_t size),
    void *arg) MUST_CHECK;
enum result store_upload_expire(
    struct store *, int64_t made_before) MUST_CHECK;
enum result store_upload_drop(
    struct store *, const unsigned char hash[TOKEN_HASH]) MUST_CHECK;

/* -- st_usage.c -- */
struct usage {
	bool known;         /* false: the statistics could not be read */
	int64_t bytes, messages;
	int64_t last_login; /* 0: never, or not known */
};
/* Never fails: what cannot be read is not known, and the page lives on. */
void store_usage(struct store *, const char *address, struct usage *);
/* An account is gone: a later one of its name begins with nothing.  What
 * cannot be written is logged, and no error. */
void store_usage_forget(struct store *, const char *address);
/* The same for all of a domain. */
void store_usage_forget_domain(struct store *, const char *domain);
/* Mailboxes of a domain by size: to 10, 100, 500, 1024 MB, and above. */
#define SIZE_CLASSES 5
struct domain_usage {
	bool known;
	int64_t bytes, mailboxes[SIZE_CLASSES];
};
void store_domain_usage(
    struct store *, const char *domain, struct domain_usage *);
/* As it was found after `since` for a mailbox of this size and count. */
enum result store_oldest_get(struct store *, int64_t account_id,
    const struct usage *, int64_t since, int64_t *oldest_r) MUST_CHECK;
enum result store_oldest_put(struct store *, int64_t account_id,
    const struct usage *, int64_t oldest, int64_t now) MUST_CHECK;

/* The rows of domains. */
#include "store/domain.h"

#endif
