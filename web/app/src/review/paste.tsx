/* A column from a spreadsheet: what would become of every row is shown before anything is written. */
import { useMemo, useState } from "preact/hooks";
import { entryPath } from "../api";
import { useApp } from "../app";
import { t } from "../i18n";
import { Dialog } from "../parts/dialog";
import { labelOf } from "../parts/grade";
import { Icon } from "../parts/icons";
import { Note } from "../parts/notes";
import { type Pupil, read, type Row, wishes } from "../parts/paste-read";
import type { Entry, Review } from "../types";
import { usePaste } from "./send";

const most = 500;

function Fate({ row }: { row: Row }) {
  if (row.trouble)
    return (
      <span class={row.trouble === "empty" ? "muted" : "paste__bad"}>
        {row.trouble !== "empty" && <Icon name="warn" />} {t(`paste.is_${row.trouble}`, { text: row.said ?? "" })}
      </span>
    );
  const said = [row.value && t(`paste.value_${row.value.fate}`), row.comment && t(`paste.comment_${row.comment.fate}`)];
  return <span>{said.filter(Boolean).join(" ")}</span>;
}

function Preview({ rows, review }: { rows: Row[]; review: Review }) {
  return (
    <div class="paste__preview" tabIndex={0} role="region" aria-label={t("paste.preview")}>
      <table class="tbl">
        <thead>
          <tr>
            <th scope="col">{t("paste.line")}</th>
            <th scope="col">{t("common.student")}</th>
            {review.scale && <th scope="col">{t("grid.field_value")}</th>}
            <th scope="col">{t("grid.field_comment")}</th>
            <th scope="col">{t("paste.becomes")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((r) => (
            <tr key={r.line}>
              <td>
                <bdi>{r.line}</bdi>
              </td>
              <th scope="row" dir="auto">
                {r.pupil?.name ?? r.name}
              </th>
              {review.scale && <td>{r.value ? labelOf(review.scale, r.value.code) : ""}</td>}
              <td class="paste__words" dir="auto">
                {r.comment?.text}
              </td>
              <td>
                <Fate row={r} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface Props {
  review: Review;
  /* In the order in which they are listed. */
  entries: Entry[];
  changed: () => void;
  close: () => void;
}

export function Paste({ review, entries, changed, close }: Props) {
  const { queue } = useApp();
  const send = usePaste(review, changed);
  const [text, write] = useState("");
  const [replace, setReplace] = useState(false);
  const [busy, setBusy] = useState(false);
  const pupils = useMemo<Pupil[]>(
    () =>
      entries
        .filter((e) => !e.left)
        .map((e) => ({
          id: e.student.id,
          name: e.student.name,
          value: queue.get(entryPath(review.id, e.student.id, "value"))?.text ?? null,
          comment: queue.get(entryPath(review.id, e.student.id, "comment"))?.text ?? "",
        })),
    [entries],
  );
  const { rows, by } = useMemo(() => read(text, pupils, review.scale, replace), [text, pupils, replace]);
  const wanted = wishes(rows);
  const standing = rows.filter((r) => [r.value?.fate, r.comment?.fate].some((f) => f === "kept" || f === "added" || f === "replaced"));
  const troubles = rows.filter((r) => r.trouble && r.trouble !== "empty").length;
  const tooMany = wanted.length > most;
  const submit = async () => {
    if (busy || wanted.length === 0 || tooMany) return;
    setBusy(true);
    if (await send(wanted, replace, (n) => t("paste.done", { n }))) close();
    else setBusy(false);
  };
  return (
    <Dialog
      title={t("paste.title")}
      hint={review.title}
      close={close}
      submit={() => void submit()}
      foot={
        <>
          <button class="btn" type="button" onClick={close}>
            {t("common.cancel")}
          </button>
          <button class="btn btn--primary" disabled={wanted.length === 0 || tooMany} aria-busy={busy}>
            {t("paste.button", { n: wanted.length })}
          </button>
        </>
      }
    >
      <div class="field">
        <label for="paste-text">{t("paste.label")}</label>
        <textarea
          class="textarea"
          id="paste-text"
          dir="auto"
          rows={rows.length ? 3 : 6}
          data-first=""
          maxLength={1_000_000}
          aria-describedby="paste-hint"
          value={text}
          onInput={(e) => write(e.currentTarget.value)}
        />
        <p class="hint" id="paste-hint">
          {t(review.scale ? "paste.hint" : "paste.hint_words")}
        </p>
      </div>
      {rows.length > 0 && (
        <>
          <p role="status">
            {t(by === "name" ? "paste.by_name" : "paste.by_order", { n: rows.length, students: pupils.length })}{" "}
            {t("paste.will", { n: wanted.length })}
            {troubles > 0 && ` ${t("paste.troubles", { n: troubles })}`}
          </p>
          {by === "order" && rows.length !== pupils.length && <Note tone="warn">{t("paste.count", { n: rows.length, students: pupils.length })}</Note>}
          {tooMany && <Note tone="bad">{t("paste.too_many", { most })}</Note>}
          {(standing.length > 0 || replace) && (
            <label class="optrow">
              <input type="checkbox" checked={replace} onChange={(e) => setReplace(e.currentTarget.checked)} />
              <span>
                {t("paste.replace")}
                <small>{t("paste.replace_hint")}</small>
              </span>
            </label>
          )}
          <Preview rows={rows} review={review} />
        </>
      )}
    </Dialog>
  );
}
