/* How many of how many: a bar and always the number. */
import { rich, t } from "../i18n";

export function Meter({ n, total, said }: { n: number; total: number; said?: boolean }) {
  return (
    <span class="meter">
      <svg class="bar" viewBox={`0 0 ${total || 1} 1`} preserveAspectRatio="none" aria-hidden="true">
        <rect class="f-done" width={n} height="1" />
      </svg>
      <span>
        {rich("common.of", { n: <b>{n}</b>, total })}
        <span class={said ? undefined : "sr"}> {t("review.assessed_unit")}</span>
      </span>
    </span>
  );
}
