/* CSV import: what a plan says, that it is done whole or not at all, and what
 * others see meanwhile. */
#include "tests/unit/unit.h"

#include <signal.h>
#include <sys/wait.h>

#include "core/forward.h"
#include "core/history.h"
#include "core/import.h"
#include "core/listing.h"
#include "store/db.h"
#include "tests/unit/tempdb.h"

#define ALPHA "alpha.example"
#define U1 "u1@alpha.example"
#define U2 "u2@alpha.example"
#define PM "postmaster@alpha.example"

static const struct actor shell = SHELL;

/* -- one import -- */

struct job {
	struct pool *pool;
	struct domain domain;
	struct account admin;
	struct import_options options;
	struct import_plan plan;
};

static enum result
plan_by(struct store *s, const struct login_rules *rules, struct job *j,
    const char *csv)
{
	j->pool = pool_new();
	assert_int_equal(store_domain(s, ALPHA, &j->domain), RES_OK);
	j->options.domain = &j->domain;
	return import_plan(s, rules, j->pool, csv, strlen(csv), &j->options,
	    &j->plan);
}

static enum result
plan(struct tempdb *t, struct job *j, const char *csv)
{
	return plan_by(t->web_store, &t->rules, j, csv);
}

static enum result
apply(struct tempdb *t, struct job *j)
{
	enum result r = import_apply(t->web_store, &t->rules, j->pool,
	    &j->plan, &j->options, &t->who);

	assert_true(store_is_idle(t->web_store));
	return r;
}

static void
job_end(struct job *j)
{
	pool_free(&j->pool);
}

/* Plan and apply: as a person who knows that it will go through. */
static void
import(struct tempdb *t, const char *csv)
{
	struct job j = { .pool = NULL };

	assert_int_equal(plan(t, &j, csv), RES_OK);
	assert_int_equal(apply(t, &j), RES_OK);
	job_end(&j);
}

/* "n1+ u1*real_name,quota_mb u2= 4!account:name(x)": new, changed in these
 * columns, the same, refused in line 4; then what concerns the whole. */
static const char *
show_row(const struct import_row *r, char *text, size_t size)
{
	size_t n;

	switch (r->verdict) {
	case IMPORT_NEW:
		snprintf(text, size, "%s+", r->local_part);
		break;
	case IMPORT_SAME:
		snprintf(text, size, "%s=", r->local_part);
		break;
	case IMPORT_REFUSED:
		snprintf(text, size, "%u!%s", r->line, told(r->why));
		break;
	case IMPORT_CHANGED:
		n = (size_t)snprintf(text, size, "%s*", r->local_part);
		for (int c = 0; c < CSV__MAX; c++)
			if ((r->differs & 1U << c) != 0)
				n += (size_t)snprintf(text + n, size - n,
				    "%s%s", text[n - 1] == '*' ? "" : ",",
				    csv_column_name((enum csv_column)c));
		break;
	}
	return text;
}

static const char *
show(const struct import_plan *p)
{
	static char text[20000];
	char row[9000];
	size_t n = 0;

	text[0] = '\0';
	if (p->file.fault != CSV_FINE)
		return "file";
	for (size_t i = 0; i < p->n && n < sizeof(text); i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s",
		    n > 0 ? " " : "", show_row(&p->rows[i], row, sizeof(row)));
	if (p->file_why.n > 0)
		snprintf(text + n, sizeof(text) - n, " %s",
		    told(&p->file_why));
	return text;
}

/* -- all that can be seen, by those who read -- */

static bool
put_text(void *arg, const char *text, size_t n)
{
	return fwrite(text, 1, n, arg) == n;
}

static bool
put_line(void *arg, const struct history_row *h)
{
	fprintf(arg, "%s %s %s>%s\n", h->subject, h->what, h->old_value,
	    h->new_value);
	return true;
}

static void
put_listed(void *arg, const struct listed *l)
{
	fprintf(arg, "%s %d %s\n", l->account.local_part, l->account.initial,
	    l->account.hash);
}

static void
put_searches(struct tempdb *t, const struct domain *d, FILE *out)
{
	static const char *const searches[] = { "n", "new", "u1", "Yamada" };
	struct listing l;

	for (size_t i = 0; i < NELEM(searches); i++)
		for (enum order o = BY_ACCOUNT; o < ORDER__MAX; o++) {
			const struct listing_query q = { .domain = d,
				.q = searches[i], .order = o, .after = "",
				.before = "", .max = 2000 };

			assert_int_equal(listing_page(t->web_store, &q,
					     put_listed, out, &l),
			    RES_OK);
		}
}

static char *
visible(struct tempdb *t)
{
	const struct history_from all = { .of = HISTORY_OF_ALL,
		.from = INT64_MAX };
	const struct history_from alpha = { .of = HISTORY_OF_DOMAIN,
		.domain = ALPHA, .from = INT64_MAX };
	const struct domain d = tempdb_get_domain(t, ALPHA);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(
	    export_domain(t->web_store, &d, put_text, out), RES_OK);
	assert_int_equal(
	    history_walk(t->web_store, &all, put_line, out), RES_OK);
	assert_int_equal(
	    history_walk(t->web_store, &alpha, put_line, out), RES_OK);
	put_searches(t, &d, out);
	fprintf(out, "%lld %lld %lld %lld %lld\n", (long long)d.accounts,
	    (long long)d.initial, (long long)d.discarding,
	    (long long)d.forwarding, (long long)d.quota_bytes);
	fputs(tempdb_text(t->users,
		  "SELECT local_part || domain || password_hash || pop3_open"
		  " FROM mail_account WHERE id < 1000 ORDER BY id"),
	    out);
	fputs(tempdb_text(t->users, "SELECT count(*) FROM mail_account"), out);
	fputs(tempdb_text(t->users, "SELECT local_part || domain || target"
				    " FROM mail_alias ORDER BY 1"),
	    out);
	fclose(out);
	return text;
}

static void
assert_visible(struct tempdb *t, const char *before)
{
	char *after = visible(t);

	assert_string_equal(before, after);
	free(after);
	if (tempdb_miscounted(t)[0] != '\0')
		fail_msg("counts: %s", tempdb_miscounted(t));
}

