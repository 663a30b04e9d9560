/* The words of a plan's page: in both languages, asked for, and none left over. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { IntlMessageFormat } from "intl-messageformat";

const read = (lang) => Object.assign({}, ...["plan", "task"].map((name) => JSON.parse(readFileSync(new URL(`../../../i18n/${lang}/${name}.json`, import.meta.url), "utf8"))));
const words = { en: read("en"), nb: read("nb") };
const files = (dir) => readdirSync(dir, { withFileTypes: true }).flatMap((f) => {
  const url = new URL(f.isDirectory() ? `${f.name}/` : f.name, dir);
  return f.isDirectory() ? files(url) : [readFileSync(url, "utf8")];
});
const source = files(new URL("../src/", import.meta.url)).join("\n");

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

test("both languages say the same of plans with the same arguments", () => {
  assert.deepEqual(Object.keys(words.nb), Object.keys(words.en));
  for (const [key, text] of Object.entries(words.en)) assert.deepEqual(names(words.nb[key]), names(text), key);
});

test("every word of a plan asked for exists, and none is left over", () => {
  for (const [, key] of source.matchAll(/"((?:plan|task)\.[a-zA-Z_]+)"/g)) assert.ok(key in words.en, key);
  const built = [...source.matchAll(/`((?:plan|task)\.(?:[a-z]+_)*|(?:plan|task)\.field)\$\{/g)].map((m) => m[1]);
  assert.deepEqual(Object.keys(words.en).filter((key) => !source.includes(`"${key}"`) && !built.some((start) => key.startsWith(start))), []);
});
