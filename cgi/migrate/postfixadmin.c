/* Reading a database of PostfixAdmin: which kind of file, and its rows. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/utf8.h"
#include "base/word.h"
#include "migrate/dump.h"
#include "migrate/pfa.h"
#include "migrate/postfixadmin.h"
#include "store/foreign.h"

#define FILE_MAX_BYTES ((off_t)1024 * 1024 * 1024)

const char *const pfa_tables[PFA__MAX] = {
	[PFA_DOMAIN] = "domain",
	[PFA_MAILBOX] = "mailbox",
	[PFA_ALIAS] = "alias",
	[PFA_ALIAS_DOMAIN] = "alias_domain",
	[PFA_ADMIN] = "admin",
	[PFA_DOMAIN_ADMINS] = "domain_admins",
	[PFA_VACATION] = "vacation",
	[PFA_QUOTA2] = "quota2",
};

const char *const pfa_columns[PFA_C__MAX] = {
	[PFA_C_ACTIVE] = "active",
	[PFA_C_ADDRESS] = "address",
	[PFA_C_ALIAS_DOMAIN] = "alias_domain",
	[PFA_C_ALIASES] = "aliases",
	[PFA_C_BACKUPMX] = "backupmx",
	[PFA_C_BYTES] = "bytes",
	[PFA_C_DESCRIPTION] = "description",
	[PFA_C_DOMAIN] = "domain",
	[PFA_C_EMAIL] = "email",
	[PFA_C_EMAIL_OTHER] = "email_other",
	[PFA_C_GOTO] = "goto",
	[PFA_C_LOCAL_PART] = "local_part",
	[PFA_C_MAILBOXES] = "mailboxes",
	[PFA_C_MAILDIR] = "maildir",
	[PFA_C_MAXQUOTA] = "maxquota",
	[PFA_C_MESSAGES] = "messages",
	[PFA_C_NAME] = "name",
	[PFA_C_PASSWORD] = "password",
	[PFA_C_PHONE] = "phone",
	[PFA_C_QUOTA] = "quota",
	[PFA_C_SMTP_ACTIVE] = "smtp_active",
	[PFA_C_SUPERADMIN] = "superadmin",
	[PFA_C_TARGET_DOMAIN] = "target_domain",
	[PFA_C_TOTP_SECRET] = "totp_secret",
	[PFA_C_TRANSPORT] = "transport",
	[PFA_C_USERNAME] = "username",
};

/* Rows of a table that nothing is made of: counted. */
struct other {
	const char *name;
	size_t n;
	bool uncounted;
};

struct reading {
	struct pfa pfa;
	size_t nothers, others_size;
	struct other *others;
	const char *table; /* that SQLite gives rows of */
	bool has[PFA__MAX]; /* it is there */
};

static struct other *
other_of(struct reading *r, const char *name)
{
	struct pool *pool = r->pfa.m->pool;

	for (size_t i = 0; i < r->nothers; i++)
		if (strcmp(r->others[i].name, name) == 0)
			return &r->others[i];
	r->others = moving_grow(
	    pool, r->others, r->nothers, &r->others_size, sizeof(*r->others));
	r->others[r->nothers] =
	    (struct other){ pool_strndup(pool, name, strlen(name)), 0, false };
	return &r->others[r->nothers++];
}

static void
take_cell(struct pfa *p, struct pfa_row *row, enum pfa_column c,
    const struct foreign_cell *cell)
{
	bool good;

	if (cell->text == NULL)
		return;
	good = utf8_valid(cell->text, cell->n) == cell->n &&
	    memchr(cell->text, '\0', cell->n) == NULL;
	/* A name in another charset must not cost the account. */
	if (good || c == PFA_C_NAME)
		row->v[c] = good ?
		    pool_strndup(p->m->pool, cell->text, cell->n) :
		    moving_text(p->m, cell->text, cell->n);
	row->bad |= !good && c != PFA_C_NAME;
}

static bool
take_row(void *arg, const char *table, size_t n, const char *const *names,
    const struct foreign_cell *cells)
{
	struct reading *r = arg;
	struct pfa *p = &r->pfa;
	const int t = word_index(pfa_tables, PFA__MAX, table);
	struct pfa_row *row;

	if (t < 0) {
		other_of(r, table)->n++;
		return true;
	}
	p->rows[t] = moving_grow(p->m->pool, p->rows[t], p->n[t], &p->size[t],
	    sizeof(*p->rows[t]));
	row = &p->rows[t][p->n[t]++];
	*row = (struct pfa_row){ .at = { pfa_tables[t],
				     (unsigned int)p->n[t] } };
	for (size_t i = 0; i < PFA_C__MAX; i++)
		row->v[i] = "";
	for (size_t i = 0; i < n; i++) {
		const int c = word_index(pfa_columns, PFA_C__MAX, names[i]);

		if (c >= 0)
			take_cell(p, row, (enum pfa_column)c, &cells[i]);
	}
	return true;
}

