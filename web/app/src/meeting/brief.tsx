/* The mentor's page before a conversation: what is worth a word, the weightiest first, and
 * what went well before all of it. */
import { enc } from "../api";
import { pick, t, when } from "../i18n";
import { Icon, type IconName } from "../parts/icons";
import { useLoad } from "../parts/load";
import { Problem, Skeleton } from "../parts/notes";
import { weekday } from "../plan/when";
import type { BriefLine } from "./types";

const icons: Record<BriefLine["kind"], IconName> = {
  done: "done",
  review: "book",
  answer: "clock",
  help: "help",
  late: "behind",
  agreed: "todo",
  proposal: "plus",
  topic: "chat",
  post: "chat",
  value: "pen",
  prep: "chat",
};

const parts = ["good", "now", "said", "new"] as const;
const shownFirst = 12;

function Line({ line }: { line: BriefLine }) {
  const title = line.kind === "answer" ? t(`meeting.answer_is_${line.title ?? "cannot"}`) : line.title;
  const quoted = line.kind === "post" || line.kind === "prep" || line.kind === "topic" || line.kind === "value";
  return (
    <li class="line">
      <Icon name={icons[line.kind]} />
      <div>
        <p>
          <b>{line.kind === "prep" ? line.title : t(`meeting.line_${line.kind}`)}</b>
          {title && line.kind !== "prep" && <> · {title}</>}
          {line.label && (
            <>
              : <span dir="auto">{pick(line.label)}</span>
            </>
          )}
        </p>
        {line.text && (
          <p class={quoted ? "lines voice" : "lines"} dir="auto">
            {line.text}
          </p>
        )}
        <p class="muted small">
          {line.by && <bdi>{line.by}</bdi>}
          {line.by && line.at && ", "}
          {line.at && <bdi>{when(line.at)}</bdi>}
          {line.due && <> · {t("meeting.by_day", { day: weekday(`${line.due}T12:00:00`) })}</>}
        </p>
      </div>
    </li>
  );
}

export function Brief({ meeting, given }: { meeting: string; given: string }) {
  const { data, error, again } = useLoad<{ lines: BriefLine[]; lookedAt: string | null }>(`meetings/${enc(meeting)}/brief`);
  if (error) return <Problem error={error} retry={again} />;
  if (!data) return <Skeleton label={t("common.loading")} />;
  return (
    <div class="brief stackv stackv--lg">
      {parts.map((part) => {
        const lines = data.lines.filter((l) => l.part === part);
        if (!lines.length) return part === "now" ? <p class="muted">{t("meeting.brief_nothing")}</p> : null;
        return (
          <section aria-labelledby={`b-${part}`} key={part}>
            <h3 id={`b-${part}`}>
              {t(`meeting.brief_${part}`, { given })} <span class="muted small">{lines.length}</span>
            </h3>
            <ul class="plainlist">
              {lines.slice(0, shownFirst).map((l) => (
                <Line line={l} key={`${l.kind}${l.id}${l.key ?? ""}`} />
              ))}
            </ul>
            {lines.length > shownFirst && (
              <details>
                <summary>{t("meeting.brief_more", { n: lines.length - shownFirst })}</summary>
                <ul class="plainlist">
                  {lines.slice(shownFirst).map((l) => (
                    <Line line={l} key={`${l.kind}${l.id}${l.key ?? ""}`} />
                  ))}
                </ul>
              </details>
            )}
          </section>
        );
      })}
    </div>
  );
}
