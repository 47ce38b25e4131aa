/* The report of a move: a line or an object for each line, row and file. */
#include <string.h>

#include "tool/tool_migrate.h"

#define MB (1024LL * 1024)

/* clang-format off */
static const char *const sentences[WHY__MAX] = {
	[WHY_DOMAIN]	= "domain",
	[WHY_ACCOUNT]	= "account",
	[WHY_FORWARD]	= "forwarding account",
	[WHY_LIST]	= "mailing list",
	[WHY_MEMBER]	= "member {1}",
	[WHY_ADMIN]	= "administrator of {1}",
	[WHY_READ]	= "used {1}",
	[WHY_THERE]	= "is there already {1}",
	[WHY_DERIVED]	= "read with the rest, or made anew here {1}",
	[WHY_NOBODY]	= "of no account that is moved",
	[WHY_MAIL]	= "mail to be copied: {1}",
	[WHY_RULE]	= "against a rule of this server",
	[WHY_DIFFERS]	= "is there already with another {1}; it stays as it is",
	[WHY_TAKEN]	= "the name is that of a {1} here",
	[WHY_TWICE]	= "the same name, but perhaps for case, is in {1}",
	[WHY_NO_DOMAIN]	= "of no domain that is moved: {1}",
	[WHY_FIELDS]	= "not as its format says: {1}",
	[WHY_CONTROL]	= "has control characters, or is not UTF-8: {1}",
	[WHY_LONG]	= "too long, or too many: {1}",
	[WHY_UNKNOWN]	= "not understood: {1}",
	[WHY_LINK]	= "a symbolic link, which is not followed",
	[WHY_SPECIAL]	= "neither a file nor a directory",
	[WHY_LARGE]	= "larger than {1} bytes",
	[WHY_UNREADABLE] = "cannot be read: {1}",
	[WHY_OUTSIDE]	= "leads out of the source: {1}",
	[WHY_HASH]	= "password of a kind that cannot be checked here ({1}): log-in needs a new one (fumibako account passwd)",
	[WHY_REAL_NAME]	= "real name left out: {1}",
	[WHY_NO_QUOTA]	= "no quota; it gets the domain's default",
	[WHY_QUOTA_ROUNDED] = "quota of {1} bytes, made whole MB",
	[WHY_QUOTA_COUNT] = "the limit of messages is left out",
	[WHY_COLUMN]	= "column {1} is left out",
	[WHY_FLAG]	= "switch {1} is left out",
	[WHY_LIMIT]	= "limit {1} is left out",
	[WHY_INACTIVE]	= "not active, so not moved",
	[WHY_PROGRAM]	= "a program is not run here: {1}",
	[WHY_VACATION]	= "no vacation replies here; mail is kept",
	[WHY_MANY]	= "more targets than there may be ({1}); an account keeps its mail",
	[WHY_EMPTY]	= "no target is left; an account keeps its mail",
	[WHY_DISCARD]	= "throws mail away, which only an account can",
	[WHY_CATCHALL]	= "mail for unknown names is refused here: {1}",
	[WHY_UNKNOWN_BOUNCES] = "mail for unknown names is refused here: {1}",
	[WHY_ALIAS_DOMAIN] = "another name of the domain {1}: domains have one name here",
	[WHY_BACKUP_MX]	= "a backup for other hosts, which has no mailboxes",
	[WHY_TRANSPORT]	= "transport left out: {1}",
	[WHY_UNREACHED]	= "qmail never looks for it: names have small letters, and : for a dot",
	[WHY_OVERRIDDEN] = "{1} goes before it",
	[WHY_POSTMASTER] = "the postmaster is an account here, which forwards",
	[WHY_OWNER]	= "owner left out: {1}",
	[WHY_DIGEST]	= "got digests, gets each mail: {1}",
	[WHY_ACCESS]	= "who may post, or not, is left out: {1}",
	[WHY_ARCHIVE]	= "old mail of the list stays where it is",
	[WHY_ENGINE]	= "not added, fumibako-lists does not answer: {1}",
	[WHY_NO_ACCOUNT] = "administrator of {1} without an account",
	[WHY_OWN_PASSWORD] = "administers with the password of the account",
	[WHY_SUPERADMIN] = "of the whole site: to be said by hand (fumibako admin grant --site)",
	[WHY_TABLE]	= "{1} rows that are of no use here",
	[WHY_SQL]	= "not understood",
	[WHY_COMMENT]	= "nothing to do",
};
/* clang-format on */

