// Who gets in, with which password, for how long.

import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startStack } from './lib/stack.mjs';
import { Browser, encode } from './lib/http.mjs';
import { Pop3, popAccepts, popMessages } from './lib/pop3.mjs';
import { deliver } from './lib/mail.mjs';
import { newAccount, goodPassword, mustTool, setPassword, tool }
	from './lib/tool.mjs';
import { row, sql, unchanged } from './lib/db.mjs';

let s;
before(async () => { s = await startStack('login'); });
after(async () => { await s?.stop(); });

const open = async (a, opt) =>
    new Browser(s, opt).login(a.address, a.password);
const now = () => Math.floor(Date.now() / 1000);
const both = (p) => ({ new_password: p, new_password_again: p });

// Tries the three fields as they are; the status, and the browser in `b`.
const tryFields = (b, fields) => b.submit('/login', fields);

test('C01 letter case at log-in', async () => {
	const a = await newAccount(s, { local: 'casey' });
	const accounts = await sql(s.db, 'SELECT count(*) FROM account');
	const tok = await deliver(s, 'CASEY@Dentsu.EXAMPLE');
	const b = new Browser(s);

	assert.equal((await tryFields(b, { account: 'Casey',
		domain: 'DENTSU.Example', password: a.password })).status, 303);
	assert.ok((await b.account()).words.includes('casey@dentsu.example'));
	const lower = await popMessages(s, a.address, a.password);
	const upper = await popMessages(s, 'Casey@Dentsu.EXAMPLE', a.password);
	assert.ok(lower[0].text.includes(tok));
	assert.deepEqual(upper.map((m) => m.uid), lower.map((m) => m.uid));
	assert.deepEqual(await sql(s.db, 'SELECT count(*) FROM account'), accounts);
});

test('a full address in the account field works', async () => {
	const a = await newAccount(s);

	for (const domain of ['', 'dentsu.example', 'kagaku.example'])
		assert.equal((await tryFields(new Browser(s), { account: a.address,
			domain, password: a.password })).status, 303, domain);
});

test('C03 blanks around account and domain', async () => {
	const a = await newAccount(s);

	for (const [l, r] of [[' ', ' '], ['\t', '\t'], ['', '\r\n'],
	    ['', '\n']])
		assert.equal((await tryFields(new Browser(s), {
			account: `${l}${a.local}${r}`, domain: `${a.domain}${r}`,
			password: a.password })).status, 303,
		    JSON.stringify([l, r]));
	for (const password of [`${a.password} `, ` ${a.password}`,
	    `${a.password}\r\n`, `${a.password}\t`])
		assert.equal((await tryFields(new Browser(s), { account: a.local,
			domain: a.domain, password })).status, 401);
	assert.equal((await tryFields(new Browser(s), {
		account: `${a.local[0]} ${a.local.slice(1)}`, domain: a.domain,
		password: a.password })).status, 401);
	await s.calm();
});

test('C05 plus sign in the log-in box', async () => {
	const a = await newAccount(s);
	const b = new Browser(s);
	const rest = () => encode({ domain: a.domain, password: a.password });

	for (const typed of [`${a.local}%2Btag`, `${a.local}+tag`]) {
		const { csrf } = (await b.get('/login')).page;
		const r = await b.post('/login', `account=${typed}&${rest()}&` +
		    encode({ csrf }));
		assert.equal(r.status, 401, typed);
		assert.ok(!b.cookies.has('__Host-session'));
	}
	await unchanged(s, async () => {
		const r = await tool(s, ['account', 'add', 'u3+x@dentsu.example',
			'--stdin'], { input: `${goodPassword()}\n` });
		assert.equal(r.code, 1);
		assert.ok(r.stderr.length > 10);
	});
	await s.calm();
});

test('C07 local part 0 and number-like names', async () => {
	const list = [];

	for (const local of ['0', '007', '7', 'null', '1e5', 'true'])
		list.push(await newAccount(s, { local }));
	for (const a of list) {
		const b = await open(a);
		assert.ok((await b.account()).words.includes(a.address));
		assert.ok(await popAccepts(s, a.address, a.password), a.address);
	}
	const tok = await deliver(s, '007@dentsu.example');
	const has = async (a) => (await popMessages(s, a.address, a.password))
	    .some((m) => m.text.includes(tok));
	assert.equal(await has(list[1]), true);
	assert.equal(await has(list[2]), false);
});

