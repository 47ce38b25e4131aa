// The operator's command line, and accounts for tests made with it.

import { randomBytes } from 'node:crypto';
import assert from 'node:assert/strict';
import { root } from './stack.mjs';
import { run } from './run.mjs';

export function tool(stack, args, opt = {}) {
	return run(`${root}/build/fumibako`, ['-c', stack.conf, ...args], opt);
}

export async function mustTool(stack, args, opt) {
	const r = await tool(stack, args, opt);

	assert.equal(r.code, 0, `fumibako ${args.join(' ')}: exit ${r.code} ` +
	    `${r.stderr}`);
	return r;
}

// Random enough for the policy, with each class, and with nothing that a
// dictionary could know.
export const goodPassword = () =>
    `Z7#${randomBytes(12).toString('base64url')}q`;

let serial = 0;

// A fresh account.  `initial`: it still has the password handed out.
export async function newAccount(stack, { local = `t${++serial}x`,
    domain = 'dentsu.example', initial = false, realName, quotaMb } = {}) {
	const address = `${local}@${domain}`;
	const password = goodPassword();
	const more = [];

	if (realName !== undefined)
		more.push('--real-name', realName);
	if (quotaMb !== undefined)
		more.push('--quota-mb', String(quotaMb));
	await mustTool(stack, ['account', 'add', address, '--stdin', ...more],
	    { input: `${password}\n` });
	if (!initial)
		await setPassword(stack, address, password);
	return { address, password, local, domain };
}

export const setPassword = (stack, address, password, more = []) =>
    mustTool(stack, ['account', 'passwd', address, '--stdin', ...more],
    { input: `${password}\n` });
