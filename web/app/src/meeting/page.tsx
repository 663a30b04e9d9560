/* One meeting. For whoever leads it: before it the brief and who has read, after it minutes,
 * what was agreed, sharing and signatures. */
import { useEffect, useState } from "preact/hooks";
import { enc } from "../api";
import { useApp, useTitle } from "../app";
import { t } from "../i18n";
import { Dialog } from "../parts/dialog";
import { Icon } from "../parts/icons";
import { later } from "../parts/later";
import { isMissing, useLoad } from "../parts/load";
import { Empty, Note, Problem, Skeleton } from "../parts/notes";
import { dayTime } from "../plan/when";
import { go, href } from "../router";
import { useAct } from "./acts";
import { Brief } from "./brief";
import { saveCalendar } from "./calendar";
import { AgreedList, FamilyPage, Talk } from "./family";
import { familyOf, Funnel, WhoHas } from "./funnel";
import { lackingIn, Remind } from "./list";
import { Signatures } from "./signatures";
import { fresh, type Meeting, type MeetingPage as Page } from "./types";
import { MeetingWords } from "./words";

const Revise = later(() => import("../students/revise"), "Revise", "students");

interface Props {
  page: Page;
  again: () => void;
}

/* ---- Another time or place ---- */

function local(at: string): string {
  const d = new Date(at);
  return new Date(d.getTime() - d.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function Change({ meeting, close, done }: { meeting: Meeting; close: () => void; done: () => void }) {
  const { busy, act } = useAct();
  const [at, setAt] = useState(local(meeting.startsAt));
  const [place, setPlace] = useState(meeting.place);
  const [link, setLink] = useState(meeting.link ?? "");
  const [minutes, setMinutes] = useState(String(meeting.minutes));
  const again = meeting.state === "missed";
  const save = async () => {
    const startsAt = at ? new Date(at).toISOString().replace(/\.\d+/, "") : meeting.startsAt;
    const body = { rev: meeting.rev, startsAt, place: place.trim(), link: link.trim() || null, minutes: Number(minutes) || meeting.minutes, ...(again ? { state: "planned" } : {}) };
    if (await act("PATCH", `meetings/${enc(meeting.id)}`, body)) done();
  };
  return (
    <Dialog
      title={t(again ? "meeting.plan_again" : "meeting.change_title")}
      hint={t("meeting.change_hint")}
      close={close}
      submit={() => void save()}
      foot={
        <>
          <button class="btn" type="button" onClick={close}>
            {t("common.cancel")}
          </button>
          <button class="btn btn--primary" type="submit" disabled={busy}>
            {t("meeting.change_do")}
          </button>
        </>
      }
    >
      <div class="field">
        <label for="c-at">{t("meeting.when")}</label>
        <input class="input" id="c-at" data-first type="datetime-local" value={at} onInput={(e) => setAt(e.currentTarget.value)} />
      </div>
      <div class="field">
        <label for="c-len">{t("meeting.length")}</label>
        <input class="input" id="c-len" type="number" min={5} max={480} value={minutes} onInput={(e) => setMinutes(e.currentTarget.value)} />
      </div>
      <div class="field">
        <label for="c-place">{t("meeting.place")}</label>
        <input class="input" id="c-place" dir="auto" maxLength={200} value={place} onInput={(e) => setPlace(e.currentTarget.value)} />
      </div>
      <div class="field">
        <label for="c-link">{t("meeting.link")}</label>
        <input class="input" id="c-link" type="url" maxLength={2000} value={link} onInput={(e) => setLink(e.currentTarget.value)} />
      </div>
    </Dialog>
  );
}

function Cancel({ meeting, close, done }: { meeting: Meeting; close: () => void; done: () => void }) {
  const { busy, act } = useAct();
  const cancel = async () => {
    if (await act("PATCH", `meetings/${enc(meeting.id)}`, { rev: meeting.rev, state: "cancelled" })) done();
  };
  return (
    <Dialog
      small
      title={t("meeting.cancel_title")}
      close={close}
      submit={() => void cancel()}
      foot={
        <>
          <button class="btn" type="button" data-first onClick={close}>
            {t("meeting.cancel_keep")}
          </button>
          <button class="btn btn--danger" type="submit" disabled={busy}>
            {t("meeting.cancel_do")}
          </button>
        </>
      }
    >
      <p>{t("meeting.cancel_text", { n: familyOf(meeting).length })}</p>
    </Dialog>
  );
}

/* ---- Sharing, with or without signatures ---- */

function Share({ meeting, close, done }: { meeting: Meeting; close: () => void; done: () => void }) {
  const { busy, act } = useAct();
  const { toast } = useApp();
  const [signing, sign] = useState(true);
  const people = meeting.parties.filter((p) => p.hat !== "head");
  const send = async () => {
    if (!(await act("POST", `meetings/${enc(meeting.id)}/share`, {}))) return;
    if (signing) await act("POST", `plans/${enc(meeting.plan)}/signatures`, { id: fresh(), people: people.map((p) => p.id) });
    toast({ text: t(signing ? "meeting.shared_signing" : "meeting.shared_now") });
    done();
  };
  return (
    <Dialog
      title={t("meeting.share_title")}
      hint={t("meeting.share_hint", { names: familyOf(meeting).map((p) => p.name).join(", ") })}
      close={close}
      submit={() => void send()}
      foot={
        <>
          <button class="btn" type="button" onClick={close}>
            {t("common.cancel")}
          </button>
          <button class="btn btn--primary" type="submit" data-first disabled={busy}>
            {t(signing ? "meeting.share_do_sign" : "meeting.share_do")}
          </button>
        </>
      }
    >
      <p>{t("meeting.share_what")}</p>
      <label class="optrow">
        <input type="checkbox" checked={signing} onChange={(e) => sign(e.currentTarget.checked)} />
        <span>
          {t("meeting.share_sign")}
          <small>{people.map((p) => p.name).join(", ")}</small>
        </span>
      </label>
    </Dialog>
  );
}

/* The button that asks for it stands in front; unfinished tasks come along when it is published. */
function NextPlan({ meeting }: { meeting: Meeting }) {
  const [open, show] = useState(false);
  const { data } = useLoad<{ plan: { endsOn: string; successor?: { id: string; title: string }; may: string[] } }>(open ? `plans/${enc(meeting.plan)}` : null);
  const heir = data?.plan.successor;
  if (heir)
    return (
      <a class="btn" href={href(`plans/${heir.id}`)}>
        {heir.title}
      </a>
    );
  return (
    <>
      <button class="btn" type="button" onClick={() => show(true)}>
        <Icon name="next" />
        {t("meeting.next_plan")}
      </button>
      {open && data && (
        <Revise
          plans={[{ id: meeting.plan, name: meeting.student.name, title: meeting.planTitle, endsOn: data.plan.endsOn }]}
          close={() => show(false)}
          done={(lines) => {
            show(false);
            const made = lines.find((l) => l.plan)?.plan;
            if (made) go(`plans/${made}`);
          }}
        />
      )}
    </>
  );
}

/* ---- Acts by state ---- */

function Acts({ page, again }: Props) {
  const { meeting } = page;
  const { busy, act } = useAct();
  const { toast } = useApp();
  const [open, show] = useState<"change" | "cancel" | "share" | null>(null);
  const to = async (state: string) => {
    if (await act("PATCH", `meetings/${enc(meeting.id)}`, { rev: meeting.rev, state })) again();
  };
  const done = () => {
    show(null);
    again();
  };
  const button = (key: string, run: () => void, primary = false) => (
    <button class={primary ? "btn btn--primary" : "btn"} type="button" disabled={busy} onClick={run}>
      {t(`meeting.${key}`)}
    </button>
  );
  const { state, live } = meeting;
  return (
    <div class="btn-row">
      {(state === "planned" || live) && (
        <a class="btn btn--primary" href={href(`meetings/${meeting.id}/live`)}>
          {t(live ? "meeting.go_on" : "meeting.start")}
        </a>
      )}
      {state === "held" && !live && button("share", () => show("share"), true)}
      {state === "held" && !live && (
        <a class="btn" href={href(`meetings/${meeting.id}/live`)}>
          {t("meeting.back_in")}
        </a>
      )}
      {state === "planned" && button("change", () => show("change"))}
      {state === "missed" && button("plan_again", () => show("change"), true)}
      {state === "planned" && button("not_held", () => void to("missed"))}
      {state === "held" && !live && button("not_begun", () => void to("planned"))}
      {(state === "planned" || state === "missed") && button("cancel", () => show("cancel"))}
      {state === "shared" && button("close", () => void to("closed"))}
      {(state === "shared" || state === "closed" || (state === "held" && !live)) && <NextPlan meeting={meeting} />}
      {state === "planned" && (
        <button class="btn btn--quiet" type="button" onClick={() => void saveCalendar(meeting.id).catch(() => toast({ text: t("error.internal") }))}>
          <Icon name="clock" />
          {t("meeting.calendar")}
        </button>
      )}
      {open === "change" && <Change meeting={meeting} close={() => show(null)} done={done} />}
      {open === "cancel" && <Cancel meeting={meeting} close={() => show(null)} done={done} />}
      {open === "share" && <Share meeting={meeting} close={() => show(null)} done={done} />}
    </div>
  );
}

/* ---- The page ---- */

function Private({ page }: { page: Page }) {
  const { home } = useApp();
  const own = home.viewer.id;
  if (!own) return null;
  return (
    <section class="section private" aria-label={t("meeting.private")}>
      <p class="who">
        <span>
          <Icon name="lock" /> {t("meeting.private_who")}
        </span>
      </p>
      <MeetingWords meeting={page.meeting.id} person={own} field="private" texts={page.texts} label={t("meeting.private")} />
    </section>
  );
}

function Before({ page, again }: Props) {
  const { meeting } = page;
  const given = meeting.student.given || meeting.student.name;
  return (
    <div class="cols cols--main">
      <section class="section" aria-labelledby="brief">
        <h2 id="brief">{t("meeting.brief")}</h2>
        <Brief meeting={meeting.id} given={given} />
      </section>
      <div>
        <section class="section" aria-labelledby="has">
          <div class="section__head">
            <h2 id="has">{t("meeting.who_has")}</h2>
            <Remind meeting={meeting.id} lacking={lackingIn(meeting)} again={again} />
          </div>
          <Funnel meetings={[meeting]} />
        </section>
        <Private page={page} />
      </div>
    </div>
  );
}

function After({ page }: { page: Page }) {
  const { meeting } = page;
  const open = meeting.state === "held" || meeting.state === "shared";
  const came = meeting.parties.filter((p) => p.attended).map((p) => p.name);
  const minutes = page.texts.find((x) => x.field === "minutes");
  return (
    <>
      {came.length > 0 && <p class="muted">{t("meeting.attended_by", { names: came.join(", ") })}</p>}
      <section class="section" aria-labelledby="agreed">
        <h2 id="agreed">{t("meeting.agreed")}</h2>
        <AgreedList page={page} />
      </section>
      <section class="section" aria-labelledby="minutes">
        <h2 id="minutes">{t("meeting.minutes")}</h2>
        {open ? (
          <MeetingWords
            meeting={meeting.id}
            person={meeting.id}
            field="minutes"
            texts={page.texts}
            label={t("meeting.minutes")}
            hidden
            rows={5}
            hint={t(meeting.state === "shared" ? "meeting.minutes_correct" : "meeting.minutes_hint")}
          />
        ) : (
          <p class="lines voice" dir="auto">
            {minutes?.text || t("meeting.no_minutes")}
          </p>
        )}
      </section>
      <section class="section" aria-labelledby="said">
        <h2 id="said">{t("meeting.said")}</h2>
        <Talk page={page} />
      </section>
      {meeting.state !== "held" && <Signatures plan={meeting.plan} key={`${meeting.state}${meeting.rev}`} />}
      <Private page={page} />
    </>
  );
}

function StaffPage({ page, again }: Props) {
  const { meeting } = page;
  const given = meeting.student.given || meeting.student.name;
  const title = t("meeting.conversation", { given });
  useTitle(title, t("app.name"));
  const before = meeting.state === "planned" || meeting.live;
  return (
    <>
      <p class="eyebrow">
        <a href={href("meetings")}>
          <Icon name="back" flips />
          {t("meeting.meetings")}
        </a>{" "}
        <span aria-hidden="true">·</span>{" "}
        <a href={href(`plans/${meeting.plan}`)} dir="auto">
          {meeting.student.name}, {meeting.planTitle}
        </a>
      </p>
      <div class="page-head">
        <div>
          <h1 tabIndex={-1} dir="auto">
            {title}
          </h1>
          <p class="lede">
            <bdi>{dayTime(meeting.startsAt)}</bdi>, {t("meeting.minutes_n", { n: meeting.minutes })}
            {meeting.place && (
              <>
                {" · "}
                <span dir="auto">{meeting.place}</span>
              </>
            )}
            {!before && (
              <>
                {" "}
                <span class="chip">{t(`meeting.state_${meeting.state}`)}</span>
              </>
            )}
          </p>
        </div>
        {page.leads && <Acts page={page} again={again} />}
      </div>
      {before ? <Before page={page} again={again} /> : meeting.state === "cancelled" || meeting.state === "missed" ? <Note>{t(`meeting.staff_${meeting.state}`)}</Note> : <After page={page} />}
      {before && (
        <section class="section" aria-labelledby="each">
          <h2 id="each">{t("meeting.each")}</h2>
          <WhoHas meeting={meeting} />
        </section>
      )}
    </>
  );
}

export function MeetingPage({ id }: { id: string }) {
  const { data, error, again } = useLoad<Page>(`meetings/${enc(id)}`);
  const [kept, keep] = useState<Page | null>(null);
  useEffect(() => {
    if (data) keep(data);
  }, [data]);
  if (isMissing(error))
    return (
      <>
        <h1 tabIndex={-1}>{t("meeting.meetings")}</h1>
        <Empty icon="chat" title={t("meeting.gone")}>
          <a class="btn" href={href("meetings")}>
            {t("meeting.to_meetings")}
          </a>
        </Empty>
      </>
    );
  if (error) return <Problem error={error} retry={again} />;
  const page = data ?? kept;
  if (!page) return <Skeleton label={t("common.loading")} />;
  const staff = page.hat === "mentor" || page.hat === "head";
  return staff ? <StaffPage page={page} again={again} /> : <FamilyPage page={page} again={again} />;
}
