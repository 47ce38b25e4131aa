// Every command of the tool, in one table: done, refused, wrong usage, busy;
// its help and its completion.  The table is compared with the program's own
// help, so that a new command without a row here fails.

import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { startStack, root } from './lib/stack.mjs';
import { tool, mustTool, goodPassword } from './lib/tool.mjs';
import { unchanged, hold, dump } from './lib/db.mjs';
import { must } from './lib/run.mjs';
import { tree, vpasswd } from './lib/vpopmail.mjs';
import { mysql } from './lib/postfixadmin.mjs';

const D = 'dentsu.example', GONE = 'gone.example';
const at = (name) => `${name}@${D}`;
let s;
before(async () => {
	s = await startStack('commands');
	await mustTool(s, ['domain', 'add', GONE]);
	for (const name of ['cmd', 'cmd-gone', 'cmd-admin'])
		await mustTool(s, ['account', 'add', at(name)]);
	await mustTool(s, ['admin', 'grant', at('cmd-admin'), D]);
	for (const name of ['fw', 'fw-gone'])
		await mustTool(s, ['forward', 'add', at(name), at('cmd')]);
	for (const name of ['ml', 'ml-gone'])
		await mustTool(s, ['lists', 'add', at(name), '--owner', at('cmd')]);
	await mustTool(s, ['lists', 'join', at('ml'), 'x@outside.example']);
	await mustTool(s, ['backup', file('was.db')]);
	tree(file('vp'), { domains: { 'vp.example': { vpasswd:
	    vpasswd('vp.example', 'someone', '$1$abcdefgh$') } } });
	fs.writeFileSync(file('pa.sql'), mysql({ domain: [['pa.example',
		'', 0, 0, 0, 0, '', 0, '2020-01-01', 1]] }));
	fs.writeFileSync(file('in.csv'), 'account,real_name\ncmd-in,New One\n');
});
after(async () => { await s?.stop(); });

const file = (name) => path.join(s.dir, name);
const password = () => ({ input: `${goodPassword()}\n` });

// What works, what is refused (exit 1), what is no use of the command (2;
// none: it takes anything), and what a held database does to it: 75, or 0 for
// what only reads.  `opt`: of run().
const commands = {
	'account add': { done: [at('cmd-new'), '--stdin'], opt: password,
		refused: [at('cmd'), '--stdin'], usage: [], busy: 75 },
	'account delete': { done: [at('cmd-gone')], refused: [at('nobody')],
		usage: [], busy: 75 },
	'account list': { done: [D], refused: ['nowhere.example'],
		usage: [D, '--nothing'], busy: 0 },
	'account passwd': { done: [at('cmd'), '--stdin'], opt: password,
		refused: [at('nobody'), '--stdin'], usage: [], busy: 75 },
	'account set': { done: [at('cmd'), '--real-name', 'C. M. D.'],
		refused: [at('cmd'), '--real-name', '山田'], usage: [at('cmd'),
			'--stdin'], busy: 75 },
	'account show': { done: [at('cmd')], refused: [at('nobody')],
		usage: [], busy: 0 },
	'admin grant': { done: [at('cmd'), D], refused: [at('nobody'), D],
		usage: [at('cmd')], busy: 75 },
	'admin revoke': { done: [at('cmd-admin'), D], refused: [at('nobody'), D],
		usage: [at('cmd')], busy: 75 },
	backup: { done: [() => file('now.db')], refused: [() => s.dir],
		usage: [], busy: 0 },
	doctor: { done: [], usage: ['more'], busy: 0 },
	'domain add': { done: ['new.example'], refused: [D], usage: [],
		busy: 75 },
	'domain delete': { done: [GONE], refused: [D], usage: [], busy: 75 },
	'domain list': { done: [], usage: ['more'], busy: 0 },
	'domain set': { done: [D, '--max-lists', '9'],
		refused: [D, '--max-lists', '-1'], usage: [], busy: 75 },
	'domain show': { done: [D], refused: ['nowhere.example'], usage: [],
		busy: 0 },
	export: { done: [D], refused: ['nowhere.example'], usage: [], busy: 0 },
	'forward add': { done: [at('fw-new'), at('cmd')],
		refused: [at('fw'), at('cmd')], usage: [at('fw')], busy: 75 },
	'forward delete': { done: [at('fw-gone')], refused: [at('nobody')],
		usage: [], busy: 75 },
	'forward list': { done: [D], refused: ['nowhere.example'],
		usage: [D, D], busy: 0 },
	'forward set': { done: [at('fw'), 'x@outside.example'],
		refused: [at('fw'), 'bob'], usage: [at('fw')],
		busy: 75 },
	import: { done: [D, () => file('in.csv')],
		refused: [D, () => file('nothing.csv')], usage: [D], busy: 75 },
	init: { done: [], usage: ['more'], busy: 0 },
	'lists add': { done: [at('ml-new'), '--owner', at('cmd')],
		refused: [at('ml'), '--owner', at('cmd')], usage: [], busy: 75 },
	'lists delete': { done: [at('ml-gone')], refused: [at('nobody')],
		usage: [], busy: 75 },
	'lists join': { done: [at('ml'), at('cmd')],
		refused: [at('nobody'), at('cmd')], usage: [at('ml')], busy: 75 },
	'lists leave': { done: [at('ml'), 'x@outside.example'],
		refused: [at('nobody'), at('cmd')], usage: [at('ml')], busy: 75 },
	'lists list': { done: [D], refused: ['nowhere.example'], usage: [],
		busy: 0 },
	'lists members': { done: [at('ml')], refused: [at('nobody')], usage: [],
		busy: 0 },
	'lists set': { done: [at('ml'), '--prefix', '[ml]'],
		refused: [at('ml'), '--posting', 'all'], usage: [], busy: 75 },
	'lists show': { done: [at('ml')], refused: [at('nobody')], usage: [],
		busy: 0 },
	'lists sync': { done: [], usage: ['more'], busy: 0 },
	log: { done: [D], refused: ['nowhere.example'], usage: [D, D], busy: 0 },
	'migrate postfixadmin': { done: [() => file('pa.sql')],
		refused: [() => file('in.csv')], usage: [], busy: 75 },
	'migrate vpopmail': { done: [() => file('vp')],
		refused: [() => file('nothing')], usage: [], busy: 75 },
	restore: { done: [() => file('was.db')],
		refused: [() => file('in.csv')], usage: [], busy: 75 },
	sweep: { done: [], usage: ['--older-than', '-1'], busy: 0 },
};
const run = ([name, c], args) => tool(s, [...name.split(' '),
	...args.map((a) => typeof a === 'function' ? a() : a)], c.opt?.() ?? {});
