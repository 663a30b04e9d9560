/* How far a text has come on its way to the server. */
import type { ComponentChildren } from "preact";
import { useApp } from "../app";
import { stamp, t } from "../i18n";
import type { Field, Phase } from "../save";
import { Icon } from "./icons";

/* What matters most comes first: of two fields in a row the earlier phase in this list is shown. */
const weight: Phase[] = ["conflict", "refused", "failed", "sending", "waiting", "saved", "clean"];

function worst(fields: (Field | undefined)[]): Field | undefined {
  const present = fields.filter((f): f is Field => f !== undefined);
  const rank = (f: Field) => weight.indexOf(f.phase);
  const latest = (a: Field, b: Field) => (b.savedAt ?? "").localeCompare(a.savedAt ?? "");
  return present.sort((a, b) => rank(a) - rank(b) || latest(a, b))[0];
}

interface Props {
  fields: (Field | undefined)[];
  /* Shown while nothing has been written in this page. */
  rest?: ComponentChildren;
  what: string;
}

function Failed({ field, what }: { field: Field; what: string }) {
  const { queue } = useApp();
  const message = field.phase === "refused" && field.message ? field.message : t("save.not_saved");
  return (
    <span class="save save--error">
      <Icon name="warn" />
      {message}{" "}
      {!queue.ended && (
        <button type="button" onClick={() => queue.retry(field.key)}>
          {t("save.retry")}
          <span class="sr"> {what}</span>
        </button>
      )}
    </span>
  );
}

export function SaveState({ fields, rest, what }: Props) {
  const field = worst(fields);
  if (!field) return <>{rest}</>;
  if (field.phase === "failed" || field.phase === "refused") return <Failed field={field} what={what} />;
  if (field.phase === "conflict")
    return (
      <span class="save save--conflict">
        <Icon name="sync" />
        {t("save.changed_by", { name: field.theirs?.by || t("common.somebody") })}
      </span>
    );
  if (field.phase === "sending" && field.slow)
    return (
      <span class="save save--saving">
        <Icon name="spin" />
        {t("save.saving")}
      </span>
    );
  if (field.savedAt)
    return (
      <span class="save save--saved">
        <Icon name="check" />
        {t("save.saved", { time: stamp(field.savedAt) })}
      </span>
    );
  return <>{rest}</>;
}
