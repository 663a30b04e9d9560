import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.mjs";

const m = await load("plan/model.ts");
const p = await load("plan/parse.ts");

const row = (id, kind, parent, position) => ({ id, kind, parent, position, state: "agreed", by: "J", hat: "mentor" });
const statuses = [
  { key: "todo", label: {}, category: "todo", setters: "MCSG" },
  { key: "doing", label: {}, category: "doing", setters: "MCSG" },
  { key: "help", label: {}, category: "doing", flag: true, setters: "MCSG" },
  { key: "done", label: {}, category: "done", setters: "MCSG" },
  { key: "dropped", label: {}, category: "dropped", setters: "M" },
];
const page = (more = {}) => ({
  plan: { id: "p" }, form: { statuses, sections: [] }, rows: [], values: [], tasks: [], posts: [], cursor: "1", ...more,
});

test("who sees: everyone, staff only, or by name", () => {
  assert.equal(m.audienceOf("MCSGH"), "everyone");
  assert.equal(m.audienceOf("MCSG"), "everyone");
  assert.equal(m.audienceOf("MCH"), "staff");
  assert.deepEqual(m.audienceOf("MSG"), ["S", "G", "M"]);
  assert.deepEqual(m.audienceOf("MCSH"), ["S", "staff"]);
  assert.deepEqual(m.editorsOf("MC"), ["M", "C"]);
});

test("an audience can only be narrowed, and staff stay in it", () => {
  assert.deepEqual(m.choicesOf("MCSGH"), ["MCSGH", "MCSH", "MCGH", "MCH"]);
  assert.deepEqual(m.choicesOf("MCS"), ["MCS", "MC"]);
  assert.deepEqual(m.choicesOf("MCG"), ["MCG", "MC"]);
  assert.deepEqual(m.choicesOf("MC"), ["MC"]);
  assert.deepEqual(m.choicesOf("MCSG", "S"), ["MCSG", "MCS"]);
  assert.deepEqual(m.choicesOf("MCSG", "G"), ["MCSG", "MCG"]);
});

test("the grid: competences in their places with their goals", () => {
  const grid = m.gridOf([row("g2", "goal", "c1", 2), row("c2", "competence", null, 2), row("c1", "competence", null, 1), row("g1", "goal", "c1", 1.5)]);
  assert.deepEqual(grid.map((c) => [c.row.id, c.goals.map((g) => g.id)]), [["c1", ["g1", "g2"]], ["c2", []]]);
});

test("places between neighbours, and moves by one", () => {
  const list = [{ id: "a", position: 1 }, { id: "b", position: 2 }, { id: "c", position: 3 }];
  assert.equal(m.placeAfter(list, "a"), 1.5);
  assert.equal(m.placeAfter(list, "c"), 4);
  assert.equal(m.placeAfter(list, null), 0);
  assert.equal(m.placeAfter([], null), 1);
  assert.equal(m.afterMove(list, "b", 1), "c");
  assert.equal(m.afterMove(list, "b", -1), null);
  assert.equal(m.afterMove(list, "c", -1), "a");
  assert.equal(m.afterMove(list, "a", -1), undefined);
  assert.equal(m.afterMove(list, "c", 1), undefined);
});

const goalField = (key, kind, seenBy, editedBy, head) => ({ key, kind, of: "goal", label: {}, seenBy, editedBy, head });
test("few fields are columns, many are put together by whose they are", () => {
  const few = { fields: [{ key: "c", of: "competence" }, goalField("g", "text", "MCSG", "MS", true), goalField("r", "long", "MCSG", "S")] };
  assert.deepEqual(m.columnsOf(few).map((c) => c.key), ["g", "r"]);
  const many = { fields: [
    goalField("g", "text", "MCSG", "MS", true), goalField("sign", "text", "MCSG", "MS"), goalField("r", "long", "MCSG", "S"),
    goalField("t", "tasks", "MCSG", "MS"), goalField("school", "text", "MCSG", "MC"), goalField("note", "notes", "MC", "M"), goalField("home", "comments", "MSG", "MG"),
  ] };
  assert.deepEqual(m.columnsOf(many).map((c) => [c.key, c.fields.map((f) => f.key)]),
    [["goal", ["g", "sign", "school"]], ["voice", ["r", "home"]], ["tasks", ["t"]], ["staff", ["note"]]]);
});

test("a click on the ring goes on, and only to what this hat may set", () => {
  const plan = page();
  assert.equal(m.nextStatus(plan, "student", "todo").key, "doing");
  assert.equal(m.nextStatus(plan, "student", "help").key, "done");
  assert.equal(m.nextStatus(plan, "student", "done").key, "todo");
  assert.equal(m.nextStatus(plan, "mentor", "dropped").key, "todo");
  assert.deepEqual(m.settable(plan, "student", "todo").map((s) => s.key), ["todo", "doing", "help", "done"]);
  const strict = page({ form: { statuses: statuses.map((s) => (s.key === "done" ? { ...s, setters: "M" } : s)), sections: [] } });
  assert.equal(m.nextStatus(strict, "student", "doing").key, "todo");
});

