#include <stdio.h>
#include <string.h>

#include <zxcvbn.h>

#include "core/address.h"
#include "core/policy.h"

#define WORDS_MAX 40
#define WORD_SIZE 384

/* What an attacker knows about the owner, as zxcvbn takes it. */
struct words {
	size_t n;
	char text[WORDS_MAX][WORD_SIZE];
	const char *list[WORDS_MAX + 1];
};

static void
word_add(struct words *w, const char *s, size_t len)
{
	if (len < 3 || len >= WORD_SIZE || w->n == WORDS_MAX)
		return;
	memcpy(w->text[w->n], s, len);
	w->text[w->n][len] = '\0';
	ascii_lower(w->text[w->n]);
	w->list[w->n] = w->text[w->n];
	w->n++;
}

/* `s` whole, and each piece between the dots, blanks and so on. */
static void
words_add(struct words *w, const char *s)
{
	static const char gap[] = " .,'-_@";

	word_add(w, s, strlen(s));
	while (*s != '\0') {
		size_t len = strcspn(s, gap);

		word_add(w, s, len);
		s += len;
		s += strspn(s, gap);
	}
}

static void
check_classes(const char *password, const char *field, struct findings *f)
{
	bool upper = false, lower = false, digit = false, symbol = false,
	     ascii = true;
	size_t n = strlen(password);
	char number[16];

	for (const char *c = password; *c != '\0'; c++) {
		upper |= *c >= 'A' && *c <= 'Z';
		lower |= *c >= 'a' && *c <= 'z';
		digit |= *c >= '0' && *c <= '9';
		symbol |= strchr("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", *c) !=
		    NULL;
		ascii &= *c >= ' ' && *c <= '~';
	}
	if (!ascii) {
		/* Length and classes of other text would only confuse. */
		finding_add(f, field, FAULT_PW_ASCII, NULL, NULL);
		return;
	}
	snprintf(number, sizeof(number), "%d", PASSWORD_MIN);
	if (n < PASSWORD_MIN)
		finding_add(f, field, FAULT_PW_SHORT, number, NULL);
	snprintf(number, sizeof(number), "%d", PASSWORD_MAX);
	if (n > PASSWORD_MAX)
		finding_add(f, field, FAULT_PW_LONG, number, NULL);
	if (!upper)
		finding_add(f, field, FAULT_PW_UPPER, NULL, NULL);
	if (!lower)
		finding_add(f, field, FAULT_PW_LOWER, NULL, NULL);
	if (!digit)
		finding_add(f, field, FAULT_PW_DIGIT, NULL, NULL);
	if (!symbol)
		finding_add(f, field, FAULT_PW_SYMBOL, NULL, NULL);
	/* A POP3 client may drop a blank at the edge of PASS (RFC 1939, 7). */
	if (n > 0 && (password[0] == ' ' || password[n - 1] == ' '))
		finding_add(f, field, FAULT_PW_EDGE_BLANK, NULL, NULL);
}

/* What zxcvbn found, as a reason; false: nothing that a person can use. */
static bool
reason_of(int type, enum fault *fault_r)
{
	if (type & MULTIPLE_MATCH) {
		*fault_r = FAULT_PW_REPEAT;
		return true;
	}
	switch (type) {
	case DICTIONARY_MATCH:
	case DICT_LEET_MATCH:
		*fault_r = FAULT_PW_DICTIONARY;
		return true;
	case USER_MATCH:
	case USER_LEET_MATCH:
		*fault_r = FAULT_PW_USER;
		return true;
	case REPEATS_MATCH:
		*fault_r = FAULT_PW_REPEAT;
		return true;
	case SEQUENCE_MATCH:
		*fault_r = FAULT_PW_SEQUENCE;
		return true;
	case SPATIAL_MATCH:
		*fault_r = FAULT_PW_KEYBOARD;
		return true;
	case DATE_MATCH:
		*fault_r = FAULT_PW_DATE;
		return true;
	case YEAR_MATCH:
		*fault_r = FAULT_PW_YEAR;
		return true;
	default:
		return false;
	}
}

static void
check_strength(const char *password, struct words *w, const char *field,
    struct findings *f)
{
	bool seen[FAULT__MAX] = { false };
	ZxcMatch_t *info = NULL;
	char need[16], has[16];
	double bits = ZxcvbnMatch(password, w->list, &info);

	if (bits < PASSWORD_BITS) {
		snprintf(need, sizeof(need), "%.1f", PASSWORD_BITS);
		snprintf(has, sizeof(has), "%.1f", bits);
		finding_add(f, field, FAULT_PW_WEAK, need, has);
		for (ZxcMatch_t *m = info; m != NULL; m = m->Next) {
			enum fault why;

			/* Two characters are no reason, they are chance. */
			if (m->Length < 3 || !reason_of(m->Type, &why) ||
			    seen[why])
				continue;
			seen[why] = true;
			finding_add(f, field, why, NULL, NULL);
		}
	}
	ZxcvbnFreeInfo(info);
}

bool
policy_check(const char *password, const char *local_part,
    const char *domain, const char *real_name, const char *field,
    struct findings *f)
{
	const size_t before = f->n;
	struct words w = { .n = 0 };
	char address[WORD_SIZE];

	check_classes(password, field, f);
	if (strlen(password) <= PASSWORD_MAX) {
		snprintf(address, sizeof(address), "%s@%s", local_part,
		    domain);
		words_add(&w, address);
		words_add(&w, local_part);
		words_add(&w, domain);
		words_add(&w, real_name);
		check_strength(password, &w, field, f);
	}
	return f->n == before;
}
