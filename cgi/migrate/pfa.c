/* What PostfixAdmin's rows mean here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "migrate/pfa.h"

typedef void (*each_row)(struct pfa *, const struct pfa_row *);

static void
each(struct pfa *p, enum pfa_table t, each_row take)
{
	for (size_t i = 0; i < p->n[t]; i++) {
		const struct pfa_row *row = &p->rows[t][i];

		/* Nothing of what is no text is shown or stored. */
		if (row->bad)
			moving_tell(p->m, row->at, "", OUT_REFUSED,
			    WHY_CONTROL, NULL);
		else
			take(p, row);
	}
}

static const char *
shown(struct pfa *p, const char *s)
{
	return moving_text(p->m, s, strlen(s));
}

bool
pfa_is_on(const char *s)
{
	return s[0] == '\0' || strcmp(s, "1") == 0 ||
	    strcasecmp(s, "t") == 0 || strcasecmp(s, "true") == 0;
}

/* The same where an empty one is no. */
static bool
is_set(const char *s)
{
	return s[0] != '\0' && pfa_is_on(s);
}

/* Is there something in it, which has no place here? */
static bool
left_out(const struct pfa_row *row, enum pfa_column c)
{
	const char *s = row->v[c];

	return c == PFA_C_SMTP_ACTIVE ? !pfa_is_on(s) : s[0] != '\0';
}

/* -- domain -- */

/* 0: no limit; below: none may be. */
static int64_t
limit_of(const char *s)
{
	const long long n = strtoll(s, NULL, 10);

	return n == 0 ? NO_LIMIT : n < 0 ? 0 : (int64_t)n;
}

static void
take_domain(struct pfa *p, const struct pfa_row *row)
{
	const char *name = row->v[PFA_C_DOMAIN];
	const char *transport = row->v[PFA_C_TRANSPORT];
	struct moving_domain *d;

	/* Stands for all of them, for the rights of superadmins. */
	if (strcmp(name, "ALL") == 0) {
		moving_tell(
		    p->m, row->at, name, OUT_DONE, WHY_DERIVED, NULL);
		return;
	}
	if (is_set(row->v[PFA_C_BACKUPMX])) {
		moving_tell(p->m, row->at, shown(p, name), OUT_REFUSED,
		    WHY_BACKUP_MX, NULL);
		return;
	}
	if ((d = moving_add_domain(p->m, row->at, name)) == NULL)
		return;
	d->disabled = !pfa_is_on(row->v[PFA_C_ACTIVE]);
	d->max_accounts = limit_of(row->v[PFA_C_MAILBOXES]);
	d->max_forwards = limit_of(row->v[PFA_C_ALIASES]);
	if (limit_of(row->v[PFA_C_QUOTA]) > 0)
		moving_tell(
		    p->m, row->at, d->name, OUT_REFUSED, WHY_LIMIT, "quota");
	if (limit_of(row->v[PFA_C_MAXQUOTA]) > 0)
		moving_tell(p->m, row->at, d->name, OUT_REFUSED, WHY_LIMIT,
		    "maxquota");
	if (left_out(row, PFA_C_DESCRIPTION))
		moving_tell(p->m, row->at, d->name, OUT_CHANGED, WHY_COLUMN,
		    pfa_columns[PFA_C_DESCRIPTION]);
	if (transport[0] != '\0' && strcmp(transport, "virtual") != 0)
		moving_tell(p->m, row->at, d->name, OUT_CHANGED,
		    WHY_TRANSPORT, shown(p, transport));
}

/* -- mailbox -- */

/* The hash behind "{SHA512-CRYPT}" and such.  One without a name before it
 * begins with $: 13 letters may be DES, or a password in clear. */
