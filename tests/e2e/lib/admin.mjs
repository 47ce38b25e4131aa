// What the tests of the administrators' pages share: who does it, forms, the
// papers with initial passwords, CSV files.

import assert from 'node:assert/strict';
import { Browser } from './http.mjs';
import { mustTool } from './tool.mjs';
import { sql, row } from './db.mjs';

export const DENTSU = 'dentsu.example';
export const KAGAKU = 'kagaku.example';

const logins = {
	[DENTSU]: 'POSTMASTER', [KAGAKU]: 'KAGAKU', 'site.example': 'SITE'
};

// The demo's administrator of a domain, logged in.
export const admin = (s, domain = DENTSU, opt) =>
    new Browser(s, opt).login(`postmaster@${domain}`,
    s.password(logins[domain]));

let serial = 0;

// A domain of its own for a test, whose postmaster has chosen a password.
export async function newDomain(s, { name = `dom${++serial}.example`,
    more = [] } = {}) {
	await mustTool(s, ['domain', 'add', name, '--pop-host', 'post-9', ...more]);
	const password = `Z7#Postmaster${serial}-${process.pid}Qx`;
	await mustTool(s, ['account', 'passwd', `postmaster@${name}`, '--stdin'],
	    { input: `${password}\n` });
	return { name, password, path: `/admin/${name}`,
		open: (opt) => new Browser(s, opt)
		    .login(`postmaster@${name}`, password) };
}

// The papers on a page: [{ address, password, name, text }].
export const slips = (page) => page.root.all('article').map((n) => {
	const copies = n.all('dd').filter(
	    (d) => (d.attr.class ?? '').split(' ').includes('copy'));

	return {
		address: copies[0].words,
		password: n.find((x) => (x.attr.class ?? '').split(' ')
		    .includes('secret')).text,
		name: n.find((x) => x.attr.class === 'person')?.words ?? '',
		text: n.words
	};
});

// An answer that shows initial passwords: it must not be kept anywhere.
export function papers(r, n) {
	assert.equal(r.status, 200, r.status < 500 ? why(r) : '');
	assert.match(r.headers['cache-control'], /no-store/);
	const all = slips(r.page);

	assert.equal(all.length, n);
	for (const slip of all)
		looksInitial(slip.password);
	return all;
}

// 16 characters without look-alikes, each class among them.
export function looksInitial(p) {
	assert.equal(p.length, 16, 'length');
	for (const one of [/[A-Z]/, /[a-z]/, /[0-9]/, /[^A-Za-z0-9]/])
		assert.match(p.replace(/./g, (c) => one.test(c) ? c : ''), /./,
		    `no ${one}`);
	assert.doesNotMatch(p, /[IOlo01|]/);
	assert.match(p, /^[\x21-\x7e]*$/);
}

// What is wrong with a page, for the message of an assertion.
export const why = (r) => {
	try {
		return `${r.status} ${r.location ?? ''} ${r.page.invalid
		    .map((n) => `${n}: ${r.page.message(n)}`).join('; ')} ` +
		    `${r.page.title}`;
	} catch (err) {
		return `${r.status} ${r.location ?? ''} ${err.message}`;
	}
};

// A save that must be taken; gives the answer.
export async function taken(r, where) {
	const got = await r;

	assert.equal(got.status, 303, why(got));
	if (where !== undefined)
		assert.match(got.location, where);
	return got;
}

// A refusal with a sentence at each of the fields, and at no others.
export function refusedAt(r, status, ...fields) {
	assert.equal(r.status, status, why(r));
	for (const f of fields)
		assert.ok(r.page.message(f).length > 5, f);
	assert.deepEqual([...r.page.invalid].sort(), [...fields].sort());
	return r;
}

// The sentences of the summary on top of a page.
export const summary = (page) => page.root.all('div').find(
    (n) => n.attr.role === 'alert')?.words ?? '';

// The addresses in a list, in its order.
export const listed = (page) => page.root.all('tr').map((tr) =>
    tr.all('th').find((n) => n.attr.scope === 'row'))
    .filter(Boolean).map((n) => n.all('a')[0]?.words ?? n.words);

