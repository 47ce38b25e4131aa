// The site's pages: domains, their limits and administrators, switched off and
// on again; and the log of a domain.

import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startStack, stopSound } from './lib/stack.mjs';
import { Browser } from './lib/http.mjs';
import { popAccepts, popMessages } from './lib/pop3.mjs';
import { smtp } from './lib/smtp.mjs';
import { deliver, whereIs, stored } from './lib/mail.mjs';
import { tool, mustTool, newAccount, goodPassword } from './lib/tool.mjs';
import { row, sql, targets, unchanged, held } from './lib/db.mjs';
import { until } from './lib/until.mjs';
import { admin, newDomain, papers, slips, taken, refusedAt, summary, csv,
	sendFile, age, count, why, DENTSU, KAGAKU } from './lib/admin.mjs';

const SITE = 'site.example', ME = `postmaster@${SITE}`;
let s, b;
before(async () => {
	s = await startStack('site');
	b = await admin(s, SITE);
});
after(() => stopSound(s));

const at = (d) => `/site/domains/${d}`;
const blank = { pop_host: '', max_accounts: '', max_forwards: '',
	max_lists: '', default_quota_mb: '100', enabled: 'on',
	administrators: '' };
const add = (domain, more = {}, who = b) => who.submit('/site/domains/new',
    { ...blank, domain, ...more });
const save = (domain, more, who = b) => who.submit(at(domain), more);
const refused = async (what, ...fields) => refusedAt(
    await unchanged(s, what), 422, ...fields);
// A new initial password for a domain's postmaster.
const handOut = async (d, more = {}) => b.post(`${at(d)}/postmaster`, {
	...(await b.get(at(d))).page.form(`${at(d)}/postmaster`), ...more });
const settings = (d) => sql(s.db, `SELECT pop_host, enabled, max_accounts,
    max_forwards, max_lists, default_quota_bytes FROM domain
    WHERE name = '${d}'`).then((x) => x[0]);
const admins = (d) => sql(s.db, `SELECT n.local_part || '@' || h.name
    FROM domain_admin a JOIN address n ON n.id = a.account_id
    JOIN domain h ON h.id = n.domain_id JOIN domain d ON d.id = a.domain_id
    WHERE d.name = '${d}' ORDER BY 1`);
let serial = 0;
const fresh = () => `web${++serial}.example`;
// The cells of a table's row on /site.
const onSite = async (d) => (await b.get('/site')).page.root.all('tr')
    .find((tr) => tr.all('a').some((a) => a.words === d))?.words;

