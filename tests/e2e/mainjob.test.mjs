// The main job: what a person saves on the page is what the real daemons do
// with the very next message and the very next log-in.

import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startStack } from './lib/stack.mjs';
import { Browser } from './lib/http.mjs';
import { popAccepts, popMessages } from './lib/pop3.mjs';
import { smtp } from './lib/smtp.mjs';
import { deliver, whereIs, stored, outbound, outboundTo, queueEmpty,
	token } from './lib/mail.mjs';
import { newAccount, goodPassword, mustTool } from './lib/tool.mjs';
import { row, targets, sql, unchanged } from './lib/db.mjs';
import { until } from './lib/until.mjs';

let s;
before(async () => { s = await startStack('main'); });
after(async () => { await s?.stop(); });

const open = async (a, opt) =>
    new Browser(s, opt).login(a.address, a.password);

test('initial password: held on the page, changed, POP3s follows at once',
    async () => {
	const taro = 'taro@dentsu.example', old = s.password('TARO');
	const chosen = goodPassword();
	const b = await new Browser(s).login(taro, old);

	for (const path of ['/', '/account/settings', '/account/log', '/login']) {
		const r = await b.get(path);
		assert.equal(r.status, 303, path);
		assert.equal(r.location, '/account', path);
	}
	const held = await b.account();
	assert.ok('new_password' in held.form('/account'));

	// Nothing else can be saved meanwhile, not even together with a page
	// that says nothing of the password.
	await unchanged(s, async () => {
		const r = await b.submit('/account', { real_name: 'Taro',
			routing: 'discard', confirm_discard: 'on' });
		assert.equal(r.status, 422);
		assert.ok(r.page.message('new_password').length > 5);
	});
	assert.ok(await popAccepts(s, taro, old), 'POP3s before');

	await b.save({ new_password: chosen, new_password_again: chosen });
	const [oldWorks, newWorks] = await Promise.all([
		popAccepts(s, taro, old), popAccepts(s, taro, chosen)]);
	assert.equal(oldWorks, false, 'POP3s took the old password');
	assert.equal(newWorks, true, 'POP3s refused the new password');
	assert.equal((await b.get('/account/settings')).status, 200);
	assert.equal((await new Browser(s).tryLogin(taro, old)).status, 401);
	await new Browser(s).login(taro, chosen);
	assert.equal(await row(s, taro, 'initial_password'), '0');
});

test('the initial password itself is no new password', async () => {
	const a = await newAccount(s, { initial: true });
	const b = await open(a);

	await unchanged(s, async () => {
		const r = await b.submit('/account', { new_password: a.password,
			new_password_again: a.password });
		assert.equal(r.status, 422);
		r.page.message('new_password');
	});
});

test('routing: each switch on the page rules the very next message', async () => {
	const a = await newAccount(s), at = a.address;
	const b = await open(a);
	const out = 'friend@outside.example';

	const kept = await deliver(s, at);
	assert.deepEqual(await whereIs(s, kept, at), { box: 1, out: [] }, 'keep');
	const got = await popMessages(s, at, a.password);
	assert.equal(got.length, 1);
	assert.ok(got[0].text.includes(kept));

	await b.save({ routing: 'forward', forward_to: out });
	const fwd = await deliver(s, at);
	assert.deepEqual(await whereIs(s, fwd, at), { box: 0, out: [out] },
	    'forward');
	assert.equal((await popMessages(s, at, a.password)).length, 1,
	    'old mail can be fetched while forwarding');

	await b.save({ routing: 'forward', forward_to: out, keep_copy: 'on' });
	const both = await deliver(s, at);
	assert.deepEqual(await whereIs(s, both, at), { box: 1, out: [out] },
	    'forward and copy');

	await b.save({ routing: 'discard', keep_copy: null, forward_to: '',
		confirm_discard: 'on' });
	const gone = await deliver(s, at);
	assert.deepEqual(await whereIs(s, gone, at), { box: 0, out: [] },
	    'deleted');
	assert.equal(await popAccepts(s, at, a.password), false,
	    'POP3s while deleted');
	assert.equal((await b.get('/account')).status, 200, 'web while deleted');
	await open(a);	// the owner can undo it

	await b.save({ routing: 'mailbox', confirm_discard: null });
	const back = await deliver(s, at);
	assert.deepEqual(await whereIs(s, back, at), { box: 1, out: [] },
	    'back to keep');
	const all = await popMessages(s, at, a.password);
	assert.deepEqual([kept, both, back].map((t) =>
	    all.filter((m) => m.text.includes(t)).length), [1, 1, 1]);
	assert.equal(all.length, 3);
	assert.equal(outbound(s, gone).length, 0, 'no bounce');
});

