// CSV in and out, on the web: forty students on the first of April, and the
// files that people really send.

import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { startStack, stopSound, isAlive } from './lib/stack.mjs';
import { Browser, multipart } from './lib/http.mjs';
import { popAccepts, popMessages } from './lib/pop3.mjs';
import { smtp } from './lib/smtp.mjs';
import { deliver, whereIs, stored } from './lib/mail.mjs';
import { tool, mustTool, newAccount, goodPassword } from './lib/tool.mjs';
import { row, sql, targets, dump, unchanged } from './lib/db.mjs';
import { cp932 } from './lib/cp932.mjs';
import { until } from './lib/until.mjs';
import { admin, newDomain, papers, taken, refusedAt, summary, listed,
	csv, readCsv, sendFile, plan, looksInitial, age, count, why, DENTSU,
	KAGAKU } from './lib/admin.mjs';

let s;
before(async () => { s = await startStack('import'); });
after(() => stopSound(s));

// A domain for a test, and its administrator at the keyboard.
async function office(opt) {
	const d = await newDomain(s, opt);

	return { ...d, b: await d.open(),
		at: (local) => `${local}@${d.name}` };
}

const preview = (d, bytes, more, opt) =>
    sendFile(d.b, d.name, 'preview', bytes, more, opt);
const apply = (d, bytes, more, opt) =>
    sendFile(d.b, d.name, 'apply', bytes, more, opt);
const imports = (d) => `${d.path}/import`;
const accountsOf = (d) => sql(s.db, `SELECT local_part FROM account a
    JOIN domain d ON d.id = a.domain_id WHERE d.name = '${d.name}'
    AND local_part <> 'postmaster' ORDER BY 1`);
const uploads = async () => Number((await sql(s.webDb,
    'SELECT count(*) FROM upload'))[0]);
const students = (n, from = 0) => Array.from({ length: n }, (_, i) => ({
	account: `s26${String(i + from).padStart(3, '0')}`,
	real_name: `Student ${i + from}` }));
// Nothing is written, the file is refused as a whole, with a sentence.
async function refusedFile(d, bytes, words, more, opt) {
	for (const send of [preview, apply]) {
		const r = await unchanged(s, () => send(d, bytes, more, opt));
		assert.equal(r.status, 422, why(r));
		assert.match(r.page.message('file'), words);
	}
}
// The rows that are refused, by line and column.
async function refusedRows(d, bytes, ...rows) {
	for (const send of [preview, apply]) {
		const r = await unchanged(s, () => send(d, bytes));
		assert.equal(r.status, 422, why(r));
		const p = plan(r.page);
		assert.deepEqual([...new Set(p.refusedRows.map(([line, column]) =>
		    `${line} ${column}`))], rows);
		assert.ok(p.refusedRows.every((x) => x[2].length > 8));
		assert.ok(p.refused > 0);
		assert.equal(r.page.formNode(imports(d)) !== undefined, true);
		assert.ok(!/name="upload"/.test(r.body), 'can be applied');
	}
}

// -- the main way ------------------------------------------------------------

test('forty students: check, look, import, hand out', async () => {
	const d = await office();
	const file = csv(students(40));
	const shown = await unchanged(s, () => preview(d, file, {},
	    { file: { name: 'april.csv' } }));

	assert.equal(shown.status, 200, why(shown));
	const p = plan(shown.page);
	assert.deepEqual([p.fresh, p.changed, p.same, p.refused], [40, 0, 0, 0]);
	assert.equal(p.newRows.length, 40);
	assert.deepEqual(p.newRows[0].slice(0, 3), ['2', 's26000', 'Student 0']);
	assert.match(shown.page.words, /april\.csv/);
	assert.match(shown.page.words, /Nothing is imported yet/);
	assert.equal(await uploads(), 1);
	// The second form has no file in it: the first one is kept, sealed.
	const [kept] = await sql(s.webDb, 'SELECT hex(body) FROM upload');
	assert.ok(!Buffer.from(kept, 'hex').includes('s26000'));
	const form = shown.page.form(imports(d));
	assert.equal(form.mode, 'apply');
	const got = papers(await d.b.post(imports(d), form), 40);
	assert.equal(await uploads(), 0);
	assert.deepEqual(got.map((x) => x.address),
	    students(40).map((x) => d.at(x.account)));
	assert.equal(got[7].name, 'Student 7');
	assert.equal(new Set(got.map((x) => x.password)).size, 40);

	// Mail and POP3s, at once.
	const [first, last] = [got[0], got[39]];
	for (const x of [first, last]) {
		const r = await smtp(s, x.address, { subject: 'welcome' });
		assert.equal(r.rcpt[x.address].code, 250, r.rcpt[x.address].text);
		await until('the mail is there', async () =>
		    (await stored(s, x.address, 'welcome')).length === 1);
		assert.equal((await popMessages(s, x.address, x.password)).length,
		    1);
	}
	const u = await new Browser(s).login(first.address, first.password);
	assert.equal((await u.get('/account/log')).location, '/account');

	// Sent again (reload): the file is not kept any more.
	const again = await unchanged(s, () => d.b.post(imports(d), form));
	refusedAt(again, 422, 'file');
	assert.ok(!again.body.includes(first.password));
	// The same file once more changes nothing.
	const same = await unchanged(s, () => preview(d, file));
	assert.equal(same.status, 200);
	assert.deepEqual([plan(same.page).same, plan(same.page).fresh], [40, 0]);
	assert.ok(!/name="upload"/.test(same.body));
	const r = await unchanged(s, () => apply(d, file));
	assert.equal(r.status, 303, why(r));
	assert.match(r.location, new RegExp(
	    `^${d.path}/accounts\\?imported=0&changed=0$`));
	assert.ok(await popAccepts(s, last.address, last.password));
	// One line of the log for each, and one for the whole.
	const log = (await sql(s.db, `SELECT what, new_value, count(*)
	    FROM history WHERE domain = '${d.name}' AND what IN
	    ('imported', 'account_added') AND subject <> '${d.at('postmaster')}'
	    GROUP BY 1 ORDER BY 1`));
	assert.match(log[0], /^account_added\|.*\|40$/);
	assert.match(log[1], /^imported\|\+40, \*0\|1$/);
});

