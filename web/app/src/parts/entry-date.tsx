/* The day an entry counts from: plans that are valid then show it. Set by itself with the
 * first word or grade; a teacher who wrote it down later than it was said may correct it. */
import { useState } from "preact/hooks";
import { api, enc } from "../api";
import { useApp } from "../app";
import { t } from "../i18n";
import type { Entry, Review } from "../types";
import { FieldError, explain } from "./notes";

const halfYear = 183;

function daysBefore(date: string, n: number): string {
  const d = new Date(`${date}T00:00:00Z`);
  d.setUTCDate(d.getUTCDate() - n);
  return d.toISOString().slice(0, 10);
}

export function EntryDate({ review, entry }: { review: Review; entry: Entry }) {
  const { home } = useApp();
  const today = home.viewer.today;
  const [date, setDate] = useState(entry.enteredOn ?? today);
  const [problem, setProblem] = useState("");
  const [saved, setSaved] = useState(false);
  const id = `d-${entry.student.id}`;

  const save = async (next: string) => {
    setSaved(false);
    setProblem("");
    if (!next) return;
    setDate(next);
    if (next > today || next < daysBefore(today, halfYear)) return setProblem(t("grid.date_range"));
    try {
      await api(`reviews/${enc(review.id)}/entries/${enc(entry.student.id)}/date`, { method: "PUT", body: { date: next } });
      setSaved(true);
    } catch (e) {
      setProblem(explain(e));
    }
  };

  return (
    <div class="field entry__date">
      <label class="hint" for={id}>
        {t("grid.date")}
      </label>
      <input
        class="input input--auto"
        id={id}
        type="date"
        value={date}
        min={daysBefore(today, halfYear)}
        max={today}
        aria-invalid={problem ? true : undefined}
        aria-describedby={`${id}-hint`}
        onChange={(e) => void save(e.currentTarget.value)}
      />
      <p class="hint" id={`${id}-hint`} role="status">
        {saved ? t("grid.date_saved") : t("grid.date_hint")}
      </p>
      {problem && <FieldError id={`${id}-error`} text={problem} />}
    </div>
  );
}
