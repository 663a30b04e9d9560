/* What a list of students shows and what may be done with its rows; nothing here draws. */
import type { PlanRow, PlanState, StudentList, StudentRow } from "../plan-types";
import { byName, type Direction, finds } from "../sort";

/* One a student and plan; plan null: the student has none now. */
export interface Row {
  key: string;
  student: StudentRow;
  plan: PlanRow | null;
  /* The student's name stands in the row above already. */
  repeat: boolean;
}

export interface Group {
  id: string;
  name: string;
  rows: Row[];
  students: number;
}

export type State = "" | "none" | PlanState;
export type Only = "" | "attention" | "unread" | "comments" | "proposals" | "support" | "late";
export type SortBy = "name" | "valid" | "tasks" | "track" | "last";

export interface View {
  search: string;
  group: string;
  state: State;
  only: Only;
  sort: SortBy;
  direction: Direction;
}

export const firstView: View = { search: "", group: "", state: "", only: "", sort: "name", direction: "ascending" };

const isNow = (p: PlanRow) => p.currency !== "past";

/* What is past is a row only where somebody asks for it. */
export function rowsOf(student: StudentRow, state: State): Row[] {
  const plans = student.plans.filter((p) => isNow(p) || p.state === state);
  const rows = plans.map((plan, i) => ({ key: plan.id, student, plan, repeat: i > 0 }));
  if (plans.some(isNow)) return rows;
  return [{ key: student.id, student, plan: null, repeat: false }, ...rows.map((r) => ({ ...r, repeat: true }))];
}

/* ---- What needs somebody ---- */

export const offTrack = (p: PlanRow) => p.track?.value === "behind" || p.track?.value === "support";

/* Who has read: before a meeting those who said so, else those who opened it. home null: nobody is there. */
export function readers(p: PlanRow): { student: boolean; home: boolean | null } | null {
  return p.state === "published" ? (p.confirmed ?? p.opened ?? null) : null;
}

export function isUnread(p: PlanRow): boolean {
  const r = readers(p);
  return r !== null && (!r.student || r.home === false);
}

const tests: Record<Exclude<Only, "">, (p: PlanRow) => boolean> = {
  attention: (p) => offTrack(p) || (p.comments ?? 0) > 0 || (p.proposals ?? 0) > 0,
  unread: isUnread,
  comments: (p) => (p.comments ?? 0) > 0,
  proposals: (p) => (p.proposals ?? 0) > 0,
  support: (p) => p.track?.value === "support",
  late: (p) => (p.late ?? 0) > 0,
};

export const needs = (only: Exclude<Only, "">, p: PlanRow | null) => p !== null && isNow(p) && tests[only](p);

/* How many rows each filter would leave; `news` are comments and proposals themselves. */
export interface Counts {
  students: number;
  withPlan: number;
  drafts: number;
  only: Record<Exclude<Only, "">, number>;
}

export function countsOf(students: readonly StudentRow[]): Counts {
  const plans = students.flatMap((s) => s.plans.filter(isNow));
  const only = Object.fromEntries(
    Object.keys(tests).map((k) => [k, plans.filter((p) => needs(k as Exclude<Only, "">, p)).length]),
  ) as Counts["only"];
  return {
    students: students.length,
    withPlan: students.filter((s) => s.plans.some((p) => p.currency === "current")).length,
    drafts: plans.filter((p) => p.state === "draft").length,
    only,
  };
}

/* ---- Finding and ordering ---- */

function shows(row: Row, view: View): boolean {
  const { plan, student } = row;
  if (view.search && !finds(`${student.name} ${plan?.title ?? student.last?.title ?? ""}`, view.search)) return false;
  if (view.state === "none" ? plan !== null : view.state && plan?.state !== view.state) return false;
  return !view.only || needs(view.only, plan);
}

const rank = { support: 0, behind: 1, on: 2, ahead: 3 };

/* Rows without what is ordered by come last, whichever way. */
const keys: Record<Exclude<SortBy, "name">, (p: PlanRow) => string | number | undefined> = {
  valid: (p) => `${p.startsOn} ${p.endsOn}`,
  tasks: (p) => (p.tasks ? p.tasks.done / Math.max(1, p.tasks.done + p.tasks.doing + p.tasks.todo) : undefined),
  track: (p) => (p.track?.value ? rank[p.track.value] : undefined),
  last: (p) => p.changedAt,
};

