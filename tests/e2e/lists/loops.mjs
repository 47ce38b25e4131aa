// Mail that programs send is not answered, and decides nothing.

import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { smtp } from '../lib/smtp.mjs';
import { outbound, stored, token } from '../lib/mail.mjs';
import { newAccount } from '../lib/tool.mjs';
import { until } from '../lib/until.mjs';
import { run } from '../lib/run.mjs';
import { s, here, outside, newList, members, dirOf, post, got, to, arrives,
	settled, letter, mailTo } from '../lib/lists.mjs';

const BY_PROGRAM = ['Auto-Submitted: auto-replied (vacation)',
	'Precedence: bulk', 'Precedence:\r\n junk', 'List-Id: <other.x.example>'];
const marked = (header) => ({ subject: `x\r\n${header}` });
const told = (address) => outbound(s, address).filter((m) =>
    m.to.includes(address));

test('no program is answered: commands, refused posts', async () => {
	const name = await newList([outside()]);
	const subs = ['', '+help', '+faq', '+subscribe', '+unsubscribe'];
	const person = outside('person'), quiet = [];
	const mail = (sub, header, sender) => {
		const from = outside('auto');

		quiet.push(from);
		return mailTo(here(name, sub), sender ?? from,
		    { from, ...marked(header) });
	};

	await Promise.all(subs.flatMap((sub) => [
		...BY_PROGRAM.map((header) => mail(sub, header)),
		// By their From they would be answered.
		mail(sub, 'X: y', ''),
		mail(sub, 'X: y', 'MAILER-DAEMON@x.example')]));
	// As its own: it must not even write to itself.
	for (const sub of ['', '+help'])
		await mailTo(here(name, sub), outside(), { from: here(name) });
	for (const sub of ['', '+help', '+subscribe'])
		await mailTo(here(name, sub), person, marked('Precedence: x'));
	await until('a person is answered thrice', () => told(person)
	    .length === 3);
	await settled();
	for (const a of quiet)
		assert.deepEqual(told(a), [], a);
	assert.equal(told(here(name)).length, 0);
	assert.match(fs.readFileSync(path.join(s.dir, 'log/postfix.log'), 'utf8'),
	    new RegExp(`to=<${name}\\+help@.*event=list_mail dropped=automatic`));
});

test('a program confirms nothing and releases nothing', async () => {
	const me = outside('me'), mod = outside('mod'), p = outside();
	const name = await newList([p], { posting: 'members_moderated',
		moderators: mod });

	await mailTo(here(name, '+subscribe'), me);
	const tok = await post(name, outside('stranger'));
	const asked = await letter(me, 'confsub');
	const [release, reject] = await until('the moderator is asked', () =>
	    got(tok, mod).map((m) => ['release', 'reject'].map((what) =>
	    new RegExp(`[a-z0-9]+\\+${what}-[^@\\s<>"]+@[a-z.]+`)
	    .exec(m.text)?.[0])).find(([x]) => x));
	for (const header of BY_PROGRAM) {
		await mailTo(asked.at, me, marked(header));
		await mailTo(release, mod, marked(header));
		await mailTo(reject, mod, marked(header));
	}
	await settled();
	assert.deepEqual(await members(name), [p]);
	assert.equal(to(tok, p).length, 0);
	await mailTo(asked.at, me);
	await mailTo(release, mod);
	await arrives(tok, p);
	await until('a member', async () => (await members(name)).includes(me));
});

test('a program posts where it would not be refused', async () => {
	const p = outside(), mod = outside('mod'), bulk = marked('Precedence: bulk');
	const open = await newList([p], { posting: 'anyone' });
	const shut = await newList([p], { moderators: mod });
	const only = await newList([p], { posting: 'moderators',
		moderators: mod });
	const asks = await newList([p], { posting: 'members_moderated',
		moderators: mod });
	const tell = (name, sender, more) => post(name, sender,
	    { headers: '\r\nPrecedence: bulk', ...more });

	await arrives(await tell(open, outside()), p);
	await arrives(await tell(open, outside(), { from: here(open) }), p);
	// The header's From counts, whoever the envelope names.
	await arrives(await tell(shut, outside(), { from: p.toUpperCase() }), p);
	await arrives(await tell(only, mod), p);
	const tok = await tell(asks, outside());
	const no = [await tell(only, p), await tell(shut, mod)];
	await until('the moderator is asked', () => got(tok, mod)[0]);
	await settled();
	for (const x of no)
		assert.deepEqual(outbound(s, x), []);
});