test('import: the difference, field by field', async () => {
	const d = await office();

	papers(await apply(d, csv(students(5))), 5);
	const p1 = await row(s, d.at('s26001'), 'password_hash');
	await mustTool(s, ['account', 'set', d.at('s26003'), '--routing',
		'discard']);
	const file = csv([
		{ account: 's26000', real_name: 'Student 0' },
		{ account: 'S26001', real_name: 'New Name', quota_mb: '77' },
		{ account: 's26002', real_name: '', forward_to:
			'a@outside.example b@outside.example', keep_copy: 'on' },
		{ account: 's26003', real_name: 'Student 3', routing: 'mailbox' },
		{ account: 's26004', real_name: 'Student 4',
			password: 'Vq7#mellow-Otter_19' },
		{ account: 'fresh', routing: 'discard' }]);
	const r = await unchanged(s, () => preview(d, file));
	assert.equal(r.status, 200, why(r));
	const p = plan(r.page);
	assert.deepEqual([p.fresh, p.changed, p.same, p.refused], [1, 4, 1, 0]);
	const of = (a) => p.changedRows.filter((x) => x[1] === a)
	    .map((x) => x.slice(2));
	assert.deepEqual(of('s26001'), [['real_name', 'Student 1', 'New Name'],
		['quota_mb', '1024', '77']]);
	assert.deepEqual(of('s26002').map((x) => x[0]).sort(),
	    ['forward_to', 'keep_copy', 'real_name', 'routing']);
	assert.deepEqual(of('s26003')[0].slice(0, 2), ['routing', 'Deleted']);
	assert.equal(of('s26004').length, 1);
	assert.ok(!r.body.includes('Otter'));
	const got = papers(await d.b.post(imports(d),
	    r.page.form(imports(d))), 1);
	assert.equal(got[0].address, d.at('fresh'));
	assert.equal(await row(s, d.at('s26001'), 'real_name, quota_bytes, ' +
	    'routing'), `New Name|${77 * 1048576}|mailbox`);
	assert.equal(await row(s, d.at('s26001'), 'password_hash'), p1);
	assert.equal(await row(s, d.at('s26002'), 'real_name, routing, ' +
	    'keep_copy'), '|forward|1');
	assert.deepEqual(await targets(s, d.at('s26002')),
	    ['a@outside.example', 'b@outside.example']);
	assert.equal(await row(s, d.at('s26003'), 'routing'), 'mailbox');
	assert.ok(await popAccepts(s, d.at('s26004'), 'Vq7#mellow-Otter_19'));
	assert.equal(await row(s, d.at('s26004'), 'initial_password'), '1');
	assert.equal(await row(s, d.at('fresh'), 'routing'), 'discard');
	const tok = await deliver(s, d.at('s26002'));
	assert.deepEqual(await whereIs(s, tok, d.at('s26002')),
	    { box: 1, out: ['a@outside.example', 'b@outside.example'] });
	// And again: nothing.
	const same = await unchanged(s, () => apply(d, file));
	assert.equal(same.location,
	    `${d.path}/accounts?imported=0&changed=0`, why(same));
	// Changes only: no papers, back to the list.
	const only = await taken(apply(d, csv([{ account: 's26000',
		real_name: 'Renamed' }])), /imported=0&changed=1$/);
	assert.match((await d.b.get(only.location)).page.words,
	    /0 new, 1 changed/);
	// Columns that are not there touch nothing.
	await taken(apply(d, 'account,quota_mb\r\ns26002,5\r\n'));
	assert.equal(await row(s, d.at('s26002'), 'routing, keep_copy, ' +
	    'quota_bytes'), `forward|1|${5 * 1048576}`);
});

