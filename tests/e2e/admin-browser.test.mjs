// The office's first of April in Chromium, in Japanese: log in, look, create,
// print, import a file that Excel wrote, forward, look at the log.  Without
// JavaScript, on a narrow screen, with the keyboard alone; every page judged
// in both languages.  With SHOTS=1, screenshots are left in
// build/shots/.

import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { startStack } from './lib/stack.mjs';
import { startChromium, profile, judge, inLanguage, focusIsVisible, noFaults }
	from './lib/chromium.mjs';
import { popAccepts, popMessages } from './lib/pop3.mjs';
import { deliver, whereIs } from './lib/mail.mjs';
import { newAccount, mustTool } from './lib/tool.mjs';
import { row } from './lib/db.mjs';
import { cp932 } from './lib/cp932.mjs';
import { until } from './lib/until.mjs';
import { newDomain, csv, looksInitial, age, DENTSU } from './lib/admin.mjs';

let s, chrome;
before(async () => {
	[s, chrome] = await Promise.all([startStack('office'), startChromium()]);
});
after(async () => {
	await chrome?.close();
	await s?.stop();
});

const HOME = `/admin/${DENTSU}`;
const press = (page, what) => Promise.all([page.waitForNavigation(),
	page.locator(what).click()]);
// The button of the form that is sent to `action`.
const submit = (page, action) => press(page,
    `main form[action="${action}"] button[type=submit] >> nth=-1`);
const text = async (page) => (await page.textContent('body'))
    .replace(/\s+/g, ' ');

async function login(page, account, domain, password) {
	await page.goto('/login');
	await page.fill('[name=account]', account);
	await page.fill('[name=domain]', domain);
	await page.fill('[name=password]', password);
	await press(page, 'form[action="/login"] button[type=submit]');
	assert.match(page.url(), /\/account$/);
}

const sideways = (page) => page.evaluate(() =>
    document.scrollingElement.scrollWidth -
    document.documentElement.clientWidth);

// Pages of a PDF, by its own page objects.
const pdfPages = (pdf) => (pdf.toString('latin1')
    .match(/\/Type\s*\/Page\b(?!s)/g) ?? []).length;

