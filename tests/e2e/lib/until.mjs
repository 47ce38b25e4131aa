// Waiting: always for a condition and always with an end.  No test sleeps in
// the hope that something has happened meanwhile.

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// Calls `look` until it gives something true; that is the result.  What `look`
// throws counts as "not yet", and is told when the time is over.
export async function until(what, look, { ms = 15000, every = 40 } = {}) {
	const end = Date.now() + ms;
	let why = '';

	for (;;) {
		try {
			const got = await look();
			if (got)
				return got;
			why = '';
		} catch (err) {
			why = `: ${err.message}`;
		}
		if (Date.now() > end)
			throw new Error(`not within ${ms} ms: ${what}${why}`);
		await pause(every);
	}
}
