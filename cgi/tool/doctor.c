/* fumibako doctor: the table of its checks, and how they are told. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/line.h"
#include "base/log.h"
#include "base/program.h"
#include "tool/doctor.h"

#define RUN_SECONDS 4
/* No check begins after that. */
#define ALL_SECONDS 20

/* clang-format off */
static const struct check {
	const char *name;
	void (*run)(struct doctor *);
	unsigned int needs;
} checks[] = {
	{ "configuration", check_configuration, 0 },
	{ "permissions", check_permissions, HAVE_ROOT },
	{ "database",	check_database,	HAVE_CONF },
	{ "clock",	check_clock,	0 },
	{ "hash",	check_hash,	HAVE_USERS },
	{ "https",	check_https,	HAVE_CONF },
	{ "campus",	check_campus,	HAVE_WEB },
	{ "workers",	check_workers,	HAVE_WEB },
	{ "pop3s",	check_pop3s,	HAVE_ROOT },
	{ "smtp",	check_smtp,	HAVE_ROOT },
	{ "dovecot",	check_dovecot,	HAVE_ROOT | HAVE_USERS | HAVE_POP3S },
	{ "postfix",	check_postfix,	HAVE_ROOT | HAVE_USERS | HAVE_SMTP },
	{ "disk",	check_disk,	HAVE_CONF },
	{ "names",	check_names,	HAVE_USERS },
	{ "lists",	check_lists,	HAVE_USERS },
	{ "oldest",	check_oldest,	HAVE_CONF },
	{ "backup",	check_backup,	HAVE_CONF },
};
/* clang-format on */

static const char *const words[] = {
	[SEVERITY_OK] = "ok",
	[SEVERITY_SKIP] = "skip",
	[SEVERITY_WARN] = "warn",
	[SEVERITY_FAIL] = "FAIL",
};

/* Of what is missing, what is missed first. */
static const char *
why_not(unsigned int missing)
{
	static const char *const why[] = {
		"the configuration cannot be read",
		"only root can look",
		"the user database cannot be used",
		"https is not answered",
		"POP3s is not answered",
		"SMTP is not answered",
	};
	size_t i = 0;

	while (i + 1 < NELEM(why) && (missing & 1U << i) == 0)
		i++;
	return why[i];
}

/* Without what a terminal obeys, or a JSON text cannot have. */
static const char *
printable(struct doctor *d, const char *text)
{
	char *clean = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&clean, &size);
	const char *copy = "";

	if (f != NULL) {
		tool_print(f, text);
		fclose(f);
		copy = pool_strndup(d->pool, clean, size);
	}
	free(clean);
	return copy;
}

void
doctor_tell(struct doctor *d, enum severity severity, const char *subject,
    const char *remedy, const char *fmt, ...)
{
	char sentence[SENTENCE_SIZE];
	const char *about = printable(d, subject), *what;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(sentence, sizeof(sentence), fmt, ap);
	va_end(ap);
	what = printable(d, sentence);
	if (severity > d->worst)
		d->worst = severity;
	d->failed |= severity == SEVERITY_FAIL;
	if (d->tool->opt.json) {
		json_array_append_new(d->told,
		    json_pack("{s:s, s:s, s:s, s:s, s:s?}", "check", d->check,
			"severity",
			severity == SEVERITY_FAIL ? "fail" : words[severity],
			"subject", about, "text", what, "remedy",
			remedy != NULL ? printable(d, remedy) : NULL));
		return;
	}
	printf("%-4s  %-13s  %s%s%s\n", words[severity], d->check, about,
	    about[0] != '\0' ? ": " : "", what);
	if (remedy != NULL)
		printf("%21s-> %s\n", "", printable(d, remedy));
	fflush(stdout);
}

/* -- programs -- */

/* Postfix's programs call themselves as they are called, Dovecot's without
 * the path. */
static bool
is_warning(const char *program, const char *line)
{
	static const char word[] = ": warning:";
	const char *const names[] = { program, strrchr(program, '/') + 1 };

	for (size_t i = 0; i < NELEM(names); i++) {
		const size_t n = strlen(names[i]);

		if (strncmp(line, names[i], n) == 0 &&
		    strncasecmp(line + n, word, strlen(word)) == 0)
			return true;
	}
	return false;
}

static const char *
without_warnings(struct doctor *d, const char *program, const char *said)
{
	char *all = pool_alloc(d->pool, strlen(said) + 2), *to = all;
	const char *line;
	size_t n;

	while ((line = line_next(&said, &n)) != NULL) {
		if (is_warning(program, line))
			continue;
		memcpy(to, line, n);
		to += n;
		*to++ = '\n';
	}
	*to = '\0';
	return all;
}

int
doctor_run(struct doctor *d, const char *const argv[], const char **said)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int status = -1;

	*said = "";
	if (out != NULL) {
		status = program_run(
		    argv, RUN_SECONDS, out, PROGRAM_ERRORS_TOO);
		fclose(out);
		*said = status == PROGRAM_OUT_OF_TIME ?
		    "no answer within some seconds" :
		    without_warnings(d, argv[0], text);
	}
	free(text);
	return status;
}

const char *
doctor_first_line(struct doctor *d, const char *said)
{
	return pool_strndup(d->pool, said, strcspn(said, "\n"));
}

bool
doctor_values(struct doctor *d, const char *const argv[],
    const char **values, size_t n)
{
	const char *said, *line;
	const int status = doctor_run(d, argv, &said);
	const char *all = said;
	size_t got = 0, size;

	while (status == 0 && (line = line_next(&said, &size)) != NULL) {
		if (got < n)
			values[got] = pool_strndup(d->pool, line, size);
		got++;
	}
	if (got == n)
		return true;
	values[0] = doctor_first_line(d, all);
	return false;
}

/* -- the whole -- */

static void
run_check(struct doctor *d, const struct check *c, bool late)
{
	/* Whatever needs something needs the configuration. */
	const unsigned int missing =
	    (c->needs != 0 ? c->needs | HAVE_CONF : 0) & ~d->have;

	d->check = c->name;
	d->worst = SEVERITY_OK;
	if (missing != 0)
		doctor_tell(d, SEVERITY_SKIP, "", NULL, "not checked: %s",
		    why_not(missing));
	else if (late)
		doctor_tell(d, SEVERITY_SKIP, "", NULL,
		    "not checked: the others took too long");
	else
		c->run(d);
}

int
tool_doctor(struct tool *t)
{
	const int64_t until = clock_seconds() + ALL_SECONDS;
	struct doctor d = { .tool = t, .pool = pool_new() };
	int status;

	/* A name server that does not answer is not waited for long. */
	setenv("RES_OPTIONS", "timeout:1 attempts:1", 1);
	if (geteuid() == 0)
		d.have |= HAVE_ROOT;
	if (t->opt.json)
		d.told = json_array();
	for (size_t i = 0; i < NELEM(checks); i++)
		run_check(&d, &checks[i], clock_seconds() >= until);
	status = d.failed ? EXIT_REFUSED : EXIT_DONE;
	if (t->opt.json &&
	    json_answer(json_pack("{s:b, s:o}", "well", !d.failed, "checks",
		d.told)) != EXIT_DONE)
		status = EXIT_REFUSED;
	pool_free(&d.pool);
	return status;
}
