/* fumibako account ... */
#include <string.h>

#include "core/domain.h"
#include "core/listing.h"
#include "core/routing.h"
#include "tool/tool.h"

#define MB (1024LL * 1024)

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
		.quota_mb = t->opt.quota_mb,
	};
	struct findings f = { .n = 0 };
	enum result r = RES_INVALID;
	int64_t unused;
	int status;

	if ((status = password_of(t, line, sizeof(line), &new.password)) !=
	    EXIT_DONE)
		return status;
	/* An empty one is the default in a form; here it is a slip. */
	if (new.quota_mb == NULL || quota_parse(new.quota_mb, &unused, &f))
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
	const struct account_set set = {
		.real_name = t->opt.real_name,
		.routing = t->opt.routing,
		.forward_to = t->opt.forward_to,
		.keep_copy = t->opt.keep_copy,
		.quota_mb = t->opt.quota_mb,
	};
	struct findings f = { .n = 0 };
	enum result r;

	if (set.forward_to != NULL && set.routing != NULL &&
	    strcmp(set.routing, routing_text(ROUTING_FORWARD)) != 0)
		return tool_usage(t);
	r = account_set(t->store, t->args[0], &set, &t->actor, &f);
	return tool_answer(t, r, t->args[0], &f);
}

int
tool_account_delete(struct tool *t)
{
	const char *leave = t->opt.leave_forward_to;
	struct findings f = { .n = 0 };
	struct account a;
	enum result r;

	/* Given, but empty, is not "none". */
	if (leave != NULL && leave[strspn(leave, " \t\r\n,")] == '\0')
		return tool_usage(t);
	if ((r = account_find(t->store, t->args[0], &a)) == RES_OK)
		r = account_delete(t->store, &a, NULL,
		    leave != NULL ? leave : "", &t->actor, &f);
	return tool_answer(t, r, t->args[0], &f);
}

/* -- showing -- */

static json_t *
json_of_account(const struct account *a, const struct targets *targets)
{
	return json_pack("{s:s, s:s, s:b, s:s, s:b, s:o, s:I, s:I, s:I}",
	    "address", a->address, "real_name", a->real_name,
	    "initial_password", a->initial, "routing",
	    routing_text(a->routing), "keep_copy", a->keep_copy, "forward_to",
	    json_of_targets(targets), "quota_bytes",
	    (json_int_t)a->quota_bytes, "created_at",
	    (json_int_t)a->created_at, "password_at",
	    (json_int_t)a->password_at);
}

static void
show_text(const struct account *a, const struct targets *targets)
{
	char forward_to[TARGETS_TEXT];

	routing_targets_text(targets, forward_to, sizeof(forward_to));
	printf("address: %s\nreal name: %s\npassword: %s\nrouting: %s%s%s\n"
	       "keeps a copy: %s\nquota: %lld MB\n",
	    a->address, a->real_name, a->initial ? "initial" : "chosen",
	    routing_text(a->routing), targets->n > 0 ? " to " : "",
	    forward_to, a->keep_copy ? "yes" : "no",
	    (long long)(a->quota_bytes / MB));
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
		return json_answer(json_of_account(&a, &targets));
	show_text(&a, &targets);
	return EXIT_DONE;
}

/* -- the accounts of a domain -- */

static void
list_json(struct rows *rows, const struct listed *l)
{
	const struct mailbox_usage *u = &l->usage;
	json_t *o = json_of_account(&l->account, &l->targets);

	json_object_set_new(o, "used_bytes",
	    u->known ? json_integer(u->bytes) : json_null());
	json_object_set_new(o, "messages",
	    u->known ? json_integer(u->messages) : json_null());
	json_object_set_new(o, "last_login",
	    u->last_login != 0 ? json_integer(u->last_login) : json_null());
	rows_json(rows, o);
}

static void
list_text(struct rows *rows, const struct listed *l)
{
	const struct account *a = &l->account;
	char used[24] = "?", forward_to[TARGETS_TEXT];
	FILE *to = rows_line(rows);

	if (l->usage.known)
		snprintf(used, sizeof(used), "%lld",
		    (long long)(l->usage.bytes / MB));
	routing_targets_text(&l->targets, forward_to, sizeof(forward_to));
	fprintf(to, "%s\t%s\t%s%s%s%s\t%s/%lld MB\t", a->address,
	    a->initial ? "initial" : "chosen", routing_text(a->routing),
	    l->targets.n > 0 ? " to " : "", forward_to,
	    a->keep_copy ? ", keeps a copy" : "", used,
	    (long long)(a->quota_bytes / MB));
	tool_print(to, a->real_name);
	fputc('\n', to);
}

static void
list_row(void *arg, const struct listed *l)
{
	struct rows *rows = arg;

	if (rows->tool->opt.json)
		list_json(rows, l);
	else
		list_text(rows, l);
}

int
tool_account_list(struct tool *t)
{
	struct domain d;
	struct listing_query q = { .domain = &d, .q = "", .after = "",
		.before = "", .max = ROWS_PAGE };
	struct listing page = { .more_after = true };
	struct rows rows = { .tool = t };
	enum result r;

	if (t->opt.filter != NULL &&
	    !filter_of_text(t->opt.filter, &q.filter))
		return tool_usage(t);
	if (t->opt.search != NULL)
		q.q = t->opt.search;
	r = domain_find(t->store, t->args[0], &d);
	while (r == RES_OK && page.more_after) {
		char after[CURSOR_SIZE];

		memcpy(after, page.last, sizeof(after));
		q.after = after;
		rows_begin(&rows, t);
		r = listing_page(t->store, &q, list_row, &rows, &page);
		if (!rows_write(&rows))
			break;
	}
	return rows_answer(&rows, r, t->args[0]);
}
