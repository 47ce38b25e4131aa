// A raw SMTP client that tells the code of each reply.

import net from 'node:net';

class Talk {
	constructor(sock) {
		this.sock = sock;
		this.buf = '';
		sock.setEncoding('utf8');
		sock.setTimeout(90000, () => sock.destroy(
		    new Error('SMTP: no answer in 90 s')));
		sock.on('data', (s) => {
			this.buf += s;
			this.feed();
		});
		sock.on('error', (err) => this.fail?.(err));
		sock.on('close', () => this.fail?.(new Error('SMTP: closed')));
	}
	feed() {
		const m = /^(?:\d{3}-[^\n]*\n)*(\d{3}) ([^\n]*)\n/.exec(this.buf);

		if (m === null || !this.done)
			return;
		const text = this.buf.slice(0, m[0].length).trim();
		const done = this.done;

		this.buf = this.buf.slice(m[0].length);
		this.done = this.fail = null;
		done({ code: Number(m[1]), text });
	}
	reply() {
		return new Promise((done, fail) => {
			this.done = done;
			this.fail = fail;
			this.feed();
		});
	}
	cmd(text) {
		this.sock.write(`${text}\r\n`);
		return this.reply();
	}
}

// Sends one message.  Result: { mail, rcpt: { address: reply }, data }.
// `declare`: put SIZE= into MAIL FROM.  `bytes`: how large to make it.
// `from`: the From of its header.
export async function smtp(stack, to, { sender = 'sender@outside.example',
    from = sender, text, subject = 'test', bytes = 0, declare = false } = {}) {
	const list = Array.isArray(to) ? to : [to];
	const sock = net.connect({ host: '127.0.0.1', port: stack.smtpPort });
	const talk = new Talk(sock);
	const out = { rcpt: {} };
	let body = `From: <${from}>\r\nTo: <${list[0]}>\r\n` +
	    `Subject: ${subject}\r\n\r\n${text ?? subject}\r\n`;

	while (body.length < bytes)
		body += `${'0123456789'.repeat(7)}\r\n`;
	try {
		out.hello = await talk.reply();
		await talk.cmd('EHLO client.outside.example');
		out.mail = await talk.cmd(`MAIL FROM:<${sender}>` +
		    (declare ? ` SIZE=${body.length}` : ''));
		for (const a of list)
			out.rcpt[a] = await talk.cmd(`RCPT TO:<${a}>`);
		if (Object.values(out.rcpt).some((r) => r.code < 300)) {
			out.data = await talk.cmd('DATA');
			if (out.data.code === 354)
				out.data = await talk.cmd(
				    `${body.replace(/\r\n\./g, '\r\n..')}.`);
		}
		await talk.cmd('QUIT').catch(() => {});
	} finally {
		sock.destroy();
	}
	return out;
}
