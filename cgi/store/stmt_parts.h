#ifndef STORE_STMT_PARTS_H
#define STORE_STMT_PARTS_H

/* What several statements of stmt.c have in common: text for its table only. */

/* -- restore.c: rows of the attached database `restored` into main; %w is the
 * name of a table -- */
#define RESTORE_ATTACH "ATTACH ?1 AS restored"
/* Those with rows of their own.  Virtual ones keep theirs in others. */
#define RESTORE_TABLES \
	"SELECT name FROM main.sqlite_schema WHERE type = 'table'" \
	" AND substr(name, 1, 7) <> 'sqlite_'" \
	" AND sql NOT LIKE 'CREATE VIRTUAL %'"
#define RESTORE_TABLE \
	"DELETE FROM main.\"%w\";" \
	"INSERT INTO main.\"%w\" SELECT * FROM restored.\"%w\""
/* What was given out, here or there, is not given out again. */
#define RESTORE_BEFORE \
	"CREATE TEMP TABLE used AS" \
	" SELECT name, seq FROM main.sqlite_sequence"
#define RESTORE_IDS \
	"DELETE FROM main.sqlite_sequence;" \
	"INSERT INTO main.sqlite_sequence SELECT name, max(seq, coalesce(" \
	"(SELECT u.seq FROM used u WHERE u.name = s.name), 0))" \
	" FROM restored.sqlite_sequence s ORDER BY s.rowid;" \
	"INSERT INTO main.sqlite_sequence SELECT name, seq FROM used" \
	" WHERE name NOT IN (SELECT name FROM main.sqlite_sequence);" \
	"DROP TABLE used;" \
	"UPDATE main.sqlite_sequence SET seq = max(seq, %lld)" \
	" WHERE name = 'address'"
#define LAST_ID \
	"SELECT coalesce(max(seq), 0) FROM sqlite_sequence" \
	" WHERE name = 'address'"

/* An address of an import that is not done is not there yet: every reader
 * says so (schema/002-administration.sql). */
#define VISIBLE \
	" (n.import_id IS NULL OR" \
	" (SELECT done FROM import WHERE id = n.import_id))"
#define HISTORY_VISIBLE \
	" (h.import_id IS NULL OR NOT EXISTS (SELECT 1 FROM import i" \
	" WHERE i.id = h.import_id AND i.done = 0))"

#define DOMAIN_COLUMNS \
	"d.id, d.version, d.name, d.pop_host, d.enabled," \
	" d.default_quota_bytes," \
	" coalesce(d.max_accounts, -1), coalesce(d.max_forwards, -1)," \
	" coalesce(d.max_lists, -1), c.accounts, c.forwards, c.lists," \
	" c.initial, c.discarding, c.forwarding, c.quota_bytes" \
	" FROM domain d JOIN domain_count c ON c.domain_id = d.id"
#define ACCOUNT_COLUMNS \
	"a.id, d.id, a.local_part, d.name, d.pop_host, d.enabled," \
	" a.real_name, a.password_hash, a.initial_password, a.credential," \
	" a.version, a.routing, a.keep_copy, a.quota_bytes, a.created_at," \
	" a.password_at," \
	" EXISTS (SELECT 1 FROM site_admin WHERE account_id = a.id)," \
	" EXISTS (SELECT 1 FROM domain_admin WHERE account_id = a.id)"
/* What a list looks at of each account. */
#define ROW \
	"SELECT a.id, a.local_part, a.real_name, a.initial_password," \
	" a.routing, a.keep_copy, a.quota_bytes, a.created_at, a.domain_id" \
	" FROM account a CROSS JOIN address n ON n.id = a.id"
/* A domain's accounts along one index. */
#define WALK(where, order) \
	{ DB_USERS, BY_ALL, \
	    ROW " WHERE a.domain_id = ?1 AND " where " AND" VISIBLE \
	    " ORDER BY " order }
/* Those of the same name, then those of another: with a collation in a row
 * value SQLite 3.40 would not begin at the key, but walk up to it. */
#define WALK_NAME(than, order) \
	{ DB_USERS, BY_ALL, \
	    ROW " WHERE a.domain_id = ?1 AND a.real_name COLLATE NOCASE = ?3" \
	    " AND a.local_part " than " ?2 AND" VISIBLE " UNION ALL " \
	    ROW " WHERE a.domain_id = ?1 AND a.real_name COLLATE NOCASE " \
	    than " ?3 AND" VISIBLE " ORDER BY " order }
#define FORWARD_COLUMNS \
	"SELECT f.id, n.domain_id, f.version, f.created_at, n.local_part," \
	" d.name FROM forward f CROSS JOIN address n ON n.id = f.id" \
	" CROSS JOIN domain d ON d.id = f.domain_id WHERE f.domain_id = ?1"
#define MLIST_COLUMNS \
	"SELECT l.id, n.domain_id, n.local_part, d.name, l.description," \
	" l.owner, l.posting, l.subscription, l.reply_to, l.prefix, l.footer," \
	" l.archive, l.moderators, l.version, l.created_at"
#define MLIST \
	MLIST_COLUMNS " FROM address n JOIN mailing_list l ON l.id = n.id" \
	" JOIN domain d ON d.id = n.domain_id"
#define HISTORY_COLUMNS \
	"SELECT h.id, h.at, h.account_id, h.actor, h.origin, h.request_id," \
	" h.domain, h.subject, h.what, h.old_value, h.new_value" \
	" FROM history h WHERE"

#endif
