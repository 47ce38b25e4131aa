// Lists on a running stack: made on the pages, posted to by mail, and what
// came of it.

import assert from 'node:assert/strict';
import path from 'node:path';
import { smtp } from './smtp.mjs';
import { outbound, queueEmpty, token } from './mail.mjs';
import { mustTool } from './tool.mjs';
import { sql } from './db.mjs';
import { until } from './until.mjs';
import { run } from './run.mjs';
import { taken, DENTSU } from './admin.mjs';

// The stack and the browser of the domain's administrator that all of a test
// file's tests use.
export let s, b;
export const use = (stack, browser) => {
	s = stack;
	b = browser;
};

let serial = 0;
export const HOME = `/admin/${DENTSU}/lists`;
export const here = (name, more = '') => `${name}${more}@${DENTSU}`;
export const outside = (x = 'p') => `${x}${++serial}.${token()}@outside.example`;
export const OWNER = here('postmaster');

// A list with these members.
export async function newList(members = [], fields = {}) {
	const name = `ml${++serial}`;

	await taken(b.submit(`${HOME}/new`, { name, owner: OWNER, prefix: '',
		description: 'a test', reply_to: 'sender', ...fields }));
	if (members.length > 0)
		await mustTool(s, ['lists', 'join', here(name), ...members]);
	return name;
}
export const members = async (name) => (await mustTool(s,
    ['lists', 'members', here(name)])).stdout.split('\n').filter(Boolean);
export const idOf = async (name) => (await sql(s.db, `SELECT n.id FROM address n
    JOIN domain d ON d.id = n.domain_id WHERE n.local_part = '${name}' AND
    d.name = '${DENTSU}'`))[0];
export const dirOf = async (name) => path.join(s.dir, 'lists', await idOf(name));

// Posts; the token that marks the message.
export async function post(name, sender, opt = {}) {
	const tok = token(), { headers = '', ...more } = opt;
	const r = await smtp(s, here(name), { sender,
		subject: `${tok}${headers}`, text: `text ${tok}`, ...more });

	assert.equal(r.data?.code, 250, JSON.stringify(r.rcpt));
	return tok;
}
export const got = (tok, address) => outbound(s, tok).filter((m) =>
    m.to.includes(address));
// The same, of what was distributed; refusals and questions hold it, too.
export const to = (tok, address) => got(tok, address).filter((m) =>
    header(m.text, 'List-Id').length > 0);
export const arrives = (tok, address) => until(`${tok} is with ${address}`,
    () => to(tok, address)[0], { ms: 10000 });
export const head = (text) => text.replace(/\r/g, '').split('\n\n')[0]
    .replace(/\n[ \t]+/g, ' ');
export const header = (text, name) => head(text).split('\n')
    .filter((l) => l.toLowerCase().startsWith(`${name.toLowerCase()}:`))
    .map((l) => l.slice(name.length + 1).trim());
// Nothing of the engine is on its way.
export async function settled() {
	await queueEmpty(s);
	await until('mlmmj has ended', async () =>
	    (await run('pgrep', ['-f', `^/usr/bin/mlmmj-.*${s.dir}/`]))
	    .stdout === '');
	await queueEmpty(s);
}
// What somebody has got since, that names the list's sub-address.
export const letter = (address, what) => until(`${what} for ${address}`, () =>
    outbound(s, address).filter((m) => m.to.includes(address))
    .map((m) => ({ ...m, at: new RegExp(
    `[a-z0-9]+\\+${what}-[^@\\s<>"]+@${DENTSU.replace('.', '\\.')}`)
    .exec(m.text)?.[0] })).find((m) => m.at), { ms: 10000 });
export const mailTo = async (address, sender, opt = {}) => {
	const r = await smtp(s, address, { sender, ...opt });
	assert.equal(r.data?.code, 250, JSON.stringify(r.rcpt));
};
