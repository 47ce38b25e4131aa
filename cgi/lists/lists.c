/*
 * fumibako-lists: answers one request at a time on its socket.
 *
 *	VERB [ID]\n, then lines, the last of them a lone "."
 *
 * and answers "ok\n" and lines, or "no\n".  The verbs are a closed set; an id
 * is a number, a line an address, and all else is refused.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/local.h"
#include "base/log.h"
#include "lists/lists.h"

#define REQUEST_MAX (2UL * 1024 * 1024)
#define REQUEST_SECONDS 10 /* to say it in */
/* Looks for those who have to leave this often, ... */
#define TICK_SECONDS 2
/* ... and after so many ticks at all lists; then the engine keeps house. */
#define TICKS 300
#define END "\n.\n"

static volatile sig_atomic_t stop;

static void
on_term(int sig)
{
	(void)sig;
	stop = 1;
}

/* -- requests -- */

static enum result
count(FILE *out, enum result r, size_t n)
{
	if (r == RES_OK)
		fprintf(out, "%zu\n", n);
	return r;
}

/* Who was to leave must not go after he has come again. */
static enum result
add(const struct lists *ls, int64_t id, const char *body, FILE *out)
{
	enum result r;
	size_t n;

	/* Where that fails for another list, this one need not wait. */
	(void)!lists_leave(ls);
	r = lists_add(ls, id, body, &n);
	return count(out, r, n);
}

static enum result
of_list(const struct lists *ls, const char *verb, int64_t id,
    const char *body, FILE *out)
{
	size_t n = 0;
	enum result r;

	if (strcmp(verb, "members") == 0)
		return lists_members(ls, id, out);
	if (strcmp(verb, "add") == 0)
		return add(ls, id, body, out);
	if (strcmp(verb, "remove") != 0)
		return RES_INVALID;
	r = lists_remove(ls, id, body, &n);
	return count(out, r, n);
}

/* All that has to be done now and then. */
static enum result
keep_house(const struct lists *ls)
{
	enum result r = lists_sync(ls);

	lists_maintain(ls);
	return r;
}

static enum result
serve(const struct lists *ls, char *request, FILE *out)
{
	char *body = strchr(request, '\n'), *id_text;
	int64_t id = 0;
	enum result r;

	if (body == NULL)
		return RES_INVALID;
	*body++ = '\0';
	if ((id_text = strchr(request, ' ')) != NULL) {
		*id_text++ = '\0';
		if (id_text[0] == '\0' || strlen(id_text) > 18 ||
		    strspn(id_text, "0123456789") != strlen(id_text))
			return RES_INVALID;
		id = strtoll(id_text, NULL, 10);
	}
	if (strcmp(request, "sync") == 0)
		return id == 0 ? keep_house(ls) : lists_sync_one(ls, id);
	if (strcmp(request, "check") == 0)
		return lists_check(ls, out);
	if (strcmp(request, "of") == 0) {
		body[strcspn(body, "\n")] = '\0';
		return lists_of(ls, body, out);
	}
	r = of_list(ls, request, id, body, out);
	/* A list that nobody has made a directory for yet. */
	if (r == RES_NOTFOUND && (r = lists_sync_one(ls, id)) == RES_OK)
		r = of_list(ls, request, id, body, out);
	return r;
}

/* All of it, with the mark at its end, which is taken off; one that was cut
 * short is not done in part. */
static bool
read_all(int fd, char *request)
{
	const int64_t until = clock_seconds() + REQUEST_SECONDS;
	const size_t end = strlen(END);
	size_t n = 0;
	ssize_t got = 1;

	while (got > 0 && n + 1 < REQUEST_MAX && clock_seconds() <= until &&
	    (got = read(fd, request + n, REQUEST_MAX - 1 - n)) > 0)
		n += (size_t)got;
	if (got != 0 || n < end || strlen(request) != n ||
	    strcmp(request + n - end, END) != 0)
		return false;
	/* Its first newline is that of the line before. */
	request[n - end + 1] = '\0';
	return true;
}

