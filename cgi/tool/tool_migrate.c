/* fumibako migrate ... */
#include <stdio.h>

#include "migrate/apply.h"
#include "migrate/postfixadmin.h"
#include "migrate/vpopmail.h"
#include "tool/tool.h"
#include "tool/tool_migrate.h"

/* What was read is written, and told. */
static int
move(struct tool *t, struct moving *m)
{
	const struct moving_options o = { t->opt.dry_run,
		t->conf.lists_socket, t->login.hash_cost, &t->actor };
	bool engine;
	enum result r = moving_apply(t->store, m, &o, &engine);
	int status;

	if (r != RES_OK && !engine) {
		fprintf(stderr, "%s: nothing was moved\n", t->args[0]);
		return tool_answer(t, r, t->args[0], NULL);
	}
	moving_sort(m);
	status = t->opt.mail_list ? migrate_mail_list(t, m) :
				    migrate_report(t, m);
	if (r != RES_OK) {
		fputs("members of mailing lists are missing; when "
		      "fumibako-lists runs, say it again\n",
		    stderr);
		return EXIT_BUSY;
	}
	return status;
}

int
tool_migrate_vpopmail(struct tool *t)
{
	struct pool *pool = pool_new();
	struct moving m;
	int status = EXIT_REFUSED;

	moving_begin(&m, pool);
	switch (vpopmail_read(&m, t->args[0])) {
	case RES_OK:
		status = move(t, &m);
		break;
	case RES_INVALID:
		fprintf(stderr, "%s: no domain of vpopmail is in it\n",
		    t->args[0]);
		break;
	case RES_NOTFOUND:
	case RES_CONFLICT:
	case RES_DENIED:
	case RES_BUSY:
	case RES_FAIL:
		perror(t->args[0]);
		break;
	}
	pool_free(&pool);
	return status;
}

int
tool_migrate_postfixadmin(struct tool *t)
{
	struct pool *pool = pool_new();
	const char *why = NULL;
	struct moving m;
	int status = EXIT_REFUSED;

	moving_begin(&m, pool);
	switch (postfixadmin_read(&m, t->args[0], &why)) {
	case RES_OK:
		status = move(t, &m);
		break;
	case RES_BUSY:
		fprintf(stderr, "%s: is locked; try again\n", t->args[0]);
		status = EXIT_BUSY;
		break;
	case RES_INVALID:
		fprintf(stderr, "%s: %s\n", t->args[0], why);
		break;
	case RES_NOTFOUND:
	case RES_CONFLICT:
	case RES_DENIED:
	case RES_FAIL:
		perror(t->args[0]);
		break;
	}
	pool_free(&pool);
	return status;
}
