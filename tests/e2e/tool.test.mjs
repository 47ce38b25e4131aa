// The operator's command: what each subcommand does, and how it refuses:
// exit 0 done, 1 refused (commands.test.mjs tries each for the rest).

import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { startStack, root } from './lib/stack.mjs';
import { Browser } from './lib/http.mjs';
import { popAccepts } from './lib/pop3.mjs';
import { deliver, whereIs, token } from './lib/mail.mjs';
import { smtp } from './lib/smtp.mjs';
import { tool, mustTool, newAccount, goodPassword } from './lib/tool.mjs';
import { row, sql, targets, unchanged, dump } from './lib/db.mjs';
import { run, must } from './lib/run.mjs';

let s;
before(async () => { s = await startStack('tool'); });
after(async () => { await s?.stop(); });

// Must be refused so: the exit code, a message on stderr, nothing changed.
async function refused(code, args, { words, input = '' } = {}) {
	const r = await unchanged(s, () => tool(s, args, { input }));

	assert.ok([code].flat().includes(r.code), `${args.join(' ')}: exit ` +
	    `${r.code} is not ${code}: ${r.stderr}`);
	assert.ok(r.stderr.trim().length > 5, `${args.join(' ')}: no message`);
	if (words)
		assert.match(r.stderr, words, args.join(' '));
	return r;
}

const pw = () => ({ input: `${goodPassword()}\n` });

test('domain add: done and refused', async () => {
	await mustTool(s, ['domain', 'add', 'new.example', '--pop-host',
		'post-11']);
	assert.deepEqual(await sql(s.db, `SELECT name, pop_host FROM domain
	    WHERE name = 'new.example'`), ['new.example|post-11']);
	await mustTool(s, ['domain', 'add', 'Upper.EXAMPLE']);
	assert.deepEqual(await sql(s.db, `SELECT count(*) FROM domain
	    WHERE name = 'upper.example'`), ['1']);
	// It takes mail at once.
	const a = await newAccount(s, { domain: 'new.example' });
	assert.deepEqual(await whereIs(s, await deliver(s, a.address), a.address),
	    { box: 1, out: [] });

	await refused(1, ['domain', 'add', 'new.example']);
	await refused(1, ['domain', 'add', 'NEW.example']);
	for (const bad of ['nodot', '.example', 'a..example', '-a.example',
	    'a b.example', 'a_b.example', 'ä.example', '127.0.0.1',
	    `${'x'.repeat(64)}.example`, 'x@y.example', '', 'discard.invalid'])
		// What looks like an option, or like nothing, is a usage error.
		await refused(/^(-|$)/.test(bad) ? [1, 2] : 1,
		    ['domain', 'add', bad]);
});

test('account add: given and generated initial passwords', async () => {
	const given = goodPassword();

	await mustTool(s, ['account', 'add', 'given@dentsu.example', '--stdin',
		'--real-name', "O'Neil, Pat", '--quota-mb', '7'],
	    { input: `${given}\n` });
	assert.equal(await row(s, 'given@dentsu.example',
	    'real_name, quota_bytes, initial_password, routing, keep_copy'),
	"O'Neil, Pat|7340032|1|mailbox|0");
	const b = await new Browser(s).login('given@dentsu.example', given);
	assert.equal((await b.get('/account/settings')).location, '/account');

	const r = await mustTool(s, ['account', 'add', 'made@dentsu.example']);
	const made = r.stdout.split(/\s+/).filter((w) => w.length >= 16 &&
	    !w.includes('@dentsu.example'));
	assert.equal(made.length, 1, r.stdout);
	await new Browser(s).login('made@dentsu.example', made[0]);
	assert.ok(await popAccepts(s, 'made@dentsu.example', made[0]));
	assert.equal(await row(s, 'made@dentsu.example',
	    'quota_bytes, initial_password'), '1073741824|1');
	const again = await mustTool(s, ['account', 'add', 'made2@dentsu.example']);
	assert.notEqual(again.stdout.replace('made2', 'made'), r.stdout);

	await mustTool(s, ['account', 'add', 'CAPITAL@Dentsu.Example', '--stdin'],
	    pw());
	assert.ok(await row(s, 'capital@dentsu.example', 'a.id'));
});

