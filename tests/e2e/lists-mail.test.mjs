// Mailing lists by mail: who may post, what arrives, joining and leaving, and
// what is left when the engine dies in the middle.

import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { startStack, stopSound, isAlive } from './lib/stack.mjs';
import { smtp } from './lib/smtp.mjs';
import { stored, outbound, token } from './lib/mail.mjs';
import { tool, mustTool, newAccount } from './lib/tool.mjs';
import { sql } from './lib/db.mjs';
import { until, pause } from './lib/until.mjs';
import { admin, taken, why, DENTSU } from './lib/admin.mjs';
import { s, b, use, HOME, OWNER, here, outside, newList, members, dirOf, post,
	got, to, arrives, head, header, settled, letter, mailTo } from
	'./lib/lists.mjs';
import './lists/loops.mjs';
import './lists/rules.mjs';

before(async () => {
	const stack = await startStack('lmail');

	use(stack, await admin(stack));
});
after(() => stopSound(s));

test('a post: local and outside, headers, prefix, footer, reply-to, sender',
    async () => {
	const a = await newAccount(s), p = outside(), me = outside('me');
	const name = await newList([a.address, p, me], { prefix: '[zemi]',
		footer: '-- \nthe footer of the list', reply_to: 'list' });
	const tok = await post(name, me, { headers: '\r\nList-Id: <evil.x>\r\n' +
	    `Reply-To: <evil@x.example>` });
	const m = await arrives(tok, p), t = m.text;

	assert.deepEqual(header(t, 'List-Id'), [`<${name}.${DENTSU}>`]);
	assert.deepEqual(header(t, 'List-Post'), [`<mailto:${here(name)}>`]);
	for (const [h, sub] of [['Subscribe', 'subscribe'], ['Help', 'help'],
		['Unsubscribe', 'unsubscribe'], ['Owner', 'owner']])
		assert.deepEqual(header(t, `List-${h}`),
		    [`<mailto:${here(name, `+${sub}`)}>`]);
	assert.deepEqual(header(t, 'Precedence'), ['list']);
	assert.deepEqual(header(t, 'Reply-To'), [here(name)]);
	assert.deepEqual(header(t, 'Subject'), [`[zemi] ${tok}`]);
	assert.match(header(t, 'From')[0], new RegExp(me));
	assert.match(t, /the footer of the list/);
	assert.match(m.from, new RegExp(`^${name}\\+bounces-.*@${DENTSU}$`));
	await arrives(tok, me);
	await until('in the mailbox', async () =>
	    (await stored(s, a.address, tok)).length === 1);
	await settled();
	assert.equal(to(tok, p).length, 1, 'one copy');
	assert.equal((await stored(s, a.address, tok)).length, 1);
	// Changed on the page: the next post follows.
	await taken(b.submit(`${HOME}/${name}`, { prefix: '', footer: '',
		reply_to: 'sender' }));
	const t2 = (await arrives(await post(name, me), p)).text;
	assert.deepEqual(header(t2, 'Reply-To'), []);
	assert.doesNotMatch(header(t2, 'Subject')[0], /zemi/);
	assert.doesNotMatch(t2, /the footer/);
});

