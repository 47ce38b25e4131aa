// What is refused, and how: each status of PRODUCT.md is provoked, and the
// user database is the same afterwards.

import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import tls from 'node:tls';
import http from 'node:http';
import fs from 'node:fs';
import { startStack, stopSound } from './lib/stack.mjs';
import { Browser, encode } from './lib/http.mjs';
import { popAccepts, popMessages } from './lib/pop3.mjs';
import { deliver } from './lib/mail.mjs';
import { newAccount, goodPassword, mustTool, tool } from './lib/tool.mjs';
import { row, targets, sql, dump, unchanged, hold } from './lib/db.mjs';

let s, me;
before(async () => {
	s = await startStack('refuse');
	me = await newAccount(s, { local: 'refused' });
});
after(() => stopSound(s));

const open = async (a = me, opt) =>
    new Browser(s, opt).login(a.address, a.password);

// Saves that must be refused with a sentence at `field`.
async function refused(b, changes, field, words) {
	const r = await unchanged(s, () => b.submit('/account', changes));
	const told = JSON.stringify(changes).slice(0, 120);

	assert.equal(r.status, 422, told);
	assert.ok(r.page.message(field).length > 5, told);
	if (words)
		assert.match(r.page.message(field), words, told);
	assert.equal(r.page.form('/account').new_password, '', told);
	return r;
}

test('303: not logged in', async () => {
	const b = new Browser(s);

	for (const path of ['/account', '/account/settings', '/account/log']) {
		const r = await b.get(path);
		assert.equal(r.status, 303, path);
		assert.equal(r.location, '/login', path);
	}
	assert.equal((await b.get('/')).location, '/login');
	const r = await unchanged(s, () => b.post('/account', { csrf: 'x' }));
	assert.ok([303, 403].includes(r.status), r.status);
});

test('401: wrong password, with the form and what was typed', async () => {
	const b = new Browser(s);
	const r = await b.tryLogin(me.address, 'not-the-Password-1');

	assert.equal(r.status, 401);
	const f = r.page.form('/login');
	assert.equal(f.account, me.local);
	assert.equal(f.domain, me.domain);
	assert.equal(f.password ?? '', '');
	assert.ok(r.page.csrf.length > 20);
	await s.calm();
});

test('C33 403: every change needs the form of this very session', async () => {
	const b = await open(), other = await open();
	const form = (await b.account()).form('/account');
	const foreign = (await other.account()).csrf;
	const change = { ...form, real_name: 'Forged' };
	const evil = 'https://evil.example';
	const ways = {
		'no token': [{ ...change, csrf: null }],
		'empty token': [{ ...change, csrf: '' }],
		'token of another session': [{ ...change, csrf: foreign }],
		'token cut short': [{ ...change, csrf: form.csrf.slice(0, -1) }],
		'token with a tail': [{ ...change, csrf: `${form.csrf}A` }],
		'token twice': [[...Object.entries({ ...change, csrf: 'x' }),
			['csrf', form.csrf]]],
		'foreign Origin': [change, { headers: { Origin: evil } }],
		'Origin null from another site': [change, { headers:
			{ Origin: 'null', 'Sec-Fetch-Site': 'cross-site' } }],
		'Origin null, nobody knows from where': [change, { headers:
			{ Origin: 'null', 'Sec-Fetch-Site': null } }],
		'Origin with another port': [change,
			{ headers: { Origin: 'https://localhost:1' } }],
		'Origin that only begins like ours': [change,
			{ headers: { Origin: `${new URL(s.url).origin}.evil.example` } }],
		'Sec-Fetch-Site cross-site': [change,
			{ headers: { 'Sec-Fetch-Site': 'cross-site' } }],
		'Sec-Fetch-Site same-site': [change,
			{ headers: { 'Sec-Fetch-Site': 'same-site' } }]
	};

	await unchanged(s, async () => {
		for (const [name, [fields, opt]] of Object.entries(ways)) {
			const r = await b.post('/account', fields, opt);
			// A field that is there twice is a broken form anyway.
			if (name === 'token twice')
				assert.equal(r.status, 400, name);
			else
				assert.equal(r.status, 403, name);
			assert.ok(r.page.words.length > 20, name);
		}
		// Moved to the query string, or a GET altogether.
		const q = await b.post(`/account?csrf=${encodeURIComponent(form.csrf)}`,
		    { ...change, csrf: null });
		assert.equal(q.status, 403, 'token in the query');
		const g = await b.get(`/account?${encode(change)}`);
		assert.ok([200, 400].includes(g.status), `GET: ${g.status}`);
		// The log-out form too.
		for (const fields of [{}, { csrf: foreign }]) {
			const r = await b.post('/logout', fields);
			assert.equal(r.status, 403, 'log out');
		}
		assert.equal((await b.get('/account')).status, 200, 'still in');
	});
	// Neither header: an old browser.  The token alone is enough.
	const old = await b.post('/account', { ...form, real_name: 'Old Browser' },
	    { headers: { Origin: null, 'Sec-Fetch-Site': null } });
	assert.equal(old.status, 303);
	// What a browser sends from our page under Referrer-Policy no-referrer.
	const form2 = (await b.account()).form('/account');
	const none = await b.post('/account', { ...form2, real_name: 'No Referrer' },
	    { headers: { Origin: 'null' } });
	assert.equal(none.status, 303);
});

