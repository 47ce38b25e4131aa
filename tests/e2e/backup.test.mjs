// Backup and restore while everything runs, and the sweep of the mail store.

import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { startStack, stopSound, newWorkers, root } from './lib/stack.mjs';
import { Browser } from './lib/http.mjs';
import { Pop3, popAccepts, popMessages } from './lib/pop3.mjs';
import { smtp } from './lib/smtp.mjs';
import { accountId, deliver, queueEmpty } from './lib/mail.mjs';
import { tool, mustTool, newAccount, setPassword, goodPassword }
    from './lib/tool.mjs';
import { hold, row, sql, unchanged } from './lib/db.mjs';
import { run, must } from './lib/run.mjs';

const D = 'dentsu.example';
const DAY = 86400;
let s, program, serial = 0;
before(async () => {
	s = await startStack('backup');
	// Where other users may run it.
	program = path.join(s.dir, 'app/fumibako');
	fs.copyFileSync(path.join(root, 'build/fumibako'), program);
	fs.chmodSync(program, 0o755);
});
after(() => stopSound(s));

const fresh = (name) => path.join(s.dir, `${name}${++serial}`);
const dumpOf = async (db) => (await must('sqlite3', ['-cmd',
	'.timeout 20000', db, '.dump'])).stdout;
// What fumibako-lists does beside us is none of a test's.
const dumpOfAll = async (db) => (await dumpOf(db))
    .replace(/^INSERT INTO list_leaver .*\n/gm, '');
const mode = (file) => fs.statSync(file).mode & 0o7777;
const besides = (db) => fs.readdirSync(path.dirname(db))
    .filter((f) => !/^users\.db(-wal|-shm|\.r\w+\.bak)?$/.test(f));

async function backup(args = []) {
	const file = fresh('backup');

	await mustTool(s, ['backup', file, ...args]);
	return file;
}

// The same program with databases of its own, which nobody reads.
function elsewhere() {
	const dir = fresh('other');
	const conf = path.join(dir, 'conf');

	for (const d of ['db', 'web', 'stat'])
		fs.mkdirSync(path.join(dir, d), { recursive: true });
	fs.writeFileSync(conf, fs.readFileSync(s.conf, 'utf8')
	    .replaceAll(new RegExp(`${s.dir}/(db|web|stat)/`, 'g'), `${dir}/$1/`)
	    .replace(/^Mail.Directory.*\n/m, '').replace(/^Lists.*\n/gm, ''));
	return { dir, conf, db: path.join(dir, 'db/users.db') };
}

// Who fetches mail, sends it, saves and looks things up, until `stop`; what
// went wrong, and how often each was done.
function load(a, saver) {
	const wrong = [], done = { pop: 0, smtp: 0, save: 0, user: 0 };
	let running = true;
	const loop = async (what, once) => {
		while (running) {
			const why = await once();
			done[what]++;
			if (why)
				wrong.push(`${what}: ${why}`);
		}
	};
	const all = [
		loop('pop', async () => {
			const c = await Pop3.open(s);
			await c.cmd(`USER ${a.address}`);
			const l = await c.cmd(`PASS ${a.password}`);
			await c.quit().catch(() => {});
			return l.startsWith('+OK') ? '' : l;
		}),
		loop('smtp', async () => {
			const r = await smtp(s, [a.address, `jiro@${D}`]);
			return [...Object.values(r.rcpt), r.data]
			    .map((x) => x.code === 250 ? '' : x.text).join('');
		}),
		loop('save', async () => {
			const r = await tool(s, ['account', 'set', saver.address,
				'--quota-mb', String(500 + done.save % 100)]);
			// A restore may come between its look and its save.
			return r.code === 0 || /changed meanwhile/.test(r.stderr) ?
			    '' : r.stderr;
		}),
		loop('user', async () => {
			const r = await run('doveadm', ['-c', path.join(s.dir,
			    'dovecot/dovecot.conf'), 'user', a.address]);
			return r.code === 0 ? '' : r.stderr;
		})
	];
	return { async stop() {
		running = false;
		await Promise.all(all);
		assert.deepEqual(wrong, []);
		for (const [what, n] of Object.entries(done))
			assert.ok(n > 3, `${what}: ${n}`);
	} };
}

