/* Starts the application: who is it, which words, which page. */
import { render } from "preact";
import { api, ApiError, redeem, sendField, sid } from "./api";
import { fetchCatalog, loadLanguage } from "./i18n";
import { openDrafts } from "./draft";
import { followLinks, here } from "./router";
import { signedOut } from "./parts/leave";
import { Root } from "./root";
import { SignedOut, Stop } from "./pages/other";
import { SaveQueue } from "./save";
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
  const queue = new SaveQueue(sendField, drafts, clock);
  return { queue, drafts };
}

function guard(queue: SaveQueue): void {
  const leaving = () => queue.flushAll(true);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") leaving();
  });
  window.addEventListener("pagehide", leaving);
  window.addEventListener("online", () => queue.retryAll());
  window.addEventListener("beforeunload", (e) => {
    const { unsaved, conflicts, pending } = queue.tally();
    if (unsaved + conflicts + pending > 0) e.preventDefault();
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
    const { queue, drafts } = queueFor(home);
    guard(queue);
    followLinks();
    render(<Root first={home} queue={queue} drafts={drafts} />, box);
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