test('C33 403: the log-in form has a token as well', async () => {
	const fields = { account: me.local, domain: me.domain,
		password: me.password };
	const b = new Browser(s), c = new Browser(s);
	const mine = (await b.get('/login')).page.csrf;
	const others = (await c.get('/login')).page.csrf;

	assert.notEqual(mine, others);
	for (const csrf of [null, '', others, 'AAAA'])
		assert.equal((await b.post('/login', { ...fields, csrf })).status,
		    403, String(csrf));
	const evil = await b.post('/login', { ...fields, csrf: mine },
	    { headers: { Origin: 'https://evil.example' } });
	assert.equal(evil.status, 403);
	assert.ok(!b.cookies.has('__Host-session'));
	// A token without the cookie it belongs to.
	const bare = new Browser(s);
	assert.equal((await bare.post('/login', { ...fields, csrf: mine })).status,
	    403);
	assert.equal((await b.post('/login', { ...fields, csrf: mine })).status,
	    303);
});

test('404: no such path', async () => {
	const b = await open(), nobody = new Browser(s);

	for (const path of ['/nothing', '/account/', '/account/other', '/login/x',
	    '/index.php', '/style.css/x', '/ACCOUNT',
	    '/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/.git/config'])
		for (const who of [b, nobody]) {
			const r = await who.get(path);
			assert.ok([404, 400].includes(r.status), `${path}: ${r.status}`);
		}
	const r = await b.get('/nothing');
	assert.equal(r.status, 404);
	assert.ok(r.page.words.length > 10);
	assert.equal((await b.post('/nothing', { csrf: 'x' })).status, 404);
});

test('C126 405: wrong methods; nothing is done by GET', async () => {
	const b = await open();
	const paths = { '/account': ['PUT', 'DELETE', 'PATCH', 'OPTIONS'],
		'/login': ['PUT', 'DELETE', 'OPTIONS'],
		'/logout': ['GET', 'HEAD', 'PUT', 'OPTIONS'],
		'/account/settings': ['POST', 'PUT', 'DELETE'],
		'/account/log': ['POST', 'DELETE'], '/': ['POST', 'PUT'] };

	await unchanged(s, async () => {
		for (const [path, methods] of Object.entries(paths))
			for (const m of methods) {
				const r = await b.request(m, path,
				    m === 'POST' ? { body: '', headers: {
				    'Content-Type':
				    'application/x-www-form-urlencoded' } } : {});
				assert.equal(r.status, 405, `${m} ${path}`);
				const allow = r.headers.allow ?? '';
				assert.ok(allow.length > 0 &&
				    !allow.split(/, */).includes(m),
				    `${m} ${path}: Allow: ${allow}`);
			}
		// nginx itself may answer TRACE and unknown methods.
		for (const m of ['TRACE', 'PROPFIND', 'MKCOL', 'COPY']) {
			const r = await b.request(m, '/account');
			assert.ok([405, 400, 501].includes(r.status),
			    `${m}: ${r.status}`);
		}
	});
	assert.equal((await b.get('/account')).status, 200, 'still logged in');

	const head = await b.request('HEAD', '/account');
	assert.equal(head.status, 200);
	assert.equal(head.body, '');
});

test('C126 log-in by GET is ignored; a POST is read from its body only',
    async () => {
	const b = new Browser(s);
	const q = encode({ account: me.local, domain: me.domain,
		password: me.password });
	const shown = await b.get(`/login?${q}`);

	assert.equal(shown.status, 200);
	assert.ok(!b.cookies.has('__Host-session'));
	assert.ok(!shown.body.includes(me.password));
	const r = await b.post(`/login?${q}`, { csrf: shown.page.csrf });
	assert.notEqual(r.status, 303);
	assert.ok(!b.cookies.has('__Host-session'));
	await s.calm();

	const c = await open();
	const form = (await c.account()).form('/account');
	await unchanged(s, async () => {
		const x = await c.post('/account?real_name=FromQuery&routing=discard' +
		    '&confirm_discard=on', { csrf: form.csrf, version: form.version,
			real_name: form.real_name, routing: form.routing,
			forward_to: '', new_password: '', new_password_again: '' });
		assert.ok([303, 422].includes(x.status));
		assert.equal(await row(s, me.address, 'routing'), 'mailbox');
	});
});

