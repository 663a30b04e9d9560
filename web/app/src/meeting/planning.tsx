/* A conversation for one student or a whole group: times one after the other, each of them
 * to be changed, and what everybody is asked to think of before. */
import { useMemo, useRef, useState } from "preact/hooks";
import { useApp, useTitle } from "../app";
import { t } from "../i18n";
import { Icon } from "../parts/icons";
import { useLoad } from "../parts/load";
import { FieldError, Note, Problem, Skeleton } from "../parts/notes";
import type { PlanPage, StudentList } from "../plan-types";
import { go, href } from "../router";
import { useAct } from "./acts";
import { fresh, type Question } from "./types";

const atOnce = 50;
const usual = ["good", "hard", "learn", "talk"];
const lengths = [15, 20, 30, 45, 60];
const pauses = [0, 5, 10, 15];

interface Slot {
  id: string;
  plan: string;
  name: string;
  at: string; // as a local input writes it
}

/* "2026-12-03T14:30", where the reader is. */
function local(date: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

function slotsFrom(slots: Slot[], day: string, hour: string, minutes: number, pause: number): Slot[] {
  const first = new Date(`${day}T${hour}`).getTime();
  if (Number.isNaN(first)) return slots;
  return slots.map((s, i) => ({ ...s, at: local(new Date(first + i * (minutes + pause) * 60_000)) }));
}

function nextWeek(today: string): string {
  const d = new Date(`${today}T12:00:00`);
  d.setDate(d.getDate() + 7);
  while (d.getDay() === 0 || d.getDay() === 6) d.setDate(d.getDate() + 1);
  return local(d).slice(0, 10);
}

function Choice({ id, label, value, of, set }: { id: string; label: string; value: number; of: number[]; set: (n: number) => void }) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select class="select" id={id} value={value} onChange={(e) => set(Number(e.currentTarget.value))}>
        {of.map((n) => (
          <option value={n} key={n}>
            {t("meeting.minutes_n", { n })}
          </option>
        ))}
      </select>
    </div>
  );
}

function Questions({ list, set }: { list: Question[]; set: (list: Question[]) => void }) {
  const change = (key: string, label: string) => set(list.map((q) => (q.key === key ? { ...q, label } : q)));
  const add = () => {
    let n = list.length + 1;
    while (list.some((q) => q.key === `q${n}`)) n++;
    set([...list, { key: `q${n}`, label: "" }]);
  };
  return (
    <fieldset class="field">
      <legend>{t("meeting.questions")}</legend>
      <p class="hint">{t("meeting.questions_hint")}</p>
      <ol class="plainlist stackv">
        {list.map((q, i) => (
          <li class="besides" key={q.key}>
            <label class="sr" for={`q-${q.key}`}>
              {t("meeting.question_n", { n: i + 1 })}
            </label>
            <input class="input" id={`q-${q.key}`} dir="auto" maxLength={300} value={q.label} onInput={(e) => change(q.key, e.currentTarget.value)} />
            <button class="btn btn--quiet btn--icon" type="button" aria-label={t("meeting.question_remove", { n: i + 1 })} onClick={() => set(list.filter((x) => x.key !== q.key))}>
              <Icon name="x" />
            </button>
          </li>
        ))}
      </ol>
      {list.length < 12 && (
        <p>
          <button class="linkbtn" type="button" onClick={add}>
            <Icon name="plus" /> {t("meeting.question_add")}
          </button>
        </p>
      )}
    </fieldset>
  );
}

