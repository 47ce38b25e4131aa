// make bench: the demo stack under load, beside the reference program
// (reference.c) behind the same nginx, in one run.
//
// The machine is shared and noisy, so nothing is compared across runs: the
// scenarios take turns in rounds, and each figure is the median of its
// rounds, each ratio the median of the ratios within a round.
//
//   BENCH_ROUNDS	rounds (5)
//   BENCH_SECONDS	seconds of load for each figure in a round (2)
//
// A domain of a million accounts is million.mjs.

import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { must } from '../e2e/lib/run.mjs';
import { root, startStack } from '../e2e/lib/stack.mjs';
import { Browser, encode } from '../e2e/lib/http.mjs';
import { sql } from '../e2e/lib/db.mjs';
import { pause, until } from '../e2e/lib/until.mjs';
import { CONNECTIONS, CORES, HERE, ROUNDS, SECONDS, STACK, cpu, measure,
	median, put, putLoad, result, wrk } from './load.mjs';
import { million, goalsOfMillion, tableOfMillion } from './million.mjs';

const ACCOUNTS = 1000;
const DOMAIN = 'dentsu.example';
const name = (n) => `b${String(n).padStart(4, '0')}`;

// ---- what is needed first --------------------------------------------------

// A thousand accounts by the operator's tool; all get the password of the
// first, whose hash the tool computed, since a thousand hashes take a minute.
async function makeAccounts(stack, password) {
	await must('bash', ['-c', 'set -e; for i in $(seq -w 1 "$3"); do "$1"' +
	    ' -c "$2" account add "b$i@$4" --real-name "Bench User $i"; done' +
	    ' >/dev/null', 'add', `${root}/build/fumibako`, stack.conf,
	    String(ACCOUNTS).padStart(4, '0'), DOMAIN], { timeout: 120000 });
	await must(`${root}/build/fumibako`, ['-c', stack.conf, 'account',
	    'passwd', `${name(1)}@${DOMAIN}`, '--stdin'],
	    { input: `${password}\n` });
	const [hash] = await sql(stack.db, `SELECT password_hash
	    FROM mail_account WHERE local_part = '${name(1)}'
	    AND domain = '${DOMAIN}'`);
	const ours = `IN (SELECT id FROM mail_account WHERE domain =
	    '${DOMAIN}' AND local_part GLOB 'b[0-9][0-9][0-9][0-9]')`;
	await sql(stack.db, `UPDATE account SET password_hash = '${hash}',
	    initial_password = 0 WHERE id ${ours}`);
	// Mail that everybody has: the page is as full as a user's.
	await sql(path.join(stack.dir, 'stat/mailstat.db'),
	    `BEGIN; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL
	    SELECT i + 1 FROM n WHERE i < ${ACCOUNTS})
	    INSERT INTO quota_usage SELECT printf('b%04d@${DOMAIN}', i),
	    i * 99991, i FROM n;
	    INSERT INTO last_login SELECT username, 1700000000
	    FROM quota_usage WHERE username GLOB 'b[0-9]*'; COMMIT`);
	return hash;
}

// Accounts whose wrong password must cost the same: see enumeration().
async function makeOldHash(stack) {
	const { stdout } = await must('openssl',
	    ['passwd', '-1', '-stdin'], { input: 'anything at all\n' });

	await sql(stack.db, `UPDATE account SET password_hash =
	    '${stdout.trim()}' WHERE id = (SELECT id FROM mail_account
	    WHERE local_part = '${name(ACCOUNTS)}' AND domain = '${DOMAIN}')`);
}

// The reference's page is the account page's own text, with the row's values
// put in where they were: the same size, with next to no work.
function referencePage(html, n) {
	const value = {
		[`${name(n)}@${DOMAIN}`]: 'Row.address',
		[`Bench User ${String(n).padStart(4, '0')}`]: 'Row.real_name',
	};
	let page = html;

	if (page.includes('<?cs'))
		throw new Error('the account page has ClearSilver in it');
	for (const [text, v] of Object.entries(value)) {
		if (!page.includes(text))
			throw new Error(`the account page lacks ${text}`);
		page = page.replaceAll(text, `<?cs var:${v} ?>`);
	}
	return page;
}

