/* A course's midterm reviews. */
import { useEffect, useState } from "preact/hooks";
import { useApp, useTitle, withReview } from "../app";
import { period, pick, t, when } from "../i18n";
import { CourseHead } from "../parts/course-head";
import { Icon } from "../parts/icons";
import { Meter } from "../parts/meter";
import { Empty } from "../parts/notes";
import { ReviewForm } from "../parts/review-form";
import { go, href } from "../router";
import { newestFirst } from "../sort";
import type { Review } from "../types";

export function audience(r: Review): string {
  const key = r.toStudents && r.toGuardians ? "both" : r.toStudents ? "students" : r.toGuardians ? "guardians" : "nobody";
  return t(`review.to_${key}`);
}

function ReleasedCell({ review }: { review: Review }) {
  if (!review.released || !review.releasedAt)
    return (
      <span class="yesno">
        <Icon name="none" />
        {t("review.nobody_yet")}
      </span>
    );
  const part = review.released < review.total ? `, ${t("common.of", { n: review.released, total: review.total })}` : "";
  return (
    <span>
      <span class="yesno yes">
        <Icon name="check" />
        {audience(review)}
        {part}
      </span>
      <span class="sub">
        <bdi>{when(review.releasedAt)}</bdi>
      </span>
    </span>
  );
}

function Scale({ review }: { review: Review }) {
  if (!review.scale)
    return (
      <span>
        {t("review.comment_only")}
        <span class="sub">{t("review.no_grade")}</span>
      </span>
    );
  return (
    <span>
      {pick(review.scale.name)}
      <span class="sub">
        {review.scaleLocked && <Icon name="lock" />}{" "}
        {t(review.scaleLocked ? "review.locked_and_comment" : "review.and_comment")}
      </span>
    </span>
  );
}

function Row({ review }: { review: Review }) {
  const underWay = !review.released && review.assessed < review.total;
  return (
    <tr role="row">
      <th role="rowheader" scope="row">
        <a href={href(`reviews/${review.id}`)} dir="auto">
          {review.title}
        </a>
        <span class="sub">{t("review.changed", { when: when(review.changedAt) })}</span>
      </th>
      <td role="cell" data-l={t("review.period")} class="full">
        <bdi>{period(review.startsOn, review.endsOn)}</bdi>
      </td>
      <td role="cell" data-l={t("review.assessment")} class="full">
        <Scale review={review} />
      </td>
      <td role="cell" class="full">
        <Meter n={review.assessed} total={review.total} />
      </td>
      <td role="cell" data-l={t("review.released_to")} class="full">
        <ReleasedCell review={review} />
      </td>
      <td role="cell">
        <a class={underWay ? "btn btn--sm btn--primary" : "btn btn--sm"} href={href(`reviews/${review.id}`)}>
          {t(underWay && review.assessed ? "review.continue" : underWay ? "review.start" : "review.open")}
          <span class="sr"> {review.title}</span>
        </a>
      </td>
    </tr>
  );
}

const columns = ["review.one", "review.period", "review.assessment", "review.assessed", "review.released_to"];

function Table({ reviews }: { reviews: Review[] }) {
  return (
    <table role="table" class="tbl tbl--stack">
      <caption>{t("review.caption")}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((key) => (
            <th role="columnheader" scope="col">
              {t(key)}
            </th>
          ))}
          <th role="columnheader" scope="col">
            <span class="sr">{t("common.actions")}</span>
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {reviews.map((r) => (
          <Row review={r} key={r.id} />
        ))}
      </tbody>
    </table>
  );
}

export function Reviews() {
  const { home, setHome, refresh } = useApp();
  useEffect(refresh, []);
  const [making, make] = useState(false);
  useTitle(t("review.tab"), home.course?.title, t("app.name"));
  const reviews = newestFirst((home.reviews ?? []) as Review[]);
  const button = (
    <button class="btn btn--primary" type="button" onClick={() => make(true)}>
      <Icon name="plus" />
      {t("review.new")}
    </button>
  );
  return (
    <>
      <CourseHead tab="reviews">{reviews.length > 0 && <div class="btn-row">{button}</div>}</CourseHead>
      {reviews.length > 0 ? (
        <Table reviews={reviews} />
      ) : (
        <Empty icon="chat" title={t("review.empty")}>
          <p>{t("review.empty_text")}</p>
          {button}
        </Empty>
      )}
      {making && (
        <ReviewForm
          close={() => make(false)}
          done={(review) => {
            make(false);
            setHome((h) => withReview(h, review));
            go(`reviews/${review.id}`);
          }}
        />
      )}
    </>
  );
}
