#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/program.h"
#include "base/result.h"

#define OUT_MAX (8UL * 1024 * 1024)

/* What the program prints, to `out`; what is too much is read all the same,
 * or it would never end. */
static void
copy(int from, FILE *out)
{
	size_t room = OUT_MAX;
	char buf[8192];
	ssize_t n;

	while ((n = read(from, buf, sizeof(buf))) > 0) {
		const size_t some = (size_t)n < room ? (size_t)n : room;

		fwrite(buf, 1, some, out);
		room -= some;
	}
}

static int
spawn(char *const args[], int to, enum program_errors errors, pid_t *pid)
{
	static char path[] = "PATH=/usr/bin:/bin", lang[] = "LC_ALL=C";
	char *const env[] = { path, lang, NULL };
	posix_spawn_file_actions_t fa;
	int err;

	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_addopen(
	    &fa, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (to >= 0)
		posix_spawn_file_actions_adddup2(&fa, to, STDOUT_FILENO);
	else
		posix_spawn_file_actions_addopen(
		    &fa, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	if (errors == PROGRAM_ERRORS_TOO)
		posix_spawn_file_actions_adddup2(
		    &fa, STDOUT_FILENO, STDERR_FILENO);
	err = posix_spawn(pid, args[0], &fa, NULL, args, env);
	posix_spawn_file_actions_destroy(&fa);
	return err;
}

/* timeout(1) that has had to kill the program ends as it has. */
static int
end_of(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		return -1;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return PROGRAM_OUT_OF_TIME;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int
program_run(const char *const argv[], int seconds, FILE *out,
    enum program_errors errors)
{
	char limit[16];
	/* Nobody waits longer for a program. */
	const char *const before[] = { "/usr/bin/timeout", "-k", "2", limit };
	int fds[2] = { -1, -1 }, status = -1, err;
	char *args[24];
	size_t n = 0;
	pid_t pid;

	snprintf(limit, sizeof(limit), "%d", seconds);
	/* posix_spawn takes what it does not change for changeable. */
	for (; n < NELEM(before); n++)
		memcpy(&args[n], &before[n], sizeof(args[n]));
	for (size_t i = 0; argv[i] != NULL && n + 1 < NELEM(args); i++)
		memcpy(&args[n++], &argv[i], sizeof(args[0]));
	args[n] = NULL;
	if (out != NULL && pipe2(fds, O_CLOEXEC) < 0)
		return -1;
	err = spawn(args, fds[1], errors, &pid);
	if (fds[1] >= 0)
		close(fds[1]);
	if (err == 0) {
		if (out != NULL)
			copy(fds[0], out);
		status = end_of(pid);
	}
	if (fds[0] >= 0)
		close(fds[0]);
	return status;
}