function ordered(rows: Row[], view: View): Row[] {
  if (view.sort === "name") return rows;
  const key = keys[view.sort];
  const sign = view.direction === "ascending" ? 1 : -1;
  const of = (r: Row) => (r.plan ? key(r.plan) : undefined);
  return [...rows]
    .sort((a, b) => {
      const [x, y] = [of(a), of(b)];
      if (x === undefined || y === undefined) return (x === undefined ? 1 : 0) - (y === undefined ? 1 : 0);
      return sign * (x < y ? -1 : x > y ? 1 : 0);
    })
    .map((r) => ({ ...r, repeat: false }));
}

function rowsIn(students: readonly StudentRow[], view: View, locale: string): Row[] {
  const named = byName(students, locale, view.sort === "name" ? view.direction : "ascending");
  const rows = named.flatMap((s) => rowsOf(s, view.state).filter((r) => shows(r, view)));
  /* A row whose first one is filtered away says the name itself. */
  return ordered(
    rows.map((r, i) => ({ ...r, repeat: r.repeat && rows[i - 1]?.student.id === r.student.id })),
    view,
  );
}

/* By group, those without one last; who is in two groups stands in both. */
export function groupsOf(list: StudentList, view: View, locale: string): Group[] {
  const own = list.groups.filter((g) => list.students.some((s) => s.groups.includes(g.id)));
  const groups = own
    .filter((g) => !view.group || g.id === view.group)
    .map((g) => {
      const students = list.students.filter((s) => s.groups.includes(g.id));
      return { id: g.id, name: g.name, rows: rowsIn(students, view, locale), students: students.length };
    });
  const single = view.group ? [] : list.students.filter((s) => !s.groups.some((id) => own.some((g) => g.id === id)));
  if (single.length) groups.push({ id: "", name: "", rows: rowsIn(single, view, locale), students: single.length });
  return groups.filter((g) => g.rows.length > 0);
}

/* Each row once, in the order it is shown first. */
export function rowsShown(groups: readonly Group[]): Row[] {
  const seen = new Map(groups.flatMap((g) => g.rows).map((r) => [r.key, r] as const));
  return [...seen.values()];
}

/* ---- What may be done with what is selected (ilp/access.c) ---- */

/* What families have seen, mentors archive; only headteachers delete it. */
export type BulkAct = "publish" | "unpublish" | "lock" | "reopen" | "archive" | "restore" | "delete" | "revise" | "meet" | "print";

const may: Record<BulkAct, { states: PlanState[]; hats: string[]; more?: Partial<Record<PlanState, string[]>> }> = {
  publish: { states: ["draft"], hats: ["mentor"] },
  unpublish: { states: ["published"], hats: ["mentor"] },
  lock: { states: ["published"], hats: ["mentor"] },
  reopen: { states: ["locked"], hats: ["mentor", "head"] },
  archive: { states: ["draft", "published", "locked"], hats: ["mentor"] },
  restore: { states: ["archived"], hats: ["mentor", "head"] },
  delete: { states: ["draft", "published", "locked", "archived"], hats: ["head"], more: { draft: ["mentor"] } },
  revise: { states: ["published", "locked"], hats: ["mentor"] },
  meet: { states: ["published"], hats: ["mentor", "head"] },
  print: { states: ["draft", "published", "locked", "archived"], hats: ["mentor", "head"] },
};

export function eligible(act: BulkAct, rows: readonly Row[]): Row[] {
  const { states, hats, more } = may[act];
  return rows.filter(({ plan, student }) => {
    if (plan === null || !states.includes(plan.state)) return false;
    return hats.includes(student.hat) || (more?.[plan.state]?.includes(student.hat) && !plan.publishedAt);
  });
}

/* What acts are told of the plans of rows. */
export const itemsOf = (rows: Row[]) =>
  rows.flatMap(({ plan, student }) => (plan ? [{ id: plan.id, name: student.name, title: plan.title, endsOn: plan.endsOn }] : []));

