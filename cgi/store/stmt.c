#include "store/stmt.h"
#include "store/stmt_parts.h"
#include "store/store.h"

/*
 * The statement table.  One row per enum stmt, placed by name so that the
 * order cannot drift.  Parameters are numbered; text is always bound, so
 * nothing a person typed is ever part of the SQL.
 */

/* clang-format off */
const struct stmt_def stmts[ST__MAX] = {
	[ST_ALIVE] = { DB_USERS, BY_ALL,
	    "SELECT count(*) FROM site" },
	[ST_SITE_NETS] = { DB_USERS, BY_ALL,
	    "SELECT allow_nets FROM site" },
	[ST_SITE_SET_NETS] = { DB_USERS, BY_ALL,
	    "UPDATE site SET allow_nets = ?1" },
	[ST_DOMAIN] = { DB_USERS, BY_ALL,
	    "SELECT " DOMAIN_COLUMNS " WHERE d.name = ?1" },
	[ST_DOMAINS] = { DB_USERS, BY_ALL,
	    "SELECT " DOMAIN_COLUMNS " ORDER BY d.name" },
	[ST_DOMAINS_OF_ADMIN] = { DB_USERS, BY_ALL,
	    "SELECT " DOMAIN_COLUMNS
	    " JOIN domain_admin m ON m.domain_id = d.id"
	    " WHERE m.account_id = ?1 ORDER BY d.name" },
	/* One row a domain, whatever it has. */
	[ST_SITE_COUNTS] = { DB_USERS, BY_WEB,
	    "SELECT count(*), coalesce(sum(NOT d.enabled), 0),"
	    " coalesce(sum(c.accounts), 0), coalesce(sum(c.initial), 0),"
	    " coalesce(sum(c.discarding), 0),"
	    " coalesce(sum(c.forwarding), 0), coalesce(sum(c.forwards), 0),"
	    " coalesce(sum(c.lists), 0)"
	    " FROM domain d JOIN domain_count c ON c.domain_id = d.id" },
	[ST_DOMAIN_ADD] = { DB_USERS, BY_ALL,
	    "INSERT INTO domain (name, pop_host, enabled,"
	    " default_quota_bytes, max_accounts, max_forwards, max_lists)"
	    " VALUES (?1, ?2, ?3, ?4, nullif(?5, -1), nullif(?6, -1),"
	    " nullif(?7, -1))" },
	[ST_DOMAIN_SAVE] = { DB_USERS, BY_ALL,
	    "UPDATE domain SET pop_host = ?2, enabled = ?3,"
	    " default_quota_bytes = ?4, max_accounts = nullif(?5, -1),"
	    " max_forwards = nullif(?6, -1), max_lists = nullif(?7, -1),"
	    " version = version + 1 WHERE id = ?1" },
	[ST_DOMAIN_DELETE] = { DB_USERS, BY_TOOL,
	    "DELETE FROM domain WHERE id = ?1" },
	[ST_DOMAIN_CLEAR_SEARCH] = { DB_USERS, BY_TOOL,
	    "INSERT INTO account_search (account_search, rowid, local_part,"
	    " real_name) SELECT ?2, id, local_part, real_name FROM account"
	    " WHERE domain_id = ?1" },
	[ST_DOMAIN_CLEAR] = { DB_USERS, BY_TOOL,
	    "DELETE FROM address WHERE domain_id = ?1" },
	[ST_DOMAIN_CLEAR_IMPORTS] = { DB_USERS, BY_TOOL,
	    "DELETE FROM import WHERE domain_id = ?1" },
	[ST_DOMAIN_ADMIN_ADD] = { DB_USERS, BY_ALL,
	    "INSERT INTO domain_admin (domain_id, account_id)"
	    " VALUES (?1, ?2) ON CONFLICT DO NOTHING" },
	[ST_DOMAIN_ADMIN_DROP] = { DB_USERS, BY_ALL,
	    "DELETE FROM domain_admin WHERE domain_id = ?1"
	    " AND account_id = ?2" },
	[ST_SITE_ADMIN_ADD] = { DB_USERS, BY_TOOL,
	    "INSERT INTO site_admin (account_id) VALUES (?1)"
	    " ON CONFLICT DO NOTHING" },
	[ST_SITE_ADMIN_DROP] = { DB_USERS, BY_TOOL,
	    "DELETE FROM site_admin WHERE account_id = ?1" },
	[ST_ADMINISTERS] = { DB_USERS, BY_ALL,
	    "SELECT 1 FROM domain_admin WHERE account_id = ?1"
	    " AND domain_id = ?2" },
	[ST_ADMIN_COUNT] = { DB_USERS, BY_ALL,
	    "SELECT count(*) FROM domain_admin WHERE domain_id = ?1" },
	[ST_SOLE_ADMIN] = { DB_USERS, BY_ALL,
	    "SELECT d.name FROM domain_admin m"
	    " JOIN domain d ON d.id = m.domain_id WHERE m.account_id = ?1"
	    " AND NOT EXISTS (SELECT 1 FROM domain_admin o"
	    " WHERE o.domain_id = m.domain_id AND o.account_id <> ?1)"
	    " ORDER BY d.name LIMIT 1" },
	[ST_SOLE_ADMIN_HERE] = { DB_USERS, BY_TOOL,
	    "SELECT d.name FROM domain d WHERE d.id <> ?1"
	    " AND EXISTS (SELECT 1 FROM domain_admin"
	    " WHERE domain_id = d.id)"
	    " AND NOT EXISTS (SELECT 1 FROM domain_admin m"
	    " CROSS JOIN account a ON a.id = m.account_id"
	    " WHERE m.domain_id = d.id AND a.domain_id <> ?1)"
	    " ORDER BY d.name LIMIT 1" },
	[ST_OUTRANKS] = { DB_USERS, BY_ALL,
	    "SELECT 1 FROM domain_admin m WHERE m.account_id = ?1"
	    " AND NOT EXISTS (SELECT 1 FROM domain_admin o"
	    " WHERE o.domain_id = m.domain_id AND o.account_id = ?2)"
	    " AND NOT EXISTS (SELECT 1 FROM site_admin WHERE account_id = ?2)"
	    " UNION ALL SELECT 1 FROM site_admin WHERE account_id = ?1"
	    " AND NOT EXISTS (SELECT 1 FROM site_admin"
	    " WHERE account_id = ?2)" },
	[ST_ADMINS] = { DB_USERS, BY_ALL,
	    "SELECT n.id, n.local_part, d.name FROM domain_admin m"
	    " JOIN address n ON n.id = m.account_id"
	    " JOIN domain d ON d.id = n.domain_id WHERE m.domain_id = ?1"
	    " ORDER BY d.name, n.local_part" },
	[ST_ADDRESS_BY_NAME] = { DB_USERS, BY_ALL,
	    "SELECT n.id, n.kind FROM domain d"
	    " JOIN address n ON n.domain_id = d.id"
	    " WHERE d.name = ?2 AND n.local_part = ?1 AND" VISIBLE },
	[ST_LAST_ID] = { DB_USERS, BY_TOOL,
	    "SELECT coalesce(max(seq), 0) FROM sqlite_sequence"
	    " WHERE name = ?1" },
	/* Also one of an import that is not done: its id is in use. */
	[ST_ADDRESS_THERE] = { DB_USERS, BY_TOOL,
	    "SELECT 1 FROM address WHERE id = ?1" },
	[ST_ADDRESS_ADD] = { DB_USERS, BY_ALL,
	    "INSERT INTO address (domain_id, local_part, kind, import_id)"
	    " VALUES (?1, ?2, ?3, nullif(?4, 0))" },
	[ST_ADDRESS_DELETE] = { DB_USERS, BY_ALL,
	    "DELETE FROM address WHERE id = ?1" },
	/* With u1+x@, which is u1@: + is char(43), the next one is 44.  Those
	 * of an import count before it is done, too: they are about to be. */
	[ST_POINTING_AT] = { DB_USERS, BY_ALL,
	    "SELECT DISTINCT n.local_part, d.name FROM"
	    " (SELECT address_id FROM target WHERE domain = ?2"
	    " AND local_part = ?1"
	    " UNION ALL SELECT address_id FROM target WHERE domain = ?2"
	    " AND local_part >= ?1 || char(43)"
	    " AND local_part < ?1 || char(44)) t"
	    " CROSS JOIN address n ON n.id = t.address_id"
	    " CROSS JOIN domain d ON d.id = n.domain_id"
	    " LEFT JOIN account a ON a.id = n.id"
	    " WHERE a.id IS NULL OR a.routing = ?3"
	    /* Whose lists it owns or moderates. */
	    " UNION SELECT n.local_part, d.name FROM mailing_list l"
	    " CROSS JOIN address n ON n.id = l.id"
	    " CROSS JOIN domain d ON d.id = n.domain_id"
	    " WHERE instr(char(10) || l.owner || char(10) || l.moderators,"
	    " char(10) || ?1 || char(64) || ?2 || char(10))"
	    " OR char(10) || l.owner || char(10) || l.moderators GLOB"
	    " char(42) || char(10) || ?1 || char(43) || char(42) || char(64)"
	    " || ?2 || char(10) || char(42)"
	    " ORDER BY 2, 1" },
	[ST_ACCOUNT_ADD] = { DB_USERS, BY_ALL,
	    "INSERT INTO account (id, domain_id, local_part, real_name,"
	    " password_hash, initial_password, routing, keep_copy,"
	    " quota_bytes, created_at, password_at)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)" },
	[ST_ACCOUNT_BY_ADDRESS] = { DB_USERS, BY_ALL,
	    "SELECT " ACCOUNT_COLUMNS
	    " FROM domain d JOIN address n ON n.domain_id = d.id"
	    " JOIN account a ON a.id = n.id"
	    " WHERE d.name = ?2 AND n.local_part = ?1 AND" VISIBLE },
	[ST_ACCOUNT_BY_ID] = { DB_USERS, BY_ALL,
	    "SELECT " ACCOUNT_COLUMNS
	    " FROM account a JOIN address n ON n.id = a.id"
	    " JOIN domain d ON d.id = n.domain_id WHERE a.id = ?1"
	    " AND" VISIBLE },
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
	/* Targets beside another routing mean nothing: ?2 is forward. */
	[ST_ONWARD] = { DB_USERS, BY_ALL,
	    "SELECT t.local_part, t.domain FROM target t"
	    " LEFT JOIN account a ON a.id = t.address_id"
	    " WHERE t.address_id = ?1 AND (a.id IS NULL OR a.routing = ?2)"
	    " ORDER BY t.position" },
	[ST_TARGETS_CLEAR] = { DB_USERS, BY_ALL,
	    "DELETE FROM target WHERE address_id = ?1" },
	[ST_TARGET_ADD] = { DB_USERS, BY_ALL,
	    "INSERT INTO target (address_id, position, local_part, domain)"
	    " VALUES (?1, ?2, ?3, ?4)" },
	[ST_DELIVERY] = { DB_USERS, BY_ALL,
	    "SELECT mailbox_open, NULL FROM mail_account WHERE id = ?1"
	    " UNION ALL SELECT NULL, target FROM mail_alias"
	    " WHERE address_id = ?1" },

	[ST_FORWARD] = { DB_USERS, BY_ALL,
	    FORWARD_COLUMNS " AND f.local_part = ?2" },
	[ST_FORWARD_ADD] = { DB_USERS, BY_ALL,
	    "INSERT INTO forward (id, domain_id, local_part, created_at)"
	    " VALUES (?1, ?2, ?3, ?4)" },
	[ST_FORWARD_TOUCH] = { DB_USERS, BY_ALL,
	    "UPDATE forward SET version = version + 1"
	    " WHERE id = ?1 AND version = ?2" },
	[ST_FORWARDS] = { DB_USERS, BY_ALL,
	    FORWARD_COLUMNS " AND f.local_part > ?2 ORDER BY f.local_part" },
	[ST_FORWARDS_DOWN] = { DB_USERS, BY_ALL,
	    FORWARD_COLUMNS " AND f.local_part < ?2"
	    " ORDER BY f.local_part DESC" },

	[ST_WALK_ACCOUNT] = WALK("a.local_part > ?2", "a.local_part"),
	[ST_WALK_ACCOUNT_DOWN] = WALK("a.local_part < ?2",
	    "a.local_part DESC"),
	[ST_WALK_NAME] = WALK_NAME(">", "3 COLLATE NOCASE, 2"),
	[ST_WALK_NAME_DOWN] = WALK_NAME("<", "3 COLLATE NOCASE DESC, 2 DESC"),
	[ST_WALK_CREATED] = WALK("(a.created_at, a.local_part) > (?3, ?2)",
	    "a.created_at, a.local_part"),
	[ST_WALK_CREATED_DOWN] = WALK("(a.created_at, a.local_part)"
	    " < (?3, ?2)", "a.created_at DESC, a.local_part DESC"),
	[ST_WALK_INITIAL] = WALK("a.initial_password = 1"
	    " AND a.local_part > ?2", "a.local_part"),
	[ST_WALK_INITIAL_DOWN] = WALK("a.initial_password = 1"
	    " AND a.local_part < ?2", "a.local_part DESC"),
	[ST_WALK_ROUTING] = WALK("a.routing = ?3 AND a.local_part > ?2",
	    "a.local_part"),
	[ST_WALK_ROUTING_DOWN] = WALK("a.routing = ?3 AND a.local_part < ?2",
	    "a.local_part DESC"),

	[ST_ROW] = { DB_USERS, BY_ALL, ROW " WHERE a.id = ?1 AND" VISIBLE },
	[ST_SEARCH] = { DB_USERS, BY_ALL,
	    "SELECT rowid FROM account_search WHERE account_search MATCH ?1"
	    " LIMIT ?2" },
	[ST_SEARCH_ADD] = { DB_USERS, BY_ALL,
	    "INSERT INTO account_search (rowid, local_part, real_name)"
	    " VALUES (?1, ?2, ?3)" },
	/* ?2 is the word delete (FTS5, 6.3): the index takes the old texts. */
	[ST_SEARCH_DROP] = { DB_USERS, BY_ALL,
	    "INSERT INTO account_search (account_search, rowid, local_part,"
	    " real_name) SELECT ?2, id, local_part, real_name FROM account"
	    " WHERE id = ?1" },
	[ST_SEARCH_DIFFERS] = { DB_USERS, BY_ALL,
	    "SELECT local_part FROM account WHERE id = ?1"
	    " AND version = ?2 AND real_name <> ?3" },

	[ST_IMPORT_ADD] = { DB_USERS, BY_ALL,
	    "INSERT INTO import (domain_id, owner, at) VALUES (?1, ?2, ?3)" },
	[ST_IMPORT_DONE] = { DB_USERS, BY_ALL,
	    "UPDATE import SET done = 1 WHERE id = ?1 AND done = 0" },
	[ST_IMPORT_OPEN] = { DB_USERS, BY_ALL,
	    "SELECT id, owner FROM import WHERE done = 0"
	    " AND (?1 = 0 OR domain_id = ?1) ORDER BY id LIMIT 1" },
	[ST_IMPORT_DROP_HISTORY] = { DB_USERS, BY_ALL,
	    "DELETE FROM history WHERE id IN (SELECT id FROM history"
	    " WHERE import_id = ?1 LIMIT ?2)" },
	[ST_IMPORT_DROP_SEARCH] = { DB_USERS, BY_ALL,
	    "INSERT INTO account_search (account_search, rowid, local_part,"
	    " real_name) SELECT ?3, id, local_part, real_name FROM account"
	    " WHERE id IN (SELECT id FROM address WHERE import_id = ?1"
	    " ORDER BY id LIMIT ?2)" },
	[ST_IMPORT_DROP_ADDRESS] = { DB_USERS, BY_ALL,
	    "DELETE FROM address WHERE id IN (SELECT id FROM address"
	    " WHERE import_id = ?1 ORDER BY id LIMIT ?2)" },
	[ST_IMPORT_DROP] = { DB_USERS, BY_ALL,
	    "DELETE FROM import WHERE id = ?1 AND done = 0" },

	[ST_MLIST] = { DB_USERS, BY_ALL,
	    MLIST " WHERE n.domain_id = ?1 AND n.local_part = ?2" },
	[ST_MLIST_BY_ID] = { DB_USERS, BY_TOOL | BY_LISTS,
	    MLIST " WHERE n.id = ?1" },
	[ST_MLISTS] = { DB_USERS, BY_ALL,
	    MLIST " WHERE n.domain_id = ?1 ORDER BY n.local_part" },
	[ST_MLISTS_ALL] = { DB_USERS, BY_LISTS,
	    MLIST_COLUMNS " FROM mailing_list l"
	    " CROSS JOIN address n ON n.id = l.id"
	    " CROSS JOIN domain d ON d.id = n.domain_id ORDER BY l.id" },
	[ST_MLIST_ANY] = { DB_USERS, BY_ALL,
	    "SELECT id FROM mailing_list LIMIT 1" },
	[ST_MLIST_ADD] = { DB_USERS, BY_ALL,
	    "INSERT INTO mailing_list (id, description, owner, posting,"
	    " subscription, reply_to, prefix, footer, archive, moderators,"
	    " created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
	    " ?11)" },
	[ST_MLIST_SAVE] = { DB_USERS, BY_ALL,
	    "UPDATE mailing_list SET description = ?3, owner = ?4,"
	    " posting = ?5, subscription = ?6, reply_to = ?7, prefix = ?8,"
	    " footer = ?9, archive = ?10, moderators = ?11,"
	    " version = version + 1 WHERE id = ?1 AND version = ?2" },
	[ST_LEAVER_ADD] = { DB_USERS, BY_ALL,
	    "INSERT INTO list_leaver (address, at) VALUES (?1, ?2)"
	    " ON CONFLICT (address) DO UPDATE SET at = ?2" },
	[ST_LEAVERS] = { DB_USERS, BY_LISTS,
	    "SELECT address FROM list_leaver ORDER BY address LIMIT 1000" },
	[ST_LEAVER_DROP] = { DB_USERS, BY_LISTS,
	    "DELETE FROM list_leaver WHERE address = ?1" },

	[ST_VIEW_DOMAIN] = { DB_USERS, BY_TOOL,
	    "SELECT domain FROM mail_domain WHERE domain = ?1" },
	[ST_VIEW_ACCOUNT] = { DB_USERS, BY_TOOL,
	    "SELECT id, quota_bytes, pop3_open, mailbox_open"
	    " FROM mail_account WHERE local_part = ?1 AND domain = ?2" },
	[ST_VIEW_ALIAS] = { DB_USERS, BY_TOOL,
	    "SELECT target FROM mail_alias"
	    " WHERE local_part = ?1 AND domain = ?2" },
	[ST_VIEW_TRANSPORT] = { DB_USERS, BY_TOOL,
	    "SELECT transport FROM mail_transport"
	    " WHERE local_part = ?1 AND domain = ?2" },

	[ST_HISTORY_ADD] = { DB_USERS, BY_ALL,
	    "INSERT INTO history (at, actor, origin, request_id, domain,"
	    " account_id, subject, what, old_value, new_value, import_id)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
	    " nullif(?11, 0))" },
	[ST_HISTORY_OF_ACCOUNT] = { DB_USERS, BY_ALL,
	    HISTORY_COLUMNS " h.account_id = ?2 AND h.id < ?1 AND"
	    HISTORY_VISIBLE " ORDER BY h.id DESC" },
	[ST_HISTORY_OF_DOMAIN] = { DB_USERS, BY_ALL,
	    HISTORY_COLUMNS " h.domain = ?2 AND h.id < ?1 AND"
	    HISTORY_VISIBLE " ORDER BY h.id DESC" },
	[ST_HISTORY_OF_DOMAIN_NEWER] = { DB_USERS, BY_ALL,
	    HISTORY_COLUMNS " h.domain = ?2 AND h.id > ?1 AND"
	    HISTORY_VISIBLE " ORDER BY h.id" },
	[ST_HISTORY_OF_ALL] = { DB_USERS, BY_ALL,
	    HISTORY_COLUMNS " h.id < ?1 AND"
	    HISTORY_VISIBLE " ORDER BY h.id DESC" },

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
	[ST_SESSION_DROP_ALL] = { DB_WEB, BY_RESTORE,
	    "DELETE FROM session" },
	[ST_SESSION_EXPIRE] = { DB_WEB, BY_WEB,
	    "DELETE FROM session WHERE seen_at < ?1" },
	[ST_SESSION_COUNT] = { DB_WEB, BY_WEB,
	    "SELECT count(*) FROM (SELECT 1 FROM session"
	    " WHERE seen_at >= ?1 LIMIT ?2)" },
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
	[ST_UPLOAD_PUT] = { DB_WEB, BY_WEB,
	    "INSERT INTO upload (token_hash, domain_id, created_at, body)"
	    " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (token_hash) DO UPDATE"
	    " SET domain_id = ?2, created_at = ?3, body = ?4" },
	[ST_UPLOAD_GET] = { DB_WEB, BY_WEB,
	    "SELECT body FROM upload WHERE token_hash = ?1"
	    " AND domain_id = ?2 AND created_at >= ?3" },
	[ST_UPLOAD_DROP] = { DB_WEB, BY_WEB,
	    "DELETE FROM upload WHERE token_hash = ?1" },
	[ST_UPLOAD_EXPIRE] = { DB_WEB, BY_WEB,
	    "DELETE FROM upload WHERE created_at < ?1" },

	[ST_USAGE] = { DB_MAILSTAT, BY_ALL,
	    "SELECT (SELECT bytes FROM quota_usage WHERE username = ?1),"
	    " (SELECT messages FROM quota_usage WHERE username = ?1),"
	    " (SELECT last_login FROM last_login WHERE username = ?1)" },
	[ST_USAGE_NAMES] = { DB_MAILSTAT, BY_TOOL,
	    "SELECT username FROM quota_usage WHERE username > ?1"
	    " UNION SELECT username FROM last_login WHERE username > ?1"
	    " ORDER BY 1 LIMIT ?2" },
	[ST_USAGE_FORGET] = { DB_MAILSTAT, BY_ALL,
	    "DELETE FROM quota_usage WHERE username = ?1" },
	[ST_LOGIN_FORGET] = { DB_MAILSTAT, BY_ALL,
	    "DELETE FROM last_login WHERE username = ?1" },
	/* The domain of a user name: what is behind the @, char(64). */
	[ST_USAGE_FORGET_DOMAIN] = { DB_MAILSTAT, BY_TOOL,
	    "DELETE FROM quota_usage WHERE domain = ?1" },
	[ST_LOGIN_FORGET_DOMAIN] = { DB_MAILSTAT, BY_TOOL,
	    "DELETE FROM last_login"
	    " WHERE substr(username, instr(username, char(64)) + 1) = ?1" },
	[ST_DOMAIN_USAGE] = { DB_MAILSTAT, BY_ALL,
	    "SELECT size_class, mailboxes, bytes FROM domain_usage"
	    " WHERE domain = ?1" },
};
/* clang-format on */
