/* A school as numbers, by group, for its headteacher: who has a plan, how they stand, how far
 * plans are used. Nothing that anybody wrote is in it. */
import { useState } from "preact/hooks";
import { useApp, useTitle } from "../app";
import { t } from "../i18n";
import { isMissing, useLoad } from "../parts/load";
import { Empty, Problem, Skeleton } from "../parts/notes";
import { href } from "../router";
import { PartBar, TrackMark, Ways } from "./bits";
import { RuleLink } from "./rule";
import type { SchoolAnswer, SchoolCounts } from "./types";

/* A number that leads to who is behind it. */
function Missing({ group, lack, n }: { group?: string; lack: string; n: number }) {
  if (n === 0) return <span class="muted">0</span>;
  return group ? <a href={href(`reports/group/${group}/${lack}`)}>{n}</a> : <b>{n}</b>;
}

function Of({ n, of }: { n: number; of: number }) {
  return (
    <span class="cellbar">
      <PartBar n={n} of={of} />
      <span>{n}</span>
    </span>
  );
}

function Cells({ c, group }: { c: SchoolCounts; group?: string }) {
  const g = group ? { group } : {};
  const rest = c.planned - c.ahead - c.on - c.behind - c.support;
  return (
    <>
      <td role="cell" class="num" data-l={t("planreport.students_head")}>{c.students}</td>
      <td role="cell" data-l={t("planreport.csv_published")}>
        <Of n={c.published} of={c.students} />
      </td>
      <td role="cell" class="num" data-l={t("planreport.lack_plan")}>
        <Missing {...g} lack="plan" n={c.students - c.planned} />
      </td>
      <td role="cell" class="num" data-l={t("planreport.lack_review")}>
        <Missing {...g} lack="review" n={c.planned - c.reviewed} />
      </td>
      <td role="cell" class="num" data-l={t("planreport.lack_meeting")}>
        <Missing {...g} lack="meeting" n={c.planned - c.meeting} />
      </td>
      <td role="cell" class="num" data-l={t("planreport.n_on_head")}>{c.on + c.ahead}</td>
      <td role="cell" class="num" data-l={t("planreport.track_behind")}>{c.behind}</td>
      <td role="cell" class="num" data-l={t("planreport.track_support")}>
        <Missing {...g} lack="track" n={c.support} />
      </td>
      <td role="cell" class="num" data-l={t("planreport.track_none")}>{rest}</td>
      <td role="cell" data-l={t("planreport.csv_student_opened")}>
        <Of n={c.studentOpened} of={c.published} />
      </td>
      <td role="cell" data-l={t("planreport.csv_home_opened")}>
        <Of n={c.homeOpened} of={c.published} />
      </td>
      <td role="cell" data-l={t("planreport.csv_met")}>
        <Of n={c.met} of={c.planned} />
      </td>
    </>
  );
}

