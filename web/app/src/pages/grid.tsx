/* Assessing: every student of the course in one list, everything saved as it is written. */
import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import { api, ApiError, enc, entryPath } from "../api";
import { useApp, useTitle } from "../app";
import { locale, t } from "../i18n";
import { Bulk } from "../parts/bulk";
import { EntryRow, hasSelf, isAssessed } from "../parts/entry-row";
import { insert, unfill } from "../parts/fill";
import { type Act, type Filter, Filters, Head, KeyHint, type Order, Reminded, State } from "../parts/grid-head";
import { later } from "../parts/later";
import { Empty, explain, Problem, Skeleton } from "../parts/notes";
import { Release } from "../parts/release";
import { ReviewForm } from "../parts/review-form";
import { go } from "../router";
import { byName } from "../sort";
import type { Entry, Review } from "../types";
import { useReview } from "../use-review";
import { Missing } from "./other";

const BankDialog = later(() => import("../review/index"), "BankDialog", "reviews");
const CopyComment = later(() => import("../review/index"), "CopyComment", "reviews");
const Duplicate = later(() => import("../review/index"), "Duplicate", "reviews");
const Keys = later(() => import("../review/index"), "Keys", "reviews");
const Paste = later(() => import("../review/index"), "Paste", "reviews");
const Ready = later(() => import("../review/index"), "Ready", "reviews");
const Remind = later(() => import("../review/index"), "Remind", "reviews");

