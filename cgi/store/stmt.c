#include "store/stmt.h"
#include "store/store.h"

/*
 * The statement table.  One row per enum stmt, placed by name so that the
 * order cannot drift.  Parameters are numbered; text is always bound, so
 * nothing a person typed is ever part of the SQL.
 */

#define ACCOUNT_COLUMNS \
	"a.id, d.id, n.local_part, d.name, d.pop_host, d.enabled," \
	" a.real_name, a.password_hash, a.initial_password, a.credential," \
	" a.version, a.routing, a.keep_copy, a.quota_bytes, a.created_at," \
	" a.password_at"
#define ACCOUNT_TABLES \
	" FROM domain d JOIN address n ON n.domain_id = d.id" \
	" JOIN account a ON a.id = n.id"

/* clang-format off */
const struct stmt_def stmts[ST__MAX] = {
	[ST_ALIVE] = { DB_USERS, BY_ALL,
	    "SELECT count(*) FROM site" },
	[ST_SITE_NETS] = { DB_USERS, BY_ALL,
	    "SELECT allow_nets FROM site" },
	[ST_SITE_SET_NETS] = { DB_USERS, BY_ALL,
	    "UPDATE site SET allow_nets = ?1" },
	[ST_DOMAIN_BY_NAME] = { DB_USERS, BY_ALL,
	    "SELECT id, default_quota_bytes FROM domain WHERE name = ?1" },
	[ST_DOMAIN_ADD] = { DB_USERS, BY_TOOL,
	    "INSERT INTO domain (name, pop_host) VALUES (?1, ?2)" },
	[ST_ADDRESS_BY_NAME] = { DB_USERS, BY_ALL,
	    "SELECT n.id FROM domain d JOIN address n ON n.domain_id = d.id"
	    " WHERE d.name = ?2 AND n.local_part = ?1 AND d.enabled = 1" },
	[ST_ADDRESS_ADD] = { DB_USERS, BY_TOOL,
	    "INSERT INTO address (domain_id, local_part, kind)"
	    " VALUES (?1, ?2, ?3)" },
	[ST_ACCOUNT_ADD] = { DB_USERS, BY_TOOL,
	    "INSERT INTO account (id, real_name, password_hash,"
	    " initial_password, quota_bytes, created_at, password_at)"
	    " VALUES (?1, ?2, ?3, 1, ?4, ?5, ?5)" },
	[ST_ACCOUNT_BY_ADDRESS] = { DB_USERS, BY_ALL,
	    "SELECT " ACCOUNT_COLUMNS ACCOUNT_TABLES
	    " WHERE d.name = ?2 AND n.local_part = ?1" },
	[ST_ACCOUNT_BY_ID] = { DB_USERS, BY_ALL,
	    "SELECT " ACCOUNT_COLUMNS
	    " FROM account a JOIN address n ON n.id = a.id"
	    " JOIN domain d ON d.id = n.domain_id WHERE a.id = ?1" },
	[ST_ACCOUNT_SAVE] = { DB_USERS, BY_ALL,
	    "UPDATE account SET real_name = ?3, routing = ?4, keep_copy = ?5,"
	    " quota_bytes = ?6, version = version + 1"
	    " WHERE id = ?1 AND version = ?2" },
	[ST_ACCOUNT_SET_PASSWORD] = { DB_USERS, BY_ALL,
	    "UPDATE account SET password_hash = ?2, initial_password = ?3,"
	    " credential = credential + 1, password_at = ?4 WHERE id = ?1" },
	[ST_ACCOUNT_UPGRADE_HASH] = { DB_USERS, BY_ALL,
	    "UPDATE account SET password_hash = ?3"
	    " WHERE id = ?1 AND password_hash = ?2" },
	[ST_TARGETS] = { DB_USERS, BY_ALL,
	    "SELECT local_part, domain FROM target WHERE address_id = ?1"
	    " ORDER BY position" },
	[ST_TARGETS_CLEAR] = { DB_USERS, BY_ALL,
	    "DELETE FROM target WHERE address_id = ?1" },
	[ST_TARGET_ADD] = { DB_USERS, BY_ALL,
	    "INSERT INTO target (address_id, position, local_part, domain)"
	    " VALUES (?1, ?2, ?3, ?4)" },
	[ST_DOMAIN_ADMIN_ADD] = { DB_USERS, BY_TOOL,
	    "INSERT INTO domain_admin (domain_id, account_id)"
	    " VALUES (?1, ?2) ON CONFLICT DO NOTHING" },
	[ST_SITE_ADMIN_ADD] = { DB_USERS, BY_TOOL,
	    "INSERT INTO site_admin (account_id) VALUES (?1)"
	    " ON CONFLICT DO NOTHING" },
	[ST_DELIVERY] = { DB_USERS, BY_ALL,
	    "SELECT mailbox_open, NULL FROM mail_account WHERE id = ?1"
	    " UNION ALL SELECT NULL, target FROM mail_alias"
	    " WHERE account_id = ?1" },
	[ST_HISTORY_ADD] = { DB_USERS, BY_ALL,
	    "INSERT INTO history (at, actor, origin, request_id, domain,"
	    " account_id, subject, what, old_value, new_value)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)" },
	[ST_HISTORY_OF_ACCOUNT] = { DB_USERS, BY_ALL,
	    "SELECT id, at, actor, origin, subject, what, old_value,"
	    " new_value FROM history WHERE account_id = ?1 AND id < ?2"
	    " ORDER BY id DESC LIMIT ?3" },

	[ST_SESSION_ADD] = { DB_WEB, BY_WEB,
	    "INSERT INTO session (token_hash, account_id, credential,"
	    " created_at, seen_at, authenticated_at)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?5)" },
	[ST_SESSION_BY_HASH] = { DB_WEB, BY_WEB,
	    "SELECT account_id, credential, created_at, seen_at,"
	    " authenticated_at FROM session WHERE token_hash = ?1" },
	[ST_SESSION_TOUCH] = { DB_WEB, BY_WEB,
	    "UPDATE session SET seen_at = ?2 WHERE token_hash = ?1" },
	[ST_SESSION_AUTHENTICATED] = { DB_WEB, BY_WEB,
	    "UPDATE session SET authenticated_at = ?2"
	    " WHERE token_hash = ?1" },
	[ST_SESSION_DROP] = { DB_WEB, BY_WEB,
	    "DELETE FROM session WHERE token_hash = ?1" },
	[ST_SESSION_DROP_OF_ACCOUNT] = { DB_WEB, BY_WEB,
	    "DELETE FROM session WHERE account_id = ?1" },
	[ST_SESSION_EXPIRE] = { DB_WEB, BY_WEB,
	    "DELETE FROM session WHERE seen_at < ?1" },
	[ST_THROTTLE_GET] = { DB_WEB, BY_WEB,
	    "SELECT fails, since, blocked_until FROM throttle"
	    " WHERE key = ?1" },
	[ST_THROTTLE_PUT] = { DB_WEB, BY_WEB,
	    "INSERT INTO throttle (key, fails, since, blocked_until)"
	    " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (key) DO UPDATE"
	    " SET fails = ?2, since = ?3, blocked_until = ?4" },
	[ST_THROTTLE_DROP] = { DB_WEB, BY_WEB,
	    "DELETE FROM throttle WHERE key = ?1" },
	[ST_THROTTLE_EXPIRE] = { DB_WEB, BY_WEB,
	    "DELETE FROM throttle WHERE since < ?1 AND blocked_until < ?2" },
	[ST_PLACE_KNOWN] = { DB_WEB, BY_WEB,
	    "SELECT seen_at FROM known_place WHERE key = ?1" },
	[ST_PLACE_PUT] = { DB_WEB, BY_WEB,
	    "INSERT INTO known_place (key, seen_at) VALUES (?1, ?2)"
	    " ON CONFLICT (key) DO UPDATE SET seen_at = ?2" },
	[ST_PLACE_EXPIRE] = { DB_WEB, BY_WEB,
	    "DELETE FROM known_place WHERE seen_at < ?1" },
	[ST_OLDEST_GET] = { DB_WEB, BY_WEB,
	    "SELECT oldest_at FROM oldest_message WHERE account_id = ?1"
	    " AND bytes = ?2 AND messages = ?3 AND checked_at > ?4" },
	[ST_OLDEST_PUT] = { DB_WEB, BY_WEB,
	    "INSERT INTO oldest_message (account_id, bytes, messages,"
	    " oldest_at, checked_at) VALUES (?1, ?2, ?3, ?4, ?5)"
	    " ON CONFLICT (account_id) DO UPDATE SET bytes = ?2,"
	    " messages = ?3, oldest_at = ?4, checked_at = ?5" },

	[ST_USAGE] = { DB_MAILSTAT, BY_ALL,
	    "SELECT (SELECT bytes FROM quota_usage WHERE username = ?1),"
	    " (SELECT messages FROM quota_usage WHERE username = ?1),"
	    " (SELECT last_login FROM last_login WHERE username = ?1)" },
};
/* clang-format on */
