/* fumibako domain ... */
#include <string.h>

#include "core/address.h"
#include "core/domain.h"
#include "tool/tool.h"

#define MB (1024LL * 1024)

static struct domain_form
form_of(const struct tool *t)
{
	return (struct domain_form){
		.pop_host = t->opt.pop_host,
		.max_accounts = t->opt.max_accounts,
		.max_forwards = t->opt.max_forwards,
		.max_lists = t->opt.max_lists,
		.default_quota_mb = t->opt.default_quota_mb,
		.enabled = t->opt.enabled,
	};
}

int
tool_domain_add(struct tool *t)
{
	const struct domain_form form = form_of(t);
	struct findings f = { .n = 0 };
	char name[DOMAIN_MAX + 1];
	enum result r;

	r = domain_add(t->store, t->args[0], &form, &t->actor, &f);
	if (r == RES_OK && address_domain_clean(t->args[0], name))
		fprintf(stderr,
		    "%s@%s has been created; `fumibako account passwd %s@%s`"
		    " hands out its initial password\n",
		    POSTMASTER, name, POSTMASTER, name);
	return tool_answer(t, r, t->args[0], &f);
}

int
tool_domain_set(struct tool *t)
{
	const struct domain_form form = form_of(t);
	struct findings f = { .n = 0 };
	struct domain d;
	enum result r;

	if ((r = domain_find(t->store, t->args[0], &d)) == RES_OK)
		r = domain_save(
		    t->store, d.name, -1, &form, NULL, &t->actor, &f);
	return tool_answer(t, r, t->args[0], &f);
}

int
tool_domain_delete(struct tool *t)
{
	struct findings f = { .n = 0 };
	enum result r = domain_delete(
	    t->store, t->args[0], t->opt.force, &t->actor, &f);

	if (r == RES_CONFLICT) {
		fprintf(stderr, "%s: an import is running; try again\n",
		    t->args[0]);
		return EXIT_BUSY;
	}
	return tool_answer(t, r, t->args[0], &f);
}

/* -- showing -- */

static json_t *
json_of_domain(const struct domain *d)
{
	return json_pack("{s:s, s:s, s:b, s:I, s:I, s:I, s:o, s:o, s:o, s:I,"
			 " s:I, s:I, s:I, s:I}",
	    "name", d->name, "pop_host", d->pop_host, "enabled", d->enabled,
	    "accounts", (json_int_t)d->accounts, "forwards",
	    (json_int_t)d->forwards, "lists", (json_int_t)d->lists,
	    "max_accounts", json_of_limit(d->max_accounts), "max_forwards",
	    json_of_limit(d->max_forwards), "max_lists",
	    json_of_limit(d->max_lists), "default_quota_bytes",
	    (json_int_t)d->default_quota_bytes, "initial_passwords",
	    (json_int_t)d->initial, "discarding", (json_int_t)d->discarding,
	    "forwarding", (json_int_t)d->forwarding, "quota_bytes",
	    (json_int_t)d->quota_bytes);
}

static void
show_count(const char *name, int64_t n, int64_t max)
{
	printf("%s: %lld", name, (long long)n);
	if (max != NO_LIMIT)
		printf(" of at most %lld", (long long)max);
	putchar('\n');
}

static void
show_text(const struct domain *d, const struct domain_usage *u)
{
	printf("domain: %s\npop host: %s\nenabled: %s\n", d->name,
	    d->pop_host, d->enabled ? "yes" : "no");
	show_count("accounts", d->accounts, d->max_accounts);
	show_count("forwards", d->forwards, d->max_forwards);
	show_count("lists", d->lists, d->max_lists);
	printf("default quota: %lld MB\ninitial passwords: %lld\n"
	       "discarding: %lld\nforwarding: %lld\n",
	    (long long)(d->default_quota_bytes / MB), (long long)d->initial,
	    (long long)d->discarding, (long long)d->forwarding);
	if (u->known)
		printf("used: %lld of %lld MB\n", (long long)(u->bytes / MB),
		    (long long)(d->quota_bytes / MB));
}

static bool
add_admin(void *arg, int64_t account_id, const char *address)
{
	(void)account_id;
	json_array_append_new(arg, json_string(address));
	return true;
}

int
tool_domain_show(struct tool *t)
{
	json_t *admins = json_array(), *o;
	struct domain_usage u;
	struct domain d;
	enum result r;

	if ((r = domain_find(t->store, t->args[0], &d)) != RES_OK ||
	    (r = domain_admins(t->store, &d, add_admin, admins)) != RES_OK) {
		json_decref(admins);
		return tool_answer(t, r, t->args[0], NULL);
	}
	domain_usage(t->store, &d, &u);
	if (t->opt.json) {
		o = json_of_domain(&d);
		json_object_set_new(o, "used_bytes",
		    u.known ? json_integer(u.bytes) : json_null());
		json_object_set_new(o, "administrators", admins);
		return json_answer(o);
	}
	show_text(&d, &u);
	for (size_t i = 0; i < json_array_size(admins); i++)
		printf("administrator: %s\n",
		    json_string_value(json_array_get(admins, i)));
	json_decref(admins);
	return EXIT_DONE;
}

static bool
list_row(void *arg, const struct domain *d)
{
	struct rows *rows = arg;

	if (rows->tool->opt.json)
		rows_json(rows, json_of_domain(d));
	else
		fprintf(rows_line(rows), "%s\t%s\t%lld\t%lld\t%lld\t%s\n",
		    d->name, d->enabled ? "enabled" : "disabled",
		    (long long)d->accounts, (long long)d->forwards,
		    (long long)d->lists, d->pop_host);
	return true;
}

int
tool_domain_list(struct tool *t)
{
	struct rows rows = { .tool = t };
	enum result r;

	rows_begin(&rows, t);
	r = domain_list(t->store, NULL, list_row, &rows);
	(void)!rows_write(&rows);
	return rows_answer(&rows, r, "domains");
}
