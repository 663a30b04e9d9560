/*
 * The launch doctor's page (web/doctor.c): tries what a launch needs, shows the sentence
 * that fits beside each, and asks for a code by which the help desk finds it.
 */
import { capabilities, platformWindow } from "./platform";

interface Findings {
  frame: boolean;
  opener: boolean;
  access?: boolean;
  platform: boolean;
  put: boolean;
  local: boolean;
  indexed: boolean;
  clock_ms?: number;
}

interface Given {
  code: string;
  cookies: boolean;
  parted: boolean;
}

const clockGood = 30_000;
const dbPatience = 2000;

function local(): boolean {
  try {
    localStorage.setItem("ilpd.doctor", "1");
    localStorage.removeItem("ilpd.doctor");
    return true;
  } catch {
    return false;
  }
}

function indexed(): Promise<boolean> {
  return new Promise((done) => {
    setTimeout(() => done(false), dbPatience);
    try {
      const open = indexedDB.open("ilpd.doctor");
      open.onerror = () => done(false);
      open.onsuccess = () => {
        open.result.close();
        indexedDB.deleteDatabase("ilpd.doctor");
        done(true);
      };
    } catch {
      done(false);
    }
  });
}

async function platform(): Promise<{ platform: boolean; put: boolean }> {
  const window_ = platformWindow();
  try {
    const known = window_ ? await capabilities(window_) : new Map<string, string>();
    return { platform: known.size > 0, put: known.has("lti.put_data") && known.has("lti.get_data") };
  } catch {
    return { platform: false, put: false };
  }
}

/* Our clock less the browser's; the way there and back is halved. A Date has no
 * milliseconds: half a second is added for what it cut off. */
async function clock(): Promise<number | undefined> {
  try {
    const before = Date.now();
    const response = await fetch("/healthz", { cache: "no-store" });
    const after = Date.now();
    const theirs = Date.parse(response.headers.get("Date") ?? "");
    return Number.isNaN(theirs) ? undefined : Math.round(theirs + 500 - (before + after) / 2);
  } catch {
    return undefined;
  }
}

async function access(): Promise<boolean | undefined> {
  try {
    return await document.hasStorageAccess();
  } catch {
    return undefined;
  }
}

async function examine(): Promise<Findings> {
  const [db, lms, ms, shared] = await Promise.all([indexed(), platform(), clock(), access()]);
  return {
    frame: window.top !== window.self,
    opener: window.opener !== null,
    access: shared,
    ...lms,
    local: local(),
    indexed: db,
    clock_ms: ms,
  };
}

async function send(found: Findings): Promise<Given | null> {
  try {
    const response = await fetch("/doctor", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(found),
      cache: "no-store",
    });
    return response.ok ? ((await response.json()) as Given) : null;
  } catch {
    return null;
  }
}

function show(check: string, good: boolean): void {
  const wanted = `[data-check="${check}"] [data-when="${good ? "good" : "fair"}"]`;
  for (const el of document.querySelectorAll<HTMLElement>(wanted)) el.hidden = false;
}

function verdict(found: Findings, given: Given | null): string {
  if (!given) return found.frame ? "window" : "here";
  if (given.parted || given.cookies) return found.frame ? "frame" : "here";
  if (found.put) return "frame";
  return found.frame ? "window" : "nothing";
}

function conclude(which: string): void {
  for (const p of document.querySelectorAll<HTMLElement>("[data-verdict]")) p.hidden = p.dataset.verdict !== which;
}

function give(given: Given | null): void {
  const id = (name: string) => document.getElementById(name) as HTMLElement;
  id(given ? "given" : "failed").hidden = false;
  if (!given) return;
  const button = id("copy");
  id("code").textContent = given.code;
  button.addEventListener("click", () => {
    void copy(id("code")).then((done) => {
      if (done) button.textContent = button.dataset.done ?? "";
    });
  });
}

/* Not every browser says whether this frame may write to the clipboard. */
function mayCopy(): boolean {
  const policy = (document as { featurePolicy?: { allowsFeature(name: string): boolean } }).featurePolicy;
  return policy?.allowsFeature("clipboard-write") ?? true;
}

/* Where it may not, the code is selected, ready to be copied. */
async function copy(code: HTMLElement): Promise<boolean> {
  try {
    if (!mayCopy()) throw new Error("not here");
    await navigator.clipboard.writeText(code.textContent ?? "");
    return true;
  } catch {
    getSelection()?.selectAllChildren(code);
    return false;
  }
}

async function run(): Promise<void> {
  (document.getElementById("doctor") as HTMLElement).hidden = false;
  show("script", true);
  const found = await examine();
  const given = await send(found);
  const seconds = Math.abs(Math.round((found.clock_ms ?? 0) / 1000));
  for (const p of document.querySelectorAll('[data-check="clock"] .sub[data-when="fair"]'))
    p.textContent = (p.textContent ?? "").replace("…", String(seconds));
  show("frame", !found.frame);
  if (given) show("parted", given.parted);
  if (given) show("cookies", given.cookies);
  if (found.access !== undefined) show("access", found.access);
  show("platform", found.put);
  show("local", found.local && found.indexed);
  if (found.clock_ms !== undefined) show("clock", Math.abs(found.clock_ms) < clockGood);
  conclude(verdict(found, given));
  give(given);
}

void run();