test('a new domain: usable at once, as soon as somebody has the password',
    async () => {
	const d = fresh();
	const r = await taken(add(` ${d.toUpperCase()} `, { pop_host: 'post-9',
		max_accounts: '40', max_forwards: '5', max_lists: '0',
		default_quota_mb: '250', administrators: `hanako@${DENTSU}` }),
	    new RegExp(`^${at(d)}\\?added=1$`));
	const shown = await b.get(r.location);

	assert.match(shown.page.words, new RegExp(`${d} is added`));
	const { csrf, domain_version, administrators, ...rest } =
	    shown.page.form(at(d));
	assert.ok(csrf.length > 20 && domain_version !== '');
	assert.deepEqual(rest, { pop_host: 'post-9', max_accounts: '40',
		max_forwards: '5', max_lists: '0', default_quota_mb: '250',
		enabled: 'on' });
	assert.deepEqual(administrators.split('\r\n').sort(),
	    [`hanako@${DENTSU}`, `postmaster@${d}`]);
	assert.equal(await settings(d), `post-9|1|40|5|0|${250 * 1048576}`);
	assert.match(await onSite(d), /post-9/);
	assert.match(await onSite(d), /1 \/ 40/);
	// Nobody knows postmaster's password until one is handed out here.
	const form = shown.page.form(`${at(d)}/postmaster`);
	const [slip] = papers(await b.post(`${at(d)}/postmaster`, form), 1);
	assert.equal(slip.address, `postmaster@${d}`);
	assert.match(slip.text, /post-9\.mail\.example/);
	const again = await unchanged(s, () => b.post(`${at(d)}/postmaster`,
	    form));
	assert.equal(again.status, 409);
	assert.ok(!again.body.includes(slip.password));
	const two = (await b.get(at(d))).page.form(`${at(d)}/postmaster`);
	const both = await Promise.all([1, 2].map(() =>
	    b.post(`${at(d)}/postmaster`, two)));
	assert.deepEqual(both.map((x) => x.status).sort(), [200, 409]);
	const [last] = slips(both.find((x) => x.status === 200).page);

	const pm = await new Browser(s).login(`postmaster@${d}`, last.password);
	assert.equal((await pm.get('/admin')).location, '/account');
	const p = goodPassword();
	await pm.save({ new_password: p, new_password_again: p });
	assert.equal((await pm.get('/admin')).location, `/admin/${d}`);
	const [one] = papers(await pm.submit(`/admin/${d}/accounts/new`,
	    { account: 'one' }), 1);
	assert.equal(await row(s, `one@${d}`, 'quota_bytes'), `${250 * 1048576}`);
	await deliver(s, one.address);
	assert.equal((await popMessages(s, one.address, one.password)).length, 1);
	// The other administrator has it as well, the maker has not.
	const h = await new Browser(s).login(`hanako@${DENTSU}`,
	    s.password('HANAKO'));
	assert.equal((await h.get(`/admin/${d}`)).status, 200);
	assert.equal((await b.get(`/admin/${d}`)).status, 404);
});

test('C11 C13 a new domain: refused names and settings', async () => {
	for (const name of ['', ' ', '@', 'one', 'a b.example', 'a_b.example',
	    '-a.example', 'a-.example', 'a..example', '.example', 'example.',
	    '127.0.0.1', `${'x'.repeat(64)}.example`, `${'x.'.repeat(127)}example`,
	    'bücher.example', '山.example', 'a/b.example', '../x', 'x@y.example',
	    'discard.invalid', 'x.localhost', 'x.local', 'a.onion', '<b>.example',
	    'a,b.example', 'x'.repeat(10000)]) {
		const r = await refused(() => add(name), 'domain');
		assert.equal(r.page.form('/site/domains/new').domain, name);
	}
	for (const name of [DENTSU, DENTSU.toUpperCase(), KAGAKU]) {
		const r = await refused(() => add(name), 'domain');
		assert.match(r.page.message('domain'), /already/);
	}
	const d = fresh();
	for (const field of ['max_accounts', 'max_forwards', 'max_lists'])
		for (const x of ['x', '-1', '1.5', '1e3', '0x1', '１',
			'9223372036854775808', '99999999999999999999', '5 5'])
			await refused(() => add(d, { [field]: x }), field);
	for (const x of ['', '0', '-1', 'x', '1.5', '1048577', '1e3',
	    '9223372036854775808'])
		await refused(() => add(d, { default_quota_mb: x }),
		    'default_quota_mb');
	for (const x of ['a b', 'x/y', '-x', 'post_9', '<b>', 'x'.repeat(300),
	    '山', 'post-9山', 'post-9:995'])
		await refused(() => add(d, { pop_host: x }), 'pop_host');
	for (const x of ['bob', 'nobody@nowhere.example', `nobody@${DENTSU}`,
	    `hanako@${DENTSU} nobody@${DENTSU}`, '|id', '山'])
		await refused(() => add(d, { administrators: x }),
		    'administrators');
	const r = await refused(() => add('a b', { max_accounts: 'x',
		default_quota_mb: '0', pop_host: '<b>', administrators: 'bob' }),
	    'domain', 'max_accounts', 'default_quota_mb', 'pop_host',
	    'administrators');
	assert.equal(r.page.form('/site/domains/new').administrators, 'bob');
	// The longest label; a name of two letters.
	await taken(add(`${'x'.repeat(63)}.example`));
	await taken(add('a.bc'));
});

