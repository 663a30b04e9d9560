/* "Remind me of what is missing", on a day of one's own choosing. */
import { useState } from "preact/hooks";
import { api, ApiError, enc } from "../api";
import { useApp } from "../app";
import { day, t } from "../i18n";
import { Dialog } from "../parts/dialog";
import { explain, FieldError } from "../parts/notes";
import type { Review } from "../types";

interface Props {
  review: Review;
  close: () => void;
  done: (review: Review) => void;
}

export function Remind({ review, close, done }: Props) {
  const { home, sessionEnded, toast } = useApp();
  const today = home.viewer.today;
  const suggested = review.endsOn > today ? review.endsOn : today;
  const [on, set] = useState(review.remindOn && review.remindOn >= today ? review.remindOn : suggested);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const send = async (date: string | null) => {
    if (busy) return;
    if (date !== null && (!date || date < today)) return setProblem(t("remind.past"));
    setBusy(true);
    try {
      done(await api<Review>(`reviews/${enc(review.id)}/reminder`, { method: "PUT", body: { on: date } }));
      toast({ text: date ? t("remind.set", { day: day(date) }) : t("remind.unset") });
    } catch (e) {
      if (e instanceof ApiError && e.code === "expired") sessionEnded();
      setProblem(explain(e));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t("remind.title")}
      hint={review.title}
      small
      close={close}
      submit={() => void send(on)}
      foot={
        <>
          {review.remindOn && (
            <span class="grow">
              <button class="btn" type="button" onClick={() => void send(null)}>
                {t("remind.never")}
              </button>
            </span>
          )}
          <button class="btn" type="button" onClick={close}>
            {t("common.cancel")}
          </button>
          <button class="btn btn--primary" aria-busy={busy}>
            {t("remind.button")}
          </button>
        </>
      }
    >
      <div class="field">
        <label for="remind-on">{t("remind.on")}</label>
        <input
          class="input input--auto"
          id="remind-on"
          type="date"
          data-first=""
          min={today}
          value={on}
          aria-invalid={problem ? true : undefined}
          aria-describedby={problem ? "remind-e" : "remind-h"}
          onInput={(e) => {
            set(e.currentTarget.value);
            setProblem("");
          }}
        />
        <p class="hint" id="remind-h">
          {t("remind.hint")}
        </p>
        <FieldError id="remind-e" text={problem || undefined} />
      </div>
    </Dialog>
  );
}
