/* The files of a list's directory that come from its row: each is written
 * beside its place and renamed over it, and only where it differs. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "lists/lists.h"

#define PATH_SIZE 4608 /* PATH_MAX and what stands behind it */

bool
lists_fail(const char *what, const char *path)
{
	log_event("list_directory", "what=%s path=%s errno=%d", what, path,
	    errno);
	return false;
}

bool
lists_same(const char *path, const char *text, size_t n)
{
	char buf[16384];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t got;

	if (fd < 0)
		return false;
	got = read(fd, buf, sizeof(buf));
	close(fd);
	return got >= 0 && (size_t)got == n && memcmp(buf, text, n) == 0;
}

static bool
no_file(const char *path)
{
	return unlink(path) == 0 || errno == ENOENT ||
	    lists_fail("unlink", path);
}

bool
lists_put_file(const char *path, const char *text)
{
	const size_t n = text != NULL ? strlen(text) : 0;
	char beside[PATH_SIZE];
	int fd;

	snprintf(beside, sizeof(beside), "%s.new", path);
	if (text == NULL)
		return no_file(path) && no_file(beside);
	if (lists_same(path, text, n))
		return no_file(beside);
	fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return lists_fail("open", beside);
	if (write(fd, text, n) != (ssize_t)n || fsync(fd) < 0) {
		close(fd);
		return lists_fail("write", beside);
	}
	close(fd);
	return rename(beside, path) == 0 || lists_fail("rename", path);
}

/* Where the settings of a list are put. */
struct control {
	const char *dir;
	int64_t id;
	FILE *tell; /* not NULL: only what differs is told */
};

/* A setting of mlmmj: a file of control/, or none. */
static bool
put(const struct control *c, const char *name, bool there, const char *text)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), "%s/control/%s", c->dir, name);
	if (c->tell != NULL) {
		if (there ? !lists_same(path, text, strlen(text)) :
			    access(path, F_OK) == 0)
			fprintf(c->tell, "%lld differs %s\n",
			    (long long)c->id, name);
		return true;
	}
	return lists_put_file(path, there ? text : NULL);
}

static void
headers_of(const struct mlist *l, char *out, size_t size)
{
	const char *n = l->local_part, *d = l->domain;

	/* RFC 2369, RFC 2919.  One-click (RFC 8058) needs a web address that
	 * answers to everybody; ours is for the campus. */
	snprintf(out, size,
	    "List-Id: <%s.%s>\n"
	    "List-Post: <mailto:%s@%s>\n"
	    "List-Help: <mailto:%s+help@%s>\n"
	    "List-Subscribe: <mailto:%s+subscribe@%s>\n"
	    "List-Unsubscribe: <mailto:%s+unsubscribe@%s>\n"
	    "List-Owner: <mailto:%s+owner@%s>\n"
	    "Precedence: list\n"
	    "%s%s%s",
	    n, d, n, d, n, d, n, d, n, d, n, d,
	    l->reply_to_list ? "Reply-To: " : "",
	    l->reply_to_list ? l->address : "", l->reply_to_list ? "\n" : "");
}

static bool
put_posting(const struct control *c, const struct mlist *l)
{
	const bool members = l->posting == POSTING_MEMBERS ||
	    l->posting == POSTING_MEMBERS_MODERATED;
	const bool moderators = l->posting == POSTING_MODERATORS ||
	    l->posting == POSTING_MODERATORS_MODERATED;
	const bool moderated = l->posting == POSTING_MEMBERS_MODERATED ||
	    l->posting == POSTING_MODERATORS_MODERATED;
	char owner[sizeof(l->owner) + 1];

	snprintf(owner, sizeof(owner), "%s\n", l->owner);
	return put(c, "subonlypost", members, "") &&
	    put(c, "modonlypost", moderators, "") &&
	    put(c, "modnonsubposts", moderated, "") &&
	    /* Somebody has to be asked. */
	    put(c, "moderators", true,
		l->moderators[0] != '\0' ? l->moderators : owner) &&
	    put(c, "owner", true, owner);
}

bool
lists_put_control(const struct lists *ls, const char *dir,
    const struct mlist *l, FILE *tell)
{
	const struct control c = { dir, l->id, tell };
	char headers[4096], line[ADDRESS_SIZE + 2], port[16];
	char footer[sizeof(l->footer) + 1];
	static const char drop[] = "List-Id:\nList-Post:\nList-Help:\n"
				   "List-Subscribe:\nList-Unsubscribe:\n"
				   "List-Unsubscribe-Post:\nList-Owner:\n"
				   "List-Archive:\nPrecedence:\n";
	char delheaders[sizeof(drop) + 16];

	headers_of(l, headers, sizeof(headers));
	snprintf(line, sizeof(line), "%s\n", l->address);
	snprintf(port, sizeof(port), "%lld\n", (long long)ls->smtp_port);
	snprintf(delheaders, sizeof(delheaders), "%s%s", drop,
	    l->reply_to_list ? "Reply-To:\n" : "");
	snprintf(footer, sizeof(footer), "%s\n", l->footer);
	return put(&c, "listaddress", true, line) &&
	    put_posting(&c, l) &&
	    put(&c, "closedlistsub", l->subscription == SUB_CLOSED, "") &&
	    put(&c, "submod", l->subscription == SUB_APPROVAL, "") &&
	    put(&c, "prefix", l->prefix[0] != '\0', l->prefix) &&
	    /* fumibako-list-mail adds it; mlmmj would spoil messages. */
	    put(&c, "footer", false, NULL) &&
	    put(&c, "fumibako-footer", l->footer[0] != '\0', footer) &&
	    put(&c, "noarchive", !l->archive, "") &&
	    /* Old posts are for members, of a time with an archive or not. */
	    put(&c, "noget", !l->archive, "") &&
	    put(&c, "subonlyget", true, "") &&
	    put(&c, "customheaders", true, headers) &&
	    put(&c, "delheaders", true, delheaders) &&
	    /* Also what comes by a forward or a blind copy. */
	    put(&c, "tocc", true, "") &&
	    put(&c, "relayhost", true, "127.0.0.1\n") &&
	    put(&c, "smtpport", true, port) &&
	    /* Postfix makes the envelope sender of each recipient. */
	    put(&c, "verp", true, "postfix\n") &&
	    put(&c, "maxverprecips", true, "100\n") &&
	    put(&c, "nodigestsub", true, "") &&
	    put(&c, "nonomailsub", true, "") &&
	    /* Who the members are, the owner asks us. */
	    put(&c, "nolistsubsemail", true, "");
}
