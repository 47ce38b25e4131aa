/* ezmlm's lists, as qmailadmin makes them below a domain: ezmlm(5),
 * ezmlm-make(1). */
#include <string.h>
#include <unistd.h>

#include "migrate/ezmlm.h"

bool
vpop_is_list(const struct vpop *v, const char *name)
{
	enum why why;
	int dir = source_open(v->dir, name, &why);
	bool is = dir >= 0 && source_has_dir(dir, "subscribers");

	if (dir >= 0)
		close(dir);
	return is;
}

bool
vpop_is_of_list(const struct vpop *v, const char *file)
{
	static const char *const rest[] = { "", "-owner", "-default",
		"-return-default", "-accept-default", "-reject-default",
		"-confirm-default", "-discard-default", "-digest-owner",
		"-digest-return-default" };
	char *name = pool_printf(v->m->pool, "%s", file);

	for (char *c = name; *c != '\0'; c++)
		if (*c == ':')
			*c = '.';
	for (size_t i = 0; i < v->nlists; i++) {
		const size_t n = strlen(v->lists[i]);

		if (strncmp(name, v->lists[i], n) != 0)
			continue;
		for (size_t k = 0; k < NELEM(rest); k++)
			if (strcmp(name + n, rest[k]) == 0)
				return true;
	}
	return false;
}

/* A small file of the list; NULL: there is none that can be read. */
static const char *
read_small(struct ezmlm *e, int dir, const char *name, size_t *n)
{
	const char *bytes;
	enum why why;

	if (!source_read(e->v->m->pool, dir, name, VPOP_SMALL, &bytes, n,
		&why) ||
	    memchr(bytes, '\0', *n) != NULL)
		return NULL;
	return bytes;
}

/* Its first line as text, "" where there is none. */
static const char *
first_line(struct ezmlm *e, const char *name)
{
	size_t n;
	const char *bytes = read_small(e, e->dir, name, &n);
	struct piece line;

	if (bytes == NULL || !piece_line(&bytes, bytes + n, &line))
		return "";
	return pool_strndup(e->v->m->pool, line.s, line.n);
}

/* -- settings -- */

/* The first address that a .qmail file forwards to; NULL: none. */
static const char *
first_forward(struct ezmlm *e, int dir, const char *name)
{
	size_t n;
	const char *bytes = read_small(e, dir, name, &n), *end;
	struct piece line;

	if (bytes == NULL)
		return NULL;
	for (end = bytes + n; piece_line(&bytes, end, &line);) {
		struct qmail_line q = qmail_read(line.s, line.n);

		if (q.kind == QMAIL_FORWARD)
			return moving_text(e->v->m, q.text.s, q.text.n);
	}
	return NULL;
}

/* A letter of ezmlm-make's switches: small for on. */
static void
take_switches(struct ezmlm *e, const char *letters)
{
	struct mlist_form *f = e->p->form;

	e->moderated = strchr(letters, 'm') != NULL;
	e->joining_moderated = strchr(letters, 's') != NULL;
	f->archive = strchr(letters, 'a') != NULL ? "on" : "";
	if (strchr(letters, 'P') != NULL)
		f->subscription = subscription_text(SUB_CLOSED);
	else if (e->joining_moderated)
		f->subscription = subscription_text(SUB_APPROVAL);
	else
		f->subscription = subscription_text(SUB_CONFIRM);
	if (e->moderated)
		f->posting = posting_text(strchr(letters, 'o') != NULL ?
			POSTING_MODERATORS :
			POSTING_MODERATORS_MODERATED);
	else
		f->posting = posting_text(strchr(letters, 'u') != NULL ?
			POSTING_MEMBERS :
			POSTING_ANYONE);
}

/* Without a config file its directory says the same. */
static void
guess_switches(struct ezmlm *e)
{
	size_t n;
	const char *editor = read_small(e, e->dir, "editor", &n);
	char letters[8] = "";
	size_t at = 0;

	if (editor != NULL && strstr(editor, "ezmlm-issubn") != NULL)
		letters[at++] = 'u';
	if (faccessat(e->dir, "modpost", F_OK, 0) == 0)
		letters[at++] = 'm';
	if (faccessat(e->dir, "modsub", F_OK, 0) == 0)
		letters[at++] = 's';
	if (faccessat(e->dir, "archived", F_OK, 0) == 0)
		letters[at++] = 'a';
	if (faccessat(e->dir, "public", F_OK, 0) != 0)
		letters[at++] = 'P';
	letters[at] = '\0';
	take_switches(e, letters);
}

