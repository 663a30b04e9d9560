/*
 * Talks to the platform's window by postMessage (lti.md R99-R108). What may be asked is
 * said to anybody who listens; a value goes only to the exact origin of the platform, and
 * is believed only from there, from the frame that was asked, in answer to that question.
 */
export interface Answer {
  subject: string;
  message_id?: unknown;
  key?: unknown;
  value?: unknown;
  error?: { code?: unknown };
  supported_messages?: unknown;
}

export const patience = { capabilities: 1500, value: 3000 };

/* Why it did not work, for the page's own use. */
export class PlatformError extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

/* The window of the platform: around us, or the one that opened ours. */
export function platformWindow(): Window | null {
  if (window.parent !== window) return window.parent;
  return (window.opener as Window | null) ?? null;
}

/* Canvas forwards by a frame beside ours; where it is missing, its parent answers (R108). */
function named(platform: Window, name: string): Window {
  if (!name || name === "_parent") return platform;
  try {
    return (platform.frames as unknown as Record<string, Window | undefined>)[name] ?? platform;
  } catch {
    return platform;
  }
}

function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
}

function fits(e: MessageEvent, to: Window, origin: string, subject: string, id: string): Answer | null {
  const data = e.data as Answer | null;
  if (e.source !== to || (origin !== "*" && e.origin !== origin)) return null;
  if (typeof data !== "object" || data === null || data.subject !== `${subject}.response`) return null;
  const anonymous = origin === "*" && data.message_id === undefined;
  return anonymous || data.message_id === id ? data : null;
}

function ask(to: Window, origin: string, message: { subject: string }, ms: number): Promise<Answer> {
  const id = newId();
  return new Promise((done, fail) => {
    const end = () => {
      window.removeEventListener("message", hear);
      clearTimeout(timer);
    };
    const hear = (e: MessageEvent) => {
      const answer = fits(e, to, origin, message.subject, id);
      if (!answer) return;
      end();
      if (answer.error) fail(new PlatformError(String(answer.error.code ?? "unknown")));
      else done(answer);
    };
    const timer = setTimeout(() => {
      end();
      fail(new PlatformError("no_answer"));
    }, ms);
    window.addEventListener("message", hear);
    try {
      to.postMessage({ ...message, message_id: id }, origin);
    } catch {
      end();
      fail(new PlatformError("wrong_origin"));
    }
  });
}

export type Capabilities = Map<string, string | undefined>;

/* What the platform's window answers to, and in which frame. */
export async function capabilities(platform: Window): Promise<Capabilities> {
  const { supported_messages } = await ask(platform, "*", { subject: "lti.capabilities" }, patience.capabilities);
  const out: Capabilities = new Map();
  for (const m of Array.isArray(supported_messages) ? (supported_messages as unknown[]).slice(0, 100) : []) {
    const { subject, frame } = (m ?? {}) as { subject?: unknown; frame?: unknown };
    if (typeof subject === "string") out.set(subject, typeof frame === "string" ? frame : undefined);
  }
  return out;
}

/* The platform's storage, as this page was told to use it. */
export class PlatformStorage {
  private constructor(
    private readonly platform: Window,
    private readonly known: Capabilities,
    private readonly target: string,
    private readonly origin: string,
  ) {}

  static async open(target: string, origin: string): Promise<PlatformStorage> {
    const platform = platformWindow();
    if (!platform) throw new PlatformError("no_platform");
    return new PlatformStorage(platform, await capabilities(platform), target, origin);
  }

  private where(subject: string): Window {
    if (!this.known.has(subject)) throw new PlatformError("unsupported_subject");
    return named(this.platform, this.known.get(subject) ?? this.target);
  }

  async put(key: string, value: string | null): Promise<void> {
    const message = { subject: "lti.put_data", key, value };
    const answer = await ask(this.where(message.subject), this.origin, message, patience.value);
    if (answer.key !== key) throw new PlatformError("bad_answer");
  }

  async get(key: string): Promise<string> {
    const message = { subject: "lti.get_data", key };
    const answer = await ask(this.where(message.subject), this.origin, message, patience.value);
    if (answer.key !== key || typeof answer.value !== "string") throw new PlatformError("no_value");
    return answer.value;
  }
}
