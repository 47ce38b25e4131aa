// The administrator of a million accounts: lists, searches, an import, an
// export.  Two stacks of the same configuration, one with a thousand accounts
// in the domain and one with a million, take turns, so that a noisy machine
// slows both.  One connection: what a person waits, not what a crowd does.

import fs from 'node:fs';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { must } from '../e2e/lib/run.mjs';
import { newWorkers, root, startStack } from '../e2e/lib/stack.mjs';
import { Browser } from '../e2e/lib/http.mjs';
import { sql } from '../e2e/lib/db.mjs';
import { pause } from '../e2e/lib/until.mjs';
import { ROUNDS, STACK, median, put, result, wrk } from './load.mjs';
import { DOMAIN, FEW, IMPORTED, MANY, before, fill, fillMailstat, local,
	writeCsv } from './population.mjs';

const TOOL = `${root}/build/fumibako`;
const PASSWORD = 'Bench-7w#Kq2!zR';
const LIST = `/admin/${DOMAIN}/accounts`;

// What is asked for, in a domain of `all` accounts, and the rows that the
// answer must have there; with `keys` a number up to that stands behind it.
// Rows: [of the small domain, of the large one]; null: as they come.
const lists = {
	first: { path: () => LIST, rows: [50, 50] },
	deep: { path: (all) => `${LIST}?after=${before(all)}`, keys: true,
		rows: [50, 50] },
	end: { path: (all) => `${LIST}?after=${local(all - 50)}`,
		rows: [50, 50] },
	by_name: { path: (all) => `${LIST}?sort=name&after=Ken+Ito/` +
		local(all / 2), rows: [50, 50] },
	// Half of all have the same name, which is none.
	nameless: { path: (all) => `${LIST}?sort=name&after=/${before(all)}`,
		keys: true, rows: [50, 50] },
	by_created: { path: (all) => `${LIST}?sort=-created&after=` +
		`${1700000000 + all / 2}/${local(all / 2)}`, rows: [50, 50] },
};
const q = (text) => ({ path: () => `${LIST}?q=${text}` });
const searches = {
	// One whole name: as often as not, somebody's account is typed in.
	account: { path: (all) => `${LIST}?q=${before(all)}`, keys: true,
		rows: null },
	rare: { ...q('quetzal'), rows: [3, 3] },
	some: { ...q('yamabuki'), rows: [2, 50] },
	frequent: { ...q('suzuki'), rows: null },
	// Many, and all of them behind all others.
	late: { ...q('zenith'), rows: [3, null] },
	// No two such names stand together, but each is frequent.
	apart: { ...q('taro+hanako'), rows: [0, 0] },
	two: { ...q('ta'), rows: [50, 50] },
	two_rare: { ...q('qz'), rows: [1, null] },
	none: { ...q('zzyzx'), rows: [0, 0] },
	two_none: { ...q('zq'), rows: [0, 0] },
};
const f = (filter) => ({ path: () => `${LIST}?filter=${filter}` });
const others = {
	filter_initial: { ...f('initial'), rows: [50, 50] },
	filter_outside: { ...f('outside'), rows: [50, 50] },
	filter_discard: { ...f('discard'), rows: [20, 50] },
	filter_full: { ...f('full'), rows: [8, 50] },
	filter_never: { ...f('never'), rows: [50, 50] },
	// There is none: it looks at as many rows as it ever does (and in the
	// small domain begins again at the beginning).
	filter_full_none: { path: (all) => `${LIST}?filter=full&after=` +
		local(all * 0.8), rows: [8, 0] },
	overview: { path: () => `/admin/${DOMAIN}`, rows: null },
	log: { path: () => `/admin/${DOMAIN}/log`, rows: null },
	log_search: { path: () => `/admin/${DOMAIN}/log?q=quetzal`, rows: null },
};

// ---- two domains -----------------------------------------------------------

const tool = (stack, args, opt) => must(TOOL, ['-c', stack.conf, ...args], opt);

async function makeDomain(stack, which, all, filled) {
	const who = `postmaster@${DOMAIN}`;

	await tool(stack, ['domain', 'add', DOMAIN, '--pop-host', 'post-9']);
	await tool(stack, ['account', 'passwd', who, '--stdin'],
	    { input: `${PASSWORD}\n` });
	const [hash] = await sql(stack.db, `SELECT password_hash
	    FROM mail_account WHERE local_part = 'postmaster'
	    AND domain = '${DOMAIN}'`);
	await fill(stack, filled, all, hash);
	await fillMailstat(stack, all);
	const b = await new Browser(stack, { lang: 'ja' }).login(who, PASSWORD);
	const cookies = path.join(stack.dir, 'many-cookies');
	fs.writeFileSync(cookies, `${[...b.cookies]
	    .map(([k, v]) => `${k}=${v}`).join('; ')}\n`);
	return { stack, which, all, b, cookies };
}

