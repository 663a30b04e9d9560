/* What every part of a plan's page may ask. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { useApp, useField } from "../app";
import { list, pick, t } from "../i18n";
import type { Act, FormField, Hat, PlanPage } from "../plan-types";
import type { Field } from "../save";
import { valueKey, type PlanData, type Writing } from "./data";
import { audienceOf, editorsOf, letterOf, textOf } from "./model";

export interface PlanContextValue extends PlanData {
  page: PlanPage;
  /* With whose eyes this is seen. */
  hat: Hat;
  /* Somebody's eyes are borrowed, or nothing may be changed here: everything is read only. */
  still: boolean;
  /* Family pages say "you", and are roomier. */
  family: boolean;
  say: (object: string, field: string) => void;
}

export const PlanContext = createContext<PlanContextValue>(null as unknown as PlanContextValue);
export const usePlanContext = () => useContext(PlanContext);

export function useMay(): (act: Act) => boolean {
  const { page, still } = usePlanContext();
  return (act) => !still && page.plan.may.includes(act);
}

export function useEdits(): (field: FormField) => boolean {
  const may = useMay();
  return (field) => field.edits === true && may(field.kind === "notes" || field.kind === "comments" ? "post" : "write");
}

/* The text of a field as it stands here: with borrowed eyes what they see, else what is being written. */
export function useValue(row: string | null, field: string): { text: string; key: string; state: Field | undefined } {
  const { page, still } = usePlanContext();
  const key = valueKey(page.plan.id, row, field);
  const state = useField(key);
  const text = still || !state ? textOf(page, row, field) : (state.text ?? "");
  return { text, key, state: still ? undefined : state };
}

export function useSetValue(row: string | null, field: string): (text: string, pause?: number) => void {
  const { queue } = useApp();
  const { page } = usePlanContext();
  const key = valueKey(page.plan.id, row, field);
  return (text, pause = 0) => queue.edit(key, text, pause);
}

export function writersIn(writing: Writing, object: string, field: string): string[] {
  return writing.filter((w) => w.object === object && w.field === field).map((w) => w.by);
}

/* ---- Names of hats, from where the viewer stands ---- */

export function useHatNames(): (letter: string) => string {
  const { page, hat, family } = usePlanContext();
  const given = page.student.given || page.student.name;
  return (letter) => {
    if (letter === letterOf[hat] && family) return t("plan.hat_you");
    if (letter === "S") return given;
    if (letter === "C" && hat === "student") return t("plan.hat_C_yours");
    return t(`plan.hat_${letter}`);
  };
}

/* On family pages one is not told that one sees what one sees. */
export function useAudience(): { seen: (letters: string) => string; edited: (letters: string) => string } {
  const { hat, family } = usePlanContext();
  const name = useHatNames();
  const own = family ? letterOf[hat] : "";
  return {
    seen: (letters) => {
      const all = audienceOf(letters);
      return typeof all === "string" ? t(`plan.seen_${all}`) : sentence(list(all.filter((l) => l !== own).map(name)));
    },
    edited: (letters) => sentence(list(editorsOf(letters).map(name))),
  };
}

const sentence = (text: string) => (text ? text.charAt(0).toLocaleUpperCase() + text.slice(1) : text);

export const roleOf = (hat: Hat) => t(`plan.role_${hat}`);

/* A field is called by its label, those without one of their own by what they are. */
export function labelOfField(page: PlanPage, key: string): string {
  if (key === "_log" || key === "_topics") return t(`plan.field${key}`);
  for (const s of page.form.sections) {
    const f = s.fields.find((x) => x.key === key);
    if (f) return pick(f.label);
  }
  return "";
}
