/* Above the list: what needs this mentor first, and who has read before the next meeting. */
import { useState } from "preact/hooks";
import { api, ApiError } from "../api";
import { useApp } from "../app";
import { day, rich, t } from "../i18n";
import { Icon, type IconName } from "../parts/icons";
import { explain } from "../parts/notes";
import type { StudentList } from "../plan-types";
import { href } from "../router";
import type { Counts, Only } from "./list";

const wants: [Exclude<Only, "">, IconName][] = [
  ["comments", "chat"],
  ["proposals", "plus"],
  ["support", "support"],
  ["late", "clock"],
];

export function Needs({ counts, only, choose }: { counts: Counts; only: Only; choose: (only: Only) => void }) {
  const found = wants.filter(([k]) => counts.only[k] > 0);
  if (!found.length) return null;
  return (
    <section class="needs" aria-label={t("students.needs")}>
      <b>{t("students.needs")}</b>
      <span class="filter">
        {found.map(([k, icon]) => (
          <button type="button" key={k} aria-pressed={only === k} onClick={() => choose(only === k ? "" : k)}>
            <Icon name={icon} />
            {t(`students.needs_${k}`, { n: counts.only[k] })}
          </button>
        ))}
      </span>
    </section>
  );
}

type Batch = StudentList["meetings"][number];

export function MeetingStrip({ batch }: { batch: Batch }) {
  const { toast, sessionEnded } = useApp();
  const [asked, ask] = useState(false);
  const missing = batch.students - batch.readByStudent + batch.homes - batch.readByHome;
  const remind = async () => {
    ask(true);
    try {
      await api("meetings/remind", { method: "POST", body: { batch: batch.batch } });
      toast({ text: t("students.reminded") });
    } catch (e) {
      ask(false);
      if (e instanceof ApiError && e.code === "expired") sessionEnded();
      toast({ text: explain(e) });
    }
  };
  const { students, homes } = batch;
  return (
    <div class="note note--info meetingstrip">
      <Icon name="clock" />
      <div class="row row--between">
        <span>
          <a href={href("meetings")}>
            <b>{t("students.meetings_on", { day: day(batch.on), n: students })}</b>
          </a>{" "}
          {rich("students.meetings_read", { a: batch.readByStudent, n: students, b: batch.readByHome, homes })}
        </span>
        {missing > 0 && (
          <button class="btn btn--sm" type="button" disabled={asked} onClick={() => void remind()}>
            {t("students.remind")}
          </button>
        )}
      </div>
    </div>
  );
}
