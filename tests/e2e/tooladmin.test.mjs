// The operator's commands for domains, rights, forwards, deletion, lists,
// CSV and the log: what each does, and how it refuses.

import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { startStack, root } from './lib/stack.mjs';
import { popAccepts } from './lib/pop3.mjs';
import { deliver, outboundTo, whereIs } from './lib/mail.mjs';
import { tool, mustTool, newAccount, goodPassword } from './lib/tool.mjs';
import { row, sql, targets, unchanged } from './lib/db.mjs';
import { run } from './lib/run.mjs';

const D = 'dentsu.example';
let s, serial = 0;
before(async () => { s = await startStack('tooladm'); });
after(async () => { await s?.stop(); });

const show = async (args) =>
    JSON.parse((await mustTool(s, [...args, '--json'])).stdout);

// Must be refused so: the exit code, a message on stderr, nothing changed.
async function refused(code, args, { words, input = '' } = {}) {
	const r = await unchanged(s, () => tool(s, args, { input }));

	assert.equal(r.code, code, `${args.join(' ')}: ${r.stderr}`);
	assert.ok(r.stderr.trim().length > 5, `${args.join(' ')}: no message`);
	if (words)
		assert.match(r.stderr, words, args.join(' '));
	return r;
}

async function newDomain(...more) {
	const name = `t${++serial}.example`;

	await mustTool(s, ['domain', 'add', name, ...more]);
	return name;
}

