/* How a test bends an id_token. An override is an object with any of
 *
 *   claims      merged into the payload (RFC 7396: null deletes); "C/roles" is short
 *               for the LTI claim prefix
 *   null_claims names of members to be sent as null
 *   replace     the whole payload instead
 *   append      JSON text put before the payload's last brace: `"sub":"x"` makes a
 *               second member of that name
 *   times       { exp: -10 }: seconds from now for exp, iat, nbf
 *   header      merged into the JOSE header (null deletes)
 *   header_append  as append, for the header
 *   sign        how it is signed, see SIGNATURES in keys.mjs
 *   id_token    this text instead of a token
 *   fields      merged into the form that is posted (null deletes): state, error ...
 */
import { CLAIM, asciiJson } from './claims.mjs';
import { SIGNATURES, signToken } from './keys.mjs';
import { HttpError } from './http.mjs';

const KNOWN = ['claims', 'null_claims', 'replace', 'append', 'times', 'header', 'header_append', 'sign', 'id_token', 'fields'];
const isObject = (v) => typeof v === 'object' && v !== null && !Array.isArray(v);
const full = (name) => (name.startsWith('C/') ? CLAIM + name.slice(2) : name);

export function mergePatch(target, patch) {
	if (!isObject(patch))
		return patch;
	const out = isObject(target) ? { ...target } : {};
	for (const [name, value] of Object.entries(patch)) {
		if (value === null)
			delete out[name];
		else
			out[name] = mergePatch(out[name], value);
	}
	return out;
}

const expand = (patch) => Object.fromEntries(Object.entries(patch).map(([k, v]) => [full(k), v]));

/* A spelling mistake in a test must not pass for a good token. */
export function checkOverrides(o) {
	const strange = Object.keys(o ?? {}).filter((k) => !KNOWN.includes(k));
	if (strange.length)
		throw new HttpError(400, `Unknown override: ${strange.join(', ')}. Known: ${KNOWN.join(', ')}`);
	if (o?.sign && !SIGNATURES.includes(o.sign))
		throw new HttpError(400, `sign must be one of ${SIGNATURES.join(', ')}`);
	return o ?? {};
}

function payloadOf(claims, o, platform) {
	let payload = o.replace ? expand(o.replace) : mergePatch(claims, expand(o.claims ?? {}));
	for (const name of o.null_claims ?? [])
		payload[full(name)] = null;
	for (const [name, seconds] of Object.entries(o.times ?? {}))
		payload[name] = Math.floor(Date.now() / 1000) + seconds;
	const text = platform.persona.token.ascii ? asciiJson(payload) : JSON.stringify(payload);
	return o.append ? `${text.slice(0, -1)},${o.append}}` : text;
}

const ALG = { hs256: 'HS256', none: 'none', es256: 'ES256', zero: 'ES256' };

export async function makeToken(platform, keys, claims, o = {}) {
	if (o.id_token !== undefined)
		return o.id_token;
	const header = mergePatch({ typ: 'JWT', alg: ALG[o.sign] ?? 'RS256', kid: keys.active.kid }, o.header ?? {});
	const text = JSON.stringify(header);
	return signToken(keys, {
		header, payload: payloadOf(claims, o, platform), how: o.sign,
		headerText: o.header_append ? `${text.slice(0, -1)},${o.header_append}}` : undefined,
	});
}
