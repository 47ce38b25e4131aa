// 転送アカウント: names that only forward, as their administrator keeps them,
// and where the mail then goes.

import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startStack, stopSound } from './lib/stack.mjs';
import { Browser } from './lib/http.mjs';
import { smtp } from './lib/smtp.mjs';
import { deliver, whereIs, stored, outboundTo, outbound } from './lib/mail.mjs';
import { tool, mustTool, newAccount } from './lib/tool.mjs';
import { sql, targets, unchanged, held } from './lib/db.mjs';
import { admin, newDomain, papers, taken, refusedAt, summary, listed, link,
	everyPage, count, why, DENTSU, KAGAKU } from './lib/admin.mjs';

let s, b;
before(async () => {
	s = await startStack('forwards');
	b = await admin(s);
});
after(() => stopSound(s));

const HOME = `/admin/${DENTSU}/forwards`;
const at = (name, more = '') => `${HOME}/${name}${more}`;
const add = (name, to, who = b, home = HOME) =>
    who.submit(`${home}/new`, { name, targets: to });
const save = (name, to) => b.submit(at(name), { targets: to });
const remove = (name, who = b) =>
    who.submit(at(name, '/delete'), { confirm: name });
const here = (name) => `${name}@${DENTSU}`;
const refused = async (what, ...fields) => refusedAt(
    await unchanged(s, what), 422, ...fields);
let serial = 0;
const fresh = () => `fw${++serial}`;

test('create, change, delete: each rules the very next message', async () => {
	const a = await newAccount(s), c = await newAccount(s);
	const r = await taken(add('office', `${a.address}\nout@outside.example`),
	    /^\/admin\/dentsu\.example\/forwards\/office\?added=1$/);

	assert.match((await b.get(r.location)).page.words,
	    /office@dentsu\.example is created/);
	assert.deepEqual(await targets(s, here('office')),
	    [a.address, 'out@outside.example']);
	let tok = await deliver(s, here('office'));
	assert.deepEqual(await whereIs(s, tok, a.address),
	    { box: 1, out: ['out@outside.example'] });
	// The capital letters of senders, and their + details.
	tok = await deliver(s, ['OFFICE@Dentsu.Example', `office+x@${DENTSU}`]);
	assert.equal((await whereIs(s, tok, a.address)).box >= 1, true);

	await taken(save('office', c.address), /saved=1$/);
	tok = await deliver(s, here('office'));
	assert.equal((await whereIs(s, tok, a.address)).box, 0);
	assert.deepEqual(await whereIs(s, tok, c.address), { box: 1, out: [] });
	// The same once more is no change.
	await unchanged(s, () => taken(save('office', c.address), /saved=0$/));
	assert.equal((await b.get(at('office'))).page.form(at('office')).targets,
	    c.address);

	for (const confirm of ['', 'OFFICE', 'office ', here('office'), null])
		await refused(() => b.submit(at('office', '/delete'), { confirm }),
		    'confirm');
	const gone = await taken(remove('office'), /forwards\?deleted=1$/);
	assert.match((await b.get(gone.location)).page.words, /is deleted/);
	assert.equal((await smtp(s, here('office'))).rcpt[here('office')].code,
	    550);
	assert.equal((await b.get(at('office'))).status, 404);
	// The history tells each of them.
	const log = await sql(s.db, `SELECT what, old_value, new_value FROM
	    history WHERE subject = '${here('office')}' ORDER BY id`);
	assert.equal(log.length, 3, log.join('\n'));
	assert.match(log[0], /^forward_added\|/);
	assert.match(log[1], new RegExp(`^forward_targets\\|${a.address}.*\\|` +
	    `${c.address}$`));
	assert.match(log[2], /^forward_deleted\|/);
	const words = (await b.get(`/admin/${DENTSU}/log?q=office`)).page.words;
	assert.match(words, /Forwarding account created/);
	assert.match(words, /Targets of a forwarding account changed/);
	assert.match(words, /Forwarding account deleted/);
});

