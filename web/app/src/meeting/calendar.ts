/* The meeting as a file for a calendar: asked for with the session, so not a plain link. */
import { enc, identity } from "../api";

export async function saveCalendar(meeting: string): Promise<void> {
  const answer = await fetch(`/api/meetings/${enc(meeting)}/ics`, { headers: identity(), credentials: "same-origin" });
  if (!answer.ok) throw new Error(`calendar: ${answer.status}`);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([await answer.text()], { type: "text/calendar" }));
  link.download = "calendar.ics";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