test('account add: refused', async () => {
	const add = (a, ...more) => ['account', 'add', a, '--stdin', ...more];

	await mustTool(s, add('taken@dentsu.example'), pw());
	await refused(1, add('taken@dentsu.example'), pw());
	await refused(1, add('TAKEN@dentsu.example'), pw());
	await refused(1, add('x@unknown.example'), pw());
	for (const bad of ['u3+x@dentsu.example', 'a b@dentsu.example',
	    'a..b@dentsu.example', '.a@dentsu.example', 'a.@dentsu.example',
	    'a/b@dentsu.example', '../x@dentsu.example', 'a%b@dentsu.example',
	    'a!b@dentsu.example', '"a"@dentsu.example', 'é@dentsu.example',
	    'a,b@dentsu.example', "a'b@dentsu.example", 'a\nb@dentsu.example',
	    '*@dentsu.example', `${'l'.repeat(65)}@dentsu.example`])
		await refused(1, add(bad), pw());
	const name = (n) => add('named@dentsu.example', '--real-name', n);
	for (const n of ['山田', 'a\tb', 'x'.repeat(65), 'a"b'])
		await refused(1, name(n), pw());
	for (const q of ['0', '-1', 'x', '', '1.5', '99999999999999999999'])
		await unchanged(s, async () => {
			const r = await tool(s, add('quota@dentsu.example',
			    '--quota-mb', q), pw());
			assert.ok([1, 2].includes(r.code), `${q}: ${r.code}`);
		});
	// An empty standard input is no password.
	await refused([1, 2], add('empty@dentsu.example'), { input: '' });
	await refused(1, add('empty@dentsu.example'), { input: '\n' });
	await refused(1, add('empty@dentsu.example'),
	    { input: `${'x'.repeat(600)}\n` });
	await refused(1, add('empty@dentsu.example'), { input: 'Aa1#\0xyz\n' });
});

test('account passwd: chosen, initial, generated', async () => {
	const a = await newAccount(s, { initial: true });
	const chosen = goodPassword();

	await mustTool(s, ['account', 'passwd', a.address, '--stdin'],
	    { input: `${chosen}\n` });
	assert.equal(await row(s, a.address, 'initial_password'), '0');
	assert.ok(await popAccepts(s, a.address, chosen));
	assert.equal(await popAccepts(s, a.address, a.password), false);
	const r = await mustTool(s, ['account', 'passwd', a.address, '--initial']);
	const made = r.stdout.split(/\s+/).filter((w) => w.length >= 16 &&
	    !w.includes('@dentsu.example'))[0];
	assert.equal(await row(s, a.address, 'initial_password'), '1');
	await new Browser(s).login(a.address, made);
	const given = goodPassword();
	await mustTool(s, ['account', 'passwd', a.address, '--initial', '--stdin'],
	    { input: `${given}\n` });
	assert.equal(await row(s, a.address, 'initial_password'), '1');
	await new Browser(s).login(a.address, given);
	// Without a newline at the end, and with blanks inside.
	await mustTool(s, ['account', 'passwd', a.address, '--stdin'],
	    { input: 'Aa1 blank inside 9#' });
	assert.ok(await popAccepts(s, a.address, 'Aa1 blank inside 9#'));

	await refused(1, ['account', 'passwd', 'nobody@dentsu.example', '--stdin'],
	    pw());
	await refused(1, ['account', 'passwd', a.address, '--stdin'],
	    { input: 'Password1234!\n' });
	await refused(1, ['account', 'passwd', a.address, '--stdin'],
	    { input: 'short\n', words: /12/ });
	await refused([1, 2], ['account', 'passwd', a.address, '--stdin'],
	    { input: '' });
});

