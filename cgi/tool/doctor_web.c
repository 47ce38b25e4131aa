/* doctor: the web as browsers see it, from campus and from elsewhere, and the
 * certificates of the TLS ports. */
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tool/doctor.h"

/* -- certificates -- */

static void
tell_end(struct doctor *d, const char *subject, enum severity severity,
    long long days)
{
	static const char renew[] =
	    "renew it, and reload what serves it (nginx, dovecot, postfix)";

	if (days < 0)
		doctor_tell(d, severity, subject, renew,
		    "its certificate ended %lld days ago", -days);
	else
		doctor_tell(d, severity, subject, renew,
		    "its certificate ends in %lld days", days);
}

void
doctor_certificate(struct doctor *d, const char *subject,
    const struct call *call, const struct answer *a, bool vouched)
{
	const int64_t left = a->not_after - d->tool->actor.now;
	/* Rounded down: one that ended an hour ago is -1. */
	const long long days = left / 86400 - (left < 0);
	struct call strict = *call;
	struct answer again;

	switch (checkup_certificate(a->not_after, d->tool->actor.now)) {
	case VERDICT_OK:
		break;
	case VERDICT_WARN:
		tell_end(d, subject, SEVERITY_WARN, days);
		break;
	case VERDICT_FAIL:
		tell_end(d, subject, SEVERITY_FAIL, days);
		break;
	}
	/* One that is over is refused for that. */
	if (vouched && left >= 0) {
		strict.verify = true;
		doctor_call(d, &strict, &again);
		if (again.reached == REACHED_UNTRUSTED)
			doctor_tell(d, SEVERITY_FAIL, subject,
			    "serve the whole chain, for this name; a CA of "
			    "your own is named by Doctor.CA",
			    "clients refuse its certificate: %s", again.why);
	}
	if (d->worst == SEVERITY_OK)
		doctor_tell(d, SEVERITY_OK, subject, NULL,
		    "answers; its certificate is good for %lld days", days);
}

/* -- https -- */

static const char *
page(struct doctor *d, const char *path)
{
	return pool_printf(d->pool, "%s%s", d->tool->conf.origin, path);
}

/* By the loopback, where nginx listens on all addresses, or as browsers do. */
void
check_https(struct doctor *d)
{
	struct call call = { .url = page(d, "/healthz"), .to = "127.0.0.1",
		.named = true };
	const char *origin = d->tool->conf.origin;
	struct answer a;

	doctor_call(d, &call, &a);
	if (a.reached == REACHED_NOBODY) {
		call.to = NULL;
		doctor_call(d, &call, &a);
	}
	/* TLS spoke, and nobody behind it. */
	if (a.reached == REACHED_NO_ANSWER && a.not_after != 0) {
		a.reached = REACHED;
		a.status = 504;
	}
	if (a.reached != REACHED) {
		doctor_tell(d, SEVERITY_FAIL, origin,
		    "nginx -t; systemctl status nginx; does Web.Origin name "
		    "its port?",
		    "is not answered: %s", a.why);
		return;
	}
	d->have |= HAVE_WEB;
	d->web_to = call.to;
	d->health = a.status;
	doctor_certificate(d, origin, &call, &a, true);
}

/* -- from where -- */

size_t
doctor_addresses(struct doctor *d, const char *list[DOCTOR_ADDRESSES])
{
	/* 127.0.0.0/8 is ours as a whole (RFC 1122, 3.2.1.3). */
	static const char *const loopback[] = { "127.0.0.1", "127.0.0.9",
		"127.255.255.254", "::1" };
	struct ifaddrs *all = NULL;
	char text[INET6_ADDRSTRLEN];
	size_t n = 0;

	for (; n < NELEM(loopback); n++)
		list[n] = loopback[n];
	if (getifaddrs(&all) != 0)
		return n;
	for (struct ifaddrs *i = all; i != NULL && n < DOCTOR_ADDRESSES;
	     i = i->ifa_next) {
		const struct sockaddr *sa = i->ifa_addr;
		const bool v6 = sa != NULL && sa->sa_family == AF_INET6;

		if (sa == NULL || (sa->sa_family != AF_INET && !v6) ||
		    (i->ifa_flags & IFF_UP) == 0 ||
		    (i->ifa_flags & IFF_LOOPBACK) != 0 ||
		    getnameinfo(sa,
			v6 ? sizeof(struct sockaddr_in6) :
			     sizeof(struct sockaddr_in),
			text, sizeof(text), NULL, 0, NI_NUMERICHOST) != 0 ||
		    strchr(text, '%') != NULL)
			continue;
		list[n++] = pool_printf(d->pool, "%s", text);
	}
	freeifaddrs(all);
	return n;
}

