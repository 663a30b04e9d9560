/* Hands the tool's messages to the page around, and its answers back: this frame has the
 * origin of the authorization endpoint, the page has the school's. */
const waiting = new Map();
let count = 0;

addEventListener('message', ({ data, source, origin }) => {
	if (source === parent && data?.forwarded) {
		const asker = waiting.get(data.forwarded);
		waiting.delete(data.forwarded);
		asker?.source.postMessage(data.answer, asker.origin);
		return;
	}
	if (typeof data?.subject !== 'string')
		return;
	count += 1;
	waiting.set(count, { source, origin });
	parent.postMessage({ forward: count, origin, message: data }, '*');
});
