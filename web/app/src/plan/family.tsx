/* The plan as families read it and write in it: what is agreed, in plain words (ui/06, ui/07). */
import { useState } from "preact/hooks";
import { pick, t } from "../i18n";
import { Icon } from "../parts/icons";
import { Empty } from "../parts/notes";
import type { FormField, FormSection, Hat, PlanRowOfGrid, Task } from "../plan-types";
import { Signatures } from "../meeting/signatures";
import { href } from "../router";
import { useEdits, useMay, usePlanContext } from "./context";
import { FieldBox, isEmpty } from "./field";
import { AddRow } from "./grid";
import { Stack } from "./head";
import { countTasks, gridOf, gridSection, headOf, letterOf, valueOf, wordsOf } from "./model";
import { Thread, WritePost } from "./posts";
import { FamilyReviews } from "./family-reviews";
import { FamilyMeetingSlot } from "./slots";
import { MyTask } from "./tasks";
import { TrackMark } from "./track";
import { Reader } from "./value";
import { useRowActs } from "./acts";
import { NewMark } from "./who";

const givenOf = (s: { given: string; name: string }) => s.given || s.name;

/* What somebody said of a goal, with the name. */
function Said({ field, row }: { field: FormField; row: string }) {
  const { page, hat } = usePlanContext();
  const value = valueOf(page, row, field.key);
  const voice = value?.hat === "student" ? " said--student" : value?.hat === "guardian" ? " said--parent" : "";
  const text = field.kind === "long" || field.kind === "text" || field.kind === "rich";
  if (!text)
    return (
      <div class="field">
        <b class="label">{pick(field.label)}</b>
        <Reader field={field} row={row} />
      </div>
    );
  return (
    <div class="field">
      <b class="label goalcard__k">
        {pick(field.label)} {value?.isNew && <NewMark />}
      </b>
      <blockquote class={`said${voice}`}>
        <Reader field={field} row={row} said />
        {value?.by && <footer>{value.hat === hat && hat === "student" ? t("plan.you") : value.by}</footer>}
      </blockquote>
    </div>
  );
}

/* Nobody else writes there: it waits for this person's words. */
const isOwn = (f: FormField, hat: Hat) => f.kind === "tasks" || (f.editedBy ?? "") === letterOf[hat];
const listed = new Set(["tasks", "files", "comments", "notes"]);

function Goal({ goal, section }: { goal: PlanRowOfGrid; section: FormSection }) {
  const { page, hat, still } = usePlanContext();
  const [writing, write] = useState(false);
  const { remove } = useRowActs();
  const edits = useEdits();
  const head = headOf(section, "goal");
  const words = wordsOf(page, goal) || t("plan.no_words");
  const fields = section.fields.filter((f) => f.of === "goal" && f !== head && f.kind !== "heading");
  /* What stands there, and what waits for this person alone; what else may be written is one step away. */
  const empty = (f: FormField) => isEmpty(page, f, goal.id);
  const [started] = useState(() => new Set(fields.filter((f) => !empty(f)).map((f) => f.key)));
  const shows = (f: FormField) => (edits(f) ? started.has(f.key) || isOwn(f, hat) : !empty(f));
  const more = fields.filter((f) => edits(f) && !shows(f));
  const own = goal.state === "proposed" && goal.hat === hat && goal.mayRemove && !still;
  return (
    <div class={goal.state === "agreed" ? "goalcard" : "goalcard goalcard--proposed"}>
      {head && writing ? (
        <FieldBox field={head} row={goal.id} of={words} inside />
      ) : (
        <p class="goalcard__g" dir="auto">
          {hat === "student" && <span class="goalcard__k">{t("plan.my_goal")} </span>}
          {words}{" "}
          {head && edits(head) && (
            <button class="taskdots" type="button" aria-label={t("plan.goal_change", { goal: words })} title={t("plan.goal_change_title")} onClick={() => write(true)}>
              <Icon name="pen" />
            </button>
          )}
        </p>
      )}
      {goal.state !== "agreed" && (
        <p class="row">
          <span class="chip chip--warn">{t(`plan.state_${goal.state}`, { name: goal.by })}</span>
          {own && (
            <button class="linkbtn small" type="button" onClick={() => remove(goal, words)}>
              {t("plan.proposal_back")}
            </button>
          )}
        </p>
      )}
      {fields.filter(shows).map((f) =>
        edits(f) || listed.has(f.kind) ? <FieldBox field={f} row={goal.id} of={words} inside key={f.key} /> : <Said field={f} row={goal.id} key={f.key} />,
      )}
      {more.length > 0 && (
        <details class="more">
          <summary>
            {t("plan.goal_more")}
            <span class="sr"> {words}</span>
          </summary>
          <div class="stackv">
            {more.map((f) => (
              <FieldBox field={f} row={goal.id} of={words} inside key={f.key} />
            ))}
          </div>
        </details>
      )}
    </div>
  );
}

