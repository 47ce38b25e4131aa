// Who may enter where: every route of the table with every role, on one's own
// objects, foreign ones and such as are not there.  A route that is added
// without an example here fails the first test.

import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { startStack, stopSound, root } from './lib/stack.mjs';
import { Browser, encode, multipart } from './lib/http.mjs';
import { popAccepts } from './lib/pop3.mjs';
import { newAccount, goodPassword, mustTool } from './lib/tool.mjs';
import { row, sql, dump, unchanged } from './lib/db.mjs';
import { admin, newDomain, slips, papers, refusedAt, bulk, ticks, age, why,
	csv, sendFile, summary, DENTSU, KAGAKU } from './lib/admin.mjs';

const NOWHERE = 'nowhere.example';
let s, routes;
before(async () => {
	s = await startStack('rights');
	routes = readTable();
	for (const d of [DENTSU, KAGAKU])
		await furnish(d);
});
after(() => stopSound(s));

// -- the table, from its source ----------------------------------------------

function readTable() {
	const text = fs.readFileSync(`${root}/cgi/page/routes.c`, 'utf8');
	const rows = [...text.matchAll(/\b(GET|POST)\s*\(\s*"([^"]+)"\s*,\s*(NEED_\w+)\s*,\s*([^,]+?)\s*,\s*(page_\w+)\s*\)/g)]
	    .map(([, method, path, need, flags, run]) =>
	    ({ key: `${method} ${path}`, method, path, need, flags, run }));

	assert.equal(rows.length, (text.match(/\b(GET|POST) *\(/g) ?? []).length,
	    'a row that this test cannot read');
	assert.ok(rows.length > 30);
	return rows;
}

// What each domain has for the examples below to be done to.
async function furnish(d) {
	for (const name of ['walk', 'walk-reset', 'walk-delete', 'walk-bulk'])
		await newAccount(s, { local: name, domain: d });
	for (const name of ['walk-fw', 'walk-fw-delete'])
		await mustTool(s, ['forward', 'add', `${name}@${d}`,
			`walk@${d}`]);
	for (const name of ['walk-list', 'walk-list-delete'])
		await mustTool(s, ['lists', 'add', `${name}@${d}`,
			'--owner', `walk@${d}`]);
}

const version = async (name, d, column = 'version') =>
    d === NOWHERE ? 0 : row(s, `${name}@${d}`, column);
const forwardVersion = async (name, d) => (await sql(s.db,
    `SELECT f.version FROM forward f JOIN address n ON n.id = f.id
    JOIN domain d ON d.id = n.domain_id WHERE n.local_part = '${name}'
    AND d.name = '${d}'`))[0] ?? 0;

const listVersion = async (name, d) => (await sql(s.db,
    `SELECT l.version FROM mailing_list l JOIN address n ON n.id = l.id
    JOIN domain d ON d.id = n.domain_id WHERE n.local_part = '${name}'
    AND d.name = '${d}'`))[0] ?? 0;
const list = (d) => ({ description: 'Walked', owner: `walk@${d}`,
	posting: 'members', subscription: 'confirm', reply_to: 'sender',
	prefix: '', footer: '', moderators: '' });

// One row for each route: what the stars stand for behind the domain, the form
// that does it (valid, but for the token), and what a right one is answered.
const examples = {
	'GET /': { ok: 303 },
	'GET /account': { ok: 200 },
	'POST /account': { ok: 303, body: async () => ({
		version: await version('postmaster', DENTSU),
		real_name: 'Walked', routing: 'mailbox', forward_to: '',
		new_password: '', new_password_again: '' }) },
	'GET /account/log': { ok: 200 },
	'GET /account/settings': { ok: 200 },
	'GET /admin': { ok: 303 },
	'GET /admin/*': { ok: 200 },
	'GET /admin/*/accounts': { ok: 200 },
	'POST /admin/*/accounts': { ok: 303, body: async (d) => ({
		action: 'quota', sure: '1', quota_mb: '77',
		...d === NOWHERE ? { 'id-1': 'on' } :
		await ticks(s, `walk-bulk@${d}`) }) },
	'GET /admin/*/accounts/new': { ok: 200 },
	'POST /admin/*/accounts/new': { ok: 200, body: () => ({
		account: 'walk-new', real_name: 'New', quota_mb: '',
		new_password: '', new_password_again: '' }) },
	'GET /admin/*/accounts/*': { ok: 200, name: 'walk' },
	'POST /admin/*/accounts/*': { ok: 303, name: 'walk',
		body: async (d) => ({ version: await version('walk', d),
		real_name: 'Edited', quota_mb: '', routing: 'mailbox',
		forward_to: '', new_password: '', new_password_again: '' }) },
	'GET /admin/*/accounts/*/reset': { ok: 200, name: 'walk-reset' },
	'POST /admin/*/accounts/*/reset': { ok: 200, name: 'walk-reset',
		body: async (d) => ({ version:
		await version('walk-reset', d, 'credential') }) },
	'GET /admin/*/accounts/*/delete': { ok: 200, name: 'walk-delete' },
	'POST /admin/*/accounts/*/delete': { ok: 303, name: 'walk-delete',
		body: () => ({ confirm: 'walk-delete', leave_forward_to: '' }) },
	'GET /admin/*/export.csv': { ok: 200 },
	'GET /admin/*/forwards': { ok: 200 },
	'GET /admin/*/forwards/new': { ok: 200 },
	'POST /admin/*/forwards/new': { ok: 303, body: (d) => ({
		name: 'walk-fw-new', targets: `walk@${d}` }) },
	'GET /admin/*/forwards/*': { ok: 200, name: 'walk-fw' },
	'POST /admin/*/forwards/*': { ok: 303, name: 'walk-fw',
		body: async (d) => ({ version: await forwardVersion('walk-fw', d),
		targets: 'walked@outside.example' }) },
	'GET /admin/*/forwards/*/delete': { ok: 200, name: 'walk-fw-delete' },
	'POST /admin/*/forwards/*/delete': { ok: 303, name: 'walk-fw-delete',
		body: () => ({ confirm: 'walk-fw-delete' }) },
	'GET /admin/*/import': { ok: 200 },
	'POST /admin/*/import': { ok: 200, file: 'account\r\nwalk-csv\r\n',
		body: () => ({ mode: 'apply' }) },
	'GET /admin/*/lists': { ok: 200 },
	'GET /admin/*/lists/new': { ok: 200 },
	'POST /admin/*/lists/new': { ok: 303, body: (d) => ({
		name: 'walk-list-new', ...list(d) }) },
	'GET /admin/*/lists/*': { ok: 200, name: 'walk-list' },
	'POST /admin/*/lists/*': { ok: 303, name: 'walk-list',
		body: async (d) => ({ ...list(d),
		version: await listVersion('walk-list', d) }) },
	'GET /admin/*/lists/*/members': { ok: 200, name: 'walk-list' },
	'POST /admin/*/lists/*/members': { ok: 303, name: 'walk-list',
		body: () => ({ members: 'walker@outside.example' }) },
	'GET /admin/*/lists/*/members.txt': { ok: 200, name: 'walk-list' },
	'GET /admin/*/lists/*/delete': { ok: 200, name: 'walk-list-delete' },
	'POST /admin/*/lists/*/delete': { ok: 303, name: 'walk-list-delete',
		body: () => ({ confirm: 'walk-list-delete' }) },
	'GET /admin/*/log': { ok: 200 },
	'GET /healthz': { ok: 200 },
	'GET /metrics': { ok: 200 },
	'GET /login': { ok: 200 },
	'POST /login': { ok: [303, 401], body: () => ({ account: 'walk',
		domain: DENTSU, password: 'Not-the-Password-1' }) },
	'POST /logout': { ok: 303, body: () => ({}) },
	'GET /site': { ok: 200 },
	'GET /site/domains/new': { ok: 200 },
	'POST /site/domains/new': { ok: 303, body: () => ({
		domain: 'walked.example', pop_host: 'post-9', max_accounts: '',
		max_forwards: '', max_lists: '', default_quota_mb: '100',
		enabled: 'on', administrators: '' }) },
	'GET /site/domains/*': { ok: 200 },
	'POST /site/domains/*': { ok: 303, body: (d) => ({
		pop_host: 'post-8', max_accounts: '5000', max_forwards: '',
		max_lists: '', default_quota_mb: '100', enabled: 'on',
		administrators: `postmaster@${d}` }) },
	'POST /site/domains/*/postmaster': { ok: 200, body: async (d) => ({
		version: await version('postmaster', d, 'credential') }) }
};

test('each route of the table has an example, and none is left over', () => {
	assert.deepEqual(Object.keys(examples).sort(),
	    routes.map((r) => r.key).sort());
	for (const r of routes) {
		const e = examples[r.key];
		const stars = (r.path.match(/\*/g) ?? []).length;

		assert.equal(e.body !== undefined, r.method === 'POST', r.key);
		assert.equal(e.name !== undefined, stars === 2, r.key);
		// Who may not enter a page may not enter what is below it either.
		if (/^\/admin\/\*/.test(r.path))
			assert.equal(r.need, 'NEED_ADMIN', r.key);
		if (/^\/site/.test(r.path))
			assert.equal(r.need, 'NEED_SITE', r.key);
	}
});

const fill = (r, d, name = examples[r.key].name) => {
	const names = [d, name];

	return r.path.replace(/\*/g, () => encodeURIComponent(names.shift()));
};
const hasDomain = (r) => r.path.includes('*');

// One request as this person's browser would send it.
async function ask(b, r, d, { name, csrf, path = fill(r, d, name), opt } = {}) {
	const e = examples[r.key];

	if (r.method === 'GET')
		return b.get(path, opt);
	const body = { csrf: csrf ?? b.csrf ?? 'none', ...await e.body(d) };
	if (csrf === null)
		delete body.csrf;
	return e.file === undefined ? b.post(path, body, opt) :
	    b.upload(path, body, [{ bytes: e.file }], opt);
}

// A token that this session's forms would have.
async function withToken(b) {
	const r = await b.get('/account');

	b.csrf = r.status === 200 ? r.page.csrf :
	    (await b.get('/login')).page.csrf;
	return b;
}

const open = (a) => new Browser(s).login(a.address, a.password).then(withToken);

// -- every role on every route -----------------------------------------------

// What the rules say: who, on which domain.
function expected(r, role, d) {
	if (r.need === 'NEED_LOOPBACK' || r.need === 'NEED_NOBODY')
		return null;
	if (role.nobody)
		return 303;
	if (r.need === 'NEED_ADMIN' && !role.domains.includes(d))
		return 404;
	if (r.need === 'NEED_SITE' && !role.site)
		return 404;
	if (role.initial && !/RT_INITIAL/.test(r.flags))
		return '303 /account';
	if (r.path === '/admin' && role.domains.length === 0)
		return 404;
	return null;
}

const roles = {
	nobody: { nobody: true, domains: [], open: () => withToken(new Browser(s)) },
	user: { domains: [], open: async () => open(await newAccount(s)) },
	'user with the initial password': { initial: true, domains: [],
		open: async () => open(await newAccount(s, { initial: true })) },
	'administrator with the initial password': { initial: true,
		domains: [DENTSU], open: async () => {
			const a = await newAccount(s, { initial: true });
			await mustTool(s, ['admin', 'grant', a.address, DENTSU]);
			return open(a);
		} },
	'administrator of another domain': { domains: [KAGAKU],
		open: () => admin(s, KAGAKU).then(withToken) },
	'administrator of this domain': { domains: [DENTSU],
		open: () => admin(s).then(withToken) },
	'site administrator': { site: true, domains: ['site.example'],
		open: () => admin(s, 'site.example').then(withToken) }
};

for (const [who, role] of Object.entries(roles))
	test(`every route: ${who}`, async () => {
		const b = await role.open();
		let refused = 0;

		for (const r of routes) {
			const domains = hasDomain(r) ? [DENTSU, KAGAKU, NOWHERE,
				'DENTSU.example', '..%2f', ''] : [''];
			const before = await dump(s);
			let tried = 0;
			for (const d of domains) {
				const known = [DENTSU, KAGAKU].includes(d);
				// Spelled otherwise it is no domain of anybody.
				const want = expected(r, role, d) ??
				    (hasDomain(r) && !known ? 404 : null);
				if (want === null)
					continue;
				const got = await ask(b, r, known ? d : NOWHERE,
				    { path: fill(r, '\0').replace('%00', d) });
				const at = `${r.key} ${d}: ${why(got)}`;
				if (d === '' || d === '..%2f')
					// The shape of the path is judged first.
					assert.ok([303, 400, 404, 405]
					    .includes(got.status), at);
				else if (want === '303 /account')
					assert.equal(`${got.status} ` +
					    got.location, want, at);
				else
					assert.equal(got.status, want, at);
				if (got.status === 303 && role.nobody)
					assert.equal(got.location, '/login', at);
				tried++;
			}
			refused += tried;
			if (tried > 0)
				assert.equal(await dump(s), before,
				    `${r.key}: users.db has changed`);
		}
		assert.ok(refused > (role.nobody ? 60 : 10), `${refused}`);
	});

test('what is refused looks like what is not there', async () => {
	const b = await open(await newAccount(s));
	// Without what differs anyway: the request's id, the links to itself.
	const bare = (r) => r.body.replace(/[0-9a-f]{14}/g, 'ID')
	    .replace(/href="[^"]*\?lang=/g, 'href="?lang=');
	const main = (r) => r.page.byId('main').words.replace(/[0-9a-f]{14}/g, '');
	const nothing = main(await b.get('/nothing'));

	for (const r of routes.filter((x) => x.method === 'GET' &&
	    /NEED_(ADMIN|SITE)/.test(x.need)))
	{
		const there = await ask(b, r, DENTSU), not = await ask(b, r, NOWHERE);

		assert.equal(there.status, 404, r.key);
		assert.equal(main(there), nothing, r.key);
		assert.equal(bare(there), bare(not), r.key);
	}
});

test('every route: an object that is not there, or is another\'s', async () => {
	const b = await admin(s).then(withToken);
	const names = (r) => r.path.includes('/accounts/') ?
	    ['nobody-there', 'yoko', `walk@${KAGAKU}`, `yoko@${KAGAKU}`,
		'walk-fw', 'WALK', 'walk ', 'walk/../walk', 'wa%lk', '山', '.',
		'walk\0'] :
	    ['nobody-there', 'walk', `walk-fw@${KAGAKU}`, 'WALK-FW', 'walk-fw ',
		'%', '山'];
	let n = 0;

	for (const r of routes.filter((x) => x.path.match(/\*.*\*/)))
		await unchanged(s, async () => {
			for (const name of names(r)) {
				const got = await ask(b, r, DENTSU, { name });
				assert.ok(got.status === 404 ||
				    (/[\0/.]/.test(name) &&
				    [400, 404].includes(got.status)),
				    `${r.key} ${name}: ${why(got)}`);
				n++;
			}
		});
	assert.ok(n > 80, `${n}`);
	// In a path that is not one's own, one's own objects are not there.
	for (const r of routes.filter((x) => x.path.match(/^\/admin\/\*.*\*/)))
		assert.equal((await ask(b, r, KAGAKU)).status, 404, r.key);
});

test('every route: other methods', async () => {
	const b = await admin(s).then(withToken);
	const paths = new Map();

	for (const r of routes)
		paths.set(r.path, [...paths.get(r.path) ?? [], r]);
	await unchanged(s, async () => {
		for (const rows of paths.values()) {
			const has = rows.map((r) => r.method);
			const e = rows.find((r) => examples[r.key].name) ?? rows[0];
			for (const m of ['PUT', 'DELETE', 'PATCH', 'OPTIONS',
				...['GET', 'POST'].filter((x) => !has.includes(x))]) {
				const got = await b.request(m, fill(e, DENTSU,
				    examples[e.key].name), m === 'POST' ?
				    { body: `csrf=${b.csrf}`, headers: {
				    'Content-Type':
				    'application/x-www-form-urlencoded' } } : {});
				assert.equal(got.status, 405,
				    `${m} ${e.path}: ${got.status}`);
				assert.ok(!(got.headers.allow ?? '').split(', ')
				    .includes(m), got.headers.allow);
			}
		}
	});
});

test('C126 every route: what a form does is not done by GET', async () => {
	const b = await admin(s).then(withToken);
	const site = await admin(s, 'site.example').then(withToken);

	await unchanged(s, async () => {
		for (const r of routes.filter((x) => x.method === 'POST')) {
			const who = r.need === 'NEED_SITE' ? site : b;
			const q = encode({ csrf: who.csrf,
				...await examples[r.key].body(DENTSU) });
			const got = await who.get(`${fill(r, DENTSU)}?${q}`);
			assert.ok([200, 303, 400, 405].includes(got.status),
			    `${r.key}: ${got.status}`);
		}
	});
	assert.equal((await b.get('/account')).status, 200);
});

test('every route: off campus', async () => {
	const b = await admin(s).then(withToken);

	await unchanged(s, async () => {
		for (const r of routes) {
			const got = await ask(b, r, DENTSU,
			    { opt: { from: '127.0.0.9' } });
			// Loopback's own, and 127.0.0.9 is loopback.
			assert.equal(got.status, r.need === 'NEED_LOOPBACK' ? 200 :
			    403, r.key);
		}
	});
});

test('C33 every POST: only with the token of this very session', async () => {
	const b = await admin(s).then(withToken);
	const other = await admin(s).then(withToken);
	const site = await admin(s, 'site.example').then(withToken);
	const site2 = await admin(s, 'site.example').then(withToken);
	const evil = { headers: { Origin: 'https://evil.example' } };

	assert.notEqual(b.csrf, other.csrf);
	for (const r of routes.filter((x) => x.method === 'POST' &&
	    x.need !== 'NEED_NOBODY'))
		await unchanged(s, async () => {
			const [me, twin] = r.need === 'NEED_SITE' ?
			    [site, site2] : [b, other];
			const path = fill(r, DENTSU);
			const ways = {
				'no token': { csrf: null },
				'empty token': { csrf: '' },
				'token of another session': { csrf: twin.csrf },
				'token with a tail': { csrf: `${me.csrf}A` },
				'token in the query': { csrf: null, path:
					`${path}?csrf=${encodeURIComponent(me.csrf)}` },
				'foreign Origin': { opt: evil },
				'Origin that begins like ours': { opt: { headers: {
					Origin: `${new URL(s.url).origin}.evil.example`
				} } },
				'cross-site': { opt: { headers:
					{ 'Sec-Fetch-Site': 'cross-site' } } },
				'Origin null from elsewhere': { opt: { headers:
					{ Origin: 'null', 'Sec-Fetch-Site': null } } }
			};
			for (const [name, how] of Object.entries(ways)) {
				const got = await ask(me, r, DENTSU, how);
				assert.equal(got.status, 403,
				    `${r.key}, ${name}: ${why(got)}`);
			}
		});
});

// Last of the walks: the same requests, now by who may.  Without this the
// refusals above could have been for any reason.
test('every route: who may, can', async () => {
	const all = { NEED_LOOPBACK: new Browser(s),
		NEED_NOBODY: await withToken(new Browser(s)),
		NEED_USER: await admin(s).then(withToken),
		NEED_ADMIN: await admin(s).then(withToken),
		NEED_SITE: await admin(s, 'site.example').then(withToken) };

	for (const r of routes) {
		const e = examples[r.key];
		const got = await ask(all[r.need], r, DENTSU);

		assert.ok([e.ok].flat().includes(got.status),
		    `${r.key}: ${why(got)}`);
		// C39: it is kept in no cache, and nothing foreign runs in it.
		assert.match(got.headers['cache-control'], /no-store/, r.key);
		for (const h of ['content-security-policy', 'referrer-policy',
		    'x-content-type-options', 'strict-transport-security'])
			assert.ok(got.headers[h], `${r.key}: ${h}`);
		assert.equal(got.headers.etag, undefined);
	}
	for (const [name, there] of [['walk-new', true], ['walk-csv', true],
	    ['walk-delete', false]])
		assert.equal(await row(s, `${name}@${DENTSU}`, 'a.id') !==
		    undefined, there, name);
	assert.equal(await row(s, `walk@${DENTSU}`, 'real_name'), 'Edited');
	assert.equal(await row(s, `walk-bulk@${DENTSU}`, 'quota_bytes'),
	    String(77 * 1048576));
	assert.deepEqual(await sql(s.db, `SELECT local_part FROM address n
	    JOIN domain d ON d.id = n.domain_id WHERE kind = 'forward'
	    AND d.name = '${DENTSU}' ORDER BY 1`), ['walk-fw', 'walk-fw-new']);
	await s.calm();
	// The walk has handed out a new password for the postmaster.
	await mustTool(s, ['account', 'passwd', `postmaster@${DENTSU}`,
		'--stdin'], { input: `${s.password('POSTMASTER')}\n` });
});

// -- rights ------------------------------------------------------------------

test('rights that are given or taken rule the next request', async () => {
	const a = await newAccount(s);
	const b = await open(a);

	assert.equal((await b.get('/admin')).status, 404);
	await mustTool(s, ['admin', 'grant', a.address, DENTSU]);
	assert.equal((await b.get('/admin')).location, `/admin/${DENTSU}`);
	assert.equal((await b.get(`/admin/${DENTSU}`)).status, 200);
	assert.ok((await b.account()).root.all('a').some(
	    (n) => n.attr.href === '/admin'));
	assert.equal((await b.get(`/admin/${KAGAKU}`)).status, 404);
	await mustTool(s, ['admin', 'grant', a.address, KAGAKU]);
	const both = await b.get('/admin');
	assert.equal(both.status, 200);
	for (const d of [DENTSU, KAGAKU])
		assert.ok(both.page.root.all('a').some(
		    (n) => n.attr.href === `/admin/${d}`), d);
	assert.equal((await b.get(`/admin/${KAGAKU}/accounts/yoko`)).status, 200);
	await mustTool(s, ['admin', 'revoke', a.address, KAGAKU]);
	await mustTool(s, ['admin', 'revoke', a.address, DENTSU]);
	for (const p of ['/admin', `/admin/${DENTSU}`, `/admin/${KAGAKU}`])
		assert.equal((await b.get(p)).status, 404, p);
	assert.equal((await unchanged(s, () => b.post(
	    `/admin/${DENTSU}/accounts/new`, { csrf: b.csrf, account: 'x',
		real_name: '', quota_mb: '', new_password: '',
		new_password_again: '' }))).status, 404);
	assert.ok(!(await b.account()).root.all('a').some(
	    (n) => n.attr.href === '/admin'));
});

test('a site administrator gives himself the right, and it is recorded',
    async () => {
	const d = await newDomain(s), b = await admin(s, 'site.example');
	const site = 'postmaster@site.example';

	assert.equal((await b.get(d.path)).status, 404);
	const r = await b.submit(`/site/domains/${d.name}`, { administrators:
		`postmaster@${d.name}\n${site}` });
	assert.equal(r.status, 303, why(r));
	assert.equal((await b.get(d.path)).status, 200);
	const log = (await b.get(`${d.path}/log`)).page.words;
	assert.ok(log.includes(site), log);
	await b.submit(`/site/domains/${d.name}`,
	    { administrators: `postmaster@${d.name}` });
	assert.equal((await b.get(d.path)).status, 404);
});

test('C71 protected names', async () => {
	const d = await newDomain(s), b = await d.open();
	const a = await newAccount(s, { domain: d.name });
	const pm = `postmaster@${d.name}`;

	await mustTool(s, ['admin', 'grant', a.address, d.name]);
	const c = await new Browser(s).login(a.address, a.password);
	for (const who of [b, c])
		await unchanged(s, async () => {
			const path = `${d.path}/accounts/postmaster/delete`;
			const r = await who.submit(path,
			    { confirm: 'postmaster', leave_forward_to: '' });
			refusedAt(r, 422, 'confirm');
			const leave = await who.submit(path, { confirm:
				'postmaster', leave_forward_to: a.address });
			assert.equal(leave.status, 422);
			const many = await bulk(s, who, d.name, 'delete',
			    [pm, a.address], { confirm: '2' });
			assert.equal(many.status, 422, why(many));
			assert.ok(summary(many.page).includes('postmaster') ||
			    summary(many.page).includes(a.address),
			    summary(many.page));
			refusedAt(await who.submit(`${d.path}/accounts/new`,
			    { account: 'postmaster' }), 422, 'account');
			refusedAt(await who.submit(`${d.path}/forwards/new`,
			    { name: 'postmaster', targets: 'x@outside.example' }),
			    422, 'name');
		});
	// It has an edit page like others: its mail may be forwarded.
	const r = await c.submit(`${d.path}/accounts/postmaster`,
	    { routing: 'forward', forward_to: a.address });
	assert.equal(r.status, 303, why(r));
	// abuse and the like are ordinary names.
	assert.equal((await c.submit(`${d.path}/accounts/new`,
	    { account: 'abuse' })).status, 200);
	assert.equal((await c.submit(`${d.path}/accounts/abuse/delete`,
	    { confirm: 'abuse', leave_forward_to: pm })).status, 303);
});

test('C73 nothing is made in a foreign domain', async () => {
	const b = await admin(s);
	const before = await dump(s);

	for (const name of [`c73@${KAGAKU}`, `c73@${KAGAKU.toUpperCase()}`,
	    `c73@${NOWHERE}`, `c73@${KAGAKU}@${DENTSU}`,
	    `c73@${DENTSU}@${KAGAKU}`, `@${KAGAKU}`, `c73@${KAGAKU},x`]) {
		refusedAt(await b.submit(`/admin/${DENTSU}/accounts/new`,
		    { account: name }), 422, 'account');
		refusedAt(await b.submit(`/admin/${DENTSU}/forwards/new`,
		    { name, targets: `hanako@${DENTSU}` }), 422, 'name');
		const r = await sendFile(b, DENTSU, 'apply',
		    csv([{ account: name }]));
		assert.equal(r.status, 422, name);
	}
	assert.equal(await dump(s), before);
	// More fields than the form has change nothing about where.
	const extra = { domain: KAGAKU, address: `c73@${KAGAKU}`, DOMAIN: KAGAKU,
		domain_id: '2', within: KAGAKU };
	assert.equal((await b.submit(`/admin/${DENTSU}/accounts/new`,
	    { account: 'c73', ...extra })).status, 200);
	assert.equal((await b.submit(`/admin/${DENTSU}/forwards/new`,
	    { name: 'c73f', targets: `hanako@${DENTSU}`, ...extra })).status, 303);
	assert.deepEqual(await sql(s.db, `SELECT d.name FROM address n
	    JOIN domain d ON d.id = n.domain_id WHERE local_part LIKE 'c73%'
	    GROUP BY 1`), [DENTSU]);
	// The whole address of one's own is the same name.
	assert.equal((await b.submit(`/admin/${DENTSU}/accounts/new`,
	    { account: `C73b@${DENTSU.toUpperCase()}` })).status, 200);
	assert.notEqual(await row(s, `c73b@${DENTSU}`, 'a.id'), undefined);
});

test('C75 ticked rows: one foreign or vanished id refuses the whole',
    async () => {
	const b = await admin(s), path = `/admin/${DENTSU}/accounts`;
	const own = [await newAccount(s), await newAccount(s)];
	const gone = await newAccount(s);
	const id = async (a) => row(s, a, 'a.id');
	const mine = await ticks(s, ...own.map((a) => a.address));
	const foreign = await id(`yoko@${KAGAKU}`);
	const vanished = await id(gone.address);
	const [forward] = await sql(s.db,
	    "SELECT id FROM address WHERE local_part = 'walk-fw'");
	const csrf = (await b.get(path)).page.csrf;
	const forms = (more) => ['reset', 'delete', 'quota'].map((action) => ({
		csrf, sure: '1', quota_mb: '5', action, ...mine, ...more }));

	await mustTool(s, ['account', 'delete', gone.address]);
	for (const [name, more, status] of [
	    ['foreign', { [`id-${foreign}`]: 'on', confirm: '3' }, 404],
	    ['vanished', { [`id-${vanished}`]: 'on', confirm: '3' }, 404],
	    ['a forward', { [`id-${forward}`]: 'on', confirm: '3' }, 404],
	    ['0', { 'id-0': 'on' }, 400], ['-1', { 'id--1': 'on' }, 400],
	    ['text', { 'id-abc': 'on' }, 400], ['empty', { 'id-': 'on' }, 400],
	    ['blank', { 'id- 1': 'on' }, 400],
	    ['2^63', { 'id-9223372036854775808': 'on' }, 400],
	    ['same in another spelling', Object.fromEntries(Object.keys(mine)
	    .map((k) => [k.replace('-', '-0'), 'on'])), 400],
	    ['another value', { [Object.keys(mine)[0]]: 'off' }, 400],
	    ['another action', { action: 'disable' }, 400],
	    ['no action', { action: null }, 400]])
		await unchanged(s, async () => {
			for (const form of forms(more)) {
				const r = await b.post(path, form);
				assert.equal(r.status, status,
				    `${name} ${form.action}: ${why(r)}`);
				// Before it is confirmed neither.
				const first = await b.post(path,
				    { ...form, sure: null });
				assert.equal(first.status, status, name);
			}
		});
	await unchanged(s, async () => {
		for (const form of forms({})) {
			// The first or the last of two of a name wins nowhere.
			const twice = await b.post(path, encode([
				...Object.entries(form), [Object.keys(mine)[0], 'on']]));
			assert.equal(twice.status, 400, 'twice');
			const domain = await b.post(path, encode([
				...Object.entries(form), ['domain', KAGAKU],
				['domain', KAGAKU]]));
			assert.equal(domain.status, 400, 'domain twice');
			const many = { ...form };
			for (let i = 1; i <= 5000; i++)
				many[`id-${100000 + i}`] = 'on';
			assert.ok([400, 413].includes(
			    (await b.post(path, many)).status), 'too many');
		}
		// Through the wrong domain's path.
		const other = await admin(s, KAGAKU);
		const r = await bulk(s, other, KAGAKU, 'quota', [`yoko@${KAGAKU}`],
		    { ...mine, quota_mb: '5' });
		assert.equal(r.status, 404);
	});
});

test('C77 nobody locks himself out', async () => {
	const d = await newDomain(s);
	const a = await newAccount(s, { domain: d.name });
	const other = await newAccount(s, { domain: d.name });
	const path = `${d.path}/accounts/${a.local}`;

	await mustTool(s, ['admin', 'grant', a.address, d.name]);
	const b = await new Browser(s).login(a.address, a.password);
	await unchanged(s, async () => {
		refusedAt(await b.submit(`${path}/delete`,
		    { confirm: a.local, leave_forward_to: '' }), 422, 'confirm');
		assert.equal((await bulk(s, b, d.name, 'delete',
		    [other.address, a.address], { confirm: '2' })).status, 422);
	});
	// The only one of another domain cannot be deleted in this one.
	const e = await newDomain(s);
	await mustTool(s, ['admin', 'grant', other.address, e.name]);
	await mustTool(s, ['admin', 'revoke', `postmaster@${e.name}`, e.name]);
	await unchanged(s, async () => {
		for (const who of [b, await d.open()])
			assert.equal((await who.submit(
			    `${d.path}/accounts/${other.local}/delete`,
			    { confirm: other.local, leave_forward_to: '' })).status,
			    422);
	});
	// One's own reset works; the session is over with the old password.
	const [slip] = papers(await b.submit(`${path}/reset`), 1);
	assert.equal(slip.address, a.address);
	assert.equal((await b.get('/account')).status, 303);
	const c = await new Browser(s).login(a.address, slip.password);
	assert.match((await c.get(`${d.path}/accounts`)).location, /^\/account$/);
	const p = goodPassword();
	await c.save({ new_password: p, new_password_again: p });
	assert.equal((await c.get(`${d.path}/accounts`)).status, 200);
	// Throwing one's mail away leaves the web log-in.
	const r = await c.submit(path,
	    { routing: 'discard', confirm_discard: 'on' });
	assert.ok([303, 422].includes(r.status), why(r));
	await new Browser(s).login(a.address, p);
});

test('C80 a domain that is gone has no administrators', async () => {
	const d = await newDomain(s), b = await d.open();
	const a = await newAccount(s, { domain: d.name });
	const helper = await newAccount(s);

	await mustTool(s, ['admin', 'grant', helper.address, d.name]);
	const h = await new Browser(s).login(helper.address, helper.password);
	assert.equal((await h.get(d.path)).status, 200);
	await mustTool(s, ['domain', 'delete', d.name, '--force']);
	assert.equal((await b.get(d.path)).status, 303);
	assert.equal((await h.get(d.path)).status, 404);
	assert.equal((await h.get('/admin')).status, 404);
	for (const [who, password] of [[`postmaster@${d.name}`, d.password],
	    [a.address, a.password]])
		assert.equal((await new Browser(s).tryLogin(who, password)).status,
		    401);
	assert.deepEqual(await sql(s.db, `SELECT count(*) FROM domain_admin
	    WHERE domain_id NOT IN (SELECT id FROM domain)
	    OR account_id NOT IN (SELECT id FROM account)`), ['0']);
	await mustTool(s, ['domain', 'add', d.name]);
	assert.equal(await row(s, a.address, 'a.id'), undefined);
	// Nobody of before has a right in the new one.
	assert.equal((await h.get(d.path)).status, 404);
	assert.equal((await new Browser(s).tryLogin(`postmaster@${d.name}`,
	    d.password)).status, 401);
	await s.calm();
});

test('C82 a user acts on the own row only', async () => {
	const a = await newAccount(s), b = await open(a);
	const victim = await newAccount(s);
	const of = () => row(s, victim.address,
	    'real_name, quota_bytes, routing, a.version, password_hash');
	const was = await of(), quota = await row(s, a.address, 'quota_bytes');

	const r = await b.submit('/account', { real_name: 'Own Row',
		account: victim.local, address: victim.address,
		id: await row(s, victim.address, 'a.id'), account_id: '1',
		quota_mb: '99999', domain: KAGAKU, site_admin: '1' });
	assert.equal(r.status, 303, why(r));
	assert.equal(await of(), was);
	assert.equal(await row(s, a.address, 'real_name'), 'Own Row');
	assert.equal(await row(s, a.address, 'quota_bytes'), quota);
	assert.equal((await b.get('/site')).status, 404);
});

test('who has more rights cannot be reset, edited into, or deleted',
    async () => {
	const b = await admin(s), more = {}, csrf = (await b.account()).csrf;

	for (const [name, right] of [['kagaku', [KAGAKU]], ['site', ['--site']],
	    ['both', [DENTSU, KAGAKU]]]) {
		more[name] = await newAccount(s, { local: `more-${name}` });
		for (const x of right)
			await mustTool(s, ['admin', 'grant', more[name].address, x]);
	}
	for (const a of Object.values(more)) {
		const path = `/admin/${DENTSU}/accounts/${a.local}`;
		const p = goodPassword();
		await unchanged(s, async () => {
			refusedAt(await b.submit(`${path}/reset`), 422);
			assert.equal((await b.submit(path, { new_password: p,
				new_password_again: p })).status, 422);
			assert.equal((await b.submit(`${path}/delete`,
			    { confirm: a.local, leave_forward_to: '' })).status, 422);
			for (const [action, f] of [['reset', {}],
			    ['delete', { confirm: '2' }]]) {
				const r = await bulk(s, b, DENTSU, action,
				    [`hanako@${DENTSU}`, a.address], f);
				assert.equal(r.status, 422, `${action} ${why(r)}`);
				assert.ok(summary(r.page).includes(a.address));
				assert.equal(slips(r.page).length, 0);
			}
			for (const row of [{ account: a.local, password: p },
			    { account: a.local, password_hash: '$y$j75$' +
				`${'a'.repeat(22)}$${'b'.repeat(43)}` }]) {
				const r = await sendFile(b, DENTSU, 'apply',
				    csv([row]));
				assert.equal(r.status, 422, why(r));
			}
		});
		await new Browser(s).login(a.address, a.password);
		// The rest of the page may be saved; that is no way in.
		const r = await b.submit(path, { real_name: 'May Be Saved' });
		assert.equal(r.status, 303, why(r));
	}
	assert.ok(csrf.length > 20);
	// An equal may: administrators of one domain help each other.
	const equal = await newAccount(s);
	await mustTool(s, ['admin', 'grant', equal.address, DENTSU]);
	papers(await b.submit(
	    `/admin/${DENTSU}/accounts/${equal.local}/reset`), 1);
	const e = await newAccount(s);
	await mustTool(s, ['admin', 'grant', e.address, DENTSU]);
	assert.equal((await b.submit(`/admin/${DENTSU}/accounts/${e.local}/delete`,
	    { confirm: e.local, leave_forward_to: '' })).status, 303);
	// The site's own administrator may reset them on the site's page only.
	assert.equal((await (await admin(s, 'site.example')).get(
	    `/admin/${DENTSU}/accounts/${more.kagaku.local}/reset`)).status, 404);
});

test('an old log-in has to prove the password at each sensitive save',
    async () => {
	const d = await newDomain(s), b = await d.open();
	const a = await newAccount(s, { domain: d.name });
	const who = `postmaster@${d.name}`, p = goodPassword();
	const acc = `${d.path}/accounts/${a.local}`;

	await mustTool(s, ['forward', 'add', `fw@${d.name}`, a.address]);
	const ways = {
		create: (x) => b.submit(`${d.path}/accounts/new`,
		    { account: 'proved', ...x }),
		password: (x) => b.submit(acc, { new_password: p,
			new_password_again: p, ...x }),
		routing: (x) => b.submit(acc, { routing: 'forward',
			forward_to: 'x@outside.example', ...x }),
		reset: (x) => b.submit(`${acc}/reset`, x),
		bulk: (x) => bulk(s, b, d.name, 'reset', [a.address], x),
		'forward new': (x) => b.submit(`${d.path}/forwards/new`,
		    { name: 'proved-fw', targets: 'z@outside.example', ...x }),
		forward: (x) => b.submit(`${d.path}/forwards/fw`,
		    { targets: 'y@outside.example', ...x }),
		import: (x) => sendFile(b, d.name, 'apply',
		    csv([{ account: 'proved-csv' }]), x),
		'delete forward': (x) => b.submit(`${d.path}/forwards/fw/delete`,
		    { confirm: 'fw', ...x }),
		delete: (x) => b.submit(`${acc}/delete`, { confirm: a.local,
			leave_forward_to: '', ...x })
	};
	for (const [name, way] of Object.entries(ways)) {
		await age(s, who, 700);
		await unchanged(s, async () => {
			for (const x of [{}, { current_password: '' },
			    { current_password: 'Wrong-Password-1' },
			    // Not the one of whom it is done to.
			    { current_password: a.password }]) {
				const r = await way(x);
				assert.equal(r.status, 422, `${name}: ${why(r)}`);
				assert.ok(r.page.message('current_password')
				    .length > 5, name);
				assert.ok(!r.body.includes(a.password), name);
				assert.equal(slips(r.page).length, 0, name);
			}
		});
		await s.calm();
		const r = await way({ current_password: d.password });
		assert.ok([200, 303].includes(r.status), `${name}: ${why(r)}`);
		assert.ok(r.status === 303 || slips(r.page).length === 1, name);
	}
	// Proved once, it is not asked for a while.
	const fresh = await b.get(`${d.path}/accounts/new`);
	assert.equal(fresh.page.control('current_password'), undefined);
	// Guessing is slowed, and then the right one is not looked at either.
	await age(s, who, 700);
	let r;
	for (let i = 0; i < 8; i++)
		r = await b.submit(`${d.path}/accounts/new`, { account: 'guess',
			current_password: `Wrong-Password-${i}` });
	assert.equal(r.status, 429);
	assert.ok(Number(r.headers['retry-after']) > 0);
	r = await unchanged(s, () => b.submit(`${d.path}/accounts/new`,
	    { account: 'guess', current_password: d.password }));
	assert.equal(r.status, 429);
	await s.calm();
});

test('C31 an administrator whose domain is switched off is out', async () => {
	const d = await newDomain(s), b = await d.open();
	const token = (await b.get(`${d.path}/accounts/new`)).page.csrf;

	await mustTool(s, ['domain', 'set', d.name, '--disable']);
	const r = await unchanged(s, () => b.post(`${d.path}/accounts/new`,
	    { csrf: token, account: 'late', real_name: '', quota_mb: '',
		new_password: '', new_password_again: '' }));
	assert.equal(r.status, 303);
	assert.match(r.location, /^\/login/);
	assert.equal(await popAccepts(s, `postmaster@${d.name}`, d.password),
	    false);
	await mustTool(s, ['domain', 'set', d.name, '--enable']);
	assert.equal((await (await d.open()).get(d.path)).status, 200);
});

test('a body of the wrong kind or size is refused at each POST', async () => {
	const b = await admin(s).then(withToken);
	const site = await admin(s, 'site.example').then(withToken);
	const big = (r) => 'x'.repeat(/RT_LONG/.test(r.flags) ? 1100000 : 70000);

	await unchanged(s, async () => {
		for (const r of routes.filter((x) => x.method === 'POST' &&
		    x.path !== '/login' && x.path !== '/logout')) {
			const who = r.need === 'NEED_SITE' ? site : b;
			const name = examples[r.key].name;
			const path = fill(r, DENTSU,
			    name?.replace(/-(fw-)?delete$|-reset$/, '') === 'walk' ?
			    (r.path.includes('forwards') ? 'walk-fw' : 'walk') :
			    name);
			const json = await who.post(path, '{}', { headers:
				{ 'Content-Type': 'application/json' } });
			assert.equal(json.status, 415, `${r.key}: ${json.status}`);
			const m = multipart({ csrf: who.csrf }, []);
			if (examples[r.key].file === undefined)
				assert.equal((await who.post(path, '', {
					body: m.body, headers:
					{ 'Content-Type': m.type } })).status, 415,
				    r.key);
			assert.equal((await who.post(path, { csrf: who.csrf,
				real_name: big(r) })).status, 413, r.key);
			assert.equal((await who.post(path,
			    `csrf=${who.csrf}&a=%zz`)).status, 400, r.key);
		}
	});
});
