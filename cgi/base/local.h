#ifndef BASE_LOCAL_H
#define BASE_LOCAL_H

#include <stdbool.h>
#include <stddef.h>

struct sockaddr_un;

/* Unix sockets, unix(7): how our programs talk with each other. */

/* False: an empty path, or one that is too long. */
bool local_name(const char *path, struct sockaddr_un *sa_r);
/* Connects; no send or receive then waits longer than that.  -1: nobody is
 * there. */
int local_dial(const char *path, long seconds);
void local_limit(int fd, long seconds);
/* All n bytes; false: the other side has gone, or waits too long. */
bool local_send(int fd, const char *s, size_t n);

#endif
