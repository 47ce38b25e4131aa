// One instance of everything (nginx, Fumibako, Dovecot, Postfix, catcher) in a
// directory of its own, for one test file.

import fs from 'node:fs';
import path from 'node:path';
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { run, must } from './run.mjs';
import { sql } from './db.mjs';
import { until } from './until.mjs';

export const root = path.resolve(
    fileURLToPath(new URL('.', import.meta.url)), '../../..');
const script = path.join(root, 'demo/stack.sh');
const living = new Set();

// A test run that is broken off takes its daemons with it.
const stopAll = () => {
	for (const dir of living)
		spawnSync(script, ['stop', dir], { stdio: 'ignore' });
	living.clear();
};
process.on('exit', stopAll);
for (const sig of ['SIGINT', 'SIGTERM', 'SIGHUP'])
	process.on(sig, () => process.exit(130));

// A shell file of assignments, read by a shell.
async function shellFile(file) {
	const { stdout } = await must('env', ['-i', 'sh', '-c',
	    'set -a; . "$1"; exec env -0', 'sh', file]);

	return Object.fromEntries(stdout.split('\0').filter(Boolean).map((s) => {
		const i = s.indexOf('=');
		return [s.slice(0, i), s.slice(i + 1)];
	}));
}

export async function startStack(name, env = {}) {
	// Short: the path of a Unix socket is at most 107 bytes.
	const dir = fs.mkdtempSync(`/tmp/fb-${name}-`);

	fs.chmodSync(dir, 0o755);
	living.add(dir);
	const r = await run(script, ['start', dir, '0'], {
		timeout: 120000,
		env: { ...process.env, BUILD: path.join(root, 'build'),
			HASH_COST: '1', ...env }
	});
	if (r.code !== 0)
		throw new Error(`stack.sh start: exit ${r.code}\n` +
		    `${r.stdout}\n${r.stderr}`);
	const e = await shellFile(path.join(dir, 'env'));
	const stack = {
		dir,
		env: e,
		url: e.FUMIBAKO_URL,
		ca: fs.readFileSync(e.FUMIBAKO_CA),
		conf: e.FUMIBAKO_CONF,
		db: e.FUMIBAKO_DB,
		webDb: path.join(dir, 'web/web.db'),
		popPort: Number(e.POP3S_PORT),
		smtpPort: Number(e.SMTP_PORT),
		outbound: e.OUTBOUND_DIR,
		password: (who) => e[`DEMO_PASSWORD_${who}`],
		// Pids of the workers that live now.
		workers(pool = '') {
			return glob(e.WORKER_PIDFILES)
			    .filter((f) => path.basename(f).startsWith(pool))
			    .map((f) => Number(fs.readFileSync(f, 'utf8')))
			    .filter(isAlive);
		},
		// Forgets the wrong passwords of earlier tests.
		calm: () => sql(stack.webDb, 'DELETE FROM throttle'),
		logs: () => fs.readdirSync(path.join(dir, 'log'))
		    .map((f) => fs.readFileSync(path.join(dir, 'log', f), 'utf8'))
		    .join('\n'),
		async stop() {
			if (!living.delete(dir))
				return;
			const s = await run(script, ['stop', dir], { timeout: 60000 });
			if (process.env.KEEP_STACK === undefined)
				fs.rmSync(dir, { recursive: true, force: true });
			if (s.code !== 0)
				throw new Error(`stack.sh stop: exit ${s.code}\n` +
				    `${s.stdout}${s.stderr}`);
		}
	};
	return stack;
}

// The end of a test file: whatever it did, the user database is sound.
export async function stopSound(stack) {
	if (stack === undefined)
		return;
	assert.deepEqual(await sql(stack.db, 'PRAGMA integrity_check'), ['ok']);
	assert.deepEqual(await sql(stack.db, 'PRAGMA foreign_key_check'), []);
	await stack.stop();
}

// Every regular file below a directory.
export function * everyFile(dir) {
	for (const e of fs.readdirSync(dir, { withFileTypes: true })) {
		const p = path.join(dir, e.name);

		if (e.isDirectory())
			yield* everyFile(p);
		else if (e.isFile())
			yield p;
	}
}

// The one form of glob that env has: stars in the last part of the path.
function glob(pattern) {
	const dir = path.dirname(pattern);
	const re = new RegExp(`^${path.basename(pattern)
	    .replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*')}$`);

	return fs.readdirSync(dir).filter((f) => re.test(f))
	    .map((f) => path.join(dir, f));
}

export function isAlive(pid) {
	try {
		return !/^\d+ \(.*\) Z/s.test(
		    fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
	} catch {
		return false;
	}
}

// New workers in the place of these: how a changed setting is read.
export async function newWorkers(stack, signal = 'SIGTERM') {
	const old = stack.workers();

	for (const pid of old)
		try {
			process.kill(pid, signal);
		} catch (err) {
			// It may just have left by itself.
			if (err.code !== 'ESRCH')
				throw err;
		}
	await until('new workers', () => !old.some(isAlive) &&
	    stack.workers().length >= old.length, { ms: 20000 });
}

const pools = ['pages', 'login'];

// Stops the web program as a whole: the workers and what keeps them alive.
// Remembers how they were started.
export async function stopWeb(stack, signal) {
	const all = [];

	stack.web = {};
	for (const pool of pools) {
		const keeper = Number(fs.readFileSync(
		    path.join(stack.dir, 'run/daemons', pool), 'utf8').split(' ')[0]);
		const argv = fs.readFileSync(`/proc/${keeper}/cmdline`, 'utf8')
		    .split('\0').slice(0, -1);

		if (!/multiwatch$/.test(argv[0]))
			throw new Error(`${pool}: ${keeper} is ${argv[0]}`);
		stack.web[pool] = argv;
		all.push(keeper, ...stack.workers(pool));
		process.kill(keeper, signal);
		// Told to leave, the keeper tells them; killed, it cannot.
		if (signal === 'SIGKILL')
			for (const pid of stack.workers(pool))
				process.kill(pid, signal);
	}
	await until('the web has stopped', () => !all.some(isAlive));
}

// Starts it again as stack.sh had (start_pool), and tells stack.sh.
export async function startWeb(stack) {
	for (const pool of pools) {
		const sock = path.join(stack.dir, `run/${pool}.sock`);
		const out = fs.openSync(path.join(stack.dir, `log/${pool}.out`), 'a');

		fs.rmSync(sock, { force: true });
		const child = spawn('spawn-fcgi', ['-s', sock, '-M', '0660',
			'-u', 'fumibako', '-g', 'fumibako', '-U', 'fumibako',
			'-G', 'www-data', '-n', '--', ...stack.web[pool]],
		    { detached: true, stdio: ['ignore', out, out], cwd: '/' });

		child.unref();
		fs.closeSync(out);
		const start = fs.readFileSync(`/proc/${child.pid}/stat`, 'utf8')
		    .replace(/^.*\) /s, '').split(' ')[19];
		const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id',
		    'utf8').trim();
		fs.writeFileSync(path.join(stack.dir, 'run/daemons', pool),
		    `${child.pid} ${start} ${boot}\n`);
	}
	await until('the workers have come', () => stack.workers().length >= 8);
}