async function startReference(stack, html, n) {
	const dir = path.join(stack.dir, 'bench');
	const db = path.join(dir, 'reference.db');
	const sock = path.join(stack.dir, 'run/reference.sock');

	fs.mkdirSync(dir);
	fs.copyFileSync(`${root}/build/bench-reference`, `${dir}/reference`);
	fs.writeFileSync(`${dir}/page.cs`, referencePage(html, n));
	await sql(db, `PRAGMA journal_mode = WAL;
	    CREATE TABLE account (id INTEGER PRIMARY KEY, address TEXT,
	    real_name TEXT, quota INTEGER, version INTEGER);
	    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
	    WHERE i < ${ACCOUNTS}) INSERT INTO account SELECT i,
	    printf('b%04d@${DOMAIN}', i), printf('Bench User %04d', i),
	    1073741824, 1 FROM n`);
	await must('chown', ['-R', 'fumibako:fumibako', dir]);
	const out = fs.openSync(path.join(stack.dir, 'log/reference.out'), 'a');
	const child = spawn('spawn-fcgi', ['-s', sock, '-M', '0660',
	    '-u', 'fumibako', '-g', 'fumibako', '-U', 'fumibako',
	    '-G', 'www-data', '-n', '--', '/usr/bin/multiwatch', '-f', '6', '--',
	    `${dir}/reference`, db, `${dir}/page.cs`],
	    { detached: true, stdio: ['ignore', out, out], cwd: '/' });
	// As stack.sh has it: cpu() finds it by that.
	fs.writeFileSync(path.join(stack.dir, 'run/daemons/reference'),
	    `${child.pid}\n`);
	process.on('exit', () => {
		try {
			process.kill(child.pid, 'SIGTERM');
		} catch {
			// It has left.
		}
	});
	// Behind the very same nginx: one more pool in its map.
	const conf = path.join(stack.dir, 'nginx/conf.d/fumibako.conf');
	const map = 'map "$request_method $uri" $fumibako_pool {\n';
	const text = fs.readFileSync(conf, 'utf8');
	if (!text.includes(map))
		throw new Error(`${conf}: the map of the pools has changed`);
	fs.writeFileSync(conf, text.replace(map, () =>
	    `upstream reference {\n\tserver unix:${sock};\n}\n${map}` +
	    '\t"GET /reference" reference;\n'));
	process.kill(Number(fs.readFileSync(
	    path.join(stack.dir, 'nginx/nginx.pid'), 'utf8')), 'SIGHUP');
	const b = new Browser(stack, { lang: 'ja' });
	let got;
	await until('the reference answers', async () => {
		got = await b.get(`/reference?id=${n}`);
		return got.status === 200;
	});
	if (got.body !== html)
		throw new Error('the reference\'s page is not the account page');
}

// Sessions, and what a form of each needs.
async function logInAll(stack, numbers, password) {
	const list = [];

	for (const n of numbers) {
		const b = new Browser(stack, { lang: 'ja' });
		await b.login(`${name(n)}@${DOMAIN}`, password);
		const r = await b.get('/account');
		const form = r.page.form('/account');
		list.push({
			n, html: r.body, csrf: form.csrf, version: form.version,
			cookie: [...b.cookies].map(([k, v]) => `${k}=${v}`).join('; '),
		});
	}
	return list;
}

// ---- the parts of the bench ------------------------------------------------

async function pages(stack, files, size) {
	const both = ['pages', 'login'];
	const runs = { ref: [], account: [], login_page: [], save: [] };

	for (let i = 0; i < ROUNDS; i++) {
		runs.ref.push(await measure(stack, ['reference'], 'get.lua',
		    ['/reference?id=', files.cookies, ACCOUNTS], { least: size }));
		runs.account.push(await measure(stack, both, 'get.lua',
		    ['/account', files.cookies], { least: size }));
		runs.login_page.push(await measure(stack, both, 'get.lua',
		    ['/login', '-'], { least: 2000 }));
		await saves(stack, files, both, runs.save);
		process.stderr.write(`  round ${i + 1}: reference ` +
		    `${runs.ref[i].rps.toFixed(0)}/s, account page ` +
		    `${runs.account[i].rps.toFixed(0)}/s\n`);
	}
	for (const [k, list] of Object.entries(runs))
		putLoad(k === 'ref' ? 'reference' : k, list);
	put('account_vs_reference', median(
	    runs.account.map((r, i) => r.rps / runs.ref[i].rps)));
	put('account_vs_reference_cpu', median(
	    runs.account.map((r, i) => (r.cpu + r.cpuNginx) /
	    (runs.ref[i].cpu + runs.ref[i].cpuNginx))));
}

async function saves(stack, files, daemons, runs) {
	const f = await files.sessions();

	runs.push(await measure(stack, daemons, 'save.lua', [f],
	    { threads: CONNECTIONS }));
}

// Milliseconds (by the clock, of processor) that a hash takes, n of them at
// the same time.
async function cryptTime(hash, n) {
	const all = await Promise.all(Array.from({ length: n }, () =>
	    must('perl', [path.join(HERE, 'crypt.pl'), hash, '20'])));
	const pairs = all.map((r) => r.stdout.split(' ').map(Number));

	return [0, 1].map((i) => median(pairs.map((p) => p[i])));
}

