/* Platform storage of the page around the tool. What is kept belongs to the tool's origin
 * and to this page: loading it again forgets it. The body says how to behave. */
const store = new Map();
const script = document.currentScript;
const { mode, frame } = script.dataset;
const log = window.storageLog = [];

function answerTo(origin, m) {
	const answer = (more) => ({ subject: `${m.subject}.response`, message_id: m.message_id, ...more });
	const key = `${origin} ${m.key}`;
	const named = frame ? { frame } : {};
	if (m.subject === 'lti.capabilities')
		return mode === 'silent' ? null : answer({ supported_messages: [{ subject: 'lti.capabilities' }, { subject: 'lti.put_data', ...named }, { subject: 'lti.get_data', ...named }] });
	if (!['lti.put_data', 'lti.get_data'].includes(m.subject))
		return mode === 'silent' ? null : answer({ error: { code: 'unsupported_subject', message: `${m.subject} is not supported` } });
	if (mode === 'silent' || mode === 'mute')
		return null;
	const put = m.subject === 'lti.put_data';
	if (mode === 'wrong_origin')
		return answer({ key: m.key, error: { code: 'wrong_origin', message: 'Origin does not match' } });
	if (mode === 'error')
		return answer({ key: m.key, error: put ? { code: 'storage_exhaustion', message: 'Storage is full' } : { code: 'bad_request', message: 'No' } });
	if (typeof m.key !== 'string' || m.key === '' || m.key.length > 500 || String(m.value ?? '').length > 4096)
		return answer({ error: { code: 'bad_request', message: 'key or value is not allowed' } });
	if (put) {
		if (m.value === null || m.value === undefined)
			store.delete(key);
		else
			store.set(key, m.value);
		return answer({ key: m.key, value: m.value });
	}
	const value = mode === 'forgetful' ? null : mode === 'other' ? 'somebody else’s' : store.get(key) ?? null;
	return answer({ key: m.key, value });
}

addEventListener('message', ({ data, source, origin }) => {
	if (data?.forward) {
		const answer = answerTo(data.origin, data.message);
		log.push({ via: 'frame', origin: data.origin, subject: data.message.subject, key: data.message.key });
		if (answer && mode === 'impostor')
			frames.tool.postMessage(answer, '*'); /* from this window, which was not asked */
		else if (answer)
			source.postMessage({ forwarded: data.forward, answer }, '*');
		return;
	}
	if (typeof data?.subject !== 'string' || !data.subject.startsWith('lti.'))
		return;
	log.push({ via: 'page', origin, subject: data.subject, key: data.key });
	/* With a forwarding frame the page itself answers only what is no secret. */
	if (frame && data.subject !== 'lti.capabilities')
		return;
	const answer = answerTo(origin, data);
	if (answer)
		source.postMessage(answer, origin);
});
