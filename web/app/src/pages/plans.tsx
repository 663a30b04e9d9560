/* A course's students and their current plans. */
import { useEffect, useState } from "preact/hooks";
import { api, ApiError } from "../api";
import { useApp, useTitle } from "../app";
import { locale, t, when } from "../i18n";
import { CourseHead } from "../parts/course-head";
import { Icon } from "../parts/icons";
import { Empty, explain, Note } from "../parts/notes";
import { Search } from "../parts/search";
import { href } from "../router";
import { byName, type Direction, finds } from "../sort";
import type { Person, Review } from "../types";

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

interface TableProps {
  people: Person[];
  direction: Direction;
  turn: () => void;
}

function People({ people, direction, turn }: TableProps) {
  const { home } = useApp();
  return (
    <table role="table" class="tbl tbl--stack">
      <caption class="sr">{t("plans.caption", { course: home.course?.title ?? "" })}</caption>
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col" aria-sort={direction}>
            <button type="button" onClick={turn}>
              {t("common.student")} <Icon name={direction === "ascending" ? "up" : "down"} />
            </button>
          </th>
          <th role="columnheader" scope="col">
            {t("plans.tab_one")}
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {people.map((p) => (
          <tr role="row" key={p.id}>
            <th role="rowheader" scope="row" dir="auto">
              {p.name}
            </th>
            <td role="cell" class="muted">
              {t("plans.none_yet")}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Toolbar({ query, ask, total }: { query: string; ask: (q: string) => void; total: number }) {
  return (
    <div class="toolbar">
      <Search label={t("plans.find")} value={query} ask={ask} />
      <span class="muted small" role="status">
        {query ? t("plans.found", { n: total }) : ""}
      </span>
      <div class="toolbar__end">
        <a class="btn btn--quiet" href={href("guardians")}>
          <Icon name="users" />
          {t("plans.guardians")}
        </a>
        <button class="btn btn--quiet" type="button" onClick={() => window.print()}>
          <Icon name="print" />
          {t("plans.print")}
        </button>
      </div>
    </div>
  );
}

export function Plans() {
  const { home, refresh } = useApp();
  useEffect(refresh, []);
  const [query, ask] = useState("");
  const [direction, setDirection] = useState<Direction>("ascending");
  useTitle(t("plans.tab"), home.course?.title, t("app.name"));
  const all = home.participants ?? [];
  const people = byName(
    all.filter((p) => finds(p.name, query)),
    locale(),
    direction,
  );
  const turn = () => setDirection((d) => (d === "ascending" ? "descending" : "ascending"));
  return (
    <>
      <CourseHead tab="plans" />
      <UnderWay />
      {all.length === 0 ? (
        <Empty icon="users" title={t("plans.no_students")}>
          <p>{t("plans.no_students_text")}</p>
        </Empty>
      ) : (
        <>
          <Note>{t("plans.nothing_yet")}</Note>
          <div class="mt">
            <Toolbar query={query} ask={ask} total={people.length} />
          </div>
          {people.length > 0 ? (
            <People people={people} direction={direction} turn={turn} />
          ) : (
            <p class="muted mt">{t("plans.not_found", { query })}</p>
          )}
        </>
      )}
      <RosterLine />
    </>
  );
}
