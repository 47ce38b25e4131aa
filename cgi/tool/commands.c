#include "tool/tool.h"

/* The whole tool on one screen.  Options: r --real-name, Q --quota-mb,
 * p --pop-host, a --max-accounts, w --max-forwards, l --max-lists,
 * d --default-quota-mb, e --enable, R --routing, f --forward-to,
 * k --keep-copy, L --leave-forward-to, F --filter, q --search, s --stdin,
 * i --initial, j --json, S --site, x --force, n --dry-run. */
/* clang-format off */
const struct command commands[] = {
	{ "account add", "ADDRESS", "rQs", 1, 1, tool_account_add,
	    "Create an account; its initial password is printed, or read"
	    " (--stdin)." },
	{ "account delete", "ADDRESS", "L", 1, 1, tool_account_delete,
	    "Delete an account; a forward can be left in its place." },
	{ "account list", "DOMAIN", "Fqj", 1, 1, tool_account_list,
	    "List accounts: all, or --filter initial, outside, discard,"
	    " full, never." },
	{ "account passwd", "ADDRESS", "si", 1, 1, tool_account_passwd,
	    "Set a password from standard input (--stdin), or a generated"
	    " initial one." },
	{ "account set", "ADDRESS", "rQRfk", 1, 1, tool_account_set,
	    "Change real name, quota or routing." },
	{ "account show", "ADDRESS", "j", 1, 1, tool_account_show,
	    "Show an account." },
	{ "admin grant", "ADDRESS [DOMAIN]", "S", 1, 2, tool_admin_grant,
	    "Let an account administer a domain, or the site." },
	{ "admin revoke", "ADDRESS [DOMAIN]", "S", 1, 2, tool_admin_revoke,
	    "Take that right away." },
	{ "domain add", "DOMAIN", "pawld", 1, 1, tool_domain_add,
	    "Host a domain, and create its postmaster." },
	{ "domain delete", "DOMAIN", "x", 1, 1, tool_domain_delete,
	    "Delete a domain; --force: with all that is in it." },
	{ "domain list", "", "j", 0, 0, tool_domain_list,
	    "List the domains." },
	{ "domain set", "DOMAIN", "pawlde", 1, 1, tool_domain_set,
	    "Change a domain; an empty limit is none." },
	{ "domain show", "DOMAIN", "j", 1, 1, tool_domain_show,
	    "Show a domain." },
	{ "export", "DOMAIN", "", 1, 1, tool_export,
	    "Print the accounts of a domain as CSV." },
	{ "forward add", "ADDRESS TARGET...", "", 2, 1000, tool_forward_add,
	    "Create a forwarding account." },
	{ "forward delete", "ADDRESS", "", 1, 1, tool_forward_delete,
	    "Delete a forwarding account." },
	{ "forward list", "DOMAIN", "qj", 1, 1, tool_forward_list,
	    "List forwarding accounts." },
	{ "forward set", "ADDRESS TARGET...", "", 2, 1000, tool_forward_set,
	    "Replace the targets of a forwarding account." },
	{ "import", "DOMAIN FILE.csv", "nj", 2, 2, tool_import,
	    "Create and change accounts from a CSV file (-: standard input)."
	    },
	{ "init", "", "", 0, 0, tool_init,
	    "Create the databases, or migrate them to this version." },
	{ "log", "[DOMAIN|ADDRESS]", "qj", 0, 1, tool_log,
	    "Print what was changed, newest first." },
};
/* clang-format on */

const size_t ncommands = NELEM(commands);
