/* What goes out: reasons on standard error, rows on standard output. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/utf8.h"
#include "tool/tool.h"

/* -- reasons -- */

/* Bytes of the character at s, which is not ASCII; 0: one that a terminal
 * obeys (U+0080 to U+009F), or none. */
static size_t
printable(const char *s)
{
	size_t n = 1;

	while (n < 4 && ((unsigned char)s[n] & 0xc0) == 0x80)
		n++;
	if (utf8_valid(s, n) != n ||
	    ((unsigned char)s[0] == 0xc2 && (unsigned char)s[1] < 0xa0))
		return 0;
	return n;
}

void
tool_print(FILE *to, const char *text)
{
	for (const char *s = text; *s != '\0';) {
		const unsigned char c = (unsigned char)*s;
		size_t n = c < 0x20 || c == 0x7f ? 0 :
		    c < 0x80		     ? 1 :
					       printable(s);

		if (n > 0)
			fwrite(s, 1, n, to);
		else
			fputc('?', to);
		s += n > 0 ? n : 1;
	}
}

const char *
tool_sentence(const struct tool *t, const struct finding *f,
    char out[SENTENCE_SIZE])
{
	return messages_text(t->messages, fault_key(f->fault), f->a1, f->a2,
	    out, SENTENCE_SIZE);
}

/* "subject: " on standard error. */
static void
name_subject(const char *subject)
{
	tool_print(stderr, subject);
	fputs(": ", stderr);
}

void
tool_findings(const struct tool *t, const char *subject,
    const struct findings *f)
{
	char text[SENTENCE_SIZE];

	for (size_t i = 0; i < f->n; i++) {
		name_subject(subject);
		tool_print(stderr, tool_sentence(t, &f->list[i], text));
		fputc('\n', stderr);
	}
}

int
tool_answer(struct tool *t, enum result r, const char *subject,
    const struct findings *f)
{
	const char *why = NULL;

	switch (r) {
	case RES_OK:
		return EXIT_DONE;
	case RES_INVALID:
		break;
	case RES_NOTFOUND:
		why = "there is no such account, forward, list or domain";
		break;
	case RES_CONFLICT:
		why = "is in use, or was changed meanwhile";
		break;
	case RES_BUSY:
		why = "the database is busy; try again";
		break;
	case RES_DENIED:
	case RES_FAIL:
		why = "failed; the reason is above";
		break;
	}
	/* A finding says it better. */
	if (f != NULL && f->n > 0) {
		tool_findings(t, subject, f);
	} else if (why != NULL) {
		name_subject(subject);
		fprintf(stderr, "%s\n", why);
	}
	return r == RES_BUSY ? EXIT_BUSY : EXIT_REFUSED;
}

/* -- rows -- */

bool
tool_put(void *arg, const char *text, size_t n)
{
	struct tool *t = arg;

	if (fwrite(text, 1, n, stdout) == n && fflush(stdout) == 0)
		return true;
	t->reader_gone = errno == EPIPE;
	return false;
}

void
rows_begin(struct rows *r, struct tool *t)
{
	r->tool = t;
	if ((r->to = open_memstream(&r->text, &r->size)) == NULL) {
		log_event("out_of_memory", "rows=%zu", r->n);
		abort();
	}
}

FILE *
rows_line(struct rows *r)
{
	r->n++;
	return r->to;
}

void
rows_json(struct rows *r, json_t *o)
{
	fputs(r->n++ == 0 ? "[\n" : ",\n", r->to);
	if (o == NULL || json_dumpf(o, r->to, 0) != 0)
		r->failed = true;
	json_decref(o);
}

void
rows_end(struct rows *r)
{
	if (fclose(r->to) != 0)
		r->failed = true;
}

bool
rows_write(struct rows *r)
{
	bool done;

	rows_end(r);
	done = !r->failed && tool_put(r->tool, r->text, r->size);
	free(r->text);
	r->text = NULL;
	return done;
}

int
rows_answer(struct rows *r, enum result result, const char *subject)
{
	struct tool *t = r->tool;
	const char *end = r->n > 0 ? "\n]\n" : "[]\n";

	if (result == RES_OK && r->failed) {
		log_event("rows", "subject=%s reason=not_text", subject);
		result = RES_FAIL;
	}
	if (result == RES_OK && t->opt.json)
		(void)!tool_put(t, end, strlen(end));
	return tool_answer(t, result, subject, NULL);
}

/* -- JSON -- */

json_t *
json_of_targets(const struct targets *t)
{
	json_t *a = json_array();

	for (size_t i = 0; i < t->n; i++)
		json_array_append_new(a,
		    json_sprintf("%s@%s", t->list[i].local_part,
			t->list[i].domain));
	return a;
}

json_t *
json_of_limit(int64_t n)
{
	return n == NO_LIMIT ? json_null() : json_integer(n);
}

json_t *
json_of_findings(const struct tool *t, const struct findings *f)
{
	json_t *reasons = json_array();
	char text[SENTENCE_SIZE];

	for (size_t i = 0; i < f->n; i++)
		json_array_append_new(reasons,
		    json_pack("{s:s, s:s}", "column", f->list[i].field,
			"text", tool_sentence(t, &f->list[i], text)));
	return reasons;
}

int
json_answer(json_t *o)
{
	const bool done = json_dumpf(o, stdout, JSON_INDENT(2)) == 0;

	putchar('\n');
	json_decref(o);
	return done ? EXIT_DONE : EXIT_REFUSED;
}