test('passwords are never arguments', async () => {
	const a = await newAccount(s);

	await refused(2, ['account', 'passwd', a.address, 'A-Password-1-argument']);
	await refused(2, ['account', 'passwd', a.address, '--password', 'x']);
	await refused(2, ['account', 'add', 'arg@dentsu.example',
		'A-Password-1-argument']);
});

test('account show: text and --json, never a hash', async () => {
	const a = await newAccount(s, { realName: 'Show Me', quotaMb: 12 });
	const text = await mustTool(s, ['account', 'show', a.address]);
	const json = await mustTool(s, ['account', 'show', a.address, '--json']);

	for (const w of [a.address, 'Show Me', '12', 'mailbox'])
		assert.ok(text.stdout.includes(w), w);
	const o = JSON.parse(json.stdout);
	assert.equal(o.address, a.address);
	assert.equal(o.real_name, 'Show Me');
	assert.equal(o.routing, 'mailbox');
	assert.equal(o.quota_mb ?? o.quota_bytes / 1048576, 12);
	for (const t of [text.stdout, json.stdout])
		assert.ok(!/\$y\$|hash/.test(t), t);
	const upper = await mustTool(s, ['account', 'show',
		a.address.toUpperCase()]);
	assert.equal(upper.stdout, text.stdout);
	await refused(1, ['account', 'show', 'nobody@dentsu.example']);
	await refused(1, ['account', 'show', 'nobody@unknown.example', '--json']);
});

test('account set: each setting; the daemons follow', async () => {
	const a = await newAccount(s), at = a.address;
	const set = (...more) => mustTool(s, ['account', 'set', at, ...more]);
	const state = () => row(s, at, 'real_name, routing, keep_copy, quota_bytes');

	await set('--real-name', 'By Tool', '--quota-mb', '3');
	assert.equal(await state(), 'By Tool|mailbox|0|3145728');
	await set('--routing', 'forward', '--forward-to',
	    'a@outside.example,b@outside.example', '--keep-copy');
	assert.equal(await state(), 'By Tool|forward|1|3145728');
	assert.deepEqual(await targets(s, at),
	    ['a@outside.example', 'b@outside.example']);
	assert.deepEqual(await whereIs(s, await deliver(s, at), at),
	    { box: 1, out: ['a@outside.example', 'b@outside.example'] });
	await set('--no-keep-copy');
	assert.deepEqual(await whereIs(s, await deliver(s, at), at),
	    { box: 0, out: ['a@outside.example', 'b@outside.example'] });
	await set('--routing', 'discard');
	assert.deepEqual(await whereIs(s, await deliver(s, at), at),
	    { box: 0, out: [] });
	await set('--routing', 'mailbox');
	assert.deepEqual(await whereIs(s, await deliver(s, at), at),
	    { box: 1, out: [] });
	await set('--real-name', '');
	assert.equal(await row(s, at, 'real_name'), '');
	// A save by the operator makes the open page stale.
	const b = await new Browser(s).login(at, a.password);
	const stale = (await b.account()).form('/account');
	await set('--real-name', 'Operator');
	assert.equal((await b.post('/account', { ...stale, real_name: 'User' }))
	    .status, 409);
	const h = await sql(s.db, `SELECT actor, origin, what, old_value, new_value
	    FROM history WHERE subject = '${at}' AND what = 'real_name'
	    ORDER BY id DESC LIMIT 1`);
	assert.match(h[0], /^\|shell:[^|]+\|real_name\|\|Operator$/);
});

