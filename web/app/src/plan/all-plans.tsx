/* Every plan of the student that the viewer sees, the newest first, empty ones too. */
import { period, t } from "../i18n";
import { href } from "../router";
import { usePlanContext } from "./context";
import { StateChip, TaskMeter } from "./head";

export function AllPlans() {
  const { page } = usePlanContext();
  return (
    <section id="all" aria-labelledby="all-h">
      <div class="section__head">
        <h2 id="all-h" tabIndex={-1}>
          {t("plan.all_plans")}
        </h2>
        <a class="small" href={href(`reports/students/${page.student.id}`)}>
          {t("plan.over_time")}
        </a>
      </div>
      <ol class="timeline">
        {page.plans.map((p) => {
          const here = p.id === page.plan.id;
          const n = p.tasks ? p.tasks.todo + p.tasks.doing + p.tasks.done : 0;
          return (
            <li class={here ? "is-now" : undefined} key={p.id}>
              <div class="timeline__top">
                <a href={href(`plans/${p.id}`)} aria-current={here ? "page" : undefined} dir="auto">
                  {p.title}
                </a>
                <StateChip state={p.state} />
                {p.currency === "upcoming" && <span class="chip">{t("plan.currency_upcoming")}</span>}
              </div>
              <p class="small muted">
                <bdi>{period(p.startsOn, p.endsOn)}</bdi>
              </p>
              {p.tasks && n > 0 && <TaskMeter count={p.tasks} />}
              {p.tasks && n === 0 && <p class="small muted">{t("plan.no_content")}</p>}
            </li>
          );
        })}
      </ol>
      {page.plan.predecessor && (
        <p class="small muted mt">
          {t("plan.follows")}{" "}
          <a href={href(`plans/${page.plan.predecessor.id}`)} dir="auto">
            {page.plan.predecessor.title}
          </a>
        </p>
      )}
      {page.plan.createdBy && <p class="small muted">{t("plan.created_by", { name: page.plan.createdBy })}</p>}
    </section>
  );
}
