/* One student over all plans: the same page for staff, student and parents, each within
 * their rights (R-211, R-212, ui/09). */
import type { ComponentChildren } from "preact";
import { useApp, useTitle } from "../app";
import { day, period, t } from "../i18n";
import { Icon } from "../parts/icons";
import { isMissing, useLoad } from "../parts/load";
import { Empty, Problem, Skeleton } from "../parts/notes";
import { SmallValue } from "../parts/reported";
import { href } from "../router";
import { Legend, State, TaskBar, TrackMark, Ways } from "./bits";
import { columnsOf, competencesOf, coursesOf, daysLeft, type Line, totalOf } from "./model";
import { RuleLink } from "./rule";
import type { Milestone, StudentAnswer, StudentPlan, StudentReview } from "./types";

function then(plan: StudentPlan, today: string): string {
  if (plan.state === "locked" || plan.state === "archived") return plan.moved > 0 ? t("planreport.moved", { n: plan.moved }) : "";
  const days = daysLeft(plan.endsOn, today);
  if (plan.startsOn > today) return t("planreport.begins", { date: day(plan.startsOn) });
  return days < 0 ? t("planreport.ended") : t("planreport.ends_in", { n: days });
}

function Plans({ plans }: { plans: StudentPlan[] }) {
  const { home } = useApp();
  return (
    <section aria-labelledby="h1p">
      <div class="section__head">
        <h2 id="h1p">{t("planreport.plans")}</h2>
        <Legend />
      </div>
      <table role="table" class="tbl tbl--stack">
        <caption class="sr">{t("planreport.plans_caption")}</caption>
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col">{t("planreport.plan")}</th>
            <th role="columnheader" scope="col">{t("planreport.valid")}</th>
            <th role="columnheader" scope="col" class="c-bar">{t("planreport.tasks")}</th>
            <th role="columnheader" scope="col">{t("planreport.track")}</th>
            <th role="columnheader" scope="col">{t("planreport.then")}</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {plans.map((p) => (
            <tr role="row" key={p.id}>
              <th role="rowheader" scope="row">
                <span class="row">
                  <a href={href(`plans/${p.id}`)} dir="auto">
                    {p.title}
                  </a>
                  <State state={p.state} />
                </span>
              </th>
              <td role="cell" class="full" data-l={t("planreport.valid")}>
                <bdi>{period(p.startsOn, p.endsOn)}</bdi>
              </td>
              <td role="cell" class="full">{p.tasks ? <TaskBar count={p.tasks} /> : <span class="muted">–</span>}</td>
              <td role="cell" class="full">
                <TrackMark value={p.track.value} said={p.track.said} />
              </td>
              <td role="cell" class="full muted" data-l={t("planreport.then")}>
                {then(p, home.viewer.today)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/* A table with a column a plan. */
function Time({ id, title, hint, caption, first, plans, lines }: {
  id: string;
  title: string;
  hint?: string;
  caption: string;
  first: string;
  plans: StudentPlan[];
  lines: { key: string; head: ComponentChildren; cell: (plan: string) => ComponentChildren }[];
}) {
  return (
    <section class="section" aria-labelledby={id}>
      <div class="section__head">
        <h2 id={id}>{title}</h2>
        {hint && <span class="hint">{hint}</span>}
      </div>
      <table role="table" class="tbl tbl--stack tbl--time">
        <caption class="sr">{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col">{first}</th>
            {plans.map((p) => (
              <th role="columnheader" scope="col" key={p.id} dir="auto">
                {p.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {lines.map((l) => (
            <tr role="row" key={l.key}>
              <th role="rowheader" scope="row" dir="auto">
                {l.head}
              </th>
              {plans.map((p) => (
                <td role="cell" data-l={p.title} key={p.id}>
                  {l.cell(p.id)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const nothing = (words: string) => (
  <>
    <span class="muted" aria-hidden="true">
      –
    </span>
    <span class="sr">{words}</span>
  </>
);

function Goals({ line }: { line: Line }) {
  const goals = line.goals.filter((g) => g.text);
  if (goals.length === 0) return null;
  return (
    <details class="goallist">
      <summary class="small">{t("planreport.goals", { n: goals.length })}</summary>
      <ul class="bullets small">
        {goals.map((g) => (
          <li dir="auto">
            {g.text} {totalOf(g.tasks) > 0 && <span class="muted">({t("planreport.n_of", { n: g.tasks.done, total: totalOf(g.tasks) })})</span>}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Reviews({ reviews }: { reviews: StudentReview[] }) {
  return (
    <span class="row">
      {reviews.map((r) => (
        <span key={r.id} title={r.title}>
          {r.value !== null && r.scale ? <SmallValue scale={r.scale} value={r.value} /> : <span class="small muted">{t("planreport.comment_only")}</span>}
          {!r.releasedAt && (
            <span class="small muted">
              {" "}
              <Icon name="lock" /> {t("planreport.not_released")}
            </span>
          )}
        </span>
      ))}
    </span>
  );
}

function Milestones({ list, data }: { list: Milestone[]; data: StudentAnswer }) {
  const wordsOf = (m: Milestone) => {
    const goal = data.goals.find((g) => g.id === m.row);
    const above = data.goals.find((g) => g.id === goal?.parent);
    return [above?.text ?? goal?.text ?? "", m.by ? t(m.confirmed ? "planreport.confirmed_by" : "planreport.marked_by", { name: m.by }) : ""].filter(Boolean).join(". ");
  };
  return (
    <section class="section" aria-labelledby="h4m">
      <div class="section__head">
        <h2 id="h4m">{t("planreport.milestones")}</h2>
      </div>
      <ol class="timeline">
        {list.map((m, i) => (
          <li class={i === 0 ? "is-now" : undefined} key={m.id}>
            <div class="timeline__top">
              <b dir="auto">{m.text}</b>
              <span class="small muted">
                <bdi>{day(m.at.slice(0, 10))}</bdi>
              </span>
            </div>
            <p class="small muted" dir="auto">
              {wordsOf(m)}
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Body({ data }: { data: StudentAnswer }) {
  const plans = columnsOf(data.plans);
  const competences = competencesOf(data.goals).filter((l) => l.text);
  const courses = coursesOf(data.reviews, plans).filter((l) => plans.some((p) => l.cells.has(p.id)));
  return (
    <>
      <Plans plans={data.plans} />
      <p class="small muted mt">
        <RuleLink />
      </p>
      {competences.length > 0 && (
        <Time
          id="h2c"
          title={t("planreport.competences")}
          caption={t("planreport.competences_caption")}
          first={t("planreport.competence")}
          plans={plans}
          lines={competences.map((l) => ({
            key: l.key,
            head: (
              <>
                {l.text}
                <Goals line={l} />
              </>
            ),
            cell: (plan) => {
              const count = l.cells.get(plan);
              return count ? <TaskBar count={count} short /> : nothing(t("planreport.not_in_plan"));
            },
          }))}
        />
      )}
      {courses.length > 0 && (
        <Time
          id="h3r"
          title={t("planreport.reviews_time")}
          hint={t("planreport.no_average")}
          caption={t("planreport.reviews_caption")}
          first={t("planreport.course")}
          plans={plans}
          lines={courses.map((l) => ({
            key: l.id,
            head: l.title,
            cell: (plan) => {
              const list = l.cells.get(plan);
              return list ? <Reviews reviews={list} /> : nothing(t("planreport.no_review"));
            },
          }))}
        />
      )}
      {data.milestones.length > 0 && <Milestones list={data.milestones} data={data} />}
    </>
  );
}

export function StudentReport({ id }: { id: string }) {
  const { home } = useApp();
  const { data, error, again } = useLoad<StudentAnswer>(`plan-report/students/${encodeURIComponent(id)}`);
  const family = home.viewer.role === "student" || home.viewer.role === "guardian";
  const own = home.viewer.role === "student";
  useTitle(data?.student.name ?? t("planreport.student_title"), t("app.name"));
  return (
    <>
      {error && !data ? (
        isMissing(error) ? (
          <Empty icon="user" title={t("planreport.not_there")}>
            <p>{t("planreport.not_there_text")}</p>
          </Empty>
        ) : (
          <Problem error={error} retry={again} />
        )
      ) : null}
      {!data && !error && <Skeleton label={t("common.loading")} />}
      {data && (
        <>
          <div class="page-head">
            <div>
              <p class="eyebrow">
                <a href={href(family ? "" : "reports")}>
                  <Icon name="back" flips /> {t(family ? "planreport.back_home" : "planreport.overview")}
                </a>
              </p>
              <h1 tabIndex={-1} dir="auto">
                {own ? t("planreport.my_progress") : data.student.name}
              </h1>
              <p class="lede">{t(own ? "planreport.lede_own" : family ? "planreport.lede_child" : data.hat === "teacher" ? "planreport.lede_teacher" : "planreport.lede", { name: data.student.given })}</p>
            </div>
            <Ways csv={`plan-report/students/${encodeURIComponent(id)}?format=csv`} />
          </div>
          {data.plans.length === 0 ? (
            <Empty icon="path" title={t("planreport.no_plans")}>
              <p>{t("planreport.no_plans_text")}</p>
            </Empty>
          ) : (
            <Body data={data} />
          )}
        </>
      )}
    </>
  );
}
