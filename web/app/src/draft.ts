/*
 * Words not yet on the server, kept on the device. Storage may be denied (a
 * frame of another site, private browsing, a full disk): then they live as
 * long as the page, and `durable` says so.
 */
import type { Draft, DraftStore } from "./save";

const prefix = "ilpd.draft.";

export interface Drafts extends DraftStore {
  readonly durable: boolean;
}

function storage(): Storage | null {
  try {
    const s = window.localStorage;
    s.setItem(`${prefix}probe`, "1");
    s.removeItem(`${prefix}probe`);
    return s;
  } catch {
    return null;
  }
}

/* Does this device keep anything for us, here? */
export function keepsWords(): boolean {
  return storage() !== null;
}

/* One person's drafts in one course: another person on the same device never meets them. */
export function openDrafts(person: string, course: string, store: Storage | null = storage()): Drafts {
  const own = `${prefix}${encodeURIComponent(person)}.${encodeURIComponent(course)}.`;
  const memory = new Map<string, string>();
  let durable = store !== null;

  function put(key: string, draft: Draft): void {
    const text = JSON.stringify(draft);
    memory.set(key, text);
    try {
      store?.setItem(own + key, text);
    } catch {
      durable = false;
    }
  }

  function drop(key: string): void {
    memory.delete(key);
    try {
      store?.removeItem(own + key);
    } catch {
      durable = false;
    }
  }

  function all(): [string, Draft][] {
    const found = new Map<string, Draft>();
    try {
      for (let i = 0; store && i < store.length; i++) {
        const name = store.key(i) ?? "";
        const draft = name.startsWith(own) ? parse(store.getItem(name)) : null;
        if (draft) found.set(name.slice(own.length), draft);
      }
    } catch {
      durable = false;
    }
    return [...found];
  }

  return {
    put,
    drop,
    all,
    get durable() {
      return durable;
    },
  };
}

/* Words and acts that are no field's: a comment that has not been posted, what the outbox
 * holds (outbox.ts). The same device, the same person, the same course. */
export interface Kept {
  get(key: string): string | null;
  put(key: string, text: string): void;
  drop(key: string): void;
  /* Of the keys that begin like this, without it. */
  all(start: string): [string, string][];
}

export function openKept(person: string, course: string, store: Storage | null = storage()): Kept {
  const own = `ilpd.kept.${encodeURIComponent(person)}.${encodeURIComponent(course)}.`;
  const memory = new Map<string, string>();
  const quietly = <T>(run: () => T, otherwise: T): T => {
    try {
      return run();
    } catch {
      return otherwise;
    }
  };
  const keys = () => {
    const found = new Set([...memory.keys()].map((k) => own + k));
    quietly(() => {
      for (let i = 0; store && i < store.length; i++) found.add(store.key(i) ?? "");
    }, undefined);
    return [...found];
  };
  const get = (key: string) => memory.get(key) ?? quietly(() => store?.getItem(own + key) ?? null, null);
  return {
    get,
    put: (key, text) => {
      memory.set(key, text);
      quietly(() => store?.setItem(own + key, text), undefined);
    },
    drop: (key) => {
      memory.delete(key);
      quietly(() => store?.removeItem(own + key), undefined);
    },
    all: (start) =>
      keys()
        .filter((name) => name.startsWith(own + start))
        .map((name) => [name.slice(own.length + start.length), get(name.slice(own.length)) ?? ""]),
  };
}

function parse(text: string | null): Draft | null {
  try {
    const d = JSON.parse(text ?? "") as Partial<Draft>;
    const textOk = d.text === null || typeof d.text === "string";
    return textOk && typeof d.rev === "number" ? (d as Draft) : null;
  } catch {
    return null;
  }
}
