/* The group's report: the students of the course times its reviews. Nobody is ranked: a
 * column sorts by who has nothing in it yet. */
import { useState } from "preact/hooks";
import { useApp, useTitle } from "../app";
import { locale, period, t } from "../i18n";
import { CourseHead } from "../parts/course-head";
import { Icon } from "../parts/icons";
import { useLoad } from "../parts/load";
import { Empty, Problem, Skeleton } from "../parts/notes";
import { fitting, type ReportReview, Scroller, SmallValue } from "../parts/reported";
import { Search } from "../parts/search";
import { href } from "../router";
import { byName, type Direction, finds } from "../sort";

interface Value {
  value: string | null;
  commented: boolean;
  releasedAt: string | null;
  changed: boolean;
}

interface Row {
  id: string;
  name: string;
  left: boolean;
  values: (Value | null)[];
}

interface Report {
  reviews: ReportReview[];
  students: Row[];
}

function State({ value }: { value: Value }) {
  if (value.releasedAt && !value.changed) return null;
  const key = value.releasedAt ? "report.changed" : "report.not_released";
  return (
    <span class="report__state" title={t(key)}>
      <Icon name={value.releasedAt ? "pen" : "lock"} />
      <span class="sr">{t(key)}</span>
    </span>
  );
}

function Cell({ review, value }: { review: ReportReview; value: Value | null }) {
  const graded = value !== null && value.value !== null && review.scale !== null;
  return (
    <td role="cell" data-l={review.title} class="full">
      {value ? (
        <span class="report__cell">
          {graded ? (
            <SmallValue scale={review.scale} value={value.value} />
          ) : (
            value.commented && <span class="small">{t("report.comment")}</span>
          )}
          {graded && value.commented && (
            <span class="report__state" title={t("report.with_comment")}>
              <Icon name="chat" />
              <span class="sr">{t("report.with_comment")}</span>
            </span>
          )}
          <State value={value} />
        </span>
      ) : (
        <span class="muted">
          <span aria-hidden="true">–</span>
          <span class="sr">{t("report.nothing")}</span>
        </span>
      )}
    </td>
  );
}

/* The name, or a review of which the empty cells come first. */
type By = "name" | string;

function sorted(report: Report, by: By, direction: Direction): Row[] {
  const rows = byName(report.students, locale(), by === "name" ? direction : "ascending");
  const at = report.reviews.findIndex((r) => r.id === by);
  if (at < 0) return rows;
  const sign = direction === "ascending" ? 1 : -1;
  const there = (r: Row) => (r.values[at] ? 1 : 0);
  return [...rows].sort((a, b) => sign * (there(a) - there(b)));
}

interface HeadProps {
  label: string;
  sub?: string;
  hint?: string;
  direction: Direction | undefined;
  turn: () => void;
}

function Head({ label, sub, hint, direction, turn }: HeadProps) {
  return (
    <th role="columnheader" scope="col" aria-sort={direction}>
      <button type="button" onClick={turn} title={hint}>
        <span dir="auto">{label}</span>
        {hint && <span class="sr"> {hint}</span>}
        {direction && <Icon name={direction === "ascending" ? "up" : "down"} />}
      </button>
      {sub && (
        <span class="sub">
          <bdi>{sub}</bdi>
        </span>
      )}
    </th>
  );
}

function Table({ report, query }: { report: Report; query: string }) {
  const { home } = useApp();
  const [by, setBy] = useState<By>("name");
  const [direction, setDirection] = useState<Direction>("ascending");
  const rows = sorted(report, by, direction).filter((r) => finds(r.name, query));
  const turn = (next: By) => {
    setDirection(next === by && direction === "ascending" ? "descending" : "ascending");
    setBy(next);
  };
  if (rows.length === 0) return <p class="muted mt">{t("plans.not_found", { query })}</p>;
  return (
    <Scroller wide={report.reviews.length > fitting} label={t("report.caption", { course: home.course?.title ?? "" })}>
      <table role="table" class="tbl tbl--stack">
        <caption class="sr">{t("report.caption", { course: home.course?.title ?? "" })}</caption>
        <thead role="rowgroup">
          <tr role="row">
            <Head label={t("common.student")} direction={by === "name" ? direction : undefined} turn={() => turn("name")} />
            {report.reviews.map((r) => (
              <Head
                key={r.id}
                label={r.title}
                sub={period(r.startsOn, r.endsOn)}
                hint={t("report.sort_hint")}
                direction={by === r.id ? direction : undefined}
                turn={() => turn(r.id)}
              />
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((r) => (
            <tr role="row" key={r.id}>
              <th role="rowheader" scope="row" class="full">
                <a href={href(`report/${r.id}`)} dir="auto">
                  {r.name}
                </a>
                {r.left && <span class="sub">{t("report.left")}</span>}
              </th>
              {report.reviews.map((review, i) => (
                <Cell key={review.id} review={review} value={r.values[i] ?? null} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}

function Toolbar({ query, ask }: { query: string; ask: (q: string) => void }) {
  return (
    <div class="toolbar">
      <Search label={t("plans.find")} value={query} ask={ask} />
      <div class="toolbar__end">
        <button class="btn btn--quiet" type="button" onClick={() => window.print()}>
          <Icon name="print" />
          {t("common.print")}
        </button>
      </div>
    </div>
  );
}

function Legend() {
  return (
    <p class="muted small report__legend">
      <span>
        <Icon name="chat" /> {t("report.with_comment")}
      </span>
      <span>
        <Icon name="lock" /> {t("report.not_released")}
      </span>
      <span>
        <Icon name="pen" /> {t("report.changed")}
      </span>
      <span>{t("report.not_ranked")}</span>
    </p>
  );
}

export function Report() {
  const { home } = useApp();
  const { data, error, again } = useLoad<Report>("report");
  const [query, ask] = useState("");
  useTitle(t("plans.report_tab"), home.course?.title, t("app.name"));
  const empty = data && (data.reviews.length === 0 || data.students.length === 0);
  return (
    <>
      <CourseHead tab="report" />
      {error ? (
        <Problem error={error} retry={again} />
      ) : !data ? (
        <Skeleton label={t("common.loading")} />
      ) : empty ? (
        <Empty icon="chat" title={t("report.empty")}>
          <p>{t("report.empty_text")}</p>
          <a class="btn" href={href("reviews")}>
            {t("report.to_reviews")}
          </a>
        </Empty>
      ) : (
        <>
          <h2 class="print-only">{t("plans.report_tab")}</h2>
          <Toolbar query={query} ask={ask} />
          <Legend />
          <Table report={data} query={query} />
        </>
      )}
    </>
  );
}
