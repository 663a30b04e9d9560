/* A text of a meeting that saves itself, with its state and, where two wrote, both texts. */
import { useEffect } from "preact/hooks";
import { useApp, useField } from "../app";
import { t } from "../i18n";
import { Compare } from "../parts/compare";
import { SaveState } from "../parts/save-state";
import { Words } from "../parts/words";
import { type MeetingText, textKey } from "./types";

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
  const id = `t-${person.slice(-6)}-${field.replace(".", "-")}`;
  return (
    <div class="field">
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
      {now?.typed && person !== meeting && <p class="hint">{t("meeting.typed_by", { name: now.by })}</p>}
    </div>
  );
}
