// A small reader of the HTML that we write ourselves.  It is strict on
// purpose: an element that is not closed, or closed twice, is an error.

const VOID = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img',
	'input', 'link', 'meta', 'source', 'track', 'wbr']);
const RAW = new Set(['script', 'style']);
const INLINE = new Set(['a', 'abbr', 'b', 'bdi', 'code', 'em', 'i', 'kbd', 'mark',
	'small', 'span', 'strong', 'time', 'u']);
const NAMED = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0',
	copy: '\u00a9', middot: '\u00b7', hellip: '\u2026', ndash: '\u2013',
	mdash: '\u2014', larr: '\u2190', rarr: '\u2192', times: '\u00d7' };

export function decode(s) {
	return s.replace(/&(#x[0-9a-f]+|#[0-9]+|[a-z0-9]+);/gi, (all, e) => {
		if (/^#x/i.test(e))
			return String.fromCodePoint(parseInt(e.slice(2), 16));
		if (e[0] === '#')
			return String.fromCodePoint(parseInt(e.slice(1), 10));
		if (NAMED[e] === undefined)
			throw new Error(`unknown entity ${all}`);
		return NAMED[e];
	});
}

class Node {
	constructor(tag, attr) {
		this.tag = tag;
		this.attr = attr;
		this.child = [];
	}
	* walk() {
		for (const c of this.child)
			if (typeof c !== 'string') {
				yield c;
				yield* c.walk();
			}
	}
	all(tag) {
		return [...this.walk()].filter((n) => n.tag === tag);
	}
	find(test) {
		return [...this.walk()].find(test);
	}
	get text() {
		return this.child.map((c) => typeof c === 'string' ? c :
		    c.tag === 'script' || c.tag === 'style' ? '' : c.text)
		    .join('');
	}
	// As read aloud: one line, with a blank where an element begins a line.
	get words() {
		return this.spaced.replace(/\s+/g, ' ').trim();
	}
	get spaced() {
		return this.child.map((c) => typeof c === 'string' ? c :
		    RAW.has(c.tag) ? '' : INLINE.has(c.tag) ? c.spaced :
		    ` ${c.spaced} `).join('');
	}
}

function attributes(s) {
	const attr = {};
	const one = /([^\s"'<>\/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g;

	for (const [, name, a, b, c] of s.matchAll(one)) {
		const key = name.toLowerCase();
		if (key in attr)
			throw new Error(`attribute ${key} twice in <${s}>`);
		attr[key] = decode(a ?? b ?? c ?? '');
	}
	return attr;
}

export function parse(html) {
	const root = new Node('#root', {});
	const open = [root];
	const token = /<!--[\s\S]*?-->|<!doctype[^>]*>|<(\/?)([a-z][a-z0-9]*)((?:"[^"]*"|'[^']*'|[^"'>])*)>|([^<]+)|</gi;
	let m;

	while ((m = token.exec(html)) !== null) {
		const top = open[open.length - 1];
		const [all, close, name, rest, text] = m;

		if (text !== undefined) {
			top.child.push(decode(text));
		} else if (all === '<') {
			throw new Error('stray < before ' +
			    html.slice(m.index, m.index + 40));
		} else if (name === undefined) {
			continue;
		} else if (close) {
			if (top.tag !== name.toLowerCase())
				throw new Error(`</${name}> closes <${top.tag}>`);
			open.pop();
		} else {
			const tag = name.toLowerCase();
			const node = new Node(tag,
			    attributes(rest.replace(/\/$/, '')));

			top.child.push(node);
			if (RAW.has(tag)) {
				const end = html.indexOf(`</${tag}`,
				    token.lastIndex);
				node.child.push(html.slice(token.lastIndex, end));
				token.lastIndex = html.indexOf('>', end) + 1;
			} else if (!VOID.has(tag) && !(/\/$/.test(rest) &&
			    open.some((n) => n.tag === 'svg'))) {
				open.push(node);
			}
		}
	}
	if (open.length !== 1)
		throw new Error(`<${open[open.length - 1].tag}> is not closed`);
	return root;
}

// What one asks of a page.
export class Page {
	constructor(html) {
		this.html = html;
		this.root = parse(html);
	}
	get lang() {
		return this.root.all('html')[0]?.attr.lang;
	}
	get title() {
		return this.root.all('title')[0]?.words;
	}
	get words() {
		return this.root.all('body')[0]?.words ?? this.root.words;
	}
	byId(id) {
		return this.root.find((n) => n.attr.id === id);
	}
	control(name) {
		return this.root.find((n) => n.attr.name === name &&
		    ['input', 'textarea', 'select', 'button'].includes(n.tag) &&
		    (n.attr.type !== 'radio' || 'checked' in n.attr)) ??
		    this.root.find((n) => n.attr.name === name);
	}
	formNode(action) {
		return this.root.all('form').find(
		    (f) => (f.attr.action ?? '').replace(/\?.*/, '') === action);
	}
	// The fields a browser would send if nothing were touched.
	form(action) {
		const form = this.formNode(action);
		const out = {};

		if (form === undefined)
			throw new Error(`no form for ${action} on ` +
			    `"${this.title}": ${this.words.slice(0, 200)}`);
		for (const n of form.walk()) {
			const { name, type, value } = n.attr;

			if (!name || 'disabled' in n.attr)
				continue;
			if (n.tag === 'textarea') {
				out[name] = n.text.replace(/^\n/, '')
				    .replace(/\r?\n/g, '\r\n');
			} else if (n.tag === 'select') {
				const o = n.all('option');
				out[name] = (o.find((x) => 'selected' in x.attr) ??
				    o[0]).attr.value;
			} else if (n.tag === 'input') {
				if (type === 'radio' || type === 'checkbox') {
					if ('checked' in n.attr)
						out[name] = value ?? 'on';
				} else if (type !== 'submit' && type !== 'button') {
					out[name] = value ?? '';
				}
			}
		}
		return out;
	}
	get csrf() {
		return this.root.find((n) => n.attr.name === 'csrf')?.attr.value;
	}
	// Names of the fields that were refused, in the page's order.
	get invalid() {
		return [...new Set([...this.root.walk()]
		    .filter((n) => n.attr['aria-invalid'] === 'true')
		    .map((n) => n.attr.name ?? n.attr.id))];
	}
	// The words tied to a refused field by aria-describedby.
	message(name) {
		const n = this.root.find((x) => x.attr['aria-invalid'] === 'true' &&
		    (x.attr.name === name || x.attr.id === name));

		if (n === undefined)
			throw new Error(`${name} is not marked aria-invalid; ` +
			    `marked: ${this.invalid}`);
		return (n.attr['aria-describedby'] ?? '').split(/\s+/)
		    .filter(Boolean).map((id) => {
			const d = this.byId(id);
			if (d === undefined)
				throw new Error(`aria-describedby=${id}: no such id`);
			return d.words;
		}).join(' ').trim();
	}
}
