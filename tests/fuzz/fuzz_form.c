/* Any bytes: refused, or fields that are text and named once. */
#include <stdint.h>
#include <string.h>

#include "http/form.h"
#include "tests/fuzz/must.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pool *p = pool_new();
	struct form f;
	char *path;

	if (form_parse(p, (const char *)data, size, &f)) {
		MUST(f.n <= FORM_FIELDS_MAX);
		for (size_t i = 0; i < f.n; i++) {
			MUST(form_get(&f, f.fields[i].name) ==
			    f.fields[i].value);
			MUST(strlen(f.fields[i].name) +
				strlen(f.fields[i].value) <=
			    size);
			for (size_t k = 0; k < i; k++)
				MUST(strcmp(f.fields[i].name,
					 f.fields[k].name) != 0);
			for (const char *c = f.fields[i].name; *c != '\0'; c++)
				MUST((unsigned char)*c >= 0x20 && *c != 0x7f);
		}
		(void)form_is_on(&f, "a");
	}
	path = percent_decode(p, (const char *)data, size, false);
	if (path != NULL)
		MUST(strlen(path) <= size);
	pool_free(&p);
	return 0;
}
