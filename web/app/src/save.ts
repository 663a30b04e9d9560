/*
 * The save queue. Everything a person types passes through here: each field
 * is one text with the revision it started from, at most one request is under
 * way for it, and a text is forgotten only when the server has said it has it.
 *
 * Knows no DOM and no network: sending, clock and draft storage are handed in.
 */

export interface Theirs {
  text: string | null;
  rev: number;
  by: string;
  at: string;
}

export type Answer =
  | { kind: "saved"; rev: number; at: string }
  | { kind: "conflict"; theirs: Theirs }
  | { kind: "unreachable" }
  | { kind: "ended" }
  | { kind: "refused"; message: string };

export interface Draft {
  text: string | null;
  rev: number;
  base: string | null;
  doubt?: (string | null)[];
}

export interface DraftStore {
  put(key: string, draft: Draft): void;
  drop(key: string): void;
  all(): [string, Draft][];
}

export interface Clock {
  set(run: () => void, ms: number): number;
  clear(id: number): void;
}

export type Send = (key: string, text: string | null, rev: number, leaving: boolean) => Promise<Answer>;

export type Phase = "clean" | "waiting" | "sending" | "saved" | "failed" | "refused" | "conflict";

export interface Field {
  readonly key: string;
  readonly text: string | null;
  readonly rev: number;
  readonly phase: Phase;
  /* A request has been under way long enough to be worth mentioning. */
  readonly slow: boolean;
  readonly savedAt: string | null;
  readonly theirs: Theirs | null;
  readonly message: string | null;
}

export interface Tally {
  unsaved: number;
  /* Of the unsaved: those the server said no to, which are not tried again by themselves. */
  refused: number;
  conflicts: number;
  pending: number;
}

interface Slot {
  view: Field;
  base: string | null;
  /* Texts sent without an answer: the server may or may not have them. */
  doubt: (string | null)[];
  flying: boolean;
  soon: boolean;
  timer: number | null;
  slowTimer: number | null;
  tries: number;
  held: boolean;
  later: { text: string | null; rev: number } | null;
}

export const typingPause = 800;
export const slowAfter = 400;
export const retryAfter = [2000, 5000, 15000, 60000];

const unsaved: ReadonlySet<Phase> = new Set<Phase>(["failed", "refused"]);
const settled: ReadonlySet<Phase> = new Set<Phase>(["clean", "saved"]);

export class SaveQueue {
  private slots = new Map<string, Slot>();
  private listeners = new Map<string, Set<() => void>>();
  private everywhere = new Set<() => void>();
  private stopped = false;

  constructor(
    private readonly send: Send,
    private readonly drafts: DraftStore,
    private readonly clock: Clock,
  ) {}

  get ended(): boolean {
    return this.stopped;
  }

  /* The session is over: nothing more is sent, all words stay on the device. */
  end(): void {
    if (this.stopped) return;
    this.stopped = true;
    for (const slot of this.slots.values()) {
      this.unsetTimer(slot);
      if (slot.view.phase === "waiting") this.change(slot, { phase: "failed" });
    }
    this.everywhere.forEach((run) => run());
  }

  get(key: string): Field | undefined {
    return this.slots.get(key)?.view;
  }

  keys(): string[] {
    return [...this.slots.keys()];
  }

  listen(key: string | null, run: () => void): () => void {
    const set = key === null ? this.everywhere : (this.listeners.get(key) ?? new Set());
    if (key !== null) this.listeners.set(key, set);
    set.add(run);
    return () => void set.delete(run);
  }

  /* Is this field drawn anywhere? */
  shown(key: string): boolean {
    return (this.listeners.get(key)?.size ?? 0) > 0;
  }

  tally(): Tally {
    const out = { unsaved: 0, refused: 0, conflicts: 0, pending: 0 };
    for (const { view } of this.slots.values()) {
      if (view.phase === "refused") out.refused++;
      if (unsaved.has(view.phase)) out.unsaved++;
      else if (view.phase === "conflict") out.conflicts++;
      else if (!settled.has(view.phase)) out.pending++;
    }
    return out;
  }

