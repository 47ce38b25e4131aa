/* doctor: the hosts that people are told: are they found, and does the one
 * that is this host show a certificate for its name? */
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "tool/doctor.h"

/* Names of one site; a POP host serves many domains. */
struct names {
	struct doctor *d;
	const char *list[16];
	size_t n, reserved;
	bool silence; /* the name server has not answered once */
};

/* Is one of the addresses ours? */
static bool
is_here(struct doctor *d, const struct addrinfo *found)
{
	const char *ours[DOCTOR_ADDRESSES];
	const size_t n = doctor_addresses(d, ours);
	char text[64];

	for (; found != NULL; found = found->ai_next) {
		if (getnameinfo(found->ai_addr, found->ai_addrlen, text,
			sizeof(text), NULL, 0, NI_NUMERICHOST) != 0)
			continue;
		if (network_is_loopback(text))
			return true;
		for (size_t i = 0; i < n; i++)
			if (strcmp(ours[i], text) == 0)
				return true;
	}
	return false;
}

static void
try_name(struct doctor *d, const char *name)
{
	const struct call call = { .url = pool_printf(d->pool,
				       "pop3s://%s:%s", name, d->pop3s_port),
		.to = d->pop3s_to, .verify = true, .named = true };
	struct answer a;

	doctor_call(d, &call, &a);
	if (a.reached == REACHED_UNTRUSTED)
		doctor_tell(d, SEVERITY_FAIL, name,
		    "get a certificate for all of the POP hosts' names",
		    "mail programs refuse the certificate under this name: %s",
		    a.why);
}

/* False: it has been looked up, or is nobody's. */
static bool
is_new(struct names *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->list[i], name) == 0)
			return false;
	if (names->silence || names->n == NELEM(names->list))
		return false;
	names->list[names->n++] = name;
	names->reserved += checkup_name_reserved(name);
	return !checkup_name_reserved(name);
}

/* `setting`: where it stands. */
static void
look_up(struct names *names, const char *name, const char *setting,
    bool is_pop)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct doctor *d = names->d;
	struct addrinfo *found = NULL;
	int code;

	if (!is_new(names, name))
		return;
	code = getaddrinfo(name, NULL, &hints, &found);
	if (code == EAI_AGAIN) {
		doctor_tell(d, SEVERITY_FAIL, name,
		    "does a name server of /etc/resolv.conf answer?",
		    "cannot be looked up: %s", gai_strerror(code));
		/* Nor would it answer for the others. */
		names->silence = true;
		return;
	}
	if (code != 0) {
		doctor_tell(d, SEVERITY_FAIL, name,
		    pool_printf(d->pool, "enter it in the DNS, or correct %s",
			setting),
		    "people are told this host, and it is not found: %s",
		    gai_strerror(code));
		return;
	}
	if (is_pop && d->pop3s_port != NULL && is_here(d, found))
		try_name(d, name);
	freeaddrinfo(found);
}

static bool
look_up_pop(void *arg, const struct domain *domain)
{
	struct names *names = arg;
	const struct conf *c = &names->d->tool->conf;
	struct pool *p = names->d->pool;

	if (domain->enabled && domain->pop_host[0] != '\0')
		look_up(names,
		    pool_printf(p, "%s%s", domain->pop_host, c->pop_suffix),
		    pool_printf(p, "Client.PopSuffix or the POP host of %s",
			domain->name),
		    true);
	return true;
}

void
check_names(struct doctor *d)
{
	struct names names = { .d = d };

	look_up(&names, d->tool->conf.submission_host,
	    "Client.SubmissionHost", false);
	(void)!store_domains(d->tool->store, 0, look_up_pop, &names);
	if (d->worst != SEVERITY_OK)
		return;
	if (names.reserved == names.n)
		doctor_tell(d, SEVERITY_SKIP, "", NULL,
		    "not checked: all are names for examples (RFC 2606)");
	else
		doctor_tell(d, SEVERITY_OK, "", NULL,
		    "the hosts that people are told are found");
}
