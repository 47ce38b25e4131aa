#ifndef TOOL_TOOL_MIGRATE_H
#define TOOL_TOOL_MIGRATE_H

#include "migrate/moving.h"
#include "tool/tool.h"

/* What a move came to, on standard output; the exit status. */
int migrate_report(struct tool *, const struct moving *);
/* Only which Maildir is to be copied to where: a line for each account. */
int migrate_mail_list(struct tool *, const struct moving *);

#endif