test('account set: refused', async () => {
	const a = await newAccount(s), at = a.address;
	const set = (...more) => ['account', 'set', at, ...more];

	for (const args of [['--routing', 'vacation'], ['--routing', ''],
	    ['--routing', 'MAILBOX']]) {
		const r = await unchanged(s, () => tool(s, set(...args)));
		assert.ok([1, 2].includes(r.code), args.join(' '));
	}
	await refused(1, set('--routing', 'forward'));
	for (const t of [at, `${a.local}+x@dentsu.example`, 'bob', '|id',
		'/var/tmp/x', 'nobody@dentsu.example', 'x@discard.invalid',
		'a@x.example,b@x.example,c@x.example,d@x.example,e@x.example,' +
		'f@x.example', ''])
		await refused(1, set('--routing', 'forward', '--forward-to', t));
	await refused(1, set('--real-name', '山田'));
	await refused(1, set('--keep-copy'));
	await refused(1, ['account', 'set', 'nobody@dentsu.example',
		'--real-name', 'X']);
	await refused(2, set('--no-such-option'));
	await refused(2, set('--real-name'));
});

test('admin grant: domain and site', async () => {
	const a = await newAccount(s);

	await mustTool(s, ['admin', 'grant', a.address, 'dentsu.example']);
	await mustTool(s, ['admin', 'grant', a.address, 'kagaku.example']);
	assert.deepEqual(await sql(s.db, `SELECT count(*) FROM domain_admin x
	    JOIN address n ON n.id = x.account_id
	    WHERE n.local_part = '${a.local}'`), ['2']);
	await mustTool(s, ['admin', 'grant', a.address, '--site']);
	assert.deepEqual(await sql(s.db, `SELECT count(*) FROM site_admin x
	    JOIN address n ON n.id = x.account_id
	    WHERE n.local_part = '${a.local}'`), ['1']);
	assert.deepEqual(await sql(s.db, `SELECT count(*) FROM history
	    WHERE subject = '${a.address}' AND what = 'admin_granted'`), ['3']);
	await refused(1, ['admin', 'grant', a.address, 'unknown.example']);
	await refused(1, ['admin', 'grant', 'nobody@dentsu.example',
		'dentsu.example']);
	await refused(2, ['admin', 'grant', a.address]);
	await refused(2, ['admin', 'grant']);
});

// A configuration of its own in a new directory, no daemons.
function aside(change = (t) => t) {
	const dir = fs.mkdtempSync(path.join(s.dir, 'aside-'));
	const conf = path.join(dir, 'fumibako.conf');
	let text = fs.readFileSync(s.conf, 'utf8');

	for (const d of ['db', 'web', 'stat']) {
		fs.mkdirSync(path.join(dir, d));
		fs.chmodSync(path.join(dir, d), 0o2770);
		text = text.replaceAll(path.join(s.dir, d), path.join(dir, d));
	}
	fs.writeFileSync(conf, change(text));
	return { dir, conf, db: path.join(dir, 'db/users.db'),
		webDb: path.join(dir, 'web/web.db') };
}

test('init: makes the databases, and is a no-op the second time', async () => {
	const x = aside();

	await mustTool(x, ['init']);
	assert.deepEqual(await sql(x.db, 'PRAGMA journal_mode'), ['wal']);
	assert.deepEqual(await sql(x.db, 'PRAGMA integrity_check'), ['ok']);
	assert.equal(fs.statSync(x.db).mode & 0o777, 0o660);
	const [version] = await sql(x.db, 'PRAGMA user_version');
	assert.ok(Number(version) >= 1);
	const views = await sql(x.db, `SELECT name FROM sqlite_schema
	    WHERE type = 'view' ORDER BY name`);
	assert.deepEqual(views, ['mail_account', 'mail_alias', 'mail_domain',
		'mail_transport']);
	await mustTool(x, ['domain', 'add', 'aside.example']);
	await mustTool(x, ['account', 'add', 'a@aside.example']);
	const before = await dump(x);
	await mustTool(x, ['init']);
	assert.equal(await dump(x), before);
});

test('before init: refused with a sentence', async () => {
	const x = aside();
	const r = await tool(x, ['account', 'show', 'a@aside.example']);

	assert.equal(r.code, 1);
	assert.match(r.stderr, /users\.db|init/);
	assert.ok(!fs.existsSync(x.db), 'the database was made by a look');
});

