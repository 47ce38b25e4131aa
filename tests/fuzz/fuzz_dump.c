/* Any bytes as a dump: rows with names and texts that are ended, or a line in
 * which it stops. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "migrate/dump.h"
#include "tests/fuzz/must.h"

struct seen {
	size_t size, rows;
};

static bool
row(void *arg, const char *table, size_t n, const char *const *names,
    const struct foreign_cell *cells)
{
	struct seen *s = arg;

	MUST(n <= DUMP_COLUMNS && strlen(table) <= s->size);
	for (size_t i = 0; i < n; i++) {
		MUST(strlen(names[i]) <= s->size);
		MUST(cells[i].n <= s->size);
		if (cells[i].text != NULL)
			MUST(cells[i].text[cells[i].n] == '\0');
	}
	s->rows++;
	return s->rows < 1000;
}

static void
other(void *arg, unsigned int line)
{
	const struct seen *s = arg;

	MUST(line >= 1 && line <= s->size + 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pool *p = pool_new();
	struct seen s = { size, 0 };
	const struct dump_reader to = { row, other, &s };
	/* Of its own size, so that ASan sees what is read behind it. */
	char *bytes = malloc(size + 1);
	unsigned int line;

	MUST(bytes != NULL);
	memcpy(bytes, data, size);
	bytes[size] = '\0';
	(void)dump_read(p, bytes, size, &to, &line);
	MUST(line >= 1 && line <= size + 1);
	free(bytes);
	pool_free(&p);
	return 0;
}
