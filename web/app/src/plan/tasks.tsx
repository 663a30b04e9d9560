/* Tasks of a goal or of the plan: a ring that fills, words, who and when. */
import { useEffect, useRef, useState } from "preact/hooks";
import { useApp, useField } from "../app";
import { day, pick, stamp, t } from "../i18n";
import { Compare } from "../parts/compare";
import { Icon } from "../parts/icons";
import { SaveState } from "../parts/save-state";
import type { FormField, Hat, PlanPage, Task } from "../plan-types";
import { useTaskActs } from "./acts";
import { useEdits, useMay, usePlanContext, writersIn } from "./context";
import { taskKey } from "./data";
import { PlanHistory } from "./history";
import { focusOnce } from "./focus";
import { anchor, gridOf, nextStatus, settable, statusOf, tasksOf, wordsOf } from "./model";
import { lines } from "./parse";
import { NewMark, Writers } from "./who";
import { PlanWords } from "./words";
import { ringOf, StatusSegment } from "./kinds/status";

/* What stands there now, with what this page has not sent yet. */
export function useTask(task: Task): Task {
  const { page, still } = usePlanContext();
  const key = (f: Parameters<typeof taskKey>[2]) => taskKey(page.plan.id, task.id, f);
  const text = useField(key("text"));
  const status = useField(key("status"));
  const due = useField(key("due"));
  const responsible = useField(key("responsible"));
  const link = useField(key("link"));
  const detail = useField(key("detail"));
  if (still) return task;
  return {
    ...task,
    text: text?.text ?? task.text,
    status: status?.text ?? task.status,
    category: statusOf(page, status?.text ?? task.status)?.category ?? task.category,
    dueOn: due ? due.text || null : task.dueOn,
    responsible: (responsible?.text as Task["responsible"]) || task.responsible,
    link: link ? link.text || null : task.link,
    detail: detail?.text ?? task.detail,
  };
}

/* Guardians say how it goes with what is home's (4.4). */
export function setsStatus(hat: Hat, task: Task): boolean {
  return hat !== "guardian" || task.responsible === "home";
}

