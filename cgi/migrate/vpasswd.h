#ifndef MIGRATE_VPASSWD_H
#define MIGRATE_VPASSWD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The text formats of vpopmail and qmail, as bytes (pure).  Sources: vpopmail's
 * README.quotas and README.vlimits, dot-qmail(5), maildir++.
 */

/* A piece of the text that was read; not ended by a NUL. */
struct piece {
	const char *s;
	size_t n;
};

/* A line of a vpasswd file:
 * name:hash:uid:gid:real name:directory:quota[:password in clear].  The last
 * one is not looked at, so nobody can come to know it. */
enum { VP_NAME, VP_HASH, VP_UID, VP_GID, VP_GECOS, VP_DIR, VP_QUOTA, VP__MAX };
bool vpasswd_line(const char *line, size_t n, struct piece field_r[VP__MAX]);

/* Its gid: switches. */
#define VP_NO_PASSWORD_CHANGE 0x1
#define VP_ADMIN 0x1000
/* The name of a switch, bit 0 to 30; "unknown_flag": none that is known. */
const char *vpasswd_flag(unsigned int bit);

/* "10485760S,1000C", "10M", "NOQUOTA": bytes, 0 for no limit; count_r: it has
 * a limit of messages, too.  False: it is none of these. */
bool vpasswd_quota(struct piece, int64_t *bytes_r, bool *count_r);

/* "maxforwards: 10", "disable_pop". */
bool limits_line(struct piece line, struct piece *name_r, int64_t *value_r);

/* A line of qmail's users/assign for a domain; see vpopmail.c. */
bool assign_line(
    struct piece line, struct piece *name_r, struct piece *domain_r);

/* What a maildirsize file adds up to: bytes and messages. */
bool maildirsize_read(
    const char *text, size_t n, int64_t *bytes_r, int64_t *messages_r);

/* -- dot-qmail(5) -- */
enum qmail_kind {
	QMAIL_BLANK,
	QMAIL_COMMENT,
	QMAIL_PROGRAM, /* text: the command */
	QMAIL_FORWARD, /* text: the address */
	QMAIL_FILE,    /* text: a mailbox or a Maildir */
	QMAIL_WRONG    /* none that qmail takes */
};
struct qmail_line {
	enum qmail_kind kind;
	struct piece text;
};
struct qmail_line qmail_read(const char *line, size_t n);
/* The last name of a command's path, with what only hands over left out. */
struct piece qmail_program(struct piece command);
/* The last word of it, without quotes. */
struct piece qmail_last_word(struct piece command);

/* The next line of *text, up to end, without CR and LF; false: none. */
bool piece_line(const char **text, const char *end, struct piece *line_r);
bool piece_is(struct piece, const char *);
/* Is a byte in it that no line of text has? */
bool piece_has_control(struct piece);
/* Decimal digits, with a sign; false: something else, or too large. */
bool piece_number(struct piece, int64_t *n_r);

#endif
