// The package on a Debian 12 that runs nothing else: installed, configured,
// used, upgraded, removed, purged.  The tests go on from each other.
// tests/check-deb.sh starts this in the machine's network.

import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Browser } from '../e2e/lib/http.mjs';
import { popAccepts, popMessages } from '../e2e/lib/pop3.mjs';
import { smtp } from '../e2e/lib/smtp.mjs';
import { token } from '../e2e/lib/mail.mjs';
import { goodPassword } from '../e2e/lib/tool.mjs';
import { run, must } from '../e2e/lib/run.mjs';
import { until } from '../e2e/lib/until.mjs';

const machine = process.env.MACHINE;
const root = `/proc/${machine}/root`;
const tmp = fs.mkdtempSync(path.join(os.tmpdir(), 'deb-'));
const host = { url: 'https://localhost', popPort: 995, smtpPort: 25 };
const domain = 'dentsu.example', taro = `taro@${domain}`;
const units = ['fumibako-pages.socket', 'fumibako-pages.service',
	'fumibako-login.socket', 'fumibako-login.service',
	'fumibako-lists.service', 'fumibako-backup.timer',
	'fumibako-sweep.timer'];
const data = ['/var/lib/fumibako/db/users.db', '/var/lib/fumibako/mail',
	'/var/lib/fumibako/lists', '/etc/fumibako/fumibako.conf',
	'/etc/fumibako/values'];
let chosen = goodPassword(), failed = false;

const inside = (args) => ['-t', machine, '-a', '--', 'env', '-i',
	'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'DEBIAN_FRONTEND=noninteractive',
	...args];
const tryIt = (args, opt) => run('nsenter', inside(args), opt);
const doIt = async (args, opt) =>
    (await must('nsenter', inside(args), opt)).stdout;
const exists = (p) => fs.existsSync(root + p);
const write = (p, text) => fs.writeFileSync(root + p, text);
const state = async (unit) =>
    (await tryIt(['systemctl', 'is-active', unit])).stdout.trim();
const active = (unit) => until(`${unit} is active`, async () =>
    await state(unit) === 'active');
const mode = (p) => (fs.statSync(root + p).mode & 0o7777).toString(8);

// A test on a machine that an earlier one left half-way says nothing.
const step = (name, what, opt = {}) => test(name, opt, async (t) => {
	if (failed)
		return t.skip('an earlier step failed');
	failed = true;
	await what(t);
	failed = false;
});

before(async () => {
	await must('openssl', ['req', '-x509', '-newkey', 'ec', '-nodes',
		'-pkeyopt', 'ec_paramgen_curve:prime256v1', '-days', '90',
		'-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost',
		'-keyout', `${tmp}/key.pem`, '-out', `${tmp}/cert.pem`]);
	host.ca = fs.readFileSync(`${tmp}/cert.pem`);
});
after(async () => {
	if (failed)
		console.log((await tryIt(['journalctl', '--no-pager', '-n', '60',
			'-o', 'short'])).stdout);
	fs.rmSync(tmp, { recursive: true, force: true });
});

async function arrives(to, password, opt) {
	const tok = token();
	const r = await smtp(host, to, { subject: tok, ...opt });

	assert.equal(r.data?.code, 250, JSON.stringify(r));
	await until('the mail is there', async () =>
	    (await popMessages(host, to, password))
	    .some((m) => m.text.includes(tok)));
}

step('installed: users, directories, and nothing runs', async () => {
	for (const [dir, want] of [['db', '2770'], ['web', '700'],
	    ['stat', '2770'], ['mail', '700'], ['lists', '700']])
		assert.equal(mode(`/var/lib/fumibako/${dir}`), want, dir);
	assert.equal(mode('/var/backups/fumibako'), '710');
	assert.equal(mode('/run/fumibako/lists'), '2750');
	assert.match(await doIt(['id', 'mlmmj']), /maildb.*fumibako|fumibako.*maildb/);
	assert.equal((await doIt(['systemctl', 'is-enabled', 'fumibako.target']))
	    .trim(), 'enabled');
	for (const u of ['fumibako.target', ...units])
		assert.equal(await state(u), 'inactive', u);
	assert.equal(exists('/etc/fumibako/fumibako.conf'), false);
});