const webLink = (link: string | null) => (link && /^https?:\/\//i.test(link) ? link : null);

export function TaskFacts({ task, plain }: { task: Task; plain?: boolean }) {
  const { page } = usePlanContext();
  const { home } = useApp();
  const status = statusOf(page, task.status);
  const late = task.dueOn && task.dueOn < home.viewer.today && (task.category === "todo" || task.category === "doing");
  const link = webLink(task.link);
  return (
    <span class="t-sub">
      {!plain && <span>{status ? pick(status.label) : task.status}</span>}
      {task.dueOn && (
        <span class={late ? "late" : undefined}>
          {t(late ? "task.was_due" : "task.due", { day: shortDay(task.dueOn) })}
        </span>
      )}
      {task.responsible !== "student" && <span>{t(`task.who_${task.responsible}`)}</span>}
      {task.detail && <span dir="auto">{task.detail}</span>}
      {link && (
        <a href={link} target="_blank" rel="noopener noreferrer">
          {t("task.open_link")}
          <span class="sr"> {task.text}</span>
        </a>
      )}
      {task.confirmed ? (
        <span class="row row--tight">
          <Icon name="check" />
          {t("task.confirmed_by", { name: task.confirmed.by })}
        </span>
      ) : (
        task.category !== "todo" && task.statusBy && task.statusAt && !plain && <span>{t("task.status_by", { name: task.statusBy, time: stamp(task.statusAt) })}</span>
      )}
      {task.movedFrom && <span>{t("task.moved_from")}</span>}
      {task.movedTo && <span>{t("task.moved_to")}</span>}
      {task.isNew && <NewMark />}
    </span>
  );
}

/* Without the year: a task is of this period. */
function shortDay(on: string): string {
  return day(on).replace(/[ ,.]*\d{4}$/, "");
}

function Ring({ task }: { task: Task }) {
  const { page, hat } = usePlanContext();
  const may = useMay();
  const { setStatus } = useTaskActs();
  const status = statusOf(page, task.status);
  const next = nextStatus(page, hat, task.status);
  const label = status ? pick(status.label) : task.status;
  const look = `status--${status?.flag ? "help" : task.category}`;
  if (!may("task_status") || !setsStatus(hat, task) || !next || task.movedTo)
    return (
      <span class={`taskicon ${look}`}>
        <Icon name={ringOf(status)} />
      </span>
    );
  return (
    <button class={`taskbtn ${look}`} type="button" aria-label={t("task.ring", { status: label, task: task.text, next: pick(next.label) })} title={t("task.ring_title", { next: pick(next.label) })} onClick={() => setStatus(task, next.key)}>
      <Icon name={ringOf(status)} />
    </button>
  );
}

function goalsOf(page: PlanPage): { id: string; words: string }[] {
  return gridOf(page.rows).flatMap((c) => c.goals.map((g) => ({ id: g.id, words: wordsOf(page, g) })));
}

/* Everything about one task that is not needed every day. */
function Details({ task, list, close }: { task: Task; list: Task[]; close: () => void }) {
  const { page, hat } = usePlanContext();
  const may = useMay();
  const acts = useTaskActs();
  const [past, showPast] = useState(false);
  const id = `d-${task.id}`;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const outside = (e: Event) => {
      const line = box.current?.closest("li");
      if (e.target instanceof Node && line && !line.contains(e.target)) close();
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, []);
  const at = list.findIndex((x) => x.id === task.id);
  const goals = task.row ? goalsOf(page) : [];
  const key = (f: Parameters<typeof taskKey>[2]) => taskKey(page.plan.id, task.id, f);
  return (
    <div class="taskmore" ref={box} role="group" aria-label={t("task.details_of", { task: task.text })} onKeyDown={(e) => e.key === "Escape" && close()}>
      {setsStatus(hat, task) && (
        <div class="field">
          <label for={`${id}-status`}>{t("task.status")}</label>
          <select class="select select--sm" id={`${id}-status`} value={task.status} onChange={(e) => acts.setStatus(task, e.currentTarget.value)}>
            {settable(page, hat, task.status).map((s) => (
              <option value={s.key} key={s.key}>
                {pick(s.label)}
              </option>
            ))}
          </select>
        </div>
      )}
      <div class="field">
        <label for={`${id}-due`}>{t("task.due_on")}</label>
        <input class="input input--sm" id={`${id}-due`} type="date" value={task.dueOn ?? ""} onChange={(e) => acts.setText(task, "due", e.currentTarget.value)} />
      </div>
      <div class="field">
        <label for={`${id}-who`}>{t("task.responsible")}</label>
        <select class="select select--sm" id={`${id}-who`} value={task.responsible} onChange={(e) => acts.setText(task, "responsible", e.currentTarget.value)}>
          {(["student", "home", "school"] as const).map((r) => (
            <option value={r} key={r}>
              {r === "student" ? page.student.given || page.student.name : t(`task.responsible_${r}`)}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for={`${id}-detail`}>{t("task.detail")}</label>
        <PlanWords id={`${id}-detail`} name={key("detail")} object={task.id} field="detail" most={200} look="textarea--row input--sm" line />
      </div>
      <div class="field full">
        <label for={`${id}-link`}>{t("task.link")}</label>
        <PlanWords id={`${id}-link`} name={key("link")} object={task.id} field="link" most={2000} look="textarea--row input--sm" line placeholder="https://" />
      </div>
      {goals.length > 1 && (
        <div class="field full">
          <label for={`${id}-goal`}>{t("task.goal")}</label>
          <select class="select select--sm" id={`${id}-goal`} value={task.row ?? ""} onChange={(e) => acts.moveTo(task, e.currentTarget.value)}>
            {goals.map((g) => (
              <option value={g.id} key={g.id}>
                {g.words || t("plan.no_words")}
              </option>
            ))}
          </select>
        </div>
      )}
      <div class="btn-row full">
        {may("confirm") && task.category === "done" && (
          <button class="btn btn--sm" type="button" aria-pressed={Boolean(task.confirmed)} onClick={() => acts.confirm(task, !task.confirmed)}>
            <Icon name="check" />
            {t(task.confirmed ? "task.unconfirm" : "task.confirm")}
          </button>
        )}
        <button class="btn btn--sm btn--icon" type="button" disabled={at < 1} aria-label={t("task.up", { task: task.text })} onClick={() => acts.move(task, -1)}>
          <Icon name="up" />
        </button>
        <button class="btn btn--sm btn--icon" type="button" disabled={at >= list.length - 1} aria-label={t("task.down", { task: task.text })} onClick={() => acts.move(task, 1)}>
          <Icon name="down" />
        </button>
        <button class="btn btn--sm" type="button" aria-expanded={past} onClick={() => showPast(!past)}>
          {t("plan.history")}
        </button>
        {task.mayRemove && (
          <button class="btn btn--sm btn--danger" type="button" onClick={() => acts.remove(task)}>
            <Icon name="trash" />
            {t("task.remove")}
          </button>
        )}
      </div>
      {past && (
        <div class="full">
          <PlanHistory object={task.id} field="text" name={key("text")} show={(x) => x ?? ""} />
        </div>
      )}
    </div>
  );
}

function TaskLine({ task: given, list, edits }: { task: Task; list: Task[]; edits: boolean }) {
  const { page, writing, still } = usePlanContext();
  const task = useTask(given);
  const [open, setOpen] = useState(false);
  const key = taskKey(page.plan.id, task.id, "text");
  const state = useField(key);
  const status = useField(taskKey(page.plan.id, task.id, "status"));
  const mine = edits && !still && !task.movedTo;
  const words = (code: string | null) => {
    const s = statusOf(page, code ?? "");
    return s ? pick(s.label) : (code ?? "");
  };
  return (
    <li id={anchor("t", null, task.id)} tabIndex={-1} class={task.category === "dropped" || task.movedTo ? "is-dropped" : undefined}>
      <Ring task={task} />
      <span class="taskline">
        {mine ? (
          <PlanWords id={`tt-${task.id}`} name={key} object={task.id} field="text" most={2000} look="textarea--cell" label={t("task.text")} line />
        ) : (
          <span class="tasktext" dir="auto">
            {task.text}
          </span>
        )}
        {mine && (
          <button class="taskdots" type="button" aria-expanded={open} aria-label={t("task.details_of", { task: task.text })} title={t("task.details")} onClick={() => setOpen(!open)}>
            <Icon name="dots" />
          </button>
        )}
      </span>
      <TaskFacts task={task} />
      <span class="t-sub">
        <Writers names={writersIn(writing, task.id, "text")} />
        <SaveState fields={[state?.phase === "saved" || state?.phase === "clean" ? undefined : state, status?.phase === "saved" ? undefined : status]} what={task.text} />
      </span>
      {open && mine && <Details task={task} list={list} close={() => setOpen(false)} />}
      {!still && state?.phase === "conflict" && <Compare field={state} />}
      {!still && status?.phase === "conflict" && <Compare field={status} choice={words} />}
    </li>
  );
}

/* One after another: Enter adds and stays; several lines pasted are several tasks. */
export function AddTask({ field, row, of, label }: { field: FormField; row: string | null; of?: string; label?: string }) {
  const { add } = useTaskActs();
  const { unsent } = useApp();
  const { page } = usePlanContext();
  const kept = `post.${page.plan.id}.task.${field.key}.${row ?? ""}`;
  const [open, setOpen] = useState(() => Boolean(unsent.get(kept)));
  const [text, type] = useState(() => unsent.get(kept) ?? "");
  const button = useRef<HTMLButtonElement>(null);
  const write = (words: string) => {
    type(words);
    if (words.trim()) unsent.put(kept, words);
    else unsent.drop(kept);
  };
  const put = (words: string) => {
    for (const line of lines(words)) void add(field.key, row, line.slice(0, 2000));
    write("");
  };
  const close = () => {
    setOpen(false);
    requestAnimationFrame(() => button.current?.focus());
  };
  const what = label ?? t("task.add");
  if (!open)
    return (
      <button class="addbtn" type="button" ref={button} onClick={() => setOpen(true)}>
        <Icon name="plus" />
        {what}
        {of && <span class="sr"> {t("task.add_for", { of })}</span>}
      </button>
    );
  return (
    <form
      class="addline"
      onSubmit={(e) => {
        e.preventDefault();
        if (text.trim()) put(text);
        else close();
      }}
    >
      <input
        class="input input--sm"
        dir="auto"
        maxLength={2000}
        ref={focusOnce}
        aria-label={of ? `${what} ${t("task.add_for", { of })}` : what}
        placeholder={t("task.add_hint")}
        value={text}
        onInput={(e) => write(e.currentTarget.value)}
        onPaste={(e) => {
          const pasted = e.clipboardData?.getData("text") ?? "";
          if (lines(pasted).length < 2) return;
          e.preventDefault();
          put(text ? `${text}\n${pasted}` : pasted);
        }}
        onKeyDown={(e) => e.key === "Escape" && close()}
      />
      <button class="btn btn--sm btn--primary" type="submit">
        {t("task.add_button")}
      </button>
      <button class="btn btn--sm btn--quiet btn--icon" type="button" aria-label={t("common.close")} onClick={close}>
        <Icon name="x" />
      </button>
    </form>
  );
}

export function Tasks({ field, row, of }: { field: FormField; row: string | null; of?: string }) {
  const { page, hat, family } = usePlanContext();
  const edits = useEdits()(field);
  const list = tasksOf(page.tasks, field.key, row);
  return (
    <>
      {list.length > 0 && (
        <ul class={family ? "mytasks" : "tasks"}>
          {list.map((task) => (family ? <MyTask task={task} again={hat === "guardian" && task.responsible === "home"} key={task.id} /> : <TaskLine task={task} list={list} edits={edits} key={task.id} />))}
        </ul>
      )}
      {list.length === 0 && !edits && <p class="quote--empty">{t("task.none")}</p>}
      {edits && <AddTask field={field} row={row} of={of} />}
    </>
  );
}

/* A student's or a home's own task: its words, and three rings to choose from. again: it stands
 * on the page once more, to be read. */
export function MyTask({ task: given, again }: { task: Task; again?: boolean }) {
  const { page, hat } = usePlanContext();
  const may = useMay();
  const task = useTask(given);
  const { setStatus } = useTaskActs();
  const status = useField(taskKey(page.plan.id, task.id, "status"));
  const sets = !again && may("task_status") && setsStatus(hat, task) && !task.movedTo;
  const all = settable(page, hat, task.status);
  const simple = all.filter((s) => !s.flag && (s.category !== "dropped" || s.key === task.status));
  const flags = all.filter((s) => s.flag);
  const now = statusOf(page, task.status);
  return (
    <li class={sets ? "mytask" : "mytask mytask--read"} id={again ? undefined : anchor("t", null, task.id)} tabIndex={-1}>
      {!sets && (
        <span class={`taskicon status--${now?.flag ? "help" : task.category}`}>
          <Icon name={ringOf(now)} />
        </span>
      )}
      <span class="mytask__what">
        <span dir="auto">{task.text}</span>
        <TaskFacts task={task} plain={sets} />
      </span>
      {sets && (
        <span class="mytask__set">
          <StatusSegment name={`s-${task.id}`} legend={t("task.status_of", { task: task.text })} list={simple} value={task.status} set={(key) => setStatus(task, key, false)} />
          {flags.map((s) => (
            <button class="helpbtn" type="button" aria-pressed={task.status === s.key} onClick={() => setStatus(task, task.status === s.key ? (simple.find((x) => x.category === s.category)?.key ?? "doing") : s.key, false)} key={s.key}>
              <Icon name="help" />
              {pick(s.label)}
              <span class="sr"> {task.text}</span>
            </button>
          ))}
          <SaveState fields={[status?.phase === "saved" ? undefined : status]} what={task.text} />
        </span>
      )}
      {status?.phase === "conflict" && sets && (
        <Compare field={status} choice={(c) => pick(statusOf(page, c ?? "")?.label ?? {}) || (c ?? "")} />
      )}
    </li>
  );
}
