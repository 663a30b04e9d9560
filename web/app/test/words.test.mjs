import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { IntlMessageFormat } from "intl-messageformat";

const read = (lang) =>
  Object.assign({}, ...["app", "place", "admin"].map((name) => JSON.parse(readFileSync(new URL(`../../../i18n/${lang}/${name}.json`, import.meta.url), "utf8"))));
const words = { en: read("en"), nb: read("nb") };

function files(dir) {
  return readdirSync(dir, { withFileTypes: true }).flatMap((f) => {
    const url = new URL(f.isDirectory() ? `${f.name}/` : f.name, dir);
    return f.isDirectory() ? files(url) : /\.tsx?$/.test(f.name) ? [readFileSync(url, "utf8")] : [];
  });
}
const source = files(new URL("../src/", import.meta.url)).join("\n");

/* The names of the arguments a message takes. */
function names(text) {
  const found = new Set();
  const walk = (parts) => {
    for (const p of parts) {
      if (p.type !== 0 && p.type !== 7) found.add(p.value);
      for (const option of Object.values(p.options ?? {})) walk(option.value);
    }
  };
  walk(new IntlMessageFormat(text, "en", undefined, { ignoreTag: true }).getAst());
  return [...found].sort();
}

test("both languages say the same things with the same arguments", () => {
  assert.deepEqual(Object.keys(words.nb), Object.keys(words.en));
  for (const [key, text] of Object.entries(words.en)) assert.deepEqual(names(words.nb[key]), names(text), key);
});

test("every word asked for exists", () => {
  const asked = source.matchAll(/"((?:app|common|error|plans|review|grid|release|save|self|child|copied|place|report|privacy|admin)\.[a-zA-Z_]+)"/g);
  for (const [, key] of asked) assert.ok(key in words.en, key);
});

test("no word is left over", () => {
  const built = [...source.matchAll(/`([a-z]+\.(?:[a-z]+_)?)\$\{/g)].map((m) => m[1]);
  const unused = Object.keys(words.en).filter(
    (key) => !source.includes(`"${key}"`) && !built.some((start) => key.startsWith(start)),
  );
  assert.deepEqual(unused, []);
});
