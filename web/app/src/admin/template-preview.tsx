/* What a role meets in a new plan made from the template, drawn as it is edited. */
import { useState } from "preact/hooks";
import { pick, t } from "../i18n";
import { Icon } from "../parts/icons";
import type { Scale, Texts } from "../types";
import { type Definition, type Field, type Letter, letters, rightOf, type Section } from "./template-model";
import { hatName, Segments } from "./template-parts";

/* In the language that is edited, where it is said there. */
const inLanguage = (lang: string) => (texts: Texts) => texts[lang]?.trim() || pick(texts);
type Say = (texts: Texts) => string;

const names = (hats: string): string => [...hats].map((l) => hatName(l as Letter)).join(", ");

function choices(field: Field, say: Say): string[] {
  if (field.kind === "scale") return ((field.scale as Scale | undefined)?.values ?? []).map((v) => say(v.label));
  return (field.options ?? []).map((o) => say(o.label));
}

/* Something of the field's kind, to try how it feels; nothing of it is kept. */
function Control({ field, id, d, say }: { field: Field; id: string; d: Definition; say: Say }) {
  switch (field.kind) {
    case "long":
    case "rich":
    case "comments":
    case "notes":
      return <textarea class="textarea" id={id} rows={2} />;
    case "choice":
    case "scale":
    case "status":
      return (
        <select class="select" id={id}>
          <option />
          {(field.kind === "status" ? (d.statuses ?? []).map((s) => say(s.label)) : choices(field, say)).map((c) => (
            <option key={c}>{c}</option>
          ))}
        </select>
      );
    case "date":
      return <input class="input" id={id} type="date" />;
    case "number":
      return <input class="input" id={id} type="number" />;
    case "text":
      return <input class="input" id={id} />;
    default:
      return <p class="muted small">{t(`template.kind_${field.kind}`)}</p>;
  }
}

const labelled = ["long", "rich", "comments", "notes", "choice", "scale", "status", "date", "number", "text"];

function Shown({ field, hat, d, say }: { field: Field; hat: Letter; d: Definition; say: Say }) {
  const edits = rightOf(field, hat) === "edits";
  const id = `p-${field.key}`;
  if (field.kind === "heading") return <p dir="auto">{say(field.label)}</p>;
  const name = say(field.label) || t("template.no_name");
  return (
    <div class="field">
      {edits && labelled.includes(field.kind) ? (
        <label for={id} dir="auto">
          {name}
        </label>
      ) : (
        <b dir="auto">{name}</b>
      )}
      {field.help && edits && (
        <p class="hint" dir="auto">
          {say(field.help)}
        </p>
      )}
      {edits && field.kind === "multi" && choices(field, say).map((c) => (
        <label class="optrow" key={c}>
          <input type="checkbox" />
          <span>{c}</span>
        </label>
      ))}
      {edits && field.kind !== "multi" && <Control field={field} id={id} d={d} say={say} />}
      <span class="who small">
        <span>
          <Icon name="eye" /> <span class="sr">{t("template.seen_by")} </span>
          {names(field.sees)}
        </span>
        {field.edits && (
          <span>
            <Icon name="pen" /> <span class="sr">{t("template.edited_by")} </span>
            {names(field.edits)}
          </span>
        )}
      </span>
    </div>
  );
}

function visible(section: Section, hat: Letter): Field[] {
  if (section.kind === "grid" && rightOf(section, hat) === "hidden") return [];
  return section.fields.filter((f) => rightOf(f, hat) !== "hidden");
}

export function Preview({ d, lang }: { d: Definition; lang: string }) {
  const say = inLanguage(lang);
  const [hat, look] = useState<Letter>("S");
  const all = d.sections.flatMap((s) => s.fields);
  const seen = d.sections.flatMap((s) => visible(s, hat));
  return (
    <section class="panel" aria-labelledby="t-preview">
      <div class="panel__head">
        <h2 id="t-preview">{t("template.preview")}</h2>
        <span class="hint">{t("template.preview_hint")}</span>
      </div>
      <Segments name="preview" label={t("template.preview_as")} value={hat} options={letters.map((l) => [l, hatName(l)])} set={look} />
      <div class="preview mt" role="group" aria-label={t("template.preview_for", { role: hatName(hat) })} tabIndex={0}>
        <p class="small muted">
          {t("template.preview_count", { role: hatName(hat), seen: seen.length, all: all.length, edits: seen.filter((f) => rightOf(f, hat) === "edits").length })}
        </p>
        {d.sections.map((s) => {
          const fields = visible(s, hat);
          if (!fields.length) return null;
          return (
            <div class="stackv mt" key={s.key}>
              <h3 dir="auto">{say(s.title) || t("template.no_name")}</h3>
              {s.help && <p class="hint">{say(s.help)}</p>}
              {fields.map((f) => (
                <Shown field={f} hat={hat} d={d} say={say} key={`${hat}${f.key}`} />
              ))}
            </div>
          );
        })}
        {!seen.length && <p class="muted">{t("template.preview_nothing")}</p>}
      </div>
    </section>
  );
}
