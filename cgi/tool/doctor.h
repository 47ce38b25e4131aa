#ifndef TOOL_DOCTOR_H
#define TOOL_DOCTOR_H

#include "core/address.h"
#include "core/checkup.h"
#include "store/health.h"
#include "tool/tool.h"

/*
 * fumibako doctor: one row a check, one function a row (doctor.c).  A check
 * changes nothing, waits for nothing longer than some seconds, and tells what
 * it has found, at least one thing.
 */

enum severity {
	SEVERITY_OK,
	SEVERITY_SKIP, /* could not be checked, or need not be */
	SEVERITY_WARN, /* will have to be mended */
	SEVERITY_FAIL  /* has to be mended */
};

/* What a check may need: who runs it, or what an earlier one has found. */
#define HAVE_CONF (1U << 0)
#define HAVE_ROOT (1U << 1)
#define HAVE_USERS (1U << 2) /* tool->store is open */
#define HAVE_WEB (1U << 3)   /* Web.Origin is answered */
#define HAVE_POP3S (1U << 4)
#define HAVE_SMTP (1U << 5)

/* An address, and what the database says of it. */
struct probe {
	const char *what; /* "account that forwards" */
	bool nobody;	  /* one that is not there */
	char local_part[LOCAL_MAX + 1], domain[DOMAIN_MAX + 1];
	char address[ADDRESS_SIZE];
	struct mail_view view;
};

struct doctor {
	struct tool *tool;
	struct pool *pool;
	unsigned int have;
	/* The check that runs, and the worst that it has told. */
	const char *check;
	enum severity worst;
	bool failed; /* any of them */
	json_t *told;
	/* Chosen rows, and one that is not there (doctor_probe.c). */
	struct probe *probes;
	size_t nprobes;
	const char *web_to;   /* where Web.Origin answers; NULL: as resolved */
	long health;	      /* status of its /healthz */
	/* Where POP3s answers with a good certificate; NULL: it does not. */
	const char *pop3s_to, *pop3s_port;
	const char *mail_root; /* the mail store; NULL: not known */
};

/* Of `subject`; what to do comes after it, NULL: nothing. */
void doctor_tell(struct doctor *, enum severity, const char *subject,
    const char *remedy, const char *fmt, ...) PRINTF_LIKE(5, 6);
/* Runs a program for some seconds.  Its exit status; what it said, its
 * errors too and its warnings not, in the pool. */
int doctor_run(
    struct doctor *, const char *const argv[], const char **said_r);
/* The first line of what a program said, in the pool. */
const char *doctor_first_line(struct doctor *, const char *said);
/* n values that a program prints, a line each; false: it printed others, and
 * they are in values_r[0]. */
bool doctor_values(struct doctor *, const char *const argv[],
    const char **values_r, size_t n);

/* -- the checks -- */
void check_configuration(struct doctor *);
void check_permissions(struct doctor *);
void check_database(struct doctor *);
void check_clock(struct doctor *);
void check_hash(struct doctor *);
void check_https(struct doctor *);
void check_campus(struct doctor *);
void check_workers(struct doctor *);
void check_pop3s(struct doctor *);
void check_smtp(struct doctor *);
void check_dovecot(struct doctor *);
void check_postfix(struct doctor *);
void check_disk(struct doctor *);
void check_names(struct doctor *);
void check_lists(struct doctor *);
void check_oldest(struct doctor *);
void check_backup(struct doctor *);

/* -- doctor_rights.c -- */
/* Takes the rights of a user until doctor_be_root, with the groups that the
 * system gives it (NULL) or only with these beside its own (names, with blanks
 * or commas between).  False: there is no such user or group. */
bool doctor_be(const char *user, const char *groups);
void doctor_be_root(void);

/* -- doctor_probe.c -- */
/* Sets d->probes once. */
void doctor_probes(struct doctor *);

/* -- doctor_net.c: the door to libcurl -- */
struct call {
	const char *url;
	const char *from; /* our address; NULL: any */
	const char *to;	  /* connect to it, not to the host; NULL: to that */
	bool post;	  /* https: an empty form */
	bool verify;	  /* does somebody vouch for its certificate, */
	bool named;	  /* and for the name in the URL? */
};
enum reached {
	REACHED,
	REACHED_NOBODY,
	REACHED_UNTRUSTED, /* its certificate, when call->verify */
	REACHED_NO_ANSWER
};
struct answer {
	enum reached reached;
	const char *why;   /* unless REACHED, in the pool */
	long status;	   /* https */
	const char *body;  /* the same */
	int64_t not_after; /* of its certificate; 0: it showed none */
};
void doctor_call(struct doctor *, const struct call *, struct answer *);
/* SCHEME://HOST:PORT, an IPv6 address in brackets. */
const char *doctor_url(struct doctor *, const char *scheme, const char *host,
    const char *port);

/* -- doctor_web.c -- */
/* Judges the certificate of an answer, and, where clients do, who vouches for
 * it. */
void doctor_certificate(struct doctor *, const char *subject,
    const struct call *, const struct answer *, bool vouched);
/* The addresses that we can come from, the loopback's first; how many. */
#define DOCTOR_ADDRESSES 32
size_t doctor_addresses(struct doctor *, const char *list[DOCTOR_ADDRESSES]);

#endif
