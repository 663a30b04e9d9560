/* A text of a meeting that saves itself, with its state and, where two wrote, both texts. */
import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import { enc } from "../api";
import { useApp, useField } from "../app";
import { t } from "../i18n";
import { Compare } from "../parts/compare";
import { SaveState } from "../parts/save-state";
import { Words } from "../parts/words";
import { History } from "../plan/history";
import { Writers } from "../plan/who";
import { type Live, type MeetingText, textKey } from "./types";

/* In the room everybody sees who writes where. */
export const InRoom = createContext<{ writing: Live["writing"]; say: (object: string, field: string) => void } | null>(null);

export const textOf = (texts: MeetingText[], person: string, field: string): MeetingText | undefined =>
  texts.find((x) => x.person === person && x.field === field);

interface Props {
  meeting: string;
  person: string;
  field: string;
  texts: MeetingText[];
  label: string;
  hidden?: boolean;
  hint?: string;
  rows?: number;
}

export function MeetingWords({ meeting, person, field, texts, label, hidden, hint, rows = 3 }: Props) {
  const { queue } = useApp();
  const key = textKey(meeting, person, field);
  const now = textOf(texts, person, field);
  if (!queue.get(key)) queue.offer(key, now?.text ?? "", now?.rev ?? 0);
  useEffect(() => queue.offer(key, now?.text ?? "", now?.rev ?? 0), [key, now?.rev]);
  const state = useField(key);
  const room = useContext(InRoom);
  const [past, showPast] = useState(false);
  const names = (room?.writing ?? []).filter((w) => w.object === person && w.field === field).map((w) => w.by);
  const id = `t-${person.slice(-6)}-${field.replace(".", "-")}`;
  return (
    <div class="field" onInput={() => room?.say(person, field)} onFocusOut={() => room?.say(person, "")}>
      <div class="field__top">
        <label class={hidden ? "sr" : undefined} for={id}>
          {label}
        </label>
        <SaveState fields={[state]} what={label} />
      </div>
      {hint && (
        <p class="hint" id={`${id}-h`}>
          {hint}
        </p>
      )}
      <Words id={id} field={key} rows={rows} look="textarea--voice" {...(hint ? { describedBy: `${id}-h` } : {})} />
      {state?.phase === "conflict" && <Compare field={state} />}
      <Writers names={names} />
      {!room && (now?.rev ?? 0) > 1 && (
        <button class="linkbtn past" type="button" aria-expanded={past} onClick={() => showPast(!past)}>
          {t("plan.history")}
          <span class="sr"> {label}</span>
        </button>
      )}
      {past && <History path={`${key.split("/").map(enc).join("/")}/history`} name={key} show={(text) => text ?? ""} />}
      {now?.typed && person !== meeting && <p class="hint">{t("meeting.typed_by", { name: now.by })}</p>}
    </div>
  );
}