for (const [posting, member, moderator, stranger] of [
    ['anyone', 'in', 'in', 'in'],
    ['members', 'in', 'back', 'back'],
    ['members_moderated', 'in', 'ask', 'ask'],
    ['moderators', 'back', 'in', 'back'],
    ['moderators_moderated', 'ask', 'in', 'ask']])
	test(`posting ${posting}`, { concurrency: true }, async () => {
		const p = outside('member'), mod = outside('mod');
		const name = await newList([p], { posting, moderators: mod });
		const who = [[p, member], [mod, moderator],
			[outside('stranger'), stranger]];

		for (const [sender, what] of who) {
			const tok = await post(name, sender);

			if (what === 'in') {
				await arrives(tok, p);
				continue;
			}
			if (what === 'back') {
				await until(`${sender} is told`, () =>
				    outbound(s, sender).some((m) =>
				    m.to.includes(sender) && !header(m.text,
				    'List-Post').length && header(m.text,
				    'From')[0]?.includes(name)));
				await settled();
				assert.equal(to(tok, p).length, 0, sender);
				continue;
			}
			const ask = await until('the moderator is asked', () =>
			    got(tok, mod).map((m) => /[a-z0-9]+\+release-[^@\s<>"]+@[a-z.]+/
			    .exec(m.text)?.[0]).find(Boolean));
			assert.equal(to(tok, p).length, 0, sender);
			await mailTo(ask, mod);
			await arrives(tok, p);
		}
	});

test('subscribe, confirm, post, leave', async () => {
	const me = outside('me'), other = outside('other');
	const name = await newList([other]);

	await mailTo(here(name, '+subscribe'), me);
	const c = await letter(me, 'confsub');
	assert.deepEqual(await members(name), [other], 'not yet');
	await mailTo(c.at, me);
	await until('a member', async () => (await members(name)).includes(me));
	const tok = await post(name, me);
	await arrives(tok, other);
	await arrives(tok, me);
	await mailTo(here(name, '+unsubscribe'), me);
	await mailTo((await letter(me, 'confunsub')).at, me);
	await until('left', async () => !(await members(name)).includes(me));
	const t2 = await post(name, other);
	await arrives(t2, other);
	await settled();
	assert.equal(to(t2, me).length, 0);
	// A confirmation is good once; an invented one is nothing.
	await mailTo(c.at, me);
	await mailTo(here(name, '+confsub-0123456789abcdef-x=y.example'), me);
	await settled();
	assert.deepEqual(await members(name), [other]);
});

test('closed: nobody joins by mail; approval: the owner is asked', async () => {
	const me = outside('me'), mod = outside('mod');
	const shut = await newList([], { subscription: 'closed' });
	const asks = await newList([], { subscription: 'approval',
		owner: mod });

	await mailTo(here(shut, '+subscribe'), me);
	await mailTo(here(asks, '+subscribe'), me);
	const conf = await Promise.race([letter(me, 'confsub'),
		letter(mod, 'permit')]);
	if (conf.to.includes(me))
		await mailTo(conf.at, me);
	const ask = await letter(mod, 'permit');
	assert.deepEqual(await members(asks), []);
	await mailTo(ask.at, mod);
	await until('let in', async () => (await members(asks)).includes(me));
	await settled();
	assert.deepEqual(await members(shut), []);
});

test('no loop: own posts', async () => {
	const p = outside();
	const name = await newList([p], { posting: 'anyone' });
	const tok = await post(name, p);
	const m = await arrives(tok, p);

	// What it has sent comes back as it was.
	const back = await smtp(s, here(name), { sender: m.from, subject:
	    `again ${tok}\r\n${head(m.text).split('\n').filter((l) =>
	    /^(List-|Precedence|X-Loop|Delivered-To)/i.test(l)).join('\r\n')}` });
	assert.ok(back.data.code < 600);
	await settled();
	assert.equal(to(tok, p).length, 1, 'it went round');
});

test('a deleted account leaves its lists, and its name inherits none',
    async () => {
	const a = await newAccount(s), p = outside();
	const name = await newList([a.address, here(`${a.local}+x`), p]);

	await mustTool(s, ['account', 'delete', a.address]);
	await newAccount(s, { local: a.local });
	await until('gone from the list', async () =>
	    (await members(name)).join() === p);
});

test('a deleted list: unknown at once, its members and directory gone',
    async () => {
	const p = outside(), name = await newList([p]);
	const dir = await dirOf(name);

	await mustTool(s, ['lists', 'delete', here(name)]);
	for (const a of [here(name), here(name, '+subscribe')])
		assert.equal((await smtp(s, a)).rcpt[a].code, 550, a);
	assert.equal(fs.existsSync(dir), false);
	await mustTool(s, ['lists', 'add', here(name), '--owner', OWNER]);
	assert.deepEqual(await members(name), []);
});

for (const n of [0, 999, 1001, 5000])
	test(`${n} members: one post, one copy each`, async () => {
		const name = await newList([], { posting: 'anyone' });
		const dir = await dirOf(name), tag = token().slice(0, 12);
		const all = Array.from({ length: n }, (_, i) =>
		    `${'abcdefghijklmnop'[i % 16]}${i}@${tag}.example`);

		// As mlmmj-sub does it, but in one go.
		for (const c of new Set(all.map((x) => x[0]))) {
			const f = path.join(dir, 'subscribers.d', c);

			fs.writeFileSync(f, all.filter((x) => x[0] === c)
			    .map((x) => `${x}\n`).join(''));
			const st = fs.statSync(dir);
			fs.chownSync(f, st.uid, st.gid);
		}
		const had = fs.readdirSync(s.outbound).length;
		const tok = await post(name, outside());
		await until(`${n} copies`, () => fs.readdirSync(s.outbound)
		    .length >= had + n, { ms: 90000, every: 250 });
		await settled();
		assert.deepEqual(outbound(s, tok).flatMap((m) => m.to).sort(),
		    [...all].sort());
	});

// -- the engine dies --

const daemon = () => path.join(s.dir, 'run/daemons/lists');
const pid = () => Number(fs.readFileSync(daemon(), 'utf8').split(' ')[0]);
let argv;

// How it was started; and it is ours.
function engineArgv() {
	argv ??= fs.readFileSync(`/proc/${pid()}/cmdline`, 'utf8').split('\0')
	    .slice(0, -1);
	assert.match(argv.find((x) => x.includes('fumibako-lists')) ?? '',
	    new RegExp(`^${s.dir}/`));
}

async function killEngine() {
	const p = pid();

	engineArgv();
	process.kill(p, 'SIGKILL');
	await until('the engine is dead', () => !isAlive(p));
}

async function startEngine() {
	const out = fs.openSync(path.join(s.dir, 'log/lists.log'), 'a');
	const child = spawn('setpriv', ['--reuid', 'mlmmj', '--regid', 'mlmmj',
		'--init-groups', ...argv],
	    { detached: true, stdio: ['ignore', out, out], cwd: '/' });

	child.unref();
	fs.closeSync(out);
	const start = fs.readFileSync(`/proc/${child.pid}/stat`, 'utf8')
	    .replace(/^.*\) /s, '').split(' ')[19];
	const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')
	    .trim();
	fs.writeFileSync(daemon(), `${child.pid} ${start} ${boot}\n`);
	await until('the engine answers', async () =>
	    (await tool(s, ['lists', 'sync'])).code === 0);
}