test('deleted needs the second confirmation', async () => {
	const a = await newAccount(s);
	const b = await open(a);

	await unchanged(s, async () => {
		const r = await b.submit('/account', { routing: 'discard' });
		assert.equal(r.status, 422);
		assert.ok(r.page.message('confirm_discard').length > 5);
		assert.equal(r.page.form('/account').routing, 'discard');
	});
});

test('C55 keep-a-copy on and off; the form shows what is stored', async () => {
	const a = await newAccount(s), at = a.address, out = 'c55@outside.example';
	const b = await open(a);
	const form = async () => {
		const f = (await b.account()).form('/account');
		return [f.routing, f.forward_to?.trim() ?? '', 'keep_copy' in f];
	};

	await b.save({ routing: 'forward', forward_to: out, keep_copy: 'on' });
	assert.deepEqual(await form(), ['forward', out, true]);
	assert.deepEqual(await whereIs(s, await deliver(s, at), at),
	    { box: 1, out: [out] });

	await b.save({ routing: 'forward', forward_to: out, keep_copy: null });
	assert.deepEqual(await form(), ['forward', out, false]);
	assert.deepEqual(await whereIs(s, await deliver(s, at), at),
	    { box: 0, out: [out] });

	await b.save({ routing: 'mailbox', forward_to: '', keep_copy: null });
	assert.deepEqual(await form(), ['mailbox', '', false]);
	assert.deepEqual(await whereIs(s, await deliver(s, at), at),
	    { box: 1, out: [] });
	assert.equal((await sql(s.db, `SELECT target FROM mail_alias
	    WHERE local_part = '${a.local}'`)).length, 0, 'old target is active');
});

test('C57 mail by way of a forwarding account follows the forward', async () => {
	const u1 = await newAccount(s), u2 = await newAccount(s);
	const sales = await newAccount(s), all = await newAccount(s);
	const out = 'c57@outside.example';
	const b = await open(u1);

	await (await open(sales)).save({ routing: 'forward',
		forward_to: u1.address });
	await (await open(all)).save({ routing: 'forward',
		forward_to: `${u1.address}, ${u2.address}` });
	await b.save({ routing: 'forward', forward_to: out });
	let tok = await deliver(s, sales.address);
	assert.deepEqual(await whereIs(s, tok, u1.address), { box: 0, out: [out] });
	assert.equal((await stored(s, sales.address, tok)).length, 0);
	tok = await deliver(s, all.address);
	assert.deepEqual(await whereIs(s, tok, u1.address), { box: 0, out: [out] });
	assert.equal((await stored(s, u2.address, tok)).length, 1);

	await b.save({ routing: 'discard', forward_to: '', confirm_discard: 'on' });
	tok = await deliver(s, [sales.address, all.address]);
	assert.deepEqual(await whereIs(s, tok, u1.address), { box: 0, out: [] });
	assert.equal((await stored(s, u2.address, tok)).length, 1);
});

test('C59 discard really discards, quietly', async () => {
	const a = await newAccount(s), at = a.address, alias = await newAccount(s);
	const b = await open(a);
	const old = await deliver(s, at);

	await (await open(alias)).save({ routing: 'forward', forward_to: at });
	await b.save({ routing: 'discard', confirm_discard: 'on' });
	const upper = `${a.local.toUpperCase()}@DENTSU.example`;
	for (const to of [at, upper, alias.address, `${a.local}+x@dentsu.example`]) {
		const tok = await deliver(s, to);
		assert.deepEqual(await whereIs(s, tok, at), { box: 0, out: [] }, to);
	}
	assert.equal(await popAccepts(s, at, a.password), false);
	assert.equal((await stored(s, at)).length, 1, 'old mail untouched');
	await b.save({ routing: 'mailbox' });
	const tok = await deliver(s, at);
	const texts = (await popMessages(s, at, a.password)).map((m) => m.text);
	assert.ok(texts.some((t) => t.includes(old)), 'old mail still there');
	assert.ok(texts.some((t) => t.includes(tok)), 'new mail arrives');
});

