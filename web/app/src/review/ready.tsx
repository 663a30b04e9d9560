/* "These are finished": mentors may read them, and they go out on the day or at the meeting. */
import { useEffect, useState } from "preact/hooks";
import { api, ApiError, enc } from "../api";
import { useApp } from "../app";
import { day, t } from "../i18n";
import { Dialog } from "../parts/dialog";
import { explain, Note, Problem, Skeleton } from "../parts/notes";
import type { Entry, ReleasePreview, Review } from "../types";

interface Props {
  review: Review;
  entries: Entry[];
  close: () => void;
  changed: () => void;
  releaseNow: () => void;
}

/* Something that families do not see, and that is not ready as it stands. */
const isOpen = (e: Entry) => !e.readyAt || e.changedSinceReady;

export function Ready({ review, entries, close, changed, releaseNow }: Props) {
  const { sessionEnded, toast } = useApp();
  const [preview, setPreview] = useState<ReleasePreview | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [chosen, choose] = useState<Set<string>>(new Set());
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const load = async () => {
    setError(null);
    try {
      const p = await api<ReleasePreview>(`reviews/${enc(review.id)}/release`);
      setPreview(p);
      choose(new Set(entries.filter((e) => p.ready.includes(e.student.id) && isOpen(e)).map((e) => e.student.id)));
    } catch (e) {
      setError(e);
    }
  };
  useEffect(() => void load(), []);
  const turn = (id: string, on: boolean) =>
    choose((old) => {
      const next = new Set(old);
      if (on) next.add(id);
      else next.delete(id);
      return next;
    });
  const send = async (students: string[], ready: boolean) =>
    api(`reviews/${enc(review.id)}/ready`, { method: "POST", body: { students, ready } });
  const submit = async () => {
    if (busy || chosen.size === 0) return;
    setBusy(true);
    const students = [...chosen];
    try {
      await send(students, true);
      changed();
      close();
      const undo = () => void send(students, false).then(changed, (e: unknown) => toast({ text: explain(e) }));
      toast({ text: t("ready.done", { n: students.length }), undo: review.release === "date" ? undefined : undo });
    } catch (e) {
      if (e instanceof ApiError && e.code === "expired") sessionEnded();
      setProblem(explain(e));
      setBusy(false);
    }
  };
  const can = entries.filter((e) => preview?.ready.includes(e.student.id));
  const open = can.filter(isOpen);
  return (
    <Dialog
      title={t("ready.title")}
      hint={review.title}
      close={close}
      submit={() => void submit()}
      foot={
        <>
          <span class="grow">
            <button class="btn" type="button" onClick={releaseNow}>
              {t("ready.release_now")}
            </button>
          </span>
          <button class="btn" type="button" onClick={close}>
            {t("common.cancel")}
          </button>
          {open.length > 0 && (
            <button class="btn btn--primary" disabled={chosen.size === 0} aria-busy={busy}>
              {t("ready.button", { n: chosen.size })}
            </button>
          )}
        </>
      }
    >
      {problem && (
        <Note tone="bad" role="alert">
          {problem}
        </Note>
      )}
      {error !== null && <Problem error={error} retry={() => void load()} />}
      {!preview && error === null && <Skeleton label={t("common.loading")} />}
      <p>
        {t("ready.mentors")}{" "}
        {t(`ready.then_${review.release}`, { day: review.releaseOn ? day(review.releaseOn) : "" })}
      </p>
      {preview && open.length === 0 && <Note>{t(can.length ? "ready.all" : "ready.nothing")}</Note>}
      {open.length > 0 && (
        <fieldset class="field">
          <legend>{t("release.who", { n: chosen.size, total: open.length })}</legend>
          <ul class="picklist">
            {open.map((e) => (
              <li key={e.student.id}>
                <label class="optrow">
                  <input type="checkbox" checked={chosen.has(e.student.id)} onChange={(ev) => turn(e.student.id, ev.currentTarget.checked)} />
                  <span dir="auto">
                    {e.student.name}
                    {e.readyAt ? <small>{t("grid.changed_ready")}</small> : e.releasedAt && <small>{t("grid.changed_after")}</small>}
                  </span>
                </label>
              </li>
            ))}
          </ul>
        </fieldset>
      )}
      <p class="muted small">{t("ready.later")}</p>
    </Dialog>
  );
}
