/* How far everybody invited has come: invited, opened the plan, prepared or wrote,
 * said that they have read it. Bars with their numbers beside them. */
import { t } from "../i18n";
import { when } from "../i18n";
import { Icon } from "../parts/icons";
import type { Meeting, Party } from "./types";

const steps = ["invited", "opened", "prepared", "confirmed"] as const;

const reached: Record<(typeof steps)[number], (p: Party) => boolean> = {
  invited: () => true,
  opened: (p) => Boolean(p.openedAt || p.confirmedAt),
  prepared: (p) => p.prepared === true,
  confirmed: (p) => Boolean(p.confirmedAt),
};

export const familyOf = (m: Meeting): Party[] => m.parties.filter((p) => p.hat === "student" || p.hat === "guardian");

export function Funnel({ meetings }: { meetings: Meeting[] }) {
  const people = meetings.flatMap(familyOf);
  const total = people.length || 1;
  return (
    <ol class="funnel plainlist" aria-label={t("meeting.funnel")}>
      {steps.map((s) => {
        const n = people.filter(reached[s]).length;
        return (
          <li key={s}>
            <span>{t(`meeting.step_${s}`)}</span>
            <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
              <rect class={s === "confirmed" ? "f-done" : "f-doing"} width={(100 * n) / total} height="8" />
            </svg>
            <span>{t("common.of", { n, total: people.length })}</span>
          </li>
        );
      })}
    </ol>
  );
}

export function YesNo({ yes, at }: { yes: boolean; at?: string | null | undefined }) {
  return (
    <span class={yes ? "yesno yes" : "yesno no"}>
      <Icon name={yes ? "check" : "none"} />
      {yes ? (at ? <bdi>{when(at)}</bdi> : t("meeting.yes")) : t("meeting.not_yet")}
    </span>
  );
}

/* One line for each person invited to one meeting. */
export function WhoHas({ meeting }: { meeting: Meeting }) {
  return (
    <table role="table" class="tbl tbl--stack">
      <caption class="sr">{t("meeting.funnel")}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {["person", "answer", "opened", "prepared", "confirmed"].map((k) => (
            <th role="columnheader" scope="col" key={k}>
              {t(`meeting.step_${k}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {familyOf(meeting).map((p) => (
          <tr role="row" key={p.id}>
            <th role="rowheader" scope="row" class="full" dir="auto">
              {p.name} <span class="sub">{t(`meeting.hat_${p.hat}`)}</span>
            </th>
            <td role="cell" data-l={t("meeting.step_answer")}>
              <span>
                {p.answer ? t(`meeting.answer_is_${p.answer}`) : <span class="muted">{t("meeting.not_yet")}</span>}
                {p.answerText && (
                  <span class="sub" dir="auto">
                    {p.answerText}
                  </span>
                )}
              </span>
            </td>
            <td role="cell" data-l={t("meeting.step_opened")}>
              <YesNo yes={reached.opened(p)} at={p.openedAt} />
            </td>
            <td role="cell" data-l={t("meeting.step_prepared")}>
              <YesNo yes={reached.prepared(p)} />
            </td>
            <td role="cell" data-l={t("meeting.step_confirmed")}>
              <YesNo yes={reached.confirmed(p)} at={p.confirmedAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