test('413: a body that is too large', async () => {
	const b = await open();
	const f = (await b.account()).form('/account');

	await unchanged(s, async () => {
		const r = await b.post('/account',
		    { ...f, real_name: 'x'.repeat(1000000) });
		assert.equal(r.status, 413);
		const l = await new Browser(s).post('/login',
		    `account=${'a'.repeat(1000000)}`);
		assert.equal(l.status, 413);
	});
	assert.equal((await b.get('/account')).status, 200);
});

test('422: real name', async () => {
	const b = await open();

	for (const name of ['René', '山田', '😀', 'a\tb', 'a\rb', 'a\nb', 'a\x7fb',
	    'Smith, Bob "B"', 'a\\b', 'a@b', '<b>x</b>', 'a;b', 'x'.repeat(65),
	    'x'.repeat(255), 'x'.repeat(10000)]) {
		const r = await refused(b, { real_name: name }, 'real_name');
		// HTML cannot carry a CR; anything else is shown again as typed.
		if (!/[\r\n]/.test(name) && name.length < 300)
			assert.equal(r.page.form('/account').real_name, name);
	}
});

test('C99 real name: ASCII punctuation, empty, blanks', async () => {
	const b = await open();
	const at = me.address;

	for (const [typed, kept] of [["O'Neil, Jr.-Smith 3", "O'Neil, Jr.-Smith 3"],
	    ['x'.repeat(64), 'x'.repeat(64)], ['  Taro  ', 'Taro'], ['   ', ''],
	    ['a. b', 'a. b'], ['', '']]) {
		await b.save({ real_name: typed });
		assert.equal(await row(s, at, 'real_name'), kept);
		assert.equal((await b.account()).form('/account').real_name, kept);
	}
});

