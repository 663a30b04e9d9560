/* One field: its name, who sees it, what stands there, and how far a save has come. */
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useApp } from "../app";
import { pick, stamp, t } from "../i18n";
import { Compare } from "../parts/compare";
import { Icon } from "../parts/icons";
import { SaveState } from "../parts/save-state";
import type { FormField, PlanPage } from "../plan-types";
import { useEdits, usePlanContext, useValue, writersIn } from "./context";
import { PlanHistory } from "./history";
import { anchor, isStaffOnly, isValued, valueOf } from "./model";
import { Posts } from "./posts";
import { Tasks } from "./tasks";
import { Editor, Reader, wordsFor } from "./value";
import { NewMark, Who, Writers } from "./who";
import { Files } from "./kinds/files";
import { Computed } from "./kinds/computed";
import { SignatureSlot } from "./slots";

export interface FieldProps {
  field: FormField;
  row: string | null;
  /* What the row is about, for those who do not see the table. */
  of?: string;
}

const wide = new Set(["rich", "table", "series", "tasks", "notes", "comments", "files", "multi", "signature", "computed", "checklist"]);
export const isWide = (field: FormField) => wide.has(field.kind);

/* What others wrote, and when; what is being saved; earlier versions. */
export function Foot({ field, row, quiet }: { field: FormField; row: string | null; quiet?: boolean }) {
  const { home } = useApp();
  const { page, writing, still } = usePlanContext();
  const edits = useEdits()(field);
  const { key, state } = useValue(row, field.key);
  const [past, showPast] = useState(false);
  const value = valueOf(page, row, field.key);
  const names = writersIn(writing, row ?? page.plan.id, field.key);
  const name = pick(field.label);
  const other = value?.text && value.by && value.by !== home.viewer.name;
  const rest = other && !quiet ? <span class="hint">{t("plan.by_at", { name: value.by, time: stamp(value.at) })}</span> : undefined;
  const more = edits && !still && Math.max(value?.rev ?? 0, state?.rev ?? 0) > 1;
  return (
    <>
      {state?.phase === "conflict" && <Compare field={state} choice={wordsFor(field)} />}
      <div class={quiet ? "field__foot field__foot--quiet" : "field__foot"}>
        {value?.isNew && <NewMark />}
        <Writers names={names} />
        <SaveState fields={[state]} rest={rest} what={name} />
        {value?.typedBy && <span class="hint">{t("plan.typed_by", { name: value.typedBy })}</span>}
        {more && (
          <button class="linkbtn past" type="button" aria-expanded={past} onClick={() => showPast(!past)}>
            {t("plan.history")}
            <span class="sr"> {name}</span>
          </button>
        )}
      </div>
      {past && <PlanHistory object={row ?? page.plan.id} field={field.key} name={key} show={(text) => wordsFor(field)?.(text) ?? text ?? ""} />}
    </>
  );
}

/* The part of a field between its name and its foot. */
export function Body({ field, row, of, id, describedBy, placeholder, quiet }: FieldProps & { id: string; describedBy?: string; placeholder?: string; quiet?: boolean }) {
  const edits = useEdits()(field);
  const label = of ? t("plan.label_for", { label: pick(field.label), of }) : pick(field.label);
  if (field.kind === "tasks") return <Tasks field={field} row={row} of={of} />;
  if (field.kind === "notes" || field.kind === "comments") return <Posts field={field} row={row} of={of} />;
  if (field.kind === "files") return <Files field={field} row={row} />;
  if (field.kind === "computed") return <Computed field={field} />;
  if (field.kind === "signature") return <SignatureSlot field={field} />;
  return edits ? <Editor field={field} row={row} id={id} label={label} describedBy={describedBy} placeholder={placeholder} quiet={quiet} /> : <Reader field={field} row={row} />;
}

const openable = new Set(["text", "long", "rich", "choice", "multi", "scale", "date", "number", "series", "checklist", "table"]);

/* An empty field that need not be written is a button with its name: pages stay short. */
export function Optional({ field, row, of, children }: FieldProps & { children: ComponentChildren }) {
  const { page } = usePlanContext();
  const { text } = useValue(row, field.key);
  const edits = useEdits()(field);
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    if (open) box.current?.querySelector<HTMLElement>("textarea, input, select")?.focus();
  }, [open]);
  if (!edits || !openable.has(field.kind) || text.trim() || open || valueOf(page, row, field.key)?.text?.trim())
    return (
      <span class="plainbox" ref={box}>
        {children}
      </span>
    );
  return (
    <button class="addbtn addbtn--field" type="button" onClick={() => setOpen(true)}>
      <Icon name="plus" />
      {pick(field.label)}
      {of && <span class="sr"> {t("task.add_for", { of })}</span>}
    </button>
  );
}

/* Choices that are several inputs have no single one to be the label's. */
const grouped = new Set(["multi", "scale", "series", "checklist", "table", "files", "tasks", "notes", "comments", "computed", "signature", "status"]);

/* inside: within a goal, where the same fields come again and again. */
export function FieldBox({ field, row, of, inside }: FieldProps & { inside?: boolean }) {
  const edits = useEdits()(field);
  const id = `i-${row ?? "plan"}-${field.key}`;
  if (field.kind === "heading") return <Heading field={field} />;
  const priv = isStaffOnly(field.seenBy ?? "M");
  const who = `${id}-who`;
  const labelled = edits && !grouped.has(field.kind);
  const help = field.help && edits && !inside;
  const name = (
    <>
      {pick(field.label)}
      {field.required && edits && <span class="req"> {t("plan.required")}</span>}
    </>
  );
  return (
    <div class={priv ? "field private" : "field"} id={anchor("f", row, field.key)} tabIndex={-1}>
      <div class="field__top">
        {labelled ? <label for={id}>{name}</label> : <b class={inside && field.kind === "tasks" ? "sr" : "label"}>{name}</b>}
        {!(inside && field.kind === "tasks") && <Who id={who} seenBy={field.seenBy ?? "M"} editedBy={field.editedBy} />}
      </div>
      {help && (
        <p class="hint" id={`${id}-help`}>
          {pick(field.help ?? {})}
        </p>
      )}
      <Body field={field} row={row} of={of} id={id} describedBy={help ? `${who} ${id}-help` : who} placeholder={inside && field.help ? pick(field.help) : undefined} />
      {isValued(field) && <Foot field={field} row={row} />}
    </div>
  );
}

function Heading({ field }: { field: FormField }) {
  return (
    <div class="fieldhead">
      <h3>{pick(field.label)}</h3>
      {field.help && <p class="hint">{pick(field.help)}</p>}
    </div>
  );
}

/* A field as families read what they cannot write: nothing where nothing stands. */
export function isEmpty(page: PlanPage, field: FormField, row: string | null): boolean {
  if (field.kind === "heading" || field.kind === "computed" || field.kind === "signature") return false;
  if (field.kind === "tasks") return !page.tasks.some((x) => x.field === field.key && x.row === row);
  if (field.kind === "files") return !page.evidence.some((x) => x.field === field.key && x.row === row);
  if (field.kind === "notes" || field.kind === "comments") return !page.posts.some((x) => x.field === field.key && x.row === row);
  return !valueOf(page, row, field.key)?.text?.trim();
}

export function LockLine({ text }: { text: string }) {
  return (
    <p class="hint">
      <Icon name="lock" /> {text}
    </p>
  );
}