async function logIns(stack, files, hash) {
	const runs = [], alone = [], busy = [], used = [];

	for (let i = 0; i < 5; i++) {
		const [a] = await cryptTime(hash, 1);
		const [b, c] = await cryptTime(hash, CORES);
		alone.push(a);
		busy.push(b);
		used.push(c);
		runs.push(await measure(stack, ['pages', 'login'], 'login.lua',
		    [files.form], { seconds: 3 }));
	}
	putLoad('login', runs);
	put('crypt_ms', median(alone));
	put('crypt_all_cores_ms', median(busy));
	put('crypt_cpu_ms', median(used));
	put('login_vs_crypt', median(
	    runs.map((r, i) => r.rps * alone[i] / 1000 / CORES)));
	put('login_vs_crypt_all_cores', median(
	    runs.map((r, i) => r.rps * busy[i] / 1000 / CORES)));
}

// People read pages, at their own pace, while others log in as fast as they
// can; and without that.
async function flood(stack, files, size) {
	const read = () => wrk(stack, 'get.lua',
	    ['/account', files.cookies, '0', '20'],
	    { seconds: 4, connections: 4, least: size });
	const calm = await read();
	const [storm, r] = await Promise.all([
		wrk(stack, 'login.lua', [files.form],
		    { seconds: 6, connections: 64 }),
		pause(1000).then(read),
	]);

	put('calm_page_p50_ms', calm.p50);
	put('calm_page_p99_ms', calm.p99);
	put('flood_login_rps', storm.rps);
	put('flood_page_rps', r.rps);
	put('flood_page_p50_ms', r.p50);
	put('flood_page_p99_ms', r.p99);
}

// Can the time of a refusal tell whether an account exists?  One request at
// a time, the kinds in turn, on one kept connection.
async function enumeration(stack, form) {
	const agent = new https.Agent({ keepAlive: true, maxSockets: 1,
		ca: stack.ca });
	const url = new URL(stack.url);
	const kinds = {
		wrong: [name(7), DOMAIN],
		no_account: ['nobody-of-that-name', DOMAIN],
		no_domain: [name(7), 'nowhere.example'],
		no_address: ['not an address', DOMAIN],
		old_hash: [name(ACCOUNTS), DOMAIN],
		initial: ['taro', DOMAIN],
	};
	const times = Object.fromEntries(Object.keys(kinds).map((k) => [k, []]));
	const once = ([account, domain]) => new Promise((done, fail) => {
		const body = encode({ csrf: form.csrf, account, domain,
			password: 'Not-the-Passw0rd!' });
		const began = performance.now();
		const req = https.request({ agent, host: '127.0.0.1',
			port: url.port, servername: 'localhost', method: 'POST',
			path: '/login', headers: { Host: url.host,
			    Cookie: form.cookie, 'Content-Length': body.length,
			    'Content-Type': 'application/x-www-form-urlencoded' }
		}, (res) => {
			res.resume();
			res.on('end', () => res.statusCode === 401 ?
			    done(performance.now() - began) : fail(new Error(
			    `${account}@${domain}: ${res.statusCode}, not 401`)));
		});
		req.on('error', fail);
		req.end(body);
	});

	await once(kinds.wrong);
	for (let i = 0; i < 25; i++)
		for (const [k, who] of Object.entries(kinds))
			times[k].push(await once(who));
	agent.destroy();
	for (const [k, list] of Object.entries(times))
		put(`refuse_${k}_ms`, median(list));
	const m = Object.values(times).map(median);
	put('refuse_ratio', Math.max(...m) / Math.min(...m));
}

// The queue of the log-ins that nobody waits for any more must be empty: a
// hash in the making is 16 MB.
async function settled(stack) {
	let before = -1;

	await until('the workers are idle', () => {
		const now = cpu(stack, 'login') + cpu(stack, 'pages');
		const same = now === before;
		before = now;
		return same;
	}, { every: 500 });
}

function memory(stack) {
	let kb = 0;
	const pids = stack.workers();

	for (const pid of pids)
		kb += Number(/^Pss:\s+(\d+) kB/m.exec(
		    fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]);
	return [pids.length, kb / 1024];
}

// ---- what was found --------------------------------------------------------

