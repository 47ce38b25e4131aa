// The accounts of the large domain and of the small one, made by one rule:
// account n has the local part "s" and seven digits.
//
// Most of them are written by SQL: as imports of 100,000 each, the million
// would take two minutes and more of every bench.  The last of them are
// imported, which is what is measured.

import fs from 'node:fs';
import path from 'node:path';
import { must } from '../e2e/lib/run.mjs';
import { sql } from '../e2e/lib/db.mjs';

export const DOMAIN = 'many.example';
// Accounts of the two domains: powers of ten.
export const MANY = 1000000;
export const FEW = 1000;
export const IMPORTED = MANY / 10;

const FAMILY = ['Suzuki', 'Sato', 'Tanaka', 'Yamada', 'Kobayashi', 'Watanabe',
	'Ito', 'Nakamura', 'Kato', 'Yoshida', 'Matsumoto', 'Inoue', 'Kimura',
	'Hayashi', 'Shimizu', 'Saito'];
const GIVEN = ['Taro', 'Hanako', 'Jiro', 'Yoko', 'Ken', 'Aiko', 'Naoki', 'Emi',
	'Shota', 'Yui'];
const digits = (all) => String(all - 1).length;

export const local = (n) => `s${String(n).padStart(7, '0')}`;
// What stands before a number below `all`.
export const before = (all) => `s${'0'.repeat(7 - digits(all))}`;

// Half of them have a name.  Those that a search is for: three that are
// Quetzal, some 1,900 of a million that are Yamabuki, 3,000 in the very end
// that are Zenith, one that is Qzar, near the end.
function realName(n, all) {
	const k = (n * 2654435761) % 4294967296;
	const given = GIVEN[k % 10];

	if ([0.2, 0.5, 0.8].some((x) => n === all * x))
		return 'Quetzal Ito';
	if (n === all * 0.95)
		return 'Qzar Ito';
	if (n > all * 0.997)
		return `${given} Zenith`;
	if (n % 523 === 1)
		return `${given} Yamabuki`;
	return n % 2 === 1 ? `${given} ${FAMILY[(k >>> 8) % 16]}` : '';
}

// Rows for CSV: one in 20 forwards, one in 50 discards.
function row(n, all) {
	const to = n % 20 === 0 ? `${local(n)}@outside.example` : '';

	return `${local(n)},${realName(n, all)},` +
	    `${to !== '' ? 'forward' : n % 50 === 7 ? 'discard' : 'mailbox'},` +
	    to;
}

export function writeCsv(file, from, to, all) {
	const lines = ['account,real_name,routing,forward_to'];

	for (let n = from; n <= to; n++)
		lines.push(row(n, all));
	fs.writeFileSync(file, `${lines.join('\n')}\n`);
}

// Accounts 1 to `to` with all that belongs to one: one in ten has the initial
// password still.
export async function fill(stack, to, all, hash) {
	const file = path.join(stack.dir, 'fill.csv');
	const domain = `(SELECT id FROM domain WHERE name = '${DOMAIN}')`;
	const named = `FROM t JOIN address n ON n.domain_id = ${domain}
	    AND n.local_part = t.a`;

	writeCsv(file, 1, to, all);
	await must('sqlite3', ['-bail', '-batch', '-cmd', '.timeout 20000',
	    stack.db], { timeout: 300000, input: `
PRAGMA foreign_keys = ON;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -200000;
PRAGMA temp_store = MEMORY;
CREATE TEMP TABLE t (a, name, routing, target);
.mode csv
.import --skip 1 --schema temp ${file} t
BEGIN IMMEDIATE;
INSERT INTO address (domain_id, local_part, kind)
    SELECT ${domain}, a, 'account' FROM t;
INSERT INTO account (id, domain_id, local_part, real_name, password_hash,
    initial_password, routing, quota_bytes, created_at, password_at)
    SELECT n.id, n.domain_id, t.a, t.name, '${hash}', t.rowid % 10 = 0,
    t.routing, 1073741824, 1700000000 + t.rowid, 1700000000 + t.rowid
    ${named};
INSERT INTO target SELECT n.id, 1, t.a, 'outside.example'
    ${named} WHERE t.routing = 'forward';
INSERT INTO history (at, actor, origin, request_id, domain, account_id,
    subject, what, old_value, new_value)
    SELECT 1700000000 + t.rowid, '', 'shell:root', '', '${DOMAIN}', n.id,
    t.a || '@${DOMAIN}', 'account_added', '', t.name ${named};
INSERT INTO account_search (account_search) VALUES ('rebuild');
COMMIT;
PRAGMA wal_checkpoint (TRUNCATE);
` });
	fs.rmSync(file);
	const [n] = await sql(stack.db, `SELECT accounts FROM domain_count
	    WHERE domain_id = ${domain}`);
	if (Number(n) !== to + 1) // and postmaster
		throw new Error(`${n} accounts, not ${to + 1}`);
}

// What Dovecot would have written: four of five have mail, two thirds of
// those have logged in; one in 100 of the first 80 % is over 80 % of its
// quota.
export const fillMailstat = (stack, all) => must('sqlite3', ['-bail',
    '-batch', '-cmd', '.timeout 20000',
    path.join(stack.dir, 'stat/mailstat.db')], { timeout: 120000, input: `
PRAGMA synchronous = OFF;
PRAGMA cache_size = -100000;
BEGIN IMMEDIATE;
WITH RECURSIVE t (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM t
    WHERE i < ${all})
    INSERT INTO quota_usage (username, bytes, messages)
    SELECT printf('s%07d@${DOMAIN}', i),
    iif(i % 100 = 3 AND i <= ${all * 0.8}, 1000000000, i * 99991 % 800000000),
    i FROM t WHERE i % 5 < 4;
INSERT INTO last_login SELECT username, 1700000000 FROM quota_usage
    WHERE username GLOB 's*@${DOMAIN}' AND messages % 3 < 2;
COMMIT;
PRAGMA wal_checkpoint (TRUNCATE);
` });
