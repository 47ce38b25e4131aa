/* fumibako account ... */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "core/routing.h"
#include "tool/tool.h"

/* --quota-mb N; false: no such size.  0 when it was not given. */
static bool
quota_of(const struct tool *t, int64_t *bytes_r, struct findings *f)
{
	const char *s = t->opt.quota_mb;
	char *end;
	long long n;

	*bytes_r = 0;
	if (s == NULL)
		return true;
	errno = 0;
	n = strtoll(s, &end, 10);
	if (s[0] < '0' || s[0] > '9' || *end != '\0' || errno != 0 || n < 1 ||
	    n > 1024LL * 1024) {
		finding_add(f, "quota_mb", FAULT_QUOTA, s, NULL);
		return false;
	}
	*bytes_r = n * 1024LL * 1024;
	return true;
}

/* The password from standard input where --stdin asks for it. */
static int
password_of(const struct tool *t, char *line, size_t size,
    const char **password_r)
{
	*password_r = NULL;
	if (!t->opt.from_stdin)
		return EXIT_DONE;
	*password_r = tool_read_password(line, size);
	return *password_r != NULL ? EXIT_DONE : EXIT_REFUSED;
}

/* What became of it; a generated password is told once, and all are wiped. */
static int
answer(struct tool *t, enum result r, const struct findings *f, char *line,
    size_t size, char generated[PASSWD_GENERATED])
{
	if (r == RES_OK && generated[0] != '\0')
		printf("%s\n", generated);
	explicit_bzero(line, size);
	explicit_bzero(generated, PASSWD_GENERATED);
	return tool_answer(t, r, t->args[0], f);
}

int
tool_account_add(struct tool *t)
{
	char line[1024] = "", generated[PASSWD_GENERATED] = "";
	struct account_new new = {
		.address = t->args[0],
		.real_name = t->opt.real_name != NULL ? t->opt.real_name : "",
	};
	struct findings f = { .n = 0 };
	enum result r = RES_INVALID;
	int status;

	if ((status = password_of(t, line, sizeof(line), &new.password)) !=
	    EXIT_DONE)
		return status;
	if (quota_of(t, &new.quota_bytes, &f))
		r = account_add(
		    t->store, &t->login, &new, &t->actor, &f, generated);
	return answer(t, r, &f, line, sizeof(line), generated);
}

int
tool_account_passwd(struct tool *t)
{
	char line[1024] = "", generated[PASSWD_GENERATED] = "";
	struct findings f = { .n = 0 };
	const char *password;
	enum result r;
	int status;

	if ((status = password_of(t, line, sizeof(line), &password)) !=
	    EXIT_DONE)
		return status;
	r = account_set_password(t->store, &t->login, t->args[0], password,
	    t->opt.initial, &t->actor, &f, generated);
	return answer(t, r, &f, line, sizeof(line), generated);
}

int
tool_account_set(struct tool *t)
{
	struct account_set set = {
		.real_name = t->opt.real_name,
		.routing = t->opt.routing,
		.forward_to = t->opt.forward_to,
		.keep_copy = t->opt.keep_copy,
	};
	struct findings f = { .n = 0 };
	enum result r = RES_INVALID;

	if (set.forward_to != NULL && set.routing != NULL &&
	    strcmp(set.routing, routing_text(ROUTING_FORWARD)) != 0)
		return tool_usage(t);
	if (quota_of(t, &set.quota_bytes, &f))
		r = account_set(t->store, t->args[0], &set, &t->actor, &f);
	return tool_answer(t, r, t->args[0], &f);
}

static void
show_json(const struct account *a, const struct targets *targets)
{
	json_t *forward_to = json_array(), *o;

	for (size_t i = 0; i < targets->n; i++)
		json_array_append_new(forward_to,
		    json_sprintf("%s@%s", targets->list[i].local_part,
			targets->list[i].domain));
	o = json_pack("{s:s, s:s, s:b, s:s, s:b, s:o, s:I, s:I, s:I}",
	    "address", a->address, "real_name", a->real_name,
	    "initial_password", a->initial, "routing",
	    routing_text(a->routing), "keep_copy", a->keep_copy, "forward_to",
	    forward_to, "quota_bytes", (json_int_t)a->quota_bytes,
	    "created_at", (json_int_t)a->created_at, "password_at",
	    (json_int_t)a->password_at);
	json_dumpf(o, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(o);
}

static void
show_text(const struct account *a, const struct targets *targets)
{
	char forward_to[TARGETS_MAX * 330];

	routing_targets_text(targets, forward_to, sizeof(forward_to));
	printf("address: %s\nreal name: %s\npassword: %s\nrouting: %s%s%s\n"
	       "keeps a copy: %s\nquota: %lld MB\n",
	    a->address, a->real_name, a->initial ? "initial" : "chosen",
	    routing_text(a->routing), targets->n > 0 ? " to " : "",
	    forward_to, a->keep_copy ? "yes" : "no",
	    (long long)(a->quota_bytes / (1024LL * 1024)));
}

int
tool_account_show(struct tool *t)
{
	struct account a;
	struct targets targets;
	enum result r;

	if ((r = account_find(t->store, t->args[0], &a)) != RES_OK ||
	    (r = account_targets(t->store, &a, &targets)) != RES_OK)
		return tool_answer(t, r, t->args[0], NULL);
	if (t->opt.json)
		show_json(&a, &targets);
	else
		show_text(&a, &targets);
	return EXIT_DONE;
}
