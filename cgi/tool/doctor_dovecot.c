/* doctor: Dovecot answers, and knows of an account what the database says. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool/doctor.h"

#define EX_NOUSER 67 /* sysexits.h: Dovecot's word for "no such user" */

#define DOVECONF "/usr/bin/doveconf"
#define DOVEADM "/usr/bin/doveadm"

/* Where it listens: of "*, ::" the loopback will do. */
static const char *
host_of(struct doctor *d, const char *listen)
{
	const char *host =
	    pool_strndup(d->pool, listen, strcspn(listen, ", "));

	return host[0] == '\0' || strcmp(host, "*") == 0 ? "127.0.0.1" :
	    strcmp(host, "::") == 0			 ? "::1" :
							   host;
}

void
check_pop3s(struct doctor *d)
{
	const char *conf = d->tool->conf.doctor_dovecot;
	const char *const argv[] = { DOVECONF, "-c", conf, "-h", "listen",
		"service/pop3-login/inet_listener/pop3s/address",
		"service/pop3-login/inet_listener/pop3s/port", NULL };
	struct call call = { .url = "" };
	struct answer a;
	const char *v[3], *host;

	if (!doctor_values(d, argv, v, NELEM(v))) {
		doctor_tell(d, SEVERITY_FAIL, conf,
		    "doveconf -n shows where; or set Doctor.Dovecot",
		    "Dovecot's configuration cannot be read: %s", v[0]);
		return;
	}
	if (strcmp(v[2], "0") == 0) {
		doctor_tell(d, SEVERITY_FAIL, conf,
		    "see inet_listener pop3s in dovecot.conf",
		    "POP3s is switched off");
		return;
	}
	host = host_of(d, v[1][0] != '\0' ? v[1] : v[0]);
	call.url = doctor_url(d, "pop3s", host, v[2]);
	doctor_call(d, &call, &a);
	if (a.reached != REACHED) {
		doctor_tell(d, SEVERITY_FAIL, call.url,
		    "systemctl status dovecot; Dovecot's log",
		    "POP3s is not answered: %s", a.why);
		return;
	}
	d->have |= HAVE_POP3S;
	doctor_certificate(d, call.url, &call, &a, true);
	if (d->worst == SEVERITY_OK) {
		d->pop3s_to = host;
		d->pop3s_port = v[2];
	}
}

/* -- accounts -- */

static const char remedy[] =
    "dovecot-sql.conf.ext as in etc/dovecot; doveadm reload; Dovecot's log";

/* May it log in from there?  With an address off campus, "no" and "cannot say"
 * are the same answer to Dovecot. */
static int
log_in(struct doctor *d, const struct probe *p, const char *from,
    const char **said_r)
{
	const char *const argv[] = { DOVEADM, "-c",
		d->tool->conf.doctor_dovecot, "auth", "lookup", "-x",
		"service=pop3", "-x", pool_printf(d->pool, "rip=%s", from),
		p->address, NULL };

	return doctor_run(d, argv, said_r);
}

static int
deliver(struct doctor *d, const struct probe *p, const char **said_r)
{
	const char *const argv[] = { DOVEADM, "-c",
		d->tool->conf.doctor_dovecot, "-f", "flow", "user", p->address,
		NULL };

	return doctor_run(d, argv, said_r);
}

/* What it said of a user; false: told that there is no answer. */
static bool
understand(struct doctor *d, const struct probe *p, int status,
    const char *said, bool *known_r)
{
	*known_r = status == 0;
	if (status == 0 || status == EX_NOUSER)
		return true;
	doctor_tell(d, SEVERITY_FAIL, p->address, remedy,
	    "Dovecot cannot look it up: %s", doctor_first_line(d, said));
	return false;
}

static void
tell_known(struct doctor *d, const struct probe *p, bool known,
    const char *what)
{
	doctor_tell(d, SEVERITY_FAIL, p->address, remedy,
	    "(%s) Dovecot %s %s, the database says otherwise", p->what,
	    known ? "lets it" : "does not let it", what);
}

/* The value of a field of `doveadm -f flow user`; NULL: it is not there. */
static const char *
field(struct doctor *d, const char *said, const char *name)
{
	const char *at =
	    strstr(said, pool_printf(d->pool, "field=%s value=", name));

	if (at == NULL)
		return NULL;
	at = strstr(at, "value=") + strlen("value=");
	return doctor_first_line(d, at);
}

