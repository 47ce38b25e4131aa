// The databases, looked at from outside with sqlite3(1).

import { spawn } from 'node:child_process';
import assert from 'node:assert/strict';
import { must } from './run.mjs';
import { until } from './until.mjs';

// Rows as text, columns separated by |.
export async function sql(db, text) {
	const r = await must('sqlite3', ['-bail', '-cmd', '.timeout 20000',
	    '-cmd', 'PRAGMA foreign_keys=ON;', '-batch', '-noheader', db],
	    { input: `${text};\n` });

	return r.stdout.split('\n').slice(0, -1);
}

// The whole user database as text: two of these are equal or not.  But for
// list_leaver, which fumibako-lists works off beside every test.
export async function dump(stack) {
	return (await must('sqlite3', ['-cmd', '.timeout 20000', stack.db, '.dump']))
	    .stdout.replace(/^INSERT INTO list_leaver .*\n/gm, '');
}

// Nothing may change while `what` runs.
export async function unchanged(stack, what) {
	const before = await dump(stack);
	const result = await what();

	const now = await dump(stack);
	if (now !== before)
		assert.fail(`users.db has changed:\n${difference(before, now)}`);
	return result;
}

function difference(before, now) {
	// What the index of substrings holds says nothing to a reader.
	const lines = (t) => t.split('\n')
	    .filter((l) => !l.includes('account_search_'));
	const [a, b] = [lines(before), lines(now)];

	return [...a.filter((l) => !b.includes(l)).map((l) => `- ${l}`),
		...b.filter((l) => !a.includes(l)).map((l) => `+ ${l}`)].join('\n');
}

// One column of one account, by address.
export async function row(stack, address, columns) {
	const [l, d] = address.split('@');

	return (await sql(stack.db, `SELECT ${columns} FROM account a
	    WHERE id = (SELECT n.id FROM address n
	    JOIN domain d ON d.id = n.domain_id
	    WHERE n.local_part = '${l}' AND d.name = '${d}')`))[0];
}

export const targets = (stack, address) => {
	const [l, d] = address.split('@');

	return sql(stack.db, `SELECT t.local_part || '@' || t.domain FROM target t
	    JOIN address n ON n.id = t.address_id
	    JOIN domain d ON d.id = n.domain_id
	    WHERE n.local_part = '${l}' AND d.name = '${d}' ORDER BY t.position`);
};

// A process that holds the database with an open write transaction.
export async function hold(db, how = 'IMMEDIATE') {
	const child = spawn('sqlite3', ['-batch', '-cmd', '.timeout 5000', db],
	    { stdio: ['pipe', 'pipe', 'pipe'] });
	let out = '', err = '';

	child.stdout.setEncoding('utf8').on('data', (s) => out += s);
	child.stderr.setEncoding('utf8').on('data', (s) => err += s);
	child.stdin.write(`BEGIN ${how};\nSELECT 'held';\n`);
	await until('sqlite3 holds the lock', () => {
		if (err !== '')
			throw new Error(err);
		return out.includes('held');
	});
	// A test that fails meanwhile must not keep node alive.
	for (const x of [child, child.stdin, child.stdout, child.stderr])
		x.unref();
	return {
		async release() {
			child.ref();
			if (child.exitCode === null) {
				const end = new Promise((r) => child.on('close', r));
				child.stdin.end('ROLLBACK;\n');
				await end;
			}
		}
	};
}

// The same while `what` runs.
export async function held(db, what, how) {
	const lock = await hold(db, how);

	try {
		return await what();
	} finally {
		await lock.release();
	}
}
