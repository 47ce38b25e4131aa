#ifndef TOOL_TOOL_H
#define TOOL_TOOL_H

#include <stdio.h>

#include <jansson.h>

#include "base/conf.h"
#include "base/messages.h"
#include "base/pool.h"
#include "core/account.h"
#include "core/import.h"
#include "core/network.h"
#include "store/store.h"

/* The operator's command: one row a subcommand, one function a row. */

enum { EXIT_DONE = 0, EXIT_REFUSED = 1, EXIT_USAGE = 2, EXIT_BUSY = 75 };

/* Options of all subcommands; which of them one takes, its row says. */
struct options {
	const char *real_name, *quota_mb, *pop_host, *routing, *forward_to;
	const char *max_accounts, *max_forwards, *max_lists;
	const char *default_quota_mb;
	const char *leave_forward_to, *filter, *search, *older_than;
	/* Of a mailing list; archive: "on", "". */
	const char *owner, *description, *posting, *subscription, *reply_to;
	const char *prefix, *footer, *archive, *moderators;
	const char *keep_copy; /* "on", "off" */
	const char *enabled;   /* "on", "" */
	bool from_stdin, initial, json, site, force, dry_run, mail_list;
};

struct command;

struct tool {
	const struct command *command;
	const char *conf_path;
	struct conf conf;
	struct networks campus;
	struct login_rules login;
	struct messages *messages;
	struct store *store; /* NULL for those that open it themselves */
	struct actor actor;
	struct options opt;
	char **args; /* what is left of the command line */
	int nargs;
	bool reader_gone; /* whoever read the rows has enough of them */
};

struct command {
	const char *name;  /* "account add" */
	const char *args;  /* for the usage line */
	const char *takes; /* letters of the options, see tool.c */
	int min, max;	   /* arguments */
	int (*run)(struct tool *);
	const char *help;
};

extern const struct command commands[];
extern const size_t ncommands;

int tool_init(struct tool *);
int tool_domain_add(struct tool *);
int tool_domain_show(struct tool *);
int tool_domain_set(struct tool *);
int tool_domain_delete(struct tool *);
int tool_domain_list(struct tool *);
int tool_account_add(struct tool *);
int tool_account_show(struct tool *);
int tool_account_set(struct tool *);
int tool_account_passwd(struct tool *);
int tool_account_delete(struct tool *);
int tool_account_list(struct tool *);
int tool_admin_grant(struct tool *);
int tool_admin_revoke(struct tool *);
int tool_forward_add(struct tool *);
int tool_forward_set(struct tool *);
int tool_forward_delete(struct tool *);
int tool_forward_list(struct tool *);
int tool_import(struct tool *);
int tool_export(struct tool *);
int tool_lists_add(struct tool *);
int tool_lists_delete(struct tool *);
int tool_lists_join(struct tool *);
int tool_lists_leave(struct tool *);
int tool_lists_list(struct tool *);
int tool_lists_set(struct tool *);
int tool_lists_show(struct tool *);
int tool_lists_members(struct tool *);
int tool_lists_sync(struct tool *);
int tool_log(struct tool *);
int tool_backup(struct tool *);
int tool_restore(struct tool *);
int tool_sweep(struct tool *);
int tool_migrate_postfixadmin(struct tool *);
int tool_migrate_vpopmail(struct tool *);
int tool_doctor(struct tool *);

/* -- tool.c -- */
/* Prints how the command is used; its exit status. */
int tool_usage(const struct tool *);
/* Reads the configuration and what it names; what is wrong with it is told on
 * `why`. */
enum result tool_configure(struct tool *, FILE *why) MUST_CHECK;

/* -- tool_input.c -- */
/* Reads one line, without echo on a terminal, into `line`; NULL: refused. */
char *tool_read_password(char *line, size_t size);
/* The bytes of a file ("-": standard input), in the pool.  False: it cannot
 * be read, and standard error says why. */
bool tool_read_file(const char *path, struct pool *, const char **bytes_r,
    size_t *n_r);

/* -- tool_print.c -- */
/* Says why on standard error and gives the exit status; `subject` is what the
 * command was about.  RES_OK says nothing. */
int tool_answer(struct tool *, enum result, const char *subject,
    const struct findings *);
/* "subject: sentence" on standard error for each finding. */
void tool_findings(
    const struct tool *, const char *subject, const struct findings *);
/* The sentence of a finding, in `out`, which is returned. */
#define SENTENCE_SIZE 1024
const char *tool_sentence(
    const struct tool *, const struct finding *, char out[SENTENCE_SIZE]);
/* Text that may come from outside: what a terminal would take for a command
 * is a `?`. */
void tool_print(FILE *, const char *text);
/* To standard output, at once.  False: that cannot be written to. */
bool tool_put(void *tool, const char *text, size_t n);

/*
 * Rows for standard output, as many as there are.  A page of them is gathered
 * in memory while the database is read and written when it is not: whoever
 * pages slowly through the output holds up nothing.
 */
struct rows {
	struct tool *tool;
	FILE *to; /* the page */
	char *text;
	size_t size;
	size_t n; /* rows so far */
	bool failed;
};
#define ROWS_PAGE 200
void rows_begin(struct rows *, struct tool *);
/* Where a row is to be written as one line of text. */
FILE *rows_line(struct rows *);
/* One more element of the array; takes `o`, NULL: it could not be made. */
void rows_json(struct rows *, json_t *o);
/* The page is complete: text and size are its. */
void rows_end(struct rows *);
/* Writes the page and forgets it; false: there is no use in going on. */
bool rows_write(struct rows *);
/* The end of the last page, and the exit status. */
int rows_answer(struct rows *, enum result, const char *subject);

/* An array of addresses; a limit or null; an array of columns and sentences. */
json_t *json_of_targets(const struct targets *);
json_t *json_of_limit(int64_t);
json_t *json_of_findings(const struct tool *, const struct findings *);
/* One document on standard output; takes `o`. */
int json_answer(json_t *o);

/* -- tool_report.c -- */
/* What an import will do, row by row. */
enum result report_rows(struct tool *, const struct import_options *,
    const struct import_plan *, struct rows *) MUST_CHECK;

#endif
