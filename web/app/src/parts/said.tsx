/* What a person said, in the reading type, always with the name; and the value beside it. */
import { t, when } from "../i18n";
import type { Released, Scale } from "../types";
import { Face } from "./face";
import { holds, labelOf, shortOf } from "./grade";

interface SaidProps {
  text: string;
  by: string;
  at?: string;
  /* Released anew with another value or text. */
  correctedAt?: string | null;
  student?: boolean;
}

export function Said({ text, by, at, correctedAt, student }: SaidProps) {
  return (
    <blockquote class={student ? "said said--student" : "said"}>
      {text.trim() && (
        <p class="lines" dir="auto">
          {text}
        </p>
      )}
      <footer>
        <bdi>{by}</bdi>
        {at && (
          <>
            , <bdi>{when(at)}</bdi>
          </>
        )}
        {correctedAt && (
          <>
            {" "}
            <span aria-hidden="true">·</span> {t("said.corrected", { when: when(correctedAt) })}
          </>
        )}
      </footer>
    </blockquote>
  );
}

export const saidOf = ({ comment, by, at, correctedAt }: Released): SaidProps =>
  correctedAt ? { text: comment, by, correctedAt } : { text: comment, by, at };

const boxed = 3;

/* Short values stand in a box like a grade, longer ones are words. */
export function ValueBox({ scale, value }: { scale: Scale | null; value: string | null }) {
  if (!scale || value === null) return null;
  const short = shortOf(scale, value);
  const label = labelOf(scale, value);
  const box = short.length <= boxed;
  const icon = scale.values.find((v) => v.code === value)?.icon;
  if (!box)
    return (
      <span class="grade grade--words">
        <Face of={icon} />
        {icon && " "}
        {label}
      </span>
    );
  return (
    <span class="valuebox">
      <span class="grade">
        <span class="sr">{t("grid.field_value")} </span>
        {short}
      </span>
      {!holds(label, short) && <span class="muted small">{label}</span>}
    </span>
  );
}
