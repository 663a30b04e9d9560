/* My students: everybody in a mentor's charge, with or without a plan, and what needs one first. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { useApp, useTitle } from "../app";
import { locale, t } from "../i18n";
import { Icon } from "../parts/icons";
import { Empty, Problem, Skeleton } from "../parts/notes";
import { Search } from "../parts/search";
import type { StudentList, StudentRow } from "../plan-types";
import { printPlans } from "../print/open";
import { go, href } from "../router";
import { Bulk, type Wanted } from "./bulk";
import { Legend } from "./cells";
import { BulkDialog, type Open } from "./dialogs";
import { type Counts, countsOf, eligible, firstView, groupsOf, itemsOf, type Only, type Row, rowsShown, type State, studentsOf, type View } from "./list";
import { listPath, useList } from "./lists";
import { useActs } from "./run";
import { useSettled } from "./shares";
import { MeetingStrip, Needs } from "./strips";
import { Table } from "./table";

/* What was looked for stays while one goes to a plan and back. */
let keptView: View = firstView;

const states: Exclude<State, "">[] = ["none", "draft", "published", "locked", "archived"];

interface ToolsProps {
  list: StudentList;
  view: View;
  change: (view: View) => void;
  counts: Counts;
}

function Choices({ view, change, counts }: Omit<ToolsProps, "list">) {
  const button = (only: Only, label: string) => (
    <button type="button" aria-pressed={view.only === only} onClick={() => change({ ...view, only })}>
      {label}
    </button>
  );
  return (
    <div class="filter" role="group" aria-label={t("common.show")}>
      {button("", t("students.everyone"))}
      {button("attention", t("students.attention", { n: counts.only.attention }))}
      {button("unread", t("students.unread", { n: counts.only.unread }))}
    </div>
  );
}

function Tools({ list, view, change, counts }: ToolsProps) {
  const { home } = useApp();
  const head = home.hats?.head === true;
  return (
    <div class="toolbar mt">
      <Search label={t("students.find")} value={view.search} ask={(search) => change({ ...view, search })} />
      {(list.groups.length > 1 || head) && (
        <>
          <label class="sr" for="group">
            {t("students.group")}
          </label>
          <select class="select select--auto" id="group" value={view.group} onChange={(e) => change({ ...view, group: e.currentTarget.value })}>
            <option value="">{t(home.hats?.mentor ? "students.all_groups" : "students.choose_group")}</option>
            {list.groups.map((g) => (
              <option value={g.id} key={g.id}>
                {g.mine || !home.hats?.mentor ? g.name : t("students.of_school", { name: g.name })}
              </option>
            ))}
          </select>
        </>
      )}
      <label class="sr" for="state">
        {t("students.state")}
      </label>
      <select class="select select--auto" id="state" value={view.state} onChange={(e) => change({ ...view, state: e.currentTarget.value as State })}>
        <option value="">{t("students.any_state")}</option>
        {states.map((s) => (
          <option value={s} key={s}>
            {t(s === "none" ? "students.no_plan" : `students.state_${s}`)}
          </option>
        ))}
      </select>
      <Choices view={view} change={change} counts={counts} />
    </div>
  );
}

function Heading({ list, counts }: { list: StudentList | null; counts: Counts }) {
  const { home } = useApp();
  const groups = list ? list.groups.filter((g) => list.students.some((s) => s.groups.includes(g.id))).length : 0;
  return (
    <div class="page-head">
      <div>
        <h1 tabIndex={-1}>{t(home.hats?.mentor ? "app.my_students" : "app.students")}</h1>
        {list && list.students.length > 0 && (
          <p class="lede" role="status">
            {t("students.lede", { n: counts.students, groups, plans: counts.withPlan, drafts: counts.drafts })}
          </p>
        )}
      </div>
      {home.hats?.mentor && (
        <a class="btn btn--quiet" href={href("shared")}>
          <Icon name="share" />
          {t("share.heading")}
        </a>
      )}
    </div>
  );
}

const dayOf = (date: string) =>
  new Intl.DateTimeFormat(locale(), { day: "numeric", month: "short", timeZone: "UTC" }).format(new Date(date));