test('the first of April: Japanese, no JavaScript, 360 px', async () => {
	const { page, context, faults } = await profile(chrome, s,
	    { ...inLanguage.ja, javaScriptEnabled: false,
		viewport: { width: 360, height: 740 } });
	const fits = async () => assert.ok(await sideways(page) <= 0,
	    `${page.url()} scrolls sideways`);
	const says = async (...words) => {
		const t = await text(page);
		for (const w of words)
			assert.ok(t.includes(w), `${w} on ${page.url()}: ` +
			    t.slice(0, 400));
		await fits();
	};

	await login(page, 'postmaster', DENTSU, s.password('POSTMASTER'));
	await press(page, 'header a[href="/admin"]');
	assert.equal(new URL(page.url()).pathname, HOME);
	// The menu as in the old manuals.
	await says('POPアカウント', '転送アカウント', 'メーリングリスト');
	assert.ok(await page.locator('main svg').count() >= 2);

	// -- one account, and its paper
	await press(page, `main a[href="${HOME}/accounts/new"]`);
	await page.fill('[name=account]', 'Yamada 太郎');
	await page.fill('[name=real_name]', '山田 太郎');
	await submit(page, `${HOME}/accounts/new`);
	assert.equal(await page.locator('[aria-invalid=true]').first()
	    .getAttribute('name'), 'account');
	await fits();
	await page.fill('[name=account]', 'yamada');
	await page.fill('[name=real_name]', 'Taro Yamada');
	await submit(page, `${HOME}/accounts/new`);
	await says('初期パスワード', `yamada@${DENTSU}`, 'post-9.mail.example',
	    'Initial password');
	const password = (await page.textContent('.slip .secret')).trim();
	looksInitial(password);
	// Shown this once: not after a step away and back.
	await press(page, `main a[href="${HOME}/accounts"]`);
	// (Chromium says ERR_CACHE_MISS: the answer was kept nowhere.)
	await page.goBack().catch(() => {});
	assert.ok(!(await text(page)).includes(password), 'after Back');
	await page.goto(`${HOME}/accounts`);
	await says(`yamada@${DENTSU}`, 'Taro Yamada');
	assert.ok(await popAccepts(s, `yamada@${DENTSU}`, password));

	// -- forty students, in the file that Excel in Japan writes
	const rows = Array.from({ length: 40 }, (_, i) => ({
		account: `s26${String(i).padStart(3, '0')}`,
		real_name: `Student ${i}` }));
	const wrong = rows.map((r, i) => i === 4 ?
	    { ...r, real_name: '表 能ソ' } : r);
	const file = (name, list) => ({ name, mimeType: 'text/csv',
		buffer: cp932(csv(list)) });
	await press(page, `header a[href="${HOME}/import"]`);
	await fits();
	await page.setInputFiles('[name=file]', file('名簿.csv', wrong));
	await submit(page, `${HOME}/import`);
	await says('名簿.csv');
	assert.match((await page.textContent('table.refused tbody'))
	    .replace(/\s+/g, ' '), /6 ?real_name/);
	await page.setInputFiles('[name=file]', file('名簿.csv', rows));
	await submit(page, `${HOME}/import`);
	await says('s26000', 's26039');
	assert.equal(await page.locator('table.new tbody tr').count(), 40);
	await press(page, '#apply button[type=submit]');
	assert.equal(await page.locator('.slip').count(), 40);
	await fits();
	const slips = await page.locator('.slip').allTextContents();
	const last = (await page.locator('.slip .secret').nth(39).textContent())
	    .trim();
	assert.ok(slips[39].includes('Student 39'));
	const tok = await deliver(s, `s26039@${DENTSU}`);
	assert.equal((await popMessages(s, `s26039@${DENTSU}`, last))
	    .filter((m) => m.text.includes(tok)).length, 1);

	// -- the list: search, filter, pages
	await press(page, `main a[href="${HOME}/accounts"]`);
	await fits();
	await page.fill('[name=q]', 'Student 3');
	await page.selectOption('[name=filter]', 'initial');
	await press(page, 'form[role=search] button');
	assert.equal(await page.locator('table.rows tbody tr').count(), 11);
	await page.fill('[name=q]', 'nobody-like-this');
	await press(page, 'form[role=search] button');
	await fits();

	// -- edit one
	await page.goto(`${HOME}/accounts?q=s26007`);
	await press(page, `main a:text-is("s26007@${DENTSU}")`);
	await page.fill('[name=real_name]', 'Renamed Seven');
	await page.check('[name=routing][value=forward]');
	await page.fill('[name=forward_to]', 'seven@outside.example');
	await submit(page, `${HOME}/accounts/s26007`);
	assert.match(page.url(), /saved=[12]$/);
	await says('seven@outside.example');
	assert.equal(await row(s, `s26007@${DENTSU}`, 'real_name, routing'),
	    'Renamed Seven|forward');

	// -- reset, delete
	await press(page, `main a[href="${HOME}/accounts/s26007/reset"]`);
	await submit(page, `${HOME}/accounts/s26007/reset`);
	looksInitial((await page.textContent('.slip .secret')).trim());
	await page.goto(`${HOME}/accounts/s26008/delete`);
	await page.fill('[name=confirm]', 'wrong');
	await submit(page, `${HOME}/accounts/s26008/delete`);
	assert.equal(await page.getAttribute('[name=confirm]', 'aria-invalid'),
	    'true');
	await fits();
	await page.fill('[name=confirm]', 's26008');
	await submit(page, `${HOME}/accounts/s26008/delete`);
	assert.match(page.url(), /deleted=1/);

	// -- a forwarding account
	await press(page, `header a[href="${HOME}/forwards"]`);
	await press(page, `main a[href="${HOME}/forwards/new"]`);
	await page.fill('[name=name]', 'class26');
	await page.fill('[name=targets]', `s26000@${DENTSU}\nclass26@${DENTSU}`);
	await submit(page, `${HOME}/forwards/new`);
	assert.equal(await page.getAttribute('[name=targets]', 'aria-invalid'),
	    'true');
	await page.fill('[name=targets]', `s26000@${DENTSU}\n` +
	    's26001@dentsu.example\nteacher@outside.example');
	await submit(page, `${HOME}/forwards/new`);
	await says(`class26@${DENTSU}`);
	assert.deepEqual((await whereIs(s, await deliver(s, `class26@${DENTSU}`),
	    `s26001@${DENTSU}`)), { box: 1, out: ['teacher@outside.example'] });
	await press(page, `header a[href="${HOME}/forwards"]`);
	await says(`class26@${DENTSU}`);

	// -- who did what
	await press(page, `header a[href="${HOME}/log"]`);
	await says(`class26@${DENTSU}`, `postmaster@${DENTSU}`, '127.0.0.1');
	await page.fill('[name=q]', 'Renamed');
	await press(page, 'form[role=search] button');
	assert.equal(await page.locator('table.changes tbody tr').count(), 1);
	await page.goto(HOME);
	await says('POPアカウント');

	// -- out
	const [download] = await Promise.all([page.waitForEvent('download'),
		page.goto(`${HOME}/import`).then(() =>
		    page.click(`a[href="${HOME}/export.csv"]`))]);
	const out = fs.readFileSync(await download.path(), 'utf8');
	assert.match(download.suggestedFilename(), /\.csv$/);
	assert.ok(out.includes('s26039'));
	await page.goto('/account');
	await press(page, 'form[action="/logout"] button');
	await page.goBack();
	assert.ok(!(await text(page)).includes('s26'));
	await context.close();
	noFaults(faults.filter((f) => !/export\.csv: net::ERR_ABORTED|new: net::ERR_CACHE_MISS/
	    .test(f)));
});

