/* A group at a glance: its students and how their plans stand, those who need somebody first
 * (R-210, ui/08). */
import { useMemo, useState } from "preact/hooks";
import { useApp, useTitle } from "../app";
import { period, t, when } from "../i18n";
import { Icon } from "../parts/icons";
import { useLoad } from "../parts/load";
import { Empty, Problem, Skeleton } from "../parts/notes";
import { Search } from "../parts/search";
import { shortDay } from "../plan/when";
import { href } from "../router";
import { finds } from "../sort";
import { Legend, PartBar, Stack, State, TaskBar, TrackMark, Ways } from "./bits";
import { type By, factsOf, type Lack, lackingOf, lacks, ordered, studentsOf, sum, totalOf, uptakeOf } from "./model";
import { RuleLink } from "./rule";
import type { GroupAnswer, ReportPlan, ReportRow } from "./types";

function Facts({ rows }: { rows: ReportRow[] }) {
  const f = factsOf(rows);
  const others = (["behind", "support", "none"] as const).filter((k) => f.track[k] > 0).map((k) => t(`planreport.n_${k}`, { n: f.track[k] }));
  return (
    <dl class="facts">
      <div>
        <dt>{t("planreport.fact_plan")}</dt>
        <dd>
          {t("planreport.n_of_n", { n: f.planned, total: f.students })} <small>{t("planreport.students", { n: f.students })}</small>
        </dd>
      </div>
      {f.tasks && (
        <div>
          <dt>{t("planreport.tasks")}</dt>
          <dd>
            <TaskBar count={f.tasks} />
          </dd>
        </div>
      )}
      <div>
        <dt>{t("planreport.track")}</dt>
        <dd>
          {t("planreport.n_on", { n: f.track.on + f.track.ahead })} <small>{others.join(", ")}</small>
        </dd>
      </div>
      {f.prepared && f.prepared.of > 0 && (
        <div>
          <dt>{t("planreport.fact_prepared")}</dt>
          <dd>
            {t("planreport.prepared", { student: f.prepared.student, home: f.prepared.home })} <small>{t("planreport.of", { total: f.prepared.of })}</small>
          </dd>
        </div>
      )}
    </dl>
  );
}

function Lacks({ rows, lack, set }: { rows: ReportRow[]; lack: Lack; set: (lack: Lack) => void }) {
  const shown = lacks.map((l) => ({ l, n: studentsOf(lackingOf(rows, l)) })).filter(({ l, n }) => l === "all" || n > 0);
  return (
    <div class="filter" role="group" aria-label={t("planreport.show")}>
      {shown.map(({ l, n }) => (
        <button type="button" aria-pressed={lack === l} onClick={() => set(l)} key={l}>
          {t(`planreport.lack_${l}`)} <span class="count">{n}</span>
        </button>
      ))}
    </div>
  );
}

interface Columns {
  tasks: boolean;
  readers: boolean;
  changed: boolean;
}

/* Two small lines: the student, and whoever is at home. */
function Read({ plan, opened }: { plan: ReportPlan; opened: { student: boolean; home: boolean } }) {
  return (
    <span class="readers">
      <Mark yes={opened.student} who="student" />
      {plan.homes === 0 ? <span class="muted small">{t("planreport.nobody_home")}</span> : <Mark yes={opened.home} who="home" />}
    </span>
  );
}

function Mark({ yes, who }: { yes: boolean; who: "student" | "home" }) {
  return (
    <span class={yes ? "yesno" : "yesno muted"}>
      <Icon name={yes ? "check" : "none"} />
      {t(`planreport.who_${who}`)}
      <span class="sr">: {t(yes ? "planreport.is_yes" : "planreport.not_yet")}</span>
    </span>
  );
}

function Cells({ plan, columns }: { plan: ReportPlan; columns: Columns }) {
  const { tasks } = plan;
  const draft = plan.state === "draft";
  return (
    <>
      {columns.tasks && (
        <>
          <td role="cell" class="full c-bar">{tasks && totalOf(tasks) > 0 ? <Stack count={tasks} /> : <span class="muted small">{t(tasks ? "planreport.no_tasks" : "planreport.hidden_tasks")}</span>}</td>
          <td role="cell" class="num" data-l={t("planreport.done")}>{tasks?.done ?? "–"}</td>
          <td role="cell" class="num" data-l={t("planreport.doing")}>{tasks?.doing ?? "–"}</td>
          <td role="cell" class="num" data-l={t("planreport.todo")}>{tasks?.todo ?? "–"}</td>
        </>
      )}
      <td role="cell" class="num" data-l={t("planreport.reflected")}>
        {plan.goals > 0 ? t("planreport.n_of_n", { n: plan.reflected, total: plan.goals }) : "–"}
      </td>
      <td role="cell" class="num" data-l={t("planreport.reviews")}>{plan.reviews}</td>
      <td role="cell" class="c-track">
        <TrackMark value={plan.track.value} said={plan.track.said} />
      </td>
      {columns.readers && (
        <>
          <td role="cell" class="full" data-l={t("planreport.read")}>
            {plan.opened && !draft ? <Read plan={plan} opened={plan.opened} /> : <span class="muted">–</span>}
          </td>
          <td role="cell" data-l={t("planreport.meeting")}>
            {plan.meeting ? (
              <span class="small">
                {t(`planreport.meeting_${plan.meeting.state}`)}
                <span class="sub">
                  <bdi>{shortDay(plan.meeting.on)}</bdi>
                </span>
              </span>
            ) : (
              <span class="muted">–</span>
            )}
          </td>
        </>
      )}
      {columns.changed && <td role="cell" data-l={t("planreport.changed")}>{plan.changedAt ? when(plan.changedAt) : "–"}</td>}
    </>
  );
}

