import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { load } from "./load.mjs";

const { isLong, keyHint, keysOf, holds } = await load("parts/grade.tsx");
const file = new URL("../../../ilp/scales.json", import.meta.url);
const scales = Object.fromEntries(JSON.parse(readFileSync(file, "utf8")).map((s) => [s.key, s]));

test("digits and N set the usual grades", () => {
  const keys = keysOf(scales.no_grades);
  assert.equal(keys.get("4"), "4");
  assert.equal(keys.get("n"), "N");
  assert.deepEqual(keyHint(scales.no_grades), ["1–6", "N"]);
});

test("no key ever sets two values, and every key sets one that exists", () => {
  for (const scale of Object.values(scales)) {
    const codes = [...keysOf(scale).values()];
    assert.equal(new Set(codes).size, codes.length, scale.key);
    for (const code of codes) assert.ok(scale.values.some((v) => v.code === code), scale.key);
  }
});

test("values of several digits have no key of their own", () => {
  assert.equal(keysOf(scales.dk_grades).has("1"), false);
  assert.equal(keysOf(scales.fi_grades).get("9"), "9");
});

test("long scales are lists, short ones are buttons", () => {
  assert.equal(isLong(scales.no_grades), false);
  assert.equal(isLong(scales.no_goal), false);
  assert.equal(isLong(scales.us_letters), true);
  assert.equal(isLong(scales.fr_steps), true);
});

test("a label that says its short name needs no second mention", () => {
  assert.ok(holds("Grade 4", "4"));
  assert.ok(!holds("Needs improvement", "N"));
});
