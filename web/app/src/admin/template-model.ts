/* A template's definition (ilp/form.h) while it is edited: every change makes a new one. */
import type { FormField, Kind, Status } from "../plan-types";
import type { Scale, Texts } from "../types";

export type Letter = "M" | "C" | "S" | "G" | "H";
export const letters: Letter[] = ["M", "C", "S", "G", "H"];
export type Right = "hidden" | "sees" | "edits";

export interface Rights {
  sees: string;
  edits?: string;
}

export interface Field extends Omit<FormField, "edits" | "sees" | "scale">, Rights {
  scale?: Scale | string;
}

export interface Section extends Partial<Rights> {
  key: string;
  kind: "fields" | "grid";
  title: Texts;
  help?: Texts;
  fields: Field[];
}

export interface Definition {
  version: 1;
  title: Texts;
  about?: Texts;
  purpose?: string;
  statuses?: Status[];
  ceiling?: Rights;
  log?: Rights;
  topics?: Rights;
  turns?: boolean;
  sections: Section[];
}

/* What GET /api/admin/templates has of each. */
export interface TemplateRow {
  id: string;
  title: Texts;
  purpose: string;
  state: "draft" | "published" | "unpublished";
  rev: number;
  revision: number;
  at: string;
  by: string | null;
  publishedAt: string | null;
  /* What is edited is not what is published. */
  changed: boolean;
  uses: number;
  org: { id: string; name: string } | null;
}

export interface Template extends TemplateRow {
  definition: Definition;
  problem: { field: string; reason: string } | null;
}

export interface TemplateList {
  templates: TemplateRow[];
  orgs: { id: string; name: string }[];
}

/* ---- Kinds ---- */

interface Nature {
  in: "both" | "fields" | "goal";
  own?: ("options" | "scale" | "columns" | "unit" | "target" | "computed" | "head" | "agreement")[];
  mute?: boolean;
  personal?: boolean;
}

export const kinds: Record<Kind, Nature> = {
  text: { in: "both", own: ["head"] },
  long: { in: "both", own: ["head"] },
  rich: { in: "both" },
  choice: { in: "both", own: ["options"] },
  multi: { in: "both", own: ["options"] },
  scale: { in: "both", own: ["scale"] },
  date: { in: "both" },
  number: { in: "both", own: ["unit"] },
  series: { in: "both", own: ["unit", "target"] },
  checklist: { in: "both" },
  table: { in: "fields", own: ["columns"] },
  status: { in: "goal", personal: true },
  files: { in: "both", personal: true },
  tasks: { in: "both", own: ["agreement"] },
  notes: { in: "both", personal: true },
  comments: { in: "both", personal: true },
  computed: { in: "fields", own: ["computed"], mute: true, personal: true },
  signature: { in: "fields", personal: true },
  heading: { in: "fields", mute: true },
};

export function kindsFor(section: Section, of?: Field["of"]): Kind[] {
  const all = Object.keys(kinds) as Kind[];
  if (section.kind === "fields") return all.filter((k) => kinds[k].in !== "goal");
  return all.filter((k) => kinds[k].in !== "fields" && (of === "goal" || (kinds[k].in !== "goal" && k !== "tasks")));
}

export const mayShare = (f: Field): boolean => !kinds[f.kind].personal && !f.sensitive;

const ownMembers = ["options", "scale", "columns", "unit", "target", "computed", "head", "agreement"] as const;

/* Of another kind: what only the old kind had is gone, what the new one needs is there. */
export function withKind(field: Field, kind: Kind): Field {
  const next: Field = { ...field, kind };
  for (const name of ownMembers) if (!kinds[kind].own?.includes(name)) delete next[name];
  if (kinds[kind].own?.includes("options") && !next.options) next.options = [];
  if (kinds[kind].own?.includes("columns") && !next.columns) next.columns = [];
  if (kind === "computed" && !next.computed) next.computed = "reviews";
  if (kinds[kind].mute) next.edits = "";
  if (!mayShare(next)) next.shared = false;
  return next;
}

/* ---- Rights ---- */

export function rightOf(r: Partial<Rights>, hat: Letter): Right {
  return r.edits?.includes(hat) ? "edits" : r.sees?.includes(hat) ? "sees" : "hidden";
}

const sorted = (hats: string) => letters.filter((l) => hats.includes(l)).join("");