test('C66 the same domain at the same moment: once', async () => {
	const d = fresh(), csrf = (await b.get('/site/domains/new')).page.csrf;
	const all = await Promise.all(Array.from({ length: 8 }, () =>
	    b.post('/site/domains/new', { csrf, ...blank, domain: d })));

	assert.deepEqual(all.map((r) => r.status).sort(),
	    [303, ...Array(7).fill(422)]);
	assert.deepEqual(await admins(d), [`postmaster@${d}`]);
});

test('change a domain; the web and the tool show the same', async () => {
	const d = await newDomain(s), a = await newAccount(s,
	    { domain: d.name });

	await taken(save(d.name, { pop_host: 'post-7', max_accounts: '9',
		max_forwards: '8', max_lists: '7', default_quota_mb: '6' }),
	    /saved=1$/);
	assert.equal(await settings(d.name), `post-7|1|9|8|7|${6 * 1048576}`);
	const { stdout } = await mustTool(s, ['domain', 'show', d.name,
		'--json']);
	const seen = JSON.parse(stdout);
	assert.equal(seen.pop_host, 'post-7');
	assert.equal(seen.max_accounts, 9);
	assert.equal(seen.default_quota_bytes, 6 * 1048576);
	assert.deepEqual(seen.administrators, [`postmaster@${d.name}`]);
	// People see their new host.
	const u = await new Browser(s).login(a.address, a.password);
	assert.match((await u.get('/account/settings')).page.words,
	    /post-7\.mail\.example/);
	// What is there keeps its quota.
	assert.notEqual(await row(s, a.address, 'quota_bytes'), `${6 * 1048576}`);
	// By the tool, seen on the web.
	await mustTool(s, ['domain', 'set', d.name, '--max-accounts', '',
		'--pop-host', 'post-6']);
	await mustTool(s, ['admin', 'grant', `hanako@${DENTSU}`, d.name]);
	const form = (await b.get(at(d.name))).page.form(at(d.name));
	assert.equal(form.max_accounts, '');
	assert.equal(form.pop_host, 'post-6');
	assert.deepEqual(form.administrators.split('\r\n').sort(),
	    [`hanako@${DENTSU}`, `postmaster@${d.name}`]);
	// Saved as it is: nothing is recorded.
	await unchanged(s, () => taken(b.post(at(d.name), form)));
	// Refused: what is stored stays, what was typed is shown.
	const r = await refused(() => save(d.name, { max_accounts: '-1',
		default_quota_mb: 'x', pop_host: 'a b', administrators: '' }),
	    'max_accounts', 'default_quota_mb', 'pop_host', 'administrators');
	assert.equal(r.page.form(at(d.name)).max_accounts, '-1');
	for (const path of [at('nowhere.example'), at(d.name.toUpperCase()),
	    at('%20'), at(`${d.name}.`)])
		assert.equal((await b.get(path)).status, 404, path);
	// Who did it stands in the domain's log, old and new.
	const log = await sql(s.db, `SELECT actor, what, old_value, new_value
	    FROM history WHERE domain = '${d.name}' AND actor = '${ME}'
	    ORDER BY id`);
	assert.ok(log.some((l) => l === `${ME}|max_accounts||9`), log.join());
	assert.ok(log.some((l) => /\|pop_host\|post-9\|post-7$/.test(l)));
	const page = (await (await d.open()).get(`${d.path}/log`)).page.words;
	assert.match(page, /Limit of accounts changed/);
	assert.ok(page.includes(ME));
});

