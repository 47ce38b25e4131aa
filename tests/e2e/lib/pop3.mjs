// A POP3s client.  Every refused log-in takes Dovecot two seconds.

import tls from 'node:tls';
import assert from 'node:assert/strict';

export class Pop3 {
	static open(stack, { from = '127.0.0.1' } = {}) {
		return new Promise((done, fail) => {
			const sock = tls.connect({
				host: '127.0.0.1',
				port: stack.popPort,
				servername: 'localhost',
				ca: stack.ca,
				localAddress: from
			});
			const me = new Pop3();

			me.sock = sock;
			me.buf = '';
			me.waiting = null;
			sock.setEncoding('latin1');
			sock.setTimeout(30000, () => sock.destroy(
			    new Error('POP3s: no answer in 30 s')));
			sock.on('data', (s) => {
				me.buf += s;
				me.feed();
			});
			sock.on('error', (err) => {
				me.dead = err;
				me.waiting?.fail(err);
				fail(err);
			});
			sock.on('close', () => {
				me.dead ??= new Error('POP3s: connection closed');
				me.waiting?.fail(me.dead);
			});
			me.line().then((l) => l.startsWith('+OK') ? done(me) :
			    fail(new Error(l)), fail);
		});
	}
	feed() {
		const i = this.waiting === null ? -1 :
		    this.buf.indexOf(this.waiting.end);

		if (i < 0)
			return;
		const { end, done } = this.waiting;
		const got = this.buf.slice(0, i);

		this.buf = this.buf.slice(i + end.length);
		this.waiting = null;
		done(got);
	}
	take(end) {
		return new Promise((done, fail) => {
			if (this.dead)
				return fail(this.dead);
			this.waiting = { end, done, fail };
			this.feed();
		});
	}
	line() {
		return this.take('\r\n');
	}
	cmd(text) {
		this.sock.write(`${text}\r\n`);
		return this.line();
	}
	async ok(text) {
		const l = await this.cmd(text);

		assert.match(l, /^\+OK/, text.replace(/^PASS .*/, 'PASS'));
		return l;
	}
	async many(text) {
		await this.ok(text);
		// An empty listing is ".\r\n" alone.
		if (this.buf === '')
			await new Promise((r) => this.sock.once('data', r));
		if (this.buf.startsWith('.\r\n')) {
			this.buf = this.buf.slice(3);
			return [];
		}
		return (await this.take('\r\n.\r\n')).split('\r\n')
		    .map((l) => l.startsWith('..') ? l.slice(1) : l);
	}
	uidl() {
		return this.many('UIDL');
	}
	list() {
		return this.many('LIST');
	}
	async retr(n) {
		return (await this.many(`RETR ${n}`)).join('\r\n');
	}
	async quit() {
		try {
			await this.cmd('QUIT');
		} finally {
			this.sock.destroy();
		}
	}
}

// Is this log-in taken?  The password is sent byte by byte as UTF-8.
export async function popAccepts(stack, user, password, opt) {
	const c = await Pop3.open(stack, opt);
	const bytes = Buffer.from(password, 'utf8').toString('latin1');

	c.sock.setDefaultEncoding('latin1');
	await c.cmd(`USER ${user}`);
	const l = await c.cmd(`PASS ${bytes}`).catch(() => '-ERR closed');
	if (l.startsWith('+OK')) {
		await c.quit();
		return true;
	}
	c.sock.destroy();
	return false;
}

// Everything in the mailbox: [{ uid, text }].
export async function popMessages(stack, user, password, opt) {
	const c = await Pop3.open(stack, opt);

	await c.ok(`USER ${user}`);
	await c.ok(`PASS ${password}`);
	const out = [];
	for (const l of await c.uidl()) {
		const [n, uid] = l.split(' ');
		out.push({ uid, text: await c.retr(n) });
	}
	await c.quit();
	return out;
}
