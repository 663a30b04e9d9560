import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.mjs";

const { SaveQueue, retryAfter, typingPause, slowAfter } = await load("save.ts");

/* A clock that moves when told, a server that answers when told. */
function world() {
  let now = 0;
  let next = 1;
  const timers = new Map();
  const sent = [];
  const kept = new Map();
  const clock = {
    set: (run, ms) => (timers.set(next, { run, at: now + ms }), next++),
    clear: (id) => void timers.delete(id),
  };
  const drafts = {
    put: (k, d) => void kept.set(k, d),
    drop: (k) => void kept.delete(k),
    all: () => [...kept],
  };
  const send = (key, text, rev, leaving) => new Promise((answer) => sent.push({ key, text, rev, leaving, answer }));
  const queue = new SaveQueue(send, drafts, clock);
  const turn = () => new Promise((r) => setImmediate(r));
  return {
    queue,
    sent,
    kept,
    turn,
    async pass(ms) {
      now += ms;
      for (const [id, t] of [...timers].sort((a, b) => a[1].at - b[1].at))
        if (t.at <= now && timers.delete(id)) t.run();
      await turn();
    },
    async answer(what) {
      sent.at(-1).answer(what);
      await turn();
    },
  };
}

const saved = (rev) => ({ kind: "saved", rev, at: "2026-11-22T13:02:11Z" });
const theirs = (text, rev) => ({ kind: "conflict", theirs: { text, rev, by: "Kari", at: "2026-11-22T13:00:00Z" } });

function field(w, text = "", rev = 0) {
  w.queue.offer("k", text, rev);
  return () => w.queue.get("k");
}

test("typing is sent after a pause, once, with the revision seen", async () => {
  const w = world();
  const f = field(w, "", 4);
  w.queue.edit("k", "a");
  await w.pass(typingPause - 1);
  w.queue.edit("k", "ab");
  await w.pass(typingPause - 1);
  assert.equal(w.sent.length, 0);
  await w.pass(1);
  assert.deepEqual([w.sent[0].text, w.sent[0].rev], ["ab", 4]);
  await w.answer(saved(5));
  assert.deepEqual([f().phase, f().rev, f().savedAt], ["saved", 5, "2026-11-22T13:02:11Z"]);
  assert.equal(w.kept.size, 0);
});

test("a choice is sent at once", () => {
  const w = world();
  field(w, null);
  w.queue.edit("k", "4", 0);
  assert.equal(w.sent.length, 1);
});

test("one request under way; what was typed meanwhile goes next, with the new revision", async () => {
  const w = world();
  const f = field(w);
  w.queue.edit("k", "a", 0);
  w.queue.edit("k", "ab", 0);
  w.queue.edit("k", "abc", 0);
  assert.equal(w.sent.length, 1);
  await w.answer(saved(1));
  assert.deepEqual([w.sent.length, w.sent[1].text, w.sent[1].rev], [2, "abc", 1]);
  assert.equal(w.kept.get("k").text, "abc");
  await w.answer(saved(2));
  assert.equal(f().phase, "saved");
});

test("words are on the device before they are sent and until they are acknowledged", async () => {
  const w = world();
  field(w);
  w.queue.edit("k", "a");
  assert.equal(w.kept.get("k").text, "a");
  await w.pass(typingPause);
  assert.equal(w.kept.get("k").text, "a");
  await w.answer(saved(1));
  assert.equal(w.kept.size, 0);
});

test("typing back to what stands on the server sends nothing", async () => {
  const w = world();
  const f = field(w, "x", 1);
  w.queue.edit("k", "xy");
  w.queue.edit("k", "x");
  await w.pass(typingPause * 2);
  assert.deepEqual([w.sent.length, f().phase, w.kept.size], [0, "clean", 0]);
});

test("slow requests are mentioned, quick ones are not", async () => {
  const w = world();
  const f = field(w);
  w.queue.edit("k", "a", 0);
  await w.pass(slowAfter - 1);
  assert.equal(f().slow, false);
  await w.pass(1);
  assert.equal(f().slow, true);
  await w.answer(saved(1));
  assert.equal(f().slow, false);
});

test("failures are tried again after 2, 5, 15 and 60 seconds, then each minute", async () => {
  const w = world();
  const f = field(w);
  w.queue.edit("k", "a", 0);
  for (const ms of [...retryAfter, 60000]) {
    await w.answer({ kind: "unreachable" });
    assert.equal(f().phase, "failed");
    assert.deepEqual(w.queue.tally(), { unsaved: 1, refused: 0, conflicts: 0, pending: 0 });
    const before = w.sent.length;
    await w.pass(ms - 1);
    assert.equal(w.sent.length, before);
    await w.pass(1);
    assert.equal(w.sent.length, before + 1);
  }
  await w.answer(saved(1));
  assert.equal(f().phase, "saved");
});

test("back online, everything unsaved goes at once", async () => {
  const w = world();
  field(w);
  w.queue.edit("k", "a", 0);
  await w.answer({ kind: "unreachable" });
  w.queue.retryAll();
  assert.equal(w.sent.length, 2);
});

test("a lost answer is no conflict: the text there is our own", async () => {
  const w = world();
  const f = field(w);
  w.queue.edit("k", "first", 0);
  await w.answer({ kind: "unreachable" });
  w.queue.edit("k", "first and second", 0);
  await w.answer(theirs("first", 1));
  await w.pass(0);
  assert.deepEqual([w.sent.at(-1).text, w.sent.at(-1).rev], ["first and second", 1]);
  await w.answer(saved(2));
  assert.equal(f().phase, "saved");
});

