-- web.db: what the web program remembers and the daemons never see.  Losing
-- this file logs everybody out and forgives the wrong passwords; no more.

CREATE TABLE session (
	token_hash BLOB PRIMARY KEY CHECK (length(token_hash) = 32),
	account_id INTEGER NOT NULL,
	credential INTEGER NOT NULL,	-- account.credential at log-in
	created_at INTEGER NOT NULL,
	seen_at INTEGER NOT NULL,
	authenticated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_account ON session (account_id);
CREATE INDEX session_by_seen ON session (seen_at);

-- Wrong passwords, counted by hashed key (core/throttle.c tells which).
CREATE TABLE throttle (
	key BLOB PRIMARY KEY CHECK (length(key) = 16),
	fails INTEGER NOT NULL,
	since INTEGER NOT NULL,
	blocked_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX throttle_by_since ON throttle (since);

-- From where an account has logged in before: such a place is not hindered
-- by the wrong passwords of others.
CREATE TABLE known_place (
	key BLOB PRIMARY KEY CHECK (length(key) = 16),
	seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX known_place_by_seen ON known_place (seen_at);

-- The oldest message of a mailbox, for a while, as long as its size and count
-- are these.
CREATE TABLE oldest_message (
	account_id INTEGER PRIMARY KEY,
	bytes INTEGER NOT NULL,
	messages INTEGER NOT NULL,
	oldest_at INTEGER NOT NULL,
	checked_at INTEGER NOT NULL
) STRICT;
