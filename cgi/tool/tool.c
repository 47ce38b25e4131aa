/* fumibako: finds the subcommand, reads options, opens what it needs. */
#include <getopt.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tool/tool.h"

#define DEFAULT_CONF "/etc/fumibako/fumibako.conf"

/* clang-format off */
static const struct option longs[] = {
	{ "real-name",	required_argument, NULL, 'r' },
	{ "quota-mb",	required_argument, NULL, 'Q' },
	{ "pop-host",	required_argument, NULL, 'p' },
	{ "max-accounts", required_argument, NULL, 'a' },
	{ "max-forwards", required_argument, NULL, 'w' },
	{ "max-lists",	required_argument, NULL, 'l' },
	{ "default-quota-mb", required_argument, NULL, 'd' },
	{ "enable",	no_argument,	   NULL, 'e' },
	{ "disable",	no_argument,	   NULL, 'E' },
	{ "routing",	required_argument, NULL, 'R' },
	{ "forward-to",	required_argument, NULL, 'f' },
	{ "keep-copy",	no_argument,	   NULL, 'k' },
	{ "no-keep-copy", no_argument,	   NULL, 'K' },
	{ "leave-forward-to", required_argument, NULL, 'L' },
	{ "filter",	required_argument, NULL, 'F' },
	{ "search",	required_argument, NULL, 'q' },
	{ "owner",	required_argument, NULL, 'o' },
	{ "description", required_argument, NULL, 'D' },
	{ "older-than",	required_argument, NULL, 'O' },
	{ "posting",	required_argument, NULL, 'P' },
	{ "subscription", required_argument, NULL, 'u' },
	{ "reply-to",	required_argument, NULL, 'y' },
	{ "prefix",	required_argument, NULL, 'X' },
	{ "footer",	required_argument, NULL, 'T' },
	{ "moderators",	required_argument, NULL, 'm' },
	{ "archive",	no_argument,	   NULL, 'A' },
	{ "no-archive",	no_argument,	   NULL, 'Z' },
	{ "stdin",	no_argument,	   NULL, 's' },
	{ "initial",	no_argument,	   NULL, 'i' },
	{ "json",	no_argument,	   NULL, 'j' },
	{ "site",	no_argument,	   NULL, 'S' },
	{ "force",	no_argument,	   NULL, 'x' },
	{ "dry-run",	no_argument,	   NULL, 'n' },
	{ "mail-list",	no_argument,	   NULL, 'M' },
	{ "help",	no_argument,	   NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};
/* clang-format on */

/* The letter in a command's row: an option and its opposite share one. */
static int
row_letter(int letter)
{
	return letter == 'K' ? 'k' :
	    letter == 'E'    ? 'e' :
	    letter == 'Z'    ? 'A' :
			       letter;
}

static void
print_options(FILE *to, const struct command *c)
{
	for (const struct option *o = longs; o->name != NULL; o++)
		if (strchr(c->takes, row_letter(o->val)) != NULL)
			fprintf(to, " [%s--%s%s]", o->val == 'q' ? "-q|" : "",
			    o->name, o->has_arg ? " VALUE" : "");
}

static void
print_command(FILE *to, const struct command *c)
{
	fprintf(to, "fumibako [-c CONF] %s%s%s", c->name,
	    c->args[0] != '\0' ? " " : "", c->args);
	print_options(to, c);
	fprintf(to, "\n    %s\n", c->help);
}

static int
usage(FILE *to, const struct command *c)
{
	if (c != NULL) {
		print_command(to, c);
	} else {
		for (size_t i = 0; i < ncommands; i++)
			print_command(to, &commands[i]);
		fputs("Exit: 0 done, 1 refused, 2 usage, 75 try again.\n"
		      "See fumibako(8).\n",
		    to);
	}
	return to == stdout ? EXIT_DONE : EXIT_USAGE;
}

/* The command that the first words name; *words_r tells how many. */
static const struct command *
find(int argc, char **argv, int *words_r)
{
	for (size_t i = 0; i < ncommands; i++) {
		const char *name = commands[i].name;
		const char *gap = strchr(name, ' ');

		*words_r = gap != NULL ? 2 : 1;
		if (argc < *words_r)
			continue;
		if (gap == NULL ? strcmp(argv[0], name) == 0 :
				  strncmp(argv[0], name,
				      (size_t)(gap - name)) == 0 &&
			    argv[0][gap - name] == '\0' &&
			    strcmp(argv[1], gap + 1) == 0)
			return &commands[i];
	}
	return NULL;
}

/* Where an option of a mailing list keeps its value; NULL: it is none. */
static const char **
list_option(struct options *o, int letter)
{
	switch (letter) {
	case 'o':
		return &o->owner;
	case 'D':
		return &o->description;
	case 'P':
		return &o->posting;
	case 'u':
		return &o->subscription;
	case 'y':
		return &o->reply_to;
	case 'X':
		return &o->prefix;
	case 'T':
		return &o->footer;
	case 'm':
		return &o->moderators;
	default:
		return NULL;
	}
}

/* Where an option with a value keeps it; NULL: it has none. */
static const char **
text_option(struct options *o, int letter)
{
	switch (letter) {
	case 'r':
		return &o->real_name;
	case 'Q':
		return &o->quota_mb;
	case 'p':
		return &o->pop_host;
	case 'a':
		return &o->max_accounts;
	case 'w':
		return &o->max_forwards;
	case 'l':
		return &o->max_lists;
	case 'd':
		return &o->default_quota_mb;
	case 'R':
		return &o->routing;
	case 'f':
		return &o->forward_to;
	case 'L':
		return &o->leave_forward_to;
	case 'F':
		return &o->filter;
	case 'q':
		return &o->search;
	case 'O':
		return &o->older_than;
	default:
		return list_option(o, letter);
	}
}

static void
take_option(struct options *o, int letter, const char *value)
{
	const char **text = text_option(o, letter);

	if (text != NULL)
		*text = value;
	else if (letter == 'k' || letter == 'K')
		o->keep_copy = letter == 'k' ? "on" : "off";
	else if (letter == 'e' || letter == 'E')
		o->enabled = letter == 'e' ? "on" : "";
	else if (letter == 'A' || letter == 'Z')
		o->archive = letter == 'A' ? "on" : "";
	o->from_stdin |= letter == 's';
	o->initial |= letter == 'i';
	o->json |= letter == 'j';
	o->site |= letter == 'S';
	o->force |= letter == 'x';
	o->dry_run |= letter == 'n';
	o->mail_list |= letter == 'M';
}

/* Options anywhere behind the subcommand; -1: go on, else the exit status. */
static int
parse(struct tool *t, const struct command *c, int argc, char **argv)
{
	int letter;

	optind = 1;
	while ((letter = getopt_long(argc, argv, "hq:", longs, NULL)) != -1) {
		if (letter == 'h')
			return usage(stdout, c);
		if (letter == '?' ||
		    strchr(c->takes, row_letter(letter)) == NULL)
			return usage(stderr, c);
		take_option(&t->opt, letter, optarg);
	}
	t->args = argv + optind;
	t->nargs = argc - optind;
	if (t->nargs < c->min || t->nargs > c->max)
		return usage(stderr, c);
	return -1;
}

static const char *
who_calls(void)
{
	static char origin[64];
	const struct passwd *pw = getpwuid(getuid());

	snprintf(origin, sizeof(origin), "shell:%s",
	    pw != NULL ? pw->pw_name : "?");
	return origin;
}

enum result
tool_configure(struct tool *t, FILE *why)
{
	const char *lang = getenv("LANG");
	bool japanese = lang != NULL && strncmp(lang, "ja", 2) == 0;
	enum result r;

	if (!secret_init())
		return RES_FAIL;
	if ((r = conf_read_to(t->conf_path, &t->conf, why)) != RES_OK)
		return r;
	r = networks_read(t->conf_path, t->conf.networks, &t->campus, why);
	if (r != RES_OK)
		return r;
	setenv("TZ", t->conf.time_zone, 1);
	tzset();
	t->login.hash_cost = (int)t->conf.hash_cost;
	r = messages_open(
	    t->conf.templates, japanese ? "ja" : "en", &t->messages);
	if (r != RES_OK)
		fprintf(why, "%s: Web.Templates: there is no lang/%s.hdf\n",
		    t->conf_path, japanese ? "ja" : "en");
	return r;
}

/* What makes or replaces a database cannot have it opened before. */
static bool
opens_itself(const struct command *c)
{
	return c->run == tool_init || c->run == tool_backup ||
	    c->run == tool_restore;
}

/* Everything, but for what a command opens itself. */
static enum result
open_all(struct tool *t)
{
	enum result r;

	if (t->command->run == tool_doctor)
		return RES_OK;
	r = tool_configure(t, stderr);
	if (r == RES_OK && !opens_itself(t->command))
		r = store_open(&(struct store_paths){ t->conf.users_db,
				   t->conf.web_db, t->conf.mailstat_db },
		    BY_TOOL, &t->store);
	return r;
}

static void
close_all(struct tool *t)
{
	store_close(&t->store);
	messages_close(&t->messages);
	conf_free(&t->conf);
}

int
tool_usage(const struct tool *t)
{
	return usage(stderr, t->command);
}

int
main(int argc, char **argv)
{
	const struct command *c;
	struct tool t = { .conf_path = DEFAULT_CONF,
		.actor = { .name = "", .request_id = "" } };
	char prog[] = "fumibako";
	int words, status;

	umask(007);
	/* A pipe that is closed is a write that fails, and no signal. */
	signal(SIGPIPE, SIG_IGN);
	/* What is printed there comes character by character. */
	setvbuf(stderr, NULL, _IOLBF, 0);
	argc--;
	argv++;
	if (argc >= 2 && strcmp(argv[0], "-c") == 0) {
		t.conf_path = argv[1];
		argc -= 2;
		argv += 2;
	}
	if (argc >= 1 && strcmp(argv[0], "--help") == 0)
		return usage(stdout, NULL);
	if (argc >= 1 && strcmp(argv[0], "--version") == 0)
		return puts("fumibako " VERSION) < 0;
	if ((c = find(argc, argv, &words)) == NULL)
		return usage(argc > 0 &&
			    strcmp(argv[argc - 1], "--help") == 0 ?
			stdout :
			stderr,
		    NULL);
	argv[words - 1] = prog; /* what getopt's messages begin with */
	if ((status = parse(&t, c, argc - words + 1, argv + words - 1)) >= 0)
		return status;
	t.command = c;
	t.actor.origin = who_calls();
	t.actor.now = time(NULL);
	switch (open_all(&t)) {
	case RES_OK:
		status = c->run(&t);
		break;
	case RES_BUSY:
		status = EXIT_BUSY;
		break;
	case RES_NOTFOUND:
	case RES_CONFLICT:
	case RES_DENIED:
	case RES_INVALID:
	case RES_FAIL:
		status = EXIT_REFUSED; /* the reason is told already */
		break;
	}
	close_all(&t);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		if (!t.reader_gone)
			fputs("standard output: what was to be printed is "
			      "lost\n",
			    stderr);
		status = EXIT_REFUSED;
	}
	return status;
}