// What a cell says: quoted, or marked as no formula, where it had to be.
const cell = (text) => text.replace(/^"(.*)"$/, (_, t) =>
    t.replaceAll('""', '"')).replace(/^'/, '');

// A file of these lines.
function csv(...lines) {
	const file = path.join(s.dir, `in${++serial}.csv`);

	fs.writeFileSync(file, `${lines.join('\n')}\n`);
	return file;
}

test('domain add: postmaster, who administers it; limits', async () => {
	const r = await mustTool(s, ['domain', 'add', 'Made.example',
		'--pop-host', 'post-7', '--max-accounts', '3', '--max-forwards',
		'2', '--max-lists', '0', '--default-quota-mb', '5']);

	assert.equal(r.stdout, '');
	assert.match(r.stderr, /account passwd postmaster@made\.example/);
	assert.deepEqual(await show(['domain', 'show', 'made.example']), {
		name: 'made.example', pop_host: 'post-7', enabled: true,
		accounts: 1, forwards: 0, lists: 0, max_accounts: 3,
		max_forwards: 2, max_lists: 0, default_quota_bytes: 5242880,
		initial_passwords: 1, discarding: 0, forwarding: 0,
		quota_bytes: 5242880, used_bytes: 0,
		administrators: ['postmaster@made.example']
	});
	assert.equal(await row(s, 'postmaster@made.example', 'initial_password'),
	    '1');
	const p = (await mustTool(s, ['account', 'passwd',
		'postmaster@made.example'])).stdout.trim();
	assert.ok(await popAccepts(s, 'postmaster@made.example', p));

	for (const args of [['--max-accounts', 'x'], ['--max-forwards', '-1'],
	    ['--max-lists', '1.5'], ['--default-quota-mb', '0'],
	    ['--default-quota-mb', ''], ['--pop-host', 'a b']])
		await refused(1, ['domain', 'add', 'bad.example', ...args]);
	await refused(1, ['domain', 'add', 'made.example'],
	    { words: /made\.example/ });
	await refused(2, ['domain', 'add', 'bad.example', '--force']);
});

test('domain set: what is given, the rest stays', async () => {
	const d = await newDomain('--pop-host', 'post-8', '--max-accounts', '1');

	await refused(1, ['account', 'add', `x@${d}`], { words: /1/ });
	await mustTool(s, ['domain', 'set', d.toUpperCase(), '--max-accounts',
		'2', '--default-quota-mb', '9']);
	await mustTool(s, ['account', 'add', `x@${d}`]);
	assert.equal(await row(s, `x@${d}`, 'quota_bytes'), '9437184');
	await refused(1, ['account', 'add', `y@${d}`]);
	await mustTool(s, ['domain', 'set', d, '--max-accounts', '']);
	await mustTool(s, ['account', 'add', `y@${d}`]);
	const now = await show(['domain', 'show', d]);
	assert.equal(now.max_accounts, null);
	assert.equal(now.pop_host, 'post-8');

	await mustTool(s, ['domain', 'set', d, '--disable']);
	assert.equal((await show(['domain', 'show', d])).enabled, false);
	await mustTool(s, ['domain', 'set', d, '--enable']);
	assert.equal((await show(['domain', 'show', d])).enabled, true);
	const what = await sql(s.db, `SELECT what, old_value, new_value
	    FROM history WHERE subject = '${d}' ORDER BY id DESC LIMIT 3`);
	assert.deepEqual(what, ['domain_enabled|off|on', 'domain_enabled|on|off',
		'max_accounts|2|']);

	await refused(1, ['domain', 'set', d, '--max-lists', 'many']);
	await refused(1, ['domain', 'set', 'unknown.example', '--enable']);
	await refused(2, ['domain', 'set', d, '--json']);
	await refused(2, ['domain', 'set']);
});

test('domain show, list: text and JSON', async () => {
	const d = await newDomain('--pop-host', 'post-5');
	const text = (await mustTool(s, ['domain', 'show', d])).stdout;

	assert.match(text, new RegExp(`^domain: ${d}$`, 'm'));
	assert.match(text, new RegExp(`^administrator: postmaster@${d}$`, 'm'));
	const lines = (await mustTool(s, ['domain', 'list'])).stdout;
	assert.match(lines, new RegExp(`^${d}\tenabled\t1\t0\t0\tpost-5$`, 'm'));
	const all = await show(['domain', 'list']);
	const names = await sql(s.db, 'SELECT name FROM domain ORDER BY name');
	assert.deepEqual(all.map((x) => x.name), names);
	await refused(1, ['domain', 'show', 'unknown.example']);
	await refused(2, ['domain', 'list', d]);
});

test('domain delete: only an empty one, or with --force', async () => {
	const d = await newDomain();

	await mustTool(s, ['account', 'add', `in@${d}`]);
	await refused(1, ['domain', 'delete', d], { words: new RegExp(d) });
	await mustTool(s, ['domain', 'delete', d, '--force']);
	assert.deepEqual(await sql(s.db, `SELECT count(*) FROM domain
	    WHERE name = '${d}'`), ['0']);
	const empty = await newDomain();
	await mustTool(s, ['domain', 'delete', empty]);
	// What happened stays, also where the domain is gone.
	assert.match((await mustTool(s, ['log', empty])).stdout,
	    /domain_deleted/);
	await refused(1, ['domain', 'delete', empty]);
	await refused(2, ['domain', 'delete']);
});

test('account delete: at once, everywhere; or a forward stays', async () => {
	const a = await newAccount(s), b = await newAccount(s);

	assert.ok(await popAccepts(s, a.address, a.password));
	await mustTool(s, ['account', 'delete', a.address.toUpperCase()]);
	assert.equal(await row(s, a.address, 'a.id'), undefined);
	assert.equal(await popAccepts(s, a.address, a.password), false);

	await mustTool(s, ['account', 'delete', b.address, '--leave-forward-to',
		'out@outside.example,two@outside.example']);
	assert.deepEqual(await targets(s, b.address),
	    ['out@outside.example', 'two@outside.example']);
	assert.deepEqual(outboundTo(s, await deliver(s, b.address)),
	    ['out@outside.example', 'two@outside.example']);

	const c = await newAccount(s), d = await newAccount(s);
	await mustTool(s, ['account', 'set', d.address, '--forward-to',
		c.address]);
	await refused(1, ['account', 'delete', c.address],
	    { words: new RegExp(d.address) });
	await refused(1, ['account', 'delete', c.address, '--leave-forward-to',
		d.address]);
	await refused(1, ['account', 'delete', `postmaster@${D}`]);
	await refused(1, ['account', 'delete', `nobody@${D}`]);
	await refused(2, ['account', 'delete', c.address, '--leave-forward-to',
		'']);
	await refused(2, ['account', 'delete', c.address, d.address]);
});

test('account list: pages, filters, search, JSON', async () => {
	const d = await newDomain();
	const names = Array.from({ length: 450 }, (_, i) =>
	    `u${String(i).padStart(3, '0')}`);

	await mustTool(s, ['import', d, csv('account,real_name,routing',
	    ...names.map((n, i) => `${n},Name ${i},${i % 9 ? '' : 'discard'}`))]);
	const all = await show(['account', 'list', d]);
	assert.deepEqual(all.map((x) => x.address),
	    ['postmaster', ...names].map((n) => `${n}@${d}`));
	assert.equal(all[1].real_name, 'Name 0');
	assert.equal(all[1].initial_password, true);
	assert.equal(all[1].last_login, null);
	const lines = (await mustTool(s, ['account', 'list', d])).stdout
	    .trimEnd().split('\n');
	assert.equal(lines.length, 451);
	assert.equal(lines[1],
	    `u000@${d}\tinitial\tdiscard\t0/1024 MB\tName 0`);
	const some = async (...more) =>
	    (await show(['account', 'list', d, ...more])).length;
	assert.equal(await some('--filter', 'discard'), 50);
	assert.equal(await some('--filter', 'never'), 451);
	assert.equal(await some('-q', 'U00'), 10);
	assert.equal(await some('--search', 'name 44'), 11);
	assert.equal(await some('--filter', 'discard', '-q', 'u00'), 2);
	assert.deepEqual(await show(['account', 'list', d, '-q', 'nothing']), []);
	assert.equal((await mustTool(s, ['account', 'list', d, '-q', 'nothing']))
	    .stdout, '');
	await refused(1, ['account', 'list', 'unknown.example']);
	await refused(2, ['account', 'list', d, '--filter', 'nothing']);
	await refused(2, ['account', 'list', d, '-r', 'x']);
	await refused(2, ['account', 'list']);
});

test('admin revoke: not the last one', async () => {
	const d = await newDomain(), a = await newAccount(s);

	await refused(1, ['admin', 'revoke', `postmaster@${d}`, d],
	    { words: new RegExp(d) });
	await mustTool(s, ['admin', 'grant', a.address, d]);
	await mustTool(s, ['admin', 'revoke', `postmaster@${d}`, d]);
	assert.deepEqual((await show(['domain', 'show', d])).administrators,
	    [a.address]);
	await refused(1, ['account', 'delete', a.address],
	    { words: new RegExp(d) });
	await mustTool(s, ['admin', 'grant', a.address, '--site']);
	await mustTool(s, ['admin', 'revoke', a.address, '--site']);
	// Again, and where there is nothing to revoke, no harm is done.
	await unchanged(s, () => mustTool(s, ['admin', 'revoke', a.address,
		'--site']));
	await unchanged(s, () => mustTool(s, ['admin', 'revoke', a.address, D]));
	await refused(1, ['admin', 'revoke', a.address, 'unknown.example']);
	await refused(1, ['admin', 'revoke', `nobody@${D}`, D]);
	await refused(2, ['admin', 'revoke', a.address]);
	await refused(2, ['admin', 'revoke', a.address, d, '--site']);
});

test('forward add, set, delete, list', async () => {
	const d = await newDomain('--max-forwards', '2');
	const a = await newAccount(s), f = `Sales@${d}`, at = `sales@${d}`;

	await mustTool(s, ['forward', 'add', f, 'a@outside.example,b@outside.example',
		a.address]);
	assert.deepEqual(await targets(s, at),
	    ['a@outside.example', 'b@outside.example', a.address]);
	assert.deepEqual((await whereIs(s, await deliver(s, at), a.address)),
	    { box: 1, out: ['a@outside.example', 'b@outside.example'] });
	await mustTool(s, ['forward', 'set', f, a.address]);
	assert.deepEqual(await targets(s, at), [a.address]);
	await mustTool(s, ['forward', 'add', `all@${d}`, at]);
	assert.deepEqual((await show(['forward', 'list', d])).map((x) =>
	    [x.address, ...x.forward_to]), [[`all@${d}`, at], [at, a.address]]);
	assert.equal((await mustTool(s, ['forward', 'list', d, '-q', a.local]))
	    .stdout, `${at}\t${a.address}\n`);

	await refused(1, ['forward', 'add', f, a.address]);
	await refused(1, ['forward', 'add', `third@${d}`, a.address],
	    { words: /2/ });
	await refused(1, ['forward', 'add', `postmaster@${d}`, a.address]);
	await refused(1, ['forward', 'add', 'x@unknown.example', a.address]);
	await refused(1, ['forward', 'add', 'noaddress', a.address]);
	await refused(1, ['forward', 'set', f, `all@${d}`], { words: /sales@.*all@/ });
	await refused(1, ['forward', 'set', f, `nobody@${d}`]);
	await refused(1, ['forward', 'set', f, '|id']);
	await refused(1, ['forward', 'set', f, '']);
	await refused(1, ['forward', 'set', f, ...Array.from({ length: 51 },
	    (_, i) => `t${i}@outside.example`)], { words: /50/ });
	await refused(1, ['forward', 'set', `nothing@${d}`, a.address]);
	await refused(1, ['forward', 'set', `postmaster@${d}`, a.address]);
	await refused(1, ['forward', 'delete', f], { words: /all@/ });
	await refused(1, ['forward', 'delete', `nothing@${d}`]);
	await refused(1, ['forward', 'delete', a.address]);
	await refused(1, ['forward', 'list', 'unknown.example']);
	await refused(2, ['forward', 'add', f]);
	await refused(2, ['forward', 'set', f]);
	await refused(2, ['forward', 'delete']);
	await refused(2, ['forward', 'list']);

	await mustTool(s, ['forward', 'delete', `all@${d}`]);
	await mustTool(s, ['forward', 'delete', f]);
	assert.deepEqual(await show(['forward', 'list', d]), []);
});

test('import: the difference, then all of it, then nothing', async () => {
	const d = await newDomain(), given = goodPassword();
	const file = csv('account,real_name,quota_mb,routing,forward_to,password',
	    'one,One,7,,,', `two@${d},,,,one@${d},`, `three,,,,,${given}`);
	const dry = await unchanged(s, () =>
	    mustTool(s, ['import', d, file, '--dry-run']));

	assert.match(dry.stdout, /line 2: new: one, real_name One, quota_mb 7/);
	assert.match(dry.stdout, /^3 new, 0 changed, 0 unchanged, 0 refused$/m);
	assert.ok(!dry.stdout.includes(given));
	assert.equal(dry.stderr, '');

	const r = await mustTool(s, ['import', d, file]);
	assert.equal(r.stderr, dry.stdout);
	const [head, ...made] = r.stdout.trimEnd().split('\n');
	assert.equal(head, 'account,password');
	assert.deepEqual(made.map((l) => l.split(',')[0]), ['one', 'two']);
	assert.ok(await popAccepts(s, `one@${d}`, cell(made[0].slice(4))));
	assert.ok(await popAccepts(s, `three@${d}`, given));
	assert.equal(await row(s, `one@${d}`,
	    'real_name, quota_bytes, initial_password'), 'One|7340032|1');
	assert.deepEqual(await targets(s, `two@${d}`), [`one@${d}`]);

	const again = await unchanged(s, () => mustTool(s, ['import', d, file]));
	assert.equal(again.stdout, '');
	assert.match(again.stderr, /^0 new, 0 changed, 3 unchanged, 0 refused$/m);

	const next = csv('account,real_name,password', 'one,Uno,',
	    `three,,${goodPassword()}`);
	const told = (await mustTool(s, ['import', d, next])).stderr;
	assert.match(told, /^line 2: changed: one, real_name: One -> Uno$/m);
	assert.match(told, /^line 3: changed: three, password$/m);
	assert.equal(await popAccepts(s, `three@${d}`, given), false);
});

test('import: refused rows and files, and nothing is written', async () => {
	const d = await newDomain('--max-accounts', '4');
	const rows = csv('account,quota_mb,forward_to', 'good,1,', 'bad name,1,',
	    'good,2,', 'zero,0,', `far,1,nobody@${d}`, `x@${D},1,`);
	const r = await refused(1, ['import', d, rows]);

	assert.equal(r.stdout, '');
	assert.match(r.stderr, /^line 3: refused: account: .*bad name/m);
	assert.match(r.stderr, /^line 4: refused: .*account: /m);
	assert.match(r.stderr, /^line 5: refused: zero, quota_mb: /m);
	assert.match(r.stderr, /^line 6: refused: far, forward_to: /m);
	assert.match(r.stderr, /^line 7: refused: .*account: .*dentsu/m);
	assert.match(r.stderr, /^1 new, 0 changed, 0 unchanged, 5 refused$/m);
	const dry = await unchanged(s, () =>
	    tool(s, ['import', d, rows, '--dry-run']));
	assert.equal(dry.code, 1);
	assert.ok(r.stderr.startsWith(dry.stdout));
	assert.match(dry.stderr, /refused; nothing was changed/);

	await refused(1, ['import', d, csv('account', ...'abcd')],
	    { words: /4/ });
	await refused(1, ['import', d, csv('name', 'x')], { words: /account/ });
	await refused(1, ['import', d, csv('account,wrong', 'x,y')],
	    { words: /wrong/ });
	await refused(1, ['import', d, csv('account,real_name', 'x,"y')],
	    { words: /2/ });
	await refused(1, ['import', d, csv('account,real_name', 'x,\x1b[31m')]);
	await refused(1, ['import', d, csv('')]);
	await refused(1, ['import', d, '/nonexistent'], { words: /nonexistent/ });
	await refused(1, ['import', d, s.dir]);
	await refused(1, ['import', 'unknown.example', rows]);
	await refused(2, ['import', d]);
	await refused(2, ['import', d, rows, rows]);
	await refused(2, ['import', d, rows, '--force']);
});

test('import --json: one document', async () => {
	const d = await newDomain(), secret = goodPassword();
	const input = `account,real_name,password\na,A,\nb,B,${secret}\n`;
	const parse = (r) => {
		assert.ok(!r.stdout.includes(secret));
		return JSON.parse(r.stdout);
	};

	const dry = parse(await unchanged(s, () => tool(s, ['import', d, '-',
		'--dry-run', '--json'], { input })));
	assert.equal(dry.summary.applied, false);
	assert.deepEqual(dry.rows[0], { line: 2, verdict: 'new', account: 'a',
		values: { real_name: 'A' } });
	assert.deepEqual(dry.passwords, []);
	const done = parse(await mustTool(s, ['import', d, '-', '--json'],
	    { input }));
	assert.equal(done.summary.applied, true);
	assert.deepEqual(done.rows, dry.rows);
	assert.equal(done.passwords.length, 1);
	assert.ok(await popAccepts(s, `a@${d}`, done.passwords[0].password));
	const changed = parse(await mustTool(s, ['import', d, '-', '--json'],
	    { input: 'account,real_name,password\n' +
	    `a,AA,\nb,B,${goodPassword()}\n` }));
	assert.deepEqual(changed.rows.map((x) => x.changes),
	    [[{ column: 'real_name', old: 'A', new: 'AA' }],
	    [{ column: 'password' }]]);
	const bad = await unchanged(s, () => tool(s, ['import', d, '-', '--json'],
	    { input: 'account,quota_mb\nz,0\n' }));
	assert.equal(bad.code, 1);
	assert.equal(parse(bad).rows[0].reasons[0].column, 'quota_mb');
	const fault = await unchanged(s, () => tool(s, ['import', d, '-',
		'--json'], { input: 'x\n' }));
	assert.equal(fault.code, 1);
	assert.match(parse(fault).summary.fault, /account/);
});

test('import: one at a time in a domain, and none while it goes', async () => {
	const d = await newDomain(), file = csv('account', 'alone');
	// As if this process had one that is not done: proc(5), field 22.
	const began = fs.readFileSync('/proc/self/stat', 'utf8')
	    .replace(/^.*\) /, '').split(' ')[19];

	await sql(s.db, `INSERT INTO import (domain_id, owner, at)
	    SELECT id, '${process.pid} ${began}', 1 FROM domain
	    WHERE name = '${d}'`);
	await refused(75, ['import', d, file], { words: /another import/ });
	await refused(75, ['domain', 'delete', d], { words: /import/ });
	await mustTool(s, ['import', d, file, '--dry-run']);
	// Its process is no more: it goes, and the next one is done.
	await sql(s.db, `UPDATE import SET owner = '${process.pid} 1'`);
	await mustTool(s, ['import', d, file]);
	assert.ok(await row(s, `alone@${d}`, 'a.id'));
});