// ---- pages -----------------------------------------------------------------

// The page is the one that is meant; its size, for wrk.  The first answer
// also fills the caches.
async function look(side, name, what) {
	const at = what.path(side.all) +
	    (what.keys ? String(side.all / 2) : '');
	const r = await side.b.get(at);
	const n = (r.body.match(/<th scope="row"/g) ?? []).length;
	const want = what.rows?.[side.which] ?? n;

	if (r.status !== 200 || n !== want)
		throw new Error(`${name}: GET ${at}: ${r.status}, ${n} rows, ` +
		    `not ${want}`);
	return Buffer.byteLength(r.body);
}

async function time(side, name, what) {
	const size = await look(side, name, what);

	return wrk(side.stack, 'get.lua', [what.path(side.all), side.cookies,
	    what.keys ? side.all - 1 : 0], { seconds: 1, threads: 1,
	    connections: 1, least: what.keys ? 2000 : size });
}

const two = (prefix, label, runs) => {
	put(`${prefix}_${label}_p50_ms`, median(runs.map((r) => r.p50)));
	put(`${prefix}_${label}_p99_ms`, median(runs.map((r) => r.p99)));
};

// Each round has all pages, of both sides; the small one only in the first
// `small` rounds, where its time is for information.
async function pages(sides, prefix, all, rounds, small = rounds) {
	const runs = Object.fromEntries(Object.keys(all).map((k) => [k,
		[[], []]]));

	for (let i = 0; i < rounds; i++)
		for (const [k, what] of Object.entries(all))
			for (const side of sides.slice(i < small ? 0 : 1))
				runs[k][side.which].push(
				    await time(side, k, what));
	for (const [k, [a, b]] of Object.entries(runs)) {
		two(`${prefix}${k}`, '1k', a);
		two(`${prefix}${k}`, '1m', b);
		if (small === rounds)
			put(`${prefix}${k}_ratio`,
			    median(b.map((r, n) => r.p50 / a[n].p50)));
	}
}

// ---- import and export -----------------------------------------------------

// Runs the tool; seconds by the clock and of processor, and peak memory.  The
// kernel's own figures are read every 10 ms until the program ends, which
// needs no program to wait for it.
async function watched(stack, args, out) {
	const fd = fs.openSync(out, 'w');
	const err = fs.openSync(`${out}.err`, 'w');
	const began = performance.now();
	const child = spawn(TOOL, ['-c', stack.conf, ...args],
	    { stdio: ['ignore', fd, err] });
	let rss = 0, used = 0;

	const timer = setInterval(() => {
		rss = peak(child.pid) ?? rss;
		used = processor(child.pid) ?? used;
	}, 10);
	const [code] = await once(child, 'exit');
	clearInterval(timer);
	fs.closeSync(fd);
	fs.closeSync(err);
	if (code !== 0)
		throw new Error(`fumibako ${args.join(' ')}: exit ${code}\n` +
		    fs.readFileSync(`${out}.err`, 'utf8').slice(-1000));
	return { seconds: (performance.now() - began) / 1000, rss, used };
}

// Seconds of processor of a process.
function processor(pid) {
	try {
		const f = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
		    .replace(/^.*\) /s, '').split(' ');
		return (Number(f[11]) + Number(f[12])) / 100;
	} catch {
		return undefined;
	}
}

