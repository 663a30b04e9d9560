/* The students of a course and their current plans, as its teachers see them. */
import { useEffect, useState } from "preact/hooks";
import { useApp } from "../app";
import { locale, t } from "../i18n";
import { Icon } from "../parts/icons";
import { Problem, Skeleton } from "../parts/notes";
import { Search } from "../parts/search";
import type { StudentRow } from "../plan-types";
import { href } from "../router";
import { LastChange, Legend, Stack, StateChip, TrackMark, Valid } from "./cells";
import { countsOf, firstView, type Group, groupsOf, type Row, type SortBy, type View } from "./list";
import { useList } from "./lists";

type Choice = "" | "attention" | "none";

/* Whether any of the students' plans tells this viewer of that. */
const some = (students: StudentRow[], what: "tasks" | "track" | "changedAt") =>
  students.some((s) => s.plans.some((p) => p[what] !== undefined));

interface HeadProps {
  by: SortBy;
  label: string;
  look?: string;
  view: View;
  change: (view: View) => void;
}

function Head({ by, label, look, view, change }: HeadProps) {
  const on = view.sort === by;
  return (
    <th role="columnheader" scope="col" class={look} aria-sort={on ? view.direction : undefined}>
      <button
        type="button"
        onClick={() => change({ ...view, sort: by, direction: on && view.direction === "ascending" ? "descending" : "ascending" })}
      >
        {label} {on && <Icon name={view.direction === "ascending" ? "up" : "down"} />}
      </button>
    </th>
  );
}

function OneRow({ row: { student, plan, repeat }, columns }: { row: Row; columns: string[] }) {
  const to = plan?.id ?? student.last?.id;
  return (
    <tr role="row" class={plan ? undefined : "is-empty"}>
      <th role="rowheader" scope="row" class={repeat ? "is-repeat" : undefined} dir="auto">
        {to ? <a href={href(`plans/${to}`)}>{student.name}</a> : student.name}
      </th>
      <td role="cell" class={plan ? "full" : "full muted"}>
        {plan ? (
          <>
            <span class="row">
              <a class="planlink" href={href(`plans/${plan.id}`)} dir="auto">
                {plan.title}
                <span class="sr"> {t("students.for_name", { name: student.name })}</span>
              </a>
              <StateChip plan={plan} />
            </span>
            <span class="sub mid">
              <Valid plan={plan} />
            </span>
          </>
        ) : (
          t("students.no_plan")
        )}
      </td>
      <td role="cell" class="c-valid nowrap">
        {plan && <Valid plan={plan} />}
      </td>
      {columns.includes("tasks") && (
        <td role="cell" class="full">
          {plan?.tasks && <Stack tasks={plan.tasks} />}
        </td>
      )}
      {columns.includes("track") && (
        <td role="cell" class="c-track">
          {plan?.track && <TrackMark track={plan.track} />}
        </td>
      )}
      <td role="cell" class={plan ? "c-last" : "c-last muted"}>
        {plan ? <LastChange plan={plan} /> : student.last && `${t("students.last_plan")} ${student.last.title}`}
      </td>
    </tr>
  );
}

function Table({ groups, students, view, change }: { groups: Group[]; students: StudentRow[]; view: View; change: (v: View) => void }) {
  const { home } = useApp();
  const columns = (["tasks", "track", "changedAt"] as const).filter((c) => some(students, c));
  const head = { view, change };
  return (
    <table role="table" class="tbl tbl--stack tbl--people">
      <caption class="sr">{t("students.course_caption", { course: home.course?.title ?? "" })}</caption>
      <thead role="rowgroup">
        <tr role="row">
          <Head by="name" label={t("common.student")} {...head} />
          <th role="columnheader" scope="col">
            {t("students.current_plan")}
          </th>
          <Head by="valid" label={t("students.period")} look="c-valid" {...head} />
          {columns.includes("tasks") && <Head by="tasks" label={t("students.tasks_done")} {...head} />}
          {columns.includes("track") && <Head by="track" label={t("students.track")} {...head} />}
          {columns.includes("changedAt") ? (
            <Head by="last" label={t("students.last_change")} {...head} />
          ) : (
            <th role="columnheader" scope="col">
              <span class="sr">{t("students.last_plan_head")}</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {groups.flatMap((g) => g.rows).map((row) => (
          <OneRow row={row} columns={columns} key={row.key} />
        ))}
      </tbody>
    </table>
  );
}

export function CoursePlans() {
  const { home } = useApp();
  const { list, error, reload } = useList("course/plans");
  const [view, change] = useState<View>(firstView);
  const participants = home.participants?.length ?? 0;
  /* The list of the platform goes on being fetched behind this page. */
  useEffect(() => void (list && list.students.length !== participants && reload()), [participants]);
  if (error !== null && !list) return <Problem error={error} retry={() => void reload()} />;
  if (!list) return <Skeleton label={t("common.loading")} />;
  const groups = groupsOf(list, view, locale());
  const rows = groups.flatMap((g) => g.rows);
  const counts = countsOf(list.students);
  const choice: Choice = view.only === "attention" ? "attention" : view.state === "none" ? "none" : "";
  const choose = (to: Choice) => change({ ...view, only: to === "attention" ? "attention" : "", state: to === "none" ? "none" : "" });
  const without = list.students.filter((s) => !s.plans.some((p) => p.currency !== "past")).length;
  const button = (to: Choice, label: string) => (
    <button type="button" aria-pressed={choice === to} onClick={() => choose(to)}>
      {label}
    </button>
  );
  return (
    <>
      <div class="toolbar">
        <Search label={t("plans.find")} value={view.search} ask={(search) => change({ ...view, search })} />
        <div class="filter" role="group" aria-label={t("common.show")}>
          {button("", t("students.all_n", { n: list.students.length }))}
          {some(list.students, "track") && button("attention", t("students.attention", { n: counts.only.attention }))}
          {button("none", t("students.without_n", { n: without }))}
        </div>
        <span class="sr" role="status">
          {view.search ? t("students.found", { n: rows.length }) : ""}
        </span>
        <div class="toolbar__end">
          <a class="btn btn--quiet" href={href("guardians")}>
            <Icon name="users" />
            {t("plans.guardians")}
          </a>
          <button class="btn btn--quiet" type="button" onClick={() => window.print()}>
            <Icon name="print" />
            {t("plans.print")}
          </button>
        </div>
      </div>
      {rows.length > 0 ? (
        <Table groups={groups} students={list.students} view={view} change={change} />
      ) : (
        <p class="muted mt">{view.search ? t("plans.not_found", { query: view.search }) : t("students.none_found")}</p>
      )}
      <div class="tbl__foot row row--between">
        {some(list.students, "tasks") ? <Legend /> : <span />}
        <span>{t("common.n_students", { n: list.students.length })}</span>
      </div>
    </>
  );
}