static const char *
hash_of(const char *given)
{
	static const char *const crypts[] = { "{CRYPT}", "{MD5-CRYPT}",
		"{SHA256-CRYPT}", "{SHA512-CRYPT}", "{BLF-CRYPT}",
		"{DES-CRYPT}" };
	static const char md5[] = "{MD5}$1$"; /* else it is no crypt(3) */

	for (size_t i = 0; i < NELEM(crypts); i++)
		if (strncasecmp(given, crypts[i], strlen(crypts[i])) == 0)
			return given + strlen(crypts[i]);
	if (strncasecmp(given, md5, strlen(md5)) == 0)
		return given + 5;
	return given[0] == '$' || given[0] == '{' ? given : "";
}

/* Where its mail is, below a directory that only the operator knows. */
static void
take_maildir(struct pfa *p, struct place *a, const struct pfa_row *row)
{
	const char *path = row->v[PFA_C_MAILDIR];
	const char *text = shown(p, path);

	for (const char *s = path; (s = strstr(s, "..")) != NULL; s += 2)
		if ((s == path || s[-1] == '/') &&
		    (s[2] == '/' || s[2] == '\0')) {
			moving_tell_of(
			    p->m, a, row->at, OUT_REFUSED, WHY_OUTSIDE, text);
			return;
		}
	if (path[0] != '\0')
		a->mail = text;
}

static void
take_mailbox(struct pfa *p, const struct pfa_row *row)
{
	static const enum pfa_column others[] = { PFA_C_EMAIL_OTHER,
		PFA_C_PHONE, PFA_C_SMTP_ACTIVE, PFA_C_TOTP_SECRET };
	const char *username = row->v[PFA_C_USERNAME];
	const char *at = strrchr(username, '@');
	char domain[sizeof(((struct moving_domain *)NULL)->name)] = "";
	struct moving_domain *d;
	struct place *a;

	if (at != NULL)
		(void)address_domain_clean(at + 1, domain);
	if ((d = moving_find_domain(p->m, domain)) == NULL) {
		moving_tell(p->m, row->at, shown(p, username), OUT_REFUSED,
		    WHY_NO_DOMAIN, shown(p, at != NULL ? at + 1 : ""));
		return;
	}
	if (!pfa_is_on(row->v[PFA_C_ACTIVE])) {
		moving_tell(p->m, row->at, shown(p, username), OUT_REFUSED,
		    WHY_INACTIVE, NULL);
		return;
	}
	a = moving_add(p->m, row->at, KIND_ACCOUNT, d,
	    pool_strndup(p->m->pool, username, (size_t)(at - username)));
	if (a == NULL)
		return;
	moving_hash(p->m, a, row->at, hash_of(row->v[PFA_C_PASSWORD]));
	moving_real_name(p->m, a, row->at, row->v[PFA_C_NAME]);
	moving_quota(p->m, a, row->at,
	    strtoll(row->v[PFA_C_QUOTA], NULL, 10));
	take_maildir(p, a, row);
	for (size_t i = 0; i < NELEM(others); i++)
		if (left_out(row, others[i]))
			moving_tell_of(p->m, a, row->at, OUT_CHANGED,
			    WHY_COLUMN, pfa_columns[others[i]]);
}

static struct place *
account_of(struct pfa *p, const char *address)
{
	struct address a;
	struct place *found;

	if (!address_of_account(address, NULL, &a))
		return NULL;
	found = moving_find(p->m, a.local_part, a.domain);
	return found != NULL && found->kind == KIND_ACCOUNT ? found : NULL;
}

static void
take_usage(struct pfa *p, const struct pfa_row *row)
{
	struct place *a = account_of(p, row->v[PFA_C_USERNAME]);

	if (a != NULL) {
		a->used_bytes = strtoll(row->v[PFA_C_BYTES], NULL, 10);
		a->used_messages = strtoll(row->v[PFA_C_MESSAGES], NULL, 10);
	}
	moving_tell(p->m, row->at, shown(p, row->v[PFA_C_USERNAME]),
	    a != NULL ? OUT_DONE : OUT_REFUSED,
	    a != NULL ? WHY_READ : WHY_NOBODY, NULL);
}

/* -- others -- */

