/* What stands in a field's text, by its kind (ilp/form.h), and back. What cannot be read is empty. */

export interface Point {
  on: string;
  value: number;
}

export interface Item {
  text: string;
  done: boolean;
}

function list(text: string): unknown[] {
  try {
    const v: unknown = JSON.parse(text || "[]");
    return Array.isArray(v) ? v : [];
  } catch {
    return [];
  }
}

const write = (all: unknown[]) => (all.length ? JSON.stringify(all) : "");

export const readMulti = (text: string): string[] => list(text).filter((c): c is string => typeof c === "string");
export const writeMulti = write;

/* The codes of the form in its order, whatever order they were chosen in. */
export function toggle(text: string, code: string, on: boolean, order: string[]): string {
  const now = new Set(readMulti(text));
  if (on) now.add(code);
  else now.delete(code);
  return write(order.filter((c) => now.has(c)));
}

export function readSeries(text: string): Point[] {
  return list(text)
    .filter((p): p is Point => typeof p === "object" && p !== null && typeof (p as Point).on === "string" && typeof (p as Point).value === "number")
    .sort((a, b) => a.on.localeCompare(b.on));
}

/* A day has one value: the last one written for it. */
export function withPoint(text: string, on: string, value: number): string {
  const rest = readSeries(text).filter((p) => p.on !== on);
  return write([...rest, { on, value }].sort((a, b) => a.on.localeCompare(b.on)));
}

export const withoutPoint = (text: string, on: string) => write(readSeries(text).filter((p) => p.on !== on));

export function readItems(text: string): Item[] {
  return list(text)
    .filter((i): i is Item => typeof i === "object" && i !== null && typeof (i as Item).text === "string")
    .map((i) => ({ text: i.text, done: i.done === true }));
}
export const writeItems = (items: Item[]) => write(items);

/* Rows of as many cells as there are columns; rows without a word at the end are not kept. */
export function readTable(text: string, columns: number): string[][] {
  return list(text)
    .filter((r): r is unknown[] => Array.isArray(r))
    .map((r) => Array.from({ length: columns }, (_, i) => (typeof r[i] === "string" ? (r[i] as string) : "")));
}

export function writeTable(rows: string[][]): string {
  let n = rows.length;
  while (n > 0 && rows[n - 1]?.every((c) => c === "")) n--;
  return write(rows.slice(0, n));
}

/* "12,5" as people write it; null: no number. */
export function readNumber(text: string): number | null {
  const plain = text.trim().replace(/\s/g, "").replace(",", ".").replace("−", "-");
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
}

/* Several lines pasted are several tasks; bullets and numbers in front of them are not their words. */
export function lines(text: string): string[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((l) => l.replace(/^\s*(?:[-*•‣◦]|\d{1,3}[.)])\s+/, "").trim())
    .filter(Boolean);
}

/* A line through the points in a box of 100 x 40, and where the target lies. */
export function drawing(points: Point[], target: number | undefined): { line: string; dots: [number, number][]; target: number | null } {
  const values = [...points.map((p) => p.value), ...(target === undefined ? [] : [target])];
  if (!values.length) return { line: "", dots: [], target: null };
  const low = Math.min(...values);
  const high = Math.max(...values);
  const span = high - low || 1;
  const time = points.map((p) => Date.parse(p.on));
  const first = time[0] ?? 0;
  const wide = (time[time.length - 1] ?? 0) - first || 1;
  const y = (v: number) => 36 - ((v - low) / span) * 32;
  const dots = points.map((p, i): [number, number] => [points.length === 1 ? 50 : 2 + (((time[i] ?? 0) - first) / wide) * 96, y(p.value)]);
  return { line: dots.map(([a, b]) => `${round(a)},${round(b)}`).join(" "), dots, target: target === undefined ? null : round(y(target)) };
}

const round = (n: number) => Math.round(n * 100) / 100;

/* ---- A small toolbar for CommonMark ---- */

export interface Selected {
  text: string;
  from: number;
  to: number;
}

/* Puts a mark round what is selected, or takes it away where it is. */
export function wrap({ text, from, to }: Selected, mark: string): Selected {
  const inside = text.slice(from, to);
  const n = mark.length;
  if (text.slice(from - n, from) === mark && text.slice(to, to + n) === mark)
    return { text: text.slice(0, from - n) + inside + text.slice(to + n), from: from - n, to: to - n };
  return { text: text.slice(0, from) + mark + inside + mark + text.slice(to), from: from + n, to: to + n };
}

/* Begins each line of what is selected with a mark, or takes it away where all have it. */
export function prefix({ text, from, to }: Selected, mark: string | ((line: number) => string)): Selected {
  const start = text.lastIndexOf("\n", from - 1) + 1;
  const next = text.indexOf("\n", to);
  const end = next < 0 ? text.length : next;
  const markOf = typeof mark === "string" ? () => mark : mark;
  const all = text.slice(start, end).split("\n");
  const has = all.every((l, i) => l.startsWith(markOf(i)));
  const changed = all.map((l, i) => (has ? l.slice(markOf(i).length) : markOf(i) + l)).join("\n");
  return { text: text.slice(0, start) + changed + text.slice(end), from: start, to: start + changed.length };
}
