/* How it goes with a goal or a task: a ring that fills, and words. */
import { pick, t } from "../../i18n";
import { Icon, type IconName } from "../../parts/icons";
import type { Status } from "../../plan-types";
import { usePlanContext, useSetValue, useValue } from "../context";
import { settable, statusOf } from "../model";
import type { KindProps } from "./choices";

export const ringOf = (s: Status | undefined): IconName => (s?.flag ? "help" : (s?.category ?? "todo"));

export function StatusView({ code }: { code: string }) {
  const { page } = usePlanContext();
  const s = statusOf(page, code);
  return (
    <span class={`status status--${s?.flag ? "help" : (s?.category ?? "todo")}`}>
      <Icon name={ringOf(s)} />
      {s ? pick(s.label) : code}
    </span>
  );
}

interface SegmentProps {
  name: string;
  legend: string;
  list: Status[];
  value: string;
  set: (key: string) => void;
}

/* One click each. */
export function StatusSegment({ name, legend, list, value, set }: SegmentProps) {
  return (
    <fieldset class="seg seg--status">
      <legend class="sr">{legend}</legend>
      {list.map((s) => (
        <label key={s.key}>
          <input type="radio" name={name} value={s.key} data-category={s.category} checked={s.key === value} onChange={() => set(s.key)} />
          <span>
            <Icon name={ringOf(s)} />
            <span class="segtxt">{pick(s.label)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

export function StatusEditor({ field, row, id, label }: KindProps) {
  const { page, hat, family } = usePlanContext();
  const { text } = useValue(row, field.key);
  const set = useSetValue(row, field.key);
  const list = settable(page, hat, text);
  const few = list.filter((s) => (s.category !== "dropped" && !s.flag) || s.key === text);
  if (family && few.length <= 4)
    return (
      <span>
        <StatusSegment name={id} legend={label} list={few} value={text} set={set} />
      </span>
    );
  return (
    <select class="select select--auto select--sm" id={id} aria-label={label} value={text} onChange={(e) => set(e.currentTarget.value)}>
      <option value="">{t("plan.not_chosen")}</option>
      {list.map((s) => (
        <option value={s.key} key={s.key}>
          {pick(s.label)}
        </option>
      ))}
    </select>
  );
}
