/* From any list to the page that prints several plans: their ids go along on this device. */
import { go } from "../router";

export const printMost = 40;
const place = "print";

/* Held in memory too: a frame may have no storage. */
let kept: string[] = [];

export function printPlans(ids: readonly string[]): void {
  kept = ids.slice(0, printMost);
  try {
    sessionStorage.setItem(place, JSON.stringify(kept));
  } catch {
    /* memory will do until a reload */
  }
  go("print/plans");
}

export function plansToPrint(): string[] {
  if (kept.length > 0) return kept;
  try {
    const read: unknown = JSON.parse(sessionStorage.getItem(place) ?? "[]");
    return Array.isArray(read) ? read.filter((id): id is string => typeof id === "string").slice(0, printMost) : [];
  } catch {
    return [];
  }
}
