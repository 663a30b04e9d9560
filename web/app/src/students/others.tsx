/* For whom a plan is to be made as well. */
import { useState } from "preact/hooks";
import { locale, t } from "../i18n";
import { Dialog } from "../parts/dialog";
import { Search } from "../parts/search";
import type { StudentRow } from "../plan-types";
import { byName, finds } from "../sort";

interface Props {
  students: StudentRow[];
  close: () => void;
  choose: (students: StudentRow[]) => void;
}

export function Others({ students, close, choose }: Props) {
  const [search, ask] = useState("");
  const [chosen, set] = useState<ReadonlySet<string>>(new Set());
  const turn = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    set(next);
  };
  const picked = students.filter((s) => chosen.has(s.id));
  const foot = (
    <>
      <button class="btn" type="button" onClick={close}>
        {t("common.cancel")}
      </button>
      <button class="btn btn--primary" disabled={picked.length === 0} aria-describedby="others-hint">
        {t("students.bulk_create", { n: picked.length })}
      </button>
    </>
  );
  return (
    <Dialog title={t("students.duplicate_title")} close={close} submit={() => picked.length > 0 && choose(picked)} foot={foot}>
      <p class="hint" id="others-hint">
        {t("students.duplicate_text")}
      </p>
      <Search id="others" label={t("students.find_student")} value={search} ask={ask} />
      <fieldset class="field others">
        <legend class="sr">{t("common.students")}</legend>
        {byName(students, locale(), "ascending")
          .filter((s) => finds(s.name, search))
          .map((s) => (
            <label class="optrow" key={s.id}>
              <input type="checkbox" checked={chosen.has(s.id)} onChange={() => turn(s.id)} />
              <span dir="auto">{s.name}</span>
            </label>
          ))}
      </fieldset>
    </Dialog>
  );
}
