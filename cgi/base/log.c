#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

#define LINE_MAX_BYTES 4096 /* one write of it to a pipe is not broken up */
#define VALUE_MAX 400	    /* an address has at most 320 bytes */

/* sd-daemon(3): what `journalctl -p` asks for. */
enum { CRIT = 2, ERR, WARNING, NOTICE, INFO };

/* The closed list. */
/* clang-format off */
static const struct {
	const char *name;
	int priority;
} events[] = {
	{ "request",		INFO },
	/* security */
	{ "login",		INFO },
	{ "login_wrong",	NOTICE },
	{ "login_throttled",	NOTICE },
	{ "logout",		INFO },
	{ "session_over",	INFO },
	{ "off_campus",		NOTICE },
	{ "form_refused",	NOTICE },
	{ "denied",		NOTICE },
	{ "change",		NOTICE },
	/* the program and what it stands on */
	{ "start",		ERR },
	{ "metrics",		ERR },
	{ "out_of_memory",	CRIT },
	{ "crypt",		ERR },
	{ "template",		ERR },
	{ "message_missing",	ERR },
	{ "answer_cut",		ERR },
	{ "database_busy",	WARNING },
	{ "database_io",	ERR },
	{ "database_open",	ERR },
	{ "database_error",	ERR },
	{ "database_text_long",	ERR },
	{ "oldest_message",	WARNING },
	{ "list_engine",	WARNING },
	{ "list_request",	INFO },
	{ "list_program",	WARNING },
	{ "list_directory",	WARNING },
	{ "list_members",	WARNING },
	{ "list_mail",		NOTICE },
	{ "rows",		ERR },
	{ "sweep",		WARNING },
	{ "certificate",	WARNING },
};
/* clang-format on */

struct line {
	size_t n;
	char text[LINE_MAX_BYTES];
};

static char request_id[40], client_address[64];
/* Finished lines, in one piece. */
static char *kept;
static size_t nkept;

void
log_set_request(const char *id, const char *client)
{
	snprintf(request_id, sizeof(request_id), "%s", id != NULL ? id : "");
	snprintf(client_address, sizeof(client_address), "%s",
	    client != NULL ? client : "");
}

static void
put(struct line *l, const char *s, size_t n)
{
	const size_t left = sizeof(l->text) - 1 - l->n; /* the line end */

	if (n > left)
		n = left;
	memcpy(l->text + l->n, s, n);
	l->n += n;
}

static void
put_text(struct line *l, const char *s)
{
	put(l, s, strlen(s));
}

static void
put_byte(struct line *l, char c)
{
	char hex[8];

	if (c == '"' || c == '\\')
		put(l, "\\", 1);
	if (c >= ' ' && c <= '~') {
		put(l, &c, 1);
		return;
	}
	snprintf(hex, sizeof(hex), "\\x%02x", (unsigned int)(unsigned char)c);
	put_text(l, hex);
}

static bool
is_plain(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] <= ' ' || s[i] > '~' || strchr("\"\\=", s[i]))
			return false;
	return n > 0 && n <= VALUE_MAX;
}

/* Of the character that s begins with. */
static size_t
width_of(const char *s, size_t n)
{
	size_t w = 1;

	while (w < n && w < 4 && ((unsigned char)s[w] & 0xc0) == 0x80)
		w++;
	return w;
}

static void
put_value(struct line *l, const char *s, size_t n)
{
	const size_t from = l->n;
	size_t w;

	if (is_plain(s, n)) {
		put(l, s, n);
		return;
	}
	put(l, "\"", 1);
	for (; n > 0; s += w, n -= w) {
		w = width_of(s, n);
		if (l->n - from + 4 * w > VALUE_MAX) {
			put_text(l, "...");
			break;
		}
		for (size_t i = 0; i < w; i++)
			put_byte(l, s[i]);
	}
	put(l, "\"", 1);
}

static void
put_number(struct line *l, long long n)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", n);
	put_text(l, text);
}

static bool
eat(const char **fmt, const char *conversion)
{
	const size_t n = strlen(conversion);

	if (strncmp(*fmt, conversion, n) != 0)
		return false;
	*fmt += n;
	return true;
}

static void
put_all(struct line *l, const char *fmt, va_list ap)
{
	for (;;) {
		const size_t keys = strcspn(fmt, "%");

		put(l, fmt, keys);
		fmt += keys;
		if (*fmt == '\0')
			return;
		if (eat(&fmt, "%s")) {
			const char *s = va_arg(ap, const char *);

			put_value(l, s, strlen(s));
		} else if (eat(&fmt, "%.*s")) {
			const int n = va_arg(ap, int);
			const char *s = va_arg(ap, const char *);

			put_value(l, s, strnlen(s, (size_t)n));
		} else if (eat(&fmt, "%d")) {
			put_number(l, va_arg(ap, int));
		} else if (eat(&fmt, "%zu")) {
			put_number(l, (long long)va_arg(ap, size_t));
		} else if (eat(&fmt, "%lld")) {
			put_number(l, va_arg(ap, long long));
		} else {
			abort(); /* a fault of the program */
		}
	}
}

/* systemd.exec(5), $JOURNAL_STREAM. */
static bool
to_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char own[48];
	struct stat st;

	if (stream == NULL || fstat(STDERR_FILENO, &st) < 0)
		return false;
	snprintf(own, sizeof(own), "%ju:%ju", (uintmax_t)st.st_dev,
	    (uintmax_t)st.st_ino);
	return strcmp(own, stream) == 0;
}

static void
put_priority(struct line *l, const char *event)
{
	int priority = WARNING;

	for (size_t i = 0; i < NELEM(events); i++)
		if (strcmp(events[i].name, event) == 0)
			priority = events[i].priority;
	put(l, "<", 1);
	put_number(l, priority);
	put(l, ">", 1);
}

static void
make_line(struct line *l, const char *event, const char *fmt, va_list ap)
{
	l->n = 0;
	if (to_journal())
		put_priority(l, event);
	put_text(l, "event=");
	put_text(l, event);
	if (request_id[0] != '\0') {
		put_text(l, " request=");
		put_value(l, request_id, strlen(request_id));
		put_text(l, " client=");
		put_value(l, client_address, strlen(client_address));
	}
	put(l, " ", 1);
	put_all(l, fmt, ap);
	l->text[l->n++] = '\n';
}

/* One write a line, so that those of several workers do not mix. */
static void
write_line(const char *s, size_t n)
{
	if (write(STDERR_FILENO, s, n) < 0)
		return;
}

void
log_event(const char *event, const char *fmt, ...)
{
	struct line l;
	va_list ap;

	va_start(ap, fmt);
	make_line(&l, event, fmt, ap);
	va_end(ap);
	write_line(l.text, l.n);
}

void
log_on_commit(const char *event, const char *fmt, ...)
{
	struct line l;
	va_list ap;
	char *more;

	va_start(ap, fmt);
	make_line(&l, event, fmt, ap);
	va_end(ap);
	if ((more = realloc(kept, nkept + l.n)) == NULL) {
		log_event("out_of_memory", "bytes=%zu", nkept + l.n);
		abort();
	}
	kept = more;
	memcpy(kept + nkept, l.text, l.n);
	nkept += l.n;
}

void
log_settle(bool committed)
{
	for (size_t at = 0, n; committed && at < nkept; at += n) {
		n = (size_t)((char *)memchr(kept + at, '\n', nkept - at) -
			(kept + at)) + 1;
		write_line(kept + at, n);
	}
	free(kept);
	kept = NULL;
	nkept = 0;
}