test('administrators: the whole list; the last one stays', async () => {
	const d = await newDomain(s);
	const [x, y] = [await newAccount(s, { domain: d.name }),
		await newAccount(s)];
	const pm = `postmaster@${d.name}`;

	await taken(save(d.name, { administrators:
		`${x.address.toUpperCase()}, ${y.address}\n${pm}` }));
	assert.deepEqual(await admins(d.name), [x.address, y.address, pm].sort());
	const open = [await d.open(), await new Browser(s).login(x.address,
	    x.password), await new Browser(s).login(y.address, y.password)];
	for (const w of open)
		assert.equal((await w.get(d.path)).status, 200);
	await taken(save(d.name, { administrators: y.address }));
	assert.deepEqual(await admins(d.name), [y.address]);
	for (const [w, status] of [[open[0], 404], [open[1], 404], [open[2],
	    200]])
		assert.equal((await w.get(d.path)).status, status);
	for (const none of ['', ' ', '\n', ',']) {
		const r = await refused(() => save(d.name,
		    { administrators: none }), 'administrators');
		assert.match(r.page.message('administrators'), /at least one/);
	}
	// One of them is not there: nobody is changed.
	await refused(() => save(d.name, { administrators:
		`${y.address}\nnobody@${DENTSU}` }), 'administrators');
	// An account that only forwards, a forward: which is no person.
	await mustTool(s, ['forward', 'add', `fw@${d.name}`, y.address]);
	await refused(() => save(d.name, { administrators: `fw@${d.name}` }),
	    'administrators');
	// The only one cannot be deleted or revoked; the next one frees him.
	assert.equal((await tool(s, ['account', 'delete', y.address])).code, 1);
	assert.equal((await tool(s, ['admin', 'revoke', y.address, d.name])).code,
	    1);
	await taken(save(d.name, { administrators: `${x.address}` }));
	await mustTool(s, ['forward', 'delete', `fw@${d.name}`]);
	await mustTool(s, ['account', 'delete', y.address]);
	const what = (await sql(s.db, `SELECT subject, what FROM history
	    WHERE domain = '${d.name}' AND what LIKE 'admin%'
	    AND actor = '${ME}' ORDER BY id`));
	for (const l of [`${x.address}|admin_granted`, `${pm}|admin_revoked`])
		assert.ok(what.includes(l), `${l} in ${what}`);
});

test('a stale page is not saved: the newer settings are shown', async () => {
	const d = await newDomain(s), c = await admin(s, SITE);
	const form = (await b.get(at(d.name))).page.form(at(d.name));

	await taken(save(d.name, { max_accounts: '12' }, c));
	let r = await unchanged(s, () => b.post(at(d.name),
	    { ...form, pop_host: 'post-4' }));
	assert.equal(r.status, 409, why(r));
	assert.equal(r.page.form(at(d.name)).max_accounts, '12');
	// By the shell, and only who administers it.
	const next = (await b.get(at(d.name))).page.form(at(d.name));
	await mustTool(s, ['admin', 'grant', `hanako@${DENTSU}`, d.name]);
	r = await b.post(at(d.name), { ...next, pop_host: 'post-4' });
	assert.ok(r.status === 409 || (await admins(d.name))
	    .includes(`hanako@${DENTSU}`), 'a right that was given is lost');
	// Accounts that come and go are no change of the settings.
	const last = (await b.get(at(d.name))).page.form(at(d.name));
	await newAccount(s, { domain: d.name });
	await taken(b.post(at(d.name), { ...last, pop_host: 'post-4' }));
	assert.equal((await settings(d.name)).split('|').slice(0, 3).join(),
	    'post-4,1,12');
});

test('two people add and take at the same moment: never none', async () => {
	const d = await newDomain(s), c = await admin(s, SITE);
	const [x, y] = [await newAccount(s), await newAccount(s)];

	for (let i = 0; i < 5; i++) {
		const [f, g] = [(await b.get(at(d.name))).page.form(at(d.name)),
			(await c.get(at(d.name))).page.form(at(d.name))];
		const both = await Promise.all([
			b.post(at(d.name), { ...f, administrators: x.address }),
			c.post(at(d.name), { ...g, administrators: y.address })]);
		for (const r of both)
			assert.ok([303, 409].includes(r.status), why(r));
		assert.ok((await admins(d.name)).length >= 1);
	}
});