test('the page says where mail goes now', async () => {
	const a = await newAccount(s), at = a.address;
	const b = await open(a);

	assert.ok((await b.account()).words.includes(at));
	await b.save({ routing: 'forward',
		forward_to: 'one@outside.example\ntwo@outside.example' });
	const shown = (await b.account()).root.all('p')
	    .map((p) => p.words).join('\n');
	assert.ok(/one@outside\.example.*two@outside\.example/.test(shown), shown);
});

test('plus address follows the routing', async () => {
	const a = await newAccount(s), out = 'plus@outside.example';
	const b = await open(a);
	const plus = `${a.local}+tag@dentsu.example`;

	assert.deepEqual(await whereIs(s, await deliver(s, plus), a.address),
	    { box: 1, out: [] });
	await b.save({ routing: 'forward', forward_to: out });
	assert.deepEqual(await whereIs(s, await deliver(s, plus), a.address),
	    { box: 0, out: [out] });
});

test('C47 several targets: each kind of separator, one copy each', async () => {
	const a = await newAccount(s);
	const b = await open(a);
	const x = 'b@x.example', y = 'c@y.example', z = 'd@z.example';

	for (const typed of [`${x},${y}`, `${x} ${y}`, `${x}\r\n${y}`, `${x}\n${y}`,
	    ` ${x} , ${y}\r\n`]) {
		await b.save({ routing: 'mailbox', forward_to: '' });
		await b.save({ routing: 'forward', forward_to: typed });
		assert.deepEqual(await targets(s, a.address), [x, y],
		    JSON.stringify(typed));
	}
	await b.save({ routing: 'forward',
		forward_to: `${x}\n${y}\n${z}\ne@z.example\nf@z.example` });
	const tok = await deliver(s, a.address);
	assert.deepEqual(outboundTo(s, tok),
	    [x, y, z, 'e@z.example', 'f@z.example'].sort());
});

test('C63 plus, dots and unusual but legal targets', async () => {
	const a = await newAccount(s);
	const b = await open(a);
	const list = ['first.last+tag@outside.example', "o'neil@outside.example",
		'a_b-c=d@outside.example', 'x@sub.a-b.outside.example',
		'z@outside.example'];

	await b.save({ routing: 'forward', forward_to: list.join('\n') });
	assert.deepEqual(await targets(s, a.address), list);
	assert.deepEqual(outboundTo(s, await deliver(s, a.address)),
	    [...list].sort());
	await b.save({ routing: 'forward', forward_to:
		'someone@long.photography' });
	assert.deepEqual(await targets(s, a.address), ['someone@long.photography']);
});

test('C53 an international domain is stored as its A-label, or refused',
    async () => {
	const a = await newAccount(s);
	const b = await open(a);

	await b.save({ routing: 'forward',
		forward_to: 'b@xn--bcher-kva.example' });
	assert.deepEqual(await targets(s, a.address), ['b@xn--bcher-kva.example']);
	assert.deepEqual(outboundTo(s, await deliver(s, a.address)),
	    ['b@xn--bcher-kva.example']);
	await b.save({ routing: 'mailbox', forward_to: '' });
	const r = await b.submit('/account', { routing: 'forward',
		forward_to: 'b@bücher.example' });
	if (r.status === 303) {
		assert.deepEqual(await targets(s, a.address),
		    ['b@xn--bcher-kva.example']);
		assert.match((await b.account()).form('/account').forward_to,
		    /b@xn--bcher-kva\.example/);
	} else {
		assert.equal(r.status, 422);
		assert.match(r.page.message('forward_to'), /xn--|IDN|bücher/);
	}
});