step('values that are not filled in change nothing', async () => {
	const before = fs.readFileSync(`${root}/etc/postfix/main.cf`, 'utf8');

	write('/etc/fumibako/values', await doIt(['fumibako-configure', 'values']));
	const r = await tryIt(['fumibako-configure', 'files',
		'/etc/fumibako/values']);
	assert.equal(r.code, 1);
	assert.match(r.stderr, /no value for: .*CAMPUS/);
	assert.equal(fs.readFileSync(`${root}/etc/postfix/main.cf`, 'utf8'),
	    before);
	assert.equal(exists('/etc/nginx/conf.d/fumibako.conf'), false);
});

step('configured as README says: everything runs', async () => {
	const given = {
		HOST: 'localhost', MAIL_HOST: 'mx.site.example',
		CONTACT: 'postmaster@site.example', CAMPUS: '127.0.0.0/29, ::1',
		TLS_CERT: '/etc/ssl/mail.pem', TLS_KEY: '/etc/ssl/private/mail.key',
		POP_SUFFIX: '.mail.example', SUBMISSION_HOST: 'mx-delivery.example'
	};
	const empty = fs.readFileSync(`${root}/etc/fumibako/values`, 'utf8');
	const was = fs.readFileSync(`${root}/etc/dovecot/dovecot.conf`, 'utf8');

	write('/etc/fumibako/values', `${empty.replace(/^([A-Z_]+)=$/gm,
	    (_, key) => `${key}=${given[key]}`)}HASH_COST=1\n`);
	fs.copyFileSync(`${tmp}/cert.pem`, `${root}/etc/ssl/mail.pem`);
	fs.mkdirSync(`${root}/etc/ssl/private`, { recursive: true });
	fs.copyFileSync(`${tmp}/key.pem`, `${root}/etc/ssl/private/mail.key`);
	assert.match(await doIt(['fumibako-configure', 'diff',
		'/etc/fumibako/values']), /^\+virtual_transport = lmtp/m);
	const done = await doIt(['fumibako-configure', 'files',
		'/etc/fumibako/values']);
	const kept = /is in (\S+)\.$/m.exec(done)[1];
	assert.equal(fs.readFileSync(
	    `${root}${kept}/etc/dovecot/dovecot.conf`, 'utf8'), was);
	assert.equal(mode('/etc/fumibako/fumibako.conf'), '640');

	await doIt(['fumibako', 'init']);
	await doIt(['nginx', '-q', '-t']);
	await doIt(['systemctl', 'restart', 'postfix', 'dovecot',
		'fumibako.target', 'nginx']);
	for (const u of units)
		await active(u);
	assert.equal(await doIt(['systemctl', '--failed', '--plain',
		'--no-legend']), '');
	// The very same again is no change.
	assert.equal(await doIt(['fumibako-configure', 'files',
		'/etc/fumibako/values']), '');
});

step('the main job: log in, set a password, POP3s with it, mail', async () => {
	const given = goodPassword();

	await doIt(['fumibako', 'domain', 'add', domain, '--pop-host', 'post-9']);
	await doIt(['fumibako', 'account', 'add', taro, '--stdin'],
	    { input: `${given}\n` });
	const b = await new Browser(host).login(taro, given);
	await b.save({ new_password: chosen, new_password_again: chosen });
	assert.equal(await popAccepts(host, taro, given), false);
	assert.equal(await popAccepts(host, taro, chosen), true);
	await arrives(taro, chosen);
	// What Dovecot notes and what it is asked for come back to the page.
	const page = await b.account();
	assert.match(page.words, /Messages 1 Oldest message 20/);
});

step('a forward leaves for outside, a list reaches its member', async () => {
	const tok = token();

	await doIt(['fumibako', 'account', 'set', taro, '--routing', 'forward',
		'--forward-to', 'friend@outside.example', '--keep-copy']);
	await arrives(taro, chosen, { text: tok });
	// There is no network: it waits.
	await until('it waits to be sent', async () => (await doIt(['postqueue',
		'-p'])).includes('friend@outside.example'));
	await doIt(['fumibako', 'account', 'set', taro, '--routing', 'mailbox']);

	await doIt(['fumibako', 'lists', 'add', `zemi@${domain}`, '--owner',
		`postmaster@${domain}`]);
	await doIt(['fumibako', 'lists', 'join', `zemi@${domain}`, taro]);
	const r = await smtp(host, `zemi@${domain}`, { sender: taro,
		subject: `zemi ${tok}` });
	assert.equal(r.data.code, 250);
	await until('the list has sent it', async () =>
	    (await popMessages(host, taro, chosen)).some((m) =>
	    m.text.includes(`zemi ${tok}`) && /^List-Id:/m.test(m.text)));
	assert.match((await new Browser(host).login(taro, chosen)
	    .then((b) => b.account())).words, /zemi@dentsu\.example/);
});

