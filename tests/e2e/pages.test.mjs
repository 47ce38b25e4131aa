// The pages as people see them, in Chromium: axe-core on each of them in both
// languages, light and dark; keyboard only; 360 px; without JavaScript.
// With SHOTS=1 screenshots of all pages are left in build/shots/.

import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startStack, root } from './lib/stack.mjs';
import { startChromium, profile, judge, proxyFrom, inLanguage, focusIsVisible,
	noFaults } from './lib/chromium.mjs';
import { Browser } from './lib/http.mjs';
import { popMessages } from './lib/pop3.mjs';
import { deliver } from './lib/mail.mjs';
import { newAccount, goodPassword, mustTool } from './lib/tool.mjs';
import { row, sql, hold } from './lib/db.mjs';
import { until } from './lib/until.mjs';

let s, chrome;
before(async () => {
	[s, chrome] = await Promise.all([startStack('pages'), startChromium()]);
});
after(async () => {
	await chrome?.close();
	await s?.stop();
});

const submit = (page, action) => Promise.all([page.waitForNavigation(),
	page.locator(`form[action="${action}"] [type=submit], ` +
	    `form[action="${action}"] button:not([type])`).last().click()]);

async function login(page, a, password = a.password) {
	await page.goto('/login');
	await page.fill('[name=account]', a.local);
	await page.fill('[name=domain]', a.domain);
	await page.fill('[name=password]', password);
	await submit(page, '/login');
}

const age = async (a, column, seconds) => {
	const [id] = await sql(s.db, `SELECT id FROM address
	    WHERE local_part = '${a.local}'`);

	await sql(s.webDb, `UPDATE session SET ${column} =
	    ${Math.floor(Date.now() / 1000) - seconds} WHERE account_id = ${id}`);
};

const choose = (page, routing) =>
    page.check(`[name=routing][value=${routing}]`);

