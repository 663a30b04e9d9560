/* What a person said, in the reading type, always with the name; and the value beside it. */
import { t, when } from "../i18n";
import type { Scale } from "../types";
import { holds, labelOf, shortOf } from "./grade";

interface SaidProps {
  text: string;
  by: string;
  at?: string;
  student?: boolean;
}

export function Said({ text, by, at, student }: SaidProps) {
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
      </footer>
    </blockquote>
  );
}

const boxed = 3;

/* Short values stand in a box like a grade, longer ones are words. */
export function ValueBox({ scale, value }: { scale: Scale | null; value: string | null }) {
  if (!scale || value === null) return null;
  const short = shortOf(scale, value);
  const label = labelOf(scale, value);
  const box = short.length <= boxed;
  if (!box) return <span class="grade grade--words">{label}</span>;
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
