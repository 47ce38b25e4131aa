-- mailstat.db, version 2: what each domain's mailboxes hold, kept by triggers
-- inside Dovecot's own write, so that the overview of a domain of a million
-- mailboxes reads five rows.

ALTER TABLE quota_usage ADD COLUMN domain TEXT
    GENERATED ALWAYS AS (substr(username, instr(username, '@') + 1)) VIRTUAL;
-- 0: to 10 MB, 1: to 100 MB, 2: to 500 MB, 3: to 1 GB, 4: above.
ALTER TABLE quota_usage ADD COLUMN size_class INTEGER
    GENERATED ALWAYS AS (CASE WHEN bytes <= 10485760 THEN 0
	WHEN bytes <= 104857600 THEN 1 WHEN bytes <= 524288000 THEN 2
	WHEN bytes <= 1073741824 THEN 3 ELSE 4 END) VIRTUAL;

CREATE TABLE domain_usage (
	domain TEXT NOT NULL,
	size_class INTEGER NOT NULL,
	mailboxes INTEGER NOT NULL,
	bytes INTEGER NOT NULL,
	PRIMARY KEY (domain, size_class)
) WITHOUT ROWID;
INSERT INTO domain_usage SELECT domain, size_class, count(*), sum(bytes)
    FROM quota_usage GROUP BY 1, 2;

CREATE TRIGGER usage_added AFTER INSERT ON quota_usage
BEGIN
	INSERT INTO domain_usage
	VALUES (new.domain, new.size_class, 1, new.bytes)
	ON CONFLICT DO UPDATE SET mailboxes = mailboxes + 1,
	    bytes = bytes + new.bytes;
END;
CREATE TRIGGER usage_changed AFTER UPDATE OF bytes ON quota_usage
WHEN new.bytes <> old.bytes
BEGIN
	UPDATE domain_usage SET mailboxes = mailboxes - 1,
	    bytes = bytes - old.bytes
	WHERE domain = old.domain AND size_class = old.size_class;
	INSERT INTO domain_usage
	VALUES (new.domain, new.size_class, 1, new.bytes)
	ON CONFLICT DO UPDATE SET mailboxes = mailboxes + 1,
	    bytes = bytes + new.bytes;
END;
CREATE TRIGGER usage_removed AFTER DELETE ON quota_usage
BEGIN
	UPDATE domain_usage SET mailboxes = mailboxes - 1,
	    bytes = bytes - old.bytes
	WHERE domain = old.domain AND size_class = old.size_class;
END;
