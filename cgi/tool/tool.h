#ifndef TOOL_TOOL_H
#define TOOL_TOOL_H

#include "base/conf.h"
#include "base/messages.h"
#include "core/account.h"
#include "core/network.h"
#include "store/store.h"

/* The operator's command: one row a subcommand, one function a row. */

enum { EXIT_DONE = 0, EXIT_REFUSED = 1, EXIT_USAGE = 2, EXIT_BUSY = 75 };

/* Options of all subcommands; which of them one takes, its row says. */
struct options {
	const char *real_name, *quota_mb, *pop_host, *routing, *forward_to;
	const char *keep_copy;
	bool from_stdin, initial, json, site;
};

struct command;

struct tool {
	const struct command *command;
	struct conf conf;
	struct networks campus;
	struct login_rules login;
	struct messages *messages;
	struct store *store; /* NULL for init */
	struct actor actor;
	struct options opt;
	char **args; /* what is left of the command line */
	int nargs;
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
int tool_account_add(struct tool *);
int tool_account_show(struct tool *);
int tool_account_set(struct tool *);
int tool_account_passwd(struct tool *);
int tool_admin_grant(struct tool *);

/* Prints how the command is used; its exit status. */
int tool_usage(const struct tool *);
/* Says why on standard error and gives the exit status; `subject` is what the
 * command was about.  RES_OK says nothing. */
int tool_answer(struct tool *, enum result, const char *subject,
    const struct findings *);
/* Reads one line, without echo on a terminal, into `line`; NULL: refused. */
char *tool_read_password(char *line, size_t size);

#endif