test('export: what import takes and finds unchanged', async () => {
	const d = await newDomain();

	await mustTool(s, ['import', d, csv('account,real_name,routing,forward_to,' +
	    'keep_copy,quota_mb', 'a,"B, C",,,,3', 'c,,discard,,,',
	    'd,,,x@outside.example y@outside.example,on,')]);
	const { stdout } = await mustTool(s, ['export', d]);
	assert.match(stdout, /^account,real_name,/);
	assert.equal(stdout.split('\n').length, 6);
	const again = await unchanged(s, () => mustTool(s, ['import', d, '-'],
	    { input: stdout }));
	assert.match(again.stderr, /^0 new, 0 changed, 4 unchanged, 0 refused$/m);
	await refused(1, ['export', 'unknown.example']);
	await refused(2, ['export', d, '--json']);
	await refused(2, ['export']);
});

test('a reader who has enough ends it quietly; a full disk does not',
    async () => {
	const d = await newDomain();
	const sh = (script) => run('bash', ['-c', script, 'sh',
		`${root}/build/fumibako`, s.conf, d]);

	await mustTool(s, ['import', d, csv('account', ...Array.from(
	    { length: 3000 }, (_, i) => `reader-number-${i}`))]);
	for (const args of ['export "$3"', 'account list "$3"', 'log "$3"',
	    'account list "$3" --json']) {
		const r = await sh(`"$1" -c "$2" ${args} | head -n 1 >/dev/null;` +
		    'echo ${PIPESTATUS[0]}');
		assert.equal(r.stdout, '1\n', args);
		assert.equal(r.stderr, '', args);
		const full = await sh(`"$1" -c "$2" ${args} >/dev/full`);
		assert.equal(full.code, 1, args);
		assert.match(full.stderr, /lost/, args);
	}
});

