/* My meetings: those to come, by the act they were planned in, and those that were. */
import { useApp, useTitle } from "../app";
import { t } from "../i18n";
import { Icon } from "../parts/icons";
import { useLoad } from "../parts/load";
import { Empty, Problem, Skeleton } from "../parts/notes";
import type { MeetingBrief } from "../plan-types";
import { dayTime } from "../plan/when";
import { href } from "../router";
import { useAct } from "./acts";
import { MeetingCard } from "./family";
import { familyOf, Funnel } from "./funnel";
import type { Meeting } from "./types";

const toCome = (m: Meeting) => m.state === "planned" || m.live;
const halfDay = 12 * 3600_000;
const soon = (m: Meeting) => Math.abs(new Date(m.startsAt).getTime() - Date.now()) < halfDay;

function counts(m: Meeting): { n: number; opened: number; read: number } {
  const people = familyOf(m);
  return {
    n: people.length,
    opened: people.filter((p) => p.openedAt || p.confirmedAt).length,
    read: people.filter((p) => p.confirmedAt).length,
  };
}

function Row({ meeting }: { meeting: Meeting }) {
  const { n, opened, read } = counts(meeting);
  const coming = toCome(meeting);
  return (
    <tr role="row">
      <th role="rowheader" scope="row" class="full">
        <a href={href(`meetings/${meeting.id}`)} dir="auto">
          {meeting.student.name}
        </a>
        <span class="sub" dir="auto">
          {meeting.planTitle}
        </span>
      </th>
      <td role="cell" data-l={t("meeting.when")}>
        <bdi>{dayTime(meeting.startsAt)}</bdi>
      </td>
      <td role="cell" data-l={t("meeting.place")} dir="auto">
        {meeting.place}
      </td>
      <td role="cell" data-l={t("meeting.step_opened")}>
        {t("common.of", { n: opened, total: n })}
      </td>
      <td role="cell" data-l={t("meeting.step_confirmed")}>
        {t("common.of", { n: read, total: n })}
      </td>
      <td role="cell" class="full">
        {coming && (soon(meeting) || meeting.live) ? (
          <a class="btn btn--sm btn--primary" href={href(`meetings/${meeting.id}/live`)}>
            {t(meeting.live ? "meeting.go_on" : "meeting.start")}
            <span class="sr"> {meeting.student.name}</span>
          </a>
        ) : (
          !coming && <span class={meeting.state === "held" ? "chip chip--warn" : "chip"}>{t(`meeting.state_${meeting.state}`)}</span>
        )}
      </td>
    </tr>
  );
}

/* What is to come as planned needs no word. */
const hasState = (m: Meeting) => m.live || !toCome(m);

function Table({ meetings, caption }: { meetings: Meeting[]; caption: string }) {
  return (
    <table role="table" class="tbl tbl--stack mt">
      <caption class="sr">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">
            {t("common.student")}
          </th>
          {["when", "place", "step_opened", "step_confirmed"].map((k) => (
            <th role="columnheader" scope="col" key={k}>
              {t(`meeting.${k}`)}
            </th>
          ))}
          <th role="columnheader" scope="col">
            <span class={meetings.some(hasState) ? undefined : "sr"}>{t("meeting.state")}</span>
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {meetings.map((m) => (
          <Row meeting={m} key={m.id} />
        ))}
      </tbody>
    </table>
  );
}

export function Remind({ batch, meeting, lacking, again }: { batch?: string; meeting?: string; lacking: number; again: () => void }) {
  const { busy, act } = useAct();
  const { toast } = useApp();
  if (!lacking) return null;
  const remind = async () => {
    const done = await act<{ reminded: number; already: number }>("POST", "meetings/remind", batch ? { batch } : { meeting });
    if (!done) return;
    toast({ text: t("meeting.reminded", { n: done.reminded, already: done.already }) });
    again();
  };
  return (
    <button class="btn btn--sm" type="button" disabled={busy} onClick={() => void remind()}>
      <Icon name="send" />
      {t("meeting.remind", { n: lacking })}
    </button>
  );
}

export const lackingIn = (m: Meeting): number =>
  m.state !== "planned" ? 0 : familyOf(m).filter((p) => p.answer !== "cannot" && (m.asksReading ? !p.confirmedAt : !p.answer)).length;

function Batch({ meetings, again }: { meetings: Meeting[]; again: () => void }) {
  const first = meetings[0] as Meeting;
  const title = t("meeting.batch", { day: dayTime(first.startsAt), n: meetings.length });
  const lacking = meetings.reduce((n, m) => n + lackingIn(m), 0);
  return (
    <section class="section" aria-label={title}>
      <div class="section__head">
        <h3>{title}</h3>
        <Remind batch={first.batch} lacking={lacking} again={again} />
      </div>
      <Funnel meetings={meetings} />
      <Table meetings={meetings} caption={title} />
    </section>
  );
}

function byBatch(meetings: Meeting[]): Meeting[][] {
  const groups = new Map<string, Meeting[]>();
  for (const m of meetings) groups.set(m.batch, [...(groups.get(m.batch) ?? []), m]);
  return [...groups.values()];
}

function Staff({ meetings, again }: { meetings: Meeting[]; again: () => void }) {
  const coming = byBatch(meetings.filter(toCome));
  const past = meetings.filter((m) => !toCome(m)).reverse();
  return (
    <>
      {coming.length > 0 && <h2 class="mt">{t("meeting.coming")}</h2>}
      {coming.map((b) => (
        <Batch meetings={b} again={again} key={b[0]?.batch} />
      ))}
      {past.length > 0 && (
        <section class="section" aria-labelledby="past">
          <h2 id="past">{t("meeting.past")}</h2>
          <Table meetings={past} caption={t("meeting.past")} />
        </section>
      )}
    </>
  );
}

function Family({ meetings, again }: { meetings: Meeting[]; again: () => void }) {
  const past = meetings.filter((m) => !toCome(m)).reverse();
  return (
    <>
      {meetings.filter(toCome).map((m) => (
        <MeetingCard meeting={m as unknown as MeetingBrief} changed={again} key={m.id} />
      ))}
      {past.length > 0 && (
        <section class="section" aria-labelledby="past">
          <h2 id="past">{t("meeting.past")}</h2>
          <ul class="plainlist stackv">
            {past.map((m) => (
              <li key={m.id}>
                <a href={href(`meetings/${m.id}`)}>
                  <bdi>{dayTime(m.startsAt)}</bdi>, <span dir="auto">{m.student.given || m.student.name}</span>
                </a>{" "}
                <span class="muted small">{t(`meeting.state_${m.state}`)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

export function Meetings() {
  const { home } = useApp();
  const { data, error, again } = useLoad<{ meetings: Meeting[] }>("meetings");
  useTitle(t("meeting.meetings"), t("app.name"));
  const family = home.viewer.role === "student" || home.viewer.role === "guardian";
  const List = family ? Family : Staff;
  return (
    <>
      <h1 tabIndex={-1}>{t("meeting.meetings")}</h1>
      {error ? <Problem error={error} retry={again} /> : !data && <Skeleton label={t("common.loading")} />}
      {data?.meetings.length === 0 && (
        <Empty icon="chat" title={t("meeting.empty")}>
          <p>{t(family ? "meeting.empty_family" : "meeting.empty_staff")}</p>
          {!family && (
            <a class="btn" href={href("students")}>
              {t("meeting.to_students")}
            </a>
          )}
        </Empty>
      )}
      {data && data.meetings.length > 0 && <List meetings={data.meetings} again={again} />}
    </>
  );
}
