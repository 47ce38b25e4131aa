// A tiny browser without a screen: cookies, forms, no redirect that is not
// asked for.  It comes from any loopback address (`from`), because campus is a
// range of addresses.

import https from 'node:https';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Page } from './html.mjs';

export function encode(fields) {
	const list = Array.isArray(fields) ? fields : Object.entries(fields);

	return list.filter(([, v]) => v !== null && v !== undefined)
	    .map(([k, v]) => `${encodeURIComponent(k)}=` +
	    `${encodeURIComponent(v).replace(/%20/g, '+')}`).join('&');
}

// The same as multipart/form-data, with files: { field, name, bytes, type }.
export function multipart(fields, files = [], boundary =
    `----boundary${randomBytes(12).toString('hex')}`) {
	const pieces = [];
	const quoted = (t) => t.replace(/"/g, '%22').replace(/\r/g, '%0D')
	    .replace(/\n/g, '%0A');
	const part = (head, bytes) => pieces.push(
	    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; ` +
	    `${head}\r\n\r\n`), Buffer.from(bytes), Buffer.from('\r\n'));

	for (const [k, v] of Object.entries(fields))
		if (v !== null && v !== undefined)
			part(`name="${quoted(k)}"`, String(v));
	for (const f of files)
		part(`name="${quoted(f.field ?? 'file')}"; filename="` +
		    `${quoted(f.name ?? 'accounts.csv')}"\r\n` +
		    `Content-Type: ${f.type ?? 'text/csv'}`, f.bytes);
	pieces.push(Buffer.from(`--${boundary}--\r\n`));
	return { body: Buffer.concat(pieces),
		type: `multipart/form-data; boundary=${boundary}` };
}

export class Browser {
	constructor(stack, { from = '127.0.0.1', lang = 'en' } = {}) {
		this.stack = stack;
		this.url = new URL(stack.url);
		this.from = from;
		this.lang = lang;
		this.cookies = new Map();
	}

	// One request, one answer.  `headers` with null take one away.
	request(method, path, { body, headers = {}, from = this.from } = {}) {
		const h = {
			Host: this.url.host,
			'Accept-Language': this.lang,
			Connection: 'close',
			...headers
		};
		if (this.cookies.size > 0 && h.Cookie === undefined)
			h.Cookie = [...this.cookies]
			    .map(([k, v]) => `${k}=${v}`).join('; ');
		if (body !== undefined && h['Content-Length'] === undefined)
			h['Content-Length'] = Buffer.byteLength(body);
		for (const k of Object.keys(h))
			if (h[k] === null || h[k] === undefined)
				delete h[k];
		return new Promise((done, fail) => {
			const t0 = performance.now();
			const req = https.request({
				host: '127.0.0.1',
				port: this.url.port,
				servername: 'localhost',
				ca: this.stack.ca,
				agent: false,
				localAddress: from,
				setHost: false,
				timeout: 60000,
				method,
				path,
				headers: h
			}, (res) => {
				const chunks = [];

				res.on('data', (c) => chunks.push(c));
				res.on('error', fail);
				res.on('end', () => done(this.answer(res,
				    Buffer.concat(chunks), performance.now() - t0)));
			});
			req.on('timeout', () => req.destroy(
			    new Error(`${method} ${path}: no answer in 60 s`)));
			req.on('error', fail);
			req.end(body);
		});
	}

	answer(res, bytes, ms) {
		const set = res.headers['set-cookie'] ?? [];
		const body = bytes.toString('utf8');
		const status = res.statusCode;
		let page;

		for (const line of set) {
			const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
			if (value === '' || /;\s*max-age=0(;|$)/i.test(line))
				this.cookies.delete(name);
			else
				this.cookies.set(name, value);
		}
		return {
			status, ms, body, setCookie: set, headers: res.headers,
			location: res.headers.location,
			get page() {
				return page ??= new Page(body);
			}
		};
	}

	get(path, opt) {
		return this.request('GET', path, opt);
	}

	// As a browser posts a form: with Origin and Sec-Fetch-Site.
	post(path, fields, { headers = {}, ...opt } = {}) {
		return this.request('POST', path, {
			body: typeof fields === 'string' ? fields : encode(fields),
			headers: {
				'Content-Type': 'application/x-www-form-urlencoded',
				Origin: this.url.origin,
				'Sec-Fetch-Site': 'same-origin',
				...headers
			},
			...opt
		});
	}

	// As a browser posts a form with a file in it.
	upload(path, fields, files, { boundary, type, ...opt } = {}) {
		const m = multipart(fields, files, boundary);

		return this.post(path, '', { ...opt, body: m.body,
			headers: { 'Content-Type': type ?? m.type,
				...opt.headers } });
	}

	// The form that is on the page at `path`, filled in and sent.
	async submit(path, changes = {}, opt = {}) {
		const shown = await this.get(path);

		assert.equal(shown.status, 200,
		    `GET ${path}: ${shown.status} ${shown.location ?? ''}`);
		return this.post(path, { ...shown.page.form(path), ...changes }, opt);
	}

	tryLogin(address, password, opt) {
		const [account, domain] = address.split('@');

		return this.submit('/login', { account, domain, password }, opt);
	}

	async login(address, password) {
		const r = await this.tryLogin(address, password);

		assert.equal(r.status, 303, `log-in of ${address}: ${r.status} ` +
		    `${r.status < 500 ? r.page.words.slice(0, 300) : ''}`);
		assert.equal(r.location, '/account');
		return this;
	}

	// Changes on /account; must be taken.
	async save(changes) {
		const r = await this.submit('/account', changes);

		assert.equal(r.status, 303, `save ${JSON.stringify(changes)}: ` +
		    `${r.status} ${r.status === 303 ? '' :
		    r.page.invalid.map((n) => `${n}: ${r.page.message(n)}`)}`);
		assert.match(r.location, /^\/account\?saved=[012]$/);
		return r;
	}

	async account() {
		const r = await this.get('/account');

		assert.equal(r.status, 200);
		return r.page;
	}
}