export function Grid({ id }: { id: string }) {
  const { data, error, load, setReview } = useReview(id);
  if (!data && error instanceof ApiError && error.status === 404) return <Missing />;
  if (!data && error !== null) return <Problem error={error} retry={() => void load()} />;
  if (!data) return <Skeleton label={t("grid.loading")} />;
  return <Assess review={data.review} entries={data.entries} load={load} setReview={setReview} />;
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

/* Ctrl+/: sentences for the student in whose row one is. */
function toBank(e: KeyboardEvent, act: (act: Act, student: string) => void): void {
  if (e.key !== "/" || !(e.ctrlKey || e.metaKey)) return;
  const student = (e.target as Element | null)?.closest<HTMLElement>("li[data-student]")?.dataset.student;
  if (!student) return;
  e.preventDefault();
  act("bank", student);
}

interface ListProps {
  review: Review;
  rows: Entry[];
  selected: Set<string>;
  setSelected: (change: (old: Set<string>) => Set<string>) => void;
  act: (act: Act, student: string) => void;
}

function List({ review, rows, selected, setSelected, act }: ListProps) {
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
        onKeyDown={(e) => {
          toNext(e);
          toBank(e, act);
        }}
      >
        {rows.map((e) => (
          <EntryRow
            review={review}
            entry={e}
            selected={selected.has(e.student.id)}
            select={select}
            act={act}
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
  const [order, setOrder] = useState<Order>("name");
  const [shown, setShown] = useState<Set<string> | null>(null);
  const [selected, setSelected] = useState<Set<string>>(new Set());
  const [open, setOpen] = useState<{ act: Act; student: string } | null>(null);
  useTitle(review.title, home.course?.title, t("app.name"));

  const field = (e: Entry, f: "value" | "comment") => queue.get(entryPath(review.id, e.student.id, f));
  const assessed = (e: Entry) => isAssessed(review, field(e, "value"), field(e, "comment"));
  const byNames = useMemo(
    () => byName(entries.map((e) => ({ ...e.student, entry: e })), locale(), "ascending").map((x) => x.entry),
    [entries, home.viewer.language],
  );
  /* The order is settled when it is chosen, like who is listed: rows do not move under one's hands. */
  const [ranks, setRanks] = useState<Map<string, number> | null>(null);
  const sorted = useMemo(() => {
    const rank = (e: Entry) => ranks?.get(e.student.id) ?? 0;
    return ranks ? [...byNames].sort((a, b) => rank(a) - rank(b)) : byNames;
  }, [byNames, ranks]);
  const sort = (by: Order) => {
    setOrder(by);
    const codes = review.scale?.values.map((v) => v.code) ?? [];
    const last = (e: Entry) => -Math.max(...[e.valueAt, e.commentAt].map((at) => (at ? Date.parse(at) : 0)));
    const rank: Record<Order, (e: Entry) => number> = {
      name: () => 0,
      missing: (e) => (assessed(e) ? 1 : 0),
      value: (e) => codes.indexOf(field(e, "value")?.text ?? ""),
      changed: last,
    };
    setRanks(by === "name" ? null : new Map(entries.map((e) => [e.student.id, rank[by](e)])));
  };
  const present = sorted.filter((e) => !e.left);
  const tests: Record<Filter, (e: Entry) => boolean> = {
    all: () => true,
    open: (e) => !e.left && !assessed(e),
    comment: (e) => (field(e, "comment")?.text ?? "").trim() !== "",
    changed: (e) => e.changedSinceRelease || e.changedSinceReady,
    self: hasSelf,
  };
  const count = (f: Filter) => sorted.filter(tests[f]).length;
  const counts = { all: sorted.length, open: count("open"), comment: count("comment"), changed: count("changed"), self: count("self") };
  /* Who is listed is settled when the filter is chosen: no row leaves while somebody writes in it. */
  const choose = (f: Filter) => {
    setFilter(f);
    setShown(f === "all" ? null : new Set(sorted.filter(tests[f]).map((e) => e.student.id)));
    setSelected(new Set());
  };
  const rows = shown ? sorted.filter((e) => shown.has(e.student.id)) : sorted;
  const untouched = review.empty !== false && entries.every((e) => !field(e, "value")?.rev && !field(e, "comment")?.rev && !hasSelf(e));

  const close = () => setOpen(null);
  const again = () => void load();
  const replace = (r: Review) => {
    close();
    setReview(r);
  };
  /* What reads the server's texts waits until this page's are there. */
  const act = useCallback(
    async (what: Act, student = "") => {
      if (what === "ready-one" || what === "unready") {
        await queue.settle(queue.keys(), 3000);
        try {
          const body = { students: [student], ready: what === "ready-one" };
          await api(`reviews/${enc(review.id)}/ready`, { method: "POST", body });
          await load();
        } catch (e) {
          toast({ text: explain(e) });
        }
        return;
      }
      if (what === "release" || what === "ready" || what === "duplicate") {
        await queue.settle(queue.keys(), 3000);
        await load();
      }
      setOpen({ act: what, student });
    },
    [queue, load, review.id],
  );
  const begin = useCallback((what: Act, student: string) => void act(what, student), [act]);
  const released = (students: string[]) => {
    close();
    const who = review.toStudents ? (review.toGuardians ? "both" : "students") : "guardians";
    toast({ text: t(`release.done_${who}`, { n: students.length }) });
    again();
  };
  const of = open?.student ? entries.find((e) => e.student.id === open.student) : undefined;
  const is = (what: Act) => open?.act === what;
  return (
    <>
      <Head review={review} act={(what) => void act(what)} />
      <State review={review} assessed={present.filter(assessed).length} total={present.length} />
      <Reminded review={review} missing={counts.open} today={home.viewer.today} show={() => choose("open")} />
      {entries.length === 0 ? (
        <Empty icon="users" title={t("plans.no_students")}>
          <p>{t("plans.no_students_text")}</p>
        </Empty>
      ) : (
        <>
          <Filters review={review} filter={filter} counts={counts} choose={choose} order={order} sort={sort} keys={() => void act("keys")} />
          <KeyHint review={review} />
          {rows.length > 0 ? (
            <List review={review} rows={rows} selected={selected} setSelected={setSelected} act={begin} />
          ) : (
            <p class="muted mt">{t(`grid.none_${filter}`)}</p>
          )}
        </>
      )}
      {selected.size > 0 && (
        <Bulk review={review} entries={entries} selected={[...selected]} changed={again} clear={() => setSelected(new Set())} />
      )}
      {is("release") && <Release review={review} entries={entries} close={close} done={released} />}
      {is("ready") && (
        <Ready review={review} entries={sorted} close={close} changed={again} releaseNow={() => setOpen({ act: "release", student: "" })} />
      )}
      {is("paste") && <Paste review={review} entries={rows} changed={again} close={close} />}
      {is("remind") && <Remind review={review} close={close} done={replace} />}
      {is("keys") && <Keys review={review} close={close} />}
      {is("duplicate") && (
        <Duplicate
          review={review}
          close={close}
          done={(made) => {
            close();
            setHome((h) => ({ ...h, reviews: [...((h.reviews ?? []) as Review[]), made] }));
            go(`reviews/${made.id}`);
          }}
        />
      )}
      {is("bank") && of && <Bank review={review} entry={of} close={close} />}
      {is("copy") && of && <CopyComment review={review} entries={sorted} from={of} changed={again} close={close} />}
      {is("properties") && (
        <ReviewForm
          review={review}
          empty={untouched}
          close={close}
          done={replace}
          deleted={() => {
            close();
            setHome((h) => ({ ...h, reviews: ((h.reviews ?? []) as Review[]).filter((r) => r.id !== review.id) }));
            toast({ text: t("review.deleted", { title: review.title }) });
            go("reviews", true);
          }}
        />
      )}
    </>
  );
}

/* Sentences for one student: put in where the cursor was. */
function Bank({ review, entry, close }: { review: Review; entry: Entry; close: () => void }) {
  const { queue } = useApp();
  const given = entry.student.given || entry.student.name;
  const key = entryPath(review.id, entry.student.id, "comment");
  const area = () => document.getElementById(`c-${entry.student.id}`) as HTMLTextAreaElement | null;
  const text = queue.get(key)?.text ?? "";
  const [put, setPut] = useState<number | null>(null);
  /* After the dialog has given the focus back. */
  useEffect(() => {
    if (put === null) return;
    area()?.focus();
    area()?.setSelectionRange(put, put);
    close();
  }, [put]);
  if (put !== null) return null;
  return (
    <BankDialog
      kind="comment"
      name={given}
      who={entry.student.name}
      keep={unfill(text.trim(), given)}
      close={() => put === null && close()}
      pick={(sentence) => {
        const now = queue.get(key)?.text ?? "";
        const at = area()?.selectionStart ?? now.length;
        const done = insert(now, Math.min(at || now.length, now.length), sentence);
        queue.edit(key, done.text);
        setPut(done.at);
      }}
    />
  );
}
