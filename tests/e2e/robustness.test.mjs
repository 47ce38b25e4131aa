// What must hold when things go wrong: secrets stay out of every file, mail
// goes on without the web, clients that vanish and workers that are stopped
// leave nothing half done.

import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { everyFile, startStack, stopSound, newWorkers, stopWeb, startWeb, isAlive }
	from './lib/stack.mjs';
import { Browser } from './lib/http.mjs';
import { popAccepts, popMessages } from './lib/pop3.mjs';
import { smtp } from './lib/smtp.mjs';
import { deliver } from './lib/mail.mjs';
import { newAccount, goodPassword, mustTool, tool } from './lib/tool.mjs';
import { row, sql, dump, unchanged, hold } from './lib/db.mjs';
import { run, must } from './lib/run.mjs';
import { pause, until } from './lib/until.mjs';

let s;
// Started in another time zone than the one that is shown (C130).
before(async () => { s = await startStack('robust', { TZ: 'Europe/Berlin' }); });
after(() => stopSound(s));

const open = async (a, opt) =>
    new Browser(s, opt).login(a.address, a.password);
const both = (p) => ({ new_password: p, new_password_again: p });

// Changes settings of the instance (and back, by what it returns).
async function configure(changes) {
	const old = fs.readFileSync(s.conf, 'utf8');
	let text = old;

	// A later line of an HDF file overrides an earlier one.
	for (const [k, v] of Object.entries(changes))
		text += `\n${k} = ${v}\n`;
	fs.writeFileSync(s.conf, text);
	await newWorkers(s);
	return async () => {
		fs.writeFileSync(s.conf, old);
		await newWorkers(s);
	};
}

test('C27 a password is in no log, page, URL or database', async () => {
	const marker = 'ZZmarker#9917aB';
	const bytes = Buffer.from(marker);
	const a = await newAccount(s);
	const pages = [];
	const b = new Browser(s);
	const keep = async (r) => {
		const got = await r;
		pages.push(got.body, JSON.stringify(got.headers));
		return got;
	};
	const said = [];
	const keepTool = async (r) => {
		const got = await r;
		said.push(got.stdout, got.stderr);
	};

	// Wrong log-ins, also with the fields mixed up and a broken body.
	assert.equal((await keep(b.tryLogin(a.address, marker))).status, 401);
	await keep(b.submit('/login', { account: a.local, domain: a.domain,
		password: `${marker} and more` }));
	await keep(b.post('/login', `password=${encodeURIComponent(marker)}&%zz`));
	await keep(b.post('/login', { password: marker }));
	await keep(b.post('/nothing', { password: marker }));
	await keep(b.post('/login', `password=${encodeURIComponent(marker)}` +
	    `&account=${'a'.repeat(70000)}`));
	await keep(b.post('/login', `password=${encodeURIComponent(marker)}` +
	    `&account=${'a'.repeat(40000)}`));
	await s.calm();
	await b.login(a.address, a.password);
	// Changes that are refused.
	await keep(b.submit('/account', { new_password: marker }));
	await keep(b.submit('/account', { ...both(marker), real_name: '山田' }));
	await keep(b.submit('/account', { ...both(`${marker}é`) }));
	await keep(b.submit('/account', { ...both(marker), routing: 'forward',
		forward_to: 'bob', current_password: marker }));
	await keep(b.submit('/account', { ...both(marker), csrf: 'no' }));
	await keep(b.submit('/account', { ...both(marker), version: 'abc' }));
	// Conflict, busy.
	const stale = (await b.account()).form('/account');
	await b.save({ real_name: 'Newer' });
	assert.equal((await keep(b.post('/account', { ...stale, ...both(marker),
		real_name: 'Stale' }))).status, 409);
	const lock = await hold(s.db);
	assert.equal((await keep(b.submit('/account', both(marker)))).status, 503);
	await lock.release();
	// On the command line: too weak for `short`, good for the last.
	await keepTool(tool(s, ['account', 'passwd', a.address, '--stdin'],
	    { input: `${marker.slice(0, -1)}é\n` }));
	await keepTool(tool(s, ['account', 'add', a.address, '--stdin'],
	    { input: `${marker}\n` }));
	await keepTool(tool(s, ['account', 'passwd', 'none@dentsu.example',
		'--stdin'], { input: `${marker}\n` }));
	await keepTool(tool(s, ['account', 'passwd', a.address, '--stdin'],
	    { input: `${marker}\n` }));
	// And one that is taken.
	const c = await new Browser(s).login(a.address, marker);
	await keep(c.get('/account'));
	await keep(c.get('/account/log'));
	assert.ok(await popAccepts(s, a.address, marker));
	assert.equal(await popAccepts(s, a.address, `${marker}x`), false);
	await keepTool(tool(s, ['account', 'show', a.address, '--json']));

	for (const t of [...pages, ...said]) {
		assert.ok(!t.includes(marker), t.slice(0, 300));
		assert.ok(!t.includes(encodeURIComponent(marker)));
		assert.ok(!/\$y\$j/.test(t), 'a hash is shown');
	}
	assert.ok(!(await dump(s)).includes(marker));
	const encoded = Buffer.from(encodeURIComponent(marker));
	for (const f of everyFile(s.dir)) {
		const text = fs.readFileSync(f);
		assert.ok(!text.includes(bytes) && !text.includes(encoded), f);
	}
	const j = await run('sh', ['-c', `grep -rlF '${marker}' /var/log ` +
	    '2>/dev/null']);
	assert.equal(j.stdout, '');
	await s.calm();
});