/* Who edits sees (I-02); mentors see everything (I-05). */
export function withRight<R extends Partial<Rights>>(r: R, hat: Letter, right: Right): R {
  const without = (s = "") => s.replace(hat, "");
  const sees = sorted(without(r.sees) + (right === "hidden" && hat !== "M" ? "" : hat) + "M");
  return { ...r, sees, edits: sorted(without(r.edits) + (right === "edits" ? hat : "")) };
}

/* What a role cannot have of a field: more than of the table it stands in, nothing of what
 * the rows of a table it sees are called, and no writing where nothing is written. */
export function neverOf(field: Field, section: Section, hat: Letter): Right[] {
  const never: Right[] = kinds[field.kind].mute ? ["edits"] : [];
  if (section.kind === "fields") return never;
  if (rightOf(section, hat) === "hidden") return ["sees", "edits"];
  return field.head ? ["hidden", ...never] : never;
}

/* ---- Keys ---- */

export function keysOf(d: Definition): Set<string> {
  return new Set(d.sections.flatMap((s) => [s.key, ...s.fields.map((f) => f.key)]));
}

export function freeKey(d: Definition, stem: string): string {
  const taken = keysOf(d);
  for (let i = 1; ; i++) if (!taken.has(`${stem}${i}`)) return `${stem}${i}`;
}

/* ---- Changes ---- */

export interface Place {
  section: number;
  field: number;
}

export function withSection(d: Definition, at: number, change: (s: Section) => Section): Definition {
  return { ...d, sections: d.sections.map((s, i) => (i === at ? change(s) : s)) };
}

export function withField(d: Definition, at: Place, change: (f: Field) => Field): Definition {
  return withSection(d, at.section, (s) => ({ ...s, fields: s.fields.map((f, i) => (i === at.field ? change(f) : f)) }));
}

export function insert<T>(list: T[], at: number, item: T): T[] {
  return [...list.slice(0, at), item, ...list.slice(at)];
}

export function without<T>(list: T[], at: number): T[] {
  return list.filter((_, i) => i !== at);
}

export function blankField(d: Definition, section: Section): Field {
  const rights = { sees: section.sees ?? "MCSG", edits: "M" };
  const field: Field = { key: freeKey(d, "field_"), kind: "text", label: {}, ...rights, shared: true, printed: true };
  return section.kind === "grid" ? { ...field, of: "goal" } : field;
}

export function blankSection(d: Definition, kind: Section["kind"], words: { competence: string; goal: string }, lang: string): Section {
  const key = freeKey(d, "section_");
  if (kind === "fields") return { key, kind, title: {}, fields: [] };
  const rights = { sees: "MCSGH", edits: "MS" };
  const head = (of: "competence" | "goal", name: string): Field => ({
    ...{ key: freeKey(d, `${of}_`), kind: "text", of, label: { [lang]: name }, head: true },
    ...{ ...rights, edits: of === "goal" ? "MS" : "MC" },
    ...{ shared: true, printed: true },
  });
  return { key, kind, title: {}, ...rights, fields: [head("competence", words.competence), head("goal", words.goal)] };
}

/* Taken into another section a field becomes one that may stand there; null: it may not. */
export function fitted(field: Field, section: Section): Field | null {
  if (section.kind === "fields") {
    const { of: _, head: __, ...rest } = field;
    return kinds[field.kind].in === "goal" ? null : rest;
  }
  if (kinds[field.kind].in === "fields") return null;
  const sees = sorted([...field.sees].filter((l) => section.sees?.includes(l)).join("") + "M");
  const edits = sorted([...(field.edits ?? "")].filter((l) => sees.includes(l)).join(""));
  const { agreement: _, head: __, ...rest } = field;
  return { ...rest, of: field.of ?? "goal", sees, edits };
}

/* One step up or down; at the edge of a section into the next one, where the field fits. */
export function moved(d: Definition, from: Place, step: -1 | 1): { definition: Definition; at: Place } | null {
  const section = d.sections[from.section];
  const field = section?.fields[from.field];
  if (!section || !field) return null;
  const to = from.field + step;
  if (to >= 0 && to < section.fields.length) {
    const fields = insert(without(section.fields, from.field), to, field);
    return { definition: withSection(d, from.section, (s) => ({ ...s, fields })), at: { ...from, field: to } };
  }
  const next = d.sections[from.section + step];
  const fit = next && !field.head && fitted(field, next);
  if (!next || !fit) return null;
  const at = { section: from.section + step, field: step < 0 ? next.fields.length : 0 };
  const left = withSection(d, from.section, (s) => ({ ...s, fields: without(s.fields, from.field) }));
  return { definition: withSection(left, at.section, (s) => ({ ...s, fields: insert(s.fields, at.field, fit) })), at };
}