test('limits: not by page, import or tool; lowered, nothing is removed',
    async () => {
	const d = await newDomain(s), a = await d.open();

	for (const n of ['a1', 'a2', 'a3'])
		papers(await a.submit(`${d.path}/accounts/new`, { account: n }), 1);
	await taken(save(d.name, { max_accounts: '2', max_forwards: '0' }));
	assert.equal(await count(s, `account WHERE domain_id = (SELECT id FROM
	    domain WHERE name = '${d.name}')`), 4);
	assert.match((await a.get(d.path)).page.words, /4 \/ 2/);
	await unchanged(s, async () => {
		refusedAt(await a.submit(`${d.path}/accounts/new`,
		    { account: 'a4' }), 422, 'account');
		refusedAt(await a.submit(`${d.path}/forwards/new`,
		    { name: 'f1', targets: 'x@outside.example' }), 422, 'name');
		refusedAt(await sendFile(a, d.name, 'apply',
		    csv([{ account: 'a4' }])), 422, 'file');
		assert.equal((await tool(s, ['account', 'add', `a4@${d.name}`]))
		    .code, 1);
		assert.equal((await tool(s, ['forward', 'add', `f1@${d.name}`,
			'x@outside.example'])).code, 1);
		// A domain cannot raise its own.
		for (const path of [d.path, `${d.path}/accounts`,
		    `${d.path}/accounts/a1`])
			await a.post(path, { csrf: (await a.get(
			    `${d.path}/accounts`)).page.csrf, max_accounts: '99' });
		assert.equal((await a.get(at(d.name))).status, 404);
	});
	// What is there can be looked after.
	await taken(a.submit(`${d.path}/accounts/a1`, { real_name: 'Still' }));
	papers(await a.submit(`${d.path}/accounts/a1/reset`), 1);
	await taken(a.submit(`${d.path}/accounts/a2/delete`,
	    { confirm: 'a2', leave_forward_to: '' }));
	await taken(sendFile(a, d.name, 'apply',
	    csv([{ account: 'a1', real_name: 'By File' }])));
	// Exactly as many as allowed.
	await taken(save(d.name, { max_accounts: '5' }));
	const two = csv([{ account: 'b1' }, { account: 'b2' }]);
	papers(await sendFile(a, d.name, 'apply', two), 2);
	const over = await unchanged(s, () => sendFile(a, d.name, 'apply',
	    csv([{ account: 'b3' }])));
	assert.match(over.page.message('file'), /5/);
	await taken(save(d.name, { max_accounts: '' }));
	papers(await a.submit(`${d.path}/accounts/new`, { account: 'b3' }), 1);
	assert.match((await a.get(d.path)).page.words, /no limit/);
});