  /* What the server has. Never replaces words that are not saved, nor a text being read with the cursor in it. */
  offer(key: string, text: string | null, rev: number): void {
    const slot = this.slots.get(key);
    if (!slot) {
      this.slots.set(key, fresh(key, text, rev));
      this.tell(key);
      return;
    }
    if (rev <= slot.view.rev || !settled.has(slot.view.phase)) return;
    if (slot.held) slot.later = { text, rev };
    else this.accept(slot, text, rev);
  }

  /* The cursor is in the field, or has left it. */
  hold(key: string, held: boolean): void {
    const slot = this.slots.get(key);
    if (!slot) return;
    slot.held = held;
    const later = slot.later;
    if (held || !later) return;
    slot.later = null;
    if (settled.has(slot.view.phase) && later.rev > slot.view.rev) this.accept(slot, later.text, later.rev);
  }

  edit(key: string, text: string | null, pause: number = typingPause): void {
    const slot = this.slots.get(key);
    if (!slot) return;
    if (text === slot.view.text && slot.view.phase !== "refused") {
      if (pause === 0) this.flush(key);
      return;
    }
    this.change(slot, { text });
    if (text === slot.base && !slot.flying && !slot.doubt.length && slot.view.phase !== "conflict") {
      this.unsetTimer(slot);
      this.drafts.drop(key);
      this.change(slot, { phase: slot.view.savedAt ? "saved" : "clean", message: null });
      return;
    }
    this.keep(slot);
    if (slot.view.phase === "conflict") return;
    if (slot.flying) {
      slot.soon = slot.soon || pause === 0;
      return;
    }
    if (this.stopped) {
      this.change(slot, { phase: "failed" });
      return;
    }
    this.change(slot, { phase: "waiting", message: null });
    this.schedule(slot, pause);
  }

  /* Sends now what waits for a pause in the typing. */
  flush(key: string, leaving = false): void {
    const slot = this.slots.get(key);
    if (!slot) return;
    if (slot.flying) slot.soon = true;
    else if (slot.view.phase === "waiting") this.go(slot, leaving);
  }

  flushAll(leaving = false): void {
    for (const key of this.slots.keys()) this.flush(key, leaving);
  }

  retry(key: string): void {
    const slot = this.slots.get(key);
    if (slot && unsaved.has(slot.view.phase)) this.go(slot, false);
  }

  retryAll(): void {
    for (const key of this.slots.keys()) this.retry(key);
  }

  /* After a conflict: the chosen text replaces theirs, knowingly. */
  resolve(key: string, text: string | null): void {
    const slot = this.slots.get(key);
    const theirs = slot?.view.theirs;
    if (!slot || !theirs) return;
    slot.base = theirs.text;
    this.change(slot, { text, rev: theirs.rev, theirs: null });
    if (text === theirs.text) {
      this.drafts.drop(key);
      this.change(slot, { phase: "saved", savedAt: theirs.at });
      return;
    }
    this.keep(slot);
    this.go(slot, false);
  }

  /* Words that have nowhere to go any more: forgotten because their author says so. */
  discard(key: string): void {
    const slot = this.slots.get(key);
    if (!slot) return;
    this.unsetTimer(slot);
    this.drafts.drop(key);
    this.slots.delete(key);
    this.tell(key);
  }

  /* Words kept on the device by an earlier page: back into their fields and on their way. */
  restore(): number {
    let count = 0;
    for (const [key, draft] of this.drafts.all()) {
      if (this.slots.has(key)) continue;
      const slot = fresh(key, draft.text, draft.rev);
      slot.base = draft.base;
      slot.doubt = draft.doubt ?? [];
      this.slots.set(key, slot);
      count++;
      this.go(slot, false);
    }
    return count;
  }

  /* Waits until none of the fields has anything under way, or says no. */
  async settle(keys: string[], ms: number): Promise<boolean> {
    keys.forEach((key) => this.flush(key));
    const quiet = () => keys.every((k) => settled.has(this.get(k)?.phase ?? "clean"));
    const busy = () => keys.some((k) => ["sending", "waiting"].includes(this.get(k)?.phase ?? "clean"));
    if (!busy()) return quiet();
    return new Promise((done) => {
      const end = () => {
        off();
        this.clock.clear(timer);
        done(quiet());
      };
      const timer = this.clock.set(end, ms);
      const off = this.listen(null, () => {
        if (!busy()) end();
      });
    });
  }

