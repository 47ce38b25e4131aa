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
 * Runs a program (an absolute path) with these arguments, at most 19 and NULL
 * at the end, for at most so many seconds; one that does not listen then is
 * killed 2 later.  What it prints goes to `out` (NULL: nowhere), at most 8 MiB
 * of it.  Its exit status; -1: it could not be run, or a signal ended it.
 */
int program_run(const char *const argv[], int seconds, FILE *out,
    enum program_errors errors);

#endif