/* Without what leads to an argument that is not there. */
static const char *
fill(enum why why, const char *given, char out[SENTENCE_SIZE])
{
	const char *s = sentences[why], *arg = strstr(s, "{1}");
	size_t n;

	if (arg == NULL)
		snprintf(out, SENTENCE_SIZE, "%s", s);
	else
		snprintf(out, SENTENCE_SIZE, "%.*s%s%s", (int)(arg - s), s,
		    given, arg + 3);
	n = strlen(out);
	while (n > 0 && strchr(" :", out[n - 1]) != NULL)
		out[--n] = '\0';
	return out;
}

static const char *
sentence(const struct tool *t, const struct moved *m, char out[SENTENCE_SIZE])
{

	if (m->why == WHY_RULE) {
		struct findings f = { .n = 0 };

		finding_add(&f, "", m->fault, m->arg, m->arg2);
		return tool_sentence(t, &f.list[0], out);
	}
	return fill(m->why, m->arg, out);
}

/* Does this line say what becomes of an account? */
static bool
is_account(const struct moved *m)
{
	return m->item != NULL && m->item->kind == KIND_ACCOUNT &&
	    (m->why == WHY_ACCOUNT || m->why == WHY_THERE ||
		m->why == WHY_DIFFERS);
}

/* Where the mail of an account belongs, below the mail store. */
static const char *
home(const struct tool *t, const struct place *p, char out[64])
{
	/* The number of one that is not there is not known before. */
	if (p->id == 0 || (t->opt.dry_run && p->fate == FATE_DONE))
		return NULL;
	snprintf(out, 64, "%lld/Maildir", (long long)p->id);
	return out;
}

static void
settings_text(FILE *to, const struct place *p)
{
	if (p->quota_bytes > 0)
		fprintf(to, ", quota %lld MB",
		    (long long)(p->quota_bytes / MB));
	fprintf(to, ", password %s", p->hash != NULL ? "kept" : "none");
	fprintf(to, ", %s%s", routing_text(p->routing),
	    p->keep_copy ? " and keep a copy" : "");
}

static void
mail_text(struct tool *t, FILE *to, const struct place *p)
{
	char path[64];
	const char *new = home(t, p, path);

	if (p->used_bytes >= 0)
		fprintf(to, ", uses %lld bytes in %lld messages",
		    (long long)p->used_bytes, (long long)p->used_messages);
	if (p->mail == NULL)
		return;
	fputs(", mail ", to);
	tool_print(to, p->mail);
	if (new != NULL)
		fprintf(to, " to %s", new);
}

static void
line_text(struct tool *t, FILE *to, const struct moved *m)
{
	char text[SENTENCE_SIZE];

	fprintf(to, "%-8s ", outcome_word(m->outcome));
	tool_print(to, m->at.file);
	if (m->at.line > 0)
		fprintf(to, ":%u", m->at.line);
	fputs(": ", to);
	if (m->subject[0] != '\0') {
		tool_print(to, m->subject);
		fputs(": ", to);
	}
	tool_print(to, sentence(t, m, text));
	/* What is there and another one stays as it is. */
	if (is_account(m) && m->why != WHY_DIFFERS)
		settings_text(to, m->item);
	if (is_account(m))
		mail_text(t, to, m->item);
	fputc('\n', to);
}

/* A path is bytes, and may be no text. */
static json_t *
path_json(const char *path)
{
	json_t *o = path != NULL ? json_string(path) : NULL;

	return o != NULL ? o : json_null();
}

static json_t *
account_json(struct tool *t, const struct place *p)
{
	char path[64];

	return json_pack("{s:I, s:b, s:s, s:b, s:o, s:s?, s:I, s:I}",
	    "quota_bytes", (json_int_t)p->quota_bytes, "password",
	    p->hash != NULL, "routing", routing_text(p->routing), "keep_copy",
	    p->keep_copy, "mail_from", path_json(p->mail), "mail_to",
	    home(t, p, path),
	    "used_bytes", (json_int_t)p->used_bytes, "used_messages",
	    (json_int_t)p->used_messages);
}

static json_t *
line_json(struct tool *t, const struct moved *m)
{
	char text[SENTENCE_SIZE];
	json_t *o = json_pack("{s:s, s:I, s:s, s:s, s:s, s:s, s:s}", "source",
	    m->at.file, "line", (json_int_t)m->at.line, "subject", m->subject,
	    "outcome", outcome_word(m->outcome), "reason",
	    m->why == WHY_RULE ? fault_key(m->fault) : why_key(m->why),
	    "detail", m->arg, "text", sentence(t, m, text));

	if (is_account(m))
		json_object_set_new(o, "account", account_json(t, m->item));
	return o;
}

