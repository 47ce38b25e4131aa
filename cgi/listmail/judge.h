#ifndef LISTMAIL_JUDGE_H
#define LISTMAIL_JUDGE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * What may become of a message to a list.  mlmmj answers whoever writes to
 * it: commands, and posts that it refuses.  What a program sent must not be
 * answered (RFC 3834), and must not confirm or decide anything; what the list
 * itself sent must not come in again.
 */

/* What the header of a message says; the pointer is into its text. */
struct header {
	bool reply; /* a program answers with it (RFC 3834: auto-replied) */
	/* A program sent it (RFC 3834, Precedence), or one who calls himself
	 * by the list's address. */
	bool automatic;
	bool other; /* it has been through another list (RFC 2919) */
	bool own;   /* it has been through this list, or mlmmj wrote it */
	size_t froms; /* mailboxes in From; mlmmj takes but one */
	const char *from; /* the address of the first, bare */
	size_t from_n;	  /* 0: there is none */
};

/* Reads the header, which ends at the first empty line, of the first n bytes
 * of a message to the list of this address. */
void header_read(
    const char *text, size_t n, const char *list, struct header *);

enum judgement {
	JUDGE_PASS,
	JUDGE_POSTER, /* only where the list takes it: no refusal */
	/* mlmmj would let these go, and tell nobody: */
	JUDGE_REFUSE,  /* there is no single From */
	JUDGE_UNKNOWN, /* no such sub-address */
	JUDGE_DROP
};
/*
 * `sender` is the envelope's, "" where there is none; `sub` what stands
 * behind the "+" of the recipient, "" for the list itself.  Bounces and the
 * owner are never kept from what is theirs.
 */
enum judgement judge(const struct header *, const char *list,
    const char *sender, const char *sub);

#endif