function table() {
	const r = result;
	const row = (label, k) => [label,
		...['rps', 'cpu_ms', 'cpu_with_nginx_ms', 'p50_ms', 'p99_ms']
		    .map((f) => String(r[`${k}_${f}`]))];
	const rows = [
		['', 'req/s', 'CPU ms', 'with nginx', 'p50 ms', 'p99 ms'],
		row('reference', 'reference'),
		row('account page', 'account'),
		row('log-in page', 'login_page'),
		row('saved change', 'save'),
		row('log-in', 'login'),
	];
	const goals = [
		['account page / reference', r.account_vs_reference, '>=', 0.8],
		['PSS of all workers, MB', r.workers_pss_mb, '<=', 24],
		['log-ins / (cores / crypt)', r.login_vs_crypt, '>=', 0.9],
		['refusals, slowest / quickest', r.refuse_ratio, '<=', 1.2],
		...goalsOfMillion(),
	];

	for (const line of rows)
		console.log(line.map((c, i) =>
		    i === 0 ? c.padEnd(14) : c.padStart(11)).join(''));
	console.log(`\ncrypt(3): ${r.crypt_ms} ms alone, ` +
	    `${r.crypt_all_cores_ms} ms on each of ${CORES} cores at once, ` +
	    `${r.crypt_cpu_ms} ms of processor (log-ins reach ${r.login_vs_crypt_all_cores} of that)`);
	console.log(`account page at a visitor's pace: p50 ` +
	    `${r.calm_page_p50_ms}, p99 ${r.calm_page_p99_ms} ms; in a flood ` +
	    `of log-ins: p50 ${r.flood_page_p50_ms}, ` +
	    `p99 ${r.flood_page_p99_ms} ms`);
	console.log('refused log-in, ms: ' +
	    ['wrong', 'no_account', 'no_domain', 'no_address', 'old_hash',
	    'initial'].map((k) => `${k} ${r[`refuse_${k}_ms`]}`).join(', '));
	tableOfMillion();
	console.log();
	for (const [what, is, how, goal] of goals) {
		const met = { '>=': is >= goal, '<=': is <= goal,
			'<': is < goal }[how];
		console.log(`${what.padEnd(36)}${String(is).padStart(8)}  ` +
		    `goal ${how} ${goal}  ${met ? 'met' : 'MISSED'}`);
	}
}

function write(file) {
	fs.mkdirSync(path.dirname(file), { recursive: true });
	fs.writeFileSync(file, `${JSON.stringify(result, null, '\t')}\n`);
	if (process.env.SUDO_UID !== undefined)
		fs.chownSync(file, Number(process.env.SUDO_UID),
		    Number(process.env.SUDO_GID));
}

async function main() {
	const began = Date.now();
	const say = (text) => process.stderr.write(`bench: ${text}\n`);
	const password = 'Bench-7w#Kq2!zR';

	say('starting the stack');
	const stack = await startStack('bench', STACK);
	try {
		say(`${ACCOUNTS} accounts`);
		const hash = await makeAccounts(stack, password);
		const users = await logInAll(stack,
		    Array.from({ length: 4 * CONNECTIONS }, (_, i) => 11 + i),
		    password);
		await startReference(stack, users[0].html, users[0].n);

		const file = (n, text) => {
			const f = path.join(stack.dir, 'bench', n);
			fs.writeFileSync(f, `${text}\n`);
			return f;
		};
		const b = new Browser(stack);
		const form = { csrf: (await b.get('/login')).page
		    .form('/login').csrf, cookie: [...b.cookies]
		    .map(([k, v]) => `${k}=${v}`).join('; ') };
		// Those who save are others: the pages stay as they are.
		const savers = await logInAll(stack,
		    Array.from({ length: CONNECTIONS }, (_, i) => 101 + i),
		    password);
		const files = {
			cookies: file('cookies', users.map((u) => u.cookie)
			    .join('\n')),
			form: file('form', [form.cookie, form.csrf,
				encodeURIComponent(password)].join('\n')),
			// The version of each as it is now.
			async sessions() {
				const now = Object.fromEntries((await sql(stack.db,
				    `SELECT n.local_part, a.version FROM account a
				    JOIN address n ON n.id = a.id WHERE
				    n.local_part GLOB 'b01[0-9]*'`))
				    .map((l) => l.split('|')));
				return file('sessions', savers.map((u) => [u.cookie,
				    u.csrf, now[name(u.n)]].join('\t')).join('\n'));
			},
		};
		const size = Buffer.byteLength(users[0].html);
		put('account_page_bytes', size);

		say(`pages: ${ROUNDS} rounds of ${SECONDS} s each`);
		await pages(stack, files, size);
		say('log-ins');
		await logIns(stack, files, hash);
		say('pages in a flood of log-ins');
		await flood(stack, files, size);
		await settled(stack);
		const [n, mb] = memory(stack);
		put('workers', n);
		put('workers_pss_mb', mb);
		say('refused log-ins');
		await makeOldHash(stack);
		await enumeration(stack, form);
		await million(stack, say);
		put('cores', CORES);
		put('seconds', (Date.now() - began) / 1000);
	} finally {
		await stack.stop();
	}
	write(path.join(root, 'build/bench.json'));
	table();
}

main().then(() => process.exit(0), (err) => {
	console.error(`bench: ${err.stack}`);
	process.exit(1);
});
