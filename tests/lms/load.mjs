/* Lets everybody of the demo school open the course once, as they would in their first
 * week: a tool knows people, and whose parents they are, from the day they came.
 * Prints how many came; fails where somebody was refused. */
import { settings } from './settings.mjs';

const answer = await fetch(`${settings().lms}/test/visit`, { method: 'POST', body: '{}' });
const { opened, refused, error } = await answer.json();
if (error || refused.length) {
	const first = refused.slice(0, 3).map((r) => `${r.user} at ${r.step} with ${r.text ?? r.status}`);
	console.error(error ?? `${refused.length} could not open it: ${first.join(', ')}${refused.length > 3 ? ' ...' : ''}`);
	process.exit(1);
}
console.log(opened);
