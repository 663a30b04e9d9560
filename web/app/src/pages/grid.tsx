/* Assessing: every student of the course in one list, everything saved as it is written. */
import { useCallback, useMemo, useState } from "preact/hooks";
import { ApiError, entryPath } from "../api";
import { useApp, useTally, useTitle } from "../app";
import { locale, period, pick, t } from "../i18n";
import { Bulk } from "../parts/bulk";
import { EntryRow, hasSelf, isAssessed } from "../parts/entry-row";
import { isLong, keyHint } from "../parts/grade";
import { Icon } from "../parts/icons";
import { Meter } from "../parts/meter";
import { Empty, Problem, Skeleton } from "../parts/notes";
import { Release } from "../parts/release";
import { ReviewForm } from "../parts/review-form";
import { go, href } from "../router";
import { byName } from "../sort";
import type { Entry, Review } from "../types";
import { useReview } from "../use-review";
import { Missing } from "./other";

type Filter = "all" | "open" | "self";

export function Grid({ id }: { id: string }) {
  const { data, error, load, setReview } = useReview(id);
  if (!data && error instanceof ApiError && error.status === 404) return <Missing />;
  if (!data && error !== null) return <Problem error={error} retry={() => void load()} />;
  if (!data) return <Skeleton label={t("grid.loading")} />;
  return <Assess review={data.review} entries={data.entries} load={load} setReview={setReview} />;
}

interface HeadProps {
  review: Review;
  edit: () => void;
  release: () => void;
}

function Head({ review, edit, release }: HeadProps) {
  const { home } = useApp();
  const dot = <span aria-hidden="true">·</span>;
  return (
    <div class="page-head">
      <div>
        <p class="eyebrow">
          <a href={href("reviews")}>
            <Icon name="back" flips />
            {t("review.tab")}
          </a>
        </p>
        <h1 tabIndex={-1} dir="auto">
          {review.title}
        </h1>
        <p class="lede">
          <span dir="auto">{home.course?.title}</span> {dot} <bdi>{period(review.startsOn, review.endsOn)}</bdi> {dot}{" "}
          {review.scale ? t("review.scale_and_comment", { scale: pick(review.scale.name) }) : t("review.comment_only")}
        </p>
      </div>
      <div class="btn-row">
        <button class="btn" type="button" onClick={edit}>
          <Icon name="pen" />
          {t("review.properties")}
        </button>
        <button class="btn btn--primary" type="button" onClick={release}>
          <Icon name="send" />
          {t("release.dots")}
        </button>
      </div>
    </div>
  );
}

function State({ review, assessed, total }: { review: Review; assessed: number; total: number }) {
  const tally = useTally();
  const parts = [
    tally.unsaved ? t("save.n_unsaved", { n: tally.unsaved }) : "",
    tally.conflicts ? t("save.n_conflicts", { n: tally.conflicts }) : "",
  ].filter(Boolean);
  const seen = review.released === 0 ? "grid.only_staff" : review.released < total ? "grid.some_see" : "grid.all_see";
  return (
    <div class="row row--between">
      <div class="row">
        <Meter n={assessed} total={total} said />
        {review.scale && review.scaleLocked && (
          <span class="chip chip--locked">
            <Icon name="lock" />
            {t("review.scale_locked")}
          </span>
        )}
        <span class="muted small">
          {review.scale && review.scaleLocked ? `${t("review.lock_reason")} ` : ""}
          {t(seen, { n: review.released })}
        </span>
      </div>
      {parts.length > 0 && (
        <span class={tally.unsaved ? "save save--error" : "save save--conflict"}>
          <Icon name={tally.unsaved ? "warn" : "sync"} />
          {parts.join(", ")}
        </span>
      )}
    </div>
  );
}

interface FilterProps {
  filter: Filter;
  counts: Record<Filter, number>;
  self: boolean;
  choose: (f: Filter) => void;
}

function Filters({ filter, counts, self, choose }: FilterProps) {
  const shown: Filter[] = self ? ["all", "open", "self"] : ["all", "open"];
  return (
    <div class="toolbar mt">
      <div class="filter" role="group" aria-label={t("common.show")}>
        {shown.map((f) => (
          <button type="button" aria-pressed={filter === f} onClick={() => choose(f)}>
            {t(`grid.filter_${f}`, { n: counts[f] })}
          </button>
        ))}
      </div>
      <div class="toolbar__end wide-only no-print">
        <button class="btn btn--quiet" type="button" onClick={() => window.print()}>
          <Icon name="print" />
          {t("common.print")}
        </button>
      </div>
    </div>
  );
}

function Keys({ review }: { review: Review }) {
  const keys = review.scale && !isLong(review.scale) ? keyHint(review.scale) : [];
  return (
    <p class="small muted wide-only no-print" id="keys">
      {keys.length > 0 && (
        <>
          {t("grid.keys_type")} {keys.map((k) => [<kbd>{k}</kbd>, " "])}
          {t("grid.keys_grade")} <kbd>Tab</kbd> {t("grid.keys_write")}{" "}
        </>
      )}
      <kbd>Ctrl</kbd>+<kbd>Enter</kbd> {t("grid.keys_next")} {t("grid.keys_saves")}
    </p>
  );
}

/* Ctrl+Enter: to the next student's grade, or comment where there is no grade. */
function toNext(e: KeyboardEvent): void {
  if (e.key !== "Enter" || !(e.ctrlKey || e.metaKey)) return;
  const row = (e.target as Element | null)?.closest("li[data-student]");
  const next = row?.nextElementSibling;
  if (!row) return;
  e.preventDefault();
  const target =
    next?.querySelector<HTMLElement>("input[data-grade]:checked") ??
    next?.querySelector<HTMLElement>("[data-grade]") ??
    next?.querySelector<HTMLElement>("textarea");
  target?.focus();
}

