/* What the cells of lists of students hold: state, tasks, on track, who has read, last change. */
import { locale, period, t, when } from "../i18n";
import { Icon, type IconName } from "../parts/icons";
import type { PlanRow, PlanState, TaskCount, Track } from "../plan-types";
import { readers } from "./list";

const stateIcons: Record<PlanState, IconName> = { draft: "pen", published: "eye", locked: "lock", archived: "box" };

export function StateChip({ plan }: { plan: PlanRow }) {
  return (
    <>
      <span class={`chip chip--${plan.state}`}>
        <Icon name={stateIcons[plan.state]} />
        {t(`students.state_${plan.state}`)}
      </span>
      {plan.currency === "upcoming" && <span class="small muted">{t("students.upcoming")}</span>}
    </>
  );
}

const trackIcons: Record<Track, IconName> = { ahead: "ahead", on: "on", behind: "behind", support: "support" };

export function TrackMark({ track }: { track: PlanRow["track"] }) {
  const value = track?.value ?? null;
  return (
    <span class={`track track--${value ?? "none"}`} title={track?.reason}>
      <Icon name={value ? trackIcons[value] : "none"} />
      {t(`students.track_${value ?? "none"}`)}
    </span>
  );
}

/* The rings again as a bar: done full, ongoing half, not started empty; the number beside it. */
export function Stack({ tasks }: { tasks: TaskCount }) {
  const { done, doing, todo } = tasks;
  const total = done + doing + todo;
  const cuts = [done, done + doing].filter((x) => x > 0 && x < total);
  return (
    <span class="meter">
      <svg class="stack" viewBox={`0 0 ${total || 1} 1`} preserveAspectRatio="none" aria-hidden="true">
        <rect class="f-todo" width={total || 1} height="1" />
        <rect class="f-done" width={done} height="1" />
        <rect class="f-doing" x={done} y=".5" width={doing} height=".5" />
        {cuts.length > 0 && <path d={cuts.map((x) => `M${x} 0V1`).join("")} />}
      </svg>
      <span>
        <b>{done}</b> {t("students.of", { total })}
        <span class="sr"> {t("students.tasks_said", { doing, todo })}</span>
      </span>
    </span>
  );
}

export function Legend() {
  const swatch = (kind: "done" | "doing" | "todo") => (
    <span>
      <svg class="sw" aria-hidden="true">
        <rect class={kind === "done" ? "f-done" : "f-todo"} width="12" height="12" />
        {kind === "doing" && <rect class="f-doing" y="6" width="12" height="6" />}
      </svg>
      {t(`students.task_${kind}`)}
    </span>
  );
  return (
    <span class="legend">
      {swatch("done")}
      {swatch("doing")}
      {swatch("todo")}
    </span>
  );
}

function whoRead(plan: PlanRow): [IconName, string, string] {
  const r = readers(plan);
  if (!r) return ["none", "muted", plan.state === "draft" ? "not_published" : "nobody"];
  if (r.student && r.home !== false) return ["check", "yes", r.home === null ? "student" : "both"];
  if (r.student) return ["user", "", "student_only"];
  return r.home ? ["home", "", "home_only"] : ["none", "muted", "nobody"];
}

export function ReadMark({ plan }: { plan: PlanRow }) {
  const [icon, look, word] = whoRead(plan);
  if (word === "not_published") return <span class="yesno muted">{t("students.read_not_published")}</span>;
  return (
    <span class={look === "muted" ? "yesno muted" : "yesno"}>
      {look === "yes" ? (
        <span class="yes">
          <Icon name={icon} />
        </span>
      ) : (
        <Icon name={icon} />
      )}
      {t(`students.read_${word}`)}
    </span>
  );
}

export function LastChange({ plan }: { plan: PlanRow }) {
  if (!plan.changedAt) return null;
  const at = when(plan.changedAt);
  return (
    <>
      <span class="nowrap">{at.charAt(0).toUpperCase() + at.slice(1)}</span>
      <span class="sub sub--in" dir="auto">
        {plan.changedBy}
      </span>
    </>
  );
}

/* Without the year where that is this one. */
function shortPeriod(from: string, to: string): string {
  const year = String(new Date().getFullYear());
  if (!from.startsWith(year) || !to.startsWith(year)) return period(from, to);
  const f = new Intl.DateTimeFormat(locale(), { day: "numeric", month: "short", timeZone: "UTC" });
  return f.formatRange(new Date(from), new Date(to));
}

export function Valid({ plan, short }: { plan: PlanRow; short?: boolean }) {
  return <bdi>{(short ? shortPeriod : period)(plan.startsOn, plan.endsOn)}</bdi>;
}

/* What of a plan is news to this reader, in words; nothing where there is none. */
export function News({ plan }: { plan: PlanRow }) {
  const news = [
    plan.comments ? t("students.n_comments", { n: plan.comments }) : "",
    plan.proposals ? t("students.n_proposals", { n: plan.proposals }) : "",
  ].filter(Boolean);
  if (!news.length) return null;
  return (
    <span class="news">
      <Icon name="chat" />
      {news.join(", ")}
    </span>
  );
}
