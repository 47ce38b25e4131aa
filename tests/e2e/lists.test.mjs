// メーリングリスト: the pages of a list and of its members.

import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { startStack, stopSound } from './lib/stack.mjs';
import { Browser } from './lib/http.mjs';
import { smtp } from './lib/smtp.mjs';
import { token } from './lib/mail.mjs';
import { tool, mustTool, newAccount } from './lib/tool.mjs';
import { sql, unchanged } from './lib/db.mjs';
import { admin, newDomain, taken, refusedAt, summary, listed, link, why,
	DENTSU, KAGAKU } from './lib/admin.mjs';

let s, b;
before(async () => {
	s = await startStack('lists');
	b = await admin(s);
});
after(() => stopSound(s));

let serial = 0;
const HOME = `/admin/${DENTSU}/lists`;
const OWNER = `postmaster@${DENTSU}`;
const at = (name, more = '') => `${HOME}/${name}${more}`;
const here = (name) => `${name}@${DENTSU}`;
const fresh = () => `li${++serial}`;
const add = (name, more = {}, who = b, home = HOME) => who.submit(
    `${home}/new`, { name, owner: OWNER, ...more });
const refused = async (what, ...fields) => refusedAt(
    await unchanged(s, what), 422, ...fields);
const newList = async (more) => {
	const name = fresh();
	await taken(add(name, more), new RegExp(`${name}/members\\?created=1$`));
	return name;
};
const join = (name, members) => b.submit(at(name, '/members'), { members });
const members = async (name) => {
	const r = await b.get(at(name, '/members.txt'));
	assert.equal(r.status, 200);
	return r.body.split('\n').filter(Boolean);
};
const many = (n, d = 'many.example') => Array.from({ length: n }, (_, i) =>
    `m${String(i).padStart(4, '0')}@${d}`);
const log = (name) => sql(s.db, `SELECT what || '|' ||
    replace(old_value || '|' || new_value, char(10), ' ')
    FROM history WHERE subject = '${here(name)}' ORDER BY id`);

test('create, edit, delete; the history tells each', async () => {
	const set = { description: 'ゼミ <b>&', posting: 'members_moderated',
		subscription: 'approval', prefix: '[zemi]', footer: 'the\r\nend',
		archive: 'on', reply_to: 'list', moderators: 'm@x.example' };
	const name = await newList(set);
	const { csrf, version, ...form } = (await b.get(at(name))).page
	    .form(at(name));

	assert.ok(csrf && version);
	assert.deepEqual({ ...form, moderators: form.moderators.trim() },
	    { ...set, owner: OWNER });
	assert.ok(listed((await b.get(HOME)).page).includes(here(name)));
	await unchanged(s, () => taken(b.submit(at(name)), /saved=0$/));
	await taken(b.submit(at(name), { description: 'x', owner: 'o@x.example',
		posting: 'anyone', subscription: 'closed', prefix: '',
		footer: '', archive: null, reply_to: 'sender', moderators: '' }),
	    /saved=1$/);
	for (const confirm of ['', name.toUpperCase(), `${name} `, here(name),
		null])
		await refused(() => b.submit(at(name, '/delete'), { confirm }),
		    'confirm');
	await taken(b.submit(at(name, '/delete'), { confirm: name }),
	    /lists\?deleted=1$/);
	for (const more of ['', '/members', '/members.txt', '/delete'])
		assert.equal((await b.get(at(name, more))).status, 404);
	assert.equal((await smtp(s, here(name))).rcpt[here(name)].code, 550);
	const what = (await log(name)).map((x) => x.split('|')[0]);
	assert.deepEqual([...what].sort(), ['list_added', 'list_archive',
		'list_deleted', 'list_description', 'list_footer',
		'list_moderators', 'list_owner', 'list_posting', 'list_prefix',
		'list_reply_to', 'list_subscription']);
});

test('C13 hostile and taken names are refused', async () => {
	const l = await newList(), a = await newAccount(s);

	for (const name of ['', '@', '..', '.', '../x', 'a/b', 'a..b', '.a', 'a.',
	    '-rf', 'x+y', '+', 'a b', 'x\ny', '$(id)', '`id`', '|id', 'x;y',
	    '"x"', 'ゼミ', 'x'.repeat(65), 'x'.repeat(300), '<b>'])
		await refused(() => add(name), 'name');
	for (const name of [l, l.toUpperCase(), a.local, 'postmaster'])
		await refused(() => add(name), 'name');
	// What mlmmj, or others, could take for an address of the list.
	for (const x of ['-request', '-bounces', '-owner', '-subscribe']) {
		const r = await add(`${l}${x}`);
		assert.ok([303, 422].includes(r.status), why(r));
	}
	await refused(() => b.submit(`/admin/${DENTSU}/forwards/new`,
	    { name: l, targets: 'x@y.example' }), 'name');
	await refused(() => b.submit(`/admin/${DENTSU}/accounts/new`,
	    { account: l }), 'account');
});