/* Plans are made for students, once each, however many rows they have. */
export function studentsOf(rows: readonly Row[]): StudentRow[] {
  return [...new Map(rows.filter((r) => r.student.hat === "mentor").map((r) => [r.student.id, r.student])).values()];
}

/* ---- What a new plan begins with ---- */

export interface Term {
  season: "autumn" | "spring";
  year: number;
  startsOn: string;
  endsOn: string;
}

const iso = (d: Date) => d.toISOString().slice(0, 10);
const onDay = (year: number, month: number, day: number) => iso(new Date(Date.UTC(year, month - 1, day)));

function termOf(year: number, season: "autumn" | "spring"): Term {
  return season === "autumn"
    ? { season, year, startsOn: onDay(year, 8, 15), endsOn: onDay(year, 12, 20) }
    : { season, year, startsOn: onDay(year, 1, 4), endsOn: onDay(year, 6, 20) };
}

export const following = (term: Term): Term =>
  term.season === "autumn" ? termOf(term.year + 1, "spring") : termOf(term.year, "autumn");

const worthwhile = 21 * 86_400_000;

/* The term that is under way, from today on; in its last three weeks the next one. */
export function termAt(today: string): Term {
  const year = Number(today.slice(0, 4));
  const now = termOf(year, today > onDay(year, 6, 20) ? "autumn" : "spring");
  if (Date.parse(now.endsOn) - Date.parse(today) < worthwhile) return following(now);
  return today > now.startsOn ? { ...now, startsOn: today } : now;
}

export interface Beginning {
  title: string | null;
  startsOn: string;
  endsOn: string;
  term: Term;
}

/* As the others of the list have it, where three or more have the same; else the term. */
export function beginningOf(students: readonly StudentRow[], today: string): Beginning {
  const term = termAt(today);
  const found = new Map<string, { n: number; plan: PlanRow }>();
  for (const plan of students.flatMap((s) => s.plans)) {
    if (plan.currency !== "current" || Date.parse(plan.endsOn) - Date.parse(today) < worthwhile) continue;
    const key = `${plan.title} ${plan.startsOn} ${plan.endsOn}`;
    found.set(key, { n: (found.get(key)?.n ?? 0) + 1, plan });
  }
  const best = [...found.values()].sort((a, b) => b.n - a.n)[0];
  if (!best || best.n < 3) return { title: null, startsOn: term.startsOn, endsOn: term.endsOn, term };
  const startsOn = best.plan.startsOn > today ? best.plan.startsOn : today;
  return { title: best.plan.title, startsOn, endsOn: best.plan.endsOn, term };
}

/* The period after a plan's: the term that begins after its end. */
export function nextOf(endsOn: string, today: string): Term {
  const year = Number(endsOn.slice(0, 4));
  const terms = [termOf(year, "spring"), termOf(year, "autumn"), termOf(year + 1, "spring")];
  const after = terms.find((x) => x.startsOn > endsOn) ?? termOf(year + 1, "autumn");
  return after.endsOn < today ? termAt(today) : after;
}

/* Those who would have two plans at once. */
export function overlapping(students: readonly StudentRow[], startsOn: string, endsOn: string): StudentRow[] {
  return students.filter((s) => s.plans.some((p) => isNow(p) && p.startsOn <= endsOn && p.endsOn >= startsOn));
}

/* ---- Selecting ---- */

/* From the row touched last to this one, as this one is now. */
export function ranged(keys: readonly string[], last: string | null, to: string, on: boolean, chosen: ReadonlySet<string>): Set<string> {
  const a = last === null ? -1 : keys.indexOf(last);
  const b = keys.indexOf(to);
  const next = new Set(chosen);
  for (let i = a < 0 ? b : Math.min(a, b); i <= (a < 0 ? b : Math.max(a, b)); i++) {
    const key = keys[i];
    if (key !== undefined) on ? next.add(key) : next.delete(key);
  }
  return next;
}

export function chunks<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let i = 0; i < items.length; i += size) parts.push(items.slice(i, i + size));
  return parts;
}
