/* A new midterm review, or the properties of one that exists. */
import { useEffect, useRef, useState } from "preact/hooks";
import { api, ApiError, enc, shippedScales } from "../api";
import { useApp } from "../app";
import { pick, t } from "../i18n";
import type { Review, Scale } from "../types";
import { Dialog } from "./dialog";
import { Icon } from "./icons";
import { explain, FieldError, Note } from "./notes";

interface Draft {
  title: string;
  startsOn: string;
  endsOn: string;
  graded: boolean;
  scale: string;
  selfAssessment: boolean;
  toStudents: boolean;
  toGuardians: boolean;
  /* "": the same as the teachers'. */
  selfScale: string;
  release: Review["release"];
  releaseOn: string;
}

type Errors = Partial<Record<string, string>>;

const usualDays = 18;

function plusDays(date: string, n: number): string {
  const d = new Date(`${date}T00:00:00Z`);
  d.setUTCDate(d.getUTCDate() + n);
  return d.toISOString().slice(0, 10);
}

function suggestTitle(today: string, taken: string[]): string {
  const [year = "", month = "1"] = today.split("-");
  const title = t(Number(month) >= 8 ? "review.title_autumn" : "review.title_spring", { year });
  let n = 2;
  let free = title;
  while (taken.includes(free)) free = `${title} (${n++})`;
  return free;
}

/* The server names the field it refuses; what to do about it is said here. */
const advice: Record<string, string> = {
  title: "review.err_title",
  startsOn: "review.err_date",
  endsOn: "review.err_order",
  scale: "review.lock_is",
  selfScale: "review.lock_is",
  releaseOn: "review.err_date",
};

export function check(d: Draft): Errors {
  const errors: Errors = {};
  if (!d.title.trim()) errors.title = t("review.err_title");
  if (!d.startsOn) errors.startsOn = t("review.err_date");
  if (!d.endsOn) errors.endsOn = t("review.err_date");
  else if (d.startsOn && d.endsOn < d.startsOn) errors.endsOn = t("review.err_order");
  if (d.release === "date" && !d.releaseOn) errors.releaseOn = t("review.err_date");
  return errors;
}

interface PartProps {
  draft: Draft;
  errors: Errors;
  set: (part: Partial<Draft>) => void;
}

function TextInput(props: PartProps & { field: "title" | "startsOn" | "endsOn" | "releaseOn"; label: string; type: string }) {
  const { draft, errors, set, field, label, type } = props;
  const id = `review-${field}`;
  return (
    <div class="field">
      <label class={type === "date" ? "hint" : undefined} for={id}>
        {label}
      </label>
      <input
        class="input"
        id={id}
        type={type}
        dir={type === "date" ? undefined : "auto"}
        maxLength={200}
        data-first={field === "title" ? "" : undefined}
        value={draft[field]}
        aria-invalid={errors[field] ? true : undefined}
        aria-describedby={errors[field] ? `${id}-e` : undefined}
        onInput={(e) => set({ [field]: e.currentTarget.value })}
      />
      <FieldError id={`${id}-e`} text={errors[field]} />
    </div>
  );
}

function Period(props: PartProps) {
  return (
    <fieldset class="field">
      <legend>{t("review.period")}</legend>
      <div class="formgrid formgrid--2">
        <TextInput {...props} field="startsOn" label={t("review.from")} type="date" />
        <TextInput {...props} field="endsOn" label={t("review.to")} type="date" />
      </div>
    </fieldset>
  );
}

