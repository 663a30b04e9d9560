/* {name} in a sentence that is used again: the given name of whoever it is for. */
const placeholder = "{name}";

export function hasName(text: string): boolean {
  return text.includes(placeholder);
}

export function fill(text: string, given: string): string {
  return text.split(placeholder).join(given);
}

/* The other way round, before a sentence is kept: whole words only, Ida is not in "Idar". */
export function unfill(text: string, given: string): string {
  if (!given.trim()) return text;
  const word = given.trim().replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return text.replace(new RegExp(`(?<![\\p{L}\\p{N}])${word}(?![\\p{L}\\p{N}])`, "gu"), placeholder);
}

/* A sentence put in where somebody writes, with a blank on each side that needs one. */
export function insert(text: string, at: number, sentence: string): { text: string; at: number } {
  const before = text.slice(0, at);
  const after = text.slice(at);
  const left = before && !/\s$/.test(before) ? " " : "";
  const right = after && !/^[\s.,;:!?]/.test(after) ? " " : "";
  return { text: before + left + sentence + right + after, at: (before + left + sentence).length };
}

/* What stands in a comment with a sentence added below, as the server adds it. */
export function below(text: string, sentence: string): string {
  if (!text.trim()) return sentence;
  return text === sentence || text.endsWith(`\n${sentence}`) ? text : `${text}\n${sentence}`;
}
