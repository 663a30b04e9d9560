/* Fields in which something is chosen: one of several, some of several, a value of a scale, a status. */
import { pick, t } from "../../i18n";
import { Grade } from "../../parts/grade";
import type { FormField } from "../../plan-types";
import { useSetValue, useValue } from "../context";
import { readMulti, toggle } from "../parse";

export interface KindProps {
  field: FormField;
  row: string | null;
  id: string;
  label: string;
  describedBy?: string;
}

/* Arrow keys run through values on their way to one: only the last is worth a save. */
const glide = 350;

export function ChoiceEditor({ field, row, id, describedBy }: KindProps) {
  const { text } = useValue(row, field.key);
  const set = useSetValue(row, field.key);
  return (
    <select class="select" id={id} aria-describedby={describedBy} value={text} onChange={(e) => set(e.currentTarget.value)}>
      <option value="">{t("plan.not_chosen")}</option>
      {(field.options ?? []).map((o) => (
        <option value={o.code} key={o.code}>
          {pick(o.label)}
        </option>
      ))}
    </select>
  );
}

export function MultiEditor({ field, row, label, describedBy }: KindProps) {
  const { text } = useValue(row, field.key);
  const set = useSetValue(row, field.key);
  const chosen = new Set(readMulti(text));
  const order = (field.options ?? []).map((o) => o.code);
  return (
    <fieldset class="optlist" aria-describedby={describedBy}>
      <legend class="sr">{label}</legend>
      {(field.options ?? []).map((o) => (
        <label class="optrow" key={o.code}>
          <input type="checkbox" checked={chosen.has(o.code)} onChange={(e) => set(toggle(text, o.code, e.currentTarget.checked, order))} />
          <span>{pick(o.label)}</span>
        </label>
      ))}
    </fieldset>
  );
}

/* In a cell there is no room for a row of buttons. */
export function ScaleEditor({ field, row, id, label, quiet }: KindProps & { quiet?: boolean }) {
  const { text } = useValue(row, field.key);
  const set = useSetValue(row, field.key);
  if (!field.scale) return null;
  if (quiet)
    return (
      <select class="select select--auto select--sm" id={id} aria-label={label} value={text} onChange={(e) => set(e.currentTarget.value)}>
        <option value="">{t("plan.not_chosen")}</option>
        {field.scale.values.map((v) => (
          <option value={v.code} key={v.code}>
            {pick(v.label)}
          </option>
        ))}
      </select>
    );
  return (
    <div>
      <Grade scale={field.scale} name={id} legend={label} value={text || null} set={(code, gliding) => set(code ?? "", gliding ? glide : 0)} />
    </div>
  );
}

export function DateEditor({ field, row, id, describedBy }: KindProps) {
  const { text } = useValue(row, field.key);
  const set = useSetValue(row, field.key);
  return (
    <input
      class="input input--auto"
      id={id}
      type="date"
      aria-describedby={describedBy}
      value={text}
      onChange={(e) => set(e.currentTarget.value)}
    />
  );
}
