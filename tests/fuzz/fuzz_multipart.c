/*
 * Any bytes as a body, and any first line as its type: refused, or parts that
 * are named once, fields that are text, and files that are in the body and
 * have no mark in them.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "http/multipart.h"
#include "tests/fuzz/must.h"

static void
must_be_text(const char *s)
{
	MUST(utf8_valid(s, strlen(s)) == strlen(s));
	for (; *s != '\0'; s++)
		MUST((unsigned char)*s >= 0x20 && *s != 0x7f);
}

static void
must_be_part(const struct part *part, const char *body, size_t n)
{
	must_be_text(part->name);
	if (part->filename == NULL) {
		MUST(strlen(part->bytes) == part->n);
		MUST(utf8_valid(part->bytes, part->n) == part->n);
		return;
	}
	must_be_text(part->filename);
	MUST(strlen(part->filename) <= 200 &&
	    strpbrk(part->filename, "/\\") == NULL);
	MUST(part->bytes > body && part->bytes + part->n < body + n);
	MUST(memcmp(part->bytes + part->n, "\r\n--", 4) == 0);
}

static void
parse(const char *type, const char *mark, const char *body, size_t n)
{
	struct pool *p = pool_new();
	struct multipart m;

	if (multipart_parse(p, type, body, n, &m)) {
		MUST(m.n > 0 && m.n <= MULTIPART_PARTS_MAX);
		for (size_t i = 0; i < m.n; i++) {
			must_be_part(&m.parts[i], body, n);
			MUST(mark == NULL ||
			    memmem(m.parts[i].bytes, m.parts[i].n, mark,
				strlen(mark)) == NULL);
			for (size_t k = 0; k < i; k++)
				MUST(strcmp(m.parts[i].name,
					 m.parts[k].name) != 0);
		}
	}
	pool_free(&p);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *s = (const char *)data;
	const char *line = memchr(s, '\n', size);
	char *type;

	parse("multipart/form-data; boundary=b", "\r\n--b", s, size);
	if (line == NULL)
		return 0;
	type = strndup(s, (size_t)(line - s));
	MUST(type != NULL);
	parse(type, NULL, line + 1, size - (size_t)(line + 1 - s));
	free(type);
	return 0;
}
