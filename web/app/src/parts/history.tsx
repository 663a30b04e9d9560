/* What stood in a student's fields before, by whom and when; any of it can be taken back. */
import { useEffect, useState } from "preact/hooks";
import { api, enc, entryPath } from "../api";
import { useApp } from "../app";
import { t, when } from "../i18n";
import type { Past, Review } from "../types";
import { labelOf } from "./grade";
import { Problem, Skeleton } from "./notes";

function Item({ past, review, student }: { past: Past; review: Review; student: string }) {
  const { queue } = useApp();
  const key = entryPath(review.id, student, past.field);
  const text = past.field === "value" ? labelOf(review.scale, past.text) : past.text;
  const same = (queue.get(key)?.text ?? "") === (past.text ?? "");
  return (
    <li>
      <div class="timeline__top">
        <b>{t(`grid.field_${past.field}`)}</b>
        <span class="muted small">
          <bdi>{past.by}</bdi>, <bdi>{when(past.at)}</bdi>
        </span>
        {same ? (
          <span class="muted small">{t("grid.stands_now")}</span>
        ) : (
          <button class="linkbtn small" type="button" onClick={() => queue.edit(key, past.field === "comment" ? (past.text ?? "") : past.text, 0)}>
            {t("grid.restore")}
            <span class="sr"> {text || t("grid.emptied")}</span>
          </button>
        )}
      </div>
      <p class={text ? "quote" : "quote quote--empty"} dir="auto">
        {text || t("grid.emptied")}
      </p>
    </li>
  );
}

export function History({ review, student }: { review: Review; student: string }) {
  const [list, setList] = useState<Past[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const load = async () => {
    setError(null);
    try {
      const path = `reviews/${enc(review.id)}/entries/${enc(student)}/history`;
      setList((await api<{ history: Past[] }>(path)).history);
    } catch (e) {
      setError(e);
    }
  };
  useEffect(() => void load(), []);
  if (error !== null) return <Problem error={error} retry={() => void load()} />;
  if (!list) return <Skeleton label={t("common.loading")} />;
  if (list.length === 0) return <p class="muted small">{t("grid.no_history")}</p>;
  const newest = [...list].sort((a, b) => b.at.localeCompare(a.at) || b.rev - a.rev);
  return (
    <ol class="timeline history">
      {newest.map((p) => (
        <Item past={p} review={review} student={student} key={`${p.field}${p.rev}`} />
      ))}
    </ol>
  );
}
