#include "tool/tool.h"

/* The whole tool on one screen.  Options: r --real-name, q --quota-mb,
 * p --pop-host, R --routing, f --forward-to, k --keep-copy, s --stdin,
 * i --initial, j --json, S --site. */
/* clang-format off */
const struct command commands[] = {
	{ "account add", "ADDRESS", "rqs", 1, 1, tool_account_add,
	    "Create an account; its initial password is printed, or read"
	    " (--stdin)." },
	{ "account passwd", "ADDRESS", "si", 1, 1, tool_account_passwd,
	    "Set a password from standard input (--stdin), or a generated"
	    " initial one." },
	{ "account set", "ADDRESS", "rqRfk", 1, 1, tool_account_set,
	    "Change real name, quota or routing." },
	{ "account show", "ADDRESS", "j", 1, 1, tool_account_show,
	    "Show an account." },
	{ "admin grant", "ADDRESS [DOMAIN]", "S", 1, 2,
	    tool_admin_grant,
	    "Let an account administer a domain, or the site." },
	{ "domain add", "DOMAIN", "p", 1, 1, tool_domain_add,
	    "Host a domain." },
	{ "init", "", "", 0, 0, tool_init,
	    "Create the databases, or migrate them to this version." },
};
/* clang-format on */

const size_t ncommands = NELEM(commands);
