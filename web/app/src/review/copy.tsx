/* One student's comment for others too, with {name} for each of them. */
import { useState } from "preact/hooks";
import { entryPath } from "../api";
import { useApp } from "../app";
import { t } from "../i18n";
import { Dialog } from "../parts/dialog";
import { fill, unfill } from "../parts/fill";
import type { Entry, Review } from "../types";
import { usePaste } from "./send";

interface Props {
  review: Review;
  entries: Entry[];
  from: Entry;
  changed: () => void;
  close: () => void;
}

export const givenOf = (e: Entry): string => e.student.given || e.student.name;

export function CopyComment({ review, entries, from, changed, close }: Props) {
  const { queue } = useApp();
  const send = usePaste(review, changed);
  const comment = (e: Entry) => queue.get(entryPath(review.id, e.student.id, "comment"))?.text ?? "";
  const others = entries.filter((e) => !e.left && e.student.id !== from.student.id);
  const [text, write] = useState(() => unfill(comment(from).trim(), givenOf(from)));
  const [chosen, choose] = useState<Set<string>>(() => new Set());
  const [busy, setBusy] = useState(false);
  const turn = (id: string, on: boolean) =>
    choose((old) => {
      const next = new Set(old);
      if (on) next.add(id);
      else next.delete(id);
      return next;
    });
  const empty = others.filter((e) => !comment(e).trim());
  const submit = async () => {
    if (busy || !text.trim() || chosen.size === 0) return;
    setBusy(true);
    const rows = others
      .filter((e) => chosen.has(e.student.id))
      .map((e) => ({ student: e.student.id, comment: fill(text.trim(), givenOf(e)) }));
    if (await send(rows, false, (n) => t("grid.bulk_commented", { n }))) close();
    else setBusy(false);
  };
  return (
    <Dialog
      title={t("again.title")}
      hint={t("again.from", { name: from.student.name })}
      close={close}
      submit={() => void submit()}
      foot={
        <>
          <button class="btn" type="button" onClick={close}>
            {t("common.cancel")}
          </button>
          <button class="btn btn--primary" disabled={!text.trim() || chosen.size === 0} aria-busy={busy}>
            {t("grid.add_to", { n: chosen.size })}
          </button>
        </>
      }
    >
      <div class="field">
        <label for="again-text">{t("grid.field_comment")}</label>
        <textarea
          class="textarea"
          id="again-text"
          dir="auto"
          rows={4}
          maxLength={5000}
          data-first=""
          aria-describedby="again-hint"
          value={text}
          onInput={(e) => write(e.currentTarget.value)}
        />
        <p class="hint" id="again-hint">
          {t("again.hint")} {t("grid.same_comment_hint")}
        </p>
      </div>
      <fieldset class="field">
        <legend>{t("again.to")}</legend>
        <p class="btn-row">
          <button class="btn btn--sm" type="button" onClick={() => choose(new Set(empty.map((e) => e.student.id)))}>
            {t("again.without", { n: empty.length })}
          </button>
          <button class="btn btn--sm" type="button" onClick={() => choose(new Set())}>
            {t("again.nobody")}
          </button>
        </p>
        <ul class="picklist">
          {others.map((e) => (
            <li key={e.student.id}>
              <label class="optrow">
                <input type="checkbox" checked={chosen.has(e.student.id)} onChange={(ev) => turn(e.student.id, ev.currentTarget.checked)} />
                <span dir="auto">
                  {e.student.name}
                  {comment(e).trim() && <small>{t("again.has")}</small>}
                </span>
              </label>
            </li>
          ))}
        </ul>
      </fieldset>
    </Dialog>
  );
}
