/* fumibako: finds the subcommand, reads options, opens what it needs. */
#include <getopt.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "core/domain.h"
#include "tool/tool.h"

#define DEFAULT_CONF "/etc/fumibako/fumibako.conf"

/* clang-format off */
static const struct option longs[] = {
	{ "real-name",	required_argument, NULL, 'r' },
	{ "quota-mb",	required_argument, NULL, 'q' },
	{ "pop-host",	required_argument, NULL, 'p' },
	{ "routing",	required_argument, NULL, 'R' },
	{ "forward-to",	required_argument, NULL, 'f' },
	{ "keep-copy",	no_argument,	   NULL, 'k' },
	{ "no-keep-copy", no_argument,	   NULL, 'K' },
	{ "stdin",	no_argument,	   NULL, 's' },
	{ "initial",	no_argument,	   NULL, 'i' },
	{ "json",	no_argument,	   NULL, 'j' },
	{ "site",	no_argument,	   NULL, 'S' },
	{ "help",	no_argument,	   NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};
/* clang-format on */

static void
print_options(FILE *to, const struct command *c)
{
	for (const struct option *o = longs; o->name != NULL; o++) {
		int letter = o->val == 'K' ? 'k' : o->val;

		if (strchr(c->takes, letter) != NULL)
			fprintf(to, " [--%s%s]", o->name,
			    o->has_arg ? " VALUE" : "");
	}
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

static bool
take_option(struct options *o, int letter, const char *value)
{
	switch (letter) {
	case 'r':
		o->real_name = value;
		break;
	case 'q':
		o->quota_mb = value;
		break;
	case 'p':
		o->pop_host = value;
		break;
	case 'R':
		o->routing = value;
		break;
	case 'f':
		o->forward_to = value;
		break;
	case 'k':
		o->keep_copy = "on";
		break;
	case 'K':
		o->keep_copy = "off";
		break;
	case 's':
		o->from_stdin = true;
		break;
	case 'i':
		o->initial = true;
		break;
	case 'j':
		o->json = true;
		break;
	case 'S':
		o->site = true;
		break;
	default:
		return false;
	}
	return true;
}

/* Options anywhere behind the subcommand; -1: go on, else the exit status. */
static int
parse(struct tool *t, const struct command *c, int argc, char **argv)
{
	int letter;

	optind = 1;
	while ((letter = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		int asked = letter == 'K' ? 'k' : letter;

		if (letter == 'h')
			return usage(stdout, c);
		if (letter == '?' || strchr(c->takes, asked) == NULL ||
		    !take_option(&t->opt, letter, optarg))
			return usage(stderr, c);
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

static enum result
open_all(struct tool *t, const char *conf_path, bool with_store)
{
	const char *lang = getenv("LANG");
	bool japanese = lang != NULL && strncmp(lang, "ja", 2) == 0;
	enum result r;

	if (!secret_init())
		return RES_FAIL;
	if ((r = conf_read(conf_path, &t->conf)) != RES_OK)
		return r;
	r = networks_read(conf_path, t->conf.networks, &t->campus);
	if (r != RES_OK)
		return r;
	t->login.hash_cost = (int)t->conf.hash_cost;
	r = messages_open(
	    t->conf.templates, japanese ? "ja" : "en", &t->messages);
	if (r == RES_OK && with_store)
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
tool_answer(struct tool *t, enum result r, const char *subject,
    const struct findings *f)
{
	char text[1024];

	switch (r) {
	case RES_OK:
		return EXIT_DONE;
	case RES_INVALID:
		for (size_t i = 0; f != NULL && i < f->n; i++)
			fprintf(stderr, "%s: %s\n", subject,
			    messages_text(t->messages,
				fault_key(f->list[i].fault), f->list[i].a1,
				f->list[i].a2, text, sizeof(text)));
		return EXIT_REFUSED;
	case RES_NOTFOUND:
		fprintf(stderr, "%s: there is no such account or domain\n",
		    subject);
		return EXIT_REFUSED;
	case RES_CONFLICT:
		fprintf(stderr, "%s: is in use, or was changed meanwhile\n",
		    subject);
		return EXIT_REFUSED;
	case RES_BUSY:
		fprintf(stderr, "%s: the database is busy; try again\n",
		    subject);
		return EXIT_BUSY;
	case RES_DENIED:
	case RES_FAIL:
		break;
	}
	fprintf(stderr, "%s: failed; the reason is above\n", subject);
	return EXIT_REFUSED;
}

/* All of standard input, or a line of a terminal without echo.  Unbuffered,
 * so that no copy stays in stdio's memory. */
static size_t
read_input(char *buf, size_t size)
{
	struct termios was, quiet;
	size_t n;

	setvbuf(stdin, NULL, _IONBF, 0);
	if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &was) != 0)
		return fread(buf, 1, size, stdin);
	quiet = was;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	fputs("Password: ", stderr);
	n = fgets(buf, (int)size, stdin) != NULL ? strlen(buf) : 0;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &was);
	fputc('\n', stderr);
	return n;
}

char *
tool_read_password(char *line, size_t size)
{
	size_t n = read_input(line, size);
	const char *why = NULL;

	if (n == size)
		why = "is too long";
	else if (n > 0 && line[n - 1] == '\n')
		n--;
	if (n > 0 && line[n - 1] == '\r')
		n--;
	if (why == NULL && n == 0)
		why = "is empty";
	if (why == NULL) {
		line[n] = '\0';
		/* Never a part of what was given. */
		if (line[strcspn(line, "\r\n")] != '\0' || strlen(line) != n)
			why = "is more than one line, or has a NUL in it";
	}
	if (why == NULL)
		return line;
	fprintf(stderr, "the password on standard input %s\n", why);
	explicit_bzero(line, size);
	return NULL;
}

int
main(int argc, char **argv)
{
	const char *conf = DEFAULT_CONF;
	const struct command *c;
	struct tool t = { .actor = { .name = "", .request_id = "" } };
	char prog[] = "fumibako";
	int words, status;

	umask(007);
	argc--;
	argv++;
	if (argc >= 2 && strcmp(argv[0], "-c") == 0) {
		conf = argv[1];
		argc -= 2;
		argv += 2;
	}
	if (argc >= 1 && strcmp(argv[0], "--help") == 0)
		return usage(stdout, NULL);
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
	switch (open_all(&t, conf, c->run != tool_init)) {
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
		fputs("standard output: what was to be printed is lost\n",
		    stderr);
		status = EXIT_REFUSED;
	}
	return status;
}