/* -- all of it -- */

struct totals {
	size_t outcome[3], domains, kind[3];
};

static struct totals
count(const struct moving *m)
{
	struct totals n = { .domains = 0 };

	for (size_t i = 0; i < m->nmoved; i++)
		n.outcome[m->moved[i].outcome]++;
	for (size_t i = 0; i < m->ndomains; i++)
		n.domains += m->domains[i]->fate == FATE_DONE;
	for (size_t i = 0; i < m->nplaces; i++)
		n.kind[m->places[i]->kind] +=
		    m->places[i]->fate == FATE_DONE;
	return n;
}

static bool
print_rows(struct tool *t, const struct moving *m, struct rows *rows)
{
	for (size_t i = 0; i < m->nmoved;) {
		rows_begin(rows, t);
		for (size_t k = 0; k < ROWS_PAGE && i < m->nmoved; k++, i++) {
			if (t->opt.json)
				rows_json(rows, line_json(t, &m->moved[i]));
			else
				line_text(t, rows_line(rows), &m->moved[i]);
		}
		if (!rows_write(rows))
			return false;
	}
	return true;
}

/* How many lines of which kind there are to be looked at: thousands of
 * accounts have few. */
static void
print_reasons(const struct moving *m)
{
	size_t n[WHY__MAX][OUT_REFUSED + 1] = { { 0 } };
	char text[SENTENCE_SIZE];

	for (size_t i = 0; i < m->nmoved; i++)
		n[m->moved[i].why][m->moved[i].outcome]++;
	for (int o = OUT_CHANGED; o <= OUT_REFUSED; o++)
		/* An account, a list is changed by what its lines say. */
		for (int why = WHY_LIST + 1; why < WHY__MAX; why++)
			if (n[why][o] > 0)
				printf("%6zu %s: %s\n", n[why][o],
				    outcome_word((enum outcome)o),
				    fill((enum why)why, "...", text));
}

int
migrate_report(struct tool *t, const struct moving *m)
{
	const struct totals n = count(m);
	struct rows rows = { .tool = t };
	json_t *o;

	if (!t->opt.json) {
		if (!print_rows(t, m, &rows))
			return EXIT_REFUSED;
		print_reasons(m);
		printf("%s: %zu domains, %zu accounts, %zu forwarding"
		       " accounts, %zu mailing lists; lines: %zu done, %zu"
		       " changed, %zu refused\n",
		    t->opt.dry_run ? "would be new" : "new", n.domains,
		    n.kind[KIND_ACCOUNT], n.kind[KIND_FORWARD],
		    n.kind[KIND_LIST], n.outcome[OUT_DONE],
		    n.outcome[OUT_CHANGED], n.outcome[OUT_REFUSED]);
		return EXIT_DONE;
	}
	o = json_pack("{s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "applied",
	    !t->opt.dry_run, "domains", (json_int_t)n.domains, "accounts",
	    (json_int_t)n.kind[KIND_ACCOUNT], "forwards",
	    (json_int_t)n.kind[KIND_FORWARD], "lists",
	    (json_int_t)n.kind[KIND_LIST], "done",
	    (json_int_t)n.outcome[OUT_DONE], "changed",
	    (json_int_t)n.outcome[OUT_CHANGED], "refused",
	    (json_int_t)n.outcome[OUT_REFUSED]);
	fputs("{\"summary\": ", stdout);
	json_dumpf(o, stdout, 0);
	json_decref(o);
	fputs(",\n\"lines\": ", stdout);
	if (!print_rows(t, m, &rows))
		return EXIT_REFUSED;
	fputs(rows.n > 0 ? "\n]}\n" : "[]}\n", stdout);
	return EXIT_DONE;
}

int
migrate_mail_list(struct tool *t, const struct moving *m)
{
	char path[64];

	for (size_t i = 0; i < m->nplaces; i++) {
		const struct place *p = m->places[i];
		const char *new = home(t, p, path);

		if (p->kind != KIND_ACCOUNT || p->mail == NULL || new == NULL)
			continue;
		tool_print(stdout, p->mail);
		printf("\t%s\n", new);
	}
	return EXIT_DONE;
}
