/* The head of a plan's page: whose it is, its state and dates, how far it has come, who has read it. */
import { useState } from "preact/hooks";
import { api, ApiError } from "../api";
import { useApp } from "../app";
import { day, period, t, when } from "../i18n";
import { Icon, type IconName } from "../parts/icons";
import { FieldError, explain } from "../parts/notes";
import type { PlanState, TaskCount } from "../plan-types";
import { useMay, usePlanContext } from "./context";
import { countTasks } from "./model";
import { focusOnce } from "./focus";
import { MeetingFact } from "../meeting/facts";
import { href } from "../router";
import { PlanActs } from "../students/acts";
import { TrackFact } from "./track";
import { Transfer } from "./transfer";

const chipIcon: Record<PlanState, IconName> = { draft: "pen", published: "eye", locked: "lock", archived: "box" };

export function StateChip({ state }: { state: PlanState }) {
  return (
    <span class={`chip chip--${state}`}>
      <Icon name={chipIcon[state]} />
      {t(`plan.state_of_${state}`)}
    </span>
  );
}

/* Completed is full, ongoing half, not started empty, as the rings are. */
export function Stack({ count }: { count: TaskCount }) {
  const { done, doing, todo } = count;
  const total = done + doing + todo || 1;
  const cuts = [done, done + doing].filter((x, i, all) => x > 0 && x < total && all.indexOf(x) === i);
  return (
    <svg class="stack" viewBox={`0 0 ${total} 1`} preserveAspectRatio="none" aria-hidden="true">
      <rect class="f-todo" width={total} height="1" />
      {done > 0 && <rect class="f-done" width={done} height="1" />}
      {doing > 0 && <rect class="f-doing" x={done} y=".5" width={doing} height=".5" />}
      {cuts.length > 0 && <path d={cuts.map((x) => `M${x} 0V1`).join("")} />}
    </svg>
  );
}

export function TaskMeter({ count }: { count: TaskCount }) {
  const total = count.done + count.doing + count.todo;
  if (total === 0) return <span class="muted small">{t("task.none")}</span>;
  return (
    <span class="meter">
      <Stack count={count} />
      <span>{t("task.n_done", { n: count.done, total })}</span>
    </span>
  );
}

function Dates({ close }: { close: () => void }) {
  const { sessionEnded } = useApp();
  const { page, load } = usePlanContext();
  const { title, startsOn, endsOn, rev } = page.plan;
  const [now, set] = useState({ title, startsOn, endsOn });
  const [problem, fail] = useState("");
  const put = async () => {
    if (!now.title.trim()) return fail(t("plan.title_missing"));
    if (!now.startsOn || !now.endsOn || now.endsOn < now.startsOn) return fail(t("plan.dates_wrong"));
    try {
      await api(`plans/${page.plan.id}`, { method: "PATCH", body: { rev, ...now, title: now.title.trim() } });
      await load();
      close();
    } catch (e) {
      if (e instanceof ApiError && e.code === "expired") sessionEnded();
      if (e instanceof ApiError && e.status === 409) await load();
      fail(explain(e));
    }
  };
  const input = (name: "startsOn" | "endsOn", label: string) => (
    <>
      <label class="sr" for={`plan-${name}`}>
        {label}
      </label>
      <input class="input" id={`plan-${name}`} type="date" value={now[name]} aria-describedby={problem ? "plan-dates-err" : undefined} onChange={(e) => set({ ...now, [name]: e.currentTarget.value })} />
    </>
  );
  return (
    <form
      class="dates"
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        void put();
      }}
      onKeyDown={(e) => e.key === "Escape" && close()}
    >
      <label class="sr" for="plan-title">
        {t("plan.title")}
      </label>
      <input class="input" id="plan-title" dir="auto" maxLength={200} ref={focusOnce} value={now.title} onInput={(e) => set({ ...now, title: e.currentTarget.value })} />
      {input("startsOn", t("plan.from"))}
      <span aria-hidden="true">–</span>
      {input("endsOn", t("plan.to"))}
      <button class="btn btn--primary btn--sm">{t("plan.save")}</button>
      <button class="btn btn--sm" type="button" onClick={close}>
        {t("common.cancel")}
      </button>
      <FieldError id="plan-dates-err" text={problem || undefined} />
    </form>
  );
}

function Facts() {
  const { page, load } = usePlanContext();
  const { readers } = page;
  return (
    <dl class="facts">
      <div>
        <dt>{t("task.heading")}</dt>
        <dd>
          <TaskMeter count={countTasks(page.tasks)} />
        </dd>
      </div>
      <TrackFact />
      <MeetingFact page={page} changed={() => void load()} />
      {readers && (
        <div>
          <dt>{t("plan.readers")}</dt>
          <dd>
            <span class="row row--tight">
              {readers.length === 0 && <span class="muted small">{t("plan.readers_none")}</span>}
              {readers.map((r) => (
                <span class={r.openedAt ? "yesno" : "yesno muted"} title={r.openedAt ? when(r.openedAt) : undefined} key={r.name}>
                  <Icon name={r.openedAt ? "check" : "none"} />
                  <bdi>{r.name}</bdi>
                  <span class="sr"> {t(r.openedAt ? "plan.has_read" : "plan.has_not_read")}</span>
                  {r.confirmedAt && <span class="chip chip--good">{t("plan.confirmed")}</span>}
                </span>
              ))}
            </span>
          </dd>
        </div>
      )}
    </dl>
  );
}

export function Head() {
  const { page, load, still } = usePlanContext();
  const may = useMay();
  const [editing, edit] = useState(false);
  const { plan, student } = page;
  return (
    <>
      <div class="pagehead-plan">
        <div>
          <h1 tabIndex={-1}>
            <span dir="auto">{student.name}</span> <StateChip state={plan.state} />
            {plan.currency !== "current" && <span class="chip">{t(`plan.currency_${plan.currency}`)}</span>}
          </h1>
          {editing ? (
            <Dates close={() => edit(false)} />
          ) : (
            <p class="row mt0">
              <b dir="auto">{plan.title}</b>
              {may("change") ? (
                <button class="inline-edit" type="button" onClick={() => edit(true)}>
                  <span class="sr">{t("plan.change_dates")} </span>
                  <bdi>{period(plan.startsOn, plan.endsOn)}</bdi>
                  <Icon name="pen" />
                </button>
              ) : (
                <bdi>{period(plan.startsOn, plan.endsOn)}</bdi>
              )}
            </p>
          )}
          {plan.lockedAt && plan.state === "locked" && (
            <p class="hint">
              <Icon name="lock" /> {t("plan.locked_at", { day: day(plan.lockedAt.slice(0, 10)) })} {plan.lockReason}
            </p>
          )}
          <Transfer />
        </div>
        {!still && (
          <div class="btn-row">
            <a class="btn" href={href(`print/plans/${plan.id}`)}>
              <Icon name="print" />
              {t("common.print")}
            </a>
            <PlanActs page={page} done={() => void load()} />
          </div>
        )}
      </div>
      <Facts />
    </>
  );
}
