import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { load } from "./load.mjs";

const { cells, codeOf, findPupil, read, wishes } = await load("parts/paste-read.ts");
const { below, fill, insert, unfill } = await load("parts/fill.ts");
const file = new URL("../../../ilp/scales.json", import.meta.url);
const scales = Object.fromEntries(JSON.parse(readFileSync(file, "utf8")).map((s) => [s.key, s]));
const pupil = (id, name, value = null, comment = "") => ({ id, name, value, comment });
const class8 = [pupil("a", "Aksel Bråthen"), pupil("s", "Sofie Aasen Lund", "4", "Good."), pupil("m", "Maja Rosenlund")];
const said = (r) => r.rows.map((x) => x.trouble ?? `${x.pupil.id}${x.value ? ` ${x.value.code} ${x.value.fate}` : ""}${x.comment ? ` ${x.comment.fate}` : ""}`);

test("cells of a spreadsheet, with quotation marks and line ends within", () => {
  assert.deepEqual(cells("a\tb\r\nc\td\n"), [["a", "b"], ["c", "d"]]);
  assert.deepEqual(cells('"two\nlines"\t"she said ""no"""\nx\t'), [["two\nlines", 'she said "no"'], ["x", ""]]);
  assert.deepEqual(cells('5" nails\t3\n'), [['5" nails', "3"]]);
  assert.deepEqual(cells("a\n\nb"), [["a"], [""], ["b"]]);
  assert.deepEqual(cells("\tb"), [["", "b"]]);
  assert.deepEqual(cells(""), []);
  assert.deepEqual(cells('"never ends'), [['"never ends']]);
});

test("names in any order, with fewer or more of them, if only one fits", () => {
  assert.equal(findPupil("aksel bråthen", class8).id, "a");
  assert.equal(findPupil("Lund, Sofie Aasen", class8).id, "s");
  assert.equal(findPupil("Sofie Lund", class8).id, "s");
  assert.equal(findPupil("Maja Helene Rosenlund", class8).id, "m");
  assert.equal(findPupil("Sofie", class8), "unknown");
  assert.equal(findPupil("", class8), "unknown");
  const twins = [pupil("1", "Ida Moen Hansen"), pupil("2", "Ida Hansen Berg")];
  assert.equal(findPupil("Ida Hansen", twins), "ambiguous");
});

test("a value by its code, its short form or its label, in any language", () => {
  assert.equal(codeOf(scales.no_grades, " 5 "), "5");
  assert.equal(codeOf(scales.no_grades, "iv"), "N");
  assert.equal(codeOf(scales.no_grades, "Grade 3"), "3");
  assert.equal(codeOf(scales.dk_grades, "−3"), "-3");
  assert.equal(codeOf(scales.no_goal, "høy"), "H");
  assert.equal(codeOf(scales.no_grades, "7"), null);
  assert.equal(codeOf(null, "5"), null);
});

test("a column alone follows the order of the list", () => {
  const r = read("3\n5\n6", class8, scales.no_grades, false);
  assert.equal(r.by, "order");
  assert.deepEqual(said(r), ["a 3 new", "s 5 kept", "m 6 new"]);
  assert.deepEqual(said(read("3\n4\n", class8, scales.no_grades, true)), ["a 3 new", "s 4 same"]);
  assert.deepEqual(said(read("3\n5\n6\n1", class8, scales.no_grades, true)), ["a 3 new", "s 5 replaced", "m 6 new", "unknown"]);
  assert.deepEqual(said(read("Grade\n3\n5\n6", class8, scales.no_grades, false)), ["a 3 new", "s 5 kept", "m 6 new"]);
});

test("with names, values and comments in any columns", () => {
  const text = "Name\tGrade\tComment\nRosenlund, Maja\t5\tWell done\nSofie Aasen Lund\t4\tNext: speak up\nNobody Here\t3\tx\nMaja Rosenlund\t6\tAgain\nAksel Bråthen\t9\tx\nAksel Bråthen\t\t";
  const r = read(text, class8, scales.no_grades, false);
  assert.equal(r.by, "name");
  assert.equal(r.rows[0].line, 2);
  assert.deepEqual(said(r), ["m 5 new new", "s 4 same added", "unknown", "twice", "value", "empty"]);
  assert.deepEqual(wishes(r.rows), [
    { student: "m", value: "5", comment: "Well done" },
    { student: "s", comment: "Next: speak up" },
  ]);
  assert.deepEqual(said(read("Good.\tSofie Aasen Lund\nFine\tMaja Rosenlund", class8, null, false)), ["s same", "m new"]);
});

test("what is too long or of no scale is said, never sent", () => {
  assert.deepEqual(said(read(`Aksel Bråthen\t${"x".repeat(5001)}`, class8, null, false)), ["long"]);
  assert.deepEqual(said(read("A\nB\nC", class8, scales.no_grades, false)), ["value", "value", "value"]);
  assert.deepEqual(wishes(read("A\nB\nC", class8, scales.no_grades, false).rows), []);
  assert.deepEqual(read("", class8, scales.no_grades, false).rows, []);
});

test("{name} and back", () => {
  assert.equal(fill("{name} reads. {name} writes.", "Ida"), "Ida reads. Ida writes.");
  assert.equal(fill("{name}", "$&"), "$&");
  assert.equal(unfill("Ida and Idar, Ida’s", "Ida"), "{name} and Idar, {name}’s");
  assert.equal(unfill("A.B (x)", "A.B"), "{name} (x)");
  assert.equal(unfill("as it is", " "), "as it is");
});

test("a sentence goes in where somebody writes", () => {
  assert.deepEqual(insert("", 0, "New."), { text: "New.", at: 4 });
  assert.deepEqual(insert("Good.", 5, "New."), { text: "Good. New.", at: 10 });
  assert.deepEqual(insert("One two", 3, "and"), { text: "One and two", at: 7 });
  assert.deepEqual(insert("Onetwo", 3, "and"), { text: "One and two", at: 7 });
  assert.equal(below("", "x"), "x");
  assert.equal(below("a", "x"), "a\nx");
  assert.equal(below("a\nx", "x"), "a\nx");
});