test('the log has one line a request, with no query and no cookie', async () => {
	const a = await newAccount(s);
	const b = await open(a);
	const mark = `mark${Date.now()}`;

	await b.get(`/account?${mark}=1`);
	await b.get(`/login?account=${mark}`);
	await b.get('/account/settings');
	await until('the log has the request', () =>
	    s.logs().includes('/account/settings'));
	const logs = s.logs();
	assert.ok(!logs.includes(mark), 'a query string is in a log');
	for (const [name, value] of b.cookies)
		if (name !== '__Host-lang')
			assert.ok(!logs.includes(value), `${name} is in a log`);
});

// Look-ups as the daemons' own users, in new processes and in the daemons.
async function lookupsWork(a, what) {
	assert.ok((await mapFinds(a, s.dir)).length > 0, what);
	const auth = await run('doveadm', ['-c',
		path.join(s.dir, 'dovecot/dovecot.conf'), 'user', a.address]);
	assert.equal(auth.code, 0, `${what}: ${auth.stderr}`);
	const tok = await deliver(s, a.address);
	const got = await popMessages(s, a.address, a.password);
	assert.ok(got.some((m) => m.text.includes(tok)), what);
}

// Asks the mailbox map of Postfix, as Postfix, in a process of its own;
// `from` is the directory whose db/users.db is read.
async function mapFinds(a, from) {
	const etc = path.join(s.dir, 'postfix/etc');
	const map = path.join(etc, 'mailbox_maps.test.cf');

	fs.writeFileSync(map, fs.readFileSync(path.join(etc, 'mailbox_maps.cf'),
	    'utf8').replaceAll(path.join(s.dir, 'db'), path.join(from, 'db')));
	// Of a file that is seconds old, Postfix waits for the end.
	fs.utimesSync(map, 0, 0);
	const r = await run('setpriv', ['--reuid', 'postfix', '--regid',
		'postfix', '--init-groups', 'postmap', '-c', etc, '-q', a.address,
		`sqlite:${map}`]);
	fs.unlinkSync(map);
	assert.equal(r.code, 0, `postmap: ${r.code} ${r.stderr}`);
	return r.stdout.trim();
}

