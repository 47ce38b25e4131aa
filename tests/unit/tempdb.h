#ifndef TESTS_UNIT_TEMPDB_H
#define TESTS_UNIT_TEMPDB_H

#include <sqlite3.h>

#include "core/account.h"
#include "core/domain.h"
#include "store/store.h"

/*
 * A fresh set of databases in a directory of its own, made by store_init from
 * the real schema, with two domains and four accounts:
 * u1, u2, u3@alpha.example and v1@beta.example (ids 1 to 4), password PW, not
 * initial; and the two postmasters, who administer, with an initial password
 * that nobody knows (ids 5 and 6).
 */
#define PW "Vq7#mellow-Otter_19"
#define PW2 "mR4!plinth.Copper=82"
#define NOW 1800000000
/* For an actor: the operator's shell, at NOW. */
#define SHELL { "", "shell:test", "", NOW, 0 }

struct tempdb {
	char dir[64];
	char users[96], web[96], mailstat[96];
	struct store *web_store;  /* BY_WEB */
	struct store *tool_store; /* BY_TOOL */
	struct login_rules rules; /* cheap hashes */
	struct actor who;         /* u1, from 192.0.2.1, at NOW */
	const void *row;
};

/* Set-up and teardown of a test; with `empty`, no domain and no account. */
int tempdb_open(void **);
int tempdb_open_empty(void **);
int tempdb_drop(void **);
struct store_paths tempdb_paths(const struct tempdb *);

/* Adds through core/; a failure ends the test. */
void tempdb_domain(struct tempdb *, const char *domain);
int64_t tempdb_account(struct tempdb *, const char *address);
struct account tempdb_get(struct tempdb *, const char *address);
struct domain tempdb_get_domain(struct tempdb *, const char *name);

/* Plain SQL on a file of the set, by a connection of its own (foreign keys
 * on): the SQLite code, 0 = done. */
int tempdb_exec(const char *path, const char *sql);
/* The first column of the first row; -999 when there is none. */
int64_t tempdb_int(const char *path, const char *sql);
/* The same as text, "" when there is none, NULL columns are "(null)"; all
 * rows, joined by blanks.  Valid until the next call. */
const char *tempdb_text(const char *path, const char *sql);
/* History lines since the fixture was made, as "what:old>new", joined by
 * blanks; tempdb_lines begins each with its subject and a blank. */
const char *tempdb_changes(const struct tempdb *);
const char *tempdb_lines(const struct tempdb *);
/* Schema and rows as text, as .dump; to be freed. */
char *tempdb_dump(const char *path);
/* Nothing has changed since the dump *before, which is freed. */
void tempdb_assert_same(char **before, const char *path);
/* Domains whose domain_count is not what there is; "": none.  tempdb_drop
 * asks after every test. */
const char *tempdb_miscounted(const struct tempdb *);
/* The index of substrings has just what the accounts have. */
void tempdb_assert_search(const struct tempdb *);
/* Another connection that holds the write lock until tempdb_unlock. */
sqlite3 *tempdb_lock(const char *path);
void tempdb_unlock(sqlite3 *);
/* Every connection that is opened from now on counts its work, a step each
 * `every` instructions of SQLite's machine; the last of `steps` kills. */
void tempdb_kill_after(int steps, int every);
/* A directory and all that is in it. */
void tempdb_remove_tree(const char *path);
/* Locks are told at once instead of after five seconds. */
void tempdb_no_wait(struct tempdb *);

#endif
