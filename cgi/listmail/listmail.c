/*
 * fumibako-list-mail DIRECTORY SENDER SUB: a message to a list.
 *
 * Postfix runs it as the user that owns the lists, with the message on
 * standard input.  It hands it to mlmmj-receive, or, where mlmmj would answer
 * what must not be answered, takes it and lets it go; and it adds the footer.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/log.h"
#include "listmail/field.h"
#include "listmail/footer.h"
#include "listmail/judge.h"

/* So much of a message is looked at. */
#define HEADER_MAX (256UL * 1024)
#define PATH_SIZE (PATH_MAX + NAME_MAX + 32)

/* -- the list -- */

static FILE *
open_at(const char *dir, const char *name)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return fopen(path, "re");
}

static bool
has_file(const char *dir, const char *name)
{
	FILE *f = open_at(dir, name);

	if (f != NULL)
		fclose(f);
	return f != NULL;
}

static bool
next_line(FILE *f, char line[512])
{
	if (fgets(line, 512, f) == NULL)
		return false;
	line[strcspn(line, "\n")] = '\0';
	return true;
}

/* Is one of the addresses in the file, one a line, that of the From? */
static bool
file_names(const char *dir, const char *name, const struct header *h)
{
	FILE *f = open_at(dir, name);
	char line[512];
	bool found = false;

	while (f != NULL && !found && next_line(f, line))
		found = field_text(h->from, h->from_n, line);
	if (f != NULL)
		fclose(f);
	return found;
}

static bool
is_member(const char *dir, const struct header *h)
{
	char path[PATH_SIZE];
	struct dirent *e;
	bool found = false;
	DIR *d;

	snprintf(path, sizeof(path), "%s/subscribers.d", dir);
	if ((d = opendir(path)) == NULL)
		return false;
	while (!found && (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "subscribers.d/%s", e->d_name);
		found = file_names(dir, path, h);
	}
	closedir(d);
	return found;
}

/* mlmmj takes it, or asks the moderators: in no case does it refuse it. */
static bool
is_welcome(const char *dir, const struct header *h)
{
	if (has_file(dir, "control/modnonsubposts"))
		return true;
	return (!has_file(dir, "control/subonlypost") || is_member(dir, h)) &&
	    (!has_file(dir, "control/modonlypost") ||
		file_names(dir, "control/moderators", h));
}

/* -- the message -- */

/* Standard input, in a file without a name; its first bytes are in head. */
static FILE *
keep(char *head, size_t *n_r)
{
	char buf[65536];
	FILE *f = tmpfile();
	size_t n;

	*n_r = 0;
	while (f != NULL && (n = fread(buf, 1, sizeof(buf), stdin)) > 0) {
		const size_t left = HEADER_MAX - *n_r;
		const size_t more = n < left ? n : left;

		memcpy(head + *n_r, buf, more);
		*n_r += more;
		fwrite(buf, 1, n, f);
	}
	return f == NULL || ferror(stdin) || ferror(f) ? NULL : f;
}

/* The same message with its footer as a second part; NULL: failed. */
static FILE *
wrap(FILE *from, const char *head, size_t n, FILE *footer)
{
	unsigned char random[16];
	char boundary[2 * sizeof(random) + 1], buf[65536];
	FILE *out = tmpfile();

	if (out == NULL ||
	    getrandom(random, sizeof(random), 0) != sizeof(random))
		return NULL;
	for (size_t i = 0; i < sizeof(random); i++)
		snprintf(boundary + 2 * i, 3, "%02x", random[i]);
	footer_open(out, head, n, boundary, &n);
	if (fseek(from, (long)n, SEEK_SET) != 0)
		return NULL;
	while ((n = fread(buf, 1, sizeof(buf), from)) > 0)
		fwrite(buf, 1, n, out);
	footer_close(out, footer, boundary);
	return ferror(from) || ferror(out) ? NULL : out;
}