function Slots({ slots, set }: { slots: Slot[]; set: (slots: Slot[]) => void }) {
  return (
    <table role="table" class="tbl tbl--stack slots">
      <caption>{t("meeting.slots_hint")}</caption>
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">
            {t("common.student")}
          </th>
          <th role="columnheader" scope="col">
            {t("meeting.when")}
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {slots.map((s) => (
          <tr role="row" key={s.id}>
            <th role="rowheader" scope="row" dir="auto" class="full">
              {s.name}
            </th>
            <td role="cell" class="full">
              <input
                class="input input--auto"
                type="datetime-local"
                aria-label={t("meeting.when_of", { name: s.name })}
                value={s.at}
                onInput={(e) => set(slots.map((x) => (x.id === s.id ? { ...x, at: e.currentTarget.value } : x)))}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface Made {
  results: { plan: string; ok: boolean; meeting?: string }[];
}

function Form({ plans }: { plans: { plan: string; name: string }[] }) {
  const { home, toast } = useApp();
  const { busy, act } = useAct();
  const batch = useRef(fresh()).current;
  const [day, setDay] = useState(nextWeek(home.viewer.today));
  const [hour, setHour] = useState("14:00");
  const [minutes, setMinutes] = useState(30);
  const [pause, setPause] = useState(0);
  const [place, setPlace] = useState("");
  const [link, setLink] = useState("");
  const [asks, setAsks] = useState(true);
  const [questions, setQuestions] = useState<Question[]>(usual.map((key) => ({ key, label: t(`meeting.question_${key}`) })));
  const [slots, setSlots] = useState(() => slotsFrom(plans.map((p) => ({ ...p, id: fresh(), at: "" })), day, hour, minutes, pause));
  const [problem, say] = useState<Record<string, string>>({});
  const many = plans.length > 1;
  const retime = (d: string, h: string, m: number, p: number) => {
    setDay(d);
    setHour(h);
    setMinutes(m);
    setPause(p);
    say((now) => ({ ...now, day: "" }));
    setSlots((l) => slotsFrom(l, d, h, m, p));
  };
  const send = async () => {
    const wrong: Record<string, string> = {};
    if (!day || !hour || slots.some((s) => !s.at)) wrong.day = t("meeting.no_time");
    if (link && !/^https?:\/\//.test(link)) wrong.link = t("meeting.no_link");
    say(wrong);
    if (Object.keys(wrong).length) return;
    const shared = { batch, minutes, place: place.trim(), link: link.trim() || null, asksReading: asks, questions: questions.filter((q) => q.label.trim()) };
    let done = 0;
    let first = "";
    for (let i = 0; i < slots.length; i += atOnce) {
      const part = slots.slice(i, i + atOnce).map((s) => ({ id: s.id, plan: s.plan, startsAt: new Date(s.at).toISOString().replace(/\.\d+/, "") }));
      const answer = await act<Made>("POST", "meetings", { ...shared, meetings: part });
      if (!answer) return;
      const good = answer.results.filter((r) => r.ok);
      done += good.length;
      first ||= good[0]?.meeting ?? "";
    }
    toast({ text: t("meeting.planned_n", { n: done, missed: slots.length - done }) });
    go(done === 1 && !many ? `meetings/${first}` : "meetings");
  };
  return (
    <form
      class="stackv stackv--lg mt"
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        void send();
      }}
    >
      <div class="formgrid formgrid--2">
        <div class="field">
          <label for="m-day">{t("meeting.day")}</label>
          <input class="input" id="m-day" type="date" value={day} aria-invalid={problem.day ? true : undefined} onInput={(e) => retime(e.currentTarget.value, hour, minutes, pause)} />
          <FieldError id="m-day-e" text={problem.day} />
        </div>
        <div class="field">
          <label for="m-hour">{t(many ? "meeting.first_hour" : "meeting.hour")}</label>
          <input class="input" id="m-hour" type="time" value={hour} onInput={(e) => retime(day, e.currentTarget.value, minutes, pause)} />
        </div>
        <Choice id="m-len" label={t("meeting.length")} value={minutes} of={lengths} set={(n) => retime(day, hour, n, pause)} />
        {many && <Choice id="m-pause" label={t("meeting.pause")} value={pause} of={pauses} set={(n) => retime(day, hour, minutes, n)} />}
        <div class="field">
          <label for="m-place">{t("meeting.place")}</label>
          <input class="input" id="m-place" dir="auto" maxLength={200} value={place} onInput={(e) => setPlace(e.currentTarget.value)} />
        </div>
        <div class="field">
          <label for="m-link">{t("meeting.link")}</label>
          <input class="input" id="m-link" type="url" maxLength={2000} value={link} aria-invalid={problem.link ? true : undefined} onInput={(e) => setLink(e.currentTarget.value)} />
          <FieldError id="m-link-e" text={problem.link} />
        </div>
      </div>
      {many && <Slots slots={slots} set={setSlots} />}
      <label class="optrow">
        <input type="checkbox" checked={asks} onChange={(e) => setAsks(e.currentTarget.checked)} />
        <span>
          {t("meeting.asks_reading")}
          <small>{t("meeting.asks_reading_hint")}</small>
        </span>
      </label>
      <Questions list={questions} set={setQuestions} />
      <Note>{t("meeting.who_is_invited")}</Note>
      <p class="btn-row">
        <button class="btn btn--primary" type="submit" disabled={busy}>
          {t("meeting.plan_n", { n: slots.length })}
        </button>
        <button class="btn btn--quiet" type="button" onClick={() => history.back()}>
          {t("common.cancel")}
        </button>
      </p>
    </form>
  );
}

/* Plans by their ids, with whose they are: of the mentor's list, else one by its own page. */
export function PlanMeeting({ ids }: { ids: string }) {
  const wanted = useMemo(() => ids.split(",").filter((x) => /^[0-9a-f-]{36}$/.test(x)), [ids]);
  const one = wanted.length === 1;
  const list = useLoad<StudentList>(one ? null : "students");
  const page = useLoad<PlanPage>(one ? `plans/${wanted[0]}` : null);
  useTitle(t("meeting.plan_title"), t("app.name"));
  const error = list.error ?? page.error;
  const known = new Map<string, string>();
  for (const s of list.data?.students ?? []) for (const p of s.plans) known.set(p.id, s.name);
  if (page.data) known.set(page.data.plan.id, page.data.student.name);
  const plans = wanted.filter((id) => known.has(id)).map((plan) => ({ plan, name: known.get(plan) ?? "" }));
  const ready = one ? page.data : list.data;
  return (
    <>
      <p class="eyebrow">
        <a href={href(one ? `plans/${wanted[0]}` : "students")}>
          <Icon name="back" flips />
          {t(one ? "meeting.to_plan" : "meeting.to_students")}
        </a>
      </p>
      <h1 tabIndex={-1}>{one && plans[0] ? t("meeting.plan_with", { name: plans[0].name }) : t("meeting.plan_title")}</h1>
      {error ? <Problem error={error} retry={() => (one ? page.again() : list.again())} /> : !ready && <Skeleton label={t("common.loading")} />}
      {ready && (plans.length ? <Form plans={plans} /> : <Note tone="warn">{t("meeting.no_plans")}</Note>)}
    </>
  );
}
