/* An administrator of a school, let in as by a link from the shell. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Client, http, takeCookies } from './client.mjs';
import { TENANT } from './tool.mjs';

const sha256 = (text) => createHash('sha256').update(text).digest('hex');

/* What `ilpd admin link` writes; answers the address it would print. */
export async function adminLink(world, { tenant = TENANT, name = 'Tor Henrik Aune' } = {}) {
	const person = randomUUID(), session = randomUUID(), secret = randomBytes(16).toString('base64url');
	await world.database.psql(`INSERT INTO ilp.person (tenant_id, person_id, name) VALUES ('${tenant}', '${person}', '${name}');
		INSERT INTO ilp.administrator (tenant_id, person_id, name) VALUES ('${tenant}', '${person}', '${name} ${person.slice(0, 4)}');
		INSERT INTO ilp.session (tenant_id, session_id, secret_hash, person_id, role, admin, expires_at)
		VALUES ('${tenant}', '${session}', '${sha256(secret)}', '${person}', 'none', true, now() + interval '10 minutes')`);
	return `${world.toolUrl}/admin/enter/${tenant}/${session}.${secret}`;
}

/* Opens such a link; the answer as it is. */
export const openLink = (url) => http(url, { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: '' });

export async function admin(world, more) {
	const answer = await openLink(await adminLink(world, more));
	if (answer.status !== 303)
		throw new Error(`no administrator was let in: ${answer.status}`);
	return new Client(world.toolUrl, answer.headers.location.split('/')[2], takeCookies({}, answer));
}