const net = (pid) => doIt(['readlink', `/proc/${pid}/ns/net`]);

step('the workers are shut in, stay alive, and log to the journal', async () => {
	for (const u of ['fumibako-pages', 'fumibako-login', 'fumibako-lists']) {
		const pids = (await doIt(['sh', '-c',
			`cat /sys/fs/cgroup/system.slice/${u}.service/cgroup.procs`]))
		    .trim().split('\n');
		for (const pid of pids) {
			const s = await doIt(['cat', `/proc/${pid}/status`]);
			assert.match(s, /^NoNewPrivs:\s+1$/m, u);
			assert.match(s, /^Seccomp:\s+2$/m, u);
			assert.match(s, /^CapBnd:\s+0+$/m, u);
			assert.doesNotMatch(s, /^Uid:\s+0\s/m, u);
			// mlmmj hands mail to Postfix; the others need no network.
			assert.equal(await net(pid) === await net(1),
			    u === 'fumibako-lists', u);
		}
		const p = await doIt(['systemctl', 'show', '-P', 'NRestarts', u]);
		assert.equal(p.trim(), '0', u);
	}
	const log = await doIt(['journalctl', '--no-pager', '-o', 'cat',
		'-u', 'fumibako-pages', '-u', 'fumibako-login']);
	assert.match(log, /event=request .*route=\/account/);
	assert.ok(!log.includes(chosen));
	assert.match(fs.readFileSync(
	    `${root}/var/log/nginx/fumibako-access.log`, 'utf8'), /POST \/login/);
	assert.match(fs.readFileSync(`${root}/etc/logrotate.d/nginx`, 'utf8'),
	    /^\/var\/log\/nginx\/\*\.log/m);
});

step('after a boot: what was in /run is there, and all starts', async () => {
	await doIt(['systemctl', 'stop', ...units, 'dovecot', 'nginx']);
	await doIt(['rm', '-rf', '/run/fumibako']);
	await doIt(['systemd-tmpfiles', '--create', '--boot', '--prefix', '/run']);
	await doIt(['systemctl', 'isolate', 'multi-user.target']);
	for (const u of units)
		await active(u);
	await arrives(taro, chosen);
	assert.match((await new Browser(host).login(taro, chosen)
	    .then((b) => b.account())).words, /Oldest message 20/);
});

step('fail2ban finds wrong passwords of both in the journal', async () => {
	const failures = async (jail) => Number(/Total failed:\s*(\d+)/.exec(
	    await doIt(['fail2ban-client', 'status', jail]))[1]);

	await doIt(['systemctl', 'restart', 'fail2ban']);
	await until('fail2ban answers', async () =>
	    (await tryIt(['fail2ban-client', 'status', 'fumibako-pop3'])).code === 0);
	const before = [await failures('fumibako'),
		await failures('fumibako-pop3')];
	// Not the machine's own address: that is never counted.
	const from = '127.0.0.5';
	const r = await new Browser(host, { from }).tryLogin(taro, 'not it');
	assert.equal(r.status, 401);
	assert.equal(await popAccepts(host, taro, 'not it', { from }), false);
	await until('both are counted', async () =>
	    await failures('fumibako') === before[0] + 1 &&
	    await failures('fumibako-pop3') === before[1] + 1);
	await doIt(['systemctl', 'stop', 'fail2ban']);
});

// As nobody but a test may: history is not rewritten.
const inUsers = (sql) => doIt(['sqlite3', '-cmd', '.dbconfig enable_trigger off',
	'/var/lib/fumibako/db/users.db', sql]);
