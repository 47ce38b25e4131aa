#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <idn2.h>

#include "core/address.h"

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGIT "0123456789"

void
ascii_lower(char *s)
{
	for (; *s != '\0'; s++)
		if (*s >= 'A' && *s <= 'Z')
			*s = (char)(*s + ('a' - 'A'));
}

/* `s` without the blanks around it; its length in *n_r. */
static const char *
trimmed(const char *s, size_t *n_r)
{
	static const char blank[] = " \t\r\n";
	size_t n;

	s += strspn(s, blank);
	n = strlen(s);
	while (n > 0 && strchr(blank, s[n - 1]) != NULL)
		n--;
	*n_r = n;
	return s;
}

static bool
copy(char *dst, size_t size, const char *src, size_t n)
{
	if (n == 0 || n >= size || memchr(src, '\0', n) != NULL)
		return false;
	memcpy(dst, src, n);
	dst[n] = '\0';
	return true;
}

bool
address_local_part_ok(const char *s)
{
	size_t n = strlen(s);

	return n >= 1 && n <= LOCAL_MAX &&
	    s[strspn(s, LOWER DIGIT "._-")] == '\0' && s[0] != '.' &&
	    s[0] != '-' && s[n - 1] != '.' && strstr(s, "..") == NULL;
}

bool
address_domain_ok(const char *s)
{
	size_t n = strlen(s), label = 0, labels = 1;
	bool digits = true; /* the last label: 192.0.2.1 is no name */

	if (n < 3 || n > DOMAIN_MAX || s[strspn(s, LOWER DIGIT ".-")] != '\0')
		return false;
	for (size_t i = 0; i <= n; i++) {
		if (s[i] == '.' || s[i] == '\0') {
			if (label == 0 || label > 63 || s[i - 1] == '-' ||
			    s[i - label] == '-')
				return false;
			if (s[i] == '.') {
				labels++;
				digits = true;
			}
			label = 0;
		} else {
			label++;
			digits = digits && s[i] >= '0' && s[i] <= '9';
		}
	}
	return labels >= 2 && !digits;
}

bool
address_of_account(const char *account, const char *domain,
    struct address *a_r)
{
	size_t na, nd;
	const char *a = trimmed(account, &na);
	const char *d = trimmed(domain != NULL ? domain : "", &nd);
	const char *at = memchr(a, '@', na);

	if (at != NULL) {
		d = at + 1;
		nd = na - (size_t)(d - a);
		na = (size_t)(at - a);
	} else if (nd > 0 && d[0] == '@') {
		d++; /* "@dentsu.example" is what the field asks for, nearly */
		nd--;
	}
	if (!copy(a_r->local_part, sizeof(a_r->local_part), a, na) ||
	    !copy(a_r->domain, sizeof(a_r->domain), d, nd))
		return false;
	ascii_lower(a_r->local_part);
	ascii_lower(a_r->domain);
	return address_local_part_ok(a_r->local_part) &&
	    address_domain_ok(a_r->domain) && na + 1 + nd <= ADDRESS_MAX;
}

bool
address_in(const char *typed, const char *domain, const char *field,
    char local_r[LOCAL_MAX + 1], struct findings *f)
{
	struct address a;

	local_r[0] = '\0';
	if (!address_of_account(typed, domain, &a)) {
		finding_add(f, field, FAULT_NAME, typed, NULL);
		return false;
	}
	if (strcmp(a.domain, domain) != 0) {
		finding_add(f, field, FAULT_FOREIGN, typed, NULL);
		return false;
	}
	memcpy(local_r, a.local_part, sizeof(a.local_part));
	return true;
}

bool
address_domain_clean(const char *typed, char domain_r[DOMAIN_MAX + 1])
{
	size_t n;
	const char *s = trimmed(typed, &n);

	if (!copy(domain_r, DOMAIN_MAX + 1, s, n))
		return false;
	ascii_lower(domain_r);
	return address_domain_ok(domain_r);
}

/* Where Postfix and older relays would see a command, a file, a route. */
static bool
looks_like_command(const char *s)
{
	return strchr("|/~:\\\"<", s[0]) != NULL || strchr(s, '|') != NULL;
}

static bool
is_ascii(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s >= 0x80)
			return false;
	return true;
}

/* A full-width letter, digit or sign, U+FF01 to U+FF5E, as a Japanese keyboard
 * types it: looks right to its owner, and is no address. */