test('under load: no look-up fails; the same .dump elsewhere', async () => {
	const a = await newAccount(s), saver = await newAccount(s);
	const l = load(a, saver);
	const other = elsewhere();
	const files = [];

	for (let i = 0; i < 3; i++) {
		files.push(await backup());
		await mustTool(s, ['restore', files[i]]);
	}
	await l.stop();
	await queueEmpty(s);
	await mustTool(other, ['init']);
	for (const file of files) {
		assert.equal(mode(file), 0o600);
		await mustTool(other, ['restore', file]);
		assert.equal(await dumpOf(other.db), await dumpOf(file));
	}
	assert.ok(!/schema has changed|database is locked/.test(s.logs()));
	assert.deepEqual(besides(s.db), []);
	// What was accepted meanwhile has come.
	const n = (await popMessages(s, a.address, a.password)).length;
	assert.ok(n > 3, `${n} messages`);
});

test('in a calm: backup and restore change nothing', async () => {
	const was = await dumpOfAll(s.db);
	const file = await backup();

	assert.equal(await dumpOfAll(file), was);
	await mustTool(s, ['restore', file]);
	assert.equal(await dumpOfAll(s.db), was);
});

test('an older backup: everybody sees it, nothing is reloaded', async () => {
	const [kept, gone, changed] = [await newAccount(s), await newAccount(s),
		await newAccount(s)];
	const tok = await deliver(s, gone.address);
	const b = await new Browser(s).login(kept.address, kept.password);
	const file = await backup();
	const workers = s.workers();

	const next = await newAccount(s);
	const last = Number(await accountId(s, next.address));
	const password = goodPassword();
	await setPassword(s, changed.address, password);
	await mustTool(s, ['account', 'delete', gone.address]);
	assert.equal((await smtp(s, gone.address)).rcpt[gone.address].code, 550);
	const before = await dumpOfAll(s.db);

	const r = await mustTool(s, ['restore', file]);
	const copy = /is in (\S+)\n/.exec(r.stderr)[1];
	assert.doesNotMatch(r.stderr, /reload/);
	assert.equal(r.stdout, '');
	assert.equal((await smtp(s, next.address)).rcpt[next.address].code, 550);
	const got = await popMessages(s, gone.address, gone.password);
	assert.ok(got.some((m) => m.text.includes(tok)));
	assert.ok(await popAccepts(s, changed.address, changed.password));
	assert.ok(!await popAccepts(s, changed.address, password));
	// Log-ins are over, and the workers are the same.
	assert.equal((await b.get('/account')).location, '/login?over=1');
	assert.deepEqual(s.workers().sort(), workers.sort());
	await new Browser(s).login(changed.address, changed.password);
	const newer = await newAccount(s);
	assert.ok(Number(await accountId(s, newer.address)) > last);

	const owner = fs.statSync(path.dirname(s.db));
	for (const f of [s.db, copy]) {
		const st = fs.statSync(f);
		assert.deepEqual([st.mode & 0o7777, st.uid, st.gid],
		    [0o660, owner.uid, owner.gid], f);
	}
	// And back: the restore was a mistake.
	await mustTool(s, ['restore', copy]);
	assert.equal((await dumpOfAll(s.db)).replace(/^.*sqlite_sequence.*\n/gm,
	    ''), before.replace(/^.*sqlite_sequence.*\n/gm, ''));
	assert.ok(await popAccepts(s, changed.address, password));
});

test('a list that comes back has its members', async () => {
	const list = `re${++serial}@${D}`;
	const members = async () => (await tool(s, ['lists', 'members', list]))
	    .stdout;

	await mustTool(s, ['lists', 'add', list, '--owner', `hanako@${D}`]);
	await mustTool(s, ['lists', 'join', list, `hanako@${D}`, 'x@y.example']);
	const file = await backup();
	await mustTool(s, ['lists', 'delete', list]);
	assert.equal((await smtp(s, list)).rcpt[list].code, 550);
	await mustTool(s, ['restore', file]);
	assert.equal(await members(), `hanako@${D}\nx@y.example\n`);
	assert.equal((await smtp(s, list, { sender: `hanako@${D}` }))
	    .rcpt[list].code, 250);
});