const all = Object.entries(commands);

// Lines "name<tab>..." as the completion understands the help.
async function fromHelp() {
	const { stdout } = await must('bash', ['-c', '. "$1" && ' +
	    '_fumibako_commands "$2"', 'bash', path.join(root,
	    'etc/bash-completion/fumibako'), path.join(root, 'build/fumibako')]);

	return stdout.trimEnd().split('\n').map((l) => l.split('\t'));
}

test('each command has a row in this table', async () => {
	assert.deepEqual((await fromHelp()).map(([name]) => name).sort(),
	    all.map(([name]) => name).sort());
});

test('--help: exit 0, what it is called with and what it does', async () => {
	await Promise.all(all.map(async (row) => {
		const r = await run(row, ['--help']);
		assert.equal(r.code, 0, row[0]);
		assert.ok(r.stdout.startsWith(`fumibako [-c CONF] ${row[0]}`),
		    r.stdout);
		assert.match(r.stdout, /\n {4}[A-Z].*\.\n$/);
		assert.equal(r.stderr, '');
	}));
	const r = await tool(s, ['--help']);
	assert.equal(r.code, 0);
	assert.match(r.stdout, /75 try again/);
});

test('wrong usage: exit 2, how it is used, nothing changed', async () => {
	const wrong = [...all.map((row) => () => run(row, row[1].usage)),
		...all.map((row) => () => run(row, ['--no-such-option'])),
		...[[], ['nothing'], ['account'], ['account', 'nothing']]
		    .map((args) => () => tool(s, args))];

	await unchanged(s, () => Promise.all(wrong.map(async (f) => {
		const r = await f();
		assert.equal(r.code, 2, r.stdout + r.stderr);
		assert.match(r.stderr, /^fumibako \[-c CONF\] /m);
		assert.equal(r.stdout, '');
	})));
});

test('refused: exit 1, the reason, nothing changed', async () => {
	await unchanged(s, () => Promise.all(all.filter(([, c]) => c.refused)
	    .map(async (row) => {
		const r = await run(row, row[1].refused);
		assert.equal(r.code, 1, `${row[0]}: ${r.stderr}`);
		assert.match(r.stderr, /^[^\n]{6,}\n$/, row[0]);
		assert.equal(r.stdout, '', row[0]);
	})));
});

test('busy: a writer gives up and has done nothing, a reader goes on',
    async () => {
	const lock = await hold(s.db);
	try {
		await unchanged(s, () => Promise.all(all.map(async (row) => {
			const r = await run(row, row[1].done);
			assert.equal(r.code, row[1].busy, `${row[0]}: ${r.code} ` +
			    r.stderr);
			if (r.code !== 75)
				return;
			assert.match(r.stderr, /busy|try again/, row[0]);
			assert.equal(r.stdout, '', row[0]);
		})));
	} finally {
		await lock.release();
	}
});

test('done: exit 0; what only reads changes nothing; --json is JSON',
    async () => {
	for (const row of all) {
		const [name, { done, busy }] = row;
		const was = await dump(s);
		const r = await run(row, done);

		assert.equal(r.code, 0, `${name}: ${r.stderr}`);
		if (busy === 0)
			assert.equal(await dump(s), was, name);
		if ((await run(row, ['--help'])).stdout.includes('--json') &&
		    busy === 0)
			JSON.parse((await run(row, [...done, '--json'])).stdout);
	}
});

test('completion for bash: commands, options, choices, files', async () => {
	const complete = async (...words) => (await must('bash', ['-c', `
	    . "$1"; compopt() { :; }; cd "$2"; shift 2
	    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
	    _fumibako; printf '%s\\n' "\${COMPREPLY[@]}"`, 'bash',
	path.join(root, 'etc/bash-completion/fumibako'), s.dir,
	path.join(root, 'build/fumibako'), ...words])).stdout.trim().split('\n');
	const first = new Set(all.map(([name]) => name.split(' ')[0]));

	assert.deepEqual(await complete(''), [...first].sort());
	assert.deepEqual(await complete('-c', 'x', 'ac'), ['account']);
	assert.deepEqual(await complete('account', 'li'), ['list']);
	assert.deepEqual(await complete('account', 'list', D, '-'),
	    ['--filter', '--help', '--json', '--search']);
	assert.deepEqual(await complete('account', 'set', at('x'), '--routing',
	    'f'), ['forward']);
	assert.deepEqual(await complete('log', '--'),
	    ['--help', '--json', '--search']);
	assert.deepEqual(await complete('import', D, 'in.'), ['in.csv']);
	assert.deepEqual(await complete('nothing', ''), ['']);
});