/*
 * Gives it to mlmmj, with the sender and sub-address that were judged: it
 * would believe any Delivered-To of the header.  Where it fails it has sent
 * nothing yet (no place, mostly), and Postfix is to try again; by its own
 * exit status that would be a bounce.
 */
static int
receive(char *const argv[], FILE *message)
{
	/* mlmmj's programs want to be called by their whole path. */
	static char path[] = "/usr/bin/mlmmj-receive", front[] = "-F",
		    list[] = "-L", sender[] = "-s", sub[] = "-e";
	char *const args[] = { path, front, list, argv[1], sender, argv[2], sub,
		argv[3], NULL };
	int status = -1;
	pid_t pid;

	if (message != NULL && fflush(message) == 0 &&
	    lseek(fileno(message), 0, SEEK_SET) == 0 &&
	    dup2(fileno(message), STDIN_FILENO) == STDIN_FILENO &&
	    (errno = posix_spawn(&pid, path, NULL, NULL, args, environ)) == 0 &&
	    waitpid(pid, &status, 0) == pid && status == 0)
		return EX_OK;
	log_event(
	    "list_mail", "what=receive status=%d errno=%d", status, errno);
	return EX_TEMPFAIL;
}

/* A post, with the footer of the list; NULL: failed. */
static FILE *
with_footer(const char *dir, FILE *message, const char *head, size_t n)
{
	FILE *footer = open_at(dir, "control/fumibako-footer");

	if (footer == NULL)
		return errno == ENOENT ? message : NULL;
	switch (footer_place(head, n)) {
	case FOOTER_NOWHERE:
		break;
	case FOOTER_BEHIND:
		if (fseek(message, 0, SEEK_END) != 0)
			return NULL;
		footer_copy(message, footer);
		break;
	case FOOTER_PART:
		message = wrap(message, head, n, footer);
		break;
	}
	fclose(footer);
	return message;
}

/* Postfix logs what we say, also where all went well. */
static void
say_dropped(const struct header *h)
{
	log_event("list_mail", "dropped=%s",
	    h->own		? "own" :
	    h->reply		? "reply" :
	    h->automatic	? "automatic" :
	    h->other		? "list" :
				  "sender");
}

static bool
may_pass(const char *dir, const struct header *h, enum judgement j)
{
	switch (j) {
	case JUDGE_PASS:
		return true;
	case JUDGE_POSTER:
		return is_welcome(dir, h);
	case JUDGE_REFUSE:
	case JUDGE_UNKNOWN:
	case JUDGE_DROP:
		break;
	}
	return false;
}

/* Postfix tells the sender. */
static int
refuse(const char *why, int status)
{
	fprintf(stderr, "%s\n", why);
	return status;
}

int
main(int argc, char **argv)
{
	static char head[HEADER_MAX];
	char list[512] = "";
	enum judgement j;
	struct header h;
	FILE *f, *message;
	size_t n;

	if (argc != 4) {
		fputs("usage: fumibako-list-mail DIRECTORY SENDER SUB\n",
		    stderr);
		return EX_TEMPFAIL;
	}
	/* The list is new, or gone: by the next try it is known which. */
	if ((f = open_at(argv[1], "control/listaddress")) == NULL ||
	    !next_line(f, list)) {
		log_event("list_mail", "directory=%s errno=%d", argv[1],
		    errno);
		return EX_TEMPFAIL;
	}
	fclose(f);
	if ((message = keep(head, &n)) == NULL) {
		log_event("list_mail", "what=keep errno=%d", errno);
		return EX_TEMPFAIL;
	}
	header_read(head, n, list, &h);
	j = judge(&h, list, argv[2], argv[3]);
	if (j == JUDGE_REFUSE)
		return refuse("the From of the header is not one address",
		    EX_DATAERR);
	if (j == JUDGE_UNKNOWN)
		return refuse("the list has no such sub-address", EX_NOUSER);
	if (!may_pass(argv[1], &h, j)) {
		say_dropped(&h);
		return EX_OK;
	}
	if (argv[3][0] == '\0')
		message = with_footer(argv[1], message, head, n);
	return receive(argv, message);
}
