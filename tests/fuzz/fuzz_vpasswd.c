/* Any bytes as lines of vpopmail's and qmail's files: pieces within the line,
 * numbers within their range. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "migrate/vpasswd.h"
#include "tests/fuzz/must.h"

static void
within(struct piece p, struct piece line)
{
	MUST(p.n == 0 ||
	    (p.s >= line.s && p.s + p.n <= line.s + line.n));
}

static void
one_line(struct piece line)
{
	struct piece field[7], name;
	struct qmail_line q = qmail_read(line.s, line.n);
	int64_t n;
	bool count;

	if (vpasswd_line(line.s, line.n, field))
		for (size_t i = 0; i < 7; i++)
			within(field[i], line);
	within(q.text, line);
	within(qmail_program(q.text), line);
	within(qmail_last_word(q.text), line);
	if (limits_line(line, &name, &n))
		within(name, line);
	if (assign_line(line, &field[0], &field[1])) {
		within(field[0], line);
		within(field[1], line);
	}
	if (vpasswd_quota(line, &n, &count))
		MUST(n >= 0);
	if (piece_number(line, &n))
		MUST(n > -1000000000000000000 && n < 1000000000000000000);
	(void)piece_has_control(line);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *bytes = malloc(size > 0 ? size : 1);
	const char *at = bytes;
	struct piece line;
	int64_t b, m;

	MUST(bytes != NULL);
	memcpy(bytes, data, size);
	while (piece_line(&at, bytes + size, &line))
		one_line(line);
	if (maildirsize_read(bytes, size, &b, &m))
		MUST(b >= 0 && m >= 0);
	free(bytes);
	return 0;
}
