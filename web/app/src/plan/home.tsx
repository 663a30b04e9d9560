/* Where students and parents begin: the current plan, big and calm. */
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { useApp, useTitle } from "../app";
import { period, t } from "../i18n";
import { isMissing } from "../parts/load";
import { Problem, Skeleton } from "../parts/notes";
import { Missing } from "../pages/other";
import type { PlanBrief } from "../plan-types";
import { go, href } from "../router";
import { PlanContext, usePlanContext } from "./context";
import { usePlan, useSayWriting } from "./data";
import { Family } from "./family";
import { isCurrent } from "./model";
import { NewsLine } from "./news";

/* Several current plans: a switch. Former ones stand at the end of the page. */
function Switch({ plans, id }: { plans: PlanBrief[]; id: string }) {
  const current = plans.filter((p) => isCurrent(p) || p.id === id);
  if (current.length < 2) return null;
  return (
    <nav class="filter planswitch" aria-label={t("plan.switch")}>
      {current.map((p) => (
        <a href={href(`plans/${p.id}`)} aria-current={p.id === id ? "page" : undefined} dir="auto" key={p.id}>
          {p.title}
        </a>
      ))}
    </nav>
  );
}

/* The current one; else the one to come, else the last. */
export function firstPlan(plans: readonly PlanBrief[]): PlanBrief | undefined {
  const newest = [...plans].sort((a, b) => b.startsOn.localeCompare(a.startsOn));
  return newest.find(isCurrent) ?? [...newest].reverse().find((p) => p.currency === "upcoming") ?? newest[0];
}

function Eyebrow() {
  const { page } = usePlanContext();
  return (
    <p class="eyebrow">
      <span dir="auto">{page.plan.title}</span> <span aria-hidden="true">·</span> <bdi>{period(page.plan.startsOn, page.plan.endsOn)}</bdi>
    </p>
  );
}

export function OnePlan({ id, plans, before }: { id: string; plans: PlanBrief[]; before?: ComponentChildren }) {
  const data = usePlan(id);
  const say = useSayWriting(id);
  const { page, error } = data;
  useTitle(page?.plan.title, t("app.name"));
  if (error !== null && isMissing(error)) return <Missing />;
  if (!page && error !== null) return <Problem error={error} retry={() => void data.load()} />;
  if (!page)
    return (
      <>
        {before}
        <Skeleton label={t("common.loading")} />
      </>
    );
  const mine = plans.length ? plans : page.plans;
  return (
    <PlanContext.Provider value={{ ...data, page, hat: page.plan.hat, still: false, family: true, say }}>
      {before}
      <Switch plans={mine} id={id} />
      <Eyebrow />
      <NewsLine />
      <Family />
    </PlanContext.Provider>
  );
}

/* id "": the current one. */
export function StudentPlan({ id }: { id: string }) {
  const { home } = useApp();
  const plans = home.plans ?? [];
  const shown = id || firstPlan(plans)?.id || "";
  useEffect(() => {
    if (!shown) go("my", true);
  }, [shown]);
  return shown ? <OnePlan id={shown} plans={plans} key={shown} /> : null;
}

/* A plan of one of the children, "" the current one; `before` is the choice between them. */
export function ParentPlan({ id, plans, before }: { id: string; plans: PlanBrief[]; before?: ComponentChildren }) {
  const shown = id || firstPlan(plans)?.id || "";
  return <OnePlan id={shown} plans={plans} before={before} key={shown} />;
}
