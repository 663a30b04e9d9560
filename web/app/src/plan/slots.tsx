/* Places in the page that other stories fill: meetings, signatures, goals to choose from. */
import { t } from "../i18n";
import { FamilyMeeting } from "../meeting/family";
import { Signatures } from "../meeting/signatures";
import { later } from "../parts/later";
import type { FormField } from "../plan-types";
import { useRowActs } from "./acts";
import { Icon } from "../parts/icons";
import { usePlanContext } from "./context";
import { gridSection, isValued, textOf } from "./model";
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

/* A step before the meeting that only the student can take: how it is going, goal by goal. */
function Written() {
  const { page, hat } = usePlanContext();
  const own = gridSection(page)?.fields.find((f) => f.of === "goal" && !f.head && f.editedBy === "S" && isValued(f));
  const goals = page.rows.filter((r) => r.kind === "goal" && r.state === "agreed");
  if (hat !== "student" || !own || goals.length === 0) return null;
  const n = goals.filter((g) => textOf(page, g.id, own.key).trim()).length;
  return (
    <p class="row row--tight">
      <span class={`taskicon status--${n === goals.length ? "done" : "todo"}`}>
        <Icon name={n === goals.length ? "done" : "todo"} />
      </span>
      {t("plan.meeting_written", { n, total: goals.length })}
    </p>
  );
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
        <FamilyMeeting meeting={meeting} changed={() => void load()} steps={<Written />} />
      )}
    </section>
  );
}