test('every wrong field at once; each wrong one for itself', async () => {
	const r = await refused(() => add('a b', { description: 'x'.repeat(201),
		owner: '|id', posting: 'all', subscription: 'x', prefix: 'ゼミ',
		footer: 'é', reply_to: 'x', moderators: 'bob@' }), 'name',
	    'description', 'owner', 'posting', 'subscription', 'prefix',
	    'footer', 'reply_to', 'moderators');
	assert.equal(r.page.form(`${HOME}/new`).prefix, 'ゼミ');
	const l = await newList();
	for (const [field, all] of Object.entries({
		description: ['a\nb', 'a\rb', 'x'.repeat(201), 'a\x01'],
		owner: ['', ' ', 'bob', 'a@x.example b@x.example', '-rf',
			`nobody@${DENTSU}`, here(l), 'x'.repeat(300)],
		prefix: ['a\nb', 'a\r\nBcc: x@y', 'x'.repeat(41)],
		footer: ['x'.repeat(1001)],
		moderators: ['bob', here(l), `nobody@${DENTSU}`,
			many(51).join('\n')] }))
		for (const x of all) {
			await refused(() => b.submit(at(l), { [field]: x }),
			    field);
			await refused(() => add(fresh(), { [field]: x }), field);
		}
	await taken(b.submit(at(l), { description: '山'.repeat(200),
		prefix: 'x'.repeat(40), footer: 'x'.repeat(1000),
		moderators: many(50).join('\n') }), /saved=1$/);
});

test('the limit of a domain', async () => {
	const d = await newDomain(s, { more: ['--max-lists', '2'] });
	const pm = await d.open(), home = `${d.path}/lists`;
	const owner = { owner: `postmaster@${d.name}` };

	await taken(add('one', owner, pm, home));
	const both = await Promise.all(['two', 'three'].map((n) =>
	    add(n, owner, pm, home)));
	assert.deepEqual(both.map((r) => r.status).sort(), [303, 422]);
	await refused(() => add('four', owner, pm, home), 'name');
});

test('a stale save: 409, and nothing is stored', async () => {
	const l = await newList();
	const form = (await b.get(at(l))).page.form(at(l));

	await taken(b.submit(at(l), { description: 'first' }));
	const r = await unchanged(s, () => b.post(at(l),
	    { ...form, description: 'second' }));
	assert.equal(r.status, 409);
	assert.equal(r.page.form(at(l)).description, 'first');
});

test('rights: others get 404, no form without its token', async () => {
	const l = await newList(), a = await newAccount(s);
	const other = await admin(s, KAGAKU);
	const user = await new Browser(s).login(a.address, a.password);
	const token1 = (x) => x.get('/account').then((r) => r.page.csrf);

	for (const who of [other, user]) {
		const csrf = await token1(who);

		for (const more of ['', '/members', '/delete']) {
			assert.equal((await who.get(at(l, more))).status, 404);
			const r = await unchanged(s, () => who.post(at(l, more),
			    { csrf, confirm: l, members: 'x@y.example',
				description: 'x', owner: 'x@y.example' }));
			assert.equal(r.status, 404, more);
		}
		for (const p of [HOME, `${HOME}/new`, at(l, '/members.txt')])
			assert.equal((await who.get(p)).status, 404, p);
	}
	assert.equal((await other.get(`/admin/${KAGAKU}/lists/${l}`)).status, 404);
	for (const more of ['', '/members', '/delete']) {
		assert.equal((await b.post(at(l, more), { confirm: l })).status,
		    403);
		assert.equal((await new Browser(s).get(at(l, more))).status, 303);
	}
	assert.deepEqual(await members(l), []);
});

