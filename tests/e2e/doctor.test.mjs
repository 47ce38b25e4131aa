// fumibako doctor: nothing on a sound stack; and for each thing that is
// broken just that finding, and how to mend it, until it is mended.  What has
// nothing to do with each other is broken at the same time.

import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { test, describe, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startStack, root } from './lib/stack.mjs';
import { run, must } from './lib/run.mjs';
import { mustTool, newAccount } from './lib/tool.mjs';
import { sql, held } from './lib/db.mjs';
import { until } from './lib/until.mjs';

let s, serial = 0;

// A sound stack with a row of each kind.
before(async () => {
	s = await startStack('doctor');
	await newAccount(s, { local: 'gone' });
	await mustTool(s, ['account', 'set', 'gone@dentsu.example', '--routing',
		'discard']);
	await mustTool(s, ['forward', 'add', 'info@dentsu.example',
		'hanako@dentsu.example', 'office@outside.example']);
});
after(() => s?.stop());

// What doctor finds: { code, told: [{ check, severity, subject, text, remedy }],
// found: what has to be mended, as "check subject" }.
async function doctor(conf = s.conf, as = [], exe = `${root}/build/fumibako`) {
	const argv = [...as, exe, '-c', conf, 'doctor', '--json'];
	const r = await run(argv[0], argv.slice(1), { timeout: 40000 });
	const { well, checks } = JSON.parse(r.stdout);

	// No hash, whatever the programs that it runs have said.
	assert.doesNotMatch(r.stdout + r.stderr, /\$y\$/);
	assert.equal(well, r.code === 0);
	assert.equal(r.code, checks.some((c) => c.severity === 'fail') ? 1 : 0);
	const bad = checks.filter((c) => /warn|fail/.test(c.severity));

	for (const c of bad)
		assert.match(c.remedy ?? '', /\w{4}/, `${c.text}: what to do?`);
	return { code: r.code, told: checks, bad, stderr: r.stderr,
		found: bad.map((c) => `${c.check} ${c.subject}`),
		of: (name) => checks.filter((c) => c.check === name),
		skipped: checks.filter((c) => c.severity === 'skip')
		    .map((c) => c.check) };
}

// Just these findings: [check, subject, text, remedy], the last two patterns.
async function finds(wanted, conf) {
	const d = await doctor(conf);

	assert.deepEqual(d.found.sort(), wanted.map(([c, x]) => `${c} ${x}`).sort(),
	    d.bad.map((c) => `${c.check} ${c.subject}: ${c.text}`).join('\n'));
	for (const [check, subject, text, remedy] of wanted) {
		const same = d.bad.filter((c) => c.check === check &&
		    c.subject === subject);

		assert.ok(same.some((c) => text.test(c.text)),
		    `${text}: ${same.map((c) => c.text)}`);
		if (remedy !== undefined)
			assert.ok(same.some((c) => remedy.test(c.remedy)),
			    `${remedy}: ${same.map((c) => c.remedy)}`);
	}
	return d;
}

async function isWell(conf) {
	const d = await doctor(conf);

	assert.deepEqual(d.bad.map((c) => `${c.check} ${c.subject}: ${c.text}`), []);
	return d;
}

// Broken, found, mended.
async function broken(how, mend, wanted, where) {
	await how();
	try {
		await finds(wanted, where);
	} finally {
		await mend();
	}
}

// After a reload: soon.
const soon = (what, look) => until(what, async () => {
	await look();
	return true;
});

// The configuration with other settings; beside the real one.
function conf(settings) {
	const file = path.join(s.dir, `conf/doctor-${++serial}.conf`);
	const old = fs.readFileSync(s.conf, 'utf8').split('\n')
	    .filter((l) => !Object.keys(settings).some((k) => l.startsWith(`${k} =`)));

	fs.copyFileSync(s.conf, file);
	fs.writeFileSync(file, [...old, ...Object.entries(settings)
	    .filter(([, v]) => v !== null).map(([k, v]) => `${k} = ${v}`), '']
	    .join('\n'));
	const { gid } = fs.statSync(s.conf);
	fs.chownSync(file, 0, gid);
	fs.chmodSync(file, 0o640);
	return file;
}

// A copy of a database beside it, to be broken.
async function copy(change, from = s.db) {
	const file = path.join(path.dirname(from), `copy-${++serial}.db`);
	const { uid, gid } = fs.statSync(from);

	await sql(from, `VACUUM INTO '${file}'`);
	await sql(file, `PRAGMA journal_mode = WAL; ${change ?? ''}`);
	for (const end of ['-wal', '-shm'])
		fs.rmSync(file + end, { force: true });
	fs.chownSync(file, uid, gid);
	fs.chmodSync(file, 0o660);
	return file;
}

