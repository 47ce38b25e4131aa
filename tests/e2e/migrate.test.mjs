// Moving in: from vpopmail and from PostfixAdmin, with the odd cases; what
// came in logs in by POP3 and on the web with the password it had.

import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { startStack, stopSound, root } from './lib/stack.mjs';
import { Browser } from './lib/http.mjs';
import { popAccepts, popMessages } from './lib/pop3.mjs';
import { tool, mustTool } from './lib/tool.mjs';
import { sql, targets, unchanged, held } from './lib/db.mjs';
import { run, must } from './lib/run.mjs';
import { crypt, settings, tree, vpasswd, subscribers, maildir, list } from
    './lib/vpopmail.mjs';
import { mysql, postgres, postgresInserts, sqlite } from
    './lib/postfixadmin.mjs';

let s, work;
before(async () => {
	s = await startStack('migrate', { DEMO_EMPTY: '1' });
	work = path.join(s.dir, 'sources');
	fs.mkdirSync(work);
});
after(() => stopSound(s));

const from = (kind) => async (source, ...more) => {
	const r = await mustTool(s, ['migrate', kind, source, '--json', ...more]);

	return JSON.parse(r.stdout);
};
const vpopmail = from('vpopmail'), pfa = from('postfixadmin');
// "outcome reason detail" of the lines about a file (and line).
const told = (report, source, line) => report.lines
    .filter((l) => l.source === source &&
	(line === undefined || l.line === line))
    .map((l) => `${l.outcome} ${l.reason} ${l.detail}`.trim());
const account = async (address) => JSON.parse(
    (await mustTool(s, ['account', 'show', address, '--json'])).stdout);

// Logs in by POP3 and on the web.
async function comesIn(address, password) {
	assert.ok(await popAccepts(s, address, password), `POP3: ${address}`);
	await new Browser(s).login(address, password);
}

// What doc/moving-in.md says of the UIDLs of qmail-pop3d.
const uidlist = /```sh\n([^]*?)```/.exec(fs.readFileSync(
    path.join(root, 'doc/moving-in.md'), 'utf8'))[1];

const D = 'dentsu.example', K = 'kagaku.example';
const password = (name) => `Old-${name}-pass.1`;

