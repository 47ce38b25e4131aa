#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/local.h"
#include "base/log.h"
#include "core/engine.h"

/* A reply is at most this; a hundred thousand members are not more. */
#define REPLY_MAX (4UL * 1024 * 1024)
/* What was cut off does not have it. */
#define END ".\n"
#define PATIENT 30 /* seconds */
#define BRISK 2	   /* for who only looks */
#define HASTY 1	   /* for what a page can do without */

/* The reply, to be freed; NULL: none, or not whole. */
static char *
receive(int fd)
{
	char *text = NULL, buf[16384];
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);
	ssize_t n = -1;

	while (f != NULL && size < REPLY_MAX &&
	    (n = recv(fd, buf, sizeof(buf), 0)) > 0) {
		fwrite(buf, 1, (size_t)n, f);
		fflush(f);
	}
	if (f != NULL)
		fclose(f);
	if (n == 0)
		return text;
	free(text);
	return NULL;
}

static enum result
ask(const char *path, long seconds, const char *head, const char *body,
    struct pool *p, const char **lines_r)
{
	char *reply = NULL;
	enum result r = RES_BUSY;
	int fd = local_dial(path, seconds);

	if (fd >= 0 && local_send(fd, head, strlen(head)) &&
	    local_send(fd, body, strlen(body)) &&
	    local_send(fd, END, strlen(END)) && shutdown(fd, SHUT_WR) == 0)
		reply = receive(fd);
	if (reply != NULL) {
		r = strncmp(reply, "ok\n", 3) == 0 ? RES_OK : RES_FAIL;
		if (r == RES_OK && lines_r != NULL)
			*lines_r = pool_printf(p, "%s", reply + 3);
	}
	if (fd >= 0)
		close(fd);
	free(reply);
	if (r != RES_OK)
		log_event("list_engine", "verb=%.*s answer=%s",
		    (int)strcspn(head, " \n"), head,
		    r == RES_BUSY ? "none" : "no");
	return r;
}

enum result
engine_check(const char *path, struct pool *p, const char **lines_r)
{
	return ask(path, BRISK, "check\n", "", p, lines_r);
}

static enum result
ask_list(const char *path, const char *verb, int64_t id, const char *body,
    struct pool *p, const char **lines_r)
{
	char head[64];

	snprintf(head, sizeof(head), "%s %lld\n", verb, (long long)id);
	return ask(path, PATIENT, head, body, p, lines_r);
}

enum result
engine_sync(const char *path, int64_t list_id)
{
	return ask_list(path, "sync", list_id, "", NULL, NULL);
}

enum result
engine_members(const char *path, struct pool *p, int64_t list_id,
    const char **lines_r)
{
	return ask_list(path, "members", list_id, "", p, lines_r);
}

enum result
engine_add(const char *path, int64_t list_id, const char *lines)
{
	return ask_list(path, "add", list_id, lines, NULL, NULL);
}

enum result
engine_remove(const char *path, int64_t list_id, const char *lines)
{
	return ask_list(path, "remove", list_id, lines, NULL, NULL);
}

enum result
engine_lists_of(const char *path, struct pool *p, const char *address,
    const char **lines_r)
{
	return ask(
	    path, HASTY, "of\n", pool_printf(p, "%s\n", address), p, lines_r);
}
