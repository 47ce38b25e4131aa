// Text as Excel in Japan writes it: the inverse of what node can only read.

const decoder = new TextDecoder('shift_jis', { fatal: true });
let table;

function build() {
	table = new Map();
	const put = (...bytes) => {
		try {
			const c = decoder.decode(Uint8Array.from(bytes));
			if ([...c].length === 1 && !table.has(c))
				table.set(c, bytes);
		} catch {
			// No character of this set.
		}
	};
	for (let a = 0; a < 256; a++)
		put(a);
	for (let a = 0x81; a <= 0xfc; a++)
		for (let b = 0x40; b <= 0xfc; b++)
			if (a < 0xa0 || a > 0xdf)
				put(a, b);
}

export function cp932(text) {
	if (table === undefined)
		build();
	return Buffer.from([...text].flatMap((c) => {
		const bytes = table.get(c);
		if (bytes === undefined)
			throw new Error(`CP932 has no ${c}`);
		return bytes;
	}));
}