async function makeVpopmail(dir) {
	const lines = [], users = {};
	const add = async (name, scheme, files = {}, more = {}) => {
		lines.push(vpasswd(D, name,
		    await crypt(password(name), settings[scheme]), more));
		users[name] = files;
	};

	await add('postmaster', 'sha512', { Maildir: maildir() });
	await add('taro', 'md5', { Maildir: maildir(['one', 'two'],
	    '104857600S\n900 2\n-100 -1\n'), lastauth: 'x' },
	    { gecos: 'Taro Yamada', quota: '104857600S' });
	await add('hanako', 'des', { Maildir: maildir(), '.qmail':
	    `# mine\n&h@out.example\n/home/vpopmail/domains/${D}/hanako/Maildir/\n` },
	    { gid: 4096, quota: '10485760S,1000C' });
	await add('jiro', 'bcrypt', { '.qmail': 'jiro@out.example\n' });
	await add('saburo', 'yescrypt', { '.qmail': '/home/vpopmail/domains/' +
	    `${D}/saburo/Maildir/\n| /usr/bin/autorespond 10000 5 ` +
	    '/home/secret/message /home/secret/vacation\n', vacation: {} });
	await add('shiro', 'sha256', { '.qmail': '| /bin/true delete\n' });
	await add('goro', 'md5', { '.qmail':
	    [1, 2, 3, 4, 5, 6].map((n) => `&g${n}@out.example\n`).join('') });
	await add('roku', 'md5', { '.qmail':
	    '|preline /usr/bin/maildrop -d secret\n&r@out.example\n&|bad\n' },
	    { quota: '1000000' });
	lines.push(vpasswd(D, 'nana', '!disabled', { gecos: 'x' }));
	await add('hachi', 'md5', { Maildir: { link: '/etc' },
	    'odd file': 'x' }, { gecos: '八郎' });
	await add('bounce', 'md5', { '.qmail': { link: '/etc/passwd' } },
	    { gid: 16 + 2 });
	lines.push(vpasswd(D, '九', '$1$abcdefgh$Kn5qrjcQzV7oAHBJ23Cu3/'));
	lines.push(vpasswd(D, 'TARO', '$1$abcdefgh$Kn5qrjcQzV7oAHBJ23Cu3/'));
	lines.push(vpasswd(D, 'a+b', '$1$abcdefgh$Kn5qrjcQzV7oAHBJ23Cu3/'));
	lines.push(vpasswd(D, 'updir', '$1$abcdefgh$Kn5qrjcQzV7oAHBJ23Cu3/',
	    { dir: `/home/vpopmail/domains/${D}/../../../etc` }));
	lines.push(vpasswd(D, 'outdir', '$1$abcdefgh$Kn5qrjcQzV7oAHBJ23Cu3/',
	    { dir: '/etc' }));
	lines.push('too:few:fields\n', '\n', 'nul:a\0b:1:0:x:y:z\n');
	tree(dir, { assign: `+${D}-:${D}:89:89:/d/${D}:-::\n` +
	    `+other.example-:${D}:89:89:/d/${D}:-::\n=x:y\n.\n`, domains: {
		[D]: { vpasswd: lines.join(''), 'vpasswd.cdb': 'x', ...users,
			'.qmailadmin-limits': 'maxpopaccounts: 50\n' +
			    'maxforwards: 10\nmaxaliases: 5\nmaxmailinglists: -1\n' +
			    'maxautoresponders: 3\nquota: 1000\n' +
			    'default_quota: 52428800\ndisable_pop\nperm_quota: 0\n' +
			    'what: 1\n',
			'.qmail-default':
			    "| /home/vpopmail/bin/vdelivermail '' bounce-no-mailbox\n",
			'.qmail-all': `&sales@${D}\n&zemi@${D}\n`,
			'.qmail-sales': `&taro@${D}\n&S@Out.example\n`,
			'.qmail-loop1': `&loop2@${D}\n`,
			'.qmail-loop2': `&loop1@${D}\n&l@out.example\n`,
			'.qmail-info:dept':
			    `/home/vpopmail/domains/${D}/taro/Maildir/\n`,
			'.qmail-pipe': '|/usr/bin/filter --secret\n',
			'.qmail-black': '#\n', '.qmail-empty': '',
			'.qmail-gone': `&nobody@${D}\n`,
			'.qmail-x-default': '&x@out.example\n',
			'.qmail-link': { link: '/etc/passwd' },
			'.qmail-huge': '#'.repeat(70000),
			'.qmail-zemi': { link: `/home/vpopmail/${D}/zemi/editor` },
			'.qmail-zemi-owner': { link: '/x' },
			'.qmail-zemi-default': '|ezmlm\n',
			zemi: list('zemi', D, [`taro@${D}`, `nobody@${D}`,
				'm1@out.example', 'M2@out.example', 'bad@'], {
				digest: { subscribers: subscribers('d@out.example') },
				deny: { subscribers: subscribers('no@out.example') },
				archive: {} }),
			nobodys: { Maildir: maildir() } },
		0: { [K]: { vpasswd: vpasswd(K, 'postmaster',
			await crypt(password('kagaku'), settings.sha512)) +
			vpasswd(K, 'yuki', await crypt(password('yuki'),
			    settings.sha512),
			{ dir: `/home/vpopmail/domains/0/${K}/A/yuki` }),
			A: { yuki: { '.qmail': `&taro@${D}\n` } },
			'.qmail-default':
			    `| /home/vpopmail/bin/vdelivermail '' yuki@${K}\n` } },
		'alias.example': { link: `/home/vpopmail/domains/${D}` },
		'loop.example': { link: 'loop.example' }, 'no-domain': {}
	} });
	await must('mkfifo', [path.join(dir, 'domains', D, '.qmail-fifo')]);
}


