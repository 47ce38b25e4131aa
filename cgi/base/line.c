#include <string.h>

#include "base/line.h"

const char *
line_next(const char **text, size_t *n)
{
	const char *line = *text;

	if (*line == '\0')
		return NULL;
	*n = strcspn(line, "\n");
	*text = line + *n + (line[*n] == '\n');
	return line;
}