static void
take_alias_domain(struct pfa *p, const struct pfa_row *row)
{
	const char *name = row->v[PFA_C_ALIAS_DOMAIN];

	if (pfa_is_on(row->v[PFA_C_ACTIVE]))
		moving_add_alias(
		    p->m, row->at, name, row->v[PFA_C_TARGET_DOMAIN]);
	else
		moving_tell(p->m, row->at, shown(p, name), OUT_REFUSED,
		    WHY_INACTIVE, NULL);
}

static void
take_admin(struct pfa *p, const struct pfa_row *row)
{
	const char *name = shown(p, row->v[PFA_C_USERNAME]);

	if (!pfa_is_on(row->v[PFA_C_ACTIVE]))
		moving_tell(
		    p->m, row->at, name, OUT_REFUSED, WHY_INACTIVE, NULL);
	else if (is_set(row->v[PFA_C_SUPERADMIN]))
		moving_tell(
		    p->m, row->at, name, OUT_REFUSED, WHY_SUPERADMIN, NULL);
	else if (account_of(p, name) == NULL)
		moving_tell(p->m, row->at, name, OUT_REFUSED, WHY_NO_ACCOUNT,
		    "domains");
	else
		moving_tell(p->m, row->at, name, OUT_CHANGED,
		    WHY_OWN_PASSWORD, NULL);
}

static int
by_name(const void *a, const void *b)
{
	return strcasecmp(*(const char *const *)a, *(const char *const *)b);
}

/* Whatever else is wrong with their rows. */
static void
find_inactive(struct pfa *p)
{
	for (size_t i = 0; i < p->n[PFA_ADMIN]; i++) {
		const struct pfa_row *row = &p->rows[PFA_ADMIN][i];

		if (pfa_is_on(row->v[PFA_C_ACTIVE]))
			continue;
		p->off = moving_grow(
		    p->m->pool, p->off, p->noff, &p->off_size, sizeof(*p->off));
		p->off[p->noff++] = row->v[PFA_C_USERNAME];
	}
	if (p->noff > 0)
		qsort(p->off, p->noff, sizeof(*p->off), by_name);
}

/* Is the administrator's own row switched off? */
static bool
is_inactive_admin(const struct pfa *p, const char *name)
{
	return p->noff > 0 && bsearch(&name, p->off, p->noff, sizeof(*p->off),
				  by_name) != NULL;
}

static void
take_domain_admin(struct pfa *p, const struct pfa_row *row)
{
	const char *name = shown(p, row->v[PFA_C_USERNAME]);
	const char *domain = shown(p, row->v[PFA_C_DOMAIN]);

	if (strcmp(domain, "ALL") == 0)
		moving_tell(
		    p->m, row->at, name, OUT_REFUSED, WHY_SUPERADMIN, NULL);
	else if (!pfa_is_on(row->v[PFA_C_ACTIVE]) ||
	    is_inactive_admin(p, name))
		moving_tell(
		    p->m, row->at, name, OUT_REFUSED, WHY_INACTIVE, NULL);
	else
		moving_add_admin(p->m, row->at, name, domain);
}

static void
take_vacation(struct pfa *p, const struct pfa_row *row)
{
	const bool on = pfa_is_on(row->v[PFA_C_ACTIVE]);

	moving_tell(p->m, row->at, shown(p, row->v[PFA_C_EMAIL]),
	    on ? OUT_CHANGED : OUT_DONE, on ? WHY_VACATION : WHY_DERIVED,
	    NULL);
}

void
pfa_understand(struct pfa *p)
{
	each(p, PFA_DOMAIN, take_domain);
	each(p, PFA_MAILBOX, take_mailbox);
	each(p, PFA_QUOTA2, take_usage);
	each(p, PFA_ALIAS, pfa_alias);
	each(p, PFA_ALIAS_DOMAIN, take_alias_domain);
	each(p, PFA_ADMIN, take_admin);
	find_inactive(p);
	each(p, PFA_DOMAIN_ADMINS, take_domain_admin);
	each(p, PFA_VACATION, take_vacation);
}
