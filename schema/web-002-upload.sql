-- web.db, version 2: a CSV file between its preview and its import, so that
-- it is sent once.  It may hold passwords: the body is sealed with a key made
-- from the session's cookie, which is not here, and is gone after the import
-- or a quarter of an hour.

CREATE TABLE upload (
	token_hash BLOB PRIMARY KEY CHECK (length(token_hash) = 32),
	domain_id INTEGER NOT NULL,
	created_at INTEGER NOT NULL,
	body BLOB NOT NULL
) STRICT;