test('notices print on one page of A4 each, in both languages', async () => {
	const d = await newDomain(s, { name: `${'long-department-name-'.repeat(2)}` +
	    'office.example' });
	const { page, context, faults } = await profile(chrome, s, inLanguage.ja);

	await login(page, 'postmaster', d.name, d.password);
	await page.goto(`${d.path}/import`);
	await page.setInputFiles('[name=file]', { name: 'a.csv',
		mimeType: 'text/csv', buffer: Buffer.from(csv([
		{ account: 'short', real_name: '' },
		{ account: 'x'.repeat(64), real_name:
			'W'.repeat(32) + ' ' + 'W'.repeat(31) },
		{ account: 'three', real_name: 'Three' }])) });
	await submit(page, `${d.path}/import`);
	await press(page, '#apply button[type=submit]');
	assert.equal(await page.locator('.slip').count(), 3);
	for (const format of ['A4', 'Letter']) {
		const pdf = await page.pdf({ format });
		assert.equal(pdfPages(pdf), 3, format);
	}
	await page.emulateMedia({ media: 'print' });
	// Nothing but the papers is printed, and on paper there is no screen.
	for (const what of ['header nav', '.screen', 'footer form'])
		for (const e of await page.locator(what).all())
			assert.equal(await e.isVisible(), false, what);
	for (const e of await page.locator('.slip').all()) {
		const t = (await e.textContent()).replace(/\s+/g, ' ');
		for (const w of ['初期パスワード', 'Initial password', '995', '587',
		    'STARTTLS', d.name, new URL(s.url).origin])
			assert.ok(t.includes(w), w);
		// A long address is broken, not cut off.
		assert.equal(await e.evaluate((x) =>
		    x.scrollWidth <= x.clientWidth + 1), true);
	}
	// Dark colours are a matter of screens.
	await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
	const paper = await page.evaluate(() => {
		const c = getComputedStyle(document.querySelector('.slip .secret'));
		return [c.color, getComputedStyle(document.body).backgroundColor];
	});
	const light = (rgb) => {
		const [r, g, b, a = 1] = rgb.match(/[\d.]+/g).map(Number);
		return a === 0 ? 255 : (r + g + b) / 3;
	};
	assert.ok(light(paper[1]) > 200 && light(paper[0]) < 100,
	    `${paper} on paper`);
	await page.emulateMedia({ media: null, colorScheme: null });
	const one = await page.goto(`${d.path}/accounts/short/reset`);
	assert.equal(one.status(), 200);
	await submit(page, `${d.path}/accounts/short/reset`);
	assert.equal(pdfPages(await page.pdf({ format: 'A4' })), 1);
	await context.close();
	noFaults(faults);
});

