// What the operator sees of the workers: lines of the log, fail2ban on them,
// and /metrics.

import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { everyFile, startStack, newWorkers, isAlive, root } from
    './lib/stack.mjs';
import { Browser } from './lib/http.mjs';
import { admin, sendFile, DENTSU, KAGAKU } from './lib/admin.mjs';
import { newAccount, goodPassword, mustTool } from './lib/tool.mjs';
import { popAccepts } from './lib/pop3.mjs';
import { sql, hold } from './lib/db.mjs';
import { run, must } from './lib/run.mjs';
import { until } from './lib/until.mjs';

// Typed as a password or a name, searched for, sent as a header: in no file at
// the end.  Paths and browsers' names are in nginx's log, and in no other.
const MARK = 'ZZmarker8841';
const PATH = 'ZZpath8841';
let s;

before(async () => { s = await startStack('observe'); });
after(() => s?.stop());

// -- reading the log --

const log = () => fs.readFileSync(path.join(s.dir, 'log/fumibako.log'), 'utf8');
const value = '(?:[!#-<>-[\\]^-~]+|"(?:[ -!#-[\\]-~]|\\\\["\\\\]|' +
    '\\\\x[0-9a-f]{2})*")';
const one = new RegExp(`([a-z_]+)=(${value})`, 'g');
const form = new RegExp(`^event=[a-z_]+(?: [a-z_]+=${value})+$`);

// [{ event, request, client, ... }], and the order of the keys.
function events(text) {
	return text.split('\n').filter((l) => l.startsWith('event=')).map((l) => {
		assert.match(l, form);
		assert.ok(l.length < 4096);
		return Object.fromEntries([...l.matchAll(one)].map((m) => m.slice(1)));
	});
}

// The security events of what is done, without those of the way to it.
async function told(what, { all = false } = {}) {
	const from = log().length;

	await what();
	// A request's own line is its last.
	return until('each request is logged', () => {
		const list = events(log().slice(from));
		const done = new Set(list.filter((e) => e.event === 'request')
		    .map((e) => e.request));

		assert.ok(list.every((e) => done.has(e.request)));
		return list.filter((e) => all || e.event !== 'request')
		    .map(({ request, ...rest }) => {
			assert.match(request, /^[0-9a-f]{14}$/);
			return Object.entries(rest).map((pair) => pair.join('='))
			    .join(' ');
		});
	});
}

// -- reading the metrics --

async function metrics(opt) {
	const r = await new Browser(s, opt).get('/metrics');

	assert.equal(r.status, 200);
	return numbers(r.body);
}

