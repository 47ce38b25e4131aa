// postsrsd: the envelope sender of what is forwarded is an address of this
// host, and a bounce to it finds its way back.

import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { startStack, isAlive } from './lib/stack.mjs';
import { smtp } from './lib/smtp.mjs';
import { deliver, outbound, stored, queueEmpty, token } from './lib/mail.mjs';
import { mustTool } from './lib/tool.mjs';
import { until } from './lib/until.mjs';

const jiro = 'jiro@dentsu.example', hanako = 'hanako@dentsu.example';
const outside = 'sender@outside.example';
const SRS = /^SRS0=[^=]+=[^=]+=outside\.example=sender@mx\.site\.example$/;

let s;
before(async () => { s = await startStack('srs', { DEMO_SRS: '1' }); });
after(async () => { await s?.stop(); });

const only = (tok) => {
	const all = outbound(s, tok);

	assert.equal(all.length, 1);
	return all[0];
};

test('a forwarded message has a sender of this host', async () => {
	const m = only(await deliver(s, jiro, { sender: outside }));

	assert.match(m.from, SRS);
	assert.deepEqual(m.to, ['jiro@outside.example']);
	// Only the envelope: what people see stays.
	assert.match(m.text, /^From: <sender@outside\.example>/m);
});

test('its bounce goes to the sender, and a forged one nowhere', async () => {
	const to = only(await deliver(s, jiro, { sender: outside })).from;
	const tok = token();
	const r = await smtp(s, to, { sender: '', subject: tok });

	assert.equal(r.data?.code, 250, JSON.stringify(r));
	await queueEmpty(s);
	assert.deepEqual(only(tok).to, [outside]);

	const hash = /^SRS0=(.)/.exec(to)[1];
	const bad = to.replace(/^SRS0=./, `SRS0=${hash === 'A' ? 'B' : 'A'}`);
	const no = await smtp(s, bad, { sender: '' });
	assert.equal(no.rcpt[bad].code, 550, no.rcpt[bad].text);
});

test('senders that are hosted here stay, those of lists too', async () => {
	assert.equal(only(await deliver(s, jiro, { sender: hanako })).from, hanako);
	await mustTool(s, ['lists', 'join', 'zemi@dentsu.example',
		'guest@outside.example']);
	const tok = token();
	await smtp(s, 'zemi@dentsu.example', { sender: hanako, subject: tok });
	const sent = await until('the list has sent it', () => outbound(s, tok)
	    .find((m) => m.to.includes('guest@outside.example')));
	assert.match(sent.from, /^zemi\+bounces-.*@dentsu\.example$/);
});

test('mail into a mailbox arrives; without postsrsd it waits', async () => {
	const tok = await deliver(s, hanako, { sender: outside });

	assert.equal((await stored(s, hanako, tok)).length, 1);
	const [pid] = fs.readFileSync(path.join(s.dir, 'run/daemons/postsrsd'),
	    'utf8').split(' ');
	// Each connection has a process of its own.
	process.kill(-pid, 'SIGTERM');
	await until('it is gone', () => !isAlive(pid));
	const r = await smtp(s, hanako, { sender: outside });
	const reply = [r.mail, r.rcpt[hanako], r.data].find((x) => x.code >= 300);
	assert.ok(reply.code >= 400 && reply.code < 500, reply.text);
});