test("the same text from somebody else is no conflict either", async () => {
  const w = world();
  const f = field(w, null);
  w.queue.edit("k", "4", 0);
  await w.answer(theirs("4", 3));
  assert.deepEqual([f().phase, f().rev, w.kept.size], ["saved", 3, 0]);
});

test("a conflict keeps both texts and waits for the author", async () => {
  const w = world();
  const f = field(w, "old", 1);
  w.queue.edit("k", "mine", 0);
  await w.answer(theirs("hers", 2));
  assert.deepEqual([f().phase, f().text, f().theirs.text], ["conflict", "mine", "hers"]);
  assert.equal(w.kept.get("k").text, "mine");
  w.queue.edit("k", "mine, more");
  await w.pass(100000);
  assert.equal(w.sent.length, 1);
  w.queue.resolve("k", "hers\nmine, more");
  assert.deepEqual([w.sent[1].text, w.sent[1].rev], ["hers\nmine, more", 2]);
  await w.answer(saved(3));
  assert.deepEqual([f().phase, w.kept.size], ["saved", 0]);
});

test("use theirs: nothing is sent, the draft is gone", async () => {
  const w = world();
  const f = field(w, "old", 1);
  w.queue.edit("k", "mine", 0);
  await w.answer(theirs("hers", 2));
  w.queue.resolve("k", "hers");
  assert.deepEqual([w.sent.length, f().text, f().rev, f().phase, w.kept.size], [1, "hers", 2, "saved", 0]);
});

test("a conflict again while solving one", async () => {
  const w = world();
  const f = field(w, "old", 1);
  w.queue.edit("k", "mine", 0);
  await w.answer(theirs("hers", 2));
  w.queue.resolve("k", "mine");
  await w.answer(theirs("hers again", 3));
  assert.deepEqual([f().phase, f().theirs.rev], ["conflict", 3]);
});

test("news from the server never replaces words that are not saved", async () => {
  const w = world();
  const f = field(w, "old", 1);
  w.queue.edit("k", "mine");
  w.queue.offer("k", "hers", 2);
  assert.equal(f().text, "mine");
  await w.pass(typingPause);
  assert.equal(w.sent[0].rev, 1);
});

test("news waits while the cursor is in the field", () => {
  const w = world();
  const f = field(w, "old", 1);
  w.queue.hold("k", true);
  w.queue.offer("k", "hers", 2);
  assert.equal(f().text, "old");
  w.queue.hold("k", false);
  assert.deepEqual([f().text, f().rev], ["hers", 2]);
});

test("old news is no news", () => {
  const w = world();
  const f = field(w, "new", 5);
  w.queue.offer("k", "old", 4);
  assert.equal(f().text, "new");
});

test("the session ends: nothing more is sent, all words stay", async () => {
  const w = world();
  const f = field(w);
  w.queue.offer("j", "", 0);
  w.queue.edit("k", "a", 0);
  w.queue.edit("j", "b");
  await w.answer({ kind: "ended" });
  w.queue.edit("k", "ab", 0);
  await w.pass(100000);
  assert.deepEqual([w.sent.length, w.queue.ended, f().phase], [1, true, "failed"]);
  assert.deepEqual([...w.kept].map(([k, d]) => [k, d.text]), [["k", "ab"], ["j", "b"]]);
});

test("the next page sends what the last one kept, from the revision it started from", async () => {
  const w = world();
  w.kept.set("k", { text: "kept", rev: 7, base: "old" });
  assert.equal(w.queue.restore(), 1);
  assert.deepEqual([w.sent[0].text, w.sent[0].rev], ["kept", 7]);
  w.queue.offer("k", "old", 7);
  assert.equal(w.queue.get("k").text, "kept");
  await w.answer(saved(8));
  assert.equal(w.kept.size, 0);
});

test("a kept text whose field has changed since is a conflict, not an overwrite", async () => {
  const w = world();
  w.kept.set("k", { text: "kept", rev: 7, base: "old" });
  w.queue.restore();
  await w.answer(theirs("newer", 9));
  assert.equal(w.queue.get("k").phase, "conflict");
});

test("a kept text that had reached the server after all is simply saved", async () => {
  const w = world();
  w.kept.set("k", { text: "more", rev: 7, base: "old", doubt: ["kept"] });
  w.queue.restore();
  await w.answer(theirs("kept", 8));
  await w.pass(0);
  assert.equal(w.sent.at(-1).rev, 8);
});

test("a refusal is shown, not repeated by itself, and tried again after a change", async () => {
  const w = world();
  const f = field(w);
  w.queue.edit("k", "bad", 0);
  await w.answer({ kind: "refused", message: "Too long." });
  await w.pass(100000);
  assert.deepEqual([w.sent.length, f().phase, f().message], [1, "refused", "Too long."]);
  w.queue.edit("k", "good", 0);
  await w.answer(saved(1));
  assert.equal(f().phase, "saved");
});

test("words with nowhere to go are forgotten only when their author says so", async () => {
  const w = world();
  w.kept.set("k", { text: "kept", rev: 1, base: "" });
  w.queue.restore();
  await w.answer({ kind: "refused", message: "Gone." });
  assert.deepEqual([w.kept.size, w.queue.tally().refused], [1, 1]);
  w.queue.discard("k");
  assert.deepEqual([w.kept.size, w.queue.tally().unsaved], [0, 0]);
});

test("leaving the page sends what still waits, marked as the last chance", () => {
  const w = world();
  field(w);
  w.queue.edit("k", "a");
  w.queue.flushAll(true);
  assert.deepEqual([w.sent.length, w.sent[0].leaving], [1, true]);
});

test("settle waits for the fields it names", async () => {
  const w = world();
  field(w);
  w.queue.edit("k", "a");
  const done = w.queue.settle(["k"], 5000);
  await w.answer(saved(1));
  assert.equal(await done, true);
});
