/* In the conversation: the goals with their tasks, and what is agreed, which becomes tasks of
 * the plan as it is typed. */
import { useEffect, useRef, useState } from "preact/hooks";
import { enc } from "../api";
import { useApp, useField } from "../app";
import { pick, t } from "../i18n";
import { Icon, type IconName } from "../parts/icons";
import type { Category } from "../plan-types";
import { weekday } from "../plan/when";
import { useAct } from "./acts";
import { fresh, type Live, type LiveTask } from "./types";
import { MeetingWords, textOf } from "./words";

const rings: Record<Category, IconName> = { todo: "todo", doing: "doing", done: "done", dropped: "dropped" };

/* One click for each status there is. */
function StatusOf({ live, task }: { live: Live; task: LiveTask }) {
  const { queue } = useApp();
  const key = `plans/${live.meeting.plan}/tasks/${task.id}/status`;
  if (!queue.get(key)) queue.offer(key, task.status, task.revs.status);
  useEffect(() => queue.offer(key, task.status, task.revs.status), [key, task.revs.status]);
  const now = useField(key)?.text ?? task.status;
  const letter = live.hat === "student" ? "S" : live.hat === "guardian" ? "G" : live.hat === "head" ? "H" : "M";
  const choices = (live.statuses ?? []).filter((s) => s.key === now || (s.setters ?? "MCSG").includes(letter));
  const home = live.hat !== "guardian" || task.responsible === "home";
  const chosen = live.statuses?.find((s) => s.key === now);
  if (!task.writable || !home || !live.statuses)
    return (
      <span class="muted small row">
        <Icon name={rings[chosen?.category ?? task.category]} /> {chosen ? pick(chosen.label) : now}
      </span>
    );
  return (
    <div class="btn-row" role="radiogroup" aria-label={t("meeting.status_of", { task: task.text })}>
      {choices.map((s) => (
        <button class="btn btn--sm" type="button" role="radio" aria-checked={s.key === now} aria-pressed={undefined} onClick={() => queue.edit(key, s.key, 0)} key={s.key}>
          <Icon name={s.flag ? "help" : rings[s.category]} />
          {pick(s.label)}
        </button>
      ))}
    </div>
  );
}

function TaskLine({ live, task }: { live: Live; task: LiveTask }) {
  return (
    <li class="stackv">
      <p>
        <span dir="auto">{task.text}</span>{" "}
        <span class="muted small">
          {t(`meeting.who_${task.responsible}`)}
          {task.dueOn && <> · {t("meeting.by_day", { day: weekday(`${task.dueOn}T12:00:00`) })}</>}
        </span>
      </p>
      <StatusOf live={live} task={task} />
    </li>
  );
}

export function Goals({ live }: { live: Live; again: () => void }) {
  const goals = live.rows.filter((r) => r.kind === "goal");
  const loose = live.tasks.filter((x) => !x.agreed && !goals.some((g) => g.id === x.row));
  const under = (row: string) => live.tasks.filter((x) => x.row === row);
  const competence = (id: string | null) => live.rows.find((r) => r.id === id)?.text ?? "";
  return (
    <div class="turn turn--one">
      <section aria-label={t("meeting.at_goals")}>
        {goals.length === 0 && loose.length === 0 && <p class="muted">{t("meeting.no_goals")}</p>}
        {goals.map((g, i) => (
          <article class="talkgoal stackv" aria-labelledby={`g-${g.id}`} key={g.id}>
            {g.parent !== goals[i - 1]?.parent && (
              <p class="eyebrow" dir="auto">
                {competence(g.parent)}
              </p>
            )}
            <h2 id={`g-${g.id}`} dir="auto">
              {g.text || t("meeting.goal_unnamed")}
            </h2>
            <ul class="plainlist stackv">
              {under(g.id).map((x) => (
                <TaskLine live={live} task={x} key={x.id} />
              ))}
            </ul>
          </article>
        ))}
        {loose.length > 0 && (
          <ul class="plainlist stackv mt">
            {loose.map((x) => (
              <TaskLine live={live} task={x} key={x.id} />
            ))}
          </ul>
        )}
      </section>
    </div>
  );
}

type Who = "student" | "home" | "school";
const whos: Who[] = ["student", "home", "school"];

function Add({ live, again }: { live: Live; again: () => void }) {
  const { announce } = useApp();
  const { busy, act } = useAct();
  const box = useRef<HTMLInputElement>(null);
  const id = useRef(fresh());
  const [text, set] = useState("");
  const [who, setWho] = useState<Who>("student");
  const [due, setDue] = useState("");
  const add = async () => {
    const words = text.trim();
    if (!words) return box.current?.focus();
    const body = { id: id.current, text: words, responsible: who, dueOn: due || null };
    if (!(await act("POST", `meetings/${enc(live.meeting.id)}/agreements`, body))) return;
    id.current = fresh();
    set("");
    setDue("");
    announce(t("meeting.agreed_one"));
    box.current?.focus();
    again();
  };
  return (
    <form
      class="stackv"
      onSubmit={(e) => {
        e.preventDefault();
        void add();
      }}
    >
      <div class="field">
        <label for="agree">{t("meeting.agree_what")}</label>
        <input class="input" id="agree" ref={box} dir="auto" maxLength={2000} value={text} onInput={(e) => set(e.currentTarget.value)} />
      </div>
      <div class="row">
        <fieldset class="field">
          <legend class="sr">{t("meeting.agree_who")}</legend>
          <div class="seg">
            {whos.map((w) => (
              <label key={w}>
                <input type="radio" name="agree-who" checked={who === w} onChange={() => setWho(w)} />
                <span>{w === "student" ? live.meeting.student.given || t("meeting.who_student") : t(`meeting.who_${w}`)}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <label class="row">
          <span class="small">{t("meeting.agree_when")}</span>
          <input class="input input--auto" type="date" value={due} onInput={(e) => setDue(e.currentTarget.value)} />
        </label>
        <button class="btn btn--primary" type="submit" disabled={busy}>
          <Icon name="plus" />
          {t("meeting.agree_add")}
        </button>
      </div>
    </form>
  );
}

export function Agreements({ live, again }: { live: Live; again: () => void }) {
  const agreed = live.tasks.filter((x) => x.agreed);
  const minutes = textOf(live.texts, live.meeting.id, "minutes")?.text?.trim();
  return (
    <div class="turn">
      <section class="turn--student" aria-labelledby="agreed-h">
        <h2 id="agreed-h">{t("meeting.agreed")}</h2>
        <p class="muted small">{t("meeting.agreed_hint")}</p>
        {agreed.length > 0 ? (
          <ul class="plainlist stackv mt">
            {agreed.map((x) => (
              <TaskLine live={live} task={x} key={x.id} />
            ))}
          </ul>
        ) : (
          <p class="muted mt">{t("meeting.nothing_agreed")}</p>
        )}
        {live.agreements && (
          <div class="mt-lg">
            <Add live={live} again={again} />
          </div>
        )}
      </section>
      <div class="turn__rest">
        <section aria-labelledby="minutes-h">
          <h2 id="minutes-h">{t("meeting.minutes")}</h2>
          {live.leads ? (
            <MeetingWords meeting={live.meeting.id} person={live.meeting.id} field="minutes" texts={live.texts} label={t("meeting.minutes")} hidden hint={t("meeting.minutes_room")} />
          ) : (
            <p class="lines voice" dir="auto">
              {minutes || t("meeting.no_minutes")}
            </p>
          )}
        </section>
      </div>
    </div>
  );
}
