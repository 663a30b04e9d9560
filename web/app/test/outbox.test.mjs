import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.mjs";

const { Outbox } = await load("outbox.ts");
const soon = () => new Promise((r) => setImmediate(r));

function box(answers, kept = new Map()) {
  const sent = [];
  const timers = [];
  const send = async (act) => {
    sent.push(act);
    return answers.shift() ?? { kind: "done", body: {} };
  };
  const store = { put: (id, text) => kept.set(id, text), drop: (id) => kept.delete(id), all: () => [...kept] };
  const clock = { set: (run, ms) => timers.push({ run, ms }), clear: () => timers.splice(0) };
  return { out: new Outbox(send, store, clock), sent, kept, timers };
}
const post = (id) => ({ method: "POST", path: "plans/p/tasks", body: { id, text: "Read" } });

test("acts go out one after another and are forgotten when answered", async () => {
  const { out, sent, kept } = box([]);
  const [a, b] = await Promise.all([out.add(post("t1")), out.add(post("t2"))]);
  assert.deepEqual([a.kind, b.kind], ["done", "done"]);
  assert.deepEqual(sent.map((s) => s.body.id), ["t1", "t2"]);
  assert.equal(kept.size, 0);
  assert.equal(out.waiting, 0);
});

test("what cannot be sent stays, in its order, and is tried again", async () => {
  const { out, sent, kept, timers } = box([{ kind: "unreachable" }, { kind: "unreachable" }]);
  const all = [out.add(post("t1")), out.add(post("t2"))];
  await soon();
  assert.equal(kept.size, 2);
  assert.ok(out.troubled);
  assert.ok(out.holds("plans/p/tasks/t1/text"));
  assert.ok(!out.holds("plans/p/tasks/t9/text"));
  timers.shift().run();
  await soon();
  timers.shift().run();
  await Promise.all(all);
  assert.deepEqual(sent.map((s) => s.body.id), ["t1", "t1", "t1", "t2"]);
  assert.equal(kept.size, 0);
  assert.ok(!out.troubled);
});

test("a no ends an act and lets the next one go", async () => {
  const { out, kept } = box([{ kind: "refused", message: "locked" }]);
  const [a, b] = await Promise.all([out.add(post("t1")), out.add(post("t2"))]);
  assert.deepEqual([a.kind, b.kind], ["refused", "done"]);
  assert.equal(kept.size, 0);
});

test("the next page sends what this one could not", async () => {
  const first = box([{ kind: "ended" }]);
  first.out.add(post("t1"));
  first.out.add(post("t2"));
  await soon();
  assert.equal(first.kept.size, 2);
  const second = box([], first.kept);
  assert.equal(second.out.restore(), 2);
  await soon();
  await soon();
  assert.deepEqual(second.sent.map((s) => s.body.id), ["t1", "t2"]);
  assert.equal(first.kept.size, 0);
});