// Something on each page: usage, papers still out, each routing, a full box.
async function furnish(d) {
	const make = (local, o) => newAccount(s, { local, domain: d.name, ...o });
	const full = await make('full', { quotaMb: 1, realName: 'Kuroda Ryo' });

	await make('fresh', { initial: true, realName: 'Abe Aya' });
	await make('gone');
	await make('a-very-long-local-part-that-goes-on-and-on-for-a-while',
	    { realName: 'A very long real name that goes on and on for a whil' });
	await mustTool(s, ['account', 'set', `gone@${d.name}`, '--routing',
		'discard']);
	await mustTool(s, ['account', 'set', `fresh@${d.name}`, '--forward-to',
		'fresh@outside.example,b@outside.example', '--keep-copy']);
	for (let i = 0; i < 3; i++)
		await deliver(s, full.address, { bytes: 500000 }).catch(() => {});
	await popMessages(s, full.address, full.password);
	await mustTool(s, ['forward', 'add', `fw@${d.name}`, full.address,
		'a@x.example', 'b@x.example', 'c@x.example', 'd@x.example']);
	const file = path.join(s.dir, 'some.csv');
	fs.writeFileSync(file, csv(Array.from({ length: 60 }, (_, i) =>
	    ({ account: `s${i}`, real_name: `Student ${i}` }))));
	await mustTool(s, ['import', d.name, file]);
	await until('usage is known', async () => /Kuroda/.test((await (await
	    d.open()).get(`${d.path}/accounts?filter=full`)).page.words));
}

