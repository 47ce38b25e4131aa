#include <string.h>

#include "core/admin.h"
#include "core/forward.h"
#include "core/history.h"
#include "core/import.h"
#include "core/leave.h"
#include "core/routing.h"
#include "store/mlist.h"

static enum result
check_may_go(struct store *s, const struct account *a,
    const struct account *admin, const char *field, struct findings *f)
{
	enum fault fault;
	enum result r;

	fault = FAULT_POSTMASTER;
	if (strcmp(a->local_part, POSTMASTER) == 0)
		goto refuse;
	fault = FAULT_ONESELF;
	if (admin != NULL && admin->id == a->id)
		goto refuse;
	if ((r = admin_may_go(s, a, field, f)) != RES_OK || admin == NULL)
		return r;
	fault = FAULT_OUTRANKED;
	if ((r = store_outranks(s, a->id, admin->id)) == RES_NOTFOUND)
		return RES_OK;
	if (r != RES_OK)
		return r;
refuse:
	finding_add(f, field, fault, a->address, NULL);
	return RES_INVALID;
}

enum result
leave_delete(struct store *s, const struct account *a,
    const struct account *admin, const char *field, const struct actor *who,
    struct findings *f)
{
	enum result r;

	if ((r = check_may_go(s, a, admin, field, f)) != RES_OK ||
	    (r = admin_gone(s, a, who)) != RES_OK ||
	    (r = history_add(s, who, a, EVENT_ACCOUNT_DELETED, a->real_name,
		 "")) != RES_OK ||
	    (r = store_leaver_add(s, a->address, who->now)) != RES_OK)
		return r;
	r = store_address_delete(s, a->id);
	return r == RES_CONFLICT ? RES_NOTFOUND : r;
}

struct pointing {
	const char *field;
	struct findings *f;
	bool any;
};

static bool
note(void *arg, const char *address)
{
	struct pointing *p = arg;

	finding_add(p->f, p->field, FAULT_IN_USE_BY, address, NULL);
	p->any = true;
	return true;
}

enum result
leave_check_pointing(struct store *s, const struct account *a,
    const char *field, struct findings *f)
{
	struct pointing p = { field, f, false };
	enum result r = store_pointing_at(
	    s, a->local_part, a->domain, note, &p);

	return r == RES_OK && p.any ? RES_INVALID : r;
}

/* A forward of the same name takes the place. */
static enum result
replace(struct store *s, const struct account *a, const char *targets,
    const struct actor *who, struct findings *f)
{
	return forward_insert(
	    s, a->domain, a->local_part, targets, "leave_forward_to", who, f);
}

static enum result
delete(struct store *s, const struct account *a, const struct account *admin,
    const char *leave_forward_to, const struct actor *who, struct findings *f)
{
	enum result r;

	if ((r = leave_delete(s, a, admin, "confirm", who, f)) != RES_OK)
		return r;
	if (leave_forward_to[strspn(leave_forward_to, " \t\r\n,")] != '\0')
		return replace(s, a, leave_forward_to, who, f);
	return leave_check_pointing(s, a, "confirm", f);
}

enum result
account_delete(struct store *s, const struct account *a,
    const struct account *admin, const char *leave_forward_to,
    const struct actor *who, struct findings *f)
{
	enum result r;

	/* What a dead import of any domain points at is nobody's. */
	if ((r = import_sweep_quietly(s, 0)) != RES_OK ||
	    (r = store_begin(s)) != RES_OK)
		return r;
	r = store_end(s, delete(s, a, admin, leave_forward_to, who, f));
	if (r == RES_OK)
		store_usage_forget(s, a->address);
	return r;
}

enum result
account_pointing_at(struct store *s, const struct account *a,
    bool (*each)(void *arg, const char *address), void *arg)
{
	return store_pointing_at(s, a->local_part, a->domain, each, arg);
}
