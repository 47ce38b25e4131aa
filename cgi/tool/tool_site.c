/* fumibako init, admin ... */
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

/* Either a domain (NULL: the site), never by leaving something out. */
static bool
over_what(const struct tool *t, const char **domain_r)
{
	*domain_r = t->nargs == 2 ? t->args[1] : NULL;
	return t->opt.site == (*domain_r == NULL);
}

int
tool_admin_grant(struct tool *t)
{
	const char *domain;
	enum result r;

	if (!over_what(t, &domain))
		return tool_usage(t);
	r = admin_grant(t->store, t->args[0], domain, &t->actor);
	return tool_answer(t, r, t->args[0], NULL);
}

int
tool_admin_revoke(struct tool *t)
{
	struct findings f = { .n = 0 };
	const char *domain;
	enum result r;

	if (!over_what(t, &domain))
		return tool_usage(t);
	r = admin_revoke(t->store, t->args[0], domain, &t->actor, &f);
	return tool_answer(t, r, t->args[0], &f);
}