/* Nothing that nobody sees is left behind. */
static void
assert_clean(struct tempdb *t)
{
	assert_string_equal(
	    tempdb_text(t->users,
		"SELECT 'import ' || id FROM import WHERE done = 0"
		" UNION ALL SELECT 'address ' || local_part FROM address"
		" WHERE import_id IN (SELECT id FROM import WHERE done = 0)"
		" UNION ALL SELECT 'history ' || id FROM history WHERE"
		" import_id IS NOT NULL AND import_id NOT IN"
		" (SELECT id FROM import WHERE done = 1)"),
	    "");
	tempdb_assert_search(t);
}

/* -- what a plan says of alpha.example, and what becomes of it -- */

#define FORWARDS(id, local, domain) \
	"INSERT INTO target VALUES (" #id ", 1, '" local "', '" domain "');" \
	"UPDATE account SET routing = 'forward' WHERE id = " #id ";"
#define IS_ADMIN(domain, account) \
	"INSERT INTO domain_admin VALUES (" #domain ", " #account ");"
#define HASH "$6$saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2/jctKu9" \
	"YterLp8wwnSq.qc.eoxqOmSuNp2xS0ktL3nh/"

/* clang-format off */
static const struct row {
	const char *name, *before, *csv;
	const char *show;
	const char *lines; /* when nothing is refused: what is written */
	bool by_admin; /* the postmaster, not the shell */
} rows[] = {
	{ "new: a name", "", "account\nn1\n", "n1+",
	    "n1@alpha.example account_added:> " ALPHA " imported:>+1, *0",
	    false },
	{ "new: an address, in capitals", "", "account\nN1@Alpha.example\n",
	    "n1+", "n1@alpha.example account_added:> " ALPHA
	    " imported:>+1, *0", false },
	{ "new: all columns", "", "real_name,account,password,password_hash,"
	    "quota_mb,routing,forward_to,keep_copy\n"
	    "New One,n1," PW2 ",,5,forward,a@x.example u1@alpha.example,on\n",
	    "n1+", "n1@alpha.example account_added:>New One " ALPHA
	    " imported:>+1, *0", false },
	{ "new: C07 zero, and 007", "", "account\n0\n007\n", "0+ 007+",
	    "0@alpha.example account_added:> 007@alpha.example"
	    " account_added:> " ALPHA " imported:>+2, *0", false },
	{ "new: discards", "", "account,routing\nn1,discard\n", "n1+",
	    "n1@alpha.example account_added:> " ALPHA " imported:>+1, *0",
	    false },
	{ "new: targets mean forward", "", "account,forward_to\n"
	    "n1,a@x.example\n", "n1+", "n1@alpha.example account_added:> "
	    ALPHA " imported:>+1, *0", false },
	{ "new: a hash", "", "account,password_hash\nn1," HASH "\n", "n1+",
	    "n1@alpha.example account_added:> " ALPHA " imported:>+1, *0",
	    false },
	{ "new: by an administrator", "", "account\nn1\n", "n1+",
	    "n1@alpha.example account_added:> " ALPHA " imported:>+1, *0",
	    true },

	{ "same: only a name", "", "account\nu1\n", "u1=", "", false },
	{ "same: all of it", "", "account,real_name,quota_mb,routing,"
	    "keep_copy\nu1,Hanako Yamada,1024,mailbox,off\n", "u1=", "",
	    false },
	{ "same: the initial password it has",
	    "UPDATE account SET initial_password = 1 WHERE id = 1",
	    "account,password\nu1," PW "\n", "u1=", "", false },
	{ "same: the hash it has", "UPDATE account SET password_hash = '"
	    HASH "' WHERE id = 1", "account,password_hash\nu1," HASH "\n",
	    "u1=", "", true },
	{ "same: empty cells", FORWARDS(1, "a", "x.example"),
	    "account,quota_mb,routing,forward_to,keep_copy,password\n"
	    "u1,,,,,\n", "u1=", "", false },
	{ "same: cells that are not there", "", "account,quota_mb,routing\n"
	    "u1\n", "u1=", "", false },
	{ "same: the postmaster", "", "account,real_name\npostmaster,\n",
	    "postmaster=", "", false },

	{ "changed: a real name", "", "account,real_name\nu1,Taro\n",
	    "u1*real_name", U1 " real_name:Hanako Yamada>Taro " ALPHA
	    " imported:>+0, *1", false },
	{ "changed: a real name emptied", "", "account,real_name\nu1,\n",
	    "u1*real_name", U1 " real_name:Hanako Yamada> " ALPHA
	    " imported:>+0, *1", false },
	{ "changed: a quota", "", "account,quota_mb\nu1,5\n", "u1*quota_mb",
	    U1 " quota:1073741824>5242880 " ALPHA " imported:>+0, *1",
	    false },
	{ "changed: discard", "", "account,routing\nu1,discard\n",
	    "u1*routing", U1 " routing:mailbox>discard " ALPHA
	    " imported:>+0, *1", false },
	{ "changed: forward", "", "account,forward_to\nu1,a@x.example\n",
	    "u1*routing,forward_to", U1 " routing:mailbox>forward " U1
	    " forward_to:>a@x.example " ALPHA " imported:>+0, *1", false },
	{ "changed: other targets", FORWARDS(1, "a", "x.example"),
	    "account,forward_to\nu1,b@x.example\n", "u1*forward_to",
	    U1 " forward_to:a@x.example>b@x.example " ALPHA
	    " imported:>+0, *1", false },
	{ "changed: back to the mailbox", FORWARDS(1, "a", "x.example")
	    "UPDATE account SET keep_copy = 1 WHERE id = 1",
	    "account,routing\nu1,mailbox\n",
	    "u1*routing,forward_to,keep_copy", U1
	    " routing:forward>mailbox " U1 " forward_to:a@x.example> " U1
	    " keep_copy:on>off " ALPHA " imported:>+0, *1", false },
	{ "changed: a copy, and none", FORWARDS(1, "a", "x.example")
	    FORWARDS(2, "a", "x.example")
	    "UPDATE account SET keep_copy = 1 WHERE id = 2",
	    "account,keep_copy\nu1,YES\nu2,0\n", "u1*keep_copy u2*keep_copy",
	    U1 " keep_copy:off>on " U2 " keep_copy:on>off " ALPHA
	    " imported:>+0, *2", false },
	{ "changed: a password", "", "account,password\nu1," PW2 "\n",
	    "u1*password", U1 " initial_password:> " ALPHA
	    " imported:>+0, *1", false },
	{ "changed: whether it is the owner's own, nobody is told", "",
	    "account,password\nu1," PW "\n", "u1*password", U1
	    " initial_password:> " ALPHA " imported:>+0, *1", true },
	{ "changed: a hash", "", "account,password_hash\nu1," HASH "\n",
	    "u1*password_hash", U1 " password:> " ALPHA " imported:>+0, *1",
	    false },
	{ "changed: all of it", "", "account,real_name,quota_mb,forward_to,"
	    "keep_copy,password\nu1,Taro,5,u2@alpha.example,on," PW2 "\n",
	    "u1*real_name,password,quota_mb,routing,forward_to,keep_copy",
	    U1 " real_name:Hanako Yamada>Taro " U1
	    " routing:mailbox>forward " U1 " forward_to:>" U2 " " U1
	    " keep_copy:off>on " U1 " quota:1073741824>5242880 " U1
	    " initial_password:> " ALPHA " imported:>+0, *1", false },
	{ "all kinds at once", "", "account,real_name\nn1,New\nu1,Taro\n"
	    "u2,Hanako Yamada\n", "n1+ u1*real_name u2=",
	    "n1@alpha.example account_added:>New " U1
	    " real_name:Hanako Yamada>Taro " ALPHA " imported:>+1, *1",
	    true },
	{ "changed: one that is outranked, but no password",
	    IS_ADMIN(2, 1), "account,real_name\nu1,Taro\n", "u1*real_name",
	    U1 " real_name:Hanako Yamada>Taro " ALPHA " imported:>+0, *1",
	    true },
	{ "changed: where there are more than the limit now",
	    "UPDATE domain SET max_accounts = 2",
	    "account,real_name\nu1,Taro\n", "u1*real_name",
	    U1 " real_name:Hanako Yamada>Taro " ALPHA " imported:>+0, *1",
	    false },
	{ "new: up to the limit", "UPDATE domain SET max_accounts = 5",
	    "account\nn1\nu1\n", "n1+ u1=",
	    "n1@alpha.example account_added:> " ALPHA " imported:>+1, *0",
	    false },

	{ "forward: to one of the file", "", "account,forward_to\n"
	    "n1,n2@alpha.example\nn2,\n", "n1+ n2+",
	    "n1@alpha.example account_added:> n2@alpha.example"
	    " account_added:> " ALPHA " imported:>+2, *0", false },
	{ "forward: to the extension of one of the file", "",
	    "account,forward_to\nn1,N2+X@alpha.example\nn2,\n", "n1+ n2+",
	    "n1@alpha.example account_added:> n2@alpha.example"
	    " account_added:> " ALPHA " imported:>+2, *0", false },
	{ "forward: of one that is there to one of the file", "",
	    "account,forward_to\nn1,\nu1,n1@alpha.example\n",
	    "n1+ u1*routing,forward_to", "n1@alpha.example account_added:> "
	    U1 " routing:mailbox>forward " U1 " forward_to:>"
	    "n1@alpha.example " ALPHA " imported:>+1, *1", false },
	{ "forward: a loop that the file opens", FORWARDS(2, "u1",
	    "alpha.example"), "account,routing,forward_to\nu2,mailbox,\n"
	    "u1,," U2 "\n", "u2*routing,forward_to u1*routing,forward_to",
	    U2 " routing:forward>mailbox " U2 " forward_to:" U1 "> "
	    U1 " routing:mailbox>forward " U1 " forward_to:>" U2 " "
	    ALPHA " imported:>+0, *2", false },
	{ "forward: a loop that the file opens later", FORWARDS(2, "u1",
	    "alpha.example"), "account,routing,forward_to\nu1,," U2 "\n"
	    "u2,mailbox,\n", "u1*routing,forward_to u2*routing,forward_to",
	    U1 " routing:mailbox>forward " U1 " forward_to:>" U2 " "
	    U2 " routing:forward>mailbox " U2 " forward_to:" U1 "> "
	    ALPHA " imported:>+0, *2", false },
	{ "forward: turned round", FORWARDS(2, "u1", "alpha.example"),
	    "account,routing,forward_to\nu1,forward," U2 "\n"
	    "u2,forward,a@x.example\n", "u1*routing,forward_to u2*forward_to",
	    U1 " routing:mailbox>forward " U1 " forward_to:>" U2 " "
	    U2 " forward_to:" U1 ">a@x.example " ALPHA " imported:>+0, *2",
	    false },

#define REFUSED NULL, false
	{ "refused: a name", "", "account\nn 1\nn1\n",
	    "2!account:name(n 1) n1+", REFUSED },
	{ "refused: C05 a plus", "", "account\nn1+x\n",
	    "2!account:name(n1+x)", REFUSED },
	{ "refused: in Japanese", "", "account\n山田\n",
	    "2!account:name(山田)", REFUSED },
	{ "refused: no name", "", "account,real_name\n,Taro\n",
	    "2!account:name", REFUSED },
	{ "refused: C77 another domain", "", "account\nv1@beta.example\n",
	    "2!account:foreign(v1@beta.example)", REFUSED },
	{ "refused: the name of a forward", "INSERT INTO address (domain_id,"
	    " local_part, kind) VALUES (1, 'fw', 'forward')",
	    "account\nFW\n", "2!account:in_use(fw@alpha.example)", REFUSED },
	{ "refused: C90 twice", "", "account\nn1\nn2\nn1\n",
	    "n1+ n2+ 4!account:csv.twice(2)", REFUSED },
	{ "refused: twice, in other words", "", "account\nU1@ALPHA.example\n"
	    "\n u1 \n", "u1= 4!account:csv.twice(2)", REFUSED },
	{ "refused: C91 a cell too many", "", "account,real_name\nn1,Taro,x\n",
	    "2!account:csv.surplus", REFUSED },
	{ "refused: C99 a real name", "", "account,real_name\nn1,山田\n",
	    "2!real_name:real_name.chars", REFUSED },
	{ "refused: a quota", "", "account,quota_mb\nn1,5 MB\nn2,0\nu1,-1\n",
	    "2!quota_mb:tool.quota(5 MB) 3!quota_mb:tool.quota(0)"
	    " 4!quota_mb:tool.quota(-1)", REFUSED },
	{ "refused: a routing", "", "account,routing\nn1,Mailbox\nn2,x\n",
	    "2!routing:csv.routing(Mailbox) 3!routing:csv.routing(x)",
	    REFUSED },
	{ "refused: C61 vacation", "", "account,routing\nn1,vacation\n"
	    "u1,vacation\n", "2!routing:routing.vacation"
	    " 3!routing:routing.vacation", REFUSED },
	{ "refused: forward to nobody", "", "account,routing\nn1,forward\n"
	    "u1,forward\n", "2!forward_to:forward.none"
	    " 3!forward_to:forward.none", REFUSED },
	{ "refused: targets beside another routing", "",
	    "account,routing,forward_to\nn1,mailbox,a@x.example\n"
	    "n2,discard,a@x.example\n", "2!forward_to:forward.unused"
	    " 3!forward_to:forward.unused", REFUSED },
	{ "refused: six targets", "", "account,forward_to\nn1,a@x.example"
	    " b@x.example c@x.example d@x.example e@x.example f@x.example\n",
	    "2!forward_to:forward.many(5)", REFUSED },
	{ "refused: C49 a pipe", "", "account,forward_to\nn1,|/bin/id\n",
	    "2!forward_to:forward.command(|/bin/id)", REFUSED },
	{ "refused: a target that is missing", "", "account,forward_to\n"
	    "n1,n9@alpha.example\n",
	    "2!forward_to:forward.missing(n9@alpha.example)", REFUSED },
	{ "refused: a target that is missing in another domain", "",
	    "account,forward_to\nn1,n2@beta.example\nn2,\n",
	    "2!forward_to:forward.missing(n2@beta.example) n2+", REFUSED },
	{ "refused: a copy without a forward", "", "account,keep_copy\n"
	    "n1,on\nu1,1\n", "2!keep_copy:keep_copy 3!keep_copy:keep_copy",
	    REFUSED },
	{ "refused: neither yes nor no", "", "account,forward_to,keep_copy\n"
	    "n1,a@x.example,maybe\n", "2!keep_copy:csv.keep_copy(maybe)",
	    REFUSED },
	{ "refused: C45 itself", "", "account,forward_to\n"
	    "n1,a@x.example N1+x@Alpha.example\n",
	    "2!forward_to:forward.self(n1@alpha.example)", REFUSED },
	{ "refused: C45 a loop within the file", "", "account,forward_to\n"
	    "n1,n2@alpha.example\nn2,n1@alpha.example\nn3,\n",
	    "2!forward_to:forward.loop(n1@alpha.example → n2@alpha.example"
	    " → n1@alpha.example)"
	    " 3!forward_to:forward.loop(n2@alpha.example → n1@alpha.example"
	    " → n2@alpha.example) n3+", REFUSED },
	{ "refused: a loop through the file and what is there",
	    FORWARDS(4, "u1", "alpha.example"), "account,forward_to\n"
	    "n1,v1@beta.example\nu1,n1@alpha.example\n",
	    "2!forward_to:forward.loop(n1@alpha.example → v1@beta.example → "
	    U1 " → n1@alpha.example)"
	    " 3!forward_to:forward.loop(" U1 " → n1@alpha.example →"
	    " v1@beta.example → " U1 ")", REFUSED },
	{ "refused: a loop with a row that says nothing of its targets",
	    FORWARDS(2, "u1", "alpha.example"), "account,routing,forward_to\n"
	    "u1,," U2 "\nu2,,\n", "2!forward_to:forward.loop(" U1 " → " U2
	    " → " U1 ") u2=", REFUSED },
	{ "refused: a loop with a row that only says forward",
	    FORWARDS(2, "u1", "alpha.example"), "account,routing,forward_to\n"
	    "u1,forward," U2 "\nu2,forward,\n", "2!forward_to:forward.loop("
	    U1 " → " U2 " → " U1 ") u2=", REFUSED },
	{ "refused: too long a way within the file", "",
	    "account,forward_to\nn0,n1@alpha.example\nn1,n2@alpha.example\n"
	    "n2,n3@alpha.example\nn3,n4@alpha.example\nn4,n5@alpha.example\n"
	    "n5,n6@alpha.example\nn6,n7@alpha.example\nn7,n8@alpha.example\n"
	    "n8,n9@alpha.example\nn9,na@alpha.example\nna,nb@alpha.example\n"
	    "nb,\n", "2!forward_to:forward.deep(10) n1+ n2+ n3+ n4+ n5+ n6+"
	    " n7+ n8+ n9+ na+ nb+", REFUSED },
	{ "refused: a weak password", "", "account,password\n"
	    "n1,Password1234!\nu1,Password1234!\n",
	    "2!password:pw.weak(33.3) password:pw.dictionary"
	    " 3!password:pw.weak(33.3) password:pw.dictionary", REFUSED },
	{ "refused: a password and a hash", "",
	    "account,password,password_hash\nn1," PW2 "," HASH "\n",
	    "2!password:csv.both", REFUSED },
	{ "refused: no hash", "", "account,password_hash\nn1,*0\n"
	    "n2,plain-text-password\nu1,$9$nosuch$scheme\n",
	    "2!password_hash:csv.hash 3!password_hash:csv.hash"
	    " 4!password_hash:csv.hash", REFUSED },
	{ "refused: C78 a password for one of more rights", IS_ADMIN(2, 1)
	    "INSERT INTO site_admin VALUES (2);", "account,password,"
	    "password_hash\nu1," PW2 ",\nu2,," HASH "\n",
	    "2!password:outranked(" U1 ") 3!password_hash:outranked(" U2 ")",
	    NULL, true },
	{ "refused: all of a row at once", "", "account,real_name,quota_mb,"
	    "routing,keep_copy,password\nn1,山,x,y,z,weak\n",
	    "2!real_name:real_name.chars quota_mb:tool.quota(x)"
	    " routing:csv.routing(y) keep_copy:csv.keep_copy(z)"
	    " password:pw.short(12) password:pw.upper password:pw.digit"
	    " password:pw.symbol password:pw.weak(33.3)"
	    " password:pw.dictionary", REFUSED },
	{ "refused: C66 the limit", "UPDATE domain SET max_accounts = 5",
	    "account\nn1\nn2\nu1\n", "n1+ n2+ u1= file:limit(5)", REFUSED },
	{ "refused: a file without account", "", "name\nn1\n", "file",
	    REFUSED },
	{ "refused: an unknown column", "", "account,colour\nn1,red\n",
	    "file", REFUSED },
	{ "refused: an empty file", "", "", "file", REFUSED },
};
/* clang-format on */

