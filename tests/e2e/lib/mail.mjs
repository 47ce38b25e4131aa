// Where a message went: mailbox files, the catcher's files, Postfix's queue.

import fs from 'node:fs';
import path from 'node:path';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { until } from './until.mjs';
import { smtp } from './smtp.mjs';
import { sql } from './db.mjs';

export const token = () => `tok${randomBytes(9).toString('hex')}`;

function files(dir) {
	const out = [];
	let list;

	try {
		list = fs.readdirSync(dir, { withFileTypes: true });
	} catch (err) {
		if (err.code === 'ENOENT')
			return [];
		throw err;
	}
	for (const e of list) {
		const p = path.join(dir, e.name);
		if (e.isDirectory())
			out.push(...files(p));
		else if (e.isFile())
			out.push(p);
	}
	return out;
}

const read = (p) => {
	try {
		return fs.readFileSync(p, 'utf8');
	} catch (err) {
		if (err.code === 'ENOENT')
			return '';
		throw err;
	}
};

// Postfix keeps a file for a message until every recipient of it is settled;
// a bounce is queued before the message it tells of is removed.
export function queueEmpty(stack) {
	return until('Postfix queue is empty', () =>
	    ['maildrop', 'incoming', 'active', 'deferred', 'hold'].every((q) =>
	    files(path.join(stack.dir, 'postfix/spool', q)).length === 0),
	    { ms: 30000 });
}

// What left for outside: [{ from, to: [], text }] of the messages with `tok`.
export function outbound(stack, tok) {
	return files(stack.outbound).map(read).filter((s) => s.includes(tok))
	    .map((s) => {
		const to = [];
		let from;

		for (const l of s.split(/\r?\n/)) {
			const m = /^X-Envelope-(From|To): ?<?([^>]*)>?$/.exec(l);
			if (m === null)
				break;
			if (m[1] === 'From')
				from = m[2];
			else
				to.push(m[2]);
		}
		return { from, to, text: s };
	});
}

export const outboundTo = (stack, tok) =>
    outbound(stack, tok).flatMap((m) => m.to).sort();

export async function accountId(stack, address) {
	const [l, d] = address.split('@');
	const rows = await sql(stack.db,
	    `SELECT id FROM mail_account WHERE local_part='${l}' AND domain='${d}'`);

	assert.equal(rows.length, 1, `account ${address}`);
	return rows[0];
}

// Messages stored for an address, by their files.
export async function stored(stack, address, tok = '') {
	const id = await accountId(stack, address);
	const dir = path.join(stack.dir, 'mail', id, 'Maildir');

	return [...files(path.join(dir, 'new')), ...files(path.join(dir, 'cur'))]
	    .map(read).filter((s) => s.includes(tok));
}

// Sends to `to`, which must be accepted with 250, and waits until Postfix has
// settled it.  Gives the token that marks the message.
export async function deliver(stack, to, opt = {}) {
	const tok = token();
	const r = await smtp(stack, to, { subject: tok, ...opt });

	for (const [a, reply] of Object.entries(r.rcpt))
		assert.equal(reply.code, 250, `RCPT ${a}: ${reply.text}`);
	assert.equal(r.data.code, 250, `DATA: ${r.data.text}`);
	await queueEmpty(stack);
	return tok;
}

// Where did the last message go?  { box: n, out: [addresses] }
export async function whereIs(stack, tok, address) {
	return {
		box: (await stored(stack, address, tok)).length,
		out: outboundTo(stack, tok)
	};
}
