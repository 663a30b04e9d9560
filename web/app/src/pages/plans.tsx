/* A course's students and their current plans. */
import { useEffect } from "preact/hooks";
import { api, ApiError } from "../api";
import { useApp, useTitle } from "../app";
import { t, when } from "../i18n";
import { CourseHead } from "../parts/course-head";
import { Icon } from "../parts/icons";
import { later } from "../parts/later";
import { Empty, explain } from "../parts/notes";
import { href } from "../router";
import type { Review } from "../types";

const CoursePlans = later(() => import("../students/course"), "CoursePlans", "students");

const askAgain = 3000;

/* The review being written now: begun, not all released. */
function UnderWay() {
  const { home } = useApp();
  const today = home.viewer.today;
  const review = ((home.reviews ?? []) as Review[]).find(
    (r) => r.startsOn <= today && r.released === 0 && r.assessed > 0 && r.assessed < r.total,
  );
  if (!review) return null;
  return (
    <p class="note note--info underway">
      <Icon name="pen" />
      <span>
        {t("plans.under_way", { title: review.title, assessed: review.assessed, total: review.total })}{" "}
        <a href={href(`reviews/${review.id}`)}>
          {t("plans.continue")}
          <span class="sr"> {t("review.assessing", { title: review.title })}</span>
        </a>
      </span>
    </p>
  );
}

function useRoster() {
  const { home, reload, sessionEnded, toast } = useApp();
  const state = home.roster?.state ?? "none";
  const busy = state === "wanted" || state === "running";
  useEffect(() => {
    if (!busy) return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void reload().catch(() => undefined);
    }, askAgain);
    return () => clearInterval(timer);
  }, [busy]);
  const ask = async () => {
    try {
      await api("roster", { method: "POST", body: {} });
      await reload();
    } catch (e) {
      if (e instanceof ApiError && e.code === "expired") sessionEnded();
      else toast({ text: explain(e) });
    }
  };
  return { state, busy, ask };
}

function RosterLine() {
  const { home } = useApp();
  const { state, busy, ask } = useRoster();
  const { at, people, retryAt } = home.roster ?? {};
  const fetching = people ? t("plans.roster_so_far", { n: people }) : t("plans.roster_busy");
  const text = busy ? fetching : at ? t("plans.roster_at", { when: when(at) }) : t("plans.roster_never");
  return (
    <div class="tbl__foot row row--between">
      <span>
        <span role="status">{text}</span>{" "}
        {!busy && (
          <button class="linkbtn" type="button" onClick={() => void ask()}>
            {t("plans.roster_update")}
          </button>
        )}
        {state === "failed" && (
          <span class="err">
            <Icon name="warn" />
            {retryAt ? t("plans.roster_failed_until", { when: when(retryAt) }) : t("plans.roster_failed")}
          </span>
        )}
      </span>
    </div>
  );
}

export function Plans() {
  const { home, refresh } = useApp();
  useEffect(refresh, []);
  useTitle(t("plans.tab"), home.course?.title, t("app.name"));
  return (
    <>
      <CourseHead tab="plans" />
      <UnderWay />
      {(home.participants ?? []).length === 0 ? (
        <Empty icon="users" title={t("plans.no_students")}>
          <p>{t("plans.no_students_text")}</p>
        </Empty>
      ) : (
        <CoursePlans />
      )}
      <RosterLine />
    </>
  );
}
