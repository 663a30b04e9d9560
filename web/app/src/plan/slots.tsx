/* Places in the page that other stories fill: meetings, signatures, goals to choose from. */
import { t } from "../i18n";
import { FamilyMeeting } from "../meeting/family";
import { Signatures } from "../meeting/signatures";
import { later } from "../parts/later";
import type { FormField } from "../plan-types";
import { useRowActs } from "./acts";
import { usePlanContext } from "./context";
import { dayTime, weekday } from "./when";

export const SignatureSlot = ({ field }: { field: FormField }) => {
  const { page } = usePlanContext();
  return <Signatures page={page} field={field} />;
};

/* Sentences and learning objectives to begin a goal with. */
const GoalSource = later(() => import("../bank/goals"), "GoalSource", "reviews");

export function GoalsFrom({ parent }: { parent: string }) {
  const { page } = usePlanContext();
  const { add } = useRowActs();
  return <GoalSource name={page.student.given || page.student.name} add={(g) => void add("goal", parent, g.text, false, g.objective)} />;
}

/* The next meeting, for student and home: when and where, and what they may answer. */
export function FamilyMeetingSlot() {
  const { page, load, still } = usePlanContext();
  const { meeting } = page;
  if (!meeting) return null;
  return (
    <section class="panel mt-lg" aria-labelledby="meet">
      <div class="panel__head">
        <h2 id="meet">{t("plan.meeting_on", { day: weekday(meeting.startsAt) })}</h2>
      </div>
      {still ? (
        <p class="muted" dir="auto">
          {dayTime(meeting.startsAt)} {meeting.place}
        </p>
      ) : (
        <FamilyMeeting meeting={meeting} page={page} changed={() => void load()} />
      )}
    </section>
  );
}
