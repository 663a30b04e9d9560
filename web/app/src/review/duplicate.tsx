/* The same review with another scale: values mean something else on it, words do not. */
import { useEffect, useRef, useState } from "preact/hooks";
import { api, ApiError, enc, shippedScales } from "../api";
import { useApp } from "../app";
import { pick, t } from "../i18n";
import { Dialog } from "../parts/dialog";
import { explain, FieldError, Note } from "../parts/notes";
import type { Review, Scale } from "../types";

interface Props {
  review: Review;
  close: () => void;
  done: (review: Review) => void;
}

export function Duplicate({ review, close, done }: Props) {
  const { sessionEnded } = useApp();
  const [scales, setScales] = useState<Scale[]>([]);
  const [title, setTitle] = useState(t("again.copy_title", { title: review.title }).slice(0, 200));
  const [scale, setScale] = useState(review.scale?.key ?? "");
  const [comments, setComments] = useState(true);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const id = useRef(crypto.randomUUID());
  useEffect(() => {
    shippedScales().then(setScales, (e: unknown) => setProblem(explain(e)));
  }, []);
  const chosen = scales.find((s) => s.key === scale);
  const submit = async () => {
    if (busy || !title.trim()) return;
    setBusy(true);
    setProblem("");
    try {
      const body = { id: id.current, title: title.trim(), scale: scale || null, comments };
      done(await api<Review>(`reviews/${enc(review.id)}/duplicate`, { method: "POST", body }));
    } catch (e) {
      if (e instanceof ApiError && e.code === "expired") sessionEnded();
      setProblem(explain(e));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t("again.copy")}
      hint={review.title}
      close={close}
      submit={() => void submit()}
      foot={
        <>
          <button class="btn" type="button" onClick={close}>
            {t("common.cancel")}
          </button>
          <button class="btn btn--primary" disabled={!title.trim()} aria-busy={busy}>
            {t("again.copy_button")}
          </button>
        </>
      }
    >
      {problem && (
        <Note tone="bad" role="alert">
          {problem}
        </Note>
      )}
      <div class="field">
        <label for="copy-title">{t("review.title")}</label>
        <input
          class="input"
          id="copy-title"
          dir="auto"
          maxLength={200}
          data-first=""
          value={title}
          aria-invalid={title.trim() ? undefined : true}
          aria-describedby={title.trim() ? undefined : "copy-title-e"}
          onInput={(e) => setTitle(e.currentTarget.value)}
        />
        <FieldError id="copy-title-e" text={title.trim() ? undefined : t("review.err_title")} />
      </div>
      <div class="field">
        <label for="copy-scale">{t("review.scale")}</label>
        <select class="select" id="copy-scale" aria-describedby="copy-scale-h" value={scale} onChange={(e) => setScale(e.currentTarget.value)}>
          <option value="">{t("review.comment_only")}</option>
          {scales.map((s) => (
            <option value={s.key} selected={s.key === scale}>
              {pick(s.name)}
            </option>
          ))}
        </select>
        <p class="hint" id="copy-scale-h">
          {chosen ? chosen.values.map((v) => pick(v.short)).join(" · ") : t("review.comment_only_hint")}
        </p>
      </div>
      <label class="optrow">
        <input type="checkbox" checked={comments} onChange={(e) => setComments(e.currentTarget.checked)} />
        <span>
          {t("again.copy_comments")}
          <small>{t("again.copy_hint")}</small>
        </span>
      </label>
    </Dialog>
  );
}