test("changes lie over what was there, and what is gone goes", () => {
  const old = page({
    rows: [row("c1", "competence", null, 1)],
    values: [{ row: null, field: "a", text: "1", rev: 1 }, { row: "c1", field: "a", text: "2", rev: 1 }],
    tasks: [{ id: "t1", position: 1, text: "x" }, { id: "t2", position: 2, text: "y" }],
    posts: [{ id: "p1", text: "Hi", at: "1" }],
  });
  const now = m.mergeChanges(old, {
    rows: [row("g1", "goal", "c1", 1)], values: [{ row: "c1", field: "a", text: "3", rev: 2 }],
    tasks: [{ id: "t2", position: 2, text: "z" }, { id: "t3", position: 3, text: "w" }], posts: [], gone: ["p1"], writing: [], state: "draft", cursor: "2",
  }, new Set(["t3"]));
  assert.deepEqual(now.values.map((v) => v.text), ["1", "3"]);
  assert.deepEqual(now.tasks.map((t) => t.text), ["x", "z"]);
  assert.deepEqual([now.rows.length, now.posts.length, now.cursor], [2, 0, "2"]);
});

test("what is new, the newest first", () => {
  const news = m.newsOf(page({
    values: [{ row: "g1", field: "r", isNew: true, by: "Sofie", at: "2" }, { row: null, field: "s", by: "Sofie", at: "9" }],
    tasks: [{ id: "t1", field: "t", isNew: true, statusBy: "Sofie", statusAt: "3" }],
    posts: [{ id: "p1", field: "_log", isNew: true, by: "Marte", at: "4" }, { id: "p2", field: "_log", isNew: true, removed: true, by: "Marte", at: "5" }],
  }));
  assert.deepEqual(news.map((n) => n.id), ["p-p1", "t-t1", "f-g1-r"]);
});

test("series: one value a day, in the order of days, numbers as people write them", () => {
  let text = p.withPoint("", "2026-11-03", 12.5);
  text = p.withPoint(text, "2026-10-01", 10);
  text = p.withPoint(text, "2026-11-03", 13);
  assert.equal(text, '[{"on":"2026-10-01","value":10},{"on":"2026-11-03","value":13}]');
  assert.equal(p.withoutPoint(p.withoutPoint(text, "2026-10-01"), "2026-11-03"), "");
  assert.deepEqual(p.readSeries("nonsense"), []);
  assert.deepEqual(p.readSeries('[{"on":1},null,3]'), []);
  assert.equal(p.readNumber(" 12,5 "), 12.5);
  assert.equal(p.readNumber("−2"), -2);
  assert.equal(p.readNumber("12.5.1"), null);
  const d = p.drawing(p.readSeries(text), 14);
  assert.equal(d.dots.length, 2);
  assert.ok(d.target < d.dots[1][1]);
});

test("tables keep their shape, lists their order", () => {
  assert.deepEqual(p.readTable('[["a"],["b","c","d"],5]', 2), [["a", ""], ["b", "c"]]);
  assert.equal(p.writeTable([["a", ""], ["", ""]]), '[["a",""]]');
  assert.equal(p.writeTable([["", ""]]), "");
  assert.deepEqual(p.readItems('[{"text":"x","done":true},{"text":"y"},{}]'), [{ text: "x", done: true }, { text: "y", done: false }]);
  assert.equal(p.toggle('["b"]', "a", true, ["a", "b", "c"]), '["a","b"]');
  assert.equal(p.toggle('["b"]', "b", false, ["a", "b"]), "");
});

test("pasted lines are tasks without their bullets", () => {
  assert.deepEqual(p.lines("1. Read\r\n- Write\n\n  • Sing  \n2026 is a year"), ["Read", "Write", "Sing", "2026 is a year"]);
});

test("the toolbar marks words and lines, and takes the marks away again", () => {
  const bold = p.wrap({ text: "a word here", from: 2, to: 6 }, "**");
  assert.equal(bold.text, "a **word** here");
  assert.equal(p.wrap(bold, "**").text, "a word here");
  const listed = p.prefix({ text: "one\ntwo", from: 0, to: 7 }, "- ");
  assert.equal(listed.text, "- one\n- two");
  assert.equal(p.prefix(listed, "- ").text, "one\ntwo");
  assert.equal(p.prefix({ text: "one\ntwo", from: 0, to: 7 }, (i) => `${i + 1}. `).text, "1. one\n2. two");
});