test('C108 mail goes on in every state of the web', async () => {
	const a = await newAccount(s);

	await lookupsWork(a, 'web runs');
	for (const signal of ['SIGTERM', 'SIGKILL']) {
		await stopWeb(s, signal);
		const r = await new Browser(s).get('/login');
		assert.equal(r.status, 503, 'nginx without workers');
		assert.match(r.headers['retry-after'], /^\d+$/);
		assert.match(r.page.lang, /^(ja|en)$/);
		await lookupsWork(a, `after ${signal}`);
		// Also right after a writer that opened and closed the file.
		await mustTool(s, ['account', 'set', a.address, '--quota-mb', '500']);
		await lookupsWork(a, `after ${signal} and the tool`);
		await startWeb(s);
		await lookupsWork(a, `started after ${signal}`);
		await open(a);
	}
	for (const f of fs.readdirSync(path.dirname(s.db))) {
		const st = fs.statSync(path.join(path.dirname(s.db), f));
		assert.equal(st.mode & 0o777, 0o660, f);
	}
	assert.equal(fs.statSync(path.dirname(s.db)).mode & 0o7777, 0o2770);
});

test('C108 a copy of the file alone is readable by the daemons', async () => {
	const a = await newAccount(s);
	const dir = path.join(s.dir, 'restored');

	// As a restore leaves it: no -wal, no -shm, owner and modes as shipped.
	fs.mkdirSync(path.join(dir, 'db'), { recursive: true });
	await must('sqlite3', [s.db, `VACUUM INTO '${dir}/db/users.db'`]);
	await must('sqlite3', [`${dir}/db/users.db`, 'PRAGMA journal_mode = WAL']);
	await must('chown', ['-R', 'fumibako:maildb', `${dir}/db`]);
	await must('chmod', ['2770', `${dir}/db`]);
	await must('chmod', ['0660', `${dir}/db/users.db`]);
	assert.deepEqual(fs.readdirSync(`${dir}/db`), ['users.db']);
	assert.ok((await mapFinds(a, dir)).length > 0);
	assert.ok((await mapFinds(a, dir)).length > 0, 'and once more');
});

test('C108 the user database has WAL, and is closed to others', async () => {
	assert.deepEqual(await sql(s.db, 'PRAGMA journal_mode'), ['wal']);
	const r = await run('setpriv', ['--reuid', 'nobody', '--regid', 'nogroup',
		'--clear-groups', 'cat', s.db]);
	assert.notEqual(r.code, 0, 'nobody can read the hashes');
	for (const f of [s.conf, s.webDb]) {
		const st = fs.statSync(f);
		assert.equal(st.mode & 0o007, 0, f);
	}
});

test('C112 the same save twice within moments', async () => {
	const a = await newAccount(s);
	const b = await open(a);
	const form = (await b.account()).form('/account');
	const version = Number(await row(s, a.address, 'version'));
	const change = { ...form, real_name: 'Twice', routing: 'forward',
		forward_to: 'twice@outside.example' };
	const r = await Promise.all([b.post('/account', change),
		b.post('/account', change)]);

	for (const x of r)
		assert.ok([303, 409].includes(x.status), x.status);
	assert.ok(r.some((x) => x.status === 303));
	assert.equal(await row(s, a.address, 'real_name, version'),
	    `Twice|${version + 1}`);
	assert.deepEqual(await sql(s.db, `SELECT count(*) FROM history
	    WHERE subject = '${a.address}' AND what = 'routing'`), ['1']);
	// The success page came by redirect: a reload changes nothing.
	await unchanged(s, async () => {
		for (let i = 0; i < 3; i++)
			assert.equal((await b.get('/account?saved=1')).status, 200);
	});
	const again = await b.post('/account', change);
	assert.ok([303, 409].includes(again.status), again.status);
});

