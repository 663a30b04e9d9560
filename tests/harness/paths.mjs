import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/* The program of a build folder: "test" (sanitizers), "release", or a path. */
export function ILPD(build = process.env.ILPD_TEST_BUILD ?? 'test') {
	const path = resolve(ROOT, 'build', build, 'ilpd');
	if (!existsSync(path))
		throw new Error(`${path} is not there: tests/run builds it`);
	return path;
}
