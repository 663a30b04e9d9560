/* A platform's signing keys: two are published, one signs. Tests rotate them, and
 * ask for tokens that are signed wrongly in every way we know of. */
import { createHmac, createPrivateKey, createPublicKey, generateKeyPair, randomBytes, randomUUID, sign as signBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { CompactSign, exportJWK } from 'jose';

const generate = promisify(generateKeyPair);
const b64 = (value) => Buffer.from(value).toString('base64url');

async function keyOf(kid, privateKey) {
	const publicKey = createPublicKey(privateKey);
	const jwk = { kty: 'RSA', alg: 'RS256', kid, use: 'sig', ...await exportJWK(publicKey) };
	return { kid, publicKey, privateKey, jwk };
}

async function newKey(kid, modulusLength = 2048) {
	const { privateKey } = await generate('rsa', { modulusLength });
	return keyOf(kid, privateKey);
}

/* The keys an LMS had before it was restarted; null where there are none. */
async function readKeys(file) {
	try {
		const saved = JSON.parse(await readFile(file, 'utf8'));
		return await Promise.all(saved.map(({ kid, pem }) => keyOf(kid, createPrivateKey(pem))));
	} catch {
		return null;
	}
}

async function saveKeys(file, keys) {
	await mkdir(dirname(file), { recursive: true });
	const saved = keys.map(({ kid, privateKey }) => ({ kid, pem: privateKey.export({ type: 'pkcs8', format: 'pem' }) }));
	await writeFile(file, JSON.stringify(saved), { mode: 0o600 });
}

export class KeySet {
	/* style 'canvas' names keys by time, 'uuid' by what it says, else 20 hex digits. With a file the
	 * keys outlive the process, as a real platform's do. */
	static async make(style, file) {
		const set = new KeySet();
		set.style = style;
		const kept = file ? await readKeys(file) : null;
		[set.active, set.next] = kept ?? await Promise.all([newKey(set.newKid()), newKey(set.newKid())]);
		if (file && !kept)
			await saveKeys(file, [set.active, set.next]);
		set.old = [];
		set.others = {};
		return set;
	}

	newKid() {
		if (this.style === 'canvas')
			return `${new Date().toISOString().slice(0, 19)}Z_${randomBytes(16).toString('hex')}`;
		return this.style === 'uuid' ? randomUUID() : randomBytes(10).toString('hex');
	}

	published() {
		return [this.active, this.next, ...this.old].map((k) => k.jwk);
	}

	/* The next key begins to sign. With overlap the old one stays published and the
	 * new one was known before; without, nothing that was published remains. */
	async rotate(overlap) {
		const before = this.active;
		if (overlap) {
			[this.active, this.next, this.old] = [this.next, await newKey(this.newKid()), [before]];
			return;
		}
		[this.active, this.next, this.old] = [await newKey(this.newKid()), await newKey(this.newKid()), []];
	}

	/* A key nobody has published: 'stranger' is a good one, 'weak' has 1024 bits. */
	async other(name) {
		this.others[name] ??= await newKey(this.newKid(), name === 'weak' ? 1024 : 2048);
		return this.others[name];
	}

	/* Publishes the weak key beside the good ones, so that only its size speaks against it. */
	async publishWeak() {
		this.old.push(await this.other('weak'));
	}
}

async function compact(header, payload, key) {
	return new CompactSign(payload).setProtectedHeader(header).sign(key.privateKey);
}

function assemble(headerText, payload, signature) {
	const input = `${b64(headerText)}.${Buffer.from(payload).toString('base64url')}`;
	return `${input}.${Buffer.from(signature(input)).toString('base64url')}`;
}

function flipped(token) {
	const dot = token.lastIndexOf('.');
	const bytes = Buffer.from(token.slice(dot + 1), 'base64url');
	bytes[bytes.length >> 1] ^= 1;
	return `${token.slice(0, dot + 1)}${bytes.toString('base64url')}`;
}

const rs256 = (key) => (input) => signBytes('sha256', Buffer.from(input), key.privateKey);

/* How a token may be signed. Each takes the set, the header, the header's text and
 * the payload's bytes. */
const SIGNERS = {
	good: (set, h, text, payload) => assembleOrSign(set.active, h, text, payload),
	second: (set, h, text, payload) => assembleOrSign(set.next, { ...h, kid: set.next.kid }, null, payload),
	bitflip: async (set, h, text, payload) => flipped(await assembleOrSign(set.active, h, text, payload)),
	otherkey: async (set, h, text, payload) => assemble(text, payload, rs256(await set.other('stranger'))),
	weak: async (set, h, text, payload) => {
		const key = await set.other('weak');
		return assemble(JSON.stringify({ ...h, kid: key.kid }), payload, rs256(key));
	},
	none: (set, h, text, payload) => assemble(text, payload, () => ''),
	hs256: (set, h, text, payload) => {
		const secret = set.active.publicKey.export({ type: 'spki', format: 'pem' });
		return assemble(text, payload, (input) => createHmac('sha256', secret).update(input).digest());
	},
	es256: async (set, h, text, payload) => {
		const { privateKey } = await generate('ec', { namedCurve: 'P-256' });
		return assemble(text, payload, (input) => signBytes('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' }));
	},
	/* ECDSA with r = s = 0, which once passed for a signature in some libraries. */
	zero: (set, h, text, payload) => assemble(text, payload, () => Buffer.alloc(64)),
	/* Signed by a stranger whose public key stands in the header. */
	embedded: async (set, h, text, payload) => {
		const key = await set.other('stranger');
		return assemble(JSON.stringify({ ...h, jwk: key.jwk }), payload, rs256(key));
	},
};
export const SIGNATURES = Object.keys(SIGNERS);

/* The well-kept library signs what it will sign; a header it refuses (no RS256, an
 * unknown crit, duplicate members) is signed by hand, since that is the point of it. */
async function assembleOrSign(key, header, text, payload) {
	const plain = header.alg === 'RS256' && !('crit' in header) && !('b64' in header);
	return plain && (text === null || text === JSON.stringify(header)) ? compact(header, payload, key)
		: assemble(text ?? JSON.stringify(header), payload, rs256(key));
}

/* header: an object; headerText: its text where that is special; payload: a string. */
export async function signToken(set, { header, headerText, payload, how = 'good' }) {
	const signer = SIGNERS[how];
	if (!signer)
		throw new Error(`sign must be one of ${SIGNATURES.join(', ')}`);
	return signer(set, header, headerText ?? JSON.stringify(header), new TextEncoder().encode(payload));
}
