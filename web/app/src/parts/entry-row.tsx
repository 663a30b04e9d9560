/* One student in the entry grid: grade, comment, and what the student wrote. */
import { memo } from "./memo";
import { useState } from "preact/hooks";
import { entryPath } from "../api";
import { useApp, useField } from "../app";
import { stamp, t } from "../i18n";
import { Menu } from "./menu";
import type { Field } from "../save";
import type { Entry, Review } from "../types";
import { Compare } from "./compare";
import type { Act } from "./grid-head";
import { Grade, labelOf, shortOf } from "./grade";
import { EntryDate } from "./entry-date";
import { History } from "./history";
import { Icon, type IconName } from "./icons";
import { SaveState } from "./save-state";
import { Words } from "./words";

/* Arrow keys run through values on their way to one: only the last is worth a save. */
const glide = 350;

interface Props {
  review: Review;
  entry: Entry;
  selected: boolean;
  select: (student: string, on: boolean) => void;
  act: (act: Act, student: string) => void;
}

/* The newest of what stood here when the page was opened, with its author if another. */
function Before({ entry }: { entry: Entry }) {
  const { home } = useApp();
  const last = [
    { at: entry.valueAt, by: entry.valueBy },
    { at: entry.commentAt, by: entry.commentBy },
  ].sort((a, b) => (b.at ?? "").localeCompare(a.at ?? ""))[0];
  if (!last?.at) return null;
  const other = last.by && last.by !== home.viewer.name ? last.by : null;
  /* Two teachers of one course: who gave the grade and who wrote. */
  const two = entry.value !== null && entry.comment && entry.valueBy !== entry.commentBy;
  return (
    <span class="save save--saved">
      <Icon name="check" />
      {two
        ? t("grid.by_two", { value: entry.valueBy ?? "", comment: entry.commentBy ?? "", time: stamp(last.at) })
        : other
          ? t("save.saved_by", { name: other, time: stamp(last.at) })
          : t("save.saved", { time: stamp(last.at) })}
    </span>
  );
}

function status(review: Review, entry: Entry, value: Field | undefined, comment: Field | undefined): string {
  if (entry.left) return t("grid.left");
  const touched = [value?.savedAt, comment?.savedAt].sort().pop() ?? "";
  if (entry.readyAt) {
    const changed = entry.changedSinceReady || touched > entry.readyAt;
    return changed ? t("grid.changed_ready") : t("grid.ready", { when: stamp(entry.readyAt) });
  }
  if (entry.releasedAt) {
    const changed = entry.changedSinceRelease || touched > entry.releasedAt;
    return changed ? t("grid.changed_after") : t("grid.released", { when: stamp(entry.releasedAt) });
  }
  return isAssessed(review, value, comment) ? "" : t("grid.not_assessed");
}

export function isAssessed(review: Review, value: Field | undefined, comment: Field | undefined): boolean {
  return review.scale ? (value?.text ?? null) !== null : (comment?.text ?? "").trim() !== "";
}

export function hasSelf(entry: Entry): boolean {
  return Boolean(entry.self && (entry.self.value !== null || entry.self.comment.trim()));
}

function Self({ review, entry }: { review: Review; entry: Entry }) {
  if (!review.selfAssessment) return <div class="entry__self" />;
  const self = hasSelf(entry) ? entry.self : undefined;
  const lab = <span class="entry__lab">{t("grid.self_label")} </span>;
  if (!self)
    return (
      <div class="entry__self">
        <p class="muted">
          {lab}
          {t("grid.self_none")}
        </p>
      </div>
    );
  return (
    <div class="entry__self">
      <p>
        {lab}
        {self.value !== null && (review.selfScale ?? review.scale) && (
          <span class="grade grade--sm grade--student">
            <span class="sr">{t("self.own_value")} </span>
            {shortOf(review.selfScale ?? review.scale, self.value)}
          </span>
        )}{" "}
        {self.comment && (
          <span class="quote" dir="auto">
            <span class="sr">{t("grid.writes", { name: entry.student.name })} </span>
            {t("common.quoted", { text: self.comment })}
          </span>
        )}
      </p>
    </div>
  );
}

function Row({ review, entry, selected, select, act }: Props) {
  const { queue } = useApp();
  const [past, showPast] = useState(false);
  const { id, name } = entry.student;
  const valueKey = entryPath(review.id, id, "value");
  const commentKey = entryPath(review.id, id, "comment");
  const value = useField(valueKey);
  const comment = useField(commentKey);
  const scale = review.scale;
  const isReady = entry.readyAt !== null && !entry.changedSinceReady && (comment?.savedAt ?? "") <= entry.readyAt && (value?.savedAt ?? "") <= entry.readyAt;
  const canBeReady = !entry.left && ((value?.text ?? null) !== null || (comment?.text ?? "").trim() !== "");
  const more = (what: Act, icon: IconName, key: string) => (
    <li>
      <button class="menu__act" type="button" onClick={() => act(what, id)}>
        <Icon name={icon} />
        {t(key)}
      </button>
    </li>
  );
  const written = (value?.rev ?? 0) + (comment?.rev ?? 0) > 0;
  return (
    <li class={selected ? "is-selected" : undefined} data-student={id}>
      <label class="hit">
        <input
          class="check"
          type="checkbox"
          aria-label={t("grid.select", { name })}
          checked={selected}
          onChange={(e) => select(id, e.currentTarget.checked)}
        />
      </label>
      <div class="entry__name">
        <b dir="auto">{name}</b>
        <small>{status(review, entry, value, comment)}</small>
        {written && (
          <button class="linkbtn past" type="button" aria-expanded={past} onClick={() => showPast(!past)}>
            {t("grid.history")}
            <span class="sr"> {name}</span>
          </button>
        )}
        <Menu
          look="linkbtn past"
          at="start"
          button={
            <>
              {t("grid.more")}
              <span class="sr"> {name}</span>
            </>
          }
        >
          {more("bank", "book", "grid.bank")}
          {comment?.text?.trim() && more("copy", "copy", "grid.copy_to")}
          {canBeReady && (isReady ? more("unready", "x", "grid.unready") : more("ready-one", "check", "grid.ready_one"))}
        </Menu>
      </div>
      <div class="entry__grade">
        {scale && (
          <Grade
            scale={scale}
            name={`g-${id}`}
            legend={t("grid.grade_for", { name })}
            value={value?.text ?? null}
            set={(code, gliding) => queue.edit(valueKey, code, gliding ? glide : 0)}
          />
        )}
        <div class="entry__state">
          <SaveState fields={[value, comment]} rest={<Before entry={entry} />} what={name} />
        </div>
      </div>
      <div class="entry__comment">
        <label class="sr" for={`c-${id}`}>
          {t("grid.comment_for", { name })}
        </label>
        <Words
          id={`c-${id}`}
          field={commentKey}
          rows={comment?.text ? 2 : 1}
          look="textarea--row"
          placeholder={t("grid.write_comment")}
        />
      </div>
      <Self review={review} entry={entry} />
      {value?.phase === "conflict" && (
        <div class="entry__wide">
          <Compare field={value} choice={(code) => labelOf(scale, code)} />
        </div>
      )}
      {comment?.phase === "conflict" && (
        <div class="entry__wide">
          <Compare field={comment} />
        </div>
      )}
      {past && (
        <div class="entry__wide">
          <EntryDate review={review} entry={entry} />
          <History review={review} student={id} />
        </div>
      )}
    </li>
  );
}

export const EntryRow = memo(Row);
