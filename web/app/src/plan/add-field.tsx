/* A mentor adds a column or a field to one plan, shown to no more people than the template allows. */
import { useState } from "preact/hooks";
import { api, ApiError } from "../api";
import { useApp } from "../app";
import { languages, pick, t } from "../i18n";
import { Dialog } from "../parts/dialog";
import { Icon } from "../parts/icons";
import { explain, FieldError, Note } from "../parts/notes";
import type { FormSection } from "../plan-types";
import { useHatNames, useMay, usePlanContext } from "./context";

const kinds = ["long", "text", "comments", "notes", "date", "checklist", "files"] as const;
const order = "MCSG".split("");

interface Rights {
  sees: Set<string>;
  edits: Set<string>;
}

function Ticks({ what, among, chosen, choose }: { what: "sees" | "edits"; among: string[]; chosen: Set<string>; choose: (letter: string, on: boolean) => void }) {
  const name = useHatNames();
  return (
    <fieldset class="field">
      <legend>{t(`plan.column_${what}`)}</legend>
      <div class="row">
        {among.map((l) => (
          <label class="optrow" key={l}>
            {/* Mentors see everything (I-05). */}
            <input type="checkbox" checked={chosen.has(l)} disabled={what === "sees" && l === "M"} onChange={(e) => choose(l, e.currentTarget.checked)} />
            <span>{name(l)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Ask({ section, close }: { section: FormSection; close: () => void }) {
  const { home, sessionEnded } = useApp();
  const { page, load } = usePlanContext();
  const ceiling = page.form.ceiling ?? { sees: "M", edits: "M" };
  const [label, name] = useState("");
  const [kind, choose] = useState<(typeof kinds)[number]>("long");
  const [rights, set] = useState<Rights>({ sees: new Set(["M"]), edits: new Set(["M"]) });
  const [problem, fail] = useState("");
  const [missing, complain] = useState(false);
  /* Who edits sees (I-02). */
  const turn = (what: "sees" | "edits") => (letter: string, on: boolean) => {
    const sees = new Set(rights.sees);
    const edits = new Set(rights.edits);
    const it = what === "sees" ? sees : edits;
    if (on) it.add(letter);
    else it.delete(letter);
    if (what === "edits" && on) sees.add(letter);
    if (what === "sees" && !on) edits.delete(letter);
    set({ sees, edits });
  };
  const letters = (of: Set<string>) => order.filter((l) => of.has(l)).join("");
  const add = async () => {
    complain(!label.trim());
    if (!label.trim()) return;
    const texts = Object.fromEntries((languages().includes(home.viewer.language) ? [home.viewer.language] : ["en"]).map((l) => [l, label.trim()]));
    const field = { kind, label: texts, sees: letters(rights.sees), edits: letters(rights.edits), ...(section.kind === "grid" ? { of: "goal" } : {}) };
    try {
      await api(`plans/${page.plan.id}/fields`, { method: "POST", body: { section: section.key, field } });
      await load();
      close();
    } catch (e) {
      if (e instanceof ApiError && e.code === "expired") sessionEnded();
      fail(explain(e));
    }
  };
  return (
    <Dialog
      title={t(section.kind === "grid" ? "plan.column_add" : "plan.field_add")}
      hint={pick(section.title)}
      close={close}
      submit={() => void add()}
      foot={
        <>
          <button class="btn" type="button" onClick={close}>
            {t("common.cancel")}
          </button>
          <button class="btn btn--primary">{t("plan.column_button")}</button>
        </>
      }
    >
      <div class="stackv stackv--lg">
        {problem && (
          <Note tone="bad" role="alert">
            {problem}
          </Note>
        )}
        <div class="field">
          <label for="column-label">{t("plan.column_label")}</label>
          <input class="input" id="column-label" dir="auto" data-first maxLength={100} aria-invalid={missing} aria-describedby={missing ? "column-err" : undefined} value={label} onInput={(e) => name(e.currentTarget.value)} />
          <FieldError id="column-err" text={missing ? t("plan.column_missing") : undefined} />
        </div>
        <div class="field">
          <label for="column-kind">{t("plan.column_kind")}</label>
          <select class="select" id="column-kind" value={kind} onChange={(e) => choose(e.currentTarget.value as (typeof kinds)[number])}>
            {kinds.map((k) => (
              <option value={k} key={k}>
                {t(`plan.kind_${k}`)}
              </option>
            ))}
          </select>
        </div>
        <Ticks what="sees" among={order.filter((l) => ceiling.sees.includes(l))} chosen={rights.sees} choose={turn("sees")} />
        <Ticks what="edits" among={order.filter((l) => ceiling.edits.includes(l))} chosen={rights.edits} choose={turn("edits")} />
        <Note>{t("plan.column_hint")}</Note>
      </div>
    </Dialog>
  );
}

export function AddField({ section }: { section: FormSection }) {
  const { page } = usePlanContext();
  const may = useMay();
  const [open, setOpen] = useState(false);
  if (!may("add_field") || !page.form.ceiling) return null;
  return (
    <>
      <button class="addbtn" type="button" onClick={() => setOpen(true)}>
        <Icon name="plus" />
        {t(section.kind === "grid" ? "plan.column_add" : "plan.field_add")}
        <span class="sr"> {pick(section.title)}</span>
      </button>
      {open && <Ask section={section} close={() => setOpen(false)} />}
    </>
  );
}