test('vpopmail: comes in, and its people log in', async () => {
	const dir = path.join(work, 'vpopmail'), at = `domains/${D}`;
	const names = ['postmaster', 'taro', 'hanako', 'jiro', 'saburo', 'goro',
		'roku'];

	await makeVpopmail(dir);
	const dry = await unchanged(s, () => vpopmail(dir, '--dry-run'));
	assert.deepEqual({ ...dry.summary, applied: true },
	    (await vpopmail(dir)).summary);
	assert.equal(dry.summary.applied, false);
	assert.deepEqual(dry.lines.filter((l) => l.account?.mail_to), []);
	// Thrown away there, and here: the web lets its owner undo it.
	const [shiro] = await Promise.all([
		popAccepts(s, `shiro@${D}`, password('shiro')),
		new Browser(s).login(`shiro@${D}`, password('shiro')),
		comesIn(`postmaster@${K}`, password('kagaku')),
		...names.map((n) => comesIn(`${n}@${D}`, password(n)))]);
	assert.equal(shiro, false);

	const taro = await account(`taro@${D}`);
	assert.equal(taro.real_name, 'Taro Yamada');
	assert.equal(taro.quota_bytes, 104857600);
	assert.equal(taro.initial_password, false);
	for (const [who, ...want] of [['taro', 'mailbox', false],
		['hanako', 'forward', true, 'h@out.example'],
		['jiro', 'forward', false, 'jiro@out.example'],
		['saburo', 'mailbox', false], ['shiro', 'discard', false],
		['goro', 'mailbox', false],
		['roku', 'forward', true, 'r@out.example']]) {
		const a = await account(`${who}@${D}`);
		assert.deepEqual([a.routing, a.keep_copy, ...a.forward_to], want, who);
	}
	assert.equal((await account(`nana@${D}`)).initial_password, true);
	assert.equal((await account(`jiro@${D}`)).quota_bytes, 52428800);
	for (const [who, ...want] of [['all', `sales@${D}`, `zemi@${D}`],
		['sales', `taro@${D}`, 'S@out.example'],
		['info.dept', `taro@${D}`], ['loop1', `loop2@${D}`],
		['loop2', 'l@out.example']])
		assert.deepEqual(await targets(s, `${who}@${D}`), want, who);
	const d = JSON.parse((await mustTool(s, ['domain', 'show', D,
		'--json'])).stdout);
	assert.equal(d.max_accounts, 50);
	assert.equal(d.max_forwards, 15);
	assert.equal(d.max_lists, null);
	assert.deepEqual(d.administrators, [`hanako@${D}`, `postmaster@${D}`]);
	assert.deepEqual((await mustTool(s, ['lists', 'members', `zemi@${D}`]))
	    .stdout.toLowerCase().split('\n').filter(Boolean),
	['d@out.example', 'm1@out.example', 'm2@out.example', `taro@${D}`]);
	// Nobody has come to know the column of passwords in clear.
	const all = JSON.stringify(dry) + s.logs() +
	    (await must('sqlite3', [s.db, '.dump'])).stdout;
	assert.doesNotMatch(all, /clear-of-|secret|\/etc\/passwd:/);

	// What could not be moved is told.
	const has = (file, line, ...want) => assert.deepEqual(
	    told(dry, `${at}${file}`, line), want, `${file}:${line}`);
	has('/vpasswd', 2, 'done account');
	has('/vpasswd', 7, 'changed no_quota', 'changed many 6',
	    'changed account');
	has('/vpasswd', 8, 'changed quota_rounded 1000000', 'changed account');
	has('/vpasswd', 9, 'changed hash unknown', 'changed no_quota',
	    'changed account');
	has('/vpasswd', 10, 'changed real_name 八郎', 'changed no_quota',
	    'changed account');
	has('/vpasswd', 11, 'changed flag no_pop', 'changed flag bounce_mail',
	    'changed no_quota', 'changed account');
	has('/vpasswd', 12, 'refused err.name 九');
	has('/vpasswd', 13, `refused twice ${at}/vpasswd:2`);
	has('/vpasswd', 14, 'refused err.name a+b');
	has('/vpasswd', 16, 'changed no_quota', 'refused outside /etc',
	    'changed account');
	has('/vpasswd', 17, 'refused fields');
	has('/vpasswd', 18, 'done comment');
	has('/vpasswd', 19, 'refused control');
	has('/../../../etc', 0, 'refused outside');
	has('/bounce/.qmail', 0, 'refused link');
	has('/hachi/Maildir', 0, 'refused link');
	has('/hachi/odd file', 0, 'refused unknown');
	has('/saburo/.qmail', 2, 'changed vacation');
	has('/roku/.qmail', 1, 'changed program maildrop');
	has('/roku/.qmail', 3, 'refused err.forward.command |bad');
	has('/.qmail-fifo', 0, 'refused special');
	has('/.qmail-huge', 0, 'refused large 65536');
	has('/.qmail-link', 0, 'refused link');
	has('/.qmail-pipe', 0, 'refused program');
	has('/.qmail-black', 0, 'refused discard');
	has('/.qmail-empty', 0, 'refused empty');
	has('/.qmail-gone', 0, 'refused empty');
	has('/.qmail-loop2', 1, `refused err.forward.loop loop1@${D}`);
	has('/.qmail-default', 1, 'done unknown_bounces bounce-no-mailbox');
	has('/.qmail-x-default', 0, 'refused catchall x-default');
	has('/.qmailadmin-limits', 8, 'refused limit disable_pop');
	has('/.qmailadmin-limits', 10, 'refused unknown what');
	has('/zemi/deny/subscribers/@', 1, 'refused access no@out.example');
	has('/zemi/digest/subscribers/@', 1, 'changed digest d@out.example',
	    'done member d@out.example');
	has('/zemi/subscribers/D', 1, 'refused err.forward.no_domain bad@');
	has('/nobodys', 0, 'refused nobody');
	assert.deepEqual(told(dry, 'assign'), ['done derived',
		`refused alias_domain ${D}`, 'refused unknown', 'done comment']);
	assert.deepEqual(told(dry, 'domains/alias.example'),
	    [`refused alias_domain ${D}`]);
	assert.deepEqual(told(dry, 'domains/loop.example'),
	    ['refused link loop.example']);
	assert.deepEqual(told(dry, `domains/0/${K}/.qmail-default`),
	    [`refused catchall yuki@${K}`]);
	// Every line of the file is in it, and every file and directory.
	for (let line = 1; line <= 19; line++)
		assert.ok(told(dry, `${at}/vpasswd`, line).length > 0, line);
	const seen = new Set(dry.lines.map((l) => l.source));
	const missing = (await must('find', ['.', '-mindepth', '2', '!', '-path',
		'*/Maildir/*'], { cwd: dir })).stdout.split('\n').filter(Boolean)
	    .map((f) => f.slice(2)).filter((f) => !seen.has(f) &&
		![...seen].some((k) => k.startsWith(`${f}/`)));
	assert.deepEqual(missing, [`${at}/zemi/text/bottom`,
		`${at}/nobodys/Maildir`].filter((f) => missing.includes(f)));
});