function Table({ data }: { data: SchoolAnswer }) {
  const schools = new Set(data.groups.map((g) => g.org)).size > 1;
  const heads = ["csv_published", "lack_plan", "lack_review", "lack_meeting", "n_on_head", "track_behind", "track_support", "track_none", "csv_student_opened", "csv_home_opened", "csv_met"];
  const bars = new Set(["csv_published", "csv_student_opened", "csv_home_opened", "csv_met"]);
  return (
    <div class="widebox" tabIndex={0} role="region" aria-label={t("planreport.school_caption")}>
      <table role="table" class="tbl tbl--stack tbl--school">
        <caption class="sr">{t("planreport.school_caption")}</caption>
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col">{t("planreport.group")}</th>
            <th role="columnheader" scope="col" class="num">{t("planreport.students_head")}</th>
            {heads.map((h) => (
              <th role="columnheader" scope="col" class={bars.has(h) ? undefined : "num"} key={h}>
                {t(`planreport.${h}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {data.groups.map((g) => (
            <tr role="row" key={g.id}>
              <th role="rowheader" scope="row">
                <a href={href(`reports/group/${g.id}`)} dir="auto">
                  {g.name}
                </a>
                {schools && g.org && (
                  <span class="sub" dir="auto">
                    {g.org}
                  </span>
                )}
              </th>
              <Cells c={g} group={g.id} />
            </tr>
          ))}
        </tbody>
        {data.all && (
          <tfoot role="rowgroup">
            <tr role="row">
              <th role="rowheader" scope="row">{t("planreport.school_all")}</th>
              <Cells c={data.all} />
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}

function Facts({ c }: { c: SchoolCounts }) {
  return (
    <dl class="facts">
      <div>
        <dt>{t("planreport.csv_published")}</dt>
        <dd>
          {t("planreport.n_of_n", { n: c.published, total: c.students })} <small>{t("planreport.students", { n: c.students })}</small>
        </dd>
      </div>
      <div>
        <dt>{t("planreport.track")}</dt>
        <dd>
          <span class="stackv">
            <span>{t("planreport.n_on", { n: c.on + c.ahead })}</span>
            {c.behind > 0 && (
              <span class="small">
                <TrackMark value="behind" /> {c.behind}
              </span>
            )}
            {c.support > 0 && (
              <span class="small">
                <TrackMark value="support" /> {c.support}
              </span>
            )}
          </span>
        </dd>
      </div>
      <div>
        <dt>{t("planreport.csv_met")}</dt>
        <dd>
          {t("planreport.n_of_n", { n: c.met, total: c.planned })} <small>{t("planreport.with_plan")}</small>
        </dd>
      </div>
      <div>
        <dt>{t("planreport.uptake")}</dt>
        <dd>
          {t("planreport.opened_by", { student: c.studentOpened, home: c.homeOpened })} <small>{t("planreport.of", { total: c.published })}</small>
        </dd>
      </div>
    </dl>
  );
}

export function SchoolReport() {
  const { home } = useApp();
  const [org, setOrg] = useState("");
  const path = `plan-report/school?${new URLSearchParams(org ? { org } : {})}`;
  const { data, error, again } = useLoad<SchoolAnswer>(path);
  const name = data?.orgs.find((o) => o.id === org)?.name ?? home.school.name;
  useTitle(name, t("planreport.school_title"), t("app.name"));
  return (
    <>
      <div class="page-head">
        <div>
          <p class="eyebrow">{t("planreport.school_title")}</p>
          <h1 tabIndex={-1} dir="auto">
            {name}
          </h1>
        </div>
        <Ways csv={`${path}${org ? "&" : ""}format=csv`}>
          {data && data.orgs.length > 1 && (
            <>
              <label class="sr" for="r-org">
                {t("planreport.csv_school")}
              </label>
              <select class="select select--auto" id="r-org" value={org} onChange={(e) => setOrg(e.currentTarget.value)}>
                <option value="">{t("planreport.all_schools")}</option>
                {data.orgs.map((o) => (
                  <option value={o.id} key={o.id}>
                    {o.name}
                  </option>
                ))}
              </select>
            </>
          )}
        </Ways>
      </div>
      {error && !data ? isMissing(error) ? <Empty icon="users" title={t("planreport.no_head")}><p>{t("planreport.no_head_text")}</p></Empty> : <Problem error={error} retry={again} /> : null}
      {!data && !error && <Skeleton label={t("common.loading")} />}
      {data && data.groups.length === 0 && (
        <Empty icon="users" title={t("planreport.no_groups")}>
          <p>{t("planreport.no_groups_text")}</p>
        </Empty>
      )}
      {data?.all && data.groups.length > 0 && (
        <>
          <Facts c={data.all} />
          <p class="small muted mt">
            {t("planreport.school_order")} <RuleLink />
          </p>
          <Table data={data} />
        </>
      )}
    </>
  );
}
