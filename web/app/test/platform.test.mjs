/* The platform's storage by postMessage: whom a value is told, and whose answer counts. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { load } from "./load.mjs";

const ORIGIN = "https://sso.lms.example";
let hear, sent;

/* A window that writes down what it is sent, and answers by `how` where there is one. */
function other(how = null, more = {}) {
  const self = {
    frames: {},
    ...more,
    postMessage(message, to) {
      sent.push({ self, message, to });
      const answer = how?.(message);
      if (answer) queueMicrotask(() => hear?.({ origin: ORIGIN, source: self, ...answer }));
    },
  };
  return self;
}

const capable = (frame) => ({ message_id }) => ({
  data: {
    subject: "lti.capabilities.response",
    message_id,
    supported_messages: ["lti.capabilities", "lti.put_data", "lti.get_data"].map((subject) => ({ subject, ...(frame && { frame }) })),
  },
});
const store = new Map();
function answers({ subject, message_id, key, value }, how = {}) {
  if (subject === "lti.put_data") store.set(key, value);
  const data = { subject: `${subject}.response`, message_id, key, value: store.get(key) ?? null };
  return { data: { ...data, ...how.data }, ...how.event };
}
const both = (frame, how) => (m) => (m.subject === "lti.capabilities" ? capable(frame)(m) : answers(m, how));

function place(parent) {
  sent = [];
  store.clear();
  const listeners = new Set();
  globalThis.window = { parent, addEventListener: (_, run) => listeners.add(run), removeEventListener: (_, run) => listeners.delete(run) };
  if (!parent) globalThis.window.parent = globalThis.window;
  hear = (e) => listeners.forEach((run) => run(e));
}
const { capabilities, patience, platformWindow, PlatformStorage } = await load("platform.ts");
beforeEach(() => Object.assign(patience, { capabilities: 30, value: 30 }));

const open = (target = "_parent") => PlatformStorage.open(target, ORIGIN);
const fails = (job, code) => assert.rejects(job, (e) => e.code === code, code);

test("a value goes to the exact origin, and comes back", async () => {
  place(other(both()));
  const storage = await open();
  await storage.put("state", "secret");
  assert.equal(await storage.get("state"), "secret");
  assert.deepEqual(sent.map((s) => [s.message.subject, s.to]), [["lti.capabilities", "*"], ["lti.put_data", ORIGIN], ["lti.get_data", ORIGIN]]);
  assert.equal(new Set(sent.map((s) => s.message.message_id)).size, 3);
});

test("the frame that the platform names is asked, else the target, else the platform itself", async () => {
  const frame = other((m) => answers(m));
  for (const [named, target, wanted] of [["store", "_parent", frame], [null, "store", frame], ["gone", "store", "parent"], [null, "_parent", "parent"]]) {
    const parent = other(both(named), { frames: { store: frame } });
    place(parent);
    await (await open(target)).put("k", "v");
    assert.equal(sent[1].self, wanted === "parent" ? parent : wanted, `${named} ${target}`);
    assert.equal(sent[1].to, ORIGIN);
  }
});

test("an answer counts only from there, to that, about that", async () => {
  const bad = {
    origin: { event: { origin: "https://lms.example" } },
    source: { event: { source: {} } },
    id: { data: { message_id: "another" } },
    "no id": { data: { message_id: undefined } },
    subject: { data: { subject: "lti.get_data.response" } },
    nothing: { event: { data: null } },
    text: { event: { data: "lti.put_data.response" } },
  };
  for (const [name, how] of Object.entries(bad)) {
    place(other(both(null, how)));
    await fails((await open()).put("k", "v"), "no_answer").catch((e) => assert.fail(`${name}: ${e.message}`));
  }
  place(other(both(null, { data: { key: "another" } })));
  await fails((await open()).put("k", "v"), "bad_answer");
  place(other(both(null, { data: { value: 5 } })));
  await fails((await open()).get("k"), "no_value");
});

test("errors and silence end it", async () => {
  place(other(both(null, { data: { error: { code: "storage_exhaustion" } } })));
  await fails((await open()).put("k", "v"), "storage_exhaustion");
  place(other());
  await fails(open(), "no_answer");
  place(other((m) => (m.subject === "lti.capabilities" ? { data: { subject: "lti.capabilities.response", message_id: m.message_id, supported_messages: [{ subject: "lti.get_data" }, null, 5, {}] } } : null)));
  await fails((await open()).put("k", "v"), "unsupported_subject");
  place(null);
  globalThis.window.opener = null;
  await fails(open(), "no_platform");
});

test("a window asks who opened it", () => {
  place(null);
  const opener = other();
  globalThis.window.opener = opener;
  assert.equal(platformWindow(), opener);
});

test("capabilities without an id are believed: they are no secret", async () => {
  place(other(() => ({ origin: "https://lms.example", data: { subject: "lti.capabilities.response", supported_messages: [{ subject: "lti.put_data", frame: "f" }] } })));
  assert.deepEqual([...(await capabilities(platformWindow()))], [["lti.put_data", "f"]]);
});
