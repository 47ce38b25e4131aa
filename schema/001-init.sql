-- users.db, version 1: the user database.  The daemons read the views of
-- views.sql and nothing else, so that the tables may change.
--
-- Every rule that SQL can state is stated here again, below the program:
-- what is written here is somebody's input (Postfix, Dovecot).  GLOB ends at
-- a NUL, hence instr(..., char(0)).

-- Settings that the daemons must see.  One row.
CREATE TABLE site (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	-- Dovecot's allow_nets: addresses and prefixes, comma-separated.
	allow_nets TEXT NOT NULL DEFAULT ''
) STRICT;
INSERT INTO site (id) VALUES (1);

CREATE TABLE domain (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	name TEXT NOT NULL UNIQUE
	    CHECK (length(name) BETWEEN 3 AND 253
	    AND name = lower(name) AND name GLOB '*?.?*'
	    AND name NOT GLOB '*[^a-z0-9.-]*'
	    AND instr(name, char(0)) = 0),
	pop_host TEXT NOT NULL DEFAULT ''
	    CHECK (pop_host NOT GLOB '*[^a-z0-9.-]*'
	    AND instr(pop_host, char(0)) = 0),
	enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
	default_quota_bytes INTEGER NOT NULL DEFAULT 1073741824
	    CHECK (default_quota_bytes > 0)
) STRICT;

-- The one name space of a domain: whatever has an address has a row here, so
-- an account, a forward and a list can never share one.  AUTOINCREMENT: an id
-- names a mail directory and is never used again.
CREATE TABLE address (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	domain_id INTEGER NOT NULL REFERENCES domain (id),
	local_part TEXT NOT NULL
	    CHECK (length(local_part) BETWEEN 1 AND 64
	    AND local_part = lower(local_part)
	    AND local_part NOT GLOB '*[^a-z0-9._-]*'
	    AND local_part NOT GLOB '[.-]*' AND local_part NOT GLOB '*.'
	    AND local_part NOT GLOB '*..*'
	    AND instr(local_part, char(0)) = 0),
	kind TEXT NOT NULL CHECK (kind IN ('account', 'forward', 'list')),
	UNIQUE (domain_id, local_part),
	UNIQUE (id, kind)
) STRICT;

CREATE TABLE account (
	id INTEGER PRIMARY KEY,
	kind TEXT NOT NULL DEFAULT 'account' CHECK (kind = 'account'),
	real_name TEXT NOT NULL DEFAULT ''
	    CHECK (length(real_name) <= 64
	    AND real_name NOT GLOB '*[^A-Za-z0-9 .,''-]*'
	    AND instr(real_name, char(0)) = 0),
	-- crypt(5); never a failure token, never empty.
	password_hash TEXT NOT NULL
	    CHECK (length(password_hash) BETWEEN 13 AND 384
	    AND password_hash NOT GLOB '[*!]*'
	    AND instr(password_hash, char(0)) = 0),
	-- 1 until the owner replaces the password that was handed out.
	initial_password INTEGER NOT NULL DEFAULT 1
	    CHECK (initial_password IN (0, 1)),
	-- Counts password changes; a session remembers the one it saw.
	credential INTEGER NOT NULL DEFAULT 0,
	-- Counts saves; a form remembers the one it showed.
	version INTEGER NOT NULL DEFAULT 0,
	-- There is no value for vacation: it cannot be stored.
	routing TEXT NOT NULL DEFAULT 'mailbox'
	    CHECK (routing IN ('mailbox', 'discard', 'forward')),
	keep_copy INTEGER NOT NULL DEFAULT 0
	    CHECK (keep_copy = 0 OR (keep_copy = 1 AND routing = 'forward')),
	quota_bytes INTEGER NOT NULL CHECK (quota_bytes > 0),
	created_at INTEGER NOT NULL,
	password_at INTEGER NOT NULL,
	FOREIGN KEY (id, kind) REFERENCES address (id, kind) ON DELETE CASCADE
) STRICT;

-- Where an address sends its mail on to: an account's 1 to 5 targets now, a
-- forwarding account's later.  The domain is lower-case; so is the local part
-- where the domain is hosted here (core/routing.c sees to that).
CREATE TABLE target (
	address_id INTEGER NOT NULL REFERENCES address (id) ON DELETE CASCADE,
	position INTEGER NOT NULL CHECK (position BETWEEN 1 AND 50),
	local_part TEXT NOT NULL
	    CHECK (length(local_part) BETWEEN 1 AND 64
	    AND local_part NOT GLOB '*[^!-~]*'
	    AND local_part NOT GLOB '*[@,:;<>()"\|/%]*'
	    AND instr(local_part, char(0)) = 0),
	domain TEXT NOT NULL
	    CHECK (length(domain) BETWEEN 3 AND 253 AND domain = lower(domain)
	    AND domain GLOB '*?.?*' AND domain NOT GLOB '*[^a-z0-9.-]*'
	    AND instr(domain, char(0)) = 0),
	PRIMARY KEY (address_id, position),
	UNIQUE (address_id, local_part, domain)
) STRICT, WITHOUT ROWID;
CREATE INDEX target_by_address ON target (domain, local_part);

CREATE TABLE domain_admin (
	domain_id INTEGER NOT NULL REFERENCES domain (id) ON DELETE CASCADE,
	account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	PRIMARY KEY (domain_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX domain_admin_by_account ON domain_admin (account_id);

CREATE TABLE site_admin (
	account_id INTEGER PRIMARY KEY
	    REFERENCES account (id) ON DELETE CASCADE
) STRICT;

-- Who changed what, when, from where.  Texts, not references: a line outlives
-- the account that it tells of.  Written in the transaction of the change.
CREATE TABLE history (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	at INTEGER NOT NULL,
	actor TEXT NOT NULL,		-- address; '' = the operator's shell
	origin TEXT NOT NULL,		-- client address, or 'shell:USER'
	request_id TEXT NOT NULL,
	domain TEXT NOT NULL,
	account_id INTEGER NOT NULL,	-- no REFERENCES: see above
	subject TEXT NOT NULL,		-- the address that was changed
	what TEXT NOT NULL CHECK (what NOT GLOB '*[^a-z_]*'),
	old_value TEXT NOT NULL,
	new_value TEXT NOT NULL
) STRICT;
CREATE INDEX history_by_account ON history (account_id, id);
CREATE INDEX history_by_domain ON history (domain, id);
CREATE TRIGGER history_is_kept BEFORE UPDATE ON history
BEGIN
	SELECT raise(ABORT, 'history is not rewritten');
END;
CREATE TRIGGER history_is_not_lost BEFORE DELETE ON history
BEGIN
	SELECT raise(ABORT, 'history is not rewritten');
END;
