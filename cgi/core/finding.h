#ifndef CORE_FINDING_H
#define CORE_FINDING_H

#include <stddef.h>

#include "base/result.h"

/*
 * What is wrong with an input: at which field, what, and the piece meant.
 * Core says it with these; the page and the tool find the words under the
 * catalogue key that fault_key names.
 */
enum fault {
	FAULT_NAME_LONG,
	FAULT_NAME_CHARS,
	FAULT_PW_SHORT,
	FAULT_PW_LONG,
	FAULT_PW_UPPER,
	FAULT_PW_LOWER,
	FAULT_PW_DIGIT,
	FAULT_PW_SYMBOL,
	FAULT_PW_ASCII,
	FAULT_PW_EDGE_BLANK,
	FAULT_PW_DIFFER,
	FAULT_PW_SAME,
	FAULT_PW_REQUIRED,
	FAULT_PW_WEAK,
	FAULT_PW_DICTIONARY,
	FAULT_PW_USER,
	FAULT_PW_KEYBOARD,
	FAULT_PW_DATE,
	FAULT_PW_YEAR,
	FAULT_PW_REPEAT,
	FAULT_PW_SEQUENCE,
	FAULT_ROUTING_CHOOSE,
	FAULT_ROUTING_VACATION,
	FAULT_ROUTING_CONFIRM,
	FAULT_KEEP_COPY,
	FAULT_FORWARD_NONE,
	FAULT_FORWARD_MANY,
	FAULT_FORWARD_SYNTAX,
	FAULT_FORWARD_NO_DOMAIN,
	FAULT_FORWARD_CHARS,
	FAULT_FORWARD_COMMAND,
	FAULT_FORWARD_SELF,
	FAULT_FORWARD_LOOP,
	FAULT_FORWARD_MISSING,
	FAULT_FORWARD_DUPLICATE,
	FAULT_FORWARD_RESERVED,
	FAULT_FORWARD_IDN,
	FAULT_FORWARD_LONG,
	FAULT_FORWARD_WIDE,
	FAULT_FORWARD_UNUSED,
	FAULT_FORWARD_DEEP,
	FAULT_CURRENT_REQUIRED,
	FAULT_CURRENT_WRONG,
	FAULT_NAME,	/* no name for an account, a forward, a list */
	FAULT_NAME_IN_USE, /* an account, forward or list has it */
	FAULT_LIMIT,	/* {1}: as many as the site allows */
	FAULT_FOREIGN,	/* {1}: of another domain */
	FAULT_TARGETS_NONE, /* a forward without targets */
	FAULT_CONFIRM,	/* {1}: what had to be typed */
	FAULT_POSTMASTER, /* cannot be deleted */
	FAULT_ONESELF,	/* nor can oneself */
	FAULT_LAST_ADMIN, /* {1}: a domain would have none */
	FAULT_OUTRANKED, /* {1} has rights that you have not */
	FAULT_IN_USE_BY, /* {1} forwards to it */
	FAULT_NUMBER,	/* {1}: no number for a limit */
	FAULT_ADMIN_MISSING, /* {1}: no such account */
	FAULT_ADMIN_NONE,
	FAULT_LOCK_OUT,	/* disabling one's own domain */
	FAULT_DOMAIN_IN_USE, /* there is such a domain */
	FAULT_DOMAIN_USED, /* it still has accounts */
	FAULT_PICK_NONE, /* no row was ticked */
	FAULT_LIST_TEXT, /* more than {1} characters, or controls */
	FAULT_LIST_ASCII, /* the same, and not ASCII */
	FAULT_LIST_CHOOSE,
	FAULT_LIST_OWNER,
	FAULT_LIST_SELF, /* {1} is the list, or leads back to it */
	FAULT_LIST_NO_MEMBERS,
	FAULT_CSV_SURPLUS, /* more cells than columns */
	FAULT_CSV_TWICE, /* the account stands in line {1} already */
	FAULT_CSV_BOTH,	/* a password and a hash */
	FAULT_CSV_HASH,
	FAULT_CSV_ROUTING,
	FAULT_CSV_KEEP_COPY,
	FAULT_CSV_PASSWORDS, /* more than {1} given passwords */
	FAULT_CSV_CHANGES, /* more than {1} accounts changed at once */
	FAULT_ADDRESS,	/* operator's tool: not an address for an account */
	FAULT_DOMAIN,
	FAULT_QUOTA,
	FAULT__MAX
};

#define FINDING_ARG 160

struct finding {
	const char *field; /* form field, a literal */
	enum fault fault;
	char a1[FINDING_ARG], a2[FINDING_ARG]; /* for {1} and {2} */
};

struct findings {
	size_t n;
	struct finding list[24]; /* what comes after these is not kept */
};

/* Adds one; a1 and a2 may be NULL, are copied and cut with "..." */
void finding_add(struct findings *, const char *field, enum fault,
    const char *a1, const char *a2);
/* Catalogue key, such as "err.pw.short". */
const char *fault_key(enum fault);

#endif
