/* Platform storage (lti-cs-pm, lti-pm-s): the page around the tool answers postMessages,
 * through a frame whose origin is the authorization endpoint's, as Canvas does it. The
 * script of it is public/storage.js and public/forward.js. */
import { HttpError, html, sendHtml } from './http.mjs';

/* How the page behaves:
 *   on            capabilities, put and get are answered
 *   off           lti_storage_target is not offered
 *   silent        offered, and nobody answers (Canvas' mobile application)
 *   mute          capabilities are answered, put and get never
 *   wrong_origin  put and get end in the error wrong_origin
 *   error         put ends in storage_exhaustion, get in bad_request
 *   forgetful     put is answered, get finds nothing (the page was loaded again)
 *   other         get answers another value than was put
 *   impostor      with a forwarding frame: the page answers what the frame was asked
 *   elsewhere     the forwarding frame has another origin than the authorization endpoint
 *   parent-only   no forwarding frame: the page around the tool answers itself */
const MODES = ['on', 'off', 'silent', 'mute', 'wrong_origin', 'error', 'forgetful', 'other', 'impostor', 'elsewhere', 'parent-only'];

export class Storage {
	constructor(launches) {
		this.launches = launches;
		this.reset();
	}

	reset() {
		this.modes = {};
	}

	/* What pages do that do not say it in their address. */
	set(platform, mode) {
		this.check(mode);
		this.modes[this.launches.platform(platform).key] = mode;
		return mode;
	}

	check(mode) {
		if (!MODES.includes(mode))
			throw new HttpError(400, `storage must be one of ${MODES.join(', ')}`);
	}

	/* '' means what a hook has set, else off; '1' is on. */
	mode(platformKey, asked) {
		const mode = asked === '1' ? 'on' : asked || this.modes[platformKey] || 'off';
		this.check(mode);
		return mode;
	}

	offered(platformKey, asked) {
		return this.mode(platformKey, asked) !== 'off';
	}

	/* What a page that shows the tool needs to know; null where storage is off. */
	frame(platform, asked) {
		const mode = this.mode(platform.key, asked);
		if (mode === 'off' || !platform.persona.storage)
			return null;
		const parent = mode === 'parent-only' || platform.persona.storage === '_parent';
		const at = new URL('/storage/frame', platform.urls.auth);
		if (mode === 'elsewhere')
			at.hostname = at.hostname === 'localhost' ? '127.0.0.1' : 'localhost';
		return { mode, name: parent ? '' : platform.persona.frame ?? platform.persona.storage, src: String(at) };
	}
}

export function storageRoutes(lms) {
	lms.storage = new Storage(lms.launches);
	return [
		['GET', '/storage/frame', (req, res) => sendHtml(res, 200, html`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Storage</title><script src="/static/forward.js"></script></head><body></body></html>
`)],
	];
}
