/* What a plan's page knows, without drawing anything: the grid, who sees what, what is new. */
import type { Task, PlanChanges, PlanPage, PlanRowOfGrid, PlanValue, FormField, FormSection, Hat, Post, Status, TaskCount } from "../plan-types";

export const letterOf: Record<Hat, string> = { mentor: "M", teacher: "C", student: "S", guardian: "G", head: "H" };

/* ---- Who sees, who edits ---- */

export const isStaff = (hat: Hat) => hat === "mentor" || hat === "teacher" || hat === "head";
export const isStaffOnly = (letters: string) => !/[SG]/.test(letters);

/* "everyone", "staff", or the hats one by one in the order people are named in; mentors and
 * teachers together are "staff" among others, too. */
export function audienceOf(letters: string): "everyone" | "staff" | string[] {
  if ("MCSG".split("").every((l) => letters.includes(l))) return "everyone";
  if (isStaffOnly(letters)) return "staff";
  const family = "SG".split("").filter((l) => letters.includes(l));
  if (letters.includes("M") && letters.includes("C")) return [...family, "staff"];
  return [...family, ..."MCH".split("").filter((l) => letters.includes(l))];
}

/* The same in a sentence about who edits: there is no "staff only" among editors. */
export function editorsOf(letters: string): string[] {
  return "SGMCH".split("").filter((l) => letters.includes(l));
}

/* What a writer may choose between: each narrower than the field allows, staff always in it
 * and the writer's own side. */
export function choicesOf(letters: string, own = ""): string[] {
  const staff = letters.replace(/[SG]/g, "");
  const with_ = (more: string) => "MCSGH".split("").filter((l) => staff.includes(l) || more.includes(l)).join("");
  const S = letters.includes("S");
  const G = letters.includes("G");
  const all = [S && G ? with_("SG") : "", S ? with_("S") : "", G ? with_("G") : "", with_("")];
  return all.filter((c, i) => c !== "" && all.indexOf(c) === i && c.includes(own));
}

/* ---- The grid ---- */

export interface Competence {
  row: PlanRowOfGrid;
  goals: PlanRowOfGrid[];
}

const byPlace = <T extends { position: number; id: string }>(a: T, b: T) => a.position - b.position || (a.id < b.id ? -1 : 1);

export function gridOf(rows: readonly PlanRowOfGrid[]): Competence[] {
  return rows
    .filter((r) => r.kind === "competence")
    .sort(byPlace)
    .map((row) => ({ row, goals: rows.filter((r) => r.parent === row.id).sort(byPlace) }));
}

export function tasksOf(tasks: readonly Task[], field: string, row: string | null): Task[] {
  return tasks.filter((t) => t.field === field && t.row === row).sort(byPlace);
}

/* Where something stands after `after` (null: first) among its siblings, as it is drawn until the server says. */
export function placeAfter(list: readonly { id: string; position: number }[], after: string | null): number {
  const sorted = [...list].sort(byPlace);
  const at = after === null ? -1 : sorted.findIndex((x) => x.id === after);
  const before = sorted[at];
  const next = sorted[at + 1];
  if (before && next) return (before.position + next.position) / 2;
  return before ? before.position + 1 : next ? next.position - 1 : 1;
}

/* One place up or down: after whom, or undefined where there is none. null: to the front. */
export function afterMove(list: readonly { id: string; position: number }[], id: string, by: -1 | 1): string | null | undefined {
  const sorted = [...list].sort(byPlace);
  const at = sorted.findIndex((x) => x.id === id);
  if (by === 1) return sorted[at + 1]?.id;
  return at < 1 ? undefined : (sorted[at - 2]?.id ?? null);
}

export interface Column {
  key: string;
  fields: FormField[];
}

const most = 5;

/* Columns beside the competence: each field its own where there are few; else what belongs
 * together stands in one cell: the goal and what school says of it, the voices of student
 * and home, tasks with their material, and what staff keep to themselves. */
export function columnsOf(section: FormSection): Column[] {
  const fields = section.fields.filter((f) => f.of === "goal");
  if (fields.length <= most) return fields.map((f) => ({ key: f.key, fields: [f] }));
  const cells: Record<string, FormField[]> = { goal: [], voice: [], tasks: [], staff: [] };
  for (const f of fields) cells[cellOf(f)]?.push(f);
  return Object.entries(cells)
    .filter(([, list]) => list.length > 0)
    .map(([key, list]) => ({ key, fields: list }));
}

function cellOf(f: FormField): string {
  if (f.head) return "goal";
  if (isStaffOnly(f.seenBy ?? "M")) return "staff";
  if (f.kind === "tasks" || f.kind === "files") return "tasks";
  return /[MC]/.test(f.editedBy ?? "") && f.kind !== "comments" ? "goal" : "voice";
}

export function headOf(section: FormSection, kind: "competence" | "goal"): FormField | undefined {
  return section.fields.find((f) => f.of === kind && f.head);
}

export const gridSection = (page: PlanPage) => page.form.sections.find((s) => s.kind === "grid");

export function fieldOf(page: PlanPage, key: string): FormField | undefined {
  for (const s of page.form.sections) {
    const found = s.fields.find((f) => f.key === key);
    if (found) return found;
  }
  return undefined;
}