test('fifty targets: one copy each; fifty-one are refused', async () => {
	const a = await newAccount(s);
	const out = (n) => Array.from({ length: n }, (_, i) =>
	    `t${String(i).padStart(2, '0')}@outside.example`);
	const fifty = [...out(49), a.address];

	await taken(add('fifty', fifty.join('\r\n')));
	const tok = await deliver(s, here('fifty'));
	assert.deepEqual(await whereIs(s, tok, a.address),
	    { box: 1, out: out(49) });
	assert.deepEqual(await targets(s, here('fifty')), fifty);
	assert.equal((await b.get(at('fifty'))).page.form(at('fifty')).targets
	    .split('\r\n').length, 50);
	const r = await refused(() => save('fifty',
	    [...fifty, 'one-more@outside.example'].join('\n')), 'targets');
	assert.match(r.page.message('targets'), /50/);
	await refused(() => add(fresh(), out(51).join('\n')), 'targets');
	await refused(() => add(fresh(), out(9999).join('\n')
	    .slice(0, 40000)), 'targets');
	// The list shows the first ones and how many more there are.
	assert.match((await b.get(`${HOME}?q=fifty`)).page.words, /\+47/);
	// Two ways to one mailbox: still one copy.
	await taken(add('twice-a', a.address));
	await taken(add('twice', `${a.address}\n${here('twice-a')}`));
	const t2 = await deliver(s, here('twice'));
	assert.equal((await stored(s, a.address, t2)).length, 1);
});

test('C47 C63 C53 targets: separators, unusual but legal ones, A-labels',
    async () => {
	const name = fresh();

	await taken(add(name, ' a@x.example,b@x.example c@x.example\n' +
	    '\td@x.example,\r\n,e@X.EXAMPLE\r\n\r\n'));
	const five = ['a', 'b', 'c', 'd', 'e'].map((x) => `${x}@x.example`);
	assert.deepEqual(await targets(s, here(name)), five);
	assert.deepEqual(outboundTo(s, await deliver(s, here(name))), five);
	const odd = ['first.last+tag@outside.example', "o'neil@outside.example",
		'a_b-c=d@outside.example', 'x@sub.a-b.outside.example',
		'x@outside.example', 'x@a.photography.example',
		`${'x'.repeat(64)}@outside.example`, 'Mixed.Case@outside.example'];
	await taken(save(name, odd.join('\n')));
	assert.deepEqual(await targets(s, here(name)), odd);
	const tok = await deliver(s, here(name));
	assert.deepEqual(outboundTo(s, tok), [...odd].sort());
	await taken(save(name, 'b@xn--bcher-kva.example'));
	assert.deepEqual(await targets(s, here(name)),
	    ['b@xn--bcher-kva.example']);
	const r = await save(name, 'b@bücher.example');
	assert.ok([303, 422].includes(r.status));
	assert.deepEqual(await targets(s, here(name)),
	    ['b@xn--bcher-kva.example']);
});

test('C49 C51 targets that are refused, each by its name', async () => {
	const name = fresh();
	const wrong = ['', ' ', ',', '|/usr/bin/id', '"|id"@dentsu.example',
		'|id@outside.example', '/var/tmp/x', ':include:/etc/passwd', '\\u1',
		'~/x', 'bob', 'root', 'bob@', '@outside.example', '@', 'a@b',
		'a@@outside.example', 'a@outside..example', 'a@-outside.example',
		'a@[127.0.0.1]', 'a@127.0.0.1', '.a@outside.example',
		'a..b@outside.example', 'Bob <a@outside.example>',
		'a;b@outside.example', 'a@x.example;b@x.example',
		'山田@outside.example', 'ａ＠outside.example',
		'a\x01b@outside.example', 'x@discard.invalid', 'x@localhost',
		`${'x'.repeat(65)}@outside.example`, `nobody-here@${DENTSU}`,
		`nobody@${KAGAKU}`, `@${DENTSU}`, `hanako@${DENTSU} bob`,
		`hanako@${DENTSU}\nhanako@${DENTSU}`, '<script>@x.example'];

	for (const to of wrong) {
		const r = await refused(() => add(name, to), 'targets');
		const form = r.page.form(`${HOME}/new`);
		assert.equal(form.name, name);
		assert.equal(form.targets.replace(/\r\n/g, '\n').trim(), to.trim(),
		    JSON.stringify(to));
		assert.equal(r.page.root.all('script').length, 0);
	}
	// Several mistakes: each is named.
	const r = await refused(() => add(name,
	    `bob\n|id\nnobody-here@${DENTSU}\nok@outside.example`), 'targets');
	for (const w of ['bob', '|id'])
		assert.ok(r.page.message('targets').includes(w), w);
	// And one whose target vanishes meanwhile.
	const a = await newAccount(s);
	await taken(add(name, a.address));
	assert.equal((await tool(s, ['account', 'delete', a.address])).code, 1);
	assert.equal(r.page.control('name').attr.value, name);
});

