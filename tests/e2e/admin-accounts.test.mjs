// POPアカウント: what a domain administrator does with accounts, on the web.

import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { everyFile, startStack, stopSound } from './lib/stack.mjs';
import { Browser } from './lib/http.mjs';
import { popAccepts, popMessages } from './lib/pop3.mjs';
import { smtp } from './lib/smtp.mjs';
import { deliver, whereIs, queueEmpty } from './lib/mail.mjs';
import { tool, mustTool, newAccount, goodPassword } from './lib/tool.mjs';
import { row, sql, dump, unchanged, held } from './lib/db.mjs';
import { run } from './lib/run.mjs';
import { until } from './lib/until.mjs';
import { admin, newDomain, papers, slips, taken, refusedAt, summary, listed,
	listRow, link, everyPage, bulk, ticks, csv, sendFile, count, why,
	DENTSU } from './lib/admin.mjs';

let s, b;
before(async () => {
	s = await startStack('accounts');
	b = await admin(s);
});
after(() => stopSound(s));

const HOME = `/admin/${DENTSU}`;
const at = (local, more = '') => `${HOME}/accounts/${local}${more}`;
const both = (p) => ({ new_password: p, new_password_again: p });
const create = (fields, who = b, home = HOME) =>
    who.submit(`${home}/accounts/new`, fields);
const hash = (a) => row(s, a.address ?? a, 'password_hash, credential');
const refusedCreate = async (fields, ...at) => refusedAt(await unchanged(s,
    () => create(fields)), 422, ...at);

// -- create ------------------------------------------------------------------

test('create: a generated initial password, shown once', async () => {
	const r = await create({ account: 'gen', real_name: 'Hanako Sato',
		quota_mb: '2048' });
	const [slip] = papers(r, 1);

	assert.equal(slip.address, `gen@${DENTSU}`);
	assert.equal(slip.name, 'Hanako Sato');
	for (const w of ['post-9.mail.example', '995', 'SSL/TLS', '587',
	    'STARTTLS', 'mx-delivery.example', '300', new URL(s.url).origin,
	    '初期パスワード', 'Initial password'])
		assert.ok(slip.text.includes(w), `${w}: ${slip.text}`);
	assert.equal(await row(s, slip.address,
	    'real_name, quota_bytes, initial_password, routing'),
	    `Hanako Sato|${2048 * 1048576}|1|mailbox`);
	// It works at once, for mail and for the first log-in, and for no more.
	assert.ok(await popAccepts(s, slip.address, slip.password));
	await deliver(s, slip.address);
	const u = await new Browser(s).login(slip.address, slip.password);
	assert.equal((await u.get('/account/settings')).location, '/account');
	const p = goodPassword();
	await u.save(both(p));
	assert.equal(await row(s, slip.address, 'initial_password'), '0');
	// The page sent again (reload) shows nothing and makes nothing.
	const again = await unchanged(s, () => create({ account: 'gen',
		real_name: 'Hanako Sato', quota_mb: '2048' }));
	refusedAt(again, 422, 'account');
	assert.ok(!again.body.includes(slip.password));
	assert.match(again.page.message('account'), /gen@/);
});

test('create: each password is another one, and of all classes', async () => {
	const seen = new Set();

	for (let i = 0; i < 12; i++) {
		const [slip] = papers(await create({ account: `many${i}` }), 1);
		seen.add(slip.password);
	}
	assert.equal(seen.size, 12);
	const all = [...seen].join('');
	// 192 characters of about 70: more than half of them are there.
	assert.ok(new Set(all).size > 35, all);
});

test('create: a password that the administrator chooses', async () => {
	const p = goodPassword();
	const r = await taken(create({ account: 'chosen', real_name: '',
		quota_mb: '', ...both(p) }));

	assert.match(r.location, /^\/admin\/dentsu\.example\/accounts\/chosen\b/);
	const shown = await b.get(r.location);
	assert.ok(!shown.body.includes(p));
	assert.match(shown.page.words, /chosen@dentsu\.example is created/);
	assert.equal(await row(s, `chosen@${DENTSU}`, 'initial_password'), '1');
	assert.ok(await popAccepts(s, `chosen@${DENTSU}`, p));
	const u = await new Browser(s).login(`chosen@${DENTSU}`, p);
	assert.equal((await u.get('/account/log')).location, '/account');
});