// Database and directories agree, and each directory is whole.
async function agree() {
	const ids = await sql(s.db,
	    "SELECT id FROM address WHERE kind = 'list' ORDER BY id");
	const spool = path.join(s.dir, 'lists');
	const dirs = fs.readdirSync(spool).filter((x) => !/^gone-/.test(x));

	assert.deepEqual(dirs.sort(), [...ids].sort());
	for (const id of ids)
		for (const f of ['control/listaddress', 'control/owner',
			'control/relayhost', 'control/customheaders', 'index',
			'subscribers.d'])
			assert.ok(fs.existsSync(path.join(spool, id, f)),
			    `${id}/${f}`);
}

// Each step of it: tests/unit/test_list_kill.c.
test('killed in the middle of a create, a delete: it mends itself',
    async () => {
	const p = outside();

	for (let i = 0; i < 3; i++) {
		const name = `kill${i}`, old = await newList([p]);
		const doing = Promise.all([
			tool(s, ['lists', 'add', here(name), '--owner', OWNER]),
			tool(s, ['lists', 'delete', here(old)])]);

		await pause(5 + i * 12);
		await killEngine();
		const done = await doing;
		for (const r of done)
			assert.equal(r.signal, null);
		await startEngine();
		await agree();
		if (done[0].code === 0)
			assert.deepEqual(await members(name), []);
	}
});

test('told to stop, it goes, and takes its socket with it', async () => {
	const p = pid(), socket = path.join(s.dir, 'run/lists/engine.sock');

	engineArgv();
	assert.ok(fs.existsSync(socket));
	process.kill(p, 'SIGTERM');
	await until('the engine has ended', () => !isAlive(p));
	assert.ok(!fs.existsSync(socket));
	await startEngine();
});

test('half-made and spoilt directories are mended by the next sync', async () => {
	const p = outside(), name = await newList([p], { posting: 'anyone' });
	const dir = await dirOf(name), c = path.join(dir, 'control');

	for (const f of fs.readdirSync(c)) {
		fs.rmSync(path.join(c, f));
		await mustTool(s, ['lists', 'sync']);
	}
	const st = fs.statSync(dir);
	for (const half of ['new-99999', '99998']) {
		const d = path.join(s.dir, 'lists', half);

		fs.mkdirSync(d);
		fs.writeFileSync(path.join(d, 'x'), 'x');
		fs.chownSync(path.join(d, 'x'), st.uid, st.gid);
		fs.chownSync(d, st.uid, st.gid);
	}
	await mustTool(s, ['lists', 'sync']);
	await agree();
	await arrives(await post(name, outside()), p);
	assert.deepEqual(await members(name), [p]);
});

test('the engine is away: pages live, mail goes on, saves follow later',
    async () => {
	const p = outside(), name = await newList([p], { posting: 'anyone' });

	await killEngine();
	const r = await b.get(`${HOME}/${name}/members`);
	assert.equal(r.status, 200);
	assert.match(r.page.words, /does not answer/);
	await arrives(await post(name, outside()), p);
	await taken(b.submit(`${HOME}/${name}`, { prefix: '[later]' }));
	const m = await b.submit(`${HOME}/${name}/members`,
	    { members: outside() });
	assert.equal(m.status, 503, why(m));
	await startEngine();
	const tok = await post(name, outside());
	assert.match(header((await arrives(tok, p)).text, 'Subject')[0],
	    /^\[later\]/);
});
