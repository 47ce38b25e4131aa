/*
 * fumibako.fcgi: one worker.  The spawner starts several on one socket
 * (descriptor 0) and starts another for each that leaves.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <fcgiapp.h>

#include "app.h"
#include "base/log.h"

/* More than anybody runs on one host. */
#define SLOTS 256

static volatile sig_atomic_t stop;

static void
on_term(int sig)
{
	(void)sig;
	stop = 1;
}

/*
 * Takes the first free PREFIX-N.pid and holds its lock for life: a worker
 * that was killed leaves a file that the next one takes over, so there is
 * never a stale one.
 */
static int
take_pid_file(const char *prefix)
{
	for (int i = 1; i <= SLOTS; i++) {
		struct flock lock = { .l_type = F_WRLCK };
		char path[4096], text[32];
		int fd, n;

		snprintf(path, sizeof(path), "%s-%d.pid", prefix, i);
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
		if (fd < 0) {
			perror(path);
			return -1;
		}
		if (fcntl(fd, F_SETLK, &lock) < 0) {
			close(fd);
			continue;
		}
		n = snprintf(text, sizeof(text), "%ld\n", (long)getpid());
		if (ftruncate(fd, 0) < 0 || write(fd, text, (size_t)n) != n) {
			perror(path);
			return -1;
		}
		return fd; /* closed by the end of the process */
	}
	return -1;
}

/* A password in memory must not end up on the disk or with a debugger. */
static void
keep_memory_private(void)
{
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0);
}

/* SIGUSR1 is what libfcgi and some spawners mean by "end gracefully". */
static const int ends[] = { SIGTERM, SIGINT, SIGUSR1 };

static void
block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < NELEM(ends); i++)
		sigaddset(&set, ends[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

static void
catch_signals(void)
{
	struct sigaction on_stop = { .sa_handler = on_term },
			 ignore = { .sa_handler = SIG_IGN };

	for (size_t i = 0; i < NELEM(ends); i++)
		sigaction(ends[i], &on_stop, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
}

/* A wait that finds a request at once lets no signal in: ask for it. */
static bool
must_stop(void)
{
	sigset_t waiting;

	if (!stop && sigpending(&waiting) == 0)
		for (size_t i = 0; i < NELEM(ends); i++)
			if (sigismember(&waiting, ends[i]))
				return true;
	return stop;
}

/*
 * The signals that end a worker are let in only while it waits, so that the
 * request in hand is always finished and no wait is missed.  EPOLLEXCLUSIVE:
 * a connection wakes one worker, not all.
 */
static int
wait_for_request(int ep)
{
	struct epoll_event ev;
	sigset_t none;

	sigemptyset(&none);
	return epoll_pwait(ep, &ev, 1, -1, &none);
}

static int
prepare_socket(void)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLEXCLUSIVE };
	int flags = fcntl(STDIN_FILENO, F_GETFL);
	int ep = epoll_create1(EPOLL_CLOEXEC);

	/* Another worker may take the connection first: do not block then. */
	if (flags < 0 || ep < 0 ||
	    fcntl(STDIN_FILENO, F_SETFL, flags | O_NONBLOCK) < 0 ||
	    epoll_ctl(ep, EPOLL_CTL_ADD, STDIN_FILENO, &ev) < 0)
		return -1;
	return ep;
}

static int
serve(struct site *site)
{
	FCGX_Request fr;
	int ep = prepare_socket();

	if (ep < 0 || FCGX_Init() != 0 || FCGX_InitRequest(&fr, 0, 0) != 0) {
		log_event("start", "error=descriptor_0_is_no_socket");
		return EXIT_FAILURE;
	}
	catch_signals(); /* after FCGX_Init, which takes some for itself */
	for (int64_t n = 0; !must_stop() && n < site->conf.max_requests;) {
		if (wait_for_request(ep) < 0 || FCGX_Accept_r(&fr) < 0)
			continue;
		app_serve(site, &fr, time(NULL));
		/* A kept connection would hold this worker, and the next
		 * request with it, whatever the web server asks for. */
		fr.keepConnection = 0;
		FCGX_Finish_r(&fr);
		n++;
	}
	FCGX_Free(&fr, 1);
	close(ep);
	return EXIT_SUCCESS;
}

static int
usage(void)
{
	fputs("usage: fumibako.fcgi -c CONF [-p PID_PREFIX]\n"
	      "A FastCGI worker; the listening socket is descriptor 0.\n",
	    stderr);
	return 2;
}

int
main(int argc, char **argv)
{
	const char *conf = NULL, *pid_prefix = NULL;
	struct site site;
	int opt, status;

	while ((opt = getopt(argc, argv, "c:p:")) != -1) {
		if (opt == 'c')
			conf = optarg;
		else if (opt == 'p')
			pid_prefix = optarg;
		else
			return usage();
	}
	if (conf == NULL || optind != argc)
		return usage();
	keep_memory_private();
	umask(007);
	block_signals();
	if (app_open(&site, conf) != RES_OK) {
		app_close(&site);
		return EXIT_FAILURE;
	}
	if (pid_prefix != NULL && take_pid_file(pid_prefix) < 0)
		return EXIT_FAILURE;
	status = serve(&site);
	app_close(&site);
	return status;
}
