/* fumibako init, domain ..., admin ... */
#include <string.h>

#include "core/domain.h"
#include "tool/tool.h"

int
tool_init(struct tool *t)
{
	const struct store_paths paths = { t->conf.users_db, t->conf.web_db,
		t->conf.mailstat_db };
	enum result r;

	if ((r = store_init(&paths)) == RES_OK &&
	    (r = store_open(&paths, BY_TOOL, &t->store)) == RES_OK)
		r = site_publish_networks(t->store, &t->campus);
	return tool_answer(t, r, "init", NULL);
}

int
tool_domain_add(struct tool *t)
{
	const char *host = t->opt.pop_host != NULL ? t->opt.pop_host : "";
	struct findings f = { .n = 0 };
	enum result r;

	r = domain_add(t->store, t->args[0], host, &t->actor, &f);
	return tool_answer(t, r, t->args[0], &f);
}

int
tool_admin_grant(struct tool *t)
{
	const char *domain = t->nargs == 2 ? t->args[1] : NULL;
	enum result r;

	/* Either a domain or the site, never by leaving something out. */
	if (t->opt.site == (domain != NULL))
		return tool_usage(t);
	r = admin_grant(t->store, t->args[0], domain, &t->actor);
	return tool_answer(t, r, t->args[0], NULL);
}
