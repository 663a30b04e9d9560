/* What a student and each guardian do before a meeting: answer, say that they have read the
 * plan, prepare; and what was agreed, once it is shared. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { enc } from "../api";
import { useApp, useTitle } from "../app";
import { pick, t } from "../i18n";
import { Icon } from "../parts/icons";
import { useLoad } from "../parts/load";
import { Note, Problem, Skeleton } from "../parts/notes";
import { Said } from "../parts/said";
import { href } from "../router";
import type { MeetingBrief } from "../plan-types";
import { clock, dayTime, weekday } from "../plan/when";
import { useAct } from "./acts";
import { saveCalendar } from "./calendar";
import { Signatures } from "./signatures";
import { fresh, type Meeting, type MeetingPage, textKey } from "./types";
import { MeetingWords, textOf } from "./words";

type Changed = (() => void) | undefined;

/* ---- Answer ---- */

function Answer({ meeting, changed }: { meeting: Meeting; changed: Changed }) {
  const { busy, act } = useAct();
  const { announce } = useApp();
  const [answer, set] = useState(meeting.mine?.answer ?? null);
  const [asking, ask] = useState<"cannot" | "other_time" | null>(null);
  const [words, say] = useState(meeting.mine?.answerText ?? "");
  const send = async (next: "comes" | "cannot" | "other_time", text: string | null) => {
    if (!(await act("POST", `meetings/${enc(meeting.id)}/answer`, { answer: next, text }))) return;
    set(next);
    ask(null);
    announce(t(`meeting.answered_${next}`));
    changed?.();
  };
  const choice = (what: "comes" | "cannot" | "other_time", run: () => void) => (
    <button class="btn" type="button" aria-pressed={answer === what} disabled={busy} onClick={run}>
      {answer === what && <Icon name="check" />}
      {t(`meeting.answer_${what}`)}
    </button>
  );
  return (
    <div class="stackv">
      <div class="btn-row" role="group" aria-label={t("meeting.answer")}>
        {choice("comes", () => void send("comes", null))}
        {choice("other_time", () => ask("other_time"))}
        {choice("cannot", () => ask("cannot"))}
      </div>
      {asking && (
        <form
          class="field"
          onSubmit={(e) => {
            e.preventDefault();
            void send(asking, words.trim() || null);
          }}
        >
          <label for={`a-${meeting.id}`}>{t(`meeting.why_${asking}`)}</label>
          <textarea class="textarea" id={`a-${meeting.id}`} rows={2} maxLength={1000} dir="auto" value={words} onInput={(e) => say(e.currentTarget.value)} />
          <p class="btn-row">
            <button class="btn btn--primary" type="submit" disabled={busy}>
              {t("meeting.send_answer")}
            </button>
            <button class="btn btn--quiet" type="button" onClick={() => ask(null)}>
              {t("common.cancel")}
            </button>
          </p>
        </form>
      )}
    </div>
  );
}

/* One click, said once. */
function HaveRead({ meeting, changed }: { meeting: Meeting; changed: Changed }) {
  const { busy, act } = useAct();
  const { announce } = useApp();
  const [done, set] = useState(meeting.mine?.confirmedAt != null);
  if (done)
    return (
      <p class="yes">
        <Icon name="check" /> {t("meeting.you_have_read")}
      </p>
    );
  const confirm = async () => {
    if (!(await act("POST", `meetings/${enc(meeting.id)}/read`, {}))) return;
    set(true);
    announce(t("meeting.you_have_read"));
    changed?.();
  };
  return (
    <p>
      <button class="btn btn--primary" type="button" disabled={busy} onClick={() => void confirm()}>
        <Icon name="check" />
        {t("meeting.have_read")}
      </button>
    </p>
  );
}

/* ---- Prepare ---- */

function Show({ page }: { page: MeetingPage }) {
  const { queue } = useApp();
  const me = page.meeting.mine?.id ?? "";
  const key = textKey(page.meeting.id, me, "show");
  const now = textOf(page.texts, me, "show");
  if (!queue.get(key)) queue.offer(key, now?.text ?? "", now?.rev ?? 0);
  const [shown, set] = useState(queue.get(key)?.text === "yes");
  return (
    <label class="optrow">
      <input
        type="checkbox"
        checked={shown}
        onChange={(e) => {
          set(e.currentTarget.checked);
          queue.edit(key, e.currentTarget.checked ? "yes" : "", 0);
        }}
      />
      <span>
        {t("meeting.show")}
        <small>{t("meeting.show_hint")}</small>
      </span>
    </label>
  );
}

