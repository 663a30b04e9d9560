/* The mail catcher: an SMTP server that delivers to nobody, and a page that shows
 * what came as a mail client would. Alone: node mail.mjs. */
import { appendFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { simpleParser } from 'mailparser';
import { HttpError, html, listen, raw, readJson, router, send, sendFile, sendHtml, sendJson } from './lib/http.mjs';
import { SMTP_MODES, Smtp } from './lib/smtp.mjs';
import { runAlone, settings } from './settings.mjs';

const MAILS_MAX = 50_000;

/* Mails in the order they came. Parsing waits until somebody looks, so that a test
 * that sends thousands measures the sender and not this. */
class Mailbox {
	constructor(file) {
		this.file = file;
		this.mails = [];
		this.nextId = 1;
		this.received = 0;
	}

	add({ raw: bytes, envelope, session }) {
		this.received += 1;
		this.mails.push({ id: this.nextId++, at: new Date().toISOString(), envelope, session, bytes });
		if (this.mails.length > MAILS_MAX)
			this.mails.shift();
		if (this.file)
			appendFile(this.file, `${JSON.stringify({ envelope, raw: bytes.toString('utf8') })}\n`).catch((e) => console.error(`mail: ${e.message}`));
	}

	find(id) {
		const mail = this.mails.find((m) => String(m.id) === id);
		if (!mail)
			throw new HttpError(404, 'That mail is not here any more.');
		return mail;
	}
}

const addressText = (a) => (a?.value ?? []).map((v) => (v.name ? `${v.name} <${v.address}>` : v.address));

async function parsed(mail) {
	mail.parsed ??= simpleParser(mail.bytes, { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true });
	return mail.parsed;
}

function headerMap(p) {
	const map = {};
	for (const { key, line } of p.headerLines)
		(map[key] ??= []).push(line.slice(line.indexOf(':') + 1).replace(/\r?\n[ \t]/g, ' ').trim());
	return map;
}

async function summary(mail) {
	const p = await parsed(mail);
	return { id: mail.id, at: mail.at, from: addressText(p.from)[0] ?? mail.envelope.from, to: addressText(p.to), subject: p.subject ?? '' };
}

async function full(mail) {
	const p = await parsed(mail);
	return {
		...await summary(mail), envelope: mail.envelope, session: mail.session, date: p.date ?? null, messageId: p.messageId ?? null,
		headers: headerMap(p), text: p.text ?? null, html: p.html || null,
		attachments: p.attachments.map((a) => ({ name: a.filename ?? null, type: a.contentType, size: a.size })), raw: mail.bytes.toString('utf8'),
	};
}

/* ?to= keeps those for an address, ?since= those after an id. */
function chosen(box, url) {
	const to = url.searchParams.get('to');
	const since = Number(url.searchParams.get('since')) || 0;
	return box.mails.filter((m) => m.id > since && (!to || m.envelope.to.some((a) => a.toLowerCase() === to.toLowerCase())));
}

function frontPage({ lms, smtpPort }) {
	return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mail catcher</title>
<link rel="stylesheet" href="/static/lms.css">
<link rel="stylesheet" href="/static/mail.css">
<link rel="icon" href="/static/mark.svg" type="image/svg+xml">
<script src="/static/mail.js" type="module"></script>
</head>
<body class="full">
<a class="skip" href="#mail">Skip to the mail</a>
<header class="top">
<h1 class="top__brand"><a href="/">Mail catcher</a></h1>
<nav class="top__nav" aria-label="Main"><a href="${lms}" target="_blank" rel="noopener">Fjordby LMS</a></nav>
</header>
<main class="post" data-reading="no">
<section class="post__list" aria-labelledby="inbox">
<div class="post__head"><h2 id="inbox">Inbox <span class="count" id="count"></span></h2>
<button class="btn btn--quiet" id="empty" type="button" hidden>Delete all</button></div>
<p class="sr" role="status" id="news"></p>
<ul id="list"></ul>
<p class="quiet post__none" id="none" hidden>No mail yet. What Learning plans sends in this demo arrives here, and goes nowhere else. (SMTP on 127.0.0.1:${String(smtpPort)})</p>
<noscript><p class="quiet post__none">This page needs JavaScript.</p></noscript>
</section>
<section class="post__mail" id="mail" aria-label="Mail" tabindex="-1"><p class="quiet post__none" id="choose" hidden>Choose a mail to read it.</p><div id="open"></div></section>
</main>
</body>
</html>
`;
}

/* The HTML part, in a frame without scripts or remote pictures; its links open tabs. */
function mailDocument(p) {
	const head = '<base target="_blank"><meta name="referrer" content="no-referrer">';
	const body = p.html || '<p>This mail has no HTML part.</p>';
	return /<head[^>]*>/i.test(body) ? body.replace(/<head[^>]*>/i, (m) => m + head) : head + body;
}
const MAIL_CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups allow-popups-to-escape-sandbox";

function routes(box, smtp, s) {
	return [
		['GET', '/', (req, res) => sendHtml(res, 200, frontPage(s))],
		['GET', '/static/:name', (req, res, { params }) => sendFile(res, params.name)],
		['GET', '/api/mails', async (req, res, { url }) => {
			const as = url.searchParams.get('summary') ? summary : full;
			sendJson(res, 200, await Promise.all(chosen(box, url).map(as)));
		}],
		['GET', '/api/mails/count', (req, res) => sendJson(res, 200, { count: box.mails.length, received: box.received, last: box.mails.at(-1)?.id ?? 0, ...smtp.seen })],
		['GET', '/api/mails/:id', async (req, res, { params }) => sendJson(res, 200, await full(box.find(params.id)))],
		['DELETE', '/api/mails', (req, res) => {
			box.mails.length = 0;
			sendJson(res, 200, { count: 0 });
		}],
		['GET', '/mails/:id/html', async (req, res, { params }) =>
			sendHtml(res, 200, raw(mailDocument(await parsed(box.find(params.id)))), { 'Content-Security-Policy': MAIL_CSP })],
		['GET', '/mails/:id/raw', (req, res, { params }) => send(res, 200, 'text/plain; charset=utf-8', box.find(params.id).bytes)],
		['POST', '/test/smtp', async (req, res) => {
			await smtp.set(await readJson(req));
			sendJson(res, 200, { now: smtp.how, modes: SMTP_MODES });
		}],
		['GET', '/healthz', (req, res) => sendJson(res, 200, { ok: true })],
	];
}

function onError(req, res, e) {
	const status = e instanceof HttpError ? e.status : 500;
	if (status === 500)
		console.error(`mail: ${req.method} ${req.url}: ${e.stack}`);
	sendJson(res, status, { error: status === 500 ? 'The mail catcher made a mistake; its log says which.' : e.message });
}

/* Resolves to {stop, box, smtp} once both ports listen. */
export async function startMail(options = {}) {
	const s = { ...settings(), ...options };
	const box = new Mailbox(s.mailFile);
	const smtp = new Smtp({ port: s.smtpPort, tls: s.smtpTls, auth: s.smtpAuth, onMail: (m) => box.add(m) });
	await smtp.start();
	try {
		const stopWeb = await listen(router(routes(box, smtp, s), onError), s.mailPort);
		return { box, smtp, stop: async () => { await Promise.all([smtp.stop(), stopWeb()]); } };
	} catch (e) {
		await smtp.stop();
		throw e;
	}
}

if (import.meta.url === pathToFileURL(process.argv[1]).href)
	await runAlone('mail catcher', startMail, (s) => `${s.mail}, SMTP on 127.0.0.1:${s.smtpPort}`);