test('two browsers on one account: the second save is refused', async () => {
	const a = await newAccount(s);
	const one = await open(a), two = await open(a);
	const stale = (await two.account()).form('/account');

	await one.save({ real_name: 'First Wins', routing: 'forward',
		forward_to: 'first@outside.example' });
	const r = await unchanged(s, () => two.post('/account',
	    { ...stale, real_name: 'Second Loses' }));
	assert.equal(r.status, 409);
	// The newer values are there, and what was typed is not lost.
	for (const w of ['First Wins', 'first@outside.example', 'Second Loses'])
		assert.ok(r.body.includes(w), w);
	assert.equal(r.page.form('/account').new_password, '');
	// Having seen the newer values, the same person can decide.
	const again = await two.post('/account',
	    { ...r.page.form('/account'), real_name: 'Second Decides' });
	assert.equal(again.status, 303);
	assert.equal(await row(s, a.address, 'real_name'), 'Second Decides');
});

test('a conflict names what differs, and only that', async () => {
	const a = await newAccount(s);
	const one = await open(a), two = await open(a);
	const list = 'a@outside.example\r\nb@outside.example';

	await one.save({ routing: 'forward', forward_to: list });
	const stale = (await two.account()).form('/account');
	await one.save({ real_name: 'Newer Name' });
	const r = await two.post('/account', { ...stale, real_name: 'Typed Name' });
	assert.equal(r.status, 409);
	const box = r.page.root.find((n) => n.attr.role === 'alert');
	assert.ok(box.words.includes('Typed Name'), box.words);
	assert.ok(!box.words.includes('outside.example'), box.words);
});

test('two saves at the same moment: one is taken, one is told', async () => {
	const a = await newAccount(s);
	const one = await open(a), two = await open(a);
	const [f1, f2] = await Promise.all([one, two].map(async (b) =>
	    (await b.account()).form('/account')));
	const r = await Promise.all([
		one.post('/account', { ...f1, real_name: 'One' }),
		two.post('/account', { ...f2, real_name: 'Two' })]);

	assert.deepEqual(r.map((x) => x.status).sort(), [303, 409]);
	assert.equal(await row(s, a.address, 'real_name'),
	    r[0].status === 303 ? 'One' : 'Two');
});

const percent = async (b) => {
	const page = await b.account();
	const bar = page.root.find((n) => n.tag === 'meter' ||
	    n.tag === 'progress' || n.attr.role === 'meter');

	return /(\d+)\s?[%％]/.exec(page.words)?.[1] ?? bar?.attr.value;
};

test('a full mailbox: 100 % on the page, and SMTP tells the sender',
    async () => {
	const a = await newAccount(s, { quotaMb: 3 });
	const b = await open(a);

	await deliver(s, a.address, { bytes: 1500000 });
	await until('half full on the page', async () => {
		const p = Number(await percent(b));
		return p > 40 && p < 60;
	});
	await mustTool(s, ['account', 'set', a.address, '--quota-mb', '1']);
	await until('100 % on the page', async () => await percent(b) === '100');
	const r = await smtp(s, a.address, { bytes: 3000, declare: true });
	assert.equal(r.rcpt[a.address].code, 552, r.rcpt[a.address].text);
	const plain = await smtp(s, a.address, {});
	assert.equal(plain.rcpt[a.address].code, 552, plain.rcpt[a.address].text);
	await mustTool(s, ['account', 'set', a.address, '--quota-mb', '3']);
	await deliver(s, a.address);
});

test('C120 the quota shown is the quota enforced', async () => {
	const a = await newAccount(s, { quotaMb: 1 });
	const first = await smtp(s, a.address, { bytes: 700000, declare: true });

	assert.equal(first.data.code, 250, first.data.text);
	await queueEmpty(s);
	// The message that crosses the line may still fit (dovecot.conf says
	// why); from then on every sender hears of it.
	await smtp(s, a.address, { bytes: 700000, declare: true });
	await queueEmpty(s);
	for (const declare of [true, false]) {
		const over = await smtp(s, a.address, { bytes: 7000, declare });
		assert.equal(over.rcpt[a.address].code, 552,
		    over.rcpt[a.address].text);
	}
	await mustTool(s, ['account', 'set', a.address, '--quota-mb', '10']);
	const third = await smtp(s, a.address, { bytes: 700000, declare: true });
	assert.equal(third.data?.code, 250);
});