test('C21 create: every wrong field at once, with its reason', async () => {
	// Without a name nobody can say how guessable the password is.
	const r = await refusedCreate({ account: 'a b', real_name: '山田',
		quota_mb: '1.5', ...both('Password1234!') }, 'account',
	    'real_name', 'quota_mb');
	const form = r.page.form(`${HOME}/accounts/new`);

	assert.equal(form.account, 'a b');
	assert.equal(form.real_name, '山田');
	assert.equal(form.quota_mb, '1.5');
	assert.equal(form.new_password, '');
	assert.equal(form.new_password_again, '');
	const all = await refusedCreate({ account: 'weak', real_name: '山田',
		quota_mb: '1.5', ...both('Password1234!') },
	    'real_name', 'quota_mb', 'new_password');
	assert.equal(all.page.form(`${HOME}/accounts/new`).account, 'weak');
	assert.match(all.page.title, /error/i);
	for (const [p, words] of [
	    ['Password1234!', /guess/], ['Passw0rd2024!', /guess/],
	    ['Qwertyuiop1!', /guess|keys/], ['Aa1!Aa1!Aa1!', /guess|repeat/],
	    [`Weak@${DENTSU}1`, /guess/], ['Dentsu.Example1!', /guess/],
	    ['x', /12/], ['Aa1!xyzvwqp', /12/],
	    ['vq7#mellow-otter_19', /capital/], ['VQ7#MELLOW-OTTER_19', /small/],
	    ['Vqs#mellow-Otter_xy', /digit/], ['Vq7mellowOtter19xx', /symbol/],
	    ['Pässwort#2024xY', /ASCII/], [`Aa1!${'x'.repeat(126)}`, /128/],
	    [' Vq7#mellow-Otter_19', /space/]]) {
		const x = await refusedCreate({ account: 'weak',
			real_name: 'Weak', ...both(p) }, 'new_password');
		assert.match(x.page.message('new_password'), words, p);
		assert.ok(!x.body.includes(p.replace(/"/g, '&quot;')) ||
		    p === 'x', p);
	}
	const differ = await refusedCreate({ account: 'weak',
		new_password: goodPassword(), new_password_again: goodPassword() },
	    'new_password_again');
	assert.ok(differ.page.message('new_password_again').length > 10);
	await refusedCreate({ account: 'weak', new_password: goodPassword() },
	    'new_password_again');
	for (const quota of ['0', '-1', '1e3', 'abc', '1.5', '9223372036854775808',
	    '99999999999', '1048577', '0x10', '１００', '１', '+5', '5 MB'])
		await refusedCreate({ account: 'weak', quota_mb: quota }, 'quota_mb');
});

test('C07 C05 C13 C11 names: text as written, or refused by the rule',
    async () => {
	for (const name of ['0', '007', '7', 'null', '1e5', 'true', 'a', 'x_1',
	    'a.b-c', 'x'.repeat(64)]) {
		const p = goodPassword();
		await taken(create({ account: name, ...both(p) }));
		assert.equal((await b.get(at(name))).status, 200, name);
	}
	for (const name of ['0', 'null', 'x'.repeat(64)]) {
		const [slip] = papers(await b.submit(at(name, '/reset')), 1);
		assert.equal(slip.address, `${name}@${DENTSU}`);
		assert.ok(await popAccepts(s, slip.address, slip.password), name);
		await deliver(s, slip.address);
		await new Browser(s).login(slip.address, slip.password);
	}
	assert.notEqual(await row(s, `007@${DENTSU}`, 'a.id'),
	    await row(s, `7@${DENTSU}`, 'a.id'));
	for (const name of ['', ' ', '@', `@${DENTSU}`, 'u3+x', 'u3 x', 'u3,x',
	    'x'.repeat(65), 'x'.repeat(10000), '.a', '-a', 'a/b', '../x', 'a\\b',
	    'a%b', 'a"b', "a'b", 'a<b', 'a&b', 'é', '山田', 'Ａ', 'a\tb', 'a\nb',
	    'a\x7f', '*', 'a@b@c', '"a"', 'a..b', 'a.'])
		await refusedCreate({ account: name }, 'account');
	for (const body of ['account=u%00x', 'account=%', 'account=%zz',
	    'account=a&account=b', 'account=%ff']) {
		const csrf = (await b.get(`${HOME}/accounts/new`)).page.csrf;
		const r = await unchanged(s, () => b.post(`${HOME}/accounts/new`,
		    `csrf=${csrf}&${body}`));
		assert.equal(r.status, 400, body);
	}
	// As people type it: blanks around, capital letters.
	papers(await create({ account: '  Mixed.Case ' }), 1);
	assert.notEqual(await row(s, `mixed.case@${DENTSU}`, 'a.id'), undefined);
});

test('names that are also words of our paths', async () => {
	for (const name of ['new', 'reset', 'delete', 'accounts', 'import']) {
		papers(await create({ account: name }), 1);
		const list = await b.get(`${HOME}/accounts?q=${name}`);
		const href = list.page.root.all('a').find((n) =>
		    n.words === `${name}@${DENTSU}`).attr.href;
		const edit = await b.get(href);
		assert.equal(edit.status, 200, href);
		assert.ok(edit.page.words.includes(`${name}@${DENTSU}`));
		const action = edit.page.root.all('form').map((n) => n.attr.action)
		    .find((x) => x === href);
		await taken(b.submit(action, { real_name: 'Word' }));
		assert.equal(await row(s, `${name}@${DENTSU}`, 'real_name'), 'Word');
		papers(await b.submit(`${href}/reset`), 1);
		await taken(b.submit(`${href}/delete`,
		    { confirm: name, leave_forward_to: '' }));
		assert.equal(await row(s, `${name}@${DENTSU}`, 'a.id'), undefined);
	}
});

test('C64 one name space', async () => {
	await mustTool(s, ['forward', 'add', `sales@${DENTSU}`,
		`hanako@${DENTSU}`]);
	const r = await refusedCreate({ account: 'sales' }, 'account');
	assert.match(r.page.message('account'), /sales/);
	await refusedCreate({ account: 'Hanako' }, 'account');
	const f = await unchanged(s, () => b.submit(`${HOME}/forwards/new`,
	    { name: 'hanako', targets: 'x@outside.example' }));
	refusedAt(f, 422, 'name');
	const c = await unchanged(s, () => sendFile(b, DENTSU, 'apply',
	    csv([{ account: 'sales' }])));
	assert.equal(c.status, 422, why(c));
});

test('C66 C112 the same name at the same moment: one wins', async () => {
	const csrf = (await b.get(`${HOME}/accounts/new`)).page.csrf;
	const p = goodPassword();
	const account = () => b.post(`${HOME}/accounts/new`, { csrf,
		account: 'race', real_name: '', quota_mb: '', ...both(p) });
	const forward = () => b.post(`${HOME}/forwards/new`, { csrf,
		name: 'race', targets: `hanako@${DENTSU}` });
	const all = await Promise.all(Array.from({ length: 20 }, (_, i) =>
	    i % 2 ? account() : forward()));
	const status = all.map((r) => r.status).sort();

	assert.deepEqual(status, [303, ...Array(19).fill(422)]);
	for (const r of all.filter((x) => x.status === 422))
		assert.match(summary(r.page), /race/);
	assert.deepEqual(await sql(s.db, `SELECT count(*) FROM address
	    WHERE local_part = 'race'`), ['1']);
	// A second click on a generated one: its password is on one page only.
	const two = await Promise.all([1, 2].map(() => b.post(
	    `${HOME}/accounts/new`, { csrf, account: 'twice', real_name: '',
		quota_mb: '', new_password: '', new_password_again: '' })));
	assert.deepEqual(two.map((r) => r.status).sort(), [200, 422]);
	const [slip] = slips(two.find((r) => r.status === 200).page);
	assert.ok(await popAccepts(s, slip.address, slip.password));
});

// -- list --------------------------------------------------------------------

const SURNAMES = ['Abe', 'Endo', 'Goto', 'Ito', 'Kato', 'Mori', 'Ono', 'Sato'];

test('list: pages, orders, search over 121 accounts', async () => {
	const d = await newDomain(s), a = await d.open();
	const file = path.join(s.dir, 'many.csv');
	const rows = Array.from({ length: 120 }, (_, i) => ({
		account: `s${String(i).padStart(3, '0')}`,
		real_name: `${SURNAMES[(i * 7) % 8]} Taro ${i}`
	}));

	fs.writeFileSync(file, csv(rows));
	await mustTool(s, ['import', d.name, file]);
	const sorted = async (order) => (await sql(s.db, `SELECT local_part
	    FROM account WHERE domain_id = (SELECT id FROM domain
	    WHERE name = '${d.name}') ORDER BY ${order}`))
	    .map((x) => `${x}@${d.name}`);
	const orders = { '': 'local_part', '-account': 'local_part DESC',
		name: 'real_name COLLATE NOCASE, local_part',
		'-name': 'real_name COLLATE NOCASE DESC, local_part DESC',
		created: 'created_at, local_part',
		'-created': 'created_at DESC, local_part DESC' };

	for (const [sort, order] of Object.entries(orders)) {
		const list = `${d.path}/accounts?sort=${sort}`;
		const pages = await everyPage(a, list);
		assert.deepEqual(pages.map((p) => p.length), [50, 50, 21], sort);
		assert.deepEqual(pages.flat(), await sorted(order), sort);
		// And back, from the end.
		let r = await a.get(list);
		for (let next; (next = link(r.page, 'next')) !== undefined;)
			r = await a.get(next);
		assert.match(r.page.words, /end of the list/);
		const back = [listed(r.page)];
		for (let prev; (prev = link(r.page, 'prev')) !== undefined;) {
			r = await a.get(prev);
			back.unshift(listed(r.page));
		}
		assert.deepEqual(back.flat(), await sorted(order), `${sort} back`);
	}
	// The headings turn the order round, and keep the search.
	const first = await a.get(`${d.path}/accounts?q=taro&sort=name`);
	const href = first.page.root.all('a').find((n) => n.attr['aria-current']
	    === 'true' && !/lang=/.test(n.attr.href))?.attr.href;
	assert.match(href, /sort=-name/);
	assert.match(href, /q=taro/);
	assert.match(first.page.words, /121/);

	// A search goes through its pages, too.
	assert.equal((await everyPage(a, `${d.path}/accounts?q=taro`)).flat()
	    .length, 120);
	assert.deepEqual((await everyPage(a, `${d.path}/accounts?q=11`)).flat()
	    .map((x) => x.split('@')[0]), ['s011', ...Array.from({ length: 10 },
	    (_, i) => `s11${i}`)]);
	assert.equal((await everyPage(a, `${d.path}/accounts?q=SATO%20TARO`))
	    .flat().length, 15);

	// A row that goes meanwhile makes none of the others skip or repeat.
	const one = await a.get(`${d.path}/accounts`);
	await mustTool(s, ['account', 'delete', `s010@${d.name}`]);
	await mustTool(s, ['account', 'delete', `s055@${d.name}`]);
	await mustTool(s, ['account', 'add', `a-first@${d.name}`]);
	const two = await a.get(link(one.page, 'next'));
	const seen = [...listed(one.page), ...listed(two.page)];
	assert.equal(new Set(seen).size, seen.length);
	for (let i = 0; i < 90; i++)
		if (i !== 55)
			assert.ok(seen.includes(`s${String(i).padStart(3, '0')}@` +
			    d.name), `${i}`);
	// What is behind a cursor that leads nowhere: a page, not an error.
	for (const q of ['after=%7f', 'after=zzzz', 'before=0', 'after=%ff',
	    'before=%00', `after=${'x'.repeat(1000)}`, 'after=s000&before=s010',
	    'sort=nothing', 'sort=-', 'filter=nothing', 'after=a%2Cb%2Cc',
	    `q=${'x'.repeat(1000)}`, 'q=%ff', 'nothing=1', 'q=a&q=b']) {
		const r = await a.get(`${d.path}/accounts?${q}`);
		assert.ok([200, 400].includes(r.status), `${q}: ${r.status}`);
	}
});

test('C101 search: each character means itself', async () => {
	const d = await newDomain(s), a = await d.open();
	const names = { a_b: 'Under', axb: "O'Neil, B.",
		'a.b': 'Dot', 'a-b': 'Dash', sato: 'Sato Aya', zz: '' };

	for (const [local, name] of Object.entries(names))
		await newAccount(s, { local, domain: d.name, realName: name });
	const find = async (q) => (await everyPage(a,
	    `${d.path}/accounts?q=${encodeURIComponent(q)}`)).flat()
	    .map((x) => x.split('@')[0]);
	const all = [...Object.keys(names), 'postmaster'].sort();

	assert.deepEqual(await find('_'), ['a_b']);
	assert.deepEqual(await find('a_b'), ['a_b']);
	assert.deepEqual(await find('A_B'), ['a_b']);
	assert.deepEqual(await find('%'), []);
	assert.deepEqual(await find('*'), []);
	assert.deepEqual(await find('\\'), []);
	assert.deepEqual(await find("'"), ['axb']);
	assert.deepEqual(await find("O'NEIL"), ['axb']);
	assert.deepEqual(await find('"'), []);
	assert.deepEqual(await find('a.b'), ['a.b']);
	assert.deepEqual(await find('a-b'), ['a-b']);
	assert.deepEqual(await find('ato ay'), ['sato']);
	assert.deepEqual(await find('sato OR zz'), []);
	assert.deepEqual(await find('sat*'), []);
	assert.deepEqual(await find('NEAR('), []);
	assert.deepEqual(await find('local_part:sato'), []);
	assert.deepEqual((await find('')).sort(), all);
	assert.deepEqual((await find('   ')).sort(), all);
	assert.deepEqual(await find(`zz@${d.name}`), ['zz']);
	// Nobody of another domain.
	assert.deepEqual(await find('hanako'), []);
	for (const q of ['x'.repeat(10000), '(', ')', 'a"b', "';--", '山田', 'é',
	    '\0', '<script>alert(1)</script>']) {
		const r = await a.get(`${d.path}/accounts?q=` +
		    encodeURIComponent(q));
		assert.ok([200, 400, 414].includes(r.status), `${q}: ${r.status}`);
		if (r.status === 200) {
			assert.equal(r.page.control('q').attr.value, q);
			assert.equal(r.page.root.all('script').length, 0);
			assert.match(r.page.words, /No account matches/);
		}
	}
});

test('filters: each shows those and no others', async () => {
	const d = await newDomain(s), a = await d.open();
	const make = (local, o) => newAccount(s, { local, domain: d.name, ...o });
	const show = async (filter, more = '') => (await everyPage(a,
	    `${d.path}/accounts?filter=${filter}${more}`)).flat()
	    .map((x) => x.split('@')[0]);

	await make('fresh', { initial: true });
	await make('inside');
	await make('outside');
	await make('mixed');
	await make('gone');
	const full = await make('full', { quotaMb: 1 });
	const half = await make('half', { quotaMb: 2 });
	const set = (local, ...args) => mustTool(s, ['account', 'set',
		`${local}@${d.name}`, ...args]);
	await set('inside', '--forward-to', `fresh@${d.name}`);
	await set('outside', '--forward-to', 'x@outside.example', '--keep-copy');
	await set('mixed', '--forward-to', `fresh@${d.name},y@other.example`);
	await set('gone', '--routing', 'discard');
	for (const x of [full, half]) {
		await deliver(s, x.address, { bytes: 900000 });
		await popMessages(s, x.address, x.password);
	}
	await until('usage is known', async () => /8\d %/.test(listRow(
	    (await a.get(`${d.path}/accounts`)).page, full.address)));
	assert.deepEqual(await show('initial'), ['fresh']);
	assert.deepEqual(await show('outside'), ['mixed', 'outside']);
	assert.deepEqual(await show('discard'), ['gone']);
	assert.deepEqual(await show('full'), ['full']);
	assert.deepEqual(await show('never'), ['fresh', 'gone', 'inside', 'mixed',
		'outside', 'postmaster']);
	assert.equal((await show('')).length, 8);
	// With a search, and backwards.
	assert.deepEqual(await show('outside', '&q=mix'), ['mixed']);
	assert.deepEqual(await show('outside', '&sort=-account'),
	    ['outside', 'mixed']);
	assert.deepEqual(await show('discard', '&q=mix'), []);
	// Each row in words.
	const page = (await a.get(`${d.path}/accounts`)).page;
	assert.match(listRow(page, `fresh@${d.name}`), /20\d\d/);
	assert.match(listRow(page, `mixed@${d.name}`),
	    new RegExp(`fresh@${d.name} and 1 more`));
	assert.match(listRow(page, `outside@${d.name}`),
	    /x@outside\.example, copy kept/);
	assert.match(listRow(page, `gone@${d.name}`), /Deleted/);
	assert.match(listRow(page, half.address), /4\d %.*20\d\d/);
	assert.match(listRow(page, `postmaster@${d.name}`), /Administrator/);
	// The overview counts the same.
	const words = (await a.get(d.path)).page.words;
	for (const w of [/Deleted 1\b/, /Forwarded 3\b/, /Kept here 4\b/,
	    /Not changed yet 1\b/, /Changed by the owner 7\b/])
		assert.match(words, w);
});

test('C103 nothing there', async () => {
	const d = await newDomain(s), a = await d.open();
	const list = await a.get(`${d.path}/accounts`);

	assert.deepEqual(listed(list.page), [`postmaster@${d.name}`]);
	assert.match(list.page.words, /only the administrator/);
	for (const [p, words] of [
	    ['/accounts?q=nobody', /No account matches/],
	    ['/accounts?filter=discard', /No account matches/],
	    ['/forwards', /no forwarding accounts yet/],
	    ['/forwards?q=x', /No forwarding account matches/],
	    ['/log?q=nothing-like-this', /./], ['', /0/], ['/log', /./],
	    ['/import', /./]]) {
		const r = await a.get(d.path + p);
		assert.equal(r.status, 200, p);
		assert.match(r.page.words, words, p);
	}
	const e = await a.get(`${d.path}/export.csv`);
	assert.equal(e.body.replace('\ufeff', '').trimEnd().split(/\r?\n/).length, 2);
	// Not even an administrator: made by hand, without one of its own.
	await mustTool(s, ['domain', 'set', d.name, '--max-accounts', '0']);
	refusedAt(await create({ account: 'x' }, a, d.path), 422, 'account');
});

// -- edit --------------------------------------------------------------------

test('C25 edit: what is not touched stays, the password above all', async () => {
	const a = await newAccount(s, { quotaMb: 10 }), was = await hash(a);
	const u = await new Browser(s).login(a.address, a.password);

	await taken(b.submit(at(a.local), { real_name: 'Given Name' }),
	    /saved=1$/);
	// A form without the password's fields at all.
	const form = (await b.get(at(a.local))).page.form(at(a.local));
	delete form.new_password;
	delete form.new_password_again;
	await taken(b.post(at(a.local), { ...form, routing: 'forward',
		forward_to: 'out@outside.example', keep_copy: 'on' }));
	await taken(b.submit(at(a.local), { quota_mb: '20' }));
	assert.equal(await hash(a), was);
	assert.equal(await row(s, a.address, 'real_name, routing, keep_copy, ' +
	    'quota_bytes, initial_password'),
	    `Given Name|forward|1|${20 * 1048576}|0`);
	// Nobody is logged out, and the person sees it.
	assert.equal((await u.account()).form('/account').real_name,
	    'Given Name');
	assert.ok(await popAccepts(s, a.address, a.password));
	const tok = await deliver(s, a.address);
	assert.deepEqual(await whereIs(s, tok, a.address),
	    { box: 1, out: ['out@outside.example'] });
	// Saved once more: nothing changes.
	const v = await row(s, a.address, 'a.version');
	await taken(b.submit(at(a.local)), /saved=0$/);
	assert.equal(await row(s, a.address, 'a.version'), v);
	// An empty quota stays what it was.
	await taken(b.submit(at(a.local), { quota_mb: '' }));
	assert.equal(await row(s, a.address, 'quota_bytes'), `${20 * 1048576}`);
	const page = (await b.get(at(a.local))).page;
	const shown = page.form(at(a.local));
	assert.equal(shown.quota_mb, '20');
	assert.equal(shown.new_password, '');
	assert.match(page.words, /Chosen by the owner/);
});

test('edit: refused, with what was typed', async () => {
	const a = await newAccount(s);
	const wrong = [
		[{ real_name: 'René' }, 'real_name'],
		[{ quota_mb: '0' }, 'quota_mb'], [{ quota_mb: 'x' }, 'quota_mb'],
		[{ routing: 'vacation' }, 'routing'],
		[{ routing: 'other' }, 'routing'],
		[{ routing: 'discard' }, 'confirm_discard'],
		[{ routing: 'forward', forward_to: '' }, 'forward_to'],
		[{ routing: 'forward', forward_to: '|id' }, 'forward_to'],
		[{ routing: 'forward', forward_to: a.address }, 'forward_to'],
		[{ routing: 'forward', forward_to: `none@${DENTSU}` },
			'forward_to'],
		[{ routing: 'forward', forward_to: Array.from({ length: 6 },
		    (_, i) => `a${i}@x.example`).join('\n') }, 'forward_to'],
		[{ forward_to: 'x@outside.example' }, 'forward_to'],
		[both('Password1234!'), 'new_password'],
		[{ new_password: goodPassword() }, 'new_password_again']
	];

	for (const [changes, field] of wrong) {
		const r = await unchanged(s, () => b.submit(at(a.local), changes));
		assert.equal(r.status, 422, JSON.stringify(changes));
		assert.ok(r.page.message(field).length > 5, field);
		const form = r.page.form(at(a.local));
		assert.equal(form.new_password, '');
		for (const k of ['real_name', 'quota_mb', 'forward_to'])
			if (changes[k] !== undefined)
				assert.equal(form[k].replace(/\r/g, ''), changes[k]);
	}
	const all = await unchanged(s, () => b.submit(at(a.local),
	    { real_name: '山田', quota_mb: '-5', routing: 'forward',
		forward_to: 'bob', ...both('short') }));
	for (const f of ['real_name', 'quota_mb', 'forward_to', 'new_password'])
		assert.ok(all.page.message(f).length > 5, f);
});

test('edit: a stale page is not saved, the newer values are shown', async () => {
	const a = await newAccount(s);
	const form = (await b.get(at(a.local))).page.form(at(a.local));
	const u = await new Browser(s).login(a.address, a.password);

	await u.save({ real_name: 'By Owner' });
	const r = await unchanged(s, () => b.post(at(a.local), { ...form,
		real_name: 'By Admin', quota_mb: '33' }));
	assert.equal(r.status, 409);
	assert.equal(r.page.form(at(a.local)).real_name, 'By Owner');
	assert.match(r.page.words, /By Admin/);
	await taken(b.post(at(a.local), { ...r.page.form(at(a.local)),
		real_name: 'By Admin' }));
	// The other way round.
	const stale = (await u.account()).form('/account');
	await taken(b.submit(at(a.local), { quota_mb: '33' }));
	assert.equal((await u.post('/account', { ...stale, real_name: 'X' }))
	    .status, 409);
	// Two at the same moment: one of them is told.
	const now = (await b.get(at(a.local))).page.form(at(a.local));
	const two = await Promise.all(['One', 'Two'].map((n) =>
	    b.post(at(a.local), { ...now, real_name: n })));
	assert.deepEqual(two.map((x) => x.status).sort(), [303, 409]);
	for (const version of ['', 'abc', '-1', '99999999999999999999'])
		assert.ok([400, 409].includes((await unchanged(s, () =>
		    b.post(at(a.local), { ...now, version, real_name: 'V' })))
		    .status), version);
});

test('edit: a password set there is an initial one', async () => {
	const a = await newAccount(s), p = goodPassword();
	const u = await new Browser(s).login(a.address, a.password);

	await taken(b.submit(at(a.local), both(p)));
	assert.equal(await row(s, a.address, 'initial_password'), '1');
	assert.equal((await u.get('/account')).status, 303);
	assert.ok(await popAccepts(s, a.address, p));
	assert.equal(await popAccepts(s, a.address, a.password), false);
	const n = await new Browser(s).login(a.address, p);
	assert.equal((await n.get('/account/log')).location, '/account');
	assert.match((await b.get(at(a.local))).page.words, /initial one/);
});

test('C120 the quota that is saved is the quota that is enforced', async () => {
	const a = await newAccount(s);

	await taken(b.submit(at(a.local), { quota_mb: '1' }));
	for (let i = 0; i < 2; i++) {
		await smtp(s, a.address, { bytes: 700000, declare: true });
		await queueEmpty(s);
	}
	const over = await smtp(s, a.address, { bytes: 7000, declare: true });
	assert.equal(over.rcpt[a.address].code, 552, over.rcpt[a.address].text);
	await popMessages(s, a.address, a.password);
	await until('the list says so', async () => /1\d\d %|100 %/.test(listRow(
	    (await b.get(`${HOME}/accounts?q=${a.local}`)).page, a.address)));
	assert.match((await b.get(at(a.local))).page.words, /full/);
	await taken(b.submit(at(a.local), { quota_mb: '10' }));
	await deliver(s, a.address, { bytes: 7000 });
});

// -- reset -------------------------------------------------------------------

test('C23 reset: the new one once, the old one and its sessions are dead',
    async () => {
	const a = await newAccount(s, { realName: 'Ito Ken' });
	const u = await new Browser(s).login(a.address, a.password);
	const stale = (await u.account()).form('/account');
	const form = (await b.get(at(a.local, '/reset'))).page
	    .form(at(a.local, '/reset'));
	const [slip] = papers(await b.post(at(a.local, '/reset'), form), 1);

	assert.equal(slip.name, 'Ito Ken');
	assert.equal(await popAccepts(s, a.address, a.password), false);
	assert.ok(await popAccepts(s, a.address, slip.password));
	assert.equal((await new Browser(s).tryLogin(a.address, a.password)).status,
	    401);
	const late = await unchanged(s, () => u.post('/account', { ...stale,
		current_password: a.password, ...both(goodPassword()) }));
	assert.equal(late.status, 303);
	assert.match(late.location, /^\/login/);
	// Reload: the form has been used.
	const again = await unchanged(s, () => b.post(at(a.local, '/reset'),
	    form));
	assert.equal(again.status, 409);
	assert.ok(!again.body.includes(slip.password));
	assert.match(again.page.words, /sent before/);
	assert.ok(await popAccepts(s, a.address, slip.password));
	// A wrong number is no current one.
	for (const version of ['99', '-2', 'abc', '18446744073709551616'])
		assert.ok((await b.post(at(a.local, '/reset'),
		    { ...form, version })).status >= 200);
	await s.calm();
	// Twice at the same moment: one paper.
	const now = (await b.get(at(a.local, '/reset'))).page
	    .form(at(a.local, '/reset'));
	const two = await Promise.all([1, 2].map(() =>
	    b.post(at(a.local, '/reset'), now)));
	assert.deepEqual(two.map((r) => r.status).sort(), [200, 409]);
	const [last] = slips(two.find((r) => r.status === 200).page);
	assert.ok(await popAccepts(s, a.address, last.password));
	// Nothing else has changed.
	assert.equal(await row(s, a.address, 'real_name, routing'),
	    'Ito Ken|mailbox');
	await s.calm();
});

// -- delete ------------------------------------------------------------------

test('delete: after its name was typed; everything is over at once',
    async () => {
	const a = await newAccount(s), path = at(a.local, '/delete');
	const u = await new Browser(s).login(a.address, a.password);
	const stale = (await u.account()).form('/account');

	await deliver(s, a.address);
	for (const confirm of ['', a.local.toUpperCase(), `${a.local} `,
	    a.address, 'x', null])
		refusedAt(await unchanged(s, () => b.submit(path,
		    { confirm, leave_forward_to: '' })), 422, 'confirm');
	const r = await taken(b.submit(path,
	    { confirm: a.local, leave_forward_to: '' }), /deleted=1$/);
	assert.match((await b.get(r.location)).page.words, /deleted: 1/i);
	// C31: the session, POP3s, mail, the page.
	const late = await unchanged(s, () => u.post('/account',
	    { ...stale, real_name: 'Ghost' }));
	assert.equal(late.status, 303);
	assert.match(late.location, /^\/login/);
	assert.equal(await popAccepts(s, a.address, a.password), false);
	assert.equal((await smtp(s, a.address)).rcpt[a.address].code, 550);
	assert.equal((await b.get(at(a.local))).status, 404);
	// Sent twice: gone is gone.
	assert.equal((await b.post(path, { csrf: (await b.account()).csrf,
		confirm: a.local })).status, 404);
	for (const t of ['account', 'address', 'target'])
		assert.deepEqual(await sql(s.db, `SELECT count(*) FROM ${t}
		    WHERE ${t === 'target' ? 'address_id' : 'id'} NOT IN
		    (SELECT id FROM address)`), ['0'], t);
	// The same name again is another person: no old mail.
	const [slip] = papers(await create({ account: a.local }), 1);
	assert.deepEqual(await popMessages(s, a.address, slip.password), []);
	const history = (await b.get(`${HOME}/log?q=${a.local}`)).page.words;
	assert.match(history, /Account deleted/);
});

test('C118 delete: a forward in its place, then the name as each kind',
    async () => {
	const a = await newAccount(s), heir = await newAccount(s);
	const path = at(a.local, '/delete');

	for (const [leave, words] of [[`none@${DENTSU}`, /none@/], ['bob', /bob/],
	    ['|id', /\|id/], [a.address, /./], [Array.from({ length: 51 },
		(_, i) => `a${i}@x.example`).join('\n'), /50/]]) {
		const r = await unchanged(s, () => b.submit(path,
		    { confirm: a.local, leave_forward_to: leave }));
		refusedAt(r, 422, 'leave_forward_to');
		assert.match(r.page.message('leave_forward_to'), words);
		assert.equal(r.page.form(path).leave_forward_to
		    .replace(/\r/g, ''), leave);
	}
	await taken(b.submit(path, { confirm: a.local,
		leave_forward_to: `${heir.address}\nalso@outside.example` }));
	let tok = await deliver(s, a.address);
	assert.deepEqual(await whereIs(s, tok, heir.address),
	    { box: 1, out: ['also@outside.example'] });
	assert.equal(await popAccepts(s, a.address, a.password), false);
	// Forward → account → forward.
	await taken(b.submit(`${HOME}/forwards/${a.local}/delete`,
	    { confirm: a.local }));
	assert.equal((await smtp(s, a.address)).rcpt[a.address].code, 550);
	const [slip] = papers(await create({ account: a.local }), 1);
	tok = await deliver(s, a.address);
	assert.equal((await whereIs(s, tok, heir.address)).box, 0);
	assert.equal((await popMessages(s, a.address, slip.password)).length, 1);
	await taken(b.submit(path, { confirm: a.local, leave_forward_to: '' }));
	await taken(b.submit(`${HOME}/forwards/new`, { name: a.local,
		targets: heir.address }));
	tok = await deliver(s, a.address);
	assert.equal((await whereIs(s, tok, heir.address)).box, 1);
});

test('delete: who forwards to it is named, and must be dealt with first',
    async () => {
	const a = await newAccount(s), d = await newDomain(s);
	const path = at(a.local, '/delete');
	const by = [`points-fw@${DENTSU}`, `points@${DENTSU}`, `far@${d.name}`];

	await mustTool(s, ['forward', 'add', by[0], a.address]);
	for (const x of by.slice(1)) {
		const [local, domain] = x.split('@');
		await newAccount(s, { local, domain });
		await mustTool(s, ['account', 'set', x, '--forward-to',
			a.address]);
	}
	const shown = await b.get(path);
	for (const x of by)
		assert.ok(shown.page.words.includes(x), x);
	const r = await unchanged(s, () => b.submit(path,
	    { confirm: a.local, leave_forward_to: '' }));
	assert.equal(r.status, 422);
	for (const x of by)
		assert.ok(summary(r.page).includes(x), `${x}: ${summary(r.page)}`);
	assert.equal((await unchanged(s, async () => bulk(s, b, DENTSU, 'delete',
	    [a.address], { confirm: '1' }))).status, 422);
	// A forward that stays is dealing with it.
	await taken(b.submit(path, { confirm: a.local,
		leave_forward_to: 'stays@outside.example' }));
	const tok = await deliver(s, by[2]);
	assert.deepEqual((await whereIs(s, tok, by[1])).out,
	    ['stays@outside.example']);
	await sql(s.db, 'PRAGMA foreign_key_check')
	    .then((x) => assert.deepEqual(x, []));
	// One that leads back to itself is none.
	const c = await newAccount(s), f = `back@${DENTSU}`;
	await mustTool(s, ['forward', 'add', f, c.address]);
	const loop = await unchanged(s, () => b.submit(at(c.local, '/delete'),
	    { confirm: c.local, leave_forward_to: f }));
	refusedAt(loop, 422, 'leave_forward_to');
	assert.match(loop.page.message('leave_forward_to'),
	    new RegExp(`${c.address} .* ${f} .* ${c.address}`));
});

// -- ticked rows -------------------------------------------------------------

test('ticked rows: reset', async () => {
	const three = [await newAccount(s), await newAccount(s),
		await newAccount(s)];
	const addresses = three.map((a) => a.address);
	const u = await new Browser(s).login(addresses[0], three[0].password);
	const list = await b.get(`${HOME}/accounts`);
	const path = `${HOME}/accounts`;

	const first = await unchanged(s, async () => b.post(path, {
		csrf: list.page.csrf, action: 'reset',
		...await ticks(s, ...addresses) }));
	assert.equal(first.status, 200, why(first));
	for (const a of addresses)
		assert.ok(first.page.words.includes(a), a);
	assert.equal((await u.get('/account')).status, 200);
	const form = first.page.form(path);
	const got = papers(await b.post(path, form), 3);
	assert.deepEqual(got.map((x) => x.address).sort(), addresses.sort());
	assert.equal(new Set(got.map((x) => x.password)).size, 3);
	for (const x of got)
		assert.ok(await popAccepts(s, x.address, x.password), x.address);
	assert.equal((await u.get('/account')).status, 303);
	const again = await unchanged(s, () => b.post(path, form));
	assert.equal(again.status, 409);
	for (const x of got)
		assert.ok(!again.body.includes(x.password));
	// Two clicks at the same moment: one set of papers, and it is right.
	const next = await b.post(path, { csrf: list.page.csrf, action: 'reset',
		...await ticks(s, ...addresses) });
	const two = await Promise.all([1, 2].map(() =>
	    b.post(path, next.page.form(path))));
	assert.deepEqual(two.map((r) => r.status).sort(), [200, 409]);
	for (const x of slips(two.find((r) => r.status === 200).page))
		assert.ok(await popAccepts(s, x.address, x.password), x.address);
});

test('ticked rows: quota and delete', async () => {
	const some = [await newAccount(s), await newAccount(s)];
	const addresses = some.map((a) => a.address);
	const other = await newAccount(s);

	for (const quota_mb of ['', '0', 'x', '-1', '1.5']) {
		const r = await unchanged(s, () => bulk(s, b, DENTSU, 'quota',
		    addresses, { quota_mb }));
		refusedAt(r, 422, 'quota_mb');
		assert.equal(r.page.form(`${HOME}/accounts`).quota_mb, quota_mb);
	}
	const r = await taken(bulk(s, b, DENTSU, 'quota', addresses,
	    { quota_mb: '321' }));
	assert.match((await b.get(r.location)).page.words, /new quota: 2/);
	for (const a of addresses)
		assert.equal(await row(s, a, 'quota_bytes'), `${321 * 1048576}`);
	for (const confirm of ['', '1', '3', 'yes', some[0].local])
		refusedAt(await unchanged(s, () => bulk(s, b, DENTSU, 'delete',
		    addresses, { confirm })), 422, 'confirm');
	// One of them is needed by somebody: none is deleted.
	await mustTool(s, ['account', 'set', other.address, '--forward-to',
		addresses[1]]);
	const kept = await unchanged(s, () => bulk(s, b, DENTSU, 'delete',
	    addresses, { confirm: '2' }));
	assert.equal(kept.status, 422);
	assert.ok(summary(kept.page).includes(other.address));
	// Among those that go, it may point.
	await taken(bulk(s, b, DENTSU, 'delete', [...addresses, other.address],
	    { confirm: '3' }), /deleted=3$/);
	for (const a of [...addresses, other.address])
		assert.equal(await row(s, a, 'a.id'), undefined);
	const none = await unchanged(s, async () => b.post(`${HOME}/accounts`,
	    { csrf: (await b.get(HOME + '/accounts')).page.csrf,
		action: 'delete' }));
	assert.equal(none.status, 422);
	assert.match(summary(none.page), /tick|select/i);
	assert.ok(listed(none.page).length > 5);
});

test('ticked rows: a whole page of fifty', async () => {
	const d = await newDomain(s), a = await d.open();
	const file = path.join(s.dir, 'fifty.csv');

	fs.writeFileSync(file, csv(Array.from({ length: 50 }, (_, i) =>
	    ({ account: `b${i}` }))));
	await mustTool(s, ['import', d.name, file]);
	const page = (await a.get(`${d.path}/accounts`)).page;
	const all = listed(page).filter((x) => !x.startsWith('postmaster@'));
	assert.equal(all.length, 50);
	papers(await bulk(s, a, d.name, 'reset', all), 50);
	await taken(bulk(s, a, d.name, 'quota', all, { quota_mb: '9' }));
	await taken(bulk(s, a, d.name, 'delete', all, { confirm: '50' }));
	assert.deepEqual(listed((await a.get(`${d.path}/accounts`)).page),
	    [`postmaster@${d.name}`]);
});

// -- text, times, limits -----------------------------------------------------

test('C97 C99 what was typed is shown literally on each page', async () => {
	const a = await newAccount(s);
	const hostile = ['<img src=x onerror=alert(1)>', '" onmouseover="x',
		"'-alert(1)-'(", '</title><script>alert(1)</script>',
		'&lt;b&gt;', '<?cs var:Csrf ?>', '</textarea><script>x</script>',
		'{1}{2}%s%n', 'René', '山田', '😀', 'a\x7fb', 'a\\b'];
	const clean = (r, text, name) => {
		assert.equal(r.page.root.all('script').length, 0, name);
		assert.ok(![...r.page.root.walk()].some((n) =>
		    Object.keys(n.attr).some((k) => k.startsWith('on'))), name);
		assert.equal(r.page.root.all('img').length, 0, name);
		if (/[<"]/.test(text))
			assert.ok(!r.body.includes(text), `raw: ${text}`);
	};
	const forms = [
		[`${HOME}/accounts/new`, 'account', 'x'],
		[`${HOME}/accounts/new`, 'real_name', 'x'],
		[at(a.local), 'real_name'],
		[at(a.local), 'quota_mb'],
		[at(a.local, '/delete'), 'confirm'],
		[at(a.local, '/delete'), 'leave_forward_to'],
		[`${HOME}/forwards/new`, 'name'],
		[`${HOME}/forwards/new`, 'targets']
	];

	for (const text of hostile) {
		await unchanged(s, async () => {
			for (const [path, field] of forms) {
				const r = await b.submit(path,
				    { account: 'hostile', confirm: a.local,
					targets: 'x', [field]: text });
				assert.equal(r.status, 422, `${path} ${field}`);
				clean(r, text, path);
				assert.equal(r.page.form(path)[field]
				    .replace(/\r/g, ''), text, `${path} ${field}`);
			}
		});
		for (const p of ['/accounts', '/forwards', '/log']) {
			const r = await b.get(`${HOME}${p}?q=` +
			    encodeURIComponent(text));
			assert.ok([200, 400].includes(r.status), p);
			clean(r, text, p);
			if (r.status === 200)
				assert.equal(r.page.control('q').attr.value, text);
		}
	}
	// Allowed punctuation comes back as it is, everywhere.
	const name = "O'Neil, Jr.-Smith 3";
	await taken(b.submit(at(a.local), { real_name: `  ${name} ` }));
	assert.equal(await row(s, a.address, 'real_name'), name);
	assert.equal((await b.get(at(a.local))).page.form(at(a.local)).real_name,
	    name);
	for (const p of [`?q=${a.local}`, '?q=O%27Neil'])
		assert.ok(listRow((await b.get(`${HOME}/accounts${p}`)).page,
		    a.address).includes(name), p);
	assert.ok((await b.get(at(a.local, '/delete'))).page.words
	    .includes(name));
	assert.ok((await b.get(at(a.local, '/reset'))).page.words.includes(name));
});

test('limits: a page cannot go over them, and says so', async () => {
	const d = await newDomain(s, { more: ['--max-accounts', '3',
		'--default-quota-mb', '7'] });
	const a = await d.open();

	assert.match((await a.get(d.path)).page.words, /1 \/ 3/);
	papers(await create({ account: 'one' }, a, d.path), 1);
	assert.equal(await row(s, `one@${d.name}`, 'quota_bytes'),
	    `${7 * 1048576}`);
	// Five at the same moment, one place.
	const csrf = (await a.get(`${d.path}/accounts/new`)).page.csrf;
	const all = await Promise.all(Array.from({ length: 5 }, (_, i) =>
	    a.post(`${d.path}/accounts/new`, { csrf, account: `at${i}`,
		real_name: '', quota_mb: '', ...both(goodPassword()) })));
	assert.deepEqual(all.map((r) => r.status).sort(),
	    [303, 422, 422, 422, 422]);
	assert.equal(await count(s, `account WHERE domain_id = (SELECT id FROM
	    domain WHERE name = '${d.name}')`), 3);
	const r = refusedAt(await create({ account: 'four' }, a, d.path), 422,
	    'account');
	assert.match(r.page.message('account'), /3/);
	await mustTool(s, ['account', 'delete', `one@${d.name}`]);
	papers(await create({ account: 'four' }, a, d.path), 1);
});

test('C106 another process holds the database: 503, nothing half done',
    async () => {
	const a = await newAccount(s);

	await held(s.db, async () => {
		const all = await unchanged(s, () => Promise.all([
			create({ account: 'locked' }),
			b.submit(at(a.local), { real_name: 'Locked' }),
			b.submit(at(a.local, '/reset')),
			b.submit(at(a.local, '/delete'),
			    { confirm: a.local, leave_forward_to: '' }),
			bulk(s, b, DENTSU, 'quota', [a.address],
			    { quota_mb: '5' })]));
		for (const r of all) {
			assert.equal(r.status, 503, why(r));
			assert.ok(Number(r.headers['retry-after']) > 0);
			assert.equal(slips(r.page).length, 0);
		}
		// Reading goes on.
		for (const p of ['', '/accounts', `/accounts/${a.local}`, '/log'])
			assert.equal((await b.get(HOME + p)).status, 200, p);
	});
	papers(await create({ account: 'locked' }), 1);
});

// -- secrets -----------------------------------------------------------------

test('C27 initial passwords are in the one answer and nowhere else', async () => {
	const marker = 'ZZmarker#9917aB', given = 'YYmarker#8816bC';
	const d = await newDomain(s), a = await d.open();
	const pages = [], shown = [];
	const keep = async (r) => {
		const got = await r;
		pages.push(got.body, JSON.stringify(got.headers));
		return got;
	};
	const notice = async (r, n) => {
		const got = await r;
		shown.push(...papers(got, n).map((x) => x.password));
		pages.push(JSON.stringify(got.headers));
	};

	await notice(create({ account: 'one' }, a, d.path), 1);
	await notice(a.submit(`${d.path}/accounts/one/reset`), 1);
	await notice(bulk(s, a, d.name, 'reset', [`one@${d.name}`]), 1);
	await notice(sendFile(a, d.name, 'apply',
	    csv([{ account: 'two' }, { account: 'three' }])), 2);
	const asCsv = await sendFile(a, d.name, 'apply',
	    csv([{ account: 'four' }]), { answer: 'csv' });
	assert.equal(asCsv.status, 200);
	shown.push(/four,"?([^\r\n]*)/.exec(asCsv.body)[1]
	    .replace(/"$/, '').replace(/""/g, '"').replace(/^'/, ''));
	// Given ones, taken and refused.
	await keep(create({ account: 'own', ...both(marker) }, a, d.path));
	await keep(create({ account: 'a b', ...both(marker) }, a, d.path));
	await keep(create({ account: 'own', ...both(marker) }, a, d.path));
	await keep(a.submit(`${d.path}/accounts/own`, both(`${marker}x`)));
	await keep(a.submit(`${d.path}/accounts/own`, { ...both(marker),
		real_name: '山田' }));
	await keep(a.post(`${d.path}/accounts/own`, { csrf: 'no',
		...both(marker) }));
	const bad = csv([{ account: 'csv1', password: given },
	    { account: 'csv2', password: marker, quota_mb: 'x' },
	    { account: 'a b', password: given }]);
	for (const mode of ['preview', 'apply'])
		await keep(sendFile(a, d.name, mode, bad));
	const good = csv([{ account: 'csv1', password: given,
		real_name: 'Csv One' }]);
	const preview = await keep(sendFile(a, d.name, 'preview', good));
	assert.equal(preview.status, 200);
	// Sealed while it waits: read before it is used.
	for (const f of everyFile(path.join(s.dir, 'web')))
		assert.ok(!fs.readFileSync(f).includes(given), f);
	await keep(a.post(`${d.path}/import`,
	    preview.page.form(`${d.path}/import`)));
	await keep(sendFile(a, d.name, 'preview',
	    csv([{ account: 'csv1', password: marker }])));
	for (const p of ['', '/accounts', '/accounts/own', '/accounts/own/reset',
	    '/accounts/own/delete', '/log', '/import', '/export.csv', '/forwards'])
		await keep(a.get(d.path + p));
	assert.equal(shown.length, 6);
	const secrets = [marker, given, ...shown];
	for (const t of pages) {
		for (const x of secrets)
			assert.ok(!t.includes(x) &&
			    !t.includes(encodeURIComponent(x)), t.slice(0, 300));
		assert.ok(!/\$y\$j/.test(t), 'a hash is shown');
	}
	const text = await dump(s);
	for (const x of secrets)
		assert.ok(!text.includes(x));
	for (const f of everyFile(s.dir)) {
		const bytes = fs.readFileSync(f);
		for (const x of secrets)
			assert.ok(!bytes.includes(x) &&
			    !bytes.includes(encodeURIComponent(x)), f);
	}
	const j = await run('sh', ['-c', `grep -rlF '${marker}' /var/log ` +
	    '2>/dev/null']);
	assert.equal(j.stdout, '');
});

test('what the web does, the log tells: who, whom, what, from where',
    async () => {
	const d = await newDomain(s), a = await d.open({ from: '127.0.0.3' });

	papers(await create({ account: 'told', real_name: 'Told', quota_mb: '5' },
	    a, d.path), 1);
	await taken(a.submit(`${d.path}/accounts/told`, { real_name: 'Told Two',
		quota_mb: '6' }));
	papers(await a.submit(`${d.path}/accounts/told/reset`), 1);
	await taken(a.submit(`${d.path}/accounts/told/delete`,
	    { confirm: 'told', leave_forward_to: 'x@outside.example' }));
	const lines = await sql(s.db, `SELECT subject, what, old_value, new_value,
	    origin FROM history WHERE subject = 'told@${d.name}' ORDER BY id`);
	assert.ok(lines.length >= 6, lines.join('\n'));
	for (const l of lines)
		assert.match(l, /\|127\.0\.0\.3$/);
	const page = (await a.get(`${d.path}/log`)).page.words;
	for (const w of ['Account created', 'Real name changed', 'Told Two',
	    'Quota changed', 'Initial password set', 'Account deleted',
	    '127.0.0.3', `postmaster@${d.name}`])
		assert.ok(page.includes(w), w);
	const out = (await tool(s, ['log', d.name])).stdout;
	assert.match(out, /account_deleted/);
	assert.match(out, /127\.0\.0\.3/);
});