/* Once more is nothing. */
static void
assert_repeats(struct tempdb *t, const char *csv)
{
	struct job j = { .pool = NULL };
	char *before = tempdb_dump(t->users);

	assert_int_equal(plan(t, &j, csv), RES_OK);
	assert_int_equal(j.plan.new + j.plan.changed + j.plan.refused, 0);
	assert_int_equal(j.plan.same, j.plan.n);
	assert_int_equal(apply(t, &j), RES_OK);
	job_end(&j);
	tempdb_assert_same(&before, t->users);
}

static void
verdicts(void **state)
{
	struct tempdb *t = *state;
	const struct row *r = t->row;
	struct job j = { .pool = NULL };
	char *before;

	if (r->before[0] != '\0')
		assert_int_equal(tempdb_exec(t->users, r->before), 0);
	before = tempdb_dump(t->users);
	j.admin = tempdb_get(t, PM);
	j.options.admin = r->by_admin ? &j.admin : NULL;
	assert_int_equal(plan(t, &j, r->csv),
	    r->lines != NULL ? RES_OK : RES_INVALID);
	assert_string_equal(show(&j.plan), r->show);
	assert_int_equal(
	    j.plan.new + j.plan.changed + j.plan.same + j.plan.refused,
	    j.plan.n);
	if (r->lines == NULL) {
		assert_int_equal(apply(t, &j), RES_INVALID);
		tempdb_assert_same(&before, t->users);
		job_end(&j);
		return;
	}
	tempdb_assert_same(&before, t->users);
	assert_int_equal(apply(t, &j), RES_OK);
	assert_string_equal(tempdb_lines(t), r->lines);
	job_end(&j);
	assert_clean(t);
	assert_repeats(t, r->csv);
}

