/* The next period's plan, for one student or many: the plan before it is its base, unfinished
 * tasks come along, and it is locked when the new one is published (R-135..R-137, I-07). */
import { useRef, useState } from "preact/hooks";
import { useApp } from "../app";
import { t } from "../i18n";
import { Dialog } from "../parts/dialog";
import { Icon } from "../parts/icons";
import { FactFields, termTitle, type Wrong, wrongIn } from "./facts";
import { nextOf } from "./list";
import { Lines, Progress } from "./result";
import { type Facts, type Item, type Line, revisePlans, useRun } from "./run";

export interface OpenTask {
  id: string;
  text: string;
  status: string;
}

interface Props {
  plans: (Item & { title: string; endsOn: string })[];
  /* Of one plan that is open: which of its tasks come along. */
  tasks?: OpenTask[];
  close: () => void;
  done: (lines: Line[]) => void;
}

function Tasks({ tasks, stays, turn }: { tasks: OpenTask[]; stays: ReadonlySet<string>; turn: (id: string) => void }) {
  return (
    <fieldset class="field">
      <legend>{t("students.tasks_to_move")}</legend>
      {tasks.map((x) => (
        <label class="optrow" key={x.id}>
          <input type="checkbox" checked={!stays.has(x.id)} onChange={() => turn(x.id)} />
          <span>
            <span dir="auto">{x.text}</span>
            <small>{x.status}</small>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

export function Revise({ plans, tasks, close, done }: Props) {
  const { home } = useApp();
  const latest = plans.map((p) => p.endsOn).sort().at(-1) ?? home.viewer.today;
  const term = useRef(nextOf(latest, home.viewer.today)).current;
  const [facts, set] = useState<Facts>({ title: termTitle(term), startsOn: term.startsOn, endsOn: term.endsOn });
  const [wrong, say] = useState<Wrong>({});
  const [goals, keepGoals] = useState(true);
  const [move, moveTasks] = useState(true);
  const [stays, stay] = useState<ReadonlySet<string>>(new Set());
  const request = useRef(crypto.randomUUID()).current;
  const run = useRun();
  const turn = (id: string) => {
    const next = new Set(stays);
    if (!next.delete(id)) next.add(id);
    stay(next);
  };
  const make = async (some: Item[]) => {
    const revision = { ...facts, goals, tasks: move, ...(move && tasks && { stays: [...stays] }) };
    const lines = await run.start(some, (part) => revisePlans(request, part, revision));
    if (lines.length > 0 && lines.every((l) => l.ok)) done(lines);
  };
  const submit = () => {
    const now = wrongIn(facts);
    say(now);
    if (Object.keys(now).length === 0 && !run.busy) void make(plans);
  };
  const failed = run.lines.filter((l) => !l.ok);
  const isOver = !run.busy && run.lines.length > 0;
  const moved = tasks ? tasks.length - stays.size : 0;
  const button = tasks && move && moved > 0 ? t("students.revise_with", { n: moved }) : t("students.create_drafts", { n: plans.length });
  const foot = (
    <>
      <button class="btn" type="button" onClick={isOver ? () => done(run.lines) : close}>
        {t(isOver ? "common.close" : "common.cancel")}
      </button>
      {isOver ? (
        <button class="btn btn--primary" type="button" onClick={() => void make(failed)}>
          {t("students.retry_failed", { n: failed.length })}
        </button>
      ) : (
        <button class="btn btn--primary" disabled={run.busy} aria-busy={run.busy}>
          {button}
        </button>
      )}
    </>
  );
  return (
    <Dialog
      title={t("students.revise_title")}
      hint={plans.length === 1 ? plans[0]?.name : t("common.n_students", { n: plans.length })}
      close={isOver ? () => done(run.lines) : close}
      submit={submit}
      foot={foot}
    >
      {run.busy && <Progress run={run} label={t("students.creating")} />}
      {isOver && <Lines run={run} good={t("students.created", { n: run.lines.length - failed.length })} />}
      {!run.busy && !isOver && (
        <>
          <FactFields facts={facts} wrong={wrong} set={set} first />
          <fieldset class="field">
            <legend>{t("students.carry_on")}</legend>
            <label class="optrow">
              <input type="checkbox" checked={goals} onChange={(e) => keepGoals(e.currentTarget.checked)} />
              <span>{t("students.carry_goals")}</span>
            </label>
            <label class="optrow">
              <input type="checkbox" checked={move} onChange={(e) => moveTasks(e.currentTarget.checked)} />
              <span>
                {t("students.carry_tasks")}
                <small>{t("students.carry_tasks_text")}</small>
              </span>
            </label>
          </fieldset>
          {tasks && move && tasks.length > 0 && <Tasks tasks={tasks} stays={stays} turn={turn} />}
          <p class="note">
            <Icon name="lock" />
            <span>
              {plans.length === 1
                ? t("students.revise_lock_one", { title: plans[0]?.title ?? "" })
                : t("students.revise_lock_many")}
            </span>
          </p>
        </>
      )}
    </Dialog>
  );
}
