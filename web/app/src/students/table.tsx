/* The rows of My students: by group, sortable, chosen by pointer and keyboard. */
import { useRef } from "preact/hooks";
import { t } from "../i18n";
import { Icon } from "../parts/icons";
import type { StudentRow } from "../plan-types";
import { href } from "../router";
import { LastChange, News, ReadMark, Stack, StateChip, TrackMark, Valid } from "./cells";
import { type Group, ranged, type Row, rowsShown, type SortBy, type View } from "./list";

interface Props {
  groups: Group[];
  view: View;
  change: (view: View) => void;
  chosen: ReadonlySet<string>;
  choose: (chosen: Set<string>) => void;
  create: (student: StudentRow) => void;
  readLabel: string;
}

function SortHead({ by, label, look, view, change }: { by: SortBy; label: string; look?: string; view: View; change: (v: View) => void }) {
  const on = view.sort === by;
  const turn = () => change({ ...view, sort: by, direction: on && view.direction === "ascending" ? "descending" : "ascending" });
  return (
    <th role="columnheader" scope="col" class={look} aria-sort={on ? view.direction : undefined}>
      <button type="button" onClick={turn}>
        {label} {on && <Icon name={view.direction === "ascending" ? "up" : "down"} />}
      </button>
    </th>
  );
}

interface CheckProps {
  label: string;
  checked: boolean;
  mixed?: boolean;
  row?: boolean;
  turn: (on: boolean, range: boolean) => void;
}

/* Space chooses, Shift with it everything since the last one; arrows go to the rows around. */
function Check({ label, checked, mixed, row, turn }: CheckProps) {
  const range = useRef(false);
  const keys = (e: KeyboardEvent & { currentTarget: HTMLInputElement }) => {
    if (e.key === " " && e.shiftKey) {
      e.preventDefault();
      turn(!checked, true);
    }
    if (row && (e.key === "ArrowDown" || e.key === "ArrowUp")) {
      e.preventDefault();
      const all = [...document.querySelectorAll<HTMLInputElement>("input[data-row]")];
      all[all.indexOf(e.currentTarget) + (e.key === "ArrowDown" ? 1 : -1)]?.focus();
    }
  };
  return (
    <label class="hit" onMouseDown={(e) => e.shiftKey && e.preventDefault()}>
      <input
        class="check"
        type="checkbox"
        data-row={row ? true : undefined}
        aria-label={label}
        checked={checked}
        ref={(box) => {
          if (box) box.indeterminate = mixed === true;
        }}
        onKeyDown={keys}
        onClick={(e) => (range.current = e.shiftKey)}
        onChange={(e) => turn(e.currentTarget.checked, range.current)}
      />
    </label>
  );
}

function EmptyCells({ row, create }: { row: Row; create: (student: StudentRow) => void }) {
  const { student } = row;
  return (
    <>
      <td role="cell" class="full">
        <span class="row">
          <span class="muted">{t("students.no_plan")}</span>
          {student.hat === "mentor" && (
            <button class="linkbtn" type="button" onClick={() => create(student)}>
              {t("students.create_plan")}
              <span class="sr"> {t("students.for_name", { name: student.name })}</span>
            </button>
          )}
          {student.orphan && <span class="chip chip--warn">{t("students.orphan")}</span>}
        </span>
      </td>
      <td role="cell" class="c-valid" />
      <td role="cell" />
      <td role="cell" class="c-track" />
      <td role="cell" class="c-read" />
      <td role="cell" class="c-last muted">
        {student.last && (
          <>
            {t("students.last_plan")}{" "}
            <a href={href(`plans/${student.last.id}`)} dir="auto">
              {student.last.title}
              <span class="sr"> {t("students.for_name", { name: student.name })}</span>
            </a>
          </>
        )}
      </td>
    </>
  );
}