export function Goals({ heading }: { heading: string }) {
  const { page, hat } = usePlanContext();
  const may = useMay();
  const section = gridSection(page);
  if (!section) return null;
  const grid = gridOf(page.rows);
  const writes = section.edits === true && may("write");
  const adds = (kind: "competence" | "goal") => writes && headOf(section, kind)?.edits === true;
  return (
    <section class="section" aria-labelledby="gh">
      <h2 id="gh">{heading}</h2>
      {grid.length === 0 && (
        <div class="mt">
          <Empty icon="path" title={t(hat === "student" ? "plan.no_goals_you" : "plan.no_goals_child")} level="h3">
            <p>{t("plan.no_goals_text")}</p>
          </Empty>
        </div>
      )}
      <div class="stackv mt">
        {grid.map(({ row, goals }) => {
          const head = headOf(section, "competence");
          const fields = section.fields.filter((f) => f.of === "competence" && f !== head);
          return (
            <section class={hat === "guardian" ? "panel goalpanel goalpanel--home" : "panel goalpanel"} aria-labelledby={`c-${row.id}`} key={row.id}>
              <h3 id={`c-${row.id}`} dir="auto">
                {wordsOf(page, row) || t("plan.no_words")}
              </h3>
              {fields.filter((f) => !isEmpty(page, f, row.id)).map((f) => (
                <Said field={f} row={row.id} key={f.key} />
              ))}
              {goals.map((g) => (
                <Goal goal={g} section={section} key={g.id} />
              ))}
              {(adds("goal") || may("propose")) && <AddRow kind="goal" parent={row.id} of={wordsOf(page, row)} proposed={!adds("goal")} />}
            </section>
          );
        })}
      </div>
      {adds("competence") && <AddRow kind="competence" parent={null} proposed={false} />}
    </section>
  );
}

/* Home's tasks, wherever they stand. */
function AtHome() {
  const { page } = usePlanContext();
  const home: Task[] = page.tasks.filter((x) => x.responsible === "home" && x.category !== "dropped" && !x.movedTo);
  if (home.length === 0) return null;
  return (
    <section class="section" aria-labelledby="home-h">
      <h2 id="home-h">{t("plan.at_home")}</h2>
      <div class="panel mt">
        <ul class="mytasks">
          {home.map((x) => (
            <MyTask task={x} key={x.id} />
          ))}
        </ul>
      </div>
    </section>
  );
}

function Sections() {
  const { page } = usePlanContext();
  const edits = useEdits();
  const drawn = (s: FormSection) => s.fields.filter((f) => f.kind !== "computed" && f.kind !== "signature" && (edits(f) || !isEmpty(page, f, null)));
  return (
    <>
      {page.form.sections
        .filter((s) => s.kind === "fields" && drawn(s).some((f) => f.kind !== "heading"))
        .map((s) => (
          <section class="section" aria-labelledby={`s-${s.key}`} key={s.key}>
            <h2 id={`s-${s.key}`}>{pick(s.title)}</h2>
            <div class="panel mt stackv stackv--lg">
              {drawn(s).map((f) => (
                <FieldBox field={f} row={null} key={f.key} />
              ))}
            </div>
          </section>
        ))}
    </>
  );
}

function Topics() {
  const { page, hat } = usePlanContext();
  const may = useMay();
  const topics = page.form.topics;
  if (!topics) return null;
  const mine = page.posts.filter((p) => p.field === "_topics");
  const writes = may("post") && topics.edits === true;
  if (mine.length === 0 && !writes) return null;
  return (
    <section class="section" aria-labelledby="topics-h">
      <h2 id="topics-h">{t("plan.topics")}</h2>
      <div class="panel mt">
        <Thread field="_topics" row={null} seenBy={topics.seenBy} topics />
        {writes && <WritePost field="_topics" row={null} seenBy={topics.seenBy} label={t(hat === "guardian" ? "plan.topic_write_home" : "plan.topic_write_you")} />}
      </div>
    </section>
  );
}