test('C64 C13 C05 names', async () => {
	const a = await newAccount(s);

	for (const name of ['', ' ', '@', `@${DENTSU}`, 'a+b', 'a b', 'a,b',
	    'x'.repeat(65), '.a', '-a', 'a/b', '../x', 'é', '山田', 'a\tb', '*',
	    'a"b', `x@${KAGAKU}`, '<b>', 'a@b@c'])
		await refused(() => add(name, a.address), 'name');
	await refused(() => add('', ''), 'name', 'targets');
	for (const name of [a.local, a.local.toUpperCase(), a.address,
	    'postmaster']) {
		const r = await refused(() => add(name, 'x@outside.example'),
		    'name');
		assert.match(r.page.message('name'), /already/);
	}
	const once = fresh();
	await taken(add(once, a.address));
	await refused(() => add(once, a.address), 'name');
	// As it is written by people.
	await taken(add('  Mixed.Name ', a.address), /\/mixed\.name\?/);
	await taken(add(`whole@${DENTSU.toUpperCase()}`, a.address), /\/whole\?/);
	// Words of our paths, text that looks like a number.
	for (const name of ['new', 'delete', '0', '007', 'null',
	    'x'.repeat(64)]) {
		await taken(add(name, a.address));
		const list = await b.get(`${HOME}?q=${name}`);
		const href = list.page.root.all('a').find((n) =>
		    n.words === here(name)).attr.href;
		const shown = await b.get(href);
		assert.equal(shown.status, 200, href);
		assert.ok(shown.page.words.includes(here(name)), href);
		await taken(b.submit(href, { targets: 'y@outside.example' }));
		assert.deepEqual(await targets(s, here(name)),
		    ['y@outside.example'], name);
		await taken(b.submit(`${href}/delete`, { confirm: name }));
	}
});

test('C45 C68 a way that leads back is refused, and spelled out', async () => {
	const d = await newDomain(s), c = await d.open();
	const [x, y, z] = [fresh(), fresh(), fresh()];
	const a = await newAccount(s);
	const path = (...names) => new RegExp(names.map((n) =>
	    n.replace(/[.+]/g, '\\$&')).join(' (→|->) '));
	const told = (r, ...names) =>
	    assert.match(r.page.message('targets'), path(...names));

	// To itself, however written.
	for (const to of [here(x), here(x).toUpperCase(), `${x}+tag@${DENTSU}`,
	    `ok@outside.example\n${here(x)}`])
		await refused(() => add(x, to), 'targets');
	// Through another forward.
	await taken(add(y, a.address));
	await taken(add(x, here(y)));
	told(await refused(() => save(y, here(x)), 'targets'),
	    here(y), here(x), here(y));
	told(await refused(() => save(y, `a@outside.example\n${x}+t@${DENTSU}`),
	    'targets'), here(y), `${x}@${DENTSU}`, here(y));
	// Through an account, which may be the last to close it.
	told(await (async () => {
		const r = await unchanged(s, () => b.submit(
		    `/admin/${DENTSU}/accounts/${a.local}`,
		    { routing: 'forward', forward_to: here(x), keep_copy: 'on' }));
		assert.equal(r.status, 422);
		assert.match(r.page.message('forward_to'),
		    path(a.address, here(x), here(y), a.address));
		await mustTool(s, ['account', 'set', a.address, '--forward-to',
			`far@${d.name}`]).then(() => assert.fail(), () => {});
		await taken(add(z, a.address));
		await taken(b.submit(`/admin/${DENTSU}/accounts/${a.local}`,
		    { routing: 'forward', forward_to: 'end@outside.example' }));
		// Another domain in between.
		await taken(c.submit(`${d.path}/forwards/new`,
		    { name: 'far', targets: here(x) }));
		return refused(() => save(y, `far@${d.name}`), 'targets');
	})(), here(y), `far@${d.name}`, here(x), here(y));
	// The owner's page says the same.
	const u = await new Browser(s).login(a.address, a.password);
	const r = await unchanged(s, () => u.submit('/account',
	    { routing: 'forward', forward_to: `far@${d.name}` }));
	assert.equal(r.status, 422);
	assert.match(r.page.message('forward_to'),
	    path(a.address, `far@${d.name}`, here(x), here(y), a.address));
	// What does not lead back is delivered, once.
	const tok = await deliver(s, [`far@${d.name}`, here(x)]);
	assert.deepEqual(outboundTo(s, tok), ['end@outside.example']);
});

test('C45 two people close a loop at the same moment: one is refused',
    async () => {
	for (let i = 0; i < 4; i++) {
		const [x, y] = [fresh(), fresh()];
		await taken(add(x, 'x@outside.example'));
		await taken(add(y, 'y@outside.example'));
		const [f, g] = [(await b.get(at(x))).page.form(at(x)),
			(await b.get(at(y))).page.form(at(y))];
		const both = await Promise.all([
			b.post(at(x), { ...f, targets: here(y) }),
			b.post(at(y), { ...g, targets: here(x) })]);
		assert.deepEqual(both.map((r) => r.status).sort(), [303, 422]);
	}
});

