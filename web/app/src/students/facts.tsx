/* Title and period of a plan, as every dialog that makes some asks for them. */
import { useId } from "preact/hooks";
import { t } from "../i18n";
import { FieldError } from "../parts/notes";
import type { Term } from "./list";
import type { Facts } from "./run";

export const termTitle = (term: Term) => t(`students.term_${term.season}`, { year: String(term.year) });

export type Wrong = Partial<Record<keyof Facts, string>>;

export function wrongIn(facts: Facts): Wrong {
  const wrong: Wrong = {};
  if (!facts.title.trim()) wrong.title = t("students.title_missing");
  if (!facts.startsOn) wrong.startsOn = t("students.date_missing");
  if (!facts.endsOn) wrong.endsOn = t("students.date_missing");
  else if (facts.startsOn > facts.endsOn) wrong.endsOn = t("students.dates_turned");
  return wrong;
}

interface Props {
  facts: Facts;
  wrong: Wrong;
  set: (facts: Facts) => void;
  first?: boolean;
}

export function FactFields({ facts, wrong, set, first }: Props) {
  const id = useId();
  const field = (name: keyof Facts, label: string, type: "text" | "date", full: boolean) => (
    <div class={full ? "field full" : "field"}>
      <label for={`${id}-${name}`}>{label}</label>
      <input
        class="input"
        id={`${id}-${name}`}
        type={type}
        value={facts[name]}
        maxLength={200}
        required
        data-first={first && name === "title" ? true : undefined}
        aria-invalid={wrong[name] ? "true" : undefined}
        aria-describedby={wrong[name] ? `${id}-${name}-err` : undefined}
        onInput={(e) => set({ ...facts, [name]: e.currentTarget.value })}
      />
      <FieldError id={`${id}-${name}-err`} text={wrong[name]} />
    </div>
  );
  return (
    <div class="formgrid formgrid--2">
      {field("title", t("students.title"), "text", true)}
      {field("startsOn", t("students.from"), "date", false)}
      {field("endsOn", t("students.to"), "date", false)}
    </div>
  );
}
