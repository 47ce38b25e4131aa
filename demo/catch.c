/*
 * catch DIR SENDER RECIPIENT...
 *
 * The outside world of a demo: Postfix's pipe(8) runs this for every message
 * that leaves for a domain that is not hosted here.  Each becomes one file in
 * DIR: the envelope, then the message as it came.  (A shell script took as
 * long as all the rest of a delivery.)
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

/* Postfix keeps the message and tries again. */
static int
later(const char *what)
{
	printf("catch: %s: %s\n", what, strerror(errno));
	return EX_TEMPFAIL;
}

int
main(int argc, char **argv)
{
	char name[64], hidden[PATH_MAX], path[PATH_MAX], buf[65536];
	struct timespec now;
	FILE *f;
	size_t n;

	if (argc < 4)
		return later("usage: catch DIR SENDER RECIPIENT...");
	clock_gettime(CLOCK_REALTIME, &now);
	snprintf(name, sizeof(name), "%lld.%09ld.%ld", (long long)now.tv_sec,
	    now.tv_nsec, (long)getpid());
	snprintf(hidden, sizeof(hidden), "%s/.%s", argv[1], name);
	snprintf(path, sizeof(path), "%s/%s.eml", argv[1], name);
	umask(022);
	if ((f = fopen(hidden, "wxe")) == NULL)
		return later(hidden);
	fprintf(f, "X-Envelope-From: %s\n", argv[2]);
	for (int i = 3; i < argc; i++)
		fprintf(f, "X-Envelope-To: %s\n", argv[i]);
	while ((n = fread(buf, 1, sizeof(buf), stdin)) > 0)
		fwrite(buf, 1, n, f);
	/* Whoever lists the directory sees whole messages only. */
	if (ferror(stdin) != 0 || ferror(f) != 0 || fclose(f) != 0 ||
	    rename(hidden, path) != 0)
		return later(path);
	return EX_OK;
}
