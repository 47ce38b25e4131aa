#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ClearSilver/ClearSilver.h>

#include "base/conf.h"

enum kind { TEXT, PATH, ORIGIN, ADDRESS, ZONE, NUMBER };

struct setting {
	const char *key;
	enum kind kind;
	size_t at;         /* offset in struct conf */
	const char *value; /* default; NULL: must be given */
	int64_t min, max;  /* of a number */
};

#define T(key, kind, member, value) \
	{ key, kind, offsetof(struct conf, member), value, 0, 0 }
#define N(key, member, value, min, max) \
	{ key, NUMBER, offsetof(struct conf, member), value, min, max }

/* clang-format off */
static const struct setting settings[] = {
	T("Database.Users",	PATH,	users_db,	NULL),
	T("Database.Web",	PATH,	web_db,		NULL),
	T("Database.MailStat",	PATH,	mailstat_db,	NULL),
	T("Mail.Oldest",	PATH,	oldest_socket,	NULL),
	T("Mail.Directory",	TEXT,	mail_directory,	""),
	T("Web.Templates",	PATH,	templates,	NULL),
	T("Web.Origin",		ORIGIN,	origin,		NULL),
	T("Web.Contact",	ADDRESS,	contact,	NULL),
	T("Campus.Networks",	TEXT,	networks,	NULL),
	T("Display.TimeZone",	ZONE,	time_zone,	"Asia/Tokyo"),
	T("Client.SubmissionHost", TEXT, submission_host, "mx-delivery"),
	T("Client.PopSuffix",	TEXT,	pop_suffix,	""),
	T("Lists.Socket",	TEXT,	lists_socket,	""),
	T("Lists.Spool",	TEXT,	lists_spool,	""),
	T("Lists.Texts",	PATH,	lists_texts,
	    "/usr/share/mlmmj/text.skel/en"),
	N("Lists.Port",		lists_port,		"10025", 1, 65535),
	N("Client.PopPort",	pop_port,		"995",	1, 65535),
	N("Client.SubmissionPort", submission_port,	"587",	1, 65535),
	N("Client.Timeout",	submission_timeout,	"300",	1, 86400),
	N("Hash.Cost",		hash_cost,		"0",	0, 11),
	N("Session.Idle",	session_idle,		"900",	60, 86400),
	N("Session.Max",	session_max,		"28800", 60, 604800),
	N("Session.Reauth",	session_reauth,		"600",	1, 604800),
	N("Throttle.Pair",	throttle_pair,		"5",	1, 1000000),
	N("Throttle.Network",	throttle_network,	"30",	1, 1000000),
	N("Throttle.Account",	throttle_account,	"50",	1, 1000000),
	N("Throttle.Window",	throttle_window,	"900",	1, 86400),
	N("Throttle.Wait",	throttle_wait,		"30",	1, 86400),
	T("Metrics.File",	TEXT,	metrics_file,	""),
	N("Worker.MaxRequests",	max_requests,		"100000", 1, INT_MAX),
	T("Doctor.Dovecot",	PATH,	doctor_dovecot,
	    "/etc/dovecot/dovecot.conf"),
	T("Doctor.Postfix",	PATH,	doctor_postfix,	"/etc/postfix"),
	T("Doctor.CA",		TEXT,	doctor_ca,	""),
	T("Doctor.Backup",	TEXT,	doctor_backup,	""),
	N("Doctor.BackupHours",	doctor_backup_hours,	"26",	1, 8760),
};
/* clang-format on */

/* The file that is read, and who hears what is wrong with it. */
struct source {
	const char *path;
	FILE *why;
};

static enum result
refuse(const struct source *from, const char *key, const char *why)
{
	fprintf(from->why, "%s: %s: %s\n", from->path, key, why);
	return RES_INVALID;
}

static bool
is_origin(const char *v)
{
	return strncmp(v, "https://", 8) == 0 && v[8] != '\0' &&
	    v[8 + strcspn(v + 8, "/?# ")] == '\0';
}

/* A name of the time zone database; the C library takes a wrong one for UTC
 * without a word. */
