#ifndef BASE_PROGRAM_H
#define BASE_PROGRAM_H

#include <stdio.h>

/* Other programs: no shell, a fixed environment, nothing on standard input. */

enum program_errors {
	PROGRAM_ERRORS_APART, /* its standard error is ours */
	PROGRAM_ERRORS_TOO    /* its standard error goes to `out`, too */
};
#define PROGRAM_OUT_OF_TIME 124 /* as timeout(1) has it */

/*
 * Runs a program (an absolute path) with these arguments, at most 23 and NULL
 * at the end.  What it prints goes to `out` (NULL: nowhere).  Its exit status;
 * -1: it could not be run, a signal ended it, or it printed more than 64 MiB.
 * After so many seconds, or so much, it is killed with all that it has started.
 */
int program_run(const char *const argv[], int seconds, FILE *out,
    enum program_errors errors);

#endif
