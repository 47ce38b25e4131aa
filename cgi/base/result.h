#ifndef BASE_RESULT_H
#define BASE_RESULT_H

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#define NELEM(a) (sizeof(a) / sizeof((a)[0]))

/*
 * What became of an operation.  The data itself comes back through an
 * argument ending in _r.  Words for people are chosen by the page, words for
 * the log are written where the failure was seen -- never both in one string.
 */
enum result {
	RES_OK = 0,   /* done */
	RES_NOTFOUND, /* no such account, domain, page */
	RES_CONFLICT, /* somebody saved first, or the name is taken */
	RES_DENIED,   /* not yours to see or change */
	RES_INVALID,  /* the input breaks a rule */
	RES_BUSY,     /* database locked or full: ask to try again */
	RES_FAIL      /* our fault; already logged */
};

#endif
