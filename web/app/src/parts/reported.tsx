/* What both reports show: a grade in little room, and a table wider than the page. */
import type { ComponentChildren } from "preact";
import { t } from "../i18n";
import type { Scale } from "../types";
import { labelOf, shortOf } from "./grade";

export interface ReportReview {
  id: string;
  title: string;
  startsOn: string;
  endsOn: string;
  scale: Scale | null;
}

const boxed = 3;

/* A grade as small as it can be, words where it has no short form. */
export function SmallValue({ scale, value }: { scale: Scale | null; value: string | null }) {
  if (!scale || value === null) return null;
  const short = shortOf(scale, value);
  const label = labelOf(scale, value);
  if (short.length > boxed) return <span>{label}</span>;
  return (
    <span class="grade grade--sm" title={label}>
      <span class="sr">{t("grid.field_value")} </span>
      {short}
    </span>
  );
}

/* More reviews than fit beside each other: the table scrolls by itself, heads and names stay. */
export const fitting = 6;

export function Scroller({ wide, label, children }: { wide: boolean; label: string; children: ComponentChildren }) {
  if (!wide) return <>{children}</>;
  return (
    <div class="report__scroll" tabIndex={0} role="region" aria-label={label}>
      {children}
    </div>
  );
}