test('C97 what was typed is shown literally, never as markup', async () => {
	const b = await open();

	for (const name of ['<img src=x onerror=alert(1)>', '" onmouseover="x',
	    "'-alert(1)-'(", '</title><script>alert(1)</script>', '&lt;b&gt;',
	    '<?cs var:Csrf ?>', '</textarea><script>x</script>', '{1}{2}%s%n'])
		for (const field of ['real_name', 'forward_to']) {
			const changes = field === 'real_name' ?
			    { real_name: name } :
			    { routing: 'forward', forward_to: name };
			const r = await refused(b, changes, field);
			assert.equal(r.page.form('/account')[field].trim(), name);
			assert.equal(r.page.root.all('script').length, 0);
			assert.equal(r.page.root.all('img').filter(
			    (n) => n.attr.src === 'x').length, 0);
			assert.ok(![...r.page.root.walk()].some((n) =>
			    Object.keys(n.attr).some((k) => k.startsWith('on'))));
			if (/[<"]/.test(name))
				assert.ok(!r.body.includes(name), `raw: ${name}`);
		}
	const lb = new Browser(s);
	const bad = '"><script>alert(1)</script>';
	const r = await lb.submit('/login', { account: bad, domain: bad,
		password: 'x' });
	assert.equal(r.status, 401);
	assert.equal(r.page.form('/login').account, bad);
	assert.equal(r.page.root.all('script').length, 0);
	for (const path of ['/<script>alert(1)</script>', '/%3Cscript%3Ex',
	    '/login?lang=%22%3E%3Cscript%3E', '/account?saved=%3Cscript%3E']) {
		const x = await b.get(path);
		assert.ok(x.status < 500, path);
		assert.ok(!/<script/i.test(x.body), path);
	}
	await s.calm();
});

test('422: forward targets (C49, C51, six, CR/LF)', async () => {
	const b = await open();
	const missing = 'nobody-here@dentsu.example';
	const six = [1, 2, 3, 4, 5, 6].map((n) => `a${n}@x.example`).join(' ');

	for (const [typed, words] of [
	    ['|/usr/bin/id'], ['"|id"@dentsu.example'], ['|id@outside.example'],
	    ['/var/tmp/x'], ['/file@outside.example'], [':include:/etc/passwd'],
	    ['\\u1'], [`${me.local}, |id`], ['~/x'], ['"a b"@outside.example'],
	    ['bob'], ['root'], ['bob@'], ['@outside.example'], ['@'],
	    ['a@b'], ['a@@outside.example'], ['a@b@outside.example'],
	    ['a@outside..example'], ['a@-outside.example'], ['a@outside.example.'],
	    ['a@[127.0.0.1]'], ['a@127.0.0.1'], ['.a@outside.example'],
	    ['a.@outside.example'], ['a..b@outside.example'],
	    ['a%b@outside.example'], ['a!b@outside.example'],
	    ['<a@outside.example>'], ['Bob <a@outside.example>'],
	    ['a;b@outside.example'], ['山田@outside.example'],
	    ['a@outside.example\0'], ['a\x01b@outside.example'],
	    ['x@discard.invalid'], ['discard@discard.invalid'],
	    [`${'x'.repeat(65)}@outside.example`],
	    [`a@${'x'.repeat(64)}.example`], [missing, /nobody-here/],
	    [six, /5/], ['']]) {
		// Bytes that no form can send are a broken request at the latest.
		if (/[\0\x01]/.test(typed)) {
			const r = await unchanged(s, () => b.submit('/account',
			    { routing: 'forward', forward_to: typed }));
			assert.ok([400, 422].includes(r.status), typed);
			continue;
		}
		await refused(b, { routing: 'forward', forward_to: typed },
		    'forward_to', words);
	}
	// CR/LF separates; it never makes a header.
	for (const typed of ['a@x.example\r\nBcc: victim@y.example',
	    'a@x.example\r\nX-Header: 1', 'a@x.example\rb',
	    'a@x.exa\r\nmple'])
		await refused(b, { routing: 'forward', forward_to: typed },
		    'forward_to');
	assert.equal(await row(s, me.address, 'routing'), 'mailbox');
	assert.deepEqual(await targets(s, me.address), []);
});

test('C47 a semicolon is no separator: refused, or both are stored',
    async () => {
	const a = await newAccount(s);
	const b = await open(a);
	const before = await dump(s);
	const r = await b.submit('/account', { routing: 'forward',
		forward_to: 'b@x.example;c@y.example' });

	if (r.status === 303) {
		assert.deepEqual(await targets(s, a.address),
		    ['b@x.example', 'c@y.example']);
	} else {
		assert.equal(r.status, 422);
		r.page.message('forward_to');
		assert.equal(await dump(s), before);
	}
});

test('422: the same target twice is stored once or refused', async () => {
	const a = await newAccount(s);
	const b = await open(a);
	const r = await b.submit('/account', { routing: 'forward',
		forward_to: 'b@x.example, b@X.EXAMPLE' });

	if (r.status === 303)
		assert.deepEqual(await targets(s, a.address), ['b@x.example']);
	else
		assert.equal(r.page.message('forward_to').length > 5, true);
});

test('C45 422: forward to oneself', async () => {
	const a = await newAccount(s), alias = await newAccount(s);
	const b = await open(a);
	const up = a.local.toUpperCase();

	await (await open(alias)).save({ routing: 'forward',
		forward_to: a.address });
	for (const to of [a.address, `${up}@DENTSU.EXAMPLE`,
	    `${a.local}+x@dentsu.example`, alias.address,
	    `ok@outside.example ${a.address}`, `${alias.local}+y@dentsu.example`])
		for (const keep_copy of [null, 'on'])
			await refused(b, { routing: 'forward', forward_to: to,
				keep_copy }, 'forward_to');
	// And mail to it is neither lost nor looped.
	const tok = await deliver(s, a.address);
	const got = await popMessages(s, a.address, a.password);
	assert.equal(got.filter((m) => m.text.includes(tok)).length, 1);
});

test('422: a longer way back here', async () => {
	const [a, b, c] = [await newAccount(s), await newAccount(s),
		await newAccount(s, { domain: 'kagaku.example' })];

	await (await open(a)).save({ routing: 'forward', forward_to: b.address });
	await (await open(b)).save({ routing: 'forward',
		forward_to: `x@outside.example ${c.address}` });
	const cb = await open(c);
	const r = await refused(cb, { routing: 'forward', forward_to: a.address },
	    'forward_to');
	assert.ok(r.page.message('forward_to').includes(a.local));
	// No longer a loop when the chain is cut.
	await (await open(b)).save({ routing: 'mailbox', forward_to: '' });
	await cb.save({ routing: 'forward', forward_to: a.address });
	// Now a -> b keeps, c -> a; b may not go to c.
	await refused(await open(b), { routing: 'forward', forward_to: c.address },
	    'forward_to');
});

test('422: two that forward to each other at the same moment', async () => {
	const a = await newAccount(s), b = await newAccount(s);
	const [x, y] = [await open(a), await open(b)];
	const [fx, fy] = [(await x.account()).form('/account'),
		(await y.account()).form('/account')];
	const r = await Promise.all([
		x.post('/account', { ...fx, routing: 'forward',
			forward_to: b.address }),
		y.post('/account', { ...fy, routing: 'forward',
			forward_to: a.address })]);

	assert.deepEqual(r.map((z) => z.status).sort(), [303, 422]);
});

test('C61 422: vacation posted by hand', async () => {
	const b = await open();
	const page = await b.account();
	const radio = page.root.find((n) => n.attr.name === 'routing' &&
	    n.attr.value === 'vacation');

	// Shown and disabled, with the reason; where it has no value, by label.
	assert.ok(radio === undefined || 'disabled' in radio.attr);
	assert.ok(page.root.all('input').some((n) =>
	    n.attr.type === 'radio' && 'disabled' in n.attr), 'a disabled radio');
	const before = await row(s, me.address, 'a.*');
	await refused(b, { routing: 'vacation' }, 'routing');
	assert.equal(await row(s, me.address, 'a.*'), before);
	for (const routing of ['', null, 'MAILBOX', 'mailbox ', 'forward\0',
	    'x', '0', 'discard,forward']) {
		const r = await unchanged(s, () => b.submit('/account', { routing }));
		assert.ok([422, 400].includes(r.status),
		    `${JSON.stringify(routing)}: ${r.status}`);
	}
	// The schema has no value for it either.
	await assert.rejects(sql(s.db, `UPDATE account SET routing = 'vacation'`));
});

test('422: a copy without a forward', async () => {
	const a = await newAccount(s);
	const b = await open(a);
	const r = await b.submit('/account', { routing: 'mailbox',
		keep_copy: 'on' });

	if (r.status === 303)
		assert.equal(await row(s, a.address, 'keep_copy'), '0');
	else
		assert.ok(r.page.message('keep_copy').length > 5);
});

test('422: passwords, each with its reason', async () => {
	const a = await newAccount(s, { local: 'tsukamoto',
		realName: 'Jiro Tsukamoto' });
	const b = await open(a);
	const both = (p) => ({ new_password: p, new_password_again: p });
	const good = 'Vq7#mellow-Otter_19';

	const say = (p, words) => refused(b, both(p), 'new_password', words);
	await say('Vq7#mell-Ot', /12/);
	await say('vq7#mellow-otter_19', /A-Z|upper|capital/i);
	await say('VQ7#MELLOW-OTTER_19', /a-z|lower|small/i);
	await say('Vqx#mellow-Otter_xx', /0-9|digit|number/i);
	await say('Vq7xmellowyOtterz19', /symbol/i);
	await say(` ${good}`);
	await say(`${good} `);
	await say(`${good}\t`);
	await say(`${good}é`, /ASCII/i);
	await say(`${good}${'x'.repeat(128)}`, /128/);
	await say('Password1234!');
	await say(a.password);	// the present one
	await refused(b, { new_password: good, new_password_again: '' },
	    'new_password_again');
	await refused(b, { new_password: '', new_password_again: good },
	    'new_password');
	await refused(b, { new_password: good, new_password_again: `${good}x` },
	    'new_password_again');
	assert.ok(await popAccepts(s, a.address, a.password));
});

test('C114 numbers that are none', async () => {
	const b = await open();

	for (const version of ['abc', '1e3', ' 7 ', '9223372036854775808', '-1', '',
	    null, '0x1', '1.0', '7\0']) {
		const r = await unchanged(s, () => b.submit('/account',
		    { version, real_name: 'Bad Version' }));
		assert.ok([400, 409, 422].includes(r.status),
		    `${JSON.stringify(version)}: ${r.status}`);
	}
	for (const q of ['abc', '9223372036854775808', '-1', '', '%00', '1e3'])
		for (const name of ['after', 'before', 'saved']) {
			const r = await b.get(`/account/log?${name}=${q}`);
			assert.ok([200, 400, 404].includes(r.status),
			    `${name}=${q}: ${r.status}`);
		}
	for (const q of ['abc', '1e3', ' 7 ', '9223372036854775808', '0', '-1', '']) {
		const r = await unchanged(s, () => tool(s, ['account', 'set',
			me.address, '--quota-mb', q]));
		assert.ok([1, 2].includes(r.code), `--quota-mb ${q}: ${r.code}`);
	}
});

test('C09 400: NUL and broken percent escapes', async () => {
	const b = new Browser(s);
	const csrf = (await b.get('/login')).page.csrf;
	const rest = `csrf=${encodeURIComponent(csrf)}&domain=${me.domain}` +
	    `&password=${encodeURIComponent(me.password)}`;

	for (const a of [`${me.local}%00x`, `%00${me.local}`, '%', '%4', '%zz',
	    `${me.local}%2`, '%u0041', '%C0%80', '%ff', '%ED%A0%80']) {
		const r = await b.post('/login', `account=${a}&${rest}`);
		assert.ok([400, 401].includes(r.status), `${a}: ${r.status}`);
		assert.ok(!b.cookies.has('__Host-session'), a);
	}
	for (const pw of [`${encodeURIComponent(me.password)}%00tail`,
	    `%00${encodeURIComponent(me.password)}`,
	    `${encodeURIComponent(me.password)}%00`]) {
		const r = await b.post('/login', `csrf=${encodeURIComponent(csrf)}` +
		    `&account=${me.local}&domain=${me.domain}&password=${pw}`);
		assert.ok([400, 401].includes(r.status), `${pw}: ${r.status}`);
		assert.ok(!b.cookies.has('__Host-session'));
	}
	for (const q of ['?account=%00', '?%00=x', '?lang=%00ja', '?%', '?%zz=1',
	    '?lang=%4', '?&&=&=x', '?%u0041']) {
		const r = await b.get(`/login${q}`);
		assert.ok([200, 400].includes(r.status), `${q}: ${r.status}`);
	}
	for (const name of ['%00', 'acc%00ount', '%zz', '%'])
		assert.ok([400, 401].includes((await b.post('/login',
		    `${name}=x&account=a&${rest}`)).status), name);
	for (const path of ['/%00', '/account%00', '/%zz', '/login%', '/%ff',
	    '/%c0%af']) {
		const r = await b.get(path);
		assert.ok([400, 404].includes(r.status), `${path}: ${r.status}`);
	}
	// Empty pairs are no harm.
	const ok = await b.post('/login',
	    `&&=&=x&account=${me.local}&${rest}&&`);
	assert.ok([303, 400].includes(ok.status), ok.status);

	const in_ = await open();
	const f = (await in_.account()).form('/account');
	await unchanged(s, async () => {
		for (const v of ['a%00b', '%zz', '%ff', '%C0%AF'])
			assert.ok([400, 422].includes((await in_.post('/account',
			    `${encode({ ...f, real_name: null })}&real_name=${v}`))
			    .status), v);
		// Right after a wrong media type or a lying length.
		const wrong = await in_.post('/account', encode(f),
		    { headers: { 'Content-Type': 'application/json' } });
		assert.ok([400, 403, 415].includes(wrong.status), wrong.status);
	});
	await s.calm();
});

test('C11 very long input', async () => {
	const b = new Browser(s);
	const csrf = (await b.get('/login')).page.csrf;
	const slow = [];
	const post = async (body) => {
		const r = await b.post('/login', body);
		slow.push(r.ms);
		return r.status;
	};
	const tail = `&domain=${me.domain}&password=x&csrf=` +
	    encodeURIComponent(csrf);

	assert.equal(await post(`account=${'a'.repeat(1 << 20)}${tail}`), 413);
	assert.equal(await post(`account=${'a'.repeat(30000)}${tail}`), 401);
	assert.ok([400, 401].includes(
	    await post(`account=a${tail}&password=${'a'.repeat(600)}`)));
	assert.equal(await post(`account=${me.local}&domain=${me.domain}` +
	    `&password=${'a'.repeat(50000)}&csrf=${encodeURIComponent(csrf)}`), 401);
	const many = Array.from({ length: 10000 }, (_, i) => `f${i}=1`).join('&');
	assert.ok([400, 413].includes(await post(many)));
	const cookie = await b.get('/login',
	    { headers: { Cookie: `x=${'c'.repeat(16384)}` } });
	assert.ok([400, 431, 200].includes(cookie.status), cookie.status);
	assert.ok([414, 400, 404].includes((await b.get(
	    `/${'p'.repeat(20000)}`)).status));
	assert.ok([414, 400, 404].includes((await b.get(
	    `/${'p'.repeat(6000)}`)).status));
	assert.ok(slow.every((ms) => ms < 2000), `slow: ${slow}`);
	// Memory stays flat: no worker has grown over 24 MB.
	for (const pid of s.workers()) {
		const rss = Number(/VmRSS:\s+(\d+)/.exec(
		    fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
		assert.ok(rss < 24 * 1024, `worker ${pid}: ${rss} kB`);
	}
	await s.calm();
});

test('C11 at the limit works end to end, one over is refused', async () => {
	const label = 'd'.repeat(63);
	// 64 + 1 + 189 = 254
	const long = `${label}.${label}.${'e'.repeat(53)}.example`;

	assert.equal(long.length, 189);
	await mustTool(s, ['domain', 'add', long, '--pop-host', 'post-9']);
	const a = await newAccount(s, { local: 'l'.repeat(64), domain: long });
	assert.equal(a.address.length, 254);
	await open(a);
	const tok = await deliver(s, a.address);
	const got = await popMessages(s, a.address, a.password);
	assert.equal(got.filter((m) => m.text.includes(tok)).length, 1);

	await unchanged(s, async () => {
		for (const bad of [`${'l'.repeat(65)}@dentsu.example`,
		    `${'l'.repeat(64)}x@${long}`]) {
			const r = await tool(s, ['account', 'add', bad, '--stdin'],
			    { input: `${goodPassword()}\n` });
			assert.ok([1, 2].includes(r.code), `${bad}: ${r.code}`);
			assert.ok(r.stderr.length > 5);
		}
		const d = await tool(s, ['domain', 'add', `${label}d.example`]);
		assert.ok([1, 2].includes(d.code));
	});
	const longer = `${label}.${label}.${'e'.repeat(54)}.example`;
	await mustTool(s, ['domain', 'add', longer]);
	const r = await tool(s, ['account', 'add', `${'l'.repeat(64)}@${longer}`,
		'--stdin'], { input: `${goodPassword()}\n` });
	assert.ok([1, 2].includes(r.code), '255 bytes');
	// The web answers such a name as any unknown one.
	const b = new Browser(s);
	for (const account of ['l'.repeat(65), `${'l'.repeat(64)}@${longer}`])
		assert.equal((await b.submit('/login', { account,
			domain: 'dentsu.example', password: 'x' })).status, 401);
	await s.calm();
});

test('429: too many tries, before any hash', async () => {
	const a = await newAccount(s);
	const b = new Browser(s, { from: '127.0.0.6' });
	let r;

	for (let i = 0; i < 12; i++) {
		r = await b.tryLogin(a.address, `Wrong-${i}-password`);
		if (r.status !== 401)
			break;
	}
	assert.equal(r.status, 429);
	assert.match(r.headers['retry-after'], /^[1-9]\d*$/);
	assert.ok(r.page.form('/login'), 'with the form');
	// The right password is not even looked at from there.
	const right = await b.tryLogin(a.address, a.password);
	assert.equal(right.status, 429);
	await open(a, { from: '127.0.0.7' });	// the owner, elsewhere
	await s.calm();
	await open(a, { from: '127.0.0.6' });
});

test('C106 503: another process holds the database', async () => {
	const a = await newAccount(s);
	const b = await open(a);
	const chosen = goodPassword();

	// A short time: waited for.
	for (const how of ['IMMEDIATE', 'EXCLUSIVE']) {
		const lock = await hold(s.db, how);
		const save = b.submit('/account', { real_name: `After ${how}` });
		// Reading and logging in (a read) go on meanwhile.
		const r = await b.get('/account');
		assert.equal(r.status, 200);
		assert.ok(r.ms < 1000, `page under ${how}: ${r.ms} ms`);
		const login = await new Browser(s).tryLogin(a.address, a.password);
		assert.equal(login.status, 303, `log-in under ${how}`);
		assert.ok(login.ms < 2000, `log-in under ${how}: ${login.ms} ms`);
		await new Promise((done) => setTimeout(done, 3000 - r.ms));
		await lock.release();
		assert.equal((await save).status, 303, `save after ${how}`);
		assert.equal(await row(s, a.address, 'real_name'), `After ${how}`);
	}
	// A long time: told, nothing stored, and the next one is fine.
	const lock = await hold(s.db);
	try {
		const before = await dump(s);
		const r = await b.submit('/account', { new_password: chosen,
			new_password_again: chosen, real_name: 'Never' });
		assert.equal(r.status, 503);
		assert.ok(r.ms < 30000, `${r.ms} ms`);
		assert.match(r.headers['retry-after'], /^[1-9]\d*$/);
		assert.ok(r.page.words.length > 20);
		assert.equal(await dump(s), before);
	} finally {
		await lock.release();
	}
	assert.equal((await b.get('/account')).status, 200, 'still logged in');
	await b.save({ new_password: chosen, new_password_again: chosen });
	assert.ok(await popAccepts(s, a.address, chosen));
});

test('healthz: ok', async () => {
	const r = await new Browser(s).get('/healthz');

	// Loopback only: whatever else, it never shows more than this.
	assert.equal(r.status, 200);
	assert.equal(r.body.trim(), 'ok');
});

test('plain http on the TLS port goes to https', async () => {
	const url = new URL(s.url);
	const r = await new Promise((done, fail) => http.get({ host: '127.0.0.1',
		port: url.port, path: '/login', agent: false,
		headers: { Host: url.host } }, (res) => {
		res.resume();
		done(res);
	}).on('error', fail));

	assert.ok([301, 308].includes(r.statusCode));
	assert.equal(r.headers.location, `${url.origin}/login`);
	assert.equal(r.headers['set-cookie'], undefined);
});

// Raw bytes to nginx; gives everything that comes back.
function raw(text) {
	return new Promise((done) => {
		let got = '';
		const c = tls.connect({ host: '127.0.0.1',
			port: new URL(s.url).port, servername: 'localhost', ca: s.ca },
		    () => c.end(text));
		c.setEncoding('latin1').on('data', (d) => got += d);
		c.setTimeout(8000, () => c.destroy());
		c.on('error', () => {});
		c.on('close', () => done(got));
	});
}

test('strange requests end in an answer, not in a dead worker', async () => {
	const workers = s.workers().sort().join();
	const host = `Host: ${new URL(s.url).host}\r\n`;

	for (const text of [
	    `GET /login HTTP/1.1\r\n${host}Host: evil\r\nConnection: close\r\n\r\n`,
	    `GET  /login HTTP/9.9\r\n${host}\r\n`,
	    `POST /login HTTP/1.1\r\n${host}Content-Length: -1\r\n\r\n`,
	    `POST /login HTTP/1.1\r\n${host}Content-Length: 5\r\n` +
	    'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
	    `POST /login HTTP/1.1\r\n${host}Connection: close\r\n` +
	    'Content-Type: multipart/form-data; boundary=\r\n' +
	    'Content-Length: 4\r\n\r\nabcd',
	    `POST /login HTTP/1.1\r\n${host}Connection: close\r\n\r\n`,
	    `GET /login HTTP/1.0\r\n\r\n`,
	    '\r\n\r\n\0\0\0',
	    `GET /login HTTP/1.1\r\n${host}X: ${'\x80\xff'.repeat(9)}\r\n` +
	    'Connection: close\r\n\r\n']) {
		const got = await raw(text);
		assert.ok(!/^HTTP\/1\.[01] 5\d\d/.test(got) ||
		    /^HTTP\/1\.[01] 505/.test(got), got.slice(0, 60));
	}
	assert.equal((await new Browser(s).get('/login')).status, 200);
	assert.equal(s.workers().sort().join(), workers, 'a worker has died');
});

test('the headers that every answer has', async () => {
	const b = await open();

	for (const path of ['/login', '/account', '/account/settings',
	    '/account/log', '/nothing', '/', '/style.css']) {
		const h = (await b.get(path)).headers;
		const csp = h['content-security-policy'] ?? '';
		assert.match(csp, /default-src 'none'/, path);
		assert.match(csp, /frame-ancestors 'none'/, path);
		assert.match(csp, /base-uri 'none'/, path);
		assert.match(csp, /form-action 'self'/, path);
		assert.ok(!/unsafe/.test(csp), path);
		assert.match(h['strict-transport-security'] ?? '', /max-age=\d{7,}/,
		    path);
		assert.equal(h['x-content-type-options'], 'nosniff', path);
		assert.equal(h['referrer-policy'], 'no-referrer', path);
		if (path !== '/style.css')
			assert.match(h['cache-control'] ?? '', /no-store/, path);
		assert.ok(!/\d/.test(h.server ?? ''), `${path}: ${h.server}`);
	}
});

test('nothing on the socket for others than nginx', () => {
	for (const name of ['pages.sock', 'login.sock']) {
		const st = fs.statSync(`${s.dir}/run/${name}`);
		assert.equal(st.mode & 0o777, 0o660, name);
	}
	const st = fs.statSync(s.db);
	assert.equal(st.mode & 0o007, 0, 'users.db is readable by others');
});

test('422: an address typed beside "keep here" is not dropped in silence',
    async () => {
	const a = await newAccount(s);
	const b = await open(a);
	const r = await b.submit('/account', { forward_to: 'me@outside.example' });

	assert.equal(r.status, 422);
	assert.match(r.page.message('forward_to'), /did not choose/);
	assert.equal(r.page.form('/account').forward_to, 'me@outside.example');
	assert.deepEqual(await targets(s, a.address), []);
	// The one that is stored means nothing when another routing is chosen.
	await b.save({ routing: 'forward', forward_to: 'me@outside.example' });
	await b.save({ routing: 'mailbox' });
	assert.deepEqual(await targets(s, a.address), []);
});

test('422: the page says that the new password was cleared', async () => {
	const a = await newAccount(s);
	const b = await open(a);
	const p = goodPassword();
	const r = await b.submit('/account', { real_name: '花子',
		new_password: p, new_password_again: p });

	assert.equal(r.status, 422);
	assert.match(r.page.words, /was cleared, for safety/);
	assert.deepEqual(r.page.invalid, ['real_name']);
	assert.doesNotMatch((await b.submit('/account', { real_name: '花子' }))
	    .page.words, /was cleared/);
});

test('what was saved is what the page says', async () => {
	const a = await newAccount(s);
	const b = await open(a);
	const notice = async (changes) => (await b.get(
	    (await b.save(changes)).location)).page.words;

	assert.match(await notice({}), /Nothing was changed/);
	const named = await notice({ real_name: 'Said' });
	assert.match(named, /changes are saved/);
	assert.doesNotMatch(named, /next message/);
	assert.match(await notice({ routing: 'forward',
		forward_to: 'said@outside.example' }), /next message/);
});

test('C49 full-width characters and Japanese commas', async () => {
	const a = await newAccount(s);
	const b = await open(a);
	const r = await b.submit('/account', { routing: 'forward',
		forward_to: 'taro＠outside.example' });

	assert.equal(r.status, 422);
	assert.match(r.page.message('forward_to'), /full-width/);
	await b.save({ routing: 'forward',
		forward_to: 'a@outside.example、b@outside.example　c@outside.example' });
	assert.equal((await targets(s, a.address)).length, 3);
});