test('a chain that is too long for Postfix is refused', async () => {
	const a = await newAccount(s);
	const chain = [a.address];

	for (let i = 0; i < 60; i++) {
		const name = fresh();
		const r = await unchangedIfRefused(() => add(name, chain[0]));
		if (r.status === 422) {
			assert.match(r.page.message('targets'), /\d+ times/);
			break;
		}
		chain.unshift(here(name));
	}
	assert.ok(chain.length < 60, 'there is no end');
	// What was taken arrives.
	const tok = await deliver(s, chain[0]);
	assert.equal((await stored(s, a.address, tok)).length, 1);
});

async function unchangedIfRefused(what) {
	const n = await count(s, 'forward');
	const r = await what();

	assert.equal(await count(s, 'forward'), n + (r.status === 303 ? 1 : 0));
	return r;
}

test('C57 C70 to an account that forwards, discards, or writes itself',
    async () => {
	const [jiro, gone, keep] = [await newAccount(s), await newAccount(s),
		await newAccount(s)];
	const name = fresh();

	await mustTool(s, ['account', 'set', jiro.address, '--forward-to',
		'jiro@sink.example']);
	await mustTool(s, ['account', 'set', gone.address, '--routing',
		'discard']);
	await taken(add(name, [jiro, gone, keep].map((x) => x.address)
	    .join('\n')));
	const tok = await deliver(s, here(name), { sender: keep.address });
	assert.deepEqual(outboundTo(s, tok), ['jiro@sink.example']);
	assert.equal((await stored(s, jiro.address, tok)).length, 0);
	assert.equal((await stored(s, gone.address, tok)).length, 0);
	assert.equal((await stored(s, keep.address, tok)).length, 1);
	// The message names what was sent to, and nobody behind it.
	const [{ from }] = outbound(s, tok);
	assert.equal(typeof from, 'string');
});

test('a stale page is not saved, the newer targets are shown', async () => {
	const name = fresh();

	await taken(add(name, 'one@outside.example'));
	const form = (await b.get(at(name))).page.form(at(name));
	await taken(save(name, 'two@outside.example'));
	const r = await unchanged(s, () => b.post(at(name),
	    { ...form, targets: 'three@outside.example' }));
	assert.equal(r.status, 409);
	assert.equal(r.page.form(at(name)).targets, 'two@outside.example');
	assert.match(r.page.words, /three@outside\.example/);
	await taken(b.post(at(name), { ...r.page.form(at(name)),
		targets: 'three@outside.example' }));
	const now = (await b.get(at(name))).page.form(at(name));
	const two = await Promise.all(['x', 'y'].map((x) => b.post(at(name),
	    { ...now, targets: `${x}@outside.example` })));
	assert.deepEqual(two.map((x) => x.status).sort(), [303, 409]);
	// Deleted meanwhile.
	const last = (await b.get(at(name))).page.form(at(name));
	await taken(remove(name));
	assert.equal((await b.post(at(name), last)).status, 404);
	assert.equal((await b.post(at(name, '/delete'), { ...last,
		confirm: name })).status, 404);
	assert.equal(await count(s, `address WHERE local_part = '${name}'`), 0);
});

test('delete: not while others forward to it', async () => {
	const [x, y] = [fresh(), fresh()], a = await newAccount(s);

	await taken(add(x, 'x@outside.example'));
	await taken(add(y, here(x)));
	await mustTool(s, ['account', 'set', a.address, '--forward-to', here(x),
		'--keep-copy']);
	const r = await refused(() => remove(x), 'confirm');
	for (const who of [here(y), a.address])
		assert.ok(summary(r.page).includes(who), who);
	await taken(save(y, 'y@outside.example'));
	await mustTool(s, ['account', 'set', a.address, '--routing', 'mailbox']);
	await taken(remove(x));
});