function ScaleSelect({ draft, errors, set, scales, locked }: PartProps & { scales: Scale[]; locked: boolean }) {
  const scale = scales.find((s) => s.key === draft.scale);
  return (
    <div class="field">
      <label class="hint" for="review-scale">
        {t("review.scale")}
      </label>
      <select
        class="select"
        id="review-scale"
        disabled={locked || !draft.graded}
        value={draft.scale}
        aria-describedby="review-scale-h"
        aria-invalid={errors.scale ? true : undefined}
        onChange={(e) => set({ scale: e.currentTarget.value })}
      >
        {scales.map((s) => (
          <option value={s.key}>{pick(s.name)}</option>
        ))}
      </select>
      <p class="hint" id="review-scale-h">
        {draft.graded ? scale?.values.map((v) => pick(v.short)).join(" · ") : t("review.no_scale_needed")}
      </p>
      <FieldError id="review-scale-e" text={errors.scale} />
    </div>
  );
}

function Assessment(props: PartProps & { scales: Scale[]; locked: boolean }) {
  const { draft, set, locked } = props;
  const option = (graded: boolean, label: string, small?: string) => (
    <label class="optrow">
      <input
        type="radio"
        name="graded"
        disabled={locked}
        checked={draft.graded === graded}
        onChange={() => set({ graded })}
      />
      <span>
        {label}
        {small && <small>{small}</small>}
      </span>
    </label>
  );
  return (
    <fieldset class="field">
      <legend>{t("review.assessment")}</legend>
      <div class="formgrid formgrid--2">
        <div class="stackv">
          {option(true, t("review.grade_and_comment"))}
          {option(false, t("review.comment_only"), t("review.comment_only_hint"))}
        </div>
        <ScaleSelect {...props} />
      </div>
      <p class="note mt0">
        <Icon name="lock" />
        <span class="small">{t(locked ? "review.lock_is" : "review.lock_will")}</span>
      </p>
    </fieldset>
  );
}

function Check({ on, set, children, small }: { on: boolean; set: (on: boolean) => void; children: string; small?: string }) {
  return (
    <label class="optrow">
      <input type="checkbox" checked={on} onChange={(e) => set(e.currentTarget.checked)} />
      <span>
        {children}
        {small && <small>{small}</small>}
      </span>
    </label>
  );
}

function Audience({ draft, set }: PartProps) {
  return (
    <fieldset class="field">
      <legend>{t("review.audience")}</legend>
      <p class="hint">{t("review.audience_hint")}</p>
      <div class="row">
        <Check on={draft.toStudents} set={(toStudents) => set({ toStudents })}>
          {t("common.students")}
        </Check>
        <Check on={draft.toGuardians} set={(toGuardians) => set({ toGuardians })}>
          {t("common.parents")}
        </Check>
      </div>
      {!draft.toStudents && !draft.toGuardians && <p class="hint">{t("review.audience_none")}</p>}
    </fieldset>
  );
}

/* The youngest say it with faces, whatever the teachers' scale is. */
function SelfScale({ draft, set, scales, locked }: PartProps & { scales: Scale[]; locked: boolean }) {
  if (!draft.selfAssessment) return null;
  const scale = scales.find((s) => s.key === draft.selfScale);
  return (
    <div class="field">
      <label class="hint" for="review-self-scale">
        {t("review.self_scale")}
      </label>
      <select
        class="select"
        id="review-self-scale"
        disabled={locked}
        value={draft.selfScale}
        aria-describedby={scale && "review-self-scale-h"}
        onChange={(e) => set({ selfScale: e.currentTarget.value })}
      >
        <option value="">{t(draft.graded ? "review.self_scale_same" : "review.self_scale_none")}</option>
        {scales.map((s) => (
          <option value={s.key}>{pick(s.name)}</option>
        ))}
      </select>
      {scale && (
        <p class="hint" id="review-self-scale-h">
          {scale.values.map((v) => pick(v.short)).join(" · ")}
        </p>
      )}
    </div>
  );
}

