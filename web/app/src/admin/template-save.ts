/* A draft on its way to the server: a second after the last key, when a field is left and
 * when the page is. One save at a time; what is typed meanwhile goes with the next. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { api, ApiError, enc } from "../api";
import { useApp } from "../app";
import type { Definition, Template } from "./template-model";

const pause = 1000;
const again = 5000;

export type SavePhase = "clean" | "waiting" | "saving" | "saved" | "failed" | "conflict";

export interface Draft {
  template: Template;
  definition: Definition;
  phase: SavePhase;
  message: string;
  theirs: Template | null;
  edit: (change: (d: Definition) => Definition) => void;
  /* Saves what waits; false where it did not come to rest. */
  flush: () => Promise<boolean>;
  /* The revision this page stands on now. */
  rev: () => number;
  /* What an act of publishing or moving answered. */
  take: (t: Template) => void;
  /* After somebody else's change: this page's words over theirs, or theirs. */
  settle: (mine: boolean) => void;
}

export const templatePath = (id: string): string => `admin/templates/${enc(id)}`;

const ordered = (v: unknown): unknown =>
  Array.isArray(v)
    ? v.map(ordered)
    : v && typeof v === "object"
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, o]) => [k, ordered(o)]))
      : v;
const same = (a: unknown, b: unknown): boolean => JSON.stringify(ordered(a)) === JSON.stringify(ordered(b));

interface State {
  template: Template;
  definition: Definition;
  phase: SavePhase;
  message: string;
  theirs: Template | null;
}

export function useDraft(first: Template): Draft {
  const { sessionEnded } = useApp();
  const [state, draw] = useState<State>({ template: first, definition: first.definition, phase: "clean", message: "", theirs: null });
  const now = useRef(state);
  const timer = useRef<number | undefined>(undefined);
  const running = useRef<Promise<boolean> | null>(null);
  const set = (change: Partial<State>) => {
    now.current = { ...now.current, ...change };
    draw(now.current);
  };
  const later = (ms: number) => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => void flush(), ms);
  };
  const failed = (e: unknown): boolean => {
    if (!(e instanceof ApiError)) throw e;
    const theirs = (e.body as { theirs?: Template } | null)?.theirs;
    if (e.code === "expired") sessionEnded();
    if (e.status === 409 && theirs && same(theirs.definition, now.current.definition)) {
      set({ template: theirs, phase: "saved" }); // the first answer was lost
      return true;
    }
    if (e.status === 409 && theirs) set({ phase: "conflict", theirs });
    else set({ phase: "failed", message: e.message });
    if (e.status === 0 || e.status >= 500) later(again);
    return false;
  };
  const send = async (leaving: boolean): Promise<boolean> => {
    const { definition, template } = now.current;
    set({ phase: "saving" });
    try {
      const t = await api<Template>(templatePath(template.id), { method: "PUT", body: { definition, rev: template.rev }, leaving });
      const newer = now.current.definition !== definition;
      set({ template: t, phase: newer ? "waiting" : "saved", message: "" });
      return newer ? send(leaving) : true;
    } catch (e) {
      return failed(e);
    }
  };
  const flush = useCallback(async (leaving = false): Promise<boolean> => {
    clearTimeout(timer.current);
    if (running.current) return running.current;
    if (!["waiting", "failed"].includes(now.current.phase)) return now.current.phase !== "conflict";
    running.current = send(leaving).finally(() => (running.current = null));
    return running.current;
  }, []);
  useEffect(() => {
    const leave = () => document.visibilityState === "hidden" && void flush(true);
    const warn = (e: BeforeUnloadEvent) => ["waiting", "saving", "failed", "conflict"].includes(now.current.phase) && e.preventDefault();
    document.addEventListener("visibilitychange", leave);
    window.addEventListener("beforeunload", warn);
    return () => {
      document.removeEventListener("visibilitychange", leave);
      window.removeEventListener("beforeunload", warn);
      void flush(true);
    };
  }, []);
  return {
    ...state,
    edit: (change) => {
      const { phase } = now.current;
      set({ definition: change(now.current.definition), phase: phase === "saving" || phase === "conflict" ? phase : "waiting" });
      if (phase !== "conflict") later(pause);
    },
    flush: () => flush(),
    rev: () => now.current.template.rev,
    take: (t) => set({ template: t }),
    settle: (mine) => {
      const { theirs } = now.current;
      if (!theirs) return;
      if (!mine) return set({ template: theirs, definition: theirs.definition, phase: "saved", theirs: null });
      set({ template: { ...now.current.template, rev: theirs.rev }, phase: "waiting", theirs: null });
      void flush();
    },
  };
}