test('usage: messages, oldest one and last POP3 log-in are shown', async () => {
	const a = await newAccount(s);
	const b = await open(a, { lang: 'en' });
	const usage = async () => (await b.account()).words;

	await deliver(s, a.address);
	await deliver(s, a.address);
	await popMessages(s, a.address, a.password);
	const year = new Intl.DateTimeFormat('en', { year: 'numeric',
		timeZone: 'Asia/Tokyo' }).format(new Date());
	await until('two messages on the page', async () =>
	    /\b2 messages\b|messages:? 2\b/i.test(await usage()));
	// Oldest message and last log-in are of today, so the year stands there.
	await until('last log-in on the page', async () =>
	    (await usage()).split(year).length - 1 >= 2);
});

test('off campus: 403 with the explanation on the web, POP3s refused',
    async () => {
	const a = await newAccount(s);
	const inside = await open(a, { from: '127.0.0.3' });
	const outside = new Browser(s, { from: '127.0.0.9' });

	outside.cookies = inside.cookies;
	for (const path of ['/', '/login', '/account', '/account/settings', '/no']) {
		const r = await outside.get(path);
		assert.equal(r.status, 403, path);
		assert.match(r.page.words, /VPN/, path);
	}
	outside.lang = 'ja';
	const ja = await outside.get('/login');
	assert.equal(ja.page.lang, 'ja');
	assert.match(ja.page.words, /VPN/);
	assert.match(ja.page.words, /転送/);
	const form = (await inside.account()).form('/account');
	await unchanged(s, async () => {
		const r = await outside.post('/account', { ...form,
			real_name: 'From Outside' });
		assert.equal(r.status, 403);
	});
	const [off, on] = await Promise.all([
		popAccepts(s, a.address, a.password, { from: '127.0.0.9' }),
		popAccepts(s, a.address, a.password, { from: '127.0.0.4' })]);
	assert.equal(off, false, 'POP3s off campus');
	assert.equal(on, true, 'POP3s on campus');
	// A header is no proof of where somebody is.
	const forged = await outside.get('/login',
	    { headers: { 'X-Forwarded-For': '127.0.0.1',
		'X-Real-IP': '127.0.0.1', Forwarded: 'for=127.0.0.1' } });
	assert.equal(forged.status, 403);
	// Mail from anywhere is taken all the same: that is delivery.
	await deliver(s, a.address);
});

test('history: who, what, old and new, from where; never a password',
    async () => {
	const a = await newAccount(s);
	const b = await open(a, { from: '127.0.0.5' });
	const chosen = goodPassword(), out = 'hist@outside.example';

	await b.save({ real_name: 'Old Name' });
	await b.save({ real_name: 'New Name', routing: 'forward', forward_to: out,
		new_password: chosen, new_password_again: chosen });
	const r = await b.get('/account/log');
	assert.equal(r.status, 200);
	for (const w of ['Old Name', 'New Name', out, '127.0.0.5', a.address])
		assert.ok(r.page.words.includes(w), w);
	assert.ok(!r.body.includes(chosen) && !r.body.includes(a.password));
	assert.ok(!/\$y\$|\$6\$/.test(r.body), 'a hash on the page');
	const rows = await sql(s.db, `SELECT what FROM history
	    WHERE subject = '${a.address}'`);
	for (const w of ['real_name', 'routing', 'forward_to', 'password'])
		assert.ok(rows.includes(w), `${w} among ${rows}`);
	const hist = await sql(s.db, 'SELECT old_value, new_value FROM history');
	assert.ok(!hist.some((l) => l.includes(chosen) || l.includes('$y$')));
});