// Changes a file; gives what changes it back.  Postfix waits for a file that
// is younger than two seconds.
const edit = (file, from, to) => {
	const text = fs.readFileSync(file, 'utf8');
	const write = (t) => {
		fs.writeFileSync(file, t);
		fs.utimesSync(file, 1e9, 1e9);
	};

	assert.match(text, from);
	write(text.replace(from, to));
	return () => write(text);
};
const at = (...p) => path.join(s.dir, ...p);
const doveadm = (...args) =>
    must('doveadm', ['-c', at('dovecot/dovecot.conf'), ...args]);
const postfix = (...args) =>
    must('postfix', ['-c', at('postfix/etc'), ...args]);
const nginxReload = () => must('nginx', ['-c', at('nginx/nginx.conf'),
	'-s', 'reload']);
// A file is where nobody finds it.
const away = (...files) => [
	() => files.forEach((f) => fs.renameSync(f, `${f}.away`)),
	() => files.forEach((f) => fs.renameSync(`${f}.away`, f))];
const daemon = (name) => Number(fs.readFileSync(at('run/daemons', name), 'utf8')
    .split(' ')[0]);

test('a sound stack: no finding, every check made', async () => {
	const d = await isWell();

	assert.equal(d.code, 0);
	// The demo's names are nobody's, and its clock may be kept by nobody.
	assert.deepEqual(d.skipped.filter((c) => c !== 'clock'),
	    ['names', 'backup']);
	assert.deepEqual([...new Set(d.told.map((c) => c.check))], [
		'configuration', 'permissions', 'database', 'clock', 'hash',
		'https', 'campus', 'workers', 'pop3s', 'smtp', 'dovecot',
		'postfix', 'disk', 'names', 'lists', 'oldest', 'backup']);
	assert.deepEqual(d.of('campus').map((c) => c.subject),
	    ['127.0.0.1', '127.0.0.9']);
	// Three kinds of accounts and one that is not there; a forward, a list
	// and the address for discards.
	assert.match(d.of('dovecot')[0].text, /asked: 4$/);
	assert.match(d.of('postfix')[0].text, /asked: 7$/);
	assert.match(d.of('hash')[0].text, /about \d+ POP3 log-ins a second/);
});

