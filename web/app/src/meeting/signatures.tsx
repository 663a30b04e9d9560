/* Who signed a plan and what exactly: the frozen copy and its hash, requests, and what has
 * changed since. Signed in the room on the mentor's screen, in the app, or on paper. */
import { useState } from "preact/hooks";
import { enc } from "../api";
import { useApp } from "../app";
import { pick, t, when } from "../i18n";
import { Dialog } from "../parts/dialog";
import { Icon } from "../parts/icons";
import { isMissing, useLoad } from "../parts/load";
import { Note, Problem, Skeleton } from "../parts/notes";
import { wordsFor } from "../plan/value";
import type { FormField, PlanPage } from "../plan-types";
import { useAct } from "./acts";
import { fresh, type Request, type SignatureList } from "./types";

/* ---- The copy ---- */

function statusOf(copy: Frozen, key: string): string {
  const status = copy.form.statuses?.find((s) => s.key === key);
  return status ? pick(status.label) : "";
}

type Frozen = Pick<PlanPage, "form" | "rows" | "values" | "tasks" | "plan">;
interface Copy {
  content: Frozen;
  hash: string;
  intact: boolean;
  at: string;
  by: string;
}

/* Codes of choices stand in the copy; people read words. */
function FieldCopy({ field, row, copy }: { field: FormField; row: string | null; copy: Frozen }) {
  const value = copy.values.find((v) => v.row === row && v.field === field.key)?.text;
  const tasks = copy.tasks.filter((x) => x.row === row && x.field === field.key);
  if (!value && !tasks.length) return null;
  return (
    <div>
      <dt>{pick(field.label)}</dt>
      {value && (
        <dd class="lines voice" dir="auto">
          {field.kind === "status" ? statusOf(copy, value) : (wordsFor(field)?.(value) ?? value)}
        </dd>
      )}
      {tasks.map((x) => (
        <dd dir="auto" key={x.id}>
          {x.text} <span class="muted small">{statusOf(copy, x.status)}</span>
        </dd>
      ))}
    </div>
  );
}

function SectionCopy({ section, copy }: { section: Frozen["form"]["sections"][number]; copy: Frozen }) {
  const of = (kind: string) => section.fields.filter((f) => (section.kind === "grid" ? (f.of ?? "goal") === kind : kind === "plan"));
  const agreed = section.kind === "grid" ? copy.rows.filter((r) => r.state === "agreed") : [];
  const rows = agreed.filter((r) => r.kind === "competence").flatMap((c) => [c, ...agreed.filter((g) => g.parent === c.id)]);
  return (
    <section class="stackv">
      <h3>{pick(section.title)}</h3>
      <dl class="stackv">
        {of("plan").map((f) => (
          <FieldCopy field={f} row={null} copy={copy} key={f.key} />
        ))}
        {rows.flatMap((r) => of(r.kind).map((f) => <FieldCopy field={f} row={r.id} copy={copy} key={`${r.id}${f.key}`} />))}
      </dl>
    </section>
  );
}

function ShowCopy({ plan, id, close }: { plan: string; id: string; close: () => void }) {
  const { data, error, again } = useLoad<Copy>(`plans/${enc(plan)}/signatures/${enc(id)}`);
  return (
    <Dialog
      title={t("meeting.copy_title")}
      close={close}
      foot={
        <button class="btn" type="button" onClick={close}>
          {t("common.close")}
        </button>
      }
    >
      {error ? <Problem error={error} retry={again} /> : !data && <Skeleton label={t("common.loading")} />}
      {data && (
        <div class="stackv stackv--lg" role="group" aria-label={t("meeting.copy_title")} tabIndex={0}>
          <p>{t("meeting.copy_made", { when: when(data.at), name: data.by })}</p>
          <Note tone={data.intact ? "good" : "bad"}>{t(data.intact ? "meeting.copy_intact" : "meeting.copy_broken")}</Note>
          <p class="small muted hash">SHA-256 {data.hash}</p>
          {data.content.form.sections.map((s) => (
            <SectionCopy section={s} copy={data.content} key={s.key} />
          ))}
        </div>
      )}
    </Dialog>
  );
}

/* ---- Requests ---- */

interface RowProps {
  plan: string;
  copy: string;
  request: Request;
  newest: boolean;
  asks: boolean;
  again: () => void;
}

function Decline({ send, close }: { send: (reason: string) => void; close: () => void }) {
  const [reason, set] = useState("");
  return (
    <Dialog
      small
      title={t("meeting.decline_title")}
      hint={t("meeting.decline_hint")}
      close={close}
      submit={() => send(reason)}
      foot={
        <>
          <button class="btn" type="button" onClick={close}>
            {t("common.cancel")}
          </button>
          <button class="btn btn--primary" type="submit">
            {t("meeting.decline_do")}
          </button>
        </>
      }
    >
      <div class="field">
        <label for="decline">{t("meeting.decline_why")}</label>
        <textarea class="textarea" id="decline" data-first rows={3} maxLength={1000} dir="auto" value={reason} onInput={(e) => set(e.currentTarget.value)} />
      </div>
    </Dialog>
  );
}

function AnswerText({ request }: { request: Request }) {
  if (request.answer === "signed")
    return (
      <span class="yes">
        <Icon name="check" /> {t("meeting.signed", { when: when(request.answeredAt ?? "") })}
        {request.method && request.method !== "app" && <> {t(`meeting.method_${request.method}`, { name: request.typedBy ?? "" })}</>}
      </span>
    );
  if (request.answer === "declined")
    return (
      <span class="warn">
        <Icon name="x" /> {t("meeting.declined")}
        {request.reason && <span dir="auto">: {request.reason}</span>}
      </span>
    );
  return <span class="muted">{t("meeting.not_signed")}</span>;
}