function ReleaseWhen(props: PartProps) {
  const { draft, set } = props;
  const option = (release: Draft["release"]) => (
    <label class="optrow">
      <input type="radio" name="release" checked={draft.release === release} onChange={() => set({ release })} />
      <span>
        {t(`review.when_${release}`)}
        <small>{t(`review.when_${release}_hint`)}</small>
      </span>
    </label>
  );
  return (
    <fieldset class="field">
      <legend>{t("review.when")}</legend>
      <div class="stackv">
        {option("now")}
        {option("date")}
        {draft.release === "date" && <TextInput {...props} field="releaseOn" label={t("review.when_day")} type="date" />}
        {option("meeting")}
      </div>
    </fieldset>
  );
}

function draftOf(review: Review | undefined, today: string, taken: string[], scales: Scale[]): Draft {
  return {
    title: review?.title ?? suggestTitle(today, taken),
    startsOn: review?.startsOn ?? today,
    endsOn: review?.endsOn ?? plusDays(today, usualDays),
    graded: review ? review.scale !== null : true,
    scale: review?.scale?.key ?? scales[0]?.key ?? "",
    selfAssessment: review?.selfAssessment ?? true,
    toStudents: review?.toStudents ?? true,
    toGuardians: review?.toGuardians ?? true,
    selfScale: review?.selfScale?.key ?? "",
    release: review?.release ?? "now",
    releaseOn: review?.releaseOn ?? review?.endsOn ?? plusDays(today, usualDays),
  };
}

function bodyOf(d: Draft) {
  const { title, startsOn, endsOn, selfAssessment, toStudents, toGuardians, release } = d;
  const releaseOn = release === "date" ? d.releaseOn : null;
  const scales = { scale: d.graded ? d.scale : null, selfScale: d.selfScale || null };
  return { title: title.trim(), startsOn, endsOn, ...scales, selfAssessment, toStudents, toGuardians, release, releaseOn };
}

/* Only what was changed is sent, so that another teacher's change of something else stands. A
 * day of release goes with its release. */
function changes(now: Draft, before: Draft): Record<string, unknown> {
  const a = bodyOf(now) as Record<string, unknown>;
  const b = bodyOf(before) as Record<string, unknown>;
  const part = Object.fromEntries(Object.entries(a).filter(([k, v]) => v !== b[k]));
  return "release" in part || "releaseOn" in part ? { ...part, release: a.release, releaseOn: a.releaseOn } : part;
}

interface Props {
  review?: Review;
  empty?: boolean;
  close: () => void;
  done: (review: Review) => void;
  deleted?: () => void;
}

/* Opens when the scales to choose from are there; the browser keeps them for an hour. */
export function ReviewForm(props: Props) {
  const [scales, setScales] = useState<Scale[]>();
  const [problem, setProblem] = useState("");
  useEffect(() => {
    shippedScales().then(setScales, (e: unknown) => {
      setScales([]);
      setProblem(explain(e));
    });
  }, []);
  return scales ? <Form {...props} scales={withOwn(withOwn(scales, props.review?.scale), props.review?.selfScale)} problem={problem} /> : null;
}

