/* In which language: what was asked for, what was asked for last time, what
 * the browser likes; else Japanese. */
#include <string.h>

#include "page/page.h"

#define LANG_SECONDS (365L * 86400)

static bool
lang_of(const char *s, enum lang *l_r)
{
	for (int i = 0; i < LANG__MAX; i++) {
		if (strncmp(s, lang_code((enum lang)i), 2) == 0) {
			*l_r = (enum lang)i;
			return true;
		}
	}
	return false;
}

/* Weight of the n bytes of one Accept-Language entry, in thousandths. */
static int
lang_weight(const char *s, size_t n)
{
	const char *q = memmem(s, n, "q=", 2), *end = s + n;
	int weight = 0, unit = 1000;

	if (q == NULL)
		return 1000;
	for (q += 2; q < end && unit > 0; q++) {
		if (*q == '.')
			continue;
		if (*q < '0' || *q > '9')
			break;
		weight += (*q - '0') * unit;
		unit /= 10;
	}
	return weight;
}

/* Which of our languages the browser likes best (RFC 9110, 12.5.4). */
static void
lang_accepted(const char *s, enum lang *l_r)
{
	int best = 0;

	for (; *s != '\0'; s += strcspn(s, ",")) {
		enum lang l;
		size_t n;

		s += strspn(s, ", \t");
		n = strcspn(s, ",");
		if (n < 2 || (n > 2 && strchr(";- ", s[2]) == NULL) ||
		    !lang_of(s, &l) || lang_weight(s, n) <= best)
			continue;
		best = lang_weight(s, n);
		*l_r = l;
	}
}

void
page_choose_language(struct ctx *c)
{
	const char *asked = form_get(&c->req.query, "lang");
	char kept[8];

	c->lang = LANG_JA;
	if (strlen(asked) == 2 && lang_of(asked, &c->lang)) {
		reply_cookie_for(&c->reply, COOKIE_LANG, lang_code(c->lang),
		    LANG_SECONDS);
		return;
	}
	if (cookie_get(c->req.cookies, COOKIE_LANG, 0, kept, sizeof(kept)) ==
		2 &&
	    lang_of(kept, &c->lang))
		return;
	lang_accepted(c->req.languages, &c->lang);
}
