/* What the teachers of all courses say; the student's own assessment beside it. */
import { useMemo } from "preact/hooks";
import { selfPath } from "../api";
import { useApp } from "../app";
import { t } from "../i18n";
import { SelfAssessment } from "../pages/my";
import type { MyReview } from "../types";
import { newestFirst } from "../sort";
import { usePlanContext } from "./context";
import { ReviewCard } from "./reviews";

/* Reviews of the course of the launch that the student may still answer. */
function useOpen(): MyReview[] {
  const { home, queue } = useApp();
  const { hat, still } = usePlanContext();
  const all = hat === "student" && !still ? ((home.reviews ?? []) as MyReview[]) : [];
  useMemo(() => {
    for (const r of all) {
      if (!r.self) continue;
      queue.offer(selfPath(r.id, "self_value"), r.self.value, r.self.valueRev);
      queue.offer(selfPath(r.id, "self_comment"), r.self.comment, r.self.commentRev);
    }
  }, [home.reviews]);
  return all.filter((r) => r.selfAssessment && r.self);
}

export function FamilyReviews({ heading }: { heading: string }) {
  const { page } = usePlanContext();
  const { home } = useApp();
  const open = useOpen();
  const asked = newestFirst(open.filter((r) => !page.reviews.some((p) => p.id === r.id)));
  if (page.reviews.length + asked.length === 0) return null;
  return (
    <section class="section" aria-labelledby="mh">
      <h2 id="mh">{heading}</h2>
      <p class="muted small mt0">{t("plan.not_final")}</p>
      <div class="panel mt">
        {page.reviews.map((r) => {
          const self = open.find((o) => o.id === r.id);
          return (
            <ReviewCard review={r} key={r.id}>
              {self && <SelfAssessment review={self} />}
            </ReviewCard>
          );
        })}
        {asked.map((r) => (
          <article class="review" aria-labelledby={`r-${r.id}`} key={r.id}>
            <h3 id={`r-${r.id}`} dir="auto" tabIndex={-1}>
              {home.course?.title}: {r.title}
            </h3>
            <SelfAssessment review={r} />
          </article>
        ))}
      </div>
    </section>
  );
}
