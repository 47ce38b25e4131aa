#include <string.h>
#include <strings.h>

#include "base/result.h"
#include "migrate/vpasswd.h"

bool
piece_line(const char **text, const char *end, struct piece *line)
{
	const char *stop;

	if (*text == end)
		return false;
	stop = memchr(*text, '\n', (size_t)(end - *text));
	line->s = *text;
	line->n = (size_t)((stop != NULL ? stop : end) - *text);
	*text = stop != NULL ? stop + 1 : end;
	if (line->n > 0 && line->s[line->n - 1] == '\r')
		line->n--;
	return true;
}

bool
piece_is(struct piece p, const char *s)
{
	return p.n == strlen(s) && memcmp(p.s, s, p.n) == 0;
}

bool
piece_has_control(struct piece p)
{
	for (size_t i = 0; i < p.n; i++)
		if (((unsigned char)p.s[i] < 0x20 && p.s[i] != '\t') ||
		    p.s[i] == 0x7f)
			return true;
	return false;
}

bool
piece_number(struct piece p, int64_t *n)
{
	const bool minus = p.n > 0 && p.s[0] == '-';
	size_t i = minus ? 1 : 0;

	*n = 0;
	if (i == p.n || p.n - i > 18)
		return false;
	for (; i < p.n; i++) {
		if (p.s[i] < '0' || p.s[i] > '9')
			return false;
		*n = *n * 10 + (p.s[i] - '0');
	}
	if (minus)
		*n = -*n;
	return true;
}

/* Up to the mark, which *rest is moved behind. */
static struct piece
cut(struct piece *rest, char mark)
{
	const char *stop = memchr(rest->s, mark, rest->n);
	struct piece p = { rest->s, rest->n };

	if (stop == NULL) {
		rest->s += rest->n;
		rest->n = 0;
		return p;
	}
	p.n = (size_t)(stop - rest->s);
	rest->s += p.n + 1;
	rest->n -= p.n + 1;
	return p;
}

static struct piece
trimmed(struct piece p)
{
	while (p.n > 0 && (p.s[0] == ' ' || p.s[0] == '\t')) {
		p.s++;
		p.n--;
	}
	while (p.n > 0 && (p.s[p.n - 1] == ' ' || p.s[p.n - 1] == '\t'))
		p.n--;
	return p;
}

bool
vpasswd_line(const char *line, size_t n, struct piece field[VP__MAX])
{
	struct piece rest = { line, n };

	for (int i = 0; i < VP__MAX; i++) {
		/* Seven fields have six colons. */
		if (i < VP__MAX - 1 && memchr(rest.s, ':', rest.n) == NULL)
			return false;
		field[i] = cut(&rest, ':');
	}
	return true;
}

const char *
vpasswd_flag(unsigned int bit)
{
	static const char *const names[] = { [0] = "no_password_change",
		[1] = "no_pop", [2] = "no_webmail", [3] = "no_imap",
		[4] = "bounce_mail", [5] = "no_relay", [6] = "no_dialup",
		[7] = "user_flag_0", [8] = "user_flag_1", [9] = "user_flag_2",
		[10] = "user_flag_3", [11] = "no_smtp", [13] = "override",
		[14] = "no_spamassassin", [15] = "delete_spam",
		[16] = "spamassassin_admin", [17] = "spamassassin_expert",
		[18] = "no_maildrop" };

	return bit < NELEM(names) ? names[bit] : "unknown_flag";
}

/* A number with K, M or G behind it. */
static bool
size_of(struct piece p, int64_t *bytes)
{
	int64_t unit = 1;

	if (p.n > 1 && strchr("bB", p.s[p.n - 1]) != NULL)
		p.n--;
	if (p.n > 1 && strchr("kKmMgG", p.s[p.n - 1]) != NULL) {
		unit = strchr("kK", p.s[p.n - 1]) != NULL ? 1024 :
		    strchr("mM", p.s[p.n - 1]) != NULL	  ? 1024 * 1024 :
							    1024 * 1024 * 1024;
		p.n--;
	}
	if (p.n > 15 || !piece_number(p, bytes) || *bytes < 0 ||
	    *bytes > INT64_MAX / unit)
		return false;
	*bytes *= unit;
	return true;
}