/* -- what is made -- */

#define SEVERAL \
	"account,real_name,password,password_hash,quota_mb,routing," \
	"forward_to,keep_copy\n" \
	"n1,New One,,,,,,\n" \
	"n2,New Two," PW2 ",,5,,,\n" \
	"n3,,," HASH ",,discard,,\n" \
	"n4,,,,,forward,n1@alpha.example b@x.example,on\n" \
	"u1,Taro,,,,,,\n" \
	"u2,,,,,,n4+x@alpha.example,\n"

static void
made(void **state)
{
	struct tempdb *t = *state;
	struct job j = { .pool = NULL };
	struct account a;
	struct targets targets;
	struct domain d;
	char *dump;

	assert_int_equal(plan(t, &j, SEVERAL), RES_OK);
	assert_int_equal(apply(t, &j), RES_OK);
	/* A made password is told, a given one is not. */
	a = tempdb_get(t, "n1@alpha.example");
	assert_int_equal(strlen(j.plan.rows[0].password), 16);
	assert_true(passwd_verify(j.plan.rows[0].password, a.hash));
	assert_true(a.initial);
	assert_string_equal(a.real_name, "New One");
	assert_int_equal(a.quota_bytes, 1073741824);
	assert_int_equal(a.created_at, NOW);
	assert_int_equal(a.password_at, NOW);
	dump = tempdb_dump(t->users);
	assert_null(strstr(dump, j.plan.rows[0].password));
	assert_null(strstr(dump, PW2));
	free(dump);
	a = tempdb_get(t, "n2@alpha.example");
	assert_string_equal(j.plan.rows[1].password, "");
	assert_true(passwd_verify(PW2, a.hash) && a.initial);
	assert_int_equal(a.quota_bytes, 5 << 20);
	a = tempdb_get(t, "n3@alpha.example");
	assert_string_equal(j.plan.rows[2].password, "");
	assert_string_equal(a.hash, HASH);
	assert_false(a.initial);
	assert_int_equal(a.routing, ROUTING_DISCARD);
	a = tempdb_get(t, "n4@alpha.example");
	assert_true(a.keep_copy && a.routing == ROUTING_FORWARD);
	assert_int_equal(
	    account_targets(t->web_store, &a, &targets), RES_OK);
	assert_int_equal(targets.n, 2);
	assert_string_not_equal(
	    j.plan.rows[3].password, j.plan.rows[0].password);
	assert_string_equal(j.plan.rows[4].password, "");
	assert_string_equal(
	    tempdb_text(t->users, "SELECT target FROM mail_alias WHERE"
				  " local_part = 'u2'"),
	    "n4+x@alpha.example");
	d = tempdb_get_domain(t, ALPHA);
	assert_int_equal(d.accounts, 8);
	assert_int_equal(d.initial, 4);
	assert_int_equal(d.discarding, 1);
	assert_int_equal(d.forwarding, 2);
	job_end(&j);
	assert_clean(t);
}

