/* What the reports' pages work out from what the server counted: nothing is averaged, and
 * the order is by who needs somebody, never by who is best. */
import type { TaskCount, Track } from "../plan-types";
import type { ReportRow, StudentGoal, StudentPlan, StudentReview } from "./types";

export const noTasks: TaskCount = { todo: 0, doing: 0, done: 0, dropped: 0 };

export const sum = (list: readonly TaskCount[]): TaskCount =>
  list.reduce((a, b) => ({ todo: a.todo + b.todo, doing: a.doing + b.doing, done: a.done + b.done, dropped: a.dropped + b.dropped }), noTasks);

export const totalOf = (t: TaskCount) => t.todo + t.doing + t.done;

/* ---- Who lacks what ---- */

export type Lack = "all" | "plan" | "published" | "review" | "meeting" | "student_opened" | "home_opened" | "track";
export const lacks: Lack[] = ["all", "plan", "published", "review", "meeting", "student_opened", "home_opened", "track"];

const met = (row: ReportRow) => row.plan?.meeting !== undefined && row.plan.meeting !== null && row.plan.meeting.state !== "missed";

const lacking: Record<Lack, (row: ReportRow) => boolean> = {
  all: () => true,
  plan: (r) => r.plan === null,
  published: (r) => r.plan?.state === "draft",
  review: (r) => r.plan !== null && r.plan.reviews === 0,
  meeting: (r) => r.plan !== null && r.plan.meeting !== undefined && !met(r),
  student_opened: (r) => r.plan?.opened !== undefined && !r.plan.opened.student,
  home_opened: (r) => r.plan?.opened !== undefined && (r.plan.homes ?? 0) > 0 && !r.plan.opened.home,
  track: (r) => r.plan?.track.value === "behind" || r.plan?.track.value === "support",
};

export const lackingOf = (rows: readonly ReportRow[], lack: Lack): ReportRow[] => rows.filter(lacking[lack]);

/* Students, not rows: one may have several plans. */
export const studentsOf = (rows: readonly ReportRow[]): number => new Set(rows.map((r) => r.student.id)).size;

/* ---- A group in a few numbers ---- */

export interface Facts {
  students: number;
  planned: number;
  tasks: TaskCount | null;
  track: Record<Track | "none", number>;
  /* Of plans with a meeting; null where this hat does not know. */
  prepared: { student: number; home: number; of: number } | null;
}

export function factsOf(rows: readonly ReportRow[]): Facts {
  const plans = rows.flatMap((r) => (r.plan ? [r.plan] : []));
  const counted = plans.flatMap((p) => (p.tasks ? [p.tasks] : []));
  const track: Facts["track"] = { ahead: 0, on: 0, behind: 0, support: 0, none: 0 };
  for (const p of plans) track[p.track.value ?? "none"]++;
  const meeting = plans.filter((p) => p.confirmed && p.meeting && p.meeting.state !== "missed");
  return {
    students: studentsOf(rows),
    planned: studentsOf(rows.filter((r) => r.plan)),
    tasks: counted.length > 0 ? sum(counted) : null,
    track,
    prepared: plans.some((p) => p.opened)
      ? { student: meeting.filter((p) => p.confirmed?.student).length, home: meeting.filter((p) => p.confirmed?.home).length, of: meeting.length }
      : null,
  };
}

/* ---- Uptake: from having a plan to having talked about it ---- */

export type Step = "planned" | "published" | "student_opened" | "home_opened" | "student_wrote" | "home_wrote" | "student_confirmed" | "home_confirmed" | "met";

export interface Uptake {
  step: Step;
  n: number;
  of: number;
}

/* Each step counts students who have it by any plan of theirs. */
export function uptakeOf(rows: readonly ReportRow[]): Uptake[] {
  const of = studentsOf(rows);
  const has: Record<Step, (r: ReportRow) => boolean> = {
    planned: (r) => r.plan !== null,
    published: (r) => r.plan !== null && r.plan.state !== "draft",
    student_opened: (r) => r.plan?.opened?.student === true,
    home_opened: (r) => r.plan?.opened?.home === true,
    student_wrote: (r) => r.plan?.wrote.student === true,
    home_wrote: (r) => r.plan?.wrote.home === true,
    student_confirmed: (r) => r.plan?.confirmed?.student === true,
    home_confirmed: (r) => r.plan?.confirmed?.home === true,
    met: (r) => ["held", "shared", "closed"].includes(r.plan?.meeting?.state ?? ""),
  };
  const knows = rows.some((r) => r.plan?.opened);
  const steps: Step[] = knows ? (Object.keys(has) as Step[]) : ["planned", "published", "student_wrote", "home_wrote"];
  return steps.map((step) => ({ step, n: studentsOf(rows.filter(has[step])), of }));
}

