// What the parts of the bench share: figures, the load that wrk makes, and
// what it costs.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { must } from '../e2e/lib/run.mjs';
import { root } from '../e2e/lib/stack.mjs';

export const HERE = path.join(root, 'tests/bench');
export const ROUNDS = Number(process.env.BENCH_ROUNDS || 5);
export const SECONDS = Number(process.env.BENCH_SECONDS || 2);
export const CONNECTIONS = 8;
export const CORES = os.cpus().length;
// How every stack here is started.
export const STACK = { HASH_COST: '0',
	DEMO_CONF_EXTRA: ['Pair', 'Network', 'Account']
	    .map((k) => `Throttle.${k} = 1000000`).join('\n') };
export const result = {};

// ---- figures ---------------------------------------------------------------

export function median(list) {
	const s = [...list].sort((a, b) => a - b);
	const m = Math.floor(s.length / 2);

	return s.length % 2 === 1 ? s[m] : (s[m - 1] + s[m]) / 2;
}

export const put = (key, value) => result[key] = Number(value.toPrecision(4));

// Milliseconds of processor that a daemon's session has used, with those of
// its workers that have left meanwhile.
export function cpu(stack, daemon) {
	const [sid] = fs.readFileSync(
	    path.join(stack.dir, 'run/daemons', daemon), 'utf8').split(/\s/);
	let ticks = 0;

	for (const p of fs.readdirSync('/proc')) {
		let f;
		if (!/^\d+$/.test(p))
			continue;
		try {
			f = fs.readFileSync(`/proc/${p}/stat`, 'utf8');
		} catch {
			continue; // it has just left
		}
		f = f.slice(f.lastIndexOf(')') + 2).split(' ');
		if (f[3] === sid)
			ticks += Number(f[11]) + Number(f[12]) +
			    Number(f[13]) + Number(f[14]);
	}
	return ticks * 10;
}

export const cpus = (stack, daemons) =>
    daemons.reduce((sum, d) => sum + cpu(stack, d), 0);

// ---- load ------------------------------------------------------------------

// One run of wrk.  Everything that is not the expected answer ends the bench.
export async function wrk(stack, script, args, { seconds = SECONDS, threads = 2,
    connections = CONNECTIONS, least = 0 } = {}) {
	const { stdout } = await must('wrk', [`-t${threads}`,
	    `-c${connections}`, `-d${seconds}s`, '--timeout', '20s', '-s',
	    path.join(HERE, script), stack.url, '--', ...args]);
	const found = /^BENCH (.*)$/m.exec(stdout);

	if (found === null)
		throw new Error(`${script}: no figures\n${stdout}`);
	const r = JSON.parse(found[1]);
	const what = `${script} ${args.join(' ')}`;
	if (r.errors > 0 || r.wrong > 0)
		throw new Error(`${what}: ${r.errors} errors, ${r.wrong} wrong ` +
		    `answers ${r.example}`);
	if (r.requests === 0 || r.bytes / r.requests < least)
		throw new Error(`${what}: ${r.requests} answers, ` +
		    `${r.bytes} bytes: not the page`);
	return { ...r, rps: r.requests / r.us * 1e6,
		p50: r.p50 / 1000, p99: r.p99 / 1000 };
}

// The same, and what it cost in these daemons and in nginx.
export async function measure(stack, daemons, ...load) {
	const before = [cpus(stack, daemons), cpu(stack, 'nginx')];
	const r = await wrk(stack, ...load);

	r.cpu = (cpus(stack, daemons) - before[0]) / r.requests;
	r.cpuNginx = (cpu(stack, 'nginx') - before[1]) / r.requests;
	return r;
}

export function putLoad(prefix, runs) {
	put(`${prefix}_rps`, median(runs.map((r) => r.rps)));
	put(`${prefix}_cpu_ms`, median(runs.map((r) => r.cpu)));
	put(`${prefix}_cpu_with_nginx_ms`,
	    median(runs.map((r) => r.cpu + r.cpuNginx)));
	put(`${prefix}_p50_ms`, median(runs.map((r) => r.p50)));
	put(`${prefix}_p99_ms`, median(runs.map((r) => r.p99)));
}
