/* The server's door: JSON over fetch, the session named in a header. */
import type { Act, Outcome } from "./outbox";
import type { Answer, Theirs } from "./save";
import type { SaveBody, Scale } from "./types";

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly field: string | null,
    readonly body: unknown,
  ) {
    super(message);
  }
  /* A stable word for what is wrong with the input. */
  get reason(): string {
    return (this.body as ErrorBody | null)?.error?.reason ?? "";
  }
}

/* /app/<sid>/... : the session of this tab. */
export const sid = /^\/app\/([^/]+)/.exec(location.pathname)?.[1] ?? "";

/* Where cookies are not kept, what one would hold: in memory, and nowhere else. */
let bearer = "";

const patience = 20_000;

interface Options {
  method?: string;
  body?: unknown;
  leaving?: boolean;
  cached?: boolean;
}

interface ErrorBody {
  error?: { code?: string; field?: string; reason?: string; message?: string };
}

/* Whose request it is. */
export const identity = (): Record<string, string> => ({ "X-Session": sid, ...(bearer && { Authorization: `Bearer ${bearer}` }) });

async function request(path: string, { method = "GET", body, leaving = false, cached = false }: Options): Promise<Response> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patience);
  try {
    return await fetch(`/api/${path}`, {
      method,
      headers: {
        Accept: "application/json",
        ...identity(),
        ...(method === "GET" ? {} : { "Content-Type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      cache: cached ? "default" : "no-store",
      keepalive: leaving,
      signal: stop.signal,
    });
  } catch {
    throw new ApiError(0, "unreachable", "", null, null);
  } finally {
    clearTimeout(timer);
  }
}

/* undefined: there was nothing to read. null: there was something, but no JSON. */
async function parse(response: Response): Promise<unknown> {
  try {
    const text = await response.text();
    return text ? (JSON.parse(text) as unknown) : undefined;
  } catch {
    return null;
  }
}

/* What a body of this status means: the answer, or an ApiError. */
export function answerOf<T>(status: number, body: unknown): T {
  const ok = status >= 200 && status < 300;
  if (ok && body !== null) return body as T;
  const error = (body as ErrorBody | null | undefined)?.error ?? {};
  const code = ok ? "internal" : status === 401 ? "expired" : (error.code ?? "internal");
  throw new ApiError(status, code, error.message ?? "", error.field ?? null, body);
}

export async function api<T>(path: string, options: Options = {}): Promise<T> {
  const response = await request(path, options);
  return answerOf<T>(response.status, await parse(response));
}

/* A code is longer than any name of a place in a page. */
const codeForm = /^#([\w-]{64,})$/;

/* Was this page asked for by a page of ours? Another site could hand over a code of its
 * own, and have somebody write in its session (web/pages.c says where from). */
const fromHere = () => !document.querySelector('meta[name="arrival"][content="elsewhere"]');

/* Kept until an answer came, so that it can be tried again. */
let code: string | undefined;

function takeCode(): void {
  const found = codeForm.exec(location.hash)?.[1];
  if (!found) return;
  history.replaceState(null, "", location.pathname + location.search);
  if (fromHere()) code = found;
}

/* A launch without cookies, or a window opened from a frame, brings a code after the #: it
 * leaves the address at once and becomes this page's session. */
export async function redeem(): Promise<void> {
  takeCode();
  if (!code) return;
  try {
    const given = await api<{ sid: string; bearer: string }>("session/redeem", { method: "POST", body: { code } });
    if (given.sid === sid) bearer = given.bearer;
  } catch (e) {
    /* Used or too old: the cookie of the first time may be there. */
    if (!(e instanceof ApiError) || e.code !== "expired") throw e;
  }
  code = undefined;
}

/* An address for a window of its own, good for half a minute. */
export async function ownWindow(path: string): Promise<string> {
  return (await api<{ location: string }>("session/code", { method: "POST", body: { path } })).location;
}

export async function signOut(everywhere: boolean): Promise<void> {
  await api("session", { method: "DELETE", body: everywhere ? { everywhere } : {} });
  bearer = "";
}

/* The scales we ship, the same for everybody. */
export async function shippedScales(): Promise<Scale[]> {
  return (await api<{ scales: Scale[] }>("scales", { cached: true })).scales;
}

export const enc = encodeURIComponent;

/* Addresses of what is saved field by field; they name the fields in the queue too. */
export const entryPath = (review: string, student: string, field: "value" | "comment") =>
  `reviews/${enc(review)}/entries/${enc(student)}/${field}`;
export const selfPath = (review: string, field: "self_value" | "self_comment") => `my/reviews/${enc(review)}/${field}`;

/* Told of each save, for what the answer says besides the revision. */
export const saves = new EventTarget();

/* A comment that is not there is an empty one, and so is a text of a plan; who and when may be unknown. */
function whole(theirs: Theirs, key: string): Theirs {
  const text = /comment$|^(plans|meetings)\//.test(key) ? (theirs.text ?? "") : theirs.text;
  return { ...theirs, text, by: theirs.by ?? "", at: theirs.at ?? new Date().toISOString() };
}

function failure(e: ApiError, key: string): Answer {
  if (e.status === 401 || e.code === "expired") return { kind: "ended" };
  const theirs = (e.body as { theirs?: Theirs } | null)?.theirs;
  if (e.status === 409 && theirs) return { kind: "conflict", theirs: whole(theirs, key) };
  const again = e.status === 0 || e.status >= 500 || e.status === 429 || e.status === 408;
  return again ? { kind: "unreachable" } : { kind: "refused", message: e.message };
}

/* How the save queue sends one field. */
export async function sendField(key: string, text: string | null, rev: number, leaving: boolean): Promise<Answer> {
  try {
    const body = await api<SaveBody>(key, { method: "PUT", body: { text, rev }, leaving });
    saves.dispatchEvent(new CustomEvent("saved", { detail: { key, body } }));
    return { kind: "saved", rev: body.rev, at: body.at ?? new Date().toISOString() };
  } catch (e) {
    return e instanceof ApiError ? failure(e, key) : { kind: "unreachable" };
  }
}

/* How the outbox sends one act. */
export async function sendAct({ method, path, body }: Act): Promise<Outcome> {
  try {
    return { kind: "done", body: await api<unknown>(path, { method, body }) };
  } catch (e) {
    if (!(e instanceof ApiError)) return { kind: "unreachable" };
    const answer = failure(e, path);
    if (answer.kind === "ended" || answer.kind === "unreachable") return { kind: answer.kind };
    return { kind: "refused", message: e.message };
  }
}