function PlanCells({ row }: { row: Row }) {
  const { plan, student } = row;
  if (!plan) return null;
  return (
    <>
      <td role="cell" class="full">
        <span class="row">
          <a class="planlink" href={href(`plans/${plan.id}`)} dir="auto">
            {plan.title}
            <span class="sr"> {t("students.for_name", { name: student.name })}</span>
          </a>
          <StateChip plan={plan} />
          <News plan={plan} />
          {student.orphan && <span class="chip chip--warn">{t("students.orphan")}</span>}
        </span>
        <span class="sub mid">
          <Valid plan={plan} short />
        </span>
      </td>
      <td role="cell" class="c-valid nowrap">
        <Valid plan={plan} short />
      </td>
      <td role="cell" class="full">
        {plan.tasks && <Stack tasks={plan.tasks} />}
      </td>
      <td role="cell" class="c-track">
        {plan.track && <TrackMark track={plan.track} />}
      </td>
      <td role="cell" class="c-read" data-l={t("students.read")}>
        <ReadMark plan={plan} />
      </td>
      <td role="cell" class="c-last">
        <LastChange plan={plan} />
      </td>
    </>
  );
}

/* Where the name leads: the plan, or the last one there was. */
function nameTo({ plan, student }: Row): string | null {
  const id = plan?.id ?? student.last?.id;
  return id ? href(`plans/${id}`) : null;
}

function OneRow({ row, checked, turn, create }: { row: Row; checked: boolean; turn: CheckProps["turn"]; create: Props["create"] }) {
  const { plan, student } = row;
  const to = nameTo(row);
  const look = [checked ? "is-selected" : "", plan ? "" : "is-empty"].filter(Boolean).join(" ");
  return (
    <tr role="row" class={look || undefined}>
      <td role="cell" class="c-check">
        <Check row label={t("students.select", { name: student.name, title: plan?.title ?? t("students.no_plan") })} checked={checked} turn={turn} />
      </td>
      <th role="rowheader" scope="row" class={row.repeat ? "is-repeat" : undefined} dir="auto">
        {to ? <a href={to}>{student.name}</a> : student.name}
      </th>
      {plan ? <PlanCells row={row} /> : <EmptyCells row={row} create={create} />}
    </tr>
  );
}

export function Table({ groups, view, change, chosen, choose, create, readLabel }: Props) {
  const last = useRef<string | null>(null);
  const shown = rowsShown(groups).map((r) => r.key);
  const turn = (key: string) => (on: boolean, range: boolean) => {
    choose(ranged(shown, range ? last.current : null, key, on, chosen));
    last.current = key;
  };
  const turnAll = (keys: string[]) => (on: boolean) => {
    const next = new Set(chosen);
    for (const k of keys) on ? next.add(k) : next.delete(k);
    choose(next);
  };
  const among = (keys: string[]) => {
    const n = keys.filter((k) => chosen.has(k)).length;
    return { checked: n > 0 && n === keys.length, mixed: n > 0 && n < keys.length };
  };
  const head = { view, change };
  return (
    <table role="table" class="tbl tbl--stack tbl--people">
      <caption class="sr">{t("students.caption")}</caption>
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col" class="c-check">
            <Check label={t("students.select_all")} {...among(shown)} turn={turnAll(shown)} />
          </th>
          <SortHead by="name" label={t("common.student")} {...head} />
          <th role="columnheader" scope="col">
            {t("students.plan")}
          </th>
          <SortHead by="valid" label={t("students.valid")} look="c-valid" {...head} />
          <SortHead by="tasks" label={t("students.tasks")} {...head} />
          <SortHead by="track" label={t("students.track")} {...head} />
          <th role="columnheader" scope="col">
            {readLabel}
          </th>
          <SortHead by="last" label={t("students.last_change")} {...head} />
        </tr>
      </thead>
      {groups.map((g) => {
        const keys = g.rows.map((r) => r.key);
        return (
          <tbody role="rowgroup" key={g.id}>
            <tr role="row" class="grouphead">
              <td role="cell" class="c-check">
                <Check label={t("students.select_group", { name: g.name || t("students.single") })} {...among(keys)} turn={turnAll(keys)} />
              </td>
              <th role="rowheader" scope="rowgroup" colSpan={7}>
                <span dir="auto">{g.name || t("students.single")}</span> <span class="count">{g.students}</span>
              </th>
            </tr>
            {g.rows.map((row) => (
              <OneRow row={row} key={row.key} checked={chosen.has(row.key)} turn={turn(row.key)} create={create} />
            ))}
          </tbody>
        );
      })}
    </table>
  );
}