bool
vpasswd_quota(struct piece p, int64_t *bytes, bool *count)
{
	int64_t n;

	*bytes = 0;
	*count = false;
	p = trimmed(p);
	if (p.n == 0 || (p.n == 7 && strncasecmp(p.s, "NOQUOTA", 7) == 0))
		return true;
	while (p.n > 0) {
		struct piece one = trimmed(cut(&p, ','));
		const bool counts =
		    one.n > 1 && strchr("cC", one.s[one.n - 1]) != NULL;

		if (counts ||
		    (one.n > 1 && strchr("sS", one.s[one.n - 1]) != NULL))
			one.n--;
		if (!size_of(one, &n))
			return false;
		if (!counts)
			*bytes = n;
		else if (n > 0)
			*count = true;
	}
	return true;
}

/* What stands between the name and the value of a limit. */
static bool
is_between(char c)
{
	return c == ' ' || c == ':' || c == '\t';
}

bool
limits_line(struct piece line, struct piece *name, int64_t *value)
{
	struct piece rest = trimmed(line);

	*value = 0;
	name->s = rest.s;
	name->n = 0;
	while (name->n < rest.n && !is_between(rest.s[name->n]))
		name->n++;
	rest.s += name->n;
	rest.n -= name->n;
	while (rest.n > 0 && is_between(rest.s[0])) {
		rest.s++;
		rest.n--;
	}
	return rest.n == 0 || size_of(rest, value) ||
	    piece_number(rest, value);
}

bool
assign_line(struct piece line, struct piece *name, struct piece *domain)
{
	if (line.n == 0 || line.s[0] != '+')
		return false;
	line.s++;
	line.n--;
	*name = cut(&line, ':');
	*domain = cut(&line, ':');
	if (name->n < 2 || name->s[name->n - 1] != '-' || domain->n == 0)
		return false;
	name->n--;
	return true;
}

bool
maildirsize_read(
    const char *text, size_t n, int64_t *bytes, int64_t *messages)
{
	const char *end = text + n;
	struct piece line;
	int64_t b, m;

	*bytes = *messages = 0;
	/* The first line is the quota. */
	if (!piece_line(&text, end, &line))
		return false;
	while (piece_line(&text, end, &line)) {
		struct piece rest = trimmed(line), one = cut(&rest, ' ');

		if (!piece_number(one, &b) ||
		    !piece_number(trimmed(rest), &m) ||
		    __builtin_add_overflow(*bytes, b, bytes) ||
		    __builtin_add_overflow(*messages, m, messages))
			return false;
	}
	return *bytes >= 0 && *messages >= 0;
}

/* -- dot-qmail(5) -- */

struct qmail_line
qmail_read(const char *line, size_t n)
{
	struct qmail_line q = { QMAIL_WRONG, { line, n } };
	const char c = n > 0 ? line[0] : ' ';

	q.text = trimmed(q.text);
	if (q.text.n == 0)
		q.kind = QMAIL_BLANK;
	else if (c == '#')
		q.kind = QMAIL_COMMENT;
	else if (c == '|')
		q.kind = QMAIL_PROGRAM;
	else if (c == '&' || (c >= '0' && c <= '9') ||
	    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
		q.kind = QMAIL_FORWARD;
	else if (c == '/' || c == '.')
		q.kind = QMAIL_FILE;
	if (c == '|' || c == '&') {
		q.text.s++;
		q.text.n--;
		q.text = trimmed(q.text);
	}
	return q;
}

struct piece
qmail_program(struct piece command)
{
	struct piece word, name = { "", 0 };

	for (command = trimmed(command); command.n > 0;
	     command = trimmed(command)) {
		word = cut(&command, ' ');
		for (name = word; memchr(name.s, '/', name.n) != NULL;)
			(void)cut(&name, '/');
		if (!piece_is(name, "preline") && !piece_is(name, "exec"))
			break;
	}
	return name;
}

struct piece
qmail_last_word(struct piece command)
{
	struct piece word = { "", 0 };

	for (command = trimmed(command); command.n > 0;
	     command = trimmed(command))
		word = cut(&command, ' ');
	while (word.n > 0 && (word.s[0] == '\'' || word.s[0] == '"')) {
		word.s++;
		word.n--;
	}
	while (word.n > 0 &&
	    (word.s[word.n - 1] == '\'' || word.s[word.n - 1] == '"'))
		word.n--;
	return word;
}
