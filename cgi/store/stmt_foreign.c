/* The statements that are run on the databases of other programs. */
#include "base/result.h"
#include "store/stmt.h"

/* clang-format off */
/* PostfixAdmin's.  Its versions have not the same columns: all are taken. */
const struct foreign_stmt foreign_stmts[] = {
	{ "admin", "SELECT * FROM admin" },
	{ "alias", "SELECT * FROM alias" },
	{ "alias_domain", "SELECT * FROM alias_domain" },
	{ "config", "SELECT * FROM config" },
	{ "domain", "SELECT * FROM domain" },
	{ "domain_admins", "SELECT * FROM domain_admins" },
	{ "fetchmail", "SELECT * FROM fetchmail" },
	{ "log", "SELECT * FROM log" },
	{ "mailbox", "SELECT * FROM mailbox" },
	{ "quota2", "SELECT * FROM quota2" },
	{ "vacation", "SELECT * FROM vacation" },
	{ "vacation_notification", "SELECT * FROM vacation_notification" },
};
const size_t foreign_count = NELEM(foreign_stmts);
const char foreign_tables_sql[] =
    "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
/* clang-format on */