static bool
has_wide(const char *s)
{
	const unsigned char *c = (const unsigned char *)s;

	for (; *c != '\0'; c++)
		if (c[0] == 0xef && ((c[1] == 0xbc && c[2] >= 0x81) ||
					(c[1] == 0xbd && c[2] <= 0x9e)))
			return true;
	return false;
}

static bool
target_local_ok(const char *s)
{
	/* RFC 5321 Dot-string less the bytes that some relay still reads as
	 * a route (% !), a path (/) or a shell's (` |). */
	static const char ok[] = LOWER UPPER DIGIT ".#$&'*+-=?^_{}~";
	size_t n = strlen(s);

	return s[strspn(s, ok)] == '\0' && s[0] != '.' && s[0] != '-' &&
	    s[n - 1] != '.' && strstr(s, "..") == NULL;
}

/* Names that RFC 2606 and 6761 promise will never receive mail; ours for
 * discarded mail is one of them, so this also keeps that door shut. */
bool
address_domain_reserved(const char *domain)
{
	static const char *const last[] = { "invalid", "localhost", "local",
		"onion" };
	const char *dot = strrchr(domain, '.');

	for (size_t i = 0; i < NELEM(last); i++)
		if (dot != NULL && strcmp(dot + 1, last[i]) == 0)
			return true;
	return false;
}

/* The domain as Postfix must have it: A-labels, lower-case. */
static bool
target_domain(const char *s, char domain_r[DOMAIN_MAX + 1])
{
	char *ascii = NULL;
	bool ok = false;

	if (is_ascii(s)) {
		ok = copy(domain_r, DOMAIN_MAX + 1, s, strlen(s));
	} else if (idn2_to_ascii_8z(s, &ascii,
	    IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) == IDN2_OK) {
		ok = copy(domain_r, DOMAIN_MAX + 1, ascii, strlen(ascii));
	}
	free(ascii);
	if (ok)
		ascii_lower(domain_r);
	return ok && address_domain_ok(domain_r);
}

bool
address_of_target(const char *s, size_t n, const char *field,
    struct address *a_r, struct findings *f)
{
	char typed[512], *at;
	enum fault fault;

	if (n >= sizeof(typed)) {
		memcpy(typed, s, sizeof(typed) - 1);
		typed[sizeof(typed) - 1] = '\0';
		fault = FAULT_FORWARD_LONG;
		goto refuse;
	}
	memcpy(typed, s, n);
	typed[n] = '\0';
	at = strrchr(typed, '@');
	fault = FAULT_FORWARD_COMMAND;
	if (looks_like_command(typed))
		goto refuse;
	fault = FAULT_FORWARD_WIDE;
	if (has_wide(typed))
		goto refuse;
	fault = FAULT_FORWARD_NO_DOMAIN;
	if (at == NULL || at[1] == '\0')
		goto refuse;
	fault = FAULT_FORWARD_SYNTAX;
	if (at == typed)
		goto refuse;
	fault = FAULT_FORWARD_LONG;
	if (at - typed > LOCAL_MAX)
		goto refuse;
	fault = FAULT_FORWARD_CHARS;
	memcpy(a_r->local_part, typed, (size_t)(at - typed));
	a_r->local_part[at - typed] = '\0';
	if (!target_local_ok(a_r->local_part))
		goto refuse;
	fault = is_ascii(at + 1) ? FAULT_FORWARD_SYNTAX : FAULT_FORWARD_IDN;
	if (!target_domain(at + 1, a_r->domain))
		goto refuse;
	fault = FAULT_FORWARD_LONG;
	if (strlen(a_r->local_part) + 1 + strlen(a_r->domain) > ADDRESS_MAX)
		goto refuse;
	fault = FAULT_FORWARD_RESERVED;
	if (address_domain_reserved(a_r->domain))
		goto refuse;
	return true;
refuse:
	finding_add(f, field, fault, typed, NULL);
	return false;
}

bool
real_name_check(const char *typed, char name_r[REAL_NAME_MAX + 1],
    struct findings *f)
{
	size_t n;
	const char *s = trimmed(typed, &n);

	name_r[0] = '\0';
	if (strspn(s, LOWER UPPER DIGIT " .,'-") < n) {
		finding_add(f, "real_name", FAULT_NAME_CHARS, NULL, NULL);
		return false;
	}
	if (n > REAL_NAME_MAX) {
		finding_add(f, "real_name", FAULT_NAME_LONG, "64", NULL);
		return false;
	}
	memcpy(name_r, s, n);
	name_r[n] = '\0';
	return true;
}