test('import: the new initial passwords as CSV', async () => {
	const d = await office();
	const shown = await preview(d, csv(students(3)));
	const r = await d.b.post(imports(d), { ...shown.page.form(imports(d)),
		answer: 'csv' });

	assert.equal(r.status, 200);
	assert.match(r.headers['content-type'], /^text\/csv; charset=utf-8/);
	assert.match(r.headers['content-disposition'],
	    /^attachment; filename="[a-z0-9._-]+\.csv"$/);
	assert.match(r.headers['cache-control'], /no-store/);
	const rows = readCsv(r.body);
	assert.deepEqual(rows[0], ['account', 'password']);
	assert.deepEqual(rows.slice(1).map((x) => x[0]),
	    ['s26000', 's26001', 's26002']);
	for (const [account, password] of rows.slice(1)) {
		const p = password.replace(/^'/, '');
		looksInitial(p);
		assert.ok(await popAccepts(s, d.at(account), p), account);
	}
	// Or at once, without a preview.
	const direct = await apply(d, csv([{ account: 'direct' }]),
	    { answer: 'csv' });
	assert.equal(readCsv(direct.body).length, 2);
});

test('import: given passwords and hashes', async () => {
	const d = await office(), a = await newAccount(s);
	const hash = await row(s, a.address, 'password_hash');
	const p = goodPassword(), odd = `A1b"c'd,e<f>&g #${'x'.repeat(3)}`;
	const file = csv([{ account: 'given', password: p },
	    { account: 'moved', password_hash: hash },
	    { account: 'odd', password: odd },
	    { account: 'made', password: '', password_hash: '' }]);
	const got = papers(await apply(d, file), 1);

	assert.equal(got[0].address, d.at('made'));
	assert.ok(await popAccepts(s, d.at('given'), p));
	assert.ok(await popAccepts(s, d.at('moved'), a.password));
	assert.ok(await popAccepts(s, d.at('odd'), odd));
	// A hash is of a password that its owner knows already.
	for (const [x, initial] of [['given', '1'], ['moved', '0'], ['odd', '1'],
	    ['made', '1']])
		assert.equal(await row(s, d.at(x), 'initial_password'), initial, x);
	// Repeated, nothing changes: the given ones are those that are there.
	await unchanged(s, () => taken(apply(d, file), /imported=0&changed=0$/));
	// C19: not cut.
	const long = `Aa1#${randomBytes(50).toString('base64url')}`;
	await taken(apply(d, csv([{ account: 'long', password: long }])));
	assert.ok(await popAccepts(s, d.at('long'), long));
	assert.equal(await popAccepts(s, d.at('long'), long.slice(0, 60)), false);
	await refusedRows(d, csv([
		{ account: 'x1', password: 'Password1234!' },
		{ account: 'x2', password: p, password_hash: hash },
		{ account: 'x3', password_hash: 'secret' },
		{ account: 'x4', password_hash: '{SSHA}abcdefghijklmnop' },
		{ account: 'x5', password_hash: `*${hash}` },
		{ account: 'x6', password: 'Pässwort#2024xY' },
		{ account: 'x7', password: ' ' }]),
	    '2 password', '3 password', '4 password_hash', '5 password_hash',
	    '6 password_hash', '7 password', '8 password');
	const many = (n) => csv(Array.from({ length: n }, (_, i) =>
	    ({ account: `m${i}`, password: `${p}${i}` })));
	await refusedFile(d, many(201), /200/);
	assert.equal((await preview(d, many(200))).status, 200);
});

// -- what people send --------------------------------------------------------

test('C83 encodings: UTF-8 with and without BOM, CP932, UTF-16', async () => {
	const d = await office();
	const utf16be = (t) => {
		const b = Buffer.from(t, 'utf16le');
		return b.swap16();
	};
	const ways = {
		'UTF-8': (t) => Buffer.from(t),
		'UTF-8 BOM': (t) => Buffer.from(`\ufeff${t}`),
		CP932: cp932,
		'UTF-16LE': (t) => Buffer.from(`\ufeff${t}`, 'utf16le'),
		'UTF-16BE': (t) => utf16be(`\ufeff${t}`)
	};
	let n = 0;

	for (const [name, encode] of Object.entries(ways)) {
		const a = `enc${n++}`;
		// What is decoded is seen in the sentence about it: characters
		// whose second byte in CP932 is a \ or a | too.
		const wrong = await unchanged(s, () => preview(d, encode(
		    `account,forward_to\r\n${a},表ソ能|ポ@outside.example\r\n`)));
		assert.equal(wrong.status, 422, name);
		assert.match(plan(wrong.page).refusedRows[0].join(' '),
		    /表ソ能\|ポ@outside\.example/, name);
		await refusedRows(d, encode(`account,real_name\n${a},山田 太郎\n`),
		    '2 real_name');
		await refusedRows(d, encode(`account\n${a}\n山田\n`), '3 account');
		papers(await apply(d, encode(
		    `account,real_name\r\n${a},Yamada Taro\r\n`)), 1);
		assert.equal(await row(s, d.at(a), 'real_name'), 'Yamada Taro',
		    name);
	}
	assert.deepEqual(await accountsOf(d), ['enc0', 'enc1', 'enc2', 'enc3',
		'enc4']);
	// BOM and a quoted first cell, BOM alone, header alone.
	papers(await apply(d, '\ufeff"account","real_name"\r\n"q1","A, B"\r\n'),
	    1);
	assert.equal(await row(s, d.at('q1'), 'real_name'), 'A, B');
	for (const x of ['\ufeff', '', '\n', '\r\n\r\n', 'account', 'account\n',
	    '\ufeffaccount,real_name\r\n,\r\n'])
		await refusedFile(d, x, /no accounts/);
	for (const x of ['imp1,Yamada\r\nimp2,Sato\r\n',
	    'name,real_name\nx,y\n'])
		await refusedFile(d, x, /account|imp1|name/);
	// What does not decode: the line and the byte in it.
	for (const [bytes, words] of [
	    [Buffer.from('account,real_name\nx1,A\nx2,\xff\n', 'latin1'),
		/Line 3, byte 4/],
	    [Buffer.from('account,real_name\r\nx1,\x82\r\n', 'latin1'),
		/Line 2, byte [45]/],
	    [Buffer.concat([Buffer.from('\ufeffaccount\nx1\n'),
		Buffer.from([0x78, 0xe3, 0x81, 0x0a])]), /Line 3, byte [234]/],
	    [Buffer.concat([Buffer.from('\ufeffaccount\nx', 'utf16le'),
		Buffer.from([0x61])]), /Line 2, byte \d/],
	    [Buffer.concat([Buffer.from('\ufeffaccount\nx', 'utf16le'),
		Buffer.from([0x00, 0xd8, 0x0a, 0x00])]), /Line 2, byte \d/]])
		await refusedFile(d, bytes, words);
});

test('C85 line ends and blank lines', async () => {
	const three = [['account', 'real_name', 'quota_mb'], ['l1', 'One', '5'],
		['l2', 'Two, "B"'.replace(/"/g, "'"), '6'], ['l3', 'Three', '7']];
	const lf = csv(three, { eol: '\n' });
	const files = { LF: lf, CRLF: csv(three), CR: csv(three, { eol: '\r' }),
		mixed: lf.replace('\n', '\r\n').replace(/\nl3/, '\rl3'),
		'no final newline': lf.trimEnd(),
		'blank lines': `\n\r\n${lf.replace(/\n/g, '\n\n,,\n \n')}`,
		'a thousand commas': lf + ',,,\r\n'.repeat(1000) };
	const d = await office();

	for (const [name, file] of Object.entries(files)) {
		const r = await apply(d, file, { answer: 'csv' });
		assert.equal(r.status, 200, `${name}: ${r.status}`);
		assert.deepEqual(readCsv(r.body).map((x) => x[0]),
		    ['account', 'l1', 'l2', 'l3'], name);
		assert.equal(await row(s, d.at('l3'), 'real_name, quota_bytes'),
		    `Three|${7 * 1048576}`, name);
		assert.equal(await row(s, d.at('l2'), 'real_name'), "Two, 'B'");
		for (const x of ['l1', 'l2', 'l3'])
			await mustTool(s, ['account', 'delete', d.at(x)]);
	}
	// A line break inside quotes is part of the cell, and counts.
	await refusedRows(d, 'account,real_name\r\nq1,"a\r\nb"\r\n q2 ,"山"\r\n',
	    '2 real_name', '4 real_name');
	for (const x of ['account\n"open\n', 'account,real_name\nx,a"b"c\n',
	    'account\n"a"b\n'])
		await refusedFile(d, x, /Line 2: a " mark/);
});

test('C87 separators', async () => {
	const d = await office();

	for (const [i, sep] of [';', '\t', ', ', ' , '].entries()) {
		const r = await apply(d, `account${sep}real_name\r\nsep${i}${sep}` +
		    `Name ${i}\r\n`, { answer: 'csv' });
		assert.equal(r.status, 200, sep);
		assert.equal(await row(s, d.at(`sep${i}`), 'real_name'), `Name ${i}`);
	}
	for (const sep of ['|', ':'])
		await refusedFile(d, `account${sep}real_name\r\nx${sep}y\r\n`, /./);
	// Another one in a row is part of the cell, never of a name.
	await refusedRows(d, 'account,real_name\r\nimp1;pw;name\r\n',
	    '2 account');
});

test('columns: any order; unknown, double, too many', async () => {
	const d = await office();

	papers(await apply(d, 'quota_mb,account\r\n9,c1\r\n'), 1);
	assert.equal(await row(s, d.at('c1'), 'quota_bytes'), `${9 * 1048576}`);
	// A row may be shorter than the first line, not longer.
	papers(await apply(d, 'account,real_name,quota_mb\r\nc2\r\nc3,Name\r\n'),
	    2);
	await refusedRows(d, 'account,real_name\r\nc4,a,b\r\n', '2 account');
	papers(await apply(d, 'account,real_name,,\r\nc5,Five,,\r\n'), 1);
	await refusedFile(d, 'account,name\r\nx,y\r\n', /“name”/);
	await refusedFile(d, 'account,passwort\r\nx,y\r\n', /“passwort”/);
	await refusedFile(d, 'account,account\r\nx,y\r\n', /two columns/);
	await refusedFile(d, 'account,<script>\r\nx,y\r\n', /<script>/);
	await refusedFile(d, `account,${'x'.repeat(5000)}\r\nx,y\r\n`, /xxx/);
	await refusedFile(d, `account,${'山'.repeat(50)}\r\nx,y\r\n`, /山山/);
});

test('C89 C91 C13 refused rows: all of them at once, and nothing is written',
    async () => {
	const d = await office();
	const five = (third) => csv([{ account: 'r1' }, { account: 'r2' },
	    { account: 'r3', password: third }, { account: 'r4' },
	    { account: 'r5' }]);

	await refusedRows(d, five('Password1234!'), '4 password');
	assert.deepEqual(await accountsOf(d), []);
	papers(await apply(d, five('')), 5);
	await unchanged(s, () => taken(apply(d, five('')),
	    /imported=0&changed=0$/));
	await mustTool(s, ['forward', 'add', d.at('fw'), d.at('r1')]);
	await refusedRows(d, csv([
		{ account: 'ok1' },
		{ account: `x@${KAGAKU}` }, { account: '@' },
		{ account: `@${d.name}` }, { account: '', real_name: 'Nobody' },
		{ account: 'a b' }, { account: 'u3+x' }, { account: 'ok1' },
		{ account: 'OK1' }, { account: 'fw' },
		{ account: 'y1', real_name: 'René', quota_mb: '0',
			routing: 'away' },
		{ account: 'y2', routing: 'vacation' },
		{ account: 'y3', routing: 'forward' },
		{ account: 'y4', routing: 'mailbox', forward_to:
			'x@outside.example' },
		{ account: 'y5', forward_to: d.at('y5') },
		{ account: 'y6', forward_to: d.at('nobody') },
		{ account: 'y7', forward_to: 'bob' },
		{ account: 'y8', forward_to: '|id' },
		{ account: 'y9', forward_to: 'a@x.example '.repeat(6) },
		{ account: 'y10', keep_copy: 'on' },
		{ account: 'y11', keep_copy: 'maybe', forward_to: 'a@x.example' },
		{ account: 'x'.repeat(65) }, { account: '=1+1' }]),
	    '3 account', '4 account', '5 account', '6 account', '7 account',
	    '8 account', '9 account', '10 account', '11 account', '12 real_name',
	    '12 quota_mb', '12 routing', '13 routing', '14 forward_to',
	    '15 forward_to', '16 forward_to', '17 forward_to', '18 forward_to',
	    '19 forward_to', '20 forward_to', '21 keep_copy', '22 keep_copy',
	    '23 account', '24 account');
	assert.deepEqual(await accountsOf(d), ['r1', 'r2', 'r3', 'r4', 'r5']);
	// A whole address of one's own is the same as the name.
	papers(await apply(d, csv([{ account: d.at('whole') }])), 1);
	await unchanged(s, () => taken(apply(d, csv([{ account: 'whole' }]))));
});

test('targets within the file: one row may forward to another', async () => {
	const d = await office();
	const got = papers(await apply(d, csv([
		{ account: 'a1', forward_to: d.at('a2') },
		{ account: 'a2', forward_to: d.at('a3'), keep_copy: 'yes' },
		{ account: 'a3' }])), 3);
	const tok = await deliver(s, d.at('a1'));

	assert.equal(got.length, 3);
	for (const [x, n] of [['a1', 0], ['a2', 1], ['a3', 1]])
		assert.equal((await stored(s, d.at(x), tok)).length, n, x);
	// A loop in the file, and one with what is there.
	for (const rows of [
	    [{ account: 'b1', forward_to: d.at('b2') },
		{ account: 'b2', forward_to: d.at('b1') }],
	    [{ account: 'a3', forward_to: d.at('b3') },
		{ account: 'b3', forward_to: d.at('a1') }]]) {
		const r = await unchanged(s, () => apply(d, csv(rows)));
		assert.equal(r.status, 422, why(r));
		const words = plan(r.page).refusedRows.map((x) => x[2]).join(' ');
		assert.match(words, / (→|->) /, words);
	}
});

test('C95 strange uploads', async () => {
	const d = await office(), b = d.b;
	const good = csv([{ account: 'up' }]);
	const csrf = (await b.get(imports(d))).page.csrf;
	const fields = { csrf, mode: 'preview' };
	const send = (body, type) => b.post(imports(d), '', { body, headers:
	    { 'Content-Type': type } });
	const raw = (parts, boundary = 'XX') => send(parts.map((p) =>
	    `--${boundary}\r\n${p}\r\n`).join('') + `--${boundary}--\r\n`,
	    `multipart/form-data; boundary=${boundary}`);
	const token = `Content-Disposition: form-data; name="csrf"\r\n\r\n${csrf}`;
	const mode = 'Content-Disposition: form-data; name="mode"\r\n\r\npreview';
	const file = (head, text = good) =>
	    `Content-Disposition: form-data; name="file"; ${head}\r\n\r\n${text}`;
	const before = await dump(s);

	assert.equal((await raw([token, mode, file('filename="a.csv"')])).status,
	    200);
	// Files that are none of ours.
	const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
		Buffer.alloc(64), randomBytes(400)]);
	const zip = Buffer.concat([Buffer.from('PK\x03\x04\x14\x00', 'latin1'),
		randomBytes(400)]);
	for (const bytes of [png, zip, randomBytes(5000), Buffer.alloc(1000),
	    Buffer.from('<html><body>account</body></html>'),
	    Buffer.from('account\0\nx\n'), Buffer.from('account\nx\0y\n')])
		await refusedFile(d, bytes, /.{10}/);
	await refusedFile(d, '', /no accounts/);
	// Names are shown, and are no paths.
	for (const name of ['../../etc/x.csv', 'C:\\temp\\x.csv', 'a"b.csv',
	    '名簿.csv', 'x'.repeat(500), '<script>alert(1)</script>.csv', ' ',
	    '.', '..', '/']) {
		const r = await preview(d, good, {}, { file: { name } });
		assert.equal(r.status, 200, name);
		assert.equal(r.page.root.all('script').length, 0);
		assert.ok(!r.body.includes('../'), name);
		assert.ok(!/x{250}/.test(r.body), name);
	}
	assert.ok((await preview(d, good, {}, { file: { name: '名簿.csv' } }))
	    .page.words.includes('名簿.csv'));
	// No file: chosen none, no such part, another name.
	for (const r of [
	    await b.upload(imports(d), fields, [{ name: '', bytes: '' }]),
	    await b.upload(imports(d), fields, []),
	    await b.upload(imports(d), fields, [{ field: 'other', bytes: good }]),
	    await b.post(imports(d), fields)])
		refusedAt(r, 422, 'file');
	// A broken form.
	for (const [name, r] of Object.entries({
	    'two files': await raw([token, mode, file('filename="a"'),
		file('filename="b"')]),
	    'a name twice': await raw([token, mode, mode,
		file('filename="a"')]),
	    'no boundary': await send('x', 'multipart/form-data'),
	    'empty boundary': await send('x', 'multipart/form-data; boundary='),
	    'boundary of 71': await raw([token, mode, file('filename="a"')],
		'b'.repeat(71)),
	    'not closed': await send(`--XX\r\n${token}\r\n`,
		'multipart/form-data; boundary=XX'),
	    'no name': await raw([token, mode,
		'Content-Disposition: form-data; filename="a"\r\n\r\nx']),
	    'no headers': await raw([token, mode, '\r\nx']),
	    'text before': await send(`hello\r\n--XX\r\n${token}\r\n--XX--\r\n`,
		'multipart/form-data; boundary=XX'),
	    'nothing': await send('', 'multipart/form-data; boundary=XX'),
	    'many parts': await raw([token, mode, ...Array.from({ length: 50 },
		(_, i) => `Content-Disposition: form-data; name="f${i}"` +
		'\r\n\r\nx')]),
	    'a mode that is none': await b.upload(imports(d),
		{ csrf, mode: 'both' }, [{ bytes: good }]),
	    'no mode': await b.upload(imports(d), { csrf }, [{ bytes: good }])
	}))
		assert.ok([400, 403, 422].includes(r.status),
		    `${name}: ${r.status}`);
	for (const boundary of ['x', 'b'.repeat(70), "0'()+_,-./:=?"])
		assert.equal((await b.upload(imports(d), fields,
		    [{ bytes: good }], { boundary, type: 'multipart/form-data; ' +
		    `boundary="${boundary}"` })).status, 200, boundary);
	// A file that holds what looks like a boundary.
	const tricky = await preview(d, `account,real_name\r\n${good.slice(9)}` +
	    '--XX\r\n--XX--\r\n');
	assert.equal(tricky.status, 422);
	// Larger than allowed: before it is read.
	for (const n of [16 * 1024 * 1024 + 1, 50000000]) {
		const r = await b.request('POST', imports(d), { body: 'x', headers: {
			'Content-Type': 'multipart/form-data; boundary=XX',
			'Content-Length': n } });
		assert.equal(r.status, 413, `${n}`);
	}
	assert.equal(await dump(s), before);
	assert.deepEqual(await accountsOf(d), []);
	// As large as allowed, nearly: blank lines are read and left out.
	const big = Buffer.concat([Buffer.from('account\nbig\n'),
		Buffer.alloc(15 * 1024 * 1024, ' \n')]);
	const r = await preview(d, big);
	assert.equal(r.status, 200, why(r));
	assert.deepEqual(plan(r.page).newRows.map((x) => x[1]), ['big']);
	// Nothing of it is left in a file.
	for (const dir of ['run', 'log', 'nginx'])
		for (const e of fs.readdirSync(path.join(s.dir, dir),
		    { withFileTypes: true, recursive: true }))
			if (e.isFile())
				assert.ok(fs.statSync(path.join(e.path, e.name)).size <
				    8000000, e.name);
});

test('100,000 rows are read, one more is refused', async () => {
	const d = await office();
	const rows = (n) => `account\n${Array.from({ length: n },
	    (_, i) => `n${i}`).join('\n')}\n`;
	const r = await unchanged(s, () => preview(d, rows(100000)));

	assert.equal(r.status, 200, why(r));
	const p = plan(r.page);
	assert.equal(p.fresh, 100000);
	assert.ok(p.newRows.length <= 500);
	assert.match(r.page.words, /Not shown here:? 99,?[0-9]{3}/);
	assert.match(r.page.words, /come as a CSV file/);
	await refusedFile(d, rows(100001), /100,?000/);
});

test('500 new accounts are papers, 501 a file; a long report is cut',
    async () => {
	const d = await office();
	const r = await apply(d, csv(students(500)));
	const got = papers(r, 500);

	assert.ok(r.body.length > 500000, `${r.body.length}`);
	assert.equal(got[499].address, d.at('s26499'));
	const e = await office();
	const shown = await preview(e, csv(students(501)));
	assert.match(shown.page.words, /come as a CSV file/);
	const many = await e.b.post(imports(e), shown.page.form(imports(e)));
	assert.equal(readCsv(many.body).length, 502);
	// Each row is wrong, and twice so.
	const bad = await unchanged(s, () => apply(e, csv(Array.from(
	    { length: 5000 }, (_, i) => ({ account: `b${i}`, real_name: '山',
		quota_mb: '0' })))));
	assert.equal(bad.status, 422);
	const p = plan(bad.page);
	assert.equal(p.refused, 5000);
	assert.ok(p.refusedRows.length <= 1000, `${p.refusedRows.length}`);
	assert.match(bad.page.words, /Not shown here:? 4,?\d{3}/);
});

// -- the file between its preview and its import -----------------------------

test('the kept file: of this session, this domain, for a while', async () => {
	const d = await office(), other = await d.open();
	const e = await office();
	const shown = await preview(d, csv([{ account: 'kept' }]));
	const form = shown.page.form(imports(d));
	const gone = async (b, at, f) => {
		const r = await unchanged(s, () => b.post(at, f));
		refusedAt(r, 422, 'file');
		assert.match(r.page.message('file'), /no longer kept|Choose/);
	};

	// Another session of the same person, with its own token.
	await gone(other, imports(d), { ...form,
		csrf: (await other.get(imports(d))).page.csrf });
	// Through the path of another domain.
	await mustTool(s, ['admin', 'grant', d.at('postmaster'), e.name]);
	await gone(d.b, imports(e), form);
	// A new preview takes the place of the old one.
	const second = await preview(d, csv([{ account: 'kept2' }]));
	const stale = await unchanged(s, () => d.b.post(imports(d), form));
	assert.ok([409, 422].includes(stale.status),
	    `the file that was not shown last: ${why(stale)}`);
	const form2 = second.page.form(imports(d));
	assert.equal(papers(await d.b.post(imports(d), form2), 1)[0].address,
	    d.at('kept2'));
	// After a quarter of an hour.
	const third = await preview(d, csv([{ account: 'kept3' }]));
	await sql(s.webDb, 'UPDATE upload SET created_at = created_at - 901');
	await gone(d.b, imports(d), third.page.form(imports(d)));
	// After log-out.
	const fourth = await preview(d, csv([{ account: 'kept4' }]));
	const f4 = fourth.page.form(imports(d));
	await d.b.submit('/account', {});
	await d.b.post('/logout', { csrf: f4.csrf });
	const out = await unchanged(s, () => d.b.post(imports(d), f4));
	assert.equal(out.status, 303);
	assert.deepEqual(await accountsOf(d), ['kept2']);
	// What nobody takes is removed by those who come later.
	await sql(s.webDb, 'UPDATE upload SET created_at = created_at - 901');
	await preview(e, csv([{ account: 'later' }]));
	assert.equal(await uploads(), 1);
});

test('what has changed since the preview is not overrun', async () => {
	const d = await office();

	papers(await apply(d, csv(students(2))), 2);
	const file = csv([{ account: 's26000', real_name: 'From File' },
	    { account: 'fresh' }]);
	const form = async () => {
		const r = await preview(d, file);
		assert.equal(r.status, 200, why(r));
		return r.page.form(imports(d));
	};
	let f = await form();

	// A field that the file changes.
	await mustTool(s, ['account', 'set', d.at('s26000'), '--real-name',
		'Meanwhile']);
	let r = await unchanged(s, () => d.b.post(imports(d), f));
	assert.equal(r.status, 409, why(r));
	assert.match(summary(r.page), /Check the file again/);
	// A name that is taken.
	f = await form();
	await mustTool(s, ['account', 'add', d.at('fresh')]);
	r = await unchanged(s, () => d.b.post(imports(d), f));
	assert.equal(r.status, 409, why(r));
	await mustTool(s, ['account', 'delete', d.at('fresh')]);
	// The limit.
	f = await form();
	await mustTool(s, ['domain', 'set', d.name, '--max-accounts', '3']);
	r = await unchanged(s, () => d.b.post(imports(d), f));
	assert.ok([409, 422].includes(r.status), why(r));
	await refusedFile(d, file, /\b3\b/);
	await mustTool(s, ['domain', 'set', d.name, '--max-accounts', '4']);
	papers(await d.b.post(imports(d), await form()), 1);
});

test('an old log-in proves the password; the file is not sent twice',
    async () => {
	const d = await office();

	await age(s, d.at('postmaster'), 700);
	// A preview shows and writes nothing: no question.
	const shown = await preview(d, csv([{ account: 'proof' }]));
	assert.equal(shown.status, 200, why(shown));
	const r = await unchanged(s, () => d.b.post(imports(d),
	    shown.page.form(imports(d))));
	refusedAt(r, 422, 'current_password');
	const [slip] = papers(await d.b.post(imports(d), {
		...r.page.form(imports(d)), current_password: d.password }), 1);
	assert.equal(slip.address, d.at('proof'));
	// Sent directly: kept for the second try.
	await age(s, d.at('postmaster'), 700);
	const direct = await unchanged(s, () => apply(d,
	    csv([{ account: 'proof2' }]), { current_password: 'Wrong-1-pass' }));
	refusedAt(direct, 422, 'current_password');
	papers(await d.b.post(imports(d), { ...direct.page.form(imports(d)),
		current_password: d.password }), 1);
	await s.calm();
});

test('two imports of one file at the same moment: once', async () => {
	const d = await office(), file = csv(students(400));
	const both = await Promise.all([1, 2].map(() => apply(d, file,
	    { answer: 'csv' })));
	const status = both.map((r) => r.status).sort();

	assert.equal(status[0], 200, status.join());
	assert.ok([303, 409].includes(status[1]), status.join());
	assert.equal((await accountsOf(d)).length, 400);
	const rows = readCsv(both.find((r) => r.status === 200).body);
	assert.equal(rows.length, 401);
	assert.ok(await popAccepts(s, d.at(rows[400][0]),
	    rows[400][1].replace(/^'/, '')));
});

// -- a large one -------------------------------------------------------------

const LARGE = 20000;

test('20,000 rows: killed in the middle, then whole, and all others go on',
    async () => {
	const d = await office(), e = await office();
	const file = csv(students(LARGE));
	const running = async () => (await sql(s.db, `SELECT i.id, i.owner FROM
	    import i JOIN domain d ON d.id = i.domain_id
	    WHERE d.name = '${d.name}' AND done = 0`))[0];
	const written = async () => Number((await sql(s.db, `SELECT count(*)
	    FROM address WHERE import_id IN
	    (SELECT id FROM import WHERE done = 0)`))[0]);

	// -- killed
	const first = apply(d, file);
	await until('it is in the middle', async () => await running() &&
	    await written() > 1000, { every: 5 });
	const pid = Number((await running()).split('|')[1].split(' ')[0]);
	assert.ok(s.workers('pages').includes(pid), `${pid} is no worker`);
	process.kill(pid, 'SIGKILL');
	const r = await first;
	assert.equal(r.status, 503, r.message);
	await until('a new worker', () => !isAlive(pid) &&
	    s.workers('pages').length >= 6);
	// Rows are left, and nobody sees them: nginx, Postfix, Dovecot, tool.
	assert.ok(await written() > 1000);
	assert.match((await d.b.get(d.path)).page.words, /POP accounts 1\b/);
	assert.deepEqual(listed((await d.b.get(`${d.path}/accounts`)).page),
	    [d.at('postmaster')]);
	assert.equal((await d.b.get(`${d.path}/accounts/s26000`)).status, 404);
	assert.equal((await d.b.get(`${d.path}/accounts?q=s26`)).page.words
	    .includes('s26000'), false);
	assert.equal(readCsv((await d.b.get(`${d.path}/export.csv`)).body
	    .replace('\ufeff', '').replace(/\n/g, '\r\n')).length, 2);
	assert.equal((await smtp(s, d.at('s26000'))).rcpt[d.at('s26000')].code,
	    550);
	assert.equal((await tool(s, ['account', 'show', d.at('s26000')])).code, 1);
	assert.ok(!(await d.b.get(`${d.path}/log`)).page.words
	    .includes('s26000'));
	assert.deepEqual(await sql(s.db, `SELECT count(*) FROM mail_account
	    WHERE domain = '${d.name}'`), ['1']);
	// The name of a row that nobody sees is free.
	papers(await d.b.submit(`${d.path}/accounts/new`,
	    { account: 's26000', real_name: 'Student 0' }), 1);

	// -- whole, while others write and mail is delivered
	const begun = { done: false };
	const second = apply(d, file).finally(() => { begun.done = true; });
	await until('it writes', async () => await written() > 0 || begun.done,
	    { every: 5 });
	let saves = 0, during = 0;
	const one = await newAccount(s, { domain: e.name });
	while (!begun.done) {
		await taken(e.b.submit(`${e.path}/accounts/${one.local}`,
		    { real_name: `Save ${saves++}` }));
		if (!begun.done)
			during++;
		if (saves === 2)
			papers(await e.b.submit(`${e.path}/accounts/new`,
			    { account: 'meanwhile' }), 1);
		if (saves === 3)
			papers(await d.b.submit(`${d.path}/accounts/new`,
			    { account: 'same-domain' }), 1);
		if (saves === 4)
			assert.equal((await smtp(s, one.address)).data.code, 250);
		if (saves === 5)
			assert.ok(await popAccepts(s, one.address, one.password));
		// Not one of them before all of them.
		if (saves === 6)
			assert.ok(begun.done || Number((await sql(s.db,
			    `SELECT count(*) FROM mail_account WHERE domain =
			    '${d.name}'`))[0]) < 10 || begun.done);
	}
	assert.ok(during > 3, `${during} saves`);
	const whole = await second;
	assert.equal(whole.status, 200, why(whole));
	assert.match(whole.headers['content-type'], /^text\/csv/);
	const rows = readCsv(whole.body);
	// s26000 had been made by hand.
	assert.equal(rows.length, LARGE);
	assert.equal((await accountsOf(d)).length, LARGE + 1);
	assert.match((await d.b.get(d.path)).page.words, /20,?002/);
	for (const [account, p] of [rows[1], rows[LARGE - 1]])
		assert.ok(await popAccepts(s, d.at(account),
		    p.replace(/^'/, '')), account);
	assert.equal(new Set(rows.map((x) => x[1])).size, LARGE);
	await deliver(s, d.at('s2619999'));
	assert.deepEqual(await sql(s.db, `SELECT count(*) FROM import
	    WHERE done = 0`), ['0']);
	assert.deepEqual(await sql(s.db, `SELECT accounts, initial FROM
	    domain_count c JOIN domain d ON d.id = c.domain_id
	    WHERE d.name = '${d.name}'`), [`${LARGE + 2}|${LARGE + 1}`]);
	// And once more, nothing.
	const same = await preview(d, file);
	assert.equal(plan(same.page).same, LARGE);

	// -- lists at this size, and out again
	const q = await d.b.get(`${d.path}/accounts?q=Student%2019999`);
	assert.deepEqual(listed(q.page), [d.at('s2619999')]);
	const out = await d.b.get(`${d.path}/export.csv`);
	assert.equal(out.body.split('\n').length, LARGE + 2 + 2);
	const back = await preview(d, out.body);
	assert.equal(plan(back.page).same, LARGE + 2, why(back));
});

// -- out ---------------------------------------------------------------------

test('C93 export: harmless cells, no secrets, and read back as it was',
    async () => {
	const d = await office();
	const names = { f1: '-2', f2: "'x", f3: 'a,b', f4: "O'Neil", f5: '-',
		f6: ', ', f7: "''", f8: '.x' };

	for (const [a, real_name] of Object.entries(names))
		papers(await d.b.submit(`${d.path}/accounts/new`,
		    { account: a, real_name }), 1);
	// Such names are refused where they are typed.
	for (const real_name of ['=1+1', '+cmd', '@x', '\t=1', 'a"b'])
		refusedAt(await unchanged(s, () => d.b.submit(
		    `${d.path}/accounts/new`, { account: 'f9', real_name })), 422,
		    'real_name');
	await mustTool(s, ['account', 'set', d.at('f4'), '--forward-to',
		'=cmd@outside.example,+x@outside.example,{y}@outside.example',
		'--keep-copy']);
	await mustTool(s, ['account', 'set', d.at('f5'), '--routing', 'discard']);
	const r = await d.b.get(`${d.path}/export.csv`);
	assert.equal(r.status, 200);
	assert.match(r.headers['content-type'], /^text\/csv; charset=utf-8/);
	assert.match(r.headers['content-disposition'], new RegExp(
	    `^attachment; filename="accounts-${d.name}-\\d{8}\\.csv"$`));
	assert.match(r.headers['cache-control'], /no-store/);
	assert.ok(r.body.startsWith('\ufeff'), 'Excel takes it for CP932');
	const rows = readCsv(r.body.slice(1).replace(/\r?\n/g, '\r\n'));
	assert.deepEqual(rows[0], ['account', 'real_name', 'quota_mb', 'routing',
		'forward_to', 'keep_copy']);
	for (const cell of rows.slice(1).flat())
		assert.doesNotMatch(cell, /^[=+\-@\t\r]/, cell);
	assert.doesNotMatch(r.body, /\$y\$|\$6\$/);
	const f4 = rows.find((x) => x[0] === 'f4');
	assert.equal(f4[4].split(' ').length, 3);
	assert.equal(f4[5], 'on');
	// Back into the same domain: nothing to do.
	await unchanged(s, async () => {
		const p = plan((await preview(d, r.body)).page);
		assert.deepEqual([p.fresh, p.changed, p.same, p.refused],
		    [0, 0, Object.keys(names).length + 1, 0]);
	});
	// Into another one: the same accounts.
	const e = await office();
	assert.equal((await apply(e, r.body, { answer: 'csv' })).status, 200);
	for (const [a, name] of Object.entries(names))
		assert.equal(await row(s, e.at(a), 'real_name'), name.trim(), a);
	assert.deepEqual(await targets(s, e.at('f4')),
	    await targets(s, d.at('f4')));
	assert.equal(await row(s, e.at('f5'), 'routing'), 'discard');
	// As Excel would save it again: CP932, CRLF, and no mark in front.
	const excel = cp932(r.body.slice(1).replace(/\r?\n/g, '\r\n'));
	await unchanged(s, async () => assert.equal(plan((await preview(d, excel))
	    .page).same, Object.keys(names).length + 1));
	// Nobody else's.
	const b = await admin(s);
	assert.equal((await b.get(`${d.path}/export.csv`)).status, 404);
	const mine = await b.get(`/admin/${DENTSU}/export.csv`);
	assert.ok(!mine.body.includes('f4'));
	// The tool writes the same.
	const t = await mustTool(s, ['export', d.name]);
	assert.equal(t.stdout.replace('\ufeff', ''), r.body.slice(1));
});

test('export: a reader who leaves in the middle costs nobody anything',
    async () => {
	const d = await office();
	const workers = s.workers('pages').sort();

	papers(await apply(d, csv(students(300))), 300);
	await Promise.all(Array.from({ length: 12 }, () =>
	    d.b.request('GET', `${d.path}/export.csv`, { headers:
	    { Range: 'bytes=0-10' } })));
	assert.equal((await d.b.get(`${d.path}/export.csv`)).body.split('\n')
	    .length, 303);
	assert.deepEqual(s.workers('pages').sort(), workers);
});
