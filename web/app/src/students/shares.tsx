/* Plans that mentors share: found, looked at, used as one's own copy (R-112..R-116). */
import { useEffect, useId, useState } from "preact/hooks";
import { api, ApiError, enc } from "../api";
import { useApp, useTitle } from "../app";
import { pick, t, when } from "../i18n";
import { Dialog } from "../parts/dialog";
import { Icon } from "../parts/icons";
import { useLoad } from "../parts/load";
import { Empty, explain, Problem, Skeleton } from "../parts/notes";
import { Search } from "../parts/search";
import type { ShareBrief, SharePreview } from "../plan-types";
import { href } from "../router";

const pause = 250;

/* What is typed, once the typing stops. */
export function useSettled(text: string): string {
  const [settled, settle] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => settle(text), pause);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

function useShares(search: string) {
  const wanted = useSettled(search.trim());
  return useLoad<{ shares: ShareBrief[] }>(wanted ? `shares?search=${enc(wanted)}` : "shares");
}

function about(s: ShareBrief): string {
  const from = s.scope === "district" ? t("share.of_district") : (s.school ?? t("share.of_school"));
  return t("share.about", { by: s.by, from, rows: s.rows, tasks: s.tasks, uses: s.uses });
}

/* ---- What is in one ---- */

function Content({ preview: { rows, values, tasks, form } }: { preview: SharePreview }) {
  const words = (row: string | null) =>
    values
      .filter((v) => v.row === row)
      .map((v) => ({ ...v, label: form.sections.flatMap((s) => s.fields).find((f) => f.key === v.field) }));
  const tasksIn = (row: string | null) =>
    [...tasks].filter((x) => x.row === row).sort((a, b) => a.position - b.position);
  const Part = ({ row }: { row: string | null }) => (
    <>
      {words(row).map((v) => (
        <p key={v.field} dir="auto">
          {v.label && !v.label.head && <span class="muted small">{pick(v.label.label)}: </span>}
          {v.label?.head ? <b>{v.text}</b> : v.text}
        </p>
      ))}
      {tasksIn(row).length > 0 && (
        <ul class="bullets">
          {tasksIn(row).map((x, i) => (
            <li key={i} dir="auto">
              {x.text}
            </li>
          ))}
        </ul>
      )}
    </>
  );
  const children = (parent: string | null) => rows.filter((r) => r.parent === parent).sort((a, b) => a.position - b.position);
  return (
    <div class="stackv">
      <Part row={null} />
      {children(null).map((c) => (
        <section class="shared" key={c.id}>
          <Part row={c.id} />
          {children(c.id).map((g) => (
            <div class="shared__goal" key={g.id}>
              <Part row={g.id} />
            </div>
          ))}
        </section>
      ))}
    </div>
  );
}

function Preview({ share }: { share: ShareBrief }) {
  const { data, error, again } = useLoad<SharePreview>(`shares/${enc(share.id)}`);
  if (error !== null) return <Problem error={error} retry={again} />;
  if (!data) return <Skeleton label={t("common.loading")} />;
  return (
    <div class="sharedbox" role="region" aria-label={share.title} tabIndex={0}>
      <p class="small muted">{t("share.name_hint")}</p>
      <Content preview={data} />
    </div>
  );
}

/* ---- Choosing one in a dialog ---- */

export function SharePicker({ value, choose }: { value: string; choose: (id: string) => void }) {
  const [search, ask] = useState("");
  const { data, error, again } = useShares(search);
  const name = useId();
  const chosen = data?.shares.find((s) => s.id === value);
  return (
    <div class="picker stackv">
      <Search id={`${name}-q`} label={t("share.find")} value={search} ask={ask} />
      {error !== null && <Problem error={error} retry={again} />}
      {data && data.shares.length === 0 && <p class="muted">{t(search ? "share.none_found" : "share.none")}</p>}
      {data?.shares.map((s) => (
        <label class="optrow" key={s.id}>
          <input type="radio" name={name} checked={value === s.id} onChange={() => choose(s.id)} />
          <span>
            <span dir="auto">{s.title}</span>
            <small>{about(s)}</small>
          </span>
        </label>
      ))}
      {chosen && <Preview share={chosen} key={chosen.id} />}
    </div>
  );
}

/* ---- The page ---- */

