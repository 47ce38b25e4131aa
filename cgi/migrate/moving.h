#ifndef MIGRATE_MOVING_H
#define MIGRATE_MOVING_H

#include "base/pool.h"
#include "core/address.h"
#include "core/finding.h"
#include "core/mlist.h"
#include "core/passwd.h"

/*
 * What another program's data mean here, whichever program it was: a reader
 * (vpopmail.h, postfixadmin.h) fills it, apply.h writes it into the database.
 * Beside it the report, in which every line, row and file of the source is
 * told as done, changed or refused.  All belongs to the pool, which is wiped:
 * it holds hashes.
 */

enum outcome {
	OUT_DONE,
	OUT_CHANGED, /* moved, but not as it was */
	OUT_REFUSED
};

/* Why, or what; {1} is the argument.  why_key() gives the word. */
enum why {
	WHY_DOMAIN,	/* domain created */
	WHY_ACCOUNT,
	WHY_FORWARD,
	WHY_LIST,
	WHY_MEMBER,
	WHY_ADMIN,
	WHY_READ,	/* used where it belongs to */
	WHY_THERE,	/* it is there already, just so */
	WHY_DERIVED,	/* made anew here, or of no use here */
	WHY_NOBODY,	/* of no account that is moved */
	WHY_MAIL,	/* {1}: mail to be copied */
	WHY_RULE,	/* a rule of core: the finding says which */
	WHY_DIFFERS,	/* is there, and differs in {1} */
	WHY_TAKEN,	/* {1}: something else has this name */
	WHY_TWICE,	/* {1} has the same name, but for case */
	WHY_NO_DOMAIN,	/* {1} is no domain of the source or is refused */
	WHY_FIELDS,	/* not as the format says */
	WHY_CONTROL,	/* control characters, or not UTF-8 */
	WHY_LONG,
	WHY_UNKNOWN,	/* not understood */
	WHY_LINK,	/* a symbolic link is not followed */
	WHY_SPECIAL,	/* neither file nor directory */
	WHY_LARGE,	/* more than {1} bytes */
	WHY_UNREADABLE,	/* {1} */
	WHY_OUTSIDE,	/* a path that leads out of the source */
	WHY_HASH,	/* {1}: a scheme that crypt(3) cannot check */
	WHY_REAL_NAME,	/* cannot be one here: left empty */
	WHY_NO_QUOTA,	/* unlimited: the domain's default */
	WHY_QUOTA_ROUNDED, /* {1} bytes: to whole MB */
	WHY_QUOTA_COUNT, /* a limit of messages */
	WHY_COLUMN,	/* {1}: a value that has no place here */
	WHY_FLAG,	/* {1}: a switch that is not here */
	WHY_LIMIT,	/* {1}: a limit that is not here */
	WHY_INACTIVE,
	WHY_PROGRAM,	/* {1} */
	WHY_VACATION,
	WHY_MANY,	/* {1}: so many targets; mail is kept here */
	WHY_EMPTY,	/* nothing is left of it */
	WHY_DISCARD,	/* an address that throws away */
	WHY_CATCHALL,
	WHY_UNKNOWN_BOUNCES, /* mail for unknown names: as here */
	WHY_ALIAS_DOMAIN, /* {1}: of which */
	WHY_BACKUP_MX,
	WHY_TRANSPORT,	/* {1} */
	WHY_UNREACHED,	/* a name that qmail never looks for */
	WHY_OVERRIDDEN,	/* {1} went before it */
	WHY_POSTMASTER,	/* is an account here, which forwards */
	WHY_OWNER,	/* postmaster becomes the owner; was {1} */
	WHY_DIGEST,	/* gets every mail, no digest */
	WHY_ACCESS,	/* who may or may not post, besides members */
	WHY_ARCHIVE,	/* old mail of a list */
	WHY_ENGINE,	/* fumibako-lists does not answer */
	WHY_NO_ACCOUNT,	/* an administrator without account */
	WHY_OWN_PASSWORD, /* an administrator's password was another one */
	WHY_SUPERADMIN,
	WHY_TABLE,	/* {1} rows of a table that is not here */
	WHY_SQL,	/* not understood */
	WHY_COMMENT,
	WHY__MAX
};

struct where {
	const char *file;  /* or table */
	unsigned int line; /* or row; 0: as a whole */
};

struct place;

struct moved {
	struct where at;
	const char *subject; /* an address, a name; "" */
	enum outcome outcome;
	enum why why;
	const char *arg, *arg2;
	enum fault fault; /* WHY_RULE */
	const struct place *item; /* WHY_ACCOUNT and such; or NULL */
};

enum fate { FATE_PENDING, FATE_DONE, FATE_THERE, FATE_REFUSED };