static bool
is_zone(const char *v)
{
	char file[256];

	return strstr(v, "..") == NULL && v[0] != '/' && v[0] != '\0' &&
	    (size_t)snprintf(file, sizeof(file), "/usr/share/zoneinfo/%s",
		v) < sizeof(file) &&
	    access(file, R_OK) == 0;
}

static bool
is_plain(const char *v)
{
	for (; *v != '\0'; v++)
		if ((unsigned char)*v < 0x20 || *v == 0x7f)
			return false;
	return true;
}

static enum result
set(const struct source *from, const struct setting *s, const char *v,
    struct conf *c)
{
	void *at = (char *)c + s->at;
	char why[80], *end;
	long long n;

	switch (s->kind) {
	case PATH:
		if (v[0] != '/')
			return refuse(from, s->key, "must be an absolute path");
		break;
	case ORIGIN:
		if (!is_origin(v))
			return refuse(from, s->key,
			    "must be https://host or https://host:port");
		break;
	case ADDRESS:
		if (strchr(v, '@') == NULL || strpbrk(v, " <>\"") != NULL)
			return refuse(from, s->key, "must be a mail address");
		break;
	case ZONE:
		if (!is_zone(v))
			return refuse(from, s->key,
			    "is no time zone of /usr/share/zoneinfo");
		break;
	case TEXT:
		break;
	case NUMBER:
		errno = 0;
		n = strtoll(v, &end, 10);
		if (v[0] == '\0' || *end != '\0' || errno != 0 ||
		    n < s->min || n > s->max) {
			snprintf(why, sizeof(why),
			    "must be a whole number from %lld to %lld",
			    (long long)s->min, (long long)s->max);
			return refuse(from, s->key, why);
		}
		*(int64_t *)at = n;
		return RES_OK;
	}
	if (!is_plain(v))
		return refuse(from, s->key, "has a control character in it");
	if ((*(char **)at = strdup(v)) == NULL)
		return RES_FAIL;
	return RES_OK;
}

/* A misspelt key would silently mean its default: refuse it. */
static enum result
refuse_unknown(const struct source *from, HDF *hdf, const char *prefix)
{
	for (HDF *h = hdf_obj_child(hdf); h != NULL; h = hdf_obj_next(h)) {
		char key[128];
		bool known = false;
		enum result r;

		snprintf(key, sizeof(key), "%s%s%s", prefix,
		    prefix[0] != '\0' ? "." : "", hdf_obj_name(h));
		for (size_t i = 0; i < NELEM(settings); i++)
			known |= strcmp(settings[i].key, key) == 0;
		if (!known && hdf_obj_value(h) != NULL)
			return refuse(from, key, "no such setting");
		if ((r = refuse_unknown(from, h, key)) != RES_OK)
			return r;
	}
	return RES_OK;
}

enum result
conf_read(const char *path, struct conf *c)
{
	return conf_read_to(path, c, stderr);
}

enum result
conf_read_to(const char *path, struct conf *c, FILE *why)
{
	const struct source from = { path, why };
	HDF *hdf = NULL;
	NEOERR *err;
	enum result r = RES_OK;

	memset(c, 0, sizeof(*c));
	err = hdf_init(&hdf);
	if (err == STATUS_OK)
		err = hdf_read_file(hdf, path);
	if (err != STATUS_OK) {
		STRING s;

		string_init(&s);
		nerr_error_string(err, &s);
		fprintf(why, "%s: %s\n", path, s.buf);
		string_clear(&s);
		nerr_ignore(&err);
		r = RES_INVALID;
		goto out;
	}
	r = refuse_unknown(&from, hdf, "");
	for (size_t i = 0; i < NELEM(settings) && r == RES_OK; i++) {
		const struct setting *s = &settings[i];
		const char *v = hdf_get_value(hdf, s->key, NULL);

		if (v == NULL)
			v = s->value;
		r = v == NULL ? refuse(&from, s->key, "is missing") :
				set(&from, s, v, c);
	}
out:
	hdf_destroy(&hdf);
	if (r != RES_OK)
		conf_free(c);
	return r;
}

void
conf_free(struct conf *c)
{
	for (size_t i = 0; i < NELEM(settings); i++)
		if (settings[i].kind != NUMBER)
			free(*(char **)(void *)((char *)c + settings[i].at));
	memset(c, 0, sizeof(*c));
}
