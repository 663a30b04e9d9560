/* The demo LMS and the mail catcher in one process. */
import { startMail } from './mail.mjs';
import { startLms } from './server.mjs';
import { runAlone } from './settings.mjs';

async function startBoth() {
	const mail = await startMail();
	try {
		const lms = await startLms();
		return { stop: async () => { await Promise.all([lms.stop(), mail.stop()]); } };
	} catch (e) {
		await mail.stop();
		throw e;
	}
}

await runAlone('lms and mail catcher', startBoth, (s) => `${s.lms} and ${s.mail}`);
