#include <stdio.h>
#include <string.h>

#include "core/finding.h"

/* clang-format off */
static const char *const keys[FAULT__MAX] = {
	[FAULT_NAME_LONG]	= "err.real_name.long",
	[FAULT_NAME_CHARS]	= "err.real_name.chars",
	[FAULT_PW_SHORT]	= "err.pw.short",
	[FAULT_PW_LONG]		= "err.pw.long",
	[FAULT_PW_UPPER]	= "err.pw.upper",
	[FAULT_PW_LOWER]	= "err.pw.lower",
	[FAULT_PW_DIGIT]	= "err.pw.digit",
	[FAULT_PW_SYMBOL]	= "err.pw.symbol",
	[FAULT_PW_ASCII]	= "err.pw.ascii",
	[FAULT_PW_EDGE_BLANK]	= "err.pw.edge_blank",
	[FAULT_PW_DIFFER]	= "err.pw.differ",
	[FAULT_PW_SAME]		= "err.pw.same",
	[FAULT_PW_REQUIRED]	= "err.pw.required",
	[FAULT_PW_WEAK]		= "err.pw.weak",
	[FAULT_PW_DICTIONARY]	= "err.pw.dictionary",
	[FAULT_PW_USER]		= "err.pw.user",
	[FAULT_PW_KEYBOARD]	= "err.pw.keyboard",
	[FAULT_PW_DATE]		= "err.pw.date",
	[FAULT_PW_YEAR]		= "err.pw.year",
	[FAULT_PW_REPEAT]	= "err.pw.repeat",
	[FAULT_PW_SEQUENCE]	= "err.pw.sequence",
	[FAULT_ROUTING_CHOOSE]	= "err.routing.choose",
	[FAULT_ROUTING_VACATION] = "err.routing.vacation",
	[FAULT_ROUTING_CONFIRM]	= "err.routing.confirm",
	[FAULT_KEEP_COPY]	= "err.keep_copy",
	[FAULT_FORWARD_NONE]	= "err.forward.none",
	[FAULT_FORWARD_MANY]	= "err.forward.many",
	[FAULT_FORWARD_SYNTAX]	= "err.forward.syntax",
	[FAULT_FORWARD_NO_DOMAIN] = "err.forward.no_domain",
	[FAULT_FORWARD_CHARS]	= "err.forward.chars",
	[FAULT_FORWARD_COMMAND]	= "err.forward.command",
	[FAULT_FORWARD_SELF]	= "err.forward.self",
	[FAULT_FORWARD_LOOP]	= "err.forward.loop",
	[FAULT_FORWARD_MISSING]	= "err.forward.missing",
	[FAULT_FORWARD_DUPLICATE] = "err.forward.duplicate",
	[FAULT_FORWARD_RESERVED] = "err.forward.reserved",
	[FAULT_FORWARD_IDN]	= "err.forward.idn",
	[FAULT_FORWARD_LONG]	= "err.forward.long",
	[FAULT_FORWARD_WIDE]	= "err.forward.wide",
	[FAULT_FORWARD_UNUSED]	= "err.forward.unused",
	[FAULT_FORWARD_DEEP]	= "err.forward.deep",
	[FAULT_CURRENT_REQUIRED] = "err.current.required",
	[FAULT_CURRENT_WRONG]	= "err.current.wrong",
	[FAULT_NAME]		= "err.name",
	[FAULT_NAME_IN_USE]	= "err.in_use",
	[FAULT_LIMIT]		= "err.limit",
	[FAULT_FOREIGN]		= "err.foreign",
	[FAULT_TARGETS_NONE]	= "err.targets_none",
	[FAULT_CONFIRM]		= "err.confirm",
	[FAULT_POSTMASTER]	= "err.postmaster",
	[FAULT_ONESELF]		= "err.oneself",
	[FAULT_LAST_ADMIN]	= "err.last_admin",
	[FAULT_OUTRANKED]	= "err.outranked",
	[FAULT_IN_USE_BY]	= "err.in_use_by",
	[FAULT_NUMBER]		= "err.number",
	[FAULT_ADMIN_MISSING]	= "err.admin_missing",
	[FAULT_ADMIN_NONE]	= "err.admin_none",
	[FAULT_LOCK_OUT]	= "err.lock_out",
	[FAULT_DOMAIN_IN_USE]	= "err.domain_in_use",
	[FAULT_DOMAIN_USED]	= "err.domain_used",
	[FAULT_PICK_NONE]	= "err.pick_none",
	[FAULT_LIST_TEXT]	= "err.list.text",
	[FAULT_LIST_ASCII]	= "err.list.ascii",
	[FAULT_LIST_CHOOSE]	= "err.list.choose",
	[FAULT_LIST_OWNER]	= "err.list.owner",
	[FAULT_LIST_SELF]	= "err.list.self",
	[FAULT_LIST_NO_MEMBERS]	= "err.list.no_members",
	[FAULT_CSV_SURPLUS]	= "csv.surplus",
	[FAULT_CSV_TWICE]	= "csv.twice",
	[FAULT_CSV_BOTH]	= "csv.both",
	[FAULT_CSV_HASH]	= "csv.hash",
	[FAULT_CSV_ROUTING]	= "csv.routing",
	[FAULT_CSV_KEEP_COPY]	= "csv.keep_copy",
	[FAULT_CSV_PASSWORDS]	= "csv.passwords_many",
	[FAULT_CSV_CHANGES]	= "csv.changes_many",
	[FAULT_ADDRESS]		= "err.tool.address",
	[FAULT_DOMAIN]		= "err.tool.domain",
	[FAULT_QUOTA]		= "err.tool.quota",
};
/* clang-format on */

static void
copy_arg(char dst[FINDING_ARG], const char *src)
{
	size_t n = FINDING_ARG - 4;

	if (src == NULL)
		src = "";
	if (strlen(src) < FINDING_ARG) {
		memcpy(dst, src, strlen(src) + 1);
		return;
	}
	while (n > 0 && ((unsigned char)src[n] & 0xc0) == 0x80)
		n--; /* not in the middle of a UTF-8 character */
	snprintf(dst, FINDING_ARG, "%.*s...", (int)n, src);
}

void
finding_add(struct findings *f, const char *field, enum fault fault,
    const char *a1, const char *a2)
{
	struct finding *one;

	if (f->n == NELEM(f->list))
		return;
	one = &f->list[f->n++];
	one->field = field;
	one->fault = fault;
	copy_arg(one->a1, a1);
	copy_arg(one->a2, a2);
}

const char *
fault_key(enum fault fault)
{
	return keys[fault];
}