function RequestRow({ plan, copy, request, newest, asks, again }: RowProps) {
  const { busy, act } = useAct();
  const { announce } = useApp();
  const [declining, decline] = useState(false);
  const open = newest && request.answer === null;
  const give = async (answer: "signed" | "declined", method: "app" | "room" | "paper", reason?: string) => {
    const body = { answer, method, person: request.person, reason: reason ?? null };
    decline(false);
    if (!(await act("POST", `plans/${enc(plan)}/signatures/${enc(copy)}/answer`, body))) return;
    announce(t(answer === "signed" ? "meeting.signed_now" : "meeting.declined"));
    again();
  };
  const sign = (method: "app" | "room" | "paper", key: string) => (
    <button class={method === "app" ? "btn btn--sm btn--primary" : "btn btn--sm"} type="button" disabled={busy} onClick={() => void give("signed", method)}>
      {t(key)}
      <span class="sr"> {request.name}</span>
    </button>
  );
  return (
    <li class="row row--between">
      <span>
        <b dir="auto">{request.name}</b> <span class="muted small">{t(`meeting.hat_${request.hat}`)}</span>
        <br />
        <AnswerText request={request} />
      </span>
      {open && (
        <span class="btn-row">
          {request.mine && sign("app", "meeting.sign")}
          {request.mine && (
            <button class="btn btn--sm btn--quiet" type="button" onClick={() => decline(true)}>
              {t("meeting.decline")}
            </button>
          )}
          {asks && !request.mine && sign("room", "meeting.sign_room")}
          {asks && !request.mine && sign("paper", "meeting.sign_paper")}
        </span>
      )}
      {declining && <Decline send={(reason) => void give("declined", "app", reason)} close={() => decline(false)} />}
    </li>
  );
}

function Ask({ list, send, busy }: { list: SignatureList; send: (people: string[]) => void; busy: boolean }) {
  const [left, leave] = useState<ReadonlySet<string>>(new Set());
  const chosen = list.people.filter((p) => !left.has(p.id));
  return (
    <fieldset class="field">
      <legend>{t("meeting.ask_whom")}</legend>
      {list.people.map((p) => (
        <label class="optrow" key={p.id}>
          <input
            type="checkbox"
            checked={!left.has(p.id)}
            onChange={() => {
              const next = new Set(left);
              if (!next.delete(p.id)) next.add(p.id);
              leave(next);
            }}
          />
          <span>
            <span dir="auto">{p.name}</span> <small>{t(`meeting.hat_${p.hat}`)}</small>
          </span>
        </label>
      ))}
      <p>
        <button class="btn" type="button" disabled={busy || !chosen.length} onClick={() => send(chosen.map((p) => p.id))}>
          {t("meeting.ask_sign", { n: chosen.length })}
        </button>
      </p>
    </fieldset>
  );
}

/* ---- The part of the page ---- */

function Body({ plan, list, again }: { plan: string; list: SignatureList; again: () => void }) {
  const { busy, act } = useAct();
  const [shown, show] = useState<string | null>(null);
  const ask = async (people: string[]) => {
    if (await act("POST", `plans/${enc(plan)}/signatures`, { id: fresh(), people })) again();
  };
  return (
    <div class="stackv stackv--lg">
      {list.copies.map((c, i) => (
        <div class={i === 0 ? "stackv" : "stackv muted"} key={c.id}>
          <p class="row row--between small">
            <span>
              {t("meeting.copy_made", { when: when(c.at), name: c.by })}
              {i > 0 && <> · {t("meeting.copy_older")}</>}
            </span>
            {c.hash && (
              <button class="linkbtn" type="button" onClick={() => show(c.id)}>
                {t("meeting.copy_show")}
              </button>
            )}
          </p>
          {c.changed && <Note tone="warn">{t("meeting.copy_changed")}</Note>}
          <ul class="plainlist stackv">
            {(c.requests ?? []).map((r) => (
              <RequestRow plan={plan} copy={c.id} request={r} newest={i === 0} asks={list.asks} again={again} key={r.person} />
            ))}
          </ul>
        </div>
      ))}
      {list.asks && (list.copies.length === 0 || list.copies[0]?.changed) && <Ask list={list} send={(p) => void ask(p)} busy={busy} />}
      {shown && <ShowCopy plan={plan} id={shown} close={() => show(null)} />}
    </div>
  );
}

/* Beside a field of the plan: `page` and `field`; elsewhere the plan's id and a heading. */
export function Signatures({ plan, page }: { plan?: string; page?: PlanPage; field?: FormField }) {
  const of = plan ?? page?.plan.id ?? "";
  const borrowed = page?.plan.as !== undefined;
  const { data, error, again } = useLoad<SignatureList>(borrowed ? null : `plans/${enc(of)}/signatures`);
  if (borrowed || isMissing(error)) return null;
  const nothing = data && !data.copies.length && !data.asks;
  const body = error ? <Problem error={error} retry={again} /> : data && <Body plan={of} list={data} again={again} />;
  if (page) return nothing ? <p class="quote--empty">{t("meeting.nobody_asked")}</p> : <>{body}</>;
  if (nothing) return null;
  return (
    <section class="section" aria-labelledby="signatures">
      <h2 id="signatures">{t("meeting.signatures")}</h2>
      {body}
    </section>
  );
}