/* The log-in that follows; who has been imported is as others are. */
static void
login_after(void **state)
{
	struct tempdb *t = *state;
	char token[SECRET_TEXT];
	struct account a;
	int64_t wait;

	import(t, SEVERAL);
	assert_int_equal(login(t->web_store, &t->rules, "n2", ALPHA, PW2,
			     &t->who, token, &a, &wait),
	    LOGIN_OK);
	assert_true(a.initial);
}

/* -- what concerns the whole -- */

static void
passwords_are_few(void **state)
{
	struct tempdb *t = *state;
	struct job j = { .pool = NULL };

	j.options.max_passwords = 2;
	assert_int_equal(plan(t, &j, "account,password\nn1," PW2 "\nn2," PW2
				     "\nn3,\nn4,\n"),
	    RES_OK);
	job_end(&j);
	assert_int_equal(plan(t, &j, "account,password\nn1," PW2 "\nn2," PW2
				     "\nn3," PW2 "\nn4,\n"),
	    RES_INVALID);
	assert_string_equal(
	    show(&j.plan), "n1+ n2+ n3+ n4+ file:csv.passwords_many(2)");
	assert_int_equal(apply(t, &j), RES_INVALID);
	job_end(&j);
}

/* The old value and the new one, as a preview shows them. */
static void
differences(void **state)
{
	static const struct {
		enum csv_column column;
		const char *old, *new;
	} all[] = {
		{ CSV_REAL_NAME, "Hanako Yamada", "Taro" },
		{ CSV_QUOTA_MB, "1024", "5" },
		{ CSV_ROUTING, "mailbox", "forward" },
		{ CSV_FORWARD_TO, "", "a@x.example, " U2 },
		{ CSV_KEEP_COPY, "off", "on" },
		{ CSV_PASSWORD, "", "" },
		{ CSV_PASSWORD_HASH, "", "" },
	};
	struct tempdb *t = *state;
	struct job j = { .pool = NULL };
	const char *old, *new;

	assert_int_equal(plan(t, &j, "account,real_name,quota_mb,forward_to,"
				     "keep_copy,password\nu1,Taro,5,"
				     "a@x.example " U2 ",on," PW2 "\n"),
	    RES_OK);
	for (size_t i = 0; i < NELEM(all); i++) {
		assert_int_equal(
		    import_difference(t->web_store, j.pool, &j.options,
			&j.plan.rows[0], all[i].column, &old, &new),
		    RES_OK);
		assert_string_equal(old, all[i].old);
		assert_string_equal(new, all[i].new);
	}
	job_end(&j);
}