/* ---- Order ---- */

export type By = "need" | "name" | "done" | "doing" | "todo" | "changed";

const urgent: (Track | "none")[] = ["support", "behind", "none", "on", "ahead"];
const needOf = (r: ReportRow) => (r.plan ? urgent.indexOf(r.plan.track.value ?? "none") : urgent.length);

const keyOf: Record<Exclude<By, "name" | "need">, (r: ReportRow) => number> = {
  done: (r) => r.plan?.tasks?.done ?? -1,
  doing: (r) => r.plan?.tasks?.doing ?? -1,
  todo: (r) => r.plan?.tasks?.todo ?? -1,
  changed: (r) => Date.parse(r.plan?.changedAt ?? "1970-01-01"),
};

/* The server sends rows by name; equals keep that order. Who has no plan stands last. */
export function ordered(rows: readonly ReportRow[], by: By, ascending: boolean): ReportRow[] {
  const sign = ascending ? 1 : -1;
  if (by === "name") return ascending ? [...rows] : [...rows].reverse();
  const key = by === "need" ? needOf : keyOf[by];
  return [...rows].sort((a, b) => (a.plan ? 0 : 1) - (b.plan ? 0 : 1) || sign * (key(a) - key(b)));
}

/* ---- One student over time ---- */

export interface Line {
  key: string;
  text: string;
  /* By plan; absent: not in that plan. */
  cells: Map<string, TaskCount>;
  goals: { text: string; plan: string; tasks: TaskCount }[];
}

const same = (text: string) => text.trim().toLocaleLowerCase();

/* A competence is the same in two plans where one row continues the other, or where the
 * words are the same. */
export function competencesOf(goals: readonly StudentGoal[]): Line[] {
  const lines: Line[] = [];
  const byRow = new Map<string, Line>();
  for (const c of goals.filter((g) => g.parent === null)) {
    const text = c.text ?? "";
    let line = (c.from ? byRow.get(c.from) : undefined) ?? (text ? lines.find((l) => same(l.text) === same(text)) : undefined);
    if (!line) {
      line = { key: c.id, text, cells: new Map(), goals: [] };
      lines.push(line);
    }
    if (text) line.text = text;
    byRow.set(c.id, line);
    const own = goals.filter((g) => g.parent === c.id);
    line.cells.set(c.plan, sum([line.cells.get(c.plan) ?? noTasks, ...own.map((g) => g.tasks)]));
    line.goals.push(...own.map((g) => ({ text: g.text ?? "", plan: c.plan, tasks: g.tasks })));
  }
  return lines;
}

export interface CourseLine {
  id: string;
  title: string;
  cells: Map<string, StudentReview[]>;
}

/* A review stands under each plan that was valid when it was entered (I-14). */
export function coursesOf(reviews: readonly StudentReview[], plans: readonly StudentPlan[]): CourseLine[] {
  const lines = new Map<string, CourseLine>();
  for (const r of reviews) {
    const line = lines.get(r.course.id) ?? { id: r.course.id, title: r.course.title, cells: new Map<string, StudentReview[]>() };
    lines.set(r.course.id, line);
    for (const p of plans)
      if (p.startsOn <= r.enteredOn && r.enteredOn <= p.endsOn) line.cells.set(p.id, [...(line.cells.get(p.id) ?? []), r]);
  }
  return [...lines.values()].sort((a, b) => a.title.localeCompare(b.title));
}

/* Plans that have something to show in a table of time: at most so many, the latest. */
export const columnsOf = <T>(plans: readonly T[], most = 5): T[] => plans.slice(-most);

export const daysLeft = (endsOn: string, today: string): number => Math.round((Date.parse(endsOn) - Date.parse(today)) / 86_400_000);