step('the nightly jobs: a copy, and what deleted accounts left', async () => {
	const copies = '/var/backups/fumibako', mail = '/var/lib/fumibako/mail';
	const [last] = fs.readdirSync(root + mail).map(Number)
	    .sort((a, b) => b - a);

	await doIt(['touch', '-d', '20 days ago', `${copies}/users-2000-01-01.db`]);
	await doIt(['touch', '-d', '20 days ago', `${copies}/mine.db`]);
	await doIt(['systemctl', 'start', 'fumibako-backup']);
	const [copy, ...more] = fs.readdirSync(root + copies)
	    .filter((f) => f !== 'mine.db' && f !== 'lists');
	assert.match(copy, /^users-\d{4}-\d\d-\d\d\.db$/);
	assert.deepEqual(more, []);
	assert.equal(mode(`${copies}/${copy}`), '600');
	assert.equal(await pragma(`${copies}/${copy}`, 'integrity_check'), 'ok\n');
	assert.equal(await version(`${copies}/${copy}`),
	    await version('/var/lib/fumibako/db/users.db'));

	const members = await until('the members of the lists', () =>
	    fs.readdirSync(`${root}${copies}/lists`)
	    .find((f) => /^lists-\d{4}-\d\d-\d\d\.tar\.gz$/.test(f)));
	assert.match(await doIt(['tar', '-xzOf', `${copies}/lists/${members}`,
		'--wildcards', './*/subscribers.d/t']), /^taro@dentsu\.example$/m);

	// The account's is not touched; nobody's is marked, and goes in a week.
	await doIt(['fumibako', 'account', 'add', `gone@${domain}`]);
	const id = (await inUsers(`SELECT id FROM address
	    WHERE local_part = 'gone'`)).trim().split('\n').at(-1);
	await doIt(['install', '-d', '-o', 'vmail', '-g', 'vmail',
		`${mail}/${id}`, `${mail}/${id}/Maildir`]);
	await doIt(['fumibako', 'account', 'delete', `gone@${domain}`]);
	await doIt(['systemctl', 'start', 'fumibako-sweep']);
	const mark = `${mail}/${id}/.fumibako-gone`;
	assert.ok(exists(mark));
	await doIt(['touch', '-d', '8 days ago', mark]);
	await inUsers(`UPDATE history SET at = at - 8 * 86400
	    WHERE subject = 'gone@${domain}'`);
	await doIt(['systemctl', 'start', 'fumibako-sweep']);
	assert.equal(exists(`${mail}/${id}`), false);
	assert.ok(exists(`${mail}/${last}/Maildir`));
	assert.equal(await doIt(['systemctl', '--failed', '--plain',
		'--no-legend']), '');
});

// What a program of version 2 left: its files, and an account.
async function becomeOld(hash) {
	const read = (f) => fs.readFileSync(`schema/${f}.sql`, 'utf8');
	const views = ['domain', 'account', 'alias', 'transport'].map((v) =>
	    `CREATE VIEW mail_${v} AS SELECT 1;`).join('\n');

	await must('sqlite3', ['-bail', `${tmp}/old.db`], { input:
	    `${read('001-init')}${views}${read('002-administration')}
	    ${read('views')}
	    INSERT INTO domain (id, name) VALUES (7, 'alt.example');
	    INSERT INTO address (id, domain_id, local_part, kind)
		VALUES (900, 7, 'old', 'account');
	    INSERT INTO account (id, domain_id, local_part, password_hash,
		initial_password, quota_bytes, created_at, password_at)
		VALUES (900, 7, 'old', '${hash}', 0, 1000000, 1, 1);
	    PRAGMA user_version = 2;` });
	for (const end of ['', '-wal', '-shm'])
		await doIt(['rm', '-f', `/var/lib/fumibako/db/users.db${end}`]);
	fs.copyFileSync(`${tmp}/old.db`,
	    `${root}/var/lib/fumibako/db/users.db`);
	await doIt(['chown', 'fumibako:maildb', '/var/lib/fumibako/db/users.db']);
	await doIt(['chmod', '660', '/var/lib/fumibako/db/users.db']);
}

// The same package with a higher version.
async function newer() {
	await must('dpkg-deb', ['-R', process.env.DEB, `${tmp}/deb`]);
	const f = `${tmp}/deb/DEBIAN/control`;
	fs.writeFileSync(f, fs.readFileSync(f, 'utf8')
	    .replace(/^Version: .*/m, '$&+newer'));
	await must('dpkg-deb', ['--root-owner-group', '-Znone', '-b',
		`${tmp}/deb`, `${root}/root/newer.deb`]);
}