function Log() {
  const { page } = usePlanContext();
  const may = useMay();
  const log = page.form.log;
  if (!log) return null;
  const writes = may("log") && log.edits === true;
  const none = page.posts.every((p) => p.field !== "_log");
  if (none && !writes) return null;
  return (
    <section class="section" aria-labelledby="log-h">
      <h2 id="log-h">{t("plan.log")}</h2>
      <div class="panel mt">
        <Thread field="_log" row={null} seenBy={log.seenBy} newestFirst />
        {none && <p class="muted">{t("plan.log_none")}</p>}
        {writes && <WritePost field="_log" row={null} seenBy={log.seenBy} label={t("plan.log_write")} />}
      </div>
    </section>
  );
}

function Earlier() {
  const { page, still } = usePlanContext();
  const rest = page.plans.filter((p) => p.id !== page.plan.id && p.state !== "draft");
  if (rest.length === 0 || still) return null;
  return (
    <p class="mt-lg muted">
      {t("plan.earlier")}{" "}
      {rest.map((p, i) => (
        <>
          {i > 0 && ", "}
          <a href={href(`plans/${p.id}`)} dir="auto">
            {p.title}
          </a>
        </>
      ))}
    </p>
  );
}

function Short() {
  const { page } = usePlanContext();
  const count = countTasks(page.tasks);
  const total = count.done + count.doing + count.todo;
  return (
    <>
      {page.track && (
        <p class="row mt0">
          <TrackMark value={page.track.value} />
        </p>
      )}
      {total > 0 && (
        <div class="mt0">
          <Stack count={count} />
        </div>
      )}
    </>
  );
}

export function StudentView() {
  const { page, still } = usePlanContext();
  const count = countTasks(page.tasks);
  const total = count.done + count.doing + count.todo;
  const given = givenOf(page.student);
  return (
    <>
      <h1 tabIndex={-1} dir="auto">
        {t("plan.hi", { given })}
      </h1>
      <p class="lede">{total ? t("plan.lede_tasks", { n: count.done, total, doing: count.doing }) : t("plan.lede_none")}</p>
      <Short />
      <Locked />
      <FamilyMeetingSlot />
      <Goals heading={t("plan.my_goals")} />
      <Sections />
      {!still && <Signatures plan={page.plan.id} />}
      <FamilyReviews heading={t("plan.my_teachers")} />
      <Topics />
      <Log />
      <Earlier />
      {!still && <PrintLine />}
    </>
  );
}

export function ParentView() {
  const { page, still } = usePlanContext();
  const given = givenOf(page.student);
  return (
    <>
      <h1 tabIndex={-1} dir="auto">
        {t("plan.parent_heading", { given })}
      </h1>
      <section class="panel mt" aria-label={t("plan.in_short")}>
        <p>{inShort(countTasks(page.tasks))}</p>
        <Short />
      </section>
      <Locked />
      <FamilyMeetingSlot />
      <AtHome />
      <Goals heading={t("plan.agreed")} />
      <Sections />
      {!still && <Signatures plan={page.plan.id} />}
      <FamilyReviews heading={t("plan.teachers_say", { given })} />
      <Topics />
      <Log />
      <Earlier />
      {!still && <PrintLine />}
    </>
  );
}

function inShort(count: ReturnType<typeof countTasks>): string {
  const total = count.done + count.doing + count.todo;
  return total ? t("plan.parent_tasks", { n: count.done, total, doing: count.doing }) : t("plan.parent_none");
}

function Locked() {
  const { page } = usePlanContext();
  if (page.plan.state !== "locked") return null;
  return (
    <p class="note mt">
      <Icon name="lock" />
      <span>{t("plan.locked_read")}</span>
    </p>
  );
}

function PrintLine() {
  const { page } = usePlanContext();
  return (
    <p class="mt-lg row no-print">
      <a class="btn" href={href(`print/plans/${page.plan.id}`)}>
        <Icon name="print" />
        {t("plan.print")}
      </a>
      <a class="btn btn--quiet" href={href(`reports/students/${page.student.id}`)}>
        {t("plan.over_time")}
      </a>
    </p>
  );
}

export function Family() {
  const { hat } = usePlanContext();
  return hat === "guardian" ? <ParentView /> : <StudentView />;
}
