import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { load } from "./load.mjs";

const m = await load("admin/template-model.ts");
const shipped = (key) => JSON.parse(readFileSync(new URL(`../../../ilp/templates/${key}.json`, import.meta.url), "utf8"));
const keys = (section) => section.fields.map((f) => f.key);
const say = (texts) => texts?.en ?? "";

test("one choice for each role: who edits sees, and mentors are never without sight", () => {
  const field = { sees: "M", edits: "" };
  assert.deepEqual(m.withRight(field, "S", "edits"), { sees: "MS", edits: "S" });
  assert.deepEqual(m.withRight({ sees: "MS", edits: "S" }, "S", "sees"), { sees: "MS", edits: "" });
  assert.deepEqual(m.withRight({ sees: "MSG", edits: "SG" }, "S", "hidden"), { sees: "MG", edits: "G" });
  assert.deepEqual(m.withRight({ sees: "MS", edits: "M" }, "M", "hidden"), { sees: "MS", edits: "" });
  assert.equal(m.rightOf({ sees: "MS" }, "S"), "sees");
  assert.equal(m.rightOf({ sees: "MS" }, "H"), "hidden");
});

test("a field of another kind keeps what fits", () => {
  const choice = m.withKind({ key: "a", kind: "text", label: {}, sees: "MS", edits: "S", shared: true }, "choice");
  assert.deepEqual(choice.options, []);
  const text = m.withKind(choice, "text");
  assert.equal("options" in text, false);
  assert.equal(m.withKind(text, "comments").shared, false);
  assert.deepEqual([m.withKind(text, "computed").computed, m.withKind(text, "computed").edits], ["reviews", ""]);
});

test("what a role cannot have in a goal table", () => {
  const grid = { key: "g", kind: "grid", sees: "MS", edits: "M", title: {}, fields: [] };
  const field = { key: "a", kind: "text", label: {}, sees: "MS", edits: "" };
  assert.deepEqual(m.neverOf(field, grid, "G"), ["sees", "edits"]);
  assert.deepEqual(m.neverOf(field, grid, "S"), []);
  assert.deepEqual(m.neverOf({ ...field, head: true }, grid, "S"), ["hidden"]);
  assert.deepEqual(m.neverOf({ ...field, kind: "heading" }, { ...grid, kind: "fields" }, "S"), ["edits"]);
});

test("fields move within a section, and over its edge where they fit", () => {
  const d = shipped("learning");
  const at = m.find(d, "comment_home");
  const up = m.moved(d, at, -1);
  assert.deepEqual(keys(up.definition.sections[1]), ["comment_home", "comment_student"]);
  const over = m.moved(up.definition, up.at, -1);
  assert.equal(over.definition.sections[0].fields.at(-1).key, "comment_home");
  assert.equal(over.definition.sections[0].fields.at(-1).of, "goal");
  assert.equal(m.moved(d, { section: 0, field: 0 }, -1), null);
  assert.equal(m.moved(d, m.find(d, "reviews"), -1) === null, false);
  const status = m.dropped(d, m.find(d, "standing"), d.sections[0].fields.length - 1);
  assert.equal(m.moved(status, m.find(status, "standing"), 1), null); // a status is of a goal
  assert.deepEqual(keys(m.dropped(d, m.find(d, "note"), 0).sections[0])[0], "note");
});

test("fields of another template come under keys that are free, with rights that fit", () => {
  const d = shipped("learning");
  const from = shipped("yearly").sections.flatMap((s) => s.fields);
  const next = m.withCopies(d, 0, from.filter((f) => ["reflection", "summary", "signatures"].includes(f.key)));
  const added = next.sections[0].fields.slice(d.sections[0].fields.length);
  assert.deepEqual(added.map((f) => f.key), ["summary", "reflection_1"]); // signatures stand in no table
  assert.ok(added.every((f) => f.of === "goal" && !f.head));
  assert.equal(new Set(m.keysOf(next)).size, next.sections.reduce((n, s) => n + 1 + s.fields.length, 0));
});

test("what is missing is named, with the place to go to", () => {
  for (const key of ["learning", "conference", "career", "support", "social", "focus", "yearly", "evidence"])
    assert.deepEqual(m.lacksOf(shipped(key), say), [], key);
  const empty = { version: 1, title: {}, sections: [] };
  assert.deepEqual(m.lacksOf(empty, say).map((l) => l.what), ["title", "sections"]);
  const words = { competence: "Competence", goal: "Goal" };
  const grid = m.blankSection(empty, "grid", words, "en");
  const d = { ...empty, title: { en: "T" }, sections: [{ ...grid, title: { en: "S" } }] };
  assert.deepEqual(m.lacksOf(d, say), []);
  const field = m.withKind(m.blankField(d, d.sections[0]), "choice");
  const lacks = m.lacksOf(m.withSection(d, 0, (s) => ({ ...s, fields: [...s.fields, field] })), say);
  assert.deepEqual(lacks.map((l) => [l.what, l.id]), [["field", `n-${field.key}`], ["options", `d-${field.key}`]]);
  assert.deepEqual(m.lacksOf({ ...d, statuses: [{ key: "a", label: {}, category: "todo", setters: "M" }] }, say).map((l) => l.what), ["status", "categories"]);
});

test("texts that a language lacks are counted, scales are not", () => {
  assert.equal(m.untranslated(shipped("learning"), "nb"), 0);
  const d = { version: 1, title: { en: "T" }, sections: [{ key: "s", kind: "fields", title: { en: "S", nb: "S" }, fields: [
    { key: "a", kind: "scale", label: { en: "A" }, help: {}, sees: "M", scale: { key: "x", name: { en: "X" }, direction: "up", values: [] } },
    { key: "b", kind: "table", label: { en: "B", nb: "B" }, columns: [{ en: "C" }], sees: "M" },
  ] }] };
  assert.equal(m.untranslated(d, "nb"), 3);
});