for (const lang of ['ja', 'en'])
	test(`axe, 360 px, title and language of each page: ${lang}`, async () => {
		const d = await newDomain(s, { name: `look-${lang}.example`,
			more: ['--max-accounts', '100', '--max-forwards', '1'] });
		const { page, context, faults } = await profile(chrome, s,
		    inLanguage[lang]);
		const wrong = [];
		const look = async (name) =>
		    wrong.push(...await judge(page, `admin-${name}`, lang));
		const go = async (name, where, status = 200) => {
			const r = await page.goto(where);
			assert.equal(r.status(), status, `${name}: ${where}`);
			await look(name);
		};
		const send = async (file, name) => {
			await page.goto(`${d.path}/import`);
			await page.setInputFiles('[name=file]', { name: 'a.csv',
				mimeType: 'text/csv', buffer: Buffer.from(file) });
			await submit(page, `${d.path}/import`);
			await look(name);
		};
		const fresh = `${d.path}/accounts/fresh`;

		await login(page, 'postmaster', d.name, d.password);
		await go('empty-overview', d.path);
		await go('empty-accounts', `${d.path}/accounts`);
		await go('empty-forwards', `${d.path}/forwards`);
		await furnish(d);
		await go('overview', d.path);
		await go('accounts', `${d.path}/accounts`);
		await go('accounts-search', `${d.path}/accounts?q=nobody`);
		// No row is ticked.
		await page.goto(`${d.path}/accounts`);
		await press(page, 'button[value=reset]');
		await look('accounts-none-ticked');
		for (const action of ['reset', 'quota', 'delete']) {
			await page.goto(`${d.path}/accounts`);
			await page.locator('table.rows input').nth(1).check();
			await page.locator('table.rows input').nth(2).check();
			await press(page, `button[value=${action}]`);
			await look(`bulk-${action}`);
		}
		await submit(page, `${d.path}/accounts`);
		await look('bulk-delete-unconfirmed');
		await go('account-new', `${d.path}/accounts/new`);
		await page.fill('[name=account]', 'a b');
		await page.fill('[name=real_name]', '山田');
		await page.fill('[name=quota_mb]', 'x');
		await submit(page, `${d.path}/accounts/new`);
		await look('account-new-errors');
		await go('account', fresh);
		await page.fill('[name=real_name]', '山田');
		await page.fill('[name=quota_mb]', '0');
		await submit(page, fresh);
		await look('account-errors');
		await page.goto(fresh);
		await mustTool(s, ['account', 'set', `fresh@${d.name}`,
			'--real-name', 'Newer']);
		await page.fill('[name=real_name]', 'Older');
		await submit(page, fresh);
		await look('account-conflict');
		await go('account-full', `${d.path}/accounts/full`);
		await go('account-reset', `${fresh}/reset`);
		await submit(page, `${fresh}/reset`);
		await look('notice');
		await page.goBack();
		await submit(page, `${fresh}/reset`).catch(() => {});
		await look('account-reset-again');
		await go('account-delete', `${d.path}/accounts/full/delete`);
		await submit(page, `${d.path}/accounts/full/delete`);
		await look('account-delete-errors');
		await go('import', `${d.path}/import`);
		await send(csv([{ account: 'i1', real_name: 'I One' },
		    { account: 's1', real_name: 'Changed', quota_mb: '5' },
		    { account: 's2', real_name: 'Student 2' }]), 'import-preview');
		await send(csv([{ account: 'i1', real_name: '山田',
			forward_to: 'bob' }, { account: 'a b' }]), 'import-refused');
		await send('nothing', 'import-fault');
		await send('account,real_name\ns1,Student 1\n', 'import-same');
		await go('forwards', `${d.path}/forwards`);
		await go('forward', `${d.path}/forwards/fw`);
		await page.fill('[name=targets]', `bob\nfw@${d.name}`);
		await submit(page, `${d.path}/forwards/fw`);
		await look('forward-errors');
		await go('forward-new', `${d.path}/forwards/new`);
		await page.fill('[name=name]', 'one-too-many');
		await page.fill('[name=targets]', 'x@outside.example');
		await submit(page, `${d.path}/forwards/new`);
		await look('forward-limit');
		await go('forward-delete', `${d.path}/forwards/fw/delete`);
		await go('lists-empty', `${d.path}/lists`);
		await go('list-new', `${d.path}/lists/new`);
		await page.fill('[name=name]', 'a b');
		await page.fill('[name=owner]', 'bob');
		await page.fill('[name=footer]', '山田');
		await submit(page, `${d.path}/lists/new`);
		await look('list-new-errors');
		await mustTool(s, ['lists', 'add', `zemi@${d.name}`, '--owner',
			`postmaster@${d.name}`, '--description', 'ゼミ']);
		const zemi = `${d.path}/lists/zemi`;
		await go('members-empty', `${zemi}/members`);
		await page.fill('[name=members]', `bob\nzemi@${d.name}`);
		await submit(page, `${zemi}/members`);
		await look('members-errors');
		await mustTool(s, ['lists', 'join', `zemi@${d.name}`,
			`fresh@${d.name}`, 'a@outside.example']);
		await go('lists', `${d.path}/lists`);
		await go('list', zemi);
		await go('members', `${zemi}/members`);
		await go('list-delete', `${zemi}/delete`);
		await go('log', `${d.path}/log`);
		await go('log-search', `${d.path}/log?q=nothing-like-this`);
		await go('forbidden', `/admin/${DENTSU}`, 404);
		await age(s, `postmaster@${d.name}`, 700);
		await go('reauth', `${fresh}/reset`);
		await submit(page, `${fresh}/reset`);
		await look('reauth-errors');
		await mustTool(s, ['admin', 'grant', `postmaster@${d.name}`,
			'kagaku.example']);
		await go('domains', '/admin');
		await context.close();

		const site = await profile(chrome, s, inLanguage[lang]);
		const p = site.page;
		const lookAt = async (name) =>
		    wrong.push(...await judge(p, name, lang));
		await login(p, 'postmaster', 'site.example', s.password('SITE'));
		for (const [name, where] of [['site', '/site'],
		    ['site-new', '/site/domains/new'],
		    ['site-domain', `/site/domains/${d.name}`]]) {
			assert.equal((await p.goto(where)).status(), 200, where);
			await lookAt(name);
		}
		await p.fill('[name=max_accounts]', 'x');
		await p.fill('[name=administrators]', 'bob');
		await press(p, `form[action="/site/domains/${d.name}"] ` +
		    'button[type=submit]');
		await lookAt('site-domain-errors');
		await site.context.close();
		noFaults(faults);
		noFaults(site.faults);
		assert.deepEqual(wrong, []);
	});