test('C13 empty local part, bare @domain', async () => {
	for (const f of [{ account: '', domain: '', password: '' },
	    { account: '', domain: 'dentsu.example', password: 'x' },
	    { account: '@dentsu.example', domain: '', password: 'x' },
	    { account: '@', domain: '@', password: '' },
	    { account: 'hanako', domain: '', password: s.password('HANAKO') },
	    { account: 'hanako@', domain: 'dentsu.example', password: 'x' },
	    { account: 'hanako', domain: 'dentsu.example', password: '' }]) {
		const r = await tryFields(new Browser(s), f);
		assert.ok([401, 422].includes(r.status), JSON.stringify(f));
		await s.calm();
	}
	await unchanged(s, async () => {
		for (const a of ['@dentsu.example', '', '@', 'x@', '.@dentsu.example',
		    ' @dentsu.example'])
			assert.ok([1, 2].includes((await tool(s, ['account', 'add', a,
				'--stdin'], { input: `${goodPassword()}\n` })).code), a);
	});
	await s.calm();
});

test('C15 special characters survive: set on the web, web log-in, POP3s',
    async () => {
	const a = await newAccount(s, { local: 'specials' });
	const b = await open(a);

	for (const p of ['A1b"c\'d\\e<f>&g', 'Aa1; DROP TABLE x--',
	    'Aa1$(id)`id`!z', 'Aa1 blank inside 9#', 'Aa1{b}[c](d):e',
	    '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~aA1', 'Qx9%41+%2B&amp;zk=w']) {
		const r = await b.submit('/account', both(p));
		assert.equal(r.status, 303, `${p}: ${r.status === 303 ? '' :
		    r.page.message('new_password')}`);
		assert.equal((await new Browser(s).tryLogin(a.address, p)).status,
		    303, `web: ${p}`);
		assert.ok(await popAccepts(s, a.address, p), `POP3s: ${p}`);
		const escaped = p.replace(/&/g, '&amp;').replace(/</g, '&lt;')
		    .replace(/"/g, '&quot;');
		if (escaped !== p)
			assert.equal((await new Browser(s).tryLogin(a.address,
			    escaped)).status, 401, escaped);
	}
	await s.calm();
});

test('C17 a password that is not ASCII is refused with the reason', async () => {
	const a = await newAccount(s);
	const b = await open(a);

	for (const p of ['Pässwort#2024xY'.normalize('NFC'),
	    'Pässwort#2024xY'.normalize('NFD'), 'パスワード#Aa1234',
	    'Ａａ１！Ａａ１！Ａａ１！xA1#']) {
		const r = await unchanged(s, () => b.submit('/account', both(p)));
		assert.equal(r.status, 422);
		assert.match(r.page.message('new_password'), /ASCII/);
		// Nor does one log in, or break anything, with it.
		assert.equal((await new Browser(s).tryLogin(a.address, p)).status,
		    401);
	}
	await s.calm();
	const ja = await open(a, { lang: 'ja' });
	const r = await ja.submit('/account', both('パスワード#Aa1234'));
	assert.match(r.page.message('new_password'), /ASCII|半角/);
});

test('C19 no silent cut', async () => {
	const a = await newAccount(s);
	const b = await open(a);
	const p = `Q7#${goodPassword()}${goodPassword()}${goodPassword()}` +
	    `${goodPassword()}`;
	const eighty = p.slice(0, 80), most = p.padEnd(128, 'kW3!t').slice(0, 128);

	for (const page of [await b.account(), (await new Browser(s)
	    .get('/login')).page])
		for (const n of page.root.all('input'))
			if (n.attr.type === 'password' && 'maxlength' in n.attr)
				assert.ok(Number(n.attr.maxlength) >= 128, n.attr.name);
	for (const full of [eighty, most]) {
		await b.save(both(full));
		assert.equal((await new Browser(s).tryLogin(a.address, full)).status,
		    303);
		assert.ok(await popAccepts(s, a.address, full), 'POP3s');
		for (const n of [8, 32, 60, 64, 72, full.length - 1]) {
			assert.equal((await new Browser(s).tryLogin(a.address,
			    full.slice(0, n))).status, 401, `first ${n}`);
			await s.calm();
		}
	}
	const over = await unchanged(s, () =>
	    b.submit('/account', both(`${most}x`)));
	assert.equal(over.status, 422);
	assert.match(over.page.message('new_password'), /128/);
});

test('C21 weak passwords that satisfy the classes', async () => {
	const a = await newAccount(s, { local: 'weakling',
		realName: 'Hanaoka Seishu' });
	const b = await open(a);
	const seen = new Set();

	for (const p of ['Password1234!', 'Passw0rd2024!', 'Qwertyuiop1!',
	    'Aa1!Aa1!Aa1!', 'Weakling@dentsu.example1', 'Dentsu.Example1!',
	    'Hanaoka Seishu1!aA', 'Hanaoka1!aAa', 'Weakling1!aA',
	    'Vq7#mellow-', 'vq7#mellow-otter_19', 'VQ7#MELLOW-OTTER_19',
	    'Vqx#mellow-Otter_xx', 'Vq7xmellowyOtterz19']) {
		const r = await unchanged(s, () => b.submit('/account', both(p)));
		assert.equal(r.status, 422, p);
		const told = r.page.message('new_password');
		assert.ok(told.length > 10, p);
		seen.add(told);
	}
	assert.ok(seen.size >= 8, `only ${seen.size} different messages`);
	const say = async (p) => (await b.submit('/account', both(p))).page
	    .message('new_password');
	assert.match(await say('Qwertyuiop1!'), /keyboard/i);
	assert.match(await say('Aa1!Aa1!Aa1!'), /repeat/i);
	assert.match(await say('Weakling1!aA'), /your (own )?(account|name)|weakling/i);
	assert.match(await say('Passw0rd2024!'), /password/i);
	// The rule stands on the page before anyone types, tied to the field.
	const page = await b.account();
	const field = page.control('new_password');
	const hint = (field.attr['aria-describedby'] ?? '').split(' ')
	    .map((id) => page.byId(id)?.words ?? '').join(' ');
	assert.match(hint, /12/);
});

test('C21 the same function decides on the command line', async () => {
	const a = await newAccount(s, { local: 'tooluser' });

	await unchanged(s, async () => {
		for (const p of ['Password1234!', 'Tooluser1!aAa', 'short', '',
		    'Pässwort#2024xY', `${'x'.repeat(126)}A1#`]) {
			const r = await tool(s, ['account', 'passwd', a.address,
				'--stdin'], { input: `${p}\n` });
			assert.equal(r.code, 1, p);
			assert.ok(r.stderr.length > 10, p);
			if (p.length > 5)
				assert.ok(!r.stderr.includes(p), 'password echoed');
		}
	});
});

test('C23 after a reset by the operator the old session is dead', async () => {
	const a = await newAccount(s);
	const b = await open(a);
	const form = (await b.account()).form('/account');

	await mustTool(s, ['account', 'passwd', a.address, '--initial',
		'--stdin'], { input: `${goodPassword()}\n` });
	const hash = await row(s, a.address, 'password_hash');
	const fresh = goodPassword();
	const r = await b.post('/account', { ...form, ...both(fresh),
		current_password: a.password });
	assert.ok([303, 403].includes(r.status), r.status);
	if (r.status === 303)
		assert.match(r.location, /^\/login/);
	assert.equal(await row(s, a.address, 'password_hash'), hash);
	const g = await new Browser(s).get('/account');
	assert.equal(g.status, 303);
});

test('C25 saving other fields leaves the password alone', async () => {
	const a = await newAccount(s);
	const b = await open(a);
	const hash = await row(s, a.address, 'password_hash');

	await b.save({ real_name: 'Blank Password' });
	await b.save({ new_password: null, new_password_again: null,
		real_name: 'No Password' });
	assert.equal(await row(s, a.address, 'password_hash'), hash);
	await open(a);
});

test('C29 session fixation', async () => {
	const a = await newAccount(s);
	const b = new Browser(s);

	await b.get('/login');
	const before = new Map(b.cookies);
	const invented = 'A'.repeat(43);
	b.cookies.set('__Host-session', invented);
	assert.equal((await b.tryLogin(a.address, a.password)).status, 303);
	const mine = b.cookies.get('__Host-session');
	assert.notEqual(mine, invented);
	assert.ok(![...before.values()].includes(mine));
	for (const [name, value] of [['__Host-session', invented],
	    ...before, ['__Host-session', before.get('__Host-form')]]) {
		const x = new Browser(s);
		x.cookies.set(name, value);
		assert.equal((await x.get('/account')).status, 303, name);
	}
	// A second log-in gives another one again and ends the first.
	const c = new Browser(s);
	c.cookies = new Map(b.cookies);
	await c.get('/account');
	const d = await open(a);
	assert.notEqual(d.cookies.get('__Host-session'), mine);
	// Only its hash is stored.
	const dump = (await sql(s.webDb,
	    'SELECT hex(token_hash) FROM session')).join('\n');
	assert.ok(!dump.includes(Buffer.from(mine).toString('hex').toUpperCase()));
	assert.ok(!dump.includes(Buffer.from(mine, 'base64url').toString('hex')
	    .toUpperCase()));
});

test('C31 disabled or deleted while logged in', async () => {
	await mustTool(s, ['domain', 'add', 'short.example']);
	const a = await newAccount(s, { domain: 'short.example' });
	const b = await open(a);
	const form = (await b.account()).form('/account');
	const change = { ...form, routing: 'forward',
		forward_to: 'late@outside.example' };
	const ended = async () => {
		const r = await unchanged(s, () => b.post('/account', change));
		assert.ok([303, 403].includes(r.status));
		const g = await b.get('/account');
		assert.equal(g.status, 303);
		assert.match(g.location, /^\/login/);
		assert.equal((await new Browser(s).tryLogin(a.address,
		    a.password)).status, 401);
		assert.equal(await popAccepts(s, a.address, a.password), false);
	};

	await sql(s.db, `UPDATE domain SET enabled = 0
	    WHERE name = 'short.example'`);
	await ended();
	await sql(s.db, `UPDATE domain SET enabled = 1
	    WHERE name = 'short.example'`);
	const c = await open(a);
	b.cookies = c.cookies;
	await sql(s.db, `DELETE FROM address WHERE local_part = '${a.local}' AND
	    domain_id = (SELECT id FROM domain WHERE name = 'short.example')`);
	await ended();
	assert.deepEqual(await sql(s.db, `SELECT count(*) FROM address
	    WHERE local_part = '${a.local}'`), ['0']);
	await s.calm();
});

// Every attribute of a Set-Cookie line, lower-case.
const attributes = (line) => line.split(/;\s*/).slice(1)
    .map((x) => x.toLowerCase());

test('C35 cookie attributes', async () => {
	const a = await newAccount(s);
	const b = new Browser(s);
	const all = [];
	const see = async (r) => {
		all.push(...(await r).setCookie);
		return r;
	};

	await see(b.get('/login?lang=en'));
	await see(b.tryLogin(a.address, 'Wrong-Password-1'));
	await see(b.tryLogin(a.address, a.password));
	const one = b.cookies.get('__Host-session');
	await see(b.get('/nothing'));
	await see(b.submit('/account', {}));
	const out = (await b.account()).form('/logout');
	await see(b.post('/logout', out));
	assert.ok(all.length >= 3, all.join('\n'));
	for (const line of all) {
		const at = attributes(line);
		assert.match(line, /^__Host-[a-z]+=/, line);
		for (const need of ['secure', 'httponly', 'path=/'])
			assert.ok(at.includes(need), `${need}: ${line}`);
		assert.ok(at.some((x) => /^samesite=(lax|strict)$/.test(x)), line);
		assert.ok(!at.some((x) => x.startsWith('domain')), line);
	}
	// At least 128 random bits, another value each time.
	assert.ok(one.length >= 43, one.length);
	const again = await open(a);
	assert.notEqual(again.cookies.get('__Host-session'), one);
	// The session cookie ends with the browser.
	const set = all.find((l) => l.startsWith('__Host-session=') &&
	    l.includes(one));
	assert.ok(!/max-age|expires/i.test(set), set);
	await s.calm();
});

test('C37 no open redirect', async () => {
	const a = await newAccount(s);
	const evil = ['//evil.example', 'https://evil.example', '/\\evil.example',
		'//good:%20@evil.example', '////evil.example',
		'javascript:alert(1)', '%2f%2fevil.example', '/\t/evil.example'];
	const local = (l) => {
		assert.match(l ?? '/', /^\/(?![\/\\])[!-~]*$/, l);
		assert.ok(!l?.includes('\\') && !l?.includes('evil'), l);
	};

	for (const e of evil)
		for (const name of ['next', 'url', 'return', 'redirect', 'to']) {
			const b = new Browser(s);
			const q = `?${name}=${encodeURIComponent(e)}`;
			for (const p of ['/', '/account'])
				local((await b.get(p + q)).location);
			if (name !== 'next')
				continue;
			const { csrf } = (await b.get(`/login${q}`)).page;
			const r = await b.post(`/login${q}`, { csrf, account: a.local,
				domain: a.domain, password: a.password, next: e });
			assert.equal(r.status, 303);
			local(r.location);
		}
	for (const p of ['//evil.example', '//evil.example/account', '/\\evil',
	    '///login', '//evil.example/%2e%2e']) {
		const r = await new Browser(s).get(p);
		if (r.location !== undefined)
			local(r.location.replace(new URL(s.url).origin, '') || '/');
	}
	// Neither does a foreign Host header show up in one.
	const b = new Browser(s);
	for (const p of ['/', '/account', '/login']) {
		const r = await b.get(p, { headers: { Host: 'evil.example' } });
		assert.ok(!(r.location ?? '').includes('evil'), r.location);
		assert.ok(!r.body.includes('evil.example'), p);
	}
});

test('C39 log out; nothing is kept by the browser', async () => {
	const a = await newAccount(s);
	const b = await open(a);

	for (const p of ['/login', '/account', '/account/settings', '/account/log'])
		assert.match((await b.get(p)).headers['cache-control'] ?? '',
		    /no-store/, p);
	const page = await b.account();
	for (const n of page.root.all('input'))
		if (n.attr.type === 'password')
			assert.equal(n.attr.value ?? '', '', n.attr.name);
	const kept = new Map(b.cookies);
	const r = await b.post('/logout', page.form('/logout'));
	assert.equal(r.status, 303);
	assert.equal(r.location, '/login?out=1');
	assert.ok(!b.cookies.has('__Host-session'), 'cookie is taken back');
	const said = await b.get('/login?out=1');
	assert.match(said.page.words, /logged out|signed out/i);
	// The old cookie is worth nothing, and neither is its form.
	b.cookies = kept;
	const g = await b.get('/account');
	assert.equal(g.status, 303);
	assert.equal(g.location, '/login?over=1');
	const p = await unchanged(s, () => b.post('/account',
	    { ...page.form('/account'), real_name: 'After Logout' }));
	assert.ok([303, 403].includes(p.status));
});

test('C41 an attacker does not lock the owner out', async () => {
	const a = await newAccount(s);
	const bad = new Browser(s, { from: '127.0.0.2' });
	const { csrf } = (await bad.get('/login')).page;
	const seen = {};

	for (let i = 0; i < 200; i++) {
		const r = await bad.post('/login', { csrf, account: a.local,
			domain: a.domain, password: `Guess-${i}-x` });
		seen[r.status] = (seen[r.status] ?? 0) + 1;
	}
	assert.ok(seen[429] > 150, JSON.stringify(seen));
	assert.equal((seen[429] ?? 0) + (seen[401] ?? 0), 200);
	// The owner from elsewhere; another account from the same place waits
	// no longer than its network's own limit, or not at all.
	await open(a, { from: '127.0.0.3' });
	assert.ok(await popAccepts(s, a.address, a.password));
	// What is said is the same for an account that does not exist.
	const other = new Browser(s, { from: '127.0.0.4' });
	let r, n = 0;
	do {
		r = await other.tryLogin('nobody-at-all@dentsu.example', `x${n}`);
	} while (r.status === 401 && ++n < 60);
	assert.equal(r.status, 429, 'unknown accounts are throttled as well');
	await s.calm();
});

test('429: others log in undisturbed meanwhile', async () => {
	const a = await newAccount(s), b = await newAccount(s);
	const bad = new Browser(s, { from: '127.0.0.2' });
	let r;

	for (let i = 0; i < 8; i++)
		r = await bad.tryLogin(a.address, `Guess-${i}-x`);
	assert.equal(r.status, 429);
	const wait = Number(r.headers['retry-after']);
	assert.ok(wait >= 1 && wait <= 900, wait);
	assert.match(r.page.words, /wait \d+ ?(s|min)/i);
	for (const from of ['127.0.0.1', '127.0.0.2', '127.0.0.5'])
		await open(b, { from });
	await s.calm();
});

// What differs between two answers for reasons of its own.
const neutral = (body, name) => body
    .replace(/(name="csrf"[^>]*value=")[^"]*/g, '$1')
    .replace(/(value="[^"]*"[^>]*name="csrf")/g, 'csrf')
    .replaceAll(`value="${name}"`, 'value="NAME"');

test('C43 nobody learns which accounts exist', async () => {
	await mustTool(s, ['domain', 'add', 'closed.example']);
	const mk = (local, domain) => newAccount(s, { local, domain });
	const known = await mk('known-one', 'dentsu.example');
	const closed = await mk('known-two', 'closed.example');
	const broken = await mk('known-six', 'dentsu.example');
	const fresh = await newAccount(s, { local: 'known-new', initial: true });
	const discard = await mk('known-off', 'dentsu.example');

	await (await open(discard)).save({ routing: 'discard',
		confirm_discard: 'on' });
	await sql(s.db, `UPDATE domain SET enabled = 0
	    WHERE name = 'closed.example'`);
	await sql(s.db, `UPDATE account SET password_hash = 'xxxxxxxxxxxxxxxx'
	    WHERE id = (SELECT id FROM address WHERE local_part = 'known-six')`);
	const kinds = [known.address, 'nobody-10@dentsu.example',
		'nobody-10@unknown.example', closed.address, broken.address,
		fresh.address, discard.address];
	const told = new Map();

	for (let round = 0; round < 3; round++)
		for (const who of kinds) {
			const [account, domain] = who.split('@');
			const b = new Browser(s);
			const r = await b.submit('/login', { account, domain,
				password: 'Not-It-1-at-all' });
			assert.equal(r.status, 401, who);
			told.set(who, neutral(neutral(r.body, account), domain));
			if (round === 2)
				assert.deepEqual(Object.keys(r.headers)
				    .filter((k) => k !== 'date').sort().join(),
				    told.headers ??= Object.keys(r.headers)
				    .filter((k) => k !== 'date').sort().join());
			await s.calm();
		}
	for (const who of kinds)
		assert.equal(told.get(who), told.get(known.address), who);
	// POP3s too says the same.
	const lines = await Promise.all([known.address,
		'nobody-10@dentsu.example'].map(async (who) => {
		const c = await Pop3.open(s);
		await c.cmd(`USER ${who}`);
		const l = await c.cmd('PASS not-it');
		c.sock.destroy();
		return l;
	}));
	assert.equal(lines[0], lines[1]);
});

test('C128 many cookies, two of ours, none at all', async () => {
	const a = await newAccount(s);
	const b = await open(a);
	const good = b.cookies.get('__Host-session');
	const get = (cookie, path = '/account') => new Browser(s).get(path,
	    { headers: { Cookie: cookie } });

	const junk = Array.from({ length: 30 }, (_, i) =>
	    `c${i}=${'v'.repeat(1000)}`).join('; ');
	assert.ok([400, 431].includes((await get(junk)).status), '30 KB');
	const some = Array.from({ length: 6 }, (_, i) =>
	    `c${i}=${'v'.repeat(1000)}`).join('; ');
	assert.equal((await get(`${some}; __Host-session=${good}`)).status, 200);
	for (const bad of ['', 'x', 'A'.repeat(43), '"', 'A'.repeat(5000)]) {
		assert.equal((await get(`__Host-session=${bad}; ` +
		    `__Host-session=${good}`)).status, 200, `bad first: ${bad}`);
		assert.equal((await get(`__Host-session=${good}; ` +
		    `__Host-session=${bad}`)).status, 200, `good first: ${bad}`);
	}
	for (const odd of ['', ';;;', '=', '__Host-session', '=;=;=',
	    '__host-session=x', `Session=${good}`, '\x01=\x02'.replace(/./g, 'z')])
		assert.equal((await get(odd)).status, 303, odd);

	// Without cookies: no loop, and a text that says so.
	const bare = new Browser(s);
	const shown = await bare.get('/login');
	assert.equal(shown.status, 200);
	const r = await new Browser(s).post('/login', {
		...shown.page.form('/login'), account: a.local, domain: a.domain,
		password: a.password });
	assert.equal(r.status, 403);
	assert.match(r.page.words, /cookie/i);
	// A Proxy header means nothing here.
	assert.equal((await b.get('/account', { headers: { Proxy:
		'http://evil.example' } })).status, 200);
});

test('a password change ends every other session, not this one', async () => {
	const a = await newAccount(s);
	const one = await open(a), two = await open(a), three = await open(a);
	const chosen = goodPassword();

	await one.save(both(chosen));
	assert.equal((await one.get('/account')).status, 200, 'the own session');
	for (const x of [two, three]) {
		const r = await x.get('/account');
		assert.equal(r.status, 303);
		assert.equal(r.location, '/login?over=1');
	}
	assert.equal((await new Browser(s).tryLogin(a.address, a.password)).status,
	    401);
	await new Browser(s).login(a.address, chosen);
	await s.calm();
});



async function age(a, column, seconds) {
	const [id] = await sql(s.db, `SELECT id FROM address
	    WHERE local_part = '${a.local}'`);

	await sql(s.webDb, `UPDATE session SET ${column} = ${now() - seconds}
	    WHERE account_id = ${id}`);
}

test('a session ends after 15 idle minutes', async () => {
	const a = await newAccount(s);
	const b = await open(a);

	await age(a, 'seen_at', 800);
	assert.equal((await b.get('/account')).status, 200);
	// That visit counts: it begins to run anew.
	const [id] = await sql(s.db, `SELECT id FROM address
	    WHERE local_part = '${a.local}'`);
	const seen = Number((await sql(s.webDb, `SELECT seen_at FROM session
	    WHERE account_id = ${id}`))[0]);
	assert.ok(now() - seen < 100, 'seen_at follows');
	await age(a, 'seen_at', 901);
	const r = await b.get('/account');
	assert.equal(r.status, 303);
	assert.equal(r.location, '/login?over=1');
	const said = await b.get(r.location);
	assert.equal(said.status, 200);
	assert.match(said.page.words, /session|again|time/i);
});

test('a session ends after 8 hours, however busy', async () => {
	const a = await newAccount(s);
	const b = await open(a);

	await age(a, 'created_at', 28790);
	assert.equal((await b.get('/account')).status, 200);
	await age(a, 'created_at', 28801);
	assert.equal((await b.get('/account')).status, 303);
	const r = await unchanged(s, () => b.post('/account', { csrf: 'x' }));
	assert.ok([303, 403].includes(r.status));
});

test('sensitive saves ask for the password again after ten minutes',
    async () => {
	const a = await newAccount(s);
	const b = await open(a);
	const chosen = goodPassword();
	const forward = { routing: 'forward', forward_to: 're@outside.example' };

	assert.equal((await b.account()).control('current_password'), undefined);
	await age(a, 'authenticated_at', 601);
	const page = await b.account();
	assert.equal(page.control('current_password')?.attr.type, 'password');
	// The name is not sensitive.
	await b.save({ real_name: 'Not Sensitive' });
	for (const change of [forward, both(chosen)])
		for (const current_password of ['', 'wrong-Password-1', null]) {
			const r = await unchanged(s, () => b.submit('/account',
			    { ...change, current_password }));
			assert.equal(r.status, 422, JSON.stringify(change));
			assert.ok(r.page.message('current_password').length > 5);
			assert.equal(r.page.form('/account').current_password, '');
			await s.calm();
		}
	const r = await b.submit('/account',
	    { ...forward, current_password: a.password });
	assert.equal(r.status, 303);
	assert.equal(await row(s, a.address, 'routing'), 'forward');
	// Asked once, good for the next ten minutes.
	await b.save(both(chosen));
	assert.ok(await popAccepts(s, a.address, chosen));
});

test('an old log-in learns nothing about the password that it has to prove',
    async () => {
	const a = await newAccount(s);
	const b = await open(a);
	const stale = (await b.account()).form('/account');
	const told = async (guess, form) => {
		const r = await b.post('/account', { ...form, ...both(guess) });
		return `${r.status} ${r.location ?? r.page.invalid}`;
	};

	await b.save({ real_name: 'Newer' });
	await age(a, 'authenticated_at', 601);
	const now = (await b.account()).form('/account');
	// As the new password, as part of a form that was sent before.
	for (const [what, form] of [['new password', now], ['second click',
	    { ...stale, real_name: 'Newer' }]])
		assert.equal(await told(a.password, form),
		    await told(goodPassword(), form), what);
	assert.notEqual((await b.account()).control('current_password'),
	    undefined, 'it still has to be proved');
	await s.calm();
});

test('wrong current passwords are counted as wrong log-ins', async () => {
	const a = await newAccount(s);
	const b = await open(a, { from: '127.0.0.6' });
	const seen = [];

	await age(a, 'authenticated_at', 601);
	for (let i = 0; i < 12 && seen.at(-1) !== 429; i++)
		seen.push((await b.submit('/account', { routing: 'forward',
			forward_to: 'guess@outside.example',
			current_password: `Guess-${i}-x` })).status);
	assert.equal(seen.at(-1), 429, seen.join());
	assert.equal(await row(s, a.address, 'routing'), 'mailbox');
	await s.calm();
});

test('older hashes log in, and are upgraded by it', async () => {
	// Made with openssl and htpasswd-free means: crypt(3) through perl.
	const { must } = await import('./lib/run.mjs');

	for (const [salt, name] of [['$1$abcdefgh', 'md5'],
	    ['$5$abcdefghijkl', 'sha256'], ['$6$abcdefghijkl', 'sha512'],
	    ['$2y$04$abcdefghijklmnopqrstuu', 'bcrypt']]) {
		const a = await newAccount(s, { local: `old-${name}` });
		const { stdout } = await must('perl', ['-e',
			'$p = <STDIN>; print crypt($p, $ARGV[0])', salt],
		    { input: a.password });
		assert.ok(stdout.startsWith(salt.slice(0, 3)), stdout);
		const put = () => sql(s.db, `UPDATE account SET password_hash =
		    '${stdout}' WHERE id = (SELECT id FROM address
		    WHERE local_part = 'old-${name}')`);
		await put();
		assert.ok(await popAccepts(s, a.address, a.password), name);
		assert.equal((await new Browser(s).tryLogin(a.address,
		    'Wrong-One-1')).status, 401);
		assert.equal(await row(s, a.address, 'password_hash'), stdout,
		    'a wrong one changes nothing');
		await open(a);
		assert.match(await row(s, a.address, 'password_hash'), /^\$y\$/,
		    name);
		await open(a);
		assert.ok(await popAccepts(s, a.address, a.password), name);
		// A shorter or longer one is still wrong.
		assert.equal((await new Browser(s).tryLogin(a.address,
		    a.password.slice(0, -1))).status, 401);
		await s.calm();
	}
});

test('an upgrade ends no session', async () => {
	const a = await newAccount(s, { local: 'old-session' });
	const one = await open(a);
	const { must } = await import('./lib/run.mjs');
	const { stdout } = await must('perl', ['-e',
		'$p = <STDIN>; print crypt($p, q($6$abcdefghijkl))'],
	    { input: a.password });

	await sql(s.db, `UPDATE account SET password_hash = '${stdout}'
	    WHERE id = (SELECT id FROM address WHERE local_part = 'old-session')`);
	await open(a);
	assert.equal((await one.get('/account')).status, 200);
});

test('language: query, cookie, Accept-Language, else Japanese', async () => {
	const lang = async (b, path, accept) => (await b.get(path,
	    { headers: { 'Accept-Language': accept } })).page.lang;
	const b = new Browser(s);

	assert.equal(await lang(b, '/login', null), 'ja');
	assert.equal(await lang(b, '/login', 'en-GB,en;q=0.9,ja;q=0.5'), 'en');
	assert.equal(await lang(b, '/login', 'ja,en;q=0.8'), 'ja');
	assert.equal(await lang(b, '/login', 'fr,de;q=0.9'), 'ja');
	assert.equal(await lang(b, '/login', 'en;q=0.1,ja;q=0.9'), 'ja');
	assert.equal(await lang(b, '/login', 'x'.repeat(3000)), 'ja');
	assert.equal(await lang(b, '/login?lang=xx', null), 'ja');
	assert.equal(await lang(b, '/login?lang=en', 'ja'), 'en');
	assert.equal(await lang(b, '/login', 'ja'), 'en', 'the cookie keeps it');
	assert.equal(await lang(b, '/login?lang=ja', 'en'), 'ja');
	assert.equal(await lang(b, '/nothing', 'en'), 'ja');
});

test('setPassword keeps POP3s and the web together (G3)', async () => {
	const a = await newAccount(s);
	const p = goodPassword();

	await setPassword(s, a.address, p);
	const [web, pop, oldPop] = await Promise.all([
		new Browser(s).tryLogin(a.address, p).then((r) => r.status),
		popAccepts(s, a.address, p), popAccepts(s, a.address, a.password)]);
	assert.deepEqual([web, pop, oldPop], [303, true, false]);
});

test('a refused log-in speaks the language of its page', async () => {
	const said = { ja: /正しくありません/, en: /is not right/ };
	const browsers = ['ja', 'en'].map((lang) =>
	    [lang, new Browser(s, { lang, from: '127.0.0.6' })]);

	// In turn, so that each worker has just spoken the other one.
	for (let i = 0; i < 2; i++) {
		for (const [lang, b] of browsers) {
			const r = await b.tryLogin('nobody@dentsu.example', 'Nope-1x');

			assert.equal(r.status, 401);
			assert.equal(r.page.lang, lang);
			assert.match(r.page.words, said[lang]);
		}
	}
	await s.calm();
});

test('C112 the second click on the log-in button is no error', async () => {
	const a = await newAccount(s);
	const b = new Browser(s);
	const { csrf } = (await b.get('/login')).page;
	const fields = { csrf, account: a.local, domain: a.domain,
		password: a.password };

	assert.equal((await b.post('/login', fields)).location, '/account');
	const again = await b.post('/login', fields);
	assert.equal(again.status, 303);
	assert.equal((await b.get(again.location)).location, '/account');
	assert.equal((await b.get('/account')).status, 200);
});

test('@domain in the domain field is what the field asks for', async () => {
	const a = await newAccount(s);

	assert.equal((await tryFields(new Browser(s), { account: a.local,
		domain: `@${a.domain}`, password: a.password })).status, 303);
});

test('a log-in that is right makes nobody else wait', async () => {
	const known = await newAccount(s), fresh = await newAccount(s);
	const from = '127.0.0.4';

	await open(known, { from });
	// The place is over its limit, and its wait is over; the next try of
	// somebody new there is to be looked at, whatever others did meanwhile.
	for (let i = 0; i < 40; i++)
		await new Browser(s, { from }).tryLogin(
		    `nobody${i}@dentsu.example`, 'Guess-1x');
	await sql(s.webDb, 'UPDATE throttle SET blocked_until = 0');
	await open(known, { from });
	await open(known, { from });
	await open(fresh, { from });
	await s.calm();
});
