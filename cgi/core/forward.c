#include <stdio.h>
#include <string.h>

#include "core/admin.h"
#include "core/forward.h"
#include "core/history.h"
#include "core/import.h"
#include "core/routing.h"
#include "store/mlist.h"

/* A forward is of a domain and of no account: its line has no account. */
static enum result
record(struct store *s, const struct actor *who, const struct forward *f,
    enum event e, const struct targets *old, const struct targets *new)
{
	char from[TARGETS_TEXT], to[TARGETS_TEXT];

	routing_targets_text(old, from, sizeof(from));
	routing_targets_text(new, to, sizeof(to));
	return history_add_domain(s, who, f->domain, f->address, e, from, to);
}

static const struct targets none = { .n = 0 };

static enum result
check(struct store *s, const struct forward *fw, const char *field,
    struct targets *t, struct findings *f)
{
	struct target own;

	memcpy(own.local_part, fw->local_part, sizeof(own.local_part));
	memcpy(own.domain, fw->domain, sizeof(own.domain));
	return routing_check_targets(s, &own, field, NULL, t, f);
}

/* One that was given by the form or by its own rule. */
static bool
read_targets(const char *text, const char *field, struct targets *t,
    struct findings *f)
{
	if (text[strspn(text, " \t\r\n,")] == '\0') {
		finding_add(f, field, FAULT_TARGETS_NONE, NULL, NULL);
		return false;
	}
	return routing_parse_targets(text, TARGETS_MAX, field, t, f) ==
	    RES_OK;
}

enum result
forward_insert(struct store *s, const char *domain, const char *name,
    const char *targets, const char *field, const struct actor *who,
    struct findings *f)
{
	struct forward fw = { .created_at = who->now };
	struct targets t;
	struct domain d;
	enum result r;

	if ((r = store_domain(s, domain, &d)) != RES_OK)
		return r;
	fw.domain_id = d.id;
	snprintf(fw.local_part, sizeof(fw.local_part), "%s", name);
	snprintf(fw.domain, sizeof(fw.domain), "%s", domain);
	snprintf(fw.address, sizeof(fw.address), "%s@%s", name, domain);
	if (!read_targets(targets, field, &t, f) ||
	    !limit_allows(d.forwards, d.max_forwards, field, f))
		return RES_INVALID;
	if ((r = check(s, &fw, field, &t, f)) != RES_OK)
		return r;
	if ((r = store_forward_add(s, &fw)) == RES_CONFLICT) {
		finding_add(f, field, FAULT_NAME_IN_USE, fw.address, NULL);
		return RES_INVALID;
	}
	if (r != RES_OK || (r = store_set_targets(s, fw.id, &t)) != RES_OK)
		return r;
	return record(s, who, &fw, EVENT_FORWARD_ADDED, &none, &t);
}

/* All that is wrong with a new one, at its fields, before it is written. */
static enum result
check_new(struct store *s, const struct domain *d, const char *name,
    const char *targets, struct findings *f)
{
	struct forward fw = { .domain_id = d->id };
	struct targets t;
	enum result r = RES_OK;

	if (!address_local_part_ok(name))
		finding_add(f, "name", FAULT_NAME, name, NULL);
	else if ((r = store_address(s, name, d->name, NULL, NULL)) == RES_OK)
		finding_add(f, "name", FAULT_NAME_IN_USE, name, NULL);
	if (r != RES_OK && r != RES_NOTFOUND)
		return r;
	(void)limit_allows(d->forwards, d->max_forwards, "name", f);
	if (!read_targets(targets, "targets", &t, f) || f->n > 0)
		return RES_INVALID;
	snprintf(fw.local_part, sizeof(fw.local_part), "%s", name);
	snprintf(fw.domain, sizeof(fw.domain), "%s", d->name);
	return check(s, &fw, "targets", &t, f);
}

