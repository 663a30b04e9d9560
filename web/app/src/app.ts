/* What every page may use: the viewer's data, the save queue, messages. */
import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { Kept } from "./draft";
import type { Outbox } from "./outbox";
import type { Field, SaveQueue, Tally } from "./save";
import type { Home, Review } from "./types";

export interface ToastSpec {
  text: string;
  undo?: () => void;
}

export interface App {
  home: Home;
  queue: SaveQueue;
  outbox: Outbox;
  /* Words that are not posted yet. */
  unsent: Kept;
  /* The device keeps unsaved words beyond this page. */
  durable: boolean;
  online: boolean;
  reload(): Promise<void>;
  /* The same, unless the data is only seconds old. */
  refresh(): void;
  setHome(change: (home: Home) => Home): void;
  setLanguage(language: string): Promise<void>;
  announce(text: string): void;
  toast(spec: ToastSpec): void;
  sessionEnded(): void;
}

export const AppContext = createContext<App>(null as unknown as App);

export function useApp(): App {
  return useContext(AppContext);
}

export function useField(key: string): Field | undefined {
  const { queue } = useApp();
  const [, redraw] = useState(0);
  useEffect(() => queue.listen(key, () => redraw((n) => n + 1)), [queue, key]);
  return queue.get(key);
}

/* Redraws whenever any field changes, or an act is on its way. */
export function useTally(): Tally {
  const { queue, outbox } = useApp();
  const [, redraw] = useState(0);
  useEffect(() => queue.listen(null, () => redraw((n) => n + 1)), [queue]);
  useEffect(() => outbox.listen(() => redraw((n) => n + 1)), [outbox]);
  const tally = queue.tally();
  const acts = outbox.waiting;
  return outbox.troubled ? { ...tally, unsaved: tally.unsaved + acts } : { ...tally, pending: tally.pending + acts };
}

/* Puts a review's newest state into the viewer's data. */
export function withReview(home: Home, review: Review): Home {
  const old = (home.reviews ?? []) as Review[];
  const rest = old.filter((r) => r.id !== review.id);
  return { ...home, reviews: [...rest, review] };
}

export function useTitle(...parts: (string | undefined)[]): void {
  const title = parts.filter(Boolean).join(" · ");
  useEffect(() => {
    document.title = title;
  }, [title]);
}