test('vpopmail: again changes nothing; copied mail is there', async () => {
	const dir = path.join(work, 'vpopmail');
	const again = await unchanged(s, () => vpopmail(dir));

	assert.deepEqual([again.summary.domains, again.summary.accounts,
		again.summary.forwards, again.summary.lists], [0, 0, 0, 0]);
	const items = again.lines.filter((l) => l.account !== undefined);
	assert.equal(items.length, 15);
	for (const l of items)
		assert.equal(`${l.outcome} ${l.reason}`, 'done there', l.text);
	assert.equal(again.lines.filter((l) => l.reason === 'member').length, 0);

	const list = (await mustTool(s, ['migrate', 'vpopmail', dir,
		'--mail-list'])).stdout.split('\n').filter(Boolean)
	    .map((l) => l.split('\t'));
	const [old, home] = list.find(([p]) => p.includes('/taro/'));
	assert.equal(old, path.join(dir, 'domains', D, 'taro/Maildir'));
	const to = path.join(s.dir, 'mail', home);
	fs.rmSync(to, { recursive: true, force: true });
	fs.cpSync(old, to, { recursive: true });
	await must('sh', ['-ec', uidlist], { cwd: to });
	await must('chown', ['-R', 'vmail:vmail', path.dirname(to)]);
	const mail = await popMessages(s, `taro@${D}`, password('taro'));
	assert.deepEqual(mail.map((m) => [/Subject: (.*)/.exec(m.text)[1].trim(),
		m.uid]), [['one', '1200000000.0.old'], ['two', '1200000000.1.old']]);

	// What was changed since is not overwritten, and told.
	await mustTool(s, ['account', 'set', `taro@${D}`, '--real-name', 'New']);
	await mustTool(s, ['forward', 'set', `sales@${D}`, 'x@new.example']);
	const after = await unchanged(s, () => vpopmail(dir));
	assert.deepEqual(told(after, `domains/${D}/vpasswd`, 2),
	    ['refused differs real_name']);
	assert.deepEqual(told(after, `domains/${D}/.qmail-sales`, 0),
	    ['refused differs targets']);
	assert.equal(after.lines.find((l) => l.reason === 'differs' &&
	    l.account !== undefined).account.mail_to, home);
});

