/* Many fields in one request, with the way back. */
import { api, ApiError, enc, entryPath } from "../api";
import { useApp } from "../app";
import { t } from "../i18n";
import { explain } from "../parts/notes";
import type { BulkResult, Review } from "../types";

const patience = 5000;

type Wish = { student: string; value?: string; comment?: string };
type FieldName = "value" | "comment";
const fields: FieldName[] = ["value", "comment"];

/* Sends them, says what became of them in a toast with Undo; false: nothing was written. */
export function usePaste(review: Review, changed: () => void) {
  const { queue, toast, sessionEnded } = useApp();
  const key = (student: string, field: FieldName) => entryPath(review.id, student, field);

  return async (rows: Wish[], replace: boolean, say: (n: number) => string): Promise<boolean> => {
    const keys = rows.flatMap((r) => fields.filter((f) => r[f] !== undefined).map((f) => key(r.student, f)));
    await queue.settle(keys, patience);
    const before = new Map(keys.map((k) => [k, queue.get(k)?.text ?? null]));
    try {
      const { results } = await api<{ results: BulkResult[] }>(`reviews/${enc(review.id)}/paste`, {
        method: "POST",
        body: { rows, replace },
      });
      const done = results.filter((r) => r.ok);
      for (const r of done) {
        if (r.valueRev !== undefined) queue.offer(key(r.student, "value"), r.value ?? null, r.valueRev);
        if (r.commentRev !== undefined) queue.offer(key(r.student, "comment"), r.comment ?? "", r.commentRev);
      }
      const written = new Map(
        done.flatMap((r) => [
          [key(r.student, "value"), r.value],
          [key(r.student, "comment"), r.comment],
        ]),
      );
      changed();
      /* A field that was changed again since is left as it is. */
      const undo = () => {
        for (const [k, was] of before)
          if (written.get(k) !== undefined && queue.get(k)?.text === written.get(k)) queue.edit(k, was, 0);
      };
      const failed = rows.length - done.length;
      const text = [say(done.length), failed ? t("grid.bulk_failed", { n: failed }) : ""].filter(Boolean).join(" ");
      toast({ text, undo: done.length ? undo : undefined });
      return done.length > 0;
    } catch (e) {
      if (e instanceof ApiError && e.code === "expired") sessionEnded();
      toast({ text: explain(e) });
      return false;
    }
  };
}