test('switched off: no web, no POP3s, 550; switched on: all as before',
    async () => {
	const d = await newDomain(s), other = await newAccount(s);
	const a = await newAccount(s, { domain: d.name, realName: 'Off And On' });
	const fw = `fw@${d.name}`;

	await mustTool(s, ['forward', 'add', fw, a.address, 'out@outside.example']);
	await mustTool(s, ['account', 'set', other.address, '--forward-to',
		a.address, '--keep-copy']);
	await deliver(s, a.address);
	const was = await popMessages(s, a.address, a.password);
	const u = await new Browser(s).login(a.address, a.password);
	const form = (await u.account()).form('/account');
	const pm = await d.open();
	const rows = async () => [await row(s, a.address, 'real_name, ' +
	    'password_hash, routing, quota_bytes, a.version, credential'),
	await targets(s, fw), await admins(d.name)].flat().join('\n');
	const before = await rows();

	await taken(save(d.name, { enabled: null }));
	assert.match(await onSite(d.name), /switched off/i);
	// The web: open sessions and new log-ins.
	const late = await unchanged(s, () => u.post('/account',
	    { ...form, real_name: 'Late' }));
	assert.equal(late.status, 303);
	assert.match(late.location, /^\/login/);
	assert.equal((await pm.get(d.path)).status, 303);
	const wrong = await new Browser(s).tryLogin(other.address, 'Wrong-1-pass');
	for (const [x, p] of [[a.address, a.password],
	    [`postmaster@${d.name}`, d.password]]) {
		const r = await new Browser(s).tryLogin(x, p);
		assert.equal(r.status, 401);
		// Not another sentence than for a wrong password.
		assert.equal(summary(r.page), summary(wrong.page));
	}
	await s.calm();
	assert.equal(await popAccepts(s, a.address, a.password), false);
	for (const to of [a.address, fw, `postmaster@${d.name}`,
	    `${a.local}+x@${d.name}`])
		assert.equal((await smtp(s, to)).rcpt[to].code, 550, to);
	// Mail of others that leads there: it is not lost for them.
	const tok = await deliver(s, other.address);
	assert.equal((await stored(s, other.address, tok)).length, 1);
	// Who may forward there now?  Nobody gets a target that is dead.
	const b2 = await admin(s);
	const dead = await b2.submit(`/admin/${DENTSU}/forwards/new`,
	    { name: 'to-off', targets: a.address });
	assert.ok([303, 422].includes(dead.status), why(dead));
	// An administrator from another domain still sees it, and why.
	await mustTool(s, ['admin', 'grant', other.address, d.name]);
	const o = await new Browser(s).login(other.address, other.password);
	const shown = await o.get(d.path);
	if (shown.status === 200)
		assert.match(shown.page.words, /switched off/);
	else
		assert.equal(shown.status, 404);
	await mustTool(s, ['admin', 'revoke', other.address, d.name]);

	await taken(save(d.name, { enabled: 'on' }));
	assert.equal(await rows(), before);
	assert.deepEqual((await popMessages(s, a.address, a.password))
	    .map((m) => m.uid), was.map((m) => m.uid));
	assert.equal((await stored(s, a.address, tok)).length, 0);
	await deliver(s, a.address);
	assert.equal((await popMessages(s, a.address, a.password)).length, 2);
	const t2 = await deliver(s, fw);
	assert.deepEqual(await whereIs(s, t2, a.address),
	    { box: 1, out: ['out@outside.example'] });
	await new Browser(s).login(a.address, a.password);
	assert.equal((await (await d.open()).get(d.path)).status, 200);
	const log = await sql(s.db, `SELECT old_value, new_value FROM history
	    WHERE subject = '${d.name}' AND what = 'domain_enabled' ORDER BY id`);
	assert.deepEqual(log, ['on|off', 'off|on']);
});

test('nobody locks himself out of the site', async () => {
	await refused(() => save(SITE, { enabled: null }), 'enabled');
	assert.equal((await b.get('/site')).status, 200);
	assert.equal(await settings(SITE).then((x) => x.split('|')[1]), '1');
	// Taking one's own right over a domain is no lock-out of the site.
	await taken(save(SITE, { administrators: `hanako@${DENTSU}` }));
	assert.equal((await b.get('/site')).status, 200);
	assert.equal((await b.get(`/admin/${SITE}`)).status, 404);
	await taken(save(SITE, { administrators: ME }));
	assert.equal((await b.get(`/admin/${SITE}`)).status, 200);
	// The site's own postmaster: a reset is one's own affair.
	const r = await handOut(SITE);
	assert.ok([200, 422].includes(r.status), why(r));
	if (r.status === 200)
		await mustTool(s, ['account', 'passwd', ME, '--stdin'],
		    { input: `${s.password('SITE')}\n` });
	b = await admin(s, SITE);
});

test('postmaster with more rights elsewhere: a site administrator may',
    async () => {
	const d = await newDomain(s), e = await newDomain(s);

	await mustTool(s, ['admin', 'grant', `postmaster@${d.name}`, e.name]);
	const p = await d.open();
	const [slip] = papers(await handOut(d.name), 1);
	assert.equal((await p.get('/account')).status, 303);
	await new Browser(s).login(`postmaster@${d.name}`, slip.password);
	const log = (await b.get(at(d.name))).page.words;
	assert.ok(!log.includes(slip.password));
	assert.deepEqual(await sql(s.db, `SELECT actor FROM history
	    WHERE subject = 'postmaster@${d.name}' AND what =
	    'initial_password' ORDER BY id DESC LIMIT 1`), [ME]);
});