function Card({ share, gone }: { share: ShareBrief; gone: () => void }) {
  const { toast, sessionEnded } = useApp();
  const [open, turn] = useState(false);
  const withdraw = async () => {
    try {
      await api(`shares/${enc(share.id)}`, { method: "DELETE", body: {} });
      toast({ text: t("share.withdrawn", { title: share.title }) });
      gone();
    } catch (e) {
      if (e instanceof ApiError && e.code === "expired") sessionEnded();
      toast({ text: explain(e) });
    }
  };
  return (
    <li class="panel">
      <div class="panel__head">
        <h2 dir="auto">{share.title}</h2>
        <span class="muted small">{when(share.at)}</span>
      </div>
      <p class="muted small">
        <span dir="auto">{pick(share.form)}</span>. {about(share)}
      </p>
      <div class="btn-row mt">
        <button class="btn btn--sm" type="button" aria-expanded={open} onClick={() => turn(!open)}>
          <Icon name="eye" />
          {t("share.look")}
          <span class="sr"> {share.title}</span>
        </button>
        {share.mine && (
          <button class="btn btn--sm" type="button" onClick={() => void withdraw()}>
            <Icon name="x" />
            {t("share.withdraw")}
            <span class="sr"> {share.title}</span>
          </button>
        )}
      </div>
      {open && <Preview share={share} />}
    </li>
  );
}

export function Shared() {
  const [search, ask] = useState("");
  const { data, error, again } = useShares(search);
  useTitle(t("share.heading"), t("app.name"));
  return (
    <>
      <div class="page-head">
        <div>
          <p class="eyebrow">
            <a href={href("students")}>
              <Icon name="back" flips />
              {t("app.my_students")}
            </a>
          </p>
          <h1 tabIndex={-1}>{t("share.heading")}</h1>
          <p class="lede">{t("share.lede")}</p>
        </div>
      </div>
      <div class="toolbar">
        <Search label={t("share.find")} value={search} ask={ask} />
      </div>
      {error !== null && <Problem error={error} retry={again} />}
      {!data && error === null && <Skeleton label={t("common.loading")} />}
      {data && data.shares.length === 0 && (
        <Empty icon="share" title={t(search ? "share.none_found" : "share.none")}>
          <p>{t("share.none_text")}</p>
        </Empty>
      )}
      <ul class="stackv">
        {data?.shares.map((s) => (
          <Card share={s} gone={again} key={s.id} />
        ))}
      </ul>
    </>
  );
}

/* ---- Sharing one's own ---- */

interface ShareProps {
  plan: { id: string; title: string };
  close: () => void;
}

export function Share({ plan, close }: ShareProps) {
  const { toast, sessionEnded } = useApp();
  const id = useId();
  const [share] = useState(() => crypto.randomUUID());
  const [title, name] = useState(plan.title);
  const [scope, choose] = useState<"school" | "district">("school");
  const [problem, say] = useState("");
  const [busy, work] = useState(false);
  const submit = async () => {
    if (busy) return;
    if (!title.trim()) return say(t("students.title_missing"));
    work(true);
    say("");
    try {
      await api(`plans/${enc(plan.id)}/share`, { method: "POST", body: { id: share, scope, title: title.trim() } });
      toast({ text: t("share.shared", { title: title.trim() }) });
      close();
    } catch (e) {
      if (e instanceof ApiError && e.code === "expired") sessionEnded();
      say(e instanceof ApiError && e.field === "scope" ? t("share.no_school") : explain(e));
    }
    work(false);
  };
  const foot = (
    <>
      <button class="btn" type="button" onClick={close}>
        {t("common.cancel")}
      </button>
      <button class="btn btn--primary" aria-busy={busy}>
        <Icon name="share" />
        {t("share.now")}
      </button>
    </>
  );
  const option = (value: "school" | "district") => (
    <label class="optrow">
      <input type="radio" name={id} checked={scope === value} onChange={() => choose(value)} />
      <span>
        {t(`share.with_${value}`)}
        <small>{t(`share.with_${value}_text`)}</small>
      </span>
    </label>
  );
  return (
    <Dialog title={t("share.title")} hint={plan.title} close={close} submit={() => void submit()} foot={foot}>
      <div class="field">
        <label for={`${id}-t`}>{t("share.called")}</label>
        <input
          class="input"
          id={`${id}-t`}
          data-first
          maxLength={200}
          value={title}
          aria-invalid={problem ? "true" : undefined}
          aria-describedby={`${id}-h`}
          onInput={(e) => name(e.currentTarget.value)}
        />
        <p class={problem ? "err" : "hint"} id={`${id}-h`} role={problem ? "alert" : undefined}>
          {problem || t("share.called_hint")}
        </p>
      </div>
      <fieldset class="field">
        <legend>{t("share.with")}</legend>
        {option("school")}
        {option("district")}
      </fieldset>
      <div class="note">
        <Icon name="lock" />
        <div>
          <p>
            <b>{t("share.left_out")}</b> {t("share.left_out_text")}
          </p>
          <p>{t("share.copy_text")}</p>
        </div>
      </div>
    </Dialog>
  );
}
