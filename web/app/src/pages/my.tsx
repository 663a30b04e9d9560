/* A student's reviews: the own assessment, and the teacher's words once they are released. */
import { useEffect, useMemo } from "preact/hooks";
import { selfPath } from "../api";
import { useApp, useField, useTitle } from "../app";
import { period, t } from "../i18n";
import { Compare } from "../parts/compare";
import { Grade, labelOf } from "../parts/grade";
import { Icon } from "../parts/icons";
import { Empty } from "../parts/notes";
import { useShown } from "../parts/shown";
import { SaveState } from "../parts/save-state";
import { Said, saidOf, ValueBox } from "../parts/said";
import { Words } from "../parts/words";
import { newestFirst } from "../sort";
import type { MyReview } from "../types";

const glide = 350;

function Who({ review }: { review: MyReview }) {
  const key = review.toGuardians === false ? "self.who_teachers" : "self.who_all";
  return (
    <span class="who" id={`who-${review.id}`}>
      <span>
        <Icon name="eye" />
        <span>{t(key)}</span>
      </span>
      <span>
        <Icon name="pen" />
        <span>{t("self.who_edits")}</span>
      </span>
    </span>
  );
}

export function SelfAssessment({ review }: { review: MyReview }) {
  const { queue } = useApp();
  const valueKey = selfPath(review.id, "self_value");
  const commentKey = selfPath(review.id, "self_comment");
  const value = useField(valueKey);
  const comment = useField(commentKey);
  const scale = review.selfScale ?? review.scale;
  return (
    <div class="field selfbox">
      <div class="field__top">
        <label for={`self-${review.id}`}>{t("self.label")}</label>
        <Who review={review} />
      </div>
      <p class="hint">{t("self.hint")}</p>
      {scale && (
        <div class="row">
          <span class="small muted">{t("self.own_value_ask")}</span>
          <Grade
            scale={scale}
            name={`self-v-${review.id}`}
            legend={t("self.value_for", { title: review.title })}
            value={value?.text ?? null}
            set={(code, gliding) => queue.edit(valueKey, code, gliding ? glide : 0)}
          />
        </div>
      )}
      <Words
        id={`self-${review.id}`}
        field={commentKey}
        rows={3}
        look="textarea--voice"
        describedBy={`who-${review.id}`}
      />
      <div class="savebox">
        <SaveState fields={[value, comment]} what={review.title} />
      </div>
      {value?.phase === "conflict" && <Compare field={value} choice={(code) => labelOf(scale, code)} />}
      {comment?.phase === "conflict" && <Compare field={comment} />}
    </div>
  );
}

function Card({ review }: { review: MyReview }) {
  const id = `r-${review.id}`;
  return (
    <section class="panel" aria-labelledby={id}>
      <div class="panel__head">
        <h2 id={id} dir="auto" tabIndex={-1}>
          {review.title}
        </h2>
        <span class="muted small">
          <bdi>{period(review.startsOn, review.endsOn)}</bdi>
        </span>
      </div>
      <div class="stackv stackv--lg">
        {review.released ? (
          <div class="review">
            <div class="review__top">
              <h3>{t("self.teacher_says")}</h3>
              <ValueBox scale={review.scale} value={review.released.value} />
            </div>
            <Said {...saidOf(review.released)} />
          </div>
        ) : (
          <p class="note">
            <Icon name="clock" />
            <span>{t("self.not_released")}</span>
          </p>
        )}
        {review.selfAssessment && review.self && <SelfAssessment review={review} />}
      </div>
    </section>
  );
}

/* first: the review that a link led to. */
export function My({ first }: { first: string }) {
  const { home, queue, refresh } = useApp();
  const reviews = newestFirst((home.reviews ?? []) as MyReview[]);
  useTitle(t("self.heading"), home.course?.title, t("app.name"));
  useShown(first);
  useMemo(() => {
    for (const r of reviews) {
      if (!r.self) continue;
      queue.offer(selfPath(r.id, "self_value"), r.self.value, r.self.valueRev);
      queue.offer(selfPath(r.id, "self_comment"), r.self.comment, r.self.commentRev);
    }
  }, [home.reviews]);
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === "visible") refresh();
    };
    document.addEventListener("visibilitychange", look);
    return () => {
      queue.flushAll();
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  return (
    <>
      <p class="eyebrow" dir="auto">
        {home.course?.title}
      </p>
      <h1 tabIndex={-1}>{t("self.heading")}</h1>
      <p class="lede">{t("self.lede")}</p>
      {reviews.length === 0 ? (
        <div class="mt">
          <Empty icon="chat" title={t("self.empty")}>
            <p>{t("self.empty_text")}</p>
          </Empty>
        </div>
      ) : (
        <div class="stackv stackv--lg mt">
          {reviews.map((r) => (
            <Card review={r} key={r.id} />
          ))}
        </div>
      )}
    </>
  );
}