for (const lang of ['ja', 'en']) {
	test(`axe, 360 px, title and language of each page: ${lang}`, async () => {
		const a = await newAccount(s, { local: `look-${lang}`,
			realName: 'Tanaka Hanako', quotaMb: 20 });
		const { page, context, faults } = await profile(chrome, s,
		    inLanguage[lang]);
		const wrong = [];
		const look = async (name) =>
		    wrong.push(...await judge(page, name, lang));
		const go = async (name, path, status = 200) => {
			const r = await page.goto(path);
			assert.equal(r.status(), status, `${name}: ${path}`);
			await look(name);
		};

		await go('login', '/login');
		await login(page, a, 'Wrong-Password-1');
		await look('login-wrong');
		await go('login-over', '/login?over=1');
		await login(page, a);
		await go('account', '/account');
		await go('settings', '/account/settings');
		await go('history-empty', '/account/log');

		// All of it wrong at once.
		await page.goto('/account');
		await page.fill('[name=real_name]', '山田 花子');
		await page.fill('[name=new_password]', 'Password1234!');
		await page.fill('[name=new_password_again]', 'different');
		await choose(page, 'forward');
		await page.fill('[name=forward_to]', 'bob\n|id\nx@outside..example');
		await submit(page, '/account');
		assert.ok(await page.locator('[aria-invalid=true]').count() >= 3);
		await look('account-errors');

		await page.goto('/account');
		await choose(page, 'discard');
		await submit(page, '/account');
		await look('account-discard-unconfirmed');

		await page.goto('/account');
		await choose(page, 'forward');
		await page.fill('[name=forward_to]',
		    'hanako.tanaka@outside.example\nhanako@home.example');
		await page.check('[name=keep_copy]');
		await submit(page, '/account');
		assert.match(page.url(), /saved=[012]/);
		await look('account-saved-forward');

		// Somebody else saves meanwhile.
		await page.goto('/account');
		await new Browser(s).login(a.address, a.password)
		    .then((b) => b.save({ real_name: 'Tanaka H.' }));
		await page.fill('[name=real_name]', 'Tanaka X');
		await submit(page, '/account');
		await look('account-conflict');

		await page.goto('/account');
		await choose(page, 'discard');
		await page.check('[name=confirm_discard]');
		await submit(page, '/account');
		await look('account-discard');
		await choose(page, 'mailbox');
		await page.goto('/account');
		await choose(page, 'mailbox');
		await submit(page, '/account');

		// Usage: some, then nearly full, then full.
		await deliver(s, a.address, { bytes: 900000 });
		await popMessages(s, a.address, a.password);
		await until('usage on the page', async () => {
			await page.goto('/account');
			return /\b[45] ?[%％]/.test(await page.textContent('body'));
		}, { every: 200 });
		await look('account-usage-low');
		await mustTool(s, ['account', 'set', a.address, '--quota-mb', '1']);
		await until('usage on the page', async () => {
			await page.goto('/account');
			return /8\d ?[%％]/.test(await page.textContent('body'));
		}, { every: 200 });
		await look('account-usage-warn');
		await deliver(s, a.address, { bytes: 200000 });
		await until('usage on the page', async () => {
			await page.goto('/account');
			return /100 ?[%％]/.test(await page.textContent('body'));
		}, { every: 200 });
		await look('account-usage-full');

		await age(a, 'authenticated_at', 601);
		await go('account-reauth', '/account');
		await page.fill('[name=current_password]', 'Wrong-Password-1');
		await choose(page, 'forward');
		await page.fill('[name=forward_to]', 'x@outside.example');
		await submit(page, '/account');
		await look('account-reauth-wrong');

		await go('history', '/account/log');
		await go('error-404', '/nothing', 404);
		await page.goto('/account');
		await page.evaluate(() => {
			for (const e of document.getElementsByName('csrf'))
				e.value = 'forged';
		});
		await submit(page, '/account');
		await look('error-403-csrf');

		// The database is locked.
		await page.goto('/account');
		await page.fill('[name=real_name]', 'Locked Out');
		const lock = await hold(s.db);
		await submit(page, '/account');
		await lock.release();
		await look('error-503');

		await page.goto('/account');
		await submit(page, '/logout');
		assert.match(page.url(), /\/login\?out=1$/);
		await look('login-out');

		for (let i = 0; i < 7; i++)
			await login(page, a, `Wrong-Password-${i}`);
		await look('login-throttled');
		await s.calm();

		await go('error-413', '/login');
		await page.evaluate(() => {
			const e = document.querySelector('[name=account]');
			e.removeAttribute('maxlength');
			e.value = 'x'.repeat(200000);
		});
		await submit(page, '/login');
		wrong.push(...(await judge(page, 'error-413', lang))
		    // nginx answers this one itself, in both languages at once.
		    .filter((w) => !/html lang is/.test(w)));

		const b = await newAccount(s, { local: `first-${lang}`,
			initial: true });
		await login(page, b);
		await look('account-initial');
		await submit(page, '/account');
		await look('account-initial-error');

		await context.close();
		noFaults(faults);
		assert.deepEqual(wrong, []);
	});

	test(`off campus in Chromium: ${lang}`, async () => {
		const proxy = await proxyFrom('127.0.0.9');
		const { page, context } = await profile(chrome, s,
		    { ...inLanguage[lang], proxy: { server: proxy.url } });
		const r = await page.goto('/login');

		assert.equal(r.status(), 403);
		assert.match(await page.textContent('body'), /VPN/);
		const wrong = await judge(page, 'error-403-network', lang);
		await context.close();
		proxy.close();
		assert.deepEqual(wrong, []);
	});
}

test('the page of a pool without workers (busy.html)', async () => {
	const { page, context } = await profile(chrome, s);

	// As nginx sends it; robustness.test.mjs sees that it does.
	await page.route('**/nobody-answers', (r) => r.fulfill({ status: 503,
		contentType: 'text/html; charset=utf-8',
		path: `${root}/static/busy.html` }));
	await page.goto('/nobody-answers');
	const lang = await page.evaluate(() => document.documentElement.lang);
	assert.match(lang, /^(ja|en)$/);
	const wrong = await judge(page, 'error-503-busy', lang);
	await context.close();
	assert.deepEqual(wrong, []);
});

test('200 % text and a 320 px wide window do not scroll sideways', async () => {
	const a = await newAccount(s, { local:
		'a-very-long-local-part-that-goes-on-and-on-and-on-for-a-while' });
	const { page, context } = await profile(chrome, s,
	    { ...inLanguage.en, viewport: { width: 320, height: 640 } });

	await login(page, a);
	for (const path of ['/account', '/account/settings', '/account/log']) {
		await page.goto(path);
		const [scroll, client] = await page.evaluate(() =>
		    [document.scrollingElement.scrollWidth,
			document.documentElement.clientWidth]);
		assert.ok(scroll <= client, `${path}: ${scroll} > ${client}`);
	}
	await context.close();
});

