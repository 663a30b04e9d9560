/* One grade or one comment for all selected students, at once and with Undo. */
import { useState } from "preact/hooks";
import { api, ApiError, enc, entryPath } from "../api";
import { useApp } from "../app";
import { t } from "../i18n";
import type { BulkResult, Entry, Review } from "../types";
import { Dialog } from "./dialog";
import { fill, hasName, insert } from "./fill";
import { Grade } from "./grade";
import { Icon } from "./icons";
import { later } from "./later";
import { explain } from "./notes";

const BankPicker = later(() => import("../review/index"), "BankPicker", "reviews");

const patience = 5000;
const maxLetters = 5000;

interface Wish {
  value?: string | null;
  comment?: string;
  mode: "fill" | "replace";
}

/* Sends the wish, shows what became of it, and offers the way back. */
export function useBulk(review: Review, entries: Entry[], changed: () => void) {
  const { queue, toast, sessionEnded } = useApp();
  const key = (student: string, field: "value" | "comment") => entryPath(review.id, student, field);

  const undo = (results: BulkResult[], before: Map<string, string | null>) => {
    for (const r of results) {
      if (r.valueRev !== undefined) back(key(r.student, "value"), r.value ?? null, before);
      if (r.commentRev !== undefined) back(key(r.student, "comment"), r.comment ?? "", before);
    }
  };
  /* A field that was changed again since is left as it is. */
  const back = (k: string, set: string | null, before: Map<string, string | null>) => {
    if (before.has(k) && queue.get(k)?.text === set) queue.edit(k, before.get(k) ?? null, 0);
  };

  /* {name} makes a sentence another one for each. */
  const send = (students: string[], wish: Wish) => {
    const path = `reviews/${enc(review.id)}`;
    const comment = wish.comment;
    if (comment === undefined || !hasName(comment))
      return api<{ results: BulkResult[] }>(`${path}/entries`, { method: "POST", body: { students, ...wish } });
    const given = new Map(entries.map((e) => [e.student.id, e.student.given || e.student.name]));
    const rows = students.map((student) => ({ student, comment: fill(comment, given.get(student) ?? "") }));
    return api<{ results: BulkResult[] }>(`${path}/paste`, { method: "POST", body: { rows, replace: false } });
  };

  return async (students: string[], wish: Wish): Promise<boolean> => {
    const keys = students.flatMap((s) => [key(s, "value"), key(s, "comment")]);
    await queue.settle(keys, patience);
    const before = new Map(keys.map((k) => [k, queue.get(k)?.text ?? null]));
    try {
      const { results } = await send(students, wish);
      const done = results.filter((r) => r.ok);
      for (const r of done) {
        if (r.valueRev !== undefined) queue.offer(key(r.student, "value"), r.value ?? null, r.valueRev);
        if (r.commentRev !== undefined) queue.offer(key(r.student, "comment"), r.comment ?? "", r.commentRev);
      }
      changed();
      const text = [t(wish.comment === undefined ? "grid.bulk_graded" : "grid.bulk_commented", { n: done.length })];
      if (done.length < results.length) text.push(t("grid.bulk_failed", { n: results.length - done.length }));
      toast({ text: text.join(" "), undo: done.length ? () => undo(done, before) : undefined });
      return true;
    } catch (e) {
      if (e instanceof ApiError && e.code === "expired") sessionEnded();
      toast({ text: explain(e) });
      return false;
    }
  };
}

