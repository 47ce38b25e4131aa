/* doctor: Postfix answers, and its maps give what the database says. */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/line.h"
#include "base/local.h"
#include "tool/doctor.h"

#define POSTCONF "/usr/sbin/postconf"
#define POSTMAP "/usr/sbin/postmap"

/* -- SMTP -- */

/* The words of a line, at most n; how many there are. */
static size_t
split(struct doctor *d, const char *line, size_t len, const char *words[],
    size_t n)
{
	const char *s = pool_strndup(d->pool, line, len);
	size_t got = 0;

	while (*(s += strspn(s, " \t")) != '\0') {
		const size_t size = strcspn(s, " \t");

		if (got < n)
			words[got] = pool_strndup(d->pool, s, size);
		got++;
		s += size;
	}
	return got;
}

/* What a service of master(5) is as a URL: "smtp", "25", "127.0.0.1:2525",
 * "[::1]:25"; NULL: no port that is known. */
static const char *
smtp_at(struct doctor *d, const char *service, const char *interfaces)
{
	const char *colon = strrchr(service, ':');
	const char *name = colon != NULL ? colon + 1 : service;
	const struct servent *known = getservbyname(name, "tcp");
	const char *host = pool_strndup(
	    d->pool, interfaces, strcspn(interfaces, ", "));

	if (colon != NULL)
		host = pool_strndup(
		    d->pool, service, (size_t)(colon - service));
	else if (strcmp(host, "all") == 0 ||
	    strcmp(host, "loopback-only") == 0)
		host = "127.0.0.1";
	if (known != NULL)
		name = pool_printf(
		    d->pool, "%u", ntohs((uint16_t)known->s_port));
	return strspn(name, "0123456789") == strlen(name) ?
	    doctor_url(d, "smtp", host, name) :
	    NULL;
}

/* The first port on which master(8) takes mail; NULL: told that there is
 * none. */
static const char *
smtp_url(struct doctor *d, const char *interfaces)
{
	const char *conf = d->tool->conf.doctor_postfix, *said, *line, *w[8];
	const char *const argv[] = { POSTCONF, "-c", conf, "-M", NULL };
	const char *url;
	size_t n;

	if (doctor_run(d, argv, &said) != 0)
		said = "";
	while ((line = line_next(&said, &n)) != NULL)
		if (split(d, line, n, w, NELEM(w)) >= NELEM(w) &&
		    strcmp(w[1], "inet") == 0 &&
		    (strcmp(w[7], "smtpd") == 0 ||
			strcmp(w[7], "postscreen") == 0) &&
		    (url = smtp_at(d, w[0], interfaces)) != NULL)
			return url;
	doctor_tell(d, SEVERITY_FAIL, conf, "postfix check",
	    "master.cf has no smtpd");
	return NULL;
}

static void
call_smtp(struct doctor *d, const char *at, bool tls)
{
	/* The path is the name that we greet with. */
	const struct call call = {
		.url = pool_printf(d->pool, "%s/localhost", at),
	};
	struct answer a;

	doctor_call(d, &call, &a);
	if (a.reached != REACHED) {
		doctor_tell(d, SEVERITY_FAIL, at,
		    "postfix status; postfix check; Postfix's log",
		    "SMTP is not answered: %s", a.why);
		return;
	}
	d->have |= HAVE_SMTP;
	if (a.not_after != 0)
		/* Other servers take any certificate (RFC 7435). */
		doctor_certificate(d, at, &call, &a, false);
	else if (tls)
		doctor_tell(d, SEVERITY_FAIL, at,
		    "smtpd_tls_cert_file, smtpd_tls_key_file; Postfix's log",
		    "STARTTLS is set and not offered");
	else
		doctor_tell(d, SEVERITY_OK, at, NULL,
		    "answers, without STARTTLS");
}

void
check_smtp(struct doctor *d)
{
	const char *conf = d->tool->conf.doctor_postfix, *at;
	const char *const argv[] = { POSTCONF, "-c", conf, "-xh",
		"inet_interfaces", "smtpd_tls_security_level", NULL };
	const char *v[2];

	if (!doctor_values(d, argv, v, NELEM(v)))
		doctor_tell(d, SEVERITY_FAIL, conf,
		    "postfix check shows why; or set Doctor.Postfix",
		    "Postfix's configuration cannot be read: %s", v[0]);
	else if ((at = smtp_url(d, v[0])) != NULL)
		call_smtp(d, at,
		    v[1][0] != '\0' && strcmp(v[1], "none") != 0);
}

/* -- maps -- */

static const char remedy[] =
    "main.cf and the maps as in etc/postfix; postfix reload; Postfix's log";

/* The map of ours in the value of a setting; NULL: none. */
static const char *
map_in(struct doctor *d, const char *value)
{
	const char *map = strstr(value, "proxy:sqlite:");

	return map == NULL ?
	    NULL :
	    pool_strndup(d->pool, map, strcspn(map, ", \t"));
}