test('C112 the same password change twice', async () => {
	const a = await newAccount(s);
	const b = await open(a);
	const p = goodPassword();
	const change = { ...(await b.account()).form('/account'), ...both(p) };
	const r = await Promise.all([b.post('/account', change),
		b.post('/account', change)]);

	assert.ok(r.some((x) => x.status === 303));
	for (const x of r)
		assert.ok([303, 403, 409, 422].includes(x.status), x.status);
	assert.ok(await popAccepts(s, a.address, p));
	await new Browser(s).login(a.address, p);
	assert.deepEqual(await sql(s.db, `SELECT count(*) FROM history
	    WHERE subject = '${a.address}' AND what = 'password'
	    AND actor <> ''`), ['1']);
});

// One FastCGI record.
function record(type, content, { length = content.length, id = 1, version = 1,
    padding = 0 } = {}) {
	const h = Buffer.from([version, type, id >> 8, id & 255, length >> 8 & 255,
		length & 255, padding, 0]);

	return Buffer.concat([h, content, Buffer.alloc(padding)]);
}
const begin = record(1, Buffer.from([0, 1, 0, 0, 0, 0, 0, 0]));
const long = (n) => {
	const b = Buffer.alloc(4);

	b.writeUInt32BE((n | 0x80000000) >>> 0);
	return b;
};
const param = (k, v) => Buffer.concat([long(k.length), long(v.length),
	Buffer.from(k), Buffer.from(v)]);

// Writes to the socket; gives what comes back until the end or `ms`.
function toSocket(pool, chunks, ms = 1500) {
	return new Promise((done) => {
		const got = [];
		const c = net.connect(path.join(s.dir, `run/${pool}.sock`), () => {
			for (const x of chunks)
				c.write(x);
		});
		const end = () => {
			clearTimeout(timer);
			c.destroy();
			done(Buffer.concat(got));
		};
		const timer = setTimeout(end, ms);

		c.on('data', (d) => got.push(d));
		c.on('error', end);
		c.on('close', end);
	});
}