function Topics({ page, again }: { page: MeetingPage; again: () => void }) {
  const { busy, act } = useAct();
  const [words, say] = useState("");
  if (!page.topics) return null;
  const add = async () => {
    const text = words.trim();
    if (!text || !(await act("POST", `plans/${enc(page.meeting.plan)}/posts`, { id: fresh(), field: "_topics", text }))) return;
    say("");
    again();
  };
  return (
    <section class="stackv" aria-labelledby={`topics-${page.meeting.id}`}>
      <h3 id={`topics-${page.meeting.id}`}>{t("meeting.topics")}</h3>
      <p class="hint">{t("meeting.topics_hint")}</p>
      {page.topics.length > 0 && (
        <ul class="plainlist stackv">
          {page.topics.map((x) => (
            <li key={x.id}>
              <Said text={x.text} by={x.by} at={x.at} student={x.hat === "student"} />
            </li>
          ))}
        </ul>
      )}
      {page.addsTopics && (
        <form
          class="field"
          onSubmit={(e) => {
            e.preventDefault();
            void add();
          }}
        >
          <label for={`topic-${page.meeting.id}`}>{t("meeting.topic_new")}</label>
          <div class="besides">
            <input class="input" id={`topic-${page.meeting.id}`} dir="auto" maxLength={2000} value={words} onInput={(e) => say(e.currentTarget.value)} />
            <button class="btn" type="submit" disabled={busy || !words.trim()}>
              {t("meeting.topic_add")}
            </button>
          </div>
        </form>
      )}
    </section>
  );
}

function Questions({ page }: { page: MeetingPage }) {
  const { meeting, hat } = page;
  const me = meeting.mine?.id ?? "";
  return (
    <div class="stackv stackv--lg">
      <p class="who">
        <span>
          <Icon name="eye" /> {t(hat === "student" ? "meeting.prep_seen_student" : "meeting.prep_seen_home", { name: meeting.organiser })}
        </span>
      </p>
      {meeting.questions.map((q) => (
        <MeetingWords meeting={meeting.id} person={me} field={`prep.${q.key}`} texts={page.texts} label={q.label} key={q.key} />
      ))}
      {hat === "guardian" && <Show page={page} />}
    </div>
  );
}

function Prepare({ meeting }: { meeting: Meeting }) {
  const { data, error, again } = useLoad<MeetingPage>(`meetings/${enc(meeting.id)}`);
  if (error) return <Problem error={error} retry={again} />;
  if (!data) return <Skeleton label={t("common.loading")} />;
  return (
    <div class="stackv stackv--lg">
      {data.meeting.questions.length > 0 && <Questions page={data} />}
      <Topics page={data} again={again} />
    </div>
  );
}

/* ---- The card ---- */

/* headed: the day stands above it. */
function Facts({ meeting, headed }: { meeting: Meeting; headed?: boolean }) {
  const others = meeting.parties.filter((p) => p.id !== meeting.mine?.id).map((p) => p.name);
  return (
    <p class="lede">
      <bdi>{headed ? clock(meeting.startsAt) : dayTime(meeting.startsAt)}</bdi>, {t("meeting.minutes_n", { n: meeting.minutes })}
      {meeting.place && (
        <>
          {" · "}
          <span dir="auto">{meeting.place}</span>
        </>
      )}
      {others.length > 0 && (
        <>
          {" · "}
          {t("meeting.with", { names: others.join(", ") })}
        </>
      )}
    </p>
  );
}

function Links({ meeting }: { meeting: Meeting }) {
  const { toast } = useApp();
  return (
    <p class="btn-row">
      {meeting.link && (
        <a class="btn" href={meeting.link} target="_blank" rel="noopener noreferrer">
          <Icon name="out" />
          {t("meeting.join")}
        </a>
      )}
      <button class="linkbtn" type="button" onClick={() => void saveCalendar(meeting.id).catch(() => toast({ text: t("error.internal") }))}>
        <Icon name="clock" />
        {t("meeting.calendar")}
      </button>
    </p>
  );
}

/* Drawn in whatever panel the page has for it, under the day; `steps` are what the page adds to do before. */
export function FamilyMeeting({ meeting: brief, changed, steps }: { meeting: MeetingBrief; changed?: () => void; steps?: ComponentChildren }) {
  const meeting = brief as Meeting;
  const [open, unfold] = useState(false);
  if (meeting.live)
    return (
      <div class="stackv">
        <p>{t("meeting.goes_on")}</p>
        <p>
          <a class="btn btn--primary" href={href(`meetings/${meeting.id}/live`)}>
            {t("meeting.join_in")}
          </a>
        </p>
      </div>
    );
  if (meeting.state !== "planned")
    return (
      <p>
        <a href={href(`meetings/${meeting.id}`)}>{t(`meeting.family_${meeting.state}`)}</a>
      </p>
    );
  return (
    <div class="stackv">
      <Facts meeting={meeting} headed />
      {steps}
      {meeting.asksReading && <HaveRead meeting={meeting} changed={changed} />}
      <Answer meeting={meeting} changed={changed} />
      <details class="more" open={open} onToggle={(e) => unfold(e.currentTarget.open)}>
        <summary>
          {t("meeting.prepare")}
          {meeting.mine?.prepared && <span class="muted small"> · {t("meeting.prepared")}</span>}
        </summary>
        {open && <Prepare meeting={meeting} />}
      </details>
      <Links meeting={meeting} />
    </div>
  );
}