test('site pages: an old log-in proves the password', async () => {
	const d = await newDomain(s);
	const name = fresh();
	const ways = [
		(x) => add(name, x), (x) => save(d.name, { pop_host: 'post-3', ...x }),
		(x) => handOut(d.name, x)];

	for (const way of ways) {
		await age(s, ME, 700);
		for (const x of [{}, { current_password: 'Wrong-Password-1' }]) {
			const r = await unchanged(s, () => way(x));
			assert.equal(r.status, 422, why(r));
			assert.ok(r.page.message('current_password').length > 5);
			assert.equal(slips(r.page).length, 0);
		}
		await s.calm();
		const r = await way({ current_password: s.password('SITE') });
		assert.ok([200, 303].includes(r.status), why(r));
	}
});

test('C106 the database is held: 503, nothing half done', async () => {
	const d = await newDomain(s), name = fresh();
	const form = (await b.get(at(d.name))).page.form(at(d.name));

	await held(s.db, async () => {
		for (const r of await Promise.all([add(name),
			b.post(at(d.name), { ...form, pop_host: 'post-2',
				administrators: ME }), handOut(d.name)]))
			assert.equal(r.status, 503, why(r));
		assert.equal((await b.get('/site')).status, 200);
	});
	assert.equal(await settings(name), undefined);
	assert.equal((await settings(d.name)).split('|')[0], 'post-9');
	assert.deepEqual(await admins(d.name), [`postmaster@${d.name}`]);
	await new Browser(s).login(`postmaster@${d.name}`, d.password);
});

test('many domains: each on its row, in order', async () => {
	const names = Array.from({ length: 30 }, (_, i) =>
	    `row${String(i).padStart(2, '0')}.example`);

	for (const n of names)
		await mustTool(s, ['domain', 'add', n]);
	const page = (await b.get('/site')).page;
	const all = page.root.all('th').filter((n) => n.attr.scope === 'row')
	    .map((n) => n.words);
	assert.deepEqual(all, await sql(s.db, 'SELECT name FROM domain ' +
	    'ORDER BY name'));
	// One administrator of many: all of them, and only those.
	const a = await newAccount(s);
	for (const n of names.slice(0, 12))
		await mustTool(s, ['admin', 'grant', a.address, n]);
	const u = await new Browser(s).login(a.address, a.password);
	const mine = (await u.get('/admin')).page.root.all('a')
	    .map((n) => n.attr.href).filter((h) => h.startsWith('/admin/'));
	assert.deepEqual(mine, names.slice(0, 12).map((n) => `/admin/${n}`));
	const one = await u.get(`/admin/${names[3]}`);
	assert.ok(one.page.root.all('a').filter((n) => n.attr.href === '/admin')
	    .length >= 2, 'a link to the other domains');
});

// -- the log -----------------------------------------------------------------

