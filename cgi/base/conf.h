#ifndef BASE_CONF_H
#define BASE_CONF_H

#include <stdint.h>
#include <stdio.h>

#include "base/result.h"

/*
 * The configuration: one HDF file, read once at start.  Texts live until
 * conf_free.  fumibako.conf(5) documents every key.
 */
struct conf {
	char *users_db, *web_db, *mailstat_db; /* absolute paths */
	char *oldest_socket; /* of Dovecot's service fumibako-oldest */
	char *mail_directory; /* ID/Maildir below it; "": not known */
	char *templates;
	char *origin;  /* https://host[:port], as browsers send it */
	char *contact; /* shown on error pages */
	char *networks; /* campus, comma-separated CIDR */
	char *time_zone;
	char *submission_host, *pop_suffix;
	/* Of fumibako-lists; "" where there are no mailing lists. */
	char *lists_socket, *lists_spool, *lists_texts;
	char *metrics_file; /* "": none */
	int64_t lists_port; /* where mlmmj hands its mail to Postfix */
	int64_t pop_port, submission_port, submission_timeout;
	int64_t hash_cost; /* yescrypt; 0 = libcrypt's default */
	int64_t session_idle, session_max, session_reauth; /* seconds */
	int64_t throttle_pair, throttle_network, throttle_account; /* tries */
	int64_t throttle_window, throttle_wait; /* seconds */
	int64_t max_requests; /* of one worker */
	/* Where doctor looks.  CA file, backups: "" where there is none. */
	char *doctor_dovecot, *doctor_postfix, *doctor_ca, *doctor_backup;
	int64_t doctor_backup_hours;
};

/*
 * Reads `path`.  A missing, unknown or wrong setting is told on standard
 * error with file, key and reason, and is RES_INVALID.
 */
enum result conf_read(const char *path, struct conf *conf_r) MUST_CHECK;
/* The same, told to `why`. */
enum result conf_read_to(
    const char *path, struct conf *conf_r, FILE *why) MUST_CHECK;
void conf_free(struct conf *);

#endif
