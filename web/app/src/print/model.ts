/* What a sheet holds, made from a plan as the server gave it to this reader: nothing is
 * taken from anywhere else, so nothing else can be on paper. */
import type { Evidence, FormField, FormSection, Hat, PlanPage, PlanRowOfGrid, PlanValue, Post, Task } from "../plan-types";

/* For whom a copy is: as the student or the parents see the plan, or as this member of staff does. */
export type Copy = "student" | "guardian" | "staff";

export interface Options {
  reviews: boolean;
  log: boolean;
  signatures: boolean;
}

/* A field and what stands in it, in one place. */
export interface Piece {
  field: FormField;
  value?: PlanValue;
  tasks: Task[];
  posts: Post[];
  evidence: Evidence[];
}

export interface GoalCells {
  row: PlanRowOfGrid;
  words: string;
  /* What school says of it, what student and home say, what is to be done, what staff keep. */
  school: Piece[];
  voices: Piece[];
  tasks: Piece[];
  staff: Piece[];
}

export interface CompetenceCells {
  row: PlanRowOfGrid;
  words: string;
  pieces: Piece[];
  goals: GoalCells[];
}

export interface Part {
  section: FormSection;
  pieces: Piece[];
  grid: CompetenceCells[] | null;
}

export const isStaffOnly = (field: { seenBy?: string }) => !/[SG]/.test(field.seenBy ?? "SG");

const lists = new Set(["tasks", "notes", "comments", "files"]);
/* Drawn elsewhere on the sheet, or only for the screen. */
const elsewhere = new Set(["signature", "computed"]);

/* What a template keeps off paper stays off what families get; staff have it on theirs. */
const printed = (f: FormField, copy: Copy) => (copy === "staff" || f.printed !== false) && !elsewhere.has(f.kind);

const byPlace = (a: { position: number; id: string }, b: { position: number; id: string }) => a.position - b.position || (a.id < b.id ? -1 : 1);
const byTime = (a: { at: string; id: string }, b: { at: string; id: string }) => a.at.localeCompare(b.at) || (a.id < b.id ? -1 : 1);

export function pieceOf(page: PlanPage, field: FormField, row: string | null): Piece {
  const here = <T extends { field: string; row: string | null }>(list: readonly T[]) => list.filter((x) => x.field === field.key && x.row === row);
  const value = page.values.find((v) => v.field === field.key && v.row === row);
  return {
    field,
    ...(value ? { value } : {}),
    tasks: here(page.tasks).filter((t) => !t.movedTo).sort(byPlace),
    posts: here(page.posts).filter((p) => !p.removed).sort(byTime),
    evidence: here(page.evidence).sort(byTime),
  };
}

export function isEmpty(piece: Piece): boolean {
  if (piece.field.kind === "heading") return false;
  if (lists.has(piece.field.kind)) return piece.tasks.length + piece.posts.length + piece.evidence.length === 0;
  const text = piece.value?.text ?? "";
  return text.trim() === "" || text === "[]";
}

function cellOf(f: FormField): "school" | "voices" | "tasks" | "staff" {
  if (isStaffOnly(f)) return "staff";
  if (f.kind === "tasks" || f.kind === "files") return "tasks";
  return f.kind === "comments" || !/[MC]/.test(f.editedBy ?? "MC") ? "voices" : "school";
}

const filled = (pieces: Piece[]) => pieces.filter((p) => !isEmpty(p));

function wordsOf(page: PlanPage, section: FormSection, row: PlanRowOfGrid): string {
  const head = section.fields.find((f) => f.head && f.of === row.kind);
  return head ? (page.values.find((v) => v.row === row.id && v.field === head.key)?.text ?? "") : "";
}

function goalCells(page: PlanPage, section: FormSection, row: PlanRowOfGrid, copy: Copy): GoalCells {
  const cells: GoalCells = { row, words: wordsOf(page, section, row), school: [], voices: [], tasks: [], staff: [] };
  for (const f of section.fields) if (f.of === "goal" && !f.head && printed(f, copy)) cells[cellOf(f)].push(pieceOf(page, f, row.id));
  return { ...cells, school: filled(cells.school), voices: filled(cells.voices), tasks: filled(cells.tasks), staff: filled(cells.staff) };
}

/* Agreed goals; what was only proposed or declined is not what people sign. */
function gridCells(page: PlanPage, section: FormSection, copy: Copy): CompetenceCells[] {
  const rows = page.rows.filter((r) => r.state === "agreed").sort(byPlace);
  return rows
    .filter((r) => r.kind === "competence")
    .map((row) => ({
      row,
      words: wordsOf(page, section, row),
      pieces: filled(section.fields.filter((f) => f.of === "competence" && !f.head && printed(f, copy)).map((f) => pieceOf(page, f, row.id))),
      goals: rows.filter((r) => r.parent === row.id).map((r) => goalCells(page, section, r, copy)),
    }));
}

/* Sections in the template's order; what nobody wrote in is left out. */
export function partsOf(page: PlanPage, copy: Copy): Part[] {
  return page.form.sections
    .map((section): Part => {
      const fields = section.fields.filter((f) => printed(f, copy) && (section.kind !== "grid" || !f.of));
      return {
        section,
        pieces: filled(fields.map((f) => pieceOf(page, f, null))),
        grid: section.kind === "grid" ? gridCells(page, section, copy) : null,
      };
    })
    .filter((p) => (p.grid && p.grid.length > 0) || p.pieces.some((x) => x.field.kind !== "heading"));
}

export const logOf = (page: PlanPage): Post[] => page.posts.filter((p) => p.field === "_log" && !p.removed).sort(byTime);
export const topicsOf = (page: PlanPage): Post[] => page.posts.filter((p) => p.field === "_topics" && !p.removed && !p.doneAt).sort(byTime);


/* Which copies somebody may print, their own first. Families have one: what they see. */
export function copiesFor(hat: Hat, may: readonly string[]): Copy[] {
  if (hat === "student" || hat === "guardian") return [hat];
  return may.includes("look_as") ? ["guardian", "student", "staff"] : ["staff"];
}

/* The address of a copy's data: through borrowed eyes where it is for a family. */
export const dataPath = (plan: string, copy: Copy, ownHat: Hat | null): string =>
  copy === "staff" || copy === ownHat ? `plans/${encodeURIComponent(plan)}` : `plans/${encodeURIComponent(plan)}?as=${copy}`;

export const voiceOf = (hat: Hat): "student" | "parent" | "staff" => (hat === "student" ? "student" : hat === "guardian" ? "parent" : "staff");
