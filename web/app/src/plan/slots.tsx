/* Places in the page that other stories fill: acts on the plan, the student switcher, meetings,
 * signatures, goals to choose from. */
import type { JSX } from "preact";
import { t } from "../i18n";
import type { FormField, PlanPage } from "../plan-types";
import { usePlanContext } from "./context";
import { dayTime, weekday } from "./when";

export function SignatureSlot({ field }: { field: FormField }) {
  return (
    <p class="quote--empty" data-field={field.key}>
      {t("plan.signature_none")}
    </p>
  );
}

export function PlanActsSlot(_: { page: PlanPage; done: () => void }): JSX.Element | null {
  return null;
}

export function SwitcherSlot(_: { student: string; plan: string }): JSX.Element | null {
  return null;
}

export function GoalsFrom(_: { parent: string }): JSX.Element | null {
  return null;
}

export function MeetingSlot({ page }: { page: PlanPage; changed: () => void }) {
  const { meeting } = page;
  return (
    <div>
      <dt>{t("plan.meeting")}</dt>
      <dd>
        {meeting ? (
          <>
            {dayTime(meeting.startsAt)} <small dir="auto">{meeting.place}</small>
          </>
        ) : (
          <span class="muted small">{t("plan.meeting_none")}</span>
        )}
      </dd>
    </div>
  );
}

/* The next meeting, for student and home: when and where, and what they may answer. */
export function FamilyMeetingSlot() {
  const { page } = usePlanContext();
  const { meeting } = page;
  if (!meeting) return null;
  return (
    <section class="panel mt-lg" aria-labelledby="meet">
      <div class="panel__head">
        <h2 id="meet">{t("plan.meeting_on", { day: weekday(meeting.startsAt) })}</h2>
      </div>
      <p class="muted" dir="auto">
        {dayTime(meeting.startsAt)} {meeting.place}
      </p>
    </section>
  );
}