test('to a pipe, and back from one', async () => {
	const was = await dumpOfAll(s.db);
	const fumibako = `'${root}/build/fumibako' -c '${s.conf}'`;

	for (const [how, command] of [
		['-', 'F backup - | cat >"$0"'],
		['/dev/stdout', 'F backup /dev/stdout | cat >"$0"'],
		['a FIFO', 'mkfifo "$0.fifo" && { F backup "$0.fifo" & ' +
		    'cat "$0.fifo" >"$0"; wait $!; }'],
		['a file behind /dev/stdout', 'F backup /dev/stdout >"$0"']]) {
		const file = fresh('piped');
		const r = await run('bash', ['-c', `set -o pipefail; umask 0
		    F() { ${fumibako} "$@"; }; ${command}`, file]);

		assert.equal(r.code, 0, `${how}: ${r.stderr}`);
		assert.equal(await dumpOfAll(file), was, how);
	}
	// Whoever may read the database and the configuration can do it.
	const file = fresh('vmail');
	await must('sh', ['-c', `umask 0; setpriv --reuid vmail --regid vmail \
	    --groups maildb,fumibako '${program}' -c '${s.conf}' backup - >"$0"`,
	    file]);
	assert.equal(await dumpOfAll(file), was);
	await must('bash', ['-c', `set -o pipefail
	    ${fumibako} backup - | ${fumibako} restore -`]);
	assert.equal(await dumpOfAll(s.db), was);
	// Whoever reads goes away before the end.
	const r = await run('bash', ['-c', `${fumibako} backup - | head -c 100 \
	    >/dev/null; exit "\${PIPESTATUS[0]}"`]);
	assert.equal(r.code, 1);
	assert.match(r.stderr, /not complete/);
	assert.deepEqual(besides(s.db), []);
});

test('C108 a bare file into an empty place, as fumibako', async () => {
	const other = elsewhere();
	const file = path.join(other.dir, 'copy.db');
	const as = (user, ...args) => run('setpriv', ['--reuid', user,
		'--regid', user, '--init-groups', ...args]);
	const a = await newAccount(s);

	fs.copyFileSync(await backup(), file);
	await must('sqlite3', [file, 'PRAGMA journal_mode = WAL']);
	await must('chown', ['-R', 'fumibako:maildb', other.dir]);
	fs.chmodSync(path.join(other.dir, 'db'), 0o2770);
	fs.appendFileSync(other.conf, `\nMail.Directory = ${s.dir}/mail\n`);
	const r = await as('fumibako', program, '-c', other.conf, 'restore', file);
	assert.equal(r.code, 0, r.stderr);
	assert.match(r.stderr, /doveadm reload/);
	assert.match(r.stderr, /Mail\.Directory.*cannot be read/);
	const st = fs.statSync(other.db), dir = fs.statSync(path.dirname(other.db));
	assert.deepEqual([st.mode & 0o7777, st.gid], [0o660, dir.gid]);
	const etc = path.join(s.dir, 'postfix/etc');
	const map = path.join(etc, 'restored.cf');
	fs.writeFileSync(map, fs.readFileSync(path.join(etc, 'mailbox_maps.cf'),
	    'utf8').replaceAll(s.db, other.db));
	fs.utimesSync(map, 0, 0); // of a new file Postfix waits for the end
	const found = await as('postfix', 'postmap', '-c', etc, '-q',
	    a.address, `sqlite:${map}`);
	assert.equal(found.code, 0, found.stderr);
	assert.notEqual(found.stdout.trim(), '');
	fs.unlinkSync(map);
	assert.equal(await dumpOf(other.db), await dumpOf(file));
});

