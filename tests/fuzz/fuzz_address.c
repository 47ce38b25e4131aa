/*
 * Whatever is typed: an address that is taken is one that the schema takes,
 * reads as itself, and has nothing that Postfix or a shell sees more in.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/address.h"
#include "core/network.h"
#include "tests/fuzz/must.h"

/* The CHECKs of schema/001-init.sql for target, written again. */
static void
must_be_storable(const struct address *a)
{
	size_t n = strlen(a->local_part), d = strlen(a->domain);

	MUST(n >= 1 && n <= 64 && d >= 3 && d <= 253 && n + 1 + d <= 254);
	for (const char *c = a->local_part; *c != '\0'; c++)
		MUST(*c >= '!' && *c <= '~' &&
		    strchr("@,:;<>()\"\\|/%]`!", *c) == NULL);
	for (const char *c = a->domain; *c != '\0'; c++)
		MUST((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') ||
		    *c == '.' || *c == '-');
	MUST(strchr(a->domain, '.') != NULL);
}

static void
target(const char *s, size_t n)
{
	struct findings f = { .n = 0 };
	struct address a, again;
	char text[400];

	if (!address_of_target(s, n, "forward_to", &a, &f)) {
		MUST(f.n == 1);
		return;
	}
	MUST(f.n == 0);
	must_be_storable(&a);
	snprintf(text, sizeof(text), "%s@%s", a.local_part, a.domain);
	MUST(address_of_target(text, strlen(text), "forward_to", &again, &f));
	MUST(strcmp(a.local_part, again.local_part) == 0 &&
	    strcmp(a.domain, again.domain) == 0);
}

static void
account(const char *s)
{
	struct findings f = { .n = 0 };
	struct address a, again;
	char text[400], name[REAL_NAME_MAX + 1];

	if (address_of_account(s, "x.example", &a)) {
		must_be_storable(&a);
		MUST(address_local_part_ok(a.local_part));
		MUST(address_domain_ok(a.domain));
		snprintf(
		    text, sizeof(text), "%s@%s", a.local_part, a.domain);
		MUST(address_of_account(text, NULL, &again));
		MUST(strcmp(a.local_part, again.local_part) == 0 &&
		    strcmp(a.domain, again.domain) == 0);
	}
	if (real_name_check(s, name, &f))
		MUST(strlen(name) <= REAL_NAME_MAX && f.n == 0);
	else
		MUST(f.n == 1 && name[0] == '\0');
}

static void
network(const char *s)
{
	static struct networks n, again;
	char bad[80], text[4096], more[4096];

	(void)networks_contain(&n, s);
	if (!networks_parse(s, &n, bad, sizeof(bad)))
		return;
	networks_text(&n, text, sizeof(text));
	MUST(networks_parse(text, &again, bad, sizeof(bad)));
	networks_text(&again, more, sizeof(more));
	MUST(strcmp(text, more) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *s = malloc(size + 1);

	if (s == NULL)
		return 0;
	memcpy(s, data, size);
	s[size] = '\0';
	target(s, strlen(s));
	account(s);
	network(s);
	free(s);
	return 0;
}
