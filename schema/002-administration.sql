-- users.db, version 2: domain administration.  Limits and counts of a
-- domain, forwarding accounts, imports that become visible in one moment, and
-- the indexes that keep a list of accounts quick at a million rows.

-- They name the tables that are rebuilt here; views.sql makes them anew.
DROP VIEW mail_domain;
DROP VIEW mail_account;
DROP VIEW mail_alias;
DROP VIEW mail_transport;

-- What the site allows a domain.  NULL: no limit.
ALTER TABLE domain ADD COLUMN max_accounts INTEGER CHECK (max_accounts >= 0);
ALTER TABLE domain ADD COLUMN max_forwards INTEGER CHECK (max_forwards >= 0);
ALTER TABLE domain ADD COLUMN max_lists INTEGER CHECK (max_lists >= 0);

-- Counts saves, and rights given and taken; a form remembers it.
ALTER TABLE domain ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
CREATE TRIGGER domain_gets_admin AFTER INSERT ON domain_admin
BEGIN
	UPDATE domain SET version = version + 1 WHERE id = new.domain_id;
END;
CREATE TRIGGER domain_loses_admin AFTER DELETE ON domain_admin
BEGIN
	UPDATE domain SET version = version + 1 WHERE id = old.domain_id;
END;

-- A CSV import.  Its accounts and its history are written in many small
-- transactions, so that others write in between, and nobody sees one of them
-- while done = 0: every reader asks for VISIBLE rows (store/stmt.c, the
-- views).  Setting done = 1 shows all of them at once.  An import whose owner
-- is gone is removed by the next one; nobody has ever seen its rows.
CREATE TABLE import (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	domain_id INTEGER NOT NULL REFERENCES domain (id),
	at INTEGER NOT NULL,
	owner TEXT NOT NULL,	-- the process: "PID START-TIME"
	done INTEGER NOT NULL DEFAULT 0 CHECK (done IN (0, 1))
) STRICT;
CREATE INDEX import_open ON import (domain_id) WHERE done = 0;
ALTER TABLE address ADD COLUMN import_id INTEGER REFERENCES import (id);
CREATE INDEX address_by_import ON address (import_id)
    WHERE import_id IS NOT NULL;
ALTER TABLE history ADD COLUMN import_id INTEGER;
CREATE INDEX history_by_import ON history (import_id)
    WHERE import_id IS NOT NULL;
DROP TRIGGER history_is_not_lost;
CREATE TRIGGER history_is_not_lost BEFORE DELETE ON history
WHEN old.import_id IS NULL OR NOT EXISTS
    (SELECT 1 FROM import WHERE id = old.import_id AND done = 0)
BEGIN
	SELECT raise(ABORT, 'history is not rewritten');
END;

