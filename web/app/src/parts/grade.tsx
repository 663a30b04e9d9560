/*
 * Choosing a value of a scale: a row of buttons that is a radio group, or a
 * list when the scale is long. The first choice is "none yet", so that a
 * value can be taken back.
 */
import { useRef } from "preact/hooks";
import { pick, t } from "../i18n";
import type { Scale, ScaleValue } from "../types";
import { Face } from "./face";

/* Buttons have their own column in the grid: about this many values, or words this wide (in rem), fit. */
const mostButtons = 8;
const widest = 14.5;

function isWordy(scale: Scale): boolean {
  return scale.values.some((v) => pick(v.short).length > 2);
}

export function isLong(scale: Scale): boolean {
  const width = scale.values.reduce((sum, v) => sum + 1.1 + 0.53 * pick(v.short).length, 0);
  return scale.values.length > mostButtons || (isWordy(scale) && width > widest);
}

export function labelOf(scale: Scale | null, code: string | null): string {
  const value = scale?.values.find((v) => v.code === code);
  return value ? pick(value.label) : (code ?? t("grid.no_value"));
}

export function shortOf(scale: Scale | null, code: string | null): string {
  const value = scale?.values.find((v) => v.code === code);
  return value ? pick(value.short) : (code ?? "");
}

/* The key that sets each value: a one-letter code, N for "no basis", else the first letter of its short name if it is free. */
export function keysOf(scale: Scale): Map<string, string> {
  const keys = new Map<string, string>();
  const take = (key: string | undefined, v: ScaleValue) => {
    const k = key?.toLowerCase();
    if (k && /[\p{L}\p{N}]/u.test(k) && !keys.has(k) && ![...keys.values()].includes(v.code)) keys.set(k, v.code);
  };
  scale.values.filter((v) => v.code.length === 1).forEach((v) => take(v.code, v));
  scale.values.filter((v) => pick(v.short).length === 1).forEach((v) => take(pick(v.short), v));
  scale.values.filter((v) => v.category === "none").forEach((v) => take("n", v));
  scale.values.forEach((v) => take(pick(v.short).match(/^\p{L}/u)?.[0], v));
  return keys;
}

/* "1–6", or the keys one by one where they do not follow each other. */
export function keyHint(scale: Scale): string[] {
  const keys = [...keysOf(scale).keys()];
  const digits = keys.filter((k) => /\d/.test(k)).sort();
  const letters = keys.filter((k) => !/\d/.test(k)).map((k) => k.toUpperCase());
  const run = digits.length > 2 && digits.every((d, i) => i === 0 || Number(d) === Number(digits[i - 1]) + 1);
  return run ? [`${digits[0]}–${digits[digits.length - 1]}`, ...letters] : [...digits, ...letters];
}

interface Props {
  scale: Scale;
  name: string;
  legend: string;
  value: string | null;
  disabled?: boolean;
  /* `gliding`: moved with the arrow keys, so more moves may follow. */
  set: (code: string | null, gliding: boolean) => void;
}

function Long({ scale, legend, value, disabled, set }: Props) {
  return (
    <span class="entry__select" role="group" aria-label={legend}>
      <select
        class="select select--auto"
        data-grade
        aria-label={legend}
        disabled={disabled}
        value={value ?? ""}
        onChange={(e) => set(e.currentTarget.value || null, true)}
      >
        <option value="">{t("grid.no_value_option")}</option>
        {scale.values.map((v) => (
          <option value={v.code}>{pick(v.label)}</option>
        ))}
      </select>
    </span>
  );
}

function Buttons({ scale, name, legend, value, disabled, set }: Props) {
  const gliding = useRef(false);
  const keys = keysOf(scale);
  const wordy = isWordy(scale);
  const press = (e: KeyboardEvent) => {
    gliding.current = e.key.startsWith("Arrow");
    if (e.ctrlKey || e.metaKey || e.altKey || disabled) return;
    const clear = e.key === "Backspace" || e.key === "Delete" || e.key === "-";
    const code = clear ? null : keys.get(e.key.toLowerCase());
    if (code === undefined) return;
    e.preventDefault();
    set(code, false);
    focusCode(e.currentTarget as HTMLElement, code);
  };
  const choice = (code: string, short: string, label: string, icon?: ScaleValue["icon"]) => (
    <label>
      <input
        type="radio"
        name={name}
        value={code}
        data-grade
        disabled={disabled}
        checked={(value ?? "") === code}
        aria-label={label === short ? undefined : label}
        onPointerDown={() => (gliding.current = false)}
        onChange={() => set(code || null, gliding.current)}
      />
      <span title={label === short ? undefined : label}>
        <Face of={icon} />
        {icon && " "}
        {short}
      </span>
    </label>
  );
  return (
    <fieldset class={wordy ? "seg seg--grade seg--words" : "seg seg--grade"} onKeyDown={press}>
      <legend class="sr">{legend}</legend>
      {choice("", "–", t("grid.no_value"))}
      {scale.values.map((v) => choice(v.code, pick(v.short), spoken(v), v.icon))}
    </fieldset>
  );
}

/* "NB, not enough to assess": the visible short name first, as speech input expects. */
function spoken(v: ScaleValue): string {
  const short = pick(v.short);
  const label = pick(v.label);
  return holds(label, short) ? label : `${short}, ${label}`;
}

/* "Grade 4" says the 4 of its button. */
export function holds(label: string, short: string): boolean {
  return label.toLowerCase().split(/\s+/).includes(short.toLowerCase());
}

function focusCode(group: HTMLElement, code: string | null): void {
  const inputs = [...group.querySelectorAll<HTMLInputElement>("input")];
  inputs.find((i) => i.value === (code ?? ""))?.focus();
}

export function Grade(props: Props) {
  return isLong(props.scale) ? <Long {...props} /> : <Buttons {...props} />;
}
