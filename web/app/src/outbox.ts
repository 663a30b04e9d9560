/*
 * Acts that are not a text of a field: a task is added, a comment is posted, a goal is
 * taken away. Each is kept on the device until the server has answered it, and they go
 * out one after another, so that what was made first is there for what follows. The ids
 * of new things come from here: an act that is sent twice does no harm.
 *
 * Knows no network: sending, clock and storage are handed in.
 */
import type { Clock } from "./save";

export interface Act {
  /* Names the act; nothing else has it. */
  id: string;
  method: "POST" | "PATCH" | "DELETE";
  path: string;
  body: unknown;
  /* Words that would be missed, to show if the server says no. */
  words?: string;
}

export type Outcome = { kind: "done"; body: unknown } | { kind: "unreachable" } | { kind: "ended" } | { kind: "refused"; message: string };

export interface ActStore {
  put(id: string, text: string): void;
  drop(id: string): void;
  all(): [string, string][];
}

interface Waiting {
  act: Act;
  done: ((outcome: Outcome) => void)[];
}

const retryAfter = [1000, 2000, 5000, 15000, 60000];

export class Outbox {
  private line: Waiting[] = [];
  private busy = false;
  private stopped = false;
  private tries = 0;
  private timer: number | null = null;
  private next = 0;
  private listeners = new Set<() => void>();

  constructor(
    private readonly send: (act: Act) => Promise<Outcome>,
    private readonly store: ActStore,
    private readonly clock: Clock,
  ) {}

  get waiting(): number {
    return this.line.length;
  }

  /* More than one try was needed for the first in line. */
  get troubled(): boolean {
    return this.tries > 0 || this.stopped && this.line.length > 0;
  }

  listen(run: () => void): () => void {
    this.listeners.add(run);
    return () => void this.listeners.delete(run);
  }

  /* Answers once the server has: at once if all is well, later if it cannot be reached. */
  add(act: Omit<Act, "id">): Promise<Outcome> {
    const id = `${Date.now().toString(36).padStart(9, "0")}.${(this.next++).toString(36).padStart(4, "0")}`;
    const whole = { ...act, id };
    this.store.put(id, JSON.stringify(whole));
    return new Promise((done) => {
      this.line.push({ act: whole, done: [done] });
      this.tell();
      if (!this.busy && this.timer === null) void this.go();
    });
  }

  /* Of the acts under way: does one make what this address is about? Its texts wait until it is there. */
  holds(key: string): boolean {
    return this.line.some(({ act }) => {
      const made = (act.body as { id?: string } | null)?.id;
      return act.method === "POST" && made !== undefined && key.includes(`/${made}/`);
    });
  }

  /* Waits until the thing a text belongs to is there; false: it will take longer. */
  passed(key: string): Promise<boolean> {
    if (!this.holds(key)) return Promise.resolve(true);
    if (this.troubled) return Promise.resolve(false);
    return new Promise((done) => {
      const off = this.listen(() => {
        if (this.holds(key) && !this.troubled) return;
        off();
        done(!this.holds(key));
      });
    });
  }

  /* Acts of an earlier page, in their order. */
  restore(): number {
    const found = this.store.all().sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [id, text] of found) {
      try {
        this.line.push({ act: { ...(JSON.parse(text) as Act), id }, done: [] });
      } catch {
        this.store.drop(id);
      }
    }
    if (this.line.length) this.retry();
    return found.length;
  }

  retry(): void {
    if (this.timer !== null) this.clock.clear(this.timer);
    this.timer = null;
    if (!this.busy) void this.go();
  }

  end(): void {
    this.stopped = true;
    if (this.timer !== null) this.clock.clear(this.timer);
    this.timer = null;
    this.tell();
  }

  /* Everything that waits is given up, knowingly. */
  discard(): void {
    for (const { act } of this.line) this.store.drop(act.id);
    this.line = [];
    this.tell();
  }

  private async go(): Promise<void> {
    const first = this.line[0];
    if (!first || this.stopped || this.busy) return;
    this.busy = true;
    let outcome: Outcome;
    try {
      outcome = await this.send(first.act);
    } catch {
      outcome = { kind: "unreachable" };
    }
    this.busy = false;
    if (this.line[0] !== first) return void this.go();
    if (outcome.kind === "ended") return this.end();
    if (outcome.kind === "unreachable") return this.later();
    this.tries = 0;
    this.line.shift();
    this.store.drop(first.act.id);
    this.tell();
    first.done.forEach((run) => run(outcome));
    void this.go();
  }

  private later(): void {
    const pause = retryAfter[Math.min(this.tries++, retryAfter.length - 1)] ?? 60000;
    this.timer = this.clock.set(() => {
      this.timer = null;
      void this.go();
    }, pause);
    this.tell();
  }

  private tell(): void {
    this.listeners.forEach((run) => run());
  }
}