/* The mail store belongs to the user that delivers. */
static void
look_at_store(struct doctor *d, const char *said)
{
	const char *uid = field(d, said, "uid");
	bool may;

	if (uid == NULL || access(d->mail_root, F_OK) != 0 ||
	    !doctor_be(uid, ""))
		return;
	may = faccessat(AT_FDCWD, d->mail_root, R_OK | W_OK | X_OK,
		  AT_EACCESS) == 0;
	doctor_be_root();
	if (!may)
		doctor_tell(d, SEVERITY_FAIL, d->mail_root,
		    pool_printf(d->pool, "chown %s %s && chmod 0700 %s", uid,
			d->mail_root, d->mail_root),
		    "%s cannot deliver into the mail store", uid);
}

/* Home and quota are of the same row. */
static void
compare_user(struct doctor *d, const struct probe *p, const char *said)
{
	const char *home = field(d, said, "home");
	const char *rule = field(d, said, "quota_rule");
	const char *slash = home != NULL ? strrchr(home, '/') : NULL;
	const char *wanted = pool_printf(
	    d->pool, "*:bytes=%lld", (long long)p->view.quota_bytes);

	if (slash == NULL ||
	    strtoll(slash + 1, NULL, 10) != p->view.id)
		doctor_tell(d, SEVERITY_FAIL, p->address, remedy,
		    "its mail is in %s, and the database has it as %lld",
		    home != NULL ? home : "no place", (long long)p->view.id);
	else if (rule == NULL || strcmp(rule, wanted) != 0)
		doctor_tell(d, SEVERITY_FAIL, p->address, remedy,
		    "its quota rule is %s, and the database says %s",
		    rule != NULL ? rule : "not there", wanted);
	if (slash == NULL || d->mail_root != NULL)
		return;
	d->mail_root = pool_strndup(d->pool, home, (size_t)(slash - home));
	look_at_store(d, said);
}

/* The first address of the campus. */
static const char *
on_campus(struct doctor *d)
{
	char all[4096];

	networks_text(&d->tool->campus, all, sizeof(all));
	return pool_strndup(d->pool, all, strcspn(all, "/"));
}

/* One that is not; NULL: all is campus.  (RFC 5737, RFC 3849) */
static const char *
off_campus(struct doctor *d)
{
	static const char *const some[] = { "192.0.2.1", "198.51.100.1",
		"203.0.113.1", "2001:db8::1" };

	return checkup_source(&d->tool->campus, false, some, NELEM(some));
}

/* False: there is no use in asking for the others. */
static bool
compare(struct doctor *d, const struct probe *p)
{
	const char *said;
	int status;
	bool known;

	status = log_in(d, p, on_campus(d), &said);
	if (!understand(d, p, status, said, &known))
		return false;
	if (known != (p->view.account && p->view.pop3_open))
		tell_known(d, p, known, "log in");
	status = deliver(d, p, &said);
	if (!understand(d, p, status, said, &known))
		return false;
	if (known != (p->view.account && p->view.mailbox_open))
		tell_known(d, p, known, "have mail");
	else if (known)
		compare_user(d, p, said);
	return true;
}

/* Of one who may log in on campus. */
static void
try_from_away(struct doctor *d, const struct probe *p)
{
	const char *away = off_campus(d), *said;

	if (away != NULL && log_in(d, p, away, &said) == 0)
		doctor_tell(d, SEVERITY_FAIL, p->address, remedy,
		    "Dovecot lets it log in from %s, which is not on campus",
		    away);
}

void
check_dovecot(struct doctor *d)
{
	const struct probe *able = NULL, *p;
	size_t asked = 0;

	doctor_probes(d);
	for (size_t i = 0; i < d->nprobes; i++) {
		p = &d->probes[i];
		/* To Dovecot all others are not there, as nobody is. */
		if (!p->view.account && !p->nobody)
			continue;
		if (!compare(d, p))
			return;
		if (p->view.pop3_open)
			able = p;
		asked++;
	}
	if (able != NULL)
		try_from_away(d, able);
	if (asked == 0)
		doctor_tell(d, SEVERITY_SKIP, "", NULL,
		    "not checked: there is no account yet");
	else if (d->worst == SEVERITY_OK)
		doctor_tell(d, SEVERITY_OK, "", NULL,
		    "it says what the database says; addresses asked: %zu",
		    asked);
}