enum result
forward_add(struct store *s, const char *domain, const char *name,
    const char *targets, const struct actor *who, struct findings *f)
{
	char local_part[LOCAL_MAX + 1];
	struct targets t;
	struct domain d;
	enum result r;

	if ((r = domain_find(s, domain, &d)) != RES_OK ||
	    (r = import_sweep_quietly(s, d.id)) != RES_OK)
		return r;
	if (!address_in(name, d.name, "name", local_part, f)) {
		(void)read_targets(targets, "targets", &t, f);
		return RES_INVALID;
	}
	if ((r = store_begin(s)) != RES_OK)
		return r;
	if ((r = store_domain(s, d.name, &d)) == RES_OK &&
	    (r = check_new(s, &d, local_part, targets, f)) == RES_OK)
		r = forward_insert(
		    s, d.name, local_part, targets, "name", who, f);
	return store_end(s, r);
}

enum result
forward_find(struct store *s, const char *domain, const char *name,
    struct forward *fw, struct targets *t)
{
	struct domain d;
	enum result r;

	if ((r = domain_find(s, domain, &d)) != RES_OK ||
	    (r = store_forward(s, d.id, name, fw)) != RES_OK)
		return r;
	return store_targets(s, fw->id, t);
}

static bool
same_targets(const struct targets *a, const struct targets *b)
{
	char one[TARGETS_TEXT], other[TARGETS_TEXT];

	routing_targets_text(a, one, sizeof(one));
	routing_targets_text(b, other, sizeof(other));
	return strcmp(one, other) == 0;
}

static enum result
save(struct store *s, const char *domain, const char *name, int64_t version,
    struct targets *new, const struct actor *who, struct findings *f,
    bool *changed_r)
{
	struct forward fw;
	struct targets old;
	enum result r;

	if ((r = forward_find(s, domain, name, &fw, &old)) != RES_OK ||
	    (r = routing_settle(s, new)) != RES_OK)
		return r;
	/* The second click of a double click asks for what is there. */
	if (same_targets(&old, new))
		return RES_OK;
	if (version >= 0 && version != fw.version)
		return RES_CONFLICT;
	if ((r = check(s, &fw, "targets", new, f)) != RES_OK ||
	    (r = store_forward_touch(s, &fw)) != RES_OK ||
	    (r = store_set_targets(s, fw.id, new)) != RES_OK)
		return r;
	*changed_r = true;
	return record(s, who, &fw, EVENT_FORWARD_TARGETS, &old, new);
}

enum result
forward_save(struct store *s, const char *domain, const char *name,
    int64_t version, const char *targets, const struct actor *who,
    struct findings *f, bool *changed_r)
{
	struct targets t;
	bool unused;
	enum result r;

	if (changed_r == NULL)
		changed_r = &unused;
	*changed_r = false;
	if (!read_targets(targets, "targets", &t, f))
		return RES_INVALID;
	if ((r = store_begin(s)) != RES_OK)
		return r;
	r = save(s, domain, name, version, &t, who, f, changed_r);
	return store_end(s, r);
}

static bool
note(void *arg, const char *address)
{
	finding_add(arg, "confirm", FAULT_IN_USE_BY, address, NULL);
	return true;
}

static enum result
delete(struct store *s, const char *domain, const char *name,
    const struct actor *who, struct findings *f)
{
	struct forward fw;
	struct targets t;
	enum result r;

	if ((r = forward_find(s, domain, name, &fw, &t)) != RES_OK ||
	    (r = store_pointing_at(s, fw.local_part, fw.domain, note, f)) !=
		RES_OK)
		return r;
	if (f->n > 0)
		return RES_INVALID;
	if ((r = record(s, who, &fw, EVENT_FORWARD_DELETED, &t, &none)) !=
		RES_OK ||
	    (r = store_leaver_add(s, fw.address, who->now)) != RES_OK)
		return r;
	return store_address_delete(s, fw.id);
}

enum result
forward_delete(struct store *s, const char *domain, const char *name,
    const struct actor *who, struct findings *f)
{
	enum result r;

	if ((r = import_sweep_quietly(s, 0)) != RES_OK ||
	    (r = store_begin(s)) != RES_OK)
		return r;
	return store_end(s, delete(s, domain, name, who, f));
}