/* -- while it runs -- */

/* Three batches. */
#define BIG_NEW 1100

/* So many new ones, some forwarding to one before, and two that change. */
static const char *
big(void)
{
	static char text[80000];
	size_t n = 0;

	n += (size_t)snprintf(text, sizeof(text),
	    "account,real_name,forward_to\nu1,Taro,\n");
	for (int i = 0; i < BIG_NEW; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n,
		    i % 11 != 5 ? "new%d,New Yamada,\n" :
				  "new%d,New Yamada,new%d@alpha.example\n",
		    i, i - 1);
	snprintf(text + n, sizeof(text) - n,
	    "u2,Jiro,new7@alpha.example\n");
	return text;
}

struct watch {
	struct tempdb *t;
	char *before;
	size_t calls, done;
};

/* After each batch, from another connection: nothing of it is there, and
 * somebody else may write. */
static void
watch(void *arg, size_t done, size_t all)
{
	struct watch *w = arg;

	assert_true(done >= w->done && done <= all);
	w->done = done;
	w->calls++;
	assert_visible(w->t, w->before);
	assert_int_equal(store_begin_now(w->t->tool_store), RES_OK);
	assert_int_equal(store_end(w->t->tool_store, RES_FAIL), RES_FAIL);
}

static void
seen_by_others(void **state)
{
	struct tempdb *t = *state;
	struct watch w = { .t = t, .before = visible(t) };
	struct job j = { .pool = NULL };
	char *after;

	j.options.progress = watch;
	j.options.progress_arg = &w;
	assert_int_equal(plan(t, &j, big()), RES_OK);
	assert_int_equal(apply(t, &j), RES_OK);
	job_end(&j);
	assert_true(w.calls >= 3);
	after = visible(t);
	assert_string_not_equal(after, w.before);
	assert_non_null(strstr(after, "new1099"));
	assert_non_null(strstr(after, "imported >+1100, *2"));
	free(w.before);
	free(after);
	assert_clean(t);
	assert_int_equal(
	    tempdb_get_domain(t, ALPHA).accounts, 4 + BIG_NEW);
	assert_repeats(t, big());
}

/* -- somebody else changes something between the plan and the end -- */

#define BUMP(id) \
	"UPDATE account SET version = version + 1 WHERE id = " #id ";"
#define RIVAL \
	"INSERT INTO address (id, domain_id, local_part, kind) VALUES" \
	" (50, 1, 'n1', 'account'); INSERT INTO account (id, domain_id," \
	" local_part, password_hash, quota_bytes, created_at, password_at)" \
	" VALUES (50, 1, 'n1', '$y$j9T$saltsalt$hash', 1, 1, 1);" \
	"INSERT INTO account_search (rowid, local_part, real_name)" \
	" VALUES (50, 'n1', '');"

/* clang-format off */
static const struct race_row {
	const char *name, *meanwhile;
	enum result want;
} race_rows[] = {
	{ "meanwhile: nothing", "", RES_OK },
	{ "meanwhile: a changed row is saved", BUMP(1), RES_CONFLICT },
	{ "meanwhile: a changed row gets a password",
	    "UPDATE account SET credential = 1 WHERE id = 1", RES_CONFLICT },
	{ "meanwhile: a changed row goes", "INSERT INTO account_search"
	    " (account_search, rowid, local_part, real_name) SELECT 'delete',"
	    " id, local_part, real_name FROM account WHERE id = 1;"
	    "DELETE FROM address WHERE id = 1", RES_CONFLICT },
	{ "meanwhile: the other one is saved", BUMP(2), RES_CONFLICT },
	{ "meanwhile: a new one is made", RIVAL, RES_CONFLICT },
	{ "meanwhile: a forward has the name", "INSERT INTO address"
	    " (domain_id, local_part, kind) VALUES (1, 'n4', 'forward')",
	    RES_CONFLICT },
	{ "meanwhile: one that is the same is saved", BUMP(3), RES_OK },
	{ "meanwhile: a target goes", "DELETE FROM address WHERE id = 4;"
	    "INSERT INTO account_search (account_search) VALUES ('rebuild')",
	    RES_CONFLICT },
	{ "meanwhile: a target leads back", FORWARDS(4, "n2b",
	    "alpha.example"), RES_CONFLICT },
	{ "meanwhile: the limit is lowered",
	    "UPDATE domain SET max_accounts = 7 WHERE id = 1",
	    RES_CONFLICT },
	{ "meanwhile: the limit is just enough",
	    "UPDATE domain SET max_accounts = 8 WHERE id = 1", RES_OK },
};
/* clang-format on */

#define RACE_FILE SEVERAL "u3,Hanako Yamada,,,,,,\n" \
	"n2b,,,,,,v1@beta.example,\n"

static void
race(void **state)
{
	struct tempdb *t = *state;
	const struct race_row *r = t->row;
	struct job j = { .pool = NULL };
	char *before;

	/* n2b makes it nine; 8 is enough without it. */
	const char *csv = strstr(r->name, "limit") != NULL ? SEVERAL :
							     RACE_FILE;

	assert_int_equal(plan(t, &j, csv), RES_OK);
	if (r->meanwhile[0] != '\0')
		assert_int_equal(tempdb_exec(t->users, r->meanwhile), 0);
	before = visible(t);
	assert_int_equal(apply(t, &j), r->want);
	if (r->want != RES_OK) {
		assert_visible(t, before);
		for (size_t i = 0; i < j.plan.n; i++)
			assert_string_equal(j.plan.rows[i].password, "");
	} else {
		assert_true(tempdb_get(t, "n4@alpha.example").keep_copy);
	}
	free(before);
	job_end(&j);
	assert_clean(t);
}