// Presses Tab until `test` holds for the focused element.
async function tabTo(page, what, look) {
	for (let i = 0; i < 60; i++) {
		const there = await page.evaluate(look);
		if (there)
			return;
		await page.keyboard.press('Tab');
		const on = await page.evaluate(() =>
		    document.activeElement !== document.body);
		if (on)
			assert.ok(await focusIsVisible(page), `focus is not visible on ` +
			    await page.evaluate(() => document.activeElement.outerHTML
				.slice(0, 120)));
	}
	assert.fail(`Tab does not reach ${what}`);
}

for (const colorScheme of ['light', 'dark'])
	test(`keyboard only: log in, save, log out (${colorScheme})`, async () => {
		const a = await newAccount(s);
		const { page, context, faults } = await profile(chrome, s,
		    { ...inLanguage.ja, colorScheme });
		const key = (k) => page.keyboard.press(k);
		const type = (t) => page.keyboard.type(t);
		const on = (name) => `document.activeElement.name === '${name}'`;
		const isSubmit = (action) => `document.activeElement.form
		    ?.getAttribute('action') === '${action}' &&
		    document.activeElement.type === 'submit'`;
		const enter = () => Promise.all([page.waitForNavigation(),
			key('Enter')]);

		await page.goto('/login');
		await tabTo(page, 'account', on('account'));
		await type(a.local);
		await tabTo(page, 'domain', on('domain'));
		await type(a.domain);
		await tabTo(page, 'password', on('password'));
		await type(a.password);
		await tabTo(page, 'the log-in button', isSubmit('/login'));
		await enter();
		assert.match(page.url(), /\/account$/);

		await tabTo(page, 'real name', on('real_name'));
		await type('Keyboard Only');
		await tabTo(page, 'new password', on('new_password'));
		const chosen = goodPassword();
		await type(chosen);
		await tabTo(page, 'again', on('new_password_again'));
		await type(chosen);
		await tabTo(page, 'routing', on('routing'));
		for (let i = 0; i < 6 && !await page.isChecked(
		    '[name=routing][value=forward]'); i++)
			await key('ArrowDown');
		assert.ok(await page.isChecked('[name=routing][value=forward]'));
		await tabTo(page, 'targets', on('forward_to'));
		await type('keys@outside.example');
		await tabTo(page, 'copy', on('keep_copy'));
		await key('Space');
		await tabTo(page, 'the save button', isSubmit('/account'));
		await enter();
		assert.match(page.url(), /saved=[012]$/);
		assert.equal(await row(s, a.address,
		    'real_name, routing, keep_copy'), 'Keyboard Only|forward|1');
		await tabTo(page, 'the log-out button', isSubmit('/logout'));
		await enter();
		assert.match(page.url(), /\/login\?out=1$/);
		await new Browser(s).login(a.address, chosen);
		await context.close();
		noFaults(faults);
	});

test('errors: summary on top, its links go to the fields', async () => {
	const a = await newAccount(s);
	const { page, context } = await profile(chrome, s, inLanguage.en);

	await login(page, a);
	await page.fill('[name=real_name]', '山田');
	await choose(page, 'forward');
	await page.fill('[name=forward_to]', 'bob');
	await submit(page, '/account');
	const links = await page.$$eval('a[href^="#"]', (l) => l.map((x) =>
	    x.getAttribute('href').slice(1)));
	for (const field of ['real_name', 'forward_to']) {
		assert.ok(links.includes(field), `${field} in ${links}`);
		const name = await page.evaluate((id) => {
			const e = document.getElementById(id);
			return e?.name ?? e?.querySelector('[name]')?.name;
		}, field);
		assert.equal(name, field);
	}
	// The first of them stands above the form.
	const [sum, form] = await Promise.all([
		page.locator('a[href="#real_name"]').first().boundingBox(),
		page.locator('[name=real_name]').boundingBox()]);
	assert.ok(sum.y < form.y);
	assert.match(await page.title(), /error|problem|wrong|not saved/i);
	await context.close();
});

test('without JavaScript everything works', async () => {
	const a = await newAccount(s);
	const { page, context, faults } = await profile(chrome, s,
	    { ...inLanguage.ja, javaScriptEnabled: false });

	await login(page, a, 'Wrong-Password-1');
	assert.equal(await page.inputValue('[name=account]'), a.local);
	assert.equal(await page.inputValue('[name=password]'), '');
	await login(page, a);
	assert.match(page.url(), /\/account$/);
	await choose(page, 'discard');
	await submit(page, '/account');
	assert.equal(await page.locator('[name=confirm_discard]')
	    .getAttribute('aria-invalid'), 'true');
	await choose(page, 'forward');
	await page.fill('[name=forward_to]', 'nojs@outside.example');
	await submit(page, '/account');
	assert.match(page.url(), /saved=[012]$/);
	assert.equal(await row(s, a.address, 'routing'), 'forward');
	await submit(page, '/logout');
	assert.match(page.url(), /\/login\?out=1$/);
	await context.close();
	noFaults(faults);
	await s.calm();
});

