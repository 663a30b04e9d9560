import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { load } from "./load.mjs";

const list = await load("students/list.ts");
const { beginningOf, chunks, countsOf, eligible, firstView, groupsOf, nextOf, overlapping, ranged, rowsOf, rowsShown, studentsOf, termAt } = list;

let made = 0;
const plan = (more = {}) => ({
  id: `p${++made}`,
  title: "Autumn 2026",
  startsOn: "2026-08-17",
  endsOn: "2026-12-18",
  state: "published",
  currency: "current",
  publishedAt: "2026-08-20T08:00:00Z",
  tasks: { todo: 1, doing: 1, done: 2, dropped: 0 },
  late: 0,
  track: { value: "on" },
  opened: { student: true, home: true },
  proposals: 0,
  comments: 0,
  changedAt: "2026-11-01T08:00:00Z",
  ...more,
});
const student = (name, plans = [], more = {}) => ({ id: name, name, given: name, hat: "mentor", groups: ["8b"], plans, last: null, ...more });
const of = (students, more = {}) => ({ groups: [{ id: "8b", name: "8B", students: students.length }], students, templates: 1, meetings: [], ...more });
const see = (l, view = {}) => groupsOf(l, { ...firstView, ...view }, "nb-NO");
const names = (groups) => groups.flatMap((g) => g.rows.map((r) => `${r.student.name} ${r.plan?.title ?? "-"}`));

describe("rows", () => {
  test("a student has one for each plan of now, and one without any (R-151, R-152)", () => {
    const two = student("Sofie", [plan(), plan({ title: "Reading" })]);
    const none = student("Isak", [plan({ currency: "past", state: "locked" })]);
    assert.deepEqual(rowsOf(two, "").map((r) => [r.plan.title, r.repeat]), [["Autumn 2026", false], ["Reading", true]]);
    assert.deepEqual(rowsOf(none, "").map((r) => [r.key, r.plan]), [["Isak", null]]);
  });
  test("what is past is shown only where it is asked for", () => {
    const s = student("Isak", [plan({ currency: "past", state: "locked" }), plan({ currency: "past", state: "archived" })]);
    assert.deepEqual(names(see(of([s]), { state: "locked" })), ["Isak Autumn 2026"]);
    assert.deepEqual(names(see(of([s]))), ["Isak -"]);
  });
  test("an upcoming plan counts as one of now, not as current", () => {
    const s = student("Isak", [plan({ currency: "upcoming", state: "draft" })]);
    assert.equal(rowsOf(s, "").length, 1);
    assert.equal(countsOf([s]).withPlan, 0);
  });
  test("stand by group, in the reader's order, whoever is in none last", () => {
    const l = of([student("Åse", []), student("Anna", [], { groups: [] }), student("Bo", [], { groups: ["9a", "8b"] })], {
      groups: [{ id: "8b", name: "8B", students: 2 }, { id: "9a", name: "9A", students: 1 }],
    });
    assert.deepEqual(see(l).map((g) => [g.name, g.rows.map((r) => r.student.name)]), [["8B", ["Bo", "Åse"]], ["9A", ["Bo"]], ["", ["Anna"]]]);
    assert.equal(rowsShown(see(l)).length, 3, "each row once, whichever groups it stands in");
    assert.deepEqual(see(l, { group: "9a" }).map((g) => g.name), ["9A"]);
  });
  test("the name is said again where its first row is filtered away", () => {
    const s = student("Sofie", [plan(), plan({ title: "Reading", state: "draft", publishedAt: null })]);
    assert.equal(see(of([s]), { state: "draft" })[0].rows[0].repeat, false);
  });
});

describe("filters", () => {
  const l = of([
    student("Kari", [plan({ track: { value: "behind" } })]),
    student("Lars", [plan({ comments: 2 })]),
    student("Mona", [plan({ opened: { student: true, home: false } })]),
    student("Nils", [plan({ opened: { student: true, home: null } })]),
    student("Olav", [plan({ state: "draft", publishedAt: null, opened: { student: false, home: false } })]),
    student("Per", [plan({ confirmed: { student: false, home: true } })]),
    student("Quin", []),
  ]);
  const found = (view) => see(l, view).flatMap((g) => g.rows.map((r) => r.student.name));
  test("search goes by student and by plan, without accents", () => {
    assert.deepEqual(found({ search: "kar" }), ["Kari"]);
    assert.equal(found({ search: "autumn" }).length, 6);
  });
  test("by state, and by none", () => {
    assert.deepEqual(found({ state: "draft" }), ["Olav"]);
    assert.deepEqual(found({ state: "none" }), ["Quin"]);
  });
  test("what needs attention is off track or has news", () => assert.deepEqual(found({ only: "attention" }), ["Kari", "Lars"]));
  test("not read: published ones that somebody who could has not read; before a meeting what was said counts", () =>
    assert.deepEqual(found({ only: "unread" }), ["Mona", "Per"]));
  test("the buttons count what they leave", () => {
    const c = countsOf(l.students);
    for (const only of ["attention", "unread", "comments", "proposals", "support", "late"]) assert.equal(c.only[only], found({ only }).length, only);
    assert.deepEqual([c.students, c.withPlan, c.drafts], [7, 6, 1]);
  });
});

