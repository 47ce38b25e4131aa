#ifndef CORE_IMPORT_ROW_H
#define CORE_IMPORT_ROW_H

#include "core/draft.h"
#include "core/import.h"

/* One row of an import as what it makes of an account: shared by the plan and
 * its execution. */

/* The account that the row names, or RES_NOTFOUND; with its targets. */
enum result import_row_existing(struct store *, const struct import_options *,
    const struct import_row *, struct draft *old_r) MUST_CHECK;
/*
 * What the row makes of `old` (NULL: of nothing), all but the password.
 * Findings are at the names of the columns.
 */
void import_row_read(const struct import_options *, const struct import_row *,
    const struct draft *old, struct draft *new_r, struct findings *);
/* Which columns differ: 1 << enum csv_column. */
unsigned int import_row_differs(
    const struct draft *old, const struct draft *new);
/* Has the row text in this column? */
const char *import_row_cell(const struct import_row *, enum csv_column);

/* The rows of a plan by local part.  add: false when it is there already, and
 * *row_r is that one. */
void import_index_open(struct pool *, struct import_plan *);
bool import_index_add(
    struct import_plan *, struct import_row *, struct import_row **row_r);
/* What the plan makes of addresses, for routing_check_targets. */
struct import_ahead {
	const struct import_plan *plan;
	const struct import_options *options;
};
bool import_ahead_find(void *import_ahead, const struct target *,
    struct targets *t_r);

#endif