test('members: paste, duplicates, wrong lines, search, removal', async () => {
	const l = await newList(), a = await newAccount(s);

	assert.match((await b.get(at(l, '/members'))).page.words, /nobody|no members|none|empty|yet/i);
	await taken(join(l, `a@x.example\r\n"Yamada, Taro" <b@x.example>\r\n` +
	    `Jiro <C@X.example>, a@x.example; ${a.address}\r\nA@X.EXAMPLE\r\n`),
	    /added=4$/);
	assert.deepEqual((await members(l)).map((x) => x.toLowerCase()).sort(),
	    ['a@x.example', 'b@x.example', 'c@x.example', a.address].sort());
	await taken(join(l, 'b@x.example'), /added=0$/);
	for (const x of ['', ' \n ', 'bob', '-rf@x', '../x', '$(id)',
	    'a@x.example\nbob\nd@x.example', `nobody@${DENTSU}`, here(l),
	    `${here(l).replace('@', '+x@')}`, '|id', ':include:/etc/passwd',
	    `${'x'.repeat(300)}@x.example`, '<b>@x.example', 'x@y z@w',
	    'x <a@y.example> b'])
		await refused(() => join(l, x), 'members');
	assert.equal((await members(l)).length, 4);
	const hit = await b.get(at(l, '/members?q=B%40X'));
	assert.ok(hit.page.byId('m-b@x.example') && !hit.page
	    .byId('m-a@x.example'));
	const none = await unchanged(s, () => b.submit(at(l, '/members'),
	    { action: 'remove' }));
	assert.equal(none.status, 422);
	assert.match(summary(none.page), /./);
	const csrf = hit.page.csrf;
	await taken(b.post(at(l, '/members'), { csrf, action: 'remove',
		'm-b@x.example': 'on', 'm-zz@x.example': 'on', 'm--rf': 'on' }),
	    /removed=1$/);
	assert.ok(!(await members(l)).includes('b@x.example'));
	const all = await log(l);
	assert.match(all.join('\n'), /list_members_added\|.*b@x\.example/);
	assert.match(all.join('\n'), /list_members_removed\|b@x\.example\|/);
});

test('a list in a list: never in itself by any way', async () => {
	const one = await newList(), two = await newList(), f = fresh();

	await taken(b.submit(`/admin/${DENTSU}/forwards/new`,
	    { name: f, targets: here(two) }));
	await taken(join(one, here(f)));
	await refused(() => join(two, here(one)), 'members');
	await refused(() => join(two, here(f)), 'members');
});

test('1, 999, 1,001 and 5,000 members', { timeout: 60000 }, async () => {
	const one = await newList();

	await taken(join(one, many(1).join('\n')), /added=1$/);
	assert.equal((await members(one)).length, 1);
	const l = await newList(), all = many(5000);
	for (const n of [999, 1001]) {
		const r = await taken(join(l, all.slice(0, n).join('\r\n')));
		assert.match(r.location, /added=\d+$/);
		const now = await b.get(at(l, '/members'));
		assert.match(now.page.words.replace(/,/g, ''),
		    new RegExp(`Members: ${n} `));
		assert.deepEqual(await members(l), all.slice(0, n));
	}
	// A paste of 5,000, most of whom are there (one by one they take long).
	const file = path.join(s.dir, 'lists', await sql(s.db,
	    `SELECT id FROM address WHERE local_part = '${l}'`)
	    .then((x) => x[0]), 'subscribers.d', all[0][0]);
	assert.ok(all.every((x) => x[0] === all[0][0]));
	fs.writeFileSync(file, all.slice(0, 4990).map((x) => `${x}\n`).join(''));
	await taken(join(l, all.join('\r\n')), /added=10$/);
	assert.deepEqual((await members(l)).sort(), [...all].sort());
	let page = at(l, '/members'), seen = 0, pages = 0;
	for (; page !== undefined && pages < 5; pages++) {
		const r = await b.get(page);
		seen += r.page.root.all('input').filter((n) =>
		    n.attr.name?.startsWith('m-')).length;
		page = link(r.page, 'next');
	}
	assert.equal(seen, 250);
});

test('an account names its lists; a deleted one leaves', async () => {
	const a = await newAccount(s), l = await newList();
	const u = await new Browser(s).login(a.address, a.password);

	assert.ok(!(await u.account()).words.includes(here(l)));
	await taken(join(l, a.address));
	assert.match((await u.account()).words, new RegExp(
	    `Mailing lists that reach you.*${here(l)}`));
	await mustTool(s, ['account', 'delete', a.address]);
	await newAccount(s, { local: a.local });
	await mustTool(s, ['lists', 'sync']);
	assert.deepEqual(await members(l), []);
});

