// Runs a program to its end; input on standard input, never a shell.

import { spawn } from 'node:child_process';

export function run(file, args = [], opt = {}) {
	const { input = '', timeout = 60000, ...rest } = opt;

	return new Promise((done, fail) => {
		const child = spawn(file, args, {
			stdio: ['pipe', 'pipe', 'pipe'], ...rest
		});
		const timer = setTimeout(() => child.kill('SIGKILL'), timeout);
		let stdout = '', stderr = '';

		child.stdout.setEncoding('utf8').on('data', (s) => stdout += s);
		child.stderr.setEncoding('utf8').on('data', (s) => stderr += s);
		// A program that refuses before it reads its input is no error.
		child.stdin.on('error', () => {});
		child.stdin.end(input);
		child.on('error', (err) => {
			clearTimeout(timer);
			fail(err);
		});
		child.on('close', (code, signal) => {
			clearTimeout(timer);
			done({ code, signal, stdout, stderr });
		});
	});
}

// The same for what must work.
export async function must(file, args, opt) {
	const r = await run(file, args, opt);

	if (r.code !== 0)
		throw new Error(`${file} ${args.join(' ')}: ` +
		    `${r.signal ?? `exit ${r.code}`}\n${r.stdout}${r.stderr}`);
	return r;
}