// Those that leave the stack as it is, side by side: one waits for silence.
describe('beside the stack', { concurrency: true }, () => {
test('configuration: wrong, missing', async () => {
	const wrong = conf({ 'Hash.Cost': '12' });
	const d = await finds([['configuration', wrong,
		/^Hash\.Cost: must be a whole number from 0 to 11$/, /fumibako\.conf/]],
	wrong);

	assert.match(d.of('postfix')[0].text, /configuration cannot be read/);
	await finds([['configuration', '/no/such.conf', /not found/]],
	    '/no/such.conf');
	const nets = conf({ 'Campus.Networks': '127.0.0.1/29' });
	await finds([['configuration', nets, /^Campus\.Networks: .*127\.0\.0\.1/]],
	    nets);
	const place = conf({ 'Web.Templates': '/nowhere' });
	await finds([['configuration', place, /^Web\.Templates: /]], place);
});

// postconf waits a second before it says so.
test('no configuration of Dovecot and Postfix', async () => {
	await finds([['pop3s', '/nowhere', /cannot be read/, /Doctor\.Dovecot/],
		['smtp', '/nowhere', /cannot be read/, /Doctor\.Postfix/]],
	conf({ 'Doctor.Dovecot': '/nowhere', 'Doctor.Postfix': '/nowhere' }));
});

test('databases: of another version, not WAL, damaged, garbage, not there',
    async () => {
	const stat = at('stat/mailstat.db');
	const at3 = (users, web, mailstat) => conf({ 'Database.Users': users,
		'Database.Web': web, 'Database.MailStat': mailstat });
	const old = await copy('PRAGMA user_version = 1');
	const newer = await copy('PRAGMA user_version = 99', s.webDb);
	const plain = await copy('', stat);

	await must('sqlite3', [plain, 'PRAGMA journal_mode = DELETE']);
	await finds([['database', old, /version 1 is older/, /fumibako init/],
		['database', newer, /version 99 is newer/, /newer Fumibako/],
		['database', plain, /not in WAL mode/, /fumibako init/]],
	at3(old, newer, plain));

	const hurt = await copy(), junk = await copy('', stat);
	const fd = fs.openSync(hurt, 'r+');
	const { size } = fs.fstatSync(fd);
	// All but the first two pages.
	fs.writeSync(fd, Buffer.alloc(size - 8192, 0x5a), 0, size - 8192, 8192);
	fs.closeSync(fd);
	fs.writeFileSync(junk, 'This is no database. '.repeat(1000));
	const d = await finds([['database', hurt, /damaged|malformed/, /backup/],
		['database', at('web/none.db'), /is not there/, /init/],
		['database', junk, /not a database/, /backup/]],
	at3(hurt, at('web/none.db'), junk));
	assert.match(d.of('dovecot')[0].text, /user database cannot be used/);
});

test('what is in it: networks, a long log, time, too many for the hash',
    async () => {
	const late = await copy(`INSERT INTO history (at, actor, origin,
	    request_id, domain, account_id, subject, what, old_value, new_value)
	    SELECT at + 86400, actor, origin, request_id, domain, account_id,
	    subject, what, old_value, new_value FROM history LIMIT 1;
	    UPDATE domain_count SET accounts = 10000000`);
	const c = conf({ 'Database.Users': late,
		'Campus.Networks': '127.0.0.0/29, 198.18.0.0/15' });
	await held(late, async () => {
		await sql(late, 'CREATE TABLE fat AS SELECT zeroblob(70 << 20)');
		await finds([['database', c, /Campus\.Networks/, /fumibako init/],
			['database', late, /log has 7\d MB/],
			['clock', '', /is behind/, /set the clock/],
			['hash', 'Hash.Cost', /30000000 accounts/,
				/lower Hash\.Cost/]], c);
	}, '; SELECT count(*) FROM site');
});

test('https: nobody, silence, nobody who vouches', async () => {
	// Somebody who takes a connection and says nothing, here and as the
	// list engine and the helper.
	const mute = net.createServer(), quiet = net.createServer();
	const sock = at('run/mute.sock');
	await new Promise((r) => mute.listen(0, '127.0.0.1', r));
	await new Promise((r) => quiet.listen(sock, r));
	fs.chmodSync(sock, 0o666);
	const origin = `https://localhost:${mute.address().port}`;
	try {
		await Promise.all([
			finds([['https', origin, /time/]],
			    conf({ 'Web.Origin': origin })),
			finds([['lists', sock, /does not answer/,
				/restart fumibako-lists/],
			['oldest', sock, /does not answer/]],
			conf({ 'Lists.Socket': sock, 'Mail.Oldest': sock })),
			finds([['https', 'https://localhost:1', /not answered/,
				/nginx -t/]],
			conf({ 'Web.Origin': 'https://localhost:1' }))
			    .then((d) => assert.match(d.of('campus')[0].text,
				/https is not answered/)),
			finds([['https', s.url, /refuse its certificate/,
				/whole chain/], ['pop3s',
				`pop3s://127.0.0.1:${s.popPort}`, /refuse/]],
			conf({ 'Doctor.CA': '' })),
		]);
	} finally {
		[mute, quiet].forEach((x) => x.close());
	}
});

test('names: the name server does not answer', async (t) => {
	const resolv = at('resolv.conf');
	const as = ['unshare', '-m', 'sh', '-c',
		'mount --bind "$0" /etc/resolv.conf && exec "$@"', resolv];

	fs.writeFileSync(resolv, 'nameserver 127.0.0.1\n');
	const m = await run(as[0], [...as.slice(1), 'true']);
	if (m.code !== 0)
		return t.skip(`no right to mount: ${m.stderr.trim()}`);
	const d = await doctor(conf({ 'Client.SubmissionHost': 'mx.host.local' }),
	    as);

	assert.deepEqual(d.found, ['names mx.host.local']);
	assert.match(d.bad[0].text, /cannot be looked up/);
	assert.match(d.bad[0].remedy, /resolv\.conf/);
});

test('whoever is not root hears what was not checked', async () => {
	const as = (user) => ['setpriv', '--reuid', user, '--regid', user,
		'--init-groups'];
	fs.mkdirSync(at('roots'), { mode: 0o700 });
	const d = await doctor(conf({ 'Doctor.Backup': at('roots') }),
	    as('fumibako'));

	assert.deepEqual(d.bad, []);
	for (const name of ['permissions', 'pop3s', 'smtp', 'dovecot', 'postfix'])
		assert.match(d.of(name)[0].text, /only root/);
	assert.match(d.of('backup')[0].text, /only root/);
	for (const name of ['database', 'https', 'campus', 'workers', 'lists'])
		assert.equal(d.of(name)[0].severity, 'ok', name);
	assert.deepEqual((await doctor(s.conf, as('mlmmj'))).bad, []);
});
});

