/* fumibako backup, restore */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/restore.h"
#include "tool/tool.h"

/* A pipe, a device: what cannot be replaced by another file.  -1: `to` is no
 * such; -2: it cannot be opened. */
static int
open_stream(const char *to)
{
	struct stat st;
	int fd;

	if (strcmp(to, "-") == 0)
		return STDOUT_FILENO;
	if (stat(to, &st) != 0 || S_ISREG(st.st_mode))
		return -1;
	if ((fd = open(to, O_WRONLY | O_CLOEXEC | O_NOCTTY)) >= 0)
		return fd;
	perror(to);
	return -2;
}

static enum result
write_backup(struct tool *t, const char *to)
{
	const int fd = open_stream(to);
	enum result r = RES_INVALID;

	if (fd == -2)
		return r;
	if (fd >= 0 && isatty(fd))
		fprintf(stderr, "%s: is a terminal\n", to);
	else if (fd >= 0)
		r = store_backup_to(t->store, fd);
	else
		r = store_backup(t->store, to);
	if (fd > STDERR_FILENO)
		close(fd);
	return r;
}

int
tool_backup(struct tool *t)
{
	const struct store_paths users = { .users = t->conf.users_db };
	enum result r;

	/* Whoever makes the backup need not reach the other databases. */
	if ((r = store_open(&users, BY_TOOL, &t->store)) == RES_OK)
		r = write_backup(t, t->args[0]);
	return tool_answer(t, r, t->args[0], NULL);
}

int
tool_restore(struct tool *t)
{
	const struct store_paths paths = { t->conf.users_db, t->conf.web_db,
		t->conf.mailstat_db };
	const bool is_stdin = strcmp(t->args[0], "-") == 0;
	const struct restore_from from = {
		.file = is_stdin ? "standard input" : t->args[0],
		.fd = is_stdin ? STDIN_FILENO : -1,
		.mail = t->conf.mail_directory,
		.lists = t->conf.lists_spool,
		.engine = t->conf.lists_socket,
		.campus = &t->campus,
		.now = t->actor.now,
	};
	struct restored done = { .kept = "" };
	const enum result r = users_restore(&paths, &from, &done);

	if (r == RES_OK && done.kept[0] != '\0')
		fprintf(stderr, "what was there before is in %s\n",
		    done.kept);
	if (r == RES_OK && done.whole)
		fputs("who had the old one open must open it anew: postfix"
		      " reload; doveadm reload; restart fumibako-lists and"
		      " end the workers\n",
		    stderr);
	if (r == RES_OK && done.unseen)
		fputs("Mail.Directory or Lists.Spool cannot be read: an id"
		      " of a directory there may be given out again; root"
		      " can restore this once more\n",
		    stderr);
	return tool_answer(t, r, from.file, NULL);
}
