/* The school's sentences: every teacher finds them in the comment bank and among goals. */
import { useState } from "preact/hooks";
import { useTitle } from "../app";
import { t } from "../i18n";
import { type BankKind, BankPicker } from "../parts/bank-picker";

const kinds: BankKind[] = ["comment", "goal"];

export function SchoolBank() {
  const [kind, choose] = useState<BankKind>("comment");
  useTitle(t("bank.school_title"), t("app.name"));
  return (
    <>
      <h1 tabIndex={-1}>{t("bank.school_title")}</h1>
      <p class="lede">{t("bank.school_lede")}</p>
      <div class="toolbar mt">
        <div class="filter" role="group" aria-label={t("common.show")}>
          {kinds.map((k) => (
            <button type="button" aria-pressed={kind === k} onClick={() => choose(k)}>
              {t(`bank.kind_${k}`)}
            </button>
          ))}
        </div>
      </div>
      <BankPicker key={kind} kind={kind} name="" ofSchool pick={() => undefined} />
    </>
  );
}
