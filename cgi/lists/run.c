#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "lists/lists.h"

/* What the program prints, to `out`. */
static void
copy(int from, FILE *out)
{
	char buf[8192];
	ssize_t n;

	while ((n = read(from, buf, sizeof(buf))) > 0)
		fwrite(buf, 1, (size_t)n, out);
}

/* Nobody waits longer for a program. */
static const char *const limit[] = { "/usr/bin/timeout", "-k", "5", "60" };

int
lists_run(FILE *out, const char *const argv[])
{
	static char path[] = "PATH=/usr/bin:/bin", lang[] = "LC_ALL=C";
	char *const env[] = { path, lang, NULL };
	posix_spawn_file_actions_t fa;
	int fds[2] = { -1, -1 }, status = -1, err;
	char *args[16];
	size_t n = 0;
	pid_t pid;

	/* posix_spawn takes what it does not change for changeable. */
	for (; n < NELEM(limit); n++)
		memcpy(&args[n], &limit[n], sizeof(args[n]));
	for (size_t i = 0; argv[i] != NULL && n + 1 < NELEM(args); i++)
		memcpy(&args[n++], &argv[i], sizeof(args[0]));
	args[n] = NULL;
	if (out != NULL && pipe2(fds, O_CLOEXEC) < 0)
		return -1;
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_addopen(
	    &fa, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (out != NULL)
		posix_spawn_file_actions_adddup2(&fa, fds[1], STDOUT_FILENO);
	else
		posix_spawn_file_actions_addopen(
		    &fa, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	err = posix_spawn(&pid, args[0], &fa, NULL, args, env);
	posix_spawn_file_actions_destroy(&fa);
	if (fds[1] >= 0)
		close(fds[1]);
	if (err == 0) {
		if (out != NULL)
			copy(fds[0], out);
		if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
			status = -1;
		else
			status = WEXITSTATUS(status);
	}
	if (fds[0] >= 0)
		close(fds[0]);
	if (status != 0)
		log_event("list_program", "path=%s status=%d", argv[0], status);
	return status;
}
