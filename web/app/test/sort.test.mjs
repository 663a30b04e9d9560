import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.mjs";

const { byName, finds, newestFirst } = await load("sort.ts");
const names = (list) => list.map((p) => p.name);

test("Norwegian order ends with æ ø å", () => {
  const people = ["Ørjan", "Ane", "Åse", "Zara", "Ære"].map((name) => ({ name }));
  assert.deepEqual(names(byName(people, "nb-NO", "ascending")), ["Ane", "Zara", "Ære", "Ørjan", "Åse"]);
  assert.deepEqual(names(byName(people, "nb-NO", "descending")).at(0), "Åse");
});

test("sorting leaves the list it was given alone", () => {
  const people = [{ name: "B" }, { name: "A" }];
  byName(people, "en-GB", "ascending");
  assert.deepEqual(names(people), ["B", "A"]);
});

test("people are found by the beginning of any name, accents or not", () => {
  assert.ok(finds("Theo Sørensen", "sor"));
  assert.ok(finds("Theo Sørensen", "Sør"));
  assert.ok(finds("Fatima Al-Hassan", "hass"));
  assert.ok(finds("Ella Marie Somby", "som ella"));
  assert.ok(finds("Zoë Ngô", "zoe ngo"));
  assert.ok(!finds("Theo Sørensen", "ensen"));
  assert.ok(finds("Anyone", ""));
});

test("reviews: newest period first", () => {
  const list = [
    { id: "a", startsOn: "2026-01-01", endsOn: "2026-02-01" },
    { id: "b", startsOn: "2026-10-01", endsOn: "2026-11-01" },
    { id: "c", startsOn: "2026-10-05", endsOn: "2026-11-01" },
  ];
  assert.deepEqual(newestFirst(list).map((r) => r.id), ["c", "b", "a"]);
});
