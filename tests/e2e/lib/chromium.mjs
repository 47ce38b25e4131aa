// Debian's Chromium, and what every page is asked in it.

import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { root } from './stack.mjs';

const require = createRequire(import.meta.url);
const { chromium } = require('playwright-core');
const axe = require('axe-core');

export const shots = path.join(root, 'build/shots');

export function startChromium() {
	fs.mkdirSync(shots, { recursive: true });
	return chromium.launch({
		executablePath: '/usr/bin/chromium',
		args: ['--no-sandbox', '--disable-gpu', '--disable-quic',
			'--no-first-run', '--disable-background-networking',
			'--disable-component-update', '--disable-sync']
	});
}

// A proxy that makes Chromium come from another loopback address.
export function proxyFrom(address) {
	const server = net.createServer((client) => {
		client.on('error', () => {});
		client.once('data', (d) => {
			const m = /^CONNECT [^ :]+:(\d+) /.exec(d.toString('latin1'));
			if (m === null)
				return client.destroy();
			const up = net.connect({ host: '127.0.0.1',
				port: Number(m[1]), localAddress: address }, () => {
				client.write('HTTP/1.1 200 OK\r\n\r\n');
				client.pipe(up).pipe(client);
			});
			up.on('error', () => client.destroy());
		});
	});

	return new Promise((done) => server.listen(0, '127.0.0.1',
	    () => done({ url: `http://127.0.0.1:${server.address().port}`,
		close: () => server.close() })));
}

// A new browser profile on our site.  What must never happen on any page
// (requests elsewhere, errors in the console) is gathered in `faults`.
export async function profile(browser, stack, opt = {}) {
	const context = await browser.newContext({
		baseURL: stack.url,
		ignoreHTTPSErrors: true,
		viewport: { width: 1280, height: 800 },
		...opt
	});
	const page = await context.newPage();
	const faults = [];

	context.setDefaultTimeout(10000);
	page.on('request', (r) => {
		if (new URL(r.url()).origin !== new URL(stack.url).origin)
			faults.push(`request to ${r.url()}`);
	});
	page.on('console', (m) => {
		// A status of 4xx is what many of the tests are about.
		if (m.type() === 'error' &&
		    !/^Failed to load resource: the server responded with a status of (4|503)/
		    .test(m.text()))
			faults.push(`console: ${m.text()}`);
	});
	page.on('pageerror', (err) => faults.push(`script: ${err.message}`));
	page.on('requestfailed', (r) => faults.push(
	    `${r.url()}: ${r.failure()?.errorText}`));
	return { context, page, faults };
}

const tags = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a',
	'wcag21aa', 'wcag22aa', 'best-practice'] };
// All that another colour scheme can make wrong.
const colours = { type: 'rule', values: ['color-contrast',
	'link-in-text-block'] };

async function axeFindings(page, runOnly) {
	const { violations } = await page.evaluate((only) => globalThis.axe.run(
	    document, { runOnly: only, resultTypes: ['violations'] }), runOnly);

	return violations.flatMap((v) => v.nodes.map((n) =>
	    `${v.id}: ${n.target.join(' ')}: ${n.failureSummary
	    .replace(/\s+/g, ' ')}`));
}

// Chromium's own measure of what one could scroll sideways to.
const overflow = (page) => page.evaluate(() => {
	const width = document.documentElement.clientWidth;

	if (document.scrollingElement.scrollWidth <= width)
		return '';
	return [...document.body.querySelectorAll('*')].filter((e) =>
	    e.getBoundingClientRect().right > width + 0.5)
	    .map((e) => `${e.tagName.toLowerCase()}${e.id ? `#${e.id}` : ''}` +
	    `${e.className ? `.${e.className}` : ''}`).slice(0, 5).join(' ') ||
	    'something';
});

// On a busy machine headless Chromium now and then waits for a frame that
// nobody draws; asked again, it draws one.
async function shot(page, name) {
	if (!process.env.SHOTS)
		return;
	const take = () => page.screenshot({ fullPage: true, timeout: 8000,
		path: path.join(shots, `${name}.png`) });

	await take().catch(async () => {
		await page.bringToFront();
		await take();
	});
}

// Looks at the page that is open, in light and dark, wide and narrow; one
// list of everything that is wrong with it.  With SHOTS=1 in the environment
// it leaves screenshots in build/shots.
export async function judge(page, name, lang) {
	const wrong = [];
	const say = (l) => wrong.push(...l.map((x) => `${name} (${lang}) ${x}`));

	// Before axe and the screenshots put things of their own in.
	const facts = await page.evaluate(() => ({
		lang: document.documentElement.lang,
		title: document.title,
		h1: document.querySelectorAll('h1').length,
		scripts: document.scripts.length,
		inline: [...document.querySelectorAll('[style], style')]
		    .map((e) => e.outerHTML.slice(0, 120)),
		viewport: document.querySelector('meta[name=viewport]')?.content ?? ''
	}));
	await page.evaluate(axe.source);
	// Colours have no language: dark is judged in one of them.
	for (const [colorScheme, only] of [['light', tags], ['dark', colours]]
	    .slice(0, lang === 'ja' ? 2 : 1)) {
		await page.emulateMedia({ colorScheme });
		say((await axeFindings(page, only)).map((x) => `${colorScheme}: ${x}`));
		await shot(page, `${name}-${lang}-${colorScheme}`);
	}
	await page.emulateMedia({ colorScheme: 'light' });
	await page.setViewportSize({ width: 360, height: 740 });
	const wide = await overflow(page);
	if (wide !== '')
		say([`360 px: scrolls sideways because of ${wide}`]);
	await shot(page, `${name}-${lang}-360`);
	await page.setViewportSize({ width: 1280, height: 800 });
	if (facts.lang !== lang)
		say([`html lang is ${facts.lang}`]);
	if (facts.title.length < 3)
		say(['no title']);
	if (facts.h1 !== 1)
		say([`${facts.h1} h1`]);
	if (facts.scripts !== 0)
		say([`${facts.scripts} scripts`]);
	say(facts.inline.map((x) => `inline style: ${x}`));
	if (!/width=device-width/.test(facts.viewport) ||
	    /user-scalable=no|maximum-scale/.test(facts.viewport))
		say([`viewport: ${facts.viewport}`]);
	return wrong;
}

export const inLanguage = { ja: { locale: 'ja-JP' }, en: { locale: 'en-GB' } };

// Is there something to see where the keyboard is?
export const focusIsVisible = (page) => page.evaluate(() => {
	const e = document.activeElement;
	const look = () => {
		const c = getComputedStyle(e);
		return [c.outlineStyle === 'none' ? '' :
		    `${c.outlineStyle} ${c.outlineWidth} ${c.outlineColor}`,
		c.boxShadow, c.borderColor, c.backgroundColor,
		c.textDecorationLine].join('|');
	};
	const focused = look();

	e.blur();
	const plain = look();
	e.focus({ focusVisible: true });
	return focused !== plain;
});

export const noFaults = (faults) => assert.deepEqual(faults, []);
