// What a list does with mail, beyond who may post.

import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { smtp } from '../lib/smtp.mjs';
import { outbound, token } from '../lib/mail.mjs';
import { tool, mustTool } from '../lib/tool.mjs';
import { unchanged } from '../lib/db.mjs';
import { until } from '../lib/until.mjs';
import { must } from '../lib/run.mjs';
import { newDomain, taken, DENTSU } from '../lib/admin.mjs';
import { s, b, HOME, here, outside, newList, members, dirOf, post, got, to,
	arrives, head, header, settled, mailTo } from '../lib/lists.mjs';

const told = (address) => outbound(s, address).filter((m) =>
    m.to.includes(address));
const sync = () => mustTool(s, ['lists', 'sync']);
const asOwner = (dir, file, text) => {
	const st = fs.statSync(dir), p = path.join(dir, file);

	fs.writeFileSync(p, text);
	fs.chownSync(p, st.uid, st.gid);
};

test('who bounces for five days is taken off', async () => {
	const gone = outside('gone'), slow = outside('slow'), p = outside();
	const name = await newList([gone, slow, p]), dir = await dirOf(name);
	const DAY = 86400, now = Math.floor(Date.now() / 1000);
	const file = (a) => `bounce/${a.replace('@', '=')}`;

	for (const a of [gone, slow])
		await mailTo(here(name, `+bounces-1-${a.replace('@', '=')}`), '',
		    { from: 'MAILER-DAEMON@x.example' });
	await until('both are counted', () => [gone, slow].every((a) =>
	    fs.existsSync(path.join(dir, file(a)))));
	// As mlmmj-bounce writes it, of some days ago; and nobody who got a
	// probe since has bounced it.
	for (const [a, days] of [[gone, 6], [slow, 4]])
		asOwner(dir, file(a), `1:${now - days * DAY} # ${a}\n`);
	await sync();
	assert.deepEqual(await members(name), [p, slow].sort());
});

test('a moderator rejects', async () => {
	const mod = outside('mod'), p = outside(), me = outside('stranger');
	const name = await newList([p], { posting: 'members_moderated',
		moderators: mod });
	const held = path.join(await dirOf(name), 'moderation');
	const tok = await post(name, me);
	const [release, reject] = await until('the moderator is asked', () =>
	    got(tok, mod).map((m) => ['release', 'reject'].map((what) =>
	    new RegExp(`[a-z0-9]+\\+${what}-[^@\\s<>"]+@[a-z.]+`)
	    .exec(m.text)?.[0])).find(([x]) => x));

	assert.equal(fs.readdirSync(held).length, 1);
	await mailTo(reject, mod);
	await until('it is held no more', () =>
	    fs.readdirSync(held).length === 0);
	await mailTo(release, mod);
	await settled();
	assert.equal(to(tok, p).length, 0);
	assert.deepEqual(told(me), []);
});

test('a closed list says nothing to who would join; leaving is open',
    async () => {
	const me = outside('me'), p = outside();
	const name = await newList([p], { subscription: 'closed' });

	await mailTo(here(name, '+subscribe'), me);
	await mailTo(here(name, '+unsubscribe'), p);
	await until('asked to confirm', () => told(p).length === 1);
	await settled();
	assert.deepEqual(told(me), []);
	assert.deepEqual(await members(name), [p]);
});

test('old mail: members, while there is an archive', async () => {
	const p = outside(), me = outside('stranger');
	const name = await newList([p], { archive: 'on' });
	const tok = await post(name, p), dir = await dirOf(name);
	const get = (who) => mailTo(here(name, '+get-1'), who);

	await arrives(tok, p);
	await until('it is in the archive', () =>
	    fs.existsSync(path.join(dir, 'archive/1')));
	await get(p);
	await get(me);
	await until('it is sent again', () => to(tok, p).length === 2);
	await settled();
	assert.deepEqual(told(me), []);
	await taken(b.submit(`${HOME}/${name}`, { archive: null }));
	await arrives(await post(name, p), p);
	await get(p);
	await settled();
	assert.equal(to(tok, p).length, 2);
	assert.ok(!fs.existsSync(path.join(dir, 'archive/2')));
});

// What a mail program shows of it, where it has one body.
const body = (text) => text.replace(/\r/g, '').split('\n\n').slice(1)
    .join('\n\n');

test('a footer spoils no message', async () => {
	const p = outside(), end = '-- \nthe footer';
	const name = await newList([p], { footer: end });
	const say = async (type, encoding, text) => {
		const tok = await post(name, p, { text, headers:
		    `\r\nMIME-Version: 1.0\r\nContent-Type: ${type}` +
		    `\r\nContent-Transfer-Encoding: ${encoding}` });
		return arrives(tok, p);
	};
	const base64 = Buffer.from('日本語のメール').toString('base64');
	const wrapped = [['text/plain; charset=utf-8', 'base64', base64],
		['application/pdf', 'base64', base64],
		['text/html; charset=utf-8', '8bit', '<p>山</p>'],
		['multipart/alternative; boundary="x"', '7bit',
		    '--x\r\n\r\na\r\n--x--'],
		['text/plain; charset=utf-8', 'quoted-printable', 'x=\r\ny=3D']];

	for (const [type, encoding, text] of wrapped) {
		const m = await say(type, encoding, text);
		const mark = /^multipart\/mixed; boundary="([0-9a-f]{32})"$/
		    .exec(header(m.text, 'Content-Type')[0])[1];
		const [, one, two, rest] = body(m.text).split(`--${mark}`);

		assert.equal(head(m.text).match(/^MIME-Version/mg).length, 1);
		assert.deepEqual(header(m.text, 'Content-Transfer-Encoding')
		    .filter((x) => x === encoding), []);
		assert.equal(one, `\nContent-Type: ${type}\n` +
		    `Content-Transfer-Encoding: ${encoding}\n\n` +
		    `${text.replace(/\r/g, '')}\n\n`);
		assert.match(two, /^\nContent-Type: text\/plain; charset=us-ascii/);
		assert.ok(two.includes(`\n\n${end}\n`));
		assert.match(rest, /^--\n/);
	}
	const type = 'text/plain; charset=iso-2022-jp';
	const m = await say(type, '7bit', 'a\r\nb');

	assert.deepEqual(header(m.text, 'Content-Type'), [type]);
	assert.ok(body(m.text).startsWith(`a\nb\n${end}\n`));
});