test('vpopmail: one domain; fumibako-lists is away, and back', async () => {
	const dir = path.join(work, 'one.example'), list1 = 'l@one.example';
	const conf = path.join(work, 'away.conf');

	tree(dir, { vpasswd: vpasswd('one.example', 'postmaster',
	    await crypt(password('one'), settings.md5)),
	'.qmail-owner': `&postmaster@one.example\n`,
	l: list('l', 'one.example', ['m@out.example'], { config:
	    'F:-AbpM\n5:owner@one.example\n' }) });
	fs.mkdirSync(path.join(work, 'linked'));
	fs.symlinkSync(dir, path.join(work, 'linked/one.example'));
	await refused(1, ['vpopmail', path.join(work, 'linked')],
	    /no domain of vpopmail/);
	fs.writeFileSync(conf, fs.readFileSync(s.conf, 'utf8')
	    .replace(/^(Lists.Socket) *=.*/m, `$1 = ${work}/nobody`));
	const away = await run(`${root}/build/fumibako`, ['-c', conf, 'migrate',
		'vpopmail', dir]);
	assert.equal(away.code, 75, away.stderr);
	assert.match(away.stdout, /^changed  one.example\/vpasswd:1: postmaster@one.example: account, password kept, mailbox$/m);
	assert.match(away.stdout, /^new: 1 domains, 1 accounts, 1 forwarding/m);
	assert.match(away.stderr, /fumibako-lists/);
	assert.match(away.stdout, /^refused .*does not answer: m@out/m);
	// At the end how many lines of which kind there are to be looked at.
	assert.match(away.stdout, /\n +\d refused: not added, .* answer: \.\.\.\n(?: .*\n)*new: /);
	assert.deepEqual(told(await vpopmail(dir),
	    'one.example/l/subscribers/@', 1), ['done member m@out.example']);
	assert.equal((await mustTool(s, ['lists', 'members', list1])).stdout,
	    'm@out.example\n');
	assert.deepEqual(await sql(s.db, 'SELECT owner, archive, posting FROM ' +
	    "mailing_list WHERE owner LIKE '%one.example'"),
	['owner@one.example|0|anyone']);
	await comesIn('postmaster@one.example', password('one'));
});

const P = 'pfa.example', Q = 'pfb.example';
const hashes = {};
async function pfaData(serial) {
	const p = `${serial}.${P}`, q = `${serial}.${Q}`;
	const day = '2020-01-01 00:00:00';

	if (hashes.md5 === undefined)
		for (const [k, setting] of Object.entries(settings))
			hashes[k] = await crypt(password(k), setting);
	const box = (name, hash, { label = name, quota = 104857600, active = 1,
		domain = p } = {}) => [`${name}@${domain}`, hash, label,
		`${domain}/${name}/`, quota, name, domain, day, active];
	const alias = (name, goes, active = 1, domain = p) =>
	    [`${name}@${domain}`, goes, domain, day, active];

	return { p, q, data: {
		domain: [['ALL', '', 0, 0, 0, 0, '', 0, day, 1],
			[p, "O'Brien \\ \"x\"\t;\nsecond", 20, 10, 0, 0, 'virtual', 0,
				day, 1],
			[q, '', 0, -1, 100, 2048, 'lmtp:unix:x', 0, day, 0],
			[`mx.${p}`, '', 0, 0, 0, 0, '', 1, day, 1]],
		mailbox: [box('md5', hashes.md5), box('sha512',
		    `{SHA512-CRYPT}${hashes.sha512}`), box('blf',
		    `{BLF-CRYPT}${hashes.bcrypt}`), box('des',
		    `{CRYPT}${hashes.des}`), box('ssha', '{SSHA}c2VjcmV0c2VjcmV0'),
		box('clear', 'thirteenchars'), box('off', hashes.md5, { active: 0 }),
		box('nomore', hashes.md5, { quota: 0 }), box('away', hashes.md5),
		box('MD5', hashes.md5), box('ü', hashes.md5), box('lost', hashes.md5,
		    { domain: 'no.example' }), box('jp', hashes.sha256,
		    { label: '山田' })],
		alias: [alias('md5', `md5@${p}`), alias('sha512',
		    `sha512@${p},copy@out.example`), alias('blf', 'b@out.example'),
		alias('away', `away@${p},away#${p}@autoreply.${p}`),
		alias('postmaster', `md5@${p}`), alias('info',
		    `sales@${p}, md5@${p}`), alias('sales', `sha512@${p}`),
		alias('', `md5@${p}`), alias('idle', 'x@out.example', 0),
		alias('prog', '|/bin/secret'), alias('many', Array.from(
		    { length: 60 }, (_, i) => `m${i}@out.example`).join(',')),
		alias('x y', 'x@out.example')],
		alias_domain: [[`alias.${p}`, p, day, 1]],
		admin: [['root@out.example', hashes.md5, 1, day, 1],
			[`md5@${p}`, hashes.md5, 0, day, 1],
			['ghost@out.example', hashes.md5, 0, day, 1]],
		domain_admins: [['root@out.example', 'ALL', day, 1],
			[`md5@${p}`, p, day, 1], ['ghost@out.example', q, day, 1]],
		vacation: [[`away@${p}`, 's', 'b\nb', p, 1],
			[`md5@${p}`, null, '', p, 0]],
		quota2: [[`md5@${p}`, 4711, 12]],
		config: [[1, 'version', '1844']],
		log: [[day, 'a (1.2.3.4)', p, 'x', "it's"], [day, 'b', p, 'y', '']]
	} };
}