  private accept(slot: Slot, text: string | null, rev: number): void {
    slot.base = text;
    slot.doubt = [];
    this.change(slot, { text, rev, phase: "clean", savedAt: null, theirs: null, message: null });
  }

  private schedule(slot: Slot, ms: number): void {
    this.unsetTimer(slot);
    if (ms === 0) this.go(slot, false);
    else slot.timer = this.clock.set(() => this.go(slot, false), ms);
  }

  private unsetTimer(slot: Slot): void {
    if (slot.timer !== null) this.clock.clear(slot.timer);
    slot.timer = null;
  }

  private go(slot: Slot, leaving: boolean): void {
    if (slot.flying || slot.view.phase === "conflict" && slot.view.theirs) return;
    this.unsetTimer(slot);
    if (this.stopped) {
      this.change(slot, { phase: "failed" });
      return;
    }
    slot.flying = true;
    slot.soon = false;
    const text = slot.view.text;
    slot.slowTimer = this.clock.set(() => this.change(slot, { slow: true }), slowAfter);
    this.change(slot, { phase: "sending", message: null });
    this.send(slot.view.key, text, slot.view.rev, leaving).then(
      (answer) => this.land(slot, text, answer),
      () => this.land(slot, text, { kind: "unreachable" }),
    );
  }

  private land(slot: Slot, text: string | null, answer: Answer): void {
    slot.flying = false;
    if (slot.slowTimer !== null) this.clock.clear(slot.slowTimer);
    slot.slowTimer = null;
    this.change(slot, { slow: false });
    if (answer.kind === "saved") this.landSaved(slot, text, answer.rev, answer.at);
    else if (answer.kind === "conflict") this.landConflict(slot, answer.theirs);
    else if (answer.kind === "refused") this.change(slot, { phase: "refused", message: answer.message });
    else this.landFailed(slot, text, answer.kind === "ended");
  }

  private landSaved(slot: Slot, text: string | null, rev: number, at: string): void {
    slot.base = text;
    slot.doubt = [];
    slot.tries = 0;
    if (slot.view.text === text) {
      this.drafts.drop(slot.view.key);
      this.change(slot, { rev, phase: "saved", savedAt: at });
      return;
    }
    this.change(slot, { rev, phase: "waiting", savedAt: at });
    this.keep(slot);
    this.schedule(slot, slot.soon ? 0 : typingPause);
  }

  /*
   * Not every 409 is a conflict: the text there may be the one meant, one of
   * ours whose answer was lost, or the one this edit started from.
   */
  private landConflict(slot: Slot, theirs: Theirs): void {
    if (theirs.text === slot.view.text) {
      this.landSaved(slot, theirs.text, theirs.rev, theirs.at);
    } else if (slot.doubt.includes(theirs.text) || theirs.text === slot.base) {
      slot.base = theirs.text;
      slot.doubt = [];
      this.change(slot, { rev: theirs.rev, phase: "waiting" });
      this.keep(slot);
      this.schedule(slot, 0);
    } else {
      this.change(slot, { phase: "conflict", theirs });
    }
  }

  private landFailed(slot: Slot, text: string | null, ended: boolean): void {
    if (ended) this.end();
    else if (!slot.doubt.includes(text)) slot.doubt.push(text);
    this.keep(slot);
    this.change(slot, { phase: "failed" });
    if (ended) return;
    const pause = retryAfter[Math.min(slot.tries++, retryAfter.length - 1)] ?? 60000;
    this.schedule(slot, pause);
  }

  private keep(slot: Slot): void {
    const { key, text, rev } = slot.view;
    this.drafts.put(key, { text, rev, base: slot.base, ...(slot.doubt.length ? { doubt: slot.doubt } : {}) });
  }

  private change(slot: Slot, part: Partial<Field>): void {
    slot.view = { ...slot.view, ...part };
    this.tell(slot.view.key);
  }

  private tell(key: string): void {
    this.listeners.get(key)?.forEach((run) => run());
    this.everywhere.forEach((run) => run());
  }
}

function fresh(key: string, text: string | null, rev: number): Slot {
  return {
    view: { key, text, rev, phase: "clean", slow: false, savedAt: null, theirs: null, message: null },
    base: text,
    doubt: [],
    flying: false,
    soon: false,
    timer: null,
    slowTimer: null,
    tries: 0,
    held: false,
    later: null,
  };
}