/* To where a pointer dropped it, within its own section. */
export function dropped(d: Definition, from: Place, to: number): Definition {
  return withSection(d, from.section, (s) => {
    const field = s.fields[from.field];
    return field ? { ...s, fields: insert(without(s.fields, from.field), to, field) } : s;
  });
}

export function find(d: Definition, key: string): Place | null {
  for (const [section, s] of d.sections.entries()) {
    const field = s.fields.findIndex((f) => f.key === key);
    if (field >= 0) return { section, field };
  }
  return null;
}

/* Fields of another template at the end of a section, under keys that are free. */
export function withCopies(d: Definition, section: number, fields: Field[]): Definition {
  let next = d;
  for (const field of fields) {
    const target = next.sections[section];
    const fit = target && fitted(field, target);
    if (!fit) continue;
    const key = keysOf(next).has(fit.key) ? freeKey(next, `${fit.key.slice(0, 30)}_`) : fit.key;
    next = withSection(next, section, (s) => ({ ...s, fields: [...s.fields, { ...fit, key }] }));
  }
  return next;
}

/* ---- What is missing ---- */

export interface Lack {
  /* The element to go to. */
  id: string;
  what: "title" | "section" | "field" | "options" | "scale" | "columns" | "status" | "fields" | "sections" | "categories" | "heads";
  name: string;
}

const empty = (texts: Texts | undefined) => !Object.values(texts ?? {}).some((s) => s.trim());

function lacksOfField(f: Field, name: string, lacks: Lack[]): void {
  const add = (what: Lack["what"], id: string) => lacks.push({ what, id, name });
  if (empty(f.label)) add("field", `n-${f.key}`);
  if (f.options && (!f.options.length || f.options.some((o) => empty(o.label)))) add("options", `d-${f.key}`);
  if (f.kind === "scale" && !f.scale) add("scale", `d-${f.key}`);
  if (f.columns && (!f.columns.length || f.columns.some(empty))) add("columns", `d-${f.key}`);
}

export function lacksOf(d: Definition, say: (texts: Texts) => string): Lack[] {
  const lacks: Lack[] = [];
  let n = 0;
  if (empty(d.title)) lacks.push({ what: "title", id: "t-title", name: "" });
  if (!d.sections.length) lacks.push({ what: "sections", id: "t-add", name: "" });
  for (const s of d.sections) {
    if (empty(s.title)) lacks.push({ what: "section", id: `s-${s.key}`, name: "" });
    if (!s.fields.length) lacks.push({ what: "fields", id: `s-${s.key}`, name: say(s.title) });
    const heads = new Set(s.fields.filter((f) => f.head).map((f) => f.of));
    if (s.kind === "grid" && heads.size < 2) lacks.push({ what: "heads", id: `s-${s.key}`, name: say(s.title) });
    for (const f of s.fields) lacksOfField(f, say(f.label) || String(++n && n), lacks);
  }
  const statuses = d.statuses ?? [];
  if (statuses.some((s) => empty(s.label))) lacks.push({ what: "status", id: "t-statuses", name: "" });
  const has = (c: string) => statuses.some((s) => s.category === c);
  if (d.statuses && (!has("todo") || !has("done"))) lacks.push({ what: "categories", id: "t-statuses", name: "" });
  return lacks;
}

/* ---- Languages ---- */

/* Every text of a template, to count what is not said in a language. */
export function untranslated(d: Definition, lang: string): number {
  let n = 0;
  const look = (value: unknown, key: string): void => {
    if (Array.isArray(value)) return value.forEach((v) => look(v, key));
    if (!value || typeof value !== "object" || key === "scale") return;
    const texts = value as Texts;
    if (["title", "about", "label", "help", "columns"].includes(key)) n += !empty(texts) && !texts[lang]?.trim() ? 1 : 0;
    else for (const [k, v] of Object.entries(value)) look(v, k);
  };
  look(d, "");
  return n;
}
