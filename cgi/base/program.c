/* Runs another program, and waits for it, but not for ever. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/program.h"
#include "base/result.h"

#define OUT_MAX (64L * 1024 * 1024)

/* What the program prints, to `out`, until it ends: 0.  What it has started
 * itself may go on, with its output open.  Else what is to be said of it. */
static int
follow(pid_t pid, int from, FILE *out, int64_t until)
{
	char buf[8192];
	struct pollfd p[] = { { from, POLLIN, 0 },
		{ pidfd_open(pid, 0), POLLIN, 0 } };
	int status = p[1].fd >= 0 ? PROGRAM_OUT_OF_TIME : -1;
	ssize_t n, all = 0;
	int64_t left;

	while (p[1].fd >= 0 && (left = (until - clock_us()) / 1000) > 0) {
		if (poll(p, 2, (int)left) <= 0)
			continue; /* a signal, or the time is over */
		if (p[0].revents == 0) {
			status = 0;
			break;
		}
		if ((n = read(from, buf, sizeof(buf))) <= 0) {
			p[0].fd = -1;
			continue;
		}
		if ((all += n) > OUT_MAX) {
			status = -1;
			break;
		}
		fwrite(buf, 1, (size_t)n, out);
	}
	if (p[1].fd >= 0)
		close(p[1].fd);
	return status;
}

/* Its process, the leader of a group of its own; -1: it could not be run. */
static pid_t
start(const char *const argv[], int to, enum program_errors errors)
{
	static char path[] = "PATH=/usr/bin:/bin", lang[] = "LC_ALL=C";
	char *const env[] = { path, lang, NULL };
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t attr;
	char *args[24];
	size_t n = 0;
	pid_t pid;
	int err;

	/* posix_spawn takes what it does not change for changeable. */
	do
		memcpy(&args[n], &argv[n], sizeof(args[n]));
	while (argv[++n] != NULL && n + 1 < NELEM(args));
	args[n] = NULL;
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP);
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
	err = posix_spawn(&pid, argv[0], &fa, &attr, args, env);
	posix_spawn_file_actions_destroy(&fa);
	posix_spawnattr_destroy(&attr);
	return err == 0 ? pid : -1;
}

int
program_run(const char *const argv[], int seconds, FILE *out,
    enum program_errors errors)
{
	int fds[2] = { -1, -1 }, status = -1, ended;
	pid_t pid;

	if (out != NULL && pipe2(fds, O_CLOEXEC) < 0)
		return -1;
	pid = start(argv, fds[1], errors);
	if (fds[1] >= 0)
		close(fds[1]);
	if (pid > 0) {
		status = follow(
		    pid, fds[0], out, clock_us() + 1000000LL * seconds);
		if (status != 0)
			kill(-pid, SIGKILL);
		if (waitpid(pid, &ended, 0) != pid)
			status = -1;
		else if (status == 0)
			status = WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
	}
	if (fds[0] >= 0)
		close(fds[0]);
	return status;
}
