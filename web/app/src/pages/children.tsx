/* A parent's page: one child at a time, only what has been released. */
import { useApp, useTitle } from "../app";
import { period, t } from "../i18n";
import { initials } from "../parts/frame";
import { later } from "../parts/later";
import { useShown } from "../parts/shown";
import { Empty } from "../parts/notes";
import { Said, saidOf, ValueBox } from "../parts/said";
import { href } from "../router";
import { newestFirst } from "../sort";
import type { Child, ChildReview } from "../types";
import { Missing } from "./other";

function Kids({ list, current }: { list: Child[]; current: string }) {
  return (
    <nav class="kids" aria-label={t("child.your_children")}>
      {list.map((c) => (
        <a href={href(`children/${c.id}`)} aria-current={c.id === current ? "page" : undefined} key={c.id}>
          <span class="avatar avatar--student" aria-hidden="true">
            {initials(c.name)}
          </span>
          <span>
            <b dir="auto">{c.given || c.name}</b>
            <small>{c.plans?.[0] ? c.plans[0].title : t("child.n_reviews", { n: c.reviews.length })}</small>
          </span>
        </a>
      ))}
    </nav>
  );
}

function Review({ review, given }: { review: ChildReview; given: string }) {
  const id = `r-${review.id}`;
  const self = review.self;
  return (
    <article class="review" aria-labelledby={id}>
      <div class="review__top">
        <div>
          <h3 id={id} dir="auto" tabIndex={-1}>
            {review.course}
          </h3>
          <p class="muted small">
            <span dir="auto">{review.title}</span> <span aria-hidden="true">·</span>{" "}
            <bdi>{period(review.startsOn, review.endsOn)}</bdi>
          </p>
        </div>
        <ValueBox scale={review.scale} value={review.released.value} />
      </div>
      <Said {...saidOf(review.released)} />
      {self && (self.comment.trim() || self.value !== null) && (
        <div class="selfsaid">
          <Said text={self.comment} by={given} student />
          {self.value !== null && (
            <p class="muted small row">
              {t("child.own_value", { given })} <ValueBox scale={review.selfScale ?? review.scale} value={self.value} />
            </p>
          )}
        </div>
      )}
    </article>
  );
}

/* No child is connected to this account: why, and whom to ask. */
function NoChild() {
  const { home } = useApp();
  return (
    <div class="mt">
      <Empty icon="users" title={t("child.none")}>
        <p>{t("child.none_text")}</p>
        <p>{t("app.ask", { help: home.school.help })}</p>
      </Empty>
    </div>
  );
}

function Reviews({ child }: { child: Child }) {
  const given = child.given || child.name;
  const reviews = newestFirst(child.reviews);
  return (
    <>
      <h1 class="mt" tabIndex={-1} dir="auto">
        {t("child.heading", { given })}
      </h1>
      <p class="lede">{t("child.lede")}</p>
      {reviews.length === 0 ? (
        <div class="mt">
          <Empty icon="clock" title={t("child.nothing")}>
            <p>{t("child.nothing_text", { given })}</p>
          </Empty>
        </div>
      ) : (
        <section class="section" aria-labelledby="said">
          <h2 id="said">{t("child.teachers_say")}</h2>
          <p class="muted small mt0">{t("child.not_final")}</p>
          <div class="panel mt">
            {reviews.map((r) => (
              <Review review={r} given={given} key={r.id} />
            ))}
          </div>
        </section>
      )}
    </>
  );
}

const ParentPlan = later(() => import("../plan/index"), "ParentPlan", "plan");

/* first: the review, plan: the plan that a link led to; of a child who has it, else nothing is different. */
export function Children({ id, first = "", plan = "" }: { id: string; first?: string; plan?: string }) {
  const { home } = useApp();
  const children = home.children ?? [];
  const has = (c: Child) => (plan ? c.plans?.some((p) => p.id === plan) : first && c.reviews.some((r) => r.id === first));
  const having = children.find(has);
  const child = id ? children.find((c) => c.id === id) : (having ?? children[0]);
  useShown(first);
  useTitle(t("child.title"), t("app.name"));
  if (children.length === 0)
    return (
      <>
        <h1 tabIndex={-1}>{t("child.title")}</h1>
        <NoChild />
      </>
    );
  if (!child || (plan && !having)) return <Missing />;
  const kids = children.length > 1 && <Kids list={children} current={child.id} />;
  if (child.plans?.length && !first) return <ParentPlan id={plan} plans={child.plans} before={kids} key={child.id} />;
  return (
    <>
      {kids}
      <Reviews child={child} key={child.id} />
    </>
  );
}