export function MeetingCard({ meeting, changed }: { meeting: MeetingBrief; changed?: () => void }) {
  return (
    <section class="panel mt-lg" aria-labelledby={`m-${meeting.id}`}>
      <div class="panel__head">
        <h2 id={`m-${meeting.id}`}>{t("meeting.card", { day: weekday(meeting.startsAt), given: meeting.student.given || meeting.student.name })}</h2>
      </div>
      <FamilyMeeting meeting={meeting} {...(changed ? { changed } : {})} />
    </section>
  );
}

/* ---- What was said and agreed ---- */

export function Talk({ page }: { page: MeetingPage }) {
  const { meeting, texts } = page;
  const said = meeting.questions
    .map((q) => ({ q, voices: texts.filter((x) => x.field === `talk.${q.key}` && x.text?.trim()) }))
    .filter((x) => x.voices.length > 0);
  const party = (id: string) => meeting.parties.find((p) => p.id === id);
  const order = (id: string) => meeting.parties.findIndex((p) => p.id === id);
  return (
    <div class="stackv stackv--lg">
      {said.map(({ q, voices }) => (
        <section class="stackv" key={q.key}>
          <h3 dir="auto">{q.label}</h3>
          {voices
            .sort((a, b) => order(a.person) - order(b.person))
            .map((v) => (
              <blockquote class={`said ${party(v.person)?.hat === "student" ? "said--student" : party(v.person)?.hat === "guardian" ? "said--parent" : ""}`} key={v.person}>
                <p class="lines" dir="auto">
                  {v.text}
                </p>
                <footer>
                  <bdi>{party(v.person)?.name ?? v.by}</bdi>
                  {v.typed && <>, {t("meeting.typed_by", { name: v.by })}</>}
                </footer>
              </blockquote>
            ))}
        </section>
      ))}
    </div>
  );
}

export function AgreedList({ page }: { page: MeetingPage }) {
  if (!page.agreed.length) return <p class="muted">{t("meeting.nothing_agreed")}</p>;
  const status = (key: string) => {
    const s = page.statuses?.find((x) => x.key === key);
    return s ? pick(s.label) : key;
  };
  return (
    <ul class="plainlist stackv">
      {page.agreed.map((a) => (
        <li class="agreedline" key={a.id}>
          <Icon name={a.category === "done" ? "done" : a.category === "doing" ? "doing" : a.category === "dropped" ? "dropped" : "todo"} />
          <span>
            <span dir="auto">{a.text}</span>
            <span class="muted small">
              {" "}
              {t(`meeting.who_${a.responsible}`)}
              {a.dueOn && <> · {t("meeting.by_day", { day: weekday(`${a.dueOn}T12:00:00`) })}</>}
              {page.statuses && <> · {status(a.status)}</>}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}

function Shared({ page }: { page: MeetingPage }) {
  const { meeting } = page;
  const minutes = textOf(page.texts, meeting.id, "minutes")?.text?.trim();
  return (
    <>
      <section class="section" aria-labelledby="agreed">
        <h2 id="agreed">{t("meeting.agreed")}</h2>
        <AgreedList page={page} />
      </section>
      {minutes && (
        <section class="section" aria-labelledby="minutes">
          <h2 id="minutes">{t("meeting.minutes")}</h2>
          <p class="lines voice" dir="auto">
            {minutes}
          </p>
        </section>
      )}
      <section class="section" aria-labelledby="said">
        <h2 id="said">{t("meeting.said")}</h2>
        <Talk page={page} />
      </section>
      <Signatures plan={meeting.plan} />
    </>
  );
}

export function FamilyPage({ page, again }: { page: MeetingPage; again: () => void }) {
  const { meeting } = page;
  const given = meeting.student.given || meeting.student.name;
  const title = t(page.hat === "student" ? "meeting.my_conversation" : "meeting.conversation", { given });
  useTitle(title, t("app.name"));
  const open = meeting.state === "shared" || meeting.state === "closed";
  return (
    <>
      <p class="eyebrow">
        <a href={href("meetings")}>
          <Icon name="back" flips />
          {t("meeting.meetings")}
        </a>
      </p>
      <h1 tabIndex={-1} dir="auto">
        {title}
      </h1>
      <p>
        <a href={href(`plans/${meeting.plan}`)} dir="auto">
          {meeting.planTitle}
        </a>
      </p>
      {meeting.state === "cancelled" && <Note tone="warn">{t("meeting.family_cancelled")}</Note>}
      {meeting.state === "missed" && <Note>{t("meeting.family_missed")}</Note>}
      {meeting.state === "held" && !meeting.live && <Note>{t("meeting.family_held")}</Note>}
      {(meeting.state === "planned" || meeting.live) && <MeetingCard meeting={meeting as unknown as MeetingBrief} changed={again} />}
      {open && (
        <>
          <Facts meeting={meeting} />
          <Shared page={page} />
        </>
      )}
    </>
  );
}