test('log: everywhere, of a domain, of an address', async () => {
	const d = await newDomain(), at = `who@${d}`;
	const lines = async (...args) => (await mustTool(s, ['log', ...args]))
	    .stdout.trimEnd().split('\n').filter(Boolean);

	await mustTool(s, ['account', 'add', at, '--real-name', 'Old']);
	await mustTool(s, ['account', 'set', at, '--real-name', 'New']);
	const [first] = await lines(at);
	assert.match(first, new RegExp('^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d' +
	    `\\+09:00\t[^\t]+\tshell:[^\t]+\t${at}\treal_name\tOld -> New$`));
	assert.equal((await lines(at)).length, 2);
	assert.equal((await lines(d))[0], first);
	assert.equal((await lines())[0], first);
	assert.deepEqual(await lines(d, '-q', 'OLD'), (await lines(at)));
	assert.equal((await lines('-q', at)).length, 2);
	assert.deepEqual(await lines(at, '-q', 'nothing'), []);
	const [j] = await show(['log', at]);
	assert.equal(j.what, 'real_name');
	assert.deepEqual([j.actor, j.domain, j.subject, j.old, j.new],
	    ['', d, at, 'Old', 'New']);
	assert.ok(first.startsWith(`${j.time}\t`));
	assert.equal(new Date(j.time).getTime(), j.at * 1000);

	// All of them, in pages that nobody sees.
	assert.deepEqual((await show(['log'])).length,
	    Number((await sql(s.db, 'SELECT count(*) FROM history'))[0]));
	// No account any more, and a forward that never was one.
	await mustTool(s, ['account', 'delete', at]);
	assert.match((await lines(at))[0], /\taccount_deleted\tNew -> $/);
	assert.equal((await lines(at)).length, 3);
	await mustTool(s, ['forward', 'add', `fw@${d}`, 'x@outside.example']);
	assert.match((await lines(`fw@${d}`))[0], /forward_added/);
	await refused(1, ['log', 'unknown.example']);
	await refused(1, ['log', `nobody@${d}`]);
	await refused(1, ['log', 'not a domain']);
	await refused(2, ['log', d, at]);
	await refused(2, ['log', '--filter', 'x']);
});