test('C122 raw FastCGI garbage', async () => {
	const huge = long(0x7fffffff);
	const cases = [
		[begin, record(4, Buffer.concat([huge, huge, Buffer.from('AB')]))],
		[begin, record(4, Buffer.concat([huge, long(1), Buffer.from('A')]))],
		[begin, record(4, Buffer.concat([long(1), huge, Buffer.from('A')]))],
		[begin, record(4, Buffer.concat([long(0xfffffff), long(0xfffffff)]))],
		[begin, record(4, Buffer.from([0x80])), record(4, Buffer.alloc(0))],
		[begin.subarray(0, 5)],
		[begin, record(4, Buffer.from('x'), { length: 500 })],
		[begin, record(77, Buffer.from('what'))],
		[record(9, Buffer.concat([param('FCGI_MAX_CONNS', '')]), { id: 0 })],
		[record(4, Buffer.alloc(0))],
		[record(5, Buffer.alloc(65535))],
		[begin, record(4, Buffer.alloc(65535, 1))],
		[record(1, Buffer.from([0, 9, 0, 0, 0, 0, 0, 0]))],
		[record(1, Buffer.from([0, 1]), { version: 9 })],
		[Buffer.alloc(4096, 0xff)], [Buffer.alloc(70000)],
		[Buffer.from('GET / HTTP/1.0\r\n\r\n')],
		[begin, ...Array.from({ length: 60 }, (_, i) => record(4,
		    Buffer.concat(Array.from({ length: 170 }, (__, j) =>
		    param(`P${i}_${j}`, 'x'.repeat(20)))))),
		record(4, Buffer.alloc(0)), record(5, Buffer.alloc(0))],
		[begin, record(4, Buffer.concat([param('REQUEST_METHOD', 'POST'),
			param('REQUEST_URI', '/login'),
			param('REMOTE_ADDR', '127.0.0.1'), param('HTTPS', 'on'),
			param('CONTENT_LENGTH', '99999999999999999999')])),
		record(4, Buffer.alloc(0)), record(5, Buffer.from('a=b')),
		record(5, Buffer.alloc(0))],
		[begin, record(4, Buffer.concat([param('REQUEST_METHOD', 'POST'),
			param('REQUEST_URI', '/login'),
			param('REMOTE_ADDR', '127.0.0.1'), param('HTTPS', 'on'),
			param('CONTENT_TYPE', 'application/x-www-form-urlencoded'),
			param('CONTENT_LENGTH', '5000')])),
		record(4, Buffer.alloc(0)), record(5, Buffer.from('account=short')),
		record(5, Buffer.alloc(0))],
		[begin, record(4, Buffer.concat([param('REQUEST_METHOD', 'GET')])),
		record(4, Buffer.alloc(0)), record(5, Buffer.alloc(0))],
		[begin, record(4, Buffer.concat([param('REQUEST_METHOD', 'GET'),
			param('REQUEST_URI', '/login'),
			param('REMOTE_ADDR', 'not-an-address')])),
		record(4, Buffer.alloc(0)), record(5, Buffer.alloc(0))],
		[begin, record(4, Buffer.concat([param('REQUEST_METHOD', ''),
			param('REQUEST_URI', ''), param('CONTENT_LENGTH', '-5')])),
		record(4, Buffer.alloc(0)), record(5, Buffer.alloc(0))]
	];

	await unchanged(s, async () => {
		for (const pool of ['pages', 'login'])
			for (let i = 0; i < cases.length; i += 4)
				await Promise.all(cases.slice(i, i + 4)
				    .map((c) => toSocket(pool, c)));
	});
	const b = new Browser(s);
	for (let i = 0; i < 30; i++)
		assert.equal((await b.get('/login')).status, 200);
	assert.equal((await b.tryLogin('hanako@dentsu.example', 'x')).status, 401);
	await until('all workers are there', () => s.workers().length >= 8);
	assert.ok(!/AddressSanitizer|runtime error:/.test(s.logs()));
	const v = await run('dpkg-query', ['-W', '-f', '${Version}', 'libfcgi0ldbl']);
	const ok = await run('dpkg', ['--compare-versions', v.stdout, 'ge',
		'2.4.2-2+deb12u1']);
	assert.equal(ok.code, 0, `libfcgi ${v.stdout}`);
	await s.calm();
});

const descriptors = () => Object.fromEntries(s.workers().map((pid) =>
    [pid, fs.readdirSync(`/proc/${pid}/fd`).length]));

// A TLS connection to nginx that is left open.
function connect() {
	return new Promise((done, fail) => {
		const c = tls.connect({ host: '127.0.0.1',
			port: new URL(s.url).port, servername: 'localhost', ca: s.ca },
		    () => done(c));
		c.on('error', (err) => fail(err));
	});
}

test('C124 uploads that are broken off, slow clients, idle connections',
    async () => {
	const a = await newAccount(s);
	const b = await open(a);
	const head = `POST /account HTTP/1.1\r\nHost: ${new URL(s.url).host}\r\n` +
	    'Content-Type: application/x-www-form-urlencoded\r\n' +
	    'Content-Length: 50000\r\n\r\n';

	for (let i = 0; i < 20; i++)
		await b.get('/account');
	const before = descriptors();
	const old = await dump(s);
	for (let i = 0; i < 500; i += 25)
		await Promise.all(Array.from({ length: 25 }, async () => {
			const c = await connect();
			await new Promise((done) => c.write(head +
			    `csrf=x&real_name=${'a'.repeat(20000)}`, done));
			c.destroy();
		}));
	// Answers that nobody waits for.
	await Promise.all(Array.from({ length: 40 }, async () => {
		const c = await connect();
		c.write(`GET /account HTTP/1.1\r\nHost: ${new URL(s.url).host}\r\n` +
		    `Cookie: __Host-session=${b.cookies.get('__Host-session')}` +
		    '\r\n\r\n', () => c.destroy());
	}));
	const slow = await Promise.all(Array.from({ length: 50 }, async () => {
		const c = await connect();
		c.write(head);
		const timer = setInterval(() => c.write('a'), 300);
		c.on('close', () => clearInterval(timer));
		return c;
	}));
	const idle = await Promise.all(Array.from({ length: 200 }, connect));
	for (let i = 0; i < 20; i++) {
		const r = await b.get('/account');
		assert.equal(r.status, 200);
		assert.ok(r.ms < 2000, `${r.ms} ms among slow clients`);
	}
	for (const c of [...slow, ...idle])
		c.destroy();
	await until('descriptors are as before', () => {
		const now = descriptors();
		return Object.entries(before).every(([pid, n]) =>
		    now[pid] === undefined || now[pid] <= n + 1);
	});
	assert.equal(Object.keys(descriptors()).length, 8);
	assert.equal(await dump(s), old);
	// No transaction is open: a writer gets in at once.
	await b.save({ real_name: 'Still Writable' });
});

