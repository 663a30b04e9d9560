/* The conversation: the student first, then home, then the teacher, each in their own voice,
 * everybody at the same words at the same time. What it shows comes from an answer of its own
 * that holds nothing private, so that the screen can stand on the table. */
import { useEffect, useRef, useState } from "preact/hooks";
import { api, ApiError, enc } from "../api";
import { useApp, useTally, useTitle } from "../app";
import { has, t } from "../i18n";
import { initials } from "../parts/frame";
import { Icon } from "../parts/icons";
import { isMissing } from "../parts/load";
import { Empty, Problem, Skeleton } from "../parts/notes";
import { SaveState } from "../parts/save-state";
import { useSayWriting } from "../plan/data";
import { weekday } from "../plan/when";
import { go, href } from "../router";
import { useAct } from "./acts";
import { Agreements, Goals } from "./agree";
import type { Live } from "./types";
import { InRoom, MeetingWords, textOf } from "./words";

const every = 3000;

/* Asked again and again while it is open and seen. */
function useLive(id: string): { data: Live | null; error: unknown; again: () => void } {
  const { sessionEnded } = useApp();
  const [data, set] = useState<Live | null>(null);
  const [error, fail] = useState<unknown>(null);
  const [turn, next] = useState(0);
  useEffect(() => {
    let left = false;
    let timer = 0;
    let shown = data !== null;
    const ask = async () => {
      try {
        const page = await api<Live>(`meetings/${enc(id)}/live`);
        if (left) return;
        shown = true;
        set(page);
        fail(null);
      } catch (e) {
        if (left) return;
        if (e instanceof ApiError && e.code === "expired") sessionEnded();
        if (isMissing(e)) return fail(e);
        /* What is there stays; the banner says that the server is away. */
        if (!shown) fail(e);
      }
      timer = window.setTimeout(() => void (document.hidden ? wait() : ask()), every);
    };
    const wait = () => {
      timer = window.setTimeout(() => void (document.hidden ? wait() : ask()), every);
    };
    void ask();
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [id, turn]);
  return { data, error, again: () => next((n) => n + 1) };
}

const stepsOf = (live: Live): string[] => ["welcome", ...live.meeting.questions.map((q) => `q.${q.key}`), "goals", "agreements"];

function nameOf(live: Live, step: string): string {
  const q = live.meeting.questions.find((x) => `q.${x.key}` === step);
  return q ? q.label : t(`meeting.at_${step}`);
}

/* In the row of steps the usual questions have a word each, others their first words. */
function shortName(live: Live, step: string): string {
  const key = step.slice(2);
  if (has(`meeting.short_${key}`) && nameOf(live, step) === t(`meeting.question_${key}`)) return t(`meeting.short_${key}`);
  const name = nameOf(live, step).replace(/[?.]\s*$/, "");
  return name.length > 26 ? `${name.slice(0, 24).trimEnd()}…` : name;
}

/* ---- Head ---- */

function SavedAll() {
  const { queue } = useApp();
  useTally();
  const mine = queue.keys().filter((k) => k.startsWith("meetings/"));
  return <SaveState fields={mine.map((k) => queue.get(k))} what={t("meeting.meeting")} />;
}

function Head({ live, end, busy }: { live: Live; end: () => void; busy: boolean }) {
  return (
    <header class="frame frame--meeting">
      <div class="frame__in">
        <span class="brand">
          <Icon name="path" />
          {t("meeting.meeting")}
        </span>
        <span class="muted small">
          <Icon name="lock" /> {t("meeting.safe")}
        </span>
        <div class="frame__end">
          <SavedAll />
          <button class="btn btn--quiet" type="button" disabled={busy} onClick={end}>
            {t(live.leads ? "meeting.end" : "meeting.leave")}
          </button>
        </div>
      </div>
    </header>
  );
}

function Agenda({ live, step, choose }: { live: Live; step: string; choose: (step: string) => void }) {
  const steps = stepsOf(live);
  const at = steps.indexOf(step);
  return (
    <nav aria-label={t("meeting.agenda")}>
      <ol class="agenda">
        {steps.map((s, i) => (
          <li class={i < at ? "is-done" : undefined} key={s}>
            <button type="button" aria-current={s === step ? "step" : undefined} title={nameOf(live, s)} onClick={() => choose(s)}>
              {i < at && <Icon name="check" />}
              <span dir="auto">{shortName(live, s)}</span>
              {i < at && <span class="sr">{t("meeting.step_done")}</span>}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/* ---- One question ---- */

type Person = Live["people"][number];

interface VoiceProps {
  live: Live;
  person: Person;
  question: string;
}

function Before({ live, person, question }: VoiceProps) {
  const prep = textOf(live.texts, person.id, `prep.${question}`);
  if (!prep?.text?.trim()) return null;
  return (
    <details class="mt" open>
      <summary>{t("meeting.before")}</summary>
      <blockquote class={person.hat === "student" ? "said said--student" : "said said--parent"}>
        <p class="lines" dir="auto">
          {prep.text}
        </p>
        <footer>
          <bdi>{person.name}</bdi>
        </footer>
      </blockquote>
    </details>
  );
}

function Voice({ live, person, question }: VoiceProps) {
  const field = `talk.${question}`;
  const given = person.given || person.name;
  const mine = person.id === live.me;
  const label = t("meeting.words_of", { name: given });
  const text = textOf(live.texts, person.id, field)?.text?.trim();
  return (
    <>
      {live.leads || mine ? (
        <MeetingWords meeting={live.meeting.id} person={person.id} field={field} texts={live.texts} label={label} hidden rows={person.hat === "student" ? 5 : 3} />
      ) : text ? (
        <p class="lines voice" dir="auto">
          {text}
        </p>
      ) : (
        <p class="muted small">{t("meeting.nothing_said")}</p>
      )}
      <Before live={live} person={person} question={question} />
    </>
  );
}

function Question({ live, question }: { live: Live; question: string }) {
  const student = live.people.find((p) => p.hat === "student");
  const here = (p: Person) => p.attended !== false || textOf(live.texts, p.id, `talk.${question}`) !== undefined;
  const home = live.people.filter((p) => p.hat === "guardian" && here(p));
  const teacher = live.people.find((p) => p.id === live.meeting.organiser);
  const name = (p: Person) => p.given || p.name;
  if (!student) return null;
  return (
    <div class="turn">
      <section class="turn--student" aria-labelledby="v-student">
        <h2 id="v-student">
          <span class="avatar avatar--student avatar--lg" aria-hidden="true">
            {initials(student.name)}
          </span>
          {t("meeting.first", { name: name(student) })}
        </h2>
        <p class="muted small">{t("meeting.first_hint", { name: name(student), teacher: teacher ? name(teacher) : "" })}</p>
        <Voice live={live} person={student} question={question} />
      </section>
      <div class="turn__rest">
        {home.map((p) => (
          <section class="turn--home" aria-labelledby={`v-${p.id}`} key={p.id}>
            <h2 id={`v-${p.id}`}>
              <span class="avatar avatar--parent avatar--lg" aria-hidden="true">
                {initials(p.name)}
              </span>
              {t("meeting.then", { name: name(p) })}
            </h2>
            <Voice live={live} person={p} question={question} />
          </section>
        ))}
        {teacher && (
          <section class="turn--teacher" aria-labelledby="v-teacher">
            <h2 id="v-teacher">
              <span class="avatar avatar--lg" aria-hidden="true">
                {initials(teacher.name)}
              </span>
              {t("meeting.then", { name: name(teacher) })}
            </h2>
            <p class="muted small">{t("meeting.adds", { name: name(student) })}</p>
            <Voice live={live} person={teacher} question={question} />
          </section>
        )}
      </div>
    </div>
  );
}

/* ---- Welcome: who is here ---- */

function Welcome({ live }: { live: Live }) {
  const { act } = useAct();
  const [here, set] = useState<ReadonlySet<string>>(() => new Set(live.people.filter((p) => p.attended !== false).map((p) => p.id)));
  const turn = async (id: string) => {
    const next = new Set(here);
    if (!next.delete(id)) next.add(id);
    set(next);
    await act("PUT", `meetings/${enc(live.meeting.id)}/attended`, { people: [...next] });
  };
  return (
    <div class="turn">
      <section aria-labelledby="here">
        <h2 id="here">{t("meeting.who_is_here")}</h2>
        {live.people.map((p) =>
          live.leads ? (
            <label class="optrow" key={p.id}>
              <input type="checkbox" checked={here.has(p.id)} onChange={() => void turn(p.id)} />
              <span>
                <span dir="auto">{p.name}</span> <small>{t(`meeting.hat_${p.hat}`)}</small>
              </span>
            </label>
          ) : (
            <p key={p.id}>
              <bdi>{p.name}</bdi> <span class="muted small">{t(`meeting.hat_${p.hat}`)}</span>
            </p>
          ),
        )}
      </section>
      <section aria-labelledby="about">
        <h2 id="about">{t("meeting.about")}</h2>
        <ol class="stackv">
          {live.meeting.questions.map((q) => (
            <li dir="auto" key={q.key}>
              {q.label}
            </li>
          ))}
          <li>{t("meeting.at_goals")}</li>
          <li>{t("meeting.at_agreements")}</li>
        </ol>
      </section>
    </div>
  );
}

/* ---- All of it ---- */

/* Who leads takes everybody along; others may look around until the next step. */
function useStep(live: Live | null, id: string): { step: string; choose: (step: string) => void } {
  const { act } = useAct();
  const [step, set] = useState("");
  const led = live?.meeting.step ?? null;
  const before = useRef<string | null>(null);
  useEffect(() => {
    if (!live) return;
    if (led && led !== before.current) set(led);
    before.current = led;
  }, [led, live === null]);
  const begun = useRef(false);
  useEffect(() => {
    /* Opening it is beginning it: there is nothing else to do on this page. */
    if (!live?.leads || begun.current || (live.meeting.state !== "planned" && live.meeting.state !== "held") || led) return;
    begun.current = true;
    set("welcome");
    const begin = async () => {
      const first = live.meeting.state === "planned";
      if (!(await act("POST", `meetings/${enc(id)}/step`, { step: "welcome" })) || !first) return;
      await act("PUT", `meetings/${enc(id)}/attended`, { people: live.people.map((p) => p.id) });
    };
    void begin();
  }, [live === null]);
  const choose = (next: string) => {
    set(next);
    window.scrollTo(0, 0);
    if (live?.leads) {
      before.current = next;
      void act("POST", `meetings/${enc(id)}/step`, { step: next });
    }
  };
  return { step: step || "welcome", choose };
}

function Way({ live, step, choose, end }: { live: Live; step: string; choose: (step: string) => void; end: () => void }) {
  const steps = stepsOf(live);
  const at = steps.indexOf(step);
  const back = steps[at - 1];
  const on = steps[at + 1];
  return (
    <div class="row row--between mt-lg">
      {back ? (
        <button class="btn btn--lg btn--quiet" type="button" onClick={() => choose(back)}>
          <Icon name="back" flips />
          <span dir="auto">{shortName(live, back)}</span>
        </button>
      ) : (
        <span />
      )}
      {on ? (
        <button class="btn btn--lg btn--primary" type="button" onClick={() => choose(on)}>
          {t("meeting.next", { step: shortName(live, on) })}
        </button>
      ) : (
        live.leads && (
          <button class="btn btn--lg btn--primary" type="button" onClick={end}>
            {t("meeting.end")}
          </button>
        )
      )}
    </div>
  );
}

function Room({ live, again }: { live: Live; again: () => void }) {
  const id = live.meeting.id;
  const { queue } = useApp();
  const { busy, act } = useAct();
  const { step, choose } = useStep(live, id);
  const say = useSayWriting(live.meeting.plan);
  const { student } = live.meeting;
  const given = student.given || student.name;
  const others = live.people.filter((p) => p.id !== student.id && p.attended !== false).map((p) => p.given || p.name);
  const heading = step === "welcome" ? t("meeting.welcome", { name: given }) : nameOf(live, step);
  useTitle(heading, t("meeting.meeting"));
  const end = async () => {
    queue.flushAll();
    if (live.leads && !(await act("POST", `meetings/${enc(id)}/step`, { step: null }))) return;
    go(`meetings/${id}`);
  };
  const question = step.startsWith("q.") ? step.slice(2) : "";
  return (
    <InRoom.Provider value={{ writing: live.writing, say }}>
      <Head live={live} end={() => void end()} busy={busy} />
      <p class="eyebrow">
        <span dir="auto">{student.name}</span>
        {others.length > 0 && (
          <>
            <span aria-hidden="true">·</span> {t("meeting.with", { names: others.join(", ") })}
          </>
        )}
        <span aria-hidden="true">·</span> <bdi>{weekday(live.meeting.startsAt)}</bdi>
      </p>
      <h1 tabIndex={-1} dir="auto">
        {heading}
      </h1>
      <Agenda live={live} step={step} choose={choose} />
      {step === "welcome" && <Welcome live={live} />}
      {question && <Question live={live} question={question} key={question} />}
      {step === "goals" && <Goals live={live} again={again} />}
      {step === "agreements" && <Agreements live={live} again={again} />}
      <Way live={live} step={step} choose={choose} end={() => void end()} />
    </InRoom.Provider>
  );
}

export function Conference({ id }: { id: string }) {
  const { data, error, again } = useLive(id);
  useEffect(() => {
    document.body.classList.add("meeting");
    return () => document.body.classList.remove("meeting");
  }, []);
  const over = isMissing(error) || (data && data.meeting.state !== "planned" && data.meeting.state !== "held");
  if (over)
    return (
      <>
        <h1 tabIndex={-1}>{t("meeting.meeting")}</h1>
        <Empty icon="chat" title={t("meeting.over")}>
          <a class="btn" href={href(`meetings/${id}`)}>
            {t("meeting.to_meeting")}
          </a>
        </Empty>
      </>
    );
  if (data) return <Room live={data} again={again} />;
  return error ? <Problem error={error} retry={again} /> : <Skeleton label={t("common.loading")} />;
}