static void
read_config(struct ezmlm *e)
{
	size_t n;
	const char *bytes = read_small(e, e->dir, "config", &n), *end;
	bool switches = false;
	struct piece line;

	if (bytes != NULL)
		for (end = bytes + n; piece_line(&bytes, end, &line);) {
			if (line.n > 2 && memcmp(line.s, "F:", 2) == 0) {
				take_switches(e, pool_strndup(e->v->m->pool,
				    line.s + 2, line.n - 2));
				switches = true;
			} else if (line.n > 2 &&
			    memcmp(line.s, "5:", 2) == 0) {
				e->p->form->owner = moving_text(
				    e->v->m, line.s + 2, line.n - 2);
			}
		}
	if (!switches)
		guess_switches(e);
}

static void
read_texts(struct ezmlm *e)
{
	struct mlist_form *f = e->p->form;
	const char *prefix = first_line(e, "prefix"), *text;
	enum why why;
	size_t n;
	int dir = source_open(e->dir, "text", &why);

	if (prefix[0] != '\0')
		f->prefix = prefix;
	text = read_small(e, e->dir, "headeradd", &n);
	if (text != NULL && strcasestr(text, "reply-to:") != NULL &&
	    (strcasestr(text, e->p->address) != NULL ||
		strcasestr(text, "<#l#>@<#h#>") != NULL))
		f->reply_to = "list";
	if (dir < 0)
		return;
	if (faccessat(e->dir, "addtrailer", F_OK, 0) == 0)
		f->footer = read_small(e, dir, "trailer", &n);
	close(dir);
}

static void
read_owner(struct ezmlm *e)
{
	struct mlist_form *f = e->p->form;

	if (f->owner == NULL)
		f->owner = first_forward(e, e->v->dir,
		    pool_printf(
			e->v->m->pool, ".qmail-%s-owner", e->name));
	if (f->owner == NULL)
		f->owner = first_forward(e, e->dir, "owner");
	if (f->owner == NULL)
		f->owner = ""; /* apply.c names the postmaster */
}

/* -- the list -- */

static void
tell_files(struct ezmlm *e)
{
	static const char *const derived[] = { "Log", "addtrailer",
		"archived", "bounce", "bouncer", "charset", "config",
		"digcount", "digest", "dignum", "digissue", "digtime",
		"editor", "ezmlmrc", "flags", "headeradd", "headerremove",
		"indexed", "inhost", "inlocal", "issub", "key", "lock",
		"lockbounce", "mailinglist", "manager", "mimeremove", "mod",
		"moderator", "modpost", "modsub", "num", "outhost",
		"outlocal", "owner", "prefix", "public", "qmqpservers",
		"remote", "subscribers", "text", "tstdig", "allow", "deny",
		"blacklist" };
	struct seen_name *list;
	size_t n;

	if (!source_list(e->v->m->pool, e->dir, &list, &n))
		return;
	for (size_t i = 0; i < n; i++) {
		bool known = false;

		for (size_t k = 0; k < NELEM(derived); k++)
			known |= strcmp(list[i].name, derived[k]) == 0;
		moving_tell(e->v->m, ezmlm_where(e, list[i].name),
		    e->p->address, known ? OUT_DONE : OUT_REFUSED,
		    known ? WHY_DERIVED :
			strcmp(list[i].name, "archive") == 0 ? WHY_ARCHIVE :
							       WHY_UNKNOWN,
		    NULL);
	}
}

static void
read_list(struct ezmlm *e)
{
	read_config(e);
	read_texts(e);
	read_owner(e);
	tell_files(e);
	ezmlm_subscribers(e);
	if (e->moderators_n > 0)
		e->p->form->moderators =
		    pool_printf(e->v->m->pool, "%s", e->moderators);
}

static void
find_list(struct vpop *v, struct ezmlm *e)
{
	struct pool *pool = v->m->pool;
	const char *local = first_line(e, "outlocal");
	struct findings unused = { .n = 0 };
	char clean[LOCAL_MAX + 1];

	if (!address_in(local, v->domain->name, "name", clean, &unused))
		local = e->name;
	e->p = moving_add(
	    v->m, vpop_where(v, e->name), KIND_LIST, v->domain, local);
	if (e->p == NULL)
		return;
	e->p->form = pool_alloc(pool, sizeof(*e->p->form));
	v->lists = moving_grow(
	    pool, v->lists, v->nlists, &v->lists_size, sizeof(*v->lists));
	v->lists[v->nlists++] = e->p->local_part;
	read_list(e);
}

void
vpop_lists(struct vpop *v)
{
	for (size_t i = 0; i < v->n; i++) {
		struct ezmlm *e;
		enum why why;

		if (v->names[i].as != SEEN_DIR ||
		    vpop_is_account(v, v->names[i].name) ||
		    !vpop_is_list(v, v->names[i].name))
			continue;
		e = pool_alloc(v->m->pool, sizeof(*e));
		e->v = v;
		e->name = v->names[i].name;
		if ((e->dir = source_open(v->dir, e->name, &why)) < 0)
			continue;
		find_list(v, e);
		close(e->dir);
	}
}
