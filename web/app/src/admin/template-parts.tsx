/* Small parts of the template editor: words in the language that is chosen, and rights. */
import type { ComponentChildren } from "preact";
import { pick, t } from "../i18n";
import type { Texts } from "../types";
import { type Letter, letters, type Right, type Rights, rightOf, withRight } from "./template-model";

export const hatName = (l: Letter): string => t(`template.hat_${l}`);

interface WordsProps {
  id: string;
  label: string;
  texts: Texts | undefined;
  lang: string;
  long?: boolean;
  quiet?: boolean;
  hint?: string | undefined;
  error?: string | undefined;
  set: (texts: Texts) => void;
  onFocus?: () => void;
}

/* What other languages say stands there as a hint until it is said in this one. */
export function Words({ id, label, texts = {}, lang, long, quiet, hint, error, set, onFocus }: WordsProps) {
  const described = [hint && `${id}-hint`, error && `${id}-err`].filter(Boolean).join(" ") || undefined;
  const props = {
    class: long ? "textarea" : "input",
    id,
    lang,
    dir: "auto" as const,
    value: texts[lang] ?? "",
    placeholder: pick(texts),
    maxLength: long ? 2000 : 200,
    autocomplete: "off",
    "aria-invalid": error ? (true as const) : undefined,
    "aria-describedby": described,
    onFocus,
    onInput: (e: { currentTarget: { value: string } }) => set({ ...texts, [lang]: e.currentTarget.value }),
  };
  return (
    <div class={quiet ? "fieldname__in" : "field"}>
      <label class={quiet ? "sr" : undefined} for={id}>
        {label}
      </label>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {long ? <textarea {...props} rows={2} /> : <input {...props} type="text" />}
      {error && (
        <p class="err" id={`${id}-err`}>
          {error}
        </p>
      )}
    </div>
  );
}

interface RightProps {
  of: Partial<Rights>;
  hat: Letter;
  what: string;
  /* What cannot be chosen here. */
  never?: Right[];
  set: (right: Right) => void;
}

const look: Record<Right, string> = { hidden: "input is-hid", sees: "input", edits: "input is-edit" };

/* Hidden, sees or edits; mentors are never without sight of anything. */
export function RightChoice({ of, hat, what, never = [], set }: RightProps) {
  const right = rightOf(of, hat);
  const all = (["hidden", "sees", "edits"] as const).filter((r) => r === right || (!never.includes(r) && (r !== "hidden" || hat !== "M")));
  return (
    <select
      class={look[right]}
      aria-label={`${hatName(hat)}: ${what}`}
      value={right}
      onChange={(e) => set(e.currentTarget.value as Right)}
    >
      {all.map((r) => (
        <option value={r} key={r}>
          {t(`template.right_${r}`)}
        </option>
      ))}
    </select>
  );
}

/* One row of rights outside the matrix: of the log, of topics, of the ceiling. */
export function RightsRow({ what, of, set }: { what: string; of: Rights; set: (r: Rights) => void }) {
  return (
    <div class="rightsrow" role="group" aria-label={what}>
      {letters.map((hat) => (
        <label key={hat}>
          <span class="small">{hatName(hat)}</span>
          <RightChoice of={of} hat={hat} what={what} set={(right) => set(withRight(of, hat, right))} />
        </label>
      ))}
    </div>
  );
}

export function Tick({ label, hint, on, off, set }: { label: string; hint?: string | undefined; on: boolean; off?: boolean; set: (on: boolean) => void }) {
  return (
    <label class="optrow">
      <input type="checkbox" checked={on} disabled={off} onChange={(e) => set(e.currentTarget.checked)} />
      <span>
        {label}
        {hint && <small>{hint}</small>}
      </span>
    </label>
  );
}

export function Segments<V extends string>(props: { name: string; label: string; value: V; options: [V, ComponentChildren][]; set: (v: V) => void }) {
  const { name, label, value, options, set } = props;
  return (
    <fieldset class="seg seg--words">
      <legend class="sr">{label}</legend>
      {options.map(([v, text]) => (
        <label key={v}>
          <input type="radio" name={name} value={v} checked={v === value} onChange={() => set(v)} />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}
