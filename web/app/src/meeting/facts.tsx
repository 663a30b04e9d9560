/* The meeting in the head of a plan's page: when it is, or the way to plan one. */
import { t } from "../i18n";
import type { PlanPage } from "../plan-types";
import { dayTime } from "../plan/when";
import { href } from "../router";
import type { Meeting } from "./types";

export function MeetingFact({ page }: { page: PlanPage; changed?: () => void }) {
  const meeting = page.meeting as unknown as Meeting | undefined;
  const may = page.plan.may.includes("meet") && !page.plan.as;
  return (
    <div>
      <dt>{t("meeting.meeting")}</dt>
      <dd>
        {meeting && (
          <>
            <a href={href(`meetings/${meeting.id}`)}>
              <bdi>{dayTime(meeting.startsAt)}</bdi>
            </a>{" "}
            <small dir="auto">{meeting.state === "planned" ? meeting.place : t(`meeting.state_${meeting.state}`)}</small>
          </>
        )}
        {!meeting && !may && <span class="muted small">{t("meeting.none")}</span>}
        {may && meeting?.state !== "planned" && (
          <>
            {" "}
            <a class="small" href={href(`meetings/new/${page.plan.id}`)}>
              {t("meeting.plan_one")}
            </a>
          </>
        )}
      </dd>
    </div>
  );
}
