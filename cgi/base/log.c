#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

static char request[40];

void
log_set_request(const char *id)
{
	snprintf(request, sizeof(request), "%s", id != NULL ? id : "");
}

void
log_event(const char *event, const char *fmt, ...)
{
	char line[1024];
	va_list ap;
	int n;
	size_t len;

	n = snprintf(line, sizeof(line), "event=%s%s%s ", event,
	    request[0] != '\0' ? " request=" : "", request);
	len = (size_t)n < sizeof(line) ? (size_t)n : sizeof(line) - 1;
	va_start(ap, fmt);
	n = vsnprintf(line + len, sizeof(line) - len, fmt, ap);
	va_end(ap);
	len += n > 0 ? (size_t)n : 0;
	if (len > sizeof(line) - 2)
		len = sizeof(line) - 2;
	line[len++] = '\n';
	/* One write, so that the lines of several workers do not mix. */
	if (write(STDERR_FILENO, line, len) < 0)
		return;
}
