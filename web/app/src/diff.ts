/* Marks the words two versions of a text do not share. */

export interface Piece {
  text: string;
  own: boolean;
}

/* Above this many comparisons only the common beginning and end are found. */
const limit = 1_000_000;

function words(text: string): string[] {
  return text.match(/\s+|[^\s]+/g) ?? [];
}

function common(a: string[], b: string[]): [boolean[], boolean[]] {
  const inA = new Array<boolean>(a.length).fill(false);
  const inB = new Array<boolean>(b.length).fill(false);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) {
    inA[start] = inB[start] = true;
    start++;
  }
  let endA = a.length;
  let endB = b.length;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) inA[--endA] = inB[--endB] = true;
  longest(a, b, start, endA, endB, inA, inB);
  return [inA, inB];
}

/* The longest common subsequence of the middles, by the usual table. */
function longest(a: string[], b: string[], start: number, endA: number, endB: number, inA: boolean[], inB: boolean[]) {
  const n = endA - start;
  const m = endB - start;
  if (n === 0 || m === 0 || n * m > limit) return;
  const width = m + 1;
  const table = new Uint16Array((n + 1) * width);
  const at = (i: number, j: number) => table[i * width + j] ?? 0;
  for (let i = n - 1; i >= 0; i--)
    for (let j = m - 1; j >= 0; j--)
      table[i * width + j] =
        a[start + i] === b[start + j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  for (let i = 0, j = 0; i < n && j < m; ) {
    if (a[start + i] === b[start + j]) inA[start + i++] = inB[start + j++] = true;
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
}

function pieces(tokens: string[], shared: boolean[]): Piece[] {
  const out: Piece[] = [];
  tokens.forEach((text, i) => {
    const own = !shared[i];
    const last = out[out.length - 1];
    if (last && last.own === own) last.text += text;
    else out.push({ text, own });
  });
  return out;
}

export function compare(mine: string, theirs: string): { mine: Piece[]; theirs: Piece[] } {
  const a = words(mine);
  const b = words(theirs);
  const [inA, inB] = common(a, b);
  return { mine: pieces(a, inA), theirs: pieces(b, inB) };
}

/* Both texts, theirs first; nothing twice when one already holds the other. */
export function join(mine: string, theirs: string): string {
  const a = mine.trim();
  const b = theirs.trim();
  if (a.includes(b)) return mine;
  if (b.includes(a)) return theirs;
  return `${b}\n${a}`;
}
