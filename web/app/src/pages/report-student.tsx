/* One student over the course's reviews: each value beside the others, then what was
 * written, the latest first. */
import { useApp, useTitle } from "../app";
import { period, t, when } from "../i18n";
import { Icon } from "../parts/icons";
import { isMissing, useLoad } from "../parts/load";
import { Empty, Problem, Skeleton } from "../parts/notes";
import { fitting, type ReportReview, Scroller, SmallValue } from "../parts/reported";
import { Said, ValueBox } from "../parts/said";
import { href } from "../router";

interface Entry {
  review: ReportReview;
  value: string | null;
  comment: string;
  by: string | null;
  at: string | null;
  releasedAt: string | null;
  changed: boolean;
  self?: { value: string | null; comment: string; at: string };
}

interface Answer {
  student: { id: string; name: string; given: string; left: boolean };
  entries: Entry[];
}

const hasWords = (e: Entry) => e.value !== null || e.comment.trim() !== "";

function Release({ entry }: { entry: Entry }) {
  if (!hasWords(entry)) return null;
  const key = !entry.releasedAt ? "not_released" : entry.changed ? "changed" : "released";
  return (
    <p class="muted small">
      <Icon name={entry.releasedAt ? (entry.changed ? "pen" : "check") : "lock"} />{" "}
      {key === "released" ? t("report.released_at", { when: when(entry.releasedAt ?? "") }) : t(`report.${key}`)}
    </p>
  );
}

function Review({ entry, given }: { entry: Entry; given: string }) {
  const { review, self } = entry;
  const id = `e-${review.id}`;
  return (
    <article class="review" aria-labelledby={id}>
      <div class="review__top">
        <div>
          <h3 id={id} dir="auto">
            <a href={href(`reviews/${review.id}`)}>{review.title}</a>
          </h3>
          <p class="muted small">
            <bdi>{period(review.startsOn, review.endsOn)}</bdi>
          </p>
        </div>
        <ValueBox scale={review.scale} value={entry.value} />
      </div>
      {entry.comment.trim() ? (
        <Said text={entry.comment} by={entry.by ?? t("common.somebody")} at={entry.at ?? undefined} />
      ) : (
        !hasWords(entry) && <p class="muted">{t("report.nothing")}</p>
      )}
      {self && (self.comment.trim() || self.value !== null) && (
        <div class="selfsaid">
          <Said text={self.comment} by={given} at={self.at} student />
          {self.value !== null && (
            <p class="muted small row">
              {t("child.own_value", { given })} <ValueBox scale={review.scale} value={self.value} />
            </p>
          )}
        </div>
      )}
      <Release entry={entry} />
    </article>
  );
}

function OverTime({ entries, name }: { entries: Entry[]; name: string }) {
  const inTime = [...entries].reverse();
  return (
    <section class="section" aria-labelledby="over-time">
      <h2 id="over-time">{t("report.over_time")}</h2>
      <p class="hint">{t("report.no_averages")}</p>
      <Scroller wide={inTime.length > fitting} label={t("report.over_time")}>
        <table role="table" class="tbl tbl--stack mt">
          <caption class="sr">{t("report.over_time_caption", { name })}</caption>
          <thead role="rowgroup">
            <tr role="row">
              {inTime.map((e) => (
                <th role="columnheader" scope="col" dir="auto" key={e.review.id}>
                  {e.review.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            <tr role="row">
              {inTime.map((e) => (
                <td role="cell" data-l={e.review.title} class="full" key={e.review.id}>
                  {e.value !== null && e.review.scale ? (
                    <SmallValue scale={e.review.scale} value={e.value} />
                  ) : (
                    <span class="muted small">{t(e.comment.trim() ? "report.comment" : "report.nothing")}</span>
                  )}
                </td>
              ))}
            </tr>
          </tbody>
        </table>
      </Scroller>
    </section>
  );
}

function Nobody() {
  return (
    <>
      <h1 tabIndex={-1}>{t("report.student")}</h1>
      <div class="mt">
        <Empty icon="user" title={t("report.nobody")}>
          <p>{t("report.nobody_text")}</p>
          <a class="btn" href={href("report")}>
            {t("report.to_group")}
          </a>
        </Empty>
      </div>
    </>
  );
}

/* "nobody": a submission review about somebody whom we do not know. */
export function ReportStudent({ id }: { id: string }) {
  const { home } = useApp();
  const known = /^[0-9a-f-]{36}$/.test(id);
  const { data, error, again } = useLoad<Answer>(known ? `report/${id}` : null);
  const name = data?.student.name;
  useTitle(name ?? t("report.student"), home.course?.title, t("app.name"));
  if (!known || isMissing(error)) return <Nobody />;
  if (error) return <Problem error={error} retry={again} />;
  if (!data) return <Skeleton label={t("common.loading")} />;
  const { student, entries } = data;
  return (
    <>
      <p class="eyebrow">
        <a href={href("report")}>
          <Icon name="back" flips />
          {t("report.to_group")}
        </a>{" "}
        <span aria-hidden="true">·</span> <span dir="auto">{home.course?.title}</span>
      </p>
      <div class="page-head">
        <div>
          <h1 tabIndex={-1} dir="auto">
            {student.name}
          </h1>
          {student.left && <p class="lede">{t("report.left")}</p>}
        </div>
        <div class="btn-row">
          <button class="btn btn--quiet" type="button" onClick={() => window.print()}>
            <Icon name="print" />
            {t("common.print")}
          </button>
        </div>
      </div>
      {entries.length > 1 && <OverTime entries={entries} name={student.name} />}
      <section class="section" aria-labelledby="said">
        <h2 id="said">{t("report.what_was_said")}</h2>
        <div class="mt">
          {entries.length === 0 ? (
            <p class="muted">{t("report.no_reviews")}</p>
          ) : (
            entries.map((e) => <Review entry={e} given={student.given} key={e.review.id} />)
          )}
        </div>
      </section>
    </>
  );
}