/* Asks for the log-in page from an address that is on campus or is not.
 * False: told why that cannot be tried. */
static bool
ask_from(struct doctor *d, bool on_campus, const char **from_r,
    struct answer *a)
{
	const char *list[DOCTOR_ADDRESSES];
	const size_t n = doctor_addresses(d, list);
	const char *from =
	    checkup_source(&d->tool->campus, on_campus, list, n);
	const char *where = on_campus ? "on campus" : "off campus";
	struct call call = { .url = page(d, "/login"), .from = from,
		.to = d->web_to };

	if (from == NULL) {
		doctor_tell(d, SEVERITY_SKIP, "", NULL,
		    "not checked: this host has no address %s", where);
		return false;
	}
	/* Within one family of addresses. */
	if (d->web_to != NULL && strchr(from, ':') != NULL)
		call.to = "::1";
	doctor_call(d, &call, a);
	*from_r = from;
	if (a->reached == REACHED)
		return true;
	doctor_tell(d, SEVERITY_SKIP, from, NULL,
	    "not checked from there (%s): %s", where, a->why);
	return false;
}

void
check_campus(struct doctor *d)
{
	static const char remedy[] =
	    "Campus.Networks; then restart the workers, which read it once; "
	    "allow and deny of nginx";
	struct answer a;
	const char *from;

	if (d->health >= 500) {
		doctor_tell(d, SEVERITY_SKIP, "", NULL,
		    "not checked: the workers do not answer");
		return;
	}
	if (ask_from(d, true, &from, &a)) {
		if (a.status == 200)
			doctor_tell(d, SEVERITY_OK, from, NULL,
			    "is on campus and gets the log-in page");
		else
			doctor_tell(d, SEVERITY_FAIL, from, remedy,
			    "is on campus and is refused (%ld)", a.status);
	}
	if (!ask_from(d, false, &from, &a))
		return;
	if (a.status != 403)
		doctor_tell(d, SEVERITY_FAIL, from, remedy,
		    "is not on campus and gets in (%ld)", a.status);
	else if (strstr(a.body, d->tool->conf.contact) == NULL)
		doctor_tell(d, SEVERITY_FAIL, from,
		    "leave it to Fumibako who may enter, not to nginx",
		    "is not on campus and is refused without a word why");
	else
		doctor_tell(d, SEVERITY_OK, from, NULL,
		    "is not on campus and is told why it is refused");
}

/* -- workers -- */

/* One that hashes, by a form that it has to refuse. */
static void
ask_login(struct doctor *d)
{
	const struct call call = { .url = page(d, "/login"),
		.to = d->web_to, .post = true };
	struct answer a;

	doctor_call(d, &call, &a);
	if (a.reached != REACHED || a.status >= 500)
		doctor_tell(d, SEVERITY_FAIL, "login",
		    "restart the pool of log-in workers; their log says why",
		    "no worker answers at login.sock (%s)",
		    a.reached != REACHED ?
			a.why :
			pool_printf(d->pool, "%ld", a.status));
}

void
check_workers(struct doctor *d)
{
	if (d->health >= 500)
		doctor_tell(d, SEVERITY_FAIL, "pages",
		    "restart the pool of workers; their log says why",
		    "no worker answers at pages.sock, or none can use the "
		    "database (%ld)",
		    d->health);
	ask_login(d);
	if (d->worst == SEVERITY_OK)
		doctor_tell(d, SEVERITY_OK, "", NULL,
		    "both pools answer, and the database answers them");
}