test('C39 back after log-out shows nothing of the account', async () => {
	const a = await newAccount(s);
	const { page, context } = await profile(chrome, s, inLanguage.en);

	await login(page, a);
	await page.goto('/account/settings');
	await page.goto('/account');
	await page.fill('[name=new_password]', 'Typed-But-Not-Sent-1');
	await page.goto('/account/log');
	await page.goBack();
	assert.equal(await page.inputValue('[name=new_password]'), '');
	await submit(page, '/logout');
	for (let i = 0; i < 3; i++) {
		await page.goBack().catch(() => {});
		const text = await page.textContent('body');
		assert.ok(!text.includes(a.address), page.url());
	}
	await context.close();
});

test('the log-in form remembers nothing of the one before', async () => {
	const a = await newAccount(s);
	const { page, context } = await profile(chrome, s, inLanguage.en);

	await login(page, a, 'Wrong-Password-1');
	assert.equal(await page.inputValue('[name=password]'), '');
	await login(page, a);
	await submit(page, '/logout');
	assert.equal(await page.inputValue('[name=account]'), '');
	assert.equal(await page.inputValue('[name=password]'), '');
	await page.goto('/login');
	assert.equal(await page.inputValue('[name=account]'), '');
	await context.close();
	await s.calm();
});

test('the language link keeps the page and is kept by a cookie', async () => {
	const a = await newAccount(s);
	const { page, context } = await profile(chrome, s, inLanguage.ja);
	const lang = () => page.evaluate(() => document.documentElement.lang);

	await login(page, a);
	for (const path of ['/account', '/account/settings', '/account/log']) {
		await page.goto(`${path}?lang=ja`);
		assert.equal(await lang(), 'ja');
		await page.click('a[href$="lang=en"]');
		assert.equal(await lang(), 'en', path);
		assert.equal(new URL(page.url()).pathname, path);
		await page.goto(path);
		assert.equal(await lang(), 'en', `${path} again`);
		await page.click('a[href$="lang=ja"]');
		assert.equal(await lang(), 'ja');
	}
	await context.close();
});

test('the manual\'s labels, word for word', async () => {
	const a = await newAccount(s);
	const { page, context } = await profile(chrome, s, inLanguage.ja);

	await page.goto('/login');
	const form = (await page.textContent('body')).replace(/\s+/g, ' ');
	for (const w of ['ユーザアカウント', 'ドメイン', 'パスワード'])
		assert.ok(form.includes(w), w);
	await login(page, a);
	const text = (await page.textContent('body')).replace(/\s+/g, ' ');
	for (const w of ['ユーザー情報修正', '実名', '新パスワード',
		'パスワード(再入力)', 'ルーティング',
		'転送及び不在通知設定を無効にする', '削除済み',
		'転送先メールアドレス',
		'転送元アドレスと転送先メールアドレスを有効にする',
		'不在通知設定を有効にする', 'ユーザーを修正',
		'メールクライアントの設定'])
		assert.ok(text.includes(w) || text.includes(w
		    .replace('(', '（').replace(')', '）')), w);
	assert.match(text, /Log Out|ログアウト/);
	const vacation = page.locator('input[type=radio]:disabled');
	assert.equal(await vacation.count(), 1);
	// One page, one button.
	assert.equal(await page.locator('form[action="/account"] ' +
	    '[type=submit]').count(), 1);
	await context.close();
});

test('the rules stand beside the fields before anyone types', async () => {
	const a = await newAccount(s, { initial: true });
	const { page, context } = await profile(chrome, s, inLanguage.en);

	await login(page, a);
	assert.equal(await page.locator('[aria-invalid=true]').count(), 0);
	const hint = await page.evaluate(() => document
	    .querySelector('[name=new_password]').getAttribute('aria-describedby')
	    .split(' ').map((id) => document.getElementById(id).textContent)
	    .join(' '));
	assert.match(hint, /12/);
	assert.match(hint, /symbol/i);
	await context.close();
});