test('an answer is no post; nor is what only names a member', async () => {
	const p = outside(), me = outside('me');
	const name = await newList([p], { reply_to: 'list' });
	const reply = await post(name, p,
	    { headers: '\r\nAuto-Submitted: auto-replied' });
	const munged = await post(name, me, { from: `${me}> (${p}`,
	    headers: '\r\nList-Id: <other.x.example>' });

	await arrives(await post(name, p), p);
	await settled();
	for (const tok of [reply, munged])
		assert.deepEqual(outbound(s, tok), []);
});

test('the address that Postfix was given counts, not the header', async () => {
	const p = outside(), me = outside('me');
	const name = await newList([p], { posting: 'anyone' });
	const tok = token();

	await mailTo(here(name, '+help'), me, { subject: tok +
	    `\r\nDelivered-To: ${here(name)}` });
	await until('help comes', () => told(me).length === 1);
	await arrives(await post(name, me, { headers:
	    `\r\nDelivered-To: ${here(name, '+help')}` }), p);
	await settled();
	assert.equal(to(tok, p).length, 0);
	assert.equal(told(me).length, 1);
});

test('who writes no From, or two, or to no sub-address, is told', async () => {
	const p = outside(), name = await newList([p], { posting: 'anyone' });
	const two = outside('two'), none = outside('none'), me = outside('me');

	await post(name, two, { from: 'a@x.example>, <b@x.example' });
	await smtp(s, here(name), { sender: none, from: '' });
	for (const who of [two, none])
		assert.match((await until(`${who} is told`, () => told(who)[0])).text,
		    /the From of the header is not one address/);
	await mailTo(here(name, '+unsubscrib'), me);
	assert.match((await until('he is told', () => told(me)[0])).text,
	    /the list has no such sub-address/);
});

test('bounces and mail to the owner go through', async () => {
	const p = outside(), owner = await newAccount(s), tok = token();
	const name = await newList([p], { owner: owner.address });
	const bounces = path.join(await dirOf(name), 'bounce');

	await mailTo(here(name, '+owner'), '', { from: 'MAILER-DAEMON@x.example',
		subject: `${tok}\r\nAuto-Submitted: auto-replied` });
	await mailTo(here(name, `+bounces-1-${p.replace('@', '=')}`), '',
	    { from: 'MAILER-DAEMON@x.example', ...marked(BY_PROGRAM[0]) });
	await until('the owner has it', async () =>
	    (await stored(s, owner.address, tok)).length === 1);
	await until('the bounce is counted', () => fs.readdirSync(bounces)
	    .includes(p.replace('@', '=')));
});

test('its own mail does not come in again', async () => {
	const p = outside(), name = await newList([p], { posting: 'anyone' });
	const [l, d] = here(name).split('@'), all = [];

	all.push(await post(name, p, { headers: `\r\nList-Id: <${l}.${d}>` }),
	    await post(name, p, { from: here(name, '+owner') }),
	    await post(name, here(name, '+bounces-1-x=y.example'), { from: p }),
	    await post(name, '', { from: p }));
	await arrives(await post(name, p), p);
	await settled();
	for (const tok of all)
		assert.deepEqual(outbound(s, tok), []);
});

test('a list whose directory is not there yet: later', async () => {
	const program = path.join(s.dir, 'app/fumibako-list-mail');
	const mail = (dir) => run(program, [dir, 'a@x.example', ''],
	    { input: 'From: a@x.example\n\nx\n' });

	for (const dir of [path.join(s.dir, 'lists/999999'), '/nowhere', ''])
		assert.equal((await mail(dir)).code, 75, dir);
	assert.equal((await run(program, [])).code, 75);
	// mlmmj would end with 1, which is a bounce.
	const dir = path.join(s.dir, 'noplace');
	fs.mkdirSync(path.join(dir, 'control'), { recursive: true });
	fs.writeFileSync(path.join(dir, 'control/listaddress'), 'a@b.example\n');
	assert.equal((await mail(dir)).code, 75);
	assert.deepEqual(fs.readdirSync(path.join(s.dir, 'lists'))
	    .filter((x) => x === '999999'), []);
});