function SameComment({ n, close, send }: { n: number; close: () => void; send: (text: string) => Promise<boolean> }) {
  const [text, write] = useState("");
  const [busy, setBusy] = useState(false);
  const [choosing, choose] = useState(false);
  const take = (sentence: string) => {
    write(insert(text, text.length, sentence).text.slice(0, maxLetters));
    choose(false);
    document.getElementById("bulk-comment")?.focus();
  };
  const submit = async () => {
    if (busy || !text.trim()) return;
    setBusy(true);
    if (await send(text.trim())) close();
    else setBusy(false);
  };
  return (
    <Dialog
      title={t("grid.same_comment")}
      small
      close={close}
      submit={() => void submit()}
      foot={
        <>
          <button class="btn" type="button" onClick={close}>
            {t("common.cancel")}
          </button>
          <button class="btn btn--primary" disabled={!text.trim()} aria-busy={busy}>
            {t("grid.add_to", { n })}
          </button>
        </>
      }
    >
      <div class="field">
        <label for="bulk-comment">{t("grid.field_comment")}</label>
        <textarea
          class="textarea"
          id="bulk-comment"
          dir="auto"
          rows={4}
          maxLength={maxLetters}
          data-first=""
          aria-describedby="bulk-comment-h"
          value={text}
          onInput={(e) => write(e.currentTarget.value)}
        />
        <p class="hint" id="bulk-comment-h">
          {t("grid.same_comment_hint")} {t("grid.same_comment_name")}
        </p>
      </div>
      {choosing ? (
        <BankPicker kind="comment" name="" keep={text.trim()} pick={take} />
      ) : (
        <p>
          <button class="linkbtn" type="button" onClick={() => choose(true)}>
            <Icon name="book" /> {t("grid.bank")}
          </button>
        </p>
      )}
    </Dialog>
  );
}

interface Props {
  review: Review;
  entries: Entry[];
  selected: string[];
  changed: () => void;
  clear: () => void;
}

export function Bulk({ review, entries, selected, changed, clear }: Props) {
  const { queue } = useApp();
  const run = useBulk(review, entries, changed);
  const [code, choose] = useState<string | null>(null);
  const [replace, setReplace] = useState(false);
  const [writing, write] = useState(false);
  /* On a phone the grades are folded away, so that the bar covers little of the list. */
  const [grading, setGrading] = useState(false);
  const ungraded = selected.filter((s) => queue.get(entryPath(review.id, s, "value"))?.text == null);
  const graded = selected.length - ungraded.length;
  const reached = replace ? selected : ungraded;
  const apply = async () => {
    if (!(await run(reached, { value: code, mode: replace ? "replace" : "fill" }))) return;
    choose(null);
    setReplace(false);
    clear();
  };
  return (
    <section class="bulk" aria-label={t("grid.bulk_label")}>
      <span class="bulk__n" role="status">
        {t("grid.selected", { n: selected.length })}
      </span>
      {review.scale && (
        <button class="btn narrow-only" type="button" aria-expanded={grading} onClick={() => setGrading(!grading)}>
          {t("grid.field_value")}
          <Icon name={grading ? "down" : "up"} />
        </button>
      )}
      {review.scale && (
        <div class={grading ? "bulk__grade" : "bulk__grade wide-only"}>
          <Grade scale={review.scale} name="bulk" legend={t("grid.bulk_legend")} value={code} set={choose} />
          {graded > 0 && (
            <label class="optrow">
              <input type="checkbox" checked={replace} onChange={(e) => setReplace(e.currentTarget.checked)} />
              <span>{t("grid.replace", { n: graded })}</span>
            </label>
          )}
          {code !== null && (
            <button class="btn btn--primary" type="button" disabled={reached.length === 0} onClick={() => void apply()}>
              {t("grid.apply", { n: reached.length })}
            </button>
          )}
        </div>
      )}
      <button class="btn" type="button" onClick={() => write(true)}>
        <span class="wide-only">
          <Icon name="chat" /> {t("grid.same_comment_dots")}
        </span>
        <span class="narrow-only">{t("grid.field_comment")}</span>
      </button>
      <button class="btn btn--quiet" type="button" aria-label={t("grid.clear_selection")} onClick={clear}>
        <span class="wide-only">{t("grid.clear_selection")}</span>
        <span class="narrow-only">
          <Icon name="x" />
        </span>
      </button>
      {writing && (
        <SameComment
          n={selected.length}
          close={() => write(false)}
          send={async (comment) => {
            const ok = await run(selected, { comment, mode: "fill" });
            if (ok) clear();
            return ok;
          }}
        />
      )}
    </section>
  );
}