test('everything on the page is saved in one go, or nothing', async () => {
	const a = await newAccount(s);
	const b = await open(a);
	const chosen = goodPassword();

	// One field is wrong: none is stored, all that is wrong is told.
	const r = await unchanged(s, () => b.submit('/account', {
		real_name: '山田', new_password: 'short',
		new_password_again: 'different', routing: 'forward',
		forward_to: 'bob' }));
	assert.equal(r.status, 422);
	for (const n of ['real_name', 'new_password', 'forward_to'])
		assert.ok(r.page.message(n).length > 5, n);
	const f = r.page.form('/account');
	assert.equal(f.real_name, '山田');
	assert.equal(f.forward_to.trim(), 'bob');
	assert.equal(f.routing, 'forward');
	assert.equal(f.new_password, '');
	assert.equal(f.new_password_again, '');

	await b.save({ real_name: 'All At Once', new_password: chosen,
		new_password_again: chosen, routing: 'forward',
		forward_to: 'once@outside.example', keep_copy: 'on' });
	assert.equal(await row(s, a.address,
	    'real_name, routing, keep_copy'), 'All At Once|forward|1');
	assert.ok(await popAccepts(s, a.address, chosen));
	// Emptying the name is allowed, and leaves the password alone.
	const hash = await row(s, a.address, 'password_hash');
	await b.save({ real_name: '' });
	assert.equal(await row(s, a.address, 'real_name'), '');
	assert.equal(await row(s, a.address, 'password_hash'), hash);
});

test('C51 mail of a target that was refused stays where it was', async () => {
	const a = await newAccount(s);
	const b = await open(a);

	for (const typed of ['bob', 'root', a.local]) {
		const r = await unchanged(s, () => b.submit('/account',
		    { routing: 'forward', forward_to: typed }));
		assert.equal(r.status, 422, typed);
		r.page.message('forward_to');
	}
	assert.deepEqual(await whereIs(s, await deliver(s, a.address), a.address),
	    { box: 1, out: [] });
});

test('mail client settings are those of the domain and the person', async () => {
	const check = async (who, password, host) => {
		const b = await new Browser(s).login(who, password);
		const r = await b.get('/account/settings');

		assert.equal(r.status, 200);
		for (const w of [host, '995', who, 'mx-delivery', '587', 'STARTTLS',
		    '300'])
			assert.ok(r.page.words.includes(w), `${who}: ${w}`);
		assert.match(r.page.words, /SSL\/TLS/);
	};

	await check('hanako@dentsu.example', s.password('HANAKO'), 'post-9');
	await check('yoko@kagaku.example', s.password('YOKO'), 'post-10');
});

test('demo data: jiro forwards, hanako keeps', async () => {
	let tok = await deliver(s, 'jiro@dentsu.example');
	assert.deepEqual(await whereIs(s, tok, 'jiro@dentsu.example'),
	    { box: 0, out: ['jiro@outside.example'] });
	tok = await deliver(s, 'hanako@dentsu.example');
	assert.deepEqual(await whereIs(s, tok, 'hanako@dentsu.example'),
	    { box: 1, out: [] });
	for (const [who, name] of [['hanako@dentsu.example', 'HANAKO'],
	    ['jiro@dentsu.example', 'JIRO'],
	    ['postmaster@dentsu.example', 'POSTMASTER'],
	    ['yoko@kagaku.example', 'YOKO'],
	    ['postmaster@kagaku.example', 'KAGAKU'],
	    ['postmaster@site.example', 'SITE']])
		await new Browser(s).login(who, s.password(name));
	const r = await smtp(s, 'nobody@dentsu.example', { subject: token() });
	assert.equal(r.rcpt['nobody@dentsu.example'].code, 550);
});

test('the host itself: its postmaster is somebody, all else is refused',
    async () => {
	for (const to of ['postmaster', 'postmaster@mx.site.example',
		'root@mx.site.example'])
		assert.equal((await smtp(s, to)).rcpt[to].code, 250, to);
	for (const to of ['nobody@mx.site.example', 'discard@discard.invalid'])
		assert.ok((await smtp(s, to)).rcpt[to].code >= 550, to);
});

test('a target that has become wrong keeps nobody from the password',
    async () => {
	const a = await newAccount(s);
	const b = await open(a);

	await b.save({ routing: 'forward', forward_to: 'x@later.example' });
	await mustTool(s, ['domain', 'add', 'later.example']);
	await b.save({ real_name: 'Still Here' });
	await mustTool(s, ['account', 'passwd', a.address]);
	const r = await (await new Browser(s).login(a.address, (await mustTool(s,
	    ['account', 'passwd', a.address])).stdout.trim())).get('/account');
	assert.equal(r.status, 200);
});
