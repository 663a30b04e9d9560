/*
 * The two pages that bind a browser by the platform's storage (web/ladder.c): before the
 * login goes on, a value is put there; after the launch it is read back and shown to
 * /lti/verify. Whatever fails shows the page's other way on.
 */
import { PlatformError, PlatformStorage } from "./platform";

const box = document.getElementById("storage") as HTMLElement;
const facts = box.dataset as Record<string, string>;
const sayAfter = 300;

const other = document.getElementById("otherwise") as HTMLElement;
const wait = document.getElementById("wait") as HTMLElement;
const timer = setTimeout(() => {
  wait.hidden = false;
}, sayAfter);

/* What the storage said, for whoever looks into it. */
let said = "";

function hear(e: unknown): void {
  said = e instanceof PlatformError ? e.code.slice(0, 40) : "unknown";
}

function otherwise(): void {
  const reason = said ? other.querySelector('div[data-help="reason"] dd') : null;
  reason?.append(` (storage: ${said})`);
  clearTimeout(timer);
  wait.hidden = true;
  other.hidden = false;
  const heading = other.querySelector("h1") as HTMLElement;
  document.title = `${heading.textContent} · ${document.title.split(" · ").at(-1)}`;
  heading.tabIndex = -1;
  heading.focus();
}

async function put(): Promise<void> {
  try {
    const storage = await PlatformStorage.open(facts.target ?? "", facts.origin ?? "");
    await storage.put(facts.key ?? "", facts.value ?? "");
    location.replace(facts.next ?? "");
  } catch (e) {
    hear(e);
    otherwise();
  }
}

/* The value is good for one launch and goes; what is not there is "". */
async function take(): Promise<string> {
  try {
    const storage = await PlatformStorage.open(facts.target ?? "", facts.origin ?? "");
    const value = await storage.get(facts.key ?? "");
    storage.put(facts.key ?? "", null).catch(() => undefined);
    return value;
  } catch (e) {
    hear(e);
    return "";
  }
}

interface Verdict {
  location?: string;
  error?: { message?: string; reason?: string; mend?: string; send?: string; code?: string };
}

async function verify(secret: string): Promise<Verdict> {
  const response = await fetch("/lti/verify", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ticket: facts.ticket, secret }),
    credentials: "same-origin",
    cache: "no-store",
  });
  return (await response.json()) as Verdict;
}

/* The server's own words, where it said any, and the code of this refusal. */
function tell({ message, ...help }: NonNullable<Verdict["error"]>): void {
  const put = (where: string, text: string) => {
    for (const el of other.querySelectorAll(where)) el.textContent = text;
  };
  if (message) put(".lede", message);
  for (const [name, text] of Object.entries(help)) put(`div[data-help="${name}"] dd, span[data-help="${name}"]`, text);
}

async function get(): Promise<void> {
  let verdict: Verdict = {};
  try {
    verdict = await verify(await take());
  } catch {
    /* No answer, or none that can be read. */
  }
  if (verdict.location?.startsWith("/app/")) {
    location.replace(verdict.location);
    return;
  }
  if (verdict.error) tell(verdict.error);
  otherwise();
}

/* Back to a page that has done its work. */
window.addEventListener("pageshow", (e) => {
  if (e.persisted) otherwise();
});

void (facts.do === "put" ? put() : get());