// Presses Tab until `look` holds for the focused element.
async function tabTo(page, what, look, max = 120) {
	for (let i = 0; i < max; i++) {
		if (await page.evaluate(look))
			return;
		await page.keyboard.press('Tab');
		if (await page.evaluate(() =>
		    document.activeElement !== document.body))
			assert.ok(await focusIsVisible(page), 'no focus is seen on ' +
			    await page.evaluate(() => document.activeElement.outerHTML
				.slice(0, 120)));
	}
	assert.fail(`Tab does not reach ${what}`);
}

test('keyboard only: create an account, then a reset of two', async () => {
	const d = await newDomain(s);
	const { page, context, faults } = await profile(chrome, s,
	    inLanguage.ja);
	const on = (name) => `document.activeElement.name === '${name}'`;
	const button = (value) => `document.activeElement.tagName === 'BUTTON' &&
	    document.activeElement.value === '${value}'`;
	const link = (href) =>
	    `document.activeElement.getAttribute('href') === '${href}'`;
	const sends = (action) => `document.activeElement.tagName === 'BUTTON' &&
	    document.activeElement.form?.getAttribute('action') === '${action}'`;
	const enter = () => Promise.all([page.waitForNavigation(),
		page.keyboard.press('Enter')]);

	await newAccount(s, { local: 'one', domain: d.name });
	await login(page, 'postmaster', d.name, d.password);
	await tabTo(page, 'administration', link('/admin'));
	await enter();
	await tabTo(page, 'the list', link(`${d.path}/accounts`));
	await enter();
	await tabTo(page, 'create', link(`${d.path}/accounts/new`));
	await enter();
	await tabTo(page, 'account', on('account'));
	await page.keyboard.type('keys');
	await tabTo(page, 'real name', on('real_name'));
	await page.keyboard.type('Only Keys');
	await tabTo(page, 'the button', sends(`${d.path}/accounts/new`));
	await enter();
	looksInitial((await page.textContent('.slip .secret')).trim());
	await tabTo(page, 'the way on', link(`${d.path}/accounts`));
	await enter();
	const ids = await Promise.all(['keys', 'one'].map((x) =>
	    row(s, `${x}@${d.name}`, 'a.id')));
	for (const id of ids) {
		await tabTo(page, id, on(`id-${id}`));
		await page.keyboard.press('Space');
	}
	await tabTo(page, 'reset', button('reset'));
	await enter();
	await tabTo(page, 'the button', sends(`${d.path}/accounts`));
	await enter();
	assert.equal(await page.locator('.slip').count(), 2);
	for (const p of await page.locator('.slip .secret').allTextContents())
		looksInitial(p.trim());
	await context.close();
	noFaults(faults);
});

test('320 px and 200 % text: no page scrolls sideways', async () => {
	const d = await newDomain(s, { name:
		'a-long-department-of-something.faculty.example' });
	const { page, context } = await profile(chrome, s,
	    { ...inLanguage.en, viewport: { width: 320, height: 640 } });
	const local = 'a-very-long-local-part-that-goes-on-and-on-for-a-while-x';

	await newAccount(s, { local, domain: d.name,
		realName: 'A very long real name that goes on and on for a whil' });
	await mustTool(s, ['forward', 'add', `${local}-fw@${d.name}`,
		`${local}@${d.name}`]);
	await login(page, 'postmaster', d.name, d.password);
	for (const p of ['', '/accounts', '/accounts/new', `/accounts/${local}`,
	    `/accounts/${local}/reset`, `/accounts/${local}/delete`, '/import',
	    '/forwards', '/forwards/new', `/forwards/${local}-fw`,
	    `/forwards/${local}-fw/delete`, '/log']) {
		await page.goto(d.path + p);
		assert.ok(await sideways(page) <= 0, p);
	}
	await context.close();
});
