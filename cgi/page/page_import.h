#ifndef PAGE_PAGE_IMPORT_H
#define PAGE_PAGE_IMPORT_H

#include "core/import.h"
#include "page/page.h"

#define IMPORT_NOTICES_MAX 500 /* on one page; more come as CSV */

struct import_job {
	struct ctx *ctx;
	const char *bytes;
	size_t n;
	struct import_options options;
	struct import_plan plan;
};

/* The page with the difference of the plan, or what is wrong with the file. */
enum result import_show(
    struct import_job *, int status, bool can_apply) MUST_CHECK;

#endif
