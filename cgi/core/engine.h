#ifndef CORE_ENGINE_H
#define CORE_ENGINE_H

#include <stdint.h>

#include "base/pool.h"
#include "base/result.h"

/*
 * Asks fumibako-lists, which runs mlmmj as the user that owns the lists: the
 * web runs no programs.  `path` is its socket; "" where there are no lists.
 * RES_BUSY: it does not answer; RES_FAIL: it could not do it, and says why in
 * its log.
 */

/* The list's directory as the database says; 0: those of all lists, and
 * mlmmj's housekeeping. */
enum result engine_sync(const char *path, int64_t list_id) MUST_CHECK;
/* What a sync would mend, as lists/lists.h has it, a line each; waits only
 * some seconds. */
enum result engine_check(
    const char *path, struct pool *, const char **lines_r) MUST_CHECK;
/* The members of a list, one a line, as text of the pool. */
enum result engine_members(const char *path, struct pool *, int64_t list_id,
    const char **lines_r) MUST_CHECK;
/* Addresses one a line. */
enum result engine_add(
    const char *path, int64_t list_id, const char *lines) MUST_CHECK;
enum result engine_remove(
    const char *path, int64_t list_id, const char *lines) MUST_CHECK;
/* The addresses of the lists that `address` is on, one a line. */
enum result engine_lists_of(const char *path, struct pool *,
    const char *address, const char **lines_r) MUST_CHECK;

#endif
