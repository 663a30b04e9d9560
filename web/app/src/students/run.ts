/* Acts on many plans: sent in parts, with a line for each, so that one that fails stops no other. */
import { useRef, useState } from "preact/hooks";
import { api, ApiError } from "../api";
import { useApp } from "../app";
import { has, t } from "../i18n";
import { explain } from "../parts/notes";
import type { ActResult, MadePlan } from "../plan-types";
import { chunks } from "./list";

const atOnce = 20;

/* A plan, or the student one is made for. */
export interface Line {
  id: string;
  name: string;
  ok: boolean;
  plan?: string;
  problem?: string;
}

export interface Item {
  id: string;
  name: string;
}

export function reasonText(reason: string | undefined): string {
  return reason && has(`students.why_${reason}`) ? t(`students.why_${reason}`) : t("students.why_other");
}

export type Send = (ids: string[]) => Promise<Line[]>;

export interface Run {
  total: number;
  lines: Line[];
  busy: boolean;
  start: (items: Item[], send: (part: Item[]) => Promise<Line[]>) => Promise<Line[]>;
}

/* Lines stay until the next start; those that went well before are kept when failed ones are tried again. */
export function useRun(): Run {
  const { sessionEnded } = useApp();
  const [lines, setLines] = useState<Line[]>([]);
  const [total, setTotal] = useState(0);
  const [busy, work] = useState(false);
  const running = useRef(false);
  const start: Run["start"] = async (items, send) => {
    if (running.current) return [];
    running.current = true;
    work(true);
    const ids = new Set(items.map((i) => i.id));
    let all = lines.filter((l) => !ids.has(l.id));
    setTotal(all.length + items.length);
    setLines(all);
    let stopped: unknown = null;
    for (const part of chunks(items, atOnce)) {
      let done: Line[];
      try {
        if (stopped !== null) throw stopped;
        done = await send(part);
      } catch (e) {
        stopped = e;
        if (e instanceof ApiError && e.code === "expired") sessionEnded();
        done = part.map((i) => ({ ...i, ok: false, problem: explain(e) }));
      }
      all = [...all, ...done];
      setLines(all);
    }
    running.current = false;
    work(false);
    return all;
  };
  return { total, lines, busy, start };
}

const nameOf = (items: Item[], id: string) => items.find((i) => i.id === id)?.name ?? "";

interface Source {
  template?: string;
  share?: string;
  plan?: string;
}
export interface Facts {
  title: string;
  startsOn: string;
  endsOn: string;
}

export async function makePlans(request: string, items: Item[], from: Source, facts: Facts): Promise<Line[]> {
  const body = { request, students: items.map((i) => i.id), ...from, ...facts };
  const { results } = await api<{ results: MadePlan[] }>("plans", { method: "POST", body });
  return results.map((r) => ({
    id: r.student,
    name: nameOf(items, r.student),
    ok: r.ok,
    ...(r.plan && { plan: r.plan }),
    ...(!r.ok && { problem: reasonText(r.reason) }),
  }));
}

const lineOf = (items: Item[]) => (r: ActResult): Line => ({
  id: r.plan,
  name: nameOf(items, r.plan),
  ok: r.ok,
  ...(r.made && { plan: r.made }),
  ...(!r.ok && { problem: reasonText(r.reason) }),
});

export interface Revision extends Facts {
  goals: boolean;
  tasks: boolean;
  stays?: string[];
}

export async function revisePlans(request: string, items: Item[], revision: Revision): Promise<Line[]> {
  const body = { request, plans: items.map((i) => i.id), ...revision };
  const { results } = await api<{ results: ActResult[] }>("plans/revise", { method: "POST", body });
  return results.map(lineOf(items));
}

export type PlanAct = "publish" | "unpublish" | "lock" | "reopen" | "archive" | "restore" | "delete";

interface Words {
  reason?: string;
  confirm?: string;
  /* Of "unpublish": what publishing did besides is taken back too. */
  undo?: true;
}

export async function actOn(act: PlanAct, items: Item[], more: Words = {}): Promise<Line[]> {
  const body = { act, plans: items.map((i) => i.id), ...more };
  const { results } = await api<{ results: ActResult[] }>("plans/act", { method: "POST", body });
  return results.map(lineOf(items));
}

const opposite: Partial<Record<PlanAct, PlanAct>> = {
  publish: "unpublish",
  unpublish: "publish",
  archive: "restore",
  restore: "archive",
};

/* At once, with a message that says how many and offers the way back. */
export function useActs(changed: () => void) {
  const { toast, sessionEnded } = useApp();
  const failed = (e: unknown) => {
    if (e instanceof ApiError && e.code === "expired") sessionEnded();
    toast({ text: explain(e) });
  };
  const told = (act: PlanAct, lines: Line[]) => {
    const bad = lines.filter((l) => !l.ok);
    const good = lines.filter((l) => l.ok);
    const back = opposite[act];
    const undo = back && good.length > 0 ? { undo: () => void run(back, good, back === "unpublish" ? { undo: true } : {}, true) } : {};
    const parts = [
      good.length > 0 ? t(`students.done_${act}`, { n: good.length, name: good[0]?.name ?? "" }) : "",
      bad.length > 0 ? t("students.done_not", { n: bad.length, name: bad[0]?.name ?? "", why: bad[0]?.problem ?? "" }) : "",
    ];
    toast({ text: parts.filter(Boolean).join(" "), ...undo });
  };
  const run = async (act: PlanAct, items: Item[], more: Words = {}, quiet = false): Promise<boolean> => {
    try {
      let lines: Line[] = [];
      for (const part of chunks(items, atOnce)) lines = [...lines, ...(await actOn(act, part, more))];
      if (!quiet || lines.some((l) => !l.ok)) told(act, lines);
      changed();
      return lines.some((l) => l.ok);
    } catch (e) {
      failed(e);
      changed();
      return false;
    }
  };
  return { run, told };
}
