#ifndef MIGRATE_PFA_H
#define MIGRATE_PFA_H

#include "migrate/moving.h"

/* PostfixAdmin's tables, from whatever they were read; then what they mean. */

enum pfa_table {
	PFA_DOMAIN,
	PFA_MAILBOX,
	PFA_ALIAS,
	PFA_ALIAS_DOMAIN,
	PFA_ADMIN,
	PFA_DOMAIN_ADMINS,
	PFA_VACATION,
	PFA_QUOTA2,
	PFA__MAX
};

/* The columns that are looked at, of all of these tables. */
enum pfa_column {
	PFA_C_ACTIVE,
	PFA_C_ADDRESS,
	PFA_C_ALIAS_DOMAIN,
	PFA_C_ALIASES,
	PFA_C_BACKUPMX,
	PFA_C_BYTES,
	PFA_C_DESCRIPTION,
	PFA_C_DOMAIN,
	PFA_C_EMAIL,
	PFA_C_EMAIL_OTHER,
	PFA_C_GOTO,
	PFA_C_LOCAL_PART,
	PFA_C_MAILBOXES,
	PFA_C_MAILDIR,
	PFA_C_MAXQUOTA,
	PFA_C_MESSAGES,
	PFA_C_NAME,
	PFA_C_PASSWORD,
	PFA_C_PHONE,
	PFA_C_QUOTA,
	PFA_C_SMTP_ACTIVE,
	PFA_C_SUPERADMIN,
	PFA_C_TARGET_DOMAIN,
	PFA_C_TOTP_SECRET,
	PFA_C_TRANSPORT,
	PFA_C_USERNAME,
	PFA_C__MAX
};

struct pfa_row {
	struct where at;
	bool bad; /* a value is no text */
	const char *v[PFA_C__MAX]; /* "": NULL, or no such column */
};

struct pfa {
	struct moving *m;
	size_t n[PFA__MAX], size[PFA__MAX];
	struct pfa_row *rows[PFA__MAX];
	size_t noff, off_size;
	const char **off; /* administrators who are inactive; in order */
};

/* The names of the tables, by enum pfa_table, and of the columns. */
extern const char *const pfa_tables[PFA__MAX];
extern const char *const pfa_columns[PFA_C__MAX];

/* pfa_alias.c: a row of alias, after the mailboxes. */
void pfa_alias(struct pfa *, const struct pfa_row *);
/* pfa.c: all of it. */
void pfa_understand(struct pfa *);
/* "1", "t", "true"; an empty one is the default of old versions: yes. */
bool pfa_is_on(const char *);

#endif