async function checkPfa(report, p, q) {
	await comesIn(`md5@${p}`, password('md5'));
	for (const [who, as] of [['sha512', 'sha512'], ['des', 'des'],
		['blf', 'bcrypt'], ['jp', 'sha256']])
		assert.ok(await popAccepts(s, `${who}@${p}`, password(as)), who);
	const md5 = await account(`md5@${p}`);
	assert.deepEqual([md5.routing, md5.quota_bytes], ['mailbox', 104857600]);
	for (const [who, ...want] of [['sha512', 'forward', true,
		'copy@out.example'], ['blf', 'forward', false, 'b@out.example'],
		['away', 'mailbox', false], ['postmaster', 'forward', false,
		    `md5@${p}`]]) {
		const a = await account(`${who}@${p}`);
		assert.deepEqual([a.routing, a.keep_copy, ...a.forward_to], want, who);
	}
	for (const who of ['ssha', 'clear'])
		assert.equal((await account(`${who}@${p}`)).initial_password, true);
	assert.deepEqual(await targets(s, `info@${p}`),
	    [`sales@${p}`, `md5@${p}`]);
	const show = async (d) => JSON.parse((await mustTool(s, ['domain', 'show',
		d, '--json'])).stdout);
	const a = await show(p), b = await show(q);
	assert.deepEqual([a.enabled, a.max_accounts, a.max_forwards,
		...a.administrators], [true, 10, 20, `md5@${p}`, `postmaster@${p}`]);
	assert.deepEqual([b.enabled, b.max_accounts, b.max_forwards],
	    [false, 0, null]);
	const has = (table, line, ...want) =>
	    assert.deepEqual(told(report, table, line), want, `${table}:${line}`);
	has('domain', 1, 'done derived');
	has('domain', 3, 'refused limit quota', 'refused limit maxquota',
	    'changed transport lmtp:unix:x', 'done domain');
	has('domain', 4, 'refused backup_mx');
	has('mailbox', 5, 'changed hash {SSHA}', 'changed account');
	has('mailbox', 6, 'changed hash unknown', 'changed account');
	has('mailbox', 7, 'refused inactive');
	has('mailbox', 8, 'changed no_quota', 'changed account');
	has('mailbox', 10, 'refused twice mailbox:1');
	has('mailbox', 11, 'refused err.name ü');
	has('mailbox', 12, 'refused no_domain no.example');
	has('mailbox', 13, 'changed real_name 山田', 'changed account');
	has('alias', 4, 'changed vacation', 'done read');
	has('alias', 5, 'changed postmaster', `done read md5@${p}`,
	    'changed account');
	has('alias', 8, `refused catchall md5@${p}`);
	has('alias', 9, 'refused inactive x@out.example');
	has('alias', 10, 'refused err.forward.command |/bin/secret',
	    'refused empty');
	has('alias', 11, 'refused many 50');
	has('alias', 12, 'refused err.name x y');
	has('alias_domain', 1, `refused alias_domain ${p}`);
	has('admin', 1, 'refused superadmin');
	has('admin', 2, 'changed own_password');
	has('domain_admins', 1, 'refused superadmin');
	has('domain_admins', 2, `done administrator ${p}`);
	has('domain_admins', 3, `refused no_account ${q}`);
	has('vacation', 1, 'changed vacation');
	has('vacation', 2, 'done derived');
	has('log', 0, 'refused table 2');
	assert.doesNotMatch(JSON.stringify(report),
	    /thirteenchars|c2VjcmV0|\$1\$|\$6\$/);
}

