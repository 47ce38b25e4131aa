// A directory as vpopmail, qmailadmin and ezmlm leave it, from their
// documentation: README.quotas, README.vlimits and dot-qmail(5), ezmlm(5).

import fs from 'node:fs';
import path from 'node:path';
import { run } from './run.mjs';

// crypt(3), as the old server had it; the password goes by standard input.
export async function crypt(password, setting) {
	const r = await run('perl', ['-e',
	    '$p = <STDIN>; chomp $p; print crypt($p, $ARGV[0])', setting],
	    { input: `${password}\n` });

	return r.stdout;
}

export const settings = {
	md5: '$1$abcdefgh$', sha256: '$5$abcdefgh$', sha512: '$6$abcdefgh$',
	bcrypt: '$2y$04$abcdefghijklmnopqrstuu', yescrypt: '$y$j75$abcdefgh',
	des: 'ab'
};

// Writes a tree: a string or a Buffer is a file, an object a directory,
// { link } a symbolic link.
export function tree(dir, what) {
	fs.mkdirSync(dir, { recursive: true });
	for (const [name, x] of Object.entries(what)) {
		const to = path.join(dir, name);

		if (typeof x === 'string' || Buffer.isBuffer(x))
			fs.writeFileSync(to, x);
		else if (typeof x.link === 'string')
			fs.symlinkSync(x.link, to);
		else
			tree(to, x);
	}
}

// A line of vpasswd; `clear` is the column that nobody may come to know.
export const vpasswd = (domain, name, hash, { gid = 0, gecos = name,
    dir = `/home/vpopmail/domains/${domain}/${name}`, quota = 'NOQUOTA',
    clear = `clear-of-${name}` } = {}) =>
    `${name}:${hash}:1:${gid}:${gecos}:${dir}:${quota}:${clear}\n`;

// ezmlm: records of "T", the address, NUL, in files by a hash of it.
export function subscribers(...addresses) {
	const files = {};

	addresses.forEach((a, i) => {
		const name = String.fromCharCode(64 + i % 53);

		files[name] = `${files[name] ?? ''}T${a}\0`;
	});
	return files;
}

export const message = (text) => `From: a@b.example\nSubject: ${text}\n\n` +
    `${text}\n`;
export const maildir = (texts = [], size) => ({
	cur: Object.fromEntries(texts.map((t, i) =>
	    [`1200000000.${i}.old:2,S`, message(t)])),
	new: {}, tmp: {},
	...(size === undefined ? {} : { maildirsize: size })
});

export const list = (name, domain, members, more = {}) => ({
	config: `X:0\nT:/home/vpopmail/domains/${domain}/.qmail-${name}\n` +
	    `D:/home/vpopmail/domains/${domain}/${name}\nL:${name}\n` +
	    `H:${domain}\nF:-aBCDeFGHIJKlMNOpQRSTuVWXYZ\n5:taro@${domain}\n`,
	inlocal: `${domain}-${name}\n`, outlocal: `${name}\n`,
	outhost: `${domain}\n`, lock: '', public: '', archived: '',
	prefix: `[${name}]\n`, headeradd: 'X-No-Archive: yes\n',
	subscribers: { ...subscribers(...members), lock: '' }, Log: 'log\n',
	text: { bottom: 'x\n' }, ...more
});
