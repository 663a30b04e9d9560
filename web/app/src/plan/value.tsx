/* What stands in a field, by its kind: to write, and to read. */
import { day, list, pick, t } from "../i18n";
import { labelOf } from "../parts/grade";
import { ValueBox } from "../parts/said";
import type { FormField } from "../plan-types";
import { usePlanContext, useValue } from "./context";
import { readMulti, readNumber } from "./parse";
import { RichEditor, RichView } from "./rich";
import { PlanWords } from "./words";
import { ChoiceEditor, DateEditor, MultiEditor, ScaleEditor, type KindProps } from "./kinds/choices";
import { ChecklistEditor, ChecklistView, TableEditor, TableView } from "./kinds/lists";
import { numberText, NumberEditor, SeriesEditor, SeriesView } from "./kinds/numbers";
import { StatusEditor, StatusView } from "./kinds/status";
import { valueOf } from "./model";

const optionLabel = (field: FormField, code: string) => {
  const found = field.options?.find((o) => o.code === code);
  return found ? pick(found.label) : code;
};

/* Of a choice: its code in words, for the comparison of two. Texts are compared as they are. */
export function wordsFor(field: FormField): ((code: string | null) => string) | undefined {
  const none = t("plan.nothing_yet");
  switch (field.kind) {
    case "choice":
      return (code) => (code ? optionLabel(field, code) : none);
    case "multi":
      return (text) => list(readMulti(text ?? "").map((c) => optionLabel(field, c))) || none;
    case "scale":
      return (code) => (code ? labelOf(field.scale ?? null, code) : none);
    case "date":
      return (text) => (text ? day(text) : none);
    case "number":
      return (text) => (text ? numberText(readNumber(text) ?? 0, field.unit) : none);
    case "status":
    case "series":
    case "checklist":
    case "table":
      return (text) => text || none;
    default:
      return undefined;
  }
}

export function Editor(props: KindProps & { quiet?: boolean; placeholder?: string }) {
  const { field, row, id, label, describedBy, quiet, placeholder } = props;
  const { page, family } = usePlanContext();
  const { key } = useValue(row, field.key);
  const object = row ?? page.plan.id;
  switch (field.kind) {
    case "choice":
      return <ChoiceEditor {...props} />;
    case "multi":
      return <MultiEditor {...props} />;
    case "scale":
      return <ScaleEditor {...props} quiet={quiet} />;
    case "status":
      return <StatusEditor {...props} />;
    case "date":
      return <DateEditor {...props} />;
    case "number":
      return <NumberEditor {...props} />;
    case "series":
      return <SeriesEditor {...props} />;
    case "checklist":
      return <ChecklistEditor {...props} />;
    case "table":
      return <TableEditor {...props} />;
    case "rich":
      return <RichEditor id={id} name={key} row={row} field={field.key} describedBy={describedBy} />;
    default: {
      const line = field.kind === "text" && !quiet;
      const look = quiet ? "textarea--cell" : line ? "textarea--row" : family || /[SG]/.test(field.editedBy ?? "") ? "textarea--voice" : "";
      return (
        <PlanWords
          id={id}
          name={key}
          object={object}
          field={field.key}
          rows={field.kind === "text" ? 1 : quiet ? 1 : 2}
          look={field.head && quiet ? `${look} is-head` : quiet && voice(field) ? `${look} quote` : look}
          label={quiet ? label : undefined}
          placeholder={placeholder}
          describedBy={describedBy}
          line={field.kind === "text"}
        />
      );
    }
  }
}

/* Student and home speak in their own voice. */
const voice = (field: FormField) => !/[MC]/.test(field.editedBy ?? "M");

export function Reader({ field, row, said }: { field: FormField; row: string | null; said?: boolean }) {
  const { page } = usePlanContext();
  const { text } = useValue(row, field.key);
  if (!text.trim()) return <p class="quote quote--empty">{t("plan.nothing_yet")}</p>;
  switch (field.kind) {
    case "choice":
      return <p dir="auto">{optionLabel(field, text)}</p>;
    case "multi":
      return (
        <ul class="chosen">
          {readMulti(text).map((c) => (
            <li dir="auto">{optionLabel(field, c)}</li>
          ))}
        </ul>
      );
    case "scale":
      return (
        <p>
          <ValueBox scale={field.scale ?? null} value={text} />
        </p>
      );
    case "status":
      return <StatusView code={text} />;
    case "date":
      return (
        <p>
          <bdi>{day(text)}</bdi>
        </p>
      );
    case "number":
      return <p>{numberText(readNumber(text) ?? 0, field.unit)}</p>;
    case "series":
      return <SeriesView field={field} text={text} />;
    case "checklist":
      return <ChecklistView text={text} />;
    case "table":
      return <TableView field={field} text={text} label={pick(field.label)} />;
    case "rich":
      return <RichView nodes={valueOf(page, row, field.key)?.nodes} text={text} />;
    default:
      return (
        <p class={field.head ? "lines goal" : voice(field) || said ? "lines quote" : "lines"} dir="auto">
          {text}
        </p>
      );
  }
}