interface ListProps {
  review: Review;
  rows: Entry[];
  selected: Set<string>;
  setSelected: (change: (old: Set<string>) => Set<string>) => void;
}

function List({ review, rows, selected, setSelected }: ListProps) {
  const select = useCallback((id: string, on: boolean) => {
    setSelected((old) => {
      const next = new Set(old);
      if (on) next.add(id);
      else next.delete(id);
      return next;
    });
  }, []);
  const all = rows.length > 0 && rows.every((e) => selected.has(e.student.id));
  const selectAll = (on: boolean) => setSelected(() => new Set(on ? rows.map((e) => e.student.id) : []));
  return (
    <>
      <div class="entry-head">
        <label class="hit">
          <input
            class="check"
            type="checkbox"
            aria-label={t("grid.select_all", { n: rows.length })}
            checked={all}
            onChange={(e) => selectAll(e.currentTarget.checked)}
          />
          <span class="entry-head__all" aria-hidden="true">
            {t("grid.select_all", { n: rows.length })}
          </span>
        </label>
        <span aria-hidden="true">{t("common.student")}</span>
        <span aria-hidden="true">{review.scale ? t("grid.field_value") : ""}</span>
        <span aria-hidden="true">{t("grid.your_comment")}</span>
        <span aria-hidden="true">{review.selfAssessment ? t("grid.their_self") : ""}</span>
      </div>
      <ol
        class={`entry${review.scale ? "" : " entry--words"}${review.selfAssessment ? "" : " entry--noself"}`}
        aria-label={t("common.students")}
        aria-describedby="keys"
        onKeyDown={toNext}
      >
        {rows.map((e) => (
          <EntryRow
            review={review}
            entry={e}
            selected={selected.has(e.student.id)}
            select={select}
            key={e.student.id}
          />
        ))}
      </ol>
    </>
  );
}

interface AssessProps {
  review: Review;
  entries: Entry[];
  load: () => Promise<void>;
  setReview: (review: Review) => void;
}

function Assess({ review, entries, load, setReview }: AssessProps) {
  const { home, queue, toast, setHome } = useApp();
  const [filter, setFilter] = useState<Filter>("all");
  const [shown, setShown] = useState<Set<string> | null>(null);
  const [selected, setSelected] = useState<Set<string>>(new Set());
  const [open, setOpen] = useState<"properties" | "release" | null>(null);
  useTitle(review.title, home.course?.title, t("app.name"));

  const sorted = useMemo(
    () => byName(entries.map((e) => ({ ...e.student, entry: e })), locale(), "ascending").map((x) => x.entry),
    [entries, home.viewer.language],
  );
  const field = (e: Entry, f: "value" | "comment") => queue.get(entryPath(review.id, e.student.id, f));
  const assessed = (e: Entry) => isAssessed(review, field(e, "value"), field(e, "comment"));
  const present = sorted.filter((e) => !e.left);
  const tests: Record<Filter, (e: Entry) => boolean> = {
    all: () => true,
    open: (e) => !e.left && !assessed(e),
    self: hasSelf,
  };
  const counts = {
    all: sorted.length,
    open: sorted.filter(tests.open).length,
    self: sorted.filter(tests.self).length,
  };
  /* Who is listed is settled when the filter is chosen: no row leaves while somebody writes in it. */
  const choose = (f: Filter) => {
    setFilter(f);
    setShown(f === "all" ? null : new Set(sorted.filter(tests[f]).map((e) => e.student.id)));
    setSelected(new Set());
  };
  const rows = shown ? sorted.filter((e) => shown.has(e.student.id)) : sorted;
  const untouched = review.empty !== false && entries.every((e) => !field(e, "value")?.rev && !field(e, "comment")?.rev && !hasSelf(e));

  const released = (students: string[]) => {
    setOpen(null);
    const who = review.toStudents ? (review.toGuardians ? "both" : "students") : "guardians";
    toast({ text: t(`release.done_${who}`, { n: students.length }) });
    void load();
  };
  const startRelease = async () => {
    await queue.settle(queue.keys(), 3000);
    setOpen("release");
  };
  return (
    <>
      <Head review={review} edit={() => setOpen("properties")} release={() => void startRelease()} />
      <State review={review} assessed={present.filter(assessed).length} total={present.length} />
      {entries.length === 0 ? (
        <Empty icon="users" title={t("plans.no_students")}>
          <p>{t("plans.no_students_text")}</p>
        </Empty>
      ) : (
        <>
          <Filters filter={filter} counts={counts} self={review.selfAssessment} choose={choose} />
          <Keys review={review} />
          {rows.length > 0 ? (
            <List review={review} rows={rows} selected={selected} setSelected={setSelected} />
          ) : (
            <p class="muted mt">{t(`grid.none_${filter}`)}</p>
          )}
        </>
      )}
      {selected.size > 0 && (
        <Bulk
          review={review}
          selected={[...selected]}
          changed={() => void load()}
          clear={() => setSelected(new Set())}
        />
      )}
      {open === "release" && (
        <Release review={review} entries={entries} close={() => setOpen(null)} done={released} />
      )}
      {open === "properties" && (
        <ReviewForm
          review={review}
          empty={untouched}
          close={() => setOpen(null)}
          done={(r) => {
            setOpen(null);
            setReview(r);
          }}
          deleted={() => {
            setOpen(null);
            setHome((h) => ({ ...h, reviews: ((h.reviews ?? []) as Review[]).filter((r) => r.id !== review.id) }));
            toast({ text: t("review.deleted", { title: review.title }) });
            go("reviews", true);
          }}
        />
      )}
    </>
  );
}