// MB that a process had at most; of one that has left nothing.
function peak(pid) {
	try {
		const kb = /^VmHWM:\s+(\d+) kB/m.exec(
		    fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
		return kb === null ? undefined : Number(kb[1]) / 1024;
	} catch {
		return undefined;
	}
}

// Somebody else changes one account after the other, from a shell: each
// change with its program's start.  Milliseconds.
async function write(stack, goesOn) {
	const times = [];

	do {
		const began = performance.now();
		await tool(stack, ['account', 'set', `postmaster@${DOMAIN}`,
		    '--real-name', `Writer ${times.length}`]);
		times.push(performance.now() - began);
		await pause(20);
	} while (goesOn(times));
	return times;
}

// People look at the list at their own pace.
async function read(side, goesOn) {
	const runs = [];

	do
		runs.push(await wrk(side.stack, 'get.lua', [LIST, side.cookies,
		    '0', '50'], { seconds: 2, threads: 1, connections: 2,
		    least: 5000 }));
	while (goesOn(runs));
	return runs;
}

async function importMany(large) {
	const { stack, all } = large;
	const csv = path.join(stack.dir, 'new.csv');
	const out = path.join(stack.dir, 'passwords.csv');
	let running = true;

	writeCsv(csv, all - IMPORTED + 1, all, all);
	put('import_calm_writer_p50_ms', median(
	    await write(stack, (t) => t.length < 20)));
	const job = watched(stack, ['import', DOMAIN, csv], out)
	    .finally(() => running = false);
	const [i, waits, runs] = await Promise.all([job,
		write(stack, () => running), read(large, () => running)]);
	const told = fs.readFileSync(out, 'utf8').split('\n').length - 2;
	if (told !== IMPORTED)
		throw new Error(`${told} passwords of ${IMPORTED} accounts`);
	put('import_seconds', i.seconds);
	put('import_cpu_seconds', i.used);
	put('import_rss_mb', i.rss);
	put('import_writes', waits.length);
	put('import_writer_p50_ms', median(waits));
	put('import_writer_longest_ms', Math.max(...waits));
	put('import_page_p50_ms', median(runs.map((r) => r.p50)));
	put('import_page_p99_ms', Math.max(...runs.map((r) => r.p99)));
}

async function exportMany({ stack, all, b }) {
	const out = path.join(stack.dir, 'export.csv');
	const lines = (text) => text.split('\n').length - 2; // the names
	const e = await watched(stack, ['export', DOMAIN], out);

	if (lines(fs.readFileSync(out, 'utf8')) !== all + 1)
		throw new Error('the export is not whole');
	put('export_seconds', e.seconds);
	put('export_rss_mb', e.rss);
	put('export_mb', fs.statSync(out).size / 1048576);

	// New workers, whose memory is not that of former pages.
	await newWorkers(stack);
	const workers = stack.workers();
	const was = workers.map((pid) => peak(pid));
	const r = await b.get(`/admin/${DOMAIN}/export.csv`);
	if (r.status !== 200 || lines(r.body) !== all + 1)
		throw new Error(`export.csv: ${r.status}, not whole`);
	put('export_web_seconds', r.ms / 1000);
	put('export_web_rss_mb', Math.max(...workers.map((pid) => peak(pid))));
	put('export_web_growth_mb', Math.max(...workers.map(
	    (pid, i) => peak(pid) - was[i])));
}

export async function million(smallStack, say) {
	say(`a domain of ${FEW} accounts, and one of ${MANY}`);
	const stack = await startStack('many', STACK);
	try {
		const sides = [
			await makeDomain(smallStack, 0, FEW, FEW),
			await makeDomain(stack, 1, MANY, MANY - IMPORTED)
		];
		say(`import of ${IMPORTED} accounts`);
		await importMany(sides[1]);
		say('lists');
		await pages(sides, 'list_', lists, Math.min(ROUNDS, 4));
		say('searches, filters');
		await pages(sides, 'search_', searches, 3, 1);
		await pages(sides, '', others, 2, 1);
		say('export');
		await exportMany(sides[1]);
	} finally {
		await stack.stop();
	}
}

// ---- what was found --------------------------------------------------------

export function tableOfMillion() {
	const r = result;
	const rows = [['', '1k p50 ms', 'p99', '1M p50 ms', 'p99']];
	const add = (prefix, all) => {
		for (const k of Object.keys(all))
			rows.push([`${prefix}${k}`.replaceAll('_', ' '),
				...['1k_p50', '1k_p99', '1m_p50', '1m_p99'].map(
				    (x) => String(r[`${prefix}${k}_${x}_ms`]))]);
	};

	add('list_', lists);
	add('search_', searches);
	add('', others);
	console.log(`\nthe pages of a domain of ${FEW} accounts and of one ` +
	    `of ${MANY}, one request at a time`);
	for (const line of rows)
		console.log(line.map((c, i) =>
		    i === 0 ? c.padEnd(20) : c.padStart(11)).join(''));
	console.log(`while ${IMPORTED} accounts are imported ` +
	    `(${r.import_cpu_seconds} s of processor): the list p50 ` +
	    `${r.import_page_p50_ms}, p99 ${r.import_page_p99_ms} ms; ` +
	    `${r.import_writes} changes from a shell, p50 ` +
	    `${r.import_writer_p50_ms} ms (else ${r.import_calm_writer_p50_ms})`);
	console.log(`export by the web: ${r.export_web_seconds} s, the worker ` +
	    `grows by ${r.export_web_growth_mb} MB to ` +
	    `${r.export_web_rss_mb} MB`);
}

export function goalsOfMillion() {
	const r = result;

	return [
		...Object.keys(lists).map((k) => [`list ${k}, 1M / 1k`,
			r[`list_${k}_ratio`], '<=', 1.3]),
		...Object.keys(searches).map((k) => [`search ${k}, 1M, p50 ms`,
			r[`search_${k}_1m_p50_ms`], '<', 20]),
		['import, s', r.import_seconds, '<', 20],
		['import, RSS MB', r.import_rss_mb, '<', 64],
		['longest change meanwhile, ms', r.import_writer_longest_ms, '<',
			1000],
		['export, s', r.export_seconds, '<', 15],
		['export, RSS MB', r.export_rss_mb, '<', 32],
	];
}
