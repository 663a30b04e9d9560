/*
 * A column copied from a spreadsheet, and what would become of each of its rows. Cells are
 * parted by tabs; a cell with line ends or quotation marks in it stands in quotation marks.
 * Nothing here writes.
 */
import type { Scale } from "../types";
import { below } from "./fill";

export interface Pupil {
  id: string;
  name: string;
  value: string | null;
  comment: string;
}

/* "new": nothing stood there. "kept": something stands and is not to be replaced. */
export type Fate = "new" | "added" | "replaced" | "same" | "kept";
export type Trouble = "unknown" | "ambiguous" | "twice" | "value" | "empty" | "long";

export interface Row {
  line: number;
  /* As it was pasted. */
  name: string;
  pupil: Pupil | null;
  trouble: Trouble | null;
  /* What was to be a value and is none. */
  said?: string;
  value?: { code: string; fate: Fate };
  comment?: { text: string; fate: Fate };
}

export interface Reading {
  rows: Row[];
  /* How students were found: by a column of names, or in the order of the list. */
  by: "name" | "order";
}

const longest = 5000;

export function cells(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  const quoted = (): string => {
    let cell = "";
    for (at++; at < text.length; at++) {
      if (text[at] !== '"') cell += text[at];
      else if (text[at + 1] === '"') cell += text[at++];
      else break;
    }
    at++;
    return cell;
  };
  const plain = (): string => {
    const end = text.slice(at).search(/[\t\r\n]/);
    const cell = end < 0 ? text.slice(at) : text.slice(at, at + end);
    at += cell.length;
    return cell;
  };
  while (at < text.length) {
    const whole = text[at] === '"' && /^"(?:[^"]|"")*"(?=[\t\r\n]|$)/.test(text.slice(at));
    row.push((whole ? quoted() : plain()).replace(/\r\n?/g, "\n").trim());
    if (text[at] === "\t") {
      at++;
      if (at === text.length || /[\r\n]/.test(text[at] ?? "")) row.push("");
      if (at < text.length && !/[\r\n]/.test(text[at] ?? "")) continue;
    }
    if (text[at] === "\r") at++;
    if (text[at] === "\n") at++;
    rows.push(row);
    row = [];
  }
  while (rows.length && rows[rows.length - 1]?.every((c) => !c)) rows.pop();
  return rows;
}

const plainly = (s: string) => s.normalize("NFC").toLocaleLowerCase().replace(/\u2212/g, "-").replace(/\s+/g, " ").trim();

/* "Lund, Sofie Aasen" is "Sofie Aasen Lund", and order does not matter further. */
function wordsOf(name: string): string[] {
  return plainly(name).split(/[\s,]+/).filter(Boolean).sort();
}

export function findPupil(name: string, pupils: Pupil[]): Pupil | "unknown" | "ambiguous" {
  const words = wordsOf(name);
  if (words.length === 0) return "unknown";
  const whole = pupils.filter((p) => wordsOf(p.name).join(" ") === words.join(" "));
  /* Fewer names than the school knows, or more: good where only one fits. */
  const within = (a: string[], b: string[]) => a.length > 1 && a.every((w) => b.includes(w));
  const found = whole.length ? whole : pupils.filter((p) => within(words, wordsOf(p.name)) || within(wordsOf(p.name), words));
  if (found.length > 1) return "ambiguous";
  return found[0] ?? "unknown";
}

/* A code, a short form or a label, in whatever language. */
export function codeOf(scale: Scale | null, cell: string): string | null {
  const said = plainly(cell);
  const fits = (texts: Record<string, string>) => Object.values(texts).some((text) => plainly(text) === said);
  const exact = scale?.values.find((v) => plainly(v.code) === said);
  const shown = exact ?? scale?.values.find((v) => fits(v.short)) ?? scale?.values.find((v) => fits(v.label));
  return shown?.code ?? null;
}

type Column = "name" | "value" | "comment";

function share(rows: string[][], at: number, test: (cell: string) => boolean): number {
  const filled = rows.map((r) => r[at] ?? "").filter(Boolean);
  return filled.length ? filled.filter(test).length / filled.length : 0;
}