// Refused so: the exit status, a reason, the databases as they were.
async function refused(code, args, words, instance = s) {
	const r = await unchanged(s, () => tool(instance, args));

	assert.equal(r.code, code, `${args.join(' ')}: ${r.stderr}`);
	assert.match(r.stderr, words, args.join(' '));
	assert.deepEqual(besides(s.db), []);
}

test('refused, and usage', async () => {
	const letter = fresh('letter'), newer = await backup();
	const other = elsewhere();

	await mustTool(other, ['init']);
	fs.writeFileSync(letter, 'Dear Hanako,\n');
	await sql(newer, 'PRAGMA user_version = 99');
	await refused(1, ['restore', letter], /not a database/);
	await refused(1, ['restore', newer], /99 is newer/);
	await refused(1, ['restore', '/nonexistent'], /No such file/);
	await refused(1, ['restore', s.dir], /directory/i);
	await refused(1, ['restore', s.db], /-wal/);
	await refused(1, ['backup', '/nonexistent/x'], /No such file/);
	await refused(1, ['backup', s.dir], /directory/i);
	await refused(1, ['backup', s.db], /in use/);
	await refused(1, ['sweep'], /Mail\.Directory/, other);
	for (const args of [['backup'], ['backup', 'a', 'b'], ['restore'],
	    ['restore', 'a', 'b'], ['restore', 'a', '--json'], ['sweep', 'x'],
	    ['backup', 'a', '--dry-run'], ['sweep', '--older-than'],
	    ['sweep', '--older-than', 'x'], ['sweep', '--older-than', '-1'],
	    ['sweep', '--older-than', '4000']])
		await refused(2, args, /fumibako/);
});

test('no room: refused, and all as before', async () => {
	const file = await backup(), other = elsewhere();
	const small = path.join(other.dir, 'small'), to = path.join(small, 'b');
	const db = path.join(small, 'users.db');

	await mustTool(other, ['init']);
	await must('sqlite3', [other.db, 'PRAGMA wal_checkpoint(TRUNCATE)']);
	fs.writeFileSync(other.conf, fs.readFileSync(other.conf, 'utf8')
	    .replace(other.db, db));
	fs.mkdirSync(small);
	await must('mount', ['-t', 'tmpfs', '-o', 'size=500k', 'tmpfs', small]);
	try {
		fs.copyFileSync(other.db, db);
		const was = await dumpOf(db);
		const all = fs.readdirSync(small);
		const r = await tool(other, ['restore', file]);
		assert.equal(r.code, 75, r.stderr);
		assert.equal(await dumpOf(db), was);
		assert.deepEqual(fs.readdirSync(small).filter((f) =>
		    !/-(wal|shm)$/.test(f)), all);
		for (const f of fs.readdirSync(small))
			fs.unlinkSync(path.join(small, f));
		fs.writeFileSync(path.join(small, 'filler'), Buffer.alloc(400000));
		fs.writeFileSync(to, 'the last one');
		assert.equal((await tool(s, ['backup', to])).code, 75);
		assert.equal(fs.readFileSync(to, 'utf8'), 'the last one');
		assert.deepEqual(fs.readdirSync(small).sort(), ['b', 'filler']);
	} finally {
		await must('umount', [small]);
	}
});

test('busy: 75, and all as before', async () => {
	const file = await backup(), other = elsewhere();
	const a = await newAccount(s);
	const id = await accountId(s, a.address);
	const mail = path.join(s.dir, 'mail', id);

	await deliver(s, a.address);
	await mustTool(s, ['account', 'delete', a.address]);
	await mustTool(other, ['init']);
	await must('sqlite3', [other.db, 'PRAGMA journal_mode = DELETE']);
	const locks = [await hold(s.db), await hold(other.db, 'EXCLUSIVE')];
	try {
		await unchanged(s, async () => {
			// Whoever writes keeps no backup waiting.
			const free = backup();
			const all = await Promise.all([
				tool(s, ['restore', file]),
				tool(s, ['sweep', '--older-than', '0']),
				tool(other, ['backup', fresh('never')])]);
			for (const r of all) {
				assert.equal(r.code, 75, r.stderr);
				assert.match(r.stderr, /locked|busy/);
			}
			await free;
		});
	} finally {
		for (const lock of locks)
			await lock.release();
	}
	assert.ok(fs.existsSync(path.join(mail, 'Maildir')));
	assert.deepEqual(besides(s.db), []);
});

