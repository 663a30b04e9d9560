/* Starts the application: who is it, which words, which page. */
import { render } from "preact";
import { api, ApiError, redeem, sendAct, sendField, sid } from "./api";
import { fetchCatalog, loadLanguage } from "./i18n";
import { openDrafts, openKept } from "./draft";
import { Outbox } from "./outbox";
import { followLinks, here } from "./router";
import { signedOut } from "./parts/leave";
import { Root } from "./root";
import { SignedOut, Stop } from "./pages/other";
import { type Send, SaveQueue } from "./save";
import type { Home } from "./types";

const clock = {
  set: (run: () => void, ms: number) => window.setTimeout(run, ms),
  clear: (id: number) => window.clearTimeout(id),
};

/* The page around a frame is the LMS, and that is light. */
function matchHost(): void {
  if (window.top !== window.self) document.documentElement.dataset.theme = "light";
}

function queueFor(home: Home) {
  const { viewer, school, course } = home;
  const person = viewer.id ?? [school.name, viewer.role, viewer.name].join("/");
  const drafts = openDrafts(person, course?.id ?? "");
  const unsent = openKept(person, course?.id ?? "");
  const acts = { put: (id: string, text: string) => unsent.put(`act.${id}`, text), drop: (id: string) => unsent.drop(`act.${id}`), all: () => unsent.all("act.") };
  const outbox = new Outbox(sendAct, acts, clock);
  const send: Send = async (key, ...rest) => ((await outbox.passed(key)) ? sendField(key, ...rest) : { kind: "unreachable" });
  const queue = new SaveQueue(send, drafts, clock);
  return { queue, drafts, outbox, unsent };
}

function guard(queue: SaveQueue, outbox: Outbox): void {
  const leaving = () => queue.flushAll(true);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") leaving();
  });
  window.addEventListener("pagehide", leaving);
  window.addEventListener("online", () => {
    outbox.retry();
    queue.retryAll();
  });
  window.addEventListener("beforeunload", (e) => {
    const { unsaved, conflicts, pending } = queue.tally();
    if (unsaved + conflicts + pending + outbox.waiting > 0) e.preventDefault();
  });
}

async function start(box: HTMLElement): Promise<void> {
  const guess = navigator.language.replace(/^(no|nn)\b/, "nb").slice(0, 2);
  fetchCatalog(guess).catch(() => undefined);
  try {
    if (here() === signedOut) {
      await loadLanguage(guess);
      render(<SignedOut />, box);
      return;
    }
    await redeem();
    const home = await api<Home>("home");
    await loadLanguage(home.viewer.language);
    const { queue, drafts, outbox, unsent } = queueFor(home);
    guard(queue, outbox);
    followLinks();
    render(<Root first={home} queue={queue} drafts={drafts} outbox={outbox} unsent={unsent} />, box);
    outbox.restore();
    queue.restore();
  } catch (e) {
    await loadLanguage(guess).catch(() => undefined);
    const code = e instanceof ApiError ? e.code : "internal";
    render(<Stop code={sid ? code : "expired"} retry={() => void start(box)} />, box);
  }
}

/* Back must not show what stood here before somebody signed out. */
window.addEventListener("pageshow", (e) => {
  if (e.persisted) location.reload();
});

matchHost();
const box = document.getElementById("app");
if (box) void start(box);