/* ---- Values ---- */

export function valueOf(page: PlanPage, row: string | null, field: string): PlanValue | undefined {
  return page.values.find((v) => v.row === row && v.field === field);
}

export function textOf(page: PlanPage, row: string | null, field: string): string {
  return valueOf(page, row, field)?.text ?? "";
}

/* The words of a row: what stands in its head. */
export function wordsOf(page: PlanPage, row: PlanRowOfGrid): string {
  const section = gridSection(page);
  const head = section && headOf(section, row.kind);
  return head ? textOf(page, row.id, head.key) : "";
}

/* Kinds whose text is one value of a field; the others have lists of their own. */
const valued = new Set(["text", "long", "rich", "choice", "multi", "scale", "date", "number", "series", "checklist", "table", "status"]);
export const isValued = (f: FormField) => valued.has(f.kind);

/* ---- Statuses ---- */

export function statusOf(page: PlanPage, key: string): Status | undefined {
  return page.form.statuses.find((s) => s.key === key);
}

export function settable(page: PlanPage, hat: Hat, now: string): Status[] {
  return page.form.statuses.filter((s) => s.key === now || s.setters.includes(letterOf[hat]));
}

/* The next one that a click on the ring sets: not started, ongoing, completed, and round again. */
export function nextStatus(page: PlanPage, hat: Hat, now: string): Status | undefined {
  const order = ["todo", "doing", "done"] as const;
  const category = statusOf(page, now)?.category ?? "todo";
  const at = order.findIndex((c) => c === category);
  const may = settable(page, hat, now).filter((s) => !s.flag && s.key !== now);
  for (let i = 1; i <= order.length; i++) {
    const found = may.find((s) => s.category === order[(at + i) % order.length]);
    if (found) return found;
  }
  return undefined;
}

/* Those for a row of buttons: one a category, the flag besides. */
export function simpleStatuses(page: PlanPage, hat: Hat, now: string): Status[] {
  return settable(page, hat, now).filter((s) => s.category !== "dropped" || s.key === now);
}

export function countTasks(tasks: readonly Task[]): TaskCount {
  const out: TaskCount = { todo: 0, doing: 0, done: 0, dropped: 0 };
  for (const t of tasks) out[t.category]++;
  return out;
}

/* ---- What is new ---- */

export interface News {
  id: string; // of the element to go to
  field: string;
  by: string;
  at: string;
  kind: "value" | "task" | "post";
}

export const anchor = (kind: "f" | "t" | "p" | "r", row: string | null, key: string) => (row ? `${kind}-${row}-${key}` : `${kind}-${key}`);

export function newsOf(page: PlanPage): News[] {
  const out: News[] = [];
  for (const v of page.values) if (v.isNew) out.push({ id: anchor("f", v.row, v.field), field: v.field, by: v.by, at: v.at, kind: "value" });
  for (const t of page.tasks) if (t.isNew) out.push({ id: anchor("t", null, t.id), field: t.field, by: t.statusBy ?? "", at: t.statusAt ?? "", kind: "task" });
  for (const p of page.posts) if (p.isNew && !p.removed) out.push({ id: anchor("p", null, p.id), field: p.field, by: p.by, at: p.at, kind: "post" });
  return out.sort((a, b) => b.at.localeCompare(a.at));
}

/* ---- Changes ---- */

function over<T>(old: readonly T[], fresh: readonly T[], key: (x: T) => string, gone: ReadonlySet<string>): T[] {
  const by = new Map(fresh.map((x) => [key(x), x]));
  const kept = old.filter((x) => !gone.has(key(x))).map((x) => by.get(key(x)) ?? x);
  const known = new Set(old.map(key));
  return [...kept, ...fresh.filter((x) => !known.has(key(x)) && !gone.has(key(x)))];
}

const id = (x: { id: string }) => x.id;
const place = (v: PlanValue) => `${v.row ?? ""}/${v.field}`;

/* hidden: what this page has taken away and the server may not know of yet. */
export function mergeChanges(page: PlanPage, c: PlanChanges, hidden: ReadonlySet<string> = new Set()): PlanPage {
  const gone = new Set([...c.gone, ...hidden]);
  return {
    ...page,
    cursor: c.cursor,
    rows: over(page.rows, c.rows, id, gone),
    values: over(page.values, c.values, place, new Set()),
    tasks: over(page.tasks, c.tasks, id, gone),
    posts: over(page.posts, c.posts, id, gone),
  };
}

export function withOne<T extends { id: string }>(list: readonly T[], one: T): T[] {
  return list.some((x) => x.id === one.id) ? list.map((x) => (x.id === one.id ? one : x)) : [...list, one];
}

/* Posts of one place, the oldest first as people talk; the log shows the newest first. */
export function postsOf(posts: readonly Post[], field: string, row: string | null): Post[] {
  return posts.filter((p) => p.field === field && p.row === row).sort((a, b) => a.at.localeCompare(b.at) || (a.id < b.id ? -1 : 1));
}

/* ---- Plans of a student ---- */

export const isCurrent = (p: { state: string; currency: string }) => (p.state === "published" || p.state === "draft") && p.currency === "current";