/* Which dialog an act opens; undefined: it is done at once. */
function dialogFor(act: Wanted, rows: Row[]): Open | undefined {
  if (act === "create") return { kind: "create", students: studentsOf(rows) };
  if (act === "archive" || act === "restore" || act === "meet" || act === "print") return undefined;
  return { kind: act, rows: eligible(act, rows) };
}

function Nobody() {
  const { home } = useApp();
  if (!home.hats?.mentor) return <p class="muted mt">{t("students.choose_group_text")}</p>;
  return (
    <Empty icon="users" title={t("students.nobody")}>
      <p>{t("students.nobody_text", { help: home.school.help })}</p>
    </Empty>
  );
}

export function Students() {
  const { home, announce } = useApp();
  const [view, setView] = useState(keptView);
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const [open, show] = useState<Open | null>(null);
  const search = useSettled(view.search.trim());
  const searchAll = home.hats?.head === true && !home.hats.mentor ? search : "";
  const { list, error, reload } = useList(listPath(view.group, searchAll, view.state));
  useTitle(t(home.hats?.mentor ? "app.my_students" : "app.students"), t("app.name"));
  const change = (next: View) => {
    keptView = next;
    setView(next);
  };
  useEffect(() => {
    const look = () => document.visibilityState === "visible" && void reload();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [view.group, view.state, searchAll]);

  const groups = useMemo(() => (list ? groupsOf(list, view, locale()) : []), [list, view]);
  const counts = useMemo(() => countsOf(list?.students ?? []), [list]);
  const rows = rowsShown(groups);
  const selected = rows.filter((r) => chosen.has(r.key));
  const changed = () => void reload();
  const acts = useActs(changed);
  const act = (wanted: Wanted) => {
    const dialog = dialogFor(wanted, selected);
    if (dialog) return show(dialog);
    const plans = itemsOf(eligible(wanted as "archive", selected));
    if (wanted === "meet") return go(`meetings/new/${plans.map((p) => p.id).join(",")}`);
    if (wanted === "print") return printPlans(plans.map((p) => p.id));
    choose(new Set());
    void acts.run(wanted as "archive" | "restore", plans);
  };
  /* New drafts are chosen, so that publishing is the next thing. */
  const done = (plans: string[]) => {
    show(null);
    choose(new Set(plans));
    changed();
  };
  const found = rows.length;
  useEffect(() => {
    if (view.search) announce(t("students.found", { n: found }));
  }, [view.search, found]);

  return (
    <>
      <Heading list={list} counts={counts} />
      {error !== null && !list && <Problem error={error} retry={changed} />}
      {!list && error === null && <Skeleton label={t("common.loading")} />}
      {list && (
        <>
          {list.meetings.slice(0, 2).map((b) => (
            <MeetingStrip batch={b} key={b.batch} />
          ))}
          <Needs counts={counts} only={view.only} choose={(only) => change({ ...view, only })} />
          <Tools list={list} view={view} change={change} counts={counts} />
          {list.students.length === 0 && !view.search ? (
            <Nobody />
          ) : found === 0 ? (
            <p class="muted mt">
              {t("students.none_found")}{" "}
              <button class="linkbtn" type="button" onClick={() => change({ ...firstView, group: view.group })}>
                {t("students.show_all")}
              </button>
            </p>
          ) : (
            <>
              <Table
                groups={groups}
                view={view}
                change={change}
                chosen={chosen}
                choose={choose}
                create={(s: StudentRow) => show({ kind: "create", students: [s] })}
                readLabel={list.meetings[0] ? t("students.read_before", { day: dayOf(list.meetings[0].on) }) : t("students.read")}
              />
              {selected.length > 0 && <Bulk rows={selected} act={act} clear={() => choose(new Set())} />}
              <div class="tbl__foot row row--between">
                <Legend />
                <span>{t("common.n_students", { n: new Set(rows.map((r) => r.student.id)).size })}</span>
              </div>
            </>
          )}
        </>
      )}
      {open && <BulkDialog open={open} all={list?.students ?? []} close={() => show(null)} done={done} acts={acts} switchTo={show} />}
    </>
  );
}
