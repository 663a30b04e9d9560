import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.mjs";

const { openDrafts } = await load("draft.ts");

function storage(full = false) {
  const map = new Map();
  return {
    get length() {
      return map.size;
    },
    key: (i) => [...map.keys()][i] ?? null,
    getItem: (k) => map.get(k) ?? null,
    setItem: (k, v) => {
      if (full) throw new Error("QuotaExceededError");
      map.set(k, v);
    },
    removeItem: (k) => void map.delete(k),
  };
}

const draft = { text: "words", rev: 3, base: "" };

test("drafts come back to the same person in the same course", () => {
  const store = storage();
  openDrafts("p1", "c1", store).put("reviews/r/entries/s/comment", draft);
  assert.deepEqual(openDrafts("p1", "c1", store).all(), [["reviews/r/entries/s/comment", draft]]);
});

test("nobody meets another person's drafts, nor those of another course", () => {
  const store = storage();
  openDrafts("p1", "c1", store).put("k", draft);
  assert.deepEqual(openDrafts("p2", "c1", store).all(), []);
  assert.deepEqual(openDrafts("p1", "c2", store).all(), []);
  assert.deepEqual(openDrafts("p1.c1", "", store).all(), []);
});

test("a draft that is dropped is gone", () => {
  const store = storage();
  const drafts = openDrafts("p1", "c1", store);
  drafts.put("k", draft);
  drafts.drop("k");
  assert.equal(store.length, 0);
});

test("without storage, or with a full one, it says that words last as long as the page", () => {
  assert.equal(openDrafts("p1", "c1", null).durable, false);
  const drafts = openDrafts("p1", "c1", storage(true));
  assert.equal(drafts.durable, true);
  drafts.put("k", draft);
  assert.equal(drafts.durable, false);
});

test("what is not a draft is not read as one", () => {
  const store = storage();
  store.setItem("ilpd.draft.p1.c1.a", "not json");
  store.setItem("ilpd.draft.p1.c1.b", '{"text":5,"rev":1}');
  store.setItem("ilpd.draft.p1.c1.c", '{"text":"x"}');
  assert.deepEqual(openDrafts("p1", "c1", store).all(), []);
});
