/* The SMTP half of the mail catcher: takes every mail, keeps it, and can be told to
 * fail at each step of the conversation. */
import { execFile } from 'node:child_process';
import { readFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SMTPServer } from 'smtp-server';
import { HttpError } from './http.mjs';

const SIZE_MAX = 10 << 20;
export const SMTP_MODES = {
	ok: 'take everything',
	refuse: 'do not listen at all',
	greeting: '421 instead of a greeting',
	auth: 'refuse the password',
	mail: 'refuse MAIL FROM with code',
	rcpt: 'refuse RCPT TO with code (only addresses that contain `to`, where given)',
	data: 'refuse with code after the final dot; the mail is not kept',
	drop_before_dot: 'cut the connection while the mail is being sent; it is not kept',
	drop_after_dot: 'keep the mail, cut the connection instead of answering',
	hang: 'keep the mail and never answer',
	slow: 'answer after delay_ms',
};

const reply = (code, text) => Object.assign(new Error(text), { responseCode: code });

/* A certificate for localhost that is its own authority, made by openssl once. */
async function certificate(dir) {
	const [key, cert] = [join(dir, 'smtp-key.pem'), join(dir, 'smtp-cert.pem')];
	const read = () => Promise.all([readFile(key), readFile(cert)]);
	try {
		return await read();
	} catch {
		await mkdir(dir, { recursive: true });
		await promisify(execFile)('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '3650', '-subj', '/CN=localhost',
			'-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', cert]);
		return read();
	}
}

export class Smtp {
	/* onMail({envelope, raw, session}) is called for each mail that is kept. */
	constructor({ port, tls, auth, onMail }) {
		Object.assign(this, { port, tls, auth, onMail });
		this.how = { mode: 'ok' };
		this.code = 451;
		this.sockets = new Map(); /* by the client's port, which a session knows */
		this.seen = { connections: 0, mails: 0, refused: 0 };
	}

	async start() {
		const [key, cert] = this.tls ? await certificate(this.tls) : [];
		const [user, password] = this.auth.split(/:(.*)/s);
		this.server = new SMTPServer({
			banner: 'Fjordby mail catcher', size: SIZE_MAX, logger: false, disableReverseLookup: true, closeTimeout: 100, key, cert,
			disabledCommands: [...(this.tls ? [] : ['STARTTLS']), ...(this.auth ? [] : ['AUTH'])],
			authOptional: !this.auth, allowInsecureAuth: !this.tls, authMethods: ['PLAIN', 'LOGIN'],
			onConnect: (session, done) => done(this.fails('greeting') ? reply(421, 'Too busy, come back later') : undefined),
			onAuth: (given, session, done) => (this.fails('auth') || given.username !== user || given.password !== password
				? done(reply(535, 'Wrong user name or password')) : done(null, { user })),
			onMailFrom: (address, session, done) => done(this.fails('mail') ? reply(this.code, 'Sender not taken now') : undefined),
			onRcptTo: (address, session, done) => done(this.fails('rcpt', address.address) ? reply(this.code, 'Recipient not taken') : undefined),
			onData: (stream, session, done) => this.data(stream, session, done),
		});
		/* A client that vanishes in the middle is what tests do on purpose. */
		this.server.on('error', () => {});
		this.server.server.on('connection', (socket) => {
			this.seen.connections += 1;
			this.sockets.set(socket.remotePort, socket);
			socket.once('close', () => this.sockets.delete(socket.remotePort));
		});
		await new Promise((resolve, reject) => {
			this.server.server.once('error', reject);
			this.server.listen(this.port, '127.0.0.1', resolve);
		});
	}

	async stop() {
		const server = this.server;
		if (!server)
			return;
		this.server = null;
		for (const socket of this.sockets.values())
			socket.destroy();
		await new Promise((resolve) => { server.close(resolve); });
	}

	async set({ mode = 'ok', code = 451, to, times, delay_ms: delay = 3000 }) {
		if (!Object.hasOwn(SMTP_MODES, mode))
			throw new HttpError(400, `mode must be one of ${Object.keys(SMTP_MODES).join(', ')}`);
		this.how = { mode, to, times, delay };
		this.code = code;
		if (mode === 'refuse')
			await this.stop();
		else if (!this.server)
			await this.start();
	}

	/* True where this step is to fail now; counts `times` down. */
	fails(step, address) {
		const how = this.how;
		if (how.mode !== step || (how.to && !address?.includes(how.to)))
			return false;
		this.seen.refused += 1;
		if (how.times !== undefined && --how.times <= 0)
			this.how = { mode: 'ok' };
		return true;
	}

	async data(stream, session, done) {
		const how = { ...this.how };
		if (this.fails('drop_before_dot')) {
			stream.once('data', () => this.sockets.get(session.remotePort)?.destroy());
			return;
		}
		const parts = [];
		try {
			for await (const part of stream)
				parts.push(part);
		} catch (e) {
			return done(e);
		}
		if (stream.sizeExceeded)
			return done(reply(552, 'The mail is too large'));
		if (this.fails('data'))
			return done(reply(this.code, 'Not taken now'));
		this.seen.mails += 1;
		this.onMail({ raw: Buffer.concat(parts), envelope: { from: session.envelope.mailFrom.address, to: session.envelope.rcptTo.map((r) => r.address) },
			session: { connection: session.id, tls: Boolean(session.secure), user: session.user ?? null, helo: session.hostNameAppearsAs } });
		if (this.fails('drop_after_dot'))
			return this.sockets.get(session.remotePort)?.destroy();
		if (this.fails('hang'))
			return;
		if (how.mode === 'slow' && this.fails('slow'))
			await new Promise((resolve) => { setTimeout(resolve, how.delay); });
		done(null, 'Kept');
	}
}
