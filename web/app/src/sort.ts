/* Lists of people: finding and ordering, in the viewer's language. */

export type Direction = "ascending" | "descending";

export function byName<T extends { name: string }>(list: readonly T[], locale: string, direction: Direction): T[] {
  const collator = new Intl.Collator(locale, { sensitivity: "base", numeric: true });
  const sign = direction === "ascending" ? 1 : -1;
  return [...list].sort((a, b) => sign * collator.compare(a.name, b.name));
}

/* Letters that carry no combining mark but that people type without it. */
const plain: Record<string, string> = { ø: "o", æ: "ae", å: "a", ð: "d", þ: "th", ł: "l", ß: "ss", đ: "d", ı: "i" };

function fold(text: string): string {
  return text
    .toLowerCase()
    .replace(/[øæåðþłßđı]/g, (c) => plain[c] ?? c)
    .normalize("NFD")
    .replace(/\p{M}/gu, "");
}

/* Every word asked for begins some word of the name, accents or not. */
export function finds(name: string, query: string): boolean {
  const parts = fold(name).split(/[\s-]+/);
  return fold(query)
    .split(/[\s-]+/)
    .every((q) => parts.some((p) => p.startsWith(q)));
}

/* Reviews: the newest period first, the latest made first among equals. */
export function newestFirst<T extends { endsOn: string; startsOn: string; id: string }>(list: readonly T[]): T[] {
  const key = (r: T) => `${r.endsOn} ${r.startsOn} ${r.id}`;
  return [...list].sort((a, b) => (key(a) < key(b) ? 1 : -1));
}