struct moving_domain {
	struct where at;
	char name[254];
	int64_t default_quota_bytes; /* 0: none is said */
	int64_t max_accounts, max_forwards, max_lists;
	bool disabled;
	enum fate fate;
	struct domain row; /* FATE_DONE, FATE_THERE */
};

/* An address that a place has: a target, a member. */
struct named {
	struct where at;
	const char *address;
};

/* One name: an account, a forward or a list. */
struct place {
	enum kind kind;
	struct where at;
	struct moving_domain *domain;
	const char *local_part, *address;
	enum fate fate;
	bool changed; /* something of it is told as changed */
	bool on_path; /* others that are being made wait for it */
	int64_t id;   /* 0: not in the database */
	/* Of an account. */
	const char *hash; /* NULL: nobody knows it */
	const char *real_name;
	int64_t quota_bytes; /* 0: the domain's */
	enum routing routing;
	bool keep_copy;
	struct where routed; /* by this alias; file NULL: by none */
	const char *mail; /* its Maildir, as the source has it; NULL */
	int64_t used_bytes, used_messages; /* -1: not known */
	/* Of an account and a forward, as written. */
	bool lost; /* one could not even be written */
	size_t ntargets;
	struct named *targets;
	/* Of a list. */
	struct mlist_form *form;
	size_t nmembers, members_size;
	struct named *members;
};

struct moving_admin {
	struct where at;
	const char *address, *domain;
};

/* Another name of a domain. */
struct moving_alias {
	const char *name, *domain;
};

struct moving {
	struct pool *pool;
	size_t nmoved, moved_size;
	struct moved *moved;
	size_t ndomains, domains_size;
	struct moving_domain **domains;
	size_t domain_slots; /* domains by name; a power of two */
	uint32_t *domain_slot;
	size_t nplaces, places_size;
	struct place **places;
	size_t nadmins, admins_size;
	struct moving_admin *admins;
	size_t naliases, aliases_size;
	struct moving_alias *aliases;
	size_t slots; /* places by address; a power of two */
	uint32_t *slot;
};

void moving_begin(struct moving *, struct pool *);
/* Room for one more in a list of the pool. */
void *moving_grow(struct pool *, void *list, size_t n, size_t *size,
    size_t element);
/* n bytes as text for a report: what is no printable UTF-8 becomes `?`, what
 * is long is cut. */
const char *moving_text(struct moving *, const char *bytes, size_t n);

void moving_tell(struct moving *, struct where, const char *subject,
    enum outcome, enum why, const char *arg);
/* The same of a place, which has changed if that is the outcome. */
void moving_tell_of(struct moving *, struct place *, struct where,
    enum outcome, enum why, const char *arg);
/* One line for each finding. */
void moving_tell_faults(struct moving *, struct where, const char *subject,
    enum outcome, const struct findings *);
/* By where it stands: file and line, then as it was told. */
void moving_sort(struct moving *);
/* "refused", "rule" ... as the catalogue and --json have them. */
const char *outcome_word(enum outcome);
const char *why_key(enum why);

/* A domain of the source; NULL: it cannot be one, and that is told. */
struct moving_domain *moving_add_domain(
    struct moving *, struct where, const char *name);
struct moving_domain *moving_find_domain(struct moving *, const char *name);
/* A name in it; NULL: it cannot be one, or there is one, and that is told. */
struct place *moving_add(struct moving *, struct where, enum kind,
    struct moving_domain *, const char *local_part);
/* As it is stored, lower-case; NULL: none. */
struct place *moving_find(
    struct moving *, const char *local_part, const char *domain);
/* One more target; what is no text is told and left out.  There may be more
 * than can be: ntargets is at most TARGETS_MAX + 1. */
void moving_target(
    struct moving *, struct place *, struct where, const char *text);
void moving_member(struct moving *, struct place *, struct where,
    const char *address);
void moving_add_admin(struct moving *, struct where, const char *address,
    const char *domain);
/* Tells of another name of a domain, which is refused; what leads there will
 * lead to the domain (moving_follow_aliases). */
void moving_add_alias(
    struct moving *, struct where, const char *name, const char *domain);
/* Targets and members in other names of domains: in the domains. */
void moving_follow_aliases(struct moving *);

/* -- values that both sources have -- */
/* A hash for the account, where crypt(3) can check it; where it cannot, the
 * report names its scheme and nothing else of it. */
void moving_hash(
    struct moving *, struct place *, struct where, const char *given);
void moving_real_name(
    struct moving *, struct place *, struct where, const char *name);
/* In whole MB, as many as there may be. */
int64_t moving_whole_mb(int64_t bytes);
/* 0 and less: none. */
void moving_quota(
    struct moving *, struct place *, struct where, int64_t bytes);

#endif