static void
busy(void **state)
{
	struct tempdb *t = *state;
	struct job j = { .pool = NULL };
	char *before = visible(t);
	sqlite3 *other;

	assert_int_equal(plan(t, &j, SEVERAL), RES_OK);
	other = tempdb_lock(t->users);
	tempdb_no_wait(t);
	assert_int_equal(apply(t, &j), RES_BUSY);
	tempdb_unlock(other);
	assert_visible(t, before);
	assert_clean(t);
	/* The same plan, when the lock is gone. */
	assert_int_equal(apply(t, &j), RES_OK);
	free(before);
	job_end(&j);
}

/* -- killed: another process runs it, and dies at a step -- */

enum death { AT_ROW, BEFORE_COMMIT, AFTER_COMMIT, STOPPED };

static int steps_left;

static void
step(int sig)
{
	if (--steps_left == 0)
		raise(sig);
}

static void
at_row(void *arg, int what, const char *db, const char *table, sqlite3_int64 id)
{
	(void)arg;
	(void)what;
	(void)db;
	(void)table;
	(void)id;
	step(SIGKILL);
}

static int
before_commit(void *arg)
{
	(void)arg;
	step(SIGKILL);
	return 0;
}

static int
after_commit(void *sig, sqlite3 *db, const char *name, int pages)
{
	(void)db;
	(void)name;
	(void)pages;
	step(*(int *)sig);
	return SQLITE_OK;
}

/* What main() does for the arguments that start_child gives. */
static int
child(char **argv)
{
	static int kill_ = SIGKILL, stop = SIGSTOP;
	const struct store_paths paths = { argv[2], argv[3], argv[4] };
	struct login_rules rules = { .hash_cost = 1 };
	struct job j = { .pool = NULL };
	enum result r;
	struct store *s;
	sqlite3 *db;

	if (!secret_init() || store_open(&paths, BY_TOOL, &s) != RES_OK)
		return 20;
	if (plan_by(s, &rules, &j, argv[5]) != RES_OK)
		return 21;
	db = s->db[DB_USERS];
	steps_left = (int)strtol(argv[7], NULL, 10);
	switch ((enum death)strtol(argv[6], NULL, 10)) {
	case AT_ROW:
		sqlite3_update_hook(db, at_row, NULL);
		break;
	case BEFORE_COMMIT:
		sqlite3_commit_hook(db, before_commit, NULL);
		break;
	case AFTER_COMMIT:
		sqlite3_wal_hook(db, after_commit, &kill_);
		break;
	case STOPPED:
		sqlite3_wal_hook(db, after_commit, &stop);
		break;
	}
	r = import_apply(s, &rules, j.pool, &j.plan, &j.options, &shell);
	job_end(&j);
	store_close(&s);
	return (int)r;
}

static pid_t
start_child(struct tempdb *t, const char *csv, enum death death, int steps)
{
	char how[16], when[16];
	pid_t pid;

	snprintf(how, sizeof(how), "%d", (int)death);
	snprintf(when, sizeof(when), "%d", steps);
	fflush(NULL);
	if ((pid = fork()) == 0) {
		/* A new program: a connection does not live through fork. */
		execl("/proc/self/exe", "test_import", "child", t->users,
		    t->web, t->mailstat, csv, how, when, (char *)NULL);
		_exit(30);
	}
	assert_true(pid > 0);
	return pid;
}

/* True: it died at that step; false: it came to its end before. */
static bool
run_child(struct tempdb *t, const char *csv, enum death death, int steps)
{
	const pid_t pid = start_child(t, csv, death, steps);
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status)) {
		assert_int_equal(WTERMSIG(status), SIGKILL);
		return true;
	}
	assert_int_equal(WEXITSTATUS(status), RES_OK);
	return false;
}

/* Is the last transaction, which shows it all, done? */
static bool
is_there(struct tempdb *t)
{
	return tempdb_int(t->users,
		   "SELECT count(*) FROM import WHERE done = 1") > 0;
}

/* clang-format off */
static const struct death_row {
	const char *name;
	enum death death;
	bool big;
	int steps; /* at the least */
} death_rows[] = {
	{ "killed at each row", AT_ROW, false, 30 },
	{ "killed before each commit", BEFORE_COMMIT, true, 5 },
	{ "killed after each commit", AFTER_COMMIT, true, 5 },
};
/* clang-format on */

static void
killed(void **state)
{
	struct tempdb *t = *state;
	const struct death_row *r = t->row;
	const char *csv = r->big ? big() : SEVERAL;
	char *before = visible(t);
	int n = 1;

	for (; run_child(t, csv, r->death, n) && !is_there(t); n++) {
		/* Nobody sees it, and it can be taken away again. */
		assert_visible(t, before);
		assert_int_equal(import_sweep(t->web_store, 1), RES_OK);
		assert_visible(t, before);
		assert_clean(t);
	}
	assert_true(n >= r->steps);
	assert_true(is_there(t));
	assert_clean(t);
	assert_string_equal(tempdb_get(t, U1).real_name, "Taro");
	assert_int_equal(tempdb_get_domain(t, ALPHA).accounts,
	    r->big ? 4 + BIG_NEW : 8);
	assert_repeats(t, r->big ? csv : "account\nn1\nn2\nn3\nn4\nu1\nu2\n");
	free(before);
}

/* clang-format off */
static const struct again_row {
	const char *name;
	enum death death;
	int at;
} again_rows[] = {
	{ "again: after it was only begun", AFTER_COMMIT, 1 },
	{ "again: after one batch", AFTER_COMMIT, 2 },
	{ "again: after three", AFTER_COMMIT, 4 },
	{ "again: just before the end", BEFORE_COMMIT, 5 },
	{ "again: in the middle of a batch", AT_ROW, 1000 },
};
/* clang-format on */

