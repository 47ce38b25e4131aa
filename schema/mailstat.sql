-- mailstat.db: written by Dovecot's dict process, read by the web.  A file of
-- its own, so that deliveries and log-ins never touch the user database.

CREATE TABLE quota_usage (
	username TEXT PRIMARY KEY NOT NULL,
	bytes INTEGER NOT NULL DEFAULT 0,
	messages INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE last_login (
	username TEXT PRIMARY KEY NOT NULL,
	last_login INTEGER NOT NULL DEFAULT 0
);