test('log: pages, search; nothing in it can be changed', async () => {
	const d = await newDomain(s), a = await d.open({ from: '127.0.0.2' });
	const x = await newAccount(s, { domain: d.name });

	for (let i = 0; i < 6; i++)
		await Promise.all(Array.from({ length: 20 }, (_, k) =>
		    mustTool(s, ['forward', 'add', `log${i * 20 + k}@${d.name}`,
			`t${i * 20 + k}@outside.example`])));
	await taken(a.submit(`${d.path}/accounts/${x.local}`,
	    { real_name: 'Logged 50 Percent' }));
	const lines = (page) => page.root.all('tbody').flatMap((t) =>
	    t.all('tr').map((tr) => tr.all('td').map((n) => n.words)));
	const rel = (page, name) => page.root.all('a').find(
	    (n) => n.attr.rel === name)?.attr.href;
	const walk = async (q) => {
		const pages = [];
		for (let at = `${d.path}/log?q=${encodeURIComponent(q)}`;
		    at !== undefined;) {
			assert.ok(pages.length < 20);
			const r = await a.get(at);
			assert.equal(r.status, 200, at);
			pages.push(lines(r.page));
			at = rel(r.page, 'next');
		}
		return pages;
	};
	const all = await walk('');
	const total = Number((await sql(s.db, `SELECT count(*) FROM history
	    WHERE domain = '${d.name}'`))[0]);
	assert.ok(total > 120, `${total}`);
	assert.equal(all.flat().length, total);
	assert.equal(all[0].length, 50);
	// Newest first: who, whom, what, old → new, when, from where.
	assert.deepEqual(all[0][0].slice(1), [x.address, 'Real name changed',
		'–', 'Logged 50 Percent', `postmaster@${d.name}`, '127.0.0.2']);
	const last = all.flat().at(-1);
	assert.match(last.join(' '), /Server operator/);
	const year = new Intl.DateTimeFormat('en', { year: 'numeric',
		timeZone: 'Asia/Tokyo' }).format(new Date());
	assert.ok(all[0][0][0].includes(year), all[0][0][0]);
	// And back.
	let r = await a.get(`${d.path}/log`);
	for (let next; (next = rel(r.page, 'next')) !== undefined;)
		r = await a.get(next);
	const back = [lines(r.page)];
	for (let prev; (prev = rel(r.page, 'prev')) !== undefined;) {
		assert.ok(back.length < 20);
		r = await a.get(prev);
		back.unshift(lines(r.page));
	}
	assert.deepEqual(back.flat(), all.flat());

	const find = async (q) => (await walk(q)).flat();
	assert.equal((await find('outside.example')).length, 120);
	assert.equal((await find('T119@OUTSIDE')).length, 1);
	assert.deepEqual((await find('50 Percent'))[0].slice(1, 3),
	    [x.address, 'Real name changed']);
	assert.equal((await find('127.0.0.2')).length, 1);
	assert.equal((await find(x.address)).length >= 2, true);
	for (const q of ['%', '_', "'", '"', '\\', 'hanako@', '<b>'])
		assert.deepEqual(await find(q), [], q);
	assert.match((await a.get(`${d.path}/log?q=zzz`)).page.words,
	    /Show the whole log/);
	for (const q of ['before=0', 'before=-1', 'after=x', 'before=1',
	    'after=99999999999', 'before=9223372036854775808', 'q=%ff',
	    'before=5&after=5', `q=${'x'.repeat(3000)}`])
		assert.ok([200, 400].includes(
		    (await a.get(`${d.path}/log?${q}`)).status), q);
	// Nobody else's lines.
	assert.ok(!(await find('')).some((l) => l.join(' ')
	    .includes(`@${DENTSU}`)));
	// No way to write it: not by the web, not by hand.
	await unchanged(s, async () => {
		const csrf = (await a.get(`${d.path}/accounts/new`)).page.csrf;
		for (const m of ['POST', 'PUT', 'DELETE', 'PATCH'])
			assert.equal((await a.request(m, `${d.path}/log`,
			    { body: `csrf=${csrf}`, headers: { 'Content-Type':
			    'application/x-www-form-urlencoded' } })).status, 405);
		for (const p of ['/log/1', '/log/1/delete', '/log/delete'])
			assert.ok([404, 405].includes((await a.post(d.path + p,
			    { csrf })).status), p);
		await assert.rejects(sql(s.db, 'DELETE FROM history'));
		await assert.rejects(sql(s.db,
		    "UPDATE history SET new_value = 'x'"));
	});
	// The tool tells the same lines, of the domain and of one in it.
	const { stdout } = await mustTool(s, ['log', d.name]);
	assert.equal(stdout.trim().split('\n').length, total);
	assert.match((await mustTool(s, ['log', x.address])).stdout,
	    /Logged 50 Percent/);
	// A person sees the own ones.
	const u = await new Browser(s).login(x.address, x.password);
	assert.match((await u.get('/account/log')).page.words,
	    /Logged 50 Percent/);
	assert.equal((await u.get(`${d.path}/log`)).status, 404);
});
