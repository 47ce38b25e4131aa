/*
 * fumibako-oldest MAILROOT: how old is the oldest message of an account?
 *
 * Run by Dovecot as the owner of the mail, one process a question: reads an
 * account id from standard input, writes epoch seconds or "-".  It knows no
 * database and no web, and nobody can make it open anything but the two
 * directories of a number.
 */
#include <dirent.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A Maildir file name begins with its delivery time (maildir(5)). */
static void
look_into(const char *dir, int64_t *oldest)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	if (d == NULL)
		return;
	while ((e = readdir(d)) != NULL) {
		int64_t t = strtoll(e->d_name, NULL, 10);

		if (t > 0 && (*oldest == 0 || t < *oldest))
			*oldest = t;
	}
	closedir(d);
}

int
main(int argc, char **argv)
{
	static const char *const parts[] = { "new", "cur" };
	char id[24] = "", path[PATH_MAX];
	int64_t oldest = 0;
	ssize_t got = read(STDIN_FILENO, id, sizeof(id) - 1);
	size_t n = strspn(id, "0123456789");

	if (argc != 2 || got <= 0 || n == 0 || id[n] != '\n')
		return 2;
	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%.*s/Maildir/%s", argv[1],
		    (int)n, id, parts[i]);
		look_into(path, &oldest);
	}
	if (oldest > 0)
		printf("%lld\n", (long long)oldest);
	else
		puts("-");
	return 0;
}
