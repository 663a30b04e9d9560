/* Where everything listens, from the environment; the same names deploy/run uses. */
function port(name, fallback) {
	const text = process.env[name] ?? '';
	if (text === '')
		return fallback;
	if (!/^\d{1,5}$/.test(text) || Number(text) < 1 || Number(text) > 65535)
		throw new Error(`${name}="${text}" is not a port: a number from 1 to 65535`);
	return Number(text);
}

export function settings() {
	const env = process.env;
	const lmsPort = port('ILPD_DEMO_LMS_PORT', 8181);
	const mailPort = port('ILPD_DEMO_MAIL_PORT', 8182);
	return {
		lmsPort, mailPort,
		smtpPort: port('ILPD_DEMO_SMTP_PORT', 8125),
		tool: env.ILPD_DEMO_TOOL_URL || `http://127.0.0.1:${port('ILPD_DEMO_TOOL_PORT', 8180)}`,
		lms: env.ILPD_DEMO_LMS_URL || `http://localhost:${lmsPort}`,
		mail: env.ILPD_DEMO_MAIL_URL || `http://localhost:${mailPort}`,
		keyDir: env.ILPD_DEMO_LMS_KEYS || '',      /* directory that keeps the signing keys; empty: new ones at every start */
		smtpTls: env.ILPD_DEMO_SMTP_TLS || '',     /* directory for a self-made certificate; empty: no STARTTLS */
		smtpAuth: env.ILPD_DEMO_SMTP_AUTH || '',   /* user:password that must be given */
		mailFile: env.ILPD_DEMO_MAIL_FILE || '',   /* each mail is appended here as one line of JSON */
	};
}

/* Runs one server until it is told to stop; a taken port is one line, not a stack. */
export async function runAlone(name, start, address) {
	let stop;
	try {
		({ stop } = await start());
	} catch (e) {
		console.error(e.code === 'EADDRINUSE' ? `${name}: port ${e.port} is taken by another program` : `${name}: ${e.message}`);
		process.exit(1);
	}
	console.log(`${name}: ${address(settings())}`);
	for (const signal of ['SIGINT', 'SIGTERM'])
		process.once(signal, () => stop().then(() => process.exit(0)));
}
