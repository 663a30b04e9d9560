/* Midterm reviews of the period, from all courses. */
import { period, t } from "../i18n";
import { Icon } from "../parts/icons";
import { Said, ValueBox } from "../parts/said";
import type { PlanReview } from "../plan-types";
import { usePlanContext } from "./context";
import { shortDay } from "./when";

const given = (name: { given: string; name: string }) => name.given || name.name;

export function ReviewLine({ review }: { review: PlanReview }) {
  return (
    <li class="row">
      <b dir="auto">{review.course}</b>
      <ValueBox scale={review.scale} value={review.value ?? null} />
      <span dir="auto">{review.comment}</span>
      <span class="hint">
        <bdi>{review.by}</bdi>, {shortDay(review.enteredOn)}
      </span>
    </li>
  );
}

function Self({ review }: { review: PlanReview }) {
  const self = review.self;
  if (!self || (!self.comment.trim() && self.value === null)) return <span class="muted small">{t("plan.self_none")}</span>;
  return (
    <>
      {self.value !== null && <ValueBox scale={self.scale ?? review.scale} value={self.value} />}{" "}
      {self.comment.trim() && (
        <span class="quote" dir="auto">
          {t("common.quoted", { text: self.comment })}
        </span>
      )}
    </>
  );
}

/* For staff: a line a course. What is not released is theirs alone. */
export function ReviewTable() {
  const { page } = usePlanContext();
  const name = given(page.student);
  const { startsOn, endsOn } = page.plan;
  return (
    <section class="section" id="mid" aria-labelledby="mid-h">
      <div class="section__head">
        <h2 id="mid-h" tabIndex={-1}>
          {t("plan.reviews_heading")}
        </h2>
        <span class="hint">
          {t("plan.reviews_all")} <bdi>{period(startsOn, endsOn)}</bdi>
        </span>
      </div>
      {page.reviews.length === 0 ? (
        <p class="muted">{t("plan.reviews_none")}</p>
      ) : (
        <table role="table" class="tbl tbl--stack tbl--top">
          <caption class="sr">{t("plan.reviews_heading")}</caption>
          <thead role="rowgroup">
            <tr role="row">
              {["course", "value", "comment", "self", "entered"].map((c) => (
                <th role="columnheader" scope="col" key={c}>
                  {t(`plan.review_${c}`, { given: name })}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {page.reviews.map((r) => (
              <tr role="row" class={r.releasedAt ? undefined : "staffonly"} key={r.id}>
                <th role="rowheader" scope="row">
                  <span dir="auto">{r.course}</span>
                  <span class="sub">
                    <bdi>{r.by}</bdi> <span dir="auto">{r.title}</span>
                  </span>
                </th>
                <td role="cell" class="nowrap">
                  {r.value ? <ValueBox scale={r.scale} value={r.value} /> : <span class="muted small">{t("plan.review_no_value")}</span>}
                </td>
                <td role="cell" class="full lines" dir="auto">
                  {r.comment}
                </td>
                <td role="cell" class="full" data-l={name}>
                  <Self review={r} />
                </td>
                <td role="cell" data-l={t("plan.review_entered")}>
                  <span>
                    {shortDay(r.enteredOn)}
                    <span class="sub">
                      {r.releasedAt ? (
                        t("plan.review_released")
                      ) : (
                        <>
                          <Icon name="lock" /> {t("plan.review_unreleased")}
                        </>
                      )}
                    </span>
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/* For families: what the teacher says, and what the student thinks. */
export function ReviewCard({ review, children }: { review: PlanReview; children?: preact.ComponentChildren }) {
  const { page, hat } = usePlanContext();
  const self = review.self;
  const said = self && (self.comment.trim() || self.value !== null);
  return (
    <article class="review" aria-labelledby={`r-${review.id}`}>
      <div class="review__top">
        <div>
          <h3 id={`r-${review.id}`} dir="auto" tabIndex={-1}>
            {review.course}
          </h3>
          <p class="muted small" dir="auto">
            {review.title}
          </p>
        </div>
        <ValueBox scale={review.scale} value={review.value ?? null} />
      </div>
      <Said text={review.comment ?? ""} by={review.by} at={review.releasedAt ?? review.enteredOn} />
      {children ??
        (said && (
          <div class="selfsaid">
            <Said text={self.comment} by={hat === "student" ? t("plan.you") : given(page.student)} student />
            {self.value !== null && <ValueBox scale={self.scale ?? review.scale} value={self.value} />}
          </div>
        ))}
    </article>
  );
}