/* What a map should give for an address, as postmap(1) writes it. */
static const char *
wanted_mailbox(struct doctor *d, const struct probe *p)
{
	const struct mail_view *v = &p->view;
	const bool open = v->account && v->mailbox_open;
	const bool list = v->transport[0] != '\0';

	/* %.0lld: nothing for 0. */
	return pool_printf(d->pool, "%.0lld%s%s",
	    open ? (long long)v->id : 0, open && list ? "," : "",
	    list ? "1" : "");
}

static const char *
wanted_alias(struct doctor *d, const struct probe *p)
{
	const char *all = "";

	for (size_t i = 0; i < p->view.n; i++)
		all = pool_printf(d->pool, "%s%s%s", all,
		    i > 0 ? "," : "", p->view.targets[i]);
	return all;
}

static const char *
wanted_transport(struct doctor *d, const struct probe *p)
{
	(void)d;
	return p->view.transport;
}

static const char *
wanted_domain(struct doctor *d, const struct probe *p)
{
	return store_mail_domain(d->tool->store, p->domain) == RES_OK ?
	    p->domain :
	    "";
}

static const struct map {
	const char *setting;
	bool of_domain;
	const char *(*wanted)(struct doctor *, const struct probe *);
} maps[] = {
	{ "virtual_mailbox_domains", true, wanted_domain },
	{ "virtual_mailbox_maps", false, wanted_mailbox },
	{ "virtual_alias_maps", false, wanted_alias },
	{ "transport_maps", false, wanted_transport },
};

/* False: there is no use in asking for the others. */
static bool
compare(struct doctor *d, const struct map *m, const char *map,
    const struct probe *p)
{
	const char *key = m->of_domain ? p->domain : p->address, *said;
	const char *const argv[] = { POSTMAP, "-c",
		d->tool->conf.doctor_postfix, "-q", key, map, NULL };
	const char *wanted = m->wanted(d, p);
	/* 1 is also its word for "not found". */
	const int status = doctor_run(d, argv, &said);
	const bool is_error = strstr(said, "postmap: ") != NULL;

	if (status > 1 || status < 0 || is_error) {
		doctor_tell(d, SEVERITY_FAIL, map, remedy,
		    "Postfix cannot look up %s: %s", key,
		    doctor_first_line(d, said));
		return false;
	}
	if (!checkup_same_set(said, wanted))
		doctor_tell(d, SEVERITY_FAIL, key, remedy,
		    "(%s) %s gives %s, the database says %s", p->what,
		    m->setting,
		    said[0] != '\0' ? doctor_first_line(d, said) : "nothing",
		    wanted[0] != '\0' ? wanted : "nothing");
	return true;
}

static bool
compare_all(struct doctor *d, const struct map *m, const char *value)
{
	const char *map = map_in(d, value), *before = "";

	if (map == NULL) {
		doctor_tell(d, SEVERITY_FAIL, m->setting, remedy,
		    "has no map proxy:sqlite: in it");
		return false;
	}
	for (size_t i = 0; i < d->nprobes; i++) {
		const struct probe *p = &d->probes[i];

		/* Most are of one domain. */
		if (m->of_domain && strcmp(p->domain, before) == 0)
			continue;
		before = p->domain;
		if (!compare(d, m, map, p))
			return false;
	}
	return true;
}

/* Postfix hands mail to a socket in its own directory. */
static void
knock(struct doctor *d, const char *queue, const char *transport)
{
	static const char lmtp[] = "lmtp:unix:";
	const char *path;
	int fd;

	if (strncmp(transport, lmtp, strlen(lmtp)) != 0)
		return;
	path = pool_printf(d->pool, "%s/%s", queue, transport + strlen(lmtp));
	if ((fd = local_dial(path, 2)) >= 0)
		close(fd);
	else
		doctor_tell(d, SEVERITY_FAIL, path,
		    "restart Dovecot, which makes it after Postfix has made "
		    "the directory",
		    "nobody answers there: Postfix cannot deliver");
}

void
check_postfix(struct doctor *d)
{
	const char *conf = d->tool->conf.doctor_postfix;
	const char *const argv[] = { POSTCONF, "-c", conf, "-xh",
		"queue_directory", "virtual_transport", maps[0].setting,
		maps[1].setting, maps[2].setting, maps[3].setting, NULL };
	const char *v[2 + NELEM(maps)];

	if (!doctor_values(d, argv, v, NELEM(v))) {
		doctor_tell(d, SEVERITY_FAIL, conf, remedy,
		    "what main.cf says is not understood: %s", v[0]);
		return;
	}
	doctor_probes(d);
	for (size_t i = 0; i < NELEM(maps); i++)
		if (!compare_all(d, &maps[i], v[2 + i]))
			break;
	knock(d, v[0], v[1]);
	if (d->worst == SEVERITY_OK)
		doctor_tell(d, SEVERITY_OK, "", NULL,
		    "its maps say what the database says; addresses asked: %zu",
		    d->nprobes);
}
