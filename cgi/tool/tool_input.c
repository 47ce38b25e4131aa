/* What comes in: passwords, and files that may have passwords in them. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "tool/tool.h"

#define MB ((size_t)1024 * 1024)
#define FILE_MAX_BYTES (64 * MB)

/* All of standard input, or a line of a terminal without echo.  Unbuffered,
 * so that no copy stays in stdio's memory. */
static size_t
read_input(char *buf, size_t size)
{
	struct termios was, quiet;
	size_t n;

	setvbuf(stdin, NULL, _IONBF, 0);
	if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &was) != 0)
		return fread(buf, 1, size, stdin);
	quiet = was;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	fputs("Password: ", stderr);
	n = fgets(buf, (int)size, stdin) != NULL ? strlen(buf) : 0;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &was);
	fputc('\n', stderr);
	return n;
}

char *
tool_read_password(char *line, size_t size)
{
	size_t n = read_input(line, size);
	const char *why = NULL;

	if (n == size)
		why = "is too long";
	else if (n > 0 && line[n - 1] == '\n')
		n--;
	if (n > 0 && line[n - 1] == '\r')
		n--;
	if (why == NULL && n == 0)
		why = "is empty";
	if (why == NULL) {
		line[n] = '\0';
		/* Never a part of what was given. */
		if (line[strcspn(line, "\r\n")] != '\0' || strlen(line) != n)
			why = "is more than one line, or has a NUL in it";
	}
	if (why == NULL)
		return line;
	fprintf(stderr, "the password on standard input %s\n", why);
	explicit_bzero(line, size);
	return NULL;
}

/* All that comes, to memory of the pool, which wipes also what the text has
 * grown out of.  -1: errno says why; more than FILE_MAX_BYTES: too many. */
static ssize_t
read_all(int fd, struct pool *p, const char **bytes_r)
{
	size_t n = 0, size = 65536;
	char *buf = pool_alloc(p, size), *bigger;
	ssize_t got;

	while ((got = read(fd, buf + n, size - n)) > 0) {
		n += (size_t)got;
		if (n > FILE_MAX_BYTES)
			break;
		if (n < size)
			continue;
		bigger = pool_alloc(p, 2 * size);
		memcpy(bigger, buf, n);
		buf = bigger;
		size *= 2;
	}
	*bytes_r = buf;
	return got < 0 ? -1 : (ssize_t)n;
}

bool
tool_read_file(const char *path, struct pool *p, const char **bytes_r,
    size_t *n_r)
{
	const bool is_stdin = strcmp(path, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read_all(fd, p, bytes_r);

	if (n < 0)
		perror(path);
	else if ((size_t)n > FILE_MAX_BYTES)
		fprintf(stderr, "%s: is larger than %zu MB\n", path,
		    FILE_MAX_BYTES / MB);
	if (fd >= 0 && !is_stdin)
		close(fd);
	*n_r = n < 0 ? 0 : (size_t)n;
	return n >= 0 && *n_r <= FILE_MAX_BYTES;
}