test('C124 SIGTERM finishes the request in hand', async () => {
	const a = await newAccount(s);
	const b = await open(a);
	const form = (await b.account()).form('/account');
	const old = s.workers();
	const lock = await hold(s.db);
	let answer;
	const save = b.post('/account', { ...form, real_name: 'In Hand' })
	    .then((r) => answer = r);

	await pause(700);	// the save waits for the lock
	assert.equal(answer, undefined);
	for (const pid of old)
		process.kill(pid, 'SIGTERM');
	await until('the idle ones have gone', () =>
	    old.filter(isAlive).length <= 1);
	assert.equal(answer, undefined);
	await lock.release();
	await save;
	assert.equal(answer.status, 303);
	assert.equal(await row(s, a.address, 'real_name'), 'In Hand');
	await until('all are new', () => !old.some(isAlive) &&
	    s.workers().length >= old.length);
	assert.equal((await b.get('/account')).status, 200);
});

test('a worker that is killed leaves nothing half done', async () => {
	const a = await newAccount(s);
	const b = await open(a);
	const form = (await b.account()).form('/account');
	const lock = await hold(s.db);
	const save = b.post('/account', { ...form, real_name: 'Half',
		routing: 'forward', forward_to: 'half@outside.example' });

	await pause(500);
	const old = s.workers();
	for (const pid of old)
		process.kill(pid, 'SIGKILL');
	const r = await save;
	assert.equal(r.status, 503);
	assert.match(r.headers['retry-after'], /^\d+$/);
	await lock.release();
	await until('workers are back', () => s.workers().length >= old.length &&
	    !old.some(isAlive));
	assert.equal(await row(s, a.address, 'real_name, routing'), '|mailbox');
	await b.save({ real_name: 'Whole' });
});

test('a flood of log-ins leaves the pages quick', async () => {
	const a = await newAccount(s);
	const b = await open(a);
	const pool = s.workers('login');

	// The whole log-in pool is busy for as long as we like.
	assert.ok(pool.length >= 1);
	for (const pid of pool)
		process.kill(pid, 'SIGSTOP');
	const waiting = new Browser(s);
	const { page } = await waiting.get('/login');
	let login;
	try {
		login = waiting.post('/login', { ...page.form('/login'),
			account: a.local, domain: a.domain, password: a.password });
		for (let i = 0; i < 10; i++) {
			for (const p of ['/account', '/account/settings', '/login']) {
				const r = await b.get(p);
				assert.ok([200, 303].includes(r.status));
				assert.ok(r.ms < 1000, `${p}: ${r.ms} ms`);
			}
		}
	} finally {
		for (const pid of pool)
			process.kill(pid, 'SIGCONT');
	}
	assert.equal((await login).status, 303);
});

