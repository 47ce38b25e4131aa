-- What Postfix and Dovecot may see: the contract of schema/README.md.  Made
-- anew by every migration.  Local part and domain stay two columns, so that
-- a look-up is one probe of an index.
--
-- An address of an import that is not done is not there yet.

DROP VIEW IF EXISTS mail_domain;
CREATE VIEW mail_domain (domain) AS SELECT name FROM domain;

DROP VIEW IF EXISTS mail_account;
CREATE VIEW mail_account (id, local_part, domain, password_hash, allow_nets,
    quota_bytes, pop3_open, mailbox_open) AS
SELECT a.id, n.local_part, d.name, a.password_hash,
    (SELECT allow_nets FROM site), a.quota_bytes,
    a.routing <> 'discard',
    a.routing = 'mailbox' OR (a.routing = 'forward' AND a.keep_copy = 1)
FROM domain d
JOIN address n ON n.domain_id = d.id
JOIN account a ON a.id = n.id
WHERE d.enabled = 1 AND (n.import_id IS NULL
    OR (SELECT done FROM import WHERE id = n.import_id));

-- An account that forwards and has no target (a database written by hand)
-- yields no row, has no open mailbox and so is refused, not lost.
DROP VIEW IF EXISTS mail_alias;
-- address_id lets a page ask for its own rows by the shortest way.
CREATE VIEW mail_alias (local_part, domain, target, address_id) AS
SELECT n.local_part, d.name, t.local_part || '@' || t.domain, n.id
FROM domain d
JOIN address n ON n.domain_id = d.id
JOIN target t ON t.address_id = n.id
LEFT JOIN account a ON a.id = n.id
WHERE d.enabled = 1 AND (n.kind = 'forward' OR a.routing = 'forward')
    AND (n.import_id IS NULL
    OR (SELECT done FROM import WHERE id = n.import_id))
UNION ALL
SELECT n.local_part, d.name, n.local_part || '@' || d.name, n.id
FROM domain d
JOIN address n ON n.domain_id = d.id
JOIN account a ON a.id = n.id
WHERE d.enabled = 1 AND a.routing = 'forward' AND a.keep_copy = 1
    AND (n.import_id IS NULL
    OR (SELECT done FROM import WHERE id = n.import_id))
UNION ALL
SELECT n.local_part, d.name, 'discard@discard.invalid', n.id
FROM domain d
JOIN address n ON n.domain_id = d.id
JOIN account a ON a.id = n.id
WHERE d.enabled = 1 AND a.routing = 'discard'
    AND (n.import_id IS NULL
    OR (SELECT done FROM import WHERE id = n.import_id));

DROP VIEW IF EXISTS mail_transport;
CREATE VIEW mail_transport (local_part, domain, transport) AS
SELECT 'discard', 'discard.invalid', 'discard:silently'
UNION ALL
SELECT n.local_part, d.name, 'mlmmj:' || n.id
FROM domain d
JOIN address n ON n.domain_id = d.id
JOIN mailing_list l ON l.id = n.id
WHERE d.enabled = 1;