/* What each column is: names where most are students', values where most are of the scale, the first other one is the comment. */
function columnsOf(rows: string[][], pupils: Pupil[], scale: Scale | null): (Column | null)[] {
  const width = Math.max(...rows.map((r) => r.length));
  const columns: (Column | null)[] = new Array<Column | null>(width).fill(null);
  const most = (column: Column, test: (cell: string) => boolean) => {
    const shares = columns.map((c, i) => (c ? 0 : share(rows, i, test)));
    const best = Math.max(...shares);
    if (best >= 0.5) columns[shares.indexOf(best)] = column;
  };
  most("name", (cell) => findPupil(cell, pupils) !== "unknown");
  if (scale) most("value", (cell) => codeOf(scale, cell) !== null);
  const words = columns.findIndex((c, i) => c === null && rows.some((r) => r[i]));
  if (words >= 0 && !(scale && columns.every((c) => c === null) && width === 1 && looksLikeValues(rows))) columns[words] = "comment";
  else if (words >= 0) columns[words] = "value";
  return columns;
}

/* A single column of short cells was meant as values, even if most are none of the scale. */
function looksLikeValues(rows: string[][]): boolean {
  return share(rows, 0, (cell) => cell.length <= 3) > 0.5;
}

function fateOf(stands: string, given: string, replace: boolean, adds: boolean): Fate {
  if (!stands.trim()) return "new";
  if (stands === given || (adds && !replace && below(stands, given) === stands)) return "same";
  return replace ? "replaced" : adds ? "added" : "kept";
}

export function read(text: string, pupils: Pupil[], scale: Scale | null, replace: boolean): Reading {
  let rows = cells(text);
  if (rows.length === 0) return { rows: [], by: "order" };
  const columns = columnsOf(rows, pupils, scale);
  const at = (column: Column) => columns.indexOf(column);
  const by = at("name") >= 0 ? "name" : "order";
  const isHead = (r: string[]) =>
    by === "name"
      ? findPupil(r[at("name")] ?? "", pupils) === "unknown" && (at("value") < 0 || codeOf(scale, r[at("value")] ?? "") === null)
      : rows.length === pupils.length + 1 && at("value") >= 0 && codeOf(scale, r[at("value")] ?? "") === null;
  let first = 1;
  if (rows.length > 1 && isHead(rows[0] ?? []) && !isHead(rows[1] ?? [])) {
    rows = rows.slice(1);
    first = 2;
  }
  const seen = new Set<string>();
  return { by, rows: rows.map((r, i) => rowOf(r, i)) };

  function rowOf(r: string[], i: number): Row {
    const name = by === "name" ? (r[at("name")] ?? "") : "";
    const found = by === "name" ? findPupil(name, pupils) : (pupils[i] ?? "unknown");
    const row: Row = { line: first + i, name, pupil: typeof found === "string" ? null : found, trouble: null };
    const given = at("value") >= 0 ? (r[at("value")] ?? "") : "";
    const words = at("comment") >= 0 ? (r[at("comment")] ?? "") : "";
    if (typeof found === "string") return { ...row, trouble: given || words || name ? found : "empty" };
    if (!given && !words) return { ...row, trouble: "empty" };
    if (seen.has(found.id)) return { ...row, trouble: "twice" };
    const code = given ? codeOf(scale, given) : null;
    if (given && code === null) return { ...row, trouble: "value", said: given };
    if (words.length > longest) return { ...row, trouble: "long" };
    seen.add(found.id);
    if (code !== null) row.value = { code, fate: fateOf(found.value ?? "", code, replace, false) };
    if (words) row.comment = { text: words, fate: fateOf(found.comment, words, replace, true) };
    return row;
  }
}

const writes = (fate: Fate | undefined) => fate === "new" || fate === "added" || fate === "replaced";

/* What is sent: only what would change something. */
export function wishes(rows: Row[]): { student: string; value?: string; comment?: string }[] {
  return rows.flatMap((r) => {
    if (!r.pupil || r.trouble) return [];
    const value = writes(r.value?.fate) ? r.value?.code : undefined;
    const comment = writes(r.comment?.fate) ? r.comment?.text : undefined;
    if (value === undefined && comment === undefined) return [];
    return [{ student: r.pupil.id, ...(value !== undefined && { value }), ...(comment !== undefined && { comment }) }];
  });
}