const write = (name, text) => {
	const file = path.join(work, name);

	fs.writeFileSync(file, text);
	return file;
};
for (const [kind, make] of [
	['sqlite', (data) => sqlite(path.join(work, 'pfa.db'), data)],
	['mysqldump', (data) => write('my.sql', mysql(data))],
	['pg_dump', (data) => write('pg.sql', postgres(data))],
	['pg_dump --inserts', (data) => write('pgi.sql', postgresInserts(data))]])
	test(`postfixadmin, ${kind}: comes in, and its people log in`,
	    async () => {
		const { p, q, data } = await pfaData(kind.replace(/[^a-z]+/g, ''));
		const file = await make(data);
		const dry = await unchanged(s, () => pfa(file, '--dry-run'));
		const r = await pfa(file);

		assert.deepEqual({ ...dry.summary, applied: true }, r.summary);
		await checkPfa(r, p, q);
		const again = await unchanged(s, () => pfa(file));
		assert.equal(again.summary.accounts + again.summary.domains, 0);
	});

// Refused: the exit code, a reason, nothing changed.
async function refused(code, args, words) {
	const r = await unchanged(s, () => tool(s, ['migrate', ...args]));

	assert.equal(r.code, code, `${args.join(' ')}: ${r.stderr}`);
	assert.match(r.stderr, words, args.join(' '));
}

test('sources that are none; usage', async () => {
	const fifo = path.join(work, 'fifo'), empty = path.join(work, 'empty');
	const { data } = await pfaData('bad');
	const whole = mysql(data), db = await sqlite(path.join(work, 'c.db'), data);
	const bytes = fs.readFileSync(db);

	await must('mkfifo', [fifo]);
	fs.mkdirSync(empty);
	fs.symlinkSync('loop', path.join(work, 'loop'));
	for (const what of ['vpopmail', 'postfixadmin']) {
		await refused(1, [what, path.join(work, 'none')], /No such file/);
		await refused(1, [what, path.join(work, 'loop')], /Too many levels/);
		await refused(2, [what], /DIR|FILE/);
		await refused(2, [what, empty, empty], /DIR|FILE/);
		await refused(2, [what, empty, '--force'], /DIR|FILE/);
		assert.equal((await tool(s, ['migrate', what, '--help'])).code, 0);
	}
	await refused(2, ['sendmail', empty], /Exit:/);
	await refused(1, ['vpopmail', empty], /no domain of vpopmail/);
	await refused(1, ['vpopmail', db], /Not a directory/);
	await refused(1, ['postfixadmin', empty], /is no file/);
	await refused(1, ['postfixadmin', fifo], /is no file/);
	await refused(1, ['postfixadmin', '/dev/zero'], /is no file/);
	await refused(1, ['postfixadmin', write('empty.sql', '')],
	    /no domain of PostfixAdmin/);
	await refused(1, ['postfixadmin', write('junk.sql', 'hello\0 world')],
	    /line 1/);
	await refused(1, ['postfixadmin', write('cut.sql',
	    whole.slice(0, whole.indexOf('INSERT INTO `mailbox`') + 200))],
	    /cut off, in line \d+/);
	// Damaged: the middle of the file is other bytes.
	bytes.fill(0xa5, 4096 + 2048, 4096 + 12288);
	fs.writeFileSync(path.join(work, 'bad.db'), bytes);
	await refused(1, ['postfixadmin', path.join(work, 'bad.db')],
	    /malformed|corrupt|not a database/);
	// A view that never ends where a table should be.
	await must('sqlite3', [path.join(work, 'view.db'), 'CREATE VIEW domain AS ' +
	    'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) ' +
	    'SELECT i AS domain FROM n;']);
	await refused(1, ['postfixadmin', path.join(work, 'view.db')],
	    /no domain of PostfixAdmin/);
});

test('busy: the source, the database', async () => {
	const { data } = await pfaData('busy');
	const file = await sqlite(path.join(work, 'busy.db'), data);

	const other = await sqlite(path.join(work, 'other.db'), data);
	await Promise.all([
		held(file, () => refused(75, ['postfixadmin', file], /locked/),
		    'EXCLUSIVE'),
		held(s.db, () => refused(75, ['postfixadmin', other], /busy/))]);
});