test('a newer database than the program is refused with a sentence',
    async () => {
	const x = aside();

	await mustTool(x, ['init']);
	await sql(x.db, 'PRAGMA user_version = 9999');
	for (const args of [['init'], ['domain', 'add', 'late.example'],
	    ['account', 'show', 'a@late.example']]) {
		const r = await tool(x, args);
		assert.equal(r.code, 1, args.join(' '));
		assert.match(r.stderr, /newer|9999/);
	}
	const w = await must('sh', ['-c', `"$1" -c "$2" -p "$3"/w </dev/null; ` +
	    'echo "exit $?"', 'sh', `${root}/build/fumibako.fcgi`, x.conf, x.dir]);
	assert.doesNotMatch(w.stdout, /exit 0/);
});

test('a file that is no database is refused, not a crash', async () => {
	const x = aside();

	fs.writeFileSync(x.db, 'this is not a database\n'.repeat(100));
	const r = await tool(x, ['account', 'show', 'a@aside.example']);
	assert.equal(r.code, 1);
	assert.ok(r.stderr.length > 5);
});

test('a wrong setting stops the start with file, key and reason', async () => {
	for (const [key, value] of [['Hash.Cost', '99'], ['Session.Idle', 'abc'],
	    ['Web.Origin', 'http://localhost'], ['Database.Users', 'relative.db'],
	    ['Campus.Networks', '127.0.0.0/99'], ['Campus.Networks', 'garbage'],
	    ['Campus.Networks', ''], ['Display.TimeZone', 'Mars/Olympus'],
	    ['No.Such', '1'], ['Throttle.Pair', '0'],
	    ['Worker.MaxRequests', '-1']]) {
		const x = aside((t) => `${t}\n${key} = ${value}\n`);
		for (const [what, r] of [['tool', await tool(x,
		    ['account', 'show', 'a@aside.example'])],
		    ['fcgi', await run(`${root}/build/fumibako.fcgi`,
		    ['-c', x.conf, '-p', path.join(x.dir, 'w')],
		    { timeout: 5000 })]]) {
			const told = `${what}: ${key} = ${value}: ${r.code} ${r.signal}` +
			    ` ${r.stderr}`;
			assert.ok(r.code !== 0 && r.code !== null, told);
			assert.ok(r.stderr.includes(x.conf), told);
			assert.ok(r.stderr.includes(key), told);
		}
	}
	const gone = await run(`${root}/build/fumibako`, ['-c', '/nonexistent.conf',
		'init']);
	assert.ok([1, 2].includes(gone.code));
	assert.match(gone.stderr, /nonexistent/);
	const empty = aside(() => '');
	const r = await tool(empty, ['init']);
	assert.equal(r.code, 1);
	assert.match(r.stderr, /Database\.Users|is missing/);
});

test('one name space, lower case, positive quota: the schema says so too',
    async () => {
	const a = await newAccount(s);
	const bad = async (text, words) => assert.rejects(sql(s.db, text), words);

	await bad(`INSERT INTO address (domain_id, local_part, kind)
	    SELECT domain_id, local_part, 'forward' FROM address
	    WHERE local_part = '${a.local}'`, /UNIQUE/);
	await bad(`UPDATE address SET local_part = 'UPPER'
	    WHERE local_part = '${a.local}'`, /does not change/);
	for (const q of ['0', '-1', "'abc'", '9223372036854775808', 'NULL'])
		await bad(`UPDATE account SET quota_bytes = ${q}`,
		    /CHECK|NOT NULL|cannot store/);
	await bad(`UPDATE account SET routing = 'vacation'`, /CHECK/);
	await bad(`UPDATE account SET password_hash = '*0'`, /CHECK/);
	await bad(`UPDATE history SET actor = 'x'`, /history/);
	const r = await smtp(s, a.address, { subject: token() });
	assert.equal(r.data.code, 250);
});
