#ifndef TESTS_UNIT_UNIT_H
#define TESTS_UNIT_UNIT_H

/*
 * What every unit test shares: cmocka with all that it wants before it, one
 * named test for each row of a table, and what went to standard error.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/result.h"
#include "core/finding.h"

/* Where a test may make files.  check.sh gives a directory and looks that
 * nothing is left in it; else in memory where there is such a place: the
 * tests are not about the speed of a disk. */
static inline const char *
unit_tmp(void)
{
	const char *given = getenv("UNIT_TMP");

	if (given != NULL)
		return given;
	return access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
}

struct suite {
	size_t n;
	struct CMUnitTest tests[256];
};

static inline void
suite_add(struct suite *s, const char *name, CMUnitTestFunction f,
    CMFixtureFunction up, CMFixtureFunction down, const void *row)
{
	if (s->n == NELEM(s->tests))
		abort();
	s->tests[s->n++] = (struct CMUnitTest){
		.name = name,
		.test_func = f,
		.setup_func = up,
		.teardown_func = down,
		.initial_state = (void *)(uintptr_t)row,
	};
}

/* A named test for each row; a row begins with its name. */
#define ADD_ROWS(s, rows, f, up, down) \
	for (size_t i_ = 0; i_ < NELEM(rows); i_++) \
		suite_add((s), (rows)[i_].name, (f), (up), (down), \
		    &(rows)[i_])

static inline int
suite_run(const struct suite *s, const char *name)
{
	return _cmocka_run_group_tests(name, s->tests, s->n, NULL, NULL);
}

/* The findings as "pw.upper csv.twice", to compare in one line. */
static inline const char *
fault_name(enum fault fault)
{
	const char *key = fault_key(fault);

	return strncmp(key, "err.", 4) == 0 ? key + 4 : key;
}

static inline const char *
faults(const struct findings *f)
{
	static char text[1024];
	size_t n = 0;

	text[0] = '\0';
	for (size_t i = 0; i < f->n && n < sizeof(text); i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s",
		    i > 0 ? " " : "", fault_name(f->list[i].fault));
	return text;
}

/* The same with field and argument: "quota_mb:tool.quota(5 MB)". */
static inline const char *
told(const struct findings *f)
{
	static char text[8192];
	size_t n = 0;

	text[0] = '\0';
	for (size_t i = 0; i < f->n && n < sizeof(text); i++) {
		const struct finding *one = &f->list[i];
		const bool arg = one->a1[0] != '\0';

		n += (size_t)snprintf(text + n, sizeof(text) - n,
		    "%s%s:%s%s%s%s", i > 0 ? " " : "", one->field,
		    fault_name(one->fault), arg ? "(" : "", one->a1,
		    arg ? ")" : "");
	}
	return text;
}

/* Is every byte of s part of a UTF-8 character? (no over-long forms asked) */
static inline int
is_utf8(const char *s)
{
	for (const unsigned char *c = (const unsigned char *)s; *c != '\0';) {
		int more = *c < 0x80 ? 0 :
		    *c >= 0xc2 && *c < 0xe0 ? 1 :
		    *c >= 0xe0 && *c < 0xf0 ? 2 :
		    *c >= 0xf0 && *c < 0xf5 ? 3 :
					      -1;

		if (more < 0)
			return 0;
		for (c++; more > 0; more--, c++)
			if ((*c & 0xc0) != 0x80)
				return 0;
	}
	return 1;
}

/* What is written to standard error between begin and end.  No assertion
 * between them: its message would be caught too. */
struct capture {
	int saved;
	FILE *file;
	char text[4096];
};

static inline void
capture_begin(struct capture *c)
{
	c->file = tmpfile();
	assert_non_null(c->file);
	fflush(stderr);
	c->saved = dup(STDERR_FILENO);
	dup2(fileno(c->file), STDERR_FILENO);
}

static inline const char *
capture_end(struct capture *c)
{
	size_t n;

	fflush(stderr);
	dup2(c->saved, STDERR_FILENO);
	close(c->saved);
	rewind(c->file);
	n = fread(c->text, 1, sizeof(c->text) - 1, c->file);
	c->text[n] = '\0';
	fclose(c->file);
	return c->text;
}

#endif
