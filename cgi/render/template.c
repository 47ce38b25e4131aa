#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "render/template.h"

#define OPEN "<?cs var:Msg."
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

/* The sentence for the key of n bytes in place of its tag. */
static bool
put_sentence(FILE *out, const char *key, size_t n, const char *name,
    const struct messages *m)
{
	char copy[128];
	const char *sentence = NULL;

	if (n < sizeof(copy)) {
		memcpy(copy, key, n);
		copy[n] = '\0';
		sentence = messages_find(m, copy);
	}
	if (sentence == NULL) {
		log_event("template", "name=%s missing=Msg.%.*s", name,
		    (int)n, key);
		return false;
	}
	put_escaped(out, sentence);
	return true;
}

static bool
put_sentences(FILE *out, const char *in, const char *name,
    const struct messages *m)
{
	const char *tag;

	for (; (tag = strstr(in, OPEN)) != NULL;) {
		const char *key = tag + strlen(OPEN);
		const char *end = strstr(key, CLOSE);

		if (end == NULL)
			break;
		fwrite(in, 1, (size_t)(tag - in), out);
		if (!put_sentence(out, key, (size_t)(end - key), name, m))
			return false;
		in = end + strlen(CLOSE);
	}
	fputs(in, out);
	return true;
}

char *
template_read(const char *dir, const char *name, const struct messages *m)
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
		ok = put_sentences(out, in, name, m);
		ok = fclose(out) == 0 && ok;
	}
	free(in);
	if (!ok) {
		free(text);
		return NULL;
	}
	return text;
}
