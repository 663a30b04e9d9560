/* Release: who has something, who gets to see it, how many are told. */
import { useEffect, useState } from "preact/hooks";
import { api, ApiError, enc } from "../api";
import { useApp } from "../app";
import { list, locale, t } from "../i18n";
import { byName } from "../sort";
import type { Entry, ReleasePreview, Review } from "../types";
import { Dialog } from "./dialog";
import { explain, Note, Problem, Skeleton } from "./notes";

interface Props {
  review: Review;
  entries: Entry[];
  close: () => void;
  done: (students: string[], at: string) => void;
}

function reach(review: Review): "both" | "students" | "guardians" | "nobody" {
  if (review.toStudents) return review.toGuardians ? "both" : "students";
  return review.toGuardians ? "guardians" : "nobody";
}

interface ChoiceProps {
  ready: Entry[];
  chosen: Set<string>;
  choose: (chosen: Set<string>) => void;
}

function Choice({ ready, chosen, choose }: ChoiceProps) {
  const turn = (id: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    choose(next);
  };
  return (
    <details class="pickrow">
      <summary>{t("release.who", { n: chosen.size, total: ready.length })}</summary>
      <ul class="picklist">
        {ready.map((e) => (
          <li key={e.student.id}>
            <label class="optrow">
              <input
                type="checkbox"
                checked={chosen.has(e.student.id)}
                onChange={(ev) => turn(e.student.id, ev.currentTarget.checked)}
              />
              <span dir="auto">
                {e.student.name}
                {e.releasedAt && <small>{t("grid.changed_after")}</small>}
              </span>
            </label>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Told({ preview, part }: { preview: ReleasePreview; part: boolean }) {
  const { students, guardians, unreachable } = preview.tell;
  return (
    <>
      <p>
        {t(part ? "release.mail_part" : "release.mail", { students, guardians })} {t("release.mail_content")}
      </p>
      {unreachable > 0 && <Note tone="warn">{t("release.unreachable", { n: unreachable })}</Note>}
    </>
  );
}

export function Release({ review, entries, close, done }: Props) {
  const { home, sessionEnded } = useApp();
  const [preview, setPreview] = useState<ReleasePreview | null>(null);
  const [chosen, choose] = useState<Set<string>>(new Set());
  const [error, setError] = useState<unknown>(null);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const path = `reviews/${enc(review.id)}/release`;

  const load = async () => {
    setError(null);
    try {
      const p = await api<ReleasePreview>(path);
      setPreview(p);
      choose(new Set(p.ready));
    } catch (e) {
      setError(e);
    }
  };
  useEffect(() => void load(), []);

  const submit = async () => {
    if (busy || chosen.size === 0) return;
    setBusy(true);
    setProblem("");
    try {
      const students = [...chosen];
      const answer = await api<{ released: number; at: string }>(path, { method: "POST", body: { students } });
      done(students, answer.at);
    } catch (e) {
      if (e instanceof ApiError && e.code === "expired") sessionEnded();
      setProblem(explain(e));
    }
    setBusy(false);
  };

  const audience = reach(review);
  const names = new Map(entries.map((e) => [e.student.id, e]));
  const found = (ids: string[]) => {
    const there = ids.map((id) => names.get(id)).filter((e): e is Entry => e !== undefined);
    return byName(there.map((entry) => ({ name: entry.student.name, entry })), locale(), "ascending").map((x) => x.entry);
  };
  const can = audience !== "nobody" && preview !== null && preview.ready.length > 0;
  const foot = (
    <>
      <button class="btn" type="button" onClick={close}>
        {t("common.cancel")}
      </button>
      {can && (
        <button class="btn btn--primary" disabled={chosen.size === 0} aria-busy={busy}>
          {t("release.button", { n: chosen.size })}
        </button>
      )}
    </>
  );
  return (
    <Dialog title={t("release.title")} hint={review.title} close={close} submit={() => void submit()} foot={foot}>
      {problem && (
        <Note tone="bad" role="alert">
          {problem}
        </Note>
      )}
      {error !== null && <Problem error={error} retry={() => void load()} />}
      {!preview && error === null && <Skeleton label={t("common.loading")} />}
      {audience === "nobody" && <Note tone="warn">{t("release.to_nobody")}</Note>}
      {audience !== "nobody" && preview && preview.ready.length === 0 && (
        <Note>{t(preview.already.length ? "release.all_done" : "release.nothing")}</Note>
      )}
      {can && (
        <div class="stackv">
          <p>{t(`release.see_${audience}`, { n: chosen.size })}</p>
          <Choice ready={found(preview.ready)} chosen={chosen} choose={choose} />
          <Told preview={preview} part={chosen.size !== preview.ready.length} />
          {preview.empty.length > 0 && (
            <p class="muted small">
              {t("release.empty", { n: preview.empty.length })}{" "}
              <bdi>{list(found(preview.empty).map((e) => e.student.name))}</bdi>.
            </p>
          )}
          {preview.already.length > 0 && (
            <p class="muted small">{t("release.already", { n: preview.already.length })}</p>
          )}
          <p class="muted small">{t("release.later", { school: home.school.name })}</p>
        </div>
      )}
    </Dialog>
  );
}