describe("order", () => {
  const l = of([
    student("A", [plan({ tasks: { todo: 0, doing: 0, done: 4, dropped: 0 }, track: { value: "on" } })]),
    student("B", [plan({ tasks: { todo: 4, doing: 0, done: 0, dropped: 0 }, track: { value: "support" } })]),
    student("C", []),
    student("D", [plan({ tasks: undefined, track: { value: null }, changedAt: undefined })]),
  ]);
  const found = (view) => see(l, view)[0].rows.map((r) => r.student.name);
  test("whatever has nothing to go by is last, both ways", () => {
    assert.deepEqual(found({ sort: "tasks" }), ["B", "A", "C", "D"]);
    assert.deepEqual(found({ sort: "tasks", direction: "descending" }), ["A", "B", "C", "D"]);
  });
  test("on track begins with those who need support", () => assert.equal(found({ sort: "track" })[0], "B"));
  test("by name both ways", () => assert.deepEqual(found({ direction: "descending" }), ["D", "C", "B", "A"]));
});

describe("what may be done with a selection", () => {
  const rows = (...plans) => plans.map((p, i) => ({ key: `${i}`, student: student(`S${i}`, [], { hat: p?.hat ?? "mentor" }), plan: p ? plan(p) : null, repeat: false }));
  const n = (act, ...plans) => eligible(act, rows(...plans)).length;
  const [draft, published, locked, archived] = ["draft", "published", "locked", "archived"].map((state) => ({ state, publishedAt: state === "draft" ? null : "2026-08-20T08:00:00Z" }));
  test("each act counts the states it is for", () => {
    const all = [draft, published, locked, archived, null];
    const expected = { publish: 1, unpublish: 1, lock: 1, reopen: 1, archive: 3, restore: 1, delete: 1, revise: 2, meet: 1, print: 4 };
    for (const [act, count] of Object.entries(expected)) assert.equal(n(act, ...all), count, act);
  });
  test("headteachers reopen, restore and delete, and make nothing", () => {
    const all = [draft, published, locked, archived].map((p) => ({ ...p, hat: "head" }));
    assert.deepEqual(["publish", "unpublish", "lock", "archive", "revise"].map((act) => n(act, ...all)), [0, 0, 0, 0, 0]);
    assert.deepEqual(["reopen", "restore", "delete"].map((act) => n(act, ...all)), [1, 1, 4]);
    assert.equal(studentsOf(rows({ ...draft, hat: "head" })).length, 0);
  });
  test("a mentor deletes no draft that families have seen", () => assert.equal(n("delete", { ...draft, publishedAt: "2026-08-20T08:00:00Z" }), 0));
  test("plans are made once for a student of two rows", () => {
    const s = student("Sofie");
    assert.equal(studentsOf([{ key: "1", student: s, plan: plan() }, { key: "2", student: s, plan: plan() }]).length, 1);
  });
});

describe("what a new plan begins with", () => {
  test("the term of today, the next one in its last three weeks", () => {
    const t = (today) => { const x = termAt(today); return `${x.season} ${x.year} ${x.startsOn} ${x.endsOn}`; };
    assert.equal(t("2026-11-22"), "autumn 2026 2026-11-22 2026-12-20");
    assert.equal(t("2026-12-05"), "spring 2027 2027-01-04 2027-06-20");
    assert.equal(t("2027-02-01"), "spring 2027 2027-02-01 2027-06-20");
    assert.equal(t("2027-06-10"), "autumn 2027 2027-08-15 2027-12-20");
    assert.equal(t("2027-07-10"), "autumn 2027 2027-08-15 2027-12-20");
  });
  test("or what three others of the list have", () => {
    const all = [1, 2, 3].map((i) => student(`S${i}`, [plan({ title: "Høst", endsOn: "2026-12-18" })]));
    const b = beginningOf(all, "2026-11-22");
    assert.deepEqual([b.title, b.startsOn, b.endsOn], ["Høst", "2026-11-22", "2026-12-18"]);
    assert.equal(beginningOf(all.slice(1), "2026-11-22").title, null);
  });
  test("the period after a plan begins after its end", () => {
    assert.equal(nextOf("2026-12-18", "2026-11-22").startsOn, "2027-01-04");
    assert.equal(nextOf("2027-06-20", "2027-06-01").startsOn, "2027-08-15");
    assert.equal(nextOf("2025-12-18", "2026-11-22").startsOn, "2026-11-22", "what is long over goes on with the term of today");
  });
  test("who would have two plans at once", () => {
    const some = [student("A", [plan()]), student("B", [plan({ currency: "past", state: "locked" })]), student("C", [plan({ startsOn: "2027-01-04", endsOn: "2027-06-18", currency: "upcoming" })])];
    assert.deepEqual(overlapping(some, "2026-11-24", "2026-12-18").map((s) => s.name), ["A"]);
  });
});

describe("choosing rows", () => {
  const keys = ["a", "b", "c", "d"];
  test("one, or all from the one before", () => {
    assert.deepEqual([...ranged(keys, null, "b", true, new Set())], ["b"]);
    assert.deepEqual([...ranged(keys, "b", "d", true, new Set(["b"]))], ["b", "c", "d"]);
    assert.deepEqual([...ranged(keys, "d", "b", false, new Set(keys))], ["a"]);
    assert.deepEqual([...ranged(keys, "gone", "c", true, new Set())], ["c"]);
  });
  test("acts go in parts", () => assert.deepEqual(chunks([1, 2, 3, 4, 5], 2), [[1, 2], [3, 4], [5]]));
});