test('what is signed or encrypted stays so', async () => {
	const p = outside(), name = await newList([p], { footer: '-- \nend' });
	const key = path.join(s.dir, 'smime.key'), cert = `${key}.pem`;
	const text = path.join(s.dir, 'smime.txt'), mail = `${text}.eml`;
	const openssl = (...args) => must('openssl', args);
	const ways = [['-sign', '-signer', cert, '-inkey', key],
		['-sign', '-nodetach', '-signer', cert, '-inkey', key],
		['-encrypt', '-aes256', '-recip', cert]];

	await openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt',
	    'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=a', '-keyout', key,
	    '-out', cert, '-addext', 'extendedKeyUsage=emailProtection');
	fs.writeFileSync(text, 'the text\r\n');
	for (const way of ways) {
		const { stdout } = await openssl('cms', ...way, '-in', text);
		const [fields, ...rest] = stdout.replace(/\r/g, '').split('\n\n');
		const tok = await post(name, p, {
			headers: `\r\n${fields.replace(/\n/g, '\r\n')}`,
			text: rest.join('\n\n').replace(/\n/g, '\r\n') });

		fs.writeFileSync(mail, (await arrives(tok, p)).text
		    .replace(/^X-Envelope-.*\n/mg, ''));
		const r = await openssl('cms', '-in', mail, ...way[0] === '-sign' ?
		    ['-verify', '-CAfile', cert] :
		    ['-decrypt', '-recip', cert, '-inkey', key]);
		assert.match(r.stdout, /^the text\r\n$/);
	}
});

test('an import does not take the name of a list', async () => {
	const name = await newList(), file = path.join(s.dir, `${name}.csv`);

	fs.writeFileSync(file, `account,real_name\n${name},X\nfree${name},Y\n`);
	const r = await unchanged(s, () => tool(s, ['import', DENTSU, file]));
	assert.equal(r.code, 1);
	assert.match(r.stderr + r.stdout, /is already an account/);
});

test('a disabled domain: its lists are unknown, and as they were after it',
    async () => {
	const d = await newDomain(s), list = `zemi@${d.name}`, p = outside();

	await mustTool(s, ['lists', 'add', list, '--owner',
		`postmaster@${d.name}`]);
	await mustTool(s, ['lists', 'join', list, p]);
	await mustTool(s, ['domain', 'set', d.name, '--disable']);
	for (const a of [list, `zemi+help@${d.name}`])
		assert.equal(Math.floor((await smtp(s, a)).rcpt[a].code / 100),
		    5, a);
	await sync();
	await mustTool(s, ['domain', 'set', d.name, '--enable']);
	const tok = token();
	await mailTo(list, p, { subject: tok });
	await arrives(tok, p);
});

test('one member; names like those of other list managers', async () => {
	const p = outside(), all = [];
	const name = await newList([p]);

	for (const what of ['request', 'bounces', 'owner', 'subscribe']) {
		const q = outside(what), like = `${name}-${what}`;

		await mustTool(s, ['lists', 'add', here(like), '--owner', q]);
		await mustTool(s, ['lists', 'join', here(like), q]);
		all.push([like, q]);
	}
	all.push([name, p]);
	for (const [like, q] of all) {
		const m = await arrives(await post(like, q), q);

		assert.match(m.from, new RegExp(`^${like}\\+bounces-`));
	}
	for (const bad of [`${name}+y`, `${name}+help`, '+help'])
		assert.notEqual((await unchanged(s, () => tool(s, ['lists', 'add',
			here(bad), '--owner', p]))).code, 0, bad);
});

test('a list on a list: its own rule counts, and nobody is told', async () => {
	const p = outside(), q = outside(), stranger = outside('stranger');
	const open = await newList([q], { posting: 'anyone' });
	const shut = await newList([q, p]);
	const all = await newList([p, here(open), here(shut)],
	    { posting: 'anyone' });
	const tok = await post(all, p), no = await post(all, stranger);
	const lists = (of) => to(of, q).map((m) => header(m.text, 'List-Id')
	    .join()).sort();

	for (const of of [tok, no])
		await arrives(of, p);
	await settled();
	// p may post to both, the stranger to the open one only.
	assert.deepEqual(lists(tok), [open, shut].map((x) =>
	    `<${x}.${DENTSU}>`).sort());
	assert.deepEqual(lists(no), [`<${open}.${DENTSU}>`]);
	assert.deepEqual(told(stranger), []);
});
