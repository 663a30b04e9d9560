/* The keyboard while assessing. */
import type { ComponentChildren } from "preact";
import { t } from "../i18n";
import { Dialog } from "../parts/dialog";
import { isLong, keyHint } from "../parts/grade";
import type { Review } from "../types";

function Line({ keys, children }: { keys: string[][]; children: ComponentChildren }) {
  return (
    <div>
      <dt>
        {keys.map((combination, i) => (
          <span class="keys" key={i}>
            {combination.map((k, n) => [n > 0 && "+", <kbd>{k}</kbd>])}{" "}
          </span>
        ))}
      </dt>
      <dd>{children}</dd>
    </div>
  );
}

export function Keys({ review, close }: { review: Review; close: () => void }) {
  const grades = review.scale && !isLong(review.scale) ? keyHint(review.scale) : [];
  return (
    <Dialog
      title={t("keys.title")}
      small
      close={close}
      foot={
        <button class="btn btn--primary" type="button" data-first="" onClick={close}>
          {t("common.close")}
        </button>
      }
    >
      <dl class="kv">
        {grades.length > 0 && <Line keys={grades.map((k) => [k])}>{t("keys.grade")}</Line>}
        {grades.length > 0 && <Line keys={[["Backspace"]]}>{t("keys.clear")}</Line>}
        {review.scale && grades.length === 0 && <Line keys={[["↑"], ["↓"]]}>{t("keys.grade")}</Line>}
        <Line keys={[["Tab"]]}>{t("keys.comment")}</Line>
        <Line keys={[["Ctrl", "Enter"]]}>{t("keys.next")}</Line>
        <Line keys={[["Ctrl", "/"]]}>{t("keys.bank")}</Line>
        <Line keys={[["Esc"]]}>{t("keys.close")}</Line>
      </dl>
      <p class="muted small">{t("keys.where")}</p>
    </Dialog>
  );
}