test('list: pages, search, the last one', async () => {
	const d = await newDomain(s), c = await d.open();

	assert.match((await c.get(`${d.path}/forwards`)).page.words,
	    /no forwarding accounts yet/);
	const names = Array.from({ length: 120 }, (_, i) =>
	    `n${String(i).padStart(3, '0')}`);
	for (let i = 0; i < names.length; i += 20)
		await Promise.all(names.slice(i, i + 20).map((n, k) =>
		    mustTool(s, ['forward', 'add', `${n}@${d.name}`,
			k === 7 ? 'lucky_1@x.example' : 'plain@y.example'])));
	const home = `${d.path}/forwards`;
	const pages = await everyPage(c, home);
	assert.deepEqual(pages.map((p) => p.length), [50, 50, 20]);
	assert.deepEqual(pages.flat(), names.map((n) => `${n}@${d.name}`));
	assert.match((await c.get(home)).page.words, /120/);
	let r = await c.get(home);
	for (let next; (next = link(r.page, 'next')) !== undefined;)
		r = await c.get(next);
	const back = [listed(r.page)];
	for (let prev; (prev = link(r.page, 'prev')) !== undefined;) {
		r = await c.get(prev);
		back.unshift(listed(r.page));
	}
	assert.deepEqual(back.flat(), pages.flat());
	assert.equal(link((await c.get(home)).page, 'prev'), undefined);
	// Names and targets; % and _ mean themselves; capital letters do not.
	const find = async (q) => (await everyPage(c,
	    `${home}?q=${encodeURIComponent(q)}`)).flat()
	    .map((x) => x.split('@')[0]);
	assert.deepEqual(await find('n00'), names.slice(0, 10));
	assert.equal((await find('lucky')).length, 6);
	assert.equal((await find('LUCKY_1@X')).length, 6);
	assert.equal((await find('plain@y')).length, 114);
	assert.equal((await find('_')).length, 6);
	assert.deepEqual(await find('%'), []);
	assert.deepEqual(await find("'"), []);
	assert.deepEqual(await find('hanako'), []);
	for (const q of ['after=zzzz', 'before=0', 'before=', 'after=%ff',
	    `q=${'x'.repeat(1000)}`, `after=${'x'.repeat(1000)}`,
	    'after=n010&before=n020']) {
		const x = await c.get(`${home}?${q}`);
		assert.ok([200, 400].includes(x.status), `${q}: ${x.status}`);
	}
	// The last one gone, the list says that there is none.
	const e = await newDomain(s), o = await e.open();
	await taken(o.submit(`${e.path}/forwards/new`,
	    { name: 'last', targets: 'x@outside.example' }));
	const gone = await taken(o.submit(`${e.path}/forwards/last/delete`,
	    { confirm: 'last' }));
	assert.match((await o.get(gone.location)).page.words,
	    /no forwarding accounts yet/);
});

test('limits of forwards', async () => {
	const d = await newDomain(s, { more: ['--max-forwards', '2'] });
	const c = await d.open(), home = `${d.path}/forwards`;

	await taken(add('one', 'x@outside.example', c, home));
	const csrf = (await c.get(`${home}/new`)).page.csrf;
	const all = await Promise.all(['a', 'b', 'c'].map((name) => c.post(
	    `${home}/new`, { csrf, name, targets: 'x@outside.example' })));
	assert.deepEqual(all.map((r) => r.status).sort(), [303, 422, 422]);
	const r = refusedAt(await add('more', 'x@outside.example', c, home), 422,
	    'name');
	assert.match(r.page.message('name'), /2/);
	// Neither as what an account leaves behind.
	papers(await c.submit(`${d.path}/accounts/new`, { account: 'leaver' }),
	    1);
	const left = await unchanged(s, () => c.submit(
	    `${d.path}/accounts/leaver/delete`, { confirm: 'leaver',
		leave_forward_to: 'x@outside.example' }));
	refusedAt(left, 422, 'leave_forward_to');
	assert.match((await c.get(d.path)).page.words, /2 \/ 2/);
	await mustTool(s, ['domain', 'set', d.name, '--max-forwards', '3']);
	await taken(c.submit(`${d.path}/accounts/leaver/delete`, { confirm:
		'leaver', leave_forward_to: 'x@outside.example' }));
});

test('C106 another process holds the database: 503, then done', async () => {
	const name = fresh();

	await taken(add(name, 'x@outside.example'));
	const [form, del] = [(await b.get(at(name))).page.form(at(name)),
		(await b.get(at(name, '/delete'))).page.form(at(name, '/delete'))];
	const all = await held(s.db, () => Promise.all([
		add('locked', 'x@outside.example'),
		b.post(at(name), { ...form, targets: 'y@outside.example' }),
		b.post(at(name, '/delete'), { ...del, confirm: name })]));
	for (const r of all)
		assert.equal(r.status, 503, why(r));
	await taken(b.post(at(name), { ...form, targets: 'y@outside.example' }));
	await taken(b.post(at(name, '/delete'), { ...del, confirm: name }));
});