/* What a dead import left is gone with the next one, which does it all. */
static void
again(void **state)
{
	struct tempdb *t = *state;
	const struct again_row *r = t->row;
	char *before = visible(t);

	assert_true(run_child(t, big(), r->death, r->at));
	assert_true(run_child(t, big(), r->death, r->at > 2 ? 2 : 1));
	assert_visible(t, before);
	free(before);
	import(t, big());
	assert_clean(t);
	assert_int_equal(
	    tempdb_get_domain(t, ALPHA).accounts, 4 + BIG_NEW);
	assert_int_equal(
	    tempdb_int(t->users, "SELECT count(*) FROM history WHERE"
				 " what = 'account_added' AND subject LIKE"
				 " 'new%'"),
	    BIG_NEW);
	assert_repeats(t, big());
}

/* -- another import of the domain runs -- */

static enum result
add_account(struct tempdb *t, const char *address, struct findings *f)
{
	const struct account_new new = { .address = address,
		.real_name = "" };
	char password[PASSWD_GENERATED];

	f->n = 0;
	return account_add(
	    t->web_store, &t->rules, &new, &shell, f, password);
}

static void
running(void **state)
{
	struct tempdb *t = *state;
	struct job j = { .pool = NULL };
	struct findings f = { .n = 0 };
	char *before;
	int status;
	pid_t pid;

	pid = start_child(t, big(), STOPPED, 2);
	assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
	assert_true(WIFSTOPPED(status));
	/* Half of it is written, by a process that lives. */
	assert_true(tempdb_int(t->users, "SELECT count(*) FROM address"
					 " WHERE import_id IS NOT NULL") > 0);
	before = visible(t);
	assert_int_equal(plan(t, &j, SEVERAL), RES_OK);
	assert_int_equal(apply(t, &j), RES_CONFLICT);
	assert_visible(t, before);
	job_end(&j);
	assert_int_equal(import_sweep(t->web_store, 1), RES_CONFLICT);
	assert_int_equal(import_sweep_quietly(t->web_store, 1), RES_OK);
	assert_int_equal(
	    domain_delete(t->tool_store, ALPHA, true, &shell, &f),
	    RES_CONFLICT);
	assert_visible(t, before);
	free(before);
	/* Others work on; a name that is about to be is in use. */
	assert_int_equal(
	    add_account(t, "new0@alpha.example", &f), RES_INVALID);
	assert_string_equal(faults(&f), "in_use");
	assert_int_equal(
	    forward_add(t->web_store, ALPHA, "new0", "a@x.example", &shell,
		&f),
	    RES_INVALID);
	assert_int_equal(add_account(t, "other@alpha.example", &f), RES_OK);
	assert_int_equal(import_sweep(t->web_store, 2), RES_OK);
	assert_int_equal(kill(pid, SIGCONT), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == RES_OK);
	assert_int_equal(
	    tempdb_get_domain(t, ALPHA).accounts, 5 + BIG_NEW);
	assert_clean(t);
}

/* An address that goes while an import that forwards to it runs. */
static void
target_goes(void **state)
{
	struct tempdb *t = *state;
	struct account a = tempdb_get(t, "v1@beta.example");
	struct findings f = { .n = 0 };
	int status;
	pid_t pid;

	pid = start_child(t, "account,forward_to\nn1,v1@beta.example\n",
	    STOPPED, 2);
	assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
	assert_int_equal(
	    account_delete(t->web_store, &a, NULL, "", &shell, &f),
	    RES_INVALID);
	assert_string_equal(told(&f), "confirm:in_use_by(n1@alpha.example)");
	assert_int_equal(kill(pid, SIGCONT), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == RES_OK);
}

/* clang-format off */
static const struct owner_row {
	const char *name, *owner;
} owner_rows[] = {
	{ "left by: a process that is gone", "4194304 77" },
	{ "left by: a number that is another's now", "1 1" },
	{ "left by: nobody", "" },
	{ "left by: garbage", "x y z" },
	{ "left by: a negative number", "-1 1" },
};
/* clang-format on */

static void
left(void **state)
{
	struct tempdb *t = *state;
	const struct owner_row *r = t->row;
	struct findings f = { .n = 0 };
	char sql[900];

	snprintf(sql, sizeof(sql),
	    "INSERT INTO import (id, domain_id, at, owner) VALUES (3, 1, 1,"
	    " '%s'); INSERT INTO address (id, domain_id, local_part, kind,"
	    " import_id) VALUES (50, 1, 'n1', 'account', 3);"
	    "INSERT INTO account (id, domain_id, local_part, password_hash,"
	    " quota_bytes, created_at, password_at) VALUES (50, 1, 'n1',"
	    " '$y$j9T$saltsalt$hash', 1, 1, 1);"
	    "INSERT INTO account_search (rowid, local_part, real_name)"
	    " VALUES (50, 'n1', '');"
	    "INSERT INTO history (at, actor, origin, request_id, domain,"
	    " account_id, subject, what, old_value, new_value, import_id)"
	    " VALUES (1, '', '', '', 'alpha.example', 50, 'n1',"
	    " 'account_added', '', '', 3)",
	    r->owner);
	assert_int_equal(tempdb_exec(t->users, sql), 0);
	/* The name can be used, and so can be the rest. */
	assert_int_equal(add_account(t, "n1@alpha.example", &f), RES_OK);
	assert_clean(t);
	import(t, SEVERAL);
	assert_clean(t);
}

int
main(int argc, char **argv)
{
	static struct suite s;

	if (argc == 8 && strcmp(argv[1], "child") == 0)
		return child(argv);
	ADD_ROWS(&s, rows, verdicts, tempdb_open, tempdb_drop);
	ADD_ROWS(&s, race_rows, race, tempdb_open, tempdb_drop);
	ADD_ROWS(&s, death_rows, killed, tempdb_open, tempdb_drop);
	ADD_ROWS(&s, again_rows, again, tempdb_open, tempdb_drop);
	ADD_ROWS(&s, owner_rows, left, tempdb_open, tempdb_drop);
#define T(name, f) suite_add(&s, name, f, tempdb_open, tempdb_drop, NULL)
	T("what is made", made);
	T("the log-in that follows", login_after);
	T("only so many passwords", passwords_are_few);
	T("what differs", differences);
	T("what others see meanwhile", seen_by_others);
	T("C106 busy", busy);
	T("another import is running", running);
	T("a target goes meanwhile", target_goes);
	return suite_run(&s, "import");
}