test('a worker leaves on its own after its requests', async () => {
	const back = await configure({ 'Worker.MaxRequests': 5 });

	try {
		const old = s.workers('pages');
		const b = new Browser(s);
		for (let i = 0; i < 60; i++)
			assert.equal((await b.get('/login')).status, 200, `request ${i}`);
		await until('others have come', () => s.workers('pages').length >= 6);
		assert.ok(old.filter(isAlive).length < old.length);
	} finally {
		await back();
	}
});

test('C130 times are UTC in the database and one named zone on the page',
    async () => {
	const a = await newAccount(s);
	const b = await open(a);
	const from = Math.floor(Date.now() / 1000);

	await b.save({ real_name: 'Clock' });
	const [at] = await sql(s.db, `SELECT at FROM history WHERE
	    subject = '${a.address}' AND what = 'real_name'`);
	assert.ok(Number(at) >= from && Number(at) <= from + 60, 'epoch seconds');

	// Winter and summer of a zone that has both.
	const [id] = await sql(s.db, `SELECT id FROM address
	    WHERE local_part = '${a.local}'`);
	const winter = Date.UTC(2026, 0, 15, 22, 34, 0) / 1000;
	const summer = Date.UTC(2026, 6, 15, 22, 34, 0) / 1000;
	for (const [when, name] of [[winter, 'Winter'], [summer, 'Summer']])
		await sql(s.db, `INSERT INTO history (at, actor, origin, request_id,
		    domain, account_id, subject, what, old_value, new_value)
		    VALUES (${when}, '${a.address}', '127.0.0.1', 'r',
		    '${a.domain}', ${id}, '${a.address}', 'real_name', 'x', '${name}')`);
	const clock = (epoch, timeZone) => {
		const p = Object.fromEntries(new Intl.DateTimeFormat('en-GB',
		    { timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit',
			day: '2-digit', hour: '2-digit', minute: '2-digit' })
		    .formatToParts(new Date(epoch * 1000))
		    .map((x) => [x.type, x.value]));
		return p;
	};
	const shows = async (zone, names) => {
		for (const lang of ['en', 'ja']) {
			const x = new Browser(s, { lang });
			x.cookies = b.cookies;
			x.cookies.delete('__Host-lang');
			const { words } = (await x.get('/account/log')).page;
			assert.ok(names.some((n) => words.includes(n)),
			    `${zone} is named: ${words.slice(0, 300)}`);
			for (const when of [Number(at), winter, summer]) {
				const c = clock(when, zone);
				assert.ok(words.includes(`${c.hour}:${c.minute}`),
				    `${zone} ${c.hour}:${c.minute} in ${words}`);
				assert.ok(new RegExp(`${c.year}\\D{1,3}${c.month}` +
				    `\\D{1,3}${c.day}\\D`).test(words),
				    `${c.year}-${c.month}-${c.day} in ${words}`);
			}
		}
	};
	await shows('Asia/Tokyo', ['Asia/Tokyo', 'JST', '日本']);
	const back = await configure({ 'Display.TimeZone': 'Europe/Berlin' });
	try {
		await shows('Europe/Berlin', ['Europe/Berlin', 'CET', 'CEST']);
	} finally {
		await back();
	}
});

test('the workers bear many clients at once', async () => {
	const a = await newAccount(s);
	const b = await open(a);
	const r = await Promise.all(Array.from({ length: 120 }, (_, i) => i % 3 ?
	    b.get('/account') : b.get('/login')));

	for (const x of r)
		assert.ok([200, 303].includes(x.status), x.status);
});

test('mail for an unknown or foreign address is refused at RCPT', async () => {
	const r = await smtp(s, ['nobody@dentsu.example', 'x@elsewhere.test',
		"x'or'1'='1@dentsu.example"]);

	assert.equal(r.rcpt['nobody@dentsu.example'].code, 550);
	assert.ok(r.rcpt['x@elsewhere.test'].code >= 500);
	assert.ok(r.rcpt["x'or'1'='1@dentsu.example"].code >= 500);
});
