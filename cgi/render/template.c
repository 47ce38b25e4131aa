#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "render/template.h"

#define OPEN "<?cs var:"
#define CLOSE " ?>"

static char *
read_file(const char *dir, const char *name)
{
	char path[4096], *text = NULL;
	size_t size = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	if ((f = fopen(path, "re")) == NULL)
		return NULL;
	/* A NUL delimiter: the whole file as one string. */
	if (getdelim(&text, &size, '\0', f) < 0) {
		free(text);
		text = NULL;
	}
	fclose(f);
	return text;
}

static void
put_escaped(FILE *out, const char *s)
{
	for (; *s != '\0'; s++) {
		switch (*s) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		case '\'':
			fputs("&#39;", out);
			break;
		default:
			fputc(*s, out);
			break;
		}
	}
}

/* The sentence for a tag's text of n bytes, "Msg.some.key", in its place; the
 * key begins at `prefix`. */
static bool
put_sentence(FILE *out, const char *text, size_t n, size_t prefix,
    const char *name, const struct messages *m)
{
	char copy[128];
	const char *sentence = NULL;

	if (n < sizeof(copy)) {
		memcpy(copy, text, n);
		copy[n] = '\0';
		sentence = messages_find(m, copy + prefix);
	}
	if (sentence == NULL) {
		log_event("template", "name=%s missing=%.*s", name,
		    (int)n, text);
		return false;
	}
	put_escaped(out, sentence);
	return true;
}

/* The catalogue that the tag's text begins with the name of; *n_r is how long
 * that is.  NULL: it is another variable. */
static const struct messages *
catalogue_of(const char *s, const struct template_words *w, size_t *n_r)
{
	const struct {
		const char *prefix;
		const struct messages *m;
	} all[] = { { "Msg.", w->msg }, { "Ja.", w->ja }, { "En.", w->en } };

	for (size_t i = 0; i < NELEM(all); i++) {
		*n_r = strlen(all[i].prefix);
		if (strncmp(s, all[i].prefix, *n_r) == 0)
			return all[i].m;
	}
	return NULL;
}

static bool
put_sentences(FILE *out, const char *in, const char *name,
    const struct template_words *w)
{
	const char *tag, *from = in;

	while ((tag = strstr(from, OPEN)) != NULL) {
		const char *text = tag + strlen(OPEN);
		const char *end = strstr(text, CLOSE);
		size_t prefix;
		const struct messages *m = catalogue_of(text, w, &prefix);

		if (end == NULL)
			break;
		from = text;
		if (m == NULL)
			continue;
		fwrite(in, 1, (size_t)(tag - in), out);
		if (!put_sentence(out, text, (size_t)(end - text), prefix,
			name, m))
			return false;
		in = from = end + strlen(CLOSE);
	}
	fputs(in, out);
	return true;
}

char *
template_read(const char *dir, const char *name,
    const struct template_words *w)
{
	char *in = read_file(dir, name), *text = NULL;
	size_t size;
	FILE *out;
	bool ok = false;

	if (in == NULL) {
		log_event("template", "name=%s error=cannot_be_read", name);
		return NULL;
	}
	if ((out = open_memstream(&text, &size)) != NULL) {
		ok = put_sentences(out, in, name, w);
		ok = fclose(out) == 0 && ok;
	}
	free(in);
	if (!ok) {
		free(text);
		return NULL;
	}
	return text;
}
