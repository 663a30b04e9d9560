/* Numbers, and series of them: a small table of days and values, and a line through them. */
import { useState } from "preact/hooks";
import { useApp } from "../../app";
import { day, locale, t } from "../../i18n";
import { Icon } from "../../parts/icons";
import { FieldError } from "../../parts/notes";
import type { FormField } from "../../plan-types";
import { useSetValue, useValue } from "../context";
import { drawing, readNumber, readSeries, withoutPoint, withPoint, type Point } from "../parse";
import type { KindProps } from "./choices";

export const numberText = (n: number, unit?: string) => `${new Intl.NumberFormat(locale(), { maximumFractionDigits: 3 }).format(n)}${unit ? ` ${unit}` : ""}`;

export function NumberEditor({ field, row, id, describedBy }: KindProps) {
  const { text } = useValue(row, field.key);
  const set = useSetValue(row, field.key);
  const [typed, type] = useState<string | null>(null);
  const wrong = typed !== null && typed.trim() !== "" && readNumber(typed) === null;
  return (
    <div class="stackv stackv--sm">
      <div class="row">
        <input
          class="input input--auto"
          id={id}
          inputMode="decimal"
          size={8}
          aria-describedby={wrong ? `${id}-err` : describedBy}
          aria-invalid={wrong}
          value={typed ?? text.replace(".", locale().startsWith("en") ? "." : ",")}
          onInput={(e) => {
            const written = e.currentTarget.value;
            type(written);
            const n = readNumber(written);
            if (written.trim() === "") set("", 800);
            else if (n !== null) set(String(n), 800);
          }}
          onBlur={() => !wrong && type(null)}
        />
        {field.unit && <span class="muted">{field.unit}</span>}
      </div>
      <FieldError id={`${id}-err`} text={wrong ? t("plan.no_number") : undefined} />
    </div>
  );
}

function Line({ points, field }: { points: Point[]; field: FormField }) {
  const { line, dots, target } = drawing(points, field.target);
  if (dots.length < 2 && target === null) return null;
  return (
    <svg class="series" viewBox="0 0 100 40" preserveAspectRatio="none" aria-hidden="true">
      {target !== null && <path class="series__target" d={`M0 ${target}H100`} />}
      <polyline class="series__line" points={line} />
      {dots.map(([x, y]) => (
        <path class="series__dot" d={`M${x} ${y}h.01`} />
      ))}
    </svg>
  );
}

export function SeriesView({ field, text }: { field: FormField; text: string }) {
  const points = readSeries(text);
  if (points.length === 0) return null;
  return (
    <div class="stackv stackv--sm">
      <Line points={points} field={field} />
      <ul class="serieslist">
        {points.map((p) => (
          <li key={p.on}>
            <bdi>{day(p.on)}</bdi> <b>{numberText(p.value, field.unit)}</b>
          </li>
        ))}
      </ul>
      {field.target !== undefined && <p class="hint">{t("plan.series_target", { value: numberText(field.target, field.unit) })}</p>}
    </div>
  );
}

export function SeriesEditor({ field, row, id, label, describedBy }: KindProps) {
  const { home } = useApp();
  const { text } = useValue(row, field.key);
  const set = useSetValue(row, field.key);
  const [on, setOn] = useState(home.viewer.today);
  const [value, type] = useState("");
  const [wrong, complain] = useState(false);
  const points = readSeries(text);
  const add = () => {
    const n = readNumber(value);
    complain(n === null || !on);
    if (n === null || !on) return;
    set(withPoint(text, on, n));
    type("");
  };
  const enter = (e: KeyboardEvent) => {
    if (e.key !== "Enter") return;
    e.preventDefault();
    add();
  };
  return (
    <div class="stackv stackv--sm" role="group" aria-label={label} aria-describedby={describedBy}>
      <Line points={points} field={field} />
      {points.length > 0 && (
        <table class="tbl tbl--mini">
          <caption class="sr">{label}</caption>
          <thead>
            <tr>
              <th scope="col">{t("plan.series_day")}</th>
              <th scope="col" class="num">
                {field.unit || t("plan.series_value")}
              </th>
              <td />
            </tr>
          </thead>
          <tbody>
            {points.map((p) => (
              <tr key={p.on}>
                <th scope="row">
                  <bdi>{day(p.on)}</bdi>
                </th>
                <td class="num">{numberText(p.value)}</td>
                <td>
                  <button class="btn btn--quiet btn--icon btn--sm" type="button" aria-label={t("plan.series_remove", { day: day(p.on) })} onClick={() => set(withoutPoint(text, p.on))}>
                    <Icon name="x" />
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {field.target !== undefined && <p class="hint">{t("plan.series_target", { value: numberText(field.target, field.unit) })}</p>}
      <div class="row">
        <input class="input input--auto" type="date" aria-label={t("plan.series_day")} value={on} onChange={(e) => setOn(e.currentTarget.value)} />
        <input
          class="input input--auto"
          id={id}
          inputMode="decimal"
          size={7}
          aria-label={field.unit || t("plan.series_value")}
          aria-invalid={wrong}
          value={value}
          onInput={(e) => type(e.currentTarget.value)}
          onKeyDown={enter}
        />
        <button class="btn btn--sm" type="button" onClick={add}>
          <Icon name="plus" />
          {t("plan.series_add")}
        </button>
      </div>
      <FieldError id={`${id}-err`} text={wrong ? t("plan.no_number") : undefined} />
    </div>
  );
}