static void
answer(const struct lists *ls, int fd)
{
	char *request = calloc(1, REQUEST_MAX), *text = NULL;
	enum result r = RES_INVALID;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	local_limit(fd, REQUEST_SECONDS);
	if (request != NULL && out != NULL && read_all(fd, request))
		r = serve(ls, request, out);
	if (out != NULL)
		fclose(out);
	if (local_send(fd, r == RES_OK ? "ok\n" : "no\n", 3) &&
	    r == RES_OK && text != NULL)
		(void)local_send(fd, text, size);
	log_event("list_request", "verb=%.*s ok=%d",
	    request != NULL ? (int)strspn(request, "abcdefhkmnorsvy") : 0,
	    request != NULL ? request : "", r == RES_OK);
	free(request);
	free(text);
}

/* -- the socket -- */

static int
listen_at(const char *path)
{
	struct sockaddr_un sa;
	int fd;

	if (!local_name(path, &sa))
		return -1;
	unlink(path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0 ||
	    chmod(path, 0660) < 0 || listen(fd, 64) < 0) {
		log_event("start", "socket=%s errno=%d", path, errno);
		return -1;
	}
	return fd;
}

/* Two of us would sweep away what the other makes. */
static int
lock_spool(const char *spool)
{
	int fd = open(spool, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	log_event("start", "spool=%s errno=%d", spool, errno);
	if (fd >= 0)
		close(fd);
	return -1;
}

static void
tick(const struct lists *ls, int *ticks)
{
	if (++*ticks < TICKS) {
		(void)!lists_leave(ls);
		return;
	}
	*ticks = 0;
	(void)!keep_house(ls);
}

static void
work(const struct lists *ls, int fd)
{
	struct pollfd p = { fd, POLLIN, 0 };
	int64_t next = clock_seconds() + TICK_SECONDS;
	int ticks = 0, c;

	while (!stop) {
		if (poll(&p, 1, TICK_SECONDS * 1000) > 0 &&
		    (c = accept4(fd, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
			answer(ls, c);
			close(c);
		}
		/* By the clock: somebody may always be asking. */
		if (clock_seconds() < next)
			continue;
		tick(ls, &ticks);
		next = clock_seconds() + TICK_SECONDS;
	}
}

static int
run(const struct conf *c)
{
	struct lists ls = { .spool = c->lists_spool, .texts = c->lists_texts,
		.smtp_port = c->lists_port };
	const struct store_paths paths = { .users = c->users_db };
	int fd, lock, status = EXIT_FAILURE;

	if (c->lists_spool[0] == '\0' || c->lists_socket[0] == '\0') {
		fputs("Lists.Spool and Lists.Socket are not set\n", stderr);
		return EXIT_FAILURE;
	}
	if ((lock = lock_spool(ls.spool)) >= 0 &&
	    store_open(&paths, BY_LISTS, &ls.store) == RES_OK &&
	    (fd = listen_at(c->lists_socket)) >= 0) {
		(void)!lists_sync(&ls);
		work(&ls, fd);
		unlink(c->lists_socket);
		close(fd);
		status = EXIT_SUCCESS;
	}
	store_close(&ls.store);
	if (lock >= 0)
		close(lock);
	return status;
}

int
main(int argc, char **argv)
{
	/* A list of members that is being read is read to its end. */
	struct sigaction sa = { .sa_handler = on_term,
		.sa_flags = SA_RESTART };
	struct conf conf;
	int status = EXIT_FAILURE;

	if (argc != 3 || strcmp(argv[1], "-c") != 0) {
		fputs("usage: fumibako-lists -c CONF\n", stderr);
		return 2;
	}
	umask(007);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	if (conf_read(argv[2], &conf) == RES_OK)
		status = run(&conf);
	conf_free(&conf);
	return status;
}