const pragma = (db, what) => doIt(['sqlite3', db, `PRAGMA ${what}`]);
const version = async (db) => Number(await pragma(db, 'user_version'));

step('doctor finds nothing to mend, and what is broken', async () => {
	const local = '/etc/fumibako/local/fumibako.conf';
	const login = 'fumibako-login.socket', pool = 'fumibako-login.service';
	const found = async () => JSON.parse((await tryIt(['fumibako', 'doctor',
		'--json'])).stdout).checks.filter((c) => c.severity === 'fail')
	    .map((c) => `${c.check} ${c.subject}: ${c.text}`);

	// Its certificate is vouched for by nobody else.
	fs.mkdirSync(path.dirname(root + local), { recursive: true });
	write(local, 'Doctor.CA = /etc/ssl/mail.pem\n');
	await doIt(['fumibako-configure', 'files', '/etc/fumibako/values']);
	assert.deepEqual(await found(), []);
	await doIt(['systemctl', 'stop', login, pool]);
	assert.match((await found()).join('\n'), /^workers login: [^\n]*$/);
	await doIt(['systemctl', 'start', login, pool]);
	assert.deepEqual(await found(), []);
});

step('upgrade: the schema is migrated, a copy stays, all runs again',
    async () => {
	const secret = goodPassword();
	const hash = (await must('openssl', ['passwd', '-6', '-stdin'],
	    { input: `${secret}\n` })).stdout.trim();
	const db = '/var/lib/fumibako/db/users.db', now = await version(db);

	assert.ok(now > 2);
	await newer();
	await doIt(['systemctl', 'stop', ...units, 'dovecot', 'postfix']);
	const busy = await new Browser(host).get('/login');
	assert.equal(busy.status, 503);
	assert.equal(busy.headers['retry-after'], '5');
	await becomeOld(hash);
	await doIt(['systemctl', 'start', 'dovecot', 'postfix']);
	assert.equal(await version(db), 2);

	const before = await doIt(['systemctl', 'show', '-P', 'MainPID',
		'fumibako-pages']);
	await doIt(['dpkg', '-i', '/root/newer.deb']);
	assert.equal(await version(db), now);
	assert.equal(await version(`${db}.v2.bak`), 2);
	for (const u of units)
		await active(u);
	assert.notEqual(await doIt(['systemctl', 'show', '-P', 'MainPID',
		'fumibako-pages']), before);
	await new Browser(host).login('old@alt.example', secret);
	assert.ok(await popAccepts(host, 'old@alt.example', secret));
	await arrives('old@alt.example', secret);
	chosen = secret;
});

step('a migration that fails says so, and nothing starts', async () => {
	const db = '/var/lib/fumibako/db/users.db';

	// As a program from the future would leave it.
	const now = await version(db);
	await pragma(db, 'user_version = 99');
	const r = await tryIt(['dpkg', '-i', '/root/newer.deb']);
	assert.notEqual(r.code, 0);
	assert.match(r.stderr, /newer than this program/);
	for (const u of units)
		assert.equal(await state(u), 'inactive', u);
	// Mended, it goes on.
	await pragma(db, `user_version = ${now}`);
	await doIt(['dpkg', '--configure', '-a']);
	for (const u of units)
		await active(u);
});

step('removed: what people have stays, and POP3s goes on', async () => {
	await doIt(['dpkg', '-r', 'fumibako']);
	for (const p of data)
		assert.ok(exists(p), p);
	for (const u of units)
		assert.equal(await state(u), 'inactive', u);
	assert.equal(exists('/run/fumibako/pages.sock'), false);
	assert.ok(await popAccepts(host, 'old@alt.example', chosen));
});

step('purged: it is gone, but for what was there before', async () => {
	await doIt(['dpkg', '-P', 'fumibako']);
	for (const p of [...data, '/var/lib/fumibako', '/var/backups/fumibako',
	    '/etc/fumibako', '/run/fumibako'])
		assert.equal(exists(p), false, p);
	assert.ok(exists('/var/backups/fumibako-configure'));
	await doIt(['id', 'fumibako']);
});