-- The account with copies of its address, so that one index holds what a list
-- is ordered by.  The triggers below keep the copies true.
CREATE TABLE account_rebuilt (
	id INTEGER PRIMARY KEY,
	kind TEXT NOT NULL DEFAULT 'account' CHECK (kind = 'account'),
	domain_id INTEGER NOT NULL,
	local_part TEXT NOT NULL,
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
INSERT INTO account_rebuilt SELECT a.id, a.kind, n.domain_id, n.local_part,
    a.real_name, a.password_hash, a.initial_password, a.credential,
    a.version, a.routing, a.keep_copy, a.quota_bytes, a.created_at,
    a.password_at FROM account a JOIN address n ON n.id = a.id;
DROP TABLE account;
ALTER TABLE account_rebuilt RENAME TO account;

CREATE UNIQUE INDEX account_by_local_part ON account (domain_id, local_part);
CREATE INDEX account_by_real_name
    ON account (domain_id, real_name COLLATE NOCASE, local_part);
CREATE INDEX account_by_created ON account (domain_id, created_at, local_part);
-- What few accounts are, found without passing the others.
CREATE INDEX account_initial ON account (domain_id, local_part)
    WHERE initial_password = 1;
CREATE INDEX account_by_routing ON account (domain_id, routing, local_part);

CREATE TRIGGER account_has_its_address BEFORE INSERT ON account
WHEN NOT EXISTS (SELECT 1 FROM address WHERE id = new.id
    AND domain_id = new.domain_id AND local_part = new.local_part)
BEGIN
	SELECT raise(ABORT, 'account and address differ');
END;
CREATE TRIGGER account_keeps_its_address
BEFORE UPDATE OF id, domain_id, local_part ON account
BEGIN
	SELECT raise(ABORT, 'an address does not change');
END;
CREATE TRIGGER address_does_not_change
BEFORE UPDATE OF id, domain_id, local_part, kind ON address
BEGIN
	SELECT raise(ABORT, 'an address does not change');
END;

-- Each domain has its postmaster (RFC 5321, 4.5.1), who administers it where
-- nobody else does.  No password gives this hash: one has to be handed out.
INSERT INTO address (domain_id, local_part, kind)
    SELECT id, 'postmaster', 'account' FROM domain d WHERE NOT EXISTS
    (SELECT 1 FROM address WHERE domain_id = d.id
	AND local_part = 'postmaster');
INSERT INTO account (id, domain_id, local_part, password_hash, quota_bytes,
    created_at, password_at)
    SELECT n.id, n.domain_id, n.local_part,
	'$y$j9T$' || substr(hex(randomblob(11)), 1, 22) || '$'
	|| substr(hex(randomblob(22)), 1, 43),
	d.default_quota_bytes, unixepoch(), unixepoch()
    FROM address n JOIN domain d ON d.id = n.domain_id
    WHERE n.local_part = 'postmaster' AND n.kind = 'account'
	AND NOT EXISTS (SELECT 1 FROM account WHERE id = n.id);
INSERT INTO domain_admin (domain_id, account_id)
    SELECT domain_id, id FROM account a WHERE local_part = 'postmaster'
    AND NOT EXISTS
    (SELECT 1 FROM domain_admin WHERE domain_id = a.domain_id);

-- Substrings of three letters and more (store/st_list.c).  Written by the
-- store and not by triggers: SQLite 3.40 takes this table for unsafe inside
-- one, and the store trusts no schema.
CREATE VIRTUAL TABLE account_search USING fts5 (local_part, real_name,
    content = 'account', content_rowid = 'id', tokenize = 'trigram',
    columnsize = 0);
INSERT INTO account_search (account_search) VALUES ('rebuild');

-- A forwarding account: a name with 1 to 50 targets and no mailbox.
CREATE TABLE forward (
	id INTEGER PRIMARY KEY,
	kind TEXT NOT NULL DEFAULT 'forward' CHECK (kind = 'forward'),
	domain_id INTEGER NOT NULL,	-- copies, as of an account
	local_part TEXT NOT NULL,
	version INTEGER NOT NULL DEFAULT 0,
	created_at INTEGER NOT NULL,
	FOREIGN KEY (id, kind) REFERENCES address (id, kind) ON DELETE CASCADE
) STRICT;

-- The schema had room for them before there was a page.
INSERT INTO forward (id, domain_id, local_part, created_at)
    SELECT id, domain_id, local_part, unixepoch() FROM address
    WHERE kind = 'forward';
CREATE UNIQUE INDEX forward_by_local_part ON forward (domain_id, local_part);
CREATE TRIGGER forward_has_its_address BEFORE INSERT ON forward
WHEN NOT EXISTS (SELECT 1 FROM address WHERE id = new.id
    AND domain_id = new.domain_id AND local_part = new.local_part)
BEGIN
	SELECT raise(ABORT, 'forward and address differ');
END;
CREATE TRIGGER forward_keeps_its_address
BEFORE UPDATE OF id, domain_id, local_part ON forward
BEGIN
	SELECT raise(ABORT, 'an address does not change');
END;

-- How many there are, so that a limit and the overview cost one row.  Only
-- what can be seen is counted.
CREATE TABLE domain_count (
	domain_id INTEGER PRIMARY KEY REFERENCES domain (id) ON DELETE CASCADE,
	accounts INTEGER NOT NULL DEFAULT 0,
	forwards INTEGER NOT NULL DEFAULT 0,
	lists INTEGER NOT NULL DEFAULT 0,
	initial INTEGER NOT NULL DEFAULT 0,	-- of the accounts
	discarding INTEGER NOT NULL DEFAULT 0,
	forwarding INTEGER NOT NULL DEFAULT 0,
	quota_bytes INTEGER NOT NULL DEFAULT 0	-- promised in all
) STRICT;
INSERT INTO domain_count (domain_id, forwards, lists, accounts, initial,
    discarding, forwarding, quota_bytes)
SELECT d.id,
    (SELECT count(*) FROM address WHERE domain_id = d.id
	AND kind = 'forward'),
    (SELECT count(*) FROM address WHERE domain_id = d.id AND kind = 'list'),
    count(a.id), coalesce(sum(a.initial_password), 0),
    coalesce(sum(a.routing = 'discard'), 0),
    coalesce(sum(a.routing = 'forward'), 0), coalesce(sum(a.quota_bytes), 0)
FROM domain d LEFT JOIN account a ON a.domain_id = d.id GROUP BY d.id;

CREATE TRIGGER count_domain AFTER INSERT ON domain
BEGIN
	INSERT INTO domain_count (domain_id) VALUES (new.id);
END;
CREATE TRIGGER count_address AFTER INSERT ON address
WHEN new.kind <> 'account' AND new.import_id IS NULL
BEGIN
	UPDATE domain_count SET forwards = forwards + (new.kind = 'forward'),
	    lists = lists + (new.kind = 'list')
	WHERE domain_id = new.domain_id;
END;
CREATE TRIGGER count_account AFTER INSERT ON account
WHEN (SELECT import_id FROM address WHERE id = new.id) IS NULL
BEGIN
	UPDATE domain_count SET accounts = accounts + 1,
	    initial = initial + new.initial_password,
	    discarding = discarding + (new.routing = 'discard'),
	    forwarding = forwarding + (new.routing = 'forward'),
	    quota_bytes = quota_bytes + new.quota_bytes
	WHERE domain_id = new.domain_id;
END;
CREATE TRIGGER count_change
AFTER UPDATE OF initial_password, routing, quota_bytes ON account
WHEN new.initial_password <> old.initial_password
    OR new.routing <> old.routing OR new.quota_bytes <> old.quota_bytes
BEGIN
	UPDATE domain_count
	SET initial = initial + new.initial_password - old.initial_password,
	    discarding = discarding + (new.routing = 'discard')
		- (old.routing = 'discard'),
	    forwarding = forwarding + (new.routing = 'forward')
		- (old.routing = 'forward'),
	    quota_bytes = quota_bytes + new.quota_bytes - old.quota_bytes
	WHERE domain_id = new.domain_id;
END;
-- Before, while the account is still there to be subtracted.
CREATE TRIGGER count_less BEFORE DELETE ON address
WHEN old.import_id IS NULL
    OR (SELECT done FROM import WHERE id = old.import_id)
BEGIN
	UPDATE domain_count SET forwards = forwards - (old.kind = 'forward'),
	    lists = lists - (old.kind = 'list')
	WHERE domain_id = old.domain_id;
	UPDATE domain_count SET accounts = accounts - 1,
	    initial = initial - a.initial_password,
	    discarding = discarding - (a.routing = 'discard'),
	    forwarding = forwarding - (a.routing = 'forward'),
	    quota_bytes = domain_count.quota_bytes - a.quota_bytes
	FROM account a WHERE a.id = old.id
	    AND domain_count.domain_id = old.domain_id;
END;
CREATE TRIGGER count_import AFTER UPDATE OF done ON import
WHEN new.done = 1 AND old.done = 0
BEGIN
	UPDATE domain_count SET accounts = domain_count.accounts + i.accounts,
	    initial = domain_count.initial + i.initial,
	    discarding = domain_count.discarding + i.discarding,
	    forwarding = domain_count.forwarding + i.forwarding,
	    quota_bytes = domain_count.quota_bytes + i.quota_bytes
	FROM (SELECT count(*) AS accounts,
	    coalesce(sum(a.initial_password), 0) AS initial,
	    coalesce(sum(a.routing = 'discard'), 0) AS discarding,
	    coalesce(sum(a.routing = 'forward'), 0) AS forwarding,
	    coalesce(sum(a.quota_bytes), 0) AS quota_bytes
	    FROM address n JOIN account a ON a.id = n.id
	    WHERE n.import_id = new.id) AS i
	WHERE domain_count.domain_id = new.domain_id;
END;