test('permissions of files', async () => {
	const shm = `${s.db}-shm`, { uid, gid } = fs.statSync(shm);
	const web = fs.statSync(s.webDb), closed = conf({});
	const stat = at('stat/mailstat.db');
	const may = /^chown fumibako:maildb .* && chmod 0660 /;
	const all = [/the web \(fumibako\)/, /Postfix \(postfix\)/,
		/auth-worker \(dovecot\)/, /list engine \(mlmmj\)/];

	// As after sqlite3 was run by root.
	await broken(() => {
		fs.chownSync(shm, 0, 0);
		fs.chmodSync(shm, 0o600);
		fs.chownSync(s.webDb, 0, 0);
		fs.chownSync(closed, 0, 0);
		fs.chmodSync(stat, 0o400);
	}, () => {
		fs.chownSync(shm, uid, gid);
		fs.chmodSync(shm, 0o660);
		fs.chownSync(s.webDb, web.uid, web.gid);
		fs.chmodSync(stat, 0o660);
	}, [...all.map((re) => ['permissions', shm, re, may]),
		['permissions', s.webDb, /the web/, /chown fumibako:fumibako/],
		...[/the web/, /Dovecot's dict \(dovecot\)/]
		    .map((re) => ['permissions', stat, re,
			/^chown dovecot:maildb/]),
		['permissions', closed, /the web/],
		['permissions', closed, /list engine/]], closed);
	// Looking has not given the files beside it to a wrong owner, too.
	assert.equal(fs.statSync(`${s.webDb}-shm`).uid, web.uid);
	// To read is not enough, and what is made must be the group's.
	await broken(() => {
		fs.chmodSync(s.db, 0o640);
		fs.chmodSync(at('db'), 0o770);
	}, () => {
		fs.chmodSync(s.db, 0o660);
		fs.chmodSync(at('db'), 0o2770);
	}, [...all.slice(1).map((re) => ['permissions', s.db, re, may]),
		['permissions', at('db'), /does not get its group/, /2770/]]);
});

test('permissions of directories', async () => {
	const socks = [at('run/oldest'), at('run/lists/engine.sock')];

	await broken(() => fs.chmodSync(at('db'), 0o2750),
	    () => fs.chmodSync(at('db'), 0o2770),
	    [/Postfix/, /auth-worker/, /list engine/].map((re) =>
	    ['permissions', at('db'), re, /chmod 2770/]));
	// Everybody can come to a file that is everybody's; the web cannot come
	// to its sockets.
	await broken(() => {
		fs.chmodSync(at('db'), 0o2775);
		fs.chmodSync(s.db, 0o664);
		fs.chmodSync(at('run'), 0o700);
	}, () => {
		fs.chmodSync(at('db'), 0o2770);
		fs.chmodSync(s.db, 0o660);
		fs.chmodSync(at('run'), 0o755);
	}, [['permissions', s.db, /every user of this host/, /chmod o-rwx/],
		...socks.map((f) => ['permissions', f, /the web.*cannot pass/,
			/^chmod o\+x .*\/run$/]),
		['workers', 'pages', /pages\.sock/],
		['workers', 'login', /login\.sock/]]);
});

test('a user without the group', async () => {
	const back = edit(at('dovecot/dovecot.conf'),
	    /(service auth-worker \{[^}]*)extra_groups = maildb/, '$1');

	await broken(() => {}, back, [['permissions', at('db'), /auth-worker/,
		/^extra_groups = maildb for it/]]);
});

// All were taken for faults.
test('what the daemons allow, or only warn of', async () => {
	const back = [
		edit(at('dovecot/dovecot.conf'),
		    /(service auth-worker \{[^}]*extra_groups = )maildb/, '$1maildb,mail'),
		edit(at('postfix/etc/main.cf'), /^(transport_maps = .*)$/m, 'mail_name = x\n$1\nmail_name = y'),
	];

	await broken(() => {}, () => back.forEach((f) => f()), []);
});

test('certificates that end, and a server that shows none', async () => {
	const keep = ['cert.pem', 'key.pem'].map((f) => [at('tls', f),
		fs.readFileSync(at('tls', f))]);
	const reload = () => Promise.all([nginxReload(), doveadm('reload'),
		postfix('reload')]);
	const [cert, key] = keep.map(([f]) => f);
	const make = async (days) => {
		await must('openssl', ['req', '-x509', '-newkey', 'ec', '-nodes',
			'-pkeyopt', 'ec_paramgen_curve:prime256v1', '-subj',
			'/CN=localhost', '-addext', 'subjectAltName=DNS:localhost',
			'-days', '15', '-keyout', key, '-out', cert]);
		// Only this one takes 0, and signs the same again.
		await must('openssl', ['x509', '-in', cert, '-signkey', key,
			'-days', String(days), '-out', cert]);
		await reload();
	};
	const all = (re) => [['https', s.url, re, /renew/],
		['pop3s', `pop3s://127.0.0.1:${s.popPort}`, re, /renew/],
		['smtp', `smtp://127.0.0.1:${s.smtpPort}`, re, /renew/]];
	const mine = conf({ 'Doctor.CA': at('tls/cert.pem') });
	let main = () => {};

	try {
		await make(0);
		await soon('it is over', () => finds(all(/ended 1 days ago/), mine));
		main = edit(at('postfix/etc/main.cf'),
		    /smtpd_tls_cert_file = .*/, 'smtpd_tls_cert_file = /nowhere');
		await make(15);
		await soon('no STARTTLS', async () => {
			const d = await finds([...all(/ends in 14 days/).slice(0, 2),
				['smtp', `smtp://127.0.0.1:${s.smtpPort}`,
					/STARTTLS is set and not offered/]], mine);

			assert.equal(d.of('https')[0].severity, 'warn');
		});
	} finally {
		main();
		for (const [f, bytes] of keep)
			fs.writeFileSync(f, bytes);
		await reload();
	}
});

test('campus: who is let in and who is not', async () => {
	const other = conf({ 'Campus.Networks': '127.0.0.8/29' });

	// The workers and Dovecot still go by what was true before.
	await soon('they go on', () => finds([
		['campus', '127.0.0.9', /on campus and is refused/, /restart/],
		['campus', '127.0.0.1', /not on campus and gets in/, /restart/],
		['database', other, /Campus\.Networks/],
		['dovecot', 'hanako@dentsu.example', /look/]], other));
	const back = edit(at('nginx/conf.d/fumibako.conf'), /(\tlocation \/ \{)/,
	    '$1\n\t\tdeny 127.0.0.9;');
	try {
		await nginxReload();
		await soon('nginx denies', () =>
		    finds([['campus', '127.0.0.9', /without a word/]]));
	} finally {
		back();
		await nginxReload();
	}
	await soon('nginx does not', () => isWell());
});

test('Dovecot and Postfix: other rows than the database', async () => {
	const d = await copy("DELETE FROM target WHERE domain = 'outside.example'");
	const reload = () => Promise.all([doveadm('reload'), postfix('reload')]);
	const back = [
		edit(at('dovecot/dovecot-sql.conf.ext'), / AND pop3_open/, ''),
		edit(at('dovecot/dovecot-sql.conf.ext'), /allow_nets, /, ''),
		edit(at('dovecot/dovecot-sql.conf.ext'),
		    /quota_bytes AS quota_rule/, '7 AS quota_rule'),
		edit(at('postfix/etc/alias_maps.cf'), /dbpath = .*/,
		    `dbpath = ${d}`),
		edit(at('postfix/etc/main.cf'), /^transport_maps = .*$/m,
		    'transport_maps ='),
	].reverse();

	try {
		await reload();
		await soon('they have read it', () => finds([
			['dovecot', 'gone@dentsu.example', /lets it log in/, /reload/],
			['dovecot', 'hanako@dentsu.example', /quota rule is .*=.*7/],
			['dovecot', 'jiro@dentsu.example', /which is not on campus/],
			['postfix', 'jiro@dentsu.example',
				/virtual_alias_maps gives nothing.*jiro@outside/, /reload/],
			['postfix', 'info@dentsu.example',
				/gives hanako@dentsu\.example, .*office@outside/],
			['postfix', 'transport_maps', /no map/]]));
	} finally {
		back.forEach((f) => f());
		await reload();
	}
	await soon('both are well', () => isWell());
});

test('sockets, lists, names, the mail store, backups', async () => {
	const id = (await sql(s.db, 'SELECT id FROM mailing_list'))[0];
	const zemi = 'zemi@dentsu.example', dir = at('lists', id);
	const mail = at('mail'), { uid, gid } = fs.statSync(mail);
	const lmtp = at('postfix/spool/private/dovecot-lmtp');
	const engine = at('run/lists/engine.sock'), backup = at('backup');
	const named = await copy(`UPDATE domain SET pop_host = '127.0.0.' || id`);
	const [hide, show] = away(at('run/login.sock'), lmtp, at('run/oldest'));
	const c = { 'Doctor.Backup': backup };

	await broken(() => {
		hide();
		fs.chownSync(mail, 0, 0);
		fs.writeFileSync(path.join(dir, 'control/owner'), 'x@y.example\n');
		fs.mkdirSync(at('lists/99999'));
	}, async () => {
		show();
		fs.chownSync(mail, uid, gid);
		await mustTool(s, ['lists', 'sync']);
	}, [['workers', 'login', /login\.sock/, /restart/],
		['postfix', lmtp, /cannot deliver/, /restart Dovecot/],
		['oldest', at('run/oldest'), /does not answer/],
		['dovecot', mail, /vmail cannot deliver/, /chown vmail/],
		['lists', zemi, /settings.* owner/, /lists sync/],
		['lists', '99999', /belongs to no list/],
		['backup', backup, /no backup/, /fumibako backup/],
		['names', 'no-such-host', /not found/, /Client\.SubmissionHost/]],
	conf({ ...c, 'Client.SubmissionHost': 'no-such-host' }));

	fs.mkdirSync(backup);
	fs.writeFileSync(path.join(backup, 'users.db'), 'x');
	const old = Date.now() / 1000 - 27 * 3600;
	fs.utimesSync(path.join(backup, 'users.db'), old, old);
	const [hideDir, showDir] = away(dir, at('run/pages.sock'));
	// This host under names that its certificate does not have.
	await broken(hideDir, showDir, [
		['workers', 'pages', /pages\.sock/, /restart/],
		['lists', zemi, /no directory/, /lists sync/],
		['backup', backup, /27 hours old/],
		['names', '127.0.0.2', /refuse the certificate/, /all of/],
		['names', '127.0.0.3', /127\.0\.0\.3/]],
	conf({ ...c, 'Database.Users': named, 'Client.PopSuffix': '' }));

	fs.writeFileSync(path.join(backup, 'users-2.db'), 'x');
	const [hideEngine, showEngine] = away(engine);
	const good = conf({ ...c, 'Client.SubmissionHost': 'localhost' });
	await broken(hideEngine, showEngine,
	    [['lists', engine, /does not answer/, /fumibako-lists/]], good);
	const d = await isWell(good);
	for (const name of ['backup', 'names'])
		assert.equal(d.of(name)[0].severity, 'ok');
});

test('disk: a file system without room', async (t) => {
	const mail = at('mail'), { uid, gid } = fs.statSync(mail);
	const m = await run('mount', ['-t', 'tmpfs', '-o',
		`size=2m,uid=${uid},gid=${gid},mode=700`, 'none', mail]);

	if (m.code !== 0)
		return t.skip(`no right to mount: ${m.stderr.trim()}`);
	await broken(() => {}, () => must('umount', [mail]),
	    [['disk', mail, /only 2 MB/, /make room/]]);
});

test('text: a line a check, the remedy below; the daemons are gone',
    async () => {
	await doveadm('stop');
	await postfix('stop');
	await until('both have stopped', () =>
	    !fs.existsSync(`/proc/${daemon('dovecot')}`));
	const r = await run(`${root}/build/fumibako`, ['-c', s.conf, 'doctor']);
	const lines = r.stdout.trimEnd().split('\n');
	const bad = lines.flatMap((l, i) => l.startsWith('FAIL') ? [i] : []);

	assert.equal(r.code, 1);
	assert.deepEqual(bad.map((i) => lines[i].split(/ +/).slice(1, 3).join(' ')),
	    [`pop3s pop3s://127.0.0.1:${s.popPort}:`,
		`smtp smtp://127.0.0.1:${s.smtpPort}:`,
		`oldest ${at('run/oldest')}:`], r.stdout);
	for (const i of bad)
		assert.match(lines[i + 1], /^ {20,}-> \w/);
	assert.equal(lines.filter((l) => /^(ok|skip|warn|FAIL) /.test(l)).length,
	    lines.length - bad.length);
	assert.match(lines[bad[0]], /not answered/);
});