function numbers(body) {
	const all = new Map();

	for (const l of body.split('\n')) {
		const m = /^([a-z_]+(?:\{[^}]*\})?) (\S+)$/.exec(l);

		if (m === null) {
			assert.match(l, /^(# (HELP|TYPE) fumibako_[a-z_]+ .+)?$/);
			continue;
		}
		assert.ok(!all.has(m[1]), `${m[1]} stands there twice`);
		assert.match(m[2], /^\d+(\.\d+)?$/);
		all.set(m[1], Number(m[2]));
	}
	return (name) => all.get(`fumibako_${name}`) ?? 0;
}

// How much these have grown, by what is done.
async function grown(names, what) {
	const then = await metrics();

	await what();
	const now = await metrics();
	return names.map((n) => now(n) - then(n));
}

const requests = (method, route, code) =>
    `requests_total{method="${method}",route="${route}",code="${code}"}`;
const count = (method, route) =>
    `request_seconds_count{method="${method}",route="${route}"}`;
const logins = (result) => `logins_total{result="${result}"}`;

async function promtool(body) {
	const r = await run('promtool', ['check', 'metrics'], { input: body });

	assert.equal(r.code, 0, r.stderr);
	assert.equal(r.stdout + r.stderr, '');
}

// A request to a worker, as from an address that nobody here has.
async function from(client, uri) {
	const { stdout } = await must('cgi-fcgi', ['-bind', '-connect',
		path.join(s.dir, 'run/pages.sock')],
	    { env: { ...process.env, REQUEST_METHOD: 'GET', REQUEST_URI: uri,
		QUERY_STRING: '', REMOTE_ADDR: client } });

	return Number(/^Status: (\d+)/.exec(stdout)[1]);
}

test('metrics: nothing has happened yet', async () => {
	const r = await new Browser(s).get('/metrics');
	const n = numbers(r.body);

	assert.equal(r.headers['content-type'],
	    'text/plain; version=0.0.4; charset=utf-8');
	await promtool(r.body);
	for (const result of ['done', 'wrong', 'throttled', 'busy', 'failed',
		'off_campus'])
		assert.match(r.body, new RegExp(
		    `^fumibako_logins_total\\{result="${result}"\\} 0$`, 'm'));
	assert.equal(n('worker_starts_total'), 8);
	assert.equal(n('queue_seconds_count{pool="login"}'), 0);
	assert.equal(n('hash_seconds_count'), 0);
	// Each route has its histogram from the beginning.
	assert.equal(r.body.match(/^fumibako_request_seconds_count\{/gm).length,
	    fs.readFileSync(path.join(root, 'cgi/page/routes.c'), 'utf8')
	    .match(/^\t(GET|POST) ?\(/gm).length + 1);
	const st = fs.statSync(path.join(s.dir, 'run/workers/metrics'));
	assert.equal(st.mode & 0o777, 0o600);
});

test('metrics: for this host only, by GET only', async () => {
	for (const uri of ['/metrics', '/healthz']) {
		assert.equal(await from('127.0.0.1', uri), 200);
		assert.equal(await from('::1', uri), 200);
		for (const client of ['192.0.2.1', '10.0.0.1', '127.0.0.1.x', '::2',
			''])
			assert.equal(await from(client, uri), 404, client);
	}
	assert.equal((await new Browser(s).post('/metrics', {})).status, 405);
	assert.deepEqual(await told(() => from('192.0.2.1', '/metrics')), [
		'event=denied client=192.0.2.1 account=- method=GET route=/metrics']);
});

test('metrics: accounts, domains, lists by state', async () => {
	const d = 'counted.example';
	const gauges = ['accounts{routing="mailbox"}', 'accounts{routing="forward"}',
		'accounts{routing="discard"}', 'accounts_initial',
		'domains{state="enabled"}', 'domains{state="disabled"}', 'forwards',
		'lists', 'sessions'];
	const at = (l) => `${l}@${d}`;

	assert.deepEqual(await grown(gauges, async () => {
		await mustTool(s, ['domain', 'add', d, '--pop-host', 'post-9']);
		for (const local of ['a', 'b', 'c'])
			await newAccount(s, { local, domain: d,
				initial: local === 'a' });
		await mustTool(s, ['account', 'set', at('b'), '--routing',
			'forward', '--forward-to', at('c'), '--no-keep-copy']);
		await mustTool(s, ['account', 'set', at('c'), '--routing', 'discard']);
		await mustTool(s, ['forward', 'add', at('f'), at('a'), at('b')]);
		await mustTool(s, ['domain', 'set', d, '--disable']);
	}), [2, 1, 1, 2, 0, 1, 1, 0, 0]);
	assert.deepEqual(await grown(gauges, async () => {
		await admin(s);
		await mustTool(s, ['domain', 'delete', d, '--force']);
	}), [-2, -1, -1, -2, 0, -1, -1, 0, 1]);
});

test('metrics: exact over all workers of both pools', async () => {
	const a = await newAccount(s);
	const names = [
		requests('GET', '/account/settings', '2xx'),
		count('GET', '/account/settings'), count('GET', '/account'),
		requests('GET', '/admin/*/accounts', '4xx'),
		requests('-', '-', '4xx'), count('-', '-'),
		requests('POST', '/login', '3xx'), requests('POST', '/login', '4xx'),
		logins('done'), logins('wrong'), logins('throttled'),
		logins('off_campus'), 'queue_seconds_count{pool="login"}',
		'hash_seconds_count', 'hash_seconds_bucket{le="+Inf"}'];

	assert.deepEqual(await grown(names, async () => {
		const b = await new Browser(s).login(a.address, a.password);
		const form = (await new Browser(s).get('/login')).page.form('/login');

		await Promise.all([...Array(40).keys()].map((i) => i % 4 === 3 ?
		    b.get(`/admin/kagaku.example/accounts?q=${MARK}`) :
		    b.get('/account/settings')));
		await b.get(`/${PATH}/%22%7d%0a?${MARK}`);
		await b.request('PUT', '/account', {});
		await Promise.all([1, 2, 3].map(() => new Browser(s)
		    .login(a.address, a.password)));
		const c = new Browser(s, { from: '127.0.0.5' });
		for (let i = 0; i < 5; i++)
			assert.equal((await c.tryLogin(`none@${DENTSU}`, MARK)).status,
			    401);
		assert.equal((await c.tryLogin(`none@${DENTSU}`, MARK)).status, 429);
		assert.equal((await new Browser(s, { from: '127.0.0.9' })
		    .post('/login', { ...form, account: MARK, password: MARK })).status,
		    403);
	}), [30, 30, 0, 10, 2, 2, 4, 7, 4, 5, 1, 1, 11, 9, 9]);
	await s.calm();
});

test('metrics: a killed worker takes nothing with it', async () => {
	const before = await metrics();
	const old = s.workers();

	await newWorkers(s, 'SIGKILL');
	assert.ok(!old.some(isAlive));
	const now = await metrics();
	for (const n of [count('GET', '/account/settings'), logins('done'),
		logins('wrong'), 'hash_seconds_count', 'hash_seconds_sum'])
		assert.equal(now(n), before(n), n);
	assert.equal(now('worker_starts_total'),
	    before('worker_starts_total') + old.length);
	assert.deepEqual(await grown([count('GET', '/login')],
	    () => new Browser(s).get('/login')), [1]);
});

// How often workers have gone to sleep: one that waits for the database sleeps
// between two tries, an idle one only once.
const naps = () => s.workers().map((pid) => Number(
    /^voluntary_ctxt_switches:\s*(\d+)/m.exec(
    fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]))
    .reduce((a, b) => a + b);

test('metrics: waiting for the database', async () => {
	const a = await newAccount(s);
	const b = await new Browser(s).login(a.address, a.password);
	const names = ['database_wait_seconds_count', 'database_busy_total'];
	const cheap = (await must('openssl', ['passwd', '-6', '-stdin'],
	    { input: `${a.password}\n` })).stdout.trim();
	let lock;

	assert.deepEqual(await grown(names, async () => {
		const form = (await b.get('/account')).page.form('/account');

		lock = await hold(s.db);
		const idle = naps();
		const saved = b.post('/account', { ...form, real_name: 'Waits' });
		await until('a worker waits', () => naps() > idle + 20, { every: 5 });
		await lock.release();
		assert.equal((await saved).status, 303);
	}), [1, 0]);
	// An older hash would be made anew, but that is not waited for.
	await sql(s.db, `UPDATE account SET password_hash = '${cheap}'
	    WHERE local_part = '${a.local}'`);
	lock = await hold(s.db);
	try {
		assert.deepEqual(await grown(names,
		    () => new Browser(s).login(a.address, a.password)), [0, 1]);
	} finally {
		await lock.release();
	}
});

test('log: logging in and out, and how sessions end', async () => {
	const a = await newAccount(s);
	const [b, c, d] = [1, 2, 3].map(() => new Browser(s));
	const next = goodPassword();
	const client = 'client=127.0.0.1';
	const boss = `postmaster@${DENTSU}`;

	assert.deepEqual(await told(() => b.login(a.address, a.password)),
	    [`event=login ${client} account=${a.address}`]);
	await c.login(a.address, a.password);
	await d.login(a.address, a.password);
	assert.deepEqual(await told(() => d.submit('/account',
	    {}).then(() => d.post('/logout', { csrf: '' }))), [
		`event=form_refused ${client} account=${a.address} why=token ` +
		'method=POST route=/logout']);
	const form = (await d.get('/account')).page.form('/logout');
	assert.deepEqual(await told(() => d.post('/logout', form)),
	    [`event=logout ${client} account=${a.address}`]);
	assert.deepEqual(await told(() => b.save({ new_password: next,
		new_password_again: next })), [
		`event=change ${client} what=password subject=${a.address} ` +
		`domain=${DENTSU} actor=${a.address}`,
		`event=session_over ${client} account=${a.address} why=password ` +
		'sessions=1']);
	assert.deepEqual(await told(() => c.get('/account')), []);
	const p = await admin(s);
	assert.deepEqual(await told(() => p.submit(
	    `/admin/${DENTSU}/accounts/${a.local}/reset`)), [
		`event=change ${client} what=initial_password subject=${a.address} ` +
		`domain=${DENTSU} actor=${boss}`]);
	assert.deepEqual(await told(() => b.get('/account')), [
		`event=session_over ${client} account=${a.address} why=password ` +
		'sessions=1']);
});

test('log: what is refused', async () => {
	const a = await newAccount(s);
	const b = await new Browser(s).login(a.address, a.password);
	const form = (await b.get('/account')).page.form('/account');
	const who = `client=127.0.0.1 account=${a.address}`;

	assert.deepEqual(await told(async () => {
		await b.post('/account', form, { headers: { 'Sec-Fetch-Site':
			'cross-site' } });
		await b.post('/account', form, { headers: {
			Origin: `https://${MARK}.example` } });
		await b.get(`/admin/${DENTSU}/accounts/${PATH}`);
		await b.get(`/admin/${PATH}.example`);
		await b.get('/site');
		await b.get('/account', { from: '127.0.0.9' });
	}), [
		`event=form_refused ${who} why=site method=POST route=/account`,
		`event=form_refused ${who} why=origin method=POST route=/account`,
		`event=denied ${who} method=GET route=/admin/*/accounts/*`,
		`event=denied ${who} method=GET route=/admin/*`,
		`event=denied ${who} method=GET route=/site`,
		'event=off_campus client=127.0.0.9 method=GET route=/account']);
});

test('log: rights, accounts and routes of mail', async () => {
	const a = await newAccount(s, { domain: KAGAKU });
	const site = await admin(s, 'site.example');
	const p = await admin(s, KAGAKU);
	const boss = `postmaster@${KAGAKU}`;
	const at = '/site/domains/kagaku.example';
	const change = (what, subject, actor, domain = KAGAKU) =>
	    `event=change client=127.0.0.1 what=${what} subject=${subject} ` +
	    `domain=${domain} actor=${actor}`;
	const by = 'postmaster@site.example';

	assert.deepEqual(await told(async () => {
		await site.submit(at, { administrators: `${boss} ${a.address}` });
		await site.submit(at, { administrators: boss });
	}), [change('admin_granted', a.address, by),
		change('admin_revoked', a.address, by)]);
	assert.deepEqual(await told(async () => {
		await p.submit(`/admin/${KAGAKU}/accounts/${a.local}`,
		    { routing: 'forward', forward_to: `yoko@${KAGAKU}`,
			real_name: MARK });
		await p.submit(`/admin/${KAGAKU}/forwards/new`, { name: 'office',
			targets: a.address });
		await p.submit(`/admin/${KAGAKU}/forwards/new`, { name: 'office',
			targets: a.address });
	}), [change('routing', a.address, boss),
		change('forward_to', a.address, boss),
		change('forward_added', `office@${KAGAKU}`, boss)]);
	// A file is one event, however many it brings; a bad one is none.
	const file = (rows) => sendFile(p, KAGAKU, 'apply',
	    `account,real_name,password\n${rows}`);
	assert.deepEqual(await told(async () => {
		await file(`new1,,${goodPassword()}\nnew2,,${goodPassword()}\n`);
		await file(`new3,,${MARK}\nnew 4,${MARK},\n`);
	}), [change('imported', KAGAKU, boss)]);
	// From the shell: in the history only.
	assert.equal((await mustTool(s, ['account', 'passwd', a.address])).stderr,
	    '');
});

test('log: a request has one line, and it is exact', async () => {
	const a = await newAccount(s);
	const b = await new Browser(s).login(a.address, a.password);
	const lines = await told(async () => {
		await b.get(`/account/log?before=${MARK}`);
		await b.get(`/%0aevent=login%20client=9?x=${MARK}`, { headers: {
			'User-Agent': PATH, 'X-Forwarded-For': '127.0.0.7',
			Referer: `https://x/?${MARK}` } });
	}, { all: true });

	assert.deepEqual(lines.map((l) => l.replace(/ms=\d+/g, 'ms=N')), [
		`event=request client=127.0.0.1 account=${a.address} method=GET ` +
		'route=/account/log status=200 ms=N wait_ms=N',
		'event=request client=127.0.0.1 account=- method=GET route=- ' +
		'status=400 ms=N wait_ms=N']);
});

// Addresses that a filter takes out of a log, a line each.
async function failures(file, filter) {
	const { stdout } = await must('fail2ban-regex', ['-o', 'ip', file, filter]);

	return stdout.split('\n').filter(Boolean);
}

test('fail2ban: the web', async () => {
	const a = await newAccount(s);
	const file = path.join(s.dir, 'seen.log');
	const from = log().length;
	const b = new Browser(s, { from: '127.0.0.4' });

	for (const account of [a.address, `x@${DENTSU}`, 'x client=127.0.0.7@x',
		`event=login_wrong client=127.0.0.7 account=y@${DENTSU}`])
		assert.equal((await b.tryLogin(account, MARK)).status, 401, account);
	await b.login(a.address, a.password);
	await b.get('/event=login_wrong%20client=127.0.0.7%20account=-');
	assert.equal((await new Browser(s, { from: '127.0.0.3' })
	    .tryLogin(a.address, 'wrong')).status, 401);
	await new Browser(s, { from: '127.0.0.9' }).get('/login');
	const c = new Browser(s, { from: '127.0.0.2' });
	for (let i = 0; i < 6; i++)
		await c.tryLogin(`z@${DENTSU}`, 'wrong');
	const text = log().slice(from);
	fs.writeFileSync(file, text);
	assert.ok(text.includes('event=login_throttled'));
	const want = ['4', '4', '4', '4', '3', '2', '2', '2', '2', '2']
	    .map((n) => `127.0.0.${n}`);
	const filter = path.join(root, 'etc/fail2ban/filter.d/fumibako.conf');
	assert.deepEqual(await failures(file, filter), want);
	// As the journal gives them, and what is no line of ours.
	fs.writeFileSync(file, text.replace(/^/gm, 'mx multiwatch[71]: ') +
	    'mx sshd[1]: x event=login_wrong request=1 client=127.0.0.7 account=-\n' +
	    'event=login_wrong request=1 client=127.0.0.7 account="a b"\n' +
	    'event=login_wrong request=1 client=2001:db8::7 account=-\n');
	assert.deepEqual(await failures(file, filter), [...want, '2001:db8::7']);
	fs.rmSync(file);
	await s.calm();
});

test('fail2ban: POP3s, with the filter of Debian', async () => {
	const a = await newAccount(s);
	const opt = (n) => ({ from: `127.0.0.${n}` });
	const file = path.join(s.dir, 'log/dovecot.log');
	const tries = [[`no-such@${DENTSU}`, 4], [a.address, 3],
		['x>, rip=127.0.0.7, lip=127.0.0.1', 2],
		['x>, rip=127.0.0.7, session=<x>', 2]];

	assert.ok(await popAccepts(s, a.address, a.password, opt(5)));
	assert.deepEqual(await Promise.all(tries.map(([user, n]) =>
	    popAccepts(s, user, 'wrong', opt(n)))), tries.map(() => false));
	await until('all are logged', () => fs.readFileSync(file, 'utf8')
	    .match(/auth failed/g)?.length === tries.length);
	// Whoever types such a name escapes the filter, but guesses nobody's
	// password by it; nobody else is named in his place.
	assert.deepEqual((await failures(file,
	    '/etc/fail2ban/filter.d/dovecot.conf')).sort(),
	['127.0.0.3', '127.0.0.4']);
});

test('fail2ban: the jails are taken', async () => {
	const dir = path.join(s.dir, 'fail2ban');

	fs.cpSync('/etc/fail2ban', dir, { recursive: true });
	fs.rmSync(path.join(dir, 'jail.d'), { recursive: true });
	fs.cpSync(path.join(root, 'etc/fail2ban'), dir, { recursive: true });
	await must('fail2ban-client', ['-c', dir, '-t']);
	const { stdout } = await must('fail2ban-client', ['-c', dir, '-d']);
	const max = (jail) => Number(
	    new RegExp(`'${jail}', 'maxretry', (\\d+)`).exec(stdout)[1]);
	assert.ok(max('fumibako') > 30, 'a ban comes before Throttle.Network');
	assert.ok(max('fumibako-pop3') > 0);
	fs.rmSync(dir, { recursive: true });
});

test('metrics: without a file the pages go on', async () => {
	const old = fs.readFileSync(s.conf, 'utf8');
	const from = log().length;

	// One process that cannot open it, as every worker.
	fs.writeFileSync(s.conf, `${old}\nMetrics.File = /proc/none/metrics\n`);
	await newWorkers(s);
	assert.equal((await new Browser(s).get('/metrics')).status, 404);
	assert.equal((await new Browser(s).get('/login')).status, 200);
	assert.match(log().slice(from),
	    /^event=metrics path=\/proc\/none\/metrics errno=2$/m);
	fs.writeFileSync(s.conf, `${old}\nMetrics.File =\n`);
	await newWorkers(s);
	assert.equal((await new Browser(s).get('/metrics')).status, 404);
	fs.writeFileSync(s.conf, old);
	await newWorkers(s);
	assert.ok((await metrics())(logins('done')) > 0);
});

test('C27 of all that was typed nothing is in a log or metric', async () => {
	const dirs = ['log', 'run', 'nginx', 'conf', 'web'];
	const files = dirs.flatMap((d) => [...everyFile(path.join(s.dir, d))]);

	await promtool((await new Browser(s).get('/metrics')).body);
	assert.ok(files.some((f) => f.endsWith('fumibako.log')));
	assert.ok(files.some((f) => f.endsWith('nginx-access.log')));
	for (const f of files) {
		assert.ok(!fs.readFileSync(f).includes(MARK), f);
		if (!f.endsWith('nginx-access.log'))
			assert.ok(!fs.readFileSync(f).includes(PATH), f);
	}
	// multiwatch(1) has a word of its own there when a worker is killed.
	const lists = fs.readFileSync(path.join(s.dir, 'log/lists.log'), 'utf8');
	for (const l of `${log()}${lists}`.split('\n'))
		assert.match(l, new RegExp(
		    `${form.source}|^Spawning child\\[\\d+\\] failed, next try$|^$`));
});
