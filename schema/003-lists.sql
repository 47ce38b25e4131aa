-- users.db, version 3: mailing lists, which mlmmj runs.  The settings of a list
-- are here, and its directory is made from them (cgi/lists/); its members are
-- in that directory, because people come and go by mail.

CREATE TABLE mailing_list (
	id INTEGER PRIMARY KEY,	-- names the directory; never used again
	kind TEXT NOT NULL DEFAULT 'list' CHECK (kind = 'list'),
	-- What goes into a header or a file of mlmmj: one line of ASCII, but
	-- for the description, which only people read.
	description TEXT NOT NULL DEFAULT ''
	    CHECK (length(description) <= 200
	    AND description NOT GLOB '*[' || char(10) || char(13) || ']*'
	    AND instr(description, char(0)) = 0),
	owner TEXT NOT NULL
	    CHECK (length(owner) BETWEEN 5 AND 254 AND owner GLOB '*?@?*'
	    AND owner NOT GLOB '*[^!-~]*' AND instr(owner, char(0)) = 0),
	-- Who may post, and what becomes of the others' messages.
	posting TEXT NOT NULL DEFAULT 'members'
	    CHECK (posting IN ('anyone', 'members', 'members_moderated',
		'moderators', 'moderators_moderated')),
	subscription TEXT NOT NULL DEFAULT 'confirm'
	    CHECK (subscription IN ('closed', 'confirm', 'approval')),
	reply_to TEXT NOT NULL DEFAULT 'sender'
	    CHECK (reply_to IN ('sender', 'list')),
	prefix TEXT NOT NULL DEFAULT ''
	    CHECK (length(prefix) <= 40 AND prefix NOT GLOB '*[^ -~]*'
	    AND instr(prefix, char(0)) = 0),
	footer TEXT NOT NULL DEFAULT ''
	    CHECK (length(footer) <= 1000
	    AND footer NOT GLOB '*[^ -~' || char(10) || ']*'
	    AND instr(footer, char(0)) = 0),
	archive INTEGER NOT NULL DEFAULT 0 CHECK (archive IN (0, 1)),
	-- Addresses, one a line.
	moderators TEXT NOT NULL DEFAULT ''
	    CHECK (length(moderators) <= 13000
	    AND moderators NOT GLOB '*[^!-~' || char(10) || ']*'
	    AND instr(moderators, char(0)) = 0),
	version INTEGER NOT NULL DEFAULT 0,
	created_at INTEGER NOT NULL,
	FOREIGN KEY (id, kind) REFERENCES address (id, kind) ON DELETE CASCADE
) STRICT;

-- Addresses that are no more: the next reconciliation takes them off every
-- list, so that a new owner of the name inherits no membership.
CREATE TABLE list_leaver (
	address TEXT PRIMARY KEY,
	at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