function Form({ review, empty, close, done, deleted, scales, problem: before }: Props & { scales: Scale[]; problem: string }) {
  const { home, sessionEnded } = useApp();
  const taken = (home.reviews ?? []).map((r) => r.title);
  const [current, setCurrent] = useState(review);
  const first = useRef(draftOf(review, home.viewer.today, taken, scales));
  const [draft, setDraft] = useState(first.current);
  const [errors, setErrors] = useState<Errors>({});
  const [problem, setProblem] = useState(before);
  const [busy, setBusy] = useState(false);
  const [asking, ask] = useState(false);
  const id = useRef(crypto.randomUUID());
  const set = (part: Partial<Draft>) => setDraft((d) => ({ ...d, ...part }));

  const refused = (found: Errors) => {
    setErrors(found);
    setTimeout(() => document.querySelector<HTMLElement>('dialog [aria-invalid="true"]')?.focus(), 0);
  };

  const failed = (e: unknown) => {
    if (!(e instanceof ApiError)) return setProblem(explain(e));
    if (e.code === "expired") sessionEnded();
    const newer = (e.body as { review?: Review } | null)?.review;
    if (newer) {
      /* What the other teacher set is shown, except where this one has set something too. */
      const mine = changes(draft, first.current);
      first.current = draftOf(newer, home.viewer.today, taken, scales);
      setDraft({ ...first.current, ...pickDraft(draft, mine) });
      setCurrent(newer);
      setProblem(t("review.changed_meanwhile"));
    } else if (e.field && e.field in advice) refused({ [e.field]: t(advice[e.field] ?? "") });
    else setProblem(explain(e));
  };

  const run = async (job: () => Promise<void>) => {
    setBusy(true);
    setProblem("");
    try {
      await job();
    } catch (e) {
      failed(e);
    }
    setBusy(false);
  };

  const submit = () => {
    const found = check(draft);
    if (Object.keys(found).length) return refused(found);
    setErrors({});
    if (busy) return;
    void run(async () => {
      if (!current) return done(await api<Review>("reviews", { method: "POST", body: { ...bodyOf(draft), id: id.current } }));
      const part = changes(draft, first.current);
      if (Object.keys(part).length === 0) return close();
      done(await api<Review>(`reviews/${enc(current.id)}`, { method: "PATCH", body: { rev: current.rev, ...part } }));
    });
  };

  const remove = () =>
    run(async () => {
      if (!current) return;
      await api(`reviews/${enc(current.id)}`, { method: "DELETE", body: { rev: current.rev } });
      deleted?.();
    });

  const parts = { draft, errors, set };
  const students = (home.participants ?? []).length;
  const foot = asking ? (
    <>
      <span class="grow">{t("review.delete_ask")}</span>
      <button class="btn" type="button" onClick={() => ask(false)} ref={(b) => b?.focus()}>
        {t("review.delete_keep")}
      </button>
      <button class="btn btn--danger-solid" type="button" disabled={busy} onClick={() => void remove()}>
        {t("review.delete")}
      </button>
    </>
  ) : (
    <>
      {current && empty && deleted && (
        <span class="grow">
          <button class="btn btn--danger" type="button" onClick={() => ask(true)}>
            {t("review.delete_dots")}
          </button>
        </span>
      )}
      <button class="btn" type="button" onClick={close}>
        {t("common.cancel")}
      </button>
      <button class="btn btn--primary" aria-busy={busy}>
        {t(current ? "review.save" : "review.create")}
      </button>
    </>
  );
  return (
    <Dialog
      title={t(review ? "review.properties" : "review.new")}
      hint={[home.course?.title, t("common.n_students", { n: students })].filter(Boolean).join(", ")}
      close={close}
      submit={submit}
      foot={foot}
    >
      {problem && (
        <Note tone="bad" role="alert">
          {problem}
        </Note>
      )}
      <TextInput {...parts} field="title" label={t("review.title")} type="text" />
      <Period {...parts} />
      <Assessment {...parts} scales={scales} locked={current?.scaleLocked ?? false} />
      <Check
        on={draft.selfAssessment}
        set={(selfAssessment) => set({ selfAssessment })}
        small={t("review.ask_self_hint")}
      >
        {t("review.ask_self")}
      </Check>
      <SelfScale {...parts} scales={scales} locked={current?.scaleLocked ?? false} />
      <Audience {...parts} />
      <ReleaseWhen {...parts} />
    </Dialog>
  );
}

/* A review keeps the scale it was made with, even one that is no longer offered. */
function withOwn(scales: Scale[], own: Scale | null | undefined): Scale[] {
  return own && !scales.some((s) => s.key === own.key) ? [...scales, own] : scales;
}

function pickDraft(draft: Draft, changed: Record<string, unknown>): Partial<Draft> {
  const keys = Object.keys(changed).flatMap((k) => (k === "scale" ? ["scale", "graded"] : [k])) as (keyof Draft)[];
  return Object.fromEntries(keys.map((k) => [k, draft[k]]));
}
