/* What node --test prints here: one line a file, failures in full, and at the end the
 * numbers tests/run adds up. Counts tests, not the files and groups they stand in. */
export default async function* reporter(source) {
	const total = { passed: 0, failed: 0, skipped: 0 };
	const children = [];           /* how many ended at each depth since the last at the one above */
	const files = new Map();
	const failures = [];
	for await (const { type, data } of source) {
		if (type === 'test:stdout' || type === 'test:stderr') {
			yield data.message;
			continue;
		}
		if (type !== 'test:pass' && type !== 'test:fail')
			continue;
		const had = children[data.nesting + 1] ?? 0;
		children[data.nesting + 1] = 0;
		children[data.nesting] = (children[data.nesting] ?? 0) + 1;
		const error = data.details?.error;
		const isGroup = had > 0 || data.details?.type === 'suite';
		if (isGroup && (type === 'test:pass' || error?.failureType === 'subtestsFailed'))
			continue;
		const file = (data.file ?? '').split('/').at(-1);
		const f = files.get(file) ?? { passed: 0, failed: 0, ms: 0 };
		files.set(file, f);
		f.ms += data.details?.duration_ms ?? 0;
		if (data.skip !== undefined && data.skip !== false) {
			if (String(data.skip).includes('does not match'))
				continue;
			total.skipped += 1;
			yield `    skipped: ${data.name} ${data.skip === true ? '' : data.skip}\n`;
		} else if (type === 'test:pass') {
			total.passed += 1;
			f.passed += 1;
			if (process.env.ILPD_TEST_VERBOSE)
				yield `    ok ${data.name} (${Math.round(data.details?.duration_ms ?? 0)} ms)\n`;
		} else {
			total.failed += 1;
			f.failed += 1;
			failures.push(data.name);
			const cause = error?.cause ?? error;
			yield `\n    FAILED ${file}: ${data.name} (${Math.round(data.details?.duration_ms ?? 0)} ms)\n${String(cause?.stack ?? cause?.message ?? cause).replace(/^/gm, '      ')}\n`;
		}
	}
	for (const [file, f] of files)
		if (file)
			yield `    ${file}: ${f.passed} passed${f.failed ? `, ${f.failed} FAILED` : ''} (${(f.ms / 1000).toFixed(1)} s)\n`;
	for (const name of failures)
		yield `    failed: ${name}\n`;
	yield `#counted ${total.passed} ${total.failed} ${total.skipped}\n`;
}
