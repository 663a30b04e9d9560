/* Links placed in a course: one address, a page of one's own for each role. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.mjs";

const { opened } = await load("opened.ts");
const id = "018f1111-0000-7000-8000-000000000001";

const expected = {
  "open/course": ["", "", "", "", ""],
  "open/my": ["", "", "", "", ""],
  "open/report": ["report", "", "", "", ""],
  [`open/reviews/${id}`]: [`reviews/${id}`, `my/${id}`, `read/${id}`, "", ""],
  [`open/student/${id}`]: [`report/${id}`, "", "", "", ""],
  "open/student": ["report/nobody", "", "", "", ""],
  open: ["", "", "", "", ""],
  "open/reviews": ["", "", "", "", ""],
  "open/reviews/a/b": ["", "", "", "", ""],
  "open/nothing/of/ours": ["", "", "", "", ""],
  /* what is no such link stays what it is */
  plans: ["plans", "plans", "plans", "plans", "plans"],
  opened: ["opened", "opened", "opened", "opened", "opened"],
  "": ["", "", "", "", ""],
};

for (const [path, ways] of Object.entries(expected))
  test(`${path || "the first page"}`, () => {
    assert.deepEqual(
      ["teacher", "student", "guardian", "mentor", "none"].map((role) => opened(role, path)),
      ways,
    );
  });
