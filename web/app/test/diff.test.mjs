import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.mjs";

const { compare, join } = await load("diff.ts");
const own = (pieces) => pieces.filter((p) => p.own).map((p) => p.text.trim());
const whole = (pieces) => pieces.map((p) => p.text).join("");

test("only the words that differ are marked, on both sides", () => {
  const sides = compare("Next step: use the feedback.", "Next step: read the text aloud.");
  assert.deepEqual(own(sides.mine), ["use", "feedback."]);
  assert.deepEqual(own(sides.theirs), ["read", "text aloud."]);
});

test("no text is lost by marking it", () => {
  const a = "one  two\nthree";
  const b = "one three\n\nfour";
  const sides = compare(a, b);
  assert.equal(whole(sides.mine), a);
  assert.equal(whole(sides.theirs), b);
});

test("equal and empty texts", () => {
  assert.deepEqual(own(compare("same", "same").mine), []);
  assert.deepEqual(compare("", "").mine, []);
  assert.deepEqual(own(compare("", "new words").theirs), ["new words"]);
});

test("very long texts are compared by their ends only, and whole", () => {
  const a = `start ${"a ".repeat(2000)}end`;
  const b = `start ${"b ".repeat(2000)}end`;
  const sides = compare(a, b);
  assert.equal(whole(sides.mine), a);
  assert.equal(sides.mine[0].own, false);
  assert.equal(sides.mine.at(-1).own, false);
});

test("keep both: theirs, then mine", () => {
  assert.equal(join("mine", "theirs"), "theirs\nmine");
});

test("keep both says nothing twice", () => {
  assert.equal(join("good work, go on", "good work"), "good work, go on");
  assert.equal(join("good work", "good work, go on"), "good work, go on");
  assert.equal(join("mine", ""), "mine");
});