// The row of one account in the list, as read.
export const listRow = (page, address) => page.root.all('tr').find((tr) =>
    tr.all('th').some((n) => n.attr.scope === 'row' &&
    n.all('a')[0]?.words === address))?.words;

export const link = (page, rel) => page.root.all('nav')
    .flatMap((n) => n.all('a')).find((a) => a.attr.rel === rel)?.attr.href;

// Every row of a list, page after page.
export async function everyPage(b, path, rel = 'next', max = 50) {
	const all = [];

	for (let at = path; at !== undefined; max--) {
		assert.ok(max > 0, 'the pages do not end');
		const r = await b.get(at);
		assert.equal(r.status, 200, at);
		all.push(listed(r.page));
		at = link(r.page, rel);
	}
	return all;
}

// Ticked rows, as the list sends them.
export async function ticks(s, ...addresses) {
	const out = {};

	for (const a of addresses)
		out[`id-${await row(s, a, 'a.id')}`] = 'on';
	return out;
}

// The two steps of a bulk action; the second one's answer.
export async function bulk(s, b, domain, action, addresses, more = {}) {
	const path = `/admin/${domain}/accounts`;
	const list = await b.get(path);
	const first = await b.post(path, { csrf: list.page.csrf, action,
		...await ticks(s, ...addresses) });

	assert.equal(first.status, 200, why(first));
	return b.post(path, { ...first.page.form(path), ...more });
}

// One file of rows (arrays, or objects by column); quoted where needed.
export function csv(rows, { eol = '\r\n', columns, separator = ',' } = {}) {
	const cell = (v) => {
		const t = v === undefined || v === null ? '' : String(v);
		return /[",;\t\r\n]/.test(t) ? `"${t.replace(/"/g, '""')}"` : t;
	};
	const names = columns ?? (Array.isArray(rows[0]) ? null :
	    [...new Set(rows.flatMap(Object.keys))]);
	const lines = names === null ? rows :
	    [names, ...rows.map((r) => names.map((n) => r[n]))];

	return lines.map((l) => l.map(cell).join(separator)).join(eol) + eol;
}

// Reads CSV of RFC 4180: rows of cells.
export function readCsv(text) {
	const rows = [];
	const one = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy;
	let line = [], m;

	while (one.lastIndex < text.length && (m = one.exec(text)) !== null) {
		line.push(m[1]?.replace(/""/g, '"') ?? m[2]);
		if (m[3] !== ',') {
			rows.push(line);
			line = [];
		}
	}
	assert.equal(one.lastIndex, text.length, 'the CSV ends in the middle');
	return rows;
}

// Sends a file to the import page.
export async function sendFile(b, domain, mode, bytes, more = {}, opt = {}) {
	const path = `/admin/${domain}/import`;
	const csrf = (await b.get(path)).page.csrf;

	return b.upload(path, { csrf, mode, ...more },
	    [{ bytes, ...opt.file }], opt);
}

// What a preview says: numbers, and the rows of its tables.
export function plan(page) {
	const dl = page.root.all('dl').find((n) => n.attr.class === 'counts');
	const [fresh, changed, same, refused] = dl === undefined ? [] :
	    dl.all('dd').map((n) => Number(n.words.replace(/\D/g, '')));
	const table = (name) => page.root.all('table').filter((n) =>
	    (n.attr.class ?? '').split(' ').includes(name)).flatMap((n) =>
	    n.all('tbody')[0].all('tr').map((tr) => tr.child
	    .filter((c) => typeof c !== 'string').map((c) => c.words)));

	return { fresh, changed, same, refused, newRows: table('new'),
		changedRows: table('changed'), refusedRows: table('refused') };
}

// The session's log-in is as old as this.
export async function age(s, address, seconds) {
	const id = await row(s, address, 'a.id');

	await sql(s.webDb, `UPDATE session SET authenticated_at =
	    ${Math.floor(Date.now() / 1000) - seconds} WHERE account_id = ${id}`);
}

export const count = async (s, what) => Number((await sql(s.db,
    `SELECT count(*) FROM ${what}`))[0]);