static void
take_other(void *arg, unsigned int line)
{
	struct reading *r = arg;

	moving_tell(r->pfa.m, (struct where){ "SQL", line }, "", OUT_REFUSED,
	    WHY_SQL, NULL);
}

/* -- SQLite -- */

static bool
take_table(void *arg, const char *name)
{
	struct reading *r = arg;

	const int t = word_index(pfa_tables, PFA__MAX, name);

	/* Its own, such as sqlite_sequence, have nothing of PostfixAdmin. */
	if (t >= 0)
		r->has[t] = true;
	else if (strncmp(name, "sqlite_", 7) != 0)
		(void)other_of(r, name);
	return true;
}

static bool
take_sqlite_row(void *arg, size_t n, const char *const *names,
    const struct foreign_cell *cells)
{
	struct reading *r = arg;

	return take_row(r, r->table, n, names, cells);
}

static enum result
read_tables(struct reading *r, struct foreign *f)
{
	enum result result = foreign_tables(f, take_table, r);

	for (size_t i = 0; i < PFA__MAX && result == RES_OK; i++) {
		r->table = pfa_tables[i];
		/* Old versions have not all of them. */
		if (r->has[i])
			result = foreign_rows(
			    f, r->table, take_sqlite_row, r);
	}
	for (size_t i = 0; i < r->nothers && result == RES_OK; i++) {
		r->table = r->others[i].name;
		result = foreign_rows(f, r->table, take_sqlite_row, r);
		if (result != RES_NOTFOUND)
			continue;
		r->others[i].uncounted = true;
		result = RES_OK;
	}
	return result;
}

static enum result
read_sqlite(struct reading *r, const char *path, const char **why)
{
	struct foreign *f;
	enum result result = foreign_open(path, &f);

	if (result == RES_OK)
		result = read_tables(r, f);
	if (f != NULL)
		*why = pool_printf(r->pfa.m->pool, "%s", foreign_why(f));
	foreign_close(&f);
	return result;
}

/* -- SQL -- */

static enum result
read_dump(struct reading *r, const char *bytes, size_t n, const char **why)
{
	const struct dump_reader to = { take_row, take_other, r };
	unsigned int line;

	if (dump_read(r->pfa.m->pool, bytes, n, &to, &line))
		return RES_OK;
	*why = pool_printf(r->pfa.m->pool,
	    "a statement that is not understood, or cut off, in line %u",
	    line);
	return RES_INVALID;
}

/* -- the file -- */

static enum result
read_text(struct reading *r, int fd, size_t size, const char **why)
{
	char *bytes = pool_alloc(r->pfa.m->pool, size + 1);
	ssize_t got = 1;
	size_t n = 0;

	for (; n < size && got > 0; n += (size_t)got)
		if ((got = read(fd, bytes + n, size - n)) < 0)
			return RES_NOTFOUND;
	return read_dump(r, bytes, n, why);
}

static enum result
read_file(struct reading *r, const char *path, const char **why)
{
	static const char magic[] = "SQLite format 3";
	char head[sizeof(magic)];
	struct stat st;
	enum result result = RES_NOTFOUND;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return RES_NOTFOUND;
	if (fstat(fd, &st) == 0) {
		*why = !S_ISREG(st.st_mode) ? "is no file" :
		    st.st_size > FILE_MAX_BYTES ? "is larger than 1 GB" :
						  NULL;
		if (*why != NULL)
			result = RES_INVALID;
		else if (pread(fd, head, sizeof(head), 0) ==
			(ssize_t)sizeof(head) &&
		    memcmp(head, magic, sizeof(magic)) == 0)
			result = read_sqlite(r, path, why);
		else
			result = read_text(r, fd, (size_t)st.st_size, why);
	}
	close(fd);
	return result;
}

static void
tell_others(struct reading *r)
{
	struct moving *m = r->pfa.m;

	for (size_t i = 0; i < r->nothers; i++) {
		const struct other *o = &r->others[i];
		const bool empty = o->n == 0 && !o->uncounted;

		moving_tell(m,
		    (struct where){
			moving_text(m, o->name, strlen(o->name)), 0 },
		    "", empty ? OUT_DONE : OUT_REFUSED, WHY_TABLE,
		    o->uncounted ? "uncounted" :
				   pool_printf(m->pool, "%zu", o->n));
	}
}

enum result
postfixadmin_read(struct moving *m, const char *path, const char **why)
{
	struct reading r = { .pfa = { .m = m } };
	enum result result = read_file(&r, path, why);

	if (result != RES_OK)
		return result;
	if (r.pfa.n[PFA_DOMAIN] == 0) {
		*why = "no domain of PostfixAdmin is in it";
		return RES_INVALID;
	}
	pfa_understand(&r.pfa);
	tell_others(&r);
	return RES_OK;
}