// As the timer runs it.
const sweep = (...args) => run('setpriv', ['--reuid', 'vmail', '--regid',
	'vmail', '--groups', 'maildb,fumibako', program, '-c', s.conf, 'sweep',
	...args]);

test('sweep, as vmail: a week after the account', async () => {
	const [a, b] = [await newAccount(s), await newAccount(s)];
	const id = await accountId(s, a.address);
	const mail = path.join(s.dir, 'mail', id);
	const mark = path.join(mail, '.fumibako-gone');
	const find = async (...args) => JSON.parse((await sweep('--json', ...args))
	    .stdout).find((x) => x.id === Number(id));

	await deliver(s, [a.address, b.address]);
	assert.equal(await find(), undefined);
	const copy = await backup();
	await mustTool(s, ['account', 'delete', a.address]);
	assert.equal((await find('--dry-run')).what, 'kept');
	assert.ok(!fs.existsSync(mark));
	const kept = await find();
	assert.deepEqual([kept.address, kept.what], [a.address, 'kept']);
	assert.ok(kept.bytes > 0 && Math.abs(kept.since - Date.now() / 1000) < 60);

	// It was a mistake: with the account its mail is there again.
	await mustTool(s, ['restore', copy]);
	assert.equal(await find(), undefined);
	assert.ok(!fs.existsSync(mark));
	assert.equal((await popMessages(s, a.address, a.password)).length, 1);

	await mustTool(s, ['account', 'delete', a.address]);
	await find();
	const old = Date.now() / 1000 - 7 * DAY - 60;
	fs.utimesSync(mark, old, old);
	// Deleted just now, it has its week whatever the mark says.
	assert.equal((await find('--dry-run')).what, 'kept');
	await must('sqlite3', ['-cmd', '.timeout 20000', '-cmd',
	    '.dbconfig enable_trigger off', s.db, `UPDATE history
	    SET at = ${Math.floor(old)} WHERE account_id = ${id}`]);
	assert.equal((await find('--dry-run')).what, 'due');
	const r = await sweep();
	assert.equal(r.code, 0, r.stderr);
	assert.match(r.stdout, new RegExp(`^${id}\t${a.address}\tremoved\t` +
	    '\\d{4}-\\d\\d-\\d\\d\t\\d+$', 'm'));
	assert.ok(!fs.existsSync(mail));
	// Nobody else has lost anything; root may do it, too.
	await mustTool(s, ['sweep']);
	assert.equal((await popMessages(s, b.address, b.password)).length, 1);
	assert.equal(await row(s, b.address, 'count(*)'), '1');
});

// The last one: fumibako-lists has the file that is gone.
test('the database is lost: restored, and opened anew', async () => {
	const a = await newAccount(s);
	const file = await backup(), password = goodPassword();

	for (const end of ['', '-wal', '-shm'])
		fs.unlinkSync(`${s.db}${end}`);
	const r = await mustTool(s, ['restore', file]);
	assert.match(r.stderr, /postfix reload; doveadm reload;.*workers/);
	await must('postfix', ['-c', path.join(s.dir, 'postfix/etc'), 'reload']);
	await must('doveadm', ['-c', path.join(s.dir, 'dovecot/dovecot.conf'),
		'reload']);
	await newWorkers(s);
	await deliver(s, a.address);
	assert.equal((await popMessages(s, a.address, a.password)).length, 1);
	await setPassword(s, a.address, password);
	await new Browser(s).login(a.address, password);
	assert.ok(await popAccepts(s, a.address, password));
	const st = fs.statSync(s.db), owner = fs.statSync(path.dirname(s.db));
	assert.deepEqual([st.mode & 0o7777, st.uid, st.gid],
	    [0o660, owner.uid, owner.gid]);
});
