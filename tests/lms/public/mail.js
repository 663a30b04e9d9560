/* The inbox: asks every two seconds what came, keeps the open mail open. */
const $ = (id) => document.getElementById(id);
const make = (tag, attributes = {}, ...children) => {
	const el = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes))
		el.setAttribute(name, value);
	el.append(...children.filter((c) => c !== null));
	return el;
};
const time = new Intl.DateTimeFormat([], { hour: '2-digit', minute: '2-digit' });
const moment = new Intl.DateTimeFormat([], { dateStyle: 'medium', timeStyle: 'medium' });
const bare = (address) => address.replace(/ <.*>$/, '');
const post = document.querySelector('.post');
let mails = [];
let openId = null;

function row(m) {
	const link = make('a', { href: `#${m.id}`, ...(m.id === openId ? { 'aria-current': 'true' } : {}) },
		make('span', { class: 'row__to' }, m.to.map(bare).join(', ')),
		make('time', { class: 'row__time', datetime: m.at }, time.format(new Date(m.at))),
		make('span', { class: 'row__subject' }, m.subject || '(no subject)'),
		make('span', { class: 'row__from' }, `from ${bare(m.from)}`));
	return make('li', {}, link);
}

function showList() {
	$('list').replaceChildren(...[...mails].reverse().map(row));
	$('count').textContent = mails.length || '';
	$('none').hidden = mails.length > 0;
	$('empty').hidden = mails.length === 0;
	$('choose').hidden = mails.length === 0 || openId !== null;
}

/* Plain text with its addresses made into links. */
function linked(text) {
	const pre = make('pre', { class: 'plain' });
	text.split(/(https?:\/\/[^\s<>"]+)/).forEach((part, i) => {
		pre.append(i % 2 ? make('a', { href: part, target: '_blank', rel: 'noopener noreferrer' }, part) : part);
	});
	return pre;
}

function headerTable(m) {
	const rows = Object.entries(m.headers).flatMap(([name, values]) => values.map((v) => make('tr', {}, make('th', { scope: 'row' }, name), make('td', {}, v))));
	const envelope = make('tr', {}, make('th', { scope: 'row' }, 'envelope'),
		make('td', {}, `${m.envelope.from} to ${m.envelope.to.join(', ')}${m.session.tls ? ', over TLS' : ''}`));
	return make('table', { class: 'heads' }, make('caption', { class: 'sr' }, 'Header lines'), make('tbody', {}, envelope, ...rows));
}

const VIEWS = [
	['html', 'As sent', (m) => (m.html ? make('iframe', { class: 'letter', src: `/mails/${m.id}/html`, title: `Mail: ${m.subject}`, sandbox: 'allow-popups allow-popups-to-escape-sandbox' }) : null)],
	['text', 'Plain text', (m) => (m.text ? linked(m.text) : null)],
	['headers', 'Header', headerTable],
	['raw', 'Source', (m) => make('pre', { class: 'plain plain--mono' }, m.raw)],
];

function viewTabs(m) {
	const panel = make('div', { class: 'view', role: 'tabpanel', id: 'view', tabindex: '0' });
	const views = VIEWS.map(([key, label, show]) => ({ key, label, body: show(m) })).filter((v) => v.body);
	const tabs = views.map((v) => make('button', { type: 'button', role: 'tab', id: `tab-${v.key}`, 'aria-controls': 'view' }, v.label));
	const choose = (i, focus) => {
		tabs.forEach((t, n) => {
			t.setAttribute('aria-selected', String(n === i));
			t.tabIndex = n === i ? 0 : -1;
		});
		panel.setAttribute('aria-labelledby', tabs[i].id);
		panel.replaceChildren(views[i].body);
		if (focus)
			tabs[i].focus();
	};
	tabs.forEach((t, i) => {
		t.addEventListener('click', () => choose(i, false));
		t.addEventListener('keydown', (e) => {
			const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
			if (step)
				choose((i + step + tabs.length) % tabs.length, true);
		});
	});
	choose(0, false);
	return [make('div', { class: 'views', role: 'tablist', 'aria-label': 'Ways to look at it' }, ...tabs), panel];
}

async function open(id) {
	openId = id;
	post.dataset.reading = id === null ? 'no' : 'yes';
	showList();
	if (id === null)
		return $('open').replaceChildren();
	const answer = await fetch(`/api/mails/${id}`);
	if (openId !== id)
		return;
	if (!answer.ok) {
		location.hash = '';
		return;
	}
	const m = await answer.json();
	const back = make('a', { class: 'btn btn--quiet letter__back', href: '#' }, 'Inbox');
	const facts = [['From', m.from], ['To', m.to.join(', ')], ['Sent', moment.format(new Date(m.date ?? m.at))]];
	$('open').replaceChildren(back, make('h2', {}, m.subject || '(no subject)'),
		make('dl', { class: 'facts' }, ...facts.map(([k, v]) => make('div', {}, make('dt', {}, k), make('dd', {}, v)))), ...viewTabs(m));
	$('mail').focus({ preventScroll: true });
	if (matchMedia('(max-width: 59.99rem)').matches)
		scrollTo(0, 0);
}

async function refresh() {
	try {
		const since = mails.at(-1)?.id ?? 0;
		const [news, { count }] = await Promise.all([
			fetch(`/api/mails?summary=1&since=${since}`).then((r) => r.json()),
			fetch('/api/mails/count').then((r) => r.json()),
		]);
		const gone = count < mails.length + news.length;
		if (gone)
			mails = await fetch('/api/mails?summary=1').then((r) => r.json());
		else
			mails.push(...news);
		if (news.length)
			$('news').textContent = news.length === 1 ? `New mail: ${news[0].subject}` : `${news.length} new mails`;
		if (news.length || gone || $('none').hidden === ($('list').children.length === 0))
			showList();
		document.title = mails.length ? `Mail catcher (${mails.length})` : 'Mail catcher';
	} catch {
		$('news').textContent = 'The mail catcher does not answer. It has stopped.';
	}
}

const fromHash = () => open(/^#\d+$/.test(location.hash) ? Number(location.hash.slice(1)) : null);
addEventListener('hashchange', fromHash);
$('empty').addEventListener('click', async () => {
	await fetch('/api/mails', { method: 'DELETE' });
	mails = [];
	location.hash = '';
	showList();
});
await refresh();
showList();
fromHash();
setInterval(refresh, 2000);
