/* .qmail files: where the mail of an account or of an alias goes. */
#include <string.h>

#include "migrate/vpop.h"

/* What the lines of one file come to. */
struct route {
	bool mailbox, program, vacation, discard, any;
};

/* "…/DOMAIN/taro/Maildir/" is the mailbox of taro: his name, or NULL. */
static const char *
owner_of(struct vpop *v, struct piece path)
{
	char *s = pool_strndup(v->m->pool, path.s, path.n), *slash;
	const struct place *p;

	while (path.n > 0 && s[path.n - 1] == '/')
		s[--path.n] = '\0';
	if ((slash = strrchr(s, '/')) == NULL ||
	    strcmp(slash, "/Maildir") != 0)
		return NULL;
	*slash = '\0';
	if ((slash = strrchr(s, '/')) == NULL ||
	    strcasestr(s, pool_printf(v->m->pool, "/%s/", v->domain->name)) ==
		NULL)
		return NULL;
	p = moving_find(v->m, slash + 1, v->domain->name);
	return p != NULL && p->kind == KIND_ACCOUNT ? p->local_part : NULL;
}

static void
take_program(struct vpop *v, struct place *p, struct where at,
    struct piece command, struct route *r)
{
	const struct piece name = qmail_program(command);
	const char *text = moving_text(v->m, name.s, name.n);

	if (piece_is(name, "true")) {
		r->discard = true;
		moving_tell_of(v->m, p, at, OUT_DONE, WHY_READ, text);
	} else if (piece_is(name, "vdelivermail")) {
		r->mailbox = true;
		moving_tell_of(v->m, p, at, OUT_DONE, WHY_READ, text);
	} else if (piece_is(name, "autorespond") ||
	    piece_is(name, "vacation")) {
		r->vacation = true;
		moving_tell_of(v->m, p, at, OUT_CHANGED, WHY_VACATION, NULL);
	} else {
		r->program = true;
		moving_tell_of(v->m, p, at, OUT_CHANGED, WHY_PROGRAM, text);
	}
}

static void
take_file(struct vpop *v, struct place *p, struct where at,
    struct piece path, struct route *r)
{
	const char *text = moving_text(v->m, path.s, path.n);
	const char *owner = owner_of(v, path);

	if (owner != NULL && strcmp(owner, p->local_part) != 0) {
		moving_target(v->m, p, at,
		    pool_printf(v->m->pool, "%s@%s", owner, v->domain->name));
		return;
	}
	/* "./Maildir/" is one's own, and so is what looks like it. */
	if (owner != NULL || (p->kind == KIND_ACCOUNT &&
	    (strcmp(text, "./Maildir/") == 0 ||
		strcmp(text, "./Maildir") == 0))) {
		r->mailbox = true;
		moving_tell_of(v->m, p, at, OUT_DONE, WHY_READ, text);
		return;
	}
	r->program = true;
	moving_tell_of(v->m, p, at, OUT_CHANGED, WHY_UNKNOWN, text);
}

static void
take_line(struct vpop *v, struct place *p, struct where at,
    struct piece line, struct route *r)
{
	struct qmail_line q = qmail_read(line.s, line.n);

	r->any |= q.kind != QMAIL_BLANK;
	switch (q.kind) {
	case QMAIL_BLANK:
	case QMAIL_COMMENT:
		moving_tell_of(v->m, p, at, OUT_DONE, WHY_COMMENT, NULL);
		break;
	case QMAIL_PROGRAM:
		take_program(v, p, at, q.text, r);
		break;
	case QMAIL_FORWARD:
		moving_target(v->m, p, at,
		    pool_strndup(v->m->pool, q.text.s, q.text.n));
		break;
	case QMAIL_FILE:
		take_file(v, p, at, q.text, r);
		break;
	case QMAIL_WRONG:
		r->program = true;
		moving_tell_of(v->m, p, at, OUT_CHANGED, WHY_FIELDS, NULL);
		break;
	}
}

static struct route
take_all(struct vpop *v, struct place *p, struct where at, const char *bytes,
    size_t n)
{
	const char *end = bytes + n;
	struct route r = { .any = false };
	struct piece line;

	while (piece_line(&bytes, end, &line)) {
		at.line++;
		if (!piece_has_control(line)) {
			take_line(v, p, at, line, &r);
			continue;
		}
		r.any = r.program = true;
		moving_tell_of(v->m, p, at, OUT_CHANGED, WHY_CONTROL, NULL);
	}
	return r;
}