test('both languages', async () => {
	const l = await newList(), ja = await admin(s, DENTSU, { lang: 'ja' });

	assert.match((await ja.get(HOME)).page.words, /メーリングリスト/);
	for (const p of [HOME, `${HOME}/new`, at(l), at(l, '/members'),
		at(l, '/delete')]) {
		const [j, e] = await Promise.all([ja.get(p), b.get(p)]);
		assert.equal(j.page.lang, 'ja', p);
		assert.equal(e.page.lang, 'en', p);
		assert.doesNotMatch(e.page.words, /[ぁ-んァ-ヶ]/, p);
	}
	const r = await ja.submit(`${HOME}/new`, { name: 'a b', owner: '' });
	assert.equal(r.status, 422);
	assert.match(r.page.message('name'), /[ぁ-ん]/);
});

test('the tool: the same rules', async () => {
	const name = fresh();

	await mustTool(s, ['lists', 'add', here(name), '--owner', OWNER]);
	await mustTool(s, ['lists', 'join', here(name), 'x@y.example']);
	assert.equal((await mustTool(s, ['lists', 'members', here(name)])).stdout,
	    'x@y.example\n');
	for (const args of [['add', here(name), '--owner', OWNER],
		['add', here('../x'), '--owner', OWNER],
		['join', here(name), '-rf'], ['join', here('nolist'), 'x@y.example'],
		['delete', here('nolist')]])
		assert.notEqual((await unchanged(s, () => tool(s,
		    ['lists', ...args]))).code, 0, args.join(' '));
	await mustTool(s, ['lists', 'leave', here(name), 'x@y.example']);
	await mustTool(s, ['lists', 'delete', here(name)]);
});

test('the tool: every setting, as the page has it', async () => {
	const name = fresh(), j = (args) => mustTool(s, ['lists', ...args,
		'--json']).then((r) => JSON.parse(r.stdout));
	const set = { description: 'ゼミ <b>&', owner: 'o@x.example',
		posting: 'moderators_moderated', subscription: 'approval',
		reply_to: 'list', prefix: '[zemi]', footer: '-- \nthe end',
		moderators: 'm@x.example\nn@x.example\n' };
	const options = (of) => Object.entries(of).flatMap(([k, v]) =>
	    [`--${k.replace('_', '-')}`, v]);
	const plain = { address: here(name), description: '', owner: OWNER,
		posting: 'members', subscription: 'confirm', reply_to: 'sender',
		prefix: '', footer: '', archive: false, moderators: [] };
	const full = { ...plain, ...set, archive: true,
		moderators: ['m@x.example', 'n@x.example'] };
	const is = async (want) => {
		const { created_at: at, ...got } = await j(['show', here(name)]);

		assert.ok(at > 1.7e9);
		assert.deepEqual(got, want);
		assert.deepEqual((await j(['list', DENTSU])).find((l) =>
		    l.address === here(name)), { ...got, created_at: at });
	};

	await mustTool(s, ['lists', 'add', here(name), '--owner', OWNER]);
	await is(plain);
	await mustTool(s, ['lists', 'set', here(name), ...options(set),
		'--archive']);
	await is(full);
	const form = (await b.get(at(name))).page.form(at(name));
	for (const [k, v] of Object.entries(set))
		assert.equal(form[k].replace(/\r/g, '').trim(), v.trim(), k);
	assert.equal(form.archive, 'on');
	const text = (await mustTool(s, ['lists', 'show', here(name)])).stdout;
	for (const line of ['posting: moderators_moderated', 'footer: -- ',
		'footer: the end', 'archive: yes', 'moderators: n@x.example'])
		assert.ok(text.split('\n').includes(line), line);
	// What is not given stays.
	await mustTool(s, ['lists', 'set', here(name), '--no-archive',
		'--prefix', '']);
	await is({ ...full, archive: false, prefix: '' });
	await mustTool(s, ['lists', 'delete', here(name)]);
	await mustTool(s, ['lists', 'add', here(name), ...options(set),
		'--archive']);
	await is(full);
	for (const wrong of [['--posting', 'all'], ['--subscription', ''],
		['--reply-to', 'x'], ['--prefix', 'ゼ'], ['--owner', ''],
		['--footer', 'x'.repeat(1001)], ['--moderators', 'bob'],
		['--description', 'a\nb']]) {
		const r = await unchanged(s, () => tool(s, ['lists', 'set',
			here(name), ...wrong]));

		assert.equal(r.code, 1, wrong[0]);
		assert.match(r.stderr, /\w/, wrong[0]);
	}
	for (const args of [['set', here('nolist')], ['show', here('nolist')]])
		assert.equal((await tool(s, ['lists', ...args])).code, 1);
	assert.equal((await tool(s, ['lists', 'set', here(name), '--json'])).code,
	    2);
});