interface HeadProps {
  by: By;
  at: By;
  ascending: boolean;
  sort: (by: By) => void;
  num?: boolean;
  label: string;
}

function Head({ by, at, ascending, sort, num, label }: HeadProps) {
  const here = by === at;
  return (
    <th role="columnheader" scope="col" class={num ? "num" : undefined} aria-sort={here ? (ascending ? "ascending" : "descending") : undefined}>
      <button type="button" onClick={() => sort(by)}>
        {label}
        {here && <Icon name={ascending ? "up" : "down"} />}
      </button>
    </th>
  );
}

function Table({ rows, columns, years, label }: { rows: ReportRow[]; columns: Columns; years: boolean; label: string }) {
  const [by, setBy] = useState<By>("need");
  const [ascending, up] = useState(true);
  const sort = (next: By) => {
    up(next === by ? !ascending : next === "need" || next === "name");
    setBy(next);
  };
  const list = ordered(rows, by, ascending);
  const h = { at: by, ascending, sort };
  const wide = 3 + (columns.tasks ? 4 : 0) + (columns.readers ? 2 : 0) + (columns.changed ? 1 : 0);
  const all = sum(rows.flatMap((r) => (r.plan?.tasks ? [r.plan.tasks] : [])));
  const plain = (key: string, look?: string) => (
    <th role="columnheader" scope="col" class={look}>
      {t(`planreport.${key}`)}
    </th>
  );
  return (
    <div class="widebox" tabIndex={0} role="region" aria-label={label}>
      <table role="table" class="tbl tbl--stack tbl--report">
        <caption class="sr">{label}</caption>
        <thead role="rowgroup">
          <tr role="row">
            <Head {...h} by="name" label={t("common.student")} />
            {columns.tasks && (
              <>
                {plain("tasks", "c-bar")}
                <Head {...h} by="done" num label={t("planreport.done")} />
                <Head {...h} by="doing" num label={t("planreport.doing")} />
                <Head {...h} by="todo" num label={t("planreport.todo")} />
              </>
            )}
            {plain("reflected", "num")}
            {plain("reviews", "num")}
            <Head {...h} by="need" label={t("planreport.track")} />
            {columns.readers && (
              <>
                {plain("read")}
                {plain("meeting")}
              </>
            )}
            {columns.changed && <Head {...h} by="changed" label={t("planreport.changed")} />}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {list.map((r) => (
            <tr role="row" key={`${r.student.id} ${r.plan?.id ?? ""}`}>
              <th role="rowheader" scope="row">
                <a href={href(`reports/students/${r.student.id}`)} dir="auto">
                  {r.student.name}
                </a>
                {r.plan && (
                  <span class="sub">
                    <a href={href(`plans/${r.plan.id}`)} dir="auto">
                      {r.plan.title}
                    </a>{" "}
                    {years && <bdi>{period(r.plan.startsOn, r.plan.endsOn)}</bdi>} {r.plan.state !== "published" && <State state={r.plan.state} />}
                  </span>
                )}
              </th>
              {r.plan ? (
                <Cells plan={r.plan} columns={columns} />
              ) : (
                <td role="cell" class="full muted" colSpan={wide}>
                  {t("planreport.no_plan")}
                </td>
              )}
            </tr>
          ))}
        </tbody>
        {columns.tasks && totalOf(all) > 0 && (
          <tfoot role="rowgroup">
            <tr role="row">
              <th role="rowheader" scope="row">{t("planreport.total")}</th>
              <td role="cell" class="full c-bar">
                <Stack count={all} />
              </td>
              <td role="cell" class="num" data-l={t("planreport.done")}>{all.done}</td>
              <td role="cell" class="num" data-l={t("planreport.doing")}>{all.doing}</td>
              <td role="cell" class="num" data-l={t("planreport.todo")}>{all.todo}</td>
              <td role="cell" class="wide-only" colSpan={wide - 4} />
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}

/* From having a plan to having talked about it: bars and the same as numbers. */
function Uptake({ rows }: { rows: ReportRow[] }) {
  return (
    <section class="section" aria-labelledby="uptake">
      <div class="section__head">
        <h2 id="uptake">{t("planreport.uptake")}</h2>
        <span class="hint">{t("planreport.uptake_hint")}</span>
      </div>
      <table class="tbl tbl--uptake">
        <caption class="sr">{t("planreport.uptake")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("planreport.step")}</th>
            <th scope="col" class="num">{t("planreport.students_head")}</th>
            <th scope="col">
              <span class="sr">{t("planreport.part")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {uptakeOf(rows).map((u) => (
            <tr key={u.step}>
              <th scope="row">{t(`planreport.step_${u.step}`)}</th>
              <td class="num">{t("planreport.n_of_n", { n: u.n, total: u.of })}</td>
              <td class="c-part">
                <PartBar n={u.n} of={u.of} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Choose({ data, group, all, setGroup, setAll }: { data: GroupAnswer; group: string; all: boolean; setGroup: (id: string) => void; setAll: (all: boolean) => void }) {
  return (
    <>
      {data.groups.length > 1 && (
        <>
          <label class="sr" for="r-group">
            {t("planreport.group")}
          </label>
          <select class="select select--auto" id="r-group" value={group} onChange={(e) => setGroup(e.currentTarget.value)}>
            <option value="">{t("planreport.mine")}</option>
            {data.groups.map((g) => (
              <option value={g.id} key={g.id}>
                {g.name}
              </option>
            ))}
          </select>
        </>
      )}
      <label class="sr" for="r-plans">
        {t("planreport.which")}
      </label>
      <select class="select select--auto" id="r-plans" value={all ? "all" : ""} onChange={(e) => setAll(e.currentTarget.value === "all")}>
        <option value="">{t("planreport.current")}</option>
        <option value="all">{t("planreport.all_plans")}</option>
      </select>
    </>
  );
}

/* at: a group, and perhaps what to show of it: "<id>/review". */
export function GroupReport({ at = "" }: { at?: string }) {
  const { home } = useApp();
  const [first = "", asked = "all"] = at.split("/");
  const [group, setGroup] = useState(first);
  const [all, setAll] = useState(false);
  const [lack, setLack] = useState<Lack>(lacks.find((l) => l === asked) ?? "all");
  const [query, ask] = useState("");
  const path = `plan-report?${new URLSearchParams({ ...(group && { group }), ...(all && { plans: "all" }) })}`;
  const { data, error, again } = useLoad<GroupAnswer>(path);
  const name = data?.groups.find((g) => g.id === group)?.name ?? (home.hats?.mentor || !home.course ? t("planreport.mine") : home.course.title);
  useTitle(name, t("planreport.overview"), t("app.name"));
  const rows = useMemo(() => lackingOf(data?.rows ?? [], lack).filter((r) => finds(r.student.name, query)), [data, lack, query]);
  const columns: Columns = {
    tasks: data?.rows.some((r) => r.plan?.tasks) ?? false,
    readers: data?.rows.some((r) => r.hat !== "teacher") ?? false,
    changed: data?.rows.some((r) => r.plan?.changedAt) ?? false,
  };
  return (
    <>
      <div class="page-head">
        <div>
          <p class="eyebrow">{t("planreport.overview")}</p>
          <h1 tabIndex={-1} dir="auto">
            {name}
          </h1>
        </div>
        <Ways csv={`${path}${path.endsWith("?") ? "" : "&"}format=csv`}>{data && <Choose {...{ data, group, all, setGroup, setAll }} />}</Ways>
      </div>
      {error && !data ? <Problem error={error} retry={again} /> : null}
      {!data && !error && <Skeleton label={t("common.loading")} />}
      {data && data.rows.length === 0 && (
        <Empty icon="users" title={t("planreport.nobody")}>
          <p>{t("planreport.nobody_text")}</p>
        </Empty>
      )}
      {data && data.rows.length > 0 && (
        <>
          <Facts rows={data.rows} />
          <div class="toolbar mt">
            <Search id="r-find" label={t("planreport.find")} value={query} ask={ask} />
            <Lacks rows={data.rows} lack={lack} set={setLack} />
          </div>
          <div class="row row--between mt">
            <p class="small muted">
              {t("planreport.order")} <RuleLink />
            </p>
            <Legend />
          </div>
          {rows.length === 0 ? (
            <p class="muted mt">{t(query ? "plans.not_found" : "planreport.none_lack", { query })}</p>
          ) : (
            <Table rows={rows} columns={columns} years={all} label={t("planreport.caption", { group: name })} />
          )}
          {!all && <Uptake rows={data.rows} />}
        </>
      )}
      <p class="row mt no-print">
        {data?.head && (
          <a href={href("reports/school")}>{t("planreport.to_school")}</a>
        )}
        {home.viewer.role === "teacher" && home.course && <a href={href("report")}>{t("planreport.to_reviews")}</a>}
      </p>
    </>
  );
}