void
vpop_account_qmail(struct vpop *v, struct place *p, struct where at,
    const char *bytes, size_t n)
{
	const struct route r = take_all(v, p, at, bytes, n);
	const bool kept = r.mailbox || r.program || r.vacation || p->lost;

	p->routing = ROUTING_MAILBOX;
	if (p->ntargets > 0) {
		p->routing = ROUTING_FORWARD;
		/* A program may have been what kept the mail. */
		p->keep_copy = kept;
	} else if (r.any && !kept) {
		/* Instructions, and none that delivers (dot-qmail(5)). */
		p->routing = ROUTING_DISCARD;
	}
	moving_tell_of(v->m, p, at, OUT_DONE, WHY_READ, NULL);
}

/* -- .qmail-NAME -- */

static void
take_default(
    struct vpop *v, struct where at, const char *bytes, size_t n)
{
	const char *end = bytes + n;
	struct piece line, word;
	struct qmail_line q;
	enum outcome o;
	enum why why;

	while (piece_line(&bytes, end, &line)) {
		at.line++;
		q = qmail_read(line.s, line.n);
		word = qmail_last_word(q.text);
		o = OUT_REFUSED;
		why = WHY_CATCHALL;
		if (q.kind == QMAIL_BLANK || q.kind == QMAIL_COMMENT) {
			o = OUT_DONE;
			why = WHY_COMMENT;
		} else if (q.kind == QMAIL_PROGRAM &&
		    piece_is(qmail_program(q.text), "vdelivermail")) {
			if (piece_is(word, "bounce-no-mailbox")) {
				o = OUT_DONE;
				why = WHY_UNKNOWN_BOUNCES;
			} else if (piece_is(word, "delete")) {
				o = OUT_CHANGED;
				why = WHY_UNKNOWN_BOUNCES;
			}
		}
		moving_tell(v->m, at,
		    pool_printf(v->m->pool, "@%s", v->domain->name), o, why,
		    moving_text(v->m, word.s, word.n));
	}
}

/* Of an account that is there: qmail looks at this file first. */
static void
take_over(struct vpop *v, struct place *p, struct where at, const char *bytes,
    size_t n)
{
	if (p->ntargets > 0 || p->routing != ROUTING_MAILBOX)
		moving_tell_of(v->m, p, p->at, OUT_CHANGED, WHY_OVERRIDDEN,
		    at.file);
	p->ntargets = 0;
	p->keep_copy = false;
	vpop_account_qmail(v, p, at, bytes, n);
}

static void
take_alias(struct vpop *v, struct where at, const char *local,
    const char *bytes, size_t n)
{
	struct place *p = moving_find(v->m, local, v->domain->name);
	struct route r;

	if (p != NULL && p->kind == KIND_ACCOUNT) {
		take_over(v, p, at, bytes, n);
		return;
	}
	if ((p = moving_add(v->m, at, KIND_FORWARD, v->domain, local)) ==
	    NULL)
		return;
	r = take_all(v, p, at, bytes, n);
	if (p->ntargets > 0)
		return;
	p->fate = FATE_REFUSED;
	moving_tell_of(v->m, p, at, OUT_REFUSED,
	    r.vacation	? WHY_VACATION :
		r.program ? WHY_PROGRAM :
		n == 0	? WHY_EMPTY :
			  WHY_DISCARD,
	    NULL);
}

static void
read_alias(struct vpop *v, const struct seen_name *e)
{
	struct where at = vpop_where(v, e->name);
	const char *bytes, *name = e->name + 7;
	const size_t len = strlen(name);
	char *local;
	enum why why;
	size_t n;

	if (vpop_is_of_list(v, name)) {
		moving_tell(v->m, at, "", OUT_DONE, WHY_DERIVED, NULL);
		return;
	}
	if (!source_read(v->m->pool, v->dir, e->name, VPOP_SMALL, &bytes, &n,
		&why)) {
		source_tell(v->m, at, "", why, VPOP_SMALL);
		return;
	}
	if (strcmp(name, "default") == 0) {
		take_default(v, at, bytes, n);
		return;
	}
	if (len > 8 && strcmp(name + len - 8, "-default") == 0) {
		moving_tell(v->m, at, "", OUT_REFUSED, WHY_CATCHALL,
		    moving_text(v->m, name, len));
		return;
	}
	/* qmail-local makes capitals small, and dots colons, before it looks:
	 * what has them is never found. */
	if (name[strcspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ.")] != '\0') {
		moving_tell(v->m, at, "", OUT_REFUSED, WHY_UNREACHED, NULL);
		return;
	}
	local = pool_strndup(v->m->pool, name, len);
	for (char *c = local; *c != '\0'; c++)
		if (*c == ':')
			*c = '.';
	take_alias(v, at, local, bytes, n);
}

void
vpop_aliases(struct vpop *v)
{
	for (size_t i = 0; i < v->n; i++)
		if (strncmp(v->names[i].name, ".qmail-", 7) == 0)
			read_alias(v, &v->names[i]);
}
