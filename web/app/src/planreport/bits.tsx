/* Bars, marks and the ways out of a report. A bar is never alone: its number stands beside it. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { ApiError, identity } from "../api";
import { useApp } from "../app";
import { rich, t } from "../i18n";
import { Icon, type IconName } from "../parts/icons";
import { explain } from "../parts/notes";
import type { PlanState, TaskCount, Track } from "../plan-types";
import { totalOf } from "./model";

export function Stack({ count }: { count: TaskCount }) {
  const total = totalOf(count) || 1;
  const { done, doing } = count;
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

/* Bar, number, and in words what the bar shows. */
export function TaskBar({ count, short }: { count: TaskCount; short?: boolean }) {
  const total = totalOf(count);
  if (total === 0) return <span class="muted small">{t("planreport.no_tasks")}</span>;
  return (
    <span class={short ? "cellbar" : "meter"}>
      <Stack count={count} />
      <span class={short ? "small muted" : undefined}>
        {rich("planreport.n_of", { n: short ? count.done : <b>{count.done}</b>, total })}
        <span class="sr"> {t("planreport.bar_words", { done: count.done, doing: count.doing, todo: count.todo })}</span>
      </span>
    </span>
  );
}

export function PartBar({ n, of }: { n: number; of: number }) {
  return (
    <svg class="bar" viewBox={`0 0 ${of || 1} 1`} preserveAspectRatio="none" aria-hidden="true">
      <rect class="f-done" width={n} height="1" />
    </svg>
  );
}

export function Legend() {
  return (
    <span class="legend">
      <span>
        <svg class="sw" aria-hidden="true">
          <rect class="f-done" width="12" height="12" />
        </svg>
        {t("planreport.done")}
      </span>
      <span>
        <svg class="sw" aria-hidden="true">
          <rect class="f-todo" width="12" height="12" />
          <rect class="f-doing" y="6" width="12" height="6" />
        </svg>
        {t("planreport.doing")}
      </span>
      <span>
        <svg class="sw" aria-hidden="true">
          <rect class="f-todo" width="12" height="12" />
        </svg>
        {t("planreport.todo")}
      </span>
    </span>
  );
}

const trackIcon: Record<Track | "none", IconName> = { ahead: "ahead", on: "on", behind: "behind", support: "support", none: "none" };

export function TrackMark({ value, said }: { value: Track | null; said?: boolean }) {
  const key = value ?? "none";
  return (
    <span class={`track track--${key}`} title={said ? t("planreport.said") : undefined}>
      <Icon name={trackIcon[key]} />
      {t(`planreport.track_${key}`)}
      {said && <span class="sr">, {t("planreport.said")}</span>}
    </span>
  );
}

const stateIcon: Record<PlanState, IconName> = { draft: "pen", published: "eye", locked: "lock", archived: "box" };

export function State({ state }: { state: PlanState }) {
  return (
    <span class={`chip chip--${state}`}>
      <Icon name={stateIcon[state]} />
      {t(`planreport.state_${state}`)}
    </span>
  );
}

/* The file carries the session in headers, so it is fetched and then given to the browser. */
async function download(path: string): Promise<void> {
  const response = await fetch(`/api/${path}`, { headers: { Accept: "text/csv", ...identity() }, credentials: "same-origin", cache: "no-store" });
  if (!response.ok) throw new ApiError(response.status, response.status === 401 ? "expired" : "internal", "", null, null);
  const name = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "plans";
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.target = "_blank";
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export function Ways({ csv, children }: { csv: string; children?: ComponentChildren }) {
  const { sessionEnded, toast } = useApp();
  const [busy, work] = useState(false);
  const get = async () => {
    work(true);
    try {
      await download(csv);
    } catch (e) {
      if (e instanceof ApiError && e.code === "expired") sessionEnded();
      toast({ text: e instanceof ApiError ? explain(e) : t("error.unreachable") });
    }
    work(false);
  };
  return (
    <div class="btn-row no-print">
      {children}
      <button class="btn" type="button" onClick={() => window.print()}>
        <Icon name="print" />
        {t("common.print")}
      </button>
      <button class="btn btn--quiet" type="button" disabled={busy} onClick={() => void get()}>
        {t("planreport.csv")}
      </button>
    </div>
  );
}
