/* How far an act on many has come, and a line for each when it is over. */
import { t } from "../i18n";
import { Icon } from "../parts/icons";
import { Note } from "../parts/notes";
import { href } from "../router";
import type { Run } from "./run";

export function Progress({ run, label }: { run: Run; label: string }) {
  return (
    <div class="stackv" role="status">
      <span>{t("students.progress", { what: label, n: run.lines.length, total: run.total })}</span>
      <progress class="progress" max={run.total} value={run.lines.length} aria-label={label} />
    </div>
  );
}

/* Those that went wrong first. */
export function Lines({ run, good }: { run: Run; good: string }) {
  const bad = run.lines.filter((l) => !l.ok);
  const ok = run.lines.filter((l) => l.ok);
  return (
    <div class="stackv">
      {bad.length > 0 && (
        <Note tone="bad" role="alert">
          {t("students.some_failed", { n: bad.length, total: run.lines.length })}
        </Note>
      )}
      {ok.length > 0 && (
        <Note tone="good" role="status">
          {good}
        </Note>
      )}
      <ul class="outcome" aria-label={t("students.lines")} tabIndex={0}>
        {[...bad, ...ok].map((l) => (
          <li class={l.ok ? "yes" : "bad"} key={l.id}>
            <Icon name={l.ok ? "check" : "warn"} />
            <span>
              {l.ok && l.plan ? (
                <a href={href(`plans/${l.plan}`)} dir="auto">
                  {l.name}
                </a>
              ) : (
                <b dir="auto">{l.name}</b>
              )}
              {l.problem && <span class="muted"> {l.problem}</span>}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
